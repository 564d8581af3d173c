#include "recorder/har.h"

#include <string.h>

#include "recorder/recording.h"
#include "support.h"

typedef struct seen {
    ac_record items[8];
    size_t count;
} seen;

static bool keep(void *context, const ac_record *record)
{
    seen *s = context;
    s->items[s->count++] = *record;
    return s->count < AC_COUNT(s->items);
}

static seen read_text(ac_arena *arena, ac_str text)
{
    ac_err err = {0};
    seen s = {.count = 0};
    ck_assert_msg(ac_har_read(arena, text, "a.har", keep, &s, &err), "%s", err.text);
    return s;
}

static seen read_entry(ac_arena *arena, const char *entry)
{
    return read_text(arena, ac_str_printf(arena, "{\"log\":{\"entries\":[%s]}}", entry));
}

START_TEST(files_of_other_tools_are_read)
{
    ac_arena *arena = ac_test_arena();
    ac_err err = {0};
    seen browser = read_text(arena, ac_file_read(arena, "tests/fixtures/har/browser.har", 1 << 20, &err));
    ck_assert_uint_eq(browser.count, 2);
    const ac_record *first = &browser.items[0];
    ck_assert_ac_str(first->base_url, "https://privatelink.cn-hangzhou.aliyuncs.com");
    ck_assert_uint_eq(ac_str_find(first->request.target, AC_STR("/?Action=DescribeRegions&")), 0);
    ck_assert_ac_str(ac_header(&first->request.headers, "host"), "privatelink.cn-hangzhou.aliyuncs.com");
    ck_assert_ptr_null(ac_header(&first->request.headers, ":method").p);
    ck_assert_ac_str(first->request.body, "RegionId=cn-hangzhou&OwnerId=1234567890123456");
    ck_assert_int_eq(first->started_ms, 1768465845123);
    ck_assert_int_eq(first->duration_us, 12345);
    ck_assert_int_eq(first->first_byte_us, 10500);
    ck_assert_ptr_null(ac_header(&first->response.headers, "Content-Encoding").p);
    ck_assert_int_eq(browser.items[1].end, AC_RECORD_UPSTREAM_FAILED);
    ck_assert_ac_str(browser.items[1].why, "net::ERR_BLOCKED_BY_CLIENT");
    ck_assert_int_eq(browser.items[1].started_ms, 1768465846000);
    seen proxy = read_text(arena, ac_file_read(arena, "tests/fixtures/har/mitmproxy.har", 1 << 20, &err));
    ck_assert_uint_eq(proxy.count, 1);
    ck_assert_int_eq(proxy.items[0].response.status, 404);
    ck_assert_mem_eq(proxy.items[0].response.body.p, "\x00\xFF\xFF", 3);
}
END_TEST

START_TEST(what_may_be_missing_may_be_missing)
{
    ac_arena *arena = ac_test_arena();
    seen s = read_entry(arena, "{\"request\":{\"method\":\"GET\",\"url\":\"http://h?a=1#f\"}}");
    ck_assert_uint_eq(s.count, 1);
    ck_assert_ac_str(s.items[0].request.target, "/?a=1");
    ck_assert_ac_str(s.items[0].base_url, "http://h");
    ck_assert_int_eq(s.items[0].end, AC_RECORD_UPSTREAM_FAILED);
    s = read_entry(
        arena,
        "{\"request\":{\"method\":\"POST\",\"url\":\"http://h/\",\"postData\":{\"mimeType\":\"application/"
        "x-www-form-urlencoded\",\"params\":[{\"name\":\"a b\",\"value\":\"c&d\"},{\"name\":\"e\"}]}},"
        "\"response\":{\"status\":204}}");
    ck_assert_ac_str(s.items[0].request.body, "a%20b=c%26d&e=");
    ck_assert_ac_str(ac_header(&s.items[0].request.headers, "content-type"),
                     "application/x-www-form-urlencoded");
    ck_assert_int_eq(s.items[0].response.status, 204);
    ck_assert_int_eq(s.items[0].end, AC_RECORD_WHOLE);
    ck_assert_uint_eq(read_text(arena, AC_STR("\xEF\xBB\xBF{\"log\":{\"entries\":[]}}")).count, 0);
}
END_TEST

START_TEST(what_is_no_har_is_refused_with_its_place)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"", "a.har: line 1"},
        {"[]", "a.har: no HAR: /log/entries"},
        {"{\"log\":{\"entries\":{}}}", "a.har: no HAR"},
        {"{\"log\":{\"entries\":[1]}}", "a.har: /log/entries/0: an object"},
        {"{\"log\":{\"entries\":[{}]}}", "/log/entries/0/request/method"},
        {"{\"log\":{\"entries\":[{\"request\":{\"method\":\"A B\",\"url\":\"http://h/\"}}]}}",
         "/request/method"},
        {"{\"log\":{\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"/x\"}}]}}",
         "/request/url: no URL"},
        {"{\"log\":{\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"http:///x\"}}]}}",
         "/request/url: no host"},
        {"{\"log\":{\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"http://h/a b\"}}]}}",
         "/request/url"},
        {"{\"log\":{\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"http://h/"
         "\",\"headers\":[{\"name\":\"a\","
         "\"value\":\"b\\r\\nc: d\"}]}}]}}",
         "/request/headers"},
        {"{\"log\":{\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"http://h/"
         "\"},\"response\":{\"status\":"
         "\"200\"}}]}}",
         "/response/status"},
        {"{\"log\":{\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"http://h/"
         "\"},\"response\":{\"status\":200,"
         "\"content\":{\"text\":\"a*\",\"encoding\":\"base64\"}}}]}}",
         "/response/content/text: not base64"},
        {"{\"log\":{\"entries\":[],\"entries\":[]}}", "duplicate key"},
    };
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_err err = {0};
        seen s = {.count = 0};
        ck_assert(!ac_har_read(arena, ac_str_c(rows[i].text), "a.har", keep, &s, &err));
        ck_assert_ac_err(err, rows[i].part);
    }
}
END_TEST

static ac_record full_record(ac_arena *arena)
{
    ac_record record = {.number = 1,
                        .started_ms = 1768465845123,
                        .duration_us = 12345,
                        .first_byte_us = 10001,
                        .base_url = AC_STR("https://h:8443"),
                        .response_cut = true,
                        .end = AC_RECORD_CLIENT_GONE,
                        .why = AC_STR("gone"),
                        .signer = AC_STR("acs3-hmac-sha256")};
    record.request.method = AC_STR("POST");
    record.request.target = AC_STR("/p%20q?a=1&a=%00");
    record.request.body = (ac_str){"\x00\xFF{", 3};
    ac_pairs_add(arena, &record.request.headers, AC_STR("Host"), AC_STR("h:8443"));
    ac_pairs_add(arena, &record.request.headers, AC_STR("Content-Type"), AC_STR("application/x"));
    ac_pairs_add(arena, &record.request.headers, AC_STR("Cookie"), AC_STR("a=1; b=2"));
    record.response.status = 418;
    record.response.body = AC_STR("{\"a\":\"\\u00e9\xC3\xA9\"}");
    ac_pairs_add(arena, &record.response.headers, AC_STR("Content-Type"), AC_STR("application/json"));
    ac_pairs_add(arena, &record.response.headers, AC_STR("Set-Cookie"), AC_STR("a=1; Path=/"));
    return record;
}

START_TEST(what_is_written_reads_the_same)
{
    ac_arena *arena = ac_test_arena();
    ac_record record = full_record(arena);
    ac_str text = ac_str_printf(arena, "%.*s%.*s%.*s", AC_STR_FMT(ac_har_head(arena, "1.0")),
                                AC_STR_FMT(ac_har_entry(arena, &record)),
                                AC_STR_FMT(ac_har_tail(arena, ac_json_object())));
    seen s = read_text(arena, text);
    const ac_record *back = &s.items[0];
    ck_assert_uint_eq(s.count, 1);
    ck_assert(ac_str_eq(back->base_url, record.base_url));
    ck_assert(ac_str_eq(back->request.target, record.request.target));
    ck_assert(ac_str_eq(back->request.method, record.request.method));
    ck_assert(ac_str_eq(back->request.body, record.request.body));
    ck_assert(ac_str_eq(back->response.body, record.response.body));
    ck_assert(ac_str_eq(back->why, record.why));
    ck_assert(ac_str_eq(back->signer, record.signer));
    ck_assert_uint_eq(back->request.headers.count, record.request.headers.count);
    ck_assert_uint_eq(back->response.headers.count, record.response.headers.count);
    ck_assert_int_eq(back->response.status, 418);
    ck_assert_int_eq(back->started_ms, record.started_ms);
    ck_assert_int_eq(back->duration_us, record.duration_us);
    ck_assert_int_eq(back->first_byte_us, record.first_byte_us);
    ck_assert_int_eq(back->end, record.end);
    ck_assert(back->response_cut && !back->request_cut);
}
END_TEST

START_TEST(a_recording_is_told_by_its_first_bytes)
{
    ac_arena *arena = ac_test_arena();
    ac_err err = {0};
    ac_recording recording = {0};
    ck_assert_msg(ac_recording_load(arena, "tests/fixtures/har/mitmproxy.har", NULL, &recording, &err), "%s",
                  err.text);
    ck_assert_uint_eq(recording.count, 1);
    ck_assert(!ac_recording_load(arena, "tests/fixtures/har/none.har", NULL, &recording, &err));
    ck_assert_ac_err(err, "none.har");
    ck_assert(!ac_recording_load(arena, "cases/redaction.json", NULL, &recording, &err));
    ck_assert_ac_err(err, "no HAR");
    ck_assert(!ac_recording_load(arena, "tests/fixtures", NULL, &recording, &err));
}
END_TEST

AC_TEST_MAIN("recorder_har", files_of_other_tools_are_read, what_may_be_missing_may_be_missing,
             what_is_no_har_is_refused_with_its_place, what_is_written_reads_the_same,
             a_recording_is_told_by_its_first_bytes)
