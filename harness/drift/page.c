/* What stands on the pages. */
#include <stdlib.h>

#include "drift/drift_parts.h"
#include "drift/pen.h"

const char *const ac_drift_format_names[] = {"markdown", "html", NULL};

typedef struct page {
    const ac_drift *drift;
    const ac_drift_pages *pages;
    const pen_format *format;
    ac_arena *arena; /* for texts of one page */
    pen pen;
} page;

static const ac_str no_page = {NULL, 0};

/* ---- what is shown ---- */

static bool is_open(const drift_entry *entry)
{
    for (size_t i = 0; i < entry->seen.count; i++) {
        if (!entry->seen.items[i].gone.p) {
            return true;
        }
    }
    return false;
}

static bool shows(const drift_entry *entry, ac_str target)
{
    for (size_t i = 0; i < entry->seen.count; i++) {
        if (!entry->seen.items[i].gone.p && ac_str_eq(entry->seen.items[i].target, target)) {
            return true;
        }
    }
    return false;
}

static ac_str action_of(ac_str operation)
{
    ac_str part = operation;
    for (ac_str rest = operation; rest.p;) {
        part = ac_str_split(rest, '/', &rest);
    }
    return part;
}

static ac_str file_of(const page *g, ac_str operation)
{
    ac_str flat = ac_str_replace(g->arena, operation, AC_STR("/"), AC_STR("."));
    return ac_str_printf(g->arena, "%.*s%s", AC_STR_FMT(flat), g->format->extension);
}

/* ---- cells ---- */

static void text_cell(page *g, ac_str text)
{
    g->format->cell(&g->pen, PEN_TEXT, text, no_page);
}

static void code_cell(page *g, ac_str text)
{
    g->format->cell(&g->pen, PEN_CODE, text, no_page);
}

static void number_cell(page *g, int64_t number)
{
    text_cell(g, ac_str_printf(g->arena, "%lld", (long long)number));
}

/* "openapi-client 0.4.15 (12); pop-core 1.8.0" of those that still show it */
static void targets_cell(page *g, const drift_entry *entry)
{
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    for (size_t i = 0; i < entry->seen.count; i++) {
        const drift_seen *seen = &entry->seen.items[i];
        if (!seen->gone.p) {
            ac_buf_printf(&out, "%s%.*s", out.n > 0 ? "; " : "", AC_STR_FMT(seen->target));
            if (seen->count > 1) {
                ac_buf_printf(&out, " (%lld)", (long long)seen->count);
            }
        }
    }
    text_cell(g, ac_buf_str(&out));
    ac_buf_done(&out);
}

static void dates_cells(page *g, const drift_entry *entry)
{
    ac_str first = entry->seen.items[0].first_seen;
    ac_str last = entry->seen.items[0].last_seen;
    for (size_t i = 1; i < entry->seen.count; i++) {
        const drift_seen *seen = &entry->seen.items[i];
        first = ac_str_cmp(seen->first_seen, first) < 0 ? seen->first_seen : first;
        last = ac_str_cmp(seen->last_seen, last) > 0 ? seen->last_seen : last;
    }
    text_cell(g, first);
    text_cell(g, last);
}

static void severity_cell(page *g, const drift_entry *entry)
{
    bool noted = entry->note && entry->severity != DRIFT_NOTE;
    text_cell(g,
              ac_str_printf(g->arena, "%s%s", drift_severity_names[entry->severity], noted ? ", noted" : ""));
}

/* ---- a section of divergences, one a row ---- */

static void table_of(page *g, const char *const *columns, size_t count)
{
    static const char *const dates[] = {"first seen", "last seen"};
    ac_str titles[16];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        titles[n++] = ac_str_c(columns[i]);
    }
    for (size_t i = 0; g->pages->dates && i < AC_COUNT(dates); i++) {
        titles[n++] = ac_str_c(dates[i]);
    }
    titles[n++] = AC_STR("id");
    g->format->table(&g->pen, titles, n);
}

static void add_row(page *g, const drift_entry *entry)
{
    g->format->row(&g->pen);
    severity_cell(g, entry);
    text_cell(g, entry->kind);
    code_cell(g, entry->place);
    code_cell(g, entry->expected);
    code_cell(g, entry->observed);
    targets_cell(g, entry);
}

static void add_source_row(page *g, const drift_entry *entry)
{
    g->format->row(&g->pen);
    text_cell(g, ac_str_c(drift_severity_names[entry->severity]));
    text_cell(g, entry->kind);
    code_cell(g, entry->place);
    text_cell(g, entry->observed);
    text_cell(g, entry->source);
}

static void end_row(page *g, const drift_entry *entry)
{
    if (g->pages->dates) {
        dates_cells(g, entry);
    }
    code_cell(g, entry->id);
    g->format->row_end(&g->pen);
}

static void add_sources(page *g, const drift_entry *const *entries, size_t count)
{
    static const char *const titles[] = {"severity", "kind", "where", "what", "sources"};
    table_of(g, titles, AC_COUNT(titles));
    for (size_t i = 0; i < count; i++) {
        add_source_row(g, entries[i]);
        end_row(g, entries[i]);
    }
}

static void add_rows(page *g, const drift_entry *const *entries, size_t count)
{
    static const char *const titles[] = {"severity", "kind", "where", "documented", "seen", "shown by"};
    table_of(g, titles, AC_COUNT(titles));
    for (size_t i = 0; i < count; i++) {
        add_row(g, entries[i]);
        end_row(g, entries[i]);
    }
}

/* ---- a section of what each target shows, side by side ---- */

static ac_names targets_of(page *g, const drift_entry *const *entries, size_t count)
{
    ac_names names;
    ac_names_init(&names, g->arena);
    for (size_t t = 0; t < g->drift->targets.count; t++) {
        for (size_t i = 0; i < count; i++) {
            if (shows(entries[i], g->drift->targets.items[t].target)) {
                ac_names_number(&names, g->drift->targets.items[t].target);
            }
        }
    }
    return names;
}

/* Entries of one kind and place stand together. */
static size_t same_place(const drift_entry *const *entries, size_t count)
{
    size_t n = 1;
    while (n < count && ac_str_eq(entries[n]->kind, entries[0]->kind) &&
           ac_str_eq(entries[n]->place, entries[0]->place)) {
        n++;
    }
    return n;
}

static void observed_cell(page *g, const drift_entry *const *entries, size_t count, ac_str target)
{
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    for (size_t i = 0; i < count; i++) {
        if (shows(entries[i], target)) {
            ac_buf_printf(&out, "%s%.*s", out.n > 0 ? "; or " : "", AC_STR_FMT(entries[i]->observed));
        }
    }
    code_cell(g, ac_buf_str(&out));
    ac_buf_done(&out);
}

static void add_side_by_side(page *g, const drift_entry *const *entries, size_t count)
{
    ac_names targets = targets_of(g, entries, count);
    ac_str *titles = AC_NEW_ARRAY(g->arena, targets.count + 3, ac_str);
    titles[0] = AC_STR("kind");
    titles[1] = AC_STR("where");
    titles[2] = AC_STR("documented");
    for (size_t t = 0; t < targets.count; t++) {
        titles[3 + t] = targets.items[t];
    }
    g->format->table(&g->pen, titles, targets.count + 3);
    for (size_t i = 0; i < count; i += same_place(entries + i, count - i)) {
        g->format->row(&g->pen);
        text_cell(g, entries[i]->kind);
        code_cell(g, entries[i]->place);
        text_cell(g, entries[i]->expected);
        for (size_t t = 0; t < targets.count; t++) {
            observed_cell(g, entries + i, same_place(entries + i, count - i), targets.items[t]);
        }
        g->format->row_end(&g->pen);
    }
}

/* ---- sections ---- */

static void add_group(page *g, const drift_entry *entries, size_t count, size_t group)
{
    static void (*const tables[])(page * g, const drift_entry *const *entries,
                                  size_t count) = {[DRIFT_BETWEEN_SOURCES] = add_sources,
                                                   [DRIFT_ONE_A_ROW] = add_rows,
                                                   [DRIFT_SIDE_BY_SIDE] = add_side_by_side};
    const drift_entry **some = AC_NEW_ARRAY(g->arena, count, const drift_entry *);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_open(&entries[i]) && drift_group_of(entries[i].kind) == group) {
            some[n++] = &entries[i];
        }
    }
    if (n > 0) {
        g->format->heading(&g->pen, ac_str_c(drift_groups[group].title));
        g->format->paragraph(&g->pen, PEN_TEXT, ac_str_c(drift_groups[group].about));
        tables[drift_groups[group].table](g, some, n);
        g->format->table_end(&g->pen);
    }
}

static void add_gone_row(page *g, const drift_entry *entry, const drift_seen *seen)
{
    g->format->row(&g->pen);
    text_cell(g, entry->kind);
    code_cell(g, entry->place);
    code_cell(g, entry->expected);
    code_cell(g, entry->observed);
    text_cell(g, seen->target);
    text_cell(g, seen->last_seen);
    text_cell(g, seen->gone);
    code_cell(g, entry->id);
    g->format->row_end(&g->pen);
}

static void add_gone(page *g, const drift_entry *entries, size_t count)
{
    static const ac_str titles[] = {AC_STR_INIT("kind"), AC_STR_INIT("where"),    AC_STR_INIT("documented"),
                                    AC_STR_INIT("seen"), AC_STR_INIT("shown by"), AC_STR_INIT("last seen"),
                                    AC_STR_INIT("gone"), AC_STR_INIT("id")};
    size_t told = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < entries[i].seen.count; k++) {
            const drift_seen *seen = &entries[i].seen.items[k];
            if (seen->gone.p && told++ == 0) {
                g->format->heading(&g->pen, AC_STR("No longer seen"));
                g->format->table(&g->pen, titles, AC_COUNT(titles));
            }
            if (seen->gone.p) {
                add_gone_row(g, &entries[i], seen);
            }
        }
    }
    if (told > 0) {
        g->format->table_end(&g->pen);
    }
}

/* ---- pages ---- */

static void begin_page(page *g, ac_str title)
{
    ac_arena_reset(g->arena);
    ac_buf_clear(&g->pen.out);
    g->format->begin(&g->pen, title);
}

static bool put(page *g, ac_str name, ac_err *err)
{
    g->format->end(&g->pen);
    return g->pages->put(g->pages->context, name, ac_buf_str(&g->pen.out), err);
}

static bool put_operation(page *g, const drift_entry *entries, size_t count, ac_err *err)
{
    ac_str operation = entries[0].operation;
    begin_page(g, action_of(operation));
    g->format->paragraph(&g->pen, PEN_CODE, operation);
    for (size_t i = 0; i < drift_group_count; i++) {
        add_group(g, entries, count, i);
    }
    if (g->pages->dates) {
        add_gone(g, entries, count);
    }
    return put(g, file_of(g, operation), err);
}

/* How many entries from start on belong to one operation. */
static size_t same_operation(const ac_drift *drift, size_t start)
{
    size_t end = start;
    while (end < drift->entries.count &&
           ac_str_eq(drift->entries.items[end].operation, drift->entries.items[start].operation)) {
        end++;
    }
    return end - start;
}

static void counts_cells(page *g, const drift_entry *entries, size_t count, const ac_str *target)
{
    int64_t counts[DRIFT_SEVERITIES] = {0};
    for (size_t i = 0; i < count; i++) {
        bool counted = target ? shows(&entries[i], *target) : is_open(&entries[i]);
        counts[entries[i].severity] += counted;
    }
    for (size_t i = 0; i < DRIFT_SEVERITIES; i++) {
        number_cell(g, counts[i]);
    }
}

static void add_targets(page *g)
{
    static const ac_str titles[] = {AC_STR_INIT("compared with"), AC_STR_INIT("high"), AC_STR_INIT("medium"),
                                    AC_STR_INIT("low"),           AC_STR_INIT("note"), AC_STR_INIT("about")};
    const ac_drift *drift = g->drift;
    g->format->heading(&g->pen, AC_STR("What the documentation is compared with"));
    g->format->table(&g->pen, titles, AC_COUNT(titles));
    for (size_t i = 0; i < drift->targets.count; i++) {
        const drift_target *target = &drift->targets.items[i];
        bool itself = ac_str_eq(target->target, drift_documentation);
        g->format->row(&g->pen);
        text_cell(g, target->target);
        counts_cells(g, drift->entries.items, drift->entries.count, &target->target);
        text_cell(g, itself ? AC_STR("other official sources: pages, metadata, SDK models") : target->about);
        g->format->row_end(&g->pen);
    }
    g->format->table_end(&g->pen);
}

/* Where all is gone, only a page with dates has something to say. */
static bool has_page(const page *g, const drift_entry *entries, size_t count)
{
    bool some = g->pages->dates;
    for (size_t i = 0; i < count && !some; i++) {
        some = is_open(&entries[i]);
    }
    return some;
}

static void add_operation(page *g, const drift_entry *entries, size_t count)
{
    g->format->row(&g->pen);
    g->format->cell(&g->pen, PEN_LINK, entries->operation, file_of(g, entries->operation));
    counts_cells(g, entries, count, NULL);
    g->format->row_end(&g->pen);
}

static void add_operations(page *g)
{
    static const ac_str titles[] = {AC_STR_INIT("operation"), AC_STR_INIT("high"), AC_STR_INIT("medium"),
                                    AC_STR_INIT("low"), AC_STR_INIT("note")};
    const ac_drift *drift = g->drift;
    g->format->heading(&g->pen, AC_STR("Operations"));
    g->format->table(&g->pen, titles, AC_COUNT(titles));
    for (size_t i = 0; i < drift->entries.count; i += same_operation(drift, i)) {
        const drift_entry *entries = &drift->entries.items[i];
        if (has_page(g, entries, same_operation(drift, i))) {
            add_operation(g, entries, same_operation(drift, i));
        }
    }
    g->format->table_end(&g->pen);
}

static bool put_index(page *g, ac_err *err)
{
    begin_page(g, AC_STR("Drift"));
    g->format->paragraph(
        &g->pen, PEN_TEXT,
        AC_STR("Where documentation and what it documents do not agree, by operation. The same "
               "divergence in many cases is one row, with the number of cases that show it; what is "
               "noted fails no case. <uuid>, <hex>, <time>, <made id> and the like stand for "
               "texts that differ from run to run."));
    add_targets(g);
    add_operations(g);
    return put(g, ac_str_c(g->format->index), err);
}

bool ac_drift_render(ac_drift *drift, const ac_drift_pages *pages, ac_err *err)
{
    static const pen_format *const formats[] = {
        [AC_DRIFT_MARKDOWN] = &pen_markdown, [AC_DRIFT_HTML] = &pen_html};
    page g = {.drift = drift, .pages = pages, .format = formats[pages->format], .arena = ac_arena_new()};
    ac_buf_init(&g.pen.out, SIZE_MAX / 4);
    ac_buf_init(&g.pen.told, SIZE_MAX / 4);
    drift_sort(drift);
    bool ok = put_index(&g, err);
    for (size_t i = 0; ok && i < drift->entries.count; i += same_operation(drift, i)) {
        const drift_entry *entries = &drift->entries.items[i];
        size_t count = same_operation(drift, i);
        ok = !has_page(&g, entries, count) || put_operation(&g, entries, count, err);
    }
    ac_buf_done(&g.pen.out);
    ac_buf_done(&g.pen.told);
    ac_arena_free(g.arena);
    return ok;
}
