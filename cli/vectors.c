#include "cli/vectors.h"

#include <stdio.h>

#include "base/file.h"
#include "sign/sign.h"

enum { VECTORS_BYTES_MAX = 64 << 20 };

static void read_headers(ac_arena *arena, const ac_json *headers, ac_pairs *out)
{
    for (size_t i = 0; headers && i < headers->count; i++) {
        const ac_json *pair = &headers->items[i];
        if (pair->type == AC_JSON_ARRAY && pair->count == 2) {
            ac_pairs_add(arena, out, ac_json_text(&pair->items[0]), ac_json_text(&pair->items[1]));
        }
    }
}

static ac_request read_request(ac_arena *arena, const ac_json *json)
{
    ac_request request = {.method = ac_json_text(ac_json_get_c(json, "method")),
                          .target = ac_json_text(ac_json_get_c(json, "target")),
                          .body = ac_json_text(ac_json_get_c(json, "body"))};
    read_headers(arena, ac_json_get_c(json, "headers"), &request.headers);
    return request;
}

static bool check_vector(ac_arena *arena, const ac_signer *signer, const ac_json *vector)
{
    ac_request request = read_request(arena, ac_json_get_c(vector, "request"));
    const ac_json *credentials = ac_json_get_c(vector, "credentials");
    ac_str secret = ac_json_text(ac_json_get_c(credentials, "accessKeySecret"));
    if (!secret.p) {
        secret = ac_json_text(ac_json_get_c(credentials, "secretAccessKey"));
    }
    ac_str name = ac_json_text(ac_json_get_c(vector, "name"));
    const ac_json *verifiable = ac_json_get_c(vector, "verifiableFromWire");
    bool expected = !verifiable || verifiable->boolean;
    ac_verify_report report = {0};
    signer->verify(arena, &request, ac_secret_of(secret), &report);
    bool ok = (report.result == AC_VERIFY_OK) == expected;
    ac_str stage = ac_json_text(ac_json_get_c(vector, "stringToSign"));
    ok = ok && (!expected || !stage.p || ac_str_eq(stage, report.stages.string_to_sign));
    printf("%s %s %.*s: %s\n", ok ? "ok    " : "not ok", signer->name, AC_STR_FMT(name),
           ac_verify_result_name(report.result));
    return ok;
}

static void check_list(ac_arena *arena, const ac_json *list, size_t *good, size_t *bad)
{
    const ac_signer *signer = ac_signer_find(list->key);
    for (size_t i = 0; signer && list->type == AC_JSON_ARRAY && i < list->count; i++) {
        if (check_vector(arena, signer, &list->items[i])) {
            (*good)++;
        } else {
            (*bad)++;
        }
    }
}

int vectors_check(cli_context *cli, ac_str path)
{
    ac_str text = ac_file_read(cli->arena, ac_str_z(cli->arena, path), VECTORS_BYTES_MAX, &cli->err);
    if (!text.p) {
        return -1;
    }
    const ac_json *json = ac_json_parse(cli->arena, text, &ac_json_file_limits, &cli->err);
    if (!json) {
        ac_err_prefix(&cli->err, AC_ERR_USAGE, "%.*s", AC_STR_FMT(path));
        return -1;
    }
    size_t good = 0;
    size_t bad = 0;
    for (size_t i = 0; i < json->count; i++) {
        check_list(cli->arena, &json->items[i], &good, &bad);
    }
    if (good + bad == 0) {
        ac_fail(&cli->err, AC_ERR_USAGE, "%.*s: no vectors in it", AC_STR_FMT(path));
        return -1;
    }
    printf("%zu vectors hold, %zu do not\n", good, bad);
    return bad > 0 ? 1 : 0;
}
