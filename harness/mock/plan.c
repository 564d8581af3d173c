#include "mock/plan.h"

#include <stdlib.h>

/* ---- parameters ---- */

/* Whether no row of the contract stands for any of the containers around the parameter. */
static bool is_bare(const ac_contract *contract, ac_str name)
{
    for (size_t n = name.n; n > 0; n--) {
        if (name.p[n - 1] == '.' && ac_contract_parameter(contract, ac_str_sub(name, 0, n - 1))) {
            return false;
        }
    }
    return true;
}

static bool split_name(ac_mock_param *param)
{
    ac_str rest = param->of->name;
    while (rest.p && param->count < AC_MOCK_STEPS_MAX) {
        ac_str part = ac_str_split(rest, '.', &rest);
        bool element = ac_str_is(part, "N") && param->count > 0;
        if (element) {
            param->array = param->count;
        }
        param->steps[param->count++] = (ac_mock_step){element ? (ac_str){NULL, 0} : part, element};
    }
    if (param->array == 0 && param->of->type == AC_TYPE_ARRAY) {
        param->array = param->count;
    }
    return !rest.p;
}

static bool is_held(const ac_parameter *parameter)
{
    return parameter->role != AC_ROLE_DUPLICATE && parameter->role != AC_ROLE_ACTION &&
           parameter->role != AC_ROLE_VERSION;
}

static void plan_params(ac_arena *arena, ac_mock_operation *operation)
{
    const ac_contract *contract = operation->contract;
    ac_mock_param *params = AC_NEW_ARRAY(arena, contract->parameters.count, ac_mock_param);
    ac_mock_shape *request = AC_NEW(arena, ac_mock_shape);
    for (size_t i = 0; i < contract->parameters.count; i++) {
        ac_mock_param *param = &params[operation->param_count];
        *param = (ac_mock_param){.of = &contract->parameters.items[i]};
        if (is_held(param->of) && split_name(param)) {
            param->bare = is_bare(contract, param->of->name);
            operation->has_body = operation->has_body || param->of->in == AC_IN_BODY;
            ac_mock_shape_add_param(arena, request, param);
            operation->param_count++;
        }
    }
    operation->params = params;
    operation->request = request;
}

/* ---- operations ---- */

static void plan_path(ac_arena *arena, ac_mock_operation *operation)
{
    ac_str path = operation->contract->path;
    ac_str *segments = AC_NEW_ARRAY(arena, path.n + 1, ac_str);
    ac_str rest = ac_str_sub(path, 1, path.n);
    while (rest.p) {
        segments[operation->segment_count++] = ac_str_split(rest, '/', &rest);
    }
    operation->segments = segments;
}

static const ac_mock_realm *realm_of(const ac_mock_plan *plan, const ac_provider *provider)
{
    size_t i = 0;
    while (plan->realms[i].provider != provider) {
        i++;
    }
    return &plan->realms[i];
}

/* The shape of a style's errors, made once for all of its operations. */
static const ac_mock_shape *error_shape(const ac_mock_plan *plan, const ac_style *style, size_t before)
{
    for (size_t i = 0; i < before; i++) {
        if (plan->operations[i].contract->style == style) {
            return plan->operations[i].error;
        }
    }
    return ac_mock_shape_of_fields(plan->arena, &style->error.fields, style, true);
}

static void plan_operation(ac_mock_plan *plan, size_t index, const ac_contract *contract)
{
    ac_mock_operation *operation = &plan->operations[index];
    operation->contract = contract;
    operation->realm = realm_of(plan, contract->provider);
    operation->answer =
        ac_mock_shape_of_fields(plan->arena, &contract->response.fields, contract->style, false);
    operation->error = error_shape(plan, contract->style, index);
    plan_params(plan->arena, operation);
    plan_path(plan->arena, operation);
}

static int compare_action(const ac_mock_operation *operation, ac_str action, ac_str version)
{
    int order = ac_str_cmp(operation->contract->action, action);
    return order != 0 ? order : ac_str_cmp(operation->contract->version, version);
}

static int by_action(const void *a, const void *b)
{
    const ac_mock_operation *const *x = a;
    const ac_mock_operation *const *y = b;
    int order = compare_action(*x, (*y)->contract->action, (*y)->contract->version);
    return order != 0 ? order : ac_str_cmp((*x)->contract->operation, (*y)->contract->operation);
}

static void index_operations(ac_mock_plan *plan)
{
    plan->by_action = AC_NEW_ARRAY(plan->arena, plan->operation_count, const ac_mock_operation *);
    plan->by_path = AC_NEW_ARRAY(plan->arena, plan->operation_count, const ac_mock_operation *);
    for (size_t i = 0; i < plan->operation_count; i++) {
        const ac_mock_operation *operation = &plan->operations[i];
        if (operation->contract->style->wire == AC_WIRE_ALIBABA_ROA) {
            plan->by_path[plan->path_count++] = operation;
        } else {
            plan->by_action[plan->action_count++] = operation;
        }
    }
    qsort(plan->by_action, plan->action_count, sizeof *plan->by_action, by_action);
}

const ac_mock_operation *const *ac_mock_operations_of(const ac_mock_plan *plan, ac_str action, ac_str version,
                                                      size_t *count)
{
    size_t low = 0;
    for (size_t high = plan->action_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        bool before = compare_action(plan->by_action[middle], action, version) < 0;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    size_t end = low;
    while (end < plan->action_count && compare_action(plan->by_action[end], action, version) == 0) {
        end++;
    }
    *count = end - low;
    return end > low ? plan->by_action + low : NULL;
}

const ac_mock_operation *ac_mock_operation_named(const ac_mock_plan *plan, ac_str operation)
{
    for (size_t low = 0, high = plan->operation_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = ac_str_cmp(operation, plan->operations[middle].contract->operation);
        if (order == 0) {
            return &plan->operations[middle];
        }
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
    return NULL;
}

/* ---- kinds ---- */

const ac_mock_kind *ac_mock_kind_named(const ac_mock_realm *realm, ac_str name)
{
    for (size_t i = 0; i < realm->kind_count; i++) {
        if (ac_str_eq(realm->kinds[i].name, name)) {
            return &realm->kinds[i];
        }
    }
    return NULL;
}

static void add_kind(ac_mock_realm *realm, ac_str name)
{
    if (name.n > 0 && !ac_mock_kind_named(realm, name)) {
        realm->kinds[realm->kind_count++].name = name;
    }
}

static void add_kinds_of_variables(ac_mock_realm *realm, const ac_variables *variables)
{
    for (size_t i = 0; i < variables->count; i++) {
        add_kind(realm, variables->items[i].resource);
    }
}

/* What the operations say of a kind: the first one that creates it, else where an id of it is asked for. */
static void learn_kind(const ac_mock_plan *plan, const ac_mock_realm *realm, ac_mock_kind *kind)
{
    for (size_t i = 0; i < plan->operation_count; i++) {
        const ac_mock_operation *operation = &plan->operations[i];
        const ac_behaviour *behaviour = &operation->contract->behaviour;
        if (operation->realm != realm || !ac_str_eq(behaviour->resource, kind->name)) {
            continue;
        }
        if (behaviour->kind == AC_BEHAVIOUR_CREATE && !kind->creator) {
            kind->creator = operation;
            kind->id_name = ac_mock_last_token(behaviour->id_pointer);
            kind->parent = behaviour->parent;
            kind->states = operation->contract->states;
        } else if (kind->id_name.n == 0) {
            kind->id_name = behaviour->id_param;
        }
    }
}

static void plan_kinds(ac_mock_plan *plan, ac_mock_realm *realm)
{
    size_t most = realm->provider->variables.count;
    for (size_t i = 0; i < plan->operation_count; i++) {
        most += 1 + plan->operations[i].contract->variables.count;
    }
    realm->kinds = AC_NEW_ARRAY(plan->arena, most, ac_mock_kind);
    add_kinds_of_variables(realm, &realm->provider->variables);
    for (size_t i = 0; i < plan->operation_count; i++) {
        if (plan->operations[i].realm == realm) {
            add_kind(realm, plan->operations[i].contract->behaviour.resource);
            add_kinds_of_variables(realm, &plan->operations[i].contract->variables);
        }
    }
    for (size_t i = 0; i < realm->kind_count; i++) {
        learn_kind(plan, realm, &realm->kinds[i]);
    }
    for (size_t i = 0; i < plan->operation_count; i++) {
        if (plan->operations[i].realm == realm) {
            plan->operations[i].kind =
                ac_mock_kind_named(realm, plan->operations[i].contract->behaviour.resource);
        }
    }
}

/* ---- fixtures ---- */

static bool is_template(const ac_variable *variable)
{
    return ac_str_find(variable->default_value, AC_STR("${")) != AC_NOT_FOUND;
}

/* Several contracts may have the same variable: that is one fixture. */
static bool is_known(const ac_mock_realm *realm, const ac_variable *variable)
{
    for (size_t i = 0; i < realm->fixture_count; i++) {
        const ac_variable *other = realm->fixtures[i].variable;
        if (ac_str_eq(other->name, variable->name) && ac_str_eq(other->resource, variable->resource)) {
            return true;
        }
    }
    return false;
}

static void add_fixtures(ac_mock_realm *realm, const ac_variables *variables, const ac_contract *contract)
{
    for (size_t i = 0; i < variables->count; i++) {
        const ac_variable *variable = &variables->items[i];
        if (variable->resource.n > 0 && !is_template(variable) && !is_known(realm, variable)) {
            realm->fixtures[realm->fixture_count++] =
                (ac_mock_fixture){.kind = ac_mock_kind_named(realm, variable->resource),
                                  .variable = variable,
                                  .contract = contract};
        }
    }
}

/* A nested fixture belongs to the first fixture of the kind that its creator's parent parameter names. */
static const ac_mock_fixture *owner_of(const ac_mock_realm *realm, const ac_mock_kind *kind)
{
    const ac_parameter *parent =
        kind->parent.n > 0 ? ac_contract_parameter(kind->creator->contract, kind->parent) : NULL;
    for (size_t i = 0; parent && i < parent->constraints.count; i++) {
        const ac_constraint *constraint = &parent->constraints.items[i];
        for (size_t k = 0; constraint->kind == AC_REFERENCE && k < realm->fixture_count; k++) {
            if (ac_str_eq(realm->fixtures[k].kind->name, constraint->resource)) {
                return &realm->fixtures[k];
            }
        }
    }
    return NULL;
}

static void plan_fixtures(const ac_mock_plan *plan, ac_mock_realm *realm)
{
    size_t most = realm->provider->variables.count;
    for (size_t i = 0; i < plan->operation_count; i++) {
        most += plan->operations[i].contract->variables.count;
    }
    realm->fixtures = AC_NEW_ARRAY(plan->arena, most, ac_mock_fixture);
    add_fixtures(realm, &realm->provider->variables, NULL);
    for (size_t i = 0; i < plan->operation_count; i++) {
        if (plan->operations[i].realm == realm) {
            const ac_contract *contract = plan->operations[i].contract;
            add_fixtures(realm, &contract->variables, contract);
        }
    }
    for (size_t i = 0; i < realm->fixture_count; i++) {
        realm->fixtures[i].of = owner_of(realm, realm->fixtures[i].kind);
    }
}

/* ---- the whole ---- */

ac_mock_plan *ac_mock_plan_new(const ac_corpus *corpus)
{
    ac_arena *arena = ac_arena_new();
    ac_mock_plan *plan = AC_NEW(arena, ac_mock_plan);
    plan->arena = arena;
    plan->realms = AC_NEW_ARRAY(arena, corpus->provider_count, ac_mock_realm);
    plan->realm_count = corpus->provider_count;
    for (size_t i = 0; i < corpus->provider_count; i++) {
        plan->realms[i].provider = corpus->providers[i];
    }
    plan->operations = AC_NEW_ARRAY(arena, corpus->contract_count, ac_mock_operation);
    plan->operation_count = corpus->contract_count;
    for (size_t i = 0; i < corpus->contract_count; i++) {
        plan_operation(plan, i, corpus->contracts[i]);
    }
    for (size_t i = 0; i < plan->realm_count; i++) {
        plan_kinds(plan, &plan->realms[i]);
        plan_fixtures(plan, &plan->realms[i]);
    }
    index_operations(plan);
    return plan;
}

void ac_mock_plan_free(ac_mock_plan *plan)
{
    if (plan) {
        ac_arena_free(plan->arena);
    }
}
