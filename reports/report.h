/*
 * Reports: one writer a format, fed by a run or by a results stream. docs/report-formats.md shows them.
 *
 * A report is opened before the run, so that a path that cannot be written is told before anything is sent,
 * and closed after it, whatever became of the run: closing makes the file whole. A report that heard of no
 * end says that the run did not end. All text is escaped for its format, whatever a target sends; it is cut
 * where it is long, the results stream alone has all of it. A report belongs to one thread.
 */
#ifndef AC_REPORTS_REPORT_H
#define AC_REPORTS_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "run/verdict.h"

typedef struct ac_report ac_report;

typedef struct ac_report_format {
    const char *name;
    const char *description; /* one line, for --help */
    ac_report *(*open)(const char *path, ac_err *err);
} ac_report_format;

extern const ac_report_format ac_report_formats[];
extern const size_t ac_report_format_count;

/* spec: "FORMAT:PATH", where the path "-" is standard output. NULL with AC_ERR_USAGE for an unknown format
 * and for a path that cannot be written. */
ac_report *ac_report_open(ac_str spec, ac_err *err);

typedef struct ac_console_options {
    bool colour;      /* escape sequences for colour */
    bool progress;    /* a line that is rewritten in place: terminals only */
    bool verbose;     /* also skips, and findings that are notes */
    bool quiet;       /* failures and the closing sentence only */
    bool table;       /* every documented error of every operation */
    unsigned columns; /* width of the terminal, for the progress line; 0: 80 */
} ac_console_options;

/* The report for a person who watches: failures as they happen, a summary at the end. Takes the output. */
ac_report *ac_report_open_console(ac_output *output, const ac_console_options *options);

const ac_listener *ac_report_listener(ac_report *report);

/* Completes the report and frees it in any case; false where it could not be written. */
bool ac_report_close(ac_report *report, ac_err *err) AC_MUST_USE;

/* Leaves no report behind: for errors before the run began. NULL is fine. */
void ac_report_abort(ac_report *report);

#endif
