/* What an operation does, by the kind of its behaviour. */
#include "mock/answer.h"
#include "mock/deviate.h"

#include "base/env.h"

static const ac_str nothing = {NULL, 0};

/* How long the first call with a token takes where others with it are not held back meanwhile. */
enum { RACE_MS = 50 };

static const ac_behaviour *behaviour_of(const ac_mock_call *call)
{
    return &call->operation->contract->behaviour;
}

/* Text of a parameter as it holds; empty where there is none. */
static ac_str param_text(const ac_mock_call *call, ac_str name)
{
    return name.n > 0 ? ac_json_text(ac_mock_effective_value(call, name)) : nothing;
}

/* ---- create ---- */

/* The answer that tells of the thing made; NULL where there may be no more. */
static const ac_json *make(ac_mock_call *call)
{
    const ac_behaviour *behaviour = behaviour_of(call);
    ac_mock_resource draft = {.kind = call->operation->kind,
                              .parent = param_text(call, behaviour->parent),
                              .created_ms = call->now_ms,
                              .created_us = ac_monotonic_us()};
    if (!ac_mock_resource_draft(call->account, call->arena, behaviour->id_prefix, &draft)) {
        return NULL;
    }
    const ac_mock_view view = {.call = call, .resource = &draft};
    const ac_json *body = ac_mock_body(&view);
    draft.attributes = ac_mock_attributes(call, body);
    ac_mock_resource_add(call->account, &draft);
    return body;
}

static bool create(ac_mock_call *call)
{
    const ac_json *body = make(call);
    if (!body) {
        return ac_mock_refuse_when(call, AC_WHEN_UNAVAILABLE, nothing, nothing);
    }
    ac_mock_succeed(call, body);
    return true;
}

/* ---- read and delete ---- */

/* What belongs to another owner than the request names is not there. */
static bool is_owned(const ac_mock_call *call, const ac_mock_resource *resource)
{
    ac_str owner = param_text(call, resource->kind->parent);
    return owner.n == 0 || ac_str_eq(owner, resource->parent);
}

static const ac_mock_resource *find(const ac_mock_call *call)
{
    const ac_behaviour *behaviour = behaviour_of(call);
    const ac_mock_resource *found =
        ac_mock_resource_find(call->account, behaviour->resource, param_text(call, behaviour->id_param));
    return found && is_owned(call, found) ? found : NULL;
}

static const ac_mock_resource *borrow(const ac_mock_call *call)
{
    const ac_behaviour *behaviour = behaviour_of(call);
    const ac_mock_resource *found =
        ac_mock_borrow(call, behaviour->resource, param_text(call, behaviour->id_param));
    return found && is_owned(call, found) ? found : NULL;
}

static bool refuse_not_found(ac_mock_call *call)
{
    const ac_behaviour *behaviour = behaviour_of(call);
    return ac_mock_refuse_rule(call, behaviour->not_found, AC_WHEN_MALFORMED_PARAMETER, behaviour->id_param);
}

static bool answer(ac_mock_call *call, const ac_mock_resource *resource)
{
    const ac_mock_view view = {.call = call, .resource = resource};
    ac_mock_succeed(call, ac_mock_body(&view));
    return true;
}

static bool read_resource(ac_mock_call *call)
{
    const ac_mock_resource *resource = find(call);
    if (resource && ac_mock_overlooks(call, resource)) {
        return refuse_not_found(call);
    }
    resource = resource ? resource : borrow(call);
    return resource ? answer(call, resource) : refuse_not_found(call);
}

/* Where no error is documented for it, deleting what is not there succeeds. */
static bool delete_resource(ac_mock_call *call)
{
    const ac_mock_resource *resource = find(call);
    const ac_mock_resource *shown = resource ? resource : borrow(call);
    if (!shown && behaviour_of(call)->not_found.p) {
        return refuse_not_found(call);
    }
    bool answered = answer(call, shown);
    if (resource && !ac_mock_deviates_of(call->mock, resource, AC_DELETE_KEEPS)) {
        ac_mock_resource_remove(call->account, resource);
    }
    return answered;
}

static bool plain(ac_mock_call *call)
{
    return answer(call, NULL);
}

/* ---- dry run ---- */

static bool wants_dry_run(const ac_mock_call *call)
{
    const ac_dry_run *dry_run = call->operation->contract->dry_run;
    const ac_json *value = dry_run ? ac_mock_effective_value(call, dry_run->parameter) : NULL;
    return value && (value->boolean || ac_str_is(ac_json_text(value), "true"));
}

/* A success is told by an error, or (where none is documented) by the answer without what would be made. */
static bool end_dry_run(ac_mock_call *call)
{
    const ac_contract *contract = call->operation->contract;
    const ac_rule_error *passed = contract->dry_run->passed;
    if (behaviour_of(call)->kind == AC_BEHAVIOUR_CREATE && ac_mock_deviates(call, AC_DRY_RUN_CREATES)) {
        (void)make(call);
    }
    if ((passed && passed->error.p) || ac_contract_when(contract, AC_WHEN_DRY_RUN_PASSED, 0)) {
        return ac_mock_refuse_rule(call, passed ? passed->error : nothing, AC_WHEN_DRY_RUN_PASSED, nothing);
    }
    const ac_mock_view view = {.call = call, .draft = true};
    ac_mock_succeed(call, ac_mock_body(&view));
    return true;
}

/* ---- idempotency ---- */

static ac_str token_of(const ac_mock_call *call)
{
    const ac_idempotency *idempotency = call->operation->contract->idempotency;
    if (!idempotency || ac_mock_deviates(call, AC_TOKEN_IGNORED)) {
        return nothing;
    }
    ac_str token = param_text(call, idempotency->parameter);
    return ac_mock_deviates(call, AC_TOKEN_CASE_FOLDED) ? ac_mock_folded(call->arena, token) : token;
}

/* Whose tokens count. */
static ac_mock_account *keeper_of(const ac_mock_call *call)
{
    return ac_mock_deviates(call, AC_TOKEN_ACROSS_ACCOUNTS) ? call->mock->common : call->account;
}

/* What the token was used for; NULL: nothing that the call knows of. */
static const ac_mock_token *find_token(const ac_mock_call *call, ac_str token)
{
    const ac_mock_token *known =
        token.n > 0 ? ac_mock_token_find(keeper_of(call), call->operation, token) : NULL;
    bool races = known && ac_mock_deviates(call, AC_TOKEN_RACE) && ac_monotonic_us() < known->ready_us;
    return races ? NULL : known;
}

/* Of what was asked for with a token: every parameter but the token. */
static uint64_t hash_params(const ac_mock_call *call)
{
    ac_str token = call->operation->contract->idempotency->parameter;
    uint64_t hash = 0;
    for (size_t i = 0; i < call->params->count; i++) {
        const ac_json *param = &call->params->items[i];
        if (!ac_str_eq(param->key, token)) {
            hash = ac_mock_hash(ac_mock_hash(hash, param->key), ac_mock_written(call->arena, param));
        }
    }
    return hash;
}

static bool refuse_token(ac_mock_call *call, const ac_rule_error *rule, ac_when when)
{
    return ac_mock_refuse_rule(call, rule ? rule->error : nothing, when,
                               call->operation->contract->idempotency->parameter);
}

/* The first answer again, under an id of its own. */
static bool repeat(ac_mock_call *call, const ac_mock_token *known)
{
    const ac_idempotency *idempotency = call->operation->contract->idempotency;
    bool differs = known->params != hash_params(call);
    if (differs && !ac_mock_deviates(call, AC_TOKEN_MISMATCH_UNNOTICED)) {
        return refuse_token(call, idempotency->mismatch, AC_WHEN_IDEMPOTENCY_MISMATCH);
    }
    bool documented = (idempotency->processing && idempotency->processing->error.p) ||
                      ac_contract_when(call->operation->contract, AC_WHEN_IDEMPOTENCY_PROCESSING, 0);
    if (documented && ac_monotonic_us() < known->ready_us) {
        return refuse_token(call, idempotency->processing, AC_WHEN_IDEMPOTENCY_PROCESSING);
    }
    call->status = (int)call->operation->contract->response.status;
    call->body = ac_str_replace(call->arena, known->body, known->request_id, call->request_id);
    call->body = ac_str_dup(call->arena, call->body);
    return true;
}

static void remember_token(ac_mock_call *call, ac_str token)
{
    if (ac_mock_deviates(call, AC_TOKEN_RACE) && call->delay_ms < RACE_MS) {
        call->delay_ms = RACE_MS;
    }
    const ac_mock_token used = {.operation = call->operation,
                                .token = token,
                                .params = hash_params(call),
                                .request_id = call->request_id,
                                .body = call->body,
                                .ready_us = ac_monotonic_us() + call->delay_ms * 1000};
    ac_mock_token_add(keeper_of(call), &used);
}

/* ---- in order ---- */

/* A token that was used answers before anything is looked for: what the first call did may be why it is not
 * there any more. */
static bool act(ac_mock_call *call)
{
    static bool (*const effects[])(ac_mock_call * call) = {[AC_BEHAVIOUR_PLAIN] = plain,
                                                           [AC_BEHAVIOUR_CREATE] = create,
                                                           [AC_BEHAVIOUR_READ] = read_resource,
                                                           [AC_BEHAVIOUR_LIST] = ac_mock_list,
                                                           [AC_BEHAVIOUR_DELETE] = delete_resource};
    bool dry = wants_dry_run(call);
    ac_str token = dry ? nothing : token_of(call);
    const ac_mock_token *known = find_token(call, token);
    if (known) {
        return repeat(call, known);
    }
    if (!ac_mock_check_references(call)) {
        return false;
    }
    if (dry) {
        return end_dry_run(call);
    }
    bool done = effects[behaviour_of(call)->kind](call);
    if (done && token.n > 0) {
        remember_token(call, token);
    }
    return done;
}

bool ac_mock_behave(ac_mock_call *call)
{
    ac_mock_account_lock(call->account);
    bool done = act(call);
    ac_mock_account_unlock(call->account);
    return done;
}
