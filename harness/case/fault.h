/*
 * Answers that a client may meet and that no documentation describes: what gateways, broken networks and new
 * versions of a service send. A case for SDK targets names one; the documented answer is changed as it says.
 */
#ifndef AC_CASE_FAULT_H
#define AC_CASE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

/* What happens to the body of the documented answer. */
typedef enum ac_fault_body {
    AC_FAULT_BODY_KEPT,
    AC_FAULT_BODY_NONE,
    AC_FAULT_BODY_HTML,           /* the page of a gateway */
    AC_FAULT_BODY_TRUNCATED,      /* its first half, with the right length */
    AC_FAULT_BODY_BOM,            /* a byte order mark before it */
    AC_FAULT_BODY_DUPLICATE_KEYS, /* its first member twice, with another value first */
    AC_FAULT_BODY_LOWER_KEYS,     /* names of members begin with a small letter */
    AC_FAULT_BODY_UNKNOWN_FIELD,  /* one member more in every object */
    AC_FAULT_BODY_BIG_INTEGERS,   /* every integer is 2^53 + 1 */
    AC_FAULT_BODY_NULLS,          /* every value but the request id's is null */
    AC_FAULT_BODY_ABSENT,         /* nothing but the request id */
    AC_FAULT_BODY_TEXT_NUMBERS,   /* numbers and booleans as text */
    AC_FAULT_BODY_UNKNOWN_CODE    /* of an error: a code that no documentation has */
} ac_fault_body;

/* How the answer travels. */
typedef enum ac_fault_way {
    AC_FAULT_WAY_WHOLE,
    AC_FAULT_WAY_CHUNKED,
    AC_FAULT_WAY_SLOW_HEAD, /* later than the SDK waits */
    AC_FAULT_WAY_SLOW_BODY,
    AC_FAULT_WAY_SHORT,     /* closed in the midst of the body */
    AC_FAULT_WAY_CUT,       /* reset after the headers */
    AC_FAULT_WAY_NO_ANSWER, /* closed instead of an answer */
    AC_FAULT_WAY_RESET      /* reset instead of an answer */
} ac_fault_way;

typedef struct ac_fault {
    const char *name;
    const char *title; /* ends "<Action> …" */
    bool error;        /* of a documented error answer; else of the documented success */
    int status;        /* 0: the answer's own */
    const char *type;  /* Content-Type; NULL: the answer's own, "": none */
    ac_fault_body body;
    ac_fault_way way;
    bool once;   /* only the first request meets it, further ones are answered as documented */
    bool judged; /* HTTP itself rules what a client makes of it: judged like the documented answer */
} ac_fault;

/* All of them; name NULL at the end. */
extern const ac_fault ac_faults[];

#endif
