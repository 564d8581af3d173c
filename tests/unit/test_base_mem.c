#include "support.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool all_are(const unsigned char *memory, size_t size, unsigned char byte)
{
    for (size_t i = 0; i < size; i++) {
        if (memory[i] != byte) {
            return false;
        }
    }
    return true;
}

START_TEST(memory_from_an_arena_is_zeroed_and_aligned_for_any_type)
{
    ac_arena *arena = ac_test_arena();
    for (size_t size = 1; size < 200; size++) {
        unsigned char *memory = ac_arena_alloc(arena, size);
        ck_assert_uint_eq((uintptr_t)memory % alignof(max_align_t), 0);
        ck_assert(all_are(memory, size, 0));
        memset(memory, 0xA5, size);
    }
}
END_TEST

START_TEST(allocations_do_not_overlap)
{
    enum { COUNT = 2000 };
    unsigned char *memory[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        memory[i] = ac_arena_alloc(ac_test_arena(), 1 + i % 97);
        memset(memory[i], (int)(i % 251), 1 + i % 97);
    }
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert(all_are(memory[i], 1 + i % 97, (unsigned char)(i % 251)));
    }
}
END_TEST

START_TEST(nothing_may_be_allocated_and_is_not_null)
{
    ac_arena *arena = ac_test_arena();
    ck_assert_ptr_nonnull(ac_arena_alloc(arena, 0));
    ck_assert_ptr_nonnull(ac_arena_array(arena, 0, 8));
    ck_assert_ptr_nonnull(ac_arena_array(arena, 8, 0));
    ck_assert_ptr_nonnull(ac_arena_copy(arena, NULL, 0));
}
END_TEST

START_TEST(a_piece_larger_than_any_block_gets_its_own)
{
    const size_t size = 5 * 1024 * 1024;
    char *memory = ac_arena_alloc(ac_test_arena(), size);
    ck_assert_int_eq(memory[size - 1], 0);
    memory[size - 1] = 'a';
    ck_assert_uint_ge(ac_arena_size(ac_test_arena()), size);
}
END_TEST

START_TEST(a_copy_is_apart_from_its_source)
{
    char source[] = "abc";
    char *copy = ac_arena_copy(ac_test_arena(), source, sizeof source);
    source[0] = 'X';
    ck_assert_str_eq(copy, "abc");
}
END_TEST

START_TEST(a_reset_arena_keeps_one_block_and_gives_zeroed_memory_again)
{
    ac_arena *arena = ac_test_arena();
    ac_arena_reset(arena);
    ck_assert_uint_eq(ac_arena_size(arena), 0);
    for (int i = 0; i < 100; i++) {
        memset(ac_arena_alloc(arena, 10000), 0xFF, 10000);
    }
    size_t full = ac_arena_size(arena);
    ac_arena_reset(arena);
    size_t kept = ac_arena_size(arena);
    ck_assert_uint_gt(kept, 0);
    ck_assert_uint_lt(kept, full);
    ck_assert(all_are(ac_arena_alloc(arena, 10000), 10000, 0));
    ck_assert_uint_eq(ac_arena_size(arena), kept);
}
END_TEST

START_TEST(an_arena_that_is_reset_again_and_again_does_not_grow)
{
    ac_arena *arena = ac_test_arena();
    size_t size = 0;
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 500; i++) {
            (void)ac_arena_alloc(arena, 1000);
        }
        ac_arena_reset(arena);
        if (round == 10) {
            size = ac_arena_size(arena);
        }
    }
    ck_assert_uint_eq(ac_arena_size(arena), size);
}
END_TEST

START_TEST(freeing_nothing_is_fine)
{
    ac_arena_free(NULL);
    ac_arena_free(ac_arena_new());
    ac_free(NULL);
}
END_TEST

START_TEST(memory_outside_arenas_is_zeroed_and_keeps_its_content_when_resized)
{
    char *memory = ac_alloc(3);
    ck_assert(memory[0] == 0 && memory[1] == 0 && memory[2] == 0);
    memory[2] = 'c';
    memory = ac_realloc(memory, 3000);
    ck_assert_int_eq(memory[2], 'c');
    memory = ac_realloc(memory, 0);
    ck_assert_ptr_nonnull(memory);
    ac_free(memory);
    ac_free(ac_alloc(0));
}
END_TEST

/* ---- the end of memory ends the program ---- */

static void run_out_of_memory(void)
{
    ac_out_of_memory();
}

static void allocate_an_array_whose_size_overflows(void)
{
    (void)ac_arena_array(ac_test_arena(), SIZE_MAX / 4, 8);
}

static void allocate_a_size_that_overflows(void)
{
    (void)ac_arena_alloc(ac_test_arena(), SIZE_MAX - 3);
}

/* What a process that does this says on standard error (into text), and its exit code. */
static int end_of(void (*act)(void), char *text, size_t size)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        act();
        _exit(0);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], text, size - 1);
    close(ends[0]);
    text[got > 0 ? got : 0] = '\0';
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(running_out_of_memory_ends_the_program_with_one_line_and_exit_code_4)
{
    static void (*const acts[])(void) = {run_out_of_memory, allocate_an_array_whose_size_overflows,
                                         allocate_a_size_that_overflows};
    for (size_t i = 0; i < AC_COUNT(acts); i++) {
        char text[200];
        ck_assert_int_eq(end_of(acts[i], text, sizeof text), 4);
        ck_assert_str_eq(text, "accord: out of memory\n");
    }
}
END_TEST

START_TEST(an_array_grows_and_keeps_what_it_holds)
{
    int *items = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < 1000; i++) {
        int *before = items;
        bool full = i == capacity;
        items = ac_arena_grown(ac_test_arena(), items, i, &capacity, sizeof *items);
        ck_assert_int_eq(items == before, !full);
        items[i] = (int)i;
    }
    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(items[i], i);
    }
}
END_TEST

AC_TEST_MAIN("base mem", an_array_grows_and_keeps_what_it_holds,
             memory_from_an_arena_is_zeroed_and_aligned_for_any_type, allocations_do_not_overlap,
             nothing_may_be_allocated_and_is_not_null, a_piece_larger_than_any_block_gets_its_own,
             a_copy_is_apart_from_its_source, a_reset_arena_keeps_one_block_and_gives_zeroed_memory_again,
             an_arena_that_is_reset_again_and_again_does_not_grow, freeing_nothing_is_fine,
             memory_outside_arenas_is_zeroed_and_keeps_its_content_when_resized,
             running_out_of_memory_ends_the_program_with_one_line_and_exit_code_4)
