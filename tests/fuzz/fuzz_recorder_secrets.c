/* Any bytes as target, header and body: what was taken out once is out, and a planted secret is never left. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "recorder/secrets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ac_str planted = AC_STR_INIT("Pl4ntedS3cretPl4ntedS3cret");

static void check(ac_str text)
{
    assert(ac_str_find(text, planted) == AC_NOT_FOUND);
}

static ac_record record_of(ac_arena *arena, ac_str text)
{
    size_t third = text.n / 3;
    ac_record record = {.base_url = AC_STR("http://h")};
    record.request.method = AC_STR("POST");
    record.request.target = ac_str_sub(text, 0, third);
    record.request.body = ac_str_printf(arena, "%.*s%.*s%.*s", AC_STR_FMT(ac_str_sub(text, third, third)),
                                        AC_STR_FMT(planted), AC_STR_FMT(ac_str_sub(text, 2 * third, third)));
    ac_pairs_add(arena, &record.request.headers, AC_STR("Authorization"), ac_str_sub(text, 0, third));
    ac_pairs_add(arena, &record.request.headers, AC_STR("Cookie"), ac_str_sub(text, third, third));
    ac_pairs_add(arena, &record.request.headers, AC_STR("X"), ac_str_sub(text, 2 * third, third));
    record.response.body = text;
    return record;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_arena *arena = ac_arena_new();
    ac_str text = {size > 0 ? (const char *)data : "", size};
    ac_known_secrets known = {&planted, 1};
    ac_record record = record_of(arena, text);
    ac_secrets_remove(arena, &record, &known);
    check(record.request.target);
    check(record.request.body);
    check(record.response.body);
    ac_arena_free(arena);
    return 0;
}
