/* Private to the reports: what a writer is, and what lies between it and the file. */
#ifndef AC_REPORTS_WRITER_H
#define AC_REPORTS_WRITER_H

#include "base/file.h"
#include "reports/report.h"

enum { AC_WRITER_BUFFER = 64 * 1024 * 1024 }; /* ceiling of a writer's buffers: no text comes near it */

/* Each hears of one head, of verdicts, and of one tail, in this order. */
typedef struct ac_writer {
    void *(*open)(ac_output *output);
    void (*head)(void *context, const ac_run_head *head);
    void (*verdict)(void *context, const ac_verdict *verdict);
    void (*tail)(void *context, const ac_run_tail *tail);
    void (*free)(void *context);
} ac_writer;

/* Opens the path, then the writer. */
ac_report *ac_report_start(const char *path, const ac_writer *writer, ac_err *err);
/* The same for a writer that is open. */
ac_report *ac_report_wrap(ac_output *output, const ac_writer *writer, void *context);

/* Writes out what waits; a failure is kept by the output and told when the report is closed. */
void ac_writer_flush(ac_output *output);

ac_report *ac_junit_open(const char *path, ac_err *err);
ac_report *ac_tap_open(const char *path, ac_err *err);
ac_report *ac_tap14_open(const char *path, ac_err *err);
ac_report *ac_markdown_open(const char *path, ac_err *err);
ac_report *ac_console_open(const char *path, ac_err *err);

#endif
