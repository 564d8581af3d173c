/* What the client serialises is recognised again, for every operation, style and scheme. */
#include "recorder/recognise.h"

#include <string.h>

#include "case/vars.h"
#include "recorder/contradictions.h"
#include "support.h"
#include "wire/wire.h"

static ac_corpus *load(void)
{
    ac_err err = {0};
    ac_corpus *corpus = ac_corpus_load(NULL, "cases", &err);
    ck_assert_msg(corpus != NULL, "%s", err.text);
    return corpus;
}

static ac_str letters(void *context, ac_arena *arena, ac_str name)
{
    (void)context;
    return ac_str_printf(arena, "value-of-%.*s", AC_STR_FMT(name));
}

static ac_request build(ac_arena *arena, const ac_contract *contract, const ac_signer *signer, ac_str method,
                        const ac_json *params)
{
    ac_request request;
    ac_sign_stages stages;
    ac_err err = {0};
    ac_call call = {.contract = contract,
                    .params = params,
                    .method = method,
                    .signer = signer,
                    .credentials = {.access_key_id = AC_STR("AKACCORD0001"),
                                    .access_key_secret = ac_secret_of(AC_STR("accord-mock-not-a-secret"))},
                    .host = AC_STR("127.0.0.1:8085"),
                    .region = AC_STR("cn-hangzhou"),
                    .now_ms = 1768465845000,
                    .nonce = AC_STR("0123456789abcdef0123456789abcdef")};
    ck_assert_msg(ac_wire_build(arena, &call, &request, &stages, &err), "%s", err.text);
    return request;
}

static void check(ac_arena *arena, const ac_corpus *corpus, const ac_contract *contract,
                  const ac_json *params)
{
    for (size_t i = 0; i < contract->style->signers.count; i++) {
        for (size_t k = 0; k < contract->methods.count; k++) {
            const ac_signer *signer = ac_signer_find(contract->style->signers.items[i]);
            ac_request request = build(arena, contract, signer, contract->methods.items[k], params);
            ac_recognised seen;
            ac_recognise(arena, corpus, &request, &seen);
            ck_assert_msg(seen.contract == contract, "%.*s is taken for something else",
                          AC_STR_FMT(contract->operation));
            ck_assert_uint_eq(seen.undocumented.count, 0);
            ac_buf text;
            ac_buf_init(&text, 1 << 16);
            ac_json_write(&text, seen.params);
            bool body_lost = !ac_method_has_body(request.method) &&
                             ac_method_has_body(contract->methods.items[0]) &&
                             contract->style->wire == AC_WIRE_ALIBABA_ROA;
            ck_assert_msg(body_lost || ac_json_equal(seen.params, params), "%.*s: %.*s",
                          AC_STR_FMT(contract->operation), AC_STR_FMT(ac_buf_str(&text)));
            ac_buf_done(&text);
        }
    }
}

START_TEST(every_valid_request_is_recognised_with_its_parameters)
{
    ac_arena *arena = ac_test_arena();
    ac_corpus *corpus = load();
    for (size_t i = 0; i < corpus->contract_count; i++) {
        const ac_contract *contract = corpus->contracts[i];
        const ac_json *requests[] = {contract->requests.minimal, contract->requests.full};
        for (size_t k = 0; k < 2; k++) {
            if (requests[k]) {
                check(arena, corpus, contract, ac_vars_expand(arena, requests[k], letters, NULL, NULL));
            }
        }
    }
    ac_corpus_free(corpus);
}
END_TEST

static ac_recognised recognised(ac_arena *arena, const ac_corpus *corpus, const char *method,
                                const char *target)
{
    ac_request request = {ac_str_c(method), ac_str_c(target), {0}, AC_STR("")};
    ac_recognised out;
    ac_recognise(arena, corpus, &request, &out);
    return out;
}

static void check_params(const ac_recognised *seen, const char *expected)
{
    ac_buf text;
    ac_buf_init(&text, 1 << 16);
    ac_json_write(&text, seen->params);
    ck_assert_str_eq(text.p, expected);
    ac_buf_done(&text);
}

START_TEST(flattened_names_become_trees)
{
    ac_arena *arena = ac_test_arena();
    ac_corpus *corpus = load();
    ac_recognised seen =
        recognised(arena, corpus, "GET",
                   "/?Action=CreateVpcEndpoint&Version=2020-04-15&Zone.2.ZoneId=b&Zone.1.ZoneId=a"
                   "&SecurityGroupId.1=x&DryRun=true&Bogus=1&SignatureNonce=n&Timestamp=t");
    ck_assert_ac_str(seen.contract->operation, "alibaba/privatelink/2020-04-15/CreateVpcEndpoint");
    check_params(
        &seen,
        "{\"Zone\":[{\"ZoneId\":\"a\"},{\"ZoneId\":\"b\"}],\"SecurityGroupId\":[\"x\"],\"DryRun\":true,"
        "\"Bogus\":\"1\"}");
    ck_assert_uint_eq(seen.undocumented.count, 1);
    ck_assert_ac_str(seen.undocumented.items[0], "Bogus");
    seen = recognised(arena, corpus, "GET",
                      "/?Action=CreateVpcEndpoint&Version=2020-04-15&Zone.3.ZoneId=c&DryRun=maybe");
    check_params(&seen, "{\"DryRun\":\"maybe\",\"Zone.3.ZoneId\":\"c\"}");
    ck_assert_ptr_nonnull(ac_recognised_parameter(seen.contract, AC_STR("/Zone.3.ZoneId")));
    ck_assert_ac_str(ac_recognised_parameter(seen.contract, AC_STR("/Zone/0/ZoneId"))->name, "Zone.N.ZoneId");
    ck_assert_ptr_null(ac_recognised_parameter(seen.contract, AC_STR("/Zone/x/ZoneId")));
    ac_corpus_free(corpus);
}
END_TEST

START_TEST(requests_that_no_contract_speaks_of_stay_unknown)
{
    static const char *const targets[] = {"/",
                                          "/?Action=CreateVpcEndpoint",
                                          "/?Action=CreateVpcEndpoint&Version=1999-01-01",
                                          "/?Action=Nothing&Version=2020-04-15",
                                          "/openapi/other",
                                          "",
                                          "*",
                                          "/?&&=&%zz"};
    ac_arena *arena = ac_test_arena();
    ac_corpus *corpus = load();
    for (size_t i = 0; i < AC_COUNT(targets); i++) {
        ac_recognised seen = recognised(arena, corpus, "POST", targets[i]);
        ck_assert_ptr_null(seen.contract);
        ck_assert(ac_json_is(seen.params, AC_JSON_OBJECT));
    }
    ac_recognised seen = recognised(arena, corpus, "POST", "/x?a=1&Signature=s&Timestamp=t");
    check_params(&seen, "{\"a\":\"1\"}");
    ac_corpus_free(corpus);
}
END_TEST

/* ---- drift ---- */

static ac_contradictions drifts_of(ac_arena *arena, const ac_corpus *corpus, const char *target, int status,
                                   const char *body)
{
    ac_record record = {.number = 3, .base_url = AC_STR("https://h")};
    record.request = (ac_request){AC_STR("POST"), ac_str_c(target), {0}, AC_STR("")};
    record.response.status = status;
    record.response.body = ac_str_c(body);
    ac_pairs_add(arena, &record.response.headers, AC_STR("Content-Type"), AC_STR("application/json"));
    ac_contradictions out = {0};
    ac_contradictions_of(arena, corpus, &record, true, &out);
    return out;
}

#define DELETE "/?Action=DeleteVpcEndpoint&Version=2020-04-15&RegionId=cn-hangzhou&EndpointId=ep-1"

START_TEST(what_contradicts_the_contract_is_drift)
{
    static const struct {
        const char *target;
        int status;
        const char *body, *kind, *place;
    } rows[] = {
        {DELETE, 200, "{\"RequestId\":\"0ED8D006-F706-4D23-88ED-E11ED28DCAC0\"}", NULL, NULL},
        {DELETE "&Force=1", 200, "{\"RequestId\":\"0ED8D006-F706-4D23-88ED-E11ED28DCAC0\"}",
         "undocumented-parameter", "Force"},
        {"/?Action=CreateVpcEndpoint&Version=2020-04-15", 200,
         "{\"RequestId\":\"0ED8D006-F706-4D23-88ED-E11ED28DCAC0\",\"More\":1}", "undocumented-field",
         "/More"},
        {DELETE, 200, "{\"RequestId\":17}", "request-id", "/RequestId"},
        {DELETE, 400,
         "{\"RequestId\":\"0ED8D006-F706-4D23-88ED-E11ED28DCAC0\",\"HostId\":\"h\",\"Code\":\"Nobody."
         "KnowsThis\",\"Message\":\"m\"}",
         "undocumented-code", "/Code"},
        {DELETE, 200, "<html>", "not-json", ""},
        {"/?Action=Nothing&Version=2020-04-15", 200, "{}", "unknown-operation", ""},
    };
    ac_arena *arena = ac_test_arena();
    ac_corpus *corpus = load();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_contradictions found = drifts_of(arena, corpus, rows[i].target, rows[i].status, rows[i].body);
        bool seen = found.count == 0 && !rows[i].kind;
        for (size_t k = 0; k < found.count && rows[i].kind; k++) {
            seen = seen || (ac_str_is(found.items[k].kind, rows[i].kind) &&
                            ac_str_is(found.items[k].place, rows[i].place));
        }
        ck_assert_msg(
            seen, "row %zu: %zu, first %.*s at %.*s", i, found.count,
            found.count > 0 ? (int)found.items[0].kind.n : 0, found.count > 0 ? found.items[0].kind.p : "",
            found.count > 0 ? (int)found.items[0].place.n : 0, found.count > 0 ? found.items[0].place.p : "");
    }
    ac_corpus_free(corpus);
}
END_TEST

START_TEST(drift_is_one_line)
{
    ac_arena *arena = ac_test_arena();
    ac_record record = {.number = 3};
    ac_contradiction drift = {AC_STR("a/b/c/D"), AC_STR("type"),     AC_STR("/x\n"),
                              AC_STR("string"),  AC_STR("1\x1b[2J"), AC_STR("page")};
    ck_assert_ac_str(ac_contradiction_line(arena, &record, &drift),
                     "exchange 3: a/b/c/D: type /x\\n: 1\\x1B[2J, expected string (page)");
}
END_TEST

AC_TEST_MAIN("recorder_recognise", every_valid_request_is_recognised_with_its_parameters,
             flattened_names_become_trees, requests_that_no_contract_speaks_of_stay_unknown,
             what_contradicts_the_contract_is_drift, drift_is_one_line)
