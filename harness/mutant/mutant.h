/*
 * Mutants: every single deviation from the documentation that an emulator can have, as far as contracts say.
 * Each is the mock with one thing changed: the contract it serves, or one deviation of its behaviour.
 */
#ifndef AC_MUTANT_MUTANT_H
#define AC_MUTANT_MUTANT_H

#include <stdbool.h>
#include <stddef.h>

#include "contract/corpus.h"
#include "mock/deviation.h"

typedef struct ac_mutant_kind {
    const char *name;        /* "error-status" */
    const char *description; /* one line */
    /* What a finding must say to name the mutated line: its kinds, in the words of match/match.h, separated by
     * spaces. */
    const char *findings;
} ac_mutant_kind;

typedef struct ac_mutant {
    ac_str name; /* "<operation>/<kind>/<place>", stable */
    const ac_mutant_kind *kind;
    const ac_contract *contract; /* the documented one */
    ac_str place;                /* parameter, error code or JSON pointer that is mutated; may be empty */
    ac_str equivalent;           /* p NULL, or why no one outside can see it */
    const ac_contract *changed;  /* NULL, or the contract to serve instead */
    ac_deviation deviation;
} ac_mutant;

typedef struct ac_mutants {
    ac_mutant *items;
    size_t count;
} ac_mutants;

/* Every mutant of every contract, sorted by name; changed contracts share what is not changed. */
void ac_mutants_make(ac_arena *arena, const ac_corpus *corpus, ac_mutants *out);

const ac_mutant *ac_mutant_find(const ac_mutants *mutants, ac_str name); /* exact; NULL where there is none */

/* The corpus that a mutant serves: the same but for its changed contract. Shallow; lives in the arena. */
const ac_corpus *ac_mutant_corpus(ac_arena *arena, const ac_corpus *corpus, const ac_mutant *mutant);

extern const ac_mutant_kind ac_mutant_kinds[];
extern const size_t ac_mutant_kind_count;

#endif
