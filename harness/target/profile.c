/* Profile files: docs/profile-format.md. */
#include <stddef.h>
#include <string.h>

#include "base/decode.h"
#include "base/text.h"
#include "target_parts.h"

static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;
static const int64_t gigabyte = (int64_t)1 << 30;

typedef struct credentials {
    ac_str access_key_id, access_key_secret, security_token;
    int from, provider;
} credentials;

typedef struct supports {
    ac_strs operations, signers;
} supports;

typedef struct profile {
    int64_t accord;
    ac_str name, url, region, state_url, ca_file;
    const ac_json *endpoints, *variables, *redaction;
    credentials *credentials; /* NULL: the throw-away ones */
    int isolation, undocumented_fields;
    ac_strs state_command;
    ac_target_limits limits;
    supports supports;
} profile;

/* Fails at a member of a member. */
static bool fail_inside(ac_decoder *decoder, const char *member, ac_str inner, const char *what)
{
    ac_buf_printf(&decoder->path, "/%s", member);
    return ac_decode_fail(decoder, ac_str_z(decoder->arena, inner), "%s", what);
}

static bool is_given(const ac_json *json, const char *key)
{
    return ac_json_get_c(json, key) != NULL;
}

/* ---- credentials ---- */

static const char *const origins[] = {"environment", NULL};
static const char *const providers[] = {"alibaba", "volcengine", NULL};

/* Where the vendors' own tools look, by provider. */
static const struct {
    const char *id, *secret, *token;
} variable_names[] = {
    {"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"},
    {"VOLC_ACCESSKEY", "VOLC_SECRETKEY", "VOLC_SESSION_TOKEN"},
};

static const ac_field credentials_fields[] = {
    AC_ROW(credentials, "access_key_id", AC_FIELD_STR, access_key_id, AC_OPTIONAL, NULL),
    AC_ROW(credentials, "access_key_secret", AC_FIELD_STR, access_key_secret, AC_OPTIONAL, NULL),
    AC_ROW(credentials, "security_token", AC_FIELD_STR_OR_NULL, security_token, AC_OPTIONAL, NULL),
    AC_ROW(credentials, "from", AC_FIELD_ENUM, from, AC_OPTIONAL, origins),
    AC_ROW(credentials, "provider", AC_FIELD_ENUM, provider, AC_OPTIONAL, providers),
    AC_ROWS_END,
};

/* An empty variable is one that is not set. */
static ac_str from_environment(ac_decoder *decoder, const char *name)
{
    const ac_target_options *options = decoder->context;
    ac_str value = ac_str_c(options->environment ? options->environment(name) : NULL);
    return value.n > 0 ? ac_str_dup(decoder->arena, value) : (ac_str){NULL, 0};
}

static bool read_variable(ac_decoder *decoder, const char *name, ac_str *out)
{
    *out = from_environment(decoder, name);
    return out->p || ac_decode_fail(decoder, NULL, "the environment variable %s is not set", name);
}

static bool read_environment(ac_decoder *decoder, const ac_json *json, credentials *c)
{
    static const char *const others[] = {"access_key_id", "access_key_secret", "security_token"};
    for (size_t i = 0; i < AC_COUNT(others); i++) {
        if (is_given(json, others[i])) {
            return ac_decode_fail(decoder, others[i], "does not go with \"from\"");
        }
    }
    if (!is_given(json, "provider")) {
        return ac_decode_fail(decoder, NULL, "key \"provider\" is missing");
    }
    c->security_token = from_environment(decoder, variable_names[c->provider].token);
    return read_variable(decoder, variable_names[c->provider].id, &c->access_key_id) &&
           read_variable(decoder, variable_names[c->provider].secret, &c->access_key_secret);
}

/* Ids and tokens are sent in headers. */
static bool is_visible(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] <= ' ' || text.p[i] > '~') {
            return false;
        }
    }
    return true;
}

static bool check_credentials(ac_decoder *decoder, const ac_json *json, void *out)
{
    credentials *c = out;
    if (is_given(json, "from") && !read_environment(decoder, json, c)) {
        return false;
    }
    if (!is_given(json, "from") && is_given(json, "provider")) {
        return ac_decode_fail(decoder, "provider", "goes with \"from\" only");
    }
    if (c->access_key_id.n == 0 || c->access_key_secret.n == 0) {
        return ac_decode_fail(decoder, NULL, "\"access_key_id\" and \"access_key_secret\" are needed");
    }
    return (is_visible(c->access_key_id) && is_visible(c->security_token)) ||
           ac_decode_fail(decoder, NULL, "an access key id or token has characters that cannot be sent");
}

static const ac_struct credentials_shape = {credentials_fields, sizeof(credentials), check_credentials};

/* ---- limits ---- */

static const ac_field limits_fields[] = {
    AC_ROW(ac_target_limits, "connect_ms", AC_FIELD_INT, connect_ms, AC_OPTIONAL, NULL),
    AC_ROW(ac_target_limits, "exchange_ms", AC_FIELD_INT, exchange_ms, AC_OPTIONAL, NULL),
    AC_ROW(ac_target_limits, "case_ms", AC_FIELD_INT, case_ms, AC_OPTIONAL, NULL),
    AC_ROW(ac_target_limits, "run_ms", AC_FIELD_INT, run_ms, AC_OPTIONAL, NULL),
    AC_ROW(ac_target_limits, "poll_ms", AC_FIELD_INT, poll_ms, AC_OPTIONAL, NULL),
    AC_ROW(ac_target_limits, "poll_deadline_ms", AC_FIELD_INT, poll_deadline_ms, AC_OPTIONAL, NULL),
    AC_ROW(ac_target_limits, "body_bytes", AC_FIELD_INT, body_bytes, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_limits(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)out;
    for (size_t i = 0; i < json->count; i++) {
        const char *key = ac_str_z(decoder->arena, json->items[i].key);
        bool time = ac_str_ends(json->items[i].key, AC_STR("_ms"));
        int64_t max = time ? day_ms : gigabyte;
        int64_t value = 0;
        if (!ac_json_int(&json->items[i], &value) || value < 1 || value > max) {
            return ac_decode_fail(decoder, key, "a number from 1 to %lld is expected here", (long long)max);
        }
    }
    return true;
}

static const ac_struct limits_shape = {limits_fields, sizeof(ac_target_limits), check_limits};

/* ---- what it supports ---- */

static const ac_field supports_fields[] = {
    AC_ROW(supports, "operations", AC_FIELD_STRS, operations, AC_OPTIONAL, NULL),
    AC_ROW(supports, "signers", AC_FIELD_STRS, signers, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_signer(ac_decoder *decoder, ac_str name)
{
    ac_str known[8];
    size_t count = 0;
    while (ac_signer_at(count) && count < AC_COUNT(known)) {
        known[count] = ac_str_c(ac_signer_at(count)->name);
        count++;
    }
    if (ac_signer_find(name)) {
        return true;
    }
    ac_str near = ac_suggest(name, known, count);
    const char *question = near.n > 0 ? "; did you mean " : "";
    return ac_decode_fail(decoder, "signers", "unknown signature scheme \"%.*s\"%s%.*s", AC_STR_FMT(name),
                          question, AC_STR_FMT(near));
}

static bool check_supports(ac_decoder *decoder, const ac_json *json, void *out)
{
    const supports *s = out;
    if (is_given(json, "operations") && s->operations.count == 0) {
        return ac_decode_fail(decoder, "operations", "at least one pattern is needed");
    }
    if (is_given(json, "signers") && s->signers.count == 0) {
        return ac_decode_fail(decoder, "signers", "at least one signature scheme is needed");
    }
    for (size_t i = 0; i < s->signers.count; i++) {
        if (!check_signer(decoder, s->signers.items[i])) {
            return false;
        }
    }
    return true;
}

static const ac_struct supports_shape = {supports_fields, sizeof(supports), check_supports};

/* ---- the profile ---- */

static const char *const isolations[] = {"none", "account", NULL};
static const char *const treatments[] = {"refuse", "allow", NULL};

static const ac_field profile_fields[] = {
    AC_ROW_KNOWN("$schema", AC_OPTIONAL),
    AC_ROW(profile, "accord", AC_FIELD_INT, accord, AC_REQUIRED, NULL),
    AC_ROW(profile, "name", AC_FIELD_STR, name, AC_OPTIONAL, NULL),
    AC_ROW(profile, "url", AC_FIELD_STR, url, AC_OPTIONAL, NULL),
    AC_ROW(profile, "endpoints", AC_FIELD_JSON, endpoints, AC_OPTIONAL, NULL),
    AC_ROW(profile, "region", AC_FIELD_STR, region, AC_OPTIONAL, NULL),
    AC_ROW(profile, "credentials", AC_FIELD_POINTER, credentials, AC_OPTIONAL, &credentials_shape),
    AC_ROW(profile, "isolation", AC_FIELD_ENUM, isolation, AC_OPTIONAL, isolations),
    AC_ROW(profile, "state_url", AC_FIELD_STR, state_url, AC_OPTIONAL, NULL),
    AC_ROW(profile, "state_command", AC_FIELD_STRS, state_command, AC_OPTIONAL, NULL),
    AC_ROW(profile, "variables", AC_FIELD_JSON, variables, AC_OPTIONAL, NULL),
    AC_ROW(profile, "limits", AC_FIELD_OBJECT, limits, AC_OPTIONAL, &limits_shape),
    AC_ROW(profile, "supports", AC_FIELD_OBJECT, supports, AC_OPTIONAL, &supports_shape),
    AC_ROW(profile, "redaction", AC_FIELD_JSON, redaction, AC_OPTIONAL, NULL), /* the recorder reads it */
    AC_ROW(profile, "undocumented_fields", AC_FIELD_ENUM, undocumented_fields, AC_OPTIONAL, treatments),
    AC_ROW(profile, "ca_file", AC_FIELD_STR, ca_file, AC_OPTIONAL, NULL),
    AC_ROWS_END,
};

static bool check_url(ac_decoder *decoder, const char *member, ac_str url)
{
    const char *fault = url.p ? ac_url_fault(url) : NULL;
    return !fault || ac_decode_fail(decoder, member, "not a base URL: %s", fault);
}

/* "provider", "provider/product" or "provider/product/version" */
static bool is_endpoint_key(ac_str key)
{
    size_t parts = 0;
    while (key.p) {
        if (ac_str_split(key, '/', &key).n == 0) {
            return false;
        }
        parts++;
    }
    return parts >= 1 && parts <= 3;
}

static bool check_endpoint(ac_decoder *decoder, const ac_json *endpoint)
{
    if (!is_endpoint_key(endpoint->key)) {
        return fail_inside(decoder, "endpoints", endpoint->key,
                           "the key must be a provider, provider/product or provider/product/version");
    }
    const char *fault = endpoint->type == AC_JSON_STRING ? ac_url_fault(endpoint->text) : "it is no string";
    return !fault || fail_inside(decoder, "endpoints", endpoint->key,
                                 ac_str_printf(decoder->arena, "not a base URL: %s", fault).p);
}

static bool check_endpoints(ac_decoder *decoder, const profile *p)
{
    if (p->endpoints && p->endpoints->type != AC_JSON_OBJECT) {
        return ac_decode_fail(decoder, "endpoints", "an object is expected here");
    }
    for (size_t i = 0; p->endpoints && i < p->endpoints->count; i++) {
        if (!check_endpoint(decoder, &p->endpoints->items[i])) {
            return false;
        }
    }
    bool somewhere = p->url.p || (p->endpoints && p->endpoints->count > 0);
    return somewhere || ac_decode_fail(decoder, NULL, "\"url\" or \"endpoints\" is needed");
}

static bool check_variables(ac_decoder *decoder, const ac_json *variables)
{
    if (variables && variables->type != AC_JSON_OBJECT) {
        return ac_decode_fail(decoder, "variables", "an object is expected here");
    }
    for (size_t i = 0; variables && i < variables->count; i++) {
        if (variables->items[i].type != AC_JSON_STRING) {
            return fail_inside(decoder, "variables", variables->items[i].key, "a string is expected here");
        }
    }
    return true;
}

static bool check_state_hook(ac_decoder *decoder, const ac_json *json, const profile *p)
{
    bool command = is_given(json, "state_command");
    if (command && p->state_url.p) {
        return ac_decode_fail(decoder, "state_command", "does not go with \"state_url\"");
    }
    if (command && (p->state_command.count == 0 || p->state_command.items[0].n == 0)) {
        return ac_decode_fail(decoder, "state_command", "the program to run is needed");
    }
    return check_url(decoder, "state_url", p->state_url);
}

static bool check_profile(ac_decoder *decoder, const ac_json *json, void *out)
{
    const profile *p = out;
    if (p->accord != 1) {
        return ac_decode_fail(decoder, "accord", "format version 1 is expected");
    }
    if (p->ca_file.p && p->ca_file.n == 0) {
        return ac_decode_fail(decoder, "ca_file", "a path is expected here");
    }
    return check_url(decoder, "url", p->url) && check_endpoints(decoder, p) &&
           check_state_hook(decoder, json, p) && check_variables(decoder, p->variables);
}

static const ac_struct profile_shape = {profile_fields, sizeof(profile), check_profile};

/* ---- to a target ---- */

/* A path of the profile as seen from here. */
static ac_str located(ac_arena *arena, const char *file, ac_str path)
{
    const char *slash = strrchr(file, '/');
    if (!slash || ac_str_starts(path, AC_STR("/"))) {
        return path;
    }
    return ac_str_printf(arena, "%.*s/%.*s", (int)(slash - file), file, AC_STR_FMT(path));
}

static bool is_all_loopback(const profile *p)
{
    bool all = !p->url.p || ac_url_is_loopback(p->url);
    for (size_t i = 0; p->endpoints && i < p->endpoints->count; i++) {
        all = all && ac_url_is_loopback(p->endpoints->items[i].text);
    }
    return all;
}

static void set_files(ac_target *target, const profile *p, const char *file)
{
    target->state_command = p->state_command;
    if (p->state_command.count > 0 && ac_str_find_char(p->state_command.items[0], '/') != AC_NOT_FOUND) {
        /* A name without a slash is looked up in PATH. */
        p->state_command.items[0] = located(target->arena, file, p->state_command.items[0]);
    }
    if (p->ca_file.p) {
        target->ca_file = ac_str_z(target->arena, located(target->arena, file, p->ca_file));
    }
}

static void fill(ac_target *target, const profile *p, const char *file)
{
    target->url = p->url.p ? ac_url_trimmed(p->url) : AC_STR("");
    target->endpoints = p->endpoints;
    target->loopback = is_all_loopback(p);
    target->region = p->region;
    target->isolation = p->isolation == 1 ? AC_ISOLATION_ACCOUNT : AC_ISOLATION_NONE;
    target->state_url = p->state_url;
    target->variables = p->variables;
    target->signers = p->supports.signers;
    target->operations = p->supports.operations;
    target->undocumented_fields = p->undocumented_fields == 1;
    target->limits = p->limits;
    if (p->credentials) {
        target->credentials =
            (ac_credentials){.access_key_id = p->credentials->access_key_id,
                             .access_key_secret = ac_secret_of(p->credentials->access_key_secret),
                             .security_token = ac_secret_of(p->credentials->security_token)};
    }
    set_files(target, p, file);
}

bool ac_profile_read(ac_target *target, ac_str text, const char *file, const ac_target_options *options,
                     ac_err *err)
{
    profile p = {0};
    ac_target_options copy = *options;
    bool ok = ac_decode_text(target->arena, text, file, &profile_shape, &copy, &p, err);
    if (ok) {
        fill(target, &p, file);
    }
    return ok;
}
