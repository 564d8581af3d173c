/* Cases about one parameter: required, type, and each documented constraint from both sides. */
#include <stdio.h>

#include "case/draft.h"

/* One parameter and the constraint under test (NULL for required and type). */
typedef struct subject {
    const deriver *d;
    const ac_parameter *parameter;
    const ac_constraint *constraint;
} subject;

static ac_str name_of(const subject *s)
{
    return s->parameter->name;
}

static ac_strs cite_of(const subject *s)
{
    return s->constraint ? s->constraint->cite : s->parameter->cite;
}

/* "group/Parameter/variant" */
static void start(case_draft *draft, const subject *s, const char *group, ac_str variant, ac_str title)
{
    ac_arena *arena = s->d->arena;
    ac_str path = ac_str_printf(arena, "%s/%.*s/%.*s", group, AC_STR_FMT(name_of(s)), AC_STR_FMT(variant));
    draft_init(draft, s->d, path, title, cite_of(s));
}

/* The answer's field that repeats the parameter, or NULL. */
static const ac_response_field *echo_of(const subject *s)
{
    const ac_response_fields *fields = &s->d->contract->response.fields;
    for (size_t i = 0; i < fields->count; i++) {
        const ac_response_field *field = &fields->items[i];
        bool echo = field->value && field->value->kind == AC_VALUE_PARAM && !field->value_inferred;
        if (echo && ac_str_eq(field->value->text, name_of(s))) {
            return field;
        }
    }
    return NULL;
}

static ac_certainty certainty_of_valid(const subject *s)
{
    bool may = s->constraint && s->constraint->certainty == AC_MAY;
    bool documented = ac_cite_kind(s->d->contract, cite_of(s)) == AC_SOURCE_DOCUMENTATION;
    return may ? AC_MAY : documented ? AC_MUST : AC_SHOULD;
}

static void accepted_request(const subject *s, const char *group, ac_str variant, ac_str title,
                             const ac_json *request, const ac_json *value)
{
    case_draft draft;
    start(&draft, s, group, variant, title);
    draft_prepare(&draft, request);
    ac_step *step = draft_call(&draft, "", request);
    expect_success(step, false);
    step->expect.certainty = certainty_of_valid(s);
    const ac_response_field *echo = value ? echo_of(s) : NULL;
    if (echo) {
        expect_value(s->d, step, echo->pointer, value);
    }
    draft_done(&draft);
}

static void refused_as(const subject *s, const char *group, ac_str variant, ac_str title,
                       const ac_json *request, ac_certainty certainty)
{
    case_draft draft;
    const ac_constraint *c = s->constraint;
    start(&draft, s, group, variant, title);
    draft_prepare(&draft, request);
    ac_step *step = draft_call(&draft, "", request);
    expect_rule(s->d, step, c->error, certainty, AC_WHEN_MALFORMED_PARAMETER);
    draft.c.code = c->error;
    draft_done(&draft);
}

static void refused_request(const subject *s, const char *group, ac_str variant, ac_str title,
                            const ac_json *request)
{
    refused_as(s, group, variant, title, request, (ac_certainty)s->constraint->certainty);
}

/* Where no page says it in so many words. */
static ac_certainty at_most_should(int certainty)
{
    return certainty == AC_MAY ? AC_MAY : AC_SHOULD;
}

static const ac_json *request_with(const subject *s, ac_str text)
{
    const ac_json *value = typed_value(s->d, s->parameter, text);
    return with_param(s->d, base_with(s->d, s->parameter), name_of(s), 0, value);
}

static void accepted_text(const subject *s, const char *group, const char *variant, ac_str text, ac_str title)
{
    if (text.p && text_keeps_others(s->parameter, NULL, text)) {
        const ac_json *value = typed_value(s->d, s->parameter, text);
        accepted_request(s, group, ac_str_c(variant), title, request_with(s, text), value);
    }
}

/* The text must break the constraint under test and no other, so that one code can be expected. */
static void refused_text(const subject *s, const char *group, ac_str variant, ac_str text, ac_str title)
{
    if (text.p && text_keeps_others(s->parameter, s->constraint, text)) {
        refused_request(s, group, variant, title, request_with(s, text));
    }
}

/* ---- constraints ---- */

static ac_str repeated(const subject *s, size_t count, const char *unit)
{
    ac_buf text;
    ac_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < count; i++) {
        ac_buf_add_c(&text, unit);
    }
    return ac_buf_take(&text, s->d->arena);
}

static const char *class_words(ac_str name)
{
    static const char *const words[][2] = {{"letter", "a letter"},
                                           {"digit", "a digit"},
                                           {"han", "a Chinese character"},
                                           {"ascii", "an ASCII character"}};
    for (size_t i = 0; i < AC_COUNT(words); i++) {
        if (ac_str_is(name, words[i][0])) {
            return words[i][1];
        }
    }
    return "such a character";
}

/* "Name of 129 characters is refused"; without a unit "Count 0 is refused". */
static ac_str told(const subject *s, int64_t number, const char *unit, const char *outcome)
{
    bool counted = unit[0] != '\0';
    return ac_str_printf(s->d->arena, "%.*s %s%lld%s%s is %s", AC_STR_FMT(name_of(s)), counted ? "of " : "",
                         (long long)number, counted ? " " : "", unit, outcome);
}

static void derive_length(const subject *s)
{
    int64_t limit;
    const ac_constraint *c = s->constraint;
    if (c->min.p && ac_str_int(c->min, &limit) && limit > 0) {
        ac_str fitting = text_of_length(s->d, s->parameter, (size_t)limit);
        accepted_text(s, "length", "min", fitting, told(s, limit, "characters", "accepted"));
        refused_text(s, "length", AC_STR("below-min"), repeated(s, (size_t)limit - 1, "a"),
                     told(s, limit - 1, "characters", "refused"));
    }
    if (c->max.p && ac_str_int(c->max, &limit)) {
        ac_str fitting = text_of_length(s->d, s->parameter, (size_t)limit);
        if (fitting.p) {
            accepted_request(s, "length", AC_STR("max"), told(s, limit, "characters", "accepted"),
                             request_with(s, fitting), NULL);
        }
        accepted_text(s, "length", "max-han", repeated(s, (size_t)limit, "\xE4\xB8\xAD"),
                      told(s, limit, "Chinese characters", "accepted"));
        refused_text(s, "length", AC_STR("above-max"), repeated(s, (size_t)limit + 1, "a"),
                     told(s, limit + 1, "characters", "refused"));
    }
}

static void derive_first_characters(const subject *s)
{
    const ac_charset *first = s->constraint->first;
    for (size_t i = 0; i < first->classes.count; i++) {
        ac_str name = first->classes.items[i];
        ac_str text = ac_str_printf(s->d->arena, "%.*saaa", AC_STR_FMT(class_character(name)));
        ac_str variant = ac_str_printf(s->d->arena, "first-%.*s", AC_STR_FMT(name));
        ac_str title =
            ac_str_printf(s->d->arena, "%.*s may begin with %s", AC_STR_FMT(name_of(s)), class_words(name));
        accepted_text(s, "characters", variant.p, text, title);
    }
    static const char *const others[] = {"7aaa", "_aaa", "-aaa", ".aaa"};
    for (size_t i = 0; i < AC_COUNT(others); i++) {
        uint32_t scalar = (uint32_t)(unsigned char)others[i][0];
        if (!charset_has(first, scalar)) {
            ac_str title = ac_str_printf(s->d->arena, "%.*s may not begin with \"%c\"",
                                         AC_STR_FMT(name_of(s)), others[i][0]);
            ac_str variant = ac_str_printf(s->d->arena, "first-other-%02x", (unsigned)scalar);
            refused_text(s, "characters", variant, ac_str_c(others[i]), title);
        }
    }
}

static void derive_characters(const subject *s)
{
    static const struct {
        const char *text;
        const char *name;
    } outside[] = {{"aaa!a", "exclamation-mark"},    {"aaa#a", "number-sign"},
                   {"aaa\xC3\xA9", "latin-accent"},  {"aaa\xE4\xB8\xAD", "han"},
                   {"aaa\xF0\x9F\x98\x80", "emoji"}, {"aa\ta", "tab"}};
    const ac_charset *rest = s->constraint->rest;
    if (s->constraint->first) {
        derive_first_characters(s);
    }
    for (size_t i = 0; i < rest->classes.count; i++) {
        ac_str name = rest->classes.items[i];
        ac_str text = ac_str_printf(s->d->arena, "aa%.*saa", AC_STR_FMT(class_character(name)));
        ac_str variant = ac_str_printf(s->d->arena, "inner-%.*s", AC_STR_FMT(name));
        ac_str title =
            ac_str_printf(s->d->arena, "%.*s may contain %s", AC_STR_FMT(name_of(s)), class_words(name));
        accepted_text(s, "characters", variant.p, text, title);
    }
    if (rest->chars.n > 0) {
        ac_str text = ac_str_printf(s->d->arena, "aa%.*saa", AC_STR_FMT(rest->chars));
        ac_str title = ac_str_printf(s->d->arena, "%.*s may contain the characters \"%.*s\"",
                                     AC_STR_FMT(name_of(s)), AC_STR_FMT(rest->chars));
        accepted_text(s, "characters", "inner-special", text, title);
    }
    for (size_t i = 0; i < AC_COUNT(outside); i++) {
        ac_str text = ac_str_c(outside[i].text);
        if (text_breaks(s->constraint, text)) {
            ac_str title = ac_str_printf(s->d->arena, "%.*s may not contain this character (%s)",
                                         AC_STR_FMT(name_of(s)), outside[i].name);
            ac_str variant = ac_str_printf(s->d->arena, "outside-%s", outside[i].name);
            refused_text(s, "characters", variant, text, title);
        }
    }
}

/* A value as part of an id: what is not a letter, digit, dot or dash becomes a dash. */
static ac_str id_part(const subject *s, ac_str value)
{
    char *copy = ac_arena_copy(s->d->arena, value.p, value.n);
    for (size_t i = 0; i < value.n; i++) {
        char c = copy[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                     c == '_';
        copy[i] = plain ? c : '-';
    }
    return (ac_str){copy, value.n};
}

static ac_str upper_case(const subject *s, ac_str value)
{
    char *copy = ac_arena_copy(s->d->arena, value.p, value.n);
    for (size_t i = 0; i < value.n; i++) {
        copy[i] = copy[i] >= 'a' && copy[i] <= 'z' ? (char)(copy[i] - 'a' + 'A') : copy[i];
    }
    return (ac_str){copy, value.n};
}

static void derive_prefix(const subject *s)
{
    ac_arena *arena = s->d->arena;
    for (size_t i = 0; i < s->constraint->values.count; i++) {
        ac_str value = s->constraint->values.items[i];
        ac_str title = ac_str_printf(arena, "%.*s may not begin with \"%.*s\"", AC_STR_FMT(name_of(s)),
                                     AC_STR_FMT(value));
        refused_text(s, "prefix", id_part(s, value), ac_str_printf(arena, "%.*sx", AC_STR_FMT(value)), title);
        ac_str inside = ac_str_printf(arena, "x%.*sx", AC_STR_FMT(value));
        ac_str variant = ac_str_printf(arena, "%.*s-inside", AC_STR_FMT(id_part(s, value)));
        accepted_text(s, "prefix", variant.p, inside,
                      ac_str_printf(arena, "%.*s may contain \"%.*s\" further on", AC_STR_FMT(name_of(s)),
                                    AC_STR_FMT(value)));
        if (s->constraint->ignore_case) {
            ac_str upper = upper_case(s, value);
            refused_text(s, "prefix", ac_str_printf(arena, "%.*s-any-case", AC_STR_FMT(id_part(s, upper))),
                         ac_str_printf(arena, "%.*sx", AC_STR_FMT(upper)), title);
        }
    }
}

static void derive_contains(const subject *s)
{
    ac_arena *arena = s->d->arena;
    for (size_t i = 0; i < s->constraint->values.count; i++) {
        ac_str value = s->constraint->values.items[i];
        ac_str title =
            ac_str_printf(arena, "%.*s may not contain \"%.*s\"", AC_STR_FMT(name_of(s)), AC_STR_FMT(value));
        refused_text(s, "contains", id_part(s, value), ac_str_printf(arena, "x%.*sx", AC_STR_FMT(value)),
                     title);
    }
}

static void derive_edges(const subject *s)
{
    ac_str title =
        ac_str_printf(s->d->arena, "%.*s may not begin or end with a space", AC_STR_FMT(name_of(s)));
    refused_text(s, "edges", AC_STR("leading"), AC_STR(" aa"), title);
    refused_text(s, "edges", AC_STR("trailing"), AC_STR("aa "), title);
    accepted_text(s, "edges", "inside", AC_STR("a a"),
                  ac_str_printf(s->d->arena, "%.*s may contain a space inside", AC_STR_FMT(name_of(s))));
}

static void derive_not_empty(const subject *s)
{
    refused_text(s, "empty", AC_STR("refused"), AC_STR(""),
                 ac_str_printf(s->d->arena, "%.*s may not be empty", AC_STR_FMT(name_of(s))));
}

static void derive_range(const subject *s)
{
    int64_t limit;
    const ac_constraint *c = s->constraint;
    ac_arena *arena = s->d->arena;
    if (c->min.p && ac_str_int(c->min, &limit)) {
        accepted_text(s, "range", "min", c->min, told(s, limit, "", "accepted"));
        refused_text(s, "range", AC_STR("below-min"), ac_str_printf(arena, "%lld", (long long)limit - 1),
                     told(s, limit - 1, "", "refused"));
    }
    if (c->max.p && ac_str_int(c->max, &limit)) {
        accepted_text(s, "range", "max", c->max, told(s, limit, "", "accepted"));
        refused_text(s, "range", AC_STR("above-max"), ac_str_printf(arena, "%lld", (long long)limit + 1),
                     told(s, limit + 1, "", "refused"));
    }
}

static void derive_enum(const subject *s)
{
    ac_arena *arena = s->d->arena;
    for (size_t i = 0; i < s->constraint->values.count; i++) {
        ac_str value = s->constraint->values.items[i];
        accepted_text(
            s, "enum", id_part(s, value).n > 0 ? ac_str_z(arena, id_part(s, value)) : "empty", value,
            ac_str_printf(arena, "%.*s \"%.*s\" is accepted", AC_STR_FMT(name_of(s)), AC_STR_FMT(value)));
    }
    refused_text(s, "enum", AC_STR("outside"), AC_STR("AccordOutside"),
                 ac_str_printf(arena, "%.*s outside its values is refused", AC_STR_FMT(name_of(s))));
}

static void derive_format(const subject *s)
{
    static const struct {
        ac_format format;
        const char *variant, *text;
    } bad[] = {
        {AC_FORMAT_IPV4, "words", "not-an-address"},   {AC_FORMAT_IPV4, "octet-256", "192.168.0.256"},
        {AC_FORMAT_IPV4, "three-octets", "192.168.0"}, {AC_FORMAT_IPV6, "words", "not-an-address"},
        {AC_FORMAT_IPV6, "two-gaps", "2408::34d::1"},  {AC_FORMAT_JSON, "truncated", "{\"Version\": "},
        {AC_FORMAT_BOOLEAN, "words", "maybe"},
    };
    for (size_t i = 0; i < AC_COUNT(bad); i++) {
        if ((int)bad[i].format == s->constraint->format) {
            ac_str title = ac_str_printf(s->d->arena, "%.*s that is no %s is refused", AC_STR_FMT(name_of(s)),
                                         ac_format_names[bad[i].format]);
            refused_text(s, "format", ac_str_c(bad[i].variant), ac_str_c(bad[i].text), title);
        }
    }
}

static void derive_pattern(const subject *s)
{
    refused_text(
        s, "pattern", AC_STR("outside"), s->constraint->invalid,
        ac_str_printf(s->d->arena, "%.*s off its documented form is refused", AC_STR_FMT(name_of(s))));
}

/* The smallest maximum that any constraint sets for the array. */
static int64_t most_elements(const subject *s, ac_str array)
{
    int64_t most = 1000;
    const ac_contract *contract = s->d->contract;
    for (size_t i = 0; i < contract->parameters.count; i++) {
        const ac_parameter *p = &contract->parameters.items[i];
        for (size_t k = 0; ac_str_eq(ac_parameter_array(p), array) && k < p->constraints.count; k++) {
            int64_t limit;
            const ac_constraint *c = &p->constraints.items[k];
            if (c->kind == AC_ITEMS && c->max.p && ac_str_int(c->max, &limit) && limit < most) {
                most = limit;
            }
        }
    }
    return most;
}

static void derive_items(const subject *s)
{
    int64_t limit;
    const deriver *d = s->d;
    ac_str array = ac_parameter_array(s->parameter);
    const ac_json *base = base_with(d, s->parameter);
    if (s->constraint->max.p && ac_str_int(s->constraint->max, &limit) && limit < 1000) {
        const ac_json *fitting =
            limit <= most_elements(s, array) ? with_elements(d, base, array, (size_t)limit) : NULL;
        const ac_json *larger = with_elements(d, base, array, (size_t)limit + 1);
        if (fitting) {
            accepted_request(s, "items", AC_STR("max"), told(s, limit, "elements", "accepted"), fitting,
                             NULL);
        }
        if (larger) {
            refused_request(s, "items", AC_STR("above-max"), told(s, limit + 1, "elements", "refused"),
                            larger);
        }
    }
    if (s->constraint->min.p && ac_str_int(s->constraint->min, &limit) && limit == 1) {
        ac_str title = ac_str_printf(d->arena, "%.*s without an element is refused", AC_STR_FMT(name_of(s)));
        refused_request(s, "items", AC_STR("none"), title, with_param(d, base, array, 0, NULL));
    }
}

/* Members of two elements under the indices given, in flattened form. */
static const ac_json *with_indices(const subject *s, const ac_json *two, ac_str array, int64_t first,
                                   int64_t second)
{
    const deriver *d = s->d;
    const ac_json *elements = param_value(two, array, 0);
    const ac_json *request = with_param(d, two, array, 0, NULL);
    for (size_t i = 0; i < 2; i++) {
        const ac_json *element = &elements->items[i];
        long long index = (long long)(i == 0 ? first : second);
        bool scalar = element->type != AC_JSON_OBJECT;
        for (size_t k = 0; k < (scalar ? 1 : element->count); k++) {
            const ac_json *value = scalar ? element : &element->items[k];
            ac_str key = scalar ? ac_str_printf(d->arena, "%.*s.%lld", AC_STR_FMT(array), index)
                                : ac_str_printf(d->arena, "%.*s.%lld.%.*s", AC_STR_FMT(array), index,
                                                AC_STR_FMT(value->key));
            request = ac_json_set(d->arena, request, key, value);
        }
    }
    return request;
}

static void derive_index(const subject *s)
{
    const deriver *d = s->d;
    ac_str array = ac_parameter_array(s->parameter);
    int64_t base = s->constraint->base;
    const ac_json *two = with_elements(d, base_with(d, s->parameter), array, 2);
    if (!two) {
        return;
    }
    refused_request(s, "index", AC_STR("gap"),
                    ac_str_printf(d->arena, "indices of %.*s with a gap are refused", AC_STR_FMT(array)),
                    with_indices(s, two, array, base, base + 2));
    refused_request(s, "index", AC_STR("from-zero"),
                    ac_str_printf(d->arena, "indices of %.*s that do not start at %lld are refused",
                                  AC_STR_FMT(array), (long long)base),
                    with_indices(s, two, array, base - 1, base));
    accepted_request(s, "index", AC_STR("contiguous"),
                     ac_str_printf(d->arena, "two elements of %.*s are accepted", AC_STR_FMT(array)), two,
                     NULL);
}

static void derive_unique(const subject *s)
{
    const deriver *d = s->d;
    const ac_json *two = with_elements(d, base_with(d, s->parameter), ac_parameter_array(s->parameter), 2);
    const ac_json *first = two ? param_value(two, name_of(s), 0) : NULL;
    if (first) {
        refused_request(
            s, "unique", AC_STR("repeated"),
            ac_str_printf(d->arena, "two elements with the same %.*s are refused", AC_STR_FMT(name_of(s))),
            with_param(d, two, name_of(s), 1, first));
    }
}

static void derive_requires(const subject *s)
{
    const deriver *d = s->d;
    refused_request(s, "requires", ac_str_dup(d->arena, s->constraint->parameter),
                    ac_str_printf(d->arena, "%.*s without %.*s is refused", AC_STR_FMT(name_of(s)),
                                  AC_STR_FMT(s->constraint->parameter)),
                    with_param(d, base_with(d, s->parameter), s->constraint->parameter, 0, NULL));
}

static ac_str example_text(const subject *s)
{
    static const char *const by_format[] = {
        [AC_FORMAT_IPV4] = "192.168.0.10", [AC_FORMAT_IPV6] = "2408:4005:34d::1"};
    for (size_t i = 0; i < s->parameter->constraints.count; i++) {
        int format = s->parameter->constraints.items[i].format;
        if (format == AC_FORMAT_IPV4 || format == AC_FORMAT_IPV6) {
            return ac_str_c(by_format[format]);
        }
    }
    return ac_json_text(s->parameter->example);
}

static void derive_only_with(const subject *s)
{
    const deriver *d = s->d;
    const ac_parameter *other = ac_contract_parameter(d->contract, s->constraint->parameter);
    ac_str text = example_text(s);
    ac_str otherwise = other ? ac_json_text(other->default_value) : (ac_str){NULL, 0};
    if (!text.p || !otherwise.p || ac_str_eq(otherwise, s->constraint->value)) {
        return;
    }
    ac_str rest;
    ac_str top = ac_str_split(name_of(s), '.', &rest);
    const ac_json *from_full = ac_json_get(d->contract->requests.full, top);
    const ac_json *base = from_full ? ac_json_set(d->arena, d->contract->requests.minimal, top, from_full)
                                    : d->contract->requests.minimal;
    base = with_param(d, base, other->name, 0, typed_value(d, other, otherwise));
    refused_request(s, "only-with", id_part(s, otherwise),
                    ac_str_printf(d->arena, "%.*s with %.*s \"%.*s\" is refused", AC_STR_FMT(name_of(s)),
                                  AC_STR_FMT(other->name), AC_STR_FMT(otherwise)),
                    with_param(d, base, name_of(s), 0, typed_value(d, s->parameter, text)));
}

static void derive_only_if_differ(const subject *s)
{
    const deriver *d = s->d;
    const ac_json *minimal = d->contract->requests.minimal;
    const ac_json *a = param_value(minimal, s->constraint->parameters.items[0], 0);
    const ac_json *b = param_value(minimal, s->constraint->parameters.items[1], 0);
    const ac_json *value = param_value(d->contract->requests.full, name_of(s), 0);
    if (a && b && value && ac_json_equal(a, b)) {
        refused_request(s, "only-if-differ", AC_STR("same"),
                        ac_str_printf(d->arena, "%.*s is refused where %.*s and %.*s are the same",
                                      AC_STR_FMT(name_of(s)), AC_STR_FMT(s->constraint->parameters.items[0]),
                                      AC_STR_FMT(s->constraint->parameters.items[1])),
                        with_param(d, minimal, name_of(s), 0, value));
    }
}

static void refused_reference(const subject *s, const char *variant, ac_str value, const char *what,
                              ac_certainty certainty)
{
    const deriver *d = s->d;
    ac_str title = ac_str_printf(d->arena, "%.*s %s is refused", AC_STR_FMT(name_of(s)), what);
    refused_as(s, "reference", ac_str_c(variant), title,
               with_param(d, base_with(d, s->parameter), name_of(s), 0, ac_json_string(d->arena, value)),
               certainty);
}

/* What the other account has made, named by this one. */
static void derive_foreign_resource(const subject *s)
{
    const deriver *d = s->d;
    case_draft draft;
    ac_str title = ac_str_printf(d->arena, "%.*s of another account is refused", AC_STR_FMT(name_of(s)));
    start(&draft, s, "reference", AC_STR("other-account"), title);
    draft_prepare(&draft, d->contract->requests.minimal);
    draft_other_account(&draft, &draft.steps[0]);
    draft.steps[0].params =
        with_other_fixtures(&(deriver){.arena = d->arena, .contract = d->creator}, draft.steps[0].params);
    ac_step *step = draft_call(&draft, "", d->contract->requests.minimal);
    expect_rule(d, step, s->constraint->error, at_most_should(s->constraint->certainty),
                AC_WHEN_MALFORMED_PARAMETER);
    draft.c.code = s->constraint->error;
    draft_done(&draft);
}

static void derive_reference(const subject *s)
{
    const deriver *d = s->d;
    ac_str resource = s->constraint->resource;
    refused_reference(s, "unknown", ac_str_printf(d->arena, "${unknown.%.*s}", AC_STR_FMT(resource)),
                      "that does not exist", (ac_certainty)s->constraint->certainty);
    const ac_variable *fixture = ac_contract_fixture(d->contract, resource);
    bool own =
        d->creator && d->created_variable.n > 0 && ac_str_eq(resource, d->contract->behaviour.resource);
    const ac_json *value = param_value(d->contract->requests.minimal, name_of(s), 0);
    if (own && value && ac_str_find(ac_json_text(value), d->created_variable) != AC_NOT_FOUND) {
        derive_foreign_resource(s);
    } else if (fixture && !fixture->default_value.p) {
        refused_reference(s, "other-account",
                          ac_str_printf(d->arena, "${other.%.*s}", AC_STR_FMT(fixture->name)),
                          "of another account", at_most_should(s->constraint->certainty));
    }
}

static void (*const by_kind[AC_CONSTRAINT_KINDS])(const subject *) = {
    [AC_LENGTH] = derive_length,       [AC_CHARACTERS] = derive_characters,
    [AC_PREFIX_NOT] = derive_prefix,   [AC_CONTAINS_NOT] = derive_contains,
    [AC_EDGES_NOT] = derive_edges,     [AC_NOT_EMPTY] = derive_not_empty,
    [AC_RANGE] = derive_range,         [AC_ENUM] = derive_enum,
    [AC_FORMAT] = derive_format,       [AC_PATTERN] = derive_pattern,
    [AC_ITEMS] = derive_items,         [AC_INDEX] = derive_index,
    [AC_UNIQUE] = derive_unique,       [AC_REQUIRES] = derive_requires,
    [AC_ONLY_WITH] = derive_only_with, [AC_ONLY_IF_DIFFER] = derive_only_if_differ,
    [AC_REFERENCE] = derive_reference,
};

/* ---- required and type ---- */

static void refused_missing(const subject *s, const char *variant, const ac_json *request, const char *how)
{
    case_draft draft;
    const ac_rule_error *rule = s->parameter->missing_error;
    ac_str title = ac_str_printf(s->d->arena, "%.*s %s is refused", AC_STR_FMT(name_of(s)), how);
    start(&draft, s, "required", ac_str_c(variant), title);
    draft_prepare(&draft, request);
    ac_step *step = draft_call(&draft, "", request);
    expect_rule(s->d, step, rule ? rule->error : (ac_str){NULL, 0},
                rule ? (ac_certainty)rule->certainty : AC_SHOULD, AC_WHEN_MISSING_PARAMETER);
    bool only_empty = ac_str_is(ac_str_c(variant), "empty");
    if (only_empty && step->expect.certainty == AC_MUST) {
        step->expect.certainty = AC_SHOULD;
    }
    draft.c.code = rule ? rule->error : (ac_str){NULL, 0};
    draft_done(&draft);
}

static void derive_required(const subject *s)
{
    const deriver *d = s->d;
    const ac_json *minimal = d->contract->requests.minimal;
    bool required = s->parameter->required == AC_REQUIRED_YES || s->parameter->missing_error;
    if (!required || s->parameter->in == AC_IN_PATH || !param_value(minimal, name_of(s), 0)) {
        return;
    }
    ac_str array = ac_parameter_array(s->parameter);
    refused_missing(s, "missing", with_param(d, minimal, array.n > 0 ? array : name_of(s), 0, NULL),
                    "left out");
    refused_missing(s, "empty", with_param(d, minimal, name_of(s), 0, ac_json_string(d->arena, AC_STR(""))),
                    "as empty text");
}

static void derive_type(const subject *s)
{
    static const char *const wrong[] = {[AC_TYPE_INTEGER] = "abc", [AC_TYPE_BOOLEAN] = "maybe"};
    const deriver *d = s->d;
    int type = s->parameter->type;
    if (type != AC_TYPE_INTEGER && type != AC_TYPE_BOOLEAN) {
        return;
    }
    case_draft draft;
    const ac_rule_error *rule = s->parameter->type_error;
    ac_str title = ac_str_printf(d->arena, "%.*s of another type is refused", AC_STR_FMT(name_of(s)));
    start(&draft, s, "type", AC_STR("wrong"), title);
    const ac_json *value = ac_json_string(d->arena, ac_str_c(wrong[type]));
    const ac_json *request = with_param(d, base_with(d, s->parameter), name_of(s), 0, value);
    draft_prepare(&draft, request);
    ac_step *step = draft_call(&draft, "", request);
    expect_rule(d, step, rule ? rule->error : (ac_str){NULL, 0},
                rule ? (ac_certainty)rule->certainty : AC_SHOULD, AC_WHEN_MALFORMED_PARAMETER);
    draft_done(&draft);
}

static void derive_booleans(const subject *s)
{
    if (s->parameter->type != AC_TYPE_BOOLEAN || s->parameter->role == AC_ROLE_DRY_RUN) {
        return;
    }
    static const char *const values[] = {"true", "false"};
    for (size_t i = 0; i < AC_COUNT(values); i++) {
        ac_str title = ac_str_printf(s->d->arena, "%.*s %s is accepted", AC_STR_FMT(name_of(s)), values[i]);
        accepted_text(s, "boolean", values[i], ac_str_c(values[i]), title);
    }
}

/* An optional parameter alone beside the minimal request. */
static void derive_optional(const subject *s)
{
    const deriver *d = s->d;
    const ac_json *base = base_with(d, s->parameter);
    const ac_json *value = param_value(base, name_of(s), 0);
    if (value && !param_value(d->contract->requests.minimal, name_of(s), 0)) {
        ac_str title = ac_str_printf(d->arena, "%.*s is accepted", AC_STR_FMT(name_of(s)));
        bool fixed = ac_str_find(ac_json_text(value), AC_STR("${unique}")) == AC_NOT_FOUND;
        accepted_request(s, "optional", AC_STR("accepted"), title, base, fixed ? value : NULL);
    }
}

/* ---- two rules broken at once: which error wins is nowhere documented ---- */

typedef struct breach {
    const ac_parameter *parameter;
    ac_str value; /* p NULL: the parameter is left out */
    ac_str code;
} breach;

/* A text that breaks the constraint, for the kinds that need no more than a text; p NULL for the others. */
static ac_str breaking_text(const subject *s)
{
    const ac_constraint *c = s->constraint;
    int64_t limit;
    if (c->kind == AC_REFERENCE) {
        return ac_str_printf(s->d->arena, "${unknown.%.*s}", AC_STR_FMT(c->resource));
    }
    if (c->kind == AC_LENGTH && c->max.p && ac_str_int(c->max, &limit) && limit < 4096) {
        return repeated(s, (size_t)limit + 1, "a");
    }
    if (c->kind == AC_CHARACTERS && text_breaks(c, AC_STR("aa!#"))) {
        return AC_STR("aa!#");
    }
    if (c->kind == AC_FORMAT && (c->format == AC_FORMAT_IPV4 || c->format == AC_FORMAT_IPV6)) {
        return AC_STR("not-an-address");
    }
    return c->kind == AC_ENUM ? AC_STR("AccordOutside") : (ac_str){NULL, 0};
}

static size_t collect_breaches(const deriver *d, breach *out, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < d->contract->parameters.count && n < most; i++) {
        const ac_parameter *p = &d->contract->parameters.items[i];
        for (size_t k = 0; k < p->constraints.count; k++) {
            const subject s = {d, p, &p->constraints.items[k]};
            ac_str value = s.constraint->error.p && s.constraint->certainty == AC_MUST ? breaking_text(&s)
                                                                                       : (ac_str){NULL, 0};
            if (value.p) {
                out[n++] = (breach){p, value, s.constraint->error};
                break;
            }
        }
    }
    return n;
}

static const ac_json *broken(const deriver *d, const ac_json *request, const breach *b)
{
    ac_str rest;
    ac_str top = ac_str_split(b->parameter->name, '.', &rest);
    const ac_json *from_full = ac_json_get(d->contract->requests.full, top);
    bool there = ac_json_get(request, top) != NULL;
    const ac_json *base = !there && from_full ? ac_json_set(d->arena, request, top, from_full) : request;
    return with_param(d, base, b->parameter->name, 0, typed_value(d, b->parameter, b->value));
}

static void derive_precedence_of(const deriver *d, const breach *a, const breach *b)
{
    const ac_error_spec *specs[] = {ac_contract_error(d->contract, a->code),
                                    ac_contract_error(d->contract, b->code)};
    case_draft draft;
    ac_str path = ac_str_printf(d->arena, "precedence/%.*s/%.*s", AC_STR_FMT(a->parameter->name),
                                AC_STR_FMT(b->parameter->name));
    ac_str title = ac_str_printf(d->arena, "%.*s and %.*s are both wrong: which error wins (observed)",
                                 AC_STR_FMT(a->parameter->name), AC_STR_FMT(b->parameter->name));
    draft_init(&draft, d, path, title, specs[0]->cite);
    ac_step *step = draft_call(&draft, "", broken(d, broken(d, d->contract->requests.minimal, a), b));
    expect_errors(d, step, specs, 2, AC_MAY);
    draft_done(&draft);
}

static void derive_precedence(const deriver *d)
{
    enum { BREACHES = 6 };
    breach breaches[BREACHES];
    bool creates = d->contract->behaviour.kind == AC_BEHAVIOUR_CREATE;
    size_t count = creates ? collect_breaches(d, breaches, BREACHES) : 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count; k++) {
            if (!ac_str_eq(breaches[i].code, breaches[k].code)) {
                derive_precedence_of(d, &breaches[i], &breaches[k]);
            }
        }
    }
}

void derive_parameters(const deriver *d)
{
    derive_precedence(d);
    for (size_t i = 0; i < d->contract->parameters.count; i++) {
        const ac_parameter *parameter = &d->contract->parameters.items[i];
        subject s = {d, parameter, NULL};
        if (ac_parameter_is_sendable(parameter)) {
            derive_required(&s);
            derive_type(&s);
            derive_booleans(&s);
            derive_optional(&s);
        }
        for (size_t k = 0; k < parameter->constraints.count; k++) {
            s.constraint = &parameter->constraints.items[k];
            by_kind[s.constraint->kind](&s);
        }
    }
}
