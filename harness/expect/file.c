/* The file: docs/expectations-format.md. */
#include <stdio.h>
#include <string.h>

#include "base/env.h"
#include "base/text.h"
#include "expect/expect_parts.h"

const ac_str expect_open_reason = AC_STR_INIT("to be explained");

const char *const expect_word_names[] = {"fail", "error", "blocked", "skip", "flaky", NULL};

static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;

typedef struct written_file {
    int64_t accord;
    ac_strs target;
    struct {
        entry *items;
        size_t count;
    } entries;
} written_file;

/* ---- entries ---- */

static const ac_field entry_fields[] = {
    AC_ROW(entry, "cases", AC_FIELD_STRS, cases, AC_REQUIRED, NULL),
    AC_ROW(entry, "verdict", AC_FIELD_ENUM, word, AC_REQUIRED, expect_word_names),
    AC_ROW(entry, "kinds", AC_FIELD_STRS, kinds, AC_OPTIONAL, NULL),
    AC_ROW(entry, "places", AC_FIELD_STRS, places, AC_OPTIONAL, NULL),
    AC_ROW(entry, "reason", AC_FIELD_STR, reason, AC_REQUIRED, NULL),
    AC_ROW(entry, "ticket", AC_FIELD_STR, ticket, AC_OPTIONAL, NULL),
    AC_ROW(entry, "expires", AC_FIELD_STR, expires, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_patterns(ac_decoder *decoder, const char *member, ac_strs patterns)
{
    if (patterns.count == 0) {
        return ac_decode_fail(decoder, member, "at least one pattern is needed");
    }
    for (size_t i = 0; i < patterns.count; i++) {
        if (patterns.items[i].n == 0) {
            return ac_decode_fail(decoder, member, "a pattern is empty");
        }
    }
    return true;
}

static bool check_narrowing(ac_decoder *decoder, const ac_json *json, const char *member, const entry *e,
                            ac_strs given)
{
    if (!ac_json_get_c(json, member)) {
        return true;
    }
    if (e->word != EXPECT_FAIL && e->word != EXPECT_FLAKY) {
        return ac_decode_fail(decoder, member, "goes with the verdicts \"fail\" and \"flaky\" only");
    }
    return given.count > 0 || ac_decode_fail(decoder, member, "an empty list covers nothing");
}

static bool check_reason(ac_decoder *decoder, const ac_expectations *list, const entry *e)
{
    if (ac_str_trim(e->reason).n == 0) {
        return ac_decode_fail(decoder, "reason", "a reason is needed");
    }
    return list->options.updating || !ac_str_eq(e->reason, expect_open_reason) ||
           ac_decode_fail(decoder, "reason", "nobody has said yet why; write the reason in place of \"%.*s\"",
                          AC_STR_FMT(expect_open_reason));
}

static bool check_expiry(ac_decoder *decoder, const ac_expectations *list, entry *e)
{
    char time[32];
    int64_t day = 0;
    if (!e->expires.p) {
        return true;
    }
    snprintf(time, sizeof time, "%.10sT00:00:00Z", ac_str_z(decoder->arena, e->expires));
    if (e->expires.n != strlen("2027-01-01") || !ac_time_parse(ac_str_c(time), AC_TIME_ISO, &day)) {
        return ac_decode_fail(decoder, "expires", "a day such as 2027-01-01 is expected here");
    }
    e->expired = list->options.now_ms >= day + day_ms;
    return true;
}

static bool check_entry(ac_decoder *decoder, const ac_json *json, void *out)
{
    const ac_expectations *list = decoder->context;
    entry *e = out;
    return check_patterns(decoder, "cases", e->cases) &&
           check_narrowing(decoder, json, "kinds", e, e->kinds) &&
           check_narrowing(decoder, json, "places", e, e->places) && check_reason(decoder, list, e) &&
           check_expiry(decoder, list, e);
}

static const ac_struct entry_shape = {entry_fields, sizeof(entry), check_entry};

/* ---- the file ---- */

static const ac_field file_fields[] = {
    AC_ROW_KNOWN("$schema", AC_OPTIONAL),
    AC_ROW(written_file, "accord", AC_FIELD_INT, accord, AC_REQUIRED, NULL),
    AC_ROW(written_file, "target", AC_FIELD_STRS, target, AC_REQUIRED, NULL),
    AC_ROW(written_file, "expectations", AC_FIELD_LIST, entries, AC_REQUIRED, &entry_shape),
    AC_ROWS_END,
};

static bool check_file(ac_decoder *decoder, const ac_json *json, void *out)
{
    const written_file *file = out;
    (void)json;
    if (file->accord != 1) {
        return ac_decode_fail(decoder, "accord", "format version 1 is expected");
    }
    return check_patterns(decoder, "target", file->target);
}

static const ac_struct file_shape = {file_fields, sizeof(written_file), check_file};

ac_expectations *ac_expect_new(ac_str text, const char *file, const ac_expect_options *options, ac_err *err)
{
    written_file written = {.accord = 0};
    ac_arena *arena = ac_arena_new();
    ac_expectations *list = AC_NEW(arena, ac_expectations);
    list->arena = arena;
    list->file = ac_str_z(arena, ac_str_c(file));
    list->text = text;
    list->options = *options;
    if (!ac_decode_text(arena, text, list->file, &file_shape, list, &written, err)) {
        ac_arena_free(arena);
        return NULL;
    }
    list->targets = written.target;
    list->entries.items = written.entries.items;
    list->entries.count = written.entries.count;
    expect_index(list);
    return list;
}

void ac_expect_free(ac_expectations *list)
{
    if (list) {
        ac_arena_free(list->arena);
    }
}

ac_str ac_expect_empty(ac_arena *arena, ac_str target)
{
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    ac_buf_add_c(&out, "{\n  \"accord\": 1,\n  \"target\": ");
    ac_json_write_string(&out, target);
    ac_buf_add_c(&out, ",\n  \"expectations\": []\n}\n");
    return ac_buf_take(&out, arena);
}

bool ac_expect_accepts(const ac_expectations *list, ac_str target, ac_err *err)
{
    for (size_t i = 0; i < list->targets.count; i++) {
        if (ac_str_eq(list->targets.items[i], target) || ac_glob_match(list->targets.items[i], target)) {
            return true;
        }
    }
    return ac_fail(err, AC_ERR_USAGE, "%s: /target: the list is for \"%.*s\", the target is \"%.*s\"",
                   list->file, AC_STR_FMT(list->targets.items[0]), AC_STR_FMT(target));
}
