/*
 * The recording proxy: clients connect to it, requests go upstream, and each exchange is in the journal
 * before the last byte of its answer is at the client.
 *
 * A reverse proxy for requests that name a path, a forward proxy for those that name a host, and for CONNECT, whose TLS
 * is opened with certificates of the local authority. A thread for each connection; handlers of a connection
 * wait for nobody but its client, its upstream and the journal.
 *
 * When the journal fails, no answer is let through whole any more: what has not begun is answered with 503, what
 * has is cut.
 */
#ifndef AC_RECORDER_PROXY_H
#define AC_RECORDER_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/env.h"
#include "base/err.h"
#include "recorder/ca.h"
#include "recorder/journal.h"
#include "recorder/route.h"
#include "sign/sign.h"

typedef struct ac_proxy ac_proxy;

typedef struct ac_proxy_options {
    const char *host; /* numeric address; not a loopback one only where allow_any */
    uint16_t port;    /* 0: any free port */
    bool allow_any;
    unsigned connections; /* at once; further ones wait */
    int64_t silence_ms;   /* longest silence of a client or an upstream, at least 1000 */
    int64_t connect_ms;
    size_t keep_bytes; /* of each body in the recording; a request that is signed anew must not be larger */
    ac_router router;
    ac_ca *ca; /* NULL: TLS is not opened */
    const char *upstream_ca;
    const char *upstream_proxy;
    bool pass_through; /* no signatures: as the client sent it */
    ac_credentials credentials;
    bool real_credentials; /* they are secret */
    ac_env env;
    ac_journal *journal;
    uint64_t first_number; /* of the exchanges */
    /* One line for people: what was refused or went wrong. Any thread. */
    void (*tell)(void *context, const char *line);
    void *context;
} ac_proxy_options;

extern const ac_proxy_options ac_proxy_defaults; /* 127.0.0.1:0, 256, 60 s, 5 s, 8 MiB */

/* The options, and what they point to, must outlive the proxy. */
ac_proxy *ac_proxy_start(const ac_proxy_options *options, ac_err *err);
/* Accepts nothing more, lets running exchanges end for a moment and cuts the rest. Returns how many exchanges
 * are in the journal. NULL is fine. */
uint64_t ac_proxy_stop(ac_proxy *proxy);
const char *ac_proxy_url(const ac_proxy *proxy); /* "http://127.0.0.1:41234" */

#endif
