/* What a contract of an unknown operation could begin with: all that one exchange shows, and nothing made up. */
#include "promote_parts.h"

static const char *type_name(const ac_json *value)
{
    static const char *const names[] = {
        [AC_JSON_NULL] = "string",   [AC_JSON_BOOL] = "boolean", [AC_JSON_NUMBER] = "number",
        [AC_JSON_STRING] = "string", [AC_JSON_ARRAY] = "array",  [AC_JSON_OBJECT] = "object"};
    return ac_json_is_integer(value) ? "integer" : names[value->type];
}

static const ac_json *sources_of(ac_arena *arena)
{
    const ac_json *sections =
        ac_json_parse(arena,
                      AC_STR("{\"request\": {\"title\": \"parameters that were sent\"}, "
                             "\"response\": {\"title\": \"the answer\"}}"),
                      &ac_json_file_limits, NULL);
    const ac_json *source = NULL;
    put_text(arena, &source, "id", AC_STR("recording"));
    put_text(arena, &source, "kind", AC_STR("inference"));
    put_text(arena, &source, "publisher", AC_STR("accord"));
    put_text(arena, &source, "title", AC_STR("one recorded exchange"));
    put_text(arena, &source, "language", AC_STR("en"));
    put_json(arena, &source, "date", ac_json_null());
    put_text(arena, &source, "note", AC_STR("seen once: replace it by what the documentation says"));
    put_json(arena, &source, "sections", sections);
    return ac_json_array(arena, &source, 1);
}

static const ac_json *parameters_of(ac_arena *arena, const ac_json *params, const char *location)
{
    const ac_json **rows = AC_NEW_ARRAY(arena, params->count, const ac_json *);
    for (size_t i = 0; i < params->count; i++) {
        const ac_json *value = &params->items[i];
        put_text(arena, &rows[i], "name", value->key);
        put_text(arena, &rows[i], "in", ac_str_c(location));
        put_text(arena, &rows[i], "type",
                 ac_str_c(value->type == AC_JSON_NUMBER && !ac_json_is_integer(value) ? "string"
                                                                                      : type_name(value)));
        put_text(arena, &rows[i], "required", AC_STR("unknown"));
        put_text(arena, &rows[i], "cite", AC_STR("recording:request"));
    }
    return ac_json_array(arena, rows, params->count);
}

static void add_field(ac_arena *arena, const ac_json *value, ac_str pointer, const ac_json **rows, size_t max,
                      size_t *count)
{
    if (pointer.n > 0 && *count < max && value->type != AC_JSON_NULL) {
        const ac_json *row = NULL;
        put_text(arena, &row, "pointer", pointer);
        put_text(arena, &row, "type", ac_str_c(type_name(value)));
        put_text(arena, &row, "cite", AC_STR("recording:response"));
        rows[(*count)++] = row;
    }
    bool array = value->type == AC_JSON_ARRAY;
    for (size_t i = 0; i < (array && value->count > 0 ? 1 : value->count); i++) {
        ac_str token = array ? AC_STR("*") : ac_json_pointer_token(arena, value->items[i].key);
        ac_str inner = ac_str_printf(arena, "%.*s/%.*s", AC_STR_FMT(pointer), AC_STR_FMT(token));
        add_field(arena, &value->items[i], inner, rows, max, count);
    }
}

static const ac_json *fields_of(ac_arena *arena, const ac_json *body)
{
    enum { FIELDS_MAX = 500 };
    const ac_json **rows = AC_NEW_ARRAY(arena, FIELDS_MAX, const ac_json *);
    size_t count = 0;
    if (body) {
        add_field(arena, body, AC_STR(""), rows, FIELDS_MAX, &count);
    }
    return ac_json_array(arena, rows, count);
}

/* The style that its wire looks like; the first operation's of the provider that the host or signature names. */
static const ac_contract *like_of(const ac_corpus *corpus, const ac_record *record)
{
    for (size_t i = 0; i < corpus->contract_count; i++) {
        const ac_strs *signers = &corpus->contracts[i]->style->signers;
        for (size_t k = 0; k < signers->count; k++) {
            if (record->signer.n > 0 && ac_str_eq(signers->items[k], record->signer)) {
                return corpus->contracts[i];
            }
        }
    }
    return NULL;
}

/* Letters, digits, dots and dashes: it becomes part of a file's name. */
static ac_str word_of(ac_arena *arena, ac_str text, const char *otherwise)
{
    ac_buf word;
    ac_buf_init(&word, 80);
    for (size_t i = 0; i < text.n && i < 60; i++) {
        char c = text.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     (c == '.' && word.n > 0);
        ac_buf_add_char(&word, plain ? c : '-');
    }
    ac_str made = ac_buf_take(&word, arena);
    return made.n > 0 ? made : ac_str_c(otherwise);
}

static ac_str operation_of(ac_arena *arena, const ac_record *record, const ac_recognised *call,
                           const ac_contract *like)
{
    ac_str path = ac_target_path(record->request.target);
    size_t slash = path.n;
    while (slash > 0 && path.p[slash - 1] != '/') {
        slash--;
    }
    ac_str action = call->action.n > 0 ? call->action : ac_str_sub(path, slash, path.n);
    ac_str provider = like ? like->provider->provider : AC_STR("unknown");
    size_t host = ac_str_find(record->base_url, AC_STR("://"));
    ac_str product = ac_str_sub(record->base_url, host == AC_NOT_FOUND ? 0 : host + 3, record->base_url.n);
    product = ac_str_sub(product, 0, ac_str_find_char(product, '.'));
    bool numeric = product.n > 0 && product.p[0] >= '0' && product.p[0] <= '9';
    return ac_str_printf(arena, "%.*s/%.*s/%.*s/%.*s", AC_STR_FMT(provider),
                         AC_STR_FMT(numeric ? AC_STR("product") : word_of(arena, product, "product")),
                         AC_STR_FMT(word_of(arena, call->version, "version")),
                         AC_STR_FMT(word_of(arena, action, "Operation")));
}

void skeleton_add(ac_arena *arena, const ac_corpus *corpus, const ac_record *record,
                  const ac_recognised *call, ac_promoted *out)
{
    const ac_contract *like = like_of(corpus, record);
    ac_str operation = operation_of(arena, record, call, like);
    if (ac_json_get(out->skeletons, operation)) {
        return;
    }
    bool form = record->request.body.n > 0 && ac_str_find(ac_header(&record->request.headers, "Content-Type"),
                                                          AC_STR("json")) == AC_NOT_FOUND;
    const ac_json *body = ac_json_parse(arena, record->response.body, &ac_json_wire_limits, NULL);
    const ac_json *skeleton = NULL;
    const ac_json *response = NULL;
    put_json(arena, &skeleton, "accord", ac_json_integer(arena, 1));
    put_text(arena, &skeleton, "operation", operation);
    put_text(arena, &skeleton, "style", like ? like->style_name : AC_STR("rpc"));
    put_json(arena, &skeleton, "methods", json_strings(arena, &record->request.method, 1));
    put_text(arena, &skeleton, "path", ac_target_path(record->request.target));
    put_json(arena, &skeleton, "sources", sources_of(arena));
    put_json(arena, &skeleton, "parameters",
             parameters_of(arena, call->params,
                           form                         ? "form"
                           : record->request.body.n > 0 ? "body"
                                                        : "query"));
    put_json(arena, &skeleton, "requests", ac_json_set(arena, NULL, AC_STR("minimal"), call->params));
    put_json(arena, &response, "status", ac_json_integer(arena, record->response.status));
    put_json(arena, &response, "fields", fields_of(arena, body));
    put_json(arena, &skeleton, "response", response);
    put_json(arena, &skeleton, "behaviour",
             ac_json_set(arena, NULL, AC_STR("kind"), ac_json_string(arena, AC_STR("plain"))));
    out->skeletons = ac_json_set(arena, out->skeletons, operation, skeleton);
}
