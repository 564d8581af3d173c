/* JSON as a row of tokens: no tree is built, and what is not JSON is passed over. */
#include <string.h>

#include "base/json.h"
#include "layers_parts.h"

typedef struct frame {
    ac_place place; /* of what stands directly in this array or object */
    bool object;
} frame;

typedef struct reader {
    const ac_layers *layers;
    ac_splice splice;
    ac_str text;
    size_t at;
    frame frames[AC_LAYERS_FRAMES_MAX];
    size_t depth;  /* of frames in use */
    size_t beyond; /* open brackets for which there was no frame */
    const ac_place *outer;
} reader;

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static size_t skip_spaces(ac_str text, size_t at)
{
    while (at < text.n && is_space(text.p[at])) {
        at++;
    }
    return at;
}

bool ac_layers_is_json(ac_str text)
{
    size_t at = skip_spaces(text, 0);
    return at + 1 < text.n &&
           (text.p[at] == '{' || text.p[at] == '[' || (text.p[at] == '"' && text.p[text.n - 1] == '"'));
}

static const ac_place *place_of(const reader *r)
{
    return r->depth > 0 ? &r->frames[r->depth - 1].place : r->outer;
}

static void open_frame(reader *r, bool object)
{
    if (r->depth == AC_LAYERS_FRAMES_MAX) {
        r->beyond++;
        return;
    }
    ac_place_kind kind = object ? AC_PLACE_MEMBER : AC_PLACE_ELEMENT;
    ac_place place = ac_place_inside(place_of(r), kind, (ac_str){"", 0});
    r->frames[r->depth++] = (frame){place, object};
}

static void close_frame(reader *r)
{
    if (r->beyond > 0) {
        r->beyond--;
    } else if (r->depth > 0) {
        r->depth--;
    }
}

static void next_element(reader *r)
{
    if (r->depth > 0 && r->beyond == 0) {
        r->frames[r->depth - 1].place.index++;
    }
}

/* ---- strings ---- */

static bool hex4(ac_str text, size_t at, uint32_t *value)
{
    *value = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = i < text.n ? text.p[i] : ' ';
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit == 16) {
            return false;
        }
        *value = *value << 4 | digit;
    }
    return true;
}

static char *put_scalar(char *to, uint32_t scalar)
{
    if (scalar < 0x80) {
        *to++ = (char)scalar;
    } else if (scalar < 0x800) {
        *to++ = (char)(0xC0 | scalar >> 6);
        *to++ = (char)(0x80 | (scalar & 0x3F));
    } else if (scalar < 0x10000) {
        *to++ = (char)(0xE0 | scalar >> 12);
        *to++ = (char)(0x80 | (scalar >> 6 & 0x3F));
        *to++ = (char)(0x80 | (scalar & 0x3F));
    } else {
        *to++ = (char)(0xF0 | scalar >> 18);
        *to++ = (char)(0x80 | (scalar >> 12 & 0x3F));
        *to++ = (char)(0x80 | (scalar >> 6 & 0x3F));
        *to++ = (char)(0x80 | (scalar & 0x3F));
    }
    return to;
}

/* A \u escape at text.p[at]; what is none stays as it is. The answer is its length. */
static size_t unescape_scalar(ac_str text, size_t at, char **to)
{
    uint32_t high;
    uint32_t low;
    if (!hex4(text, at + 2, &high)) {
        *(*to)++ = text.p[at];
        return 1;
    }
    if (high >= 0xD800 && high < 0xDC00 && at + 7 < text.n && text.p[at + 6] == '\\' &&
        text.p[at + 7] == 'u' && hex4(text, at + 8, &low) && low >= 0xDC00 && low < 0xE000) {
        *to = put_scalar(*to, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
        return 12;
    }
    *to = put_scalar(*to, high);
    return 6;
}

static ac_str unescaped(ac_arena *arena, ac_str raw)
{
    static const char letters[] = "nrtbf";
    static const char values[] = "\n\r\t\b\f";
    if (!memchr(raw.p, '\\', raw.n)) {
        return raw;
    }
    char *text = ac_arena_alloc(arena, raw.n);
    char *to = text;
    for (size_t i = 0; i < raw.n;) {
        if (raw.p[i] != '\\' || i + 1 == raw.n) {
            *to++ = raw.p[i++];
        } else if (raw.p[i + 1] == 'u') {
            i += unescape_scalar(raw, i, &to);
        } else {
            const char *letter = raw.p[i + 1] ? strchr(letters, raw.p[i + 1]) : NULL;
            *to++ = letter ? values[letter - letters] : raw.p[i + 1];
            i += 2;
        }
    }
    return (ac_str){text, (size_t)(to - text)};
}

/* Up to the quote that ends the string, or to the end of a text that was cut. */
static size_t string_end(ac_str text, size_t at)
{
    const char *quote;
    while (at < text.n && (quote = memchr(text.p + at, '"', text.n - at))) {
        const char *slash = memchr(text.p + at, '\\', (size_t)(quote - text.p) - at);
        if (!slash) {
            return (size_t)(quote - text.p);
        }
        at = (size_t)(slash - text.p) + 2;
    }
    return text.n;
}

static void replace_string(reader *r, size_t from, size_t to, ac_str text)
{
    ac_json_write_string(ac_splice_at(&r->splice, from, to), text);
}

static bool is_key(const reader *r, size_t end)
{
    size_t at = skip_spaces(r->text, end);
    return r->depth > 0 && r->frames[r->depth - 1].object && at < r->text.n && r->text.p[at] == ':';
}

static void read_string(reader *r)
{
    size_t from = r->at;
    size_t end = string_end(r->text, from + 1);
    size_t next = end < r->text.n ? end + 1 : end;
    ac_str text = unescaped(r->layers->arena, ac_str_sub(r->text, from + 1, end - from - 1));
    ac_place inside = ac_place_inside(place_of(r), AC_PLACE_NAME, (ac_str){"", 0});
    ac_str new_text;
    if (is_key(r, next)) {
        r->frames[r->depth - 1].place.name = r->beyond == 0 ? text : r->frames[r->depth - 1].place.name;
        new_text = r->layers->text(r->layers->context, &inside, text);
    } else {
        new_text = ac_layers_text(r->layers, place_of(r), text);
    }
    if (!ac_same_text(text, new_text)) {
        replace_string(r, from, next, new_text);
    }
    r->at = next;
}

/* ---- the rest ---- */

static bool ends_word(char c)
{
    return is_space(c) || (c != '\0' && strchr("{}[],:\"", c));
}

static bool is_literal(ac_str word)
{
    return ac_str_is(word, "true") || ac_str_is(word, "false") || ac_str_is(word, "null");
}

/* A number, a literal, or something that JSON does not have. */
static void read_word(reader *r)
{
    size_t from = r->at;
    while (r->at < r->text.n && !ends_word(r->text.p[r->at])) {
        r->at++;
    }
    ac_str word = ac_str_sub(r->text, from, r->at - from);
    if (is_literal(word)) {
        return;
    }
    bool number = ac_json_number_valid(word);
    ac_str new_word;
    if (!number) {
        new_word = ac_layers_text(r->layers, place_of(r), word);
    } else if (!r->layers->whole(r->layers->context, place_of(r), word, &new_word)) {
        new_word = r->layers->text(r->layers->context, place_of(r), word);
    }
    if (ac_same_text(word, new_word)) {
        return;
    }
    if (number && ac_json_number_valid(new_word)) {
        ac_buf_add(ac_splice_at(&r->splice, from, r->at), new_word);
    } else {
        replace_string(r, from, r->at, new_word);
    }
}

static void read_token(reader *r)
{
    char c = r->text.p[r->at];
    if (c == '"') {
        read_string(r);
        return;
    }
    if (!ends_word(c)) {
        read_word(r);
        return;
    }
    if (c == '{' || c == '[') {
        open_frame(r, c == '{');
    } else if (c == '}' || c == ']') {
        close_frame(r);
    } else if (c == ',') {
        next_element(r);
    }
    r->at++;
}

ac_str ac_layers_json(const ac_layers *layers, const ac_place *place, ac_str text)
{
    reader r; /* its frames are filled as they are opened */
    r.layers = layers;
    r.text = text;
    r.outer = place;
    r.at = r.depth = r.beyond = 0;
    ac_splice_init(&r.splice, text);
    while (r.at < text.n) {
        read_token(&r);
    }
    return ac_splice_done(&r.splice, layers->arena);
}
