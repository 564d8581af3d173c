#include "http/message.h"

#include <string.h>

/* ---- pairs ---- */

static void grow(ac_arena *arena, ac_pairs *pairs)
{
    size_t capacity = pairs->capacity > 0 ? pairs->capacity * 2 : 8;
    ac_pair *items = AC_NEW_ARRAY(arena, capacity, ac_pair);
    if (pairs->count > 0) {
        memcpy(items, pairs->items, pairs->count * sizeof *items);
    }
    pairs->items = items;
    pairs->capacity = capacity;
}

void ac_pairs_add(ac_arena *arena, ac_pairs *pairs, ac_str name, ac_str value)
{
    if (pairs->count == pairs->capacity) {
        grow(arena, pairs);
    }
    pairs->items[pairs->count++] = (ac_pair){name, value};
}

typedef bool name_match(ac_str a, ac_str b);

/* Index of the first pair of that name at or after from, or count. */
static size_t index_of(const ac_pairs *pairs, size_t from, ac_str name, name_match *matches)
{
    size_t i = from;
    while (i < pairs->count && !matches(pairs->items[i].name, name)) {
        i++;
    }
    return i;
}

static void remove_from(ac_pairs *pairs, size_t from, ac_str name, name_match *matches)
{
    size_t kept = from;
    for (size_t i = from; i < pairs->count; i++) {
        if (!matches(pairs->items[i].name, name)) {
            pairs->items[kept++] = pairs->items[i];
        }
    }
    if (from < pairs->count) {
        pairs->count = kept;
    }
}

void ac_pairs_set(ac_arena *arena, ac_pairs *pairs, ac_str name, ac_str value)
{
    size_t i = index_of(pairs, 0, name, ac_str_eq);
    if (i == pairs->count) {
        ac_pairs_add(arena, pairs, name, value);
        return;
    }
    pairs->items[i].value = value;
    remove_from(pairs, i + 1, name, ac_str_eq);
}

static const ac_pair *find(const ac_pairs *pairs, ac_str name, name_match *matches)
{
    size_t i = index_of(pairs, 0, name, matches);
    return i < pairs->count ? &pairs->items[i] : NULL;
}

const ac_pair *ac_pairs_find(const ac_pairs *pairs, ac_str name)
{
    return find(pairs, name, ac_str_eq);
}

const ac_pair *ac_pairs_find_nocase(const ac_pairs *pairs, ac_str name)
{
    return find(pairs, name, ac_str_eq_nocase);
}

ac_str ac_pairs_value(const ac_pairs *pairs, ac_str name)
{
    const ac_pair *pair = ac_pairs_find(pairs, name);
    return pair ? pair->value : (ac_str){NULL, 0};
}

ac_str ac_header(const ac_pairs *headers, const char *name)
{
    const ac_pair *pair = ac_pairs_find_nocase(headers, ac_str_c(name));
    return pair ? pair->value : (ac_str){NULL, 0};
}

void ac_pairs_remove_nocase(ac_pairs *pairs, ac_str name)
{
    remove_from(pairs, 0, name, ac_str_eq_nocase);
}

/* Copies text to *to and moves *to behind it. */
static ac_str put(char **to, ac_str text)
{
    ac_str copy = {*to, text.n};
    if (text.n > 0) {
        memcpy(*to, text.p, text.n);
    }
    *to += text.n;
    return copy;
}

ac_pairs ac_pairs_clone(ac_arena *arena, const ac_pairs *pairs)
{
    size_t bytes = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        bytes += pairs->items[i].name.n + pairs->items[i].value.n;
    }
    ac_pairs clone = {AC_NEW_ARRAY(arena, pairs->count, ac_pair), pairs->count, pairs->count};
    char *to = ac_arena_alloc(arena, bytes);
    for (size_t i = 0; i < pairs->count; i++) {
        clone.items[i].name = put(&to, pairs->items[i].name);
        clone.items[i].value = put(&to, pairs->items[i].value);
    }
    return clone;
}

/* ---- targets ---- */

ac_str ac_target_path(ac_str target)
{
    return ac_str_sub(target, 0, ac_str_find_char(target, '?'));
}

ac_str ac_target_query(ac_str target)
{
    size_t mark = ac_str_find_char(target, '?');
    return mark == AC_NOT_FOUND ? (ac_str){NULL, 0} : ac_str_sub(target, mark + 1, target.n);
}

/* ---- percent-encoding ---- */

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-_.~", c));
}

static size_t encoded_size(ac_str text)
{
    size_t size = text.n;
    for (size_t i = 0; i < text.n; i++) {
        size += is_unreserved(text.p[i]) ? 0 : 2;
    }
    return size;
}

static char *put_encoded(char *to, ac_str text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.n; i++) {
        unsigned char byte = (unsigned char)text.p[i];
        if (is_unreserved(text.p[i])) {
            *to++ = text.p[i];
        } else {
            *to++ = '%';
            *to++ = digits[byte >> 4];
            *to++ = digits[byte & 15];
        }
    }
    return to;
}

ac_str ac_percent_encoded(ac_arena *arena, ac_str text)
{
    size_t size = encoded_size(text);
    char *encoded = ac_arena_alloc(arena, size);
    put_encoded(encoded, text);
    return (ac_str){encoded, size};
}

void ac_percent_encode(ac_buf *out, ac_str text)
{
    char chunk[3 * 64];
    for (size_t i = 0; i < text.n; i += 64) {
        char *end = put_encoded(chunk, ac_str_sub(text, i, 64));
        ac_buf_add(out, (ac_str){chunk, (size_t)(end - chunk)});
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that the text at i stands for; *length becomes how many bytes of text that were. */
static char decoded_at(ac_str text, size_t i, bool plus_is_space, size_t *length)
{
    *length = 1;
    if (text.p[i] == '+' && plus_is_space) {
        return ' ';
    }
    if (text.p[i] != '%' || text.n - i < 3) {
        return text.p[i];
    }
    int high = hex_value(text.p[i + 1]);
    int low = hex_value(text.p[i + 2]);
    if (high < 0 || low < 0) {
        return text.p[i];
    }
    *length = 3;
    return (char)(high * 16 + low);
}

/* Writes the decoded text to *to, which has room for text.n bytes, and moves *to behind it. */
static ac_str put_decoded(char **to, ac_str text, bool plus_is_space)
{
    char *start = *to;
    size_t length = 0;
    for (size_t i = 0; i < text.n; i += length) {
        *(*to)++ = decoded_at(text, i, plus_is_space, &length);
    }
    return (ac_str){start, (size_t)(*to - start)};
}

ac_str ac_percent_decoded(ac_arena *arena, ac_str text)
{
    char *to = ac_arena_alloc(arena, text.n);
    return put_decoded(&to, text, false);
}

/* ---- forms ---- */

bool ac_form_parse(ac_arena *arena, ac_str text, bool plus_is_space, size_t max, ac_pairs *out)
{
    char *to = ac_arena_alloc(arena, text.n); /* one allocation for all names and values */
    *out = (ac_pairs){0};
    while (text.n > 0) {
        ac_str piece = ac_str_split(text, '&', &text);
        if (piece.n == 0) {
            continue;
        }
        if (out->count == max) {
            return false;
        }
        ac_str value;
        ac_str name = ac_str_split(piece, '=', &value);
        name = put_decoded(&to, name, plus_is_space);
        value = put_decoded(&to, value, plus_is_space);
        ac_pairs_add(arena, out, name, value);
    }
    return true;
}

ac_str ac_form_print(ac_arena *arena, const ac_pairs *pairs)
{
    size_t size = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        size += encoded_size(pairs->items[i].name) + encoded_size(pairs->items[i].value) + 2;
    }
    char *text = ac_arena_alloc(arena, size);
    char *to = text;
    for (size_t i = 0; i < pairs->count; i++) {
        if (i > 0) {
            *to++ = '&';
        }
        to = put_encoded(to, pairs->items[i].name);
        *to++ = '=';
        to = put_encoded(to, pairs->items[i].value);
    }
    return (ac_str){text, (size_t)(to - text)};
}

/* ---- names ---- */

bool ac_method_has_body(ac_str method)
{
    return ac_str_is(method, "POST") || ac_str_is(method, "PUT") || ac_str_is(method, "PATCH");
}

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {102, "Processing"},
    {103, "Early Hints"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {207, "Multi-Status"},
    {208, "Already Reported"},
    {226, "IM Used"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {305, "Use Proxy"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {424, "Failed Dependency"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {506, "Variant Also Negotiates"},
    {507, "Insufficient Storage"},
    {508, "Loop Detected"},
    {511, "Network Authentication Required"},
};

const char *ac_status_reason(int status)
{
    for (size_t i = 0; i < AC_COUNT(reasons); i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return "";
}

bool ac_name_is_secret(ac_str name)
{
    static const ac_str secrets[] = {
        AC_STR_INIT("Authorization"),
        AC_STR_INIT("Proxy-Authorization"),
        AC_STR_INIT("Cookie"),
        AC_STR_INIT("Set-Cookie"),
        AC_STR_INIT("X-Acs-Security-Token"),
        AC_STR_INIT("X-Acs-Bearer-Token"),
        AC_STR_INIT("X-Security-Token"),
        AC_STR_INIT("X-Signature"),
        AC_STR_INIT("Signature"),
        AC_STR_INIT("SecurityToken"),
        AC_STR_INIT("Security-Token"),
        AC_STR_INIT("BearerToken"),
        AC_STR_INIT("AccessKeySecret"),
        AC_STR_INIT("SecretAccessKey"),
        AC_STR_INIT("SecretKey"),
        AC_STR_INIT("Password"),
    };
    for (size_t i = 0; i < AC_COUNT(secrets); i++) {
        if (ac_str_eq_nocase(name, secrets[i])) {
            return true;
        }
    }
    return false;
}
