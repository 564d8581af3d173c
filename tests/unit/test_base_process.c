#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/env.h"
#include "support.h"

/* ---- words ---- */

/* Each word in brackets. */
static const char *in_brackets(const ac_strs *words)
{
    ac_buf out;
    ac_buf_init(&out, 1u << 20);
    for (size_t i = 0; i < words->count; i++) {
        ac_buf_printf(&out, "[%.*s]", AC_STR_FMT(words->items[i]));
    }
    return ac_buf_take(&out, ac_test_arena()).p;
}

START_TEST(a_command_line_is_words)
{
    static const char *const rows[][2] = {
        {"node", "[node]"},
        {" \t node\n driver.js  ", "[node][driver.js]"},
        {"a 'b c' d", "[a][b c][d]"},
        {"a \"b c\" d", "[a][b c][d]"},
        {"a'b c'd", "[ab cd]"},
        {"--x=\"a b\"'c d'e", "[--x=a bc de]"},
        {"a b\\ c", "[a][b c]"},
        {"a \\'b", "[a]['b]"},
        {"'a\\b'", "[a\\b]"},
        {"'a\"b' \"a'b\"", "[a\"b][a'b]"},
        {"\"a\\\"b\\\\c\"", "[a\"b\\c]"},
        {"a '' \"\"", "[a][][]"},
        {"a\\", "[a\\]"},
        {"$HOME `x` *.c; a|b", "[$HOME][`x`][*.c;][a|b]"},
        {"\xC3\xA9 '\xE4\xB8\xAD \xE6\x96\x87'", "[\xC3\xA9][\xE4\xB8\xAD \xE6\x96\x87]"},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_strs words;
        ac_err err = {0};
        bool ok = ac_process_words(ac_test_arena(), ac_str_c(rows[i][0]), &words, &err);
        ck_assert_msg(ok, "%s: %s", rows[i][0], err.text);
        ck_assert_str_eq(in_brackets(&words), rows[i][1]);
    }
}
END_TEST

START_TEST(a_command_line_that_is_none_is_refused)
{
    static const char *const rows[][2] = {
        {"", "the command is empty"},
        {" \t\n", "the command is empty"},
        {"a 'b", "a quote in the command is not closed"},
        {"a \"b", "a quote in the command is not closed"},
        {"a \"b\\\"", "a quote in the command is not closed"},
        {"'", "a quote in the command is not closed"},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_strs words;
        ac_err err = {0};
        ck_assert(!ac_process_words(ac_test_arena(), ac_str_c(rows[i][0]), &words, &err));
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        ck_assert_str_eq(err.text, rows[i][1]);
    }
}
END_TEST

START_TEST(words_are_counted)
{
    ac_strs words;
    ac_err err = {0};
    ac_str many = ac_str_replace(ac_test_arena(), ac_str_printf(ac_test_arena(), "%064d", 0), AC_STR("0"),
                                 AC_STR("x "));
    ck_assert(ac_process_words(ac_test_arena(), many, &words, &err));
    ck_assert_uint_eq(words.count, 64);
    ck_assert(
        !ac_process_words(ac_test_arena(), ac_str_printf(ac_test_arena(), "%s y", many.p), &words, &err));
    ck_assert_ac_err(err, "the command has more than 64 words");
}
END_TEST

/* ---- processes ---- */

static bool start(ac_process *process, const char *command, const ac_process_options *options)
{
    ac_strs words;
    ac_err err = {0};
    ck_assert_msg(ac_process_words(ac_test_arena(), ac_str_c(command), &words, &err), "%s", err.text);
    return ac_process_start(process, &words, options);
}

static void must_start(ac_process *process, const char *command, const ac_process_options *options)
{
    ck_assert_msg(start(process, command, options), "%s: %s", command, strerror(errno));
}

/* All that comes until the end. */
static ac_str read_all(int fd)
{
    ac_buf out;
    char piece[4096];
    ssize_t count;
    ac_buf_init(&out, 1u << 24);
    do {
        struct pollfd end = {.fd = fd, .events = POLLIN};
        ck_assert_msg(poll(&end, 1, 20000) == 1, "neither output nor an end of it");
        count = read(fd, piece, sizeof piece);
        ck_assert(count >= 0);
        ac_buf_add(&out, (ac_str){piece, (size_t)count});
    } while (count > 0);
    return ac_buf_take(&out, ac_test_arena());
}

static int64_t in_ms(int64_t ms)
{
    return ac_monotonic_us() + ms * 1000;
}

static int status_of(ac_process *process)
{
    int status = -1;
    ck_assert(ac_process_wait(process, in_ms(20000), &status));
    ck_assert_int_eq(process->pid, -1);
    return status;
}

static const ac_process_options plain = {.environment = NULL};
static const ac_process_options with_log = {.take_log = true, .own_group = true};

START_TEST(what_is_written_comes_to_it_and_what_it_writes_comes_back)
{
    ac_process process;
    must_start(&process, "sh -c 'read line; echo \"got $line\"; echo \"log $line\" >&2'", &with_log);
    ck_assert_int_eq(write(process.in, "words\n", 6), 6);
    ck_assert_ac_str(read_all(process.out), "got words\n");
    ck_assert_ac_str(read_all(process.log), "log words\n");
    ck_assert_int_eq(status_of(&process), 0);
    ac_process_kill(&process);
    ck_assert(process.in == -1 && process.out == -1 && process.log == -1);
}
END_TEST

START_TEST(our_ends_do_not_block)
{
    ac_process process;
    char byte;
    must_start(&process, "sleep 600", &with_log);
    const int ends[] = {process.in, process.out, process.log};
    for (size_t i = 0; i < AC_COUNT(ends); i++) {
        ck_assert(fcntl(ends[i], F_GETFL) & O_NONBLOCK);
        ck_assert(fcntl(ends[i], F_GETFD) & FD_CLOEXEC);
    }
    ck_assert(read(process.out, &byte, 1) == -1 && errno == EAGAIN);
    ac_process_kill(&process);
}
END_TEST

START_TEST(the_log_is_ours_only_where_it_was_asked_for)
{
    ac_process process;
    must_start(&process, "sh -c 'test -w /dev/stderr'", &plain);
    ck_assert_int_eq(process.log, -1);
    ck_assert_int_eq(status_of(&process), 0);
    ac_process_kill(&process);
}
END_TEST

START_TEST(closing_its_input_is_its_end_of_file)
{
    ac_process process;
    must_start(&process, "cat", &plain);
    ac_process_close(&process.in);
    ck_assert_int_eq(process.in, -1);
    ac_process_close(&process.in);
    ck_assert_ac_str(read_all(process.out), "");
    ck_assert_int_eq(status_of(&process), 0);
    ac_process_kill(&process);
}
END_TEST

START_TEST(the_environment_is_the_one_given_or_ours)
{
    char one[] = "ONE=1";
    char two[] = "TWO=a b";
    char *const environment[] = {one, two, NULL};
    const ac_process_options options = {.environment = environment};
    ac_process process;
    setenv("ACCORD_TEST_OURS", "yes", 1);
    must_start(&process, "env", &options);
    ck_assert_ac_str(read_all(process.out), "ONE=1\nTWO=a b\n");
    ac_process_kill(&process);
    must_start(&process, "env", &plain);
    ck_assert(ac_str_find(read_all(process.out), AC_STR("ACCORD_TEST_OURS=yes\n")) != AC_NOT_FOUND);
    ac_process_kill(&process);
}
END_TEST

/* What is ignored here (SIGPIPE in the program) or blocked in a thread is no matter of the child. */
START_TEST(signals_are_as_a_program_expects_them)
{
    ac_process process;
    sigset_t blocked;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    must_start(&process, "sh -c 'kill -PIPE $$; echo ignored'", &plain);
    ck_assert_ac_str(read_all(process.out), "");
    ck_assert_int_eq(status_of(&process), 128 + SIGPIPE);
    ac_process_kill(&process);
    must_start(&process, "sh -c 'kill -TERM $$; echo blocked'", &plain);
    ck_assert_ac_str(read_all(process.out), "");
    ck_assert_int_eq(status_of(&process), 128 + SIGTERM);
    ac_process_kill(&process);
}
END_TEST

/* A pipe then has the number of a standard stream. */
START_TEST(streams_that_are_closed_here_are_there_in_the_child)
{
    static const int closed[][3] = {{0, -1, -1}, {0, 1, -1}, {0, 1, 2}, {1, -1, -1}, {2, -1, -1}, {1, 2, -1}};
    for (size_t i = 0; i < AC_COUNT(closed); i++) {
        pid_t child = fork(); /* Check needs its own streams */
        ck_assert(child >= 0);
        if (child == 0) {
            ac_process process;
            char got[6] = "";
            for (size_t k = 0; k < 3; k++) {
                close(closed[i][k]);
            }
            bool ok = start(&process, "sh -c 'read line; echo \"$line\"; echo log >&2'", &with_log) &&
                      write(process.in, "words\n", 6) == 6;
            struct pollfd end = {.fd = process.out, .events = POLLIN};
            ok = ok && poll(&end, 1, 20000) == 1 && read(process.out, got, 6) == 6;
            _exit(ok && memcmp(got, "words\n", 6) == 0 ? 0 : 1);
        }
        int status;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_msg(status == 0, "row %zu", i);
    }
}
END_TEST

START_TEST(the_status_says_how_it_ended)
{
    static const struct {
        const char *command;
        int status;
    } rows[] = {
        {"true", 0},
        {"false", 1},
        {"sh -c 'exit 77'", 77},
        {"sh -c 'kill -KILL $$'", 128 + SIGKILL},
        {"sh -c 'kill -SEGV $$'", 128 + SIGSEGV},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_process process;
        must_start(&process, rows[i].command, &plain);
        ck_assert_int_eq(status_of(&process), rows[i].status);
        ac_process_kill(&process);
    }
}
END_TEST

START_TEST(waiting_has_an_end)
{
    ac_process process;
    int status = -1;
    must_start(&process, "sleep 600", &plain);
    ck_assert(!ac_process_wait(&process, in_ms(-1), &status));
    ck_assert(!ac_process_wait(&process, in_ms(30), &status));
    ck_assert_int_gt(process.pid, 0);
    ck_assert_int_eq(status, -1);
    ac_process_kill(&process);
    ck_assert_int_eq(process.pid, -1);
}
END_TEST

START_TEST(what_is_not_there_is_fine_to_kill)
{
    ac_process process = ac_process_none;
    ac_process_kill(&process);
    must_start(&process, "true", &plain);
    ac_process_kill(&process);
    ac_process_kill(&process);
    ck_assert_int_eq(process.pid, -1);
}
END_TEST

START_TEST(a_program_that_is_not_there_does_not_start)
{
    static const struct {
        const char *command;
        int error;
    } rows[] = {
        {"no-such-program-of-accord", ENOENT},
        {"/no/such/program", ENOENT},
        {"''", ENOENT},
        {"/etc/passwd", EACCES},
        {"/tmp", EACCES},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_process process;
        ck_assert_msg(!start(&process, rows[i].command, &with_log), "%s", rows[i].command);
        ck_assert_msg(errno == rows[i].error, "%s: %s", rows[i].command, strerror(errno));
        ck_assert(process.pid == -1 && process.in == -1 && process.out == -1 && process.log == -1);
    }
    int next = open("/dev/null", O_RDONLY); /* no end of a pipe is left open */
    ck_assert_int_lt(next, 16);
}
END_TEST

/* Its child holds the output open: the end of file says that both are gone. */
static const char with_child[] = "sh -c 'sleep 600 & echo started; wait'";
static const char without_waiting[] = "sh -c 'sleep 600 & echo started'";

START_TEST(a_group_ends_together)
{
    ac_process process;
    must_start(&process, with_child, &with_log);
    int out = dup(process.out);
    struct pollfd end = {.fd = out, .events = POLLIN};
    ck_assert_int_eq(poll(&end, 1, 20000), 1);
    ac_process_kill(&process);
    ck_assert_ac_str(read_all(out), "started\n");
    close(out);
}
END_TEST

START_TEST(a_group_ends_with_a_leader_that_ends_by_itself)
{
    ac_process process;
    must_start(&process, without_waiting, &with_log);
    ck_assert_int_eq(status_of(&process), 0);
    ck_assert_ac_str(read_all(process.out), "started\n");
    ac_process_kill(&process);
}
END_TEST

START_TEST(a_child_does_not_inherit_our_ends_of_another)
{
    ac_process first, second;
    must_start(&first, "cat", &with_log);
    must_start(&second, "sleep 600", &with_log);
    ac_process_close(&first.in);
    ck_assert_ac_str(read_all(first.out), "");
    ck_assert_int_eq(status_of(&first), 0);
    ac_process_kill(&first);
    ac_process_kill(&second);
}
END_TEST

AC_TEST_MAIN("base process", a_command_line_is_words, a_command_line_that_is_none_is_refused,
             words_are_counted, what_is_written_comes_to_it_and_what_it_writes_comes_back,
             our_ends_do_not_block, the_log_is_ours_only_where_it_was_asked_for,
             closing_its_input_is_its_end_of_file, the_environment_is_the_one_given_or_ours,
             signals_are_as_a_program_expects_them, streams_that_are_closed_here_are_there_in_the_child,
             the_status_says_how_it_ended, waiting_has_an_end, what_is_not_there_is_fine_to_kill,
             a_program_that_is_not_there_does_not_start, a_group_ends_together,
             a_group_ends_with_a_leader_that_ends_by_itself, a_child_does_not_inherit_our_ends_of_another)
