/* TAP: a line for each case as it ends, what is wrong as a YAML block below it, the plan last. */
#include "reports/tell.h"
#include "reports/writer.h"

typedef struct tap {
    ac_output *output;
    int version;
    int64_t number; /* tests so far */
    ac_buf told;    /* a text before it is escaped */
    ac_buf out;
} tap;

static void *open_version(ac_output *output, int version)
{
    tap *t = ac_alloc(sizeof *t);
    t->output = output;
    t->version = version;
    ac_buf_init(&t->told, AC_WRITER_BUFFER);
    ac_buf_init(&t->out, AC_WRITER_BUFFER);
    return t;
}

static void *open_tap14(ac_output *output)
{
    return open_version(output, 14);
}

/* The same document is right in both versions; readers that know 13 only refuse one that says 14. */
static void *open_tap(ac_output *output)
{
    return open_version(output, 13);
}

static void free_tap(void *context)
{
    tap *t = context;
    ac_buf_done(&t->told);
    ac_buf_done(&t->out);
    ac_free(t);
}

static void put(tap *t)
{
    ac_output_write(t->output, ac_buf_str(&t->out));
    ac_writer_flush(t->output);
    ac_buf_clear(&t->out);
}

/* A description or reason. */
static void add_text(tap *t, ac_str text)
{
    static const ac_tell_escape escapes[] = {{'\\', "\\\\"}, {'#', "\\#"}, {0, NULL}};
    ac_buf_clear(&t->told);
    ac_tell_text(&t->told, text, AC_TELL_TEXT);
    ac_tell_escaped(&t->out, ac_buf_str(&t->told), escapes);
}

static void add_standing(tap *t, const ac_verdict *verdict)
{
    add_text(t, verdict->standing_reason);
    if (verdict->ticket.n > 0) {
        ac_buf_add_c(&t->out, " (");
        add_text(t, verdict->ticket);
        ac_buf_add_char(&t->out, ')');
    }
}

/* ---- YAML ---- */

static void add_quoted(tap *t, const char *key, int indent)
{
    static const ac_tell_escape escapes[] = {{'\\', "\\\\"}, {'"', "\\\""}, {0, NULL}};
    ac_buf_printf(&t->out, "%*s%s: \"", indent, "", key);
    ac_tell_escaped(&t->out, ac_buf_str(&t->told), escapes);
    ac_buf_add_c(&t->out, "\"\n");
}

static void add_value(tap *t, const char *key, ac_str text, size_t max, int indent)
{
    ac_buf_clear(&t->told);
    ac_tell_text(&t->told, text, max);
    add_quoted(t, key, indent);
}

static void add_given(tap *t, const char *key, ac_str text, size_t max, int indent)
{
    if (text.n > 0) {
        add_value(t, key, text, max, indent);
    }
}

/* The members after the kind, which stands on a line that its list or map begins. */
static void add_finding(tap *t, const ac_shown_finding *finding, size_t max, int indent)
{
    ac_buf_printf(&t->out, "%*slevel: L%d\n", indent, "", finding->level);
    add_given(t, "at", finding->place, AC_TELL_SHORT, indent);
    add_given(t, "step", finding->step, AC_TELL_SHORT, indent);
    add_value(t, "expected", finding->expected, max, indent);
    add_value(t, "observed", finding->observed, max, indent);
}

static void add_first(tap *t, const ac_verdict *verdict, const ac_shown_finding *first)
{
    add_value(t, "kind", first->kind, AC_TELL_SHORT, 4);
    add_finding(t, first, AC_TELL_TEXT, 4);
    ac_buf_clear(&t->told);
    ac_tell_source(&t->told, verdict, first);
    add_quoted(t, "source", 4);
}

static void add_data(tap *t, const ac_verdict *verdict)
{
    const ac_shown_finding *first = ac_tell_first(verdict);
    const ac_shown_exchange *exchange = ac_tell_exchange(verdict, first);
    size_t mark = t->out.n;
    ac_buf_add_c(&t->out, "  data:\n");
    size_t start = t->out.n;
    if (first) {
        add_first(t, verdict, first);
    }
    add_given(t, "request", exchange ? exchange->curl : (ac_str){NULL, 0}, AC_TELL_COMMAND, 4);
    add_given(t, "again", verdict->rerun, AC_TELL_COMMAND, 4);
    if (t->out.n == start) {
        t->out.n = mark;
    }
}

/* Maps, not texts: prove takes a text with a colon in a list for a map. */
static void add_further(tap *t, const ac_verdict *verdict)
{
    const ac_shown_finding *first = ac_tell_first(verdict);
    size_t told = 0;
    for (size_t i = 0; i < verdict->finding_count && told < AC_TELL_FURTHER; i++) {
        const ac_shown_finding *finding = &verdict->findings[i];
        if (!finding->note && finding != first) {
            ac_buf_add_c(&t->out, told++ == 0 ? "  further:\n" : "");
            add_value(t, "- kind", finding->kind, AC_TELL_SHORT, 4);
            add_finding(t, finding, AC_TELL_SHORT, 6);
        }
    }
}

static void add_diagnostics(tap *t, const ac_verdict *verdict)
{
    ac_buf_add_c(&t->out, "  ---\n");
    ac_buf_clear(&t->told);
    ac_tell_message(&t->told, verdict);
    add_quoted(t, "message", 2);
    bool fixed = verdict->standing == AC_STANDING_FIXED;
    ac_buf_printf(&t->out, "  severity: %s\n", fixed ? "fixed" : ac_word_name(verdict->word));
    add_data(t, verdict);
    add_further(t, verdict);
    ac_buf_add_c(&t->out, "  ...\n");
}

/* ---- lines ---- */

static void hear_head(void *context, const ac_run_head *head)
{
    tap *t = context;
    ac_buf_printf(&t->out, "TAP version %d\n# accord ", t->version);
    add_text(t, head->version);
    ac_buf_add_c(&t->out, ", target ");
    add_text(t, head->target);
    ac_buf_printf(&t->out, ", %zu planned\n", head->planned);
    if (head->client.n > 0) {
        ac_buf_add_c(&t->out, "# ");
        add_text(t, head->client);
        ac_buf_add_char(&t->out, '\n');
    }
    put(t);
}

static void hear_verdict(void *context, const ac_verdict *verdict)
{
    tap *t = context;
    bool skipped = verdict->word == AC_SKIP;
    bool excused = ac_verdict_excused(verdict) && !skipped;
    bool ok = !excused && !ac_tell_is_failure(verdict);
    ac_buf_printf(&t->out, "%sok %lld - ", ok ? "" : "not ", (long long)++t->number);
    add_text(t, verdict->id);
    if (skipped) {
        ac_buf_add_c(&t->out, verdict->reason.n > 0 ? " # SKIP " : " # SKIP");
        add_text(t, verdict->reason);
    } else if (excused) {
        ac_buf_printf(&t->out, " # TODO %s: ", ac_standing_names[verdict->standing]);
        add_standing(t, verdict);
    }
    ac_buf_add_char(&t->out, '\n');
    if (!ok) {
        add_diagnostics(t, verdict);
    }
    put(t);
}

static void add_problem(tap *t, ac_str problem)
{
    ac_shown_finding finding = {
        .kind = AC_STR("expectations"), .expected = AC_STR("a list that is true"), .observed = problem};
    ac_verdict verdict = {
        .id = AC_STR("run/expectations"), .word = AC_FAIL, .findings = &finding, .finding_count = 1};
    hear_verdict(t, &verdict);
}

static void hear_tail(void *context, const ac_run_tail *tail)
{
    tap *t = context;
    for (size_t i = 0; i < tail->problems.count; i++) {
        add_problem(t, tail->problems.items[i]);
    }
    ac_verdict shortfall = {
        .id = AC_STR("run/complete"), .word = AC_ERROR, .reason = ac_tell_shortfall(tail)};
    if (shortfall.reason.p) {
        hear_verdict(t, &shortfall);
    }
    ac_buf_printf(&t->out, "1..%lld\n", (long long)t->number);
    if (tail->unreachable) {
        ac_buf_add_c(&t->out, "Bail out! ");
        add_text(t, tail->ended_by);
        ac_buf_add_char(&t->out, '\n');
    }
    put(t);
}

ac_report *ac_tap_open(const char *path, ac_err *err)
{
    static const ac_writer writer = {open_tap, hear_head, hear_verdict, hear_tail, free_tap};
    return ac_report_start(path, &writer, err);
}

ac_report *ac_tap14_open(const char *path, ac_err *err)
{
    static const ac_writer writer = {open_tap14, hear_head, hear_verdict, hear_tail, free_tap};
    return ac_report_start(path, &writer, err);
}
