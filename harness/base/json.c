/* Reading: a strict scan of the text first, then cJSON for what the scan has admitted. */
#include "base/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const ac_json_limits ac_json_file_limits = {16u << 20, 64};
const ac_json_limits ac_json_wire_limits = {1u << 20, 64};

typedef struct pieces {
    ac_str *items; /* views into the text, in document order */
    size_t count, capacity;
} pieces;

enum { CJSON_NUMBER_MAX = 63 }; /* bytes; cJSON takes what follows for the next token */

typedef struct scanner {
    ac_arena *scratch; /* for what is not needed once the tree stands */
    ac_str text;
    size_t at;
    unsigned depth, depth_max;
    pieces numbers;    /* literals */
    pieces keys;       /* names of members as written */
    bool long_numbers; /* some literal is too long for cJSON */
    ac_err *err;
} scanner;

static bool scan_value(scanner *s);

static bool refuse(scanner *s, size_t at, const char *what)
{
    size_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < at && i < s->text.n; i++) {
        if (s->text.p[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    size_t column = ac_utf8_length(ac_str_sub(s->text, start, at - start)) + 1;
    return ac_fail(s->err, AC_ERR_DATA, "line %zu, column %zu: %s", line, column, what);
}

static int peek(const scanner *s)
{
    return s->at < s->text.n ? (unsigned char)s->text.p[s->at] : -1;
}

static void skip_space(scanner *s)
{
    int c;
    while ((c = peek(s)) == ' ' || c == '\n' || c == '\r' || c == '\t') {
        s->at++;
    }
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool scan_digits(scanner *s)
{
    size_t from = s->at;
    while (is_digit(peek(s))) {
        s->at++;
    }
    return s->at > from;
}

static bool number_is_well_formed(scanner *s)
{
    if (peek(s) == '-') {
        s->at++;
    }
    if (peek(s) == '0') {
        s->at++;
        if (is_digit(peek(s))) {
            return false;
        }
    } else if (!scan_digits(s)) {
        return false;
    }
    if (peek(s) == '.') {
        s->at++;
        if (!scan_digits(s)) {
            return false;
        }
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-') {
            s->at++;
        }
        return scan_digits(s);
    }
    return true;
}

static void remember(ac_arena *arena, pieces *list, ac_str piece)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? list->capacity * 2 : 32;
        ac_str *grown = AC_NEW_ARRAY(arena, capacity, ac_str);
        if (list->count > 0) {
            memcpy(grown, list->items, list->count * sizeof *grown);
        }
        list->items = grown;
        list->capacity = capacity;
    }
    list->items[list->count++] = piece;
}

static bool scan_number(scanner *s)
{
    size_t from = s->at;
    if (!number_is_well_formed(s)) {
        return refuse(s, from, "not a JSON number");
    }
    remember(s->scratch, &s->numbers, ac_str_sub(s->text, from, s->at - from));
    s->long_numbers = s->long_numbers || s->at - from > CJSON_NUMBER_MAX;
    return true;
}

bool ac_json_number_valid(ac_str literal)
{
    scanner s = {.text = literal};
    return number_is_well_formed(&s) && s.at == literal.n;
}

static int hex_digit(int c)
{
    if (is_digit(c)) {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int scan_hex4(scanner *s)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(peek(s));
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
        s->at++;
    }
    return value;
}

static bool scan_unicode_escape(scanner *s, size_t from)
{
    int unit = scan_hex4(s);
    if (unit < 0) {
        return refuse(s, from, "\\u needs four hexadecimal digits");
    }
    if (unit == 0) {
        return refuse(s, from, "U+0000 in a string");
    }
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        bool pair = peek(s) == '\\' && s->at + 1 < s->text.n && s->text.p[s->at + 1] == 'u';
        s->at += pair ? 2 : 0;
        int low = pair ? scan_hex4(s) : -1;
        if (low < 0xDC00 || low > 0xDFFF) {
            return refuse(s, from, "lone surrogate in a string");
        }
    } else if (unit >= 0xDC00 && unit <= 0xDFFF) {
        return refuse(s, from, "lone surrogate in a string");
    }
    return true;
}

static bool scan_escape(scanner *s)
{
    size_t from = s->at++;
    int c = peek(s);
    s->at++;
    if (c == 'u') {
        return scan_unicode_escape(s, from);
    }
    return (c > 0 && strchr("\"\\/bfnrt", c)) || refuse(s, from, "unknown escape in a string");
}

static bool scan_string(scanner *s)
{
    size_t opened = s->at;
    if (peek(s) != '"') {
        return refuse(s, s->at, "a string is expected here");
    }
    s->at++;
    for (;;) {
        int c = peek(s);
        if (c < 0) {
            return refuse(s, opened, "string without an end");
        }
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c < 0x20) {
            return refuse(s, s->at, "control character in a string");
        }
        if (c == '\\') {
            if (!scan_escape(s)) {
                return false;
            }
        } else if (c < 0x80) {
            s->at++;
        } else {
            uint32_t scalar;
            size_t length = ac_utf8_next(ac_str_sub(s->text, s->at, 4), &scalar);
            if (length == 0) {
                return refuse(s, s->at, "invalid UTF-8");
            }
            s->at += length;
        }
    }
}

static bool scan_word(scanner *s, const char *word)
{
    ac_str expected = ac_str_c(word);
    if (!ac_str_eq(ac_str_sub(s->text, s->at, expected.n), expected)) {
        return refuse(s, s->at, "not a JSON value");
    }
    s->at += expected.n;
    return true;
}

static bool scan_member(scanner *s)
{
    size_t from = s->at;
    if (!scan_string(s)) {
        return false;
    }
    remember(s->scratch, &s->keys, ac_str_sub(s->text, from, s->at - from));
    skip_space(s);
    if (peek(s) != ':') {
        return refuse(s, s->at, "\":\" is expected after the member's name");
    }
    s->at++;
    return scan_value(s);
}

static bool scan_items(scanner *s, char close, bool (*scan_item)(scanner *))
{
    s->at++;
    skip_space(s);
    if (peek(s) == close) {
        s->at++;
        return true;
    }
    for (;;) {
        skip_space(s);
        if (!scan_item(s)) {
            return false;
        }
        skip_space(s);
        int c = peek(s);
        if (c == close) {
            s->at++;
            return true;
        }
        if (c != ',') {
            return refuse(s, s->at,
                          close == ']' ? "\",\" or \"]\" is expected here"
                                       : "\",\" or \"}\" is expected here");
        }
        s->at++;
    }
}

static bool scan_container(scanner *s, char close, bool (*scan_item)(scanner *))
{
    if (++s->depth > s->depth_max) {
        return refuse(s, s->at, "nested too deeply");
    }
    bool ok = scan_items(s, close, scan_item);
    s->depth--;
    return ok;
}

static bool scan_value(scanner *s)
{
    skip_space(s);
    int c = peek(s);
    switch (c) {
    case -1:
        return refuse(s, s->at, "the text ends where a value is expected");
    case '{':
        return scan_container(s, '}', scan_member);
    case '[':
        return scan_container(s, ']', scan_value);
    case '"':
        return scan_string(s);
    case 't':
        return scan_word(s, "true");
    case 'f':
        return scan_word(s, "false");
    case 'n':
        return scan_word(s, "null");
    default:
        return c == '-' || is_digit(c) ? scan_number(s) : refuse(s, s->at, "not a JSON value");
    }
}

static bool scan_document(scanner *s)
{
    if (ac_str_starts(s->text, AC_STR("\xEF\xBB\xBF"))) {
        return refuse(s, 0, "byte order mark");
    }
    if (!scan_value(s)) {
        return false;
    }
    skip_space(s);
    return s->at == s->text.n || refuse(s, s->at, "bytes after the end of the value");
}

/* ---- from cJSON's tree to ours ---- */

/* The text for cJSON. Its numbers are not used, so that one it cannot read may as well be 0. */
static ac_str with_short_numbers(const scanner *s)
{
    if (!s->long_numbers) {
        return s->text;
    }
    char *copy = ac_arena_copy(s->scratch, s->text.p, s->text.n);
    for (size_t i = 0; i < s->numbers.count; i++) {
        ac_str literal = s->numbers.items[i];
        if (literal.n > CJSON_NUMBER_MAX) {
            char *at = copy + (literal.p - s->text.p);
            memset(at, ' ', literal.n);
            *at = '0';
        }
    }
    return (ac_str){copy, s->text.n};
}

typedef struct converter {
    scanner *scan;
    ac_arena *arena; /* of the tree */
    size_t next_number;
    size_t next_key;
} converter;

static bool convert(converter *c, const cJSON *from, ac_json *to);

typedef struct named {
    ac_str key;
    size_t at; /* offset in the text */
} named;

static int by_key(const void *a, const void *b)
{
    const named *x = a;
    const named *y = b;
    int order = ac_str_cmp(x->key, y->key);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static bool keys_are_unique(scanner *s, named *keys, size_t count)
{
    qsort(keys, count, sizeof *keys, by_key);
    for (size_t i = 1; i < count; i++) {
        if (ac_str_eq(keys[i - 1].key, keys[i].key)) {
            char what[128];
            snprintf(what, sizeof what, "duplicate key \"%.*s\"",
                     (int)(keys[i].key.n < 80 ? keys[i].key.n : 80), keys[i].key.p);
            return refuse(s, keys[i].at, what);
        }
    }
    return true;
}

static ac_json_type type_of(const cJSON *item)
{
    switch (item->type & 0xFF) {
    case cJSON_True:
    case cJSON_False:
        return AC_JSON_BOOL;
    case cJSON_Number:
        return AC_JSON_NUMBER;
    case cJSON_String:
        return AC_JSON_STRING;
    case cJSON_Array:
        return AC_JSON_ARRAY;
    case cJSON_Object:
        return AC_JSON_OBJECT;
    default:
        return AC_JSON_NULL;
    }
}

/* The scan and cJSON have to agree about what there is. */
static ac_str next_piece(const pieces *list, size_t *next)
{
    assert(*next < list->count);
    return list->items[(*next)++];
}

static bool convert_items(converter *c, const cJSON *from, ac_json *to)
{
    size_t count = (size_t)cJSON_GetArraySize(from);
    bool object = to->type == AC_JSON_OBJECT;
    ac_json *items = AC_NEW_ARRAY(c->arena, count, ac_json);
    named *keys = AC_NEW_ARRAY(c->scan->scratch, object ? count : 0, named);
    size_t i = 0;
    for (const cJSON *item = from->child; item; item = item->next, i++) {
        if (object) {
            items[i].key = ac_str_dup(c->arena, ac_str_c(item->string));
            size_t at = (size_t)(next_piece(&c->scan->keys, &c->next_key).p - c->scan->text.p);
            keys[i] = (named){items[i].key, at};
        }
        if (!convert(c, item, &items[i])) {
            return false;
        }
    }
    to->items = items;
    to->count = count;
    return !object || keys_are_unique(c->scan, keys, count);
}

static bool convert(converter *c, const cJSON *from, ac_json *to)
{
    to->type = type_of(from);
    if (to->type == AC_JSON_ARRAY || to->type == AC_JSON_OBJECT) {
        return convert_items(c, from, to);
    }
    to->boolean = cJSON_IsTrue(from);
    if (to->type == AC_JSON_NUMBER) {
        to->text = ac_str_dup(c->arena, next_piece(&c->scan->numbers, &c->next_number));
    } else if (to->type == AC_JSON_STRING) {
        to->text = ac_str_dup(c->arena, ac_str_c(from->valuestring));
    }
    return true;
}

static const ac_json *parse(ac_arena *arena, scanner *s)
{
    if (!scan_document(s)) {
        return NULL;
    }
    ac_str text = with_short_numbers(s);
    cJSON *tree = cJSON_ParseWithLength(text.p, text.n);
    if (!tree) {
        ac_fail(s->err, AC_ERR_DATA, "cannot be parsed");
        return NULL;
    }
    converter c = {.scan = s, .arena = arena};
    ac_json *root = AC_NEW(arena, ac_json);
    bool ok = convert(&c, tree, root);
    assert(!ok || (c.next_number == s->numbers.count && c.next_key == s->keys.count));
    cJSON_Delete(tree);
    return ok ? root : NULL;
}

const ac_json *ac_json_parse(ac_arena *arena, ac_str text, const ac_json_limits *limits, ac_err *err)
{
    if (text.n > limits->bytes) {
        ac_fail(err, AC_ERR_DATA, "larger than %zu bytes", limits->bytes);
        return NULL;
    }
    scanner s = {.scratch = ac_arena_new(), .text = text, .depth_max = limits->depth, .err = err};
    const ac_json *root = parse(arena, &s);
    ac_arena_free(s.scratch);
    return root;
}
