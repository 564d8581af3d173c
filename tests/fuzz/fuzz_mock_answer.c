/*
 * Requests as bytes to a mock of the made-up corpus: the request line, header lines, an empty line, the body.
 * A first byte of '!' leaves signatures unchecked, so that what comes after them is reached. Line ends are
 * LF; the mock is made once and keeps what earlier inputs did.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "mock/mock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHECKED, UNCHECKED, MOCKS };

static ac_mock *make_mock(const ac_corpus *corpus, bool check_signatures)
{
    ac_mock_options options = ac_mock_defaults;
    options.env = (ac_env){.clock_fixed = true, .clock_ms = 1768465845000};
    options.transition_ms = 0;
    options.check_signatures = check_signatures;
    options.accounts_max = 8;
    options.resources_max = 32;
    return ac_mock_new(corpus, &options);
}

static ac_mock *mock_of(int which)
{
    static ac_mock *mocks[MOCKS];
    static ac_corpus *corpus;
    if (!corpus) {
        ac_err err = {0};
        corpus = ac_corpus_load(NULL, "tests/fixtures/mock-cases", &err);
        if (!corpus) {
            fprintf(stderr, "%s\n", err.text);
            abort();
        }
        mocks[CHECKED] = make_mock(corpus, true);
        mocks[UNCHECKED] = make_mock(corpus, false);
    }
    return mocks[which];
}

static ac_request read_request(ac_arena *arena, ac_str text)
{
    ac_str rest;
    ac_str line = ac_str_split(text, '\n', &text);
    ac_request request = {.method = ac_str_split(line, ' ', &rest), .target = rest};
    for (line = ac_str_split(text, '\n', &text); line.n > 0; line = ac_str_split(text, '\n', &text)) {
        ac_str name = ac_str_split(line, ':', &rest);
        ac_pairs_add(arena, &request.headers, name, ac_str_trim(rest));
    }
    request.body = text;
    return request;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_str text = {(const char *)data, size};
    bool unchecked = size > 0 && data[0] == '!';
    ac_arena *arena = ac_arena_new();
    ac_answer answer = {0};
    ac_err err = {0};
    ac_request request = read_request(arena, ac_str_sub(text, unchecked ? 1 : 0, size));
    ac_mock_answer(mock_of(unchecked ? UNCHECKED : CHECKED), arena, &request, &answer);
    assert(answer.response.status >= 200 && answer.response.status < 600);
    bool nul =
        ac_str_find(answer.response.body, AC_STR("\\u0000")) != AC_NOT_FOUND; /* echoed; JSON, but refused */
    assert(nul || ac_json_parse(arena, answer.response.body, &ac_json_file_limits, &err));
    ac_arena_free(arena);
    return 0;
}
