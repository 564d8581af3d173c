/* Private to the module: how providers and contracts look in JSON. */
#ifndef AC_CONTRACT_SHAPES_H
#define AC_CONTRACT_SHAPES_H

#include "base/decode.h"
#include "base/text.h"

extern const ac_struct ac_shape_provider; /* of ac_provider */
extern const ac_struct ac_shape_contract; /* of ac_contract */

/* What check functions are given as the decoder's context: where compiled patterns are kept. */
typedef struct ac_pattern_list {
    ac_regex **items;
    size_t count, capacity;
} ac_pattern_list;

#endif
