/* Answers of upstreams: taken in one piece and byte by byte they are the same, and have one length at most. */
#include <assert.h>
#include <stdint.h>

#include "http/client_relay_parts.h"

enum { HEADER_BYTES_MAX = 16 * 1024 };

typedef struct heard {
    ac_buf body;
    int status;
} heard;

static bool on_head(void *context, const ac_response *response)
{
    heard *all = context;
    assert(all->status == 0 && response->status >= 200);
    all->status = response->status;
    return true;
}

static bool on_body(void *context, ac_str bytes)
{
    ac_buf_add(&((heard *)context)->body, bytes);
    return true;
}

static ac_outcome take(ac_arena *arena, ac_str input, size_t piece, heard *all)
{
    const ac_request request = {.method = AC_STR("GET"), .target = AC_STR("/")};
    const ac_relay_call call = {.request = &request,
                                .listener = {.context = all, .head = on_head, .body = on_body}};
    ac_relay *relay = ac_alloc(sizeof *relay);
    relay->call = &call;
    relay->arena = arena;
    relay->client.options.header_bytes_max = HEADER_BYTES_MAX;
    relay->outcome = (ac_outcome){.detail = "", .first_byte_us = -1};
    ac_buf_init(&relay->head, SIZE_MAX / 4);
    bool more = true;
    while (more && input.n > 0 && relay->state != AC_RELAY_DONE) {
        more = ac_relay_take(relay, ac_str_sub(input, 0, piece));
        input = ac_str_sub(input, piece, input.n);
    }
    if (more && relay->state != AC_RELAY_DONE) {
        ac_relay_take_end(relay);
    }
    ac_outcome outcome = relay->outcome;
    ac_buf_done(&relay->head);
    ac_free(relay);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_str input = {(const char *)data, size};
    ac_arena *arena = ac_arena_new();
    heard whole = {.status = 0}, pieces = {.status = 0};
    ac_buf_init(&whole.body, SIZE_MAX / 4);
    ac_buf_init(&pieces.body, SIZE_MAX / 4);
    ac_outcome first = take(arena, input, SIZE_MAX, &whole);
    ac_outcome second = take(arena, input, 1, &pieces);
    /* What is too large is told earlier where it comes in pieces. */
    bool too_large = first.transport == AC_TRANSPORT_TOO_LARGE || second.transport == AC_TRANSPORT_TOO_LARGE;
    assert(too_large || (first.transport == second.transport && whole.status == pieces.status));
    assert(too_large || ac_str_eq(ac_buf_str(&whole.body), ac_buf_str(&pieces.body)));
    (void)too_large;
    ac_buf_done(&whole.body);
    ac_buf_done(&pieces.body);
    ac_arena_free(arena);
    return 0;
}
