/* Flows as cases in the form of case files. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "promote_parts.h"

enum { DEADLINE_MIN_MS = 60000, DEADLINE_MAX_MS = 3600000 };

void promote_note(ac_arena *arena, ac_promoted *out, uint64_t exchange, const char *format, ...)
{
    if (out->note_count == out->note_capacity) {
        size_t capacity = out->note_capacity > 0 ? out->note_capacity * 2 : 16;
        ac_promote_note *notes = AC_NEW_ARRAY(arena, capacity, ac_promote_note);
        if (out->note_count > 0) {
            memcpy(notes, out->notes, out->note_count * sizeof *notes);
        }
        out->notes = notes;
        out->note_capacity = capacity;
    }
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    out->notes[out->note_count++] = (ac_promote_note){exchange, ac_str_dup(arena, ac_str_c(text))};
}

/* ---- comparing with cases that are there ---- */

static bool same_expectation(const seen *s, const ac_expect *expect)
{
    if (s->answer.success) {
        return expect->kind == AC_EXPECT_SUCCESS;
    }
    for (size_t i = 0; i < expect->error_count; i++) {
        if (s->answer.code.p &&
            ac_contract_match_code(s->call.contract, s->answer.code) == expect->errors[i]) {
            return true;
        }
    }
    return false;
}

/* The same request had another answer, too: then it does not depend on the request. */
static bool has_other_answer(const tape *t, const seen *s)
{
    for (size_t i = 0; i < t->count; i++) {
        const seen *other = &t->items[i];
        if (other->call.contract == s->call.contract && !ac_str_eq(other->answer.code, s->answer.code) &&
            ac_json_equal(other->written, s->written)) {
            return true;
        }
    }
    return false;
}

ac_str flow_state(const tape *t, const flow *f)
{
    const seen *s = f->steps[0].last;
    const ac_contract *contract = s->call.contract;
    const ac_error_spec *spec = s->answer.code.p ? ac_contract_match_code(contract, s->answer.code) : NULL;
    if (!spec || f->count > 1) {
        return (ac_str){NULL, 0};
    }
    int reach = spec->row > 0 ? contract->errors.items[spec->row - 1].reach : AC_REACH_UNSET;
    bool needs = reach == AC_REACH_STATE || reach == AC_REACH_FAULT || has_other_answer(t, s);
    return needs ? ac_str_printf(t->arena, "error:%.*s", AC_STR_FMT(spec->code)) : (ac_str){NULL, 0};
}

bool flow_is_case(const flow *f, ac_str state, const ac_case *c)
{
    bool same = f->count == c->step_count && ac_str_eq(c->state, state);
    for (size_t i = 0; same && i < f->count; i++) {
        const ac_step *step = &c->steps[i];
        const seen *s = f->steps[i].last;
        same = step->contract == s->call.contract && !step->tamper && !step->beside &&
               step->account == AC_ACCOUNT_OWN && ac_json_equal(step->params, s->written) &&
               same_expectation(s, &step->expect);
    }
    return same;
}

/* ---- steps ---- */

static const ac_states *states_of(const flow *f)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->steps[i].last->call.contract->states) {
            return f->steps[i].last->call.contract->states;
        }
    }
    return NULL;
}

static int64_t deadline_of(const promoted_step *step)
{
    int64_t took = step->last->record->started_ms - step->first->record->started_ms;
    int64_t deadline = took > 0 ? took * 3 : 0;
    deadline = deadline < DEADLINE_MIN_MS ? DEADLINE_MIN_MS : deadline;
    return deadline > DEADLINE_MAX_MS ? DEADLINE_MAX_MS : deadline;
}

static bool lists(const ac_strs *list, ac_str word)
{
    for (size_t i = 0; i < list->count; i++) {
        if (ac_str_eq(list->items[i], word)) {
            return true;
        }
    }
    return false;
}

/* The documented order and states, as long as the recording keeps to them. */
static void put_states(ac_arena *arena, const ac_json **poll, const promoted_step *step,
                       const ac_states *states)
{
    ac_str *known =
        AC_NEW_ARRAY(arena, states->order.count + states->failed.count + states->others.count, ac_str);
    ac_strs all = {known, 0};
    const ac_strs *parts[] = {&states->order, &states->failed, &states->others};
    for (size_t i = 0; i < AC_COUNT(parts); i++) {
        for (size_t k = 0; k < parts[i]->count; k++) {
            known[all.count++] = parts[i]->items[k];
        }
    }
    size_t place = 0;
    bool ordered = true;
    bool documented = true;
    for (size_t i = 0; i < step->states.count; i++) {
        documented = documented && lists(&all, step->states.items[i]);
        for (size_t k = 0; k < states->order.count; k++) {
            if (ac_str_eq(states->order.items[k], step->states.items[i])) {
                ordered = ordered && k >= place;
                place = k;
            }
        }
    }
    if (ordered && states->order.count > 0) {
        put_json(arena, poll, "order", json_strings(arena, states->order.items, states->order.count));
    }
    if (documented) {
        put_json(arena, poll, "known", json_strings(arena, all.items, all.count));
    }
}

static const ac_json *poll_of(ac_arena *arena, const flow *f, const promoted_step *step)
{
    const ac_json *poll = NULL;
    if (step->until_gone) {
        put_json(arena, &poll, "until_gone", ac_json_bool(true));
    } else {
        const ac_states *states = states_of(f);
        put_text(arena, &poll, "pointer", step->state_pointer);
        put_json(arena, &poll, "until", json_strings(arena, &step->states.items[step->states.count - 1], 1));
        if (states) {
            put_states(arena, &poll, step, states);
        }
    }
    put_json(arena, &poll, "deadline_ms", ac_json_integer(arena, deadline_of(step)));
    return poll;
}

static ac_str call_name(ac_arena *arena, const ac_contract *own, const ac_contract *called)
{
    (void)arena;
    bool near = own->provider == called->provider && ac_str_eq(own->product, called->product) &&
                ac_str_eq(own->version, called->version);
    return near ? called->action : called->operation;
}

static const ac_json *captures_of(ac_arena *arena, const seen *s)
{
    const ac_json *captures = NULL;
    for (size_t i = 0; i < s->capture_count; i++) {
        captures =
            ac_json_set(arena, captures, s->captures[i].name, ac_json_string(arena, s->captures[i].pointer));
    }
    return captures;
}

static bool makes(const seen *s)
{
    return s->answer.success && s->call.contract->behaviour.kind == AC_BEHAVIOUR_CREATE;
}

/* What it makes must be captured, so that the teardown can remove it. */
static ac_str made_name(const seen *s)
{
    for (size_t i = 0; i < s->capture_count; i++) {
        if (ac_str_eq(s->captures[i].pointer, s->call.contract->behaviour.id_pointer)) {
            return s->captures[i].name;
        }
    }
    return (ac_str){NULL, 0};
}

static const ac_json *step_json(const expectation_input *input, const flow *f, const ac_contract *own,
                                ac_str *weak)
{
    const promoted_step *step = input->step;
    const seen *s = step->last;
    ac_arena *arena = input->tape->arena;
    const ac_json *out = NULL;
    put_text(arena, &out, "name",
             ac_str_printf(arena, "exchange %llu", (unsigned long long)step->first->record->number));
    if (s->call.contract != own) {
        put_text(arena, &out, "call", call_name(arena, own, s->call.contract));
    }
    put_json(arena, &out, "params", s->written);
    if (!ac_str_eq(s->record->request.method, s->call.contract->methods.items[0])) {
        put_text(arena, &out, "method", s->record->request.method);
    }
    put_json(arena, &out, "expect", step_expectation(input, weak));
    const ac_json *captures = captures_of(arena, s);
    if (captures) {
        put_json(arena, &out, "capture", captures);
    }
    if (step->until_gone || step->until_state) {
        put_json(arena, &out, "poll", poll_of(arena, f, step));
    }
    if (makes(s)) {
        put_json(arena, &out, "creates", ac_json_bool(true));
    }
    return out;
}

/* ---- teardown ---- */

/* The params of a documented call with ${id} called by the name of the capture. */
static const ac_json *with_name(ac_arena *arena, const ac_json *params, ac_str name)
{
    leaves all;
    leaves_of(arena, params, 200, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (ac_str_is(ac_json_text(all.items[i].value), "${id}")) {
            ac_str text = ac_str_printf(arena, "${%.*s}", AC_STR_FMT(name));
            params = ac_json_set_at(arena, params, all.items[i].pointer, ac_json_string(arena, text));
        }
    }
    return params;
}

static const ac_json *removal(ac_arena *arena, const ac_contract *own, const seen *s)
{
    const ac_operation_ref *ref = s->call.contract->behaviour.delete;
    ac_str name = made_name(s);
    if (!ref || !name.p) {
        return NULL;
    }
    const ac_json *expect = ac_json_set(arena, NULL, AC_STR("any"), ac_json_bool(true));
    const ac_json *out = NULL;
    put_text(arena, &out, "call", call_name(arena, own, ref->contract));
    put_json(arena, &out, "params", with_name(arena, ref->params, name));
    put_json(arena, &out, "expect",
             ac_json_set(arena, expect, AC_STR("certainty"), ac_json_string(arena, AC_STR("may"))));
    return out;
}

static const ac_json *teardown_of(ac_arena *arena, const flow *f, const ac_contract *own)
{
    const ac_json **items = AC_NEW_ARRAY(arena, f->count, const ac_json *);
    size_t count = 0;
    for (size_t i = 0; i < f->count; i++) {
        const ac_json *call = makes(f->steps[i].last) ? removal(arena, own, f->steps[i].last) : NULL;
        if (call) {
            items[count++] = call;
        }
    }
    return count > 0 ? ac_json_array(arena, items, count) : NULL;
}

/* ---- the case ---- */

static ac_str title_of(ac_arena *arena, const ac_promote_input *input, const flow *f)
{
    ac_buf title;
    ac_buf_init(&title, 400);
    ac_buf_add_c(&title, "as recorded");
    if (input->label.n > 0) {
        ac_buf_printf(&title, " in %.*s", AC_STR_FMT(input->label));
    }
    for (size_t i = 0; i < f->count; i++) {
        const seen *s = f->steps[i].last;
        ac_buf_printf(&title, "%s%.*s", i == 0 ? ": " : ", ", AC_STR_FMT(s->call.contract->action));
        if (!s->answer.success) {
            ac_buf_printf(&title, " answers %.*s",
                          AC_STR_FMT(s->answer.code.n > 0 ? s->answer.code : AC_STR("an error")));
        }
    }
    return ac_buf_take(&title, arena);
}

/* What the first step rests on: the row of its error, or what the contract says of its answer. */
static ac_strs cite_of(const seen *s)
{
    const ac_contract *contract = s->call.contract;
    const ac_error_spec *spec = s->answer.code.p ? ac_contract_match_code(contract, s->answer.code) : NULL;
    if (spec && spec->cite.count > 0) {
        return spec->cite;
    }
    if (contract->response.status_cite.count > 0 || contract->response.fields.count == 0) {
        return contract->response.status_cite.count > 0 ? contract->response.status_cite
                                                        : contract->methods_cite;
    }
    return contract->response.fields.items[0].cite;
}

const ac_json *flow_case(const ac_promote_input *input, const tape *t, const flow *f, const flow *other,
                         ac_str name, ac_promoted *out)
{
    ac_arena *arena = t->arena;
    const ac_contract *own = f->steps[0].last->call.contract;
    ac_strs cite = cite_of(f->steps[0].last);
    ac_str tag = AC_STR("recorded");
    const ac_json **steps = AC_NEW_ARRAY(arena, f->count, const ac_json *);
    for (size_t i = 0; i < f->count; i++) {
        expectation_input expectation = {t, &f->steps[i], other ? &other->steps[i] : NULL, input->redactor};
        ac_str weak;
        steps[i] = step_json(&expectation, f, own, &weak);
        if (weak.p) {
            promote_note(arena, out, f->steps[i].last->record->number, "expects less than documented: %.*s",
                         AC_STR_FMT(weak));
        }
    }
    const ac_json *c = NULL;
    put_text(arena, &c, "name", name);
    put_text(arena, &c, "title", title_of(arena, input, f));
    put_json(arena, &c, "cite", json_strings(arena, cite.items, cite.count));
    put_json(arena, &c, "tags", json_strings(arena, &tag, 1));
    ac_str state = flow_state(t, f);
    if (state.p) {
        put_text(arena, &c, "state", state);
    }
    put_json(arena, &c, "steps", ac_json_array(arena, steps, f->count));
    const ac_json *teardown = teardown_of(arena, f, own);
    if (teardown) {
        put_json(arena, &c, "teardown", teardown);
    }
    return c;
}
