#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "reports/clients.h"
#include "reports/report.h"
#include "reports/table.h"
#include "reports/tell.h"
#include "support.h"

#define FOLDER "/tmp/accord-test-XXXXXX"
#define OP     "p/q/v/Op"

enum { FILE_MAX = 16 * 1024 * 1024 };

/* ---- a run to tell ---- */

static ac_documented_error rows[] = {
    {AC_STR_INIT(OP), AC_STR_INIT("First"), AC_STR_INIT("request"), AC_STR_INIT("row 1"), 400, 1},
    {AC_STR_INIT(OP), AC_STR_INIT("Twice"), AC_STR_INIT("state"), AC_STR_INIT("row 2"), 400, 2},
    {AC_STR_INIT(OP), AC_STR_INIT("Twice"), AC_STR_INIT("state"), AC_STR_INIT("row 3"), 403, 3},
    {AC_STR_INIT(OP), AC_STR_INIT("Last"), AC_STR_INIT("fault"), AC_STR_INIT("row 4"), 500, 4},
};

static const ac_run_head head = {.version = AC_STR_INIT("0.1.0"),
                                 .target = AC_STR_INIT("mock"),
                                 .url = AC_STR_INIT("http://127.0.0.1:1"),
                                 .started_ms = 1768465845000,
                                 .seed = AC_STR_INIT("7"),
                                 .errors = rows,
                                 .error_count = AC_COUNT(rows),
                                 .planned = 3};

/* The run that is told. */
static const ac_run_head *told_head = &head;

static const ac_run_tail complete = {.duration_us = 12345678, .requests = 9, .complete = true};

static ac_shown_finding wrong_code = {
    AC_STR_INIT("code"),
    AC_STR_INIT("/Code"),
    AC_STR_INIT("400 VpcNotFound: The specified VPC does not exist."),
    AC_STR_INIT("400 EndpointExist: It exists."),
    AC_STR_INIT("documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), エラーコード, row 8"),
    AC_STR_INIT("create"),
    3,
    false};

static ac_verdict verdict(ac_word word, const char *name)
{
    ac_str id = ac_str_printf(ac_test_arena(), OP "/%s", name);
    return (ac_verdict){.id = id,
                        .operation = AC_STR(OP),
                        .word = word,
                        .level = word == AC_PASS ? 5 : 0,
                        .certainty = AC_STR("must"),
                        .source = AC_STR("documented"),
                        .cite = AC_STR("page, row 1"),
                        .duration_us = 1000,
                        .requests = 1,
                        .rerun = ac_str_printf(ac_test_arena(), "accord run '%s'", id.p)};
}

static ac_verdict about(ac_verdict v, const char *code, int64_t row, const char *state)
{
    v.code = ac_str_c(code);
    v.row = row;
    v.state = ac_str_c(state);
    return v;
}

static ac_verdict failing(const char *name)
{
    static ac_shown_exchange exchanges[] = {
        {AC_STR_INIT("create"),
         {NULL, 0},
         {NULL, 0},
         AC_STR_INIT("curl 'http://127.0.0.1:1/?Action=Create'")},
        {AC_STR_INIT("read"), {NULL, 0}, {NULL, 0}, AC_STR_INIT("curl 'http://127.0.0.1:1/?Action=Read'")},
    };
    ac_verdict v = verdict(AC_FAIL, name);
    v.findings = &wrong_code;
    v.finding_count = 1;
    v.exchanges = exchanges;
    v.exchange_count = AC_COUNT(exchanges);
    return v;
}

static ac_verdict because(ac_verdict v, const char *reason)
{
    v.reason = ac_str_c(reason);
    return v;
}

/* ---- reports into a folder ---- */

static char folder[sizeof FOLDER];

static const char *path_of(const char *name)
{
    return ac_str_printf(ac_test_arena(), "%s/%s", folder, name).p;
}

static void make_folder(void)
{
    memcpy(folder, FOLDER, sizeof FOLDER);
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(const char *name)
{
    unlink(path_of(name));
    ck_assert_msg(rmdir(folder) == 0, "something was left in %s", folder);
}

static ac_str content(const char *name)
{
    ac_err err = {0};
    ac_str text = ac_file_read(ac_test_arena(), path_of(name), FILE_MAX, &err);
    ck_assert_msg(text.p != NULL, "%s", err.text);
    return text;
}

static void tell(const ac_listener *to, const ac_verdict *verdicts, size_t count, const ac_run_tail *tail)
{
    to->head(to->context, told_head);
    for (size_t i = 0; i < count; i++) {
        to->verdict(to->context, &verdicts[i]);
    }
    if (tail) {
        to->tail(to->context, tail);
    }
}

static void close_report(ac_report *report)
{
    ac_err err = {0};
    ck_assert_msg(ac_report_close(report, &err), "%s", err.text);
}

static ac_report *open_report(const char *format)
{
    ac_err err = {0};
    ac_report *report =
        ac_report_open(ac_str_printf(ac_test_arena(), "%s:%s", format, path_of("report")), &err);
    ck_assert_msg(report != NULL, "%s", err.text);
    return report;
}

/* The file that a report makes of these verdicts. */
static ac_str rendered(const char *format, const ac_verdict *verdicts, size_t count, const ac_run_tail *tail)
{
    make_folder();
    ac_report *report = open_report(format);
    tell(ac_report_listener(report), verdicts, count, tail);
    close_report(report);
    ac_str text = content("report");
    remove_folder("report");
    return text;
}

static ac_str console(const ac_console_options *options, const ac_verdict *verdicts, size_t count)
{
    ac_err err = {0};
    make_folder();
    ac_output *output = ac_output_open(path_of("report"), &err);
    ck_assert_ptr_nonnull(output);
    ac_report *report = ac_report_open_console(output, options);
    tell(ac_report_listener(report), verdicts, count, &complete);
    close_report(report);
    ac_str text = content("report");
    remove_folder("report");
    return text;
}

#define ck_assert_has(text, part)                                                                            \
    ck_assert_msg(ac_str_find((text), ac_str_c(part)) != AC_NOT_FOUND, "no \"%s\" in:\n%.*s", (part),        \
                  AC_STR_FMT(text))
#define ck_assert_lacks(text, part)                                                                          \
    ck_assert_msg(ac_str_find((text), ac_str_c(part)) == AC_NOT_FOUND, "\"%s\" in:\n%.*s", (part),           \
                  AC_STR_FMT(text))

/* ---- opening and closing ---- */

START_TEST(a_report_that_cannot_be_is_refused_at_once)
{
    static const struct {
        const char *spec, *error;
    } refused[] = {
        {"juint:x", "unknown report format \"juint\"; did you mean \"junit\"?"},
        {"", "unknown report format \"\""},
        {"spreadsheet:x", "there are junit, tap, tap14, markdown, console"},
        {"tap", "report \"tap\" names no file; write tap:FILE, or tap:- for standard output"},
        {"tap:", "names no file"},
        {"junit:/nonexistent/report.xml", "/nonexistent/report.xml: No such file or directory"},
        {"junit:/tmp", "/tmp: is a directory"},
    };
    for (size_t i = 0; i < AC_COUNT(refused); i++) {
        ac_err err = {0};
        ck_assert_ptr_null(ac_report_open(ac_str_c(refused[i].spec), &err));
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        ck_assert_ac_err(err, refused[i].error);
    }
}
END_TEST

START_TEST(every_format_has_a_name_and_a_description)
{
    ck_assert_uint_ge(ac_report_format_count, 4);
    for (size_t i = 0; i < ac_report_format_count; i++) {
        ck_assert_str_ne(ac_report_formats[i].name, "");
        ck_assert_str_ne(ac_report_formats[i].description, "");
    }
}
END_TEST

START_TEST(a_report_that_is_given_up_leaves_nothing)
{
    make_folder();
    for (size_t i = 0; i < ac_report_format_count; i++) {
        ac_report *report = open_report(ac_report_formats[i].name);
        ac_report_listener(report)->head(ac_report_listener(report)->context, &head);
        ac_report_abort(report);
    }
    ac_report_abort(NULL);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(the_old_report_stays_until_the_new_one_is_whole)
{
    make_folder();
    ac_report *old = open_report("tap");
    tell(ac_report_listener(old), NULL, 0, &complete);
    close_report(old);
    ac_str before = content("report");
    ac_report *report = open_report("junit");
    ck_assert(ac_str_eq(content("report"), before));
    close_report(report);
    ck_assert_has(content("report"), "</testsuites>");
    remove_folder("report");
}
END_TEST

START_TEST(a_report_that_hears_no_end_says_so)
{
    ac_verdict pass = verdict(AC_PASS, "a");
    for (size_t i = 0; i < ac_report_format_count; i++) {
        ck_assert_has(rendered(ac_report_formats[i].name, &pass, 1, NULL), "the run did not end");
    }
    make_folder();
    close_report(open_report("junit"));
    ck_assert_has(content("report"), "message=\"the run did not end\"");
    remove_folder("report");
}
END_TEST

START_TEST(a_report_of_nothing_is_no_success)
{
    ck_assert_has(rendered("junit", NULL, 0, &complete), "message=\"nothing ran\"");
    ck_assert_has(rendered("tap", NULL, 0, &complete), "not ok 1 - run/complete");
    ck_assert_has(rendered("console", NULL, 0, &complete), "Not judged: nothing ran.");
    ac_verdict skip = because(verdict(AC_SKIP, "a"), "no");
    ck_assert_has(rendered("junit", &skip, 1, &complete), "message=\"nothing was judged\"");
    ck_assert_has(rendered("tap", &skip, 1, &complete), "not ok 2 - run/complete");
}
END_TEST

START_TEST(a_file_that_cannot_be_written_is_told_when_closed)
{
    ac_err err = {0};
    ac_report *report = ac_report_open(AC_STR("tap:/dev/full"), &err);
    ck_assert_ptr_nonnull(report);
    tell(ac_report_listener(report), NULL, 0, &complete);
    ck_assert(!ac_report_close(report, &err));
    ck_assert_ac_err(err, "/dev/full: No space left");
}
END_TEST

/* ---- JUnit and TAP; tests/e2e reads them with other people's programs ---- */

START_TEST(junit_does_not_depend_on_the_order_of_verdicts)
{
    ac_verdict verdicts[] = {verdict(AC_PASS, "b"), failing("c"), because(verdict(AC_SKIP, "a"), "no")};
    ac_verdict turned[] = {verdicts[2], verdicts[1], verdicts[0]};
    verdicts[1].operation = turned[1].operation = AC_STR("p/q/v/Another");
    ac_str first = rendered("junit", verdicts, AC_COUNT(verdicts), &complete);
    ac_str second = rendered("junit", turned, AC_COUNT(turned), &complete);
    ck_assert(ac_str_eq(first, second));
    ck_assert_has(first, "<testsuites name=\"accord\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\" "
                         "time=\"12.345678\" timestamp=\"2026-01-15T08:30:45Z\">");
}
END_TEST

START_TEST(a_report_of_a_stream_is_the_report_of_the_run)
{
    ac_verdict verdicts[] = {verdict(AC_PASS, "a"), failing("b"), because(verdict(AC_ERROR, "c"), "broken")};
    ac_run_tail tail = complete;
    tail.counts[AC_PASS] = tail.counts[AC_FAIL] = tail.counts[AC_ERROR] = 1;
    ac_buf stream;
    ac_buf_init(&stream, 2 * AC_RESULT_LINE_MAX);
    ac_result_write_head(&stream, &head);
    for (size_t i = 0; i < AC_COUNT(verdicts); i++) {
        ac_result_write_verdict(&stream, &verdicts[i]);
    }
    ac_result_write_tail(&stream, &tail);
    for (size_t i = 0; i < ac_report_format_count; i++) {
        const char *format = ac_report_formats[i].name;
        ac_str live = rendered(format, verdicts, AC_COUNT(verdicts), &tail);
        ac_err err = {0};
        make_folder();
        ac_report *report = open_report(format);
        ck_assert(ac_result_play_text(ac_buf_str(&stream), "stream", ac_report_listener(report), &err));
        close_report(report);
        ck_assert_msg(ac_str_eq(content("report"), live), "%s differs", format);
        remove_folder("report");
    }
    ac_buf_done(&stream);
}
END_TEST

START_TEST(junit_cuts_later_failures_shorter)
{
    enum { MANY = 3000 };
    static char text[2000];
    memset(text, 'x', sizeof text);
    ac_shown_finding found[10];
    for (size_t i = 0; i < AC_COUNT(found); i++) {
        found[i] = wrong_code;
        found[i].expected = found[i].observed = (ac_str){text, sizeof text};
    }
    ac_verdict *verdicts = AC_NEW_ARRAY(ac_test_arena(), MANY, ac_verdict);
    for (size_t i = 0; i < MANY; i++) {
        verdicts[i] = failing(ac_str_printf(ac_test_arena(), "%05zu", i).p);
        verdicts[i].findings = found;
        verdicts[i].finding_count = AC_COUNT(found);
    }
    make_folder();
    ac_report *report = open_report("junit");
    tell(ac_report_listener(report), verdicts, MANY, &complete);
    close_report(report);
    struct stat status;
    ck_assert_int_eq(stat(path_of("report"), &status), 0);
    ck_assert_int_lt(status.st_size, 42 * 1024 * 1024);
    remove_folder("report");
}
END_TEST

START_TEST(tap_bails_out_where_the_target_is_unreachable)
{
    ac_run_tail tail = {.unreachable = true, .ended_by = AC_STR("connection refused\n#")};
    ck_assert_ac_str(rendered("tap", NULL, 0, &tail), "TAP version 13\n"
                                                      "# accord 0.1.0, target mock, 3 planned\n"
                                                      "not ok 1 - run/complete\n"
                                                      "  ---\n"
                                                      "  message: \"connection refused\\\\n#\"\n"
                                                      "  severity: error\n"
                                                      "  ...\n"
                                                      "1..1\n"
                                                      "Bail out! connection refused\\\\n\\#\n");
    tail.unreachable = false;
    ck_assert_lacks(rendered("tap", NULL, 0, &tail), "Bail out!");
}
END_TEST

/* ---- the console ---- */

#define FAILURE                                                                                              \
    "FAIL p/q/v/Op/error/VpcNotFound\n"                                                                      \
    "  expected  400 VpcNotFound: The specified VPC does not exist.\n"                                       \
    "            documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), エラーコード, row 8\n"         \
    "  observed  400 EndpointExist: It exists.\n"                                                            \
    "  at        /Code\n"                                                                                    \
    "  step      create\n"                                                                                   \
    "  request   curl 'http://127.0.0.1:1/?Action=Create'\n"                                                 \
    "  again     accord run 'p/q/v/Op/error/VpcNotFound'\n"

START_TEST(the_console_tells_a_failure_and_sums_up)
{
    static const ac_console_options plain = {.colour = false};
    ac_verdict verdicts[] = {about(verdict(AC_PASS, "a"), "First", 1, NULL), failing("error/VpcNotFound"),
                             because(verdict(AC_BLOCKED, "b"), "no fixture\n")};
    ck_assert_ac_str(console(&plain, verdicts, AC_COUNT(verdicts)),
                     "accord 0.1.0: 3 cases against mock at http://127.0.0.1:1\n" FAILURE "\n"
                     "BLOCKED p/q/v/Op/b: no fixture\\n\n"
                     "\n"
                     "operation   cases    pass    fail    skip blocked   error   documented errors\n"
                     "p/q/v/Op        3       1       1       0       1       0   "
                     "4: 1 verified (1 at L5), 0 failed, 3 no case\n"
                     "\n"
                     "3 cases: 1 pass, 1 fail, 0 skip, 1 blocked, 0 error\n"
                     "      1 blocked: no fixture\\n\n"
                     "9 requests in 12.3 s\n"
                     "passes by level: 1 at L5\n"
                     "Does not conform: 1 of 2 judged cases failed, 1 could not be judged.\n");
}
END_TEST

START_TEST(a_quiet_console_tells_failures_and_the_outcome)
{
    static const ac_console_options quiet = {.quiet = true, .table = true};
    ac_verdict verdicts[] = {verdict(AC_PASS, "a"), failing("error/VpcNotFound")};
    ck_assert_ac_str(console(&quiet, verdicts, AC_COUNT(verdicts)),
                     FAILURE "\n"
                             "Does not conform: 1 of 2 judged cases failed.\n");
}
END_TEST

START_TEST(skips_and_notes_are_for_the_verbose)
{
    static const ac_console_options brief = {.verbose = false};
    static const ac_console_options verbose = {.verbose = true};
    ac_shown_finding note = wrong_code;
    note.note = true;
    ac_verdict verdicts[] = {because(verdict(AC_SKIP, "a"), "not claimed"), verdict(AC_PASS, "b"),
                             because(verdict(AC_ERROR, "c"), "reset")};
    verdicts[1].findings = &note;
    verdicts[1].finding_count = 1;
    ac_str text = console(&brief, verdicts, AC_COUNT(verdicts));
    ck_assert_lacks(text, "SKIP");
    ck_assert_lacks(text, "PASS");
    ck_assert_lacks(text, "seed");
    ck_assert_has(text, "ERROR p/q/v/Op/c: reset\n");
    text = console(&verbose, verdicts, AC_COUNT(verdicts));
    ck_assert_has(text, ", seed 7\n");
    ck_assert_has(text, "SKIP p/q/v/Op/a: not claimed\n");
    ck_assert_has(text, "PASS p/q/v/Op/b\n  note      /Code: expected 400 VpcNotFound");
    ck_assert_has(text, "ERROR p/q/v/Op/c\n  because   reset\n  again     accord run");
}
END_TEST

START_TEST(further_findings_are_told_shorter)
{
    ac_shown_finding found[12];
    for (size_t i = 0; i < AC_COUNT(found); i++) {
        found[i] = wrong_code;
    }
    found[1].place = AC_STR("/Other");
    ac_verdict v = failing("many");
    v.findings = found;
    v.finding_count = AC_COUNT(found);
    ac_str text = rendered("console", &v, 1, &complete);
    ck_assert_has(text, "  also      /Other: expected 400 VpcNotFound: The specified VPC does not exist., "
                        "observed 400 EndpointExist: It exists.\n");
    ck_assert_has(text, "  also      2 further findings\n  request");
    v.finding_count = 2;
    ck_assert_has(rendered("junit", &v, 1, &complete), "It exists. (and 1 further finding)\"");
}
END_TEST

START_TEST(colour_and_progress_come_only_when_asked_for)
{
    static const ac_console_options plain = {.colour = false};
    static const ac_console_options coloured = {.colour = true};
    static const ac_console_options moving = {.progress = true, .columns = 20};
    ac_verdict verdicts[] = {verdict(AC_PASS, "a-name-that-is-longer-than-the-line"), failing("b")};
    ck_assert_lacks(console(&plain, verdicts, 2), "\x1b");
    ck_assert_lacks(console(&plain, verdicts, 2), "\r");
    ck_assert_has(console(&coloured, verdicts, 2), "\x1b[1;31mFAIL\x1b[0m ");
    ck_assert_lacks(console(&coloured, verdicts, 2), "\r");
    ac_str text = console(&moving, verdicts, 2);
    ck_assert_has(text, "\r\x1b[K1/3  p/q/v/Op/a-nam\r\x1b[KFAIL ");
    ck_assert_lacks(text, "\x1b[1");
}
END_TEST

START_TEST(the_progress_line_is_rewritten_at_most_ten_times_a_second)
{
    enum { MANY = 2000 };
    static const ac_console_options moving = {.progress = true};
    ac_verdict *verdicts = AC_NEW_ARRAY(ac_test_arena(), MANY, ac_verdict);
    for (size_t i = 0; i < MANY; i++) {
        verdicts[i] = verdict(AC_PASS, "a");
    }
    ac_str text = console(&moving, verdicts, MANY);
    size_t drawn = 0;
    for (size_t at; (at = ac_str_find(text, AC_STR("\r"))) != AC_NOT_FOUND; drawn++) {
        text = ac_str_sub(text, at + 1, text.n);
    }
    ck_assert_uint_ge(drawn, 1);
    ck_assert_uint_le(drawn, 100);
}
END_TEST

/* ---- the table ---- */

static ac_table *table_of(const ac_verdict *verdicts, size_t count)
{
    ac_table *table = ac_table_new();
    ac_table_head(table, &head);
    for (size_t i = 0; i < count; i++) {
        ac_table_verdict(table, &verdicts[i]);
    }
    ac_table_tail(table, &complete);
    return table;
}

static ac_str told_cell(const ac_table *table, size_t row)
{
    ac_buf text;
    ac_buf_init(&text, 4096);
    ac_table_tell_cell(&text, &table->operations[0].rows[row]);
    return ac_buf_take(&text, ac_test_arena());
}

START_TEST(a_cell_tells_what_became_of_a_documented_error)
{
    ac_verdict shallow = about(verdict(AC_PASS, "e"), "Last", 4, "error:Last");
    shallow.level = 3;
    ac_verdict verdicts[] = {about(verdict(AC_PASS, "a"), "First", 1, NULL),
                             about(verdict(AC_PASS, "b"), "First", 1, "error:First"),
                             about(because(verdict(AC_SKIP, "c"), "no such state"), "Twice", 2, NULL),
                             about(because(verdict(AC_BLOCKED, "d"), "no quota"), "Twice", 3, NULL), shallow};
    ac_table *table = table_of(verdicts, AC_COUNT(verdicts));
    ck_assert_ac_str(told_cell(table, 0), "verified L5, by request and by state");
    ck_assert_ac_str(told_cell(table, 1), "skipped: no such state");
    ck_assert_ac_str(told_cell(table, 2), "blocked: no quota");
    ck_assert_ac_str(told_cell(table, 3), "verified L3, by state");
    ac_table_free(table);
}
END_TEST

START_TEST(one_failure_outweighs_every_pass)
{
    ac_verdict verdicts[] = {about(verdict(AC_PASS, "a"), "First", 1, NULL),
                             about(failing("f"), "First", 1, NULL),
                             about(verdict(AC_PASS, "b"), "First", 1, NULL)};
    ac_table *table = table_of(verdicts, AC_COUNT(verdicts));
    ck_assert_ac_str(told_cell(table, 0), "failed: f");
    ck_assert_int_eq(table->verified, 0);
    ac_table_free(table);
}
END_TEST

START_TEST(only_a_case_that_demands_the_code_speaks_for_its_row)
{
    ac_verdict unsure = about(verdict(AC_PASS, "a"), "First", 1, NULL);
    unsure.certainty = AC_STR("should");
    ac_verdict verdicts[] = {unsure, about(verdict(AC_PASS, "b"), "Twice", 0, NULL),
                             about(verdict(AC_PASS, "c"), "Last", 0, NULL),
                             about(verdict(AC_PASS, "d"), "Other", 9, NULL)};
    ac_table *table = table_of(verdicts, AC_COUNT(verdicts));
    ck_assert_ac_str(told_cell(table, 0), "no case");
    ck_assert_ac_str(told_cell(table, 1), "no case");
    ck_assert_ac_str(told_cell(table, 2), "no case");
    ck_assert_ac_str(told_cell(table, 3), "verified L5, by request");
    ac_table_free(table);
}
END_TEST

START_TEST(the_table_shows_every_row)
{
    static const ac_console_options wide = {.table = true};
    ac_verdict pass = about(verdict(AC_PASS, "a"), "First", 1, "error:First");
    ck_assert_has(console(&wide, &pass, 1), "p/q/v/Op\n"
                                            "   row  status  code   reach      result\n"
                                            "     1     400  First  request    verified L5, by state\n"
                                            "     2     400  Twice  state      no case\n"
                                            "     3     403  Twice  state      no case\n"
                                            "     4     500  Last   fault      no case\n");
    ck_assert_has(rendered("markdown", &pass, 1, &complete),
                  "| 1 | 400 | <code>First</code> | request | verified L5, by state | row 1 |\n"
                  "| 2 | 400 | <code>Twice</code> | state | no case | row 2 |\n");
}
END_TEST

START_TEST(reasons_are_grouped_and_bounded)
{
    enum { MANY = 1000 };
    ac_verdict *verdicts = AC_NEW_ARRAY(ac_test_arena(), 2 * MANY, ac_verdict);
    for (size_t i = 0; i < MANY; i++) {
        verdicts[2 * i] = because(verdict(AC_SKIP, "a"), "the same");
        verdicts[2 * i + 1] =
            because(verdict(AC_BLOCKED, "b"), ac_str_printf(ac_test_arena(), "number %zu", i).p);
    }
    ac_table *table = table_of(verdicts, (size_t)2 * MANY);
    ck_assert_uint_le(table->reason_count, AC_TABLE_REASONS + AC_WORDS);
    ck_assert_int_eq(table->reasons[0].count, MANY);
    ck_assert_ac_str(table->reasons[0].text, "the same");
    int64_t sum = 0;
    for (size_t i = 0; i < table->reason_count; i++) {
        sum += table->reasons[i].count;
    }
    ck_assert_int_eq(sum, 2 * MANY);
    ck_assert(table->reasons[1].others);
    ac_table_free(table);
}
END_TEST

START_TEST(the_outcome_is_one_sentence)
{
    static const struct {
        int64_t counts[AC_WORDS];
        bool complete;
        ac_word outcome;
        const char *sentence;
    } cases[] = {
        {{3, 0, 0, 0, 0}, true, AC_PASS, "Conforms: 3 cases passed; 0 of 4 documented errors verified."},
        {{1, 0, 2, 0, 0},
         true,
         AC_PASS,
         "Conforms: 1 case passed, 2 skipped; 0 of 4 documented errors verified."},
        {{1, 2, 0, 0, 0}, true, AC_FAIL, "Does not conform: 2 of 3 judged cases failed."},
        {{0, 1, 0, 1, 1},
         true,
         AC_FAIL,
         "Does not conform: 1 of 1 judged case failed, 2 could not be judged."},
        {{2, 0, 0, 1, 0}, true, AC_ERROR, "Not judged: 1 of 3 cases could not be judged, none failed."},
        {{0, 0, 3, 0, 0}, true, AC_ERROR, "Not judged: every case was skipped."},
        {{0, 0, 0, 0, 0}, true, AC_ERROR, "Not judged: nothing ran."},
        {{2, 0, 0, 0, 0},
         false,
         AC_ERROR,
         "Not judged: the run is not complete (interrupted), 2 of 3 cases have a verdict; 2 cases passed; "
         "0 of 4 documented errors verified."},
        {{0, 1, 0, 0, 0},
         false,
         AC_FAIL,
         "Does not conform: the run is not complete (interrupted), 1 of 3 cases have a verdict; 1 of 1 "
         "judged "
         "case failed."},
    };
    for (size_t i = 0; i < AC_COUNT(cases); i++) {
        ac_table *table = ac_table_new();
        ac_table_head(table, &head);
        for (int word = 0; word < AC_WORDS; word++) {
            ac_verdict v = word == AC_FAIL ? failing("f") : verdict((ac_word)word, "x");
            for (int64_t n = cases[i].counts[word]; n > 0; n--) {
                ac_table_verdict(table, &v);
            }
        }
        ac_table_tail(table,
                      &(ac_run_tail){.complete = cases[i].complete, .ended_by = AC_STR("interrupted")});
        ac_buf text;
        ac_buf_init(&text, 4096);
        ac_table_tell_outcome(&text, table);
        ck_assert_ac_str(ac_buf_str(&text), cases[i].sentence);
        ck_assert_int_eq(ac_table_outcome(table), cases[i].outcome);
        ac_buf_done(&text);
        ac_table_free(table);
    }
}
END_TEST

/* ---- SDKs ---- */

#define FINDING(kind, place, observed, note)                                                                 \
    {                                                                                                        \
        AC_STR_INIT(kind), AC_STR_INIT(place), AC_STR_INIT("x"), AC_STR_INIT(observed), {NULL, 0},           \
            {NULL, 0}, 4, note                                                                               \
    }

static ac_shown_finding of_wire[] = {
    FINDING("wire-parameter", "Zone.1.ZoneId", "not sent", false),
    FINDING("wire-parameter", "Zone.2.ZoneId", "not sent", false),
    FINDING("wire-fact", "method", "POST", true),
    FINDING("value", "/Id", "of no client", false),
};
static ac_shown_finding of_hand[] = {
    FINDING("hand-code", "code", "only in the raw answer, at <data|Code>", true),
    FINDING("wire-parameter", "Zone.7.ZoneId", "not sent", false),
};
static ac_shown_finding of_faults[] = {
    FINDING("fault-outcome", "status-500", "a success: null", true),
    FINDING("fault-outcome", "empty", "a client error", true),
};

static ac_verdict with_findings(const char *name, ac_word word, ac_shown_finding *findings, size_t count)
{
    ac_verdict v = verdict(word, name);
    v.level = word == AC_PASS ? 5 : 2;
    v.findings = findings;
    v.finding_count = count;
    return v;
}

/* What a report says of an SDK, and that the same report of a server says nothing of it. */
static ac_str of_client(ac_str (*render)(const ac_verdict *, size_t), const char *title)
{
    ac_run_head client_head = head;
    client_head.client = AC_STR("@a/sdk 1.0, by the driver a|b");
    ac_verdict verdicts[] = {with_findings("a", AC_FAIL, of_wire, AC_COUNT(of_wire)),
                             with_findings("b", AC_FAIL, of_hand, AC_COUNT(of_hand)),
                             with_findings("c", AC_PASS, of_faults, AC_COUNT(of_faults)),
                             because(verdict(AC_SKIP, "d"), "not asked")};
    ac_str without = render(verdicts, AC_COUNT(verdicts));
    ck_assert_msg(ac_str_find(without, ac_str_c(title)) == AC_NOT_FOUND, "%.*s", AC_STR_FMT(without));
    told_head = &client_head;
    ac_str with = render(verdicts, AC_COUNT(verdicts));
    told_head = &head;
    size_t start = ac_str_find(with, ac_str_c(title));
    ck_assert_msg(start != AC_NOT_FOUND, "%.*s", AC_STR_FMT(with));
    return ac_str_sub(with, start, with.n);
}

static ac_str on_console(const ac_verdict *verdicts, size_t count)
{
    static const ac_console_options plain = {.colour = false};
    return console(&plain, verdicts, count);
}

static ac_str in_markdown(const ac_verdict *verdicts, size_t count)
{
    return rendered("markdown", verdicts, count, &complete);
}

START_TEST(the_console_tells_what_an_sdk_did_side_by_side)
{
    static const char wanted[] =
        "@a/sdk 1.0, by the driver a|b\n"
        "\n"
        "wire    what the SDK sends: 3 judged, 1 as documented, 2 not\n"
        "      2  fails wire-parameter   Zone.N.ZoneId: not sent\n"
        "\n"
        "hand    what its caller gets: 3 judged, 3 as documented\n"
        "      1  note  hand-code        code: only in the raw answer, at <data|Code>\n"
        "\n"
        "faults  what it makes of broken answers: 2 observed\n"
        "      1  note  fault-outcome    empty: a client error\n"
        "      1  note  fault-outcome    status-500: a success: null\n"
        "\n";
    ac_str told = of_client(on_console, "@a/sdk");
    ck_assert_ac_str(ac_str_sub(told, 0, sizeof wanted - 1), wanted);
}
END_TEST

START_TEST(markdown_tells_what_an_sdk_did_with_all_facts)
{
    static const char wanted[] =
        "## The SDK\n\n"
        "&#64;a/sdk 1.0, by the driver a&#124;b\n"
        "\n### wire: what the SDK sends\n\n"
        "3 judged, 1 as documented, 2 not.\n\n"
        "| cases | | kind | where | observed |\n|--:|---|---|---|---|\n"
        "| 2 | fails | <code>wire-parameter</code> | <code>Zone.N.ZoneId</code> | not sent |\n"
        "| 1 | note | <code>wire-fact</code> | <code>method</code> | POST |\n"
        "\n### hand: what its caller gets\n\n"
        "3 judged, 3 as documented.\n\n"
        "| cases | | kind | where | observed |\n|--:|---|---|---|---|\n"
        "| 1 | note | <code>hand-code</code> | <code>code</code> | only in the raw answer, at "
        "&lt;data&#124;Code&gt; |\n"
        "\n### faults: what it makes of broken answers\n\n"
        "2 observed.\n\n"
        "| cases | | kind | where | observed |\n|--:|---|---|---|---|\n"
        "| 1 | note | <code>fault-outcome</code> | <code>empty</code> | a client error |\n"
        "| 1 | note | <code>fault-outcome</code> | <code>status-500</code> | a success: null |\n";
    ac_str told = of_client(in_markdown, "## The SDK");
    ck_assert_ac_str(ac_str_sub(told, 0, sizeof wanted - 1), wanted);
}
END_TEST

START_TEST(lines_about_an_sdk_are_bounded)
{
    enum { MANY = 5000 };
    ac_clients clients;
    ac_clients_init(&clients, ac_test_arena());
    for (int i = 0; i < MANY; i++) {
        ac_str place = ac_str_printf(ac_test_arena(), "/x%d", i);
        ac_shown_finding one = {
            .kind = AC_STR("hand-value"), .place = place, .observed = AC_STR("y"), .level = 5};
        ac_verdict v = with_findings("a", AC_FAIL, &one, 1);
        ac_clients_verdict(&clients, &v);
        ac_clients_verdict(&clients, &v);
    }
    ac_clients_sort(&clients);
    ck_assert_uint_eq(clients.count, 4000);
    ck_assert_int_eq(clients.judged, 2 * MANY);
    ck_assert_int_eq(clients.failed[AC_SIDE_HAND], 2 * MANY);
    ck_assert_int_eq(clients.failed[AC_SIDE_WIRE], 0);
    for (size_t i = 0; i < clients.count; i++) {
        ck_assert_int_eq(clients.lines[i].cases, 2);
    }
}
END_TEST

/* ---- text ---- */

START_TEST(told_text_is_one_line_without_surprises)
{
    static const struct {
        ac_str text;
        size_t max;
        const char *told;
    } cases[] = {
        {AC_STR_INIT("plain エラー 😀"), 99, "plain エラー 😀"},
        {AC_STR_INIT("a\nb\tc\x1b[0m\0d\x7f"), 99, "a\\nb\\tc\\x1B[0m\\x00d\\x7F"},
        {AC_STR_INIT("\xFF\xC0\x80\xED\xA0\x80"), 99, "\\xFF\\xC0\\x80\\xED\\xA0\\x80"},
        {AC_STR_INIT("\u200Ba\u2028\u202Eb\uFEFF\uFFFE"), 99, "\\u200Ba\\u2028\\u202Eb\\uFEFF\\uFFFE"},
        {AC_STR_INIT("エラー"), 9, "エラー"},
        {AC_STR_INIT("エラー"), 8, "エラ… (9 bytes)"},
        {AC_STR_INIT("エラー"), 1, "… (9 bytes)"},
        {AC_STR_INIT("\x80\x80\x80\x80"), 2, "… (4 bytes)"},
        {{NULL, 0}, 9, ""},
    };
    for (size_t i = 0; i < AC_COUNT(cases); i++) {
        ac_buf text;
        ac_buf_init(&text, 4096);
        ac_tell_text(&text, cases[i].text, cases[i].max);
        ck_assert_ac_str(ac_buf_str(&text), cases[i].told);
        ac_buf_done(&text);
    }
}
END_TEST

AC_TEST_MAIN("reports", the_console_tells_what_an_sdk_did_side_by_side,
             markdown_tells_what_an_sdk_did_with_all_facts, lines_about_an_sdk_are_bounded,
             a_report_that_cannot_be_is_refused_at_once, every_format_has_a_name_and_a_description,
             a_report_that_is_given_up_leaves_nothing, the_old_report_stays_until_the_new_one_is_whole,
             a_report_that_hears_no_end_says_so, a_report_of_nothing_is_no_success,
             a_file_that_cannot_be_written_is_told_when_closed,
             junit_does_not_depend_on_the_order_of_verdicts, a_report_of_a_stream_is_the_report_of_the_run,
             junit_cuts_later_failures_shorter, tap_bails_out_where_the_target_is_unreachable,
             the_console_tells_a_failure_and_sums_up, a_quiet_console_tells_failures_and_the_outcome,
             skips_and_notes_are_for_the_verbose, further_findings_are_told_shorter,
             colour_and_progress_come_only_when_asked_for,
             the_progress_line_is_rewritten_at_most_ten_times_a_second,
             a_cell_tells_what_became_of_a_documented_error, one_failure_outweighs_every_pass,
             only_a_case_that_demands_the_code_speaks_for_its_row, the_table_shows_every_row,
             reasons_are_grouped_and_bounded, the_outcome_is_one_sentence,
             told_text_is_one_line_without_surprises)
