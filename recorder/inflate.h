/* Private to the module: bodies with a Content-Encoding become readable. The only user of zlib. */
#ifndef AC_RECORDER_INFLATE_H
#define AC_RECORDER_INFLATE_H

#include <stdbool.h>

#include "http/message.h"

typedef enum ac_inflate_result {
    AC_INFLATE_PLAIN,     /* there is no encoding: nothing was done */
    AC_INFLATE_DONE,      /* decoded */
    AC_INFLATE_CUT,       /* decoded as far as it goes: damaged, cut, or larger than max */
    AC_INFLATE_UNREADABLE /* an encoding that nobody here can read */
} ac_inflate_result;

/* Decodes *body by the Content-Encoding in the headers: gzip, deflate, identity. */
ac_inflate_result ac_inflate_body(ac_arena *arena, const ac_pairs *headers, size_t max, ac_str *body);

#endif
