/*
 * The mock: the contracts served. Built in, driven by data, with a small world per account (the access key
 * id is the account), provider states, asynchronous states, idempotency, references and signatures.
 *
 * It shares the contract model with the checker and nothing else: it has its own reader of requests, its
 * own checks of constraints, and its own writer of answers, so that a fault in one side shows.
 */
#ifndef AC_MOCK_MOCK_H
#define AC_MOCK_MOCK_H

#include <stdint.h>

#include "base/env.h"
#include "base/err.h"
#include "contract/corpus.h"
#include "http/server.h"
#include "mock/deviation.h"

typedef struct ac_mock ac_mock;

typedef struct ac_mock_options {
    ac_server_options server;
    ac_env env;            /* clock of freshness checks and creation times */
    int64_t transition_ms; /* time in each state on the way to the last */
    bool check_signatures;
    int64_t skew_ms;               /* how far a request's clock may be off */
    size_t accounts_max;           /* further accounts are refused */
    size_t resources_max;          /* per account */
    const ac_deviation *deviation; /* the one thing that it does wrong, must outlive it; NULL: none */
} ac_mock_options;

extern const ac_mock_options ac_mock_defaults; /* real clock, 3 ms, true, 15 minutes, 4096, 4096 */

/* Key ids that begin with this exist; all of them have ac_mock_secret. They are no secrets. */
extern const char ac_mock_key_prefix[]; /* "AKACCORD" */
extern const char ac_mock_secret[];     /* "accord-mock-not-a-secret" */

/* The corpus must outlive the mock. */
ac_mock *ac_mock_start(const ac_corpus *corpus, const ac_mock_options *options, ac_err *err);
void ac_mock_stop(ac_mock *mock); /* NULL is fine */
const char *ac_mock_url(const ac_mock *mock);

/* Answers one request without a socket; what the server calls, and what fuzzing and benchmarks call. */
void ac_mock_answer(ac_mock *mock, ac_arena *arena, const ac_request *request, ac_answer *answer);

/* A mock without a server, for ac_mock_answer. */
ac_mock *ac_mock_new(const ac_corpus *corpus, const ac_mock_options *options);
void ac_mock_free(ac_mock *mock);

#endif
