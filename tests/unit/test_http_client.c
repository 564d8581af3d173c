#include "http/client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/env.h"
#include "support.h"

/* ---- a peer that does what a test says, on a thread of its own ---- */

typedef struct test_peer test_peer;
typedef void peer_role(test_peer *peer, int fd); /* serves one connection, which is closed afterwards */

struct test_peer {
    int listener;
    char url[64];
    pthread_t thread;
    peer_role *role;
    const char *answer;
    pthread_mutex_t lock; /* for what follows */
    unsigned connections;
    unsigned requests;
    unsigned closed;
    pthread_cond_t has_closed;
    char seen[4096]; /* the last request */
};

static bool say(int fd, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        count -= (size_t)sent;
    }
    return true;
}

static bool say_text(int fd, const char *text)
{
    return say(fd, text, strlen(text));
}

/* The bytes still missing from a request, or 0 where it is whole. */
static size_t missing(const char *text, size_t count)
{
    const char *end = strstr(text, "\r\n\r\n");
    if (!end) {
        return 1;
    }
    const char *length = strstr(text, "Content-Length: ");
    size_t body = length && length < end ? strtoul(length + 16, NULL, 10) : 0;
    size_t whole = (size_t)(end - text) + 4 + body;
    return whole > count ? whole - count : 0;
}

/* False where the client closed. */
static bool hear(test_peer *peer, int fd)
{
    char text[sizeof peer->seen] = "";
    size_t count = 0;
    while (missing(text, count) > 0 && count < sizeof text - 1) {
        ssize_t got = recv(fd, text + count, 1, 0);
        if (got <= 0) {
            return false;
        }
        count += (size_t)got;
    }
    pthread_mutex_lock(&peer->lock);
    memcpy(peer->seen, text, sizeof text);
    peer->requests++;
    pthread_mutex_unlock(&peer->lock);
    return true;
}

static void until_closed(int fd)
{
    char byte;
    while (recv(fd, &byte, 1, 0) > 0) {
    }
}

static void reset_on_close(int fd)
{
    struct linger now = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static void *run_peer(void *context)
{
    test_peer *peer = context;
    for (int fd; (fd = accept(peer->listener, NULL, NULL)) >= 0;) {
        pthread_mutex_lock(&peer->lock);
        peer->connections++;
        pthread_mutex_unlock(&peer->lock);
        peer->role(peer, fd);
        close(fd);
        pthread_mutex_lock(&peer->lock);
        peer->closed++;
        pthread_cond_signal(&peer->has_closed);
        pthread_mutex_unlock(&peer->lock);
    }
    return NULL;
}

static void wait_until_closed(test_peer *peer, unsigned connections)
{
    pthread_mutex_lock(&peer->lock);
    while (peer->closed < connections) {
        pthread_cond_wait(&peer->has_closed, &peer->lock);
    }
    pthread_mutex_unlock(&peer->lock);
}

/* A bound socket at an ephemeral port of the loopback address. */
static int bound_socket(char *url, size_t url_size)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    snprintf(url, url_size, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    return fd;
}

static void start_peer(test_peer *peer, peer_role *role, const char *answer)
{
    memset(peer, 0, sizeof *peer);
    peer->role = role;
    peer->answer = answer;
    pthread_mutex_init(&peer->lock, NULL);
    pthread_cond_init(&peer->has_closed, NULL);
    peer->listener = bound_socket(peer->url, sizeof peer->url);
    ck_assert_int_eq(listen(peer->listener, 16), 0);
    ck_assert_int_eq(pthread_create(&peer->thread, NULL, run_peer, peer), 0);
}

/* The client has to be gone before, or a role may wait for it for ever. */
static void stop_peer(test_peer *peer)
{
    shutdown(peer->listener, SHUT_RDWR);
    pthread_join(peer->thread, NULL);
    close(peer->listener);
    pthread_cond_destroy(&peer->has_closed);
    pthread_mutex_destroy(&peer->lock);
}

static unsigned count_of(test_peer *peer, const unsigned *counter)
{
    pthread_mutex_lock(&peer->lock);
    unsigned count = *counter;
    pthread_mutex_unlock(&peer->lock);
    return count;
}

/* ---- roles ---- */

static void answer_once(test_peer *peer, int fd)
{
    if (hear(peer, fd)) {
        say_text(fd, peer->answer);
    }
}

static void answer_at_once(test_peer *peer, int fd)
{
    say_text(fd, peer->answer);
    until_closed(fd);
}

static void say_nothing(test_peer *peer, int fd)
{
    (void)peer;
    until_closed(fd);
}

static void answer_each(test_peer *peer, int fd)
{
    while (hear(peer, fd) && say_text(fd, peer->answer)) {
    }
}

static void answer_and_wait(test_peer *peer, int fd)
{
    if (hear(peer, fd) && say_text(fd, peer->answer)) {
        until_closed(fd);
    }
}

static void answer_and_reset(test_peer *peer, int fd)
{
    if (hear(peer, fd) && say_text(fd, peer->answer)) {
        reset_on_close(fd);
    }
}

static void answer_first_of_two(test_peer *peer, int fd)
{
    if (hear(peer, fd) && say_text(fd, peer->answer)) {
        hear(peer, fd);
    }
}

static void answer_without_end(test_peer *peer, int fd)
{
    if (hear(peer, fd)) {
        const char *line = strstr(peer->answer, "\f"); /* what follows is said for ever */
        say(fd, peer->answer, (size_t)(line - peer->answer));
        while (say_text(fd, line + 1)) {
        }
    }
}

static void answer_slowly(test_peer *peer, int fd)
{
    struct pollfd client = {.fd = fd, .events = POLLIN};
    if (!hear(peer, fd)) {
        return;
    }
    for (const char *at = peer->answer; *at && say(fd, at, 1) && poll(&client, 1, 5) == 0; at++) {
    }
}

/* ---- exchanges ---- */

typedef struct test_outcome {
    bool done;
    ac_transport transport;
    char detail[256];
    ac_response response;
    int64_t duration_us;
    int64_t first_byte_us;
} test_outcome;

static void on_done(void *context, const ac_outcome *outcome)
{
    test_outcome *result = context;
    ck_assert(!result->done);
    result->done = true;
    result->transport = outcome->transport;
    snprintf(result->detail, sizeof result->detail, "%s", outcome->detail);
    result->response = outcome->response;
    result->duration_us = outcome->duration_us;
    result->first_byte_us = outcome->first_byte_us;
}

static ac_client *client_with(ac_client_options options)
{
    ac_err err = {0};
    ac_client *client = ac_client_new(&options, &err);
    ck_assert_msg(client != NULL, "%s", err.text);
    return client;
}

static ac_client *default_client(void)
{
    return client_with(ac_client_defaults);
}

static test_outcome exchange_within(ac_client *client, const char *url, const ac_request *request,
                                    int64_t deadline_ms)
{
    test_outcome result = {0};
    ac_client_send(client, ac_test_arena(), ac_str_c(url), request, deadline_ms, on_done, &result);
    while (ac_client_run(client, 1000) > 0) {
    }
    ck_assert(result.done);
    return result;
}

static test_outcome exchange(ac_client *client, const char *url, const ac_request *request)
{
    return exchange_within(client, url, request, 0);
}

static ac_request get(const char *target)
{
    ac_request request = {.method = AC_STR("GET"), .target = ac_str_c(target)};
    ac_pairs_add(ac_test_arena(), &request.headers, AC_STR("Host"), AC_STR("test"));
    return request;
}

static ac_request post(const char *body)
{
    ac_request request = get("/");
    request.method = AC_STR("POST");
    request.body = ac_str_c(body);
    return request;
}

/* One GET by a client of its own. */
static test_outcome get_with(ac_client_options options, const char *url)
{
    ac_request request = get("/");
    ac_client *client = client_with(options);
    test_outcome got = exchange(client, url, &request);
    ac_client_free(client);
    return got;
}

static test_outcome get_from(peer_role *role, const char *answer, ac_client_options options)
{
    test_peer peer;
    start_peer(&peer, role, answer);
    test_outcome got = get_with(options, peer.url);
    stop_peer(&peer);
    return got;
}

#define ck_assert_transport(got, expected)                                                                   \
    do {                                                                                                     \
        test_outcome got_ = (got);                                                                           \
        ck_assert_msg(got_.transport == (expected), "%s (%s), not %s", ac_transport_name(got_.transport),    \
                      got_.detail, ac_transport_name(expected));                                             \
    } while (0)

/* ---- what is sent ---- */

static void assert_sent(const ac_request *request, const char *expected)
{
    test_peer peer;
    start_peer(&peer, answer_once, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    ac_client *client = default_client();
    test_outcome got = exchange(client, peer.url, request);
    ck_assert_transport(got, AC_TRANSPORT_OK);
    ac_client_free(client);
    stop_peer(&peer);
    ck_assert_str_eq(peer.seen, expected);
}

START_TEST(a_request_goes_out_byte_by_byte_as_given)
{
    ac_arena *arena = ac_test_arena();
    ac_request request = post("a=\"1\"&b");
    request.target = AC_STR("/a/../b/./c//?x=%7e&y=[1]{2}|\\^`<>\"'!*()#f");
    ac_pairs_add(arena, &request.headers, AC_STR("x-low"), AC_STR("v: 1; 2"));
    ac_pairs_add(arena, &request.headers, AC_STR("X-UP"), AC_STR("\xE4\xBD\xA0"));
    ac_pairs_add(arena, &request.headers, AC_STR("x-low"), AC_STR("again"));
    ac_pairs_add(arena, &request.headers, AC_STR("X-Empty"), AC_STR(""));
    assert_sent(&request, "POST /a/../b/./c//?x=%7e&y=[1]{2}|\\^`<>\"'!*()#f HTTP/1.1\r\nHost: test\r\n"
                          "x-low: v: 1; 2\r\nX-UP: \xE4\xBD\xA0\r\nx-low: again\r\nX-Empty:\r\n"
                          "Content-Length: 7\r\n\r\na=\"1\"&b");
}
END_TEST

START_TEST(a_get_has_no_content_length_and_no_headers_of_the_library)
{
    ac_request request = get("/?a=1");
    assert_sent(&request, "GET /?a=1 HTTP/1.1\r\nHost: test\r\n\r\n");
}
END_TEST

START_TEST(a_post_without_body_says_so)
{
    ac_request request = post("");
    assert_sent(&request, "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
}
END_TEST

START_TEST(headers_that_the_library_would_add_are_sent_where_given)
{
    ac_request request = post("x");
    static const char *const names[] = {"Accept", "User-Agent", "Content-Type", "Authorization",
                                        "Connection"};
    for (size_t i = 0; i < AC_COUNT(names); i++) {
        ac_pairs_add(ac_test_arena(), &request.headers, ac_str_c(names[i]), AC_STR("close"));
    }
    assert_sent(&request, "POST / HTTP/1.1\r\nHost: test\r\nAccept: close\r\nUser-Agent: close\r\n"
                          "Content-Type: close\r\nAuthorization: close\r\nConnection: close\r\n"
                          "Content-Length: 1\r\n\r\nx");
}
END_TEST

START_TEST(any_method_but_head_may_carry_a_body)
{
    ac_request request = get("/");
    request.method = AC_STR("DELETE");
    assert_sent(&request, "DELETE / HTTP/1.1\r\nHost: test\r\n\r\n");
    request.body = AC_STR("x");
    assert_sent(&request, "DELETE / HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\n\r\nx");
    request.method = AC_STR("GET");
    assert_sent(&request, "GET / HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\n\r\nx");
}
END_TEST

START_TEST(a_request_without_host_goes_out_without_one)
{
    ac_request request = {.method = AC_STR("GET"), .target = AC_STR("*")};
    assert_sent(&request, "GET * HTTP/1.1\r\n\r\n");
}
END_TEST

START_TEST(a_given_content_length_is_believed)
{
    ac_request request = post("abc");
    ac_pairs_add(ac_test_arena(), &request.headers, AC_STR("Content-Length"), AC_STR("3"));
    assert_sent(&request, "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc");
}
END_TEST

START_TEST(proxies_of_the_environment_are_ignored)
{
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    ac_request request = get("/");
    assert_sent(&request, "GET / HTTP/1.1\r\nHost: test\r\n\r\n");
}
END_TEST

START_TEST(what_cannot_be_one_message_is_not_sent)
{
    ac_arena *arena = ac_test_arena();
    static const struct {
        const char *url, *method, *target, *name, *value, *body;
    } rows[] = {
        {"http://127.0.0.1:1", "HEAD", "/", "A", "b", "x"},
        {"ftp://127.0.0.1:1", "GET", "/", "A", "b", ""},
        {"", "GET", "/", "A", "b", ""},
        {"http://127.0.0.1:1", "", "/", "A", "b", ""},
        {"http://127.0.0.1:1", "GET ", "/", "A", "b", ""},
        {"http://127.0.0.1:1", "GET", "", "A", "b", ""},
        {"http://127.0.0.1:1", "GET", "/a b", "A", "b", ""},
        {"http://127.0.0.1:1", "GET", "/\r\n", "A", "b", ""},
        {"http://127.0.0.1:1", "GET", "/", "A:", "b", ""},
        {"http://127.0.0.1:1", "GET", "/", "", "b", ""},
        {"http://127.0.0.1:1", "GET", "/", "A", "b\r\nC: d", ""},
        {"http://user:word@127.0.0.1:1", "GET", "/", "A", "b", ""},
    };
    ac_client *client = default_client();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_request request = {.method = ac_str_c(rows[i].method),
                              .target = ac_str_c(rows[i].target),
                              .body = ac_str_c(rows[i].body)};
        ac_pairs_add(arena, &request.headers, ac_str_c(rows[i].name), ac_str_c(rows[i].value));
        test_outcome got = exchange(client, rows[i].url, &request);
        ck_assert_transport(got, AC_TRANSPORT_FAILED);
        ck_assert_str_ne(got.detail, "");
        ck_assert_int_eq(got.response.status, 0);
    }
    ac_client_free(client);
}
END_TEST

/* ---- what arrives ---- */

START_TEST(a_response_is_read_as_it_is)
{
    test_outcome got =
        get_from(answer_once,
                 "HTTP/1.1 404 Nothing\r\nX-A:  1 \r\nx-a: 2\r\nX-Empty:\r\nX-Fold: a\r\n b\r\n"
                 "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnot\n",
                 ac_client_defaults);
    ck_assert_transport(got, AC_TRANSPORT_OK);
    ck_assert_str_eq(got.detail, "");
    ck_assert_int_eq(got.response.status, 404);
    ck_assert_uint_eq(got.response.headers.count, 6);
    ck_assert_ac_str(got.response.headers.items[0].value, "1");
    ck_assert_ac_str(got.response.headers.items[1].name, "x-a");
    ck_assert_ac_str(got.response.headers.items[2].value, "");
    ck_assert_ac_str(got.response.headers.items[3].value, "a b");
    ck_assert_ac_str(got.response.body, "not\n");
    ck_assert_int_ge(got.first_byte_us, 0);
    ck_assert_int_ge(got.duration_us, got.first_byte_us);
}
END_TEST

START_TEST(every_framing_of_http_1_is_understood)
{
    static const char *const answers[] = {
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
         "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: railer\r\n\r\n"),
        "HTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\n\r\nhello",
        "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
    };
    for (size_t i = 0; i < AC_COUNT(answers); i++) {
        test_outcome got = get_from(answer_once, answers[i], ac_client_defaults);
        ck_assert_transport(got, AC_TRANSPORT_OK);
        ck_assert_int_eq(got.response.status, 200);
        ck_assert_ac_str(got.response.body, "hello");
        ck_assert_ptr_null(ac_header(&got.response.headers, "T").p);
    }
}
END_TEST

START_TEST(interim_answers_are_skipped)
{
    test_outcome got = get_from(answer_once,
                                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                                "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok",
                                ac_client_defaults);
    ck_assert_transport(got, AC_TRANSPORT_OK);
    ck_assert_int_eq(got.response.status, 201);
    ck_assert_uint_eq(got.response.headers.count, 1);
    ck_assert_ac_str(got.response.body, "ok");
}
END_TEST

START_TEST(redirects_are_not_followed)
{
    test_outcome got = get_from(
        answer_once, "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", ac_client_defaults);
    ck_assert_transport(got, AC_TRANSPORT_OK);
    ck_assert_int_eq(got.response.status, 302);
}
END_TEST

START_TEST(the_length_of_a_head_answer_is_not_a_body)
{
    test_peer peer;
    start_peer(&peer, answer_each, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
    ac_client *client = default_client();
    ac_request request = get("/");
    request.method = AC_STR("HEAD");
    for (int i = 0; i < 2; i++) {
        test_outcome got = exchange(client, peer.url, &request);
        ck_assert_transport(got, AC_TRANSPORT_OK);
        ck_assert_uint_eq(got.response.body.n, 0);
    }
    ac_client_free(client);
    stop_peer(&peer);
    ck_assert_uint_eq(peer.connections, 1);
}
END_TEST

/* ---- how it fails ---- */

START_TEST(a_refused_connection_is_unreachable)
{
    char url[64];
    int fd = bound_socket(url, sizeof url); /* nobody listens, and nobody else gets the port */
    test_outcome got = get_with(ac_client_defaults, url);
    ck_assert_transport(got, AC_TRANSPORT_UNREACHABLE);
    ck_assert_int_eq(got.first_byte_us, -1);
    ck_assert_str_ne(got.detail, "");
    close(fd);
}
END_TEST

START_TEST(a_host_that_does_not_exist_is_unreachable)
{
    test_outcome got = get_with(ac_client_defaults, "http://no-such-host.invalid:80");
    ck_assert_transport(got, AC_TRANSPORT_UNREACHABLE);
}
END_TEST

START_TEST(a_connection_that_takes_too_long_is_unreachable)
{
    char url[64];
    int listener = bound_socket(url, sizeof url);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int fillers[8];
    ck_assert_int_eq(listen(listener, 0), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    for (size_t i = 0; i < AC_COUNT(fillers); i++) { /* with a full queue the system answers nobody */
        fillers[i] = socket(AF_INET, SOCK_STREAM, 0);
        fcntl(fillers[i], F_SETFL, O_NONBLOCK);
        int begun = connect(fillers[i], (struct sockaddr *)&address, size);
        (void)begun;
    }
    ac_client_options options = ac_client_defaults;
    options.connect_ms = 50;
    test_outcome got = get_with(options, url);
    ck_assert_transport(got, AC_TRANSPORT_UNREACHABLE);
    for (size_t i = 0; i < AC_COUNT(fillers); i++) {
        close(fillers[i]);
    }
    close(listener);
}
END_TEST

START_TEST(silence_after_the_request_is_a_timeout)
{
    ac_client_options options = ac_client_defaults;
    options.exchange_ms = 200;
    test_outcome got = get_from(answer_and_wait, "", options);
    ck_assert_transport(got, AC_TRANSPORT_TIMEOUT);
    ck_assert_int_eq(got.first_byte_us, -1);
    got = get_from(answer_and_wait, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", options);
    ck_assert_transport(got, AC_TRANSPORT_TIMEOUT);
    ck_assert_int_eq(got.response.status, 200);
    ck_assert_ac_str(got.response.body, "half");
}
END_TEST

START_TEST(bytes_that_come_slowly_do_not_stretch_the_deadline)
{
    ac_client_options options = ac_client_defaults;
    options.exchange_ms = 200;
    test_outcome got =
        get_from(answer_slowly,
                 "HTTP/1.1 200 OK\r\nX-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"
                 "Content-Length: 0\r\n\r\n",
                 options);
    ck_assert_transport(got, AC_TRANSPORT_TIMEOUT);
    ck_assert_int_ge(got.duration_us, 190 * 1000);
}
END_TEST

START_TEST(an_answer_that_ends_early_is_a_reset)
{
    static const struct {
        peer_role *role;
        const char *answer;
        int status;
    } rows[] = {
        {answer_once, "", 0},
        {answer_and_reset, "", 0},
        {answer_once, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 200},
        {answer_and_reset, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 200},
        {answer_once, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf", 200},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        test_outcome got = get_from(rows[i].role, rows[i].answer, ac_client_defaults);
        ck_assert_transport(got, AC_TRANSPORT_RESET);
        ck_assert_str_ne(got.detail, "");
        if (rows[i].role == answer_once) { /* a reset may overtake what was said before it */
            ck_assert_int_eq(got.response.status, rows[i].status);
        }
    }
}
END_TEST

START_TEST(what_is_not_http_is_garbage)
{
    static const char *const answers[] = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "<html>hello</html>\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nthis is no header\r\n\r\n",
        "HTTP/1.1 200 OK\r\n folded: nothing\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ntoo long\r\n0\r\n\r\n",
    };
    for (size_t i = 0; i < AC_COUNT(answers); i++) {
        test_outcome got = get_from(answer_once, answers[i], ac_client_defaults);
        ck_assert_msg(got.transport == AC_TRANSPORT_GARBAGE, "%zu: %s: %s", i,
                      ac_transport_name(got.transport), got.detail);
        ck_assert_str_ne(got.detail, "");
    }
}
END_TEST

START_TEST(an_answer_without_end_is_too_large)
{
    static const char *const answers[] = {
        "HTTP/1.1 200 OK\r\n\fX-Header: and another one\r\n",
        "HTTP/1.1 200 OK\r\nX-Header: \fand on and on",
        "\fHTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n\fbody body body body body body body body body",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n\fbody body body body body body body",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\f10\r\n0123456789abcdef\r\n",
    };
    ac_client_options options = ac_client_defaults;
    options.header_bytes_max = 2000;
    options.body_bytes_max = 100 * 1000;
    for (size_t i = 0; i < AC_COUNT(answers); i++) {
        test_outcome got = get_from(answer_without_end, answers[i], options);
        ck_assert_msg(got.transport == AC_TRANSPORT_TOO_LARGE, "%zu: %s: %s", i,
                      ac_transport_name(got.transport), got.detail);
        ck_assert_uint_le(got.response.body.n, 100 * 1000);
        ck_assert_uint_le(ac_arena_size(ac_test_arena()), 1000 * 1000);
    }
}
END_TEST

START_TEST(an_announced_length_above_the_limit_ends_before_the_body)
{
    test_outcome got = get_from(answer_and_wait, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
                                ac_client_defaults);
    ck_assert_transport(got, AC_TRANSPORT_TOO_LARGE);
    ck_assert_int_eq(got.response.status, 200);
}
END_TEST

START_TEST(a_body_of_just_the_limit_is_fine)
{
    ac_client_options options = ac_client_defaults;
    options.body_bytes_max = 5;
    test_outcome got = get_from(answer_once, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", options);
    ck_assert_transport(got, AC_TRANSPORT_OK);
    got = get_from(answer_once, "HTTP/1.1 200 OK\r\n\r\nhello!", options);
    ck_assert_transport(got, AC_TRANSPORT_TOO_LARGE);
}
END_TEST

START_TEST(a_peer_that_does_not_speak_tls_is_a_tls_failure_or_unreachable_when_silent)
{
    static const struct {
        peer_role *role;
        int64_t connect_ms;
        ac_transport transport;
    } rows[] = {{answer_at_once, 10000, AC_TRANSPORT_TLS}, {say_nothing, 50, AC_TRANSPORT_UNREACHABLE}};
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        test_peer peer;
        ac_client_options options = ac_client_defaults;
        options.connect_ms = rows[i].connect_ms;
        start_peer(&peer, rows[i].role, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        char url[80];
        snprintf(url, sizeof url, "https%s", strchr(peer.url, ':'));
        test_outcome got = get_with(options, url);
        stop_peer(&peer);
        ck_assert_transport(got, rows[i].transport);
    }
}
END_TEST

/* ---- connections ---- */

START_TEST(connections_are_used_again)
{
    test_peer peer;
    start_peer(&peer, answer_each, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    ac_client *client = default_client();
    for (int i = 0; i < 50; i++) {
        ac_request request = i % 3 == 0 ? post("x") : get("/");
        test_outcome got = exchange(client, peer.url, &request);
        ck_assert_transport(got, AC_TRANSPORT_OK);
        ck_assert_ac_str(got.response.body, "ok");
    }
    ac_client_free(client);
    stop_peer(&peer);
    ck_assert_uint_eq(peer.connections, 1);
    ck_assert_uint_eq(peer.requests, 50);
}
END_TEST

START_TEST(a_failed_exchange_does_not_harm_the_next)
{
    test_peer good;
    test_peer bad;
    ac_client_options options = ac_client_defaults;
    options.connections = 1; /* the same handle for all */
    start_peer(&good, answer_each, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    start_peer(&bad, answer_and_wait, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    ac_client *client = client_with(options);
    ac_request request = get("/");
    ac_request broken = get("");
    for (int i = 0; i < 3; i++) {
        ck_assert_transport(exchange_within(client, bad.url, &request, 100), AC_TRANSPORT_TIMEOUT);
        ck_assert_transport(exchange(client, good.url, &broken), AC_TRANSPORT_FAILED);
        test_outcome got = exchange(client, good.url, &request);
        ck_assert_transport(got, AC_TRANSPORT_OK);
        ck_assert_str_eq(got.detail, "");
        ck_assert_ac_str(got.response.body, "ok");
    }
    ac_client_free(client);
    stop_peer(&good);
    stop_peer(&bad);
    ck_assert_uint_eq(bad.requests, 3);
    ck_assert_uint_eq(good.connections, 1);
}
END_TEST

START_TEST(excess_bytes_after_an_answer_do_not_reach_the_next)
{
    test_peer peer;
    start_peer(&peer, answer_each,
               "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 Smuggled\r\n\r\n");
    ac_client *client = default_client();
    ac_request request = get("/");
    for (int i = 0; i < 2; i++) {
        test_outcome got = exchange(client, peer.url, &request);
        ck_assert_transport(got, AC_TRANSPORT_OK);
        ck_assert_int_eq(got.response.status, 200);
    }
    ac_client_free(client);
    stop_peer(&peer);
    ck_assert_uint_eq(peer.connections, 2);
}
END_TEST

START_TEST(a_connection_closed_while_idle_is_replaced)
{
    test_peer peer;
    start_peer(&peer, answer_once, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    ac_client *client = default_client();
    ac_request request = post("x");
    for (unsigned i = 1; i <= 5; i++) {
        ck_assert_transport(exchange(client, peer.url, &request), AC_TRANSPORT_OK);
        wait_until_closed(&peer, i);
    }
    ac_client_free(client);
    stop_peer(&peer);
    ck_assert_uint_eq(peer.connections, 5);
    ck_assert_uint_eq(peer.requests, 5);
}
END_TEST

START_TEST(a_request_that_the_peer_read_is_never_sent_twice)
{
    test_peer peer;
    start_peer(&peer, answer_first_of_two, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    ac_client *client = default_client();
    ac_request request = post("x");
    ck_assert_transport(exchange(client, peer.url, &request), AC_TRANSPORT_OK);
    test_outcome got = exchange(client, peer.url, &request);
    ck_assert_transport(got, AC_TRANSPORT_RESET);
    ck_assert_str_ne(got.detail, "");
    ck_assert_uint_eq(count_of(&peer, &peer.requests), 2);
    ck_assert_transport(exchange(client, peer.url, &request), AC_TRANSPORT_OK);
    ac_client_free(client);
    stop_peer(&peer);
    ck_assert_uint_eq(peer.requests, 3);
}
END_TEST

/* ---- running ---- */

typedef struct test_chain {
    ac_client *client;
    const char *url;
    ac_request request;
    int left;
    int ok;
} test_chain;

static void send_next(void *context, const ac_outcome *outcome)
{
    test_chain *chain = context;
    chain->ok += outcome->transport == AC_TRANSPORT_OK;
    if (--chain->left > 0) {
        ac_client_send(chain->client, ac_test_arena(), ac_str_c(chain->url), &chain->request, 0, send_next,
                       chain);
    }
}

START_TEST(a_callback_may_send_the_next_request)
{
    test_peer peer;
    start_peer(&peer, answer_each, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    test_chain chain = {.client = default_client(), .url = peer.url, .request = get("/"), .left = 20};
    ac_client_send(chain.client, ac_test_arena(), ac_str_c(chain.url), &chain.request, 0, send_next, &chain);
    while (ac_client_run(chain.client, 1000) > 0) {
    }
    ac_client_free(chain.client);
    stop_peer(&peer);
    ck_assert_int_eq(chain.ok, 20);
    ck_assert_uint_eq(peer.connections, 1);
}
END_TEST

START_TEST(more_requests_than_connections_wait_their_turn)
{
    test_peer peer;
    test_outcome results[20] = {0};
    ac_request request = get("/");
    ac_client_options options = ac_client_defaults;
    options.connections = 1;
    start_peer(&peer, answer_each, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    ac_client *client = client_with(options);
    for (size_t i = 0; i < AC_COUNT(results); i++) {
        ac_client_send(client, ac_test_arena(), ac_str_c(peer.url), &request, 0, on_done, &results[i]);
    }
    while (ac_client_run(client, 1000) > 0) {
    }
    for (size_t i = 0; i < AC_COUNT(results); i++) {
        ck_assert_transport(results[i], AC_TRANSPORT_OK);
    }
    ac_client_free(client);
    stop_peer(&peer);
    ck_assert_uint_eq(peer.connections, 1);
}
END_TEST

START_TEST(a_request_may_have_a_deadline_of_its_own)
{
    test_peer peer;
    ac_request request = get("/");
    start_peer(&peer, answer_and_wait, "");
    ac_client *client = default_client();
    test_outcome got = exchange_within(client, peer.url, &request, 100);
    ck_assert_transport(got, AC_TRANSPORT_TIMEOUT);
    ck_assert_int_lt(got.duration_us, ac_client_defaults.exchange_ms * 1000 / 2);
    ac_client_free(client);
    stop_peer(&peer);
}
END_TEST

START_TEST(a_client_may_go_with_requests_in_flight_and_waiting)
{
    test_peer peer;
    test_outcome results[3] = {0};
    ac_request request = get("/");
    ac_client_options options = ac_client_defaults;
    options.connections = 2;
    start_peer(&peer, answer_and_wait, "");
    ac_client *client = client_with(options);
    for (size_t i = 0; i < AC_COUNT(results); i++) {
        ac_client_send(client, ac_test_arena(), ac_str_c(peer.url), &request, 0, on_done, &results[i]);
    }
    ck_assert_uint_eq(ac_client_run(client, 0), 3);
    ac_client_free(client);
    stop_peer(&peer);
    ck_assert(!results[0].done && !results[1].done && !results[2].done);
}
END_TEST

static void *wake(void *client)
{
    ac_client_wake(client);
    return NULL;
}

START_TEST(a_wake_ends_the_wait)
{
    ac_client *client = default_client();
    int64_t begin_us = ac_monotonic_us();
    ac_client_wake(client); /* before the wait */
    ac_client_run(client, 20000);
    pthread_t thread; /* during the wait, or before */
    ck_assert_int_eq(pthread_create(&thread, NULL, wake, client), 0);
    ac_client_run(client, 20000);
    pthread_join(thread, NULL);
    ck_assert_int_lt(ac_monotonic_us() - begin_us, 10 * 1000 * 1000);
    for (int i = 0; i < 100 * 1000; i++) { /* a full pipe does not block */
        ac_client_wake(client);
    }
    ac_client_run(client, 20000);
    ac_client_free(client);
}
END_TEST

START_TEST(a_missing_certificate_file_is_told_at_once)
{
    ac_err err = {0};
    ac_client_options options = ac_client_defaults;
    options.ca_file = "/nowhere/ca.pem";
    ck_assert_ptr_null(ac_client_new(&options, &err));
    ck_assert_int_eq(err.kind, AC_ERR_USAGE);
    ck_assert_ac_err(err, "/nowhere/ca.pem: No such file");
}
END_TEST

AC_TEST_MAIN("http_client", a_request_goes_out_byte_by_byte_as_given,
             a_get_has_no_content_length_and_no_headers_of_the_library, a_post_without_body_says_so,
             headers_that_the_library_would_add_are_sent_where_given, any_method_but_head_may_carry_a_body,
             a_request_without_host_goes_out_without_one, a_given_content_length_is_believed,
             proxies_of_the_environment_are_ignored, what_cannot_be_one_message_is_not_sent,
             a_response_is_read_as_it_is, every_framing_of_http_1_is_understood, interim_answers_are_skipped,
             redirects_are_not_followed, the_length_of_a_head_answer_is_not_a_body,
             a_refused_connection_is_unreachable, a_host_that_does_not_exist_is_unreachable,
             a_connection_that_takes_too_long_is_unreachable, silence_after_the_request_is_a_timeout,
             bytes_that_come_slowly_do_not_stretch_the_deadline, an_answer_that_ends_early_is_a_reset,
             what_is_not_http_is_garbage, an_answer_without_end_is_too_large,
             an_announced_length_above_the_limit_ends_before_the_body, a_body_of_just_the_limit_is_fine,
             a_peer_that_does_not_speak_tls_is_a_tls_failure_or_unreachable_when_silent,
             connections_are_used_again, a_failed_exchange_does_not_harm_the_next,
             excess_bytes_after_an_answer_do_not_reach_the_next, a_connection_closed_while_idle_is_replaced,
             a_request_that_the_peer_read_is_never_sent_twice, a_callback_may_send_the_next_request,
             more_requests_than_connections_wait_their_turn, a_request_may_have_a_deadline_of_its_own,
             a_client_may_go_with_requests_in_flight_and_waiting, a_wake_ends_the_wait,
             a_missing_certificate_file_is_told_at_once)
