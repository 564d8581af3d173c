/* What an SDK put on the wire, against the request that the call stands for. */
#include "contract/corpus.h"
#include "match/shown.h"
#include "sdk/judge.h"
#include "sdk/sent.h"

enum { DIFFERENCES_MAX = 20, SKEW_MS = 15 * 60 * 1000 };

typedef struct wire_judge {
    ac_arena *arena;
    const ac_sdk_judgement *j;
    const ac_request *sent;
    ac_findings *out;
    size_t differences;
} wire_judge;

/* ---- method, path, action ---- */

static void judge_method(const wire_judge *w)
{
    const ac_strs *methods = &w->j->contract->methods;
    for (size_t i = 0; i < methods->count; i++) {
        if (ac_str_eq(methods->items[i], w->sent->method)) {
            return;
        }
    }
    ac_finding *f = ac_sdk_add(w->arena, w->out, AC_FINDING_WIRE_METHOD, AC_STR(""));
    f->expected = ac_shown_list(w->arena, methods->items, methods->count);
    f->observed = ac_shown(w->arena, w->sent->method);
    f->source = ac_cite_said(w->arena, w->j->contract, w->j->contract->methods_cite);
}

/* Clients encode a path in different ways; what counts is what the service reads in each of its parts. */
static bool same_path(ac_arena *arena, ac_str a, ac_str b)
{
    while (a.p && b.p) {
        ac_str one = ac_percent_decoded(arena, ac_str_split(a, '/', &a));
        ac_str other = ac_percent_decoded(arena, ac_str_split(b, '/', &b));
        if (!ac_str_eq(one, other)) {
            return false;
        }
    }
    return !a.p && !b.p;
}

static void judge_path(const wire_judge *w)
{
    ac_str expected = ac_target_path(w->j->expected->target);
    ac_str sent = ac_target_path(w->sent->target);
    if (!same_path(w->arena, expected, sent)) {
        ac_finding *f = ac_sdk_add(w->arena, w->out, AC_FINDING_WIRE_PATH, AC_STR(""));
        f->expected = ac_shown(w->arena, expected);
        f->observed = ac_shown(w->arena, sent);
    }
}

static void judge_common(const wire_judge *w, const char *name, const char *header, ac_str expected)
{
    const char *place;
    ac_str value = ac_sent_common(w->arena, w->sent, name, header, &place);
    bool by_path = w->j->contract->style->wire == AC_WIRE_ALIBABA_ROA;
    if (value.p ? ac_str_eq(value, expected) : by_path) {
        return;
    }
    ac_finding *f = ac_sdk_add(w->arena, w->out, AC_FINDING_WIRE_ACTION, ac_str_c(name));
    f->expected = expected;
    f->observed = value.p ? ac_shown(w->arena, value) : AC_STR("not sent");
}

static void judge_action(const wire_judge *w)
{
    const ac_contract *contract = w->j->contract;
    bool alibaba = contract->style->wire != AC_WIRE_VOLCENGINE;
    judge_common(w, "Action", alibaba ? "x-acs-action" : NULL, contract->action);
    judge_common(w, "Version", alibaba ? "x-acs-version" : NULL, contract->version);
}

/* ---- parameters ---- */

static ac_sent_parameter *find(const ac_sent_parameters *list, ac_str name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!list->items[i].matched && ac_str_eq(list->items[i].name, name)) {
            return &list->items[i];
        }
    }
    return NULL;
}

/* The row of a name on the wire: "Zone.3.ZoneId" is Zone.N.ZoneId. */
static const ac_parameter *row_of(const wire_judge *w, ac_str name)
{
    ac_str documented = ac_str_without_indices(w->arena, name);
    const ac_parameter *row = ac_contract_parameter(w->j->contract, documented);
    return row ? row : ac_contract_parameter(w->j->contract, name);
}

static ac_str source_of(const wire_judge *w, ac_str name)
{
    const ac_parameter *row = row_of(w, name);
    return row ? ac_cite_said(w->arena, w->j->contract, row->cite) : (ac_str){NULL, 0};
}

static bool is_ignored(const wire_judge *w, ac_str name)
{
    const ac_strs *ignored = &w->j->outcome->ignored;
    ac_str rest;
    for (size_t i = 0; i < ignored->count; i++) {
        ac_str one = ignored->items[i];
        if (ac_str_eq(one, name) || ac_str_eq(one, ac_str_split(name, '.', &rest))) {
            return true;
        }
    }
    return false;
}

static ac_str shown_value(const wire_judge *w, const ac_sent_parameter *p)
{
    return p->json ? ac_shown_json(w->arena, p->json)
                   : ac_shown_printf(w->arena, "\"%.*s\"", AC_STR_FMT(p->text));
}

/* A finding about a parameter; NULL where there are enough of them. */
static ac_finding *difference(wire_judge *w, ac_finding_kind kind, ac_str name)
{
    if (++w->differences > DIFFERENCES_MAX) {
        return NULL;
    }
    ac_finding *f = ac_sdk_add(w->arena, w->out, kind, ac_shown(w->arena, name));
    f->source = source_of(w, name);
    return f;
}

static bool same_value(const ac_sent_parameter *a, const ac_sent_parameter *b)
{
    return a->json && b->json ? ac_json_equal(a->json, b->json) : ac_str_eq(a->text, b->text);
}

/* The other styles read query and form alike. */
static void judge_position(wire_judge *w, const ac_sent_parameter *wanted, const ac_sent_parameter *sent)
{
    bool ruled = w->j->contract->style->wire == AC_WIRE_ALIBABA_ROA;
    if (!ruled || wanted->in == sent->in) {
        return;
    }
    ac_finding *f = difference(w, AC_FINDING_WIRE_POSITION, wanted->name);
    if (f) {
        f->expected = ac_shown_printf(w->arena, "in the %s", ac_sent_place(wanted->in));
        f->observed = ac_shown_printf(w->arena, "in the %s", ac_sent_place(sent->in));
    }
}

static void judge_value(wire_judge *w, const ac_sent_parameter *wanted, const ac_sent_parameter *sent)
{
    if (same_value(wanted, sent)) {
        return;
    }
    bool only_type = wanted->json && sent->json && wanted->text.n > 0 && ac_str_eq(wanted->text, sent->text);
    ac_finding *f = difference(w, only_type ? AC_FINDING_WIRE_TYPE : AC_FINDING_WIRE_PARAMETER, wanted->name);
    if (f) {
        f->expected = shown_value(w, wanted);
        f->observed = shown_value(w, sent);
    }
}

static void judge_parameter(wire_judge *w, const ac_sent_parameter *wanted, const ac_sent_parameters *sent)
{
    ac_sent_parameter *found = find(sent, wanted->name);
    if (found) {
        found->matched = true;
        judge_position(w, wanted, found);
        judge_value(w, wanted, found);
        return;
    }
    bool ignored = is_ignored(w, wanted->name);
    if (ignored && !row_of(w, wanted->name)) {
        return; /* a typed SDK has no place for what is not documented */
    }
    ac_finding *f = difference(w, AC_FINDING_WIRE_PARAMETER, wanted->name);
    if (f) {
        f->expected = shown_value(w, wanted);
        f->observed = ignored ? AC_STR("not sent: the driver says that the SDK cannot") : AC_STR("not sent");
    }
}

/* What nobody asked for; no documentation forbids it. */
static void note_further(const wire_judge *w, const ac_sent_parameters *sent)
{
    size_t told = 0;
    for (size_t i = 0; i < sent->count; i++) {
        const ac_sent_parameter *p = &sent->items[i];
        if (!p->matched && ++told <= DIFFERENCES_MAX) {
            ac_finding *f =
                ac_sdk_note(w->arena, w->out, AC_FINDING_WIRE_PARAMETER, ac_shown(w->arena, p->name));
            f->expected = AC_STR("not sent: the call does not give it");
            f->observed = shown_value(w, p);
        }
    }
}

static void tell_differences_left_out(const wire_judge *w)
{
    if (w->differences > DIFFERENCES_MAX) {
        ac_finding *f = ac_sdk_add(w->arena, w->out, AC_FINDING_WIRE_PARAMETER, AC_STR(""));
        f->expected = AC_STR("the parameters of the call");
        f->observed =
            ac_shown_printf(w->arena, "%zu more differences, not listed", w->differences - DIFFERENCES_MAX);
    }
}

static void judge_parameters(wire_judge *w)
{
    ac_sent_parameters wanted = ac_sent_read(w->arena, w->j->contract, w->j->expected);
    ac_sent_parameters sent = ac_sent_read(w->arena, w->j->contract, w->sent);
    if (sent.unreadable) {
        ac_finding *f = ac_sdk_add(w->arena, w->out, AC_FINDING_WIRE_HEADER, AC_STR("Content-Type"));
        f->expected = AC_STR("a body of the type that Content-Type names");
        f->observed = ac_str_c(sent.unreadable);
    }
    for (size_t i = 0; i < wanted.count; i++) {
        judge_parameter(w, &wanted.items[i], &sent);
    }
    note_further(w, &sent);
    tell_differences_left_out(w);
}

/* ---- signature ---- */

static void bad_signature(const wire_judge *w, ac_str expected, ac_str observed)
{
    ac_finding *f = ac_sdk_add(w->arena, w->out, AC_FINDING_WIRE_SIGNATURE, AC_STR(""));
    f->expected = expected;
    f->observed = observed;
    f->source = AC_STR("documented: the provider's signature methods");
}

static bool is_accepted(const ac_contract *contract, const ac_signer *signer)
{
    const ac_strs *accepted = &contract->style->signers;
    for (size_t i = 0; signer && i < accepted->count; i++) {
        if (ac_str_is(accepted->items[i], signer->name)) {
            return true;
        }
    }
    return false;
}

static void judge_scope(const wire_judge *w, const ac_sign_claim *claim)
{
    const ac_contract *contract = w->j->contract;
    ac_str service = contract->product_facts ? contract->product_facts->signing_service : contract->product;
    if (claim->service.n > 0 && !ac_str_eq(claim->service, service)) {
        bad_signature(w, ac_str_printf(w->arena, "service %.*s", AC_STR_FMT(service)),
                      ac_shown_printf(w->arena, "service %.*s", AC_STR_FMT(claim->service)));
    }
    if (claim->region.n > 0 && !ac_str_eq(claim->region, w->j->region)) {
        bad_signature(w, ac_str_printf(w->arena, "region %.*s", AC_STR_FMT(w->j->region)),
                      ac_shown_printf(w->arena, "region %.*s", AC_STR_FMT(claim->region)));
    }
}

static void judge_claim(const wire_judge *w, const ac_signer *signer)
{
    ac_sign_claim claim;
    ac_str key = w->j->credentials.access_key_id;
    if (signer->claim(w->arena, w->sent, &claim) != AC_VERIFY_OK) {
        return; /* the verification says it */
    }
    if (!ac_str_eq(claim.access_key_id, key)) {
        bad_signature(w, ac_str_printf(w->arena, "access key id %.*s", AC_STR_FMT(key)),
                      ac_shown_printf(w->arena, "access key id %.*s", AC_STR_FMT(claim.access_key_id)));
    }
    int64_t off_ms = claim.date_ms - w->j->now_ms;
    if (claim.date_valid && (off_ms > SKEW_MS || off_ms < -SKEW_MS)) {
        bad_signature(w, AC_STR("the time of the call"),
                      ac_str_printf(w->arena, "%lld s off", (long long)(off_ms / 1000)));
    }
    judge_scope(w, &claim);
}

static void judge_signature(const wire_judge *w)
{
    const ac_signer *signer = ac_signer_of(w->sent);
    const ac_strs *accepted = &w->j->contract->style->signers;
    if (!is_accepted(w->j->contract, signer)) {
        bad_signature(w, ac_shown_list(w->arena, accepted->items, accepted->count),
                      ac_str_c(signer ? signer->name : "no signature"));
        return;
    }
    ac_verify_report report;
    signer->verify(w->arena, w->sent, w->j->credentials.access_key_secret, &report);
    if (report.result != AC_VERIFY_OK) {
        bad_signature(w, ac_str_printf(w->arena, "a valid %s signature", signer->name),
                      ac_shown_printf(w->arena, "%s: %s", ac_verify_result_name(report.result), report.why));
    }
    judge_claim(w, signer);
}

/* ---- all of it ---- */

static void no_request(ac_arena *arena, const ac_sdk_judgement *j, ac_findings *out)
{
    ac_finding *f = ac_sdk_add(arena, out, AC_FINDING_WIRE_REQUEST, AC_STR(""));
    f->expected = AC_STR("a request");
    f->observed = ac_shown_printf(arena, "none; %.*s: %.*s", AC_STR_FMT(j->outcome->error.type),
                                  AC_STR_FMT(j->outcome->error.message.value));
}

void ac_sdk_judge_wire(ac_arena *arena, const ac_sdk_judgement *judgement, ac_findings *out)
{
    if (judgement->outcome->requests == 0) {
        no_request(arena, judgement, out);
        return;
    }
    wire_judge w = {
        .arena = arena, .j = judgement, .sent = &judgement->outcome->exchanges[0].request, .out = out};
    judge_method(&w);
    judge_path(&w);
    judge_action(&w);
    judge_parameters(&w);
    judge_signature(&w);
}
