/*
 * From JSON to structs by tables: one row a key, everything else in the object is an error.
 *
 * Errors have kind AC_ERR_USAGE and name the place: "file: /parameters/3/type: …", with a suggestion for
 * a misspelt key or value. The structs' text borrows from the JSON tree; lists are made in the arena.
 */
#ifndef AC_BASE_DECODE_H
#define AC_BASE_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"

typedef enum ac_field_kind {
    AC_FIELD_STR,         /* ac_str; p is NULL where the key is missing */
    AC_FIELD_STR_OR_NULL, /* ac_str; JSON null reads as missing */
    AC_FIELD_BOOL,        /* bool */
    AC_FIELD_INT,         /* int64_t */
    AC_FIELD_NUMBER,      /* ac_str: the literal of an integer */
    AC_FIELD_STRS,        /* ac_strs; one string reads as a list of one */
    AC_FIELD_INTS,        /* ac_ints; one integer reads as a list of one */
    AC_FIELD_ENUM,        /* int; arg is a const char *const[], NULL at the end; the value is the index */
    AC_FIELD_JSON,        /* const ac_json * of any type */
    AC_FIELD_OBJECT,      /* a struct in place; arg is an ac_struct */
    AC_FIELD_POINTER,     /* pointer to a struct made in the arena, NULL where missing; arg is an ac_struct */
    AC_FIELD_LIST,        /* {T *items; size_t count}; arg is an ac_struct */
    AC_FIELD_MAP,         /* the same from an object; the member name goes to the ac_str at offset 0 of T */
    AC_FIELD_IGNORE       /* known, not read ("$schema") */
} ac_field_kind;

typedef struct ac_strs {
    ac_str *items;
    size_t count;
} ac_strs;

typedef struct ac_ints {
    int64_t *items;
    size_t count;
} ac_ints;

typedef struct ac_field {
    const char *key;
    ac_field_kind kind;
    size_t offset; /* in the struct */
    bool required;
    const void *arg;
} ac_field;

/* Rows of a table of fields: the type is the struct that the member belongs to. */
#define AC_REQUIRED true
#define AC_OPTIONAL false
#define AC_ROW(type, key, kind, member, required, arg)                                                       \
    {                                                                                                        \
        key, kind, offsetof(type, member), required, arg                                                     \
    }
#define AC_ROW_KNOWN(key, required) /* AC_FIELD_IGNORE */                                                    \
    {                                                                                                        \
        key, AC_FIELD_IGNORE, 0, required, NULL                                                              \
    }
#define AC_ROWS_END                                                                                          \
    {                                                                                                        \
        NULL, AC_FIELD_IGNORE, 0, AC_OPTIONAL, NULL                                                          \
    }

struct ac_decoder;

typedef struct ac_struct {
    const ac_field *fields; /* key NULL at the end */
    size_t size;
    /* Optional: looks at the filled struct, may complete it; fails with ac_decode_fail. */
    bool (*check)(struct ac_decoder *decoder, const ac_json *json, void *out);
} ac_struct;

typedef struct ac_decoder {
    ac_arena *arena;
    const char *file; /* for messages */
    ac_buf path;      /* JSON pointer of the place being read */
    void *context;    /* for check functions */
    ac_err *err;
} ac_decoder;

void ac_decoder_init(ac_decoder *decoder, ac_arena *arena, const char *file, ac_err *err);
void ac_decoder_done(ac_decoder *decoder);

/* Fills *out, which the caller has zeroed, from an object. */
bool ac_decode(ac_decoder *decoder, const ac_json *json, const ac_struct *shape, void *out) AC_MUST_USE;

/* The same from the text of a file, which is parsed first, with ac_json_file_limits; context is for check
 * functions. Errors have kind AC_ERR_USAGE and begin with the file. */
bool ac_decode_text(ac_arena *arena, ac_str text, const char *file, const ac_struct *shape, void *context,
                    void *out, ac_err *err) AC_MUST_USE;

/* "file: place: text"; member (or NULL) is added to the place. Always false. */
bool ac_decode_fail(ac_decoder *decoder, const char *member, const char *format, ...) AC_PRINTF(3, 4);

#endif
