/*
 * The corpus: every provider, contract and case file, loaded from the files built into the program or from
 * a folder, checked on the way. Immutable afterwards.
 */
#ifndef AC_CONTRACT_CORPUS_H
#define AC_CONTRACT_CORPUS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "contract/contract.h"

/* A file built into the program. Paths are relative to cases/, with slashes, sorted by bytes. */
typedef struct ac_packed_file {
    const char *path;
    const char *bytes;
    size_t size;
} ac_packed_file;

typedef struct ac_pack {
    const ac_packed_file *files;
    size_t count;
} ac_pack;

/* A case file, read but not yet understood (the case module does that). */
typedef struct ac_case_source {
    const char *file;
    const ac_json *json;
    const ac_contract *contract; /* of the folder it lies in */
} ac_case_source;

/* Rules for what is taken out of recordings, read but not yet understood (the recorder does that). */
typedef struct ac_redaction_source {
    const char *file;
    const ac_json *json;
    ac_str provider; /* empty: of all providers */
} ac_redaction_source;

typedef struct ac_corpus {
    ac_arena *arena;
    ac_provider **providers;
    size_t provider_count;
    ac_contract **contracts; /* sorted by operation */
    size_t contract_count;
    ac_case_source *cases;
    size_t case_count;
    ac_redaction_source *redactions;
    size_t redaction_count;
    ac_regex **patterns; /* owned; freed with the corpus */
    size_t pattern_count;
} ac_corpus;

/* Loads a folder (dir) or the pack (dir NULL). NULL with *err of kind AC_ERR_USAGE that names file and
 * place. A corpus without a contract is an error. */
ac_corpus *ac_corpus_load(const ac_pack *pack, const char *dir, ac_err *err);
void ac_corpus_free(ac_corpus *corpus);

const ac_contract *ac_corpus_contract(const ac_corpus *corpus, ac_str operation); /* whole path */
/* An operation named from another one: an action of the same product version, or a whole path. */
const ac_contract *ac_corpus_related(const ac_corpus *corpus, const ac_contract *from, ac_str name);

#endif
