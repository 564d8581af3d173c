/*
 * Heads of requests, read strictly. What two readers of one byte stream could understand in two ways is
 * refused: other line ends than CR LF, control characters, folded lines, white space before a colon, a length
 * twice or beside chunks, a coding that is not chunked. Pure.
 *
 * The recorder does not accept connections through libmicrohttpd as the mock does: version 0.9.75 takes a lone
 * LF, and even a lone CR, for the end of a line, and a request with two lengths, or a length and chunks, as good;
 * nobody behind it can see that. A recording proxy must.
 */
#ifndef AC_RECORDER_HEAD_H
#define AC_RECORDER_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "http/framing.h"
#include "http/message.h"

enum {
    AC_HEAD_BYTES_MAX = 64 * 1024,
    AC_HEAD_HEADERS_MAX = 256,
};

/* How the body of a request is framed. */
typedef enum ac_head_body { AC_HEAD_NO_BODY, AC_HEAD_LENGTH, AC_HEAD_CHUNKS } ac_head_body;

typedef struct ac_head {
    ac_request request; /* without a body; the target as it was sent */
    int minor;          /* HTTP/1.<minor>, 0 or 1 */
    ac_head_body framing;
    uint64_t length; /* of a body framed by its length */
    bool keep_alive; /* the client wants to keep the connection */
    bool expects_continue;
} ac_head;

/* A request that is refused: the status to answer with, and why in one line. */
typedef struct ac_refusal {
    int status;
    const char *why;
} ac_refusal;

/* Reads a whole head, of ac_head_find. Text is copied to the arena. */
bool ac_head_read(ac_arena *arena, ac_str bytes, ac_head *out, ac_refusal *refusal) AC_MUST_USE;

/* Whether a header is of the connection and not of the message: Connection itself, those it names, and the
 * usual ones. They are not passed on. */
bool ac_is_hop_by_hop(const ac_pairs *headers, ac_str name);

/* Whether the comma-separated values of a header hold the word, in any case. */
bool ac_header_lists(const ac_pairs *headers, ac_str name, ac_str word);

#endif
