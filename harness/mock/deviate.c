#include "mock/deviate.h"

#include "mock/answer.h"

static const ac_str nothing = {NULL, 0};

static const ac_deviation *deviation_of(const ac_mock_call *call)
{
    return call->mock->options.deviation;
}

/* ---- who deviates ---- */

bool ac_mock_mixes_accounts(const ac_deviation *deviation)
{
    return deviation &&
           (deviation->kind == AC_TOKEN_ACROSS_ACCOUNTS || deviation->kind == AC_FOREIGN_REFERENCE_ACCEPTED);
}

/* Nobody's key is empty. */
void ac_mock_prepare_deviation(ac_mock *mock)
{
    const ac_deviation *deviation = mock->options.deviation;
    if (!deviation || deviation->kind == AC_DEVIATION_NONE) {
        return;
    }
    mock->deviant = ac_mock_operation_named(mock->plan, deviation->operation);
    if (mock->deviant && deviation->kind == AC_TOKEN_ACROSS_ACCOUNTS) {
        mock->common = ac_mock_account_get(mock->accounts, mock->deviant->realm, nothing);
    }
}

bool ac_mock_deviates_at(const ac_mock *mock, const ac_mock_operation *operation, ac_deviation_kind kind)
{
    return mock->deviant && mock->deviant == operation && mock->options.deviation->kind == kind;
}

bool ac_mock_deviates(const ac_mock_call *call, ac_deviation_kind kind)
{
    return ac_mock_deviates_at(call->mock, call->operation, kind) && !call->lost;
}

bool ac_mock_deviates_of(const ac_mock *mock, const ac_mock_resource *resource, ac_deviation_kind kind)
{
    return !resource->fixture && ac_mock_deviates_at(mock, resource->kind->creator, kind);
}

bool ac_mock_concerns(const ac_mock *mock, const ac_error_spec *spec)
{
    return ac_str_eq(mock->options.deviation->code, spec->code);
}

/* ---- members of a body ---- */

typedef const ac_json *(*change)(const ac_mock_call *call, const ac_json *member);

static const ac_json *changed(const ac_mock_call *call, const ac_json *member, ac_json value)
{
    value.key = member->key;
    return ac_arena_copy(call->arena, &value, sizeof value);
}

static const ac_json *as_text(const ac_mock_call *call, const ac_json *member, ac_str text)
{
    return changed(call, member, (ac_json){.type = AC_JSON_STRING, .text = text});
}

static const ac_json *drop(const ac_mock_call *call, const ac_json *member)
{
    (void)call;
    (void)member;
    return NULL;
}

/* Elements of an array have no name. */
static const ac_json *rename_member(const ac_mock_call *call, const ac_json *member)
{
    ac_json *copy = ac_arena_copy(call->arena, member, sizeof *member);
    if (copy->key.n > 0) {
        copy->key = ac_str_printf(call->arena, "%.*sX", AC_STR_FMT(member->key));
    }
    return copy;
}

static const ac_json *make_null(const ac_mock_call *call, const ac_json *member)
{
    return changed(call, member, (ac_json){.type = AC_JSON_NULL});
}

static const ac_json *retype(const ac_mock_call *call, const ac_json *member)
{
    if (member->type == AC_JSON_STRING) {
        return changed(call, member, (ac_json){.type = AC_JSON_NUMBER, .text = AC_STR("1")});
    }
    if (member->type == AC_JSON_BOOL) {
        return as_text(call, member, ac_str_c(member->boolean ? "true" : "false"));
    }
    return as_text(call, member, member->type == AC_JSON_NUMBER ? member->text : AC_STR("accord"));
}

static const ac_json *misformat(const ac_mock_call *call, const ac_json *member)
{
    return as_text(call, member, AC_STR("accord: not of the documented form"));
}

static const ac_json *next_number(const ac_mock_call *call, const ac_json *member)
{
    int64_t number = 0;
    bool exact = ac_json_int(member, &number) && number < INT64_MAX;
    return changed(call, member, *ac_json_integer(call->arena, exact ? number + 1 : 1));
}

/* Text changes at both ends, so that it is no longer one with placeholders filled in either. */
static const ac_json *take_other_value(const ac_mock_call *call, const ac_json *member)
{
    if (member->type == AC_JSON_STRING) {
        return as_text(call, member, ac_str_printf(call->arena, "X%.*sX", AC_STR_FMT(member->text)));
    }
    if (member->type == AC_JSON_NUMBER) {
        return next_number(call, member);
    }
    bool turned = member->type == AC_JSON_BOOL && !member->boolean;
    return changed(call, member, (ac_json){.type = member->type, .boolean = turned});
}

static const ac_json *add_member(const ac_mock_call *call, const ac_json *object)
{
    if (!ac_json_is(object, AC_JSON_OBJECT)) {
        return object;
    }
    const ac_json *grown = ac_json_set(call->arena, object, AC_STR("AccordUndocumented"),
                                       ac_json_string(call->arena, AC_STR("accord")));
    return changed(call, object, *grown);
}

static const ac_json *take_other_id(const ac_mock_call *call, const ac_json *member)
{
    return as_text(call, member, ac_mock_uuid(call->arena, ac_mock_hash(0, call->request_id)));
}

static const change changes[AC_DEVIATIONS] = {
    [AC_FIELD_DROPPED] = drop,           [AC_FIELD_RENAMED] = rename_member,
    [AC_FIELD_NULL] = make_null,         [AC_FIELD_RETYPED] = retype,
    [AC_FIELD_MISFORMATTED] = misformat, [AC_FIELD_OTHER_VALUE] = take_other_value,
    [AC_FIELD_ADDED] = add_member,       [AC_REQUEST_ID_DIFFERS] = take_other_id,
};

static bool is_at(const ac_mock_call *call, const ac_json *parent, const ac_json *child, ac_str token)
{
    return parent->type == AC_JSON_ARRAY ? ac_str_is(token, "*")
                                         : ac_str_eq(ac_json_pointer_token(call->arena, child->key), token);
}

/* The tree with the change made where the path leads; path p NULL: here. */
static const ac_json *changed_at(const ac_mock_call *call, const ac_json *value, ac_str path)
{
    change make = changes[deviation_of(call)->kind];
    if (!path.p) {
        return make(call, value);
    }
    ac_str rest;
    ac_str token = ac_str_split(path, '/', &rest);
    ac_json *items = AC_NEW_ARRAY(call->arena, value->count, ac_json);
    ac_json copy = *value;
    copy.items = items;
    copy.count = 0;
    for (size_t i = 0; i < value->count; i++) {
        const ac_json *item = &value->items[i];
        bool there = is_at(call, value, item, token);
        const ac_json *made = there ? changed_at(call, item, rest) : NULL;
        if (made || !there) {
            items[copy.count++] = there ? *made : *item;
        }
    }
    return ac_arena_copy(call->arena, &copy, sizeof copy);
}

static void change_body(ac_mock_call *call)
{
    ac_str pointer = deviation_of(call)->pointer;
    const ac_json *body = ac_json_parse(call->arena, call->body, &ac_json_file_limits, NULL);
    if (body) {
        body = changed_at(call, body, pointer.n > 0 ? ac_str_sub(pointer, 1, pointer.n) : nothing);
    }
    if (body) {
        call->body = ac_mock_written(call->arena, body);
    }
}

/* ---- whole answers ---- */

/* Number 0 is no other answer's. */
static void repeat_request_id(ac_mock_call *call)
{
    ac_str first = ac_mock_uuid(call->arena, 0);
    call->body = ac_str_replace(call->arena, call->body, call->request_id, first);
}

static void say_success(ac_mock_call *call)
{
    call->status = 200;
}

/* It did what it should, and says that it failed. */
static void say_failure(ac_mock_call *call)
{
    ac_mock_refuse_when(call, AC_WHEN_INTERNAL, nothing, nothing);
    ac_mock_answer_refusal(call);
}

static void say_text(ac_mock_call *call)
{
    call->content_type = AC_STR("text/plain");
}

static void (*const answers[AC_DEVIATIONS])(ac_mock_call *call) = {
    [AC_FIELD_DROPPED] = change_body,      [AC_FIELD_RENAMED] = change_body,
    [AC_FIELD_NULL] = change_body,         [AC_FIELD_RETYPED] = change_body,
    [AC_FIELD_MISFORMATTED] = change_body, [AC_FIELD_OTHER_VALUE] = change_body,
    [AC_FIELD_ADDED] = change_body,        [AC_REQUEST_ID_REPEATED] = repeat_request_id,
    [AC_REQUEST_ID_DIFFERS] = change_body, [AC_ERROR_AS_SUCCESS] = say_success,
    [AC_SUCCESS_AS_ERROR] = say_failure,   [AC_OTHER_CONTENT_TYPE] = say_text,
};

/* A deviation that names an error is about that one, another about successes. */
static bool is_about(const ac_mock_call *call)
{
    const ac_deviation *deviation = deviation_of(call);
    const ac_error_spec *spec = call->refusal.spec;
    bool every = deviation->kind == AC_REQUEST_ID_REPEATED;
    return every || (deviation->code.n > 0 ? spec && ac_mock_concerns(call->mock, spec) : !spec);
}

void ac_mock_deviate(ac_mock_call *call)
{
    ac_deviation_kind kind = deviation_of(call)->kind;
    if (answers[kind] && ac_mock_deviates(call, kind) && is_about(call)) {
        answers[kind](call);
    }
}

/* ---- parameters ---- */

/* Names that every operation of a style may be called with. */
static bool is_common(ac_str name)
{
    static const char *const names[] = {"Action",           "Version",       "Format",    "AccessKeyId",
                                        "SecurityToken",    "Timestamp",     "Signature", "SignatureMethod",
                                        "SignatureVersion", "SignatureNonce"};
    for (size_t i = 0; i < AC_COUNT(names); i++) {
        if (ac_str_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* The first name below a value that is not documented there; empty: none. What nothing is documented of may
 * hold anything. */
static ac_str undocumented(const ac_mock_shape *shape, const ac_mock_node *node)
{
    ac_str found = nothing;
    bool open = !shape->members && !shape->element;
    for (const ac_mock_node *child = node->first; child && !open && found.n == 0; child = child->next) {
        const ac_mock_shape *inner =
            child->element ? shape->element : ac_mock_shape_member(shape, child->key);
        found = inner ? undocumented(inner, child) : child->element ? node->key : child->key;
    }
    return found;
}

bool ac_mock_refuse_unknown(ac_mock_call *call)
{
    static const int roots[] = {AC_MOCK_IN_PAIRS, AC_MOCK_IN_BODY};
    const ac_mock_shape *documented = call->operation->request;
    for (size_t i = 0; i < AC_COUNT(roots); i++) {
        const ac_mock_node *root = &call->roots[roots[i]];
        for (const ac_mock_node *node = root->first; node; node = node->next) {
            const ac_mock_shape *shape = ac_mock_shape_member(documented, node->key);
            ac_str name = shape ? undocumented(shape, node) : node->key;
            if (name.n > 0 && !is_common(name)) {
                return ac_mock_refuse_when(call, AC_WHEN_MALFORMED_PARAMETER, name, nothing);
            }
        }
    }
    return true;
}

/* ---- things ---- */

const ac_mock_resource *ac_mock_borrow(const ac_mock_call *call, ac_str kind, ac_str id)
{
    return ac_mock_deviates(call, AC_FOREIGN_REFERENCE_ACCEPTED)
               ? ac_mock_resource_elsewhere(call->mock->accounts, call->account, kind, id)
               : NULL;
}

static bool reads_for(const ac_mock_call *call, const ac_mock_operation *creator)
{
    const ac_operation_ref *read = creator->contract->behaviour.read;
    return read && ac_str_eq(read->contract->operation, call->operation->contract->operation);
}

bool ac_mock_overlooks(const ac_mock_call *call, const ac_mock_resource *resource)
{
    const ac_mock_operation *creator = resource->kind->creator;
    bool looks = call->mock->deviant && call->mock->deviant == creator && !resource->fixture &&
                 reads_for(call, creator);
    return looks && ac_mock_resource_look(resource) == 0 && deviation_of(call)->kind == AC_READ_MISSES;
}

/* ---- states ---- */

static size_t skip(const ac_mock_resource *resource, size_t step, size_t last)
{
    (void)resource;
    (void)step;
    return last;
}

static size_t stay(const ac_mock_resource *resource, size_t step, size_t last)
{
    (void)resource;
    (void)step;
    (void)last;
    return 0;
}

/* By looks and not by time, so that none of it is missed. */
static size_t turn_back(const ac_mock_resource *resource, size_t step, size_t last)
{
    bool first = resource->looks == 1;
    return first ? last : resource->looks == 2 ? 0 : step;
}

static size_t (*const ways[AC_DEVIATIONS])(const ac_mock_resource *resource, size_t step, size_t last) = {
    [AC_STATE_SKIPPED] = skip,
    [AC_STATE_STUCK] = stay,
    [AC_STATE_REVERSED] = turn_back,
};

ac_str ac_mock_deviant_state(const ac_mock_call *call, const ac_mock_resource *resource, size_t step,
                             size_t last)
{
    ac_deviation_kind kind = deviation_of(call)->kind;
    const ac_strs *order = &resource->kind->states->order;
    if (!ac_mock_deviates_of(call->mock, resource, kind)) {
        return order->items[step];
    }
    if (kind == AC_STATE_UNKNOWN && resource->looks == 1) {
        return AC_STR("AccordOdd");
    }
    return order->items[ways[kind] ? ways[kind](resource, step, last) : step];
}

/* ---- tokens ---- */

ac_str ac_mock_folded(ac_arena *arena, ac_str text)
{
    char *folded = ac_arena_copy(arena, text.p, text.n);
    for (size_t i = 0; i < text.n; i++) {
        bool capital = folded[i] >= 'A' && folded[i] <= 'Z';
        folded[i] = (char)(capital ? folded[i] - 'A' + 'a' : folded[i]);
    }
    return (ac_str){folded, text.n};
}
