#include "target/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/env.h"

extern char **environ;

typedef struct child {
    pid_t pid;
    int in, out; /* our ends; -1 when closed */
    const char *name;
} child;

static void close_end(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

/* Not blocking on our side: a child that does not read must not stop us from reading what it prints. */
static bool prepare_end(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static bool spawn(child *c, char **argv, int in[2], int out[2])
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, in[0]);
    posix_spawn_file_actions_addclose(&actions, out[1]);
    int error = posix_spawnp(&c->pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    errno = error;
    return error == 0;
}

static bool start(child *c, char **argv)
{
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    bool ok = pipe(in) == 0 && pipe(out) == 0 && prepare_end(in[1]) && prepare_end(out[0]) &&
              spawn(c, argv, in, out);
    int error = errno;
    close_end(&in[0]);
    close_end(&out[1]);
    c->in = in[1];
    c->out = out[0];
    if (!ok) {
        close_end(&c->in);
        close_end(&c->out);
        errno = error;
    }
    return ok;
}

static void feed(child *c, ac_str *left)
{
    ssize_t done = left->n > 0 ? write(c->in, left->p, left->n) : 0;
    if (done > 0) {
        *left = ac_str_sub(*left, (size_t)done, left->n);
    }
    bool broken = done < 0 && errno != EAGAIN && errno != EINTR;
    if (left->n == 0 || broken) {
        close_end(&c->in);
    }
}

static void drain(child *c, ac_buf *output)
{
    char piece[8192];
    ssize_t got = read(c->out, piece, sizeof piece);
    if (got > 0) {
        ac_buf_add(output, (ac_str){piece, (size_t)got});
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        close_end(&c->out);
    }
}

/* Until the child has closed its output; false on the deadline or on too much output. */
static bool talk(child *c, ac_str input, int64_t deadline_us, ac_buf *output)
{
    while (c->out >= 0 && !output->overflow) {
        int64_t left_ms = (deadline_us - ac_monotonic_us()) / 1000;
        if (left_ms <= 0) {
            return false;
        }
        struct pollfd ends[] = {{.fd = c->out, .events = POLLIN}, {.fd = c->in, .events = POLLOUT}};
        poll(ends, c->in >= 0 ? 2 : 1, left_ms < 1000 ? (int)left_ms : 1000);
        if (c->in >= 0 && ends[1].revents) {
            feed(c, &input);
        }
        if (ends[0].revents) {
            drain(c, output);
        }
    }
    return !output->overflow;
}

static bool collect(const child *c, int64_t deadline_us, int *status)
{
    int raw = 0;
    while (waitpid(c->pid, &raw, WNOHANG) == 0) {
        if (ac_monotonic_us() > deadline_us) {
            return false;
        }
        poll(NULL, 0, 1);
    }
    *status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    return true;
}

static char **as_argv(ac_arena *arena, const ac_strs *words)
{
    char **argv = AC_NEW_ARRAY(arena, words->count + 1, char *);
    for (size_t i = 0; i < words->count; i++) {
        argv[i] = ac_arena_copy(arena, ac_str_z(arena, words->items[i]), words->items[i].n + 1);
    }
    return argv;
}

bool ac_command_run(ac_arena *arena, const ac_strs *argv, ac_str input, int64_t timeout_ms, size_t output_max,
                    int *status, ac_str *output, ac_err *err)
{
    char **words = as_argv(arena, argv);
    child c = {.pid = -1, .in = -1, .out = -1, .name = words[0]};
    int64_t deadline_us = ac_monotonic_us() + timeout_ms * 1000;
    if (!start(&c, words)) {
        return ac_fail(err, AC_ERR_JUDGE, "%s: %s", c.name, strerror(errno));
    }
    ac_buf printed;
    ac_buf_init(&printed, output_max);
    bool ok = talk(&c, input, deadline_us, &printed);
    close_end(&c.in);
    close_end(&c.out);
    bool overflow = printed.overflow;
    *output = ac_buf_take(&printed, arena);
    if (ok && collect(&c, deadline_us, status)) {
        return true;
    }
    kill(c.pid, SIGKILL);
    waitpid(c.pid, NULL, 0);
    return ac_fail(err, AC_ERR_JUDGE, "%s: %s", c.name,
                   overflow ? "printed more than is allowed" : "did not end in time and was killed");
}
