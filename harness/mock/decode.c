/* From a request to a call: which operation it means, and its parameters as a tree. */
#include "mock/call.h"

enum { PAIRS_MAX = 1024 };

static const ac_str nothing = {NULL, 0};

/* What the request says before its operation is known. */
typedef struct asked {
    ac_pairs query, form;
    ac_str path; /* still encoded */
} asked;

/* ---- operations that there are not ---- */

static bool accepts(const ac_mock_operation *operation, const ac_signer *signer)
{
    const ac_strs *signers = &operation->contract->style->signers;
    for (size_t i = 0; i < signers->count; i++) {
        if (!signer || ac_str_is(signers->items[i], signer->name)) {
            return true;
        }
    }
    return false;
}

/* How near an operation is to the one that was asked for. */
static unsigned nearness(const ac_mock_call *call, const ac_mock_operation *operation, bool by_path)
{
    const ac_contract *contract = operation->contract;
    bool roa = contract->style->wire == AC_WIRE_ALIBABA_ROA;
    return (accepts(operation, call->signer) ? 8u : 0u) + (by_path == roa ? 4u : 0u) +
           (ac_str_eq(contract->action, call->action) ? 2u : 0u) +
           (ac_str_eq(contract->version, call->version) ? 1u : 0u);
}

/* An error has the form of some style: of the operation that is nearest. */
static bool refuse_unknown(ac_mock_call *call, ac_when when, ac_str first, ac_str second, bool by_path)
{
    const ac_mock_plan *plan = call->mock->plan;
    const ac_mock_operation *nearest = &plan->operations[0];
    for (size_t i = 1; i < plan->operation_count; i++) {
        if (nearness(call, &plan->operations[i], by_path) > nearness(call, nearest, by_path)) {
            nearest = &plan->operations[i];
        }
    }
    call->operation = nearest;
    call->lost = true;
    return ac_mock_refuse_when(call, when, first, second);
}

static bool refuse_action(ac_mock_call *call, ac_when when)
{
    return refuse_unknown(call, when, call->action, call->version, false);
}

static bool is_version_known(const ac_mock_call *call)
{
    const ac_mock_plan *plan = call->mock->plan;
    for (size_t i = 0; i < plan->action_count; i++) {
        bool same = ac_str_eq(plan->by_action[i]->contract->version, call->version);
        if (same && accepts(plan->by_action[i], call->signer)) {
            return true;
        }
    }
    return false;
}

/* ---- operations by action ---- */

/* The action or version; false where the request says two different ones. */
static bool read_asked(const ac_mock_call *call, const asked *request, const char *header, ac_str name,
                       ac_str *out)
{
    const ac_str said[] = {ac_header(&call->request->headers, header), ac_pairs_value(&request->query, name),
                           ac_pairs_value(&request->form, name)};
    bool agree = true;
    for (size_t i = 0; i < AC_COUNT(said); i++) {
        agree = agree && (said[i].n == 0 || out->n == 0 || ac_str_eq(said[i], *out));
        *out = out->n == 0 && said[i].n > 0 ? said[i] : *out;
    }
    return agree;
}

static bool has_method(const ac_mock_operation *operation, ac_str method)
{
    const ac_strs *methods = &operation->contract->methods;
    for (size_t i = 0; i < methods->count; i++) {
        if (ac_str_eq(methods->items[i], method)) {
            return true;
        }
    }
    return false;
}

/* Several products may have an action of the same name and version. */
static const ac_mock_operation *pick(const ac_mock_call *call, const ac_mock_operation *const *list,
                                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (accepts(list[i], call->signer)) {
            return list[i];
        }
    }
    return list[0];
}

static bool find_by_action(ac_mock_call *call, const asked *request)
{
    size_t count;
    if (call->action.n == 0) {
        return refuse_unknown(call, AC_WHEN_MISSING_ACTION, AC_STR("Action"), nothing, false);
    }
    if (call->version.n == 0) {
        return refuse_unknown(call, AC_WHEN_MISSING_VERSION, AC_STR("Version"), nothing, false);
    }
    const ac_mock_operation *const *list =
        ac_mock_operations_of(call->mock->plan, call->action, call->version, &count);
    if (!list) {
        bool known = is_version_known(call);
        return refuse_action(call, known ? AC_WHEN_UNKNOWN_ACTION : AC_WHEN_UNKNOWN_VERSION);
    }
    call->operation = pick(call, list, count);
    bool there = ac_str_eq(call->operation->contract->path, request->path) &&
                 has_method(call->operation, call->request->method);
    return there || ac_mock_refuse_when(call, AC_WHEN_UNKNOWN_PATH, call->action, call->version);
}

/* ---- operations by path ---- */

static bool is_variable(ac_str segment)
{
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

static bool same_segment(ac_arena *arena, ac_str sent, ac_str documented)
{
    bool plain = ac_str_find_char(sent, '%') == AC_NOT_FOUND;
    return ac_str_eq(plain ? sent : ac_percent_decoded(arena, sent), documented);
}

/* Whether the path fits, and how many of its segments do so by their own text. */
static bool path_fits(ac_arena *arena, const ac_mock_operation *operation, ac_str path, size_t *literal)
{
    ac_str rest = ac_str_sub(path, 1, path.n);
    *literal = 0;
    for (size_t i = 0; i < operation->segment_count; i++) {
        if (!rest.p) {
            return false;
        }
        ac_str segment = ac_str_split(rest, '/', &rest);
        if (!is_variable(operation->segments[i])) {
            if (!same_segment(arena, segment, operation->segments[i])) {
                return false;
            }
            ++*literal;
        }
    }
    return !rest.p;
}

/* The operation with this path, of the version asked for where there is one such. */
static const ac_mock_operation *search_path(const ac_mock_call *call, ac_str path)
{
    const ac_mock_plan *plan = call->mock->plan;
    const ac_mock_operation *best = NULL;
    size_t best_score = 0;
    for (size_t i = 0; i < plan->path_count; i++) {
        const ac_mock_operation *operation = plan->by_path[i];
        size_t literal;
        if (!has_method(operation, call->request->method) ||
            !path_fits(call->arena, operation, path, &literal)) {
            continue;
        }
        bool version = ac_str_eq(operation->contract->version, call->version);
        size_t score = 1 + literal + (version ? PAIRS_MAX : 0);
        best = score > best_score ? operation : best;
        best_score = score > best_score ? score : best_score;
    }
    return best;
}

static bool is_path_of_actions(const ac_mock_plan *plan, ac_str path)
{
    for (size_t i = 0; i < plan->action_count; i++) {
        if (ac_str_eq(plan->by_action[i]->contract->path, path)) {
            return true;
        }
    }
    return false;
}

/* Older clients name no action here; where one is named, it must be that of the path. */
static bool check_named(ac_mock_call *call)
{
    const ac_contract *contract = call->operation->contract;
    if (call->action.n > 0 && !ac_str_eq(call->action, contract->action)) {
        return ac_mock_refuse_when(call, AC_WHEN_UNKNOWN_PATH, call->action, call->version);
    }
    if (call->version.n > 0 && !ac_str_eq(call->version, contract->version)) {
        return ac_mock_refuse_when(call, AC_WHEN_UNKNOWN_VERSION, call->action, call->version);
    }
    call->action = contract->action;
    call->version = contract->version;
    return true;
}

static bool find_operation(ac_mock_call *call, const asked *request)
{
    bool root = ac_str_is(request->path, "/");
    const ac_mock_operation *found = root ? NULL : search_path(call, request->path);
    if (found) {
        call->operation = found;
        return check_named(call);
    }
    if (root || is_path_of_actions(call->mock->plan, request->path)) {
        return find_by_action(call, request);
    }
    return refuse_unknown(call, AC_WHEN_UNKNOWN_PATH, call->action, call->version, true);
}

/* ---- parameters ---- */

static bool is_form(const ac_request *request)
{
    ac_str rest;
    ac_str type = ac_str_split(ac_header(&request->headers, "content-type"), ';', &rest);
    return ac_str_eq_nocase(ac_str_trim(type), AC_STR("application/x-www-form-urlencoded"));
}

static void add_pairs(ac_mock_call *call, const ac_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        ac_mock_node_add(call->arena, &call->roots[AC_MOCK_IN_PAIRS], pairs->items[i].name,
                         pairs->items[i].value);
    }
}

static void add_path(ac_mock_call *call, ac_str path)
{
    const ac_mock_operation *operation = call->operation;
    ac_str rest = ac_str_sub(path, 1, path.n);
    for (size_t i = 0; i < operation->segment_count; i++) {
        ac_str name = operation->segments[i];
        ac_str segment = ac_str_split(rest, '/', &rest);
        if (is_variable(name)) {
            ac_mock_node_add(call->arena, &call->roots[AC_MOCK_IN_PATH], ac_str_sub(name, 1, name.n - 2),
                             ac_percent_decoded(call->arena, segment));
        }
    }
}

static void add_headers(ac_mock_call *call)
{
    for (size_t i = 0; i < call->operation->param_count; i++) {
        const ac_parameter *parameter = call->operation->params[i].of;
        const ac_pair *header = parameter->in == AC_IN_HEADER
                                    ? ac_pairs_find_nocase(&call->request->headers, parameter->name)
                                    : NULL;
        if (header) {
            ac_mock_node_add(call->arena, &call->roots[AC_MOCK_IN_HEADER], parameter->name, header->value);
        }
    }
}

static bool add_body(ac_mock_call *call)
{
    ac_str body = call->request->body;
    if (body.n == 0 || !call->operation->has_body || is_form(call->request)) {
        return true;
    }
    const ac_json *json = ac_json_parse(call->arena, body, &ac_json_wire_limits, NULL);
    if (!ac_json_is(json, AC_JSON_OBJECT)) {
        return ac_mock_refuse_when(call, AC_WHEN_MALFORMED_PARAMETER, AC_STR("body"), nothing);
    }
    ac_mock_node_read(call->arena, &call->roots[AC_MOCK_IN_BODY], json);
    return true;
}

static bool read_parameters(ac_mock_call *call, const asked *request)
{
    add_pairs(call, &request->query);
    add_pairs(call, &request->form);
    add_path(call, request->path);
    add_headers(call);
    return add_body(call);
}

bool ac_mock_decode(ac_mock_call *call)
{
    const ac_request *from = call->request;
    asked request = {.path = ac_target_path(from->target)};
    call->signer = ac_signer_of(from);
    bool readable =
        ac_str_starts(request.path, AC_STR("/")) &&
        ac_form_parse(call->arena, ac_target_query(from->target), true, PAIRS_MAX, &request.query) &&
        (!is_form(from) || ac_form_parse(call->arena, from->body, true, PAIRS_MAX, &request.form));
    if (!readable) {
        return refuse_unknown(call, AC_WHEN_MALFORMED_PARAMETER, AC_STR("request"), nothing, false);
    }
    if (!read_asked(call, &request, "x-acs-action", AC_STR("Action"), &call->action)) {
        return refuse_action(call, AC_WHEN_UNKNOWN_ACTION);
    }
    if (!read_asked(call, &request, "x-acs-version", AC_STR("Version"), &call->version)) {
        return refuse_action(call, AC_WHEN_UNKNOWN_VERSION);
    }
    return find_operation(call, &request) && read_parameters(call, &request);
}
