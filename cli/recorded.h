/* A recording as verdicts, one for each exchange of a known operation: what contradicts the contract are its findings. */
#ifndef AC_CLI_RECORDED_H
#define AC_CLI_RECORDED_H

#include "cli/options.h"
#include "contract/corpus.h"
#include "run/verdict.h"

/* The recording is redacted with the default rules. Ids are "<operation>/recorded/<file>/exchange-3". */
bool recorded_play(cli_context *cli, const ac_corpus *corpus, ac_str path,
                   const ac_listener *listener) AC_MUST_USE;

#endif
