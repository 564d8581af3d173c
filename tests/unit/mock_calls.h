/* What the tests of the mock share: a mock without a server, and signed calls to it. */
#ifndef AC_TESTS_MOCK_CALLS_H
#define AC_TESTS_MOCK_CALLS_H

#include <stdlib.h>

#include "base/json.h"
#include "mock/mock.h"
#include "sign/sign.h"
#include "support.h"

#define MOCK_CASES "tests/fixtures/mock-cases"

typedef struct mock_test {
    ac_arena *arena;
    ac_corpus *corpus;
    ac_mock *mock;
    ac_str key;      /* access key id of the calls */
    ac_str secret;   /* what they are signed with */
    ac_str signer;   /* p NULL: the style's first */
    int64_t late_ms; /* how far their clock is behind */
    unsigned calls;
} mock_test;

typedef struct mock_reply {
    int status;
    ac_str text;
    const ac_json *body;
    int64_t delay_ms;
} mock_reply;

enum { MOCK_NOW_S = 1768465845 }; /* 2026-01-15T08:30:45Z */

static inline ac_mock_options mock_options(void)
{
    ac_mock_options options = ac_mock_defaults;
    options.env = (ac_env){.clock_fixed = true, .clock_ms = (int64_t)MOCK_NOW_S * 1000};
    return options;
}

static inline mock_test mock_open_with(const char *cases, const ac_mock_options *options)
{
    ac_err err = {0};
    mock_test t = {
        .arena = ac_test_arena(), .key = AC_STR("AKACCORD0001"), .secret = ac_str_c(ac_mock_secret)};
    t.corpus = ac_corpus_load(NULL, cases, &err);
    ck_assert_msg(t.corpus != NULL, "%s", err.text);
    t.mock = ac_mock_new(t.corpus, options);
    return t;
}

static inline mock_test mock_open(void)
{
    ac_mock_options options = mock_options();
    return mock_open_with(MOCK_CASES, &options);
}

static inline void mock_close(mock_test *t)
{
    ac_mock_free(t->mock);
    ac_corpus_free(t->corpus);
}

static inline const ac_contract *mock_contract(const mock_test *t, const char *operation)
{
    const ac_contract *contract = ac_corpus_contract(t->corpus, ac_str_c(operation));
    ck_assert_msg(contract != NULL, "no operation %s", operation);
    return contract;
}

/* A request that is neither signed nor says its action. */
static inline ac_request mock_request(mock_test *t, const char *method, ac_str target)
{
    ac_request request = {.method = ac_str_c(method), .target = target};
    ac_pairs_add(t->arena, &request.headers, AC_STR("Host"), AC_STR("mock.example:8080"));
    return request;
}

static inline void mock_add_body(mock_test *t, ac_request *request, const char *type, ac_str body)
{
    ac_pairs_add(t->arena, &request->headers, AC_STR("Content-Type"), ac_str_c(type));
    request->body = body;
}

static inline void mock_sign(mock_test *t, ac_request *request, const ac_contract *contract)
{
    ac_sign_stages stages;
    ac_str scheme = t->signer.p ? t->signer : contract->style->signers.items[0];
    const ac_signer *signer = ac_signer_find(scheme);
    ac_sign_input input = {
        .credentials = {.access_key_id = t->key, .access_key_secret = ac_secret_of(t->secret)},
        .now_ms = (int64_t)MOCK_NOW_S * 1000 - t->late_ms,
        .nonce = ac_str_printf(t->arena, "nonce-%u", t->calls++),
        .action = contract->action,
        .version = contract->version,
        .region = AC_STR("north"),
        .service = AC_STR("thing-signing")};
    ck_assert_msg(signer != NULL, "no signer %.*s", AC_STR_FMT(scheme));
    signer->sign(t->arena, request, &input, &stages);
}

static inline mock_reply mock_send(mock_test *t, const ac_request *request)
{
    ac_err err = {0};
    ac_answer answer = {0};
    ac_mock_answer(t->mock, t->arena, request, &answer);
    mock_reply reply = {answer.response.status, answer.response.body, NULL, answer.delay_ms};
    ck_assert_ac_str(ac_header(&answer.response.headers, "content-type"), "application/json");
    reply.body = ac_json_parse(t->arena, reply.text, &ac_json_wire_limits, &err);
    ck_assert_msg(reply.body != NULL, "%s: %.*s", err.text, AC_STR_FMT(reply.text));
    return reply;
}

/* A call of an operation: "Name=a&Zone.1.ZoneId=b" in the query of its path, or of a filled one. */
static inline mock_reply mock_call_at(mock_test *t, const char *operation, ac_str path, const char *query,
                                      const char *json)
{
    const ac_contract *contract = mock_contract(t, operation);
    ac_str method = contract->methods.items[0];
    ac_str target =
        *query ? ac_str_printf(t->arena, "%.*s?%s", AC_STR_FMT(path), query) : ac_str_dup(t->arena, path);
    ac_request request = mock_request(t, ac_str_z(t->arena, method), target);
    if (json) {
        mock_add_body(t, &request, "application/json", ac_str_c(json));
    }
    mock_sign(t, &request, contract);
    return mock_send(t, &request);
}

static inline mock_reply mock_call(mock_test *t, const char *operation, const char *query)
{
    return mock_call_at(t, operation, mock_contract(t, operation)->path, query, NULL);
}

static inline mock_reply mock_state(mock_test *t, const char *action, const char *state,
                                    const char *operation, const char *params)
{
    ac_request request = mock_request(t, "POST", AC_STR("/_accord/state"));
    ac_str body = ac_str_printf(t->arena,
                                "{\"accord\":1,\"action\":\"%s\",\"state\":\"%s\",\"operation\":\"%s\","
                                "\"account\":\"%.*s\",\"case\":\"a case\",\"params\":%s}",
                                action, state, operation, AC_STR_FMT(t->key), params);
    mock_add_body(t, &request, "application/json", body);
    return mock_send(t, &request);
}

static inline ac_str mock_at(const mock_reply *reply, const char *pointer)
{
    return ac_json_text(ac_json_at(reply->body, ac_str_c(pointer)));
}

/* The id of a fixture of the account. */
static inline ac_str mock_variable(mock_test *t, const char *operation, const char *name)
{
    mock_reply reply = mock_state(t, "setup", "world", operation, "{}");
    ck_assert_int_eq(reply.status, 200);
    return mock_at(&reply, ac_str_z(t->arena, ac_str_printf(t->arena, "/variables/%s", name)));
}

#define ck_assert_reply(reply, expected_status, expected_code)                                               \
    do {                                                                                                     \
        mock_reply reply_ = (reply);                                                                         \
        ck_assert_msg(reply_.status == (expected_status), "status %d: %.*s", reply_.status,                  \
                      AC_STR_FMT(reply_.text));                                                              \
        ck_assert_msg(ac_str_is(mock_at(&reply_, "/Code"), expected_code), "not %s: %.*s", expected_code,    \
                      AC_STR_FMT(reply_.text));                                                              \
    } while (0)

#define ck_assert_status(reply, expected)                                                                    \
    do {                                                                                                     \
        mock_reply reply_ = (reply);                                                                         \
        ck_assert_msg(reply_.status == (expected), "status %d: %.*s", reply_.status,                         \
                      AC_STR_FMT(reply_.text));                                                              \
    } while (0)

#define ck_assert_at(reply, pointer, expected)                                                               \
    do {                                                                                                     \
        mock_reply reply_ = (reply);                                                                         \
        ck_assert_msg(ac_str_is(mock_at(&reply_, pointer), expected), "%s is not %s: %.*s", pointer,         \
                      expected, AC_STR_FMT(reply_.text));                                                    \
    } while (0)

#define ck_assert_absent(reply, pointer)                                                                     \
    do {                                                                                                     \
        mock_reply reply_ = (reply);                                                                         \
        ck_assert_msg(!ac_json_at(reply_.body, AC_STR(pointer)), "%s is there: %.*s", pointer,               \
                      AC_STR_FMT(reply_.text));                                                              \
    } while (0)

#endif
