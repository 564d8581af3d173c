#include "recorder/keys.h"

#include <string.h>

#include "sign/throwaway.h"

enum { SKEW_MS = 15 * 60 * 1000 };

/* ---- verify ---- */

static bool refuse(ac_arena *arena, ac_refusal *refusal, ac_str why)
{
    *refusal = (ac_refusal){403, ac_str_z(arena, why)};
    return false;
}

static bool refuse_key(ac_arena *arena, ac_refusal *refusal, const char *what)
{
    return refuse(arena, refusal,
                  ac_str_printf(arena,
                                "%s: let the client sign with an access key id that begins with %s and the "
                                "secret %s, or record with --pass-through",
                                what, AC_THROWAWAY_KEY_PREFIX, AC_THROWAWAY_SECRET));
}

static bool check_claim(ac_arena *arena, const ac_request *request, ac_signed *out, ac_refusal *refusal)
{
    static const char *const faults[] = {
        [AC_VERIFY_NO_SIGNATURE] = "the request has no signature",
        [AC_VERIFY_NO_ACCESS_KEY] = "the signature has no access key id",
        [AC_VERIFY_MALFORMED] = "the signature cannot be read",
    };
    ac_verify_result result =
        out->signer ? out->signer->claim(arena, request, &out->claim) : AC_VERIFY_NO_SIGNATURE;
    if (result != AC_VERIFY_OK) {
        return refuse_key(arena, refusal, faults[result]);
    }
    return ac_str_starts(out->claim.access_key_id, AC_STR(AC_THROWAWAY_KEY_PREFIX)) ||
           refuse_key(arena, refusal, "the access key id is not one of accord's");
}

static bool check_signature(ac_arena *arena, const ac_request *request, const ac_signed *by, int64_t now_ms,
                            ac_refusal *refusal)
{
    ac_verify_report report;
    by->signer->verify(arena, request, ac_secret_of(AC_STR(AC_THROWAWAY_SECRET)), &report);
    if (report.result == AC_VERIFY_MISMATCH) {
        return refuse_key(arena, refusal, "the signature is wrong");
    }
    if (report.result != AC_VERIFY_OK) {
        return refuse(arena, refusal, ac_str_printf(arena, "the signature is refused: %s", report.why));
    }
    int64_t off_ms = now_ms - by->claim.date_ms;
    return (off_ms <= SKEW_MS && off_ms >= -SKEW_MS) ||
           refuse(arena, refusal, AC_STR("the date of the signature is more than 15 minutes off"));
}

bool ac_keys_verify(ac_arena *arena, const ac_request *request, int64_t now_ms, ac_signed *out,
                    ac_refusal *refusal)
{
    *out = (ac_signed){.signer = ac_signer_of(request)};
    return check_claim(arena, request, out, refusal) && check_signature(arena, request, out, now_ms, refusal);
}

/* ---- sign ---- */

void ac_keys_sign(ac_arena *arena, const ac_signed *by, const ac_credentials *real, int64_t now_ms,
                  ac_request *request)
{
    ac_sign_stages stages;
    ac_sign_input input = {.credentials = *real,
                           .now_ms = now_ms,
                           .nonce = by->claim.nonce,
                           .region = by->claim.region,
                           .service = by->claim.service};
    request->headers = ac_pairs_clone(arena, &request->headers);
    by->signer->sign(arena, request, &input, &stages);
}

/* ---- answers ---- */

enum { FORMS = 3, NEEDLE_BYTES_MIN = 4 };

void ac_mask_init(ac_arena *arena, ac_mask *mask, const ac_credentials *real)
{
    const ac_str values[] = {real->access_key_id, ac_secret_bytes(real->access_key_secret),
                             ac_secret_bytes(real->security_token)};
    *mask = (ac_mask){.needles = AC_NEW_ARRAY(arena, AC_COUNT(values) * FORMS, ac_str)};
    for (size_t i = 0; i < AC_COUNT(values); i++) {
        ac_str form = ac_str_dup(arena, values[i]);
        /* As it is, and percent-encoded once and twice, as strings to sign are. */
        for (size_t j = 0; j < FORMS && form.n >= NEEDLE_BYTES_MIN; j++) {
            bool new_form = j == 0 || !ac_str_eq(form, mask->needles[mask->count - 1]);
            if (new_form) {
                mask->needles[mask->count++] = form;
                mask->longest = form.n > mask->longest ? form.n : mask->longest;
            }
            form = ac_percent_encoded(arena, form);
        }
    }
}

void ac_mask_apply(const ac_mask *mask, char *bytes, size_t count)
{
    for (size_t i = 0; i < mask->count; i++) {
        for (size_t at = 0; at < count;) {
            size_t found = ac_str_find((ac_str){bytes + at, count - at}, mask->needles[i]);
            if (found == AC_NOT_FOUND) {
                break;
            }
            memset(bytes + at + found, '*', mask->needles[i].n);
            at += found + mask->needles[i].n;
        }
    }
}
