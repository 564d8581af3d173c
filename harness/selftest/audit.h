/*
 * The audit of written and recorded cases: each answer is changed in one place at a time and judged again; what
 * a case's assertions do not notice is named. Runs on the clean mock.
 */
#ifndef AC_SELFTEST_AUDIT_H
#define AC_SELFTEST_AUDIT_H

#include <stdbool.h>

#include "case/case.h"

typedef enum ac_audit_kind {
    AC_AUDIT_DEAD,   /* an assertion that no change of its place disturbs */
    AC_AUDIT_UNSEEN, /* a value that the case sent comes back, and nobody looks */
    AC_AUDIT_IDLE,   /* a step whose answer could be anything of the right outcome */
    AC_AUDIT_FAILED  /* the case does not pass on the mock */
} ac_audit_kind;

typedef struct ac_audit_finding {
    ac_audit_kind kind;
    ac_str case_id, step, place;
    ac_str text; /* one line */
} ac_audit_finding;

typedef struct ac_audit_report {
    ac_audit_finding *items;
    size_t count, capacity;
    size_t cases, answers, changes, noticed; /* what was looked at */
} ac_audit_report;

/* False where the mock could not be run. */
bool ac_audit(ac_arena *arena, const ac_corpus *corpus, const ac_case *const *cases, size_t count,
              ac_audit_report *report, ac_err *err) AC_MUST_USE;

#endif
