/* What the list says of verdicts, and the verdicts of the list. */
#include "base/text.h"
#include "expect/expect_parts.h"

enum { PROBLEMS_MAX = 100 };

/* ---- before the run ---- */

/* The entry of the pattern at i of those found, where no earlier one is of the same entry; else NULL. */
static entry *new_entry(const ac_expectations *list, size_t i)
{
    size_t number = list->found[i]->entry;
    bool same = i > 0 && list->found[i - 1]->entry == number;
    return same ? NULL : &list->entries.items[number];
}

static void count_case(ac_expectations *list, const ac_expect_case *c)
{
    expect_find(list, c->id);
    list->selected += c->selected;
    for (size_t i = 0; i < list->found_count; i++) {
        entry *e = new_entry(list, i);
        list->patterns[list->found[i] - list->patterns].there++;
        if (e) {
            e->cases_there++;
            e->selected += c->selected;
        }
    }
}

void ac_expect_plan(ac_expectations *list, const ac_expect_case *cases, size_t count)
{
    list->cases = cases;
    list->case_count = count;
    for (size_t i = 0; i < count; i++) {
        expect_mark_exact(list, cases[i].id);
    }
    for (size_t i = 0; i < count; i++) {
        count_case(list, &cases[i]);
    }
}

/* ---- one verdict ---- */

static bool lists(ac_strs names, ac_str name)
{
    for (size_t i = 0; i < names.count; i++) {
        if (ac_str_eq(names.items[i], name)) {
            return true;
        }
    }
    return names.count == 0;
}

static bool names_place(ac_strs places, ac_str place)
{
    for (size_t i = 0; i < places.count; i++) {
        if (ac_str_eq(places.items[i], place) || ac_glob_match(places.items[i], place)) {
            return true;
        }
    }
    return places.count == 0;
}

static bool covers_finding(const entry *e, const ac_shown_finding *f)
{
    bool may_fail = e->word == EXPECT_FAIL || e->word == EXPECT_FLAKY;
    return may_fail && lists(e->kinds, f->kind) && names_place(e->places, f->place);
}

static bool covers_word(const entry *e, ac_word word)
{
    static const ac_word words[] = {
        [EXPECT_ERROR] = AC_ERROR, [EXPECT_BLOCKED] = AC_BLOCKED, [EXPECT_SKIP] = AC_SKIP};
    if (e->word == EXPECT_FLAKY) {
        return word != AC_SKIP && e->kinds.count == 0 && e->places.count == 0;
    }
    return e->word != EXPECT_FAIL && words[e->word] == word;
}

/* What a verdict is measured against: one finding, or its word where f is NULL. */
static bool covers(const entry *e, ac_word word, const ac_shown_finding *f)
{
    return f ? covers_finding(e, f) : covers_word(e, word);
}

/* The first entry that covers it and counts. *expired: one that no longer counts does. */
static entry *cover_of(const ac_expectations *list, ac_word word, const ac_shown_finding *f, bool *expired)
{
    for (size_t i = 0; i < list->found_count; i++) {
        entry *e = &list->entries.items[list->found[i]->entry];
        if (covers(e, word, f)) {
            *expired = *expired || e->expired;
            if (!e->expired) {
                return e;
            }
        }
    }
    return NULL;
}

typedef struct judgement {
    const entry *first; /* that covers something */
    bool known;         /* one of those that cover is no "flaky" */
    bool expired;       /* one that is expired would cover something */
    ac_strs kinds;      /* of findings that nothing covers */
    size_t kind_capacity;
    size_t uncovered; /* findings, or 1 for a verdict without */
} judgement;

static void note_uncovered(ac_expectations *list, judgement *j, const ac_shown_finding *f)
{
    j->uncovered++;
    if (f && (j->kinds.count == 0 || !lists(j->kinds, f->kind))) {
        j->kinds.items = ac_arena_grown(list->arena, j->kinds.items, j->kinds.count, &j->kind_capacity,
                                        sizeof *j->kinds.items);
        j->kinds.items[j->kinds.count++] = ac_str_dup(list->arena, f->kind);
    }
}

static void measure(ac_expectations *list, judgement *j, ac_word word, const ac_shown_finding *f)
{
    bool expired = false;
    entry *e = cover_of(list, word, f, &expired);
    if (e) {
        e->covered = true;
        j->first = j->first ? j->first : e;
        j->known = j->known || e->word != EXPECT_FLAKY;
    } else if (expired) {
        j->expired = true;
        j->uncovered++;
    } else {
        note_uncovered(list, j, f);
    }
}

static judgement measure_all(ac_expectations *list, const ac_verdict *v)
{
    judgement j = {.first = NULL};
    for (size_t i = 0; v->word == AC_FAIL && i < v->finding_count; i++) {
        if (!v->findings[i].note) {
            measure(list, &j, v->word, &v->findings[i]);
        }
    }
    if (v->word != AC_FAIL) {
        measure(list, &j, v->word, NULL);
    }
    return j;
}

static void stand(ac_verdict *v, ac_standing standing, const entry *e)
{
    v->standing = standing;
    v->standing_reason = e->reason;
    v->ticket = e->ticket;
}

static void judge_pass(ac_expectations *list, ac_verdict *v)
{
    for (size_t i = 0; i < list->found_count; i++) {
        const entry *e = &list->entries.items[list->found[i]->entry];
        if (e->word == EXPECT_FLAKY && !e->expired) {
            stand(v, AC_STANDING_FLAKY, e);
            return;
        }
    }
    if (list->found_count > 0) {
        stand(v, AC_STANDING_FIXED, &list->entries.items[list->found[0]->entry]);
    }
}

/* For the new entries of an update. What an expired entry would cover waits for a person. */
static void keep_uncovered(ac_expectations *list, const ac_verdict *v, const judgement *j)
{
    bool wanted = list->options.updating && v->word != AC_SKIP && (v->word != AC_FAIL || j->kinds.count > 0);
    if (!wanted || (v->word != AC_FAIL && j->expired)) {
        return;
    }
    list->uncovered = ac_arena_grown(list->arena, list->uncovered, list->uncovered_count,
                                     &list->uncovered_capacity, sizeof *list->uncovered);
    list->uncovered[list->uncovered_count++] = (uncovered){.operation = ac_str_dup(list->arena, v->operation),
                                                           .id = ac_str_dup(list->arena, v->id),
                                                           .word = v->word,
                                                           .kinds = j->kinds};
}

static judgement judge(ac_expectations *list, ac_verdict *v)
{
    judgement j = {.first = NULL};
    expect_find(list, v->id);
    if (v->word == AC_PASS) {
        judge_pass(list, v);
        return j;
    }
    j = measure_all(list, v);
    if (j.uncovered == 0 && j.first) {
        stand(v, j.known ? AC_STANDING_KNOWN : AC_STANDING_FLAKY, j.first);
    }
    return j;
}

bool ac_expect_excuses(ac_expectations *list, const ac_verdict *verdict)
{
    ac_verdict judged = *verdict;
    judge(list, &judged);
    return ac_verdict_excused(&judged);
}

/* ---- the run ---- */

static void tell_head(void *context, const ac_run_head *head)
{
    const ac_expectations *list = context;
    for (size_t i = 0; i < list->other_count; i++) {
        list->others[i].head(list->others[i].context, head);
    }
}

static void keep_fixed(ac_expectations *list, ac_str id)
{
    list->fixed = ac_arena_grown(list->arena, list->fixed, list->fixed_count, &list->fixed_capacity,
                                 sizeof *list->fixed);
    list->fixed[list->fixed_count++] = ac_str_dup(list->arena, id);
}

/* After the verdict was judged: the patterns found are those of its case. */
static void count_run(ac_expectations *list, const ac_verdict *v)
{
    for (size_t i = 0; i < list->found_count; i++) {
        entry *e = new_entry(list, i);
        list->patterns[list->found[i] - list->patterns].fixed += v->standing == AC_STANDING_FIXED;
        if (e) {
            e->ran += v->word != AC_SKIP || e->word == EXPECT_SKIP;
            e->fixed += v->standing == AC_STANDING_FIXED;
        }
    }
    if (v->standing == AC_STANDING_FIXED) {
        keep_fixed(list, v->id);
    }
}

static void tell_verdict(void *context, const ac_verdict *verdict)
{
    ac_expectations *list = context;
    ac_verdict judged = *verdict;
    judgement j = judge(list, &judged);
    count_run(list, &judged);
    if (j.uncovered > 0) {
        keep_uncovered(list, &judged, &j);
    }
    ac_tail_count(&list->tail, &judged);
    for (size_t i = 0; i < list->other_count; i++) {
        list->others[i].verdict(list->others[i].context, &judged);
    }
}

/* ---- what is wrong with the list ---- */

/* A run of chosen cases says nothing of what it did not look at. */
bool expect_is_stale(const ac_expectations *list, const pattern *p)
{
    return p->there == 0 && list->selected == list->case_count;
}

bool expect_is_unused(const ac_expectations *list, const entry *e)
{
    bool all_ran = e->ran > 0 && e->ran == e->cases_there;
    return list->tail.complete && all_ran && !e->covered && !e->expired && e->word != EXPECT_FLAKY;
}

typedef struct problems {
    ac_expectations *list;
    ac_str *items;
    size_t count; /* those past PROBLEMS_MAX are counted only */
} problems;

static void add_problem(problems *p, size_t entry_number, const char *what, ac_str text)
{
    const ac_expectations *list = p->list;
    if (p->count < PROBLEMS_MAX) {
        p->items[p->count] = ac_str_printf(list->arena, "%s: /expectations/%zu: %s%s%.*s", list->file,
                                           entry_number, what, text.n > 0 ? ": " : "", AC_STR_FMT(text));
    }
    p->count++;
}

static void look_at_entry(problems *p, size_t number)
{
    const entry *e = &p->list->entries.items[number];
    if (e->expired && e->selected > 0) {
        ac_str what = ac_str_printf(p->list->arena, "expired on %.*s", AC_STR_FMT(e->expires));
        add_problem(p, number, what.p, e->reason);
    } else if (e->fixed == 0 && expect_is_unused(p->list, e)) {
        add_problem(p, number, "covers nothing that its cases show", e->reason);
    }
}

static ac_strs look_at_all(ac_expectations *list)
{
    problems p = {.list = list, .items = AC_NEW_ARRAY(list->arena, PROBLEMS_MAX + 1, ac_str)};
    for (size_t i = 0; i < list->pattern_count; i++) {
        if (expect_is_stale(list, &list->patterns[i])) {
            add_problem(&p, list->patterns[i].entry, "stale, names no case", list->patterns[i].text);
        }
    }
    for (size_t i = 0; i < list->entries.count; i++) {
        look_at_entry(&p, i);
    }
    if (p.count > PROBLEMS_MAX) {
        p.items[PROBLEMS_MAX] =
            ac_str_printf(list->arena, "%s: and %zu further entries", list->file, p.count - PROBLEMS_MAX);
        p.count = PROBLEMS_MAX + 1;
    }
    return (ac_strs){p.items, p.count};
}

static void tell_tail(void *context, const ac_run_tail *tail)
{
    ac_expectations *list = context;
    ac_run_tail told = *tail;
    ac_tail_take_counts(&told, &list->tail);
    list->tail = told;
    list->tail.ended_by = ac_str_dup(list->arena, tail->ended_by);
    list->tail.problems = look_at_all(list);
    list->ended = true;
    for (size_t i = 0; i < list->other_count; i++) {
        list->others[i].tail(list->others[i].context, &list->tail);
    }
}

ac_listener ac_expect_listener(ac_expectations *list, const ac_listener *others, size_t count)
{
    list->others = others;
    list->other_count = count;
    return (ac_listener){list, tell_head, tell_verdict, tell_tail};
}

const ac_run_tail *ac_expect_tail(const ac_expectations *list)
{
    return list->ended ? &list->tail : NULL;
}
