#include <stdio.h>

#include "case/vars.h"
#include "cli/common.h"
#include "cli/vectors.h"
#include "http/url.h"
#include "mock/mock.h"
#include "wire/wire.h"

typedef struct sign_settings {
    cli_choice choice;
    cli_fixed fixed;
    ac_str url, signer, key, secret, token, region, vectors;
    ac_strs variables;
    int64_t step;
    bool curl;
} sign_settings;

static const cli_option sign_options[] = {
    {"url", 'u', OPTION_TEXT, offsetof(sign_settings, url), "URL",
     "base URL of the request (http://127.0.0.1:8085)"},
    {"signer", 0, OPTION_TEXT, offsetof(sign_settings, signer), "SCHEME", "sign with this scheme"},
    {"step", 0, OPTION_COUNT, offsetof(sign_settings, step), "N", "step of the case (1)"},
    {"key", 0, OPTION_TEXT, offsetof(sign_settings, key), "ID", "access key id (AKACCORD0001)"},
    {"secret", 0, OPTION_TEXT, offsetof(sign_settings, secret), "TEXT",
     "access key secret (that of the mock)"},
    {"token", 0, OPTION_TEXT, offsetof(sign_settings, token), "TEXT", "security token (none)"},
    {"region", 0, OPTION_TEXT, offsetof(sign_settings, region), "ID", "region (the provider's default)"},
    {"var", 'D', OPTION_PAIRS, offsetof(sign_settings, variables), "NAME=VALUE", "a variable (repeatable)"},
    {"curl", 0, OPTION_FLAG, offsetof(sign_settings, curl), NULL,
     "print only a curl command that sends the request"},
    {"vectors", 0, OPTION_TEXT, offsetof(sign_settings, vectors), "FILE",
     "verify the signing vectors of FILE instead"},
    CHOICE_OPTIONS(sign_settings),
    FIXED_OPTIONS(sign_settings),
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

/* Variables without a target: given ones, defaults, and for fixtures an id of the right form. */
typedef struct signing {
    cli_context *cli;
    const sign_settings *settings;
    const ac_case *c;
    const ac_json *given;
    ac_env env;
} signing;

static ac_str lookup(void *context, ac_arena *arena, ac_str name)
{
    signing *s = context;
    int64_t index;
    ac_str given = ac_json_text(ac_json_get(s->given, name));
    const ac_variable *variable = ac_contract_variable(s->c->contract, name, &index);
    if (given.p) {
        return given;
    }
    if (ac_str_is(name, "region") && s->settings->region.p) {
        return s->settings->region;
    }
    if (variable && (size_t)index <= variable->defaults.count) {
        return ac_vars_expand_text(arena, variable->defaults.items[index - 1], lookup, context, NULL);
    }
    if (variable && variable->prefix.p) {
        return ac_str_printf(arena, "%.*saccord%04d", AC_STR_FMT(variable->prefix), (int)index);
    }
    if (ac_str_starts(name, AC_STR("unknown."))) {
        return ac_unknown_id(arena, s->c->contract, ac_str_sub(name, 8, name.n));
    }
    return ac_env_nonce(&(ac_env){.seed = s->env.seed}, arena, name);
}

static ac_credentials credentials_of(const sign_settings *s)
{
    return (ac_credentials){
        .access_key_id = s->key.p ? s->key : AC_STR("AKACCORD0001"),
        .access_key_secret = ac_secret_of(s->secret.p ? s->secret : ac_str_c(ac_mock_secret)),
        .security_token = ac_secret_of(s->token),
    };
}

static const ac_signer *signer_of(cli_context *cli, const sign_settings *s, const ac_step *step)
{
    ac_str name = s->signer.p      ? s->signer
                  : step->signer.p ? step->signer
                                   : step->contract->style->signers.items[0];
    const ac_signer *signer = ac_signer_find(name);
    if (!signer) {
        ac_fail(&cli->err, AC_ERR_USAGE, "--signer: there is no scheme \"%.*s\"", AC_STR_FMT(name));
    }
    return signer;
}

static void print_stage(const char *name, ac_str text)
{
    if (text.n > 0) {
        printf("\n%s\n%.*s\n", name, AC_STR_FMT(text));
    }
}

static void print_signed(cli_context *cli, const ac_signer *signer, const ac_request *request,
                         const ac_sign_stages *stages, ac_str url)
{
    printf("scheme\n%s\n", signer->name);
    print_stage("canonical request", stages->canonical_request);
    print_stage("hashed payload", stages->hashed_payload);
    print_stage("string to sign", stages->string_to_sign);
    print_stage("signature", stages->signature);
    printf("\nrequest\n%.*s %.*s HTTP/1.1\n", AC_STR_FMT(request->method), AC_STR_FMT(request->target));
    for (size_t i = 0; i < request->headers.count; i++) {
        const ac_pair *h = &request->headers.items[i];
        printf("%.*s: %.*s\n", AC_STR_FMT(h->name), AC_STR_FMT(h->value));
    }
    printf("\n%.*s%s", AC_STR_FMT(request->body), request->body.n > 0 ? "\n" : "");
    print_stage("curl", ac_request_as_curl(cli->arena, request, url, false));
}

static bool sign_step(signing *s, const ac_step *step)
{
    cli_context *cli = s->cli;
    const sign_settings *settings = s->settings;
    ac_str url = settings->url.p ? settings->url : AC_STR("http://127.0.0.1:8085");
    ac_call call = {
        .contract = step->contract,
        .params = ac_vars_expand(cli->arena, step->params, lookup, s, NULL),
        .method = step->method,
        .headers = step->headers,
        .signer = signer_of(cli, settings, step),
        .credentials = credentials_of(settings),
        .host = ac_url_authority(url),
        .region = lookup(s, cli->arena, AC_STR("region")),
        .now_ms = ac_env_now_ms(&s->env),
        .nonce = ac_env_nonce(&s->env, cli->arena, s->c->id),
        .tamper = (ac_tamper)step->tamper,
    };
    ac_request request;
    ac_sign_stages stages = {0};
    if (!call.signer || !ac_wire_build(cli->arena, &call, &request, &stages, &cli->err)) {
        return false;
    }
    if (settings->curl) {
        printf("%.*s\n", AC_STR_FMT(ac_request_as_curl(cli->arena, &request, url, false)));
    } else {
        print_signed(cli, call.signer, &request, &stages, url);
    }
    return true;
}

static bool sign_case(cli_context *cli, const sign_settings *s, const ac_case *const *cases, size_t count)
{
    if (count != 1) {
        return ac_fail(&cli->err, AC_ERR_USAGE,
                       "sign needs one case; the pattern names %zu, the first of them \"%.*s\"", count,
                       AC_STR_FMT(cases[0]->id));
    }
    size_t step = s->step > 0 ? (size_t)s->step : 1;
    if (step > cases[0]->step_count) {
        return ac_fail(&cli->err, AC_ERR_USAGE, "--step: the case has %zu steps", cases[0]->step_count);
    }
    signing context = {.cli = cli, .settings = s, .c = cases[0], .given = variables_of(cli, s->variables)};
    return fixed_env(cli, &s->fixed, &context.env) && sign_step(&context, &cases[0]->steps[step - 1]);
}

static int sign(cli_context *cli, void *settings, ac_strs arguments)
{
    const sign_settings *s = settings;
    if (s->vectors.p) {
        return vectors_check(cli, s->vectors);
    }
    cli_suite suite;
    const ac_case **cases;
    size_t count;
    if (arguments.count == 0) {
        ac_fail(&cli->err, AC_ERR_USAGE, "sign needs the id of a case (accord list prints the ids)");
        return -1;
    }
    if (!suite_load(cli, s->choice.cases, &suite)) {
        return -1;
    }
    bool ok = suite_choose(cli, &suite, &s->choice, arguments, false, &cases, &count) &&
              sign_case(cli, s, cases, count);
    suite_free(&suite);
    return ok ? 0 : -1;
}

const cli_command command_sign = {
    "sign",
    "CASE [OPTION…]",
    "show the stages of a case's signature",
    "Prints canonical request, string to sign, signature, the request as it goes out, and a curl command.\n"
    "With --clock and --nonce the bytes repeat. --vectors FILE verifies golden vectors instead.",
    sign_options,
    sizeof(sign_settings),
    sign,
};
