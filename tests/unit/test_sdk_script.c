/* What each fault makes of a documented answer. */
#include <string.h>

#include "match_support.h"
#include "sdk/judge.h"

enum { TIMEOUT_MS = 1000 };

#define OK_BODY                                                                                              \
    "{'RequestId':'r-1','Id':'ep-1','Size':5,'On':true,'Ratio':1.5,'List':[{'Key':'a','Value':2},7],'In':{'" \
    "Code':'c'}}"
#define ERROR_BODY "{'RequestId':'r-1','Code':'Throttling','Message':'Slow down.','HostId':'h'}"

#define HTML                                                                                                 \
    "<html>\r\n<head><title>Bad Gateway</title></head>\r\n<body><h1>Bad Gateway</h1></body>\r\n</html>\r\n"

typedef struct row {
    const char *name;
    int status;
    const char *type; /* Content-Type; NULL: none */
    const char *body; /* with ' for " */
    ac_framing framing;
    bool late, pauses;
    size_t answers;
} row;

#define JSON_TYPE "application/json"

static const row rows[] = {
    {"chunked", 200, JSON_TYPE, OK_BODY, AC_FRAMING_CHUNKED, false, false, 1},
    {"status-500", 500, JSON_TYPE, ERROR_BODY, AC_FRAMING_LENGTH, false, false, 1},
    {"status-500-empty", 500, NULL, "", AC_FRAMING_LENGTH, false, false, 1},
    {"status-502-html", 502, "text/html", HTML, AC_FRAMING_LENGTH, false, false, 1},
    {"status-503", 503, JSON_TYPE, ERROR_BODY, AC_FRAMING_LENGTH, false, false, 1},
    {"status-503-once", 503, JSON_TYPE, ERROR_BODY, AC_FRAMING_LENGTH, false, false, 2},
    {"status-429", 429, JSON_TYPE, ERROR_BODY, AC_FRAMING_LENGTH, false, false, 1},
    {"status-429-once", 429, JSON_TYPE, ERROR_BODY, AC_FRAMING_LENGTH, false, false, 2},
    {"status-200-error", 200, JSON_TYPE, ERROR_BODY, AC_FRAMING_LENGTH, false, false, 1},
    {"status-200-html", 200, "text/html", HTML, AC_FRAMING_LENGTH, false, false, 1},
    {"status-204", 204, NULL, "", AC_FRAMING_LENGTH, false, false, 1},
    {"status-302", 302, NULL, "", AC_FRAMING_LENGTH, false, false, 1},
    {"empty", 200, JSON_TYPE, "", AC_FRAMING_LENGTH, false, false, 1},
    {"truncated", 200, JSON_TYPE, NULL, AC_FRAMING_LENGTH, false, false, 1},
    {"byte-order-mark", 200, JSON_TYPE, "\xEF\xBB\xBF" OK_BODY, AC_FRAMING_LENGTH, false, false, 1},
    {"duplicate-keys", 200, JSON_TYPE,
     "{'RequestId':'another value','RequestId':'r-1','Id':'ep-1','Size':5,'On':true,'Ratio':1.5,"
     "'List':[{'Key':'a','Value':2},7],'In':{'Code':'c'}}",
     AC_FRAMING_LENGTH, false, false, 1},
    {"lower-case-keys", 400, JSON_TYPE,
     "{'requestId':'r-1','code':'Throttling','message':'Slow down.','hostId':'h'}", AC_FRAMING_LENGTH, false,
     false, 1},
    {"error-as-html", 400, "text/html", ERROR_BODY, AC_FRAMING_LENGTH, false, false, 1},
    {"error-without-type", 400, NULL, ERROR_BODY, AC_FRAMING_LENGTH, false, false, 1},
    {"unknown-code", 400, JSON_TYPE,
     "{'RequestId':'r-1','Code':'AccordUndocumented.Code','Message':'Slow down.','HostId':'h'}",
     AC_FRAMING_LENGTH, false, false, 1},
    {"unknown-field", 200, JSON_TYPE,
     "{'RequestId':'r-1','Id':'ep-1','Size':5,'On':true,'Ratio':1.5,'List':[{'Key':'a','Value':2,"
     "'AccordUndocumented':'kept'},7],'In':{'Code':'c','AccordUndocumented':'kept'},'AccordUndocumented':'"
     "kept'}",
     AC_FRAMING_LENGTH, false, false, 1},
    {"big-integers", 200, JSON_TYPE,
     "{'RequestId':'r-1','Id':'ep-1','Size':9007199254740993,'On':true,'Ratio':1.5,"
     "'List':[{'Key':'a','Value':9007199254740993},9007199254740993],'In':{'Code':'c'}}",
     AC_FRAMING_LENGTH, false, false, 1},
    {"nulls", 200, JSON_TYPE,
     "{'RequestId':'r-1','Id':null,'Size':null,'On':null,'Ratio':null,'List':null,'In':{'Code':null}}",
     AC_FRAMING_LENGTH, false, false, 1},
    {"absent-fields", 200, JSON_TYPE, "{'RequestId':'r-1','In':{}}", AC_FRAMING_LENGTH, false, false, 1},
    {"text-numbers", 200, JSON_TYPE,
     "{'RequestId':'r-1','Id':'ep-1','Size':'5','On':'true','Ratio':'1.5','List':[{'Key':'a','Value':'2'},'7'"
     "],"
     "'In':{'Code':'c'}}",
     AC_FRAMING_LENGTH, false, false, 1},
    {"slow-head", 200, JSON_TYPE, OK_BODY, AC_FRAMING_LENGTH, true, false, 1},
    {"slow-body", 200, JSON_TYPE, OK_BODY, AC_FRAMING_SLOW, false, true, 1},
    {"short-body", 200, JSON_TYPE, OK_BODY, AC_FRAMING_SHORT, false, false, 1},
    {"reset-after-headers", 200, JSON_TYPE, OK_BODY, AC_FRAMING_CUT, false, false, 1},
    {"closed", 200, JSON_TYPE, OK_BODY, AC_FRAMING_NO_ANSWER, false, false, 1},
    {"reset", 200, JSON_TYPE, OK_BODY, AC_FRAMING_RESET, false, false, 1},
    {"reset-once", 200, JSON_TYPE, OK_BODY, AC_FRAMING_RESET, false, false, 2},
};

static const row *row_of(const char *name)
{
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    ck_abort_msg("no row for the fault %s", name);
    return NULL;
}

static ac_response response_of(int status, const char *body)
{
    ac_response response = {.status = status, .body = quoted(ac_test_arena(), body)};
    ac_pairs_add(ac_test_arena(), &response.headers, AC_STR("content-type"), AC_STR(JSON_TYPE));
    ac_pairs_add(ac_test_arena(), &response.headers, AC_STR("X-Request-Id"), AC_STR("r-1"));
    return response;
}

static ac_sdk_script script_of(const ac_fault *fault, const char *success)
{
    static ac_response documented, good;
    documented = fault && fault->error ? response_of(400, ERROR_BODY) : response_of(200, success);
    good = response_of(200, success);
    return ac_sdk_script_of(ac_test_arena(), &documented, &good, fault, TIMEOUT_MS);
}

static bool parses(ac_str body)
{
    return ac_json_parse(ac_test_arena(), body, &ac_json_wire_limits, NULL) != NULL;
}

static void check_fault(const ac_fault *fault)
{
    const row *r = row_of(fault->name);
    ac_sdk_script script = script_of(fault, OK_BODY);
    const ac_answer *first = &script.answers[0];
    ck_assert_msg(first->response.status == r->status, "%s: %d", r->name, first->response.status);
    ac_str type = ac_header(&first->response.headers, "content-type");
    ck_assert_msg(r->type ? ac_str_is(type, r->type) : !type.p, "%s: %.*s", r->name, AC_STR_FMT(type));
    ck_assert_msg(ac_header(&first->response.headers, "x-request-id").p != NULL, "%s", r->name);
    ac_str body = first->response.body;
    ck_assert_msg(!r->body || ac_str_eq(body, quoted(ac_test_arena(), r->body)), "%s: %.*s", r->name,
                  AC_STR_FMT(body));
    ck_assert_msg(first->framing == r->framing, "%s", r->name);
    ck_assert_msg((first->delay_ms > TIMEOUT_MS) == r->late, "%s", r->name);
    ck_assert_msg((first->pause_ms > TIMEOUT_MS) == r->pauses, "%s", r->name);
    ck_assert_msg(script.count == r->answers, "%s", r->name);
    ck_assert(script.count == 1 ||
              (script.answers[1].response.status == 200 &&
               ac_str_eq(script.answers[1].response.body, quoted(ac_test_arena(), OK_BODY))));
    ac_str location = ac_header(&first->response.headers, "location");
    ck_assert_msg((location.n > 0) == (r->status == 302), "%s", r->name);
}

START_TEST(every_fault_does_what_its_name_says)
{
    size_t count = 0;
    for (const ac_fault *fault = ac_faults; fault->name; fault++) {
        check_fault(fault);
        count++;
    }
    ck_assert_uint_eq(count, AC_COUNT(rows));
}
END_TEST

/* Of a JSON body, whatever it is; the reader is strict. */
START_TEST(json_stays_json_but_where_it_should_not)
{
    static const char *const no_json[] = {"truncated", "byte-order-mark", "duplicate-keys"};
    static const char *const bodies[] = {
        OK_BODY, "{'a':1}", " {\n 'a' : [ ] , 'RequestId' : null }\n",
        "{'ResponseMetadata':{'RequestId':'r','Error':{'Code':'x','CodeN':1}}}"};
    for (const ac_fault *fault = ac_faults; fault->name; fault++) {
        for (size_t i = 0; i < AC_COUNT(bodies); i++) {
            ac_str body = script_of(fault, bodies[i]).answers[0].response.body;
            bool spoilt = fault->body == AC_FAULT_BODY_NONE || fault->body == AC_FAULT_BODY_HTML;
            for (size_t k = 0; k < AC_COUNT(no_json); k++) {
                spoilt = spoilt || strcmp(fault->name, no_json[k]) == 0;
            }
            ck_assert_msg(parses(body) != spoilt, "%s: %.*s", fault->name, AC_STR_FMT(body));
        }
    }
}
END_TEST

/* A mock with a bug, or a contract of another provider, may answer so. */
START_TEST(bodies_that_are_no_objects_are_left_alone)
{
    static const char *const bodies[] = {"", "x", "[]", "{}", "7", "null", "{'a':"};
    for (const ac_fault *fault = ac_faults; fault->name; fault++) {
        for (size_t i = 0; i < AC_COUNT(bodies); i++) {
            ac_sdk_script script = script_of(fault, bodies[i]);
            ck_assert(script.count >= 1 && script.answers[0].response.status >= 200);
        }
    }
    ck_assert_ac_str(script_of(&ac_faults[0], "x").answers[0].response.body, "x");
}
END_TEST

START_TEST(the_code_of_an_error_is_replaced_wherever_it_stands)
{
    const ac_fault *fault = ac_faults;
    while (strcmp(fault->name, "unknown-code") != 0) {
        fault++;
    }
    ac_response served = response_of(
        400, "{'ResponseMetadata':{'RequestId':'r','Error':{'Code':'x','CodeN':1,'Message':'m'}}}");
    ac_sdk_script script = ac_sdk_script_of(ac_test_arena(), &served, &served, fault, TIMEOUT_MS);
    ck_assert_ac_str(
        script.answers[0].response.body,
        "{\"ResponseMetadata\":{\"RequestId\":\"r\",\"Error\":{\"Code\":\"AccordUndocumented.Code\","
        "\"CodeN\":1,\"Message\":\"m\"}}}");
}
END_TEST

START_TEST(without_a_fault_the_documented_answer_is_the_only_one)
{
    ac_sdk_script script = script_of(NULL, OK_BODY);
    ck_assert_uint_eq(script.count, 1);
    ck_assert_int_eq(script.answers[0].response.status, 200);
    ck_assert_ac_str(script.answers[0].response.body, quoted(ac_test_arena(), OK_BODY).p);
    ck_assert_int_eq(script.answers[0].framing, AC_FRAMING_LENGTH);
    ck_assert_int_eq(script.answers[0].delay_ms, 0);
}
END_TEST

START_TEST(names_and_titles_of_faults_are_unique)
{
    for (const ac_fault *a = ac_faults; a->name; a++) {
        ck_assert(a->title && a->title[0]);
        for (const ac_fault *b = a + 1; b->name; b++) {
            ck_assert_str_ne(a->name, b->name);
            ck_assert_str_ne(a->title, b->title);
        }
    }
}
END_TEST

AC_TEST_MAIN("sdk script", every_fault_does_what_its_name_says, json_stays_json_but_where_it_should_not,
             bodies_that_are_no_objects_are_left_alone, the_code_of_an_error_is_replaced_wherever_it_stands,
             without_a_fault_the_documented_answer_is_the_only_one, names_and_titles_of_faults_are_unique)
