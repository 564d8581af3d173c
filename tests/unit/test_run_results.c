#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/verdict.h"
#include "support.h"

enum { HUGE = 800 * 1024 };

/* ---- a listener that writes down what it hears ---- */

typedef struct echo {
    ac_buf text;
    int heads, verdicts, tails;
    ac_run_tail tail;
} echo;

static void hear_head(void *context, const ac_run_head *head)
{
    echo *e = context;
    e->heads++;
    ac_result_write_head(&e->text, head);
}

static void hear_verdict(void *context, const ac_verdict *verdict)
{
    echo *e = context;
    e->verdicts++;
    ac_result_write_verdict(&e->text, verdict);
}

static void hear_tail(void *context, const ac_run_tail *tail)
{
    echo *e = context;
    e->tails++;
    e->tail = *tail;
    ac_result_write_tail(&e->text, tail);
}

static ac_listener listen_with(echo *e)
{
    *e = (echo){.heads = 0};
    ac_buf_init(&e->text, 8 * AC_RESULT_LINE_MAX);
    return (ac_listener){e, hear_head, hear_verdict, hear_tail};
}

static bool play(echo *e, ac_str text, ac_err *err)
{
    ac_listener listener = listen_with(e);
    return ac_result_play_text(text, "results", &listener, err);
}

/* ---- lines to play ---- */

#define HEAD                                                                                                 \
    "{\"accord\":1,\"type\":\"run\",\"version\":\"1\",\"target\":\"mock\",\"started_ms\":1000,\"planned\":"  \
    "1}\n"
#define CASE                                                                                                 \
    "{\"accord\":1,\"type\":\"case\",\"id\":\"a/b/c/D/x\",\"operation\":\"a/b/c/D\",\"verdict\":\"pass\","   \
    "\"level\":\"L5\",\"started_ms\":2000,\"duration_us\":5,\"requests\":3}\n"
#define TAIL_OF(counts, complete)                                                                            \
    "{\"accord\":1,\"type\":\"end\",\"duration_us\":9,\"requests\":3,\"verdicts\":" counts                   \
    ",\"with_state\":0,\"complete\":" complete "}\n"
#define ONE_PASS "{\"pass\":1,\"fail\":0,\"skip\":0,\"blocked\":0,\"error\":0}"
#define NOTHING  "{\"pass\":0,\"fail\":0,\"skip\":0,\"blocked\":0,\"error\":0}"
#define TAIL     TAIL_OF(ONE_PASS, "true")
/* A case with members more or other than CASE has. */
#define CASE_WITH(members)                                                                                   \
    "{\"accord\":1,\"type\":\"case\",\"id\":\"o/x\",\"operation\":\"o\",\"started_ms\":0,\"duration_us\":0," \
    "\"requests\":0," members "}\n"

static ac_shown_finding findings[] = {
    {AC_STR_INIT("code"), AC_STR_INIT("/Code"), AC_STR_INIT("400 \"A\""), AC_STR_INIT("line\nline\t\\"),
     AC_STR_INIT("documented: エラーコード, row 8"), AC_STR_INIT("create"), 3, false},
    {AC_STR_INIT("type"),
     AC_STR_INIT(""),
     AC_STR_INIT(""),
     AC_STR_INIT("\x7f\x1b[0m"),
     {NULL, 0},
     {NULL, 0},
     4,
     true},
};

static ac_shown_exchange exchanges[] = {
    {AC_STR_INIT("create"), AC_STR_INIT("POST / HTTP/1.1\r\n\r\n{}"), AC_STR_INIT("HTTP/1.1 400\r\n\r\n"),
     AC_STR_INIT("curl 'http://127.0.0.1'")},
    {{NULL, 0}, {NULL, 0}, AC_STR_INIT(""), {NULL, 0}},
};

static ac_verdict full_verdict(void)
{
    return (ac_verdict){.id = AC_STR("p/q/v/Op/error/Code"),
                        .operation = AC_STR("p/q/v/Op"),
                        .group = AC_STR("error"),
                        .title = AC_STR("shows it"),
                        .word = AC_FAIL,
                        .reason = AC_STR("because"),
                        .level = 2,
                        .certainty = AC_STR("must"),
                        .source = AC_STR("documented"),
                        .cite = AC_STR("page, row 8"),
                        .code = AC_STR("Code"),
                        .row = 8,
                        .state = AC_STR("error:Code"),
                        .started_ms = 1768465845123,
                        .duration_us = 1234567,
                        .requests = 4,
                        .findings = findings,
                        .finding_count = AC_COUNT(findings),
                        .exchanges = exchanges,
                        .exchange_count = AC_COUNT(exchanges),
                        .rerun = AC_STR("accord run 'p/q/v/Op/error/Code'"),
                        .standing = AC_STANDING_KNOWN,
                        .standing_reason = AC_STR("texts are not translated"),
                        .ticket = AC_STR("EMU-1")};
}

static ac_str written(const ac_verdict *verdict)
{
    ac_buf line;
    ac_buf_init(&line, 2 * AC_RESULT_LINE_MAX);
    ac_result_write_verdict(&line, verdict);
    ck_assert(!line.overflow);
    return ac_buf_take(&line, ac_test_arena());
}

/* ---- equality, member by member ---- */

static bool same_text(ac_str a, ac_str b)
{
    return ac_str_eq(a, b) && (a.p != NULL) == (b.p != NULL);
}

static void check_finding(const ac_shown_finding *a, const ac_shown_finding *b)
{
    ck_assert(same_text(a->kind, b->kind) && same_text(a->place, b->place));
    ck_assert(same_text(a->expected, b->expected) && same_text(a->observed, b->observed));
    ck_assert(same_text(a->source, b->source) && same_text(a->step, b->step));
    ck_assert_int_eq(a->level, b->level);
    ck_assert(a->note == b->note);
}

static void check_exchange(const ac_shown_exchange *a, const ac_shown_exchange *b)
{
    ck_assert(same_text(a->step, b->step) && same_text(a->request, b->request));
    ck_assert(same_text(a->response, b->response) && same_text(a->curl, b->curl));
}

/* Hears a verdict that must be the context. */
static void check_verdict(void *context, const ac_verdict *a)
{
    const ac_verdict *b = context;
    ck_assert(same_text(a->id, b->id) && same_text(a->operation, b->operation));
    ck_assert(same_text(a->group, b->group) && same_text(a->title, b->title));
    ck_assert(same_text(a->reason, b->reason) && same_text(a->certainty, b->certainty));
    ck_assert(same_text(a->source, b->source) && same_text(a->cite, b->cite));
    ck_assert(same_text(a->code, b->code) && same_text(a->state, b->state) && same_text(a->rerun, b->rerun));
    ck_assert(same_text(a->standing_reason, b->standing_reason) && same_text(a->ticket, b->ticket));
    ck_assert_int_eq(a->standing, b->standing);
    ck_assert_int_eq(a->word, b->word);
    ck_assert_int_eq(a->level, b->level);
    ck_assert_int_eq(a->row, b->row);
    ck_assert_int_eq(a->started_ms, b->started_ms);
    ck_assert_int_eq(a->duration_us, b->duration_us);
    ck_assert_int_eq(a->requests, b->requests);
    ck_assert_uint_eq(a->finding_count, b->finding_count);
    ck_assert_uint_eq(a->exchange_count, b->exchange_count);
    for (size_t i = 0; i < a->finding_count; i++) {
        check_finding(&a->findings[i], &b->findings[i]);
    }
    for (size_t i = 0; i < a->exchange_count; i++) {
        check_exchange(&a->exchanges[i], &b->exchanges[i]);
    }
}

static void check_round_trip(ac_verdict *verdict)
{
    ac_str text = ac_str_printf(ac_test_arena(), HEAD "%s", written(verdict).p);
    ac_listener listener = {verdict, ac_ignore_head, check_verdict, ac_ignore_tail};
    ac_err err = {0};
    ck_assert_msg(ac_result_play_text(text, "results", &listener, &err), "%s", err.text);
}

START_TEST(a_verdict_reads_back_as_it_was_written)
{
    ac_verdict verdict = full_verdict();
    check_round_trip(&verdict);
}
END_TEST

START_TEST(every_word_and_level_reads_back)
{
    for (int word = 0; word < AC_WORDS; word++) {
        for (int level = 0; level <= 5; level++) {
            ac_verdict verdict = full_verdict();
            verdict.word = (ac_word)word;
            verdict.level = level;
            verdict.standing = word == AC_PASS ? AC_STANDING_FIXED : AC_STANDING_KNOWN;
            verdict.findings += word == AC_PASS ? 1 : 0;
            verdict.finding_count -= word == AC_PASS ? 1 : 0;
            check_round_trip(&verdict);
        }
    }
}
END_TEST

START_TEST(what_is_not_given_differs_from_what_is_empty)
{
    ac_verdict verdict = {.id = AC_STR("o/x"), .operation = AC_STR("o")};
    check_round_trip(&verdict);
    verdict.code = AC_STR("");
    verdict.state = AC_STR("");
    verdict.reason = AC_STR("");
    check_round_trip(&verdict);
}
END_TEST

START_TEST(a_verdict_is_one_line)
{
    ac_verdict verdict = full_verdict();
    ac_str line = written(&verdict);
    ck_assert_uint_eq(ac_str_find_char(line, '\n'), line.n - 1);
}
END_TEST

START_TEST(bytes_that_json_cannot_hold_become_the_replacement_character)
{
    ac_verdict verdict = {
        .id = AC_STR("o/x"), .operation = AC_STR("o"), .title = AC_STR("\0a\0\0b\xFF\xED\xA0\x80\0")};
    ac_verdict expected = verdict;
    expected.title = AC_STR("�a��b�����");
    ac_str text = ac_str_printf(ac_test_arena(), HEAD "%s", written(&verdict).p);
    ac_listener listener = {&expected, ac_ignore_head, check_verdict, ac_ignore_tail};
    ac_err err = {0};
    ck_assert_msg(ac_result_play_text(text, "results", &listener, &err), "%s", err.text);
}
END_TEST

static ac_str much_text(size_t n)
{
    char *text = ac_arena_alloc(ac_test_arena(), n);
    memset(text, 1, n); /* written as six bytes */
    return (ac_str){text, n};
}

START_TEST(a_verdict_too_long_for_a_line_is_cut_and_still_reads)
{
    ac_verdict verdict = full_verdict();
    verdict.findings = AC_NEW_ARRAY(ac_test_arena(), 1000, ac_shown_finding);
    verdict.finding_count = 1000;
    for (size_t i = 0; i < verdict.finding_count; i++) {
        verdict.findings[i] = findings[0];
        verdict.findings[i].observed = much_text(4096);
    }
    verdict.title = AC_STR("short");
    verdict.cite = much_text(HUGE);
    ac_str line = written(&verdict);
    ck_assert_uint_le(line.n, AC_RESULT_LINE_MAX);
    echo e;
    ac_err err = {0};
    ac_str text = ac_str_printf(ac_test_arena(), HEAD "%s", line.p);
    ck_assert_msg(play(&e, text, &err), "%s", err.text);
    ck_assert_int_eq(e.verdicts, 1);
    ck_assert_uint_ne(ac_str_find(ac_buf_str(&e.text), AC_STR("\"title\":\"short\"")), AC_NOT_FOUND);
    ck_assert_uint_ne(ac_str_find(ac_buf_str(&e.text), AC_STR("\\u0001…\"")), AC_NOT_FOUND);
    ac_buf_done(&e.text);
}
END_TEST

START_TEST(text_is_cut_between_characters)
{
    ac_verdict verdict = full_verdict();
    verdict.cite = much_text(HUGE);
    for (size_t shift = 0; shift < 3; shift++) {
        char *title = ac_arena_alloc(ac_test_arena(), 3000);
        memset(title, 'x', shift);
        for (size_t i = shift; i + 3 <= 3000; i += 3) {
            memcpy(title + i, "エ", 3);
        }
        verdict.title = (ac_str){title, shift + (3000 - shift) / 3 * 3};
        ck_assert(ac_utf8_valid(written(&verdict)));
        ck_assert_uint_eq(ac_str_find(written(&verdict), AC_STR("\xEF\xBF\xBD")), AC_NOT_FOUND);
    }
}
END_TEST

START_TEST(a_head_keeps_every_row_of_a_large_corpus)
{
    ac_run_head head = {.version = AC_STR("1"), .target = AC_STR("mock"), .planned = 1, .error_count = 20000};
    head.errors = AC_NEW_ARRAY(ac_test_arena(), head.error_count, ac_documented_error);
    for (size_t i = 0; i < head.error_count; i++) {
        head.errors[i] =
            (ac_documented_error){.operation = AC_STR("alibaba/privatelink/2020-04-15/CreateVpcEndpoint"),
                                  .code = AC_STR("EndpointConnectionOperationDenied"),
                                  .cite = much_text(200),
                                  .status = 400,
                                  .row = (int64_t)i + 1};
        if (i >= 100) {
            head.errors[i].cite =
                AC_STR("Alibaba Cloud, \"CreateVpcEndpoint\" (ja), row of the table of errors");
        }
    }
    echo e;
    ac_err err = {0};
    ac_buf line;
    ac_buf_init(&line, 2 * AC_RESULT_LINE_MAX);
    ac_result_write_head(&line, &head);
    ck_assert_msg(play(&e, ac_buf_str(&line), &err), "%s", err.text);
    ck_assert_uint_ne(ac_str_find(ac_buf_str(&e.text), AC_STR("\"row\":20000,")), AC_NOT_FOUND);
    ac_buf_done(&e.text);
    ac_buf_done(&line);
}
END_TEST

START_TEST(a_stream_plays_in_order_and_writes_again_as_it_was)
{
    echo e;
    ac_err err = {0};
    ck_assert_msg(play(&e, AC_STR(HEAD CASE TAIL), &err), "%s", err.text);
    ck_assert_ac_str(ac_buf_str(&e.text), HEAD CASE TAIL);
    ck_assert(e.tail.complete);
    ac_buf_done(&e.text);
}
END_TEST

START_TEST(the_sdk_of_a_run_reads_back)
{
    static const char *const clients[] = {NULL, "", "@a/sdk 1.0, by the driver \"x\"\n(note)"};
    for (size_t i = 0; i < AC_COUNT(clients); i++) {
        echo e;
        ac_err err = {0};
        ac_run_head client_head = {
            .version = AC_STR("1"), .target = AC_STR("sdk:x"), .client = ac_str_c(clients[i])};
        ac_buf line;
        ac_buf_init(&line, 2 * AC_RESULT_LINE_MAX);
        ac_result_write_head(&line, &client_head);
        ac_str text = ac_buf_str(&line);
        ck_assert_msg((ac_str_find(text, AC_STR("\"client\":")) == AC_NOT_FOUND) == !clients[i], "%s",
                      text.p);
        ck_assert_msg(play(&e, text, &err), "%s", err.text);
        ck_assert_msg(ac_str_starts(ac_buf_str(&e.text), text), "%s", e.text.p);
        ac_buf_done(&e.text);
        ac_buf_done(&line);
    }
}
END_TEST

START_TEST(white_space_and_the_order_of_members_do_not_matter)
{
    echo e;
    ac_err err = {0};
    ck_assert_msg(play(&e,
                       AC_STR(" { \"type\" : \"run\", \"planned\":0,\"started_ms\":1,\"target\":\"mock\","
                              "\"version\":\"1\", \"accord\":1}\r\n"),
                       &err),
                  "%s", err.text);
    ck_assert_int_eq(e.heads, 1);
    ac_buf_done(&e.text);
}
END_TEST

START_TEST(a_stream_with_expectations_plays_and_writes_again_as_it_was)
{
    static const char text[] =
        HEAD "{\"accord\":1,\"type\":\"case\",\"id\":\"a/b\",\"operation\":\"a\",\"verdict\":\"blocked\","
             "\"level\":\"L0\",\"started_ms\":2000,\"duration_us\":5,\"requests\":3,\"standing\":\"known\","
             "\"standing_reason\":\"no world\",\"ticket\":\"T-1\"}\n"
             "{\"accord\":1,\"type\":\"end\",\"duration_us\":9,\"requests\":3,\"verdicts\":{\"pass\":0,"
             "\"fail\":0,\"skip\":0,\"blocked\":1,\"error\":0},\"known\":1,\"problems\":[\"one\",\"two\"],"
             "\"with_state\":0,\"complete\":true}\n";
    echo e;
    ac_err err = {0};
    ck_assert_msg(play(&e, ac_str_c(text), &err), "%s", err.text);
    ck_assert_ac_str(ac_buf_str(&e.text), text);
    ck_assert_int_eq(e.tail.excused[AC_BLOCKED], 1);
    ac_buf_done(&e.text);
}
END_TEST

START_TEST(what_a_run_amounts_to)
{
    static const struct {
        ac_run_tail tail;
        ac_word outcome;
    } table[] = {
        {{.counts = {1}, .complete = true}, AC_PASS},
        {{.counts = {1}}, AC_ERROR},
        {{.counts = {0, 0, 5}, .complete = true}, AC_ERROR},
        {{.counts = {1, 1}, .complete = true}, AC_FAIL},
        {{.counts = {1, 1}, .excused = {0, 1}, .complete = true}, AC_PASS},
        {{.counts = {0, 1}, .excused = {0, 1}, .complete = true}, AC_PASS},
        {{.counts = {1, 0, 0, 1, 1}, .complete = true}, AC_ERROR},
        {{.counts = {1, 0, 0, 1, 1}, .excused = {0, 0, 0, 1, 1}, .complete = true}, AC_PASS},
        {{.counts = {1, 0, 0, 1, 1}, .excused = {0, 0, 0, 1, 0}, .complete = true}, AC_ERROR},
        {{.counts = {1}, .fixed = 1, .complete = true}, AC_FAIL},
        {{.counts = {1}, .problems = {NULL, 1}, .complete = true}, AC_FAIL},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_msg(ac_tail_outcome(&table[i].tail) == table[i].outcome, "%zu", i);
    }
}
END_TEST

/* ---- streams that end early ---- */

START_TEST(a_stream_without_an_end_is_not_complete)
{
    static const char *const texts[] = {HEAD CASE, HEAD CASE "{\"accord\":1,\"type\":\"ca",
                                        HEAD CASE "{\"accord\":1,\"type\":\"end\"}"};
    for (size_t i = 0; i < AC_COUNT(texts); i++) {
        echo e;
        ac_err err = {0};
        ck_assert_msg(play(&e, ac_str_c(texts[i]), &err), "%s", err.text);
        ck_assert_int_eq(e.tails, 1);
        ck_assert(!e.tail.complete);
        ck_assert_ac_str(e.tail.ended_by, "the stream ends early");
        ck_assert_int_eq(e.tail.counts[AC_PASS], 1);
        ck_assert_int_eq(e.tail.requests, 3);
        ck_assert_int_eq(e.tail.duration_us, 1000005);
        ac_buf_done(&e.text);
    }
}
END_TEST

START_TEST(every_beginning_of_a_stream_plays_or_has_no_head)
{
    ac_str whole = AC_STR(HEAD CASE TAIL);
    for (size_t n = 0; n <= whole.n; n++) {
        echo e;
        ac_err err = {0};
        bool ok = play(&e, ac_str_sub(whole, 0, n), &err);
        ck_assert_msg(ok == (n >= strlen(HEAD)), "%zu: %s", n, err.text);
        ck_assert_int_eq(e.tails, ok ? 1 : 0);
        ck_assert(e.tail.complete == (n == whole.n));
        ac_buf_done(&e.text);
    }
}
END_TEST

/* ---- damage ---- */

static const struct {
    const char *text, *error;
} damaged[] = {
    {"", "results: line 1: the stream has no head"},
    {"{\"accord\":1,", "results: line 1: the stream has no head"},
    {CASE, "results: line 1: /: the stream does not begin with its head"},
    {HEAD HEAD, "results: line 2: /: a second head"},
    {HEAD CASE TAIL CASE, "results: line 4: /: a line after the end line"},
    {HEAD CASE TAIL "{", "results: line 4: bytes after the end line"},
    {HEAD "\n", "results: line 2, column 1: the text ends where a value is expected"},
    {HEAD "{]\n", "results: line 2, column 2: "},
    {HEAD "{\"a\":\"\\u0000\"}\n", "results: line 2, column 7: U+0000"},
    {HEAD "{\"a\":1,\"a\":1}\n", "results: line 2, column 8: duplicate key"},
    {HEAD "[]\n", "results: line 2: /: not a line of results"},
    {HEAD "{\"accord\":\"1\"}\n", "results: line 2: /: not a line of results"},
    {HEAD "{\"accord\":2,\"type\":\"case\"}\n",
     "results: line 2: /accord: version 2 of the format; version 1 is known"},
    {HEAD "{\"accord\":1}\n", "results: line 2: /type: unknown type of line \"\""},
    {HEAD "{\"accord\":1,\"type\":\"note\"}\n", "results: line 2: /type: unknown type of line \"note\""},
    {HEAD CASE_WITH("\"verdict\":\"pass\""), "results: line 2: /: key \"level\" is missing"},
    {HEAD CASE_WITH("\"verdict\":\"pas\",\"level\":\"L1\""),
     "/verdict: unknown value \"pas\"; did you mean \"pass\"?"},
    {HEAD CASE_WITH("\"verdict\":\"pass\",\"level\":5"), "/level: a string is expected here, not number"},
    {HEAD CASE_WITH("\"verdict\":\"pass\",\"level\":\"L6\""), "/level: unknown value \"L6\""},
    {HEAD CASE_WITH("\"verdict\":\"pass\",\"level\":\"L5\",\"tite\":\"x\""),
     "/tite: unknown key \"tite\"; did you mean"},
    {HEAD CASE_WITH("\"verdict\":\"pass\",\"level\":\"L5\",\"row\":-1"), "/row: -1 is not from 0 to"},
    {HEAD CASE_WITH("\"verdict\":\"pass\",\"level\":\"L5\",\"row\":1000000000000001"),
     "/row: 1000000000000001 is not"},
    {HEAD CASE_WITH("\"verdict\":\"pass\",\"level\":\"L5\",\"row\":1.5"), "/row: an integer is expected"},
    {HEAD CASE_WITH("\"verdict\":\"pass\",\"level\":\"L5\",\"certainty\":\"shall\""),
     "/certainty: unknown value \"shall\""},
    {HEAD CASE_WITH("\"verdict\":\"pass\",\"level\":\"L5\",\"source\":\"hearsay\""),
     "/source: unknown value"},
    {HEAD CASE_WITH("\"verdict\":\"fail\",\"level\":\"L1\""), "/findings: a fail has no finding"},
    {HEAD CASE_WITH("\"verdict\":\"fail\",\"level\":\"L1\",\"findings\":[{\"kind\":\"a\",\"level\":\"L1\","
                    "\"note\":true}]"),
     "/findings: a fail has no finding"},
    {HEAD CASE_WITH("\"verdict\":\"pass\",\"level\":\"L1\",\"findings\":[{\"kind\":\"a\",\"level\":\"L1\"}]"),
     "/findings: a pass has a finding that is not a note"},
    {HEAD CASE_WITH("\"verdict\":\"skip\",\"level\":\"L0\",\"findings\":[{\"kind\":1}]"),
     "/findings/0/kind: a string"},
    {HEAD CASE_WITH("\"verdict\":\"skip\",\"level\":\"L0\",\"exchanges\":{}"),
     "/exchanges: an array is expected"},
    {HEAD
     "{\"accord\":1,\"type\":\"case\",\"id\":\"ox\",\"operation\":\"o\",\"started_ms\":0,\"duration_us\":0,"
     "\"requests\":0,\"verdict\":\"skip\",\"level\":\"L0\"}\n",
     "/id: does not begin with the operation"},
    {HEAD CASE_WITH("\"verdict\":\"pass\",\"level\":\"L5\",\"standing\":\"known\""),
     "/standing: a pass is not \"known\""},
    {HEAD CASE_WITH("\"verdict\":\"skip\",\"level\":\"L0\",\"standing\":\"fixed\""),
     "/standing: a skip is not \"fixed\""},
    {HEAD CASE_WITH("\"verdict\":\"skip\",\"level\":\"L0\",\"standing\":\"flaky\""),
     "/standing: a skip is not \"flaky\""},
    {HEAD CASE_WITH("\"verdict\":\"skip\",\"level\":\"L0\",\"standing\":\"new\""),
     "/standing: unknown value"},
    {HEAD CASE TAIL_OF(ONE_PASS ",\"known\":1", "true"),
     "/: other standings are counted than the stream has"},
    {HEAD CASE TAIL_OF(ONE_PASS ",\"problems\":1", "true"), "/problems: a string is expected here"},
    {HEAD TAIL_OF(ONE_PASS, "true"), "/verdicts: 1 pass are counted, the stream has 0"},
    {HEAD CASE TAIL_OF(NOTHING, "false"), "/verdicts: 0 pass are counted, the stream has 1"},
    {HEAD TAIL_OF(NOTHING, "true"), "/complete: 1 cases were planned, the stream has 0"},
    {HEAD TAIL_OF("{\"pass\":0}", "true"), "/verdicts: key \"fail\" is missing"},
    {HEAD TAIL_OF("{\"pass\":-1,\"fail\":0,\"skip\":0,\"blocked\":0,\"error\":0}", "true"),
     "/pass: -1 is not from"},
    {HEAD TAIL_OF(NOTHING, "1"), "/complete: true or false is expected"},
    {"{\"accord\":1,\"type\":\"run\",\"version\":\"1\",\"target\":\"mock\",\"started_ms\":0,\"planned\":0,"
     "\"errors\":"
     "[{\"operation\":\"o\",\"row\":1,\"status\":400,\"code\":\"C\",\"reach\":\"magic\"}]}\n",
     "/errors/0/reach: unknown value \"magic\""},
};

START_TEST(damage_is_told_with_file_and_line)
{
    for (size_t i = 0; i < AC_COUNT(damaged); i++) {
        echo e;
        ac_err err = {0};
        bool ok = play(&e, ac_str_c(damaged[i].text), &err);
        ac_buf_done(&e.text);
        ck_assert_msg(!ok, "%s", damaged[i].text);
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        ck_assert_ac_err(err, "results: line ");
        ck_assert_ac_err(err, damaged[i].error);
    }
}
END_TEST

START_TEST(no_line_may_be_longer_than_the_limit)
{
    ac_str line = {ac_arena_alloc(ac_test_arena(), AC_RESULT_LINE_MAX + 2), AC_RESULT_LINE_MAX + 2};
    char *bytes = ac_arena_copy(ac_test_arena(), line.p, line.n);
    memset(bytes, ' ', line.n);
    for (size_t torn = 0; torn < 2; torn++) {
        bytes[line.n - 1] = torn ? ' ' : '\n';
        echo e;
        ac_err err = {0};
        ck_assert(!play(&e, (ac_str){bytes, line.n}, &err));
        ck_assert_ac_err(err, "results: line 1: longer than 4194304 bytes");
        ac_buf_done(&e.text);
    }
}
END_TEST

/* ---- files ---- */

#define FILE_NAME "/tmp/accord-test-XXXXXX"

static char *write_file(ac_str text)
{
    static char path[sizeof FILE_NAME];
    memcpy(path, FILE_NAME, sizeof FILE_NAME);
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text.p, text.n), (ssize_t)text.n);
    close(fd);
    return path;
}

START_TEST(a_file_plays_line_by_line_whatever_its_size)
{
    ac_verdict verdict = full_verdict();
    char *cite = ac_arena_alloc(ac_test_arena(), 300000);
    memset(cite, 'x', 300000);
    verdict.cite = (ac_str){cite, 300000};
    ac_buf text;
    ac_buf_init(&text, SIZE_MAX / 4);
    ac_buf_add_c(&text, HEAD);
    for (int i = 0; i < 20; i++) {
        verdict.title = ac_str_sub(verdict.cite, 0, (size_t)i * 7919);
        ac_result_write_verdict(&text, &verdict);
    }
    echo e;
    ac_err err = {0};
    ac_listener listener = listen_with(&e);
    e.text.max = SIZE_MAX / 4;
    char *path = write_file(ac_buf_str(&text));
    ck_assert_msg(ac_result_play(path, &listener, &err), "%s", err.text);
    unlink(path);
    ck_assert_int_eq(e.verdicts, 20);
    ck_assert_int_eq(e.tail.counts[AC_FAIL], 20);
    ck_assert_int_eq(e.tail.with_state, 20);
    ck_assert(ac_str_starts(ac_buf_str(&e.text), ac_buf_str(&text)));
    ac_buf_done(&e.text);
    ac_buf_done(&text);
}
END_TEST

START_TEST(a_line_without_end_in_a_file_is_refused_at_the_limit)
{
    ac_str text = much_text((size_t)2 * AC_RESULT_LINE_MAX);
    echo e;
    ac_err err = {0};
    ac_listener listener = listen_with(&e);
    char *path = write_file(text);
    ck_assert(!ac_result_play(path, &listener, &err));
    unlink(path);
    ck_assert_ac_err(err, path);
    ck_assert_ac_err(err, "line 1: longer than");
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_named)
{
    static const struct {
        const char *path, *error;
    } rows[] = {{"/nonexistent/results", "/nonexistent/results: No such file"},
                {"/tmp", "/tmp: Is a directory"}};
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        echo e;
        ac_err err = {0};
        ac_listener listener = listen_with(&e);
        ck_assert(!ac_result_play(rows[i].path, &listener, &err));
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        ck_assert_ac_err(err, rows[i].error);
    }
}
END_TEST

START_TEST(words_have_names)
{
    ck_assert_str_eq(ac_word_name(AC_PASS), "pass");
    ck_assert_str_eq(ac_word_name(AC_ERROR), "error");
    ck_assert_ptr_null(ac_word_names[AC_WORDS]);
}
END_TEST

AC_TEST_MAIN("run_results", the_sdk_of_a_run_reads_back,
             a_stream_with_expectations_plays_and_writes_again_as_it_was, what_a_run_amounts_to,
             a_verdict_reads_back_as_it_was_written, every_word_and_level_reads_back,
             what_is_not_given_differs_from_what_is_empty, a_verdict_is_one_line,
             bytes_that_json_cannot_hold_become_the_replacement_character,
             a_verdict_too_long_for_a_line_is_cut_and_still_reads, text_is_cut_between_characters,
             a_head_keeps_every_row_of_a_large_corpus, a_stream_plays_in_order_and_writes_again_as_it_was,
             white_space_and_the_order_of_members_do_not_matter, a_stream_without_an_end_is_not_complete,
             every_beginning_of_a_stream_plays_or_has_no_head, damage_is_told_with_file_and_line,
             no_line_may_be_longer_than_the_limit, a_file_plays_line_by_line_whatever_its_size,
             a_line_without_end_in_a_file_is_refused_at_the_limit, a_file_that_cannot_be_read_is_named,
             words_have_names)
