/*
 * HTTP server on libmicrohttpd; the only module that includes it.
 *
 * Each request is collected whole (bounded) before the handler is called; the handler fills one response.
 * Handlers run on the server's threads, several at once; they get an arena of their own for each request.
 * Signals are not taken by these threads.
 */
#ifndef AC_HTTP_SERVER_H
#define AC_HTTP_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "http/message.h"

typedef struct ac_server ac_server;

typedef struct ac_server_options {
    const char *host;      /* numeric address, "127.0.0.1" or "::1"; others where allow_any */
    uint16_t port;         /* 0: any free port */
    bool allow_any;        /* may listen on addresses that are not loopback */
    unsigned threads;      /* worker threads, at least 1 */
    unsigned connections;  /* at once, at least threads; each thread has its share */
    unsigned idle_seconds; /* a silent connection is closed; 0: never */
    size_t body_bytes_max; /* larger requests get 413 */
    const char *tls_cert;  /* PEM texts for HTTPS, both or NULL; they must live as long as the server */
    const char *tls_key;
} ac_server_options;

extern const ac_server_options ac_server_defaults; /* 127.0.0.1, 0, false, 1, 1024, 30, 4 MiB, NULL, NULL */

/* How an answer leaves. All but the first two are for testing clients: what a server should not do. */
typedef enum ac_framing {
    AC_FRAMING_LENGTH,  /* with Content-Length */
    AC_FRAMING_CHUNKED, /* in chunks */
    AC_FRAMING_SLOW,    /* with Content-Length; pause_ms between the halves of the body */
    AC_FRAMING_SHORT,   /* Content-Length of the whole body, its first half, then the connection is closed */
    AC_FRAMING_CUT,     /* the same, reset after the headers and pause_ms without any body */
    AC_FRAMING_NO_ANSWER, /* the connection is closed where the answer should come */
    AC_FRAMING_RESET      /* the connection is reset where the answer should come */
} ac_framing;

/* What a handler may do to the answer besides filling it. The response's text must live until the answer is
 * sent: in the arena, or for ever. */
typedef struct ac_answer {
    ac_response response; /* Content-Length, Date and Connection are added by the server, which drops
                             Content-Length and Transfer-Encoding of the handler */
    int64_t delay_ms;     /* wait before answering; the thread serves others meanwhile */
    ac_framing framing;
    int64_t pause_ms; /* of AC_FRAMING_SLOW and AC_FRAMING_CUT */
    bool close;       /* close the connection after the answer */
} ac_answer;

/* The request's target is as it was on the wire, its headers are in the order of arrival, and its text is
 * valid during the call. The answer comes zeroed. Without a status of 200 to 999, or with a header that
 * cannot be sent (line breaks), the client gets a 500 that says so. */
typedef void (*ac_handler)(void *context, ac_arena *arena, const ac_request *request, ac_answer *answer);

/* NULL on failure, with one line such as "127.0.0.1:8085: Address already in use". */
ac_server *ac_server_start(const ac_server_options *options, ac_handler handler, void *context, ac_err *err);
void ac_server_stop(ac_server *server);             /* waits for running handlers; NULL is fine */
const char *ac_server_url(const ac_server *server); /* "http://127.0.0.1:41234" */
uint16_t ac_server_port(const ac_server *server);

#endif
