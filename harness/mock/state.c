/* Provider states: POST /_accord/state puts an account into a state that a case asks for. */
#include <stddef.h>

#include "base/decode.h"
#include "mock/answer.h"
#include "mock/deviate.h"

enum { SLOW_MS_MAX = 10000 };

typedef enum state_action { STATE_SETUP, STATE_TEARDOWN } state_action;

typedef struct state_request {
    int64_t accord;
    int action;
    ac_str state, operation, account, case_id;
    const ac_json *params;
} state_request;

/* One request of the protocol on its way. */
typedef struct asking {
    ac_mock_call *call;
    state_request said;
    ac_str argument; /* of the state: what follows the colon */
    const ac_mock_operation *operation;
    ac_mock_account *account;
} asking;

static bool answer(ac_mock_call *call, int status, const ac_json *body)
{
    call->status = status;
    call->body = ac_mock_written(call->arena, body);
    return status < 300;
}

static bool fail(ac_mock_call *call, int status, ac_str why)
{
    return answer(call, status,
                  ac_json_set(call->arena, NULL, AC_STR("error"), ac_json_string(call->arena, why)));
}

static bool succeed(ac_mock_call *call)
{
    return answer(call, 200, ac_json_object());
}

/* ---- reading ---- */

static const char *const actions[] = {"setup", "teardown", NULL};

static const ac_field state_fields[] = {
    AC_ROW(state_request, "accord", AC_FIELD_INT, accord, AC_REQUIRED, NULL),
    AC_ROW(state_request, "action", AC_FIELD_ENUM, action, AC_REQUIRED, actions),
    AC_ROW(state_request, "state", AC_FIELD_STR, state, AC_REQUIRED, NULL),
    AC_ROW(state_request, "operation", AC_FIELD_STR, operation, AC_REQUIRED, NULL),
    AC_ROW(state_request, "account", AC_FIELD_STR, account, AC_REQUIRED, NULL),
    AC_ROW(state_request, "case", AC_FIELD_STR_OR_NULL, case_id, AC_OPTIONAL, NULL),
    AC_ROW(state_request, "params", AC_FIELD_JSON, params, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_version(ac_decoder *decoder, const ac_json *json, void *out)
{
    const state_request *said = out;
    (void)json;
    return said->accord == 1 || ac_decode_fail(decoder, "accord", "version 1 of the protocol is expected");
}

static const ac_struct state_shape = {state_fields, sizeof(state_request), check_version};

/* Later versions may say more than this one reads. */
static const ac_json *known_members(ac_arena *arena, const ac_json *json)
{
    const ac_json *known = ac_json_object();
    for (const ac_field *field = state_fields; field->key; field++) {
        const ac_json *member = ac_json_get_c(json, field->key);
        known = member ? ac_json_set(arena, known, ac_str_c(field->key), member) : known;
    }
    return ac_json_is(json, AC_JSON_OBJECT) ? known : json;
}

static bool read_request(asking *a)
{
    ac_mock_call *call = a->call;
    ac_err err = {0};
    ac_decoder decoder;
    const ac_json *json = ac_json_parse(call->arena, call->request->body, &ac_json_wire_limits, &err);
    bool read = json != NULL;
    if (read) {
        ac_decoder_init(&decoder, call->arena, "state", &err);
        read = ac_decode(&decoder, known_members(call->arena, json), &state_shape, &a->said);
        ac_decoder_done(&decoder);
    }
    return read || fail(call, 400, ac_str_dup(call->arena, ac_str_c(err.text)));
}

static bool find_operation(asking *a)
{
    a->operation = ac_mock_operation_named(a->call->mock->plan, a->said.operation);
    return a->operation || fail(a->call, 404,
                                ac_str_printf(a->call->arena, "there is no operation \"%.*s\"",
                                              AC_STR_FMT(a->said.operation)));
}

static bool find_account(asking *a)
{
    ac_mock_call *call = a->call;
    bool known =
        !call->mock->options.check_signatures || ac_str_starts(a->said.account, ac_str_c(ac_mock_key_prefix));
    if (!known) {
        return fail(call, 400,
                    ac_str_printf(call->arena, "there is no account \"%.*s\": they begin with %s",
                                  AC_STR_FMT(a->said.account), ac_mock_key_prefix));
    }
    a->account = ac_mock_account_get(call->mock->accounts, a->operation->realm, a->said.account);
    return a->account || fail(call, 503, AC_STR("there are too many accounts"));
}

/* ---- states ---- */

static bool refuse_state(const asking *a)
{
    return fail(a->call, 404,
                ac_str_printf(a->call->arena, "there is no state \"%.*s\" of this operation",
                              AC_STR_FMT(a->said.state)));
}

static bool set_state(asking *a, const ac_error_spec *spec, int64_t delay_ms)
{
    const ac_mock_state state = {.operation = a->operation,
                                 .name = ac_mock_hash(0, a->said.state),
                                 .spec = spec,
                                 .delay_ms = delay_ms};
    if (a->said.action == STATE_SETUP) {
        ac_mock_state_add(a->account, &state);
    } else {
        ac_mock_state_remove(a->account, a->operation, state.name);
    }
    return succeed(a->call);
}

/* The row with this code: the one asked for by number, else the first. */
static const ac_error_spec *find_spec(const asking *a)
{
    int64_t row = 0;
    const ac_contract *contract = a->operation->contract;
    const ac_json *number = ac_json_get_c(a->said.params, "row");
    if (!number) {
        return ac_contract_error(contract, a->argument);
    }
    bool valid = ac_json_int(number, &row) && row >= 1 && (uint64_t)row <= contract->errors.count &&
                 ac_str_eq(contract->specs[row - 1].code, a->argument);
    return valid ? &contract->specs[row - 1] : NULL;
}

static bool is_swallowed(const asking *a, const ac_error_spec *spec)
{
    const ac_mock *mock = a->call->mock;
    return ac_mock_deviates_at(mock, a->operation, AC_ERROR_SWALLOWED) && ac_mock_concerns(mock, spec);
}

static bool set_error(asking *a)
{
    const ac_error_spec *spec = find_spec(a);
    if (!spec) {
        return refuse_state(a);
    }
    return is_swallowed(a, spec) ? succeed(a->call) : set_state(a, spec, 0);
}

static bool set_throttled(asking *a)
{
    const ac_error_spec *spec = ac_contract_when(a->operation->contract, AC_WHEN_THROTTLED, 0);
    return spec ? set_state(a, spec, 0) : refuse_state(a);
}

static bool set_slow(asking *a)
{
    int64_t delay_ms;
    if (!ac_str_int(a->argument, &delay_ms) || delay_ms < 0) {
        return refuse_state(a);
    }
    return set_state(a, NULL, delay_ms < SLOW_MS_MAX ? delay_ms : SLOW_MS_MAX);
}

static const ac_json *add_variables(const asking *a, const ac_mock_fixture *fixture, const ac_json *variables)
{
    ac_arena *arena = a->call->arena;
    for (int64_t k = 1; k <= fixture->variable->count; k++) {
        ac_str name =
            k == 1 ? fixture->variable->name
                   : ac_str_printf(arena, "%.*s_%lld", AC_STR_FMT(fixture->variable->name), (long long)k);
        ac_str id = ac_mock_fixture_id(arena, a->said.account, fixture, k);
        variables = ac_json_set(arena, variables, name, ac_json_string(arena, id));
    }
    return variables;
}

/* Where two contracts name different fixtures alike, the one of the operation asked for counts. */
static bool is_hidden(const asking *a, const ac_mock_fixture *fixture)
{
    const ac_contract *own = a->operation->contract;
    int64_t index;
    const ac_variable *visible = ac_contract_variable(own, fixture->variable->name, &index);
    return visible && !ac_str_eq(visible->resource, fixture->variable->resource);
}

static bool set_world(asking *a)
{
    const ac_mock_realm *realm = a->operation->realm;
    const ac_json *variables = ac_json_object();
    ac_mock_account_reset(a->account);
    if (a->said.action == STATE_TEARDOWN) {
        return succeed(a->call);
    }
    for (size_t i = 0; i < realm->fixture_count; i++) {
        if (!is_hidden(a, &realm->fixtures[i])) {
            variables = add_variables(a, &realm->fixtures[i], variables);
        }
    }
    return answer(a->call, 200, ac_json_set(a->call->arena, NULL, AC_STR("variables"), variables));
}

static const struct {
    const char *name;
    bool has_argument;
    bool (*set)(asking *a);
} states[] = {
    {"world", false, set_world},
    {"error", true, set_error},
    {"throttled", false, set_throttled},
    {"slow", true, set_slow},
};

static bool enter_state(asking *a)
{
    ac_str name = ac_str_split(a->said.state, ':', &a->argument);
    for (size_t i = 0; i < AC_COUNT(states); i++) {
        if (ac_str_is(name, states[i].name) && states[i].has_argument == (a->argument.p != NULL)) {
            ac_mock_account_lock(a->account);
            bool set = states[i].set(a);
            ac_mock_account_unlock(a->account);
            return set;
        }
    }
    return refuse_state(a);
}

void ac_mock_answer_state(ac_mock_call *call)
{
    asking a = {.call = call};
    if (!ac_str_is(call->request->method, "POST")) {
        fail(call, 405, AC_STR("states are asked for with POST"));
        return;
    }
    (void)(read_request(&a) && find_operation(&a) && find_account(&a) && enter_state(&a));
}
