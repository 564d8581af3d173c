#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/common.h"
#include "cli/redaction.h"
#include "recorder/har.h"

typedef struct redact_settings {
    ac_str cases, out;
    bool preview;
    cli_redaction redaction;
} redact_settings;

static const cli_option redact_options[] = {
    {"out", 'o', OPTION_TEXT, offsetof(redact_settings, out), "FILE", "write the recording as HAR 1.2"},
    {"preview", 0, OPTION_FLAG, offsetof(redact_settings, preview), NULL,
     "print every value that would be replaced"},
    {"cases", 0, OPTION_TEXT, offsetof(redact_settings, cases), "DIR",
     "use the rules of DIR, not the built-in ones"},
    REDACTION_OPTIONS(redact_settings),
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

/* The second reading: each record is redacted, scanned and written. */
typedef struct pass {
    ac_redactor *redactor;
    ac_output *output; /* NULL: nothing is written */
    ac_arena *leaks_arena;
    ac_leaks leaks;
    uint64_t records;
} pass;

static bool learn(void *context, ac_arena *arena, const ac_record *record)
{
    (void)arena;
    ac_redactor_learn(context, record);
    return true;
}

static bool take(void *context, ac_arena *arena, const ac_record *record)
{
    pass *p = context;
    ac_record redacted = *record;
    ac_redact(p->redactor, arena, &redacted);
    ac_redact_scan(p->redactor, p->leaks_arena, &redacted, &p->leaks);
    if (p->output) {
        ac_output_write(p->output, p->records > 0 ? AC_STR(",\n") : AC_STR(""));
        ac_output_write(p->output, ac_har_entry(arena, &redacted));
    }
    p->records++;
    return true;
}

/* Counts by rule, in the order of their first value. */
static void tell_counts(const ac_redactor *redactor, uint64_t records)
{
    enum { RULES_MAX = 256 };
    ac_str rules[RULES_MAX];
    uint64_t values[RULES_MAX] = {0};
    size_t count = 0;
    ac_redacted one;
    for (size_t at = 0; ac_redactor_at(redactor, &at, &one);) {
        size_t i = 0;
        while (i < count && !ac_str_eq(rules[i], one.rule)) {
            i++;
        }
        if (i == count && count < RULES_MAX) {
            rules[count++] = one.rule;
        }
        if (i < count) {
            values[i]++;
        }
    }
    printf("%llu exchanges\n", (unsigned long long)records);
    for (size_t i = 0; i < count; i++) {
        printf("%6llu  %.*s\n", (unsigned long long)values[i], AC_STR_FMT(rules[i]));
    }
}

static bool write_head(cli_context *cli, const redact_settings *s, pass *p)
{
    if (!s->out.p) {
        return true;
    }
    p->output = ac_output_open(ac_str_z(cli->arena, s->out), &cli->err);
    if (p->output) {
        ac_output_write(p->output, ac_har_head(cli->arena, ACCORD_VERSION));
    }
    return p->output != NULL;
}

static int finish(cli_context *cli, const ac_redact_rules *rules, const char *file, pass *p)
{
    if (!redaction_is_clean(&p->leaks, file)) {
        ac_output_abort(p->output);
        fprintf(
            stderr,
            "nothing was written; --remove NAME takes out what stands below a name, --off RULE switches a "
            "rule off\n");
        return 1;
    }
    if (!p->output) {
        return 0;
    }
    const ac_json *about =
        ac_json_set(cli->arena, NULL, AC_STR("redaction"), ac_redact_rules_describe(cli->arena, rules));
    ac_output_write(p->output, ac_har_tail(cli->arena, about));
    return ac_output_close(p->output, &cli->err) ? 0 : -1;
}

static int redact_file(cli_context *cli, const redact_settings *s, const char *file,
                       const ac_redact_rules *rules, ac_redactor *redactor)
{
    pass p = {.redactor = redactor, .leaks_arena = cli->arena};
    if (!ac_recording_read(file, learn, redactor, &cli->err) || !write_head(cli, s, &p)) {
        return -1;
    }
    if (!ac_recording_read(file, take, &p, &cli->err)) {
        ac_output_abort(p.output);
        return -1;
    }
    tell_counts(redactor, p.records);
    if (s->preview) {
        redaction_tell_values(cli, redactor);
    }
    return finish(cli, rules, file, &p);
}

static int redact(cli_context *cli, void *settings, ac_strs arguments)
{
    const redact_settings *s = settings;
    cli_suite suite;
    ac_redact_rules *rules;
    ac_redactor *redactor;
    if (arguments.count != 1) {
        ac_fail(&cli->err, AC_ERR_USAGE, "redact takes one recording: a journal or a HAR");
        return -1;
    }
    if (!suite_load(cli, s->cases, &suite)) {
        return -1;
    }
    int code = -1;
    if (redaction_open(cli, suite.corpus, &s->redaction, &rules, &redactor)) {
        code = redact_file(cli, s, ac_str_z(cli->arena, arguments.items[0]), rules, redactor);
        ac_redactor_free(redactor);
        ac_redact_rules_free(rules);
    }
    suite_free(&suite);
    return code;
}

const cli_command command_redact = {
    "redact",
    "[OPTION…] RECORDING",
    "take identifiers out of a recording",
    "Secrets are taken out again, identifiers become pseudonyms by rules, and a last scan looks for what "
    "still\n"
    "looks like a secret: then nothing is written, and the exit code is 1. The recording itself stays as it "
    "is.",
    redact_options,
    sizeof(redact_settings),
    redact,
};
