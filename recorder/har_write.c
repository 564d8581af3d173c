#include "base/env.h"
#include "base64.h"
#include "recorder/har.h"

/* No reader of ours takes a NUL in JSON. */
static bool is_text(ac_str text)
{
    return ac_utf8_valid(text) && ac_str_find_char(text, '\0') == AC_NOT_FOUND;
}

static const ac_json *text_of(ac_arena *arena, ac_str text)
{
    return ac_json_string(arena, is_text(text) ? text : ac_percent_encoded(arena, text));
}

static void set(ac_arena *arena, const ac_json **object, const char *key, const ac_json *value)
{
    *object = ac_json_set(arena, *object, ac_str_c(key), value);
}

static void set_text(ac_arena *arena, const ac_json **object, const char *key, ac_str text)
{
    set(arena, object, key, text_of(arena, text));
}

static void set_int(ac_arena *arena, const ac_json **object, const char *key, int64_t value)
{
    set(arena, object, key, ac_json_integer(arena, value));
}

/* Milliseconds with what is left behind the point. */
static void set_ms(ac_arena *arena, const ac_json **object, const char *key, int64_t us)
{
    us = us > 0 ? us : 0;
    ac_str literal = ac_str_printf(arena, "%lld.%03lld", (long long)(us / 1000), (long long)(us % 1000));
    set(arena, object, key, ac_json_number(arena, literal));
}

static const ac_json *name_value(ac_arena *arena, ac_str name, ac_str value)
{
    const ac_json *pair = NULL;
    set_text(arena, &pair, "name", name);
    set_text(arena, &pair, "value", value);
    return pair;
}

static const ac_json *pairs_of(ac_arena *arena, const ac_pairs *pairs)
{
    const ac_json **items = AC_NEW_ARRAY(arena, pairs->count, const ac_json *);
    for (size_t i = 0; i < pairs->count; i++) {
        items[i] = name_value(arena, pairs->items[i].name, pairs->items[i].value);
    }
    return ac_json_array(arena, items, pairs->count);
}

/* Names and values of the cookies in headers of that name. */
static const ac_json *cookies_of(ac_arena *arena, const ac_pairs *headers, ac_str header, bool only_first)
{
    ac_pairs cookies = {0};
    for (size_t i = 0; i < headers->count; i++) {
        ac_str rest = headers->items[i].value;
        bool more = ac_str_eq_nocase(headers->items[i].name, header);
        while (more && rest.n > 0) {
            ac_str value;
            ac_str name = ac_str_split(ac_str_trim(ac_str_split(rest, ';', &rest)), '=', &value);
            ac_pairs_add(arena, &cookies, name, value);
            more = !only_first;
        }
    }
    return pairs_of(arena, &cookies);
}

/* A body as text, or in base64 where it is none. */
static void set_body(ac_arena *arena, const ac_json **object, ac_str body, const char *encoding)
{
    if (is_text(body)) {
        set_text(arena, object, "text", body);
        return;
    }
    set_text(arena, object, "text", ac_base64_encoded(arena, body, (ac_base64_form){.padded = true}));
    set_text(arena, object, encoding, AC_STR("base64"));
}

static const ac_json *query_of(ac_arena *arena, ac_str target)
{
    ac_pairs query = {0};
    bool whole = ac_form_parse(arena, ac_target_query(target), true, 10000, &query);
    (void)whole; /* the URL has all of them */
    return pairs_of(arena, &query);
}

static const ac_json *request_of(ac_arena *arena, const ac_record *record)
{
    const ac_request *request = &record->request;
    const ac_json *out = NULL;
    set_text(arena, &out, "method", request->method);
    set_text(arena, &out, "url",
             ac_str_printf(arena, "%.*s%.*s", AC_STR_FMT(record->base_url), AC_STR_FMT(request->target)));
    set_text(arena, &out, "httpVersion", AC_STR("HTTP/1.1"));
    set(arena, &out, "cookies", cookies_of(arena, &request->headers, AC_STR("Cookie"), false));
    set(arena, &out, "headers", pairs_of(arena, &request->headers));
    set(arena, &out, "queryString", query_of(arena, request->target));
    if (request->body.n > 0) {
        const ac_json *data = NULL;
        set_text(arena, &data, "mimeType", ac_header(&request->headers, "Content-Type"));
        set_body(arena, &data, request->body, "_encoding");
        set(arena, &out, "postData", data);
    }
    set_int(arena, &out, "headersSize", -1);
    set_int(arena, &out, "bodySize", (int64_t)request->body.n);
    return out;
}

static const ac_json *response_of(ac_arena *arena, const ac_record *record)
{
    const ac_response *response = &record->response;
    const ac_json *out = NULL;
    const ac_json *content = NULL;
    ac_str type = ac_header(&response->headers, "Content-Type");
    set_int(arena, &content, "size", (int64_t)response->body.n);
    set_text(arena, &content, "mimeType", type.n > 0 ? type : AC_STR("application/octet-stream"));
    set_body(arena, &content, response->body, "encoding");
    set_int(arena, &out, "status", response->status);
    set_text(arena, &out, "statusText", ac_str_c(ac_status_reason(response->status)));
    set_text(arena, &out, "httpVersion", AC_STR("HTTP/1.1"));
    set(arena, &out, "cookies", cookies_of(arena, &response->headers, AC_STR("Set-Cookie"), true));
    set(arena, &out, "headers", pairs_of(arena, &response->headers));
    set(arena, &out, "content", content);
    set_text(arena, &out, "redirectURL", ac_header(&response->headers, "Location"));
    set_int(arena, &out, "headersSize", -1);
    set_int(arena, &out, "bodySize", (int64_t)response->body.n);
    return out;
}

static const ac_json *timings_of(ac_arena *arena, const ac_record *record)
{
    int64_t wait = record->first_byte_us >= 0 ? record->first_byte_us : record->duration_us;
    const ac_json *out = NULL;
    set_int(arena, &out, "send", 0);
    set_ms(arena, &out, "wait", wait);
    set_ms(arena, &out, "receive", record->duration_us - wait);
    return out;
}

static const ac_json *ours_of(ac_arena *arena, const ac_record *record)
{
    static const char *const ends[] = {"whole", "upstream-failed", "client-gone"};
    const ac_json *out = NULL;
    set_int(arena, &out, "number", (int64_t)record->number);
    set_text(arena, &out, "end", ac_str_c(ends[record->end]));
    if (record->why.n > 0) {
        set_text(arena, &out, "why", record->why);
    }
    if (record->signer.n > 0) {
        set_text(arena, &out, "signer", record->signer);
    }
    if (record->request_cut) {
        set(arena, &out, "requestCut", ac_json_bool(true));
    }
    if (record->response_cut) {
        set(arena, &out, "responseCut", ac_json_bool(true));
    }
    return out;
}

static ac_str time_of(ac_arena *arena, int64_t unix_ms)
{
    ac_str seconds = ac_time_print(arena, unix_ms, AC_TIME_ISO);
    return ac_str_printf(arena, "%.*s.%03dZ", (int)(seconds.n - 1), seconds.p, (int)(unix_ms % 1000));
}

ac_str ac_har_entry(ac_arena *arena, const ac_record *record)
{
    const ac_json *entry = NULL;
    set_text(arena, &entry, "startedDateTime",
             time_of(arena, record->started_ms > 0 ? record->started_ms : 0));
    set_ms(arena, &entry, "time", record->duration_us);
    set(arena, &entry, "request", request_of(arena, record));
    set(arena, &entry, "response", response_of(arena, record));
    set(arena, &entry, "cache", ac_json_object());
    set(arena, &entry, "timings", timings_of(arena, record));
    set(arena, &entry, "_accord", ours_of(arena, record));
    ac_buf text;
    ac_buf_init(&text, AC_HAR_BYTES_MAX);
    ac_json_write(&text, entry);
    return ac_buf_take(&text, arena);
}

ac_str ac_har_head(ac_arena *arena, const char *version)
{
    return ac_str_printf(arena,
                         "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"accord\",\"version\":\"%s\"},"
                         "\"entries\":[\n",
                         version);
}

ac_str ac_har_tail(ac_arena *arena, const ac_json *about)
{
    ac_buf text;
    ac_buf_init(&text, 1024 * 1024);
    ac_buf_add_c(&text, "\n],\"_accord\":");
    ac_json_write(&text, about);
    ac_buf_add_c(&text, "}}\n");
    return ac_buf_take(&text, arena);
}
