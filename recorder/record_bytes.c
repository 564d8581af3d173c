/* Payloads: the members of a record one after the other, numbers little-endian, texts with their length before
 * them. No names and no options: the version of the file says what there is. */
#include <string.h>

#include "recorder/journal_parts.h"

static const uint32_t no_text = 0xFFFFFFFFu;

/* ---- writing ---- */

static void put_number(ac_buf *out, uint64_t number, size_t bytes)
{
    char text[8];
    for (size_t i = 0; i < bytes; i++) {
        text[i] = (char)(number >> (8 * i) & 0xFF);
    }
    ac_buf_add(out, (ac_str){text, bytes});
}

static void put_text(ac_buf *out, ac_str text)
{
    put_number(out, text.p ? text.n : no_text, 4);
    ac_buf_add(out, text.p ? text : AC_STR(""));
}

static void put_pairs(ac_buf *out, const ac_pairs *pairs)
{
    put_number(out, pairs->count, 4);
    for (size_t i = 0; i < pairs->count; i++) {
        put_text(out, pairs->items[i].name);
        put_text(out, pairs->items[i].value);
    }
}

static size_t size_of_pairs(const ac_pairs *pairs)
{
    size_t size = 4;
    for (size_t i = 0; i < pairs->count; i++) {
        size += 8 + pairs->items[i].name.n + pairs->items[i].value.n;
    }
    return size;
}

/* A little more than the payload needs. */
static size_t size_of(const ac_record *record)
{
    enum { NUMBERS_AND_LENGTHS = 96 };
    return NUMBERS_AND_LENGTHS + record->base_url.n + record->why.n + record->signer.n + record->rules.n +
           record->request.method.n + record->request.target.n + record->request.body.n +
           record->response.body.n + size_of_pairs(&record->request.headers) +
           size_of_pairs(&record->response.headers);
}

bool ac_record_encode(ac_buf *out, const ac_record *record)
{
    const ac_request *request = &record->request;
    const ac_response *response = &record->response;
    if (request->headers.count > AC_JOURNAL_HEADERS_MAX || response->headers.count > AC_JOURNAL_HEADERS_MAX) {
        return false;
    }
    ac_buf_reserve(out, size_of(record));
    put_number(out, record->number, 8);
    put_number(out, (uint64_t)record->started_ms, 8);
    put_number(out, (uint64_t)record->duration_us, 8);
    put_number(out, (uint64_t)record->first_byte_us, 8);
    put_number(out, (uint64_t)response->status, 4);
    put_number(out, record->request_cut, 1);
    put_number(out, record->response_cut, 1);
    put_number(out, (uint64_t)record->end, 1);
    put_text(out, record->base_url);
    put_text(out, record->why);
    put_text(out, record->signer);
    put_text(out, record->rules);
    put_text(out, request->method);
    put_text(out, request->target);
    put_pairs(out, &request->headers);
    put_text(out, request->body);
    put_pairs(out, &response->headers);
    put_text(out, response->body);
    return !out->overflow;
}

/* ---- reading ---- */

/* What is left of a payload; p NULL once something did not fit. */
typedef struct cursor {
    ac_arena *arena;
    ac_str rest;
} cursor;

static ac_str take(cursor *from, size_t bytes)
{
    if (!from->rest.p || bytes > from->rest.n) {
        from->rest = (ac_str){NULL, 0};
        return from->rest;
    }
    ac_str taken = {from->rest.p, bytes};
    from->rest = (ac_str){from->rest.p + bytes, from->rest.n - bytes};
    return taken;
}

static uint64_t take_number(cursor *from, size_t bytes)
{
    uint64_t number = 0;
    ac_str text = take(from, bytes);
    for (size_t i = 0; i < text.n; i++) {
        number |= (uint64_t)(unsigned char)text.p[i] << (8 * i);
    }
    return number;
}

/* A number that must not pass max. */
static uint64_t take_small(cursor *from, size_t bytes, uint64_t max)
{
    uint64_t number = take_number(from, bytes);
    if (number > max) {
        from->rest = (ac_str){NULL, 0};
    }
    return number;
}

static ac_str take_text(cursor *from)
{
    uint64_t bytes = take_number(from, 4);
    return bytes == no_text ? (ac_str){NULL, 0} : take(from, (size_t)bytes);
}

static ac_pairs take_pairs(cursor *from)
{
    ac_pairs pairs = {0};
    size_t count = (size_t)take_small(from, 4, AC_JOURNAL_HEADERS_MAX);
    for (size_t i = 0; i < count && from->rest.p; i++) {
        ac_str name = take_text(from);
        ac_pairs_add(from->arena, &pairs, name, take_text(from));
    }
    return pairs;
}

bool ac_record_decode(ac_arena *arena, ac_str payload, ac_record *out)
{
    cursor from = {arena, payload};
    *out = (ac_record){.number = take_number(&from, 8)};
    out->started_ms = (int64_t)take_number(&from, 8);
    out->duration_us = (int64_t)take_number(&from, 8);
    out->first_byte_us = (int64_t)take_number(&from, 8);
    out->response.status = (int)take_small(&from, 4, 999);
    out->request_cut = take_small(&from, 1, 1) == 1;
    out->response_cut = take_small(&from, 1, 1) == 1;
    out->end = (ac_record_end)take_small(&from, 1, AC_RECORD_CLIENT_GONE);
    out->base_url = take_text(&from);
    out->why = take_text(&from);
    out->signer = take_text(&from);
    out->rules = take_text(&from);
    out->request.method = take_text(&from);
    out->request.target = take_text(&from);
    out->request.headers = take_pairs(&from);
    out->request.body = take_text(&from);
    out->response.headers = take_pairs(&from);
    out->response.body = take_text(&from);
    return from.rest.p && from.rest.n == 0;
}
