#include "cli/contradicted.h"

#include "match/match.h"
#include "recorder/contradictions.h"
#include "recorder/recording.h"

typedef struct teller {
    const ac_corpus *corpus;
    const ac_listener *listener;
    ac_run_tail tail;
} teller;

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

static void tell_verdict(teller *t, ac_arena *arena, const ac_record *record, const ac_contradictions *found)
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
    t->tail.counts[AC_FAIL]++;
    t->tail.requests++;
    t->listener->verdict(t->listener->context, &verdict);
}

static bool visit(void *context, ac_arena *arena, const ac_record *record)
{
    teller *t = context;
    ac_contradictions found = {0};
    ac_contradictions_of(arena, t->corpus, record, false, &found);
    if (found.count > 0) {
        tell_verdict(t, arena, record, &found);
    }
    return true;
}

bool contradicted_tell(const ac_corpus *corpus, const char *path, int64_t now_ms, const ac_listener *listener,
                       ac_err *err)
{
    const ac_run_head head = {
        .version = AC_STR(ACCORD_VERSION), .target = ac_str_c(path), .started_ms = now_ms};
    teller t = {.corpus = corpus, .listener = listener, .tail = {.complete = true}};
    listener->head(listener->context, &head);
    bool ok = ac_recording_read(path, visit, &t, err);
    listener->tail(listener->context, &t.tail);
    return ok;
}
