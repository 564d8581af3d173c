/* Recordings, whichever format they have: a journal or a HAR, told by the first bytes of the file. */
#ifndef AC_RECORDER_RECORDING_H
#define AC_RECORDER_RECORDING_H

#include "base/err.h"
#include "recorder/journal.h"
#include "recorder/redact.h"

/* Calls visit for each record, in order; the arena is emptied after each, or lives until the end. */
bool ac_recording_read(const char *path, ac_journal_visit visit, void *context, ac_err *err) AC_MUST_USE;

typedef struct ac_recording {
    ac_record *items;
    size_t count, capacity;
} ac_recording;

enum { AC_RECORDING_RECORDS_MAX = 1000000, AC_RECORDING_BYTES_MAX = 1024 * 1024 * 1024 };

/* All of it in the arena, redacted where there is a redactor. Fails where it holds no record, or where it is larger
 * than the ceilings. */
bool ac_recording_load(ac_arena *arena, const char *path, ac_redactor *redactor, ac_recording *out,
                       ac_err *err) AC_MUST_USE;

/* Text and lists of a record, copied into the arena. */
ac_record ac_record_clone(ac_arena *arena, const ac_record *record);

#endif
