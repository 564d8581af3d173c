#include "http/client_parts.h"

#include <string.h>

#include "base/env.h"

static const char not_a_header[] = "a line among the response headers is not a header";

/* ---- what arrives ---- */

void ac_client_refuse(ac_client_exchange *exchange, ac_transport refusal, const char *why)
{
    exchange->refusal = refusal;
    exchange->why = why;
}

static void refuse_size(ac_client_exchange *exchange, const char *what, size_t max)
{
    ac_str why = ac_str_printf(exchange->arena, "%s of more than %zu bytes", what, max);
    ac_client_refuse(exchange, AC_TRANSPORT_TOO_LARGE, ac_str_z(exchange->arena, why));
}

static bool read_status(ac_str line, int *status)
{
    ac_str rest;
    ac_str version = ac_str_split(line, ' ', &rest);
    int64_t number = 0;
    if (!ac_str_starts(version, AC_STR("HTTP/")) || !ac_str_int(ac_str_split(rest, ' ', &rest), &number)) {
        return false;
    }
    *status = (int)number;
    return number >= 100 && number <= 999;
}

/* A line that begins with white space continues the header before it. */
static void continue_header(ac_client_exchange *exchange, ac_str line)
{
    ac_pairs *headers = &exchange->response.headers;
    ac_str *value = &headers->items[headers->count - 1].value;
    *value = ac_str_printf(exchange->arena, "%.*s %.*s", AC_STR_FMT(*value), AC_STR_FMT(ac_str_trim(line)));
}

static bool read_header(ac_client_exchange *exchange, ac_str line)
{
    ac_pairs *headers = &exchange->response.headers;
    bool continues = line.p[0] == ' ' || line.p[0] == '\t';
    if (continues && headers->count > 0) {
        continue_header(exchange, line);
        return true;
    }
    if (continues || ac_str_find_char(line, ':') == AC_NOT_FOUND) {
        return false;
    }
    ac_str value;
    ac_str name = ac_str_split(ac_str_dup(exchange->arena, line), ':', &value);
    ac_pairs_add(exchange->arena, headers, ac_str_trim(name), ac_str_trim(value));
    return true;
}

/* Answers 1xx come before the final one and are forgotten; but after 101 there is no more HTTP. */
static bool is_final(int status)
{
    return status >= 200 || status == 101;
}

static bool read_line(ac_client_exchange *exchange, ac_str line)
{
    ac_response *response = &exchange->response;
    if (exchange->headers_done) {
        return true; /* a trailer */
    }
    if (line.n == 0) {
        exchange->headers_done = is_final(response->status);
        return true;
    }
    if (!is_final(response->status) && ac_str_starts(line, AC_STR("HTTP/"))) {
        response->headers.count = 0;
        return read_status(line, &response->status);
    }
    return read_header(exchange, line);
}

/* Taking less than libcurl offers makes it end the exchange. */
static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    const ac_client_slot *slot = context;
    ac_client_exchange *exchange = slot->exchange;
    size_t max = slot->client->options.header_bytes_max;
    ac_str line = {bytes, size * count};
    if (exchange->first_byte_us < 0) {
        exchange->first_byte_us = ac_monotonic_us() - exchange->start_us;
    }
    exchange->header_bytes += line.n;
    if (exchange->header_bytes > max) {
        refuse_size(exchange, "response headers", max);
        return 0;
    }
    while (line.n > 0 && (line.p[line.n - 1] == '\r' || line.p[line.n - 1] == '\n')) {
        line.n--;
    }
    if (!read_line(exchange, line)) {
        ac_client_refuse(exchange, AC_TRANSPORT_GARBAGE, not_a_header);
        return 0;
    }
    return size * count;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    ac_client_slot *slot = context;
    ac_buf_add(&slot->body, (ac_str){bytes, size * count});
    if (slot->body.overflow) {
        refuse_size(slot->exchange, "response body", slot->body.max);
        return 0;
    }
    return size * count;
}

/* Called when a connection is ready and the request is about to be sent. Where a kept-alive connection
 * ends without an answer, libcurl sends the request again on a new one; that is right only if nothing of
 * it can have reached the peer. */
static int on_ready(void *context, char *peer, char *local, int peer_port, int local_port)
{
    (void)peer, (void)local, (void)peer_port, (void)local_port;
    const ac_client_slot *slot = context;
    long sent = 0;
    curl_easy_getinfo(slot->easy, CURLINFO_REQUEST_SIZE, &sent);
    slot->exchange->connected = true;
    if (sent > 0) {
        ac_client_refuse(slot->exchange, AC_TRANSPORT_RESET,
                         "the kept-alive connection ended without an answer");
        return CURL_PREREQFUNC_ABORT;
    }
    return CURL_PREREQFUNC_OK;
}

bool ac_client_init_receiving(ac_client_slot *slot)
{
    return curl_easy_setopt(slot->easy, CURLOPT_ERRORBUFFER, slot->error) == CURLE_OK &&
           curl_easy_setopt(slot->easy, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(slot->easy, CURLOPT_HEADERDATA, slot) == CURLE_OK &&
           curl_easy_setopt(slot->easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(slot->easy, CURLOPT_WRITEDATA, slot) == CURLE_OK &&
           curl_easy_setopt(slot->easy, CURLOPT_PREREQFUNCTION, on_ready) == CURLE_OK &&
           curl_easy_setopt(slot->easy, CURLOPT_PREREQDATA, slot) == CURLE_OK;
}

/* ---- how it ended ---- */

const char *ac_transport_name(ac_transport transport)
{
    static const char *const names[] = {
        [AC_TRANSPORT_OK] = "ok",           [AC_TRANSPORT_UNREACHABLE] = "unreachable",
        [AC_TRANSPORT_TIMEOUT] = "timeout", [AC_TRANSPORT_RESET] = "reset",
        [AC_TRANSPORT_GARBAGE] = "garbage", [AC_TRANSPORT_TOO_LARGE] = "too-large",
        [AC_TRANSPORT_TLS] = "tls",         [AC_TRANSPORT_FAILED] = "failed",
    };
    return names[transport];
}

typedef struct meaning {
    CURLcode code;
    ac_transport transport;
    const char *text; /* where libcurl's own says something else */
} meaning;

static meaning meaning_of(CURLcode code)
{
    static const meaning meanings[] = {
        {CURLE_OK, AC_TRANSPORT_OK, ""},
        {CURLE_COULDNT_RESOLVE_HOST, AC_TRANSPORT_UNREACHABLE, NULL},
        {CURLE_COULDNT_CONNECT, AC_TRANSPORT_UNREACHABLE, NULL},
        {CURLE_OPERATION_TIMEDOUT, AC_TRANSPORT_TIMEOUT, NULL},
        {CURLE_SEND_ERROR, AC_TRANSPORT_RESET, NULL},
        {CURLE_RECV_ERROR, AC_TRANSPORT_RESET, NULL},
        {CURLE_GOT_NOTHING, AC_TRANSPORT_RESET, NULL},
        {CURLE_PARTIAL_FILE, AC_TRANSPORT_RESET, NULL},
        {CURLE_UNSUPPORTED_PROTOCOL, AC_TRANSPORT_GARBAGE, NULL}, /* of the answer; ours is http */
        {CURLE_WEIRD_SERVER_REPLY, AC_TRANSPORT_GARBAGE, NULL},
        {CURLE_BAD_CONTENT_ENCODING, AC_TRANSPORT_GARBAGE, NULL},
        {CURLE_BAD_FUNCTION_ARGUMENT, AC_TRANSPORT_GARBAGE, not_a_header},
        {CURLE_FILESIZE_EXCEEDED, AC_TRANSPORT_TOO_LARGE, "the announced response body is too large"},
        {CURLE_OUT_OF_MEMORY, AC_TRANSPORT_TOO_LARGE, "a response header is too large"},
        {CURLE_SSL_CONNECT_ERROR, AC_TRANSPORT_TLS, NULL},
        {CURLE_SSL_CERTPROBLEM, AC_TRANSPORT_TLS, NULL},
        {CURLE_SSL_CIPHER, AC_TRANSPORT_TLS, NULL},
        {CURLE_PEER_FAILED_VERIFICATION, AC_TRANSPORT_TLS, NULL},
        {CURLE_SSL_CACERT_BADFILE, AC_TRANSPORT_TLS, NULL},
        {CURLE_SSL_ISSUER_ERROR, AC_TRANSPORT_TLS, NULL},
        {CURLE_SSL_INVALIDCERTSTATUS, AC_TRANSPORT_TLS, NULL},
    };
    for (size_t i = 0; i < AC_COUNT(meanings); i++) {
        if (meanings[i].code == code) {
            return meanings[i];
        }
    }
    return (meaning){code, AC_TRANSPORT_FAILED, NULL};
}

ac_transport ac_client_meaning(CURLcode code, const char **text)
{
    meaning found = meaning_of(code);
    *text = found.text;
    return found.transport;
}

/* libcurl is content with an answer that ends in the middle of its headers. */
static bool ends_in_head(const ac_client_slot *slot, CURLcode code)
{
    return code == CURLE_OK && !slot->exchange->headers_done;
}

ac_transport ac_client_transport(const ac_client_slot *slot, CURLcode code)
{
    if (slot->exchange->refusal != AC_TRANSPORT_OK) {
        return slot->exchange->refusal;
    }
    if (ends_in_head(slot, code)) {
        return AC_TRANSPORT_RESET;
    }
    if (code == CURLE_OPERATION_TIMEDOUT && !slot->exchange->connected) {
        return AC_TRANSPORT_UNREACHABLE;
    }
    if (code == CURLE_RECV_ERROR && strstr(slot->error, "chunk")) {
        return AC_TRANSPORT_GARBAGE; /* bad chunks come with the code of a reset */
    }
    return meaning_of(code).transport;
}

const char *ac_client_detail(const ac_client_slot *slot, CURLcode code)
{
    if (slot->exchange->refusal != AC_TRANSPORT_OK) {
        return slot->exchange->why;
    }
    if (ends_in_head(slot, code)) {
        return "the answer ends in the middle of its headers";
    }
    const char *text = meaning_of(code).text;
    if (!text) {
        text = slot->error[0] ? slot->error : curl_easy_strerror(code);
    }
    return text;
}
