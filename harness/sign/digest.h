/* Digests and HMAC on GnuTLS; the only module that includes its crypto header. */
#ifndef AC_SIGN_DIGEST_H
#define AC_SIGN_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/str.h"

typedef enum ac_digest { AC_MD5, AC_SHA1, AC_SHA256 } ac_digest;

enum { AC_DIGEST_MAX = 32 };

typedef struct ac_digest_bytes {
    unsigned char bytes[AC_DIGEST_MAX];
    size_t count;
} ac_digest_bytes;

ac_digest_bytes ac_digest_of(ac_digest kind, ac_str text);
ac_digest_bytes ac_hmac(ac_digest kind, ac_str key, ac_str text);
ac_str ac_digest_hex(ac_arena *arena, ac_digest_bytes digest); /* lower case */
ac_str ac_digest_base64(ac_arena *arena, ac_digest_bytes digest);
ac_str ac_sha256_hex(ac_arena *arena, ac_str text);

/* Compares in time that does not depend on where the texts differ. */
bool ac_equal_constant_time(ac_str a, ac_str b);

#endif
