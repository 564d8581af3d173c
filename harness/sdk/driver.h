/* One driver process: its life, its lines and its log. Private to the module; belongs to one thread. */
#ifndef AC_SDK_DRIVER_H
#define AC_SDK_DRIVER_H

#include <stdatomic.h>

#include "base/process.h"
#include "sdk/protocol.h"

enum { AC_SDK_LOG_BYTES = 4096 };

typedef struct ac_sdk_driver {
    const ac_strs *command;
    char *const *environment;
    const atomic_bool *abandoned;      /* nobody waits for it any more */
    const volatile sig_atomic_t *stop; /* the same, set by a signal; NULL: none is */
    ac_process process;
    ac_buf lines; /* written by the driver and not read yet */
    char log[AC_SDK_LOG_BYTES];
    size_t log_bytes;
    int64_t last_id;
} ac_sdk_driver;

void ac_sdk_driver_init(ac_sdk_driver *driver, const ac_strs *command, char *const *environment,
                        const atomic_bool *abandoned);
void ac_sdk_driver_done(ac_sdk_driver *driver);

bool ac_sdk_driver_runs(const ac_sdk_driver *driver);
/* Starts the process; drivers of several threads are started in turn. */
bool ac_sdk_driver_start(ac_sdk_driver *driver, ac_err *err) AC_MUST_USE;
/* Reads the hello of a driver that was just started. */
bool ac_sdk_driver_greet(ac_sdk_driver *driver, ac_arena *arena, ac_sdk_hello *hello,
                         ac_err *err) AC_MUST_USE;
void ac_sdk_driver_kill(ac_sdk_driver *driver);
/* Closes its standard input, so that it ends. */
void ac_sdk_driver_dismiss(ac_sdk_driver *driver);
/* Waits for the end of a dismissed driver; false where it has not ended in time. */
bool ac_sdk_driver_ends(ac_sdk_driver *driver, int64_t wait_ms, int *status) AC_MUST_USE;

/* Writes a line and waits until one is there; false where the driver died, closed its output, wrote too long a
 * line or none in time. Touches no arena: the one of the call is the server's meanwhile. */
bool ac_sdk_driver_ask(ac_sdk_driver *driver, ac_str line, int64_t deadline_ms, ac_err *err) AC_MUST_USE;
/* Takes the line that came, without its end. */
ac_str ac_sdk_driver_take(ac_sdk_driver *driver, ac_arena *arena);
/* Whether it has written something that nobody asked for. */
bool ac_sdk_driver_babbles(ac_sdk_driver *driver);
/* The last lines of its log, visible. */
ac_str ac_sdk_driver_log(const ac_sdk_driver *driver, ac_arena *arena);

#endif
