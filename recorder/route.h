/*
 * Where a request goes: to one upstream, to the product that it belongs to, or to the host that it names itself.
 * Pure.
 */
#ifndef AC_RECORDER_ROUTE_H
#define AC_RECORDER_ROUTE_H

#include "contract/corpus.h"
#include "http/url.h"
#include "recorder/head.h"
#include "sign/sign.h"

typedef struct ac_router {
    ac_str upstream;          /* base URL of a reverse proxy for one host; p NULL: none */
    const ac_json *endpoints; /* of a profile: "alibaba/privatelink" to base URL; NULL: none */
    ac_str fallback;          /* the profile's URL for all other products; empty: none */
    const ac_corpus *corpus;  /* names products and hosts; NULL: none */
    ac_strs allow_hosts;      /* patterns, beside the hosts that providers name */
    bool forward;             /* requests may name their host */
    bool others;              /* also hosts that are not opened, unrecorded */
} ac_router;

typedef struct ac_route {
    ac_str base_url; /* "https://host:port" without a path */
    ac_str target;   /* origin form, without a path that only named the product */
    bool record;     /* false: passed on, and no more */
} ac_route;

/* tunnel: the base URL of the CONNECT in which the request came, p NULL outside of one. claim: what the signature
 * says, zero where there is none. */
bool ac_route_find(ac_arena *arena, const ac_router *router, ac_str tunnel, const ac_request *request,
                   const ac_sign_claim *claim, ac_route *out, ac_refusal *refusal) AC_MUST_USE;

/* Whether a host (without port) is opened: a provider's endpoint, an endpoint of the profile, or a pattern. */
bool ac_route_opens(const ac_router *router, ac_str host);

/* "host", "host:port", "[::1]:port"; false where it is none of them. port stays where there is none. */
bool ac_authority_read(ac_str authority, ac_str *host, int64_t *port) AC_MUST_USE;

#endif
