#include "recorder/ca.h"

#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

static const int64_t now_ms = 1768465845000; /* 2026-01-15T08:30:45Z */
static const int64_t year_ms = (int64_t)365 * 24 * 60 * 60 * 1000;

static char dir[64];

static const char *in_dir(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void new_dir(void)
{
    snprintf(dir, sizeof dir, "/tmp/accord-ca-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void remove_dir(void)
{
    unlink(in_dir("accord-ca.key"));
    unlink(in_dir("accord-ca.pem"));
    rmdir(dir);
}

static ac_ca *open_ca(int64_t at_ms)
{
    ac_err err = {0};
    ac_ca *ca = ac_ca_open(dir, at_ms, &err);
    ck_assert_msg(ca != NULL, "%s", err.text);
    return ca;
}

static gnutls_x509_crt_t certificate_of(ac_ca *ca, const char *host)
{
    ac_err err = {0};
    gnutls_datum_t der;
    gnutls_x509_crt_t certificate;
    gnutls_certificate_credentials_t credentials = ac_ca_credentials(ca, ac_str_c(host), &err);
    ck_assert_msg(credentials != NULL, "%s", err.text);
    ck_assert_int_eq(gnutls_certificate_get_crt_raw(credentials, 0, 0, &der), 0);
    gnutls_x509_crt_init(&certificate);
    ck_assert_int_eq(gnutls_x509_crt_import(certificate, &der, GNUTLS_X509_FMT_DER), 0);
    return certificate;
}

START_TEST(certificates_are_for_their_host_and_signed)
{
    static const char *const hosts[] = {"privatelink.example.com", "127.0.0.1", "::1"};
    new_dir();
    ac_ca *ca = open_ca(now_ms);
    gnutls_x509_crt_t authority;
    gnutls_datum_t pem = {(unsigned char *)(uintptr_t)ac_ca_pem(ca).p, (unsigned)ac_ca_pem(ca).n};
    gnutls_x509_crt_init(&authority);
    ck_assert_int_eq(gnutls_x509_crt_import(authority, &pem, GNUTLS_X509_FMT_PEM), 0);
    ck_assert_int_gt(gnutls_x509_crt_get_ca_status(authority, NULL), 0);
    for (size_t i = 0; i < AC_COUNT(hosts); i++) {
        unsigned status = 1;
        gnutls_x509_crt_t certificate = certificate_of(ca, hosts[i]);
        ck_assert(gnutls_x509_crt_check_hostname(certificate, hosts[i]) != 0);
        ck_assert(gnutls_x509_crt_check_hostname(certificate, "other.example.com") == 0);
        ck_assert_int_eq(gnutls_x509_crt_get_ca_status(certificate, NULL), 0);
        ck_assert_int_eq(
            gnutls_x509_crt_verify(certificate, &authority, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status),
            0);
        ck_assert_uint_eq(status, 0);
        gnutls_x509_crt_deinit(certificate);
    }
    gnutls_x509_crt_deinit(authority);
    ac_ca_close(ca);
    remove_dir();
}
END_TEST

START_TEST(credentials_are_made_once_for_a_host)
{
    ac_err err;
    new_dir();
    ac_ca *ca = open_ca(now_ms);
    gnutls_certificate_credentials_t first = ac_ca_credentials(ca, AC_STR("a.example"), &err);
    ck_assert_ptr_eq(ac_ca_credentials(ca, AC_STR("A.EXAMPLE"), &err), first);
    ck_assert_ptr_ne(ac_ca_credentials(ca, AC_STR("b.example"), &err), first);
    ac_ca_close(ca);
    remove_dir();
}
END_TEST

START_TEST(authority_is_read_again_and_its_certificate_mended)
{
    ac_arena *arena = ac_test_arena();
    new_dir();
    ac_ca *ca = open_ca(now_ms);
    ac_str pem = ac_str_dup(arena, ac_ca_pem(ca));
    ck_assert_str_eq(ac_ca_path(ca), in_dir("accord-ca.pem"));
    ac_ca_close(ca);
    ck_assert_int_eq(unlink(in_dir("accord-ca.pem")), 0);
    ca = open_ca(now_ms + year_ms);
    ck_assert(ac_str_eq(ac_ca_pem(ca), pem));
    ck_assert_int_eq(access(in_dir("accord-ca.pem"), R_OK), 0);
    ac_ca_close(ca);
    remove_dir();
}
END_TEST

START_TEST(authority_that_cannot_be_used_is_refused)
{
    ac_err err = {0};
    new_dir();
    ac_ca_close(open_ca(now_ms));
    ck_assert_ptr_null(ac_ca_open(dir, now_ms + 11 * year_ms, &err));
    ck_assert_ac_err(err, "no longer valid");
    ck_assert_int_eq(chmod(in_dir("accord-ca.key"), 0604), 0);
    ck_assert_ptr_null(ac_ca_open(dir, now_ms, &err));
    ck_assert_ac_err(err, "others may use");
    ck_assert_ptr_null(ac_ca_open(in_dir("missing/deeper"), now_ms, &err));
    ck_assert_ac_err(err, "No such file");
    remove_dir();
}
END_TEST

AC_TEST_MAIN("recorder_ca", certificates_are_for_their_host_and_signed, credentials_are_made_once_for_a_host,
             authority_is_read_again_and_its_certificate_mended, authority_that_cannot_be_used_is_refused)
