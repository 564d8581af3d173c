#include "base/text.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_COST_MAX = 32 * 1000 * 1000, MATCH_STEPS_MAX = 200000, SUGGEST_LENGTH_MAX = 96 };

struct ac_regex {
    pcre2_code *code;
};

ac_regex *ac_regex_new(ac_str pattern, ac_err *err)
{
    const uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_AUTO_CALLOUT;
    int error;
    size_t at;
    const char *text = pattern.p ? pattern.p : "";
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, pattern.n, options, &error, &at, NULL);
    if (!code) {
        unsigned char why[160];
        pcre2_get_error_message(error, why, sizeof why);
        ac_fail(err, AC_ERR_USAGE, "pattern \"%.*s\", at %zu: %s", (int)pattern.n, text, at,
                (const char *)why);
        return NULL;
    }
    ac_regex *regex = ac_alloc(sizeof *regex);
    regex->code = code;
    return regex;
}

void ac_regex_free(ac_regex *regex)
{
    if (regex) {
        pcre2_code_free(regex->code);
        ac_free(regex);
    }
}

typedef struct budget {
    size_t left;
    size_t at; /* in the subject, when last asked */
} budget;

/* PCRE2 counts steps anew at each place where a match may start, and a run of characters is one step: at
 * 1 MiB that is no bound. So each item of the pattern pays for how far it moved. */
static int pay(pcre2_callout_block *block, void *data)
{
    budget *b = data;
    size_t at = block->current_position;
    size_t moved = at > b->at ? at - b->at : b->at - at;
    b->at = at;
    if (moved >= b->left) {
        return PCRE2_ERROR_MATCHLIMIT;
    }
    b->left -= moved + 1;
    return 0;
}

static bool run_regex(const ac_regex *regex, ac_str subject, size_t from, pcre2_match_data *data)
{
    budget b = {.left = MATCH_COST_MAX};
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    if (!context || !data) {
        ac_out_of_memory();
    }
    pcre2_set_match_limit(context, MATCH_STEPS_MAX);
    pcre2_set_callout(context, pay, &b);
    const char *text = subject.p ? subject.p : "";
    /* Checking the whole subject again for each match would make many matches quadratic. */
    uint32_t options = from > 0 ? PCRE2_NO_UTF_CHECK : 0;
    int result = pcre2_match(regex->code, (PCRE2_SPTR)text, subject.n, from, options, data, context);
    pcre2_match_context_free(context);
    return result >= 0;
}

bool ac_regex_match(const ac_regex *regex, ac_str subject)
{
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    bool matches = run_regex(regex, subject, 0, data);
    pcre2_match_data_free(data);
    return matches;
}

bool ac_regex_find(const ac_regex *regex, ac_str subject, size_t from, size_t *start, size_t *end)
{
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    bool matches = from <= subject.n && run_regex(regex, subject, from, data);
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(data);
    *start = matches ? at[0] : 0;
    *end = matches ? at[1] : 0;
    pcre2_match_data_free(data);
    return *start < *end;
}

/* ---- globs ---- */

static bool glob_here(const char *p, const char *p_end, const char *s, const char *s_end)
{
    /* The last star and where its run ends: one level of backtracking is enough for "*", since a later star
     * can always take over; "**" keeps its own mark. */
    const char *star = NULL, *star_at = NULL, *deep = NULL, *deep_at = NULL;
    for (;;) {
        if (p < p_end && *p == '*') {
            bool is_deep = p + 1 < p_end && p[1] == '*';
            p += is_deep ? 2 : 1;
            if (is_deep) {
                deep = p;
                deep_at = s;
                star = NULL;
            } else {
                star = p;
                star_at = s;
            }
        } else if (p < p_end && s < s_end && (*p == *s || (*p == '?' && *s != '/'))) {
            p++;
            s++;
        } else if (p == p_end && (s == s_end || *s == '/')) {
            return true;
        } else if (star && star_at < s_end && *star_at != '/') {
            s = ++star_at;
            p = star;
        } else if (deep && deep_at < s_end) {
            s = ++deep_at;
            p = deep;
            star = NULL;
        } else {
            return false;
        }
    }
}

bool ac_glob_match(ac_str pattern, ac_str id)
{
    while (pattern.n > 0 && pattern.p[pattern.n - 1] == '/') {
        pattern.n--;
    }
    const char *text = id.p ? id.p : "";
    return pattern.n > 0 && glob_here(pattern.p, pattern.p + pattern.n, text, text + id.n);
}

/* ---- templates ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static ac_str trim_all(ac_str s)
{
    while (s.n > 0 && is_space(s.p[0])) {
        s = ac_str_sub(s, 1, s.n);
    }
    while (s.n > 0 && is_space(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

static size_t brace_length(ac_str s)
{
    size_t n = 1;
    while (n < s.n && ((s.p[n] >= 'A' && s.p[n] <= 'Z') || (s.p[n] >= 'a' && s.p[n] <= 'z'))) {
        n++;
    }
    return n > 1 && n < s.n && s.p[n] == '}' ? n + 1 : 0;
}

/* Length of the placeholder at the start of s, or 0. */
static size_t placeholder_length(ac_str s, const ac_str *more, size_t count)
{
    if (s.n >= 2 && s.p[0] == '%' && (s.p[1] == 's' || s.p[1] == 'd')) {
        return 2;
    }
    if (s.n >= 3 && s.p[0] == '{') {
        return brace_length(s);
    }
    for (size_t i = 0; i < count; i++) {
        if (more[i].n > 0 && ac_str_starts(s, more[i])) {
            return more[i].n;
        }
    }
    return 0;
}

static size_t space_length(ac_str s)
{
    size_t n = 0;
    while (n < s.n && is_space(s.p[n])) {
        n++;
    }
    return n;
}

/* What counts as one byte: a run of white space, or a byte. */
static ac_str after_unit(ac_str s)
{
    size_t spaces = space_length(s);
    return ac_str_sub(s, spaces > 0 ? spaces : 1, s.n);
}

static bool same_unit(ac_str a, ac_str b)
{
    return a.n > 0 && b.n > 0 && (is_space(a.p[0]) ? is_space(b.p[0]) : a.p[0] == b.p[0]);
}

bool ac_template_match(ac_str text, const ac_str *more, size_t count, ac_str observed)
{
    ac_str t = trim_all(text);
    ac_str o = trim_all(observed);
    ac_str wild = {NULL, 0};    /* template after the last placeholder */
    ac_str wild_at = {NULL, 0}; /* observed text after the least it can stand for */
    while (o.n > 0) {
        size_t hole = placeholder_length(t, more, count);
        if (hole > 0) {
            wild = t = ac_str_sub(t, hole, t.n);
            wild_at = o = after_unit(o);
        } else if (same_unit(t, o)) {
            t = after_unit(t);
            o = after_unit(o);
        } else if (wild.p) {
            t = wild;
            wild_at = o = after_unit(wild_at);
        } else {
            return false;
        }
    }
    /* Had the last placeholder stood for more, even less would be left for the rest. */
    return t.n == 0;
}

bool ac_template_has_placeholder(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (placeholder_length(ac_str_sub(text, i, text.n), NULL, 0) > 0) {
            return true;
        }
    }
    return false;
}

/* ---- suggestions ---- */

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

static size_t edit_distance(ac_str a, ac_str b)
{
    size_t row[SUGGEST_LENGTH_MAX + 1];
    for (size_t j = 0; j <= b.n; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t above = row[j];
            row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a.p[i - 1] != b.p[j - 1]));
            diagonal = above;
        }
    }
    return row[b.n];
}

ac_str ac_suggest(ac_str word, const ac_str *candidates, size_t count)
{
    ac_str best = {NULL, 0};
    size_t best_distance = word.n / 3 + 2;
    for (size_t i = 0; i < count && word.n <= SUGGEST_LENGTH_MAX; i++) {
        if (candidates[i].n > SUGGEST_LENGTH_MAX) {
            continue;
        }
        if (ac_str_eq_nocase(word, candidates[i])) {
            return candidates[i];
        }
        size_t distance = edit_distance(word, candidates[i]);
        if (distance < best_distance && distance < candidates[i].n) {
            best_distance = distance;
            best = candidates[i];
        }
    }
    return best;
}
