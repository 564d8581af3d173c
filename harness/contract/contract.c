#include "contract/contract.h"

#include <string.h>

bool ac_parameter_is_sendable(const ac_parameter *parameter)
{
    return parameter->role != AC_ROLE_CONTAINER && parameter->role != AC_ROLE_DUPLICATE &&
           parameter->role != AC_ROLE_ACTION && parameter->role != AC_ROLE_VERSION;
}

const ac_parameter *ac_contract_parameter(const ac_contract *contract, ac_str name)
{
    for (size_t i = 0; i < contract->parameters.count; i++) {
        const ac_parameter *parameter = &contract->parameters.items[i];
        if (parameter->role != AC_ROLE_DUPLICATE && ac_str_eq(parameter->name, name)) {
            return parameter;
        }
    }
    return NULL;
}

const ac_parameter *ac_contract_role(const ac_contract *contract, ac_role role)
{
    for (size_t i = 0; i < contract->parameters.count; i++) {
        if (contract->parameters.items[i].role == (int)role) {
            return &contract->parameters.items[i];
        }
    }
    return NULL;
}

static ac_error_spec spec_of_row(const ac_error_row *row, size_t number)
{
    return (ac_error_spec){.code = row->code,
                           .statuses = &row->status,
                           .status_count = 1,
                           .messages = &row->message,
                           .message_count = row->message.n > 0,
                           .placeholders = row->placeholders.items,
                           .placeholder_count = row->placeholders.count,
                           .row = number,
                           .cite = row->cite};
}

static ac_error_spec spec_of_common(const ac_common_error *error)
{
    return (ac_error_spec){.code = error->code,
                           .statuses = error->status.items,
                           .status_count = error->status.count,
                           .messages = error->message.items,
                           .message_count = error->message.count,
                           .placeholders = error->placeholders.items,
                           .placeholder_count = error->placeholders.count,
                           .when = (ac_when)error->when,
                           .number = error->number,
                           .cite = error->cite};
}

void ac_contract_complete(ac_arena *arena, ac_contract *contract)
{
    const ac_common_errors none = {NULL, 0};
    const ac_common_errors *lists[] = {contract->product_facts ? &contract->product_facts->common_errors
                                                               : &none,
                                       &contract->provider->common_errors};
    size_t count = contract->errors.count + lists[0]->count + lists[1]->count;
    ac_error_spec *specs = AC_NEW_ARRAY(arena, count, ac_error_spec);
    size_t n = 0;
    for (size_t i = 0; i < contract->errors.count; i++) {
        specs[n++] = spec_of_row(&contract->errors.items[i], i + 1);
    }
    for (size_t k = 0; k < AC_COUNT(lists); k++) {
        for (size_t i = 0; i < lists[k]->count; i++) {
            specs[n++] = spec_of_common(&lists[k]->items[i]);
        }
    }
    contract->specs = specs;
    contract->spec_count = n;
}

static size_t last_index_mark(ac_str name)
{
    for (size_t at = name.n; at >= 2; at--) {
        bool ends = at == name.n || name.p[at] == '.';
        if (ends && name.p[at - 1] == 'N' && name.p[at - 2] == '.') {
            return at - 2;
        }
    }
    return AC_NOT_FOUND;
}

ac_str ac_parameter_array(const ac_parameter *parameter)
{
    size_t at = last_index_mark(parameter->name);
    if (at != AC_NOT_FOUND) {
        return ac_str_sub(parameter->name, 0, at);
    }
    return parameter->type == AC_TYPE_ARRAY ? parameter->name : (ac_str){NULL, 0};
}

const ac_error_spec *ac_contract_error(const ac_contract *contract, ac_str code)
{
    for (size_t i = 0; i < contract->spec_count; i++) {
        if (ac_str_eq(contract->specs[i].code, code)) {
            return &contract->specs[i];
        }
    }
    return NULL;
}

const ac_error_spec *ac_contract_when(const ac_contract *contract, ac_when when, size_t index)
{
    for (size_t i = 0; i < contract->spec_count; i++) {
        if (contract->specs[i].when == when && index-- == 0) {
            return &contract->specs[i];
        }
    }
    return NULL;
}

const ac_error_spec *ac_contract_match_code(const ac_contract *contract, ac_str code)
{
    const ac_error_spec *exact = ac_contract_error(contract, code);
    for (size_t i = 0; !exact && i < contract->spec_count; i++) {
        if (ac_template_match(contract->specs[i].code, NULL, 0, code)) {
            return &contract->specs[i];
        }
    }
    return exact;
}

/* "vpc_id_2" is element 2 of "vpc_id" where that has so many. */
static bool is_element(const ac_variable *variable, ac_str name, int64_t *index)
{
    ac_str end = ac_str_sub(name, variable->name.n, name.n);
    return variable->count > 1 && ac_str_starts(name, variable->name) && end.n > 1 && end.p[0] == '_' &&
           ac_str_int(ac_str_sub(end, 1, end.n), index) && *index >= 2 && *index <= variable->count;
}

static const ac_variable *find_variable(const ac_variables *variables, ac_str name, int64_t *index)
{
    for (size_t i = 0; i < variables->count; i++) {
        const ac_variable *variable = &variables->items[i];
        if (ac_str_eq(variable->name, name)) {
            *index = 1;
            return variable;
        }
        if (is_element(variable, name, index)) {
            return variable;
        }
    }
    return NULL;
}

const ac_variable *ac_contract_variable(const ac_contract *contract, ac_str name, int64_t *index)
{
    const ac_variable *own = find_variable(&contract->variables, name, index);
    return own ? own : find_variable(&contract->provider->variables, name, index);
}

static const ac_variable *find_fixture(const ac_variables *variables, ac_str resource)
{
    for (size_t i = 0; i < variables->count; i++) {
        if (variables->items[i].resource.n > 0 && ac_str_eq(variables->items[i].resource, resource)) {
            return &variables->items[i];
        }
    }
    return NULL;
}

const ac_variable *ac_contract_fixture(const ac_contract *contract, ac_str resource)
{
    const ac_variable *own = find_fixture(&contract->variables, resource);
    return own ? own : find_fixture(&contract->provider->variables, resource);
}

const char *ac_reach_name(ac_reach reach)
{
    static const char *const names[] = {"", "request", "reference", "sequence", "state", "fault"};
    return names[reach];
}

const char *ac_certainty_name(ac_certainty certainty)
{
    static const char *const names[] = {"", "must", "should", "may"};
    return names[certainty];
}
