/*
 * HTTP messages as data: requests, responses, exchanges, and the percent-encodings of URLs and forms.
 * Pure; knows neither client nor server. All text lives in the arena of whoever made the message.
 */
#ifndef AC_HTTP_MESSAGE_H
#define AC_HTTP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/str.h"

/* Name and value: headers, query and form parameters. Repeats and order are kept. */
typedef struct ac_pair {
    ac_str name;
    ac_str value;
} ac_pair;

typedef struct ac_pairs {
    ac_pair *items;
    size_t count;
    size_t capacity;
} ac_pairs;

void ac_pairs_add(ac_arena *arena, ac_pairs *pairs, ac_str name, ac_str value);
/* Makes this the only value of that exact name, in the place of the first one or at the end. */
void ac_pairs_set(ac_arena *arena, ac_pairs *pairs, ac_str name, ac_str value);
const ac_pair *ac_pairs_find(const ac_pairs *pairs, ac_str name);        /* exact */
const ac_pair *ac_pairs_find_nocase(const ac_pairs *pairs, ac_str name); /* header names */
ac_str ac_pairs_value(const ac_pairs *pairs, ac_str name);               /* exact; p NULL where missing */
ac_str ac_header(const ac_pairs *headers, const char *name);             /* any case; p NULL where missing */
void ac_pairs_remove_nocase(ac_pairs *pairs, ac_str name);
ac_pairs ac_pairs_clone(ac_arena *arena, const ac_pairs *pairs); /* the text too */

/* A request as it is, or will be, on the wire. */
typedef struct ac_request {
    ac_str method;
    ac_str target;    /* origin form as sent: "/path?query" */
    ac_pairs headers; /* Host among them */
    ac_str body;      /* after de-chunking */
} ac_request;

typedef struct ac_response {
    int status;
    ac_pairs headers;
    ac_str body;
} ac_response;

/* The target's path (still encoded) and query (without '?'; p NULL where there is none). */
ac_str ac_target_path(ac_str target);
ac_str ac_target_query(ac_str target);

/* RFC 3986: A-Z a-z 0-9 - _ . ~ stay, the rest becomes %XX in upper case. */
void ac_percent_encode(ac_buf *out, ac_str text);
ac_str ac_percent_encoded(ac_arena *arena, ac_str text);
/* Bad escapes stay as they are. */
ac_str ac_percent_decoded(ac_arena *arena, ac_str text);

/* application/x-www-form-urlencoded, also the query: '+' is a space where plus_is_space. Invalid UTF-8 is
 * kept; "a" and "a=" read the same; empty pieces ("a=1&&b=2") are skipped. *out is replaced. At most max
 * pairs are read; false where there are more. */
bool ac_form_parse(ac_arena *arena, ac_str text, bool plus_is_space, size_t max, ac_pairs *out) AC_MUST_USE;
ac_str ac_form_print(ac_arena *arena, const ac_pairs *pairs); /* percent-encoded, in the given order */

/* POST, PUT and PATCH: an empty body of these is announced with Content-Length: 0. */
bool ac_method_has_body(ac_str method);

/* Standard reason phrase of a status, "" where there is none. */
const char *ac_status_reason(int status);

/* A command for a POSIX shell that sends the request with curl; base_url is "http://host:port". Any byte is
 * quoted rightly; a body that a terminal could not show is written by printf. curl adds its own Accept and
 * User-Agent where the request has none. Where hide_secrets, values are "***" of headers, query and form
 * parameters that ac_name_is_secret. */
ac_str ac_request_as_curl(ac_arena *arena, const ac_request *request, ac_str base_url, bool hide_secrets);

/* Whether a header or parameter of this name (any case) carries a credential, signature or token. Access
 * key ids are no secret. */
bool ac_name_is_secret(ac_str name);

#endif
