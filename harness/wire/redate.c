/*
 * A date that is none, rightly signed. Signers print the date themselves, so their stages are taken up where
 * the date goes in and carried on to a new signature.
 */
#include <assert.h>

#include "base/env.h"
#include "sign/digest.h"
#include "wire_parts.h"

typedef struct dated_scheme {
    const char *signer;
    ac_time_format format;
    const char *header;     /* NULL: the date is the parameter Timestamp */
    const char *in_request; /* what stands before the date in the canonical request */
    const char *in_string;  /* the same in the string to sign */
    ac_digest digest;
    ac_str (*key)(ac_arena *arena, const ac_sign_input *input);
    ac_str (*print)(ac_arena *arena, ac_digest_bytes digest);
} dated_scheme;

/* ---- keys ---- */

static ac_str plain_key(ac_arena *arena, const ac_sign_input *input)
{
    (void)arena;
    return ac_secret_bytes(input->credentials.access_key_secret);
}

static ac_str ampersand_key(ac_arena *arena, const ac_sign_input *input)
{
    ac_str secret = ac_secret_bytes(input->credentials.access_key_secret);
    return ac_str_printf(arena, "%.*s&", AC_STR_FMT(secret));
}

/* Good for one day, region and service. */
static ac_str scoped_key(ac_arena *arena, const ac_sign_input *input)
{
    ac_str day = ac_str_sub(ac_time_print(arena, input->now_ms, AC_TIME_COMPACT), 0, AC_STR("YYYYMMDD").n);
    const ac_str steps[] = {day, input->region, input->service, AC_STR("request")};
    ac_str key = plain_key(arena, input);
    for (size_t i = 0; i < AC_COUNT(steps); i++) {
        ac_digest_bytes next = ac_hmac(AC_SHA256, key, steps[i]);
        key = (ac_str){ac_arena_copy(arena, next.bytes, next.count), next.count};
    }
    return key;
}

static const dated_scheme *scheme_of(const ac_signer *signer)
{
    static const dated_scheme schemes[] = {
        {"acs3-hmac-sha256", AC_TIME_ISO, "x-acs-date", "\nx-acs-date:", "", AC_SHA256, plain_key,
         ac_digest_hex},
        {"acs-rpc-hmac-sha1", AC_TIME_ISO, NULL, "Timestamp=", "Timestamp%3D", AC_SHA1, ampersand_key,
         ac_digest_base64},
        {"acs-roa-hmac-sha1", AC_TIME_HTTP, "Date", "", "\n", AC_SHA1, plain_key, ac_digest_base64},
        {"volc-hmac-sha256", AC_TIME_COMPACT, "x-date", "\nx-date:", "HMAC-SHA256\n", AC_SHA256, scoped_key,
         ac_digest_hex},
    };
    const dated_scheme *found = NULL;
    for (size_t i = 0; !found && i < AC_COUNT(schemes); i++) {
        found = ac_str_is(ac_str_c(schemes[i].signer), signer->name) ? &schemes[i] : NULL;
    }
    assert(found);
    return found;
}

/* ---- replacing ---- */

typedef struct swap {
    ac_str from, to;
} swap;

static swap encoded(ac_arena *arena, swap s)
{
    return (swap){ac_percent_encoded(arena, s.from), ac_percent_encoded(arena, s.to)};
}

static ac_str swapped(ac_arena *arena, ac_str text, const char *before, swap s)
{
    ac_str from = ac_str_printf(arena, "%s%.*s", before, AC_STR_FMT(s.from));
    ac_str to = ac_str_printf(arena, "%s%.*s", before, AC_STR_FMT(s.to));
    return ac_str_replace(arena, text, from, to);
}

/* A parameter is percent-encoded in the canonical request, and once more in the string to sign. */
static void carry_on(ac_arena *arena, const dated_scheme *scheme, const ac_sign_input *input, swap date,
                     ac_sign_stages *stages)
{
    const ac_sign_stages old = *stages;
    swap in_request = scheme->header ? date : encoded(arena, date);
    swap in_string = scheme->header ? date : encoded(arena, in_request);
    stages->canonical_request = swapped(arena, old.canonical_request, scheme->in_request, in_request);
    swap hash = {ac_sha256_hex(arena, old.canonical_request),
                 ac_sha256_hex(arena, stages->canonical_request)};
    stages->string_to_sign = swapped(arena, old.string_to_sign, scheme->in_string, in_string);
    stages->string_to_sign = swapped(arena, stages->string_to_sign, "", hash);
    ac_digest_bytes mac = ac_hmac(scheme->digest, scheme->key(arena, input), stages->string_to_sign);
    stages->signature = scheme->print(arena, mac);
    stages->authorization = swapped(arena, old.authorization, "", (swap){old.signature, stages->signature});
}

static void change_parameter(ac_arena *arena, ac_request *request, const char *name, swap value)
{
    swap on_wire = encoded(arena, value);
    request->target = swapped(arena, request->target, name, on_wire);
    request->body = swapped(arena, request->body, name, on_wire);
}

void ac_redate(ac_arena *arena, const ac_signer *signer, const ac_sign_input *input, ac_str date,
               ac_request *request, ac_sign_stages *stages)
{
    const dated_scheme *scheme = scheme_of(signer);
    swap dates = {ac_time_print(arena, input->now_ms, scheme->format), date};
    ac_str old_signature = stages->signature;
    carry_on(arena, scheme, input, dates, stages);
    if (scheme->header) {
        ac_change_header(request, ac_str_c(scheme->header), date);
        ac_change_header(request, AC_STR("Authorization"), stages->authorization);
    } else {
        change_parameter(arena, request, "Timestamp=", dates);
        change_parameter(arena, request, "Signature=", (swap){old_signature, stages->signature});
    }
}
