/* What a step must show: the strictest expectation that the recorded answer meets, and matchers of values. */
#include "promote_parts.h"

enum { MATCHERS_MAX = 60, ECHO_MIN = 6 };

void put_json(ac_arena *arena, const ac_json **object, const char *key, const ac_json *value)
{
    *object = ac_json_set(arena, *object, ac_str_c(key), value);
}

void put_text(ac_arena *arena, const ac_json **object, const char *key, ac_str text)
{
    put_json(arena, object, key, ac_json_string(arena, text));
}

const ac_json *json_strings(ac_arena *arena, const ac_str *items, size_t count)
{
    const ac_json **values = AC_NEW_ARRAY(arena, count, const ac_json *);
    for (size_t i = 0; i < count; i++) {
        values[i] = ac_json_string(arena, items[i]);
    }
    return ac_json_array(arena, values, count);
}

/* ---- how strict ---- */

static ac_str region_of(const seen *s)
{
    const ac_parameter *region = ac_contract_role(s->call.contract, AC_ROLE_REGION);
    return region ? ac_json_text(ac_json_get(s->call.params, region->name)) : AC_STR("");
}

/* The first finding that would fail the case; p NULL: the answer holds. */
static ac_str first_failure(ac_arena *arena, const seen *s, const ac_expect *expect)
{
    const ac_match_input input = {.contract = s->call.contract,
                                  .expect = expect,
                                  .params = s->call.params,
                                  .region = region_of(s),
                                  .response = &s->record->response};
    ac_match_result result;
    ac_match(arena, &input, &result);
    for (size_t i = 0; i < result.findings.count; i++) {
        const ac_finding *f = &result.findings.items[i];
        if (!f->note) {
            return ac_str_printf(arena, "%s%s%.*s: %.*s, documented: %.*s", ac_finding_kind_name(f->kind),
                                 f->place.n > 0 ? " " : "", AC_STR_FMT(f->place), AC_STR_FMT(f->observed),
                                 AC_STR_FMT(f->expected));
        }
    }
    return (ac_str){NULL, 0};
}

typedef struct rung {
    ac_expect_kind kind;
    bool fields;
    ac_certainty certainty;
} rung;

static const rung successes[] = {{AC_EXPECT_SUCCESS, true, AC_MUST},
                                 {AC_EXPECT_SUCCESS, false, AC_MUST},
                                 {AC_EXPECT_ANY, false, AC_MUST},
                                 {AC_EXPECT_ANY, false, AC_MAY}};
static const rung errors[] = {
    {AC_EXPECT_ERROR, false, AC_MUST}, {AC_EXPECT_ANY, false, AC_MUST}, {AC_EXPECT_ANY, false, AC_MAY}};

static const rung *strictest(const expectation_input *input, ac_expect *expect, ac_str *weak)
{
    const seen *s = input->step->last;
    ac_arena *arena = input->tape->arena;
    const rung *rungs = s->answer.success ? successes : errors;
    size_t count = s->answer.success ? AC_COUNT(successes) : AC_COUNT(errors);
    const ac_error_spec *spec =
        s->answer.code.p ? ac_contract_match_code(s->call.contract, s->answer.code) : NULL;
    size_t i = !s->answer.success && !spec ? 1 : 0;
    *weak = i > 0 ? ac_str_printf(arena, "undocumented code %.*s", AC_STR_FMT(s->answer.code))
                  : (ac_str){NULL, 0};
    for (;; i++) {
        *expect =
            (ac_expect){.kind = rungs[i].kind, .fields = rungs[i].fields, .certainty = rungs[i].certainty};
        expect->errors = AC_NEW_ARRAY(arena, 1, const ac_error_spec *);
        expect->errors[0] = spec;
        expect->error_count = rungs[i].kind == AC_EXPECT_ERROR ? 1 : 0;
        ac_str failure = first_failure(arena, s, expect);
        if (!failure.p || i + 1 == count) {
            return &rungs[i];
        }
        *weak = weak->p ? *weak : failure;
    }
}

/* ---- values ---- */

/* Whether an earlier step of the same flow captures it. */
static bool is_known_to(const tape *t, const seen *s, const binding *given)
{
    return given->from < (size_t)(s - t->items) && t->items[given->from].flow == s->flow;
}

/* What a value of the request, of an answer before or of the world is called in the case; p NULL: nothing. */
static ac_str name_of(const tape *t, const seen *s, ac_str value)
{
    const binding *given = bindings_find(&t->captured, value);
    if (given) {
        return is_known_to(t, s, given) ? given->text : (ac_str){NULL, 0};
    }
    given = world_find(&t->world, s, value);
    return given ? given->text : (ac_str){NULL, 0};
}

static ac_str last_token(ac_str pointer)
{
    size_t n = pointer.n;
    while (n > 0 && pointer.p[n - 1] != '/') {
        n--;
    }
    return ac_str_sub(pointer, n, pointer.n);
}

static const ac_json *sent_as(const seen *from, const leaf *l, bool only_named)
{
    for (size_t i = 0; i < from->params.count; i++) {
        const leaf *sent = &from->params.items[i];
        bool named = ac_str_eq_nocase(last_token(sent->pointer), last_token(l->pointer));
        if (ac_json_equal(sent->value, l->value) &&
            (named || (!only_named && ac_json_text(l->value).n >= ECHO_MIN))) {
            return ac_json_at(from->written, sent->pointer);
        }
    }
    return NULL;
}

/* The value as the request had it, where the answer repeats it: under the same name, or long enough. What an earlier
 * request of the flow said counts under the same name. */
static const ac_json *echo_of(const tape *t, const seen *s, const leaf *l)
{
    const ac_json *sent = sent_as(s, l, false);
    for (const seen *before = s; !sent && before > t->items;) {
        before--;
        sent = before->flow == s->flow && before->answer.success ? sent_as(before, l, true) : NULL;
    }
    ac_str name =
        !sent && l->value->type == AC_JSON_STRING ? name_of(t, s, l->value->text) : (ac_str){NULL, 0};
    return name.p ? ac_json_string(t->arena, name) : sent;
}

static const ac_response_field *field_at(const ac_response_fields *fields, ac_str pointer)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (ac_str_eq(fields->items[i].pointer, pointer)) {
            return &fields->items[i];
        }
    }
    return NULL;
}

static bool is_captured(const seen *s, ac_str pointer)
{
    for (size_t i = 0; i < s->capture_count; i++) {
        if (ac_str_eq(s->captures[i].pointer, pointer)) {
            return true;
        }
    }
    return false;
}

static const ac_json *member(ac_arena *arena, const char *key, ac_str text)
{
    return ac_json_set(arena, NULL, ac_str_c(key), ac_json_string(arena, text));
}

/* An id is known by its prefix. */
static const ac_json *id_matcher(ac_arena *arena, const ac_json *value)
{
    size_t n = 0;
    ac_str text = value->text;
    while (n < text.n && text.p[n] >= 'a' && text.p[n] <= 'z') {
        n++;
    }
    bool prefix = value->type == AC_JSON_STRING && n > 0 && n < text.n && text.p[n] == '-';
    return prefix ? member(arena, "regex", ac_str_printf(arena, "^%.*s-", (int)n, text.p))
                  : member(arena, "type", ac_str_c(value->type == AC_JSON_STRING ? "string" : "number"));
}

static const ac_json *type_matcher(ac_arena *arena, const ac_json *a)
{
    const char *type = ac_json_is_integer(a) ? "integer" : ac_json_type_name(a->type);
    return member(arena, "type", ac_str_c(a->type == AC_JSON_BOOL ? "boolean" : type));
}

/* What two different values have in common. */
static const ac_json *common_matcher(ac_arena *arena, const ac_json *a, const ac_json *b)
{
    static const ac_format formats[] = {AC_FORMAT_UTC_TIME, AC_FORMAT_UUID, AC_FORMAT_IPV4, AC_FORMAT_IPV6};
    for (size_t i = 0; i < AC_COUNT(formats) && a->type == AC_JSON_STRING && b->type == a->type; i++) {
        if (ac_match_format(formats[i], a->text) && ac_match_format(formats[i], b->text)) {
            return member(arena, "format", ac_str_c(ac_format_names[formats[i]]));
        }
    }
    return a->type == b->type && ac_json_is_integer(a) == ac_json_is_integer(b) ? type_matcher(arena, a)
                                                                                : NULL;
}

static bool changes_anyway(const expectation_input *input, const ac_response_field *field,
                           const ac_json *value)
{
    bool state =
        field && field->value && (field->value->kind == AC_VALUE_STATE || field->value->kind == AC_VALUE_NOW);
    bool text = value->type == AC_JSON_STRING;
    return state || (text && ac_match_format(AC_FORMAT_UTC_TIME, value->text)) ||
           (text && input->redactor && ac_redactor_gave(input->redactor, value->text));
}

/* What the contract's envelope says is judged by the contract. */
static bool is_envelope(const seen *s, ac_str pointer)
{
    const ac_style *style = s->call.contract->style;
    const ac_response_field *field = field_at(&s->call.contract->response.fields, pointer);
    return ac_str_eq(style->request_id, pointer) || field_at(&style->envelope, pointer) ||
           (field && field->value && field->value->kind == AC_VALUE_REQUEST_ID);
}

/* The matcher for a place of the answer; NULL: the contract says enough. */
static const ac_json *matcher_for(const expectation_input *input, const leaf *l)
{
    const seen *s = input->step->last;
    ac_arena *arena = input->tape->arena;
    const ac_response_field *field = field_at(&s->call.contract->response.fields, l->pointer);
    const ac_json *sent = echo_of(input->tape, s, l);
    if (is_captured(s, l->pointer)) {
        return id_matcher(arena, l->value);
    }
    if (sent) {
        return sent->type == AC_JSON_OBJECT ? NULL : sent;
    }
    const ac_json *other = input->other ? ac_json_at(input->other->last->answer.body, l->pointer) : NULL;
    if (!other || changes_anyway(input, field, l->value)) {
        return field ? NULL : type_matcher(arena, l->value);
    }
    return ac_json_equal(other, l->value) ? l->value : common_matcher(arena, l->value, other);
}

/* ---- lists ---- */

/* The outermost array that the place lies in; empty: none. */
static ac_str array_of(const ac_json *body, ac_str pointer)
{
    const ac_json *at = body;
    for (size_t i = 1; i <= pointer.n; i++) {
        if (i == pointer.n || pointer.p[i] == '/') {
            if (ac_json_is(at, AC_JSON_ARRAY)) {
                return AC_STR("");
            }
            at = ac_json_at(body, ac_str_sub(pointer, 0, i));
            if (ac_json_is(at, AC_JSON_ARRAY)) {
                return ac_str_sub(pointer, 0, i);
            }
        }
    }
    return AC_STR("");
}

/* {"contains": {"EndpointId": "${id}"}} where an element has an id that an earlier answer gave. */
static const ac_json *contains_matcher(const tape *t, const seen *s, ac_str array, const leaf *l)
{
    ac_str inside = ac_str_sub(l->pointer, array.n + 1, l->pointer.n);
    ac_str key;
    ac_str_split(inside, '/', &key);
    const binding *given =
        l->value->type == AC_JSON_STRING ? bindings_find(&t->captured, l->value->text) : NULL;
    if (!given || !is_known_to(t, s, given) || ac_str_find_char(key, '/') != AC_NOT_FOUND) {
        return NULL;
    }
    const ac_json *text = ac_json_string(t->arena, given->text);
    const ac_json *wanted = key.n > 0 ? ac_json_set(t->arena, NULL, key, text) : text;
    return ac_json_set(t->arena, NULL, AC_STR("contains"), wanted);
}

static bool same_length(const expectation_input *input, ac_str array)
{
    const ac_json *a = ac_json_at(input->step->last->answer.body, array);
    const ac_json *b = input->other ? ac_json_at(input->other->last->answer.body, array) : NULL;
    return a && ac_json_is(a, AC_JSON_ARRAY) && b && ac_json_is(b, AC_JSON_ARRAY) && a->count == b->count &&
           a->count <= 20;
}

static const ac_json *body_matchers(const expectation_input *input)
{
    const seen *s = input->step->last;
    ac_arena *arena = input->tape->arena;
    const ac_json *body = NULL;
    for (size_t i = 0; i < s->body.count && (!body || body->count < MATCHERS_MAX); i++) {
        const leaf *l = &s->body.items[i];
        ac_str array = array_of(s->answer.body, l->pointer);
        if (is_envelope(s, l->pointer) || (body && array.n > 0 && ac_json_get(body, array))) {
            continue;
        }
        const ac_json *contains = array.n > 0 ? contains_matcher(input->tape, s, array, l) : NULL;
        bool deep = array.n > 0 && !same_length(input, array) && !is_captured(s, l->pointer);
        const ac_json *matcher = contains ? contains : deep ? NULL : matcher_for(input, l);
        if (matcher) {
            body = ac_json_set(arena, body, contains ? array : l->pointer, matcher);
        }
    }
    return body;
}

/* ---- the whole ---- */

static const ac_json *error_matchers(ac_arena *arena, const seen *s)
{
    const ac_style *style = s->call.contract->style;
    bool there = s->answer.code.p && ac_json_at(s->answer.body, style->error.code);
    return there ? ac_json_set(arena, NULL, style->error.code, ac_json_string(arena, s->answer.code)) : NULL;
}

const ac_json *step_expectation(const expectation_input *input, ac_str *weak)
{
    const seen *s = input->step->last;
    ac_arena *arena = input->tape->arena;
    ac_expect expect;
    const rung *at = strictest(input, &expect, weak);
    const ac_json *out = NULL;
    const ac_json *body = NULL;
    if (at->kind == AC_EXPECT_ERROR) {
        put_text(arena, &out, "error", expect.errors[0]->code);
    } else {
        put_json(arena, &out, at->kind == AC_EXPECT_SUCCESS ? "success" : "any", ac_json_bool(true));
        body = s->answer.success ? body_matchers(input) : error_matchers(arena, s);
    }
    if (at->fields) {
        put_json(arena, &out, "fields", ac_json_bool(true));
    }
    if (at->certainty == AC_MAY) {
        put_text(arena, &out, "certainty", AC_STR("may"));
    }
    if (at->kind != AC_EXPECT_ERROR && !s->answer.success) {
        put_json(arena, &out, "status", ac_json_integer(arena, s->record->response.status));
    }
    if (body && at->certainty != AC_MAY) {
        put_json(arena, &out, "body", body);
    }
    return out;
}
