#include "base/env.h"
#include "recorder/proxy_parts.h"

enum { HEAD_MS = 30 * 1000, KEPT_BYTES = 256 * 1024 };

/* ---- reading a head ---- */

static bool refuse(ac_connection *connection, int status, const char *why)
{
    const ac_refusal refusal = {status, why};
    ac_answer_refusal(connection, NULL, &refusal);
    return false;
}

/* Silence between requests, or an end there, is how connections end; in the middle of one it is told. */
static bool end_without_head(ac_connection *connection)
{
    if (ac_stream_pending(&connection->stream).n == 0) {
        return false;
    }
    return connection->stream.timed_out && refuse(connection, 408, "the head of the request does not come");
}

/* Waits for a whole head; *bytes becomes its length. */
static bool wait_for_head(ac_connection *connection, size_t *bytes)
{
    ac_stream *stream = &connection->stream;
    connection->arrived_us = ac_stream_pending(stream).n > 0 ? ac_monotonic_us() : 0;
    while ((*bytes = ac_head_find(ac_stream_pending(stream))) == 0) {
        if (ac_stream_pending(stream).n >= AC_HEAD_BYTES_MAX) {
            return refuse(connection, 431, "the head of the request is larger than 64 KiB");
        }
        if (connection->arrived_us > 0 &&
            ac_monotonic_us() - connection->arrived_us > HEAD_MS * (int64_t)1000) {
            return refuse(connection, 408, "the head of the request does not come");
        }
        if (!ac_stream_fill(stream, AC_HEAD_BYTES_MAX)) {
            return end_without_head(connection);
        }
        connection->arrived_us = connection->arrived_us > 0 ? connection->arrived_us : ac_monotonic_us();
    }
    return *bytes <= AC_HEAD_BYTES_MAX ||
           refuse(connection, 431, "the head of the request is larger than 64 KiB");
}

static bool read_head(ac_connection *connection, ac_head *head)
{
    size_t bytes;
    ac_refusal refusal;
    if (!wait_for_head(connection, &bytes)) {
        return false;
    }
    ac_str text = ac_str_sub(ac_stream_pending(&connection->stream), 0, bytes);
    if (!ac_head_read(connection->arena, text, head, &refusal)) {
        return refuse(connection, refusal.status, refusal.why);
    }
    ac_stream_take(&connection->stream, bytes);
    return true;
}

/* ---- requests ---- */

/* Empties a buffer, and gives back what one large body made it hold. */
static void clear(ac_buf *buf)
{
    ac_buf_clear(buf);
    if (buf->capacity > KEPT_BYTES) {
        ac_buf_done(buf);
    }
}

static void clear_all(ac_connection *connection)
{
    ac_arena_reset(connection->arena);
    if (ac_arena_size(connection->arena) > KEPT_BYTES) {
        ac_arena_free(connection->arena);
        connection->arena = ac_arena_new();
    }
    clear(&connection->request);
    clear(&connection->kept);
    clear(&connection->pending);
    clear(&connection->head);
    clear(&connection->wire);
}

static bool serve_one(ac_connection *connection)
{
    ac_head head;
    if (!read_head(connection, &head)) {
        return false;
    }
    if (ac_str_is(head.request.method, "CONNECT")) {
        return ac_tunnel_open(connection, &head);
    }
    return ac_exchange_run(connection, &head);
}

void ac_connection_serve(ac_connection *connection)
{
    while (!ac_proxy_stopping(connection->proxy) && serve_one(connection)) {
        clear_all(connection);
    }
}
