/* Reading, building and writing of trees. */
#include "base/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *ac_json_type_name(ac_json_type type)
{
    static const char *const names[] = {"null", "boolean", "number", "string", "array", "object"};
    return names[type];
}

bool ac_json_is(const ac_json *value, ac_json_type type)
{
    return value && value->type == type;
}

const ac_json *ac_json_get(const ac_json *object, ac_str key)
{
    if (!ac_json_is(object, AC_JSON_OBJECT)) {
        return NULL;
    }
    for (size_t i = 0; i < object->count; i++) {
        if (ac_str_eq(object->items[i].key, key)) {
            return &object->items[i];
        }
    }
    return NULL;
}

const ac_json *ac_json_get_c(const ac_json *object, const char *key)
{
    return ac_json_get(object, ac_str_c(key));
}

/* ---- pointers ---- */

enum { POINTER_TOKENS_MAX = 256 };

static bool pointer_is_valid(ac_str pointer)
{
    size_t tokens = 0;
    for (size_t i = 0; i < pointer.n; i++) {
        char next = i + 1 < pointer.n ? pointer.p[i + 1] : '\0';
        if (pointer.p[i] == '~' && next != '0' && next != '1') {
            return false;
        }
        tokens += pointer.p[i] == '/';
    }
    return pointer.n == 0 || (pointer.p[0] == '/' && tokens <= POINTER_TOKENS_MAX);
}

/* Unescapes ~0 and ~1 into out, which holds at least token.n bytes. */
static ac_str unescape_token(ac_str token, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < token.n; i++) {
        if (token.p[i] == '~') {
            out[n++] = token.p[++i] == '1' ? '/' : '~';
        } else {
            out[n++] = token.p[i];
        }
    }
    return (ac_str){out, n};
}

static bool token_names(ac_str token, ac_str key)
{
    size_t n = 0;
    for (size_t i = 0; i < token.n; i++, n++) {
        char c = token.p[i];
        if (c == '~') {
            c = token.p[++i] == '1' ? '/' : '~';
        }
        if (n == key.n || key.p[n] != c) {
            return false;
        }
    }
    return n == key.n;
}

/* An index as RFC 6901 writes it: without sign and leading zeros. */
static bool token_index(ac_str token, size_t *index)
{
    int64_t value;
    bool plain = token.n > 0 && token.p[0] != '-' && (token.p[0] != '0' || token.n == 1);
    if (!plain || !ac_str_int(token, &value)) {
        return false;
    }
    *index = (size_t)value;
    return true;
}

static const ac_json *step(const ac_json *value, ac_str token)
{
    if (ac_json_is(value, AC_JSON_ARRAY)) {
        size_t index;
        return token_index(token, &index) && index < value->count ? &value->items[index] : NULL;
    }
    for (size_t i = 0; ac_json_is(value, AC_JSON_OBJECT) && i < value->count; i++) {
        if (token_names(token, value->items[i].key)) {
            return &value->items[i];
        }
    }
    return NULL;
}

const ac_json *ac_json_at(const ac_json *root, ac_str pointer)
{
    if (!pointer_is_valid(pointer)) {
        return NULL;
    }
    ac_str rest = pointer.n > 0 ? ac_str_sub(pointer, 1, pointer.n) : (ac_str){NULL, 0};
    while (root && rest.p) {
        root = step(root, ac_str_split(rest, '/', &rest));
    }
    return root;
}

/* ---- values ---- */

ac_str ac_json_text(const ac_json *value)
{
    bool has = ac_json_is(value, AC_JSON_STRING) || ac_json_is(value, AC_JSON_NUMBER);
    return has ? value->text : (ac_str){NULL, 0};
}

bool ac_json_is_integer(const ac_json *value)
{
    if (!ac_json_is(value, AC_JSON_NUMBER)) {
        return false;
    }
    for (size_t i = 0; i < value->text.n; i++) {
        if (strchr(".eE", value->text.p[i])) {
            return false;
        }
    }
    return true;
}

bool ac_json_int(const ac_json *value, int64_t *out)
{
    return ac_json_is_integer(value) && ac_str_int(value->text, out);
}

static int by_key(const void *a, const void *b)
{
    const ac_json *const *x = a;
    const ac_json *const *y = b;
    return ac_str_cmp((*x)->key, (*y)->key);
}

static const ac_json **sorted_members(const ac_json *object)
{
    const ac_json **members = ac_alloc(object->count * sizeof *members);
    for (size_t i = 0; i < object->count; i++) {
        members[i] = &object->items[i];
    }
    qsort(members, object->count, sizeof *members, by_key);
    return members;
}

static bool large_objects_equal(const ac_json *a, const ac_json *b)
{
    const ac_json **in_a = sorted_members(a);
    const ac_json **in_b = sorted_members(b);
    bool equal = true;
    for (size_t i = 0; equal && i < a->count; i++) {
        equal = ac_str_eq(in_a[i]->key, in_b[i]->key) && ac_json_equal(in_a[i], in_b[i]);
    }
    ac_free(in_a);
    ac_free(in_b);
    return equal;
}

static bool objects_equal(const ac_json *a, const ac_json *b)
{
    enum { FEW = 32 }; /* from here on sorting is cheaper than looking each member up */
    if (a->count > FEW) {
        return large_objects_equal(a, b);
    }
    for (size_t i = 0; i < a->count; i++) {
        const ac_json *other = ac_json_get(b, a->items[i].key);
        if (!other || !ac_json_equal(&a->items[i], other)) {
            return false;
        }
    }
    return true;
}

static bool arrays_equal(const ac_json *a, const ac_json *b)
{
    for (size_t i = 0; i < a->count; i++) {
        if (!ac_json_equal(&a->items[i], &b->items[i])) {
            return false;
        }
    }
    return true;
}

bool ac_json_equal(const ac_json *a, const ac_json *b)
{
    if (!a || !b) {
        return a == b;
    }
    if (a->type != b->type || a->count != b->count || a->boolean != b->boolean ||
        !ac_str_eq(a->text, b->text)) {
        return false;
    }
    return a->type == AC_JSON_OBJECT ? objects_equal(a, b) : arrays_equal(a, b);
}

/* ---- building ---- */

const ac_json *ac_json_null(void)
{
    static const ac_json null = {.type = AC_JSON_NULL};
    return &null;
}

const ac_json *ac_json_bool(bool value)
{
    static const ac_json booleans[] = {{.type = AC_JSON_BOOL}, {.type = AC_JSON_BOOL, .boolean = true}};
    return &booleans[value];
}

static const ac_json *leaf(ac_arena *arena, ac_json_type type, ac_str text)
{
    ac_json *made = AC_NEW(arena, ac_json);
    made->type = type;
    made->text = text;
    return made;
}

const ac_json *ac_json_string(ac_arena *arena, ac_str text)
{
    return leaf(arena, AC_JSON_STRING, text);
}

const ac_json *ac_json_number(ac_arena *arena, ac_str literal)
{
    assert(ac_json_number_valid(literal));
    return leaf(arena, AC_JSON_NUMBER, literal);
}

const ac_json *ac_json_integer(ac_arena *arena, int64_t value)
{
    return leaf(arena, AC_JSON_NUMBER, ac_str_printf(arena, "%lld", (long long)value));
}

const ac_json *ac_json_object(void)
{
    static const ac_json empty = {.type = AC_JSON_OBJECT};
    return &empty;
}

static ac_json *container(ac_arena *arena, ac_json_type type, const ac_json *items, size_t count)
{
    ac_json *made = AC_NEW(arena, ac_json);
    made->type = type;
    made->items = items;
    made->count = count;
    return made;
}

const ac_json *ac_json_array(ac_arena *arena, const ac_json *const *items, size_t count)
{
    ac_json *copies = AC_NEW_ARRAY(arena, count, ac_json);
    for (size_t i = 0; i < count; i++) {
        copies[i] = *items[i];
        copies[i].key = (ac_str){NULL, 0};
    }
    return container(arena, AC_JSON_ARRAY, copies, count);
}

static size_t index_of(const ac_json *object, ac_str key)
{
    const ac_json *found = ac_json_get(object, key);
    return found ? (size_t)(found - object->items) : object->count;
}

/* A copy of parent with items[index] replaced, added (index is the count) or, for NULL, removed. */
static const ac_json *with_item(ac_arena *arena, const ac_json *parent, size_t index, ac_str key,
                                const ac_json *value)
{
    bool adds = index == parent->count && value;
    bool removes = index < parent->count && !value;
    size_t count = parent->count + (adds ? 1 : 0) - (removes ? 1 : 0);
    ac_json *items = AC_NEW_ARRAY(arena, count, ac_json);
    size_t n = 0;
    for (size_t i = 0; i < parent->count; i++) {
        if (i != index) {
            items[n++] = parent->items[i];
        } else if (value) {
            items[n] = *value;
            items[n++].key = key;
        }
    }
    if (adds) {
        items[n] = *value;
        items[n].key = key;
    }
    return container(arena, parent->type, items, count);
}

const ac_json *ac_json_set(ac_arena *arena, const ac_json *object, ac_str key, const ac_json *value)
{
    const ac_json *parent = ac_json_is(object, AC_JSON_OBJECT) ? object : ac_json_object();
    return with_item(arena, parent, index_of(parent, key), key, value);
}

static const ac_json *set_below(ac_arena *arena, const ac_json *root, ac_str pointer, const ac_json *value);

static const ac_json *set_in_array(ac_arena *arena, const ac_json *array, ac_str token, ac_str below,
                                   const ac_json *value)
{
    size_t index = array->count;
    if (!(ac_str_is(token, "-") || token_index(token, &index)) || index > array->count) {
        return array;
    }
    const ac_json *old = index < array->count ? &array->items[index] : NULL;
    const ac_json *item = set_below(arena, old, below, value);
    return with_item(arena, array, index, (ac_str){NULL, 0}, item);
}

static const ac_json *set_below(ac_arena *arena, const ac_json *root, ac_str pointer, const ac_json *value)
{
    if (pointer.n == 0) {
        return value;
    }
    ac_str rest;
    ac_str token = ac_str_split(ac_str_sub(pointer, 1, pointer.n), '/', &rest);
    ac_str below = rest.p ? (ac_str){rest.p - 1, rest.n + 1} : (ac_str){NULL, 0};
    if (ac_json_is(root, AC_JSON_ARRAY)) {
        return set_in_array(arena, root, token, below, value);
    }
    char *room = ac_arena_alloc(arena, token.n);
    ac_str key = unescape_token(token, room);
    const ac_json *old = ac_json_get(root, key);
    if (!value && !old) {
        return root;
    }
    return ac_json_set(arena, root, key, set_below(arena, old, below, value));
}

const ac_json *ac_json_set_at(ac_arena *arena, const ac_json *root, ac_str pointer, const ac_json *value)
{
    return pointer_is_valid(pointer) ? set_below(arena, root, pointer, value) : root;
}

ac_str ac_json_pointer_token(ac_arena *arena, ac_str key)
{
    ac_str escaped = ac_str_replace(arena, key, AC_STR("~"), AC_STR("~0"));
    return ac_str_replace(arena, escaped, AC_STR("/"), AC_STR("~1"));
}

/* ---- writing ---- */

static void write_scalar(ac_buf *out, ac_str bytes, size_t length, uint32_t scalar)
{
    static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    const char *name = scalar > 0 && scalar < 0x80 ? strchr(names, (int)scalar) : NULL;
    if (length == 0) {
        ac_buf_add_c(out, "\xEF\xBF\xBD");
    } else if (name && (name - names) % 2 == 0) {
        ac_buf_add_char(out, '\\');
        ac_buf_add_char(out, name[1]);
    } else if (scalar < 0x20 || scalar == 0x7F) {
        ac_buf_printf(out, "\\u%04x", (unsigned)scalar);
    } else {
        ac_buf_add(out, ac_str_sub(bytes, 0, length));
    }
}

static size_t plain_prefix(ac_str text)
{
    size_t n = 0;
    while (n < text.n && (unsigned char)text.p[n] >= 0x20 && (unsigned char)text.p[n] < 0x7F &&
           text.p[n] != '"' && text.p[n] != '\\') {
        n++;
    }
    return n;
}

void ac_json_write_string(ac_buf *out, ac_str text)
{
    ac_buf_add_char(out, '"');
    while (text.n > 0) {
        size_t plain = plain_prefix(text);
        ac_buf_add(out, ac_str_sub(text, 0, plain));
        text = ac_str_sub(text, plain, text.n);
        if (text.n > 0) {
            uint32_t scalar = 0;
            size_t length = ac_utf8_next(text, &scalar);
            write_scalar(out, text, length, scalar);
            text = ac_str_sub(text, length > 0 ? length : 1, text.n);
        }
    }
    ac_buf_add_char(out, '"');
}

static void new_line(ac_buf *out, bool pretty, unsigned indent)
{
    if (pretty) {
        ac_buf_printf(out, "\n%*s", (int)indent * 2, "");
    }
}

static void write_node(ac_buf *out, const ac_json *value, bool pretty, unsigned indent);

static void write_items(ac_buf *out, const ac_json *value, bool pretty, unsigned indent)
{
    bool object = value->type == AC_JSON_OBJECT;
    ac_buf_add_char(out, object ? '{' : '[');
    for (size_t i = 0; i < value->count; i++) {
        if (i > 0) {
            ac_buf_add_char(out, ',');
        }
        new_line(out, pretty, indent + 1);
        if (object) {
            ac_json_write_string(out, value->items[i].key);
            ac_buf_add_c(out, pretty ? ": " : ":");
        }
        write_node(out, &value->items[i], pretty, indent + 1);
    }
    if (value->count > 0) {
        new_line(out, pretty, indent);
    }
    ac_buf_add_char(out, object ? '}' : ']');
}

static void write_node(ac_buf *out, const ac_json *value, bool pretty, unsigned indent)
{
    switch (value->type) {
    case AC_JSON_NULL:
        ac_buf_add_c(out, "null");
        break;
    case AC_JSON_BOOL:
        ac_buf_add_c(out, value->boolean ? "true" : "false");
        break;
    case AC_JSON_NUMBER:
        ac_buf_add(out, value->text);
        break;
    case AC_JSON_STRING:
        ac_json_write_string(out, value->text);
        break;
    case AC_JSON_ARRAY:
    case AC_JSON_OBJECT:
        write_items(out, value, pretty, indent);
        break;
    }
}

void ac_json_write(ac_buf *out, const ac_json *value)
{
    write_node(out, value, false, 0);
}

void ac_json_write_pretty(ac_buf *out, const ac_json *value, unsigned indent)
{
    write_node(out, value, true, indent);
}
