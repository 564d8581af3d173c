/*
 * One recorded exchange: a request and its answer as they were on the wire, as data. What the proxy writes to
 * the journal, and what redaction, HAR, promotion and playback read. All text lives in the arena of whoever
 * made the record.
 */
#ifndef AC_RECORDER_RECORD_H
#define AC_RECORDER_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "http/message.h"

/* How the exchange ended; what arrived until then is in the record. */
typedef enum ac_record_end {
    AC_RECORD_WHOLE,
    AC_RECORD_UPSTREAM_FAILED, /* no whole answer came from upstream; `why` says what happened */
    AC_RECORD_CLIENT_GONE      /* the client left before the answer was whole */
} ac_record_end;

typedef struct ac_record {
    uint64_t number;       /* in the order in which requests arrived, from 1 */
    int64_t started_ms;    /* Unix time */
    int64_t duration_us;   /* from the first byte of the request to the last of the answer */
    int64_t first_byte_us; /* until the first byte of the answer; -1: none came */
    ac_str base_url;       /* upstream: "https://privatelink.aliyuncs.com", without a slash at its end */
    ac_request request;    /* as the client sent it, de-chunked; the target is in origin form */
    ac_response response;  /* de-chunked; the body has its Content-Encoding until secrets are removed */
    bool request_cut;      /* the body was larger than what is kept; the rest passed through unrecorded */
    bool response_cut;
    ac_record_end end;
    ac_str why;    /* one line where end is not WHOLE */
    ac_str signer; /* scheme that the client's request carried; p NULL: none */
    ac_str rules;  /* id and version of the secret rules that were applied; p NULL: none yet */
} ac_record;

#endif
