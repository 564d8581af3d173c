#include "sdk/seat.h"

#include "base/env.h"

/* ---- the stage ---- */

/* In the arena of the request: libmicrohttpd may still send when the call and its arena are gone. */
static ac_response copied(ac_arena *arena, const ac_response *response)
{
    return (ac_response){.status = response->status,
                         .headers = ac_pairs_clone(arena, &response->headers),
                         .body = ac_str_dup(arena, response->body)};
}

static ac_request kept_request(ac_arena *arena, const ac_request *request)
{
    return (ac_request){.method = ac_str_dup(arena, request->method),
                        .target = ac_str_dup(arena, request->target),
                        .headers = ac_pairs_clone(arena, &request->headers),
                        .body = ac_str_dup(arena, request->body)};
}

static void perform(ac_sdk_stage *stage, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    ac_sdk_outcome *outcome = stage->outcome;
    const ac_sdk_script *script = stage->script;
    size_t number = outcome->requests++;
    const ac_answer *next = &script->answers[number < script->count ? number : script->count - 1];
    if (number < AC_SDK_REQUESTS_KEPT) {
        outcome->exchanges[number] = (ac_sdk_exchange){kept_request(stage->arena, request), next};
    }
    *answer = *next;
    answer->response = copied(arena, &next->response);
}

/* Requests between two calls belong to none. Connections are not kept after one that was answered badly, so that
 * the next call does not meet it. */
static void serve(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    ac_sdk_stage *stage = context;
    pthread_mutex_lock(&stage->lock);
    if (stage->arena) {
        perform(stage, arena, request, answer);
    } else {
        answer->response.status = 503;
        answer->close = true;
    }
    pthread_mutex_unlock(&stage->lock);
    answer->close = answer->close || answer->delay_ms > 0 || answer->framing > AC_FRAMING_CHUNKED;
}

bool ac_sdk_stage_open(ac_sdk_stage *stage, ac_err *err)
{
    pthread_mutex_init(&stage->lock, NULL);
    stage->server = ac_server_start(&ac_server_defaults, serve, stage, err);
    return stage->server != NULL;
}

void ac_sdk_stage_close(ac_sdk_stage *stage)
{
    ac_server_stop(stage->server);
    pthread_mutex_destroy(&stage->lock);
}

void ac_sdk_stage_begin(ac_sdk_stage *stage, ac_arena *arena, const ac_sdk_script *script,
                        ac_sdk_outcome *outcome)
{
    pthread_mutex_lock(&stage->lock);
    stage->arena = arena;
    stage->script = script;
    stage->outcome = outcome;
    pthread_mutex_unlock(&stage->lock);
}

void ac_sdk_stage_end(ac_sdk_stage *stage)
{
    ac_sdk_stage_begin(stage, NULL, NULL, NULL);
}

/* ---- calls ---- */

static bool start_driver(ac_sdk_driver *driver, pthread_mutex_t *starting, ac_arena *arena, ac_err *err)
{
    ac_sdk_hello hello;
    pthread_mutex_lock(starting);
    bool ok = ac_sdk_driver_start(driver, err);
    pthread_mutex_unlock(starting);
    return ok && ac_sdk_driver_greet(driver, arena, &hello, err);
}

/* Sends the call and reads the answer; what the driver did wrong is the error. */
static bool talk(ac_sdk_driver *driver, ac_sdk_stage *stage, ac_arena *arena, const ac_sdk_call *call,
                 ac_sdk_outcome *outcome, ac_err *err)
{
    int64_t id = ++driver->last_id;
    ac_str endpoint = ac_str_c(ac_server_url(stage->server));
    ac_str question = ac_sdk_write_call(arena, id, call, endpoint);
    ac_sdk_stage_begin(stage, arena, &call->script, outcome);
    bool ok = ac_sdk_driver_ask(driver, question, call->deadline_ms, err);
    ac_sdk_stage_end(stage);
    if (!ok || !ac_sdk_read_answer(arena, ac_sdk_driver_take(driver, arena), id, outcome, err)) {
        return false;
    }
    if (ac_sdk_driver_babbles(driver)) {
        return ac_fail(err, AC_ERR_JUDGE, "the driver wrote more than one line for a call");
    }
    bool claims_answer = outcome->end == AC_SDK_RESULT ||
                         (outcome->end == AC_SDK_ERROR && outcome->error.kind != AC_SDK_CLIENT);
    return outcome->requests > 0 || !claims_answer ||
           ac_fail(err, AC_ERR_JUDGE, "the driver told of an answer, but no request came to the endpoint");
}

void ac_sdk_make_call(ac_sdk_driver *driver, ac_sdk_stage *stage, pthread_mutex_t *starting, ac_arena *arena,
                      const ac_sdk_call *call, ac_sdk_outcome *outcome)
{
    int64_t started_us = ac_monotonic_us();
    ac_err err = {0};
    if (ac_sdk_driver_runs(driver) && ac_sdk_driver_babbles(driver)) {
        ac_sdk_driver_kill(driver); /* with a line too many of the call before */
    }
    bool runs = ac_sdk_driver_runs(driver) || start_driver(driver, starting, arena, &err);
    if (!runs || !talk(driver, stage, arena, call, outcome, &err)) {
        outcome->end = AC_SDK_BROKEN;
        outcome->why = ac_str_dup(arena, ac_str_c(err.text));
        outcome->log = ac_sdk_driver_log(driver, arena);
        ac_sdk_driver_kill(driver);
    }
    outcome->duration_us = ac_monotonic_us() - started_us;
}
