#include "support.h"

#include <string.h>

#include "base/json.h"

static const ac_json *parsed_with(ac_str text, ac_json_limits limits)
{
    ac_err err = {0};
    const ac_json *tree = ac_json_parse(ac_test_arena(), text, &limits, &err);
    ck_assert_msg(tree, "%.*s: %s", (int)(text.n < 200 ? text.n : 200), text.p, err.text);
    return tree;
}

static const ac_json *parsed(const char *text)
{
    return parsed_with(ac_str_c(text), ac_json_file_limits);
}

static ac_str written(const ac_json *value)
{
    ac_buf out;
    ac_buf_init(&out, 64u << 20);
    ac_json_write(&out, value);
    return ac_buf_take(&out, ac_test_arena());
}

static ac_str written_pretty(const ac_json *value, unsigned indent)
{
    ac_buf out;
    ac_buf_init(&out, 1000);
    ac_json_write_pretty(&out, value, indent);
    return ac_buf_take(&out, ac_test_arena());
}

static ac_err refused_with(ac_str text, ac_json_limits limits)
{
    ac_err err = {0};
    ck_assert_msg(!ac_json_parse(ac_test_arena(), text, &limits, &err), "accepted: %.*s",
                  (int)(text.n < 200 ? text.n : 200), text.p);
    ck_assert_int_eq(err.kind, AC_ERR_DATA);
    return err;
}

/* count times the text. */
static ac_str repeated(const char *text, size_t count)
{
    ac_buf out;
    ac_buf_init(&out, 64u << 20);
    for (size_t i = 0; i < count; i++) {
        ac_buf_add_c(&out, text);
    }
    return ac_buf_take(&out, ac_test_arena());
}

/* An object of count members, the i-th named by order(i). */
static ac_str object_text(size_t count, size_t (*order)(size_t i, size_t count))
{
    ac_buf out;
    ac_buf_init(&out, 64u << 20);
    for (size_t i = 0; i < count; i++) {
        ac_buf_printf(&out, "%c\"k%zu\":%zu", i > 0 ? ',' : '{', order(i, count), order(i, count) % 7);
    }
    ac_buf_add_char(&out, '}');
    return ac_buf_take(&out, ac_test_arena());
}

static size_t forwards(size_t i, size_t count)
{
    (void)count;
    return i;
}

static size_t backwards(size_t i, size_t count)
{
    return count - 1 - i;
}

/* ---- what is read ---- */

START_TEST(json_is_read_and_written_back)
{
    static const struct {
        const char *text, *written;
    } table[] = {
        {"null", "null"},
        {" true ", "true"},
        {"\t\r\nfalse\n", "false"},
        {"\"\"", "\"\""},
        {"[]", "[]"},
        {"{}", "{}"},
        {"[ ]", "[]"},
        {"{ }", "{}"},
        {"[[],{},[{}]]", "[[],{},[{}]]"},
        {"{\"b\": 1, \"a\" :[ null , true ] }", "{\"b\":1,\"a\":[null,true]}"},
        {"{\"\":{\"\":0}}", "{\"\":{\"\":0}}"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
        {"\"\\u0041\\u00e9\\u4E2d\"", "\"A\xC3\xA9\xE4\xB8\xAD\""},
        {"\"\\uD83D\\uDe00\"", "\"\xF0\x9F\x98\x80\""},
        {"\"\\u0001\\u001F\\u007f\"", "\"\\u0001\\u001f\\u007f\""},
        {"\"\\u2028\\uFFFF\"", "\"\xE2\x80\xA8\xEF\xBF\xBF\""},
        {"\"\xF4\x8F\xBF\xBF\"", "\"\xF4\x8F\xBF\xBF\""},
        {"{\"a\":1,\"A\":2}", "{\"a\":1,\"A\":2}"},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_ac_str(written(parsed(table[i].text)), table[i].written);
    }
}
END_TEST

START_TEST(numbers_keep_their_literal)
{
    static const char *const table[] = {"0",
                                        "-0",
                                        "7",
                                        "-12",
                                        "0.0",
                                        "-0.50",
                                        "1e5",
                                        "1E+05",
                                        "12.5e-3",
                                        "1e400",
                                        "-1e400",
                                        "1e-400",
                                        "9007199254740993",
                                        "123456789012345678901234567890",
                                        "0.1000000000000000055511151231257827021181583",
                                        "1.7976931348623157e308",
                                        "0e0",
                                        "100"};
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        const ac_json *alone = parsed(table[i]);
        ck_assert_int_eq(alone->type, AC_JSON_NUMBER);
        ck_assert_ac_str(alone->text, table[i]);
        ac_str inside = ac_str_printf(ac_test_arena(), "{\"n\":[%s,%s]}", table[i], table[i]);
        ck_assert_ac_str(written(parsed(inside.p)), inside.p);
    }
}
END_TEST

START_TEST(numbers_of_any_length_keep_their_literal)
{
    static const size_t lengths[] = {62, 63, 64, 65, 127, 1000, 100000};
    for (size_t i = 0; i < AC_COUNT(lengths); i++) {
        ac_str digits = repeated("7", lengths[i]);
        ac_str text = ac_str_printf(ac_test_arena(), "[1,%s,{\"a\":-0.%se1},2]", digits.p, digits.p);
        ck_assert_ac_str(written(parsed(text.p)), text.p);
    }
}
END_TEST

START_TEST(members_keep_the_order_of_the_document)
{
    const ac_json *tree = parsed("{\"z\":1,\"a\":2,\"m\":3}");
    static const char *const keys[] = {"z", "a", "m"};
    ck_assert_uint_eq(tree->count, AC_COUNT(keys));
    for (size_t i = 0; i < AC_COUNT(keys); i++) {
        ck_assert_ac_str(tree->items[i].key, keys[i]);
    }
}
END_TEST

START_TEST(a_tree_does_not_borrow_from_the_text)
{
    char text[] = "{\"key\":[\"value\",12]}";
    const ac_json *tree = parsed(text);
    memset(text, 'X', sizeof text - 1);
    ck_assert_ac_str(written(tree), "{\"key\":[\"value\",12]}");
}
END_TEST

START_TEST(text_need_not_be_terminated)
{
    static const char text[] = {'[', '1', '2', ',', '3', '4', '5'};
    ck_assert_ac_err(refused_with((ac_str){text, 3}, ac_json_wire_limits), "line 1, column 4");
    ck_assert_ac_str(parsed_with((ac_str){text + 1, 2}, ac_json_wire_limits)->text, "12");
}
END_TEST

/* ---- what is refused ---- */

typedef struct refusal {
    ac_str text;
    const char *where, *why;
} refusal;

static void check_refusals(const refusal *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ac_err err = refused_with(table[i].text, ac_json_file_limits);
        ac_str expected = ac_str_printf(ac_test_arena(), "%s: %s", table[i].where, table[i].why);
        ck_assert_msg(strcmp(err.text, expected.p) == 0, "row %zu: \"%s\", not \"%s\"", i, err.text,
                      expected.p);
    }
}

START_TEST(numbers_off_the_grammar_are_refused)
{
    static const char number[] = "not a JSON number";
    static const char value[] = "not a JSON value";
    static const char trailing[] = "bytes after the end of the value";
    static const refusal table[] = {
        {AC_STR_INIT("01"), "line 1, column 1", number},
        {AC_STR_INIT("-01"), "line 1, column 1", number},
        {AC_STR_INIT("00"), "line 1, column 1", number},
        {AC_STR_INIT("1."), "line 1, column 1", number},
        {AC_STR_INIT("1.e5"), "line 1, column 1", number},
        {AC_STR_INIT("-"), "line 1, column 1", number},
        {AC_STR_INIT("--1"), "line 1, column 1", number},
        {AC_STR_INIT("1e"), "line 1, column 1", number},
        {AC_STR_INIT("1e+"), "line 1, column 1", number},
        {AC_STR_INIT("-a"), "line 1, column 1", number},
        {AC_STR_INIT("[0,1.]"), "line 1, column 4", number},
        {AC_STR_INIT("+1"), "line 1, column 1", value},
        {AC_STR_INIT(".5"), "line 1, column 1", value},
        {AC_STR_INIT("NaN"), "line 1, column 1", value},
        {AC_STR_INIT("-Infinity"), "line 1, column 1", number},
        {AC_STR_INIT("0x10"), "line 1, column 2", trailing},
        {AC_STR_INIT("1_0"), "line 1, column 2", trailing},
        {AC_STR_INIT("1 2"), "line 1, column 3", trailing},
        {AC_STR_INIT("1e5.0"), "line 1, column 4", trailing},
    };
    check_refusals(table, AC_COUNT(table));
}
END_TEST

START_TEST(structure_off_the_grammar_is_refused)
{
    static const char value[] = "not a JSON value";
    static const char string[] = "a string is expected here";
    static const char in_array[] = "\",\" or \"]\" is expected here";
    static const char in_object[] = "\",\" or \"}\" is expected here";
    static const char ends[] = "the text ends where a value is expected";
    static const char trailing[] = "bytes after the end of the value";
    static const char colon[] = "\":\" is expected after the member's name";
    static const refusal table[] = {
        {AC_STR_INIT(""), "line 1, column 1", ends},
        {AC_STR_INIT(" \n "), "line 2, column 2", ends},
        {AC_STR_INIT("["), "line 1, column 2", ends},
        {AC_STR_INIT("[1,"), "line 1, column 4", ends},
        {AC_STR_INIT("[1"), "line 1, column 3", in_array},
        {AC_STR_INIT("[1}"), "line 1, column 3", in_array},
        {AC_STR_INIT("[1 2]"), "line 1, column 4", in_array},
        {AC_STR_INIT("[1,]"), "line 1, column 4", value},
        {AC_STR_INIT("[,1]"), "line 1, column 2", value},
        {AC_STR_INIT("]"), "line 1, column 1", value},
        {AC_STR_INIT("{"), "line 1, column 2", string},
        {AC_STR_INIT("{1:2}"), "line 1, column 2", string},
        {AC_STR_INIT("{a:2}"), "line 1, column 2", string},
        {AC_STR_INIT("{\"a\"}"), "line 1, column 5", colon},
        {AC_STR_INIT("{\"a\",1}"), "line 1, column 5", colon},
        {AC_STR_INIT("{\"a\":}"), "line 1, column 6", value},
        {AC_STR_INIT("{\"a\":1,}"), "line 1, column 8", string},
        {AC_STR_INIT("{\"a\":1]"), "line 1, column 7", in_object},
        {AC_STR_INIT("{\"a\":1 \"b\":2}"), "line 1, column 8", in_object},
        {AC_STR_INIT("True"), "line 1, column 1", value},
        {AC_STR_INIT("tru"), "line 1, column 1", value},
        {AC_STR_INIT("nul"), "line 1, column 1", value},
        {AC_STR_INIT("nullx"), "line 1, column 5", trailing},
        {AC_STR_INIT("'a'"), "line 1, column 1", value},
        {AC_STR_INIT("[1] // no"), "line 1, column 5", trailing},
        {AC_STR_INIT("/* no */ 1"), "line 1, column 1", value},
        {AC_STR_INIT("{}{}"), "line 1, column 3", trailing},
        {AC_STR_INIT("1\0"), "line 1, column 2", trailing},
        {AC_STR_INIT("\0"), "line 1, column 1", value},
        {AC_STR_INIT("[1\v]"), "line 1, column 3", in_array},
        {AC_STR_INIT("\xC2\xA0"
                     "1"),
         "line 1, column 1", value},
        {AC_STR_INIT("\xEF\xBB\xBF{}"), "line 1, column 1", "byte order mark"},
        {AC_STR_INIT("[\xEF\xBB\xBF"
                     "1]"),
         "line 1, column 2", value},
    };
    check_refusals(table, AC_COUNT(table));
}
END_TEST

START_TEST(strings_off_the_grammar_are_refused)
{
    static const char open[] = "string without an end";
    static const char control[] = "control character in a string";
    static const char escape[] = "unknown escape in a string";
    static const char digits[] = "\\u needs four hexadecimal digits";
    static const char surrogate[] = "lone surrogate in a string";
    static const char utf8[] = "invalid UTF-8";
    static const refusal table[] = {
        {AC_STR_INIT("\""), "line 1, column 1", open},
        {AC_STR_INIT("[\"abc]"), "line 1, column 2", open},
        {AC_STR_INIT("\"abc\\\""), "line 1, column 1", open},
        {AC_STR_INIT("\"\\"), "line 1, column 2", escape},
        {AC_STR_INIT("\"\\x41\""), "line 1, column 2", escape},
        {AC_STR_INIT("\"\\'\""), "line 1, column 2", escape},
        {AC_STR_INIT("\"\\\0\""), "line 1, column 2", escape},
        {AC_STR_INIT("\"\\U0041\""), "line 1, column 2", escape},
        {AC_STR_INIT("\"a\nb\""), "line 1, column 3", control},
        {AC_STR_INIT("\"\t\""), "line 1, column 2", control},
        {AC_STR_INIT("\"\0\""), "line 1, column 2", control},
        {AC_STR_INIT("\"\x1F\""), "line 1, column 2", control},
        {AC_STR_INIT("\"\\u\""), "line 1, column 2", digits},
        {AC_STR_INIT("\"\\u12\""), "line 1, column 2", digits},
        {AC_STR_INIT("\"\\u12g4\""), "line 1, column 2", digits},
        {AC_STR_INIT("\"\\u+123\""), "line 1, column 2", digits},
        {AC_STR_INIT("\"\\u123"), "line 1, column 2", digits},
        {AC_STR_INIT("\"a\\u0000\""), "line 1, column 3", "U+0000 in a string"},
        {AC_STR_INIT("{\"\\u0000\":1}"), "line 1, column 3", "U+0000 in a string"},
        {AC_STR_INIT("\"\\uD800\""), "line 1, column 2", surrogate},
        {AC_STR_INIT("\"\\uDBFFx\""), "line 1, column 2", surrogate},
        {AC_STR_INIT("\"\\uDC00\""), "line 1, column 2", surrogate},
        {AC_STR_INIT("\"\\uDFFF\\uD800\""), "line 1, column 2", surrogate},
        {AC_STR_INIT("\"\\uD83D\\uD83D\""), "line 1, column 2", surrogate},
        {AC_STR_INIT("\"\\uD83D\\u0041\""), "line 1, column 2", surrogate},
        {AC_STR_INIT("\"\\uD83D\\n\""), "line 1, column 2", surrogate},
        {AC_STR_INIT("\"\\uD83D\\u"), "line 1, column 2", surrogate},
        {AC_STR_INIT("\"\\uD83D\\"), "line 1, column 2", surrogate},
        {AC_STR_INIT("\"\x80\""), "line 1, column 2", utf8},
        {AC_STR_INIT("\"a\xC3\""), "line 1, column 3", utf8},
        {AC_STR_INIT("\"\xC0\xAF\""), "line 1, column 2", utf8},
        {AC_STR_INIT("\"\xE0\x9F\xBF\""), "line 1, column 2", utf8},
        {AC_STR_INIT("\"\xF0\x8F\xBF\xBF\""), "line 1, column 2", utf8},
        {AC_STR_INIT("\"\xED\xA0\x80\""), "line 1, column 2", utf8},
        {AC_STR_INIT("\"\xF4\x90\x80\x80\""), "line 1, column 2", utf8},
        {AC_STR_INIT("\"\xF8\x88\x80\x80\x80\""), "line 1, column 2", utf8},
        {AC_STR_INIT("\"\xFF\""), "line 1, column 2", utf8},
        {AC_STR_INIT("{\"\xFE\":1}"), "line 1, column 3", utf8},
    };
    check_refusals(table, AC_COUNT(table));
}
END_TEST

START_TEST(duplicate_keys_are_refused_however_they_are_written)
{
    static const refusal table[] = {
        {AC_STR_INIT("{\"a\":1,\"a\":1}"), "line 1, column 8", "duplicate key \"a\""},
        {AC_STR_INIT("{\"a\":1,\"\\u0061\":2}"), "line 1, column 8", "duplicate key \"a\""},
        {AC_STR_INIT("{\"\\/\":1,\"/\":2}"), "line 1, column 9", "duplicate key \"/\""},
        {AC_STR_INIT("{\"\":1,\"b\":2,\"\":3}"), "line 1, column 13", "duplicate key \"\""},
        {AC_STR_INIT("[{\"a\":1},{\n \"a\":1,\n  \"a\":1}]"), "line 3, column 3", "duplicate key \"a\""},
        {AC_STR_INIT("{\"x\":{\"k\":[{\"k\":1,\"k\":2}]}}"), "line 1, column 19", "duplicate key \"k\""},
        {AC_STR_INIT("{\"\xC3\xA9\":1,\"\\u00E9\":2}"), "line 1, column 8", "duplicate key \"\xC3\xA9\""},
        {AC_STR_INIT("{\"c\":1,\"b\":2,\"a\":3,\"b\":4}"), "line 1, column 20", "duplicate key \"b\""},
    };
    check_refusals(table, AC_COUNT(table));
    ck_assert_uint_eq(parsed("{\"a\":{\"a\":[{\"a\":1},{\"a\":1}]},\"A\":1}")->count, 2);
}
END_TEST

START_TEST(an_error_names_line_and_column_counted_in_characters)
{
    static const refusal table[] = {
        {AC_STR_INIT("{\n  \"a\": 1,\n  \"b\": 01\n}"), "line 3, column 8", "not a JSON number"},
        {AC_STR_INIT("[\"\xE4\xB8\xAD\xE6\x96\x87\", x]"), "line 1, column 8", "not a JSON value"},
        {AC_STR_INIT("[1,\r\n2,\r\n x]"), "line 3, column 2", "not a JSON value"},
        {AC_STR_INIT("\n\n\nx"), "line 4, column 1", "not a JSON value"},
    };
    check_refusals(table, AC_COUNT(table));
}
END_TEST

START_TEST(size_and_depth_have_limits)
{
    const ac_json_limits limits = {10, 3};
    (void)parsed_with(AC_STR("[[[1,2]]]"), limits);
    (void)parsed_with(AC_STR("[[[123]]] "), limits);
    ck_assert_ac_err(refused_with(AC_STR("[[[123]]]  "), limits), "larger than 10 bytes");
    ck_assert_ac_err(refused_with(AC_STR("[[[[]]]]"), limits), "line 1, column 4: nested too deeply");
    ck_assert_ac_err(refused_with(AC_STR("[{\"\":[{"), limits), "line 1, column 7: nested too deeply");
    (void)parsed_with(AC_STR("[[],[[]]]"), limits);
    ck_assert_ac_err(refused_with(AC_STR("[]"), (ac_json_limits){10, 0}), "nested too deeply");
    (void)parsed_with(AC_STR("1"), (ac_json_limits){10, 0});
}
END_TEST

START_TEST(answers_from_the_network_are_read_to_a_depth_of_64_and_one_mebibyte)
{
    ac_str open = repeated("[", 64);
    ac_str close = repeated("]", 64);
    ac_str deepest = ac_str_printf(ac_test_arena(), "%s%s", open.p, close.p);
    (void)parsed_with(deepest, ac_json_wire_limits);
    (void)refused_with(ac_str_printf(ac_test_arena(), "[%s]", deepest.p), ac_json_wire_limits);
    (void)parsed_with(ac_str_printf(ac_test_arena(), "%*s", 1 << 20, "1"), ac_json_wire_limits);
    (void)refused_with(ac_str_printf(ac_test_arena(), "%*s", (1 << 20) + 1, "1"), ac_json_wire_limits);
}
END_TEST

START_TEST(hostile_text_is_read_or_refused_quickly)
{
    (void)refused_with(repeated("[", 1u << 20), ac_json_wire_limits);
    (void)refused_with(repeated("{\"a\":", 200000), ac_json_wire_limits);
    (void)refused_with(repeated("\"\\u", 300000), ac_json_wire_limits);
    (void)parsed_with(object_text(100000, backwards), ac_json_file_limits);
    ac_str many = ac_str_printf(ac_test_arena(), "[%s1]", repeated("[],", 300000).p);
    ck_assert_uint_eq(parsed_with(many, ac_json_wire_limits)->count, 300001);
}
END_TEST

/* ---- looking things up ---- */

START_TEST(names_are_found_by_exact_case_and_nothing_is_found_in_other_types)
{
    const ac_json *tree = parsed("{\"RequestId\":\"x\",\"list\":[1],\"n\":12}");
    ck_assert_ac_str(ac_json_text(ac_json_get_c(tree, "RequestId")), "x");
    ck_assert_ptr_null(ac_json_get_c(tree, "requestid"));
    ck_assert_ptr_null(ac_json_get_c(tree, ""));
    ck_assert_ptr_null(ac_json_get_c(ac_json_get_c(tree, "list"), "0"));
    ck_assert_ptr_null(ac_json_get_c(ac_json_get_c(tree, "none"), "RequestId"));
    ck_assert_ptr_null(ac_json_get(NULL, AC_STR("a")));
    ck_assert_ac_str(ac_json_text(ac_json_get_c(tree, "n")), "12");
    ck_assert_ac_str(ac_json_text(tree), "");
    ck_assert_ac_str(ac_json_text(NULL), "");
    ck_assert(ac_json_is(tree, AC_JSON_OBJECT) && !ac_json_is(tree, AC_JSON_ARRAY));
    ck_assert(!ac_json_is(NULL, AC_JSON_NULL));
}
END_TEST

/* The examples of RFC 6901, section 5, and what must find nothing. */
START_TEST(pointers_are_followed)
{
    static const struct {
        const char *pointer, *found;
    } table[] = {
        {"/foo", "[\"bar\",\"baz\"]"},
        {"/foo/0", "\"bar\""},
        {"/", "0"},
        {"/a~1b", "1"},
        {"/c%d", "2"},
        {"/i\\j", "5"},
        {"/k\"l", "6"},
        {"/ ", "7"},
        {"/m~0n", "8"},
        {"/~01", "9"},
        {"/deep//x", "3"},
        {"/foo/2", NULL},
        {"/foo/-", NULL},
        {"/foo/00", NULL},
        {"/foo/-0", NULL},
        {"/foo/01", NULL},
        {"/foo/ 1", NULL},
        {"/foo/", NULL},
        {"/foo/0/x", NULL},
        {"/none", NULL},
        {"/none/x", NULL},
        {"/foo/99999999999999999999", NULL},
        {"foo", NULL},
        {"xfoo", NULL},
        {"/m~2n", NULL},
        {"/m~n", NULL},
        {"/m~", NULL},
        {"/m~0", NULL},
        {"/m~0nn", NULL},
        {"/FOO", NULL},
        {"//", NULL},
    };
    const ac_json *tree =
        parsed("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,"
               "\"m~n\":8,\"~1\":9,\"deep\":{\"\":{\"x\":3}}}");
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        const ac_json *found = ac_json_at(tree, ac_str_c(table[i].pointer));
        ck_assert_msg(!found == !table[i].found, "%s", table[i].pointer);
        if (found) {
            ck_assert_ac_str(written(found), table[i].found);
        }
    }
    ck_assert_ptr_eq(ac_json_at(tree, AC_STR("")), tree);
    ck_assert_ptr_null(ac_json_at(NULL, AC_STR("")));
    ck_assert_ptr_null(ac_json_at(NULL, AC_STR("/a")));
}
END_TEST

START_TEST(a_token_of_a_pointer_leads_back_to_its_name_whatever_its_length)
{
    ac_str keys[] = {AC_STR(""),   AC_STR("a/b"), AC_STR("~"),
                     AC_STR("~1"), AC_STR("/~/"), repeated("~/x", 1000)};
    for (size_t i = 0; i < AC_COUNT(keys); i++) {
        const ac_json *tree = ac_json_set(ac_test_arena(), NULL, keys[i], ac_json_bool(true));
        ac_str token = ac_json_pointer_token(ac_test_arena(), keys[i]);
        ac_str pointer = ac_str_printf(ac_test_arena(), "/%s", token.p);
        ck_assert(ac_json_is(ac_json_at(tree, pointer), AC_JSON_BOOL));
        ck_assert(ac_json_equal(ac_json_set_at(ac_test_arena(), NULL, pointer, ac_json_bool(true)), tree));
    }
}
END_TEST

START_TEST(integers_are_told_from_other_numbers)
{
    static const struct {
        const char *text;
        bool is_integer, fits;
        int64_t value;
    } table[] = {{"0", true, true, 0},
                 {"-0", true, true, 0},
                 {"-12", true, true, -12},
                 {"9007199254740993", true, true, 9007199254740993},
                 {"9223372036854775807", true, true, INT64_MAX},
                 {"-9223372036854775808", true, true, INT64_MIN},
                 {"9223372036854775808", true, false, 0},
                 {"1.0", false, false, 0},
                 {"1e3", false, false, 0},
                 {"1E3", false, false, 0},
                 {"\"1\"", false, false, 0},
                 {"true", false, false, 0}};
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        int64_t value = 0;
        const ac_json *json = parsed(table[i].text);
        ck_assert_int_eq(ac_json_is_integer(json), table[i].is_integer);
        ck_assert_int_eq(ac_json_int(json, &value), table[i].fits);
        ck_assert_int_eq(value, table[i].value);
    }
    int64_t untouched;
    ck_assert(!ac_json_is_integer(NULL) && !ac_json_int(NULL, &untouched));
}
END_TEST

START_TEST(types_have_the_names_of_the_standard)
{
    static const char *const names[] = {"null", "boolean", "number", "string", "array", "object"};
    for (int type = AC_JSON_NULL; type <= AC_JSON_OBJECT; type++) {
        ck_assert_str_eq(ac_json_type_name((ac_json_type)type), names[type]);
    }
}
END_TEST

START_TEST(equality_is_by_value_in_any_order_of_members_and_by_literal)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } table[] = {
        {"{\"a\":1,\"b\":[2,{}]}", "{\"b\":[2,{}],\"a\":1}", true},
        {"{\"a\":1}", "{\"a\":1,\"b\":1}", false},
        {"{\"a\":1,\"b\":1}", "{\"a\":1,\"c\":1}", false},
        {"{\"a\":1}", "{\"A\":1}", false},
        {"{\"a\":null}", "{}", false},
        {"[1,2]", "[2,1]", false},
        {"[1]", "[1,1]", false},
        {"[]", "{}", false},
        {"1", "1.0", false},
        {"1", "\"1\"", false},
        {"0", "-0", false},
        {"true", "false", false},
        {"false", "null", false},
        {"\"\"", "null", false},
        {"\"\\u0061\"", "\"a\"", true},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_int_eq(ac_json_equal(parsed(table[i].a), parsed(table[i].b)), table[i].equal);
        ck_assert_int_eq(ac_json_equal(parsed(table[i].b), parsed(table[i].a)), table[i].equal);
    }
    ck_assert(ac_json_equal(NULL, NULL));
    ck_assert(!ac_json_equal(NULL, ac_json_null()) && !ac_json_equal(ac_json_null(), NULL));
}
END_TEST

START_TEST(large_objects_are_compared_quickly_in_any_order)
{
    const ac_json *a = parsed_with(object_text(100000, forwards), ac_json_file_limits);
    const ac_json *b = parsed_with(object_text(100000, backwards), ac_json_file_limits);
    ck_assert(ac_json_equal(a, b));
    const ac_json *other = ac_json_set(ac_test_arena(), b, AC_STR("k50000"), ac_json_null());
    ck_assert(!ac_json_equal(a, other));
    const ac_json *renamed = ac_json_set(ac_test_arena(), b, AC_STR("k50000"), NULL);
    renamed = ac_json_set(ac_test_arena(), renamed, AC_STR("none"), ac_json_get_c(b, "k50000"));
    ck_assert_uint_eq(renamed->count, a->count);
    ck_assert(!ac_json_equal(a, renamed));
}
END_TEST

/* ---- building ---- */

START_TEST(trees_are_built_from_parts)
{
    ac_arena *arena = ac_test_arena();
    const ac_json *items[] = {ac_json_null(),
                              ac_json_bool(false),
                              ac_json_bool(true),
                              ac_json_integer(arena, INT64_MIN),
                              ac_json_number(arena, AC_STR("1e400")),
                              ac_json_string(arena, AC_STR("a\"b")),
                              ac_json_object(),
                              ac_json_array(arena, NULL, 0)};
    const ac_json *array = ac_json_array(arena, items, AC_COUNT(items));
    ck_assert_ac_str(written(array), "[null,false,true,-9223372036854775808,1e400,\"a\\\"b\",{},[]]");
    const ac_json *object = ac_json_set(arena, NULL, AC_STR("a"), array);
    object = ac_json_set(arena, object, AC_STR("b"), ac_json_get_c(object, "a"));
    ck_assert(ac_json_equal(ac_json_get_c(object, "a"), ac_json_get_c(object, "b")));
    const ac_json *member = ac_json_get_c(object, "b");
    ck_assert_ptr_null(ac_json_array(arena, &member, 1)->items[0].key.p);
}
END_TEST

START_TEST(only_numbers_by_the_grammar_are_literals)
{
    static const char *const valid[] = {
        "0", "-0", "12", "-1.50", "1e5", "1E-05", "123456789012345678901234567890"};
    static const char *const invalid[] = {"",   "-",  "01",  "+1",  "1.", ".5",  "1e",
                                          " 1", "1 ", "1,2", "0x1", "1a", "NaN", "--1"};
    for (size_t i = 0; i < AC_COUNT(valid); i++) {
        ck_assert_msg(ac_json_number_valid(ac_str_c(valid[i])), "%s", valid[i]);
    }
    for (size_t i = 0; i < AC_COUNT(invalid); i++) {
        ck_assert_msg(!ac_json_number_valid(ac_str_c(invalid[i])), "%s", invalid[i]);
    }
    ck_assert(!ac_json_number_valid((ac_str){"1\0", 2}));
    ck_assert(!ac_json_number_valid((ac_str){NULL, 0}));
}
END_TEST

START_TEST(setting_a_member_adds_replaces_or_removes_it_in_a_copy)
{
    ac_arena *arena = ac_test_arena();
    const ac_json *tree = parsed("{\"a\":1,\"b\":2}");
    const ac_json *value = ac_json_bool(true);
    ck_assert_ac_str(written(ac_json_set(arena, tree, AC_STR("c"), value)), "{\"a\":1,\"b\":2,\"c\":true}");
    ck_assert_ac_str(written(ac_json_set(arena, tree, AC_STR("a"), value)), "{\"a\":true,\"b\":2}");
    ck_assert_ac_str(written(ac_json_set(arena, tree, AC_STR("a"), NULL)), "{\"b\":2}");
    ck_assert_ac_str(written(ac_json_set(arena, tree, AC_STR("c"), NULL)), "{\"a\":1,\"b\":2}");
    ck_assert_ac_str(written(ac_json_set(arena, NULL, AC_STR("c"), NULL)), "{}");
    ck_assert_ac_str(written(ac_json_set(arena, parsed("[1]"), AC_STR("c"), value)), "{\"c\":true}");
    ck_assert_ac_str(written(tree), "{\"a\":1,\"b\":2}");
}
END_TEST

/* "new" stands for the value that is set. */
START_TEST(setting_at_a_pointer_copies_the_path_and_makes_what_is_missing)
{
    static const struct {
        const char *before, *pointer, *after;
    } table[] = {
        {"{\"a\":1}", "", "\"new\""},
        {"{\"a\":1}", "/a", "{\"a\":\"new\"}"},
        {"{\"a\":1}", "/b", "{\"a\":1,\"b\":\"new\"}"},
        {"{\"a\":1}", "/", "{\"a\":1,\"\":\"new\"}"},
        {"{\"a\":{\"b\":1,\"c\":2}}", "/a/b", "{\"a\":{\"b\":\"new\",\"c\":2}}"},
        {"{}", "/a/b/c", "{\"a\":{\"b\":{\"c\":\"new\"}}}"},
        {"{}", "/a~1b/~0", "{\"a/b\":{\"~\":\"new\"}}"},
        {"{}", "/a//", "{\"a\":{\"\":{\"\":\"new\"}}}"},
        {"{}", "/list/0", "{\"list\":{\"0\":\"new\"}}"},
        {"{\"a\":1}", "/a/b", "{\"a\":{\"b\":\"new\"}}"},
        {"7", "/a", "{\"a\":\"new\"}"},
        {"[1,2]", "/0", "[\"new\",2]"},
        {"[1,2]", "/1", "[1,\"new\"]"},
        {"[1,2]", "/2", "[1,2,\"new\"]"},
        {"[1,2]", "/-", "[1,2,\"new\"]"},
        {"[]", "/-/a", "[{\"a\":\"new\"}]"},
        {"[]", "/0/a", "[{\"a\":\"new\"}]"},
        {"[[1]]", "/0/-", "[[1,\"new\"]]"},
        {"[{\"a\":[1]}]", "/0/a/0", "[{\"a\":[\"new\"]}]"},
        /* left as they were */
        {"[1,2]", "/3", "[1,2]"},
        {"[1,2]", "/3/a", "[1,2]"},
        {"[1,2]", "/-1", "[1,2]"},
        {"[1,2]", "/-0", "[1,2]"},
        {"[1,2]", "/00", "[1,2]"},
        {"[1,2]", "/01", "[1,2]"},
        {"[1,2]", "/a", "[1,2]"},
        {"[1,2]", "/", "[1,2]"},
        {"[1,2]", "/99999999999999999999", "[1,2]"},
        {"{\"a\":1}", "a", "{\"a\":1}"},
        {"{\"a\":1}", "xa", "{\"a\":1}"},
        {"{\"a\":1}", "/~2", "{\"a\":1}"},
        {"{\"a\":1}", "/a~", "{\"a\":1}"},
    };
    ac_arena *arena = ac_test_arena();
    const ac_json *value = ac_json_string(arena, AC_STR("new"));
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        const ac_json *before = parsed(table[i].before);
        const ac_json *after = ac_json_set_at(arena, before, ac_str_c(table[i].pointer), value);
        ac_str got = written(after);
        ck_assert_msg(ac_str_is(got, table[i].after), "%s at \"%s\": %.*s, not %s", table[i].before,
                      table[i].pointer, AC_STR_FMT(got), table[i].after);
        ck_assert(ac_json_equal(before, parsed(table[i].before)));
    }
    ck_assert_ac_str(written(ac_json_set_at(arena, NULL, AC_STR("/a/b"), value)), "{\"a\":{\"b\":\"new\"}}");
}
END_TEST

START_TEST(removing_at_a_pointer_takes_one_value_and_makes_nothing)
{
    static const struct {
        const char *before, *pointer, *after;
    } table[] = {
        {"{\"a\":1,\"b\":2}", "/a", "{\"b\":2}"},
        {"{\"a\":1}", "/a", "{}"},
        {"{\"a\":{\"b\":1}}", "/a/b", "{\"a\":{}}"},
        {"{\"a\":1}", "/b", "{\"a\":1}"},
        {"{\"a\":1}", "/b/c", "{\"a\":1}"},
        {"{\"a\":1}", "/a/b", "{\"a\":1}"},
        {"{\"a\":{}}", "/a/b/c", "{\"a\":{}}"},
        {"[1,2,3]", "/1", "[1,3]"},
        {"[1]", "/0", "[]"},
        {"[1]", "/1", "[1]"},
        {"[1]", "/-", "[1]"},
        {"[1]", "/-/a", "[1]"},
        {"[1]", "/9", "[1]"},
        {"[{\"a\":1}]", "/0/a", "[{}]"},
        {"[{\"a\":1}]", "/0/b", "[{\"a\":1}]"},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        const ac_json *after =
            ac_json_set_at(ac_test_arena(), parsed(table[i].before), ac_str_c(table[i].pointer), NULL);
        ac_str got = written(after);
        ck_assert_msg(ac_str_is(got, table[i].after), "%s without \"%s\": %.*s, not %s", table[i].before,
                      table[i].pointer, AC_STR_FMT(got), table[i].after);
    }
    ck_assert_ptr_null(ac_json_set_at(ac_test_arena(), ac_json_object(), AC_STR(""), NULL));
    ck_assert_ptr_null(ac_json_set_at(ac_test_arena(), NULL, AC_STR("/a/b"), NULL));
}
END_TEST

START_TEST(pointers_reach_256_deep_and_no_deeper)
{
    ac_arena *arena = ac_test_arena();
    ac_str deepest = repeated("/a", 256);
    const ac_json *tree = ac_json_set_at(arena, NULL, deepest, ac_json_bool(true));
    ck_assert(ac_json_is(ac_json_at(tree, deepest), AC_JSON_BOOL));
    ck_assert_ptr_eq(ac_json_set_at(arena, tree, repeated("/a", 257), ac_json_null()), tree);
    ck_assert_ptr_null(ac_json_at(tree, repeated("/a", 257)));
    ck_assert_ptr_eq(ac_json_set_at(arena, tree, repeated("/", 1000000), ac_json_null()), tree);
}
END_TEST

/* ---- writing ---- */

START_TEST(pretty_text_is_indented_by_two)
{
    const ac_json *tree = parsed("{\"a\":[1,{\"b\":null}],\"c\":[],\"d\":{}}");
    ck_assert_ac_str(written_pretty(tree, 0), "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n"
                                              "  \"c\": [],\n  \"d\": {}\n}");
    ck_assert_ac_str(written_pretty(parsed("[1]"), 2), "[\n      1\n    ]");
    ck_assert_ac_str(written_pretty(parsed("7"), 2), "7");
}
END_TEST

START_TEST(strings_of_any_bytes_are_written_as_json)
{
    static const struct {
        ac_str text;
        const char *written;
    } table[] = {
        {AC_STR_INIT("a\"b\\c/"), "\"a\\\"b\\\\c/\""},
        {AC_STR_INIT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\""},
        {AC_STR_INIT("\0\x01\x1F\x7F"), "\"\\u0000\\u0001\\u001f\\u007f\""},
        {AC_STR_INIT("\xE4\xB8\xAD"), "\"\xE4\xB8\xAD\""},
        {AC_STR_INIT("a\xFF"
                     "b"),
         "\"a\xEF\xBF\xBD"
         "b\""},
        {AC_STR_INIT("\xE4\xB8"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {AC_STR_INIT("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {AC_STR_INIT("bfnrt"), "\"bfnrt\""},
        {AC_STR_INIT(""), "\"\""},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        const ac_json *tree =
            ac_json_set(ac_test_arena(), NULL, table[i].text, ac_json_string(ac_test_arena(), table[i].text));
        ac_str expected = ac_str_printf(ac_test_arena(), "{%s:%s}", table[i].written, table[i].written);
        ck_assert_ac_str(written(tree), expected.p);
    }
    ck_assert_ac_str(written(ac_json_string(ac_test_arena(), (ac_str){NULL, 0})), "\"\"");
}
END_TEST

/* Every byte but NUL, in every pair: what is written can be read, and reading gives it back or U+FFFD. */
START_TEST(what_is_written_can_be_read_again)
{
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        char text[2] = {(char)(pair >> 8), (char)pair};
        ac_arena *arena = ac_arena_new();
        ac_buf out;
        ac_err err = {0};
        ac_buf_init(&out, 100);
        ac_json_write_string(&out, (ac_str){text, 2});
        const ac_json *read = ac_json_parse(arena, ac_buf_str(&out), &ac_json_wire_limits, &err);
        bool has_nul = text[0] == '\0' || text[1] == '\0';
        bool ok = has_nul ? !read
                          : read && (ac_str_eq(read->text, (ac_str){text, 2}) ||
                                     ac_str_find(read->text, AC_STR("\xEF\xBF\xBD")) != AC_NOT_FOUND);
        ck_assert_msg(ok, "%04x: %s", pair, err.text);
        ac_buf_done(&out);
        ac_arena_free(arena);
    }
}
END_TEST

START_TEST(a_tree_stops_being_written_at_the_ceiling_of_the_buffer)
{
    ac_buf out;
    ac_buf_init(&out, 10);
    ac_json_write(&out, parsed("[\"a long string\",[1,2,3]]"));
    ck_assert(out.overflow);
    ck_assert_uint_le(out.n, 10);
    ac_buf_done(&out);
}
END_TEST

AC_TEST_MAIN("base json", json_is_read_and_written_back, numbers_keep_their_literal,
             numbers_of_any_length_keep_their_literal, members_keep_the_order_of_the_document,
             a_tree_does_not_borrow_from_the_text, text_need_not_be_terminated,
             numbers_off_the_grammar_are_refused, structure_off_the_grammar_is_refused,
             strings_off_the_grammar_are_refused, duplicate_keys_are_refused_however_they_are_written,
             an_error_names_line_and_column_counted_in_characters, size_and_depth_have_limits,
             answers_from_the_network_are_read_to_a_depth_of_64_and_one_mebibyte,
             hostile_text_is_read_or_refused_quickly,
             names_are_found_by_exact_case_and_nothing_is_found_in_other_types, pointers_are_followed,
             a_token_of_a_pointer_leads_back_to_its_name_whatever_its_length,
             integers_are_told_from_other_numbers, types_have_the_names_of_the_standard,
             equality_is_by_value_in_any_order_of_members_and_by_literal,
             large_objects_are_compared_quickly_in_any_order, trees_are_built_from_parts,
             only_numbers_by_the_grammar_are_literals, setting_a_member_adds_replaces_or_removes_it_in_a_copy,
             setting_at_a_pointer_copies_the_path_and_makes_what_is_missing,
             removing_at_a_pointer_takes_one_value_and_makes_nothing, pointers_reach_256_deep_and_no_deeper,
             pretty_text_is_indented_by_two, strings_of_any_bytes_are_written_as_json,
             what_is_written_can_be_read_again, a_tree_stops_being_written_at_the_ceiling_of_the_buffer)
