#include "cli/redaction.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"

enum { PROFILE_BYTES_MAX = 1 << 20, LEAKS_SHOWN = 20, KNOWN_MAX = 16 };

static void add_known(ac_known_secrets *known, ac_str *items, ac_str value)
{
    if (value.n >= 8 && known->count < KNOWN_MAX) {
        items[known->count++] = value;
    }
}

/* What must never stand in an output, whoever put it into the recording. */
static ac_known_secrets known_secrets(cli_context *cli, const ac_json *profile)
{
    static const char *const variables[] = {"ALIBABA_CLOUD_ACCESS_KEY_ID",
                                            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                                            "ALIBABA_CLOUD_SECURITY_TOKEN",
                                            "VOLC_ACCESSKEY",
                                            "VOLC_SECRETKEY",
                                            "VOLC_SESSION_TOKEN"};
    static const char *const members[] = {"access_key_id", "access_key_secret", "security_token"};
    ac_str *items = AC_NEW_ARRAY(cli->arena, KNOWN_MAX, ac_str);
    ac_known_secrets known = {items, 0};
    for (size_t i = 0; i < AC_COUNT(variables); i++) {
        add_known(&known, items, ac_str_dup(cli->arena, ac_str_c(getenv(variables[i]))));
    }
    const ac_json *credentials = ac_json_get_c(profile, "credentials");
    for (size_t i = 0; i < AC_COUNT(members); i++) {
        add_known(&known, items, ac_json_text(ac_json_get_c(credentials, members[i])));
    }
    return known;
}

static bool read_profile(cli_context *cli, ac_str path, const ac_json **out)
{
    *out = NULL;
    if (!path.p) {
        return true;
    }
    const char *name = ac_str_z(cli->arena, path);
    ac_str text = ac_file_read(cli->arena, name, PROFILE_BYTES_MAX, &cli->err);
    if (!text.p) {
        return false;
    }
    *out = ac_json_parse(cli->arena, text, &ac_json_file_limits, &cli->err);
    if (!*out) {
        ac_err_prefix(&cli->err, AC_ERR_USAGE, "%s", name);
    }
    return *out != NULL;
}

bool redaction_open(cli_context *cli, const ac_corpus *corpus, const cli_redaction *choice,
                    ac_redact_rules **rules, ac_redactor **redactor)
{
    const ac_json *profile;
    if (!read_profile(cli, choice->profile, &profile)) {
        return false;
    }
    ac_redact_choice chosen = {.own = ac_json_get_c(profile, "redaction"),
                               .file = profile ? ac_str_z(cli->arena, choice->profile) : NULL,
                               .off = choice->off,
                               .remove = choice->remove};
    *rules = ac_redact_rules_new(corpus, &chosen, &cli->err);
    if (!*rules) {
        return false;
    }
    ac_known_secrets known = known_secrets(cli, profile);
    *redactor = ac_redactor_new(*rules, &known);
    return true;
}

bool redaction_is_clean(const ac_leaks *leaks, const char *file)
{
    for (size_t i = 0; i < leaks->count && i < LEAKS_SHOWN; i++) {
        const ac_leak *leak = &leaks->items[i];
        fprintf(stderr, "%s: %.*s: looks like a secret (%.*s): %.*s\n", file, AC_STR_FMT(leak->place),
                AC_STR_FMT(leak->rule), AC_STR_FMT(leak->hint));
    }
    if (leaks->count > LEAKS_SHOWN) {
        fprintf(stderr, "%s: … and %zu more\n", file, leaks->count - LEAKS_SHOWN);
    }
    return leaks->count == 0;
}

void redaction_tell_values(cli_context *cli, const ac_redactor *redactor)
{
    ac_redacted one;
    for (size_t at = 0; ac_redactor_at(redactor, &at, &one);) {
        ac_buf value;
        ac_buf_init(&value, 512);
        ac_buf_add_visible(&value, one.value);
        ac_str shown = ac_buf_take(&value, cli->arena);
        printf("%-24.*s %.*s -> %.*s (%llu times, first in exchange %llu, %.*s)\n", AC_STR_FMT(one.rule),
               AC_STR_FMT(shown), AC_STR_FMT(one.pseudonym), (unsigned long long)one.count,
               (unsigned long long)one.exchange, AC_STR_FMT(one.place));
    }
}

/* ---- preview ---- */

static bool learn(void *context, ac_arena *arena, const ac_record *record)
{
    (void)arena;
    ac_redactor_learn(context, record);
    return true;
}

static bool redact(void *context, ac_arena *arena, const ac_record *record)
{
    ac_record copy = *record;
    ac_redact(context, arena, &copy);
    return true;
}

bool redaction_preview(cli_context *cli, const ac_corpus *corpus, const cli_redaction *choice,
                       const char *path)
{
    ac_redact_rules *rules;
    ac_redactor *redactor;
    if (!redaction_open(cli, corpus, choice, &rules, &redactor)) {
        return false;
    }
    bool ok = ac_recording_read(path, learn, redactor, &cli->err) &&
              ac_recording_read(path, redact, redactor, &cli->err);
    if (ok) {
        redaction_tell_values(cli, redactor);
    }
    ac_redactor_free(redactor);
    ac_redact_rules_free(rules);
    return ok;
}
