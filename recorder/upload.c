#include <string.h>

#include "recorder/proxy_parts.h"

static bool end_by_client(ac_exchange *exchange, const char *why)
{
    exchange->client_fault = why;
    return false;
}

static bool receive(ac_exchange *exchange)
{
    ac_stream *stream = &exchange->connection->stream;
    return ac_stream_fill(stream, AC_HEAD_BYTES_MAX) ||
           end_by_client(exchange, stream->timed_out ? "the client was silent in the middle of its request"
                                                     : "the client left in the middle of its request");
}

static bool next_of_length(ac_exchange *exchange, size_t max, ac_str *piece)
{
    ac_stream *stream = &exchange->connection->stream;
    if (exchange->body_left == 0) {
        exchange->body_over = true;
        return true;
    }
    if (ac_stream_pending(stream).n == 0 && !receive(exchange)) {
        return false;
    }
    *piece = ac_str_sub(ac_stream_pending(stream), 0, max);
    if (exchange->body_left < piece->n) {
        piece->n = (size_t)exchange->body_left;
    }
    exchange->body_left -= piece->n;
    exchange->body_over = exchange->body_left == 0;
    return true;
}

static bool next_of_chunks(ac_exchange *exchange, size_t max, size_t *used, ac_str *piece)
{
    ac_stream *stream = &exchange->connection->stream;
    for (;;) {
        ac_str pending = ac_str_sub(ac_stream_pending(stream), 0, max);
        ac_str input = pending;
        ac_chunk_result result = ac_chunks_next(&exchange->chunks, &input, piece);
        *used = pending.n - input.n;
        if (result == AC_CHUNKS_DATA) {
            return true;
        }
        exchange->body_over = result == AC_CHUNKS_END;
        exchange->body_bad = result == AC_CHUNKS_BAD;
        if (exchange->body_bad) {
            return end_by_client(exchange, "the chunks of the request are broken");
        }
        if (exchange->body_over) {
            return true;
        }
        ac_stream_take(stream, *used);
        *used = 0;
        if (ac_stream_pending(stream).n == 0 && !receive(exchange)) {
            return false;
        }
    }
}

/* The next piece of the body, at most max bytes, empty where it is over. It is valid until the caller takes *used
 * bytes from the stream. */
static bool next_piece(ac_exchange *exchange, size_t max, size_t *used, ac_str *piece)
{
    *piece = AC_STR("");
    *used = 0;
    if (exchange->body_over) {
        return true;
    }
    if (exchange->head.framing == AC_HEAD_CHUNKS) {
        return next_of_chunks(exchange, max, used, piece);
    }
    bool ok = next_of_length(exchange, max, piece);
    *used = piece->n;
    return ok;
}

static bool ask_for_body(ac_exchange *exchange)
{
    bool waits = exchange->head.expects_continue && ac_stream_pending(&exchange->connection->stream).n == 0;
    exchange->head.expects_continue = false;
    return !waits || ac_stream_send(&exchange->connection->stream, AC_STR("HTTP/1.1 100 Continue\r\n\r\n")) ||
           end_by_client(exchange, "the client left in the middle of its request");
}

bool ac_upload_read(ac_exchange *exchange, size_t max)
{
    ac_connection *connection = exchange->connection;
    exchange->body_left = exchange->head.length;
    exchange->body_over = exchange->head.framing == AC_HEAD_NO_BODY;
    bool ok = exchange->body_over || ask_for_body(exchange);
    while (ok && !exchange->body_over && connection->request.n <= max) {
        ac_str piece;
        size_t used;
        ok = next_piece(exchange, SIZE_MAX, &used, &piece);
        if (ok) {
            ac_buf_add(&connection->request, piece);
            ac_stream_take(&connection->stream, used);
        }
    }
    return ok;
}

/* Of a streaming body the beginning was read before, and is kept. */
static int64_t replay(ac_exchange *exchange, char *to, size_t max)
{
    ac_str kept = ac_buf_str(&exchange->connection->request);
    ac_str left = ac_str_sub(kept, exchange->replayed, max);
    memcpy(to, left.p, left.n);
    exchange->replayed += left.n;
    return (int64_t)left.n;
}

static void keep(ac_exchange *exchange, ac_str piece)
{
    ac_buf *request = &exchange->connection->request;
    size_t room = exchange->connection->proxy->options.keep_bytes;
    room = request->n < room ? room - request->n : 0;
    exchange->body_dropped = exchange->body_dropped || piece.n > room;
    ac_buf_add(request, ac_str_sub(piece, 0, room));
    exchange->replayed = request->n;
}

int64_t ac_upload_next(void *context, char *to, size_t max)
{
    ac_exchange *exchange = context;
    ac_stream *stream = &exchange->connection->stream;
    ac_str piece;
    size_t used;
    if (exchange->replayed < exchange->connection->request.n) {
        return replay(exchange, to, max);
    }
    exchange->waits_for_client =
        !exchange->body_over && ac_stream_pending(stream).n == 0 && !ac_stream_ready(stream);
    if (exchange->waits_for_client) {
        return AC_RELAY_WAIT;
    }
    if (!next_piece(exchange, max, &used, &piece)) {
        return AC_RELAY_ABORT;
    }
    memcpy(to, piece.p, piece.n);
    keep(exchange, piece);
    ac_stream_take(stream, used);
    return (int64_t)piece.n;
}
