/* What stands for the values of a recording: captures, variables of the world, tokens. */
#include <stdlib.h>
#include <string.h>

#include "promote_parts.h"
#include "sign/sign.h"

enum {
    LEAVES_MAX = 4000, /* of one request or answer */
    FLOWING_MIN = 8,   /* bytes of a value that is taken for an id without a contract saying so */
    INSIDE_MIN = 12,   /* of one that is looked for inside others */
    CAPTURES_OF_STEP = 16
};

/* ---- leaves ---- */

static void add_leaf(ac_arena *arena, leaves *out, leaf one)
{
    if (out->count == out->capacity) {
        size_t capacity = out->capacity > 0 ? out->capacity * 2 : 16;
        leaf *items = AC_NEW_ARRAY(arena, capacity, leaf);
        if (out->count > 0) {
            memcpy(items, out->items, out->count * sizeof *items);
        }
        out->items = items;
        out->capacity = capacity;
    }
    out->items[out->count++] = one;
}

static void walk(ac_arena *arena, const ac_json *value, ac_str pointer, size_t max, leaves *out)
{
    if (!value || out->count >= max) {
        return;
    }
    if (value->type != AC_JSON_ARRAY && value->type != AC_JSON_OBJECT) {
        add_leaf(arena, out, (leaf){pointer, value});
        return;
    }
    for (size_t i = 0; i < value->count; i++) {
        ac_str token = value->type == AC_JSON_ARRAY ? ac_str_printf(arena, "%zu", i)
                                                    : ac_json_pointer_token(arena, value->items[i].key);
        walk(arena, &value->items[i],
             ac_str_printf(arena, "%.*s/%.*s", AC_STR_FMT(pointer), AC_STR_FMT(token)), max, out);
    }
}

void leaves_of(ac_arena *arena, const ac_json *value, size_t max, leaves *out)
{
    *out = (leaves){0};
    walk(arena, value, AC_STR(""), max, out);
}

/* ---- bindings ---- */

void bindings_add(ac_arena *arena, bindings *list, binding one)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? list->capacity * 2 : 16;
        binding *items = AC_NEW_ARRAY(arena, capacity, binding);
        if (list->count > 0) {
            memcpy(items, list->items, list->count * sizeof *items);
        }
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = one;
}

const binding *bindings_find(const bindings *list, ac_str value)
{
    for (size_t i = 0; i < list->count; i++) {
        if (ac_str_eq(list->items[i].value, value)) {
            return &list->items[i];
        }
    }
    return NULL;
}

const binding *world_find(const bindings *world, const seen *s, ac_str value)
{
    for (size_t i = 0; i < world->count; i++) {
        if (world->items[i].provider == s->call.contract->provider &&
            ac_str_eq(world->items[i].value, value)) {
            return &world->items[i];
        }
    }
    return NULL;
}

/* ---- where a value was seen first ---- */

typedef struct sighting {
    ac_str value;
    size_t at; /* index of the exchange, times two, plus one for its answer */
    ac_str pointer;
} sighting;

typedef struct sightings {
    sighting *items;
    size_t count;
} sightings;

static int by_value(const void *a, const void *b)
{
    const sighting *x = a;
    const sighting *y = b;
    int order = ac_str_cmp(x->value, y->value);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static void add_sightings(sightings *all, const leaves *list, size_t at)
{
    for (size_t i = 0; i < list->count; i++) {
        ac_str text = ac_json_text(list->items[i].value);
        if (text.n > 0) {
            all->items[all->count++] = (sighting){text, at, list->items[i].pointer};
        }
    }
}

static sightings see_all(const tape *t)
{
    size_t total = 0;
    for (size_t i = 0; i < t->count; i++) {
        total += t->items[i].params.count + t->items[i].body.count;
    }
    sightings all = {AC_NEW_ARRAY(t->arena, total, sighting), 0};
    for (size_t i = 0; i < t->count; i++) {
        add_sightings(&all, &t->items[i].params, 2 * i);
        if (t->items[i].answer.success) {
            add_sightings(&all, &t->items[i].body, 2 * i + 1);
        }
    }
    qsort(all.items, all.count, sizeof *all.items, by_value);
    return all;
}

static const sighting *first_sight(const sightings *all, ac_str value)
{
    size_t low = 0;
    size_t high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ac_str_cmp(all->items[middle].value, value) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < all->count && ac_str_eq(all->items[low].value, value) ? &all->items[low] : NULL;
}

/* ---- which values flow ---- */

static bool has_digit(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] >= '0' && text.p[i] <= '9') {
            return true;
        }
    }
    return false;
}

static const ac_constraint *constraint_of(const ac_parameter *parameter, ac_constraint_kind kind)
{
    for (size_t i = 0; parameter && i < parameter->constraints.count; i++) {
        if (parameter->constraints.items[i].kind == (int)kind) {
            return &parameter->constraints.items[i];
        }
    }
    return NULL;
}

/* Ids and page tokens do; words, times and small numbers are equal by chance. */
static bool may_flow(const seen *s, const leaf *l)
{
    const ac_parameter *parameter = ac_recognised_parameter(s->call.contract, l->pointer);
    ac_str text = ac_json_text(l->value);
    if (parameter && (parameter->role == AC_ROLE_TOKEN || parameter->role == AC_ROLE_REGION)) {
        return false;
    }
    if (constraint_of(parameter, AC_ENUM) || ac_match_format(AC_FORMAT_UTC_TIME, text)) {
        return false;
    }
    bool reference = constraint_of(parameter, AC_REFERENCE) && text.n >= 4;
    return reference || (text.n >= FLOWING_MIN && has_digit(text));
}

/* ---- names of captures ---- */

/* "EndpointId" becomes endpoint_id. */
static ac_str snake(ac_arena *arena, ac_str key)
{
    ac_buf name;
    ac_buf_init(&name, 200);
    for (size_t i = 0; i < key.n && i < 60; i++) {
        char c = key.p[i];
        bool upper = c >= 'A' && c <= 'Z';
        bool plain = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (upper && i > 0 && key.p[i - 1] >= 'a' && key.p[i - 1] <= 'z') {
            ac_buf_add_char(&name, '_');
        }
        ac_buf_add_char(&name, plain ? (char)(upper ? c - 'A' + 'a' : c) : '_');
    }
    return ac_buf_take(&name, arena);
}

static ac_str last_token(ac_str pointer)
{
    size_t n = pointer.n;
    while (n > 0 && pointer.p[n - 1] != '/') {
        n--;
    }
    return ac_str_sub(pointer, n, pointer.n);
}

static bool is_name_taken(const tape *t, size_t number, ac_str text)
{
    for (size_t i = 0; i < t->captured.count; i++) {
        const binding *other = &t->captured.items[i];
        if (t->items[other->from].flow == number && ac_str_eq(other->text, text)) {
            return true;
        }
    }
    return false;
}

/* The id of what an operation makes is "id"; it is also what the companions' parameters of a contract call it. */
static ac_str capture_base(const tape *t, const seen *from, ac_str pointer)
{
    const ac_behaviour *behaviour = &from->call.contract->behaviour;
    if (behaviour->kind == AC_BEHAVIOUR_CREATE && ac_str_eq(behaviour->id_pointer, pointer)) {
        return AC_STR("id");
    }
    return ac_str_printf(t->arena, "got_%.*s", AC_STR_FMT(snake(t->arena, last_token(pointer))));
}

/* Names differ within a flow: id, id_2, … */
static void name_capture(tape *t, binding *one, size_t which)
{
    seen *from = &t->items[one->from];
    ac_str base = capture_base(t, from, from->captures[which].pointer);
    ac_str name = base;
    ac_str text = ac_str_printf(t->arena, "${%.*s}", AC_STR_FMT(name));
    for (unsigned i = 2; is_name_taken(t, from->flow, text); i++) {
        name = ac_str_printf(t->arena, "%.*s_%u", AC_STR_FMT(base), i);
        text = ac_str_printf(t->arena, "${%.*s}", AC_STR_FMT(name));
    }
    from->captures[which].name = name;
    one->text = text;
}

/* When it is known what belongs together. */
static void name_captures(tape *t)
{
    size_t *named = AC_NEW_ARRAY(t->arena, t->count, size_t);
    for (size_t i = 0; i < t->captured.count; i++) {
        binding *one = &t->captured.items[i];
        name_capture(t, one, named[one->from]++);
    }
}

static bool capture(tape *t, const sighting *first, ac_str value)
{
    size_t index = first->at / 2;
    seen *from = &t->items[index];
    if (from->capture_count == CAPTURES_OF_STEP) {
        return false;
    }
    from->captures[from->capture_count++].pointer = first->pointer;
    bindings_add(t->arena, &t->captured, (binding){value, AC_STR(""), index, NULL});
    return true;
}

/* ---- what contracts call a value ---- */

/* The text of a valid request at the same place, with the first element for every other one: "${vpc_id}". */
static ac_str documented_text(ac_arena *arena, const ac_contract *contract, ac_str pointer)
{
    ac_buf plain;
    ac_buf_init(&plain, 1000);
    for (ac_str rest = ac_str_sub(pointer, 1, pointer.n); rest.p;) {
        ac_str token = ac_str_split(rest, '/', &rest);
        int64_t index;
        ac_buf_add_char(&plain, '/');
        ac_buf_add(&plain, ac_str_int(token, &index) ? AC_STR("0") : token);
    }
    ac_str at = ac_buf_take(&plain, arena);
    const ac_json *found = ac_json_at(contract->requests.minimal, at);
    found = found ? found : ac_json_at(contract->requests.full, at);
    return ac_json_is(found, AC_JSON_STRING) ? found->text : (ac_str){NULL, 0};
}

static bool is_fixture_name(ac_str name)
{
    static const char *const made[] = {"unique", "token", "token_upper", "account", "operation"};
    for (size_t i = 0; i < AC_COUNT(made); i++) {
        if (ac_str_is(name, made[i])) {
            return false;
        }
    }
    return name.n > 0 && ac_str_find_char(name, '.') == AC_NOT_FOUND &&
           ac_str_find_char(name, '$') == AC_NOT_FOUND;
}

const ac_variable *documented_variable(ac_arena *arena, const ac_contract *contract, ac_str pointer)
{
    ac_str text = documented_text(arena, contract, pointer);
    bool whole = text.n > 3 && ac_str_starts(text, AC_STR("${")) && ac_str_find_char(text, '}') == text.n - 1;
    ac_str name = whole ? ac_str_sub(text, 2, text.n - 3) : AC_STR("");
    int64_t index;
    return whole && is_fixture_name(name) ? ac_contract_variable(contract, name, &index) : NULL;
}

static const ac_variable *variable_at(const tape *t, const seen *s, const leaf *l)
{
    return documented_variable(t->arena, s->call.contract, l->pointer);
}

/* ---- flows ---- */

static size_t root_of(const tape *t, size_t index)
{
    while (t->items[index].flow != index) {
        index = t->items[index].flow;
    }
    return index;
}

static void join(tape *t, size_t a, size_t b)
{
    size_t x = root_of(t, a);
    size_t y = root_of(t, b);
    t->items[x > y ? x : y].flow = x < y ? x : y;
}

/* Something that was there before: reading and deleting it belong together. */
static bool names_the_resource(const seen *s, const leaf *l)
{
    const ac_behaviour *behaviour = &s->call.contract->behaviour;
    bool one = behaviour->kind == AC_BEHAVIOUR_READ || behaviour->kind == AC_BEHAVIOUR_DELETE;
    return one && behaviour->id_param.n > 0 && l->pointer.n > 0 &&
           ac_str_eq(ac_str_sub(l->pointer, 1, l->pointer.n), behaviour->id_param);
}

static bool is_role(const seen *s, const leaf *l, ac_role role)
{
    const ac_parameter *parameter = ac_recognised_parameter(s->call.contract, l->pointer);
    return parameter && parameter->role == (int)role;
}

/* A token means something within one operation. */
static bool shares_token(const tape *t, size_t index, const seen *s, const leaf *l)
{
    return is_role(s, l, AC_ROLE_TOKEN) && t->items[index].call.contract == s->call.contract;
}

/* What every account has, such as a VPC, is a variable wherever it was seen first; only what the recording made
 * itself is captured. */
static bool is_of_the_world(const tape *t, const seen *from, const seen *s, const leaf *l)
{
    const ac_variable *variable = variable_at(t, s, l);
    const ac_variables *all = &s->call.contract->provider->variables;
    bool shared = variable && variable >= all->items && variable < all->items + all->count;
    return shared && from->call.contract->behaviour.kind != AC_BEHAVIOUR_CREATE;
}

static void join_request(tape *t, const sightings *all, size_t index)
{
    seen *s = &t->items[index];
    for (size_t i = 0; i < s->params.count; i++) {
        const leaf *l = &s->params.items[i];
        ac_str value = ac_json_text(l->value);
        const sighting *first = value.n > 0 ? first_sight(all, value) : NULL;
        if (!first || first->at >= 2 * index) {
            continue;
        }
        const seen *from = &t->items[first->at / 2];
        if (first->at % 2 == 1 && may_flow(s, l) && !is_of_the_world(t, from, s, l)) {
            if (bindings_find(&t->captured, value) || capture(t, first, value)) {
                join(t, first->at / 2, index);
            }
        } else if (shares_token(t, first->at / 2, s, l) || names_the_resource(s, l)) {
            join(t, first->at / 2, index);
        }
    }
}

/* What a step makes is captured whether or not somebody asked for it again: the teardown will. */
static void capture_made(tape *t, size_t index)
{
    seen *s = &t->items[index];
    const ac_behaviour *behaviour = &s->call.contract->behaviour;
    bool made = s->answer.success && behaviour->kind == AC_BEHAVIOUR_CREATE && behaviour->id_pointer.n > 0;
    ac_str id = made ? ac_json_text(ac_json_at(s->answer.body, behaviour->id_pointer)) : (ac_str){NULL, 0};
    if (id.n > 0 && !bindings_find(&t->captured, id)) {
        capture(t, &(sighting){id, 2 * index + 1, behaviour->id_pointer}, id);
    }
}

/* ---- the world ---- */

/* How many values the variable has already, under its name or a numbered one. */
static size_t used_of(const bindings *world, const ac_provider *provider, ac_str name)
{
    size_t count = 0;
    for (size_t i = 0; i < world->count; i++) {
        ac_str text = world->items[i].text;
        ac_str inner = ac_str_sub(text, 2, text.n > 3 ? text.n - 3 : 0);
        ac_str rest = ac_str_starts(inner, name) ? ac_str_sub(inner, name.n, inner.n) : AC_STR("x");
        int64_t number;
        bool numbered = rest.n > 1 && rest.p[0] == '_' && ac_str_int(ac_str_sub(rest, 1, rest.n), &number);
        count += world->items[i].provider == provider && (rest.n == 0 || numbered) ? 1 : 0;
    }
    return count;
}

static void bind_variable(tape *t, const seen *s, const ac_variable *variable, ac_str value)
{
    const ac_provider *provider = s->call.contract->provider;
    size_t used = used_of(&t->world, provider, variable->name);
    size_t most = (size_t)variable->count > variable->defaults.count ? (size_t)variable->count
                                                                     : variable->defaults.count;
    if (used >= most) {
        return;
    }
    ac_str text = used == 0 ? ac_str_printf(t->arena, "${%.*s}", AC_STR_FMT(variable->name))
                            : ac_str_printf(t->arena, "${%.*s_%zu}", AC_STR_FMT(variable->name), used + 1);
    bindings_add(t->arena, &t->world, (binding){value, text, 0, provider});
}

static void bind_world(tape *t, const seen *s, const leaf *l)
{
    ac_str value = ac_json_text(l->value);
    const ac_variable *variable = variable_at(t, s, l);
    bool known = world_find(&t->world, s, value) || bindings_find(&t->captured, value);
    if (variable && value.n > 0 && l->value->type == AC_JSON_STRING && !known) {
        bind_variable(t, s, variable, value);
    }
}

/* Some signatures name the region where no parameter does. */
static void bind_region(tape *t, const seen *s)
{
    int64_t index;
    const ac_variable *variable = ac_contract_variable(s->call.contract, AC_STR("region"), &index);
    if (variable && s->region.n > 0 && !world_find(&t->world, s, s->region)) {
        bind_variable(t, s, variable, s->region);
    }
}

/* Only what worked is known to exist: an id in a request that was refused may be one of nothing. */
static void bind_worlds(tape *t)
{
    for (size_t i = 0; i < t->count; i++) {
        const seen *s = &t->items[i];
        if (s->answer.success) {
            bind_region(t, s);
        }
        for (size_t k = 0; s->answer.success && k < s->params.count; k++) {
            bind_world(t, s, &s->params.items[k]);
        }
    }
}

/* ---- params with variables ---- */

static bool succeeded_with(const tape *t, ac_str token)
{
    for (size_t i = 0; i < t->count; i++) {
        const seen *s = &t->items[i];
        for (size_t k = 0; s->answer.success && k < s->params.count; k++) {
            if (is_role(s, &s->params.items[k], AC_ROLE_TOKEN) &&
                ac_str_eq(ac_json_text(s->params.items[k].value), token)) {
                return true;
            }
        }
    }
    return false;
}

bool has_plain_tokens(const tape *t, const seen *s)
{
    for (size_t i = 0; i < s->params.count; i++) {
        if (is_role(s, &s->params.items[i], AC_ROLE_TOKEN) &&
            !succeeded_with(t, ac_json_text(s->params.items[i].value))) {
            return false;
        }
    }
    return true;
}

/* A token is fresh in each run; a second one of the same flow differs from the first. */
static ac_str token_text(tape *t, const seen *s, ac_str value, bindings *tokens)
{
    const binding *known = bindings_find(tokens, value);
    if (known) {
        return known->text;
    }
    size_t root = root_of(t, (size_t)(s - t->items));
    size_t count = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        count += root_of(t, tokens->items[i].from) == root ? 1 : 0;
    }
    ac_str text = count == 0 ? AC_STR("${token}") : ac_str_printf(t->arena, "${token}-%zu", count + 1);
    bindings_add(t->arena, tokens, (binding){value, text, (size_t)(s - t->items), NULL});
    return text;
}

/* Ids of the flow inside a longer text, such as the name of a service: p NULL where there is none. */
static ac_str text_with_ids(const tape *t, const seen *s, ac_str value)
{
    ac_str text = value;
    for (size_t i = 0; i < t->captured.count; i++) {
        const binding *given = &t->captured.items[i];
        bool known = given->from < (size_t)(s - t->items) && t->items[given->from].flow == s->flow;
        if (known && given->value.n >= INSIDE_MIN && ac_str_find(text, given->value) != AC_NOT_FOUND) {
            text = ac_str_replace(t->arena, text, given->value, given->text);
        }
    }
    return text.p == value.p ? (ac_str){NULL, 0} : text;
}

/* What stands for the value; p NULL: the value itself. */
static ac_str text_for(tape *t, const seen *s, const leaf *l, bindings *tokens)
{
    ac_str value = ac_json_text(l->value);
    if (is_role(s, l, AC_ROLE_TOKEN)) {
        return succeeded_with(t, value) ? token_text(t, s, value, tokens) : (ac_str){NULL, 0};
    }
    const binding *given = bindings_find(&t->captured, value);
    if (given && given->from < (size_t)(s - t->items) && may_flow(s, l)) {
        return given->text;
    }
    given = variable_at(t, s, l) ? world_find(&t->world, s, value) : NULL;
    return given ? given->text : text_with_ids(t, s, value);
}

static void write_params(tape *t, seen *s, bindings *tokens)
{
    s->written = s->call.params;
    for (size_t i = 0; i < s->params.count; i++) {
        const leaf *l = &s->params.items[i];
        ac_str text = l->value->type == AC_JSON_STRING ? text_for(t, s, l, tokens) : (ac_str){NULL, 0};
        if (text.p) {
            s->written = ac_json_set_at(t->arena, s->written, l->pointer, ac_json_string(t->arena, text));
        } else if (l->value->type == AC_JSON_STRING &&
                   ac_str_find(l->value->text, AC_STR("${")) != AC_NOT_FOUND) {
            s->skip = true; /* a case file has no way to write it */
        }
    }
}

/* ---- the tape ---- */

static void read_signature(ac_arena *arena, const ac_request *request, seen *s)
{
    const ac_signer *signer = ac_signer_of(request);
    ac_sign_claim claim = {0};
    if (signer) {
        signer->claim(arena, request, &claim);
    }
    s->account = claim.access_key_id.p ? claim.access_key_id : AC_STR("");
    s->region = claim.region.p ? claim.region : AC_STR("");
}

static void see(tape *t, const ac_record *record, seen *s)
{
    s->record = record;
    read_signature(t->arena, &record->request, s);
    ac_match_read(t->arena, s->call.contract, &record->response, &s->answer);
    leaves_of(t->arena, s->call.params, LEAVES_MAX, &s->params);
    leaves_of(t->arena, s->answer.body, LEAVES_MAX, &s->body);
    s->flow = (size_t)(s - t->items);
}

void tape_read(ac_arena *arena, const ac_corpus *corpus, const ac_recording *recording, tape *out)
{
    *out = (tape){.arena = arena, .corpus = corpus, .items = AC_NEW_ARRAY(arena, recording->count, seen)};
    for (size_t i = 0; i < recording->count; i++) {
        const ac_record *record = &recording->items[i];
        seen *s = &out->items[out->count];
        ac_recognise(arena, corpus, &record->request, &s->call);
        if (s->call.contract && record->end == AC_RECORD_WHOLE && !record->request_cut &&
            !record->response_cut) {
            see(out, record, s);
            out->count++;
        }
    }
    sightings all = see_all(out);
    for (size_t i = 0; i < out->count; i++) {
        join_request(out, &all, i);
    }
    for (size_t i = 0; i < out->count; i++) {
        capture_made(out, i);
    }
    for (size_t i = 0; i < out->count; i++) {
        out->items[i].flow = root_of(out, i);
    }
    name_captures(out);
    bind_worlds(out);
    bindings tokens = {0};
    for (size_t i = 0; i < out->count; i++) {
        write_params(out, &out->items[i], &tokens);
    }
}

const ac_json *ac_promoted_world(ac_arena *arena, const ac_corpus *corpus, const ac_recording *recording)
{
    tape t;
    tape_read(arena, corpus, recording, &t);
    const ac_json *world = ac_json_object();
    for (size_t i = 0; i < t.world.count; i++) {
        const binding *one = &t.world.items[i];
        ac_str provider = one->provider->provider;
        ac_str name = ac_str_sub(one->text, 2, one->text.n - 3);
        const ac_json *variables =
            ac_json_set(arena, ac_json_get(world, provider), name, ac_json_string(arena, one->value));
        world = ac_json_set(arena, world, provider, variables);
    }
    return world;
}
