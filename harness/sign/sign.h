/*
 * Request signatures: Alibaba Cloud ACS3-HMAC-SHA256, RPC HMAC-SHA1, ROA HMAC-SHA1; Volcengine HMAC-SHA256.
 *
 * A signer is a row of a table with three verbs: sign (adds what the scheme adds to a request), verify
 * (judges a request by the bytes on the wire and the secret), and both explain themselves by their stages.
 * Pure: no clock, no network; the date and nonce are given. Any thread may use any signer.
 *
 * Requests to verify may be hostile. Signing one that is signed already replaces its signature, so that a
 * proxy can sign anew.
 *
 * Sources: Alibaba Cloud, "Request syntax and signature method V3", "RPC signature", "ROA signature";
 * Volcengine, "Signature method"; and the official clients where they differ (see each signer's file).
 */
#ifndef AC_SIGN_SIGN_H
#define AC_SIGN_SIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "http/message.h"

/* A secret is a type of its own, so that it is never printed by accident: read it with ac_secret_bytes. */
typedef struct ac_secret {
    ac_str hidden;
} ac_secret;

ac_secret ac_secret_of(ac_str bytes);
ac_str ac_secret_bytes(ac_secret secret);

typedef struct ac_credentials {
    ac_str access_key_id;
    ac_secret access_key_secret;
    ac_secret security_token; /* empty where there is none */
} ac_credentials;

/* What a signer is given besides the request. The request must already hold Host, its parameters and its
 * body; a signer adds its own headers or parameters and no others (and corrects a Content-Length that the
 * request holds where it adds to a form):
 *   acs3-hmac-sha256   x-acs-action, -version, -date, -signature-nonce, -content-sha256, Authorization; with a
 *                      token x-acs-accesskey-id and x-acs-security-token. Signs Host, Content-Type and every
 *                      x-acs-* header that it finds.
 *   acs-rpc-hmac-sha1  parameters, to the form of a POST that sends one, else to the query
 *   acs-roa-hmac-sha1  Accept, Date, x-acs-version, -signature-nonce, -signature-method, -signature-version,
 *                      Authorization; with a token the two headers above. Content-MD5 is signed where given.
 *   volc-hmac-sha256   Action and Version to the query, x-date, x-content-sha256 with a body,
 *                      x-security-token with a token, Authorization. Signs Host where there is one.
 * An action, version, Format or Accept that the request holds stays as it is. The list of headers is changed
 * in place: clone it (ac_pairs_clone) where a request is to be signed more than once. */
typedef struct ac_sign_input {
    ac_credentials credentials;
    int64_t now_ms; /* Unix time that the signature carries */
    ac_str date;    /* p NULL: now_ms in the scheme's format; else signed in its place, whatever it says */
    ac_str nonce;
    ac_str action; /* added where the scheme carries it (headers or query) */
    ac_str version;
    ac_str region;  /* Volcengine scope */
    ac_str service; /* Volcengine scope */
} ac_sign_input;

/* The stages on the way to a signature, for people and tests. Empty where a scheme has no such stage. No
 * stage holds the access key secret; but the schemes sign the security token, so canonical_request and
 * string_to_sign show it and must not reach a log or a report. */
typedef struct ac_sign_stages {
    ac_str canonical_request; /* RPC HMAC-SHA1: the canonicalized query; none in ROA HMAC-SHA1 */
    ac_str hashed_payload;    /* the schemes with SHA-256 */
    ac_str string_to_sign;
    ac_str signature;     /* hex or base64, as the scheme writes it, not percent-encoded */
    ac_str authorization; /* header value; empty where the signature travels as a parameter */
} ac_sign_stages;

typedef enum ac_verify_result {
    AC_VERIFY_OK,
    AC_VERIFY_NO_SIGNATURE,  /* nothing of this scheme in the request */
    AC_VERIFY_NO_ACCESS_KEY, /* a signature, but no access key id with it */
    AC_VERIFY_MALFORMED,     /* the authorization cannot be read, contradicts itself or is there twice */
    AC_VERIFY_INCOMPLETE,    /* a header or parameter that must be signed is not */
    AC_VERIFY_BAD_DATE,      /* the date cannot be read or is missing */
    AC_VERIFY_BODY_MISMATCH, /* the body's digest differs from the one sent */
    AC_VERIFY_MISMATCH       /* the signature is another */
} ac_verify_result;

/* What a request says of itself, before any secret is needed. */
typedef struct ac_sign_claim {
    ac_str access_key_id;
    ac_str security_token;
    ac_str nonce;
    int64_t date_ms;
    bool date_valid;
    ac_str region; /* Volcengine */
    ac_str service;
} ac_sign_claim;

typedef struct ac_verify_report {
    ac_verify_result result;
    const char *why;       /* one line for people, static */
    ac_sign_stages stages; /* as the verifier computed them, as far as it came */
    ac_str sent_signature;
} ac_verify_report;

typedef struct ac_signer {
    const char *name; /* "acs3-hmac-sha256" */
    bool needs_nonce;
    /* Adds headers or parameters to *request, and fills *stages. Everything is put in the arena. */
    void (*sign)(ac_arena *arena, ac_request *request, const ac_sign_input *input, ac_sign_stages *stages);
    /* Whether the request carries this scheme at all, complete or not. */
    bool (*recognises)(const ac_request *request);
    /* Reads the claim; NO_SIGNATURE, NO_ACCESS_KEY, MALFORMED or OK. */
    ac_verify_result (*claim)(ac_arena *arena, const ac_request *request, ac_sign_claim *claim);
    /* Computes the signature anew from the wire and compares; the first thing that is wrong is the result.
     * Freshness and nonces are the caller's. */
    void (*verify)(ac_arena *arena, const ac_request *request, ac_secret secret, ac_verify_report *report);
} ac_signer;

const ac_signer *ac_signer_find(ac_str name);             /* NULL where there is none */
const ac_signer *ac_signer_at(size_t index);              /* NULL past the end */
const ac_signer *ac_signer_of(const ac_request *request); /* the one that recognises it, or NULL */
const char *ac_verify_result_name(ac_verify_result result);

#endif
