/* Globs, templates, regular expressions and suggestions: the first line is the pattern, the rest the text.
 * Each is bounded in time (libFuzzer's -timeout watches), and has to keep a few promises. */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATTERN_MAX = 128, ID_MAX = 512, TEXT_MAX = 16384 }; /* bytes, as they occur or a little more */

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool has_any(ac_str s, const char *chars)
{
    for (; *chars; chars++) {
        if (ac_str_find_char(s, *chars) != AC_NOT_FOUND) {
            return true;
        }
    }
    return false;
}

static void check_glob(ac_arena *arena, ac_str pattern, ac_str id)
{
    bool matches = ac_glob_match(pattern, id);
    ac_str below = ac_str_replace(arena, AC_STR("?/below"), AC_STR("?"), id);
    check(!matches || ac_glob_match(pattern, below));
    if (!has_any(pattern, "*?") && !ac_str_ends(pattern, AC_STR("/"))) {
        ac_str slash = ac_str_sub(id, pattern.n, 1);
        bool expected = pattern.n > 0 && ac_str_starts(id, pattern) && (slash.n == 0 || slash.p[0] == '/');
        check(matches == expected);
    }
}

static void check_template(ac_str text, ac_str observed)
{
    static const ac_str more[] = {AC_STR_INIT("<id>"), AC_STR_INIT("XXX"), AC_STR_INIT("")};
    bool matches = ac_template_match(text, NULL, 0, observed);
    (void)ac_template_match(text, more, AC_COUNT(more), observed);
    if (!ac_template_has_placeholder(text)) {
        check(matches == ac_template_match(observed, NULL, 0, text) || ac_template_has_placeholder(observed));
        check(matches || !ac_str_eq(text, observed));
    }
}

static void check_regex(ac_str pattern, ac_str subject)
{
    ac_err err = {0};
    ac_regex *regex = ac_regex_new(pattern, &err);
    if (regex) {
        check(!ac_regex_match(regex, subject) || ac_utf8_valid(subject));
    } else {
        check(err.kind == AC_ERR_USAGE && err.text[0] != '\0');
    }
    ac_regex_free(regex);
}

static void check_suggestion(ac_str word, ac_str candidate)
{
    const ac_str candidates[] = {candidate, word, AC_STR("parameters")};
    ac_str near = ac_suggest(word, candidates, AC_COUNT(candidates));
    check(near.n == 0 || near.p == candidate.p || ac_str_eq_nocase(near, word));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_arena *arena = ac_arena_new();
    ac_str text;
    ac_str pattern = ac_str_split((ac_str){(const char *)data, size}, '\n', &text);
    pattern = ac_str_sub(pattern, 0, PATTERN_MAX);
    text = ac_str_sub(text, 0, TEXT_MAX);
    check_glob(arena, pattern, ac_str_sub(text, 0, ID_MAX));
    check_template(pattern, text);
    check_regex(pattern, text);
    check_suggestion(pattern, ac_str_sub(text, 0, ID_MAX));
    ac_arena_free(arena);
    return 0;
}
