/* A HAR from any bytes: what is read can be written, and reads the same again. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "recorder/har.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool check(void *context, const ac_record *record)
{
    const ac_record *expected = context;
    assert(ac_str_eq(record->request.target, expected->request.target));
    assert(ac_str_eq(record->request.body, expected->request.body));
    assert(ac_str_eq(record->response.body, expected->response.body));
    assert(record->response.status == expected->response.status);
    assert(record->duration_us == expected->duration_us);
    return true;
}

static bool write_again(void *context, const ac_record *record)
{
    ac_arena *arena = context;
    ac_err err = {0};
    ac_record expected = *record;
    ac_str text = ac_str_printf(arena, "%.*s%.*s%.*s", AC_STR_FMT(ac_har_head(arena, "1")),
                                AC_STR_FMT(ac_har_entry(arena, record)),
                                AC_STR_FMT(ac_har_tail(arena, ac_json_object())));
    bool read = ac_har_read(arena, text, "again", check, &expected, &err);
    assert(read);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_arena *arena = ac_arena_new();
    ac_err err = {0};
    ac_str text = {size > 0 ? (const char *)data : "", size};
    bool ok = ac_har_read(arena, text, "har", write_again, arena, &err);
    assert(ok || err.text[0] != '\0');
    ac_arena_free(arena);
    return 0;
}
