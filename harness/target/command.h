/* Runs a program with text on its standard input and takes what it prints. */
#ifndef AC_TARGET_COMMAND_H
#define AC_TARGET_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decode.h"
#include "base/err.h"

/* argv is looked up in PATH; no shell. Its standard error is the caller's. False where it could not be
 * started, did not end within timeout_ms (it is killed), or printed more than output_max bytes. *status is
 * the exit status, or 128 plus the signal that ended it. */
bool ac_command_run(ac_arena *arena, const ac_strs *argv, ac_str input, int64_t timeout_ms, size_t output_max,
                    int *status, ac_str *output, ac_err *err) AC_MUST_USE;

#endif
