/* Signers against requests that official clients sent (tests/vectors), and against altered ones. */
#include "sign/sign.h"

#include <string.h>

#include "base/env.h"
#include "base/file.h"
#include "base/json.h"
#include "support.h"

enum { VECTOR_FILE_MAX = 1 << 20 };

static const int64_t clock_ms = 1768465845000; /* 2026-01-15T08:30:45Z */

/* ---- vectors ---- */

typedef struct golden {
    const ac_signer *signer;
    const ac_json *json;
    ac_request request;
    ac_sign_input input;
    bool verifiable;
} golden;

static ac_str text_at(const ac_json *json, const char *pointer)
{
    return ac_json_text(ac_json_at(json, ac_str_c(pointer)));
}

static ac_str either(ac_str first, ac_str second)
{
    return first.p ? first : second;
}

static ac_request read_request(ac_arena *arena, const ac_json *json)
{
    ac_request request = {.method = text_at(json, "/method"),
                          .target = text_at(json, "/target"),
                          .body = text_at(json, "/body")};
    const ac_json *headers = ac_json_get_c(json, "headers");
    for (size_t i = 0; i < headers->count; i++) {
        ac_pairs_add(arena, &request.headers, text_at(&headers->items[i], "/0"),
                     text_at(&headers->items[i], "/1"));
    }
    return request;
}

static golden read_vector(ac_arena *arena, const ac_signer *signer, const ac_json *json)
{
    ac_str secret =
        either(text_at(json, "/credentials/accessKeySecret"), text_at(json, "/credentials/secretAccessKey"));
    ac_str token =
        either(text_at(json, "/credentials/securityToken"), text_at(json, "/credentials/sessionToken"));
    return (golden){.signer = signer,
                    .json = json,
                    .request = read_request(arena, ac_json_get_c(json, "request")),
                    .input = {.credentials = {text_at(json, "/credentials/accessKeyId"), ac_secret_of(secret),
                                              ac_secret_of(token)},
                              .now_ms = clock_ms,
                              .nonce = text_at(json, "/nonce"),
                              .region = text_at(json, "/region"),
                              .service = text_at(json, "/service")},
                    .verifiable = ac_json_get_c(json, "verifiableFromWire")->boolean};
}

static const ac_json *read_file(ac_arena *arena, const char *path)
{
    ac_err err = {0};
    ac_str text = ac_file_read(arena, path, VECTOR_FILE_MAX, &err);
    ck_assert_msg(text.p != NULL, "%s", err.text);
    const ac_json *json = ac_json_parse(arena, text, &ac_json_file_limits, &err);
    ck_assert_msg(json != NULL, "%s: %s", path, err.text);
    return json;
}

typedef void vector_check(ac_arena *arena, const golden *vector);

static void each_vector(vector_check *check)
{
    static const char *const paths[] = {"tests/vectors/signing.json", "tests/vectors/signing-edges.json"};
    ac_arena *arena = ac_test_arena();
    for (size_t p = 0; p < AC_COUNT(paths); p++) {
        const ac_json *file = read_file(arena, paths[p]);
        for (size_t s = 0; ac_signer_at(s); s++) {
            const ac_json *list = ac_json_get_c(file, ac_signer_at(s)->name);
            ck_assert_msg(ac_json_is(list, AC_JSON_ARRAY), "%s has no %s", paths[p], ac_signer_at(s)->name);
            for (size_t i = 0; i < list->count; i++) {
                golden found = read_vector(arena, ac_signer_at(s), &list->items[i]);
                check(arena, &found);
            }
        }
    }
}

static const char *name_of(ac_arena *arena, const golden *vector)
{
    ac_str name = text_at(vector->json, "/name");
    return ac_str_z(arena, ac_str_printf(arena, "%s/%.*s", vector->signer->name, AC_STR_FMT(name)));
}

/* A stage that the vector shows. */
static void check_stage(ac_arena *arena, const golden *vector, const char *member, ac_str actual)
{
    const ac_json *expected = ac_json_get_c(vector->json, member);
    ck_assert_msg(!expected || ac_str_eq(actual, expected->text), "%s: %s is \"%.*s\", not \"%.*s\"",
                  name_of(arena, vector), member, (int)actual.n, actual.p ? actual.p : "",
                  AC_STR_FMT(expected->text));
}

static void check_stages(ac_arena *arena, const golden *vector, const ac_sign_stages *stages)
{
    check_stage(arena, vector, "canonicalRequest", stages->canonical_request);
    check_stage(arena, vector, "canonicalizedQuery", stages->canonical_request);
    check_stage(arena, vector, "hashedPayload", stages->hashed_payload);
    check_stage(arena, vector, "stringToSign", stages->string_to_sign);
    check_stage(arena, vector, "signature", stages->signature);
    check_stage(arena, vector, "authorization", stages->authorization);
}

static void verifies(ac_arena *arena, const golden *vector)
{
    ac_verify_report report;
    vector->signer->verify(arena, &vector->request, vector->input.credentials.access_key_secret, &report);
    ac_verify_result expected = vector->verifiable ? AC_VERIFY_OK : AC_VERIFY_MISMATCH;
    ck_assert_msg(report.result == expected, "%s: %s, string to sign \"%.*s\"", name_of(arena, vector),
                  report.why, AC_STR_FMT(report.stages.string_to_sign));
    if (vector->verifiable) {
        check_stages(arena, vector, &report.stages);
    }
}

START_TEST(requests_of_official_clients_verify)
{
    each_vector(verifies);
}
END_TEST

static void claims(ac_arena *arena, const golden *vector)
{
    ac_sign_claim claim;
    const ac_sign_input *input = &vector->input;
    ck_assert_ptr_eq(ac_signer_of(&vector->request), vector->signer);
    ck_assert_int_eq(vector->signer->claim(arena, &vector->request, &claim), AC_VERIFY_OK);
    ck_assert(ac_str_eq(claim.access_key_id, input->credentials.access_key_id));
    ck_assert(ac_str_eq(claim.security_token, ac_secret_bytes(input->credentials.security_token)));
    ck_assert(ac_str_eq(claim.nonce, input->nonce));
    ck_assert(ac_str_eq(claim.region, input->region));
    ck_assert(ac_str_eq(claim.service, input->service));
    ck_assert(claim.date_valid);
    ck_assert_int_eq(claim.date_ms, clock_ms);
}

START_TEST(claims_are_read_without_the_secret)
{
    each_vector(claims);
}
END_TEST

/* What a signer adds: headers, and the parameters of the RPC scheme. */
static bool is_added(ac_str name)
{
    static const char *const names[] = {
        "x-acs-version",
        "x-acs-date",
        "x-acs-signature-nonce",
        "x-acs-signature-method",
        "x-acs-signature-version",
        "x-acs-content-sha256",
        "x-acs-accesskey-id",
        "x-acs-security-token",
        "authorization",
        "date",
        "x-date",
        "x-content-sha256",
        "x-security-token",
        "AccessKeyId",
        "SignatureMethod",
        "SignatureNonce",
        "SignatureVersion",
        "Timestamp",
        "SecurityToken",
        "Signature",
        "Action",
        "Version",
    };
    for (size_t i = 0; i < AC_COUNT(names); i++) {
        if (ac_str_eq_nocase(name, ac_str_c(names[i]))) {
            return true;
        }
    }
    return false;
}

static ac_pairs without_added(ac_arena *arena, const ac_pairs *pairs)
{
    ac_pairs kept = {0};
    for (size_t i = 0; i < pairs->count; i++) {
        if (!is_added(pairs->items[i].name)) {
            ac_pairs_add(arena, &kept, pairs->items[i].name, pairs->items[i].value);
        }
    }
    return kept;
}

static ac_str form_without_added(ac_arena *arena, ac_str text)
{
    ac_pairs all;
    ck_assert(ac_form_parse(arena, text, true, SIZE_MAX, &all));
    ac_pairs kept = without_added(arena, &all);
    return ac_form_print(arena, &kept);
}

static bool contains(ac_str text, const char *part)
{
    return ac_str_find(text, ac_str_c(part)) != AC_NOT_FOUND;
}

static void remove_header(ac_request *request, const char *name)
{
    ac_pairs_remove_nocase(&request->headers, ac_str_c(name));
}

static ac_request unsigned_request(ac_arena *arena, const golden *vector)
{
    ac_request request = vector->request;
    request.headers = without_added(arena, &vector->request.headers);
    ac_str query = form_without_added(arena, ac_target_query(request.target));
    request.target = ac_str_printf(arena, "%.*s%s%.*s", AC_STR_FMT(ac_target_path(request.target)),
                                   query.n > 0 ? "?" : "", AC_STR_FMT(query));
    if (contains(request.body, "SignatureNonce=")) {
        request.body = form_without_added(arena, request.body);
    }
    if (ac_str_is(ac_str_c(vector->signer->name), "acs3-hmac-sha256")) {
        remove_header(&request, "x-acs-action");
    }
    /* The old Volcengine client does not sign Host; ours does where there is one. */
    if (contains(ac_header(&vector->request.headers, "authorization"), "SignedHeaders=x-")) {
        remove_header(&request, "host");
    }
    return request;
}

/* Action and version as the client gave them: a header, or a parameter of query or form. */
static ac_str operation_part(ac_arena *arena, const ac_request *request, const char *header, const char *name)
{
    ac_pairs query;
    ac_pairs form;
    ac_str value = ac_header(&request->headers, header);
    ck_assert(ac_form_parse(arena, ac_target_query(request->target), true, SIZE_MAX, &query));
    ck_assert(ac_form_parse(arena, request->body, true, SIZE_MAX, &form));
    value = either(value, ac_pairs_value(&query, ac_str_c(name)));
    return either(value, ac_pairs_value(&form, ac_str_c(name)));
}

static void signs(ac_arena *arena, const golden *vector)
{
    if (!vector->verifiable) {
        return;
    }
    ac_sign_stages stages;
    ac_verify_report report;
    ac_sign_input input = vector->input;
    ac_request request = unsigned_request(arena, vector);
    input.action = operation_part(arena, &vector->request, "x-acs-action", "Action");
    input.version = operation_part(arena, &vector->request, "x-acs-version", "Version");
    vector->signer->sign(arena, &request, &input, &stages);
    check_stages(arena, vector, &stages);
    vector->signer->verify(arena, &request, input.credentials.access_key_secret, &report);
    ck_assert_msg(report.result == AC_VERIFY_OK, "%s: %s", name_of(arena, vector), report.why);
    ck_assert(ac_str_eq(report.stages.string_to_sign, stages.string_to_sign));
}

START_TEST(signing_gives_what_official_clients_send)
{
    each_vector(signs);
}
END_TEST

/* ---- requests of our own ---- */

static const ac_sign_input our_input = {
    .credentials = {AC_STR_INIT("ourKeyId"), {AC_STR_INIT("ourSecret")}, {{NULL, 0}}},
    .now_ms = 1768465845000,
    .nonce = AC_STR_INIT("n-1"),
    .action = AC_STR_INIT("Act"),
    .version = AC_STR_INIT("2020-01-01"),
    .region = AC_STR_INIT("cn-here"),
    .service = AC_STR_INIT("thing"),
};

static ac_request our_request(ac_arena *arena, const char *method, const char *target, const char *type,
                              const char *body)
{
    ac_request request = {ac_str_c(method), ac_str_c(target), {0}, ac_str_c(body)};
    ac_pairs_add(arena, &request.headers, AC_STR("Host"), AC_STR("api.test"));
    if (type) {
        ac_pairs_add(arena, &request.headers, AC_STR("Content-Type"), ac_str_c(type));
    }
    return request;
}

static ac_sign_stages sign_ours(ac_arena *arena, const char *signer, ac_request *request)
{
    ac_sign_stages stages;
    ac_signer_find(ac_str_c(signer))->sign(arena, request, &our_input, &stages);
    return stages;
}

static ac_verify_result verify_ours(ac_arena *arena, const char *signer, const ac_request *request)
{
    ac_verify_report report;
    ac_signer_find(ac_str_c(signer))
        ->verify(arena, request, our_input.credentials.access_key_secret, &report);
    ck_assert_ptr_nonnull(report.why);
    return report.result;
}

#define FORM "application/x-www-form-urlencoded"

/* One way to spoil a request that is signed well. */
typedef enum edit {
    IN_TARGET, /* part becomes with */
    IN_BODY,
    IN_HEADER, /* in the header at */
    DROP,      /* the header at */
    ADD,       /* a header at: with */
    WRONG_SECRET
} edit;

typedef struct negative {
    const char *what;
    ac_verify_result result;
    edit edit;
    const char *at, *part, *with;
} negative;

typedef struct negatives {
    const char *signer;
    const char *method, *target, *type, *body;
    const negative *rows; /* what NULL at the end */
} negatives;

static ac_str replaced(ac_arena *arena, ac_str text, const negative *row)
{
    ck_assert_msg(contains(text, row->part), "%s: \"%.*s\" has no \"%s\"", row->what, AC_STR_FMT(text),
                  row->part);
    return ac_str_replace(arena, text, ac_str_c(row->part), ac_str_c(row->with));
}

static void spoil(ac_arena *arena, ac_request *request, const negative *row)
{
    ac_str value;
    switch (row->edit) {
    case IN_TARGET:
        request->target = replaced(arena, request->target, row);
        break;
    case IN_BODY:
        request->body = replaced(arena, request->body, row);
        break;
    case IN_HEADER:
        value = replaced(arena, ac_header(&request->headers, row->at), row);
        remove_header(request, row->at);
        ac_pairs_add(arena, &request->headers, ac_str_c(row->at), value);
        break;
    case DROP:
        remove_header(request, row->at);
        break;
    case ADD:
        ac_pairs_add(arena, &request->headers, ac_str_c(row->at), ac_str_c(row->with));
        break;
    case WRONG_SECRET:
        break;
    }
}

static void check_negative(ac_arena *arena, const negatives *table, const negative *row)
{
    ac_verify_report report;
    const ac_signer *signer = ac_signer_find(ac_str_c(table->signer));
    ac_request request = our_request(arena, table->method, table->target, table->type, table->body);
    sign_ours(arena, table->signer, &request);
    ck_assert_int_eq(verify_ours(arena, table->signer, &request), AC_VERIFY_OK);
    spoil(arena, &request, row);
    ac_str secret = row->edit == WRONG_SECRET ? AC_STR("theirSecret") : AC_STR("ourSecret");
    signer->verify(arena, &request, ac_secret_of(secret), &report);
    ck_assert_msg(report.result == row->result, "%s, %s: %s", table->signer, row->what, report.why);
}

static const negative acs3_rows[] = {
    {"wrong key", AC_VERIFY_MISMATCH, WRONG_SECRET, NULL, NULL, NULL},
    {"altered parameter", AC_VERIFY_MISMATCH, IN_TARGET, NULL, "A=1", "A=2"},
    {"further parameter", AC_VERIFY_MISMATCH, IN_TARGET, NULL, "A=1", "A=1&C=3"},
    {"altered path", AC_VERIFY_MISMATCH, IN_TARGET, NULL, "/p/q", "/p/r"},
    {"altered method of encoding is the same request", AC_VERIFY_OK, IN_TARGET, NULL, "A=1", "%41=%31"},
    {"altered body", AC_VERIFY_BODY_MISMATCH, IN_BODY, NULL, "1", "2"},
    {"altered digest", AC_VERIFY_BODY_MISMATCH, IN_HEADER, "x-acs-content-sha256", "a", "b"},
    {"altered action", AC_VERIFY_MISMATCH, IN_HEADER, "x-acs-action", "Act", "Other"},
    {"altered host", AC_VERIFY_MISMATCH, IN_HEADER, "Host", "api", "ipa"},
    {"altered content type", AC_VERIFY_MISMATCH, IN_HEADER, "Content-Type", "json", "xml"},
    {"removed signed header", AC_VERIFY_MISMATCH, DROP, "x-acs-signature-nonce", NULL, NULL},
    {"repeated signed header", AC_VERIFY_MISMATCH, ADD, "X-Acs-Action", NULL, "Act"},
    {"unsigned nonce", AC_VERIFY_INCOMPLETE, IN_HEADER, "Authorization", "x-acs-signature-nonce;", ""},
    {"unsigned host", AC_VERIFY_INCOMPLETE, IN_HEADER, "Authorization", ";host", ""},
    {"unsigned action", AC_VERIFY_INCOMPLETE, IN_HEADER, "Authorization", "x-acs-action;", ""},
    {"altered date", AC_VERIFY_MISMATCH, IN_HEADER, "x-acs-date", "45Z", "46Z"},
    {"bad date", AC_VERIFY_BAD_DATE, IN_HEADER, "x-acs-date", "2026-01", "2026-13"},
    {"removed date", AC_VERIFY_BAD_DATE, DROP, "x-acs-date", NULL, NULL},
    {"repeated date", AC_VERIFY_BAD_DATE, ADD, "x-acs-date", NULL, "2026-01-15T08:30:45Z"},
    {"missing signature", AC_VERIFY_NO_SIGNATURE, DROP, "Authorization", NULL, NULL},
    {"other scheme", AC_VERIFY_NO_SIGNATURE, IN_HEADER, "Authorization", "ACS3-HMAC-SHA256", "Bearer"},
    {"missing access key id", AC_VERIFY_NO_ACCESS_KEY, IN_HEADER, "Authorization", "ourKeyId", ""},
    {"missing credential", AC_VERIFY_NO_ACCESS_KEY, IN_HEADER, "Authorization", "Credential=ourKeyId,", ""},
    {"no signature in it", AC_VERIFY_MALFORMED, IN_HEADER, "Authorization", ",Signature=", ",Signature"},
    {"unknown part", AC_VERIFY_MALFORMED, IN_HEADER, "Authorization", "Signature=", "Sign="},
    {"repeated part", AC_VERIFY_MALFORMED, IN_HEADER, "Authorization", ",SignedH", ",Credential=x,SignedH"},
    {"no signed headers", AC_VERIFY_MALFORMED, IN_HEADER, "Authorization", "SignedHeaders=", "X="},
    {"repeated authorization", AC_VERIFY_MALFORMED, ADD, "authorization", NULL, "Bearer x"},
    {"cut signature", AC_VERIFY_MISMATCH, IN_HEADER, "Authorization", "Signature=", "Signature=0"},
    {NULL, AC_VERIFY_OK, DROP, NULL, NULL, NULL},
};

static const negative rpc_rows[] = {
    {"wrong key", AC_VERIFY_MISMATCH, WRONG_SECRET, NULL, NULL, NULL},
    {"altered parameter", AC_VERIFY_MISMATCH, IN_TARGET, NULL, "A=1", "A=2"},
    {"altered action", AC_VERIFY_MISMATCH, IN_BODY, NULL, "Action=Act", "Action=Other"},
    {"altered form", AC_VERIFY_MISMATCH, IN_BODY, NULL, "B=2", "B=3"},
    {"removed parameter", AC_VERIFY_MISMATCH, IN_BODY, NULL, "B=2&", ""},
    {"repeated parameter", AC_VERIFY_MISMATCH, IN_BODY, NULL, "B=2", "B=2&B=2"},
    {"moved parameter is the same request", AC_VERIFY_OK, IN_TARGET, NULL, "A=1", "A=1&"},
    {"form that is not one", AC_VERIFY_NO_SIGNATURE, IN_HEADER, "Content-Type", "x-www-form", "json"},
    {"missing signature", AC_VERIFY_NO_SIGNATURE, IN_BODY, NULL, "&Signature=", "&S="},
    {"empty signature", AC_VERIFY_NO_SIGNATURE, IN_BODY, NULL, "&Signature=", "&Signature=&S="},
    {"missing access key id", AC_VERIFY_NO_ACCESS_KEY, IN_BODY, NULL, "AccessKeyId=", "Id="},
    {"empty access key id", AC_VERIFY_NO_ACCESS_KEY, IN_BODY, NULL, "ourKeyId", ""},
    {"other method", AC_VERIFY_MALFORMED, IN_BODY, NULL, "HMAC-SHA1", "HMAC-SHA256"},
    {"other version", AC_VERIFY_MALFORMED, IN_BODY, NULL, "SignatureVersion=1.0", "SignatureVersion=2.0"},
    {"two signatures", AC_VERIFY_MALFORMED, IN_TARGET, NULL, "A=1", "A=1&Signature=x"},
    {"two access key ids", AC_VERIFY_MALFORMED, IN_TARGET, NULL, "A=1", "A=1&AccessKeyId=x"},
    {"missing method", AC_VERIFY_INCOMPLETE, IN_BODY, NULL, "SignatureMethod", "M"},
    {"missing version", AC_VERIFY_INCOMPLETE, IN_BODY, NULL, "SignatureVersion", "V"},
    {"missing nonce", AC_VERIFY_INCOMPLETE, IN_BODY, NULL, "SignatureNonce", "N"},
    {"missing date", AC_VERIFY_BAD_DATE, IN_BODY, NULL, "Timestamp", "T"},
    {"bad date", AC_VERIFY_BAD_DATE, IN_BODY, NULL, "2026-01-15", "15.1.2026"},
    {"altered date", AC_VERIFY_MISMATCH, IN_BODY, NULL, "45Z", "46Z"},
    {NULL, AC_VERIFY_OK, DROP, NULL, NULL, NULL},
};

static const negative roa_rows[] = {
    {"wrong key", AC_VERIFY_MISMATCH, WRONG_SECRET, NULL, NULL, NULL},
    {"altered parameter", AC_VERIFY_MISMATCH, IN_TARGET, NULL, "A=1", "A=2"},
    {"altered path", AC_VERIFY_MISMATCH, IN_TARGET, NULL, "/p/q", "/p/r"},
    {"path encoded otherwise", AC_VERIFY_MISMATCH, IN_TARGET, NULL, "/p/q", "/p/%71"},
    {"altered content type", AC_VERIFY_MISMATCH, IN_HEADER, "Content-Type", "json", "xml"},
    {"altered accept", AC_VERIFY_MISMATCH, IN_HEADER, "Accept", "json", "xml"},
    {"altered version", AC_VERIFY_MISMATCH, IN_HEADER, "x-acs-version", "2020", "2021"},
    {"further x-acs header", AC_VERIFY_MISMATCH, ADD, "x-acs-more", NULL, "1"},
    {"repeated signed header", AC_VERIFY_MISMATCH, ADD, "X-Acs-Version", NULL, "2020-01-01"},
    {"other digest of the body", AC_VERIFY_BODY_MISMATCH, ADD, "Content-MD5", NULL,
     "1B2M2Y8AsgTpgAmY7PhCfg=="},
    {"missing nonce", AC_VERIFY_INCOMPLETE, DROP, "x-acs-signature-nonce", NULL, NULL},
    {"missing method", AC_VERIFY_INCOMPLETE, DROP, "x-acs-signature-method", NULL, NULL},
    {"missing signature version", AC_VERIFY_INCOMPLETE, DROP, "x-acs-signature-version", NULL, NULL},
    {"other method", AC_VERIFY_MALFORMED, IN_HEADER, "x-acs-signature-method", "SHA1", "SHA256"},
    {"bad date", AC_VERIFY_BAD_DATE, IN_HEADER, "Date", "Jan", "Jnuary"},
    {"missing date", AC_VERIFY_BAD_DATE, DROP, "Date", NULL, NULL},
    {"repeated date", AC_VERIFY_BAD_DATE, ADD, "Date", NULL, "Thu, 15 Jan 2026 08:30:45 GMT"},
    {"altered date", AC_VERIFY_MISMATCH, IN_HEADER, "Date", "45 GMT", "46 GMT"},
    {"missing authorization", AC_VERIFY_NO_SIGNATURE, DROP, "Authorization", NULL, NULL},
    {"missing signature", AC_VERIFY_MALFORMED, IN_HEADER, "Authorization", ":", ""},
    {"missing access key id", AC_VERIFY_NO_ACCESS_KEY, IN_HEADER, "Authorization", "ourKeyId", ""},
    {"repeated authorization", AC_VERIFY_MALFORMED, ADD, "authorization", NULL, "acs ourKeyId:x"},
    {NULL, AC_VERIFY_OK, DROP, NULL, NULL, NULL},
};

static const negative volc_rows[] = {
    {"wrong key", AC_VERIFY_MISMATCH, WRONG_SECRET, NULL, NULL, NULL},
    {"altered parameter", AC_VERIFY_MISMATCH, IN_TARGET, NULL, "A=1", "A=2"},
    {"altered name", AC_VERIFY_MISMATCH, IN_TARGET, NULL, "A=1", "a=1"},
    {"repeated parameter", AC_VERIFY_MISMATCH, IN_TARGET, NULL, "A=1", "A=1&A=1"},
    {"altered path", AC_VERIFY_MISMATCH, IN_TARGET, NULL, "/p/q", "/p/r"},
    {"path encoded otherwise is the same request", AC_VERIFY_OK, IN_TARGET, NULL, "/p/q", "/p/%71"},
    {"altered body", AC_VERIFY_BODY_MISMATCH, IN_BODY, NULL, "1", "2"},
    {"altered host", AC_VERIFY_MISMATCH, IN_HEADER, "Host", "api", "ipa"},
    {"white space in a value is the same request", AC_VERIFY_OK, IN_HEADER, "Host", "api.test",
     " api.test  "},
    {"removed digest", AC_VERIFY_MISMATCH, DROP, "x-content-sha256", NULL, NULL},
    {"repeated host", AC_VERIFY_MISMATCH, ADD, "host", NULL, "api.test"},
    {"wrong region", AC_VERIFY_MISMATCH, IN_HEADER, "Authorization", "cn-here", "cn-there"},
    {"wrong service", AC_VERIFY_MISMATCH, IN_HEADER, "Authorization", "/thing/", "/other/"},
    {"wrong terminator", AC_VERIFY_MALFORMED, IN_HEADER, "Authorization", "/request", "/aws4_request"},
    {"wrong day", AC_VERIFY_MALFORMED, IN_HEADER, "Authorization", "20260115", "20260116"},
    {"short scope", AC_VERIFY_MALFORMED, IN_HEADER, "Authorization", "/cn-here", ""},
    {"long scope", AC_VERIFY_MALFORMED, IN_HEADER, "Authorization", "/request", "/request/x"},
    {"unsigned date", AC_VERIFY_INCOMPLETE, IN_HEADER, "Authorization", ";x-date", ""},
    {"bad date", AC_VERIFY_BAD_DATE, IN_HEADER, "x-date", "T", " "},
    {"missing date", AC_VERIFY_BAD_DATE, DROP, "x-date", NULL, NULL},
    {"altered time", AC_VERIFY_MISMATCH, IN_HEADER, "x-date", "45Z", "46Z"},
    {"missing signature", AC_VERIFY_NO_SIGNATURE, DROP, "Authorization", NULL, NULL},
    {"no signature in it", AC_VERIFY_MALFORMED, IN_HEADER, "Authorization", "Signature=", ""},
    {"missing access key id", AC_VERIFY_NO_ACCESS_KEY, IN_HEADER, "Authorization", "ourKeyId", ""},
    {"missing credential", AC_VERIFY_NO_ACCESS_KEY, IN_HEADER, "Authorization",
     "Credential=ourKeyId/20260115/cn-here/thing/request,", ""},
    {"repeated authorization", AC_VERIFY_MALFORMED, ADD, "authorization", NULL, "HMAC-SHA256 x"},
    {NULL, AC_VERIFY_OK, DROP, NULL, NULL, NULL},
};

static const negatives negative_tables[] = {
    {"acs3-hmac-sha256", "POST", "/p/q?A=1&B=2", "application/json", "{\"x\":1}", acs3_rows},
    {"acs-rpc-hmac-sha1", "POST", "/?A=1", FORM, "B=2&C=", rpc_rows},
    {"acs-roa-hmac-sha1", "POST", "/p/q?B=2&A=1", "application/json", "{\"x\":1}", roa_rows},
    {"volc-hmac-sha256", "POST", "/p/q?A=1", "application/json", "{\"x\":1}", volc_rows},
};

START_TEST(altered_requests_are_told_apart)
{
    for (size_t t = 0; t < AC_COUNT(negative_tables); t++) {
        for (const negative *row = negative_tables[t].rows; row->what; row++) {
            check_negative(ac_test_arena(), &negative_tables[t], row);
        }
    }
}
END_TEST

/* ---- what signing leaves behind ---- */

START_TEST(signers_are_found_by_name)
{
    static const char *const names[] = {"acs3-hmac-sha256", "acs-roa-hmac-sha1", "volc-hmac-sha256",
                                        "acs-rpc-hmac-sha1"};
    for (size_t i = 0; i < AC_COUNT(names); i++) {
        const ac_signer *signer = ac_signer_find(ac_str_c(names[i]));
        ck_assert_ptr_eq(signer, ac_signer_at(i));
        ck_assert_str_eq(signer->name, names[i]);
        ck_assert_int_eq(signer->needs_nonce, strcmp(names[i], "volc-hmac-sha256") != 0);
    }
    ck_assert_ptr_null(ac_signer_at(AC_COUNT(names)));
    ck_assert_ptr_null(ac_signer_find(AC_STR("acs3")));
}
END_TEST

START_TEST(unsigned_requests_belong_to_no_signer)
{
    ac_arena *arena = ac_test_arena();
    ac_request request = our_request(arena, "POST", "/?Action=X&AccessKeyId=1", FORM, "Timestamp=1");
    ck_assert_ptr_null(ac_signer_of(&request));
    for (size_t i = 0; ac_signer_at(i); i++) {
        ac_sign_claim claim;
        ck_assert_int_eq(ac_signer_at(i)->claim(arena, &request, &claim), AC_VERIFY_NO_SIGNATURE);
    }
}
END_TEST

START_TEST(results_have_names)
{
    ck_assert_str_eq(ac_verify_result_name(AC_VERIFY_OK), "ok");
    ck_assert_str_eq(ac_verify_result_name(AC_VERIFY_BODY_MISMATCH), "body-mismatch");
    ck_assert_str_eq(ac_verify_result_name(AC_VERIFY_MISMATCH), "mismatch");
}
END_TEST

START_TEST(rpc_parameters_go_to_the_query)
{
    static const char *const methods[] = {"GET", "POST"};
    const char *before = "/?B=*&A=&Action=Act&Version=2020-01-01&Format=JSON&AccessKeyId=ourKeyId&"
                         "SignatureMethod=HMAC-SHA1&SignatureNonce=n-1&SignatureVersion=1.0&"
                         "Timestamp=2026-01-15T08%3A30%3A45Z&Signature=";
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(methods); i++) {
        ac_request request = our_request(arena, methods[i], "/?B=*&A=", "application/json", "");
        ac_sign_stages stages = sign_ours(arena, "acs-rpc-hmac-sha1", &request);
        ac_str signature = ac_percent_encoded(arena, stages.signature);
        ac_str expected = ac_str_printf(arena, "%s%.*s", before, AC_STR_FMT(signature));
        ck_assert_ac_str(request.target, ac_str_z(arena, expected));
        ck_assert_uint_eq(request.body.n, 0);
    }
}
END_TEST

START_TEST(rpc_parameters_go_to_a_form)
{
    ac_arena *arena = ac_test_arena();
    ac_request request = our_request(arena, "POST", "/?Q=1", FORM "; charset=utf-8", "B=2&Format=XML");
    ac_pairs_add(arena, &request.headers, AC_STR("content-length"), AC_STR("14"));
    sign_ours(arena, "acs-rpc-hmac-sha1", &request);
    ck_assert_ac_str(request.target, "/?Q=1");
    ck_assert(
        ac_str_starts(request.body, AC_STR("B=2&Format=XML&Action=Act&Version=2020-01-01&AccessKeyId=")));
    ck_assert_ac_str(ac_header(&request.headers, "Content-Length"),
                     ac_str_z(arena, ac_str_printf(arena, "%zu", request.body.n)));
    ck_assert_int_eq(verify_ours(arena, "acs-rpc-hmac-sha1", &request), AC_VERIFY_OK);
}
END_TEST

START_TEST(volcengine_operation_is_added_once)
{
    ac_arena *arena = ac_test_arena();
    static const char *const rows[][2] = {
        {"/", "/?Action=Act&Version=2020-01-01"},
        {"", "/?Action=Act&Version=2020-01-01"},
        {"/?Version=1&B=2", "/?Version=1&B=2&Action=Act"},
        {"/?Action=X&Version=1", "/?Action=X&Version=1"},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_request request = our_request(arena, "GET", rows[i][0], NULL, "");
        sign_ours(arena, "volc-hmac-sha256", &request);
        ck_assert_ac_str(request.target, rows[i][1]);
        ck_assert_ptr_null(ac_header(&request.headers, "x-content-sha256").p);
        ck_assert_int_eq(verify_ours(arena, "volc-hmac-sha256", &request), AC_VERIFY_OK);
    }
}
END_TEST

START_TEST(roa_adds_accept_but_no_action)
{
    ac_arena *arena = ac_test_arena();
    ac_request request = our_request(arena, "GET", "/p", NULL, "");
    sign_ours(arena, "acs-roa-hmac-sha1", &request);
    ck_assert_ac_str(ac_header(&request.headers, "accept"), "application/json");
    ck_assert_ac_str(ac_header(&request.headers, "date"), "Thu, 15 Jan 2026 08:30:45 GMT");
    ck_assert_ptr_null(ac_header(&request.headers, "x-acs-action").p);
}
END_TEST

/* A proxy signs what a client has signed: nothing of the first signature, nor of its token, stays. */
START_TEST(signing_again_replaces_a_signature)
{
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; ac_signer_at(i); i++) {
        ac_sign_stages stages;
        ac_request first = our_request(arena, "POST", "/?A=1", FORM, "B=2");
        sign_ours(arena, ac_signer_at(i)->name, &first);
        ac_request second = our_request(arena, "POST", "/?A=1", FORM, "B=2");
        ac_sign_input other = our_input;
        other.credentials = (ac_credentials){AC_STR("theirKeyId"), ac_secret_of(AC_STR("theirs")),
                                             ac_secret_of(AC_STR("token"))};
        other.nonce = AC_STR("n-2");
        other.now_ms += 5000;
        ac_signer_at(i)->sign(arena, &second, &other, &stages);
        ac_sign_stages again = sign_ours(arena, ac_signer_at(i)->name, &second);
        ck_assert_int_eq(verify_ours(arena, ac_signer_at(i)->name, &second), AC_VERIFY_OK);
        ck_assert(!ac_str_eq(again.signature, stages.signature));
        ck_assert_uint_eq(second.headers.count, first.headers.count);
        ck_assert_uint_eq(second.target.n, first.target.n);
        ck_assert_uint_eq(second.body.n, first.body.n);
    }
}
END_TEST

START_TEST(secrets_are_in_no_stage)
{
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; ac_signer_at(i); i++) {
        ac_request request = our_request(arena, "POST", "/?A=1", FORM, "B=2");
        ac_sign_stages stages = sign_ours(arena, ac_signer_at(i)->name, &request);
        const ac_str texts[] = {stages.canonical_request, stages.string_to_sign, stages.signature,
                                stages.authorization,     request.target,        request.body};
        for (size_t t = 0; t < AC_COUNT(texts); t++) {
            ck_assert(!contains(texts[t], "ourSecret"));
        }
    }
}
END_TEST

/* ---- canonical forms ---- */

static const struct {
    const char *signer, *target, *query;
} queries[] = {
    {"acs3-hmac-sha256", "/?b=1&a=2&B=3&_=4&a.1=5&a-b=6", "\nB=3&_=4&a=2&a-b=6&a.1=5&b=1\n"},
    {"acs3-hmac-sha256", "/?T.2=c&T.10=b&T.1=a", "\nT.1=a&T.10=b&T.2=c\n"},
    {"acs3-hmac-sha256", "/?%EF%BF%A5=1&%F0%9F%98%80=2&%E4%B8%AD=3&z=4",
     "\nz=4&\xE4\xB8\xAD=3&\xF0\x9F\x98\x80=2&\xEF\xBF\xA5=1\n"},
    {"acs3-hmac-sha256", "/?k%201=a+b&e=&f", "\ne=&f=&k 1=a%20b\n"},
    {"acs3-hmac-sha256", "/?v=!'()*~-_.%7e%2f", "\nv=%21%27%28%29%2A~-_.~%2F\n"},
    {"acs3-hmac-sha256", "/?a=%FF%zz%4&&=x", "\n=x&a=%FF%25zz%254\n"},
    {"volc-hmac-sha256",
     "/?Action=&Version=&A=b&A=~&A=%C3%A9&A=-&A=0&A=", "\nA=&A=%C3%A9&A=-&A=0&A=b&A=~&Action=&"},
    {"volc-hmac-sha256", "/?Action=&Version=&k%201=a+b", "&k%201=a%20b\n"},
    {"acs-rpc-hmac-sha1", "/?k%201=a+b&Z=", "&Z=&k%201=a%20b"},
};

START_TEST(parameters_are_in_canonical_order_and_form)
{
    for (size_t i = 0; i < AC_COUNT(queries); i++) {
        ac_request request = our_request(ac_test_arena(), "GET", queries[i].target, NULL, "");
        ac_sign_stages stages = sign_ours(ac_test_arena(), queries[i].signer, &request);
        ck_assert_msg(contains(stages.canonical_request, queries[i].query), "%s: \"%.*s\"", queries[i].target,
                      AC_STR_FMT(stages.canonical_request));
    }
}
END_TEST

static const struct {
    const char *signer, *target, *path;
} canonical_paths[] = {
    {"acs3-hmac-sha256", "", "GET\n/\n"},
    {"acs3-hmac-sha256", "?A=1", "GET\n/\n"},
    {"acs3-hmac-sha256", "/a+b*c%7Ed%27e(f)!%2A%20", "GET\n/a%20b%2Ac~d'e(f)!%2A%20\n"},
    {"acs3-hmac-sha256", "/%7e%", "GET\n/%7e%\n"},
    {"volc-hmac-sha256", "", "GET\n/\n"},
    {"volc-hmac-sha256", "/a*b/c%2Fd//e%20f%7E/", "GET\n/a%2Ab/c%2Fd//e%20f~/\n"},
};

START_TEST(paths_are_in_canonical_form)
{
    for (size_t i = 0; i < AC_COUNT(canonical_paths); i++) {
        ac_request request = our_request(ac_test_arena(), "GET", canonical_paths[i].target, NULL, "");
        ac_sign_stages stages = sign_ours(ac_test_arena(), canonical_paths[i].signer, &request);
        ck_assert_msg(ac_str_starts(stages.canonical_request, ac_str_c(canonical_paths[i].path)),
                      "%s: \"%.*s\"", canonical_paths[i].target, AC_STR_FMT(stages.canonical_request));
    }
}
END_TEST

START_TEST(roa_resource_is_decoded_and_sorted)
{
    ac_request request = our_request(ac_test_arena(), "GET", "/a%2Ab?z=%26%20%3D&e&a=%E4%B8%AD", NULL, "");
    ac_sign_stages stages = sign_ours(ac_test_arena(), "acs-roa-hmac-sha1", &request);
    ck_assert(ac_str_ends(stages.string_to_sign, AC_STR("\n/a%2Ab?a=\xE4\xB8\xAD&e=&z=& =")));
    request.target = AC_STR("/a?");
    stages = sign_ours(ac_test_arena(), "acs-roa-hmac-sha1", &request);
    ck_assert(ac_str_ends(stages.string_to_sign, AC_STR("\n/a")));
}
END_TEST

START_TEST(header_values_are_in_canonical_form)
{
    ac_arena *arena = ac_test_arena();
    ac_request request = our_request(arena, "GET", "/", NULL, "");
    ac_pairs_add(arena, &request.headers, AC_STR("X-Acs-Note"), AC_STR(" b \t  c\t"));
    ac_pairs_add(arena, &request.headers, AC_STR("x-acs-note"), AC_STR("a"));
    ac_pairs_add(arena, &request.headers, AC_STR("X-ACS-Empty"), (ac_str){NULL, 0});
    ac_sign_stages stages = sign_ours(arena, "acs3-hmac-sha256", &request);
    ck_assert(contains(stages.canonical_request, "\nx-acs-note:a,b \t  c\n"));
    ck_assert(contains(stages.canonical_request, "\nx-acs-empty:\n"));
    ck_assert(contains(stages.authorization, "x-acs-empty;x-acs-note;x-acs-signature-nonce;x-acs-version,"));
    stages = sign_ours(arena, "acs-roa-hmac-sha1", &request);
    ck_assert(contains(stages.string_to_sign, "\nx-acs-note:a,b    c\n"));
    ac_pairs_add(arena, &request.headers, AC_STR("x-security-token"), AC_STR(""));
    request.headers.items[0].value = AC_STR("\t a \r\n b\f ");
    stages = sign_ours(arena, "volc-hmac-sha256", &request);
    ck_assert(contains(stages.canonical_request, "\nhost:a b\nx-date:"));
}
END_TEST

/* ---- requests in other shapes ---- */

START_TEST(requests_without_an_action_need_not_sign_it)
{
    ac_arena *arena = ac_test_arena();
    ac_sign_stages stages;
    ac_sign_input input = our_input;
    input.action = (ac_str){NULL, 0};
    ac_request request = our_request(arena, "GET", "/p", NULL, "");
    ac_signer_find(AC_STR("acs3-hmac-sha256"))->sign(arena, &request, &input, &stages);
    ck_assert(!contains(stages.authorization, "x-acs-action"));
    ck_assert_int_eq(verify_ours(arena, "acs3-hmac-sha256", &request), AC_VERIFY_OK);
}
END_TEST

START_TEST(action_of_the_request_stays)
{
    ac_arena *arena = ac_test_arena();
    ac_request request = our_request(arena, "GET", "/", NULL, "");
    ac_pairs_add(arena, &request.headers, AC_STR("X-Acs-Action"), AC_STR("Mine"));
    sign_ours(arena, "acs3-hmac-sha256", &request);
    ck_assert_ac_str(ac_header(&request.headers, "x-acs-action"), "Mine");
    ck_assert_ac_str(ac_header(&request.headers, "x-acs-version"), "2020-01-01");
}
END_TEST

START_TEST(spaces_between_the_parts_of_an_authorization_do_not_matter)
{
    ac_arena *arena = ac_test_arena();
    ac_request request = our_request(arena, "GET", "/", NULL, "");
    ac_sign_stages stages = sign_ours(arena, "acs3-hmac-sha256", &request);
    remove_header(&request, "authorization");
    ac_pairs_add(arena, &request.headers, AC_STR("AUTHORIZATION"),
                 ac_str_replace(arena, stages.authorization, AC_STR(","), AC_STR(" ,  ")));
    ck_assert_int_eq(verify_ours(arena, "acs3-hmac-sha256", &request), AC_VERIFY_OK);
}
END_TEST

static void sign_as_verifier_asks(ac_arena *arena, ac_request *request)
{
    ac_verify_report report;
    ac_signer_find(AC_STR("acs-roa-hmac-sha1"))
        ->verify(arena, request, our_input.credentials.access_key_secret, &report);
    ck_assert_int_eq(report.result, AC_VERIFY_MISMATCH);
    remove_header(request, "authorization");
    ac_pairs_add(arena, &request->headers, AC_STR("Authorization"), report.stages.authorization);
}

START_TEST(roa_date_may_be_in_x_acs_date)
{
    ac_arena *arena = ac_test_arena();
    static const char *const dates[] = {"Thu, 15 Jan 2026 08:30:45 GMT", "2026-01-15T08:30:45Z"};
    for (size_t i = 0; i < AC_COUNT(dates); i++) {
        ac_sign_claim claim;
        ac_request request = our_request(arena, "GET", "/p", NULL, "");
        sign_ours(arena, "acs-roa-hmac-sha1", &request);
        remove_header(&request, "date");
        ac_pairs_add(arena, &request.headers, AC_STR("x-acs-date"), ac_str_c(dates[i]));
        sign_as_verifier_asks(arena, &request);
        ck_assert_int_eq(verify_ours(arena, "acs-roa-hmac-sha1", &request), AC_VERIFY_OK);
        ac_signer_find(AC_STR("acs-roa-hmac-sha1"))->claim(arena, &request, &claim);
        ck_assert_int_eq(claim.date_ms, clock_ms);
    }
}
END_TEST

/* ---- hostile requests ---- */

START_TEST(nonsense_is_refused)
{
    static const char *const lines[] = {
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SHA256 ",
        "ACS3-HMAC-SHA256 ,,,",
        "ACS3-HMAC-SHA256 =",
        "ACS3-HMAC-SHA256 Credential,SignedHeaders,Signature",
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=,Signature=b",
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=;;;,Signature=b",
        "HMAC-SHA256",
        "HMAC-SHA256 Credential=////,SignedHeaders=x-date,Signature=b",
        "HMAC-SHA256 Credential=a/b/c/d/request,SignedHeaders=x-date,Signature=b",
        "acs",
        "acs :",
        "acs a",
        "acs a:",
        "acs\ta:b",
    };
    ac_arena *arena = ac_test_arena();
    for (size_t l = 0; l < AC_COUNT(lines); l++) {
        ac_request request = our_request(arena, "GET", "/?Signature=&SignatureMethod&%", NULL, "");
        ac_pairs_add(arena, &request.headers, AC_STR("Authorization"), ac_str_c(lines[l]));
        for (size_t i = 0; ac_signer_at(i); i++) {
            ck_assert_int_ne(verify_ours(arena, ac_signer_at(i)->name, &request), AC_VERIFY_OK);
        }
    }
}
END_TEST

static ac_str repeated(ac_arena *arena, const char *text, size_t count)
{
    ac_buf buf;
    ac_buf_init(&buf, SIZE_MAX / 4);
    for (size_t i = 0; i < count; i++) {
        ac_buf_add_c(&buf, text);
    }
    return ac_buf_take(&buf, arena);
}

START_TEST(floods_are_refused)
{
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; ac_signer_at(i); i++) {
        ac_request request = our_request(arena, "GET", "/", NULL, "");
        sign_ours(arena, ac_signer_at(i)->name, &request);
        request.target = ac_str_printf(arena, "%.*s?%.*s", AC_STR_FMT(request.target),
                                       AC_STR_FMT(repeated(arena, "&a=1", 100000)));
        ck_assert_int_eq(verify_ours(arena, ac_signer_at(i)->name, &request), AC_VERIFY_MALFORMED);
    }
    ac_request request = our_request(arena, "GET", "/", NULL, "");
    ac_str names = repeated(arena, "host;", 1000);
    ac_pairs_add(arena, &request.headers, AC_STR("Authorization"),
                 ac_str_printf(arena, "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=%.*s,Signature=b",
                               AC_STR_FMT(names)));
    ck_assert_int_eq(verify_ours(arena, "acs3-hmac-sha256", &request), AC_VERIFY_MALFORMED);
}
END_TEST

START_TEST(large_requests_of_our_own_are_signed_whole)
{
    ac_arena *arena = ac_test_arena();
    ac_request request = our_request(arena, "GET", "/?z=1", NULL, "");
    request.target = ac_str_printf(arena, "%.*s%.*s&last=1", AC_STR_FMT(request.target),
                                   AC_STR_FMT(repeated(arena, "&a=1", 20000)));
    ac_sign_stages stages = sign_ours(arena, "acs3-hmac-sha256", &request);
    ck_assert(contains(stages.canonical_request, "&a=1&last=1&z=1\n"));
}
END_TEST

AC_TEST_MAIN("sign", requests_of_official_clients_verify, claims_are_read_without_the_secret,
             signing_gives_what_official_clients_send, altered_requests_are_told_apart,
             signers_are_found_by_name, unsigned_requests_belong_to_no_signer, results_have_names,
             rpc_parameters_go_to_the_query, rpc_parameters_go_to_a_form, volcengine_operation_is_added_once,
             roa_adds_accept_but_no_action, signing_again_replaces_a_signature, secrets_are_in_no_stage,
             parameters_are_in_canonical_order_and_form, paths_are_in_canonical_form,
             roa_resource_is_decoded_and_sorted, header_values_are_in_canonical_form,
             requests_without_an_action_need_not_sign_it, action_of_the_request_stays,
             spaces_between_the_parts_of_an_authorization_do_not_matter, roa_date_may_be_in_x_acs_date,
             nonsense_is_refused, floods_are_refused, large_requests_of_our_own_are_signed_whole)
