/*
 * Steps against an SDK target: the SDK is asked to make the call that a server would be sent, its requests are
 * answered with what the documentation promises for that call, and wire and hand are judged.
 *
 * The documented answer is the mock's to the request that we would have sent, so that flows go on whatever the SDK
 * sends. Cleaning up goes to the mock alone.
 */
#include <string.h>

#include "case/vars.h"
#include "run/lane.h"
#include "sdk/judge.h"

enum { TRY_MS = 10000, TRY_LATE_MS = 1000, CALL_MS = 60000, BROKEN_MAX = 5 };

/* ---- what cannot be asked of an SDK ---- */

static bool signs_otherwise(const ac_step *step)
{
    const ac_strs *signers = &step->contract->style->signers;
    bool first = signers->count > 0 && ac_str_eq(step->signer, signers->items[0]);
    return step->signer.p && (step->tamper == AC_TAMPER_NONE || !first);
}

static bool asks_for_method(const ac_step *step)
{
    return step->method.p && !ac_str_eq(step->method, step->contract->methods.items[0]);
}

static ac_str unaskable(lane *l, const ac_step *step)
{
    if (!ac_sdk_has(l->runner->target->sdk, step->contract->operation)) {
        return ac_str_printf(l->arena, "the driver does not have %.*s",
                             AC_STR_FMT(step->contract->operation));
    }
    const struct {
        bool holds;
        const char *why;
    } rules[] = {
        {asks_for_method(step), "the SDK chooses the method"},
        {signs_otherwise(step), "the SDK chooses the signature"},
        {step->headers != NULL, "the SDK chooses the headers"},
        {step->tamper == AC_TAMPER_REPLAY, "an SDK does not send the same bytes again"},
        {step->beside != NULL, "a driver makes one call at a time"},
    };
    for (size_t i = 0; i < AC_COUNT(rules); i++) {
        if (rules[i].holds) {
            return ac_str_c(rules[i].why);
        }
    }
    return (ac_str){NULL, 0};
}

ac_str lane_unaskable(lane *l)
{
    ac_str why = {NULL, 0};
    for (size_t i = 0; !why.p && i < l->c->step_count; i++) {
        why = unaskable(l, &l->c->steps[i]);
    }
    return why;
}

/* ---- the call ---- */

static void keep_exchanges(lane *l, const flight *f)
{
    const ac_sdk_outcome *o = &f->call->outcome;
    size_t count = o->requests < AC_SDK_REQUESTS_KEPT ? o->requests : AC_SDK_REQUESTS_KEPT;
    for (size_t i = 0; i < count; i++) {
        flight one = *f;
        one.request = o->exchanges[i].request;
        one.outcome = (ac_outcome){.detail = "", .response = o->exchanges[i].answer->response};
        lane_keep_exchange(l, &one);
    }
}

static void came_back(void *context, const ac_sdk_outcome *outcome)
{
    flight *f = context;
    lane *l = f->lane;
    f->call->outcome = *outcome;
    f->outcome.duration_us = outcome->duration_us;
    l->requests += (int64_t)outcome->requests;
    l->pending--;
    keep_exchanges(l, f);
    lane_judge_step(l, f->step);
}

/* What the documentation promises for the step, and to a try after a refused one. */
static bool take_answers(lane *l, flight *f, ac_response *again, ac_err *err)
{
    const ac_target *target = l->runner->target;
    ac_request asked;
    if (!lane_build(l, f, f->params, "", f->step->tamper, &asked, err)) {
        return false;
    }
    ac_target_answer(target, l->arena, &asked, &f->outcome.response);
    *again = f->outcome.response;
    const ac_fault *fault = f->step->fault;
    if (fault && fault->once && fault->error) {
        if (!lane_build(l, f, f->params, " again", f->step->tamper, &asked, err)) {
            return false;
        }
        ac_target_answer(target, l->arena, &asked, again);
    }
    return true;
}

static bool is_late(const ac_fault *fault)
{
    return fault && (fault->way == AC_FAULT_WAY_SLOW_HEAD || fault->way == AC_FAULT_WAY_SLOW_BODY);
}

static void call_sdk(lane *l, flight *f, const ac_json *sent, const ac_response *again)
{
    const ac_target *target = l->runner->target;
    sdk_call *call = f->call;
    call->call = (ac_sdk_call){
        .operation = f->step->contract->operation,
        .params = sent,
        .region = lane_lookup(l, l->arena, AC_STR("region")),
        .credentials = l->accounts[f->step->account].credentials,
        .timeout_ms = is_late(f->step->fault) ? TRY_LATE_MS : TRY_MS,
        .deadline_ms = target->limits.exchange_ms > 0 ? target->limits.exchange_ms : CALL_MS,
    };
    call->call.script =
        ac_sdk_script_of(l->arena, &f->outcome.response, again, f->step->fault, call->call.timeout_ms);
    l->pending++;
    ac_sdk_send(target->sdk, l->number, l->arena, &call->call, came_back, f);
}

bool lane_call_sdk(lane *l, flight *f)
{
    ac_err err = {0};
    ac_str missing = {NULL, 0};
    ac_response again;
    f->outcome = (ac_outcome){.transport = AC_TRANSPORT_OK, .detail = "", .first_byte_us = -1};
    if (l->phase == PHASE_TEARDOWN) {
        bool built = take_answers(l, f, &again, &err);
        if (built) {
            lane_judge_step(l, f->step);
        }
        return built;
    }
    f->call = AC_NEW(l->arena, sdk_call);
    const ac_json *sent =
        f->step->sent ? ac_vars_expand(l->arena, f->step->sent, lane_lookup, l, &missing) : f->params;
    if (!lane_build(l, f, sent, " sent", AC_TAMPER_NONE, &f->request, &err) ||
        !take_answers(l, f, &again, &err)) {
        lane_stop(l, AC_ERROR, ac_str_c(err.text));
        return false;
    }
    call_sdk(l, f, sent, &again);
    return true;
}

/* ---- judging ---- */

static void driver_failed(lane *l, const ac_sdk_outcome *o)
{
    runner *r = l->runner;
    ac_str why = o->log.n > 0 ? ac_str_printf(l->arena, "%.*s; its log ends with: %.*s", AC_STR_FMT(o->why),
                                              AC_STR_FMT(o->log))
                              : o->why;
    lane_stop(l, AC_ERROR, why);
    if (++r->broken >= BROKEN_MAX && !r->ended) {
        runner_give_up(r, AC_STR("the driver keeps failing"), why);
    }
}

/* An answer that is not what the case expects is our own fault: then nothing can be said of the SDK. */
static bool answer_is_expected(lane *l, const flight *f, ac_match_result *result)
{
    lane_match(l, f, result);
    for (size_t i = 0; i < result->findings.count; i++) {
        const ac_finding *finding = &result->findings.items[i];
        if (!finding->note) {
            lane_stop(l, AC_ERROR,
                      ac_str_printf(l->arena,
                                    "the answer to be served is not what the case expects: %s at "
                                    "\"%.*s\": %.*s",
                                    ac_finding_kind_name(finding->kind), AC_STR_FMT(finding->place),
                                    AC_STR_FMT(finding->observed)));
            return false;
        }
    }
    return true;
}

static ac_level level_held(const ac_findings *findings)
{
    ac_level held = AC_LEVEL_MESSAGE;
    for (size_t i = 0; i < findings->count; i++) {
        const ac_finding *f = &findings->items[i];
        if (!f->note && f->level != AC_LEVEL_NONE && f->level <= held) {
            held = (ac_level)(f->level - 1);
        }
    }
    return held;
}

static void judge_call(lane *l, const flight *f)
{
    const runner *r = l->runner;
    const ac_sdk_judgement judgement = {
        .contract = f->step->contract,
        .hello = ac_sdk_hello_of(r->target->sdk),
        .outcome = &f->call->outcome,
        .expected = &f->request,
        .answer = &f->outcome.response,
        .fault = f->step->fault,
        .credentials = f->call->call.credentials,
        .region = f->call->call.region,
        .now_ms = ac_env_now_ms(&r->options->env),
    };
    ac_findings found = {NULL, 0, 0};
    ac_sdk_judge_wire(l->arena, &judgement, &found);
    ac_sdk_judge_hand(l->arena, &judgement, &found);
    ac_sdk_observe_fault(l->arena, &judgement, &found);
    if (f->step->facts) {
        ac_sdk_tell_facts(l->arena, &judgement, &found);
    }
    lane_add_findings(l, f->step, &found);
    ac_level held = level_held(&found);
    l->level = !l->judged || held < l->level ? held : l->level;
    l->judged = true;
}

/* A call that the documentation refuses may be refused by the SDK before it is sent. */
static bool refused_by_itself(lane *l, const flight *f)
{
    const ac_sdk_outcome *o = &f->call->outcome;
    bool refused = o->end == AC_SDK_ERROR && o->requests == 0;
    if (refused && f->step->expect.kind == AC_EXPECT_ERROR) {
        lane_stop(l, AC_SKIP,
                  ac_str_printf(l->arena, "the SDK refuses the call itself: %.*s",
                                AC_STR_FMT(o->error.message.value)));
        return true;
    }
    return false;
}

bool lane_judge_call(lane *l, const flight *f)
{
    const ac_sdk_outcome *o = &f->call->outcome;
    ac_match_result result;
    if (o->end == AC_SDK_BROKEN) {
        driver_failed(l, o);
        return false;
    }
    l->runner->broken = 0;
    l->runner->answered = true;
    if (o->end == AC_SDK_UNSUPPORTED) {
        lane_stop(l, AC_SKIP, ac_str_printf(l->arena, "the driver: %.*s", AC_STR_FMT(o->why)));
        return false;
    }
    if (refused_by_itself(l, f) || !answer_is_expected(l, f, &result)) {
        return false;
    }
    judge_call(l, f);
    lane_take_captures(l, f->step, &result);
    return true;
}
