/* Answers that should be the documented success. */
#include "match/judge.h"

static const ac_strs no_cite = {NULL, 0};

static void tell_status(ac_judge *judge, ac_finding_kind kind, ac_strs cite, ac_strs otherwise)
{
    const ac_ints *given = &judge->input->expect->status;
    const int64_t *documented = &judge->input->contract->response.status;
    bool restricted = given->count > 0;
    ac_finding *f = ac_judge_finding(judge, kind, AC_LEVEL_NONE);
    if (f) {
        ac_str statuses = ac_shown_numbers(judge->arena, restricted ? given->items : documented,
                                           restricted ? given->count : 1);
        f->expected = ac_shown_printf(judge->arena, "success, status %.*s", AC_STR_FMT(statuses));
        f->observed = ac_shown_answer(judge);
        f->source = ac_judge_source(judge, cite, otherwise);
    }
}

bool ac_judge_success_status(ac_judge *judge)
{
    const ac_expect *expect = judge->input->expect;
    const ac_response_contract *documented = &judge->input->contract->response;
    int64_t status = judge->input->response->status;
    if (!judge->out->success) {
        tell_status(judge, AC_FINDING_UNEXPECTED_ERROR, expect->cite, documented->status_cite);
        return false;
    }
    if (status != documented->status || ac_status_is_ruled_out(expect, status)) {
        tell_status(judge, AC_FINDING_STATUS, documented->status_cite, expect->cite);
    }
    return true;
}

/* ---- request ids ---- */

static ac_str parent_of(ac_str pointer)
{
    size_t n = pointer.n;
    while (n > 0 && pointer.p[n - 1] != '/') {
        n--;
    }
    return ac_str_sub(pointer, 0, n > 0 ? n - 1 : 0);
}

static ac_strs cite_of(const ac_response_fields *fields, ac_str pointer)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (ac_str_eq(fields->items[i].pointer, pointer)) {
            return fields->items[i].cite;
        }
    }
    return no_cite;
}

static void tell_request_id(ac_judge *judge, ac_str pointer, ac_str expected, const ac_json *value,
                            ac_strs cite)
{
    ac_finding *f = ac_judge_finding(judge, AC_FINDING_REQUEST_ID, AC_LEVEL_NONE);
    if (f) {
        f->place = pointer;
        f->expected = expected;
        f->observed = ac_shown_typed(judge->arena, value);
        f->source = ac_judge_source(judge, cite, judge->input->contract->response.status_cite);
    }
}

static bool repeats_request_id(const ac_response_field *field)
{
    return field->equals == AC_EQUALS_REQUEST_ID ||
           (field->value && field->value->kind == AC_VALUE_REQUEST_ID);
}

static void judge_repetitions(ac_judge *judge, const ac_response_fields *fields, ac_str first)
{
    for (size_t i = 0; i < fields->count; i++) {
        const ac_response_field *field = &fields->items[i];
        if (!repeats_request_id(field) || ac_str_eq(field->pointer, first)) {
            continue;
        }
        const ac_json *value = ac_json_at(judge->out->body, field->pointer);
        if (ac_json_is(value, AC_JSON_STRING) && !ac_str_eq(value->text, judge->out->request_id)) {
            ac_str expected = ac_shown_printf(judge->arena, "\"%.*s\", as in %.*s",
                                              AC_STR_FMT(judge->out->request_id), AC_STR_FMT(first));
            tell_request_id(judge, field->pointer, expected, value, field->cite);
        }
    }
}

void ac_judge_request_id(ac_judge *judge)
{
    const ac_style *style = judge->input->contract->style;
    const ac_match_result *out = judge->out;
    bool any_case = !out->success && style->error.key_case == 1;
    ac_str pointer = out->success ? style->request_id : style->error.request_id;
    if (out->request_id.n > 0) {
        if (out->success) {
            judge_repetitions(judge, &style->envelope, pointer);
            judge_repetitions(judge, &judge->input->contract->response.fields, pointer);
        }
        return;
    }
    /* Where the object around it is missing, that is the finding. */
    if (ac_json_is(ac_body_at(out->body, parent_of(pointer), any_case), AC_JSON_OBJECT)) {
        const ac_json *value = ac_body_at(out->body, pointer, any_case);
        const ac_response_fields *fields = out->success ? &style->envelope : &style->error.fields;
        tell_request_id(judge, pointer, AC_STR("a request id"), value, cite_of(fields, pointer));
    }
}

void ac_judge_success(ac_judge *judge)
{
    bool fields = judge->input->expect->fields;
    ac_judge_request_id(judge);
    ac_judge_body(judge, fields ? AC_BODY_SUCCESS : AC_BODY_ENVELOPE);
    if (fields) {
        judge->judged = AC_LEVEL_MESSAGE;
    }
}
