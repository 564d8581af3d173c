#include "cli/common.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cases/pack.h"
#include "run/verdict.h"

bool suite_load(cli_context *cli, ac_str cases, cli_suite *out)
{
    ac_pack pack = ac_embedded_cases(cli->arena);
    const char *dir = cases.p ? ac_str_z(cli->arena, cases) : NULL;
    if (dir && !ac_file_is_dir(dir)) {
        return ac_fail(&cli->err, AC_ERR_USAGE, "%s: not a folder with case files", dir);
    }
    out->corpus = ac_corpus_load(&pack, dir, &cli->err);
    if (out->corpus && !ac_cases_load(out->corpus, &out->cases, &cli->err)) {
        suite_free(out);
    }
    return out->corpus != NULL;
}

void suite_free(cli_suite *suite)
{
    ac_corpus_free(suite->corpus);
    suite->corpus = NULL;
}

/* ---- choosing ---- */

typedef struct failed_ids {
    ac_arena *arena;
    ac_strs ids;
    size_t capacity;
} failed_ids;

static void keep_failed(void *context, const ac_verdict *verdict)
{
    failed_ids *failed = context;
    if (verdict->word == AC_PASS || verdict->word == AC_SKIP) {
        return;
    }
    if (failed->ids.count == failed->capacity) {
        failed->capacity = failed->capacity > 0 ? failed->capacity * 2 : 64;
        ac_str *grown = AC_NEW_ARRAY(failed->arena, failed->capacity, ac_str);
        if (failed->ids.count > 0) {
            memcpy(grown, failed->ids.items, failed->ids.count * sizeof *grown);
        }
        failed->ids.items = grown;
    }
    failed->ids.items[failed->ids.count++] = ac_str_dup(failed->arena, verdict->id);
}

static bool read_failed(cli_context *cli, ac_str path, ac_strs *ids)
{
    failed_ids failed = {.arena = cli->arena};
    const ac_listener listener = {&failed, ac_ignore_head, keep_failed, ac_ignore_tail};
    if (!ac_result_play(ac_str_z(cli->arena, path), &listener, &cli->err)) {
        return false;
    }
    *ids = failed.ids;
    return ids->count > 0 || ac_fail(&cli->err, AC_ERR_USAGE, "%.*s: nothing failed there", AC_STR_FMT(path));
}

static int by_bytes(const void *a, const void *b)
{
    return ac_str_cmp(*(const ac_str *)a, *(const ac_str *)b);
}

static size_t keep_listed(const ac_case **cases, size_t count, ac_strs *ids)
{
    size_t kept = 0;
    qsort(ids->items, ids->count, sizeof *ids->items, by_bytes);
    for (size_t i = 0; i < count; i++) {
        if (bsearch(&cases[i]->id, ids->items, ids->count, sizeof *ids->items, by_bytes)) {
            cases[kept++] = cases[i];
        }
    }
    return kept;
}

bool suite_choose(cli_context *cli, const cli_suite *suite, const cli_choice *choice, ac_strs patterns,
                  bool for_clients, const ac_case ***out, size_t *count)
{
    ac_selection selection = {
        .patterns = patterns, .tags = choice->tags, .errors = choice->errors, .for_clients = for_clients};
    if (!ac_select(cli->arena, &suite->cases, &selection, out, count, &cli->err)) {
        return false;
    }
    ac_strs ids = {NULL, 0};
    if (!choice->failed.p) {
        return true;
    }
    if (!read_failed(cli, choice->failed, &ids)) {
        return false;
    }
    *count = keep_listed(*out, *count, &ids);
    return *count > 0 ||
           ac_fail(&cli->err, AC_ERR_USAGE, "%.*s: none of the cases that failed there is chosen here",
                   AC_STR_FMT(choice->failed));
}

/* ---- environment ---- */

bool fixed_env(cli_context *cli, const cli_fixed *fixed, ac_env *out)
{
    *out = ac_env_real();
    if (fixed->seed > 0) {
        out->seed = (uint64_t)fixed->seed;
    }
    out->nonce = fixed->nonce;
    if (fixed->clock.p) {
        out->clock_fixed = true;
        return ac_time_parse(fixed->clock, AC_TIME_ISO, &out->clock_ms) ||
               ac_fail(&cli->err, AC_ERR_USAGE,
                       "--clock: a time such as 2026-01-15T08:30:45Z is expected, not \"%.*s\"",
                       AC_STR_FMT(fixed->clock));
    }
    return true;
}

const ac_json *variables_of(cli_context *cli, ac_strs pairs)
{
    const ac_json *variables = NULL;
    for (size_t i = 0; i < pairs.count; i++) {
        ac_str value;
        ac_str name = ac_str_split(pairs.items[i], '=', &value);
        variables = ac_json_set(cli->arena, variables, name, ac_json_string(cli->arena, value));
    }
    return variables;
}

const char *environment_value(const char *name)
{
    return getenv(name);
}

ac_target *target_open(cli_context *cli, const cli_suite *suite, ac_str spec, ac_str signer, ac_strs pairs,
                       const ac_env *env, const volatile sig_atomic_t *stop)
{
    const ac_target_options options = {
        .corpus = suite->corpus,
        .env = *env,
        .variables = variables_of(cli, pairs),
        .signer = signer,
        .environment = environment_value,
        .stop = stop,
    };
    return ac_target_open(spec.p ? spec : AC_STR("mock"), &options, &cli->err);
}

bool target_takes(const ac_target *target, const ac_case *c)
{
    return target->sdk ? ac_sdk_has(target->sdk, c->contract->operation) : !c->for_clients;
}

bool listen_address(cli_context *cli, ac_str text, ac_server_options *out)
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
