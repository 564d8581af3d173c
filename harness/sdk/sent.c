#include "sdk/sent.h"

#include <string.h>

enum { PARAMETERS_MAX = 20000 };

static const ac_json_limits body_limits = {4 * 1024 * 1024, 64};

const char *ac_sent_place(ac_location in)
{
    static const char *const names[] = {[AC_IN_QUERY] = "query",
                                        [AC_IN_FORM] = "form",
                                        [AC_IN_PATH] = "path",
                                        [AC_IN_BODY] = "JSON body",
                                        [AC_IN_HEADER] = "header"};
    return names[in];
}

/* ---- what every request of a style has ---- */

static const char *const alibaba_common[] = {
    "Action",         "Version",       "Format",    "AccessKeyId", "SignatureMethod", "SignatureVersion",
    "SignatureNonce", "SignatureType", "Signature", "Timestamp",   "SecurityToken",   NULL};
static const char *const volcengine_common[] = {"Action", "Version", NULL};
static const char *const none_common[] = {NULL};

static bool is_common(const ac_contract *contract, ac_str name)
{
    static const char *const *const by_wire[] = {[AC_WIRE_ALIBABA_RPC] = alibaba_common,
                                                 [AC_WIRE_ALIBABA_ROA] = none_common,
                                                 [AC_WIRE_VOLCENGINE] = volcengine_common};
    for (const char *const *one = by_wire[contract->style->wire]; *one; one++) {
        if (ac_str_is(name, *one)) {
            return true;
        }
    }
    return false;
}

/* ---- reading ---- */

static void add(ac_arena *arena, ac_sent_parameters *list, ac_sent_parameter one)
{
    if ((list->count & (list->count - 1)) == 0) {
        size_t room = list->count == 0 ? 1 : list->count * 2;
        ac_sent_parameter *grown = AC_NEW_ARRAY(arena, room, ac_sent_parameter);
        if (list->count > 0) {
            memcpy(grown, list->items, list->count * sizeof *grown);
        }
        list->items = grown;
    }
    list->items[list->count++] = one;
}

static bool add_pairs(ac_arena *arena, const ac_contract *contract, ac_str text, ac_location in,
                      ac_sent_parameters *list)
{
    ac_pairs pairs = {NULL, 0, 0};
    bool whole = ac_form_parse(arena, text, true, PARAMETERS_MAX, &pairs);
    for (size_t i = 0; i < pairs.count; i++) {
        if (!is_common(contract, pairs.items[i].name)) {
            add(arena, list, (ac_sent_parameter){pairs.items[i].name, pairs.items[i].value, in, NULL, false});
        }
    }
    return whole;
}

static void add_headers(ac_arena *arena, const ac_contract *contract, const ac_request *request,
                        ac_sent_parameters *list)
{
    for (size_t i = 0; i < contract->parameters.count; i++) {
        const ac_parameter *p = &contract->parameters.items[i];
        const ac_pair *header =
            p->in == AC_IN_HEADER ? ac_pairs_find_nocase(&request->headers, p->name) : NULL;
        if (header && ac_parameter_is_sendable(p)) {
            add(arena, list, (ac_sent_parameter){p->name, header->value, AC_IN_HEADER, NULL, false});
        }
    }
}

/* As it stands in a query: what differs from it in JSON differs in type alone. */
static ac_str text_of(const ac_json *value)
{
    bool boolean = value->type == AC_JSON_BOOL;
    return !boolean ? ac_json_text(value) : value->boolean ? AC_STR("true") : AC_STR("false");
}

static bool add_members(ac_arena *arena, ac_str body, ac_sent_parameters *list)
{
    const ac_json *json = ac_json_parse(arena, body, &body_limits, NULL);
    for (size_t i = 0; ac_json_is(json, AC_JSON_OBJECT) && i < json->count; i++) {
        const ac_json *member = &json->items[i];
        add(arena, list, (ac_sent_parameter){member->key, text_of(member), AC_IN_BODY, member, false});
    }
    return ac_json_is(json, AC_JSON_OBJECT);
}

static bool has_type(const ac_request *request, const char *type)
{
    ac_str value = ac_header(&request->headers, "content-type");
    ac_str rest;
    return ac_str_eq_nocase(ac_str_trim(ac_str_split(value, ';', &rest)), ac_str_c(type));
}

ac_sent_parameters ac_sent_read(ac_arena *arena, const ac_contract *contract, const ac_request *request)
{
    ac_sent_parameters list = {NULL, 0, NULL};
    bool ok = add_pairs(arena, contract, ac_target_query(request->target), AC_IN_QUERY, &list);
    add_headers(arena, contract, request, &list);
    if (!ok) {
        list.unreadable = "more parameters than are read";
    } else if (has_type(request, "application/x-www-form-urlencoded")) {
        ok = add_pairs(arena, contract, request->body, AC_IN_FORM, &list);
        list.unreadable = ok ? NULL : "more parameters than are read";
    } else if (has_type(request, "application/json") && request->body.n > 0) {
        list.unreadable = add_members(arena, request->body, &list) ? NULL : "no JSON object";
    } else if (request->body.n > 0) {
        list.unreadable = "a body of neither type that parameters come in";
    }
    return list;
}

ac_str ac_sent_common(ac_arena *arena, const ac_request *request, const char *name, const char *header,
                      const char **place)
{
    ac_pairs pairs = {NULL, 0, 0};
    ac_str value = header ? ac_header(&request->headers, header) : (ac_str){NULL, 0};
    *place = "header";
    if (!value.p && ac_form_parse(arena, ac_target_query(request->target), true, PARAMETERS_MAX, &pairs)) {
        value = ac_pairs_value(&pairs, ac_str_c(name));
        *place = "query";
    }
    bool form = has_type(request, "application/x-www-form-urlencoded");
    if (!value.p && form && ac_form_parse(arena, request->body, true, PARAMETERS_MAX, &pairs)) {
        value = ac_pairs_value(&pairs, ac_str_c(name));
        *place = "form";
    }
    return value;
}

/* ---- findings ---- */

ac_finding *ac_sdk_add(ac_arena *arena, ac_findings *out, ac_finding_kind kind, ac_str place)
{
    ac_findings_add(arena, out,
                    (ac_finding){.kind = kind, .level = ac_finding_kind_level(kind), .place = place});
    return &out->items[out->count - 1];
}

ac_finding *ac_sdk_note(ac_arena *arena, ac_findings *out, ac_finding_kind kind, ac_str place)
{
    ac_finding *finding = ac_sdk_add(arena, out, kind, place);
    finding->note = true;
    return finding;
}
