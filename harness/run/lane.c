/* The life of a case: world, provider state, steps, cleaning up, verdict. */
#include "run/lane.h"

#include <stdio.h>
#include <string.h>

#include "case/vars.h"

enum { CLEANUP_TRIES = 14, OWN_ACCOUNTS = 2000, OTHER_ACCOUNTS_FROM = 5000 };

static void advance(lane *l);

/* ---- before anything is sent ---- */

static bool unclaimed_signer(const lane *l, ac_str *signer)
{
    for (size_t i = 0; i < l->c->step_count; i++) {
        const ac_step *step = &l->c->steps[i];
        if (step->signer.p && !ac_target_claims_signer(l->runner->target, step->contract, step->signer)) {
            *signer = step->signer;
            return true;
        }
    }
    return false;
}

/* Why the case cannot run against this target; p NULL: it can. */
static ac_str reason_to_skip(lane *l)
{
    const runner *r = l->runner;
    const ac_case *c = l->c;
    ac_str signer;
    ac_str unaskable = r->target->sdk ? lane_unaskable(l) : (ac_str){NULL, 0};
    if (unaskable.p) {
        return unaskable;
    }
    if (!ac_target_claims_operation(r->target, c->contract)) {
        return AC_STR("the target does not claim this operation");
    }
    if (unclaimed_signer(l, &signer)) {
        return ac_str_printf(l->arena, "the target does not claim the signature %.*s", AC_STR_FMT(signer));
    }
    if (c->state.p && r->options->no_states) {
        return AC_STR("needs a provider state (--no-states)");
    }
    if (c->state.p && r->hook == HOOK_NONE) {
        return AC_STR("needs a provider state; the target has no state hook");
    }
    if (c->other_account && r->isolation != AC_ISOLATION_ACCOUNT) {
        return AC_STR("needs a second account");
    }
    if (c->creates && !r->target->loopback && !r->options->allow_create) {
        return AC_STR("may create something on a target that is not this machine (--allow-create)");
    }
    return (ac_str){NULL, 0};
}

bool lane_needs_world(const lane *l)
{
    unsigned needed = l->c->other_account ? 2 : 1;
    return l->runner->hook != HOOK_NONE && l->account_at < needed;
}

/* ---- cleaning up ---- */

/* A teardown step whose variable was never captured has nothing to remove. */
static bool has_something_to_remove(lane *l, const ac_step *step)
{
    ac_str missing = {NULL, 0};
    ac_vars_expand(l->arena, step->params, lane_lookup, l, &missing);
    return !missing.p;
}

static void note_left_over(lane *l, const ac_step *step, ac_str observed)
{
    ac_findings_add(l->arena, &l->findings,
                    (ac_finding){.kind = AC_FINDING_EFFECT,
                                 .level = AC_LEVEL_MESSAGE,
                                 .expected = ac_str_printf(l->arena, "%.*s removes what the case made",
                                                           AC_STR_FMT(step->contract->action)),
                                 .observed = observed,
                                 .step = AC_STR("clean up"),
                                 .note = true});
}

/* Whether the last try removed it, or there is no use in another one. */
static bool cleanup_is_over(lane *l, const ac_step *step)
{
    const flight *f = &l->flights[0];
    ac_match_result result;
    if (f->outcome.transport != AC_TRANSPORT_OK) {
        note_left_over(l, step, ac_str_c(f->outcome.detail));
        return true;
    }
    ac_match_read(l->arena, step->contract, &f->outcome.response, &result);
    bool gone = result.code.p && ac_str_eq(result.code, step->contract->behaviour.not_found);
    if (result.success || gone) {
        return true;
    }
    int64_t limit = l->runner->target->limits.poll_deadline_ms;
    bool late = limit > 0 && ac_monotonic_us() - l->step_started_us > limit * 1000;
    if (late || l->attempt + 1 >= CLEANUP_TRIES) {
        note_left_over(l, step, result.code.p ? result.code : AC_STR("no error code"));
        return true;
    }
    return false;
}

static void clean_up(lane *l)
{
    /* In reverse order of creation; `at` counts what is done. */
    while (l->at < l->c->teardown_count) {
        const ac_step *step = &l->c->teardown[l->c->teardown_count - 1 - l->at];
        l->step_started_us = l->attempt == 0 ? ac_monotonic_us() : l->step_started_us;
        if (has_something_to_remove(l, step) && lane_send_step(l, step)) {
            return;
        }
        l->at++;
    }
    l->phase = PHASE_RESET;
    advance(l);
}

static void after_cleanup_try(lane *l)
{
    const ac_step *step = &l->c->teardown[l->c->teardown_count - 1 - l->at];
    if (cleanup_is_over(l, step)) {
        l->at++;
        l->attempt = 0;
        l->wait_ms = 0;
        clean_up(l);
    } else {
        l->attempt++;
        lane_wait(l);
    }
}

/* ---- phases ---- */

static void begin_teardown(lane *l)
{
    l->phase = PHASE_TEARDOWN;
    l->at = 0;
    l->attempt = 0;
    l->wait_ms = 0;
    l->flights[0].step = NULL;
    clean_up(l);
}

static void run_step(lane *l)
{
    bool interrupted = l->runner->options->stop && *l->runner->options->stop;
    if (interrupted && l->at < l->c->step_count) {
        lane_stop(l, AC_BLOCKED, AC_STR("the run was interrupted"));
    }
    if (l->stopped || l->at == l->c->step_count) {
        begin_teardown(l);
        return;
    }
    if (l->attempt == 0) {
        l->step_started_us = ac_monotonic_us();
        l->reached_order = 0;
        l->wait_ms = 0;
    }
    if (!lane_send_step(l, &l->c->steps[l->at]) && l->pending == 0) {
        begin_teardown(l);
    }
}

static void make_world(lane *l)
{
    while (lane_needs_world(l) && account_world(&l->accounts[l->account_at], l->c->contract->provider)) {
        l->account_at++;
    }
    if (lane_needs_world(l)) {
        lane_call_hook(l, "setup", AC_STR("world"), &l->accounts[l->account_at]);
        return;
    }
    ac_str missing = lane_first_missing(l);
    if (missing.p) {
        lane_stop(l, AC_SKIP,
                  ac_str_printf(l->arena, "needs the variable \"%.*s\", which the target does not give",
                                AC_STR_FMT(missing)));
    }
    l->phase = PHASE_SETUP;
    advance(l);
}

static void set_state(lane *l)
{
    if (l->c->state.p && !l->state_set && !l->stopped) {
        l->state_set = true;
        lane_call_hook(l, "setup", l->c->state, &l->accounts[AC_ACCOUNT_OWN]);
        return;
    }
    l->phase = PHASE_STEP;
    l->at = 0;
    advance(l);
}

static void reset_state(lane *l)
{
    if (l->state_set) {
        l->state_set = false;
        lane_call_hook(l, "teardown", l->c->state, &l->accounts[AC_ACCOUNT_OWN]);
        return;
    }
    l->phase = PHASE_DONE;
    advance(l);
}

static void advance(lane *l)
{
    switch (l->phase) {
    case PHASE_WORLD:
        make_world(l);
        break;
    case PHASE_SETUP:
        set_state(l);
        break;
    case PHASE_STEP:
        run_step(l);
        break;
    case PHASE_TEARDOWN:
        if (l->flights[0].step) {
            after_cleanup_try(l);
        } else {
            clean_up(l);
        }
        break;
    case PHASE_RESET:
        reset_state(l);
        break;
    case PHASE_DONE:
        runner_take_verdict(l->runner, l);
        break;
    case PHASE_IDLE:
        break;
    }
}

void lane_wake(lane *l)
{
    bool waited = l->wake_us != 0;
    l->wake_us = 0;
    if (l->phase == PHASE_TEARDOWN && waited) {
        clean_up(l);
    } else {
        advance(l);
    }
}

/* With an SDK, an account for each case: what an answer holds, and so what is said of the SDK, must not depend on the
 * case before. */
static void renew_accounts(lane *l, size_t plan_index)
{
    unsigned number = (unsigned)(plan_index % OWN_ACCOUNTS) + 1;
    for (unsigned i = 0; i < ACCOUNTS_PER_LANE; i++) {
        ac_arena_free(l->accounts[i].arena);
        account_init(l->runner, &l->accounts[i], number + i * OTHER_ACCOUNTS_FROM);
    }
}

void lane_start(lane *l, const ac_case *c, size_t plan_index)
{
    lane fresh = {.runner = l->runner, .number = l->number};
    if (l->runner->target->sdk) {
        renew_accounts(l, plan_index);
    }
    memcpy(fresh.accounts, l->accounts, sizeof fresh.accounts);
    memcpy(fresh.last_request_id, l->last_request_id, sizeof fresh.last_request_id);
    *l = fresh;
    l->c = c;
    l->plan_index = plan_index;
    l->arena = ac_arena_new();
    l->started_us = ac_monotonic_us();
    l->started_ms = ac_env_now_ms(&l->runner->options->env);
    ac_str why = reason_to_skip(l);
    l->phase = PHASE_WORLD;
    if (why.p) {
        lane_stop(l, AC_SKIP, why);
        l->phase = PHASE_DONE;
    }
    advance(l);
}
