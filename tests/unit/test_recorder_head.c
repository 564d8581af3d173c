#include "recorder/head.h"

#include <string.h>

#include "support.h"

/* ---- heads ---- */

static ac_head read_ok(const char *text)
{
    ac_head head = {0};
    ac_refusal refusal = {0};
    ac_str bytes = ac_str_c(text);
    ck_assert_uint_eq(ac_head_find(bytes), bytes.n);
    ck_assert_msg(ac_head_read(ac_test_arena(), bytes, &head, &refusal), "%s", refusal.why);
    return head;
}

static void refused(ac_str bytes, int status, const char *part)
{
    ac_arena *arena = ac_arena_new();
    ac_head head;
    ac_refusal refusal = {0};
    ck_assert_msg(!ac_head_read(arena, bytes, &head, &refusal), "%.*s", AC_STR_FMT(bytes));
    ck_assert_msg(refusal.status == status && strstr(refusal.why, part), "%d %s", refusal.status,
                  refusal.why);
    ac_arena_free(arena);
}

START_TEST(head_is_read)
{
    ac_head head = read_ok("POST /a?b HTTP/1.1\r\nHost: x\r\nA:  b c \r\na:\r\nContent-Length: 12\r\n\r\n");
    ck_assert_ac_str(head.request.method, "POST");
    ck_assert_ac_str(head.request.target, "/a?b");
    ck_assert_uint_eq(head.request.headers.count, 4);
    ck_assert_ac_str(head.request.headers.items[1].value, "b c");
    ck_assert_ac_str(head.request.headers.items[2].name, "a");
    ck_assert_ac_str(head.request.headers.items[2].value, "");
    ck_assert(head.minor == 1 && head.framing == AC_HEAD_LENGTH && head.length == 12 && head.keep_alive);
}
END_TEST

START_TEST(connection_is_kept_or_not)
{
    static const struct {
        const char *text;
        bool keep;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: a, Close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: x\r\nProxy-Connection: close\r\n\r\n", false},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nProxy-Connection: keep-alive\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false},
    };
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_head head;
        ac_refusal refusal;
        ck_assert(ac_head_read(arena, ac_str_c(rows[i].text), &head, &refusal));
        ck_assert_msg(head.keep_alive == rows[i].keep, "%s", rows[i].text);
    }
}
END_TEST

START_TEST(end_of_a_head_is_found_only_when_it_is_there)
{
    ac_str whole = AC_STR("GET / HTTP/1.1\r\nHost: x\r\n\r\nbody\r\n\r\n");
    size_t end = ac_str_find(whole, AC_STR("body"));
    for (size_t i = 0; i <= whole.n; i++) {
        ck_assert_uint_eq(ac_head_find(ac_str_sub(whole, 0, i)), i >= end ? end : 0);
    }
    ck_assert_uint_eq(ac_head_find(AC_STR("\r\nGET / HTTP/1.1\r\n\r\n")), 20);
    ck_assert_uint_eq(ac_head_find(AC_STR("a\n\nb")), 3);
    ck_assert_uint_eq(ac_head_find(AC_STR("a\n\r\nb")), 4);
}
END_TEST

#define WITH(headers) AC_STR("POST / HTTP/1.1\r\nHost: x\r\n" headers "\r\n")

START_TEST(what_two_readers_read_differently_is_refused)
{
    refused(WITH("Content-Length: 1\r\nContent-Length: 1\r\n"), 400, "more than once");
    refused(WITH("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400, "more than once");
    refused(WITH("Content-Length: -1\r\n"), 400, "not a number");
    refused(WITH("Content-Length: 1 2\r\n"), 400, "not a number");
    refused(WITH("Content-Length:\r\n"), 400, "not a number");
    refused(WITH("Content-Length: 9223372036854775808\r\n"), 400, "not a number");
    refused(WITH("Transfer-Encoding: gzip\r\n"), 400, "chunked");
    refused(WITH("Transfer-Encoding:\r\n"), 400, "chunked");
    refused(WITH("A : b\r\n"), 400, "NAME: VALUE");
    refused(WITH("A\r\n"), 400, "NAME: VALUE");
    refused(WITH("A: b\r\n\tc\r\n"), 400, "folded");
    refused(WITH("A: b\x01\r\n"), 400, "control");
    refused(WITH("A: b\x7f\r\n"), 400, "control");
    refused(WITH("A: b\n"), 400, "CR LF");
    refused(WITH("A: b\rB: c\r\n"), 400, "CR LF");
    refused(WITH("Host: y\r\n"), 400, "Host");
    refused(WITH("Expect: more\r\n"), 417, "Expect");
    refused(AC_STR("GET / HTTP/1.1\r\n\r\n"), 400, "Host");
    refused(AC_STR("GET / HTTP/1.2\r\nHost: x\r\n\r\n"), 505, "version");
    refused(AC_STR("GET / HTTP/1.1 \r\nHost: x\r\n\r\n"), 505, "version");
    refused(AC_STR("GET / http/1.1\r\nHost: x\r\n\r\n"), 400, "request line");
    refused(AC_STR("GET /\r\nHost: x\r\n\r\n"), 400, "request line");
    refused(AC_STR("G(T / HTTP/1.1\r\nHost: x\r\n\r\n"), 400, "request line");
    refused(AC_STR("GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n"), 400, "request line");
    refused(AC_STR(" / HTTP/1.1\r\nHost: x\r\n\r\n"), 400, "request line");
    refused(AC_STR("\r\n\r\n"), 400, "request line");
    refused(AC_STR("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"), 400, "control");
}
END_TEST

START_TEST(headers_are_bounded)
{
    ac_buf text;
    ac_buf_init(&text, 1000000);
    ac_buf_add_c(&text, "GET / HTTP/1.1\r\nHost: x\r\n");
    for (size_t i = 1; i < AC_HEAD_HEADERS_MAX; i++) {
        ac_buf_add_c(&text, "A: b\r\n");
    }
    ac_buf_add_c(&text, "\r\n");
    read_ok(text.p);
    text.n -= 2;
    ac_buf_add_c(&text, "A: b\r\n\r\n");
    refused(ac_buf_str(&text), 431, "too many");
    ac_buf_done(&text);
}
END_TEST

START_TEST(headers_of_the_connection_are_known)
{
    ac_pairs headers = {0};
    ac_pairs_add(ac_test_arena(), &headers, AC_STR("Connection"), AC_STR("x-one, X-Two"));
    ck_assert(ac_is_hop_by_hop(&headers, AC_STR("X-ONE")) && ac_is_hop_by_hop(&headers, AC_STR("x-two")));
    ck_assert(ac_is_hop_by_hop(&headers, AC_STR("connection")) && ac_is_hop_by_hop(&headers, AC_STR("te")));
    ck_assert(!ac_is_hop_by_hop(&headers, AC_STR("x-three")) && !ac_is_hop_by_hop(&headers, AC_STR("x")));
}
END_TEST

/* ---- chunks ---- */

typedef struct body {
    ac_chunk_result result;
    char text[256];
    size_t count;
    size_t left; /* of the input */
} body;

/* Feeds the input in pieces of that size. */
static body take_apart(ac_str input, size_t piece)
{
    ac_chunks chunks = {0};
    body got = {.result = AC_CHUNKS_MORE};
    while (input.n > 0 && got.result != AC_CHUNKS_END && got.result != AC_CHUNKS_BAD) {
        ac_str part = ac_str_sub(input, 0, piece);
        size_t before = part.n;
        ac_str data;
        got.result = ac_chunks_next(&chunks, &part, &data);
        if (got.result == AC_CHUNKS_DATA) {
            memcpy(got.text + got.count, data.p, data.n);
            got.count += data.n;
        }
        input = ac_str_sub(input, before - part.n, input.n);
    }
    got.left = input.n;
    return got;
}

static void check_body(ac_str input, ac_chunk_result result, const char *text, size_t left)
{
    for (size_t piece = 1; piece <= input.n; piece++) {
        body got = take_apart(input, piece);
        ck_assert_msg(got.result == result, "%.*s in pieces of %zu: %d", AC_STR_FMT(input), piece,
                      (int)got.result);
        if (result != AC_CHUNKS_BAD) {
            ck_assert(got.count == strlen(text) && memcmp(got.text, text, got.count) == 0);
            ck_assert_uint_eq(got.left, left);
        }
    }
}

START_TEST(chunks_are_put_together)
{
    check_body(AC_STR("0\r\n\r\n"), AC_CHUNKS_END, "", 0);
    check_body(AC_STR("3\r\nabc\r\n0a\r\n0123456789\r\n0\r\n\r\nGET /"), AC_CHUNKS_END, "abc0123456789", 5);
    check_body(AC_STR("2;a=\"b\"\r\nab\r\n000\r\nX: y\r\nZ: \r\n\r\n"), AC_CHUNKS_END, "ab", 0);
}
END_TEST

START_TEST(broken_chunks_are_told)
{
    static const char *const broken[] = {
        "\r\n",        "g\r\n",           "-1\r\n",        "0x1\r\na\r\n",     " 1\r\na\r\n",
        "1 \r\na\r\n", "1\na\r\n",        "1\r\nab\r\n",   "1\r\na\n",         "1\r\na\rb",
        "0\r\n\n",     "0\r\nX: y\n\r\n", "0\r\nX\rY\r\n", "1;a\x01\r\na\r\n", "1111111111111111\r\n",
        "0\r\n\rX",    ";\r\n",           "1;\n",
    };
    for (size_t i = 0; i < AC_COUNT(broken); i++) {
        check_body(ac_str_c(broken[i]), AC_CHUNKS_BAD, "", 0);
    }
}
END_TEST

START_TEST(trailers_are_bounded)
{
    ac_buf text;
    ac_buf_init(&text, 1000000);
    ac_buf_add_c(&text, "0\r\n");
    for (size_t i = 0; i < 4000; i++) {
        ac_buf_add_c(&text, "A: b\r\n");
    }
    ck_assert_int_eq(take_apart(ac_buf_str(&text), 100000).result, AC_CHUNKS_BAD);
    ac_buf_done(&text);
}
END_TEST

AC_TEST_MAIN("recorder_head", head_is_read, connection_is_kept_or_not,
             end_of_a_head_is_found_only_when_it_is_there, what_two_readers_read_differently_is_refused,
             headers_are_bounded, headers_of_the_connection_are_known, chunks_are_put_together,
             broken_chunks_are_told, trailers_are_bounded)
