/* The file written anew. Only what must change is written: the rest are the bytes that were there. The text was
 * read before, so it is known to be good JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "expect/expect_parts.h"

typedef struct span {
    size_t start, end;
} span;

/* ---- places in the text ---- */

static size_t skip_space(ac_str text, size_t at)
{
    while (at < text.n && strchr(" \t\r\n", text.p[at])) {
        at++;
    }
    return at;
}

static size_t skip_string(ac_str text, size_t at)
{
    for (at++; at < text.n && text.p[at] != '"'; at++) {
        at += text.p[at] == '\\';
    }
    return at + 1;
}

static size_t skip_value(ac_str text, size_t at)
{
    size_t depth = 0;
    while (at < text.n) {
        char c = text.p[at];
        if (c == '"') {
            at = skip_string(text, at);
        } else if (depth == 0 && strchr(",]} \t\r\n", c)) {
            return at;
        } else {
            depth += c == '{' || c == '[';
            depth -= c == '}' || c == ']';
            at++;
        }
        if (depth == 0 && (c == '"' || c == '}' || c == ']')) {
            return at;
        }
    }
    return at;
}

/* The element or member after the one that ends at at, or the first one after its bracket; start is the place
 * of the closing bracket where there is none. */
static span next_item(ac_str text, size_t at)
{
    at = skip_space(text, at);
    if (at < text.n && text.p[at] == ',') {
        at = skip_space(text, at + 1);
    }
    bool closes = at < text.n && (text.p[at] == ']' || text.p[at] == '}');
    return (span){at, closes ? at : skip_value(text, at)};
}

/* The value of a member of the object at at. */
static bool find_member(ac_str text, size_t at, const char *key, span *out)
{
    span name = next_item(text, at + 1);
    while (name.end > name.start) {
        size_t colon = skip_space(text, name.end);
        size_t start = skip_space(text, colon + 1);
        *out = (span){start, skip_value(text, start)};
        if (ac_str_is(ac_str_sub(text, name.start + 1, name.end - name.start - 2), key)) {
            return true;
        }
        name = next_item(text, out->end);
    }
    return false;
}

/* ---- what becomes of an entry ---- */

typedef struct updater {
    const ac_expectations *list;
    ac_arena *arena;
    ac_buf out;
    const char *line; /* what stands before an entry: a line break and white space, or little */
    ac_expect_changes *changes;
    ac_str *fixed;  /* sorted */
    size_t written; /* entries */
} updater;

static int by_bytes(const void *a, const void *b)
{
    return ac_str_cmp(*(const ac_str *)a, *(const ac_str *)b);
}

static bool is_fixed(const updater *u, ac_str id)
{
    size_t count = u->list->fixed_count;
    return count > 0 && bsearch(&id, u->fixed, count, sizeof id, by_bytes) != NULL;
}

typedef struct kept_cases {
    ac_str *items;
    size_t count, capacity;
    bool changed;
} kept_cases;

static void keep_case(const updater *u, kept_cases *kept, ac_str text)
{
    kept->items = ac_arena_grown(u->arena, kept->items, kept->count, &kept->capacity, sizeof *kept->items);
    kept->items[kept->count++] = text;
}

/* The pattern as it is where nothing that it names is fixed, else the cases that it names without the fixed. */
static void keep_pattern(const updater *u, kept_cases *kept, const pattern *p)
{
    const ac_expectations *list = u->list;
    bool stale = expect_is_stale(list, p);
    kept->changed = kept->changed || p->fixed > 0 || stale;
    if (p->fixed == 0 && !stale) {
        keep_case(u, kept, p->text);
    }
    bool some_left = p->fixed > 0 && p->fixed < p->there;
    for (size_t i = 0; some_left && i < list->case_count; i++) {
        ac_str id = list->cases[i].id;
        if (expect_names(p, id) && !is_fixed(u, id)) {
            keep_case(u, kept, id);
        }
    }
}

static kept_cases cases_of(const updater *u, const entry *e)
{
    kept_cases kept = {.items = NULL};
    for (size_t i = 0; i < e->cases.count; i++) {
        keep_pattern(u, &kept, &u->list->patterns[e->first_pattern + i]);
    }
    return kept;
}

/* ---- writing ---- */

static bool on_lines(const updater *u)
{
    return strchr(u->line, '\n') != NULL;
}

static void add_list(updater *u, const ac_str *texts, size_t count, bool lines)
{
    ac_buf_add_char(&u->out, '[');
    for (size_t i = 0; i < count; i++) {
        ac_buf_add_c(&u->out, i == 0 ? "" : lines ? "," : ", ");
        if (lines) {
            ac_buf_printf(&u->out, "%s    ", u->line);
        }
        ac_json_write_string(&u->out, texts[i]);
    }
    if (lines) {
        ac_buf_printf(&u->out, "%s  ", u->line);
    }
    ac_buf_add_char(&u->out, ']');
}

/* One alone, several as a list: on lines of their own where entries stand on lines. */
static void add_cases(updater *u, const ac_str *ids, size_t count)
{
    if (count == 1) {
        ac_json_write_string(&u->out, ids[0]);
    } else {
        add_list(u, ids, count, on_lines(u));
    }
}

/* between: what stands between an entry and the one before it, where both are old ones. */
static void begin_entry(updater *u, ac_str between)
{
    if (u->written > 0 && between.n > 0) {
        ac_buf_add(&u->out, between);
    } else {
        ac_buf_add_c(&u->out, u->written > 0 ? "," : "");
        ac_buf_add_c(&u->out, u->line);
    }
    u->written++;
}

static bool write_entry(updater *u, size_t number, size_t before, span place, ac_err *err)
{
    const ac_expectations *list = u->list;
    const entry *e = &list->entries.items[number];
    kept_cases kept = cases_of(u, e);
    if (kept.count == 0 || expect_is_unused(list, e)) {
        u->changes->removed++;
        return true;
    }
    span cases = {0, 0};
    if (kept.changed && !find_member(list->text, place.start, "cases", &cases)) {
        return ac_fail(err, AC_ERR_USAGE,
                       "%s: /expectations/%zu: the key \"cases\" is written with escapes, the "
                       "file cannot be updated",
                       list->file, number);
    }
    u->changes->narrowed += kept.changed;
    u->changes->open += (e->expired && e->selected > 0) || ac_str_eq(e->reason, expect_open_reason);
    begin_entry(u, ac_str_sub(list->text, before, place.start - before));
    if (!kept.changed) {
        ac_buf_add(&u->out, ac_str_sub(list->text, place.start, place.end - place.start));
        return true;
    }
    ac_buf_add(&u->out, ac_str_sub(list->text, place.start, cases.start - place.start));
    add_cases(u, kept.items, kept.count);
    ac_buf_add(&u->out, ac_str_sub(list->text, cases.end, place.end - cases.end));
    return true;
}

/* ---- new entries ---- */

static ac_str key_of(ac_arena *arena, const uncovered *u)
{
    ac_buf key;
    ac_buf_init(&key, SIZE_MAX / 4);
    ac_buf_printf(&key, "%.*s\n%s", AC_STR_FMT(u->operation), ac_word_name(u->word));
    for (size_t i = 0; i < u->kinds.count; i++) {
        ac_buf_printf(&key, "\n%.*s", AC_STR_FMT(u->kinds.items[i]));
    }
    return ac_buf_take(&key, arena);
}

static void add_member(updater *u, const char *key, bool first)
{
    ac_buf_add_c(&u->out, first ? "" : on_lines(u) ? "," : ", ");
    if (on_lines(u)) {
        ac_buf_printf(&u->out, "%s  ", u->line);
    }
    ac_buf_printf(&u->out, "\"%s\": ", key);
}

static void add_entry(updater *u, const uncovered *sample, const ac_str *ids, size_t count)
{
    begin_entry(u, AC_STR(""));
    ac_buf_add_char(&u->out, '{');
    add_member(u, "cases", true);
    add_cases(u, ids, count);
    add_member(u, "verdict", false);
    ac_buf_printf(&u->out, "\"%s\"", ac_word_name(sample->word));
    if (sample->kinds.count > 0) {
        add_member(u, "kinds", false);
        add_list(u, sample->kinds.items, sample->kinds.count, false);
    }
    add_member(u, "reason", false);
    ac_json_write_string(&u->out, expect_open_reason);
    if (on_lines(u)) {
        ac_buf_add_c(&u->out, u->line);
    }
    ac_buf_add_char(&u->out, '}');
    u->changes->added++;
    u->changes->open++;
}

/* Failures of one operation that look alike are one entry: they have one reason, as a rule. */
static void add_new(updater *u)
{
    const ac_expectations *list = u->list;
    ac_names groups;
    ac_names_init(&groups, u->arena);
    size_t *group_of = AC_NEW_ARRAY(u->arena, list->uncovered_count, size_t);
    for (size_t i = 0; i < list->uncovered_count; i++) {
        uncovered *one = &list->uncovered[i];
        if (one->kinds.count > 1) {
            qsort(one->kinds.items, one->kinds.count, sizeof *one->kinds.items, by_bytes);
        }
        group_of[i] = ac_names_number(&groups, key_of(u->arena, one));
    }
    /* A counting sort: cases in the order of the run, groups in that of their first case. */
    size_t *starts = AC_NEW_ARRAY(u->arena, groups.count + 1, size_t);
    size_t *firsts = AC_NEW_ARRAY(u->arena, groups.count, size_t);
    ac_str *ids = AC_NEW_ARRAY(u->arena, list->uncovered_count, ac_str);
    for (size_t i = list->uncovered_count; i > 0; i--) {
        starts[group_of[i - 1] + 1]++;
        firsts[group_of[i - 1]] = i - 1;
    }
    for (size_t g = 0; g < groups.count; g++) {
        starts[g + 1] += starts[g];
    }
    size_t *next = ac_arena_copy(u->arena, starts, (groups.count + 1) * sizeof *starts);
    for (size_t i = 0; i < list->uncovered_count; i++) {
        ids[next[group_of[i]]++] = list->uncovered[i].id;
    }
    for (size_t g = 0; g < groups.count; g++) {
        add_entry(u, &list->uncovered[firsts[g]], ids + starts[g], starts[g + 1] - starts[g]);
    }
}

/* ---- the file ---- */

/* White space before the first entry, to be repeated before each. */
static const char *line_of(ac_arena *arena, ac_str text, size_t bracket)
{
    size_t first = skip_space(text, bracket + 1);
    bool empty = first < text.n && text.p[first] == ']';
    ac_str space = ac_str_sub(text, bracket + 1, first - bracket - 1);
    return empty ? "\n    " : ac_str_z(arena, space);
}

static bool write_entries(updater *u, size_t bracket, size_t *end, ac_err *err)
{
    ac_str text = u->list->text;
    *end = bracket + 1;
    for (size_t i = 0; i < u->list->entries.count; i++) {
        span place = next_item(text, *end);
        if (!write_entry(u, i, *end, place, err)) {
            return false;
        }
        *end = place.end;
    }
    add_new(u);
    return true;
}

static bool write_file(updater *u, ac_err *err)
{
    ac_str text = u->list->text;
    span array;
    size_t end;
    if (!find_member(text, skip_space(text, 0), "expectations", &array)) {
        return ac_fail(err, AC_ERR_USAGE,
                       "%s: the key \"expectations\" is written with escapes, the file cannot "
                       "be updated",
                       u->list->file);
    }
    u->line = line_of(u->arena, text, array.start);
    ac_buf_add(&u->out, ac_str_sub(text, 0, array.start + 1));
    if (!write_entries(u, array.start, &end, err)) {
        return false;
    }
    bool was_empty = u->list->entries.count == 0;
    bool is_empty = u->written == 0;
    size_t rest = was_empty || is_empty ? array.end - 1 : end;
    ac_buf_add_c(&u->out, was_empty && !is_empty ? "\n  " : "");
    ac_buf_add(&u->out, ac_str_sub(text, rest, text.n));
    return true;
}

bool ac_expect_update(const ac_expectations *list, ac_arena *arena, ac_str *text, ac_expect_changes *changes,
                      ac_err *err)
{
    updater u = {.list = list, .arena = arena, .changes = changes};
    *changes = (ac_expect_changes){.removed = 0};
    if (!list->ended || !list->tail.complete) {
        return ac_fail(err, AC_ERR_JUDGE, "%s: not updated, the run did not come to its end", list->file);
    }
    u.fixed = ac_arena_copy(arena, list->fixed, list->fixed_count * sizeof *list->fixed);
    if (list->fixed_count > 0) {
        qsort(u.fixed, list->fixed_count, sizeof *u.fixed, by_bytes);
    }
    ac_buf_init(&u.out, SIZE_MAX / 4);
    bool ok = write_file(&u, err);
    *text = ok ? ac_str_dup(arena, ac_buf_str(&u.out)) : (ac_str){NULL, 0};
    ac_buf_done(&u.out);
    return ok;
}
