/* The one thing that a deviating mock does wrong: beside a clean mock that is asked the same, nothing else
 * differs. */
#include "mock_calls.h"

#include <pthread.h>
#include <time.h>

#define CREATE  "alibaba/privatelink/2020-04-15/CreateVpcEndpoint"
#define GET     "alibaba/privatelink/2020-04-15/GetVpcEndpointAttribute"
#define LIST    "alibaba/privatelink/2020-04-15/ListVpcEndpoints"
#define DELETE  "alibaba/privatelink/2020-04-15/DeleteVpcEndpoint"
#define SERVICE "alibaba/privatelink/2020-04-15/CreateVpcEndpointService"
#define PEER    "alibaba/vpcpeer/2022-01-01/CreateVpcPeerConnection"
#define VOLC    "volcengine/privatelink/2020-04-01/CreateVpcEndpoint"
#define ES      "alibaba/elasticsearch/2017-06-13/CreateVpcEndpoint"
#define ES_LIST "alibaba/elasticsearch/2017-06-13/ListVpcEndpoints"

/* What stands in braces is a variable of the world, or {id}. */
#define OK      "RegionId=north&VpcId={vpc_id}&ServiceId={service_id}&SecurityGroupId.1={security_group_id}"
#define IT      "RegionId=north&EndpointId={id}"
#define FIXTURE "RegionId=north&EndpointId={endpoint_id}"
#define NO_VPC  "RegionId=north&VpcId=vpc-x&ServiceId={service_id}&SecurityGroupId.1=x"
#define VOLC_OK                                                                                              \
    "VpcId={vpc_id}&ServiceId={service_id}&SecurityGroupIds.1={security_group_id}&Zones.1.SubnetId="         \
    "{subnet_id}&Zones.1.ZoneId=z"

enum { LONG_MS = 60000 };

/* A mock, and what its caller knows. */
typedef struct side {
    mock_test t;
    const ac_json *world;
    ac_str id; /* of the endpoint made last */
} side;

typedef struct twins {
    ac_deviation deviation;
    side clean, odd;
} twins;

/* ---- asking ---- */

static ac_str filled(const side *s, ac_str text)
{
    ac_arena *arena = s->t.arena;
    text = ac_str_replace(arena, text, AC_STR("{id}"), s->id);
    for (size_t i = 0; s->world && i < s->world->count; i++) {
        const ac_json *variable = &s->world->items[i];
        ac_str name = ac_str_printf(arena, "{%.*s}", AC_STR_FMT(variable->key));
        text = ac_str_replace(arena, text, name, variable->text);
    }
    return text;
}

static mock_reply ask_with(side *s, const char *operation, const char *query, const char *json)
{
    ac_str path = ac_str_replace(s->t.arena, mock_contract(&s->t, operation)->path, AC_STR("{InstanceId}"),
                                 AC_STR("{instance_id}"));
    const char *text = ac_str_z(s->t.arena, filled(s, ac_str_c(query)));
    const char *body = json ? ac_str_z(s->t.arena, filled(s, ac_str_c(json))) : NULL;
    return mock_call_at(&s->t, operation, filled(s, path), text, body);
}

static mock_reply ask(side *s, const char *operation, const char *query)
{
    return ask_with(s, operation, query, NULL);
}

static void enter_as(side *s, const char *key, const char *operation)
{
    s->t.key = ac_str_c(key);
    mock_reply reply = mock_state(&s->t, "setup", "world", operation, "{}");
    ck_assert_status(reply, 200);
    s->world = ac_json_get_c(reply.body, "variables");
}

static void create(side *s, const char *query)
{
    mock_reply reply = ask(s, CREATE, query);
    ck_assert_status(reply, 200);
    s->id = mock_at(&reply, "/EndpointId");
}

/* ---- twins ---- */

static twins *open_with(ac_deviation deviation, int64_t transition_ms)
{
    ac_mock_options options = mock_options();
    options.transition_ms = transition_ms;
    mock_test t = mock_open_with("cases", &options);
    twins *both = AC_NEW(t.arena, twins);
    both->deviation = deviation;
    options.deviation = &both->deviation;
    both->clean.t = t;
    both->odd.t = t;
    both->odd.t.mock = ac_mock_new(t.corpus, &options);
    const char *world = ac_str_starts(deviation.operation, AC_STR("volcengine/")) ? VOLC : CREATE;
    enter_as(&both->clean, "AKACCORD0001", world);
    enter_as(&both->odd, "AKACCORD0001", world);
    return both;
}

static twins *open_twins(ac_deviation deviation)
{
    return open_with(deviation, LONG_MS);
}

static twins *open_for(ac_deviation_kind kind, const char *operation)
{
    return open_twins((ac_deviation){.kind = kind, .operation = ac_str_c(operation)});
}

static void close_twins(twins *both)
{
    ac_mock_free(both->odd.t.mock);
    mock_close(&both->clean.t);
}

static void assert_same(const mock_reply *clean, const mock_reply *odd)
{
    ck_assert_msg(clean->status == odd->status && ac_str_eq(clean->text, odd->text), "%d %.*s\n%d %.*s",
                  clean->status, AC_STR_FMT(clean->text), odd->status, AC_STR_FMT(odd->text));
}

/* Asks both, which must answer alike. */
static mock_reply ask_same(twins *both, const char *operation, const char *query)
{
    mock_reply clean = ask(&both->clean, operation, query);
    mock_reply odd = ask(&both->odd, operation, query);
    assert_same(&clean, &odd);
    return odd;
}

static void create_same(twins *both, const char *query)
{
    mock_reply reply = ask_same(both, CREATE, query);
    ck_assert_status(reply, 200);
    both->clean.id = both->odd.id = mock_at(&reply, "/EndpointId");
}

static const ac_json *parsed(twins *both, const char *json)
{
    ac_err err = {0};
    const ac_json *value = ac_json_parse(both->odd.t.arena, ac_str_c(json), &ac_json_wire_limits, &err);
    ck_assert_msg(value != NULL, "%s: %s", err.text, json);
    return value;
}

static void assert_body(const mock_reply *odd, const ac_json *expected, const char *what)
{
    ck_assert_msg(ac_json_equal(odd->body, expected), "%s: %.*s", what, AC_STR_FMT(odd->text));
}

static mock_reply ask_in_state(side *s, const char *state, const char *operation, const char *query)
{
    ck_assert_status(mock_state(&s->t, "setup", state, operation, "{}"), 200);
    return ask(s, operation, query);
}

static int64_t total(side *s)
{
    int64_t count = -1;
    mock_reply reply = ask(s, LIST, "RegionId=north");
    ck_assert(ac_json_int(ac_json_at(reply.body, AC_STR("/TotalCount")), &count));
    return count;
}

/* ---- the body ---- */

/* A member of the answer, and what is there instead; NULL: nothing. */
typedef struct body_change {
    ac_deviation_kind kind;
    const char *pointer, *now;
    const char *other, *other_now; /* a second member that comes of it */
} body_change;

static const body_change body_changes[] = {
    {AC_FIELD_DROPPED, "/EndpointId", NULL, NULL, NULL},
    {AC_FIELD_DROPPED, "/NoSuchMember", NULL, NULL, NULL},
    {AC_FIELD_RENAMED, "/ConnectionStatus", NULL, "/ConnectionStatusX", "\"Disconnected\""},
    {AC_FIELD_NULL, "/Bandwidth", "null", NULL, NULL},
    {AC_FIELD_RETYPED, "/EndpointId", "1", NULL, NULL},
    {AC_FIELD_RETYPED, "/Bandwidth", "\"200\"", NULL, NULL},
    {AC_FIELD_RETYPED, "/ZoneAffinityEnabled", "\"true\"", NULL, NULL},
    {AC_FIELD_MISFORMATTED, "/CreateTime", "\"accord: not of the documented form\"", NULL, NULL},
    {AC_FIELD_OTHER_VALUE, "/ConnectionStatus", "\"XDisconnectedX\"", NULL, NULL},
    {AC_FIELD_OTHER_VALUE, "/Bandwidth", "201", NULL, NULL},
    {AC_FIELD_OTHER_VALUE, "/ZoneAffinityEnabled", "false", NULL, NULL},
    {AC_FIELD_ADDED, "", NULL, "/AccordUndocumented", "\"accord\""},
};

static void check_body_change(const body_change *c)
{
    twins *both = open_twins(
        (ac_deviation){.kind = c->kind, .operation = AC_STR(CREATE), .pointer = ac_str_c(c->pointer)});
    mock_reply clean = ask(&both->clean, CREATE, OK "&ZoneAffinityEnabled=true");
    mock_reply odd = ask(&both->odd, CREATE, OK "&ZoneAffinityEnabled=true");
    const ac_json *expected = clean.body;
    if (c->pointer[0]) {
        expected = ac_json_set_at(both->odd.t.arena, expected, ac_str_c(c->pointer),
                                  c->now ? parsed(both, c->now) : NULL);
    }
    if (c->other) {
        expected =
            ac_json_set_at(both->odd.t.arena, expected, ac_str_c(c->other), parsed(both, c->other_now));
    }
    ck_assert_int_eq(odd.status, 200);
    assert_body(&odd, expected, c->pointer);
    ask_same(both, CREATE, OK "&DryRun=true");
    ask_same(both, LIST, "RegionId=north");
    close_twins(both);
}

START_TEST(one_member_of_a_success_deviates)
{
    for (size_t i = 0; i < AC_COUNT(body_changes); i++) {
        check_body_change(&body_changes[i]);
    }
}
END_TEST

static void check_elements(ac_deviation_kind kind, const char *pointer, const char *member, const char *now)
{
    twins *both =
        open_twins((ac_deviation){.kind = kind, .operation = AC_STR(LIST), .pointer = ac_str_c(pointer)});
    create_same(both, OK);
    mock_reply clean = ask(&both->clean, LIST, "RegionId=north");
    mock_reply odd = ask(&both->odd, LIST, "RegionId=north");
    const ac_json *expected = clean.body;
    for (int i = 0; i < 2; i++) {
        ac_str place = ac_str_printf(both->odd.t.arena, "/Endpoints/%d/%s", i, member);
        expected = ac_json_set_at(both->odd.t.arena, expected, place, now ? parsed(both, now) : NULL);
    }
    ck_assert_uint_eq(ac_json_get_c(clean.body, "Endpoints")->count, 2);
    assert_body(&odd, expected, pointer);
    close_twins(both);
}

START_TEST(a_member_deviates_in_every_element)
{
    check_elements(AC_FIELD_DROPPED, "/Endpoints/*/EndpointId", "EndpointId", NULL);
    check_elements(AC_FIELD_RETYPED, "/Endpoints/*/EndpointStatus", "EndpointStatus", "1");
    check_elements(AC_FIELD_ADDED, "/Endpoints/*", "AccordUndocumented", "\"accord\"");
}
END_TEST

static void check_container(ac_deviation_kind kind, const char *now)
{
    twins *both =
        open_twins((ac_deviation){.kind = kind, .operation = AC_STR(LIST), .pointer = AC_STR("/Endpoints")});
    mock_reply clean = ask(&both->clean, LIST, "RegionId=north");
    mock_reply odd = ask(&both->odd, LIST, "RegionId=north");
    assert_body(
        &odd, ac_json_set(both->odd.t.arena, clean.body, AC_STR("Endpoints"), now ? parsed(both, now) : NULL),
        "/Endpoints");
    close_twins(both);
}

START_TEST(a_container_deviates_as_a_whole)
{
    check_container(AC_FIELD_RETYPED, "\"accord\"");
    check_container(AC_FIELD_OTHER_VALUE, "[]");
    check_container(AC_FIELD_DROPPED, NULL);
}
END_TEST

START_TEST(elements_have_no_name_to_change)
{
    twins *both = open_twins((ac_deviation){
        .kind = AC_FIELD_RENAMED, .operation = AC_STR(LIST), .pointer = AC_STR("/Endpoints/*")});
    ask_same(both, LIST, "RegionId=north");
    close_twins(both);
}
END_TEST

/* ---- errors ---- */

static void check_error_change(ac_deviation_kind kind, const char *at, const char *pointer, const char *now)
{
    twins *both = open_twins((ac_deviation){
        .kind = kind, .operation = AC_STR(CREATE), .pointer = ac_str_c(at), .code = AC_STR("VpcNotFound")});
    mock_reply clean = ask(&both->clean, CREATE, NO_VPC);
    mock_reply odd = ask(&both->odd, CREATE, NO_VPC);
    ck_assert_reply(clean, 400, "VpcNotFound");
    ck_assert_int_eq(odd.status, 400);
    assert_body(
        &odd,
        ac_json_set_at(both->odd.t.arena, clean.body, ac_str_c(pointer), now ? parsed(both, now) : NULL),
        pointer);
    ask_same(both, CREATE, OK "&DryRun=true");
    create_same(both, OK);
    close_twins(both);
}

START_TEST(one_error_deviates_in_its_body)
{
    check_error_change(AC_FIELD_OTHER_VALUE, "/Code", "/Code", "\"XVpcNotFoundX\"");
    check_error_change(AC_FIELD_DROPPED, "/RequestId", "/RequestId", NULL);
    check_error_change(AC_FIELD_RETYPED, "/Message", "/Message", "1");
    check_error_change(AC_FIELD_ADDED, NULL, "/AccordUndocumented", "\"accord\"");
}
END_TEST

START_TEST(an_error_comes_as_success)
{
    twins *both = open_twins((ac_deviation){
        .kind = AC_ERROR_AS_SUCCESS, .operation = AC_STR(CREATE), .code = AC_STR("VpcNotFound")});
    mock_reply clean = ask_in_state(&both->clean, "error:VpcNotFound", CREATE, OK);
    mock_reply odd = ask_in_state(&both->odd, "error:VpcNotFound", CREATE, OK);
    ck_assert_int_eq(clean.status, 400);
    ck_assert_int_eq(odd.status, 200);
    ck_assert(ac_str_eq(odd.text, clean.text));
    ask_same(both, CREATE, OK "&DryRun=true");
    create_same(both, OK);
    close_twins(both);
}
END_TEST

START_TEST(the_state_for_an_error_has_no_effect)
{
    twins *both = open_twins((ac_deviation){
        .kind = AC_ERROR_SWALLOWED, .operation = AC_STR(CREATE), .code = AC_STR("EndpointExist")});
    ck_assert_status(ask_in_state(&both->clean, "error:EndpointExist", CREATE, OK), 400);
    ck_assert_status(ask_in_state(&both->odd, "error:EndpointExist", CREATE, OK), 200);
    ck_assert_reply(ask_in_state(&both->odd, "error:VpcNotFound", CREATE, OK), 400, "VpcNotFound");
    ck_assert_status(ask_in_state(&both->odd, "throttled", CREATE, OK), 400);
    ck_assert_status(mock_state(&both->odd.t, "setup", "error:NoSuchCode", CREATE, "{}"), 404);
    close_twins(both);
}
END_TEST

START_TEST(placeholders_of_one_message_stay)
{
    twins *both = open_twins((ac_deviation){.kind = AC_ERROR_PARAMETERS_LOST,
                                            .operation = AC_STR(SERVICE),
                                            .code = AC_STR("IllegalParamFormat.%s")});
    mock_reply clean = ask_in_state(&both->clean, "error:IllegalParamFormat.%s", SERVICE, "RegionId=north");
    mock_reply odd = ask_in_state(&both->odd, "error:IllegalParamFormat.%s", SERVICE, "RegionId=north");
    ck_assert_at(clean, "/Message", "The param format of RegionId is illegal.");
    ck_assert_reply(odd, 400, "IllegalParamFormat.RegionId");
    ck_assert_at(odd, "/Message", "The param format of %s is illegal.");
    odd = ask_in_state(&both->odd, "error:Conflict.ServiceName", SERVICE, "RegionId=north");
    ck_assert_at(odd, "/Message", "The ServiceName RegionId is conflict.");
    close_twins(both);
}
END_TEST

START_TEST(what_should_succeed_fails)
{
    twins *both = open_for(AC_SUCCESS_AS_ERROR, GET);
    create_same(both, OK);
    ck_assert_status(ask(&both->clean, GET, IT), 200);
    ck_assert_reply(ask(&both->odd, GET, IT), 500, "InternalError");
    ask_same(both, GET, "RegionId=north&EndpointId=ep-x");
    ask_same(both, GET, "RegionId=north");
    ask_same(both, DELETE, IT);
    close_twins(both);
}
END_TEST

/* ---- ids and types of answers ---- */

START_TEST(request_ids_are_repeated)
{
    twins *both = open_for(AC_REQUEST_ID_REPEATED, CREATE);
    ac_str ids[3];
    static const char *const queries[] = {OK, OK "&DryRun=true", "RegionId=north"};
    for (size_t i = 0; i < AC_COUNT(queries); i++) {
        mock_reply clean = ask(&both->clean, CREATE, queries[i]);
        mock_reply odd = ask(&both->odd, CREATE, queries[i]);
        ids[i] = mock_at(&odd, "/RequestId");
        ck_assert(!ac_str_eq(mock_at(&clean, "/RequestId"), ids[i]) && ac_str_eq(ids[i], ids[0]));
        ck_assert_int_eq(odd.status, clean.status);
        assert_body(&odd,
                    ac_json_set(both->odd.t.arena, clean.body, AC_STR("RequestId"),
                                ac_json_string(both->odd.t.arena, ids[0])),
                    queries[i]);
    }
    ck_assert_uint_eq(ids[0].n, 36);
    ask_same(both, LIST, "RegionId=north");
    close_twins(both);
}
END_TEST

/* An action that does not exist is answered in the form of some operation, and is none of its own. */
START_TEST(an_unknown_action_is_no_operation)
{
    twins *both = open_for(AC_REQUEST_ID_REPEATED, PEER);
    for (size_t i = 0; i < both->clean.t.corpus->contract_count; i++) {
        ac_mock_options options = mock_options();
        both->deviation.operation = both->clean.t.corpus->contracts[i]->operation;
        options.deviation = &both->deviation;
        mock_test odd = both->odd.t;
        odd.mock = ac_mock_new(odd.corpus, &options);
        ac_request request = mock_request(&odd, "GET", AC_STR("/?Action=Nothing&Version=2020-04-15"));
        mock_reply first = mock_send(&odd, &request);
        mock_reply second = mock_send(&odd, &request);
        ck_assert_reply(first, 404, "InvalidAction.NotFound");
        ck_assert(!ac_str_eq(mock_at(&first, "/RequestId"), mock_at(&second, "/RequestId")));
        ac_mock_free(odd.mock);
    }
    close_twins(both);
}
END_TEST

START_TEST(the_request_id_differs_in_one_place)
{
    twins *both = open_twins((ac_deviation){
        .kind = AC_REQUEST_ID_DIFFERS, .operation = AC_STR(VOLC), .pointer = AC_STR("/Result/RequestId")});
    mock_reply clean = ask(&both->clean, VOLC, VOLC_OK);
    mock_reply odd = ask(&both->odd, VOLC, VOLC_OK);
    ac_str id = mock_at(&odd, "/Result/RequestId");
    ck_assert_status(clean, 200);
    ck_assert(
        ac_str_eq(mock_at(&clean, "/Result/RequestId"), mock_at(&clean, "/ResponseMetadata/RequestId")));
    ck_assert(id.n == 36 && !ac_str_eq(id, mock_at(&odd, "/ResponseMetadata/RequestId")));
    assert_body(&odd,
                ac_json_set_at(both->odd.t.arena, clean.body, AC_STR("/Result/RequestId"),
                               ac_json_string(both->odd.t.arena, id)),
                "/Result/RequestId");
    ask_same(both, VOLC, "VpcId=x");
    close_twins(both);
}
END_TEST

START_TEST(successes_have_another_content_type)
{
    twins *both = open_for(AC_OTHER_CONTENT_TYPE, CREATE);
    ac_arena *arena = both->odd.t.arena;
    ac_answer answer = {0};
    ac_str target = ac_str_printf(arena, "/?%.*s", AC_STR_FMT(filled(&both->odd, AC_STR(OK))));
    ac_request request = mock_request(&both->odd.t, "POST", target);
    mock_sign(&both->odd.t, &request, mock_contract(&both->odd.t, CREATE));
    ac_mock_answer(both->odd.t.mock, arena, &request, &answer);
    ck_assert_int_eq(answer.response.status, 200);
    ck_assert_ac_str(ac_header(&answer.response.headers, "content-type"), "text/plain");
    ck_assert_uint_eq(answer.response.headers.count, 1);
    mock_reply clean = ask(&both->clean, CREATE, OK);
    ck_assert(ac_str_eq(answer.response.body, clean.text));
    ask_same(both, CREATE, OK "&DryRun=true");
    ask_same(both, LIST, "RegionId=north");
    close_twins(both);
}
END_TEST

/* ---- requests ---- */

START_TEST(undocumented_parameters_are_refused)
{
    twins *both = open_for(AC_UNKNOWN_PARAMETER_REFUSED, CREATE);
    static const struct {
        const char *query, *name;
    } rows[] = {{OK "&Odd=1", "Odd"},
                {OK "&Tag.1.Odd=1", "Odd"},
                {OK "&Tag.1.Key=k&Tag.2.Value=v&VpcId.1=x", NULL},
                {OK "&EndpointName.Odd=1", NULL},
                {OK "&Zone.1.VSwitchId={vswitch_id}&Zone.1.ZoneId=z&DryRun=true", NULL}};
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        mock_reply clean = ask(&both->clean, CREATE, rows[i].query);
        mock_reply odd = ask(&both->odd, CREATE, rows[i].query);
        if (rows[i].name) {
            ck_assert_int_eq(clean.status, 200);
            ck_assert_reply(odd, 400,
                            ac_str_printf(both->odd.t.arena, "IllegalParamFormat.%s", rows[i].name).p);
        } else {
            ck_assert_int_eq(odd.status, clean.status);
        }
    }
    ask_same(both, LIST, "RegionId=north&Odd=1&VpcId=none");
    close_twins(both);
}
END_TEST

START_TEST(what_a_signature_adds_is_documented)
{
    twins *both = open_for(AC_UNKNOWN_PARAMETER_REFUSED, CREATE);
    both->clean.t.signer = both->odd.t.signer = AC_STR("acs-rpc-hmac-sha1");
    create_same(both, OK "&Action=CreateVpcEndpoint&Version=2020-04-15&Format=JSON");
    ck_assert_reply(ask(&both->odd, CREATE, OK "&Odd=1"), 400, "IllegalParamFormat.Odd");
    close_twins(both);
}
END_TEST

START_TEST(members_of_a_body_are_looked_at_too)
{
    twins *both = open_for(AC_UNKNOWN_PARAMETER_REFUSED, ES);
    const char *good = "{\"serviceId\":\"{service_id}\",\"zoneId\":\"z\"}";
    const char *more = "{\"serviceId\":\"{service_id}\",\"zoneId\":\"z\",\"odd\":1}";
    ck_assert_status(ask_with(&both->clean, ES, "ClientToken=a", more), 200);
    ck_assert_status(ask_with(&both->odd, ES, "ClientToken=a", good), 200);
    ck_assert_status(ask_with(&both->odd, ES, "ClientToken=b", more), 400);
    close_twins(both);
}
END_TEST

typedef enum request_fault { FAULT_SIGNATURE, FAULT_CLOCK, FAULT_NONCE, FAULT_KEY, FAULTS } request_fault;

static mock_reply ask_with_fault(side *s, request_fault fault)
{
    mock_test t = s->t;
    s->t.secret = fault == FAULT_SIGNATURE ? AC_STR("another secret") : t.secret;
    s->t.late_ms = fault == FAULT_CLOCK ? (int64_t)3600 * 1000 : 0;
    s->t.calls = fault == FAULT_NONCE ? 0 : t.calls;
    s->t.key = fault == FAULT_KEY ? AC_STR("LTAI") : t.key;
    mock_reply reply = ask(s, LIST, "RegionId=north");
    s->t = t;
    s->t.calls++;
    return reply;
}

static void check_left_out(ac_deviation_kind kind, request_fault accepted)
{
    twins *both = open_for(kind, LIST);
    ask_same(both, LIST, "RegionId=north");
    for (request_fault fault = 0; fault < FAULTS; fault++) {
        mock_reply clean = ask_with_fault(&both->clean, fault);
        mock_reply odd = ask_with_fault(&both->odd, fault);
        ck_assert_int_ne(clean.status, 200);
        if (fault == accepted) {
            ck_assert_status(odd, 200);
        } else {
            assert_same(&clean, &odd);
        }
    }
    close_twins(both);
}

START_TEST(one_check_of_requests_is_left_out)
{
    check_left_out(AC_SIGNATURE_UNCHECKED, FAULT_SIGNATURE);
    check_left_out(AC_CLOCK_UNCHECKED, FAULT_CLOCK);
    check_left_out(AC_NONCE_UNCHECKED, FAULT_NONCE);
}
END_TEST

START_TEST(a_request_without_a_signature_is_refused_all_the_same)
{
    twins *both = open_for(AC_SIGNATURE_UNCHECKED, LIST);
    ac_request request = mock_request(&both->odd.t, "POST",
                                      AC_STR("/?Action=ListVpcEndpoints&Version=2020-04-15&RegionId=north"));
    mock_reply reply = mock_send(&both->odd.t, &request);
    ck_assert_int_eq(reply.status, 400);
    close_twins(both);
}
END_TEST

/* ---- tokens ---- */

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_nsec = (long)ms * 1000000}, NULL);
}

/* Whether a second call with the token finds the first one's thing. */
static bool finds_first(side *s, const char *key, const char *token)
{
    enter_as(s, key, SERVICE);
    mock_reply first = ask(s, SERVICE, "RegionId=north&ClientToken=a");
    pause_ms(first.delay_ms + 1);
    s->t.key = AC_STR("AKACCORD0001");
    mock_reply second = ask(s, SERVICE, ac_str_printf(s->t.arena, "RegionId=north&ClientToken=%s", token).p);
    ck_assert_status(first, 200);
    ck_assert_status(second, 200);
    return ac_str_eq(mock_at(&first, "/ServiceId"), mock_at(&second, "/ServiceId"));
}

typedef struct token_change {
    ac_deviation_kind kind;
    bool same, other_case, other_account; /* which second call finds the first one's thing */
    int mismatch, unlike;                 /* status of another request with the token, and what it says */
} token_change;

static const token_change token_changes[] = {
    {AC_DEVIATION_NONE, true, false, false, 400, 1},
    {AC_TOKEN_IGNORED, false, false, false, 200, 1},
    {AC_TOKEN_MISMATCH_UNNOTICED, true, false, false, 200, 0},
    {AC_TOKEN_CASE_FOLDED, true, true, false, 400, 1},
    {AC_TOKEN_ACROSS_ACCOUNTS, true, false, true, 400, 1},
    {AC_TOKEN_RACE, true, false, false, 400, 1},
};

static void check_tokens(const token_change *c)
{
    twins *both = open_for(c->kind, SERVICE);
    side *s = &both->odd;
    ck_assert_int_eq(finds_first(s, "AKACCORD0002", "a"), c->other_account);
    ck_assert_int_eq(finds_first(s, "AKACCORD0001", "a"), c->same);
    ck_assert_int_eq(finds_first(s, "AKACCORD0001", "A"), c->other_case);
    ck_assert(!finds_first(s, "AKACCORD0001", "b"));
    mock_reply first = ask(s, SERVICE, "RegionId=north&ClientToken=c");
    pause_ms(first.delay_ms + 1);
    mock_reply other = ask(s, SERVICE, "RegionId=north&ClientToken=c&ServiceDescription=other");
    ck_assert_status(other, c->mismatch);
    ck_assert_int_eq(!ac_str_eq(mock_at(&first, "/ServiceId"), mock_at(&other, "/ServiceId")), c->unlike);
    close_twins(both);
}

START_TEST(tokens_are_kept_but_for_one_thing)
{
    for (size_t i = 0; i < AC_COUNT(token_changes); i++) {
        check_tokens(&token_changes[i]);
    }
}
END_TEST

START_TEST(calls_at_once_with_one_token_race)
{
    twins *both = open_for(AC_TOKEN_RACE, SERVICE);
    static const char query[] = "RegionId=north&ClientToken=a";
    mock_reply first = ask(&both->odd, SERVICE, query);
    mock_reply second = ask(&both->odd, SERVICE, query);
    ck_assert_int_gt(first.delay_ms, 0);
    ck_assert_int_eq(second.delay_ms, first.delay_ms);
    ck_assert(!ac_str_eq(mock_at(&first, "/ServiceId"), mock_at(&second, "/ServiceId")));
    pause_ms(second.delay_ms + 1);
    ck_assert_at(ask(&both->odd, SERVICE, query), "/ServiceId",
                 ac_str_z(both->odd.t.arena, mock_at(&second, "/ServiceId")));
    ck_assert_int_eq(ask(&both->odd, SERVICE, "RegionId=north").delay_ms, 0);
    ck_assert_int_eq(ask(&both->clean, SERVICE, query).delay_ms, 0);
    close_twins(both);
}
END_TEST

typedef struct racer {
    pthread_t thread;
    ac_mock *mock;
    ac_arena *arena;
    ac_request request;
    ac_answer answer;
} racer;

static void *race(void *context)
{
    racer *r = context;
    ac_mock_answer(r->mock, r->arena, &r->request, &r->answer);
    return NULL;
}

static racer make_racer(side *s, const char *text)
{
    ac_str query = filled(s, ac_str_c(text));
    racer r = {.mock = s->t.mock, .arena = ac_arena_new()};
    r.request = mock_request(&s->t, "POST", ac_str_printf(s->t.arena, "/?%.*s", AC_STR_FMT(query)));
    mock_sign(&s->t, &r.request, mock_contract(&s->t, CREATE));
    return r;
}

static ac_str id_in(const racer *r)
{
    const ac_json *body = ac_json_parse(r->arena, r->answer.response.body, &ac_json_wire_limits, NULL);
    return ac_json_text(ac_json_get_c(body, "EndpointId"));
}

/* All at once. */
static void run_race(racer *racers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    }
    for (size_t i = 0; i < count; i++) {
        pthread_join(racers[i].thread, NULL);
    }
}

START_TEST(the_clean_mock_makes_one_thing_of_calls_at_once)
{
    racer racers[8];
    twins *both = open_for(AC_DEVIATION_NONE, "");
    for (size_t i = 0; i < AC_COUNT(racers); i++) {
        racers[i] = make_racer(&both->odd, OK "&ClientToken=one");
    }
    run_race(racers, AC_COUNT(racers));
    ac_str first = id_in(&racers[0]);
    for (size_t i = 0; i < AC_COUNT(racers); i++) {
        ck_assert(first.n > 0 && ac_str_eq(id_in(&racers[i]), first));
    }
    for (size_t i = 0; i < AC_COUNT(racers); i++) {
        ac_arena_free(racers[i].arena);
    }
    ck_assert_int_eq(total(&both->odd), total(&both->clean) + 1);
    close_twins(both);
}
END_TEST

static void race_across_accounts(ac_deviation_kind kind)
{
    racer racers[8];
    twins *both = open_for(kind, CREATE);
    side here = both->odd;
    side there = both->odd;
    enter_as(&there, "AKACCORD0002", CREATE);
    for (size_t i = 0; i < AC_COUNT(racers); i++) {
        here.t.key = ac_str_c(i % 2 ? "AKACCORD0001" : "AKACCORD0002");
        here.t.calls = 1000 + (unsigned)i;
        here.world = i / 2 % 2 ? both->odd.world : there.world;
        racers[i] = make_racer(&here, i < 4 ? OK "&ClientToken=one" : OK);
    }
    run_race(racers, AC_COUNT(racers));
    for (size_t i = 0; i < AC_COUNT(racers); i++) {
        int status = racers[i].answer.response.status;
        ck_assert_msg(status == 200 || status == 400, "%d", status);
        ac_arena_free(racers[i].arena);
    }
    close_twins(both);
}

START_TEST(accounts_that_are_not_kept_apart_do_not_wait_for_one_another)
{
    race_across_accounts(AC_FOREIGN_REFERENCE_ACCEPTED);
    race_across_accounts(AC_TOKEN_ACROSS_ACCOUNTS);
}
END_TEST

/* ---- dry runs ---- */

START_TEST(a_dry_run_makes_the_thing)
{
    twins *both = open_for(AC_DRY_RUN_CREATES, CREATE);
    ck_assert_reply(ask_same(both, CREATE, OK "&DryRun=true&EndpointName=dry"), 400, "DryRunOperation");
    ck_assert_int_eq(total(&both->odd), total(&both->clean) + 1);
    ask(&both->clean, LIST, "RegionId=north");
    ck_assert_at(ask(&both->odd, LIST, "RegionId=north"), "/Endpoints/0/EndpointName", "dry");
    ask_same(both, CREATE, NO_VPC "&DryRun=true");
    ck_assert_int_eq(total(&both->odd), total(&both->clean) + 1);
    ck_assert_reply(ask_same(both, DELETE, FIXTURE "&DryRun=true"), 400, "DryRunOperation");
    close_twins(both);
}
END_TEST

/* ---- states ---- */

typedef struct state_change {
    ac_deviation_kind kind;
    int64_t transition_ms; /* 0: the last state at once */
    const char *states[4]; /* of the answer that tells of the creation, and of three reads */
} state_change;

static const state_change state_changes[] = {
    {AC_STATE_SKIPPED, LONG_MS, {"Active", "Active", "Active", "Active"}},
    {AC_STATE_STUCK, 0, {"Creating", "Creating", "Creating", "Creating"}},
    {AC_STATE_REVERSED, 0, {"Active", "Active", "Creating", "Active"}},
    {AC_STATE_REVERSED, LONG_MS, {"Creating", "Active", "Creating", "Creating"}},
    {AC_STATE_UNKNOWN, 0, {"Active", "AccordOdd", "Active", "Active"}},
    {AC_STATE_UNKNOWN, LONG_MS, {"Creating", "AccordOdd", "Creating", "Creating"}},
};

static void check_states(const state_change *c)
{
    twins *both = open_with((ac_deviation){.kind = c->kind, .operation = AC_STR(CREATE)}, c->transition_ms);
    mock_reply clean = ask(&both->clean, CREATE, OK);
    mock_reply odd = ask(&both->odd, CREATE, OK);
    both->clean.id = both->odd.id = mock_at(&odd, "/EndpointId");
    for (int i = 0; i < 4; i++) {
        ck_assert_at(clean, "/EndpointStatus", c->transition_ms == 0 ? "Active" : "Creating");
        ck_assert_at(odd, "/EndpointStatus", c->states[i]);
        assert_body(&odd,
                    ac_json_set(both->odd.t.arena, clean.body, AC_STR("EndpointStatus"),
                                ac_json_get_c(odd.body, "EndpointStatus")),
                    c->states[i]);
        clean = ask(&both->clean, GET, IT);
        odd = ask(&both->odd, GET, IT);
    }
    ask_same(both, GET, FIXTURE);
    close_twins(both);
}

START_TEST(states_take_another_way)
{
    for (size_t i = 0; i < AC_COUNT(state_changes); i++) {
        check_states(&state_changes[i]);
    }
}
END_TEST

/* ---- reading and deleting ---- */

START_TEST(the_first_read_finds_nothing)
{
    twins *both = open_for(AC_READ_MISSES, CREATE);
    create_same(both, OK);
    ask_same(both, LIST, "RegionId=north");
    ck_assert_reply(ask(&both->odd, GET, IT), 400, "EndpointNotFound");
    ck_assert_status(ask(&both->clean, GET, IT), 200);
    ask_same(both, GET, IT);
    ask_same(both, GET, FIXTURE);
    ask_same(both, DELETE, IT);
    close_twins(both);
}
END_TEST

START_TEST(the_first_list_that_stands_for_a_read_lacks_the_new_thing)
{
    twins *both = open_for(AC_READ_MISSES, ES);
    const char *good = "{\"serviceId\":\"{service_id}\",\"zoneId\":\"z\"}";
    mock_reply clean = ask_with(&both->clean, ES, "", good);
    mock_reply odd = ask_with(&both->odd, ES, "", good);
    assert_same(&clean, &odd);
    odd = ask(&both->odd, ES_LIST, "");
    clean = ask(&both->clean, ES_LIST, "");
    ck_assert_status(odd, 200);
    ck_assert_uint_eq(ac_json_get_c(odd.body, "Result")->count, 1);
    ck_assert_uint_eq(ac_json_get_c(clean.body, "Result")->count, 2);
    ask_same(both, ES_LIST, "");
    close_twins(both);
}
END_TEST

START_TEST(what_was_deleted_stays)
{
    twins *both = open_for(AC_DELETE_KEEPS, CREATE);
    create_same(both, OK);
    ask_same(both, DELETE, IT);
    ck_assert_reply(ask(&both->clean, GET, IT), 400, "EndpointNotFound");
    ck_assert_status(ask(&both->odd, GET, IT), 200);
    ask_same(both, DELETE, FIXTURE);
    ask_same(both, GET, FIXTURE);
    close_twins(both);
}
END_TEST

/* ---- accounts ---- */

/* Both sides know the world of the other account, and call as the first one. */
static twins *open_with_neighbour(const char *operation)
{
    twins *both = open_for(AC_FOREIGN_REFERENCE_ACCEPTED, operation);
    side *sides[] = {&both->clean, &both->odd};
    for (size_t i = 0; i < AC_COUNT(sides); i++) {
        enter_as(sides[i], "AKACCORD0002", CREATE);
        create(sides[i], OK "&EndpointName=theirs");
        sides[i]->t.key = AC_STR("AKACCORD0001");
    }
    return both;
}

START_TEST(a_reference_into_another_account_is_accepted)
{
    twins *both = open_with_neighbour(CREATE);
    ck_assert_status(ask(&both->clean, CREATE, OK), 400);
    ck_assert_status(ask(&both->odd, CREATE, OK), 200);
    ask_same(both, CREATE, NO_VPC);
    ask_same(both, GET, IT);
    close_twins(both);
}
END_TEST

START_TEST(what_another_account_has_is_read)
{
    twins *both = open_with_neighbour(GET);
    ck_assert_reply(ask(&both->clean, GET, IT), 400, "EndpointNotFound");
    mock_reply reply = ask(&both->odd, GET, IT);
    ck_assert_status(reply, 200);
    ck_assert_at(reply, "/EndpointName", "theirs");
    ask_same(both, GET, "RegionId=north&EndpointId=ep-x");
    ask_same(both, DELETE, IT);
    ask_same(both, LIST, "RegionId=north");
    close_twins(both);
}
END_TEST

START_TEST(deleting_what_another_account_has_is_accepted)
{
    twins *both = open_with_neighbour(DELETE);
    ck_assert_reply(ask(&both->clean, DELETE, IT), 400, "EndpointNotFound");
    ck_assert_status(ask(&both->odd, DELETE, IT), 200);
    ask_same(both, DELETE, "RegionId=north&EndpointId=ep-x");
    both->clean.t.key = both->odd.t.key = AC_STR("AKACCORD0002");
    ask_same(both, GET, IT);
    close_twins(both);
}
END_TEST

/* ---- nothing else ---- */

static void check_clean(ac_deviation_kind kind, const char *operation, const char *code)
{
    twins *both = open_twins((ac_deviation){.kind = kind,
                                            .operation = ac_str_c(operation),
                                            .pointer = AC_STR("/RequestId"),
                                            .code = ac_str_c(code)});
    create_same(both, OK "&ClientToken=a&Odd=1");
    ask_same(both, CREATE, OK "&ClientToken=a&Odd=1");
    ask_same(both, CREATE, OK "&ClientToken=a&EndpointName=other");
    ask_same(both, CREATE, OK "&ClientToken=A&DryRun=true");
    ask_same(both, GET, IT);
    ask_same(both, LIST, "RegionId=north");
    for (request_fault fault = 0; fault < FAULTS; fault++) {
        mock_reply clean = ask_with_fault(&both->clean, fault);
        mock_reply odd = ask_with_fault(&both->odd, fault);
        assert_same(&clean, &odd);
    }
    mock_reply clean = ask_in_state(&both->clean, "error:VpcNotFound", CREATE, OK);
    mock_reply odd = ask_in_state(&both->odd, "error:VpcNotFound", CREATE, OK);
    assert_same(&clean, &odd);
    ask_same(both, DELETE, IT);
    ask_same(both, GET, IT);
    close_twins(both);
}

START_TEST(other_operations_stay_clean)
{
    for (int kind = 0; kind < AC_DEVIATIONS; kind++) {
        check_clean((ac_deviation_kind)kind, PEER, "");
        check_clean((ac_deviation_kind)kind, PEER, "VpcNotFound");
        check_clean((ac_deviation_kind)kind, "no/such/operation/Here", "");
    }
    check_clean(AC_DEVIATION_NONE, CREATE, "");
}
END_TEST

AC_TEST_MAIN("mock_deviations", one_member_of_a_success_deviates, a_member_deviates_in_every_element,
             a_container_deviates_as_a_whole, elements_have_no_name_to_change, one_error_deviates_in_its_body,
             an_error_comes_as_success, the_state_for_an_error_has_no_effect,
             placeholders_of_one_message_stay, what_should_succeed_fails, request_ids_are_repeated,
             an_unknown_action_is_no_operation, the_request_id_differs_in_one_place,
             successes_have_another_content_type, undocumented_parameters_are_refused,
             what_a_signature_adds_is_documented, members_of_a_body_are_looked_at_too,
             one_check_of_requests_is_left_out, a_request_without_a_signature_is_refused_all_the_same,
             tokens_are_kept_but_for_one_thing, calls_at_once_with_one_token_race,
             the_clean_mock_makes_one_thing_of_calls_at_once,
             accounts_that_are_not_kept_apart_do_not_wait_for_one_another, a_dry_run_makes_the_thing,
             states_take_another_way, the_first_read_finds_nothing,
             the_first_list_that_stands_for_a_read_lacks_the_new_thing, what_was_deleted_stays,
             a_reference_into_another_account_is_accepted, what_another_account_has_is_read,
             deleting_what_another_account_has_is_accepted, other_operations_stay_clean)
