/* Requests against what is documented of their parameters. */
#include "mock/deviate.h"
#include "mock/rules.h"

/* ---- required ---- */

/* Whether the parameter is missing or empty somewhere below node, which step leads on from. */
static bool lacks(const ac_mock_param *param, const ac_mock_node *node, size_t step)
{
    if (step == param->count) {
        bool empty = (node->type == AC_MOCK_TEXT || node->type == AC_MOCK_STRING) && node->text.n == 0;
        return empty || !ac_mock_is_sent(param, node);
    }
    bool last = step + 1 == param->count;
    const ac_mock_step *next = &param->steps[step];
    if (!next->element) {
        const ac_mock_node *member = ac_mock_node_member(node, next->key);
        return member ? lacks(param, member, step + 1) : last || param->bare;
    }
    const ac_mock_node *child = ac_mock_node_first_element(node);
    bool missing = !child && param->bare;
    for (; child && !missing; child = child->next) {
        missing = child->element && lacks(param, child, step + 1);
    }
    return missing;
}

static bool check_required(ac_mock_call *call, const ac_mock_param *param)
{
    if (param->of->required != AC_REQUIRED_YES || !lacks(param, ac_mock_root_of(call, param), 0)) {
        return true;
    }
    const ac_rule_error *rule = param->of->missing_error;
    return ac_mock_refuse_rule(call, rule ? rule->error : (ac_str){NULL, 0}, AC_WHEN_MISSING_PARAMETER,
                               ac_mock_param_name(call->arena, param->of));
}

/* ---- types ---- */

static bool is_integer(const ac_mock_node *node)
{
    return (node->type == AC_MOCK_TEXT || node->type == AC_MOCK_NUMBER) && ac_mock_is_integer(node->text);
}

static bool is_boolean(const ac_mock_node *node)
{
    return node->type == AC_MOCK_BOOLEAN ||
           (node->type == AC_MOCK_TEXT && ac_mock_has_format(AC_FORMAT_BOOLEAN, node->text));
}

static bool is_string(const ac_mock_node *node)
{
    return node->type == AC_MOCK_TEXT || node->type == AC_MOCK_STRING;
}

static bool is_array(const ac_mock_node *node)
{
    return node->type == AC_MOCK_ARRAY || node->type == AC_MOCK_BARE;
}

static bool is_object(const ac_mock_node *node)
{
    return node->type == AC_MOCK_OBJECT || node->type == AC_MOCK_BARE;
}

static bool check_type(const ac_mock_place *place, const void *context)
{
    static bool (*const types[])(const ac_mock_node *node) = {[AC_TYPE_STRING] = is_string,
                                                              [AC_TYPE_INTEGER] = is_integer,
                                                              [AC_TYPE_BOOLEAN] = is_boolean,
                                                              [AC_TYPE_ARRAY] = is_array,
                                                              [AC_TYPE_OBJECT] = is_object};
    (void)context;
    const ac_parameter *parameter = place->param->of;
    if (types[parameter->type](ac_mock_value_at(place))) {
        return true;
    }
    const ac_rule_error *rule = parameter->type_error;
    return ac_mock_refuse_rule(place->call, rule ? rule->error : (ac_str){NULL, 0},
                               AC_WHEN_MALFORMED_PARAMETER, ac_mock_place_name(place, place->param->count));
}

/* ---- constraints ---- */

static const ac_mock_param *other_of(const ac_mock_place *place, ac_str name)
{
    return ac_mock_param_named(place->call->operation, name);
}

/* The text that holds for another parameter: what was sent, else the default. */
static ac_str text_beside(const ac_mock_place *place, ac_str name)
{
    const ac_mock_param *other = other_of(place, name);
    if (!other) {
        return (ac_str){NULL, 0};
    }
    const ac_mock_node *node = ac_mock_beside(place, other);
    if (ac_mock_is_sent(other, node)) {
        return node->text;
    }
    const ac_json *value = other->of->default_value;
    bool boolean = ac_json_is(value, AC_JSON_BOOL);
    return boolean ? ac_str_c(value->boolean ? "true" : "false") : ac_json_text(value);
}

static bool keeps_requires(const ac_constraint *c, const ac_mock_place *place)
{
    const ac_mock_param *other = other_of(place, c->parameter);
    return !other || ac_mock_is_sent(other, ac_mock_beside(place, other));
}

static bool keeps_only_with(const ac_constraint *c, const ac_mock_place *place)
{
    return ac_str_eq(text_beside(place, c->parameter), c->value);
}

static bool keeps_only_if_differ(const ac_constraint *c, const ac_mock_place *place)
{
    return !ac_str_eq(text_beside(place, c->parameters.items[0]), text_beside(place, c->parameters.items[1]));
}

static bool keeps_reference(const ac_constraint *c, const ac_mock_place *place)
{
    ac_str id = ac_mock_value_at(place)->text;
    return ac_mock_resource_find(place->call->account, c->resource, id) ||
           ac_mock_borrow(place->call, c->resource, id);
}

static bool keeps_items(const ac_constraint *c, const ac_mock_place *place)
{
    int64_t count = 0;
    int64_t min = 0;
    int64_t max = INT64_MAX;
    const ac_mock_node *child = ac_mock_node_first_element(ac_mock_array_at(place));
    for (; child; child = child->next) {
        count += child->element;
    }
    bool read = (!c->min.p || ac_str_int(c->min, &min)) && (!c->max.p || ac_str_int(c->max, &max));
    return !read || (count >= min && count <= max);
}

static bool keeps_index(const ac_constraint *c, const ac_mock_place *place)
{
    const ac_mock_node *array = ac_mock_array_at(place);
    int64_t expected = c->base;
    if (!array || array->type == AC_MOCK_ARRAY) {
        return true;
    }
    for (const ac_mock_node *child = array->first; child; child = child->next) {
        if (child->element && child->index != expected++) {
            return false;
        }
    }
    return true;
}

/* The value of the parameter in an element of its innermost array. */
static const ac_mock_node *value_in(const ac_mock_param *param, const ac_mock_node *element)
{
    for (size_t i = param->array + 1; element && i < param->count; i++) {
        element = ac_mock_node_member(element, param->steps[i].key);
    }
    return element && element->type != AC_MOCK_BARE ? element : NULL;
}

static bool is_repeated(const ac_mock_param *param, const ac_mock_node *element)
{
    const ac_mock_node *value = value_in(param, element);
    for (const ac_mock_node *later = element->next; value && later; later = later->next) {
        const ac_mock_node *other = later->element ? value_in(param, later) : NULL;
        if (other && ac_str_eq(other->text, value->text)) {
            return true;
        }
    }
    return false;
}

static bool keeps_unique(const ac_constraint *c, const ac_mock_place *place)
{
    (void)c;
    const ac_mock_node *child = ac_mock_node_first_element(ac_mock_array_at(place));
    for (; child; child = child->next) {
        if (child->element && is_repeated(place->param, child)) {
            return false;
        }
    }
    return true;
}

static bool keeps_text(const ac_constraint *c, const ac_mock_place *place)
{
    const ac_mock_node *node = ac_mock_value_at(place);
    bool container =
        node->type == AC_MOCK_BARE || node->type == AC_MOCK_ARRAY || node->type == AC_MOCK_OBJECT;
    return container || ac_mock_text_keeps(c, node->text);
}

/* What a kind of constraint is about. */
typedef enum subject {
    SUBJECT_VALUE, /* each value that was sent */
    SUBJECT_ARRAY, /* the innermost array, with or without elements */
    SUBJECT_WORLD  /* each value, and what there is in the world */
} subject;

typedef struct rule {
    bool (*keeps)(const ac_constraint *c, const ac_mock_place *place);
    subject subject;
} rule;

static const rule rules[AC_CONSTRAINT_KINDS] = {
    [AC_LENGTH] = {keeps_text, SUBJECT_VALUE},
    [AC_CHARACTERS] = {keeps_text, SUBJECT_VALUE},
    [AC_PREFIX_NOT] = {keeps_text, SUBJECT_VALUE},
    [AC_CONTAINS_NOT] = {keeps_text, SUBJECT_VALUE},
    [AC_EDGES_NOT] = {keeps_text, SUBJECT_VALUE},
    [AC_NOT_EMPTY] = {keeps_text, SUBJECT_VALUE},
    [AC_RANGE] = {keeps_text, SUBJECT_VALUE},
    [AC_ENUM] = {keeps_text, SUBJECT_VALUE},
    [AC_FORMAT] = {keeps_text, SUBJECT_VALUE},
    [AC_PATTERN] = {keeps_text, SUBJECT_VALUE},
    [AC_ITEMS] = {keeps_items, SUBJECT_ARRAY},
    [AC_INDEX] = {keeps_index, SUBJECT_ARRAY},
    [AC_UNIQUE] = {keeps_unique, SUBJECT_ARRAY},
    [AC_REQUIRES] = {keeps_requires, SUBJECT_VALUE},
    [AC_ONLY_WITH] = {keeps_only_with, SUBJECT_VALUE},
    [AC_ONLY_IF_DIFFER] = {keeps_only_if_differ, SUBJECT_VALUE},
    [AC_REFERENCE] = {keeps_reference, SUBJECT_WORLD},
};

static bool check_constraint(const ac_mock_place *place, const void *context)
{
    const ac_constraint *c = context;
    if (rules[c->kind].keeps(c, place)) {
        return true;
    }
    bool array = rules[c->kind].subject == SUBJECT_ARRAY;
    ac_str name = ac_mock_place_name(place, array ? place->param->array : place->param->count);
    return ac_mock_refuse_rule(place->call, c->error, AC_WHEN_MALFORMED_PARAMETER, name);
}

static bool check_constraints(ac_mock_call *call, const ac_mock_param *param, bool world)
{
    for (size_t i = 0; i < param->of->constraints.count; i++) {
        const ac_constraint *c = &param->of->constraints.items[i];
        subject about = rules[c->kind].subject;
        bool array = about == SUBJECT_ARRAY;
        if (c->certainty == AC_MAY || (about == SUBJECT_WORLD) != world || (array && param->array == 0)) {
            continue;
        }
        if (!(array ? ac_mock_each_array : ac_mock_each)(call, param, check_constraint, c)) {
            return false;
        }
    }
    return true;
}

/* ---- in order ---- */

static bool check_types(ac_mock_call *call, const ac_mock_param *param)
{
    return ac_mock_each(call, param, check_type, NULL);
}

static bool check_values(ac_mock_call *call, const ac_mock_param *param)
{
    return check_constraints(call, param, false);
}

static bool check_world(ac_mock_call *call, const ac_mock_param *param)
{
    return check_constraints(call, param, true);
}

static bool check_all(ac_mock_call *call, bool (*check)(ac_mock_call *call, const ac_mock_param *param))
{
    for (size_t i = 0; i < call->operation->param_count; i++) {
        if (!check(call, &call->operation->params[i])) {
            return false;
        }
    }
    return true;
}

bool ac_mock_validate(ac_mock_call *call)
{
    if (!check_all(call, check_required) || !check_all(call, check_types) || !check_all(call, check_values)) {
        return false;
    }
    call->params = ac_mock_effective(call);
    return !ac_mock_deviates(call, AC_UNKNOWN_PARAMETER_REFUSED) || ac_mock_refuse_unknown(call);
}

bool ac_mock_check_references(ac_mock_call *call)
{
    return check_all(call, check_world);
}
