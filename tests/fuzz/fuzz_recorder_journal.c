/* Journals: whatever the bytes are, what is read is written again as the same payload. */
#include <assert.h>
#include <stdint.h>

#include "recorder/journal_parts.h"

static bool write_again(void *context, ac_arena *arena, const ac_record *record)
{
    (void)context;
    ac_buf first, second;
    ac_record again;
    ac_buf_init(&first, SIZE_MAX / 4);
    ac_buf_init(&second, SIZE_MAX / 4);
    bool ok = ac_record_encode(&first, record) && ac_record_decode(arena, ac_buf_str(&first), &again) &&
              ac_record_encode(&second, &again) && ac_str_eq(ac_buf_str(&first), ac_buf_str(&second));
    assert(ok);
    (void)ok;
    ac_buf_done(&first);
    ac_buf_done(&second);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_str bytes = {(const char *)data, size};
    ac_journal_found found;
    ac_err err = {0};
    if (!ac_journal_read_bytes(bytes, "input", write_again, NULL, &found, &err)) {
        assert(err.text[0] != '\0');
    }
    /* Without frames, whose checksums a fuzzer does not guess. */
    ac_record record;
    ac_arena *arena = ac_arena_new();
    if (ac_record_decode(arena, bytes, &record)) {
        write_again(NULL, arena, &record);
    }
    ac_arena_free(arena);
    return 0;
}
