#include <stdio.h>
#include <string.h>

#include "base/str.h"

void ac_buf_init(ac_buf *buf, size_t max)
{
    *buf = (ac_buf){.max = max};
}

void ac_buf_done(ac_buf *buf)
{
    ac_free(buf->p);
    *buf = (ac_buf){.max = buf->max};
}

void ac_buf_clear(ac_buf *buf)
{
    buf->n = 0;
    buf->overflow = false;
    if (buf->p) {
        buf->p[0] = '\0';
    }
}

ac_str ac_buf_str(const ac_buf *buf)
{
    return (ac_str){buf->p ? buf->p : "", buf->n};
}

ac_str ac_buf_take(ac_buf *buf, ac_arena *arena)
{
    ac_str taken = ac_str_dup(arena, ac_buf_str(buf));
    ac_buf_done(buf);
    return taken;
}

/* Room for extra bytes and the final NUL; false where the ceiling forbids it. */
static bool reserve(ac_buf *buf, size_t extra)
{
    if (buf->overflow || extra > buf->max - buf->n) {
        buf->overflow = true;
        return false;
    }
    size_t need = buf->n + extra + 1;
    if (need > buf->capacity) {
        size_t capacity = buf->capacity > 0 ? buf->capacity * 2 : 128;
        buf->capacity = capacity > need ? capacity : need;
        buf->p = ac_realloc(buf->p, buf->capacity);
    }
    return true;
}

void ac_buf_reserve(ac_buf *buf, size_t extra)
{
    if (extra <= buf->max - buf->n) {
        (void)reserve(buf, extra);
    }
}

void ac_buf_add(ac_buf *buf, ac_str s)
{
    if (s.n > 0 && reserve(buf, s.n)) {
        memcpy(buf->p + buf->n, s.p, s.n);
        buf->n += s.n;
        buf->p[buf->n] = '\0';
    }
}

void ac_buf_add_c(ac_buf *buf, const char *text)
{
    ac_buf_add(buf, ac_str_c(text));
}

void ac_buf_add_char(ac_buf *buf, char c)
{
    ac_buf_add(buf, (ac_str){&c, 1});
}

void ac_buf_vprintf(ac_buf *buf, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    if (length > 0 && reserve(buf, (size_t)length)) {
        vsnprintf(buf->p + buf->n, (size_t)length + 1, format, again);
        buf->n += (size_t)length;
    }
    va_end(again);
}

void ac_buf_printf(ac_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    ac_buf_vprintf(buf, format, args);
    va_end(args);
}

void ac_buf_add_hex(ac_buf *buf, const void *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++) {
        char pair[2] = {digits[byte[i] >> 4], digits[byte[i] & 15]};
        ac_buf_add(buf, (ac_str){pair, 2});
    }
}

static void add_escape(ac_buf *buf, unsigned char byte)
{
    static const char names[] = "\aa\bb\tt\nn\vv\ff\rr";
    const char *name = byte ? strchr(names, byte) : NULL;
    if (name && byte < ' ') {
        ac_buf_printf(buf, "\\%c", name[1]);
    } else {
        ac_buf_printf(buf, "\\x%02X", (unsigned)byte);
    }
}

void ac_buf_add_visible(ac_buf *buf, ac_str s)
{
    while (s.n > 0) {
        uint32_t scalar = 0;
        size_t length = ac_utf8_next(s, &scalar);
        bool control = scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0);
        if (length == 0 || control) {
            length = length > 0 ? length : 1;
            for (size_t i = 0; i < length; i++) {
                add_escape(buf, (unsigned char)s.p[i]);
            }
        } else {
            ac_buf_add(buf, ac_str_sub(s, 0, length));
        }
        s = ac_str_sub(s, length, s.n);
    }
}
