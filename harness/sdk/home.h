/* What drivers find around them: the command, a clean environment, an empty home. Private to the module. */
#ifndef AC_SDK_HOME_H
#define AC_SDK_HOME_H

#include "base/decode.h"
#include "base/err.h"

typedef struct ac_sdk_home {
    ac_arena *arena;
    ac_strs command;
    char *const *environment;
    const char *folder; /* NULL: none was made */
} ac_sdk_home;

bool ac_sdk_home_open(ac_sdk_home *home, ac_str command, const char *(*environment)(const char *name),
                      ac_err *err) AC_MUST_USE;
void ac_sdk_home_close(ac_sdk_home *home); /* also where it could not be opened */

#endif
