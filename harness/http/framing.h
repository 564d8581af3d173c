/*
 * How messages are cut out of a stream of bytes, read strictly: what two readers could understand in two ways is
 * refused. For both sides of a proxy. Pure.
 */
#ifndef AC_HTTP_FRAMING_H
#define AC_HTTP_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Bytes of the head of a message at the start of the text, with the empty line that ends it; 0 where that is not there
 * yet. An empty line before the message is part of it. A lone LF ends a line here, so that who sent it can be
 * refused and not waited for. */
size_t ac_head_find(ac_str bytes);

/* Takes the next line from a head, without its end. False where it does not end with CR LF, or has a CR inside. */
bool ac_head_take_line(ac_str *rest, ac_str *line) AC_MUST_USE;

/* What names of headers and methods are made of, and what values of headers are. */
bool ac_is_token(ac_str text);
bool ac_is_header_value(ac_str text);
bool ac_is_digits(ac_str text);

/* ---- chunks ---- */

/* A body in chunks, taken apart as it arrives. */
typedef struct ac_chunks {
    int state;
    uint64_t left;      /* of the chunk */
    unsigned digits;    /* of its size */
    size_t extra_bytes; /* of extensions and trailers, which are dropped */
} ac_chunks;

typedef enum ac_chunk_result {
    AC_CHUNKS_MORE, /* all input was used, the body goes on */
    AC_CHUNKS_DATA, /* *data is a piece of the body */
    AC_CHUNKS_END,  /* the body and its trailers are over; the rest of the input is the next request */
    AC_CHUNKS_BAD
} ac_chunk_result;

/* Takes the next piece of the body from the input and moves the input on. Begins with a zeroed ac_chunks. */
ac_chunk_result ac_chunks_next(ac_chunks *chunks, ac_str *input, ac_str *data);

#endif
