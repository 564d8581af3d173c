#include "selftest/audit.h"

#include <string.h>

#include "match/match.h"
#include "run/run.h"
#include "target/target.h"

enum { SENT_LENGTH_MIN = 4, SENT_MAX = 64, DEPTH_MAX = 32 };

/* A text of the case's own that it has sent, and what became of it in the answer in hand. */
typedef struct sent_text {
    ac_str text, place;
    const ac_step *step; /* where it came back unnoticed; NULL: nowhere */
    bool noticed;
} sent_text;

typedef struct auditor {
    ac_arena *arena;
    ac_audit_report *report;
    sent_text sent[SENT_MAX];
    size_t sent_count;
    const ac_case *c;
} auditor;

/* One judged answer of a step. */
typedef struct judged {
    auditor *a;
    const ac_observation *o;
    const ac_json *body;
} judged;

static void add(auditor *a, ac_audit_kind kind, const ac_step *step, ac_str place, ac_str text)
{
    ac_audit_report *r = a->report;
    if (r->count == r->capacity) {
        r->capacity = r->capacity > 0 ? r->capacity * 2 : 32;
        ac_audit_finding *grown = AC_NEW_ARRAY(a->arena, r->capacity, ac_audit_finding);
        if (r->count > 0) {
            memcpy(grown, r->items, r->count * sizeof *grown);
        }
        r->items = grown;
    }
    r->items[r->count++] = (ac_audit_finding){.kind = kind,
                                              .case_id = ac_str_dup(a->arena, a->c->id),
                                              .step = ac_str_dup(a->arena, step->name),
                                              .place = ac_str_dup(a->arena, place),
                                              .text = text};
}

/* ---- changing an answer and judging it again ---- */

static size_t failures(const ac_findings *findings)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++) {
        count += !findings->items[i].note;
    }
    return count;
}

static bool is_noticed(const judged *j, const ac_json *changed)
{
    ac_arena *scratch = ac_arena_new();
    ac_buf text;
    ac_buf_init(&text, 8 << 20);
    ac_json_write(&text, changed);
    ac_response response = *j->o->input.response;
    response.body = ac_buf_take(&text, scratch);
    ac_match_input input = j->o->input;
    input.response = &response;
    ac_match_result result;
    ac_match(scratch, &input, &result);
    bool noticed = failures(&result.findings) > 0;
    ac_arena_free(scratch);
    j->a->report->changes++;
    j->a->report->noticed += noticed;
    return noticed;
}

static const ac_json *other_value(ac_arena *arena, const ac_json *value)
{
    switch (value->type) {
    case AC_JSON_BOOL:
        return ac_json_bool(!value->boolean);
    case AC_JSON_NUMBER:
        return ac_json_number(arena, ac_str_is(value->text, "41") ? AC_STR("42") : AC_STR("41"));
    case AC_JSON_STRING:
        return ac_json_string(arena, ac_str_printf(arena, "%.*s-other", AC_STR_FMT(value->text)));
    case AC_JSON_NULL:
    case AC_JSON_ARRAY:
    case AC_JSON_OBJECT:
        break;
    }
    return ac_json_string(arena, AC_STR("accord"));
}

static bool change_is_noticed(const judged *j, ac_str pointer, const ac_json *value)
{
    return is_noticed(j, ac_json_set_at(j->a->arena, j->body, pointer, value));
}

/* ---- what is asked of a step ---- */

static bool some_change_is_noticed(const judged *j, ac_str pointer)
{
    const ac_json *value = ac_json_at(j->body, pointer);
    if (!value) { /* the assertion is that nothing stands there */
        return change_is_noticed(j, pointer, ac_json_string(j->a->arena, AC_STR("accord")));
    }
    return change_is_noticed(j, pointer, other_value(j->a->arena, value)) ||
           change_is_noticed(j, pointer, NULL);
}

static void look_for_dead_assertions(const judged *j)
{
    const ac_expect *expect = j->o->input.expect;
    for (size_t i = 0; i < expect->body.count; i++) {
        ac_str pointer = expect->body.items[i].pointer;
        if (pointer.n > 0 && !some_change_is_noticed(j, pointer)) {
            add(j->a, AC_AUDIT_DEAD, j->o->step, pointer,
                AC_STR("the assertion notices no change of its place"));
        }
    }
}

static sent_text *find_sent(auditor *a, ac_str text)
{
    for (size_t i = 0; text.n >= SENT_LENGTH_MIN && i < a->sent_count; i++) {
        if (ac_str_eq(a->sent[i].text, text)) {
            return &a->sent[i];
        }
    }
    return NULL;
}

/* Where a text that the case sent comes back, an assertion of that step must look at it. */
static void look_for_unseen(const judged *j, const ac_json *value, ac_str pointer, unsigned depth)
{
    ac_arena *arena = j->a->arena;
    sent_text *sent = value->type == AC_JSON_STRING ? find_sent(j->a, value->text) : NULL;
    if (sent && change_is_noticed(j, pointer, other_value(arena, value))) {
        sent->noticed = true;
    } else if (sent && !sent->step) {
        sent->step = j->o->step;
        sent->place = pointer;
    }
    for (size_t i = 0; depth < DEPTH_MAX && i < value->count; i++) {
        ac_str below = value->type == AC_JSON_ARRAY
                           ? ac_str_printf(arena, "%.*s/%zu", AC_STR_FMT(pointer), i)
                           : ac_str_printf(arena, "%.*s/%.*s", AC_STR_FMT(pointer),
                                           AC_STR_FMT(ac_json_pointer_token(arena, value->items[i].key)));
        look_for_unseen(j, &value->items[i], below, depth + 1);
    }
}

static void tell_unseen(auditor *a)
{
    for (size_t i = 0; i < a->sent_count; i++) {
        sent_text *sent = &a->sent[i];
        if (sent->step && !sent->noticed) {
            ac_str shown = ac_str_sub(sent->text, 0, 80);
            add(a, AC_AUDIT_UNSEEN, sent->step, sent->place,
                ac_str_printf(a->arena,
                              "the text \"%.*s\" that the case sent comes back here, and no assertion of the "
                              "step looks at it",
                              AC_STR_FMT(shown)));
        }
        *sent = (sent_text){.text = sent->text};
    }
}

/* Reads and lists stand in a case to be looked at. */
static bool is_idle(const ac_step *step)
{
    int kind = step->contract->behaviour.kind;
    const ac_expect *expect = &step->expect;
    bool asks = expect->kind == AC_EXPECT_ERROR || expect->fields || expect->body.count > 0 ||
                step->captures.count > 0 || step->poll || expect->headers;
    return (kind == AC_BEHAVIOUR_READ || kind == AC_BEHAVIOUR_LIST) && !asks;
}

/* A text of the case's own: not the target's fixture or an id that an earlier answer gave. */
static bool is_own(const ac_case *c, ac_str written)
{
    bool variable = ac_str_starts(written, AC_STR("${")) && ac_str_find_char(written, '}') == written.n - 1;
    return !variable || ac_json_get(c->variables, ac_str_sub(written, 2, written.n - 3)) != NULL;
}

static void remember_sent(auditor *a, const ac_json *written, const ac_json *sent)
{
    bool fits = sent->type == AC_JSON_STRING && a->sent_count < SENT_MAX && !find_sent(a, sent->text);
    if (fits && is_own(a->c, written->text)) {
        a->sent[a->sent_count++] = (sent_text){.text = ac_str_dup(a->arena, sent->text)};
    }
    for (size_t i = 0; i < sent->count && i < written->count; i++) {
        remember_sent(a, &written->items[i], &sent->items[i]);
    }
}

/* ---- listening to the run ---- */

static void observe(void *context, const ac_observation *o)
{
    auditor *a = context;
    const judged j = {a, o, o->body};
    if (a->c != o->c) {
        a->sent_count = 0;
        a->c = o->c;
        a->report->cases++;
    }
    remember_sent(a, o->step->params, o->input.params);
    if (!o->body) {
        return;
    }
    a->report->answers++;
    if (is_idle(o->step)) {
        add(a, AC_AUDIT_IDLE, o->step, (ac_str){NULL, 0},
            AC_STR("the step reads, and asks nothing of what it reads"));
    }
    look_for_dead_assertions(&j);
    /* A list shows other things too, which are not the case's to look at. */
    if (o->step->contract->behaviour.kind != AC_BEHAVIOUR_LIST) {
        look_for_unseen(&j, o->body, (ac_str){"", 0}, 0);
        tell_unseen(a);
    }
}

static void hear_verdict(void *context, const ac_verdict *v)
{
    static const ac_step none = {.name = {NULL, 0}};
    auditor *a = context;
    if (v->word != AC_PASS) {
        const ac_case failed = {.id = v->id};
        const ac_case *before = a->c;
        a->c = &failed;
        add(a, AC_AUDIT_FAILED, &none, (ac_str){NULL, 0},
            ac_str_printf(a->arena, "does not pass on the mock: %s", ac_word_name(v->word)));
        a->c = before;
    }
}

bool ac_audit(ac_arena *arena, const ac_corpus *corpus, const ac_case *const *cases, size_t count,
              ac_audit_report *report, ac_err *err)
{
    auditor a = {.arena = arena, .report = report};
    ac_run_options options = ac_run_defaults;
    const ac_target_options target_options = {.corpus = corpus, .env = ac_env_real()};
    const ac_listener listener = {&a, ac_ignore_head, hear_verdict, ac_ignore_tail};
    *report = (ac_audit_report){0};
    ac_target *target = ac_target_open(AC_STR("mock"), &target_options, err);
    if (!target) {
        return false;
    }
    options.env = ac_env_real();
    options.jobs = 1; /* answers of one case after another */
    options.observe = observe;
    options.observe_context = &a;
    ac_run_tail tail;
    bool ok = ac_run(corpus, cases, count, target, &options, &listener, 1, &tail, err);
    ac_target_close(target);
    return ok;
}
