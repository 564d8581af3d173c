/* The results stream. One table of members for each kind of line serves writing and reading, so that what is
 * written reads back as it was. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/decode.h"
#include "run/verdict.h"

enum {
    VERSION = 1,
    DEPTH_MAX = 16,
    CUT_TEXT = 512, /* bytes of an optional text, and … */
    CUT_ITEMS = 64, /* … findings or exchanges, where a verdict would not fit into a line */
    CUT_PROBLEMS = 1000,
    CUT_CITE = 32 /* bytes of an optional text of a head that would not fit */
};

/* Of any number in a stream; sums and differences of some of them stay far below 2^63. */
static const int64_t number_max = 1000000000000000;

/* ---- what a line holds ---- */

static const char *const levels[] = {"L0", "L1", "L2", "L3", "L4", "L5", NULL};

typedef struct run_line {
    ac_run_head head;
    int64_t planned;
} run_line;

/* The decoder fills a list's pointer and count side by side, and an enumeration through an int. */
static_assert(offsetof(ac_verdict, finding_count) == offsetof(ac_verdict, findings) + sizeof(void *), "");
static_assert(offsetof(ac_verdict, exchange_count) == offsetof(ac_verdict, exchanges) + sizeof(void *), "");
static_assert(offsetof(ac_run_head, error_count) == offsetof(ac_run_head, errors) + sizeof(void *), "");
static_assert(sizeof(ac_word) == sizeof(int) && sizeof(ac_standing) == sizeof(int), "");

static bool check_row(ac_decoder *decoder, const ac_json *json, void *out);
static bool check_run(ac_decoder *decoder, const ac_json *json, void *out);
static bool check_case(ac_decoder *decoder, const ac_json *json, void *out);
static bool check_end(ac_decoder *decoder, const ac_json *json, void *out);

#define COUNT(key, word)                                                                                     \
    {                                                                                                        \
        key, AC_FIELD_INT, (word) * sizeof(int64_t), AC_REQUIRED, NULL                                       \
    }

static const ac_field row_fields[] = {
    AC_ROW(ac_documented_error, "operation", AC_FIELD_STR, operation, AC_REQUIRED, NULL),
    AC_ROW(ac_documented_error, "row", AC_FIELD_INT, row, AC_REQUIRED, NULL),
    AC_ROW(ac_documented_error, "status", AC_FIELD_INT, status, AC_REQUIRED, NULL),
    AC_ROW(ac_documented_error, "code", AC_FIELD_STR, code, AC_REQUIRED, NULL),
    AC_ROW(ac_documented_error, "reach", AC_FIELD_STR, reach, AC_OPTIONAL, NULL),
    AC_ROW(ac_documented_error, "cite", AC_FIELD_STR, cite, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct row_shape = {row_fields, sizeof(ac_documented_error), check_row};

static const ac_field run_fields[] = {
    AC_ROW_KNOWN("accord", AC_REQUIRED),
    AC_ROW_KNOWN("type", AC_REQUIRED),
    AC_ROW(run_line, "version", AC_FIELD_STR, head.version, AC_REQUIRED, NULL),
    AC_ROW(run_line, "target", AC_FIELD_STR, head.target, AC_REQUIRED, NULL),
    AC_ROW(run_line, "url", AC_FIELD_STR, head.url, AC_OPTIONAL, NULL),
    AC_ROW(run_line, "client", AC_FIELD_STR, head.client, AC_OPTIONAL, NULL),
    AC_ROW(run_line, "started_ms", AC_FIELD_INT, head.started_ms, AC_REQUIRED, NULL),
    AC_ROW(run_line, "seed", AC_FIELD_STR, head.seed, AC_OPTIONAL, NULL),
    AC_ROW(run_line, "planned", AC_FIELD_INT, planned, AC_REQUIRED, NULL),
    AC_ROW(run_line, "errors", AC_FIELD_LIST, head.errors, AC_OPTIONAL, &row_shape),
    AC_ROWS_END,
};
static const ac_struct run_shape = {run_fields, sizeof(run_line), check_run};

static const ac_field finding_fields[] = {
    AC_ROW(ac_shown_finding, "kind", AC_FIELD_STR, kind, AC_REQUIRED, NULL),
    AC_ROW(ac_shown_finding, "level", AC_FIELD_ENUM, level, AC_REQUIRED, levels),
    AC_ROW(ac_shown_finding, "note", AC_FIELD_BOOL, note, AC_OPTIONAL, NULL),
    AC_ROW(ac_shown_finding, "at", AC_FIELD_STR, place, AC_OPTIONAL, NULL),
    AC_ROW(ac_shown_finding, "expected", AC_FIELD_STR, expected, AC_OPTIONAL, NULL),
    AC_ROW(ac_shown_finding, "observed", AC_FIELD_STR, observed, AC_OPTIONAL, NULL),
    AC_ROW(ac_shown_finding, "source", AC_FIELD_STR, source, AC_OPTIONAL, NULL),
    AC_ROW(ac_shown_finding, "step", AC_FIELD_STR, step, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct finding_shape = {finding_fields, sizeof(ac_shown_finding), NULL};

static const ac_field exchange_fields[] = {
    AC_ROW(ac_shown_exchange, "step", AC_FIELD_STR, step, AC_OPTIONAL, NULL),
    AC_ROW(ac_shown_exchange, "request", AC_FIELD_STR, request, AC_OPTIONAL, NULL),
    AC_ROW(ac_shown_exchange, "response", AC_FIELD_STR, response, AC_OPTIONAL, NULL),
    AC_ROW(ac_shown_exchange, "curl", AC_FIELD_STR, curl, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct exchange_shape = {exchange_fields, sizeof(ac_shown_exchange), NULL};

static const ac_field case_fields[] = {
    AC_ROW_KNOWN("accord", AC_REQUIRED),
    AC_ROW_KNOWN("type", AC_REQUIRED),
    AC_ROW(ac_verdict, "id", AC_FIELD_STR, id, AC_REQUIRED, NULL),
    AC_ROW(ac_verdict, "operation", AC_FIELD_STR, operation, AC_REQUIRED, NULL),
    AC_ROW(ac_verdict, "group", AC_FIELD_STR, group, AC_OPTIONAL, NULL),
    AC_ROW(ac_verdict, "title", AC_FIELD_STR, title, AC_OPTIONAL, NULL),
    AC_ROW(ac_verdict, "verdict", AC_FIELD_ENUM, word, AC_REQUIRED, ac_word_names),
    AC_ROW(ac_verdict, "reason", AC_FIELD_STR, reason, AC_OPTIONAL, NULL),
    AC_ROW(ac_verdict, "level", AC_FIELD_ENUM, level, AC_REQUIRED, levels),
    AC_ROW(ac_verdict, "certainty", AC_FIELD_STR, certainty, AC_OPTIONAL, NULL),
    AC_ROW(ac_verdict, "source", AC_FIELD_STR, source, AC_OPTIONAL, NULL),
    AC_ROW(ac_verdict, "cite", AC_FIELD_STR, cite, AC_OPTIONAL, NULL),
    AC_ROW(ac_verdict, "code", AC_FIELD_STR, code, AC_OPTIONAL, NULL),
    AC_ROW(ac_verdict, "row", AC_FIELD_INT, row, AC_OPTIONAL, NULL),
    AC_ROW(ac_verdict, "state", AC_FIELD_STR, state, AC_OPTIONAL, NULL),
    AC_ROW(ac_verdict, "started_ms", AC_FIELD_INT, started_ms, AC_REQUIRED, NULL),
    AC_ROW(ac_verdict, "duration_us", AC_FIELD_INT, duration_us, AC_REQUIRED, NULL),
    AC_ROW(ac_verdict, "requests", AC_FIELD_INT, requests, AC_REQUIRED, NULL),
    AC_ROW(ac_verdict, "findings", AC_FIELD_LIST, findings, AC_OPTIONAL, &finding_shape),
    AC_ROW(ac_verdict, "exchanges", AC_FIELD_LIST, exchanges, AC_OPTIONAL, &exchange_shape),
    AC_ROW(ac_verdict, "rerun", AC_FIELD_STR, rerun, AC_OPTIONAL, NULL),
    AC_ROW(ac_verdict, "standing", AC_FIELD_ENUM, standing, AC_OPTIONAL, ac_standing_names),
    AC_ROW(ac_verdict, "standing_reason", AC_FIELD_STR, standing_reason, AC_OPTIONAL, NULL),
    AC_ROW(ac_verdict, "ticket", AC_FIELD_STR, ticket, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct case_shape = {case_fields, sizeof(ac_verdict), check_case};

static const ac_field count_fields[] = {
    COUNT("pass", AC_PASS),       COUNT("fail", AC_FAIL),   COUNT("skip", AC_SKIP),
    COUNT("blocked", AC_BLOCKED), COUNT("error", AC_ERROR), AC_ROWS_END,
};
static const ac_struct count_shape = {count_fields, AC_WORDS * sizeof(int64_t), NULL};

static const ac_field end_fields[] = {
    AC_ROW_KNOWN("accord", AC_REQUIRED),
    AC_ROW_KNOWN("type", AC_REQUIRED),
    AC_ROW(ac_run_tail, "duration_us", AC_FIELD_INT, duration_us, AC_REQUIRED, NULL),
    AC_ROW(ac_run_tail, "requests", AC_FIELD_INT, requests, AC_REQUIRED, NULL),
    AC_ROW(ac_run_tail, "verdicts", AC_FIELD_OBJECT, counts, AC_REQUIRED, &count_shape),
    AC_ROW(ac_run_tail, "known", AC_FIELD_INT, known, AC_OPTIONAL, NULL),
    AC_ROW(ac_run_tail, "fixed", AC_FIELD_INT, fixed, AC_OPTIONAL, NULL),
    AC_ROW(ac_run_tail, "flaky", AC_FIELD_INT, flaky, AC_OPTIONAL, NULL),
    AC_ROW(ac_run_tail, "problems", AC_FIELD_STRS, problems, AC_OPTIONAL, NULL),
    AC_ROW(ac_run_tail, "with_state", AC_FIELD_INT, with_state, AC_REQUIRED, NULL),
    AC_ROW(ac_run_tail, "complete", AC_FIELD_BOOL, complete, AC_REQUIRED, NULL),
    AC_ROW(ac_run_tail, "unreachable", AC_FIELD_BOOL, unreachable, AC_OPTIONAL, NULL),
    AC_ROW(ac_run_tail, "ended_by", AC_FIELD_STR, ended_by, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};
static const ac_struct end_shape = {end_fields, sizeof(ac_run_tail), check_end};

/* ---- writing ---- */

typedef struct cut {
    size_t text;  /* bytes of an optional text */
    size_t items; /* of a list */
} cut;

typedef struct writer {
    ac_buf *out;
    cut cut;
} writer;

typedef struct raw_list {
    const char *items;
    size_t count;
} raw_list;

static void write_members(writer *w, const ac_field *fields, const char *base, bool first);

/* The start of a text, whole characters only. */
static ac_str text_start(ac_str text, size_t bytes)
{
    while (bytes > 0 && ((unsigned char)text.p[bytes] & 0xC0) == 0x80) {
        bytes--;
    }
    return ac_str_sub(text, 0, bytes);
}

/* JSON could write a NUL, but no strict reader takes it. */
static void write_text(ac_buf *out, ac_str text, const char *more)
{
    ac_buf clean;
    ac_buf_init(&clean, SIZE_MAX / 4);
    for (ac_str rest = text; rest.n > 0;) {
        ac_str all = rest;
        ac_str piece = ac_str_split(all, '\0', &rest);
        ac_buf_add(&clean, piece);
        ac_buf_add_c(&clean, piece.n < all.n ? "\xEF\xBF\xBD" : "");
    }
    ac_buf_add_c(&clean, more);
    ac_json_write_string(out, ac_buf_str(&clean));
    ac_buf_done(&clean);
}

static void write_str(writer *w, const ac_field *field, const void *value)
{
    ac_str text = *(const ac_str *)value;
    bool cuts = !field->required && text.n > w->cut.text;
    if (cuts) {
        write_text(w->out, text_start(text, w->cut.text), "…");
    } else if (ac_str_find_char(text, '\0') == AC_NOT_FOUND) {
        ac_json_write_string(w->out, text);
    } else {
        write_text(w->out, text, "");
    }
}

static void write_bool(writer *w, const ac_field *field, const void *value)
{
    (void)field;
    ac_buf_add_c(w->out, *(const bool *)value ? "true" : "false");
}

static void write_int(writer *w, const ac_field *field, const void *value)
{
    (void)field;
    ac_buf_printf(w->out, "%lld", (long long)*(const int64_t *)value);
}

static void write_enum(writer *w, const ac_field *field, const void *value)
{
    const char *const *names = field->arg;
    int index = *(const int *)value;
    for (int i = 0; i < index; i++) {
        assert(names[i]);
    }
    ac_json_write_string(w->out, ac_str_c(names[index]));
}

static void write_object(writer *w, const ac_field *field, const void *value)
{
    const ac_struct *shape = field->arg;
    ac_buf_add_char(w->out, '{');
    write_members(w, shape->fields, value, true);
    ac_buf_add_char(w->out, '}');
}

static void write_list(writer *w, const ac_field *field, const void *value)
{
    const ac_struct *shape = field->arg;
    raw_list list;
    memcpy(&list, value, sizeof list);
    ac_buf_add_char(w->out, '[');
    for (size_t i = 0; i < list.count && i < w->cut.items; i++) {
        ac_buf_add_c(w->out, i > 0 ? "," : "");
        write_object(w, field, list.items + i * shape->size);
    }
    ac_buf_add_char(w->out, ']');
}

static void write_strs(writer *w, const ac_field *field, const void *value)
{
    const ac_strs *texts = value;
    ac_buf_add_char(w->out, '[');
    for (size_t i = 0; i < texts->count && i < w->cut.items; i++) {
        ac_buf_add_c(w->out, i > 0 ? "," : "");
        write_str(w, field, &texts->items[i]);
    }
    ac_buf_add_char(w->out, ']');
}

static bool has_str(const void *value)
{
    return ((const ac_str *)value)->p != NULL;
}

static bool has_bool(const void *value)
{
    return *(const bool *)value;
}

static bool has_int(const void *value)
{
    return *(const int64_t *)value != 0;
}

static bool has_enum(const void *value)
{
    return *(const int *)value != 0;
}

static bool has_items(const void *value)
{
    raw_list list;
    memcpy(&list, value, sizeof list);
    return list.count > 0;
}

/* given: whether an optional member is written at all; NULL where all are required. */
static const struct {
    void (*write)(writer *w, const ac_field *field, const void *value);
    bool (*given)(const void *value);
} kinds[] = {
    [AC_FIELD_STR] = {write_str, has_str},     [AC_FIELD_BOOL] = {write_bool, has_bool},
    [AC_FIELD_INT] = {write_int, has_int},     [AC_FIELD_ENUM] = {write_enum, has_enum},
    [AC_FIELD_OBJECT] = {write_object, NULL},  [AC_FIELD_LIST] = {write_list, has_items},
    [AC_FIELD_STRS] = {write_strs, has_items}, [AC_FIELD_IGNORE] = {NULL, NULL},
};

static void write_members(writer *w, const ac_field *fields, const char *base, bool first)
{
    for (const ac_field *field = fields; field->key; field++) {
        const char *value = base + field->offset;
        if (field->kind != AC_FIELD_IGNORE && (field->required || kinds[field->kind].given(value))) {
            ac_buf_add_c(w->out, first ? "\"" : ",\"");
            ac_buf_add_c(w->out, field->key);
            ac_buf_add_c(w->out, "\":");
            kinds[field->kind].write(w, field, value);
            first = false;
        }
    }
}

static void rewind_to(ac_buf *buf, size_t mark)
{
    buf->n = mark;
    buf->overflow = false;
}

static void write_line(ac_buf *out, const char *type, const ac_field *fields, const void *value, cut shorter)
{
    const cut cuts[] = {{SIZE_MAX, SIZE_MAX}, shorter};
    size_t mark = out->n;
    for (size_t i = 0; i < AC_COUNT(cuts); i++) {
        rewind_to(out, mark);
        writer w = {out, cuts[i]};
        ac_buf_printf(out, "{\"accord\":%d,\"type\":\"%s\"", VERSION, type);
        write_members(&w, fields, value, false);
        ac_buf_add_char(out, '}');
        if (!out->overflow && out->n - mark <= AC_RESULT_LINE_MAX) {
            break;
        }
    }
    ac_buf_add_char(out, '\n');
}

void ac_result_write_head(ac_buf *line, const ac_run_head *head)
{
    run_line value = {.head = *head, .planned = (int64_t)head->planned};
    write_line(line, "run", run_fields, &value, (cut){CUT_CITE, SIZE_MAX});
}

void ac_result_write_verdict(ac_buf *line, const ac_verdict *verdict)
{
    write_line(line, "case", case_fields, verdict, (cut){CUT_TEXT, CUT_ITEMS});
}

void ac_result_write_tail(ac_buf *line, const ac_run_tail *tail)
{
    write_line(line, "end", end_fields, tail, (cut){CUT_TEXT, CUT_PROBLEMS});
}

/* ---- checks that the tables do not express ---- */

static bool numbers_in_range(ac_decoder *decoder, const ac_field *fields, const char *base)
{
    for (const ac_field *field = fields; field->key; field++) {
        if (field->kind == AC_FIELD_INT) {
            int64_t value = *(const int64_t *)(const void *)(base + field->offset);
            if (value < 0 || value > number_max) {
                return ac_decode_fail(decoder, field->key, "%lld is not from 0 to %lld", (long long)value,
                                      (long long)number_max);
            }
        }
    }
    return true;
}

/* A text that is not given is fine. */
static bool one_of(ac_decoder *decoder, const char *member, ac_str text, const char *const *names)
{
    for (size_t i = 0; text.p && names[i]; i++) {
        if (ac_str_is(text, names[i])) {
            return true;
        }
    }
    return !text.p || ac_decode_fail(decoder, member, "unknown value \"%.*s\"", AC_STR_FMT(text));
}

static bool check_row(ac_decoder *decoder, const ac_json *json, void *out)
{
    static const char *const reaches[] = {"", "request", "reference", "sequence", "state", "fault", NULL};
    const ac_documented_error *row = out;
    (void)json;
    return numbers_in_range(decoder, row_fields, out) && one_of(decoder, "reach", row->reach, reaches);
}

static bool check_run(ac_decoder *decoder, const ac_json *json, void *out)
{
    run_line *line = out;
    (void)json;
    line->head.planned = (size_t)line->planned;
    return numbers_in_range(decoder, run_fields, out);
}

static bool check_id(ac_decoder *decoder, const ac_verdict *verdict)
{
    ac_str rest = ac_str_sub(verdict->id, verdict->operation.n, verdict->id.n);
    if (!ac_str_starts(verdict->id, verdict->operation) || !ac_str_starts(rest, AC_STR("/"))) {
        return ac_decode_fail(decoder, "id", "does not begin with the operation and \"/\"");
    }
    return true;
}

static bool check_findings(ac_decoder *decoder, const ac_verdict *verdict)
{
    size_t judged = 0;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        judged += verdict->findings[i].note ? 0 : 1;
    }
    if (verdict->word == AC_PASS && judged > 0) {
        return ac_decode_fail(decoder, "findings", "a pass has a finding that is not a note");
    }
    if (verdict->word == AC_FAIL && judged == 0) {
        return ac_decode_fail(decoder, "findings", "a fail has no finding");
    }
    return true;
}

static bool check_standing(ac_decoder *decoder, const ac_verdict *verdict)
{
    bool pass = verdict->word == AC_PASS;
    bool fits[AC_STANDINGS] = {true, !pass, pass, verdict->word != AC_SKIP};
    return fits[verdict->standing] ||
           ac_decode_fail(decoder, "standing", "a %s is not \"%s\"", ac_word_name(verdict->word),
                          ac_standing_names[verdict->standing]);
}

static bool check_case(ac_decoder *decoder, const ac_json *json, void *out)
{
    static const char *const certainties[] = {"", "must", "should", "may", NULL};
    static const char *const sources[] = {"",       "documented", "metadata", "sdk",
                                          "client", "inferred",   "observed", NULL};
    const ac_verdict *verdict = out;
    (void)json;
    return numbers_in_range(decoder, case_fields, out) && check_id(decoder, verdict) &&
           one_of(decoder, "certainty", verdict->certainty, certainties) &&
           one_of(decoder, "source", verdict->source, sources) && check_findings(decoder, verdict) &&
           check_standing(decoder, verdict);
}

static bool check_end(ac_decoder *decoder, const ac_json *json, void *out)
{
    const ac_run_tail *tail = out;
    (void)json;
    return numbers_in_range(decoder, end_fields, out) &&
           numbers_in_range(decoder, count_fields, (const char *)tail->counts);
}

/* ---- reading ---- */

typedef struct player {
    const ac_listener *listener;
    const char *file;
    ac_err *err;
    ac_arena *arena; /* of one line */
    size_t line;     /* number of the line being read */
    bool headed, ended;
    int64_t planned, started_ms;
    ac_run_tail seen; /* what the lines so far add up to */
} player;

static bool play_run(player *p, ac_decoder *decoder, const ac_json *json)
{
    run_line line = {.planned = 0};
    if (p->headed) {
        return ac_decode_fail(decoder, NULL, "a second head");
    }
    if (!ac_decode(decoder, json, &run_shape, &line)) {
        return false;
    }
    p->headed = true;
    p->planned = line.planned;
    p->started_ms = line.head.started_ms;
    p->listener->head(p->listener->context, &line.head);
    return true;
}

static void add_up(player *p, const ac_verdict *verdict)
{
    ac_run_tail *seen = &p->seen;
    int64_t end_us = (verdict->started_ms - p->started_ms) * 1000 + verdict->duration_us;
    seen->duration_us = end_us > seen->duration_us ? end_us : seen->duration_us;
    if (seen->requests <= number_max) {
        seen->requests += verdict->requests;
    }
    ac_tail_count(seen, verdict);
    seen->with_state += verdict->state.p && verdict->word != AC_SKIP ? 1 : 0;
}

static bool play_case(player *p, ac_decoder *decoder, const ac_json *json)
{
    ac_verdict verdict = {.word = AC_PASS};
    if (!ac_decode(decoder, json, &case_shape, &verdict)) {
        return false;
    }
    add_up(p, &verdict);
    p->listener->verdict(p->listener->context, &verdict);
    return true;
}

/* A line that was lost on the way must not pass unseen. */
static bool counts_agree(const player *p, ac_decoder *decoder, const ac_run_tail *tail)
{
    int64_t sum = 0;
    for (size_t i = 0; i < AC_WORDS; i++) {
        if (tail->counts[i] != p->seen.counts[i]) {
            return ac_decode_fail(decoder, "verdicts", "%lld %s are counted, the stream has %lld",
                                  (long long)tail->counts[i], ac_word_names[i], (long long)p->seen.counts[i]);
        }
        sum += tail->counts[i];
    }
    if (tail->known != p->seen.known || tail->fixed != p->seen.fixed || tail->flaky != p->seen.flaky) {
        return ac_decode_fail(decoder, NULL, "other standings are counted than the stream has");
    }
    if (tail->complete && sum != p->planned) {
        return ac_decode_fail(decoder, "complete", "%lld cases were planned, the stream has %lld",
                              (long long)p->planned, (long long)sum);
    }
    return true;
}

static bool play_end(player *p, ac_decoder *decoder, const ac_json *json)
{
    ac_run_tail tail = {.complete = false};
    if (!ac_decode(decoder, json, &end_shape, &tail) || !counts_agree(p, decoder, &tail)) {
        return false;
    }
    p->ended = true;
    ac_tail_take_counts(&tail, &p->seen);
    p->listener->tail(p->listener->context, &tail);
    return true;
}

static const struct {
    const char *name;
    bool (*play)(player *p, ac_decoder *decoder, const ac_json *json);
} types[] = {{"run", play_run}, {"case", play_case}, {"end", play_end}};

static bool play_tree(player *p, ac_decoder *decoder, const ac_json *json)
{
    int64_t version = 0;
    if (!ac_json_int(ac_json_get_c(json, "accord"), &version)) {
        return ac_decode_fail(decoder, NULL, "not a line of results: \"accord\" is missing");
    }
    if (version != VERSION) {
        return ac_decode_fail(decoder, "accord", "version %lld of the format; version %d is known",
                              (long long)version, VERSION);
    }
    ac_str type = ac_json_text(ac_json_get_c(json, "type"));
    if (p->ended) {
        return ac_decode_fail(decoder, NULL, "a line after the end line");
    }
    if (!p->headed && !ac_str_is(type, "run")) {
        return ac_decode_fail(decoder, NULL, "the stream does not begin with its head");
    }
    for (size_t i = 0; i < AC_COUNT(types); i++) {
        if (ac_str_is(type, types[i].name)) {
            return types[i].play(p, decoder, json);
        }
    }
    return ac_decode_fail(decoder, "type", "unknown type of line \"%.*s\"", AC_STR_FMT(type));
}

/* "line 1, column 5: why" becomes "file: line 12, column 5: why". */
static bool not_json(const player *p, const ac_err *why)
{
    static const char first[] = "line 1, ";
    bool placed = strncmp(why->text, first, strlen(first)) == 0;
    const char *rest = why->text + (placed ? strlen(first) : 0);
    return ac_fail(p->err, AC_ERR_USAGE, "%s: line %zu%s%s", p->file, p->line, placed ? ", " : ": ", rest);
}

static bool play_line(player *p, ac_str text)
{
    static const ac_json_limits limits = {AC_RESULT_LINE_MAX, DEPTH_MAX};
    ac_err why = {0};
    ac_arena_reset(p->arena);
    p->line++;
    const ac_json *json = ac_json_parse(p->arena, text, &limits, &why);
    if (!json) {
        return not_json(p, &why);
    }
    ac_decoder decoder;
    ac_str place = ac_str_printf(p->arena, "%s: line %zu", p->file, p->line);
    ac_decoder_init(&decoder, p->arena, place.p, p->err);
    bool ok = play_tree(p, &decoder, json);
    ac_decoder_done(&decoder);
    return ok;
}

static bool too_long(const player *p)
{
    return ac_fail(p->err, AC_ERR_USAGE, "%s: line %zu: longer than %d bytes", p->file, p->line + 1,
                   AC_RESULT_LINE_MAX);
}

/* Plays the lines that end in a piece of the stream; the rest waits in carry. */
static bool play_piece(player *p, ac_buf *carry, ac_str piece)
{
    size_t end;
    while ((end = ac_str_find_char(piece, '\n')) != AC_NOT_FOUND) {
        ac_str line = ac_str_sub(piece, 0, end);
        if (carry->n > 0) {
            ac_buf_add(carry, line);
            line = ac_buf_str(carry);
        }
        if (carry->overflow || line.n > AC_RESULT_LINE_MAX) {
            return too_long(p);
        }
        if (!play_line(p, line)) {
            return false;
        }
        ac_buf_clear(carry);
        piece = ac_str_sub(piece, end + 1, piece.n);
    }
    ac_buf_add(carry, piece);
    return !carry->overflow || too_long(p);
}

static int64_t at_most(int64_t value, int64_t most)
{
    return value < most ? value : most;
}

static bool play_rest(player *p, bool torn)
{
    if (!p->headed) {
        return ac_fail(p->err, AC_ERR_USAGE, "%s: line %zu: the stream has no head", p->file, p->line + 1);
    }
    if (p->ended) {
        return !torn ||
               ac_fail(p->err, AC_ERR_USAGE, "%s: line %zu: bytes after the end line", p->file, p->line + 1);
    }
    p->seen.duration_us = at_most(p->seen.duration_us, number_max);
    p->seen.requests = at_most(p->seen.requests, number_max);
    p->seen.ended_by = AC_STR("the stream ends early");
    p->listener->tail(p->listener->context, &p->seen);
    return true;
}

bool ac_result_play_text(ac_str text, const char *file, const ac_listener *listener, ac_err *err)
{
    player p = {.listener = listener, .file = file, .err = err, .arena = ac_arena_new()};
    ac_buf carry;
    ac_buf_init(&carry, AC_RESULT_LINE_MAX);
    bool ok = play_piece(&p, &carry, text) && play_rest(&p, carry.n > 0);
    ac_buf_done(&carry);
    ac_arena_free(p.arena);
    return ok;
}

static bool play_stream(player *p, FILE *stream)
{
    char piece[64 * 1024];
    size_t got;
    ac_buf carry;
    ac_buf_init(&carry, AC_RESULT_LINE_MAX);
    bool ok = true;
    while (ok && (got = fread(piece, 1, sizeof piece, stream)) > 0) {
        ok = play_piece(p, &carry, (ac_str){piece, got});
    }
    if (ok && ferror(stream)) {
        ok = ac_fail(p->err, AC_ERR_USAGE, "%s: %s", p->file, strerror(errno));
    }
    ok = ok && play_rest(p, carry.n > 0);
    ac_buf_done(&carry);
    return ok;
}

bool ac_result_play(const char *path, const ac_listener *listener, ac_err *err)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *stream = standard ? stdin : fopen(path, "rb");
    if (!stream) {
        return ac_fail(err, AC_ERR_USAGE, "%s: %s", path, strerror(errno));
    }
    player p = {.listener = listener,
                .file = standard ? "standard input" : path,
                .err = err,
                .arena = ac_arena_new()};
    bool ok = play_stream(&p, stream);
    ac_arena_free(p.arena);
    if (!standard) {
        fclose(stream);
    }
    return ok;
}
