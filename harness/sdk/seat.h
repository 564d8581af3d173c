/*
 * A seat: one driver, the server that its SDK talks to, and the thread that makes its calls. Private to the module.
 */
#ifndef AC_SDK_SEAT_H
#define AC_SDK_SEAT_H

#include <pthread.h>

#include "sdk/driver.h"

/* The server that answers an SDK by a script, and keeps what it was asked. */
typedef struct ac_sdk_stage {
    ac_server *server;
    pthread_mutex_t lock; /* for what follows: the server has a thread of its own */
    ac_arena *arena;      /* of the call in hand; NULL: none */
    const ac_sdk_script *script;
    ac_sdk_outcome *outcome;
} ac_sdk_stage;

bool ac_sdk_stage_open(ac_sdk_stage *stage, ac_err *err) AC_MUST_USE;
void ac_sdk_stage_close(ac_sdk_stage *stage);
/* From here on requests are answered by the script and kept in the outcome; until the end, which waits for a
 * request that is just being answered. */
void ac_sdk_stage_begin(ac_sdk_stage *stage, ac_arena *arena, const ac_sdk_script *script,
                        ac_sdk_outcome *outcome);
void ac_sdk_stage_end(ac_sdk_stage *stage);

/* Makes one call, with a driver that runs or is started, on this stage. starting: held while a process starts.
 * Whatever happens is in the outcome. */
void ac_sdk_make_call(ac_sdk_driver *driver, ac_sdk_stage *stage, pthread_mutex_t *starting, ac_arena *arena,
                      const ac_sdk_call *call, ac_sdk_outcome *outcome);

#endif
