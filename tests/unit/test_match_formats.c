/* Documented formats of text: what has them and what only looks like it. */
#include <string.h>

#include "match/match.h"
#include "support.h"

typedef struct row {
    ac_format format;
    const char *text;
    bool has;
} row;

static const row rows[] = {
    {AC_FORMAT_UNSET, "anything", true},
    {AC_FORMAT_IPV4, "0.0.0.0", true},
    {AC_FORMAT_IPV4, "255.255.255.255", true},
    {AC_FORMAT_IPV4, "192.168.1.10", true},
    {AC_FORMAT_IPV4, "256.0.0.1", false},
    {AC_FORMAT_IPV4, "1.2.3", false},
    {AC_FORMAT_IPV4, "1.2.3.4.5", false},
    {AC_FORMAT_IPV4, "1.2.3.", false},
    {AC_FORMAT_IPV4, ".1.2.3", false},
    {AC_FORMAT_IPV4, "01.2.3.4", false},
    {AC_FORMAT_IPV4, "1.2.3.-4", false},
    {AC_FORMAT_IPV4, "1.2.3.4 ", false},
    {AC_FORMAT_IPV4, "1.2.3.4/8", false},
    {AC_FORMAT_IPV4, "1.2.3.0x4", false},
    {AC_FORMAT_IPV4, "", false},
    {AC_FORMAT_IPV6, "::", true},
    {AC_FORMAT_IPV6, "::1", true},
    {AC_FORMAT_IPV6, "1::", true},
    {AC_FORMAT_IPV6, "2408:4003:3C5:6e00::1", true},
    {AC_FORMAT_IPV6, "1:2:3:4:5:6:7:8", true},
    {AC_FORMAT_IPV6, "1:2:3:4:5:6:1.2.3.4", true},
    {AC_FORMAT_IPV6, "::ffff:1.2.3.4", true},
    {AC_FORMAT_IPV6, "1:2:3:4:5:6:7::", true},
    {AC_FORMAT_IPV6, "1:2:3:4:5:6:7:8:9", false},
    {AC_FORMAT_IPV6, "1:2:3:4:5:6:7", false},
    {AC_FORMAT_IPV6, "1:2:3:4::5:6:7:8", false},
    {AC_FORMAT_IPV6, "1:2:3:4:5:6:7:1.2.3.4", false},
    {AC_FORMAT_IPV6, "1.2.3.4::", false},
    {AC_FORMAT_IPV6, "1.2.3.4", false},
    {AC_FORMAT_IPV6, "1::2::3", false},
    {AC_FORMAT_IPV6, ":::", false},
    {AC_FORMAT_IPV6, ":1:2:3:4:5:6:7", false},
    {AC_FORMAT_IPV6, "1:2:3:4:5:6:7:", false},
    {AC_FORMAT_IPV6, "12345::", false},
    {AC_FORMAT_IPV6, "g::", false},
    {AC_FORMAT_IPV6, "fe80::1%eth0", false},
    {AC_FORMAT_IPV6, "", false},
    {AC_FORMAT_JSON, "{\"a\": [1, null]}", true},
    {AC_FORMAT_JSON, "1", true},
    {AC_FORMAT_JSON, "{\"a\": 1,}", false},
    {AC_FORMAT_JSON, "", false},
    {AC_FORMAT_BOOLEAN, "true", true},
    {AC_FORMAT_BOOLEAN, "false", true},
    {AC_FORMAT_BOOLEAN, "True", false},
    {AC_FORMAT_BOOLEAN, "1", false},
    {AC_FORMAT_BOOLEAN, "", false},
    {AC_FORMAT_UTC_TIME, "2022-01-02T19:11:12Z", true},
    {AC_FORMAT_UTC_TIME, "2022-01-31T00:00:00Z", true},
    {AC_FORMAT_UTC_TIME, "2022-12-01T00:00:00Z", true},
    {AC_FORMAT_UTC_TIME, "2024-02-29T00:00:00Z", true},
    {AC_FORMAT_UTC_TIME, "2000-02-29T23:59:59Z", true},
    {AC_FORMAT_UTC_TIME, "2023-02-29T00:00:00Z", false},
    {AC_FORMAT_UTC_TIME, "1900-02-29T00:00:00Z", false},
    {AC_FORMAT_UTC_TIME, "2022-04-31T00:00:00Z", false},
    {AC_FORMAT_UTC_TIME, "2022-00-01T00:00:00Z", false},
    {AC_FORMAT_UTC_TIME, "2022-13-01T00:00:00Z", false},
    {AC_FORMAT_UTC_TIME, "2022-01-00T00:00:00Z", false},
    {AC_FORMAT_UTC_TIME, "2022-01-01T24:00:00Z", false},
    {AC_FORMAT_UTC_TIME, "2022-01-01T00:60:00Z", false},
    {AC_FORMAT_UTC_TIME, "2022-01-01T00:00:60Z", false},
    {AC_FORMAT_UTC_TIME, "+022-01-02T19:11:12Z", false},
    {AC_FORMAT_UTC_TIME, "2022-01-02T19:11Z", false},
    {AC_FORMAT_UTC_TIME, "2022-01-02T19:11:12", false},
    {AC_FORMAT_UTC_TIME, "2022-01-02T19:11:12+00:00", false},
    {AC_FORMAT_UTC_TIME, "2022-01-02T19:11:12.5Z", false},
    {AC_FORMAT_UTC_TIME, "2022-01-02 19:11:12Z", false},
    {AC_FORMAT_UTC_TIME, "2022-01-02t19:11:12z", false},
    {AC_FORMAT_UTC_TIME, "", false},
    {AC_FORMAT_UUID, "0ED8D006-F706-4D23-88ED-E11ED28DCAC0", true},
    {AC_FORMAT_UUID, "0ed8d006-f706-4d23-88ed-e11ed28dcac0", true},
    {AC_FORMAT_UUID, "0ED8D006F7064D2388EDE11ED28DCAC0", false},
    {AC_FORMAT_UUID, "0ED8D006-F706-4D23-88ED-E11ED28D****", false},
    {AC_FORMAT_UUID, "0ED8D006-F706-4D23-88ED-E11ED28DCAC", false},
    {AC_FORMAT_UUID, "{0ED8D006-F706-4D23-88ED-E11ED28DCAC0}", false},
    {AC_FORMAT_UUID, "", false},
    {AC_FORMAT_DOMAIN, "ep-1.epsrv-2.cn-hangzhou.privatelink.aliyuncs.com", true},
    {AC_FORMAT_DOMAIN, "a.b", true},
    {AC_FORMAT_DOMAIN, "AZ.za", true},
    {AC_FORMAT_DOMAIN, "za.Az", true},
    {AC_FORMAT_DOMAIN, "az.Za", true},
    {AC_FORMAT_DOMAIN, "09.a", true},
    {AC_FORMAT_DOMAIN, "_a.b", false},
    {AC_FORMAT_DOMAIN, "a.1", false},
    {AC_FORMAT_DOMAIN, "1a.xn--p1ai", true},
    {AC_FORMAT_DOMAIN, "localhost", false},
    {AC_FORMAT_DOMAIN, "a..b", false},
    {AC_FORMAT_DOMAIN, "a.b.", false},
    {AC_FORMAT_DOMAIN, ".a.b", false},
    {AC_FORMAT_DOMAIN, "-a.b", false},
    {AC_FORMAT_DOMAIN, "a-.b", false},
    {AC_FORMAT_DOMAIN, "a_b.c", false},
    {AC_FORMAT_DOMAIN, "ep-****.example.com", false},
    {AC_FORMAT_DOMAIN, "a b.c", false},
    {AC_FORMAT_DOMAIN, "1.2.3.4", false},
    {AC_FORMAT_DOMAIN, "http://a.b", false},
    {AC_FORMAT_DOMAIN, "", false},
};

START_TEST(test_text_has_its_documented_format_or_not)
{
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        bool has = ac_match_format(rows[i].format, ac_str_c(rows[i].text));
        ck_assert_msg(has == rows[i].has, "\"%s\" has format %s: %d", rows[i].text,
                      ac_format_names[rows[i].format], has);
    }
}
END_TEST

START_TEST(test_labels_and_domains_have_their_longest_form)
{
    char label[65];
    memset(label, 'a', sizeof label);
    ac_arena *arena = ac_test_arena();
    ck_assert(ac_match_format(AC_FORMAT_DOMAIN, ac_str_printf(arena, "%.63s.b", label)));
    ck_assert(!ac_match_format(AC_FORMAT_DOMAIN, ac_str_printf(arena, "%.64s.b", label)));
    ac_str three = ac_str_printf(arena, "%.63s.%.63s.%.63s", label, label, label);
    ck_assert(ac_match_format(AC_FORMAT_DOMAIN, ac_str_printf(arena, "%s.%.61s", three.p, label)));
    ck_assert(!ac_match_format(AC_FORMAT_DOMAIN, ac_str_printf(arena, "%s.%.62s", three.p, label)));
}
END_TEST

START_TEST(test_text_with_nul_or_without_memory_has_no_format)
{
    for (int format = AC_FORMAT_IPV4; format <= AC_FORMAT_DOMAIN; format++) {
        ck_assert(!ac_match_format((ac_format)format, (ac_str){NULL, 0}));
        ck_assert(!ac_match_format((ac_format)format, AC_STR("a.b\0c")));
    }
}
END_TEST

AC_TEST_MAIN("match formats", test_text_has_its_documented_format_or_not,
             test_labels_and_domains_have_their_longest_form,
             test_text_with_nul_or_without_memory_has_no_format)
