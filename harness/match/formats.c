/* Documented formats of text. */
#include <string.h>

#include "match/match.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* Text of a fixed form: 9 stands for a digit, x for a hexadecimal one, anything else for itself. */
static bool has_form(ac_str text, const char *form)
{
    if (text.n != strlen(form)) {
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool fits = form[i] == '9' ? is_digit(c) : form[i] == 'x' ? is_hex(c) : c == form[i];
        if (!fits) {
            return false;
        }
    }
    return true;
}

static int number_at(ac_str text, size_t from, size_t digits)
{
    int value = 0;
    for (size_t i = from; i < from + digits; i++) {
        value = value * 10 + (text.p[i] - '0');
    }
    return value;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_utc_time(ac_str text)
{
    if (!has_form(text, "9999-99-99T99:99:99Z")) {
        return false;
    }
    int month = number_at(text, 5, 2);
    int day = number_at(text, 8, 2);
    return month >= 1 && month <= 12 && day >= 1 && day <= days_of_month(number_at(text, 0, 4), month) &&
           number_at(text, 11, 2) < 24 && number_at(text, 14, 2) < 60 && number_at(text, 17, 2) < 60;
}

static bool is_uuid(ac_str text)
{
    return has_form(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

static bool is_octet(ac_str text)
{
    int64_t value;
    bool plain = text.n > 0 && text.n <= 3 && is_digit(text.p[0]) && (text.n == 1 || text.p[0] != '0');
    return plain && ac_str_int(text, &value) && value <= 255;
}

static bool is_ipv4(ac_str text)
{
    size_t octets = 0;
    for (ac_str rest = text; rest.p; octets++) {
        if (octets == 4 || !is_octet(ac_str_split(rest, '.', &rest))) {
            return false;
        }
    }
    return octets == 4;
}

static bool is_hex_group(ac_str text)
{
    size_t n = 0;
    while (n < text.n && is_hex(text.p[n])) {
        n++;
    }
    return n == text.n && n >= 1 && n <= 4;
}

/* Groups of 16 bits in one half of an address, 0 for none; false where it is not one. */
static bool count_groups(ac_str half, bool ends_address, int *count)
{
    *count = 0;
    for (ac_str rest = half; half.n > 0 && rest.p;) {
        ac_str group = ac_str_split(rest, ':', &rest);
        bool dotted = ends_address && !rest.p && is_ipv4(group);
        if (!dotted && !is_hex_group(group)) {
            return false;
        }
        *count += dotted ? 2 : 1;
    }
    return true;
}

static bool is_ipv6(ac_str text)
{
    int left, right;
    size_t gap = ac_str_find(text, AC_STR("::"));
    if (gap == AC_NOT_FOUND) {
        return count_groups(text, true, &left) && left == 8;
    }
    return count_groups(ac_str_sub(text, 0, gap), false, &left) &&
           count_groups(ac_str_sub(text, gap + 2, text.n), true, &right) && left + right <= 7;
}

static bool is_label(ac_str label)
{
    if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < label.n; i++) {
        if (!is_letter(label.p[i]) && !is_digit(label.p[i]) && label.p[i] != '-') {
            return false;
        }
    }
    return true;
}

/* At least two labels, the last of which is no number: an address is not a domain. */
static bool is_domain(ac_str text)
{
    size_t labels = 0;
    bool named = false;
    for (ac_str rest = text; rest.p; labels++) {
        ac_str label = ac_str_split(rest, '.', &rest);
        if (!is_label(label)) {
            return false;
        }
        named = is_letter(label.p[0]);
    }
    return labels >= 2 && named && text.n <= 253;
}

static bool is_boolean(ac_str text)
{
    return ac_str_is(text, "true") || ac_str_is(text, "false");
}

static bool is_json(ac_str text)
{
    ac_arena *arena = ac_arena_new();
    bool parsed = ac_json_parse(arena, text, &ac_json_wire_limits, NULL) != NULL;
    ac_arena_free(arena);
    return parsed;
}

bool ac_match_format(ac_format format, ac_str text)
{
    static bool (*const formats[])(ac_str) = {
        [AC_FORMAT_IPV4] = is_ipv4,       [AC_FORMAT_IPV6] = is_ipv6,         [AC_FORMAT_JSON] = is_json,
        [AC_FORMAT_BOOLEAN] = is_boolean, [AC_FORMAT_UTC_TIME] = is_utc_time, [AC_FORMAT_UUID] = is_uuid,
        [AC_FORMAT_DOMAIN] = is_domain,
    };
    return format == AC_FORMAT_UNSET || formats[format](text);
}
