/* The lines between accord and a driver: docs/driver-protocol.md. Pure. Private to the module. */
#ifndef AC_SDK_PROTOCOL_H
#define AC_SDK_PROTOCOL_H

#include "sdk/sdk.h"

enum { AC_SDK_LINE_MAX = 4 * 1024 * 1024 }; /* bytes that a driver may write before a line ends */

/* A driver's first line. Errors have kind JUDGE. */
bool ac_sdk_read_hello(ac_arena *arena, ac_str line, ac_sdk_hello *out, ac_err *err) AC_MUST_USE;
/* The answer to call `id`: fills end, result, error, why and ignored. */
bool ac_sdk_read_answer(ac_arena *arena, ac_str line, int64_t id, ac_sdk_outcome *out,
                        ac_err *err) AC_MUST_USE;
/* A call with its line end. */
ac_str ac_sdk_write_call(ac_arena *arena, int64_t id, const ac_sdk_call *call, ac_str endpoint);

#endif
