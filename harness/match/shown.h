/* Text for people about values that a target or a client sent: visible, and cut where it is long. Pure. */
#ifndef AC_MATCH_SHOWN_H
#define AC_MATCH_SHOWN_H

#include "base/json.h"
#include "base/str.h"

ac_str ac_shown(ac_arena *arena, ac_str text);
ac_str ac_shown_printf(ac_arena *arena, const char *format, ...) AC_PRINTF(2, 3);
ac_str ac_shown_json(ac_arena *arena, const ac_json *value);                    /* "200"; absent for NULL */
ac_str ac_shown_typed(ac_arena *arena, const ac_json *value);                   /* string "200" */
ac_str ac_shown_list(ac_arena *arena, const ac_str *texts, size_t count);       /* "IPv4" or "DualStack" */
ac_str ac_shown_numbers(ac_arena *arena, const int64_t *numbers, size_t count); /* 400 or 404 */
ac_str ac_shown_body(ac_arena *arena, ac_str body);                             /* its first bytes */

#endif
