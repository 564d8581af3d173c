/* Provider states: docs/state-protocol.md. */
#include <stdio.h>
#include <string.h>

#include "http/url.h"
#include "run/lane.h"
#include "target/command.h"

enum { HOOK_MS = 10000, PROBE_MS = 3000, HOOK_ANSWER_MAX = 1 << 20 };

/* Exit status of a state command that does not know the state. */
enum { COMMAND_UNSUPPORTED = 3 };

typedef enum hook_result { HOOK_DONE, HOOK_UNSUPPORTED, HOOK_BROKEN } hook_result;

static ac_str hook_body(ac_arena *arena, const char *action, ac_str state, const ac_case *c, ac_str key_id)
{
    ac_buf body;
    ac_buf_init(&body, 64 * 1024);
    ac_buf_printf(&body, "{\"accord\":1,\"action\":\"%s\",\"state\":", action);
    ac_json_write_string(&body, state);
    ac_buf_add_c(&body, ",\"operation\":");
    ac_json_write_string(&body, c ? c->contract->operation : AC_STR(""));
    ac_buf_add_c(&body, ",\"account\":");
    ac_json_write_string(&body, key_id);
    ac_buf_add_c(&body, ",\"case\":");
    ac_json_write_string(&body, c ? c->id : AC_STR(""));
    if (c && c->row > 0 && ac_str_starts(state, AC_STR("error:"))) {
        ac_buf_printf(&body, ",\"params\":{\"row\":%zu}}", c->row);
    } else {
        ac_buf_add_c(&body, ",\"params\":{}}");
    }
    return ac_buf_take(&body, arena);
}

static hook_result of_status(int status)
{
    return status >= 200 && status < 300    ? HOOK_DONE
           : status == 404 || status == 501 ? HOOK_UNSUPPORTED
                                            : HOOK_BROKEN;
}

/* The variables of an answer; false where the body is there but not what it should be. */
static bool read_variables(ac_arena *arena, ac_str body, const ac_json **out, ac_err *err)
{
    *out = NULL;
    if (ac_str_trim(body).n == 0) {
        return true;
    }
    const ac_json *json = ac_json_parse(arena, body, &ac_json_wire_limits, err);
    if (!json) {
        return false;
    }
    const ac_json *variables = ac_json_get_c(json, "variables");
    if (json->type != AC_JSON_OBJECT || (variables && variables->type != AC_JSON_OBJECT)) {
        return ac_fail(err, AC_ERR_DATA, "an object with \"variables\" is expected");
    }
    *out = variables;
    return true;
}

/* ---- for a case ---- */

static void bind_variables(lane *l, const ac_json *variables, bool is_world)
{
    account *who = &l->accounts[is_world ? l->account_at : AC_ACCOUNT_OWN];
    if (is_world) {
        account_add_world(who, l->c->contract->provider, variables);
        return;
    }
    for (size_t i = 0; variables && i < variables->count; i++) {
        lane_capture(l, variables->items[i].key, ac_json_text(&variables->items[i]));
    }
}

static void state_refused(lane *l, hook_result result, ac_str state, ac_str why)
{
    if (result == HOOK_UNSUPPORTED) {
        lane_stop(l, AC_SKIP, AC_STR("the target does not support this provider state"));
        return;
    }
    lane_stop(
        l, AC_BLOCKED,
        ac_str_printf(l->arena, "the state hook failed for %.*s: %.*s", AC_STR_FMT(state), AC_STR_FMT(why)));
}

static void hook_answered(lane *l, hook_result result, ac_str body, ac_str why)
{
    bool is_world = l->phase == PHASE_WORLD;
    ac_str state = is_world ? AC_STR("world") : l->c->state;
    const ac_json *variables = NULL;
    ac_err err = {0};
    if (l->phase == PHASE_RESET) {
        lane_wake(l);
        return;
    }
    ac_arena *arena = is_world ? l->accounts[l->account_at].arena : l->arena;
    if (result == HOOK_DONE && !read_variables(arena, body, &variables, &err)) {
        result = HOOK_BROKEN;
        why = ac_str_c(err.text);
    }
    if (is_world && result == HOOK_UNSUPPORTED) {
        result = HOOK_DONE; /* the target has states but no world: its profile gives the variables */
    }
    if (result == HOOK_DONE) {
        bind_variables(l, variables, is_world);
    } else {
        l->state_set = false;
        state_refused(l, result, state, why);
        l->phase = PHASE_STEP;
    }
    lane_wake(l);
}

static void hook_arrived(void *context, const ac_outcome *outcome)
{
    lane *l = context;
    l->pending--;
    if (outcome->transport != AC_TRANSPORT_OK) {
        ac_str why = ac_str_dup(l->arena, ac_str_c(outcome->detail));
        if (outcome->transport == AC_TRANSPORT_UNREACHABLE) {
            runner_unreachable(l->runner, why);
        }
        hook_answered(l, HOOK_BROKEN, AC_STR(""), why);
        return;
    }
    l->runner->answered = true;
    l->runner->unreachable = 0;
    ac_str why = ac_str_printf(l->arena, "status %d", outcome->response.status);
    hook_answered(l, of_status(outcome->response.status), outcome->response.body, why);
}

static void post(runner *r, ac_arena *arena, ac_str body, int64_t deadline_ms, ac_client_done done,
                 void *context)
{
    ac_request *request = AC_NEW(arena, ac_request);
    ac_str url = r->target->state_url;
    ac_str path = ac_url_path(url);
    request->target = path.p ? path : AC_STR("/");
    request->method = AC_STR("POST");
    request->body = body;
    ac_pairs_add(arena, &request->headers, AC_STR("Host"), ac_url_authority(url));
    ac_pairs_add(arena, &request->headers, AC_STR("Content-Type"), AC_STR("application/json"));
    ac_client_send(r->client, arena, ac_url_origin(url), request, deadline_ms, done, context);
}

static void run_command(lane *l, ac_str body)
{
    ac_str output = {NULL, 0};
    ac_err err = {0};
    int status = 0;
    if (!ac_command_run(l->arena, &l->runner->target->state_command, body, HOOK_MS, HOOK_ANSWER_MAX, &status,
                        &output, &err)) {
        hook_answered(l, HOOK_BROKEN, AC_STR(""), ac_str_c(err.text));
        return;
    }
    l->runner->answered = true;
    hook_result result = status == 0                     ? HOOK_DONE
                         : status == COMMAND_UNSUPPORTED ? HOOK_UNSUPPORTED
                                                         : HOOK_BROKEN;
    hook_answered(l, result, output, ac_str_printf(l->arena, "exit status %d", status));
}

void lane_call_hook(lane *l, const char *action, ac_str state, account *who)
{
    ac_str body = hook_body(l->arena, action, state, l->c, who->credentials.access_key_id);
    if (l->runner->hook == HOOK_COMMAND) {
        run_command(l, body);
        return;
    }
    l->pending++;
    post(l->runner, l->arena, body, HOOK_MS, hook_arrived, l);
}

/* ---- before the run ---- */

typedef struct probe {
    bool done;
    bool unreachable;
    ac_arena *arena;
    ac_str why;
    hook_result result;
} probe;

static void probe_arrived(void *context, const ac_outcome *outcome)
{
    probe *p = context;
    p->done = true;
    p->unreachable = outcome->transport == AC_TRANSPORT_UNREACHABLE;
    p->why = ac_str_dup(p->arena, ac_str_c(outcome->detail));
    bool answered = outcome->transport == AC_TRANSPORT_OK;
    p->result = answered ? of_status(outcome->response.status) : HOOK_UNSUPPORTED;
    const ac_json *variables;
    if (p->result == HOOK_DONE && !read_variables(p->arena, outcome->response.body, &variables, NULL)) {
        p->result = HOOK_UNSUPPORTED;
    }
}

/* Asks for the world of the first account: a target that answers has the hook. */
static bool ask_target(runner *r, ac_arena *arena, probe *p)
{
    ac_str key = r->target->credentials.access_key_id;
    *p = (probe){.arena = arena};
    post(r, arena, hook_body(arena, "setup", AC_STR("world"), r->cases[0], key), PROBE_MS, probe_arrived, p);
    while (!p->done) {
        ac_client_run(r->client, 100);
    }
    return !p->unreachable;
}

bool hook_probe(runner *r)
{
    const ac_target *target = r->target;
    r->isolation = (ac_isolation)target->isolation;
    r->hook = target->state_command.count > 0 ? HOOK_COMMAND : target->state_url.p ? HOOK_URL : HOOK_NONE;
    if (r->hook == HOOK_URL && target->state_probe) {
        ac_arena *arena = ac_arena_new();
        probe p;
        bool reached = ask_target(r, arena, &p);
        if (!reached) {
            ac_fail(r->err, AC_ERR_JUDGE, "%.*s: %.*s", AC_STR_FMT(target->url), AC_STR_FMT(p.why));
        }
        r->hook = reached && p.result == HOOK_DONE ? HOOK_URL : HOOK_NONE;
        ac_arena_free(arena);
        if (!reached) {
            return false;
        }
    }
    if (r->isolation == AC_ISOLATION_UNSET) {
        r->isolation = r->hook == HOOK_NONE ? AC_ISOLATION_NONE : AC_ISOLATION_ACCOUNT;
    }
    return true;
}
