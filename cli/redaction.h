/* What commands share that read recordings: the rules of redaction, and telling what the last scan found. */
#ifndef AC_CLI_REDACTION_H
#define AC_CLI_REDACTION_H

#include "cli/options.h"
#include "recorder/recording.h"

typedef struct cli_redaction {
    ac_str profile;
    ac_strs off, remove;
} cli_redaction;

/* Rules of the corpus, the profile and the command line. Secrets that the profile and the environment hold for the
 * vendors' own tools are known by value. */
bool redaction_open(cli_context *cli, const ac_corpus *corpus, const cli_redaction *choice,
                    ac_redact_rules **rules, ac_redactor **redactor) AC_MUST_USE;

/* One line for each on standard error; false where there are any. */
bool redaction_is_clean(const ac_leaks *leaks, const char *file);

/* Prints every value that was replaced, with its pseudonym and its first place. */
void redaction_tell_values(cli_context *cli, const ac_redactor *redactor);
/* The same of a recording that is not written anywhere. */
bool redaction_preview(cli_context *cli, const ac_corpus *corpus, const cli_redaction *choice,
                       const char *path);

#define REDACTION_OPTIONS(type)                                                                              \
    {"profile",   0,                                                                                         \
     OPTION_TEXT, offsetof(type, redaction.profile),                                                         \
     "FILE",      "redaction rules and credentials of this profile, too"},                                   \
        {"off",        0,                                                                                    \
         OPTION_TEXTS, offsetof(type, redaction.off),                                                        \
         "RULE",       "switch off this redaction rule (repeatable)"},                                       \
    {                                                                                                        \
        "remove", 0, OPTION_TEXTS, offsetof(type, redaction.remove), "NAME",                                 \
            "what stands below this name is a secret (repeatable)"                                           \
    }

#endif
