/* Digests against the examples of RFC 1321, FIPS 180, RFC 2202, RFC 4231 and RFC 4648. */
#include "sign/digest.h"

#include "support.h"

static const struct {
    ac_digest kind;
    const char *text, *hex;
} digests[] = {
    {AC_MD5, "", "d41d8cd98f00b204e9800998ecf8427e"},
    {AC_MD5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
    {AC_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {AC_SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {AC_SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {AC_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {AC_SHA256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

START_TEST(digests_match_published_examples)
{
    ac_arena *arena = ac_test_arena();
    for (size_t i = 0; i < AC_COUNT(digests); i++) {
        ac_digest_bytes digest = ac_digest_of(digests[i].kind, ac_str_c(digests[i].text));
        ck_assert_ac_str(ac_digest_hex(arena, digest), digests[i].hex);
    }
    ck_assert_ac_str(ac_sha256_hex(arena, AC_STR("abc")), digests[5].hex);
}
END_TEST

static const struct {
    ac_digest kind;
    const char *key, *text, *hex;
} hmacs[] = {
    {AC_MD5, "Jefe", "what do ya want for nothing?", "750c783e6ab0b503eaa86e310a5db738"},
    {AC_SHA1, "Jefe", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
    {AC_SHA256, "Jefe", "what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {AC_SHA256, "", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
};

START_TEST(hmacs_match_published_examples)
{
    for (size_t i = 0; i < AC_COUNT(hmacs); i++) {
        ac_digest_bytes digest = ac_hmac(hmacs[i].kind, ac_str_c(hmacs[i].key), ac_str_c(hmacs[i].text));
        ck_assert_ac_str(ac_digest_hex(ac_test_arena(), digest), hmacs[i].hex);
    }
}
END_TEST

START_TEST(empty_views_are_empty_texts)
{
    const ac_str nothing = {NULL, 0};
    ac_arena *arena = ac_test_arena();
    ck_assert_ac_str(ac_sha256_hex(arena, nothing), digests[4].hex);
    ck_assert_ac_str(ac_digest_hex(arena, ac_hmac(AC_SHA256, nothing, nothing)), hmacs[3].hex);
}
END_TEST

START_TEST(keys_and_texts_may_hold_nul)
{
    ac_arena *arena = ac_test_arena();
    ac_str with_nul = AC_STR("a\0b");
    ck_assert(!ac_str_eq(ac_sha256_hex(arena, with_nul), ac_sha256_hex(arena, AC_STR("a"))));
    ck_assert(!ac_str_eq(ac_digest_hex(arena, ac_hmac(AC_SHA1, with_nul, with_nul)),
                         ac_digest_hex(arena, ac_hmac(AC_SHA1, AC_STR("a"), with_nul))));
}
END_TEST

START_TEST(base64_pads)
{
    static const struct {
        size_t count;
        const char *text;
    } rows[] = {{0, ""}, {1, "Zg=="}, {2, "Zm8="}, {3, "Zm9v"}, {6, "Zm9vYmFy"}};
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_digest_bytes bytes = {.bytes = "foobar", .count = rows[i].count};
        ck_assert_ac_str(ac_digest_base64(ac_test_arena(), bytes), rows[i].text);
    }
}
END_TEST

START_TEST(comparison_sees_length_and_every_byte)
{
    ck_assert(ac_equal_constant_time(AC_STR("abc"), AC_STR("abc")));
    ck_assert(ac_equal_constant_time(AC_STR(""), (ac_str){NULL, 0}));
    ck_assert(!ac_equal_constant_time(AC_STR("abc"), AC_STR("abcd")));
    ck_assert(!ac_equal_constant_time(AC_STR("abc"), AC_STR("bbc")));
    ck_assert(!ac_equal_constant_time(AC_STR("abc"), AC_STR("abd")));
}
END_TEST

AC_TEST_MAIN("sign_digest", digests_match_published_examples, hmacs_match_published_examples,
             empty_views_are_empty_texts, keys_and_texts_may_hold_nul, base64_pads,
             comparison_sees_length_and_every_byte)
