/*
 * What contradicts the documentation in a recording, told to a ledger as a run whose cases are exchanges:
 * "<operation>/recorded/exchange-3".
 */
#ifndef AC_CLI_CONTRADICTED_H
#define AC_CLI_CONTRADICTED_H

#include "contract/corpus.h"
#include "run/verdict.h"

/* A journal or a HAR; its path is the name of the target. */
bool contradicted_tell(const ac_corpus *corpus, const char *path, int64_t now_ms, const ac_listener *listener,
                       ac_err *err) AC_MUST_USE;

#endif
