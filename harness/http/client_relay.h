/*
 * A relay: one exchange at a time with an upstream, on the thread that calls, with bodies that stream. For
 * proxies. Connections are libcurl's, with its names, proxies and TLS. What client.h says of requests that are sent "exactly as given", of verified TLS and of requests that
 * are never sent twice holds here, too.
 *
 * One thread owns a relay. It keeps one connection and uses it again. There is no deadline for a whole
 * exchange: only for the connection, and for silence. An answer whose framing two readers could
 * understand in two ways (two lengths, a length and a transfer coding, another coding than chunks, lines that do not
 * end with CR LF, folded headers, control characters) is AC_TRANSPORT_GARBAGE, and its connection is closed.
 */
#ifndef AC_HTTP_CLIENT_RELAY_H
#define AC_HTTP_CLIENT_RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "http/client.h"

typedef struct ac_relay ac_relay;

typedef struct ac_relay_options {
    int64_t connect_ms;      /* deadline for a connection */
    int64_t silence_ms;      /* longest time in which nothing is sent or received, at least 1000 */
    size_t header_bytes_max; /* of a response; 256 KiB at most */
    const char *ca_file;     /* PEM certificates trusted beside the system's, or NULL */
    const char *proxy;       /* "http://host:port", or NULL */
} ac_relay_options;

enum {
    AC_RELAY_ABORT = -1,
    AC_RELAY_WAIT = -2 /* nothing yet: ask again when wait_fd has something to read */
};

/* What a call is told and asked on the way; all on the thread of ac_relay_run. Those that return bool end the
 * exchange with false: the outcome is AC_TRANSPORT_FAILED. */
typedef struct ac_relay_listener {
    void *context;
    /* The next bytes of a request body that streams: how many, 0 at the end, AC_RELAY_ABORT or AC_RELAY_WAIT. It
     * had better not block: an answer may come before the body is sent. */
    int64_t (*read)(void *context, char *to, size_t max);
    /* Once, when the headers of the final answer are there. They live in the arena of the call. */
    bool (*head)(void *context, const ac_response *response);
    bool (*body)(void *context, ac_str bytes);
    bool (*idle)(void *context); /* nothing arrived for a moment, at most some tenths of a second */
} ac_relay_listener;

typedef enum ac_relay_body {
    AC_RELAY_WHOLE,  /* the body of the request */
    AC_RELAY_LENGTH, /* read, body_bytes in all */
    AC_RELAY_CHUNKS  /* read, in chunks */
} ac_relay_body;

typedef struct ac_relay_call {
    ac_str base_url; /* "http://host:port" or "https://host" */
    const ac_request *request;
    ac_relay_body body_kind;
    uint64_t body_bytes;
    int wait_fd;
    ac_relay_listener listener;
} ac_relay_call;

ac_relay *ac_relay_new(const ac_relay_options *options, ac_err *err);
void ac_relay_free(ac_relay *relay); /* NULL is fine */

/* Runs one exchange to its end. The outcome's response has no body: the listener got it. */
void ac_relay_run(ac_relay *relay, ac_arena *arena, const ac_relay_call *call, ac_outcome *outcome);

/* A connection to the host and port of base_url without HTTP on it, through the proxy where there is one: its
 * descriptor, which the relay owns and closes with ac_relay_free. -1 on failure. */
int ac_relay_connect(ac_relay *relay, ac_arena *arena, ac_str base_url, ac_err *err);

#endif
