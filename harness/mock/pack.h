/* Values that outlive a request: one block of memory each, freed with ac_free. Private to the module. */
#ifndef AC_MOCK_PACK_H
#define AC_MOCK_PACK_H

#include "base/json.h"

typedef struct ac_mock_pack {
    char *block; /* begins with head zeroed bytes for the owner */
    size_t size;
    size_t node, text; /* what is used, from the start */
} ac_mock_pack;

/* Room for a head, and for copies of a tree (NULL: none) and of so many bytes of text. */
void ac_mock_pack_init(ac_mock_pack *pack, size_t head, const ac_json *tree, size_t text_bytes);
ac_str ac_mock_pack_text(ac_mock_pack *pack, ac_str text);
const ac_json *ac_mock_pack_tree(ac_mock_pack *pack, const ac_json *tree);

#endif
