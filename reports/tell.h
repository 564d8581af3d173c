/* Verdicts and findings in words, the same in every format; for what writes reports and pages. */
#ifndef AC_REPORTS_TELL_H
#define AC_REPORTS_TELL_H

#include <stdbool.h>

#include "base/str.h"
#include "run/verdict.h"

enum {
    AC_TELL_SHORT = 512,    /* bytes of a text in a line of many */
    AC_TELL_TEXT = 2048,    /* bytes of what was expected and observed */
    AC_TELL_COMMAND = 8192, /* bytes of a command to copy */
    AC_TELL_FURTHER = 9     /* findings after the first that are told */
};

/* One line without anything that a terminal or a reader of lines could trip over: control characters, bytes
 * that are not UTF-8, what cannot be seen or turns the direction of writing, U+FFFE and U+FFFF become
 * escapes (\n, \x1B, \u202E). What is longer than max bytes is cut, and its length told. */
void ac_tell_text(ac_buf *out, ac_str text, size_t max);
/* The start of a text, of at most max bytes, whole characters only. */
ac_str ac_tell_start(ac_str text, size_t max);

/* The id below its operation: "error/VpcNotFound". */
ac_str ac_tell_name(const ac_verdict *verdict);

/* Told text as a format writes it: some characters otherwise. */
typedef struct ac_tell_escape {
    char c; /* 0 ends the table */
    const char *as;
} ac_tell_escape;

void ac_tell_escaped(ac_buf *out, ac_str text, const ac_tell_escape *escapes);
extern const ac_tell_escape ac_tell_in_xml[]; /* and HTML: text, and values of attributes in quotes */
extern const ac_tell_escape
    ac_tell_in_markdown[]; /* every character that could be mark-up: entities never are */

/* Why a run shows less than it seems to, p NULL where it does not: it ended early, or judged nothing. Readers
 * that know only cases would take a part for the whole, and skips for success. */
ac_str ac_tell_shortfall(const ac_run_tail *tail);

/* "1 case", "2 cases" */
void ac_tell_count(ac_buf *out, int64_t count, const char *thing);
/* "12.3 s" */
void ac_tell_duration(ac_buf *out, int64_t duration_us);

/* The first finding of a verdict that fails the case, or NULL. */
const ac_shown_finding *ac_tell_first(const ac_verdict *verdict);
/* How many findings fail it. */
size_t ac_tell_failing(const ac_verdict *verdict);
/* What the expectation of a finding rests on: "documented: publisher, page, section, row"; may be empty. */
void ac_tell_source(ac_buf *out, const ac_verdict *verdict, const ac_shown_finding *finding);
/* The exchange that shows a finding (NULL: the last one), or NULL where none was kept. */
const ac_shown_exchange *ac_tell_exchange(const ac_verdict *verdict, const ac_shown_finding *finding);

/* Whether a verdict makes the run fail: one that no expectation covers, or a pass against expectation. */
bool ac_tell_is_failure(const ac_verdict *verdict);
/* "reason (ticket)" of a verdict with a standing. */
void ac_tell_standing(ac_buf *out, const ac_verdict *verdict);

/* What is wrong, in one line: "expected …, observed …", or the reason. */
void ac_tell_message(ac_buf *out, const ac_verdict *verdict);
/* "expected …, observed …" of one finding. */
void ac_tell_finding(ac_buf *out, const ac_shown_finding *finding, size_t max);

typedef struct ac_tell_style {
    bool colour;
    bool notes; /* also findings that do not fail the case */
} ac_tell_style;

/* "FAIL <id>" and the lines below it. */
void ac_tell_block(ac_buf *out, const ac_verdict *verdict, ac_tell_style style);
/* "BLOCKED <id>: <reason>", "KNOWN FAIL <id>: <reason>", "FIXED <id>: …" */
void ac_tell_line(ac_buf *out, const ac_verdict *verdict, bool colour);
/* The lines of findings that do not fail the case. */
void ac_tell_notes(ac_buf *out, const ac_verdict *verdict);

/* The word in capitals. */
const char *ac_tell_word(ac_word word);

#endif
