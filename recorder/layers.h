/*
 * What a recorded exchange says, layer by layer: parameters below a query, members below a JSON text, JSON inside
 * a string of another, percent-encoding, base64. A visitor sees each text as a reader means it, and what the
 * visitor puts in its place is encoded again as the text was; bytes around it stay as they are.
 *
 * Reads what it can and never fails: a JSON text that is cut or broken is read up to its end all the same.
 * Pure; any thread may use it.
 */
#ifndef AC_RECORDER_LAYERS_H
#define AC_RECORDER_LAYERS_H

#include <stdbool.h>

#include "recorder/record.h"

typedef enum ac_place_kind {
    AC_PLACE_PART,      /* "request body"; the outermost */
    AC_PLACE_HEADER,    /* name */
    AC_PLACE_SEGMENT,   /* of a path */
    AC_PLACE_PARAMETER, /* name; of a query or form */
    AC_PLACE_USERINFO,  /* of a URL */
    AC_PLACE_MEMBER,    /* name; of JSON */
    AC_PLACE_ELEMENT,   /* index; of JSON */
    AC_PLACE_JSON,      /* JSON inside a text */
    AC_PLACE_PERCENT,   /* percent-encoding inside a text */
    AC_PLACE_BASE64,
    AC_PLACE_URL,
    AC_PLACE_NAME /* the text is the name of a parameter or member */
} ac_place_kind;

typedef struct ac_place {
    const struct ac_place *outer; /* NULL: none */
    ac_place_kind kind;
    ac_str name;
    size_t index;
    unsigned depth; /* layers above */
    bool opened;    /* the text is an encoding of another one, which was visited before */
} ac_place;

/* The name that a text goes by: of the nearest parameter, member or header around it. Empty where there is none. */
ac_str ac_place_name(const ac_place *place);
/* "response body, /Data/0/Token, base64" */
ac_str ac_place_describe(ac_arena *arena, const ac_place *place);

typedef struct ac_layers {
    ac_arena *arena;
    void *context;
    /* Asked first, before anything looks inside the text: true where *out replaces it as a whole. */
    bool (*whole)(void *context, const ac_place *place, ac_str text, ac_str *out);
    /* Asked for a text with nothing further inside; the answer is the text itself or what stands for it. */
    ac_str (*text)(void *context, const ac_place *place, ac_str text);
} ac_layers;

/* Everything in the record: upstream's URL, target, headers, bodies, `why`. Bodies must be decoded. */
void ac_layers_record(const ac_layers *layers, ac_record *record);
ac_str ac_layers_text(const ac_layers *layers, const ac_place *place, ac_str text);

#endif
