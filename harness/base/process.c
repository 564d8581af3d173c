#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/env.h"

extern char **environ;

const ac_process ac_process_none = {.pid = -1, .in = -1, .out = -1, .log = -1};

void ac_process_close(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

/* ---- starting ---- */

typedef struct pipes {
    int in[2], out[2], log[2];
} pipes;

/* Not blocking on our side: a child that does not read must not stop us from reading what it prints. */
static bool prepare_end(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static bool open_pipe(int ends[2], int ours)
{
    return pipe(ends) == 0 && prepare_end(ends[ours]);
}

static void close_both(int ends[2])
{
    ac_process_close(&ends[0]);
    ac_process_close(&ends[1]);
}

static void add_end(posix_spawn_file_actions_t *actions, int theirs, int as)
{
    if (theirs >= 0) {
        posix_spawn_file_actions_adddup2(actions, theirs, as);
    }
    if (theirs >= 0 && theirs != as) {
        posix_spawn_file_actions_addclose(actions, theirs);
    }
}

/* No signal is ignored or blocked because it is here. */
static void set_attributes(posix_spawnattr_t *attributes, bool own_group)
{
    sigset_t none, ignored_here;
    sigemptyset(&none);
    sigemptyset(&ignored_here);
    sigaddset(&ignored_here, SIGPIPE);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &ignored_here);
    posix_spawnattr_setpgroup(attributes, 0);
    int group = own_group ? POSIX_SPAWN_SETPGROUP : 0;
    posix_spawnattr_setflags(attributes, (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group));
}

static bool spawn(ac_process *process, char *const *argv, const ac_process_options *options, const pipes *p)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    set_attributes(&attributes, options->own_group);
    add_end(&actions, p->in[0], STDIN_FILENO);
    add_end(&actions, p->out[1], STDOUT_FILENO);
    add_end(&actions, p->log[1], STDERR_FILENO);
    char *const *environment = options->environment ? options->environment : environ;
    int error = posix_spawnp(&process->pid, argv[0], &actions, &attributes, argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    errno = error;
    return error == 0;
}

static char **as_argv(ac_arena *arena, const ac_strs *words)
{
    char **argv = AC_NEW_ARRAY(arena, words->count + 1, char *);
    for (size_t i = 0; i < words->count; i++) {
        argv[i] = ac_arena_copy(arena, ac_str_z(arena, words->items[i]), words->items[i].n + 1);
    }
    return argv;
}

bool ac_process_start(ac_process *process, const ac_strs *argv, const ac_process_options *options)
{
    ac_arena *arena = ac_arena_new();
    pipes p = {{-1, -1}, {-1, -1}, {-1, -1}};
    *process = ac_process_none;
    bool ok = open_pipe(p.in, 1) && open_pipe(p.out, 0) && (!options->take_log || open_pipe(p.log, 0)) &&
              spawn(process, as_argv(arena, argv), options, &p);
    int error = errno;
    ac_arena_free(arena);
    if (!ok) {
        close_both(p.in);
        close_both(p.out);
        close_both(p.log);
        process->pid = -1;
        errno = error;
        return false;
    }
    ac_process_close(&p.in[0]);
    ac_process_close(&p.out[1]);
    ac_process_close(&p.log[1]);
    process->in = p.in[1];
    process->out = p.out[0];
    process->log = p.log[0];
    return true;
}

/* ---- ending ---- */

/* Of a process that nobody has waited for, so that its number is still its own. There is no group of that number
 * where it does not lead one. */
static void end_group(pid_t pid)
{
    kill(-pid, SIGKILL);
}

static bool has_ended(pid_t pid)
{
    siginfo_t info = {.si_pid = 0};
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
}

bool ac_process_wait(ac_process *process, int64_t deadline_us, int *status)
{
    int raw = 0;
    while (!has_ended(process->pid)) {
        if (ac_monotonic_us() > deadline_us) {
            return false;
        }
        poll(NULL, 0, 1);
    }
    end_group(process->pid);
    waitpid(process->pid, &raw, 0);
    process->pid = -1;
    *status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    return true;
}

void ac_process_kill(ac_process *process)
{
    if (process->pid > 0) {
        end_group(process->pid);
        kill(process->pid, SIGKILL);
        waitpid(process->pid, NULL, 0);
    }
    ac_process_close(&process->in);
    ac_process_close(&process->out);
    ac_process_close(&process->log);
    process->pid = -1;
}

/* ---- command lines ---- */

enum { WORDS_MAX = 64 };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Takes the quoted piece that begins at *at; false where it does not end. */
static bool take_quoted(ac_str text, size_t *at, ac_buf *word)
{
    char quote = text.p[(*at)++];
    while (*at < text.n && text.p[*at] != quote) {
        bool escaped = quote == '"' && text.p[*at] == '\\' && *at + 1 < text.n;
        *at += escaped ? 1 : 0;
        ac_buf_add_char(word, text.p[(*at)++]);
    }
    return (*at)++ < text.n;
}

static bool take_word(ac_str text, size_t *at, ac_buf *word)
{
    bool closed = true;
    while (closed && *at < text.n && !is_space(text.p[*at])) {
        char c = text.p[*at];
        if (c == '\'' || c == '"') {
            closed = take_quoted(text, at, word);
            continue;
        }
        *at += c == '\\' && *at + 1 < text.n ? 1 : 0;
        ac_buf_add_char(word, text.p[(*at)++]);
    }
    return closed;
}

bool ac_process_words(ac_arena *arena, ac_str text, ac_strs *out, ac_err *err)
{
    *out = (ac_strs){AC_NEW_ARRAY(arena, WORDS_MAX, ac_str), 0};
    size_t at = 0;
    while (at < text.n) {
        if (is_space(text.p[at])) {
            at++;
            continue;
        }
        if (out->count == WORDS_MAX) {
            return ac_fail(err, AC_ERR_USAGE, "the command has more than %d words", WORDS_MAX);
        }
        ac_buf word;
        ac_buf_init(&word, text.n);
        bool closed = take_word(text, &at, &word);
        out->items[out->count++] = ac_buf_take(&word, arena);
        if (!closed) {
            return ac_fail(err, AC_ERR_USAGE, "a quote in the command is not closed");
        }
    }
    return out->count > 0 || ac_fail(err, AC_ERR_USAGE, "the command is empty");
}
