#include "recorder/layers.h"

#include <string.h>

#include "base64.h"
#include "layers_parts.h"

enum {
    BASE64_MIN = 12,
    SPLICED_MAX = 64 * 1024 * 1024 /* a replacement is longer than what it replaces, but not by that much */
};

/* ---- places ---- */

ac_place ac_place_inside(const ac_place *outer, ac_place_kind kind, ac_str name)
{
    bool encoding =
        kind == AC_PLACE_JSON || kind == AC_PLACE_PERCENT || kind == AC_PLACE_BASE64 || kind == AC_PLACE_URL;
    unsigned depth = outer ? outer->depth : 0;
    return (ac_place){.outer = outer, .kind = kind, .name = name, .depth = depth + (encoding ? 1 : 0)};
}

ac_str ac_place_name(const ac_place *place)
{
    while (place && place->name.n == 0) {
        place = place->outer;
    }
    return place && place->kind != AC_PLACE_PART ? place->name : (ac_str){"", 0};
}

static void describe(ac_buf *out, const ac_place *place)
{
    static const char *const words[] = {[AC_PLACE_PART] = "",
                                        [AC_PLACE_HEADER] = ", ",
                                        [AC_PLACE_SEGMENT] = ", path",
                                        [AC_PLACE_PARAMETER] = ", ",
                                        [AC_PLACE_USERINFO] = ", user",
                                        [AC_PLACE_MEMBER] = "/",
                                        [AC_PLACE_ELEMENT] = "/",
                                        [AC_PLACE_JSON] = ", JSON ",
                                        [AC_PLACE_PERCENT] = ", percent-encoded",
                                        [AC_PLACE_BASE64] = ", base64",
                                        [AC_PLACE_URL] = ", URL",
                                        [AC_PLACE_NAME] = ", name"};
    if (place->outer) {
        describe(out, place->outer);
    }
    ac_buf_add_c(out, words[place->kind]);
    if (place->kind == AC_PLACE_ELEMENT) {
        ac_buf_printf(out, "%zu", place->index);
    }
    ac_buf_add_visible(out, ac_str_sub(place->name, 0, 80));
}

ac_str ac_place_describe(ac_arena *arena, const ac_place *place)
{
    ac_buf out;
    ac_buf_init(&out, 1024);
    describe(&out, place);
    return ac_buf_take(&out, arena);
}

/* ---- splices ---- */

bool ac_same_text(ac_str a, ac_str b)
{
    return a.p == b.p && a.n == b.n;
}

void ac_splice_init(ac_splice *splice, ac_str source)
{
    *splice = (ac_splice){.source = source};
    ac_buf_init(&splice->out, SPLICED_MAX);
}

ac_buf *ac_splice_at(ac_splice *splice, size_t from, size_t to)
{
    ac_buf_add(&splice->out, ac_str_sub(splice->source, splice->done, from - splice->done));
    splice->done = to;
    splice->changed = true;
    return &splice->out;
}

ac_str ac_splice_done(ac_splice *splice, ac_arena *arena)
{
    if (!splice->changed) {
        return splice->source;
    }
    ac_buf_add(&splice->out, ac_str_sub(splice->source, splice->done, splice->source.n));
    return ac_buf_take(&splice->out, arena);
}

/* ---- parameters ---- */

static bool needs_decoding(ac_str text)
{
    return text.n > 0 && (memchr(text.p, '%', text.n) || memchr(text.p, '+', text.n));
}

static ac_str form_decoded(ac_arena *arena, ac_str text)
{
    if (!needs_decoding(text)) {
        return text;
    }
    char *spaces = ac_arena_copy(arena, text.p, text.n);
    for (size_t i = 0; i < text.n; i++) {
        spaces[i] = (char)(spaces[i] == '+' ? ' ' : spaces[i]);
    }
    return ac_percent_decoded(arena, (ac_str){spaces, text.n});
}

static void splice_encoded(ac_splice *splice, ac_str piece, ac_str text)
{
    size_t from = (size_t)(piece.p - splice->source.p);
    ac_percent_encode(ac_splice_at(splice, from, from + piece.n), text);
}

/* One name=value. */
static void visit_parameter(const ac_layers *layers, const ac_place *place, ac_splice *splice, ac_str piece)
{
    ac_str value;
    ac_str raw_name = ac_str_split(piece, '=', &value);
    ac_str name = form_decoded(layers->arena, raw_name);
    ac_place name_place = ac_place_inside(place, AC_PLACE_NAME, name);
    ac_str new_name = layers->text(layers->context, &name_place, name);
    if (!ac_same_text(new_name, name)) {
        splice_encoded(splice, raw_name, new_name);
    }
    if (value.n == 0) {
        return;
    }
    ac_place value_place = ac_place_inside(place, AC_PLACE_PARAMETER, name);
    ac_str text = form_decoded(layers->arena, value);
    ac_str new_text = ac_layers_text(layers, &value_place, text);
    if (!ac_same_text(new_text, text)) {
        splice_encoded(splice, value, new_text);
    }
}

static ac_str visit_parameters(const ac_layers *layers, const ac_place *place, ac_str text)
{
    ac_splice splice;
    ac_splice_init(&splice, text);
    while (text.n > 0) {
        size_t n = 0;
        while (n < text.n && text.p[n] != '&' && text.p[n] != '#') {
            n++;
        }
        visit_parameter(layers, place, &splice, ac_str_sub(text, 0, n));
        text = ac_str_sub(text, n + 1, text.n);
    }
    return ac_splice_done(&splice, layers->arena);
}

static bool is_parameter_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-_.~%+[]", c));
}

/* a=b or a=b&c=d, without anything that a form would have encoded. */
static bool is_form(ac_str text)
{
    if (text.n == 0 || !memchr(text.p, '=', text.n)) {
        return false;
    }
    while (text.n > 0) {
        ac_str piece = ac_str_split(text, '&', &text);
        size_t n = 0;
        while (n < piece.n && is_parameter_name(piece.p[n])) {
            n++;
        }
        if (n == 0 || n == piece.n || piece.p[n] != '=' || n + 1 == piece.n || piece.p[n + 1] == '=') {
            return false;
        }
        for (; n < piece.n; n++) {
            if (piece.p[n] <= ' ' || piece.p[n] == '"' || piece.p[n] == '<') {
                return false;
            }
        }
    }
    return true;
}

/* ---- URLs ---- */

static bool ends_url(char c)
{
    return (unsigned char)c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\' || c == '`';
}

static void visit_userinfo(const ac_layers *layers, const ac_place *place, ac_splice *splice,
                           ac_str authority)
{
    size_t at = authority.n;
    while (at > 0 && authority.p[at - 1] != '@') {
        at--;
    }
    if (at > 1) {
        ac_str raw = ac_str_sub(authority, 0, at - 1);
        ac_place inside = ac_place_inside(place, AC_PLACE_USERINFO, (ac_str){"", 0});
        ac_str new_text = raw;
        if (layers->whole(layers->context, &inside, raw, &new_text) && !ac_str_eq(raw, new_text)) {
            size_t from = (size_t)(raw.p - splice->source.p);
            ac_buf_add(ac_splice_at(splice, from, from + raw.n), new_text);
        }
    }
}

static void visit_query(const ac_layers *layers, const ac_place *place, ac_splice *splice, ac_str rest)
{
    size_t mark = 0;
    while (mark < rest.n && rest.p[mark] != '?' && rest.p[mark] != '#') {
        mark++;
    }
    ac_str query = ac_str_sub(rest, mark + 1, rest.n);
    ac_str new_query = visit_parameters(layers, place, query);
    if (!ac_same_text(new_query, query)) {
        size_t from = (size_t)(query.p - splice->source.p);
        ac_buf_add(ac_splice_at(splice, from, from + query.n), new_query);
    }
}

/* The URL that goes on behind its "://"; the answer is its length. */
static size_t visit_url(const ac_layers *layers, const ac_place *place, ac_splice *splice, ac_str rest)
{
    size_t n = 0;
    size_t authority = rest.n;
    for (; n < rest.n && !ends_url(rest.p[n]); n++) {
        if (authority == rest.n && (rest.p[n] == '/' || rest.p[n] == '?' || rest.p[n] == '#')) {
            authority = n;
        }
    }
    authority = authority < n ? authority : n;
    visit_userinfo(layers, place, splice, ac_str_sub(rest, 0, authority));
    visit_query(layers, place, splice, ac_str_sub(rest, authority, n - authority));
    return n;
}

static ac_str visit_urls(const ac_layers *layers, const ac_place *place, ac_str text)
{
    ac_splice splice;
    ac_splice_init(&splice, text);
    ac_place inside = ac_place_inside(place, AC_PLACE_URL, (ac_str){"", 0});
    if (text.n > 1 && text.p[0] == '/' && memchr(text.p, '?', text.n) && text.p[1] != '*') {
        visit_query(layers, &inside, &splice, text);
        return ac_splice_done(&splice, layers->arena);
    }
    size_t at;
    while ((at = ac_str_find(text, AC_STR("://"))) != AC_NOT_FOUND) {
        text = ac_str_sub(text, at + 3, text.n);
        text = ac_str_sub(text, visit_url(layers, &inside, &splice, text), text.n);
    }
    return ac_splice_done(&splice, layers->arena);
}

static bool has_url(ac_str text)
{
    return text.n > 3 && ((memchr(text.p, ':', text.n) && ac_str_find(text, AC_STR("://")) != AC_NOT_FOUND) ||
                          (text.p[0] == '/' && memchr(text.p, '?', text.n)));
}

/* ---- percent-encoding and base64 in a text ---- */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool has_escape(ac_str text)
{
    for (size_t i = 0; i + 2 < text.n; i++) {
        if (text.p[i] == '%' && is_hex(text.p[i + 1]) && is_hex(text.p[i + 2])) {
            return true;
        }
    }
    return false;
}

/* Word by word, so that the spaces of a sentence stay. */
static ac_str visit_escapes(const ac_layers *layers, const ac_place *place, ac_str text)
{
    ac_splice splice;
    ac_splice_init(&splice, text);
    ac_place inside = ac_place_inside(place, AC_PLACE_PERCENT, (ac_str){"", 0});
    while (text.n > 0) {
        size_t n = 0;
        while (n < text.n && (unsigned char)text.p[n] > ' ') {
            n++;
        }
        ac_str word = ac_str_sub(text, 0, n);
        if (has_escape(word)) {
            ac_str decoded = ac_percent_decoded(layers->arena, word);
            ac_str new_text = ac_layers_text(layers, &inside, decoded);
            if (!ac_same_text(decoded, new_text)) {
                splice_encoded(&splice, word, new_text);
            }
        }
        text = ac_str_sub(text, n + 1, text.n);
    }
    return ac_splice_done(&splice, layers->arena);
}

/* Also false where the text was base64 and nothing in it changed. */
static bool visit_base64(const ac_layers *layers, ac_place *place, ac_str *text)
{
    ac_base64_form form;
    ac_str decoded = ac_base64_decoded_text(layers->arena, *text, &form);
    if (!decoded.p) {
        return false;
    }
    place->opened = true;
    ac_place inside = ac_place_inside(place, AC_PLACE_BASE64, (ac_str){"", 0});
    ac_str new_text = ac_layers_text(layers, &inside, decoded);
    bool changed = !ac_same_text(decoded, new_text);
    if (changed) {
        *text = ac_base64_encoded(layers->arena, new_text, form);
    }
    return changed;
}

/* ---- texts ---- */

static ac_str visit_json(const ac_layers *layers, const ac_place *place, ac_str text)
{
    ac_place inside = ac_place_inside(place, AC_PLACE_JSON, (ac_str){"", 0});
    return ac_layers_json(layers, &inside, text);
}

/* A sentence that ends in JSON: "body: {…". */
static size_t json_inside(ac_str text)
{
    size_t at = text.n > 0 && memchr(text.p, '{', text.n) ? ac_str_find(text, AC_STR("{\"")) : AC_NOT_FOUND;
    return at > 0 ? at : AC_NOT_FOUND;
}

/* What is in the text, then the text itself. */
static ac_str look_inside(const ac_layers *layers, const ac_place *place, ac_str text)
{
    ac_place here = *place;
    if (has_url(text)) {
        text = visit_urls(layers, place, text);
    }
    if (text.n > 2 && memchr(text.p, '%', text.n) && has_escape(text)) {
        text = visit_escapes(layers, place, text);
    } else if (text.n >= BASE64_MIN && visit_base64(layers, &here, &text)) {
        return text;
    }
    return layers->text(layers->context, &here, text); /* cppcheck-suppress returnDanglingLifetime */
}

static ac_str visit_plain(const ac_layers *layers, const ac_place *place, ac_str text)
{
    size_t at = json_inside(text);
    ac_str head = ac_str_sub(text, 0, at);
    ac_str new_head = look_inside(layers, place, head);
    if (at == AC_NOT_FOUND) {
        return new_head;
    }
    ac_str json = ac_str_sub(text, at, text.n);
    ac_str new_json = visit_json(layers, place, json);
    if (ac_same_text(head, new_head) && ac_same_text(json, new_json)) {
        return text;
    }
    return ac_str_printf(layers->arena, "%.*s%.*s", AC_STR_FMT(new_head), AC_STR_FMT(new_json));
}

ac_str ac_layers_text(const ac_layers *layers, const ac_place *place, ac_str text)
{
    ac_str replaced;
    if (text.n == 0) {
        return text;
    }
    if (layers->whole(layers->context, place, text, &replaced)) {
        return replaced;
    }
    if (place->depth >= AC_LAYERS_DEPTH_MAX) {
        return layers->text(layers->context, place, text);
    }
    if (ac_layers_is_json(text)) {
        return visit_json(layers, place, text);
    }
    if (is_form(text)) {
        ac_place inside = ac_place_inside(place, AC_PLACE_URL, (ac_str){"", 0});
        return visit_parameters(layers, &inside, text);
    }
    return visit_plain(layers, place, text);
}

/* ---- the record ---- */

static const ac_place *part(ac_place *place, const char *name)
{
    *place = (ac_place){.kind = AC_PLACE_PART, .name = ac_str_c(name)};
    return place;
}

static ac_str visit_path(const ac_layers *layers, const ac_place *place, ac_str path)
{
    ac_splice splice;
    ac_splice_init(&splice, path);
    ac_place inside = ac_place_inside(place, AC_PLACE_SEGMENT, (ac_str){"", 0});
    while (path.n > 0) {
        ac_str segment = ac_str_split(path, '/', &path);
        ac_str text = needs_decoding(segment) ? ac_percent_decoded(layers->arena, segment) : segment;
        ac_str new_text = ac_layers_text(layers, &inside, text);
        if (!ac_same_text(text, new_text)) {
            splice_encoded(&splice, segment, new_text);
        }
    }
    return ac_splice_done(&splice, layers->arena);
}

static ac_str visit_target(const ac_layers *layers, ac_str target)
{
    ac_place place;
    part(&place, "request target");
    ac_str path = ac_target_path(target);
    ac_str query = ac_target_query(target);
    ac_str new_path = visit_path(layers, &place, path);
    ac_str new_query = visit_parameters(layers, &place, query);
    if (ac_same_text(path, new_path) && ac_same_text(query, new_query)) {
        return target;
    }
    return query.p ? ac_str_printf(layers->arena, "%.*s?%.*s", AC_STR_FMT(new_path), AC_STR_FMT(new_query))
                   : new_path;
}

static void visit_headers(const ac_layers *layers, const char *name, ac_pairs *headers)
{
    ac_place place;
    part(&place, name);
    bool own = false; /* the list may be shared with whoever made the record */
    for (size_t i = 0; i < headers->count; i++) {
        ac_pair header = headers->items[i];
        ac_place inside = ac_place_inside(&place, AC_PLACE_HEADER, header.name);
        ac_str value = ac_layers_text(layers, &inside, header.value);
        if (ac_same_text(value, header.value)) {
            continue;
        }
        if (!own) {
            headers->items = ac_arena_copy(layers->arena, headers->items, headers->count * sizeof(ac_pair));
            headers->capacity = headers->count;
            own = true;
        }
        headers->items[i].value = value;
    }
}

static ac_str visit_part(const ac_layers *layers, const char *name, ac_str text)
{
    ac_place place;
    return ac_layers_text(layers, part(&place, name), text);
}

static ac_str visit_body(const ac_layers *layers, const char *name, const ac_pairs *headers, ac_str body)
{
    ac_str type = ac_header(headers, "Content-Type");
    ac_str form = AC_STR("application/x-www-form-urlencoded");
    ac_place place;
    if (body.n > 0 && ac_str_eq_nocase(ac_str_sub(type, 0, form.n), form) && !ac_layers_is_json(body)) {
        return visit_parameters(layers, part(&place, name), body);
    }
    return visit_part(layers, name, body);
}

void ac_layers_record(const ac_layers *layers, ac_record *record)
{
    record->base_url = visit_part(layers, "upstream", record->base_url);
    record->request.target = visit_target(layers, record->request.target);
    visit_headers(layers, "request header", &record->request.headers);
    record->request.body = visit_body(layers, "request body", &record->request.headers, record->request.body);
    visit_headers(layers, "response header", &record->response.headers);
    record->response.body =
        visit_body(layers, "response body", &record->response.headers, record->response.body);
    record->why = visit_part(layers, "message", record->why);
}
