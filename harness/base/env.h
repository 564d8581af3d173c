/*
 * What differs from run to run: the clock and the source of nonces. Code that needs either takes an
 * ac_env, so that a command line can fix both and bytes repeat.
 */
#ifndef AC_BASE_ENV_H
#define AC_BASE_ENV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/str.h"

typedef struct ac_env {
    bool clock_fixed;
    int64_t clock_ms; /* Unix time, used where clock_fixed */
    ac_str nonce;     /* every nonce is this, where not empty */
    uint64_t seed;    /* nonces and ${unique} derive from it and from their purpose */
} ac_env;

/* The real clock and a random seed. */
ac_env ac_env_real(void);

int64_t ac_env_now_ms(const ac_env *env);

/* 32 hexadecimal digits. The same env and purpose give the same nonce, so each use needs its own purpose
 * ("<case id>/<step>/<attempt>"). */
ac_str ac_env_nonce(const ac_env *env, ac_arena *arena, ac_str purpose);

/* Microseconds of a clock that never goes back; for durations and deadlines, never fixed. */
int64_t ac_monotonic_us(void);

typedef enum ac_time_format {
    AC_TIME_ISO,     /* 2026-01-15T08:30:45Z */
    AC_TIME_COMPACT, /* 20260115T083045Z */
    AC_TIME_HTTP     /* Thu, 15 Jan 2026 08:30:45 GMT */
} ac_time_format;

ac_str ac_time_print(ac_arena *arena, int64_t unix_ms, ac_time_format format);
/* False where the text is off the format, or no such time exists (30 February, a wrong day of the week). */
bool ac_time_parse(ac_str text, ac_time_format format, int64_t *unix_ms) AC_MUST_USE;

#endif
