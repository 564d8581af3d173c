/*
 * HAR 1.2, the format in which browsers and proxies keep exchanges. Written: every member that the format asks
 * for, and ours below "_accord". Read: strict JSON, but lenient in what may be missing, as browsers and mitmproxy
 * write it. Bodies of a HAR have no Content-Encoding any more, so the header is called X-Accord-Content-Encoding in
 * a record that was read.
 */
#ifndef AC_RECORDER_HAR_H
#define AC_RECORDER_HAR_H

#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "recorder/record.h"

enum {
    AC_HAR_BYTES_MAX = 512 * 1024 * 1024,
    AC_HAR_HEADERS_MAX = 4096 /* of a request or response */
};

/* One entry as JSON text. */
ac_str ac_har_entry(ac_arena *arena, const ac_record *record);

/* What stands around the entries, which are separated by commas. about: for "_accord" of the log. */
ac_str ac_har_head(ac_arena *arena, const char *version);
ac_str ac_har_tail(ac_arena *arena, const ac_json *about);

/* Called for a record; what it holds lives in the arena that ac_har_read was given. False ends the reading. */
typedef bool (*ac_har_visit)(void *context, const ac_record *record);

/* Records have numbers from 1, in the order of the file. name is for messages: "name: /log/entries/3/request: …". */
bool ac_har_read(ac_arena *arena, ac_str text, const char *name, ac_har_visit visit, void *context,
                 ac_err *err) AC_MUST_USE;

#endif
