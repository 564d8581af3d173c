/* Checks of single values that a case asks for. */
#include "match_support.h"

/* What an answer holds besides its request id. */
static const char body[] =
    "{'RequestId': 'A', 'text': 'épée', 'empty': '', 'id': 12345678901234567890, 'negative': -5, 'real': 1.5,"
    " 'truth': true, 'nothing': null, 'time': '2022-01-02T19:11:12Z', 'none': [], 'void': {},"
    " 'list': [1, 'b', {'a': 1, 'b': [2]}, 1], 'object': {'x': {'y': 7}}, 'a/b': 1}";

/* A matcher as a case file has it, JSON where the member is JSON. */
typedef struct row {
    const char *pointer;
    ac_matcher m;
    const char *equals, *not_equal, *one_of, *unordered, *contains;
    const char *verdict; /* what follows the level */
    const char *expected;
} row;

#define IS                                                                                                   \
    {                                                                                                        \
        .length = -1                                                                                         \
    }
#define OK      ""
#define S(text) AC_STR_INIT(text)

static void check_rows(const row *rows, size_t count)
{
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < count; i++) {
        const row *r = &rows[i];
        ac_matcher m = r->m;
        m.pointer = ac_str_c(r->pointer);
        m.equals = json(arena, r->equals);
        m.not_equal = json(arena, r->not_equal);
        m.one_of = json(arena, r->one_of);
        m.unordered = json(arena, r->unordered);
        m.contains = json(arena, r->contains);
        answer a = {.operation = CREATE_ENDPOINT, .body = body, .status = 200};
        a.expect = (ac_expect){.kind = AC_EXPECT_SUCCESS, .body = {.items = &m, .count = 1}};
        ac_match_result result = judge(arena, &a);
        const char *seen = in_words(arena, &result);
        ck_assert_msg(result.findings.count <= 1, "row %zu, %s: %s", i, r->pointer, seen);
        const char *finding = strchr(seen, ' ') ? strchr(seen, ' ') + 1 : "";
        ck_assert_msg(strcmp(finding, r->verdict) == 0, "row %zu, %s: %s, not %s", i, r->pointer, seen,
                      r->verdict);
        if (r->expected) {
            ck_assert_ac_str(result.findings.items[0].expected, r->expected);
        }
    }
}

START_TEST(test_equality_is_judged_by_literal_and_in_any_order_of_members)
{
    static const row rows[] = {
        {"/text", IS, .equals = "'épée'", .verdict = OK},
        {"/text", IS, .equals = "'x'", .verdict = "L5 value /text", .expected = "\"x\""},
        {"/id", IS, .equals = "12345678901234567890", .verdict = OK},
        {"/id", IS, .equals = "12345678901234567891", .verdict = "L5 value /id"},
        {"/id", IS, .equals = "'12345678901234567890'", .verdict = "L5 value /id"},
        {"/object", IS, .equals = "{'x': {'y': 7}}", .verdict = OK},
        {"/object/x/y", IS, .equals = "7", .verdict = OK},
        {"/a~1b", IS, .equals = "1", .verdict = OK},
        {"/list/3", IS, .equals = "1", .verdict = OK},
        {"/nothing", IS, .equals = "null", .verdict = OK},
        {"/nothing", IS, .equals = "1", .verdict = "L4 null /nothing"},
        {"/missing", IS, .equals = "1", .verdict = "L4 missing-field /missing", .expected = "1"},
        {"/missing", IS, .verdict = "L4 missing-field /missing", .expected = "present"},
        {"/text", IS, .not_equal = "'x'", .verdict = OK},
        {"/text", IS, .not_equal = "'épée'", .verdict = "L5 value /text",
         .expected = "anything but \"épée\""},
        {"/text", IS, .one_of = "['x', 'épée']", .verdict = OK},
        {"/text", IS, .one_of = "['x', 1]", .verdict = "L5 enum /text", .expected = "one of [\"x\",1]"},
        {"", IS, .not_equal = "{}", .verdict = OK},
    };
    check_rows(rows, AC_COUNT(rows));
}
END_TEST

START_TEST(test_absent_null_and_empty_are_three_things)
{
    static const row rows[] = {
        {"/missing", {.length = -1, .absent = true}, .verdict = OK},
        {"/nothing", {.length = -1, .absent = true}, .verdict = "L5 value /nothing", .expected = "absent"},
        {"/empty", {.length = -1, .absent = true}, .verdict = "L5 value /empty"},
        {"/missing", {.length = 3, .if_present = true}, .verdict = OK},
        {"/text", {.length = 3, .if_present = true}, .verdict = "L5 value /text"},
        {"/nothing", {.length = -1, .null = true}, .verdict = OK},
        {"/missing",
         {.length = -1, .null = true},
         .verdict = "L4 missing-field /missing",
         .expected = "null"},
        {"/empty", {.length = -1, .null = true}, .verdict = "L5 value /empty", .expected = "null"},
        {"/empty", {.length = -1, .empty = true}, .verdict = OK},
        {"/none", {.length = -1, .empty = true}, .verdict = OK},
        {"/void", {.length = -1, .empty = true}, .verdict = OK},
        {"/text", {.length = -1, .empty = true}, .verdict = "L5 value /text", .expected = "empty"},
        {"/negative", {.length = -1, .empty = true}, .verdict = "L5 value /negative"},
        {"/nothing", {.length = -1, .empty = true}, .verdict = "L4 null /nothing"},
        {"/missing", {.length = -1, .empty = true}, .verdict = "L4 missing-field /missing"},
    };
    check_rows(rows, AC_COUNT(rows));
}
END_TEST

START_TEST(test_types_tell_integers_from_numbers)
{
    enum { NULL_TYPE = 1, BOOLEAN, INTEGER, NUMBER, STRING, ARRAY, OBJECT };
    static const row rows[] = {
        {"/nothing", {.length = -1, .type = NULL_TYPE}, .verdict = OK},
        {"/truth", {.length = -1, .type = BOOLEAN}, .verdict = OK},
        {"/id", {.length = -1, .type = INTEGER}, .verdict = OK},
        {"/id", {.length = -1, .type = NUMBER}, .verdict = OK},
        {"/real", {.length = -1, .type = NUMBER}, .verdict = OK},
        {"/real", {.length = -1, .type = INTEGER}, .verdict = "L4 type /real", .expected = "integer"},
        {"/text", {.length = -1, .type = STRING}, .verdict = OK},
        {"/list", {.length = -1, .type = ARRAY}, .verdict = OK},
        {"/object", {.length = -1, .type = OBJECT}, .verdict = OK},
        {"/object", {.length = -1, .type = ARRAY}, .verdict = "L4 type /object"},
        {"/truth", {.length = -1, .type = STRING}, .verdict = "L4 type /truth"},
        {"/nothing", {.length = -1, .type = STRING}, .verdict = "L4 null /nothing", .expected = "string"},
        {"/missing",
         {.length = -1, .type = STRING},
         .verdict = "L4 missing-field /missing",
         .expected = "string"},
    };
    check_rows(rows, AC_COUNT(rows));
}
END_TEST

START_TEST(test_text_is_matched_by_pattern_and_format)
{
    static const row rows[] = {
        {"/text", {.length = -1, .regex = S("^é.*e$")}, .verdict = OK},
        {"/text",
         {.length = -1, .regex = S("^p")},
         .verdict = "L5 value /text",
         .expected = "text that matches ^p"},
        {"/text", {.length = -1, .regex = S("(")}, .verdict = "L5 value /text"},
        {"/negative", {.length = -1, .regex = S("^-[0-9]$")}, .verdict = OK},
        {"/list", {.length = -1, .regex = S("")}, .verdict = "L5 value /list"},
        {"/nothing", {.length = -1, .regex = S("")}, .verdict = "L4 null /nothing"},
        {"/time", {.length = -1, .format = AC_FORMAT_UTC_TIME}, .verdict = OK},
        {"/text",
         {.length = -1, .format = AC_FORMAT_UTC_TIME},
         .verdict = "L5 format /text",
         .expected = "format utc-time"},
        {"/negative", {.length = -1, .format = AC_FORMAT_JSON}, .verdict = "L5 format /negative"},
        {"/missing", {.length = -1, .regex = S("^x")}, .verdict = "L4 missing-field /missing"},
        {"/missing", {.length = -1, .format = AC_FORMAT_UUID}, .verdict = "L4 missing-field /missing"},
    };
    check_rows(rows, AC_COUNT(rows));
}
END_TEST

START_TEST(test_a_compiled_pattern_is_used_as_it_is)
{
    ac_arena *arena = ac_test_arena();
    ac_regex *regex = ac_regex_new(AC_STR("^ép"), NULL);
    ac_matcher m = {.pointer = AC_STR("/text"), .regex = AC_STR("never"), .compiled = regex, .length = -1};
    answer a = {.operation = CREATE_ENDPOINT, .body = body, .status = 200};
    a.expect = (ac_expect){.kind = AC_EXPECT_SUCCESS, .body = {.items = &m, .count = 1}};
    ck_assert_str_eq(verdict(arena, &a), "L5");
    ac_regex_free(regex);
}
END_TEST

START_TEST(test_ranges_hold_for_integers_of_any_size)
{
    static const row rows[] = {
        {"/id", {.length = -1, .min = S("12345678901234567890")}, .verdict = OK},
        {"/id",
         {.length = -1, .min = S("12345678901234567891")},
         .verdict = "L5 value /id",
         .expected = "an integer of at least 12345678901234567891"},
        {"/id", {.length = -1, .max = S("12345678901234567890")}, .verdict = OK},
        {"/id",
         {.length = -1, .max = S("9223372036854775807")},
         .verdict = "L5 value /id",
         .expected = "an integer of at most 9223372036854775807"},
        {"/negative", {.length = -1, .min = S("-5"), .max = S("-5")}, .verdict = OK},
        {"/negative", {.length = -1, .min = S("-10"), .max = S("0")}, .verdict = OK},
        {"/negative",
         {.length = -1, .min = S("-4"), .max = S("10")},
         .verdict = "L5 value /negative",
         .expected = "an integer from -4 to 10"},
        {"/negative", {.length = -1, .max = S("-6")}, .verdict = "L5 value /negative"},
        {"/negative", {.length = -1, .min = S("-0")}, .verdict = "L5 value /negative"},
        {"/real", {.length = -1, .min = S("1")}, .verdict = "L5 value /real"},
        {"/text", {.length = -1, .min = S("1")}, .verdict = "L5 value /text"},
        {"/missing", {.length = -1, .min = S("1")}, .verdict = "L4 missing-field /missing"},
    };
    check_rows(rows, AC_COUNT(rows));
}
END_TEST

START_TEST(test_length_counts_characters_elements_and_members)
{
    static const row rows[] = {
        {"/text", {.length = 4}, .verdict = OK},
        {"/text", {.length = 6}, .verdict = "L5 value /text", .expected = "length 6"},
        {"/text", {.length = 0}, .verdict = "L5 value /text", .expected = "length 0"},
        {"/list", {.length = 4}, .verdict = OK},
        {"/object", {.length = 1}, .verdict = OK},
        {"/none", {.length = 0}, .verdict = OK},
        {"/negative", {.length = 2}, .verdict = "L5 value /negative"},
        {"/missing", {.length = 2}, .verdict = "L4 missing-field /missing", .expected = "length 2"},
    };
    check_rows(rows, AC_COUNT(rows));
}
END_TEST

START_TEST(test_elements_are_found_in_any_order)
{
    static const row rows[] = {
        {"/list", IS, .unordered = "[{'b': [2], 'a': 1}, 1, 1, 'b']", .verdict = OK},
        {"/list", IS, .unordered = "[{'b': [2], 'a': 1}, 1, 'b', 'b']", .verdict = "L5 value /list"},
        {"/list", IS, .unordered = "[1, 'b', 1]", .verdict = "L5 value /list",
         .expected = "in any order [1,\"b\",1]"},
        {"/none", IS, .unordered = "[]", .verdict = OK},
        {"/text", IS, .unordered = "[]", .verdict = "L5 value /text"},
        {"/list", IS, .contains = "'b'", .verdict = OK},
        {"/list", IS, .contains = "{'a': 1}", .verdict = OK},
        {"/list", IS, .contains = "{'a': 1, 'b': [2]}", .verdict = OK},
        {"/list", IS, .contains = "{'a': 2}", .verdict = "L5 value /list",
         .expected = "an array with {\"a\":2}"},
        {"/list", IS, .contains = "{'c': 1}", .verdict = "L5 value /list"},
        {"/list", IS, .contains = "2", .verdict = "L5 value /list"},
        {"/none", IS, .contains = "1", .verdict = "L5 value /none"},
        {"/object", IS, .contains = "{'y': 7}", .verdict = "L5 value /object"},
        {"/missing", IS, .contains = "1", .verdict = "L4 missing-field /missing"},
        {"/missing", IS, .unordered = "[]", .verdict = "L4 missing-field /missing"},
        {"/missing", IS, .one_of = "[]", .verdict = "L4 missing-field /missing"},
        {"/missing", IS, .not_equal = "1", .verdict = "L4 missing-field /missing"},
    };
    check_rows(rows, AC_COUNT(rows));
}
END_TEST

START_TEST(test_matchers_judge_errors_and_any_answer_too)
{
    ac_arena *arena = ac_test_arena();
    ac_matcher m = {.pointer = AC_STR("/HostId"), .type = 5, .length = -1};
    answer a = {.operation = CREATE_ENDPOINT,
                .body = "{'RequestId': 'A', 'Code': 'VpcNotFound',"
                        " 'Message': 'The specified VPC does not exist.'}",
                .status = 400,
                .expect = expect_errors(arena, CREATE_ENDPOINT, AC_MUST, "VpcNotFound")};
    a.expect.body.items = &m;
    a.expect.body.count = 1;
    ck_assert_str_eq(verdict(arena, &a), "L3: L4 missing-field /HostId");
    a.expect.kind = AC_EXPECT_ANY;
    ck_assert_str_eq(verdict(arena, &a), "L3: L4 missing-field /HostId");
    a.expect.kind = AC_EXPECT_SUCCESS;
    ck_assert_str_eq(verdict(arena, &a), "L0: L1 unexpected-error");
}
END_TEST

START_TEST(test_a_matcher_is_told_with_what_the_case_rests_on)
{
    ac_arena *arena = ac_test_arena();
    ac_str cite[] = {AC_STR_INIT("page:response:12")};
    ac_matcher m = {.pointer = AC_STR("/EndpointId"), .length = -1, .null = true};
    answer a = {
        .operation = CREATE_ENDPOINT, .body = "{'RequestId': 'A', 'EndpointId': 'ep-1'}", .status = 200};
    a.expect = (ac_expect){
        .kind = AC_EXPECT_SUCCESS, .body = {.items = &m, .count = 1}, .cite = {.items = cite, .count = 1}};
    ac_finding finding = only_finding(arena, &a);
    ck_assert_ac_str(finding.observed, "\"ep-1\"");
    ck_assert_ac_str(finding.source,
                     "documented: Alibaba Cloud, \"CreateVpcEndpoint\" (ja), レスポンスフィールド, row 12");
}
END_TEST

AC_TEST_MAIN("match matchers", test_equality_is_judged_by_literal_and_in_any_order_of_members,
             test_absent_null_and_empty_are_three_things, test_types_tell_integers_from_numbers,
             test_text_is_matched_by_pattern_and_format, test_a_compiled_pattern_is_used_as_it_is,
             test_ranges_hold_for_integers_of_any_size, test_length_counts_characters_elements_and_members,
             test_elements_are_found_in_any_order, test_matchers_judge_errors_and_any_answer_too,
             test_a_matcher_is_told_with_what_the_case_rests_on)
