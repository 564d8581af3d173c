/* Values that keep or break the rules of a parameter, and requests that hold them. */
#include <string.h>

#include "case/draft.h"

bool has_constraint(const ac_parameter *parameter, ac_constraint_kind kind)
{
    for (size_t i = 0; i < parameter->constraints.count; i++) {
        if (parameter->constraints.items[i].kind == (int)kind) {
            return true;
        }
    }
    return false;
}

static bool is_han(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x3134F);
}

static bool class_has(ac_str name, uint32_t c)
{
    if (ac_str_is(name, "letter")) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    if (ac_str_is(name, "digit")) {
        return c >= '0' && c <= '9';
    }
    return ac_str_is(name, "han") ? is_han(c) : c >= 0x20 && c <= 0x7E;
}

ac_str class_character(ac_str class_name)
{
    if (ac_str_is(class_name, "digit")) {
        return AC_STR("7");
    }
    return ac_str_is(class_name, "han") ? AC_STR("\xE4\xB8\xAD") : AC_STR("a");
}

bool charset_has(const ac_charset *set, uint32_t scalar)
{
    for (size_t i = 0; i < set->classes.count; i++) {
        if (class_has(set->classes.items[i], scalar)) {
            return true;
        }
    }
    uint32_t other;
    for (ac_str left = set->chars; left.n > 0;) {
        size_t length = ac_utf8_next(left, &other);
        if (length == 0 || other == scalar) {
            return length > 0;
        }
        left = ac_str_sub(left, length, left.n);
    }
    return false;
}

static bool breaks_charset(const ac_constraint *c, ac_str text)
{
    uint32_t scalar;
    for (size_t at = 0; at < text.n;) {
        size_t length = ac_utf8_next(ac_str_sub(text, at, text.n), &scalar);
        const ac_charset *set = at == 0 && c->first ? c->first : c->rest;
        if (length == 0 || !charset_has(set, scalar)) {
            return true;
        }
        at += length;
    }
    return false;
}

static bool breaks_length(const ac_constraint *c, ac_str text)
{
    int64_t limit;
    int64_t length = (int64_t)ac_utf8_length(text);
    return (c->min.p && ac_str_int(c->min, &limit) && length < limit) ||
           (c->max.p && ac_str_int(c->max, &limit) && length > limit);
}

static bool breaks_prefix(const ac_constraint *c, ac_str text)
{
    for (size_t i = 0; i < c->values.count; i++) {
        ac_str start = ac_str_sub(text, 0, c->values.items[i].n);
        if (c->ignore_case ? ac_str_eq_nocase(start, c->values.items[i])
                           : ac_str_eq(start, c->values.items[i])) {
            return true;
        }
    }
    return false;
}

static bool breaks_contains(const ac_constraint *c, ac_str text)
{
    for (size_t i = 0; i < c->values.count; i++) {
        if (ac_str_find(text, c->values.items[i]) != AC_NOT_FOUND) {
            return true;
        }
    }
    return false;
}

static bool breaks_edges(const ac_constraint *c, ac_str text)
{
    return text.n > 0 && (ac_str_find_char(c->chars, text.p[0]) != AC_NOT_FOUND ||
                          ac_str_find_char(c->chars, text.p[text.n - 1]) != AC_NOT_FOUND);
}

static bool breaks_empty(const ac_constraint *c, ac_str text)
{
    (void)c;
    return text.n == 0;
}

static bool breaks_enum(const ac_constraint *c, ac_str text)
{
    for (size_t i = 0; i < c->values.count; i++) {
        if (ac_str_eq(c->values.items[i], text)) {
            return false;
        }
    }
    return true;
}

static bool breaks_pattern(const ac_constraint *c, ac_str text)
{
    return !ac_regex_match(c->regex, text);
}

static bool breaks_range(const ac_constraint *c, ac_str text)
{
    int64_t value;
    int64_t limit;
    if (!ac_str_int(text, &value)) {
        return true;
    }
    return (c->min.p && ac_str_int(c->min, &limit) && value < limit) ||
           (c->max.p && ac_str_int(c->max, &limit) && value > limit);
}

bool text_breaks(const ac_constraint *constraint, ac_str text)
{
    static bool (*const breakers[AC_CONSTRAINT_KINDS])(const ac_constraint *, ac_str) = {
        [AC_LENGTH] = breaks_length,     [AC_CHARACTERS] = breaks_charset,
        [AC_PREFIX_NOT] = breaks_prefix, [AC_CONTAINS_NOT] = breaks_contains,
        [AC_EDGES_NOT] = breaks_edges,   [AC_NOT_EMPTY] = breaks_empty,
        [AC_ENUM] = breaks_enum,         [AC_PATTERN] = breaks_pattern,
        [AC_RANGE] = breaks_range,
    };
    return breakers[constraint->kind] && breakers[constraint->kind](constraint, text);
}

bool text_keeps_others(const ac_parameter *parameter, const ac_constraint *but, ac_str text)
{
    for (size_t i = 0; i < parameter->constraints.count; i++) {
        const ac_constraint *constraint = &parameter->constraints.items[i];
        if (constraint != but && text_breaks(constraint, text)) {
            return false;
        }
    }
    return true;
}

ac_str text_of_length(const deriver *d, const ac_parameter *parameter, size_t length)
{
    enum { UNIQUE_LENGTH = 32 };
    static const char *const fillers[] = {"a", "7", "\xE4\xB8\xAD"};
    for (size_t i = 0; i < AC_COUNT(fillers); i++) {
        ac_buf text;
        ac_buf_init(&text, 1 << 20);
        for (size_t n = 0; n < length; n++) {
            ac_buf_add_c(&text, fillers[i]);
        }
        ac_str made = ac_buf_take(&text, d->arena);
        if (!text_keeps_others(parameter, NULL, made)) {
            continue;
        }
        /* A token must differ from those of other cases. */
        bool unique = parameter->role == AC_ROLE_TOKEN && length >= UNIQUE_LENGTH;
        return unique ? ac_str_printf(d->arena, "${unique}%.*s", (int)(length - UNIQUE_LENGTH), made.p)
                      : made;
    }
    return (ac_str){NULL, 0};
}

/* ---- requests ---- */

static const ac_json *set_path(const deriver *d, const ac_json *at, ac_str path, size_t index,
                               const ac_json *value)
{
    if (!path.p) {
        return value;
    }
    ac_str rest;
    ac_str segment = ac_str_split(path, '.', &rest);
    if (!ac_str_is(segment, "N")) {
        const ac_json *below = set_path(d, ac_json_get(at, segment), rest, index, value);
        return !below && !ac_json_get(at, segment) ? at : ac_json_set(d->arena, at, segment, below);
    }
    bool is_array = at && at->type == AC_JSON_ARRAY;
    const ac_json *array = is_array ? at : ac_json_array(d->arena, NULL, 0);
    const ac_json *old = is_array && index < at->count ? &at->items[index] : NULL;
    const ac_json *below = set_path(d, old, rest, index, value);
    return ac_json_set_at(d->arena, array, ac_str_printf(d->arena, "/%zu", index), below);
}

const ac_json *with_param(const deriver *d, const ac_json *request, ac_str name, size_t index,
                          const ac_json *value)
{
    return set_path(d, request, name, index, value);
}

const ac_json *param_value(const ac_json *request, ac_str name, size_t index)
{
    const ac_json *at = request;
    for (ac_str rest = name; at && rest.p;) {
        ac_str segment = ac_str_split(rest, '.', &rest);
        if (ac_str_is(segment, "N")) {
            at = ac_json_is(at, AC_JSON_ARRAY) && index < at->count ? &at->items[index] : NULL;
        } else {
            at = ac_json_get(at, segment);
        }
    }
    return at;
}

const ac_json *typed_value(const deriver *d, const ac_parameter *parameter, ac_str text)
{
    if (parameter->type == AC_TYPE_INTEGER && ac_json_number_valid(text)) {
        return ac_json_number(d->arena, text);
    }
    if (parameter->type == AC_TYPE_BOOLEAN && (ac_str_is(text, "true") || ac_str_is(text, "false"))) {
        return ac_json_bool(ac_str_is(text, "true"));
    }
    return ac_json_string(d->arena, text);
}

const ac_json *base_with(const deriver *d, const ac_parameter *parameter)
{
    const ac_requests *requests = &d->contract->requests;
    bool depends = has_constraint(parameter, AC_ONLY_IF_DIFFER) || has_constraint(parameter, AC_ONLY_WITH);
    if (depends && requests->full) {
        return requests->full;
    }
    ac_str rest;
    ac_str top = ac_str_split(parameter->name, '.', &rest);
    if (param_value(requests->minimal, parameter->name, 0)) {
        return requests->minimal;
    }
    const ac_json *from_full = ac_json_get(requests->full, top);
    return from_full ? ac_json_set(d->arena, requests->minimal, top, from_full) : requests->minimal;
}

/* ---- arrays ---- */

static bool must_differ(const deriver *d, ac_str array, ac_str member)
{
    ac_str name = member.n > 0 ? ac_str_printf(d->arena, "%.*s.N.%.*s", AC_STR_FMT(array), AC_STR_FMT(member))
                               : ac_str_printf(d->arena, "%.*s.N", AC_STR_FMT(array));
    const ac_parameter *parameter = ac_contract_parameter(d->contract, name);
    return parameter && (has_constraint(parameter, AC_UNIQUE) || ac_str_is(member, "Key"));
}

/* The text for element `number` (from 1): the variable's element of that number, or the text with the number. */
static const ac_json *numbered(const deriver *d, const ac_json *value, size_t number, bool differ)
{
    if (number == 1 || value->type != AC_JSON_STRING) {
        return value;
    }
    ac_str text = value->text;
    if (ac_str_starts(text, AC_STR("${")) && ac_str_find_char(text, '}') == text.n - 1) {
        ac_str name = ac_str_sub(text, 2, text.n - 3);
        int64_t index;
        const ac_variable *variable = ac_contract_variable(d->contract, name, &index);
        if (variable && (int64_t)number <= variable->count) {
            return ac_json_string(d->arena,
                                  ac_str_printf(d->arena, "${%.*s_%zu}", AC_STR_FMT(variable->name), number));
        }
    }
    return differ ? ac_json_string(d->arena, ac_str_printf(d->arena, "%.*s%zu", AC_STR_FMT(text), number))
                  : value;
}

static const ac_json *numbered_element(const deriver *d, const ac_json *first, ac_str array, size_t number)
{
    if (first->type != AC_JSON_OBJECT) {
        return numbered(d, first, number, must_differ(d, array, (ac_str){NULL, 0}));
    }
    const ac_json *element = first;
    for (size_t i = 0; i < first->count; i++) {
        ac_str member = first->items[i].key;
        const ac_json *value = numbered(d, &first->items[i], number, must_differ(d, array, member));
        element = ac_json_set(d->arena, element, member, value);
    }
    return element;
}

/* Addresses are fixtures without a number: only the first element may have one. */
static const ac_json *without_lone_fixtures(const deriver *d, const ac_json *element)
{
    const ac_json *result = element;
    for (size_t i = 0; element->type == AC_JSON_OBJECT && i < element->count; i++) {
        ac_str text = ac_json_text(&element->items[i]);
        int64_t index;
        bool variable = ac_str_starts(text, AC_STR("${"));
        const ac_variable *known =
            variable ? ac_contract_variable(d->contract, ac_str_sub(text, 2, text.n - 3), &index) : NULL;
        if (known && known->count == 1) {
            result = ac_json_set(d->arena, result, element->items[i].key, NULL);
        }
    }
    return result;
}

const ac_json *with_elements(const deriver *d, const ac_json *request, ac_str array, size_t count)
{
    const ac_json *old = param_value(request, array, 0);
    if (!ac_json_is(old, AC_JSON_ARRAY) || old->count == 0) {
        return NULL;
    }
    const ac_json **items = AC_NEW_ARRAY(d->arena, count, const ac_json *);
    for (size_t i = 0; i < count; i++) {
        const ac_json *element = numbered_element(d, &old->items[0], array, i + 1);
        items[i] = i == 0 ? element : without_lone_fixtures(d, element);
    }
    return with_param(d, request, array, 0, ac_json_array(d->arena, items, count));
}
