/* Answers and requests as trees of what is documented of them. */
#include "mock/plan.h"

ac_str ac_mock_last_token(ac_str pointer)
{
    size_t n = pointer.n;
    while (n > 0 && pointer.p[n - 1] != '/') {
        n--;
    }
    return ac_str_sub(pointer, n, pointer.n);
}

static ac_mock_shape *find_member(const ac_mock_shape *shape, ac_str key)
{
    ac_mock_shape *member = shape->members;
    while (member && !ac_str_eq(member->key, key)) {
        member = member->next;
    }
    return member;
}

const ac_mock_shape *ac_mock_shape_member(const ac_mock_shape *shape, ac_str key)
{
    return find_member(shape, key);
}

static ac_mock_shape *member_of(ac_arena *arena, ac_mock_shape *shape, ac_str key)
{
    ac_mock_shape *member = find_member(shape, key);
    if (member) {
        return member;
    }
    member = AC_NEW(arena, ac_mock_shape);
    member->key = key;
    *(shape->last ? &shape->last->next : &shape->members) = member;
    shape->last = member;
    shape->count++;
    return member;
}

static ac_mock_shape *element_of(ac_arena *arena, ac_mock_shape *shape)
{
    if (!shape->element) {
        shape->element = AC_NEW(arena, ac_mock_shape);
    }
    return shape->element;
}

static ac_str unescaped(ac_arena *arena, ac_str token)
{
    if (ac_str_find_char(token, '~') == AC_NOT_FOUND) {
        return token;
    }
    ac_str slashes = ac_str_replace(arena, token, AC_STR("~1"), AC_STR("/"));
    return ac_str_replace(arena, slashes, AC_STR("~0"), AC_STR("~"));
}

static ac_mock_shape *shape_at(ac_arena *arena, ac_mock_shape *root, ac_str pointer)
{
    ac_mock_shape *at = root;
    ac_str rest = ac_str_sub(pointer, 1, pointer.n);
    while (rest.p) {
        ac_str token = ac_str_split(rest, '/', &rest);
        at = ac_str_is(token, "*") ? element_of(arena, at) : member_of(arena, at, unescaped(arena, token));
    }
    return at;
}

/* Fields that come later do not replace one of the same pointer. */
static void add_fields(ac_arena *arena, ac_mock_shape *root, const ac_response_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        ac_mock_shape *at = shape_at(arena, root, fields->items[i].pointer);
        if (!at->field) {
            at->field = &fields->items[i];
            at->example = ac_mock_example(arena, at->field);
        }
    }
}

static bool is_documented(const ac_response_fields *fields, ac_str pointer)
{
    size_t i = 0;
    while (i < fields->count && !ac_str_eq(fields->items[i].pointer, pointer)) {
        i++;
    }
    return i < fields->count;
}

/* What the envelope says of a value holds for errors too, where they have a member of that name. */
static void add_equals(ac_arena *arena, ac_mock_shape *root, const ac_response_fields *fields,
                       const ac_style *style)
{
    for (size_t i = 0; i < style->envelope.count; i++) {
        const ac_response_field *field = &style->envelope.items[i];
        if (field->equals != AC_EQUALS_NONE && is_documented(fields, field->pointer)) {
            shape_at(arena, root, field->pointer)->equals = field->equals;
        }
    }
}

ac_mock_shape *ac_mock_shape_of_fields(ac_arena *arena, const ac_response_fields *fields,
                                       const ac_style *style, bool error)
{
    ac_mock_shape *root = AC_NEW(arena, ac_mock_shape);
    ac_str request_id = error ? style->error.request_id : style->request_id;
    add_fields(arena, root, fields);
    add_equals(arena, root, fields, style);
    if (!error) {
        add_fields(arena, root, &style->envelope);
        add_equals(arena, root, &style->envelope, style);
    }
    if (is_documented(fields, request_id) || (!error && is_documented(&style->envelope, request_id))) {
        shape_at(arena, root, request_id)->equals = AC_EQUALS_REQUEST_ID;
    }
    return root;
}

void ac_mock_shape_add_param(ac_arena *arena, ac_mock_shape *root, const ac_mock_param *param)
{
    ac_mock_shape *at = root;
    for (size_t i = 0; i < param->count; i++) {
        at = param->steps[i].element ? element_of(arena, at) : member_of(arena, at, param->steps[i].key);
    }
    at->param = at->param ? at->param : param;
}
