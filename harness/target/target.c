#include "target/target.h"

#include "base/file.h"
#include "base/text.h"
#include "mock/mock.h"
#include "target_parts.h"

enum { PROFILE_BYTES_MAX = 1 << 20, CA_BYTES_MAX = 16 << 20, POLL_LOCAL_MS = 2, POLL_REMOTE_MS = 500 };

static const ac_str state_path = AC_STR_INIT("/_accord/state");

ac_credentials ac_throwaway_credentials(void)
{
    return (ac_credentials){.access_key_id = AC_STR("AKACCORD0001"),
                            .access_key_secret = ac_secret_of(ac_str_c(ac_mock_secret))};
}

/* ---- kinds of targets ---- */

static ac_str joined(ac_arena *arena, ac_str first, ac_str second)
{
    return ac_str_printf(arena, "%.*s%.*s", AC_STR_FMT(first), AC_STR_FMT(second));
}

static void claim_all_signers(ac_target *target)
{
    size_t count = 0;
    while (ac_signer_at(count)) {
        count++;
    }
    target->signers = (ac_strs){AC_NEW_ARRAY(target->arena, count, ac_str), count};
    for (size_t i = 0; i < count; i++) {
        target->signers.items[i] = ac_str_c(ac_signer_at(i)->name);
    }
}

static bool open_mock(ac_target *target, const ac_target_options *options, ac_err *err)
{
    ac_mock_options mock_options = ac_mock_defaults;
    mock_options.env = options->env;
    mock_options.deviation = options->deviation;
    ac_mock *mock = ac_mock_start(options->corpus, &mock_options, err);
    if (!mock) {
        return false;
    }
    target->owned = mock;
    target->url = ac_str_dup(target->arena, ac_str_c(ac_mock_url(mock)));
    target->state_url = joined(target->arena, target->url, state_path);
    target->isolation = AC_ISOLATION_ACCOUNT;
    target->loopback = true;
    claim_all_signers(target);
    return true;
}

static const ac_str sdk_prefix = AC_STR_INIT("sdk:");

bool ac_target_is_sdk(ac_str spec)
{
    return ac_str_starts(spec, sdk_prefix);
}

/* The mock knows what the documentation promises, and keeps the world and the states of the cases. */
static bool open_sdk(ac_target *target, const ac_target_options *options, ac_err *err)
{
    ac_target_options without_fault = *options;
    without_fault.deviation = NULL;
    target->sdk = ac_sdk_open(ac_str_sub(target->name, sdk_prefix.n, target->name.n), options->environment,
                              options->stop, err);
    return target->sdk && open_mock(target, &without_fault, err);
}

void ac_target_answer(const ac_target *target, ac_arena *arena, const ac_request *request, ac_response *out)
{
    ac_answer answer;
    ac_mock_answer(target->owned, arena, request, &answer);
    *out = answer.response;
}

/* Somebody's server, of which nothing more is known. */
static bool open_url(ac_target *target, const ac_target_options *options, ac_err *err)
{
    (void)options;
    const char *fault = ac_url_fault(target->name);
    if (fault) {
        return ac_fail(err, AC_ERR_USAGE, "the target is not a base URL: %s", fault);
    }
    target->url = ac_url_trimmed(target->name);
    target->loopback = ac_url_is_loopback(target->url);
    target->state_url = joined(target->arena, target->url, state_path);
    target->state_probe = true;
    return true;
}

static bool check_ca_file(const ac_target *target, const char *profile, ac_err *err)
{
    ac_arena *scratch = ac_arena_new();
    bool readable = !target->ca_file || ac_file_read(scratch, target->ca_file, CA_BYTES_MAX, err).p;
    ac_arena_free(scratch);
    if (!readable) {
        ac_err_prefix(err, AC_ERR_USAGE, "%s: /ca_file", profile);
    }
    return readable;
}

static bool open_profile(ac_target *target, const ac_target_options *options, ac_err *err)
{
    const char *path = ac_str_z(target->arena, target->name);
    ac_err why = {0};
    ac_str text = ac_file_read(target->arena, path, PROFILE_BYTES_MAX, &why);
    if (!text.p) {
        return ac_fail(err, AC_ERR_USAGE,
                       "%s; a target is \"mock\", a URL such as http://127.0.0.1:8085, \"sdk:COMMAND\", or a "
                       "profile file",
                       why.text);
    }
    return ac_profile_read(target, text, path, options, err) && check_ca_file(target, path, err);
}

/* ---- opening ---- */

typedef bool opener(ac_target *target, const ac_target_options *options, ac_err *err);

static opener *opener_of(ac_str spec)
{
    if (ac_str_is(spec, "mock")) {
        return open_mock;
    }
    if (ac_target_is_sdk(spec)) {
        return open_sdk;
    }
    bool url = ac_str_starts(spec, AC_STR("http://")) || ac_str_starts(spec, AC_STR("https://"));
    return url ? open_url : open_profile;
}

/* What all kinds have, and what the command line gives. */
static void complete(ac_target *target, const ac_target_options *options)
{
    const ac_json *given = options->variables;
    for (size_t i = 0; given && i < given->count; i++) {
        target->variables =
            ac_json_set(target->arena, target->variables, given->items[i].key, &given->items[i]);
    }
    const ac_credentials throwaway = ac_throwaway_credentials();
    target->real_credentials = !ac_str_eq(ac_secret_bytes(target->credentials.access_key_secret),
                                          ac_secret_bytes(throwaway.access_key_secret));
    if (target->limits.poll_ms == 0) {
        target->limits.poll_ms = target->loopback ? POLL_LOCAL_MS : POLL_REMOTE_MS;
    }
}

ac_target *ac_target_open(ac_str spec, const ac_target_options *options, ac_err *err)
{
    if (options->signer.p && !ac_signer_find(options->signer)) {
        ac_fail(err, AC_ERR_USAGE, "unknown signature scheme \"%.*s\"", AC_STR_FMT(options->signer));
        return NULL;
    }
    ac_arena *arena = ac_arena_new();
    ac_target *target = AC_NEW(arena, ac_target);
    target->arena = arena;
    target->name = ac_str_dup(arena, spec);
    target->signer = options->signer.p ? ac_str_dup(arena, options->signer) : options->signer;
    target->credentials = ac_throwaway_credentials();
    if (!opener_of(spec)(target, options, err)) {
        ac_target_close(target);
        return NULL;
    }
    complete(target, options);
    return target;
}

void ac_target_close(ac_target *target)
{
    if (target) {
        ac_sdk_close(target->sdk);
        ac_mock_stop(target->owned);
        ac_arena_free(target->arena);
    }
}

/* ---- questions ---- */

static bool has(const ac_strs *list, ac_str word)
{
    for (size_t i = 0; i < list->count; i++) {
        if (ac_str_eq(list->items[i], word)) {
            return true;
        }
    }
    return false;
}

ac_str ac_target_url(const ac_target *target, const ac_contract *contract)
{
    ac_str key = contract->operation;
    while (key.n > 0) {
        do {
            key.n--;
        } while (key.n > 0 && key.p[key.n] != '/');
        const ac_json *found = ac_json_get(target->endpoints, key);
        if (found) {
            return ac_url_trimmed(ac_json_text(found));
        }
    }
    return target->url;
}

const ac_signer *ac_target_signer(const ac_target *target, const ac_contract *contract)
{
    const ac_strs *accepted = &contract->style->signers;
    if (target->signer.p && has(accepted, target->signer)) {
        return ac_signer_find(target->signer);
    }
    const ac_strs *claimed = target->signers.count > 0 ? &target->signers : accepted;
    for (size_t i = 0; i < claimed->count; i++) {
        if (has(accepted, claimed->items[i])) {
            return ac_signer_find(claimed->items[i]);
        }
    }
    return NULL;
}

bool ac_target_claims_signer(const ac_target *target, const ac_contract *contract, ac_str signer)
{
    const ac_signer *chosen = ac_target_signer(target, contract);
    return has(&contract->style->signers, signer) &&
           (has(&target->signers, signer) || (chosen && ac_str_is(signer, chosen->name)));
}

bool ac_target_claims_operation(const ac_target *target, const ac_contract *contract)
{
    bool claimed = target->operations.count == 0;
    for (size_t i = 0; !claimed && i < target->operations.count; i++) {
        claimed = ac_glob_match(target->operations.items[i], contract->operation);
    }
    return claimed && ac_target_url(target, contract).n > 0;
}
