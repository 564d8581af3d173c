/*
 * Strict JSON (RFC 8259) with number literals kept as text. Hides cJSON, which alone accepts too much:
 * this is the only module that includes it.
 *
 * Refused, with line and column: invalid UTF-8, a byte order mark, numbers off the grammar, duplicate
 * keys, U+0000 and lone surrogates in strings, trailing bytes, and whatever passes the limits.
 * Trees are immutable and live in an arena; "changing" one copies the path to the change and shares the
 * rest.
 */
#ifndef AC_BASE_JSON_H
#define AC_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

typedef enum ac_json_type {
    AC_JSON_NULL,
    AC_JSON_BOOL,
    AC_JSON_NUMBER,
    AC_JSON_STRING,
    AC_JSON_ARRAY,
    AC_JSON_OBJECT
} ac_json_type;

typedef struct ac_json {
    ac_json_type type;
    bool boolean;
    ac_str key;                  /* name of this member, where the parent is an object */
    ac_str text;                 /* value of a string (unescaped), literal of a number */
    const struct ac_json *items; /* elements or members, in document order */
    size_t count;
} ac_json;

typedef struct ac_json_limits {
    size_t bytes;
    unsigned depth;
} ac_json_limits;

extern const ac_json_limits ac_json_file_limits; /* 16 MiB, depth 64: files of a project */
extern const ac_json_limits ac_json_wire_limits; /* 1 MiB, depth 64: answers from the network */

/* The tree, or NULL with *err of kind AC_ERR_DATA: "line 3, column 5: duplicate key "a"". */
const ac_json *ac_json_parse(ac_arena *arena, ac_str text, const ac_json_limits *limits, ac_err *err);

const char *ac_json_type_name(ac_json_type type);

/* Reading. Functions accept NULL and nodes of other types, and then find nothing. */
const ac_json *ac_json_get(const ac_json *object, ac_str key);
const ac_json *ac_json_get_c(const ac_json *object, const char *key);
const ac_json *ac_json_at(const ac_json *root, ac_str pointer); /* RFC 6901, to 256 deep; "" is the root */
ac_str ac_json_text(const ac_json *value);                      /* text of a string or number, else empty */
bool ac_json_is(const ac_json *value, ac_json_type type);
bool ac_json_is_integer(const ac_json *value); /* a number without fraction and exponent */
bool ac_json_int(const ac_json *value, int64_t *out) AC_MUST_USE;

/* Same value: object members in any order, numbers by their literal. */
bool ac_json_equal(const ac_json *a, const ac_json *b);

/* Building. Text is borrowed: it must live as long as the tree. */
const ac_json *ac_json_null(void);
const ac_json *ac_json_bool(bool value);
const ac_json *ac_json_string(ac_arena *arena, ac_str text);
const ac_json *ac_json_number(ac_arena *arena, ac_str literal); /* one that ac_json_number_valid takes */
bool ac_json_number_valid(ac_str literal);                      /* by JSON's grammar, nothing around it */
const ac_json *ac_json_integer(ac_arena *arena, int64_t value);
const ac_json *ac_json_array(ac_arena *arena, const ac_json *const *items, size_t count);
const ac_json *ac_json_object(void); /* empty; grow it with ac_json_set */

/* A tree with one member added, replaced (NULL value: removed). object may be NULL: empty. */
const ac_json *ac_json_set(ac_arena *arena, const ac_json *object, ac_str key, const ac_json *value);
/* The same at a pointer; missing objects on the way are made, "-" or the count appends to an array.
 * A value on the way that is no container gives way to an object. What is no pointer, is deeper than 256
 * or has an array index past the count leaves the tree as it was. */
const ac_json *ac_json_set_at(ac_arena *arena, const ac_json *root, ac_str pointer, const ac_json *value);

/* Escapes a member name for use in a pointer (~ and /). */
ac_str ac_json_pointer_token(ac_arena *arena, ac_str key);

/* Writing. Invalid UTF-8 in text becomes U+FFFD, so that output is always valid JSON. */
void ac_json_write(ac_buf *out, const ac_json *value);
void ac_json_write_pretty(ac_buf *out, const ac_json *value, unsigned indent);
void ac_json_write_string(ac_buf *out, ac_str text);

#endif
