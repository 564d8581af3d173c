#include "recorder/stream.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/env.h"

enum { RECEIVE_BYTES = 16 * 1024, LINGER_MS = 1000, LINGER_BYTES = 1024 * 1024, KEPT_BYTES = 128 * 1024 };

static void set_silence(int fd, int64_t silence_ms)
{
    struct timeval limit = {.tv_sec = silence_ms / 1000, .tv_usec = silence_ms % 1000 * 1000};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

void ac_stream_init(ac_stream *stream, int fd, int64_t silence_ms)
{
    int one = 1;
    *stream = (ac_stream){.fd = fd};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    set_silence(fd, silence_ms);
}

void ac_stream_done(ac_stream *stream)
{
    if (stream->tls) {
        gnutls_bye(stream->tls, GNUTLS_SHUT_WR);
        gnutls_deinit(stream->tls);
    }
    close(stream->fd);
    ac_free(stream->bytes);
    ac_free(stream->raw);
    *stream = (ac_stream){.fd = -1};
}

/* ---- the socket ---- */

static ssize_t receive(ac_stream *stream, char *to, size_t max)
{
    for (;;) {
        ssize_t got = recv(stream->fd, to, max, 0);
        if (got >= 0 || errno != EINTR) {
            stream->timed_out = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
            return got;
        }
    }
}

static bool send_plain(ac_stream *stream, ac_str bytes)
{
    while (bytes.n > 0) {
        ssize_t sent = send(stream->fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            stream->timed_out = errno == EAGAIN || errno == EWOULDBLOCK;
            return false;
        }
        bytes = ac_str_sub(bytes, sent > 0 ? (size_t)sent : 0, bytes.n);
    }
    return true;
}

/* ---- TLS ---- */

/* GnuTLS reads the socket through this, first what came before the handshake began. */
static ssize_t on_pull(gnutls_transport_ptr_t context, void *to, size_t max)
{
    ac_stream *stream = context;
    size_t waiting = stream->raw_to - stream->raw_from;
    if (waiting > 0) {
        size_t count = waiting < max ? waiting : max;
        memcpy(to, stream->raw + stream->raw_from, count);
        stream->raw_from += count;
        return (ssize_t)count;
    }
    ssize_t got = receive(stream, to, max);
    if (got < 0) {
        gnutls_transport_set_errno(stream->tls, errno);
    }
    return got;
}

static ssize_t on_push(gnutls_transport_ptr_t context, const void *bytes, size_t count)
{
    ac_stream *stream = context;
    if (!send_plain(stream, (ac_str){bytes, count})) {
        gnutls_transport_set_errno(stream->tls, EIO);
        return -1;
    }
    return (ssize_t)count;
}

/* Whether a call of GnuTLS is to be made again: not where the time is over. */
static bool try_again(const ac_stream *stream, ssize_t code)
{
    return code == GNUTLS_E_INTERRUPTED || (code == GNUTLS_E_AGAIN && !stream->timed_out);
}

static ssize_t receive_tls(ac_stream *stream, char *to, size_t max)
{
    ssize_t got;
    do {
        stream->timed_out = false;
        got = gnutls_record_recv(stream->tls, to, max);
    } while (try_again(stream, got));
    return got;
}

static bool send_tls(ac_stream *stream, ac_str bytes)
{
    while (bytes.n > 0) {
        stream->timed_out = false;
        ssize_t sent = gnutls_record_send(stream->tls, bytes.p, bytes.n);
        if (sent < 0 && !try_again(stream, sent)) {
            return false;
        }
        bytes = ac_str_sub(bytes, sent > 0 ? (size_t)sent : 0, bytes.n);
    }
    return true;
}

static int shake_hands(ac_stream *stream)
{
    int code;
    do {
        stream->timed_out = false;
        code = gnutls_handshake(stream->tls);
    } while (code < 0 && gnutls_error_is_fatal(code) == 0 && !stream->timed_out);
    return code;
}

static int set_up(ac_stream *stream, gnutls_certificate_credentials_t credentials)
{
    static unsigned char http[] = "http/1.1";
    gnutls_datum_t protocol = {http, sizeof http - 1};
    int code = gnutls_init(&stream->tls, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
    code = code < 0 ? code : gnutls_set_default_priority(stream->tls);
    code = code < 0 ? code : gnutls_credentials_set(stream->tls, GNUTLS_CRD_CERTIFICATE, credentials);
    code = code < 0 ? code : gnutls_alpn_set_protocols(stream->tls, &protocol, 1, 0);
    if (code >= 0) {
        gnutls_transport_set_ptr(stream->tls, stream);
        gnutls_transport_set_pull_function(stream->tls, on_pull);
        gnutls_transport_set_push_function(stream->tls, on_push);
    }
    return code;
}

bool ac_stream_start_tls(ac_stream *stream, ac_ca *ca, ac_str host, ac_err *err)
{
    gnutls_certificate_credentials_t credentials = ac_ca_credentials(ca, host, err);
    if (!credentials) {
        return false;
    }
    stream->raw = stream->bytes;
    stream->raw_from = stream->from;
    stream->raw_to = stream->to;
    stream->bytes = NULL;
    stream->from = stream->to = stream->capacity = 0;
    int code = set_up(stream, credentials);
    code = code < 0 ? code : shake_hands(stream);
    if (code >= 0) {
        return true;
    }
    gnutls_deinit(stream->tls);
    stream->tls = NULL;
    return ac_fail(err, AC_ERR_JUDGE, "the client does not agree on TLS for %.*s: %s", AC_STR_FMT(host),
                   stream->timed_out ? "silence" : gnutls_strerror(code));
}

/* ---- the stream ---- */

ac_str ac_stream_pending(const ac_stream *stream)
{
    return (ac_str){stream->bytes ? stream->bytes + stream->from : "", stream->to - stream->from};
}

/* A buffer that one request made large is given back. */
void ac_stream_take(ac_stream *stream, size_t count)
{
    stream->from += count;
    if (stream->from < stream->to) {
        return;
    }
    stream->from = stream->to = 0;
    if (stream->capacity > KEPT_BYTES) {
        ac_free(stream->bytes);
        stream->bytes = NULL;
        stream->capacity = 0;
    }
}

static void make_room(ac_stream *stream)
{
    if (stream->from > 0) {
        memmove(stream->bytes, stream->bytes + stream->from, stream->to - stream->from);
        stream->to -= stream->from;
        stream->from = 0;
    }
    if (stream->capacity - stream->to < RECEIVE_BYTES) {
        stream->capacity = stream->capacity + stream->capacity / 2 + RECEIVE_BYTES;
        stream->bytes = ac_realloc(stream->bytes, stream->capacity);
    }
}

bool ac_stream_fill(ac_stream *stream, size_t room)
{
    make_room(stream);
    size_t max = stream->capacity - stream->to;
    size_t left = room > stream->to ? room - stream->to : 1;
    max = max < left ? max : left;
    char *to = stream->bytes + stream->to;
    ssize_t got = stream->tls ? receive_tls(stream, to, max) : receive(stream, to, max);
    if (got <= 0) {
        return false;
    }
    stream->to += (size_t)got;
    return true;
}

bool ac_stream_ready(const ac_stream *stream)
{
    struct pollfd readable = {.fd = stream->fd, .events = POLLIN};
    return (stream->tls && gnutls_record_check_pending(stream->tls) > 0) || poll(&readable, 1, 0) != 0;
}

bool ac_stream_send(ac_stream *stream, ac_str bytes)
{
    return stream->tls ? send_tls(stream, bytes) : send_plain(stream, bytes);
}

void ac_stream_linger(ac_stream *stream)
{
    char dropped[4096];
    int64_t end_us = ac_monotonic_us() + LINGER_MS * (int64_t)1000;
    size_t count = 0;
    if (stream->tls) {
        gnutls_bye(stream->tls, GNUTLS_SHUT_WR);
        gnutls_deinit(stream->tls);
        stream->tls = NULL;
    }
    shutdown(stream->fd, SHUT_WR);
    set_silence(stream->fd, LINGER_MS);
    while (count < LINGER_BYTES && ac_monotonic_us() < end_us) {
        ssize_t got = receive(stream, dropped, sizeof dropped);
        if (got <= 0) {
            return;
        }
        count += (size_t)got;
    }
}
