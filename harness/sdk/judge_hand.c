/* What an SDK handed to its caller, against the answer that was served. */
#include <stdio.h>
#include <string.h>

#include "match/shown.h"
#include "sdk/judge.h"
#include "sdk/sent.h"

enum { DIFFERENCES_MAX = 20, DEPTH_MAX = 64 };

typedef struct hand_judge {
    ac_arena *arena;
    const ac_sdk_judgement *j;
    ac_match_result served; /* as read by us */
    ac_findings *out;
    bool observed; /* nothing rules it: all are notes */
    size_t differences;
    bool hides_finding; /* one of those that are not listed is no note */
} hand_judge;

static ac_finding *add(const hand_judge *h, ac_finding_kind kind, ac_str place, bool note)
{
    ac_finding *f = ac_sdk_add(h->arena, h->out, kind, place);
    f->note = note || h->observed;
    return f;
}

/* ---- errors ---- */

static ac_str shown_error(const hand_judge *h)
{
    const ac_sdk_error *e = &h->j->outcome->error;
    return ac_shown_printf(h->arena, "a %s error%s%.*s: %.*s", ac_sdk_error_kinds[e->kind],
                           e->type.n > 0 ? " " : "", AC_STR_FMT(e->type), AC_STR_FMT(e->message.value));
}

static ac_strs cite_of_error(const hand_judge *h)
{
    const ac_error_spec *spec = ac_contract_match_code(h->j->contract, h->served.code);
    return spec ? spec->cite : (ac_strs){NULL, 0};
}

typedef struct member_rule {
    ac_finding_kind kind;
    const char *place;
    bool contained; /* SDKs put words around it */
} member_rule;

static void judge_member(const hand_judge *h, const member_rule *rule, const ac_sdk_member *given,
                         ac_str served)
{
    bool has = given->value.p && (rule->contained ? ac_str_find(given->value, served) != AC_NOT_FOUND
                                                  : ac_str_eq(given->value, served));
    if (has || served.n == 0) {
        return;
    }
    bool dug_out = given->raw.p && ac_str_eq(given->raw, served);
    ac_finding *f = add(h, rule->kind, ac_str_c(rule->place), dug_out);
    f->expected = ac_shown(h->arena, served);
    f->source = ac_cite_said(h->arena, h->j->contract, cite_of_error(h));
    if (dug_out) {
        f->observed = ac_shown_printf(h->arena, "only in the raw answer, at %.*s", AC_STR_FMT(given->raw_at));
    } else {
        f->observed = given->value.n > 0 ? ac_shown(h->arena, given->value) : AC_STR("nothing");
    }
}

/* A signature in the text of an error ends in logs. */
static void judge_leak(const hand_judge *h)
{
    const ac_sdk_outcome *o = h->j->outcome;
    const char *place;
    ac_str signature = ac_sent_common(h->arena, &o->exchanges[0].request, "Signature", NULL, &place);
    ac_str encoded = ac_percent_encoded(h->arena, signature);
    ac_str message = o->error.message.value;
    if (signature.n > 0 &&
        (ac_str_find(message, signature) != AC_NOT_FOUND || ac_str_find(message, encoded) != AC_NOT_FOUND)) {
        ac_finding *f = add(h, AC_FINDING_HAND_SECRET, AC_STR("message"), true);
        f->expected = AC_STR("no signature in the text of an error");
        f->observed = AC_STR("the signature of the request");
    }
}

static void judge_error(const hand_judge *h)
{
    static const member_rule status = {AC_FINDING_HAND_STATUS, "status", false};
    static const member_rule code = {AC_FINDING_HAND_CODE, "code", false};
    static const member_rule request_id = {AC_FINDING_HAND_REQUEST_ID, "request_id", false};
    static const member_rule message = {AC_FINDING_HAND_MESSAGE, "message", true};
    const ac_sdk_error *e = &h->j->outcome->error;
    judge_member(h, &status, &e->status, ac_str_printf(h->arena, "%d", h->j->answer->status));
    judge_member(h, &code, &e->code, h->served.code);
    judge_member(h, &request_id, &e->request_id, h->served.request_id);
    judge_member(h, &message, &e->message, h->served.message);
    judge_leak(h);
}

/* ---- results ---- */

/* A value in the served body: its pointer, and the same with "*" for each index. */
typedef struct leaf {
    ac_str pointer, pattern;
    size_t indices[DEPTH_MAX];
    size_t index_count;
} leaf;

/* The pointer with its stars replaced by the leaf's indices, in their order. */
static ac_str with_indices(const hand_judge *h, ac_str pattern, const leaf *at)
{
    ac_buf out;
    ac_buf_init(&out, 65536);
    size_t used = 0;
    for (size_t i = 0; i < pattern.n; i++) {
        bool star = pattern.p[i] == '*' && i > 0 && pattern.p[i - 1] == '/' &&
                    (i + 1 == pattern.n || pattern.p[i + 1] == '/');
        if (star && used < at->index_count) {
            ac_buf_printf(&out, "%zu", at->indices[used++]);
        } else {
            ac_buf_add_char(&out, pattern.p[i]);
        }
    }
    return ac_buf_take(&out, h->arena);
}

static const ac_json *given_at(const hand_judge *h, const leaf *at)
{
    const ac_sdk_hello *hello = h->j->hello;
    const ac_json *map = ac_json_get(hello->fields, h->j->contract->operation);
    const ac_json *mapped = ac_json_get(map, at->pattern);
    ac_str pointer =
        mapped ? with_indices(h, mapped->text, at)
               : ac_str_printf(h->arena, "%.*s%.*s", AC_STR_FMT(hello->result_root), AC_STR_FMT(at->pointer));
    return ac_json_at(h->j->outcome->result, pointer);
}

static const ac_response_field *documented_field(const hand_judge *h, ac_str pattern)
{
    const ac_response_fields *lists[] = {&h->j->contract->response.fields, &h->j->contract->style->envelope};
    for (size_t k = 0; k < AC_COUNT(lists); k++) {
        for (size_t i = 0; i < lists[k]->count; i++) {
            if (ac_str_eq(lists[k]->items[i].pointer, pattern)) {
                return &lists[k]->items[i];
            }
        }
    }
    return NULL;
}

/* A finding about one value; NULL where there are enough. */
static ac_finding *difference(hand_judge *h, ac_finding_kind kind, const leaf *at, bool note)
{
    const ac_response_field *field = documented_field(h, at->pattern);
    if (++h->differences > DIFFERENCES_MAX) {
        h->hides_finding = h->hides_finding || (field && !note);
        return NULL;
    }
    ac_finding *f = add(h, kind, at->pattern, note || !field);
    f->source = field ? ac_cite_said(h->arena, h->j->contract, field->cite) : (ac_str){NULL, 0};
    return f;
}

static void judge_leaf(hand_judge *h, const ac_json *served, const leaf *at)
{
    const ac_json *given = given_at(h, at);
    if (served->type == AC_JSON_NULL && (!given || given->type == AC_JSON_NULL)) {
        return;
    }
    if (given && ac_json_equal(served, given)) {
        return;
    }
    bool same_text = given && served->text.n > 0 && ac_str_eq(ac_json_text(served), ac_json_text(given));
    ac_finding_kind kind = given ? AC_FINDING_HAND_VALUE : AC_FINDING_HAND_FIELD;
    ac_finding *f = difference(h, kind, at, same_text);
    if (f) {
        f->expected = ac_shown_typed(h->arena, served);
        f->observed = given ? ac_shown_typed(h->arena, given) : AC_STR("nothing");
    }
}

static void judge_tree(hand_judge *h, const ac_json *served, const leaf *at)
{
    bool container = served->type == AC_JSON_OBJECT || served->type == AC_JSON_ARRAY;
    if (!container) {
        judge_leaf(h, served, at);
        return;
    }
    for (size_t i = 0; i < served->count; i++) {
        leaf below = *at;
        bool array = served->type == AC_JSON_ARRAY;
        ac_str token = array ? AC_STR("*") : ac_json_pointer_token(h->arena, served->items[i].key);
        if (array && below.index_count == DEPTH_MAX) {
            return;
        }
        below.pattern = ac_str_printf(h->arena, "%.*s/%.*s", AC_STR_FMT(at->pattern), AC_STR_FMT(token));
        if (array) {
            below.indices[below.index_count++] = i;
            token = ac_str_printf(h->arena, "%zu", i);
        }
        below.pointer = ac_str_printf(h->arena, "%.*s/%.*s", AC_STR_FMT(at->pointer), AC_STR_FMT(token));
        judge_tree(h, &served->items[i], &below);
    }
}

static void judge_result(hand_judge *h, const ac_json *body)
{
    const leaf root = {.pointer = AC_STR(""), .pattern = AC_STR("")};
    judge_tree(h, body, &root);
    if (h->differences > DIFFERENCES_MAX) {
        ac_finding *f = add(h, AC_FINDING_HAND_FIELD, AC_STR(""), !h->hides_finding);
        f->expected = AC_STR("every documented field");
        f->observed =
            ac_shown_printf(h->arena, "%zu more differences, not listed", h->differences - DIFFERENCES_MAX);
    }
}

/* ---- all of it ---- */

static void wrong_outcome(const hand_judge *h, ac_str expected)
{
    const ac_sdk_outcome *o = h->j->outcome;
    ac_finding *f = add(h, AC_FINDING_HAND_OUTCOME, AC_STR(""), false);
    f->expected = expected;
    f->source = h->served.code.p ? ac_cite_said(h->arena, h->j->contract, cite_of_error(h)) : f->source;
    f->observed = o->end == AC_SDK_RESULT ? ac_str_printf(h->arena, "a success: the caller gets %s",
                                                          ac_json_type_name(o->result->type))
                                          : shown_error(h);
}

/* What the client got in the end, read by us: the fault's answer where that is still JSON. */
static const ac_response *answer_in_the_end(const ac_sdk_judgement *j)
{
    size_t last = j->outcome->requests < AC_SDK_REQUESTS_KEPT ? j->outcome->requests : AC_SDK_REQUESTS_KEPT;
    bool changed = j->fault && last > 0;
    return changed ? &j->outcome->exchanges[last - 1].answer->response : j->answer;
}

void ac_sdk_judge_hand(ac_arena *arena, const ac_sdk_judgement *judgement, ac_findings *out)
{
    const ac_sdk_outcome *o = judgement->outcome;
    ac_sdk_judgement in_the_end = *judgement;
    in_the_end.answer = answer_in_the_end(judgement);
    hand_judge h = {.arena = arena,
                    .j = &in_the_end,
                    .out = out,
                    .observed = judgement->fault && !judgement->fault->judged};
    ac_match_read(arena, judgement->contract, in_the_end.answer, &h.served);
    if (h.observed && !(o->end == AC_SDK_RESULT && h.served.success && h.served.body)) {
        return; /* how it ended is told by ac_sdk_observe_fault */
    }
    bool service_error = o->end == AC_SDK_ERROR && o->error.kind == AC_SDK_SERVICE;
    if (h.served.success && o->end == AC_SDK_RESULT) {
        judge_result(&h, h.served.body);
    } else if (h.served.success) {
        wrong_outcome(&h, AC_STR("the documented result"));
    } else if (service_error) {
        judge_error(&h);
    } else {
        wrong_outcome(&h, ac_str_printf(arena, "an error of the service: %d %.*s", in_the_end.answer->status,
                                        AC_STR_FMT(h.served.code)));
    }
}
