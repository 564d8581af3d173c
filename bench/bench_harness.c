/*
 * Requests a second of the harness, with all assertions and three reports on, beside a bare libcurl multi loop
 * that sends the same requests to the same mock. Rounds alternate, so that a machine that changes its speed
 * changes both; the medians and their ratio are printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bare_loop.h"
#include "case/vars.h"
#include "cases/pack.h"
#include "mock/mock.h"
#include "reports/report.h"
#include "run/run.h"
#include "wire/wire.h"

enum { REQUESTS = 8000, ROUNDS = 7 };

typedef struct bench {
    ac_arena *arena;
    ac_corpus *corpus;
    ac_cases cases;
    ac_target *target;
    ac_mock *mock;          /* for the bare loop: its own, so that nonces and worlds do not meet */
    const ac_case **chosen; /* repeated until REQUESTS */
    bare_request *bare;
} bench;

static void give_up(const char *what)
{
    fprintf(stderr, "bench_harness: %s\n", what);
    exit(1);
}

/* Cases of one request that is refused before anything is created. */
static bool is_plain(const ac_case *c)
{
    static const char *const groups[] = {"length", "characters", "prefix", "required", "reference"};
    bool fits = c->step_count == 1 && !c->state.p && c->certainty == AC_MUST && c->code.p &&
                c->steps[0].expect.kind == AC_EXPECT_ERROR &&
                c->contract->behaviour.kind == AC_BEHAVIOUR_CREATE;
    for (size_t i = 0; fits && i < AC_COUNT(groups); i++) {
        if (ac_str_is(c->group, groups[i])) {
            return true;
        }
    }
    return false;
}

static void choose(bench *b)
{
    const ac_case **plain = AC_NEW_ARRAY(b->arena, b->cases.count, const ac_case *);
    size_t count = 0;
    for (size_t i = 0; i < b->cases.count; i++) {
        if (is_plain(&b->cases.items[i])) {
            plain[count++] = &b->cases.items[i];
        }
    }
    if (count == 0) {
        give_up("no case fits");
    }
    b->chosen = AC_NEW_ARRAY(b->arena, REQUESTS, const ac_case *);
    for (size_t i = 0; i < REQUESTS; i++) {
        b->chosen[i] = plain[i % count];
    }
    printf("%zu cases, %d requests a round, %d rounds\n", count, REQUESTS, ROUNDS);
}

/* ---- the bare loop's requests: made before its clock starts ---- */

typedef struct lookup_context {
    const ac_contract *contract;
    const ac_json *world;
} lookup_context;

static ac_str lookup(void *context, ac_arena *arena, ac_str name)
{
    const lookup_context *c = context;
    int64_t index;
    ac_str given = ac_json_text(ac_json_get(c->world, name));
    const ac_variable *variable = ac_contract_variable(c->contract, name, &index);
    if (given.p) {
        return given;
    }
    if (variable && (size_t)index <= variable->defaults.count) {
        return ac_vars_expand_text(arena, variable->defaults.items[index - 1], lookup, context, NULL);
    }
    if (ac_str_starts(name, AC_STR("unknown."))) {
        return ac_unknown_id(arena, c->contract, ac_str_sub(name, 8, name.n));
    }
    return AC_STR("00000000000000000000000000000000");
}

static const ac_json *world_of(bench *b, const ac_contract *contract)
{
    ac_answer answer = {0};
    ac_err err = {0};
    ac_request request = {.method = AC_STR("POST"), .target = AC_STR("/_accord/state")};
    request.body =
        ac_str_printf(b->arena,
                      "{\"accord\":1,\"action\":\"setup\",\"state\":\"world\",\"operation\":\"%.*s\","
                      "\"account\":\"AKACCORD0001\",\"case\":\"\",\"params\":{}}",
                      AC_STR_FMT(contract->operation));
    ac_mock_answer(b->mock, b->arena, &request, &answer);
    const ac_json *json = ac_json_parse(b->arena, answer.response.body, &ac_json_wire_limits, &err);
    return ac_json_get_c(json, "variables");
}

static bare_request make_request(bench *b, const ac_case *c, const ac_json *world, size_t number)
{
    lookup_context context = {c->contract, world};
    const char *url = ac_mock_url(b->mock);
    ac_env env = ac_env_real();
    ac_call call = {
        .contract = c->contract,
        .params = ac_vars_expand(b->arena, c->steps[0].params, lookup, &context, NULL),
        .signer = ac_target_signer(b->target, c->contract),
        .credentials = b->target->credentials,
        .host = ac_str_c(url + strlen("http://")),
        .region = lookup(&context, b->arena, AC_STR("region")),
        .now_ms = ac_env_now_ms(&env),
        .nonce = ac_str_printf(b->arena, "%032zu", number),
    };
    bare_request made = {.status = (long)c->steps[0].expect.errors[0]->statuses[0],
                         .code = ac_str_z(b->arena, c->code)};
    ac_sign_stages stages;
    ac_err err = {0};
    if (!ac_wire_build(b->arena, &call, &made.request, &stages, &err)) {
        give_up(err.text);
    }
    return made;
}

static void make_requests(bench *b, size_t round)
{
    const ac_json *alibaba = NULL;
    const ac_json *volcengine = NULL;
    b->bare = AC_NEW_ARRAY(b->arena, REQUESTS, bare_request);
    for (size_t i = 0; i < REQUESTS; i++) {
        const ac_contract *contract = b->chosen[i]->contract;
        const ac_json **world = ac_str_is(contract->provider->provider, "alibaba") ? &alibaba : &volcengine;
        *world = *world ? *world : world_of(b, contract);
        b->bare[i] = make_request(b, b->chosen[i], *world, round * REQUESTS + i);
    }
}

/* ---- measuring ---- */

static double bare_rate(bench *b, unsigned in_flight, size_t round)
{
    make_requests(b, round);
    int64_t started = ac_monotonic_us();
    size_t wrong = bare_loop(ac_mock_url(b->mock), b->bare, REQUESTS, in_flight);
    double seconds = (double)(ac_monotonic_us() - started) / 1e6;
    if (wrong > REQUESTS / 100) {
        fprintf(stderr, "%zu of %d answers were not as expected\n", wrong, REQUESTS);
    }
    return REQUESTS / seconds;
}

static double harness_rate(bench *b, unsigned in_flight)
{
    static const char *const specs[] = {"junit:/dev/null", "tap:/dev/null", "markdown:/dev/null"};
    ac_report *reports[AC_COUNT(specs)];
    ac_listener listeners[AC_COUNT(specs)];
    ac_err err = {0};
    int64_t started = ac_monotonic_us();
    for (size_t i = 0; i < AC_COUNT(specs); i++) {
        reports[i] = ac_report_open(ac_str_c(specs[i]), &err);
        if (!reports[i]) {
            give_up(err.text);
        }
        listeners[i] = *ac_report_listener(reports[i]);
    }
    ac_run_options options = ac_run_defaults;
    options.env = ac_env_real();
    options.jobs = in_flight;
    ac_run_tail tail;
    if (!ac_run(b->corpus, b->chosen, REQUESTS, b->target, &options, listeners, AC_COUNT(specs), &tail,
                &err)) {
        give_up(err.text);
    }
    for (size_t i = 0; i < AC_COUNT(specs); i++) {
        if (!ac_report_close(reports[i], &err)) {
            give_up(err.text);
        }
    }
    double seconds = (double)(ac_monotonic_us() - started) / 1e6;
    if (tail.counts[AC_PASS] != REQUESTS) {
        fprintf(stderr, "only %lld of %d cases passed\n", (long long)tail.counts[AC_PASS], REQUESTS);
    }
    return REQUESTS / seconds;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, by_value);
    return values[ROUNDS / 2];
}

static void measure(bench *b, unsigned in_flight)
{
    double bare[ROUNDS];
    double own[ROUNDS];
    for (size_t i = 0; i < ROUNDS; i++) {
        bare[i] = bare_rate(b, in_flight, i + (size_t)in_flight * ROUNDS);
        own[i] = harness_rate(b, in_flight);
    }
    double bare_median = median(bare);
    double own_median = median(own);
    printf("%2u in flight: bare libcurl loop %.0f requests/s, accord %.0f requests/s, ratio %.2f\n",
           in_flight, bare_median, own_median, own_median / bare_median);
}

int main(void)
{
    bench b = {.arena = ac_arena_new()};
    ac_pack pack = ac_embedded_cases(b.arena);
    ac_err err = {0};
    b.corpus = ac_corpus_load(&pack, NULL, &err);
    if (!b.corpus || !ac_cases_load(b.corpus, &b.cases, &err)) {
        give_up(err.text);
    }
    ac_target_options target_options = {.corpus = b.corpus, .env = ac_env_real()};
    b.target = ac_target_open(AC_STR("mock"), &target_options, &err);
    ac_mock_options mock_options = ac_mock_defaults;
    b.mock = b.target ? ac_mock_start(b.corpus, &mock_options, &err) : NULL;
    if (!b.mock) {
        give_up(err.text);
    }
    choose(&b);
    measure(&b, 1);
    measure(&b, 16);
    ac_mock_stop(b.mock);
    ac_target_close(b.target);
    ac_corpus_free(b.corpus);
    ac_arena_free(b.arena);
    return 0;
}
