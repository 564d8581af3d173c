/* Private to the module: listening to one run of a mutant. */
#ifndef AC_SELFTEST_WATCH_H
#define AC_SELFTEST_WATCH_H

#include "run/verdict.h"
#include "selftest/selftest.h"

typedef struct watch {
    const ac_mutant *mutant; /* NULL: the clean mock */
    ac_arena *arena;         /* of the result's texts */
    bool killed, precise;
    ac_str case_id, finding;
} watch;

ac_listener watch_listener(watch *watch);

#endif
