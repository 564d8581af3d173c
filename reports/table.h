/*
 * Private to the reports: the table of operations and their documented errors, and what else a summary says.
 * Copies what it keeps; memory grows with operations and documented errors, not with cases.
 */
#ifndef AC_REPORTS_TABLE_H
#define AC_REPORTS_TABLE_H

#include "base/names.h"
#include "reports/clients.h"
#include "run/verdict.h"

enum { AC_TABLE_LEVELS = 6, AC_TABLE_REASONS = 200 }; /* L0 to L5; reasons kept apart */

/* What became of a documented error. Later ones win: one failure outweighs any number of passes. */
typedef enum ac_cell {
    AC_CELL_NO_CASE,
    AC_CELL_SKIPPED,
    AC_CELL_BLOCKED, /* or an error: could not be judged */
    AC_CELL_VERIFIED,
    AC_CELL_FAILED,
    AC_CELLS
} ac_cell;

extern const char *const ac_cell_names[]; /* "verified" */

typedef struct ac_table_row {
    int64_t row, status;
    ac_str code, reach, cite;
    ac_cell cell;
    int level;                 /* of the deepest pass */
    bool by_state, by_request; /* how the answers that were judged came about */
    ac_str because; /* name of the first case that failed; reason of the first that was not judged */
} ac_table_row;

typedef struct ac_table_operation {
    ac_str name;
    ac_table_row *rows;
    size_t row_count, row_capacity;
    int64_t counts[AC_WORDS];
    int64_t cells[AC_CELLS];
    int64_t verified[AC_TABLE_LEVELS]; /* rows verified, by level */
} ac_table_operation;

typedef struct ac_table_reason {
    ac_word word;         /* skip, blocked or error; any but pass with a standing */
    ac_standing standing; /* known or flaky: the text is what the list says */
    ac_str text;
    bool others; /* the reasons that were not kept apart */
    int64_t count;
} ac_table_reason;

typedef struct ac_table {
    ac_arena *arena;
    ac_run_head head; /* without errors */
    ac_run_tail tail; /* with counts as heard */
    ac_names names;
    ac_table_operation *operations; /* sorted by name after the end */
    size_t operation_capacity;
    ac_names reason_keys;
    ac_table_reason *reasons; /* most frequent first after the end */
    size_t reason_count, reason_capacity;
    ac_clients clients;              /* of a run against an SDK: head.client is set */
    int64_t levels[AC_TABLE_LEVELS]; /* passes, by level */
    int64_t rows;                    /* documented errors */
    int64_t verified;
} ac_table;

ac_table *ac_table_new(void);
void ac_table_free(ac_table *table);

void ac_table_head(ac_table *table, const ac_run_head *head);
void ac_table_verdict(ac_table *table, const ac_verdict *verdict);
void ac_table_tail(ac_table *table, const ac_run_tail *tail);

int64_t ac_table_total(const int64_t counts[AC_WORDS]);

/* "verified L5, by state", "skipped: reason", "failed: error/Code" */
void ac_table_tell_cell(ac_buf *out, const ac_table_row *row);
/* "41: 39 verified (38 at L5, 1 at L3), 1 failed, 1 skipped" */
void ac_table_tell_rows(ac_buf *out, const ac_table_operation *operation);
/* "38 at L5, 1 at L3" of counts by level, the deepest first */
void ac_table_tell_levels(ac_buf *out, const int64_t levels[AC_TABLE_LEVELS]);
/* "skip", "known fail" */
void ac_table_tell_kind(ac_buf *out, const ac_table_reason *reason);
/* "no such state" */
void ac_table_tell_reason(ac_buf *out, const ac_table_reason *reason);
/* "312 cases: 300 pass, 2 fail, 10 skip, 0 blocked, 0 error", then "; 1 known, 0 fixed, 0 flaky" where the run
 * had a list of expectations that said something */
void ac_table_tell_counts(ac_buf *out, const ac_table *table);
/* The outcome in one sentence; word is what it amounts to: pass, fail, or error for not judged. */
ac_word ac_table_outcome(const ac_table *table);
void ac_table_tell_outcome(ac_buf *out, const ac_table *table);

#endif
