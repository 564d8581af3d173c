/* Names numbered in the order of their first appearance. */
#ifndef AC_BASE_NAMES_H
#define AC_BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/str.h"

typedef struct ac_names {
    ac_arena *arena;
    ac_str *items; /* copies */
    size_t count;
    size_t *slots; /* hash table of index + 1; 0: free */
    size_t slot_count;
} ac_names;

void ac_names_init(ac_names *names, ac_arena *arena);

/* The number of a name; a new one is added at the end. */
size_t ac_names_number(ac_names *names, ac_str name);
/* The number of a name that is there; *number may be left out with NULL. */
bool ac_names_find(const ac_names *names, ac_str name, size_t *number);

#endif
