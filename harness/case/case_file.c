/* The shape of case files (docs/case-format.md), and from it to the model. */
#include "case/case_file.h"

#include "case/draft.h"

#include <stddef.h>
#include <string.h>

const char *const ac_matcher_types[] = {"",       "null",  "boolean", "integer", "number",
                                        "string", "array", "object",  NULL};

const char *const ac_tamper_names[] = {
    "",          "wrong-key",    "unknown-key",  "no-key",        "no-signature",
    "altered",   "clock-behind", "clock-ahead",  "bad-date",      "replay",
    "no-action", "no-version",   "other-action", "other-version", NULL};

static const char *const certainties[] = {"", "must", "should", "may", NULL};
static const char *const accounts[] = {"own", "other", NULL};

enum { CAPTURES_MAX = 16 };

/* ---- as written ---- */

typedef struct written_expect {
    bool success, any, fields;
    ac_strs error;
    ac_ints status;
    ac_strs message;
    int certainty;
    const ac_json *body, *headers;
} written_expect;

typedef struct written_poll {
    ac_str pointer;
    ac_strs until, failed, order, known;
    int64_t deadline_ms;
    bool until_gone;
} written_poll;

typedef struct written_step {
    ac_str name, call, method, signer;
    int tamper, account;
    const ac_json *params, *headers, *capture, *beside;
    written_expect expect;
    written_poll *poll;
    bool creates;
} written_step;

typedef struct written_steps {
    written_step *items;
    size_t count;
} written_steps;

typedef struct written_case {
    ac_str name, title, state, code;
    ac_strs cite, tags;
    int certainty;
    const ac_json *table;
    written_steps steps, teardown;
} written_case;

typedef struct written_file {
    struct {
        written_case *items;
        size_t count;
    } cases;
} written_file;

static const ac_field expect_fields[] = {
    AC_ROW(written_expect, "success", AC_FIELD_BOOL, success, AC_OPTIONAL, NULL),
    AC_ROW(written_expect, "any", AC_FIELD_BOOL, any, AC_OPTIONAL, NULL),
    AC_ROW(written_expect, "fields", AC_FIELD_BOOL, fields, AC_OPTIONAL, NULL),
    AC_ROW(written_expect, "error", AC_FIELD_STRS, error, AC_OPTIONAL, NULL),
    AC_ROW(written_expect, "status", AC_FIELD_INTS, status, AC_OPTIONAL, NULL),
    AC_ROW(written_expect, "message", AC_FIELD_STRS, message, AC_OPTIONAL, NULL),
    AC_ROW(written_expect, "certainty", AC_FIELD_ENUM, certainty, AC_OPTIONAL, certainties),
    AC_ROW(written_expect, "body", AC_FIELD_JSON, body, AC_OPTIONAL, NULL),
    AC_ROW(written_expect, "headers", AC_FIELD_JSON, headers, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_expect(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)json;
    const written_expect *expect = out;
    int kinds = (expect->success ? 1 : 0) + (expect->any ? 1 : 0) + (expect->error.count > 0 ? 1 : 0);
    return kinds == 1 ||
           ac_decode_fail(decoder, NULL, "exactly one of \"success\", \"error\" and \"any\" is needed");
}

static const ac_struct expect_shape = {expect_fields, sizeof(written_expect), check_expect};

static const ac_field poll_fields[] = {
    AC_ROW(written_poll, "pointer", AC_FIELD_STR, pointer, AC_OPTIONAL, NULL),
    AC_ROW(written_poll, "until", AC_FIELD_STRS, until, AC_OPTIONAL, NULL),
    AC_ROW(written_poll, "failed", AC_FIELD_STRS, failed, AC_OPTIONAL, NULL),
    AC_ROW(written_poll, "order", AC_FIELD_STRS, order, AC_OPTIONAL, NULL),
    AC_ROW(written_poll, "known", AC_FIELD_STRS, known, AC_OPTIONAL, NULL),
    AC_ROW(written_poll, "deadline_ms", AC_FIELD_INT, deadline_ms, AC_REQUIRED, NULL),
    AC_ROW(written_poll, "until_gone", AC_FIELD_BOOL, until_gone, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_poll(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)json;
    const written_poll *poll = out;
    if (poll->deadline_ms < 1 || poll->deadline_ms > 3600 * 1000) {
        return ac_decode_fail(decoder, "deadline_ms", "a number from 1 to 3600000 is expected here");
    }
    bool states = poll->pointer.n > 0 && poll->until.count > 0;
    return poll->until_gone != states ||
           ac_decode_fail(decoder, NULL, "\"pointer\" with \"until\", or \"until_gone\", is needed");
}

static const ac_struct poll_shape = {poll_fields, sizeof(written_poll), check_poll};

static const ac_field step_fields[] = {
    AC_ROW(written_step, "name", AC_FIELD_STR, name, AC_OPTIONAL, NULL),
    AC_ROW(written_step, "call", AC_FIELD_STR, call, AC_OPTIONAL, NULL),
    AC_ROW(written_step, "params", AC_FIELD_JSON, params, AC_OPTIONAL, NULL),
    AC_ROW(written_step, "method", AC_FIELD_STR, method, AC_OPTIONAL, NULL),
    AC_ROW(written_step, "signer", AC_FIELD_STR, signer, AC_OPTIONAL, NULL),
    AC_ROW(written_step, "tamper", AC_FIELD_ENUM, tamper, AC_OPTIONAL, ac_tamper_names),
    AC_ROW(written_step, "account", AC_FIELD_ENUM, account, AC_OPTIONAL, accounts),
    AC_ROW(written_step, "headers", AC_FIELD_JSON, headers, AC_OPTIONAL, NULL),
    AC_ROW(written_step, "expect", AC_FIELD_OBJECT, expect, AC_REQUIRED, &expect_shape),
    AC_ROW(written_step, "capture", AC_FIELD_JSON, capture, AC_OPTIONAL, NULL),
    AC_ROW(written_step, "poll", AC_FIELD_POINTER, poll, AC_OPTIONAL, &poll_shape),
    AC_ROW(written_step, "beside", AC_FIELD_JSON, beside, AC_OPTIONAL, NULL),
    AC_ROW(written_step, "creates", AC_FIELD_BOOL, creates, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct step_shape = {step_fields, sizeof(written_step), NULL};

static const ac_field case_fields[] = {
    AC_ROW(written_case, "name", AC_FIELD_STR, name, AC_REQUIRED, NULL),
    AC_ROW(written_case, "title", AC_FIELD_STR, title, AC_REQUIRED, NULL),
    AC_ROW(written_case, "cite", AC_FIELD_STRS, cite, AC_REQUIRED, NULL),
    AC_ROW(written_case, "tags", AC_FIELD_STRS, tags, AC_OPTIONAL, NULL),
    AC_ROW(written_case, "certainty", AC_FIELD_ENUM, certainty, AC_OPTIONAL, certainties),
    AC_ROW(written_case, "state", AC_FIELD_STR, state, AC_OPTIONAL, NULL),
    AC_ROW(written_case, "code", AC_FIELD_STR, code, AC_OPTIONAL, NULL),
    AC_ROW(written_case, "table", AC_FIELD_JSON, table, AC_OPTIONAL, NULL),
    AC_ROW(written_case, "steps", AC_FIELD_LIST, steps, AC_REQUIRED, &step_shape),
    AC_ROW(written_case, "teardown", AC_FIELD_LIST, teardown, AC_OPTIONAL, &step_shape),
    AC_ROWS_END,
};

static bool is_id_path(ac_str name)
{
    bool edge = true;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("._-%{}", c);
        if (!plain && (c != '/' || edge)) {
            return false;
        }
        edge = c == '/';
    }
    return name.n > 0 && !edge;
}

static bool check_case(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)json;
    const written_case *c = out;
    if (!is_id_path(c->name) || ac_str_find_char(c->name, '/') == AC_NOT_FOUND) {
        return ac_decode_fail(decoder, "name",
                              "\"group/name\" of letters, digits and . _ - %% { } is expected here");
    }
    return c->steps.count > 0 || ac_decode_fail(decoder, "steps", "at least one step is needed");
}

static const ac_struct case_shape = {case_fields, sizeof(written_case), check_case};

static const ac_field file_fields[] = {
    AC_ROW_KNOWN("$schema", AC_OPTIONAL),
    AC_ROW_KNOWN("accord", AC_REQUIRED),
    AC_ROW(written_file, "cases", AC_FIELD_LIST, cases, AC_REQUIRED, &case_shape),
    AC_ROWS_END,
};
static const ac_struct file_shape = {file_fields, sizeof(written_file), NULL};

static const ac_field matcher_fields[] = {
    AC_ROW(ac_matcher, "equals", AC_FIELD_JSON, equals, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "type", AC_FIELD_ENUM, type, AC_OPTIONAL, ac_matcher_types),
    AC_ROW(ac_matcher, "regex", AC_FIELD_STR, regex, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "format", AC_FIELD_ENUM, format, AC_OPTIONAL, ac_format_names),
    AC_ROW(ac_matcher, "one_of", AC_FIELD_JSON, one_of, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "min", AC_FIELD_NUMBER, min, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "max", AC_FIELD_NUMBER, max, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "length", AC_FIELD_INT, length, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "length_of", AC_FIELD_STR, length_text, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "if_present", AC_FIELD_BOOL, if_present, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "absent", AC_FIELD_BOOL, absent, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "null", AC_FIELD_BOOL, null, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "empty", AC_FIELD_BOOL, empty, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "unordered", AC_FIELD_JSON, unordered, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "contains", AC_FIELD_JSON, contains, AC_OPTIONAL, NULL),
    AC_ROW(ac_matcher, "not", AC_FIELD_JSON, not_equal, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct matcher_shape = {matcher_fields, sizeof(ac_matcher), NULL};

/* ---- to the model ---- */

typedef struct reader {
    ac_corpus *corpus;
    ac_arena *arena;
    const ac_contract *contract;
    const char *file;
    ac_decoder decoder;
    ac_err *err;
} reader;

static bool convert_step(reader *r, const written_step *from, ac_step *to);

static bool refuse(reader *r, const char *what, ac_str word)
{
    return ac_decode_fail(&r->decoder, NULL, "%s \"%.*s\"", what, AC_STR_FMT(word));
}

static bool compile_matcher(reader *r, ac_matcher *matcher)
{
    if (!matcher->regex.p) {
        return true;
    }
    ac_err why = {0};
    matcher->compiled = ac_regex_new(matcher->regex, &why);
    if (!matcher->compiled) {
        return ac_decode_fail(&r->decoder, "regex", "%s", why.text);
    }
    ac_corpus *corpus = r->corpus;
    corpus->patterns = ac_realloc(corpus->patterns, (corpus->pattern_count + 1) * sizeof(ac_regex *));
    corpus->patterns[corpus->pattern_count++] = matcher->compiled;
    return true;
}

static bool read_matcher(reader *r, const ac_json *json, ac_matcher *out)
{
    out->length = -1;
    if (json->type != AC_JSON_OBJECT) {
        out->equals = json;
    } else if (!ac_decode(&r->decoder, json, &matcher_shape, out)) {
        return false;
    } else if (!ac_json_get_c(json, "length")) {
        out->length = -1;
    }
    out->pointer = json->key;
    if (out->pointer.n > 0 && out->pointer.p[0] != '/') {
        return refuse(r, "a JSON pointer begins with \"/\", not", out->pointer);
    }
    return compile_matcher(r, out);
}

static bool convert_body(reader *r, const ac_json *body, ac_expect *to)
{
    if (!body) {
        return true;
    }
    if (body->type != AC_JSON_OBJECT) {
        return ac_decode_fail(&r->decoder, "body", "an object is expected here");
    }
    to->body.items = AC_NEW_ARRAY(r->arena, body->count, ac_matcher);
    to->body.count = body->count;
    for (size_t i = 0; i < body->count; i++) {
        if (!read_matcher(r, &body->items[i], &to->body.items[i])) {
            return false;
        }
    }
    return true;
}

static bool convert_errors(reader *r, const ac_contract *contract, const ac_strs *codes, ac_expect *to)
{
    to->errors = AC_NEW_ARRAY(r->arena, codes->count, const ac_error_spec *);
    to->error_count = codes->count;
    for (size_t i = 0; i < codes->count; i++) {
        to->errors[i] = ac_contract_error(contract, codes->items[i]);
        if (!to->errors[i]) {
            return refuse(r, "no error row and no common error has the code", codes->items[i]);
        }
    }
    return true;
}

static bool check_headers(reader *r, const ac_json *headers)
{
    for (size_t i = 0; headers && i < headers->count; i++) {
        ac_err why = {0};
        ac_regex *regex = ac_regex_new(ac_json_text(&headers->items[i]), &why);
        if (!regex) {
            return ac_decode_fail(&r->decoder, "headers", "%s", why.text);
        }
        ac_regex_free(regex);
    }
    return true;
}

static bool convert_expect(reader *r, const ac_contract *contract, const written_expect *from, ac_expect *to)
{
    to->kind = from->success ? AC_EXPECT_SUCCESS : from->any ? AC_EXPECT_ANY : AC_EXPECT_ERROR;
    to->certainty = from->certainty == AC_CERTAINTY_UNSET ? AC_MUST : (ac_certainty)from->certainty;
    to->status = from->status;
    to->message = from->message;
    to->fields = from->fields;
    to->headers = from->headers;
    return check_headers(r, from->headers) && convert_errors(r, contract, &from->error, to) &&
           convert_body(r, from->body, to);
}

static bool convert_captures(reader *r, const ac_json *capture, ac_step *to)
{
    if (!capture) {
        return true;
    }
    if (capture->type != AC_JSON_OBJECT) {
        return ac_decode_fail(&r->decoder, "capture", "an object is expected here");
    }
    if (capture->count > CAPTURES_MAX) {
        return ac_decode_fail(&r->decoder, "capture", "at most %d captures are kept", CAPTURES_MAX);
    }
    to->captures.items = AC_NEW_ARRAY(r->arena, capture->count, ac_capture);
    to->captures.count = capture->count;
    for (size_t i = 0; i < capture->count; i++) {
        ac_str pointer = ac_json_text(&capture->items[i]);
        if (pointer.n == 0 || pointer.p[0] != '/') {
            return refuse(r, "a JSON pointer is needed to capture", capture->items[i].key);
        }
        to->captures.items[i] = (ac_capture){capture->items[i].key, pointer};
    }
    return true;
}

static void convert_poll(reader *r, const written_poll *from, ac_step *to)
{
    if (from) {
        to->poll = AC_NEW(r->arena, ac_poll);
        *to->poll = (ac_poll){.pointer = from->pointer,
                              .until = from->until,
                              .failed = from->failed,
                              .order = from->order,
                              .known = from->known,
                              .deadline_ms = from->deadline_ms,
                              .until_gone = from->until_gone,
                              .cite = to->expect.cite};
    }
}

static bool convert_beside(reader *r, const ac_json *json, ac_step *to)
{
    if (!json) {
        return true;
    }
    written_step other;
    memset(&other, 0, sizeof other);
    to->beside = AC_NEW(r->arena, ac_step);
    to->beside->expect.cite = to->expect.cite;
    if (ac_json_get_c(json, "poll") || ac_json_get_c(json, "beside")) {
        return ac_decode_fail(&r->decoder, "beside",
                              "a step beside another one has no \"poll\" and no \"beside\"");
    }
    return ac_decode(&r->decoder, json, &step_shape, &other) && convert_step(r, &other, to->beside);
}

static bool is_method(ac_str method)
{
    static const char *const known[] = {"GET", "POST", "PUT", "DELETE", "PATCH"};
    for (size_t i = 0; i < AC_COUNT(known); i++) {
        if (ac_str_is(method, known[i])) {
            return true;
        }
    }
    return !method.p;
}

static bool lists(const ac_strs *list, ac_str word)
{
    for (size_t i = 0; i < list->count; i++) {
        if (ac_str_eq(list->items[i], word)) {
            return true;
        }
    }
    return false;
}

static bool convert_step(reader *r, const written_step *from, ac_step *to)
{
    ac_str call = from->call.p ? from->call : r->contract->action;
    to->contract = ac_corpus_related(r->corpus, r->contract, call);
    if (!to->contract) {
        return refuse(r, "there is no contract for", call);
    }
    if (!is_method(from->method)) {
        return refuse(r, "unknown method", from->method);
    }
    if (from->signer.p && !lists(&to->contract->style->signers, from->signer)) {
        return refuse(r, "the style of the operation has no signature scheme", from->signer);
    }
    if (to->contract != r->contract) {
        to->expect.cite = answer_cite(to->contract); /* citations are looked up in the contract of the step */
    }
    to->name = from->name;
    to->params = from->params ? from->params : ac_json_object();
    if (to->params->type != AC_JSON_OBJECT) {
        return ac_decode_fail(&r->decoder, "params", "an object is expected here");
    }
    to->method = from->method;
    to->signer = from->signer;
    to->tamper = from->tamper;
    to->account = from->account;
    to->headers = from->headers;
    to->creates = from->creates || to->contract->behaviour.kind == AC_BEHAVIOUR_CREATE;
    if (!convert_expect(r, to->contract, &from->expect, &to->expect)) {
        return false;
    }
    convert_poll(r, from->poll, to);
    return convert_captures(r, from->capture, to) && convert_beside(r, from->beside, to);
}

static bool convert_steps(reader *r, const written_steps *from, ac_strs cite, const ac_step **out)
{
    ac_step *steps = AC_NEW_ARRAY(r->arena, from->count, ac_step);
    for (size_t i = 0; i < from->count; i++) {
        steps[i].expect.cite = cite;
        if (!convert_step(r, &from->items[i], &steps[i])) {
            return false;
        }
    }
    *out = steps;
    return true;
}

static void append(ac_case_list *list, const ac_case *made)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity > 0 ? list->capacity * 2 : 64;
        list->items = ac_realloc(list->items, list->capacity * sizeof *list->items);
    }
    list->items[list->count++] = *made;
}

static bool any_creates(const ac_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (steps[i].creates || (steps[i].beside && steps[i].beside->creates)) {
            return true;
        }
    }
    return false;
}

/* One case, or one for each row of its table: the row's "variant" ends the id, its other members are variables. */
static bool append_rows(reader *r, const written_case *from, const ac_case *made, ac_case_list *out)
{
    if (!from->table) {
        append(out, made);
        return true;
    }
    if (from->table->type != AC_JSON_ARRAY || from->table->count == 0) {
        return ac_decode_fail(&r->decoder, NULL, "\"table\": an array with rows is expected");
    }
    for (size_t i = 0; i < from->table->count; i++) {
        ac_case row = *made;
        ac_str variant = ac_json_text(ac_json_get_c(&from->table->items[i], "variant"));
        if (!is_id_path(variant)) {
            return ac_decode_fail(&r->decoder, NULL, "\"table\", row %zu: a \"variant\" for the id is needed",
                                  i + 1);
        }
        row.id = ac_str_printf(r->arena, "%.*s/%.*s", AC_STR_FMT(made->id), AC_STR_FMT(variant));
        row.variables = &from->table->items[i];
        append(out, &row);
    }
    return true;
}

static bool convert_case(reader *r, const written_case *from, ac_case_list *out)
{
    ac_case made = {.contract = r->contract, .origin = AC_ORIGIN_WRITTEN, .file = r->file};
    ac_str rest;
    made.id =
        ac_str_printf(r->arena, "%.*s/%.*s", AC_STR_FMT(r->contract->operation), AC_STR_FMT(from->name));
    made.group = ac_str_split(from->name, '/', &rest);
    made.title = from->title;
    made.cite = from->cite;
    made.tags = from->tags;
    made.state = from->state;
    made.code = from->code;
    made.step_count = from->steps.count;
    made.teardown_count = from->teardown.count;
    if (!convert_steps(r, &from->steps, from->cite, &made.steps) ||
        !convert_steps(r, &from->teardown, from->cite, &made.teardown)) {
        return false;
    }
    made.creates = any_creates(made.steps, made.step_count);
    made.certainty = from->certainty == AC_CERTAINTY_UNSET ? weakest_certainty(made.steps, made.step_count)
                                                           : (ac_certainty)from->certainty;
    made.source = (int)ac_cite_kind(r->contract, from->cite);
    return append_rows(r, from, &made, out);
}

static bool read_cases(reader *r, const ac_json *json, ac_case_list *out)
{
    written_file file;
    memset(&file, 0, sizeof file);
    int64_t version;
    if (!ac_decode(&r->decoder, json, &file_shape, &file)) {
        return false;
    }
    if (!ac_json_int(ac_json_get_c(json, "accord"), &version) || version != 1) {
        return ac_decode_fail(&r->decoder, "accord", "format version 1 is expected");
    }
    for (size_t i = 0; i < file.cases.count; i++) {
        size_t mark = r->decoder.path.n;
        ac_buf_printf(&r->decoder.path, "/cases/%zu", i);
        if (!convert_case(r, &file.cases.items[i], out)) {
            return false;
        }
        r->decoder.path.n = mark;
    }
    return true;
}

bool read_case_file(ac_corpus *corpus, const ac_case_source *source, ac_case_list *out, ac_err *err)
{
    reader r = {.corpus = corpus,
                .arena = corpus->arena,
                .contract = source->contract,
                .file = source->file,
                .err = err};
    ac_decoder_init(&r.decoder, corpus->arena, source->file, err);
    bool ok = read_cases(&r, source->json, out);
    ac_decoder_done(&r.decoder);
    return ok;
}
