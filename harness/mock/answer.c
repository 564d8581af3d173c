#include "mock/answer.h"

#include "base/env.h"

enum { BODY_BYTES_MAX = 256 * 1024 * 1024, TEMPLATE_BYTES_MAX = 64 * 1024 };

static bool is_optional(const ac_mock_shape *shape)
{
    return !shape->field || shape->field->presence != 0;
}

/* ---- what a field is filled from ---- */

/* What the element being shown has under the name, else the resource. */
static const ac_json *attribute(const ac_mock_view *view, ac_str name)
{
    const ac_json *own = ac_json_get(view->element, name);
    return own || view->element ? own : ac_mock_attribute(view->call, view->resource, name);
}

/* Whether a made resource would have something under the name, had the request said so. */
static bool was_not_said(const ac_mock_view *view, ac_str name)
{
    const ac_mock_resource *resource = view->resource;
    const ac_mock_operation *creator = resource ? resource->kind->creator : NULL;
    return view->element || (creator && !resource->fixture && ac_mock_shape_member(creator->request, name));
}

static const ac_json *value_of_param(const ac_mock_view *view, const ac_field_value *value)
{
    return ac_mock_effective_value(view->call, value->text);
}

static const ac_json *value_of_request_id(const ac_mock_view *view, const ac_field_value *value)
{
    (void)value;
    return ac_mock_equal(view->call, AC_EQUALS_REQUEST_ID);
}

static const ac_json *value_of_id(const ac_mock_view *view, const ac_field_value *value)
{
    (void)value;
    bool has = view->resource && !view->draft;
    return has ? ac_json_string(view->call->arena, view->resource->id) : NULL;
}

static const ac_json *value_of_state(const ac_mock_view *view, const ac_field_value *value)
{
    (void)value;
    const ac_states *states = view->resource && !view->draft ? view->resource->kind->states : NULL;
    return states ? ac_mock_attribute(view->call, view->resource, states->attribute) : NULL;
}

static const ac_json *value_of_now(const ac_mock_view *view, const ac_field_value *value)
{
    (void)value;
    int64_t time_ms =
        view->resource && !view->resource->fixture ? view->resource->created_ms : view->call->now_ms;
    return ac_json_string(view->call->arena, ac_time_print(view->call->arena, time_ms, AC_TIME_ISO));
}

static const ac_json *value_of_const(const ac_mock_view *view, const ac_field_value *value)
{
    (void)view;
    return value->constant;
}

static const ac_json *value_of_attribute(const ac_mock_view *view, const ac_field_value *value)
{
    return attribute(view, value->text);
}

static const ac_json *value_of_template(const ac_mock_view *view, const ac_field_value *value);

typedef const ac_json *(*origin)(const ac_mock_view *view, const ac_field_value *value);

static const origin origins[] = {
    [AC_VALUE_NONE] = value_of_attribute,        [AC_VALUE_PARAM] = value_of_param,
    [AC_VALUE_REQUEST_ID] = value_of_request_id, [AC_VALUE_ID] = value_of_id,
    [AC_VALUE_STATE] = value_of_state,           [AC_VALUE_NOW] = value_of_now,
    [AC_VALUE_CONST] = value_of_const,           [AC_VALUE_TEMPLATE] = value_of_template,
    [AC_VALUE_ATTRIBUTE] = value_of_attribute,
};

static const ac_json *known_value(const ac_mock_view *view, const ac_mock_shape *shape)
{
    const ac_field_value by_name = {.kind = AC_VALUE_NONE, .text = shape->key};
    const ac_field_value *value = shape->field && shape->field->value ? shape->field->value : &by_name;
    return origins[value->kind](view, value);
}

/* ---- templates ---- */

/* A name in a template: a field beside it, a parameter, or what the resource has. */
static ac_str named_text(const ac_mock_view *view, ac_str name)
{
    const ac_mock_shape *beside = view->level ? ac_mock_shape_member(view->level, name) : NULL;
    bool template =
        beside && beside->field && beside->field->value && beside->field->value->kind == AC_VALUE_TEMPLATE;
    const ac_json *value = beside && !template ? known_value(view, beside) : NULL;
    value = value ? value : ac_mock_effective_value(view->call, name);
    return ac_json_text(value ? value : attribute(view, name));
}

/* Nothing, where one of the names stands for nothing. */
static const ac_json *value_of_template(const ac_mock_view *view, const ac_field_value *value)
{
    ac_buf text;
    ac_str rest = value->text;
    bool known = true;
    ac_buf_init(&text, TEMPLATE_BYTES_MAX);
    for (size_t at = ac_str_find(rest, AC_STR("${")); known && at != AC_NOT_FOUND;
         at = ac_str_find(rest, AC_STR("${"))) {
        ac_str after;
        ac_buf_add(&text, ac_str_sub(rest, 0, at));
        ac_str name = ac_str_split(ac_str_sub(rest, at + 2, rest.n), '}', &after);
        ac_str found = named_text(view, name);
        known = found.n > 0;
        ac_buf_add(&text, found);
        rest = after;
    }
    ac_buf_add(&text, rest);
    ac_str made = ac_buf_take(&text, view->call->arena);
    return known ? ac_json_string(view->call->arena, made) : NULL;
}

/* ---- leaves ---- */

/* What only a list knows: how many there are, and where the next page begins. */
static bool list_value(const ac_mock_view *view, const ac_mock_shape *shape, const ac_json **out)
{
    const ac_behaviour *behaviour = &view->call->operation->contract->behaviour;
    const ac_paging *paging = behaviour->paging;
    if (!view->page || view->resource || !shape->field) {
        return false;
    }
    if (ac_str_eq(shape->field->pointer, behaviour->total)) {
        *out = ac_json_integer(view->call->arena, view->page->total);
        return true;
    }
    if (!paging || paging->token.n == 0 || !ac_str_eq(shape->key, paging->token)) {
        return false;
    }
    bool last = !view->page->next.p;
    *out = last && is_optional(shape) ? NULL : ac_json_string(view->call->arena, view->page->next);
    return true;
}

/* What the contract says of the value, but it is not there. */
static const ac_json *missing_value(const ac_mock_view *view, const ac_mock_shape *shape)
{
    const ac_response_field *field = shape->field;
    ac_value_kind kind = field->value ? field->value->kind : AC_VALUE_NONE;
    bool of_request = kind == AC_VALUE_PARAM;
    bool of_made =
        view->draft && (kind == AC_VALUE_ID || kind == AC_VALUE_STATE || kind == AC_VALUE_TEMPLATE);
    ac_str name = kind == AC_VALUE_ATTRIBUTE ? field->value->text : shape->key;
    if (of_request || of_made || (is_optional(shape) && was_not_said(view, name))) {
        return NULL;
    }
    return ac_mock_plausible(view->call, shape);
}

static const ac_json *leaf(const ac_mock_view *view, const ac_mock_shape *shape)
{
    const ac_json *value = NULL;
    if (shape->equals != AC_EQUALS_NONE) {
        return ac_mock_equal(view->call, shape->equals);
    }
    if (!shape->field) {
        return NULL;
    }
    if (list_value(view, shape, &value)) {
        return ac_mock_typed(view->call->arena, value, shape->field->type);
    }
    value = known_value(view, shape);
    if (!value) {
        return missing_value(view, shape);
    }
    const ac_json *typed = ac_mock_typed(view->call->arena, value, shape->field->type);
    return typed ? typed : ac_mock_plausible(view->call, shape);
}

/* ---- containers ---- */

static const ac_json *show(const ac_mock_view *view, const ac_mock_shape *shape);

static ac_json *container(ac_arena *arena, ac_json_type type, size_t room)
{
    ac_json *made = AC_NEW(arena, ac_json);
    made->type = type;
    made->items = AC_NEW_ARRAY(arena, room, ac_json);
    return made;
}

static void put(ac_json *container, ac_str key, const ac_json *value)
{
    if (value) {
        ac_json *items = (ac_json *)(uintptr_t)container->items;
        items[container->count] = *value;
        items[container->count++].key = key;
    }
}

static const ac_json *show_object(const ac_mock_view *view, const ac_mock_shape *shape)
{
    ac_mock_view inner = *view;
    ac_json *object = container(view->call->arena, AC_JSON_OBJECT, shape->count);
    inner.level = shape;
    for (const ac_mock_shape *member = shape->members; member; member = member->next) {
        put(object, member->key, show(&inner, member));
    }
    return object;
}

static const ac_json *show_items(const ac_mock_view *view, const ac_mock_shape *shape)
{
    ac_json *array = container(view->call->arena, AC_JSON_ARRAY, view->page->count);
    for (size_t i = 0; i < view->page->count; i++) {
        ac_mock_view item = *view;
        item.resource = view->page->items[i];
        put(array, (ac_str){NULL, 0}, show(&item, shape->element));
    }
    return array;
}

/* Each element of a known array by what is documented of it. */
static const ac_json *show_elements(const ac_mock_view *view, const ac_mock_shape *shape,
                                    const ac_json *known)
{
    const ac_mock_shape *element = shape->element;
    bool plain = !element->members && !element->element;
    ac_json *array = container(view->call->arena, AC_JSON_ARRAY, known->count);
    for (size_t i = 0; i < known->count; i++) {
        ac_mock_view inner = *view;
        inner.element = &known->items[i];
        const ac_json *value = plain && element->field
                                   ? ac_mock_typed(view->call->arena, &known->items[i], element->field->type)
                                   : show(&inner, element);
        put(array, (ac_str){NULL, 0}, value);
    }
    return array;
}

/* An array of which nothing is known has one element, where that is plausible. */
static const ac_json *show_array(const ac_mock_view *view, const ac_mock_shape *shape)
{
    const ac_json *known = known_value(view, shape);
    if (ac_json_is(known, AC_JSON_ARRAY)) {
        return show_elements(view, shape, known);
    }
    ac_str name = shape->field && shape->field->value && shape->field->value->text.n > 0
                      ? shape->field->value->text
                      : shape->key;
    ac_json *array = container(view->call->arena, AC_JSON_ARRAY, 1);
    if (!was_not_said(view, name)) {
        const ac_json *element = show(view, shape->element);
        bool empty = element && element->type == AC_JSON_OBJECT && element->count == 0;
        put(array, (ac_str){NULL, 0}, empty ? NULL : element);
    }
    return array;
}

static const ac_json *show_members(const ac_mock_view *view, const ac_mock_shape *shape)
{
    ac_mock_view inner = *view;
    const ac_json *known = shape->field ? known_value(view, shape) : NULL;
    if (ac_json_is(known, AC_JSON_OBJECT)) {
        inner.element = known;
    }
    const ac_json *object = show_object(&inner, shape);
    return object->count == 0 && is_optional(shape) ? NULL : object;
}

static bool is_list(const ac_mock_view *view, const ac_mock_shape *shape)
{
    return view->page && !view->resource && shape->field &&
           ac_str_eq(shape->field->pointer, view->call->operation->contract->behaviour.items);
}

/* A container that the contract gives another type shows that type. */
static bool has_type(const ac_mock_shape *shape, int type)
{
    return !shape->field || shape->field->type == type;
}

static const ac_json *show(const ac_mock_view *view, const ac_mock_shape *shape)
{
    if (shape->element && has_type(shape, AC_JSON_TYPE_ARRAY)) {
        return is_list(view, shape) ? show_items(view, shape) : show_array(view, shape);
    }
    if (shape->members && has_type(shape, AC_JSON_TYPE_OBJECT)) {
        return show_members(view, shape);
    }
    return leaf(view, shape);
}

const ac_json *ac_mock_body(const ac_mock_view *view)
{
    return show_object(view, view->call->operation->answer);
}

const ac_json *ac_mock_shown(const ac_mock_view *view, const ac_mock_shape *item, ac_str name)
{
    ac_mock_view inner = *view;
    const ac_mock_shape *member = item ? ac_mock_shape_member(item, name) : NULL;
    inner.level = item;
    return member ? show(&inner, member) : attribute(view, name);
}

/* ---- what is remembered ---- */

static void set(ac_json *object, ac_str key, const ac_json *value)
{
    ac_json *old = (ac_json *)(uintptr_t)ac_json_get(object, key);
    if (old) {
        *old = *value;
        old->key = key;
    } else {
        put(object, key, value);
    }
}

static size_t count_leaves(const ac_mock_shape *shape)
{
    size_t count = 0;
    for (const ac_mock_shape *member = shape->members; member; member = member->next) {
        count += member->members ? count_leaves(member) : 1;
    }
    return count;
}

/* The request id and the state are of the answer, not of the resource. */
static bool is_lasting(const ac_mock_shape *shape)
{
    const ac_field_value *value = shape->field ? shape->field->value : NULL;
    return shape->equals == AC_EQUALS_NONE &&
           !(value && (value->kind == AC_VALUE_REQUEST_ID || value->kind == AC_VALUE_STATE));
}

static void remember(ac_json *object, const ac_mock_shape *shape, const ac_json *body)
{
    for (const ac_mock_shape *member = shape->members; member; member = member->next) {
        const ac_json *value = ac_json_get(body, member->key);
        if (value && member->members) {
            remember(object, member, value);
        } else if (value && is_lasting(member)) {
            set(object, member->key, value);
        }
    }
}

const ac_json *ac_mock_attributes(const ac_mock_call *call, const ac_json *body)
{
    const ac_mock_shape *answer = call->operation->answer;
    ac_json *object = container(call->arena, AC_JSON_OBJECT, call->params->count + count_leaves(answer));
    for (size_t i = 0; i < call->params->count; i++) {
        put(object, call->params->items[i].key, &call->params->items[i]);
    }
    remember(object, answer, body);
    return object;
}

/* ---- the end of a call ---- */

ac_str ac_mock_written(ac_arena *arena, const ac_json *body)
{
    ac_buf text;
    ac_buf_init(&text, BODY_BYTES_MAX);
    ac_json_write(&text, body);
    return ac_buf_take(&text, arena);
}

void ac_mock_succeed(ac_mock_call *call, const ac_json *body)
{
    call->status = (int)call->operation->contract->response.status;
    call->body = ac_mock_written(call->arena, body);
}
