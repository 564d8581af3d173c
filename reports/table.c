#include "reports/table.h"

#include <assert.h>
#include <stdlib.h>

#include "reports/tell.h"

const char *const ac_cell_names[] = {"no case", "skipped", "blocked", "verified", "failed"};

ac_table *ac_table_new(void)
{
    ac_table *table = ac_alloc(sizeof *table);
    table->arena = ac_arena_new();
    ac_names_init(&table->names, table->arena);
    ac_names_init(&table->reason_keys, table->arena);
    ac_clients_init(&table->clients, table->arena);
    return table;
}

void ac_table_free(ac_table *table)
{
    ac_arena_free(table->arena);
    ac_free(table);
}

static ac_str keep(ac_table *table, ac_str text)
{
    return ac_str_dup(table->arena, text);
}

static ac_table_operation *operation_of(ac_table *table, ac_str name)
{
    size_t known = table->names.count;
    size_t number = ac_names_number(&table->names, name);
    if (number == known) {
        table->operations = ac_arena_grown(table->arena, table->operations, known, &table->operation_capacity,
                                           sizeof *table->operations);
        table->operations[number] = (ac_table_operation){.name = table->names.items[number]};
    }
    return &table->operations[number];
}

static void add_row(ac_table *table, const ac_documented_error *error)
{
    ac_table_operation *operation = operation_of(table, error->operation);
    operation->rows = ac_arena_grown(table->arena, operation->rows, operation->row_count,
                                     &operation->row_capacity, sizeof *operation->rows);
    operation->rows[operation->row_count++] = (ac_table_row){.row = error->row,
                                                             .status = error->status,
                                                             .code = keep(table, error->code),
                                                             .reach = keep(table, error->reach),
                                                             .cite = keep(table, error->cite)};
    table->rows++;
}

void ac_table_head(ac_table *table, const ac_run_head *head)
{
    table->head = (ac_run_head){.version = keep(table, head->version),
                                .target = keep(table, head->target),
                                .url = keep(table, head->url),
                                .client = head->client.p ? keep(table, head->client) : head->client,
                                .started_ms = head->started_ms,
                                .seed = keep(table, head->seed),
                                .planned = head->planned};
    for (size_t i = 0; i < head->error_count; i++) {
        add_row(table, &head->errors[i]);
    }
}

/* ---- verdicts ---- */

/* Rows stand in the order of their numbers as a rule. */
static ac_table_row *row_by_number(ac_table_operation *operation, int64_t number)
{
    size_t guess = (size_t)number - 1;
    if (guess < operation->row_count && operation->rows[guess].row == number) {
        return &operation->rows[guess];
    }
    for (size_t i = 0; i < operation->row_count; i++) {
        if (operation->rows[i].row == number) {
            return &operation->rows[i];
        }
    }
    return NULL;
}

/* A code that stands in several rows tells none of them. */
static ac_table_row *row_by_code(ac_table_operation *operation, ac_str code)
{
    ac_table_row *found = NULL;
    for (size_t i = 0; i < operation->row_count; i++) {
        if (ac_str_eq(operation->rows[i].code, code)) {
            if (found) {
                return NULL;
            }
            found = &operation->rows[i];
        }
    }
    return found;
}

/* Only a case that demands exactly this code speaks for its row. */
static ac_table_row *row_of(ac_table_operation *operation, const ac_verdict *verdict)
{
    bool demands = verdict->certainty.n == 0 || ac_str_is(verdict->certainty, "must");
    if (!verdict->code.p || !demands) {
        return NULL;
    }
    return verdict->row > 0 ? row_by_number(operation, verdict->row) : row_by_code(operation, verdict->code);
}

static void fill_cell(ac_table *table, ac_table_row *row, const ac_verdict *verdict)
{
    static const ac_cell cells[] = {
        [AC_PASS] = AC_CELL_VERIFIED,   [AC_FAIL] = AC_CELL_FAILED,   [AC_SKIP] = AC_CELL_SKIPPED,
        [AC_BLOCKED] = AC_CELL_BLOCKED, [AC_ERROR] = AC_CELL_BLOCKED,
    };
    ac_cell cell = cells[verdict->word];
    bool judged = verdict->word <= AC_FAIL;
    row->by_state = row->by_state || (judged && verdict->state.p);
    row->by_request = row->by_request || (judged && !verdict->state.p);
    if (verdict->word == AC_PASS && verdict->level > row->level) {
        row->level = verdict->level;
    }
    if (cell > row->cell) {
        row->cell = cell;
        row->because = keep(table, verdict->word == AC_FAIL ? ac_tell_name(verdict) : verdict->reason);
    }
}

/* Names all others of a word where no text is given. */
static ac_str reason_key(ac_buf *key, const ac_table_reason *reason, const ac_str *text)
{
    ac_buf_clear(key);
    ac_table_tell_kind(key, reason);
    if (text) {
        ac_buf_add_char(key, ' ');
        ac_buf_add(key, *text);
    }
    return ac_buf_str(key);
}

/* Why, and what belongs to it. */
static ac_str reason_text(ac_buf *told, const ac_verdict *verdict)
{
    if (!ac_verdict_excused(verdict)) {
        return ac_tell_start(verdict->reason, AC_TELL_SHORT);
    }
    ac_tell_standing(told, verdict);
    return ac_tell_start(ac_buf_str(told), AC_TELL_SHORT);
}

/* Bounded: reasons that differ from case to case must not fill the memory. */
static void count_reason(ac_table *table, const ac_verdict *verdict)
{
    ac_buf key, told;
    ac_buf_init(&key, 2 * AC_TELL_TEXT);
    ac_buf_init(&told, 2 * AC_TELL_TEXT);
    ac_table_reason reason = {.word = verdict->word};
    reason.standing = ac_verdict_excused(verdict) ? verdict->standing : AC_STANDING_NONE;
    ac_str text = reason_text(&told, verdict);
    ac_str name = reason_key(&key, &reason, &text);
    bool others =
        table->reason_keys.count >= AC_TABLE_REASONS && !ac_names_find(&table->reason_keys, name, NULL);
    if (others) {
        name = reason_key(&key, &reason, NULL);
    }
    size_t number = ac_names_number(&table->reason_keys, name);
    if (number == table->reason_count) {
        table->reasons = ac_arena_grown(table->arena, table->reasons, number, &table->reason_capacity,
                                        sizeof *table->reasons);
        reason.text = keep(table, text);
        reason.others = others;
        table->reasons[number] = reason;
        table->reason_count++;
    }
    table->reasons[number].count++;
    ac_buf_done(&key);
    ac_buf_done(&told);
}

void ac_table_verdict(ac_table *table, const ac_verdict *verdict)
{
    ac_table_operation *operation = operation_of(table, verdict->operation);
    ac_table_row *row = row_of(operation, verdict);
    assert(verdict->level >= 0 && verdict->level < AC_TABLE_LEVELS);
    ac_tail_count(&table->tail, verdict);
    operation->counts[verdict->word]++;
    if (row) {
        fill_cell(table, row, verdict);
    }
    if (table->head.client.p) {
        ac_clients_verdict(&table->clients, verdict);
    }
    if (verdict->word == AC_PASS) {
        table->levels[verdict->level]++;
    } else if (verdict->word != AC_FAIL || ac_verdict_excused(verdict)) {
        count_reason(table, verdict);
    }
}

/* ---- the end ---- */

static int by_name(const void *a, const void *b)
{
    const ac_table_operation *x = a;
    const ac_table_operation *y = b;
    return ac_str_cmp(x->name, y->name);
}

static int by_count(const void *a, const void *b)
{
    const ac_table_reason *x = a;
    const ac_table_reason *y = b;
    if (x->count != y->count) {
        return x->count < y->count ? 1 : -1;
    }
    if (x->word != y->word || x->standing != y->standing) {
        return x->word != y->word ? (int)x->word - (int)y->word : (int)x->standing - (int)y->standing;
    }
    return ac_str_cmp(x->text, y->text);
}

static void count_cells(ac_table *table, ac_table_operation *operation)
{
    for (size_t i = 0; i < operation->row_count; i++) {
        const ac_table_row *row = &operation->rows[i];
        operation->cells[row->cell]++;
        if (row->cell == AC_CELL_VERIFIED) {
            operation->verified[row->level]++;
            table->verified++;
        }
    }
}

void ac_table_tail(ac_table *table, const ac_run_tail *tail)
{
    ac_run_tail counted = table->tail;
    table->tail = *tail;
    ac_tail_take_counts(&table->tail, &counted);
    table->tail.ended_by = keep(table, tail->ended_by);
    table->tail.problems.items = AC_NEW_ARRAY(table->arena, tail->problems.count, ac_str);
    for (size_t i = 0; i < tail->problems.count; i++) {
        table->tail.problems.items[i] = keep(table, tail->problems.items[i]);
    }
    ac_clients_sort(&table->clients);
    for (size_t i = 0; i < table->names.count; i++) {
        count_cells(table, &table->operations[i]);
    }
    if (table->names.count > 0) {
        qsort(table->operations, table->names.count, sizeof *table->operations, by_name);
    }
    if (table->reason_count > 0) {
        qsort(table->reasons, table->reason_count, sizeof *table->reasons, by_count);
    }
}

/* ---- in words ---- */

int64_t ac_table_total(const int64_t counts[AC_WORDS])
{
    int64_t total = 0;
    for (size_t i = 0; i < AC_WORDS; i++) {
        total += counts[i];
    }
    return total;
}

void ac_table_tell_levels(ac_buf *out, const int64_t levels[AC_TABLE_LEVELS])
{
    const char *comma = "";
    for (int level = AC_TABLE_LEVELS - 1; level >= 0; level--) {
        if (levels[level] > 0) {
            ac_buf_printf(out, "%s%lld at L%d", comma, (long long)levels[level], level);
            comma = ", ";
        }
    }
}

void ac_table_tell_cell(ac_buf *out, const ac_table_row *row)
{
    static const char *const ways[] = {"", ", by request", ", by state", ", by request and by state"};
    ac_buf_add_c(out, ac_cell_names[row->cell]);
    if (row->cell == AC_CELL_VERIFIED) {
        ac_buf_printf(out, " L%d%s", row->level, ways[(row->by_state ? 2 : 0) + (row->by_request ? 1 : 0)]);
    } else if (row->because.n > 0) {
        ac_buf_add_c(out, ": ");
        ac_tell_text(out, row->because, AC_TELL_SHORT);
    }
}

void ac_table_tell_rows(ac_buf *out, const ac_table_operation *operation)
{
    static const ac_cell others[] = {AC_CELL_FAILED, AC_CELL_SKIPPED, AC_CELL_BLOCKED, AC_CELL_NO_CASE};
    if (operation->row_count == 0) {
        ac_buf_add_c(out, "none");
        return;
    }
    ac_buf_printf(out, "%zu: %lld verified", operation->row_count,
                  (long long)operation->cells[AC_CELL_VERIFIED]);
    if (operation->cells[AC_CELL_VERIFIED] > 0) {
        ac_buf_add_c(out, " (");
        ac_table_tell_levels(out, operation->verified);
        ac_buf_add_char(out, ')');
    }
    for (size_t i = 0; i < AC_COUNT(others); i++) {
        int64_t count = operation->cells[others[i]];
        if (count > 0 || others[i] == AC_CELL_FAILED) {
            ac_buf_printf(out, ", %lld %s", (long long)count, ac_cell_names[others[i]]);
        }
    }
}

void ac_table_tell_kind(ac_buf *out, const ac_table_reason *reason)
{
    ac_buf_printf(out, "%s%s%s", ac_standing_names[reason->standing],
                  reason->standing != AC_STANDING_NONE ? " " : "", ac_word_name(reason->word));
}

void ac_table_tell_reason(ac_buf *out, const ac_table_reason *reason)
{
    ac_str text = reason->text.n > 0 ? reason->text : AC_STR("no reason given");
    ac_tell_text(out, reason->others ? AC_STR("other reasons") : text, AC_TELL_SHORT);
}

void ac_table_tell_counts(ac_buf *out, const ac_table *table)
{
    ac_tell_count(out, ac_table_total(table->tail.counts), "case");
    for (int word = 0; word < AC_WORDS; word++) {
        ac_buf_printf(out, "%s%lld %s", word == 0 ? ": " : ", ", (long long)table->tail.counts[word],
                      ac_word_names[word]);
    }
    const ac_run_tail *tail = &table->tail;
    if (tail->known + tail->fixed + tail->flaky > 0) {
        ac_buf_printf(out, "; %lld known, %lld fixed, %lld flaky", (long long)tail->known,
                      (long long)tail->fixed, (long long)tail->flaky);
    }
}

ac_word ac_table_outcome(const ac_table *table)
{
    return ac_tail_outcome(&table->tail);
}

/* Verdicts of a word that no expectation covers. */
static int64_t open_of(const ac_table *table, ac_word word)
{
    return table->tail.counts[word] - table->tail.excused[word];
}

static int64_t expected_failures(const ac_table *table)
{
    const int64_t *excused = table->tail.excused;
    return excused[AC_FAIL] + excused[AC_BLOCKED] + excused[AC_ERROR];
}

static void tell_early(ac_buf *out, const ac_table *table, int64_t total)
{
    if (!table->tail.complete) {
        ac_buf_add_c(out, "the run is not complete (");
        ac_tell_text(out, table->tail.ended_by.n > 0 ? table->tail.ended_by : AC_STR("no reason given"),
                     AC_TELL_SHORT);
        ac_buf_printf(out, "), %lld of %zu cases have a verdict; ", (long long)total, table->head.planned);
    }
}

static void tell_pass(ac_buf *out, const ac_table *table)
{
    const int64_t *counts = table->tail.counts;
    ac_tell_count(out, counts[AC_PASS], "case");
    ac_buf_add_c(out, " passed");
    if (expected_failures(table) > 0) {
        ac_buf_printf(out, ", %lld did not", (long long)expected_failures(table));
    }
    if (counts[AC_SKIP] > 0) {
        ac_buf_printf(out, ", %lld skipped", (long long)counts[AC_SKIP]);
    }
    if (table->rows > 0) {
        ac_buf_printf(out, "; %lld of ", (long long)table->verified);
        ac_tell_count(out, table->rows, "documented error");
        ac_buf_add_c(out, " verified");
    }
}

static void tell_not_judged(ac_buf *out, const ac_table *table, int64_t total)
{
    const int64_t *counts = table->tail.counts;
    int64_t open = open_of(table, AC_BLOCKED) + open_of(table, AC_ERROR);
    if (total == 0) {
        ac_buf_add_c(out, "nothing ran");
    } else if (open > 0) {
        ac_buf_printf(out, "%lld of ", (long long)open);
        ac_tell_count(out, total, "case");
        ac_buf_add_c(out, " could not be judged, none failed");
    } else if (counts[AC_PASS] == 0) {
        ac_buf_add_c(out, "every case was skipped");
    } else {
        tell_pass(out, table);
    }
}

static void tell_fail(ac_buf *out, const ac_table *table)
{
    const int64_t *counts = table->tail.counts;
    int64_t open = open_of(table, AC_BLOCKED) + open_of(table, AC_ERROR);
    ac_buf_printf(out, "%lld of ", (long long)open_of(table, AC_FAIL));
    ac_tell_count(out, counts[AC_PASS] + counts[AC_FAIL], "judged case");
    ac_buf_add_c(out, " failed");
    if (expected_failures(table) > 0) {
        ac_buf_printf(out, ", %lld more as expected", (long long)expected_failures(table));
    }
    if (open > 0) {
        ac_buf_printf(out, ", %lld could not be judged", (long long)open);
    }
}

static void tell_outdated(ac_buf *out, const ac_table *table)
{
    size_t problems = table->tail.problems.count;
    if (table->tail.fixed > 0) {
        ac_tell_count(out, table->tail.fixed, "case");
        ac_buf_add_c(out, " passed against expectation");
    }
    if (problems > 0) {
        ac_buf_add_c(out, table->tail.fixed > 0 ? ", " : "");
        ac_tell_count(out, (int64_t)problems, "further fault");
        ac_buf_add_c(out, " of the list");
    }
}

void ac_table_tell_outcome(ac_buf *out, const ac_table *table)
{
    int64_t total = ac_table_total(table->tail.counts);
    ac_word outcome = ac_table_outcome(table);
    bool outdated = outcome == AC_FAIL && open_of(table, AC_FAIL) == 0;
    ac_buf_add_c(out, outdated                       ? "Expectations are out of date: "
                      : outcome == AC_FAIL           ? "Does not conform: "
                      : outcome != AC_PASS           ? "Not judged: "
                      : expected_failures(table) > 0 ? "As expected: "
                                                     : "Conforms: ");
    tell_early(out, table, total);
    if (outcome == AC_PASS) {
        tell_pass(out, table);
    } else if (outdated) {
        tell_outdated(out, table);
    } else if (outcome == AC_FAIL) {
        tell_fail(out, table);
    } else {
        tell_not_judged(out, table, total);
    }
    ac_buf_add_c(out, ".");
}
