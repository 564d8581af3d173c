#include "http/framing.h"

#include <string.h>

static const ac_str line_end = AC_STR_INIT("\r\n");

/* ---- characters ---- */

bool ac_is_token(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char byte = (unsigned char)text.p[i];
        if (byte <= ' ' || byte >= 0x7F || strchr("\"(),/:;<=>?@[\\]{}", byte)) {
            return false;
        }
    }
    return text.n > 0;
}

bool ac_is_header_value(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char byte = (unsigned char)text.p[i];
        if ((byte < ' ' && byte != '\t') || byte == 0x7F) {
            return false;
        }
    }
    return true;
}

bool ac_is_digits(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return false;
        }
    }
    return text.n > 0;
}

/* ---- lines ---- */

/* A lone LF ends the search as well: what it ends is refused, and must not wait for more. */
size_t ac_head_find(ac_str bytes)
{
    size_t start = ac_str_starts(bytes, line_end) ? line_end.n : 0;
    ac_str rest = ac_str_sub(bytes, start, bytes.n);
    if (ac_str_starts(rest, line_end)) {
        return start + line_end.n;
    }
    for (size_t at = 0; at < rest.n;) {
        const char *found = memchr(rest.p + at, '\n', rest.n - at);
        if (!found) {
            return 0;
        }
        at = (size_t)(found - rest.p) + 1;
        ac_str next = ac_str_sub(rest, at, 2);
        if (ac_str_starts(next, AC_STR("\n"))) {
            return start + at + 1;
        }
        if (ac_str_eq(next, line_end)) {
            return start + at + 2;
        }
    }
    return 0;
}

/* The next line without its end; false where the line ends otherwise than with CR LF. */
bool ac_head_take_line(ac_str *rest, ac_str *line)
{
    size_t end = ac_str_find_char(*rest, '\n');
    if (end == AC_NOT_FOUND || end == 0 || rest->p[end - 1] != '\r') {
        return false;
    }
    *line = ac_str_sub(*rest, 0, end - 1);
    *rest = ac_str_sub(*rest, end + 1, rest->n);
    return ac_str_find_char(*line, '\r') == AC_NOT_FOUND;
}

/* ---- chunks ---- */

enum { SIZE_DIGITS_MAX = 15, EXTRA_BYTES_MAX = 16 * 1024 };

/* Those named _LF have seen the CR. */
enum {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    TRAILER_LINE,
    TRAILER_LF,
    END_LF,
    OVER,
    BAD
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static int after_size(ac_chunks *chunks, char c)
{
    int digit = hex_digit(c);
    if (digit >= 0 && chunks->digits < SIZE_DIGITS_MAX) {
        chunks->left = chunks->left * 16 + (unsigned)digit;
        chunks->digits++;
        return SIZE;
    }
    if (digit >= 0 || chunks->digits == 0) {
        return BAD;
    }
    return c == '\r' ? SIZE_LF : c == ';' ? EXTENSION : BAD;
}

/* Text that is dropped, up to the CR. */
static int after_extra(ac_chunks *chunks, char c, int same, int at_end)
{
    bool control = ((unsigned char)c < ' ' && c != '\t') || c == 0x7F;
    chunks->extra_bytes++;
    if (c == '\r') {
        return at_end;
    }
    return control || chunks->extra_bytes > EXTRA_BYTES_MAX ? BAD : same;
}

static int after_size_end(ac_chunks *chunks, char c)
{
    if (c != '\n') {
        return BAD;
    }
    chunks->digits = 0;
    return chunks->left > 0 ? DATA : TRAILER;
}

static int step(ac_chunks *chunks, char c)
{
    switch (chunks->state) {
    case SIZE:
        return after_size(chunks, c);
    case EXTENSION:
        return after_extra(chunks, c, EXTENSION, SIZE_LF);
    case SIZE_LF:
        return after_size_end(chunks, c);
    case DATA_CR:
        return c == '\r' ? DATA_LF : BAD;
    case DATA_LF:
        return c == '\n' ? SIZE : BAD;
    case TRAILER:
        return c == '\r' ? END_LF : c == '\n' ? BAD : after_extra(chunks, c, TRAILER_LINE, BAD);
    case TRAILER_LINE:
        return after_extra(chunks, c, TRAILER_LINE, TRAILER_LF);
    case TRAILER_LF:
        return c == '\n' ? TRAILER : BAD;
    case END_LF:
        return c == '\n' ? OVER : BAD;
    default:
        return BAD;
    }
}

static void take_data(ac_chunks *chunks, ac_str *input, ac_str *data)
{
    size_t count = chunks->left < input->n ? (size_t)chunks->left : input->n;
    *data = ac_str_sub(*input, 0, count);
    *input = ac_str_sub(*input, count, input->n);
    chunks->left -= count;
    if (chunks->left == 0) {
        chunks->state = DATA_CR;
    }
}

ac_chunk_result ac_chunks_next(ac_chunks *chunks, ac_str *input, ac_str *data)
{
    while (input->n > 0 && chunks->state != OVER && chunks->state != BAD) {
        if (chunks->state == DATA) {
            take_data(chunks, input, data);
            return AC_CHUNKS_DATA;
        }
        chunks->state = step(chunks, input->p[0]);
        *input = ac_str_sub(*input, 1, input->n);
    }
    if (chunks->state == OVER) {
        return AC_CHUNKS_END;
    }
    return chunks->state == BAD ? AC_CHUNKS_BAD : AC_CHUNKS_MORE;
}
