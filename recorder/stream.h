/*
 * A client's connection as a stream of bytes, plain or under TLS, with blocking reads and writes that end
 * after a time of silence. One thread owns it, but another one may cut it.
 */
#ifndef AC_RECORDER_STREAM_H
#define AC_RECORDER_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "recorder/ca.h"

typedef struct ac_stream {
    int fd;
    gnutls_session_t tls; /* NULL: plain */
    char *bytes;          /* received and not yet taken: from..to */
    size_t from, to, capacity;
    char *raw; /* what was received before TLS began and belongs to it: raw_from..raw_to */
    size_t raw_from, raw_to;
    bool timed_out; /* why the last call failed, where not because of the peer */
} ac_stream;

/* Takes over the socket. silence_ms: for each read and write. */
void ac_stream_init(ac_stream *stream, int fd, int64_t silence_ms);
void ac_stream_done(ac_stream *stream); /* closes the socket, with a farewell of TLS */

ac_str ac_stream_pending(const ac_stream *stream);
void ac_stream_take(ac_stream *stream, size_t count);
/* Receives more, in addition to what is pending: at most room bytes pending in all. False at the end of the stream, on errors and
 * after silence. */
bool ac_stream_fill(ac_stream *stream, size_t room) AC_MUST_USE;
/* Whether ac_stream_fill would not wait. */
bool ac_stream_ready(const ac_stream *stream);
bool ac_stream_send(ac_stream *stream, ac_str bytes) AC_MUST_USE;

/* Answers a TLS handshake as that host. */
bool ac_stream_start_tls(ac_stream *stream, ac_ca *ca, ac_str host, ac_err *err) AC_MUST_USE;

/* Says that nothing more will be sent, and drops what still arrives for a short time, so that the peer gets to read the
 * last answer: a socket that is closed with unread bytes takes them from it. */
void ac_stream_linger(ac_stream *stream);

#endif
