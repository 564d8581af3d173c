#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/common.h"
#include "cli/contradicted.h"
#include "cli/ledger.h"

typedef struct drift_settings {
    ac_str target, cases, out, format;
    bool documentation, dates;
    cli_fixed fixed;
} drift_settings;

static const cli_option drift_options[] = {
    {"target", 'T', OPTION_TEXT, offsetof(drift_settings, target), "NAME",
     "add: what the results were made against, where the stream does not say it well"},
    {"documentation", 0, OPTION_FLAG, offsetof(drift_settings, documentation), NULL,
     "add: also what the sources of the contracts say against each other"},
    {"cases", 0, OPTION_TEXT, offsetof(drift_settings, cases), "DIR",
     "use the contracts of DIR, not the built-in ones"},
    {"out", 0, OPTION_TEXT, offsetof(drift_settings, out), "DIR", "render: the folder for the pages"},
    {"format", 0, OPTION_TEXT, offsetof(drift_settings, format), "FORMAT",
     "render: markdown (default) or html"},
    {"dates", 0, OPTION_FLAG, offsetof(drift_settings, dates), NULL,
     "render: also when each was seen, and what is no longer seen"},
    {"clock", 0, OPTION_TEXT, offsetof(drift_settings, fixed.clock), "TIME",
     "add: the time of what --documentation adds: 2026-01-15T08:30:45Z"},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

/* ---- add ---- */

static bool add_documentation(cli_context *cli, const drift_settings *s, ac_drift *drift)
{
    cli_suite suite;
    ac_env env;
    if (!fixed_env(cli, &s->fixed, &env) || !suite_load(cli, s->cases, &suite)) {
        return false;
    }
    ac_drift_look_at(drift, suite.corpus, ac_env_now_ms(&env));
    suite_free(&suite);
    return true;
}

/* A journal or a HAR. */
static bool is_recording(ac_str path)
{
    return ac_str_ends(path, AC_STR(".journal")) || ac_str_ends(path, AC_STR(".har"));
}

static bool add_recording(cli_context *cli, const drift_settings *s, const ac_listener *listener, ac_str path)
{
    cli_suite suite;
    ac_env env;
    if (!fixed_env(cli, &s->fixed, &env) || !suite_load(cli, s->cases, &suite)) {
        return false;
    }
    bool ok =
        contradicted_tell(suite.corpus, ac_str_z(cli->arena, path), ac_env_now_ms(&env), listener, &cli->err);
    suite_free(&suite);
    return ok;
}

static bool add_all(cli_context *cli, const drift_settings *s, ac_drift *drift, ac_strs results)
{
    for (size_t i = 0; i < results.count; i++) {
        const ac_listener listener = ac_drift_listener(drift, s->target);
        ac_str path = results.items[i];
        bool ok = is_recording(path) ? add_recording(cli, s, &listener, path)
                                     : ac_result_play(ac_str_z(cli->arena, path), &listener, &cli->err);
        if (!ok) {
            return false;
        }
    }
    return !s->documentation || add_documentation(cli, s, drift);
}

static bool add(cli_context *cli, const drift_settings *s, ac_strs arguments)
{
    if (arguments.count == 0 || (arguments.count == 1 && !s->documentation)) {
        return ac_fail(&cli->err, AC_ERR_USAGE,
                       "drift add needs a ledger, and results streams, recordings or --documentation");
    }
    const char *path = ac_str_z(cli->arena, arguments.items[0]);
    ac_drift *drift = ledger_open(cli, path);
    bool ok = drift && add_all(cli, s, drift, (ac_strs){arguments.items + 1, arguments.count - 1}) &&
              ledger_save(cli, drift, path);
    ac_drift_free(drift);
    return ok;
}

/* ---- render ---- */

typedef struct folder {
    cli_context *cli;
    ac_str path;
    size_t pages;
} folder;

static bool put_page(void *context, ac_str name, ac_str text, ac_err *err)
{
    folder *f = context;
    (void)err; /* of the same command */
    ac_str path = ac_str_printf(f->cli->arena, "%.*s/%.*s", AC_STR_FMT(f->path), AC_STR_FMT(name));
    f->pages++;
    return ledger_write_file(f->cli, path.p, text);
}

static bool read_format(cli_context *cli, ac_str name, ac_drift_format *out)
{
    for (size_t i = 0; ac_drift_format_names[i]; i++) {
        if (!name.p || ac_str_is(name, ac_drift_format_names[i])) {
            *out = (ac_drift_format)i;
            return true;
        }
    }
    return ac_fail(&cli->err, AC_ERR_USAGE, "--format: markdown or html is expected, not \"%.*s\"",
                   AC_STR_FMT(name));
}

static bool make_folder(cli_context *cli, ac_str path)
{
    const char *name = ac_str_z(cli->arena, path);
    return mkdir(name, 0777) == 0 || errno == EEXIST ||
           ac_fail(&cli->err, AC_ERR_USAGE, "%s: %s", name, strerror(errno));
}

static bool render(cli_context *cli, const drift_settings *s, ac_strs arguments)
{
    folder f = {.cli = cli, .path = s->out};
    ac_drift_pages pages = {.dates = s->dates, .put = put_page, .context = &f};
    if (arguments.count != 1 || !s->out.p) {
        return ac_fail(&cli->err, AC_ERR_USAGE, "drift render needs one ledger and --out DIR");
    }
    if (!read_format(cli, s->format, &pages.format)) {
        return false;
    }
    ac_drift *drift = ledger_read(cli, ac_str_z(cli->arena, arguments.items[0]));
    bool ok = drift && make_folder(cli, s->out) && ac_drift_render(drift, &pages, &cli->err);
    ac_drift_free(drift);
    if (ok) {
        printf("%.*s: %zu pages\n", AC_STR_FMT(s->out), f.pages);
    }
    return ok;
}

static const struct {
    const char *name;
    bool (*run)(cli_context *cli, const drift_settings *s, ac_strs arguments);
} verbs[] = {{"add", add}, {"render", render}};

static int run_drift(cli_context *cli, void *settings, ac_strs arguments)
{
    for (size_t i = 0; arguments.count > 0 && i < AC_COUNT(verbs); i++) {
        if (ac_str_is(arguments.items[0], verbs[i].name)) {
            ac_strs rest = {arguments.items + 1, arguments.count - 1};
            return verbs[i].run(cli, settings, rest) ? 0 : -1;
        }
    }
    ac_fail(&cli->err, AC_ERR_USAGE, "drift needs \"add\" or \"render\"");
    return -1;
}

const cli_command command_drift = {
    "drift",
    "add LEDGER [RESULTS…] [OPTION…] | render LEDGER --out DIR [OPTION…]",
    "keep the ledger of divergences, and make pages of it",
    "add reads results streams and merges what they found, notes included, into a ledger that it makes "
    "where\n"
    "there is none. render writes a page for each operation and an index.",
    drift_options,
    sizeof(drift_settings),
    run_drift,
};
