/*
 * The checker: an expectation against an exchange gives findings. Pure: no clock, no input or output. Reads
 * the contract itself; shares no code with the mock.
 */
#ifndef AC_MATCH_MATCH_H
#define AC_MATCH_MATCH_H

#include "base/json.h"
#include "case/case.h"
#include "http/message.h"

/* How deep an answer was judged. A case passes at a level when nothing up to it diverges. */
typedef enum ac_level {
    AC_LEVEL_NONE,
    AC_LEVEL_CLASS,    /* L1: status class */
    AC_LEVEL_STATUS,   /* L2: status */
    AC_LEVEL_CODE,     /* L3: error code */
    AC_LEVEL_ENVELOPE, /* L4: envelope and types */
    AC_LEVEL_MESSAGE   /* L5: message, and values of a success */
} ac_level;

const char *ac_level_name(ac_level level); /* "L1" */

typedef enum ac_finding_kind {
    AC_FINDING_STATUS,
    AC_FINDING_UNEXPECTED_SUCCESS, /* an error was documented, the target succeeded */
    AC_FINDING_UNEXPECTED_ERROR,   /* the request is valid, the target refused it */
    AC_FINDING_CODE,
    AC_FINDING_UNDOCUMENTED_CODE,
    AC_FINDING_MESSAGE,
    AC_FINDING_NOT_JSON,
    AC_FINDING_CONTENT_TYPE,
    AC_FINDING_HEADER,
    AC_FINDING_MISSING_FIELD,
    AC_FINDING_UNDOCUMENTED_FIELD,
    AC_FINDING_TYPE,
    AC_FINDING_NULL,
    AC_FINDING_FORMAT,
    AC_FINDING_ENUM,
    AC_FINDING_VALUE,
    AC_FINDING_REQUEST_ID,
    AC_FINDING_STATE_UNKNOWN,
    AC_FINDING_STATE_ORDER,
    AC_FINDING_STATE_FAILED,
    AC_FINDING_STATE_DEADLINE,
    AC_FINDING_EFFECT, /* something exists, or does not, that should not, or should */
    AC_FINDING_TRANSPORT,
    /* Of clients (sdk/judge.h): what they put on the wire, */
    AC_FINDING_WIRE_REQUEST,
    AC_FINDING_WIRE_METHOD,
    AC_FINDING_WIRE_PATH,
    AC_FINDING_WIRE_ACTION, /* and version */
    AC_FINDING_WIRE_SIGNATURE,
    AC_FINDING_WIRE_PARAMETER,
    AC_FINDING_WIRE_POSITION,
    AC_FINDING_WIRE_TYPE,
    AC_FINDING_WIRE_HEADER,
    AC_FINDING_WIRE_FACT,  /* what no documentation rules */
    AC_FINDING_WIRE_MODEL, /* a parameter that only documentation or only the SDK has */
    /* what they hand to their callers, */
    AC_FINDING_HAND_OUTCOME, /* an error given as a success, or the other way round */
    AC_FINDING_HAND_STATUS,
    AC_FINDING_HAND_CODE,
    AC_FINDING_HAND_REQUEST_ID,
    AC_FINDING_HAND_MESSAGE,
    AC_FINDING_HAND_FIELD,
    AC_FINDING_HAND_VALUE,
    AC_FINDING_HAND_SECRET, /* a signature or secret in the text of an error */
    /* and what they make of broken answers. */
    AC_FINDING_FAULT_OUTCOME,
    AC_FINDING_FAULT_RETRY,
    AC_FINDING_KINDS
} ac_finding_kind;

const char *ac_finding_kind_name(ac_finding_kind kind); /* "unexpected-success" */
ac_level ac_finding_kind_level(ac_finding_kind kind);   /* that it breaks as a rule; NONE: others say */

typedef struct ac_finding {
    ac_finding_kind kind;
    ac_level level; /* the level it breaks */
    ac_str place;   /* JSON pointer, header name, or empty for the whole answer */
    ac_str expected;
    ac_str observed;
    ac_str source; /* what the expectation rests on, for people */
    ac_str step;   /* name of the step; filled by the run */
    bool note;     /* shown, does not fail the case */
} ac_finding;

typedef struct ac_findings {
    ac_finding *items;
    size_t count, capacity;
} ac_findings;

void ac_findings_add(ac_arena *arena, ac_findings *findings, ac_finding finding);

typedef struct ac_match_input {
    const ac_contract *contract;
    const ac_expect *expect; /* variables already replaced in matchers */
    const ac_json *params;   /* as sent */
    ac_str region;           /* of the call */
    const ac_response *response;
    bool allow_undocumented_fields; /* they become notes */
} ac_match_input;

typedef struct ac_match_result {
    ac_findings findings;
    ac_level reached;    /* highest level that was judged and held, with all below it */
    const ac_json *body; /* NULL: not JSON */
    bool success;        /* the answer is a success, whatever was expected */
    ac_str code;         /* observed error code, p NULL: none */
    ac_str message;
    ac_str request_id;
} ac_match_result;

void ac_match(ac_arena *arena, const ac_match_input *input, ac_match_result *out);

/* Just reads an answer: success or not, code, request id; no findings. */
void ac_match_read(ac_arena *arena, const ac_contract *contract, const ac_response *response,
                   ac_match_result *out);

/* Whether a text has a documented format. */
bool ac_match_format(ac_format format, ac_str text);

#endif
