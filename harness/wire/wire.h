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
    const ac_json *headers; /* win over ours, null takes one out; NULL: none */
    const ac_signer *signer;
    ac_credentials credentials;
    ac_str host; /* Host header: "127.0.0.1:8085" */
    ac_str region;
    ac_str prefix; /* path of the base URL, without a final slash; usually empty */
    int64_t now_ms;
    ac_str nonce;
    ac_tamper tamper;
} ac_call;

/*
 * The signed request, and the stages of its signature. Fails where the signer does not fit the style or the
 * path's parameters are not all given.
 *
 * A parameter goes where the contract has it, known by the first part of its name: "Zone" and "Zone.3.ZoneId"
 * go where Zone.N.ZoneId goes. One that the contract does not know goes to the query. Order is kept. Null is
 * left out, numbers are sent by their literal.
 *
 *   query, header   arrays and objects flattened: Zone.1.ZoneId, from 1 unless an `index` constraint of the
 *                   array says otherwise; empty ones are left out
 *   form            the same, in the form of a POST, PUT or PATCH, in the query of any other method
 *   path            into {Name} of the path; text, number or boolean
 *   body            members of one JSON object, sent with POST, PUT and PATCH also where it is empty; not sent
 *                   with other methods. A parameter of the container row "body" is the whole body
 *
 * tamper: wire_parts.h has the table of what each does.
 */
bool ac_wire_build(ac_arena *arena, const ac_call *call, ac_request *out, ac_sign_stages *stages,
                   ac_err *err) AC_MUST_USE;

#endif
