#include "http/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"

/* ---- pairs ---- */

static ac_pairs pairs_of(ac_arena *arena, const char *const *texts, size_t count)
{
    ac_pairs pairs = {0};
    for (size_t i = 0; i + 1 < count; i += 2) {
        ac_pairs_add(arena, &pairs, ac_str_c(texts[i]), ac_str_c(texts[i + 1]));
    }
    return pairs;
}

#define PAIRS(arena, ...)                                                                                    \
    pairs_of((arena), (const char *const[]){__VA_ARGS__}, AC_COUNT(((const char *const[]){__VA_ARGS__})))

START_TEST(pairs_keep_order_and_repeats)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs pairs = {0};
    for (int i = 0; i < 100; i++) {
        ac_pairs_add(arena, &pairs, AC_STR("k"), ac_str_printf(arena, "%d", i));
    }
    ck_assert_uint_eq(pairs.count, 100);
    ck_assert_ac_str(pairs.items[0].value, "0");
    ck_assert_ac_str(pairs.items[57].value, "57");
    ck_assert_ac_str(pairs.items[99].value, "99");
}
END_TEST

START_TEST(parameters_are_found_by_exact_name_and_headers_in_any_case)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs pairs = PAIRS(arena, "Name", "1", "name", "2");
    ck_assert_ac_str(ac_pairs_value(&pairs, AC_STR("name")), "2");
    ck_assert_ptr_null(ac_pairs_find(&pairs, AC_STR("NAME")));
    ck_assert_ptr_null(ac_pairs_value(&pairs, AC_STR("NAME")).p);
    ck_assert_ac_str(ac_pairs_find_nocase(&pairs, AC_STR("NAME"))->value, "1");
    ck_assert_ac_str(ac_header(&pairs, "NAME"), "1");
    ck_assert_ptr_null(ac_header(&pairs, "other").p);
}
END_TEST

START_TEST(setting_a_pair_leaves_one_value_in_the_first_place)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs pairs = PAIRS(arena, "a", "1", "b", "2", "a", "3", "A", "4");
    ac_pairs_set(arena, &pairs, AC_STR("a"), AC_STR("new"));
    ac_pairs_set(arena, &pairs, AC_STR("c"), AC_STR("last"));
    ck_assert_ac_str(ac_form_print(arena, &pairs), "a=new&b=2&A=4&c=last");
}
END_TEST

START_TEST(removing_a_header_takes_every_spelling_of_it)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs pairs = PAIRS(arena, "Host", "1", "b", "2", "HOST", "3");
    ac_pairs_remove_nocase(&pairs, AC_STR("host"));
    ck_assert_ac_str(ac_form_print(arena, &pairs), "b=2");
    ac_pairs_remove_nocase(&pairs, AC_STR("host"));
    ck_assert_uint_eq(pairs.count, 1);
}
END_TEST

START_TEST(a_clone_shares_nothing_with_its_original)
{
    ac_arena *arena = ac_test_arena();
    char text[] = "value";
    ac_pairs pairs = {0};
    ac_pairs_add(arena, &pairs, AC_STR("k"), (ac_str){text, 5});
    ac_pairs clone = ac_pairs_clone(arena, &pairs);
    text[0] = 'X';
    ac_pairs_add(arena, &clone, AC_STR("more"), AC_STR(""));
    ck_assert_ac_str(clone.items[0].value, "value");
    ck_assert_uint_eq(pairs.count, 1);
    ac_pairs nothing = ac_pairs_clone(arena, &(ac_pairs){0});
    ck_assert_uint_eq(nothing.count, 0);
}
END_TEST

/* ---- targets ---- */

START_TEST(a_target_splits_at_the_first_question_mark)
{
    static const struct {
        const char *target;
        const char *path;
        const char *query; /* NULL: none */
    } rows[] = {
        {"/", "/", NULL}, {"/a%2Fb?x=1?y", "/a%2Fb", "x=1?y"}, {"/?", "/", ""}, {"?x", "", "x"},
        {"", "", NULL},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_str target = ac_str_c(rows[i].target);
        ck_assert_ac_str(ac_target_path(target), rows[i].path);
        ck_assert_int_eq(ac_target_query(target).p == NULL, rows[i].query == NULL);
        if (rows[i].query) {
            ck_assert_ac_str(ac_target_query(target), rows[i].query);
        }
    }
}
END_TEST

/* ---- percent-encoding ---- */

START_TEST(percent_encoding_keeps_only_unreserved_bytes)
{
    ac_arena *arena = ac_test_arena();
    static const struct {
        ac_str plain;
        const char *encoded;
    } rows[] = {
        {AC_STR_INIT("AZaz09-_.~"), "AZaz09-_.~"},
        {AC_STR_INIT(" +*!'()&=/%:"), "%20%2B%2A%21%27%28%29%26%3D%2F%25%3A"},
        {AC_STR_INIT("\xE4\xBD\xA0\0\xFF"), "%E4%BD%A0%00%FF"},
        {AC_STR_INIT(""), ""},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_str encoded = ac_percent_encoded(arena, rows[i].plain);
        ck_assert_ac_str(encoded, rows[i].encoded);
        ck_assert(ac_str_eq(ac_percent_decoded(arena, encoded), rows[i].plain));
    }
}
END_TEST

START_TEST(percent_encoding_into_a_buffer_is_the_same_for_long_text)
{
    ac_arena *arena = ac_test_arena();
    char text[1000];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)(i * 7);
    }
    ac_buf buf;
    ac_buf_init(&buf, 10000);
    ac_percent_encode(&buf, (ac_str){text, sizeof text});
    ck_assert(ac_str_eq(ac_buf_str(&buf), ac_percent_encoded(arena, (ac_str){text, sizeof text})));
    ac_buf_done(&buf);
}
END_TEST

START_TEST(bad_escapes_stay_as_they_are)
{
    ac_arena *arena = ac_test_arena();
    static const char *const rows[][2] = {
        {"%", "%"},       {"%4", "%4"},   {"%4G", "%4G"},         {"%G4", "%G4"},   {"%%41", "%A"},
        {"100%", "100%"}, {"a+b", "a+b"}, {"%e4%E4", "\xE4\xE4"}, {"%2541", "%41"},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ck_assert_ac_str(ac_percent_decoded(arena, ac_str_c(rows[i][0])), rows[i][1]);
    }
}
END_TEST

/* ---- forms ---- */

START_TEST(a_form_is_read_in_order_with_empty_names_and_values)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs pairs;
    ck_assert(ac_form_parse(arena, AC_STR("&b=2&&a=1=1&c&=d&b=%33&"), true, 100, &pairs));
    ck_assert_uint_eq(pairs.count, 5);
    ck_assert_ac_str(ac_form_print(arena, &pairs), "b=2&a=1%3D1&c=&=d&b=3");
    ck_assert_ptr_nonnull(ac_pairs_value(&pairs, AC_STR("c")).p);
    ck_assert(ac_form_parse(arena, AC_STR(""), true, 0, &pairs));
    ck_assert_uint_eq(pairs.count, 0);
}
END_TEST

START_TEST(plus_is_a_space_only_where_asked)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs pairs;
    ck_assert(ac_form_parse(arena, AC_STR("a+b=c+d%2B"), true, 1, &pairs));
    ck_assert_ac_str(pairs.items[0].name, "a b");
    ck_assert_ac_str(pairs.items[0].value, "c d+");
    ck_assert(ac_form_parse(arena, AC_STR("a+b=c+d"), false, 1, &pairs));
    ck_assert_ac_str(pairs.items[0].value, "c+d");
}
END_TEST

START_TEST(a_form_with_too_many_pairs_is_cut_and_refused)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs pairs;
    ck_assert(!ac_form_parse(arena, AC_STR("a&b&c"), true, 2, &pairs));
    ck_assert_uint_eq(pairs.count, 2);
    ck_assert(ac_form_parse(arena, AC_STR("a&b&"), true, 2, &pairs));
}
END_TEST

START_TEST(a_form_keeps_bytes_that_are_not_text)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs pairs;
    ck_assert(ac_form_parse(arena, AC_STR("%00=\xFF%FE"), true, 1, &pairs));
    ck_assert(ac_str_eq(pairs.items[0].name, AC_STR("\0")));
    ck_assert_ac_str(pairs.items[0].value, "\xFF\xFE");
}
END_TEST

/* ---- names ---- */

START_TEST(known_statuses_have_a_reason_and_others_an_empty_one)
{
    ck_assert_str_eq(ac_status_reason(200), "OK");
    ck_assert_str_eq(ac_status_reason(404), "Not Found");
    ck_assert_str_eq(ac_status_reason(503), "Service Unavailable");
    ck_assert_str_eq(ac_status_reason(299), "");
    ck_assert_str_eq(ac_status_reason(-1), "");
}
END_TEST

START_TEST(only_methods_with_a_body_announce_an_empty_one)
{
    ck_assert(ac_method_has_body(AC_STR("POST")));
    ck_assert(ac_method_has_body(AC_STR("PUT")));
    ck_assert(!ac_method_has_body(AC_STR("GET")));
    ck_assert(!ac_method_has_body(AC_STR("post")));
}
END_TEST

START_TEST(secrets_are_known_by_name_in_any_case_and_key_ids_are_none)
{
    static const char *const secret[] = {"authorization", "x-acs-security-token", "X-Security-Token",
                                         "Signature",     "SecurityToken",        "AccessKeySecret"};
    static const char *const open[] = {"AccessKeyId", "SignatureNonce", "SignatureMethod",    "ClientToken",
                                       "NextToken",   "X-Credential",   "x-acs-accesskey-id", ""};
    for (size_t i = 0; i < AC_COUNT(secret); i++) {
        ck_assert_msg(ac_name_is_secret(ac_str_c(secret[i])), "%s", secret[i]);
    }
    for (size_t i = 0; i < AC_COUNT(open); i++) {
        ck_assert_msg(!ac_name_is_secret(ac_str_c(open[i])), "%s", open[i]);
    }
}
END_TEST

/* ---- as curl ---- */

#define BASE AC_STR("http://127.0.0.1:8085")

static ac_request request_of(const char *method, const char *target, ac_pairs headers, ac_str body)
{
    return (ac_request){ac_str_c(method), ac_str_c(target), headers, body};
}

START_TEST(a_get_as_curl_leaves_out_what_curl_adds_itself)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs headers =
        PAIRS(arena, "Host", "127.0.0.1:8085", "content-length", "0", "Accept", "application/json");
    ac_request request = request_of("GET", "/?Action=Describe&N=1", headers, AC_STR(""));
    ck_assert_ac_str(
        ac_request_as_curl(arena, &request, BASE, false),
        "curl -X GET 'http://127.0.0.1:8085/?Action=Describe&N=1' -H 'Accept: application/json'");
}
END_TEST

START_TEST(a_foreign_host_and_an_empty_header_are_kept)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs headers = PAIRS(arena, "Host", "ecs.example.com", "X-Empty", "");
    ac_request request = request_of("DELETE", "/a", headers, AC_STR(""));
    ck_assert_ac_str(ac_request_as_curl(arena, &request, BASE, false),
                     "curl -X DELETE http://127.0.0.1:8085/a -H 'Host: ecs.example.com' -H 'X-Empty;'");
}
END_TEST

START_TEST(a_post_without_body_still_announces_one)
{
    ac_arena *arena = ac_test_arena();
    ac_request request = request_of("POST", "/", (ac_pairs){0}, AC_STR(""));
    ck_assert_ac_str(ac_request_as_curl(arena, &request, BASE, false),
                     "curl -X POST http://127.0.0.1:8085/ -H Content-Type: --data-binary ''");
}
END_TEST

START_TEST(a_head_request_does_not_wait_for_a_body)
{
    ac_arena *arena = ac_test_arena();
    ac_request request = request_of("HEAD", "/", (ac_pairs){0}, AC_STR(""));
    ck_assert_ac_str(ac_request_as_curl(arena, &request, BASE, false), "curl --head http://127.0.0.1:8085/");
}
END_TEST

START_TEST(targets_that_curl_would_change_go_in_an_option)
{
    ac_arena *arena = ac_test_arena();
    static const char *const rows[] = {"/a/../b", "/x[1]", "*", "/a#b"};
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_request request = request_of("GET", rows[i], (ac_pairs){0}, AC_STR(""));
        ac_str line = ac_request_as_curl(arena, &request, BASE, false);
        ck_assert(ac_str_starts(line, AC_STR("curl -X GET --request-target ")));
        ck_assert(ac_str_ends(line, AC_STR(" http://127.0.0.1:8085")));
    }
}
END_TEST

START_TEST(secrets_are_hidden_in_headers_query_and_form_and_the_rest_stays)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs headers = PAIRS(arena, "Authorization", "ACS3 Signature=s3cret", "x-acs-security-token",
                             "s3cret", "Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    ac_request request = request_of("POST", "/?AccessKeyId=id&%53ignature=s3cret&a=%7e&Signature", headers,
                                    AC_STR("SecurityToken=s3cret&b=1&"));
    ac_str line = ac_request_as_curl(arena, &request, BASE, true);
    ck_assert_ac_str(line,
                     "curl -X POST 'http://127.0.0.1:8085/?AccessKeyId=id&%53ignature=***&a=%7e&Signature'"
                     " -H 'Authorization: ***' -H 'x-acs-security-token: ***'"
                     " -H 'Content-Type: application/x-www-form-urlencoded; charset=utf-8'"
                     " --data-binary 'SecurityToken=***&b=1&'");
    ck_assert_uint_ne(ac_str_find(ac_request_as_curl(arena, &request, BASE, false), AC_STR("s3cret")),
                      AC_NOT_FOUND);
}
END_TEST

START_TEST(a_json_body_is_not_taken_for_a_form)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs headers = PAIRS(arena, "Content-Type", "application/json");
    ac_request request = request_of("POST", "/", headers, AC_STR("{\"a\":\"&Signature=1\"}"));
    ac_str line = ac_request_as_curl(arena, &request, BASE, true);
    ck_assert(ac_str_ends(line, AC_STR("--data-binary '{\"a\":\"&Signature=1\"}'")));
}
END_TEST

/* Runs the line with a curl that writes its last argument but one, or standard input for "@-". */
static ac_str body_through_shell(ac_arena *arena, const char *shell, ac_str line)
{
    char folder[] = "/tmp/accord-test-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ac_str out = ac_str_printf(arena, "%s/out", folder);
    ac_str script = ac_str_printf(arena, "%s/script", folder);
    FILE *file = fopen(ac_str_z(arena, script), "wb");
    ck_assert_ptr_nonnull(file);
    fputs("curl() {\n  for last; do :; done\n"
          "  if [ \"$last\" = @- ]; then cat; else printf %s \"$last\"; fi\n}\n",
          file);
    fwrite(line.p, 1, line.n, file);
    fclose(file);
    ac_str command = ac_str_printf(arena, "%s %.*s > %.*s", shell, AC_STR_FMT(script), AC_STR_FMT(out));
    ck_assert_int_eq(system(ac_str_z(arena, command)), 0);
    char *bytes = ac_arena_alloc(arena, 400000);
    file = fopen(ac_str_z(arena, out), "rb");
    ck_assert_ptr_nonnull(file);
    ac_str body = {bytes, fread(bytes, 1, 400000, file)};
    fclose(file);
    unlink(ac_str_z(arena, script));
    unlink(ac_str_z(arena, out));
    rmdir(folder);
    return body;
}

START_TEST(a_shell_gives_curl_exactly_the_bytes_of_any_body)
{
    ac_arena *arena = ac_test_arena();
    char every_byte[256];
    for (size_t i = 0; i < sizeof every_byte; i++) {
        every_byte[i] = (char)i;
    }
    char *large = ac_arena_alloc(arena, 300000);
    memset(large, '\'', 300000);
    const ac_str bodies[] = {
        {every_byte, sizeof every_byte}, {large, 300000}, AC_STR("it's $HOME `id` \"x\" \\n %s !"),
        AC_STR("\xE4\xBD\xA0\n\tend\n"), AC_STR("@file"), AC_STR("-n\x01%d\\"),
        AC_STR("\xFF\x31\x37"),
    };
    for (size_t i = 0; i < AC_COUNT(bodies); i++) {
        ac_request request = request_of("POST", "/", (ac_pairs){0}, bodies[i]);
        ac_str line = ac_request_as_curl(arena, &request, BASE, false);
        ck_assert(ac_str_eq(body_through_shell(arena, "sh", line), bodies[i]));
        ck_assert(ac_str_eq(body_through_shell(arena, "bash", line), bodies[i]));
    }
}
END_TEST

START_TEST(a_header_that_a_terminal_could_not_show_is_written_by_printf)
{
    ac_arena *arena = ac_test_arena();
    ac_pairs headers = PAIRS(arena, "X", "a\x1B'b");
    ac_request request = request_of("GET", "/", headers, AC_STR(""));
    ac_str line = ac_request_as_curl(arena, &request, BASE, false);
    ck_assert(ac_str_ends(line, AC_STR(" -H \"$(printf 'X: a\\033\\047b')\"")));
    ck_assert_uint_eq(ac_str_find_char(line, '\x1B'), AC_NOT_FOUND);
}
END_TEST

AC_TEST_MAIN("http_message", pairs_keep_order_and_repeats,
             parameters_are_found_by_exact_name_and_headers_in_any_case,
             setting_a_pair_leaves_one_value_in_the_first_place, removing_a_header_takes_every_spelling_of_it,
             a_clone_shares_nothing_with_its_original, a_target_splits_at_the_first_question_mark,
             percent_encoding_keeps_only_unreserved_bytes,
             percent_encoding_into_a_buffer_is_the_same_for_long_text, bad_escapes_stay_as_they_are,
             a_form_is_read_in_order_with_empty_names_and_values, plus_is_a_space_only_where_asked,
             a_form_with_too_many_pairs_is_cut_and_refused, a_form_keeps_bytes_that_are_not_text,
             known_statuses_have_a_reason_and_others_an_empty_one,
             only_methods_with_a_body_announce_an_empty_one,
             secrets_are_known_by_name_in_any_case_and_key_ids_are_none,
             a_get_as_curl_leaves_out_what_curl_adds_itself, a_foreign_host_and_an_empty_header_are_kept,
             a_post_without_body_still_announces_one, a_head_request_does_not_wait_for_a_body,
             targets_that_curl_would_change_go_in_an_option,
             secrets_are_hidden_in_headers_query_and_form_and_the_rest_stays,
             a_json_body_is_not_taken_for_a_form, a_shell_gives_curl_exactly_the_bytes_of_any_body,
             a_header_that_a_terminal_could_not_show_is_written_by_printf)
