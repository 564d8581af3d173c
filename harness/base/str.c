#include "base/str.h"

#include <stdio.h>
#include <string.h>

ac_str ac_str_c(const char *text)
{
    return text ? (ac_str){text, strlen(text)} : (ac_str){NULL, 0};
}

ac_str ac_str_sub(ac_str s, size_t from, size_t count)
{
    if (!s.p) {
        return (ac_str){NULL, 0};
    }
    if (from > s.n) {
        from = s.n;
    }
    if (count > s.n - from) {
        count = s.n - from;
    }
    return (ac_str){s.p + from, count};
}

bool ac_str_eq(ac_str a, ac_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool ac_str_eq_nocase(ac_str a, ac_str b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i])) {
            return false;
        }
    }
    return true;
}

bool ac_str_is(ac_str s, const char *text)
{
    return ac_str_eq(s, ac_str_c(text));
}

int ac_str_cmp(ac_str a, ac_str b)
{
    size_t shared = a.n < b.n ? a.n : b.n;
    int order = shared > 0 ? memcmp(a.p, b.p, shared) : 0;
    if (order != 0) {
        return order;
    }
    return (a.n > b.n) - (a.n < b.n);
}

bool ac_str_starts(ac_str s, ac_str prefix)
{
    return s.n >= prefix.n && ac_str_eq(ac_str_sub(s, 0, prefix.n), prefix);
}

bool ac_str_ends(ac_str s, ac_str suffix)
{
    return s.n >= suffix.n && ac_str_eq(ac_str_sub(s, s.n - suffix.n, suffix.n), suffix);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

ac_str ac_str_trim(ac_str s)
{
    while (s.n > 0 && is_blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_blank(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

uint64_t ac_str_hash(ac_str s)
{
    uint64_t value = 0xCBF29CE484222325u;
    for (size_t i = 0; i < s.n; i++) {
        value = (value ^ (unsigned char)s.p[i]) * 0x100000001B3u;
    }
    return value;
}

size_t ac_str_find(ac_str s, ac_str part)
{
    if (part.n == 0) {
        return 0;
    }
    const char *at = s.p;
    size_t left = s.n;
    while (left >= part.n) {
        const char *hit = memchr(at, part.p[0], left - part.n + 1);
        if (!hit) {
            break;
        }
        if (memcmp(hit, part.p, part.n) == 0) {
            return (size_t)(hit - s.p);
        }
        left -= (size_t)(hit - at) + 1;
        at = hit + 1;
    }
    return AC_NOT_FOUND;
}

size_t ac_str_find_char(ac_str s, char c)
{
    const char *hit = s.n > 0 ? memchr(s.p, c, s.n) : NULL;
    return hit ? (size_t)(hit - s.p) : AC_NOT_FOUND;
}

ac_str ac_str_split(ac_str s, char separator, ac_str *rest)
{
    size_t at = ac_str_find_char(s, separator);
    if (at == AC_NOT_FOUND) {
        *rest = (ac_str){NULL, 0};
        return s;
    }
    *rest = ac_str_sub(s, at + 1, s.n);
    return ac_str_sub(s, 0, at);
}

bool ac_str_int(ac_str s, int64_t *out)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    ac_str digits = negative ? ac_str_sub(s, 1, s.n) : s;
    if (digits.n == 0) {
        return false;
    }
    int64_t value = 0;
    for (size_t i = 0; i < digits.n; i++) {
        int digit = digits.p[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value)) {
            return false;
        }
    }
    if (!negative && value == INT64_MIN) {
        return false;
    }
    *out = negative ? value : -value;
    return true;
}

const char *ac_str_z(ac_arena *arena, ac_str s)
{
    char *copy = ac_arena_alloc(arena, s.n + 1);
    if (s.n > 0) {
        memcpy(copy, s.p, s.n);
    }
    return copy;
}

ac_str ac_str_dup(ac_arena *arena, ac_str s)
{
    return (ac_str){ac_str_z(arena, s), s.n};
}

ac_str ac_str_printf(ac_arena *arena, const char *format, ...)
{
    char small[256];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    size_t n = length > 0 ? (size_t)length : 0;
    char *text = ac_arena_alloc(arena, n + 1);
    if (n < sizeof small) {
        memcpy(text, small, n);
        return (ac_str){text, n};
    }
    va_start(args, format);
    vsnprintf(text, n + 1, format, args);
    va_end(args);
    return (ac_str){text, n};
}

ac_str ac_str_replace(ac_arena *arena, ac_str s, ac_str part, ac_str with)
{
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    size_t at;
    while (part.n > 0 && (at = ac_str_find(s, part)) != AC_NOT_FOUND) {
        ac_buf_add(&out, ac_str_sub(s, 0, at));
        ac_buf_add(&out, with);
        s = ac_str_sub(s, at + part.n, s.n);
    }
    ac_buf_add(&out, s);
    return ac_buf_take(&out, arena);
}

static bool continues(ac_str s, size_t count, uint32_t *scalar)
{
    for (size_t i = 1; i < count; i++) {
        unsigned char byte = (unsigned char)s.p[i];
        if ((byte & 0xC0) != 0x80) {
            return false;
        }
        *scalar = *scalar << 6 | (byte & 0x3F);
    }
    return true;
}

size_t ac_utf8_next(ac_str s, uint32_t *scalar)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};
    unsigned char first = s.n > 0 ? (unsigned char)s.p[0] : 0;
    for (size_t length = 1; length <= AC_COUNT(forms) && length <= s.n; length++) {
        if ((first & forms[length - 1].mask) != forms[length - 1].lead) {
            continue;
        }
        uint32_t value = first & (unsigned char)~forms[length - 1].mask;
        bool valid = continues(s, length, &value) && value >= forms[length - 1].least && value <= 0x10FFFF &&
                     (value < 0xD800 || value > 0xDFFF);
        *scalar = value;
        return valid ? length : 0;
    }
    return 0;
}

bool ac_utf8_valid(ac_str s)
{
    uint32_t scalar;
    while (s.n > 0) {
        size_t length = (unsigned char)s.p[0] < 0x80 ? 1 : ac_utf8_next(s, &scalar);
        if (length == 0) {
            return false;
        }
        s.p += length;
        s.n -= length;
    }
    return true;
}

size_t ac_utf8_length(ac_str s)
{
    size_t count = 0;
    uint32_t scalar;
    while (s.n > 0) {
        size_t length = ac_utf8_next(s, &scalar);
        s = ac_str_sub(s, length > 0 ? length : 1, s.n);
        count++;
    }
    return count;
}

ac_str ac_str_without_indices(ac_arena *arena, ac_str name)
{
    ac_buf out;
    ac_buf_init(&out, 2 * name.n + 16);
    for (ac_str rest = name; rest.p;) {
        int64_t index;
        ac_str part = ac_str_split(rest, '.', &rest);
        ac_buf_add(&out, ac_str_int(part, &index) ? AC_STR("N") : part);
        ac_buf_add_c(&out, rest.p ? "." : "");
    }
    return ac_buf_take(&out, arena);
}
