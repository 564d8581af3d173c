#include "base/decode.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { PATH_MAX_BYTES = 4096 };

/* The layout that AC_FIELD_LIST and AC_FIELD_MAP fill, whatever the element type. */
typedef struct raw_list {
    void *items;
    size_t count;
} raw_list;

void ac_decoder_init(ac_decoder *decoder, ac_arena *arena, const char *file, ac_err *err)
{
    *decoder = (ac_decoder){.arena = arena, .file = file, .err = err};
    ac_buf_init(&decoder->path, PATH_MAX_BYTES);
}

void ac_decoder_done(ac_decoder *decoder)
{
    ac_buf_done(&decoder->path);
}

/* Not ac_json_pointer_token: every member comes by here, and the arena keeps what is made in it. */
static size_t enter(ac_decoder *decoder, ac_str member)
{
    size_t mark = decoder->path.n;
    ac_buf_add_char(&decoder->path, '/');
    size_t done = 0;
    for (size_t i = 0; i < member.n; i++) {
        if (member.p[i] == '~' || member.p[i] == '/') {
            ac_buf_add(&decoder->path, ac_str_sub(member, done, i - done));
            ac_buf_add_c(&decoder->path, member.p[i] == '~' ? "~0" : "~1");
            done = i + 1;
        }
    }
    ac_buf_add(&decoder->path, ac_str_sub(member, done, member.n));
    return mark;
}

static size_t enter_index(ac_decoder *decoder, size_t index)
{
    size_t mark = decoder->path.n;
    ac_buf_printf(&decoder->path, "/%zu", index);
    return mark;
}

static void leave(ac_decoder *decoder, size_t mark)
{
    if (decoder->path.p) {
        decoder->path.n = mark;
        decoder->path.p[mark] = '\0';
        decoder->path.overflow = false;
    }
}

bool ac_decode_fail(ac_decoder *decoder, const char *member, const char *format, ...)
{
    size_t mark = decoder->path.n;
    if (member) {
        enter(decoder, ac_str_c(member));
    }
    va_list args;
    va_start(args, format);
    ac_failv(decoder->err, AC_ERR_USAGE, format, args);
    va_end(args);
    ac_str place = ac_buf_str(&decoder->path);
    ac_err_prefix(decoder->err, AC_ERR_NONE, "%s: %s", decoder->file, place.n > 0 ? place.p : "/");
    leave(decoder, mark);
    return false;
}

static bool wrong_type(ac_decoder *decoder, const ac_json *json, const char *expected)
{
    return ac_decode_fail(decoder, NULL, "%s is expected here, not %s", expected,
                          ac_json_type_name(json->type));
}

static bool unknown_word(ac_decoder *decoder, const char *what, ac_str word, const ac_str *known,
                         size_t count)
{
    ac_str near = ac_suggest(word, known, count);
    if (near.n > 0) {
        return ac_decode_fail(decoder, NULL, "unknown %s \"%.*s\"; did you mean \"%.*s\"?", what,
                              AC_STR_FMT(word), AC_STR_FMT(near));
    }
    return ac_decode_fail(decoder, NULL, "unknown %s \"%.*s\"", what, AC_STR_FMT(word));
}

/* ---- one reader for each kind of field ---- */

typedef bool reader(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out);

static bool read_str(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    (void)field;
    if (json->type != AC_JSON_STRING) {
        return wrong_type(decoder, json, "a string");
    }
    *(ac_str *)out = json->text;
    return true;
}

static bool read_str_or_null(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    return json->type == AC_JSON_NULL || read_str(decoder, json, field, out);
}

static bool read_bool(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    (void)field;
    if (json->type != AC_JSON_BOOL) {
        return wrong_type(decoder, json, "true or false");
    }
    *(bool *)out = json->boolean;
    return true;
}

static bool read_int(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    (void)field;
    return ac_json_int(json, out) || ac_decode_fail(decoder, NULL, "an integer is expected here");
}

static bool read_number(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    (void)field;
    if (!ac_json_is_integer(json)) {
        return ac_decode_fail(decoder, NULL, "an integer is expected here");
    }
    *(ac_str *)out = json->text;
    return true;
}

/* Elements of an array, or the value itself as the only one. */
static const ac_json *elements(const ac_json *json, size_t *count)
{
    *count = json->type == AC_JSON_ARRAY ? json->count : 1;
    return json->type == AC_JSON_ARRAY ? json->items : json;
}

static bool read_each(ac_decoder *decoder, const ac_json *json, reader *read, size_t size, raw_list *out)
{
    const ac_json *items = elements(json, &out->count);
    char *values = ac_arena_array(decoder->arena, out->count, size);
    out->items = values;
    for (size_t i = 0; i < out->count; i++) {
        size_t mark = json->type == AC_JSON_ARRAY ? enter_index(decoder, i) : decoder->path.n;
        if (!read(decoder, &items[i], NULL, values + i * size)) {
            return false;
        }
        leave(decoder, mark);
    }
    return true;
}

static bool read_strs(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    (void)field;
    raw_list list;
    bool ok = read_each(decoder, json, read_str, sizeof(ac_str), &list);
    *(ac_strs *)out = (ac_strs){list.items, list.count};
    return ok;
}

static bool read_ints(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    (void)field;
    raw_list list;
    bool ok = read_each(decoder, json, read_int, sizeof(int64_t), &list);
    *(ac_ints *)out = (ac_ints){list.items, list.count};
    return ok;
}

static bool read_enum(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    const char *const *names = field->arg;
    ac_str known[64]; /* to suggest from */
    size_t count = 0;
    if (json->type != AC_JSON_STRING) {
        return wrong_type(decoder, json, "a string");
    }
    for (size_t i = 0; names[i]; i++) {
        if (ac_str_is(json->text, names[i])) {
            *(int *)out = (int)i;
            return true;
        }
        if (count < AC_COUNT(known)) {
            known[count++] = ac_str_c(names[i]);
        }
    }
    return unknown_word(decoder, "value", json->text, known, count);
}

static bool read_json(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    (void)decoder;
    (void)field;
    *(const ac_json **)out = json;
    return true;
}

static bool read_object(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    return ac_decode(decoder, json, field->arg, out);
}

static bool read_pointer(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    const ac_struct *shape = field->arg;
    void *made = ac_arena_alloc(decoder->arena, shape->size);
    memcpy(out, &made, sizeof made);
    return ac_decode(decoder, json, shape, made);
}

static bool read_items(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    const ac_struct *shape = field->arg;
    bool map = field->kind == AC_FIELD_MAP;
    ac_json_type expected = map ? AC_JSON_OBJECT : AC_JSON_ARRAY;
    if (json->type != expected) {
        return wrong_type(decoder, json, map ? "an object" : "an array");
    }
    char *items = ac_arena_array(decoder->arena, json->count, shape->size);
    raw_list list = {items, json->count};
    memcpy(out, &list, sizeof list);
    for (size_t i = 0; i < json->count; i++) {
        const ac_json *item = &json->items[i];
        size_t mark = map ? enter(decoder, item->key) : enter_index(decoder, i);
        if (map) {
            memcpy(items + i * shape->size, &item->key, sizeof item->key);
        }
        if (!ac_decode(decoder, item, shape, items + i * shape->size)) {
            return false;
        }
        leave(decoder, mark);
    }
    return true;
}

static bool read_nothing(ac_decoder *decoder, const ac_json *json, const ac_field *field, void *out)
{
    (void)decoder;
    (void)json;
    (void)field;
    (void)out;
    return true;
}

static reader *const readers[] = {
    [AC_FIELD_STR] = read_str,         [AC_FIELD_STR_OR_NULL] = read_str_or_null,
    [AC_FIELD_BOOL] = read_bool,       [AC_FIELD_INT] = read_int,
    [AC_FIELD_NUMBER] = read_number,   [AC_FIELD_STRS] = read_strs,
    [AC_FIELD_INTS] = read_ints,       [AC_FIELD_ENUM] = read_enum,
    [AC_FIELD_JSON] = read_json,       [AC_FIELD_OBJECT] = read_object,
    [AC_FIELD_POINTER] = read_pointer, [AC_FIELD_LIST] = read_items,
    [AC_FIELD_MAP] = read_items,       [AC_FIELD_IGNORE] = read_nothing,
};

/* ---- structs ---- */

static const ac_field *find_field(const ac_struct *shape, ac_str key)
{
    for (const ac_field *field = shape->fields; field->key; field++) {
        if (ac_str_is(key, field->key)) {
            return field;
        }
    }
    return NULL;
}

static bool unknown_key(ac_decoder *decoder, const ac_struct *shape, ac_str key)
{
    ac_str known[64];
    size_t count = 0;
    for (const ac_field *field = shape->fields; field->key && count < AC_COUNT(known); field++) {
        known[count++] = ac_str_c(field->key);
    }
    return unknown_word(decoder, "key", key, known, count);
}

static bool read_members(ac_decoder *decoder, const ac_json *json, const ac_struct *shape, void *out)
{
    for (size_t i = 0; i < json->count; i++) {
        const ac_json *member = &json->items[i];
        const ac_field *field = find_field(shape, member->key);
        size_t mark = enter(decoder, member->key);
        if (!field) {
            return unknown_key(decoder, shape, member->key);
        }
        if (!readers[field->kind](decoder, member, field, (char *)out + field->offset)) {
            return false;
        }
        leave(decoder, mark);
    }
    return true;
}

bool ac_decode(ac_decoder *decoder, const ac_json *json, const ac_struct *shape, void *out)
{
    if (json->type != AC_JSON_OBJECT) {
        return wrong_type(decoder, json, "an object");
    }
    if (!read_members(decoder, json, shape, out)) {
        return false;
    }
    for (const ac_field *field = shape->fields; field->key; field++) {
        if (field->required && !ac_json_get_c(json, field->key)) {
            return ac_decode_fail(decoder, NULL, "key \"%s\" is missing", field->key);
        }
    }
    return !shape->check || shape->check(decoder, json, out);
}

bool ac_decode_text(ac_arena *arena, ac_str text, const char *file, const ac_struct *shape, void *context,
                    void *out, ac_err *err)
{
    const ac_json *json = ac_json_parse(arena, text, &ac_json_file_limits, err);
    if (!json) {
        ac_err_prefix(err, AC_ERR_USAGE, "%s", file);
        return false;
    }
    ac_decoder decoder;
    ac_decoder_init(&decoder, arena, file, err);
    decoder.context = context;
    bool ok = ac_decode(&decoder, json, shape, out);
    ac_decoder_done(&decoder);
    return ok;
}
