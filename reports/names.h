/* Private to the reports: names numbered in the order of their first appearance. */
#ifndef AC_REPORTS_NAMES_H
#define AC_REPORTS_NAMES_H

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
bool ac_names_has(const ac_names *names, ac_str name);

/* Room for one more element: the array as it is, or a larger copy in the arena. */
void *ac_grown(ac_arena *arena, void *items, size_t count, size_t *capacity, size_t size);

#endif
