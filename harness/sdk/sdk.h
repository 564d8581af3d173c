/*
 * SDK drivers: programs that call an SDK for us. docs/driver-protocol.md is what their authors read.
 *
 * A pool starts as many drivers of one command as calls are made side by side. Each has a thread that talks to
 * it and a server on a loopback port of its own, where the SDK's requests are answered by a script. What reached
 * the server and what the driver gave back is the outcome of a call; judge.h judges it.
 *
 * Drivers are hostile: one that dies, hangs, floods, answers with something else or for another call, or does not
 * use the endpoint is AC_SDK_BROKEN for that call, with the last lines of its log, and is started anew for the next
 * one. Their environment is PATH, LANG, TMPDIR and an empty HOME.
 *
 * The pool belongs to one thread; outcomes are told there, by ac_sdk_collect.
 */
#ifndef AC_SDK_SDK_H
#define AC_SDK_SDK_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/decode.h"
#include "base/err.h"
#include "http/server.h"
#include "sign/sign.h"

typedef struct ac_sdk ac_sdk;

/* What a driver says of itself at its start. */
typedef struct ac_sdk_hello {
    int64_t protocol; /* 1 */
    ac_str driver, sdk, version;
    ac_str note;               /* for reports; p NULL: none */
    ac_strs operations;        /* that it can call */
    ac_str result_root;        /* pointer to the documented body in a result */
    const ac_json *fields;     /* operation to {documented pointer: pointer into the result}; NULL: none */
    const ac_json *parameters; /* operation to the names in the SDK's own model; NULL: none */
} ac_sdk_hello;

/* What a request of the SDK is answered with. Text lives as long as the call's arena. */
typedef struct ac_sdk_script {
    const ac_answer *answers; /* to the first request, the second, …; the last one to all further ones */
    size_t count;             /* at least 1 */
} ac_sdk_script;

typedef struct ac_sdk_call {
    ac_str operation;
    const ac_json *params;
    ac_str region;
    ac_credentials credentials;
    int64_t timeout_ms;  /* that the SDK is to use for each try */
    int64_t deadline_ms; /* after which the driver hangs */
    ac_sdk_script script;
} ac_sdk_call;

typedef enum ac_sdk_end {
    AC_SDK_RESULT,      /* the SDK returned */
    AC_SDK_ERROR,       /* the SDK raised an error */
    AC_SDK_UNSUPPORTED, /* the driver does not make this call, `why` */
    AC_SDK_BROKEN       /* the driver failed, `why` */
} ac_sdk_end;

typedef enum ac_sdk_error_kind {
    AC_SDK_SERVICE, /* the service answered with an error */
    AC_SDK_CLIENT,  /* the SDK failed by itself */
    AC_SDK_TRANSPORT,
    AC_SDK_TIMEOUT
} ac_sdk_error_kind;

extern const char *const ac_sdk_error_kinds[]; /* indexed by it; NULL at the end */

/* A member of an error: what the caller has of it, or where it can only be dug out of the raw answer. */
typedef struct ac_sdk_member {
    ac_str value;  /* p NULL: not there */
    ac_str raw;    /* the same; p NULL: not there either */
    ac_str raw_at; /* the way to it */
} ac_sdk_member;

typedef struct ac_sdk_error {
    ac_sdk_error_kind kind;
    ac_str type; /* of what was raised; may be empty */
    ac_sdk_member status, code, message, request_id;
} ac_sdk_error;

enum { AC_SDK_REQUESTS_KEPT = 16 };

/* A request that reached the server, and what it was answered with. */
typedef struct ac_sdk_exchange {
    ac_request request;
    const ac_answer *answer;
} ac_sdk_exchange;

typedef struct ac_sdk_outcome {
    ac_sdk_end end;
    const ac_json *result; /* of AC_SDK_RESULT; JSON null where the SDK returned nothing */
    ac_sdk_error error;
    ac_str why;
    ac_strs ignored;                                 /* parameters that the SDK cannot send */
    ac_sdk_exchange exchanges[AC_SDK_REQUESTS_KEPT]; /* the first ones */
    size_t requests;                                 /* all */
    ac_str log; /* last lines of the driver's log, visible; may be empty */
    int64_t duration_us;
} ac_sdk_outcome;

typedef void (*ac_sdk_done)(void *context, const ac_sdk_outcome *outcome);

/* command is as on a command line; environment tells a variable of ours (PATH and TMPDIR are passed on), NULL: none
 * is known. *stop, where it is set by a signal, ends every wait for a driver; NULL: nothing does. The first driver is
 * started and asked who it is; the others start when they are needed. NULL with *err of kind USAGE (no command) or JUDGE (does not start, or is no driver). */
ac_sdk *ac_sdk_open(ac_str command, const char *(*environment)(const char *name),
                    const volatile sig_atomic_t *stop, ac_err *err);
void ac_sdk_close(ac_sdk *pool); /* drivers in the midst of a call are ended; NULL is fine */

const ac_sdk_hello *ac_sdk_hello_of(const ac_sdk *pool);
bool ac_sdk_has(const ac_sdk *pool, ac_str operation);

/* `wake` is called from other threads when an outcome waits to be collected; it must not call the pool. Once this
 * has returned, what was set before is called no more. */
void ac_sdk_on_ready(ac_sdk *pool, void (*wake)(void *context), void *context);

enum { AC_SDK_SEATS_MAX = 64 };

/* Makes a call with the driver of this number, which must be free: 0 to AC_SDK_SEATS_MAX - 1. The call and the arena must live until done is
 * called; the outcome's text is in the arena. */
void ac_sdk_send(ac_sdk *pool, unsigned number, ac_arena *arena, const ac_sdk_call *call, ac_sdk_done done,
                 void *context);
/* Calls under way end soon, as broken, and so do all further ones: the run was interrupted. */
void ac_sdk_abandon(ac_sdk *pool);
/* Tells the outcomes that are there. */
void ac_sdk_collect(ac_sdk *pool);

#endif
