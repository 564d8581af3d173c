#include "recorder/inflate.h"

#include <string.h>
#include <zlib.h>

enum {
    EITHER_HEADER = 15 + 32, /* window bits: gzip or zlib, told by the first bytes */
    NO_HEADER = -15,         /* what some servers call deflate */
    PIECE = 16 * 1024
};

/* Appends what the bytes decode to; true where the stream came to its end. */
static bool inflate_all(ac_str bytes, int window_bits, ac_buf *out)
{
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (inflateInit2(&stream, window_bits) != Z_OK) {
        return false;
    }
    unsigned char piece[PIECE];
    stream.next_in = (unsigned char *)(uintptr_t)bytes.p;
    stream.avail_in = (unsigned)bytes.n;
    int status = Z_OK;
    while (status == Z_OK && !out->overflow) {
        stream.next_out = piece;
        stream.avail_out = PIECE;
        status = inflate(&stream, Z_NO_FLUSH);
        ac_buf_add(out, (ac_str){(const char *)piece, PIECE - stream.avail_out});
    }
    inflateEnd(&stream);
    return status == Z_STREAM_END && !out->overflow;
}

static ac_inflate_result decode(ac_arena *arena, size_t max, ac_str *body)
{
    ac_buf out;
    ac_buf_init(&out, max);
    ac_str bytes = ac_str_sub(*body, 0, UINT32_MAX / 2);
    bool whole = inflate_all(bytes, EITHER_HEADER, &out);
    if (!whole && out.n == 0 && !out.overflow) {
        whole = inflate_all(bytes, NO_HEADER, &out);
    }
    *body = ac_buf_take(&out, arena);
    return whole ? AC_INFLATE_DONE : AC_INFLATE_CUT;
}

ac_inflate_result ac_inflate_body(ac_arena *arena, const ac_pairs *headers, size_t max, ac_str *body)
{
    ac_str encoding = ac_str_trim(ac_header(headers, "Content-Encoding"));
    if (encoding.n == 0 || ac_str_eq_nocase(encoding, AC_STR("identity")) || body->n == 0) {
        return AC_INFLATE_PLAIN;
    }
    static const ac_str readable[] = {AC_STR_INIT("gzip"), AC_STR_INIT("x-gzip"), AC_STR_INIT("deflate")};
    for (size_t i = 0; i < AC_COUNT(readable); i++) {
        if (ac_str_eq_nocase(encoding, readable[i])) {
            return decode(arena, max, body);
        }
    }
    return AC_INFLATE_UNREADABLE;
}
