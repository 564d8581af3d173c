/* Private to the module: what the files that know secrets share. */
#ifndef AC_RECORDER_SECRET_PARTS_H
#define AC_RECORDER_SECRET_PARTS_H

#include "recorder/layers.h"
#include "recorder/secrets.h"

/* ---- secret_names.c: by place ---- */

/* The kind of secret that a parameter, member or header of this name carries, or NULL: none. Any case, with
 * dashes or without; of "Users.1.Password" and "user[password]" the last part counts. */
const char *ac_secret_name_kind(ac_str name);

/* ---- secret_values.c: by value ---- */

/* One text that begins a secret. Known secrets end where they end; others are known by their beginning, and
 * `length` says how much of the text belongs to one (0: it is none). */
typedef struct ac_secret_pattern {
    ac_str text;
    const char *kind;
    size_t (*length)(ac_str whole, size_t at);
} ac_secret_pattern;

enum { AC_SECRET_FILTER_BITS = 16384 };

typedef struct ac_secret_patterns {
    ac_secret_pattern *items;
    size_t count;
    uint64_t filter[AC_SECRET_FILTER_BITS / 64]; /* of the first four bytes of each */
} ac_secret_patterns;

/* Known secrets in every form that they may take, and what looks like a secret wherever it stands. */
void ac_secret_patterns_init(ac_arena *arena, const ac_known_secrets *known, ac_secret_patterns *out);
/* The text with each of them replaced; the text itself where there is none. */
ac_str ac_secret_patterns_remove(ac_arena *arena, const ac_secret_patterns *patterns, ac_str text);

/* ---- secret_phrases.c: by what stands before, in plain text ---- */

/* "password=…", "Authorization: …", <Password>…</Password> and parts of multipart forms. */
ac_str ac_secret_phrases_remove(ac_arena *arena, ac_str text);

/* ---- secrets.c: all three, as a visitor of layers ---- */

typedef struct ac_secret_remover {
    ac_arena *arena;
    ac_secret_patterns patterns;
} ac_secret_remover;

bool ac_secret_whole(void *remover, const ac_place *place, ac_str text, ac_str *out);
ac_str ac_secret_text(void *remover, const ac_place *place, ac_str text);

/* "[secret:kind]" */
ac_str ac_secret_marker(ac_arena *arena, const char *kind);
bool ac_secret_is_marker(ac_str text);

#endif
