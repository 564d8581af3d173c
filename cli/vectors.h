/* Signing vectors: files of requests with the signature that an official client gave them. */
#ifndef AC_CLI_VECTORS_H
#define AC_CLI_VECTORS_H

#include "cli/options.h"

/* Verifies every vector of a file and prints a line for each. Returns the exit code, -1 with cli->err. */
int vectors_check(cli_context *cli, ac_str path);

#endif
