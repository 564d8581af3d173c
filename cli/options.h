/*
 * The command line as tables: each subcommand lists its options once, and parsing, --help and the check of
 * the manual page come from that list. GNU conventions: --name=value, --name value, -n value, -- ends the
 * options, options and arguments mix.
 */
#ifndef AC_CLI_OPTIONS_H
#define AC_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/decode.h"
#include "base/err.h"
#include "contract/corpus.h"

typedef enum option_kind {
    OPTION_FLAG,     /* bool */
    OPTION_TEXT,     /* ac_str */
    OPTION_TEXTS,    /* ac_strs, repeatable */
    OPTION_COUNT,    /* int64_t, at least 1 */
    OPTION_NUMBER,   /* int64_t, at least 0 */
    OPTION_DURATION, /* int64_t, milliseconds: 500ms, 10s, 2m, 1h */
    OPTION_PAIRS     /* ac_strs of name=value, repeatable */
} option_kind;

typedef struct cli_option {
    const char *name; /* long name; NULL at the end of a list */
    char letter;      /* short name, or 0 */
    option_kind kind;
    size_t offset;        /* in the settings */
    const char *argument; /* name of the value in help; NULL for flags */
    const char *help;     /* one line */
} cli_option;

/* What every subcommand is given. */
typedef struct cli_context {
    ac_arena *arena;
    ac_err err;
} cli_context;

typedef struct cli_command {
    const char *name;
    const char *arguments; /* in the usage line */
    const char *summary;   /* one line */
    const char *about;     /* paragraphs for --help; may be NULL */
    const cli_option *options;
    size_t settings_size;
    /* The exit code; where it reports a failure it sets cli->err and returns -1. */
    int (*run)(cli_context *cli, void *settings, ac_strs arguments);
} cli_command;

/* Fills settings (zeroed) and arguments. */
bool options_parse(cli_context *cli, const cli_command *command, int argc, char **argv, void *settings,
                   ac_strs *arguments, bool *help) AC_MUST_USE;
void options_print_help(const cli_command *command);

extern const cli_command command_run, command_list, command_show, command_lint, command_mock, command_sign,
    command_report, command_selftest, command_audit, command_driver, command_drift, command_record,
    command_redact, command_promote;
extern const cli_command *const commands[]; /* NULL at the end */

#endif
