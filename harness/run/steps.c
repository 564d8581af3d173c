/* One step of a case: send, wait, judge, poll. */
#include <stdio.h>
#include <string.h>

#include "case/vars.h"
#include "http/url.h"
#include "run/lane.h"

enum { WAIT_MAX_MS = 2000, THROTTLED_RETRIES = 6 };

void lane_stop(lane *l, ac_word word, ac_str reason)
{
    if (l->word == AC_PASS) {
        l->word = word;
        l->reason = ac_str_dup(l->arena, reason);
    }
    l->stopped = true;
}

void lane_wait(lane *l)
{
    int64_t first = l->runner->target->limits.poll_ms;
    l->wait_ms = l->wait_ms == 0 ? first : l->wait_ms * 2;
    if (l->wait_ms > WAIT_MAX_MS && l->wait_ms > first) {
        l->wait_ms = first > WAIT_MAX_MS ? first : WAIT_MAX_MS;
    }
    l->wake_us = ac_monotonic_us() + l->wait_ms * 1000;
}

/* ---- sending ---- */

static void arrived(void *context, const ac_outcome *outcome)
{
    flight *f = context;
    lane *l = f->lane;
    f->outcome = *outcome;
    f->outcome.detail = ac_str_dup(l->arena, ac_str_c(outcome->detail)).p;
    l->requests++;
    l->pending--;
    lane_keep_exchange(l, f);
    if (outcome->transport != AC_TRANSPORT_UNREACHABLE) {
        l->runner->answered = true;
        l->runner->unreachable = 0;
    }
    if (l->pending == 0) {
        lane_judge_step(l, f->step);
    }
}

bool lane_build(lane *l, const flight *f, const ac_json *params, const char *use, int tamper, ac_request *out,
                ac_err *err)
{
    runner *r = l->runner;
    const ac_step *step = f->step;
    const ac_env *env = &r->options->env;
    ac_str purpose = ac_str_printf(l->arena, "%.*s %zu %u %zu %u %zu%s", AC_STR_FMT(l->c->id), l->plan_index,
                                   (unsigned)l->phase, l->at, l->attempt, (size_t)(f - l->flights), use);
    ac_call call = {
        .contract = step->contract,
        .params = params,
        .method = step->method,
        .headers = step->headers,
        .signer = step->signer.p ? ac_signer_find(step->signer) : ac_target_signer(r->target, step->contract),
        .credentials = l->accounts[step->account].credentials,
        .host = ac_url_authority(f->url),
        .region = lane_lookup(l, l->arena, AC_STR("region")),
        .prefix = ac_url_trimmed(ac_url_path(f->url)),
        .now_ms = ac_env_now_ms(env),
        .nonce = ac_env_nonce(env, l->arena, purpose),
        .tamper = (ac_tamper)tamper,
    };
    ac_sign_stages stages;
    return ac_wire_build(l->arena, &call, out, &stages, err);
}

static int64_t time_left_ms(const lane *l)
{
    int64_t limit = l->runner->case_ms;
    return limit - (ac_monotonic_us() - l->started_us) / 1000;
}

static bool send_one(lane *l, const ac_step *step, flight *f)
{
    runner *r = l->runner;
    ac_str missing = {NULL, 0};
    const ac_request before = l->previous ? *l->previous : (ac_request){.method = {NULL, 0}};
    memset(f, 0, sizeof *f);
    f->lane = l;
    f->step = step;
    f->params = ac_vars_expand(l->arena, step->params, lane_lookup, l, &missing);
    f->url = ac_target_url(r->target, step->contract);
    if (missing.p) {
        lane_stop(l, AC_BLOCKED,
                  ac_str_printf(l->arena, "an earlier step gave no ${%.*s}", AC_STR_FMT(missing)));
        return false;
    }
    if (r->target->sdk) {
        return lane_call_sdk(l, f);
    }
    ac_err err = {0};
    if (step->tamper == AC_TAMPER_REPLAY && l->previous) {
        f->request = before;
    } else if (!lane_build(l, f, f->params, "", step->tamper, &f->request, &err)) {
        lane_stop(l, AC_ERROR, ac_str_c(err.text));
        return false;
    }
    l->previous = &f->request;
    int64_t left = time_left_ms(l);
    int64_t most =
        r->target->limits.exchange_ms > 0 ? r->target->limits.exchange_ms : ac_client_defaults.exchange_ms;
    l->pending++;
    ac_client_send(r->client, l->arena, f->url, &f->request, left < most ? (left > 1 ? left : 1) : most,
                   arrived, f);
    return true;
}

bool lane_send_step(lane *l, const ac_step *step)
{
    if (time_left_ms(l) <= 0) {
        lane_stop(l, AC_ERROR,
                  ac_str_printf(l->arena, "the case's deadline of %lld ms has passed",
                                (long long)l->runner->case_ms));
        return false;
    }
    return send_one(l, step, &l->flights[0]) && (!step->beside || send_one(l, step->beside, &l->flights[1]));
}

/* ---- judging ---- */

void lane_add_findings(lane *l, const ac_step *step, const ac_findings *found)
{
    for (size_t i = 0; i < found->count; i++) {
        ac_finding finding = found->items[i];
        finding.step = step->name;
        finding.note = finding.note || finding.level > l->runner->options->level;
        ac_findings_add(l->arena, &l->findings, finding);
    }
}

static bool has_failures(const ac_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (!findings->items[i].note) {
            return true;
        }
    }
    return false;
}

static void expand_matcher(lane *l, ac_matcher *m)
{
    ac_str missing = {NULL, 0};
    const ac_json **values[] = {&m->equals, &m->one_of, &m->unordered, &m->contains, &m->not_equal};
    for (size_t k = 0; k < AC_COUNT(values); k++) {
        *values[k] = ac_vars_expand(l->arena, *values[k], lane_lookup, l, &missing);
    }
    if (m->length_text.p) {
        ac_str length = ac_vars_expand_text(l->arena, m->length_text, lane_lookup, l, &missing);
        if (!ac_str_int(length, &m->length)) {
            m->length = -1;
        }
    }
    if (m->if_present && missing.p) {
        *m = (ac_matcher){.pointer = m->pointer, .if_present = true, .length = -1};
    } else if (missing.p) {
        lane_stop(l, AC_BLOCKED,
                  ac_str_printf(l->arena, "nothing gave ${%.*s}, which is expected at %.*s",
                                AC_STR_FMT(missing), AC_STR_FMT(m->pointer)));
    }
}

static ac_expect expanded(lane *l, const ac_expect *expect)
{
    ac_expect made = *expect;
    made.body.items = ac_arena_copy(l->arena, expect->body.items, expect->body.count * sizeof(ac_matcher));
    for (size_t i = 0; i < made.body.count; i++) {
        expand_matcher(l, &made.body.items[i]);
    }
    return made;
}

/* The text at the pointer, or how many elements stand there where it ends in "/#". */
static ac_str captured_text(ac_arena *arena, const ac_json *body, ac_str pointer)
{
    if (!ac_str_ends(pointer, AC_STR("/#"))) {
        return ac_json_text(ac_json_at(body, pointer));
    }
    const ac_json *list = ac_json_at(body, ac_str_sub(pointer, 0, pointer.n - 2));
    return ac_json_is(list, AC_JSON_ARRAY) ? ac_str_printf(arena, "%zu", list->count) : (ac_str){NULL, 0};
}

void lane_take_captures(lane *l, const ac_step *step, const ac_match_result *result)
{
    for (size_t i = 0; result->success && i < step->captures.count; i++) {
        ac_str value = captured_text(l->arena, result->body, step->captures.items[i].pointer);
        if (value.n > 0) {
            lane_capture(l, step->captures.items[i].name, value);
        }
    }
}

/* A request id names one request: two answers in a row must not share it. */
static void check_request_id(lane *l, const flight *f, const ac_match_result *result)
{
    ac_str id = result->request_id;
    if (id.n == 0 || id.n >= REQUEST_ID_MAX) {
        return;
    }
    if (ac_str_is(id, l->last_request_id)) {
        ac_findings one = {NULL, 0, 0};
        ac_findings_add(
            l->arena, &one,
            (ac_finding){.kind = AC_FINDING_REQUEST_ID,
                         .level = AC_LEVEL_ENVELOPE,
                         .place = f->step->contract->style->request_id,
                         .expected = AC_STR("an id of this request alone"),
                         .observed = ac_str_printf(l->arena, "%.*s, as in the answer before", AC_STR_FMT(id)),
                         .source = AC_STR("inferred: a request id names one request")});
        lane_add_findings(l, f->step, &one);
    }
    memcpy(l->last_request_id, id.p, id.n);
    l->last_request_id[id.n] = '\0';
}

void lane_match(lane *l, const flight *f, ac_match_result *result)
{
    const ac_run_options *options = l->runner->options;
    ac_expect expect = expanded(l, &f->step->expect);
    const ac_match_input input = {
        .contract = f->step->contract,
        .expect = &expect,
        .params = f->params,
        .region = lane_lookup(l, l->arena, AC_STR("region")),
        .response = &f->outcome.response,
        .allow_undocumented_fields = l->runner->target->undocumented_fields,
    };
    ac_match(l->arena, &input, result);
    if (options->observe) {
        const ac_observation observation = {l->c, f->step, input, result->body};
        options->observe(options->observe_context, &observation);
    }
}

/* What is not judged is shown: the answer to a question that no documentation answers. */
static void show_observed(lane *l, const ac_step *step, const ac_match_result *result, int status)
{
    if (step->expect.certainty != AC_MAY || step->expect.kind == AC_EXPECT_ANY) {
        return;
    }
    ac_str observed = result->success ? ac_str_printf(l->arena, "success, status %d", status)
                                      : ac_str_printf(l->arena, "%d %.*s", status, AC_STR_FMT(result->code));
    ac_findings one = {NULL, 0, 0};
    ac_findings_add(l->arena, &one,
                    (ac_finding){.kind = AC_FINDING_CODE,
                                 .level = AC_LEVEL_CODE,
                                 .expected = AC_STR("nothing: no documentation says"),
                                 .observed = observed,
                                 .note = true});
    lane_add_findings(l, step, &one);
}

/* Findings, level and captures of an answer. */
static void judge_flight(lane *l, const flight *f)
{
    ac_match_result result;
    lane_match(l, f, &result);
    lane_add_findings(l, f->step, &result.findings);
    check_request_id(l, f, &result);
    show_observed(l, f->step, &result, f->outcome.response.status);
    lane_take_captures(l, f->step, &result);
    l->level = !l->judged || result.reached < l->level ? result.reached : l->level;
    l->judged = true;
    if (has_failures(&l->findings)) {
        l->stopped = true;
    }
}

static bool is_throttled(lane *l, const flight *f)
{
    const ac_contract *contract = f->step->contract;
    ac_match_result result;
    ac_match_read(l->arena, contract, &f->outcome.response, &result);
    if (result.success || !result.code.p) {
        return false;
    }
    const ac_error_spec *spec = ac_contract_match_code(contract, result.code);
    for (size_t i = 0; spec && i < f->step->expect.error_count; i++) {
        if (f->step->expect.errors[i] == spec) {
            return false;
        }
    }
    return spec && spec->when == AC_WHEN_THROTTLED;
}

static bool is_token_error(const ac_contract *contract, ac_str code)
{
    const ac_idempotency *token = contract->idempotency;
    return token && ((token->mismatch && ac_str_eq(token->mismatch->error, code)) ||
                     (token->processing && ac_str_eq(token->processing->error, code)));
}

/* Some documented rows say that a second thing like the first may be refused: then a case that needs two cannot
 * be judged here. */
static bool is_second_refused(lane *l, const flight *f, ac_str *code)
{
    const ac_contract *contract = f->step->contract;
    bool makes = f->step->expect.kind == AC_EXPECT_SUCCESS && contract->behaviour.kind == AC_BEHAVIOUR_CREATE;
    bool second = false;
    for (size_t i = 0; l->phase == PHASE_STEP && i < l->at; i++) {
        second = second || l->c->steps[i].contract == contract;
    }
    if (!makes || !second) {
        return false;
    }
    ac_match_result result;
    ac_match_read(l->arena, contract, &f->outcome.response, &result);
    const ac_error_spec *spec = result.code.p ? ac_contract_match_code(contract, result.code) : NULL;
    *code = result.code;
    return spec && spec->row > 0 && contract->errors.items[spec->row - 1].reach == AC_REACH_SEQUENCE &&
           !is_token_error(contract, result.code);
}

static void transport_failed(lane *l, const flight *f)
{
    const ac_outcome *o = &f->outcome;
    ac_str why = ac_str_printf(l->arena, "%s: %s", ac_transport_name(o->transport), o->detail);
    if (o->transport == AC_TRANSPORT_UNREACHABLE) {
        runner_unreachable(l->runner, ac_str_printf(l->arena, "%.*s: %s", AC_STR_FMT(f->url), o->detail));
    }
    lane_stop(l, AC_ERROR, why);
}

/* ---- polls ---- */

static size_t position(const ac_strs *list, ac_str word)
{
    for (size_t i = 0; i < list->count; i++) {
        if (ac_str_eq(list->items[i], word)) {
            return i + 1;
        }
    }
    return 0;
}

static ac_str listed(ac_arena *arena, const ac_strs *list)
{
    ac_buf text;
    ac_buf_init(&text, 1024);
    for (size_t i = 0; i < list->count; i++) {
        ac_buf_printf(&text, "%s%.*s", i > 0 ? ", " : "", AC_STR_FMT(list->items[i]));
    }
    return ac_buf_take(&text, arena);
}

static void add_state_finding(lane *l, const ac_step *step, ac_finding_kind kind, ac_str expected,
                              ac_str observed)
{
    ac_arena *arena = l->arena;
    ac_findings one = {NULL, 0, 0};
    ac_findings_add(arena, &one,
                    (ac_finding){.kind = kind,
                                 .level = AC_LEVEL_MESSAGE,
                                 .place = step->poll->pointer,
                                 .expected = expected,
                                 .observed = observed,
                                 .source = ac_cite_said(arena, l->c->contract, step->poll->cite),
                                 .note = step->expect.certainty == AC_MAY});
    lane_add_findings(l, step, &one);
    l->stopped = true;
}

static int64_t poll_deadline_ms(const lane *l, const ac_poll *poll)
{
    int64_t limit = l->runner->target->limits.poll_deadline_ms;
    return limit > 0 && limit < poll->deadline_ms ? limit : poll->deadline_ms;
}

static bool deadline_passed(const lane *l, const ac_poll *poll)
{
    return ac_monotonic_us() - l->step_started_us > poll_deadline_ms(l, poll) * 1000;
}

/* Looks at the state; true where the poll is over. */
static bool poll_is_over(lane *l, const flight *f)
{
    const ac_step *step = f->step;
    const ac_poll *poll = step->poll;
    ac_match_result result;
    ac_match_read(l->arena, step->contract, &f->outcome.response, &result);
    ac_str state = ac_json_text(ac_json_at(result.body, poll->pointer));
    if (!result.success || !state.p) {
        return true;
    }
    size_t order = position(&poll->order, state);
    if (poll->known.count > 0 && position(&poll->known, state) == 0) {
        add_state_finding(l, step, AC_FINDING_STATE_UNKNOWN, listed(l->arena, &poll->known), state);
    } else if (position(&poll->failed, state) > 0) {
        add_state_finding(l, step, AC_FINDING_STATE_FAILED, listed(l->arena, &poll->until), state);
    } else if (order > 0 && order < l->reached_order) {
        add_state_finding(l, step, AC_FINDING_STATE_ORDER, listed(l->arena, &poll->order), state);
    } else if (position(&poll->until, state) == 0 && deadline_passed(l, poll)) {
        ac_str observed = ac_str_printf(l->arena, "still %.*s after %lld ms", AC_STR_FMT(state),
                                        (long long)poll_deadline_ms(l, poll));
        add_state_finding(l, step, AC_FINDING_STATE_DEADLINE, listed(l->arena, &poll->until), observed);
    }
    l->reached_order = order > l->reached_order ? order : l->reached_order;
    return l->stopped || position(&poll->until, state) > 0;
}

static bool list_has(lane *l, const ac_poll *poll, const ac_json *body)
{
    const ac_json *items = ac_json_at(body, poll->gone_items);
    ac_str id = lane_lookup(l, l->arena, AC_STR("id"));
    for (size_t i = 0; items && i < items->count; i++) {
        if (ac_str_eq(ac_json_text(ac_json_at(&items->items[i], poll->gone_key)), id)) {
            return true;
        }
    }
    return false;
}

/* Whether the thing still shows; past the deadline that is what the answer is judged for. */
static bool still_there(lane *l, const flight *f)
{
    const ac_poll *poll = f->step->poll;
    ac_match_result result;
    ac_match_read(l->arena, f->step->contract, &f->outcome.response, &result);
    bool there = result.success && (poll->gone_items.n == 0 || list_has(l, poll, result.body));
    if (there && poll->gone_items.n > 0 && deadline_passed(l, poll)) {
        add_state_finding(l, f->step, AC_FINDING_EFFECT, AC_STR("what was deleted is not listed"),
                          AC_STR("still listed"));
    }
    return there && !deadline_passed(l, poll);
}

static bool must_look_again(lane *l, const flight *f)
{
    const ac_poll *poll = f->step->poll;
    return poll && (poll->until_gone ? still_there(l, f) : !poll_is_over(l, f));
}

void lane_judge_step(lane *l, const ac_step *step)
{
    (void)step;
    flight *f = &l->flights[0];
    if (l->phase == PHASE_TEARDOWN) {
        lane_wake(l);
        return;
    }
    for (size_t i = 0; i < (f->step->beside ? 2u : 1u); i++) {
        if (l->flights[i].outcome.transport != AC_TRANSPORT_OK) {
            transport_failed(l, &l->flights[i]);
            lane_wake(l);
            return;
        }
    }
    l->attempt++;
    bool by_sdk = f->call != NULL;
    if (!by_sdk && is_throttled(l, f)) {
        if (l->attempt <= THROTTLED_RETRIES) {
            lane_wait(l);
        } else {
            lane_stop(l, AC_BLOCKED, AC_STR("the target kept throttling"));
            lane_wake(l);
        }
        return;
    }
    if (by_sdk && !lane_judge_call(l, f)) {
        lane_wake(l);
        return;
    }
    if (must_look_again(l, f)) {
        lane_wait(l);
        return;
    }
    ac_str refusal;
    if (!by_sdk && is_second_refused(l, f, &refusal)) {
        lane_stop(l, AC_SKIP,
                  ac_str_printf(
                      l->arena,
                      "the target refuses a second one like the first: %.*s, which a documented row allows",
                      AC_STR_FMT(refusal)));
        lane_wake(l);
        return;
    }
    if (!by_sdk) {
        judge_flight(l, f);
    }
    if (f->step->beside) {
        judge_flight(l, &l->flights[1]);
    }
    l->at++;
    l->attempt = 0;
    lane_wake(l);
}
