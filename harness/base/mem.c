#include "base/mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 1024 * 1024 };

typedef struct block {
    struct block *next;
    size_t size; /* of bytes[] */
    size_t used;
    alignas(max_align_t) char bytes[];
} block;

struct ac_arena {
    block *blocks; /* the one being filled first */
    size_t total;
};

void ac_out_of_memory(void)
{
    fputs("accord: out of memory\n", stderr);
    _Exit(4);
}

void *ac_alloc(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);
    if (!memory) {
        ac_out_of_memory();
    }
    return memory;
}

void *ac_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size > 0 ? size : 1);
    if (!memory) {
        ac_out_of_memory();
    }
    return memory;
}

void ac_free(void *memory)
{
    free(memory);
}

ac_arena *ac_arena_new(void)
{
    return ac_alloc(sizeof(ac_arena));
}

static void free_blocks(block *first)
{
    while (first) {
        block *next = first->next;
        free(first);
        first = next;
    }
}

void ac_arena_free(ac_arena *arena)
{
    if (arena) {
        free_blocks(arena->blocks);
        free(arena);
    }
}

void ac_arena_reset(ac_arena *arena)
{
    block *kept = arena->blocks;
    if (!kept) {
        return;
    }
    free_blocks(kept->next);
    kept->next = NULL;
    kept->used = 0;
    arena->total = kept->size;
}

size_t ac_arena_size(const ac_arena *arena)
{
    return arena->total;
}

static size_t next_block_size(const ac_arena *arena, size_t need)
{
    size_t size = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_BLOCK) {
        size = LARGEST_BLOCK;
    }
    return size > need ? size : need;
}

static block *add_block(ac_arena *arena, size_t need)
{
    size_t size = next_block_size(arena, need);
    block *added = malloc(sizeof(block) + size);
    if (!added) {
        ac_out_of_memory();
    }
    *added = (block){.next = arena->blocks, .size = size};
    arena->blocks = added;
    arena->total += size;
    return added;
}

void *ac_arena_alloc(ac_arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX / 2) {
        ac_out_of_memory();
    }
    size_t need = (size + align - 1) / align * align;
    block *current = arena->blocks;
    if (!current || current->size - current->used < need) {
        current = add_block(arena, need);
    }
    void *memory = current->bytes + current->used;
    current->used += need;
    return size > 0 ? memset(memory, 0, size) : memory;
}

void *ac_arena_array(ac_arena *arena, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / 2 / size) {
        ac_out_of_memory();
    }
    return ac_arena_alloc(arena, count * size);
}

void *ac_arena_copy(ac_arena *arena, const void *bytes, size_t size)
{
    void *memory = ac_arena_alloc(arena, size);
    if (size > 0) {
        memcpy(memory, bytes, size);
    }
    return memory;
}

void *ac_arena_grown(ac_arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    *capacity = *capacity > 0 ? *capacity * 2 : 16;
    void *larger = ac_arena_array(arena, *capacity, size);
    if (count > 0) {
        memcpy(larger, items, count * size);
    }
    return larger;
}
