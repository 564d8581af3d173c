#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/options.h"

const cli_command *const commands[] = {
    &command_run,   &command_list,   &command_show,     &command_lint,    &command_mock,
    &command_sign,  &command_report, &command_selftest, &command_audit,   &command_driver,
    &command_drift, &command_record, &command_redact,   &command_promote, NULL};

/* Exit codes: 0 conforms, 1 findings, then by the kind of error. */
static int exit_code(ac_err_kind kind)
{
    static const int codes[] = {
        [AC_ERR_NONE] = 4, [AC_ERR_USAGE] = 2, [AC_ERR_JUDGE] = 3, [AC_ERR_INTERNAL] = 4, [AC_ERR_DATA] = 2};
    return codes[kind];
}

static void print_usage(void)
{
    printf("Usage: accord COMMAND [OPTION…] [ARGUMENT…]\n\n"
           "Checks that a cloud API does what its documentation says.\n\nCommands:\n");
    for (size_t i = 0; commands[i]; i++) {
        printf("  %-8s %s\n", commands[i]->name, commands[i]->summary);
    }
    printf("\naccord COMMAND --help tells more. Exit codes: 0 conforms, 1 findings, 2 usage or invalid\n"
           "case files, 3 could not judge, 4 internal, 130 interrupted.\n");
}

static const cli_command *find_command(const char *name)
{
    for (size_t i = 0; commands[i]; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static int unknown_command(const char *name)
{
    ac_str known[AC_COUNT(commands)];
    size_t count = 0;
    for (; commands[count]; count++) {
        known[count] = ac_str_c(commands[count]->name);
    }
    ac_str near = ac_suggest(ac_str_c(name), known, count);
    if (near.n > 0) {
        fprintf(stderr, "accord: unknown command \"%s\"; did you mean \"%.*s\"?\n", name, AC_STR_FMT(near));
    } else {
        fprintf(stderr, "accord: unknown command \"%s\" (accord --help lists them)\n", name);
    }
    return 2;
}

static int run_command(const cli_command *chosen, int argc, char **argv)
{
    cli_context cli = {.arena = ac_arena_new()};
    void *settings = ac_arena_alloc(cli.arena, chosen->settings_size);
    ac_strs arguments;
    bool help = false;
    int code = -1;
    if (options_parse(&cli, chosen, argc, argv, settings, &arguments, &help)) {
        if (help) {
            options_print_help(chosen);
            code = 0;
        } else {
            code = chosen->run(&cli, settings, arguments);
        }
    }
    if (code < 0) {
        fprintf(stderr, "accord: %s\n", cli.err.text);
        code = exit_code(cli.err.kind);
    }
    ac_arena_free(cli.arena);
    if (fflush(stdout) != 0) {
        fprintf(stderr, "accord: standard output: %s\n", strerror(errno));
        return code == 0 ? 4 : code;
    }
    return code;
}

int main(int argc, char **argv)
{
    /* A closed pipe is an error of the write, told like others, not the end of the program. */
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        print_usage();
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage();
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("accord %s\n", ACCORD_VERSION);
        return 0;
    }
    const cli_command *chosen = find_command(argv[1]);
    return chosen ? run_command(chosen, argc - 2, argv + 2) : unknown_command(argv[1]);
}
