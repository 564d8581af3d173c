/* The measure to compare with: a bare libcurl multi loop that sends ready requests, parses each answer with
 * cJSON, and checks its status, type and error code. */
#ifndef AC_BENCH_BARE_LOOP_H
#define AC_BENCH_BARE_LOOP_H

#include <stddef.h>

#include "http/message.h"

typedef struct bare_request {
    ac_request request;
    long status;      /* expected */
    const char *code; /* expected at /Code or /ResponseMetadata/Error/Code */
} bare_request;

/* Sends them all with so many in flight; the number of answers that were not as expected. */
size_t bare_loop(const char *base_url, const bare_request *requests, size_t count, unsigned in_flight);

#endif
