/*
 * Expectations: a list of what is known not to conform. docs/expectations-format.md is the manual of its file.
 *
 * A list stands between the run and those who hear of it: it is read, told of all cases before the run, and
 * then hears every verdict, gives it its standing, and passes it on. After the run it can write its file anew
 * with the smallest change. It belongs to one thread. Nothing here reads or writes files.
 */
#ifndef AC_EXPECT_EXPECT_H
#define AC_EXPECT_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/verdict.h"

typedef struct ac_expectations ac_expectations;

typedef struct ac_expect_options {
    int64_t now_ms; /* decides what is expired */
    bool updating;  /* the file will be written anew: reasons that an update left open are fine */
} ac_expect_options;

/* Reads a list from the text of a file, which must outlive it. NULL with *err of kind AC_ERR_USAGE, "file: place: what". */
ac_expectations *ac_expect_new(ac_str text, const char *file, const ac_expect_options *options, ac_err *err);
void ac_expect_free(ac_expectations *list); /* NULL is fine */

/* The text of a file that expects nothing yet of a target. */
ac_str ac_expect_empty(ac_arena *arena, ac_str target);

/* Whether the list is meant for this target, as named on the command line. */
bool ac_expect_accepts(const ac_expectations *list, ac_str target, ac_err *err) AC_MUST_USE;

/* One case that there is. */
typedef struct ac_expect_case {
    ac_str id;     /* must outlive the list */
    bool selected; /* will run */
} ac_expect_case;

/* Once, before the run: every case that there is, whether selected or not. */
void ac_expect_plan(ac_expectations *list, const ac_expect_case *cases, size_t count);

/* Whether the list expects a verdict, for those who hear of it before the listener does. */
bool ac_expect_excuses(ac_expectations *list, const ac_verdict *verdict);

/* A listener that judges what it hears and tells the others, whose listeners must outlive the run. The tail that
 * they hear counts by standing and says what is wrong with the list. */
ac_listener ac_expect_listener(ac_expectations *list, const ac_listener *others, size_t count);
/* That tail; NULL before it was heard. */
const ac_run_tail *ac_expect_tail(const ac_expectations *list);

typedef struct ac_expect_changes {
    size_t removed, narrowed, added; /* entries */
    size_t open;                     /* entries that a person must look at: expired, or without a reason */
} ac_expect_changes;

/* The text of the file after a run that came to its end, with the smallest change that makes the list true of it:
 * entries that are no longer needed go, those that name too much name less, failures that no entry covers get
 * entries at the end whose reason a person must write. All else stays as it stands. */
bool ac_expect_update(const ac_expectations *list, ac_arena *arena, ac_str *text, ac_expect_changes *changes,
                      ac_err *err) AC_MUST_USE;

#endif
