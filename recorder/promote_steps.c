/* The exchanges of a flow as steps: what was asked again until something came about is one step. */
#include <string.h>

#include "promote_parts.h"

static bool same_call(const seen *a, const seen *b)
{
    return a->call.contract == b->call.contract &&
           ac_str_eq(a->record->request.method, b->record->request.method) &&
           ac_json_equal(a->written, b->written);
}

static bool reads(const seen *s)
{
    ac_behaviour_kind kind = (ac_behaviour_kind)s->call.contract->behaviour.kind;
    return kind == AC_BEHAVIOUR_READ || kind == AC_BEHAVIOUR_LIST;
}

/* Where the answer says in which state something is; p NULL: nowhere. */
static ac_str state_pointer(const ac_contract *contract)
{
    for (size_t i = 0; i < contract->response.fields.count; i++) {
        const ac_response_field *field = &contract->response.fields.items[i];
        if (field->value && field->value->kind == AC_VALUE_STATE &&
            ac_str_find_char(field->pointer, '*') == AC_NOT_FOUND) {
            return field->pointer;
        }
    }
    return (ac_str){NULL, 0};
}

static ac_str state_of(const seen *s, ac_str pointer)
{
    return s->answer.success && pointer.p ? ac_json_text(ac_json_at(s->answer.body, pointer))
                                          : (ac_str){NULL, 0};
}

static bool is_gone(const seen *s)
{
    const ac_contract *contract = s->call.contract;
    return !s->answer.success && s->answer.code.p && ac_str_eq(s->answer.code, contract->behaviour.not_found);
}

/* A delete somewhere before: then not to be found is what was waited for. */
static bool after_delete(const flow *f)
{
    for (size_t i = 0; i < f->count; i++) {
        const seen *s = f->steps[i].last;
        if (s->call.contract->behaviour.kind == AC_BEHAVIOUR_DELETE && s->answer.success) {
            return true;
        }
    }
    return false;
}

static void add_state(ac_arena *arena, promoted_step *step, ac_str state)
{
    ac_strs *states = &step->states;
    if (!state.p || (states->count > 0 && ac_str_eq(states->items[states->count - 1], state))) {
        return;
    }
    ac_str *grown = AC_NEW_ARRAY(arena, states->count + 1, ac_str);
    if (states->count > 0) {
        memcpy(grown, states->items, states->count * sizeof *grown);
    }
    grown[states->count++] = state;
    states->items = grown;
}

/* One more exchange of the same question. */
static void extend(ac_arena *arena, promoted_step *step, const seen *s)
{
    step->last = s;
    step->repeats++;
    add_state(arena, step, state_of(s, step->state_pointer));
}

/* What a step that is complete was waiting for. */
static void settle(const flow *f, promoted_step *step)
{
    const seen *last = step->last;
    bool reading = last->call.contract->behaviour.kind == AC_BEHAVIOUR_READ;
    bool changed = step->states.count > 1 || (step->states.count == 1 && f->count > 0);
    step->until_gone = reading && is_gone(last) && (step->first != last || after_delete(f));
    step->until_state = reading && changed && state_of(last, step->state_pointer).p && !after_delete(f);
}

void flow_read(const tape *t, size_t number, flow *out)
{
    *out = (flow){AC_NEW_ARRAY(t->arena, t->count, promoted_step), 0};
    for (size_t i = number; i < t->count; i++) {
        const seen *s = &t->items[i];
        if (s->flow != number || s->skip) {
            continue;
        }
        promoted_step *before = out->count > 0 ? &out->steps[out->count - 1] : NULL;
        if (before && reads(s) && same_call(before->last, s) && before->last->answer.success) {
            extend(t->arena, before, s);
            continue;
        }
        promoted_step step = {
            .first = s, .last = s, .repeats = 1, .state_pointer = state_pointer(s->call.contract)};
        add_state(t->arena, &step, state_of(s, step.state_pointer));
        out->steps[out->count++] = step;
    }
    size_t count = out->count;
    for (out->count = 0; out->count < count; out->count++) {
        settle(out, &out->steps[out->count]);
    }
}

bool flow_is_like(const flow *a, const flow *b)
{
    bool like = a->count == b->count;
    for (size_t i = 0; like && i < a->count; i++) {
        const seen *x = a->steps[i].last;
        const seen *y = b->steps[i].last;
        like = x->call.contract == y->call.contract && x->answer.success == y->answer.success;
    }
    return like;
}
