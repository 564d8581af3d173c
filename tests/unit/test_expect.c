#include "expect/expect.h"

#include <stdio.h>

#include "base/text.h"
#include "expect/expect_parts.h"
#include "support.h"

#define FILE_OF(entries) "{\"accord\":1,\"target\":\"mock\",\"expectations\":[" entries "]}"
#define ENTRY(cases, verdict, more)                                                                          \
    "{\"cases\":" cases ",\"verdict\":\"" verdict "\",\"reason\":\"why\"" more "}"

/* 2026-06-15T12:00:00Z */
enum { NOW_S = 1781524800 };
static const ac_expect_options reading = {.now_ms = (int64_t)NOW_S * 1000};
static const ac_expect_options updating = {.now_ms = (int64_t)NOW_S * 1000, .updating = true};

static ac_expectations *read_with(const char *text, const ac_expect_options *options)
{
    ac_err err = {0};
    ac_expectations *list = ac_expect_new(ac_str_c(text), "list.json", options, &err);
    ck_assert_msg(list != NULL, "%s: %s", text, err.text);
    return list;
}

/* ---- reading ---- */

START_TEST(a_list_that_is_wrong_is_refused_with_its_place)
{
    static const struct {
        const char *text, *error;
    } bad[] = {
        {"", "list.json: line 1, column 1: "},
        {"[]", "list.json: /: an object is expected here"},
        {"{\"accord\":1,\"expectations\":[]}", "list.json: /: key \"target\" is missing"},
        {"{\"accord\":2,\"target\":\"mock\",\"expectations\":[]}", "/accord: format version 1"},
        {"{\"accord\":1,\"target\":[],\"expectations\":[]}", "/target: at least one pattern"},
        {"{\"accord\":1,\"target\":\"\",\"expectations\":[]}", "/target: a pattern is empty"},
        {FILE_OF("{\"verdict\":\"fail\",\"reason\":\"a\"}"), "/expectations/0: key \"cases\" is missing"},
        {FILE_OF("{\"cases\":\"a\",\"verdict\":\"fail\"}"), "/expectations/0: key \"reason\" is missing"},
        {FILE_OF("{\"cases\":\"a\",\"verdict\":\"fail\",\"reason\":\" \\t\"}"),
         "/0/reason: a reason is needed"},
        {FILE_OF("{\"cases\":\"a\",\"reason\":\"a\"}"), "/expectations/0: key \"verdict\" is missing"},
        {FILE_OF(ENTRY("\"a\"", "fails", "")), "/verdict: unknown value \"fails\"; did you mean \"fail\"?"},
        {FILE_OF(ENTRY("\"a\"", "pass", "")), "/verdict: unknown value \"pass\""},
        {FILE_OF(ENTRY("[]", "fail", "")), "/cases: at least one pattern is needed"},
        {FILE_OF(ENTRY("[\"a\",\"\"]", "fail", "")), "/cases: a pattern is empty"},
        {FILE_OF(ENTRY("\"a\"", "fail", ",\"kinds\":[]")), "/kinds: an empty list covers nothing"},
        {FILE_OF(ENTRY("\"a\"", "error", ",\"kinds\":\"code\"")), "/kinds: goes with the verdicts"},
        {FILE_OF(ENTRY("\"a\"", "skip", ",\"places\":\"/a\"")), "/places: goes with the verdicts"},
        {FILE_OF(ENTRY("\"a\"", "fail", ",\"expires\":\"2027-02-30\"")), "/expires: a day such as"},
        {FILE_OF(ENTRY("\"a\"", "fail", ",\"expires\":\"2027-01-01T00:00:00Z\"")), "/expires: a day such as"},
        {FILE_OF(ENTRY("\"a\"", "fail", ",\"expires\":\"\"")), "/expires: a day such as"},
        {FILE_OF(ENTRY("\"a\"", "fail", "") "," ENTRY("\"a\"", "fail", ",\"tikcet\":\"\"")),
         "/expectations/1/tikcet: unknown key \"tikcet\"; did you mean \"ticket\"?"},
    };
    for (size_t i = 0; i < AC_COUNT(bad); i++) {
        ac_err err = {0};
        ck_assert_msg(!ac_expect_new(ac_str_c(bad[i].text), "list.json", &reading, &err), "%s", bad[i].text);
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        ck_assert_ac_err(err, "list.json: ");
        ck_assert_ac_err(err, bad[i].error);
    }
    ac_expect_free(NULL);
}
END_TEST

START_TEST(a_reason_that_nobody_wrote_is_refused_but_by_an_update)
{
    static const char text[] =
        FILE_OF("{\"cases\":\"a\",\"verdict\":\"fail\",\"reason\":\"to be explained\"}");
    ac_err err = {0};
    ck_assert_ptr_null(ac_expect_new(ac_str_c(text), "list.json", &reading, &err));
    ck_assert_ac_err(err, "list.json: /expectations/0/reason: nobody has said yet why");
    ac_expect_free(read_with(text, &updating));
}
END_TEST

START_TEST(a_list_is_for_its_target)
{
    static const struct {
        const char *listed, *target;
        bool accepted;
    } table[] = {
        {"\"mock\"", "mock", true},
        {"\"mock\"", "http://127.0.0.1:1", false},
        {"\"http://127.0.0.1:*\"", "http://127.0.0.1:8085", true},
        {"\"http://127.0.0.1:*\"", "http://127.0.0.2:8085", false},
        {"[\"mock\",\"sdk:*\"]", "sdk:driver --fast", true},
        {"\"**\"", "./profiles/a.json", true},
        {"\"http://a/\"", "http://a/", true},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ac_err err = {0};
        ac_str text = ac_str_printf(ac_test_arena(), "{\"accord\":1,\"target\":%s,\"expectations\":[]}",
                                    table[i].listed);
        ac_expectations *list = read_with(text.p, &reading);
        ck_assert_msg(ac_expect_accepts(list, ac_str_c(table[i].target), &err) == table[i].accepted, "%s %s",
                      table[i].listed, table[i].target);
        if (!table[i].accepted) {
            ck_assert_int_eq(err.kind, AC_ERR_USAGE);
            ck_assert_ac_err(err, "list.json: /target: the list is for \"");
        }
        ac_expect_free(list);
    }
}
END_TEST

/* ---- searching ---- */

static const char *const some_ids[] = {"a",        "a/b",  "a/b/c",     "a/b/c/d",   "a/bb/c",
                                       "b/b/c",    "ab/c", "p/q/v/O/x", "p/q/v/O/y", "p/q/v/P/x",
                                       "p/q/v/O*", "x",    "a//b"};

START_TEST(what_is_found_is_what_a_glob_finds)
{
    static const char *const patterns[] = {"a",        "a/b",  "a/",     "a/*",       "a/**",  "*",
                                           "**",       "**/c", "a/b*/c", "?",         "a/?",   "p/q/*/O/x",
                                           "p/q/v/O*", "**/O", "*/b",    "a/b/c/d/e", "a//b*", "p/**/x"};
    ac_buf text;
    ac_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < AC_COUNT(patterns); i++) {
        ac_buf_printf(&text, "%s" ENTRY("\"%s\"", "fail", ""), i > 0 ? "," : "", patterns[i]);
    }
    ac_str file = ac_str_printf(ac_test_arena(), FILE_OF("%s"), text.p);
    ac_expectations *list = read_with(file.p, &reading);
    for (size_t i = 0; i < AC_COUNT(some_ids); i++) {
        size_t expected = 0;
        expect_find(list, ac_str_c(some_ids[i]));
        for (size_t k = 0; k < AC_COUNT(patterns); k++) {
            if (ac_glob_match(ac_str_c(patterns[k]), ac_str_c(some_ids[i]))) {
                ck_assert_msg(expected < list->found_count && list->found[expected]->entry == k, "%s %s",
                              some_ids[i], patterns[k]);
                expected++;
            }
        }
        ck_assert_uint_eq(expected, list->found_count);
    }
    ac_buf_done(&text);
    ac_expect_free(list);
}
END_TEST

/* ---- a run ---- */

#define OP "p/q/v/O"

typedef struct heard {
    ac_standing standings[16];
    char reasons[16][32];
    size_t count;
    ac_run_tail tail;
    int heads, tails;
} heard;

static void hear_head(void *context, const ac_run_head *head)
{
    (void)head;
    ((heard *)context)->heads++;
}

static void hear_verdict(void *context, const ac_verdict *v)
{
    heard *h = context;
    ck_assert_uint_lt(h->count, AC_COUNT(h->standings));
    h->standings[h->count] = v->standing;
    snprintf(h->reasons[h->count++], sizeof h->reasons[0], "%.*s", AC_STR_FMT(v->standing_reason));
}

static void hear_tail(void *context, const ac_run_tail *tail)
{
    heard *h = context;
    h->tails++;
    h->tail = *tail;
}

/* "OP/name" and "kind at place;kind at place", notes as "-kind". */
typedef struct told {
    const char *name;
    ac_word word;
    const char *findings;
} told;

static ac_verdict verdict_of(const told *t)
{
    ac_arena *arena = ac_test_arena();
    ac_verdict v = {.id = ac_str_printf(arena, OP "/%s", t->name), .operation = AC_STR(OP), .word = t->word};
    v.findings = AC_NEW_ARRAY(arena, 8, ac_shown_finding);
    ac_str rest = ac_str_c(t->findings);
    while (rest.n > 0) {
        ac_str place;
        ac_str kind = ac_str_split(ac_str_split(rest, ';', &rest), '@', &place);
        bool note = ac_str_starts(kind, AC_STR("-"));
        v.findings[v.finding_count++] = (ac_shown_finding){
            .kind = note ? ac_str_sub(kind, 1, kind.n) : kind, .place = place, .level = 3, .note = note};
    }
    return v;
}

/* The cases of the run, and further ones that are not selected, up to a NULL name. */
static heard run(ac_expectations *list, const told *verdicts, size_t count, const char *const *others,
                 bool complete)
{
    heard h = {.count = 0};
    ac_expect_case *cases = AC_NEW_ARRAY(ac_test_arena(), count + 16, ac_expect_case);
    size_t case_count = 0;
    for (; case_count < count; case_count++) {
        cases[case_count] = (ac_expect_case){verdict_of(&verdicts[case_count]).id, true};
    }
    for (size_t i = 0; others && others[i]; i++) {
        cases[case_count++] = (ac_expect_case){ac_str_printf(ac_test_arena(), OP "/%s", others[i]), false};
    }
    ac_expect_plan(list, cases, case_count);
    const ac_listener to = {&h, hear_head, hear_verdict, hear_tail};
    const ac_listener listener = ac_expect_listener(list, &to, 1);
    ac_run_tail tail = {.complete = complete, .requests = 7};
    ck_assert_ptr_null(ac_expect_tail(list));
    listener.head(listener.context, &(ac_run_head){.planned = count});
    for (size_t i = 0; i < count; i++) {
        ac_verdict v = verdict_of(&verdicts[i]);
        tail.counts[v.word]++;
        listener.verdict(listener.context, &v);
    }
    listener.tail(listener.context, &tail);
    ck_assert_int_eq(h.heads + h.tails, 2);
    ck_assert_int_eq(h.tail.requests, 7);
    for (size_t i = 0; i < AC_WORDS; i++) {
        ck_assert_int_eq(h.tail.counts[i], tail.counts[i]);
    }
    return h;
}

static const struct {
    const char *entries;
    told verdict;
    ac_standing standing;
    const char *reason;
} standings[] = {
    /* by word */
    {ENTRY("\"" OP "/a\"", "fail", ""), {"a", AC_FAIL, "code"}, AC_STANDING_KNOWN, "why"},
    {ENTRY("\"" OP "/a\"", "fail", ""), {"a", AC_PASS, ""}, AC_STANDING_FIXED, "why"},
    {ENTRY("\"" OP "/a\"", "fail", ""), {"a", AC_ERROR, ""}, AC_STANDING_NONE, ""},
    {ENTRY("\"" OP "/a\"", "fail", ""), {"a", AC_BLOCKED, ""}, AC_STANDING_NONE, ""},
    {ENTRY("\"" OP "/a\"", "fail", ""), {"a", AC_SKIP, ""}, AC_STANDING_NONE, ""},
    {ENTRY("\"" OP "/a\"", "fail", ""), {"b", AC_FAIL, "code"}, AC_STANDING_NONE, ""},
    {ENTRY("\"" OP "/a\"", "error", ""), {"a", AC_ERROR, ""}, AC_STANDING_KNOWN, "why"},
    {ENTRY("\"" OP "/a\"", "error", ""), {"a", AC_FAIL, "code"}, AC_STANDING_NONE, ""},
    {ENTRY("\"" OP "/a\"", "blocked", ""), {"a", AC_BLOCKED, ""}, AC_STANDING_KNOWN, "why"},
    {ENTRY("\"" OP "/a\"", "blocked", ""), {"a", AC_ERROR, ""}, AC_STANDING_NONE, ""},
    {ENTRY("\"" OP "/a\"", "skip", ""), {"a", AC_SKIP, ""}, AC_STANDING_KNOWN, "why"},
    {ENTRY("\"" OP "/a\"", "skip", ""), {"a", AC_PASS, ""}, AC_STANDING_FIXED, "why"},
    {ENTRY("\"" OP "/a\"", "skip", ""), {"a", AC_FAIL, "code"}, AC_STANDING_NONE, ""},
    {ENTRY("\"" OP "/a\"", "flaky", ""), {"a", AC_PASS, ""}, AC_STANDING_FLAKY, "why"},
    {ENTRY("\"" OP "/a\"", "flaky", ""), {"a", AC_FAIL, "code"}, AC_STANDING_FLAKY, "why"},
    {ENTRY("\"" OP "/a\"", "flaky", ""), {"a", AC_ERROR, ""}, AC_STANDING_FLAKY, "why"},
    {ENTRY("\"" OP "/a\"", "flaky", ""), {"a", AC_SKIP, ""}, AC_STANDING_NONE, ""},
    /* by kind and place */
    {ENTRY("\"" OP "/a\"", "fail", ",\"kinds\":[\"code\",\"type\"]"),
     {"a", AC_FAIL, "code;type@/x;-value"},
     AC_STANDING_KNOWN,
     "why"},
    {ENTRY("\"" OP "/a\"", "fail", ",\"kinds\":\"code\""), {"a", AC_FAIL, "code;type"}, AC_STANDING_NONE, ""},
    {ENTRY("\"" OP "/a\"", "fail", ",\"places\":[\"/Items/*/State\"]"),
     {"a", AC_FAIL, "code@/Items/0/State;type@/Items/1/State"},
     AC_STANDING_KNOWN,
     "why"},
    {ENTRY("\"" OP "/a\"", "fail", ",\"places\":[\"/Items/*/State\"]"),
     {"a", AC_FAIL, "code@/Items/0/Id"},
     AC_STANDING_NONE,
     ""},
    {ENTRY("\"" OP "/a\"", "fail", ",\"places\":\"\""), {"a", AC_FAIL, "code"}, AC_STANDING_KNOWN, "why"},
    {ENTRY("\"" OP "/a\"", "fail", ",\"places\":\"\""), {"a", AC_FAIL, "code@/x"}, AC_STANDING_NONE, ""},
    {ENTRY("\"" OP "/a\"", "flaky", ",\"kinds\":\"code\""), {"a", AC_ERROR, ""}, AC_STANDING_NONE, ""},
    {ENTRY("\"" OP "/a\"", "flaky", ",\"kinds\":\"code\""), {"a", AC_PASS, ""}, AC_STANDING_FLAKY, "why"},
    /* several entries add up */
    {ENTRY("\"" OP "/a\"", "fail", ",\"kinds\":\"code\"") "," ENTRY("\"**/a\"", "fail",
                                                                    ",\"kinds\":\"type\""),
     {"a", AC_FAIL, "type;code"},
     AC_STANDING_KNOWN,
     "why"},
    {ENTRY("\"**\"", "flaky", ",\"kinds\":\"code\"") ",{\"cases\":\"" OP
                                                     "/a\",\"verdict\":\"fail\",\"reason\":\"b\"}",
     {"a", AC_FAIL, "type;code"},
     AC_STANDING_KNOWN,
     "b"},
    {ENTRY("\"" OP "/a\"", "fail", "") "," ENTRY("\"**\"", "flaky", ""),
     {"a", AC_PASS, ""},
     AC_STANDING_FLAKY,
     "why"},
    /* expiry: the last day is over, or not */
    {ENTRY("\"" OP "/a\"", "fail", ",\"expires\":\"2026-06-15\""),
     {"a", AC_FAIL, "code"},
     AC_STANDING_KNOWN,
     "why"},
    {ENTRY("\"" OP "/a\"", "fail", ",\"expires\":\"2026-06-14\""),
     {"a", AC_FAIL, "code"},
     AC_STANDING_NONE,
     ""},
    {ENTRY("\"" OP "/a\"", "flaky", ",\"expires\":\"2026-06-14\""),
     {"a", AC_PASS, ""},
     AC_STANDING_FIXED,
     "why"},
};

START_TEST(verdicts_have_a_standing)
{
    for (size_t i = 0; i < AC_COUNT(standings); i++) {
        ac_str text = ac_str_printf(ac_test_arena(), FILE_OF("%s"), standings[i].entries);
        ac_expectations *list = read_with(text.p, &reading);
        ac_verdict v = verdict_of(&standings[i].verdict);
        heard h = run(list, &standings[i].verdict, 1, NULL, true);
        ck_assert_msg(h.standings[0] == standings[i].standing, "%zu: %s", i,
                      ac_standing_names[h.standings[0]]);
        ck_assert_str_eq(h.reasons[0], standings[i].reason);
        v.standing = h.standings[0];
        ck_assert_int_eq(h.tail.known, v.standing == AC_STANDING_KNOWN);
        ck_assert_int_eq(h.tail.fixed, v.standing == AC_STANDING_FIXED);
        ck_assert_int_eq(h.tail.flaky, v.standing == AC_STANDING_FLAKY);
        ck_assert_int_eq(h.tail.excused[v.word], ac_verdict_excused(&v));
        v.standing = AC_STANDING_NONE;
        ck_assert_int_eq(ac_expect_excuses(list, &v), h.tail.excused[v.word]);
        ac_expect_free(list);
    }
}
END_TEST

START_TEST(the_id_of_a_case_names_that_case_alone)
{
    static const told verdicts[] = {
        {"a", AC_FAIL, "code"}, {"a/row-2", AC_FAIL, "code"}, {"b/c", AC_FAIL, "code"}};
    ac_expectations *list = read_with(FILE_OF(ENTRY("[\"" OP "/a\",\"" OP "/b\"]", "fail", "")), &reading);
    heard h = run(list, verdicts, AC_COUNT(verdicts), NULL, true);
    ck_assert_int_eq(h.standings[0], AC_STANDING_KNOWN);
    ck_assert_int_eq(h.standings[1], AC_STANDING_NONE);
    ck_assert_int_eq(h.standings[2], AC_STANDING_KNOWN);
    ac_expect_free(list);
}
END_TEST

/* ---- what is wrong with a list ---- */

static const char *const nothing_else[] = {NULL};
static const char *const others_too[] = {"c", "d", NULL};

static const struct {
    const char *entries;
    told verdict;
    const char *const *others;
    bool cut_short;
    const char *problem; /* NULL: none */
} problems[] = {
    {ENTRY("\"" OP "/a\"", "fail", ""), {"a", AC_FAIL, "code"}, nothing_else, false, NULL},
    {ENTRY("\"" OP "/z\"", "fail", ""),
     {"a", AC_PASS, ""},
     nothing_else,
     false,
     "list.json: /expectations/0: stale, names no case: " OP "/z"},
    {ENTRY("[\"" OP "/a\",\"*/z\"]", "fail", ""),
     {"a", AC_FAIL, "code"},
     nothing_else,
     false,
     "list.json: /expectations/0: stale, names no case: */z"},
    {ENTRY("\"" OP "/z\"", "fail", ""), {"a", AC_PASS, ""}, others_too, false, NULL},
    {ENTRY("\"" OP "/z\"", "flaky", ""), {"a", AC_PASS, ""}, nothing_else, true, "stale"},
    {ENTRY("\"" OP "/a\"", "fail", ",\"expires\":\"2020-01-01\""),
     {"a", AC_FAIL, "code"},
     others_too,
     false,
     "list.json: /expectations/0: expired on 2020-01-01: why"},
    {ENTRY("\"" OP "/c\"", "fail", ",\"expires\":\"2020-01-01\""),
     {"a", AC_PASS, ""},
     others_too,
     false,
     NULL},
    {ENTRY("\"" OP "/a\"", "fail", "") "," ENTRY("\"" OP "/a\"", "fail", ",\"kinds\":\"type\""),
     {"a", AC_FAIL, "code"},
     others_too,
     false,
     "list.json: /expectations/1: covers nothing that its cases show: why"},
    {ENTRY("\"" OP "/a\"", "fail", "") "," ENTRY("\"" OP "/a\"", "fail", ",\"kinds\":\"type\""),
     {"a", AC_FAIL, "code"},
     others_too,
     true,
     NULL},
    {ENTRY("\"" OP "/*\"", "error", ""), {"a", AC_FAIL, "code"}, others_too, false, NULL},
    {ENTRY("\"" OP "/*\"", "error", ""), {"a", AC_FAIL, "code"}, nothing_else, false, "covers nothing"},
    {ENTRY("\"" OP "/a\"", "error", ""), {"a", AC_SKIP, ""}, nothing_else, false, NULL},
    {ENTRY("\"" OP "/a\"", "flaky", ",\"kinds\":\"type\""),
     {"a", AC_FAIL, "code"},
     nothing_else,
     false,
     NULL},
};

START_TEST(what_is_wrong_with_a_list_is_told)
{
    for (size_t i = 0; i < AC_COUNT(problems); i++) {
        ac_str text = ac_str_printf(ac_test_arena(), FILE_OF("%s"), problems[i].entries);
        ac_expectations *list = read_with(text.p, &reading);
        heard h = run(list, &problems[i].verdict, 1, problems[i].others, !problems[i].cut_short);
        ck_assert_msg((h.tail.problems.count > 0) == (problems[i].problem != NULL), "%zu", i);
        ck_assert_ptr_eq(h.tail.problems.items, ac_expect_tail(list)->problems.items);
        if (problems[i].problem) {
            ck_assert_uint_eq(h.tail.problems.count, 1);
            ck_assert_msg(ac_str_find(h.tail.problems.items[0], ac_str_c(problems[i].problem)) !=
                              AC_NOT_FOUND,
                          "%s", h.tail.problems.items[0].p);
            ck_assert(problems[i].cut_short || ac_tail_outcome(&h.tail) == AC_FAIL);
        }
        ac_expect_free(list);
    }
}
END_TEST

START_TEST(problems_are_not_told_without_end)
{
    ac_buf text;
    ac_buf_init(&text, 1 << 20);
    for (int i = 0; i < 150; i++) {
        ac_buf_printf(&text, "%s" ENTRY("\"z%d\"", "fail", ""), i > 0 ? "," : "", i);
    }
    ac_str file = ac_str_printf(ac_test_arena(), FILE_OF("%s"), text.p);
    ac_expectations *list = read_with(file.p, &reading);
    heard h = run(list, &(told){"a", AC_PASS, ""}, 1, NULL, true);
    ck_assert_uint_eq(h.tail.problems.count, 101);
    ck_assert_ac_str(h.tail.problems.items[100], "list.json: and 50 further entries");
    ac_buf_done(&text);
    ac_expect_free(list);
}
END_TEST

/* ---- writing the file anew ---- */

#define TOP   "{\n  \"accord\": 1, \"target\" : \"mock\",\n  \"expectations\": ["
#define KNOWN "{\"cases\": \"" OP "/a\", \"verdict\":\"fail\",   \"reason\": \"w\\u0068y\"}"

static const told four[] = {
    {"a", AC_FAIL, "code"}, {"b", AC_FAIL, "type;code;-value"}, {"b/x", AC_PASS, ""}, {"c", AC_BLOCKED, ""}};

static const struct {
    const char *before, *after;
    ac_expect_changes changes;
    const char *const *others;
} updates[] = {
    /* Nothing to change: every byte stays. */
    {TOP "\n    " KNOWN ",\n{\"cases\":[\"" OP "/b\"],\"verdict\":\"fail\",\"reason\":\"a\"} , "
         "{\"cases\":\"" OP "/c\",\"verdict\":\"blocked\",\"reason\":\"c\"}\n] }\n\n",
     NULL,
     {0, 0, 0, 0},
     NULL},
    /* New ones go to the end, those that look alike together. */
    {TOP "\n    " KNOWN "\n  ]\n}\n",
     TOP "\n    " KNOWN ",\n    {\n      \"cases\": \"" OP "/b\",\n      \"verdict\": \"fail\",\n"
         "      \"kinds\": [\"code\", \"type\"],\n      \"reason\": \"to be explained\"\n    },\n    {\n"
         "      \"cases\": \"" OP
         "/c\",\n      \"verdict\": \"blocked\",\n      \"reason\": \"to be explained\"\n"
         "    }\n  ]\n}\n",
     {0, 0, 2, 2},
     NULL},
    /* On one line, where the file is on one line. */
    {FILE_OF(KNOWN),
     FILE_OF(KNOWN ",{\"cases\": \"" OP "/b\", \"verdict\": \"fail\", \"kinds\": [\"code\", \"type\"], "
                   "\"reason\": \"to be explained\"},{\"cases\": \"" OP
                   "/c\", \"verdict\": \"blocked\", \"reason\": "
                   "\"to be explained\"}"),
     {0, 0, 2, 2},
     NULL},
    /* Fixed ones go, patterns become the others; an entry that is idle goes, one that expired waits. */
    {TOP "\n    {\"cases\":\"" OP "/b/x\",\"verdict\":\"fail\",\"reason\":\"gone\"},\n"
         "    {\"cases\": \"**\", \"verdict\": \"fail\", \"reason\": \"too much\", "
         "\"kinds\":[\"code\",\"type\"]},\n"
         "    {\"cases\":\"" OP "/c\",\"verdict\":\"error\",\"reason\":\"idle\"},\n"
         "    {\"cases\":\"" OP
         "/c\",\"verdict\":\"blocked\",\"expires\":\"2020-01-01\",\"reason\":\"late\"}\n  ]\n}\n",
     TOP "\n    {\"cases\": [\n        \"" OP "/a\",\n        \"" OP "/b\",\n        \"" OP "/c\"\n      ], "
         "\"verdict\": \"fail\", \"reason\": \"too much\", \"kinds\":[\"code\",\"type\"]},\n"
         "    {\"cases\":\"" OP
         "/c\",\"verdict\":\"blocked\",\"expires\":\"2020-01-01\",\"reason\":\"late\"}\n  ]\n}\n",
     {2, 1, 0, 1},
     NULL},
    /* What was not chosen stays. */
    {TOP "\n    {\"cases\":\"" OP "/b*\",\"verdict\":\"fail\",\"reason\":\"b\"},\n    {\"cases\":\"" OP
         "/no\",\"verdict\":\"fail\",\"reason\":\"stale\"},\n    {\"cases\":\"" OP
         "/a\",\"verdict\":\"flaky\","
         "\"reason\":\"a\"},\n    {\"cases\":\"" OP "/c\",\"verdict\":\"flaky\",\"reason\":\"a\"}\n  ]\n}\n",
     TOP "\n    {\"cases\":[\n        \"" OP "/b\",\n        \"" OP "/bb\"\n      ],\"verdict\":\"fail\","
         "\"reason\":\"b\"},\n    {\"cases\":\"" OP
         "/no\",\"verdict\":\"fail\",\"reason\":\"stale\"},\n    {\"cases\":\"" OP
         "/a\",\"verdict\":\"flaky\","
         "\"reason\":\"a\"},\n    {\"cases\":\"" OP "/c\",\"verdict\":\"flaky\",\"reason\":\"a\"}\n  ]\n}\n",
     {0, 1, 0, 0},
     (const char *const[]){"bb", NULL}},
};

START_TEST(the_file_is_written_anew_with_the_smallest_change)
{
    for (size_t i = 0; i < AC_COUNT(updates); i++) {
        ac_err err = {0};
        ac_str text;
        ac_expect_changes got;
        const ac_expect_changes *want = &updates[i].changes;
        ac_expectations *list = read_with(updates[i].before, &updating);
        run(list, four, AC_COUNT(four), updates[i].others, true);
        ck_assert_msg(ac_expect_update(list, ac_test_arena(), &text, &got, &err), "%s", err.text);
        ck_assert_ac_str(text, updates[i].after ? updates[i].after : updates[i].before);
        ck_assert_msg(got.removed == want->removed && got.narrowed == want->narrowed &&
                          got.added == want->added && got.open == want->open,
                      "%zu: %zu removed, %zu narrowed, %zu added, %zu open", i, got.removed, got.narrowed,
                      got.added, got.open);
        ac_expect_free(list);
    }
}
END_TEST

START_TEST(a_list_that_was_written_anew_is_true_of_the_run)
{
    ac_str text = ac_expect_empty(ac_test_arena(), AC_STR("m\"ock"));
    for (int round = 0; round < 3; round++) {
        ac_err err = {0};
        ac_expect_changes changes;
        ac_str before = text;
        ac_expectations *list = read_with(text.p, &updating);
        ck_assert(ac_expect_accepts(list, AC_STR("m\"ock"), &err));
        heard h = run(list, four, AC_COUNT(four), NULL, true);
        ck_assert_int_eq(ac_tail_outcome(&h.tail), round == 0 ? AC_FAIL : AC_PASS);
        ck_assert(ac_expect_update(list, ac_test_arena(), &text, &changes, &err));
        ck_assert_int_eq(ac_str_eq(before, text), round > 0);
        ac_expect_free(list);
    }
    static const told all_pass[] = {
        {"a", AC_PASS, ""}, {"b", AC_PASS, ""}, {"b/x", AC_PASS, ""}, {"c", AC_PASS, ""}};
    ac_err err = {0};
    ac_expect_changes changes;
    ac_expectations *list = read_with(text.p, &updating);
    run(list, all_pass, AC_COUNT(all_pass), NULL, true);
    ck_assert(ac_expect_update(list, ac_test_arena(), &text, &changes, &err));
    ck_assert(ac_str_eq(text, ac_expect_empty(ac_test_arena(), AC_STR("m\"ock"))));
    ac_expect_free(list);
}
END_TEST

START_TEST(a_run_that_was_cut_short_updates_nothing)
{
    ac_err err = {0};
    ac_str text;
    ac_expect_changes changes;
    ac_expectations *list = read_with(FILE_OF(""), &updating);
    run(list, four, AC_COUNT(four), NULL, false);
    ck_assert(!ac_expect_update(list, ac_test_arena(), &text, &changes, &err));
    ck_assert_int_eq(err.kind, AC_ERR_JUDGE);
    ac_expect_free(list);
}
END_TEST

START_TEST(a_key_with_escapes_is_read_but_not_rewritten)
{
    static const char text[] = FILE_OF("{\"c\\u0061ses\":\"**\",\"verdict\":\"fail\",\"reason\":\"a\"}");
    ac_err err = {0};
    ac_str out;
    ac_expect_changes changes;
    ac_expectations *list = read_with(text, &updating);
    run(list, four, AC_COUNT(four), NULL, true);
    ck_assert(!ac_expect_update(list, ac_test_arena(), &out, &changes, &err));
    ck_assert_ac_err(err, "list.json: /expectations/0: the key \"cases\" is written with escapes");
    ac_expect_free(list);
}
END_TEST

/* ---- size ---- */

START_TEST(many_cases_and_many_entries_take_little_time)
{
    enum { CASES = 100000, ENTRIES = 10000 };
    ac_arena *arena = ac_test_arena();
    ac_buf text;
    ac_buf_init(&text, 16 << 20);
    ac_expect_case *cases = AC_NEW_ARRAY(arena, CASES, ac_expect_case);
    for (int i = 0; i < CASES; i++) {
        cases[i] = (ac_expect_case){
            ac_str_printf(arena, "alibaba/privatelink/2020-04-15/Operation%d/length/Name%d", i / 1000, i),
            true};
    }
    for (int i = 0; i < ENTRIES; i++) {
        ac_buf_printf(&text, "%s" ENTRY("\"%s\"", "fail", ""), i > 0 ? "," : "", cases[i * 10].id.p);
    }
    ac_str file = ac_str_printf(arena, FILE_OF("%s"), text.p);
    ac_expectations *list = read_with(file.p, &updating);
    ac_expect_plan(list, cases, CASES);
    const ac_listener listener = ac_expect_listener(list, NULL, 0);
    ac_shown_finding finding = {.kind = AC_STR("code")};
    for (int i = 0; i < CASES; i++) {
        ac_verdict v = {.id = cases[i].id, .operation = AC_STR("o"), .word = i % 20 ? AC_PASS : AC_FAIL};
        v.findings = &finding;
        v.finding_count = i % 20 ? 0 : 1;
        listener.verdict(listener.context, &v);
    }
    ac_run_tail tail = {.complete = true};
    listener.tail(listener.context, &tail);
    ck_assert_int_eq(ac_expect_tail(list)->known, ENTRIES / 2);
    ck_assert_int_eq(ac_expect_tail(list)->fixed, ENTRIES / 2);
    ac_err err = {0};
    ac_str written;
    ac_expect_changes changes;
    ck_assert(ac_expect_update(list, arena, &written, &changes, &err));
    ck_assert_uint_eq(changes.removed, ENTRIES / 2);
    ck_assert_uint_lt(written.n, file.n * 2 / 3);
    ac_buf_done(&text);
    ac_expect_free(list);
}
END_TEST

AC_TEST_MAIN("expect", a_list_that_is_wrong_is_refused_with_its_place,
             a_reason_that_nobody_wrote_is_refused_but_by_an_update, a_list_is_for_its_target,
             what_is_found_is_what_a_glob_finds, verdicts_have_a_standing,
             the_id_of_a_case_names_that_case_alone, what_is_wrong_with_a_list_is_told,
             problems_are_not_told_without_end, the_file_is_written_anew_with_the_smallest_change,
             a_list_that_was_written_anew_is_true_of_the_run, a_run_that_was_cut_short_updates_nothing,
             a_key_with_escapes_is_read_but_not_rewritten, many_cases_and_many_entries_take_little_time)
