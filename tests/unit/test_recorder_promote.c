#include "recorder/promote.h"

#include <string.h>

#include "recorder/playback.h"
#include "support.h"

#define CREATE "/?Action=CreateVpcEndpoint&Version=2020-04-15"
#define GET    "/?Action=GetVpcEndpointAttribute&Version=2020-04-15"
#define DELETE "/?Action=DeleteVpcEndpoint&Version=2020-04-15"
#define WHERE  "&RegionId=cn-hangzhou"
#define WHAT   WHERE "&VpcId=vpc-aaaaaaaaaaaa1&ServiceId=epsrv-aaaaaaaaaaaa1&SecurityGroupId.1=sg-aaaaaaaaaaaa1"
#define ID     "0ED8D006-F706-4D23-88ED-E11ED28DCAC"

typedef struct bed {
    ac_arena *arena;
    ac_corpus *corpus;
    ac_cases cases;
    ac_recording recording;
} bed;

static bed begin(void)
{
    ac_err err = {0};
    bed b = {.arena = ac_test_arena(), .corpus = ac_corpus_load(NULL, "cases", &err)};
    ck_assert_msg(b.corpus && ac_cases_load(b.corpus, &b.cases, &err), "%s", err.text);
    b.recording.items = AC_NEW_ARRAY(b.arena, 32, ac_record);
    return b;
}

static ac_record *add(bed *b, const char *target, int status, const char *body)
{
    ac_record *record = &b->recording.items[b->recording.count++];
    *record =
        (ac_record){.number = b->recording.count, .base_url = AC_STR("https://privatelink.aliyuncs.com")};
    record->request = (ac_request){AC_STR("POST"), ac_str_c(target), {0}, AC_STR("")};
    record->response.status = status;
    record->response.body = ac_str_c(body);
    ac_pairs_add(b->arena, &record->response.headers, AC_STR("Content-Type"), AC_STR("application/json"));
    return record;
}

static ac_str created(const bed *b, const char *id, const char *request_id)
{
    return ac_str_printf(
        b->arena,
        "{\"RequestId\":\"%s\",\"EndpointId\":\"%s\",\"EndpointStatus\":\"Creating\","
        "\"VpcId\":\"vpc-aaaaaaaaaaaa1\",\"ServiceId\":\"epsrv-aaaaaaaaaaaa1\",\"Bandwidth\":1024,"
        "\"CreateTime\":\"2026-01-15T08:30:45Z\",\"Odd\":true}",
        request_id, id);
}

static ac_str state(const bed *b, const char *id, const char *word, const char *request_id)
{
    return ac_str_printf(b->arena, "{\"RequestId\":\"%s\",\"EndpointId\":\"%s\",\"EndpointStatus\":\"%s\"}",
                         request_id, id, word);
}

#define GONE                                                                                                 \
    "{\"RequestId\":\"" ID "9\",\"HostId\":\"h\",\"Code\":\"EndpointNotFound\",\"Message\":\"The specified " \
    "Endpoint does not exist.\"}"

/* Create, read until it is active, delete, read until it is gone. */
static void add_life(bed *b, const char *id)
{
    ac_arena *a = b->arena;
    const char *get = ac_str_z(a, ac_str_printf(a, GET WHERE "&EndpointId=%s", id));
    add(b, CREATE WHAT "&ClientToken=token-1", 200, ac_str_z(a, created(b, id, ID "0")));
    add(b, get, 200, ac_str_z(a, state(b, id, "Creating", ID "1")));
    add(b, get, 200, ac_str_z(a, state(b, id, "Creating", ID "2")));
    add(b, get, 200, ac_str_z(a, state(b, id, "Active", ID "3")));
    add(b, ac_str_z(a, ac_str_printf(a, DELETE WHERE "&EndpointId=%s", id)), 200,
        "{\"RequestId\":\"" ID "4\"}");
    add(b, get, 200, ac_str_z(a, state(b, id, "Deleting", ID "5")));
    add(b, get, 400, GONE);
}

static ac_promoted promoted(bed *b, const ac_recording *second)
{
    ac_promoted out;
    const ac_promote_input input = {
        .corpus = b->corpus, .cases = &b->cases, .recording = &b->recording, .second = second};
    ac_promote(b->arena, &input, &out);
    return out;
}

static const ac_json *only_case(const ac_promoted *p)
{
    ck_assert_uint_eq(p->file_count, 1);
    ck_assert_uint_eq(p->files[0].cases, 1);
    return ac_json_at(p->files[0].json, AC_STR("/cases/0"));
}

static void check_at(const ac_json *json, const char *pointer, const char *expected)
{
    const ac_json *found = ac_json_at(json, ac_str_c(pointer));
    ac_buf text;
    ac_buf_init(&text, 1 << 16);
    if (found) {
        ac_json_write(&text, found);
    }
    ck_assert_msg(found ? strcmp(text.p, expected) == 0 : expected[0] == '\0', "%s is %s, not %s", pointer,
                  found ? text.p : "absent", expected);
    ac_buf_done(&text);
}

START_TEST(a_flow_becomes_one_case)
{
    bed b = begin();
    add_life(&b, "ep-aaaaaaaaaaaa1");
    ac_promoted p = promoted(&b, NULL);
    const ac_json *c = only_case(&p);
    ck_assert_ac_str(p.files[0].contract->operation, "alibaba/privatelink/2020-04-15/CreateVpcEndpoint");
    check_at(c, "/steps/0/params",
             "{\"RegionId\":\"${region}\",\"VpcId\":\"${vpc_id}\",\"ServiceId\":\"${service_id}\","
             "\"SecurityGroupId\":"
             "[\"${security_group_id}\"],\"ClientToken\":\"${token}\"}");
    check_at(c, "/steps/0/capture", "{\"id\":\"/EndpointId\"}");
    check_at(c, "/steps/0/creates", "true");
    check_at(c, "/steps/0/expect/body/~1EndpointId", "{\"regex\":\"^ep-\"}");
    check_at(c, "/steps/0/expect/body/~1VpcId", "\"${vpc_id}\"");
    check_at(c, "/steps/0/expect/body/~1Odd", "{\"type\":\"boolean\"}");
    check_at(c, "/steps/0/expect/body/~1Bandwidth", "");
    check_at(c, "/steps/0/expect/body/~1RequestId", "");
    check_at(c, "/steps/1/call", "\"GetVpcEndpointAttribute\"");
    check_at(c, "/steps/1/params/EndpointId", "\"${id}\"");
    check_at(c, "/steps/1/poll/pointer", "\"/EndpointStatus\"");
    check_at(c, "/steps/1/poll/until", "[\"Active\"]");
    check_at(c, "/steps/1/poll/order", "[\"Creating\",\"Active\"]");
    check_at(c, "/steps/2/call", "\"DeleteVpcEndpoint\"");
    check_at(c, "/steps/3/poll/until_gone", "true");
    check_at(c, "/steps/3/expect", "{\"error\":\"EndpointNotFound\"}");
    check_at(c, "/steps/4", "");
    check_at(c, "/teardown/0/params/EndpointId", "\"${id}\"");
    check_at(c, "/tags", "[\"recorded\"]");
    ac_corpus_free(b.corpus);
}
END_TEST

START_TEST(what_the_answer_does_not_keep_is_not_expected)
{
    bed b = begin();
    add_life(&b, "ep-aaaaaaaaaaaa1"); /* "Odd" is no documented field */
    ac_promoted p = promoted(&b, NULL);
    check_at(only_case(&p), "/steps/0/expect/success", "true");
    check_at(only_case(&p), "/steps/0/expect/fields", "");
    bool told = false;
    for (size_t i = 0; i < p.note_count; i++) {
        told =
            told || (p.notes[i].exchange == 1 && ac_str_find(p.notes[i].text, AC_STR("expects less")) == 0);
    }
    ck_assert(told);
    ac_corpus_free(b.corpus);
}
END_TEST

START_TEST(a_second_recording_tells_what_stays)
{
    bed b = begin();
    add_life(&b, "ep-aaaaaaaaaaaa1");
    ac_recording second = b.recording;
    b.recording = (ac_recording){.items = AC_NEW_ARRAY(b.arena, 32, ac_record)};
    add_life(&b, "ep-bbbbbbbbbbbb2");
    ac_record *create = &second.items[0];
    create->response.body =
        ac_str_replace(b.arena, create->response.body, AC_STR("\"Odd\":true"), AC_STR("\"Odd\":false"));
    ac_promoted p = promoted(&b, &second);
    const ac_json *c = only_case(&p);
    check_at(c, "/steps/0/expect/body/~1Bandwidth", "1024");
    check_at(c, "/steps/0/expect/body/~1Odd", "{\"type\":\"boolean\"}");
    check_at(c, "/steps/0/expect/body/~1EndpointStatus", "");
    check_at(c, "/steps/0/expect/body/~1CreateTime", "");
    ac_corpus_free(b.corpus);
}
END_TEST

START_TEST(two_flows_have_captures_and_variables_of_their_own)
{
    bed b = begin();
    add_life(&b, "ep-aaaaaaaaaaaa1");
    size_t first = b.recording.count;
    add_life(&b, "ep-bbbbbbbbbbbb2");
    for (size_t i = first; i < b.recording.count; i++) {
        ac_record *r = &b.recording.items[i];
        r->request.target = ac_str_replace(b.arena, r->request.target, AC_STR("vpc-aaaaaaaaaaaa1"),
                                           AC_STR("vpc-bbbbbbbbbbbb2"));
        r->request.target = ac_str_replace(b.arena, r->request.target, AC_STR("token-1"), AC_STR("token-2"));
    }
    ac_promoted p = promoted(&b, NULL);
    ck_assert_uint_eq(p.files[0].cases, 2);
    check_at(p.files[0].json, "/cases/1/steps/0/params/VpcId", "\"${vpc_id_2}\"");
    check_at(p.files[0].json, "/cases/1/steps/0/params/ClientToken", "\"${token}\"");
    check_at(p.files[0].json, "/cases/1/steps/1/params/EndpointId", "\"${id}\"");
    check_at(ac_promoted_world(b.arena, b.corpus, &b.recording), "",
             "{\"alibaba\":{\"region\":\"cn-hangzhou\",\"vpc_id\":\"vpc-aaaaaaaaaaaa1\",\"service_id\":"
             "\"epsrv-aaaaaaaaaaaa1\","
             "\"security_group_id\":\"sg-aaaaaaaaaaaa1\",\"vpc_id_2\":\"vpc-bbbbbbbbbbbb2\"}}");
    ac_corpus_free(b.corpus);
}
END_TEST

static bool has_note(const ac_promoted *p, uint64_t exchange, const char *part)
{
    for (size_t i = 0; i < p->note_count; i++) {
        if (p->notes[i].exchange == exchange &&
            ac_str_find(p->notes[i].text, ac_str_c(part)) != AC_NOT_FOUND) {
            return true;
        }
    }
    return false;
}

START_TEST(what_is_there_already_is_left_out)
{
    bed b = begin();
    add_life(&b, "ep-aaaaaaaaaaaa1");
    add_life(&b, "ep-bbbbbbbbbbbb2");
    for (size_t i = 7; i < 14; i++) {
        ac_record *r = &b.recording.items[i];
        r->request.target = ac_str_replace(b.arena, r->request.target, AC_STR("token-1"), AC_STR("token-2"));
    }
    /* derived: an empty id is refused */
    add(&b, DELETE WHERE "&EndpointId=", 400,
        "{\"RequestId\":\"" ID "8\",\"HostId\":\"h\",\"Code\":\"MissingParam.EndpointId\",\"Message\":\"The "
        "param of EndpointId is missing.\"}");
    ac_promoted p = promoted(&b, NULL);
    only_case(&p);
    ck_assert(has_note(&p, 8, "the same as a flow before it"));
    ck_assert(has_note(&p, 15, "the same as alibaba/privatelink/2020-04-15/DeleteVpcEndpoint/"));
    ac_corpus_free(b.corpus);
}
END_TEST

START_TEST(an_id_that_never_worked_is_no_variable)
{
    bed b = begin();
    add(&b,
        CREATE WHERE
        "&VpcId=vpc-nnnnnnnnnnnn9&ServiceId=epsrv-aaaaaaaaaaaa1&SecurityGroupId.1=sg-aaaaaaaaaaaa1",
        404,
        "{\"RequestId\":\"" ID
        "1\",\"HostId\":\"h\",\"Code\":\"VpcNotFound\",\"Message\":\"The specified Vpc does not exist.\"}");
    ac_promoted p = promoted(&b, NULL);
    check_at(only_case(&p), "/steps/0/params/VpcId", "\"vpc-nnnnnnnnnnnn9\"");
    ac_corpus_free(b.corpus);
}
END_TEST

START_TEST(what_a_case_cannot_repeat_is_left_out)
{
    bed b = begin();
    add(&b, DELETE WHERE "&EndpointId=ep-1", 400,
        "{\"RequestId\":\"" ID "1\",\"HostId\":\"h\",\"Code\":\"SignatureDoesNotMatch\",\"Message\":\"m\"}");
    add(&b, DELETE WHERE "&EndpointId=ep-1", 200, "{")->response_cut = true;
    ac_record *failed = add(&b, DELETE WHERE "&EndpointId=ep-1", 0, "");
    failed->end = AC_RECORD_UPSTREAM_FAILED;
    failed->why = AC_STR("refused");
    add(&b, CREATE WHAT "&EndpointName=a${x}", 200,
        ac_str_z(b.arena, created(&b, "ep-aaaaaaaaaaaa1", ID "0")));
    ac_promoted p = promoted(&b, NULL);
    ck_assert_uint_eq(p.file_count, 0);
    ck_assert(has_note(&p, 1, "signature"));
    ck_assert(has_note(&p, 2, "not whole"));
    ck_assert(has_note(&p, 3, "not whole: refused"));
    ck_assert(has_note(&p, 4, "${"));
    ac_corpus_free(b.corpus);
}
END_TEST

START_TEST(unknown_operations_stay_plain_and_get_a_skeleton)
{
    bed b = begin();
    add(&b, "/?Action=MakeThing&Version=2021-01-01&Name=a&Count=1", 200,
        "{\"Things\":[{\"Id\":\"t-1\",\"Size\":1.5}],\"Ok\":true}")
        ->signer = AC_STR("acs3-hmac-sha256");
    ac_promoted p = promoted(&b, NULL);
    ck_assert_uint_eq(p.plain_count, 1);
    ck_assert_uint_eq(p.skeletons->count, 1);
    const ac_json *s = &p.skeletons->items[0];
    ck_assert_ac_str(s->key, "alibaba/privatelink/2021-01-01/MakeThing");
    check_at(s, "/parameters/0/name", "\"Name\"");
    check_at(s, "/parameters/0/in", "\"query\"");
    check_at(s, "/response/fields/0",
             "{\"pointer\":\"/Things\",\"type\":\"array\",\"cite\":\"recording:response\"}");
    check_at(s, "/response/fields/3",
             "{\"pointer\":\"/Things/*/Size\",\"type\":\"number\",\"cite\":\"recording:response\"}");
    ac_corpus_free(b.corpus);
}
END_TEST

/* ---- playback ---- */

typedef struct missed {
    ac_arena *arena;
    ac_str line;
} missed;

static void miss(void *context, ac_str line)
{
    missed *m = context;
    m->line = ac_str_dup(m->arena, line);
}

static ac_answer ask(ac_playback *playback, ac_arena *arena, const char *target)
{
    ac_request request = {AC_STR("POST"), ac_str_c(target), {0}, AC_STR("")};
    ac_answer answer = {.delay_ms = 0};
    ac_playback_answer(playback, arena, &request, &answer);
    return answer;
}

static ac_str state_now(ac_playback *playback, ac_arena *arena, const char *target)
{
    ac_answer answer = ask(playback, arena, target);
    const ac_json *body = ac_json_parse(arena, answer.response.body, &ac_json_wire_limits, NULL);
    return ac_json_text(ac_json_get_c(body, answer.response.status == 200 ? "EndpointStatus" : "Code"));
}

START_TEST(playback_keeps_order_and_repeats_the_last)
{
    bed b = begin();
    add_life(&b, "ep-aaaaaaaaaaaa1");
    ac_playback *playback = ac_playback_new(b.corpus, &b.recording, NULL, NULL);
    const char *get = GET WHERE "&EndpointId=ep-aaaaaaaaaaaa1";
    static const char *const order[] = {"Creating", "Creating", "Active"};
    ck_assert_int_eq(ask(playback, b.arena, CREATE WHAT "&ClientToken=of-my-own").response.status, 200);
    for (size_t i = 0; i < AC_COUNT(order); i++) {
        ck_assert_ac_str(state_now(playback, b.arena, get), order[i]);
    }
    ask(playback, b.arena, DELETE WHERE "&EndpointId=ep-aaaaaaaaaaaa1");
    ck_assert_ac_str(state_now(playback, b.arena, get), "Deleting");
    ck_assert_ac_str(state_now(playback, b.arena, get), "EndpointNotFound");
    ac_answer first = ask(playback, b.arena, get);
    ac_answer second = ask(playback, b.arena, get);
    ck_assert_int_eq(first.response.status, 400);
    ck_assert_msg(!ac_str_eq(first.response.body, second.response.body), "a request id names one request");
    ac_playback_free(playback);
    ac_corpus_free(b.corpus);
}
END_TEST

START_TEST(playback_takes_ids_of_a_client_for_those_of_the_recording)
{
    bed b = begin();
    add_life(&b, "ep-aaaaaaaaaaaa1");
    ac_playback *playback = ac_playback_new(b.corpus, &b.recording, NULL, NULL);
    ac_answer answer =
        ask(playback, b.arena,
            CREATE WHERE
            "&VpcId=vpc-mine00000001&ServiceId=epsrv-mine00000001&SecurityGroupId.1=sg-mine00000001");
    ck_assert_int_eq(answer.response.status, 200);
    ac_playback_free(playback);
    ac_corpus_free(b.corpus);
}
END_TEST

START_TEST(playback_says_why_nothing_fits)
{
    static const struct {
        const char *target, *part;
    } rows[] = {
        {CREATE WHAT "&EndpointName=x",
         "CreateVpcEndpoint; nearest is exchange 1: EndpointName is \"x\", recorded missing"},
        {"/?Action=ListVpcEndpoints&Version=2020-04-15",
         "ListVpcEndpoints: the recording does not have this operation"},
        {"/x?Action=No&Version=1", "POST /x Action=No: the recording does not have this operation"},
    };
    bed b = begin();
    add_life(&b, "ep-aaaaaaaaaaaa1");
    missed m = {.arena = b.arena};
    ac_playback *playback = ac_playback_new(b.corpus, &b.recording, miss, &m);
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_answer answer = ask(playback, b.arena, rows[i].target);
        ck_assert_int_eq(answer.response.status, 501);
        ck_assert_msg(ac_str_find(m.line, ac_str_c(rows[i].part)) != AC_NOT_FOUND, "%.*s",
                      AC_STR_FMT(m.line));
        ck_assert(ac_str_find(answer.response.body, AC_STR("\"why\"")) != AC_NOT_FOUND);
    }
    ac_playback_free(playback);
    ac_corpus_free(b.corpus);
}
END_TEST

START_TEST(playback_serves_flows_that_begin_alike)
{
    bed b = begin();
    const char *bad =
        "{\"RequestId\":\"" ID "7\",\"HostId\":\"h\",\"Code\":\"DryRunOperation\",\"Message\":\"m\"}";
    add(&b, CREATE WHAT, 200, ac_str_z(b.arena, created(&b, "ep-aaaaaaaaaaaa1", ID "0")));
    add(&b, DELETE WHERE "&EndpointId=ep-aaaaaaaaaaaa1", 200, "{\"RequestId\":\"" ID "4\"}");
    add(&b, CREATE WHAT, 200, ac_str_z(b.arena, created(&b, "ep-bbbbbbbbbbbb2", ID "5")));
    add(&b, DELETE WHERE "&DryRun=true&EndpointId=ep-bbbbbbbbbbbb2", 400, bad);
    ac_playback *playback = ac_playback_new(b.corpus, &b.recording, NULL, NULL);
    /* the second flow under the id that the first one gave */
    ck_assert(ac_str_find(ask(playback, b.arena, CREATE WHAT).response.body, AC_STR("ep-aaaaaaaaaaaa1")) !=
              AC_NOT_FOUND);
    ck_assert_int_eq(
        ask(playback, b.arena, DELETE WHERE "&DryRun=true&EndpointId=ep-aaaaaaaaaaaa1").response.status, 400);
    /* then the first flow, under an id that nobody has yet */
    ac_str other = ask(playback, b.arena, CREATE WHAT).response.body;
    ck_assert(ac_str_find(other, AC_STR("\"ep-aaaaaaaaaaaa2\"")) != AC_NOT_FOUND);
    ck_assert_int_eq(ask(playback, b.arena, DELETE WHERE "&EndpointId=ep-aaaaaaaaaaaa2").response.status,
                     200);
    ac_playback_free(playback);
    ac_corpus_free(b.corpus);
}
END_TEST

START_TEST(the_world_of_a_recording_begins_it_anew)
{
    bed b = begin();
    add_life(&b, "ep-aaaaaaaaaaaa1");
    ac_playback *playback = ac_playback_new(b.corpus, &b.recording, NULL, NULL);
    const char *get = GET WHERE "&EndpointId=ep-aaaaaaaaaaaa1";
    ask(playback, b.arena, CREATE WHAT);
    for (int i = 0; i < 4; i++) {
        ask(playback, b.arena, get);
    }
    ac_request world = {AC_STR("POST"),
                        AC_STR("/_accord/state"),
                        {0},
                        AC_STR("{\"accord\":1,\"action\":\"setup\",\"state\":\"world\",\"account\":\"\","
                               "\"operation\":\"alibaba/x\"}")};
    ac_answer answer = {.delay_ms = 0};
    ac_playback_answer(playback, b.arena, &world, &answer);
    ck_assert_int_eq(answer.response.status, 200);
    ck_assert(ac_str_find(answer.response.body, AC_STR("\"vpc_id\":\"vpc-aaaaaaaaaaaa1\"")) != AC_NOT_FOUND);
    ask(playback, b.arena, CREATE WHAT);
    ck_assert_ac_str(state_now(playback, b.arena, get), "Creating");
    world.body = AC_STR("{\"accord\":1,\"action\":\"setup\",\"state\":\"error:X\",\"account\":\"\"}");
    ac_playback_answer(playback, b.arena, &world, &answer);
    ck_assert_int_eq(answer.response.status, 501);
    world.body = AC_STR("{");
    ac_playback_answer(playback, b.arena, &world, &answer);
    ck_assert_int_eq(answer.response.status, 400);
    ac_playback_free(playback);
    ac_corpus_free(b.corpus);
}
END_TEST

AC_TEST_MAIN("recorder_promote", a_flow_becomes_one_case, what_the_answer_does_not_keep_is_not_expected,
             a_second_recording_tells_what_stays, two_flows_have_captures_and_variables_of_their_own,
             what_is_there_already_is_left_out, an_id_that_never_worked_is_no_variable,
             what_a_case_cannot_repeat_is_left_out, unknown_operations_stay_plain_and_get_a_skeleton,
             playback_keeps_order_and_repeats_the_last,
             playback_takes_ids_of_a_client_for_those_of_the_recording, playback_says_why_nothing_fits,
             playback_serves_flows_that_begin_alike, the_world_of_a_recording_begins_it_anew)
