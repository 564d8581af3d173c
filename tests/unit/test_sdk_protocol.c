#include "sdk/protocol.h"

#include <string.h>

#include "support.h"

/* JSON is written with ' for ". */
static ac_str quoted(const char *text)
{
    return ac_str_replace(ac_test_arena(), ac_str_c(text), AC_STR("'"), AC_STR("\""));
}

static ac_str pointed(const ac_json *root, const char *pointer)
{
    return ac_json_text(ac_json_at(root, ac_str_c(pointer)));
}

/* The error of a line must be one line, of kind JUDGE, and hold this. */
static void check_error(const char *line, const ac_err *err, const char *part)
{
    ck_assert_msg(err->kind == AC_ERR_JUDGE, "%s: kind %d", line, err->kind);
    ck_assert_msg(strstr(err->text, part) != NULL, "%s: error is \"%s\", without \"%s\"", line, err->text,
                  part);
    ck_assert_msg(strchr(err->text, '\n') == NULL, "%s", err->text);
}

/* ---- hello ---- */

#define WHO "'accord':1,'driver':'d','sdk':'s','version':'1'"

START_TEST(a_whole_hello_is_read)
{
    ac_sdk_hello hello;
    ac_err err = {0};
    ac_str line = quoted("{'accord':1,'driver':'alibaba-pop','sdk':'@alicloud/pop-core','version':'1.8.0',"
                         "'note':'An old one.','operations':['a/b/1/C','a/b/1/D'],'result_root':'/body',"
                         "'fields':{'a/b/1/C':{'/Id':'/id','/Zones/*/Id':'/zones/*/id','':'/all'}},"
                         "'parameters':{'a/b/1/C':['RegionId','Zone.N.ZoneId']}}");
    ck_assert_msg(ac_sdk_read_hello(ac_test_arena(), line, &hello, &err), "%s", err.text);
    ck_assert_int_eq(hello.protocol, 1);
    ck_assert_ac_str(hello.driver, "alibaba-pop");
    ck_assert_ac_str(hello.sdk, "@alicloud/pop-core");
    ck_assert_ac_str(hello.version, "1.8.0");
    ck_assert_ac_str(hello.note, "An old one.");
    ck_assert_uint_eq(hello.operations.count, 2);
    ck_assert_ac_str(hello.operations.items[1], "a/b/1/D");
    ck_assert_ac_str(hello.result_root, "/body");
    const ac_json *fields = ac_json_get_c(hello.fields, "a/b/1/C");
    ck_assert_ac_str(ac_json_text(ac_json_get_c(fields, "/Zones/*/Id")), "/zones/*/id");
    ck_assert_ac_str(ac_json_text(ac_json_get_c(fields, "")), "/all");
    ck_assert_ac_str(pointed(ac_json_get_c(hello.parameters, "a/b/1/C"), "/1"), "Zone.N.ZoneId");
}
END_TEST

START_TEST(a_hello_may_say_the_least)
{
    static const char *const lines[] = {
        "{" WHO ",'operations':['a/b/1/C']}",
        "{" WHO ",'operations':['a/b/1/C'],'note':null,'result_root':'','fields':{},'parameters':{}}",
        " {" WHO ",'operations':['a/b/1/C'],'fields':{'x':{}},'parameters':{'x':[]}} \r",
    };
    for (size_t i = 0; i < AC_COUNT(lines); i++) {
        ac_sdk_hello hello;
        ac_err err = {0};
        bool ok = ac_sdk_read_hello(ac_test_arena(), quoted(lines[i]), &hello, &err);
        ck_assert_msg(ok, "%s: %s", lines[i], err.text);
        ck_assert(hello.note.p == NULL);
        ck_assert_uint_eq(hello.result_root.n, 0);
        ck_assert_uint_eq(hello.operations.count, 1);
    }
}
END_TEST

typedef struct bad_line {
    const char *line, *part;
} bad_line;

START_TEST(a_bad_hello_is_refused_with_its_place)
{
    static const bad_line rows[] = {
        {"", "the driver's first line is no JSON"},
        {"Listening on port 8080", "the driver's first line is no JSON: line 1, column 1"},
        {"Listening on port 8080", "Listening on port 8080"},
        {"{" WHO ",'operations':['a']} {}", "is no JSON"},
        {"[]", "the driver's first line: /: an object is expected here, not array"},
        {"null", "an object is expected here, not null"},
        {"{'accord':1}", "key \"driver\" is missing"},
        {"{'accord':1,'driver':'d','version':'1','operations':['a']}", "key \"sdk\" is missing"},
        {"{'accord':1,'driver':'d','sdk':'s','operations':['a']}", "key \"version\" is missing"},
        {"{" WHO "}", "key \"operations\" is missing"},
        {"{'accord':2,'driver':'d','sdk':'s','version':'1','operations':['a']}",
         "the driver's first line: /accord: protocol 1 is expected"},
        {"{'accord':'1','driver':'d','sdk':'s','version':'1','operations':['a']}", "/accord: an integer"},
        {"{'accord':1.5,'driver':'d','sdk':'s','version':'1','operations':['a']}", "/accord: an integer"},
        {"{'accord':null,'driver':'d','sdk':'s','version':'1','operations':['a']}", "/accord: an integer"},
        {"{'accord':1,'driver':7,'sdk':'s','version':'1','operations':['a']}", "/driver: a string"},
        {"{" WHO ",'operations':[]}", "/operations: 1 to 10000 operations are expected"},
        {"{" WHO ",'operations':[1]}", "/operations/0: a string"},
        {"{" WHO ",'operations':{}}", "/operations: a string"},
        {"{" WHO ",'operations':['a'],'note':1}", "/note: a string"},
        {"{" WHO ",'operations':['a'],'result_root':'body'}", "/result_root: a JSON pointer is expected"},
        {"{" WHO ",'operations':['a'],'result_root':null}", "/result_root: a string"},
        {"{" WHO ",'operations':['a'],'fields':[]}", "/fields: an object of operations is expected"},
        {"{" WHO ",'operations':['a'],'fields':{'a':[]}}", "/fields: JSON pointers are expected for \"a\""},
        {"{" WHO ",'operations':['a'],'fields':{'a':{'/x':'y'}}}", "JSON pointers are expected for \"a\""},
        {"{" WHO ",'operations':['a'],'fields':{'a':{'x':'/y'}}}", "JSON pointers are expected for \"a\""},
        {"{" WHO ",'operations':['a'],'fields':{'a':{'/x':null}}}", "JSON pointers are expected for \"a\""},
        {"{" WHO ",'operations':['a'],'parameters':{'a':{}}}",
         "/parameters: names of parameters are expected for \"a\""},
        {"{" WHO ",'operations':['a'],'parameters':{'a':[1]}}", "names of parameters are expected"},
        {"{" WHO ",'operations':['a'],'parameters':'a'}", "/parameters: an object of operations"},
        {"{" WHO ",'operation':['a']}", "unknown key \"operation\"; did you mean \"operations\"?"},
        {"{" WHO ",'driver':'e','operations':['a']}", "duplicate key \"driver\""},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_sdk_hello hello;
        ac_err err = {0};
        bool ok = ac_sdk_read_hello(ac_test_arena(), quoted(rows[i].line), &hello, &err);
        ck_assert_msg(!ok, "accepted: %s", rows[i].line);
        check_error(rows[i].line, &err, rows[i].part);
    }
}
END_TEST

START_TEST(texts_and_lists_of_a_hello_are_bounded)
{
    static const char *const texts[] = {"driver", "sdk", "version", "note"};
    ac_arena *arena = ac_test_arena();
    ac_sdk_hello hello;
    for (size_t i = 0; i < AC_COUNT(texts); i++) {
        for (int length = 512; length <= 513; length++) {
            ac_err err = {0};
            ac_str text = ac_str_printf(arena, "%0*d", length, 0);
            ac_str other =
                quoted("{'accord':1,'driver':'d','sdk':'s','version':'1','note':'n','operations':['a']}");
            const ac_json *json = ac_json_parse(arena, other, &ac_json_file_limits, NULL);
            json = ac_json_set(arena, json, ac_str_c(texts[i]), ac_json_string(arena, text));
            ac_buf line;
            ac_buf_init(&line, SIZE_MAX / 4);
            ac_json_write(&line, json);
            bool ok = ac_sdk_read_hello(arena, ac_buf_take(&line, arena), &hello, &err);
            ck_assert_msg(ok == (length == 512), "%s of %d: %s", texts[i], length, err.text);
            if (!ok) {
                check_error(texts[i], &err, "a text is longer than 512 bytes");
            }
        }
    }
    ac_buf line;
    ac_buf_init(&line, SIZE_MAX / 4);
    ac_buf_add(&line, quoted("{" WHO ",'operations':["));
    for (int i = 0; i <= 10000; i++) {
        ac_buf_printf(&line, "%s\"%d\"", i > 0 ? "," : "", i);
    }
    ac_buf_add_c(&line, "]}");
    ac_err err = {0};
    ck_assert(!ac_sdk_read_hello(arena, ac_buf_take(&line, arena), &hello, &err));
    check_error("10001 operations", &err, "1 to 10000 operations are expected");
}
END_TEST

/* ---- answers ---- */

static ac_sdk_outcome answer_to_7(const char *line)
{
    ac_sdk_outcome outcome = {.end = AC_SDK_BROKEN};
    ac_err err = {0};
    bool ok = ac_sdk_read_answer(ac_test_arena(), quoted(line), 7, &outcome, &err);
    ck_assert_msg(ok, "%s: %s", line, err.text);
    return outcome;
}

START_TEST(a_result_is_any_json)
{
    static const struct {
        const char *line;
        ac_json_type type;
    } rows[] = {
        {"{'id':7,'result':{'body':{'Id':'a'}}}", AC_JSON_OBJECT},
        {"{'id':7,'result':'<html>'}", AC_JSON_STRING},
        {"{'id':7,'result':null}", AC_JSON_NULL},
        {"{'result':[],'id':7}", AC_JSON_ARRAY},
        {"{'id':7,'result':false,'ignored':[]}", AC_JSON_BOOL},
        {"{'id':7,'result':9007199254740993}", AC_JSON_NUMBER},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_sdk_outcome outcome = answer_to_7(rows[i].line);
        ck_assert_int_eq(outcome.end, AC_SDK_RESULT);
        ck_assert_msg(outcome.result && outcome.result->type == rows[i].type, "%s", rows[i].line);
        ck_assert_uint_eq(outcome.ignored.count, 0);
    }
}
END_TEST

START_TEST(an_error_has_what_the_caller_has_and_what_can_be_dug_out)
{
    ac_sdk_outcome o = answer_to_7(
        "{'id':7,'ignored':['DryRun'],'error':{'kind':'service','status':400,'code':'Missing','message':'no',"
        "'request_id':null,'type':'ResponseError',"
        "'raw':{'request_id':{'at':'data.RequestId','value':'r-1'},'status':{'at':'http','value':400},"
        "'code':{'at':'x','value':null}}}}");
    ck_assert_int_eq(o.end, AC_SDK_ERROR);
    ck_assert_int_eq(o.error.kind, AC_SDK_SERVICE);
    ck_assert_ac_str(o.error.type, "ResponseError");
    ck_assert_ac_str(o.error.status.value, "400");
    ck_assert_ac_str(o.error.status.raw, "400");
    ck_assert_ac_str(o.error.status.raw_at, "http");
    ck_assert_ac_str(o.error.code.value, "Missing");
    ck_assert_msg(!o.error.code.raw.p && !o.error.code.raw_at.p, "null is nothing that was dug out");
    ck_assert_ac_str(o.error.message.value, "no");
    ck_assert(!o.error.message.raw.p);
    ck_assert(!o.error.request_id.value.p);
    ck_assert_ac_str(o.error.request_id.raw, "r-1");
    ck_assert_ac_str(o.error.request_id.raw_at, "data.RequestId");
    ck_assert_uint_eq(o.ignored.count, 1);
    ck_assert_ac_str(o.ignored.items[0], "DryRun");
    ck_assert(o.result == NULL);
}
END_TEST

START_TEST(errors_of_every_kind_may_say_the_least)
{
    for (int kind = 0; ac_sdk_error_kinds[kind]; kind++) {
        ac_str line =
            ac_str_printf(ac_test_arena(), "{'id':7,'error':{'kind':'%s'}}", ac_sdk_error_kinds[kind]);
        ac_sdk_outcome o = answer_to_7(line.p);
        ck_assert_int_eq(o.end, AC_SDK_ERROR);
        ck_assert_int_eq((int)o.error.kind, kind);
        ck_assert(!o.error.status.value.p && !o.error.code.value.p && !o.error.message.value.p);
        ck_assert_uint_eq(o.error.type.n, 0);
    }
    ck_assert_ac_str(answer_to_7("{'id':7,'error':{'kind':'timeout','status':'408'}}").error.status.value,
                     "408");
    ck_assert(!answer_to_7("{'id':7,'error':{'kind':'timeout','status':null}}").error.status.value.p);
    ck_assert(!answer_to_7("{'id':7,'error':{'kind':'timeout','status':''}}").error.status.value.p);
}
END_TEST

START_TEST(unsupported_says_why)
{
    ac_sdk_outcome o = answer_to_7("{'id':7,'unsupported':'no such method'}");
    ck_assert_int_eq(o.end, AC_SDK_UNSUPPORTED);
    ck_assert_ac_str(o.why, "no such method");
}
END_TEST

START_TEST(a_bad_answer_is_refused_with_its_place)
{
    static const bad_line rows[] = {
        {"", "the driver's answer is no JSON"},
        {"TypeError: x is not a function", "TypeError: x is not a function"},
        {"{'id':7,'result':{}", "the driver's answer is no JSON: line 1, column"},
        {"{'id':7,'result':NaN}", "is no JSON"},
        {"[7]", "the driver's answer: /: an object is expected here, not array"},
        {"{'result':{}}", "key \"id\" is missing"},
        {"{'id':'7','result':{}}", "/id: an integer is expected here"},
        {"{'id':7.5,'result':{}}", "/id: an integer is expected here"},
        {"{'id':8,'result':{}}", "the driver's answer is for call 8, not for call 7"},
        {"{'id':-1,'unsupported':'x'}", "is for call -1, not for call 7"},
        {"{'id':7}", "exactly one of \"result\", \"error\" and \"unsupported\" is expected"},
        {"{'id':7,'result':{},'error':{'kind':'client'}}", "exactly one of"},
        {"{'id':7,'result':null,'unsupported':'x'}", "exactly one of"},
        {"{'id':7,'error':{'kind':'client'},'unsupported':'x'}", "exactly one of"},
        {"{'id':7,'error':null}", "/error: an object is expected here, not null"},
        {"{'id':7,'error':'boom'}", "/error: an object is expected here, not string"},
        {"{'id':7,'error':{}}", "/error: key \"kind\" is missing"},
        {"{'id':7,'error':{'kind':'server'}}",
         "/error/kind: unknown value \"server\"; did you mean \"service\"?"},
        {"{'id':7,'error':{'kind':null}}", "/error/kind: a string"},
        {"{'id':7,'error':{'kind':'client','code':5}}", "/error/code: a string"},
        {"{'id':7,'error':{'kind':'client','message':{}}}", "/error/message: a string"},
        {"{'id':7,'error':{'kind':'client','status':{}}}", "/error/status: a number or text is expected"},
        {"{'id':7,'error':{'kind':'client','status':true}}", "/error/status: a number or text is expected"},
        {"{'id':7,'error':{'kind':'client','raw':[]}}", "/error/raw: an object"},
        {"{'id':7,'error':{'kind':'client','raw':{'code':'x'}}}", "/error/raw/code: an object"},
        {"{'id':7,'error':{'kind':'client','raw':{'code':{'at':'x'}}}}", "/error/raw/code: key \"value\""},
        {"{'id':7,'error':{'kind':'client','raw':{'code':{'value':'x'}}}}", "/error/raw/code: key \"at\""},
        {"{'id':7,'error':{'kind':'client','raw':{'code':{'at':'x','value':[]}}}}",
         "/error/raw/code/value: a number"},
        {"{'id':7,'error':{'kind':'client','raw':{'host':{'at':'x','value':'y'}}}}", "unknown key \"host\""},
        {"{'id':7,'unsupported':null}", "/unsupported: a string"},
        {"{'id':7,'result':{},'ignored':[1]}", "/ignored/0: a string"},
        {"{'id':7,'results':{}}", "unknown key \"results\"; did you mean \"result\"?"},
        {"{'id':null,'error':{'kind':'client','message':'no object: [1'}}",
         "the driver could not read the call: no object: [1"},
        {"{'id':null,'result':{}}", "/id: an integer is expected here"},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_sdk_outcome outcome = {.end = AC_SDK_BROKEN};
        ac_err err = {0};
        bool ok = ac_sdk_read_answer(ac_test_arena(), quoted(rows[i].line), 7, &outcome, &err);
        ck_assert_msg(!ok, "accepted: %s", rows[i].line);
        check_error(rows[i].line, &err, rows[i].part);
        ck_assert_int_eq(outcome.end, AC_SDK_BROKEN);
    }
}
END_TEST

START_TEST(lines_are_bounded_in_length_and_depth)
{
    ac_arena *arena = ac_test_arena();
    ac_sdk_outcome outcome = {.end = AC_SDK_BROKEN};
    ac_buf line;
    ac_buf_init(&line, SIZE_MAX / 4);
    ac_buf_add_c(&line, "{\"id\":7,\"result\":\"");
    while (line.n < AC_SDK_LINE_MAX - 2) {
        ac_buf_add_char(&line, 'x');
    }
    ac_buf_add_c(&line, "\"}");
    ac_str longest = ac_buf_take(&line, arena);
    ac_err err = {0};
    ck_assert_msg(ac_sdk_read_answer(arena, longest, 7, &outcome, &err), "%s", err.text);
    ac_str longer = ac_str_printf(arena, "%.*s ", AC_STR_FMT(longest));
    ck_assert(!ac_sdk_read_answer(arena, longer, 7, &outcome, &err));
    check_error("a longer line", &err, "the driver's answer is no JSON");
    ck_assert_msg(strlen(err.text) < 400, "%s", err.text);
    ac_str deep = ac_str_printf(arena, "{\"id\":7,\"result\":%0*d}", 100, 0);
    deep = ac_str_replace(arena, deep, AC_STR("0"), AC_STR("["));
    ck_assert(!ac_sdk_read_answer(arena, deep, 7, &outcome, &err));
    check_error("a deep line", &err, "is no JSON");
}
END_TEST

/* ---- calls ---- */

START_TEST(a_call_is_one_line_of_json)
{
    ac_arena *arena = ac_test_arena();
    ac_str params = quoted("{'Zone':[{'ZoneId':'a\\nb'}],'DryRun':true,'Size':1.50,'Gone':null}");
    ac_sdk_call call = {
        .operation = AC_STR("alibaba/privatelink/2020-04-15/CreateVpcEndpoint"),
        .params = ac_json_parse(arena, params, &ac_json_file_limits, NULL),
        .region = AC_STR("cn-\"hangzhou"),
        .credentials = {AC_STR("LTAI"), ac_secret_of(AC_STR("s\\e\"cret")), ac_secret_of(AC_STR("token=="))},
        .timeout_ms = 5000,
    };
    ac_str line = ac_sdk_write_call(arena, 3, &call, AC_STR("http://127.0.0.1:1"));
    ck_assert_ac_str(
        line,
        "{\"id\":3,\"operation\":\"alibaba/privatelink/2020-04-15/CreateVpcEndpoint\","
        "\"params\":{\"Zone\":[{\"ZoneId\":\"a\\nb\"}],\"DryRun\":true,\"Size\":1.50,\"Gone\":null},"
        "\"endpoint\":\"http://127.0.0.1:1\",\"region\":\"cn-\\\"hangzhou\",\"credentials\":{"
        "\"access_key_id\":\"LTAI\",\"access_key_secret\":\"s\\\\e\\\"cret\",\"security_token\":\"token==\"},"
        "\"timeout_ms\":5000}\n");
}
END_TEST

START_TEST(a_call_without_token_and_params_says_so)
{
    ac_sdk_call call = {.operation = AC_STR("o"), .region = AC_STR("r"), .timeout_ms = 1};
    ac_str line = ac_sdk_write_call(ac_test_arena(), 1, &call, AC_STR("http://127.0.0.1:1"));
    ck_assert_ac_str(line, "{\"id\":1,\"operation\":\"o\",\"params\":{},\"endpoint\":\"http://127.0.0.1:1\","
                           "\"region\":\"r\",\"credentials\":{\"access_key_id\":\"\","
                           "\"access_key_secret\":\"\",\"security_token\":null},\"timeout_ms\":1}\n");
}
END_TEST

AC_TEST_MAIN("sdk protocol", a_whole_hello_is_read, a_hello_may_say_the_least,
             a_bad_hello_is_refused_with_its_place, texts_and_lists_of_a_hello_are_bounded,
             a_result_is_any_json, an_error_has_what_the_caller_has_and_what_can_be_dug_out,
             errors_of_every_kind_may_say_the_least, unsupported_says_why,
             a_bad_answer_is_refused_with_its_place, lines_are_bounded_in_length_and_depth,
             a_call_is_one_line_of_json, a_call_without_token_and_params_says_so)
