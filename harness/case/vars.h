/* Variables of a running case: ${name} in text and JSON. Pure. */
#ifndef AC_CASE_VARS_H
#define AC_CASE_VARS_H

#include <stdbool.h>

#include "base/json.h"
#include "contract/contract.h"

/* Looks a name up; the empty view with p NULL means that there is no such variable. */
typedef ac_str (*ac_lookup)(void *context, ac_arena *arena, ac_str name);

/* The value with every ${name} replaced. A name that the lookup does not know is left as it is and, where
 * missing is not NULL, reported there (the first one). Numbers stay numbers; text stays text. */
const ac_json *ac_vars_expand(ac_arena *arena, const ac_json *value, ac_lookup lookup, void *context,
                              ac_str *missing);
ac_str ac_vars_expand_text(ac_arena *arena, ac_str text, ac_lookup lookup, void *context, ac_str *missing);

/* Calls visit for each name used; stops where it returns false. */
bool ac_vars_visit(const ac_json *value, bool (*visit)(void *context, ac_str name), void *context);

/* An id of the resource's form that does not exist: the fixture's prefix and a fixed end. */
ac_str ac_unknown_id(ac_arena *arena, const ac_contract *contract, ac_str resource);

#endif
