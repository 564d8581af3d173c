/*
 * The first step of redaction: secrets are taken out of a record before the journal sees it, so that none ever
 * touches a disk. Keys, signatures, tokens and cookies, wherever they can stand: headers, query, form, JSON, JSON
 * inside strings, base64, percent forms, URL userinfo. Pure; any thread may call it.
 */
#ifndef AC_RECORDER_SECRETS_H
#define AC_RECORDER_SECRETS_H

#include "base/err.h"
#include "recorder/record.h"

/* Secrets known by value, beside those known by their place: the real credentials above all. They are looked
 * for in every text, also percent-encoded, in base64 and inside JSON strings. */
typedef struct ac_known_secrets {
    const ac_str *items;
    size_t count;
} ac_known_secrets;

/*
 * Replaces each secret by a text that names its kind: "[secret:signature]". New texts are in the arena, and lists of
 * headers are copied before they change; what holds no secret stays the very same bytes.
 *
 * Bodies with Content-Encoding gzip or deflate are decoded, so that they can be searched; the header is then called
 * X-Accord-Content-Encoding. A body with an encoding that cannot be read is not kept. Known secrets shorter than
 * four bytes are not looked for.
 */
void ac_secrets_remove(ac_arena *arena, ac_record *record, const ac_known_secrets *known);

#endif
