/*
 * Verdicts: the outcome of a case as data without pointers into cases or contracts, so that reports can be
 * made during a run or from a results stream long after it. The reports see this header only.
 */
#ifndef AC_RUN_VERDICT_H
#define AC_RUN_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decode.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

typedef enum ac_word {
    AC_PASS,
    AC_FAIL,    /* at least one finding */
    AC_SKIP,    /* not run, for a reason that the target or the command line declares */
    AC_BLOCKED, /* could not be judged: a fixture, a state or an earlier step did not come about */
    AC_ERROR,   /* could not be judged: transport, driver, or our own fault */
    AC_WORDS
} ac_word;

/* What a list of expectations says of a verdict (docs/expectations-format.md). */
typedef enum ac_standing {
    AC_STANDING_NONE,
    AC_STANDING_KNOWN, /* the list expects just this */
    AC_STANDING_FIXED, /* a pass, where the list expects something else: the list is out of date */
    AC_STANDING_FLAKY, /* the list lets the case pass or not */
    AC_STANDINGS
} ac_standing;

extern const char *const ac_standing_names[]; /* "", "known", …; NULL at the end */

extern const char *const ac_word_names[]; /* "pass", …; NULL at the end */
const char *ac_word_name(ac_word word);

typedef struct ac_shown_finding {
    ac_str kind, place, expected, observed, source, step;
    int level;
    bool note;
} ac_shown_finding;

/* Texts as on the wire, bounded, with secrets replaced. */
typedef struct ac_shown_exchange {
    ac_str step;
    ac_str request; /* request line, headers, empty line, body */
    ac_str response;
    ac_str curl; /* reproduces the request */
} ac_shown_exchange;

typedef struct ac_verdict {
    ac_str id, operation, group, title;
    ac_word word;
    ac_str reason;    /* of skip, blocked and error */
    int level;        /* 1 to 5; 0: not judged */
    ac_str certainty; /* must should may */
    ac_str source;    /* documented, metadata, sdk, client, inferred, observed */
    ac_str cite;      /* for people */
    ac_str code;      /* documented error code the case verifies; p NULL: none */
    int64_t row;      /* its row; 0: none */
    ac_str state;     /* provider state it leaned on; p NULL: none */
    int64_t started_ms;
    int64_t duration_us;
    int64_t requests;
    ac_shown_finding *findings;
    size_t finding_count;
    ac_shown_exchange *exchanges; /* kept for fail, blocked and error */
    size_t exchange_count;
    ac_str rerun; /* command that runs just this case again */
    ac_standing standing;
    ac_str standing_reason; /* as the list gives it; p NULL where it has no standing */
    ac_str ticket;          /* p NULL: none */
} ac_verdict;

/* A documented error row, so that the table shows those without a case too. */
typedef struct ac_documented_error {
    ac_str operation, code, reach, cite;
    int64_t status, row;
} ac_documented_error;

typedef struct ac_run_head {
    ac_str version; /* of accord */
    ac_str target;  /* as named on the command line */
    ac_str url;
    ac_str client; /* the SDK under test and its driver; p NULL: the target is a server */
    int64_t started_ms;
    ac_str seed;
    ac_documented_error *errors; /* of the operations selected */
    size_t error_count;
    size_t planned; /* cases selected */
} ac_run_head;

typedef struct ac_run_tail {
    int64_t duration_us;
    int64_t requests;
    int64_t counts[AC_WORDS];
    int64_t known, fixed, flaky; /* verdicts by standing */
    int64_t excused[AC_WORDS];   /* of counts: known, or flaky and no pass */
    ac_strs problems;            /* what is wrong with the list of expectations, one line each */
    int64_t with_state;          /* verdicts that leaned on a state hook */
    bool complete;               /* false: interrupted, or ended by a deadline */
    bool unreachable;            /* not complete because the target could not be reached */
    ac_str ended_by;             /* why not complete */
} ac_run_tail;

/* Whether expectations cover a verdict, so that it does not count against the target. */
bool ac_verdict_excused(const ac_verdict *verdict);
/* Adds a verdict to the counts of a tail, those by standing too. */
void ac_tail_count(ac_run_tail *tail, const ac_verdict *verdict);
/* Makes the counts of one tail those of another. */
void ac_tail_take_counts(ac_run_tail *tail, const ac_run_tail *counted);
/* What a run amounts to: AC_FAIL where something failed that no expectation covers, or the list of expectations
 * is out of date; AC_ERROR where not everything could be judged; else AC_PASS. */
ac_word ac_tail_outcome(const ac_run_tail *tail);

/* Who hears of a run: the results stream, each report, the console. Calls come in the order head, verdicts,
 * tail, from one thread; pointers are valid during the call only. */
typedef struct ac_listener {
    void *context;
    void (*head)(void *context, const ac_run_head *head);
    void (*verdict)(void *context, const ac_verdict *verdict);
    void (*tail)(void *context, const ac_run_tail *tail);
} ac_listener;

/* For those who hear verdicts only. */
void ac_ignore_head(void *context, const ac_run_head *head);
void ac_ignore_tail(void *context, const ac_run_tail *tail);

/* ---- the results stream: NDJSON, docs/results-format.md ---- */

enum { AC_RESULT_LINE_MAX = 4 * 1024 * 1024 }; /* bytes of a line */

/* Each appends one line with its end. What would pass the limit of a line is written with its optional
 * texts and its lists cut, so that every line can be read again; the buffer's ceiling must leave room for
 * AC_RESULT_LINE_MAX bytes. Bytes that are not UTF-8 and NUL become U+FFFD. */
void ac_result_write_head(ac_buf *line, const ac_run_head *head);
void ac_result_write_verdict(ac_buf *line, const ac_verdict *verdict);
void ac_result_write_tail(ac_buf *line, const ac_run_tail *tail);

/* Plays a stream, a file or "-" for standard input, to a listener; memory is bounded by the longest line. A
 * last line without its end is dropped and a missing end line made up (a run was killed): the tail then says
 * that the stream is not complete. Other damage fails with file and line, kind AC_ERR_USAGE, after the
 * listener has heard what stands before it. */
bool ac_result_play(const char *path, const ac_listener *listener, ac_err *err) AC_MUST_USE;

/* The same of text in memory; file is its name in messages. */
bool ac_result_play_text(ac_str text, const char *file, const ac_listener *listener, ac_err *err) AC_MUST_USE;

#endif
