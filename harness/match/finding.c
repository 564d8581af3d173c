/* Findings: names, the list and its limit, what an expectation rests on, the end of a judgement. */
#include <string.h>

#include "match/judge.h"

enum { FINDINGS_MAX = 100 };

const char *ac_level_name(ac_level level)
{
    static const char *const names[] = {"L0", "L1", "L2", "L3", "L4", "L5"};
    return names[level];
}

typedef struct kind_facts {
    const char *name;
    ac_level level; /* that it breaks as a rule; NONE: noted by others, who say */
} kind_facts;

static const kind_facts kinds[AC_FINDING_KINDS] = {
    [AC_FINDING_STATUS] = {"status", AC_LEVEL_STATUS},
    [AC_FINDING_UNEXPECTED_SUCCESS] = {"unexpected-success", AC_LEVEL_CLASS},
    [AC_FINDING_UNEXPECTED_ERROR] = {"unexpected-error", AC_LEVEL_CLASS},
    [AC_FINDING_CODE] = {"code", AC_LEVEL_CODE},
    [AC_FINDING_UNDOCUMENTED_CODE] = {"undocumented-code", AC_LEVEL_CODE},
    [AC_FINDING_MESSAGE] = {"message", AC_LEVEL_MESSAGE},
    [AC_FINDING_NOT_JSON] = {"not-json", AC_LEVEL_CODE},
    [AC_FINDING_CONTENT_TYPE] = {"content-type", AC_LEVEL_ENVELOPE},
    [AC_FINDING_HEADER] = {"header", AC_LEVEL_ENVELOPE},
    [AC_FINDING_MISSING_FIELD] = {"missing-field", AC_LEVEL_ENVELOPE},
    [AC_FINDING_UNDOCUMENTED_FIELD] = {"undocumented-field", AC_LEVEL_ENVELOPE},
    [AC_FINDING_TYPE] = {"type", AC_LEVEL_ENVELOPE},
    [AC_FINDING_NULL] = {"null", AC_LEVEL_ENVELOPE},
    [AC_FINDING_FORMAT] = {"format", AC_LEVEL_MESSAGE},
    [AC_FINDING_ENUM] = {"enum", AC_LEVEL_MESSAGE},
    [AC_FINDING_VALUE] = {"value", AC_LEVEL_MESSAGE},
    [AC_FINDING_REQUEST_ID] = {"request-id", AC_LEVEL_ENVELOPE},
    [AC_FINDING_STATE_UNKNOWN] = {"state-unknown", AC_LEVEL_NONE},
    [AC_FINDING_STATE_ORDER] = {"state-order", AC_LEVEL_NONE},
    [AC_FINDING_STATE_FAILED] = {"state-failed", AC_LEVEL_NONE},
    [AC_FINDING_STATE_DEADLINE] = {"state-deadline", AC_LEVEL_NONE},
    [AC_FINDING_EFFECT] = {"effect", AC_LEVEL_NONE},
    [AC_FINDING_TRANSPORT] = {"transport", AC_LEVEL_NONE},
    [AC_FINDING_WIRE_REQUEST] = {"wire-request", AC_LEVEL_CLASS},
    [AC_FINDING_WIRE_METHOD] = {"wire-method", AC_LEVEL_CLASS},
    [AC_FINDING_WIRE_PATH] = {"wire-path", AC_LEVEL_CLASS},
    [AC_FINDING_WIRE_ACTION] = {"wire-action", AC_LEVEL_CLASS},
    [AC_FINDING_WIRE_SIGNATURE] = {"wire-signature", AC_LEVEL_STATUS},
    [AC_FINDING_WIRE_PARAMETER] = {"wire-parameter", AC_LEVEL_CODE},
    [AC_FINDING_WIRE_POSITION] = {"wire-position", AC_LEVEL_ENVELOPE},
    [AC_FINDING_WIRE_TYPE] = {"wire-type", AC_LEVEL_ENVELOPE},
    [AC_FINDING_WIRE_HEADER] = {"wire-header", AC_LEVEL_ENVELOPE},
    [AC_FINDING_WIRE_FACT] = {"wire-fact", AC_LEVEL_MESSAGE},
    [AC_FINDING_WIRE_MODEL] = {"wire-model", AC_LEVEL_MESSAGE},
    [AC_FINDING_HAND_OUTCOME] = {"hand-outcome", AC_LEVEL_CLASS},
    [AC_FINDING_HAND_STATUS] = {"hand-status", AC_LEVEL_STATUS},
    [AC_FINDING_HAND_CODE] = {"hand-code", AC_LEVEL_CODE},
    [AC_FINDING_HAND_REQUEST_ID] = {"hand-request-id", AC_LEVEL_ENVELOPE},
    [AC_FINDING_HAND_MESSAGE] = {"hand-message", AC_LEVEL_MESSAGE},
    [AC_FINDING_HAND_FIELD] = {"hand-field", AC_LEVEL_ENVELOPE},
    [AC_FINDING_HAND_VALUE] = {"hand-value", AC_LEVEL_MESSAGE},
    [AC_FINDING_HAND_SECRET] = {"hand-secret", AC_LEVEL_MESSAGE},
    [AC_FINDING_FAULT_OUTCOME] = {"fault-outcome", AC_LEVEL_MESSAGE},
    [AC_FINDING_FAULT_RETRY] = {"fault-retry", AC_LEVEL_MESSAGE},
};

const char *ac_finding_kind_name(ac_finding_kind kind)
{
    return kinds[kind].name;
}

ac_level ac_finding_kind_level(ac_finding_kind kind)
{
    return kinds[kind].level;
}

void ac_findings_add(ac_arena *arena, ac_findings *findings, ac_finding finding)
{
    if (findings->count == findings->capacity) {
        size_t capacity = findings->capacity > 0 ? findings->capacity * 2 : 4;
        ac_finding *grown = AC_NEW_ARRAY(arena, capacity, ac_finding);
        if (findings->count > 0) {
            memcpy(grown, findings->items, findings->count * sizeof *grown);
        }
        findings->items = grown;
        findings->capacity = capacity;
    }
    findings->items[findings->count++] = finding;
}

static ac_level lower(ac_level a, ac_level b)
{
    return a == AC_LEVEL_NONE || (b != AC_LEVEL_NONE && b < a) ? b : a;
}

static void leave_out(ac_judge *judge, const ac_finding *finding)
{
    judge->left_out.count++;
    if (finding->note) {
        return;
    }
    if (judge->left_out.level == AC_LEVEL_NONE) {
        judge->left_out.kind = finding->kind;
    }
    judge->left_out.level = lower(judge->left_out.level, finding->level);
}

static ac_finding *add(ac_judge *judge, ac_finding finding)
{
    ac_findings *findings = &judge->out->findings;
    if (findings->count == FINDINGS_MAX - 1) {
        leave_out(judge, &finding);
        return NULL;
    }
    ac_findings_add(judge->arena, findings, finding);
    return &findings->items[findings->count - 1];
}

ac_finding *ac_judge_finding(ac_judge *judge, ac_finding_kind kind, ac_level level)
{
    ac_level broken = level != AC_LEVEL_NONE ? level : kinds[kind].level;
    judge->broken = lower(judge->broken, broken);
    return add(judge, (ac_finding){.kind = kind, .level = broken});
}

ac_finding *ac_judge_note(ac_judge *judge, ac_finding_kind kind)
{
    return add(judge, (ac_finding){.kind = kind, .level = kinds[kind].level, .note = true});
}

/* The list must not end in silence, and what was left out must fail the case where it would have. */
static void tell_left_out(ac_judge *judge)
{
    size_t count = judge->left_out.count;
    if (count == 0) {
        return;
    }
    bool note = judge->left_out.level == AC_LEVEL_NONE;
    ac_finding_kind kind = note ? AC_FINDING_UNDOCUMENTED_FIELD : judge->left_out.kind;
    ac_finding finding = {
        .kind = kind, .level = note ? kinds[kind].level : judge->left_out.level, .note = note};
    finding.expected = AC_STR("no such divergence");
    finding.observed = ac_shown_printf(judge->arena, "%zu more findings, not listed", count);
    ac_findings_add(judge->arena, &judge->out->findings, finding);
}

void ac_judge_finish(ac_judge *judge)
{
    ac_match_result *out = judge->out;
    tell_left_out(judge);
    for (size_t i = 0; judge->input->expect->certainty == AC_MAY && i < out->findings.count; i++) {
        out->findings.items[i].note = true;
    }
    ac_level held = judge->broken == AC_LEVEL_NONE ? AC_LEVEL_MESSAGE : (ac_level)(judge->broken - 1);
    out->reached = held < judge->judged ? held : judge->judged;
}

/* ---- sources ---- */

ac_str ac_judge_source(const ac_judge *judge, ac_strs cite, ac_strs otherwise)
{
    return ac_cite_said(judge->arena, judge->input->contract, cite.count > 0 ? cite : otherwise);
}

/* "source:section:row" without its row. */
static ac_str without_row(ac_str citation)
{
    ac_str rest;
    ac_str source = ac_str_split(citation, ':', &rest);
    ac_str section = ac_str_split(rest, ':', &rest);
    return ac_str_sub(citation, 0, source.n + 1 + section.n);
}

ac_str ac_judge_source_table(const ac_judge *judge, ac_strs cite)
{
    ac_strs tables = {AC_NEW_ARRAY(judge->arena, cite.count, ac_str), cite.count};
    for (size_t i = 0; i < cite.count; i++) {
        tables.items[i] = without_row(cite.items[i]);
    }
    return ac_cite_said(judge->arena, judge->input->contract, tables);
}
