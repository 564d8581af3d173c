#include <stdio.h>

#include "cli/common.h"

typedef struct show_settings {
    cli_choice choice;
} show_settings;

static const cli_option show_options[] = {
    CHOICE_OPTIONS(show_settings),
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

static void show_case(cli_context *cli, const ac_case *c)
{
    static const char *const origins[] = {"derived from the contract", "written by hand", "recorded"};
    ac_buf text;
    ac_buf_init(&text, 16 << 20);
    printf("%.*s\n  %.*s\n", AC_STR_FMT(c->id), AC_STR_FMT(c->title));
    printf("  %s, %s\n  file: %s\n", origins[c->origin], ac_certainty_name(c->certainty), c->file);
    for (size_t i = 0; i < c->cite.count; i++) {
        ac_strs one = {&c->cite.items[i], 1};
        printf("  %s: %.*s\n", ac_source_kind_name(ac_cite_kind(c->contract, one)),
               AC_STR_FMT(ac_cite_describe(cli->arena, c->contract, c->cite.items[i])));
    }
    ac_json_write_pretty(&text, ac_case_describe(cli->arena, c), 0);
    printf("%.*s\n\n", AC_STR_FMT(ac_buf_str(&text)));
    ac_buf_done(&text);
}

static int show(cli_context *cli, void *settings, ac_strs arguments)
{
    const show_settings *s = settings;
    cli_suite suite;
    const ac_case **cases;
    size_t count;
    if (arguments.count == 0) {
        ac_fail(&cli->err, AC_ERR_USAGE,
                "show needs the id of a case, or a pattern (accord list prints the ids)");
        return -1;
    }
    if (!suite_load(cli, s->choice.cases, &suite)) {
        return -1;
    }
    bool ok = suite_choose(cli, &suite, &s->choice, arguments, true, &cases, &count);
    for (size_t i = 0; ok && i < count; i++) {
        show_case(cli, cases[i]);
    }
    suite_free(&suite);
    return ok ? 0 : -1;
}

const cli_command command_show = {
    "show", "PATTERN… [OPTION…]", "show what cases send and expect, and what that rests on",
    NULL,   show_options,         sizeof(show_settings),
    show,
};
