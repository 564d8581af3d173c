/* Results streams: what plays is written again, plays again, and is then written the same. */
#include <assert.h>
#include <stdint.h>

#include "run/verdict.h"

static void echo_head(void *context, const ac_run_head *head)
{
    ac_result_write_head(context, head);
}

static void echo_verdict(void *context, const ac_verdict *verdict)
{
    ac_result_write_verdict(context, verdict);
}

static void echo_tail(void *context, const ac_run_tail *tail)
{
    ac_result_write_tail(context, tail);
}

static bool play(ac_str text, ac_buf *echo)
{
    const ac_listener listener = {echo, echo_head, echo_verdict, echo_tail};
    ac_err err;
    return ac_result_play_text(text, "input", &listener, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_buf first, second;
    ac_buf_init(&first, SIZE_MAX / 4);
    ac_buf_init(&second, SIZE_MAX / 4);
    if (play((ac_str){(const char *)data, size}, &first)) {
        bool again = play(ac_buf_str(&first), &second);
        assert(again && ac_str_eq(ac_buf_str(&first), ac_buf_str(&second)));
    }
    ac_buf_done(&first);
    ac_buf_done(&second);
    return 0;
}
