/*
 * HMAC-SHA1 with SignatureVersion 1.0 of Alibaba Cloud's RPC style: the signature is a parameter, and all
 * parameters of query and form are signed.
 *
 * Source: Alibaba Cloud, "RPC signature" ("Signature mechanism" of the RPC style); the official client
 * pop-core 1.8 for the order of names and for where parameters go.
 */
#include <string.h>

#include "base/env.h"
#include "canon.h"

static const ac_str signature_name = AC_STR_INIT("Signature");
static const ac_str key_name = AC_STR_INIT("AccessKeyId");
static const ac_str method_name = AC_STR_INIT("SignatureMethod");
static const ac_str version_name = AC_STR_INIT("SignatureVersion");
static const ac_str nonce_name = AC_STR_INIT("SignatureNonce");
static const ac_str date_name = AC_STR_INIT("Timestamp");
static const ac_str token_name = AC_STR_INIT("SecurityToken");

/* What a signature is made of: replaced by sign, refused by verify where repeated. */
static const ac_str *const own_names[] = {&signature_name, &key_name,  &method_name, &version_name,
                                          &nonce_name,     &date_name, &token_name};

static bool is_own(ac_str name)
{
    for (size_t i = 0; i < AC_COUNT(own_names); i++) {
        if (ac_str_eq(name, *own_names[i])) {
            return true;
        }
    }
    return false;
}

static ac_str key_of(ac_arena *arena, ac_secret secret)
{
    ac_str bytes = ac_secret_bytes(secret);
    char *key = ac_arena_alloc(arena, bytes.n + 1);
    if (bytes.n > 0) {
        memcpy(key, bytes.p, bytes.n);
    }
    key[bytes.n] = '&';
    return (ac_str){key, bytes.n + 1};
}

/* Fills the stages from the sorted parameters, Signature left out. */
static void compute(ac_arena *arena, ac_str method, const ac_pairs *sorted, ac_secret secret,
                    ac_sign_stages *stages)
{
    ac_buf buf;
    ac_buf_init(&buf, SIZE_MAX / 4);
    ac_canon_add_query(arena, &buf, sorted, AC_CANON_ENCODE_NAMES | AC_CANON_ENCODE_VALUES);
    stages->canonical_request = ac_str_dup(arena, ac_buf_str(&buf));
    ac_buf_clear(&buf);
    ac_buf_add(&buf, method);
    ac_buf_add_c(&buf, "&%2F&");
    ac_buf_add(&buf, ac_percent_encoded(arena, stages->canonical_request));
    stages->string_to_sign = ac_buf_take(&buf, arena);
    stages->signature =
        ac_digest_base64(arena, ac_hmac(AC_SHA1, key_of(arena, secret), stages->string_to_sign));
}

static void remove_those(ac_pairs *pairs, bool (*match)(ac_str name))
{
    size_t kept = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        if (!match(pairs->items[i].name)) {
            pairs->items[kept++] = pairs->items[i];
        }
    }
    pairs->count = kept;
}

/* ---- sign ---- */

static ac_pairs additions(ac_arena *arena, const ac_pairs *present, const ac_sign_input *input)
{
    const ac_pair defaults[] = {{AC_STR("Action"), input->action},
                                {AC_STR("Version"), input->version},
                                {AC_STR("Format"), AC_STR("JSON")}};
    ac_pairs added = {0};
    for (size_t i = 0; i < AC_COUNT(defaults); i++) {
        if (defaults[i].value.n > 0 && !ac_pairs_find(present, defaults[i].name)) {
            ac_pairs_add(arena, &added, defaults[i].name, defaults[i].value);
        }
    }
    ac_pairs_add(arena, &added, key_name, input->credentials.access_key_id);
    ac_pairs_add(arena, &added, method_name, AC_STR("HMAC-SHA1"));
    ac_pairs_add(arena, &added, nonce_name, input->nonce);
    ac_pairs_add(arena, &added, version_name, AC_STR("1.0"));
    ac_pairs_add(arena, &added, date_name, ac_canon_date(arena, input, AC_TIME_ISO));
    ac_str token = ac_secret_bytes(input->credentials.security_token);
    if (token.n > 0) {
        ac_pairs_add(arena, &added, token_name, token);
    }
    return added;
}

/* A query or form without what an earlier signature left in it, and with more at its end. What stays is
 * left as it is written. */
static ac_str rewritten(ac_arena *arena, ac_str text, ac_str more)
{
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    while (text.p) {
        ac_str value;
        ac_str segment = ac_str_split(text, '&', &text);
        ac_str name = ac_str_split(segment, '=', &value);
        if (ac_str_find_char(name, '%') != AC_NOT_FOUND) {
            name = ac_percent_decoded(arena, name);
        }
        if (!is_own(name)) {
            ac_canon_add_part(&out, segment);
        }
    }
    ac_canon_add_part(&out, more);
    return ac_buf_take(&out, arena);
}

/* A length that the request already states has to stay true. */
static void set_body(ac_arena *arena, ac_request *request, ac_str body)
{
    const ac_str length = AC_STR("Content-Length");
    request->body = body;
    if (ac_pairs_find_nocase(&request->headers, length)) {
        ac_canon_set_header(arena, request, length, ac_str_printf(arena, "%zu", body.n));
    }
}

/* To the form where it is what the request sends, else to the query. */
static void put_parameters(ac_arena *arena, ac_request *request, bool form, ac_str more)
{
    const ac_str nothing = {NULL, 0};
    bool in_form = form && ac_str_is(request->method, "POST");
    ac_str query = rewritten(arena, ac_target_query(request->target), in_form ? nothing : more);
    ac_canon_set_query(arena, request, query);
    if (form) {
        set_body(arena, request, rewritten(arena, request->body, in_form ? more : nothing));
    }
}

static void sign(ac_arena *arena, ac_request *request, const ac_sign_input *input, ac_sign_stages *stages)
{
    *stages = (ac_sign_stages){0};
    bool form = ac_canon_is_form(request);
    ac_pairs all = ac_canon_parameters(arena, request, form);
    remove_those(&all, is_own);
    ac_pairs added = additions(arena, &all, input);
    for (size_t i = 0; i < added.count; i++) {
        ac_pairs_add(arena, &all, added.items[i].name, added.items[i].value);
    }
    ac_canon_sort(&all);
    compute(arena, request->method, &all, input->credentials.access_key_secret, stages);
    ac_pairs_add(arena, &added, signature_name, stages->signature);
    put_parameters(arena, request, form, ac_form_print(arena, &added));
}

/* ---- verify ---- */

static bool is_signature(ac_str name)
{
    return ac_str_eq(name, signature_name);
}

/* Without an arena, and so by names as they are written. */
static bool carries(ac_str text)
{
    while (text.p) {
        ac_str value;
        ac_str name = ac_str_split(ac_str_split(text, '&', &text), '=', &value);
        if (is_signature(name) || ac_str_eq(name, method_name) || ac_str_eq(name, version_name)) {
            return true;
        }
    }
    return false;
}

static bool recognises(const ac_request *request)
{
    return carries(ac_target_query(request->target)) || (ac_canon_is_form(request) && carries(request->body));
}

static bool repeats_own(const ac_pairs *sorted)
{
    for (size_t i = 1; i < sorted->count; i++) {
        if (ac_str_eq(sorted->items[i - 1].name, sorted->items[i].name) && is_own(sorted->items[i].name)) {
            return true;
        }
    }
    return false;
}

/* A parameter may be missing (which makes the request incomplete) but not say something else. */
static bool is_or_misses(const ac_pairs *pairs, ac_str name, const char *value)
{
    const ac_pair *found = ac_pairs_find(pairs, name);
    return !found || ac_str_is(found->value, value);
}

static ac_verify_result read_claim(ac_arena *arena, const ac_request *request, ac_pairs *sorted,
                                   ac_sign_claim *claim)
{
    *claim = (ac_sign_claim){0};
    bool form = ac_canon_is_form(request);
    if (!ac_canon_is_bounded(request, form)) {
        return AC_VERIFY_MALFORMED;
    }
    *sorted = ac_canon_parameters(arena, request, form);
    if (ac_pairs_value(sorted, signature_name).n == 0) {
        return AC_VERIFY_NO_SIGNATURE;
    }
    if (repeats_own(sorted) || !is_or_misses(sorted, method_name, "HMAC-SHA1") ||
        !is_or_misses(sorted, version_name, "1.0")) {
        return AC_VERIFY_MALFORMED;
    }
    claim->access_key_id = ac_pairs_value(sorted, key_name);
    claim->security_token = ac_pairs_value(sorted, token_name);
    claim->nonce = ac_pairs_value(sorted, nonce_name);
    claim->date_valid = ac_time_parse(ac_pairs_value(sorted, date_name), AC_TIME_ISO, &claim->date_ms);
    return claim->access_key_id.n > 0 ? AC_VERIFY_OK : AC_VERIFY_NO_ACCESS_KEY;
}

static ac_verify_result claim(ac_arena *arena, const ac_request *request, ac_sign_claim *claim)
{
    ac_pairs sorted;
    return read_claim(arena, request, &sorted, claim);
}

static void verify(ac_arena *arena, const ac_request *request, ac_secret secret, ac_verify_report *report)
{
    ac_pairs sorted = {0};
    ac_sign_claim claim;
    *report = (ac_verify_report){0};
    if (!ac_canon_claimed(report, read_claim(arena, request, &sorted, &claim))) {
        return;
    }
    report->sent_signature = ac_pairs_value(&sorted, signature_name);
    remove_those(&sorted, is_signature);
    if (claim.nonce.n == 0 || !ac_pairs_find(&sorted, method_name) || !ac_pairs_find(&sorted, version_name)) {
        ac_canon_verdict(report, AC_VERIFY_INCOMPLETE,
                         "SignatureMethod, SignatureVersion or SignatureNonce is missing");
    } else if (!claim.date_valid) {
        ac_canon_verdict(report, AC_VERIFY_BAD_DATE, "Timestamp is missing or not YYYY-MM-DDThh:mm:ssZ");
    } else {
        compute(arena, request->method, &sorted, secret, &report->stages);
        ac_canon_judge(report, false);
    }
}

const ac_signer ac_signer_acs_rpc = {"acs-rpc-hmac-sha1", true, sign, recognises, claim, verify};
