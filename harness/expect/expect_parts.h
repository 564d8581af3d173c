/* Private to expectations: the list as read, and what is found out about it. */
#ifndef AC_EXPECT_EXPECT_PARTS_H
#define AC_EXPECT_EXPECT_PARTS_H

#include "base/decode.h"
#include "base/names.h"
#include "expect/expect.h"

/* The reason that an update writes and reading refuses. */
extern const ac_str expect_open_reason;

typedef enum expected_word {
    EXPECT_FAIL,
    EXPECT_ERROR,
    EXPECT_BLOCKED,
    EXPECT_SKIP,
    EXPECT_FLAKY
} expected_word;

extern const char *const expect_word_names[]; /* NULL at the end */

typedef struct entry {
    ac_strs cases;
    int word;              /* expected_word */
    ac_strs kinds, places; /* of findings; none: all */
    ac_str reason, ticket, expires;
    size_t first_pattern;
    bool expired;
    size_t cases_there, selected; /* cases that it matches */
    size_t ran;                   /* … with a verdict that could show what it expects */
    bool covered;                 /* a verdict or a finding */
    size_t fixed;                 /* cases that passed, though nothing lets them */
} entry;

/* One pattern of an entry. */
typedef struct pattern {
    ac_str text;
    size_t entry; /* its number */
    bool exact;   /* it is the id of a case: names that one alone */
    size_t there; /* cases that it names */
    size_t fixed; /* … that passed, though nothing lets them */
    size_t next;  /* with the same key: index + 1, 0 at the end */
} pattern;

/* A failure that no entry covers; kept in the order of the run. */
typedef struct uncovered {
    ac_str operation, id;
    ac_word word;
    ac_strs kinds;
} uncovered;

struct ac_expectations {
    ac_arena *arena;
    const char *file;
    ac_str text;
    ac_expect_options options;
    ac_strs targets;
    struct {
        entry *items;
        size_t count;
    } entries;
    pattern *patterns; /* in the order of the file */
    size_t pattern_count;
    ac_names keys;  /* what stands before the first wildcard of a pattern, whole components */
    size_t *firsts; /* by key: the first pattern, index + 1 */
    const ac_expect_case *cases;
    size_t case_count, selected;
    const pattern **found; /* by the search that was last, in the order of the file */
    size_t found_count, found_capacity;
    const ac_listener *others;
    size_t other_count;
    ac_run_tail tail;
    bool ended;
    ac_str *fixed; /* ids */
    size_t fixed_count, fixed_capacity;
    uncovered *uncovered;
    size_t uncovered_count, uncovered_capacity;
};

/* search.c: the patterns that name a case, into list->found. */
void expect_index(ac_expectations *list);
void expect_mark_exact(ac_expectations *list, ac_str id); /* there is a case of this id */
void expect_find(ac_expectations *list, ac_str id);
bool expect_names(const pattern *p, ac_str id);

/* judge.c: what this run shows to be needed no more. */
bool expect_is_unused(const ac_expectations *list, const entry *e);
bool expect_is_stale(const ac_expectations *list, const pattern *p);

#endif
