#include <stdio.h>

#include "cli/common.h"
#include "sdk/check.h"

static const cli_option driver_options[] = {
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

static void print_check(void *context, const ac_sdk_check_result *result)
{
    (void)context;
    printf("%-5s %-18s %s\n", result->passed ? "pass" : "FAIL", result->name, result->title);
    if (!result->passed) {
        printf("      %.*s\n", AC_STR_FMT(result->why));
    }
    fflush(stdout);
}

static int driver(cli_context *cli, void *settings, ac_strs arguments)
{
    (void)settings;
    bool passed = false;
    if (arguments.count != 2 || !ac_str_is(arguments.items[0], "check")) {
        ac_fail(&cli->err, AC_ERR_USAGE,
                "accord driver check COMMAND is expected, with the command in one word");
        return -1;
    }
    if (!ac_sdk_check(arguments.items[1], environment_value, print_check, NULL, &passed, &cli->err)) {
        return -1;
    }
    return passed ? 0 : 1;
}

const cli_command command_driver = {
    "driver",
    "check COMMAND",
    "check that a driver of an SDK keeps to the protocol",
    "COMMAND is the driver's command line in one word: accord driver check 'node driver.mjs'\n\n"
    "No case is run. Each check starts the driver anew. Exit code: 0 all hold, 1 some do not, 2 usage.",
    driver_options,
    1,
    driver,
};
