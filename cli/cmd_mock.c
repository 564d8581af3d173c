#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/common.h"
#include "mock/mock.h"

typedef struct mock_settings {
    ac_str cases, listen;
    cli_fixed fixed;
    int64_t transition_ms, threads;
    bool no_signatures, allow_any;
} mock_settings;

static const cli_option mock_options[] = {
    {"listen", 'l', OPTION_TEXT, offsetof(mock_settings, listen), "ADDRESS:PORT",
     "where to listen (127.0.0.1:0, any free port)"},
    {"cases", 0, OPTION_TEXT, offsetof(mock_settings, cases), "DIR",
     "serve the contracts of DIR, not the built-in ones"},
    {"transition", 0, OPTION_DURATION, offsetof(mock_settings, transition_ms), "TIME",
     "time in each asynchronous state (3ms)"},
    {"threads", 0, OPTION_COUNT, offsetof(mock_settings, threads), "N", "worker threads (1)"},
    {"no-signatures", 0, OPTION_FLAG, offsetof(mock_settings, no_signatures), NULL,
     "do not check signatures"},
    {"allow-any", 0, OPTION_FLAG, offsetof(mock_settings, allow_any), NULL,
     "allow addresses that are not loopback"},
    FIXED_OPTIONS(mock_settings),
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

static bool read_address(cli_context *cli, ac_str text, ac_server_options *out)
{
    if (!text.p) {
        return true;
    }
    size_t colon = text.n;
    while (colon > 0 && text.p[colon - 1] != ':') {
        colon--;
    }
    int64_t port;
    ac_str host = ac_str_sub(text, 0, colon > 0 ? colon - 1 : 0);
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
        host = ac_str_sub(host, 1, host.n - 2);
    }
    if (host.n == 0 || !ac_str_int(ac_str_sub(text, colon, text.n), &port) || port < 0 || port > 65535) {
        return ac_fail(&cli->err, AC_ERR_USAGE,
                       "--listen: ADDRESS:PORT such as 127.0.0.1:8085 is expected, not \"%.*s\"",
                       AC_STR_FMT(text));
    }
    out->host = ac_str_z(cli->arena, host);
    out->port = (uint16_t)port;
    return true;
}

static bool mock_options_of(cli_context *cli, const mock_settings *s, ac_mock_options *out)
{
    *out = ac_mock_defaults;
    out->check_signatures = !s->no_signatures;
    out->server.allow_any = s->allow_any;
    out->server.threads =
        s->threads > 0 ? (unsigned)(s->threads < 64 ? s->threads : 64) : out->server.threads;
    out->transition_ms = s->transition_ms > 0 ? s->transition_ms : out->transition_ms;
    return read_address(cli, s->listen, &out->server) && fixed_env(cli, &s->fixed, &out->env);
}

/* Until SIGINT or SIGTERM. */
static void wait_for_signal(const sigset_t *set)
{
    int number;
    sigwait(set, &number);
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
    /* Blocked before the server's threads start, so that they leave the signals to sigwait. */
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    ac_mock *server = ac_mock_start(suite.corpus, &options, &cli->err);
    if (server) {
        printf("accord mock: listening on %s\nkeys: any id that begins with %s, secret %s\nstates: POST "
               "%s/_accord/state\n",
               ac_mock_url(server), ac_mock_key_prefix, ac_mock_secret, ac_mock_url(server));
        fflush(stdout);
        wait_for_signal(&set);
        ac_mock_stop(server);
    }
    suite_free(&suite);
    return server ? 0 : -1;
}

const cli_command command_mock = {
    "mock", "[OPTION…]",  "serve the contracts: the built-in mock for anyone",
    NULL,   mock_options, sizeof(mock_settings),
    mock,
};
