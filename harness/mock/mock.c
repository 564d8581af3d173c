#include "mock/mock.h"

#include "mock/answer.h"
#include "mock/deviate.h"

const ac_mock_options ac_mock_defaults = {
    .server = {.host = "127.0.0.1",
               .threads = 1,
               .connections = 1024,
               .idle_seconds = 30,
               .body_bytes_max = 4 * 1024 * 1024},
    .env = {.clock_fixed = false},
    .transition_ms = 3,
    .check_signatures = true,
    .skew_ms = 15 * 60 * 1000,
    .accounts_max = 4096,
    .resources_max = 4096,
};

/* ---- answering ---- */

/* What a documented error speaks of: its row's parameter, else the first one. */
static ac_str subject_of(const ac_mock_call *call, const ac_error_spec *spec)
{
    const ac_contract *contract = call->operation->contract;
    ac_str name = spec->row > 0 ? contract->errors.items[spec->row - 1].parameter : (ac_str){NULL, 0};
    const ac_parameter *parameter = ac_contract_parameter(contract, name);
    if (!parameter && call->operation->param_count > 0) {
        parameter = call->operation->params[0].of;
    }
    return parameter ? ac_mock_param_name(call->arena, parameter) : name;
}

/* What a provider state asked of the next call of this operation. */
static bool take_state(ac_mock_call *call)
{
    ac_mock_state state;
    ac_mock_account_lock(call->account);
    bool taken = ac_mock_state_take(call->account, call->operation, &state);
    ac_mock_account_unlock(call->account);
    if (!taken) {
        return true;
    }
    call->delay_ms = state.delay_ms;
    return !state.spec || ac_mock_refuse(call, state.spec, subject_of(call, state.spec), (ac_str){NULL, 0});
}

static void serve(ac_mock_call *call)
{
    bool done = ac_mock_decode(call) && ac_mock_authenticate(call) && take_state(call) &&
                ac_mock_validate(call) && ac_mock_behave(call);
    if (!done) {
        ac_mock_answer_refusal(call);
    }
    if (call->mock->deviant) {
        ac_mock_deviate(call);
    }
}

void ac_mock_answer(ac_mock *mock, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    uint64_t number = atomic_fetch_add(&mock->answers, 1);
    ac_mock_call call = {.mock = mock,
                         .arena = arena,
                         .request = request,
                         .request_id = ac_mock_uuid(arena, number),
                         .now_ms = ac_env_now_ms(&mock->options.env),
                         .content_type = AC_STR("application/json")};
    if (ac_str_is(ac_target_path(request->target), "/_accord/state")) {
        ac_mock_answer_state(&call);
    } else {
        serve(&call);
    }
    *answer = (ac_answer){.response = {.status = call.status, .body = call.body}, .delay_ms = call.delay_ms};
    ac_pairs_add(arena, &answer->response.headers, AC_STR("Content-Type"), call.content_type);
}

static void handle(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    ac_mock_answer(context, arena, request, answer);
}

/* ---- life ---- */

ac_mock *ac_mock_new(const ac_corpus *corpus, const ac_mock_options *options)
{
    ac_mock *mock = ac_alloc(sizeof *mock);
    mock->options = *options;
    mock->plan = ac_mock_plan_new(corpus);
    const ac_mock_limits limits = {.accounts = options->accounts_max, .resources = options->resources_max};
    mock->accounts = ac_mock_accounts_new(limits, ac_mock_mixes_accounts(options->deviation));
    atomic_init(&mock->answers, 1);
    ac_mock_prepare_deviation(mock);
    return mock;
}

void ac_mock_free(ac_mock *mock)
{
    if (mock) {
        ac_mock_accounts_free(mock->accounts);
        ac_mock_plan_free(mock->plan);
        ac_free(mock);
    }
}

ac_mock *ac_mock_start(const ac_corpus *corpus, const ac_mock_options *options, ac_err *err)
{
    ac_mock *mock = ac_mock_new(corpus, options);
    mock->server = ac_server_start(&options->server, handle, mock, err);
    if (!mock->server) {
        ac_mock_free(mock);
        return NULL;
    }
    return mock;
}

void ac_mock_stop(ac_mock *mock)
{
    if (mock) {
        ac_server_stop(mock->server);
        ac_mock_free(mock);
    }
}

const char *ac_mock_url(const ac_mock *mock)
{
    return mock->server ? ac_server_url(mock->server) : "";
}
