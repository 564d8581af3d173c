/*
 * What contradicts the documentation in recorded exchanges, for people and for the ledger. The ledger hears of a run
 * whose cases are exchanges: "<operation>/recorded/exchange-3".
 */
#ifndef AC_CLI_CONTRADICTED_H
#define AC_CLI_CONTRADICTED_H

#include <stdio.h>

#include "contract/corpus.h"
#include "recorder/journal.h"
#include "run/verdict.h"

typedef struct contradicted {
    const ac_corpus *corpus;
    FILE *lines;                 /* where each is told in a line; NULL: nowhere */
    const char *prefix;          /* of these lines */
    const ac_listener *listener; /* NULL: none */
    ac_run_tail tail;
} contradicted;

/* target: what was recorded, for the ledger. Between begin and end, exchanges are heard by the visitor of a journal
 * or recording, whose context is this. */
void contradicted_begin(contradicted *c, ac_str target, int64_t now_ms);
bool contradicted_visit(void *context, ac_arena *arena, const ac_record *record);
void contradicted_end(contradicted *c);

#endif
