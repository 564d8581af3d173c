/*
 * Child processes with pipes to their standard streams. The only place that starts processes.
 *
 * Our ends of the pipes do not block and are closed in further children, in which SIGPIPE ends a program even if
 * it is ignored here. Two threads that start processes must
 * take turns, or a child inherits an end of the other one's pipe.
 */
#ifndef AC_BASE_PROCESS_H
#define AC_BASE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/decode.h"

typedef struct ac_process {
    pid_t pid;        /* -1: none */
    int in, out, log; /* its standard input, output and error; -1: closed, or the caller's */
} ac_process;

typedef struct ac_process_options {
    char *const *environment; /* "NAME=value", NULL at the end; NULL: the caller's */
    bool take_log;            /* its standard error comes to `log`; else it is the caller's */
    bool own_group;           /* what it starts ends with it */
} ac_process_options;

extern const ac_process ac_process_none;

/* The program is looked up in PATH; no shell. False with errno. */
bool ac_process_start(ac_process *process, const ac_strs *argv,
                      const ac_process_options *options) AC_MUST_USE;
void ac_process_close(int *fd); /* one of its ends; -1 is fine */
/* Waits until it has ended; false where it has not in time. *status is the exit status, or 128 plus the signal
 * that ended it. */
bool ac_process_wait(ac_process *process, int64_t deadline_us, int *status) AC_MUST_USE;
/* Ends it at once, and closes all ends. What is not there is fine. */
void ac_process_kill(ac_process *process);

/* A command line as words: white space separates, quotes ('…', "…") and backslashes keep it together. False with
 * *err where a quote is not closed or no word is there. */
bool ac_process_words(ac_arena *arena, ac_str text, ac_strs *out, ac_err *err) AC_MUST_USE;

#endif
