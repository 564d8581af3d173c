/* Lists of expectations: reading ends with a list or with one line that says where it is wrong; what an update
 * writes is read again, and a second update after the same run changes nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "expect/expect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static ac_shown_finding findings[] = {
    {.kind = AC_STR_INIT("code"), .place = AC_STR_INIT("/Code"), .level = 3},
    {.kind = AC_STR_INIT("type"), .level = 4},
    {.kind = AC_STR_INIT("note"), .level = 4, .note = true},
};

#define CASE(name, w, count)                                                                                 \
    {                                                                                                        \
        .id = AC_STR_INIT("a/b/c/D/" name), .operation = AC_STR_INIT("a/b/c/D"), .word = (w),                \
        .findings = findings, .finding_count = (count)                                                       \
    }

/* The last two are not selected. */
static const ac_verdict verdicts[] = {
    CASE("x", AC_FAIL, 1), CASE("x/y", AC_FAIL, 3), CASE("y", AC_PASS, 0),   CASE("z", AC_ERROR, 0),
    CASE("w", AC_SKIP, 0), CASE("e/1", AC_PASS, 0), CASE("e/2", AC_FAIL, 2), CASE("*", AC_BLOCKED, 0),
    CASE("n", AC_PASS, 0), CASE("y/n", AC_PASS, 0),
};
enum { NOT_SELECTED = 2, ALL = AC_COUNT(verdicts) };

static void run(ac_expectations *list, bool all)
{
    static ac_expect_case cases[ALL];
    size_t count = all ? ALL : ALL - NOT_SELECTED;
    ac_run_tail tail = {.complete = true};
    for (size_t i = 0; i < ALL; i++) {
        cases[i] = (ac_expect_case){verdicts[i].id, i < count};
    }
    ac_expect_plan(list, cases, ALL);
    const ac_listener listener = ac_expect_listener(list, NULL, 0);
    for (size_t i = 0; i < count; i++) {
        tail.counts[verdicts[i].word]++;
        listener.verdict(listener.context, &verdicts[i]);
    }
    listener.tail(listener.context, &tail);
}

static bool update(ac_arena *arena, ac_str text, bool all, ac_str *out, ac_expect_changes *changes)
{
    static const ac_expect_options options = {.now_ms = 1781524800000, .updating = true};
    ac_err err = {0};
    ac_expectations *list = ac_expect_new(text, "list.json", &options, &err);
    if (!list) {
        require(err.kind == AC_ERR_USAGE && strncmp(err.text, "list.json: ", 11) == 0);
        return false;
    }
    run(list, all);
    bool ok = ac_expect_update(list, arena, out, changes, &err);
    require(ok || strstr(err.text, "written with escapes"));
    ac_expect_free(list);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_str first, second;
    ac_expect_changes changes;
    ac_arena *arena = ac_arena_new();
    bool all = size % 2 == 0;
    if (update(arena, (ac_str){(const char *)data, size}, all, &first, &changes)) {
        require(update(arena, first, all, &second, &changes));
        require(ac_str_eq(first, second));
        require(changes.added + changes.narrowed + changes.removed == 0);
    }
    ac_arena_free(arena);
    return 0;
}
