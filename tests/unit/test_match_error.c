/* Answers that should be one of the documented errors: what conforms, what does not, and how it is told. */
#include "match_support.h"

#define VPC_MISSING "'VpcNotFound', 'Message': 'The specified VPC does not exist.'"

typedef struct given {
    const char *operation;
    const char *codes; /* expected, separated by spaces */
    int status;
    const char *body;
    const char *verdict;
} given;

static answer answer_to(ac_arena *arena, const given *g, ac_certainty certainty)
{
    return (answer){.operation = g->operation,
                    .body = g->body,
                    .status = g->status,
                    .expect = expect_errors(arena, g->operation, certainty, g->codes)};
}

static void check_all(const given *cases, size_t count, ac_certainty certainty)
{
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < count; i++) {
        answer a = answer_to(arena, &cases[i], certainty);
        const char *seen = verdict(arena, &a);
        ck_assert_msg(strcmp(seen, cases[i].verdict) == 0, "\"%s\" and %d %s: %s, not %s", cases[i].codes,
                      cases[i].status, cases[i].body, seen, cases[i].verdict);
    }
}

START_TEST(test_a_documented_error_conforms)
{
    static const given cases[] = {
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': " VPC_MISSING "}", "L5"},
        {CREATE_ENDPOINT, "VpcNotFound", 400,
         "{'RequestId': 'A', 'HostId': 'h', 'Recommend': 'u', 'Code': " VPC_MISSING "}", "L5"},
        {CREATE_ENDPOINT, "VpcNotFound VSwitchNotFound", 400,
         "{'RequestId': 'A', 'Code': 'VSwitchNotFound', 'Message': 'The specified VSwitch does not exist.'}",
         "L5"},
        /* placeholders of the message */
        {CREATE_ENDPOINT, "QuotaExceeded.totalEpPerVpc", 400,
         "{'RequestId': 'A', 'Code': 'QuotaExceeded.totalEpPerVpc',"
         " 'Message': 'The quota of totalEpPerVpc is exceeded, usage 10/10.'}",
         "L5"},
        /* placeholders of the code */
        {CREATE_ENDPOINT, "MissingParam.%s", 400,
         "{'RequestId': 'A', 'Code': 'MissingParam.VpcId', 'Message': 'The param of VpcId is missing.'}",
         "L5"},
        /* any of several statuses and messages */
        {CREATE_ENDPOINT, "SignatureDoesNotMatch", 403,
         "{'RequestId': 'A', 'Code': 'SignatureDoesNotMatch',"
         " 'Message': 'Specified signature is not matched with our calculation. server string to sign is:x'}",
         "L5"},
        {VOLC_CREATE, "InvalidVpc.NotFound", 404,
         "{'ResponseMetadata': {'RequestId': 'A', 'Action': 'CreateVpcEndpoint', 'Version': '2020-04-01',"
         " 'Service': 'privatelink', 'Region': 'cn-guangzhou', 'Error': {'Code': 'InvalidVpc.NotFound',"
         " 'CodeN': 7, 'Message': 'The specified vpc does not exist.'}}}",
         "L5"},
        /* a message that the documentation leaves out is not judged */
        {"volcengine/privatelink/2020-04-01/DeleteVpcEndpoint", "InvalidEndpoint.NotFound", 404,
         "{'ResponseMetadata': {'RequestId': 'A', 'Action': 'a', 'Version': 'v', 'Service': 's',"
         " 'Region': 'r', 'Error': {'Code': 'InvalidEndpoint.NotFound', 'Message': 'whatever'}}}",
         "L4"},
        {CREATE_ENDPOINT, "InternalError", 500,
         "{'RequestId': 'A', 'Code': 'InternalError',"
         " 'Message': 'The request processing has failed due to some unknown error.'}",
         "L5"},
    };
    check_all(cases, AC_COUNT(cases), AC_MUST);
}
END_TEST

START_TEST(test_every_change_of_an_error_is_noticed_in_its_place)
{
    static const given cases[] = {
        {CREATE_ENDPOINT, "VpcNotFound", 404, "{'RequestId': 'A', 'Code': " VPC_MISSING "}", "L1: L2 status"},
        {CREATE_ENDPOINT, "VpcNotFound", 500, "{'RequestId': 'A', 'Code': " VPC_MISSING "}", "L0: L1 status"},
        /* an error that is called a success */
        {CREATE_ENDPOINT, "VpcNotFound", 200, "{'RequestId': 'A', 'Code': " VPC_MISSING "}", "L0: L1 status"},
        {CREATE_ENDPOINT, "VpcNotFound", 302, "{'RequestId': 'A', 'Code': " VPC_MISSING "}", "L0: L1 status"},
        {CREATE_ENDPOINT, "VpcNotFound", 200, "{'RequestId': 'A'}", "L0: L1 unexpected-success"},
        /* another code, and only that, even where the message differs too */
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': 'EndpointExist', 'Message': 'x'}",
         "L2: L3 code /Code"},
        {CREATE_ENDPOINT, "VpcNotFound", 400,
         "{'RequestId': 'A', 'Code': 'vpcNotFound', 'Message': 'The specified VPC does not exist.'}",
         "L2: L3 code /Code"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': 'VpcNotFound ', 'Message': 'x'}",
         "L2: L3 code /Code"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': '', 'Message': 'x'}",
         "L2: L3 code /Code"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': 'NoSuchCode', 'Message': 'x'}",
         "L2: L3 code /Code"},
        /* with a status that no expected error has, the code breaks that level too */
        {CREATE_ENDPOINT, "VpcNotFound", 404, "{'RequestId': 'A', 'Code': 'EndpointExist', 'Message': 'x'}",
         "L1: L2 code /Code"},
        {CREATE_ENDPOINT, "VpcNotFound", 503, "{'RequestId': 'A', 'Code': 'Busy', 'Message': 'x'}",
         "L0: L1 status, L3 code /Code"},
        /* messages */
        {CREATE_ENDPOINT, "VpcNotFound", 400,
         "{'RequestId': 'A', 'Code': 'VpcNotFound', 'Message': 'no VPC'}", "L4: L5 message /Message"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': 'VpcNotFound', 'Message': ''}",
         "L4: L5 message /Message"},
        {CREATE_ENDPOINT, "VpcNotFound", 404,
         "{'RequestId': 'A', 'Code': 'VpcNotFound', 'Message': 'no VPC'}",
         "L1: L2 status, L5 message /Message"},
        {CREATE_ENDPOINT, "QuotaExceeded.totalEpPerVpc", 400,
         "{'RequestId': 'A', 'Code': 'QuotaExceeded.totalEpPerVpc',"
         " 'Message': 'The quota of %s is exceeded, usage %s/%s.'}",
         "L4: L5 message /Message"},
        /* the envelope */
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'Code': " VPC_MISSING "}", "L3: L4 request-id /RequestId"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': '', 'Code': " VPC_MISSING "}",
         "L3: L4 request-id /RequestId"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 7, 'Code': " VPC_MISSING "}",
         "L3: L4 request-id /RequestId"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'HostId': null, 'Code': " VPC_MISSING "}",
         "L3: L4 null /HostId"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Status': 400, 'Code': " VPC_MISSING "}",
         "L3: L4 undocumented-field /Status"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': 'VpcNotFound'}",
         "L3: L4 missing-field /Message"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': 'VpcNotFound', 'Message': ['x']}",
         "L3: L4 type /Message"},
        {CREATE_ENDPOINT, "VpcNotFound", 400,
         "{'RequestId': 'A', 'AccessDeniedDetail': {'AuthAction': 1, 'More': 1}, 'Code': " VPC_MISSING "}",
         "L3: L4 type /AccessDeniedDetail/AuthAction, L4 undocumented-field /AccessDeniedDetail/More"},
        /* without a code nothing above the status holds */
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Message': 'x'}",
         "L2: L3 missing-field /Code"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': null, 'Message': 'x'}",
         "L2: L3 null /Code"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': 400, 'Message': 'x'}",
         "L2: L3 type /Code"},
        {CREATE_ENDPOINT, "VpcNotFound", 404, "{'RequestId': 'A', 'Message': 'x'}",
         "L1: L2 missing-field /Code"},
        {CREATE_ENDPOINT, "VpcNotFound", 500, "{'RequestId': 'A', 'Message': 'x'}",
         "L0: L1 status, L3 missing-field /Code"},
        {VOLC_CREATE, "InvalidVpc.NotFound", 404, "{}", "L2: L3 missing-field /ResponseMetadata"},
        {VOLC_CREATE, "InvalidVpc.NotFound", 404,
         "{'ResponseMetadata': {'RequestId': 'A', 'Action': 'a', 'Version': 'v', 'Service': 's',"
         " 'Region': 'r'}}",
         "L2: L3 missing-field /ResponseMetadata/Error"},
        {VOLC_CREATE, "InvalidVpc.NotFound", 404,
         "{'ResponseMetadata': {'RequestId': 'A', 'Action': 'a', 'Version': 'v', 'Service': 's',"
         " 'Region': 'r', 'Error': 'InvalidVpc.NotFound'}}",
         "L2: L3 type /ResponseMetadata/Error"},
        {VOLC_CREATE, "InvalidVpc.NotFound", 404,
         "{'ResponseMetadata': {'RequestId': 'A', 'Action': 'a', 'Version': 'v', 'Service': 's',"
         " 'Region': 'r', 'Error': {'Code': 'InvalidVpc.NotFound', 'CodeN': '7',"
         " 'Message': 'The specified vpc does not exist.'}}, 'Result': null}",
         "L3: L4 type /ResponseMetadata/Error/CodeN, L4 undocumented-field /Result"},
        /* not readable: what the status alone says */
        {CREATE_ENDPOINT, "VpcNotFound", 400, "", "L2: L3 not-json"},
        {CREATE_ENDPOINT, "VpcNotFound", 404, "<html>", "L1: L2 status, L3 not-json"},
        {CREATE_ENDPOINT, "VpcNotFound", 502, "<html>", "L0: L1 status, L3 not-json"},
        {CREATE_ENDPOINT, "VpcNotFound", 502, "[]", "L0: L1 status, L3 type"},
        {CREATE_ENDPOINT, "VpcNotFound", 200, "<html>", "L0: L1 unexpected-success, L3 not-json"},
    };
    check_all(cases, AC_COUNT(cases), AC_MUST);
}
END_TEST

START_TEST(test_a_rule_without_a_code_accepts_any_documented_client_error)
{
    static const given cases[] = {
        {CREATE_ENDPOINT, "", 400, "{'RequestId': 'A', 'Code': " VPC_MISSING "}", "L5"},
        {CREATE_ENDPOINT, "EndpointExist", 400, "{'RequestId': 'A', 'Code': " VPC_MISSING "}", "L5"},
        {CREATE_ENDPOINT, "EndpointExist", 400,
         "{'RequestId': 'A', 'Code': 'IllegalParamFormat.VpcId', 'Message': 'The param format of VpcId is"
         " illegal.'}",
         "L5"},
        {CREATE_ENDPOINT, "", 404,
         "{'RequestId': 'A', 'Code': 'InvalidApi.NotFound', 'Message': 'Specified"
         " api is not found,please check your url and method.'}",
         "L5"},
        /* judged as what it says it is */
        {CREATE_ENDPOINT, "EndpointExist", 404, "{'RequestId': 'A', 'Code': " VPC_MISSING "}",
         "L1: L2 status"},
        {CREATE_ENDPOINT, "EndpointExist", 400,
         "{'RequestId': 'A', 'Code': 'VpcNotFound', 'Message': 'no VPC'}", "L4: L5 message /Message"},
        {CREATE_ENDPOINT, "", 400, "{'RequestId': 'A', 'Code': 'NoSuchCode', 'Message': 'x'}",
         "L2: L3 undocumented-code /Code"},
        {CREATE_ENDPOINT, "EndpointExist", 400, "{'RequestId': 'A', 'Code': 'NoSuchCode', 'Message': 'x'}",
         "L2: L3 undocumented-code /Code"},
        /* a failure of the service is no answer to a bad request, unless it is the one expected */
        {CREATE_ENDPOINT, "", 500,
         "{'RequestId': 'A', 'Code': 'InternalError', 'Message': 'The request"
         " processing has failed due to some unknown error.'}",
         "L0: L1 status, L3 code /Code"},
        {CREATE_ENDPOINT, "InternalError", 500,
         "{'RequestId': 'A', 'Code': 'InternalError', 'Message': 'The"
         " request processing has failed due to some unknown error.'}",
         "L5"},
        {CREATE_ENDPOINT, "", 200, "{'RequestId': 'A'}", "L0: L1 unexpected-success"},
        {CREATE_ENDPOINT, "", 200, "{'RequestId': 'A', 'Code': " VPC_MISSING "}", "L0: L1 status"},
        {CREATE_ENDPOINT, "", 400, "{'RequestId': 'A', 'Message': 'x'}", "L2: L3 missing-field /Code"},
        {CREATE_ENDPOINT, "", 418, "<html>", "L2: L3 not-json"},
        {CREATE_ENDPOINT, "", 500, "<html>", "L0: L1 status, L3 not-json"},
        /* a code documented for 500 and 400: here only the latter is a client error */
        {ES_CREATE, "", 500, "{'RequestId': 'A', 'Code': 'InternalServerError', 'Message': 'x'}",
         "L0: L1 status"},
        {ES_CREATE, "", 400, "{'RequestId': 'A', 'Code': 'InternalServerError', 'Message': 'x'}", "L4"},
        /* one code in two layers: any of its messages */
        {VOLC_CREATE, "", 400,
         "{'ResponseMetadata': {'RequestId': 'A', 'Action': 'a', 'Version': 'v', 'Service': 's',"
         " 'Region': 'r', 'Error': {'Code': 'MissingParameter',"
         " 'Message': 'The request is missing Action parameter.'}}}",
         "L5"},
    };
    check_all(cases, AC_COUNT(cases), AC_SHOULD);
}
END_TEST

START_TEST(test_an_expectation_without_codes_accepts_any_documented_client_error)
{
    static const given cases[] = {
        {CREATE_ENDPOINT, "", 400, "{'RequestId': 'A', 'Code': " VPC_MISSING "}", "L5"},
        {CREATE_ENDPOINT, "", 400, "{'RequestId': 'A', 'Code': 'NoSuchCode', 'Message': 'x'}",
         "L2: L3 undocumented-code /Code"},
    };
    check_all(cases, AC_COUNT(cases), AC_MUST);
}
END_TEST

START_TEST(test_what_may_be_is_noted_with_the_level_reached)
{
    static const given cases[] = {
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': " VPC_MISSING "}", "L5"},
        {CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': 'EndpointExist', 'Message': 'x'}",
         "L2: note L3 code /Code"},
        {CREATE_ENDPOINT, "VpcNotFound", 200, "{'RequestId': 'A'}", "L0: note L1 unexpected-success"},
    };
    check_all(cases, AC_COUNT(cases), AC_MAY);
}
END_TEST

START_TEST(test_names_of_an_error_body_may_vary_in_case_where_that_is_known)
{
    static const given cases[] = {
        {ES_CREATE, "InstanceNotFound", 400,
         "{'requestId': 'A', 'code': 'InstanceNotFound', 'message': 'The instanceId provided does not"
         " exist.'}",
         "L5: note L4 undocumented-field /requestId, note L4 undocumented-field /code,"
         " note L4 undocumented-field /message"},
        {ES_CREATE, "InstanceNotFound", 400,
         "{'RequestId': 'A', 'Code': 'InstanceNotFound', 'Message': 'x', 'code': 'y'}",
         "L3: L5 message /Message, L4 undocumented-field /code"},
        {ES_CREATE, "InstanceNotFound", 400,
         "{'RequestId': 'A', 'code': 'InstanceNotFound', 'Message': 'The instanceId provided does not"
         " exist.', 'CODE': 'y'}",
         "L3: note L4 undocumented-field /code, L4 undocumented-field /CODE"},
        {ES_CREATE, "InstanceNotFound", 400,
         "{'RequestId': 'A', 'Code': 'InstanceNotFound', 'Message': 'The instanceId provided does not"
         " exist.', 'accessDeniedDetail': {'authAction': 7}}",
         "L3: note L4 undocumented-field /accessDeniedDetail,"
         " note L4 undocumented-field /accessDeniedDetail/authAction,"
         " L4 type /accessDeniedDetail/authAction"},
        {ES_CREATE, "InstanceNotFound", 200,
         "{'requestId': 'A', 'code': 'InstanceNotFound', 'message':"
         " 'The instanceId provided does not exist.'}",
         "L0: L1 status, note L4 undocumented-field /requestId, note L4 undocumented-field /code,"
         " note L4 undocumented-field /message"},
        {CREATE_ENDPOINT, "VpcNotFound", 400,
         "{'RequestId': 'A', 'code': 'VpcNotFound', 'Message': 'The specified VPC does not exist.'}",
         "L2: L4 undocumented-field /code, L3 missing-field /Code"},
    };
    check_all(cases, AC_COUNT(cases), AC_MUST);
}
END_TEST

START_TEST(test_a_case_may_narrow_status_and_message)
{
    ac_arena *arena = ac_test_arena();
    static const given g = {CREATE_ENDPOINT, "SignatureDoesNotMatch", 403,
                            "{'RequestId': 'A', 'Code': 'SignatureDoesNotMatch',"
                            " 'Message': 'The signature we calculated does not match the one you provided."
                            " Please refer to the API reference about authentication for details.'}",
                            NULL};
    answer a = answer_to(arena, &g, AC_MUST);
    ck_assert_str_eq(verdict(arena, &a), "L5");
    int64_t status = 400;
    a.expect.status = (ac_ints){&status, 1};
    ck_assert_str_eq(verdict(arena, &a), "L1: L2 status");
    ck_assert(ac_str_starts(only_finding(arena, &a).expected, AC_STR("400 SignatureDoesNotMatch: ")));
    status = 403;
    ck_assert_str_eq(verdict(arena, &a), "L5");
    ac_str messages[] = {AC_STR_INIT("no"), AC_STR_INIT("The signature %s details.")};
    a.expect.message = (ac_strs){messages, 2};
    ck_assert_str_eq(verdict(arena, &a), "L5");
    a.expect.message.count = 1;
    ck_assert_str_eq(verdict(arena, &a), "L4: L5 message /Message");
    ac_finding finding = only_finding(arena, &a);
    ck_assert_ac_str(finding.expected, "\"no\"");
}
END_TEST

/* ---- texts ---- */

typedef struct told {
    given given;
    ac_certainty certainty;
    const char *expected, *observed, *source;
} told;

#define ROW_8   "documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), エラーコード, row 8"
#define ROW_1   "documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), エラーコード, row 1"
#define REQUEST "documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), リクエストパラメーター, row 9"

START_TEST(test_a_finding_says_what_was_expected_and_which_row_says_so)
{
    static const told cases[] = {
        {{CREATE_ENDPOINT, "VpcNotFound", 400,
          "{'RequestId': 'A', 'Code': 'EndpointExist', 'Message': 'The specified Endpoint already exists.'}",
          NULL},
         AC_MUST,
         "400 VpcNotFound: The specified VPC does not exist.",
         "400 EndpointExist: The specified Endpoint already exists.",
         ROW_8},
        {{CREATE_ENDPOINT, "VpcNotFound", 404, "{'RequestId': 'A', 'Code': " VPC_MISSING "}", NULL},
         AC_MUST,
         "400 VpcNotFound: The specified VPC does not exist.",
         "404 VpcNotFound: The specified VPC does not exist.",
         ROW_8},
        {{CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': 'VpcNotFound', 'Message': 'x\\t'}",
          NULL},
         AC_MUST,
         "\"The specified VPC does not exist.\"",
         "x\\t",
         ROW_8},
        {{CREATE_ENDPOINT, "VpcNotFound", 200, "{'RequestId': 'A'}", NULL},
         AC_MUST,
         "400 VpcNotFound: The specified VPC does not exist.",
         "success, status 200",
         ROW_8},
        {{CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Message': 'x'}", NULL},
         AC_MUST,
         "400 VpcNotFound: The specified VPC does not exist.",
         "absent",
         NULL},
        {{CREATE_ENDPOINT, "VpcNotFound", 400, "{'RequestId': 'A', 'Code': '', 'Message': 'x'}", NULL},
         AC_MUST,
         "400 VpcNotFound: The specified VPC does not exist.",
         "400 without an error code",
         ROW_8},
        {{CREATE_ENDPOINT, "EndpointExist VpcNotFound VSwitchNotFound QuotaMisMatched AlbExist", 400,
          "{'RequestId': 'A', 'Code': 'Busy', 'Message': 'x'}", NULL},
         AC_MUST,
         "400 EndpointExist: The specified Endpoint already exists.; or 400 VpcNotFound: The specified VPC"
         " does not exist.; or 400 VSwitchNotFound: The specified VSwitch does not exist.; or one of 2 "
         "others",
         "400 Busy: x",
         ROW_1},
        {{CREATE_ENDPOINT, "EndpointExist VpcNotFound VSwitchNotFound", 400,
          "{'RequestId': 'A', 'Code': 'Busy', 'Message': 'x'}", NULL},
         AC_MUST,
         "400 EndpointExist: The specified Endpoint already exists.; or 400 VpcNotFound: The specified VPC"
         " does not exist.; or 400 VSwitchNotFound: The specified VSwitch does not exist.",
         "400 Busy: x",
         ROW_1},
        {{ES_CREATE, "InstanceNotFound", 400,
          "{'RequestId': 7, 'Code': 'InstanceNotFound', 'Message': 'The instanceId provided does not exist'}",
          NULL},
         AC_MUST,
         "a request id",
         "number 7",
         "documented: Alibaba Cloud, \"AIRec: Responses\" (en), Sample error responses"},
        {{CREATE_ENDPOINT, "EndpointExist", 200, "{'RequestId': 'A'}", NULL},
         AC_SHOULD,
         "a documented or common client error, such as 400 EndpointExist: The specified Endpoint already"
         " exists.",
         "success, status 200",
         REQUEST},
        {{CREATE_ENDPOINT, "", 400, "{'RequestId': 'A', 'Code': 'Busy', 'Message': 'x'}", NULL},
         AC_SHOULD,
         "a documented or common client error",
         "400 Busy: x",
         REQUEST},
        {{ES_CREATE, "InternalServerError", 404,
          "{'RequestId': 'A', 'Code': 'InternalServerError',"
          " 'Message': 'x'}",
          NULL},
         AC_MUST,
         "500 or 400 InternalServerError",
         "404 InternalServerError: x",
         NULL},
    };
    ac_str cite[] = {AC_STR_INIT("page:request:9")};
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(cases); i++) {
        answer a = answer_to(arena, &cases[i].given, cases[i].certainty);
        a.expect.cite = (ac_strs){cite, 1};
        ac_finding finding = only_finding(arena, &a);
        ck_assert_ac_str(finding.expected, cases[i].expected);
        ck_assert_ac_str(finding.observed, cases[i].observed);
        if (cases[i].source) {
            ck_assert_ac_str(finding.source, cases[i].source);
        }
    }
}
END_TEST

START_TEST(test_of_rows_that_fit_alike_the_first_is_named)
{
    ac_arena *arena = ac_test_arena();
    static const given g = {VOLC_CREATE, "", 404,
                            "{'ResponseMetadata': {'RequestId': 'A', 'Action': 'a', 'Version': 'v',"
                            " 'Service': 's', 'Region': 'r', 'Error': {'Code':"
                            " 'InvalidServiceZone.InvalidLock', 'Message': 'The operation is refused by the"
                            " internal service zones of the endpoint service.'}}}",
                            NULL};
    answer a = answer_to(arena, &g, AC_SHOULD);
    ck_assert(ac_str_ends(only_finding(arena, &a).source, AC_STR(", row 32")));
}
END_TEST

START_TEST(test_a_fact_that_no_page_documents_says_so)
{
    ac_arena *arena = ac_test_arena();
    static const given g = {ES_CREATE, "TokenPreviousRequestProcessError", 400,
                            "{'RequestId': 'A', 'Code': 'x', 'Message': 'y'}", NULL};
    answer a = answer_to(arena, &g, AC_MUST);
    ck_assert(ac_str_starts(only_finding(arena, &a).source, AC_STR("client: Alibaba Cloud, ")));
}
END_TEST

START_TEST(test_code_and_request_id_are_needed_even_where_the_envelope_does_not_list_them)
{
    ac_arena *arena = ac_test_arena();
    ac_contract contract = *contract_of(CREATE_ENDPOINT);
    ac_style style = *contract.style;
    style.error.fields.count = 0;
    contract.style = &style;
    static const given g = {CREATE_ENDPOINT, "VpcNotFound", 400, "{}", NULL};
    answer a = answer_to(arena, &g, AC_MUST);
    a.contract = &contract;
    ck_assert_str_eq(verdict(arena, &a), "L2: L4 request-id /RequestId, L3 code /Code");
}
END_TEST

START_TEST(test_headers_and_content_type_of_an_error_are_judged)
{
    ac_arena *arena = ac_test_arena();
    static const given g = {CREATE_ENDPOINT, "VpcNotFound", 400,
                            "{'RequestId': 'A', 'Code': " VPC_MISSING "}", NULL};
    answer a = answer_to(arena, &g, AC_MUST);
    a.content_type = "text/xml";
    a.expect.headers = json(arena, "{'x-seen': 'three'}");
    ck_assert_str_eq(verdict(arena, &a), "L3: L4 content-type content-type, L4 header x-seen");
}
END_TEST

START_TEST(test_an_error_that_was_not_expected_is_the_only_finding)
{
    ac_arena *arena = ac_test_arena();
    answer a = {.operation = CREATE_ENDPOINT,
                .body = "{'Code': 7, 'Extra': 1}",
                .status = 400,
                .content_type = "text/plain",
                .expect = SUCCESS};
    ck_assert_ac_str(only_finding(arena, &a).observed, "400 without an error code");
}
END_TEST

START_TEST(test_every_kind_and_level_has_a_name_of_its_own)
{
    for (int i = 0; i < AC_FINDING_KINDS; i++) {
        ck_assert_str_ne(ac_finding_kind_name((ac_finding_kind)i), "");
        for (int k = 0; k < i; k++) {
            ck_assert_str_ne(ac_finding_kind_name((ac_finding_kind)i),
                             ac_finding_kind_name((ac_finding_kind)k));
        }
    }
    ck_assert_str_eq(ac_finding_kind_name(AC_FINDING_UNEXPECTED_SUCCESS), "unexpected-success");
    ck_assert_str_eq(ac_level_name(AC_LEVEL_CLASS), "L1");
    ck_assert_str_eq(ac_level_name(AC_LEVEL_MESSAGE), "L5");
}
END_TEST

AC_TEST_MAIN("match error", test_a_documented_error_conforms,
             test_every_change_of_an_error_is_noticed_in_its_place,
             test_a_rule_without_a_code_accepts_any_documented_client_error,
             test_an_expectation_without_codes_accepts_any_documented_client_error,
             test_what_may_be_is_noted_with_the_level_reached,
             test_names_of_an_error_body_may_vary_in_case_where_that_is_known,
             test_a_case_may_narrow_status_and_message,
             test_a_finding_says_what_was_expected_and_which_row_says_so,
             test_of_rows_that_fit_alike_the_first_is_named, test_a_fact_that_no_page_documents_says_so,
             test_code_and_request_id_are_needed_even_where_the_envelope_does_not_list_them,
             test_headers_and_content_type_of_an_error_are_judged,
             test_an_error_that_was_not_expected_is_the_only_finding,
             test_every_kind_and_level_has_a_name_of_its_own)
