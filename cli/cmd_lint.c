#include <stdio.h>

#include "case/lint.h"
#include "cli/common.h"

typedef struct lint_settings {
    ac_str cases;
} lint_settings;

static const cli_option lint_options[] = {
    {"cases", 0, OPTION_TEXT, offsetof(lint_settings, cases), "DIR",
     "check the case files of DIR, not the built-in ones"},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

static int lint(cli_context *cli, void *settings, ac_strs arguments)
{
    const lint_settings *s = settings;
    cli_suite suite;
    if (arguments.count > 0) {
        ac_fail(&cli->err, AC_ERR_USAGE, "lint takes no arguments (--cases DIR names a folder)");
        return -1;
    }
    if (!suite_load(cli, s->cases, &suite)) {
        return -1;
    }
    ac_lint_report report = {0};
    ac_lint(cli->arena, suite.corpus, &suite.cases, &report);
    for (size_t i = 0; i < report.count; i++) {
        printf("%s: %.*s\n", report.items[i].file, AC_STR_FMT(report.items[i].text));
    }
    printf("%zu contracts, %zu cases, %zu parameters, %zu error rows, %zu citations: %zu findings\n",
           report.contracts, report.cases, report.parameters, report.error_rows, report.citations,
           report.count);
    suite_free(&suite);
    return report.count > 0 ? 2 : 0;
}

const cli_command command_lint = {
    "lint",
    "[OPTION…]",
    "check contracts and case files",
    "Beyond what loading checks: citations resolve, every counted row of a source has its fact, every error\n"
    "row has a case or a reason, requests keep the rules of their contract, nothing looks like a secret.",
    lint_options,
    sizeof(lint_settings),
    lint,
};
