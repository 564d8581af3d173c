/* JUnit XML. There is no standard; this is the common ground of the readers: testsuites, testsuite, testcase
 * with properties, failure, error and skipped. Suites and cases are sorted, since verdicts come as they end. */
#include <stdlib.h>

#include "base/env.h"
#include "base/names.h"
#include "reports/tell.h"
#include "reports/writer.h"

enum {
    BODY_MAX = 16 * 1024,  /* bytes of a failure's text … */
    BODY_MAX_LATER = 1024, /* … once so many bytes are kept: */
    KEPT_GENEROUSLY = 32 * 1024 * 1024
};

typedef struct entry {
    ac_str id;
    ac_str xml; /* the testcase */
} entry;

typedef struct suite {
    ac_str name;
    entry *entries;
    size_t count, capacity;
    int64_t failures, errors, skipped, time_us;
} suite;

typedef struct junit {
    ac_output *output;
    ac_arena *arena;
    ac_names names;
    suite *suites;
    size_t suite_capacity;
    ac_run_head head; /* without errors */
    size_t kept;      /* bytes of XML */
    size_t problems;  /* of the expectations, told as cases */
    ac_buf told;      /* a text before it is escaped */
    ac_buf xml;
} junit;

static void *open_junit(ac_output *output)
{
    junit *j = ac_alloc(sizeof *j);
    j->output = output;
    j->arena = ac_arena_new();
    ac_names_init(&j->names, j->arena);
    ac_buf_init(&j->told, AC_WRITER_BUFFER);
    ac_buf_init(&j->xml, AC_WRITER_BUFFER);
    return j;
}

static void free_junit(void *context)
{
    junit *j = context;
    ac_buf_done(&j->told);
    ac_buf_done(&j->xml);
    ac_arena_free(j->arena);
    ac_free(j);
}

/* ---- XML ---- */

/* Text that was told holds no characters that XML forbids. */
static void escape(ac_buf *out, ac_str text)
{
    ac_tell_escaped(out, text, ac_tell_in_xml);
}

static void attribute(junit *j, const char *name, ac_str text)
{
    ac_buf_clear(&j->told);
    ac_tell_text(&j->told, text, AC_TELL_TEXT);
    ac_buf_add_char(&j->xml, ' ');
    ac_buf_add_c(&j->xml, name);
    ac_buf_add_c(&j->xml, "=\"");
    escape(&j->xml, ac_buf_str(&j->told));
    ac_buf_add_char(&j->xml, '"');
}

static void integer(junit *j, const char *name, int64_t value)
{
    ac_buf_printf(&j->xml, " %s=\"%lld\"", name, (long long)value);
}

static void seconds(junit *j, int64_t time_us)
{
    ac_buf_printf(&j->xml, " time=\"%lld.%06lld\"", (long long)(time_us / 1000000),
                  (long long)(time_us % 1000000));
}

static void property(junit *j, const char *name, ac_str value)
{
    if (value.n > 0) {
        ac_buf_add_c(&j->xml, "<property name=\"");
        ac_buf_add_c(&j->xml, name);
        ac_buf_add_char(&j->xml, '"');
        attribute(j, "value", value);
        ac_buf_add_c(&j->xml, "/>");
    }
}

static void number_property(junit *j, const char *name, int64_t value)
{
    ac_buf_printf(&j->xml, "<property name=\"%s\" value=\"%lld\"/>", name, (long long)value);
}

/* ---- verdicts ---- */

static suite *suite_of(junit *j, ac_str name)
{
    size_t known = j->names.count;
    size_t number = ac_names_number(&j->names, name);
    if (number == known) {
        j->suites = ac_arena_grown(j->arena, j->suites, known, &j->suite_capacity, sizeof *j->suites);
        j->suites[number] = (suite){.name = j->names.items[number]};
    }
    return &j->suites[number];
}

static void properties(junit *j, const ac_verdict *verdict)
{
    static const char *const levels[] = {"L0", "L1", "L2", "L3", "L4", "L5"};
    ac_buf_add_c(&j->xml, "<properties>");
    property(j, "operation", verdict->operation);
    property(j, "title", verdict->title);
    property(j, "code", verdict->code);
    if (verdict->row > 0) {
        number_property(j, "row", verdict->row);
    }
    property(j, "level", verdict->level > 0 ? ac_str_c(levels[verdict->level]) : (ac_str){NULL, 0});
    property(j, "certainty", verdict->certainty);
    property(j, "source", verdict->source);
    property(j, "cite", verdict->cite);
    property(j, "state", verdict->state);
    property(j, "standing", ac_str_c(ac_standing_names[verdict->standing]));
    property(j, "ticket", verdict->ticket);
    ac_buf_add_c(&j->xml, "</properties>");
}

/* The text as on the terminal, within the bounds. */
static void body(junit *j, const ac_verdict *verdict)
{
    size_t most = j->kept < KEPT_GENEROUSLY ? BODY_MAX : BODY_MAX_LATER;
    ac_buf_clear(&j->told);
    ac_tell_block(&j->told, verdict, (ac_tell_style){.notes = true});
    ac_str text = ac_buf_str(&j->told);
    ac_str start = ac_tell_start(text, most);
    escape(&j->xml, start);
    ac_buf_add_c(&j->xml, start.n < text.n ? "…\n" : "");
}

static void message(junit *j, const ac_verdict *verdict, const char *before)
{
    ac_buf_clear(&j->told);
    ac_tell_message(&j->told, verdict);
    ac_buf_printf(&j->xml, " message=\"%s", before);
    escape(&j->xml, ac_buf_str(&j->told));
    ac_buf_add_char(&j->xml, '"');
}

/* As pytest writes an expected failure: readers know it for no failure and no pass. */
static void excused(junit *j, const ac_verdict *verdict)
{
    ac_buf_clear(&j->told);
    ac_buf_printf(&j->told, "%s %s: ", ac_standing_names[verdict->standing], ac_word_name(verdict->word));
    ac_tell_standing(&j->told, verdict);
    ac_buf_add_c(&j->xml, "<skipped message=\"");
    escape(&j->xml, ac_buf_str(&j->told));
    ac_buf_add_c(&j->xml, "\"/>");
}

static const char *type_of(const ac_verdict *verdict)
{
    return verdict->standing == AC_STANDING_FIXED ? "fixed" : ac_word_name(verdict->word);
}

static void outcome(junit *j, const ac_verdict *verdict)
{
    const ac_shown_finding *first = ac_tell_first(verdict);
    if (ac_verdict_excused(verdict)) {
        excused(j, verdict);
        return;
    }
    if (verdict->word == AC_SKIP) {
        ac_buf_add_c(&j->xml, "<skipped");
        message(j, verdict, "");
        ac_buf_add_c(&j->xml, "/>");
        return;
    }
    bool failed = verdict->word == AC_FAIL || verdict->standing == AC_STANDING_FIXED;
    const char *element = failed ? "failure" : "error";
    ac_buf_printf(&j->xml, "<%s", element);
    message(j, verdict, verdict->word == AC_BLOCKED ? "blocked: " : "");
    attribute(j, "type", verdict->word == AC_FAIL && first ? first->kind : ac_str_c(type_of(verdict)));
    ac_buf_add_char(&j->xml, '>');
    body(j, verdict);
    ac_buf_printf(&j->xml, "</%s>", element);
}

static void count(suite *s, const ac_verdict *verdict)
{
    bool is_excused = ac_verdict_excused(verdict);
    bool failed = verdict->word == AC_FAIL || verdict->standing == AC_STANDING_FIXED;
    bool unjudged = verdict->word == AC_BLOCKED || verdict->word == AC_ERROR;
    s->failures += failed && !is_excused;
    s->skipped += verdict->word == AC_SKIP || is_excused;
    s->errors += unjudged && !is_excused;
    s->time_us += verdict->duration_us;
}

static void hear_verdict(void *context, const ac_verdict *verdict)
{
    junit *j = context;
    suite *s = suite_of(j, verdict->operation);
    ac_buf_clear(&j->xml);
    ac_buf_add_c(&j->xml, "<testcase");
    attribute(j, "classname", verdict->operation);
    attribute(j, "name", ac_tell_name(verdict));
    seconds(j, verdict->duration_us);
    ac_buf_add_char(&j->xml, '>');
    properties(j, verdict);
    if (verdict->word != AC_PASS || verdict->standing == AC_STANDING_FIXED) {
        outcome(j, verdict);
    }
    ac_buf_add_c(&j->xml, "</testcase>\n");
    count(s, verdict);
    j->kept += j->xml.n;
    s->entries = ac_arena_grown(j->arena, s->entries, s->count, &s->capacity, sizeof *s->entries);
    s->entries[s->count++] =
        (entry){ac_str_dup(j->arena, verdict->id), ac_str_dup(j->arena, ac_buf_str(&j->xml))};
}

/* ---- the file ---- */

static void hear_head(void *context, const ac_run_head *head)
{
    junit *j = context;
    j->head = (ac_run_head){.version = ac_str_dup(j->arena, head->version),
                            .target = ac_str_dup(j->arena, head->target),
                            .url = ac_str_dup(j->arena, head->url),
                            .client = ac_str_dup(j->arena, head->client),
                            .started_ms = head->started_ms,
                            .seed = ac_str_dup(j->arena, head->seed),
                            .planned = head->planned};
}

static int by_name(const void *a, const void *b)
{
    return ac_str_cmp(((const suite *)a)->name, ((const suite *)b)->name);
}

static int by_id(const void *a, const void *b)
{
    return ac_str_cmp(((const entry *)a)->id, ((const entry *)b)->id);
}

static void totals(junit *j, const suite *s, size_t tests, int64_t time_us)
{
    integer(j, "tests", (int64_t)tests);
    integer(j, "failures", s->failures);
    integer(j, "errors", s->errors);
    integer(j, "skipped", s->skipped);
    seconds(j, time_us);
    attribute(j, "timestamp", ac_time_print(j->arena, j->head.started_ms, AC_TIME_ISO));
}

static void put(junit *j)
{
    ac_output_write(j->output, ac_buf_str(&j->xml));
    ac_buf_clear(&j->xml);
}

static void put_suite(junit *j, suite *s)
{
    qsort(s->entries, s->count, sizeof *s->entries, by_id);
    ac_buf_add_c(&j->xml, "<testsuite");
    attribute(j, "name", s->name);
    totals(j, s, s->count, s->time_us);
    ac_buf_add_c(&j->xml, ">\n");
    put(j);
    for (size_t i = 0; i < s->count; i++) {
        ac_output_write(j->output, s->entries[i].xml);
    }
    ac_output_write(j->output, AC_STR("</testsuite>\n"));
}

static void put_head(junit *j, const suite *sum, const ac_run_tail *tail)
{
    ac_buf_clear(&j->xml);
    ac_buf_add_c(&j->xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"accord\"");
    totals(j, sum, sum->count, tail->duration_us);
    ac_buf_add_c(&j->xml, ">\n<properties>");
    property(j, "version", j->head.version);
    property(j, "target", j->head.target);
    property(j, "url", j->head.url);
    property(j, "client", j->head.client);
    property(j, "seed", j->head.seed);
    number_property(j, "planned", (int64_t)j->head.planned);
    number_property(j, "requests", tail->requests);
    number_property(j, "with_state", tail->with_state);
    property(j, "complete", tail->complete ? AC_STR("true") : AC_STR("false"));
    property(j, "ended_by", tail->ended_by);
    ac_buf_add_c(&j->xml, "</properties>\n");
    put(j);
}

static void add_shortfall(junit *j, ac_str why)
{
    ac_verdict verdict = {.id = AC_STR("run/complete"),
                          .operation = AC_STR("run"),
                          .title = AC_STR("the run comes to its end and judges something"),
                          .word = AC_ERROR,
                          .reason = why};
    hear_verdict(j, &verdict);
}

static void add_problem(junit *j, ac_str problem)
{
    ac_shown_finding finding = {
        .kind = AC_STR("expectations"), .expected = AC_STR("a list that is true"), .observed = problem};
    ac_verdict verdict = {.id = ac_str_printf(j->arena, "run/expectations/%zu", ++j->problems),
                          .operation = AC_STR("run"),
                          .title = AC_STR("the list of expectations is up to date"),
                          .word = AC_FAIL,
                          .findings = &finding,
                          .finding_count = 1};
    hear_verdict(j, &verdict);
}

static void hear_tail(void *context, const ac_run_tail *tail)
{
    junit *j = context;
    for (size_t i = 0; i < tail->problems.count; i++) {
        add_problem(j, tail->problems.items[i]);
    }
    ac_str why = ac_tell_shortfall(tail);
    if (why.p) {
        add_shortfall(j, why);
    }
    suite sum = {.count = 0};
    qsort(j->suites, j->names.count, sizeof *j->suites, by_name);
    for (size_t i = 0; i < j->names.count; i++) {
        sum.count += j->suites[i].count;
        sum.failures += j->suites[i].failures;
        sum.errors += j->suites[i].errors;
        sum.skipped += j->suites[i].skipped;
    }
    put_head(j, &sum, tail);
    for (size_t i = 0; i < j->names.count; i++) {
        put_suite(j, &j->suites[i]);
    }
    ac_output_write(j->output, AC_STR("</testsuites>\n"));
}

ac_report *ac_junit_open(const char *path, ac_err *err)
{
    static const ac_writer writer = {open_junit, hear_head, hear_verdict, hear_tail, free_junit};
    return ac_report_start(path, &writer, err);
}
