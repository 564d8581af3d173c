/*
 * Parameters from outside: whatever they are, building ends, and what was signed without tampering verifies.
 *
 * The input is four bytes that choose style, method, signature scheme and tampering, then JSON.
 */
#include <stdint.h>
#include <stdlib.h>

#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHOICES = 4, PARAMETERS_MAX = 16384 }; /* a verifier reads no more parameters */

static ac_constraint from_zero = {.kind = AC_INDEX, .base = 0};

static ac_parameter rows[] = {
    {.name = AC_STR_INIT("Id"), .in = AC_IN_PATH},
    {.name = AC_STR_INIT("Zone.N.Id"), .in = AC_IN_QUERY, .constraints = {&from_zero, 1}},
    {.name = AC_STR_INIT("Form"), .in = AC_IN_FORM},
    {.name = AC_STR_INIT("X-Kind"), .in = AC_IN_HEADER},
    {.name = AC_STR_INIT("body"), .in = AC_IN_BODY, .role = AC_ROLE_CONTAINER},
    {.name = AC_STR_INIT("Size"), .in = AC_IN_BODY},
};

static ac_str signers[] = {AC_STR_INIT("acs3-hmac-sha256"), AC_STR_INIT("acs-rpc-hmac-sha1"),
                           AC_STR_INIT("acs-roa-hmac-sha1"), AC_STR_INIT("volc-hmac-sha256")};
static ac_str methods[] = {AC_STR_INIT("GET"), AC_STR_INIT("POST"), AC_STR_INIT("DELETE")};

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* A JSON body takes the place of a form, so that half of the styles go without it. */
static ac_contract contract_of(const ac_style *style)
{
    size_t count = style->wire == AC_WIRE_ALIBABA_ROA ? AC_COUNT(rows) : AC_COUNT(rows) - 2;
    return (ac_contract){.operation = AC_STR("any/thing/1/Do"),
                         .product = AC_STR("thing"),
                         .version = AC_STR("1"),
                         .action = AC_STR("Do"),
                         .style = style,
                         .methods = {methods, AC_COUNT(methods)},
                         .path = AC_STR("/a/{Id}/b"),
                         .parameters = {rows, count}};
}

static size_t count_parameters(const ac_request *request)
{
    size_t count = 2;
    for (size_t i = 0; i < request->target.n; i++) {
        count += request->target.p[i] == '&';
    }
    for (size_t i = 0; i < request->body.n; i++) {
        count += request->body.p[i] == '&';
    }
    return count;
}

static void check(ac_arena *arena, const uint8_t *choice, const ac_json *params)
{
    const ac_style style = {.wire = choice[0] % 3, .signers = {signers, AC_COUNT(signers)}};
    const ac_contract contract = contract_of(&style);
    const ac_call call = {.contract = &contract,
                          .params = params,
                          .method = methods[choice[1] % AC_COUNT(methods)],
                          .signer = ac_signer_find(signers[choice[2] % AC_COUNT(signers)]),
                          .credentials = {AC_STR("id"), ac_secret_of(AC_STR("secret")),
                                          ac_secret_of(choice[2] & 128 ? AC_STR("token") : AC_STR(""))},
                          .host = AC_STR("a.test"),
                          .region = AC_STR("region"),
                          .now_ms = 1768465845000,
                          .nonce = AC_STR("nonce"),
                          .tamper = choice[3] % AC_TAMPER_COUNT};
    ac_request request;
    ac_sign_stages stages;
    ac_err err = {0};
    if (!ac_wire_build(arena, &call, &request, &stages, &err)) {
        require(err.kind == AC_ERR_USAGE && err.text[0] != '\0');
        return;
    }
    ac_verify_report report;
    call.signer->verify(arena, &request, call.credentials.access_key_secret, &report);
    require(call.tamper != AC_TAMPER_NONE || report.result == AC_VERIFY_OK ||
            count_parameters(&request) > PARAMETERS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < CHOICES) {
        return 0;
    }
    ac_arena *arena = ac_arena_new();
    ac_err err = {0};
    ac_str text = {(const char *)data + CHOICES, size - CHOICES};
    const ac_json *params = ac_json_parse(arena, text, &ac_json_wire_limits, &err);
    if (params) {
        check(arena, data, params);
    }
    ac_arena_free(arena);
    return 0;
}
