#include "sign/sign.h"

#include "canon.h"

ac_secret ac_secret_of(ac_str bytes)
{
    return (ac_secret){bytes};
}

ac_str ac_secret_bytes(ac_secret secret)
{
    return secret.hidden;
}

/* Those that an Authorization header names come first: a parameter called Signature may mean something
 * else to an operation. */
static const ac_signer *const signers[] = {&ac_signer_acs3, &ac_signer_acs_roa, &ac_signer_volc,
                                           &ac_signer_acs_rpc};

const ac_signer *ac_signer_at(size_t index)
{
    return index < AC_COUNT(signers) ? signers[index] : NULL;
}

const ac_signer *ac_signer_find(ac_str name)
{
    for (size_t i = 0; i < AC_COUNT(signers); i++) {
        if (ac_str_is(name, signers[i]->name)) {
            return signers[i];
        }
    }
    return NULL;
}

const ac_signer *ac_signer_of(const ac_request *request)
{
    for (size_t i = 0; i < AC_COUNT(signers); i++) {
        if (signers[i]->recognises(request)) {
            return signers[i];
        }
    }
    return NULL;
}

const char *ac_verify_result_name(ac_verify_result result)
{
    static const char *const names[] = {
        [AC_VERIFY_OK] = "ok",
        [AC_VERIFY_NO_SIGNATURE] = "no-signature",
        [AC_VERIFY_NO_ACCESS_KEY] = "no-access-key",
        [AC_VERIFY_MALFORMED] = "malformed",
        [AC_VERIFY_INCOMPLETE] = "incomplete",
        [AC_VERIFY_BAD_DATE] = "bad-date",
        [AC_VERIFY_BODY_MISMATCH] = "body-mismatch",
        [AC_VERIFY_MISMATCH] = "mismatch",
    };
    return names[result];
}
