/*
 * One deliberate fault of the mock. A mock with a deviation answers as its contracts say but in this one thing,
 * so that the suite can be shown to notice it. Deviations that are a changed contract (another status, a rule
 * left out) need none of this: the mock is given the changed contract.
 */
#ifndef AC_MOCK_DEVIATION_H
#define AC_MOCK_DEVIATION_H

#include <stddef.h>

#include "base/str.h"

typedef enum ac_deviation_kind {
    AC_DEVIATION_NONE,

    /* The answer's body: `pointer` names the member; "*" every element. Successes, or the error with `code`. */
    AC_FIELD_DROPPED,
    AC_FIELD_RENAMED, /* "X" is put behind its name */
    AC_FIELD_NULL,
    AC_FIELD_RETYPED,      /* text becomes a number, a number text, a boolean text, a container text */
    AC_FIELD_MISFORMATTED, /* "accord: not of the documented form" */
    AC_FIELD_OTHER_VALUE,  /* a value of the right type that is not the right one */
    AC_FIELD_ADDED,        /* an undocumented member in the object at `pointer` */

    /* The request id, at the style's pointer or at `pointer`. */
    AC_REQUEST_ID_REPEATED, /* the same in every answer */
    AC_REQUEST_ID_DIFFERS,  /* another one at `pointer` than elsewhere */

    /* Whole answers. */
    AC_ERROR_AS_SUCCESS, /* the error with `code` is answered with status 200 and its own body */
    AC_ERROR_SWALLOWED,  /* the provider state for `code` is accepted and has no effect */
    AC_SUCCESS_AS_ERROR, /* the operation fails with an internal error */
    AC_OTHER_CONTENT_TYPE,
    AC_ERROR_PARAMETERS_LOST, /* placeholders of the message stay as they are documented ("%s") */

    /* Requests. */
    AC_UNKNOWN_PARAMETER_REFUSED,
    AC_SIGNATURE_UNCHECKED,
    AC_CLOCK_UNCHECKED,
    AC_NONCE_UNCHECKED,

    /* Resources. */
    AC_TOKEN_IGNORED,            /* every call makes a new thing */
    AC_TOKEN_MISMATCH_UNNOTICED, /* another request with the token gets the first one's answer */
    AC_TOKEN_CASE_FOLDED,
    AC_TOKEN_ACROSS_ACCOUNTS,
    AC_TOKEN_RACE, /* two calls at once with one token make two things */
    AC_DRY_RUN_CREATES,
    AC_STATE_SKIPPED,
    AC_STATE_STUCK,
    AC_STATE_REVERSED, /* from the last to the first and back */
    AC_STATE_UNKNOWN,  /* "AccordOdd" on the way */
    AC_READ_MISSES,    /* the first read after creation finds nothing */
    AC_DELETE_KEEPS,   /* a deleted thing stays */
    AC_FOREIGN_REFERENCE_ACCEPTED,
    AC_DEVIATIONS
} ac_deviation_kind;

typedef struct ac_deviation {
    ac_deviation_kind kind;
    ac_str operation; /* whole path of the operation it concerns */
    ac_str pointer;
    ac_str code;
} ac_deviation;

#endif
