/*
 * The local certificate authority, with which the recorder opens TLS: clients that trust its certificate see one
 * for each host they ask for. Made on first use.
 *
 * The folder holds accord-ca.key (private key and certificate, mode 0600) and accord-ca.pem (the certificate
 * alone, for clients). Certificates of hosts and their key are in memory only. Any thread may use an authority.
 */
#ifndef AC_RECORDER_CA_H
#define AC_RECORDER_CA_H

#include <gnutls/gnutls.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

typedef struct ac_ca ac_ca;

enum { AC_CA_HOSTS_MAX = 1024 };

/* Reads the authority of a folder, or makes both; the folder itself, too, where only it is missing. NULL where a
 * file cannot be read or written, others may read the key, or the certificate is no longer valid. */
ac_ca *ac_ca_open(const char *dir, int64_t now_ms, ac_err *err);
void ac_ca_close(ac_ca *ca); /* NULL is fine; no session may use it any more */

ac_str ac_ca_pem(const ac_ca *ca);       /* the certificate of the authority */
const char *ac_ca_path(const ac_ca *ca); /* of the file with it */

/* Certificate and key for a host name or address, made once for each; the authority owns them. NULL past the
 * ceiling of hosts. */
gnutls_certificate_credentials_t ac_ca_credentials(ac_ca *ca, ac_str host_name, ac_err *err);

#endif
