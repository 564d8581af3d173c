/*
 * Targets: what is under test. A target says where requests go, who signs them, which facts of its world
 * cases may use, and what it claims to support. docs/profile-format.md describes profile files.
 */
#ifndef AC_TARGET_TARGET_H
#define AC_TARGET_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/env.h"
#include "base/err.h"
#include "contract/corpus.h"
#include "mock/deviation.h"
#include "sdk/sdk.h"
#include "sign/sign.h"

typedef enum ac_isolation {
    AC_ISOLATION_UNSET,
    AC_ISOLATION_NONE,   /* one account: cases that change something run alone */
    AC_ISOLATION_ACCOUNT /* accounts are made by naming them: cases run side by side */
} ac_isolation;

typedef struct ac_target_limits {
    int64_t connect_ms, exchange_ms, case_ms, run_ms; /* 0: the command line's */
    int64_t poll_ms;                                  /* first wait between polls, at least 1 */
    int64_t poll_deadline_ms; /* of a poll, where the case allows more; 0: the case's */
    int64_t body_bytes;       /* of an answer; 0: the client's */
} ac_target_limits;

typedef struct ac_target {
    ac_arena *arena;
    ac_str name;              /* as given on the command line */
    ac_str url;               /* base URL where endpoints has none for a product */
    const ac_json *endpoints; /* "alibaba/privatelink" to base URL; NULL: none */
    bool loopback;            /* every address is this machine */
    bool real_credentials;    /* not the throw-away ones: hide signatures in what is shown */
    ac_credentials credentials;
    ac_str region;            /* empty: the variable's default */
    int isolation;            /* ac_isolation */
    ac_str state_url;         /* p NULL: none */
    ac_strs state_command;    /* none: count 0 */
    bool state_probe;         /* try the state URL, do without where it is not there */
    const ac_json *variables; /* given values; NULL: none */
    ac_strs signers;          /* schemes it claims; none: the style's preferred one */
    ac_str signer;            /* asked for, used where the style accepts it; p NULL: none */
    ac_strs operations;       /* patterns of operations it claims; none: all */
    bool undocumented_fields; /* allowed */
    ac_target_limits limits;
    const char *ca_file;
    ac_sdk *sdk; /* the drivers of an SDK target; NULL: a server */
    void *owned; /* what close stops (the mock) */
} ac_target;

typedef struct ac_target_options {
    const ac_corpus *corpus; /* for the mock */
    ac_env env;
    const ac_json *variables; /* from the command line; win over the profile's */
    ac_str signer;            /* from the command line; p NULL: none */
    /* The value of an environment variable or NULL, for profiles that take credentials from there; NULL: no
     * environment. */
    const char *(*environment)(const char *name);
    const ac_deviation *deviation;     /* the one fault of the mock; NULL: none */
    const volatile sig_atomic_t *stop; /* ends what a driver keeps us waiting for; NULL: nothing does */
} ac_target_options;

/* spec: "mock", "http://host:port[/path]", "https://…", "sdk:COMMAND", or the path of a profile file. NULL with
 * *err: of kind AC_ERR_USAGE, unless the mock or the driver could not start. The corpus must outlive the target. */
ac_target *ac_target_open(ac_str spec, const ac_target_options *options, ac_err *err);
void ac_target_close(ac_target *target); /* NULL is fine */

/* Whether a target of this name is an SDK: cases for clients run there. */
bool ac_target_is_sdk(ac_str spec);
/* What the documentation promises as the answer to a request; of SDK targets, without a socket. */
void ac_target_answer(const ac_target *target, ac_arena *arena, const ac_request *request, ac_response *out);

/* Base URL for the product of an operation, without a slash at its end: the endpoint with the longest key
 * ("provider/product/version", "provider/product", "provider"), else the target's URL; empty where there is
 * none. */
ac_str ac_target_url(const ac_target *target, const ac_contract *contract);
/* The scheme for an operation: the one asked for, else the target's first, where the style accepts it. A target
 * that claims none gets the style's preferred one. NULL where there is none. */
const ac_signer *ac_target_signer(const ac_target *target, const ac_contract *contract);
/* Whether a case may sign so: the style accepts the scheme, and it was asked for or the target claims it. */
bool ac_target_claims_signer(const ac_target *target, const ac_contract *contract, ac_str signer);
/* An operation that has no URL is not claimed either. */
bool ac_target_claims_operation(const ac_target *target, const ac_contract *contract);

#endif
