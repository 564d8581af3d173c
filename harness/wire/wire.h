/*
 * From a call (operation and parameters) to an HTTP request, for each wire style: Alibaba RPC and ROA,
 * Volcengine. The client side's only serialiser; the mock reads requests with its own code.
 */
#ifndef AC_WIRE_WIRE_H
#define AC_WIRE_WIRE_H

#include "base/env.h"
#include "base/err.h"
#include "case/case.h"
#include "sign/sign.h"

typedef struct ac_call {
    const ac_contract *contract;
    const ac_json *params;  /* variables already replaced */
    ac_str method;          /* p NULL: the contract's first */
    const ac_json *headers; /* further headers; NULL: none */
    const ac_signer *signer;
    ac_credentials credentials;
    ac_str host; /* Host header: "127.0.0.1:8085" */
    ac_str region;
    ac_str prefix; /* path of the base URL, without a final slash; usually empty */
    int64_t now_ms;
    ac_str nonce;
    ac_tamper tamper;
} ac_call;

/* The signed request, and the stages of its signature. Parameters whose names no documented name covers go
 * where the style puts its parameters by default. Fails where the signer does not fit the style or a
 * path parameter is missing. */
bool ac_wire_build(ac_arena *arena, const ac_call *call, ac_request *out, ac_sign_stages *stages,
                   ac_err *err) AC_MUST_USE;

#endif
