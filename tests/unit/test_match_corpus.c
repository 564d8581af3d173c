/* Every contract of the corpus: what it documents conforms, and each thing it documents of a field is judged. */
#include "match_support.h"

/* The documentation masks ids with asterisks; what they stand for is not known, but it has letters. */
static ac_str unmasked(ac_arena *arena, const ac_json *sample)
{
    ac_buf text;
    ac_buf_init(&text, 1u << 20);
    ac_json_write(&text, sample);
    ac_str whole = ac_buf_take(&text, arena);
    return ac_str_replace(arena, whole, AC_STR("*"), AC_STR("a"));
}

typedef struct sampled {
    const ac_contract *contract;
    const ac_json *body; /* unmasked */
    const ac_json *params;
} sampled;

/* A request that the sample would be the answer to: what the answer repeats was sent. */
static const ac_json *request_for(ac_arena *arena, const ac_contract *contract, const ac_json *body)
{
    const ac_json *params = ac_json_object();
    for (size_t i = 0; i < contract->response.fields.count; i++) {
        const ac_response_field *field = &contract->response.fields.items[i];
        ac_str pointer = ac_str_replace(arena, field->pointer, AC_STR("*"), AC_STR("0"));
        const ac_json *value = ac_json_at(body, pointer);
        if (value && field->value && field->value->kind == AC_VALUE_PARAM && !field->value_inferred) {
            params = ac_json_set(arena, params, field->value->text, value);
        }
    }
    return params;
}

static sampled sample_of(ac_arena *arena, const ac_contract *contract)
{
    sampled s = {.contract = contract};
    if (contract->response.samples.count > 0) {
        ac_err err;
        ac_str text = unmasked(arena, contract->response.samples.items[0].body);
        s.body = ac_json_parse(arena, text, &ac_json_file_limits, &err);
        s.params = request_for(arena, contract, s.body);
    }
    return s;
}

static ac_match_result judge_tree(ac_arena *arena, const sampled *s, const ac_expect *expect, int status,
                                  const ac_json *body)
{
    ac_buf text;
    ac_buf_init(&text, 1u << 20);
    ac_json_write(&text, body);
    ac_response response = {.status = status, .body = ac_buf_take(&text, arena)};
    ac_pairs_add(arena, &response.headers, AC_STR("content-type"), AC_STR("application/json"));
    ac_match_input input = {
        .contract = s->contract, .expect = expect, .params = s->params, .response = &response};
    ac_match_result result;
    ac_match(arena, &input, &result);
    return result;
}

START_TEST(test_the_sample_of_every_contract_conforms)
{
    ac_arena *arena = ac_test_arena();
    const ac_corpus *corpus = corpus_of_cases();
    const ac_expect expect = SUCCESS;
    size_t samples = 0;
    for (size_t i = 0; i < corpus->contract_count; i++) {
        sampled s = sample_of(arena, corpus->contracts[i]);
        if (s.body) {
            ac_match_result result = judge_tree(arena, &s, &expect, (int)s.contract->response.status, s.body);
            ck_assert_msg(result.reached == AC_LEVEL_MESSAGE && result.findings.count == 0, "%.*s: %s",
                          AC_STR_FMT(s.contract->operation), in_words(arena, &result));
            samples++;
        }
    }
    ck_assert_uint_gt(samples, 10);
}
END_TEST

/* ---- every documented field ---- */

static bool found(const ac_match_result *result, ac_finding_kind kind, ac_str place)
{
    for (size_t i = 0; i < result->findings.count; i++) {
        const ac_finding *f = &result->findings.items[i];
        if (f->kind == kind && !f->note && ac_str_eq(f->place, place) && f->expected.n > 0 &&
            f->observed.n > 0 && f->source.n > 0) {
            return true;
        }
    }
    return false;
}

typedef struct fault {
    ac_finding_kind kind;
    const char *value;                               /* NULL: taken out */
    bool (*applies)(const ac_response_field *field); /* NULL: always */
} fault;

static bool is_required(const ac_response_field *field)
{
    bool element = ac_str_ends(field->pointer, AC_STR("*"));
    return field->presence == 0 && !element && !(field->value && field->value->kind == AC_VALUE_PARAM);
}

static bool is_not_nullable(const ac_response_field *field)
{
    return !field->nullable;
}

static bool is_no_string(const ac_response_field *field)
{
    return field->type != AC_JSON_TYPE_STRING;
}

static bool is_string(const ac_response_field *field)
{
    return field->type == AC_JSON_TYPE_STRING;
}

static bool is_no_object(const ac_response_field *field)
{
    return field->type != AC_JSON_TYPE_OBJECT;
}

static bool has_enum(const ac_response_field *field)
{
    return field->enum_values.count > 0;
}

static bool has_only_format(const ac_response_field *field)
{
    return field->format != AC_FORMAT_UNSET && field->enum_values.count == 0;
}

static bool has_only_pattern(const ac_response_field *field)
{
    return field->regex && field->enum_values.count == 0 && field->format == AC_FORMAT_UNSET;
}

static bool is_repeated(const ac_response_field *field)
{
    return field->value && field->value->kind == AC_VALUE_PARAM && !field->value_inferred &&
           field->type == AC_JSON_TYPE_STRING && field->enum_values.count == 0 && !field->regex &&
           field->format == AC_FORMAT_UNSET;
}

static const fault faults[] = {
    {AC_FINDING_MISSING_FIELD, NULL, is_required},
    {AC_FINDING_NULL, "null", is_not_nullable},
    {AC_FINDING_TYPE, "'text'", is_no_string},
    {AC_FINDING_TYPE, "7", is_string},
    {AC_FINDING_TYPE, "{}", is_no_object},
    {AC_FINDING_TYPE, "1.5", is_string},
    {AC_FINDING_ENUM, "'no such value'", has_enum},
    {AC_FINDING_FORMAT, "'no such format'", has_only_format},
    {AC_FINDING_VALUE, "'no such form'", has_only_pattern},
    {AC_FINDING_VALUE, "'not as sent'", is_repeated},
};

/* The request id is judged as a whole. */
static ac_finding_kind kind_in(const sampled *s, const fault *f, ac_str pointer)
{
    bool id = ac_str_eq(pointer, s->contract->style->request_id);
    bool whole =
        f->kind == AC_FINDING_MISSING_FIELD || f->kind == AC_FINDING_NULL || f->kind == AC_FINDING_TYPE;
    return id && whole ? AC_FINDING_REQUEST_ID : f->kind;
}

static size_t check_field(ac_arena *arena, const sampled *s, const ac_response_field *field)
{
    const ac_expect expect = SUCCESS;
    ac_str pointer = ac_str_replace(arena, field->pointer, AC_STR("*"), AC_STR("0"));
    size_t checked = 0;
    if (!ac_json_at(s->body, pointer)) {
        return 0;
    }
    for (size_t i = 0; i < AC_COUNT(faults); i++) {
        if (faults[i].applies(field)) {
            const ac_json *body = ac_json_set_at(arena, s->body, pointer, json(arena, faults[i].value));
            ac_match_result result = judge_tree(arena, s, &expect, (int)s->contract->response.status, body);
            ac_finding_kind kind = kind_in(s, &faults[i], pointer);
            ck_assert_msg(found(&result, kind, pointer), "%.*s: %.*s = %s is no finding %s but %s",
                          AC_STR_FMT(s->contract->operation), AC_STR_FMT(pointer),
                          faults[i].value ? faults[i].value : "(removed)", ac_finding_kind_name(kind),
                          in_words(arena, &result));
            checked++;
        }
    }
    return checked;
}

START_TEST(test_every_fault_in_every_documented_field_is_noticed_in_its_place)
{
    ac_arena *arena = ac_test_arena();
    const ac_corpus *corpus = corpus_of_cases();
    size_t checked = 0;
    for (size_t i = 0; i < corpus->contract_count; i++) {
        sampled s = sample_of(arena, corpus->contracts[i]);
        const ac_response_fields *lists[] = {&s.contract->response.fields, &s.contract->style->envelope};
        for (size_t k = 0; s.body && k < AC_COUNT(lists); k++) {
            for (size_t f = 0; f < lists[k]->count; f++) {
                checked += check_field(arena, &s, &lists[k]->items[f]);
            }
        }
    }
    ck_assert_uint_gt(checked, 500);
}
END_TEST

/* ---- every documented error ---- */

static ac_str filled(ac_arena *arena, const ac_error_spec *spec, ac_str text)
{
    static const char *const holes[] = {"%s", "%d", "{ParameterName}"};
    for (size_t i = 0; i < AC_COUNT(holes); i++) {
        text = ac_str_replace(arena, text, ac_str_c(holes[i]), AC_STR("What"));
    }
    for (size_t i = 0; i < spec->placeholder_count; i++) {
        text = ac_str_replace(arena, text, spec->placeholders[i], AC_STR("What"));
    }
    return text;
}

/* An error body with every member that is always there. */
static const ac_json *error_body(ac_arena *arena, const ac_contract *contract, const ac_error_spec *spec)
{
    const ac_error_envelope *envelope = &contract->style->error;
    const ac_json *body = NULL;
    for (size_t i = 0; i < envelope->fields.count; i++) {
        const ac_response_field *field = &envelope->fields.items[i];
        if (field->presence == 0 && field->type == AC_JSON_TYPE_STRING) {
            body = ac_json_set_at(arena, body, field->pointer, ac_json_string(arena, AC_STR("x")));
        }
    }
    ac_str message = spec->message_count > 0 ? filled(arena, spec, spec->messages[0]) : AC_STR("any");
    body =
        ac_json_set_at(arena, body, envelope->code, ac_json_string(arena, filled(arena, spec, spec->code)));
    return ac_json_set_at(arena, body, envelope->message, ac_json_string(arena, message));
}

static ac_expect expect_one(const ac_error_spec **spec)
{
    return (ac_expect){.kind = AC_EXPECT_ERROR, .certainty = AC_MUST, .errors = spec, .error_count = 1};
}

static void check_error(ac_arena *arena, const ac_contract *contract, const ac_error_spec *spec)
{
    const sampled s = {.contract = contract};
    const ac_error_envelope *envelope = &contract->style->error;
    const ac_json *body = error_body(arena, contract, spec);
    ac_expect expect = expect_one(&spec);
    for (size_t i = 0; i < spec->status_count; i++) {
        ac_match_result result = judge_tree(arena, &s, &expect, (int)spec->statuses[i], body);
        ck_assert_msg(result.findings.count == 0, "%.*s: %.*s: %s", AC_STR_FMT(contract->operation),
                      AC_STR_FMT(spec->code), in_words(arena, &result));
    }
    int status = (int)spec->statuses[0];
    const ac_json *other =
        ac_json_set_at(arena, body, envelope->code, ac_json_string(arena, AC_STR("Other!")));
    ac_match_result result = judge_tree(arena, &s, &expect, status, other);
    ck_assert(found(&result, AC_FINDING_CODE, envelope->code));
    other = ac_json_set_at(arena, body, envelope->message, ac_json_string(arena, AC_STR("other!")));
    result = judge_tree(arena, &s, &expect, status, other);
    ck_assert(found(&result, AC_FINDING_MESSAGE, envelope->message) == (spec->message_count > 0));
    result = judge_tree(arena, &s, &expect, status + 90, body);
    ck_assert(found(&result, AC_FINDING_STATUS, AC_STR("")));
    result = judge_tree(arena, &s, &expect, 200, body);
    ck_assert(found(&result, AC_FINDING_STATUS, AC_STR("")) && result.reached == AC_LEVEL_NONE);
}

START_TEST(test_every_documented_error_conforms_and_its_faults_are_noticed)
{
    ac_arena *arena = ac_test_arena();
    const ac_corpus *corpus = corpus_of_cases();
    size_t checked = 0;
    for (size_t i = 0; i < corpus->contract_count; i++) {
        for (size_t k = 0; k < corpus->contracts[i]->spec_count; k++, checked++) {
            check_error(arena, corpus->contracts[i], &corpus->contracts[i]->specs[k]);
        }
    }
    ck_assert_uint_gt(checked, 500);
}
END_TEST

AC_TEST_MAIN("match corpus", test_the_sample_of_every_contract_conforms,
             test_every_fault_in_every_documented_field_is_noticed_in_its_place,
             test_every_documented_error_conforms_and_its_faults_are_noticed)
