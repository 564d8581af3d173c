#include "http/client_relay.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/env.h"
#include "http/client_relay_parts.h"

enum { IDLE_MS = 100, KEPT_US = 4 * 1000 * 1000, OUT_BYTES_MAX = 1 << 30, BUFFER_BYTES_KEPT = 256 * 1024 };

/* ---- connections ---- */

static void disconnect(ac_relay *relay)
{
    curl_easy_cleanup(relay->slot.easy);
    relay->slot.easy = NULL;
    relay->fd = CURL_SOCKET_BAD;
    ac_buf_clear(&relay->url);
}

/* Kept for a short time, as client.h says; and whatever can be read from it now is its end, or nobody's answer. */
static bool can_reuse(const ac_relay *relay, ac_str base_url)
{
    struct pollfd readable = {.fd = relay->fd, .events = POLLIN};
    return relay->fd != CURL_SOCKET_BAD && ac_str_eq(ac_buf_str(&relay->url), base_url) &&
           relay->start_us - relay->used_us < KEPT_US && poll(&readable, 1, 0) == 0;
}

static bool set_up(ac_relay *relay, ac_arena *arena, ac_str base_url, bool tunnel)
{
    CURL *easy = relay->slot.easy = curl_easy_init();
    return easy && ac_client_init_sending(&relay->slot) &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, relay->slot.error) == CURLE_OK &&
           (!relay->proxy || curl_easy_setopt(easy, CURLOPT_PROXY, relay->proxy) == CURLE_OK) &&
           curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, tunnel ? 1L : 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_URL, ac_str_z(arena, base_url)) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)relay->client.options.connect_ms) ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK;
}

/* libcurl's words live in the handle, which goes. */
static bool fail_connecting(ac_relay *relay, CURLcode code)
{
    const char *text = NULL;
    ac_transport transport = ac_client_meaning(code, &text);
    if (code == CURLE_OPERATION_TIMEDOUT) {
        transport = AC_TRANSPORT_UNREACHABLE;
    }
    if (!text) {
        text = relay->slot.error[0] ? relay->slot.error : curl_easy_strerror(code);
    }
    disconnect(relay);
    return ac_relay_fail(relay, transport == AC_TRANSPORT_OK ? AC_TRANSPORT_FAILED : transport,
                         ac_str_z(relay->arena, ac_str_c(text)));
}

static bool connect_to(ac_relay *relay, ac_str base_url, bool tunnel)
{
    disconnect(relay);
    relay->slot.error[0] = '\0';
    CURLcode code = set_up(relay, relay->arena, base_url, tunnel) ? curl_easy_perform(relay->slot.easy)
                                                                  : CURLE_FAILED_INIT;
    if (code == CURLE_OK) {
        code = curl_easy_getinfo(relay->slot.easy, CURLINFO_ACTIVESOCKET, &relay->fd);
    }
    if (code != CURLE_OK || relay->fd == CURL_SOCKET_BAD) {
        return fail_connecting(relay, code);
    }
    ac_buf_add(&relay->url, base_url);
    return true;
}

/* ---- the request ---- */

static void add_header(ac_buf *out, ac_pair header)
{
    ac_buf_add(out, header.name);
    ac_buf_add(out, AC_STR(": "));
    ac_buf_add(out, ac_str_trim(header.value));
    ac_buf_add(out, AC_STR("\r\n"));
}

static bool is_host(ac_pair header)
{
    return ac_str_eq_nocase(header.name, AC_STR("Host"));
}

/* Host first. */
static void add_headers(ac_buf *out, const ac_pairs *headers)
{
    for (int hosts = 1; hosts >= 0; hosts--) {
        for (size_t i = 0; i < headers->count; i++) {
            if (is_host(headers->items[i]) == (hosts == 1)) {
                add_header(out, headers->items[i]);
            }
        }
    }
}

static bool sends_chunks(const ac_relay_call *call)
{
    return ac_header(&call->request->headers, "Transfer-Encoding").p != NULL;
}

static void add_whole_body(ac_buf *out, const ac_relay_call *call)
{
    const ac_request *request = call->request;
    bool chunks = sends_chunks(call);
    if (!chunks && (request->body.n > 0 || ac_method_has_body(request->method))) {
        ac_buf_printf(out, "Content-Length: %zu\r\n", request->body.n);
    }
    ac_buf_add(out, AC_STR("\r\n"));
    if (chunks && request->body.n > 0) {
        ac_buf_printf(out, "%zx\r\n", request->body.n);
    }
    ac_buf_add(out, request->body);
    if (chunks) {
        ac_buf_add(out, request->body.n > 0 ? AC_STR("\r\n0\r\n\r\n") : AC_STR("0\r\n\r\n"));
    }
}

static void write_request(ac_relay *relay)
{
    const ac_relay_call *call = relay->call;
    ac_buf *out = &relay->out;
    bool whole_target = relay->proxy && ac_str_starts(call->base_url, AC_STR("http://"));
    ac_buf_clear(out);
    ac_buf_add(out, call->request->method);
    ac_buf_add_char(out, ' ');
    ac_buf_add(out, whole_target ? call->base_url : AC_STR("")); /* to a proxy, plain HTTP names its host */
    ac_buf_add(out, call->request->target);
    ac_buf_add(out, AC_STR(" HTTP/1.1\r\n"));
    add_headers(out, &call->request->headers);
    relay->streaming = call->body_kind != AC_RELAY_WHOLE;
    if (!relay->streaming) {
        add_whole_body(out, call);
        return;
    }
    if (call->body_kind == AC_RELAY_LENGTH) {
        ac_buf_printf(out, "Content-Length: %llu\r\n", (unsigned long long)call->body_bytes);
    }
    ac_buf_add(out, AC_STR("\r\n"));
}

/* Fills the buffer, which is sent, with the next piece of a body that streams. */
static bool next_piece(ac_relay *relay)
{
    const ac_relay_listener *listener = &relay->call->listener;
    int64_t got = listener->read(listener->context, relay->piece, sizeof relay->piece);
    bool chunks = relay->call->body_kind == AC_RELAY_CHUNKS;
    relay->paused = got == AC_RELAY_WAIT;
    if (relay->paused) {
        return true;
    }
    if (got < 0) {
        return ac_relay_fail(relay, AC_TRANSPORT_FAILED, "ended by the proxy");
    }
    ac_buf_clear(&relay->out);
    relay->sent = 0;
    relay->streaming = got > 0;
    if (chunks) {
        ac_buf_printf(&relay->out, "%llx\r\n", (unsigned long long)got);
    }
    ac_buf_add(&relay->out, (ac_str){relay->piece, (size_t)got});
    if (chunks) {
        ac_buf_add(&relay->out, AC_STR("\r\n"));
    }
    return true;
}

/* Sends as much as goes without waiting. An upstream that reads no more may have answered. */
static bool send_some(ac_relay *relay)
{
    for (;;) {
        if (relay->sent == relay->out.n) {
            relay->sending = relay->streaming;
            if (!relay->streaming || !next_piece(relay)) {
                return !relay->streaming;
            }
            if (relay->paused) {
                return true;
            }
            continue;
        }
        size_t count = 0;
        CURLcode code =
            curl_easy_send(relay->slot.easy, relay->out.p + relay->sent, relay->out.n - relay->sent, &count);
        if (code == CURLE_AGAIN) {
            return true;
        }
        if (code != CURLE_OK) {
            relay->sending = relay->streaming = relay->keep = false;
            return true;
        }
        relay->sent += count;
        relay->active_us = ac_monotonic_us();
    }
}

/* ---- the answer ---- */

/* Receives once. False where the exchange is over. *more: there may be more without waiting. */
static bool receive_once(ac_relay *relay, bool *more)
{
    size_t count = 0;
    CURLcode code = curl_easy_recv(relay->slot.easy, relay->piece, sizeof relay->piece, &count);
    *more = false;
    if (code == CURLE_AGAIN) {
        return true;
    }
    if (code != CURLE_OK && code != CURLE_GOT_NOTHING && code != CURLE_RECV_ERROR) {
        return ac_relay_fail(relay, AC_TRANSPORT_FAILED, curl_easy_strerror(code));
    }
    if (code != CURLE_OK || count == 0) {
        ac_relay_take_end(relay);
        return false;
    }
    bool ok = ac_relay_take(relay, (ac_str){relay->piece, count});
    relay->active_us = ac_monotonic_us(); /* after the listener, who may wait for its client */
    bool tls = ac_str_starts(relay->call->base_url, AC_STR("https://"));
    *more = tls || count == sizeof relay->piece;
    return ok && relay->state != AC_RELAY_DONE;
}

static bool receive_some(ac_relay *relay)
{
    bool more = true;
    while (more) {
        if (!receive_once(relay, &more)) {
            return false;
        }
    }
    return true;
}

/* ---- one exchange ---- */

static bool go_on_idle(ac_relay *relay)
{
    if (ac_monotonic_us() - relay->active_us > relay->silence_us) {
        return ac_relay_fail(relay, AC_TRANSPORT_TIMEOUT, "nothing came for too long");
    }
    return relay->call->listener.idle(relay->call->listener.context) ||
           ac_relay_fail(relay, AC_TRANSPORT_FAILED, "ended by the proxy");
}

/* Waits for the upstream, and for the listener where the body waits for it. False where the exchange ends. */
static bool wait_for_something(ac_relay *relay, bool *readable)
{
    bool wants_to_send = relay->sending && !relay->paused;
    short events = (short)((relay->state != AC_RELAY_DONE ? POLLIN : 0) | (wants_to_send ? POLLOUT : 0));
    struct pollfd fds[2] = {{relay->fd, events, 0}, {relay->call->wait_fd, POLLIN, 0}};
    int count = poll(fds, relay->paused ? 2 : 1, IDLE_MS);
    *readable = (fds[0].revents & ~POLLOUT) != 0;
    relay->paused = relay->paused && fds[1].revents == 0;
    return count != 0 || go_on_idle(relay);
}

/* An answer below 400 that comes early does not end the request: upstream goes on reading it. */
static bool has_to_send(const ac_relay *relay)
{
    return relay->sending && relay->outcome.transport == AC_TRANSPORT_OK &&
           relay->outcome.response.status < 400;
}

static void pump(ac_relay *relay)
{
    bool more = true;
    bool readable = false;
    while (more || has_to_send(relay)) {
        if (relay->sending && !relay->paused && !send_some(relay)) {
            return;
        }
        if (!more && !relay->sending) {
            return;
        }
        bool goes_on = wait_for_something(relay, &readable);
        more = more && goes_on && (!readable || receive_some(relay));
    }
}

static bool begin(ac_relay *relay, ac_arena *arena, const ac_relay_call *call)
{
    relay->arena = arena;
    relay->call = call;
    relay->outcome = (ac_outcome){.detail = "", .first_byte_us = -1};
    relay->start_us = relay->active_us = ac_monotonic_us();
    relay->sending = true;
    relay->sent = 0;
    relay->paused = relay->keep = false;
    relay->state = AC_RELAY_HEAD;
    relay->header_bytes = 0;
    ac_buf_clear(&relay->head);
    return call == NULL || !ac_client_objection(call->base_url, call->request) ||
           ac_relay_fail(relay, AC_TRANSPORT_FAILED, ac_client_objection(call->base_url, call->request));
}

static void finish(ac_relay *relay)
{
    bool whole = relay->outcome.transport == AC_TRANSPORT_OK && relay->state == AC_RELAY_DONE;
    relay->outcome.duration_us = ac_monotonic_us() - relay->start_us;
    relay->used_us = relay->start_us + relay->outcome.duration_us;
    if (!whole || !relay->keep || relay->sending) {
        disconnect(relay);
    }
    if (relay->out.capacity > BUFFER_BYTES_KEPT) {
        ac_buf_done(&relay->out);
    }
}

void ac_relay_run(ac_relay *relay, ac_arena *arena, const ac_relay_call *call, ac_outcome *outcome)
{
    if (begin(relay, arena, call)) {
        relay->reused = can_reuse(relay, call->base_url);
        if (relay->reused || connect_to(relay, call->base_url, false)) {
            write_request(relay);
            pump(relay);
        }
    }
    finish(relay);
    *outcome = relay->outcome;
}

/* ---- relays ---- */

ac_relay *ac_relay_new(const ac_relay_options *options, ac_err *err)
{
    ac_client_start_libcurl();
    if (options->ca_file && access(options->ca_file, R_OK) != 0) {
        ac_fail(err, AC_ERR_USAGE, "%s: %s", options->ca_file, strerror(errno));
        return NULL;
    }
    ac_relay *relay = ac_alloc(sizeof *relay);
    relay->client.options.connect_ms = options->connect_ms;
    relay->client.options.header_bytes_max = options->header_bytes_max;
    relay->client.options.ca_file = options->ca_file;
    relay->slot.client = &relay->client;
    relay->proxy = options->proxy;
    relay->silence_us = options->silence_ms * 1000;
    relay->fd = CURL_SOCKET_BAD;
    ac_buf_init(&relay->url, OUT_BYTES_MAX);
    ac_buf_init(&relay->out, OUT_BYTES_MAX);
    ac_buf_init(&relay->head, options->header_bytes_max + AC_RELAY_PIECE);
    return relay;
}

void ac_relay_free(ac_relay *relay)
{
    if (relay) {
        disconnect(relay);
        ac_buf_done(&relay->url);
        ac_buf_done(&relay->out);
        ac_buf_done(&relay->head);
        ac_free(relay);
    }
}

int ac_relay_connect(ac_relay *relay, ac_arena *arena, ac_str base_url, ac_err *err)
{
    begin(relay, arena, NULL);
    if (connect_to(relay, base_url, true)) {
        return (int)relay->fd;
    }
    ac_fail(err, AC_ERR_JUDGE, "%s", relay->outcome.detail);
    return -1;
}
