/*
 * Strings: ac_str is a borrowed view, ac_buf a growing buffer with a ceiling. There is nothing else.
 *
 * Both are bytes and may hold NUL. A view ends where n says; text is NUL-terminated only at the border of
 * a library, with ac_str_z.
 */
#ifndef AC_BASE_STR_H
#define AC_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/mem.h"

typedef struct ac_str {
    const char *p;
    size_t n;
} ac_str;

#define AC_STR(literal) ((ac_str){(literal), sizeof(literal) - 1})
#define AC_STR_INIT(literal)                                                                                 \
    {                                                                                                        \
        (literal), sizeof(literal) - 1                                                                       \
    }                                   /* for static tables */
#define AC_STR_FMT(s) (int)(s).n, (s).p /* for "%.*s" */

ac_str ac_str_c(const char *text);                      /* view of a C string; NULL gives the empty view */
ac_str ac_str_sub(ac_str s, size_t from, size_t count); /* clipped to s */
bool ac_str_eq(ac_str a, ac_str b);
bool ac_str_eq_nocase(ac_str a, ac_str b); /* ASCII letters only */
bool ac_str_is(ac_str s, const char *text);
int ac_str_cmp(ac_str a, ac_str b); /* by bytes */
bool ac_str_starts(ac_str s, ac_str prefix);
bool ac_str_ends(ac_str s, ac_str suffix);
ac_str ac_str_trim(ac_str s); /* spaces and tabs, both ends */

#define AC_NOT_FOUND ((size_t)-1)
size_t ac_str_find(ac_str s, ac_str part);
size_t ac_str_find_char(ac_str s, char c);

/* The same for the same bytes, on every machine and in every version (FNV-1a). */
uint64_t ac_str_hash(ac_str s);

/* The text up to the first separator; *rest becomes what follows it, or the empty view with p NULL. */
ac_str ac_str_split(ac_str s, char separator, ac_str *rest);

/* Decimal integer with optional minus, nothing else around it. */
bool ac_str_int(ac_str s, int64_t *out) AC_MUST_USE;

ac_str ac_str_dup(ac_arena *arena, ac_str s);
const char *ac_str_z(ac_arena *arena, ac_str s); /* NUL-terminated copy; cut at an inner NUL */
ac_str ac_str_printf(ac_arena *arena, const char *format, ...) AC_PRINTF(2, 3);
/* "Zone.3.ZoneId" as "Zone.N.ZoneId": each part between dots that is a number becomes N. */
ac_str ac_str_without_indices(ac_arena *arena, ac_str name);
ac_str ac_str_replace(ac_arena *arena, ac_str s, ac_str part, ac_str with);

/* UTF-8: the length in bytes of the scalar value at the start of s, or 0 where it is not valid. */
size_t ac_utf8_next(ac_str s, uint32_t *scalar);
bool ac_utf8_valid(ac_str s);
size_t ac_utf8_length(ac_str s); /* scalar values; an invalid byte counts as one */

/* ---- growing buffers ---- */

typedef struct ac_buf {
    char *p; /* NUL-terminated when not NULL */
    size_t n;
    size_t capacity;
    size_t max;
    bool overflow; /* something did not fit below max; the buffer stopped growing there */
} ac_buf;

void ac_buf_init(ac_buf *buf, size_t max);
void ac_buf_done(ac_buf *buf);
void ac_buf_clear(ac_buf *buf);                   /* empty again, memory kept */
void ac_buf_reserve(ac_buf *buf, size_t extra);   /* room for so much more, where the ceiling allows it */
ac_str ac_buf_str(const ac_buf *buf);             /* valid until the next change */
ac_str ac_buf_take(ac_buf *buf, ac_arena *arena); /* copy into the arena, then done */

/* Appends do nothing once the buffer has overflowed; the owner looks at overflow at the end. */
void ac_buf_add(ac_buf *buf, ac_str s);
void ac_buf_add_c(ac_buf *buf, const char *text);
void ac_buf_add_char(ac_buf *buf, char c);
void ac_buf_printf(ac_buf *buf, const char *format, ...) AC_PRINTF(2, 3);
void ac_buf_vprintf(ac_buf *buf, const char *format, va_list args) AC_PRINTF(2, 0);
void ac_buf_add_hex(ac_buf *buf, const void *bytes, size_t count); /* lower case */

/* Text for a person: invalid UTF-8, control characters and line breaks become \xHH, \n, \t. */
void ac_buf_add_visible(ac_buf *buf, ac_str s);

#endif
