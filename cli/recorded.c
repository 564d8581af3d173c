#include "cli/recorded.h"

#include "cli/redaction.h"
#include "recorder/divergence.h"
#include "recorder/recognise.h"

static ac_str file_name(ac_str path)
{
    size_t n = path.n;
    while (n > 0 && path.p[n - 1] != '/') {
        n--;
    }
    return ac_str_sub(path, n, path.n);
}

static void tell_exchange(ac_arena *arena, const ac_corpus *corpus, const ac_record *record, ac_str file,
                          const ac_listener *listener)
{
    ac_divergences found = {0};
    ac_recognised call;
    ac_recognise(arena, corpus, &record->request, &call);
    if (!call.contract || record->end != AC_RECORD_WHOLE) {
        return;
    }
    ac_divergences_of(arena, corpus, record, false, &found);
    ac_shown_finding *findings = AC_NEW_ARRAY(arena, found.count, ac_shown_finding);
    for (size_t i = 0; i < found.count; i++) {
        const ac_divergence *one = &found.items[i];
        findings[i] = (ac_shown_finding){.kind = one->kind,
                                         .place = one->place,
                                         .expected = one->expected,
                                         .observed = one->observed,
                                         .source = one->source,
                                         .level = one->level};
    }
    ac_str operation = call.contract->operation;
    const ac_verdict verdict = {.id = ac_str_printf(arena, "%.*s/recorded/%.*s/exchange-%llu",
                                                    AC_STR_FMT(operation), AC_STR_FMT(file),
                                                    (unsigned long long)record->number),
                                .operation = operation,
                                .group = AC_STR("recorded"),
                                .title = AC_STR("a recorded exchange"),
                                .word = found.count > 0 ? AC_FAIL : AC_PASS,
                                .certainty = AC_STR("must"),
                                .source = AC_STR("observed"),
                                .started_ms = record->started_ms,
                                .duration_us = record->duration_us,
                                .requests = 1,
                                .findings = findings,
                                .finding_count = found.count};
    listener->verdict(listener->context, &verdict);
}

static void tell_all(const ac_corpus *corpus, const ac_recording *recording, ac_str path,
                     const ac_listener *listener)
{
    const ac_record *first = &recording->items[0];
    const ac_run_head head = {.version = ac_str_c(ACCORD_VERSION),
                              .target = first->base_url,
                              .url = first->base_url,
                              .started_ms = first->started_ms,
                              .planned = recording->count};
    const ac_run_tail tail = {.complete = true};
    ac_arena *arena = ac_arena_new();
    listener->head(listener->context, &head);
    for (size_t i = 0; i < recording->count; i++) {
        tell_exchange(arena, corpus, &recording->items[i], file_name(path), listener);
        ac_arena_reset(arena);
    }
    listener->tail(listener->context, &tail);
    ac_arena_free(arena);
}

bool recorded_play(cli_context *cli, const ac_corpus *corpus, ac_str path, const ac_listener *listener)
{
    ac_redact_rules *rules;
    ac_redactor *redactor;
    ac_recording recording;
    const cli_redaction none = {.profile = {NULL, 0}};
    if (!redaction_open(cli, corpus, &none, &rules, &redactor)) {
        return false;
    }
    bool ok = ac_recording_load(cli->arena, ac_str_z(cli->arena, path), redactor, &recording, &cli->err);
    if (ok) {
        tell_all(corpus, &recording, path, listener);
    }
    ac_redactor_free(redactor);
    ac_redact_rules_free(rules);
    return ok;
}
