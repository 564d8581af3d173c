/*
 * The engine: cases against a target, many in flight, steps of one case in order.
 *
 * One thread runs it. Every case ends in exactly one verdict, told to every listener in the order of the plan,
 * whatever the number of jobs. When *stop becomes true (a signal handler sets it) no further case starts,
 * cases in flight are torn down, and what is judged is kept.
 */
#ifndef AC_RUN_RUN_H
#define AC_RUN_RUN_H

#include <signal.h>
#include <stdbool.h>

#include "base/env.h"
#include "case/case.h"
#include "match/match.h"
#include "run/verdict.h"
#include "target/target.h"

typedef struct ac_selection {
    ac_strs patterns; /* globs over ids; none: all */
    ac_strs tags;
    ac_strs errors;   /* documented codes */
    bool for_clients; /* also the cases that judge an SDK */
} ac_selection;

/* The cases that a selection names, in plan order. A pattern, tag or code that names nothing fails, with a
 * suggestion. */
bool ac_select(ac_arena *arena, const ac_cases *cases, const ac_selection *selection, const ac_case ***out,
               size_t *count, ac_err *err) AC_MUST_USE;

/* One judged answer, for those who judge it again; valid during the call. */
typedef struct ac_observation {
    const ac_case *c;
    const ac_step *step;
    ac_match_input input; /* variables replaced */
    const ac_json *body;  /* NULL: not JSON */
} ac_observation;

typedef struct ac_run_options {
    ac_env env;
    unsigned jobs;       /* cases in flight */
    bool no_states;      /* use no provider states */
    bool fail_fast;      /* stop at the first failure */
    ac_level level;      /* findings above it become notes; AC_LEVEL_MESSAGE judges all */
    int64_t case_ms;     /* deadline of a case; 0: the target\'s, else 90 s */
    int64_t run_ms;      /* deadline of the run; 0: the target\'s, else none */
    bool keep_exchanges; /* also for passes */
    bool allow_create;   /* on targets that are not this machine */
    bool (*excuses)(void *context,
                    const ac_verdict *verdict); /* no reason to stop; NULL: nothing is excused */
    void *excuses_context;
    const volatile sig_atomic_t *stop; /* NULL: nothing asks to end */
    const char *rerun_options;         /* put before the id in the rerun line; may be "" */
    void (*observe)(void *context, const ac_observation *observation); /* NULL: nobody */
    void *observe_context;
} ac_run_options;

extern const ac_run_options ac_run_defaults; /* real env, 16 jobs, …, 30 s, none */

/* Runs the cases. False only where nothing could be judged at all (target unreachable: AC_ERR_JUDGE) or the
 * machine failed; findings are no errors. */
bool ac_run(const ac_corpus *corpus, const ac_case *const *cases, size_t count, ac_target *target,
            const ac_run_options *options, const ac_listener *listeners, size_t listener_count,
            ac_run_tail *tail, ac_err *err) AC_MUST_USE;

#endif
