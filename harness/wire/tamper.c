/* Requests that are wrong on purpose; wire_parts.h has the table of what is done. */
#include <assert.h>

#include "wire_parts.h"

enum { HOUR_MS = 60 * 60 * 1000 };

/* ---- before signing ---- */

/* What takes the place of a plan's member: NULL leaves it, "" takes it out. */
typedef struct plan_change {
    const char *secret, *key_id, *action, *version, *date;
    const char *roa_path;
    int64_t clock_ms;
} plan_change;

static const plan_change plan_changes[AC_TAMPER_COUNT] = {
    [AC_TAMPER_WRONG_KEY] = {.secret = "accord-another-secret"},
    [AC_TAMPER_UNKNOWN_KEY] = {.key_id = "AKUNKNOWN0000000000"},
    [AC_TAMPER_CLOCK_BEHIND] = {.clock_ms = -HOUR_MS},
    [AC_TAMPER_CLOCK_AHEAD] = {.clock_ms = HOUR_MS},
    [AC_TAMPER_BAD_DATE] = {.date = "yesterday"},
    [AC_TAMPER_NO_ACTION] = {.action = ""},
    [AC_TAMPER_NO_VERSION] = {.version = ""},
    [AC_TAMPER_OTHER_ACTION] = {.action = "AccordNoSuchAction", .roa_path = "/accord/no-such-path"},
    [AC_TAMPER_OTHER_VERSION] = {.version = "1999-01-01"},
};

static void replace(ac_str *text, const char *with)
{
    *text = with ? ac_str_c(with) : *text;
}

void ac_tamper_plan(ac_wire_kind wire, ac_tamper tamper, ac_wire_plan *plan)
{
    const plan_change *change = &plan_changes[tamper];
    if (change->secret) {
        plan->input.credentials.access_key_secret = ac_secret_of(ac_str_c(change->secret));
    }
    replace(&plan->input.credentials.access_key_id, change->key_id);
    replace(&plan->input.action, change->action);
    replace(&plan->input.version, change->version);
    replace(&plan->input.date, change->date);
    replace(&plan->path, wire == AC_WIRE_ALIBABA_ROA ? change->roa_path : NULL);
    plan->input.now_ms += change->clock_ms;
}

/* ---- text of a signed request ---- */

static ac_str together(ac_arena *arena, ac_str first, ac_str second, ac_str third)
{
    ac_buf text;
    ac_buf_init(&text, SIZE_MAX / 4);
    ac_buf_add(&text, first);
    ac_buf_add(&text, second);
    ac_buf_add(&text, third);
    return ac_buf_take(&text, arena);
}

static bool is_form(const ac_request *request)
{
    return ac_str_is(ac_header(&request->headers, "Content-Type"), "application/x-www-form-urlencoded");
}

static void set_query(ac_arena *arena, ac_request *request, ac_str query)
{
    ac_str mark = query.n > 0 ? AC_STR("?") : AC_STR("");
    request->target = together(arena, ac_target_path(request->target), mark, query);
}

static void change_header(ac_request *request, ac_str name, ac_str value)
{
    for (size_t i = 0; i < request->headers.count; i++) {
        if (ac_str_eq_nocase(request->headers.items[i].name, name)) {
            request->headers.items[i].value = value;
        }
    }
}

/* A query or form without the parameters of that name. */
static ac_str without_parameter(ac_arena *arena, ac_str text, ac_str name)
{
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    while (text.p) {
        ac_str value;
        ac_str segment = ac_str_split(text, '&', &text);
        if (!ac_str_eq(ac_str_split(segment, '=', &value), name)) {
            ac_buf_add(&out, out.n > 0 ? AC_STR("&") : AC_STR(""));
            ac_buf_add(&out, segment);
        }
    }
    return ac_buf_take(&out, arena);
}

/* ---- access key id or signature taken out ---- */

/* A part of "scheme Credential=…,SignedHeaders=…,Signature=…", and the comma that set it apart. */
static void take_from_grant(ac_arena *arena, ac_request *request, bool key)
{
    ac_str value = ac_header(&request->headers, "Authorization");
    size_t start = ac_str_find(value, key ? AC_STR("Credential=") : AC_STR("Signature="));
    ac_str head = ac_str_sub(value, 0, start);
    ac_str rest;
    ac_str_split(ac_str_sub(value, start, value.n), ',', &rest);
    if (!rest.p) {
        head = ac_str_trim(head);
        head = ac_str_sub(head, 0, head.n - 1);
    }
    change_header(request, AC_STR("Authorization"), together(arena, head, ac_str_trim(rest), AC_STR("")));
}

/* One side of "acs id:signature". */
static void take_from_pair(ac_arena *arena, ac_request *request, bool key)
{
    ac_str signature;
    ac_str id = ac_str_split(ac_header(&request->headers, "Authorization"), ':', &signature);
    change_header(request, AC_STR("Authorization"),
                  together(arena, key ? AC_STR("acs") : id, key ? AC_STR(" :") : AC_STR(":"),
                           key ? signature : AC_STR("")));
}

static void take_from_parameters(ac_arena *arena, ac_request *request, bool key)
{
    ac_str name = key ? AC_STR("AccessKeyId") : AC_STR("Signature");
    set_query(arena, request, without_parameter(arena, ac_target_query(request->target), name));
    if (is_form(request)) {
        request->body = without_parameter(arena, request->body, name);
    }
}

typedef struct scheme {
    const char *signer;
    void (*take_out)(ac_arena *arena, ac_request *request, bool key); /* key or signature */
    bool signs_json; /* whether a JSON body is covered by the signature */
} scheme;

static const scheme *scheme_of(const ac_signer *signer)
{
    static const scheme schemes[] = {
        {"acs3-hmac-sha256", take_from_grant, true},
        {"acs-rpc-hmac-sha1", take_from_parameters, false},
        {"acs-roa-hmac-sha1", take_from_pair, false},
        {"volc-hmac-sha256", take_from_grant, true},
    };
    const scheme *found = NULL;
    for (size_t i = 0; !found && i < AC_COUNT(schemes); i++) {
        found = ac_str_is(ac_str_c(schemes[i].signer), signer->name) ? &schemes[i] : NULL;
    }
    assert(found);
    return found;
}

static void no_key(ac_arena *arena, const scheme *of, ac_request *request)
{
    of->take_out(arena, request, true);
    ac_pairs_remove_nocase(&request->headers, AC_STR("x-acs-accesskey-id"));
}

static void no_signature(ac_arena *arena, const scheme *of, ac_request *request)
{
    of->take_out(arena, request, false);
}

/* ---- a parameter changed ---- */

static bool is_common(ac_str name)
{
    static const ac_str names[] = {
        AC_STR_INIT("Action"),          AC_STR_INIT("Version"),        AC_STR_INIT("Format"),
        AC_STR_INIT("AccessKeyId"),     AC_STR_INIT("SecurityToken"),  AC_STR_INIT("Timestamp"),
        AC_STR_INIT("SignatureMethod"), AC_STR_INIT("SignatureNonce"), AC_STR_INIT("SignatureVersion"),
        AC_STR_INIT("Signature"),
    };
    for (size_t i = 0; i < AC_COUNT(names); i++) {
        if (ac_str_eq(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* A query or form with one more letter in the last of the operation's own parameters; false where there is
 * none. */
static bool lengthen_last(ac_arena *arena, ac_str *text)
{
    ac_str rest = *text;
    size_t end = 0;
    while (rest.n > 0) {
        ac_str value;
        ac_str segment = ac_str_split(rest, '&', &rest);
        if (!is_common(ac_str_split(segment, '=', &value))) {
            end = (size_t)(segment.p - text->p) + segment.n;
        }
    }
    if (end > 0) {
        *text = together(arena, ac_str_sub(*text, 0, end), AC_STR("x"), ac_str_sub(*text, end, text->n));
    }
    return end > 0;
}

static void alter_parameters(ac_arena *arena, ac_request *request)
{
    if (is_form(request) && lengthen_last(arena, &request->body)) {
        return;
    }
    ac_str query = ac_target_query(request->target);
    if (!lengthen_last(arena, &query)) {
        query = together(arena, query, query.n > 0 ? AC_STR("&") : AC_STR(""), AC_STR("AccordAltered=x"));
    }
    set_query(arena, request, query);
}

/* One more member, or a space behind what is no object. */
static void alter_json(ac_arena *arena, ac_request *request)
{
    ac_str body = request->body;
    bool object = ac_str_starts(body, AC_STR("{"));
    ac_str head = ac_str_sub(body, 0, object ? body.n - 1 : body.n);
    ac_str comma = head.n > 1 ? AC_STR(",") : AC_STR("");
    request->body = object ? together(arena, head, comma, AC_STR("\"AccordAltered\":\"x\"}"))
                           : together(arena, head, AC_STR(" "), AC_STR(""));
}

static void altered(ac_arena *arena, const scheme *of, ac_request *request)
{
    if (of->signs_json && request->body.n > 0 && !is_form(request)) {
        alter_json(arena, request);
    } else {
        alter_parameters(arena, request);
    }
}

/* ---- after signing ---- */

void ac_tamper_signed(ac_arena *arena, const ac_signer *signer, ac_tamper tamper, ac_request *request)
{
    typedef void change(ac_arena * arena, const scheme *of, ac_request *request);
    static change *const changes[AC_TAMPER_COUNT] = {
        [AC_TAMPER_NO_KEY] = no_key,
        [AC_TAMPER_NO_SIGNATURE] = no_signature,
        [AC_TAMPER_ALTERED] = altered,
    };
    if (changes[tamper]) {
        changes[tamper](arena, scheme_of(signer), request);
    }
}
