#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/common.h"
#include "mock/mock.h"
#include "mutant/mutant.h"
#include "recorder/playback.h"

typedef struct mock_settings {
    ac_str cases, listen, mutant, tls_cert, tls_key, recording;
    cli_fixed fixed;
    int64_t transition_ms, threads;
    bool no_signatures, allow_any, list_mutants;
} mock_settings;

static const cli_option mock_options[] = {
    {"listen", 'l', OPTION_TEXT, offsetof(mock_settings, listen), "ADDRESS:PORT",
     "where to listen (127.0.0.1:0, any free port)"},
    {"cases", 0, OPTION_TEXT, offsetof(mock_settings, cases), "DIR",
     "serve the contracts of DIR, not the built-in ones"},
    {"recording", 0, OPTION_TEXT, offsetof(mock_settings, recording), "FILE",
     "serve this recording, a journal or a HAR, not the contracts"},
    {"transition", 0, OPTION_DURATION, offsetof(mock_settings, transition_ms), "TIME",
     "time in each asynchronous state (3ms)"},
    {"threads", 0, OPTION_COUNT, offsetof(mock_settings, threads), "N", "worker threads (1)"},
    {"tls-cert", 0, OPTION_TEXT, offsetof(mock_settings, tls_cert), "FILE",
     "serve HTTPS with this certificate (PEM; needs --tls-key)"},
    {"tls-key", 0, OPTION_TEXT, offsetof(mock_settings, tls_key), "FILE", "private key of --tls-cert (PEM)"},
    {"no-signatures", 0, OPTION_FLAG, offsetof(mock_settings, no_signatures), NULL,
     "do not check signatures"},
    {"allow-any", 0, OPTION_FLAG, offsetof(mock_settings, allow_any), NULL,
     "allow addresses that are not loopback"},
    {"mutant", 0, OPTION_TEXT, offsetof(mock_settings, mutant), "NAME",
     "deviate from the contracts in this one thing"},
    {"list-mutants", 0, OPTION_FLAG, offsetof(mock_settings, list_mutants), NULL,
     "print the names of mutants"},
    FIXED_OPTIONS(mock_settings),
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

enum { PEM_BYTES_MAX = 256 * 1024 };

static bool read_pem(cli_context *cli, ac_str path, const char **out)
{
    ac_str text = ac_file_read(cli->arena, ac_str_z(cli->arena, path), PEM_BYTES_MAX, &cli->err);
    *out = text.p ? ac_str_z(cli->arena, text) : NULL;
    return text.p != NULL;
}

static bool read_tls(cli_context *cli, const mock_settings *s, ac_server_options *out)
{
    if (!s->tls_cert.p != !s->tls_key.p) {
        return ac_fail(&cli->err, AC_ERR_USAGE, "--tls-cert and --tls-key go together");
    }
    return !s->tls_cert.p ||
           (read_pem(cli, s->tls_cert, &out->tls_cert) && read_pem(cli, s->tls_key, &out->tls_key));
}

static bool mock_options_of(cli_context *cli, const mock_settings *s, ac_mock_options *out)
{
    *out = ac_mock_defaults;
    out->check_signatures = !s->no_signatures;
    out->server.allow_any = s->allow_any;
    out->server.threads =
        s->threads > 0 ? (unsigned)(s->threads < 64 ? s->threads : 64) : out->server.threads;
    out->transition_ms = s->transition_ms > 0 ? s->transition_ms : out->transition_ms;
    return listen_address(cli, s->listen, &out->server) && read_tls(cli, s, &out->server) &&
           fixed_env(cli, &s->fixed, &out->env);
}

/* SIGINT and SIGTERM are blocked before the server's threads start, so that they leave them to sigwait. */
static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigprocmask(SIG_BLOCK, set, NULL);
}

static void wait_for_signal(const sigset_t *set)
{
    int number;
    sigwait(set, &number);
}

static void tell(const ac_mock *server, const ac_mutant *mutant)
{
    printf("accord mock: listening on %s\nkeys: any id that begins with %s, secret %s\nstates: POST "
           "%s/_accord/state\n",
           ac_mock_url(server), ac_mock_key_prefix, ac_mock_secret, ac_mock_url(server));
    if (mutant) {
        printf("mutant: %s\n", mutant->kind->description);
    }
    fflush(stdout);
}

/* mutant may be NULL. */
static int serve(cli_context *cli, const ac_corpus *corpus, const ac_mock_options *options,
                 const ac_mutant *mutant)
{
    sigset_t set;
    block_signals(&set);
    ac_mock *server = ac_mock_start(corpus, options, &cli->err);
    if (!server) {
        return -1;
    }
    tell(server, mutant);
    wait_for_signal(&set);
    ac_mock_stop(server);
    return 0;
}

/* ---- recordings ---- */

static void tell_miss(void *context, ac_str line)
{
    (void)context;
    fprintf(stderr, "accord mock: %.*s\n", AC_STR_FMT(line));
}

static int serve_playback(cli_context *cli, ac_playback *playback, size_t count,
                          const ac_mock_options *options)
{
    sigset_t set;
    block_signals(&set);
    ac_server *server = ac_server_start(&options->server, ac_playback_answer, playback, &cli->err);
    if (!server) {
        return -1;
    }
    printf("accord mock: listening on %s\nplayback of %zu exchanges; keys: any\n", ac_server_url(server),
           count);
    fflush(stdout);
    wait_for_signal(&set);
    ac_server_stop(server);
    return 0;
}

static int serve_recording(cli_context *cli, const mock_settings *s, const cli_suite *suite,
                           const ac_mock_options *options)
{
    ac_recording recording;
    if (s->mutant.p || s->list_mutants) {
        ac_fail(&cli->err, AC_ERR_USAGE, "--recording and --mutant: a recording has no mutants");
        return -1;
    }
    if (!ac_recording_load(cli->arena, ac_str_z(cli->arena, s->recording), NULL, &recording, &cli->err)) {
        return -1;
    }
    ac_playback *playback = ac_playback_new(suite->corpus, &recording, tell_miss, NULL);
    int code = serve_playback(cli, playback, recording.count, options);
    ac_playback_free(playback);
    return code;
}

/* ---- mutants ---- */

static int list_mutants(const ac_mutants *mutants)
{
    for (size_t i = 0; i < mutants->count; i++) {
        const ac_mutant *mutant = &mutants->items[i];
        printf("%.*s  %s\n", AC_STR_FMT(mutant->name), mutant->kind->description);
    }
    return 0;
}

static bool unknown_mutant(cli_context *cli, const ac_mutants *mutants, ac_str name)
{
    ac_str *names = AC_NEW_ARRAY(cli->arena, mutants->count, ac_str);
    for (size_t i = 0; i < mutants->count; i++) {
        names[i] = mutants->items[i].name;
    }
    ac_str near = ac_suggest(name, names, mutants->count);
    if (near.n > 0) {
        return ac_fail(&cli->err, AC_ERR_USAGE, "unknown mutant \"%.*s\"; did you mean \"%.*s\"?",
                       AC_STR_FMT(name), AC_STR_FMT(near));
    }
    return ac_fail(&cli->err, AC_ERR_USAGE,
                   "unknown mutant \"%.*s\" (accord mock --list-mutants prints them)", AC_STR_FMT(name));
}

static int serve_mutant(cli_context *cli, const mock_settings *s, const cli_suite *suite,
                        const ac_mock_options *options)
{
    ac_mutants mutants;
    ac_mutants_make(cli->arena, suite->corpus, &mutants);
    if (s->list_mutants) {
        return list_mutants(&mutants);
    }
    const ac_mutant *mutant = ac_mutant_find(&mutants, s->mutant);
    if (!mutant) {
        unknown_mutant(cli, &mutants, s->mutant);
        return -1;
    }
    ac_mock_options deviating = *options;
    deviating.deviation = &mutant->deviation;
    return serve(cli, ac_mutant_corpus(cli->arena, suite->corpus, mutant), &deviating, mutant);
}

static int mock(cli_context *cli, void *settings, ac_strs arguments)
{
    const mock_settings *s = settings;
    cli_suite suite;
    ac_mock_options options;
    if (arguments.count > 0) {
        ac_fail(&cli->err, AC_ERR_USAGE, "mock takes no arguments (--listen ADDRESS:PORT)");
        return -1;
    }
    if (!mock_options_of(cli, s, &options) || !suite_load(cli, s->cases, &suite)) {
        return -1;
    }
    bool mutants = s->list_mutants || s->mutant.p;
    int code = s->recording.p ? serve_recording(cli, s, &suite, &options)
               : mutants      ? serve_mutant(cli, s, &suite, &options)
                              : serve(cli, suite.corpus, &options, NULL);
    suite_free(&suite);
    return code;
}

const cli_command command_mock = {
    "mock", "[OPTION…]",  "serve the contracts: the built-in mock for anyone",
    NULL,   mock_options, sizeof(mock_settings),
    mock,
};
