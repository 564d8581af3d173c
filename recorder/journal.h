/*
 * The journal: recorded exchanges in one file, to which whole records are appended and nothing else is ever done.
 *
 * A file begins with "accord-journal 1\n". Each record follows as a frame: a head of 24 bytes (mark, length of
 * the payload, number of the record, checksum of the payload, checksum of the head) and the payload. Numbers
 * are little-endian, checksums CRC-32C. A record leaves the process in one write, so that whoever dies leaves a
 * torn last frame at worst; the next ac_journal_open cuts it off and says so. A frame that is damaged in the
 * middle is skipped, counted, and left where it is.
 *
 * Any number of threads may append to one journal. A lock on the file keeps other recorders out. Secrets are no
 * matter of the journal: what is appended has none any more.
 */
#ifndef AC_RECORDER_JOURNAL_H
#define AC_RECORDER_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "recorder/record.h"

typedef struct ac_journal ac_journal;

typedef enum ac_journal_sync {
    AC_JOURNAL_PROCESS, /* outlives the process: written when ac_journal_append returns */
    AC_JOURNAL_DISK     /* outlives a power cut: synced when it returns; threads that wait share a sync */
} ac_journal_sync;

/* What a file held. */
typedef struct ac_journal_found {
    uint64_t records;
    uint64_t last_number;   /* the highest; 0: no records */
    uint64_t torn_bytes;    /* of an unfinished last frame */
    uint64_t damaged_bytes; /* of what lies between whole frames */
} ac_journal_found;

/* Called for a record. It lives until the call returns; the arena is emptied then. False ends the reading. */
typedef bool (*ac_journal_visit)(void *context, ac_arena *arena, const ac_record *record);

enum {
    AC_JOURNAL_RECORD_MAX = 160 * 1024 * 1024, /* bytes of a payload */
    AC_JOURNAL_HEADERS_MAX = 4096              /* of a request or response */
};

/* Makes the file (mode 0600) or opens one that is there: a torn tail is cut off, and *found says what was.
 * NULL where the file is something else, is locked by another recorder or cannot be written. */
ac_journal *ac_journal_open(const char *path, ac_journal_sync sync, ac_journal_found *found, ac_err *err);

/* Appends a record. Where this fails (a full disk), the file is cut back to its last whole record, and every later
 * call fails with the same words: a journal with a gap would look whole. Records above the ceilings are
 * refused alone. */
bool ac_journal_append(ac_journal *journal, const ac_record *record, ac_err *err) AC_MUST_USE;

/* False where an earlier append failed, with its words. */
bool ac_journal_sound(ac_journal *journal, ac_err *err) AC_MUST_USE;

void ac_journal_close(ac_journal *journal); /* NULL is fine */

/* Visits each record that is appended from now on, in the order of the file, soon after it is written, on the
 * thread that calls; for what must not delay the one who appends. Returns when ac_journal_end_follow was called
 * and all was visited, or when visit returns false. One thread at a time. */
void ac_journal_follow(ac_journal *journal, ac_journal_visit visit, void *context);
void ac_journal_end_follow(ac_journal *journal);

/* Reads a file, also one that is being written: calls visit for each record, in the order of their numbers. Memory: the largest record, and 16 bytes for each. False where
 * the file cannot be read or is no journal; torn and damaged bytes are no failure, see *found. */
bool ac_journal_read(const char *path, ac_journal_visit visit, void *context, ac_journal_found *found,
                     ac_err *err) AC_MUST_USE;

/* The same from bytes in memory; name is for messages. */
bool ac_journal_read_bytes(ac_str bytes, const char *name, ac_journal_visit visit, void *context,
                           ac_journal_found *found, ac_err *err) AC_MUST_USE;

#endif
