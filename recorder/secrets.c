#include "recorder/secrets.h"

#include <string.h>

#include "inflate.h"
#include "layers_parts.h"
#include "secret_parts.h"

enum { DECODED_MAX = 32 * 1024 * 1024 };

ac_str ac_secret_marker(ac_arena *arena, const char *kind)
{
    return ac_str_printf(arena, "[secret:%s]", kind);
}

bool ac_secret_is_marker(ac_str text)
{
    return ac_str_starts(text, AC_STR("[secret:")) && ac_str_find_char(text, ']') == text.n - 1;
}

/* ---- headers of their own form ---- */

/* "scheme …Signature=…", "acs id:signature", or anything else: what is no secret stays. */
static ac_str without_authorization(ac_arena *arena, ac_str value)
{
    size_t at = ac_str_find(value, AC_STR("Signature="));
    size_t from = at == AC_NOT_FOUND ? at : at + sizeof("Signature=") - 1;
    const char *kind = "signature";
    if (at == AC_NOT_FOUND && ac_str_starts(value, AC_STR("acs "))) {
        at = ac_str_find_char(value, ':');
        from = at == AC_NOT_FOUND ? at : at + 1;
    }
    if (from == AC_NOT_FOUND) {
        at = ac_str_find_char(value, ' ');
        from = at == AC_NOT_FOUND ? 0 : at + 1;
        kind = "authorization";
    }
    ac_str rest = ac_str_sub(value, from, value.n);
    if (ac_secret_is_marker(rest)) {
        return value;
    }
    size_t end = strcmp(kind, "signature") == 0 ? ac_str_find_char(rest, ',') : AC_NOT_FOUND;
    ac_str after = end == AC_NOT_FOUND ? AC_STR("") : ac_str_sub(rest, end, rest.n);
    return ac_str_printf(arena, "%.*s[secret:%s]%.*s", AC_STR_FMT(ac_str_sub(value, 0, from)), kind,
                         AC_STR_FMT(after));
}

/* Names of cookies stay, and attributes of one that is set. */
static ac_str without_cookies(ac_arena *arena, ac_str value, bool only_first)
{
    ac_splice splice;
    ac_splice_init(&splice, value);
    for (size_t i = 0; value.p; i++) {
        ac_str cookie = ac_str_split(value, ';', &value);
        size_t equals = ac_str_find_char(cookie, '=');
        ac_str secret = ac_str_sub(cookie, equals == AC_NOT_FOUND ? 0 : equals + 1, cookie.n);
        if (secret.n > 0 && !ac_secret_is_marker(secret) && (i == 0 || !only_first)) {
            size_t from = (size_t)(secret.p - splice.source.p);
            ac_buf_add_c(ac_splice_at(&splice, from, from + secret.n), "[secret:cookie]");
        }
    }
    return ac_splice_done(&splice, arena);
}

static bool is_authorization(ac_str name)
{
    return ac_str_eq_nocase(name, AC_STR("Authorization")) ||
           ac_str_eq_nocase(name, AC_STR("Proxy-Authorization"));
}

static ac_str without_header(ac_arena *arena, ac_str name, const char *kind, ac_str value)
{
    if (is_authorization(name)) {
        return without_authorization(arena, value);
    }
    if (strcmp(kind, "cookie") == 0) {
        return without_cookies(arena, value, ac_str_eq_nocase(name, AC_STR("Set-Cookie")));
    }
    return ac_secret_marker(arena, kind);
}

/* ---- the visitor ---- */

bool ac_secret_whole(void *remover, const ac_place *place, ac_str text, ac_str *out)
{
    const ac_secret_remover *r = remover;
    if (place->kind == AC_PLACE_USERINFO) {
        *out = ac_secret_is_marker(text) ? text : AC_STR("%5Bsecret%3Auserinfo%5D");
        return true;
    }
    if (place->kind == AC_PLACE_PART || place->kind == AC_PLACE_SEGMENT) {
        return false;
    }
    ac_str name = ac_place_name(place);
    const char *kind = name.n > 0 ? ac_secret_name_kind(name) : NULL;
    if (!kind) {
        return false;
    }
    ac_str without = ac_secret_is_marker(text)        ? text
                     : place->kind == AC_PLACE_HEADER ? without_header(r->arena, name, kind, text)
                                                      : ac_secret_marker(r->arena, kind);
    *out = ac_secret_patterns_remove(r->arena, &r->patterns, ac_str_eq(without, text) ? text : without);
    return true;
}

ac_str ac_secret_text(void *remover, const ac_place *place, ac_str text)
{
    const ac_secret_remover *r = remover;
    text = ac_secret_patterns_remove(r->arena, &r->patterns, text);
    return place->kind == AC_PLACE_NAME ? text : ac_secret_phrases_remove(r->arena, text);
}

/* ---- bodies ---- */

/* What cannot be read cannot be searched, so it does not get into the recording. */
static void read_body(ac_arena *arena, ac_pairs *headers, ac_str *body, bool *cut)
{
    ac_inflate_result result = ac_inflate_body(arena, headers, DECODED_MAX, body);
    if (result == AC_INFLATE_PLAIN) {
        return;
    }
    const ac_pair *encoding = ac_pairs_find_nocase(headers, AC_STR("Content-Encoding"));
    if (result == AC_INFLATE_UNREADABLE) {
        *body = ac_str_printf(arena, "[not recorded: Content-Encoding %.*s cannot be read]",
                              AC_STR_FMT(ac_str_sub(encoding->value, 0, 40)));
    }
    *cut = *cut || result != AC_INFLATE_DONE;
    size_t index = (size_t)(encoding - headers->items);
    headers->items = ac_arena_copy(arena, headers->items, headers->count * sizeof *headers->items);
    headers->capacity = headers->count;
    headers->items[index].name = AC_STR("X-Accord-Content-Encoding");
}

/* What the layers could not tell apart, such as a secret with a quote of JSON in it. */
static void remove_raw(ac_secret_remover *r, ac_record *record)
{
    ac_str *const parts[] = {&record->request.target, &record->request.body, &record->response.body};
    for (size_t i = 0; i < AC_COUNT(parts); i++) {
        *parts[i] = ac_secret_patterns_remove(r->arena, &r->patterns, *parts[i]);
    }
}

void ac_secrets_remove(ac_arena *arena, ac_record *record, const ac_known_secrets *known)
{
    ac_secret_remover r = {.arena = arena};
    ac_secret_patterns_init(arena, known, &r.patterns);
    read_body(arena, &record->request.headers, &record->request.body, &record->request_cut);
    read_body(arena, &record->response.headers, &record->response.body, &record->response_cut);
    ac_layers layers = {arena, &r, ac_secret_whole, ac_secret_text};
    ac_layers_record(&layers, record);
    remove_raw(&r, record);
    record->rules = AC_STR("secrets/1");
}
