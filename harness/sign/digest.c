#include "sign/digest.h"

#include <stdlib.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

static const struct {
    gnutls_digest_algorithm_t digest;
    gnutls_mac_algorithm_t mac;
    size_t count;
} algorithms[] = {
    [AC_MD5] = {GNUTLS_DIG_MD5, GNUTLS_MAC_MD5, 16},
    [AC_SHA1] = {GNUTLS_DIG_SHA1, GNUTLS_MAC_SHA1, 20},
    [AC_SHA256] = {GNUTLS_DIG_SHA256, GNUTLS_MAC_SHA256, 32},
};

/* GnuTLS refuses only algorithms that it was built or configured without: nothing can be signed then, and
 * going on would sign with zeros. */
static void require(int status)
{
    if (status < 0) {
        abort();
    }
}

static const char *bytes_of(ac_str text)
{
    return text.p ? text.p : "";
}

ac_digest_bytes ac_digest_of(ac_digest kind, ac_str text)
{
    ac_digest_bytes out = {.count = algorithms[kind].count};
    require(gnutls_hash_fast(algorithms[kind].digest, bytes_of(text), text.n, out.bytes));
    return out;
}

ac_digest_bytes ac_hmac(ac_digest kind, ac_str key, ac_str text)
{
    ac_digest_bytes out = {.count = algorithms[kind].count};
    require(gnutls_hmac_fast(algorithms[kind].mac, bytes_of(key), key.n, bytes_of(text), text.n, out.bytes));
    return out;
}

ac_str ac_digest_hex(ac_arena *arena, ac_digest_bytes digest)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = ac_arena_alloc(arena, digest.count * 2);
    for (size_t i = 0; i < digest.count; i++) {
        hex[2 * i] = digits[digest.bytes[i] >> 4];
        hex[2 * i + 1] = digits[digest.bytes[i] & 15];
    }
    return (ac_str){hex, digest.count * 2};
}

ac_str ac_digest_base64(ac_arena *arena, ac_digest_bytes digest)
{
    gnutls_datum_t bytes = {digest.bytes, (unsigned)digest.count};
    gnutls_datum_t text;
    require(gnutls_base64_encode2(&bytes, &text));
    ac_str copy = ac_str_dup(arena, (ac_str){(const char *)text.data, text.size});
    gnutls_free(text.data);
    return copy;
}

ac_str ac_sha256_hex(ac_arena *arena, ac_str text)
{
    return ac_digest_hex(arena, ac_digest_of(AC_SHA256, text));
}

bool ac_equal_constant_time(ac_str a, ac_str b)
{
    return a.n == b.n && (a.n == 0 || gnutls_memcmp(a.p, b.p, a.n) == 0);
}
