/* The scheduler: lanes, waits, the order of verdicts, and the ends of a run. */
#include "run/run.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "run/lane.h"

enum { CASE_MS = 90000, TICK_MS = 100, UNREACHABLE_MAX = 8, OTHER_ACCOUNTS_FROM = 5001 };

const ac_run_options ac_run_defaults = {.jobs = 16, .level = AC_LEVEL_MESSAGE, .rerun_options = ""};

/* ---- verdicts, in plan order ---- */

static void tell(runner *r, const ac_verdict *v)
{
    r->tail->counts[v->word]++;
    r->tail->with_state += v->state.p && v->word != AC_SKIP;
    r->tail->requests += v->requests;
    for (size_t i = 0; i < r->listener_count; i++) {
        r->listeners[i].verdict(r->listeners[i].context, v);
    }
}

static void tell_ready(runner *r)
{
    while (r->told < r->count && r->verdicts[r->told].verdict) {
        pending_verdict *p = &r->verdicts[r->told++];
        tell(r, p->verdict);
        ac_arena_free(p->arena);
        *p = (pending_verdict){NULL, NULL};
    }
}

/* What an interrupted run has judged out of order is told too. */
static void tell_rest(runner *r)
{
    for (; r->told < r->next; r->told++) {
        pending_verdict *p = &r->verdicts[r->told];
        if (p->verdict) {
            tell(r, p->verdict);
            ac_arena_free(p->arena);
        }
    }
}

static bool must_run_alone(const runner *r, const ac_case *c)
{
    return r->isolation == AC_ISOLATION_NONE && (c->creates || c->state.p);
}

void runner_take_verdict(runner *r, lane *l)
{
    ac_verdict *v = lane_verdict(l);
    r->verdicts[l->plan_index] = (pending_verdict){l->arena, v};
    const ac_run_options *o = r->options;
    bool failed = v->word == AC_FAIL || v->word == AC_ERROR;
    if (o->fail_fast && failed && !(o->excuses && o->excuses(o->excuses_context, v))) {
        r->ended = true;
        r->tail->ended_by = AC_STR("the first failure (--fail-fast)");
    }
    r->exclusive = r->exclusive && !must_run_alone(r, l->c);
    r->busy--;
    l->phase = PHASE_IDLE;
    l->arena = NULL;
}

void runner_give_up(runner *r, ac_str ended_by, ac_str why)
{
    r->ended = true;
    r->tail->ended_by = ended_by;
    if (!r->failed) {
        r->failed = true;
        ac_fail(r->err, AC_ERR_JUDGE, "%.*s", AC_STR_FMT(why));
    }
}

void runner_unreachable(runner *r, ac_str why)
{
    r->unreachable++;
    if (!r->answered || r->unreachable >= UNREACHABLE_MAX) {
        r->tail->unreachable = true;
        runner_give_up(r, AC_STR("the target could not be reached"), why);
    }
}

/* ---- lanes ---- */

static bool may_start(const runner *r)
{
    if (r->ended || r->next >= r->count || r->exclusive) {
        return false;
    }
    return !must_run_alone(r, r->cases[r->next]) || r->busy == 0;
}

static lane *idle_lane(runner *r)
{
    for (unsigned i = 0; i < r->lane_count; i++) {
        if (r->lanes[i].phase == PHASE_IDLE) {
            return &r->lanes[i];
        }
    }
    return NULL;
}

static void start_cases(runner *r)
{
    lane *l;
    while (may_start(r) && (l = idle_lane(r)) != NULL) {
        size_t index = r->next++;
        r->busy++;
        r->exclusive = must_run_alone(r, r->cases[index]);
        lane_start(l, r->cases[index], index);
    }
}

/* Ends the waits that are over; the time until the next one. */
static int64_t wake_lanes(runner *r)
{
    int64_t now = ac_monotonic_us();
    int64_t next_ms = TICK_MS;
    for (unsigned i = 0; i < r->lane_count; i++) {
        lane *l = &r->lanes[i];
        if (l->wake_us == 0) {
            continue;
        }
        int64_t left = l->wake_us - now;
        if (left <= 0) {
            lane_wake(l);
            next_ms = 0;
        } else if ((left + 999) / 1000 < next_ms) {
            next_ms = (left + 999) / 1000;
        }
    }
    return next_ms;
}

static void check_end(runner *r, int64_t started_us)
{
    if (r->ended) {
        return;
    }
    const ac_run_options *o = r->options;
    bool late = r->run_ms > 0 && ac_monotonic_us() - started_us > r->run_ms * 1000;
    bool stopped = o->stop && *o->stop;
    if (!late && !stopped) {
        return;
    }
    r->ended = true;
    r->tail->ended_by = stopped ? AC_STR("interrupted") : AC_STR("the run's deadline");
    if (r->target->sdk) {
        ac_sdk_abandon(r->target->sdk);
    }
}

static void run_all(runner *r)
{
    int64_t started_us = ac_monotonic_us();
    do {
        check_end(r, started_us);
        start_cases(r);
        tell_ready(r);
        int64_t wait_ms = wake_lanes(r);
        if (r->busy > 0) {
            ac_client_run(r->client, may_start(r) && idle_lane(r) ? 0 : wait_ms);
        }
        if (r->target->sdk) {
            ac_sdk_collect(r->target->sdk);
        }
    } while (r->busy > 0 || (!r->ended && r->next < r->count));
    tell_ready(r);
    tell_rest(r);
    r->tail->duration_us = ac_monotonic_us() - started_us;
    r->tail->complete = !r->ended || (r->told == r->count && r->tail->ended_by.n == 0);
}

/* ---- head ---- */

static bool is_selected(const runner *r, const ac_contract *contract)
{
    for (size_t i = 0; i < r->count; i++) {
        if (r->cases[i]->contract == contract) {
            return true;
        }
    }
    return false;
}

static size_t add_rows(ac_arena *arena, const ac_contract *contract, ac_documented_error *out)
{
    for (size_t i = 0; i < contract->errors.count; i++) {
        const ac_error_row *row = &contract->errors.items[i];
        out[i] = (ac_documented_error){
            .operation = contract->operation,
            .code = row->code,
            .reach = ac_str_c(ac_reach_name((ac_reach)row->reach)),
            .cite = row->cite.count > 0 ? ac_cite_describe(arena, contract, row->cite.items[0]) : AC_STR(""),
            .status = row->status,
            .row = (int64_t)i + 1,
        };
    }
    return contract->errors.count;
}

static ac_str client_text(ac_arena *arena, const ac_sdk_hello *hello)
{
    return ac_str_printf(arena, "%.*s %.*s, by the driver %.*s%s%.*s", AC_STR_FMT(hello->sdk),
                         AC_STR_FMT(hello->version), AC_STR_FMT(hello->driver), hello->note.n > 0 ? ": " : "",
                         AC_STR_FMT(hello->note));
}

static void tell_head(const runner *r)
{
    ac_arena *arena = ac_arena_new();
    size_t rows = 0;
    for (size_t i = 0; i < r->corpus->contract_count; i++) {
        rows += r->corpus->contracts[i]->errors.count;
    }
    ac_run_head head = {
        .version = AC_STR(ACCORD_VERSION),
        .target = r->target->name,
        .url = r->target->url,
        .started_ms = ac_env_now_ms(&r->options->env),
        .seed = ac_str_printf(arena, "%llu", (unsigned long long)r->options->env.seed),
        .errors = AC_NEW_ARRAY(arena, rows, ac_documented_error),
        .planned = r->count,
        .client = r->target->sdk ? client_text(arena, ac_sdk_hello_of(r->target->sdk)) : (ac_str){NULL, 0},
    };
    for (size_t i = 0; i < r->corpus->contract_count; i++) {
        if (is_selected(r, r->corpus->contracts[i])) {
            head.error_count += add_rows(arena, r->corpus->contracts[i], head.errors + head.error_count);
        }
    }
    for (size_t i = 0; i < r->listener_count; i++) {
        r->listeners[i].head(r->listeners[i].context, &head);
    }
    ac_arena_free(arena);
}

static void tell_tail(const runner *r)
{
    for (size_t i = 0; i < r->listener_count; i++) {
        r->listeners[i].tail(r->listeners[i].context, r->tail);
    }
}

/* ---- set-up ---- */

static int64_t first_positive(int64_t a, int64_t b, int64_t otherwise)
{
    return a > 0 ? a : b > 0 ? b : otherwise;
}

static bool open_client(runner *r)
{
    ac_client_options options = ac_client_defaults;
    const ac_target_limits *limits = &r->target->limits;
    options.connections = r->lane_count * 2;
    options.connect_ms = limits->connect_ms > 0 ? limits->connect_ms : options.connect_ms;
    options.exchange_ms = limits->exchange_ms > 0 ? limits->exchange_ms : options.exchange_ms;
    options.body_bytes_max = limits->body_bytes > 0 ? (size_t)limits->body_bytes : options.body_bytes_max;
    options.ca_file = r->target->ca_file;
    r->client = ac_client_new(&options, r->err);
    return r->client != NULL;
}

static void wake_client(void *context)
{
    ac_client_wake(context);
}

/* Side by side as many as are asked for, as there are cases, and as the target can take. */
static unsigned lanes_of(const ac_target *target, const ac_run_options *options, size_t count)
{
    unsigned lanes = options->jobs < count ? options->jobs : (unsigned)count;
    unsigned most = target->sdk ? AC_SDK_SEATS_MAX : UINT_MAX;
    return lanes == 0 ? 1 : lanes < most ? lanes : most;
}

static void open_lanes(runner *r)
{
    r->lanes = ac_alloc(r->lane_count * sizeof(lane));
    for (unsigned i = 0; i < r->lane_count; i++) {
        r->lanes[i].runner = r;
        r->lanes[i].number = i;
        account_init(r, &r->lanes[i].accounts[AC_ACCOUNT_OWN], i + 1);
        account_init(r, &r->lanes[i].accounts[AC_ACCOUNT_OTHER], i + OTHER_ACCOUNTS_FROM);
    }
}

static void close_lanes(runner *r)
{
    for (unsigned i = 0; i < r->lane_count; i++) {
        for (size_t k = 0; k < ACCOUNTS_PER_LANE; k++) {
            ac_arena_free(r->lanes[i].accounts[k].arena);
        }
    }
    ac_free(r->lanes);
}

bool ac_run(const ac_corpus *corpus, const ac_case *const *cases, size_t count, ac_target *target,
            const ac_run_options *options, const ac_listener *listeners, size_t listener_count,
            ac_run_tail *tail, ac_err *err)
{
    *tail = (ac_run_tail){0};
    runner r = {.corpus = corpus,
                .target = target,
                .options = options,
                .cases = cases,
                .count = count,
                .lane_count = lanes_of(target, options, count),
                .listeners = listeners,
                .listener_count = listener_count,
                .tail = tail,
                .err = err,
                .values_env = options->env};
    r.values_env.nonce = (ac_str){NULL, 0};
    r.case_ms = first_positive(options->case_ms, target->limits.case_ms, CASE_MS);
    r.run_ms = first_positive(options->run_ms, target->limits.run_ms, 0);
    if (!open_client(&r)) {
        return false;
    }
    if (target->sdk) {
        ac_sdk_on_ready(target->sdk, wake_client, r.client);
    }
    bool ok = hook_probe(&r);
    tell_head(&r);
    if (ok) {
        r.verdicts = ac_alloc(count * sizeof *r.verdicts);
        open_lanes(&r);
        run_all(&r);
        close_lanes(&r);
        ac_free(r.verdicts);
        ok = !r.failed;
    } else {
        tail->unreachable = true;
        tail->ended_by = AC_STR("the target could not be reached");
    }
    tell_tail(&r);
    if (target->sdk) {
        ac_sdk_on_ready(target->sdk, NULL, NULL);
    }
    ac_client_free(r.client);
    return ok;
}
