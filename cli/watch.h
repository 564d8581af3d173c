/* Drift while it happens: a thread follows the journal and tells each divergence on standard error, once. */
#ifndef AC_CLI_WATCH_H
#define AC_CLI_WATCH_H

#include "contract/corpus.h"
#include "recorder/journal.h"

typedef struct cli_watch cli_watch;

cli_watch *watch_start(ac_journal *journal, const ac_corpus *corpus, ac_err *err);
void watch_stop(cli_watch *watch); /* when all is told; NULL is fine */

#endif
