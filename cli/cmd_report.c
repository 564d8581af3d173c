#include <stdio.h>

#include "cli/common.h"
#include "reports/report.h"

enum { REPORTS_MAX = 16 };

typedef struct report_settings {
    ac_strs reports;
    bool table, verbose;
} report_settings;

static const cli_option report_options[] = {
    {"report", 'r', OPTION_TEXTS, offsetof(report_settings, reports), "FORMAT:PATH",
     "write a report: junit, tap, tap14, markdown or console; - is standard output (repeatable)"},
    {"table", 0, OPTION_FLAG, offsetof(report_settings, table), NULL,
     "print every documented error with its result"},
    {"verbose", 'v', OPTION_FLAG, offsetof(report_settings, verbose), NULL,
     "tell of skips and of findings that do not fail"},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

typedef struct fan_out {
    ac_report *reports[REPORTS_MAX];
    size_t count;
} fan_out;

static void pass_head(void *context, const ac_run_head *head)
{
    const fan_out *f = context;
    for (size_t i = 0; i < f->count; i++) {
        const ac_listener *l = ac_report_listener(f->reports[i]);
        l->head(l->context, head);
    }
}

static void pass_verdict(void *context, const ac_verdict *verdict)
{
    const fan_out *f = context;
    for (size_t i = 0; i < f->count; i++) {
        const ac_listener *l = ac_report_listener(f->reports[i]);
        l->verdict(l->context, verdict);
    }
}

static void pass_tail(void *context, const ac_run_tail *tail)
{
    const fan_out *f = context;
    for (size_t i = 0; i < f->count; i++) {
        const ac_listener *l = ac_report_listener(f->reports[i]);
        l->tail(l->context, tail);
    }
}

static bool open_reports(cli_context *cli, const report_settings *s, fan_out *f)
{
    if (s->reports.count > REPORTS_MAX) {
        return ac_fail(&cli->err, AC_ERR_USAGE, "--report: at most %d reports", REPORTS_MAX);
    }
    for (size_t i = 0; i < s->reports.count; i++) {
        f->reports[f->count] = ac_report_open(s->reports.items[i], &cli->err);
        if (!f->reports[f->count]) {
            return false;
        }
        f->count++;
    }
    if (f->count > 0) {
        return true;
    }
    ac_output *output = ac_output_open_stream("-", &cli->err);
    const ac_console_options options = {.table = s->table, .verbose = s->verbose};
    f->reports[0] = output ? ac_report_open_console(output, &options) : NULL;
    f->count = output ? 1 : 0;
    return output != NULL;
}

static int finish(cli_context *cli, fan_out *f, bool played)
{
    bool ok = played;
    for (size_t i = 0; i < f->count; i++) {
        ac_err own = {0};
        if (!played) {
            ac_report_abort(f->reports[i]);
        } else if (!ac_report_close(f->reports[i], &own) && ok) {
            ok = false;
            cli->err = own;
        }
    }
    return ok ? 0 : -1;
}

static int report(cli_context *cli, void *settings, ac_strs arguments)
{
    const report_settings *s = settings;
    fan_out f = {.count = 0};
    if (arguments.count != 1) {
        ac_fail(&cli->err, AC_ERR_USAGE,
                "report needs one results stream (accord run --results FILE writes it)");
        return -1;
    }
    if (!open_reports(cli, s, &f)) {
        return finish(cli, &f, false);
    }
    const ac_listener listener = {&f, pass_head, pass_verdict, pass_tail};
    return finish(cli, &f, ac_result_play(ac_str_z(cli->arena, arguments.items[0]), &listener, &cli->err));
}

const cli_command command_report = {
    "report",
    "RESULTS [OPTION…]",
    "render reports from a results stream",
    "Without --report the summary for people is printed. RESULTS may be - for standard input.",
    report_options,
    sizeof(report_settings),
    report,
};
