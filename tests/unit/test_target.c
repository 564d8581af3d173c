#include "target/target.h"

#include <string.h>

#include "base/file.h"
#include "http/url.h"
#include "mock/mock.h"
#include "support.h"

#define GOOD(name) "tests/fixtures/profiles/good/" name ".json"
#define BAD(name)  "tests/fixtures/profiles/bad/" name ".json"

static const char endpoint[] = "alibaba/privatelink/2020-04-15/CreateVpcEndpoint";
static const char peer[] = "alibaba/vpcpeer/2022-01-01/CreateVpcPeerConnection";
static const char instance[] = "alibaba/elasticsearch/2017-06-13/CreateVpcEndpoint";
static const char volcengine[] = "volcengine/privatelink/2020-04-01/CreateVpcEndpoint";

static const char *environment(const char *name)
{
    static const char *const variables[][2] = {
        {"ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIfromTheEnvironment"},
        {"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "first secret"},
        {"ALIBABA_CLOUD_SECURITY_TOKEN", "token=="},
        {"VOLC_ACCESSKEY", "AKLTfromTheEnvironment"},
        {"VOLC_SECRETKEY", "second secret"},
        {"VOLC_SESSION_TOKEN", ""},
    };
    for (size_t i = 0; i < AC_COUNT(variables); i++) {
        if (strcmp(variables[i][0], name) == 0) {
            return variables[i][1];
        }
    }
    return NULL;
}

static const char *no_secret(const char *name)
{
    return strstr(name, "SECRET") ? NULL : environment(name);
}

static const ac_target_options plain = {.environment = environment};

static ac_target *open_with(const char *spec, const ac_target_options *options)
{
    ac_err err = {0};
    ac_target *target = ac_target_open(ac_str_c(spec), options, &err);
    ck_assert_msg(target != NULL, "%s: %s", spec, err.text);
    return target;
}

static ac_target *open_plain(const char *spec)
{
    return open_with(spec, &plain);
}

/* The error of a target that does not open. */
static ac_err refused(const char *spec, const ac_target_options *options)
{
    ac_err err = {0};
    ac_target *target = ac_target_open(ac_str_c(spec), options, &err);
    ck_assert_msg(target == NULL, "%s opens", spec);
    ck_assert_int_eq(err.kind, AC_ERR_USAGE);
    ck_assert_msg(!strchr(err.text, '\n'), "%s", err.text);
    return err;
}

static ac_corpus *load_corpus(void)
{
    ac_err err = {0};
    ac_corpus *corpus = ac_corpus_load(NULL, "cases", &err);
    ck_assert_msg(corpus != NULL, "%s", err.text);
    return corpus;
}

static const ac_contract *contract_of(const ac_corpus *corpus, const char *operation)
{
    const ac_contract *contract = ac_corpus_contract(corpus, ac_str_c(operation));
    ck_assert_msg(contract != NULL, "%s", operation);
    return contract;
}

/* ---- profiles ---- */

START_TEST(a_profile_says_everything)
{
    ac_target *t = open_plain(GOOD("full"));
    ck_assert_ac_str(t->name, GOOD("full"));
    ck_assert_ac_str(t->url, "https://api.example.test:8443/cloud");
    ck_assert_uint_eq(t->endpoints->count, 3);
    ck_assert_ac_str(t->region, "eu-central-1");
    ck_assert_ac_str(t->credentials.access_key_id, "LTAIexample");
    ck_assert_ac_str(ac_secret_bytes(t->credentials.access_key_secret), "example-secret");
    ck_assert_ac_str(ac_secret_bytes(t->credentials.security_token), "example-token");
    ck_assert(t->real_credentials);
    ck_assert(!t->loopback);
    ck_assert_int_eq(t->isolation, AC_ISOLATION_ACCOUNT);
    ck_assert_ac_str(t->state_url, "https://api.example.test:8443/states");
    ck_assert(!t->state_probe);
    ck_assert_uint_eq(t->state_command.count, 0);
    ck_assert_ac_str(ac_json_text(ac_json_get_c(t->variables, "vpc_id_2")), "vpc-2");
    ck_assert_int_eq(t->limits.connect_ms, 1);
    ck_assert_int_eq(t->limits.exchange_ms, 20000);
    ck_assert_int_eq(t->limits.case_ms, 60000);
    ck_assert_int_eq(t->limits.run_ms, 86400000);
    ck_assert_int_eq(t->limits.poll_ms, 1000);
    ck_assert_int_eq(t->limits.body_bytes, 1073741824);
    ck_assert_uint_eq(t->operations.count, 2);
    ck_assert_uint_eq(t->signers.count, 2);
    ck_assert(t->undocumented_fields);
    ck_assert_str_eq(t->ca_file, "tests/fixtures/profiles/good/ca.pem");
    ac_target_close(t);
}
END_TEST

START_TEST(a_profile_says_little)
{
    ac_target *t = open_plain(GOOD("minimal"));
    ck_assert_ac_str(t->url, "http://127.0.0.1:8085");
    ck_assert_ptr_null(t->endpoints);
    ck_assert_uint_eq(t->region.n, 0);
    ck_assert_ac_str(t->credentials.access_key_id, "AKACCORD0001");
    ck_assert_ac_str(ac_secret_bytes(t->credentials.access_key_secret), ac_mock_secret);
    ck_assert_uint_eq(ac_secret_bytes(t->credentials.security_token).n, 0);
    ck_assert(!t->real_credentials);
    ck_assert(t->loopback);
    ck_assert_int_eq(t->isolation, AC_ISOLATION_NONE);
    ck_assert_ptr_null(t->state_url.p);
    ck_assert(!t->state_probe);
    ck_assert_ptr_null(t->variables);
    ck_assert_int_eq(t->limits.exchange_ms, 0);
    ck_assert_int_ge(t->limits.poll_ms, 1);
    ck_assert_uint_eq(t->operations.count, 0);
    ck_assert_uint_eq(t->signers.count, 0);
    ck_assert(!t->undocumented_fields);
    ck_assert_ptr_null(t->ca_file);
    ac_target_close(t);
}
END_TEST

START_TEST(the_sample_profile_opens)
{
    ac_target *t = open_plain("cases/profiles/emulator.json");
    ck_assert_ac_str(t->state_url, "http://127.0.0.1:8085/_accord/state");
    ck_assert_int_eq(t->isolation, AC_ISOLATION_ACCOUNT);
    ck_assert(!t->real_credentials);
    ac_target_close(t);
}
END_TEST

START_TEST(credentials_come_from_the_environment)
{
    ac_target *t = open_plain(GOOD("alibaba-environment"));
    ck_assert_ac_str(t->credentials.access_key_id, "LTAIfromTheEnvironment");
    ck_assert_ac_str(ac_secret_bytes(t->credentials.access_key_secret), "first secret");
    ck_assert_ac_str(ac_secret_bytes(t->credentials.security_token), "token==");
    ck_assert(t->real_credentials);
    ac_target_close(t);
    t = open_plain(GOOD("volcengine-environment"));
    ck_assert_ac_str(t->credentials.access_key_id, "AKLTfromTheEnvironment");
    ck_assert_ac_str(ac_secret_bytes(t->credentials.access_key_secret), "second secret");
    ck_assert_uint_eq(ac_secret_bytes(t->credentials.security_token).n, 0);
    ac_target_close(t);
}
END_TEST

START_TEST(credentials_that_are_not_there_are_named)
{
    const ac_target_options without = {.environment = NULL};
    const ac_target_options half = {.environment = no_secret};
    ac_err err = refused(GOOD("volcengine-environment"), &without);
    ck_assert_ac_err(err, "volcengine-environment.json: /credentials: the environment variable "
                          "VOLC_ACCESSKEY is not set");
    err = refused(GOOD("alibaba-environment"), &half);
    ck_assert_ac_err(err, "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set");
    ck_assert_ptr_null(strstr(err.text, "LTAI"));
}
END_TEST

START_TEST(commands_are_found_beside_the_profile_or_in_the_path)
{
    ac_target *t = open_plain(GOOD("command"));
    ck_assert_uint_eq(t->state_command.count, 2);
    ck_assert_ac_str(t->state_command.items[0], "tests/fixtures/profiles/good/./state.sh");
    ck_assert_ac_str(t->state_command.items[1], "--quiet");
    ck_assert_ptr_null(t->state_url.p);
    ac_target_close(t);
    t = open_plain(GOOD("command-in-path"));
    ck_assert_uint_eq(t->state_command.count, 1);
    ck_assert_ac_str(t->state_command.items[0], "set-state");
    ck_assert(!t->real_credentials);
    ac_target_close(t);
}
END_TEST

/* File, and what its error says after "<path>: ". */
static const char *const faults[][2] = {
    {"array", "/: an object is expected here, not array"},
    {"ca-file-empty", "/ca_file: a path is expected here"},
    {"ca-file", "/ca_file: tests/fixtures/profiles/bad/missing.pem: No such file"},
    {"credentials-blank", "/credentials: \"access_key_id\" and \"access_key_secret\" are needed"},
    {"credentials-both", "/credentials/access_key_secret: does not go with \"from\""},
    {"credentials-empty", "/credentials: \"access_key_id\" and \"access_key_secret\" are needed"},
    {"credentials-half", "/credentials: \"access_key_id\" and \"access_key_secret\" are needed"},
    {"credentials-no-provider", "/credentials: key \"provider\" is missing"},
    {"credentials-origin", "/credentials/from: unknown value \"environmnt\"; did you mean \"environment\"?"},
    {"credentials-provider", "/credentials/provider: goes with \"from\" only"},
    {"credentials-space", "/credentials: an access key id or token has characters that cannot be sent"},
    {"credentials-token", "/credentials: an access key id or token has characters that cannot be sent"},
    {"endpoint-deep-key", "/endpoints/alibaba~1privatelink~12020-04-15~1CreateVpcEndpoint: the key must be"},
    {"endpoint-key", "/endpoints/alibaba~1~12020-04-15: the key must be"},
    {"endpoint-type", "/endpoints/alibaba~1privatelink: not a base URL: it is no string"},
    {"endpoint-url", "/endpoints/alibaba~1privatelink: not a base URL: the port must be a number"},
    {"endpoints-type", "/endpoints: an object is expected here"},
    {"isolation", "/isolation: unknown value \"accounts\"; did you mean \"account\"?"},
    {"limit-bytes", "/limits/body_bytes: a number from 1 to 1073741824 is expected here"},
    {"limit-fraction", "/limits/case_ms: an integer is expected here"},
    {"limit-large", "/limits/case_ms: a number from 1 to 86400000 is expected here"},
    {"limit-unknown", "/limits/case: unknown key \"case\""},
    {"limit-zero", "/limits/poll_ms: a number from 1 to 86400000 is expected here"},
    {"no-endpoint", "/: \"url\" or \"endpoints\" is needed"},
    {"no-url", "/: \"url\" or \"endpoints\" is needed"},
    {"no-version", "/: key \"accord\" is missing"},
    {"not-json", "line 1, column"},
    {"operations-none", "/supports/operations: at least one pattern is needed"},
    {"other-version", "/accord: format version 1 is expected"},
    {"signer", "/supports/signers: unknown signature scheme \"acs3-hmac-sha526\"; did you mean "},
    {"signers-none", "/supports/signers: at least one signature scheme is needed"},
    {"state-both", "/state_command: does not go with \"state_url\""},
    {"state-command-empty", "/state_command: the program to run is needed"},
    {"state-command-type", "/state_command: a string is expected here, not object"},
    {"state-url", "/state_url: not a base URL: it must begin with http:// or https://"},
    {"twice", "line 1, column"},
    {"undocumented-fields", "/undocumented_fields: a string is expected here, not boolean"},
    {"unknown-key", "/regoin: unknown key \"regoin\"; did you mean \"region\"?"},
    {"url-password", "/url: not a base URL: a user or password does not belong in it"},
    {"url-scheme", "/url: not a base URL: it must begin with http:// or https://"},
    {"url-type", "/url: a string is expected here, not number"},
    {"variable-type", "/variables/account~1uid: a string is expected here"},
    {"variables-type", "/variables: an object is expected here"},
};

START_TEST(bad_profiles_are_refused_with_file_and_place)
{
    for (size_t i = 0; i < AC_COUNT(faults); i++) {
        ac_str path = ac_str_printf(ac_test_arena(), "tests/fixtures/profiles/bad/%s.json", faults[i][0]);
        ac_str start = ac_str_printf(ac_test_arena(), "%s: %s", path.p, faults[i][1]);
        ac_err err = refused(path.p, &plain);
        ck_assert_msg(ac_str_starts(ac_str_c(err.text), start), "%s, not %s", err.text, start.p);
    }
}
END_TEST

START_TEST(every_bad_profile_is_looked_at)
{
    ac_strs paths;
    ac_err err = {0};
    ck_assert(ac_file_list(ac_test_arena(), "tests/fixtures/profiles/bad", ".json", 1000, &paths, &err));
    ck_assert_uint_eq(paths.count, AC_COUNT(faults));
}
END_TEST

START_TEST(errors_show_no_secrets)
{
    ac_err err = refused(BAD("url-password"), &plain);
    ck_assert_ptr_null(strstr(err.text, "hunter2"));
    err = refused("http://user:hunter2@127.0.0.1", &plain);
    ck_assert_ptr_null(strstr(err.text, "hunter2"));
}
END_TEST

START_TEST(files_that_are_not_there_suggest_other_targets)
{
    ac_err err = refused("tests/fixtures/profiles/good/none.json", &plain);
    ck_assert_ac_err(err,
                     "tests/fixtures/profiles/good/none.json: No such file or directory; a target is "
                     "\"mock\", a URL such as http://127.0.0.1:8085, \"sdk:COMMAND\", or a profile file");
    ck_assert_ac_err(refused("tests/fixtures", &plain), "tests/fixtures: is a directory; a target is");
    ck_assert_ac_err(refused("", &plain), "a target is \"mock\"");
}
END_TEST

/* ---- URLs ---- */

static const struct {
    const char *spec;
    const char *url;
    bool loopback;
} urls[] = {
    {"http://127.0.0.1:8085", "http://127.0.0.1:8085", true},
    {"http://127.255.0.9", "http://127.255.0.9", true},
    {"http://localhost:1/", "http://localhost:1", true},
    {"http://LocalHost", "http://LocalHost", true},
    {"http://[::1]:65535/a/b//", "http://[::1]:65535/a/b", true},
    {"http://[0:0:0:0:0:0:0:1]", "http://[0:0:0:0:0:0:0:1]", true},
    {"https://api.example.test/v1", "https://api.example.test/v1", false},
    {"http://128.0.0.1:80", "http://128.0.0.1:80", false},
    {"http://0.0.0.0:80", "http://0.0.0.0:80", false},
    {"http://127.0.0.1.example.test", "http://127.0.0.1.example.test", false},
    {"http://localhost.example.test", "http://localhost.example.test", false},
    {"http://[::ffff:192.0.2.1]:80", "http://[::ffff:192.0.2.1]:80", false},
};

START_TEST(any_server_is_a_target)
{
    for (size_t i = 0; i < AC_COUNT(urls); i++) {
        ac_target *t = open_plain(urls[i].spec);
        ac_str state_url = ac_str_printf(t->arena, "%s/_accord/state", urls[i].url);
        ck_assert_ac_str(t->name, urls[i].spec);
        ck_assert_ac_str(t->url, urls[i].url);
        ck_assert_ac_str(t->state_url, state_url.p);
        ck_assert_msg(t->loopback == urls[i].loopback, "%s", urls[i].spec);
        ck_assert(t->state_probe);
        ck_assert_int_eq(t->isolation, AC_ISOLATION_UNSET);
        ck_assert(!t->real_credentials);
        ck_assert_ac_str(t->credentials.access_key_id, "AKACCORD0001");
        ck_assert_int_ge(t->limits.poll_ms, 1);
        ac_target_close(t);
    }
}
END_TEST

START_TEST(a_url_has_parts)
{
    static const struct {
        const char *url, *origin, *authority, *path;
    } table[] = {
        {"http://127.0.0.1:8085", "http://127.0.0.1:8085", "127.0.0.1:8085", NULL},
        {"https://a.example.test/", "https://a.example.test", "a.example.test", "/"},
        {"http://[::1]:1/a/b//", "http://[::1]:1", "[::1]:1", "/a/b//"},
        {"host:80/path", "host:80", "host:80", "/path"},
        {"http://host/a://b", "http://host", "host", "/a://b"},
        {"http://", "http://", "", NULL},
        {"", "", "", NULL},
    };
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ac_str url = ac_str_c(table[i].url);
        ck_assert_ac_str(ac_url_origin(url), table[i].origin);
        ck_assert_ac_str(ac_url_authority(url), table[i].authority);
        ck_assert_int_eq(ac_url_path(url).p == NULL, table[i].path == NULL);
        ck_assert_ac_str(ac_url_path(url), table[i].path ? table[i].path : "");
    }
    ck_assert_ac_str(ac_url_trimmed(ac_url_path(AC_STR("http://[::1]:1/a/b//"))), "/a/b");
    ck_assert_ac_str(ac_url_trimmed(AC_STR("/")), "");
}
END_TEST

static const char *const bad_urls[][2] = {
    {"http://", "it has no valid host"},
    {"http:///path", "it has no valid host"},
    {"https://:443", "it has no valid host"},
    {"http://[::1", "it has no valid host"},
    {"http://[127.0.0.1]", "it has no valid host"},
    {"http://[]", "it has no valid host"},
    {"http://host name", "it has a character that a URL cannot have"},
    {"http://h\xC3\xB6st", "it has a character that a URL cannot have"},
    {"http://host/a\\b", "it has a character that a URL cannot have"},
    {"http://a,b", "it has no valid host"},
    {"http://host:0", "the port must be a number from 1 to 65535"},
    {"http://host:65536", "the port must be a number from 1 to 65535"},
    {"http://host:", "the port must be a number from 1 to 65535"},
    {"http://host:http", "the port must be a number from 1 to 65535"},
    {"http://host:1:2", "the port must be a number from 1 to 65535"},
    {"http://::1:80", "it has no valid host"},
    {"http://[::1]80", "the port must be a number from 1 to 65535"},
    {"http://user@host", "a user or password does not belong in it"},
    {"http://host/?x=1", "a query or fragment does not belong in it"},
    {"http://host?x=1", "a query or fragment does not belong in it"},
    {"http://host/#top", "a query or fragment does not belong in it"},
};

START_TEST(urls_that_are_none_are_refused)
{
    for (size_t i = 0; i < AC_COUNT(bad_urls); i++) {
        ac_err err = refused(bad_urls[i][0], &plain);
        ck_assert_msg(strstr(err.text, bad_urls[i][1]), "%s: %s", bad_urls[i][0], err.text);
    }
}
END_TEST

START_TEST(the_endpoint_with_the_longest_key_counts)
{
    ac_corpus *corpus = load_corpus();
    ac_target *t = open_plain(GOOD("full"));
    ck_assert_ac_str(ac_target_url(t, contract_of(corpus, endpoint)), "https://[2001:db8::1]:444");
    ck_assert_ac_str(ac_target_url(t, contract_of(corpus, peer)), "https://alibaba.example.test");
    ck_assert_ac_str(ac_target_url(t, contract_of(corpus, volcengine)),
                     "https://api.example.test:8443/cloud");
    ac_target_close(t);
    t = open_plain(GOOD("endpoints-only"));
    ck_assert(t->loopback);
    ck_assert_ac_str(ac_target_url(t, contract_of(corpus, endpoint)), "http://localhost:8085");
    ck_assert_ac_str(ac_target_url(t, contract_of(corpus, volcengine)), "http://[::1]:8086");
    ck_assert_uint_eq(ac_target_url(t, contract_of(corpus, peer)).n, 0);
    ac_target_close(t);
    ac_corpus_free(corpus);
}
END_TEST

/* ---- the mock ---- */

START_TEST(the_mock_is_a_target)
{
    ac_corpus *corpus = load_corpus();
    const ac_target_options options = {.corpus = corpus, .env = ac_env_real()};
    ac_target *t = open_with("mock", &options);
    ck_assert_ac_str(t->name, "mock");
    ck_assert(ac_str_starts(t->url, AC_STR("http://127.0.0.1:")));
    ck_assert(ac_str_starts(t->state_url, t->url));
    ck_assert(ac_str_ends(t->state_url, AC_STR("/_accord/state")));
    ck_assert(!t->state_probe);
    ck_assert(t->loopback);
    ck_assert_int_eq(t->isolation, AC_ISOLATION_ACCOUNT);
    ck_assert(ac_str_starts(t->credentials.access_key_id, ac_str_c(ac_mock_key_prefix)));
    ck_assert(!t->real_credentials);
    for (size_t i = 0; i < corpus->contract_count; i++) {
        const ac_contract *contract = corpus->contracts[i];
        const ac_strs *accepted = &contract->style->signers;
        ck_assert_str_eq(ac_target_signer(t, contract)->name, accepted->items[0].p);
        ck_assert(ac_target_claims_operation(t, contract));
        for (size_t k = 0; k < accepted->count; k++) {
            ck_assert(ac_target_claims_signer(t, contract, accepted->items[k]));
        }
    }
    ac_target_close(t);
    ac_corpus_free(corpus);
}
END_TEST

/* ---- signers and operations ---- */

typedef struct choice {
    const char *spec, *asked, *operation, *expected; /* NULL: none */
} choice;

START_TEST(schemes_are_chosen)
{
    static const choice choices[] = {
        {"http://localhost", NULL, endpoint, "acs3-hmac-sha256"},
        {"http://localhost", NULL, volcengine, "volc-hmac-sha256"},
        {"http://localhost", "acs-rpc-hmac-sha1", endpoint, "acs-rpc-hmac-sha1"},
        {"http://localhost", "acs-rpc-hmac-sha1", instance, "acs3-hmac-sha256"},
        {GOOD("full"), NULL, endpoint, "acs-rpc-hmac-sha1"},
        {GOOD("full"), NULL, instance, "acs3-hmac-sha256"},
        {GOOD("full"), NULL, volcengine, NULL},
        {GOOD("full"), "acs3-hmac-sha256", endpoint, "acs3-hmac-sha256"},
        {GOOD("full"), "volc-hmac-sha256", volcengine, "volc-hmac-sha256"},
        {GOOD("full"), "volc-hmac-sha256", endpoint, "acs-rpc-hmac-sha1"},
    };
    ac_corpus *corpus = load_corpus();
    for (size_t i = 0; i < AC_COUNT(choices); i++) {
        const choice *c = &choices[i];
        const ac_target_options options = {.signer = ac_str_c(c->asked)};
        ac_target *t = open_with(c->spec, &options);
        const ac_signer *signer = ac_target_signer(t, contract_of(corpus, c->operation));
        const char *name = signer ? signer->name : "none";
        ck_assert_msg(strcmp(name, c->expected ? c->expected : "none") == 0, "choice %zu is %s", i, name);
        ac_target_close(t);
    }
    ac_corpus_free(corpus);
}
END_TEST

static bool claims(const char *spec, const char *asked, const ac_contract *contract, const char *signer)
{
    const ac_target_options options = {.signer = ac_str_c(asked)};
    ac_target *t = open_with(spec, &options);
    bool claimed = ac_target_claims_signer(t, contract, ac_str_c(signer));
    ac_target_close(t);
    return claimed;
}

START_TEST(schemes_are_claimed)
{
    ac_corpus *corpus = load_corpus();
    const ac_contract *rpc = contract_of(corpus, endpoint);
    const ac_contract *roa = contract_of(corpus, instance);
    ck_assert(claims("http://localhost", NULL, rpc, "acs3-hmac-sha256"));
    ck_assert(!claims("http://localhost", NULL, rpc, "acs-rpc-hmac-sha1"));
    ck_assert(claims("http://localhost", "acs-rpc-hmac-sha1", rpc, "acs-rpc-hmac-sha1"));
    ck_assert(!claims("http://localhost", "acs-rpc-hmac-sha1", rpc, "acs3-hmac-sha256"));
    ck_assert(claims("http://localhost", "acs-rpc-hmac-sha1", roa, "acs3-hmac-sha256"));
    ck_assert(claims(GOOD("full"), NULL, rpc, "acs3-hmac-sha256"));
    ck_assert(claims(GOOD("full"), NULL, rpc, "acs-rpc-hmac-sha1"));
    ck_assert(!claims(GOOD("full"), NULL, roa, "acs-rpc-hmac-sha1"));
    ck_assert(!claims(GOOD("full"), NULL, roa, "acs-roa-hmac-sha1"));
    ck_assert(!claims(GOOD("full"), NULL, rpc, "no-such-scheme"));
    ac_corpus_free(corpus);
}
END_TEST

START_TEST(schemes_that_do_not_exist_are_refused)
{
    const ac_target_options options = {.signer = AC_STR("acs4")};
    ck_assert_ac_err(refused("http://localhost", &options), "unknown signature scheme \"acs4\"");
}
END_TEST

START_TEST(operations_are_claimed)
{
    ac_corpus *corpus = load_corpus();
    ac_target *t = open_plain(GOOD("full"));
    ck_assert(ac_target_claims_operation(t, contract_of(corpus, endpoint)));
    ck_assert(ac_target_claims_operation(t, contract_of(corpus, peer)));
    ck_assert(!ac_target_claims_operation(t, contract_of(corpus, instance)));
    ac_target_close(t);
    t = open_plain(GOOD("endpoints-only"));
    ck_assert(ac_target_claims_operation(t, contract_of(corpus, endpoint)));
    ck_assert(!ac_target_claims_operation(t, contract_of(corpus, peer)));
    ac_target_close(t);
    ac_corpus_free(corpus);
}
END_TEST

START_TEST(variables_of_the_command_line_win)
{
    ac_arena *arena = ac_test_arena();
    const ac_json *given = ac_json_set(arena, NULL, AC_STR("vpc_id"), ac_json_string(arena, AC_STR("vpc-9")));
    given = ac_json_set(arena, given, AC_STR("more"), ac_json_string(arena, AC_STR("m")));
    const ac_target_options options = {.variables = given};
    ac_target *t = open_with(GOOD("full"), &options);
    ck_assert_uint_eq(t->variables->count, 3);
    ck_assert_ac_str(ac_json_text(ac_json_get_c(t->variables, "vpc_id")), "vpc-9");
    ck_assert_ac_str(ac_json_text(ac_json_get_c(t->variables, "vpc_id_2")), "vpc-2");
    ck_assert_ac_str(ac_json_text(ac_json_get_c(t->variables, "more")), "m");
    ac_target_close(t);
    t = open_with("http://localhost", &options);
    ck_assert_uint_eq(t->variables->count, 2);
    ac_target_close(t);
}
END_TEST

START_TEST(closing_nothing_is_fine)
{
    ac_target_close(NULL);
}
END_TEST

AC_TEST_MAIN("target", a_profile_says_everything, a_profile_says_little, the_sample_profile_opens,
             credentials_come_from_the_environment, credentials_that_are_not_there_are_named,
             commands_are_found_beside_the_profile_or_in_the_path,
             bad_profiles_are_refused_with_file_and_place, every_bad_profile_is_looked_at,
             errors_show_no_secrets, files_that_are_not_there_suggest_other_targets, any_server_is_a_target,
             a_url_has_parts, urls_that_are_none_are_refused, the_endpoint_with_the_longest_key_counts,
             the_mock_is_a_target, schemes_are_chosen, schemes_are_claimed,
             schemes_that_do_not_exist_are_refused, operations_are_claimed, variables_of_the_command_line_win,
             closing_nothing_is_fine)
