/* Single values of answers: what is known, what follows from the contract, what is plausible. */
#include "mock/answer.h"
#include "mock/deviate.h"
#include "mock/rules.h"

#include "base/env.h"

/* ---- types ---- */

static const ac_json *as_string(ac_arena *arena, ac_str text)
{
    return ac_json_string(arena, text);
}

static const ac_json *as_number(ac_arena *arena, ac_str text)
{
    return ac_json_number_valid(text) ? ac_json_number(arena, text) : NULL;
}

static const ac_json *as_integer(ac_arena *arena, ac_str text)
{
    return ac_mock_is_integer(text) ? as_number(arena, text) : NULL;
}

static const ac_json *as_boolean(ac_arena *arena, ac_str text)
{
    (void)arena;
    return ac_mock_has_format(AC_FORMAT_BOOLEAN, text) ? ac_json_bool(ac_str_is(text, "true")) : NULL;
}

/* NULL where the text is none of the type. */
static const ac_json *typed_text(ac_arena *arena, ac_str text, int type)
{
    static const ac_json *(*const types[])(ac_arena * arena, ac_str text) = {
        [AC_JSON_TYPE_STRING] = as_string, [AC_JSON_TYPE_INTEGER] = as_integer,
        [AC_JSON_TYPE_NUMBER] = as_number, [AC_JSON_TYPE_BOOLEAN] = as_boolean,
        [AC_JSON_TYPE_OBJECT] = NULL,      [AC_JSON_TYPE_ARRAY] = NULL,
    };
    return types[type] ? types[type](arena, text) : NULL;
}

const ac_json *ac_mock_typed(ac_arena *arena, const ac_json *value, int type)
{
    if (!value || value->type == AC_JSON_NULL) {
        return value;
    }
    if (value->type == AC_JSON_OBJECT || value->type == AC_JSON_ARRAY) {
        int own = value->type == AC_JSON_OBJECT ? AC_JSON_TYPE_OBJECT : AC_JSON_TYPE_ARRAY;
        return own == type ? value : NULL;
    }
    bool boolean = value->type == AC_JSON_BOOL;
    return typed_text(arena, boolean ? ac_str_c(value->boolean ? "true" : "false") : value->text, type);
}

/* ---- what is plausible ---- */

static bool is_listed(const ac_strs *list, ac_str text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (ac_str_eq(list->items[i], text)) {
            return true;
        }
    }
    return false;
}

static bool is_conforming(const ac_response_field *field, ac_str text)
{
    return (field->enum_values.count == 0 || is_listed(&field->enum_values, text)) &&
           (field->format == AC_FORMAT_UNSET || ac_mock_has_format(field->format, text)) &&
           (!field->regex || ac_regex_match(field->regex, text));
}

/* Examples are often masked or cut, and then no value of the field. */
const ac_json *ac_mock_example(ac_arena *arena, const ac_response_field *field)
{
    const ac_json *value = ac_mock_typed(arena, field->example, field->type);
    bool container = value && (value->type == AC_JSON_ARRAY || value->type == AC_JSON_OBJECT);
    if (value && (container || is_conforming(field, ac_json_text(value)))) {
        return value;
    }
    return field->enum_values.count > 0 ? typed_text(arena, field->enum_values.items[0], field->type) : NULL;
}

static ac_str text_of_format(const ac_mock_call *call, int format)
{
    static const char *const texts[] = {
        [AC_FORMAT_UNSET] = "",  [AC_FORMAT_IPV4] = "192.168.0.1",   [AC_FORMAT_IPV6] = "2001:db8::1",
        [AC_FORMAT_JSON] = "{}", [AC_FORMAT_BOOLEAN] = "false",      [AC_FORMAT_UTC_TIME] = "",
        [AC_FORMAT_UUID] = "",   [AC_FORMAT_DOMAIN] = "mock.example"};
    if (format == AC_FORMAT_UTC_TIME) {
        return ac_time_print(call->arena, call->now_ms, AC_TIME_ISO);
    }
    return format == AC_FORMAT_UUID ? call->request_id : ac_str_c(texts[format]);
}

static const ac_json *least(int type)
{
    static const ac_json values[] = {
        [AC_JSON_TYPE_STRING] = {.type = AC_JSON_STRING},
        [AC_JSON_TYPE_INTEGER] = {.type = AC_JSON_NUMBER, .text = AC_STR_INIT("0")},
        [AC_JSON_TYPE_NUMBER] = {.type = AC_JSON_NUMBER, .text = AC_STR_INIT("0")},
        [AC_JSON_TYPE_BOOLEAN] = {.type = AC_JSON_BOOL},
        [AC_JSON_TYPE_OBJECT] = {.type = AC_JSON_OBJECT},
        [AC_JSON_TYPE_ARRAY] = {.type = AC_JSON_ARRAY},
    };
    return &values[type];
}

const ac_json *ac_mock_plausible(const ac_mock_call *call, const ac_mock_shape *shape)
{
    const ac_response_field *field = shape->field;
    const ac_json *value = shape->example;
    if (!value && field->format != AC_FORMAT_UNSET) {
        value = typed_text(call->arena, text_of_format(call, field->format), field->type);
    }
    bool always = field->presence == 0;
    return value || !always ? value : least(field->type);
}

/* ---- resources ---- */

/* The state now: one further in each transition_ms, up to the last one that ends the way. */
static ac_str state_of(const ac_mock_call *call, const ac_mock_resource *resource)
{
    const ac_states *states = resource->kind->states;
    size_t last = states->order.count;
    while (last > 1 && !is_listed(&states->done, states->order.items[last - 1])) {
        last--;
    }
    last = is_listed(&states->done, states->order.items[last - 1]) ? last : states->order.count;
    int64_t transition_us = call->mock->options.transition_ms * 1000;
    int64_t passed_us = ac_monotonic_us() - resource->created_us;
    bool settled = resource->fixture || transition_us <= 0;
    int64_t steps = settled ? (int64_t)last : passed_us / transition_us;
    size_t step = steps < (int64_t)last ? (size_t)steps : last - 1;
    return call->mock->deviant ? ac_mock_deviant_state(call, resource, step, last - 1)
                               : states->order.items[step];
}

const ac_json *ac_mock_attribute(const ac_mock_call *call, const ac_mock_resource *resource, ac_str name)
{
    if (!resource || name.n == 0) {
        return NULL;
    }
    const ac_mock_kind *kind = resource->kind;
    if (ac_str_eq(name, kind->id_name)) {
        return ac_json_string(call->arena, resource->id);
    }
    if (kind->states && kind->states->order.count > 0 && ac_str_eq(name, kind->states->attribute)) {
        return ac_json_string(call->arena, state_of(call, resource));
    }
    if (kind->parent.n > 0 && ac_str_eq(name, kind->parent)) {
        return ac_json_string(call->arena, resource->parent);
    }
    return ac_json_get(resource->attributes, name);
}

/* ---- envelopes ---- */

static ac_str nothing_of(const ac_mock_call *call)
{
    (void)call;
    return (ac_str){NULL, 0};
}

static ac_str action_of(const ac_mock_call *call)
{
    return call->action;
}

static ac_str version_of(const ac_mock_call *call)
{
    return call->version;
}

static ac_str service_of(const ac_mock_call *call)
{
    const ac_contract *contract = call->operation->contract;
    return contract->product_facts ? contract->product_facts->signing_service : contract->product;
}

/* As signed for, else as sent, else the usual one. */
static ac_str region_of(const ac_mock_call *call)
{
    int64_t index;
    const ac_contract *contract = call->operation->contract;
    if (call->claim.region.n > 0) {
        return call->claim.region;
    }
    const ac_parameter *parameter = ac_contract_role(contract, AC_ROLE_REGION);
    ac_str sent = parameter ? ac_json_text(ac_json_get(call->params, parameter->name)) : nothing_of(call);
    const ac_variable *variable = ac_contract_variable(contract, AC_STR("region"), &index);
    return sent.n == 0 && variable ? variable->default_value : sent;
}

static ac_str request_id_of(const ac_mock_call *call)
{
    return call->request_id;
}

const ac_json *ac_mock_equal(const ac_mock_call *call, int equals)
{
    static ac_str (*const origins[])(const ac_mock_call *call) = {
        [AC_EQUALS_NONE] = nothing_of,    [AC_EQUALS_ACTION] = action_of,
        [AC_EQUALS_VERSION] = version_of, [AC_EQUALS_SERVICE] = service_of,
        [AC_EQUALS_REGION] = region_of,   [AC_EQUALS_REQUEST_ID] = request_id_of,
    };
    return ac_json_string(call->arena, origins[equals](call));
}
