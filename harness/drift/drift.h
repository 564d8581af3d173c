/*
 * The ledger of divergences: between documentation and targets, and between one official source and another.
 * docs/drift-format.md is the manual of its file.
 *
 * A ledger is read, hears results streams and looks at contracts, is written again, and is rendered as pages for
 * people. What differs from run to run (request ids, ports, times) is replaced in texts before they are compared,
 * so that one divergence is one entry, whatever the number and the order of cases and runs that show it. It
 * belongs to one thread. Nothing here reads or writes files.
 */
#ifndef AC_DRIFT_DRIFT_H
#define AC_DRIFT_DRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "contract/corpus.h"
#include "run/verdict.h"

typedef struct ac_drift ac_drift;

/* An empty ledger. */
ac_drift *ac_drift_new(void);
/* Reads the text of a file, which must outlive the ledger. NULL with *err of kind AC_ERR_USAGE. */
ac_drift *ac_drift_read(ac_str text, const char *file, ac_err *err);
void ac_drift_free(ac_drift *drift); /* NULL is fine */

/* Hears one results stream. target is the name of what it was made against; p NULL: as the stream says. */
ac_listener ac_drift_listener(ac_drift *drift, ac_str target);
/* What the sources of all contracts say against each other, as of a time. */
void ac_drift_look_at(ac_drift *drift, const ac_corpus *corpus, int64_t now_ms);

typedef struct ac_drift_changes {
    size_t first, again, gone; /* divergences of a target: seen for the first time, once more, no longer */
} ac_drift_changes;

/* Since the ledger was made or read. */
ac_drift_changes ac_drift_changed(const ac_drift *drift);

/* The text of its file; fails where it would be too large to be read again. */
bool ac_drift_write(ac_drift *drift, ac_arena *arena, ac_str *text, ac_err *err) AC_MUST_USE;

typedef enum ac_drift_format { AC_DRIFT_MARKDOWN, AC_DRIFT_HTML } ac_drift_format;

extern const char *const ac_drift_format_names[]; /* "markdown", …; NULL at the end */

typedef struct ac_drift_pages {
    ac_drift_format format;
    bool dates; /* also when each was seen, and what is no longer seen */
    /* Called for each page with the name of its file; false with *err ends it. */
    bool (*put)(void *context, ac_str name, ac_str text, ac_err *err);
    void *context;
} ac_drift_pages;

/* One page for each operation and an index. The same ledger gives the same bytes. */
bool ac_drift_render(ac_drift *drift, const ac_drift_pages *pages, ac_err *err) AC_MUST_USE;

#endif
