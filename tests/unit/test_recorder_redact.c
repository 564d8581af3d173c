#include "recorder/redact.h"

#include <string.h>

#include "match/match.h"
#include "support.h"

static ac_corpus *corpus;

static ac_redact_rules *rules_with(const ac_redact_choice *choice)
{
    ac_err err = {0};
    corpus = corpus ? corpus : ac_corpus_load(NULL, "cases", &err);
    ck_assert_msg(corpus != NULL, "%s", err.text);
    ac_redact_rules *rules = ac_redact_rules_new(corpus, choice, &err);
    ck_assert_msg(rules != NULL, "%s", err.text);
    return rules;
}

static ac_redact_rules *default_rules(void)
{
    return rules_with(&(ac_redact_choice){0});
}

static ac_record record_of(ac_arena *arena, uint64_t number, const char *target, const char *form,
                           const char *answer)
{
    ac_record record = {.number = number, .base_url = AC_STR("https://privatelink.aliyuncs.com")};
    record.request.method = AC_STR("POST");
    record.request.target = ac_str_c(target);
    record.request.body = ac_str_c(form);
    ac_pairs_add(arena, &record.request.headers, AC_STR("Content-Type"),
                 AC_STR("application/x-www-form-urlencoded"));
    record.response.status = 200;
    record.response.body = ac_str_c(answer);
    return record;
}

/* One answer, learned and redacted. */
static ac_str redacted_answer(ac_arena *arena, const ac_redact_rules *rules, const char *answer)
{
    ac_redactor *redactor = ac_redactor_new(rules, NULL);
    ac_record record = record_of(arena, 1, "/", "", answer);
    ac_redactor_learn(redactor, &record);
    ac_redact(redactor, arena, &record);
    ac_leaks leaks = {0};
    ac_redact_scan(redactor, arena, &record, &leaks);
    ck_assert_msg(leaks.count == 0, "leak: %.*s", leaks.count > 0 ? (int)leaks.items[0].place.n : 0,
                  leaks.count > 0 ? leaks.items[0].place.p : "");
    ac_redactor_free(redactor);
    return record.response.body;
}

typedef struct row {
    const char *before, *after;
} row;

START_TEST(values_become_pseudonyms_of_their_form)
{
    static const row rows[] = {
        {"{\"VpcId\":\"vpc-bp1aevy8sofi8mh1q****\"}", "{\"VpcId\":\"vpc-00000000000000001****\"}"},
        {"{\"VpcId\":\"vpc-bp1aevy8sofi8mh1q2w3e\"}", "{\"VpcId\":\"vpc-000000000000000000001\"}"},
        {"{\"InstanceId\":\"es-cn-oew1oxiro000f12345\"}", "{\"InstanceId\":\"es-cn-000000000000000001\"}"},
        {"{\"RequestId\":\"0ED8D006-F706-4D23-88ED-E11ED28DCAC0\"}",
         "{\"RequestId\":\"00000000-0000-0000-0000-000000000001\"}"},
        {"{\"RequestId\":\"202306041104200100100232280022D31\"}",
         "{\"RequestId\":\"000000000000000000000000000000001\"}"},
        {"{\"Owner\":1234567890123456,\"Id\":12345678901234567}",
         "{\"Owner\":1000000000000001,\"Id\":12345678901234567}"},
        {"{\"AccountId\":\"2100012345\"}", "{\"AccountId\":\"2100000001\"}"},
        {"{\"OwnerId\":0}", "{\"OwnerId\":0}"},
        {"{\"Ip\":\"10.23.4.5\",\"Other\":\"10.23.4.5, "
         "47.96.1.2\",\"Net\":\"10.0.0.0/8\",\"Me\":\"127.0.0.1\"}",
         "{\"Ip\":\"192.0.2.1\",\"Other\":\"192.0.2.1, "
         "192.0.2.2\",\"Net\":\"10.0.0.0/8\",\"Me\":\"127.0.0.1\"}"},
        {"{\"Agent\":\"Chrome/120.0.0.0\",\"Url\":\"http://47.96.1.2:80/\",\"V\":\"1.2.3.4.5\"}",
         "{\"Agent\":\"Chrome/120.0.0.0\",\"Url\":\"http://192.0.2.1:80/\",\"V\":\"1.2.3.4.5\"}"},
        {"{\"Ip\":\"2408:4005:3a::1\",\"At\":\"12:30:45\",\"Mac\":\"00:16:3e:0a:1b:2c\"}",
         "{\"Ip\":\"2001:db8::1\",\"At\":\"12:30:45\",\"Mac\":\"00:00:5e:00:53:01\"}"},
        {"{\"Note\":\"ask jane.doe@corp.example.org or +86 138 0013 8000\"}",
         "{\"Note\":\"ask person0001@example.com or +86 000 0000 0001\"}"},
        {"{\"PhoneNumber\":\"057112345678\",\"Again\":\"call 057112345678\"}",
         "{\"PhoneNumber\":\"050000000001\",\"Again\":\"call 050000000001\"}"},
        {"{\"vpc-bp1aevy8sofi8mh1q2w3e\":{\"a\":1}}", "{\"vpc-000000000000000000001\":{\"a\":1}}"},
        {"{\"Domain\":\"ep-bp1aevy8sofi8mh1.epsrv-bp1aevy8sofi8mh2.cn-hangzhou.privatelink.aliyuncs.com\"}",
         "{\"Domain\":\"ep-0000000000000001.epsrv-0000000000000002.cn-hangzhou.privatelink.aliyuncs.com\"}"},
        {"{\"ZoneId\":\"cn-hangzhou-b\",\"At\":\"2026-01-15T08:30:45Z\",\"N\":1700000000000}",
         "{\"ZoneId\":\"cn-hangzhou-b\",\"At\":\"2026-01-15T08:30:45Z\",\"N\":1700000000000}"},
        {"\xFF\xFE vpc-bp1aevy8sofi8mh1q2w3e \xFF", "\xFF\xFE vpc-000000000000000000001 \xFF"},
    };
    ac_arena *arena = ac_test_arena();
    ac_redact_rules *rules = default_rules();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ck_assert_ac_str(redacted_answer(arena, rules, rows[i].before), rows[i].after);
    }
    ac_redact_rules_free(rules);
}
END_TEST

START_TEST(pseudonyms_keep_the_formats_of_contracts)
{
    ac_arena *arena = ac_test_arena();
    ac_redact_rules *rules = default_rules();
    for (unsigned i = 0; i < 3; i++) {
        static const struct {
            const char *before;
            ac_format format;
        } rows[] = {{"\"10.1.2.3\"", AC_FORMAT_IPV4},
                    {"\"2408:4005:3a::1\"", AC_FORMAT_IPV6},
                    {"\"0ED8D006-F706-4D23-88ED-E11ED28DCAC0\"", AC_FORMAT_UUID}};
        ac_str after = redacted_answer(arena, rules, rows[i].before);
        ck_assert_str_ne(ac_str_z(arena, after), rows[i].before);
        ck_assert(ac_match_format(rows[i].format, ac_str_sub(after, 1, after.n - 2)));
    }
    ac_redact_rules_free(rules);
}
END_TEST

START_TEST(one_value_has_one_pseudonym_in_every_form)
{
    ac_arena *arena = ac_test_arena();
    ac_redact_rules *rules = default_rules();
    ac_redactor *redactor = ac_redactor_new(rules, NULL);
    ac_record records[] = {
        record_of(arena, 1, "/?Action=CreateVpcEndpoint", "VpcId=vpc-bp1aevy8sofi8mh1q2w3e",
                  "{\"EndpointId\":\"ep-hz1234567890abcd\",\"Doc\":\"{\\\"VpcId\\\":\\\"vpc-"
                  "bp1aevy8sofi8mh1q2w3e\\\"}\"}"),
        record_of(arena, 2,
                  "/endpoints/ep-hz1234567890abcd?Filter=%7B%22Vpc%22%3A%22vpc-bp1aevy8sofi8mh1q2w3e%22%7D",
                  /* ["ep-hz1234567890abcd"] in base64 */
                  "Ids=WyJlcC1oejEyMzQ1Njc4OTBhYmNkIl0%3D&AccountId=2100012345",
                  "{\"Text\":\"account 2100012345\"}"),
    };
    for (size_t i = 0; i < 2; i++) {
        ac_redactor_learn(redactor, &records[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        ac_redact(redactor, arena, &records[i]);
    }
    ck_assert_ac_str(records[0].request.body, "VpcId=vpc-000000000000000000001");
    ck_assert_ac_str(records[0].response.body,
                     "{\"EndpointId\":\"ep-0000000000000002\",\"Doc\":\"{\\\"VpcId\\\":"
                     "\\\"vpc-000000000000000000001\\\"}\"}");
    ck_assert_ac_str(records[1].request.target, "/endpoints/ep-0000000000000002?Filter=%7B%22Vpc%22%3A%22vpc-"
                                                "000000000000000000001%22%7D");
    /* ["ep-0000000000000002"] */
    ck_assert_ac_str(records[1].request.body, "Ids=WyJlcC0wMDAwMDAwMDAwMDAwMDAyIl0%3D&AccountId=2100000001");
    ck_assert_ac_str(records[1].response.body, "{\"Text\":\"account 2100000001\"}");
    ac_redactor_free(redactor);
    ac_redact_rules_free(rules);
}
END_TEST

START_TEST(redacting_twice_changes_nothing)
{
    static const char *const texts[] = {"{\"VpcId\":\"vpc-bp1aevy8sofi8mh1q2w3e\",\"Owner\":1234567890123456,"
                                        "\"Ip\":\"10.23.4.5\",\"Mail\":\"a@b.example\"}",
                                        "{\"Ip\":\"2408:4005:3a::1\",\"Mac\":\"00:16:3e:0a:1b:2c\",\"Id\":"
                                        "\"0ED8D006-F706-4D23-88ED-E11ED28DCAC0\"}"};
    ac_arena *arena = ac_test_arena();
    ac_redact_rules *rules = default_rules();
    for (size_t i = 0; i < AC_COUNT(texts); i++) {
        ac_str once = redacted_answer(arena, rules, texts[i]);
        ac_str twice = redacted_answer(arena, rules, ac_str_z(arena, once));
        ck_assert(ac_str_eq(once, twice));
    }
    /* a pseudonym that is there keeps its number; new values get others */
    ck_assert_ac_str(
        redacted_answer(arena, rules, "[\"vpc-bp1aevy8sofi8mh1q2w3e\",\"vpc-000000000000000000001\"]"),
        "[\"vpc-000000000000000000002\",\"vpc-000000000000000000001\"]");
    ac_redact_rules_free(rules);
}
END_TEST

START_TEST(many_addresses_have_as_many_pseudonyms)
{
    ac_arena *arena = ac_test_arena();
    ac_redact_rules *rules = default_rules();
    ac_buf text;
    ac_buf_init(&text, 1 << 20);
    enum { COUNT = 1000 };
    for (unsigned i = 0; i < COUNT; i++) {
        ac_buf_printf(&text, "10.9.%u.%u ", i / 250, i % 250 + 1);
    }
    ac_str before = ac_buf_take(&text, arena);
    ac_str after = redacted_answer(arena, rules, ac_str_z(arena, before));
    ac_str seen[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        seen[i] = ac_str_split(after, ' ', &after);
        ck_assert(ac_match_format(AC_FORMAT_IPV4, seen[i]));
        ck_assert(!ac_str_starts(seen[i], AC_STR("10.")));
        for (size_t k = 0; k < i; k++) {
            ck_assert(!ac_str_eq(seen[i], seen[k]));
        }
    }
    ac_redact_rules_free(rules);
}
END_TEST

START_TEST(rules_are_switched_off_and_added)
{
    ac_arena *arena = ac_test_arena();
    ac_err err = {0};
    ac_str profile =
        AC_STR("{\"off\":[\"common/ipv4\"],\"rules\":[{\"id\":\"own/project\",\"about\":\"names of "
               "projects\",\"kind\":\"text\",\"names\":[\"ProjectName\"]}]}");
    ac_str removed[] = {AC_STR("LicenceCode")};
    ac_str off[] = {AC_STR("common/email")};
    ac_redact_choice choice = {.own = ac_json_parse(arena, profile, &ac_json_file_limits, &err),
                               .file = "p.json",
                               .off = {off, 1},
                               .remove = {removed, 1}};
    ac_redact_rules *rules = rules_with(&choice);
    ck_assert_ac_str(redacted_answer(arena, rules,
                                     "{\"Ip\":\"10.1.2.3\",\"Mail\":\"a@b.example\",\"ProjectName\":\"blue "
                                     "moon\",\"LicenceCode\":\"xyzw\"}"),
                     "{\"Ip\":\"10.1.2.3\",\"Mail\":\"a@b.example\",\"ProjectName\":\"[project-1]\","
                     "\"LicenceCode\":\"[secret:removed]\"}");
    const ac_json *told = ac_redact_rules_describe(arena, rules);
    ck_assert_uint_eq(ac_json_get_c(told, "off")->count, 2);
    ck_assert_ac_str(ac_json_text(ac_json_at(told, AC_STR("/versions/common"))), "1");
    ck_assert_ac_str(ac_json_text(ac_json_get_c(told, "secrets")), "secrets/1");
    ac_redact_rules_free(rules);
}
END_TEST

START_TEST(bad_rules_are_refused_with_their_place)
{
    static const struct {
        const char *own, *part;
    } rows[] = {
        {"{\"rules\":[{\"id\":\"own/a\",\"about\":\"x\",\"kind\":\"id\"}]}",
         "p.json: /rules/0: a rule needs a pattern"},
        {"{\"rules\":[{\"id\":\"own/a\",\"about\":\"x\",\"kind\":\"id\",\"pattern\":\"(\"}]}",
         "p.json: rule own/a"},
        {"{\"rules\":[{\"id\":\"a\",\"about\":\"x\",\"kind\":\"id\",\"pattern\":\"x\"}]}", "/rules/0/id"},
        {"{\"rules\":[{\"id\":\"own/a\",\"about\":\"x\",\"kind\":\"idd\",\"pattern\":\"x\"}]}",
         "/rules/0/kind"},
        {"{\"rules\":[{\"id\":\"common/ipv4\",\"about\":\"x\",\"kind\":\"id\",\"pattern\":\"x\"}]}",
         "two rules"},
        {"{\"off\":[\"common/ipv5\"]}", "did you mean \"common/ipv4\"?"},
        {"[]", "p.json"},
    };
    ac_arena *arena = ac_test_arena();
    ac_redact_rules_free(default_rules());
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_err err = {0};
        ac_redact_choice choice = {
            .own = ac_json_parse(arena, ac_str_c(rows[i].own), &ac_json_file_limits, &err), .file = "p.json"};
        ck_assert_ptr_null(ac_redact_rules_new(corpus, &choice, &err));
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        ck_assert_ac_err(err, rows[i].part);
    }
}
END_TEST

START_TEST(the_last_scan_says_where)
{
    static const struct {
        const char *answer, *rule, *place;
    } rows[] = {
        {"{\"Data\":[{\"Token\":\"abc\"}]}", "secret", "exchange 1, response body, JSON /Data/0/Token"},
        {"{\"Note\":\"see LTAI4FabcdefGHIJKLMN\"}", "secret", "exchange 1, response body, JSON /Note"},
        {"{\"Doc\":\"{\\\"Ip\\\":\\\"10.1.2.3\\\"}\"}", "common/ipv4",
         "exchange 1, response body, JSON /Doc, JSON /Ip"},
        {"{\"Blob\":\"q83vYmFyMTIzQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo+\"}", "common/entropy",
         "exchange 1, response body, JSON /Blob"},
        {"{\"NextToken\":\"AAAAAVmFyMTIzQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo\"}", NULL, NULL},
        {"{\"Token\":\"[secret:token]\"}", NULL, NULL},
    };
    ac_arena *arena = ac_test_arena();
    ac_redact_rules *rules = default_rules();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_redactor *redactor = ac_redactor_new(rules, NULL);
        ac_record record = record_of(arena, 1, "/", "", rows[i].answer);
        ac_leaks leaks = {0};
        ac_redact_scan(redactor, arena, &record, &leaks);
        ck_assert_uint_eq(leaks.count, rows[i].rule ? 1 : 0);
        if (rows[i].rule) {
            ck_assert_ac_str(leaks.items[0].rule, rows[i].rule);
            ck_assert_ac_str(leaks.items[0].place, rows[i].place);
        }
        leaks.count = 0;
        ac_redact_scan_text(redactor, arena, "out.har", ac_str_c(rows[i].answer), &leaks);
        ck_assert_uint_eq(leaks.count, rows[i].rule ? 1 : 0);
        ac_redactor_free(redactor);
    }
    ac_redact_rules_free(rules);
}
END_TEST

START_TEST(what_was_replaced_is_listed_in_order)
{
    ac_arena *arena = ac_test_arena();
    ac_redact_rules *rules = default_rules();
    ac_redactor *redactor = ac_redactor_new(rules, NULL);
    ac_record record = record_of(arena, 7, "/?Ip=10.1.2.3", "", "{\"Ips\":[\"10.1.2.3\",\"10.1.2.4\"]}");
    ac_redactor_learn(redactor, &record);
    ac_redact(redactor, arena, &record);
    size_t at = 0;
    ac_redacted one;
    ck_assert(ac_redactor_at(redactor, &at, &one));
    ck_assert_ac_str(one.value, "10.1.2.3");
    ck_assert_ac_str(one.pseudonym, "192.0.2.1");
    ck_assert_ac_str(one.rule, "common/ipv4");
    ck_assert_ac_str(one.place, "request target, Ip");
    ck_assert_uint_eq(one.exchange, 7);
    ck_assert_uint_eq(one.count, 2);
    ck_assert(ac_redactor_at(redactor, &at, &one));
    ck_assert_ac_str(one.place, "response body, JSON /Ips/1");
    ck_assert(!ac_redactor_at(redactor, &at, &one));
    ac_redactor_free(redactor);
    ac_redact_rules_free(rules);
}
END_TEST

AC_TEST_MAIN("recorder_redact", values_become_pseudonyms_of_their_form,
             pseudonyms_keep_the_formats_of_contracts, one_value_has_one_pseudonym_in_every_form,
             redacting_twice_changes_nothing, many_addresses_have_as_many_pseudonyms,
             rules_are_switched_off_and_added, bad_rules_are_refused_with_their_place,
             the_last_scan_says_where, what_was_replaced_is_listed_in_order)
