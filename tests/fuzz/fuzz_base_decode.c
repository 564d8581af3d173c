/* Decoding: JSON into a struct that has a field of each kind and holds itself. An error names the file and a
 * place that begins with a slash. */
#include <stdint.h>
#include <stdlib.h>

#include "base/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct node {
    ac_str name;
    ac_str text, maybe, literal;
    bool flag;
    int64_t number;
    ac_strs words;
    ac_ints numbers;
    int color;
    const ac_json *any;
    struct node *child;
    struct {
        struct node *items;
        size_t count;
    } list, map;
} node;

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* Touches all that was read. */
static bool check_node(ac_decoder *decoder, const ac_json *json, void *out)
{
    const node *n = out;
    size_t bytes = n->name.n + n->text.n + n->maybe.n + n->literal.n;
    for (size_t i = 0; i < n->words.count; i++) {
        bytes += n->words.items[i].n;
    }
    for (size_t i = 0; i < n->numbers.count; i++) {
        bytes += n->numbers.items[i] != 0;
    }
    for (size_t i = 0; i < n->map.count; i++) {
        bytes += n->map.items[i].name.n + n->map.items[i].list.count;
    }
    check(n->color >= 0 && n->color < 3 && json->type == AC_JSON_OBJECT);
    return bytes != 7 || ac_decode_fail(decoder, "text", "has %zu bytes", bytes);
}

static const char *const colors[] = {"red", "green", "blue", NULL};
static const ac_struct node_struct;
static const ac_field fields[] = {{"$s", AC_FIELD_IGNORE, 0, false, NULL},
                                  {"t", AC_FIELD_STR, offsetof(node, text), false, NULL},
                                  {"m", AC_FIELD_STR_OR_NULL, offsetof(node, maybe), false, NULL},
                                  {"l", AC_FIELD_NUMBER, offsetof(node, literal), false, NULL},
                                  {"f", AC_FIELD_BOOL, offsetof(node, flag), false, NULL},
                                  {"n", AC_FIELD_INT, offsetof(node, number), false, NULL},
                                  {"words", AC_FIELD_STRS, offsetof(node, words), false, NULL},
                                  {"numbers", AC_FIELD_INTS, offsetof(node, numbers), false, NULL},
                                  {"color", AC_FIELD_ENUM, offsetof(node, color), false, colors},
                                  {"any", AC_FIELD_JSON, offsetof(node, any), false, NULL},
                                  {"child", AC_FIELD_POINTER, offsetof(node, child), false, &node_struct},
                                  {"list", AC_FIELD_LIST, offsetof(node, list), false, &node_struct},
                                  {"map", AC_FIELD_MAP, offsetof(node, map), false, &node_struct},
                                  {0}};
static const ac_struct node_struct = {fields, sizeof(node), check_node};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_arena *arena = ac_arena_new();
    ac_err err = {0};
    const ac_json *json =
        ac_json_parse(arena, (ac_str){(const char *)data, size}, &ac_json_file_limits, &err);
    if (json) {
        ac_decoder decoder;
        node root = {.flag = false};
        ac_decoder_init(&decoder, arena, "file.json", &err);
        bool ok = ac_decode(&decoder, json, &node_struct, &root);
        check(ok ? err.kind == AC_ERR_NONE && decoder.path.n == 0
                 : err.kind == AC_ERR_USAGE && ac_str_starts(ac_str_c(err.text), AC_STR("file.json: /")));
        ac_decoder_done(&decoder);
    }
    ac_arena_free(arena);
    return 0;
}
