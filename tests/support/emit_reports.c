/* emit_reports DIR: writes every report of a few fixed runs to DIR/<run>.<format>, and their results streams
 * to DIR/<run>.ndjson. The runs hold what a hostile or broken target could send; tests/e2e reads the files
 * with other people's programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "reports/report.h"

enum { LONG_TEXT = 100 * 1024, MANY = 15, LISTENERS_MAX = 8 };

#define CREATE "alibaba/privatelink/2020-04-15/CreateVpcEndpoint"
#define LIST   "alibaba/privatelink/2020-04-15/ListVpcEndpoints"

static ac_arena *arena;

static ac_documented_error errors[] = {
    {AC_STR_INIT(CREATE), AC_STR_INIT("VpcNotFound"), AC_STR_INIT("reference"),
     AC_STR_INIT("Alibaba Cloud, \"CreateVpcEndpoint\" (ja), エラーコード, row 1"), 400, 1},
    {AC_STR_INIT(CREATE), AC_STR_INIT("EndpointExist"), AC_STR_INIT("sequence"), AC_STR_INIT("row 2"), 400,
     2},
    {AC_STR_INIT(CREATE), AC_STR_INIT("Quota.a|b<c>&*_`d`"), AC_STR_INIT("state"), AC_STR_INIT("row 3"), 403,
     3},
    {AC_STR_INIT(CREATE), AC_STR_INIT("InternalError"), AC_STR_INIT("fault"), AC_STR_INIT("row 4"), 500, 4},
    {AC_STR_INIT(CREATE), AC_STR_INIT("NeverTried"), AC_STR_INIT("request"), AC_STR_INIT("row 5"), 400, 5},
    {AC_STR_INIT(LIST), AC_STR_INIT("InvalidToken"), AC_STR_INIT("request"), AC_STR_INIT("row 1"), 400, 1},
};

static const ac_run_head head = {
    .version = AC_STR_INIT("0.1.0"),
    .target = AC_STR_INIT("http://127.0.0.1:1/<&\"'>"),
    .url = AC_STR_INIT("http://127.0.0.1:1"),
    .started_ms = 1768465845000,
    .seed = AC_STR_INIT("42"),
    .errors = errors,
    .error_count = AC_COUNT(errors),
    .planned = 14,
};

/* Everything that is no text, and what ends or opens something in one of the formats. */
static const char wicked[] = "\0\1\2\a\b\t\n\v\f\r\x1b[31mred\x1b[0m\x1f\x7f \xC2\x80\xC2\x85\xC2\x9B "
                             "\xFF\xFE\xC0\x80\xE2\x82 \xED\xA0\x80 \xEF\xBF\xBE\xEF\xBF\xBF \xE2\x80\xA8"
                             "\xE2\x80\xAE \xF4\x90\x80\x80 ]]> <!-- --> <a href=\"x\">&amp; ' \\ \\n | ` # "
                             "{{ x }} \xF0\x9F\x98\x80 \xE3\x82\xA8";

static const char injected[] = "x\n---\n...\n  ...\nnot ok 99 - injected\n1..0 # SKIP all\nBail out! no\n"
                               "ok 100\r\nok 101\n</failure></testcase>\n```\n| a | b |\n";

static ac_verdict verdict(ac_word word, const char *operation, const char *name)
{
    return (ac_verdict){.id = ac_str_printf(arena, "%s/%s", operation, name),
                        .operation = ac_str_c(operation),
                        .group = AC_STR("error"),
                        .title = AC_STR("what the case shows"),
                        .word = word,
                        .level = word == AC_PASS   ? 5
                                 : word == AC_FAIL ? 2
                                                   : 0,
                        .certainty = AC_STR("must"),
                        .source = AC_STR("documented"),
                        .cite = AC_STR("Alibaba Cloud, \"CreateVpcEndpoint\" (ja), エラーコード, row 1"),
                        .started_ms = head.started_ms + 10,
                        .duration_us = 1500,
                        .requests = 2,
                        .rerun = ac_str_printf(arena, "accord run '%s/%s'", operation, name)};
}

static ac_verdict with_code(ac_verdict v, const char *code, int64_t row, const char *state)
{
    v.code = ac_str_c(code);
    v.row = row;
    v.state = ac_str_c(state);
    return v;
}

static ac_verdict with_reason(ac_verdict v, ac_str reason)
{
    v.reason = reason;
    return v;
}

static ac_verdict with_finding(ac_verdict v, ac_shown_finding finding)
{
    ac_shown_finding *all = AC_NEW_ARRAY(arena, v.finding_count + 1, ac_shown_finding);
    for (size_t i = 0; i < v.finding_count; i++) {
        all[i] = v.findings[i];
    }
    all[v.finding_count++] = finding;
    v.findings = all;
    return v;
}

static ac_verdict with_exchange(ac_verdict v, ac_str text)
{
    ac_shown_exchange *exchange = AC_NEW(arena, ac_shown_exchange);
    *exchange =
        (ac_shown_exchange){.request = text,
                            .response = text,
                            .curl = ac_str_printf(arena, "curl -X POST 'http://127.0.0.1:1/?A=%d'", 1)};
    v.exchanges = exchange;
    v.exchange_count = 1;
    return v;
}

static ac_shown_finding finding(ac_str expected, ac_str observed)
{
    return (ac_shown_finding){.kind = AC_STR("code"),
                              .place = AC_STR("/Code"),
                              .expected = expected,
                              .observed = observed,
                              .source =
                                  AC_STR("documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), row 2"),
                              .step = AC_STR("create"),
                              .level = 3};
}

static ac_str long_text(void)
{
    char *text = ac_arena_alloc(arena, LONG_TEXT);
    for (size_t i = 0; i < LONG_TEXT; i++) {
        text[i] = "長い"[i % strlen("長い")];
    }
    return (ac_str){text, LONG_TEXT};
}

static ac_verdict many_findings(void)
{
    ac_verdict v = verdict(AC_FAIL, LIST, "fields/many");
    for (int i = 0; i < MANY; i++) {
        v = with_finding(v, finding(ac_str_printf(arena, "expected %d", i), AC_STR("something: else")));
    }
    return v;
}

static ac_verdict noted_pass(void)
{
    ac_shown_finding note = finding(AC_STR("no such field"), AC_STR("Extra"));
    note.note = true;
    return with_finding(verdict(AC_PASS, LIST, "fields/noted"), note);
}

static void tell_nasty(const ac_listener *to)
{
    const ac_str bytes = {wicked, sizeof wicked - 1};
    const ac_str lines = {injected, sizeof injected - 1};
    const ac_shown_finding empty = {.kind = AC_STR(""), .level = 1};
    ac_verdict nameless = verdict(AC_PASS, "", "");
    ac_verdict all[] = {
        with_code(verdict(AC_PASS, CREATE, "error/VpcNotFound"), "VpcNotFound", 1, NULL),
        with_code(verdict(AC_PASS, CREATE, "error/VpcNotFound/state"), "VpcNotFound", 1, "error:VpcNotFound"),
        with_exchange(with_finding(with_code(verdict(AC_FAIL, CREATE, "error/EndpointExist"), "EndpointExist",
                                             2, "error:EndpointExist"),
                                   finding(AC_STR("400 EndpointExist: It exists."),
                                           AC_STR("400 VpcNotFound: It does not."))),
                      bytes),
        with_exchange(
            with_finding(verdict(AC_FAIL, CREATE, "wicked/# TODO \\ 'x' ]]> --- é"), finding(bytes, bytes)),
            bytes),
        with_finding(verdict(AC_FAIL, CREATE, "wicked/injected"), finding(lines, lines)),
        with_finding(verdict(AC_FAIL, CREATE, "wicked/long"), finding(long_text(), long_text())),
        with_finding(verdict(AC_FAIL, CREATE, "wicked/empty"), empty),
        with_code(
            with_reason(verdict(AC_SKIP, CREATE, "error/Quota"), AC_STR("no such state # TODO \\ | <b>")),
            "Quota.a|b<c>&*_`d`", 3, NULL),
        with_reason(verdict(AC_SKIP, LIST, "skipped/without"), AC_STR("")),
        with_code(with_reason(verdict(AC_BLOCKED, CREATE, "error/InternalError"), lines), "InternalError", 4,
                  NULL),
        with_reason(verdict(AC_ERROR, LIST, "error/broken"), bytes),
        many_findings(),
        noted_pass(),
        nameless,
    };
    for (size_t i = 0; i < AC_COUNT(all); i++) {
        to->verdict(to->context, &all[i]);
    }
}

static void tell_passing(const ac_listener *to)
{
    ac_verdict all[] = {
        with_code(verdict(AC_PASS, CREATE, "error/VpcNotFound"), "VpcNotFound", 1, NULL),
        with_reason(verdict(AC_SKIP, LIST, "skipped/because"), AC_STR("--allow-create is not given")),
        verdict(AC_PASS, LIST, "success/minimal"),
    };
    for (size_t i = 0; i < AC_COUNT(all); i++) {
        to->verdict(to->context, &all[i]);
    }
}

static ac_verdict standing(ac_verdict v, ac_standing stand, const char *reason, const char *ticket)
{
    v.standing = stand;
    v.standing_reason = ac_str_c(reason);
    v.ticket = ac_str_c(ticket);
    return v;
}

static void tell_expected(const ac_listener *to)
{
    const ac_shown_finding wrong = finding(AC_STR("400 A"), AC_STR("400 B"));
    ac_verdict all[] = {
        standing(with_finding(verdict(AC_FAIL, CREATE, "error/known"), wrong), AC_STANDING_KNOWN,
                 "texts # are <not> translated\n---\nnot ok 9", "EMU-1"),
        standing(with_finding(verdict(AC_FAIL, CREATE, "error/flaky"), wrong), AC_STANDING_FLAKY, "a race",
                 NULL),
        standing(verdict(AC_PASS, CREATE, "error/flaky-pass"), AC_STANDING_FLAKY, "a race", NULL),
        standing(with_reason(verdict(AC_BLOCKED, LIST, "known/blocked"), AC_STR("no world")),
                 AC_STANDING_KNOWN, "no world yet", "https://tickets.example.test/?a=1&b=2"),
        standing(with_reason(verdict(AC_SKIP, LIST, "known/skip"), AC_STR("not claimed")), AC_STANDING_KNOWN,
                 "not claimed", NULL),
        standing(verdict(AC_PASS, LIST, "fixed"), AC_STANDING_FIXED, "was broken", "EMU-2"),
        verdict(AC_PASS, LIST, "success/minimal"),
    };
    for (size_t i = 0; i < AC_COUNT(all); i++) {
        to->verdict(to->context, &all[i]);
    }
}

static void tell_known(const ac_listener *to)
{
    const ac_shown_finding wrong = finding(AC_STR("400 A"), AC_STR("400 B"));
    ac_verdict all[] = {
        standing(with_finding(verdict(AC_FAIL, CREATE, "error/known"), wrong), AC_STANDING_KNOWN, "known",
                 NULL),
        verdict(AC_PASS, LIST, "success/minimal"),
    };
    for (size_t i = 0; i < AC_COUNT(all); i++) {
        to->verdict(to->context, &all[i]);
    }
}

static ac_str problems[] = {AC_STR_INIT("list.json: /expectations/3: stale, names no case: a|b/\x1b[31m*"),
                            AC_STR_INIT("list.json: /expectations/4: expired on 2026-01-01: <why>")};

static void tell_nothing(const ac_listener *to)
{
    (void)to;
}

typedef struct run {
    const char *name;
    size_t planned;
    void (*verdicts)(const ac_listener *to);
    bool ends; /* a tail is told */
    ac_run_tail tail;
} run;

static const run runs[] = {
    {"nasty",
     14,
     tell_nasty,
     true,
     {.duration_us = 1234567, .requests = 28, .counts = {4, 6, 2, 1, 1}, .with_state = 2, .complete = true}},
    {"passing",
     3,
     tell_passing,
     true,
     {.duration_us = 61000000, .requests = 6, .counts = {2, 0, 1, 0, 0}, .complete = true}},
    {"early",
     7,
     tell_passing,
     true,
     {.requests = 6, .counts = {2, 0, 1, 0, 0}, .ended_by = AC_STR_INIT("interrupted\n# TODO")}},
    {"unreachable",
     7,
     tell_nothing,
     true,
     {.unreachable = true, .ended_by = AC_STR_INIT("http://127.0.0.1:1: connection refused")}},
    {"unended", 7, tell_passing, false, {.complete = true}},
    {"expected",
     7,
     tell_expected,
     true,
     {.requests = 14,
      .counts = {3, 2, 1, 1, 0},
      .known = 3,
      .fixed = 1,
      .flaky = 2,
      .problems = {problems, AC_COUNT(problems)},
      .complete = true}},
    {"known", 2, tell_known, true, {.requests = 4, .counts = {1, 1, 0, 0, 0}, .known = 1, .complete = true}},
};

/* ---- the results stream as a listener ---- */

typedef struct stream {
    ac_output *output;
    ac_buf line;
} stream;

static void stream_line(stream *s)
{
    ac_output_write(s->output, ac_buf_str(&s->line));
    ac_buf_clear(&s->line);
}

static void stream_head(void *context, const ac_run_head *told)
{
    stream *s = context;
    ac_result_write_head(&s->line, told);
    stream_line(s);
}

static void stream_verdict(void *context, const ac_verdict *told)
{
    stream *s = context;
    ac_result_write_verdict(&s->line, told);
    stream_line(s);
}

static void stream_tail(void *context, const ac_run_tail *told)
{
    stream *s = context;
    ac_result_write_tail(&s->line, told);
    stream_line(s);
}

/* ---- telling all of them ---- */

static void stop(const ac_err *err)
{
    fprintf(stderr, "emit_reports: %s\n", err->text);
    exit(EXIT_FAILURE);
}

static void tell(const run *r, const ac_listener *to)
{
    ac_run_head told = head;
    told.planned = r->planned;
    to->head(to->context, &told);
    r->verdicts(to);
    if (r->ends) {
        to->tail(to->context, &r->tail);
    }
}

static void close_report(ac_report *report)
{
    ac_err err = {0};
    if (!ac_report_close(report, &err)) {
        stop(&err);
    }
}

static void emit_report(const char *folder, const run *r, const ac_report_format *format)
{
    ac_err err = {0};
    ac_str spec = ac_str_printf(arena, "%s:%s/%s.%s", format->name, folder, r->name, format->name);
    ac_report *report = ac_report_open(spec, &err);
    if (!report) {
        stop(&err);
    }
    tell(r, ac_report_listener(report));
    close_report(report);
}

/* The console as on a terminal of a person who wants to see everything. */
static void emit_verbose(const char *folder, const run *r)
{
    static const ac_console_options options = {
        .colour = true, .progress = true, .verbose = true, .table = true};
    ac_err err = {0};
    ac_str path = ac_str_printf(arena, "%s/%s.verbose", folder, r->name);
    ac_output *output = ac_output_open(path.p, &err);
    if (!output) {
        stop(&err);
    }
    ac_report *report = ac_report_open_console(output, &options);
    tell(r, ac_report_listener(report));
    close_report(report);
}

static void emit_stream(const char *folder, const run *r)
{
    ac_err err = {0};
    ac_str path = ac_str_printf(arena, "%s/%s.ndjson", folder, r->name);
    stream s = {.output = ac_output_open_stream(path.p, &err)};
    if (!s.output) {
        stop(&err);
    }
    ac_buf_init(&s.line, 2 * AC_RESULT_LINE_MAX);
    tell(r, &(ac_listener){&s, stream_head, stream_verdict, stream_tail});
    ac_buf_done(&s.line);
    if (!ac_output_close(s.output, &err)) {
        stop(&err);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: emit_reports DIR\n", stderr);
        return EXIT_FAILURE;
    }
    arena = ac_arena_new();
    for (size_t i = 0; i < AC_COUNT(runs); i++) {
        for (size_t f = 0; f < ac_report_format_count; f++) {
            emit_report(argv[1], &runs[i], &ac_report_formats[f]);
        }
        emit_verbose(argv[1], &runs[i]);
        emit_stream(argv[1], &runs[i]);
    }
    ac_arena_free(arena);
    return EXIT_SUCCESS;
}
