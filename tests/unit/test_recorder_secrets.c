#include "recorder/secrets.h"

#include <string.h>

#include "base/env.h"

#include "support.h"

/* A secret with every character that some encoding changes. */
#define KNOWN "s3cr+t/Va1ue=\"&%" /* 16 bytes */

static const ac_str known_items[] = {AC_STR_INIT(KNOWN)};
static const ac_known_secrets known = {known_items, AC_COUNT(known_items)};

static ac_record record_of(ac_arena *arena)
{
    ac_record record = {.number = 1, .base_url = AC_STR("https://privatelink.aliyuncs.com")};
    record.request.method = AC_STR("POST");
    record.request.target = AC_STR("/?Action=CreateVpcEndpoint");
    ac_pairs_add(arena, &record.request.headers, AC_STR("Host"), AC_STR("privatelink.aliyuncs.com"));
    record.response.status = 200;
    ac_pairs_add(arena, &record.response.headers, AC_STR("Content-Type"), AC_STR("application/json"));
    return record;
}

static ac_str cleaned_body(ac_arena *arena, const char *body)
{
    ac_record record = record_of(arena);
    record.response.body = ac_str_c(body);
    ac_secrets_remove(arena, &record, &known);
    return record.response.body;
}

static ac_str cleaned_target(ac_arena *arena, const char *target)
{
    ac_record record = record_of(arena);
    record.request.target = ac_str_c(target);
    ac_secrets_remove(arena, &record, &known);
    return record.request.target;
}

static ac_str cleaned_header(ac_arena *arena, const char *name, const char *value)
{
    ac_record record = record_of(arena);
    ac_pairs_add(arena, &record.request.headers, ac_str_c(name), ac_str_c(value));
    ac_secrets_remove(arena, &record, &known);
    return ac_header(&record.request.headers, name);
}

typedef struct row {
    const char *before, *after;
} row;

START_TEST(secrets_in_json_go_by_their_name)
{
    static const row rows[] = {
        {"{\"Password\":\"hunter2\",\"Name\":\"a\"}", "{\"Password\":\"[secret:password]\",\"Name\":\"a\"}"},
        {"{\"a\": {\"AccessKeySecret\" : \"x\"} }", "{\"a\": {\"AccessKeySecret\" : \"[secret:key]\"} }"},
        {"{\"master_user_password\":[\"a\",\"b\"]}",
         "{\"master_user_password\":[\"[secret:password]\",\"[secret:password]\"]}"},
        {"{\"password\":123456}", "{\"password\":\"[secret:password]\"}"},
        {"{\"Password\":null,\"HasPassword\":true,\"Password\":\"\"}",
         "{\"Password\":null,\"HasPassword\":true,\"Password\":\"\"}"},
        {"{\"Pass\\u0077ord\":\"x\"}", "{\"Pass\\u0077ord\":\"[secret:password]\"}"},
        {"{\"ClientToken\":\"t\",\"NextToken\":\"n\",\"Tokens\":3}",
         "{\"ClientToken\":\"t\",\"NextToken\":\"n\",\"Tokens\":3}"},
        {"{\"AccountAccessKey\":{\"SecurityToken\":\"CAIS\"}}",
         "{\"AccountAccessKey\":{\"SecurityToken\":\"[secret:token]\"}}"},
        {"{\"Password\":\"cut off he", "{\"Password\":\"[secret:password]\""},
        {"{\"Password\":\"[secret:password]\"}", "{\"Password\":\"[secret:password]\"}"},
        {"{\"a\":1e400, \"b\" :\t12345678901234567890}", "{\"a\":1e400, \"b\" :\t12345678901234567890}"},
    };
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ck_assert_ac_str(cleaned_body(arena, rows[i].before), rows[i].after);
    }
}
END_TEST

START_TEST(secrets_in_layers_are_found_and_encoded_again)
{
    static const row rows[] = {
        /* JSON in a string of JSON, twice */
        {"{\"Doc\":\"{\\\"Password\\\":\\\"x\\\"}\"}",
         "{\"Doc\":\"{\\\"Password\\\":\\\"[secret:password]\\\"}\"}"},
        {"[\"[\\\"{\\\\\\\"Secret\\\\\\\":\\\\\\\"x\\\\\\\"}\\\"]\"]",
         "[\"[\\\"{\\\\\\\"Secret\\\\\\\":\\\\\\\"[secret:key]\\\\\\\"}\\\"]\"]"},
        /* {"Password":"x"} in base64 */
        {"{\"Doc\":\"eyJQYXNzd29yZCI6IngifQ==\"}",
         "{\"Doc\":\"eyJQYXNzd29yZCI6IltzZWNyZXQ6cGFzc3dvcmRdIn0=\"}"},
        /* a URL with a user, and a signed one */
        {"{\"Url\":\"ftp://joe:hunter2@host/p\"}", "{\"Url\":\"ftp://%5Bsecret%3Auserinfo%5D@host/p\"}"},
        {"{\"Url\":\"https://b.oss/x?Expires=1&Signature=ab%2Bc%3D\"}",
         "{\"Url\":\"https://b.oss/x?Expires=1&Signature=%5Bsecret%3Asignature%5D\"}"},
        /* a form in a string */
        {"{\"Query\":\"a=1&SecurityToken=abc&b=2\"}",
         "{\"Query\":\"a=1&SecurityToken=%5Bsecret%3Atoken%5D&b=2\"}"},
        /* what a gateway says of a wrong signature */
        {"{\"Message\":\"string to sign is:GET&%2F&SecurityToken%3DCAIS%252B1%26Version%3D1 end\"}",
         "{\"Message\":\"string to sign is:GET&%2F&SecurityToken%3DCAIS%252B1%26Version%3D1 end\"}"},
        {"{\"Log\":\"login with password=hunter2, ok\"}",
         "{\"Log\":\"login with password=[secret:password], ok\"}"},
        {"{\"Log\":\"Authorization: Basic dXNlcjpw\"}",
         "{\"Log\":\"Authorization: [secret:authorization]\"}"},
        {"<R><Password>hunter2</Password><ns:Secret a='1'><![CDATA[x]]></ns:Secret><A/></R>",
         "<R><Password>[secret:password]</Password><ns:Secret "
         "a='1'><![CDATA[[secret:key]]]></ns:Secret><A/></R>"},
        {"--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n--b--",
         "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n[secret:password]\r\n--b--"},
    };
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        if (i == 6) { /* the whole word is percent-encoded anew, so only what matters is compared */
            ac_str body = cleaned_body(arena, rows[i].before);
            ck_assert_uint_eq(ac_str_find(body, AC_STR("CAIS")), AC_NOT_FOUND);
            ck_assert_uint_ne(ac_str_find(body, AC_STR("string to sign ")), AC_NOT_FOUND);
            ck_assert_uint_ne(ac_str_find(body, AC_STR(" end")), AC_NOT_FOUND);
            continue;
        }
        ck_assert_ac_str(cleaned_body(arena, rows[i].before), rows[i].after);
    }
}
END_TEST

START_TEST(secrets_in_targets_and_headers)
{
    ac_arena *arena = ac_test_arena();
    ck_assert_ac_str(
        cleaned_target(arena, "/a%20b?Action=X&Signature=a%2Bb&AccessKeyId=AKACCORD1&x=%7B%22a%22%3A1%7D"),
        "/a%20b?Action=X&Signature=%5Bsecret%3Asignature%5D&AccessKeyId=AKACCORD1&x=%7B%22a%22%3A1%7D");
    ck_assert_ac_str(cleaned_target(arena, "/?d=%7B%22Password%22%3A%22x%22%7D"),
                     "/?d=%7B%22Password%22%3A%22%5Bsecret%3Apassword%5D%22%7D");
    ck_assert_ac_str(
        cleaned_target(arena, "/?Users.1.Password=x&user%5Bpassword%5D=y&Signature"),
        "/?Users.1.Password=%5Bsecret%3Apassword%5D&user%5Bpassword%5D=%5Bsecret%3Apassword%5D&Signature");
    static const struct {
        const char *name, *before, *after;
    } rows[] = {
        {"Authorization", "acs AKACCORD0001:c2lnbmF0dXJl", "acs AKACCORD0001:[secret:signature]"},
        {"Authorization", "ACS3-HMAC-SHA256 Credential=AK,SignedHeaders=host,Signature=00ff",
         "ACS3-HMAC-SHA256 Credential=AK,SignedHeaders=host,Signature=[secret:signature]"},
        {"authorization", "HMAC-SHA256 Signature=00ff, Credential=AK/1",
         "HMAC-SHA256 Signature=[secret:signature], Credential=AK/1"},
        {"Authorization", "Bearer abc", "Bearer [secret:authorization]"},
        {"Authorization", "plain", "[secret:authorization]"},
        {"Authorization", "acs LTAI4FabcdefGHIJKLMN:x", "acs [secret:access-key-id]:[secret:signature]"},
        {"Proxy-Authorization", "Basic dXNlcjpw", "Basic [secret:authorization]"},
        {"Cookie", "a=1; b=2", "a=[secret:cookie]; b=[secret:cookie]"},
        {"Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=[secret:cookie]; Path=/; HttpOnly"},
        {"x-acs-security-token", "CAIS", "[secret:token]"},
        {"x-acs-bearer-token", "CAIS", "[secret:token]"},
        {"X-Api-Key", "k", "[secret:key]"},
        {"x-acs-signature-nonce", "n", "n"},
        {"Referer", "https://u:p@h/?token=1",
         "https://%5Bsecret%3Auserinfo%5D@h/?token=%5Bsecret%3Atoken%5D"},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ck_assert_ac_str(cleaned_header(arena, rows[i].name, rows[i].before), rows[i].after);
    }
}
END_TEST

START_TEST(what_looks_like_a_secret_is_one_wherever_it_stands)
{
    static const row rows[] = {
        {"{\"Note\":\"id LTAI4FabcdefGHIJKLMN.\"}", "{\"Note\":\"id [secret:access-key-id].\"}"},
        {"{\"Note\":\"LTAI\"}", "{\"Note\":\"LTAI\"}"},
        {"{\"Note\":\"xLTAI4FabcdefGHIJKLMN\"}", "{\"Note\":\"xLTAI4FabcdefGHIJKLMN\"}"},
        {"see eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl!", "see [secret:token]!"},
        {"{\"NextToken\":\"eyJhbGciOiJIUzI1NiJ9\"}", "{\"NextToken\":\"eyJhbGciOiJIUzI1NiJ9\"}"},
        {"{\"Pem\":\"-----BEGIN RSA PRIVATE KEY-----\\nabc\\n-----END RSA PRIVATE KEY-----\\n\"}",
         "{\"Pem\":\"[secret:key]\\n\"}"},
        {"{\"Pem\":\"-----BEGIN CERTIFICATE-----\\nabc\"}",
         "{\"Pem\":\"-----BEGIN CERTIFICATE-----\\nabc\"}"},
    };
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ck_assert_ac_str(cleaned_body(arena, rows[i].before), rows[i].after);
    }
}
END_TEST

static ac_str base64_behind(ac_arena *arena, size_t before, ac_str secret)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    ac_str text = ac_str_printf(arena, "%.*s%.*s\xFF", (int)before, "\x01\x02\x03", AC_STR_FMT(secret));
    char *out = ac_arena_alloc(arena, text.n * 2);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i += 3) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++) {
            bits = bits << 8 | (i + k < text.n ? (unsigned char)text.p[i + k] : 0);
        }
        for (int shift = 18; shift >= 0; shift -= 6) {
            out[n++] = digits[bits >> shift & 63];
        }
    }
    return (ac_str){out, n};
}

START_TEST(a_known_secret_is_found_in_every_form)
{
    ac_arena *arena = ac_test_arena();
    ac_str secret = known_items[0];
    ac_str encoded = ac_percent_encoded(arena, secret);
    ac_str forms[8] = {secret, encoded, ac_percent_encoded(arena, encoded), AC_STR("s3cr+t\\/Va1ue=\\\"&%"),
                       AC_STR("s3cr\\u002bt/Va1ue=\\u0022&%")};
    size_t count = 5;
    for (size_t before = 0; before < 3; before++) {
        forms[count++] = base64_behind(arena, before, secret);
    }
    static const row around[] = {{"", ""},
                                 {"{\"Name\":\"x", "y\"}"},
                                 {"a=", "&b=2"},
                                 {"some text ", ", and more"},
                                 {"sent: {\"a\":\"", "\"}"}};
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < AC_COUNT(around); k++) {
            ac_str text =
                ac_str_printf(arena, "%s%.*s%s", around[k].before, AC_STR_FMT(forms[i]), around[k].after);
            ac_str body = cleaned_body(arena, ac_str_z(arena, text));
            bool only_in_json = i == 4;
            ck_assert_msg((only_in_json && k != 1 && k != 4) ||
                              ac_str_find(body, ac_str_sub(forms[i], 2, forms[i].n - 6)) == AC_NOT_FOUND,
                          "form %zu in \"%.*s\" stays: %.*s", i, AC_STR_FMT(text), AC_STR_FMT(body));
        }
    }
}
END_TEST

START_TEST(a_clean_record_is_left_alone)
{
    ac_arena *arena = ac_test_arena();
    ac_record record = record_of(arena);
    record.request.body = AC_STR("Zone.1.ZoneId=cn-hangzhou-b&Description=a+b%20c");
    record.response.body = AC_STR(" { \"EndpointId\" : \"ep-hz0123456789\", \"x\" : [1,2.50,\"\\u00e9\"] } ");
    ac_record before = record;
    ac_secrets_remove(arena, &record, &known);
    ck_assert_ptr_eq(record.request.body.p, before.request.body.p);
    ck_assert_ptr_eq(record.response.body.p, before.response.body.p);
    ck_assert_ptr_eq(record.request.target.p, before.request.target.p);
    ck_assert_ptr_eq(record.request.headers.items, before.request.headers.items);
    ck_assert_ac_str(record.rules, "secrets/1");
}
END_TEST

START_TEST(the_list_of_headers_that_was_given_is_not_changed)
{
    ac_arena *arena = ac_test_arena();
    ac_record record = record_of(arena);
    ac_pairs_add(arena, &record.request.headers, AC_STR("Cookie"), AC_STR("a=1"));
    ac_pairs given = record.request.headers;
    ac_secrets_remove(arena, &record, NULL);
    ck_assert_ac_str(ac_header(&given, "Cookie"), "a=1");
    ck_assert_ac_str(ac_header(&record.request.headers, "Cookie"), "a=[secret:cookie]");
}
END_TEST

START_TEST(compressed_bodies_are_read)
{
    /* printf '{"Password":"hunter2"}' | gzip -n */
    static const unsigned char gzipped[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xab,
                                            0x56, 0x0a, 0x48, 0x2c, 0x2e, 0x2e, 0xcf, 0x2f, 0x4a, 0x51, 0xb2,
                                            0x52, 0xca, 0x28, 0xcd, 0x2b, 0x49, 0x2d, 0x32, 0x52, 0xaa, 0x05,
                                            0x00, 0xb8, 0x89, 0x91, 0x3f, 0x16, 0x00, 0x00, 0x00};
    static const struct {
        const char *encoding;
        size_t bytes;
        const char *body;
        bool cut;
    } rows[] = {
        {"gzip", sizeof gzipped, "{\"Password\":\"[secret:password]\"}", false},
        {"GZIP", sizeof gzipped - 8, "{\"Password\":\"[secret:password]\"}", true},
        {"br", sizeof gzipped, "[not recorded: Content-Encoding br cannot be read]", true},
    };
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_record record = record_of(arena);
        record.response.body = (ac_str){(const char *)gzipped, rows[i].bytes};
        ac_pairs_add(arena, &record.response.headers, AC_STR("Content-Encoding"), ac_str_c(rows[i].encoding));
        ac_secrets_remove(arena, &record, NULL);
        ck_assert_ac_str(record.response.body, rows[i].body);
        ck_assert_int_eq(record.response_cut, rows[i].cut);
        ck_assert_ptr_null(ac_header(&record.response.headers, "Content-Encoding").p);
        ck_assert_ac_str(ac_header(&record.response.headers, "X-Accord-Content-Encoding"), rows[i].encoding);
    }
}
END_TEST

/* Beginnings of secrets in long rows: each byte is looked at a few times, not once for each beginning. */
START_TEST(long_rows_of_beginnings_take_no_time)
{
    static const char *const pieces[] = {
        "eyJh", "eyJh-", "eyJh.", "STS.", "LTAI",    "Bearer ", "-----BEGIN ", "a=",         "://",
        "%25",  "<a>",   "{\"",   "[[",   "name=\"", "\\\"",    "https://a@",  "password=\""};
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(pieces); i++) {
        ac_buf text;
        ac_buf_init(&text, 1 << 21);
        while (text.n < 1 << 20) {
            ac_buf_add_c(&text, pieces[i]);
        }
        ac_record record = record_of(arena);
        record.request.body = record.response.body = ac_buf_str(&text);
        int64_t began = ac_monotonic_us();
        ac_secrets_remove(arena, &record, &known);
        int64_t took_ms = (ac_monotonic_us() - began) / 1000;
        ck_assert_msg(took_ms < 4000, "%s: %lld ms", pieces[i], (long long)took_ms);
        ac_buf_done(&text);
    }
}
END_TEST

START_TEST(removing_twice_changes_nothing)
{
    ac_arena *arena = ac_test_arena();
    ac_record record = record_of(arena);
    record.base_url = AC_STR("https://u:p@h");
    record.request.target = AC_STR("/?Signature=a&d=%7B%22Password%22%3A%22x%22%7D");
    ac_pairs_add(arena, &record.request.headers, AC_STR("Authorization"), AC_STR("acs AK:sig"));
    ac_pairs_add(arena, &record.request.headers, AC_STR("Cookie"), AC_STR("a=1; b"));
    record.response.body = AC_STR("password: x <Secret>y</Secret> token=z LTAI4FabcdefGHIJKLMN");
    ac_secrets_remove(arena, &record, &known);
    ac_record once = record;
    ac_secrets_remove(arena, &record, &known);
    ck_assert(ac_str_eq(record.base_url, once.base_url));
    ck_assert(ac_str_eq(record.request.target, once.request.target));
    ck_assert(ac_str_eq(record.response.body, once.response.body));
    for (size_t i = 0; i < once.request.headers.count; i++) {
        ck_assert(ac_str_eq(record.request.headers.items[i].value, once.request.headers.items[i].value));
    }
    ck_assert_ac_str(record.base_url, "https://%5Bsecret%3Auserinfo%5D@h");
}
END_TEST

AC_TEST_MAIN("recorder_secrets", secrets_in_json_go_by_their_name,
             secrets_in_layers_are_found_and_encoded_again, secrets_in_targets_and_headers,
             what_looks_like_a_secret_is_one_wherever_it_stands, a_known_secret_is_found_in_every_form,
             a_clean_record_is_left_alone, the_list_of_headers_that_was_given_is_not_changed,
             compressed_bodies_are_read, long_rows_of_beginnings_take_no_time, removing_twice_changes_nothing)
