/* The judge of clients. Requests are built and signed by wire, and then what an SDK might do wrong is done to them;
 * what drivers say is read from lines. */
#include "sdk/judge.h"

#include <string.h>

#include "match_support.h"
#include "sdk/protocol.h"
#include "wire/wire.h"

#define ACS3 "acs3-hmac-sha256"
#define RPC  "acs-rpc-hmac-sha1"
#define ROA  "acs-roa-hmac-sha1"
#define VOLC "volc-hmac-sha256"

static const int64_t clock_ms = 1768465845000;

static ac_credentials credentials_of(const char *secret)
{
    return (ac_credentials){.access_key_id = AC_STR("AKACCORD0001"),
                            .access_key_secret = ac_secret_of(ac_str_c(secret))};
}

static ac_call call_of(const char *operation, const char *signer, const char *params)
{
    return (ac_call){.contract = contract_of(operation),
                     .params = json(ac_test_arena(), params),
                     .signer = ac_signer_find(ac_str_c(signer)),
                     .credentials = credentials_of("accord-mock-not-a-secret"),
                     .host = AC_STR("127.0.0.1:8085"),
                     .region = AC_STR("cn-hangzhou"),
                     .now_ms = clock_ms,
                     .nonce = AC_STR("0123456789abcdef0123456789abcdef")};
}

static ac_request built(const ac_call *call)
{
    ac_request request;
    ac_sign_stages stages;
    ac_err err = {0};
    ck_assert_msg(ac_wire_build(ac_test_arena(), call, &request, &stages, &err), "%s", err.text);
    return request;
}

/* The request signed anew, after something was changed. */
static ac_request resigned(const ac_call *call, ac_request request)
{
    ac_sign_stages stages;
    const ac_contract *c = call->contract;
    const ac_sign_input input = {.credentials = call->credentials,
                                 .now_ms = call->now_ms,
                                 .nonce = call->nonce,
                                 .action = c->action,
                                 .version = c->version,
                                 .region = call->region,
                                 .service = c->product_facts->signing_service};
    call->signer->sign(ac_test_arena(), &request, &input, &stages);
    return request;
}

static ac_request with_target(ac_request request, const char *part, const char *with)
{
    ac_str target = ac_str_replace(ac_test_arena(), request.target, ac_str_c(part), ac_str_c(with));
    ck_assert_msg(!ac_str_eq(target, request.target), "no %s in %.*s", part, AC_STR_FMT(request.target));
    request.target = target;
    return request;
}

static ac_request with_header(ac_request request, const char *name, const char *value)
{
    request.headers = ac_pairs_clone(ac_test_arena(), &request.headers);
    ac_pairs_remove_nocase(&request.headers, ac_str_c(name));
    if (value) {
        ac_pairs_add(ac_test_arena(), &request.headers, ac_str_c(name), ac_str_c(value));
    }
    return request;
}

/* A copy of the contract in which all parameters of one place stand in another. */
static const ac_contract *with_places(const ac_contract *contract, ac_location from, ac_location to)
{
    ac_contract *copy = ac_arena_copy(ac_test_arena(), contract, sizeof *contract);
    copy->parameters.items = ac_arena_copy(ac_test_arena(), contract->parameters.items,
                                           contract->parameters.count * sizeof *contract->parameters.items);
    for (size_t i = 0; i < copy->parameters.count; i++) {
        if (copy->parameters.items[i].in == (int)from) {
            copy->parameters.items[i].in = (int)to;
        }
    }
    return copy;
}

static const char *words_of(const ac_findings *findings)
{
    const ac_match_result result = {.findings = *findings};
    const char *words = in_words(ac_test_arena(), &result);
    return findings->count > 0 ? words + strlen("L0: ") : "";
}

#define check_words(actual, expected)                                                                        \
    do {                                                                                                     \
        const char *actual_ = (actual);                                                                      \
        ck_assert_msg(strcmp(actual_, (expected)) == 0, "%s, not %s", actual_, (expected));                  \
    } while (0)

/* ---- the wire ---- */

typedef struct wire_bed {
    ac_call call; /* that was asked for */
    ac_sdk_hello hello;
    ac_sdk_outcome outcome;
    ac_findings found;
} wire_bed;

static wire_bed asked(const char *operation, const char *signer, const char *params)
{
    return (wire_bed){.call = call_of(operation, signer, params)};
}

static const char *judged(wire_bed *bed, ac_request sent)
{
    ac_request expected = built(&bed->call);
    bed->outcome.end = AC_SDK_RESULT;
    bed->outcome.requests = 1;
    bed->outcome.exchanges[0].request = sent;
    const ac_sdk_judgement judgement = {.contract = bed->call.contract,
                                        .hello = &bed->hello,
                                        .outcome = &bed->outcome,
                                        .expected = &expected,
                                        .credentials = bed->call.credentials,
                                        .region = bed->call.region,
                                        .now_ms = clock_ms};
    bed->found = (ac_findings){NULL, 0, 0};
    ac_sdk_judge_wire(ac_test_arena(), &judgement, &bed->found);
    return words_of(&bed->found);
}

#define ENDPOINT                                                                                             \
    "{'RegionId':'cn-hangzhou','VpcId':'vpc-1','SecurityGroupId':['sg-1'],'DryRun':false,'EndpointName':'a " \
    "b*'}"
#define ES         "{'InstanceId':'es-*1 a','serviceId':'epsrv-1','zoneId':'cn-hangzhou-i','ClientToken':'t'}"
#define VOLCENGINE "{'VpcId':'vpc-1','ServiceId':'epsvc-1','SecurityGroupIds.1':'sg-1','EndpointName':'a b'}"

START_TEST(the_request_itself_has_nothing_wrong)
{
    static const struct {
        const char *operation, *signer, *method, *params;
    } rows[] = {
        {CREATE_ENDPOINT, ACS3, "POST", ENDPOINT},
        {CREATE_ENDPOINT, ACS3, "GET", ENDPOINT},
        {CREATE_ENDPOINT, RPC, "POST", ENDPOINT},
        {CREATE_ENDPOINT, RPC, "GET", ENDPOINT},
        {ES_CREATE, ACS3, "POST", ES},
        {ES_CREATE, ROA, "POST", ES},
        {VOLC_CREATE, VOLC, "GET", VOLCENGINE},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        wire_bed bed = asked(rows[i].operation, rows[i].signer, rows[i].params);
        ac_call call = bed.call;
        call.method = ac_str_c(rows[i].method);
        const char *words = judged(&bed, built(&call));
        ck_assert_msg(words[0] == '\0', "%s %s: %s", rows[i].signer, rows[i].method, words);
    }
}
END_TEST

START_TEST(a_parameter_may_stand_in_query_or_form_in_any_order)
{
    wire_bed bed = asked(CREATE_ENDPOINT, RPC, ENDPOINT);
    ac_call call = bed.call;
    call.contract = with_places(call.contract, AC_IN_QUERY, AC_IN_FORM);
    call.params = json(ac_test_arena(), "{'EndpointName':'a b*','DryRun':false,'SecurityGroupId':['sg-1'],"
                                        "'VpcId':'vpc-1','RegionId':'cn-hangzhou'}");
    ac_request sent = built(&call);
    ck_assert(ac_str_find(sent.body, AC_STR("Action=CreateVpcEndpoint")) != AC_NOT_FOUND);
    check_words(judged(&bed, sent), "");
}
END_TEST

START_TEST(parameters_are_compared_by_name_and_value)
{
    static const struct {
        const char *operation, *signer, *asked, *sent, *words;
    } rows[] = {
        {CREATE_ENDPOINT, ACS3, "{'VpcId':'a','ServiceId':'b'}", "{'VpcId':'a'}",
         "L3 wire-parameter ServiceId"},
        {CREATE_ENDPOINT, ACS3, "{'VpcId':'a'}", "{'VpcId':'A'}", "L3 wire-parameter VpcId"},
        {CREATE_ENDPOINT, ACS3, "{'DryRun':true}", "{'DryRun':'True'}", "L3 wire-parameter DryRun"},
        {CREATE_ENDPOINT, ACS3, "{'DryRun':true}", "{'DryRun':'true'}", ""},
        {CREATE_ENDPOINT, ACS3, "{'VpcId':''}", "{}", "L3 wire-parameter VpcId"},
        {CREATE_ENDPOINT, ACS3, "{'Zone':[{'ZoneId':'a'},{'ZoneId':'b'}]}", "{'Zone':[{'ZoneId':'a'}]}",
         "L3 wire-parameter Zone.2.ZoneId"},
        {CREATE_ENDPOINT, ACS3, "{'VpcId':'a'}", "{'VpcId':'a','EndpointName':'x'}",
         "note L3 wire-parameter EndpointName"},
        {CREATE_ENDPOINT, ACS3, "{'Undocumented':'a'}", "{}", "L3 wire-parameter Undocumented"},
        {VOLC_CREATE, VOLC, "{'VpcId':'a','ServiceId':'b'}", "{'VpcId':'c'}",
         "L3 wire-parameter VpcId, L3 wire-parameter ServiceId"},
        {ES_CREATE, ACS3, "{'InstanceId':'i','zoneId':'a','serviceId':'b'}",
         "{'InstanceId':'i','zoneId':'b'}", "L3 wire-parameter zoneId, L3 wire-parameter serviceId"},
        {ES_CREATE, ACS3, "{'InstanceId':'i','zoneId':'1'}", "{'InstanceId':'i','zoneId':1}",
         "L4 wire-type zoneId"},
        {ES_CREATE, ACS3, "{'InstanceId':'i','zoneId':true}", "{'InstanceId':'i','zoneId':'true'}",
         "L4 wire-type zoneId"},
        {ES_CREATE, ACS3, "{'InstanceId':'i','zoneId':false}", "{'InstanceId':'i','zoneId':'true'}",
         "L3 wire-parameter zoneId"},
        {ES_CREATE, ACS3, "{'InstanceId':'i','zoneId':['a']}", "{'InstanceId':'i','zoneId':['a']}", ""},
        {ES_CREATE, ACS3, "{'InstanceId':'i','zoneId':['a']}", "{'InstanceId':'i','zoneId':'a'}",
         "L3 wire-parameter zoneId"},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        wire_bed bed = asked(rows[i].operation, rows[i].signer, rows[i].asked);
        ac_call call = call_of(rows[i].operation, rows[i].signer, rows[i].sent);
        const char *words = judged(&bed, built(&call));
        ck_assert_msg(strcmp(words, rows[i].words) == 0, "%s for %s: %s", rows[i].sent, rows[i].asked, words);
    }
}
END_TEST

START_TEST(a_finding_says_what_was_asked_for_and_what_was_sent)
{
    wire_bed bed = asked(CREATE_ENDPOINT, ACS3, "{'VpcId':'a','Tag':[{'Key':'k\\u0001'}]}");
    ac_call call = call_of(CREATE_ENDPOINT, ACS3, "{'VpcId':'b'}");
    check_words(judged(&bed, built(&call)), "L3 wire-parameter VpcId, L3 wire-parameter Tag.1.Key");
    ck_assert_ac_str(bed.found.items[0].expected, "\"a\"");
    ck_assert_ac_str(bed.found.items[0].observed, "\"b\"");
    ck_assert(ac_str_starts(bed.found.items[0].source, AC_STR("documented: ")));
    ck_assert_ac_str(bed.found.items[1].expected, "\"k\\x01\"");
    ck_assert_ac_str(bed.found.items[1].observed, "not sent");
    ck_assert(bed.found.items[1].source.n > 0);
}
END_TEST

START_TEST(what_the_driver_says_it_cannot_send_is_told_so)
{
    ac_str names[] = {AC_STR("Tag"), AC_STR("Undocumented")};
    wire_bed bed = asked(CREATE_ENDPOINT, ACS3, "{'Undocumented':{'A':1},'Tag':[{'Key':'k'}],'VpcId':'v'}");
    ac_call call = call_of(CREATE_ENDPOINT, ACS3, "{'VpcId':'v'}");
    bed.outcome.ignored = (ac_strs){names, 2};
    check_words(judged(&bed, built(&call)), "L3 wire-parameter Tag.1.Key");
    ck_assert_ac_str(bed.found.items[0].observed, "not sent: the driver says that the SDK cannot");
    bed.outcome.ignored = (ac_strs){names, 1};
    check_words(judged(&bed, built(&call)), "L3 wire-parameter Undocumented.A, L3 wire-parameter Tag.1.Key");
}
END_TEST

START_TEST(more_differences_than_twenty_are_counted)
{
    ac_buf text;
    ac_buf_init(&text, 1u << 16);
    ac_buf_add_c(&text, "{'Tag':[");
    for (int i = 0; i < 12; i++) {
        ac_buf_printf(&text, "%s{'Key':'k%d','Value':'v'}", i > 0 ? "," : "", i);
    }
    ac_buf_add_c(&text, "]}");
    ac_str params = ac_buf_take(&text, ac_test_arena());
    wire_bed bed = asked(CREATE_ENDPOINT, ACS3, params.p);
    ac_call none = call_of(CREATE_ENDPOINT, ACS3, "{}");
    judged(&bed, built(&none));
    ck_assert_uint_eq(bed.found.count, 21);
    ck_assert_ac_str(bed.found.items[20].place, "");
    ck_assert_ac_str(bed.found.items[20].observed, "4 more differences, not listed");
    ac_request all = built(&bed.call);
    bed.call = none;
    judged(&bed, all); /* notes end without a count */
    ck_assert_uint_eq(bed.found.count, 20);
    ck_assert(bed.found.items[19].note);
}
END_TEST

START_TEST(positions_count_where_a_path_says_the_operation)
{
    wire_bed bed = asked(ES_CREATE, ACS3, "{'InstanceId':'i','ClientToken':'t','zoneId':'z'}");
    ac_call call = bed.call;
    call.contract = with_places(call.contract, AC_IN_QUERY, AC_IN_BODY);
    check_words(judged(&bed, built(&call)), "L4 wire-position ClientToken");
    ck_assert_ac_str(bed.found.items[0].expected, "in the query");
    ck_assert_ac_str(bed.found.items[0].observed, "in the JSON body");
    call.contract = with_places(bed.call.contract, AC_IN_BODY, AC_IN_QUERY);
    check_words(judged(&bed, built(&call)), "L4 wire-position zoneId");
}
END_TEST

START_TEST(a_path_may_be_encoded_in_any_way_that_is_read_the_same)
{
    static const struct {
        const char *part, *with, *words;
    } rows[] = {
        {"%2A", "*", ""},
        {"openapi", "%6fpenapi", ""},
        {"%20", "+", "L1 wire-path"},
        {"%2A", "%252A", "L1 wire-path"},
        {"es-", "es", "L1 wire-path"},
        {"/vpc-endpoints", "", "L1 wire-path"},
        {"/openapi", "//openapi", "L1 wire-path"},
        {"%2F", "/", "L1 wire-path"},
        {"%2F", "%2f", ""},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        wire_bed bed = asked(ES_CREATE, ACS3, "{'InstanceId':'es-*1 a/b','zoneId':'z'}");
        ac_request sent = with_target(built(&bed.call), rows[i].part, rows[i].with);
        const char *words = judged(&bed, resigned(&bed.call, sent));
        ck_assert_msg(strcmp(words, rows[i].words) == 0, "%s for %s: %s", rows[i].with, rows[i].part, words);
    }
}
END_TEST

START_TEST(the_method_is_a_documented_one)
{
    wire_bed bed = asked(CREATE_ENDPOINT, ACS3, ENDPOINT);
    ac_request sent = built(&bed.call);
    sent.method = AC_STR("PUT");
    check_words(judged(&bed, resigned(&bed.call, sent)), "L1 wire-method");
    ck_assert_ac_str(bed.found.items[0].expected, "\"POST\" or \"GET\"");
    ck_assert_ac_str(bed.found.items[0].observed, "PUT");
}
END_TEST

START_TEST(the_action_may_be_in_header_query_or_form_but_must_be_right)
{
    wire_bed bed = asked(CREATE_ENDPOINT, ACS3, ENDPOINT);
    ac_request sent = with_header(built(&bed.call), "x-acs-action", "DeleteVpcEndpoint");
    check_words(judged(&bed, resigned(&bed.call, sent)), "L1 wire-action Action");
    ck_assert_ac_str(bed.found.items[0].expected, "CreateVpcEndpoint");
    ck_assert_ac_str(bed.found.items[0].observed, "DeleteVpcEndpoint");
    bed = asked(CREATE_ENDPOINT, RPC, ENDPOINT);
    sent = with_target(built(&bed.call), "Version=2020-04-15", "Version=2020");
    check_words(judged(&bed, resigned(&bed.call, sent)), "L1 wire-action Version");
    bed = asked(VOLC_CREATE, VOLC, VOLCENGINE);
    sent = built(&bed.call);
    sent = with_target(sent, "Action=CreateVpcEndpoint", "Other=1");
    const char *words = judged(&bed, sent);
    ck_assert_msg(strstr(words, "L1 wire-action Action, note L3 wire-parameter Other") == words, "%s", words);
    ck_assert_ac_str(bed.found.items[0].observed, "not sent");
    bed = asked(ES_CREATE, ROA, ES);
    sent = built(&bed.call);
    ck_assert(!ac_header(&sent.headers, "x-acs-action").p);
    sent = with_header(sent, "x-acs-action", "Other");
    check_words(judged(&bed, resigned(&bed.call, sent)), "L1 wire-action Action");
}
END_TEST

START_TEST(a_body_is_of_the_type_it_says)
{
    static const struct {
        const char *type, *body, *words, *observed;
    } rows[] = {
        {"application/json", "{", "L4 wire-header Content-Type, L3 wire-parameter zoneId", "no JSON object"},
        {"application/json", "[]", "L4 wire-header Content-Type, L3 wire-parameter zoneId", "no JSON object"},
        {"text/plain", "x", "L4 wire-header Content-Type, L3 wire-parameter zoneId",
         "a body of neither type that parameters come in"},
        {NULL, "{\"zoneId\":\"z\"}", "L4 wire-header Content-Type, L3 wire-parameter zoneId",
         "a body of neither type that parameters come in"},
        {"application/json; charset=utf-8", "{\"zoneId\":\"z\"}", "", NULL},
        {"Application/JSON", "{ \"zoneId\" : \"z\" }", "", NULL},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        wire_bed bed = asked(ES_CREATE, ACS3, "{'InstanceId':'i','zoneId':'z'}");
        ac_request sent = with_header(built(&bed.call), "Content-Type", rows[i].type);
        sent.body = ac_str_c(rows[i].body);
        const char *words = judged(&bed, resigned(&bed.call, sent));
        ck_assert_msg(strcmp(words, rows[i].words) == 0, "%s: %s", rows[i].body, words);
        ck_assert(!rows[i].observed || ac_str_is(bed.found.items[0].observed, rows[i].observed));
    }
}
END_TEST

/* ---- signatures ---- */

static void check_signature(wire_bed *bed, ac_request sent, const char *expected, const char *observed)
{
    check_words(judged(bed, sent), "L2 wire-signature");
    const ac_finding *f = &bed->found.items[0];
    ck_assert_msg(ac_str_find(f->expected, ac_str_c(expected)) != AC_NOT_FOUND, "expected %.*s",
                  AC_STR_FMT(f->expected));
    ck_assert_msg(ac_str_find(f->observed, ac_str_c(observed)) != AC_NOT_FOUND, "observed %.*s",
                  AC_STR_FMT(f->observed));
    ck_assert(f->source.n > 0);
}

START_TEST(a_signature_is_valid_by_the_credentials_given)
{
    static const char *const rows[][3] = {
        {CREATE_ENDPOINT, ACS3, ENDPOINT},
        {CREATE_ENDPOINT, RPC, ENDPOINT},
        {ES_CREATE, ACS3, ES},
        {ES_CREATE, ROA, ES},
        {VOLC_CREATE, VOLC, VOLCENGINE},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        wire_bed bed = asked(rows[i][0], rows[i][1], rows[i][2]);
        ac_call call = bed.call;
        call.credentials = credentials_of("another secret");
        ac_str wanted = ac_str_printf(ac_test_arena(), "a valid %s signature", rows[i][1]);
        check_signature(&bed, built(&call), wanted.p, "");
        call = bed.call;
        call.credentials.access_key_id = AC_STR("AKOTHER");
        check_signature(&bed, built(&call), "access key id AKACCORD0001", "access key id AKOTHER");
        call = bed.call;
        call.now_ms = clock_ms - 20 * 60 * 1000;
        check_signature(&bed, built(&call), "the time of the call", "-1200 s off");
        call.now_ms = clock_ms + 14 * 60 * 1000;
        check_words(judged(&bed, built(&call)), "");
        call.now_ms = clock_ms + 16 * 60 * 1000;
        check_signature(&bed, built(&call), "the time of the call", "960 s off");
    }
}
END_TEST

START_TEST(a_signature_has_the_region_and_service_of_the_call)
{
    wire_bed bed = asked(VOLC_CREATE, VOLC, VOLCENGINE);
    ac_call call = bed.call;
    call.region = AC_STR("cn-beijing");
    check_signature(&bed, built(&call), "region cn-hangzhou", "region cn-beijing");
    ac_product facts = *bed.call.contract->product_facts;
    ac_contract contract = *bed.call.contract;
    facts.signing_service = AC_STR("vpc");
    contract.product_facts = &facts;
    call = bed.call;
    call.contract = &contract;
    check_signature(&bed, built(&call), "service privatelink", "service vpc");
}
END_TEST

START_TEST(a_scheme_must_be_one_that_the_provider_accepts)
{
    wire_bed bed = asked(CREATE_ENDPOINT, ACS3, ENDPOINT);
    ac_request unsigned_request = with_header(built(&bed.call), "Authorization", NULL);
    check_signature(&bed, unsigned_request, ACS3, "no signature");
    bed = asked(ES_CREATE, ROA, ES);
    ac_call call = bed.call;
    call.signer = ac_signer_find(AC_STR(VOLC));
    ac_request sent =
        with_header(with_header(built(&bed.call), "Authorization", NULL), "x-acs-signature-method", NULL);
    const char *words = judged(&bed, resigned(&call, sent));
    ck_assert_msg(strstr(words, "L2 wire-signature") != NULL, "%s", words);
    const ac_finding *f = &bed.found.items[bed.found.count - 1];
    ck_assert_ac_str(f->observed, VOLC);
}
END_TEST

START_TEST(a_call_without_a_request_is_a_finding)
{
    wire_bed bed = asked(CREATE_ENDPOINT, ACS3, ENDPOINT);
    const ac_sdk_judgement judgement = {.contract = bed.call.contract, .outcome = &bed.outcome};
    bed.outcome.error = (ac_sdk_error){
        .kind = AC_SDK_CLIENT, .type = AC_STR("TypeError"), .message = {.value = AC_STR("no\nway")}};
    ac_sdk_judge_wire(ac_test_arena(), &judgement, &bed.found);
    check_words(words_of(&bed.found), "L1 wire-request");
    ck_assert_ac_str(bed.found.items[0].observed, "none; TypeError: no\\nway");
}
END_TEST

/* ---- the hand ---- */

typedef struct hand_row {
    const char *operation;
    int status;
    const char *served; /* body of the documented answer */
    const char *line;   /* members of the driver's answer */
    const char *words;
    const char *hello; /* members of it; NULL: none */
    const char *fault; /* name; NULL: none */
} hand_row;

typedef struct hand_bed {
    ac_sdk_hello hello;
    ac_sdk_outcome outcome;
    ac_response answer;
    ac_request expected;
    ac_sdk_judgement judgement;
} hand_bed;

static const ac_fault *fault_of(const char *name)
{
    const ac_fault *fault = ac_faults;
    while (name && fault->name && strcmp(fault->name, name) != 0) {
        fault++;
    }
    ck_assert_msg(!name || fault->name, "no fault %s", name);
    return name ? fault : NULL;
}

static void prepare(hand_bed *bed, const hand_row *row)
{
    ac_arena *arena = ac_test_arena();
    ac_err err = {0};
    const char *signer = strcmp(row->operation, VOLC_CREATE) == 0 ? VOLC
                         : strcmp(row->operation, ES_CREATE) == 0 ? ACS3
                                                                  : RPC;
    const char *params = strcmp(row->operation, ES_CREATE) == 0 ? "{'InstanceId':'i'}" : "{}";
    ac_call call = call_of(row->operation, signer, params);
    ac_str hello =
        ac_str_printf(arena, "{'accord':1,'driver':'d','sdk':'s','version':'1','operations':['%s']%s}",
                      row->operation, row->hello ? row->hello : "");
    ck_assert_msg(ac_sdk_read_hello(arena, quoted(arena, hello.p), &bed->hello, &err), "%s", err.text);
    ac_str line = ac_str_printf(arena, "{'id':1,%s}", row->line);
    bed->outcome = (ac_sdk_outcome){.requests = 1};
    ck_assert_msg(ac_sdk_read_answer(arena, quoted(arena, line.p), 1, &bed->outcome, &err), "%s", err.text);
    bed->answer = (ac_response){.status = row->status, .body = quoted(arena, row->served)};
    ac_pairs_add(arena, &bed->answer.headers, AC_STR("Content-Type"), AC_STR("application/json"));
    bed->expected = built(&call);
    const ac_fault *fault = fault_of(row->fault);
    ac_sdk_script script = ac_sdk_script_of(arena, &bed->answer, &bed->answer, fault, 1000);
    bed->outcome.exchanges[0] = (ac_sdk_exchange){bed->expected, &script.answers[0]};
    bed->judgement = (ac_sdk_judgement){.contract = call.contract,
                                        .hello = &bed->hello,
                                        .outcome = &bed->outcome,
                                        .expected = &bed->expected,
                                        .answer = &bed->answer,
                                        .fault = fault,
                                        .credentials = call.credentials,
                                        .region = call.region,
                                        .now_ms = clock_ms};
}

static ac_findings hand_findings(const hand_row *row)
{
    hand_bed bed;
    ac_findings found = {NULL, 0, 0};
    prepare(&bed, row);
    ac_sdk_judge_hand(ac_test_arena(), &bed.judgement, &found);
    return found;
}

static void check_rows(const hand_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ac_findings found = hand_findings(&rows[i]);
        const char *words = words_of(&found);
        ck_assert_msg(strcmp(words, rows[i].words) == 0, "%s for %s: %s, not %s", rows[i].line,
                      rows[i].served, words, rows[i].words);
        for (size_t k = 0; k < found.count; k++) {
            ck_assert(found.items[k].expected.n > 0 && found.items[k].observed.n > 0);
        }
    }
}

#define EXISTS                                                                                               \
    "{'RequestId':'r-1','HostId':'h','Code':'EndpointExist','Message':'The specified Endpoint already "      \
    "exists.'}"
#define TEXT "'message':'The specified Endpoint already exists.'"
#define VOLC_ERROR                                                                                           \
    "{'ResponseMetadata':{'RequestId':'r-1','Action':'CreateVpcEndpoint','Version':'2020-04-01','Service':"  \
    "'privatelink','Region':'cn-beijing','Error':{'Code':'MissingParameter','Message':'It is missing.'}}}"

START_TEST(an_error_comes_with_all_its_members)
{
    static const hand_row rows[] = {
        {CREATE_ENDPOINT, 400, EXISTS,
         "'error':{'kind':'service','status':400,'code':'EndpointExist','request_id':'r-1'," TEXT "}", "",
         NULL, NULL},
        {CREATE_ENDPOINT, 400, EXISTS,
         "'error':{'kind':'service','status':'400','code':'EndpointExist','request_id':'r-1',"
         "'message':'code: 400, The specified Endpoint already exists. request id: r-1'}",
         "", NULL, NULL},
        {CREATE_ENDPOINT, 400, EXISTS,
         "'error':{'kind':'service','code':'EndpointExist','request_id':'r-1'," TEXT "}",
         "L2 hand-status status", NULL, NULL},
        {CREATE_ENDPOINT, 400, EXISTS,
         "'error':{'kind':'service','status':403,'code':'EndpointExist','request_id':'r-1'," TEXT "}",
         "L2 hand-status status", NULL, NULL},
        {CREATE_ENDPOINT, 400, EXISTS, "'error':{'kind':'service','status':400,'request_id':'r-1'," TEXT "}",
         "L3 hand-code code", NULL, NULL},
        {CREATE_ENDPOINT, 400, EXISTS,
         "'error':{'kind':'service','status':400,'code':'400EndpointExist','request_id':'r-1'," TEXT "}",
         "L3 hand-code code", NULL, NULL},
        {CREATE_ENDPOINT, 400, EXISTS,
         "'error':{'kind':'service','status':400,'code':'EndpointExist'," TEXT "}",
         "L4 hand-request-id request_id", NULL, NULL},
        {CREATE_ENDPOINT, 400, EXISTS,
         "'error':{'kind':'service','status':400,'code':'EndpointExist','request_id':'r-1','message':'Bad "
         "request'}",
         "L5 hand-message message", NULL, NULL},
        {CREATE_ENDPOINT, 400, EXISTS, "'error':{'kind':'service'}",
         "L2 hand-status status, L3 hand-code code, L4 hand-request-id request_id, L5 hand-message message",
         NULL, NULL},
        {VOLC_CREATE, 400, VOLC_ERROR,
         "'error':{'kind':'service','status':400,'code':'MissingParameter','request_id':'r-1','message':'It "
         "is missing.'}",
         "", NULL, NULL},
        {VOLC_CREATE, 400, VOLC_ERROR,
         "'error':{'kind':'service','status':400,'code':'MissingParameter','message':'It is missing.'}",
         "L4 hand-request-id request_id", NULL, NULL},
    };
    check_rows(rows, AC_COUNT(rows));
}
END_TEST

START_TEST(what_can_be_dug_out_of_the_raw_answer_is_a_note)
{
    static const hand_row dug_out = {CREATE_ENDPOINT,
                                     400,
                                     EXISTS,
                                     "'error':{'kind':'service','status':400,'request_id':'r-1'," TEXT
                                     ",'raw':{'code':{'at':'data.Code','value':'EndpointExist'}}}",
                                     "note L3 hand-code code",
                                     NULL,
                                     NULL};
    static const hand_row other = {CREATE_ENDPOINT,
                                   400,
                                   EXISTS,
                                   "'error':{'kind':'service','status':400,'request_id':'r-1'," TEXT
                                   ",'raw':{'code':{'at':'data.Code','value':'Endpoint'}}}",
                                   "L3 hand-code code",
                                   NULL,
                                   NULL};
    check_rows(&dug_out, 1);
    check_rows(&other, 1);
    ac_findings found = hand_findings(&dug_out);
    ck_assert_ac_str(found.items[0].expected, "EndpointExist");
    ck_assert_ac_str(found.items[0].observed, "only in the raw answer, at data.Code");
    ck_assert(found.items[0].source.n > 0);
    found = hand_findings(&other);
    ck_assert_ac_str(found.items[0].observed, "nothing");
}
END_TEST

START_TEST(an_error_is_no_success_and_a_success_no_error)
{
    static const hand_row rows[] = {
        {CREATE_ENDPOINT, 400, EXISTS, "'result':{'Code':'EndpointExist'}", "L1 hand-outcome", NULL, NULL},
        {CREATE_ENDPOINT, 400, EXISTS, "'result':null", "L1 hand-outcome", NULL, NULL},
        {CREATE_ENDPOINT, 400, EXISTS, "'error':{'kind':'client','message':'Unexpected token'}",
         "L1 hand-outcome", NULL, NULL},
        {CREATE_ENDPOINT, 400, EXISTS, "'error':{'kind':'transport'}", "L1 hand-outcome", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'RequestId':'r'}", "'error':{'kind':'service','code':'x'}",
         "L1 hand-outcome", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'RequestId':'r'}", "'error':{'kind':'timeout'}", "L1 hand-outcome", NULL,
         NULL},
        {CREATE_ENDPOINT, 200, "{'RequestId':'r'}", "'error':{'kind':'client','message':'x'}",
         "L1 hand-outcome", NULL, "chunked"},
    };
    check_rows(rows, AC_COUNT(rows));
    ac_findings found = hand_findings(&rows[0]);
    ck_assert_ac_str(found.items[0].expected, "an error of the service: 400 EndpointExist");
    ck_assert_ac_str(found.items[0].observed, "a success: the caller gets object");
    found = hand_findings(&rows[2]);
    ck_assert_ac_str(found.items[0].observed, "a client error: Unexpected token");
}
END_TEST

#define MADE                                                                                                 \
    "{'RequestId':'r','EndpointId':'ep-1','Bandwidth':1024,'ZoneAffinityEnabled':true,'EndpointName':null,'" \
    "New':'n'}"
#define ROOT ",'result_root':'/body'"

START_TEST(a_result_has_every_value_that_was_served)
{
    static const hand_row rows[] = {
        {CREATE_ENDPOINT, 200, MADE, "'result':" MADE, "", NULL, NULL},
        {CREATE_ENDPOINT, 200, MADE, "'result':{'status':200,'body':" MADE "}", "", ROOT, NULL},
        {CREATE_ENDPOINT, 200, MADE, "'result':" MADE,
         "L4 hand-field /RequestId, L4 hand-field /EndpointId, L4 hand-field /Bandwidth, "
         "L4 hand-field /ZoneAffinityEnabled, note L4 hand-field /New",
         ROOT, NULL},
        {CREATE_ENDPOINT, 200, "{'RequestId':'r','EndpointId':'ep-1'}", "'result':{'RequestId':'r'}",
         "L4 hand-field /EndpointId", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'RequestId':'r','EndpointId':'ep-1'}",
         "'result':{'RequestId':'r','EndpointId':'ep-2'}", "L5 hand-value /EndpointId", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'RequestId':'r','EndpointId':'ep-1'}",
         "'result':{'RequestId':'r','EndpointId':null}", "L5 hand-value /EndpointId", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'RequestId':'r','EndpointId':'ep-1'}", "'result':'{}'",
         "L4 hand-field /RequestId, L4 hand-field /EndpointId", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'RequestId':'r','EndpointId':'ep-1'}", "'result':null",
         "L4 hand-field /RequestId, L4 hand-field /EndpointId", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'Bandwidth':1024}", "'result':{'Bandwidth':'1024'}",
         "note L5 hand-value /Bandwidth", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'EndpointId':'12'}", "'result':{'EndpointId':12}",
         "note L5 hand-value /EndpointId", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'Bandwidth':9007199254740993}", "'result':{'Bandwidth':9007199254740992}",
         "L5 hand-value /Bandwidth", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'ZoneAffinityEnabled':true}", "'result':{'ZoneAffinityEnabled':false}",
         "L5 hand-value /ZoneAffinityEnabled", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'EndpointName':null}", "'result':{}", "", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'EndpointName':null}", "'result':{'EndpointName':''}",
         "L5 hand-value /EndpointName", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'New':1}", "'result':{'New':2}", "note L5 hand-value /New", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'RequestId':'r'}", "'result':{'RequestId':'r','More':1}", "", NULL, NULL},
    };
    check_rows(rows, AC_COUNT(rows));
}
END_TEST

#define LISTED                                                                                               \
    "{'RequestId':'r','Endpoints':[{'EndpointId':'ep-1','Tags':[{'Key':'a','Value':'1'}]},"                  \
    "{'EndpointId':'ep-2','Tags':[{'Key':'b','Value':'2'},{'Key':'c','Value':'3'}]}]}"
#define FIELDS                                                                                               \
    ",'result_root':'/body','fields':{'" LIST_ENDPOINTS "':{'/Endpoints/*/EndpointId':'/items/*/id',"        \
    "'/Endpoints/*/Tags/*/Key':'/items/*/tags/*/k','/Endpoints/*/Tags/*/Value':'/values/*/*'}}"

START_TEST(fields_are_found_where_the_driver_says)
{
    static const hand_row rows[] = {
        {LIST_ENDPOINTS, 200, LISTED,
         "'result':{'body':{'RequestId':'r'},'items':[{'id':'ep-1','tags':[{'k':'a'}]},"
         "{'id':'ep-2','tags':[{'k':'b'},{'k':'c'}]}],'values':[['1'],['2','3']]}",
         "", FIELDS, NULL},
        {LIST_ENDPOINTS, 200, LISTED,
         "'result':{'body':{'RequestId':'r'},'items':[{'id':'ep-1','tags':[{'k':'a'}]},"
         "{'id':'ep-2','tags':[{'k':'b'}]}],'values':[['1'],['2','4']]}",
         "L4 hand-field /Endpoints/*/Tags/*/Key, L5 hand-value /Endpoints/*/Tags/*/Value", FIELDS, NULL},
        {LIST_ENDPOINTS, 200, LISTED, "'result':{'body':" LISTED "}",
         "L4 hand-field /Endpoints/*/EndpointId, L4 hand-field /Endpoints/*/Tags/*/Key, "
         "L4 hand-field /Endpoints/*/Tags/*/Value, L4 hand-field /Endpoints/*/EndpointId, "
         "L4 hand-field /Endpoints/*/Tags/*/Key, L4 hand-field /Endpoints/*/Tags/*/Value, "
         "L4 hand-field /Endpoints/*/Tags/*/Key, L4 hand-field /Endpoints/*/Tags/*/Value",
         FIELDS, NULL},
        {LIST_ENDPOINTS, 200, LISTED, "'result':" LISTED, "", NULL, NULL},
        {CREATE_ENDPOINT, 200, "{'a/b':'1','c~d':'2','RequestId':'r'}",
         "'result':{'a/b':'1','c~d':'2','RequestId':'r'}", "", NULL, NULL},
        /* a star that is no place of an element, and more of them than indices */
        {LIST_ENDPOINTS, 200, "{'RequestId':'r'}", "'result':{'*':'r'}", "",
         ",'fields':{'" LIST_ENDPOINTS "':{'/RequestId':'/*'}}", NULL},
    };
    check_rows(rows, AC_COUNT(rows));
}
END_TEST

/* A body of so many members, and the same with other values. */
static ac_str members(const char *format, int count)
{
    ac_buf text;
    ac_buf_init(&text, 1u << 20);
    for (int i = 0; i < count; i++) {
        ac_buf_add_c(&text, i > 0 ? "," : "");
        ac_buf_printf(&text, "'M%d':", i);
        ac_buf_add_c(&text, format);
    }
    return ac_buf_take(&text, ac_test_arena());
}

START_TEST(more_than_twenty_differences_are_counted_and_notes_stay_notes)
{
    ac_arena *arena = ac_test_arena();
    ac_str undocumented = ac_str_printf(arena, "{%s}", members("'a'", 25).p);
    hand_row row = {CREATE_ENDPOINT, 200, undocumented.p, "'result':{}", "", NULL, NULL};
    ac_findings found = hand_findings(&row);
    ck_assert_uint_eq(found.count, 21);
    for (size_t i = 0; i < found.count; i++) {
        ck_assert_msg(found.items[i].note, "finding %zu", i);
    }
    ck_assert_ac_str(found.items[20].observed, "5 more differences, not listed");
    row.served = ac_str_printf(arena, "{%s,'EndpointId':'ep-1'}", members("'a'", 25).p).p;
    found = hand_findings(&row);
    ck_assert_uint_eq(found.count, 21);
    ck_assert_msg(!found.items[20].note, "a documented field is among those that are not listed");
    row.served = ac_str_printf(arena, "{%s}", members("'a'", 20).p).p;
    found = hand_findings(&row);
    ck_assert_uint_eq(found.count, 20);
}
END_TEST

START_TEST(a_fault_makes_findings_notes_but_where_http_rules)
{
    static const hand_row rows[] = {
        {CREATE_ENDPOINT, 200, MADE, "'result':{}", "", NULL, "empty"},
        {CREATE_ENDPOINT, 200, "{'RequestId':'r'}", "'result':{}", "L4 hand-field /RequestId", NULL,
         "chunked"},
        {CREATE_ENDPOINT, 200, "{'RequestId':'r'}", "'result':{'RequestId':'r'}",
         "note L4 hand-field /AccordUndocumented", NULL, "unknown-field"},
        {CREATE_ENDPOINT, 200, "{'Bandwidth':1}", "'result':{'Bandwidth':9007199254740992}",
         "note L5 hand-value /Bandwidth", NULL, "big-integers"},
        {CREATE_ENDPOINT, 200, "{'Bandwidth':1}", "'result':{'Bandwidth':9007199254740993}", "", NULL,
         "big-integers"},
        {CREATE_ENDPOINT, 400, EXISTS, "'error':{'kind':'service'}", "", NULL, "status-500"},
        {CREATE_ENDPOINT, 400, EXISTS, "'result':null", "", NULL, "status-200-error"},
        {CREATE_ENDPOINT, 200, MADE, "'error':{'kind':'client'}", "", NULL, "truncated"},
        {CREATE_ENDPOINT, 200, MADE, "'result':'<html>'", "", NULL, "status-200-html"},
        {CREATE_ENDPOINT, 200, MADE, "'error':{'kind':'timeout'}", "", NULL, "slow-head"},
    };
    check_rows(rows, AC_COUNT(rows));
}
END_TEST

START_TEST(a_signature_in_the_text_of_an_error_is_noted)
{
    hand_bed bed;
    const hand_row row = {CREATE_ENDPOINT,
                          400,
                          EXISTS,
                          "'error':{'kind':'service','status':400,'code':'EndpointExist','request_id':'r-1'}",
                          "",
                          NULL,
                          NULL};
    prepare(&bed, &row);
    ac_pairs query;
    ck_assert(ac_form_parse(ac_test_arena(), ac_target_query(bed.expected.target), true, 100, &query));
    ac_str signature = ac_pairs_value(&query, AC_STR("Signature"));
    ck_assert_uint_gt(signature.n, 0);
    const ac_str texts[] = {signature, ac_percent_encoded(ac_test_arena(), signature)};
    for (size_t i = 0; i < AC_COUNT(texts); i++) {
        ac_findings found = {NULL, 0, 0};
        bed.outcome.error.message.value =
            ac_str_printf(ac_test_arena(), "The specified Endpoint already exists. GET /?Signature=%.*s",
                          AC_STR_FMT(texts[i]));
        ac_sdk_judge_hand(ac_test_arena(), &bed.judgement, &found);
        check_words(words_of(&found), "note L5 hand-secret message");
        ck_assert(ac_str_find(found.items[0].observed, signature) == AC_NOT_FOUND);
    }
}
END_TEST

/* ---- what is observed ---- */

static ac_findings observed(const hand_bed *bed)
{
    ac_findings found = {NULL, 0, 0};
    ac_sdk_observe_fault(ac_test_arena(), &bed->judgement, &found);
    return found;
}

START_TEST(how_a_call_ended_under_a_fault_is_told)
{
    static const struct {
        const char *fault, *line, *observed;
    } rows[] = {
        {"status-500",
         "'error':{'kind':'service','type':'ResponseError','status':500,'code':'X','message':'long'}",
         "a service error ResponseError, status 500, code X"},
        {"empty", "'error':{'kind':'client'}", "a client error"},
        {"empty", "'result':null", "a success: null"},
        {"empty", "'result':''", "a success: empty text"},
        {"status-200-html", "'result':'<html>'", "a success: the body as text"},
        {"chunked", "'result':{}", "a success: object"},
        {"slow-head", "'error':{'kind':'timeout','type':'\\u0001'}", "a timeout error \\x01"},
        {"slow-body", "'error':{'kind':'timeout','type':'E'}", "a timeout or a transport error"},
        {"slow-body", "'error':{'kind':'transport','type':'E'}", "a timeout or a transport error"},
        {"slow-body", "'error':{'kind':'client','type':'E'}", "a client error E"},
        {"slow-body", "'result':{}", "a success: object"},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        hand_bed bed;
        const hand_row row = {CREATE_ENDPOINT, 200, MADE, rows[i].line, "", NULL, rows[i].fault};
        prepare(&bed, &row);
        ac_findings found = observed(&bed);
        ac_str words = ac_str_printf(ac_test_arena(), "note L5 fault-outcome %s", rows[i].fault);
        check_words(words_of(&found), words.p);
        ck_assert_ac_str(found.items[0].observed, rows[i].observed);
        bool judged_by_http = strcmp(rows[i].fault, "chunked") == 0;
        ck_assert_ac_str(found.items[0].expected,
                         judged_by_http ? "as without it" : "nothing: no documentation says");
    }
    hand_bed bed;
    const hand_row row = {CREATE_ENDPOINT, 200, MADE, "'result':{}", "", NULL, NULL};
    prepare(&bed, &row);
    ck_assert_uint_eq(observed(&bed).count, 0);
}
END_TEST

START_TEST(retries_are_compared_with_the_first_try)
{
    static const struct {
        const char *operation, *signer, *first, *again, *nonce, *observed;
    } rows[] = {
        {CREATE_ENDPOINT, ACS3, "{'ClientToken':'t'}", "{'ClientToken':'t'}", "1",
         "3 requests; ClientToken kept; the same signature"},
        {CREATE_ENDPOINT, ACS3, "{'ClientToken':'t'}", "{'ClientToken':'t'}", "2",
         "3 requests; ClientToken kept; signed anew"},
        {CREATE_ENDPOINT, RPC, "{'ClientToken':'t'}", "{'ClientToken':'u'}", "2",
         "3 requests; ClientToken lost or changed; signed anew"},
        {CREATE_ENDPOINT, RPC, "{'ClientToken':'t'}", "{}", "1",
         "3 requests; ClientToken lost or changed; signed anew"},
        {CREATE_ENDPOINT, RPC, "{}", "{}", "1", "3 requests; ClientToken not sent; the same signature"},
        {ES_CREATE, ROA, "{'InstanceId':'i','ClientToken':'t'}", "{'InstanceId':'i','ClientToken':'t'}", "1",
         "3 requests; ClientToken kept; the same signature"},
        {LIST_ENDPOINTS, RPC, "{}", "{}", "2", "3 requests; idempotency token not documented; signed anew"},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        hand_bed bed;
        const hand_row row = {rows[i].operation, 200, MADE, "'result':{}", "", NULL, "status-503-once"};
        prepare(&bed, &row);
        ac_call call = call_of(rows[i].operation, rows[i].signer, rows[i].first);
        call.nonce = AC_STR("1");
        bed.outcome.exchanges[0].request = built(&call);
        call.params = json(ac_test_arena(), rows[i].again);
        call.nonce = ac_str_c(rows[i].nonce);
        bed.outcome.exchanges[1].request = built(&call);
        bed.outcome.requests = 3;
        ac_findings found = observed(&bed);
        check_words(words_of(&found),
                    "note L5 fault-outcome status-503-once, note L5 fault-retry status-503-once");
        ck_assert_ac_str(found.items[1].observed, rows[i].observed);
    }
}
END_TEST

/* "place=what; …" */
static const char *facts_of(const hand_bed *bed)
{
    ac_findings found = {NULL, 0, 0};
    ac_buf out;
    ac_buf_init(&out, 1u << 20);
    ac_sdk_tell_facts(ac_test_arena(), &bed->judgement, &found);
    for (size_t i = 0; i < found.count; i++) {
        const ac_finding *f = &found.items[i];
        ck_assert(f->note);
        ac_buf_printf(&out, "%s%s %.*s=%.*s", i > 0 ? " | " : "", ac_finding_kind_name(f->kind),
                      AC_STR_FMT(f->place), AC_STR_FMT(f->observed));
    }
    return ac_buf_take(&out, ac_test_arena()).p;
}

START_TEST(what_a_client_sends_of_itself_is_told)
{
    hand_bed bed;
    const hand_row row = {CREATE_ENDPOINT, 200, MADE, "'result':{}", "", NULL, NULL};
    prepare(&bed, &row);
    ac_call call = call_of(CREATE_ENDPOINT, ACS3, "{'VpcId':'v','DryRun':true}");
    bed.outcome.exchanges[0].request = with_header(built(&call), "X-Sdk-Client", "x");
    const char *facts = facts_of(&bed);
    static const char *const parts[] = {
        "wire-fact method=POST | wire-fact action=header | wire-fact positions=VpcId, DryRun in the query | ",
        "wire-fact signature=" ACS3 " | wire-fact headers=", "X-Sdk-Client"};
    for (size_t i = 0; i < AC_COUNT(parts); i++) {
        ck_assert_msg(strstr(facts, parts[i]) != NULL, "%s, without %s", facts, parts[i]);
    }
    ck_assert(strstr(facts, "Authorization") == NULL && strstr(facts, "Host") == NULL);
    call = call_of(CREATE_ENDPOINT, RPC, "{'VpcId':'v'}");
    call.method = AC_STR("GET");
    bed.outcome.exchanges[0].request = with_header(built(&call), "Authorization", NULL);
    facts = facts_of(&bed);
    ck_assert_msg(strstr(facts, "wire-fact action=query") && strstr(facts, "method=GET"), "%s", facts);
    bed.outcome.exchanges[0].request = (ac_request){.method = AC_STR("GET"), .target = AC_STR("/")};
    check_words(facts_of(&bed), "wire-fact method=GET | wire-fact action=not sent, the path says it | "
                                "wire-fact positions= | wire-fact body=no body | wire-fact signature=none | "
                                "wire-fact headers=");
    bed.outcome.requests = 0;
    check_words(facts_of(&bed), "");
}
END_TEST

START_TEST(the_model_of_an_sdk_is_compared_with_the_documentation)
{
    hand_bed bed;
    const hand_row row = {
        ES_CREATE, 200,
        MADE,      "'result':{}",
        "",        ",'parameters':{'" ES_CREATE "':['InstanceId','clientToken','dryRun','serviceId']}",
        NULL};
    prepare(&bed, &row);
    bed.outcome.requests = 0;
    check_words(facts_of(&bed), "wire-model clientToken=a parameter of the SDK's model, not documented | "
                                "wire-model ClientToken=documented, not in the SDK's model | "
                                "wire-model zoneId=documented, not in the SDK's model");
}
END_TEST

AC_TEST_MAIN("sdk judge", the_request_itself_has_nothing_wrong,
             a_parameter_may_stand_in_query_or_form_in_any_order, parameters_are_compared_by_name_and_value,
             a_finding_says_what_was_asked_for_and_what_was_sent,
             what_the_driver_says_it_cannot_send_is_told_so, more_differences_than_twenty_are_counted,
             positions_count_where_a_path_says_the_operation,
             a_path_may_be_encoded_in_any_way_that_is_read_the_same, the_method_is_a_documented_one,
             the_action_may_be_in_header_query_or_form_but_must_be_right, a_body_is_of_the_type_it_says,
             a_signature_is_valid_by_the_credentials_given,
             a_signature_has_the_region_and_service_of_the_call,
             a_scheme_must_be_one_that_the_provider_accepts, a_call_without_a_request_is_a_finding,
             an_error_comes_with_all_its_members, what_can_be_dug_out_of_the_raw_answer_is_a_note,
             an_error_is_no_success_and_a_success_no_error, a_result_has_every_value_that_was_served,
             fields_are_found_where_the_driver_says,
             more_than_twenty_differences_are_counted_and_notes_stay_notes,
             a_fault_makes_findings_notes_but_where_http_rules, a_signature_in_the_text_of_an_error_is_noted,
             how_a_call_ended_under_a_fault_is_told, retries_are_compared_with_the_first_try,
             what_a_client_sends_of_itself_is_told, the_model_of_an_sdk_is_compared_with_the_documentation)
