#include "support.h"

#include <stdlib.h>

#include "base/env.h"

/* ---- clock and nonces ---- */

START_TEST(a_fixed_clock_stands_still)
{
    ac_env env = {.clock_fixed = true, .clock_ms = 1768465845123};
    ck_assert_int_eq(ac_env_now_ms(&env), 1768465845123);
    env.clock_ms = 0;
    ck_assert_int_eq(ac_env_now_ms(&env), 0);
}
END_TEST

START_TEST(the_real_clock_tells_a_time_of_this_century)
{
    ac_env env = ac_env_real();
    int64_t now = ac_env_now_ms(&env);
    ck_assert_int_gt(now, 1700000000000);
    ck_assert_int_lt(now, 4102444800000);
}
END_TEST

START_TEST(the_monotonic_clock_counts_microseconds_and_never_goes_back)
{
    int64_t before = ac_monotonic_us();
    for (int i = 0; i < 1000; i++) {
        int64_t now = ac_monotonic_us();
        ck_assert(now >= before);
        before = now;
    }
}
END_TEST

START_TEST(each_real_env_has_a_seed_of_its_own)
{
    ck_assert_uint_ne(ac_env_real().seed, ac_env_real().seed);
}
END_TEST

START_TEST(nonces_are_32_hexadecimal_digits_that_repeat_for_seed_and_purpose)
{
    ac_env env = {.seed = 7};
    ac_str nonce = ac_env_nonce(&env, ac_test_arena(), AC_STR("case/step/1"));
    ck_assert_uint_eq(nonce.n, 32);
    for (size_t i = 0; i < nonce.n; i++) {
        ck_assert(ac_str_find_char(AC_STR("0123456789abcdef"), nonce.p[i]) != AC_NOT_FOUND);
    }
    ck_assert(ac_str_eq(nonce, ac_env_nonce(&env, ac_test_arena(), AC_STR("case/step/1"))));
    ac_env other = {.seed = 8};
    ck_assert(!ac_str_eq(nonce, ac_env_nonce(&other, ac_test_arena(), AC_STR("case/step/1"))));
    ck_assert_uint_eq(ac_env_nonce(&env, ac_test_arena(), (ac_str){NULL, 0}).n, 32);
}
END_TEST

static int by_bytes(const void *a, const void *b)
{
    return ac_str_cmp(*(const ac_str *)a, *(const ac_str *)b);
}

/* Halves are looked at alone: each must tell 20,000 purposes apart. */
START_TEST(each_purpose_gets_another_nonce)
{
    enum { COUNT = 20000 };
    ac_env env = {.seed = 0};
    ac_arena *arena = ac_test_arena();
    ac_str *halves = AC_NEW_ARRAY(arena, 2 * COUNT, ac_str);
    for (size_t i = 0; i < COUNT; i++) {
        ac_str nonce = ac_env_nonce(&env, arena, ac_str_printf(arena, "case/step/%zu", i));
        halves[2 * i] = ac_str_sub(nonce, 0, 16);
        halves[2 * i + 1] = ac_str_sub(nonce, 16, 16);
    }
    qsort(halves, 2 * COUNT, sizeof *halves, by_bytes);
    for (size_t i = 1; i < 2 * COUNT; i++) {
        ck_assert(!ac_str_eq(halves[i - 1], halves[i]));
    }
}
END_TEST

START_TEST(a_given_nonce_is_every_nonce)
{
    ac_env env = {.nonce = AC_STR("given")};
    ck_assert_ac_str(ac_env_nonce(&env, ac_test_arena(), AC_STR("a")), "given");
    ck_assert_ac_str(ac_env_nonce(&env, ac_test_arena(), AC_STR("b")), "given");
}
END_TEST

/* ---- times ---- */

START_TEST(times_are_printed_and_read_back_in_each_format)
{
    static const struct {
        int64_t seconds;
        const char *iso, *compact, *http;
    } table[] = {
        {0, "1970-01-01T00:00:00Z", "19700101T000000Z", "Thu, 01 Jan 1970 00:00:00 GMT"},
        {1768465845, "2026-01-15T08:30:45Z", "20260115T083045Z", "Thu, 15 Jan 2026 08:30:45 GMT"},
        {784111777, "1994-11-06T08:49:37Z", "19941106T084937Z", "Sun, 06 Nov 1994 08:49:37 GMT"},
        {951782400, "2000-02-29T00:00:00Z", "20000229T000000Z", "Tue, 29 Feb 2000 00:00:00 GMT"},
        {1709251199, "2024-02-29T23:59:59Z", "20240229T235959Z", "Thu, 29 Feb 2024 23:59:59 GMT"},
        {2147483648, "2038-01-19T03:14:08Z", "20380119T031408Z", "Tue, 19 Jan 2038 03:14:08 GMT"},
        {4107542400, "2100-03-01T00:00:00Z", "21000301T000000Z", "Mon, 01 Mar 2100 00:00:00 GMT"},
        {253402300799, "9999-12-31T23:59:59Z", "99991231T235959Z", "Fri, 31 Dec 9999 23:59:59 GMT"},
        {-1, "1969-12-31T23:59:59Z", "19691231T235959Z", "Wed, 31 Dec 1969 23:59:59 GMT"},
        {-62135596800, "0001-01-01T00:00:00Z", "00010101T000000Z", "Mon, 01 Jan 0001 00:00:00 GMT"},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        const char *texts[] = {table[i].iso, table[i].compact, table[i].http};
        for (int format = AC_TIME_ISO; format <= AC_TIME_HTTP; format++) {
            int64_t ms = 77;
            int64_t expected = table[i].seconds * 1000;
            ck_assert_ac_str(ac_time_print(ac_test_arena(), expected, (ac_time_format)format), texts[format]);
            ck_assert(ac_time_parse(ac_str_c(texts[format]), (ac_time_format)format, &ms));
            ck_assert_int_eq(ms, expected);
        }
    }
}
END_TEST

START_TEST(every_day_of_four_centuries_is_read_back)
{
    ac_arena *arena = ac_arena_new();
    for (int64_t day = -25567; day < -25567 + 146097; day++) { /* from 1900 on */
        int64_t expected = day * 86400000 + 45296000;
        for (int format = AC_TIME_ISO; format <= AC_TIME_HTTP; format += AC_TIME_HTTP - AC_TIME_ISO) {
            int64_t ms;
            ac_str text = ac_time_print(arena, expected, (ac_time_format)format);
            if (!ac_time_parse(text, (ac_time_format)format, &ms) || ms != expected) {
                ck_abort_msg("day %lld: %s", (long long)day, text.p);
            }
        }
        ac_arena_reset(arena);
    }
    ac_arena_free(arena);
}
END_TEST

START_TEST(parts_of_a_second_are_cut_off_towards_the_past)
{
    ck_assert_ac_str(ac_time_print(ac_test_arena(), 1999, AC_TIME_ISO), "1970-01-01T00:00:01Z");
    ck_assert_ac_str(ac_time_print(ac_test_arena(), -1, AC_TIME_ISO), "1969-12-31T23:59:59Z");
    ck_assert_ac_str(ac_time_print(ac_test_arena(), -1000, AC_TIME_ISO), "1969-12-31T23:59:59Z");
    ck_assert_ac_str(ac_time_print(ac_test_arena(), -1001, AC_TIME_ISO), "1969-12-31T23:59:58Z");
}
END_TEST

START_TEST(a_leap_second_is_the_second_after)
{
    int64_t leap;
    int64_t next;
    ck_assert(ac_time_parse(AC_STR("2016-12-31T23:59:60Z"), AC_TIME_ISO, &leap));
    ck_assert(ac_time_parse(AC_STR("2017-01-01T00:00:00Z"), AC_TIME_ISO, &next));
    ck_assert_int_eq(leap, next);
}
END_TEST

START_TEST(what_is_no_time_of_the_format_is_refused_and_leaves_the_result_alone)
{
    static const struct {
        ac_time_format format;
        ac_str text;
    } table[] = {
        {AC_TIME_ISO, AC_STR_INIT("")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15T08:30:45")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15T08:30:45z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15 08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15T08:30:45.000Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15T08:30:45+00:00")},
        {AC_TIME_ISO, AC_STR_INIT(" 2026-01-15T08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15T08:30:45Z ")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15T08:30:45Z\0")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15T08:30: 5Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15T08:30:-5Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-1-015T08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("+026-01-15T08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-00-15T08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-13-15T08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-00T08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-32T08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-04-31T08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-02-29T08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2100-02-29T08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2024-02-30T08:30:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15T24:00:00Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15T08:60:45Z")},
        {AC_TIME_ISO, AC_STR_INIT("2026-01-15T08:30:61Z")},
        {AC_TIME_ISO, AC_STR_INIT("20260115T083045Z")},
        {AC_TIME_COMPACT, AC_STR_INIT("2026-01-15T08:30:45Z")},
        {AC_TIME_COMPACT, AC_STR_INIT("20260115T083045")},
        {AC_TIME_COMPACT, AC_STR_INIT("20260115t083045Z")},
        {AC_TIME_COMPACT, AC_STR_INIT("20260230T083045Z")},
        {AC_TIME_COMPACT, AC_STR_INIT("20260115T08304 Z")},
        {AC_TIME_HTTP, AC_STR_INIT("Thu, 15 Jan 2026 08:30:45 UTC")},
        {AC_TIME_HTTP, AC_STR_INIT("Thu, 15 Jan 2026 08:30:45 +0000")},
        {AC_TIME_HTTP, AC_STR_INIT("Thu 15 Jan 2026 08:30:45 GMT")},
        {AC_TIME_HTTP, AC_STR_INIT("Thu, 15 Jam 2026 08:30:45 GMT")},
        {AC_TIME_HTTP, AC_STR_INIT("Thu, 15 anF 2026 08:30:45 GMT")},
        {AC_TIME_HTTP, AC_STR_INIT("Thu, 15 jan 2026 08:30:45 GMT")},
        {AC_TIME_HTTP, AC_STR_INIT("Fri, 15 Jan 2026 08:30:45 GMT")},
        {AC_TIME_HTTP, AC_STR_INIT("thu, 15 Jan 2026 08:30:45 GMT")},
        {AC_TIME_HTTP, AC_STR_INIT("Xyz, 15 Jan 2026 08:30:45 GMT")},
        {AC_TIME_HTTP, AC_STR_INIT("Mon, 30 Feb 2026 08:30:45 GMT")},
        {AC_TIME_HTTP, AC_STR_INIT("Thursday, 15-Jan-26 08:30:45 GMT")},
        {AC_TIME_HTTP, AC_STR_INIT("Thu Jan 15 08:30:45 2026")},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        int64_t ms = 77;
        ck_assert_msg(!ac_time_parse(table[i].text, table[i].format, &ms), "%s", table[i].text.p);
        ck_assert_int_eq(ms, 77);
    }
    int64_t ms;
    ck_assert(!ac_time_parse((ac_str){NULL, 0}, AC_TIME_ISO, &ms));
}
END_TEST

AC_TEST_MAIN("base env", a_fixed_clock_stands_still, the_real_clock_tells_a_time_of_this_century,
             the_monotonic_clock_counts_microseconds_and_never_goes_back, each_real_env_has_a_seed_of_its_own,
             nonces_are_32_hexadecimal_digits_that_repeat_for_seed_and_purpose,
             each_purpose_gets_another_nonce, a_given_nonce_is_every_nonce,
             times_are_printed_and_read_back_in_each_format, every_day_of_four_centuries_is_read_back,
             parts_of_a_second_are_cut_off_towards_the_past, a_leap_second_is_the_second_after,
             what_is_no_time_of_the_format_is_refused_and_leaves_the_result_alone)
