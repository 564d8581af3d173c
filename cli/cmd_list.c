#include <stdio.h>

#include "cli/common.h"

typedef struct list_settings {
    cli_choice choice;
    bool long_form, json, operations, clients;
} list_settings;

static const cli_option list_options[] = {
    CHOICE_OPTIONS(list_settings),
    {"long", 'l', OPTION_FLAG, offsetof(list_settings, long_form), NULL, "with certainty, source and title"},
    {"operations", 0, OPTION_FLAG, offsetof(list_settings, operations), NULL, "list operations, not cases"},
    {"clients", 0, OPTION_FLAG, offsetof(list_settings, clients), NULL, "also the cases for SDK targets"},
    {"json", 0, OPTION_FLAG, offsetof(list_settings, json), NULL, "one JSON object a line"},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

static void put_member(ac_buf *out, const char *key, ac_str value)
{
    ac_buf_printf(out, "%s\"%s\":", out->n > 1 ? "," : "", key);
    ac_json_write_string(out, value);
}

static void print_json(const ac_case *c)
{
    ac_buf line;
    ac_buf_init(&line, 1 << 20);
    ac_buf_add_char(&line, '{');
    put_member(&line, "id", c->id);
    put_member(&line, "operation", c->contract->operation);
    put_member(&line, "group", c->group);
    put_member(&line, "title", c->title);
    put_member(&line, "certainty", ac_str_c(ac_certainty_name(c->certainty)));
    put_member(&line, "source", ac_str_c(ac_source_kind_name((ac_source_kind)c->source)));
    if (c->code.p) {
        put_member(&line, "code", c->code);
    }
    if (c->state.p) {
        put_member(&line, "state", c->state);
    }
    ac_buf_add_c(&line, "}\n");
    fwrite(line.p, 1, line.n, stdout);
    ac_buf_done(&line);
}

static void print_case(const ac_case *c, const list_settings *s)
{
    if (s->json) {
        print_json(c);
    } else if (s->long_form) {
        printf("%-6s %-10s %.*s\n                  %.*s\n", ac_certainty_name(c->certainty),
               ac_source_kind_name((ac_source_kind)c->source), AC_STR_FMT(c->id), AC_STR_FMT(c->title));
    } else {
        printf("%.*s\n", AC_STR_FMT(c->id));
    }
}

static void print_operations(const ac_case *const *cases, size_t count)
{
    const ac_contract *last = NULL;
    for (size_t i = 0; i < count; i++) {
        if (cases[i]->contract != last) {
            last = cases[i]->contract;
            printf("%.*s\n", AC_STR_FMT(last->operation));
        }
    }
}

static int list(cli_context *cli, void *settings, ac_strs arguments)
{
    const list_settings *s = settings;
    cli_suite suite;
    const ac_case **cases;
    size_t count;
    if (!suite_load(cli, s->choice.cases, &suite)) {
        return -1;
    }
    bool ok = suite_choose(cli, &suite, &s->choice, arguments, s->clients, &cases, &count);
    if (ok && s->operations) {
        print_operations(cases, count);
    }
    for (size_t i = 0; ok && !s->operations && i < count; i++) {
        print_case(cases[i], s);
    }
    suite_free(&suite);
    return ok ? 0 : -1;
}

const cli_command command_list = {
    "list", "[PATTERN…] [OPTION…]", "list the cases", NULL, list_options, sizeof(list_settings), list,
};
