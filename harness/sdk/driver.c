#include "sdk/driver.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/env.h"

enum { HELLO_MS = 20000, LOG_LINES_SHOWN = 8, PIECE_BYTES = 65536, SLICE_MS = 200 };

void ac_sdk_driver_init(ac_sdk_driver *driver, const ac_strs *command, char *const *environment,
                        const atomic_bool *abandoned)
{
    *driver = (ac_sdk_driver){
        .command = command, .environment = environment, .abandoned = abandoned, .process = ac_process_none};
    ac_buf_init(&driver->lines, AC_SDK_LINE_MAX);
}

void ac_sdk_driver_done(ac_sdk_driver *driver)
{
    ac_process_kill(&driver->process);
    ac_buf_done(&driver->lines);
}

bool ac_sdk_driver_runs(const ac_sdk_driver *driver)
{
    return driver->process.pid > 0;
}

void ac_sdk_driver_kill(ac_sdk_driver *driver)
{
    ac_process_kill(&driver->process);
}

void ac_sdk_driver_dismiss(ac_sdk_driver *driver)
{
    ac_process_close(&driver->process.in);
}

/* ---- its log ---- */

static void keep_log(ac_sdk_driver *driver, ac_str piece)
{
    if (piece.n > AC_SDK_LOG_BYTES) {
        piece = ac_str_sub(piece, piece.n - AC_SDK_LOG_BYTES, piece.n);
    }
    size_t room = AC_SDK_LOG_BYTES - driver->log_bytes;
    if (piece.n > room) {
        size_t drop = piece.n - room;
        memmove(driver->log, driver->log + drop, driver->log_bytes - drop);
        driver->log_bytes -= drop;
    }
    memcpy(driver->log + driver->log_bytes, piece.p, piece.n);
    driver->log_bytes += piece.n;
}

ac_str ac_sdk_driver_log(const ac_sdk_driver *driver, ac_arena *arena)
{
    ac_str text = {driver->log, driver->log_bytes};
    while (text.n > 0 && text.p[text.n - 1] == '\n') {
        text.n--;
    }
    size_t from = text.n;
    for (int lines = 0; from > 0; from--) {
        lines += text.p[from - 1] == '\n';
        if (lines == LOG_LINES_SHOWN) {
            break;
        }
    }
    ac_buf out;
    ac_buf_init(&out, 5 * AC_SDK_LOG_BYTES);
    ac_buf_add_visible(&out, ac_str_sub(text, from, text.n));
    return ac_buf_take(&out, arena);
}

/* ---- its pipes ---- */

/* The bytes that are there; false where the end has come. */
static bool drain(int fd, char *piece, ac_str *got)
{
    ssize_t count = read(fd, piece, PIECE_BYTES);
    *got = (ac_str){piece, count > 0 ? (size_t)count : 0};
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

static void read_log(ac_sdk_driver *driver)
{
    char piece[PIECE_BYTES];
    ac_str got;
    if (!drain(driver->process.log, piece, &got)) {
        ac_process_close(&driver->process.log);
    }
    keep_log(driver, got);
}

static void read_lines(ac_sdk_driver *driver)
{
    char piece[PIECE_BYTES];
    ac_str got;
    if (!drain(driver->process.out, piece, &got)) {
        ac_process_close(&driver->process.out);
    }
    ac_buf_add(&driver->lines, got);
}

static void write_line(ac_sdk_driver *driver, ac_str *left)
{
    ssize_t done = write(driver->process.in, left->p, left->n);
    if (done > 0) {
        *left = ac_str_sub(*left, (size_t)done, left->n);
    } else if (errno != EAGAIN && errno != EINTR) {
        ac_process_close(&driver->process.in);
    }
}

/* Waits at most so long for one of the pipes, and serves those that are ready. */
static void serve_pipes(ac_sdk_driver *driver, ac_str *left, int wait_ms)
{
    ac_process *p = &driver->process;
    struct pollfd ends[] = {{.fd = p->out, .events = POLLIN},
                            {.fd = p->log, .events = POLLIN},
                            {.fd = left->n > 0 ? p->in : -1, .events = POLLOUT}};
    poll(ends, AC_COUNT(ends), wait_ms);
    if (ends[2].revents) {
        write_line(driver, left);
    }
    if (ends[1].revents) {
        read_log(driver);
    }
    if (ends[0].revents) {
        read_lines(driver);
    }
}

/* ---- its lines ---- */

static bool has_line(const ac_sdk_driver *driver)
{
    return ac_str_find_char(ac_buf_str(&driver->lines), '\n') != AC_NOT_FOUND;
}

ac_str ac_sdk_driver_take(ac_sdk_driver *driver, ac_arena *arena)
{
    ac_str rest;
    ac_str line = ac_str_split(ac_str_dup(arena, ac_buf_str(&driver->lines)), '\n', &rest);
    ac_buf_clear(&driver->lines);
    ac_buf_add(&driver->lines, rest);
    return line;
}

/* Why no line will come; NULL where it still may. */
static const char *no_line(const ac_sdk_driver *driver, int64_t left_ms)
{
    if (atomic_load(driver->abandoned) || (driver->stop && *driver->stop)) {
        return "was ended with the run";
    }
    if (driver->lines.overflow) {
        return "wrote a line without an end";
    }
    if (driver->process.out < 0) {
        return driver->lines.n > 0 ? "ended in the midst of a line" : "ended";
    }
    return left_ms <= 0 ? "did not answer in time" : NULL;
}

bool ac_sdk_driver_ask(ac_sdk_driver *driver, ac_str line, int64_t deadline_ms, ac_err *err)
{
    int64_t deadline_us = ac_monotonic_us() + deadline_ms * 1000;
    while (!has_line(driver)) {
        int64_t left_ms = (deadline_us - ac_monotonic_us() + 999) / 1000;
        const char *why = no_line(driver, left_ms);
        if (why) {
            return ac_fail(err, AC_ERR_JUDGE, "the driver %s", why);
        }
        serve_pipes(driver, &line, left_ms < SLICE_MS ? (int)left_ms : SLICE_MS);
    }
    return true;
}

bool ac_sdk_driver_babbles(ac_sdk_driver *driver)
{
    ac_str nothing = {NULL, 0};
    if (driver->process.out >= 0) {
        serve_pipes(driver, &nothing, 0);
    }
    return driver->lines.n > 0;
}

/* ---- its life ---- */

bool ac_sdk_driver_start(ac_sdk_driver *driver, ac_err *err)
{
    const ac_process_options options = {
        .environment = driver->environment, .take_log = true, .own_group = true};
    ac_process_kill(&driver->process);
    ac_buf_done(&driver->lines);
    ac_buf_init(&driver->lines, AC_SDK_LINE_MAX);
    driver->log_bytes = 0;
    ac_str name = driver->command->items[0];
    return ac_process_start(&driver->process, driver->command, &options) ||
           ac_fail(err, AC_ERR_JUDGE, "the driver does not start: %.*s: %s", AC_STR_FMT(name),
                   strerror(errno));
}

bool ac_sdk_driver_greet(ac_sdk_driver *driver, ac_arena *arena, ac_sdk_hello *hello, ac_err *err)
{
    return ac_sdk_driver_ask(driver, (ac_str){NULL, 0}, HELLO_MS, err) &&
           ac_sdk_read_hello(arena, ac_sdk_driver_take(driver, arena), hello, err);
}

bool ac_sdk_driver_ends(ac_sdk_driver *driver, int64_t wait_ms, int *status)
{
    int64_t deadline_us = ac_monotonic_us() + wait_ms * 1000;
    return ac_process_wait(&driver->process, deadline_us, status);
}
