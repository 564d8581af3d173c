#include "support.h"

#include <string.h>

#include "base/decode.h"

/* One struct with a field of each kind. */

typedef struct point {
    ac_str name;
    int64_t x, y;
} point;

typedef struct points {
    point *items;
    size_t count;
} points;

typedef struct shape {
    ac_str text;
    ac_str maybe;
    bool flag;
    int64_t number;
    ac_str literal;
    ac_strs words;
    ac_ints numbers;
    int color;
    const ac_json *any;
    point inner;
    point *pointed;
    points list;
    points map;
} shape;

static bool check_point(ac_decoder *decoder, const ac_json *json, void *out)
{
    point *p = out;
    (void)json;
    if (decoder->context) {
        ++*(int *)decoder->context;
    }
    return p->x >= 0 || ac_decode_fail(decoder, "x", "%lld is left of 0", (long long)p->x);
}

static const char *const colors[] = {"red", "green", "blue", NULL};

static const ac_field point_fields[] = {{"x", AC_FIELD_INT, offsetof(point, x), true, NULL},
                                        {"y", AC_FIELD_INT, offsetof(point, y), false, NULL},
                                        {0}};
static const ac_struct point_struct = {point_fields, sizeof(point), check_point};

static const ac_field shape_fields[] = {
    {"$schema", AC_FIELD_IGNORE, 0, false, NULL},
    {"text", AC_FIELD_STR, offsetof(shape, text), false, NULL},
    {"maybe", AC_FIELD_STR_OR_NULL, offsetof(shape, maybe), false, NULL},
    {"flag", AC_FIELD_BOOL, offsetof(shape, flag), false, NULL},
    {"number", AC_FIELD_INT, offsetof(shape, number), false, NULL},
    {"literal", AC_FIELD_NUMBER, offsetof(shape, literal), false, NULL},
    {"words", AC_FIELD_STRS, offsetof(shape, words), false, NULL},
    {"numbers", AC_FIELD_INTS, offsetof(shape, numbers), false, NULL},
    {"color", AC_FIELD_ENUM, offsetof(shape, color), false, colors},
    {"any", AC_FIELD_JSON, offsetof(shape, any), false, NULL},
    {"inner", AC_FIELD_OBJECT, offsetof(shape, inner), false, &point_struct},
    {"pointed", AC_FIELD_POINTER, offsetof(shape, pointed), false, &point_struct},
    {"list", AC_FIELD_LIST, offsetof(shape, list), false, &point_struct},
    {"map", AC_FIELD_MAP, offsetof(shape, map), false, &point_struct},
    {0}};
static const ac_struct shape_struct = {shape_fields, sizeof(shape), NULL};

static bool decode_as(const ac_struct *kind, const char *text, void *out, int *checked, ac_err *err)
{
    ac_decoder decoder;
    const ac_json *json = ac_json_parse(ac_test_arena(), ac_str_c(text), &ac_json_file_limits, err);
    ck_assert_msg(json, "%s: %s", text, err->text);
    ac_decoder_init(&decoder, ac_test_arena(), "file.json", err);
    decoder.context = checked;
    bool ok = ac_decode(&decoder, json, kind, out);
    ck_assert(!ok || decoder.path.n == 0);
    ac_decoder_done(&decoder);
    return ok;
}

static shape decoded(const char *text)
{
    shape out = {0};
    ac_err err = {0};
    ck_assert_msg(decode_as(&shape_struct, text, &out, NULL, &err), "%s: %s", text, err.text);
    return out;
}

/* ---- what is read ---- */

START_TEST(each_kind_of_field_is_read)
{
    shape out =
        decoded("{\"$schema\":[1],\"text\":\"a\",\"maybe\":\"b\",\"flag\":true,\"number\":-7,"
                "\"literal\":123456789012345678901234567890,\"words\":[\"c\",\"d\"],"
                "\"numbers\":[1,2,3],\"color\":\"blue\",\"any\":{\"k\":null},\"inner\":{\"x\":1,\"y\":2},"
                "\"pointed\":{\"x\":3}}");
    ck_assert_ac_str(out.text, "a");
    ck_assert_ac_str(out.maybe, "b");
    ck_assert(out.flag);
    ck_assert_int_eq(out.number, -7);
    ck_assert_ac_str(out.literal, "123456789012345678901234567890");
    ck_assert_uint_eq(out.words.count, 2);
    ck_assert_ac_str(out.words.items[1], "d");
    ck_assert_uint_eq(out.numbers.count, 3);
    ck_assert_int_eq(out.numbers.items[2], 3);
    ck_assert_int_eq(out.color, 2);
    ck_assert(ac_json_is(ac_json_get_c(out.any, "k"), AC_JSON_NULL));
    ck_assert(out.inner.x == 1 && out.inner.y == 2);
    ck_assert(out.pointed->x == 3 && out.pointed->y == 0);
}
END_TEST

START_TEST(what_is_missing_stays_zero)
{
    shape zero = {0};
    shape out = decoded("{}");
    ck_assert_mem_eq(&out, &zero, sizeof zero);
    ck_assert_ptr_null(out.text.p);
    ck_assert_ptr_null(decoded("{\"maybe\":null}").maybe.p);
    ck_assert_ptr_nonnull(decoded("{\"text\":\"\"}").text.p);
}
END_TEST

START_TEST(one_value_reads_as_a_list_of_one)
{
    shape out = decoded("{\"words\":\"alone\",\"numbers\":7}");
    ck_assert_uint_eq(out.words.count, 1);
    ck_assert_ac_str(out.words.items[0], "alone");
    ck_assert_uint_eq(out.numbers.count, 1);
    ck_assert_int_eq(out.numbers.items[0], 7);
    ck_assert_uint_eq(decoded("{\"words\":[],\"numbers\":[]}").words.count, 0);
}
END_TEST

START_TEST(lists_and_maps_keep_order_and_maps_their_names)
{
    shape out =
        decoded("{\"list\":[{\"x\":1},{\"x\":2}],\"map\":{\"z\":{\"x\":3},\"a/b\":{\"x\":4,\"y\":5}}}");
    ck_assert_uint_eq(out.list.count, 2);
    ck_assert_int_eq(out.list.items[1].x, 2);
    ck_assert_ptr_null(out.list.items[1].name.p);
    ck_assert_uint_eq(out.map.count, 2);
    ck_assert_ac_str(out.map.items[0].name, "z");
    ck_assert_ac_str(out.map.items[1].name, "a/b");
    ck_assert_int_eq(out.map.items[1].y, 5);
    ck_assert_uint_eq(decoded("{\"list\":[],\"map\":{}}").map.count, 0);
}
END_TEST

START_TEST(each_struct_is_checked_once_it_is_filled)
{
    shape out = {0};
    ac_err err = {0};
    int checked = 0;
    const char *text = "{\"inner\":{\"x\":1},\"pointed\":{\"x\":1},\"list\":[{\"x\":1},{\"x\":1}]}";
    ck_assert(decode_as(&shape_struct, text, &out, &checked, &err));
    ck_assert_int_eq(checked, 4);
}
END_TEST

/* ---- what is refused ---- */

START_TEST(an_error_names_file_place_and_what_is_wrong)
{
    static const struct {
        const char *text, *error;
    } table[] = {
        {"[]", "file.json: /: an object is expected here, not array"},
        {"{\"text\":1}", "file.json: /text: a string is expected here, not number"},
        {"{\"text\":null}", "file.json: /text: a string is expected here, not null"},
        {"{\"maybe\":false}", "file.json: /maybe: a string is expected here, not boolean"},
        {"{\"flag\":\"true\"}", "file.json: /flag: true or false is expected here, not string"},
        {"{\"number\":1.0}", "file.json: /number: an integer is expected here"},
        {"{\"number\":\"1\"}", "file.json: /number: an integer is expected here"},
        {"{\"number\":9223372036854775808}", "file.json: /number: an integer is expected here"},
        {"{\"literal\":1e3}", "file.json: /literal: an integer is expected here"},
        {"{\"words\":[\"a\",2]}", "file.json: /words/1: a string is expected here, not number"},
        {"{\"words\":{}}", "file.json: /words: a string is expected here, not object"},
        {"{\"numbers\":[1,2,\"3\"]}", "file.json: /numbers/2: an integer is expected here"},
        {"{\"color\":3}", "file.json: /color: a string is expected here, not number"},
        {"{\"color\":\"gren\"}", "file.json: /color: unknown value \"gren\"; did you mean \"green\"?"},
        {"{\"color\":\"BLUE\"}", "file.json: /color: unknown value \"BLUE\"; did you mean \"blue\"?"},
        {"{\"color\":\"\"}", "file.json: /color: unknown value \"\""},
        {"{\"inner\":1}", "file.json: /inner: an object is expected here, not number"},
        {"{\"inner\":{\"y\":1}}", "file.json: /inner: key \"x\" is missing"},
        {"{\"pointed\":{}}", "file.json: /pointed: key \"x\" is missing"},
        {"{\"list\":{}}", "file.json: /list: an array is expected here, not object"},
        {"{\"list\":[{\"x\":1},[]]}", "file.json: /list/1: an object is expected here, not array"},
        {"{\"list\":[{\"x\":1,\"z\":1}]}", "file.json: /list/0/z: unknown key \"z\""},
        {"{\"map\":[]}", "file.json: /map: an object is expected here, not array"},
        {"{\"map\":{\"a/b~c\":{}}}", "file.json: /map/a~1b~0c: key \"x\" is missing"},
        {"{\"map\":{\"a\":{\"x\":-1}}}", "file.json: /map/a/x: -1 is left of 0"},
        {"{\"wrods\":[]}", "file.json: /wrods: unknown key \"wrods\"; did you mean \"words\"?"},
        {"{\"Text\":\"a\"}", "file.json: /Text: unknown key \"Text\"; did you mean \"text\"?"},
        {"{\"something else\":1}", "file.json: /something else: unknown key \"something else\""},
        {"{\"line\\nbreak\":1}", "file.json: /line\\nbreak: unknown key \"line\\nbreak\""},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        shape out = {0};
        ac_err err = {0};
        ck_assert_msg(!decode_as(&shape_struct, table[i].text, &out, NULL, &err), "%s", table[i].text);
        ck_assert_str_eq(err.text, table[i].error);
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
    }
}
END_TEST

START_TEST(a_place_too_long_to_tell_is_cut_and_harms_nothing)
{
    ac_str key = ac_str_replace(ac_test_arena(), ac_str_printf(ac_test_arena(), "%5000s", ""), AC_STR(" "),
                                AC_STR("~"));
    ac_str text = ac_str_printf(ac_test_arena(), "{\"map\":{\"%s\":{\"x\":1},\"b\":{\"x\":2}}}", key.p);
    ck_assert_int_eq(decoded(text.p).map.items[1].x, 2);
    shape out = {0};
    ac_err err = {0};
    text = ac_str_printf(ac_test_arena(), "{\"map\":{\"%s\":{\"x\":1},\"b\":{\"x\":-2}}}", key.p);
    ck_assert(!decode_as(&shape_struct, text.p, &out, NULL, &err));
    ck_assert_str_eq(err.text, "file.json: /map/b/x: -2 is left of 0");
    text = ac_str_printf(ac_test_arena(), "{\"%s\":1}", key.p);
    ck_assert(!decode_as(&shape_struct, text.p, &out, NULL, &err));
    ck_assert_ac_err(err, "file.json: ");
}
END_TEST

START_TEST(an_enumeration_may_have_any_number_of_values)
{
    enum { COUNT = 300 };
    const char *names[COUNT + 1] = {NULL};
    for (size_t i = 0; i < COUNT; i++) {
        names[i] = ac_str_printf(ac_test_arena(), "value-%zu", i).p;
    }
    const ac_field fields[] = {{"e", AC_FIELD_ENUM, 0, true, names}, {0}};
    const ac_struct kind = {fields, sizeof(int), NULL};
    ac_err err = {0};
    int value = 0;
    ck_assert(decode_as(&kind, "{\"e\":\"value-299\"}", &value, NULL, &err));
    ck_assert_int_eq(value, 299);
    ck_assert(!decode_as(&kind, "{\"e\":\"value-300\"}", &value, NULL, &err));
    ck_assert_ac_err(err, "unknown value \"value-300\"");
}
END_TEST

START_TEST(an_object_of_many_members_is_refused_at_the_first_that_is_unknown)
{
    ac_buf text;
    ac_buf_init(&text, 4u << 20);
    for (int i = 0; i < 100000; i++) {
        ac_buf_printf(&text, "%c\"k%d\":0", i > 0 ? ',' : '{', i);
    }
    ac_buf_add_char(&text, '}');
    shape out = {0};
    ac_err err = {0};
    ck_assert(!decode_as(&shape_struct, text.p, &out, NULL, &err));
    ck_assert_ac_err(err, "file.json: /k0: unknown key \"k0\"");
    ac_buf_done(&text);
}
END_TEST

START_TEST(a_text_is_parsed_and_read_and_errors_name_its_file)
{
    static const ac_field fields[] = {
        AC_ROW_KNOWN("$schema", AC_OPTIONAL),
        AC_ROW(point, "x", AC_FIELD_INT, x, AC_REQUIRED, NULL),
        AC_ROWS_END,
    };
    static const ac_struct kind = {fields, sizeof(point), NULL};
    static const struct {
        const char *text, *error;
    } bad[] = {
        {"{\"x\":", "f.json: line 1, column 6: "},
        {"{\"x\":1,\"x\":1}", "f.json: line 1, column 8: "},
        {"{\"x\":\"1\"}", "f.json: /x: an integer is expected here"},
        {"{}", "f.json: /: key \"x\" is missing"},
    };
    point out = {.x = 0};
    ac_err err = {0};
    ck_assert(ac_decode_text(ac_test_arena(), AC_STR("{\"$schema\":1,\"x\":7}"), "f.json", &kind, NULL, &out,
                             &err));
    ck_assert_int_eq(out.x, 7);
    for (size_t i = 0; i < AC_COUNT(bad); i++) {
        ck_assert(!ac_decode_text(ac_test_arena(), ac_str_c(bad[i].text), "f.json", &kind, NULL, &out, &err));
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        ck_assert_msg(ac_str_starts(ac_str_c(err.text), ac_str_c(bad[i].error)), "%s", err.text);
    }
}
END_TEST

AC_TEST_MAIN("base decode", a_text_is_parsed_and_read_and_errors_name_its_file, each_kind_of_field_is_read,
             what_is_missing_stays_zero, one_value_reads_as_a_list_of_one,
             lists_and_maps_keep_order_and_maps_their_names, each_struct_is_checked_once_it_is_filled,
             an_error_names_file_place_and_what_is_wrong, a_place_too_long_to_tell_is_cut_and_harms_nothing,
             an_enumeration_may_have_any_number_of_values,
             an_object_of_many_members_is_refused_at_the_first_that_is_unknown)
