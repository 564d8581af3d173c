#include <string.h>

#include "base/env.h"
#include "base/json.h"
#include "recorder/proxy_parts.h"

/* Up to here an answer is held back whole, so that a failure of upstream can still become a 502. */
enum { HELD_BYTES = 64 * 1024, WIRE_BYTES_MAX = 1 << 30 };

/* ---- the head ---- */

static void choose_framing(ac_exchange *exchange, const ac_response *response)
{
    bool head = ac_str_is(exchange->head.request.method, "HEAD");
    exchange->has_body = !head && response->status != 204 && response->status != 304;
    exchange->framing = AC_HEAD_NO_BODY;
    if (exchange->has_body && ac_header(&response->headers, "Content-Length").p) {
        exchange->framing = AC_HEAD_LENGTH;
    } else if (exchange->has_body && exchange->head.minor == 1) {
        exchange->framing = AC_HEAD_CHUNKS;
    }
    exchange->until_close = exchange->has_body && exchange->framing == AC_HEAD_NO_BODY;
    exchange->keep_alive = exchange->head.keep_alive && exchange->body_over && !exchange->until_close &&
                           !ac_proxy_stopping(exchange->connection->proxy);
}

static void add_status(ac_buf *out, int status)
{
    const char digits[] = {(char)('0' + status / 100), (char)('0' + status / 10 % 10),
                           (char)('0' + status % 10), ' '};
    ac_buf_add(out, AC_STR("HTTP/1.1 "));
    ac_buf_add(out, (ac_str){digits, sizeof digits});
    ac_buf_add_c(out, ac_status_reason(status));
    ac_buf_add(out, AC_STR("\r\n"));
}

/* A length that upstream gave twice is sent once; a 204 has none. */
static void add_headers(ac_buf *out, const ac_response *response)
{
    bool length_done = response->status == 204;
    for (size_t i = 0; i < response->headers.count; i++) {
        ac_pair header = response->headers.items[i];
        bool length = ac_str_eq_nocase(header.name, AC_STR("Content-Length"));
        if (ac_is_hop_by_hop(&response->headers, header.name) || (length && length_done)) {
            continue;
        }
        length_done = length_done || length;
        ac_buf_add(out, header.name);
        ac_buf_add(out, AC_STR(": "));
        ac_buf_add(out, header.value);
        ac_buf_add(out, AC_STR("\r\n"));
    }
}

static void add_connection(ac_buf *out, const ac_exchange *exchange)
{
    if (exchange->framing == AC_HEAD_CHUNKS) {
        ac_buf_add(out, AC_STR("Transfer-Encoding: chunked\r\n"));
    }
    if (!exchange->keep_alive) {
        ac_buf_add(out, AC_STR("Connection: close\r\n"));
    } else if (exchange->head.minor == 0) {
        ac_buf_add(out, AC_STR("Connection: keep-alive\r\n"));
    }
    ac_buf_add(out, AC_STR("\r\n"));
}

bool ac_answer_head(void *context, const ac_response *response)
{
    ac_exchange *exchange = context;
    ac_connection *connection = exchange->connection;
    ac_buf *out = &connection->head;
    exchange->first_byte_us = ac_monotonic_us() - connection->arrived_us;
    choose_framing(exchange, response);
    ac_buf_clear(out);
    add_status(out, response->status);
    add_headers(out, response);
    ac_mask_apply(&connection->proxy->mask, out->p, out->n);
    add_connection(out, exchange);
    return true;
}

/* ---- the body ---- */

/* Bytes of the body that must not go yet: always the last one, and what may be the beginning of something
 * to be masked. */
static size_t held_back(const ac_exchange *exchange)
{
    size_t longest = exchange->connection->proxy->mask.longest;
    return longest > 1 ? longest - 1 : 1;
}

static void add_body(ac_exchange *exchange, ac_str bytes)
{
    ac_buf *wire = &exchange->connection->wire;
    bool chunk = exchange->framing == AC_HEAD_CHUNKS && bytes.n > 0;
    if (chunk) {
        ac_buf_printf(wire, "%zx\r\n", bytes.n);
    }
    ac_buf_add(wire, bytes);
    if (chunk) {
        ac_buf_add(wire, AC_STR("\r\n"));
    }
}

/* Moves the head, where it is not sent, and the first bytes of what is pending to the wire. */
static void move_to_wire(ac_exchange *exchange, size_t count)
{
    ac_connection *connection = exchange->connection;
    ac_buf *pending = &connection->pending;
    ac_buf_clear(&connection->wire);
    ac_buf_add(&connection->wire, ac_buf_str(&connection->head));
    ac_buf_clear(&connection->head);
    add_body(exchange, ac_str_sub(ac_buf_str(pending), 0, count));
    if (count > 0) {
        memmove(pending->p, pending->p + count, pending->n - count);
        pending->n -= count;
    }
}

static bool send_wire(ac_exchange *exchange)
{
    ac_connection *connection = exchange->connection;
    exchange->begun = true;
    if (ac_stream_send(&connection->stream, ac_buf_str(&connection->wire))) {
        return true;
    }
    exchange->client_fault = connection->stream.timed_out ? "the client does not read its answer"
                                                          : "the client left in the middle of its answer";
    return false;
}

static void mask_pending(ac_exchange *exchange)
{
    ac_buf *pending = &exchange->connection->pending;
    ac_mask_apply(&exchange->connection->proxy->mask, pending->p, pending->n);
}

/* Sends what may go before the exchange is recorded. */
static bool send_begun(ac_exchange *exchange)
{
    size_t waiting = exchange->connection->pending.n;
    size_t held = held_back(exchange);
    if (!exchange->has_body) {
        return true;
    }
    mask_pending(exchange);
    move_to_wire(exchange, waiting > held ? waiting - held : 0);
    return exchange->connection->wire.n == 0 || send_wire(exchange);
}

bool ac_answer_body(void *context, ac_str bytes)
{
    ac_exchange *exchange = context;
    ac_connection *connection = exchange->connection;
    size_t keep = connection->proxy->options.keep_bytes;
    size_t room = connection->kept.n < keep ? keep - connection->kept.n : 0;
    exchange->record.response_cut = exchange->record.response_cut || bytes.n > room;
    ac_buf_add(&connection->kept, ac_str_sub(bytes, 0, room));
    ac_buf_add(&connection->pending, bytes);
    return connection->pending.n <= HELD_BYTES || send_begun(exchange);
}

/* An answer of unknown length may be one that goes on for ever, a piece now and then. */
bool ac_answer_idle(void *context)
{
    ac_exchange *exchange = context;
    bool streams = exchange->framing != AC_HEAD_LENGTH || exchange->begun;
    bool waiting = exchange->connection->head.n > 0 || exchange->connection->pending.n > held_back(exchange);
    if (ac_proxy_stopping(exchange->connection->proxy)) {
        return false;
    }
    return !streams || !waiting || exchange->first_byte_us < 0 || send_begun(exchange);
}

bool ac_answer_end(ac_exchange *exchange)
{
    mask_pending(exchange);
    move_to_wire(exchange, exchange->connection->pending.n);
    if (exchange->framing == AC_HEAD_CHUNKS) {
        ac_buf_add(&exchange->connection->wire, AC_STR("0\r\n\r\n"));
    }
    return send_wire(exchange);
}

/* ---- answers of our own ---- */

static void add_refusal_body(ac_buf *out, const ac_refusal *refusal)
{
    ac_buf_add_c(out, "{\"Code\":\"AccordRecorder\",\"Message\":");
    ac_json_write_string(out, ac_str_c(refusal->why));
    ac_buf_add_c(out, "}\n");
}

/* Without the query, which may hold secrets. */
static void tell_refusal(const ac_connection *connection, const ac_request *request,
                         const ac_refusal *refusal)
{
    if (request) {
        ac_proxy_tell(connection->proxy, "%.*s %.*s: %d: %s", AC_STR_FMT(request->method),
                      AC_STR_FMT(ac_target_path(request->target)), refusal->status, refusal->why);
    } else {
        ac_proxy_tell(connection->proxy, "a request: %d: %s", refusal->status, refusal->why);
    }
}

void ac_answer_refusal(ac_connection *connection, const ac_request *request, const ac_refusal *refusal)
{
    ac_buf body;
    ac_buf_init(&body, WIRE_BYTES_MAX);
    add_refusal_body(&body, refusal);
    ac_buf_clear(&connection->wire);
    ac_buf_printf(&connection->wire,
                  "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                  "Connection: close\r\n\r\n",
                  refusal->status, ac_status_reason(refusal->status), body.n);
    if (!request || !ac_str_is(request->method, "HEAD")) {
        ac_buf_add(&connection->wire, ac_buf_str(&body));
    }
    ac_buf_done(&body);
    tell_refusal(connection, request, refusal);
    if (ac_stream_send(&connection->stream, ac_buf_str(&connection->wire))) {
        ac_stream_linger(&connection->stream);
    }
}
