/* Answers, read strictly: a second reader must not find another end of a message than this one. */
#include "base/env.h"
#include "http/client_relay_parts.h"

bool ac_relay_fail(ac_relay *relay, ac_transport transport, const char *detail)
{
    if (relay->outcome.transport == AC_TRANSPORT_OK) {
        relay->outcome.transport = transport;
        relay->outcome.detail = detail;
    }
    return false;
}

static bool garbage(ac_relay *relay, const char *detail)
{
    return ac_relay_fail(relay, AC_TRANSPORT_GARBAGE, detail);
}

/* ---- the head ---- */

static bool read_status(ac_relay *relay, ac_str line)
{
    ac_str rest, reason;
    ac_str version = ac_str_split(line, ' ', &rest);
    ac_str code = ac_str_split(rest, ' ', &reason);
    int64_t status = 0;
    bool http = ac_str_is(version, "HTTP/1.1") || ac_str_is(version, "HTTP/1.0");
    if (!http || code.n != 3 || !ac_is_digits(code) || !ac_str_int(code, &status) || status < 100) {
        return garbage(relay, "the answer does not begin as one of HTTP/1.1");
    }
    relay->outcome.response.status = (int)status;
    relay->keep = ac_str_is(version, "HTTP/1.1");
    return true;
}

static bool read_header(ac_relay *relay, ac_str line)
{
    ac_str value;
    ac_str name = ac_str_split(line, ':', &value);
    if (!value.p || !ac_is_token(name) || !ac_is_header_value(value)) {
        return garbage(relay, "a line among the headers of the answer is not NAME: VALUE");
    }
    ac_pairs_add(relay->arena, &relay->outcome.response.headers, name, ac_str_trim(value));
    return true;
}

static bool read_lines(ac_relay *relay, ac_str rest)
{
    static const char bad_end[] = "a header line of the answer does not end with CR LF";
    ac_str line;
    relay->outcome.response.headers = (ac_pairs){0};
    if (!ac_head_take_line(&rest, &line)) {
        return garbage(relay, bad_end);
    }
    if (!read_status(relay, line)) {
        return false;
    }
    while (ac_head_take_line(&rest, &line)) {
        if (line.n == 0) {
            return true;
        }
        if (!read_header(relay, line)) {
            return false;
        }
    }
    return garbage(relay, bad_end);
}

/* ---- framing ---- */

typedef struct said {
    ac_str length, coding;
} said;

/* The same length twice is one. */
static const char *read_framing(const ac_pairs *headers, said *out)
{
    for (size_t i = 0; i < headers->count; i++) {
        ac_pair header = headers->items[i];
        if (ac_str_eq_nocase(header.name, AC_STR("Content-Length"))) {
            if (!ac_is_digits(header.value) || (out->length.p && !ac_str_eq(out->length, header.value))) {
                return "the answer has two lengths, or one that is not a number";
            }
            out->length = header.value;
        } else if (ac_str_eq_nocase(header.name, AC_STR("Transfer-Encoding"))) {
            if (out->coding.p || !ac_str_eq_nocase(header.value, AC_STR("chunked"))) {
                return "the answer has a transfer coding that is not chunks alone";
            }
            out->coding = header.value;
        }
    }
    return out->length.p && out->coding.p ? "the answer has both a length and chunks" : NULL;
}

static bool has_no_body(const ac_relay *relay)
{
    int status = relay->outcome.response.status;
    return ac_str_is(relay->call->request->method, "HEAD") || status == 204 || status == 304;
}

static bool set_framing(ac_relay *relay)
{
    said what = {{NULL, 0}, {NULL, 0}};
    const char *fault = read_framing(&relay->outcome.response.headers, &what);
    int64_t length = 0;
    if (fault || (what.length.p && !ac_str_int(what.length, &length))) {
        return garbage(relay, fault ? fault : "the answer has a length that is too large");
    }
    relay->left = (uint64_t)length;
    relay->chunks = (ac_chunks){0};
    relay->framing = has_no_body(relay) ? AC_RELAY_NO_BODY
                     : what.coding.p    ? AC_RELAY_CHUNKED
                     : what.length.p    ? AC_RELAY_COUNTED
                                        : AC_RELAY_UNTIL_CLOSE;
    bool over = relay->framing == AC_RELAY_NO_BODY || (relay->framing == AC_RELAY_COUNTED && length == 0);
    relay->state = over ? AC_RELAY_DONE : AC_RELAY_BODY;
    return true;
}

static void set_keep(ac_relay *relay)
{
    ac_str connection = ac_header(&relay->outcome.response.headers, "Connection");
    while (connection.p) {
        ac_str word = ac_str_trim(ac_str_split(connection, ',', &connection));
        relay->keep = (relay->keep || ac_str_eq_nocase(word, AC_STR("keep-alive"))) &&
                      !ac_str_eq_nocase(word, AC_STR("close"));
    }
    relay->keep = relay->keep && relay->framing != AC_RELAY_UNTIL_CLOSE;
}

/* Answers 1xx come before the final one and are forgotten; but after 101 there is no more HTTP. */
static bool take_head(ac_relay *relay, ac_str text)
{
    if (!read_lines(relay, ac_str_dup(relay->arena, text))) {
        return false;
    }
    if (relay->outcome.response.status == 101) {
        return garbage(relay, "the answer leaves HTTP");
    }
    if (relay->outcome.response.status < 200) {
        return true;
    }
    if (!set_framing(relay)) {
        return false;
    }
    set_keep(relay);
    return relay->call->listener.head(relay->call->listener.context, &relay->outcome.response) ||
           ac_relay_fail(relay, AC_TRANSPORT_FAILED, "ended by the proxy");
}

static bool fail_large_head(ac_relay *relay)
{
    ac_str why = ac_str_printf(relay->arena, "response headers of more than %zu bytes",
                               relay->client.options.header_bytes_max);
    return ac_relay_fail(relay, AC_TRANSPORT_TOO_LARGE, ac_str_z(relay->arena, why));
}

/* Moves the input past the heads in it; what is no whole head is kept. */
static bool take_heads(ac_relay *relay, ac_str *input)
{
    size_t max = relay->client.options.header_bytes_max;
    if (relay->outcome.first_byte_us < 0) {
        relay->outcome.first_byte_us = ac_monotonic_us() - relay->start_us;
    }
    size_t before = relay->head.n;
    ac_buf_add(&relay->head, *input);
    ac_str begins = ac_str_sub(AC_STR("HTTP/"), 0, relay->head.n);
    if (!ac_str_starts(ac_buf_str(&relay->head), begins)) {
        return garbage(relay, "the answer does not begin as one of HTTP/1.1");
    }
    size_t end = ac_head_find(ac_buf_str(&relay->head));
    if (relay->header_bytes + (end > 0 ? end : relay->head.n) > max) {
        return fail_large_head(relay);
    }
    if (end == 0) {
        *input = AC_STR("");
        return true;
    }
    *input = ac_str_sub(*input, end - before, input->n);
    relay->header_bytes += end;
    bool ok = take_head(relay, ac_str_sub(ac_buf_str(&relay->head), 0, end));
    ac_buf_clear(&relay->head);
    return ok;
}

/* ---- the body ---- */

static bool give(ac_relay *relay, ac_str bytes)
{
    return relay->call->listener.body(relay->call->listener.context, bytes) ||
           ac_relay_fail(relay, AC_TRANSPORT_FAILED, "ended by the proxy");
}

static bool take_counted(ac_relay *relay, ac_str *input)
{
    ac_str piece = *input;
    if (relay->left < piece.n) {
        piece.n = (size_t)relay->left;
    }
    *input = ac_str_sub(*input, piece.n, input->n);
    relay->left -= piece.n;
    relay->state = relay->left == 0 ? AC_RELAY_DONE : AC_RELAY_BODY;
    return give(relay, piece);
}

static bool take_chunks(ac_relay *relay, ac_str *input)
{
    ac_str data;
    ac_chunk_result result = ac_chunks_next(&relay->chunks, input, &data);
    if (result == AC_CHUNKS_BAD) {
        return garbage(relay, "the chunks of the answer are broken");
    }
    relay->state = result == AC_CHUNKS_END ? AC_RELAY_DONE : AC_RELAY_BODY;
    return result != AC_CHUNKS_DATA || give(relay, data);
}

static bool take_body(ac_relay *relay, ac_str *input)
{
    if (relay->framing == AC_RELAY_COUNTED) {
        return take_counted(relay, input);
    }
    if (relay->framing == AC_RELAY_CHUNKED) {
        return take_chunks(relay, input);
    }
    ac_str all = *input;
    *input = AC_STR("");
    return give(relay, all);
}

bool ac_relay_take(ac_relay *relay, ac_str input)
{
    bool ok = true;
    while (ok && input.n > 0 && relay->state != AC_RELAY_DONE) {
        ok = relay->state == AC_RELAY_HEAD ? take_heads(relay, &input) : take_body(relay, &input);
    }
    relay->keep = relay->keep && input.n == 0; /* more than the answer: nobody asked for it */
    return ok;
}

void ac_relay_take_end(ac_relay *relay)
{
    const char *why = relay->reused ? "the kept-alive connection ended without an answer"
                                    : "the connection ended without an answer";
    relay->keep = false;
    if (relay->state == AC_RELAY_BODY && relay->framing == AC_RELAY_UNTIL_CLOSE) {
        relay->state = AC_RELAY_DONE;
        return;
    }
    if (relay->state == AC_RELAY_BODY) {
        why = "the connection ended in the middle of the answer";
    } else if (relay->head.n > 0 || relay->header_bytes > 0) {
        why = "the answer ends in the middle of its headers";
    }
    ac_relay_fail(relay, AC_TRANSPORT_RESET, why);
}
