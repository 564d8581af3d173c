/*
 * HTTP client: many requests in flight on one thread. Hides libcurl, and is the only module that includes
 * it.
 *
 * One thread owns a client. Requests are sent exactly as given (method, target, headers, body): nothing is
 * added but Content-Length, and nothing is followed, decoded or retried. Three notes on "exactly": Host goes
 * out as the first header; white space around values is dropped; where the headers say "Transfer-Encoding:
 * chunked", the body is sent in chunks. Proxy variables of the environment are ignored. TLS is verified.
 *
 * Connections are kept and used again for at most 4 seconds of silence. If a kept connection ends without an
 * answer, libcurl would send the request again; the client allows that only where no byte of it was sent,
 * so that a peer never reads a request twice. Otherwise the outcome is AC_TRANSPORT_RESET.
 */
#ifndef AC_HTTP_CLIENT_H
#define AC_HTTP_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "http/message.h"

typedef struct ac_client ac_client;

typedef struct ac_client_options {
    unsigned connections;    /* at once, at least 1; further requests wait */
    int64_t connect_ms;      /* deadline for a connection */
    int64_t exchange_ms;     /* deadline for a whole exchange, unless the request has its own */
    size_t header_bytes_max; /* of a response, all header lines together, also of 1xx; 256 KiB at most */
    size_t body_bytes_max;
    const char *ca_file; /* PEM certificates trusted beside the system's directory of them, or NULL */
} ac_client_options;

extern const ac_client_options ac_client_defaults; /* 16, 2 s, 10 s, 64 KiB, 4 MiB, NULL */

/* How an exchange ended below HTTP. */
typedef enum ac_transport {
    AC_TRANSPORT_OK,
    AC_TRANSPORT_UNREACHABLE, /* no such host, refused, no route, no connection (with TLS) in time */
    AC_TRANSPORT_TIMEOUT,     /* connected, but no whole answer in time */
    AC_TRANSPORT_RESET,       /* the peer closed or reset before the answer was whole */
    AC_TRANSPORT_GARBAGE,     /* not HTTP, or bad framing: chunks, or a length that is not a number */
    AC_TRANSPORT_TOO_LARGE,   /* header_bytes_max or body_bytes_max passed */
    AC_TRANSPORT_TLS,         /* handshake or certificate */
    AC_TRANSPORT_FAILED       /* anything else; among it a request that cannot be one HTTP
                                 message, or a HEAD with a body */
} ac_transport;

typedef struct ac_outcome {
    ac_transport transport;
    const char *detail;    /* one line where transport is not OK, else ""; valid during the callback */
    ac_response response;  /* what arrived, also where incomplete (status 0: nothing); in the arena given to
                              ac_client_send. Answers 1xx and trailers are left out */
    int64_t duration_us;   /* without the wait for a free connection */
    int64_t first_byte_us; /* until the first byte of the answer; -1 where none came */
} ac_outcome;

/* Called once for each request, from ac_client_run. May send further requests, which start with the next
 * ac_client_run, and may free the request and its arena. */
typedef void (*ac_client_done)(void *context, const ac_outcome *outcome);

ac_client *ac_client_new(const ac_client_options *options, ac_err *err);
void ac_client_free(ac_client *client); /* requests in flight are dropped without a call */

/* base_url is "http://host:port" or "https://host". It, the request and the arena must live until done is
 * called. deadline_ms 0 means exchange_ms of the options. */
void ac_client_send(ac_client *client, ac_arena *arena, ac_str base_url, const ac_request *request,
                    int64_t deadline_ms, ac_client_done done, void *context);

/* Waits until something happens, at most wait_ms, and makes the calls that are due. Returns the number of
 * requests still in flight or waiting. With none of them it waits for ac_client_wake. */
unsigned ac_client_run(ac_client *client, int64_t wait_ms);

/* Makes the running or next ac_client_run return early. Safe from other threads and from signal handlers:
 * it writes one byte to a pipe. */
void ac_client_wake(ac_client *client);

const char *ac_transport_name(ac_transport transport);

#endif
