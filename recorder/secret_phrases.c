/* Secrets in plain text, known by what stands before them. */
#include <string.h>

#include "layers_parts.h"
#include "secret_parts.h"

enum { TAG_MAX = 128, PART_HEAD_MAX = 256 };

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/* The name that ends before `at`; quotes and backslashes between both are passed over. */
static ac_str name_before(ac_str text, size_t at)
{
    while (at > 0 && (text.p[at - 1] == '"' || text.p[at - 1] == '\'' || text.p[at - 1] == '\\')) {
        at--;
    }
    size_t from = at;
    while (from > 0 && is_name_char(text.p[from - 1])) {
        from--;
    }
    return ac_str_sub(text, from, at - from);
}

static size_t until(ac_str text, size_t at, const char *ends)
{
    while (at < text.n && (text.p[at] == '\0' || !strchr(ends, text.p[at]))) {
        at++;
    }
    return at;
}

static size_t skip(ac_str text, size_t at, const char *what)
{
    while (at < text.n && text.p[at] != '\0' && strchr(what, text.p[at])) {
        at++;
    }
    return at;
}

/* Replaces from..to; the answer is where to go on. Nothing to replace, or a marker: it stays. */
static size_t put_marker(ac_splice *splice, ac_arena *arena, const char *kind, size_t from, size_t to)
{
    ac_str value = ac_str_sub(splice->source, from, to - from);
    bool marker = ac_str_starts(value, AC_STR("[secret:")) || ac_str_starts(value, AC_STR("%5Bsecret%3A"));
    if (from < splice->done || value.n == 0 || marker) {
        return to;
    }
    ac_buf_add(ac_splice_at(splice, from, to), ac_secret_marker(arena, kind));
    return to;
}

/* password=…, "password": "…", Authorization: …; `at` is that of the sign between. */
static size_t remove_assigned(ac_splice *splice, ac_arena *arena, size_t at)
{
    ac_str text = splice->source;
    ac_str name = name_before(text, at);
    bool marker = name.p > text.p && name.p[-1] == '[';
    const char *kind = name.n > 0 && !marker ? ac_secret_name_kind(name) : NULL;
    if (!kind) {
        return at;
    }
    size_t from = skip(text, at + 1, " \t\\");
    bool to_line_end = strcmp(kind, "authorization") == 0 || strcmp(kind, "cookie") == 0;
    if (from < text.n && (text.p[from] == '"' || text.p[from] == '\'')) {
        const char quote[] = {text.p[from], '\\', '\0'};
        return put_marker(splice, arena, kind, from + 1, until(text, from + 1, quote));
    }
    return put_marker(splice, arena, kind, from,
                      until(text, from, to_line_end ? "\r\n\"'" : " \t\r\n\"'&,;<>}\\"));
}

/* <Password>…</Password>; `at` is that of the first '>'. */
static size_t remove_element(ac_splice *splice, ac_arena *arena, size_t at)
{
    ac_str text = splice->source;
    size_t from = at;
    while (from > 0 && at - from < TAG_MAX && text.p[from] != '<') {
        from--;
    }
    size_t end = until(text, from + 1, " \t\r\n/>");
    ac_str name = ac_str_sub(text, from + 1, end - from - 1);
    size_t colon = ac_str_find_char(name, ':');
    name = colon == AC_NOT_FOUND ? name : ac_str_sub(name, colon + 1, name.n);
    const char *kind = text.p[from] == '<' && name.n > 0 ? ac_secret_name_kind(name) : NULL;
    if (!kind || at + 1 >= text.n || text.p[at - 1] == '/') {
        return at;
    }
    size_t cdata = ac_str_starts(ac_str_sub(text, at + 1, text.n), AC_STR("<![CDATA[")) ? 9 : 0;
    return put_marker(splice, arena, kind, at + 1 + cdata,
                      until(text, at + 1 + cdata, cdata > 0 ? "]" : "<")) -
           1;
}

/* name="password" in the head of a part of a multipart form; `at` is that of the '='. */
static size_t remove_part(ac_splice *splice, ac_arena *arena, size_t at)
{
    ac_str text = splice->source;
    if (!ac_str_is(name_before(text, at), "name") || at + 1 >= text.n || text.p[at + 1] != '"') {
        return at;
    }
    size_t end = until(text, at + 2, "\"\r\n");
    const char *kind = ac_secret_name_kind(ac_str_sub(text, at + 2, end - at - 2));
    size_t blank = ac_str_find(ac_str_sub(text, end, PART_HEAD_MAX), AC_STR("\r\n\r\n"));
    if (!kind || blank == AC_NOT_FOUND) {
        return at;
    }
    size_t from = end + blank + 4;
    size_t n = ac_str_find(ac_str_sub(text, from, text.n), AC_STR("\r\n--"));
    return put_marker(splice, arena, kind, from, n == AC_NOT_FOUND ? text.n : from + n);
}

ac_str ac_secret_phrases_remove(ac_arena *arena, ac_str text)
{
    ac_splice splice;
    ac_splice_init(&splice, text);
    for (size_t at = 1; at < text.n; at++) {
        char c = text.p[at];
        size_t before = at;
        if (c == '=') {
            at = remove_part(&splice, arena, at);
        }
        if (at == before && (c == '=' || c == ':')) {
            at = remove_assigned(&splice, arena, at);
        } else if (c == '>') {
            at = remove_element(&splice, arena, at);
        }
    }
    return ac_splice_done(&splice, arena);
}
