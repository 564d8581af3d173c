/* Texts without what differs from run to run, and names for divergences made of them. */
#include <string.h>

#include "drift/drift_parts.h"

enum { TEXT_MAX = 2048 };

/* ---- characters ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_word(char c)
{
    return is_digit(c) || is_letter(c) || c == '_';
}

/* How far a shape reaches: 0 a digit, x a hexadecimal digit, other characters themselves; 0 where it does not fit. */
static size_t shape_length(ac_str text, const char *shape)
{
    size_t n = 0;
    for (; shape[n]; n++) {
        if (n >= text.n) {
            return 0;
        }
        char c = text.p[n];
        bool fits = shape[n] == '0' ? is_digit(c) : shape[n] == 'x' ? is_hex(c) : c == shape[n];
        if (!fits) {
            return 0;
        }
    }
    return n;
}

static size_t run_of(ac_str text, size_t from, bool (*is)(char))
{
    size_t n = from;
    while (n < text.n && is(text.p[n])) {
        n++;
    }
    return n - from;
}

/* ---- rules: how much of the start of a text is one of the things that differ; 0: none ---- */

static size_t uuid(ac_str text)
{
    return shape_length(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

static size_t iso_time(ac_str text)
{
    size_t n = shape_length(text, "0000-00-00T00:00:00");
    if (n == 0) {
        n = shape_length(text, "00000000T000000Z");
        return n;
    }
    if (n < text.n && text.p[n] == '.') {
        n += 1 + run_of(text, n + 1, is_digit);
    }
    return n + (n < text.n && text.p[n] == 'Z');
}

/* "Sun, 22 Nov 2026 04:17:00 GMT" */
static size_t http_time(ac_str text)
{
    static const char letters[] = "000, 00 000 0000 00:00:00 GMT";
    enum { DAY = 3, MONTH = 8, MONTH_END = 11 };
    size_t n = strlen(letters);
    if (text.n < n || !ac_str_starts(ac_str_sub(text, n - 4, 4), AC_STR(" GMT"))) {
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        bool name = i < DAY || (i >= MONTH && i < MONTH_END);
        char c = text.p[i];
        if (name ? !is_letter(c) : letters[i] == '0' ? !is_digit(c) : c != letters[i]) {
            return 0;
        }
    }
    return n;
}

/* Nonces, ids of requests, digests: long, with letters and digits. Numbers stay. */
static size_t hex_text(ac_str text)
{
    enum { LEAST = 16 };
    size_t n = run_of(text, 0, is_hex);
    bool letters = run_of(text, 0, is_digit) < n;
    bool ends = n == text.n || !is_word(text.p[n]);
    return n >= LEAST && letters && ends ? n : 0;
}

/* What was made: vpc-3bbs0o2qyqsugy6gx3ed, ep-2feb1d4c7a90000000. The name before it stays. */
static size_t made_id(ac_str text)
{
    enum { LEAST = 12, LEAST_OF_LETTERS = 16 };
    size_t name = run_of(text, 0, is_letter);
    if (name == 0 || name >= text.n || text.p[name] != '-') {
        return 0;
    }
    size_t n = run_of(text, name + 1, is_word);
    size_t digits = 0;
    for (size_t i = 0; i < n; i++) {
        digits += is_digit(text.p[name + 1 + i]);
    }
    bool made = n >= LEAST_OF_LETTERS || (n >= LEAST && digits >= 2);
    return made && digits < n ? name + 1 + n : 0;
}

static size_t port(ac_str text)
{
    static const ac_str hosts[] = {AC_STR_INIT("127.0.0.1:"), AC_STR_INIT("localhost:"),
                                   AC_STR_INIT("[::1]:")};
    for (size_t i = 0; i < AC_COUNT(hosts); i++) {
        size_t digits = ac_str_starts(text, hosts[i]) ? run_of(text, hosts[i].n, is_digit) : 0;
        if (digits > 0) {
            return hosts[i].n + digits;
        }
    }
    return 0;
}

/* "5003 ms", "1.2s": measured times, not numbers of another kind. */
static size_t duration(ac_str text)
{
    static const ac_str units[] = {AC_STR_INIT("milliseconds"), AC_STR_INIT("seconds"), AC_STR_INIT("ms"),
                                   AC_STR_INIT("us"), AC_STR_INIT("s")};
    size_t n = run_of(text, 0, is_digit);
    if (n == 0) {
        return 0;
    }
    if (n + 1 < text.n && text.p[n] == '.' && is_digit(text.p[n + 1])) {
        n += 1 + run_of(text, n + 1, is_digit);
    }
    n += n < text.n && text.p[n] == ' ';
    for (size_t i = 0; i < AC_COUNT(units); i++) {
        size_t end = n + units[i].n;
        bool unit = ac_str_starts(ac_str_sub(text, n, text.n), units[i]);
        if (unit && (end == text.n || !is_word(text.p[end]))) {
            return end;
        }
    }
    return 0;
}

/* "12 more findings, not listed": how many depends on the cases of the run. */
static size_t more(ac_str text)
{
    size_t n = run_of(text, 0, is_digit);
    return n > 0 && ac_str_starts(ac_str_sub(text, n, text.n), AC_STR(" more ")) ? n : 0;
}

static bool is_path(char c)
{
    return is_word(c) || strchr("/.-@+~", c);
}

/* Where something is installed, or a file for the time being. */
static size_t file_path(ac_str text)
{
    ac_str rest = ac_str_starts(text, AC_STR("file://")) ? ac_str_sub(text, 7, text.n) : text;
    size_t n = run_of(rest, 0, is_path);
    ac_str path = ac_str_sub(rest, 0, n);
    size_t modules = ac_str_find(path, AC_STR("/node_modules/"));
    if (!ac_str_starts(path, AC_STR("/"))) {
        return 0;
    }
    if (modules != AC_NOT_FOUND) {
        return text.n - rest.n + modules;
    }
    return ac_str_starts(path, AC_STR("/tmp/")) || rest.n < text.n ? text.n - rest.n + n : 0;
}

static const struct {
    size_t (*length)(ac_str text);
    const char *with;
} rules[] = {
    {uuid, "<uuid>"},         {iso_time, "<time>"},   {http_time, "<time>"},
    {hex_text, "<hex>"},      {made_id, "<made id>"}, {port, "<loopback>"},
    {duration, "<duration>"}, {file_path, "<path>"},  {more, "<number>"},
};

/* The name of what was made says what it is. */
static void replace(ac_buf *out, size_t rule, ac_str found)
{
    if (rules[rule].length == made_id) {
        ac_buf_add(out, ac_str_sub(found, 0, ac_str_find_char(found, '-')));
        ac_buf_add_c(out, "-");
    }
    ac_buf_add_c(out, rules[rule].with);
}

/* What is replaced at the start of a text; 0: nothing. */
static size_t replace_start(ac_buf *out, ac_str text)
{
    for (size_t i = 0; i < AC_COUNT(rules); i++) {
        size_t n = rules[i].length(text);
        if (n > 0) {
            replace(out, i, ac_str_sub(text, 0, n));
            return n;
        }
    }
    return 0;
}

ac_str drift_visible(ac_arena *arena, ac_str text)
{
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    ac_buf_add_visible(&out, text);
    return ac_buf_take(&out, arena);
}

ac_str drift_normal(ac_arena *arena, ac_str text)
{
    ac_buf out;
    ac_buf_init(&out, 8 * TEXT_MAX);
    text = ac_str_sub(text, 0, TEXT_MAX);
    size_t at = 0;
    while (at < text.n) {
        bool starts = at == 0 || !is_word(text.p[at - 1]);
        size_t n = starts ? replace_start(&out, ac_str_sub(text, at, text.n)) : 0;
        if (n == 0) {
            ac_buf_add_char(&out, text.p[at]);
            n = 1;
        }
        at += n;
    }
    ac_str visible = drift_visible(arena, ac_buf_str(&out));
    ac_buf_done(&out);
    return visible;
}

/* The number of an element says nothing of the divergence: /Items/0/Id, Tag.3.Key. */
ac_str drift_normal_place(ac_arena *arena, ac_str place)
{
    ac_buf out;
    ac_str rest = drift_normal(arena, place);
    bool pointer = ac_str_starts(rest, AC_STR("/"));
    char separator = pointer ? '/' : '.';
    ac_buf_init(&out, 8 * TEXT_MAX);
    for (bool first = true; rest.p; first = false) {
        ac_str part = ac_str_split(rest, separator, &rest);
        bool number = part.n > 0 && run_of(part, 0, is_digit) == part.n;
        if (!first) {
            ac_buf_add_char(&out, separator);
        }
        ac_buf_add(&out, !number ? part : pointer ? AC_STR("*") : AC_STR("N"));
    }
    return ac_buf_take(&out, arena);
}

/* What the contracts name has its name; elsewhere the texts are part of what a divergence is. */
ac_str drift_id(ac_arena *arena, const drift_entry *entry)
{
    ac_buf all;
    bool named = ac_str_starts(entry->kind, AC_STR("doc-")) && !ac_str_is(entry->kind, "doc-note");
    const ac_str none = {NULL, 0};
    const ac_str parts[] = {entry->operation, entry->kind, entry->place, named ? none : entry->expected,
                            named ? none : entry->observed};
    ac_buf_init(&all, SIZE_MAX / 4);
    for (size_t i = 0; i < AC_COUNT(parts); i++) {
        ac_buf_printf(&all, "%zu:", parts[i].n);
        ac_buf_add(&all, parts[i]);
    }
    uint64_t hash = ac_str_hash(ac_buf_str(&all));
    ac_buf_done(&all);
    return ac_str_printf(arena, "%016llx", (unsigned long long)hash);
}
