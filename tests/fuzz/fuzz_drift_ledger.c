/* Ledgers: reading ends with a ledger or with one line that says where it is wrong; what is written reads back the
 * same, also after a stream was heard, and pages are made of anything. The bytes are texts to normalise, too. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "drift/drift_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void hear(ac_drift *drift, ac_str text)
{
    ac_shown_finding findings[] = {
        {.kind = AC_STR("code"),
         .place = AC_STR("/Code"),
         .expected = text,
         .observed = AC_STR("b"),
         .level = 3},
        {.kind = AC_STR("wire-fact"), .place = text, .observed = text, .note = true},
        {.kind = AC_STR("wire-fact"), .place = text, .observed = text, .note = true},
    };
    const ac_verdict v = {.id = AC_STR("p/q/v/Op/a"),
                          .operation = AC_STR("p/q/v/Op"),
                          .word = AC_FAIL,
                          .findings = findings,
                          .finding_count = AC_COUNT(findings)};
    const ac_listener listener = ac_drift_listener(drift, (ac_str){NULL, 0});
    listener.head(listener.context, &(ac_run_head){.target = text, .started_ms = 1781524800000});
    listener.verdict(listener.context, &v);
    listener.tail(listener.context, &(ac_run_tail){.complete = true});
}

/* What is written can be read, and is then written the same. */
static void check_round_trip(ac_arena *arena, ac_drift *drift)
{
    ac_err err = {0};
    ac_str first, second;
    if (!ac_drift_write(drift, arena, &first, &err)) {
        return; /* too large */
    }
    ac_drift *again = ac_drift_read(first, "ledger.json", &err);
    require(again != NULL);
    require(ac_drift_write(again, arena, &second, &err));
    require(ac_str_eq(first, second));
    ac_drift_free(again);
}

static bool put(void *context, ac_str name, ac_str text, ac_err *err)
{
    (void)err;
    ++*(size_t *)context;
    require(ac_str_find_char(name, '/') == AC_NOT_FOUND && name.p[0] != '.');
    require(ac_str_find(text, AC_STR("<script")) == AC_NOT_FOUND && ac_utf8_valid(text));
    return true;
}

static void render(ac_drift *drift)
{
    for (int format = 0; ac_drift_format_names[format]; format++) {
        size_t count = 0;
        const ac_drift_pages pages = {(ac_drift_format)format, true, put, &count};
        require(ac_drift_render(drift, &pages, NULL) && count > 0);
    }
}

static void check_normal(ac_arena *arena, ac_str text)
{
    ac_str once = drift_normal(arena, text);
    require(once.n <= 8 * 2048);
    (void)drift_normal_place(arena, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_err err = {0};
    ac_str text = {(const char *)data, size};
    ac_arena *arena = ac_arena_new();
    ac_drift *drift = ac_drift_read(text, "ledger.json", &err);
    if (drift) {
        check_round_trip(arena, drift);
        hear(drift, AC_STR("plain"));
    } else {
        require(err.kind == AC_ERR_USAGE && strncmp(err.text, "ledger.json: ", 13) == 0);
        drift = ac_drift_new();
        hear(drift, text);
    }
    check_round_trip(arena, drift);
    render(drift);
    check_normal(arena, text);
    ac_drift_free(drift);
    ac_arena_free(arena);
    return 0;
}
