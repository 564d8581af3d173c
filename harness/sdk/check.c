#include "sdk/check.h"

#include <string.h>

#include "sdk/home.h"
#include "sdk/seat.h"

enum { LINE_MS = 15000, CALL_MS = 60000, TRY_MS = 5000, TRY_LATE_MS = 500, END_MS = 5000 };
enum { LONG_BYTES = 1536 * 1024, CALLS = 3 };

/* One check under way. */
typedef struct checker {
    ac_arena *arena;
    ac_sdk_driver driver;
    ac_sdk_stage stage;
    ac_sdk_hello hello;
    pthread_mutex_t starting;
    ac_err *err;
} checker;

static bool refuse(const checker *c, const char *why)
{
    return ac_fail(c->err, AC_ERR_JUDGE, "%s", why);
}

/* ---- calls ---- */

static ac_answer plain_answer(checker *c)
{
    ac_answer answer = {.response = {.status = 200, .body = AC_STR("{\"RequestId\":\"accord-check\"}")}};
    ac_pairs_add(c->arena, &answer.response.headers, AC_STR("Content-Type"), AC_STR("application/json"));
    return answer;
}

static ac_sdk_outcome make_call(checker *c, ac_str operation, const ac_json *params, const ac_answer *answer,
                                int64_t timeout_ms)
{
    const ac_sdk_call call = {
        .operation = operation,
        .params = params,
        .region = AC_STR("cn-hangzhou"),
        .credentials = {.access_key_id = AC_STR("AKACCORD0001"),
                        .access_key_secret = ac_secret_of(AC_STR("accord-mock-not-a-secret"))},
        .timeout_ms = timeout_ms,
        .deadline_ms = CALL_MS,
        .script = {answer, 1},
    };
    ac_sdk_outcome outcome = {.end = AC_SDK_BROKEN};
    ac_sdk_make_call(&c->driver, &c->stage, &c->starting, c->arena, &call, &outcome);
    return outcome;
}

/* A call of the driver's first operation; whatever the SDK makes of it is fine. */
static bool comes_back(checker *c, const ac_json *params, const ac_answer *answer, int64_t timeout_ms)
{
    ac_sdk_outcome outcome = make_call(c, c->hello.operations.items[0], params, answer, timeout_ms);
    return outcome.end != AC_SDK_BROKEN || ac_fail(c->err, AC_ERR_JUDGE, "%.*s", AC_STR_FMT(outcome.why));
}

/* ---- the checks ---- */

static bool greets(checker *c)
{
    return ac_sdk_driver_babbles(&c->driver) ? refuse(c, "it wrote more than its first line") : true;
}

static bool answers_a_call(checker *c)
{
    ac_answer answer = plain_answer(c);
    return comes_back(c, ac_json_object(), &answer, TRY_MS);
}

static bool answers_one_after_another(checker *c)
{
    bool ok = true;
    for (int i = 0; ok && i < CALLS; i++) {
        ok = answers_a_call(c);
    }
    return ok;
}

static bool is_unsupported(checker *c, const ac_json *params)
{
    ac_answer answer = plain_answer(c);
    ac_str nowhere = AC_STR("accord/none/2000-01-01/NoSuchOperation");
    ac_sdk_outcome outcome = make_call(c, nowhere, params, &answer, TRY_MS);
    if (outcome.end == AC_SDK_BROKEN) {
        return ac_fail(c->err, AC_ERR_JUDGE, "%.*s", AC_STR_FMT(outcome.why));
    }
    return outcome.end == AC_SDK_UNSUPPORTED || refuse(c, "it did not answer \"unsupported\"");
}

static bool knows_what_it_has(checker *c)
{
    return is_unsupported(c, ac_json_object());
}

/* The line is answered with an error for no call, and the next call works. */
static bool survives(checker *c, const char *line)
{
    if (!ac_sdk_driver_ask(&c->driver, ac_str_c(line), LINE_MS, c->err)) {
        return false;
    }
    const ac_json *json =
        ac_json_parse(c->arena, ac_sdk_driver_take(&c->driver, c->arena), &ac_json_wire_limits, NULL);
    const ac_json *id = ac_json_get_c(json, "id");
    if (!ac_json_is(id, AC_JSON_NULL) || !ac_json_is(ac_json_get_c(json, "error"), AC_JSON_OBJECT)) {
        return refuse(c, "it did not answer {\"id\":null,\"error\":{…}}");
    }
    return answers_a_call(c);
}

static bool survives_a_bad_line(checker *c)
{
    return survives(c, "this is no JSON\n");
}

static bool survives_a_line_without_id(checker *c)
{
    return survives(c, "{\"operation\":\"\"}\n");
}

/* For no operation: what an SDK and a server make of such a request is another question. */
static bool reads_a_long_line(checker *c)
{
    char *bytes = ac_arena_alloc(c->arena, LONG_BYTES);
    memset(bytes, 'x', LONG_BYTES);
    const ac_json *text = ac_json_string(c->arena, (ac_str){bytes, LONG_BYTES});
    return is_unsupported(c, ac_json_set(c->arena, NULL, AC_STR("Description"), text));
}

static bool survives_framing(checker *c, ac_framing framing)
{
    ac_answer answer = plain_answer(c);
    answer.framing = framing;
    return comes_back(c, ac_json_object(), &answer, TRY_MS) && answers_a_call(c);
}

static bool survives_a_reset(checker *c)
{
    return survives_framing(c, AC_FRAMING_RESET);
}

static bool survives_half_an_answer(checker *c)
{
    return survives_framing(c, AC_FRAMING_SHORT);
}

static bool gives_up_waiting(checker *c)
{
    ac_answer answer = plain_answer(c);
    answer.delay_ms = CALL_MS;
    return comes_back(c, ac_json_object(), &answer, TRY_LATE_MS) && answers_a_call(c);
}

static bool ends(checker *c)
{
    int status = 0;
    ac_sdk_driver_dismiss(&c->driver);
    if (!ac_sdk_driver_ends(&c->driver, END_MS, &status)) {
        return refuse(c, "it did not end within 5 s");
    }
    return status == 0 || ac_fail(c->err, AC_ERR_JUDGE, "it ended with status %d", status);
}

typedef struct check {
    const char *name, *title;
    bool (*run)(checker *c);
} check;

static const check checks[] = {
    {"hello", "says who it is in one line", greets},
    {"call", "answers a call with one line", answers_a_call},
    {"calls", "answers one call after another", answers_one_after_another},
    {"unknown-operation", "says of an operation it does not have that it is unsupported", knows_what_it_has},
    {"bad-line", "answers a line that is no JSON with an error for no call, and goes on",
     survives_a_bad_line},
    {"no-id", "answers a line without an id in the same way", survives_a_line_without_id},
    {"long-line", "reads a line of 1.5 MiB", reads_a_long_line},
    {"reset", "comes back from a reset connection, and goes on", survives_a_reset},
    {"short-body", "comes back from half an answer, and goes on", survives_half_an_answer},
    {"no-answer", "gives up waiting for an answer that does not come, and goes on", gives_up_waiting},
    {"end", "ends with status 0 at the end of its input", ends},
};

/* ---- running them ---- */

static bool run_check(checker *c, const ac_sdk_home *home, const check *one)
{
    static const atomic_bool never = false;
    ac_sdk_driver_init(&c->driver, &home->command, home->environment, &never);
    bool ok = ac_sdk_driver_start(&c->driver, c->err) &&
              ac_sdk_driver_greet(&c->driver, c->arena, &c->hello, c->err) && one->run(c);
    return ok;
}

static bool tell_check(const ac_sdk_home *home, const check *one, ac_sdk_check_done done, void *context)
{
    ac_err err = {0};
    checker c = {.arena = ac_arena_new(), .err = &err};
    ac_sdk_check_result result = {.name = one->name, .title = one->title};
    pthread_mutex_init(&c.starting, NULL);
    bool staged = ac_sdk_stage_open(&c.stage, &err);
    result.passed = staged && run_check(&c, home, one);
    if (!result.passed) {
        ac_str log = staged ? ac_sdk_driver_log(&c.driver, c.arena) : AC_STR("");
        result.why = ac_str_printf(c.arena, "%s%s%.*s", err.text, log.n > 0 ? "; its log ends with: " : "",
                                   AC_STR_FMT(log));
    }
    done(context, &result);
    if (staged) {
        ac_sdk_driver_done(&c.driver);
    }
    ac_sdk_stage_close(&c.stage);
    pthread_mutex_destroy(&c.starting);
    ac_arena_free(c.arena);
    return result.passed;
}

bool ac_sdk_check(ac_str command, const char *(*environment)(const char *name), ac_sdk_check_done done,
                  void *context, bool *passed, ac_err *err)
{
    ac_sdk_home home;
    bool opened = ac_sdk_home_open(&home, command, environment, err);
    *passed = opened;
    /* Without the first one there is no use in the others. */
    for (size_t i = 0; opened && i < AC_COUNT(checks) && (*passed || i > 1); i++) {
        *passed = tell_check(&home, &checks[i], done, context) && *passed;
    }
    ac_sdk_home_close(&home);
    return opened;
}
