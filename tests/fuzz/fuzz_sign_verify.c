/*
 * Requests from outside: every signer claims and verifies them, whatever they say; and what a signer has
 * signed verifies.
 *
 * The input is a request in the manner of HTTP/1: "METHOD target", lines "Name: value", an empty line, the
 * body. Line ends are "\n".
 */
#include <stdint.h>
#include <stdlib.h>

#include "sign/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ac_str line_of(ac_str *rest)
{
    return ac_str_split(*rest, '\n', rest);
}

static ac_request read_request(ac_arena *arena, ac_str text)
{
    ac_request request = {0};
    ac_str line = line_of(&text);
    request.method = ac_str_split(line, ' ', &request.target);
    for (line = line_of(&text); line.n > 0; line = line_of(&text)) {
        ac_str value;
        ac_str name = ac_str_split(line, ':', &value);
        ac_pairs_add(arena, &request.headers, name, ac_str_trim(value));
    }
    request.body = text;
    return request;
}

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_verify(ac_arena *arena, const ac_signer *signer, const ac_request *request)
{
    ac_sign_claim claim;
    ac_verify_report report;
    ac_verify_result claimed = signer->claim(arena, request, &claim);
    signer->verify(arena, request, ac_secret_of(AC_STR("secret")), &report);
    require(report.why != NULL && ac_verify_result_name(report.result) != NULL);
    require(claimed == AC_VERIFY_OK || report.result == claimed);
}

/* Names of headers that HTTP allows: a server passes on no others. */
static bool has_tokens(const ac_pairs *headers)
{
    static const char letters[] =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (size_t i = 0; i < headers->count; i++) {
        ac_str name = headers->items[i].name;
        for (size_t c = 0; c < name.n; c++) {
            if (ac_str_find_char(AC_STR(letters), name.p[c]) == AC_NOT_FOUND) {
                return false;
            }
        }
        if (name.n == 0) {
            return false;
        }
    }
    return true;
}

static void check_sign(ac_arena *arena, const ac_signer *signer, const ac_request *original)
{
    static const ac_sign_input input = {
        .credentials = {AC_STR_INIT("id"), {AC_STR_INIT("secret")}, {AC_STR_INIT("token")}},
        .now_ms = 1768465845000,
        .nonce = AC_STR_INIT("nonce"),
        .action = AC_STR_INIT("Action"),
        .version = AC_STR_INIT("2020-01-01"),
        .region = AC_STR_INIT("region"),
        .service = AC_STR_INIT("service"),
    };
    ac_sign_stages stages;
    ac_verify_report report;
    ac_request request = *original;
    request.headers = ac_pairs_clone(arena, &original->headers);
    ac_pairs_remove_nocase(&request.headers, AC_STR("host"));
    ac_pairs_add(arena, &request.headers, AC_STR("Host"), AC_STR("a.test"));
    ac_pairs_remove_nocase(&request.headers, AC_STR("content-md5"));
    signer->sign(arena, &request, &input, &stages);
    signer->verify(arena, &request, input.credentials.access_key_secret, &report);
    require(report.result == AC_VERIFY_OK);
    require(ac_str_eq(report.stages.signature, stages.signature));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_arena *arena = ac_arena_new();
    ac_request request = read_request(arena, (ac_str){(const char *)data, size});
    (void)ac_signer_of(&request);
    for (size_t i = 0; ac_signer_at(i); i++) {
        check_verify(arena, ac_signer_at(i), &request);
        if (has_tokens(&request.headers)) {
            check_sign(arena, ac_signer_at(i), &request);
        }
    }
    ac_arena_free(arena);
    return 0;
}
