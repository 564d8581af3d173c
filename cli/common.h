/* What several subcommands do: load the corpus, choose cases, open a target. */
#ifndef AC_CLI_COMMON_H
#define AC_CLI_COMMON_H

#include "base/env.h"
#include "case/case.h"
#include "cli/options.h"
#include "http/server.h"
#include "run/run.h"
#include "target/target.h"

typedef struct cli_suite {
    ac_corpus *corpus;
    ac_cases cases;
} cli_suite;

/* The built-in corpus, or that of a folder (cases.p not NULL). */
bool suite_load(cli_context *cli, ac_str cases, cli_suite *out) AC_MUST_USE;
void suite_free(cli_suite *suite);

/* Options that choose cases; the first member of the settings of commands that take them. */
typedef struct cli_choice {
    ac_str cases;
    ac_strs tags, errors;
    ac_str failed; /* results stream: only what was not passed there */
} cli_choice;

/* for_clients: also the cases that judge an SDK. */
bool suite_choose(cli_context *cli, const cli_suite *suite, const cli_choice *choice, ac_strs patterns,
                  bool for_clients, const ac_case ***out, size_t *count) AC_MUST_USE;

#define CHOICE_OPTIONS(type)                                                                                 \
    {"cases",     0,                                                                                         \
     OPTION_TEXT, offsetof(type, choice.cases),                                                              \
     "DIR",       "use the case files of DIR, not the built-in ones"},                                       \
        {"tag",        't',                                                                                  \
         OPTION_TEXTS, offsetof(type, choice.tags),                                                          \
         "TAG",        "only cases with this tag or group (repeatable)"},                                    \
        {"error",      'e',                                                                                  \
         OPTION_TEXTS, offsetof(type, choice.errors),                                                        \
         "CODE",       "only cases that expect this documented error code (repeatable)"},                    \
    {                                                                                                        \
        "failed", 0, OPTION_TEXT, offsetof(type, choice.failed), "RESULTS",                                  \
            "only cases that did not pass in this results stream"                                            \
    }

/* Options that fix the clock, the nonce and the seed. */
typedef struct cli_fixed {
    ac_str clock, nonce;
    int64_t seed;
} cli_fixed;

bool fixed_env(cli_context *cli, const cli_fixed *fixed, ac_env *out) AC_MUST_USE;

#define FIXED_OPTIONS(type)                                                                                  \
    {"clock", 0, OPTION_TEXT, offsetof(type, fixed.clock), "TIME", "fix the clock: 2026-01-15T08:30:45Z"},   \
        {"nonce", 0, OPTION_TEXT, offsetof(type, fixed.nonce), "TEXT", "use this nonce in every signature"}, \
    {                                                                                                        \
        "seed", 0, OPTION_NUMBER, offsetof(type, fixed.seed), "N",                                           \
            "seed of tokens, names and nonces, to repeat a run"                                              \
    }

/* --listen ADDRESS:PORT; nothing changes where there is none. */
bool listen_address(cli_context *cli, ac_str text, ac_server_options *out) AC_MUST_USE;

/* Variables from name=value words, as a JSON object; NULL where there are none. */
const ac_json *variables_of(cli_context *cli, ac_strs pairs);

/* The value of an environment variable or NULL, for what takes its environment as a function. */
const char *environment_value(const char *name);

/* stop: as in ac_target_options. */
ac_target *target_open(cli_context *cli, const cli_suite *suite, ac_str spec, ac_str signer, ac_strs pairs,
                       const ac_env *env, const volatile sig_atomic_t *stop);

/* Whether a case is one for this target: those of clients for SDKs alone, and of an SDK those operations that its
 * driver has. */
bool target_takes(const ac_target *target, const ac_case *c);

#endif
