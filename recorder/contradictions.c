#include "recorder/contradictions.h"

#include <string.h>

#include "match/match.h"
#include "recorder/recognise.h"

static void add(ac_arena *arena, ac_contradictions *out, ac_contradiction drift)
{
    if (out->count == out->capacity) {
        size_t capacity = out->capacity > 0 ? out->capacity * 2 : 8;
        ac_contradiction *items = AC_NEW_ARRAY(arena, capacity, ac_contradiction);
        if (out->count > 0) {
            memcpy(items, out->items, out->count * sizeof *items);
        }
        out->items = items;
        out->capacity = capacity;
    }
    out->items[out->count++] = drift;
}

/* The documented error with the code that was seen, or success with all its fields. */
static void expect_as_seen(ac_arena *arena, const ac_contract *contract, const ac_match_result *seen,
                           ac_expect *expect)
{
    *expect = (ac_expect){.kind = AC_EXPECT_SUCCESS, .certainty = AC_MUST, .fields = true};
    if (seen->success) {
        return;
    }
    const ac_error_spec *spec = seen->code.p ? ac_contract_match_code(contract, seen->code) : NULL;
    expect->kind = spec ? AC_EXPECT_ERROR : AC_EXPECT_ANY;
    expect->errors = AC_NEW_ARRAY(arena, 1, const ac_error_spec *);
    expect->errors[0] = spec;
    expect->error_count = spec ? 1 : 0;
}

static ac_str region_of(const ac_contract *contract, const ac_json *params)
{
    const ac_parameter *region = ac_contract_role(contract, AC_ROLE_REGION);
    return region ? ac_json_text(ac_json_get(params, region->name)) : AC_STR("");
}

static void add_findings(ac_arena *arena, const ac_contract *contract, const ac_findings *findings,
                         ac_contradictions *out)
{
    for (size_t i = 0; i < findings->count; i++) {
        const ac_finding *f = &findings->items[i];
        if (!f->note) {
            add(arena, out,
                (ac_contradiction){contract->operation, ac_str_c(ac_finding_kind_name(f->kind)), f->place,
                                   f->expected, f->observed, f->source});
        }
    }
}

static void judge_answer(ac_arena *arena, const ac_recognised *call, const ac_response *response,
                         ac_contradictions *out)
{
    const ac_contract *contract = call->contract;
    ac_match_result seen;
    ac_expect expect;
    ac_match_read(arena, contract, response, &seen);
    expect_as_seen(arena, contract, &seen, &expect);
    const ac_match_input input = {.contract = contract,
                                  .expect = &expect,
                                  .params = call->params,
                                  .region = region_of(contract, call->params),
                                  .response = response};
    ac_match_result result;
    ac_match(arena, &input, &result);
    if (!seen.success && seen.code.p && expect.error_count == 0) {
        ac_str observed = ac_str_printf(arena, "%d %.*s", response->status, AC_STR_FMT(seen.code));
        add(arena, out,
            (ac_contradiction){contract->operation,
                               ac_str_c(ac_finding_kind_name(AC_FINDING_UNDOCUMENTED_CODE)),
                               contract->style->error.code,
                               AC_STR("a documented error code"),
                               observed,
                               {NULL, 0}});
    }
    add_findings(arena, contract, &result.findings, out);
}

void ac_contradictions_of(ac_arena *arena, const ac_corpus *corpus, const ac_record *record, bool unknown,
                          ac_contradictions *out)
{
    if (record->end != AC_RECORD_WHOLE) {
        return;
    }
    ac_recognised call;
    ac_recognise(arena, corpus, &record->request, &call);
    if (!call.contract) {
        ac_str said = call.action.n > 0 ? call.action : ac_target_path(record->request.target);
        if (unknown) {
            add(arena, out,
                (ac_contradiction){AC_STR(""),
                                   AC_STR("unknown-operation"),
                                   AC_STR(""),
                                   AC_STR("an operation with a contract"),
                                   said,
                                   {NULL, 0}});
        }
        return;
    }
    for (size_t i = 0; i < call.undocumented.count; i++) {
        add(arena, out,
            (ac_contradiction){call.contract->operation,
                               AC_STR("undocumented-parameter"),
                               call.undocumented.items[i],
                               AC_STR("a documented parameter"),
                               AC_STR("sent"),
                               {NULL, 0}});
    }
    if (!record->response_cut) {
        judge_answer(arena, &call, &record->response, out);
    }
}

ac_str ac_contradiction_line(ac_arena *arena, const ac_record *record, const ac_contradiction *drift)
{
    ac_buf line;
    ac_buf_init(&line, 2048);
    ac_buf_printf(&line, "exchange %llu: ", (unsigned long long)record->number);
    ac_buf_add_visible(&line, drift->operation);
    ac_buf_printf(&line, "%s%.*s", drift->operation.n > 0 ? ": " : "", AC_STR_FMT(drift->kind));
    if (drift->place.n > 0) {
        ac_buf_add_char(&line, ' ');
        ac_buf_add_visible(&line, ac_str_sub(drift->place, 0, 200));
    }
    ac_buf_add_c(&line, ": ");
    ac_buf_add_visible(&line, ac_str_sub(drift->observed, 0, 200));
    ac_buf_add_c(&line, ", expected ");
    ac_buf_add_visible(&line, ac_str_sub(drift->expected, 0, 200));
    if (drift->source.n > 0) {
        ac_buf_add_c(&line, " (");
        ac_buf_add_visible(&line, ac_str_sub(drift->source, 0, 200));
        ac_buf_add_char(&line, ')');
    }
    return ac_buf_take(&line, arena);
}
