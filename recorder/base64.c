#include "recorder/base64.h"

#include <string.h>

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The six bits of a digit; -1 where it is none. *url becomes true for the two digits of that alphabet. */
static int digit_value(char c, bool *url)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    *url = *url || c == '-' || c == '_';
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Takes the padding off; false where it is not what the length asks for. */
static bool strip_padding(ac_str *text, bool *padded)
{
    size_t length = text->n;
    while (text->n > 0 && length - text->n < 2 && text->p[text->n - 1] == '=') {
        text->n--;
    }
    *padded = text->n < length || length % 4 == 0;
    return text->n % 4 != 1 && (text->n == length || length % 4 == 0);
}

static bool is_readable(char c)
{
    unsigned char byte = (unsigned char)c;
    return (byte >= 0x20 && byte != 0x7F) || c == '\n' || c == '\r' || c == '\t';
}

static ac_str decode(ac_arena *arena, ac_str text, bool readable, ac_base64_form *form)
{
    *form = (ac_base64_form){0};
    if (!strip_padding(&text, &form->padded)) {
        return (ac_str){NULL, 0};
    }
    char *bytes = ac_arena_alloc(arena, text.n / 4 * 3 + 3);
    size_t count = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < text.n; i++) {
        int value = digit_value(text.p[i], &form->url);
        if (value < 0) {
            return (ac_str){NULL, 0};
        }
        bits = (bits << 6 | (unsigned)value) & 0xFFFFFF;
        if (i % 4 != 0) {
            bytes[count] = (char)(unsigned char)(bits >> (6 - i % 4 * 2));
            if (readable && !is_readable(bytes[count])) {
                return (ac_str){NULL, 0};
            }
            count++;
        }
    }
    return (ac_str){bytes, count};
}

ac_str ac_base64_decoded(ac_arena *arena, ac_str text, ac_base64_form *form)
{
    return decode(arena, text, false, form);
}

ac_str ac_base64_decoded_text(ac_arena *arena, ac_str text, ac_base64_form *form)
{
    ac_str bytes = decode(arena, text, true, form);
    return bytes.p && ac_utf8_valid(bytes) ? bytes : (ac_str){NULL, 0};
}

ac_str ac_base64_encoded(ac_arena *arena, ac_str bytes, ac_base64_form form)
{
    const char *digits = form.url ? for_urls : standard;
    char *text = ac_arena_alloc(arena, bytes.n / 3 * 4 + 4);
    size_t n = 0;
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t count = bytes.n - i < 3 ? bytes.n - i : 3;
        unsigned bits = (unsigned)(unsigned char)bytes.p[i] << 16 |
                        (count > 1 ? (unsigned)(unsigned char)bytes.p[i + 1] << 8 : 0) |
                        (count > 2 ? (unsigned char)bytes.p[i + 2] : 0);
        for (unsigned k = 0; k <= count; k++) {
            text[n++] = digits[bits >> (18 - 6 * k) & 63];
        }
        for (size_t k = count; form.padded && k < 3; k++) {
            text[n++] = '=';
        }
    }
    return (ac_str){text, n};
}
