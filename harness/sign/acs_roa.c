/*
 * HMAC-SHA1 of Alibaba Cloud's ROA (path) style: "Authorization: acs <id>:<signature>".
 *
 * Source: Alibaba Cloud, "ROA signature" ("Signature mechanism" of the ROA style); the official clients
 * pop-core 1.8 and openapi-core 1.0 for what the page leaves open: the path is signed as it is sent, the
 * query decoded and not encoded again.
 */
#include "base/env.h"
#include "canon.h"

static const ac_str scheme = AC_STR_INIT("acs");
static const ac_str date_header = AC_STR_INIT("Date");
static const ac_str nonce_header = AC_STR_INIT("x-acs-signature-nonce");
static const ac_str method_header = AC_STR_INIT("x-acs-signature-method");
static const ac_str version_header = AC_STR_INIT("x-acs-signature-version");
static const ac_str token_header = AC_STR_INIT("x-acs-security-token");
static const ac_str md5_header = AC_STR_INIT("Content-MD5");

static void add_line(ac_buf *out, ac_str text)
{
    ac_buf_add(out, text);
    ac_buf_add_char(out, '\n');
}

/* Tabs and line ends inside a value are signed as spaces. */
static void add_value(ac_buf *out, ac_str value)
{
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        ac_buf_add_char(out, c == '\t' || c == '\n' || c == '\r' || c == '\f' ? ' ' : c);
    }
}

static ac_str string_to_sign(ac_arena *arena, const ac_request *request)
{
    const ac_pairs *headers = &request->headers;
    const ac_pairs query = ac_canon_parameters(arena, request, false);
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    add_line(&out, request->method);
    add_line(&out, ac_canon_header(arena, headers, AC_STR("Accept")));
    add_line(&out, ac_canon_header(arena, headers, md5_header));
    add_line(&out, ac_canon_header(arena, headers, AC_STR("Content-Type")));
    add_line(&out, ac_canon_header(arena, headers, date_header));
    ac_canon_add_headers(arena, &out, headers, ac_canon_names(arena, headers, ac_canon_is_acs), add_value);
    ac_buf_add(&out, ac_target_path(request->target));
    ac_buf_add(&out, query.count > 0 ? AC_STR("?") : AC_STR(""));
    ac_canon_add_query(arena, &out, &query, 0);
    return ac_buf_take(&out, arena);
}

static void compute(ac_arena *arena, const ac_request *request, ac_str access_key_id, ac_secret secret,
                    ac_sign_stages *stages)
{
    stages->string_to_sign = string_to_sign(arena, request);
    stages->signature =
        ac_digest_base64(arena, ac_hmac(AC_SHA1, ac_secret_bytes(secret), stages->string_to_sign));
    stages->authorization =
        ac_str_printf(arena, "acs %.*s:%.*s", AC_STR_FMT(access_key_id), AC_STR_FMT(stages->signature));
}

/* ---- sign ---- */

static void sign(ac_arena *arena, ac_request *request, const ac_sign_input *input, ac_sign_stages *stages)
{
    const ac_credentials *credentials = &input->credentials;
    *stages = (ac_sign_stages){0};
    ac_canon_default_header(arena, request, AC_STR("Accept"), AC_STR("application/json"));
    ac_canon_default_header(arena, request, AC_STR("x-acs-version"), input->version);
    ac_canon_set_header(arena, request, date_header, ac_canon_date(arena, input, AC_TIME_HTTP));
    ac_canon_set_header(arena, request, nonce_header, input->nonce);
    ac_canon_set_header(arena, request, method_header, AC_STR("HMAC-SHA1"));
    ac_canon_set_header(arena, request, version_header, AC_STR("1.0"));
    ac_canon_set_token(arena, request, credentials);
    compute(arena, request, credentials->access_key_id, credentials->access_key_secret, stages);
    ac_canon_set_header(arena, request, AC_STR("Authorization"), stages->authorization);
}

/* ---- verify ---- */

static bool recognises(const ac_request *request)
{
    ac_str rest;
    return ac_canon_authorization(request, scheme, &rest) != AC_VERIFY_NO_SIGNATURE;
}

/* Date, or x-acs-date for clients that may not set Date. */
static bool read_date(ac_arena *arena, const ac_pairs *headers, int64_t *date_ms)
{
    ac_str date = ac_canon_header(arena, headers, date_header);
    if (!date.p) {
        date = ac_canon_header(arena, headers, AC_STR("x-acs-date"));
    }
    return ac_time_parse(date, AC_TIME_HTTP, date_ms) || ac_time_parse(date, AC_TIME_ISO, date_ms);
}

static bool is_or_misses(ac_arena *arena, const ac_pairs *headers, ac_str name, const char *value)
{
    ac_str found = ac_canon_header(arena, headers, name);
    return !found.p || ac_str_is(found, value);
}

static ac_verify_result read_claim(ac_arena *arena, const ac_request *request, ac_str *signature,
                                   ac_sign_claim *claim)
{
    const ac_pairs *headers = &request->headers;
    ac_str credentials = {NULL, 0};
    *claim = (ac_sign_claim){0};
    ac_verify_result result = ac_canon_authorization(request, scheme, &credentials);
    if (result != AC_VERIFY_OK) {
        return result;
    }
    claim->access_key_id = ac_str_split(credentials, ':', signature);
    if (signature->n == 0 || !is_or_misses(arena, headers, method_header, "HMAC-SHA1") ||
        !is_or_misses(arena, headers, version_header, "1.0")) {
        return AC_VERIFY_MALFORMED;
    }
    claim->security_token = ac_canon_header(arena, headers, token_header);
    claim->nonce = ac_canon_header(arena, headers, nonce_header);
    claim->date_valid = read_date(arena, headers, &claim->date_ms);
    return claim->access_key_id.n > 0 ? AC_VERIFY_OK : AC_VERIFY_NO_ACCESS_KEY;
}

static ac_verify_result claim(ac_arena *arena, const ac_request *request, ac_sign_claim *claim)
{
    ac_str signature;
    return read_claim(arena, request, &signature, claim);
}

static bool is_complete(const ac_pairs *headers)
{
    return ac_pairs_find_nocase(headers, nonce_header) && ac_pairs_find_nocase(headers, method_header) &&
           ac_pairs_find_nocase(headers, version_header);
}

static void verify(ac_arena *arena, const ac_request *request, ac_secret secret, ac_verify_report *report)
{
    ac_sign_claim claim;
    ac_str signature = {NULL, 0};
    *report = (ac_verify_report){0};
    if (!ac_canon_claimed(report, read_claim(arena, request, &signature, &claim))) {
        return;
    }
    report->sent_signature = signature;
    if (!is_complete(&request->headers)) {
        ac_canon_verdict(report, AC_VERIFY_INCOMPLETE, "a header x-acs-signature-* is missing");
    } else if (!claim.date_valid) {
        ac_canon_verdict(report, AC_VERIFY_BAD_DATE, "Date is missing or not an HTTP date");
    } else {
        ac_str md5 = ac_digest_base64(arena, ac_digest_of(AC_MD5, request->body));
        compute(arena, request, claim.access_key_id, secret, &report->stages);
        ac_canon_judge(report, ac_canon_body_differs(arena, request, md5_header, md5));
    }
}

const ac_signer ac_signer_acs_roa = {"acs-roa-hmac-sha1", true, sign, recognises, claim, verify};
