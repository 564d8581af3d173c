/* The checker, fed with answers: the first byte picks contract and expectation, the second the status, the
 * rest is the body. */
#include <assert.h>
#include <stdlib.h>

#include "contract/corpus.h"
#include "match/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 2, FINDINGS_MAX = 100 };

static const ac_corpus *cases(void)
{
    static ac_corpus *corpus;
    ac_err err;
    if (!corpus) {
        corpus = ac_corpus_load(NULL, "cases", &err);
    }
    if (!corpus) {
        abort();
    }
    return corpus;
}

static void check(const ac_match_result *result)
{
    assert(result->findings.count <= FINDINGS_MAX);
    assert(result->reached <= AC_LEVEL_MESSAGE);
    assert(result->body || result->findings.count > 0);
    for (size_t i = 0; i < result->findings.count; i++) {
        const ac_finding *f = &result->findings.items[i];
        assert(f->level > result->reached || f->note);
        assert(f->expected.n > 0 && f->observed.n > 0);
        assert(f->source.n > 0 || i + 1 == FINDINGS_MAX);
        assert(f->expected.n <= 400 && f->observed.n <= 400 && f->place.n <= 400);
        assert(ac_utf8_valid(f->observed) && ac_utf8_valid(f->place));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 400, 404, 500};
    if (size < HEAD) {
        return 0;
    }
    const ac_corpus *corpus = cases();
    const ac_contract *contract = corpus->contracts[data[0] % corpus->contract_count];
    const ac_error_spec *error = &contract->specs[0];
    ac_arena *arena = ac_arena_new();
    ac_response response = {.status = statuses[data[1] % AC_COUNT(statuses)],
                            .body = {(const char *)data + HEAD, size - HEAD}};
    ac_expect expect = {.kind = (ac_expect_kind)(data[1] / 4 % 3),
                        .certainty = (ac_certainty)(1 + data[1] / 16 % 3),
                        .fields = (data[1] & 0x80) == 0,
                        .errors = &error,
                        .error_count = 1,
                        .cite = contract->response.fields.items[0].cite};
    ac_match_input input = {.contract = contract,
                            .expect = &expect,
                            .params = contract->requests.minimal,
                            .region = AC_STR("cn-hangzhou"),
                            .response = &response,
                            .allow_undocumented_fields = (data[1] & 0x40) != 0};
    ac_match_result result;
    ac_match(arena, &input, &result);
    check(&result);
    ac_arena_free(arena);
    return 0;
}
