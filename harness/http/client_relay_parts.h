/*
 * What the two files of a relay share: client_relay.c connects, sends and waits, client_relay_read.c reads the
 * answer. For them only.
 *
 * libcurl makes the connection: names, proxies, TLS and its verification. HTTP is spoken here, because a proxy
 * has to see how an answer is framed, and because libcurl spends more on an exchange than all the rest of a proxy.
 */
#ifndef AC_HTTP_CLIENT_RELAY_PARTS_H
#define AC_HTTP_CLIENT_RELAY_PARTS_H

#include "http/client_parts.h"
#include "http/client_relay.h"
#include "http/framing.h"

enum { AC_RELAY_PIECE = 32 * 1024 };

typedef enum ac_relay_state { AC_RELAY_HEAD, AC_RELAY_BODY, AC_RELAY_DONE } ac_relay_state;
typedef enum ac_relay_framing {
    AC_RELAY_NO_BODY,
    AC_RELAY_COUNTED,
    AC_RELAY_CHUNKED,
    AC_RELAY_UNTIL_CLOSE
} ac_relay_framing;

struct ac_relay {
    ac_client client; /* options, for what sets up a handle */
    ac_client_slot slot;
    const char *proxy;
    int64_t silence_us;
    curl_socket_t fd; /* of the connection; CURL_SOCKET_BAD: none */
    ac_buf url;       /* of the connection */
    int64_t used_us;  /* when it was last used */
    ac_buf out;       /* what is sent next: sent..n */
    size_t sent;
    ac_buf head; /* of the answer, as far as it is there */
    char piece[AC_RELAY_PIECE];

    /* Of the exchange that runs. */
    const ac_relay_call *call;
    ac_arena *arena;
    ac_outcome outcome;
    int64_t start_us, active_us;
    bool reused;    /* the connection */
    bool sending;   /* the request is not sent yet */
    bool streaming; /* its body comes from the listener */
    bool paused;    /* the body has to wait for the listener */
    bool keep;      /* the connection can be used again */
    ac_relay_state state;
    ac_relay_framing framing;
    uint64_t left;
    ac_chunks chunks;
    size_t header_bytes;
};

/* Notes why the exchange ends, the first time; always false. */
bool ac_relay_fail(ac_relay *relay, ac_transport transport, const char *detail);

/* Takes bytes of the answer; false where the exchange ends because of them. */
bool ac_relay_take(ac_relay *relay, ac_str bytes) AC_MUST_USE;
/* The connection ended: the answer is over, or the exchange failed. */
void ac_relay_take_end(ac_relay *relay);

#endif
