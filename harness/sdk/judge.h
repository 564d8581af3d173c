/*
 * The judge of clients: what an SDK put on the wire, what it handed to its caller, and what it made of an answer
 * that no documentation describes. Pure.
 *
 * Wire and hand are judged apart: an SDK that sends the wrong thing may still hand an error on rightly. What the
 * documentation rules is a finding; the rest is a note ("observed").
 */
#ifndef AC_SDK_JUDGE_H
#define AC_SDK_JUDGE_H

#include "case/fault.h"
#include "match/match.h"
#include "sdk/sdk.h"

typedef struct ac_sdk_judgement {
    const ac_contract *contract;
    const ac_sdk_hello *hello;
    const ac_sdk_outcome *outcome; /* with a result or an error */
    const ac_request *expected;    /* the call as we would send it, unaltered */
    const ac_response *answer;     /* as documented, before any fault */
    const ac_fault *fault;         /* NULL: none */
    ac_credentials credentials;    /* that the SDK was given */
    ac_str region;
    int64_t now_ms;
} ac_sdk_judgement;

/* The first request: method, path, action, parameters by name, position and type, headers, signature. */
void ac_sdk_judge_wire(ac_arena *arena, const ac_sdk_judgement *judgement, ac_findings *out);
/* Result or error against the answer that was served; notes only where a fault changed it and HTTP does not rule
 * what follows. */
void ac_sdk_judge_hand(ac_arena *arena, const ac_sdk_judgement *judgement, ac_findings *out);
/* How the call ended under a fault, and what its further requests had in common with the first. */
void ac_sdk_observe_fault(ac_arena *arena, const ac_sdk_judgement *judgement, ac_findings *out);
/* What an SDK sends that no documentation rules, and parameters that only it or only the documentation has. */
void ac_sdk_tell_facts(ac_arena *arena, const ac_sdk_judgement *judgement, ac_findings *out);

/* The script of a call: the documented answer, or what the fault makes of it. timeout_ms is what the SDK waits for
 * one try. */
ac_sdk_script ac_sdk_script_of(ac_arena *arena, const ac_response *answer, const ac_response *success,
                               const ac_fault *fault, int64_t timeout_ms);

#endif
