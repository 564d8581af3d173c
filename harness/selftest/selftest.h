/*
 * The suite proves its bite: it runs against the mock as it is, where everything must pass, and against each
 * mutant, where something must fail and say where.
 */
#ifndef AC_SELFTEST_SELFTEST_H
#define AC_SELFTEST_SELFTEST_H

#include <signal.h>
#include <stdbool.h>

#include "case/case.h"
#include "mutant/mutant.h"

typedef enum ac_fate {
    AC_FATE_NONE,       /* not run: interrupted */
    AC_FATE_KILLED,     /* a case failed */
    AC_FATE_SURVIVED,   /* no case noticed */
    AC_FATE_EQUIVALENT, /* nobody outside could notice: the mutant says why */
    AC_FATE_BROKEN      /* could not be run */
} ac_fate;

typedef struct ac_selftest_result {
    const ac_mutant *mutant;
    ac_fate fate;
    bool precise;   /* a finding names the mutated line: its kind, and the pointer, parameter or code */
    ac_str case_id; /* the case that killed it, the precise one first */
    ac_str finding; /* "kind at place" of that case, or why it could not be run */
} ac_selftest_result;

typedef struct ac_selftest_options {
    unsigned jobs;
    const volatile sig_atomic_t *stop; /* NULL: nothing asks to end */
    /* Told of each result, from any thread, one at a time. May be NULL. */
    void (*progress)(void *context, size_t done, size_t count);
    void *context;
} ac_selftest_options;

/* Runs the mutants; results[i] is that of mutants[i], texts live in the arena. False where the clean mock has
 * findings or the machine failed: *err says what. */
bool ac_selftest(ac_arena *arena, const ac_corpus *corpus, const ac_cases *cases,
                 const ac_mutant *const *mutants, size_t count, const ac_selftest_options *options,
                 ac_selftest_result *results, ac_err *err) AC_MUST_USE;

#endif
