#include "base/names.h"

#include <string.h>

enum { FIRST_SLOTS = 64 }; /* a power of two, as every later count */

void ac_names_init(ac_names *names, ac_arena *arena)
{
    *names = (ac_names){.arena = arena};
}

/* The slot that holds the name, or the free one where it belongs. */
static size_t *slot_of(const ac_names *names, ac_str name)
{
    uint64_t hash = ac_str_hash(name);
    size_t at = (size_t)(hash ^ hash >> 32);
    for (;; at++) {
        size_t *slot = &names->slots[at & (names->slot_count - 1)];
        if (*slot == 0 || ac_str_eq(names->items[*slot - 1], name)) {
            return slot;
        }
    }
}

/* At most half of the slots are taken. */
static void grow(ac_names *names)
{
    size_t count = names->slot_count > 0 ? names->slot_count * 2 : FIRST_SLOTS;
    ac_str *items = AC_NEW_ARRAY(names->arena, count / 2, ac_str);
    if (names->count > 0) {
        memcpy(items, names->items, names->count * sizeof *items);
    }
    names->items = items;
    names->slots = AC_NEW_ARRAY(names->arena, count, size_t);
    names->slot_count = count;
    for (size_t i = 0; i < names->count; i++) {
        *slot_of(names, items[i]) = i + 1;
    }
}

size_t ac_names_number(ac_names *names, ac_str name)
{
    if (names->count == names->slot_count / 2) {
        grow(names);
    }
    size_t *slot = slot_of(names, name);
    if (*slot == 0) {
        names->items[names->count++] = ac_str_dup(names->arena, name);
        *slot = names->count;
    }
    return *slot - 1;
}

bool ac_names_find(const ac_names *names, ac_str name, size_t *number)
{
    size_t slot = names->slot_count > 0 ? *slot_of(names, name) : 0;
    if (slot > 0 && number) {
        *number = slot - 1;
    }
    return slot > 0;
}
