#include "recorder/ca.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { FILE_BYTES_MAX = 64 * 1024, AUTHORITY_DAYS = 3650, HOST_DAYS = 300, SERIAL_BYTES = 16 };

static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;

typedef struct host {
    struct host *next;
    ac_str name;
    gnutls_certificate_credentials_t credentials;
} host;

struct ac_ca {
    ac_arena *arena;
    const char *key_path;
    const char *pem_path;
    int64_t now_ms;
    ac_str pem;
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t certificate;
    gnutls_x509_privkey_t host_key; /* of all hosts */
    pthread_mutex_t lock;           /* for what follows, and for signing */
    host *hosts;
    size_t host_count;
};

static bool fail_with_code(ac_err *err, const char *what, int code)
{
    return ac_fail(err, AC_ERR_INTERNAL, "%s: %s", what, gnutls_strerror(code));
}

/* ---- certificates ---- */

static int make_key(gnutls_x509_privkey_t *out)
{
    int code = gnutls_x509_privkey_init(out);
    return code < 0 ? code
                    : gnutls_x509_privkey_generate(*out, GNUTLS_PK_ECDSA,
                                                   GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
}

/* What all certificates have: version, serial number, key, days. From yesterday, for clocks that are late. */
static int fill_common(const ac_ca *ca, gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, int days)
{
    unsigned char serial[SERIAL_BYTES];
    unsigned char id[20];
    size_t id_bytes = sizeof id;
    int code = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);
    serial[0] = (unsigned char)((serial[0] & 0x3F) | 0x40); /* positive, and always as long */
    code = code < 0 ? code : gnutls_x509_crt_set_version(certificate, 3);
    code = code < 0 ? code : gnutls_x509_crt_set_serial(certificate, serial, sizeof serial);
    code = code < 0 ? code : gnutls_x509_crt_set_key(certificate, key);
    code = code < 0 ? code : gnutls_x509_crt_get_key_id(certificate, 0, id, &id_bytes);
    code = code < 0 ? code : gnutls_x509_crt_set_subject_key_id(certificate, id, id_bytes);
    code = code < 0
               ? code
               : gnutls_x509_crt_set_activation_time(certificate, (time_t)((ca->now_ms - day_ms) / 1000));
    return code < 0 ? code
                    : gnutls_x509_crt_set_expiration_time(certificate,
                                                          (time_t)((ca->now_ms + days * day_ms) / 1000));
}

static int make_authority(ac_ca *ca)
{
    static const char name[] = "accord recorder (local certificate authority)";
    int code = make_key(&ca->key);
    code = code < 0 ? code : gnutls_x509_crt_init(&ca->certificate);
    code = code < 0 ? code : fill_common(ca, ca->certificate, ca->key, AUTHORITY_DAYS);
    code = code < 0 ? code
                    : gnutls_x509_crt_set_dn_by_oid(ca->certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                                    sizeof name - 1);
    code = code < 0 ? code : gnutls_x509_crt_set_basic_constraints(ca->certificate, 1, 0);
    code = code < 0 ? code
                    : gnutls_x509_crt_set_key_usage(ca->certificate,
                                                    GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
    return code < 0 ? code
                    : gnutls_x509_crt_sign2(ca->certificate, ca->certificate, ca->key, GNUTLS_DIG_SHA256, 0);
}

static int set_names(ac_ca *ca, gnutls_x509_crt_t certificate, ac_str name)
{
    unsigned char address[16];
    const char *text = ac_str_z(ca->arena, name);
    size_t bytes = inet_pton(AF_INET, text, address) == 1    ? 4
                   : inet_pton(AF_INET6, text, address) == 1 ? 16
                                                             : 0;
    bool fits = name.n <= 64; /* as a common name, which is only for show */
    int code = fits ? gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name.p,
                                                    (unsigned)name.n)
                    : 0;
    if (code < 0 || bytes > 0) {
        return code < 0 ? code
                        : gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, address,
                                                               (unsigned)bytes, GNUTLS_FSAN_SET);
    }
    return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name.p, (unsigned)name.n,
                                                GNUTLS_FSAN_SET);
}

static int make_host(ac_ca *ca, ac_str name, gnutls_x509_crt_t certificate)
{
    unsigned char id[20];
    size_t id_bytes = sizeof id;
    int code = fill_common(ca, certificate, ca->host_key, HOST_DAYS);
    code = code < 0 ? code : set_names(ca, certificate, name);
    code = code < 0 ? code : gnutls_x509_crt_set_basic_constraints(certificate, 0, -1);
    code = code < 0 ? code : gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
    code = code < 0 ? code : gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
    code = code < 0 ? code : gnutls_x509_crt_get_subject_key_id(ca->certificate, id, &id_bytes, NULL);
    code = code < 0 ? code : gnutls_x509_crt_set_authority_key_id(certificate, id, id_bytes);
    return code < 0 ? code
                    : gnutls_x509_crt_sign2(certificate, ca->certificate, ca->key, GNUTLS_DIG_SHA256, 0);
}

/* ---- files ---- */

static bool read_authority(ac_ca *ca, ac_str text, ac_err *err)
{
    gnutls_datum_t pem = {(unsigned char *)(uintptr_t)text.p, (unsigned)text.n}; /* only read */
    int code = gnutls_x509_privkey_init(&ca->key);
    code = code < 0 ? code : gnutls_x509_privkey_import2(ca->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
    code = code < 0 ? code : gnutls_x509_crt_init(&ca->certificate);
    code = code < 0 ? code : gnutls_x509_crt_import(ca->certificate, &pem, GNUTLS_X509_FMT_PEM);
    if (code < 0) {
        return ac_fail(err, AC_ERR_USAGE, "%s: %s", ca->key_path, gnutls_strerror(code));
    }
    if ((int64_t)gnutls_x509_crt_get_expiration_time(ca->certificate) <= ca->now_ms / 1000) {
        return ac_fail(err, AC_ERR_USAGE,
                       "%s: the certificate is no longer valid; remove the file to get another",
                       ca->key_path);
    }
    return true;
}

static bool check_mode(const ac_ca *ca, ac_err *err)
{
    struct stat status;
    if (stat(ca->key_path, &status) != 0) {
        return ac_fail(err, AC_ERR_USAGE, "%s: %s", ca->key_path, strerror(errno));
    }
    return (status.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
           ac_fail(err, AC_ERR_USAGE, "%s: a private key that others may use; chmod 600 it, or remove it",
                   ca->key_path);
}

static bool load(ac_ca *ca, ac_err *err)
{
    ac_str text = {NULL, 0};
    if (check_mode(ca, err)) {
        text = ac_file_read(ca->arena, ca->key_path, FILE_BYTES_MAX, err);
    }
    return text.p && read_authority(ca, text, err);
}

static ac_str take_datum(ac_ca *ca, gnutls_datum_t *datum)
{
    ac_str text = ac_str_dup(ca->arena, (ac_str){(const char *)datum->data, datum->size});
    gnutls_free(datum->data);
    return text;
}

static bool write_whole(const char *path, ac_str text, ac_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    bool ok = fd >= 0;
    while (ok && text.n > 0) {
        ssize_t written = write(fd, text.p, text.n);
        ok = written >= 0 || errno == EINTR;
        text = written > 0 ? ac_str_sub(text, (size_t)written, text.n) : text;
    }
    ok = ok && fsync(fd) == 0;
    if (!ok) {
        ac_fail(err, AC_ERR_INTERNAL, "%s: %s", path, strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

/* Whole or absent: written beside, and linked only where nobody else was faster. */
static bool store(ac_ca *ca, ac_str text, ac_err *err)
{
    const char *beside =
        ac_str_z(ca->arena, ac_str_printf(ca->arena, "%s.%ld", ca->key_path, (long)getpid()));
    unlink(beside);
    bool ok = write_whole(beside, text, err);
    if (ok && link(beside, ca->key_path) != 0 && errno != EEXIST) {
        ok = ac_fail(err, AC_ERR_INTERNAL, "%s: %s", ca->key_path, strerror(errno));
    }
    unlink(beside);
    return ok;
}

static void forget(ac_ca *ca)
{
    gnutls_x509_privkey_deinit(ca->key);
    gnutls_x509_crt_deinit(ca->certificate);
    ca->key = NULL;
    ca->certificate = NULL;
}

static bool make(ac_ca *ca, ac_err *err)
{
    gnutls_datum_t key = {NULL, 0};
    gnutls_datum_t certificate = {NULL, 0};
    int code = make_authority(ca);
    code = code < 0 ? code : gnutls_x509_privkey_export2_pkcs8(ca->key, GNUTLS_X509_FMT_PEM, NULL, 0, &key);
    code = code < 0 ? code : gnutls_x509_crt_export2(ca->certificate, GNUTLS_X509_FMT_PEM, &certificate);
    forget(ca);
    if (code < 0) {
        gnutls_free(key.data);
        return fail_with_code(err, "cannot make a certificate authority", code);
    }
    ac_buf text;
    ac_buf_init(&text, FILE_BYTES_MAX);
    ac_buf_add(&text, take_datum(ca, &key));
    ac_buf_add(&text, take_datum(ca, &certificate));
    bool ok = store(ca, ac_buf_str(&text), err);
    ac_buf_done(&text);
    return ok;
}

/* The certificate alone, where it is not there as it should be. */
static bool publish(ac_ca *ca, ac_err *err)
{
    gnutls_datum_t pem = {NULL, 0};
    int code = gnutls_x509_crt_export2(ca->certificate, GNUTLS_X509_FMT_PEM, &pem);
    if (code < 0) {
        return fail_with_code(err, ca->key_path, code);
    }
    ca->pem = take_datum(ca, &pem);
    if (ac_str_eq(ac_file_read(ca->arena, ca->pem_path, FILE_BYTES_MAX, NULL), ca->pem)) {
        return true;
    }
    ac_output *output = ac_output_open(ca->pem_path, err);
    if (!output) {
        return false;
    }
    ac_output_write(output, ca->pem);
    return ac_output_close(output, err);
}

/* ---- opening ---- */

static bool open_dir(ac_ca *ca, const char *dir, ac_err *err)
{
    if (mkdir(dir, S_IRWXU) != 0 && errno != EEXIST) {
        return ac_fail(err, AC_ERR_USAGE, "%s: %s", dir, strerror(errno));
    }
    if (access(ca->key_path, F_OK) != 0 && !make(ca, err)) {
        return false;
    }
    return load(ca, err) && publish(ca, err);
}

ac_ca *ac_ca_open(const char *dir, int64_t now_ms, ac_err *err)
{
    ac_ca *ca = ac_alloc(sizeof *ca);
    ca->arena = ac_arena_new();
    ca->key_path = ac_str_z(ca->arena, ac_str_printf(ca->arena, "%s/accord-ca.key", dir));
    ca->pem_path = ac_str_z(ca->arena, ac_str_printf(ca->arena, "%s/accord-ca.pem", dir));
    ca->now_ms = now_ms;
    pthread_mutex_init(&ca->lock, NULL);
    int code = 0;
    bool ok = open_dir(ca, dir, err) &&
              ((code = make_key(&ca->host_key)) >= 0 || fail_with_code(err, "cannot make a key", code));
    if (!ok) {
        ac_ca_close(ca);
        return NULL;
    }
    return ca;
}

void ac_ca_close(ac_ca *ca)
{
    if (!ca) {
        return;
    }
    for (host *one = ca->hosts; one; one = one->next) {
        gnutls_certificate_free_credentials(one->credentials);
    }
    forget(ca);
    gnutls_x509_privkey_deinit(ca->host_key);
    pthread_mutex_destroy(&ca->lock);
    ac_arena_free(ca->arena);
    ac_free(ca);
}

ac_str ac_ca_pem(const ac_ca *ca)
{
    return ca->pem;
}

const char *ac_ca_path(const ac_ca *ca)
{
    return ca->pem_path;
}

/* ---- hosts ---- */

static int make_credentials(ac_ca *ca, ac_str name, gnutls_certificate_credentials_t *out)
{
    gnutls_x509_crt_t certificate = NULL;
    int code = gnutls_x509_crt_init(&certificate);
    code = code < 0 ? code : make_host(ca, name, certificate);
    code = code < 0 ? code : gnutls_certificate_allocate_credentials(out);
    if (code >= 0) {
        code = gnutls_certificate_set_x509_key(*out, &certificate, 1, ca->host_key);
        if (code < 0) {
            gnutls_certificate_free_credentials(*out);
        }
    }
    gnutls_x509_crt_deinit(certificate);
    return code;
}

/* With the lock. */
static gnutls_certificate_credentials_t find_or_make(ac_ca *ca, ac_str name, ac_err *err)
{
    for (host *one = ca->hosts; one; one = one->next) {
        if (ac_str_eq_nocase(one->name, name)) {
            return one->credentials;
        }
    }
    if (ca->host_count == AC_CA_HOSTS_MAX) {
        ac_fail(err, AC_ERR_JUDGE, "certificates for more than %d hosts", (int)AC_CA_HOSTS_MAX);
        return NULL;
    }
    host *added = AC_NEW(ca->arena, host);
    added->name = ac_str_dup(ca->arena, name);
    int code = make_credentials(ca, added->name, &added->credentials);
    if (code < 0) {
        fail_with_code(err, "cannot make a certificate", code);
        return NULL;
    }
    added->next = ca->hosts;
    ca->hosts = added;
    ca->host_count++;
    return added->credentials;
}

gnutls_certificate_credentials_t ac_ca_credentials(ac_ca *ca, ac_str host_name, ac_err *err)
{
    pthread_mutex_lock(&ca->lock);
    gnutls_certificate_credentials_t found = find_or_make(ca, host_name, err);
    pthread_mutex_unlock(&ca->lock);
    return found;
}
