/* GitHub Markdown, for job summaries: outcome first, then operations, failures, documented errors. Text of
 * others stands in code elements or fences, where no mark-up and no mention works. */
#include "base/env.h"
#include "reports/table.h"
#include "reports/tell.h"
#include "reports/writer.h"

enum {
    FAILURES_SHOWN = 50,
    FAILURE_MAX = 8192, /* bytes of one: GitHub takes 1 MiB for a summary */
    REASONS_SHOWN = 20
};

typedef struct markdown {
    ac_output *output;
    ac_table *table;
    ac_arena *arena;
    ac_str failures[FAILURES_SHOWN]; /* blocks of text, as on the terminal */
    size_t failure_count;
    ac_buf told;
    ac_buf out;
} markdown;

static void *open_markdown(ac_output *output)
{
    markdown *m = ac_alloc(sizeof *m);
    m->output = output;
    m->table = ac_table_new();
    m->arena = ac_arena_new();
    ac_buf_init(&m->told, AC_WRITER_BUFFER);
    ac_buf_init(&m->out, AC_WRITER_BUFFER);
    return m;
}

static void free_markdown(void *context)
{
    markdown *m = context;
    ac_table_free(m->table);
    ac_arena_free(m->arena);
    ac_buf_done(&m->told);
    ac_buf_done(&m->out);
    ac_free(m);
}

/* ---- Markdown ---- */

static void add_text(markdown *m, ac_str text)
{
    ac_buf_clear(&m->told);
    ac_tell_text(&m->told, text, AC_TELL_SHORT);
    ac_tell_escaped(&m->out, ac_buf_str(&m->told), ac_tell_in_markdown);
}

/* As code, where GitHub makes no links and mentions of it either. */
static void add_code(markdown *m, ac_str text)
{
    if (text.n > 0) {
        ac_buf_add_c(&m->out, "<code>");
        add_text(m, text);
        ac_buf_add_c(&m->out, "</code>");
    }
}

static size_t longest_fence(ac_str text)
{
    size_t longest = 2, run = 0;
    for (size_t i = 0; i < text.n; i++) {
        run = text.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest + 1;
}

static void add_fence(ac_buf *out, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        ac_buf_add_char(out, '`');
    }
}

static void put(markdown *m)
{
    ac_output_write(m->output, ac_buf_str(&m->out));
    ac_buf_clear(&m->out);
}

/* ---- what is heard ---- */

static void hear_head(void *context, const ac_run_head *head)
{
    markdown *m = context;
    ac_table_head(m->table, head);
}

static void hear_verdict(void *context, const ac_verdict *verdict)
{
    markdown *m = context;
    ac_table_verdict(m->table, verdict);
    bool fixed = verdict->standing == AC_STANDING_FIXED;
    bool failed = verdict->word == AC_FAIL && !ac_verdict_excused(verdict);
    if ((!failed && !fixed) || m->failure_count == FAILURES_SHOWN) {
        return;
    }
    ac_buf_clear(&m->told);
    if (fixed) {
        ac_tell_line(&m->told, verdict, false);
    } else {
        ac_tell_block(&m->told, verdict, (ac_tell_style){.notes = false});
    }
    ac_str text = ac_buf_str(&m->told);
    ac_str start = ac_tell_start(text, FAILURE_MAX);
    const char *end = start.n < text.n ? "…\n" : "";
    m->failures[m->failure_count++] = ac_str_printf(m->arena, "%.*s%s", AC_STR_FMT(start), end);
}

/* ---- the page ---- */

static void add_top(markdown *m)
{
    const ac_table *table = m->table;
    ac_buf_add_c(&m->out, "# Conformance of ");
    add_code(m, table->head.target.n > 0 ? table->head.target : AC_STR("nothing"));
    ac_buf_add_c(&m->out, "\n\n**");
    ac_buf_clear(&m->told);
    ac_table_tell_outcome(&m->told, table);
    ac_tell_escaped(&m->out, ac_buf_str(&m->told), ac_tell_in_markdown);
    ac_buf_add_c(&m->out, "**\n\n| | |\n|---|---|\n| verdicts | ");
    ac_table_tell_counts(&m->out, table);
    ac_buf_printf(&m->out, " |\n| requests | %lld |\n| duration | ", (long long)table->tail.requests);
    ac_tell_duration(&m->out, table->tail.duration_us);
    ac_buf_add_c(&m->out, " |\n| passes by level | ");
    ac_table_tell_levels(&m->out, table->levels);
    ac_buf_printf(&m->out, " |\n| leaned on a state hook | %lld |\n| accord | ",
                  (long long)table->tail.with_state);
    add_code(m, table->head.version);
    ac_buf_add_c(&m->out, " |\n| started | ");
    ac_buf_add(&m->out, ac_time_print(m->arena, table->head.started_ms, AC_TIME_ISO));
    ac_buf_add_c(&m->out, " |\n| URL | ");
    add_code(m, table->head.url);
    ac_buf_add_c(&m->out, " |\n| seed | ");
    add_code(m, table->head.seed);
    ac_buf_add_c(&m->out, " |\n");
    put(m);
}

static void add_operations(markdown *m)
{
    ac_buf_add_c(&m->out, "\n## Operations\n\n| operation |");
    for (int word = 0; word < AC_WORDS; word++) {
        ac_buf_printf(&m->out, " %s |", ac_word_names[word]);
    }
    ac_buf_add_c(&m->out, " documented errors |\n|---|--:|--:|--:|--:|--:|---|\n");
    for (size_t i = 0; i < m->table->names.count; i++) {
        const ac_table_operation *operation = &m->table->operations[i];
        ac_buf_add_c(&m->out, "| ");
        add_code(m, operation->name);
        for (int word = 0; word < AC_WORDS; word++) {
            ac_buf_printf(&m->out, " | %lld", (long long)operation->counts[word]);
        }
        ac_buf_add_c(&m->out, " | ");
        ac_table_tell_rows(&m->out, operation);
        ac_buf_add_c(&m->out, " |\n");
    }
    put(m);
}

static void add_side(markdown *m, ac_client_side side)
{
    const ac_clients *clients = &m->table->clients;
    ac_buf_printf(&m->out, "\n### %s: %s\n\n", ac_side_names[side], ac_side_titles[side]);
    ac_clients_tell_side(&m->out, clients, side);
    ac_buf_add_c(&m->out, ".\n\n| cases | | kind | where | observed |\n|--:|---|---|---|---|\n");
    for (size_t i = 0; i < clients->count; i++) {
        const ac_client_line *line = &clients->lines[i];
        if (line->side != side) {
            continue;
        }
        ac_buf_printf(&m->out, "| %lld | %s | ", (long long)line->cases, line->note ? "note" : "fails");
        add_code(m, line->kind);
        ac_buf_add_c(&m->out, " | ");
        add_code(m, line->place);
        ac_buf_add_c(&m->out, " | ");
        add_text(m, line->observed);
        ac_buf_add_c(&m->out, " |\n");
    }
}

static void add_client(markdown *m)
{
    if (!m->table->head.client.p) {
        return;
    }
    ac_buf_add_c(&m->out, "\n## The SDK\n\n");
    add_text(m, m->table->head.client);
    ac_buf_add_char(&m->out, '\n');
    for (int side = 0; side < AC_SIDES; side++) {
        add_side(m, (ac_client_side)side);
    }
    put(m);
}

static void add_failures(markdown *m)
{
    const ac_run_tail *tail = &m->table->tail;
    int64_t failed = tail->counts[AC_FAIL] - tail->excused[AC_FAIL] + tail->fixed;
    ac_buf_add_c(&m->out, m->failure_count > 0 ? "\n## Failures\n" : "");
    for (size_t i = 0; i < m->failure_count; i++) {
        size_t fence = longest_fence(m->failures[i]);
        ac_buf_add_char(&m->out, '\n');
        add_fence(&m->out, fence);
        ac_buf_add_c(&m->out, "text\n");
        ac_buf_add(&m->out, m->failures[i]);
        add_fence(&m->out, fence);
        ac_buf_add_char(&m->out, '\n');
    }
    if (failed > (int64_t)m->failure_count) {
        ac_buf_printf(&m->out, "\nand %lld more; the results stream has all of them.\n",
                      (long long)(failed - (int64_t)m->failure_count));
    }
    put(m);
}

static void add_problems(markdown *m)
{
    const ac_strs *problems = &m->table->tail.problems;
    ac_buf_add_c(&m->out, problems->count > 0 ? "\n## Faults of the list of expectations\n\n" : "");
    for (size_t i = 0; i < problems->count; i++) {
        ac_buf_add_c(&m->out, "- ");
        add_code(m, problems->items[i]);
        ac_buf_add_char(&m->out, '\n');
    }
    put(m);
}

/* Reasons of the list of expectations, or those of the run. */
static void add_reasons(markdown *m, const char *heading, bool expected)
{
    const ac_table *table = m->table;
    size_t told = 0;
    for (size_t i = 0; i < table->reason_count; i++) {
        const ac_table_reason *reason = &table->reasons[i];
        if ((reason->standing != AC_STANDING_NONE) != expected || told++ >= REASONS_SHOWN) {
            continue;
        }
        if (told == 1) {
            ac_buf_printf(&m->out, "\n## %s\n\n| cases | verdict | reason |\n|--:|---|---|\n", heading);
        }
        ac_buf_printf(&m->out, "| %lld | ", (long long)reason->count);
        ac_table_tell_kind(&m->out, reason);
        ac_buf_add_c(&m->out, " | ");
        ac_buf_clear(&m->told);
        ac_table_tell_reason(&m->told, reason);
        ac_buf_add_c(&m->out, "<code>");
        ac_tell_escaped(&m->out, ac_buf_str(&m->told), ac_tell_in_markdown);
        ac_buf_add_c(&m->out, "</code>");
        ac_buf_add_c(&m->out, " |\n");
    }
    if (told > REASONS_SHOWN) {
        ac_buf_printf(&m->out, "\nand %zu further reasons.\n", told - REASONS_SHOWN);
    }
    put(m);
}

static void add_row(markdown *m, const ac_table_row *row)
{
    ac_buf_printf(&m->out, "| %lld | %lld | ", (long long)row->row, (long long)row->status);
    add_code(m, row->code);
    ac_buf_add_c(&m->out, " | ");
    add_text(m, row->reach);
    ac_buf_add_c(&m->out, " | ");
    ac_buf_clear(&m->told);
    ac_table_tell_cell(&m->told, row);
    ac_tell_escaped(&m->out, ac_buf_str(&m->told), ac_tell_in_markdown);
    ac_buf_add_c(&m->out, " | ");
    add_text(m, row->cite);
    ac_buf_add_c(&m->out, " |\n");
}

static void add_documented(markdown *m, const ac_table_operation *operation)
{
    ac_buf_add_c(&m->out, "\n<details><summary>");
    add_code(m, operation->name);
    ac_buf_add_char(&m->out, ' ');
    ac_table_tell_rows(&m->out, operation);
    ac_buf_add_c(&m->out, "</summary>\n\n| row | status | code | reach | result | source |\n"
                          "|--:|--:|---|---|---|---|\n");
    for (size_t i = 0; i < operation->row_count; i++) {
        add_row(m, &operation->rows[i]);
    }
    ac_buf_add_c(&m->out, "\n</details>\n");
    put(m);
}

static void hear_tail(void *context, const ac_run_tail *tail)
{
    markdown *m = context;
    ac_table_tail(m->table, tail);
    add_top(m);
    add_operations(m);
    add_client(m);
    add_failures(m);
    add_problems(m);
    add_reasons(m, "Expected", true);
    add_reasons(m, "Not judged", false);
    ac_buf_add_c(&m->out, m->table->rows > 0 ? "\n## Documented errors\n" : "");
    for (size_t i = 0; i < m->table->names.count; i++) {
        if (m->table->operations[i].row_count > 0) {
            add_documented(m, &m->table->operations[i]);
        }
    }
    put(m);
}

ac_report *ac_markdown_open(const char *path, ac_err *err)
{
    static const ac_writer writer = {open_markdown, hear_head, hear_verdict, hear_tail, free_markdown};
    return ac_report_start(path, &writer, err);
}
