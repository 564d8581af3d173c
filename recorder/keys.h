/*
 * Signatures on their way through: clients sign with throw-away keys, which are verified here; for upstream the
 * request is signed anew with the real ones, which no client, recording or log ever sees. Pure.
 */
#ifndef AC_RECORDER_KEYS_H
#define AC_RECORDER_KEYS_H

#include "recorder/head.h"
#include "sign/sign.h"

/* Who signed, as far as a request says so. */
typedef struct ac_signed {
    const ac_signer *signer; /* NULL: nobody */
    ac_sign_claim claim;
} ac_signed;

/* Verifies that the request is signed with throw-away keys, now. The refusal says what is wrong, in words for
 * whoever set up the client. */
bool ac_keys_verify(ac_arena *arena, const ac_request *request, int64_t now_ms, ac_signed *out,
                    ac_refusal *refusal) AC_MUST_USE;

/* Signs anew for the Host that the request holds. The list of headers and the query are replaced, not changed.
 * The nonce stays the client's, so that a request sent twice is one upstream, too. */
void ac_keys_sign(ac_arena *arena, const ac_signed *by, const ac_credentials *real, int64_t now_ms,
                  ac_request *request);

/* ---- answers ---- */

/* Texts by which real credentials would be recognised in an answer: an upstream that refuses a signature may
 * quote what was signed. */
typedef struct ac_mask {
    ac_str *needles;
    size_t count;
    size_t longest;
} ac_mask;

void ac_mask_init(ac_arena *arena, ac_mask *mask, const ac_credentials *real);
/* Puts stars over each of them, so that lengths stay. */
void ac_mask_apply(const ac_mask *mask, char *bytes, size_t count);

#endif
