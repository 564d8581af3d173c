/* What the tests of the checker share: answers written in a line, judgements read back as a line. */
#ifndef AC_TESTS_MATCH_SUPPORT_H
#define AC_TESTS_MATCH_SUPPORT_H

#include <string.h>

#include "contract/corpus.h"
#include "match/match.h"
#include "support.h"

/* A question to the checker. JSON is written with ' for ". */
typedef struct answer {
    const char *operation;       /* below cases/ */
    const ac_contract *contract; /* in place of the operation's */
    const char *body;
    int status;
    const char *content_type; /* NULL: application/json; "": none */
    const char *params;       /* as sent; NULL: none */
    const char *region;
    bool allow_undocumented_fields;
    ac_expect expect;
} answer;

#define CREATE_ENDPOINT "alibaba/privatelink/2020-04-15/CreateVpcEndpoint"
#define LIST_ENDPOINTS  "alibaba/privatelink/2020-04-15/ListVpcEndpoints"
#define ES_CREATE       "alibaba/elasticsearch/2017-06-13/CreateVpcEndpoint"
#define VOLC_CREATE     "volcengine/privatelink/2020-04-01/CreateVpcEndpoint"
#define VOLC_LIST       "volcengine/privatelink/2020-04-01/DescribeVpcEndpoints"

/* Loaded once a process, and reachable until its end. */
static inline const ac_corpus *corpus_of_cases(void)
{
    static ac_corpus *corpus;
    ac_err err = {.text = ""};
    if (!corpus) {
        corpus = ac_corpus_load(NULL, "cases", &err);
        ck_assert_msg(corpus != NULL, "%s", err.text);
    }
    return corpus;
}

static inline const ac_contract *contract_of(const char *operation)
{
    const ac_contract *contract = ac_corpus_contract(corpus_of_cases(), ac_str_c(operation));
    ck_assert_msg(contract != NULL, "no contract %s", operation);
    return contract;
}

static inline ac_str quoted(ac_arena *arena, const char *text)
{
    return ac_str_replace(arena, ac_str_c(text), AC_STR("'"), AC_STR("\""));
}

static inline const ac_json *json(ac_arena *arena, const char *text)
{
    ac_err err = {.text = ""};
    const ac_json *value =
        text ? ac_json_parse(arena, quoted(arena, text), &ac_json_file_limits, &err) : NULL;
    ck_assert_msg(value != NULL || !text, "%s: %s", text, err.text);
    return value;
}

static inline ac_match_result judge(ac_arena *arena, const answer *a)
{
    ac_response response = {.status = a->status, .body = quoted(arena, a->body)};
    const char *type = a->content_type ? a->content_type : "application/json";
    if (type[0] != '\0') {
        ac_pairs_add(arena, &response.headers, AC_STR("Content-Type"), ac_str_c(type));
    }
    ac_pairs_add(arena, &response.headers, AC_STR("X-Seen"), AC_STR("one, two"));
    ac_match_input input = {.contract = a->contract ? a->contract : contract_of(a->operation),
                            .expect = &a->expect,
                            .params = json(arena, a->params),
                            .region = ac_str_c(a->region),
                            .response = &response,
                            .allow_undocumented_fields = a->allow_undocumented_fields};
    ac_match_result result;
    ac_match(arena, &input, &result);
    return result;
}

/* "L3: L4 missing-field /EndpointId, note L4 undocumented-field /x": level reached, then the findings. */
static inline const char *in_words(ac_arena *arena, const ac_match_result *result)
{
    ac_buf out;
    ac_buf_init(&out, 1u << 20);
    ac_buf_add_c(&out, ac_level_name(result->reached));
    for (size_t i = 0; i < result->findings.count; i++) {
        const ac_finding *f = &result->findings.items[i];
        ac_buf_printf(&out, "%s%s%s %s", i == 0 ? ": " : ", ", f->note ? "note " : "",
                      ac_level_name(f->level), ac_finding_kind_name(f->kind));
        if (f->place.n > 0) {
            ac_buf_printf(&out, " %.*s", AC_STR_FMT(f->place));
        }
    }
    return ac_buf_take(&out, arena).p;
}

static inline const char *verdict(ac_arena *arena, const answer *a)
{
    ac_match_result result = judge(arena, a);
    return in_words(arena, &result);
}

/* The only finding of an answer. */
static inline ac_finding only_finding(ac_arena *arena, const answer *a)
{
    ac_match_result result = judge(arena, a);
    ck_assert_msg(result.findings.count == 1, "%s", in_words(arena, &result));
    return result.findings.items[0];
}

static inline const ac_error_spec *error_named(const ac_contract *contract, const char *code)
{
    const ac_error_spec *spec = ac_contract_error(contract, ac_str_c(code));
    ck_assert_msg(spec != NULL, "no error %s", code);
    return spec;
}

#define SUCCESS                                                                                              \
    {                                                                                                        \
        .kind = AC_EXPECT_SUCCESS, .fields = true, .certainty = AC_MUST                                      \
    }

/* The codes, separated by spaces, as what is expected of an operation. */
static inline ac_expect expect_errors(ac_arena *arena, const char *operation, ac_certainty certainty,
                                      const char *codes)
{
    const ac_contract *contract = contract_of(operation);
    ac_expect expect = {.kind = AC_EXPECT_ERROR, .certainty = certainty};
    expect.errors = AC_NEW_ARRAY(arena, strlen(codes), const ac_error_spec *);
    for (ac_str rest = ac_str_c(codes); rest.n > 0;) {
        ac_str code = ac_str_split(rest, ' ', &rest);
        expect.errors[expect.error_count++] = error_named(contract, ac_str_z(arena, code));
    }
    return expect;
}

#endif
