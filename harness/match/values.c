/* A value against what is documented of its field: enumeration, format, pattern, where it comes from. */
#include "match/judge.h"

static const ac_strs no_cite = {NULL, 0};

/* ---- what the request says ---- */

/* The parameter as sent; NULL also for members of arrays, of which there may be many. */
static const ac_json *sent(const ac_json *params, ac_str name)
{
    while (params && name.p) {
        params = ac_json_get(params, ac_str_split(name, '.', &name));
    }
    return params;
}

const ac_json *ac_field_wanted(const ac_match_input *input, const ac_response_field *field)
{
    const ac_json *value = sent(input->params, field->value->text);
    if (value && value->type != AC_JSON_NULL) {
        /* Nothing is documented of what an empty text leads to. */
        return value->type == AC_JSON_STRING && value->text.n == 0 ? NULL : value;
    }
    const ac_parameter *parameter = ac_contract_parameter(input->contract, field->value->text);
    return parameter ? parameter->default_value : NULL;
}

static bool is_container(const ac_json *value)
{
    return value->type == AC_JSON_ARRAY || value->type == AC_JSON_OBJECT;
}

static ac_str as_text(const ac_json *value)
{
    if (value->type == AC_JSON_BOOL) {
        return value->boolean ? AC_STR("true") : AC_STR("false");
    }
    return ac_json_text(value);
}

/* Parameters travel as text: 200 and "200", true and "true" are the same. What cannot be compared is not
 * judged. */
static bool is_same(const ac_json *wanted, const ac_json *value)
{
    if (is_container(wanted) || is_container(value)) {
        return wanted->type != value->type || ac_json_equal(wanted, value);
    }
    return ac_str_eq(as_text(wanted), as_text(value));
}

static const ac_json *wanted_value(const ac_judge *judge, const ac_response_field *field)
{
    bool judged = field->value && field->value->kind == AC_VALUE_PARAM && !field->value_inferred;
    return judged ? ac_field_wanted(judge->input, field) : NULL;
}

/* ---- checks: each holds where its field says nothing ---- */

static bool is_in_enum(const ac_judge *judge, const ac_response_field *field, const ac_json *value)
{
    (void)judge;
    for (size_t i = 0; i < field->enum_values.count; i++) {
        if (ac_str_eq(field->enum_values.items[i], as_text(value))) {
            return true;
        }
    }
    return field->enum_values.count == 0;
}

static ac_str expected_enum(const ac_judge *judge, const ac_response_field *field)
{
    return ac_shown_list(judge->arena, field->enum_values.items, field->enum_values.count);
}

static ac_strs cite_enum(const ac_response_field *field)
{
    return field->enum_cite;
}

static bool has_format(const ac_judge *judge, const ac_response_field *field, const ac_json *value)
{
    (void)judge;
    return value->type != AC_JSON_STRING || ac_match_format((ac_format)field->format, value->text);
}

static ac_str expected_format(const ac_judge *judge, const ac_response_field *field)
{
    return ac_shown_printf(judge->arena, "format %s", ac_format_names[field->format]);
}

static ac_strs cite_field(const ac_response_field *field)
{
    return field->cite;
}

static bool has_pattern(const ac_judge *judge, const ac_response_field *field, const ac_json *value)
{
    (void)judge;
    return !field->regex || ac_regex_match(field->regex, as_text(value));
}

static ac_str expected_pattern(const ac_judge *judge, const ac_response_field *field)
{
    return ac_shown_printf(judge->arena, "text that matches %.*s", AC_STR_FMT(field->pattern));
}

static ac_strs cite_pattern(const ac_response_field *field)
{
    return field->pattern_cite;
}

static bool is_as_sent(const ac_judge *judge, const ac_response_field *field, const ac_json *value)
{
    const ac_json *wanted = wanted_value(judge, field);
    return !wanted || is_same(wanted, value);
}

static ac_str expected_as_sent(const ac_judge *judge, const ac_response_field *field)
{
    const ac_json *wanted = wanted_value(judge, field);
    bool given = wanted == sent(judge->input->params, field->value->text);
    ac_str value = ac_shown_json(judge->arena, wanted);
    return ac_shown_printf(judge->arena, "%.*s, %s %.*s", AC_STR_FMT(value),
                           given ? "as sent in" : "the default of", AC_STR_FMT(field->value->text));
}

typedef struct check {
    ac_finding_kind kind;
    bool (*holds)(const ac_judge *judge, const ac_response_field *field, const ac_json *value);
    ac_str (*expected)(const ac_judge *judge, const ac_response_field *field);
    ac_strs (*cite)(const ac_response_field *field);
} check;

static const check checks[] = {
    {AC_FINDING_ENUM, is_in_enum, expected_enum, cite_enum},
    {AC_FINDING_FORMAT, has_format, expected_format, cite_field},
    {AC_FINDING_VALUE, has_pattern, expected_pattern, cite_pattern},
    {AC_FINDING_VALUE, is_as_sent, expected_as_sent, cite_field},
};

static void tell(ac_judge *judge, const check *c, const ac_response_field *field, const ac_json *value,
                 const ac_place *place)
{
    ac_finding *f = ac_judge_finding(judge, c->kind, AC_LEVEL_NONE);
    if (f) {
        f->place = ac_place_print(judge->arena, place);
        f->expected = c->expected(judge, field);
        f->observed = ac_shown_json(judge->arena, value);
        f->source = ac_judge_source(judge, c->cite(field), field->cite);
    }
}

/* ---- envelopes ---- */

static ac_str signing_service(const ac_contract *contract)
{
    const ac_product *facts = contract->product_facts;
    return facts && facts->signing_service.n > 0 ? facts->signing_service : contract->product;
}

/* What the envelope repeats of the call; empty where it is not known. */
static ac_str repeated(const ac_match_input *input, int equals)
{
    const ac_contract *contract = input->contract;
    const ac_str texts[] = {
        [AC_EQUALS_NONE] = {NULL, 0},
        [AC_EQUALS_ACTION] = contract->action,
        [AC_EQUALS_VERSION] = contract->version,
        [AC_EQUALS_SERVICE] = signing_service(contract),
        [AC_EQUALS_REGION] = input->region,
        [AC_EQUALS_REQUEST_ID] = {NULL, 0},
    };
    return texts[equals];
}

static void judge_repeated(ac_judge *judge, const ac_response_field *field, int equals, const ac_json *value,
                           const ac_place *place)
{
    ac_str wanted = repeated(judge->input, equals);
    if (wanted.n == 0 || ac_str_eq(wanted, as_text(value))) {
        return;
    }
    ac_finding *f = ac_judge_finding(judge, AC_FINDING_VALUE, AC_LEVEL_ENVELOPE);
    if (f) {
        f->place = ac_place_print(judge->arena, place);
        f->expected = ac_shown_list(judge->arena, &wanted, 1);
        f->observed = ac_shown_json(judge->arena, value);
        f->source = ac_judge_source(judge, field->cite, no_cite);
    }
}

void ac_judge_value(ac_judge *judge, const ac_response_field *field, int equals, const ac_json *value,
                    const ac_place *place)
{
    size_t i = 0;
    while (i < AC_COUNT(checks) && checks[i].holds(judge, field, value)) {
        i++;
    }
    if (i < AC_COUNT(checks)) {
        tell(judge, &checks[i], field, value, place);
    } else if (equals != AC_EQUALS_NONE) {
        judge_repeated(judge, field, equals, value, place);
    }
}
