#include "recorder/keys.h"

#include <stdio.h>
#include <string.h>

#include "sign/throwaway.h"
#include "support.h"

static const int64_t now_ms = 1768465845000; /* 2026-01-15T08:30:45Z */

static const ac_credentials throwaway = {.access_key_id = AC_STR_INIT(AC_THROWAWAY_KEY_PREFIX "7"),
                                         .access_key_secret = {AC_STR_INIT(AC_THROWAWAY_SECRET)}};
static const ac_credentials real = {.access_key_id = AC_STR_INIT("LTAIreal"),
                                    .access_key_secret = {AC_STR_INIT("se/cr+et")},
                                    .security_token = {AC_STR_INIT("to/k+en==")}};

static ac_request request_signed_by(ac_arena *arena, const ac_signer *signer,
                                    const ac_credentials *credentials)
{
    ac_sign_stages stages;
    ac_request request = {.method = AC_STR("POST"), .target = AC_STR("/?Action=A&Version=2020-04-15")};
    const ac_sign_input input = {.credentials = *credentials,
                                 .now_ms = now_ms,
                                 .nonce = AC_STR("nonce"),
                                 .action = AC_STR("A"),
                                 .version = AC_STR("2020-04-15"),
                                 .region = AC_STR("r"),
                                 .service = AC_STR("s")};
    ac_pairs_add(arena, &request.headers, AC_STR("Host"), AC_STR("proxy:1"));
    signer->sign(arena, &request, &input, &stages);
    return request;
}

START_TEST(every_scheme_is_verified_and_made_anew)
{
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; ac_signer_at(i); i++) {
        ac_signed by;
        ac_refusal refusal = {0};
        ac_verify_report report;
        ac_request request = request_signed_by(arena, ac_signer_at(i), &throwaway);
        ck_assert_msg(ac_keys_verify(arena, &request, now_ms, &by, &refusal), "%s", refusal.why);
        ck_assert_ptr_eq(by.signer, ac_signer_at(i));
        ac_request again = request;
        ac_keys_sign(arena, &by, &real, now_ms, &again);
        by.signer->verify(arena, &again, real.access_key_secret, &report);
        ck_assert_msg(report.result == AC_VERIFY_OK, "%s: %s", by.signer->name, report.why);
        ac_sign_claim claim;
        ck_assert_int_eq(by.signer->claim(arena, &again, &claim), AC_VERIFY_OK);
        ck_assert_ac_str(claim.access_key_id, "LTAIreal");
        ck_assert_ac_str(claim.security_token, "to/k+en==");
        ck_assert(ac_str_eq(claim.nonce, by.claim.nonce));
        ck_assert(ac_keys_verify(arena, &request, now_ms, &by, &refusal)); /* the first one is as it was */
    }
}
END_TEST

static void refused(const ac_request *request, int64_t at_ms, const char *part)
{
    ac_arena *arena = ac_arena_new();
    ac_signed by;
    ac_refusal refusal = {0};
    ck_assert(!ac_keys_verify(arena, request, at_ms, &by, &refusal));
    ck_assert_int_eq(refusal.status, 403);
    ck_assert_msg(strstr(refusal.why, part) != NULL, "%s", refusal.why);
    ac_arena_free(arena);
}

START_TEST(others_are_refused_with_the_reason)
{
    ac_arena *arena = ac_test_arena();
    const int64_t minute_ms = 60 * 1000;
    for (size_t i = 0; ac_signer_at(i); i++) {
        ac_request request = request_signed_by(arena, ac_signer_at(i), &real);
        refused(&request, now_ms, "not one of accord's");
        ac_credentials wrong = throwaway;
        wrong.access_key_secret = ac_secret_of(AC_STR("x"));
        request = request_signed_by(arena, ac_signer_at(i), &wrong);
        refused(&request, now_ms, "the signature is wrong");
        request = request_signed_by(arena, ac_signer_at(i), &throwaway);
        refused(&request, now_ms + 16 * minute_ms, "15 minutes");
        refused(&request, now_ms - 16 * minute_ms, "15 minutes");
    }
    ac_request bare = {.method = AC_STR("GET"), .target = AC_STR("/")};
    refused(&bare, now_ms, "no signature");
    ac_pairs_add(arena, &bare.headers, AC_STR("Authorization"), AC_STR("HMAC-SHA256 nonsense"));
    refused(&bare, now_ms, AC_THROWAWAY_SECRET);
}
END_TEST

static void check_masked(const ac_mask *mask, const char *text, const char *masked)
{
    char bytes[200];
    snprintf(bytes, sizeof bytes, "%s", text);
    ac_mask_apply(mask, bytes, strlen(bytes));
    ck_assert_str_eq(bytes, masked);
}

START_TEST(real_credentials_are_masked)
{
    ac_arena *arena = ac_test_arena();
    ac_mask mask;
    ac_mask_init(arena, &mask, &real);
    ck_assert_uint_eq(mask.longest, AC_STR("to%252Fk%252Ben%253D%253D").n);
    check_masked(&mask, "a LTAIreal b", "a ******** b");
    check_masked(&mask, "se/cr+etse/cr+et", "****************");
    check_masked(&mask, "se%2Fcr%2Bet", "************");
    check_masked(&mask, "x=to%252Fk%252Ben%253D%253D&", "x=*************************&");
    check_masked(&mask, "LTAIrea", "LTAIrea");
    check_masked(&mask, "", "");
    ac_mask none = {0};
    check_masked(&none, "LTAIreal", "LTAIreal");
}
END_TEST

AC_TEST_MAIN("recorder_keys", every_scheme_is_verified_and_made_anew, others_are_refused_with_the_reason,
             real_credentials_are_masked)
