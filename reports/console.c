/* The report for a person: failures as they happen, then the summary. */
#include <string.h>

#include "base/env.h"
#include "reports/table.h"
#include "reports/tell.h"
#include "reports/writer.h"

enum { PROGRESS_US = 100000, COLUMNS = 80, REASONS_SHOWN = 10, LINES_SHOWN = 60 };

typedef struct console {
    ac_output *output;
    ac_console_options options;
    ac_table *table;
    int64_t drawn_us; /* when the progress line was drawn last */
    bool drawn;       /* it is on the screen */
    ac_buf out;
} console;

static void *open_with(ac_output *output, const ac_console_options *options)
{
    console *c = ac_alloc(sizeof *c);
    c->output = output;
    c->options = *options;
    c->table = ac_table_new();
    ac_buf_init(&c->out, AC_WRITER_BUFFER);
    return c;
}

static void *open_plain(ac_output *output)
{
    static const ac_console_options plain = {.colour = false};
    return open_with(output, &plain);
}

static void free_console(void *context)
{
    console *c = context;
    ac_table_free(c->table);
    ac_buf_done(&c->out);
    ac_free(c);
}

static void put(console *c)
{
    ac_output_write(c->output, ac_buf_str(&c->out));
    ac_writer_flush(c->output);
    ac_buf_clear(&c->out);
}

/* ---- while it runs ---- */

static void wipe_progress(console *c)
{
    if (c->drawn) {
        ac_buf_add_c(&c->out, "\r\x1b[K");
        c->drawn = false;
    }
}

static void add_progress(ac_buf *line, const ac_table *table)
{
    const int64_t *counts = table->tail.counts;
    ac_buf_printf(line, "%lld/%zu", (long long)ac_table_total(counts), table->head.planned);
    for (int word = AC_FAIL; word < AC_WORDS; word++) {
        int64_t open = counts[word] - table->tail.excused[word];
        if (open > 0 && word != AC_SKIP) {
            ac_buf_printf(line, ", %lld %s", (long long)open, ac_word_names[word]);
        }
    }
    if (table->tail.fixed > 0) {
        ac_buf_printf(line, ", %lld fixed", (long long)table->tail.fixed);
    }
}

/* One column short of the width, so that no terminal wraps it. */
static void draw_progress(console *c, ac_str id)
{
    int64_t now_us = c->options.progress ? ac_monotonic_us() : 0;
    if (!c->options.progress || (c->drawn_us != 0 && now_us - c->drawn_us < PROGRESS_US)) {
        return;
    }
    size_t columns = c->options.columns > 0 ? c->options.columns : COLUMNS;
    ac_buf line;
    ac_buf_init(&line, AC_WRITER_BUFFER);
    add_progress(&line, c->table);
    ac_buf_add_c(&line, "  ");
    ac_tell_text(&line, id, AC_TELL_SHORT);
    ac_str text = ac_buf_str(&line);
    while (ac_utf8_length(text) >= columns) {
        text = ac_tell_start(text, text.n - 1);
    }
    ac_buf_add_c(&c->out, "\r\x1b[K");
    ac_buf_add(&c->out, text);
    ac_buf_done(&line);
    c->drawn = true;
    c->drawn_us = now_us;
    put(c);
}

static void hear_head(void *context, const ac_run_head *head)
{
    console *c = context;
    ac_table_head(c->table, head);
    if (c->options.quiet) {
        return;
    }
    ac_buf_add_c(&c->out, "accord ");
    ac_tell_text(&c->out, head->version, AC_TELL_SHORT);
    ac_buf_add_c(&c->out, ": ");
    ac_tell_count(&c->out, (int64_t)head->planned, "case");
    ac_buf_add_c(&c->out, " against ");
    ac_tell_text(&c->out, head->target, AC_TELL_SHORT);
    if (head->url.n > 0 && !ac_str_eq(head->url, head->target)) {
        ac_buf_add_c(&c->out, " at ");
        ac_tell_text(&c->out, head->url, AC_TELL_SHORT);
    }
    if (c->options.verbose && head->seed.n > 0) {
        ac_buf_add_c(&c->out, ", seed ");
        ac_tell_text(&c->out, head->seed, AC_TELL_SHORT);
    }
    ac_buf_add_char(&c->out, '\n');
    put(c);
}

static void add_expected(console *c, const ac_verdict *verdict)
{
    if (c->options.verbose) {
        ac_tell_line(&c->out, verdict, c->options.colour);
        ac_tell_notes(&c->out, verdict);
    }
}

/* What is shown of a verdict at once: nothing of a pass, unless it has notes and they are wanted. */
static void add_live(console *c, const ac_verdict *verdict)
{
    bool verbose = c->options.verbose;
    bool has_notes = verdict->finding_count > ac_tell_failing(verdict);
    ac_tell_style style = {.colour = c->options.colour, .notes = verbose};
    if (verdict->standing == AC_STANDING_FIXED) {
        ac_tell_line(&c->out, verdict, c->options.colour);
    } else if (ac_verdict_excused(verdict)) {
        add_expected(c, verdict);
    } else if (verdict->word == AC_FAIL) {
        ac_tell_block(&c->out, verdict, style);
        ac_buf_add_char(&c->out, '\n');
    } else if (verdict->word == AC_SKIP || verdict->word == AC_PASS) {
        if (verbose && (verdict->word == AC_SKIP || has_notes)) {
            ac_tell_line(&c->out, verdict, c->options.colour);
            ac_tell_notes(&c->out, verdict);
        }
    } else if (verbose) {
        ac_tell_block(&c->out, verdict, style);
    } else {
        ac_tell_line(&c->out, verdict, c->options.colour);
    }
}

static void hear_verdict(void *context, const ac_verdict *verdict)
{
    console *c = context;
    ac_table_verdict(c->table, verdict);
    size_t mark = c->out.n;
    bool drawn = c->drawn;
    wipe_progress(c);
    size_t start = c->out.n;
    add_live(c, verdict);
    if (c->out.n > start) {
        put(c);
    } else {
        c->out.n = mark;
        c->drawn = drawn;
    }
    draw_progress(c, verdict->id);
}

/* ---- the summary ---- */

static void pad(ac_buf *out, size_t from, size_t width)
{
    size_t shown = ac_utf8_length((ac_str){out->p + from, out->n - from});
    ac_buf_printf(out, "%*s", shown < width ? (int)(width - shown) : 0, "");
}

static size_t widest_name(const ac_table *table)
{
    size_t widest = strlen("operation");
    for (size_t i = 0; i < table->names.count; i++) {
        size_t width = ac_utf8_length(ac_str_sub(table->operations[i].name, 0, AC_TELL_SHORT));
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void add_operation(ac_buf *out, const ac_table_operation *operation, size_t width)
{
    size_t start = out->n;
    ac_tell_text(out, operation->name, AC_TELL_SHORT);
    pad(out, start, width);
    ac_buf_printf(out, " %7lld", (long long)ac_table_total(operation->counts));
    for (int word = 0; word < AC_WORDS; word++) {
        ac_buf_printf(out, " %7lld", (long long)operation->counts[word]);
    }
    ac_buf_add_c(out, "   ");
    ac_table_tell_rows(out, operation);
    ac_buf_add_char(out, '\n');
}

static void add_operations(ac_buf *out, const ac_table *table)
{
    size_t width = widest_name(table);
    ac_buf_printf(out, "\n%-*s %7s", (int)width, "operation", "cases");
    for (int word = 0; word < AC_WORDS; word++) {
        ac_buf_printf(out, " %7s", ac_word_names[word]);
    }
    ac_buf_add_c(out, "   documented errors\n");
    for (size_t i = 0; i < table->names.count; i++) {
        add_operation(out, &table->operations[i], width);
    }
}

static void add_row(ac_buf *out, const ac_table_row *row, size_t width)
{
    ac_buf_printf(out, "  %4lld  %6lld  ", (long long)row->row, (long long)row->status);
    size_t start = out->n;
    ac_tell_text(out, row->code, AC_TELL_SHORT);
    pad(out, start, width);
    ac_buf_add_c(out, "  ");
    start = out->n;
    ac_tell_text(out, row->reach, AC_TELL_SHORT);
    pad(out, start, strlen("reference"));
    ac_buf_add_c(out, "  ");
    ac_table_tell_cell(out, row);
    ac_buf_add_char(out, '\n');
}

static void add_rows(ac_buf *out, const ac_table_operation *operation)
{
    size_t width = strlen("code");
    for (size_t i = 0; i < operation->row_count; i++) {
        size_t n = ac_utf8_length(ac_str_sub(operation->rows[i].code, 0, AC_TELL_SHORT));
        width = n > width ? n : width;
    }
    ac_buf_add_char(out, '\n');
    ac_tell_text(out, operation->name, AC_TELL_SHORT);
    ac_buf_printf(out, "\n   row  status  %-*s  %-9s  result\n", (int)width, "code", "reach");
    for (size_t i = 0; i < operation->row_count; i++) {
        add_row(out, &operation->rows[i], width);
    }
}

static void add_reasons(ac_buf *out, const ac_table *table)
{
    for (size_t i = 0; i < table->reason_count && i < REASONS_SHOWN; i++) {
        const ac_table_reason *reason = &table->reasons[i];
        ac_buf_printf(out, "%7lld ", (long long)reason->count);
        ac_table_tell_kind(out, reason);
        ac_buf_add_c(out, ": ");
        ac_table_tell_reason(out, reason);
        ac_buf_add_char(out, '\n');
    }
    if (table->reason_count > REASONS_SHOWN) {
        ac_buf_add_c(out, "        and ");
        ac_tell_count(out, (int64_t)(table->reason_count - REASONS_SHOWN), "further reason");
        ac_buf_add_char(out, '\n');
    }
}

static void add_figures(ac_buf *out, const ac_table *table)
{
    ac_buf_add_char(out, '\n');
    ac_table_tell_counts(out, table);
    ac_buf_add_char(out, '\n');
    add_reasons(out, table);
    ac_tell_count(out, table->tail.requests, "request");
    ac_buf_add_c(out, " in ");
    ac_tell_duration(out, table->tail.duration_us);
    ac_buf_add_char(out, '\n');
    if (table->tail.counts[AC_PASS] > 0) {
        ac_buf_add_c(out, "passes by level: ");
        ac_table_tell_levels(out, table->levels);
        ac_buf_add_char(out, '\n');
    }
    if (table->tail.with_state > 0) {
        ac_tell_count(out, table->tail.with_state, "verdict");
        ac_buf_add_c(out, " leaned on a state hook\n");
    }
}

static void add_problems(ac_buf *out, const ac_table *table)
{
    for (size_t i = 0; i < table->tail.problems.count; i++) {
        ac_tell_text(out, table->tail.problems.items[i], AC_TELL_TEXT);
        ac_buf_add_char(out, '\n');
    }
}

/* ---- what an SDK did ---- */

static void add_line(ac_buf *out, const ac_client_line *line)
{
    ac_buf_printf(out, "%7lld  %-5s ", (long long)line->cases, line->note ? "note" : "fails");
    size_t start = out->n;
    ac_tell_text(out, line->kind, AC_TELL_SHORT);
    pad(out, start, strlen("hand-request-id"));
    ac_buf_add_c(out, "  ");
    if (line->place.n > 0) {
        ac_tell_text(out, line->place, AC_TELL_SHORT);
        ac_buf_add_c(out, ": ");
    }
    ac_tell_text(out, line->observed, AC_TELL_SHORT);
    ac_buf_add_char(out, '\n');
}

/* Facts are for the reports: they are the same from run to run. */
static void add_side(ac_buf *out, const ac_clients *clients, ac_client_side side)
{
    size_t told = 0;
    ac_buf_printf(out, "\n%-6s  %s: ", ac_side_names[side], ac_side_titles[side]);
    ac_clients_tell_side(out, clients, side);
    ac_buf_add_char(out, '\n');
    for (size_t i = 0; i < clients->count; i++) {
        const ac_client_line *line = &clients->lines[i];
        bool shown = line->side == side && !line->fact && ++told <= LINES_SHOWN;
        if (shown) {
            add_line(out, line);
        }
    }
    if (told > LINES_SHOWN) {
        ac_buf_add_c(out, "         and ");
        ac_tell_count(out, (int64_t)(told - LINES_SHOWN), "further line");
        ac_buf_add_char(out, '\n');
    }
}

static void add_client(ac_buf *out, const ac_table *table)
{
    if (!table->head.client.p) {
        return;
    }
    ac_buf_add_char(out, '\n');
    ac_tell_text(out, table->head.client, 2 * AC_TELL_SHORT);
    ac_buf_add_char(out, '\n');
    for (int side = 0; side < AC_SIDES; side++) {
        add_side(out, &table->clients, (ac_client_side)side);
    }
}

static void add_outcome(console *c)
{
    static const char *const paints[] = {
        [AC_PASS] = "\x1b[1;32m", [AC_FAIL] = "\x1b[1;31m", [AC_ERROR] = "\x1b[1;33m"};
    if (c->options.colour) {
        ac_buf_add_c(&c->out, paints[ac_table_outcome(c->table)]);
    }
    ac_table_tell_outcome(&c->out, c->table);
    ac_buf_add_c(&c->out, c->options.colour ? "\x1b[0m\n" : "\n");
}

static void hear_tail(void *context, const ac_run_tail *tail)
{
    console *c = context;
    ac_table_tail(c->table, tail);
    wipe_progress(c);
    for (size_t i = 0; c->options.table && !c->options.quiet && i < c->table->names.count; i++) {
        if (c->table->operations[i].row_count > 0) {
            add_rows(&c->out, &c->table->operations[i]);
            put(c);
        }
    }
    if (!c->options.quiet) {
        add_operations(&c->out, c->table);
        add_client(&c->out, c->table);
        add_figures(&c->out, c->table);
    }
    add_problems(&c->out, c->table);
    add_outcome(c);
    put(c);
}

static const ac_writer writer = {open_plain, hear_head, hear_verdict, hear_tail, free_console};

ac_report *ac_console_open(const char *path, ac_err *err)
{
    return ac_report_start(path, &writer, err);
}

ac_report *ac_report_open_console(ac_output *output, const ac_console_options *options)
{
    return ac_report_wrap(output, &writer, open_with(output, options));
}
