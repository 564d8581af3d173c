#include "mock/rules.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/env.h"

/* ---- characters ---- */

typedef struct range {
    uint32_t first, last;
} range;

static bool in_ranges(uint32_t c, const range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_ascii(uint32_t c)
{
    return c >= 0x20 && c <= 0x7E;
}

/* The script Han of Unicode. */
static bool is_han(uint32_t c)
{
    static const range han[] = {{0x2E80, 0x2E99},   {0x2E9B, 0x2EF3},   {0x2F00, 0x2FD5},  {0x3005, 0x3005},
                                {0x3007, 0x3007},   {0x3021, 0x3029},   {0x3038, 0x303B},  {0x3400, 0x4DBF},
                                {0x4E00, 0x9FFF},   {0xF900, 0xFA6D},   {0xFA70, 0xFAD9},  {0x16FF0, 0x16FF1},
                                {0x20000, 0x2EE5D}, {0x2F800, 0x2FA1D}, {0x30000, 0x323AF}};
    return in_ranges(c, han, AC_COUNT(han));
}

static bool in_class(ac_str name, uint32_t c)
{
    static const struct {
        const char *name;
        bool (*has)(uint32_t c);
    } classes[] = {{"letter", is_letter}, {"digit", is_digit}, {"han", is_han}, {"ascii", is_ascii}};
    for (size_t i = 0; i < AC_COUNT(classes); i++) {
        if (ac_str_is(name, classes[i].name)) {
            return classes[i].has(c);
        }
    }
    return false;
}

/* The scalar value at the start of *text, taken off it; false where it is not valid UTF-8. */
static bool take_scalar(ac_str *text, uint32_t *scalar)
{
    size_t length = ac_utf8_next(*text, scalar);
    *text = ac_str_sub(*text, length, text->n);
    return length > 0;
}

static bool is_among(ac_str chars, uint32_t c)
{
    uint32_t other;
    while (chars.n > 0 && take_scalar(&chars, &other)) {
        if (other == c) {
            return true;
        }
    }
    return false;
}

static bool in_charset(const ac_charset *set, uint32_t c)
{
    for (size_t i = 0; i < set->classes.count; i++) {
        if (in_class(set->classes.items[i], c)) {
            return true;
        }
    }
    return is_among(set->chars, c);
}

static bool keeps_characters(const ac_constraint *c, ac_str text)
{
    const ac_charset *set = c->first ? c->first : c->rest;
    while (text.n > 0) {
        uint32_t scalar;
        if (!take_scalar(&text, &scalar) || !in_charset(set, scalar)) {
            return false;
        }
        set = c->rest;
    }
    return true;
}

static bool keeps_edges(const ac_constraint *c, ac_str text)
{
    uint32_t first = 0;
    ac_str rest = text;
    if (text.n == 0 || !take_scalar(&rest, &first)) {
        return true;
    }
    uint32_t last = first;
    bool more = rest.n > 0;
    while (more) {
        more = take_scalar(&rest, &last) && rest.n > 0;
    }
    return !is_among(c->chars, first) && !is_among(c->chars, last);
}

/* ---- numbers ---- */

bool ac_mock_is_integer(ac_str text)
{
    size_t start = ac_str_starts(text, AC_STR("-")) ? 1 : 0;
    for (size_t i = start; i < text.n; i++) {
        if (!is_digit((unsigned char)text.p[i])) {
            return false;
        }
    }
    return text.n > start;
}

static ac_str significant(ac_str digits)
{
    while (digits.n > 0 && digits.p[0] == '0') {
        digits = ac_str_sub(digits, 1, digits.n);
    }
    return digits;
}

/* Integers of any size, by their digits: below 0, 0 or above 0. */
static int compare_integers(ac_str a, ac_str b)
{
    bool a_minus = ac_str_starts(a, AC_STR("-"));
    bool b_minus = ac_str_starts(b, AC_STR("-"));
    ac_str x = significant(ac_str_sub(a, a_minus ? 1 : 0, a.n));
    ac_str y = significant(ac_str_sub(b, b_minus ? 1 : 0, b.n));
    a_minus = a_minus && x.n > 0;
    b_minus = b_minus && y.n > 0;
    if (a_minus != b_minus) {
        return a_minus ? -1 : 1;
    }
    int size = x.n != y.n ? (x.n > y.n) - (x.n < y.n) : ac_str_cmp(x, y);
    return a_minus ? -size : size;
}

static bool keeps_range(const ac_constraint *c, ac_str text)
{
    return ac_mock_is_integer(text) && (!c->min.p || compare_integers(text, c->min) >= 0) &&
           (!c->max.p || compare_integers(text, c->max) <= 0);
}

static bool keeps_length(const ac_constraint *c, ac_str text)
{
    int64_t length = (int64_t)ac_utf8_length(text);
    int64_t min = 0;
    int64_t max = INT64_MAX;
    bool read = (!c->min.p || ac_str_int(c->min, &min)) && (!c->max.p || ac_str_int(c->max, &max));
    return !read || (length >= min && length <= max);
}

/* ---- formats ---- */

static bool is_address(int family, ac_str text)
{
    char copy[INET6_ADDRSTRLEN];
    unsigned char bytes[sizeof(struct in6_addr)];
    if (text.n == 0 || text.n >= sizeof copy || memchr(text.p, '\0', text.n)) {
        return false;
    }
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    return inet_pton(family, copy, bytes) == 1;
}

static bool is_ipv4(ac_str text)
{
    return is_address(AF_INET, text);
}

static bool is_ipv6(ac_str text)
{
    return is_address(AF_INET6, text);
}

static bool is_json(ac_str text)
{
    ac_arena *arena = ac_arena_new();
    bool valid = ac_json_parse(arena, text, &ac_json_wire_limits, NULL) != NULL;
    ac_arena_free(arena);
    return valid;
}

static bool is_boolean(ac_str text)
{
    return ac_str_is(text, "true") || ac_str_is(text, "false");
}

static bool is_utc_time(ac_str text)
{
    int64_t time_ms;
    return ac_time_parse(text, AC_TIME_ISO, &time_ms);
}

static bool is_hex(char c)
{
    return is_digit((unsigned char)c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_uuid(ac_str text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    bool valid = text.n == sizeof form - 1;
    for (size_t i = 0; valid && i < text.n; i++) {
        valid = form[i] == 'x' ? is_hex(text.p[i]) : text.p[i] == '-';
    }
    return valid;
}

static bool is_label(ac_str text)
{
    bool valid = text.n > 0 && text.n < 64;
    for (size_t i = 0; valid && i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        valid = is_letter(c) || is_digit(c) || (c == '-' && i > 0 && i + 1 < text.n);
    }
    return valid;
}

static bool is_domain(ac_str text)
{
    size_t labels = 0;
    while (text.p) {
        if (!is_label(ac_str_split(text, '.', &text))) {
            return false;
        }
        labels++;
    }
    return labels > 1;
}

bool ac_mock_has_format(int format, ac_str text)
{
    static bool (*const formats[])(ac_str text) = {
        [AC_FORMAT_IPV4] = is_ipv4,       [AC_FORMAT_IPV6] = is_ipv6,         [AC_FORMAT_JSON] = is_json,
        [AC_FORMAT_BOOLEAN] = is_boolean, [AC_FORMAT_UTC_TIME] = is_utc_time, [AC_FORMAT_UUID] = is_uuid,
        [AC_FORMAT_DOMAIN] = is_domain,
    };
    return !formats[format] || formats[format](text);
}

static bool keeps_format(const ac_constraint *c, ac_str text)
{
    return ac_mock_has_format(c->format, text);
}

/* ---- words ---- */

static bool keeps_prefix(const ac_constraint *c, ac_str text)
{
    for (size_t i = 0; i < c->values.count; i++) {
        ac_str start = ac_str_sub(text, 0, c->values.items[i].n);
        if (c->ignore_case ? ac_str_eq_nocase(start, c->values.items[i])
                           : ac_str_eq(start, c->values.items[i])) {
            return false;
        }
    }
    return true;
}

static bool keeps_contains(const ac_constraint *c, ac_str text)
{
    for (size_t i = 0; i < c->values.count; i++) {
        if (ac_str_find(text, c->values.items[i]) != AC_NOT_FOUND) {
            return false;
        }
    }
    return true;
}

static bool keeps_not_empty(const ac_constraint *c, ac_str text)
{
    (void)c;
    return text.n > 0;
}

static bool keeps_enum(const ac_constraint *c, ac_str text)
{
    for (size_t i = 0; i < c->values.count; i++) {
        if (ac_str_eq(c->values.items[i], text)) {
            return true;
        }
    }
    return false;
}

static bool keeps_pattern(const ac_constraint *c, ac_str text)
{
    return !c->regex || ac_regex_match(c->regex, text);
}

bool ac_mock_text_keeps(const ac_constraint *constraint, ac_str text)
{
    static bool (*const rules[AC_CONSTRAINT_KINDS])(const ac_constraint *c, ac_str text) = {
        [AC_LENGTH] = keeps_length,     [AC_CHARACTERS] = keeps_characters,
        [AC_PREFIX_NOT] = keeps_prefix, [AC_CONTAINS_NOT] = keeps_contains,
        [AC_EDGES_NOT] = keeps_edges,   [AC_NOT_EMPTY] = keeps_not_empty,
        [AC_RANGE] = keeps_range,       [AC_ENUM] = keeps_enum,
        [AC_FORMAT] = keeps_format,     [AC_PATTERN] = keeps_pattern,
    };
    return !rules[constraint->kind] || rules[constraint->kind](constraint, text);
}
