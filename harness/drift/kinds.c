/* Kinds of divergences: how much each matters, and where it stands on a page. */
#include "drift/drift_parts.h"

const char *const drift_severity_names[] = {"high", "medium", "low", "note", NULL};

const ac_str drift_documentation = AC_STR_INIT("documentation");

typedef enum group { SOURCES, PARAMETERS, WIRE, HANDS, FAULTS, FACTS, ANSWERS } group;

const drift_group drift_groups[] = {
    [SOURCES] = {"Between official sources",
                 "Pages, metadata, SDK models and clients of the vendor that do not say the same.",
                 DRIFT_BETWEEN_SOURCES},
    [PARAMETERS] = {"Parameters", "Parameters that only one side has, or that are sent as something else.",
                    DRIFT_ONE_A_ROW},
    [WIRE] = {"On the wire", "Method, path, signature, headers, and where parameters stand.",
              DRIFT_ONE_A_ROW},
    [HANDS] = {"Handed to callers", "What an SDK makes of answers and errors, as its caller sees them.",
               DRIFT_ONE_A_ROW},
    [FAULTS] = {"Under faults",
                "Broken answers, slow answers, throttling: what the caller gets, and retries.",
                DRIFT_SIDE_BY_SIDE},
    [FACTS] = {"Facts that no documentation rules", "Seen, not judged.", DRIFT_SIDE_BY_SIDE},
    [ANSWERS] = {"Answers of a target", "What was answered, against what is documented.", DRIFT_ONE_A_ROW},
};
const size_t drift_group_count = AC_COUNT(drift_groups);

static const struct {
    const char *kind;
    group group;
    drift_severity severity;
} kinds[] = {
    {"doc-inconsistency", SOURCES, DRIFT_MEDIUM},
    {"doc-parameter", SOURCES, DRIFT_MEDIUM},
    {"doc-field", SOURCES, DRIFT_LOW},
    {"doc-note", SOURCES, DRIFT_NOTE},
    {"wire-parameter", PARAMETERS, DRIFT_MEDIUM},
    {"wire-type", PARAMETERS, DRIFT_LOW},
    {"wire-model", PARAMETERS, DRIFT_LOW},
    {"wire-request", WIRE, DRIFT_HIGH},
    {"wire-method", WIRE, DRIFT_HIGH},
    {"wire-path", WIRE, DRIFT_HIGH},
    {"wire-action", WIRE, DRIFT_HIGH},
    {"wire-signature", WIRE, DRIFT_HIGH},
    {"wire-position", WIRE, DRIFT_LOW},
    {"wire-header", WIRE, DRIFT_LOW},
    {"wire-fact", FACTS, DRIFT_NOTE},
    {"hand-outcome", HANDS, DRIFT_HIGH},
    {"hand-secret", HANDS, DRIFT_HIGH},
    {"hand-status", HANDS, DRIFT_MEDIUM},
    {"hand-code", HANDS, DRIFT_MEDIUM},
    {"hand-request-id", HANDS, DRIFT_MEDIUM},
    {"hand-message", HANDS, DRIFT_LOW},
    {"hand-field", HANDS, DRIFT_LOW},
    {"hand-value", HANDS, DRIFT_LOW},
    {"fault-retry", FAULTS, DRIFT_MEDIUM},
    {"fault-outcome", FAULTS, DRIFT_NOTE},
    {"unexpected-success", ANSWERS, DRIFT_HIGH},
    {"unexpected-error", ANSWERS, DRIFT_HIGH},
    {"effect", ANSWERS, DRIFT_HIGH},
    {"state-failed", ANSWERS, DRIFT_HIGH},
    {"state-deadline", ANSWERS, DRIFT_MEDIUM},
    {"state-order", ANSWERS, DRIFT_MEDIUM},
    {"state-unknown", ANSWERS, DRIFT_MEDIUM},
    {"transport", ANSWERS, DRIFT_MEDIUM},
};

/* Kinds that are not listed belong to their family; these are the last resort. */
static const struct {
    ac_str prefix;
    group group;
} families[] = {{AC_STR_INIT("doc-"), SOURCES},
                {AC_STR_INIT("wire-"), WIRE},
                {AC_STR_INIT("hand-"), HANDS},
                {AC_STR_INIT("fault-"), FAULTS}};

/* The index among kinds, or their number. */
static size_t find(ac_str kind)
{
    size_t i = 0;
    while (i < AC_COUNT(kinds) && !ac_str_is(kind, kinds[i].kind)) {
        i++;
    }
    return i;
}

drift_severity drift_severity_of(ac_str kind, int level)
{
    static const drift_severity by_level[] = {DRIFT_LOW,    DRIFT_HIGH, DRIFT_MEDIUM,
                                              DRIFT_MEDIUM, DRIFT_LOW,  DRIFT_LOW};
    size_t i = find(kind);
    if (i < AC_COUNT(kinds)) {
        return kinds[i].severity;
    }
    return level >= 0 && (size_t)level < AC_COUNT(by_level) ? by_level[level] : DRIFT_LOW;
}

size_t drift_group_of(ac_str kind)
{
    size_t i = find(kind);
    if (i < AC_COUNT(kinds)) {
        return kinds[i].group;
    }
    for (size_t k = 0; k < AC_COUNT(families); k++) {
        if (ac_str_starts(kind, families[k].prefix)) {
            return families[k].group;
        }
    }
    return ANSWERS;
}
