/* What no documentation rules: how a call ended under a fault, retries, and what an SDK sends of itself. */
#include <stdio.h>

#include "match/shown.h"
#include "sdk/judge.h"
#include "sdk/sent.h"

static const ac_str no_rule = AC_STR_INIT("nothing: no documentation says");

/* ---- how it ended ---- */

static ac_str shown_result(ac_arena *arena, const ac_json *result)
{
    if (result->type == AC_JSON_STRING) {
        return result->text.n > 0 ? AC_STR("a success: the body as text") : AC_STR("a success: empty text");
    }
    return ac_str_printf(arena, "a success: %s", ac_json_type_name(result->type));
}

static ac_str shown_error(ac_arena *arena, const ac_sdk_error *e)
{
    ac_buf out;
    ac_buf_init(&out, 4096);
    ac_buf_printf(&out, "a %s error", ac_sdk_error_kinds[e->kind]);
    const struct {
        const char *before;
        ac_str text;
    } parts[] = {{" ", e->type}, {", status ", e->status.value}, {", code ", e->code.value}};
    for (size_t i = 0; i < AC_COUNT(parts); i++) {
        if (parts[i].text.n > 0) {
            ac_buf_add_c(&out, parts[i].before);
            ac_buf_add(&out, ac_shown(arena, parts[i].text));
        }
    }
    return ac_buf_take(&out, arena);
}

/* In the midst of a body, the timers of an SDK race against the connection that they end. */
static bool is_a_race(const ac_fault *fault, const ac_sdk_outcome *outcome)
{
    bool gave_up = outcome->error.kind == AC_SDK_TIMEOUT || outcome->error.kind == AC_SDK_TRANSPORT;
    return fault->way == AC_FAULT_WAY_SLOW_BODY && outcome->end == AC_SDK_ERROR && gave_up;
}

static ac_str shown_end(ac_arena *arena, const ac_fault *fault, const ac_sdk_outcome *outcome)
{
    if (is_a_race(fault, outcome)) {
        return AC_STR("a timeout or a transport error");
    }
    return outcome->end == AC_SDK_RESULT ? shown_result(arena, outcome->result)
                                         : shown_error(arena, &outcome->error);
}

/* ---- retries ---- */

static ac_str token_of(ac_arena *arena, const ac_contract *contract, const ac_request *request)
{
    const ac_parameter *token = ac_contract_role(contract, AC_ROLE_TOKEN);
    ac_sent_parameters sent = ac_sent_read(arena, contract, request);
    for (size_t i = 0; token && i < sent.count; i++) {
        if (ac_str_eq(sent.items[i].name, token->name)) {
            return sent.items[i].text;
        }
    }
    return (ac_str){NULL, 0};
}

/* What signs a request anew or not: the signature with everything that goes into it. */
static ac_str signature_of(ac_arena *arena, const ac_request *request)
{
    const char *place;
    ac_str header = ac_header(&request->headers, "authorization");
    return header.p ? header : ac_sent_common(arena, request, "Signature", NULL, &place);
}

static const char *compared(ac_str first, ac_str again, const char *none, const char *same, const char *other)
{
    return !first.p && !again.p ? none : ac_str_eq(first, again) ? same : other;
}

static void tell_retries(ac_arena *arena, const ac_sdk_judgement *j, ac_findings *out)
{
    const ac_sdk_outcome *o = j->outcome;
    const ac_request *first = &o->exchanges[0].request;
    const ac_request *again = &o->exchanges[1].request;
    const ac_parameter *token = ac_contract_role(j->contract, AC_ROLE_TOKEN);
    ac_finding *f = ac_sdk_note(arena, out, AC_FINDING_FAULT_RETRY, ac_str_c(j->fault ? j->fault->name : ""));
    f->expected = no_rule;
    f->observed = ac_str_printf(arena, "%zu requests; %.*s %s; %s", o->requests,
                                AC_STR_FMT(token ? token->name : AC_STR("idempotency token")),
                                token ? compared(token_of(arena, j->contract, first),
                                                 token_of(arena, j->contract, again), "not sent", "kept",
                                                 "lost or changed")
                                      : "not documented",
                                compared(signature_of(arena, first), signature_of(arena, again), "not signed",
                                         "the same signature", "signed anew"));
}

void ac_sdk_observe_fault(ac_arena *arena, const ac_sdk_judgement *judgement, ac_findings *out)
{
    const ac_sdk_outcome *o = judgement->outcome;
    if (judgement->fault) {
        ac_finding *f = ac_sdk_note(arena, out, AC_FINDING_FAULT_OUTCOME, ac_str_c(judgement->fault->name));
        f->expected = judgement->fault->judged ? AC_STR("as without it") : no_rule;
        f->observed = shown_end(arena, judgement->fault, o);
    }
    if (o->requests > 1) {
        tell_retries(arena, judgement, out);
    }
}

/* ---- facts ---- */

static void tell(ac_arena *arena, ac_findings *out, const char *place, ac_str observed)
{
    ac_finding *f = ac_sdk_note(arena, out, AC_FINDING_WIRE_FACT, ac_str_c(place));
    f->expected = no_rule;
    f->observed = observed;
}

static ac_str framing_of(ac_arena *arena, const ac_request *request)
{
    ac_str length = ac_header(&request->headers, "content-length");
    ac_str coding = ac_header(&request->headers, "transfer-encoding");
    ac_str type = ac_header(&request->headers, "content-type");
    const char *framing = coding.p ? "in chunks" : length.p ? "with Content-Length" : "no body";
    return type.p ? ac_shown_printf(arena, "%s, Content-Type %.*s", framing, AC_STR_FMT(type))
                  : ac_str_c(framing);
}

/* Headers that every HTTP client sends. */
static bool is_plain(ac_str name)
{
    static const char *const plain[] = {"host",          "user-agent",     "accept",
                                        "connection",    "content-length", "transfer-encoding",
                                        "authorization", "content-type",   "accept-encoding"};
    for (size_t i = 0; i < AC_COUNT(plain); i++) {
        if (ac_str_eq_nocase(name, ac_str_c(plain[i]))) {
            return true;
        }
    }
    return false;
}

static ac_str further_headers(ac_arena *arena, const ac_request *request)
{
    ac_buf out;
    ac_buf_init(&out, 65536);
    for (size_t i = 0; i < request->headers.count; i++) {
        if (!is_plain(request->headers.items[i].name)) {
            ac_buf_printf(&out, "%s%.*s", out.n > 0 ? ", " : "", AC_STR_FMT(request->headers.items[i].name));
        }
    }
    return ac_shown(arena, ac_buf_take(&out, arena));
}

/* Where the parameters stand: "query 4, form 11". */
static ac_str positions(ac_arena *arena, const ac_contract *contract, const ac_request *request)
{
    ac_sent_parameters sent = ac_sent_read(arena, contract, request);
    ac_buf out;
    ac_buf_init(&out, 65536);
    for (int in = AC_IN_QUERY; in <= AC_IN_HEADER; in++) {
        size_t count = 0;
        for (size_t i = 0; i < sent.count; i++) {
            bool here = (int)sent.items[i].in == in;
            if (here) {
                ac_buf_printf(&out, "%s%.*s", count == 0 ? (out.n > 0 ? "; " : "") : ", ",
                              AC_STR_FMT(sent.items[i].name));
            }
            count += here;
        }
        if (count > 0) {
            ac_buf_printf(&out, " in the %s", ac_sent_place((ac_location)in));
        }
    }
    return ac_shown(arena, ac_buf_take(&out, arena));
}

static ac_str action_of(ac_arena *arena, const ac_request *request)
{
    const char *header_place;
    const char *place;
    ac_str header = ac_sent_common(arena, request, "Action", "x-acs-action", &header_place);
    ac_str other = ac_sent_common(arena, request, "Action", NULL, &place);
    bool in_header = header.p && ac_header(&request->headers, "x-acs-action").p;
    return in_header && other.p ? ac_str_printf(arena, "header and %s", place)
           : in_header          ? AC_STR("header")
           : other.p            ? ac_str_c(place)
                                : AC_STR("not sent, the path says it");
}

/* ---- the model of the SDK ---- */

static bool lists(const ac_json *names, ac_str name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (ac_str_eq(names->items[i].text, name)) {
            return true;
        }
    }
    return false;
}

static void tell_model(ac_arena *arena, const ac_sdk_judgement *j, ac_findings *out)
{
    const ac_contract *contract = j->contract;
    const ac_json *names = ac_json_get(j->hello->parameters, contract->operation);
    for (size_t i = 0; names && i < names->count; i++) {
        if (!ac_contract_parameter(contract, names->items[i].text)) {
            ac_finding *f =
                ac_sdk_note(arena, out, AC_FINDING_WIRE_MODEL, ac_shown(arena, names->items[i].text));
            f->expected = AC_STR("documented, or not there");
            f->observed = AC_STR("a parameter of the SDK's model, not documented");
        }
    }
    for (size_t i = 0; names && i < contract->parameters.count; i++) {
        const ac_parameter *p = &contract->parameters.items[i];
        bool leaf = ac_parameter_is_sendable(p) && p->type != AC_TYPE_OBJECT && p->type != AC_TYPE_ARRAY;
        if (leaf && !lists(names, p->name)) {
            ac_finding *f = ac_sdk_note(arena, out, AC_FINDING_WIRE_MODEL, p->name);
            f->expected = AC_STR("a parameter of the SDK's model");
            f->observed = AC_STR("documented, not in the SDK's model");
            f->source = ac_cite_said(arena, contract, p->cite);
        }
    }
}

void ac_sdk_tell_facts(ac_arena *arena, const ac_sdk_judgement *judgement, ac_findings *out)
{
    const ac_sdk_outcome *o = judgement->outcome;
    tell_model(arena, judgement, out);
    if (o->requests == 0) {
        return;
    }
    const ac_request *request = &o->exchanges[0].request;
    const ac_signer *signer = ac_signer_of(request);
    tell(arena, out, "method", ac_shown(arena, request->method));
    tell(arena, out, "action", action_of(arena, request));
    tell(arena, out, "positions", positions(arena, judgement->contract, request));
    tell(arena, out, "body", framing_of(arena, request));
    tell(arena, out, "signature", ac_str_c(signer ? signer->name : "none"));
    tell(arena, out, "headers", further_headers(arena, request));
}
