/*
 * Which operation a request means, by the contracts, and its parameters as a case file would have them. A reading of
 * its own: neither the client's serialiser nor the mock's decoder has a part in it. Pure.
 */
#ifndef AC_RECORDER_RECOGNISE_H
#define AC_RECORDER_RECOGNISE_H

#include "contract/corpus.h"
#include "http/message.h"

typedef struct ac_recognised {
    const ac_contract *contract; /* NULL: no contract speaks of it */
    ac_str action, version;      /* as the request says; empty: not at all */
    const ac_json *params; /* an object: documented names as a tree with their types, others as they are.
                                    Without a contract: the pairs of query and form */
    ac_strs undocumented;  /* names of parameters that the contract does not have */
} ac_recognised;

void ac_recognise(ac_arena *arena, const ac_corpus *corpus, const ac_request *request, ac_recognised *out);

/* The documented parameter that a place in params is an instance of ("/Zone/0/ZoneId" of Zone.N.ZoneId), or NULL. */
const ac_parameter *ac_recognised_parameter(const ac_contract *contract, ac_str pointer);

#endif
