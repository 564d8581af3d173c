#include "sdk/protocol.h"

#include <string.h>

const char *const ac_sdk_error_kinds[] = {"service", "client", "transport", "timeout", NULL};

static const ac_json_limits line_limits = {AC_SDK_LINE_MAX, 64};

enum { OPERATIONS_MAX = 10000, TEXT_MAX = 512 };

/* ---- hello ---- */

static const ac_field hello_fields[] = {
    {"accord", AC_FIELD_INT, offsetof(ac_sdk_hello, protocol), true, NULL},
    {"driver", AC_FIELD_STR, offsetof(ac_sdk_hello, driver), true, NULL},
    {"sdk", AC_FIELD_STR, offsetof(ac_sdk_hello, sdk), true, NULL},
    {"version", AC_FIELD_STR, offsetof(ac_sdk_hello, version), true, NULL},
    {"note", AC_FIELD_STR_OR_NULL, offsetof(ac_sdk_hello, note), false, NULL},
    {"operations", AC_FIELD_STRS, offsetof(ac_sdk_hello, operations), true, NULL},
    {"result_root", AC_FIELD_STR, offsetof(ac_sdk_hello, result_root), false, NULL},
    {"fields", AC_FIELD_JSON, offsetof(ac_sdk_hello, fields), false, NULL},
    {"parameters", AC_FIELD_JSON, offsetof(ac_sdk_hello, parameters), false, NULL},
    {NULL, AC_FIELD_STR, 0, false, NULL},
};

static bool is_pointer(ac_str text)
{
    return text.n == 0 || text.p[0] == '/';
}

static bool members_are_pointers(const ac_json *map)
{
    for (size_t i = 0; i < map->count; i++) {
        const ac_json *member = &map->items[i];
        if (member->type != AC_JSON_STRING || !is_pointer(member->key) || !is_pointer(member->text)) {
            return false;
        }
    }
    return map->type == AC_JSON_OBJECT;
}

static bool elements_are_names(const ac_json *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].type != AC_JSON_STRING) {
            return false;
        }
    }
    return list->type == AC_JSON_ARRAY;
}

static bool check_map(ac_decoder *decoder, const char *name, const ac_json *map,
                      bool (*is_good)(const ac_json *value), const char *wanted)
{
    if (map && map->type != AC_JSON_OBJECT) {
        return ac_decode_fail(decoder, name, "an object of operations is expected");
    }
    for (size_t i = 0; map && i < map->count; i++) {
        if (!is_good(&map->items[i])) {
            return ac_decode_fail(decoder, name, "%s are expected for \"%.*s\"", wanted,
                                  AC_STR_FMT(map->items[i].key));
        }
    }
    return true;
}

static bool check_hello(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)json;
    const ac_sdk_hello *hello = out;
    if (hello->protocol != 1) {
        return ac_decode_fail(decoder, "accord", "protocol 1 is expected");
    }
    const ac_str texts[] = {hello->driver, hello->sdk, hello->version, hello->note};
    for (size_t i = 0; i < AC_COUNT(texts); i++) {
        if (texts[i].n > TEXT_MAX) {
            return ac_decode_fail(decoder, NULL, "a text is longer than %d bytes", TEXT_MAX);
        }
    }
    if (hello->operations.count == 0 || hello->operations.count > OPERATIONS_MAX) {
        return ac_decode_fail(decoder, "operations", "1 to %d operations are expected", OPERATIONS_MAX);
    }
    if (!is_pointer(hello->result_root)) {
        return ac_decode_fail(decoder, "result_root", "a JSON pointer is expected");
    }
    return check_map(decoder, "fields", hello->fields, members_are_pointers, "JSON pointers") &&
           check_map(decoder, "parameters", hello->parameters, elements_are_names, "names of parameters");
}

static const ac_struct hello_shape = {hello_fields, sizeof(ac_sdk_hello), check_hello};

static bool decode(ac_arena *arena, const ac_json *json, const ac_struct *shape, const char *what, void *out,
                   ac_err *err)
{
    ac_decoder decoder;
    ac_decoder_init(&decoder, arena, what, err);
    bool ok = ac_decode(&decoder, json, shape, out);
    ac_decoder_done(&decoder);
    if (!ok && err) {
        err->kind = AC_ERR_JUDGE;
    }
    return ok;
}

/* The line as JSON; an error shows its beginning. */
static const ac_json *parse(ac_arena *arena, ac_str line, const char *what, ac_err *err)
{
    ac_err why = {0};
    const ac_json *json = ac_json_parse(arena, line, &line_limits, &why);
    if (!json) {
        ac_fail(err, AC_ERR_JUDGE, "%s is no JSON: %s: %.*s", what, why.text,
                line.n < 120 ? (int)line.n : 120, line.p ? line.p : "");
    }
    return json;
}

bool ac_sdk_read_hello(ac_arena *arena, ac_str line, ac_sdk_hello *out, ac_err *err)
{
    const ac_json *json = parse(arena, line, "the driver's first line", err);
    *out = (ac_sdk_hello){.protocol = 0};
    return json && decode(arena, json, &hello_shape, "the driver's first line", out, err);
}

/* ---- answers ---- */

typedef struct raw_member {
    ac_str at;
    const ac_json *value; /* text, number or null */
} raw_member;

typedef struct raw_members {
    raw_member *status, *code, *message, *request_id;
} raw_members;

typedef struct error_line {
    int kind;
    const ac_json *status;
    ac_str code, message, request_id, type;
    raw_members raw;
} error_line;

typedef struct answer_line {
    int64_t id;
    const ac_json *result;
    error_line *error;
    ac_str unsupported;
    ac_strs ignored;
} answer_line;

static bool check_text(ac_decoder *decoder, const char *name, const ac_json *value)
{
    bool good = !value || value->type == AC_JSON_STRING || value->type == AC_JSON_NUMBER ||
                value->type == AC_JSON_NULL;
    return good || ac_decode_fail(decoder, name, "a number or text is expected here, not %s",
                                  ac_json_type_name(value->type));
}

static bool check_raw_member(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)json;
    return check_text(decoder, "value", ((const raw_member *)out)->value);
}

static bool check_error(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)json;
    return check_text(decoder, "status", ((const error_line *)out)->status);
}

static const ac_field raw_member_fields[] = {
    {"at", AC_FIELD_STR, offsetof(raw_member, at), true, NULL},
    {"value", AC_FIELD_JSON, offsetof(raw_member, value), true, NULL},
    {NULL, AC_FIELD_STR, 0, false, NULL},
};
static const ac_struct raw_member_shape = {raw_member_fields, sizeof(raw_member), check_raw_member};

static const ac_field raw_fields[] = {
    {"status", AC_FIELD_POINTER, offsetof(raw_members, status), false, &raw_member_shape},
    {"code", AC_FIELD_POINTER, offsetof(raw_members, code), false, &raw_member_shape},
    {"message", AC_FIELD_POINTER, offsetof(raw_members, message), false, &raw_member_shape},
    {"request_id", AC_FIELD_POINTER, offsetof(raw_members, request_id), false, &raw_member_shape},
    {NULL, AC_FIELD_STR, 0, false, NULL},
};
static const ac_struct raw_shape = {raw_fields, sizeof(raw_members), NULL};

static const ac_field error_fields[] = {
    {"kind", AC_FIELD_ENUM, offsetof(error_line, kind), true, ac_sdk_error_kinds},
    {"status", AC_FIELD_JSON, offsetof(error_line, status), false, NULL},
    {"code", AC_FIELD_STR_OR_NULL, offsetof(error_line, code), false, NULL},
    {"message", AC_FIELD_STR_OR_NULL, offsetof(error_line, message), false, NULL},
    {"request_id", AC_FIELD_STR_OR_NULL, offsetof(error_line, request_id), false, NULL},
    {"type", AC_FIELD_STR_OR_NULL, offsetof(error_line, type), false, NULL},
    {"raw", AC_FIELD_OBJECT, offsetof(error_line, raw), false, &raw_shape},
    {NULL, AC_FIELD_STR, 0, false, NULL},
};
static const ac_struct error_shape = {error_fields, sizeof(error_line), check_error};

static bool check_answer(ac_decoder *decoder, const ac_json *json, void *out)
{
    (void)json;
    const answer_line *line = out;
    int given = (line->result != NULL) + (line->error != NULL) + (line->unsupported.p != NULL);
    return given == 1 ||
           ac_decode_fail(decoder, NULL,
                          "exactly one of \"result\", \"error\" and \"unsupported\" is expected");
}

static const ac_field answer_fields[] = {
    {"id", AC_FIELD_INT, offsetof(answer_line, id), true, NULL},
    {"result", AC_FIELD_JSON, offsetof(answer_line, result), false, NULL},
    {"error", AC_FIELD_POINTER, offsetof(answer_line, error), false, &error_shape},
    {"unsupported", AC_FIELD_STR, offsetof(answer_line, unsupported), false, NULL},
    {"ignored", AC_FIELD_STRS, offsetof(answer_line, ignored), false, NULL},
    {NULL, AC_FIELD_STR, 0, false, NULL},
};
static const ac_struct answer_shape = {answer_fields, sizeof(answer_line), check_answer};

static ac_sdk_member member_of(ac_str value, const raw_member *raw)
{
    ac_sdk_member member = {.value = value};
    if (raw && ac_json_text(raw->value).p) {
        member.raw = ac_json_text(raw->value);
        member.raw_at = raw->at;
    }
    return member;
}

static void take_error(const error_line *line, ac_sdk_error *out)
{
    ac_str status = ac_json_text(line->status);
    *out = (ac_sdk_error){
        .kind = (ac_sdk_error_kind)line->kind,
        .type = line->type,
        .status = member_of(status.n > 0 ? status : (ac_str){NULL, 0}, line->raw.status),
        .code = member_of(line->code, line->raw.code),
        .message = member_of(line->message, line->raw.message),
        .request_id = member_of(line->request_id, line->raw.request_id),
    };
}

/* What a driver says to a line that it cannot read; true where it is that, with *err. */
static bool refuses_line(const ac_json *json, ac_err *err)
{
    ac_str why = ac_json_text(ac_json_at(json, AC_STR("/error/message")));
    bool refuses = ac_json_is(ac_json_get_c(json, "id"), AC_JSON_NULL) && why.p;
    if (refuses) {
        ac_fail(err, AC_ERR_JUDGE, "the driver could not read the call: %.*s", AC_STR_FMT(why));
    }
    return refuses;
}

bool ac_sdk_read_answer(ac_arena *arena, ac_str line, int64_t id, ac_sdk_outcome *out, ac_err *err)
{
    const ac_json *json = parse(arena, line, "the driver's answer", err);
    answer_line answer = {.id = 0};
    if (!json || refuses_line(json, err) ||
        !decode(arena, json, &answer_shape, "the driver's answer", &answer, err)) {
        return false;
    }
    if (answer.id != id) {
        return ac_fail(err, AC_ERR_JUDGE, "the driver's answer is for call %lld, not for call %lld",
                       (long long)answer.id, (long long)id);
    }
    out->ignored = answer.ignored;
    out->result = answer.result;
    out->why = answer.unsupported;
    out->end = answer.error ? AC_SDK_ERROR : answer.result ? AC_SDK_RESULT : AC_SDK_UNSUPPORTED;
    if (answer.error) {
        take_error(answer.error, &out->error);
    }
    return true;
}

/* ---- calls ---- */

static void add_text(ac_buf *line, const char *before, ac_str text)
{
    ac_buf_add_c(line, before);
    ac_json_write_string(line, text);
}

ac_str ac_sdk_write_call(ac_arena *arena, int64_t id, const ac_sdk_call *call, ac_str endpoint)
{
    ac_str token = ac_secret_bytes(call->credentials.security_token);
    ac_buf line;
    ac_buf_init(&line, SIZE_MAX / 4);
    ac_buf_printf(&line, "{\"id\":%lld", (long long)id);
    add_text(&line, ",\"operation\":", call->operation);
    ac_buf_add_c(&line, ",\"params\":");
    ac_json_write(&line, call->params ? call->params : ac_json_object());
    add_text(&line, ",\"endpoint\":", endpoint);
    add_text(&line, ",\"region\":", call->region);
    add_text(&line, ",\"credentials\":{\"access_key_id\":", call->credentials.access_key_id);
    add_text(&line, ",\"access_key_secret\":", ac_secret_bytes(call->credentials.access_key_secret));
    if (token.n > 0) {
        add_text(&line, ",\"security_token\":", token);
    } else {
        ac_buf_add_c(&line, ",\"security_token\":null");
    }
    ac_buf_printf(&line, "},\"timeout_ms\":%lld}\n", (long long)call->timeout_ms);
    return ac_buf_take(&line, arena);
}
