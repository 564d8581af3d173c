/*
 * HMAC-SHA256 of Volcengine.
 *
 * Source: Volcengine, "Signature method" (API signature guide); the official clients sdk-core 1.0 and
 * openapi 1.36 where they differ: both sign x-date, only sdk-core signs host.
 */
#include "base/env.h"
#include "canon.h"

static const ac_str scheme = AC_STR_INIT("HMAC-SHA256");
static const ac_str date_header = AC_STR_INIT("x-date");
static const ac_str digest_header = AC_STR_INIT("x-content-sha256");
static const ac_str token_header = AC_STR_INIT("x-security-token");
static const ac_str terminator = AC_STR_INIT("request");

enum { DAY_LENGTH = sizeof("YYYYMMDD") - 1 };

/* Each segment as RFC 3986 encodes it, however it was sent. */
static void add_path(ac_arena *arena, ac_buf *out, ac_str path)
{
    bool first = true;
    while (path.p) {
        ac_str segment = ac_percent_decoded(arena, ac_str_split(path, '/', &path));
        ac_buf_add(out, first ? AC_STR("") : AC_STR("/"));
        ac_buf_add(out, ac_percent_encoded(arena, segment));
        first = false;
    }
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Words with one space between them. */
static void add_header_value(ac_buf *out, ac_str value)
{
    bool space = false;
    bool word = false;
    for (size_t i = 0; i < value.n; i++) {
        if (is_space(value.p[i])) {
            space = word;
            continue;
        }
        if (space) {
            ac_buf_add_char(out, ' ');
        }
        ac_buf_add_char(out, value.p[i]);
        space = false;
        word = true;
    }
}

static const ac_canon_style style = {add_path, AC_CANON_ENCODE_NAMES | AC_CANON_ENCODE_VALUES,
                                     add_header_value};

/* The place in the Authorization header that names the key and where it is good: the date as YYYYMMDD. */
typedef struct credential {
    ac_str access_key_id, date, region, service;
} credential;

static ac_str scope_of(ac_arena *arena, const credential *of)
{
    return ac_str_printf(arena, "%.*s/%.*s/%.*s/request", AC_STR_FMT(of->date), AC_STR_FMT(of->region),
                         AC_STR_FMT(of->service));
}

static ac_str bytes_of(const ac_digest_bytes *digest)
{
    return (ac_str){(const char *)digest->bytes, digest->count};
}

/* The secret is a key as it stands, without a prefix. */
static ac_digest_bytes signing_key(ac_secret secret, const credential *of)
{
    const ac_str steps[] = {of->date, of->region, of->service, terminator};
    ac_digest_bytes key = {0};
    ac_str bytes = ac_secret_bytes(secret);
    for (size_t i = 0; i < AC_COUNT(steps); i++) {
        key = ac_hmac(AC_SHA256, bytes, steps[i]);
        bytes = bytes_of(&key);
    }
    return key;
}

/* From the hashed payload to the authorization. */
static void compute(ac_arena *arena, const ac_request *request, ac_secret secret, const credential *of,
                    ac_str names, ac_sign_stages *stages)
{
    stages->canonical_request = ac_canon_request(arena, &style, request, names, stages->hashed_payload);
    ac_str date = ac_canon_header(arena, &request->headers, date_header);
    ac_str hash = ac_sha256_hex(arena, stages->canonical_request);
    ac_str scope = scope_of(arena, of);
    stages->string_to_sign = ac_str_printf(arena, "HMAC-SHA256\n%.*s\n%.*s\n%.*s", AC_STR_FMT(date),
                                           AC_STR_FMT(scope), AC_STR_FMT(hash));
    ac_digest_bytes key = signing_key(secret, of);
    stages->signature = ac_digest_hex(arena, ac_hmac(AC_SHA256, bytes_of(&key), stages->string_to_sign));
    stages->authorization = ac_str_printf(
        arena, "HMAC-SHA256 Credential=%.*s/%.*s, SignedHeaders=%.*s, Signature=%.*s",
        AC_STR_FMT(of->access_key_id), AC_STR_FMT(scope), AC_STR_FMT(names), AC_STR_FMT(stages->signature));
}

/* ---- sign ---- */

static bool is_signed(ac_str name)
{
    static const ac_str names[] = {AC_STR_INIT("host"), AC_STR_INIT("x-date"),
                                   AC_STR_INIT("x-content-sha256"), AC_STR_INIT("x-security-token")};
    for (size_t i = 0; i < AC_COUNT(names); i++) {
        if (ac_str_eq_nocase(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* Action and Version belong to the query; the caller has mostly put them there. */
static void add_operation(ac_arena *arena, ac_request *request, const ac_sign_input *input)
{
    const ac_pair operation[] = {{AC_STR("Action"), input->action}, {AC_STR("Version"), input->version}};
    ac_pairs present = ac_canon_parameters(arena, request, false);
    ac_pairs added = {0};
    for (size_t i = 0; i < AC_COUNT(operation); i++) {
        if (operation[i].value.n > 0 && !ac_pairs_find(&present, operation[i].name)) {
            ac_pairs_add(arena, &added, operation[i].name, operation[i].value);
        }
    }
    if (added.count > 0) {
        ac_buf query;
        ac_buf_init(&query, SIZE_MAX / 4);
        ac_canon_add_part(&query, ac_target_query(request->target));
        ac_canon_add_part(&query, ac_form_print(arena, &added));
        ac_canon_set_query(arena, request, ac_buf_str(&query));
        ac_buf_done(&query);
    }
}

static void add_headers(ac_arena *arena, ac_request *request, const ac_sign_input *input,
                        ac_str hashed_payload)
{
    ac_str token = ac_secret_bytes(input->credentials.security_token);
    ac_canon_set_header(arena, request, date_header, ac_canon_date(arena, input, AC_TIME_COMPACT));
    ac_pairs_remove_nocase(&request->headers, digest_header);
    ac_pairs_remove_nocase(&request->headers, token_header);
    if (request->body.n > 0) {
        ac_pairs_add(arena, &request->headers, digest_header, hashed_payload);
    }
    if (token.n > 0) {
        ac_pairs_add(arena, &request->headers, token_header, token);
    }
}

static void sign(ac_arena *arena, ac_request *request, const ac_sign_input *input, ac_sign_stages *stages)
{
    *stages = (ac_sign_stages){.hashed_payload = ac_sha256_hex(arena, request->body)};
    add_operation(arena, request, input);
    add_headers(arena, request, input, stages->hashed_payload);
    credential of = {.access_key_id = input->credentials.access_key_id,
                     .date = ac_str_sub(ac_time_print(arena, input->now_ms, AC_TIME_COMPACT), 0, DAY_LENGTH),
                     .region = input->region,
                     .service = input->service};
    ac_str names = ac_canon_names(arena, &request->headers, is_signed);
    compute(arena, request, input->credentials.access_key_secret, &of, names, stages);
    ac_canon_set_header(arena, request, AC_STR("Authorization"), stages->authorization);
}

/* ---- verify ---- */

static bool recognises(const ac_request *request)
{
    ac_str rest;
    return ac_canon_authorization(request, scheme, &rest) != AC_VERIFY_NO_SIGNATURE;
}

static bool read_credential(ac_str text, credential *of)
{
    of->access_key_id = ac_str_split(text, '/', &text);
    of->date = ac_str_split(text, '/', &text);
    of->region = ac_str_split(text, '/', &text);
    of->service = ac_str_split(text, '/', &text);
    return ac_str_eq(text, terminator) && of->date.n == DAY_LENGTH;
}

static ac_verify_result read_claim(ac_arena *arena, const ac_request *request, ac_canon_grant *grant,
                                   credential *of, ac_sign_claim *claim)
{
    *claim = (ac_sign_claim){0};
    ac_verify_result result = ac_canon_read_grant(request, scheme, grant);
    if (result != AC_VERIFY_OK) {
        return result;
    }
    if (grant->credential.n == 0) {
        return AC_VERIFY_NO_ACCESS_KEY;
    }
    ac_str date = ac_canon_header(arena, &request->headers, date_header);
    claim->date_valid = ac_time_parse(date, AC_TIME_COMPACT, &claim->date_ms);
    if (!read_credential(grant->credential, of) || (claim->date_valid && !ac_str_starts(date, of->date))) {
        return AC_VERIFY_MALFORMED;
    }
    claim->access_key_id = of->access_key_id;
    claim->security_token = ac_canon_header(arena, &request->headers, token_header);
    claim->region = of->region;
    claim->service = of->service;
    return of->access_key_id.n > 0 ? AC_VERIFY_OK : AC_VERIFY_NO_ACCESS_KEY;
}

static ac_verify_result claim(ac_arena *arena, const ac_request *request, ac_sign_claim *claim)
{
    ac_canon_grant grant;
    credential of;
    return read_claim(arena, request, &grant, &of, claim);
}

static void verify(ac_arena *arena, const ac_request *request, ac_secret secret, ac_verify_report *report)
{
    ac_canon_grant grant;
    credential of;
    ac_sign_claim claim;
    *report = (ac_verify_report){0};
    if (!ac_canon_claimed(report, read_claim(arena, request, &grant, &of, &claim))) {
        return;
    }
    report->sent_signature = grant.signature;
    if (!ac_canon_is_named(grant.names, date_header)) {
        ac_canon_verdict(report, AC_VERIFY_INCOMPLETE, "SignedHeaders lacks x-date");
    } else if (!claim.date_valid) {
        ac_canon_verdict(report, AC_VERIFY_BAD_DATE, "x-date is missing or not YYYYMMDDThhmmssZ");
    } else {
        report->stages.hashed_payload = ac_sha256_hex(arena, request->body);
        compute(arena, request, secret, &of, grant.names, &report->stages);
        ac_canon_judge(report,
                       ac_canon_body_differs(arena, request, digest_header, report->stages.hashed_payload));
    }
}

const ac_signer ac_signer_volc = {"volc-hmac-sha256", false, sign, recognises, claim, verify};
