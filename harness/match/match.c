/* One answer against one expectation, from the outside in: body, kind and status, envelope, values. */
#include "match/match.h"

#include "match/judge.h"

/* ---- reading ---- */

static bool is_object(const ac_json *body)
{
    return ac_json_is(body, AC_JSON_OBJECT);
}

static bool is_any_case(const ac_style *style)
{
    return style->error.key_case == 1;
}

static ac_str string_at(const ac_match_result *out, ac_str pointer, bool any_case)
{
    const ac_json *value = ac_body_at(out->body, pointer, any_case);
    return ac_json_is(value, AC_JSON_STRING) ? value->text : (ac_str){NULL, 0};
}

/* A success may document a member where errors have their code. */
static bool success_has(const ac_contract *contract, ac_str pointer)
{
    const ac_response_fields *fields = &contract->response.fields;
    bool (*same)(ac_str, ac_str) = is_any_case(contract->style) ? ac_str_eq_nocase : ac_str_eq;
    for (size_t i = 0; i < fields->count; i++) {
        if (same(fields->items[i].pointer, pointer)) {
            return true;
        }
    }
    return false;
}

static void read_parts(const ac_contract *contract, int status, ac_match_result *out)
{
    const ac_style *style = contract->style;
    bool any_case = is_any_case(style);
    ac_str code = string_at(out, style->error.code, any_case);
    bool is_2xx = status / 100 == 2;
    out->success = is_2xx && (code.n == 0 || success_has(contract, style->error.code));
    if (out->success) {
        out->request_id = string_at(out, style->request_id, false);
        return;
    }
    out->code = code;
    out->message = string_at(out, style->error.message, any_case);
    out->request_id = string_at(out, style->error.request_id, any_case);
}

static void read_answer(ac_arena *arena, const ac_contract *contract, const ac_response *response,
                        ac_match_result *out, ac_err *err)
{
    *out = (ac_match_result){.body = ac_json_parse(arena, response->body, &ac_json_wire_limits, err)};
    read_parts(contract, response->status, out);
}

void ac_match_read(ac_arena *arena, const ac_contract *contract, const ac_response *response,
                   ac_match_result *out)
{
    read_answer(arena, contract, response, out, NULL);
}

/* ---- whatever the answer is ---- */

static ac_str silent_source(void)
{
    return AC_STR("inferred: every documented answer is a JSON object");
}

static void judge_unreadable(ac_judge *judge, const ac_err *err)
{
    ac_str body = judge->input->response->body;
    ac_finding_kind kind = judge->out->body ? AC_FINDING_TYPE : AC_FINDING_NOT_JSON;
    ac_finding *f = ac_judge_finding(judge, kind, AC_LEVEL_CODE);
    if (f) {
        ac_str shown = ac_shown_body(judge->arena, body);
        f->expected = AC_STR("a JSON object");
        f->observed = judge->out->body
                          ? ac_shown_typed(judge->arena, judge->out->body)
                          : ac_shown_printf(judge->arena, "%s: %.*s", err->text, AC_STR_FMT(shown));
        f->source = silent_source();
    }
}

static void judge_content_type(ac_judge *judge)
{
    ac_str type = ac_header(&judge->input->response->headers, "content-type");
    ac_str parameters;
    ac_str essence = ac_str_trim(ac_str_split(type, ';', &parameters));
    if (ac_str_eq_nocase(essence, AC_STR("application/json"))) {
        return;
    }
    ac_finding *f = ac_judge_finding(judge, AC_FINDING_CONTENT_TYPE, AC_LEVEL_NONE);
    if (f) {
        f->place = AC_STR("content-type");
        f->expected = AC_STR("application/json");
        f->observed = type.p ? ac_shown(judge->arena, type) : AC_STR("absent");
        f->source = silent_source();
    }
}

static bool some_header_matches(const ac_pairs *headers, ac_str name, ac_str pattern)
{
    ac_regex *regex = ac_regex_new(pattern, NULL);
    bool matches = false;
    for (size_t i = 0; regex && i < headers->count && !matches; i++) {
        matches =
            ac_str_eq_nocase(headers->items[i].name, name) && ac_regex_match(regex, headers->items[i].value);
    }
    ac_regex_free(regex);
    return matches;
}

static void judge_headers(ac_judge *judge)
{
    const ac_expect *expect = judge->input->expect;
    const ac_pairs *headers = &judge->input->response->headers;
    for (size_t i = 0; expect->headers && i < expect->headers->count; i++) {
        const ac_json *wanted = &expect->headers->items[i];
        if (some_header_matches(headers, wanted->key, wanted->text)) {
            continue;
        }
        ac_finding *f = ac_judge_finding(judge, AC_FINDING_HEADER, AC_LEVEL_NONE);
        if (f) {
            const ac_pair *seen = ac_pairs_find_nocase(headers, wanted->key);
            f->place = wanted->key;
            f->expected = ac_shown_printf(judge->arena, "text that matches %.*s", AC_STR_FMT(wanted->text));
            f->observed = seen ? ac_shown(judge->arena, seen->value) : AC_STR("absent");
            f->source = ac_judge_source(judge, expect->cite, expect->cite);
        }
    }
}

/* ---- any answer is fine, if it is well-formed ---- */

static void tell_status(ac_judge *judge, ac_level level, ac_str expected)
{
    ac_finding *f = ac_judge_finding(judge, AC_FINDING_STATUS, level);
    if (f) {
        const ac_response_fields *fields = &judge->input->contract->style->error.fields;
        ac_strs cite = fields->count > 0 ? fields->items[0].cite : (ac_strs){NULL, 0};
        f->expected = expected;
        f->observed = ac_shown_answer(judge);
        f->source = ac_judge_source(judge, judge->input->expect->cite, cite);
    }
}

static bool judge_any_status(ac_judge *judge)
{
    const ac_ints *given = &judge->input->expect->status;
    int status = judge->input->response->status;
    if (!judge->out->success && status < 400) {
        tell_status(judge, AC_LEVEL_CLASS, AC_STR("a status of 4xx or 5xx with an error"));
    } else if (ac_status_is_ruled_out(judge->input->expect, status)) {
        ac_str shown = ac_shown_numbers(judge->arena, given->items, given->count);
        tell_status(judge, AC_LEVEL_STATUS, ac_shown_printf(judge->arena, "status %.*s", AC_STR_FMT(shown)));
    }
    return true;
}

static void judge_any(ac_judge *judge)
{
    ac_judge_request_id(judge);
    ac_judge_body(judge, judge->out->success ? AC_BODY_ENVELOPE : AC_BODY_ERROR);
}

/* ---- one judgement ---- */

typedef struct expectation {
    bool (*status)(ac_judge *judge);
    void (*body)(ac_judge *judge);
} expectation;

static const expectation expectations[] = {
    [AC_EXPECT_ANY] = {judge_any_status, judge_any},
    [AC_EXPECT_SUCCESS] = {ac_judge_success_status, ac_judge_success},
    [AC_EXPECT_ERROR] = {ac_judge_error_status, ac_judge_error},
};

void ac_match(ac_arena *arena, const ac_match_input *input, ac_match_result *out)
{
    ac_err err;
    read_answer(arena, input->contract, input->response, out, &err);
    ac_judge judge = {.arena = arena, .input = input, .out = out, .judged = AC_LEVEL_ENVELOPE};
    const expectation *expected = &expectations[input->expect->kind];
    bool is_kind = expected->status(&judge);
    if (!is_object(out->body)) {
        judge_unreadable(&judge, &err);
    } else if (is_kind) {
        expected->body(&judge);
        judge_content_type(&judge);
        judge_headers(&judge);
        ac_judge_matchers(&judge);
    }
    ac_judge_finish(&judge);
}
