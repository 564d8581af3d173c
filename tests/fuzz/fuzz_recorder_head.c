/* Heads of requests, and chunks: what is taken is the same in one piece and byte by byte, and a head that is read
 * has one length at most and no control characters. */
#include <assert.h>
#include <stdint.h>

#include "recorder/head.h"

static void check_head(const ac_head *head)
{
    size_t lengths = 0;
    for (size_t i = 0; i < head->request.headers.count; i++) {
        ac_pair header = head->request.headers.items[i];
        lengths += ac_str_eq_nocase(header.name, AC_STR("Content-Length")) ||
                   ac_str_eq_nocase(header.name, AC_STR("Transfer-Encoding"));
        for (size_t j = 0; j < header.value.n; j++) {
            assert((unsigned char)header.value.p[j] >= ' ' || header.value.p[j] == '\t');
        }
    }
    assert(lengths <= 1 && (lengths == 1) == (head->framing != AC_HEAD_NO_BODY));
}

static ac_chunk_result take_apart(ac_str input, size_t piece, ac_buf *out, size_t *left)
{
    ac_chunks chunks = {0};
    ac_chunk_result result = AC_CHUNKS_MORE;
    while (input.n > 0 && result != AC_CHUNKS_END && result != AC_CHUNKS_BAD) {
        ac_str part = ac_str_sub(input, 0, piece);
        size_t before = part.n;
        ac_str data;
        result = ac_chunks_next(&chunks, &part, &data);
        if (result == AC_CHUNKS_DATA) {
            ac_buf_add(out, data);
        }
        input = ac_str_sub(input, before - part.n, input.n);
    }
    *left = input.n;
    return result == AC_CHUNKS_DATA ? AC_CHUNKS_MORE : result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_str input = {(const char *)data, size};
    ac_arena *arena = ac_arena_new();
    ac_head head;
    ac_refusal refusal = {0};
    size_t end = ac_head_find(input);
    if (end > 0 && ac_head_read(arena, ac_str_sub(input, 0, end), &head, &refusal)) {
        check_head(&head);
    }
    ac_buf whole, pieces;
    size_t left_whole, left_pieces;
    ac_buf_init(&whole, SIZE_MAX / 4);
    ac_buf_init(&pieces, SIZE_MAX / 4);
    ac_chunk_result first = take_apart(input, SIZE_MAX, &whole, &left_whole);
    ac_chunk_result second = take_apart(input, 1, &pieces, &left_pieces);
    assert(first == second && left_whole == left_pieces &&
           ac_str_eq(ac_buf_str(&whole), ac_buf_str(&pieces)));
    (void)first, (void)second;
    ac_buf_done(&whole);
    ac_buf_done(&pieces);
    ac_arena_free(arena);
    return 0;
}
