/*
 * What the signers share: parameters and headers in canonical order, the canonical request, reading an
 * Authorization header, ending a verification. Private to this directory.
 *
 * Requests may be hostile: nothing here trusts their text, and what comes from outside is bounded.
 */
#ifndef AC_SIGN_CANON_H
#define AC_SIGN_CANON_H

#include "base/env.h"
#include "sign/digest.h"
#include "sign/sign.h"

extern const ac_signer ac_signer_acs3;
extern const ac_signer ac_signer_acs_rpc;
extern const ac_signer ac_signer_acs_roa;
extern const ac_signer ac_signer_volc;

/* Ceilings of requests to verify. A request of our own that is to be signed has none. */
enum { AC_CANON_PARAMETERS_MAX = 16384, AC_CANON_NAMES_MAX = 256 };

/* ---- headers ---- */

/* The value of a header, trimmed; values of a repeated header sorted and joined with commas, as the
 * official Alibaba Cloud clients sign them. p NULL where the header is missing. */
ac_str ac_canon_header(ac_arena *arena, const ac_pairs *headers, ac_str name);
void ac_canon_set_header(ac_arena *arena, ac_request *request, ac_str name, ac_str value);
/* The same, where the header is missing and there is a value. */
void ac_canon_default_header(ac_arena *arena, ac_request *request, ac_str name, ac_str value);
/* x-acs-security-token and x-acs-accesskey-id where there is a token; none of an earlier one stay. */
void ac_canon_set_token(ac_arena *arena, ac_request *request, const ac_credentials *credentials);

/* The date that the signature carries. */
ac_str ac_canon_date(ac_arena *arena, const ac_sign_input *input, ac_time_format format);

bool ac_canon_is_acs(ac_str name); /* whether a header's name begins with x-acs- */

/* Names of the headers that take accepts (it gets any case), lower-case, sorted, once each: "a;b;c". */
ac_str ac_canon_names(ac_arena *arena, const ac_pairs *headers, bool (*take)(ac_str name));
bool ac_canon_is_named(ac_str names, ac_str name);

/* "name:value\n" for each of the names. A header that is named but missing has an empty value. */
void ac_canon_add_headers(ac_arena *arena, ac_buf *out, const ac_pairs *headers, ac_str names,
                          void (*add_value)(ac_buf *out, ac_str value));

/* ---- parameters ---- */

/* Whether the body is application/x-www-form-urlencoded. */
bool ac_canon_is_form(const ac_request *request);

/* Whether the query, and the form where with_form, has not too many parameters for a verification. */
bool ac_canon_is_bounded(const ac_request *request, bool with_form);

/* The decoded query, and form where with_form, sorted by the UTF-16 code units of the names (the clients
 * are JavaScript and Java), repeated names by their percent-encoded values. */
ac_pairs ac_canon_parameters(ac_arena *arena, const ac_request *request, bool with_form);
void ac_canon_sort(ac_pairs *pairs);

enum { AC_CANON_ENCODE_NAMES = 1, AC_CANON_ENCODE_VALUES = 2 };
/* "a=1&b=2" */
void ac_canon_add_query(ac_arena *arena, ac_buf *out, const ac_pairs *sorted, unsigned encode);

/* Text of a query or form: appends a part of it, after '&' where it is not the first. */
void ac_canon_add_part(ac_buf *out, ac_str part);
void ac_canon_set_query(ac_arena *arena, ac_request *request, ac_str query);

/* ---- the canonical request of ACS3 and Volcengine ---- */

typedef struct ac_canon_style {
    void (*add_path)(ac_arena *arena, ac_buf *out, ac_str path); /* path as sent, never empty */
    unsigned encode;
    void (*add_header_value)(ac_buf *out, ac_str value);
} ac_canon_style;

/* Method, path, query, headers, their names and the payload's digest. */
ac_str ac_canon_request(ac_arena *arena, const ac_canon_style *style, const ac_request *request, ac_str names,
                        ac_str hashed_payload);

/* ---- Authorization ---- */

/* What follows "scheme " in the one Authorization header; NO_SIGNATURE where there is no such header,
 * MALFORMED where there are several or the query passes the ceiling. */
ac_verify_result ac_canon_authorization(const ac_request *request, ac_str scheme, ac_str *rest);

/* "Credential=…,SignedHeaders=…,Signature=…" with any spaces after the commas. */
typedef struct ac_canon_grant {
    ac_str credential;
    ac_str names;
    ac_str signature;
} ac_canon_grant;

/* NO_SIGNATURE, MALFORMED or OK. credential is empty where it is missing. */
ac_verify_result ac_canon_read_grant(const ac_request *request, ac_str scheme, ac_canon_grant *grant);

/* ---- verification ---- */

/* Leaves a result and the line that says why. Returns false where the result is not OK. */
bool ac_canon_verdict(ac_verify_report *report, ac_verify_result result, const char *why);
/* The line for results of a claim. */
bool ac_canon_claimed(ac_verify_report *report, ac_verify_result result);
/* Whether the request sends a digest of its body in that header, and another one. */
bool ac_canon_body_differs(ac_arena *arena, const ac_request *request, ac_str header, ac_str digest);
/* The end of a verification: compares the signature sent with the one in the stages. */
void ac_canon_judge(ac_verify_report *report, bool body_differs);

#endif
