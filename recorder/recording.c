#include "recorder/recording.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "recorder/har.h"

ac_record ac_record_clone(ac_arena *arena, const ac_record *record)
{
    ac_record copy = *record;
    ac_str *const texts[] = {
        &copy.base_url,       &copy.why,          &copy.signer,        &copy.rules,
        &copy.request.method, &copy.request.body, &copy.response.body, &copy.request.target};
    for (size_t i = 0; i < AC_COUNT(texts); i++) {
        *texts[i] = texts[i]->p ? ac_str_dup(arena, *texts[i]) : *texts[i];
    }
    copy.request.headers = ac_pairs_clone(arena, &record->request.headers);
    copy.response.headers = ac_pairs_clone(arena, &record->response.headers);
    return copy;
}

/* ---- reading ---- */

typedef struct har_visitor {
    ac_journal_visit visit;
    void *context;
    ac_arena *arena; /* emptied after each record */
} har_visitor;

static bool visit_har(void *context, const ac_record *record)
{
    har_visitor *v = context;
    bool more = v->visit(v->context, v->arena, record);
    ac_arena_reset(v->arena);
    return more;
}

static bool read_har(ac_arena *arena, const char *path, ac_journal_visit visit, void *context, ac_err *err)
{
    ac_str text = ac_file_read(arena, path, AC_HAR_BYTES_MAX, err);
    if (!text.p) {
        ac_err_prefix(err, AC_ERR_USAGE, "recording");
        return false;
    }
    har_visitor v = {visit, context, ac_arena_new()};
    bool ok = ac_har_read(arena, text, path, visit_har, &v, err);
    ac_arena_free(v.arena);
    return ok;
}

/* Its first line, and nothing else of it, says what a journal is. */
static bool is_journal(const char *path)
{
    char first[16] = "";
    FILE *file = fopen(path, "rb");
    size_t n = file ? fread(first, 1, sizeof first - 1, file) : 0;
    if (file) {
        fclose(file);
    }
    return ac_str_starts((ac_str){first, n}, AC_STR("accord-journal "));
}

bool ac_recording_read(const char *path, ac_journal_visit visit, void *context, ac_err *err)
{
    if (is_journal(path)) {
        ac_journal_found found;
        return ac_journal_read(path, visit, context, &found, err);
    }
    ac_arena *arena = ac_arena_new();
    bool ok = read_har(arena, path, visit, context, err);
    ac_arena_free(arena);
    return ok;
}

/* ---- loading ---- */

typedef struct loader {
    ac_arena *arena;
    ac_redactor *redactor;
    ac_recording *out;
    bool full;
} loader;

static bool learn(void *context, ac_arena *arena, const ac_record *record)
{
    (void)arena;
    ac_redactor_learn(context, record);
    return true;
}

static bool keep(void *context, ac_arena *arena, const ac_record *record)
{
    loader *l = context;
    ac_record redacted = *record;
    if (l->redactor) {
        ac_redact(l->redactor, arena, &redacted);
    }
    if (l->out->count == l->out->capacity) {
        size_t capacity = l->out->capacity > 0 ? l->out->capacity * 2 : 64;
        ac_record *items = AC_NEW_ARRAY(l->arena, capacity, ac_record);
        if (l->out->count > 0) {
            memcpy(items, l->out->items, l->out->count * sizeof *items);
        }
        l->out->items = items;
        l->out->capacity = capacity;
    }
    l->out->items[l->out->count++] = ac_record_clone(l->arena, &redacted);
    l->full = l->out->count > AC_RECORDING_RECORDS_MAX || ac_arena_size(l->arena) > AC_RECORDING_BYTES_MAX;
    return !l->full;
}

bool ac_recording_load(ac_arena *arena, const char *path, ac_redactor *redactor, ac_recording *out,
                       ac_err *err)
{
    loader l = {arena, redactor, out, false};
    *out = (ac_recording){0};
    if (redactor && !ac_recording_read(path, learn, redactor, err)) {
        return false;
    }
    if (!ac_recording_read(path, keep, &l, err)) {
        return false;
    }
    if (l.full) {
        return ac_fail(err, AC_ERR_DATA, "%s: larger than what is kept in memory", path);
    }
    return out->count > 0 || ac_fail(err, AC_ERR_DATA, "%s: no exchange in it", path);
}
