#include "http/client_relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/server.h"
#include "support.h"

/* ---- the other side ---- */

/* What the server was told, as text. */
static void echo(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    (void)context;
    ac_str coding = ac_header(&request->headers, "Transfer-Encoding");
    answer->response.status = 200;
    answer->response.body =
        ac_str_printf(arena, "%.*s %.*s %s %zu", AC_STR_FMT(request->method), AC_STR_FMT(request->target),
                      coding.p ? "chunks" : "length", request->body.n);
}

static ac_server *start_server(void)
{
    ac_err err = {0};
    ac_server_options options = ac_server_defaults;
    ac_server *server = ac_server_start(&options, echo, NULL, &err);
    ck_assert_msg(server != NULL, "%s", err.text);
    return server;
}

/* Accepts one connection, reads something and says a text. */
typedef struct speaker {
    int listener;
    const char *text;
    char url[40];
    pthread_t thread;
} speaker;

static void *speak(void *context)
{
    const speaker *self = context;
    char read[4096];
    int fd = accept(self->listener, NULL, NULL);
    if (recv(fd, read, sizeof read, 0) > 0) {
        (void)!send(fd, self->text, strlen(self->text), MSG_NOSIGNAL);
    }
    shutdown(fd, SHUT_WR);
    while (recv(fd, read, sizeof read, 0) > 0) {
    }
    close(fd);
    return NULL;
}

static void start_speaker(speaker *self, const char *text)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    self->text = text;
    self->listener = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(self->listener, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(self->listener, 4), 0);
    getsockname(self->listener, (struct sockaddr *)&address, &size);
    snprintf(self->url, sizeof self->url, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    pthread_create(&self->thread, NULL, speak, self);
}

static void stop_speaker(speaker *self)
{
    pthread_join(self->thread, NULL);
    close(self->listener);
}

/* ---- this side ---- */

typedef struct heard {
    int status;
    char body[4096];
    size_t count;
    size_t to_send;
    bool refuse_head, refuse_body, abort_body;
} heard;

static int64_t on_read(void *context, char *to, size_t max)
{
    heard *all = context;
    size_t count = all->to_send < max ? all->to_send : max;
    memset(to, 'x', count);
    all->to_send -= count;
    return all->abort_body ? AC_RELAY_ABORT : (int64_t)count;
}

static bool on_head(void *context, const ac_response *response)
{
    heard *all = context;
    ck_assert_int_eq(all->status, 0);
    all->status = response->status;
    return !all->refuse_head;
}

static bool on_body(void *context, ac_str bytes)
{
    heard *all = context;
    ck_assert_uint_le(all->count + bytes.n, sizeof all->body - 1);
    memcpy(all->body + all->count, bytes.p, bytes.n);
    all->count += bytes.n;
    return !all->refuse_body;
}

static bool on_idle(void *context)
{
    (void)context;
    return true;
}

static ac_relay *new_relay(void)
{
    ac_err err = {0};
    const ac_relay_options options = {.connect_ms = 2000, .silence_ms = 2000, .header_bytes_max = 10000};
    ac_relay *relay = ac_relay_new(&options, &err);
    ck_assert_msg(relay != NULL, "%s", err.text);
    return relay;
}

static ac_outcome run(ac_relay *relay, ac_arena *arena, const char *url, const ac_request *request,
                      ac_relay_body kind, heard *all)
{
    ac_outcome outcome;
    const ac_relay_call call = {
        .base_url = ac_str_c(url),
        .request = request,
        .body_kind = kind,
        .body_bytes = all->to_send,
        .wait_fd = -1,
        .listener = {all, on_read, on_head, on_body, on_idle},
    };
    ac_relay_run(relay, arena, &call, &outcome);
    return outcome;
}

static ac_request a_request(ac_arena *arena, const char *method)
{
    ac_request request = {.method = ac_str_c(method), .target = AC_STR("/a?b")};
    ac_pairs_add(arena, &request.headers, AC_STR("Host"), AC_STR("x"));
    return request;
}

/* ---- tests ---- */

START_TEST(bodies_go_whole_or_stream)
{
    ac_arena *arena = ac_test_arena();
    ac_server *server = start_server();
    ac_relay *relay = new_relay();
    ac_request request = a_request(arena, "POST");
    static const struct {
        ac_relay_body kind;
        size_t bytes;
        const char *said;
    } rows[] = {
        {AC_RELAY_WHOLE, 0, "POST /a?b length 4"},
        {AC_RELAY_LENGTH, 300000, "POST /a?b length 300000"},
        {AC_RELAY_CHUNKS, 300000, "POST /a?b chunks 300000"},
        {AC_RELAY_CHUNKS, 0, "POST /a?b chunks 0"},
        {AC_RELAY_WHOLE, 0, "POST /a?b length 4"},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        heard all = {.to_send = rows[i].bytes};
        ac_request sent = request;
        sent.headers = ac_pairs_clone(arena, &request.headers);
        sent.body = rows[i].kind == AC_RELAY_WHOLE ? AC_STR("body") : AC_STR("");
        if (rows[i].kind == AC_RELAY_CHUNKS) {
            ac_pairs_add(arena, &sent.headers, AC_STR("Transfer-Encoding"), AC_STR("chunked"));
        }
        ac_outcome outcome = run(relay, arena, ac_server_url(server), &sent, rows[i].kind, &all);
        ck_assert_msg(outcome.transport == AC_TRANSPORT_OK, "%s", outcome.detail);
        ck_assert_int_eq(all.status, 200);
        ck_assert_str_eq(all.body, rows[i].said);
        ck_assert(outcome.response.body.n == 0 && outcome.first_byte_us >= 0);
    }
    ac_relay_free(relay);
    ac_server_stop(server);
}
END_TEST

START_TEST(listener_can_end_an_exchange)
{
    ac_arena *arena = ac_test_arena();
    ac_server *server = start_server();
    ac_relay *relay = new_relay();
    ac_request request = a_request(arena, "POST");
    heard rows[] = {{.refuse_head = true}, {.refuse_body = true}, {.abort_body = true, .to_send = 10}};
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_relay_body kind = rows[i].to_send > 0 ? AC_RELAY_LENGTH : AC_RELAY_WHOLE;
        ck_assert_int_eq(run(relay, arena, ac_server_url(server), &request, kind, &rows[i]).transport,
                         AC_TRANSPORT_FAILED);
    }
    heard all = {0};
    ck_assert_int_eq(run(relay, arena, ac_server_url(server), &request, AC_RELAY_WHOLE, &all).transport,
                     AC_TRANSPORT_OK);
    ac_relay_free(relay);
    ac_server_stop(server);
}
END_TEST

START_TEST(answers_with_doubtful_framing_are_garbage)
{
    static const struct {
        const char *text;
        ac_transport transport;
        const char *detail;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", AC_TRANSPORT_OK, ""},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", AC_TRANSPORT_GARBAGE,
         "two lengths"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         AC_TRANSPORT_GARBAGE, "both"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok", AC_TRANSPORT_GARBAGE, "coding"},
        {"HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nok", AC_TRANSPORT_GARBAGE, "CR LF"},
        {"HTTP/1.1 101 Switching Protocols\r\n\r\n", AC_TRANSPORT_GARBAGE, "leaves HTTP"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", AC_TRANSPORT_RESET, ""},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nTrailer: x\r\n\r\n",
         AC_TRANSPORT_OK, ""},
        {"HTTP/1.1 200 OK\r\n\r\nok", AC_TRANSPORT_OK, ""},
        {"HTTP/1.1 200 OK\r\nContent-Le", AC_TRANSPORT_RESET, "the middle of its headers"},
        {"nonsense", AC_TRANSPORT_GARBAGE, ""},
        {"", AC_TRANSPORT_RESET, ""},
    };
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        speaker other;
        heard all = {0};
        start_speaker(&other, rows[i].text);
        ac_relay *relay = new_relay();
        ac_request request = a_request(arena, "GET");
        ac_outcome outcome = run(relay, arena, other.url, &request, AC_RELAY_WHOLE, &all);
        ck_assert_msg(outcome.transport == rows[i].transport, "%s: %s %s", rows[i].text,
                      ac_transport_name(outcome.transport), outcome.detail);
        ck_assert_msg(strstr(outcome.detail, rows[i].detail) != NULL, "%s: %s", rows[i].text, outcome.detail);
        ac_relay_free(relay);
        stop_speaker(&other);
    }
}
END_TEST

START_TEST(silence_is_a_timeout)
{
    ac_arena *arena = ac_test_arena();
    speaker other;
    heard first = {0}, second = {0};
    ac_err err = {0};
    const ac_relay_options options = {.connect_ms = 2000, .silence_ms = 1000, .header_bytes_max = 10000};
    start_speaker(&other, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    ac_relay *relay = ac_relay_new(&options, &err);
    ac_request request = a_request(arena, "GET");
    ac_outcome outcome = run(relay, arena, other.url, &request, AC_RELAY_WHOLE, &first);
    ck_assert_int_eq(outcome.transport, AC_TRANSPORT_OK);
    /* A second connection is accepted by nobody, but the system shakes hands. */
    outcome = run(relay, arena, other.url, &request, AC_RELAY_WHOLE, &second);
    ck_assert_msg(outcome.transport == AC_TRANSPORT_TIMEOUT, "%s", outcome.detail);
    ac_relay_free(relay);
    stop_speaker(&other);
}
END_TEST

START_TEST(upstream_that_is_not_there)
{
    ac_arena *arena = ac_test_arena();
    heard all = {0};
    ac_err err = {0};
    ac_relay *relay = new_relay();
    ac_request request = a_request(arena, "GET");
    ck_assert_int_eq(run(relay, arena, "http://127.0.0.1:1", &request, AC_RELAY_WHOLE, &all).transport,
                     AC_TRANSPORT_UNREACHABLE);
    ck_assert_int_eq(ac_relay_connect(relay, arena, AC_STR("http://127.0.0.1:1"), &err), -1);
    ck_assert(err.text[0] != '\0');
    ac_relay_free(relay);
    ac_relay_free(NULL);
}
END_TEST

START_TEST(connection_without_http)
{
    ac_arena *arena = ac_test_arena();
    speaker other;
    ac_err err = {0};
    char got[16] = "";
    start_speaker(&other, "hello");
    ac_relay *relay = new_relay();
    int fd = ac_relay_connect(relay, arena, ac_str_c(other.url), &err);
    ck_assert_msg(fd >= 0, "%s", err.text);
    ck_assert_int_eq(send(fd, "x", 1, 0), 1);
    for (size_t count = 0; count < 5;) {
        ssize_t more = recv(fd, got + count, 5 - count, 0);
        count += more > 0 ? (size_t)more : 0; /* libcurl's sockets do not block */
    }
    ck_assert_str_eq(got, "hello");
    ac_relay_free(relay);
    stop_speaker(&other);
}
END_TEST

AC_TEST_MAIN("http_relay", bodies_go_whole_or_stream, listener_can_end_an_exchange,
             answers_with_doubtful_framing_are_garbage, silence_is_a_timeout, upstream_that_is_not_there,
             connection_without_http)
