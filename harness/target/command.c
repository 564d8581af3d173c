#include "target/command.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/env.h"
#include "base/process.h"

static void feed(ac_process *child, ac_str *left)
{
    ssize_t done = left->n > 0 ? write(child->in, left->p, left->n) : 0;
    if (done > 0) {
        *left = ac_str_sub(*left, (size_t)done, left->n);
    }
    bool broken = done < 0 && errno != EAGAIN && errno != EINTR;
    if (left->n == 0 || broken) {
        ac_process_close(&child->in);
    }
}

static void drain(ac_process *child, ac_buf *output)
{
    char piece[8192];
    ssize_t got = read(child->out, piece, sizeof piece);
    if (got > 0) {
        ac_buf_add(output, (ac_str){piece, (size_t)got});
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        ac_process_close(&child->out);
    }
}

/* Until the child has closed its output; false on the deadline or on too much output. */
static bool talk(ac_process *child, ac_str input, int64_t deadline_us, ac_buf *output)
{
    while (child->out >= 0 && !output->overflow) {
        int64_t left_ms = (deadline_us - ac_monotonic_us()) / 1000;
        if (left_ms <= 0) {
            return false;
        }
        struct pollfd ends[] = {{.fd = child->out, .events = POLLIN}, {.fd = child->in, .events = POLLOUT}};
        poll(ends, child->in >= 0 ? 2 : 1, left_ms < 1000 ? (int)left_ms : 1000);
        if (child->in >= 0 && ends[1].revents) {
            feed(child, &input);
        }
        if (ends[0].revents) {
            drain(child, output);
        }
    }
    return !output->overflow;
}

bool ac_command_run(ac_arena *arena, const ac_strs *argv, ac_str input, int64_t timeout_ms, size_t output_max,
                    int *status, ac_str *output, ac_err *err)
{
    const char *name = ac_str_z(arena, argv->items[0]);
    ac_process child;
    int64_t deadline_us = ac_monotonic_us() + timeout_ms * 1000;
    if (!ac_process_start(&child, argv, &(ac_process_options){.environment = NULL})) {
        return ac_fail(err, AC_ERR_JUDGE, "%s: %s", name, strerror(errno));
    }
    ac_buf printed;
    ac_buf_init(&printed, output_max);
    bool ok = talk(&child, input, deadline_us, &printed);
    ac_process_close(&child.in);
    ac_process_close(&child.out);
    bool overflow = printed.overflow;
    *output = ac_buf_take(&printed, arena);
    ok = ok && ac_process_wait(&child, deadline_us, status);
    ac_process_kill(&child);
    return ok || ac_fail(err, AC_ERR_JUDGE, "%s: %s", name,
                         overflow ? "printed more than is allowed" : "did not end in time and was killed");
}
