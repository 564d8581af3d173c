/* A request as the parameters it carries. Private to the module. */
#ifndef AC_SDK_SENT_H
#define AC_SDK_SENT_H

#include "contract/contract.h"
#include "http/message.h"
#include "match/match.h"

typedef struct ac_sent_parameter {
    ac_str name, text;
    ac_location in;
    const ac_json *json; /* of a member of a JSON body; else NULL */
    bool matched;
} ac_sent_parameter;

typedef struct ac_sent_parameters {
    ac_sent_parameter *items;
    size_t count;
    const char
        *unreadable; /* the body is neither form nor JSON object, though its type says so; NULL: it is */
} ac_sent_parameters;

/* Those of query, form, JSON body and documented headers, without what addresses and signs every request of the
 * style. */
ac_sent_parameters ac_sent_read(ac_arena *arena, const ac_contract *contract, const ac_request *request);

/* The value of a parameter that addresses or signs ("Action", "SignatureNonce"), in header, query or form; p NULL
 * where there is none. `place` becomes where, for people. */
ac_str ac_sent_common(ac_arena *arena, const ac_request *request, const char *name, const char *header,
                      const char **place);

const char *ac_sent_place(ac_location in); /* "query", "form", … */

/* A finding of the kind's usual level. */
ac_finding *ac_sdk_add(ac_arena *arena, ac_findings *out, ac_finding_kind kind, ac_str place);
ac_finding *ac_sdk_note(ac_arena *arena, ac_findings *out, ac_finding_kind kind, ac_str place);

#endif
