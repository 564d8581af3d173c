/* Parameters as a tree, and ways through it. */
#include "mock/call.h"

enum { INDEX_DIGITS_MAX = 9 };

/* ---- building ---- */

/* "0", "12" or "-1": what stands for an element. */
static bool read_index(ac_str part, int64_t *index)
{
    ac_str digits = ac_str_starts(part, AC_STR("-")) ? ac_str_sub(part, 1, part.n) : part;
    bool plain = digits.n > 0 && digits.n <= INDEX_DIGITS_MAX && (digits.p[0] != '0' || part.n == 1);
    return plain && ac_str_int(part, index);
}

static ac_mock_node *append(ac_arena *arena, ac_mock_node *parent)
{
    ac_mock_node *node = AC_NEW(arena, ac_mock_node);
    *(parent->last ? &parent->last->next : &parent->first) = node;
    parent->last = node;
    return node;
}

static ac_mock_node *find_member(const ac_mock_node *node, ac_str key)
{
    ac_mock_node *member = node->first;
    while (member && (member->element || !ac_str_eq(member->key, key))) {
        member = member->next;
    }
    return member;
}

static ac_mock_node *member_of(ac_arena *arena, ac_mock_node *parent, ac_str key)
{
    ac_mock_node *member = find_member(parent, key);
    if (!member) {
        member = append(arena, parent);
        member->key = key;
    }
    return member;
}

/* Elements mostly come in order: the last one is looked at first. */
static ac_mock_node **place_of(ac_mock_node *parent, int64_t index)
{
    if (parent->last && parent->last->element && parent->last->index < index) {
        return &parent->last->next;
    }
    ac_mock_node **at = &parent->first;
    while (*at && (!(*at)->element || (*at)->index < index)) {
        at = &(*at)->next;
    }
    return at;
}

static ac_mock_node *element_of(ac_arena *arena, ac_mock_node *parent, int64_t index)
{
    ac_mock_node **at = place_of(parent, index);
    ac_mock_node *next = *at;
    if (next && next->index == index) {
        return next;
    }
    ac_mock_node *node = AC_NEW(arena, ac_mock_node);
    *node = (ac_mock_node){.element = true, .index = index, .next = next};
    parent->last = next ? parent->last : node;
    *at = node;
    return node;
}

static bool is_name(ac_str name)
{
    size_t parts = 0;
    while (name.p) {
        if (ac_str_split(name, '.', &name).n == 0 || ++parts > AC_MOCK_STEPS_MAX) {
            return false;
        }
    }
    return parts > 0;
}

/* Of a name that is sent twice the first value holds. */
void ac_mock_node_add(ac_arena *arena, ac_mock_node *root, ac_str name, ac_str text)
{
    ac_mock_node *at = root;
    if (!is_name(name)) {
        return;
    }
    while (name.p) {
        int64_t index;
        ac_str part = ac_str_split(name, '.', &name);
        bool element = at != root && read_index(part, &index);
        at = element ? element_of(arena, at, index) : member_of(arena, at, part);
    }
    if (at->type == AC_MOCK_BARE) {
        at->type = AC_MOCK_TEXT;
        at->text = text;
    }
}

void ac_mock_node_read(ac_arena *arena, ac_mock_node *node, const ac_json *json)
{
    static const ac_mock_type types[] = {AC_MOCK_BARE,   AC_MOCK_BOOLEAN, AC_MOCK_NUMBER,
                                         AC_MOCK_STRING, AC_MOCK_ARRAY,   AC_MOCK_OBJECT};
    node->type = types[json->type];
    node->text = json->text;
    if (json->type == AC_JSON_BOOL) {
        node->text = json->boolean ? AC_STR("true") : AC_STR("false");
    }
    for (size_t i = 0; i < json->count; i++) {
        ac_mock_node *child = append(arena, node);
        child->key = json->items[i].key;
        child->element = json->type == AC_JSON_ARRAY;
        child->index = (int64_t)i + 1;
        ac_mock_node_read(arena, child, &json->items[i]);
    }
}

/* ---- looking ---- */

const ac_mock_node *ac_mock_node_member(const ac_mock_node *node, ac_str key)
{
    return node ? find_member(node, key) : NULL;
}

const ac_mock_node *ac_mock_node_first_element(const ac_mock_node *node)
{
    const ac_mock_node *child = node ? node->first : NULL;
    while (child && !child->element) {
        child = child->next;
    }
    return child;
}

const ac_mock_node *ac_mock_root_of(const ac_mock_call *call, const ac_mock_param *param)
{
    static const int roots[] = {[AC_IN_QUERY] = AC_MOCK_IN_PAIRS,
                                [AC_IN_FORM] = AC_MOCK_IN_PAIRS,
                                [AC_IN_PATH] = AC_MOCK_IN_PATH,
                                [AC_IN_BODY] = AC_MOCK_IN_BODY,
                                [AC_IN_HEADER] = AC_MOCK_IN_HEADER};
    return &call->roots[roots[param->of->in]];
}

bool ac_mock_is_sent(const ac_mock_param *param, const ac_mock_node *node)
{
    bool container = param->of->type == AC_TYPE_ARRAY || param->of->type == AC_TYPE_OBJECT;
    return node && (node->type != AC_MOCK_BARE || (container && node->first));
}

/* ---- walking ---- */

typedef struct walk {
    ac_mock_place place;
    size_t end; /* number of steps to go */
    bool array; /* visit the end also where it is missing */
    ac_mock_visitor visit;
    const void *context;
} walk;

static bool arrive(walk *w)
{
    const ac_mock_node *node = w->place.path[w->end];
    if (!w->array && !ac_mock_is_sent(w->place.param, node)) {
        return true;
    }
    return w->visit(&w->place, w->context);
}

static bool walk_from(walk *w, size_t step)
{
    const ac_mock_node *node = w->place.path[step];
    if (step == w->end) {
        return arrive(w);
    }
    const ac_mock_step *next = &w->place.param->steps[step];
    if (!next->element) {
        const ac_mock_node *member = find_member(node, next->key);
        w->place.path[step + 1] = member;
        bool ends = step + 1 == w->end && w->array;
        return member || ends ? walk_from(w, step + 1) : true;
    }
    for (const ac_mock_node *child = node->first; child; child = child->next) {
        w->place.path[step + 1] = child;
        if (child->element && !walk_from(w, step + 1)) {
            return false;
        }
    }
    return true;
}

bool ac_mock_each(ac_mock_call *call, const ac_mock_param *param, ac_mock_visitor visit, const void *context)
{
    walk w = {
        .place = {.call = call, .param = param}, .end = param->count, .visit = visit, .context = context};
    w.place.path[0] = ac_mock_root_of(call, param);
    return walk_from(&w, 0);
}

bool ac_mock_each_array(ac_mock_call *call, const ac_mock_param *param, ac_mock_visitor visit,
                        const void *context)
{
    walk w = {.place = {.call = call, .param = param},
              .end = param->array,
              .array = true,
              .visit = visit,
              .context = context};
    w.place.path[0] = ac_mock_root_of(call, param);
    return walk_from(&w, 0);
}

static bool same_step(const ac_mock_step *a, const ac_mock_step *b)
{
    return a->element == b->element && ac_str_eq(a->key, b->key);
}

const ac_mock_node *ac_mock_beside(const ac_mock_place *place, const ac_mock_param *other)
{
    const ac_mock_node *node = ac_mock_root_of(place->call, other);
    bool shared = node == place->path[0];
    for (size_t i = 0; node && i < other->count; i++) {
        shared = shared && i < place->param->count && same_step(&place->param->steps[i], &other->steps[i]);
        if (shared) {
            node = place->path[i + 1];
        } else {
            node = other->steps[i].element ? ac_mock_node_first_element(node)
                                           : ac_mock_node_member(node, other->steps[i].key);
        }
    }
    return node;
}

const ac_mock_node *ac_mock_value_at(const ac_mock_place *place)
{
    return place->path[place->param->count];
}

const ac_mock_node *ac_mock_array_at(const ac_mock_place *place)
{
    return place->path[place->param->array];
}

/* ---- names ---- */

ac_str ac_mock_place_name(const ac_mock_place *place, size_t steps)
{
    ac_buf name;
    ac_buf_init(&name, 4096);
    for (size_t i = 0; i < steps; i++) {
        const ac_mock_step *step = &place->param->steps[i];
        ac_buf_add_c(&name, i > 0 ? "." : "");
        if (step->element) {
            ac_buf_printf(&name, "%lld", (long long)place->path[i + 1]->index);
        } else {
            ac_buf_add(&name, step->key);
        }
    }
    return ac_buf_take(&name, place->call->arena);
}

ac_str ac_mock_param_name(ac_arena *arena, const ac_parameter *parameter)
{
    ac_str inner = ac_str_replace(arena, parameter->name, AC_STR(".N."), AC_STR(".1."));
    bool ends = ac_str_ends(inner, AC_STR(".N"));
    return ends ? ac_str_printf(arena, "%.*s1", (int)inner.n - 1, inner.p) : inner;
}

const ac_mock_param *ac_mock_param_named(const ac_mock_operation *operation, ac_str name)
{
    for (size_t i = 0; i < operation->param_count; i++) {
        if (ac_str_eq(operation->params[i].of->name, name)) {
            return &operation->params[i];
        }
    }
    return NULL;
}

/* ---- what holds ---- */

/* An integer as JSON writes it. */
static ac_str canonical_integer(ac_arena *arena, ac_str text)
{
    bool negative = ac_str_starts(text, AC_STR("-"));
    ac_str digits = ac_str_sub(text, negative ? 1 : 0, text.n);
    while (digits.n > 1 && digits.p[0] == '0') {
        digits = ac_str_sub(digits, 1, digits.n);
    }
    return negative ? ac_str_printf(arena, "-%.*s", AC_STR_FMT(digits)) : digits;
}

static const ac_json *scalar(ac_arena *arena, const ac_mock_param *param, const ac_mock_node *node)
{
    if (param->of->type == AC_TYPE_INTEGER) {
        return ac_json_number(arena, canonical_integer(arena, node->text));
    }
    if (param->of->type == AC_TYPE_BOOLEAN) {
        return ac_json_bool(ac_str_is(node->text, "true"));
    }
    return ac_json_string(arena, node->text);
}

/* A value of which the contract documents nothing further. */
static const ac_json *as_sent(ac_arena *arena, const ac_mock_node *node)
{
    static const ac_json_type types[] = {[AC_MOCK_BARE] = AC_JSON_NULL,     [AC_MOCK_TEXT] = AC_JSON_STRING,
                                         [AC_MOCK_STRING] = AC_JSON_STRING, [AC_MOCK_NUMBER] = AC_JSON_NUMBER,
                                         [AC_MOCK_BOOLEAN] = AC_JSON_BOOL,  [AC_MOCK_ARRAY] = AC_JSON_ARRAY,
                                         [AC_MOCK_OBJECT] = AC_JSON_OBJECT};
    ac_json *json = AC_NEW(arena, ac_json);
    *json = (ac_json){.type = types[node->type], .text = node->text};
    if (node->type == AC_MOCK_BARE && node->first) {
        json->type = node->first->element ? AC_JSON_ARRAY : AC_JSON_OBJECT;
    }
    json->boolean = json->type == AC_JSON_BOOL && ac_str_is(node->text, "true");
    for (const ac_mock_node *child = node->first; child; child = child->next) {
        json->count++;
    }
    ac_json *items = AC_NEW_ARRAY(arena, json->count, ac_json);
    json->items = items;
    for (const ac_mock_node *child = node->first; child; child = child->next) {
        *items = *as_sent(arena, child);
        items++->key = child->key;
    }
    return json;
}

static const ac_json *effective(ac_mock_call *call, const ac_mock_shape *shape, const ac_mock_node *node);

static const ac_json *effective_array(ac_mock_call *call, const ac_mock_shape *shape,
                                      const ac_mock_node *node)
{
    size_t count = 0;
    for (const ac_mock_node *child = node->first; child; child = child->next) {
        count += child->element;
    }
    ac_json *items = AC_NEW_ARRAY(call->arena, count, ac_json);
    ac_json *array = AC_NEW(call->arena, ac_json);
    *array = (ac_json){.type = AC_JSON_ARRAY, .items = items};
    for (const ac_mock_node *child = node->first; child; child = child->next) {
        const ac_json *item = child->element ? effective(call, shape->element, child) : NULL;
        if (item) {
            items[array->count] = *item;
            items[array->count++].key = (ac_str){NULL, 0};
        }
    }
    return array;
}

static const ac_mock_param *first_param(const ac_mock_shape *shape)
{
    while (!shape->param) {
        shape = shape->element ? shape->element : shape->members;
    }
    return shape->param;
}

/* The parameters at the top (node NULL) stand below the roots of their locations. */
static const ac_json *effective_object(ac_mock_call *call, const ac_mock_shape *shape,
                                       const ac_mock_node *node)
{
    ac_json *items = AC_NEW_ARRAY(call->arena, shape->count, ac_json);
    ac_json *object = AC_NEW(call->arena, ac_json);
    *object = (ac_json){.type = AC_JSON_OBJECT, .items = items};
    for (const ac_mock_shape *member = shape->members; member; member = member->next) {
        const ac_mock_node *parent = node ? node : ac_mock_root_of(call, first_param(member));
        const ac_json *value = effective(call, member, find_member(parent, member->key));
        if (value) {
            items[object->count] = *value;
            items[object->count++].key = member->key;
        }
    }
    return object;
}

static const ac_json *effective(ac_mock_call *call, const ac_mock_shape *shape, const ac_mock_node *node)
{
    if (shape->element) {
        return node ? effective_array(call, shape, node) : NULL;
    }
    if (shape->members) {
        return node ? effective_object(call, shape, node) : NULL;
    }
    if (!ac_mock_is_sent(shape->param, node)) {
        return shape->param->of->default_value;
    }
    bool free_form = shape->param->of->type == AC_TYPE_ARRAY || shape->param->of->type == AC_TYPE_OBJECT;
    return free_form ? as_sent(call->arena, node) : scalar(call->arena, shape->param, node);
}

const ac_json *ac_mock_effective(ac_mock_call *call)
{
    return effective_object(call, call->operation->request, NULL);
}

const ac_json *ac_mock_effective_value(const ac_mock_call *call, ac_str name)
{
    const ac_json *value = call->params;
    while (name.p) {
        ac_str part = ac_str_split(name, '.', &name);
        if (value && value->type == AC_JSON_ARRAY) {
            return value;
        }
        value = ac_json_get(value, part);
    }
    return value;
}
