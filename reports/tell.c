#include "reports/tell.h"

/* What is not seen, or makes other text look like something it is not; line separators; no characters. */
static const struct {
    uint32_t first, last;
} hidden[] = {{0x00AD, 0x00AD}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},
              {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xFFFE, 0xFFFF}};

static bool is_hidden(uint32_t scalar)
{
    for (size_t i = 0; i < AC_COUNT(hidden); i++) {
        if (scalar >= hidden[i].first && scalar <= hidden[i].last) {
            return true;
        }
    }
    return false;
}

/* Most texts are nothing but this. */
static size_t plain_start(ac_str text)
{
    size_t n = 0;
    while (n < text.n && text.p[n] >= ' ' && text.p[n] <= '~') {
        n++;
    }
    return n;
}

static void tell_all(ac_buf *out, ac_str text)
{
    size_t plain = plain_start(text);
    ac_buf_add(out, ac_str_sub(text, 0, plain));
    text = ac_str_sub(text, plain, text.n);
    size_t at = 0;
    while (at < text.n) {
        uint32_t scalar = 0;
        size_t length = ac_utf8_next(ac_str_sub(text, at, 4), &scalar);
        if (length > 0 && is_hidden(scalar)) {
            ac_buf_add_visible(out, ac_str_sub(text, 0, at));
            ac_buf_printf(out, "\\u%04X", (unsigned)scalar);
            text = ac_str_sub(text, at + length, text.n);
            at = 0;
        } else {
            at += length > 0 ? length : 1;
        }
    }
    ac_buf_add_visible(out, text);
}

ac_str ac_tell_start(ac_str text, size_t max)
{
    size_t end = text.n < max ? text.n : max;
    while (end > 0 && end < text.n && ((unsigned char)text.p[end] & 0xC0) == 0x80) {
        end--;
    }
    return ac_str_sub(text, 0, end);
}

void ac_tell_text(ac_buf *out, ac_str text, size_t max)
{
    ac_str start = ac_tell_start(text, max);
    tell_all(out, start);
    if (start.n < text.n) {
        ac_buf_printf(out, "… (%zu bytes)", text.n);
    }
}

const ac_tell_escape ac_tell_in_xml[] = {
    {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {0, NULL}};

const ac_tell_escape ac_tell_in_markdown[] = {
    {'\\', "&#92;"}, {'`', "&#96;"}, {'*', "&#42;"}, {'_', "&#95;"},  {'[', "&#91;"},
    {']', "&#93;"},  {'<', "&lt;"},  {'>', "&gt;"},  {'|', "&#124;"}, {'&', "&amp;"},
    {'~', "&#126;"}, {'$', "&#36;"}, {'@', "&#64;"}, {'#', "&#35;"},  {0, NULL}};

void ac_tell_escaped(ac_buf *out, ac_str text, const ac_tell_escape *escapes)
{
    const char *as[256] = {NULL};
    size_t start = 0;
    for (const ac_tell_escape *escape = escapes; escape->c; escape++) {
        as[(unsigned char)escape->c] = escape->as;
    }
    for (size_t i = 0; i < text.n; i++) {
        const char *escaped = as[(unsigned char)text.p[i]];
        if (escaped) {
            ac_buf_add(out, ac_str_sub(text, start, i - start));
            ac_buf_add_c(out, escaped);
            start = i + 1;
        }
    }
    ac_buf_add(out, ac_str_sub(text, start, text.n));
}

ac_str ac_tell_shortfall(const ac_run_tail *tail)
{
    if (!tail->complete) {
        return tail->ended_by.n > 0 ? tail->ended_by : AC_STR("the run is not complete");
    }
    int64_t expected = tail->excused[AC_BLOCKED] + tail->excused[AC_ERROR];
    bool judged = tail->counts[AC_PASS] + tail->counts[AC_FAIL] + expected > 0;
    bool ran = tail->counts[AC_SKIP] + tail->counts[AC_BLOCKED] + tail->counts[AC_ERROR] > 0;
    return judged ? (ac_str){NULL, 0} : ran ? AC_STR("nothing was judged") : AC_STR("nothing ran");
}

ac_str ac_tell_name(const ac_verdict *verdict)
{
    ac_str rest = ac_str_sub(verdict->id, verdict->operation.n, verdict->id.n);
    bool below = ac_str_starts(verdict->id, verdict->operation) && ac_str_starts(rest, AC_STR("/"));
    return below ? ac_str_sub(rest, 1, rest.n) : verdict->id;
}

void ac_tell_count(ac_buf *out, int64_t count, const char *thing)
{
    ac_buf_printf(out, "%lld %s%s", (long long)count, thing, count == 1 ? "" : "s");
}

void ac_tell_duration(ac_buf *out, int64_t duration_us)
{
    int64_t tenths = (duration_us + 50000) / 100000;
    ac_buf_printf(out, "%lld.%lld s", (long long)(tenths / 10), (long long)(tenths % 10));
}

const char *ac_tell_word(ac_word word)
{
    static const char *const names[] = {"PASS", "FAIL", "SKIP", "BLOCKED", "ERROR"};
    return names[word];
}

/* ---- findings ---- */

const ac_shown_finding *ac_tell_first(const ac_verdict *verdict)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (!verdict->findings[i].note) {
            return &verdict->findings[i];
        }
    }
    return NULL;
}

size_t ac_tell_failing(const ac_verdict *verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        count += verdict->findings[i].note ? 0 : 1;
    }
    return count;
}

const ac_shown_exchange *ac_tell_exchange(const ac_verdict *verdict, const ac_shown_finding *finding)
{
    for (size_t i = verdict->exchange_count; finding && i > 0; i--) {
        if (ac_str_eq(verdict->exchanges[i - 1].step, finding->step)) {
            return &verdict->exchanges[i - 1];
        }
    }
    return verdict->exchange_count > 0 ? &verdict->exchanges[verdict->exchange_count - 1] : NULL;
}

void ac_tell_source(ac_buf *out, const ac_verdict *verdict, const ac_shown_finding *finding)
{
    if (finding && finding->source.n > 0) {
        ac_tell_text(out, finding->source, AC_TELL_TEXT);
        return;
    }
    ac_tell_text(out, verdict->source, AC_TELL_SHORT);
    ac_buf_add_c(out, verdict->source.n > 0 && verdict->cite.n > 0 ? ": " : "");
    ac_tell_text(out, verdict->cite, AC_TELL_TEXT);
}

/* A text that is empty is shown as such. */
static void tell_value(ac_buf *out, ac_str text, size_t max)
{
    ac_tell_text(out, text.n > 0 ? text : AC_STR("(empty)"), max);
}

void ac_tell_finding(ac_buf *out, const ac_shown_finding *finding, size_t max)
{
    ac_buf_add_c(out, "expected ");
    tell_value(out, finding->expected, max);
    ac_buf_add_c(out, ", observed ");
    tell_value(out, finding->observed, max);
}

bool ac_tell_is_failure(const ac_verdict *verdict)
{
    bool harmless = verdict->word == AC_PASS || verdict->word == AC_SKIP;
    return verdict->standing == AC_STANDING_FIXED || (!harmless && !ac_verdict_excused(verdict));
}

void ac_tell_standing(ac_buf *out, const ac_verdict *verdict)
{
    ac_tell_text(out, verdict->standing_reason, AC_TELL_SHORT);
    if (verdict->ticket.n > 0) {
        ac_buf_add_c(out, " (");
        ac_tell_text(out, verdict->ticket, AC_TELL_SHORT);
        ac_buf_add_char(out, ')');
    }
}

void ac_tell_message(ac_buf *out, const ac_verdict *verdict)
{
    if (verdict->standing == AC_STANDING_FIXED) {
        ac_buf_add_c(out, "passes against expectation, take it off the list: ");
        ac_tell_standing(out, verdict);
        return;
    }
    const ac_shown_finding *first = ac_tell_first(verdict);
    if (verdict->word != AC_FAIL || !first) {
        ac_tell_text(out, verdict->reason, AC_TELL_TEXT);
        return;
    }
    size_t further = ac_tell_failing(verdict) - 1;
    if (first->place.n > 0) {
        ac_tell_text(out, first->place, AC_TELL_SHORT);
        ac_buf_add_c(out, ": ");
    }
    ac_tell_finding(out, first, AC_TELL_SHORT);
    if (further > 0) {
        ac_buf_add_c(out, " (and ");
        ac_tell_count(out, (int64_t)further, "further finding");
        ac_buf_add_char(out, ')');
    }
}

/* ---- blocks of lines ---- */

typedef struct paint {
    const char *on, *off;
} paint;

static paint paint_of(bool colour, const char *on)
{
    return colour ? (paint){on, "\x1b[0m"} : (paint){"", ""};
}

static paint word_paint(ac_word word, bool colour)
{
    static const char *const paints[] = {"\x1b[32m", "\x1b[1;31m", "\x1b[2m", "\x1b[1;33m", "\x1b[1;35m"};
    return paint_of(colour, paints[word]);
}

static void label(ac_buf *out, const char *name)
{
    ac_buf_printf(out, "  %-8s  ", name);
}

static void labelled(ac_buf *out, const char *name, ac_str text, size_t max)
{
    if (text.n > 0) {
        label(out, name);
        ac_tell_text(out, text, max);
        ac_buf_add_char(out, '\n');
    }
}

static void compared(ac_buf *out, const char *name, ac_str text, paint p)
{
    label(out, name);
    ac_buf_add_c(out, p.on);
    tell_value(out, text, AC_TELL_TEXT);
    ac_buf_printf(out, "%s\n", p.off);
}

static void first_finding(ac_buf *out, const ac_verdict *verdict, const ac_shown_finding *first, bool colour)
{
    compared(out, "expected", first->expected, paint_of(colour, "\x1b[32m"));
    size_t mark = out->n;
    label(out, "");
    size_t start = out->n;
    ac_tell_source(out, verdict, first);
    if (out->n > start) {
        ac_buf_add_char(out, '\n');
    } else {
        out->n = mark;
    }
    compared(out, "observed", first->observed, paint_of(colour, "\x1b[31m"));
    labelled(out, "at", first->place, AC_TELL_SHORT);
    labelled(out, "step", first->step, AC_TELL_SHORT);
}

static void short_finding(ac_buf *out, const char *name, const ac_shown_finding *finding)
{
    label(out, name);
    ac_tell_text(out, finding->place, AC_TELL_SHORT);
    ac_buf_add_c(out, finding->place.n > 0 ? ": " : "");
    ac_tell_finding(out, finding, AC_TELL_SHORT);
    ac_buf_add_char(out, '\n');
}

/* Findings that fail the case, or notes, a line each, without the one that is told in full. */
static void short_findings(ac_buf *out, const ac_verdict *verdict, bool notes)
{
    const ac_shown_finding *first = ac_tell_first(verdict);
    const char *name = notes ? "note" : "also";
    size_t told = 0;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const ac_shown_finding *finding = &verdict->findings[i];
        if (finding->note == notes && finding != first && told++ < AC_TELL_FURTHER) {
            short_finding(out, name, finding);
        }
    }
    if (told > AC_TELL_FURTHER) {
        label(out, name);
        ac_tell_count(out, (int64_t)(told - AC_TELL_FURTHER), notes ? "further note" : "further finding");
        ac_buf_add_char(out, '\n');
    }
}

void ac_tell_notes(ac_buf *out, const ac_verdict *verdict)
{
    short_findings(out, verdict, true);
}

static void heading(ac_buf *out, const ac_verdict *verdict, bool colour)
{
    static const char *const standings[] = {"", "KNOWN ", "FIXED", "FLAKY "};
    bool fixed = verdict->standing == AC_STANDING_FIXED;
    paint p = word_paint(fixed ? AC_FAIL : ac_verdict_excused(verdict) ? AC_SKIP : verdict->word, colour);
    ac_buf_printf(out, "%s%s%s%s ", p.on, standings[verdict->standing],
                  fixed ? "" : ac_tell_word(verdict->word), p.off);
    ac_tell_text(out, verdict->id, AC_TELL_TEXT);
}

void ac_tell_block(ac_buf *out, const ac_verdict *verdict, ac_tell_style style)
{
    const ac_shown_finding *first = ac_tell_first(verdict);
    const ac_shown_exchange *exchange = ac_tell_exchange(verdict, first);
    heading(out, verdict, style.colour);
    ac_buf_add_char(out, '\n');
    labelled(out, "because", verdict->reason, AC_TELL_TEXT);
    if (first) {
        first_finding(out, verdict, first, style.colour);
        short_findings(out, verdict, false);
    }
    if (style.notes) {
        ac_tell_notes(out, verdict);
    }
    labelled(out, "request", exchange ? exchange->curl : (ac_str){NULL, 0}, AC_TELL_COMMAND);
    labelled(out, "again", verdict->rerun, AC_TELL_COMMAND);
}

void ac_tell_line(ac_buf *out, const ac_verdict *verdict, bool colour)
{
    heading(out, verdict, colour);
    if (verdict->standing == AC_STANDING_FIXED) {
        ac_buf_add_c(out, ": ");
        ac_tell_message(out, verdict);
    } else if (verdict->standing != AC_STANDING_NONE) {
        ac_buf_add_c(out, ": ");
        ac_tell_standing(out, verdict);
    } else if (verdict->reason.n > 0) {
        ac_buf_add_c(out, ": ");
        ac_tell_text(out, verdict->reason, AC_TELL_TEXT);
    }
    ac_buf_add_char(out, '\n');
}
