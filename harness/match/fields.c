/*
 * The members of a body: the documented ones must be there with their types, others must not.
 *
 * The documented pointers become a tree for each answer, which is then walked along with the body: each value
 * is looked at once, however long its arrays are.
 */
#include "match/judge.h"

/* A documented member, or container of documented members. */
typedef struct shape {
    struct shape *children, *last; /* members by name */
    struct shape *next;            /* sibling */
    struct shape *each;            /* elements of an array */
    ac_str name;
    ac_str pointer;                 /* documented, up to here */
    const ac_response_field *field; /* NULL: only something below it is documented */
    int equals;                     /* ac_equals, where the envelope says so of a field of the operation */
    size_t visit;                   /* of the object it was last seen in */
} shape;

typedef struct walk {
    ac_judge *judge;
    ac_str request_id; /* pointer; it is judged on its own */
    size_t visits;
    bool closed; /* members that are not documented are findings */
    bool any_case;
} walk;

/* ---- the tree ---- */

static ac_str unescape(ac_arena *arena, ac_str token)
{
    if (ac_str_find_char(token, '~') == AC_NOT_FOUND) {
        return token;
    }
    ac_str slashes = ac_str_replace(arena, token, AC_STR("~1"), AC_STR("/"));
    return ac_str_replace(arena, slashes, AC_STR("~0"), AC_STR("~"));
}

static shape *find_child(const shape *parent, ac_str name)
{
    shape *child = parent->children;
    while (child && !ac_str_eq(child->name, name)) {
        child = child->next;
    }
    return child;
}

static shape *add_child(ac_arena *arena, shape *parent, ac_str name, ac_str pointer)
{
    shape *child = AC_NEW(arena, shape);
    child->name = name;
    child->pointer = pointer;
    if (parent->last) {
        parent->last->next = child;
    } else {
        parent->children = child;
    }
    parent->last = child;
    return child;
}

static shape *below(ac_arena *arena, shape *parent, ac_str token, ac_str pointer)
{
    if (ac_str_is(token, "*")) {
        if (!parent->each) {
            parent->each = AC_NEW(arena, shape);
            parent->each->pointer = pointer;
        }
        return parent->each;
    }
    ac_str name = unescape(arena, token);
    shape *child = parent->last && ac_str_eq(parent->last->name, name) ? parent->last : NULL;
    child = child ? child : find_child(parent, name);
    return child ? child : add_child(arena, parent, name, pointer);
}

static void add_field(ac_arena *arena, shape *root, const ac_response_field *field)
{
    shape *at = root;
    ac_str rest = ac_str_sub(field->pointer, 1, field->pointer.n);
    while (rest.p) {
        ac_str token = ac_str_split(rest, '/', &rest);
        size_t end = (size_t)(token.p - field->pointer.p) + token.n;
        at = below(arena, at, token, ac_str_sub(field->pointer, 0, end));
    }
    if (!at->field) {
        at->field = field;
    }
    if (field->equals != AC_EQUALS_NONE) {
        at->equals = field->equals;
    }
}

static void add_fields(ac_arena *arena, shape *root, const ac_response_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        add_field(arena, root, &fields->items[i]);
    }
}

static const shape *first_below(const shape *s)
{
    return s->children ? s->children : s->each;
}

/* Of the member itself, else of the first documented one below it. */
static ac_strs cite_of(const shape *s)
{
    while (!s->field) {
        s = first_below(s);
    }
    return s->field->cite;
}

/* ---- findings ---- */

static ac_str type_of(const shape *s)
{
    return ac_str_c(s->field ? ac_field_type_names[s->field->type] : s->each ? "array" : "object");
}

/* Whether the error code that is missing is this member, or stands below it. */
static bool holds_missing_code(const ac_judge *judge, const shape *s)
{
    ac_str code = judge->no_code.pointer;
    bool begins = code.n > 0 && ac_str_starts(code, s->pointer);
    return begins && (code.n == s->pointer.n || code.p[s->pointer.n] == '/');
}

static bool is_request_id(const walk *w, const shape *s)
{
    return ac_str_eq(s->pointer, w->request_id);
}

/* A documented member that is not there, is null, or has another type. */
static void tell(const walk *w, ac_finding_kind kind, const shape *s, const ac_json *value,
                 const ac_place *place)
{
    ac_judge *judge = w->judge;
    if (is_request_id(w, s)) {
        return;
    }
    bool code = holds_missing_code(judge, s);
    ac_finding *f = ac_judge_finding(judge, kind, code ? judge->no_code.level : AC_LEVEL_NONE);
    if (f) {
        f->place = ac_place_print(judge->arena, place);
        f->expected = code ? judge->no_code.expected : type_of(s);
        f->observed = ac_shown_typed(judge->arena, value);
        f->source = ac_judge_source(judge, cite_of(s), (ac_strs){NULL, 0});
    }
}

static void tell_undocumented(const walk *w, const shape *parent, const ac_json *value, const ac_place *place)
{
    ac_judge *judge = w->judge;
    ac_finding *f = judge->input->allow_undocumented_fields
                        ? ac_judge_note(judge, AC_FINDING_UNDOCUMENTED_FIELD)
                        : ac_judge_finding(judge, AC_FINDING_UNDOCUMENTED_FIELD, AC_LEVEL_NONE);
    if (f) {
        f->place = ac_place_print(judge->arena, place);
        f->expected = AC_STR("only documented members");
        f->observed = ac_shown_typed(judge->arena, value);
        f->source = ac_judge_source_table(judge, cite_of(parent->children));
    }
}

static void note_other_case(const walk *w, const shape *s, const ac_json *value, const ac_place *place)
{
    ac_judge *judge = w->judge;
    ac_finding *f = ac_judge_note(judge, AC_FINDING_UNDOCUMENTED_FIELD);
    if (f) {
        f->place = ac_place_print(judge->arena, place);
        f->expected = ac_shown_printf(judge->arena, "the name \"%.*s\"", AC_STR_FMT(s->name));
        f->observed = ac_shown_printf(judge->arena, "the name \"%.*s\"", AC_STR_FMT(value->key));
        f->source = ac_judge_source(judge, cite_of(s), (ac_strs){NULL, 0});
    }
}

/* ---- the walk ---- */

static bool has_type(const shape *s, const ac_json *value)
{
    static const ac_json_type types[] = {
        [AC_JSON_TYPE_STRING] = AC_JSON_STRING, [AC_JSON_TYPE_INTEGER] = AC_JSON_NUMBER,
        [AC_JSON_TYPE_NUMBER] = AC_JSON_NUMBER, [AC_JSON_TYPE_BOOLEAN] = AC_JSON_BOOL,
        [AC_JSON_TYPE_OBJECT] = AC_JSON_OBJECT, [AC_JSON_TYPE_ARRAY] = AC_JSON_ARRAY,
    };
    if (!s->field) {
        return value->type == (s->each ? AC_JSON_ARRAY : AC_JSON_OBJECT);
    }
    return value->type == types[s->field->type] &&
           (s->field->type != AC_JSON_TYPE_INTEGER || ac_json_is_integer(value));
}

static bool is_documented(const walk *w, const shape *s)
{
    return ac_cite_kind(w->judge->input->contract, s->field->cite) == AC_SOURCE_DOCUMENTATION;
}

/* A container of which no documentation speaks is as needed as what is documented in it. */
static bool is_required(const walk *w, const shape *s)
{
    const ac_response_field *field = s->field;
    if (field && field->presence == 0) {
        bool echoed = field->value && field->value->kind == AC_VALUE_PARAM;
        return !echoed || ac_field_wanted(w->judge->input, field);
    }
    const shape *child = field && is_documented(w, s) ? NULL : s->children;
    while (child && !is_required(w, child)) {
        child = child->next;
    }
    return child != NULL;
}

static void walk_value(walk *w, const shape *s, const ac_json *value, const ac_place *place);

static void walk_array(walk *w, const shape *s, const ac_json *array, const ac_place *place)
{
    for (size_t i = 0; i < array->count; i++) {
        ac_place element = {.above = place, .index = i};
        walk_value(w, s->each, &array->items[i], &element);
    }
}

/* Members mostly come in the documented order: the search begins after the one found last. */
static shape *find_from(const shape *parent, shape *from, ac_str name)
{
    for (shape *child = from; child; child = child->next) {
        if (ac_str_eq(child->name, name)) {
            return child;
        }
    }
    for (shape *child = parent->children; child != from; child = child->next) {
        if (ac_str_eq(child->name, name)) {
            return child;
        }
    }
    return NULL;
}

/* The member of that name in other capitals, unless the object has it already. */
static shape *find_other_case(const walk *w, const shape *parent, ac_str name, size_t visit)
{
    shape *child = w->any_case ? parent->children : NULL;
    while (child && (child->visit == visit || !ac_str_eq_nocase(child->name, name))) {
        child = child->next;
    }
    return child;
}

static void walk_others(walk *w, const shape *s, const ac_json *object, const ac_place *place, size_t visit)
{
    for (size_t i = 0; i < object->count; i++) {
        const ac_json *member = &object->items[i];
        ac_place at = {.above = place, .name = member->key};
        if (find_child(s, member->key)) {
            continue;
        }
        shape *child = find_other_case(w, s, member->key, visit);
        if (child) {
            child->visit = visit;
            note_other_case(w, child, member, &at);
            walk_value(w, child, member, &at);
        } else if (w->closed) {
            tell_undocumented(w, s, member, &at);
        }
    }
}

static void walk_object(walk *w, const shape *s, const ac_json *object, const ac_place *place)
{
    size_t visit = ++w->visits;
    size_t others = 0;
    shape *from = s->children;
    for (size_t i = 0; i < object->count; i++) {
        const ac_json *member = &object->items[i];
        shape *child = find_from(s, from, member->key);
        if (child) {
            ac_place at = {.above = place, .name = member->key};
            child->visit = visit;
            from = child->next;
            walk_value(w, child, member, &at);
        } else {
            others++;
        }
    }
    if (others > 0) {
        walk_others(w, s, object, place, visit);
    }
    for (const shape *child = s->children; child; child = child->next) {
        if (child->visit != visit && is_required(w, child)) {
            ac_place at = {.above = place, .name = child->name};
            tell(w, AC_FINDING_MISSING_FIELD, child, NULL, &at);
        }
    }
}

static void walk_value(walk *w, const shape *s, const ac_json *value, const ac_place *place)
{
    if (value->type == AC_JSON_NULL) {
        if (!s->field || !s->field->nullable) {
            tell(w, AC_FINDING_NULL, s, value, place);
        }
        return;
    }
    if (!has_type(s, value)) {
        tell(w, AC_FINDING_TYPE, s, value, place);
        return;
    }
    if (s->field) {
        ac_judge_value(w->judge, s->field, s->equals, value, place);
    }
    if (s->children && value->type == AC_JSON_OBJECT) {
        walk_object(w, s, value, place);
    } else if (s->each && value->type == AC_JSON_ARRAY) {
        walk_array(w, s, value, place);
    }
}

void ac_judge_body(ac_judge *judge, ac_body_mode mode)
{
    const ac_contract *contract = judge->input->contract;
    const ac_style *style = contract->style;
    bool error = mode == AC_BODY_ERROR;
    walk w = {.judge = judge,
              .request_id = error ? style->error.request_id : style->request_id,
              .closed = error || (mode == AC_BODY_SUCCESS && contract->response.documented),
              .any_case = error && style->error.key_case == 1};
    shape root = {.name = {NULL, 0}};
    if (mode == AC_BODY_SUCCESS) {
        add_fields(judge->arena, &root, &contract->response.fields);
    }
    add_fields(judge->arena, &root, error ? &style->error.fields : &style->envelope);
    ac_place place = {.above = NULL};
    if (root.children) {
        walk_value(&w, &root, judge->out->body, &place);
    }
}

/* ---- pointers ---- */

static const ac_json *get_any_case(const ac_json *object, ac_str name)
{
    for (size_t i = 0; ac_json_is(object, AC_JSON_OBJECT) && i < object->count; i++) {
        if (ac_str_eq_nocase(object->items[i].key, name)) {
            return &object->items[i];
        }
    }
    return NULL;
}

const ac_json *ac_body_at(const ac_json *body, ac_str pointer, bool any_case)
{
    const ac_json *exact = ac_json_at(body, pointer);
    if (exact || !any_case || pointer.n == 0) {
        return exact;
    }
    const ac_json *at = body;
    ac_str rest = ac_str_sub(pointer, 1, pointer.n);
    while (at && rest.p) {
        ac_str token = ac_str_split(rest, '/', &rest);
        const ac_json *same = ac_json_get(at, token);
        at = same ? same : get_any_case(at, token);
    }
    return at;
}

static void print_place(ac_arena *arena, ac_buf *out, const ac_place *place)
{
    if (!place->above) {
        return;
    }
    print_place(arena, out, place->above);
    if (place->name.p) {
        ac_str token = ac_json_pointer_token(arena, place->name);
        ac_buf_printf(out, "/%.*s", AC_STR_FMT(token));
    } else {
        ac_buf_printf(out, "/%zu", place->index);
    }
}

ac_str ac_place_print(ac_arena *arena, const ac_place *place)
{
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    print_place(arena, &out, place);
    ac_str shown = ac_shown(arena, ac_buf_str(&out));
    ac_buf_done(&out);
    return shown;
}
