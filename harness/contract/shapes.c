/* The shapes of provider.json and contract.json as tables. */
#include "contract/shapes.h"

#include <stddef.h>
#include <string.h>

#include "contract/contract.h"

const char *const ac_when_names[] = {"",
                                     "missing-access-key",
                                     "unknown-access-key",
                                     "missing-signature",
                                     "bad-signature",
                                     "expired-timestamp",
                                     "malformed-timestamp",
                                     "replayed-nonce",
                                     "missing-action",
                                     "missing-version",
                                     "unknown-action",
                                     "unknown-version",
                                     "unknown-path",
                                     "missing-parameter",
                                     "malformed-parameter",
                                     "idempotency-mismatch",
                                     "idempotency-processing",
                                     "dry-run-passed",
                                     "throttled",
                                     "internal",
                                     "unavailable",
                                     NULL};

const char *const ac_constraint_names[] = {
    "length", "characters", "prefix-not", "contains-not",   "edges-not", "not-empty",
    "range",  "enum",       "format",     "pattern",        "items",     "index",
    "unique", "requires",   "only-with",  "only-if-differ", "reference", NULL};

const char *const ac_format_names[] = {"",         "ipv4", "ipv6",   "json", "boolean",
                                       "utc-time", "uuid", "domain", NULL};

const char *const ac_field_type_names[] = {"string", "integer", "number", "boolean", "object", "array", NULL};

static const char *const certainties[] = {"", "must", "should", "may", NULL};
static const char *const source_kinds[] = {"documentation", "metadata", "sdk", "client", "inference", NULL};
static const char *const reaches[] = {"", "request", "reference", "sequence", "state", "fault", NULL};
static const char *const degrees[] = {"", "high", "medium", "low", NULL};
static const char *const layers[] = {"", "gateway", "service", NULL};
static const char *const locations[] = {"query", "form", "path", "body", "header", NULL};
static const char *const parameter_types[] = {"string", "integer", "boolean", "array", "object", NULL};
static const char *const requireds[] = {"unknown", "no", "yes", NULL};
static const char *const roles[] = {"",        "action",    "version",   "region", "idempotency-token",
                                    "dry-run", "container", "duplicate", NULL};
static const char *const presences[] = {"always", "optional", NULL};
static const char *const bases[] = {"", "inferred", NULL};
static const char *const equals_names[] = {"", "action", "version", "service", "region", "request_id", NULL};
static const char *const wires[] = {"alibaba-rpc", "alibaba-roa", "volcengine", NULL};
static const char *const key_cases[] = {"exact", "any", NULL};
static const char *const behaviours[] = {"plain", "create", "read", "list", "delete", NULL};
static const char *const pagings[] = {"", "token", "page", NULL};

static bool compile(ac_decoder *decoder, const char *member, ac_str pattern, ac_regex **out)
{
    if (!pattern.p) {
        return true;
    }
    ac_err why = {0};
    ac_regex *regex = ac_regex_new(pattern, &why);
    if (!regex) {
        return ac_decode_fail(decoder, member, "%s", why.text);
    }
    ac_pattern_list *list = decoder->context;
    if (list->count == list->capacity) {
        list->capacity = list->capacity > 0 ? list->capacity * 2 : 32;
        list->items = ac_realloc(list->items, list->capacity * sizeof *list->items);
    }
    list->items[list->count++] = regex;
    *out = regex;
    return true;
}

/* ---- sources ---- */

static const ac_field section_fields[] = {
    AC_ROW(ac_section, "title", AC_FIELD_STR, title, AC_REQUIRED, NULL),
    AC_ROW(ac_section, "rows", AC_FIELD_INT, rows, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct section_shape = {section_fields, sizeof(ac_section), NULL};

static const ac_field source_fields[] = {
    AC_ROW(ac_source, "id", AC_FIELD_STR, id, AC_REQUIRED, NULL),
    AC_ROW(ac_source, "kind", AC_FIELD_ENUM, kind, AC_REQUIRED, source_kinds),
    AC_ROW(ac_source, "publisher", AC_FIELD_STR, publisher, AC_REQUIRED, NULL),
    AC_ROW(ac_source, "title", AC_FIELD_STR, title, AC_REQUIRED, NULL),
    AC_ROW(ac_source, "language", AC_FIELD_STR_OR_NULL, language, AC_OPTIONAL, NULL),
    AC_ROW(ac_source, "date", AC_FIELD_STR_OR_NULL, date, AC_OPTIONAL, NULL),
    AC_ROW(ac_source, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROW(ac_source, "sections", AC_FIELD_MAP, sections, AC_REQUIRED, &section_shape),
    AC_ROWS_END,
};
static const ac_struct source_shape = {source_fields, sizeof(ac_source), NULL};

/* ---- errors ---- */

static const ac_field error_row_fields[] = {
    AC_ROW(ac_error_row, "status", AC_FIELD_INT, status, AC_REQUIRED, NULL),
    AC_ROW(ac_error_row, "code", AC_FIELD_STR, code, AC_REQUIRED, NULL),
    AC_ROW(ac_error_row, "message", AC_FIELD_STR, message, AC_REQUIRED, NULL),
    AC_ROW(ac_error_row, "placeholders", AC_FIELD_STRS, placeholders, AC_OPTIONAL, NULL),
    AC_ROW(ac_error_row, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROW(ac_error_row, "reach", AC_FIELD_ENUM, reach, AC_REQUIRED, reaches),
    AC_ROW(ac_error_row, "reach_certainty", AC_FIELD_ENUM, reach_certainty, AC_OPTIONAL, degrees),
    AC_ROW(ac_error_row, "parameter", AC_FIELD_STR, parameter, AC_OPTIONAL, NULL),
    AC_ROW(ac_error_row, "duplicate_of", AC_FIELD_INT, duplicate_of, AC_OPTIONAL, NULL),
    AC_ROW(ac_error_row, "unprovoked", AC_FIELD_STR, unprovoked, AC_OPTIONAL, NULL),
    AC_ROW(ac_error_row, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_error_row(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)json;
    const ac_error_row *row = out;
    return (row->status >= 100 && row->status <= 599) ||
           ac_decode_fail(decoder, "status", "not an HTTP status");
}

static const ac_struct error_row_shape = {error_row_fields, sizeof(ac_error_row), check_error_row};

static const ac_field common_error_fields[] = {
    AC_ROW(ac_common_error, "code", AC_FIELD_STR, code, AC_REQUIRED, NULL),
    AC_ROW(ac_common_error, "status", AC_FIELD_INTS, status, AC_REQUIRED, NULL),
    AC_ROW(ac_common_error, "message", AC_FIELD_STRS, message, AC_REQUIRED, NULL),
    AC_ROW(ac_common_error, "placeholders", AC_FIELD_STRS, placeholders, AC_OPTIONAL, NULL),
    AC_ROW(ac_common_error, "when", AC_FIELD_ENUM, when, AC_OPTIONAL, ac_when_names),
    AC_ROW(ac_common_error, "layer", AC_FIELD_ENUM, layer, AC_OPTIONAL, layers),
    AC_ROW(ac_common_error, "number", AC_FIELD_INT, number, AC_OPTIONAL, NULL),
    AC_ROW(ac_common_error, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROW(ac_common_error, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_common_error(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)json;
    const ac_common_error *error = out;
    for (size_t i = 0; i < error->status.count; i++) {
        if (error->status.items[i] < 100 || error->status.items[i] > 599) {
            return ac_decode_fail(decoder, "status", "not an HTTP status");
        }
    }
    return error->status.count > 0 || ac_decode_fail(decoder, "status", "at least one status is needed");
}

static const ac_struct common_error_shape = {common_error_fields, sizeof(ac_common_error),
                                             check_common_error};

static const ac_field rule_error_fields[] = {
    AC_ROW(ac_rule_error, "error", AC_FIELD_STR, error, AC_OPTIONAL, NULL),
    AC_ROW(ac_rule_error, "certainty", AC_FIELD_ENUM, certainty, AC_OPTIONAL, certainties),
    AC_ROW(ac_rule_error, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROW(ac_rule_error, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static int resolve_certainty(int given, ac_str error)
{
    return given != AC_CERTAINTY_UNSET ? given : error.p ? AC_MUST : AC_SHOULD;
}

static bool check_rule_error(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)json;
    (void)decoder;
    ac_rule_error *rule = out;
    rule->certainty = resolve_certainty(rule->certainty, rule->error);
    return true;
}

static const ac_struct rule_error_shape = {rule_error_fields, sizeof(ac_rule_error), check_rule_error};

/* ---- parameters ---- */

static const ac_field charset_fields[] = {
    AC_ROW(ac_charset, "classes", AC_FIELD_STRS, classes, AC_OPTIONAL, NULL),
    AC_ROW(ac_charset, "chars", AC_FIELD_STR, chars, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_charset(ac_decoder *decoder, const ac_json *json, void *out)
{
    static const char *const known[] = {"letter", "digit", "han", "ascii"};
    (void)json;
    const ac_charset *set = out;
    for (size_t i = 0; i < set->classes.count; i++) {
        bool found = false;
        for (size_t k = 0; k < AC_COUNT(known); k++) {
            found = found || ac_str_is(set->classes.items[i], known[k]);
        }
        if (!found) {
            return ac_decode_fail(decoder, "classes", "unknown class \"%.*s\"",
                                  AC_STR_FMT(set->classes.items[i]));
        }
    }
    return true;
}

static const ac_struct charset_shape = {charset_fields, sizeof(ac_charset), check_charset};

static const ac_field constraint_fields[] = {
    AC_ROW(ac_constraint, "kind", AC_FIELD_ENUM, kind, AC_REQUIRED, ac_constraint_names),
    AC_ROW(ac_constraint, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROW(ac_constraint, "error", AC_FIELD_STR, error, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "certainty", AC_FIELD_ENUM, certainty, AC_OPTIONAL, certainties),
    AC_ROW(ac_constraint, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "min", AC_FIELD_NUMBER, min, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "max", AC_FIELD_NUMBER, max, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "first", AC_FIELD_POINTER, first, AC_OPTIONAL, &charset_shape),
    AC_ROW(ac_constraint, "rest", AC_FIELD_POINTER, rest, AC_OPTIONAL, &charset_shape),
    AC_ROW(ac_constraint, "values", AC_FIELD_STRS, values, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "ignore_case", AC_FIELD_BOOL, ignore_case, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "chars", AC_FIELD_STR, chars, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "format", AC_FIELD_ENUM, format, AC_OPTIONAL, ac_format_names),
    AC_ROW(ac_constraint, "pattern", AC_FIELD_STR, pattern, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "invalid", AC_FIELD_STR, invalid, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "base", AC_FIELD_INT, base, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "parameter", AC_FIELD_STR, parameter, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "parameters", AC_FIELD_STRS, parameters, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "value", AC_FIELD_STR, value, AC_OPTIONAL, NULL),
    AC_ROW(ac_constraint, "resource", AC_FIELD_STR, resource, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

/* The members that only some kinds have: a member stands for a kind when both are in one row. */
static const struct {
    const char *member;
    unsigned kinds;
    bool required;
} members_of_kinds[] = {
    {"min", 1u << AC_LENGTH | 1u << AC_RANGE | 1u << AC_ITEMS, false},
    {"max", 1u << AC_LENGTH | 1u << AC_RANGE | 1u << AC_ITEMS, false},
    {"first", 1u << AC_CHARACTERS, false},
    {"rest", 1u << AC_CHARACTERS, true},
    {"values", 1u << AC_PREFIX_NOT | 1u << AC_CONTAINS_NOT | 1u << AC_ENUM, true},
    {"ignore_case", 1u << AC_PREFIX_NOT, false},
    {"chars", 1u << AC_EDGES_NOT, true},
    {"format", 1u << AC_FORMAT, true},
    {"pattern", 1u << AC_PATTERN, true},
    {"invalid", 1u << AC_PATTERN, true},
    {"base", 1u << AC_INDEX, true},
    {"parameter", 1u << AC_REQUIRES | 1u << AC_ONLY_WITH, true},
    {"value", 1u << AC_ONLY_WITH, true},
    {"parameters", 1u << AC_ONLY_IF_DIFFER, true},
    {"resource", 1u << AC_REFERENCE, true},
};

static bool check_constraint(ac_decoder *decoder, const ac_json *json, void *out)
{
    ac_constraint *c = out;
    for (size_t i = 0; i < AC_COUNT(members_of_kinds); i++) {
        const char *member = members_of_kinds[i].member;
        bool given = ac_json_get_c(json, member) != NULL;
        bool fits = (members_of_kinds[i].kinds >> c->kind & 1) != 0;
        if (given && !fits) {
            return ac_decode_fail(decoder, member, "does not belong to kind \"%s\"",
                                  ac_constraint_names[c->kind]);
        }
        if (fits && members_of_kinds[i].required && !given) {
            return ac_decode_fail(decoder, NULL, "key \"%s\" is missing", member);
        }
    }
    if (c->kind == AC_ONLY_IF_DIFFER && c->parameters.count != 2) {
        return ac_decode_fail(decoder, "parameters", "two names are needed");
    }
    c->certainty = resolve_certainty(c->certainty, c->error);
    return compile(decoder, "pattern", c->pattern, &c->regex);
}

static const ac_struct constraint_shape = {constraint_fields, sizeof(ac_constraint), check_constraint};

static const ac_field parameter_fields[] = {
    AC_ROW(ac_parameter, "name", AC_FIELD_STR, name, AC_REQUIRED, NULL),
    AC_ROW(ac_parameter, "as", AC_FIELD_STR, as, AC_OPTIONAL, NULL),
    AC_ROW(ac_parameter, "in", AC_FIELD_ENUM, in, AC_REQUIRED, locations),
    AC_ROW(ac_parameter, "type", AC_FIELD_ENUM, type, AC_REQUIRED, parameter_types),
    AC_ROW(ac_parameter, "required", AC_FIELD_ENUM, required, AC_OPTIONAL, requireds),
    AC_ROW(ac_parameter, "required_cite", AC_FIELD_STRS, required_cite, AC_OPTIONAL, NULL),
    AC_ROW(ac_parameter, "role", AC_FIELD_ENUM, role, AC_OPTIONAL, roles),
    AC_ROW(ac_parameter, "default", AC_FIELD_JSON, default_value, AC_OPTIONAL, NULL),
    AC_ROW(ac_parameter, "example", AC_FIELD_JSON, example, AC_OPTIONAL, NULL),
    AC_ROW(ac_parameter, "deprecated", AC_FIELD_BOOL, deprecated, AC_OPTIONAL, NULL),
    AC_ROW(ac_parameter, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROW(ac_parameter, "about", AC_FIELD_STR, about, AC_OPTIONAL, NULL),
    AC_ROW(ac_parameter, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROW(ac_parameter, "constraints", AC_FIELD_LIST, constraints, AC_OPTIONAL, &constraint_shape),
    AC_ROW(ac_parameter, "type_error", AC_FIELD_POINTER, type_error, AC_OPTIONAL, &rule_error_shape),
    AC_ROW(ac_parameter, "missing_error", AC_FIELD_POINTER, missing_error, AC_OPTIONAL, &rule_error_shape),
    AC_ROWS_END,
};

static bool check_parameter(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)decoder;
    (void)json;
    ac_parameter *parameter = out;
    if (!parameter->as.p) {
        parameter->as = parameter->name;
    }
    return true;
}

static const ac_struct parameter_shape = {parameter_fields, sizeof(ac_parameter), check_parameter};

/* ---- response ---- */

static const ac_field value_fields[] = {
    AC_ROW(ac_field_value, "param", AC_FIELD_STR, param, AC_OPTIONAL, NULL),
    AC_ROW(ac_field_value, "request_id", AC_FIELD_BOOL, request_id, AC_OPTIONAL, NULL),
    AC_ROW(ac_field_value, "id", AC_FIELD_BOOL, id, AC_OPTIONAL, NULL),
    AC_ROW(ac_field_value, "state", AC_FIELD_BOOL, state, AC_OPTIONAL, NULL),
    AC_ROW(ac_field_value, "now", AC_FIELD_BOOL, now, AC_OPTIONAL, NULL),
    AC_ROW(ac_field_value, "const", AC_FIELD_JSON, constant, AC_OPTIONAL, NULL),
    AC_ROW(ac_field_value, "template", AC_FIELD_STR, template_text, AC_OPTIONAL, NULL),
    AC_ROW(ac_field_value, "attribute", AC_FIELD_STR, attribute, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_value(ac_decoder *decoder, const ac_json *json, void *out)
{
    ac_field_value *value = out;
    const struct {
        bool given;
        ac_value_kind kind;
        ac_str text;
    } choices[] = {
        {value->param.p, AC_VALUE_PARAM, value->param},
        {value->request_id, AC_VALUE_REQUEST_ID, {NULL, 0}},
        {value->id, AC_VALUE_ID, {NULL, 0}},
        {value->state, AC_VALUE_STATE, {NULL, 0}},
        {value->now, AC_VALUE_NOW, {NULL, 0}},
        {value->constant, AC_VALUE_CONST, {NULL, 0}},
        {value->template_text.p, AC_VALUE_TEMPLATE, value->template_text},
        {value->attribute.p, AC_VALUE_ATTRIBUTE, value->attribute},
    };
    for (size_t i = 0; i < AC_COUNT(choices); i++) {
        if (choices[i].given) {
            value->kind = choices[i].kind;
            value->text = choices[i].text;
        }
    }
    bool one = json->count == 1 && value->kind != AC_VALUE_NONE;
    return one || ac_decode_fail(decoder, NULL, "exactly one origin of the value is needed");
}

static const ac_struct value_shape = {value_fields, sizeof(ac_field_value), check_value};

static const ac_field response_field_fields[] = {
    AC_ROW(ac_response_field, "pointer", AC_FIELD_STR, pointer, AC_REQUIRED, NULL),
    AC_ROW(ac_response_field, "type", AC_FIELD_ENUM, type, AC_REQUIRED, ac_field_type_names),
    AC_ROW(ac_response_field, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROW(ac_response_field, "example", AC_FIELD_JSON, example, AC_OPTIONAL, NULL),
    AC_ROW(ac_response_field, "enum", AC_FIELD_STRS, enum_values, AC_OPTIONAL, NULL),
    AC_ROW(ac_response_field, "enum_cite", AC_FIELD_STRS, enum_cite, AC_OPTIONAL, NULL),
    AC_ROW(ac_response_field, "format", AC_FIELD_ENUM, format, AC_OPTIONAL, ac_format_names),
    AC_ROW(ac_response_field, "pattern", AC_FIELD_STR, pattern, AC_OPTIONAL, NULL),
    AC_ROW(ac_response_field, "pattern_cite", AC_FIELD_STRS, pattern_cite, AC_OPTIONAL, NULL),
    AC_ROW(ac_response_field, "presence", AC_FIELD_ENUM, presence, AC_OPTIONAL, presences),
    AC_ROW(ac_response_field, "nullable", AC_FIELD_BOOL, nullable, AC_OPTIONAL, NULL),
    AC_ROW(ac_response_field, "value", AC_FIELD_POINTER, value, AC_OPTIONAL, &value_shape),
    AC_ROW(ac_response_field, "basis", AC_FIELD_ENUM, basis, AC_OPTIONAL, bases),
    AC_ROW(ac_response_field, "equals", AC_FIELD_ENUM, equals, AC_OPTIONAL, equals_names),
    AC_ROW(ac_response_field, "about", AC_FIELD_STR, about, AC_OPTIONAL, NULL),
    AC_ROW(ac_response_field, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_response_field(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)json;
    ac_response_field *field = out;
    if (field->pointer.n == 0 || field->pointer.p[0] != '/') {
        return ac_decode_fail(decoder, "pointer", "a JSON pointer begins with \"/\"");
    }
    field->value_inferred = field->basis == 1;
    return compile(decoder, "pattern", field->pattern, &field->regex);
}

static const ac_struct response_field_shape = {response_field_fields, sizeof(ac_response_field),
                                               check_response_field};

static const ac_field sample_fields[] = {
    AC_ROW(ac_sample, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROW(ac_sample, "body", AC_FIELD_JSON, body, AC_OPTIONAL, NULL),
    AC_ROW(ac_sample, "text", AC_FIELD_STR, text, AC_OPTIONAL, NULL),
    AC_ROW(ac_sample, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct sample_shape = {sample_fields, sizeof(ac_sample), NULL};

static const ac_field response_fields[] = {
    AC_ROW(ac_response_contract, "status", AC_FIELD_INT, status, AC_REQUIRED, NULL),
    AC_ROW(ac_response_contract, "status_cite", AC_FIELD_STRS, status_cite, AC_OPTIONAL, NULL),
    AC_ROW(ac_response_contract, "fields", AC_FIELD_LIST, fields, AC_REQUIRED, &response_field_shape),
    AC_ROW(ac_response_contract, "samples", AC_FIELD_LIST, samples, AC_OPTIONAL, &sample_shape),
    AC_ROWS_END,
};
static const ac_struct response_shape = {response_fields, sizeof(ac_response_contract), NULL};

/* ---- behaviour ---- */

static const ac_field operation_ref_fields[] = {
    AC_ROW(ac_operation_ref, "operation", AC_FIELD_STR, operation, AC_REQUIRED, NULL),
    AC_ROW(ac_operation_ref, "params", AC_FIELD_JSON, params, AC_REQUIRED, NULL),
    AC_ROW(ac_operation_ref, "items", AC_FIELD_STR, items, AC_OPTIONAL, NULL),
    AC_ROW(ac_operation_ref, "id", AC_FIELD_STR, id, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct operation_ref_shape = {operation_ref_fields, sizeof(ac_operation_ref), NULL};

static const ac_field paging_fields[] = {
    AC_ROW(ac_paging, "kind", AC_FIELD_ENUM, kind, AC_REQUIRED, pagings),
    AC_ROW(ac_paging, "size", AC_FIELD_STR, size, AC_REQUIRED, NULL),
    AC_ROW(ac_paging, "token", AC_FIELD_STR, token, AC_OPTIONAL, NULL),
    AC_ROW(ac_paging, "number", AC_FIELD_STR, number, AC_OPTIONAL, NULL),
    AC_ROW(ac_paging, "default_size", AC_FIELD_INT, default_size, AC_REQUIRED, NULL),
    AC_ROWS_END,
};
static const ac_struct paging_shape = {paging_fields, sizeof(ac_paging), NULL};

static const ac_field behaviour_fields[] = {
    AC_ROW(ac_behaviour, "kind", AC_FIELD_ENUM, kind, AC_REQUIRED, behaviours),
    AC_ROW(ac_behaviour, "resource", AC_FIELD_STR, resource, AC_OPTIONAL, NULL),
    AC_ROW(ac_behaviour, "id_prefix", AC_FIELD_STR, id_prefix, AC_OPTIONAL, NULL),
    AC_ROW(ac_behaviour, "id_pointer", AC_FIELD_STR, id_pointer, AC_OPTIONAL, NULL),
    AC_ROW(ac_behaviour, "read", AC_FIELD_POINTER, read, AC_OPTIONAL, &operation_ref_shape),
    AC_ROW(ac_behaviour, "list", AC_FIELD_POINTER, list, AC_OPTIONAL, &operation_ref_shape),
    AC_ROW(ac_behaviour, "delete", AC_FIELD_POINTER, delete, AC_OPTIONAL, &operation_ref_shape),
    AC_ROW(ac_behaviour, "gone", AC_FIELD_STR, gone, AC_OPTIONAL, NULL),
    AC_ROW(ac_behaviour, "parent", AC_FIELD_STR, parent, AC_OPTIONAL, NULL),
    AC_ROW(ac_behaviour, "id_param", AC_FIELD_STR, id_param, AC_OPTIONAL, NULL),
    AC_ROW(ac_behaviour, "not_found", AC_FIELD_STR, not_found, AC_OPTIONAL, NULL),
    AC_ROW(ac_behaviour, "items", AC_FIELD_STR, items, AC_OPTIONAL, NULL),
    AC_ROW(ac_behaviour, "total", AC_FIELD_STR, total, AC_OPTIONAL, NULL),
    AC_ROW(ac_behaviour, "filters", AC_FIELD_JSON, filters, AC_OPTIONAL, NULL),
    AC_ROW(ac_behaviour, "paging", AC_FIELD_POINTER, paging, AC_OPTIONAL, &paging_shape),
    AC_ROWS_END,
};
static const ac_struct behaviour_shape = {behaviour_fields, sizeof(ac_behaviour), NULL};

static const ac_field states_fields[] = {
    AC_ROW(ac_states, "attribute", AC_FIELD_STR, attribute, AC_REQUIRED, NULL),
    AC_ROW(ac_states, "pointer", AC_FIELD_STR, pointer, AC_REQUIRED, NULL),
    AC_ROW(ac_states, "order", AC_FIELD_STRS, order, AC_REQUIRED, NULL),
    AC_ROW(ac_states, "done", AC_FIELD_STRS, done, AC_REQUIRED, NULL),
    AC_ROW(ac_states, "failed", AC_FIELD_STRS, failed, AC_OPTIONAL, NULL),
    AC_ROW(ac_states, "others", AC_FIELD_STRS, others, AC_OPTIONAL, NULL),
    AC_ROW(ac_states, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROWS_END,
};
static const ac_struct states_shape = {states_fields, sizeof(ac_states), NULL};

static const ac_field idempotency_fields[] = {
    AC_ROW(ac_idempotency, "parameter", AC_FIELD_STR, parameter, AC_REQUIRED, NULL),
    AC_ROW(ac_idempotency, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROW(ac_idempotency, "mismatch", AC_FIELD_POINTER, mismatch, AC_OPTIONAL, &rule_error_shape),
    AC_ROW(ac_idempotency, "processing", AC_FIELD_POINTER, processing, AC_OPTIONAL, &rule_error_shape),
    AC_ROW(ac_idempotency, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct idempotency_shape = {idempotency_fields, sizeof(ac_idempotency), NULL};

static const ac_field dry_run_fields[] = {
    AC_ROW(ac_dry_run, "parameter", AC_FIELD_STR, parameter, AC_REQUIRED, NULL),
    AC_ROW(ac_dry_run, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROW(ac_dry_run, "passed", AC_FIELD_POINTER, passed, AC_OPTIONAL, &rule_error_shape),
    AC_ROW(ac_dry_run, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct dry_run_shape = {dry_run_fields, sizeof(ac_dry_run), NULL};

static const ac_field inconsistency_fields[] = {
    AC_ROW(ac_inconsistency, "id", AC_FIELD_STR, id, AC_REQUIRED, NULL),
    AC_ROW(ac_inconsistency, "text", AC_FIELD_STR, text, AC_REQUIRED, NULL),
    AC_ROW(ac_inconsistency, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROWS_END,
};
static const ac_struct inconsistency_shape = {inconsistency_fields, sizeof(ac_inconsistency), NULL};

static const ac_field left_out_fields[] = {
    AC_ROW(ac_left_out, "parameter", AC_FIELD_STR, parameter, AC_REQUIRED, NULL),
    AC_ROW(ac_left_out, "why", AC_FIELD_STR, why, AC_REQUIRED, NULL),
    AC_ROWS_END,
};
static const ac_struct left_out_shape = {left_out_fields, sizeof(ac_left_out), NULL};

static const ac_field requests_fields[] = {
    AC_ROW(ac_requests, "minimal", AC_FIELD_JSON, minimal, AC_REQUIRED, NULL),
    AC_ROW(ac_requests, "full", AC_FIELD_JSON, full, AC_OPTIONAL, NULL),
    AC_ROW(ac_requests, "full_leaves_out", AC_FIELD_LIST, full_leaves_out, AC_OPTIONAL, &left_out_shape),
    AC_ROWS_END,
};
static const ac_struct requests_shape = {requests_fields, sizeof(ac_requests), NULL};

static const ac_field variable_fields[] = {
    AC_ROW(ac_variable, "default", AC_FIELD_STRS, defaults, AC_OPTIONAL, NULL),
    AC_ROW(ac_variable, "resource", AC_FIELD_STR, resource, AC_OPTIONAL, NULL),
    AC_ROW(ac_variable, "prefix", AC_FIELD_STR, prefix, AC_OPTIONAL, NULL),
    AC_ROW(ac_variable, "about", AC_FIELD_STR, about, AC_OPTIONAL, NULL),
    AC_ROW(ac_variable, "count", AC_FIELD_INT, count, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_variable(ac_decoder *decoder, const ac_json *json, void *out)
{
    ac_variable *variable = out;
    if (!ac_json_get_c(json, "count")) {
        variable->count = 1;
    }
    if (variable->defaults.count > 0) {
        variable->default_value = variable->defaults.items[0];
    }
    if (variable->defaults.count > (size_t)variable->count) {
        variable->count = (int64_t)variable->defaults.count;
    }
    if (variable->count < 1 || variable->count > 256) {
        return ac_decode_fail(decoder, "count", "a number from 1 to 256 is expected here");
    }
    bool nameable = variable->resource.n == 0 || variable->prefix.n > 0 || variable->default_value.n > 0;
    return nameable || ac_decode_fail(decoder, NULL, "a resource needs a \"prefix\" or a \"default\"");
}

static const ac_struct variable_shape = {variable_fields, sizeof(ac_variable), check_variable};

static const ac_field contract_fields[] = {
    AC_ROW_KNOWN("$schema", AC_OPTIONAL),
    AC_ROW_KNOWN("accord", AC_REQUIRED),
    AC_ROW(ac_contract, "operation", AC_FIELD_STR, operation, AC_REQUIRED, NULL),
    AC_ROW(ac_contract, "about", AC_FIELD_STR, about, AC_OPTIONAL, NULL),
    AC_ROW(ac_contract, "style", AC_FIELD_STR, style_name, AC_REQUIRED, NULL),
    AC_ROW(ac_contract, "methods", AC_FIELD_STRS, methods, AC_REQUIRED, NULL),
    AC_ROW(ac_contract, "methods_cite", AC_FIELD_STRS, methods_cite, AC_OPTIONAL, NULL),
    AC_ROW(ac_contract, "path", AC_FIELD_STR, path, AC_REQUIRED, NULL),
    AC_ROW(ac_contract, "sources", AC_FIELD_LIST, sources, AC_REQUIRED, &source_shape),
    AC_ROW(ac_contract, "variables", AC_FIELD_MAP, variables, AC_OPTIONAL, &variable_shape),
    AC_ROW(ac_contract, "parameters", AC_FIELD_LIST, parameters, AC_REQUIRED, &parameter_shape),
    AC_ROW(ac_contract, "requests", AC_FIELD_OBJECT, requests, AC_REQUIRED, &requests_shape),
    AC_ROW(ac_contract, "request_samples", AC_FIELD_LIST, request_samples, AC_OPTIONAL, &sample_shape),
    AC_ROW(ac_contract, "response", AC_FIELD_OBJECT, response, AC_REQUIRED, &response_shape),
    AC_ROW(ac_contract, "behaviour", AC_FIELD_OBJECT, behaviour, AC_REQUIRED, &behaviour_shape),
    AC_ROW(ac_contract, "states", AC_FIELD_POINTER, states, AC_OPTIONAL, &states_shape),
    AC_ROW(ac_contract, "idempotency", AC_FIELD_POINTER, idempotency, AC_OPTIONAL, &idempotency_shape),
    AC_ROW(ac_contract, "dry_run", AC_FIELD_POINTER, dry_run, AC_OPTIONAL, &dry_run_shape),
    AC_ROW(ac_contract, "errors", AC_FIELD_LIST, errors, AC_OPTIONAL, &error_row_shape),
    AC_ROW(ac_contract, "inconsistencies", AC_FIELD_LIST, inconsistencies, AC_OPTIONAL, &inconsistency_shape),
    AC_ROWS_END,
};

static bool check_version(ac_decoder *decoder, const ac_json *json)
{
    int64_t version;
    bool known = ac_json_int(ac_json_get_c(json, "accord"), &version) && version == 1;
    return known || ac_decode_fail(decoder, "accord", "format version 1 is expected");
}

static bool check_contract(ac_decoder *decoder, const ac_json *json, void *out)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE", "PATCH"};
    const ac_contract *contract = out;
    for (size_t i = 0; i < contract->methods.count; i++) {
        bool known = false;
        for (size_t k = 0; k < AC_COUNT(methods); k++) {
            known = known || ac_str_is(contract->methods.items[i], methods[k]);
        }
        if (!known) {
            return ac_decode_fail(decoder, "methods", "unknown method \"%.*s\"",
                                  AC_STR_FMT(contract->methods.items[i]));
        }
    }
    if (contract->methods.count == 0) {
        return ac_decode_fail(decoder, "methods", "at least one method is needed");
    }
    if (contract->path.n == 0 || contract->path.p[0] != '/') {
        return ac_decode_fail(decoder, "path", "a path begins with \"/\"");
    }
    return check_version(decoder, json);
}

const ac_struct ac_shape_contract = {contract_fields, sizeof(ac_contract), check_contract};

/* ---- provider ---- */

static const ac_field envelope_fields[] = {
    AC_ROW(ac_error_envelope, "code", AC_FIELD_STR, code, AC_REQUIRED, NULL),
    AC_ROW(ac_error_envelope, "message", AC_FIELD_STR, message, AC_REQUIRED, NULL),
    AC_ROW(ac_error_envelope, "request_id", AC_FIELD_STR, request_id, AC_REQUIRED, NULL),
    AC_ROW(ac_error_envelope, "number", AC_FIELD_STR, number, AC_OPTIONAL, NULL),
    AC_ROW(ac_error_envelope, "fields", AC_FIELD_LIST, fields, AC_REQUIRED, &response_field_shape),
    AC_ROW(ac_error_envelope, "key_case", AC_FIELD_ENUM, key_case, AC_OPTIONAL, key_cases),
    AC_ROWS_END,
};
static const ac_struct envelope_shape = {envelope_fields, sizeof(ac_error_envelope), NULL};

static const ac_field style_fields[] = {
    AC_ROW(ac_style, "wire", AC_FIELD_ENUM, wire, AC_REQUIRED, wires),
    AC_ROW(ac_style, "signers", AC_FIELD_STRS, signers, AC_REQUIRED, NULL),
    AC_ROW(ac_style, "request_id", AC_FIELD_STR, request_id, AC_REQUIRED, NULL),
    AC_ROW(ac_style, "envelope", AC_FIELD_LIST, envelope, AC_REQUIRED, &response_field_shape),
    AC_ROW(ac_style, "error", AC_FIELD_OBJECT, error, AC_REQUIRED, &envelope_shape),
    AC_ROW(ac_style, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct style_shape = {style_fields, sizeof(ac_style), NULL};

static const ac_field product_fields[] = {
    AC_ROW(ac_product, "title", AC_FIELD_STR, title, AC_REQUIRED, NULL),
    AC_ROW(ac_product, "signing_service", AC_FIELD_STR, signing_service, AC_REQUIRED, NULL),
    AC_ROW(ac_product, "endpoint", AC_FIELD_STR, endpoint, AC_OPTIONAL, NULL),
    AC_ROW(ac_product, "note", AC_FIELD_STR, note, AC_OPTIONAL, NULL),
    AC_ROW(ac_product, "common_errors", AC_FIELD_LIST, common_errors, AC_OPTIONAL, &common_error_shape),
    AC_ROWS_END,
};
static const ac_struct product_shape = {product_fields, sizeof(ac_product), NULL};

static const ac_field provider_fields[] = {
    AC_ROW_KNOWN("$schema", AC_OPTIONAL),
    AC_ROW_KNOWN("accord", AC_REQUIRED),
    AC_ROW(ac_provider, "provider", AC_FIELD_STR, provider, AC_REQUIRED, NULL),
    AC_ROW(ac_provider, "title", AC_FIELD_STR, title, AC_REQUIRED, NULL),
    AC_ROW(ac_provider, "sources", AC_FIELD_LIST, sources, AC_REQUIRED, &source_shape),
    AC_ROW(ac_provider, "styles", AC_FIELD_MAP, styles, AC_REQUIRED, &style_shape),
    AC_ROW(ac_provider, "variables", AC_FIELD_MAP, variables, AC_OPTIONAL, &variable_shape),
    AC_ROW(ac_provider, "common_errors", AC_FIELD_LIST, common_errors, AC_OPTIONAL, &common_error_shape),
    AC_ROW(ac_provider, "products", AC_FIELD_MAP, products, AC_OPTIONAL, &product_shape),
    AC_ROWS_END,
};

static bool check_provider(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)out;
    return check_version(decoder, json);
}

const ac_struct ac_shape_provider = {provider_fields, sizeof(ac_provider), check_provider};
