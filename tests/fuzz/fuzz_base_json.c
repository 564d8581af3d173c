/* Strict JSON: whatever is accepted can be written and read again as the same tree, with its pointers. */
#include <stdint.h>
#include <stdlib.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_written(ac_arena *arena, const ac_json *tree, void (*write)(ac_buf *, const ac_json *))
{
    const ac_json_limits no_limits = {SIZE_MAX, ac_json_wire_limits.depth};
    ac_err err = {0};
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    write(&out, tree);
    const ac_json *again = ac_json_parse(arena, ac_buf_str(&out), &no_limits, &err);
    check(again && ac_json_equal(tree, again) && ac_json_equal(again, tree));
    ac_buf_done(&out);
}

static void write_pretty(ac_buf *out, const ac_json *tree)
{
    ac_json_write_pretty(out, tree, 0);
}

/* Each member is found where its pointer says, and the tree with it set to itself is the same. */
static void check_members(ac_arena *arena, const ac_json *tree)
{
    size_t some = tree->count < 20 ? tree->count : 20;
    for (size_t i = 0; tree->type == AC_JSON_OBJECT && i < some; i++) {
        const ac_json *item = &tree->items[i];
        ac_str token = ac_json_pointer_token(arena, item->key);
        ac_str pointer = ac_str_printf(arena, "/%.*s", AC_STR_FMT(token));
        check(ac_json_at(tree, pointer) == item && ac_json_get(tree, item->key) == item);
        check(ac_json_equal(ac_json_set_at(arena, tree, pointer, item), tree));
        check(ac_json_set_at(arena, tree, pointer, NULL)->count == tree->count - 1);
    }
}

/* Any bytes, written as a string, can be read, but for U+0000. */
static void check_string(ac_arena *arena, ac_str bytes)
{
    ac_buf out;
    ac_err err = {0};
    ac_buf_init(&out, SIZE_MAX / 4);
    ac_json_write_string(&out, bytes);
    const ac_json *read = ac_json_parse(arena, ac_buf_str(&out), &ac_json_file_limits, &err);
    check(!read == (ac_str_find_char(bytes, '\0') != AC_NOT_FOUND));
    check(!read || !ac_utf8_valid(bytes) || ac_str_eq(read->text, bytes));
    ac_buf_done(&out);
}

/* The input as a pointer into its own tree: where setting something went well, it is there. */
static void check_pointer(ac_arena *arena, const ac_json *tree, ac_str pointer)
{
    const ac_json *value = ac_json_bool(true);
    const ac_json *changed = ac_json_set_at(arena, tree, pointer, value);
    const ac_json *found = ac_json_at(changed, pointer);
    bool appended = ac_str_find(pointer, AC_STR("/-")) != AC_NOT_FOUND;
    check(changed == tree || !found || ac_json_equal(found, value) || appended);
    (void)ac_json_set_at(arena, changed, pointer, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_arena *arena = ac_arena_new();
    ac_err err = {0};
    ac_str text = {(const char *)data, size};
    const ac_json *tree = ac_json_parse(arena, text, &ac_json_wire_limits, &err);
    if (tree) {
        check(err.kind == AC_ERR_NONE && ac_utf8_valid(text));
        check_written(arena, tree, ac_json_write);
        check_written(arena, tree, write_pretty);
        check_members(arena, tree);
    } else {
        check(err.kind == AC_ERR_DATA && err.text[0] != '\0' && ac_utf8_valid(ac_str_c(err.text)));
    }
    check_string(arena, text);
    check_pointer(arena, tree, ac_str_sub(text, 0, 64));
    ac_arena_free(arena);
    return 0;
}
