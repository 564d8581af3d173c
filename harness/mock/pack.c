#include "mock/pack.h"

#include <string.h>

/* Nodes below a tree (itself not counted) and bytes of its text. */
static void measure(const ac_json *tree, size_t *nodes, size_t *bytes)
{
    *nodes += tree->count;
    *bytes += tree->text.n + tree->key.n;
    for (size_t i = 0; i < tree->count; i++) {
        measure(&tree->items[i], nodes, bytes);
    }
}

void ac_mock_pack_init(ac_mock_pack *pack, size_t head, const ac_json *tree, size_t text_bytes)
{
    const size_t align = sizeof(void *) * 2;
    size_t nodes = tree ? 1 : 0;
    size_t bytes = text_bytes;
    if (tree) {
        measure(tree, &nodes, &bytes);
    }
    *pack = (ac_mock_pack){.node = (head + align - 1) / align * align};
    pack->text = pack->node + nodes * sizeof(ac_json);
    pack->size = pack->text + bytes;
    pack->block = ac_alloc(pack->size);
}

ac_str ac_mock_pack_text(ac_mock_pack *pack, ac_str text)
{
    ac_str copy = {pack->block + pack->text, text.n};
    if (text.n > 0) {
        memcpy(pack->block + pack->text, text.p, text.n);
        pack->text += text.n;
    }
    return copy;
}

static ac_json *take_nodes(ac_mock_pack *pack, size_t count)
{
    void *nodes = pack->block + pack->node;
    pack->node += count * sizeof(ac_json);
    return nodes;
}

static void copy_into(ac_mock_pack *pack, ac_json *to, const ac_json *from)
{
    ac_json *items = take_nodes(pack, from->count);
    *to = *from;
    to->key = ac_mock_pack_text(pack, from->key);
    to->text = ac_mock_pack_text(pack, from->text);
    to->items = items;
    for (size_t i = 0; i < from->count; i++) {
        copy_into(pack, &items[i], &from->items[i]);
    }
}

const ac_json *ac_mock_pack_tree(ac_mock_pack *pack, const ac_json *tree)
{
    ac_json *copy = take_nodes(pack, 1);
    copy_into(pack, copy, tree);
    return copy;
}
