/* Rules that one text alone keeps or breaks. Private to the module. */
#ifndef AC_MOCK_RULES_H
#define AC_MOCK_RULES_H

#include "contract/contract.h"

/* Whether the text keeps the constraint; true for kinds that look at more than the text. */
bool ac_mock_text_keeps(const ac_constraint *constraint, ac_str text);

bool ac_mock_is_integer(ac_str text);
/* Whether a text (of an example, say) has the format. */
bool ac_mock_has_format(int format, ac_str text);

#endif
