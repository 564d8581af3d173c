/* The ledger: entries by id, its file, and what a stream changes. */
#include <stdlib.h>
#include <string.h>

#include "base/env.h"
#include "drift/drift_parts.h"

enum { ABOUT_MAX = 1024 };

/* ---- the file ---- */

typedef struct written_ledger {
    int64_t accord;
    struct {
        drift_target *items;
        size_t count;
    } targets;
    struct {
        drift_entry *items;
        size_t count;
    } entries;
} written_ledger;

static bool check_seen(ac_decoder *decoder, const ac_json *json, void *out)
{
    const drift_seen *seen = out;
    const struct {
        const char *member;
        ac_str time;
    } times[] = {{"first_seen", seen->first_seen}, {"last_seen", seen->last_seen}, {"gone", seen->gone}};
    (void)json;
    for (size_t i = 0; i < AC_COUNT(times); i++) {
        int64_t ms;
        if (times[i].time.p && !ac_time_parse(times[i].time, AC_TIME_ISO, &ms)) {
            return ac_decode_fail(decoder, times[i].member,
                                  "a time such as 2026-01-15T08:30:45Z is expected");
        }
    }
    return seen->count >= 1 || ac_decode_fail(decoder, "count", "a number from 1 is expected here");
}

static const ac_field seen_fields[] = {
    AC_ROW(drift_seen, "target", AC_FIELD_STR, target, AC_REQUIRED, NULL),
    AC_ROW(drift_seen, "first_seen", AC_FIELD_STR, first_seen, AC_REQUIRED, NULL),
    AC_ROW(drift_seen, "last_seen", AC_FIELD_STR, last_seen, AC_REQUIRED, NULL),
    AC_ROW(drift_seen, "gone", AC_FIELD_STR, gone, AC_OPTIONAL, NULL),
    AC_ROW(drift_seen, "count", AC_FIELD_INT, count, AC_REQUIRED, NULL),
    AC_ROW(drift_seen, "cases", AC_FIELD_STRS, cases, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct seen_shape = {seen_fields, sizeof(drift_seen), check_seen};

static bool is_part(ac_str part)
{
    for (size_t i = 0; i < part.n; i++) {
        char c = part.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '_' || (c == '.' && i > 0);
        if (!plain) {
            return false;
        }
    }
    return part.n > 0 && part.n <= 100;
}

/* Operations become names of files. */
bool drift_is_operation(ac_str text)
{
    size_t parts = 0;
    for (ac_str rest = text; rest.p; parts++) {
        if (!is_part(ac_str_split(rest, '/', &rest))) {
            return false;
        }
    }
    return parts == 4;
}

static bool check_entry(ac_decoder *decoder, const ac_json *json, void *out)
{
    drift_entry *entry = out;
    (void)json;
    entry->seen_capacity = entry->seen.count;
    if (!drift_is_operation(entry->operation)) {
        return ac_decode_fail(decoder, "operation", "provider/product/version/Operation is expected here");
    }
    return entry->seen.count > 0 || ac_decode_fail(decoder, "seen", "at least one target is needed");
}

static const ac_field entry_fields[] = {
    AC_ROW(drift_entry, "id", AC_FIELD_STR, id, AC_REQUIRED, NULL),
    AC_ROW(drift_entry, "operation", AC_FIELD_STR, operation, AC_REQUIRED, NULL),
    AC_ROW(drift_entry, "kind", AC_FIELD_STR, kind, AC_REQUIRED, NULL),
    AC_ROW(drift_entry, "place", AC_FIELD_STR, place, AC_REQUIRED, NULL),
    AC_ROW(drift_entry, "severity", AC_FIELD_ENUM, severity, AC_REQUIRED, drift_severity_names),
    AC_ROW(drift_entry, "note", AC_FIELD_BOOL, note, AC_OPTIONAL, NULL),
    AC_ROW(drift_entry, "expected", AC_FIELD_STR, expected, AC_OPTIONAL, NULL),
    AC_ROW(drift_entry, "observed", AC_FIELD_STR, observed, AC_OPTIONAL, NULL),
    AC_ROW(drift_entry, "source", AC_FIELD_STR, source, AC_OPTIONAL, NULL),
    AC_ROW(drift_entry, "seen", AC_FIELD_LIST, seen, AC_REQUIRED, &seen_shape),
    AC_ROWS_END,
};
static const ac_struct entry_shape = {entry_fields, sizeof(drift_entry), check_entry};

static const ac_field target_fields[] = {
    AC_ROW(drift_target, "target", AC_FIELD_STR, target, AC_REQUIRED, NULL),
    AC_ROW(drift_target, "about", AC_FIELD_STR, about, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct target_shape = {target_fields, sizeof(drift_target), NULL};

static const ac_field ledger_fields[] = {
    AC_ROW_KNOWN("$schema", AC_OPTIONAL),
    AC_ROW(written_ledger, "accord", AC_FIELD_INT, accord, AC_REQUIRED, NULL),
    AC_ROW(written_ledger, "targets", AC_FIELD_LIST, targets, AC_REQUIRED, &target_shape),
    AC_ROW(written_ledger, "divergences", AC_FIELD_LIST, entries, AC_REQUIRED, &entry_shape),
    AC_ROWS_END,
};

static bool check_ledger(ac_decoder *decoder, const ac_json *json, void *out)
{
    const written_ledger *ledger = out;
    ac_drift *drift = decoder->context;
    (void)json;
    if (ledger->accord != 1) {
        return ac_decode_fail(decoder, "accord", "format version 1 is expected");
    }
    for (size_t i = 0; i < ledger->entries.count; i++) {
        if (ac_names_number(&drift->ids, ledger->entries.items[i].id) != i) {
            return ac_decode_fail(decoder, "divergences", "two have the id \"%.*s\"",
                                  AC_STR_FMT(ledger->entries.items[i].id));
        }
    }
    return true;
}

static const ac_struct ledger_shape = {ledger_fields, sizeof(written_ledger), check_ledger};

ac_drift *ac_drift_new(void)
{
    ac_arena *arena = ac_arena_new();
    ac_drift *drift = AC_NEW(arena, ac_drift);
    drift->arena = arena;
    drift->scratch = ac_arena_new();
    ac_names_init(&drift->ids, arena);
    ac_names_init(&drift->ran, arena);
    return drift;
}

void ac_drift_free(ac_drift *drift)
{
    if (drift) {
        ac_arena_free(drift->scratch);
        ac_arena_free(drift->arena);
    }
}

ac_drift *ac_drift_read(ac_str text, const char *file, ac_err *err)
{
    ac_drift *drift = ac_drift_new();
    written_ledger ledger = {.accord = 0};
    if (!ac_decode_text(drift->arena, text, file, &ledger_shape, drift, &ledger, err)) {
        ac_drift_free(drift);
        return NULL;
    }
    drift->targets.items = ledger.targets.items;
    drift->targets.count = drift->target_capacity = ledger.targets.count;
    drift->entries.items = ledger.entries.items;
    drift->entries.count = drift->entry_capacity = ledger.entries.count;
    return drift;
}

/* ---- order ---- */

static int by_parts(const ac_str *a, const ac_str *b, size_t count)
{
    int order = 0;
    for (size_t i = 0; i < count && order == 0; i++) {
        order = ac_str_cmp(a[i], b[i]);
    }
    return order;
}

static int by_entry(const void *a, const void *b)
{
    const drift_entry *x = a;
    const drift_entry *y = b;
    const ac_str left[] = {x->operation, x->kind, x->place, x->observed, x->expected, x->id};
    const ac_str right[] = {y->operation, y->kind, y->place, y->observed, y->expected, y->id};
    return by_parts(left, right, AC_COUNT(left));
}

static int by_target(const void *a, const void *b)
{
    return ac_str_cmp(((const drift_target *)a)->target, ((const drift_target *)b)->target);
}

static int by_seen(const void *a, const void *b)
{
    return ac_str_cmp(((const drift_seen *)a)->target, ((const drift_seen *)b)->target);
}

void drift_sort(ac_drift *drift)
{
    size_t count = drift->entries.count;
    if (count > 1) {
        qsort(drift->entries.items, count, sizeof *drift->entries.items, by_entry);
    }
    ac_names_init(&drift->ids, drift->arena);
    for (size_t i = 0; i < count; i++) {
        drift_entry *entry = &drift->entries.items[i];
        ac_names_number(&drift->ids, entry->id);
        if (entry->seen.count > 1) {
            qsort(entry->seen.items, entry->seen.count, sizeof *entry->seen.items, by_seen);
        }
    }
    if (drift->targets.count > 1) {
        qsort(drift->targets.items, drift->targets.count, sizeof *drift->targets.items, by_target);
    }
}

/* ---- a stream ---- */

static drift_target *target_of(ac_drift *drift, ac_str name)
{
    for (size_t i = 0; i < drift->targets.count; i++) {
        if (ac_str_eq(drift->targets.items[i].target, name)) {
            return &drift->targets.items[i];
        }
    }
    drift->targets.items = ac_arena_grown(drift->arena, drift->targets.items, drift->targets.count,
                                          &drift->target_capacity, sizeof *drift->targets.items);
    drift_target *made = &drift->targets.items[drift->targets.count++];
    *made = (drift_target){.target = name};
    return made;
}

void drift_begin(ac_drift *drift, ac_str target, ac_str about, int64_t time_ms)
{
    drift->target = drift_visible(drift->arena, target);
    drift->time = ac_time_print(drift->arena, time_ms, AC_TIME_ISO);
    drift->round++;
    drift->verdict = 0;
    ac_names_init(&drift->ran, drift->arena);
    drift_target *known = target_of(drift, drift->target);
    known->about = about.n > 0 ? drift_visible(drift->arena, ac_str_sub(about, 0, ABOUT_MAX)) : known->about;
}

static void keep(const ac_drift *drift, ac_str *kept, ac_str text)
{
    if (!kept->p || !ac_str_eq(*kept, text)) {
        *kept = ac_str_dup(drift->arena, text);
    }
}

static drift_entry *new_entry(ac_drift *drift, const drift_entry *like)
{
    drift->entries.items = ac_arena_grown(drift->arena, drift->entries.items, drift->entries.count,
                                          &drift->entry_capacity, sizeof *drift->entries.items);
    drift_entry *made = &drift->entries.items[drift->entries.count++];
    *made = (drift_entry){.note = true};
    keep(drift, &made->id, like->id);
    keep(drift, &made->operation, like->operation);
    keep(drift, &made->kind, like->kind);
    keep(drift, &made->place, like->place);
    return made;
}

/* Most sights are of what is known: only what is kept goes to the ledger's memory. */
static drift_entry *entry_of(ac_drift *drift, const drift_sight *sight)
{
    drift_entry like = {.operation = sight->operation};
    ac_arena_reset(drift->scratch);
    like.kind = drift_visible(drift->scratch, sight->kind);
    like.place = drift_normal_place(drift->scratch, sight->place);
    like.expected = drift_normal(drift->scratch, sight->expected);
    like.observed = drift_normal(drift->scratch, sight->observed);
    like.id = drift_id(drift->scratch, &like);
    size_t number = ac_names_number(&drift->ids, like.id);
    bool known = number < drift->entries.count;
    drift_entry *entry = known ? &drift->entries.items[number] : new_entry(drift, &like);
    entry->severity = (int)drift_severity_of(like.kind, sight->level);
    keep(drift, &entry->expected, like.expected);
    keep(drift, &entry->observed, like.observed);
    return entry;
}

static drift_seen *seen_of(ac_drift *drift, drift_entry *entry)
{
    for (size_t i = 0; i < entry->seen.count; i++) {
        if (ac_str_eq(entry->seen.items[i].target, drift->target)) {
            return &entry->seen.items[i];
        }
    }
    entry->seen.items = ac_arena_grown(drift->arena, entry->seen.items, entry->seen.count,
                                       &entry->seen_capacity, sizeof *entry->seen.items);
    drift_seen *made = &entry->seen.items[entry->seen.count++];
    *made = (drift_seen){.target = drift->target, .first_seen = drift->time, .last_seen = drift->time};
    drift->changes.first++;
    return made;
}

/* The first of them by bytes: which are kept must not depend on the order of cases. */
static void keep_case(ac_drift *drift, drift_seen *seen, ac_str id)
{
    size_t at = 0;
    while (at < seen->cases.count && ac_str_cmp(seen->cases.items[at], id) < 0) {
        at++;
    }
    bool there = at < seen->cases.count && ac_str_eq(seen->cases.items[at], id);
    if (id.n == 0 || there || at == DRIFT_CASES_KEPT) {
        return;
    }
    size_t kept = seen->cases.count < DRIFT_CASES_KEPT ? seen->cases.count : DRIFT_CASES_KEPT - 1;
    memmove(seen->cases.items + at + 1, seen->cases.items + at, (kept - at) * sizeof *seen->cases.items);
    seen->cases.items[at] = drift_visible(drift->arena, id);
    seen->cases.count = kept + 1;
}

/* The first sight in this stream: what earlier ones showed makes way. */
static void see_first(ac_drift *drift, drift_seen *seen)
{
    bool known = seen->count > 0;
    drift->changes.again += known;
    seen->round = drift->round;
    seen->verdict = 0;
    seen->count = 0;
    seen->last_seen = drift->time;
    seen->gone = (ac_str){NULL, 0};
    seen->cases = (ac_strs){AC_NEW_ARRAY(drift->arena, DRIFT_CASES_KEPT, ac_str), 0};
}

void drift_see(ac_drift *drift, const drift_sight *sight)
{
    drift_entry *entry = entry_of(drift, sight);
    drift_seen *seen = seen_of(drift, entry);
    if (ac_str_cmp(drift->time, seen->first_seen) < 0) {
        seen->first_seen = drift->time;
    }
    entry->note = entry->note && sight->note;
    if (sight->source.n > 0 && (!entry->source.p || ac_str_cmp(sight->source, entry->source) < 0)) {
        entry->source = drift_visible(drift->arena, sight->source);
    }
    if (ac_str_cmp(drift->time, seen->last_seen) < 0) {
        return; /* an old stream, heard late */
    }
    if (seen->round != drift->round) {
        see_first(drift, seen);
    }
    seen->count += seen->verdict != drift->verdict;
    seen->verdict = drift->verdict;
    keep_case(drift, seen, sight->case_id);
}

void drift_end(ac_drift *drift, drift_looked *looked, const void *context)
{
    for (size_t i = 0; i < drift->entries.count; i++) {
        const drift_entry *entry = &drift->entries.items[i];
        for (size_t k = 0; k < entry->seen.count; k++) {
            drift_seen *seen = &entry->seen.items[k];
            bool open =
                seen->round != drift->round && !seen->gone.p && ac_str_eq(seen->target, drift->target);
            if (open && ac_str_cmp(drift->time, seen->last_seen) > 0 && looked(context, entry, seen)) {
                seen->gone = drift->time;
                drift->changes.gone++;
            }
        }
    }
}

ac_drift_changes ac_drift_changed(const ac_drift *drift)
{
    return drift->changes;
}

/* ---- writing ---- */

static void add_member(ac_buf *out, const char *indent, const char *key, ac_str value)
{
    ac_buf_printf(out, ",\n%s\"%s\": ", indent, key);
    ac_json_write_string(out, value);
}

static void add_given(ac_buf *out, const char *indent, const char *key, ac_str value)
{
    if (value.n > 0) {
        add_member(out, indent, key, value);
    }
}

static void add_seen(ac_buf *out, const drift_seen *seen)
{
    static const char indent[] = "          ";
    ac_buf_add_c(out, "        {\n          \"target\": ");
    ac_json_write_string(out, seen->target);
    add_member(out, indent, "first_seen", seen->first_seen);
    add_member(out, indent, "last_seen", seen->last_seen);
    add_given(out, indent, "gone", seen->gone);
    ac_buf_printf(out, ",\n%s\"count\": %lld", indent, (long long)seen->count);
    for (size_t i = 0; i < seen->cases.count; i++) {
        ac_buf_printf(out, i == 0 ? ",\n%s\"cases\": [\n%s  " : ",\n%s  ", indent, indent);
        ac_json_write_string(out, seen->cases.items[i]);
    }
    ac_buf_printf(out, "%s%s%s\n        }", seen->cases.count > 0 ? "\n" : "",
                  seen->cases.count > 0 ? indent : "", seen->cases.count > 0 ? "]" : "");
}

static void add_entry(ac_buf *out, const drift_entry *entry)
{
    static const char indent[] = "      ";
    ac_buf_add_c(out, "    {\n      \"id\": ");
    ac_json_write_string(out, entry->id);
    add_member(out, indent, "operation", entry->operation);
    add_member(out, indent, "kind", entry->kind);
    add_member(out, indent, "place", entry->place);
    add_member(out, indent, "severity", ac_str_c(drift_severity_names[entry->severity]));
    ac_buf_add_c(out, entry->note ? ",\n      \"note\": true" : "");
    add_given(out, indent, "expected", entry->expected);
    add_given(out, indent, "observed", entry->observed);
    add_given(out, indent, "source", entry->source);
    ac_buf_add_c(out, ",\n      \"seen\": [\n");
    for (size_t i = 0; i < entry->seen.count; i++) {
        ac_buf_add_c(out, i > 0 ? ",\n" : "");
        add_seen(out, &entry->seen.items[i]);
    }
    ac_buf_add_c(out, "\n      ]\n    }");
}

static void add_target(ac_buf *out, const drift_target *target)
{
    ac_buf_add_c(out, "    {\n      \"target\": ");
    ac_json_write_string(out, target->target);
    add_given(out, "      ", "about", target->about);
    ac_buf_add_c(out, "\n    }");
}

static void add_ledger(ac_buf *out, const ac_drift *drift)
{
    ac_buf_add_c(out, "{\n  \"accord\": 1,\n  \"targets\": [");
    for (size_t i = 0; i < drift->targets.count; i++) {
        ac_buf_add_c(out, i > 0 ? ",\n" : "\n");
        add_target(out, &drift->targets.items[i]);
    }
    ac_buf_add_c(out, drift->targets.count > 0 ? "\n  ],\n" : "],\n");
    ac_buf_add_c(out, "  \"divergences\": [");
    for (size_t i = 0; i < drift->entries.count; i++) {
        ac_buf_add_c(out, i > 0 ? ",\n" : "\n");
        add_entry(out, &drift->entries.items[i]);
    }
    ac_buf_add_c(out, drift->entries.count > 0 ? "\n  ]\n}\n" : "]\n}\n");
}

bool ac_drift_write(ac_drift *drift, ac_arena *arena, ac_str *text, ac_err *err)
{
    ac_buf out;
    drift_sort(drift);
    ac_buf_init(&out, ac_json_file_limits.bytes);
    add_ledger(&out, drift);
    bool ok = !out.overflow;
    if (!ok) {
        ac_fail(err, AC_ERR_USAGE, "the ledger would be larger than %zu bytes; keep one for each product",
                ac_json_file_limits.bytes);
    }
    *text = ac_buf_take(&out, arena);
    return ok;
}
