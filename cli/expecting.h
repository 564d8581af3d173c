/* Expectations of a run: the file on one side, the list on the other. */
#ifndef AC_CLI_EXPECTING_H
#define AC_CLI_EXPECTING_H

#include "cli/common.h"
#include "expect/expect.h"

typedef struct cli_expecting {
    cli_context *cli;
    ac_str path;
    bool update;
    bool quiet;
    ac_str text;           /* of the file */
    ac_expectations *list; /* NULL: nothing is expected */
} cli_expecting;

/* Reads the list (path.p NULL: none), sees that it is for the target, and tells it what will run. A file that is not
 * there yet may be updated. */
bool expecting_open(cli_expecting *x, const ac_env *env, const ac_target *target, const cli_suite *suite,
                    const ac_case *const *chosen, size_t count) AC_MUST_USE;
void expecting_close(cli_expecting *x);

/* After the run: what it amounts to, with the list; updates the file where that was asked for. */
bool expecting_finish(cli_expecting *x, const ac_run_tail *tail, ac_word *outcome) AC_MUST_USE;

#endif
