#include "support.h"

#include <string.h>

START_TEST(failing_sets_kind_and_text_and_returns_false)
{
    ac_err err = {0};
    ck_assert(!ac_fail(&err, AC_ERR_JUDGE, "%s: %d", "host", 7));
    ck_assert_int_eq(err.kind, AC_ERR_JUDGE);
    ck_assert_str_eq(err.text, "host: 7");
}
END_TEST

START_TEST(an_error_that_nobody_wants_is_dropped)
{
    ck_assert(!ac_fail(NULL, AC_ERR_DATA, "%s", "text"));
    ac_err_prefix(NULL, AC_ERR_NONE, "%s", "file");
}
END_TEST

START_TEST(a_prefix_goes_before_the_text_and_may_change_the_kind)
{
    ac_err err = {0};
    ac_fail(&err, AC_ERR_DATA, "line 1, column 2: duplicate key \"a\"");
    ac_err_prefix(&err, AC_ERR_NONE, "%s.json", "case");
    ck_assert_int_eq(err.kind, AC_ERR_DATA);
    ac_err_prefix(&err, AC_ERR_USAGE, "loading");
    ck_assert_int_eq(err.kind, AC_ERR_USAGE);
    ck_assert_str_eq(err.text, "loading: case.json: line 1, column 2: duplicate key \"a\"");
}
END_TEST

START_TEST(an_error_may_be_told_in_terms_of_itself)
{
    ac_err err = {0};
    ac_fail(&err, AC_ERR_DATA, "first");
    ac_fail(&err, AC_ERR_JUDGE, "second, after %s", err.text);
    ck_assert_str_eq(err.text, "second, after first");
    ac_err_prefix(&err, AC_ERR_NONE, "%s", err.text);
    ck_assert_str_eq(err.text, "second, after first: second, after first");
}
END_TEST

START_TEST(control_bytes_and_invalid_utf8_are_made_visible_once)
{
    ac_err err = {0};
    ac_fail(&err, AC_ERR_DATA, "%s", "a\nb\x1B[2J\xFF\xE4\xB8\xAD");
    ck_assert_str_eq(err.text, "a\\nb\\x1B[2J\\xFF\xE4\xB8\xAD");
    ac_err_prefix(&err, AC_ERR_NONE, "%s", "x\ry");
    ck_assert_str_eq(err.text, "x\\ry: a\\nb\\x1B[2J\\xFF\xE4\xB8\xAD");
}
END_TEST

/* A character of three bytes at each distance from the end of the room. */
START_TEST(text_that_does_not_fit_is_cut_between_characters)
{
    for (size_t before = AC_ERR_TEXT_MAX - 8; before < AC_ERR_TEXT_MAX + 2; before++) {
        ac_err err = {0};
        ac_str text = ac_str_printf(ac_test_arena(), "%*s\xE4\xB8\xAD%*s", (int)before, "", 2000, "");
        ac_fail(&err, AC_ERR_DATA, "%s", text.p);
        size_t length = strlen(err.text);
        ck_assert_uint_lt(length, AC_ERR_TEXT_MAX);
        ck_assert_uint_ge(length, AC_ERR_TEXT_MAX - 3);
        ck_assert(ac_utf8_valid(ac_str_c(err.text)));
        ck_assert(strchr(err.text, '\\') == NULL);
    }
}
END_TEST

START_TEST(a_prefix_and_text_that_do_not_fit_together_are_cut_between_characters)
{
    for (size_t before = 0; before < 6; before++) {
        ac_err err = {0};
        ac_str text = ac_str_replace(ac_test_arena(), ac_str_printf(ac_test_arena(), "%600s", ""),
                                     AC_STR(" "), AC_STR("\xC3\xA9"));
        ac_fail(&err, AC_ERR_DATA, "%*s%.400s", (int)before, "", text.p);
        ac_err_prefix(&err, AC_ERR_NONE, "%.700s", text.p);
        ck_assert_uint_ge(strlen(err.text), AC_ERR_TEXT_MAX - 2);
        ck_assert(ac_utf8_valid(ac_str_c(err.text)));
    }
}
END_TEST

START_TEST(text_full_of_bytes_that_grow_when_shown_still_fits)
{
    char text[3000];
    memset(text, 0xFF, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ac_err err = {0};
    ac_fail(&err, AC_ERR_DATA, "%s", text);
    ac_err_prefix(&err, AC_ERR_NONE, "%s", text);
    ck_assert_uint_eq(strlen(err.text), AC_ERR_TEXT_MAX - 1);
    ck_assert_ac_err(err, "\\xFF\\xFF");
}
END_TEST

AC_TEST_MAIN("base err", failing_sets_kind_and_text_and_returns_false, an_error_that_nobody_wants_is_dropped,
             a_prefix_goes_before_the_text_and_may_change_the_kind, an_error_may_be_told_in_terms_of_itself,
             control_bytes_and_invalid_utf8_are_made_visible_once,
             text_that_does_not_fit_is_cut_between_characters,
             a_prefix_and_text_that_do_not_fit_together_are_cut_between_characters,
             text_full_of_bytes_that_grow_when_shown_still_fits)
