#include "support.h"

#include <string.h>

/* ---- views ---- */

START_TEST(the_empty_view_is_what_a_missing_c_string_gives)
{
    ck_assert_ptr_null(ac_str_c(NULL).p);
    ck_assert_uint_eq(ac_str_c(NULL).n, 0);
    ck_assert(ac_str_eq(ac_str_c(NULL), AC_STR("")));
    ck_assert(ac_str_is(AC_STR(""), NULL));
}
END_TEST

START_TEST(a_part_is_clipped_to_the_view)
{
    static const struct {
        size_t from, count;
        const char *part;
    } table[] = {{0, 3, "abc"}, {1, 1, "b"},          {1, 99, "bc"},     {3, 1, ""},
                 {9, 9, ""},    {0, SIZE_MAX, "abc"}, {2, SIZE_MAX, "c"}};
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_ac_str(ac_str_sub(AC_STR("abc"), table[i].from, table[i].count), table[i].part);
    }
    ck_assert_ptr_null(ac_str_sub((ac_str){NULL, 0}, 1, 1).p);
}
END_TEST

START_TEST(views_compare_by_bytes_and_hold_nul)
{
    ac_str with_nul = {"a\0b", 3};
    ck_assert(ac_str_eq(with_nul, (ac_str){"a\0b", 3}));
    ck_assert(!ac_str_eq(with_nul, (ac_str){"a\0c", 3}));
    ck_assert_int_gt(ac_str_cmp(with_nul, AC_STR("a")), 0);
    ck_assert_int_lt(ac_str_cmp(AC_STR("a"), AC_STR("b")), 0);
    ck_assert_int_lt(ac_str_cmp(AC_STR("a"), AC_STR("\x80")), 0);
    ck_assert_int_eq(ac_str_cmp((ac_str){NULL, 0}, AC_STR("")), 0);
    ck_assert(ac_str_eq_nocase(AC_STR("Content-TYPE"), AC_STR("content-type")));
    ck_assert(!ac_str_eq_nocase(AC_STR("a"), AC_STR("ab")));
    ck_assert(!ac_str_eq_nocase(AC_STR("[@"), AC_STR("{`")));
}
END_TEST

START_TEST(prefixes_and_suffixes_may_be_empty_or_the_whole)
{
    static const struct {
        const char *text, *part;
        bool starts, ends;
    } table[] = {{"abc", "", true, true},    {"abc", "abc", true, true},    {"abc", "ab", true, false},
                 {"abc", "bc", false, true}, {"abc", "abcd", false, false}, {"", "a", false, false},
                 {"", "", true, true}};
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_int_eq(ac_str_starts(ac_str_c(table[i].text), ac_str_c(table[i].part)), table[i].starts);
        ck_assert_int_eq(ac_str_ends(ac_str_c(table[i].text), ac_str_c(table[i].part)), table[i].ends);
    }
}
END_TEST

START_TEST(trimming_takes_spaces_and_tabs_only)
{
    ck_assert_ac_str(ac_str_trim(AC_STR(" \t a b\t ")), "a b");
    ck_assert_ac_str(ac_str_trim(AC_STR(" \n ")), "\n");
    ck_assert_ac_str(ac_str_trim(AC_STR(" \t")), "");
    ck_assert_ac_str(ac_str_trim(AC_STR("")), "");
}
END_TEST

START_TEST(finding_gives_the_first_place_or_none)
{
    static const struct {
        const char *text, *part;
        size_t at;
    } table[] = {{"abcabc", "c", 2},
                 {"abcabc", "ca", 2},
                 {"aaab", "ab", 2},
                 {"abc", "", 0},
                 {"", "", 0},
                 {"abc", "abcd", AC_NOT_FOUND},
                 {"ab", "abc", AC_NOT_FOUND},
                 {"aXbX", "bX", 2},
                 {"", "a", AC_NOT_FOUND},
                 {"aab", "aaab", AC_NOT_FOUND},
                 {"ababac", "abac", 2}};
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_uint_eq(ac_str_find(ac_str_c(table[i].text), ac_str_c(table[i].part)), table[i].at);
    }
    ck_assert_uint_eq(ac_str_find_char((ac_str){"a\0b", 3}, '\0'), 1);
    ck_assert_uint_eq(ac_str_find_char(ac_str_c(NULL), 'a'), AC_NOT_FOUND);
}
END_TEST

START_TEST(splitting_tells_an_empty_rest_from_no_rest)
{
    ac_str rest = AC_STR("a,,b,");
    ck_assert_ac_str(ac_str_split(rest, ',', &rest), "a");
    ck_assert_ac_str(ac_str_split(rest, ',', &rest), "");
    ck_assert_ac_str(ac_str_split(rest, ',', &rest), "b");
    ck_assert_ptr_nonnull(rest.p);
    ck_assert_ac_str(ac_str_split(rest, ',', &rest), "");
    ck_assert_ptr_null(rest.p);
}
END_TEST

START_TEST(integers_are_read_to_the_ends_of_64_bits)
{
    static const struct {
        const char *text;
        int64_t value;
    } table[] = {{"0", 0},
                 {"-0", 0},
                 {"007", 7},
                 {"-12", -12},
                 {"9223372036854775807", INT64_MAX},
                 {"-9223372036854775808", INT64_MIN}};
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        int64_t value = 77;
        ck_assert(ac_str_int(ac_str_c(table[i].text), &value));
        ck_assert_int_eq(value, table[i].value);
    }
}
END_TEST

START_TEST(text_that_is_no_integer_is_refused_and_leaves_the_result_alone)
{
    static const char *const table[] = {"",
                                        "-",
                                        "+1",
                                        "--1",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        "1e3",
                                        "0x10",
                                        "a",
                                        "1a",
                                        "9223372036854775808",
                                        "-9223372036854775809",
                                        "99999999999999999999999"};
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        int64_t value = 77;
        ck_assert_msg(!ac_str_int(ac_str_c(table[i]), &value), "\"%s\"", table[i]);
        ck_assert_int_eq(value, 77);
    }
}
END_TEST

/* ---- copies in an arena ---- */

START_TEST(copies_are_terminated_and_apart_from_their_source)
{
    char source[] = "abc";
    ac_str copy = ac_str_dup(ac_test_arena(), (ac_str){source, 2});
    source[0] = 'X';
    ck_assert_ac_str(copy, "ab");
    ck_assert_int_eq(copy.p[copy.n], '\0');
    ck_assert_str_eq(ac_str_z(ac_test_arena(), (ac_str){NULL, 0}), "");
    ck_assert_uint_eq(strlen(ac_str_z(ac_test_arena(), (ac_str){"a\0b", 3})), 1);
}
END_TEST

START_TEST(printing_gives_all_of_a_text_of_any_length)
{
    static const size_t lengths[] = {0, 1, 254, 255, 256, 257, 100000};
    for (size_t i = 0; i < AC_COUNT(lengths); i++) {
        ac_str printed = ac_str_printf(ac_test_arena(), "%*s", (int)lengths[i], "");
        ck_assert_uint_eq(printed.n, lengths[i]);
        ck_assert_uint_eq(strlen(printed.p), lengths[i]);
    }
    ck_assert_ac_str(ac_str_printf(ac_test_arena(), "%s-%d", "a", 7), "a-7");
}
END_TEST

START_TEST(replacing_goes_once_from_left_to_right)
{
    static const struct {
        const char *text, *part, *with, *result;
    } table[] = {{"a~b~", "~", "~0", "a~0b~0"}, {"aaa", "aa", "b", "ba"}, {"abc", "", "x", "abc"},
                 {"abc", "abc", "", ""},        {"", "a", "b", ""},       {"abc", "x", "y", "abc"}};
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_ac_str(ac_str_replace(ac_test_arena(), ac_str_c(table[i].text), ac_str_c(table[i].part),
                                        ac_str_c(table[i].with)),
                         table[i].result);
    }
}
END_TEST

/* ---- UTF-8 ---- */

START_TEST(each_length_of_utf8_is_read)
{
    static const struct {
        const char *text;
        uint32_t scalar;
    } table[] = {{"\x01", 0x1},
                 {"\x7F", 0x7F},
                 {"\xC2\x80", 0x80},
                 {"\xDF\xBF", 0x7FF},
                 {"\xE0\xA0\x80", 0x800},
                 {"\xED\x9F\xBF", 0xD7FF},
                 {"\xEE\x80\x80", 0xE000},
                 {"\xEF\xBF\xBF", 0xFFFF},
                 {"\xF0\x90\x80\x80", 0x10000},
                 {"\xF4\x8F\xBF\xBF", 0x10FFFF}};
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        uint32_t scalar = 0;
        ac_str text = ac_str_c(table[i].text);
        ck_assert_uint_eq(ac_utf8_next(text, &scalar), text.n);
        ck_assert_uint_eq(scalar, table[i].scalar);
        ck_assert(ac_utf8_valid(text));
        ck_assert_uint_eq(ac_utf8_length(text), 1);
    }
    uint32_t nul = 7;
    ck_assert_uint_eq(ac_utf8_next((ac_str){"\0", 1}, &nul), 1);
    ck_assert_uint_eq(nul, 0);
}
END_TEST

START_TEST(what_is_not_utf8_is_refused)
{
    static const char *const table[] = {
        "\x80",             /* continuation alone */
        "\xBF",             /* the last of them */
        "\xC3",             /* cut */
        "\xE4\xB8",         /* cut */
        "\xF0\x9F\x98",     /* cut */
        "\xC3(",            /* no continuation */
        "\xE4\xB8(",        /* no continuation */
        "\xC0\x80",         /* overlong NUL */
        "\xC1\xBF",         /* overlong DEL */
        "\xE0\x80\xAF",     /* overlong slash */
        "\xE0\x9F\xBF",     /* overlong U+07FF */
        "\xF0\x80\x80\xAF", /* overlong slash */
        "\xF0\x8F\xBF\xBF", /* overlong U+FFFF */
        "\xED\xA0\x80",     /* U+D800 */
        "\xED\xBF\xBF",     /* U+DFFF */
        "\xF4\x90\x80\x80", /* U+110000 */
        "\xF7\xBF\xBF\xBF", /* U+1FFFFF */
        "\xF8\x88\x80\x80\x80",
        "\xFC\x84\x80\x80\x80\x80",
        "\xFE",
        "\xFF",
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        uint32_t scalar;
        ck_assert_uint_eq(ac_utf8_next(ac_str_c(table[i]), &scalar), 0);
        ck_assert(!ac_utf8_valid(ac_str_c(table[i])));
    }
    uint32_t scalar;
    ck_assert_uint_eq(ac_utf8_next(AC_STR(""), &scalar), 0);
}
END_TEST

/* All pairs of first bytes, with third bytes from both ends of each range: 64 third bytes stand behind two. */
START_TEST(no_other_sequences_of_three_bytes_are_utf8)
{
    static const char thirds[] = {0x00, 0x7F, (char)0x80, (char)0xBF, (char)0xC0, (char)0xFF};
    size_t valid = 0;
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        for (size_t i = 0; i < sizeof thirds; i++) {
            char text[3] = {(char)(pair >> 8), (char)pair, thirds[i]};
            uint32_t scalar;
            valid += ac_utf8_next((ac_str){text, sizeof text}, &scalar) == 3;
        }
    }
    ck_assert_uint_eq(valid, (0x10000 - 0x800 - 0x800) / 64 * 2);
}
END_TEST

START_TEST(length_counts_an_invalid_byte_as_one)
{
    ck_assert_uint_eq(ac_utf8_length(AC_STR("a\xC3\xA9\xE4\xB8\xAD")), 3);
    ck_assert_uint_eq(ac_utf8_length(AC_STR("\xE4\xB8")), 2);
    ck_assert_uint_eq(ac_utf8_length(AC_STR("\xFF\xFF"
                                            "a")),
                      3);
    ck_assert_uint_eq(ac_utf8_length(ac_str_c(NULL)), 0);
}
END_TEST

/* ---- buffers ---- */

START_TEST(a_buffer_is_terminated_after_each_change)
{
    ac_buf buf;
    ac_buf_init(&buf, 1000);
    ck_assert_str_eq(ac_buf_str(&buf).p, "");
    ac_buf_add(&buf, AC_STR(""));
    ck_assert_str_eq(ac_buf_str(&buf).p, "");
    ac_buf_add_c(&buf, "ab");
    ac_buf_add_char(&buf, 'c');
    ac_buf_printf(&buf, "%d", 42);
    ac_buf_add_c(&buf, NULL);
    ck_assert_str_eq(ac_buf_str(&buf).p, "abc42");
    ac_buf_clear(&buf);
    ck_assert_str_eq(ac_buf_str(&buf).p, "");
    ck_assert_uint_eq(buf.n, 0);
    ac_buf_done(&buf);
    ck_assert_ptr_null(buf.p);
    ac_buf_done(&buf);
}
END_TEST

START_TEST(a_buffer_grows_to_its_ceiling_and_not_past_it)
{
    ac_buf buf;
    ac_buf_init(&buf, 1000);
    for (int i = 0; i < 1000; i++) {
        ac_buf_add_char(&buf, 'a');
    }
    ck_assert(!buf.overflow);
    ck_assert_uint_eq(strlen(buf.p), 1000);
    ac_buf_add_char(&buf, 'b');
    ck_assert(buf.overflow);
    ck_assert_uint_eq(buf.n, 1000);
    ac_buf_done(&buf);
}
END_TEST

START_TEST(nothing_is_appended_after_an_overflow_until_cleared)
{
    ac_buf buf;
    ac_buf_init(&buf, 4);
    ac_buf_add_c(&buf, "abc");
    ac_buf_add_c(&buf, "de");
    ac_buf_add_char(&buf, 'f');
    ac_buf_printf(&buf, "%d", 1);
    ck_assert(buf.overflow);
    ck_assert_ac_str(ac_buf_str(&buf), "abc");
    ac_buf_clear(&buf);
    ck_assert(!buf.overflow);
    ac_buf_add_c(&buf, "defg");
    ck_assert_ac_str(ac_buf_str(&buf), "defg");
    ac_buf_done(&buf);
}
END_TEST

START_TEST(a_taken_buffer_leaves_its_text_in_the_arena_and_is_empty)
{
    ac_buf buf;
    ac_buf_init(&buf, 100);
    ck_assert_str_eq(ac_buf_take(&buf, ac_test_arena()).p, "");
    ac_buf_add(&buf, (ac_str){"a\0b", 3});
    ac_str taken = ac_buf_take(&buf, ac_test_arena());
    ck_assert(ac_str_eq(taken, (ac_str){"a\0b", 3}));
    ck_assert_ptr_null(buf.p);
    ck_assert_uint_eq(buf.max, 100);
}
END_TEST

START_TEST(bytes_become_lower_case_hex)
{
    ac_buf buf;
    ac_buf_init(&buf, 100);
    ac_buf_add_hex(&buf, "\x00\x0F\xAB\xFF", 4);
    ac_buf_add_hex(&buf, NULL, 0);
    ck_assert_ac_str(ac_buf_take(&buf, ac_test_arena()), "000fabff");
}
END_TEST

START_TEST(visible_text_shows_what_a_terminal_would_obey)
{
    static const struct {
        ac_str text;
        const char *shown;
    } table[] = {
        {AC_STR_INIT("plain, \xE4\xB8\xAD\xE6\x96\x87"), "plain, \xE4\xB8\xAD\xE6\x96\x87"},
        {AC_STR_INIT("a\r\n\tb"), "a\\r\\n\\tb"},
        {AC_STR_INIT("\x1B[31m"), "\\x1B[31m"},
        {AC_STR_INIT("\0\a\b\v\f\x7F"), "\\x00\\a\\b\\v\\f\\x7F"},
        {AC_STR_INIT("\xC2\x9B"
                     "31m"),
         "\\xC2\\x9B31m"}, /* the one-character form of ESC [ */
        {AC_STR_INIT("\xFF\xE4\xB8"), "\\xFF\\xE4\\xB8"},
        {AC_STR_INIT("\\x41"), "\\x41"},
        {AC_STR_INIT(""), ""},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ac_buf buf;
        ac_buf_init(&buf, 1000);
        ac_buf_add_visible(&buf, table[i].text);
        ck_assert_ac_str(ac_buf_take(&buf, ac_test_arena()), table[i].shown);
    }
}
END_TEST

START_TEST(a_hash_is_the_same_everywhere)
{
    ck_assert(ac_str_hash(AC_STR("")) == 0xCBF29CE484222325u);
    ck_assert(ac_str_hash((ac_str){NULL, 0}) == 0xCBF29CE484222325u);
    ck_assert(ac_str_hash(AC_STR("foobar")) == 0x85944171F73967E8u);
    ck_assert(ac_str_hash(AC_STR("a\0b")) != ac_str_hash(AC_STR("a")));
}
END_TEST

START_TEST(indices_in_a_name_become_n)
{
    static const char *const rows[][2] = {{"Zone.3.ZoneId", "Zone.N.ZoneId"},
                                          {"A.1", "A.N"},
                                          {"A.1.B.20", "A.N.B.N"},
                                          {"plain", "plain"},
                                          {"a.1b.c", "a.1b.c"},
                                          {"", ""}};
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ck_assert_ac_str(ac_str_without_indices(ac_test_arena(), ac_str_c(rows[i][0])), rows[i][1]);
    }
}
END_TEST

AC_TEST_MAIN("base str", indices_in_a_name_become_n, a_hash_is_the_same_everywhere,
             the_empty_view_is_what_a_missing_c_string_gives, a_part_is_clipped_to_the_view,
             views_compare_by_bytes_and_hold_nul, prefixes_and_suffixes_may_be_empty_or_the_whole,
             trimming_takes_spaces_and_tabs_only, finding_gives_the_first_place_or_none,
             splitting_tells_an_empty_rest_from_no_rest, integers_are_read_to_the_ends_of_64_bits,
             text_that_is_no_integer_is_refused_and_leaves_the_result_alone,
             copies_are_terminated_and_apart_from_their_source, printing_gives_all_of_a_text_of_any_length,
             replacing_goes_once_from_left_to_right, each_length_of_utf8_is_read, what_is_not_utf8_is_refused,
             no_other_sequences_of_three_bytes_are_utf8, length_counts_an_invalid_byte_as_one,
             a_buffer_is_terminated_after_each_change, a_buffer_grows_to_its_ceiling_and_not_past_it,
             nothing_is_appended_after_an_overflow_until_cleared,
             a_taken_buffer_leaves_its_text_in_the_arena_and_is_empty, bytes_become_lower_case_hex,
             visible_text_shows_what_a_terminal_would_obey)
