#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "http/client.h"
#include "support.h"

/* ---- servers ---- */

static ac_server *server_with(ac_server_options options, ac_handler handler, void *context)
{
    ac_err err = {0};
    ac_server *server = ac_server_start(&options, handler, context, &err);
    ck_assert_msg(server != NULL, "%s", err.text);
    return server;
}

static void ok_handler(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    (void)context, (void)arena, (void)request;
    answer->response.status = 200;
    answer->response.body = AC_STR("ok");
}

/* Says the request back as text. */
static void echo_handler(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    (void)context;
    ac_buf text;
    ac_buf_init(&text, 10 * 1000 * 1000);
    ac_buf_printf(&text, "%.*s %.*s\n", AC_STR_FMT(request->method), AC_STR_FMT(request->target));
    for (size_t i = 0; i < request->headers.count; i++) {
        const ac_pair *header = &request->headers.items[i];
        ac_buf_printf(&text, "%.*s: %.*s\n", AC_STR_FMT(header->name), AC_STR_FMT(header->value));
    }
    ac_buf_add_char(&text, '\n');
    ac_buf_add(&text, request->body);
    answer->response.status = 200;
    answer->response.body = ac_buf_take(&text, arena);
    ac_pairs_add(arena, &answer->response.headers, AC_STR("X-Echo"), AC_STR("yes"));
}

static void silly_handler(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    (void)context;
    ac_pairs *headers = &answer->response.headers;
    if (ac_str_is(request->target, "/header")) {
        answer->response.status = 200;
        ac_pairs_add(arena, headers, AC_STR("X"), AC_STR("a\r\nb: c"));
    } else if (ac_str_is(request->target, "/framing")) {
        answer->response = (ac_response){.status = 200, .body = AC_STR("ok")};
        ac_pairs_add(arena, headers, AC_STR("content-length"), AC_STR("1000"));
        ac_pairs_add(arena, headers, AC_STR("Transfer-Encoding"), AC_STR("chunked"));
    } else if (ac_str_is(request->target, "/interim")) {
        answer->response.status = 100;
    }
}

/* ---- bytes on the wire ---- */

static int connect_to(const ac_server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(ac_server_port(server))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void say(int fd, ac_str bytes)
{
    while (bytes.n > 0) {
        ssize_t sent = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        ck_assert_int_gt(sent, 0);
        bytes = ac_str_sub(bytes, (size_t)sent, bytes.n);
    }
}

/* All bytes until the server closes. */
static ac_str hear_all(int fd)
{
    ac_buf all;
    char bytes[4096];
    ac_buf_init(&all, 10 * 1000 * 1000);
    for (ssize_t got; (got = recv(fd, bytes, sizeof bytes, 0)) > 0;) {
        ac_buf_add(&all, (ac_str){bytes, (size_t)got});
    }
    close(fd);
    return ac_buf_take(&all, ac_test_arena());
}

/* Says bytes on a new connection; the last request has to ask for its end. */
static ac_str talk(const ac_server *server, ac_str bytes)
{
    int fd = connect_to(server);
    say(fd, bytes);
    return hear_all(fd);
}

static ac_str body_of(ac_str answer)
{
    size_t end = ac_str_find(answer, AC_STR("\r\n\r\n"));
    ck_assert_uint_ne(end, AC_NOT_FOUND);
    return ac_str_sub(answer, end + 4, answer.n);
}

#define ck_assert_has(text, part)                                                                            \
    ck_assert_msg(ac_str_find((text), ac_str_c(part)) != AC_NOT_FOUND, "no \"%s\" in \"%.*s\"", (part),      \
                  AC_STR_FMT(text))
#define ck_assert_has_not(text, part)                                                                        \
    ck_assert_msg(ac_str_find((text), ac_str_c(part)) == AC_NOT_FOUND, "\"%s\" in \"%.*s\"", (part),         \
                  AC_STR_FMT(text))

/* ---- requests ---- */

START_TEST(a_request_reaches_the_handler_as_it_was_on_the_wire)
{
    ac_server *server = server_with(ac_server_defaults, echo_handler, NULL);
    ac_str answer =
        talk(server, AC_STR("FROB /a%2Fb/../c//?x=%7e&y=a+b&z&&%zz=%00* HTTP/1.1\r\nhost: h\r\nX-B: 1\r\n"
                            "x-a:  2 \r\nX-B: 3\r\nEmpty:\r\nConnection: close\r\n\r\n"));
    ac_server_stop(server);
    ck_assert(ac_str_starts(answer, AC_STR("HTTP/1.1 200 OK\r\n")));
    ck_assert_has(answer, "\r\nX-Echo: yes\r\n");
    ck_assert_ac_str(body_of(answer), "FROB /a%2Fb/../c//?x=%7e&y=a+b&z&&%zz=%00*\nhost: h\nX-B: 1\n"
                                      "x-a: 2\nX-B: 3\nEmpty: \nConnection: close\n\n");
}
END_TEST

START_TEST(bodies_arrive_whole_with_a_length_and_in_chunks)
{
    ac_server *server = server_with(ac_server_defaults, echo_handler, NULL);
    ac_str answer =
        talk(server, AC_STR("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
                            "a\0\r\n"));
    ck_assert(ac_str_ends(answer, AC_STR("\n\na\0\r\n")));
    answer = talk(
        server, AC_STR("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                       "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"));
    ck_assert(ac_str_ends(answer, AC_STR("\n\nhello")));
    ac_server_stop(server);
}
END_TEST

START_TEST(one_connection_serves_many_requests)
{
    ac_server *server = server_with(ac_server_defaults, echo_handler, NULL);
    ac_str answer = talk(server, AC_STR("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na"
                                        "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"
                                        "POST /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
                                        "GET /4 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    ac_server_stop(server);
    ck_assert_has(answer, "POST /1\nHost: h\nContent-Length: 1\n\na");
    ck_assert_has(answer, "GET /2\nHost: h\n\n");
    ck_assert_has(answer, "POST /3\nHost: h\nContent-Length: 0\n\n");
    ck_assert(ac_str_ends(answer, AC_STR("GET /4\nHost: h\nConnection: close\n\n")));
}
END_TEST

START_TEST(a_client_that_expects_a_continue_gets_it)
{
    ac_server *server = server_with(ac_server_defaults, echo_handler, NULL);
    int fd = connect_to(server);
    say(fd, AC_STR("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: "
                   "close\r\n\r\n"));
    char interim[26] = "";
    ck_assert_int_eq(recv(fd, interim, 25, MSG_WAITALL), 25);
    ck_assert_str_eq(interim, "HTTP/1.1 100 Continue\r\n\r\n");
    say(fd, AC_STR("ab"));
    ck_assert(ac_str_ends(hear_all(fd), AC_STR("\n\nab")));
    ac_server_stop(server);
}
END_TEST

START_TEST(a_body_above_the_limit_gets_413_and_the_connection_lives)
{
    ac_server_options options = ac_server_defaults;
    options.body_bytes_max = 4;
    ac_server *server = server_with(options, echo_handler, NULL);
    ac_str answer =
        talk(server, AC_STR("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabcde"
                            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
                            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
                            "abcd"));
    ac_server_stop(server);
    ck_assert(ac_str_starts(answer, AC_STR("HTTP/1.1 413 ")));
    ck_assert_has(answer, "the request body is larger than 4 bytes\nHTTP/1.1 413 ");
    ck_assert_has(answer, "the request body is larger than 4 bytes\nHTTP/1.1 200 OK");
    ck_assert(ac_str_ends(answer, AC_STR("\n\nabcd")));
}
END_TEST

START_TEST(a_huge_body_is_refused_before_it_is_sent)
{
    static const char *const heads[] = {
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000000\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4194305\r\nExpect: 100-continue\r\n\r\n",
    };
    ac_server *server = server_with(ac_server_defaults, echo_handler, NULL);
    for (size_t i = 0; i < AC_COUNT(heads); i++) {
        ac_str answer = talk(server, ac_str_c(heads[i]));
        ck_assert(ac_str_starts(answer, AC_STR("HTTP/1.1 413 ")));
    }
    ac_server_stop(server);
}
END_TEST

START_TEST(chunks_without_end_are_cut_off)
{
    ac_server_options options = ac_server_defaults;
    options.body_bytes_max = 1000;
    ac_server *server = server_with(options, echo_handler, NULL);
    int fd = connect_to(server);
    char chunk[8 + 0x10000 + 3] = "10000\r\n";
    memset(chunk + 7, 'x', 0x10000);
    memcpy(chunk + 7 + 0x10000, "\r\n", 2);
    say(fd, AC_STR("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
    size_t sent = 0;
    while (sent < 1000 * 1000 * 1000 && send(fd, chunk, 7 + 0x10000 + 2, MSG_NOSIGNAL) > 0) {
        sent += 0x10000;
    }
    ck_assert_uint_lt(sent, 100 * 1000 * 1000);
    close(fd);
    ac_server_stop(server);
}
END_TEST

START_TEST(bad_requests_do_not_reach_the_handler)
{
    static const char *const requests[] = {
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: many\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n",
        "nonsense\r\n\r\n",
    };
    ac_server *server = server_with(ac_server_defaults, echo_handler, NULL);
    for (size_t i = 0; i < AC_COUNT(requests); i++) {
        int fd = connect_to(server);
        say(fd, ac_str_c(requests[i]));
        shutdown(fd, SHUT_WR);
        ck_assert_has_not(hear_all(fd), "X-Echo");
    }
    ac_server_stop(server);
}
END_TEST

START_TEST(a_client_that_closes_its_sending_side_still_gets_its_answer)
{
    ac_server *server = server_with(ac_server_defaults, echo_handler, NULL);
    for (int i = 0; i < 10; i++) {
        int fd = connect_to(server);
        say(fd, AC_STR("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        shutdown(fd, SHUT_WR);
        ck_assert_has(hear_all(fd), "X-Echo");
    }
    ac_server_stop(server);
}
END_TEST

START_TEST(a_long_target_with_many_parameters_is_served)
{
    ac_server *server = server_with(ac_server_defaults, echo_handler, NULL);
    ac_buf head;
    ac_buf_init(&head, 100 * 1000);
    ac_buf_add_c(&head, "GET /?");
    for (int i = 0; i < 300; i++) {
        ac_buf_printf(&head, "PolicyDocument.%d=some%%20value%%20of%%20some%%20length&", i);
    }
    ac_buf_add_c(&head, " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    ac_str answer = talk(server, ac_buf_str(&head));
    ac_server_stop(server);
    ck_assert_has(answer, "PolicyDocument.299=some%20value");
    ac_buf_done(&head);
}
END_TEST

/* ---- answers ---- */

static void closing_handler(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    ok_handler(context, arena, request, answer);
    answer->close = true;
}

START_TEST(a_connection_is_closed_where_the_handler_asks)
{
    ac_server *server = server_with(ac_server_defaults, closing_handler, NULL);
    ac_str answer = talk(server, AC_STR("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    ac_server_stop(server);
    ck_assert_has(answer, "\r\nConnection: close\r\n");
    ck_assert_ac_str(body_of(answer), "ok");
}
END_TEST

START_TEST(a_head_answer_has_the_length_without_the_body)
{
    ac_server *server = server_with(ac_server_defaults, ok_handler, NULL);
    ac_str answer = talk(server, AC_STR("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    ac_server_stop(server);
    ck_assert_has(answer, "\r\nContent-Length: 2\r\n");
    ck_assert_ac_str(body_of(answer), "");
}
END_TEST

START_TEST(what_a_handler_gets_wrong_becomes_a_clear_500)
{
    ac_server *server = server_with(ac_server_defaults, silly_handler, NULL);
    ac_str answer = talk(server, AC_STR("GET /nothing HTTP/1.0\r\n\r\n"));
    ck_assert_has(answer, " 500 ");
    ck_assert_ac_str(body_of(answer), "the handler gave no valid status\n");
    answer = talk(server, AC_STR("GET /interim HTTP/1.0\r\n\r\n"));
    ck_assert_ac_str(body_of(answer), "the handler gave no valid status\n");
    answer = talk(server, AC_STR("GET /header HTTP/1.0\r\n\r\n"));
    ck_assert_has(answer, " 500 ");
    ck_assert_ac_str(body_of(answer), "the handler gave a header that cannot be sent\n");
    answer = talk(server, AC_STR("GET /framing HTTP/1.0\r\n\r\n"));
    ck_assert_has(answer, "\r\nContent-Length: 2\r\n");
    ck_assert_has_not(answer, "chunked");
    ck_assert_ac_str(body_of(answer), "ok");
    ac_server_stop(server);
}
END_TEST

/* ---- client and server ---- */

typedef struct test_outcome {
    bool done;
    int order; /* among all that ended */
    ac_transport transport;
    int status;
    ac_str body;
    int64_t duration_us;
} test_outcome;

static int ended;

static void on_done(void *context, const ac_outcome *outcome)
{
    test_outcome *out = context;
    *out = (test_outcome){.done = true,
                          .order = ended++,
                          .transport = outcome->transport,
                          .status = outcome->response.status,
                          .body = outcome->response.body,
                          .duration_us = outcome->duration_us};
}

static ac_client *client_with(ac_client_options options)
{
    ac_client *client = ac_client_new(&options, NULL);
    ck_assert_ptr_nonnull(client);
    return client;
}

static ac_request *get(const char *target)
{
    ac_request *request = AC_NEW(ac_test_arena(), ac_request);
    *request = (ac_request){.method = AC_STR("GET"), .target = ac_str_c(target)};
    ac_pairs_add(ac_test_arena(), &request->headers, AC_STR("Host"), AC_STR("test"));
    return request;
}

static void begin(ac_client *client, const ac_server *server, const ac_request *request, test_outcome *out)
{
    *out = (test_outcome){0};
    ac_client_send(client, ac_test_arena(), ac_str_c(ac_server_url(server)), request, 0, on_done, out);
}

static void finish_all(ac_client *client)
{
    while (ac_client_run(client, 1000) > 0) {
    }
}

START_TEST(a_client_and_a_server_agree_on_a_large_body)
{
    ac_server *server = server_with(ac_server_defaults, echo_handler, NULL);
    ac_client *client = client_with(ac_client_defaults);
    ac_request *request = get("/");
    char *body = ac_arena_alloc(ac_test_arena(), 3000 * 1000);
    for (size_t i = 0; i < 3000 * 1000; i++) {
        body[i] = (char)(i * 31);
    }
    request->method = AC_STR("POST");
    request->body = (ac_str){body, 3000 * 1000};
    test_outcome out;
    begin(client, server, request, &out);
    finish_all(client);
    ck_assert_int_eq(out.transport, AC_TRANSPORT_OK);
    ck_assert_int_eq(out.status, 200);
    ck_assert(ac_str_ends(out.body, request->body));
    ac_client_free(client);
    ac_server_stop(server);
}
END_TEST

static void delay_handler(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    ok_handler(context, arena, request, answer);
    int64_t delay_ms = 0;
    ck_assert(ac_str_int(ac_str_sub(request->target, 1, request->target.n), &delay_ms));
    answer->delay_ms = delay_ms;
}

START_TEST(a_delayed_answer_does_not_hold_up_others_on_the_same_thread)
{
    static const char *const targets[] = {"/300", "/150", "/0"};
    ac_server *server = server_with(ac_server_defaults, delay_handler, NULL);
    ac_client *client = client_with(ac_client_defaults);
    test_outcome outs[3];
    for (int round = 0; round < 2; round++) { /* the timer serves again */
        ended = 0;
        for (size_t i = 0; i < 3; i++) {
            begin(client, server, get(targets[i]), &outs[i]);
        }
        finish_all(client);
        for (int i = 0; i < 3; i++) {
            ck_assert_int_eq(outs[i].transport, AC_TRANSPORT_OK);
            ck_assert_int_eq(outs[i].order, 2 - i);
        }
        ck_assert_int_ge(outs[0].duration_us, 300 * 1000);
        ck_assert_int_ge(outs[1].duration_us, 150 * 1000);
    }
    ac_client_free(client);
    ac_server_stop(server);
}
END_TEST

START_TEST(stopping_does_not_wait_for_delays)
{
    ac_server *server = server_with(ac_server_defaults, delay_handler, NULL);
    ac_client *client = client_with(ac_client_defaults);
    test_outcome slow;
    test_outcome fast;
    begin(client, server, get("/1000000"), &slow);
    begin(client, server, get("/0"), &fast);
    while (!fast.done) {
        ac_client_run(client, 1000);
    }
    int64_t begin_us = ac_monotonic_us();
    ac_server_stop(server);
    ck_assert_int_lt(ac_monotonic_us() - begin_us, 5 * 1000 * 1000);
    ac_client_free(client);
}
END_TEST

typedef struct slow_work {
    bool begun;
    bool ended;
    pthread_mutex_t lock;
    pthread_cond_t changed;
} slow_work;

static void slow_handler(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    slow_work *work = context;
    pthread_mutex_lock(&work->lock);
    work->begun = true;
    pthread_cond_signal(&work->changed);
    pthread_mutex_unlock(&work->lock);
    poll(NULL, 0, 50);
    work->ended = true;
    ok_handler(NULL, arena, request, answer);
}

START_TEST(stopping_waits_for_a_running_handler)
{
    slow_work work = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    ac_server *server = server_with(ac_server_defaults, slow_handler, &work);
    int fd = connect_to(server);
    say(fd, AC_STR("GET / HTTP/1.0\r\n\r\n"));
    pthread_mutex_lock(&work.lock);
    while (!work.begun) {
        pthread_cond_wait(&work.changed, &work.lock);
    }
    pthread_mutex_unlock(&work.lock);
    ac_server_stop(server);
    ck_assert(work.ended);
    close(fd);
}
END_TEST

/* Allocates much, and notes what the arena held before. */
static void hungry_handler(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    size_t *largest = context;
    size_t held = ac_arena_size(arena);
    *largest = held > *largest ? held : *largest;
    ok_handler(NULL, arena, request, answer);
    answer->response.body = (ac_str){ac_arena_alloc(arena, 2000 * 1000), 2000 * 1000};
}

START_TEST(memory_of_one_request_is_not_kept_for_the_next)
{
    size_t largest = 0;
    ac_server *server = server_with(ac_server_defaults, hungry_handler, &largest);
    ac_client *client = client_with(ac_client_defaults);
    for (int i = 0; i < 20; i++) {
        test_outcome out;
        begin(client, server, get("/"), &out);
        finish_all(client);
        ck_assert_uint_eq(out.body.n, 2000 * 1000);
    }
    ac_client_free(client);
    ac_server_stop(server);
    ck_assert_uint_le(largest, 512 * 1024);
}
END_TEST

START_TEST(many_requests_on_several_threads_all_get_their_own_answer)
{
    enum { COUNT = 500 };
    static test_outcome outs[COUNT];
    ac_server_options options = ac_server_defaults;
    options.threads = 3;
    ac_server *server = server_with(options, echo_handler, NULL);
    ac_client *client = client_with(ac_client_defaults);
    for (int i = 0; i < COUNT; i++) {
        ac_str target = ac_str_printf(ac_test_arena(), "/%d", i);
        begin(client, server, get(ac_str_z(ac_test_arena(), target)), &outs[i]);
    }
    finish_all(client);
    for (int i = 0; i < COUNT; i++) {
        ck_assert_int_eq(outs[i].transport, AC_TRANSPORT_OK);
        ac_str expected = ac_str_printf(ac_test_arena(), "GET /%d\nHost: test\n\n", i);
        ck_assert(ac_str_eq(outs[i].body, expected));
    }
    ac_client_free(client);
    ac_server_stop(server);
}
END_TEST

/* ---- TLS ---- */

#define CERT_FILE "tests/fixtures/tls/cert.pem"
#define KEY_FILE  "tests/fixtures/tls/key.pem"

static const char *file_text(const char *path)
{
    ac_err err = {0};
    ac_str text = ac_file_read(ac_test_arena(), path, 10000, &err);
    ck_assert_msg(text.p != NULL, "%s", err.text);
    return ac_str_z(ac_test_arena(), text);
}

static ac_transport get_with_ca(const ac_server *server, const char *ca_file)
{
    ac_client_options options = ac_client_defaults;
    options.ca_file = ca_file;
    ac_client *client = client_with(options);
    test_outcome out;
    begin(client, server, get("/"), &out);
    finish_all(client);
    ac_client_free(client);
    return out.transport;
}

START_TEST(a_server_with_a_certificate_is_reached_by_clients_that_trust_it)
{
    ac_server_options options = ac_server_defaults;
    options.tls_cert = file_text(CERT_FILE);
    options.tls_key = file_text(KEY_FILE);
    ac_server *server = server_with(options, ok_handler, NULL);
    ck_assert(ac_str_starts(ac_str_c(ac_server_url(server)), AC_STR("https://127.0.0.1:")));
    ck_assert_int_eq(get_with_ca(server, CERT_FILE), AC_TRANSPORT_OK);
    ck_assert_int_eq(get_with_ca(server, NULL), AC_TRANSPORT_TLS);
    ac_server_stop(server);
}
END_TEST

START_TEST(a_certificate_that_is_none_is_told_at_the_start)
{
    ac_err err = {0};
    ac_server_options options = ac_server_defaults;
    options.tls_cert = "junk";
    options.tls_key = "junk";
    ck_assert_ptr_null(ac_server_start(&options, ok_handler, NULL, &err));
    ck_assert_int_eq(err.kind, AC_ERR_INTERNAL);
    ck_assert_ac_err(err, "certificate");
}
END_TEST

/* ---- listening ---- */

START_TEST(a_port_in_use_is_told_in_one_line)
{
    ac_err err = {0};
    ac_server *server = server_with(ac_server_defaults, ok_handler, NULL);
    ac_server_options options = ac_server_defaults;
    options.port = ac_server_port(server);
    ck_assert_ptr_null(ac_server_start(&options, ok_handler, NULL, &err));
    ck_assert_int_eq(err.kind, AC_ERR_INTERNAL);
    char expected[100];
    snprintf(expected, sizeof expected, "127.0.0.1:%u: Address already in use", (unsigned)options.port);
    ck_assert_str_eq(err.text, expected);
    ac_server_stop(server);
}
END_TEST

START_TEST(a_port_is_free_again_after_the_stop)
{
    ac_server *server = server_with(ac_server_defaults, ok_handler, NULL);
    ac_server_options options = ac_server_defaults;
    options.port = ac_server_port(server);
    talk(server, AC_STR("GET / HTTP/1.0\r\n\r\n"));
    ac_server_stop(server);
    server = server_with(options, ok_handler, NULL);
    ck_assert_uint_eq(ac_server_port(server), options.port);
    ac_server_stop(server);
}
END_TEST

START_TEST(only_loopback_addresses_are_served_unless_allowed)
{
    static const char *const refused[] = {"0.0.0.0", "::", "192.0.2.1"};
    ac_err err = {0};
    ac_server_options options = ac_server_defaults;
    for (size_t i = 0; i < AC_COUNT(refused); i++) {
        options.host = refused[i];
        ck_assert_ptr_null(ac_server_start(&options, ok_handler, NULL, &err));
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        ck_assert_ac_err(err, "not a loopback address");
    }
    options.host = "localhost";
    ck_assert_ptr_null(ac_server_start(&options, ok_handler, NULL, &err));
    ck_assert_ac_err(err, "localhost: not a numeric address");
    options.host = "0.0.0.0";
    options.allow_any = true;
    ac_server_stop(server_with(options, ok_handler, NULL));
}
END_TEST

START_TEST(the_loopback_address_of_ip_6_works)
{
    ac_err err = {0};
    ac_server_options options = ac_server_defaults;
    options.host = "::1";
    ac_server *server = ac_server_start(&options, ok_handler, NULL, &err);
    if (!server) { /* a system without IPv6 */
        ck_assert_ac_err(err, "::1");
        return;
    }
    ck_assert(ac_str_starts(ac_str_c(ac_server_url(server)), AC_STR("http://[::1]:")));
    ck_assert_int_eq(get_with_ca(server, NULL), AC_TRANSPORT_OK);
    ac_server_stop(server);
}
END_TEST

START_TEST(a_silent_connection_is_closed)
{
    ac_server_options options = ac_server_defaults;
    options.idle_seconds = 1;
    ac_server *server = server_with(options, ok_handler, NULL);
    talk(server, AC_STR("GET / HTTP/1.1\r\nHost: h\r\n\r\n")); /* returns when the server closes */
    ac_server_stop(server);
}
END_TEST

/* ---- answers that break on purpose ---- */

/* Framing of the answer by the path: "/3" is the fourth. */
static void framed_handler(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    (void)context, (void)arena;
    answer->response = (ac_response){.status = 200, .body = AC_STR("first halfsecond one")};
    answer->framing = (ac_framing)(request->target.p[1] - '0');
    answer->pause_ms = 30;
    answer->close = true;
}

/* What comes until the end, and whether that is a reset. */
static ac_str hear_end(int fd, bool *reset)
{
    char bytes[4096];
    ac_buf all;
    ac_buf_init(&all, 1 << 20);
    ssize_t got;
    while ((got = recv(fd, bytes, sizeof bytes, 0)) > 0) {
        ac_buf_add(&all, (ac_str){bytes, (size_t)got});
    }
    *reset = got < 0 && errno == ECONNRESET;
    close(fd);
    return ac_buf_take(&all, ac_test_arena());
}

START_TEST(an_answer_has_the_form_that_its_framing_says)
{
    static const struct {
        const char *has;
        const char *ends;
        bool reset;
    } rows[] = {
        [AC_FRAMING_LENGTH] = {"Content-Length: 20\r\n", "\r\n\r\nfirst halfsecond one", false},
        [AC_FRAMING_CHUNKED] = {"Transfer-Encoding: chunked\r\n", "first halfsecond one\r\n0\r\n\r\n", false},
        [AC_FRAMING_SLOW] = {"Content-Length: 20\r\n", "\r\n\r\nfirst halfsecond one", false},
        [AC_FRAMING_SHORT] = {"Content-Length: 20\r\n", "\r\n\r\nfirst half", false},
        [AC_FRAMING_CUT] = {"Content-Length: 20\r\n", "\r\n\r\n", true},
        [AC_FRAMING_NO_ANSWER] = {"", "", false},
        [AC_FRAMING_RESET] = {"", "", true},
    };
    ac_server *server = server_with(ac_server_defaults, framed_handler, NULL);
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        int64_t started_us = ac_monotonic_us();
        int fd = connect_to(server);
        bool reset;
        say(fd, ac_str_printf(ac_test_arena(), "GET /%zu HTTP/1.1\r\nHost: h\r\n\r\n", i));
        ac_str answer = hear_end(fd, &reset);
        ck_assert_has(answer, rows[i].has);
        ck_assert_msg(ac_str_ends(answer, ac_str_c(rows[i].ends)), "%zu: %.*s", i, AC_STR_FMT(answer));
        ck_assert_msg((answer.n == 0) == (rows[i].has[0] == '\0'), "%zu: %.*s", i, AC_STR_FMT(answer));
        ck_assert_msg(reset == rows[i].reset, "%zu: reset is %d", i, reset);
        ck_assert(i != AC_FRAMING_SLOW || ac_monotonic_us() - started_us >= 30000);
    }
    ac_server_stop(server);
}
END_TEST

START_TEST(stopping_nothing_is_fine)
{
    ac_server_stop(NULL);
}
END_TEST

AC_TEST_MAIN("http_server", a_request_reaches_the_handler_as_it_was_on_the_wire,
             bodies_arrive_whole_with_a_length_and_in_chunks, one_connection_serves_many_requests,
             a_client_that_expects_a_continue_gets_it,
             a_body_above_the_limit_gets_413_and_the_connection_lives,
             a_huge_body_is_refused_before_it_is_sent, chunks_without_end_are_cut_off,
             bad_requests_do_not_reach_the_handler,
             a_client_that_closes_its_sending_side_still_gets_its_answer,
             a_long_target_with_many_parameters_is_served, a_connection_is_closed_where_the_handler_asks,
             a_head_answer_has_the_length_without_the_body, what_a_handler_gets_wrong_becomes_a_clear_500,
             a_client_and_a_server_agree_on_a_large_body,
             a_delayed_answer_does_not_hold_up_others_on_the_same_thread, stopping_does_not_wait_for_delays,
             stopping_waits_for_a_running_handler, memory_of_one_request_is_not_kept_for_the_next,
             many_requests_on_several_threads_all_get_their_own_answer,
             a_server_with_a_certificate_is_reached_by_clients_that_trust_it,
             a_certificate_that_is_none_is_told_at_the_start, a_port_in_use_is_told_in_one_line,
             a_port_is_free_again_after_the_stop, only_loopback_addresses_are_served_unless_allowed,
             the_loopback_address_of_ip_6_works, a_silent_connection_is_closed,
             an_answer_has_the_form_that_its_framing_says, stopping_nothing_is_fine)
