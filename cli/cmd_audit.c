#include <stdio.h>

#include "cli/common.h"
#include "selftest/audit.h"

typedef struct audit_settings {
    cli_choice choice;
    bool derived;
} audit_settings;

static const cli_option audit_options[] = {
    CHOICE_OPTIONS(audit_settings),
    {"derived", 0, OPTION_FLAG, offsetof(audit_settings, derived), NULL, "look at derived cases too"},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

static size_t keep_written(const ac_case **cases, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (cases[i]->origin != AC_ORIGIN_DERIVED) {
            cases[kept++] = cases[i];
        }
    }
    return kept;
}

static int tell(const ac_audit_report *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const ac_audit_finding *f = &r->items[i];
        printf("%.*s", AC_STR_FMT(f->case_id));
        if (f->step.n > 0) {
            printf(", step \"%.*s\"", AC_STR_FMT(f->step));
        }
        if (f->place.n > 0) {
            printf(", at %.*s", AC_STR_FMT(f->place));
        }
        printf(": %.*s\n", AC_STR_FMT(f->text));
    }
    printf("%zu cases, %zu answers, %zu changes of them, %zu noticed: %zu findings\n", r->cases, r->answers,
           r->changes, r->noticed, r->count);
    return r->count > 0 ? 1 : 0;
}

static int audit_cases(cli_context *cli, const audit_settings *s, const cli_suite *suite, ac_strs patterns)
{
    const ac_case **cases;
    size_t count;
    ac_audit_report report;
    if (!suite_choose(cli, suite, &s->choice, patterns, false, &cases, &count)) {
        return -1;
    }
    count = s->derived ? count : keep_written(cases, count);
    if (count == 0) {
        ac_fail(&cli->err, AC_ERR_USAGE,
                "none of these cases is written by hand or recorded (--derived looks at the others)");
        return -1;
    }
    bool ok = ac_audit(cli->arena, suite->corpus, cases, count, &report, &cli->err);
    return ok ? tell(&report) : -1;
}

static int audit(cli_context *cli, void *settings, ac_strs arguments)
{
    const audit_settings *s = settings;
    cli_suite suite;
    if (!suite_load(cli, s->choice.cases, &suite)) {
        return -1;
    }
    int code = audit_cases(cli, s, &suite, arguments);
    suite_free(&suite);
    return code;
}

const cli_command command_audit = {
    "audit",
    "[PATTERN…] [OPTION…]",
    "find assertions of written cases that notice nothing",
    "Runs hand-written and recorded cases on the mock, changes each answer in one place at a time, judges "
    "it\n"
    "again, and names assertions that notice no change of their place, values that a case sent and that "
    "come\n"
    "back unlooked at, and steps that ask nothing. Exit code: 0 nothing found, 1 findings.",
    audit_options,
    sizeof(audit_settings),
    audit,
};
