#include "wire/wire.h"

#include "wire_parts.h"

/* ---- before the layout ---- */

static bool fits(const ac_call *call, ac_err *err)
{
    const ac_contract *contract = call->contract;
    const ac_strs *accepted = &contract->style->signers;
    const char *signer = call->signer ? call->signer->name : "none";
    for (size_t i = 0; i < accepted->count; i++) {
        if (ac_str_is(accepted->items[i], signer)) {
            return true;
        }
    }
    return ac_fail(err, AC_ERR_USAGE, "%.*s: signature scheme \"%s\" does not fit the style \"%.*s\"",
                   AC_STR_FMT(contract->operation), signer, AC_STR_FMT(contract->style_name));
}

static ac_wire_plan plan_of(const ac_call *call)
{
    const ac_contract *contract = call->contract;
    const ac_product *product = contract->product_facts;
    ac_wire_plan plan = {.input = {.credentials = call->credentials,
                                   .now_ms = call->now_ms,
                                   .nonce = call->nonce,
                                   .action = contract->action,
                                   .version = contract->version,
                                   .region = call->region,
                                   .service = product ? product->signing_service : contract->product},
                         .path = contract->path};
    ac_tamper_plan((ac_wire_kind)contract->style->wire, call->tamper, &plan);
    return plan;
}

/* ---- parameters to their places ---- */

typedef struct layout {
    ac_arena *arena;
    const ac_contract *contract;
    const ac_json *params;
    ac_flattener flattener;
    size_t cursor; /* row of the last parameter */
    ac_pairs query, form, headers;
    ac_pairs *places[AC_IN_HEADER + 1]; /* by ac_location; NULL: not as pairs */
    ac_json *members;                   /* of the JSON body */
    size_t member_count;
    const ac_json *whole_body;
} layout;

static bool refuse(const layout *l, ac_err *err, const char *why)
{
    return ac_fail(err, AC_ERR_USAGE, "%.*s: %s", AC_STR_FMT(l->contract->operation), why);
}

static ac_str first_part(ac_str name)
{
    ac_str rest;
    return ac_str_split(name, '.', &rest);
}

/* The row of the parameter, or of what it is a part of. Parameters mostly come in the order of the rows, so
 * the search goes on where the last one ended. */
static const ac_parameter *find_row(layout *l, ac_str key)
{
    size_t count = l->contract->parameters.count;
    ac_str name = first_part(key);
    for (size_t i = 0; i < count; i++) {
        size_t at = (l->cursor + i) % count;
        const ac_parameter *row = &l->contract->parameters.items[at];
        if (ac_str_starts(row->name, name) && ac_str_eq(first_part(row->name), name)) {
            l->cursor = at;
            return row;
        }
    }
    return NULL;
}

static bool has_json_body(const ac_contract *contract)
{
    for (size_t i = 0; i < contract->parameters.count; i++) {
        if (contract->parameters.items[i].in == AC_IN_BODY) {
            return true;
        }
    }
    return false;
}

/* Volcengine names the operation in the query, ahead of the parameters. */
static void add_operation(layout *l, const ac_sign_input *input)
{
    const ac_pair names[] = {{AC_STR("Action"), input->action}, {AC_STR("Version"), input->version}};
    for (size_t i = 0; i < AC_COUNT(names); i++) {
        if (names[i].value.n > 0 && !ac_json_get(l->params, names[i].name)) {
            ac_pairs_add(l->arena, &l->query, names[i].name, names[i].value);
        }
    }
}

/* The row "body" stands for the body itself; other containers are members of it. */
static void add_member(layout *l, const ac_json *member, const ac_parameter *row)
{
    if (row->role == AC_ROLE_CONTAINER && ac_str_is(row->name, "body")) {
        l->whole_body = member;
        return;
    }
    if (!l->members) {
        l->members = AC_NEW_ARRAY(l->arena, l->params->count, ac_json);
    }
    l->members[l->member_count++] = *member;
}

static void place(layout *l, const ac_json *member)
{
    const ac_parameter *row = find_row(l, member->key);
    int location = row ? row->in : AC_IN_QUERY;
    if (location == AC_IN_BODY) {
        add_member(l, member, row);
    } else if (l->places[location]) {
        ac_flatten(&l->flattener, member, l->places[location]);
    }
}

static bool place_all(layout *l, ac_err *err)
{
    for (size_t i = 0; ac_json_is(l->params, AC_JSON_OBJECT) && i < l->params->count; i++) {
        if (l->params->items[i].type != AC_JSON_NULL) {
            place(l, &l->params->items[i]);
        }
    }
    if (l->whole_body && l->member_count > 0) {
        return refuse(l, err, "\"body\" is the whole body, but members of it are given too");
    }
    return l->flattener.name_bytes <= AC_FLAT_NAMES_MAX ||
           refuse(l, err, "the names of the parameters pass 4 MiB");
}

/* ---- the parts of the request ---- */

static bool add_segment(const layout *l, ac_buf *target, ac_str name, ac_err *err)
{
    ac_str value = ac_scalar_text(ac_json_get(l->params, name));
    ac_percent_encode(target, value);
    return value.p || ac_fail(err, AC_ERR_USAGE, "%.*s: the path needs the parameter \"%.*s\"",
                              AC_STR_FMT(l->contract->operation), AC_STR_FMT(name));
}

static bool add_path(const layout *l, ac_buf *target, ac_str path, ac_err *err)
{
    bool ok = true;
    while (ok && path.p) {
        ac_buf_add(target, ac_str_split(path, '{', &path));
        if (path.p) {
            ok = add_segment(l, target, ac_str_split(path, '}', &path), err);
        }
    }
    return ok;
}

static ac_str print_json(ac_arena *arena, const ac_json *value)
{
    ac_buf text;
    ac_buf_init(&text, SIZE_MAX / 4);
    ac_json_write(&text, value);
    return ac_buf_take(&text, arena);
}

static void set_header(ac_arena *arena, ac_request *request, ac_str name, ac_str value)
{
    ac_pairs_remove_nocase(&request->headers, name);
    if (value.p) {
        ac_pairs_add(arena, &request->headers, name, value);
    }
}

static void set_body(layout *l, bool json, ac_request *request)
{
    const ac_str type = AC_STR("Content-Type");
    if (json) {
        ac_json object = {.type = AC_JSON_OBJECT, .items = l->members, .count = l->member_count};
        request->body = print_json(l->arena, l->whole_body ? l->whole_body : &object);
        set_header(l->arena, request, type, AC_STR("application/json; charset=utf-8"));
    } else if (l->form.count > 0) {
        request->body = ac_form_print(l->arena, &l->form);
        set_header(l->arena, request, type, AC_STR("application/x-www-form-urlencoded"));
    }
}

static void set_headers(const layout *l, const ac_json *further, ac_request *request)
{
    for (size_t i = 0; i < l->headers.count; i++) {
        set_header(l->arena, request, l->headers.items[i].name, l->headers.items[i].value);
    }
    for (size_t i = 0; ac_json_is(further, AC_JSON_OBJECT) && i < further->count; i++) {
        set_header(l->arena, request, further->items[i].key, ac_scalar_text(&further->items[i]));
    }
}

static bool set_target(const layout *l, const ac_call *call, ac_str path, ac_request *request, ac_err *err)
{
    ac_buf target;
    ac_buf_init(&target, SIZE_MAX / 4);
    ac_buf_add(&target, call->prefix);
    bool ok = add_path(l, &target, path, err);
    if (l->query.count > 0) {
        ac_buf_add_char(&target, '?');
        ac_buf_add(&target, ac_form_print(l->arena, &l->query));
    }
    request->target = ac_buf_take(&target, l->arena);
    return ok;
}

static bool lay_out(ac_arena *arena, const ac_call *call, const ac_wire_plan *plan, ac_request *request,
                    ac_err *err)
{
    const ac_contract *contract = call->contract;
    layout l = {.arena = arena, .contract = contract, .params = call->params};
    *request = (ac_request){.method = call->method.p ? call->method : contract->methods.items[0]};
    bool body = ac_method_has_body(request->method);
    bool json = body && has_json_body(contract);
    l.places[AC_IN_QUERY] = &l.query;
    l.places[AC_IN_FORM] = body && !json ? &l.form : &l.query;
    l.places[AC_IN_HEADER] = &l.headers;
    ac_flattener_init(&l.flattener, arena, contract);
    if (contract->style->wire == AC_WIRE_VOLCENGINE) {
        add_operation(&l, &plan->input);
    }
    if (!place_all(&l, err)) {
        return false;
    }
    ac_pairs_add(arena, &request->headers, AC_STR("Host"), call->host);
    if (ac_str_is(AC_STR("acs3-hmac-sha256"), call->signer->name)) {
        ac_pairs_add(arena, &request->headers, AC_STR("Accept"), AC_STR("application/json"));
    }
    set_body(&l, json, request);
    set_headers(&l, call->headers, request);
    return set_target(&l, call, plan->path, request, err);
}

bool ac_wire_build(ac_arena *arena, const ac_call *call, ac_request *out, ac_sign_stages *stages, ac_err *err)
{
    if (!fits(call, err)) {
        return false;
    }
    ac_request request;
    ac_wire_plan plan = plan_of(call);
    if (!lay_out(arena, call, &plan, &request, err)) {
        return false;
    }
    call->signer->sign(arena, &request, &plan.input, stages);
    ac_tamper_signed(arena, call->signer, call->tamper, &request);
    *out = request;
    return true;
}
