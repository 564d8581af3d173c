#include "mutant/mutant.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mutant/change.h"

const ac_mutant_kind ac_mutant_kinds[] = {
    {"error-status", "an error comes with another status", "status"},
    {"error-code", "an error comes under another code", "code undocumented-code"},
    {"error-message", "an error comes with another message", "message"},
    {"error-parameters", "the placeholders of a message are not filled in", "message"},
    {"error-as-success", "an error comes with status 200", "status unexpected-success"},
    {"error-swallowed", "what should fail succeeds", "unexpected-success code"},
    {"error-field-dropped", "an error's body lacks a member", "missing-field request-id code message"},
    {"error-field-retyped", "a member of an error's body has another type", "type request-id code message"},
    {"error-field-added", "an error's body has an undocumented member", "undocumented-field"},
    {"success-as-error", "what should succeed fails", "unexpected-error"},
    {"field-dropped", "an answer lacks a member", "missing-field request-id"},
    {"field-renamed", "a member comes under another name", "missing-field undocumented-field request-id"},
    {"field-null", "a member is null", "null request-id type"},
    {"field-retyped", "a member has another type", "type request-id"},
    {"field-misformatted", "a text is not of its documented form", "format value"},
    {"field-other-value", "a member has a value that it cannot have here", "enum value request-id"},
    {"field-added", "an answer has an undocumented member", "undocumented-field"},
    {"request-id-repeated", "two answers have one request id", "request-id"},
    {"request-id-differs", "the request id differs in its two places", "request-id"},
    {"content-type", "an answer has another content type", "content-type"},
    {"required-unchecked", "a required parameter may be left out", "unexpected-success code"},
    {"required-added", "an optional parameter is required", "unexpected-error code"},
    {"type-unchecked", "a parameter of another type is accepted", "unexpected-success code"},
    {"default-lost", "a default is not applied", "missing-field value unexpected-error"},
    {"rule-unchecked", "a constraint is not enforced", "unexpected-success code"},
    {"rule-looser", "a bound is off by one to the wide side", "unexpected-success code"},
    {"rule-stricter", "a constraint is stricter than documented", "unexpected-error code"},
    {"rule-other-error", "breaking a constraint gives another documented error", "code"},
    {"unknown-parameter-refused", "a parameter that is not documented is refused", "unexpected-error"},
    {"signature-unchecked", "a wrong signature is accepted", "unexpected-success code"},
    {"clock-unchecked", "an old request is accepted", "unexpected-success code"},
    {"nonce-unchecked", "the same bytes are accepted twice", "unexpected-success code"},
    {"token-ignored", "an idempotency token has no effect", "value unexpected-success code"},
    {"token-mismatch-unnoticed", "another request may use a token again", "unexpected-success"},
    {"token-case-folded", "tokens that differ in case are one", "value unexpected-error"},
    {"token-across-accounts", "one account's token is another's", "value unexpected-error"},
    {"token-race", "two calls at once with one token make two things", "value effect"},
    {"dry-run-creates", "a dry run creates the thing", "value effect"},
    {"state-skipped", "a thing is in its last state at once", "state-order value"},
    {"state-stuck", "a thing never leaves its first state", "state-deadline"},
    {"state-reversed", "states come in another order", "state-order state-deadline enum"},
    {"state-unknown", "an undocumented state on the way", "state-unknown enum"},
    {"read-misses", "what was created is not found at once", "unexpected-error"},
    {"delete-keeps", "what was deleted stays", "effect unexpected-success"},
    {"foreign-reference", "another account's thing may be named", "unexpected-success"},
};

const size_t ac_mutant_kind_count = AC_COUNT(ac_mutant_kinds);

static const ac_mutant_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < ac_mutant_kind_count; i++) {
        if (strcmp(ac_mutant_kinds[i].name, name) == 0) {
            return &ac_mutant_kinds[i];
        }
    }
    assert(!"a kind of the table");
    return NULL;
}

ac_mutant *add_mutant(maker *m, const char *kind, ac_str place, ac_str detail)
{
    if (m->count == m->capacity) {
        m->capacity = m->capacity > 0 ? m->capacity * 2 : 1024;
        m->items = ac_realloc(m->items, m->capacity * sizeof *m->items);
    }
    ac_mutant *mutant = &m->items[m->count++];
    ac_str shown = place.n > 0 && place.p[0] == '/' ? ac_str_sub(place, 1, place.n) : place;
    *mutant = (ac_mutant){.kind = find_kind(kind), .contract = m->contract, .place = place};
    mutant->name =
        ac_str_printf(m->arena, "%.*s/%s%s%.*s%s%.*s", AC_STR_FMT(m->contract->operation), kind,
                      shown.n > 0 ? "/" : "", AC_STR_FMT(shown), detail.n > 0 ? "/" : "", AC_STR_FMT(detail));
    return mutant;
}

void add_deviation(maker *m, const char *kind, ac_str place, ac_str detail, ac_deviation deviation)
{
    ac_mutant *mutant = add_mutant(m, kind, place, detail);
    mutant->deviation = deviation;
    mutant->deviation.operation = m->contract->operation;
}

/* ---- changed contracts ---- */

ac_contract *copy_contract(maker *m)
{
    return ac_arena_copy(m->arena, m->contract, sizeof *m->contract);
}

ac_parameter *copy_parameter(maker *m, ac_contract *contract, size_t index)
{
    size_t size = contract->parameters.count * sizeof *contract->parameters.items;
    contract->parameters.items = ac_arena_copy(m->arena, contract->parameters.items, size);
    return &contract->parameters.items[index];
}

ac_constraint *copy_constraint(maker *m, ac_contract *contract, size_t parameter, size_t constraint)
{
    ac_parameter *p = copy_parameter(m, contract, parameter);
    size_t size = p->constraints.count * sizeof *p->constraints.items;
    p->constraints.items = ac_arena_copy(m->arena, p->constraints.items, size);
    return &p->constraints.items[constraint];
}

void finish_change(maker *m, ac_mutant *mutant, ac_contract *contract)
{
    ac_contract_complete(m->arena, contract);
    mutant->changed = contract;
}

/* ---- the whole ---- */

static int by_name(const void *a, const void *b)
{
    return ac_str_cmp(((const ac_mutant *)a)->name, ((const ac_mutant *)b)->name);
}

void ac_mutants_make(ac_arena *arena, const ac_corpus *corpus, ac_mutants *out)
{
    maker m = {.arena = arena, .corpus = corpus};
    for (size_t i = 0; i < corpus->contract_count; i++) {
        m.contract = corpus->contracts[i];
        make_error_mutants(&m);
        make_field_mutants(&m);
        make_parameter_mutants(&m);
        make_behaviour_mutants(&m);
    }
    if (m.count > 0) {
        qsort(m.items, m.count, sizeof *m.items, by_name);
    }
    out->items = ac_arena_copy(arena, m.items, m.count * sizeof *m.items);
    out->count = m.count;
    ac_free(m.items);
}

const ac_mutant *ac_mutant_find(const ac_mutants *mutants, ac_str name)
{
    const ac_mutant wanted = {.name = name};
    return mutants->count > 0 ? bsearch(&wanted, mutants->items, mutants->count, sizeof wanted, by_name)
                              : NULL;
}

const ac_corpus *ac_mutant_corpus(ac_arena *arena, const ac_corpus *corpus, const ac_mutant *mutant)
{
    if (!mutant->changed) {
        return corpus;
    }
    ac_corpus *changed = ac_arena_copy(arena, corpus, sizeof *corpus);
    changed->contracts =
        ac_arena_copy(arena, corpus->contracts, corpus->contract_count * sizeof *corpus->contracts);
    for (size_t i = 0; i < changed->contract_count; i++) {
        if (changed->contracts[i] == mutant->contract) {
            /* The corpus' list is of contracts that its loader may still fill; nobody does after loading. */
            changed->contracts[i] = ac_arena_copy(arena, mutant->changed, sizeof *mutant->changed);
        }
    }
    return changed;
}
