#include "cli/contradicted.h"

#include "match/match.h"
#include "recorder/contradictions.h"

void contradicted_begin(contradicted *c, ac_str target, int64_t now_ms)
{
    const ac_run_head head = {.version = AC_STR(ACCORD_VERSION), .target = target, .started_ms = now_ms};
    c->tail = (ac_run_tail){.complete = true};
    if (c->listener) {
        c->listener->head(c->listener->context, &head);
    }
}

static ac_shown_finding *findings_of(ac_arena *arena, const ac_contradictions *found)
{
    ac_shown_finding *findings = AC_NEW_ARRAY(arena, found->count, ac_shown_finding);
    for (size_t i = 0; i < found->count; i++) {
        const ac_contradiction *one = &found->items[i];
        findings[i] = (ac_shown_finding){.kind = one->kind,
                                         .place = one->place,
                                         .expected = one->expected,
                                         .observed = one->observed,
                                         .source = one->source,
                                         .level = AC_LEVEL_ENVELOPE};
    }
    return findings;
}

static void tell_verdict(contradicted *c, ac_arena *arena, const ac_record *record,
                         const ac_contradictions *found)
{
    ac_str operation = found->items[0].operation;
    const ac_verdict verdict = {
        .id = ac_str_printf(arena, "%.*s/recorded/exchange-%llu", AC_STR_FMT(operation),
                            (unsigned long long)record->number),
        .operation = operation,
        .group = AC_STR("recorded"),
        .title = AC_STR("as recorded"),
        .word = AC_FAIL,
        .certainty = AC_STR("must"),
        .source = AC_STR("observed"),
        .started_ms = record->started_ms,
        .duration_us = record->duration_us,
        .requests = 1,
        .findings = findings_of(arena, found),
        .finding_count = found->count,
    };
    c->tail.counts[AC_FAIL]++;
    c->tail.requests++;
    c->listener->verdict(c->listener->context, &verdict);
}

bool contradicted_visit(void *context, ac_arena *arena, const ac_record *record)
{
    contradicted *c = context;
    ac_contradictions found = {0};
    ac_contradictions_of(arena, c->corpus, record, false, &found);
    for (size_t i = 0; c->lines && i < found.count; i++) {
        ac_str line = ac_contradiction_line(arena, record, &found.items[i]);
        fprintf(c->lines, "%s%.*s\n", c->prefix, AC_STR_FMT(line));
    }
    if (c->listener && found.count > 0 && found.items[0].operation.n > 0) {
        tell_verdict(c, arena, record, &found);
    }
    return true;
}

void contradicted_end(contradicted *c)
{
    if (c->listener) {
        c->listener->tail(c->listener->context, &c->tail);
    }
}
