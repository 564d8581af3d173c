/* The mock: which operation a request means, who may call it, and what an answer looks like. */
#include "http/client.h"
#include "mock_calls.h"

#include <pthread.h>

#define CREATE "example/widgets/2024-01-01/CreateWidget"
#define GET    "example/widgets/2024-01-01/GetWidget"
#define PING   "example/widgets/2024-01-01/PingWidgets"
#define ITEM   "example/boxes/2024-02-02/CreateItem"
#define ITEMS  "example/boxes/2024-02-02/ListItems"
#define THING  "example/things/2024-03-03/CreateThing"
#define OK     "Name=abc&Member.1=a"

/* ---- addressing ---- */

/* A request signed for one operation after it was changed to say something else. */
static mock_reply send_changed(mock_test *t, ac_request *request, const char *signed_for)
{
    mock_sign(t, request, mock_contract(t, signed_for));
    return mock_send(t, request);
}

START_TEST(action_and_version_come_from_headers_query_or_form)
{
    static const struct {
        const char *signer, *method, *form;
    } ways[] = {{"acs3-hmac-sha256", "POST", NULL},  {"acs3-hmac-sha256", "GET", NULL},
                {"acs3-hmac-sha256", "POST", OK},    {"acs-rpc-hmac-sha1", "GET", NULL},
                {"acs-rpc-hmac-sha1", "POST", NULL}, {"acs-rpc-hmac-sha1", "POST", OK}};
    mock_test t = mock_open();
    for (size_t i = 0; i < AC_COUNT(ways); i++) {
        ac_request request = mock_request(&t, ways[i].method, ac_str_c(ways[i].form ? "/" : "/?" OK));
        if (ways[i].form) {
            mock_add_body(&t, &request, "application/x-www-form-urlencoded; charset=utf-8",
                          ac_str_c(ways[i].form));
        }
        t.signer = ac_str_c(ways[i].signer);
        mock_reply reply = send_changed(&t, &request, CREATE);
        ck_assert_status(reply, 201);
        ck_assert_at(reply, "/Name", "abc");
    }
    mock_close(&t);
}
END_TEST

START_TEST(form_and_query_parameters_are_one_request)
{
    mock_test t = mock_open();
    ac_request request = mock_request(&t, "POST", AC_STR("/?Member.1=a&Color=blue"));
    mock_add_body(&t, &request, "application/x-www-form-urlencoded", AC_STR("Name=a+b%2B&Size=3"));
    ck_assert_reply(send_changed(&t, &request, CREATE), 400, "Name.Characters");
    request = mock_request(&t, "POST", AC_STR("/?Member.1=a&Color=blue"));
    mock_add_body(&t, &request, "application/x-www-form-urlencoded", AC_STR("Name=ab&Size=3"));
    mock_reply reply = send_changed(&t, &request, CREATE);
    ck_assert_at(reply, "/Color", "blue");
    ck_assert_at(reply, "/Size", "3");
    mock_close(&t);
}
END_TEST

static void assert_unsigned(mock_test *t, const char *method, const char *target, int status,
                            const char *code)
{
    ac_request request = mock_request(t, method, ac_str_c(target));
    mock_reply reply = mock_send(t, &request);
    ck_assert_reply(reply, status, code);
}

START_TEST(what_there_is_not_is_told_before_anything_else)
{
    mock_test t = mock_open();
    assert_unsigned(&t, "GET", "/?Version=2024-01-01", 400, "NoAction");
    assert_unsigned(&t, "GET", "/?Action=CreateWidget", 400, "NoVersion");
    assert_unsigned(&t, "GET", "/?Action=CreateGadget&Version=2024-01-01", 404, "UnknownAction");
    assert_unsigned(&t, "GET", "/?Action=CreateWidget&Version=2023-01-01", 400, "UnknownVersion");
    assert_unsigned(&t, "PUT", "/?Action=CreateWidget&Version=2024-01-01", 404, "UnknownPath");
    assert_unsigned(&t, "GET", "/nowhere?Action=CreateWidget&Version=2024-01-01", 404, "UnknownPath");
    assert_unsigned(&t, "GET", "/boxes/b/things", 404, "UnknownPath");
    assert_unsigned(&t, "PUT", "/boxes/b/items", 404, "UnknownPath");
    assert_unsigned(&t, "GET", "/boxes/b/items/", 400, "NoSignature");
    assert_unsigned(&t, "GET", "/boxes//items", 400, "NoSignature");
    ac_request request = mock_request(&t, "OPTIONS", AC_STR("*"));
    mock_reply reply = mock_send(&t, &request);
    ck_assert_at(reply, "/Meta/Error/Code", "Invalidrequest");
    mock_close(&t);
}
END_TEST

START_TEST(messages_name_what_was_asked_for)
{
    mock_test t = mock_open();
    ac_request request = mock_request(&t, "GET", AC_STR("/?Action=CreateGadget&Version=2024-01-01"));
    mock_reply reply = mock_send(&t, &request);
    ck_assert_at(reply, "/Message", "There is no CreateGadget of 2024-01-01.");
    request = mock_request(&t, "GET", AC_STR("/?Version=2024-01-01"));
    reply = mock_send(&t, &request);
    ck_assert_at(reply, "/Message", "Action is missing.");
    mock_close(&t);
}
END_TEST

START_TEST(headers_query_and_path_must_agree)
{
    mock_test t = mock_open();
    ac_request request = mock_request(&t, "GET", AC_STR("/?" OK "&Action=GetWidget"));
    ck_assert_reply(send_changed(&t, &request, CREATE), 404, "UnknownAction");
    request = mock_request(&t, "GET", AC_STR("/?" OK "&Version=2023-01-01"));
    ck_assert_reply(send_changed(&t, &request, CREATE), 400, "UnknownVersion");
    request = mock_request(&t, "GET", AC_STR("/?" OK "&Action=CreateWidget"));
    ck_assert_status(send_changed(&t, &request, CREATE), 201);
    request = mock_request(&t, "GET", AC_STR("/boxes/b/items"));
    ck_assert_reply(send_changed(&t, &request, ITEM), 404, "UnknownPath");
    request = mock_request(&t, "GET", AC_STR("/boxes/b/items?Version=2024-01-01"));
    ck_assert_reply(send_changed(&t, &request, ITEMS), 400, "UnknownVersion");
    mock_close(&t);
}
END_TEST

START_TEST(paths_are_matched_segment_by_segment)
{
    mock_test t = mock_open();
    ck_assert_reply(mock_call_at(&t, ITEM, AC_STR("/boxes/b%2A%2Fc/items"), "", "{\"title\":\"a\"}"), 404,
                    "BoxNotFound");
    ck_assert_status(mock_call_at(&t, ITEMS, AC_STR("/b%6Fxes/b/items"), "", NULL), 200);
    ck_assert_reply(mock_call_at(&t, ITEMS, AC_STR("/boxes//items"), "", NULL), 400, "MissingBoxId");
    ck_assert_at(
        mock_call_at(&t, "example/boxes/2024-02-02/DescribeItem", AC_STR("/boxes/b/items/i"), "", NULL),
        "/Code", "ItemNotFound");
    t.signer = AC_STR("acs-roa-hmac-sha1");
    mock_reply reply = mock_call_at(&t, "example/boxes/2024-02-02/DescribeNewest",
                                    AC_STR("/boxes/b/items/newest"), "", NULL);
    ck_assert(ac_json_at(reply.body, AC_STR("/newest"))->boolean);
    mock_close(&t);
}
END_TEST

START_TEST(parameters_may_stand_in_headers_and_forms)
{
    mock_test t = mock_open();
    ac_request request = mock_request(&t, "POST", AC_STR("/?Echo=1"));
    ac_pairs_add(t.arena, &request.headers, AC_STR("x-trace"), AC_STR("2"));
    mock_add_body(&t, &request, "application/x-www-form-urlencoded", AC_STR("Note=3"));
    mock_reply reply = send_changed(&t, &request, PING);
    ck_assert_status(reply, 204);
    ck_assert_at(reply, "/Echo", "1");
    ck_assert_at(reply, "/Trace", "2");
    ck_assert_at(reply, "/Note", "3");
    reply = mock_call(&t, PING, "");
    ck_assert_absent(reply, "/Echo");
    mock_close(&t);
}
END_TEST

/* ---- authentication ---- */

START_TEST(only_known_keys_may_call)
{
    mock_test t = mock_open();
    t.key = AC_STR("LTAI0001");
    ck_assert_reply(mock_call(&t, PING, ""), 404, "UnknownKey");
    t.key = AC_STR("");
    ck_assert_reply(mock_call(&t, PING, ""), 400, "NoKey");
    ck_assert_at(mock_call(&t, PING, ""), "/Message", "AccessKeyId is missing.");
    t.key = AC_STR("AKACCORD");
    ck_assert_status(mock_call(&t, PING, ""), 204);
    mock_close(&t);
}
END_TEST

START_TEST(signatures_are_verified)
{
    mock_test t = mock_open();
    t.secret = AC_STR("another");
    ck_assert_reply(mock_call(&t, PING, ""), 403, "BadSignature");
    t.secret = ac_str_c(ac_mock_secret);
    ac_request request = mock_request(&t, "POST", AC_STR("/?Echo=1"));
    mock_sign(&t, &request, mock_contract(&t, PING));
    request.target = AC_STR("/?Echo=2");
    ck_assert_reply(mock_send(&t, &request), 403, "BadSignature");
    request = mock_request(&t, "POST", AC_STR("/?Action=PingWidgets&Version=2024-01-01"));
    ck_assert_reply(mock_send(&t, &request), 400, "NoSignature");
    ac_pairs_add(t.arena, &request.headers, AC_STR("Authorization"), AC_STR("ACS3-HMAC-SHA256 nonsense"));
    ck_assert_reply(mock_send(&t, &request), 400, "NoSignature");
    mock_close(&t);
}
END_TEST

START_TEST(a_scheme_that_the_style_does_not_have_is_no_signature)
{
    mock_test t = mock_open();
    t.signer = AC_STR("volc-hmac-sha256");
    ck_assert_reply(mock_call(&t, PING, ""), 400, "NoSignature");
    mock_close(&t);
}
END_TEST

START_TEST(dates_must_be_near)
{
    mock_test t = mock_open();
    const int64_t limit_ms = ac_mock_defaults.skew_ms;
    t.late_ms = limit_ms;
    ck_assert_status(mock_call(&t, PING, ""), 204);
    t.late_ms = -limit_ms;
    ck_assert_status(mock_call(&t, PING, ""), 204);
    t.late_ms = limit_ms + 1000;
    ck_assert_reply(mock_call(&t, PING, ""), 400, "Expired");
    t.late_ms = -limit_ms - 1000;
    ck_assert_reply(mock_call(&t, PING, ""), 400, "Expired");
    t.late_ms = 0;
    ac_request request = mock_request(&t, "POST", AC_STR("/"));
    mock_sign(&t, &request, mock_contract(&t, PING));
    ac_pairs_remove_nocase(&request.headers, AC_STR("x-acs-date"));
    ac_pairs_add(t.arena, &request.headers, AC_STR("x-acs-date"), AC_STR("yesterday"));
    ck_assert_reply(mock_send(&t, &request), 400, "BadDate");
    mock_close(&t);
}
END_TEST

START_TEST(a_nonce_is_good_once_for_each_account)
{
    mock_test t = mock_open();
    ac_request request = mock_request(&t, "POST", AC_STR("/"));
    mock_sign(&t, &request, mock_contract(&t, PING));
    ck_assert_status(mock_send(&t, &request), 204);
    ck_assert_reply(mock_send(&t, &request), 400, "NonceUsed");
    t.key = AC_STR("AKACCORD0002");
    t.calls--;
    ck_assert_status(mock_call(&t, PING, ""), 204);
    for (int i = 0; i < 2000; i++) {
        ck_assert_status(mock_call(&t, PING, ""), 204);
    }
    t.calls--;
    ck_assert_reply(mock_call(&t, PING, ""), 400, "NonceUsed");
    mock_close(&t);
}
END_TEST

START_TEST(a_scheme_without_nonces_may_repeat_a_request)
{
    mock_test t = mock_open();
    ac_request request = mock_request(&t, "GET", AC_STR("/?Zones.1.ZoneId=a"));
    mock_sign(&t, &request, mock_contract(&t, THING));
    ck_assert_status(mock_send(&t, &request), 200);
    ck_assert_status(mock_send(&t, &request), 200);
    mock_close(&t);
}
END_TEST

START_TEST(without_checks_everybody_is_let_in)
{
    ac_mock_options options = mock_options();
    options.check_signatures = false;
    mock_test t = mock_open_with(MOCK_CASES, &options);
    ac_request request = mock_request(&t, "POST", AC_STR("/?Action=PingWidgets&Version=2024-01-01"));
    ck_assert_status(mock_send(&t, &request), 204);
    ck_assert_status(mock_send(&t, &request), 204);
    t.key = AC_STR("somebody");
    t.secret = AC_STR("something");
    mock_reply made = mock_call(&t, CREATE, OK);
    ac_str query = ac_str_printf(t.arena, "WidgetId=%.*s", AC_STR_FMT(mock_at(&made, "/WidgetId")));
    ck_assert_status(mock_call(&t, GET, query.p), 200);
    t.key = AC_STR("somebody else");
    ck_assert_status(mock_call(&t, GET, query.p), 404);
    ck_assert_status(mock_state(&t, "setup", "world", GET, "{}"), 200);
    mock_close(&t);
}
END_TEST

/* ---- answers ---- */

START_TEST(a_success_has_every_documented_field)
{
    mock_test t = mock_open();
    mock_reply reply = mock_call(&t, CREATE, OK "&Size=007&Color=blue&Zone.1.ZoneId=a&Zone.1.Mask=24");
    ck_assert_status(reply, 201);
    ac_str id = mock_at(&reply, "/WidgetId");
    ck_assert(ac_str_starts(id, AC_STR("wid-")) && id.n == 24);
    ck_assert_uint_eq(mock_at(&reply, "/RequestId").n, 36);
    ck_assert_at(reply, "/Status", "Creating");
    ck_assert_at(reply, "/Name", "abc");
    ck_assert_at(reply, "/Color", "blue");
    ck_assert(ac_json_is(ac_json_at(reply.body, AC_STR("/Size")), AC_JSON_NUMBER));
    ck_assert_at(reply, "/Size", "7");
    ck_assert(ac_json_is(ac_json_at(reply.body, AC_STR("/SizeText")), AC_JSON_STRING));
    ck_assert_at(reply, "/CreateTime", "2026-01-15T08:30:45Z");
    ck_assert_at(reply, "/Domain", ac_str_printf(t.arena, "%.*s.blue.north.example", AC_STR_FMT(id)).p);
    ck_assert_at(reply, "/Zones/0/ZoneId", "a");
    ck_assert_at(reply, "/Zones/0/Mask", "24");
    ck_assert_at(reply, "/Fixed/Count", "200");
    ck_assert(ac_json_is(ac_json_at(reply.body, AC_STR("/Fixed/None")), AC_JSON_NULL));
    mock_close(&t);
}
END_TEST

START_TEST(defaults_show_and_what_was_not_sent_does_not)
{
    mock_test t = mock_open();
    mock_reply reply = mock_call(&t, CREATE, OK);
    ck_assert_at(reply, "/Color", "red");
    ck_assert_absent(reply, "/Size");
    ck_assert_absent(reply, "/Motto");
    ck_assert_absent(reply, "/OwnerDomain");
    ck_assert(ac_json_is(ac_json_at(reply.body, AC_STR("/Zones")), AC_JSON_ARRAY));
    ck_assert_absent(reply, "/Zones/0");
    mock_close(&t);
}
END_TEST

START_TEST(each_answer_has_a_request_id_of_its_own)
{
    mock_test t = mock_open();
    mock_reply first = mock_call(&t, PING, "Echo=1&DryRun=x");
    mock_reply second = mock_call(&t, CREATE, OK);
    mock_reply third = mock_call(&t, CREATE, "");
    ck_assert_str_ne(mock_at(&second, "/RequestId").p, mock_at(&third, "/RequestId").p);
    ck_assert_uint_eq(mock_at(&third, "/RequestId").n, 36);
    ck_assert_uint_eq(mock_at(&first, "/RequestId").n, 36);
    mock_close(&t);
}
END_TEST

START_TEST(what_nothing_is_known_of_still_has_its_type_and_form)
{
    static const char *const texts[][2] = {{"/Ipv6", "2001:db8::1"}, {"/Json", "{}"},   {"/Yes", "false"},
                                           {"/Domain", "a.example"}, {"/Text", ""},     {"/Count", "0"},
                                           {"/Ratio", "0"},          {"/Shown/a", "1"}, {"/Odd~1name~0", "1"},
                                           {"/Unnamed/Inner", "x"}};
    static const char *const empty[] = {"/Object", "/List", "/WrongObject", "/WrongList"};
    mock_test t = mock_open();
    mock_reply reply = mock_call(&t, PING, "");
    for (size_t i = 0; i < AC_COUNT(texts); i++) {
        ck_assert_at(reply, texts[i][0], texts[i][1]);
    }
    for (size_t i = 0; i < AC_COUNT(empty); i++) {
        const ac_json *value = ac_json_at(reply.body, ac_str_c(empty[i]));
        ck_assert(value && value->count == 0);
        ck_assert_int_eq(value->type, i % 2 == 0 ? AC_JSON_OBJECT : AC_JSON_ARRAY);
    }
    ck_assert_uint_eq(mock_at(&reply, "/Uuid").n, 36);
    ck_assert(ac_json_is(ac_json_at(reply.body, AC_STR("/Done")), AC_JSON_BOOL));
    ck_assert_absent(reply, "/Maybe");
    ck_assert_absent(reply, "/Nested");
    mock_close(&t);
}
END_TEST

START_TEST(errors_have_the_members_of_their_style)
{
    mock_test t = mock_open();
    mock_reply reply = mock_call(&t, CREATE, OK "&Color=green");
    ck_assert_reply(reply, 422, "IllegalParam.Color");
    ck_assert_at(reply, "/Message", "The parameter Color is illegal: 1 of 1, 1, 1.");
    ck_assert_at(reply, "/HostId", "mock.example:8080");
    ck_assert(mock_at(&reply, "/Recommend").n > 0);
    ck_assert_absent(reply, "/Detail");
    ck_assert_uint_eq(reply.body->count, 5);
    reply = mock_call(&t, CREATE, OK "&DryRun=maybe");
    ck_assert_at(reply, "/Message", "DryRun is not valid, says 1.");
    mock_close(&t);
}
END_TEST

START_TEST(envelopes_repeat_the_call)
{
    mock_test t = mock_open();
    mock_reply reply = mock_call(&t, THING, "Zones.1.ZoneId=a");
    ck_assert_at(reply, "/Meta/Action", "CreateThing");
    ck_assert_at(reply, "/Meta/Version", "2024-03-03");
    ck_assert_at(reply, "/Meta/Service", "thing-signing");
    ck_assert_at(reply, "/Meta/Region", "north");
    ck_assert_uint_eq(mock_at(&reply, "/Meta/RequestId").n, 36);
    ck_assert(ac_str_starts(mock_at(&reply, "/Result/ThingId"), AC_STR("th-")));
    reply = mock_call(&t, THING, "");
    ck_assert_at(reply, "/Meta/Action", "CreateThing");
    ck_assert_at(reply, "/Meta/Error/Code", "MissingZones.1.ZoneId");
    ck_assert_absent(reply, "/Meta/Error/Number");
    ck_assert_absent(reply, "/Result");
    t.signer = AC_STR("volc-hmac-sha256");
    ac_request request = mock_request(&t, "GET", AC_STR("/?Action=CreateNothing"));
    reply = send_changed(&t, &request, THING);
    ck_assert_at(reply, "/Meta/Error/Code", "UnknownAction");
    ck_assert_at(reply, "/Meta/Error/Number", "7");
    ck_assert_at(reply, "/Meta/Action", "CreateNothing");
    mock_close(&t);
}
END_TEST

START_TEST(an_account_too_many_is_told_so)
{
    ac_mock_options options = mock_options();
    options.accounts_max = 1;
    mock_test t = mock_open_with(MOCK_CASES, &options);
    ck_assert_status(mock_call(&t, PING, ""), 204);
    t.key = AC_STR("AKACCORD0002");
    ck_assert_reply(mock_call(&t, PING, ""), 503, "Unavailable");
    ck_assert_status(mock_state(&t, "setup", "world", PING, "{}"), 503);
    mock_close(&t);
}
END_TEST

static void forget(mock_test *t, ac_when when)
{
    for (size_t i = 0; i < t->corpus->contract_count; i++) {
        for (size_t k = 0; k < t->corpus->contracts[i]->spec_count; k++) {
            ac_error_spec *spec = (ac_error_spec *)(uintptr_t)&t->corpus->contracts[i]->specs[k];
            spec->when = spec->when == when ? AC_WHEN_UNSET : spec->when;
        }
    }
}

START_TEST(a_situation_without_an_error_gets_that_of_a_near_one)
{
    mock_test t = mock_open();
    forget(&t, AC_WHEN_UNKNOWN_PATH);
    assert_unsigned(&t, "PUT", "/?Action=CreateWidget&Version=2024-01-01", 404, "UnknownAction");
    forget(&t, AC_WHEN_MISSING_SIGNATURE);
    assert_unsigned(&t, "GET", "/?Action=CreateWidget&Version=2024-01-01", 403, "BadSignature");
    forget(&t, AC_WHEN_BAD_SIGNATURE);
    assert_unsigned(&t, "GET", "/?Action=CreateWidget&Version=2024-01-01", 400, "AccordMock.BadRequest");
    mock_close(&t);
}
END_TEST

START_TEST(an_error_that_no_contract_documents_says_so)
{
    mock_test t = mock_open();
    for (size_t i = 0; i < t.corpus->contract_count; i++) {
        t.corpus->contracts[i]->spec_count = 0;
    }
    ck_assert_reply(mock_call(&t, CREATE, ""), 400, "AccordMock.BadRequest");
    t.secret = AC_STR("another");
    ck_assert_reply(mock_call(&t, CREATE, ""), 400, "AccordMock.BadRequest");
    mock_close(&t);
}
END_TEST

/* ---- life ---- */

enum { THREADS = 4, CALLS = 100 };

typedef struct caller {
    mock_test test;
    unsigned number, created;
} caller;

static void *run_caller(void *context)
{
    caller *c = context;
    c->test.arena = ac_arena_new();
    c->test.key = ac_str_printf(c->test.arena, "AKACCORD%u", c->number % 2);
    for (unsigned i = 0; i < CALLS; i++) {
        c->test.calls = c->number * CALLS + i;
        ac_request request = mock_request(&c->test, "POST", AC_STR("/?" OK "&ClientToken=same"));
        mock_sign(&c->test, &request, mock_contract(&c->test, CREATE));
        ac_answer answer = {0};
        ac_mock_answer(c->test.mock, c->test.arena, &request, &answer);
        c->created += answer.response.status == 201;
    }
    ac_arena_free(c->test.arena);
    return NULL;
}

START_TEST(several_threads_may_call)
{
    mock_test t = mock_open();
    caller callers[THREADS];
    pthread_t threads[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        callers[i] = (caller){.test = t, .number = i};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, run_caller, &callers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_uint_eq(callers[i].created, CALLS);
    }
    t.key = AC_STR("AKACCORD1");
    t.calls = THREADS * CALLS;
    ck_assert_at(mock_call(&t, "example/widgets/2024-01-01/ListWidgets", ""), "/TotalCount", "2");
    mock_close(&t);
}
END_TEST

START_TEST(the_same_calls_get_the_same_answers)
{
    mock_test a = mock_open();
    mock_test b = a;
    ac_mock_options options = mock_options();
    b.mock = ac_mock_new(a.corpus, &options);
    for (int i = 0; i < 3; i++) {
        mock_reply one = mock_call(&a, CREATE, OK);
        mock_reply other = mock_call(&b, CREATE, OK);
        ck_assert_str_eq(one.text.p, other.text.p);
    }
    ac_mock_free(b.mock);
    mock_close(&a);
}
END_TEST

static void keep_status(void *context, const ac_outcome *outcome)
{
    *(int *)context = outcome->response.status;
}

START_TEST(a_mock_with_a_server_answers_on_its_socket)
{
    ac_err err = {0};
    ac_mock_options options = mock_options();
    mock_test t = mock_open();
    ac_mock *served = ac_mock_start(t.corpus, &options, &err);
    ck_assert_msg(served != NULL, "%s", err.text);
    ac_request request = mock_request(&t, "POST", AC_STR("/?" OK));
    mock_sign(&t, &request, mock_contract(&t, CREATE));
    int status = 0;
    ac_client *client = ac_client_new(&ac_client_defaults, &err);
    ac_client_send(client, t.arena, ac_str_c(ac_mock_url(served)), &request, 0, keep_status, &status);
    while (ac_client_run(client, 1000) > 0) {
        ck_assert_int_eq(status, 0);
    }
    ck_assert_int_eq(status, 201);
    ac_client_free(client);
    ac_mock_stop(served);
    mock_close(&t);
}
END_TEST

START_TEST(a_mock_that_cannot_listen_says_why)
{
    ac_err err = {0};
    ac_mock_options options = mock_options();
    mock_test t = mock_open();
    options.server.host = "nowhere";
    ck_assert_ptr_null(ac_mock_start(t.corpus, &options, &err));
    ck_assert_ac_err(err, "nowhere");
    ck_assert_str_eq(ac_mock_url(t.mock), "");
    ac_mock_stop(NULL);
    ac_mock_free(NULL);
    mock_close(&t);
}
END_TEST

AC_TEST_MAIN("mock", action_and_version_come_from_headers_query_or_form,
             form_and_query_parameters_are_one_request, what_there_is_not_is_told_before_anything_else,
             messages_name_what_was_asked_for, headers_query_and_path_must_agree,
             paths_are_matched_segment_by_segment, parameters_may_stand_in_headers_and_forms,
             only_known_keys_may_call, signatures_are_verified,
             a_scheme_that_the_style_does_not_have_is_no_signature, dates_must_be_near,
             a_nonce_is_good_once_for_each_account, a_scheme_without_nonces_may_repeat_a_request,
             without_checks_everybody_is_let_in, a_success_has_every_documented_field,
             defaults_show_and_what_was_not_sent_does_not, each_answer_has_a_request_id_of_its_own,
             what_nothing_is_known_of_still_has_its_type_and_form, errors_have_the_members_of_their_style,
             envelopes_repeat_the_call, an_account_too_many_is_told_so,
             a_situation_without_an_error_gets_that_of_a_near_one,
             an_error_that_no_contract_documents_says_so, several_threads_may_call,
             the_same_calls_get_the_same_answers, a_mock_with_a_server_answers_on_its_socket,
             a_mock_that_cannot_listen_says_why)
