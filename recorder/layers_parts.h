/* Private to the module: what the files that read layers share. */
#ifndef AC_RECORDER_LAYERS_PARTS_H
#define AC_RECORDER_LAYERS_PARTS_H

#include "recorder/layers.h"

enum { AC_LAYERS_DEPTH_MAX = 8, AC_LAYERS_FRAMES_MAX = 64 };

/* A text of which pieces give way to others; nothing is copied before the first one does. */
typedef struct ac_splice {
    ac_str source;
    size_t done; /* of the source */
    ac_buf out;
    bool changed;
} ac_splice;

void ac_splice_init(ac_splice *splice, ac_str source);
/* The output, with everything of the source before `from` in it; the source goes on at `to`. */
ac_buf *ac_splice_at(ac_splice *splice, size_t from, size_t to);
ac_str ac_splice_done(ac_splice *splice, ac_arena *arena);

bool ac_same_text(ac_str a, ac_str b); /* the very same bytes in memory */

ac_place ac_place_inside(const ac_place *outer, ac_place_kind kind, ac_str name);

/* ---- layers_json.c ---- */

/* Whether it is worth while to read the text as JSON. */
bool ac_layers_is_json(ac_str text);
ac_str ac_layers_json(const ac_layers *layers, const ac_place *place, ac_str text);

#endif
