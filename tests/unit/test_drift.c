#include "drift/drift.h"

#include <stdio.h>
#include <string.h>

#include "drift/drift_parts.h"
#include "support.h"

#define OP     "p/q/v/Op"
#define OTHER  "p/q/v/Zed"
#define CREATE "alibaba/privatelink/2020-04-15/CreateVpcEndpoint"

/* ---- texts without what differs ---- */

START_TEST(what_differs_from_run_to_run_is_replaced)
{
    static const char *const table[][2] = {
        {"", ""},
        {"400 VpcNotFound: The specified VPC does not exist.",
         "400 VpcNotFound: The specified VPC does not exist."},
        {"id EFA487E4-20A7-4277-B911-8E23CA1596E9.", "id <uuid>."},
        {"EFA487E4-20A7-4277-B911-8E23CA1596E", "EFA487E4-20A7-4277-B911-8E23CA1596E"},
        {"nonce 7d6371c09432d0be26e1fbf617bac9ad", "nonce <hex>"},
        {"20261122T043304Z and 2026-11-22T04:33:04Z, 2026-11-22T04:33:04.123Z", "<time> and <time>, <time>"},
        {"Date: Sun, 22 Nov 2026 04:17:00 GMT", "Date: <time>"},
        {"\"vpc-3bbs0o2qyqsugy6gx3ed\"", "\"vpc-<made id>\""},
        {"com.x.cn-huhehaote.epsrv-hp3xdsq46ael67lo9999.y", "com.x.cn-huhehaote.epsrv-<made id>.y"},
        {"sg-fuupxglfldvzvwhglmkb", "sg-<made id>"},
        {"status-500-empty hmac-sha256 x-acs-signature-nonce",
         "status-500-empty hmac-sha256 x-acs-signature-nonce"},
        {"http://127.0.0.1:40123/a, [::1]:1, localhost:99", "http://<loopback>/a, <loopback>, <loopback>"},
        {"after 5003 ms, 1.25 s, 12seconds", "after <duration>, <duration>, <duration>"},
        {"5 msgs, 3 states, 9007199254740993", "5 msgs, 3 states, 9007199254740993"},
        {"28 more differences, not listed", "<number> more differences, not listed"},
        {"Cannot find '/srv/a/node_modules/b/c.js'", "Cannot find '<path>/node_modules/b/c.js'"},
        {"at file:///srv/app/x.mjs:3, /tmp/abc/d, /Result/endpointId",
         "at <path>:3, <path>, /Result/endpointId"},
        {"deadbeefdeadbeefgg", "deadbeefdeadbeefgg"},
        {"\xFF\n", "\\xFF\\n"},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_ac_str(drift_normal(ac_test_arena(), ac_str_c(table[i][0])), table[i][1]);
    }
}
END_TEST

START_TEST(the_number_of_an_element_is_no_place)
{
    static const char *const table[][2] = {
        {"", ""},
        {"/Items/0/Id", "/Items/*/Id"},
        {"/Items/12", "/Items/*"},
        {"/A1/b", "/A1/b"},
        {"Zone.1.VSwitchId", "Zone.N.VSwitchId"},
        {"SecurityGroupId.11", "SecurityGroupId.N"},
        {"Zone.N.ip", "Zone.N.ip"},
        {"x-acs-date", "x-acs-date"},
        {"/", "/"},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_ac_str(drift_normal_place(ac_test_arena(), ac_str_c(table[i][0])), table[i][1]);
    }
}
END_TEST

START_TEST(an_id_is_of_what_a_divergence_says_and_never_changes)
{
    const drift_entry base = {.operation = AC_STR(OP),
                              .kind = AC_STR("code"),
                              .place = AC_STR("/Code"),
                              .expected = AC_STR("a"),
                              .observed = AC_STR("b")};
    drift_entry others[6] = {base, base, base, base, base, base};
    ac_str id = drift_id(ac_test_arena(), &base);
    ck_assert_ac_str(id, "ca0a20a42960d2d3");
    others[0].operation = AC_STR(OTHER);
    others[1].kind = AC_STR("type");
    others[2].place = AC_STR("");
    others[3].expected = AC_STR("ab");
    others[4].observed = AC_STR("a");
    others[5].expected = AC_STR("b");
    for (size_t i = 0; i < AC_COUNT(others); i++) {
        ck_assert(!ac_str_eq(drift_id(ac_test_arena(), &others[i]), id));
    }
    drift_entry same = base;
    same.source = AC_STR("elsewhere");
    same.severity = DRIFT_LOW;
    ck_assert(ac_str_eq(drift_id(ac_test_arena(), &same), id));
}
END_TEST

START_TEST(kinds_have_a_severity_and_a_section)
{
    static const struct {
        const char *kind;
        int level;
        drift_severity severity;
        const char *title;
    } table[] = {
        {"hand-secret", 5, DRIFT_HIGH, "Handed to callers"},
        {"wire-fact", 5, DRIFT_NOTE, "Facts that no documentation rules"},
        {"wire-model", 5, DRIFT_LOW, "Parameters"},
        {"wire-something-new", 1, DRIFT_HIGH, "On the wire"},
        {"hand-something-new", 3, DRIFT_MEDIUM, "Handed to callers"},
        {"fault-something-new", 4, DRIFT_LOW, "Under faults"},
        {"doc-something-new", 0, DRIFT_LOW, "Between official sources"},
        {"code", 3, DRIFT_MEDIUM, "Answers of a target"},
        {"message", 5, DRIFT_LOW, "Answers of a target"},
        {"made-up", 99, DRIFT_LOW, "Answers of a target"},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ck_assert_int_eq(drift_severity_of(ac_str_c(table[i].kind), table[i].level), table[i].severity);
        ck_assert_str_eq(drift_groups[drift_group_of(ac_str_c(table[i].kind))].title, table[i].title);
    }
}
END_TEST

/* ---- streams ---- */

typedef struct told {
    const char *id;
    ac_word word;
    const char *kind, *place, *observed; /* kind NULL: no finding */
} told;

static void hear(ac_drift *drift, const char *target, int64_t started_ms, const told *verdicts, size_t count)
{
    ac_listener listener = ac_drift_listener(drift, ac_str_c(target));
    listener.head(listener.context, &(ac_run_head){.target = AC_STR("http://127.0.0.1:1"),
                                                   .client = AC_STR("@x/core 1.2.3, by the driver d: a note"),
                                                   .started_ms = started_ms});
    for (size_t i = 0; i < count; i++) {
        ac_shown_finding finding = {.kind = ac_str_c(verdicts[i].kind),
                                    .place = ac_str_c(verdicts[i].place),
                                    .expected = AC_STR("as documented"),
                                    .observed = ac_str_c(verdicts[i].observed),
                                    .source = AC_STR("documented: page, row 1"),
                                    .level = 3,
                                    .note = verdicts[i].word != AC_FAIL};
        ac_verdict v = {.id = ac_str_c(verdicts[i].id), .operation = AC_STR(OP), .word = verdicts[i].word};
        v.findings = &finding;
        v.finding_count = verdicts[i].kind ? 1 : 0;
        listener.verdict(listener.context, &v);
    }
    listener.tail(listener.context, &(ac_run_tail){.complete = true});
}

static ac_str written(ac_drift *drift)
{
    ac_str text;
    ac_err err = {0};
    ck_assert_msg(ac_drift_write(drift, ac_test_arena(), &text, &err), "%s", err.text);
    return text;
}

static ac_drift *read_again(ac_str text)
{
    ac_err err = {0};
    ac_drift *drift = ac_drift_read(text, "ledger.json", &err);
    ck_assert_msg(drift != NULL, "%s", err.text);
    return drift;
}

enum { DAY = 24 * 60 * 60 };
static const int64_t monday = 1781524800000; /* 2026-06-15T12:00:00Z */

static const told three[] = {
    {OP "/b", AC_FAIL, "code", "/Items/3/Code", "vpc-3bbs0o2qyqsugy6gx3ed"},
    {OP "/a", AC_FAIL, "code", "/Items/0/Code", "vpc-9bbs0o2qyqsugy6gx3ef"},
    {OP "/c", AC_PASS, "message", "", "text"},
};

START_TEST(one_divergence_of_many_cases_is_one_entry)
{
    ac_drift *drift = ac_drift_new();
    hear(drift, NULL, monday, three, AC_COUNT(three));
    ck_assert_uint_eq(ac_drift_changed(drift).first, 2);
    ck_assert_ac_str(
        written(drift),
        "{\n  \"accord\": 1,\n  \"targets\": [\n    {\n      \"target\": \"@x/core 1.2.3\",\n"
        "      \"about\": \"by the driver d: a note\"\n    }\n  ],\n  \"divergences\": [\n    {\n"
        "      \"id\": \"e2729c16ceded3cf\",\n      \"operation\": \"p/q/v/Op\",\n"
        "      \"kind\": \"code\",\n      \"place\": \"/Items/*/Code\",\n"
        "      \"severity\": \"medium\",\n      \"expected\": \"as documented\",\n"
        "      \"observed\": \"vpc-<made id>\",\n      \"source\": \"documented: page, row 1\",\n"
        "      \"seen\": [\n        {\n          \"target\": \"@x/core 1.2.3\",\n"
        "          \"first_seen\": \"2026-06-15T12:00:00Z\",\n"
        "          \"last_seen\": \"2026-06-15T12:00:00Z\",\n          \"count\": 2,\n"
        "          \"cases\": [\n            \"p/q/v/Op/a\",\n            \"p/q/v/Op/b\"\n          ]\n"
        "        }\n      ]\n    },\n    {\n      \"id\": \"c8a4c26088528bdf\",\n"
        "      \"operation\": \"p/q/v/Op\",\n      \"kind\": \"message\",\n      \"place\": \"\",\n"
        "      \"severity\": \"medium\",\n      \"note\": true,\n      \"expected\": \"as documented\",\n"
        "      \"observed\": \"text\",\n      \"source\": \"documented: page, row 1\",\n"
        "      \"seen\": [\n        {\n          \"target\": \"@x/core 1.2.3\",\n"
        "          \"first_seen\": \"2026-06-15T12:00:00Z\",\n"
        "          \"last_seen\": \"2026-06-15T12:00:00Z\",\n          \"count\": 1,\n"
        "          \"cases\": [\n            \"p/q/v/Op/c\"\n          ]\n        }\n      ]\n    }\n"
        "  ]\n}\n");
    ac_drift_free(drift);
}
END_TEST

START_TEST(the_order_of_cases_does_not_matter)
{
    enum { MANY = 20 };
    told forth[MANY], back[MANY];
    for (int i = 0; i < MANY; i++) {
        ac_str id = ac_str_printf(ac_test_arena(), OP "/case-%02d", i);
        forth[i] = (told){id.p, AC_FAIL, i % 3 ? "code" : "type", "/x", i % 2 ? "a" : "b"};
        back[MANY - 1 - i] = forth[i];
    }
    ac_drift *one = ac_drift_new();
    ac_drift *two = ac_drift_new();
    hear(one, "t", monday, forth, MANY);
    hear(two, "t", monday, back, MANY);
    ck_assert(ac_str_eq(written(one), written(two)));
    ac_drift_free(one);
    ac_drift_free(two);
}
END_TEST

START_TEST(a_ledger_reads_back_as_it_was_written)
{
    ac_drift *drift = ac_drift_new();
    hear(drift, "a", monday, three, AC_COUNT(three));
    hear(drift, "b\"\n<x>", monday, three, 1);
    ac_str text = written(drift);
    ac_drift_free(drift);
    drift = read_again(text);
    ck_assert(ac_str_eq(written(drift), text));
    hear(drift, "a", monday, three, AC_COUNT(three));
    ck_assert(ac_str_eq(written(drift), text));
    ck_assert_uint_eq(ac_drift_changed(drift).first, 0);
    ck_assert_uint_eq(ac_drift_changed(drift).again, 2);
    ac_drift_free(drift);
    drift = ac_drift_new();
    text = written(drift);
    ac_drift_free(drift);
    drift = read_again(text);
    ck_assert(ac_str_eq(written(drift), text));
    ac_drift_free(drift);
}
END_TEST

static const drift_seen *seen_in(const ac_drift *drift, const char *kind, const char *target)
{
    for (size_t i = 0; i < drift->entries.count; i++) {
        const drift_entry *entry = &drift->entries.items[i];
        for (size_t k = 0; ac_str_is(entry->kind, kind) && k < entry->seen.count; k++) {
            if (ac_str_is(entry->seen.items[k].target, target)) {
                return &entry->seen.items[k];
            }
        }
    }
    return NULL;
}

START_TEST(what_is_no_longer_shown_is_gone_until_it_comes_back)
{
    static const told fixed[] = {{OP "/a", AC_PASS, NULL, NULL, NULL},
                                 {OP "/c", AC_BLOCKED, NULL, NULL, NULL}};
    ac_drift *drift = ac_drift_new();
    hear(drift, "t", monday, three, AC_COUNT(three));
    hear(drift, "u", monday, three, AC_COUNT(three));
    hear(drift, "t", monday + 1000 * (int64_t)DAY, fixed, AC_COUNT(fixed));
    ck_assert_uint_eq(ac_drift_changed(drift).gone, 1);
    ck_assert_ac_str(seen_in(drift, "code", "t")->gone, "2026-06-16T12:00:00Z");
    ck_assert_ac_str(seen_in(drift, "code", "t")->last_seen, "2026-06-15T12:00:00Z");
    ck_assert_ptr_null(seen_in(drift, "message", "t")->gone.p);
    ck_assert_ptr_null(seen_in(drift, "code", "u")->gone.p);
    ac_str text = written(drift);
    ac_drift_free(drift);
    drift = read_again(text);
    ck_assert_ac_str(seen_in(drift, "code", "t")->gone, "2026-06-16T12:00:00Z");
    hear(drift, "t", monday + 2000 * (int64_t)DAY, three, 1);
    ck_assert_ptr_null(seen_in(drift, "code", "t")->gone.p);
    ck_assert_ac_str(seen_in(drift, "code", "t")->first_seen, "2026-06-15T12:00:00Z");
    ck_assert_ac_str(seen_in(drift, "code", "t")->last_seen, "2026-06-17T12:00:00Z");
    ck_assert_int_eq(seen_in(drift, "code", "t")->count, 1);
    ac_drift_free(drift);
}
END_TEST

START_TEST(an_old_stream_heard_late_changes_the_first_day_only)
{
    ac_drift *drift = ac_drift_new();
    hear(drift, "t", monday, three, AC_COUNT(three));
    hear(drift, "t", monday - 1000 * (int64_t)DAY, three, 1);
    ck_assert_ac_str(seen_in(drift, "code", "t")->first_seen, "2026-06-14T12:00:00Z");
    ck_assert_ac_str(seen_in(drift, "code", "t")->last_seen, "2026-06-15T12:00:00Z");
    ck_assert_int_eq(seen_in(drift, "code", "t")->count, 2);
    ck_assert_ptr_null(seen_in(drift, "message", "t")->gone.p);
    ac_drift_free(drift);
}
END_TEST

/* ---- files that are wrong ---- */

#define LEDGER(entries) "{\"accord\":1,\"targets\":[],\"divergences\":[" entries "]}"
#define ENTRY(id, operation, seen)                                                                           \
    "{\"id\":\"" id "\",\"operation\":\"" operation                                                          \
    "\",\"kind\":\"code\",\"place\":\"\",\"severity\":\"low\",\"seen\":[" seen "]}"
#define SEEN(time, count)                                                                                    \
    "{\"target\":\"t\",\"first_seen\":\"" time "\",\"last_seen\":\"" time "\",\"count\":" count "}"
#define TIME "2026-06-15T12:00:00Z"

START_TEST(a_ledger_that_is_wrong_is_refused_with_its_place)
{
    static const struct {
        const char *text, *error;
    } bad[] = {
        {"", "ledger.json: line 1, column 1: "},
        {"[]", "/: an object is expected"},
        {"{\"accord\":2,\"targets\":[],\"divergences\":[]}", "/accord: format version 1"},
        {"{\"accord\":1,\"targets\":[]}", "key \"divergences\" is missing"},
        {LEDGER(ENTRY("a", OP, "")), "/divergences/0/seen: at least one target"},
        {LEDGER(ENTRY("a", "p/q/v", SEEN(TIME, "1"))), "/operation: provider/product/version/Operation"},
        {LEDGER(ENTRY("a", "p/q/v/../x", SEEN(TIME, "1"))), "/operation: provider/product"},
        {LEDGER(ENTRY("a", "p/q/v/..", SEEN(TIME, "1"))), "/operation: provider/product"},
        {LEDGER(ENTRY("a", "p/q/v/a\\nb", SEEN(TIME, "1"))), "/operation: provider/product"},
        {LEDGER(ENTRY("a", OP, SEEN("yesterday", "1"))), "/seen/0/first_seen: a time such as"},
        {LEDGER(ENTRY("a", OP, SEEN(TIME, "0"))), "/count: a number from 1"},
        {LEDGER(ENTRY("a", OP, SEEN(TIME, "1")) "," ENTRY("a", OP, SEEN(TIME, "1"))),
         "/divergences: two have"},
        {LEDGER("{\"severity\":\"severe\"}"), "/severity: unknown value \"severe\""},
    };
    for (size_t i = 0; i < AC_COUNT(bad); i++) {
        ac_err err = {0};
        ck_assert_msg(!ac_drift_read(ac_str_c(bad[i].text), "ledger.json", &err), "%s", bad[i].text);
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        ck_assert_ac_err(err, "ledger.json: ");
        ck_assert_ac_err(err, bad[i].error);
    }
    ac_drift_free(NULL);
}
END_TEST

START_TEST(operations_are_safe_names_of_files)
{
    static const char *const bad[] = {"",       "/",        "a/b/c",     "a/b/c/d/e",  "a/b/c/",
                                      "/a/b/c", "a/b/c/.d", "a/b/c/d e", "a/b/c/d\\e", "../b/c/d"};
    ck_assert(drift_is_operation(AC_STR("alibaba/privatelink/2020-04-15/CreateVpcEndpoint")));
    ck_assert(drift_is_operation(AC_STR("a/b.c/1.0_x/D")));
    for (size_t i = 0; i < AC_COUNT(bad); i++) {
        ck_assert_msg(!drift_is_operation(ac_str_c(bad[i])), "%s", bad[i]);
    }
}
END_TEST

/* ---- contracts ---- */

START_TEST(contracts_say_where_sources_do_not_agree)
{
    ac_err err = {0};
    ac_corpus *corpus = ac_corpus_load(NULL, "cases", &err);
    ck_assert_msg(corpus != NULL, "%s", err.text);
    static ac_str cite = AC_STR_INIT("meta:request");
    const ac_contract *create = ac_corpus_contract(corpus, AC_STR(CREATE));
    create->parameters.items[3].cite = (ac_strs){&cite, 1}; /* as if the page did not have it */
    ac_drift *drift = ac_drift_new();
    ac_drift_look_at(drift, corpus, monday);
    size_t inconsistencies = 0, found = 0, later = 0, fields = 0;
    for (size_t i = 0; i < corpus->contract_count; i++) {
        inconsistencies += corpus->contracts[i]->inconsistencies.count;
    }
    for (size_t i = 0; i < drift->entries.count; i++) {
        const drift_entry *entry = &drift->entries.items[i];
        found += ac_str_is(entry->kind, "doc-inconsistency");
        later += ac_str_is(entry->kind, "doc-parameter");
        fields += ac_str_is(entry->kind, "doc-field");
        ck_assert_ac_str(entry->seen.items[0].target, "documentation");
        ck_assert(entry->source.n > 0 && entry->observed.n > 0);
    }
    ck_assert_uint_gt(inconsistencies, 100);
    ck_assert_uint_eq(found, inconsistencies);
    ck_assert_uint_gt(fields, 0);
    ck_assert_uint_eq(later, 1);
    ac_str text = written(drift);
    ac_drift_look_at(drift, corpus, monday + 1000);
    ck_assert_uint_eq(ac_drift_changed(drift).gone, 0);
    ck_assert(!ac_str_eq(written(drift), text)); /* seen a second later */
    ac_drift_free(drift);
    ac_corpus_free(corpus);
}
END_TEST

/* ---- pages ---- */

typedef struct kept_pages {
    ac_str names[8], texts[8];
    size_t count, most;
} kept_pages;

static bool keep_page(void *context, ac_str name, ac_str text, ac_err *err)
{
    kept_pages *kept = context;
    ck_assert_uint_lt(kept->count, AC_COUNT(kept->names));
    kept->names[kept->count] = ac_str_dup(ac_test_arena(), name);
    kept->texts[kept->count++] = ac_str_dup(ac_test_arena(), text);
    return kept->most == 0 || kept->count < kept->most || ac_fail(err, AC_ERR_INTERNAL, "the disk is full");
}

static kept_pages pages_of(ac_drift *drift, ac_drift_format format, bool dates)
{
    ac_err err = {0};
    kept_pages kept = {.count = 0};
    const ac_drift_pages pages = {format, dates, keep_page, &kept};
    ck_assert_msg(ac_drift_render(drift, &pages, &err), "%s", err.text);
    return kept;
}

#define ck_assert_has(text, part)                                                                            \
    ck_assert_msg(ac_str_find((text), ac_str_c(part)) != AC_NOT_FOUND, "no \"%s\" in:\n%.*s", (part),        \
                  AC_STR_FMT(text))
#define ck_assert_lacks(text, part)                                                                          \
    ck_assert_msg(ac_str_find((text), ac_str_c(part)) == AC_NOT_FOUND, "\"%s\" in:\n%.*s", (part),           \
                  AC_STR_FMT(text))

static ac_drift *with_everything(void)
{
    static const told all[] = {
        {OP "/a", AC_FAIL, "code", "/Code", "400 <script>alert(1)</script> | `x` \n @someone #1"},
        {OP "/b", AC_FAIL, "code", "/Code", "400 <script>alert(1)</script> | `x` \n @someone #1"},
        {OP "/c", AC_PASS, "fault-outcome", "reset", "an error"},
        {OP "/d", AC_PASS, "wire-fact", "method", "POST"},
    };
    static const told other[] = {{OP "/c", AC_PASS, "fault-outcome", "reset", "a retry"},
                                 {OP "/d", AC_PASS, "wire-fact", "method", "POST"}};
    ac_drift *drift = ac_drift_new();
    hear(drift, "one | two", monday, all, AC_COUNT(all));
    hear(drift, "three", monday, other, AC_COUNT(other));
    return drift;
}

START_TEST(pages_in_markdown_escape_what_targets_send)
{
    ac_drift *drift = with_everything();
    kept_pages kept = pages_of(drift, AC_DRIFT_MARKDOWN, false);
    ck_assert_uint_eq(kept.count, 2);
    ck_assert_ac_str(kept.names[0], "README.md");
    ck_assert_ac_str(kept.names[1], "p.q.v.Op.md");
    ck_assert_has(kept.texts[0], "| [<code>p/q/v/Op</code>](p.q.v.Op.md) | 0 | 1 | 0 | 3 |");
    ck_assert_has(kept.texts[0], "| one &#124; two | 0 | 1 | 0 | 2 | by the driver d: a note |");
    ck_assert_has(kept.texts[1], "# Op\n\n<code>p/q/v/Op</code>\n");
    ck_assert_has(
        kept.texts[1],
        "| medium | code | <code>/Code</code> | <code>as documented</code> | <code>400 "
        "&lt;script&gt;alert(1)&lt;/script&gt; &#124; &#96;x&#96; &#92;n &#64;someone &#35;1</code> | "
        "one &#124; two (2) | <code>");
    ck_assert_has(kept.texts[1], "| kind | where | documented | one &#124; two | three |");
    ck_assert_has(kept.texts[1],
                  "| fault-outcome | <code>reset</code> | as documented | <code>an error</code> | "
                  "<code>a retry</code> |");
    ck_assert_has(kept.texts[1], "| wire-fact | <code>method</code> | as documented | <code>POST</code> | "
                                 "<code>POST</code> |");
    ck_assert_lacks(kept.texts[1], "2026-");
    ck_assert_lacks(kept.texts[0], "2026-");
    ac_drift_free(drift);
}
END_TEST

START_TEST(pages_in_html_escape_what_targets_send)
{
    ac_drift *drift = with_everything();
    kept_pages kept = pages_of(drift, AC_DRIFT_HTML, false);
    ck_assert_ac_str(kept.names[0], "index.html");
    ck_assert_ac_str(kept.names[1], "p.q.v.Op.html");
    ck_assert_has(kept.texts[0], "<a href=\"p.q.v.Op.html\"><code>p/q/v/Op</code></a>");
    ck_assert_has(kept.texts[1],
                  "<code>400 &lt;script&gt;alert(1)&lt;/script&gt; | `x` \\n @someone #1</code>");
    for (size_t i = 0; i < kept.count; i++) {
        ck_assert(ac_str_starts(kept.texts[i], AC_STR("<!DOCTYPE html>\n<html lang=\"en\">")));
        ck_assert(ac_str_ends(kept.texts[i], AC_STR("</html>\n")));
        ck_assert_lacks(kept.texts[i], "<script");
        ck_assert_lacks(kept.texts[i], "http://");
        ck_assert_lacks(kept.texts[i], "2026-");
    }
    ac_drift_free(drift);
}
END_TEST

START_TEST(dates_and_what_is_gone_are_shown_when_asked_for)
{
    static const told fixed[] = {{OP "/a", AC_PASS, NULL, NULL, NULL}};
    ac_drift *drift = with_everything();
    hear(drift, "one | two", monday + 1000 * (int64_t)DAY, fixed, 1);
    kept_pages plain = pages_of(drift, AC_DRIFT_MARKDOWN, false);
    ck_assert_lacks(plain.texts[1], "script");
    ac_drift *cured = ac_drift_new();
    hear(cured, "t", monday, three, 1);
    hear(cured, "t", monday + 1000 * (int64_t)DAY, (told[]){{OP "/b", AC_PASS, NULL, NULL, NULL}}, 1);
    ck_assert_uint_eq(pages_of(cured, AC_DRIFT_MARKDOWN, false).count, 1);
    ck_assert_uint_eq(pages_of(cured, AC_DRIFT_MARKDOWN, true).count, 2);
    ac_drift_free(cured);
    kept_pages kept = pages_of(drift, AC_DRIFT_MARKDOWN, true);
    ck_assert_has(kept.texts[1], "## No longer seen");
    ck_assert_has(kept.texts[1], "| one &#124; two | 2026-06-15T12:00:00Z | 2026-06-16T12:00:00Z | <code>");
    drift_entry *entry = &drift->entries.items[0];
    entry->seen.items[0].gone = (ac_str){NULL, 0};
    kept = pages_of(drift, AC_DRIFT_MARKDOWN, true);
    ck_assert_has(kept.texts[1], "| shown by | first seen | last seen | id |");
    ac_drift_free(drift);
}
END_TEST

START_TEST(the_same_ledger_gives_the_same_pages)
{
    ac_drift *drift = with_everything();
    ac_drift *again = read_again(written(drift));
    for (int format = 0; format < 2; format++) {
        kept_pages one = pages_of(drift, (ac_drift_format)format, true);
        kept_pages two = pages_of(again, (ac_drift_format)format, true);
        ck_assert_uint_eq(one.count, two.count);
        for (size_t i = 0; i < one.count; i++) {
            ck_assert(ac_str_eq(one.texts[i], two.texts[i]) && ac_str_eq(one.names[i], two.names[i]));
        }
    }
    ac_drift_free(drift);
    ac_drift_free(again);
}
END_TEST

START_TEST(a_page_that_cannot_be_written_ends_it)
{
    for (size_t most = 1; most <= 2; most++) {
        ac_err err = {0};
        kept_pages kept = {.most = most};
        ac_drift *drift = with_everything();
        const ac_drift_pages pages = {AC_DRIFT_HTML, false, keep_page, &kept};
        ck_assert(!ac_drift_render(drift, &pages, &err));
        ck_assert_ac_err(err, "the disk is full");
        ck_assert_uint_eq(kept.count, most);
        ac_drift_free(drift);
    }
}
END_TEST

AC_TEST_MAIN("drift", what_differs_from_run_to_run_is_replaced, the_number_of_an_element_is_no_place,
             an_id_is_of_what_a_divergence_says_and_never_changes, kinds_have_a_severity_and_a_section,
             one_divergence_of_many_cases_is_one_entry, the_order_of_cases_does_not_matter,
             a_ledger_reads_back_as_it_was_written, what_is_no_longer_shown_is_gone_until_it_comes_back,
             an_old_stream_heard_late_changes_the_first_day_only,
             a_ledger_that_is_wrong_is_refused_with_its_place, operations_are_safe_names_of_files,
             contracts_say_where_sources_do_not_agree, pages_in_markdown_escape_what_targets_send,
             pages_in_html_escape_what_targets_send, dates_and_what_is_gone_are_shown_when_asked_for,
             the_same_ledger_gives_the_same_pages, a_page_that_cannot_be_written_ends_it)
