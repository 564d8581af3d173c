/*
 * Drift while recording: looks at each exchange soon after it is in the journal, on a thread of its own, and prints
 * one line on standard error for each divergence that it did not see before.
 *
 * Nobody waits for it, and it takes no more than a tenth of a processor: under load it falls behind the journal
 * and catches up later.
 */
#ifndef AC_CLI_WATCH_DRIFT_H
#define AC_CLI_WATCH_DRIFT_H

#include "base/err.h"
#include "contract/corpus.h"
#include "recorder/journal.h"

typedef struct drift_watch drift_watch;

/* The journal and the corpus must outlive it. */
drift_watch *drift_watch_start(ac_journal *journal, const ac_corpus *corpus, ac_err *err);
/* Looks at what is left, for some seconds at most, and says what it did not get to. NULL is fine. */
void drift_watch_stop(drift_watch *watch);

#endif
