#include "reports/report.h"

#include <string.h>

#include "base/text.h"
#include "reports/writer.h"

const ac_report_format ac_report_formats[] = {
    {"junit", "JUnit XML: a testsuite for each operation, a testcase for each case", ac_junit_open},
    {"tap", "TAP with YAML diagnostics, under version 13, which every reader knows", ac_tap_open},
    {"tap14", "the same under version 14", ac_tap14_open},
    {"markdown", "summary and the table of documented errors, for CI job summaries", ac_markdown_open},
    {"console", "what the terminal shows, without colour", ac_console_open},
};
const size_t ac_report_format_count = AC_COUNT(ac_report_formats);

struct ac_report {
    ac_listener listener; /* this report as its own context */
    const ac_writer *writer;
    void *context;
    ac_output *output;
    bool headed, ended;
    ac_run_tail seen; /* counted here, for a run that does not end */
};

static void hear_head(void *context, const ac_run_head *head)
{
    ac_report *report = context;
    report->headed = true;
    report->writer->head(report->context, head);
}

static void hear_verdict(void *context, const ac_verdict *verdict)
{
    ac_report *report = context;
    ac_tail_count(&report->seen, verdict);
    report->seen.requests += verdict->requests;
    report->writer->verdict(report->context, verdict);
}

/* Writers may rely on the counts: they are those of the verdicts heard. */
static void hear_tail(void *context, const ac_run_tail *tail)
{
    ac_report *report = context;
    ac_run_tail counted = *tail;
    ac_tail_take_counts(&counted, &report->seen);
    report->ended = true;
    report->writer->tail(report->context, &counted);
}

ac_report *ac_report_wrap(ac_output *output, const ac_writer *writer, void *context)
{
    ac_report *report = ac_alloc(sizeof *report);
    report->listener = (ac_listener){report, hear_head, hear_verdict, hear_tail};
    report->writer = writer;
    report->context = context;
    report->output = output;
    return report;
}

ac_report *ac_report_start(const char *path, const ac_writer *writer, ac_err *err)
{
    ac_output *output = ac_output_open(path, err);
    return output ? ac_report_wrap(output, writer, writer->open(output)) : NULL;
}

void ac_writer_flush(ac_output *output)
{
    bool flushed = ac_output_flush(output, NULL);
    (void)flushed;
}

const ac_listener *ac_report_listener(ac_report *report)
{
    return &report->listener;
}

static void finish(ac_report *report)
{
    if (!report->headed) {
        static const ac_run_head nothing = {.planned = 0};
        hear_head(report, &nothing);
    }
    if (!report->ended) {
        report->seen.ended_by = AC_STR("the run did not end");
        hear_tail(report, &report->seen);
    }
}

bool ac_report_close(ac_report *report, ac_err *err)
{
    finish(report);
    report->writer->free(report->context);
    bool ok = ac_output_close(report->output, err);
    ac_free(report);
    return ok;
}

void ac_report_abort(ac_report *report)
{
    if (report) {
        report->writer->free(report->context);
        ac_output_abort(report->output);
        ac_free(report);
    }
}

/* ---- by name ---- */

static const ac_report_format *find_format(ac_str name)
{
    for (size_t i = 0; i < ac_report_format_count; i++) {
        if (ac_str_is(name, ac_report_formats[i].name)) {
            return &ac_report_formats[i];
        }
    }
    return NULL;
}

static void unknown_format(ac_str name, ac_err *err)
{
    ac_str known[AC_COUNT(ac_report_formats)];
    ac_buf list;
    ac_buf_init(&list, AC_ERR_TEXT_MAX);
    for (size_t i = 0; i < AC_COUNT(known); i++) {
        known[i] = ac_str_c(ac_report_formats[i].name);
        ac_buf_printf(&list, "%s%s", i > 0 ? ", " : "", ac_report_formats[i].name);
    }
    ac_str near = ac_suggest(name, known, AC_COUNT(known));
    if (near.n > 0) {
        ac_fail(err, AC_ERR_USAGE, "unknown report format \"%.*s\"; did you mean \"%.*s\"?",
                AC_STR_FMT(ac_str_sub(name, 0, 64)), AC_STR_FMT(near));
    } else {
        ac_fail(err, AC_ERR_USAGE, "unknown report format \"%.*s\"; there are %s",
                AC_STR_FMT(ac_str_sub(name, 0, 64)), list.p);
    }
    ac_buf_done(&list);
}

ac_report *ac_report_open(ac_str spec, ac_err *err)
{
    ac_str path;
    ac_str name = ac_str_split(spec, ':', &path);
    const ac_report_format *format = find_format(name);
    if (!format) {
        unknown_format(name, err);
        return NULL;
    }
    if (path.n == 0) {
        ac_fail(err, AC_ERR_USAGE, "report \"%s\" names no file; write %s:FILE, or %s:- for standard output",
                format->name, format->name, format->name);
        return NULL;
    }
    ac_arena *arena = ac_arena_new();
    ac_report *report = format->open(ac_str_z(arena, path), err);
    ac_arena_free(arena);
    return report;
}
