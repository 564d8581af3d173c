/* Cases that follow from a contract. Each cites the sentence it comes from; the kinds of cases are a table
 * in derive.c. Pure: the same contract gives the same cases. */
#ifndef AC_CASE_DERIVE_H
#define AC_CASE_DERIVE_H

#include "base/mem.h"
#include "case/case.h"

typedef struct ac_case_list {
    ac_case *items;
    size_t count, capacity;
} ac_case_list;

/* Appends the cases of one contract; text and steps live in the arena. The corpus gives the operations that
 * create what this one reads, lists or deletes. */
void ac_derive(ac_arena *arena, const ac_corpus *corpus, const ac_contract *contract, ac_case_list *out);

#endif
