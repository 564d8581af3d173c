#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/file.h"
#include "cli/common.h"
#include "cli/contradicted.h"
#include "cli/ledger.h"
#include "cli/redaction.h"
#include "cli/watch_drift.h"
#include "recorder/proxy.h"
#include "sign/throwaway.h"

typedef struct record_settings {
    ac_str upstream, profile, listen, out, sync, cases, ca_dir, upstream_ca, upstream_proxy, drift;
    ac_strs allow_hosts;
    int64_t timeout_ms, connections, body_limit;
    bool pass_through, tunnel_others, allow_any, print_ca, preview, no_drift;
} record_settings;

static const cli_option record_options[] = {
    {"upstream", 'u', OPTION_TEXT, offsetof(record_settings, upstream), "URL",
     "reverse proxy: send every request there"},
    {"profile", 'p', OPTION_TEXT, offsetof(record_settings, profile), "FILE",
     "take the real credentials, and endpoints by product, from a profile"},
    {"out", 'o', OPTION_TEXT, offsetof(record_settings, out), "DIR",
     "where the journal goes: a folder, or a file that ends in .journal (.)"},
    {"listen", 'l', OPTION_TEXT, offsetof(record_settings, listen), "ADDRESS:PORT",
     "where to listen (127.0.0.1:0, any free port)"},
    {"pass-through", 0, OPTION_FLAG, offsetof(record_settings, pass_through), NULL,
     "leave signatures alone: neither verify nor sign anew"},
    {"allow-host", 0, OPTION_TEXTS, offsetof(record_settings, allow_hosts), "PATTERN",
     "forward proxy: open this host, too (repeatable)"},
    {"tunnel-others", 0, OPTION_FLAG, offsetof(record_settings, tunnel_others), NULL,
     "forward proxy: let other hosts pass, unrecorded"},
    {"ca-dir", 0, OPTION_TEXT, offsetof(record_settings, ca_dir), "DIR",
     "folder of the local certificate authority"},
    {"print-ca", 0, OPTION_FLAG, offsetof(record_settings, print_ca), NULL,
     "print the certificate of the authority and end"},
    {"upstream-ca", 0, OPTION_TEXT, offsetof(record_settings, upstream_ca), "FILE",
     "trust these certificates (PEM) of upstreams, too"},
    {"upstream-proxy", 0, OPTION_TEXT, offsetof(record_settings, upstream_proxy), "URL",
     "reach upstreams through this proxy"},
    {"no-drift", 0, OPTION_FLAG, offsetof(record_settings, no_drift), NULL,
     "do not tell what contradicts the documentation"},
    {"sync", 0, OPTION_TEXT, offsetof(record_settings, sync), "HOW",
     "what an answered exchange outlives: process (the end of this one) or disk (a power cut)"},
    {"body-limit", 0, OPTION_COUNT, offsetof(record_settings, body_limit), "BYTES",
     "of each body, keep so much (8388608)"},
    {"timeout", 0, OPTION_DURATION, offsetof(record_settings, timeout_ms), "TIME",
     "longest silence of a client or upstream (60s)"},
    {"connections", 0, OPTION_COUNT, offsetof(record_settings, connections), "N", "clients at once (256)"},
    {"allow-any", 0, OPTION_FLAG, offsetof(record_settings, allow_any), NULL,
     "allow addresses that are not loopback"},
    {"preview", 0, OPTION_FLAG, offsetof(record_settings, preview), NULL,
     "at the end, print what redaction would replace"},
    {"drift", 0, OPTION_TEXT, offsetof(record_settings, drift), "LEDGER",
     "at the end, add what contradicts the documentation to this ledger"},
    {"cases", 0, OPTION_TEXT, offsetof(record_settings, cases), "DIR",
     "know products by the contracts of DIR, not the built-in ones"},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

/* What has to be closed at the end. */
typedef struct recording {
    cli_suite suite;
    ac_target *target;
    ac_ca *ca;
    ac_journal *journal;
    const char *path;
    ac_journal_found found;
} recording;

/* ---- settings ---- */

static bool read_url(cli_context *cli, const char *option, ac_str url)
{
    return !url.p || !ac_url_fault(url) ||
           ac_fail(&cli->err, AC_ERR_USAGE, "%s: a URL such as https://example.com is expected", option);
}

static bool read_sync(cli_context *cli, ac_str how, ac_journal_sync *out)
{
    *out = ac_str_is(how, "disk") ? AC_JOURNAL_DISK : AC_JOURNAL_PROCESS;
    return !how.p || ac_str_is(how, "disk") || ac_str_is(how, "process") ||
           ac_fail(&cli->err, AC_ERR_USAGE, "--sync: process or disk is expected, not \"%.*s\"",
                   AC_STR_FMT(how));
}

static bool read_limits(cli_context *cli, const record_settings *s, ac_proxy_options *out)
{
    static const int64_t body_max = 64 * 1024 * 1024, connections_max = 4096;
    if (s->body_limit > body_max || s->connections > connections_max ||
        (s->timeout_ms > 0 && s->timeout_ms < 1000)) {
        return ac_fail(&cli->err, AC_ERR_USAGE,
                       "--body-limit is at most %lld, --connections at most %lld, --timeout at least 1s",
                       (long long)body_max, (long long)connections_max);
    }
    out->keep_bytes = s->body_limit > 0 ? (size_t)s->body_limit : out->keep_bytes;
    out->connections = s->connections > 0 ? (unsigned)s->connections : out->connections;
    out->silence_ms = s->timeout_ms > 0 ? s->timeout_ms : out->silence_ms;
    return true;
}

/* The journal's path: a file named by its suffix, or one in a folder, which is made. */
static const char *journal_path(cli_context *cli, ac_str out)
{
    if (ac_str_ends(out, AC_STR(".journal"))) {
        return ac_str_z(cli->arena, out);
    }
    const char *dir = out.n > 0 ? ac_str_z(cli->arena, out) : ".";
    if (mkdir(dir, S_IRWXU) != 0 && errno != EEXIST) {
        ac_fail(&cli->err, AC_ERR_USAGE, "--out: %s: %s", dir, strerror(errno));
        return NULL;
    }
    return ac_str_z(cli->arena, ac_str_printf(cli->arena, "%s/recording.journal", dir));
}

/* Where settings of a person are kept. */
static const char *ca_folder(cli_context *cli, ac_str given)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    if (given.p) {
        return ac_str_z(cli->arena, given);
    }
    if (config && config[0] == '/') {
        return ac_str_z(cli->arena, ac_str_printf(cli->arena, "%s/accord", config));
    }
    if (home && home[0] == '/') {
        mkdir(ac_str_z(cli->arena, ac_str_printf(cli->arena, "%s/.config", home)), S_IRWXU);
        return ac_str_z(cli->arena, ac_str_printf(cli->arena, "%s/.config/accord", home));
    }
    ac_fail(&cli->err, AC_ERR_USAGE, "--ca-dir is needed: there is no HOME");
    return NULL;
}

static ac_ca *open_ca(cli_context *cli, const record_settings *s, const ac_env *env)
{
    const char *folder = ca_folder(cli, s->ca_dir);
    return folder ? ac_ca_open(folder, ac_env_now_ms(env), &cli->err) : NULL;
}

/* ---- what the proxy is told ---- */

static bool is_loopback(ac_str url)
{
    ac_str host;
    int64_t port;
    return ac_authority_read(ac_url_authority(url), &host, &port) &&
           (ac_str_eq_nocase(host, AC_STR("localhost")) || ac_str_starts(host, AC_STR("127.")) ||
            ac_str_is(host, "[::1]"));
}

static bool open_profile(cli_context *cli, const record_settings *s, recording *r, ac_proxy_options *out)
{
    if (ac_str_is(s->profile, "mock") || ac_str_find(s->profile, AC_STR("://")) != AC_NOT_FOUND) {
        return ac_fail(&cli->err, AC_ERR_USAGE,
                       "--profile: a profile file is expected (--upstream takes URLs)");
    }
    r->target =
        target_open(cli, &r->suite, s->profile, (ac_str){NULL, 0}, (ac_strs){NULL, 0}, &out->env, NULL);
    if (!r->target) {
        return false;
    }
    out->credentials = r->target->credentials;
    out->real_credentials = r->target->real_credentials;
    out->upstream_ca = r->target->ca_file;
    if (!s->upstream.p) {
        out->router.endpoints = r->target->endpoints;
        out->router.fallback = r->target->url;
    }
    return true;
}

/* Without real keys there is nothing to sign with for a real cloud. */
static bool check_keys(cli_context *cli, const record_settings *s, const ac_proxy_options *options)
{
    bool real = options->real_credentials || options->pass_through;
    return real || !s->upstream.p || is_loopback(s->upstream) ||
           ac_fail(&cli->err, AC_ERR_USAGE,
                   "--upstream is not this machine, and there are no real keys to sign with: give a "
                   "--profile that "
                   "has some, or --pass-through");
}

static bool fill_options(cli_context *cli, const record_settings *s, recording *r, ac_proxy_options *out)
{
    ac_server_options address = ac_server_defaults;
    if (!listen_address(cli, s->listen, &address) || !read_limits(cli, s, out) ||
        !read_url(cli, "--upstream", s->upstream) || !read_url(cli, "--upstream-proxy", s->upstream_proxy)) {
        return false;
    }
    out->env = ac_env_real();
    out->host = address.host;
    out->port = address.port;
    out->allow_any = s->allow_any;
    out->pass_through = s->pass_through;
    out->router = (ac_router){.upstream = s->upstream,
                              .corpus = r->suite.corpus,
                              .allow_hosts = s->allow_hosts,
                              .forward = !s->upstream.p,
                              .others = s->tunnel_others};
    out->credentials = (ac_credentials){.access_key_id = AC_STR(AC_THROWAWAY_KEY_PREFIX "0001"),
                                        .access_key_secret = ac_secret_of(AC_STR(AC_THROWAWAY_SECRET))};
    out->upstream_proxy = s->upstream_proxy.p ? ac_str_z(cli->arena, s->upstream_proxy) : NULL;
    if (s->profile.p && !open_profile(cli, s, r, out)) {
        return false;
    }
    out->upstream_ca = s->upstream_ca.p ? ac_str_z(cli->arena, s->upstream_ca) : out->upstream_ca;
    return check_keys(cli, s, out);
}

/* ---- running ---- */

static void tell(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "accord record: %s\n", line);
}

static void tell_found(const recording *r)
{
    if (r->found.torn_bytes > 0) {
        fprintf(stderr, "accord record: %s: the last record was torn; %llu bytes are cut off\n", r->path,
                (unsigned long long)r->found.torn_bytes);
    }
    if (r->found.damaged_bytes > 0) {
        fprintf(stderr, "accord record: %s: %llu bytes between records are damaged\n", r->path,
                (unsigned long long)r->found.damaged_bytes);
    }
}

static void tell_start(const recording *r, const ac_proxy *proxy, const ac_proxy_options *options)
{
    printf("accord record: listening on %s\n", ac_proxy_url(proxy));
    printf("journal: %s (%llu exchanges)\n", r->path, (unsigned long long)r->found.records);
    if (options->pass_through) {
        printf("keys: the client's own, signatures are passed through\n");
    } else {
        printf("keys: any id that begins with %s, secret %s; signed anew with %s\n", AC_THROWAWAY_KEY_PREFIX,
               AC_THROWAWAY_SECRET, options->real_credentials ? "those of the profile" : "the same");
    }
    if (r->ca) {
        printf("certificate authority: %s\n", ac_ca_path(r->ca));
    }
    fflush(stdout);
}

/* Each connection needs several descriptors. */
static void raise_limits(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of the write */
}

static int serve(cli_context *cli, const record_settings *s, recording *r, const ac_proxy_options *options)
{
    /* Blocked before the proxy's threads start, so that they leave the signals to sigwait. */
    sigset_t set;
    int number;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise_limits();
    drift_watch *watch = s->no_drift ? NULL : drift_watch_start(r->journal, r->suite.corpus, &cli->err);
    ac_proxy *proxy = watch || s->no_drift ? ac_proxy_start(options, &cli->err) : NULL;
    if (!proxy) {
        drift_watch_stop(watch);
        return -1;
    }
    tell_start(r, proxy, options);
    sigwait(&set, &number);
    uint64_t recorded = ac_proxy_stop(proxy);
    drift_watch_stop(watch);
    printf("recorded: %llu exchanges\n", (unsigned long long)recorded);
    return ac_journal_sound(r->journal, &cli->err) ? 0 : -1;
}

/* ---- when it has ended ---- */

static bool keep_drift(cli_context *cli, const recording *r, ac_str ledger, int64_t now_ms)
{
    const char *path = ac_str_z(cli->arena, ledger);
    ac_drift *drift = ledger_open(cli, path);
    const ac_listener listener =
        drift ? ac_drift_listener(drift, (ac_str){NULL, 0}) : (ac_listener){.context = NULL};
    bool ok = drift && contradicted_tell(r->suite.corpus, r->path, now_ms, &listener, &cli->err) &&
              ledger_save(cli, drift, path);
    ac_drift_free(drift);
    return ok;
}

static bool after(cli_context *cli, const record_settings *s, const recording *r,
                  const ac_proxy_options *options)
{
    const cli_redaction choice = {.profile = s->profile};
    bool kept = !s->drift.p || keep_drift(cli, r, s->drift, ac_env_now_ms(&options->env));
    return kept && (!s->preview || redaction_preview(cli, r->suite.corpus, &choice, r->path));
}

static int record_with(cli_context *cli, const record_settings *s, recording *r)
{
    ac_journal_sync sync;
    ac_proxy_options options = ac_proxy_defaults;
    if (!suite_load(cli, s->cases, &r->suite) || !fill_options(cli, s, r, &options) ||
        !read_sync(cli, s->sync, &sync)) {
        return -1;
    }
    if (options.router.forward && !(r->ca = open_ca(cli, s, &options.env))) {
        return -1;
    }
    r->path = journal_path(cli, s->out);
    r->journal = r->path ? ac_journal_open(r->path, sync, &r->found, &cli->err) : NULL;
    if (!r->journal) {
        return -1;
    }
    tell_found(r);
    options.ca = r->ca;
    options.journal = r->journal;
    options.first_number = r->found.last_number + 1;
    options.tell = tell;
    int code = serve(cli, s, r, &options);
    return code < 0 || after(cli, s, r, &options) ? code : -1;
}

static int print_ca(cli_context *cli, const record_settings *s)
{
    ac_env env = ac_env_real();
    ac_ca *ca = open_ca(cli, s, &env);
    if (!ca) {
        return -1;
    }
    ac_str pem = ac_ca_pem(ca);
    fwrite(pem.p, 1, pem.n, stdout);
    ac_ca_close(ca);
    return 0;
}

static int record(cli_context *cli, void *settings, ac_strs arguments)
{
    const record_settings *s = settings;
    recording r = {.path = NULL};
    if (arguments.count > 0) {
        ac_fail(&cli->err, AC_ERR_USAGE, "record takes no arguments (--upstream URL)");
        return -1;
    }
    if (s->print_ca) {
        return print_ca(cli, s);
    }
    int code = record_with(cli, s, &r);
    ac_journal_close(r.journal);
    ac_ca_close(r.ca);
    ac_target_close(r.target);
    if (r.suite.corpus) {
        suite_free(&r.suite);
    }
    return code;
}

const cli_command command_record = {
    "record",
    "[OPTION…]",
    "record what a client and a cloud say to each other",
    "With --upstream, or endpoints in a profile, a reverse proxy; otherwise, and beside it, a forward proxy "
    "for\n"
    "HTTP_PROXY and HTTPS_PROXY, which opens TLS with a certificate authority of its own.",
    record_options,
    sizeof(record_settings),
    record,
};
