#include "recorder/recognise.h"

#include <string.h>

enum { PAIRS_MAX = 4096, PARTS_MAX = 16, INDEX_MAX = 10000 };

/* ---- what the request says ---- */

typedef struct asked {
    ac_arena *arena;
    const ac_request *request;
    ac_pairs pairs; /* query, then form */
    ac_str path;
    const ac_json *body; /* an object; NULL: none */
} asked;

static bool is_form(const ac_request *request)
{
    ac_str form = AC_STR("application/x-www-form-urlencoded");
    ac_str type = ac_header(&request->headers, "Content-Type");
    return ac_str_eq_nocase(ac_str_sub(type, 0, form.n), form);
}

static void add_form(asked *a, ac_str text)
{
    ac_pairs form;
    if (text.n > 0 && ac_form_parse(a->arena, text, true, PAIRS_MAX, &form)) {
        for (size_t i = 0; i < form.count; i++) {
            ac_pairs_add(a->arena, &a->pairs, form.items[i].name, form.items[i].value);
        }
    }
}

static void read_request(asked *a)
{
    const ac_request *request = a->request;
    a->path = ac_target_path(request->target);
    add_form(a, ac_target_query(request->target));
    if (is_form(request)) {
        add_form(a, request->body);
    } else if (request->body.n > 0) {
        const ac_json *json = ac_json_parse(a->arena, request->body, &ac_json_wire_limits, NULL);
        a->body = ac_json_is(json, AC_JSON_OBJECT) ? json : NULL;
    }
}

static ac_str said(const asked *a, const char *header, const char *name)
{
    ac_str value = ac_header(&a->request->headers, header);
    return value.n > 0 ? value : ac_pairs_value(&a->pairs, ac_str_c(name));
}

/* ---- which operation ---- */

static bool is_variable(ac_str segment)
{
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

/* How many segments of a documented path fit by their own text, from 1; 0: the path is another one. */
static size_t path_score(ac_arena *arena, ac_str documented, ac_str path)
{
    size_t score = 1;
    while (documented.p && path.p) {
        ac_str wanted = ac_str_split(documented, '/', &documented);
        ac_str segment = ac_percent_decoded(arena, ac_str_split(path, '/', &path));
        if (is_variable(wanted) ? segment.n == 0 : !ac_str_eq(wanted, segment)) {
            return 0;
        }
        score += is_variable(wanted) ? 0 : 1;
    }
    return documented.p || path.p ? 0 : score;
}

static bool lists(const ac_strs *list, ac_str word)
{
    for (size_t i = 0; i < list->count; i++) {
        if (ac_str_eq(list->items[i], word)) {
            return true;
        }
    }
    return false;
}

static bool host_names(const asked *a, const ac_contract *contract)
{
    return ac_str_find(ac_header(&a->request->headers, "Host"), contract->product) != AC_NOT_FOUND;
}

/* 0: the request is none of this operation. Products may share action and version: the host tells them apart. */
static size_t score_of(const asked *a, const ac_contract *contract, const ac_recognised *out)
{
    bool by_path = contract->style->wire == AC_WIRE_ALIBABA_ROA;
    size_t path = path_score(a->arena, contract->path, a->path);
    if (by_path) {
        bool fits = path > 0 && lists(&contract->methods, a->request->method) &&
                    (out->action.n == 0 || ac_str_eq(out->action, contract->action));
        return fits ? path * 4 + (ac_str_eq(out->version, contract->version) ? 2u : 0u) : 0;
    }
    bool fits = ac_str_eq(out->action, contract->action) && ac_str_eq(out->version, contract->version);
    return fits ? 1 + (path > 0 ? 2u : 0u) + (host_names(a, contract) ? 4u : 0u) : 0;
}

static const ac_contract *find_operation(const asked *a, const ac_corpus *corpus, const ac_recognised *out)
{
    const ac_contract *best = NULL;
    size_t best_score = 0;
    for (size_t i = 0; i < corpus->contract_count; i++) {
        size_t score = score_of(a, corpus->contracts[i], out);
        best = score > best_score ? corpus->contracts[i] : best;
        best_score = score > best_score ? score : best_score;
    }
    return best;
}

/* ---- parameters ---- */

/* What the wire styles carry beside the parameters of an operation. */
static bool is_protocol(ac_str name)
{
    static const char *const names[] = {
        "Action",          "Version",          "Format",        "AccessKeyId",    "Signature",
        "SignatureMethod", "SignatureVersion", "SignatureType", "SignatureNonce", "Timestamp",
        "SecurityToken",   "BearerToken",      "X-Date",        "X-Algorithm",    "X-Credential",
        "X-SignedHeaders", "X-SignedQueries",  "X-NotSignBody", "X-Signature",    "X-Security-Token"};
    for (size_t i = 0; i < AC_COUNT(names); i++) {
        if (ac_str_eq_nocase(name, ac_str_c(names[i]))) {
            return true;
        }
    }
    return false;
}

typedef struct parts {
    ac_str items[PARTS_MAX];
    size_t count;
} parts;

static bool split_parts(ac_str name, char separator, parts *out)
{
    out->count = 0;
    while (name.p && out->count < PARTS_MAX) {
        out->items[out->count++] = ac_str_split(name, separator, &name);
    }
    return !name.p;
}

static bool is_number(ac_str text)
{
    int64_t number;
    return ac_str_int(text, &number) && number >= 0 && number <= INDEX_MAX;
}

static bool fits_parts(const parts *given, const parts *documented)
{
    bool fits = given->count == documented->count;
    for (size_t i = 0; fits && i < given->count; i++) {
        fits = ac_str_is(documented->items[i], "N") ? is_number(given->items[i])
                                                    : ac_str_eq(given->items[i], documented->items[i]);
    }
    return fits;
}

/* The documented name that the parts are an instance of. "Zone.N" is documented by "Zone.N.ZoneId", too. */
static const ac_parameter *find_parameter(const ac_contract *contract, const parts *given, parts *documented)
{
    for (size_t i = 0; i < contract->parameters.count; i++) {
        const ac_parameter *parameter = &contract->parameters.items[i];
        bool near = given->count > 0 && ac_str_starts(parameter->name, given->items[0]);
        if (near && split_parts(parameter->name, '.', documented) && fits_parts(given, documented)) {
            return parameter;
        }
    }
    return NULL;
}

const ac_parameter *ac_recognised_parameter(const ac_contract *contract, ac_str pointer)
{
    parts given = {.count = 0};
    parts documented;
    if (pointer.n == 0 || !split_parts(ac_str_sub(pointer, 1, pointer.n), '/', &given)) {
        return NULL;
    }
    const ac_parameter *found = find_parameter(contract, &given, &documented);
    if (!found && given.count == 1 && split_parts(ac_str_sub(pointer, 1, pointer.n), '.', &given)) {
        found = find_parameter(contract, &given, &documented); /* a flattened name that stayed as it is */
    }
    return found;
}

static int64_t index_base(const ac_contract *contract, const parts *documented, size_t depth)
{
    for (size_t i = 0; i < contract->parameters.count; i++) {
        const ac_parameter *parameter = &contract->parameters.items[i];
        parts array;
        if (!split_parts(ac_parameter_array(parameter), '.', &array) || array.count != depth) {
            continue;
        }
        bool same = true;
        for (size_t k = 0; same && k < depth; k++) {
            same = ac_str_eq(array.items[k], documented->items[k]);
        }
        for (size_t k = 0; same && k < parameter->constraints.count; k++) {
            if (parameter->constraints.items[k].kind == AC_INDEX) {
                return parameter->constraints.items[k].base;
            }
        }
    }
    return 1;
}

static const ac_json *typed(ac_arena *arena, const ac_parameter *parameter, ac_str text)
{
    if (parameter && parameter->type == AC_TYPE_INTEGER && ac_json_number_valid(text)) {
        const ac_json *number = ac_json_number(arena, text);
        return ac_json_is_integer(number) ? number : ac_json_string(arena, text);
    }
    if (parameter && parameter->type == AC_TYPE_BOOLEAN &&
        (ac_str_is(text, "true") || ac_str_is(text, "false"))) {
        return ac_json_bool(ac_str_is(text, "true"));
    }
    return ac_json_string(arena, text);
}

typedef struct placing {
    ac_arena *arena;
    const ac_contract *contract;
    const parts *given, *documented;
    const ac_json *value;
} placing;

/* The node with the value put at the parts from `at` on; NULL where an index leaves a gap. */
static const ac_json *put(const placing *p, const ac_json *node, size_t at)
{
    if (at == p->given->count) {
        return p->value;
    }
    if (!ac_str_is(p->documented->items[at], "N")) {
        const ac_json *inner = put(p, ac_json_get(node, p->given->items[at]), at + 1);
        bool object = !node || node->type == AC_JSON_OBJECT;
        return inner && object ? ac_json_set(p->arena, node, p->given->items[at], inner) : NULL;
    }
    int64_t number = 0;
    size_t count = node ? node->count : 0;
    bool read = ac_str_int(p->given->items[at], &number);
    int64_t index = number - index_base(p->contract, p->documented, at);
    if (!read || index < 0 || (uint64_t)index > count || (node && node->type != AC_JSON_ARRAY)) {
        return NULL;
    }
    const ac_json *inner = put(p, (size_t)index < count ? &node->items[index] : NULL, at + 1);
    const ac_json **items = AC_NEW_ARRAY(p->arena, count + 1, const ac_json *);
    for (size_t i = 0; i < count; i++) {
        items[i] = &node->items[i];
    }
    items[index] = inner;
    return inner ? ac_json_array(p->arena, items, (size_t)index < count ? count : count + 1) : NULL;
}

typedef struct collector {
    ac_arena *arena;
    const ac_contract *contract;
    const ac_json *params;
    ac_strs undocumented;
} collector;

static void add_undocumented(collector *c, ac_str name)
{
    ac_str *grown = AC_NEW_ARRAY(c->arena, c->undocumented.count + 1, ac_str);
    if (c->undocumented.count > 0) {
        memcpy(grown, c->undocumented.items, c->undocumented.count * sizeof *grown);
    }
    grown[c->undocumented.count++] = name;
    c->undocumented.items = grown;
}

/* True where the pair found its place; an index that has to wait for one before it does not. */
static bool place_pair(collector *c, const ac_pair *pair, bool last_chance)
{
    parts given = {.count = 0};
    parts documented;
    bool split = split_parts(pair->name, '.', &given);
    const ac_parameter *parameter = split ? find_parameter(c->contract, &given, &documented) : NULL;
    if (parameter) {
        const placing p = {c->arena, c->contract, &given, &documented,
                           typed(c->arena, parameter, pair->value)};
        const ac_json *grown = put(&p, c->params, 0);
        if (grown) {
            c->params = grown;
            return true;
        }
        if (!last_chance) {
            return false;
        }
    } else {
        add_undocumented(c, pair->name);
    }
    c->params = ac_json_set(c->arena, c->params, pair->name, typed(c->arena, parameter, pair->value));
    return true;
}

static bool is_parameter_of(const ac_contract *contract, ac_str name)
{
    const ac_parameter *parameter = ac_contract_parameter(contract, name);
    return parameter && parameter->role != AC_ROLE_ACTION && parameter->role != AC_ROLE_VERSION;
}

/* Pairs come in any order ("Zone.10" before "Zone.2"), so those that left a gap are tried again. */
static void place_pairs(collector *c, const ac_pairs *pairs)
{
    bool *done = AC_NEW_ARRAY(c->arena, pairs->count, bool);
    bool progress = true;
    for (bool last_chance = false; progress || !last_chance;) {
        last_chance = !progress;
        progress = false;
        for (size_t i = 0; i < pairs->count; i++) {
            const ac_pair *pair = &pairs->items[i];
            bool protocol = is_protocol(pair->name) && !is_parameter_of(c->contract, pair->name);
            if (!done[i] && (protocol || place_pair(c, pair, last_chance))) {
                done[i] = true;
                progress = !protocol || progress;
            }
        }
    }
}

static void place_path(collector *c, ac_str path)
{
    ac_str documented = c->contract->path;
    while (documented.p && path.p) {
        ac_str wanted = ac_str_split(documented, '/', &documented);
        ac_str segment = ac_str_split(path, '/', &path);
        if (is_variable(wanted)) {
            ac_str name = ac_str_sub(wanted, 1, wanted.n - 2);
            ac_str text = ac_percent_decoded(c->arena, segment);
            c->params = ac_json_set(c->arena, c->params, name, ac_json_string(c->arena, text));
        }
    }
}

static void place_headers(collector *c, const ac_pairs *headers)
{
    for (size_t i = 0; i < c->contract->parameters.count; i++) {
        const ac_parameter *parameter = &c->contract->parameters.items[i];
        const ac_pair *header =
            parameter->in == AC_IN_HEADER ? ac_pairs_find_nocase(headers, parameter->name) : NULL;
        if (header) {
            c->params =
                ac_json_set(c->arena, c->params, parameter->name, typed(c->arena, parameter, header->value));
        }
    }
}

static bool is_member(const ac_contract *contract, ac_str name)
{
    for (size_t i = 0; i < contract->parameters.count; i++) {
        ac_str rest;
        if (ac_str_eq(ac_str_split(contract->parameters.items[i].name, '.', &rest), name)) {
            return true;
        }
    }
    return false;
}

/* The row "body" stands for the whole; else its members are parameters. */
static void place_body(collector *c, const ac_json *body)
{
    const ac_parameter *whole = ac_contract_parameter(c->contract, AC_STR("body"));
    if (whole && whole->role == AC_ROLE_CONTAINER && whole->in == AC_IN_BODY) {
        bool spread = false;
        for (size_t i = 0; i < body->count; i++) {
            spread = spread || is_member(c->contract, body->items[i].key);
        }
        if (!spread) {
            c->params = ac_json_set(c->arena, c->params, AC_STR("body"), body);
            return;
        }
    }
    for (size_t i = 0; i < body->count; i++) {
        if (!is_member(c->contract, body->items[i].key)) {
            add_undocumented(c, body->items[i].key);
        }
        c->params = ac_json_set(c->arena, c->params, body->items[i].key, &body->items[i]);
    }
}

static const ac_json *plain_pairs(ac_arena *arena, const ac_pairs *pairs)
{
    const ac_json *params = ac_json_object();
    for (size_t i = 0; i < pairs->count; i++) {
        if (!is_protocol(pairs->items[i].name)) {
            params = ac_json_set(arena, params, pairs->items[i].name,
                                 ac_json_string(arena, pairs->items[i].value));
        }
    }
    return params;
}

void ac_recognise(ac_arena *arena, const ac_corpus *corpus, const ac_request *request, ac_recognised *out)
{
    asked a = {.arena = arena, .request = request};
    read_request(&a);
    *out = (ac_recognised){.action = said(&a, "x-acs-action", "Action"),
                           .version = said(&a, "x-acs-version", "Version")};
    out->contract = find_operation(&a, corpus, out);
    if (!out->contract) {
        out->params = a.body ? a.body : plain_pairs(arena, &a.pairs);
        return;
    }
    collector c = {arena, out->contract, ac_json_object(), {NULL, 0}};
    if (out->contract->style->wire == AC_WIRE_ALIBABA_ROA) {
        place_path(&c, a.path);
    }
    place_headers(&c, &request->headers);
    place_pairs(&c, &a.pairs);
    if (a.body) {
        place_body(&c, a.body);
    }
    out->params = c.params;
    out->undocumented = c.undocumented;
}
