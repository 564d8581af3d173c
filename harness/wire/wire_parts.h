/* What the files of this module share: flattening, and requests that are wrong on purpose. */
#ifndef AC_WIRE_WIRE_PARTS_H
#define AC_WIRE_WIRE_PARTS_H

#include "base/json.h"
#include "http/message.h"
#include "wire/wire.h"

/* ---- flatten.c ---- */

/* An array whose indices do not count from 1, by its documented name: "TagFilters.N.Values". */
typedef struct ac_index_base {
    ac_str array;
    int64_t base;
} ac_index_base;

/* A long name in front of many elements would multiply: flattening ends when names pass this. */
enum { AC_FLAT_NAMES_MAX = 4 * 1024 * 1024 };

typedef struct ac_flattener {
    ac_arena *arena;
    ac_index_base *bases;
    size_t base_count;
    size_t name_bytes; /* made so far; above the ceiling something is missing */
} ac_flattener;

void ac_flattener_init(ac_flattener *flattener, ac_arena *arena, const ac_contract *contract);

/* A member as parameters in document order: "Zone.1.ZoneId" for arrays and objects, the name as it is for
 * the rest. Null, empty arrays and empty objects give none; null in an array leaves a gap in the indices. */
void ac_flatten(ac_flattener *flattener, const ac_json *member, ac_pairs *out);

/* Text of a string, literal of a number, true or false; p NULL for the rest. */
ac_str ac_scalar_text(const ac_json *value);

/* ---- tamper.c ---- */

/* What is decided before a request is laid out and signed. */
typedef struct ac_wire_plan {
    ac_sign_input input;
    ac_str path; /* may hold {Name} */
} ac_wire_plan;

/*
 * What a tampering does, by signature scheme (ACS3; RPC, ROA: the HMAC-SHA1 schemes; Volc). The first half is
 * done before signing, so that the signature covers it; the second half to the signed request.
 *
 *   wrong key         another secret
 *   unknown key       access key id AKUNKNOWN0000000000, the right secret
 *   clock             an hour off
 *   bad date          "yesterday" for the date. The scope of Volc keeps the day
 *   no action         ACS3: no x-acs-action. RPC, Volc: no Action. ROA: the path names it, nothing changes
 *   no version        ACS3, ROA: no x-acs-version. RPC, Volc: no Version
 *   other action      the same places; path-style operations go to /accord/no-such-path as well
 *   other version     the same places
 *
 *   no key            ACS3, Volc: no Credential in Authorization. ROA: "acs :<signature>". RPC: no
 *                     AccessKeyId. Nor x-acs-accesskey-id, where there is a token
 *   no signature      ACS3, Volc: no Signature in Authorization. ROA: "acs <id>:". RPC: no Signature
 *   altered           one more member in a JSON object that is signed; else "x" after the last parameter of
 *                     form or query that is the operation's own; else one more parameter in the query
 *   replay            nothing: the caller sends the same bytes again
 */
void ac_tamper_plan(ac_wire_kind wire, ac_tamper tamper, ac_wire_plan *plan);
void ac_tamper_signed(ac_arena *arena, const ac_signer *signer, ac_tamper tamper, ac_request *request);

#endif
