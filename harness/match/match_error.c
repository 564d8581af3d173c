/* Answers that should be one of the documented errors. */
#include "match/judge.h"

enum { SHOWN_ERRORS_MAX = 3, ROOM = 8 * 1024, PERFECT_SCORE = 8 };

/* ---- what is expected ---- */

/* Any documented client error conforms, not only the ones listed. */
static bool is_open(const ac_expect *expect)
{
    return expect->certainty == AC_SHOULD || expect->error_count == 0;
}

static bool is_client_error(int64_t status)
{
    return status >= 400 && status < 500;
}

static bool has_status(const ac_error_spec *spec, int64_t status)
{
    for (size_t i = 0; i < spec->status_count; i++) {
        if (spec->statuses[i] == status) {
            return true;
        }
    }
    return false;
}

bool ac_status_is_ruled_out(const ac_expect *expect, int64_t status)
{
    for (size_t i = 0; i < expect->status.count; i++) {
        if (expect->status.items[i] == status) {
            return false;
        }
    }
    return expect->status.count > 0;
}

/* The templates of the message; none: it is not judged. */
static const ac_str *messages_of(const ac_expect *expect, const ac_error_spec *spec, size_t *count)
{
    bool overridden = expect->message.count > 0;
    *count = overridden ? expect->message.count : spec->message_count;
    return overridden ? expect->message.items : spec->messages;
}

/* ---- in words ---- */

/* 400 VpcNotFound: The specified VPC does not exist. */
static ac_str shown_spec(const ac_judge *judge, const ac_error_spec *spec)
{
    const ac_expect *expect = judge->input->expect;
    bool restricted = expect->status.count > 0;
    size_t count;
    const ac_str *messages = messages_of(expect, spec, &count);
    ac_str statuses = ac_shown_numbers(judge->arena, restricted ? expect->status.items : spec->statuses,
                                       restricted ? expect->status.count : spec->status_count);
    if (count == 0) {
        return ac_shown_printf(judge->arena, "%.*s %.*s", AC_STR_FMT(statuses), AC_STR_FMT(spec->code));
    }
    return ac_shown_printf(judge->arena, "%.*s %.*s: %.*s", AC_STR_FMT(statuses), AC_STR_FMT(spec->code),
                           AC_STR_FMT(messages[0]));
}

/* Everything that would conform, the likely ones by name. */
static ac_str shown_expectation(const ac_judge *judge)
{
    const ac_expect *expect = judge->input->expect;
    ac_buf out;
    ac_buf_init(&out, ROOM);
    if (is_open(expect)) {
        ac_buf_add_c(&out, "a documented or common client error");
        ac_buf_add_c(&out, expect->error_count > 0 ? ", such as " : "");
    }
    for (size_t i = 0; i < expect->error_count && i < SHOWN_ERRORS_MAX; i++) {
        ac_str spec = shown_spec(judge, expect->errors[i]);
        ac_buf_printf(&out, "%s%.*s", i > 0 ? "; or " : "", AC_STR_FMT(spec));
    }
    if (expect->error_count > SHOWN_ERRORS_MAX) {
        ac_buf_printf(&out, "; or one of %zu others", expect->error_count - SHOWN_ERRORS_MAX);
    }
    ac_str shown = ac_shown(judge->arena, ac_buf_str(&out));
    ac_buf_done(&out);
    return shown;
}

/* A documented code rests on its row; a rule without a code on the rule. */
static ac_str source_of(const ac_judge *judge, const ac_error_spec *spec)
{
    const ac_expect *expect = judge->input->expect;
    const ac_error_spec *first = !spec && expect->error_count > 0 ? expect->errors[0] : spec;
    ac_strs cite = first ? first->cite : (ac_strs){NULL, 0};
    return is_open(expect) ? ac_judge_source(judge, expect->cite, cite)
                           : ac_judge_source(judge, cite, expect->cite);
}

static void tell(ac_judge *judge, ac_finding_kind kind, ac_level level, ac_str place, ac_str expected,
                 const ac_error_spec *spec)
{
    ac_finding *f = ac_judge_finding(judge, kind, level);
    if (f) {
        f->place = place;
        f->expected = expected;
        f->observed = ac_shown_answer(judge);
        f->source = source_of(judge, spec);
    }
}

/* ---- status ---- */

typedef bool (*status_test)(const ac_error_spec *spec, int64_t status);

static bool has_class(const ac_error_spec *spec, int64_t status)
{
    for (size_t i = 0; i < spec->status_count; i++) {
        if (spec->statuses[i] / 100 == status / 100) {
            return true;
        }
    }
    return false;
}

static bool some_error(const ac_expect *expect, int64_t status, status_test test)
{
    for (size_t i = 0; i < expect->error_count; i++) {
        if (test(expect->errors[i], status)) {
            return true;
        }
    }
    return is_open(expect) && is_client_error(status);
}

/* What the status breaks, whatever the code: NONE, STATUS or CLASS. */
static ac_level status_breaks(const ac_judge *judge)
{
    const ac_expect *expect = judge->input->expect;
    int64_t status = judge->input->response->status;
    if (!some_error(expect, status, has_class)) {
        return AC_LEVEL_CLASS;
    }
    bool fits = some_error(expect, status, has_status) && !ac_status_is_ruled_out(expect, status);
    return fits ? AC_LEVEL_NONE : AC_LEVEL_STATUS;
}

static void tell_status(ac_judge *judge, ac_level level)
{
    tell(judge, AC_FINDING_STATUS, level, (ac_str){NULL, 0}, shown_expectation(judge), NULL);
}

bool ac_judge_error_status(ac_judge *judge)
{
    if (judge->out->success) {
        tell(judge, AC_FINDING_UNEXPECTED_SUCCESS, AC_LEVEL_NONE, (ac_str){NULL, 0}, shown_expectation(judge),
             NULL);
        return false;
    }
    bool readable = ac_json_is(judge->out->body, AC_JSON_OBJECT);
    if (!readable && status_breaks(judge) != AC_LEVEL_NONE) {
        tell_status(judge, status_breaks(judge));
    }
    return true;
}

/* ---- which of the errors it is ---- */

typedef struct candidate {
    const ac_error_spec *spec; /* NULL: none has the code */
    bool class_fits, status_fits, message_fits;
    int score;
} candidate;

static bool has_placeholder(ac_str text)
{
    bool may = ac_str_find_char(text, '%') != AC_NOT_FOUND || ac_str_find_char(text, '{') != AC_NOT_FOUND;
    return may && ac_template_has_placeholder(text);
}

/* The documented text with its placeholders still in it: nobody filled them in. */
static bool is_unfilled(ac_str message, ac_str observed)
{
    return ac_template_has_placeholder(message) && ac_template_has_placeholder(observed);
}

static bool message_fits(const ac_judge *judge, const ac_error_spec *spec)
{
    size_t count;
    const ac_str *messages = messages_of(judge->input->expect, spec, &count);
    for (size_t i = 0; i < count; i++) {
        if (ac_template_match(messages[i], spec->placeholders, spec->placeholder_count,
                              judge->out->message) &&
            !is_unfilled(messages[i], judge->out->message)) {
            return true;
        }
    }
    return count == 0 || !judge->out->message.p;
}

/* Several errors may have one code: the one that fits best is the one meant. */
static void consider(const ac_judge *judge, const ac_error_spec *spec, bool listed, candidate *best)
{
    ac_str code = judge->out->code;
    bool exact = ac_str_eq(spec->code, code);
    if (!exact && !(has_placeholder(spec->code) && ac_template_match(spec->code, NULL, 0, code))) {
        return;
    }
    int64_t status = judge->input->response->status;
    candidate found = {.spec = spec};
    found.class_fits = has_class(spec, status) && (listed || is_client_error(status));
    found.status_fits =
        found.class_fits && has_status(spec, status) && !ac_status_is_ruled_out(judge->input->expect, status);
    found.message_fits = message_fits(judge, spec);
    found.score = 1 + 4 * found.status_fits + 2 * found.message_fits + exact;
    if (found.score > best->score) {
        *best = found;
    }
}

static bool has_client_status(const ac_error_spec *spec)
{
    return has_class(spec, 400);
}

static candidate find_error(const ac_judge *judge)
{
    const ac_expect *expect = judge->input->expect;
    const ac_contract *contract = judge->input->contract;
    candidate best = {.spec = NULL};
    for (size_t i = 0; i < expect->error_count; i++) {
        consider(judge, expect->errors[i], true, &best);
    }
    bool all = is_open(expect);
    for (size_t i = 0; all && i < contract->spec_count && best.score < PERFECT_SCORE; i++) {
        if (has_client_status(&contract->specs[i])) {
            consider(judge, &contract->specs[i], false, &best);
        }
    }
    return best;
}

/* ---- judging ---- */

static void judge_conforming(ac_judge *judge, const candidate *found)
{
    const ac_error_envelope *envelope = &judge->input->contract->style->error;
    const ac_error_spec *spec = found->spec;
    size_t count;
    const ac_str *messages = messages_of(judge->input->expect, spec, &count);
    if (count > 0) {
        judge->judged = AC_LEVEL_MESSAGE;
    }
    if (!found->status_fits) {
        tell(judge, AC_FINDING_STATUS, found->class_fits ? AC_LEVEL_STATUS : AC_LEVEL_CLASS,
             (ac_str){NULL, 0}, found->class_fits ? shown_spec(judge, spec) : shown_expectation(judge), spec);
    }
    if (!found->message_fits) {
        ac_finding *f = ac_judge_finding(judge, AC_FINDING_MESSAGE, AC_LEVEL_NONE);
        if (f) {
            f->place = envelope->message;
            f->expected = ac_shown_list(judge->arena, messages, count);
            f->observed = ac_shown(judge->arena, judge->out->message);
            f->source = source_of(judge, spec);
        }
    }
}

/* One divergence, one finding: the code, and the status only where even its class differs. */
static void judge_other_code(ac_judge *judge)
{
    const ac_match_input *input = judge->input;
    ac_level status = status_breaks(judge);
    bool open = is_open(input->expect);
    bool documented = ac_contract_match_code(input->contract, judge->out->code) != NULL;
    if (status == AC_LEVEL_CLASS) {
        tell_status(judge, AC_LEVEL_CLASS);
    }
    tell(judge, open && !documented ? AC_FINDING_UNDOCUMENTED_CODE : AC_FINDING_CODE,
         status == AC_LEVEL_STATUS ? AC_LEVEL_STATUS : AC_LEVEL_CODE, input->contract->style->error.code,
         shown_expectation(judge), NULL);
}

/* The envelope tells that the code is missing; here is what it should have been. */
static void judge_no_code(ac_judge *judge)
{
    ac_level status = status_breaks(judge);
    if (status == AC_LEVEL_CLASS) {
        tell_status(judge, AC_LEVEL_CLASS);
    }
    judge->no_code.pointer = judge->input->contract->style->error.code;
    judge->no_code.expected = shown_expectation(judge);
    judge->no_code.level = status == AC_LEVEL_STATUS ? AC_LEVEL_STATUS : AC_LEVEL_CODE;
}

void ac_judge_error(ac_judge *judge)
{
    candidate found = judge->out->code.p ? find_error(judge) : (candidate){.spec = NULL};
    if (found.spec) {
        judge_conforming(judge, &found);
    } else if (judge->out->code.p) {
        judge_other_code(judge);
    } else {
        judge_no_code(judge);
    }
    ac_judge_request_id(judge);
    ac_judge_body(judge, AC_BODY_ERROR);
    bool told = judge->broken != AC_LEVEL_NONE && judge->broken <= AC_LEVEL_CODE;
    if (!judge->out->code.p && !told) {
        judge_other_code(judge);
    }
}
