/* Checks of contracts and cases beyond what loading them checks: citations resolve, every documented line
 * has a fact, every error row has a case or a reason, requests keep the rules, no secrets. */
#ifndef AC_CASE_LINT_H
#define AC_CASE_LINT_H

#include "case/case.h"

typedef struct ac_lint_finding {
    const char *file;
    ac_str text; /* "place: what is wrong" */
} ac_lint_finding;

typedef struct ac_lint_report {
    ac_lint_finding *items;
    size_t count;
    /* What was looked at. */
    size_t contracts, cases, parameters, error_rows, citations;
} ac_lint_report;

void ac_lint(ac_arena *arena, const ac_corpus *corpus, const ac_cases *cases, ac_lint_report *report);

#endif
