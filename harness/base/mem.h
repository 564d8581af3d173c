/*
 * Memory: arenas.
 *
 * A function that takes an arena leaves its result there; nothing in an arena is freed alone. There is
 * one arena for a run (contracts, cases) and one for each attempt (exchange, findings). Running out of
 * memory ends the program with one message: everything that comes from outside is bounded before it is
 * read. An arena belongs to one thread at a time.
 */
#ifndef AC_BASE_MEM_H
#define AC_BASE_MEM_H

#include <stddef.h>

#include "base/attr.h"

typedef struct ac_arena ac_arena;

ac_arena *ac_arena_new(void);
void ac_arena_free(ac_arena *arena); /* NULL is fine */

/* Forgets everything in the arena but keeps one block for reuse. */
void ac_arena_reset(ac_arena *arena);

/* Bytes that the arena holds from the system. */
size_t ac_arena_size(const ac_arena *arena);

/* Zeroed memory, aligned for any type. size may be 0. Never NULL. */
void *ac_arena_alloc(ac_arena *arena, size_t size);

/* A zeroed array; aborts if count * size overflows. */
void *ac_arena_array(ac_arena *arena, size_t count, size_t size);

/* A copy of size bytes. */
void *ac_arena_copy(ac_arena *arena, const void *bytes, size_t size);

/* Room for one more element: the array as it is, or a larger copy in the arena. */
void *ac_arena_grown(ac_arena *arena, void *items, size_t count, size_t *capacity, size_t size);

#define AC_NEW(arena, type)              ((type *)ac_arena_alloc((arena), sizeof(type)))
#define AC_NEW_ARRAY(arena, count, type) ((type *)ac_arena_array((arena), (count), sizeof(type)))

/* malloc (zeroed), realloc and free for the few objects that outlive arenas. Never NULL. */
void *ac_alloc(size_t size);
void *ac_realloc(void *old, size_t size);
void ac_free(void *memory);

/* Ends the program with one line on standard error and exit code 4. */
AC_NORETURN void ac_out_of_memory(void);

#endif
