/* Private to the module: what the makers of mutants share. */
#ifndef AC_MUTANT_CHANGE_H
#define AC_MUTANT_CHANGE_H

#include "mutant/mutant.h"

typedef struct maker {
    ac_arena *arena;
    const ac_corpus *corpus;
    const ac_contract *contract; /* the documented one, in hand */
    ac_mutant *items;
    size_t count, capacity;
} maker;

/* Adds a mutant; place may be empty, detail too. The kind is named as in ac_mutant_kinds. */
ac_mutant *add_mutant(maker *m, const char *kind, ac_str place, ac_str detail);
void add_deviation(maker *m, const char *kind, ac_str place, ac_str detail, ac_deviation deviation);

/* Copies of the contract in hand, changed in place by the caller before finish_change. */
ac_contract *copy_contract(maker *m);
ac_parameter *copy_parameter(maker *m, ac_contract *contract, size_t index);
ac_constraint *copy_constraint(maker *m, ac_contract *contract, size_t parameter, size_t constraint);
void finish_change(maker *m, ac_mutant *mutant, ac_contract *contract);

void make_error_mutants(maker *m);
void make_field_mutants(maker *m);
void make_parameter_mutants(maker *m);
void make_behaviour_mutants(maker *m);

#endif
