#include "cli/options.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void append(cli_context *cli, ac_strs *list, ac_str text)
{
    ac_str *grown = AC_NEW_ARRAY(cli->arena, list->count + 1, ac_str);
    if (list->count > 0) {
        memcpy(grown, list->items, list->count * sizeof *grown);
    }
    grown[list->count] = text;
    *list = (ac_strs){grown, list->count + 1};
}

static bool bad_value(cli_context *cli, const cli_option *o, const char *expected, ac_str value)
{
    return ac_fail(&cli->err, AC_ERR_USAGE, "--%s: %s is expected, not \"%.*s\"", o->name, expected,
                   AC_STR_FMT(value));
}

static bool parse_duration(ac_str text, int64_t *ms)
{
    static const struct {
        const char *unit;
        int64_t factor;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    for (size_t i = 0; i < AC_COUNT(units); i++) {
        ac_str unit = ac_str_c(units[i].unit);
        int64_t number;
        if (ac_str_ends(text, unit) && ac_str_int(ac_str_sub(text, 0, text.n - unit.n), &number) &&
            number >= 0 && number <= 1000000000) {
            *ms = number * units[i].factor;
            return true;
        }
    }
    return false;
}

static bool set_value(cli_context *cli, const cli_option *o, void *place, ac_str value)
{
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)place = true;
        return true;
    case OPTION_TEXT:
        *(ac_str *)place = value;
        return true;
    case OPTION_PAIRS:
        if (ac_str_find_char(value, '=') == AC_NOT_FOUND) {
            return bad_value(cli, o, "name=value", value);
        }
        append(cli, place, value);
        return true;
    case OPTION_TEXTS:
        append(cli, place, value);
        return true;
    case OPTION_COUNT:
    case OPTION_NUMBER: {
        int64_t least = o->kind == OPTION_COUNT ? 1 : 0;
        int64_t *number = place;
        bool fits = ac_str_int(value, number) && *number >= least && *number <= 1000000;
        return fits || bad_value(cli, o, least == 1 ? "a number from 1" : "a number", value);
    }
    case OPTION_DURATION:
        return parse_duration(value, place) ||
               bad_value(cli, o, "a duration such as 500ms, 10s or 2m", value);
    }
    return false;
}

static const cli_option *find_long(const cli_command *command, ac_str name)
{
    for (const cli_option *o = command->options; o->name; o++) {
        if (ac_str_is(name, o->name)) {
            return o;
        }
    }
    return NULL;
}

static const cli_option *find_short(const cli_command *command, char letter)
{
    for (const cli_option *o = command->options; o->name; o++) {
        if (o->letter && o->letter == letter) {
            return o;
        }
    }
    return NULL;
}

static bool unknown_option(cli_context *cli, const cli_command *command, ac_str name)
{
    ac_str known[48];
    size_t count = 0;
    for (const cli_option *o = command->options; o->name && count < AC_COUNT(known); o++) {
        known[count++] = ac_str_c(o->name);
    }
    ac_str near = ac_suggest(name, known, count);
    if (near.n > 0) {
        return ac_fail(&cli->err, AC_ERR_USAGE, "unknown option --%.*s; did you mean --%.*s?",
                       AC_STR_FMT(name), AC_STR_FMT(near));
    }
    return ac_fail(&cli->err, AC_ERR_USAGE, "unknown option --%.*s (accord %s --help lists them)",
                   AC_STR_FMT(name), command->name);
}

/* The words of the command line, one at a time. */
typedef struct words {
    char **items;
    int count, at;
} words;

static bool take_value(cli_context *cli, const cli_option *o, words *w, ac_str attached, ac_str *value)
{
    if (o->kind == OPTION_FLAG) {
        *value = (ac_str){NULL, 0};
        return !attached.p || ac_fail(&cli->err, AC_ERR_USAGE, "--%s takes no value", o->name);
    }
    if (attached.p) {
        *value = attached;
        return true;
    }
    if (w->at == w->count) {
        return ac_fail(&cli->err, AC_ERR_USAGE, "--%s needs a value (%s)", o->name, o->argument);
    }
    *value = ac_str_c(w->items[w->at++]);
    return true;
}

static bool parse_option(cli_context *cli, const cli_command *command, words *w, ac_str word, void *settings)
{
    ac_str attached = {NULL, 0};
    const cli_option *o;
    if (word.p[1] == '-') {
        ac_str name = ac_str_split(ac_str_sub(word, 2, word.n), '=', &attached);
        o = find_long(command, name);
        if (!o) {
            return unknown_option(cli, command, name);
        }
    } else {
        o = find_short(command, word.p[1]);
        if (!o) {
            return ac_fail(&cli->err, AC_ERR_USAGE, "unknown option -%c (accord %s --help lists them)",
                           word.p[1], command->name);
        }
        attached = word.n > 2 ? ac_str_sub(word, 2, word.n) : attached;
    }
    ac_str value = {NULL, 0};
    return take_value(cli, o, w, attached, &value) && set_value(cli, o, (char *)settings + o->offset, value);
}

bool options_parse(cli_context *cli, const cli_command *command, int argc, char **argv, void *settings,
                   ac_strs *arguments, bool *help)
{
    words w = {argv, argc, 0};
    bool only_arguments = false;
    *arguments = (ac_strs){NULL, 0};
    *help = false;
    while (w.at < w.count) {
        ac_str word = ac_str_c(w.items[w.at++]);
        if (only_arguments || word.n < 2 || word.p[0] != '-') {
            append(cli, arguments, word);
        } else if (ac_str_is(word, "--")) {
            only_arguments = true;
        } else if (ac_str_is(word, "--help") || ac_str_is(word, "-h")) {
            *help = true;
            return true;
        } else if (!parse_option(cli, command, &w, word, settings)) {
            return false;
        }
    }
    return true;
}

static void print_option(const cli_option *o)
{
    char left[64];
    const char *value = o->argument ? o->argument : "";
    const char *space = o->argument ? " " : "";
    if (o->letter) {
        snprintf(left, sizeof left, "-%c, --%s%s%s", o->letter, o->name, space, value);
    } else {
        snprintf(left, sizeof left, "    --%s%s%s", o->name, space, value);
    }
    printf("  %-30s %s\n", left, o->help);
}

void options_print_help(const cli_command *command)
{
    printf("Usage: accord %s %s\n\n%s.\n", command->name, command->arguments, command->summary);
    if (command->about) {
        printf("\n%s\n", command->about);
    }
    printf("\nOptions:\n");
    for (const cli_option *o = command->options; o->name; o++) {
        print_option(o);
    }
    printf("  %-30s %s\n", "-h, --help", "print this help");
}
