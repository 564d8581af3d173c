/* Files: reading with a limit, writing that is whole or absent, walking a tree. */
#ifndef AC_BASE_FILE_H
#define AC_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/decode.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

/* The content of a regular file of at most max bytes; view with p NULL on failure ("path: why"). */
ac_str ac_file_read(ac_arena *arena, const char *path, size_t max, ac_err *err);

/* Paths below dir (relative to it) of regular files that end in suffix, sorted by bytes. Links are not
 * followed, names that start with a dot not read; more than max files, or 16 folders deep, is an error. */
bool ac_file_list(ac_arena *arena, const char *dir, const char *suffix, size_t max, ac_strs *out,
                  ac_err *err) AC_MUST_USE;

bool ac_file_is_dir(const char *path);
/* Removes a folder with everything in it; links are removed, not followed. What cannot be removed stays. */
void ac_file_remove_tree(const char *dir);

/* An output that is written in pieces: a path, or "-" for standard output (/dev/stdout and /dev/stderr are
 * the descriptors, too). Errors are kept and told by ac_output_close. A path is written beside and renamed
 * when whole; ac_output_abort removes the piece. What is no regular file (a FIFO, a terminal, a link) is
 * written in place. */
typedef struct ac_output ac_output;
ac_output *ac_output_open(const char *path, ac_err *err);
/* In place and line by line: a complete line has left the process when ac_output_write returns. */
ac_output *ac_output_open_stream(const char *path, ac_err *err);
void ac_output_write(ac_output *output, ac_str bytes);
bool ac_output_flush(ac_output *output, ac_err *err) AC_MUST_USE;
bool ac_output_close(ac_output *output, ac_err *err) AC_MUST_USE; /* frees it in any case */
void ac_output_abort(ac_output *output);

#endif
