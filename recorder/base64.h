/* Private to the module: base64 (RFC 4648), both alphabets, with and without padding. */
#ifndef AC_RECORDER_BASE64_H
#define AC_RECORDER_BASE64_H

#include <stdbool.h>

#include "base/str.h"

/* How a text was encoded, so that it can be encoded that way again. */
typedef struct ac_base64_form {
    bool url;    /* - and _ for + and / */
    bool padded; /* = at the end */
} ac_base64_form;

/* The bytes, or a view with p NULL where the text is not base64 from end to end. */
ac_str ac_base64_decoded(ac_arena *arena, ac_str text, ac_base64_form *form);
/* The same where the bytes are readable text, which is known before much is decoded. */
ac_str ac_base64_decoded_text(ac_arena *arena, ac_str text, ac_base64_form *form);
ac_str ac_base64_encoded(ac_arena *arena, ac_str bytes, ac_base64_form form);

#endif
