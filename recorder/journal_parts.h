/*
 * What the files of the journal share: record_bytes.c turns records into payloads and back, journal_scan.c finds
 * frames in a file, journal_read.c visits them, journal.c writes. For them only.
 */
#ifndef AC_RECORDER_JOURNAL_PARTS_H
#define AC_RECORDER_JOURNAL_PARTS_H

#include "recorder/journal.h"

extern const ac_str ac_journal_mark; /* first line of a file */

enum { AC_FRAME_HEAD = 24 };

/* ---- payloads ---- */

/* Appends the payload; false where the record has too many headers. */
bool ac_record_encode(ac_buf *out, const ac_record *record) AC_MUST_USE;
/* The record's text borrows from the payload. False where the payload is no record. */
bool ac_record_decode(ac_arena *arena, ac_str payload, ac_record *out) AC_MUST_USE;

/* ---- frames ---- */

typedef struct ac_frame {
    uint64_t number;
    uint32_t payload_bytes;
    uint32_t payload_crc;
} ac_frame;

void ac_frame_write(char head[AC_FRAME_HEAD], const ac_frame *frame);
bool ac_frame_read(const char head[AC_FRAME_HEAD], ac_frame *out) AC_MUST_USE;

/* Bytes of a file, or in memory (fd -1), seen through a window. */
typedef struct ac_journal_source {
    int fd;
    const char *path; /* for messages */
    ac_str bytes;     /* in memory */
    uint64_t size;
    char *window;
    size_t window_capacity;
    uint64_t window_at;
    size_t window_bytes;
    ac_err *err; /* filled where a read fails */
    bool failed;
} ac_journal_source;

void ac_journal_source_done(ac_journal_source *source);
/* The bytes from offset, valid until the next call. NULL where they pass the end or cannot be read. */
const char *ac_journal_source_at(ac_journal_source *source, uint64_t offset, size_t count);

/* A whole frame at offset: its head and checksum are right. */
typedef bool (*ac_journal_seen)(void *context, uint64_t offset, const ac_frame *frame);

/* Calls seen for each whole frame, in the order of the file; *found counts; *end is where the next frame
 * goes. False where the file is no journal or a read failed. */
bool ac_journal_scan(ac_journal_source *source, ac_journal_seen seen, void *context, ac_journal_found *found,
                     uint64_t *end) AC_MUST_USE;

#endif
