#include <string.h>

#include "base/env.h"
#include "base64.h"
#include "recorder/har.h"

typedef struct reader {
    ac_arena *arena;
    const char *name;
    size_t entry; /* index of the one being read */
    ac_err *err;
} reader;

static bool fail(const reader *r, const char *place, const char *what)
{
    return ac_fail(r->err, AC_ERR_DATA, "%s: /log/entries/%zu%s: %s", r->name, r->entry, place, what);
}

static ac_str text_at(const ac_json *object, const char *key)
{
    const ac_json *value = ac_json_get_c(object, key);
    return ac_json_is(value, AC_JSON_STRING) ? value->text : (ac_str){NULL, 0};
}

/* A number of milliseconds, read as far as microseconds; 0 where there is none. */
static int64_t us_of(const ac_json *number)
{
    ac_str literal = ac_json_is(number, AC_JSON_NUMBER) ? number->text : AC_STR("0");
    size_t point = ac_str_find_char(literal, '.');
    int64_t ms;
    if (!ac_str_int(ac_str_sub(literal, 0, point), &ms) || ms < 0 || ms > INT64_MAX / 2000) {
        return 0;
    }
    int64_t us = ms * 1000;
    int64_t unit = 100;
    for (size_t i = point; point != AC_NOT_FOUND && ++i < literal.n && unit > 0; unit /= 10) {
        if (literal.p[i] < '0' || literal.p[i] > '9') {
            return 0;
        }
        us += (literal.p[i] - '0') * unit;
    }
    return us;
}

/* 2026-01-15T08:30:45.123+01:00; 0 where it is something else. */
static int64_t time_of(ac_arena *arena, ac_str text)
{
    enum { SECONDS = sizeof("2026-01-15T08:30:45") - 1, OFFSET = sizeof("+01:00") - 1 };
    int64_t ms;
    ac_str seconds = ac_str_printf(arena, "%.*sZ", AC_STR_FMT(ac_str_sub(text, 0, SECONDS)));
    if (text.n < SECONDS || !ac_time_parse(seconds, AC_TIME_ISO, &ms)) {
        return 0;
    }
    int64_t unit = 100;
    size_t i = SECONDS;
    if (i < text.n && text.p[i] == '.') {
        for (i++; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++, unit /= 10) {
            ms += (text.p[i] - '0') * unit;
        }
    }
    ac_str offset = ac_str_sub(text, i, text.n);
    int64_t hours, minutes;
    if (offset.n == OFFSET && offset.p[3] == ':' && ac_str_int(ac_str_sub(offset, 1, 2), &hours) &&
        ac_str_int(ac_str_sub(offset, 4, 2), &minutes) && (offset.p[0] == '+' || offset.p[0] == '-')) {
        ms += (hours * 60 + minutes) * 60000 * (offset.p[0] == '+' ? -1 : 1);
    }
    return ms;
}

/* ---- headers ---- */

static bool has_control(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] < ' ' && text.p[i] != '\t') {
            return true;
        }
    }
    return false;
}

static bool read_headers(reader *r, const ac_json *headers, const char *place, ac_pairs *out)
{
    size_t count = ac_json_is(headers, AC_JSON_ARRAY) ? headers->count : 0;
    if (count > AC_HAR_HEADERS_MAX) {
        return fail(r, place, "too many headers");
    }
    for (size_t i = 0; i < count; i++) {
        ac_str name = text_at(&headers->items[i], "name");
        ac_str value = text_at(&headers->items[i], "value");
        bool pseudo = name.n > 0 && name.p[0] == ':'; /* of HTTP/2 */
        if (name.n == 0 || has_control(name) || has_control(value) ||
            ac_str_find_char(name, ' ') != AC_NOT_FOUND) {
            return fail(r, place, "a header without a name, or with a control character");
        }
        if (ac_str_eq_nocase(name, AC_STR("Content-Encoding"))) {
            name = AC_STR("X-Accord-Content-Encoding");
        }
        if (!pseudo) {
            ac_pairs_add(r->arena, out, name, value.p ? value : AC_STR(""));
        }
    }
    return true;
}

static void add_missing(const reader *r, ac_pairs *headers, const char *name, ac_str value)
{
    if (value.n > 0 && !has_control(value) && !ac_header(headers, name).p) {
        ac_pairs_add(r->arena, headers, ac_str_c(name), value);
    }
}

/* ---- request ---- */

static bool read_url(reader *r, ac_str url, ac_record *record)
{
    size_t scheme = ac_str_find(url, AC_STR("://"));
    if (scheme == AC_NOT_FOUND || scheme == 0 || has_control(url) ||
        ac_str_find_char(url, ' ') != AC_NOT_FOUND) {
        return fail(r, "/request/url", "no URL");
    }
    size_t end = scheme + 3;
    while (end < url.n && url.p[end] != '/' && url.p[end] != '?' && url.p[end] != '#') {
        end++;
    }
    ac_str target = ac_str_sub(url, end, url.n);
    target = ac_str_sub(target, 0, ac_str_find_char(target, '#'));
    record->base_url = ac_str_sub(url, 0, end);
    record->request.target =
        target.n > 0 && target.p[0] == '/' ? target : ac_str_printf(r->arena, "/%.*s", AC_STR_FMT(target));
    return end > scheme + 3 || fail(r, "/request/url", "no host");
}

/* Without a user. */
static ac_str host_of(ac_str base_url)
{
    size_t from = base_url.n;
    while (from > 0 && base_url.p[from - 1] != '/' && base_url.p[from - 1] != '@') {
        from--;
    }
    return ac_str_sub(base_url, from, base_url.n);
}

static bool read_encoded(reader *r, ac_str text, ac_str encoding, const char *place, ac_str *body)
{
    *body = text.p ? text : AC_STR("");
    if (!ac_str_is(encoding, "base64")) {
        return true;
    }
    ac_base64_form form;
    *body = ac_base64_decoded(r->arena, *body, &form);
    return body->p || fail(r, place, "not base64, though it says so");
}

static bool read_post_data(reader *r, const ac_json *data, ac_request *request)
{
    const ac_json *params = ac_json_get_c(data, "params");
    ac_str text = text_at(data, "text");
    add_missing(r, &request->headers, "Content-Type", text_at(data, "mimeType"));
    if (text.n == 0 && ac_json_is(params, AC_JSON_ARRAY) && params->count > 0) {
        ac_pairs pairs = {0};
        for (size_t i = 0; i < params->count; i++) {
            ac_str value = text_at(&params->items[i], "value");
            ac_pairs_add(r->arena, &pairs, text_at(&params->items[i], "name"), value);
        }
        request->body = ac_form_print(r->arena, &pairs);
        return true;
    }
    return read_encoded(r, text, text_at(data, "_encoding"), "/request/postData/text", &request->body);
}

static bool is_token(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] <= ' ' || text.p[i] > '~') {
            return false;
        }
    }
    return text.n > 0;
}

static bool read_request(reader *r, const ac_json *request, ac_record *record)
{
    record->request.method = text_at(request, "method");
    record->request.body = AC_STR("");
    if (!is_token(record->request.method)) {
        return fail(r, "/request/method", "no method");
    }
    if (!read_url(r, text_at(request, "url"), record) ||
        !read_headers(r, ac_json_get_c(request, "headers"), "/request/headers", &record->request.headers)) {
        return false;
    }
    add_missing(r, &record->request.headers, "Host", host_of(record->base_url));
    return read_post_data(r, ac_json_get_c(request, "postData"), &record->request);
}

/* ---- response ---- */

static bool read_response(reader *r, const ac_json *response, ac_record *record)
{
    int64_t status = 0;
    const ac_json *content = ac_json_get_c(response, "content");
    record->response.body = AC_STR("");
    if (response &&
        (!ac_json_int(ac_json_get_c(response, "status"), &status) || status < 0 || status > 999)) {
        return fail(r, "/response/status", "no status");
    }
    record->response.status = (int)status;
    if (status == 0) { /* what browsers write of a request that was blocked or failed */
        record->end = AC_RECORD_UPSTREAM_FAILED;
        ac_str why = text_at(response, "_error");
        record->why = why.n > 0 ? why : AC_STR("no answer in the HAR");
        return true;
    }
    if (!read_headers(r, ac_json_get_c(response, "headers"), "/response/headers",
                      &record->response.headers)) {
        return false;
    }
    add_missing(r, &record->response.headers, "Content-Type", text_at(content, "mimeType"));
    return read_encoded(r, text_at(content, "text"), text_at(content, "encoding"), "/response/content/text",
                        &record->response.body);
}

/* ---- entries ---- */

static bool is_true(const ac_json *value)
{
    return ac_json_is(value, AC_JSON_BOOL) && value->boolean;
}

static void read_ours(const ac_json *ours, ac_record *record)
{
    ac_str why = text_at(ours, "why");
    record->signer = text_at(ours, "signer");
    record->request_cut = is_true(ac_json_get_c(ours, "requestCut"));
    record->response_cut = is_true(ac_json_get_c(ours, "responseCut"));
    if (ac_str_is(text_at(ours, "end"), "client-gone")) {
        record->end = AC_RECORD_CLIENT_GONE;
    }
    if (ac_str_is(text_at(ours, "end"), "upstream-failed")) {
        record->end = AC_RECORD_UPSTREAM_FAILED;
    }
    record->why = why.n > 0 ? why : record->why;
}

static bool read_entry(reader *r, const ac_json *entry, ac_record *record)
{
    *record = (ac_record){.number = r->entry + 1};
    if (!ac_json_is(entry, AC_JSON_OBJECT)) {
        return fail(r, "", "an object is expected");
    }
    if (!read_request(r, ac_json_get_c(entry, "request"), record) ||
        !read_response(r, ac_json_get_c(entry, "response"), record)) {
        return false;
    }
    record->started_ms = time_of(r->arena, text_at(entry, "startedDateTime"));
    record->duration_us = us_of(ac_json_get_c(entry, "time"));
    const ac_json *wait = ac_json_at(entry, AC_STR("/timings/wait"));
    record->first_byte_us = wait ? us_of(wait) : -1;
    read_ours(ac_json_get_c(entry, "_accord"), record);
    return true;
}

bool ac_har_read(ac_arena *arena, ac_str text, const char *name, ac_har_visit visit, void *context,
                 ac_err *err)
{
    static const ac_json_limits limits = {AC_HAR_BYTES_MAX, 64};
    static const ac_str mark =
        AC_STR_INIT("\xEF\xBB\xBF"); /* some tools put it in front, the grammar does not */
    text = ac_str_starts(text, mark) ? ac_str_sub(text, mark.n, text.n) : text;
    const ac_json *json = ac_json_parse(arena, text, &limits, err);
    if (!json) {
        ac_err_prefix(err, AC_ERR_DATA, "%s", name);
        return false;
    }
    const ac_json *entries = ac_json_at(json, AC_STR("/log/entries"));
    if (!ac_json_is(entries, AC_JSON_ARRAY)) {
        return ac_fail(err, AC_ERR_DATA, "%s: no HAR: /log/entries is expected to be a list", name);
    }
    reader r = {.arena = arena, .name = name, .err = err};
    for (bool more = true; more && r.entry < entries->count; r.entry++) {
        ac_record record;
        if (!read_entry(&r, &entries->items[r.entry], &record)) {
            return false;
        }
        more = visit(context, &record);
    }
    return true;
}
