/* Mutants of what is code in the mock and not a line of a contract: signatures, tokens, states, accounts. */
#include "mutant/change.h"

static const ac_str none = AC_STR_INIT("");

static void deviate(maker *m, const char *kind, ac_deviation_kind deviation, ac_str place)
{
    add_deviation(m, kind, place, none, (ac_deviation){.kind = deviation});
}

static void mark_last(maker *m, const char *reason)
{
    m->items[m->count - 1].equivalent = ac_str_c(reason);
}

static void make_request_mutants(maker *m)
{
    deviate(m, "unknown-parameter-refused", AC_UNKNOWN_PARAMETER_REFUSED, none);
    deviate(m, "signature-unchecked", AC_SIGNATURE_UNCHECKED, none);
    deviate(m, "clock-unchecked", AC_CLOCK_UNCHECKED, none);
    if (ac_contract_when(m->contract, AC_WHEN_REPLAYED_NONCE, 0)) {
        deviate(m, "nonce-unchecked", AC_NONCE_UNCHECKED, none);
    }
}

static void make_token_mutants(maker *m)
{
    const ac_idempotency *token = m->contract->idempotency;
    bool mismatch = token->mismatch || ac_contract_when(m->contract, AC_WHEN_IDEMPOTENCY_MISMATCH, 0);
    deviate(m, "token-ignored", AC_TOKEN_IGNORED, none);
    deviate(m, "token-mismatch-unnoticed", AC_TOKEN_MISMATCH_UNNOTICED, none);
    if (!mismatch) {
        mark_last(m, "nothing is documented for a token that another request has used");
    }
    deviate(m, "token-case-folded", AC_TOKEN_CASE_FOLDED, none);
    deviate(m, "token-across-accounts", AC_TOKEN_ACROSS_ACCOUNTS, none);
    deviate(m, "token-race", AC_TOKEN_RACE, none);
}

static void make_state_mutants(maker *m)
{
    ac_str place = m->contract->states->pointer;
    deviate(m, "state-skipped", AC_STATE_SKIPPED, place);
    mark_last(m,
              "the documentation names the way, not how long it takes; it may be over before the first look");
    deviate(m, "state-stuck", AC_STATE_STUCK, place);
    deviate(m, "state-reversed", AC_STATE_REVERSED, place);
    deviate(m, "state-unknown", AC_STATE_UNKNOWN, place);
}

static bool has_reference(const ac_contract *contract)
{
    for (size_t i = 0; i < contract->parameters.count; i++) {
        const ac_parameter *p = &contract->parameters.items[i];
        for (size_t k = 0; k < p->constraints.count; k++) {
            const ac_constraint *c = &p->constraints.items[k];
            if (c->kind == AC_REFERENCE && c->certainty != AC_MAY) {
                return true;
            }
        }
    }
    return false;
}

void make_behaviour_mutants(maker *m)
{
    const ac_contract *c = m->contract;
    bool creates = c->behaviour.kind == AC_BEHAVIOUR_CREATE;
    make_request_mutants(m);
    if (creates && c->idempotency) {
        make_token_mutants(m);
    }
    if (creates && c->dry_run) {
        deviate(m, "dry-run-creates", AC_DRY_RUN_CREATES, none);
    }
    if (creates && c->states) {
        make_state_mutants(m);
    }
    if (creates && c->behaviour.read) {
        deviate(m, "read-misses", AC_READ_MISSES, none);
        deviate(m, "delete-keeps", AC_DELETE_KEEPS, none);
    }
    if (has_reference(c)) {
        deviate(m, "foreign-reference", AC_FOREIGN_REFERENCE_ACCEPTED, none);
    }
}
