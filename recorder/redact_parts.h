/* Private to the module: the rules of redaction as they are used. */
#ifndef AC_RECORDER_REDACT_PARTS_H
#define AC_RECORDER_REDACT_PARTS_H

#include "base/text.h"
#include "pseudonyms.h"
#include "recorder/redact.h"

enum { AC_RULE_SUSPECT = AC_PSEUDONYM_KINDS }; /* a kind of rule beside those of pseudonyms */

typedef struct ac_redact_rule {
    ac_str id, about;
    int kind; /* ac_pseudonym_kind, or AC_RULE_SUSPECT */
    ac_str pattern, needs;
    ac_strs names, keep;
    int64_t shortest, first;
    ac_regex *regex; /* NULL: no pattern */
    ac_pseudonym_form form;
} ac_redact_rule;

struct ac_redact_rules {
    ac_arena *arena;
    ac_redact_rule *items;
    size_t count, capacity;
    const ac_json *versions;
    ac_strs off;
    bool names; /* some rule has names */
};

#endif
