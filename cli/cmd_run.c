#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/expecting.h"
#include "reports/report.h"

enum { LISTENERS_MAX = 16, INTERRUPTED = 130, SDK_JOBS = 8 };

typedef struct run_settings {
    cli_choice choice;
    cli_fixed fixed;
    ac_str target, signer, results, level, expect;
    ac_strs reports, variables;
    int64_t jobs, case_ms, run_ms;
    bool no_states, fail_fast, verbose, quiet, table, keep_exchanges, allow_create, update_expect;
} run_settings;

static const cli_option run_options[] = {
    {"target", 'T', OPTION_TEXT, offsetof(run_settings, target), "TARGET",
     "mock (default), a URL, sdk:COMMAND, or a profile file"},
    {"jobs", 'j', OPTION_COUNT, offsetof(run_settings, jobs), "N",
     "cases in flight (16; 8 drivers of an SDK)"},
    {"report", 'r', OPTION_TEXTS, offsetof(run_settings, reports), "FORMAT:PATH",
     "write a report: junit, tap, tap14, markdown or console; - is standard output (repeatable)"},
    {"results", 'o', OPTION_TEXT, offsetof(run_settings, results), "FILE",
     "write the results stream (NDJSON)"},
    {"expect", 'x', OPTION_TEXT, offsetof(run_settings, expect), "FILE",
     "what is known not to conform: fail only where something else happens"},
    {"update-expect", 0, OPTION_FLAG, offsetof(run_settings, update_expect), NULL,
     "write the file of --expect anew after the run, with the smallest change"},
    CHOICE_OPTIONS(run_settings),
    {"var", 'D', OPTION_PAIRS, offsetof(run_settings, variables), "NAME=VALUE",
     "a variable of the target (repeatable)"},
    {"signer", 0, OPTION_TEXT, offsetof(run_settings, signer), "SCHEME",
     "sign with this scheme where the style accepts it"},
    {"level", 0, OPTION_TEXT, offsetof(run_settings, level), "L1..L5",
     "judge up to this level, show the rest (L5)"},
    {"no-states", 0, OPTION_FLAG, offsetof(run_settings, no_states), NULL, "use no provider states"},
    {"allow-create", 0, OPTION_FLAG, offsetof(run_settings, allow_create), NULL,
     "create things on targets that are not this machine"},
    {"fail-fast", 0, OPTION_FLAG, offsetof(run_settings, fail_fast), NULL, "stop at the first failure"},
    {"timeout", 0, OPTION_DURATION, offsetof(run_settings, case_ms), "TIME", "deadline of a case (90s)"},
    {"run-timeout", 0, OPTION_DURATION, offsetof(run_settings, run_ms), "TIME",
     "deadline of the whole run (none)"},
    FIXED_OPTIONS(run_settings),
    {"table", 0, OPTION_FLAG, offsetof(run_settings, table), NULL,
     "print every documented error with its result"},
    {"keep-exchanges", 0, OPTION_FLAG, offsetof(run_settings, keep_exchanges), NULL,
     "keep requests and answers of passes in the results too"},
    {"verbose", 'v', OPTION_FLAG, offsetof(run_settings, verbose), NULL,
     "tell of skips and of findings that do not fail"},
    {"quiet", 'q', OPTION_FLAG, offsetof(run_settings, quiet), NULL, "tell failures and the outcome only"},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

static volatile sig_atomic_t stop_asked;

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    /* A second signal ends the program at once. */
    if (stop_asked) {
        _exit(INTERRUPTED);
    }
    stop_asked = 1;
}

static void catch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = ask_to_stop;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* ---- listeners ---- */

typedef struct outputs {
    ac_report *reports[LISTENERS_MAX];
    size_t report_count;
    ac_output *results;
    ac_buf line;
    ac_err results_err;
    ac_listener listeners[LISTENERS_MAX + 1];
    size_t listener_count;
} outputs;

static void flush_line(outputs *o)
{
    ac_output_write(o->results, ac_buf_str(&o->line));
    ac_buf_clear(&o->line);
    if (o->results_err.kind == AC_ERR_NONE && !ac_output_flush(o->results, &o->results_err)) {
        stop_asked = 1; /* nothing that cannot be kept is worth running for */
    }
}

static void write_head(void *context, const ac_run_head *head)
{
    outputs *o = context;
    ac_result_write_head(&o->line, head);
    flush_line(o);
}

static void write_verdict(void *context, const ac_verdict *verdict)
{
    outputs *o = context;
    ac_result_write_verdict(&o->line, verdict);
    flush_line(o);
}

static void write_tail(void *context, const ac_run_tail *tail)
{
    outputs *o = context;
    ac_result_write_tail(&o->line, tail);
    flush_line(o);
}

static bool add_report(outputs *o, ac_report *report)
{
    if (report) {
        o->reports[o->report_count++] = report;
        o->listeners[o->listener_count++] = *ac_report_listener(report);
    }
    return report != NULL;
}

static bool to_standard_output(const run_settings *s)
{
    for (size_t i = 0; i < s->reports.count; i++) {
        if (ac_str_ends(s->reports.items[i], AC_STR(":-"))) {
            return true;
        }
    }
    return ac_str_is(s->results, "-");
}

static ac_report *open_console(const run_settings *s, ac_err *err)
{
    /* A report on standard output has it for itself. */
    bool aside = to_standard_output(s);
    ac_output *output = ac_output_open_stream(aside ? "/dev/stderr" : "-", err);
    if (!output) {
        return NULL;
    }
    bool terminal = isatty(aside ? STDERR_FILENO : STDOUT_FILENO) == 1;
    const char *no_colour = getenv("NO_COLOR");
    const ac_console_options options = {.colour = terminal && !(no_colour && no_colour[0]),
                                        .progress = terminal,
                                        .verbose = s->verbose,
                                        .quiet = s->quiet,
                                        .table = s->table};
    return ac_report_open_console(output, &options);
}

static bool open_outputs(cli_context *cli, const run_settings *s, outputs *o)
{
    if (s->reports.count >= LISTENERS_MAX - 1) {
        return ac_fail(&cli->err, AC_ERR_USAGE, "--report: at most %d reports", LISTENERS_MAX - 2);
    }
    if (s->results.p) {
        o->results = ac_output_open_stream(ac_str_z(cli->arena, s->results), &cli->err);
        if (!o->results) {
            return false;
        }
        ac_buf_init(&o->line, 2 * AC_RESULT_LINE_MAX);
        o->listeners[o->listener_count++] = (ac_listener){o, write_head, write_verdict, write_tail};
    }
    for (size_t i = 0; i < s->reports.count; i++) {
        if (!add_report(o, ac_report_open(s->reports.items[i], &cli->err))) {
            return false;
        }
    }
    return add_report(o, open_console(s, &cli->err));
}

static void abort_outputs(outputs *o)
{
    for (size_t i = 0; i < o->report_count; i++) {
        ac_report_abort(o->reports[i]);
    }
    ac_output_abort(o->results);
    ac_buf_done(&o->line);
}

/* Every output is closed, whatever happens to another one; the first error is told. */
static bool close_outputs(outputs *o, ac_err *err)
{
    bool ok = true;
    for (size_t i = 0; i < o->report_count; i++) {
        ac_err own = {0};
        if (!ac_report_close(o->reports[i], &own) && ok) {
            ok = false;
            *err = own;
        }
    }
    if (o->results) {
        ac_err own = {0};
        if (!ac_output_close(o->results, &own) && ok) {
            ok = false;
            *err = own;
        }
    }
    ac_buf_done(&o->line);
    return ok;
}

/* ---- the run ---- */

static bool read_level(cli_context *cli, ac_str text, ac_level *out)
{
    if (!text.p) {
        return true;
    }
    for (int level = AC_LEVEL_CLASS; level <= AC_LEVEL_MESSAGE; level++) {
        if (ac_str_is(text, ac_level_name((ac_level)level))) {
            *out = (ac_level)level;
            return true;
        }
    }
    return ac_fail(&cli->err, AC_ERR_USAGE, "--level: L1, L2, L3, L4 or L5 is expected, not \"%.*s\"",
                   AC_STR_FMT(text));
}

static bool check_signer(cli_context *cli, ac_str name)
{
    return !name.p || ac_signer_find(name) ||
           ac_fail(&cli->err, AC_ERR_USAGE,
                   "--signer: acs3-hmac-sha256, acs-rpc-hmac-sha1, acs-roa-hmac-sha1 or volc-hmac-sha256 is "
                   "expected, "
                   "not \"%.*s\"",
                   AC_STR_FMT(name));
}

static void add_word(ac_buf *out, const char *option, ac_str value)
{
    ac_buf_printf(out, "%s%s", out->n > 0 ? " " : "", option);
    if (value.p) {
        ac_buf_printf(out, " '%.*s'", AC_STR_FMT(value));
    }
}

/* What the command of a single case needs to be this run again. */
static const char *rerun_options(cli_context *cli, const run_settings *s)
{
    ac_buf out;
    ac_buf_init(&out, 64 * 1024);
    const struct {
        const char *option;
        ac_str value;
    } texts[] = {{"--target", s->target},
                 {"--cases", s->choice.cases},
                 {"--signer", s->signer},
                 {"--level", s->level}};
    for (size_t i = 0; i < AC_COUNT(texts); i++) {
        if (texts[i].value.p && !ac_str_is(texts[i].value, "mock")) {
            add_word(&out, texts[i].option, texts[i].value);
        }
    }
    for (size_t i = 0; i < s->variables.count; i++) {
        add_word(&out, "--var", s->variables.items[i]);
    }
    if (s->no_states) {
        add_word(&out, "--no-states", (ac_str){NULL, 0});
    }
    if (s->allow_create) {
        add_word(&out, "--allow-create", (ac_str){NULL, 0});
    }
    return ac_buf_take(&out, cli->arena).p;
}

static bool run_options_of(cli_context *cli, const run_settings *s, ac_run_options *out)
{
    *out = ac_run_defaults;
    unsigned usual = ac_target_is_sdk(s->target) ? SDK_JOBS : out->jobs;
    out->jobs = s->jobs > 0 ? (unsigned)(s->jobs < 512 ? s->jobs : 512) : usual;
    out->no_states = s->no_states;
    out->fail_fast = s->fail_fast;
    out->keep_exchanges = s->keep_exchanges;
    out->allow_create = s->allow_create;
    out->case_ms = s->case_ms > 0 ? s->case_ms : out->case_ms;
    out->run_ms = s->run_ms;
    out->rerun_options = rerun_options(cli, s);
    out->stop = &stop_asked;
    return fixed_env(cli, &s->fixed, &out->env) && read_level(cli, s->level, &out->level) &&
           check_signer(cli, s->signer);
}

static int code_of(ac_word outcome)
{
    static const int codes[] = {[AC_PASS] = 0, [AC_FAIL] = 1, [AC_ERROR] = 3};
    return codes[outcome];
}

static bool excuses(void *context, const ac_verdict *verdict)
{
    return ac_expect_excuses(context, verdict);
}

static bool listen(const cli_suite *suite, const ac_case **cases, size_t count, ac_target *target,
                   const ac_run_options *options, const outputs *o, ac_expectations *list, ac_run_tail *tail,
                   ac_err *err)
{
    ac_run_options changed = *options;
    if (!list) {
        return ac_run(suite->corpus, cases, count, target, options, o->listeners, o->listener_count, tail,
                      err);
    }
    const ac_listener listener = ac_expect_listener(list, o->listeners, o->listener_count);
    changed.excuses = excuses;
    changed.excuses_context = list;
    return ac_run(suite->corpus, cases, count, target, &changed, &listener, 1, tail, err);
}

/* Of the cases chosen, those of operations that the SDK's driver has. */
static bool keep_those_of_driver(cli_context *cli, const ac_target *target, const ac_case **cases,
                                 size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (target_takes(target, cases[i])) {
            cases[kept++] = cases[i];
        }
    }
    *count = kept;
    return kept > 0 ||
           ac_fail(&cli->err, AC_ERR_USAGE, "the driver has none of the operations of the cases chosen");
}

static int run_cases(cli_context *cli, const run_settings *s, const cli_suite *suite, const ac_case **cases,
                     size_t count, const ac_run_options *options, cli_expecting *x)
{
    outputs o = {0};
    catch_signals();
    ac_target *target =
        target_open(cli, suite, s->target, s->signer, s->variables, &options->env, &stop_asked);
    if (!target || !keep_those_of_driver(cli, target, cases, &count) ||
        !expecting_open(x, &options->env, target, suite, cases, count) || !open_outputs(cli, s, &o)) {
        ac_target_close(target);
        abort_outputs(&o);
        return stop_asked ? INTERRUPTED : -1;
    }
    ac_run_tail tail;
    ac_word outcome;
    bool ran = listen(suite, cases, count, target, options, &o, x->list, &tail, &cli->err);
    ac_target_close(target);
    ac_err output_err = {0};
    if (!close_outputs(&o, &output_err)) {
        cli->err = output_err;
        return -1;
    }
    if (!ran) {
        return -1;
    }
    if (stop_asked && !tail.complete) {
        return INTERRUPTED;
    }
    return expecting_finish(x, &tail, &outcome) ? code_of(outcome) : -1;
}

static int run(cli_context *cli, void *settings, ac_strs arguments)
{
    const run_settings *s = settings;
    cli_suite suite;
    const ac_case **cases;
    size_t count;
    ac_run_options options;
    int code = -1;
    if (!run_options_of(cli, s, &options) || !suite_load(cli, s->choice.cases, &suite)) {
        return -1;
    }
    if (suite_choose(cli, &suite, &s->choice, arguments, ac_target_is_sdk(s->target), &cases, &count)) {
        cli_expecting x = {.cli = cli, .path = s->expect, .update = s->update_expect, .quiet = s->quiet};
        code = run_cases(cli, s, &suite, cases, count, &options, &x);
        expecting_close(&x);
    }
    suite_free(&suite);
    return code;
}

const cli_command command_run = {
    "run",
    "[PATTERN…] [OPTION…]",
    "run cases against a target and judge every answer",
    "A PATTERN is a case id or a glob: * matches within a component, ** across components, and an id also\n"
    "names every case below it. Without a pattern all cases run.\n\n"
    "Exit code: 0 all pass, 1 findings, 2 usage or invalid case files, 3 could not judge (target not\n"
    "reachable, nothing passed and nothing failed, cases blocked), 4 internal, 130 interrupted. With "
    "--expect\n"
    "what the list covers counts as passed, and a list that is out of date is a finding.",
    run_options,
    sizeof(run_settings),
    run,
};
