/* Answers that should be the documented success: every way to differ is noticed, with its kind and place. */
#include <stdio.h>

#include "match_support.h"

#define REQUEST_ID "0ED8D006-F706-4D23-88ED-E11ED28DCAC0"

/* What an endpoint service of the documented kind would answer to REQUEST. */
static const char endpoint[] =
    "{'EndpointDomain': 'ep-1.epsrv-1.cn-hangzhou.privatelink.aliyuncs.com', 'RequestId': '" REQUEST_ID "',"
    " 'CreateTime': '2022-01-02T19:11:12Z', 'EndpointBusinessStatus': 'Normal',"
    " 'EndpointDescription': 'mine', 'ServiceId': 'epsrv-1', 'EndpointStatus': 'Creating', 'VpcId': 'vpc-1',"
    " 'EndpointName': 'test', 'ServiceName': 'com.aliyuncs.epsrv-1', 'Bandwidth': 200, 'EndpointId': 'ep-1',"
    " 'ConnectionStatus': 'Disconnected', 'AddressIpVersion': 'IPv4', 'ZoneAffinityEnabled': false,"
    " 'ServiceRegionId': 'cn-hangzhou', 'CrossRegionBandwidth': 0}";
static const char endpoint_request[] =
    "{'RegionId': 'cn-hangzhou', 'VpcId': 'vpc-1', 'ServiceId': 'epsrv-1', 'EndpointName': 'test',"
    " 'EndpointDescription': 'mine'}";

static const char volc_endpoint[] =
    "{'ResponseMetadata': {'RequestId': 'A', 'Action': 'CreateVpcEndpoint', 'Version': '2020-04-01',"
    " 'Service': 'privatelink', 'Region': 'cn-guangzhou'}, 'Result': {'RequestId': 'A', 'EndpointId': "
    "'ep-1'}}";

static const char list[] =
    "{'RequestId': '" REQUEST_ID "', 'MaxResults': 50, 'TotalCount': 2, 'Endpoints': ["
    "{'EndpointId': 'ep-1', 'EndpointStatus': 'Active', 'ConnectionStatus': 'Connected',"
    " 'EndpointBusinessStatus': 'Normal', 'RegionId': 'cn-hangzhou', 'VpcId': 'vpc-1',"
    " 'CreateTime': '2022-01-02T19:11:12Z', 'Tags': [{'Key': 'a', 'Value': 'b'}]},"
    "{'EndpointId': 'ep-2', 'EndpointStatus': 'Active', 'ConnectionStatus': 'Connected',"
    " 'EndpointBusinessStatus': 'Normal', 'RegionId': 'cn-hangzhou', 'VpcId': 'vpc-1',"
    " 'CreateTime': '2022-01-02T19:11:12Z'}]}";

static answer endpoint_created(void)
{
    return (answer){.operation = CREATE_ENDPOINT,
                    .body = endpoint,
                    .status = 200,
                    .params = endpoint_request,
                    .region = "cn-hangzhou",
                    .expect = SUCCESS};
}

static answer volc_endpoint_created(void)
{
    return (answer){.operation = VOLC_CREATE,
                    .body = volc_endpoint,
                    .status = 200,
                    .region = "cn-guangzhou",
                    .expect = SUCCESS};
}

/* The contract with some fields documented in full, as a page would. */
static const ac_contract *documented(ac_arena *arena, const char *operation, const char *always)
{
    ac_contract *contract = ac_arena_copy(arena, contract_of(operation), sizeof *contract);
    ac_response_fields *fields = &contract->response.fields;
    fields->items = ac_arena_copy(arena, fields->items, fields->count * sizeof *fields->items);
    for (size_t i = 0; i < fields->count; i++) {
        if (ac_str_is(fields->items[i].pointer, always)) {
            fields->items[i].presence = 0;
        }
    }
    contract->response.documented = true;
    return contract;
}

static answer endpoints_listed(void)
{
    return (answer){.operation = LIST_ENDPOINTS,
                    .body = list,
                    .status = 200,
                    .params = "{'RegionId': 'cn-hangzhou'}",
                    .region = "cn-hangzhou",
                    .expect = SUCCESS};
}

/* ---- one change of a conforming body at a time ---- */

typedef struct change {
    const char *pointer;
    const char *value; /* NULL: taken out */
    const char *verdict;
} change;

static ac_str changed(ac_arena *arena, const char *body, const change *c)
{
    const ac_json *tree =
        ac_json_set_at(arena, json(arena, body), ac_str_c(c->pointer), json(arena, c->value));
    ac_buf text;
    ac_buf_init(&text, 1u << 20);
    ac_json_write(&text, tree);
    return ac_buf_take(&text, arena);
}

static void check_changes(answer a, const change *changes, size_t count)
{
    ac_arena *arena = ac_test_arena();
    const char *body = a.body;
    for (size_t i = 0; i < count; i++) {
        a.body = changed(arena, body, &changes[i]).p;
        const char *seen = verdict(arena, &a);
        ck_assert_msg(strcmp(seen, changes[i].verdict) == 0, "%s = %s: %s, not %s", changes[i].pointer,
                      changes[i].value ? changes[i].value : "(removed)", seen, changes[i].verdict);
    }
}

START_TEST(test_every_change_of_a_flat_answer_is_noticed_in_its_place)
{
    static const change changes[] = {
        /* a field dropped, nulled, retyped */
        {"/EndpointId", NULL, "L3: L4 missing-field /EndpointId"},
        {"/EndpointId", "null", "L3: L4 null /EndpointId"},
        {"/EndpointId", "1", "L3: L4 type /EndpointId"},
        {"/EndpointId", "{}", "L3: L4 type /EndpointId"},
        {"/Bandwidth", "'200'", "L3: L4 type /Bandwidth"},
        {"/Bandwidth", "200.0", "L3: L4 type /Bandwidth"},
        {"/Bandwidth", "2e2", "L3: L4 type /Bandwidth"},
        {"/ZoneAffinityEnabled", "'false'", "L3: L4 type /ZoneAffinityEnabled"},
        {"/ZoneAffinityEnabled", "0", "L3: L4 type /ZoneAffinityEnabled"},
        /* an inferred value still has its documented presence and type */
        {"/ServiceRegionId", NULL, "L3: L4 missing-field /ServiceRegionId"},
        {"/ServiceRegionId", "''", "L5"},
        /* a constant is not judged */
        {"/Bandwidth", "3072", "L5"},
        /* values */
        {"/EndpointStatus", "'Active'", "L5"},
        {"/EndpointStatus", "'ACTIVE'", "L4: L5 enum /EndpointStatus"},
        {"/EndpointStatus", "''", "L4: L5 enum /EndpointStatus"},
        {"/CreateTime", "'2022-01-02 19:11:12'", "L4: L5 format /CreateTime"},
        {"/CreateTime", "'2022-02-30T19:11:12Z'", "L4: L5 format /CreateTime"},
        {"/EndpointDomain", "'no domain'", "L4: L5 format /EndpointDomain"},
        {"/EndpointId", "'endpoint-1'", "L4: L5 value /EndpointId"},
        {"/VpcId", "'vpc-2'", "L4: L5 value /VpcId"},
        {"/EndpointName", "'Test'", "L4: L5 value /EndpointName"},
        {"/AddressIpVersion", "'DualStack'", "L4: L5 value /AddressIpVersion"},
        {"/ZoneAffinityEnabled", "true", "L4: L5 value /ZoneAffinityEnabled"},
        /* one divergence, one finding: an unknown value is not told again as one that was not sent */
        {"/AddressIpVersion", "'IPv5'", "L4: L5 enum /AddressIpVersion"},
        /* more than is documented */
        {"/Extra", "1", "L3: L4 undocumented-field /Extra"},
        {"/endpointId", "'ep-1'", "L3: L4 undocumented-field /endpointId"},
        {"/a~1b~0c", "1", "L3: L4 undocumented-field /a~1b~0c"},
        {"/", "1", "L3: L4 undocumented-field /"},
        /* the request id */
        {"/RequestId", NULL, "L3: L4 request-id /RequestId"},
        {"/RequestId", "null", "L3: L4 request-id /RequestId"},
        {"/RequestId", "''", "L3: L4 request-id /RequestId"},
        {"/RequestId", "12", "L3: L4 request-id /RequestId"},
        /* an error in a success */
        {"/Code", "'VpcNotFound'", "L0: L1 unexpected-error"},
        {"/Code", "''", "L3: L4 undocumented-field /Code"},
        {"/Message", "'hello'", "L3: L4 undocumented-field /Message"},
    };
    check_changes(endpoint_created(), changes, AC_COUNT(changes));
}
END_TEST

START_TEST(test_every_change_of_an_enveloped_answer_is_noticed_in_its_place)
{
    static const change changes[] = {
        {"/ResponseMetadata", NULL, "L3: L4 missing-field /ResponseMetadata"},
        {"/ResponseMetadata", "[]", "L3: L4 type /ResponseMetadata"},
        {"/ResponseMetadata/Action", NULL, "L3: L4 missing-field /ResponseMetadata/Action"},
        {"/ResponseMetadata/Action", "'DeleteVpcEndpoint'", "L3: L4 value /ResponseMetadata/Action"},
        {"/ResponseMetadata/Version", "'2020-04-02'", "L3: L4 value /ResponseMetadata/Version"},
        {"/ResponseMetadata/Version", "20200401", "L3: L4 type /ResponseMetadata/Version"},
        {"/ResponseMetadata/Service", "'vpc'", "L3: L4 value /ResponseMetadata/Service"},
        {"/ResponseMetadata/Region", "'cn-beijing'", "L3: L4 value /ResponseMetadata/Region"},
        {"/ResponseMetadata/Zone", "'a'", "L3: L4 undocumented-field /ResponseMetadata/Zone"},
        {"/ResponseMetadata/RequestId", NULL, "L3: L4 request-id /ResponseMetadata/RequestId"},
        {"/ResponseMetadata/RequestId", "'B'", "L3: L4 request-id /Result/RequestId"},
        {"/Result/RequestId", "'B'", "L3: L4 request-id /Result/RequestId"},
        {"/Result/RequestId", "''", "L3: L4 request-id /Result/RequestId"},
        {"/Result/RequestId", NULL, "L3: L4 missing-field /Result/RequestId"},
        {"/Result/RequestId", "null", "L3: L4 null /Result/RequestId"},
        {"/Result/RequestId", "1", "L3: L4 type /Result/RequestId"},
        {"/Result", NULL, "L3: L4 missing-field /Result"},
        {"/Result", "null", "L3: L4 null /Result"},
        {"/Result", "'ep-1'", "L3: L4 type /Result"},
        {"/Result/EndpointId", NULL, "L3: L4 missing-field /Result/EndpointId"},
        {"/Result/Status", "'x'", "L3: L4 undocumented-field /Result/Status"},
        {"/RequestId", "'A'", "L3: L4 undocumented-field /RequestId"},
        {"/ResponseMetadata/Error", "{'Code': 'InvalidVpc.NotFound', 'Message': 'no'}",
         "L0: L1 unexpected-error"},
    };
    check_changes(volc_endpoint_created(), changes, AC_COUNT(changes));
}
END_TEST

START_TEST(test_every_element_of_a_list_is_judged_under_its_index)
{
    static const change changes[] = {
        {"/Endpoints", "[]", "L5"},
        {"/Endpoints", "{}", "L3: L4 type /Endpoints"},
        {"/Endpoints/1", "null", "L3: L4 null /Endpoints/1"},
        {"/Endpoints/1", "'ep-2'", "L3: L4 type /Endpoints/1"},
        {"/Endpoints/1/EndpointId", NULL, "L3: L4 missing-field /Endpoints/1/EndpointId"},
        {"/Endpoints/0/EndpointId", "'vpce-1'", "L4: L5 value /Endpoints/0/EndpointId"},
        {"/Endpoints/1/EndpointStatus", "'Gone'", "L4: L5 enum /Endpoints/1/EndpointStatus"},
        {"/Endpoints/1/RegionId", "'cn-beijing'", "L4: L5 value /Endpoints/1/RegionId"},
        {"/Endpoints/1/Extra", "[]", "L3: L4 undocumented-field /Endpoints/1/Extra"},
        {"/Endpoints/0/Tags/0/Key", "1", "L3: L4 type /Endpoints/0/Tags/0/Key"},
        {"/Endpoints/0/Tags/0/key", "'a'", "L3: L4 undocumented-field /Endpoints/0/Tags/0/key"},
        /* optional: it may be absent, but not be something else */
        {"/Endpoints/0/Tags", NULL, "L5"},
        {"/Endpoints/0/Tags/0/Key", NULL, "L5"},
        {"/Endpoints/0/Tags", "null", "L3: L4 null /Endpoints/0/Tags"},
        {"/Endpoints/0/EndpointDomain", "'x'", "L4: L5 format /Endpoints/0/EndpointDomain"},
        /* the default of a parameter that was not sent */
        {"/MaxResults", "20", "L4: L5 value /MaxResults"},
        {"/NextToken", "'abc'", "L5"},
    };
    answer a = endpoints_listed();
    a.contract = documented(ac_test_arena(), LIST_ENDPOINTS, "/Endpoints/*/EndpointId");
    check_changes(a, changes, AC_COUNT(changes));
}
END_TEST

START_TEST(test_what_no_documentation_speaks_of_may_be_absent_and_have_company)
{
    static const change changes[] = {
        {"/Endpoints/1/EndpointId", NULL, "L5"},
        {"/Endpoints/1/EndpointId", "7", "L3: L4 type /Endpoints/1/EndpointId"},
        {"/Endpoints/1/Extra", "1", "L5"},
        {"/Extra", "1", "L5"},
    };
    check_changes(endpoints_listed(), changes, AC_COUNT(changes));
}
END_TEST

START_TEST(test_a_container_is_as_needed_as_what_is_documented_in_it)
{
    static const change changes[] = {
        {"/Result", NULL, "L3: L4 missing-field /Result"},
        {"/Result/Endpoints", NULL, "L3: L4 missing-field /Result/Endpoints"},
        {"/Result/Endpoints", "[{}]", "L5"},
    };
    answer a = volc_endpoint_created();
    a.operation = VOLC_LIST;
    a.body =
        "{'ResponseMetadata': {'RequestId': 'A', 'Action': 'DescribeVpcEndpoints', 'Version': '2020-04-01',"
        " 'Service': 'privatelink', 'Region': 'cn-guangzhou'}, 'Result': {'RequestId': 'A',"
        " 'PageNumber': 1, 'PageSize': 10, 'TotalCount': 0, 'Endpoints': []}}";
    check_changes(a, changes, AC_COUNT(changes));
}
END_TEST

START_TEST(test_a_renamed_field_is_both_missing_and_undocumented)
{
    ac_arena *arena = ac_test_arena();
    answer a = volc_endpoint_created();
    a.body = ac_str_replace(arena, ac_str_c(volc_endpoint), AC_STR("EndpointId"), AC_STR("Endpointid")).p;
    ck_assert_str_eq(verdict(arena, &a), "L3: L4 undocumented-field /Result/Endpointid, "
                                         "L4 missing-field /Result/EndpointId");
}
END_TEST

START_TEST(test_null_is_fine_where_it_is_documented)
{
    answer a = {.operation = "alibaba/vpcpeer/2022-01-01/ListVpcPeerConnections",
                .body = "{'RequestId': 'A', 'VpcPeerConnects': [], 'NextToken': null, 'MaxResults': 20}",
                .status = 200,
                .expect = SUCCESS};
    ck_assert_str_eq(verdict(ac_test_arena(), &a), "L5");
}
END_TEST

START_TEST(test_scalar_elements_and_nested_objects_are_judged)
{
    answer a = {.contract = documented(ac_test_arena(),
                                       "alibaba/vpcpeer/2022-01-01/GetVpcPeerConnectionAttribute", "/Status"),
                .body = "{'RequestId': 'A', 'InstanceId': 'pcc-1', 'Status': 'Activated',"
                        " 'GmtCreate': '2022-04-24T09:02:36Z', 'Vpc': {'VpcId': 'vpc-1',"
                        " 'Ipv4Cidrs': ['10.0.0.0/16', 7], 'Extra': 1}}",
                .status = 200,
                .expect = SUCCESS};
    ck_assert_str_eq(verdict(ac_test_arena(), &a),
                     "L3: L4 type /Vpc/Ipv4Cidrs/1, L4 undocumented-field /Vpc/Extra");
}
END_TEST

START_TEST(test_a_container_without_documented_members_is_not_looked_into)
{
    static const ac_response_field fields[] = {
        {.pointer = AC_STR_INIT("/RequestId"), .type = AC_JSON_TYPE_STRING},
        {.pointer = AC_STR_INIT("/Any"), .type = AC_JSON_TYPE_OBJECT},
        {.pointer = AC_STR_INIT("/Some"), .type = AC_JSON_TYPE_ARRAY},
        {.pointer = AC_STR_INIT("/a~1b/~0"), .type = AC_JSON_TYPE_NUMBER},
        {.pointer = AC_STR_INIT("/Maybe/x"), .type = AC_JSON_TYPE_NUMBER, .presence = 1},
    };
    ac_arena *arena = ac_test_arena();
    ac_contract contract = *contract_of(CREATE_ENDPOINT);
    contract.response.fields.items = ac_arena_copy(arena, fields, sizeof fields);
    contract.response.fields.count = AC_COUNT(fields);
    ac_response response = {.status = 200,
                            .body = quoted(arena, "{'RequestId': 'A', 'Any': {'x': 1}, 'Some': [1, null],"
                                                  " 'a/b': {'~': 1.5}}")};
    ac_pairs_add(arena, &response.headers, AC_STR("content-type"), AC_STR("application/json"));
    ac_expect expect = SUCCESS;
    ac_match_input input = {.contract = &contract, .expect = &expect, .response = &response};
    ac_match_result result;
    ac_match(arena, &input, &result);
    ck_assert_str_eq(in_words(arena, &result), "L5");
    response.body = quoted(arena, "{'RequestId': 'A', 'Any': {}, 'Some': [], 'Maybe': 1}");
    ac_match(arena, &input, &result);
    ck_assert_str_eq(in_words(arena, &result), "L3: L4 type /Maybe, L4 missing-field /a~1b");
}
END_TEST

/* ---- what was sent ---- */

typedef struct sending {
    const char *params;
    const change change;
} sending;

START_TEST(test_a_value_is_what_was_sent_else_the_default)
{
    static const sending sendings[] = {
        {"{'AddressIpVersion': 'DualStack'}", {"/AddressIpVersion", "'DualStack'", "L5"}},
        {"{'AddressIpVersion': 'DualStack'}",
         {"/AddressIpVersion", "'IPv4'", "L4: L5 value /AddressIpVersion"}},
        {"{'AddressIpVersion': null}", {"/AddressIpVersion", "'IPv4'", "L5"}},
        /* parameters travel as text */
        {"{'ZoneAffinityEnabled': 'true'}", {"/ZoneAffinityEnabled", "true", "L5"}},
        {"{'ZoneAffinityEnabled': 'true'}",
         {"/ZoneAffinityEnabled", "false", "L4: L5 value /ZoneAffinityEnabled"}},
        {"{'EndpointName': 12}", {"/EndpointName", "'12'", "L5"}},
        {"{'EndpointName': 12}", {"/EndpointName", "'13'", "L4: L5 value /EndpointName"}},
        /* not sent and without a default: absent or anything */
        {"{}", {"/EndpointName", NULL, "L5"}},
        {"{}", {"/EndpointName", "'given by the service'", "L5"}},
        {"{}", {"/EndpointName", "7", "L3: L4 type /EndpointName"}},
        {"{'EndpointName': ''}", {"/EndpointName", "'given by the service'", "L5"}},
        {"{'EndpointName': ''}", {"/EndpointName", NULL, "L5"}},
        {"{'EndpointName': 'x'}", {"/EndpointName", NULL, "L3: L4 missing-field /EndpointName"}},
        /* with a default it is there */
        {"{}", {"/AddressIpVersion", NULL, "L3: L4 missing-field /AddressIpVersion"}},
        /* what cannot be compared is not judged */
        {"{'EndpointName': ['x']}", {"/EndpointName", "'y'", "L5"}},
    };
    for (size_t i = 0; i < AC_COUNT(sendings); i++) {
        answer a = endpoint_created();
        a.params = sendings[i].params;
        check_changes(a, &sendings[i].change, 1);
    }
}
END_TEST

START_TEST(test_numbers_sent_are_compared_by_their_digits)
{
    static const sending sendings[] = {
        {"{'MaxResults': 20}", {"/MaxResults", "20", "L5"}},
        {"{'MaxResults': '20'}", {"/MaxResults", "20", "L5"}},
        {"{'MaxResults': 20}", {"/MaxResults", "50", "L4: L5 value /MaxResults"}},
    };
    for (size_t i = 0; i < AC_COUNT(sendings); i++) {
        answer a = endpoints_listed();
        a.params = sendings[i].params;
        check_changes(a, &sendings[i].change, 1);
    }
}
END_TEST

START_TEST(test_lists_sent_are_compared_element_by_element)
{
    ac_field_value ids = {.kind = AC_VALUE_PARAM, .text = AC_STR("Ids")};
    ac_field_value inner = {.kind = AC_VALUE_PARAM, .text = AC_STR("Outer.Inner")};
    const ac_response_field fields[] = {
        {.pointer = AC_STR_INIT("/RequestId"), .type = AC_JSON_TYPE_STRING},
        {.pointer = AC_STR_INIT("/Ids"), .type = AC_JSON_TYPE_ARRAY, .value = &ids},
        {.pointer = AC_STR_INIT("/Inner"), .type = AC_JSON_TYPE_STRING, .value = &inner},
    };
    static const sending sendings[] = {
        {"{'Ids': ['a', 'b']}", {"/Ids", "['a', 'b']", "L5"}},
        {"{'Ids': ['a', 'b']}", {"/Ids", "['a']", "L4: L5 value /Ids"}},
        {"{'Ids': 'a'}", {"/Ids", "['a']", "L5"}},
        {"{'Ids': ['a']}", {"/Ids", NULL, "L3: L4 missing-field /Ids"}},
        {"{'Outer': {'Inner': 'a'}}", {"/Inner", "'a'", "L5"}},
        {"{'Outer': {'Inner': 'a'}}", {"/Inner", "'b'", "L4: L5 value /Inner"}},
        {"{'Outer': 'a'}", {"/Inner", "'b'", "L5"}},
    };
    ac_arena *arena = ac_test_arena();
    ac_contract contract = *contract_of(CREATE_ENDPOINT);
    contract.response.fields.items = ac_arena_copy(arena, fields, sizeof fields);
    contract.response.fields.count = AC_COUNT(fields);
    for (size_t i = 0; i < AC_COUNT(sendings); i++) {
        answer a = {.contract = &contract,
                    .body = "{'RequestId': 'A'}",
                    .status = 200,
                    .params = sendings[i].params,
                    .expect = SUCCESS};
        check_changes(a, &sendings[i].change, 1);
    }
}
END_TEST

START_TEST(test_the_service_of_the_envelope_is_the_one_that_signs)
{
    ac_product facts = {.signing_service = AC_STR("vpc")};
    ac_contract contract = *contract_of(VOLC_CREATE);
    answer a = volc_endpoint_created();
    a.contract = &contract;
    contract.product_facts = &facts;
    ck_assert_str_eq(verdict(ac_test_arena(), &a), "L3: L4 value /ResponseMetadata/Service");
    contract.product_facts = NULL;
    ck_assert_str_eq(verdict(ac_test_arena(), &a), "L5");
    a.region = "";
    a.body =
        "{'ResponseMetadata': {'RequestId': 'A', 'Action': 'CreateVpcEndpoint', 'Version': '2020-04-01',"
        " 'Service': 'privatelink', 'Region': 'any'}, 'Result': {'RequestId': 'A', 'EndpointId': 'ep-1'}}";
    ck_assert_str_eq(verdict(ac_test_arena(), &a), "L5");
}
END_TEST

START_TEST(test_names_of_a_success_are_exact_even_where_those_of_errors_are_not)
{
    answer a = {.operation = ES_CREATE,
                .body = "{'requestId': 'A'}",
                .status = 200,
                .expect = {.kind = AC_EXPECT_SUCCESS}};
    ck_assert_str_eq(verdict(ac_test_arena(), &a), "L3: L4 request-id /RequestId");
}
END_TEST

/* ---- the outside of an answer ---- */

typedef struct outside {
    int status;
    const char *content_type;
    const char *body;
    const char *verdict;
} outside;

static void check_outsides(answer a, const outside *cases, size_t count)
{
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < count; i++) {
        a.status = cases[i].status;
        a.content_type = cases[i].content_type;
        a.body = cases[i].body;
        const char *seen = verdict(arena, &a);
        ck_assert_msg(strcmp(seen, cases[i].verdict) == 0, "%d %s %s: %s, not %s", cases[i].status,
                      cases[i].content_type ? cases[i].content_type : "", cases[i].body, seen,
                      cases[i].verdict);
    }
}

START_TEST(test_status_and_content_type_of_a_success_are_judged)
{
    static const outside cases[] = {
        {200, NULL, endpoint, "L5"},
        {200, "application/json; charset=utf-8", endpoint, "L5"},
        {200, "Application/JSON ;charset=utf-8", endpoint, "L5"},
        {200, "text/html", endpoint, "L3: L4 content-type content-type"},
        {200, "application/jsonp", endpoint, "L3: L4 content-type content-type"},
        {200, "", endpoint, "L3: L4 content-type content-type"},
        {201, NULL, endpoint, "L1: L2 status"},
        {302, NULL, endpoint, "L0: L1 unexpected-error"},
        {500, NULL, endpoint, "L0: L1 unexpected-error"},
        {0, NULL, endpoint, "L0: L1 unexpected-error"},
        {400, NULL, "{'Code': 'VpcNotFound', 'Message': 'no'}", "L0: L1 unexpected-error"},
        {200, NULL, "{'Code': 'VpcNotFound', 'Message': 'no'}", "L0: L1 unexpected-error"},
    };
    check_outsides(endpoint_created(), cases, AC_COUNT(cases));
}
END_TEST

START_TEST(test_a_body_that_is_no_json_object_ends_the_judgement)
{
    static const outside cases[] = {
        {200, NULL, "", "L2: L3 not-json"},
        {200, "text/html", "<html></html>", "L2: L3 not-json"},
        {200, NULL, "{'RequestId': 'A',}", "L2: L3 not-json"},
        {200, NULL, "{'RequestId': 'A', 'RequestId': 'A'}", "L2: L3 not-json"},
        {200, NULL, "{'RequestId': 01}", "L2: L3 not-json"},
        {200, NULL, "{} {}", "L2: L3 not-json"},
        {200, NULL, "\xEF\xBB\xBF{}", "L2: L3 not-json"},
        {200, NULL, "{'a': '\xFF'}", "L2: L3 not-json"},
        {202, NULL, "<html></html>", "L1: L2 status, L3 not-json"},
        {502, "text/html", "<html></html>", "L0: L1 unexpected-error, L3 not-json"},
        {200, NULL, "[]", "L2: L3 type"},
        {200, NULL, "null", "L2: L3 type"},
        {200, NULL, "'ok'", "L2: L3 type"},
    };
    check_outsides(endpoint_created(), cases, AC_COUNT(cases));
}
END_TEST

START_TEST(test_a_restricted_status_is_judged_beside_the_documented_one)
{
    int64_t statuses[] = {200, 202};
    ac_arena *arena = ac_test_arena();
    answer a = endpoint_created();
    a.expect.status = (ac_ints){statuses, 2};
    ck_assert_str_eq(verdict(arena, &a), "L5");
    a.expect.status = (ac_ints){statuses + 1, 1};
    ck_assert_str_eq(verdict(arena, &a), "L1: L2 status");
    a.status = 202;
    ac_finding finding = only_finding(arena, &a);
    ck_assert_ac_str(finding.expected, "success, status 202");
}
END_TEST

START_TEST(test_headers_are_matched_by_name_in_any_case)
{
    static const struct {
        const char *headers;
        const char *verdict;
    } cases[] = {
        {"{'x-seen': '^one', 'X-SEEN': 'two$'}", "L5"},
        {"{'x-seen': '^two'}", "L3: L4 header x-seen"},
        {"{'x-other': ''}", "L3: L4 header x-other"},
        {"{'x-seen': '('}", "L3: L4 header x-seen"},
    };
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(cases); i++) {
        answer a = endpoint_created();
        a.expect.headers = json(arena, cases[i].headers);
        ck_assert_str_eq(verdict(arena, &a), cases[i].verdict);
    }
}
END_TEST

/* ---- what an expectation asks for ---- */

START_TEST(test_fields_are_judged_only_where_the_case_asks_for_them)
{
    static const change changes[] = {
        {"/EndpointId", NULL, "L4"},
        {"/EndpointStatus", "7", "L4"},
        {"/Extra", "1", "L4"},
        {"/RequestId", NULL, "L3: L4 request-id /RequestId"},
    };
    answer a = endpoint_created();
    a.expect.fields = false;
    check_changes(a, changes, AC_COUNT(changes));
    static const change enveloped[] = {
        {"/Result", NULL, "L4"},
        {"/ResponseMetadata/More", "1", "L4"},
        {"/ResponseMetadata/Action", "'x'", "L3: L4 value /ResponseMetadata/Action"},
        {"/Result/RequestId", "'B'", "L3: L4 request-id /Result/RequestId"},
    };
    a = volc_endpoint_created();
    a.expect.fields = false;
    check_changes(a, enveloped, AC_COUNT(enveloped));
}
END_TEST

START_TEST(test_undocumented_members_become_notes_where_they_are_allowed)
{
    static const change changes[] = {
        {"/Extra", "1", "L5: note L4 undocumented-field /Extra"},
        {"/VpcId", NULL, "L3: L4 missing-field /VpcId"},
    };
    answer a = endpoint_created();
    a.allow_undocumented_fields = true;
    check_changes(a, changes, AC_COUNT(changes));
}
END_TEST

START_TEST(test_what_may_be_is_noted_and_never_fails)
{
    static const change changes[] = {
        {"/VpcId", "'vpc-1'", "L5"},
        {"/VpcId", "null", "L3: note L4 null /VpcId"},
        {"/Code", "'VpcNotFound'", "L0: note L1 unexpected-error"},
    };
    answer a = endpoint_created();
    a.expect.certainty = AC_MAY;
    check_changes(a, changes, AC_COUNT(changes));
}
END_TEST

START_TEST(test_any_answer_must_be_well_formed)
{
    static const outside cases[] = {
        {200, NULL, endpoint, "L4"},
        {200, NULL, "{'RequestId': 'A', 'Extra': 1}", "L4"},
        {201, NULL, "{'RequestId': 'A'}", "L4"},
        {200, NULL, "{}", "L3: L4 request-id /RequestId"},
        {200, "text/plain", "{'RequestId': 'A'}", "L3: L4 content-type content-type"},
        {200, NULL, "{", "L2: L3 not-json"},
        {404, NULL, "{'RequestId': 'A', 'Code': 'x', 'Message': 'y'}", "L4"},
        {404, NULL, "{'RequestId': 'A', 'Code': 'x', 'Extra': 1}",
         "L3: L4 undocumented-field /Extra, L4 missing-field /Message"},
        {404, NULL, "{'RequestId': '', 'Code': 'x', 'Message': 'y'}", "L3: L4 request-id /RequestId"},
        {200, NULL, "{'RequestId': 'A', 'Code': 'x', 'Message': 'y'}", "L0: L1 status"},
        {302, NULL, "{'RequestId': 'A', 'Code': 'x', 'Message': 'y'}", "L0: L1 status"},
    };
    answer a = endpoint_created();
    a.expect = (ac_expect){.kind = AC_EXPECT_ANY, .certainty = AC_MUST};
    check_outsides(a, cases, AC_COUNT(cases));
    int64_t status = 404;
    a.expect.status = (ac_ints){&status, 1};
    static const outside restricted[] = {
        {200, NULL, endpoint, "L1: L2 status"},
        {404, NULL, "{'RequestId': 'A', 'Code': 'x', 'Message': 'y'}", "L4"},
    };
    check_outsides(a, restricted, AC_COUNT(restricted));
}
END_TEST

/* ---- texts ---- */

typedef struct told {
    change change; /* the verdict is not looked at */
    const char *expected, *observed, *source;
} told;

START_TEST(test_a_finding_says_what_was_expected_and_which_line_says_so)
{
    static const told cases[] = {
        {{"/EndpointId", NULL, NULL},
         "string",
         "absent",
         "documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), レスポンスフィールド, row 12"},
        {{"/Bandwidth", "'200'", NULL},
         "integer",
         "string \"200\"",
         "documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), レスポンスフィールド, row 11"},
        {{"/VpcId", "null", NULL},
         "string",
         "null",
         "documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), レスポンスフィールド, row 8"},
        {{"/VpcId", "'vpc-2'", NULL},
         "\"vpc-1\", as sent in VpcId",
         "\"vpc-2\"",
         "documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), レスポンスフィールド, row 8"},
        {{"/ZoneAffinityEnabled", "true", NULL},
         "false, the default of ZoneAffinityEnabled",
         "true",
         "documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), レスポンスフィールド, row 15"},
        {{"/EndpointBusinessStatus", "'Fine'", NULL}, "\"Normal\" or \"FinancialLocked\"", "\"Fine\"", NULL},
        {{"/CreateTime", "'now'", NULL}, "format utc-time", "\"now\"", NULL},
        {{"/EndpointId", "'x'", NULL}, "text that matches ^ep-", "\"x\"", NULL},
        {{"/Extra", "{'a': [1, null]}", NULL},
         "only documented members",
         "object {\"a\":[1,null]}",
         "documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), レスポンスフィールド"},
        {{"/RequestId", NULL, NULL}, "a request id", "absent", NULL},
        {{"/Code", "'Busy'", NULL}, "success, status 200", "200 Busy: ", NULL},
    };
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(cases); i++) {
        answer a = endpoint_created();
        a.body = changed(arena, endpoint, &cases[i].change).p;
        ac_finding finding = only_finding(arena, &a);
        ck_assert_ac_str(finding.expected, cases[i].expected);
        ck_assert_ac_str(finding.observed, cases[i].observed);
        if (cases[i].source) {
            ck_assert_ac_str(finding.source, cases[i].source);
        }
        ck_assert_uint_gt(finding.source.n, 0);
    }
}
END_TEST

START_TEST(test_a_second_request_id_is_told_beside_the_first)
{
    static const change other = {"/Result/RequestId", "'B'", NULL};
    ac_arena *arena = ac_test_arena();
    answer a = volc_endpoint_created();
    a.body = changed(arena, volc_endpoint, &other).p;
    ac_finding finding = only_finding(arena, &a);
    ck_assert_ac_str(finding.expected, "\"A\", as in /ResponseMetadata/RequestId");
    ck_assert_ac_str(finding.observed, "string \"B\"");
}
END_TEST

START_TEST(test_a_refusal_is_told_with_what_the_expectation_rests_on)
{
    ac_str cite[] = {AC_STR_INIT("page:request:9")};
    ac_arena *arena = ac_test_arena();
    answer a = endpoint_created();
    a.status = 400;
    a.body = "{'Code': 'VpcNotFound', 'Message': 'no such VPC'}";
    a.expect.cite = (ac_strs){cite, 1};
    ac_finding finding = only_finding(arena, &a);
    ck_assert_ac_str(finding.expected, "success, status 200");
    ck_assert_ac_str(finding.observed, "400 VpcNotFound: no such VPC");
    ck_assert_ac_str(finding.source, "documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), "
                                     "リクエストパラメーター, row 9");
}
END_TEST

START_TEST(test_what_is_not_json_is_shown_with_line_and_column)
{
    ac_arena *arena = ac_test_arena();
    answer a = endpoint_created();
    a.body = "{\n 'a': \x1B[31m}";
    ac_finding finding = only_finding(arena, &a);
    ck_assert_ac_str(finding.expected, "a JSON object");
    ck_assert(ac_str_starts(finding.observed, AC_STR("line 2, column 7: ")));
    ck_assert(ac_str_ends(finding.observed, AC_STR(": {\\n \"a\": \\x1B[31m}")));
    a.body = "";
    finding = only_finding(arena, &a);
    ck_assert_ac_str(finding.observed,
                     "line 1, column 1: the text ends where a value is expected: an empty body");
}
END_TEST

START_TEST(test_texts_of_findings_are_visible_and_short)
{
    char body[8000];
    char filler[3000];
    memset(filler, 'x', sizeof filler - 1);
    filler[sizeof filler - 1] = '\0';
    snprintf(body, sizeof body, "{'RequestId': 'A', 'Result': {'\\u001b%s': ['\\u001b\\u009b%s']}}", filler,
             filler);
    ac_arena *arena = ac_test_arena();
    answer a = {.operation = ES_CREATE, .body = body, .status = 200, .expect = SUCCESS};
    ac_match_result result = judge(arena, &a);
    for (size_t i = 0; i < result.findings.count; i++) {
        const ac_finding *f = &result.findings.items[i];
        ac_str texts[] = {f->place, f->expected, f->observed};
        for (size_t k = 0; k < AC_COUNT(texts); k++) {
            ck_assert_uint_le(texts[k].n, 310);
            ck_assert(ac_str_find_char(texts[k], 0x1B) == AC_NOT_FOUND);
            ck_assert(ac_str_find(texts[k], AC_STR("\xC2\x9B")) == AC_NOT_FOUND);
        }
    }
    ck_assert(ac_str_starts(result.findings.items[0].observed, AC_STR("array [\"\\u001b\\xC2\\x9Bxxx")));
    ck_assert(ac_str_ends(result.findings.items[0].observed, AC_STR("x…")));
}
END_TEST

START_TEST(test_long_text_is_cut_between_characters)
{
    ac_arena *arena = ac_test_arena();
    ac_buf body;
    ac_buf_init(&body, 4096);
    ac_buf_add_c(&body, "{'RequestId': 'A', 'Extra': '");
    for (int i = 0; i < 200; i++) {
        ac_buf_add_c(&body, "あ");
    }
    ac_buf_add_c(&body, "'}");
    answer a = {
        .operation = ES_CREATE, .body = ac_buf_take(&body, arena).p, .status = 200, .expect = SUCCESS};
    ac_match_result result = judge(arena, &a);
    ck_assert(ac_utf8_valid(result.findings.items[0].observed));
    ck_assert(ac_str_ends(result.findings.items[0].observed, AC_STR("あ…")));
}
END_TEST

/* ---- reading ---- */

START_TEST(test_reading_an_answer_makes_no_findings)
{
    ac_arena *arena = ac_test_arena();
    ac_response response = {.status = 404,
                            .body = quoted(arena, "{'ResponseMetadata': {'RequestId': 'A', 'Error':"
                                                  " {'Code': 'InvalidVpc.NotFound', 'Message': 'no'}}}")};
    ac_match_result result;
    ac_match_read(arena, contract_of(VOLC_CREATE), &response, &result);
    ck_assert(!result.success);
    ck_assert_ac_str(result.code, "InvalidVpc.NotFound");
    ck_assert_ac_str(result.message, "no");
    ck_assert_ac_str(result.request_id, "A");
    ck_assert_uint_eq(result.findings.count, 0);
    response = (ac_response){.status = 200, .body = quoted(arena, volc_endpoint)};
    ac_match_read(arena, contract_of(VOLC_CREATE), &response, &result);
    ck_assert(result.success && !result.code.p && result.body);
    response.body = AC_STR("<html>");
    ac_match_read(arena, contract_of(VOLC_CREATE), &response, &result);
    ck_assert(result.success && !result.body && !result.request_id.p);
}
END_TEST

START_TEST(test_a_success_may_document_a_member_where_errors_have_their_code)
{
    static const ac_response_field fields[] = {
        {.pointer = AC_STR_INIT("/RequestId"), .type = AC_JSON_TYPE_STRING},
        {.pointer = AC_STR_INIT("/code"), .type = AC_JSON_TYPE_STRING},
    };
    ac_arena *arena = ac_test_arena();
    ac_contract contract = *contract_of(ES_CREATE);
    contract.response.fields.items = ac_arena_copy(arena, fields, sizeof fields);
    contract.response.fields.count = AC_COUNT(fields);
    ac_response response = {.status = 200, .body = quoted(arena, "{'RequestId': 'A', 'code': '200'}")};
    ac_match_result result;
    ac_match_read(arena, &contract, &response, &result);
    ck_assert(result.success && !result.code.p);
    response.status = 400;
    ac_match_read(arena, &contract, &response, &result);
    ck_assert(!result.success);
    ck_assert_ac_str(result.code, "200");
}
END_TEST

/* ---- hostile answers ---- */

static const char *many(ac_arena *arena, const char *head, const char *item, size_t count)
{
    ac_buf body;
    ac_buf_init(&body, 4u << 20);
    ac_buf_add_c(&body, head);
    for (size_t i = 0; i < count; i++) {
        ac_buf_printf(&body, "%s%s", i > 0 ? "," : "", item);
    }
    ac_buf_add_c(&body, "]}");
    return ac_buf_take(&body, arena).p;
}

START_TEST(test_findings_are_listed_up_to_a_hundred_and_counted_beyond)
{
    ac_arena *arena = ac_test_arena();
    answer a = endpoints_listed();
    const char *head = "{'RequestId': '" REQUEST_ID "', 'MaxResults': 50, 'TotalCount': 2, 'Endpoints': [";
    a.body = many(arena, head, "7", 99);
    ck_assert_uint_eq(judge(arena, &a).findings.count, 99);
    a.body = many(arena, head, "7", 100000);
    ac_match_result result = judge(arena, &a);
    ck_assert_uint_eq(result.findings.count, 100);
    const ac_finding *last = &result.findings.items[99];
    ck_assert_ac_str(last->observed, "99901 more findings, not listed");
    ck_assert_int_eq(last->kind, AC_FINDING_TYPE);
    ck_assert(!last->note);
    ck_assert_int_eq(result.reached, AC_LEVEL_CODE);
}
END_TEST

START_TEST(test_notes_do_not_push_out_what_fails)
{
    ac_arena *arena = ac_test_arena();
    ac_buf body;
    ac_buf_init(&body, 1u << 20);
    ac_buf_add_c(&body, "{'ResponseMetadata': {'RequestId': 'A', 'Action': 'CreateVpcEndpoint',"
                        " 'Version': '2020-04-01', 'Service': 'privatelink', 'Region': 'cn-guangzhou'}");
    for (int i = 0; i < 200; i++) {
        ac_buf_printf(&body, ", 'x%d': 1", i);
    }
    ac_buf_add_char(&body, '}');
    answer a = volc_endpoint_created();
    a.body = ac_buf_take(&body, arena).p;
    a.allow_undocumented_fields = true;
    ac_match_result result = judge(arena, &a);
    ck_assert_uint_eq(result.findings.count, 100);
    const ac_finding *last = &result.findings.items[99];
    ck_assert(!last->note);
    ck_assert_int_eq(last->kind, AC_FINDING_MISSING_FIELD);
    ck_assert_int_eq(last->level, AC_LEVEL_ENVELOPE);
    ck_assert_int_eq(result.reached, AC_LEVEL_CODE);
}
END_TEST

START_TEST(test_only_notes_left_out_fail_nothing)
{
    ac_arena *arena = ac_test_arena();
    answer a = volc_endpoint_created();
    ac_str body = ac_str_c(volc_endpoint);
    ac_buf more;
    ac_buf_init(&more, 1u << 20);
    ac_buf_add(&more, ac_str_sub(body, 0, body.n - 1));
    for (int i = 0; i < 200; i++) {
        ac_buf_printf(&more, ", 'x%d': 1", i);
    }
    ac_buf_add_char(&more, '}');
    a.body = ac_buf_take(&more, arena).p;
    a.allow_undocumented_fields = true;
    ac_match_result result = judge(arena, &a);
    ck_assert_uint_eq(result.findings.count, 100);
    ck_assert(result.findings.items[99].note);
    ck_assert_int_eq(result.reached, AC_LEVEL_MESSAGE);
}
END_TEST

/* A step of work too many for each element or member would run into the suite's time limit. */
START_TEST(test_large_answers_are_judged_in_time_that_grows_with_their_size)
{
    ac_arena *arena = ac_test_arena();
    answer a = endpoints_listed();
    a.contract = documented(arena, LIST_ENDPOINTS, "/Endpoints/*/EndpointId");
    const char *head = "{'RequestId': '" REQUEST_ID "', 'MaxResults': 50, 'TotalCount': 2, 'Endpoints': [";
    a.body = many(arena, head, "{'x':1}", 100000);
    ck_assert_int_eq(judge(arena, &a).reached, AC_LEVEL_CODE);
    /* One documented name in as many capitalisations as fit. */
    ac_buf body;
    ac_buf_init(&body, 1u << 20);
    ac_buf_add_c(&body, "{'RequestId': 'A', 'AccessDeniedDetail': {'x': 1");
    for (unsigned i = 0; i < 30000; i++) {
        char name[] = "encodeddiagnosticmessage";
        for (unsigned bit = 0; bit < 15; bit++) {
            name[bit] = (char)(name[bit] - (i >> bit & 1 ? 'a' - 'A' : 0));
        }
        ac_buf_printf(&body, ",'%s':1", name);
    }
    ac_buf_add_c(&body, "}}");
    a = (answer){.operation = ES_CREATE, .body = ac_buf_take(&body, arena).p, .status = 400};
    ck_assert_int_eq(judge(arena, &a).reached, AC_LEVEL_CODE);
}
END_TEST

AC_TEST_MAIN(
    "match success", test_every_change_of_a_flat_answer_is_noticed_in_its_place,
    test_every_change_of_an_enveloped_answer_is_noticed_in_its_place,
    test_every_element_of_a_list_is_judged_under_its_index,
    test_what_no_documentation_speaks_of_may_be_absent_and_have_company,
    test_a_container_is_as_needed_as_what_is_documented_in_it,
    test_a_renamed_field_is_both_missing_and_undocumented, test_null_is_fine_where_it_is_documented,
    test_scalar_elements_and_nested_objects_are_judged,
    test_a_container_without_documented_members_is_not_looked_into,
    test_a_value_is_what_was_sent_else_the_default, test_lists_sent_are_compared_element_by_element,
    test_the_service_of_the_envelope_is_the_one_that_signs,
    test_names_of_a_success_are_exact_even_where_those_of_errors_are_not,
    test_numbers_sent_are_compared_by_their_digits, test_status_and_content_type_of_a_success_are_judged,
    test_a_body_that_is_no_json_object_ends_the_judgement,
    test_a_restricted_status_is_judged_beside_the_documented_one,
    test_headers_are_matched_by_name_in_any_case, test_fields_are_judged_only_where_the_case_asks_for_them,
    test_undocumented_members_become_notes_where_they_are_allowed, test_what_may_be_is_noted_and_never_fails,
    test_any_answer_must_be_well_formed, test_a_finding_says_what_was_expected_and_which_line_says_so,
    test_a_second_request_id_is_told_beside_the_first,
    test_a_refusal_is_told_with_what_the_expectation_rests_on,
    test_what_is_not_json_is_shown_with_line_and_column, test_texts_of_findings_are_visible_and_short,
    test_long_text_is_cut_between_characters, test_reading_an_answer_makes_no_findings,
    test_a_success_may_document_a_member_where_errors_have_their_code,
    test_findings_are_listed_up_to_a_hundred_and_counted_beyond, test_notes_do_not_push_out_what_fails,
    test_only_notes_left_out_fail_nothing, test_large_answers_are_judged_in_time_that_grows_with_their_size)
