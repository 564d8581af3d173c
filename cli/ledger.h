/* The ledger of divergences as a file of the command line. */
#ifndef AC_CLI_LEDGER_H
#define AC_CLI_LEDGER_H

#include "cli/options.h"
#include "drift/drift.h"

ac_drift *ledger_read(cli_context *cli, const char *path);
/* That of the file, or an empty one where there is no such file. */
ac_drift *ledger_open(cli_context *cli, const char *path);
bool ledger_write_file(cli_context *cli, const char *path, ac_str text);
/* Writes it, and prints what changed. */
bool ledger_save(cli_context *cli, ac_drift *drift, const char *path);

#endif
