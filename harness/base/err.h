/*
 * Operational errors.
 *
 * A bug is an assertion, a finding is data (match/finding.h); what is left is an operational error: the
 * function returns false (or NULL) and describes the failure in the ac_err that the caller passed. On
 * success the ac_err is left alone, so that calls chain with &&. The text is one line without a final
 * full stop, and names the file and place where there is one ("file: /json/pointer: what is wrong").
 */
#ifndef AC_BASE_ERR_H
#define AC_BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/attr.h"

/* What an error means to the caller of the program; cli/main.c turns it into the exit code. */
typedef enum ac_err_kind {
    AC_ERR_NONE,
    AC_ERR_USAGE,    /* bad command line, case, contract, profile or report path */
    AC_ERR_JUDGE,    /* could not judge: target unreachable, nothing ran */
    AC_ERR_INTERNAL, /* the machine failed us: no memory map, no socket, disk full */
    AC_ERR_DATA      /* bytes from outside are not what they should be; callers refine it */
} ac_err_kind;

enum { AC_ERR_TEXT_MAX = 1024 };

typedef struct ac_err {
    ac_err_kind kind;
    char text[AC_ERR_TEXT_MAX];
} ac_err;

/* Sets *err and returns false, so that a function can end in `return ac_fail(err, …)`. Text that does
 * not fit is cut between characters; control bytes and invalid UTF-8 in it are made visible. err may be NULL. */
bool ac_fail(ac_err *err, ac_err_kind kind, const char *format, ...) AC_PRINTF(3, 4);
bool ac_failv(ac_err *err, ac_err_kind kind, const char *format, va_list args) AC_PRINTF(3, 0);

/* Puts "prefix: " before the text of an error, and gives it another kind unless kind is AC_ERR_NONE. */
void ac_err_prefix(ac_err *err, ac_err_kind kind, const char *format, ...) AC_PRINTF(3, 4);

#endif
