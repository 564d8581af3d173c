/*
 * ACS3-HMAC-SHA256.
 *
 * Source: Alibaba Cloud, "Request syntax and signature method V3". Where the page leaves room, what the
 * official clients openapi-client 0.4 and openapi-core 1.0 send: names of parameters are not encoded in
 * the canonical query, and host, content-type and x-acs-* are the headers that are signed.
 */
#include "base/env.h"
#include "canon.h"

static const ac_str scheme = AC_STR_INIT("ACS3-HMAC-SHA256");
static const ac_str date_header = AC_STR_INIT("x-acs-date");
static const ac_str nonce_header = AC_STR_INIT("x-acs-signature-nonce");
static const ac_str digest_header = AC_STR_INIT("x-acs-content-sha256");
static const ac_str token_header = AC_STR_INIT("x-acs-security-token");
static const ac_str action_header = AC_STR_INIT("x-acs-action");
static const ac_str version_header = AC_STR_INIT("x-acs-version");

/* The clients encode a path before they sign it, but not as RFC 3986 would; and they sign "'" bare though
 * it goes out as %27. */
typedef struct change {
    ac_str from, to;
} change;

static const change *change_at(ac_str text)
{
    static const change changes[] = {
        {AC_STR_INIT("+"), AC_STR_INIT("%20")},
        {AC_STR_INIT("*"), AC_STR_INIT("%2A")},
        {AC_STR_INIT("%7E"), AC_STR_INIT("~")},
        {AC_STR_INIT("%27"), AC_STR_INIT("'")},
    };
    for (size_t i = 0; i < AC_COUNT(changes); i++) {
        if (ac_str_starts(text, changes[i].from)) {
            return &changes[i];
        }
    }
    return NULL;
}

static void add_path(ac_arena *arena, ac_buf *out, ac_str path)
{
    (void)arena;
    while (path.n > 0) {
        const change *found = change_at(path);
        ac_buf_add(out, found ? found->to : ac_str_sub(path, 0, 1));
        path = ac_str_sub(path, found ? found->from.n : 1, path.n);
    }
}

static const ac_canon_style style = {add_path, AC_CANON_ENCODE_VALUES, ac_buf_add};

static bool is_signed(ac_str name)
{
    return ac_canon_is_acs(name) || ac_str_eq_nocase(name, AC_STR("host")) ||
           ac_str_eq_nocase(name, AC_STR("content-type"));
}

/* From the hashed payload to the authorization. */
static void compute(ac_arena *arena, const ac_request *request, ac_secret secret, const ac_canon_grant *grant,
                    ac_sign_stages *stages)
{
    stages->canonical_request =
        ac_canon_request(arena, &style, request, grant->names, stages->hashed_payload);
    ac_str hash = ac_sha256_hex(arena, stages->canonical_request);
    stages->string_to_sign = ac_str_printf(arena, "ACS3-HMAC-SHA256\n%.*s", AC_STR_FMT(hash));
    stages->signature =
        ac_digest_hex(arena, ac_hmac(AC_SHA256, ac_secret_bytes(secret), stages->string_to_sign));
    stages->authorization =
        ac_str_printf(arena, "ACS3-HMAC-SHA256 Credential=%.*s,SignedHeaders=%.*s,Signature=%.*s",
                      AC_STR_FMT(grant->credential), AC_STR_FMT(grant->names), AC_STR_FMT(stages->signature));
}

/* ---- sign ---- */

static void sign(ac_arena *arena, ac_request *request, const ac_sign_input *input, ac_sign_stages *stages)
{
    *stages = (ac_sign_stages){.hashed_payload = ac_sha256_hex(arena, request->body)};
    ac_canon_default_header(arena, request, action_header, input->action);
    ac_canon_default_header(arena, request, version_header, input->version);
    ac_canon_set_header(arena, request, date_header, ac_canon_date(arena, input, AC_TIME_ISO));
    ac_canon_set_header(arena, request, nonce_header, input->nonce);
    ac_canon_set_header(arena, request, digest_header, stages->hashed_payload);
    ac_canon_set_token(arena, request, &input->credentials);
    ac_canon_grant grant = {.credential = input->credentials.access_key_id,
                            .names = ac_canon_names(arena, &request->headers, is_signed)};
    compute(arena, request, input->credentials.access_key_secret, &grant, stages);
    ac_canon_set_header(arena, request, AC_STR("Authorization"), stages->authorization);
}

/* ---- verify ---- */

static bool recognises(const ac_request *request)
{
    ac_str rest;
    return ac_canon_authorization(request, scheme, &rest) != AC_VERIFY_NO_SIGNATURE;
}

static ac_verify_result read_claim(ac_arena *arena, const ac_request *request, ac_canon_grant *grant,
                                   ac_sign_claim *claim)
{
    *claim = (ac_sign_claim){0};
    ac_verify_result result = ac_canon_read_grant(request, scheme, grant);
    if (result != AC_VERIFY_OK) {
        return result;
    }
    claim->access_key_id = grant->credential;
    claim->security_token = ac_canon_header(arena, &request->headers, token_header);
    claim->nonce = ac_canon_header(arena, &request->headers, nonce_header);
    ac_str date = ac_canon_header(arena, &request->headers, date_header);
    claim->date_valid = ac_time_parse(date, AC_TIME_ISO, &claim->date_ms);
    return grant->credential.n > 0 ? AC_VERIFY_OK : AC_VERIFY_NO_ACCESS_KEY;
}

static ac_verify_result claim(ac_arena *arena, const ac_request *request, ac_sign_claim *claim)
{
    ac_canon_grant grant;
    return read_claim(arena, request, &grant, claim);
}

/* Requests of the older clients to path-style products have no action; the others must sign it. */
static bool is_complete(const ac_request *request, ac_str names)
{
    static const ac_str required[] = {
        AC_STR_INIT("host"),
        AC_STR_INIT("x-acs-version"),
        AC_STR_INIT("x-acs-date"),
        AC_STR_INIT("x-acs-signature-nonce"),
        AC_STR_INIT("x-acs-content-sha256"),
    };
    for (size_t i = 0; i < AC_COUNT(required); i++) {
        if (!ac_canon_is_named(names, required[i])) {
            return false;
        }
    }
    return ac_canon_is_named(names, action_header) || !ac_pairs_find_nocase(&request->headers, action_header);
}

static void verify(ac_arena *arena, const ac_request *request, ac_secret secret, ac_verify_report *report)
{
    ac_canon_grant grant;
    ac_sign_claim claim;
    *report = (ac_verify_report){0};
    if (!ac_canon_claimed(report, read_claim(arena, request, &grant, &claim))) {
        return;
    }
    report->sent_signature = grant.signature;
    if (!is_complete(request, grant.names)) {
        ac_canon_verdict(report, AC_VERIFY_INCOMPLETE, "SignedHeaders lacks a header that must be signed");
    } else if (!claim.date_valid) {
        ac_canon_verdict(report, AC_VERIFY_BAD_DATE, "x-acs-date is missing or not YYYY-MM-DDThh:mm:ssZ");
    } else {
        report->stages.hashed_payload = ac_sha256_hex(arena, request->body);
        compute(arena, request, secret, &grant, &report->stages);
        ac_canon_judge(report,
                       ac_canon_body_differs(arena, request, digest_header, report->stages.hashed_payload));
    }
}

const ac_signer ac_signer_acs3 = {"acs3-hmac-sha256", true, sign, recognises, claim, verify};
