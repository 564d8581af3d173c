/*
 * What the files of the proxy share: proxy.c accepts and counts connections, connection.c reads requests from one,
 * exchange.c takes one request upstream and its answer back, upload.c and answer.c are its two directions, tunnel.c is
 * CONNECT. For them only.
 */
#ifndef AC_RECORDER_PROXY_PARTS_H
#define AC_RECORDER_PROXY_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "http/client_relay.h"
#include "recorder/keys.h"
#include "recorder/proxy.h"
#include "recorder/secrets.h"
#include "recorder/stream.h"

typedef struct ac_connection {
    struct ac_connection *next, **link; /* among the open ones */
    ac_proxy *proxy;
    ac_stream stream;
    ac_arena *arena;    /* of the exchange that runs */
    ac_arena *own;      /* of the connection */
    ac_relay *relay;    /* taken for the first exchange */
    ac_str tunnel;      /* base URL of the CONNECT; p NULL: none */
    int64_t arrived_us; /* first byte of the request */
    ac_buf request;     /* body, as far as it is kept */
    ac_buf kept;        /* body of the answer, as far as it is kept */
    ac_buf pending;     /* of it, what the client did not get yet */
    ac_buf head;        /* of the answer, not sent yet */
    ac_buf wire;        /* what is sent next */
} ac_connection;

struct ac_proxy {
    ac_proxy_options options;
    ac_arena *arena;
    ac_mask mask;
    ac_str secrets[3];
    ac_known_secrets known;
    int listener;
    int wake[2];
    char url[80];
    pthread_t acceptor;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t changed;
    ac_connection *open;
    unsigned open_count;
    ac_relay *idle[32]; /* relays without a connection */
    size_t idle_count;
    bool journal_failed;  /* and told */
    atomic_bool stopping; /* read without the lock, too */
    atomic_uint_least64_t next_number;
    atomic_uint_least64_t recorded;
};

/* ---- proxy.c ---- */

void ac_proxy_tell(const ac_proxy *proxy, const char *format, ...) AC_PRINTF(2, 3);
bool ac_proxy_stopping(ac_proxy *proxy);
uint64_t ac_proxy_number(ac_proxy *proxy);
ac_relay *ac_proxy_take_relay(ac_proxy *proxy, ac_err *err);
void ac_proxy_give_relay(ac_proxy *proxy, ac_relay *relay); /* NULL is fine */
/* Removes the secrets and appends; false where the journal failed, which is told once. */
bool ac_proxy_append(ac_proxy *proxy, ac_arena *arena, ac_record *record) AC_MUST_USE;

/* ---- connection.c ---- */

/* Serves a connection until it ends; the stream is open before and after. */
void ac_connection_serve(ac_connection *connection);

/* ---- exchange.c ---- */

typedef struct ac_exchange {
    ac_connection *connection;
    ac_arena *arena;
    ac_head head;
    ac_signed by;
    ac_route route;
    ac_request sent; /* upstream */
    ac_record record;
    const char *client_fault; /* why the client's side ended it; NULL: it did not */

    /* upload.c */
    ac_chunks chunks;
    uint64_t body_left;
    bool body_over;
    bool body_bad; /* broken chunks */
    bool waits_for_client;
    bool body_dropped; /* more came than is kept */
    size_t replayed;   /* bytes of the kept body that went upstream before the rest streams */

    /* answer.c */
    ac_head_body framing; /* toward the client */
    bool until_close;     /* neither length nor chunks */
    bool has_body;
    bool begun; /* something was sent */
    bool keep_alive;
    int64_t first_byte_us;
} ac_exchange;

/* Serves one request; true where the connection can take the next one. */
bool ac_exchange_run(ac_connection *connection, const ac_head *head) AC_MUST_USE;

/* ---- upload.c: the request's body ---- */

/* Reads the body until it is over or longer than max; what arrived is in connection->request. False where the client
 * failed. */
bool ac_upload_read(ac_exchange *exchange, size_t max) AC_MUST_USE;
/* For the relay: the next bytes of a body that streams; context is the exchange. */
int64_t ac_upload_next(void *context, char *to, size_t max);

/* ---- answer.c: what the client gets ---- */

/* For the relay; context is the exchange. */
bool ac_answer_head(void *context, const ac_response *response);
bool ac_answer_body(void *context, ac_str bytes);
bool ac_answer_idle(void *context);

/* Sends what is left of an answer that is whole and recorded. */
bool ac_answer_end(ac_exchange *exchange) AC_MUST_USE;

/* An answer of the proxy itself, as JSON with Code and Message, and one line that is told. The connection ends behind
 * it. */
void ac_answer_refusal(ac_connection *connection, const ac_request *request, const ac_refusal *refusal);

/* ---- tunnel.c ---- */

/* CONNECT. True where the connection goes on with requests of the tunnel. */
bool ac_tunnel_open(ac_connection *connection, const ac_head *head) AC_MUST_USE;

#endif
