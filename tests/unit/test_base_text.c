#include "support.h"

#include <string.h>

#include "base/text.h"

static ac_str repeated(const char *text, size_t count)
{
    ac_buf out;
    ac_buf_init(&out, 16u << 20);
    for (size_t i = 0; i < count; i++) {
        ac_buf_add_c(&out, text);
    }
    return ac_buf_take(&out, ac_test_arena());
}

/* ---- regular expressions ---- */

static bool regex_matches(const char *pattern, ac_str subject)
{
    ac_err err = {0};
    ac_regex *regex = ac_regex_new(ac_str_c(pattern), &err);
    ck_assert_msg(regex, "%s", err.text);
    bool matched = ac_regex_match(regex, subject);
    ac_regex_free(regex);
    return matched;
}

START_TEST(a_regular_expression_matches_anywhere_in_utf8)
{
    static const struct {
        const char *pattern;
        ac_str subject;
        bool matches;
    } table[] = {
        {"vpc-[a-z0-9]+", AC_STR_INIT("the vpc-bp15 is"), true},
        {"^vpc-[a-z0-9]+$", AC_STR_INIT("the vpc-bp15 is"), false},
        {"^vpc-[a-z0-9]+$", AC_STR_INIT("vpc-bp15"), true},
        {"^vpc-[a-z0-9]+$", AC_STR_INIT("vpc-bp15\n"), false},
        {"^.$", AC_STR_INIT("\xE4\xB8\xAD"), true},
        {"^\\x{4e2d}$", AC_STR_INIT("\xE4\xB8\xAD"), true},
        {".", AC_STR_INIT("\xE4\xB8"), false},
        {"a", AC_STR_INIT("a\xFF"), false},
        {"^a.b$", AC_STR_INIT("a\0b"), true},
        {"^$", AC_STR_INIT(""), true},
        {"", AC_STR_INIT("abc"), true},
        {"(?i)ABC", AC_STR_INIT("xabcx"), true},
        {"^(?=.*[0-9])(?=.*[a-z]).{8,30}$", AC_STR_INIT("abcdefg1"), true},
        {"^(?=.*[0-9])(?=.*[a-z]).{8,30}$", AC_STR_INIT("abcdefgh"), false},
        {"^(a+)-\\1$", AC_STR_INIT("aa-aa"), true},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_msg(regex_matches(table[i].pattern, table[i].subject) == table[i].matches, "%s on %s",
                      table[i].pattern, table[i].subject.p);
    }
    ck_assert(regex_matches("^$", (ac_str){NULL, 0}));
}
END_TEST

START_TEST(a_pattern_that_is_no_regular_expression_is_refused_with_the_place)
{
    static const struct {
        ac_str pattern;
        const char *error;
    } table[] = {
        {AC_STR_INIT("a(b"), "pattern \"a(b\", at 3: "},
        {AC_STR_INIT("[z-a]"), "pattern \"[z-a]\", at 3: "},
        {AC_STR_INIT("*"), "pattern \"*\", at 0: "},
        {AC_STR_INIT("\xFF"), "pattern \"\\xFF\", at 0: "},
        {AC_STR_INIT("(((a{1000}){1000}){1000})"), "too large"},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ac_err err = {0};
        ck_assert_ptr_null(ac_regex_new(table[i].pattern, &err));
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        ck_assert_ac_err(err, table[i].error);
    }
    ac_regex_free(NULL);
}
END_TEST

/* Each of these takes minutes where only PCRE2's own limit bounds it. */
START_TEST(a_pattern_that_takes_too_long_to_decide_does_not_match)
{
    static const char *const patterns[] = {"a+[bc]", "(a+)+[bc]", "(a*)*\\1[cd]", "(?:a{0,100}){0,2}[cd]",
                                           "(.*)\\1[cd]"};
    ac_str subject = repeated("a", 1u << 20);
    for (size_t i = 0; i < AC_COUNT(patterns); i++) {
        ck_assert(!regex_matches(patterns[i], subject));
    }
}
END_TEST

START_TEST(a_long_text_is_searched_to_its_end)
{
    ac_str subject = ac_str_printf(ac_test_arena(), "%s vpc-bp15", repeated("ordinary vpc text, ", 50000).p);
    ck_assert(regex_matches("vpc-[a-z0-9]+$", subject));
    ck_assert(regex_matches("^ordinary.*bp15$", subject));
    ck_assert(!regex_matches("vpc-[0-9]{3}", subject));
}
END_TEST

/* ---- globs ---- */

START_TEST(globs_match_ids_and_everything_below_them)
{
    static const struct {
        const char *pattern, *id;
        bool matches;
    } table[] = {
        {"a/b", "a/b", true},
        {"a/b", "a/b/c", true},
        {"a/b", "a/bc", false},
        {"a/b/", "a/b/c", true},
        {"a/b/", "a/b", true},
        {"a/b/c", "a/b", false},
        {"a/*/c", "a/b/c", true},
        {"a/*/c", "a/b/x/c", false},
        {"a/**/c", "a/b/x/c", true},
        {"a/**/c", "a/c", false},
        {"a/**", "a/b/c", true},
        {"a/**", "a", false},
        {"*", "a/b/c", true},
        {"*", "", true},
        {"**", "a/b", true},
        {"*c", "a/b/c", false},
        {"**c", "a/b/c", true},
        {"**/c", "a/b/c", true},
        {"**/c", "c", false},
        {"a*", "abc/d", true},
        {"a*d", "abc/d", false},
        {"a?c", "abc", true},
        {"a?c", "a/c", false},
        {"a?", "a", false},
        {"???", "abc/d", true},
        {"**/error/*", "p/q/error/E", true},
        {"**/error/*", "p/error/E/1", true},
        {"**/error/**/1", "p/error/E/1", true},
        {"a**b**c", "a/b/b/c", true},
        {"a*b*c", "aXbYbZc", true},
        {"a*b*c", "aXbYbZ", false},
        {"", "a", false},
        {"", "", false},
        {"/", "a", false},
        {"A/b", "a/b", false},
        {"a.b", "axb", false},
        {"[ab]", "a", false},
        {"[ab]", "[ab]", true},
        {"**/Create*/**", "ali/x/v/CreateVpc/error", true},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        bool got = ac_glob_match(ac_str_c(table[i].pattern), ac_str_c(table[i].id));
        ck_assert_msg(got == table[i].matches, "%s on %s", table[i].pattern, table[i].id);
    }
    ck_assert(!ac_glob_match(AC_STR("a"), (ac_str){NULL, 0}));
    ck_assert(ac_glob_match(AC_STR("*"), (ac_str){NULL, 0}));
    ck_assert(!ac_glob_match((ac_str){NULL, 0}, AC_STR("a")));
}
END_TEST

/* The definition, by trying every way. The pattern has no final slash. */
static bool glob_by_definition(const char *p, const char *s)
{
    if (*p == '\0') {
        return *s == '\0' || *s == '/';
    }
    if (*p == '*') {
        bool deep = p[1] == '*';
        return glob_by_definition(p + (deep ? 2 : 1), s) ||
               (*s != '\0' && (deep || *s != '/') && glob_by_definition(p, s + 1));
    }
    return *s != '\0' && (*p == *s || (*p == '?' && *s != '/')) && glob_by_definition(p + 1, s + 1);
}

/* The number-th word over the letters, in order of length. */
static void spell(char *word, const char *letters, size_t number)
{
    size_t base = strlen(letters);
    size_t n = 0;
    for (; number > 0; number = (number - 1) / base) {
        word[n++] = letters[(number - 1) % base];
    }
    word[n] = '\0';
}

START_TEST(globs_are_as_defined_for_all_short_patterns_and_ids)
{
    enum { PATTERNS = 5461, IDS = 1093 }; /* all of up to six letters of four, of three */
    for (size_t p = 1; p < PATTERNS; p++) {
        char pattern[16];
        spell(pattern, "a*/?", p);
        if (pattern[strlen(pattern) - 1] == '/') {
            continue;
        }
        for (size_t i = 0; i < IDS; i += 1 + p % 7) {
            char id[16];
            spell(id, "ab/", i);
            if (ac_glob_match(ac_str_c(pattern), ac_str_c(id)) != glob_by_definition(pattern, id)) {
                ck_abort_msg("%s on %s", pattern, id);
            }
        }
    }
}
END_TEST

START_TEST(globs_that_start_over_often_stay_quick)
{
    ac_str id = repeated("a", 4000);
    ck_assert(!ac_glob_match(repeated("*a", 500), ac_str_printf(ac_test_arena(), "%sb", id.p)));
    ck_assert(!ac_glob_match(ac_str_printf(ac_test_arena(), "%sb", repeated("**a", 500).p), id));
    ck_assert(!ac_glob_match(AC_STR("**a*a*a*a*a*b"), id));
    ck_assert(!ac_glob_match(AC_STR("**a/**a/**a/**a/b"), repeated("a/", 2000)));
}
END_TEST

/* ---- templates ---- */

START_TEST(templates_match_text_with_something_for_each_placeholder)
{
    static const struct {
        const char *text, *observed;
        bool matches;
    } table[] = {
        {"", "", true},
        {"The id is invalid.", "The id is invalid.", true},
        {"The id is invalid.", "the id is invalid.", false},
        {"The id is invalid.", "The id is invalid", false},
        {"The id is invalid", "The id is invalid.", false},
        {"  The  id\tis\r\ninvalid. ", "The id is invalid.", true},
        {"The id is invalid.", "\n The   id is \n invalid.  ", true},
        {"The id", "Theid", false},
        {"Theid", "The id", false},
        {"The %s is %d.", "The id is 7.", true},
        {"The %s is %d.", "The id of it is 7 or 8.", true},
        {"The %s is.", "The is.", false},
        {"The %s is.", "The  is.", false},
        {"The %s.", "The .", false},
        {"The %s", "The", false},
        {"%s", "", false},
        {"%s", " ", false},
        {"%s", "x", true},
        {"%s%s", "x", false},
        {"%s%s", "xy", true},
        {"a%s b", "a  b", false},
        {"a%s b", "a b", false},
        {"a%s b", "a c  b", true},
        {"a%sb", "a   b", true},
        {"%s is %s", "this is is it", true},
        {"%sab", "aabaab", true},
        {"%sab", "ab", false},
        {"{Name} of {VpcId}", "x of y", true},
        {"{Name of {VpcId}", "{Name of y", true},
        {"{} {1}", "{} {1}", true},
        {"{} {1}", "x y", false},
        {"100%", "100%", true},
        {"100%", "100", false},
        {"100% sure", "100% sure", true},
        {"%x", "7", false},
        {"literal %s", "literal %s", true},
        {"<id> is", "vpc-1 is", true},
        {"<id> is", " is", false},
        {"the XXX of YYY", "the a b of c", true},
        {"\xE5\xAE\x9E\xE4\xBE\x8B%s\xE4\xB8\x8D\xE5\xAD\x98\xE5\x9C\xA8",
         "\xE5\xAE\x9E\xE4\xBE\x8B"
         "vpc-1\xE4\xB8\x8D\xE5\xAD\x98\xE5\x9C\xA8",
         true},
    };
    static const ac_str more[] = {AC_STR_INIT(""), AC_STR_INIT("<id>"), AC_STR_INIT("XXX"),
                                  AC_STR_INIT("YYY")};
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        bool got =
            ac_template_match(ac_str_c(table[i].text), more, AC_COUNT(more), ac_str_c(table[i].observed));
        ck_assert_msg(got == table[i].matches, "\"%s\" on \"%s\"", table[i].text, table[i].observed);
    }
    ck_assert(ac_template_match((ac_str){NULL, 0}, NULL, 0, (ac_str){NULL, 0}));
    ck_assert(!ac_template_match(AC_STR("%s"), NULL, 0, (ac_str){NULL, 0}));
    ck_assert(!ac_template_match(AC_STR("<id>"), NULL, 0, AC_STR("x")));
}
END_TEST

/* The definition, by trying every way; % stands for a placeholder. Both texts have single spaces inside. */
static bool template_by_definition(const char *t, const char *o)
{
    if (*t == '\0' || *o == '\0') {
        return *t == *o;
    }
    if (*t == '%') {
        return template_by_definition(t + 1, o + 1) || template_by_definition(t, o + 1);
    }
    return *t == *o && template_by_definition(t + 1, o + 1);
}

static bool is_normal(const char *text)
{
    size_t n = strlen(text);
    return n == 0 || (text[0] != ' ' && text[n - 1] != ' ' && !strstr(text, "  "));
}

/* The same with each placeholder as %s and each space three times. */
static ac_str written_out(ac_arena *arena, const char *text)
{
    ac_str spaced = ac_str_replace(arena, ac_str_c(text), AC_STR(" "), AC_STR(" \t\n"));
    return ac_str_replace(arena, spaced, AC_STR("%"), AC_STR("%s"));
}

START_TEST(templates_are_as_defined_for_all_short_texts)
{
    enum { TEMPLATES = 1365, TEXTS = 1093 }; /* all of up to five letters of four, six of three */
    ac_arena *arena = ac_arena_new();
    for (size_t i = 0; i < TEMPLATES; i++) {
        char text[16];
        spell(text, "ab% ", i);
        ac_arena_reset(arena);
        ac_str template = written_out(arena, text);
        for (size_t k = 0; k < TEXTS && is_normal(text); k++) {
            char observed[16];
            spell(observed, "ab ", k);
            if (is_normal(observed) && ac_template_match(template, NULL, 0, ac_str_c(observed)) !=
                                           template_by_definition(text, observed)) {
                ck_abort_msg("\"%s\" on \"%s\"", text, observed);
            }
        }
    }
    ac_arena_free(arena);
}
END_TEST

START_TEST(templates_that_start_over_often_stay_quick)
{
    ac_str observed = ac_str_printf(ac_test_arena(), "%sc", repeated("a", 100000).p);
    ck_assert(!ac_template_match(repeated("%sa", 100), NULL, 0, observed));
    ck_assert(!ac_template_match(ac_str_printf(ac_test_arena(), "%%s%sb", repeated("a", 100).p), NULL, 0,
                                 observed));
    ck_assert(!ac_template_match(AC_STR("%s a b"), NULL, 0, repeated(" a", 500000)));
    ck_assert(!ac_template_match(AC_STR("%sb"), NULL, 0, repeated("                    a", 50000)));
}
END_TEST

START_TEST(placeholders_are_told_from_text)
{
    static const char *const with[] = {"%s", "%d", "a%s", "{Name}", "a {vpcId} b", "100%%s", "{{Id}}"};
    static const char *const without[] = {"",    "%",     "%x",    "% s",   "{}",
                                          "{1}", "{a b}", "{Name", "Name}", "{a_b}"};
    for (size_t i = 0; i < AC_COUNT(with); i++) {
        ck_assert_msg(ac_template_has_placeholder(ac_str_c(with[i])), "%s", with[i]);
    }
    for (size_t i = 0; i < AC_COUNT(without); i++) {
        ck_assert_msg(!ac_template_has_placeholder(ac_str_c(without[i])), "%s", without[i]);
    }
    ck_assert(!ac_template_has_placeholder(repeated("{aaaa", 200000)));
}
END_TEST

/* ---- suggestions ---- */

START_TEST(the_nearest_word_is_suggested_where_one_is_near)
{
    static const ac_str words[] = {AC_STR_INIT("GET"),      AC_STR_INIT("parameters"),
                                   AC_STR_INIT("response"), AC_STR_INIT("responses"),
                                   AC_STR_INIT("id"),       AC_STR_INIT("")};
    static const struct {
        const char *word, *near;
    } table[] = {
        {"paramters", "parameters"},
        {"parametres", "parameters"},
        {"PARAMETERS", "parameters"},
        {"get", "GET"},
        {"respone", "response"},
        {"responsess", "responses"},
        {"response", "response"},
        {"ids", "id"},
        {"di", ""},
        {"x", ""},
        {"", ""},
        {"something", ""},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_ac_str(ac_suggest(ac_str_c(table[i].word), words, AC_COUNT(words)), table[i].near);
    }
    ck_assert_uint_eq(ac_suggest(AC_STR("a"), NULL, 0).n, 0);
}
END_TEST

START_TEST(words_too_long_to_be_misspelt_are_not_compared)
{
    ac_str longest = repeated("a", 96);
    ac_str longer = repeated("a", 97);
    ac_str huge = repeated("a", 1000000);
    const ac_str words[] = {huge, longer, longest};
    ck_assert(ac_str_eq(ac_suggest(repeated("a", 95), words, AC_COUNT(words)), longest));
    ck_assert_uint_eq(ac_suggest(longer, words, AC_COUNT(words)).n, 0);
    ck_assert_uint_eq(ac_suggest(huge, words, AC_COUNT(words)).n, 0);
}
END_TEST

START_TEST(regexes_are_found_one_after_another)
{
    ac_err err = {0};
    ac_regex *regex = ac_regex_new(AC_STR("(?<!x)[0-9]+|$"), &err);
    ac_str text = AC_STR("12 x3 45");
    size_t start, end;
    ck_assert(ac_regex_find(regex, text, 0, &start, &end) && start == 0 && end == 2);
    ck_assert(ac_regex_find(regex, text, end, &start, &end) && start == 6 && end == 8);
    ck_assert(ac_regex_find(regex, text, 7, &start, &end) && start == 7 && end == 8);
    ck_assert(!ac_regex_find(regex, text, 8, &start, &end)); /* the empty match at the end */
    ck_assert(!ac_regex_find(regex, text, 9, &start, &end));
    ck_assert(!ac_regex_find(regex, AC_STR("\xFF 1"), 0, &start, &end));
    ac_regex_free(regex);
}
END_TEST

AC_TEST_MAIN("base text", regexes_are_found_one_after_another, a_regular_expression_matches_anywhere_in_utf8,
             a_pattern_that_is_no_regular_expression_is_refused_with_the_place,
             a_pattern_that_takes_too_long_to_decide_does_not_match, a_long_text_is_searched_to_its_end,
             globs_match_ids_and_everything_below_them, globs_are_as_defined_for_all_short_patterns_and_ids,
             globs_that_start_over_often_stay_quick, templates_match_text_with_something_for_each_placeholder,
             templates_are_as_defined_for_all_short_texts, templates_that_start_over_often_stay_quick,
             placeholders_are_told_from_text, the_nearest_word_is_suggested_where_one_is_near,
             words_too_long_to_be_misspelt_are_not_compared)
