/* Private to the ledger: its entries, and what its files share. */
#ifndef AC_DRIFT_DRIFT_PARTS_H
#define AC_DRIFT_DRIFT_PARTS_H

#include "base/decode.h"
#include "base/names.h"
#include "drift/drift.h"

enum { DRIFT_CASES_KEPT = 5 };

typedef enum drift_severity {
    DRIFT_HIGH,
    DRIFT_MEDIUM,
    DRIFT_LOW,
    DRIFT_NOTE,
    DRIFT_SEVERITIES
} drift_severity;

extern const char *const drift_severity_names[]; /* NULL at the end */

/* The name of documentation among targets. */
extern const ac_str drift_documentation;

/* What one target shows of a divergence. */
typedef struct drift_seen {
    ac_str target;
    ac_str first_seen, last_seen; /* 2026-11-22T04:17:00Z */
    ac_str gone;                  /* when its cases first ran without it; p NULL: it is still there */
    int64_t count;                /* cases that show it, in the run that was last */
    ac_strs cases;                /* some of those that show it, sorted */
    size_t round, verdict;        /* what was heard last of what shows it: stream, and verdict in it */
} drift_seen;

typedef struct drift_entry {
    ac_str id, operation, kind, place;
    ac_str expected, observed; /* normalised */
    ac_str source;             /* of the expectation */
    int severity;
    bool note; /* fails no case */
    struct {
        drift_seen *items;
        size_t count;
    } seen;
    size_t seen_capacity;
} drift_entry;

typedef struct drift_target {
    ac_str target;
    ac_str about; /* p NULL: nothing to say */
} drift_target;

struct ac_drift {
    ac_arena *arena;
    ac_arena *scratch; /* of one sight */
    struct {
        drift_target *items;
        size_t count;
    } targets;
    struct {
        drift_entry *items;
        size_t count;
    } entries;
    size_t target_capacity, entry_capacity;
    ac_names ids; /* the number of an id is that of its entry */
    /* The stream that is heard. */
    ac_str named; /* by the caller; p NULL: nobody */
    ac_str target, time;
    ac_names ran;   /* cases that were judged */
    size_t round;   /* its number, from 1 */
    size_t verdict; /* number of the one that is heard, from 1 */
    ac_drift_changes changes;
};

/* One divergence as it is seen, texts as they came. */
typedef struct drift_sight {
    ac_str operation, kind, place, expected, observed, source, case_id;
    int level; /* that it breaks, 0: none */
    bool note;
} drift_sight;

/* normal.c. Whatever a stream holds, the ledger holds text that can be read again. */
ac_str drift_visible(ac_arena *arena, ac_str text);
ac_str drift_normal(ac_arena *arena, ac_str text);
ac_str drift_normal_place(ac_arena *arena, ac_str place);
ac_str drift_id(ac_arena *arena, const drift_entry *entry);

/* kinds.c: what kinds of divergences there are. */
drift_severity drift_severity_of(ac_str kind, int level);
/* The section of a page that a kind belongs to. */
typedef enum drift_table { DRIFT_BETWEEN_SOURCES, DRIFT_ONE_A_ROW, DRIFT_SIDE_BY_SIDE } drift_table;

typedef struct drift_group {
    const char *title;
    const char *about; /* one sentence */
    drift_table table;
} drift_group;
extern const drift_group drift_groups[];
extern const size_t drift_group_count;
size_t drift_group_of(ac_str kind);

/* ledger.c */
bool drift_is_operation(ac_str text);
void drift_begin(ac_drift *drift, ac_str target, ac_str about, int64_t time_ms);
void drift_see(ac_drift *drift, const drift_sight *sight);
/* Whether a run could have shown what it did not show. */
typedef bool drift_looked(const void *context, const drift_entry *entry, const drift_seen *seen);
void drift_end(ac_drift *drift, drift_looked *looked, const void *context);
void drift_sort(ac_drift *drift);

#endif
