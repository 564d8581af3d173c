#include <stdio.h>
#include <string.h>

#include "case/vars.h"
#include "run/lane.h"

/* Accounts differ in the digits that end the key id: AKACCORD0001 becomes AKACCORD0007. */
static ac_str numbered_key(ac_arena *arena, ac_str key, unsigned number)
{
    size_t n = key.n;
    while (n > 0 && key.p[n - 1] >= '0' && key.p[n - 1] <= '9') {
        n--;
    }
    return ac_str_printf(arena, "%.*s%04u", (int)n, key.p, number);
}

void account_init(runner *r, account *a, unsigned number)
{
    *a = (account){.credentials = r->target->credentials, .arena = ac_arena_new()};
    if (r->isolation == AC_ISOLATION_ACCOUNT) {
        a->credentials.access_key_id = numbered_key(a->arena, a->credentials.access_key_id, number);
    }
}

world *account_world(account *a, const ac_provider *provider)
{
    for (size_t i = 0; i < a->world_count; i++) {
        if (a->worlds[i].provider == provider) {
            return &a->worlds[i];
        }
    }
    return NULL;
}

void account_add_world(account *a, const ac_provider *provider, const ac_json *variables)
{
    /* With more providers than places the newest takes the last one: its world is made again when needed. */
    size_t at = a->world_count < WORLDS_MAX ? a->world_count++ : WORLDS_MAX - 1;
    a->worlds[at] = (world){provider, variables};
}

static const ac_json *world_variables(lane *l, unsigned number)
{
    const world *w = account_world(&l->accounts[number], l->c->contract->provider);
    return w ? w->variables : NULL;
}

static ac_str lookup_capture(const lane *l, ac_str name)
{
    for (size_t i = 0; i < l->capture_count; i++) {
        if (ac_str_eq(l->captures[i].name, name)) {
            return l->captures[i].value;
        }
    }
    return (ac_str){NULL, 0};
}

void lane_capture(lane *l, ac_str name, ac_str value)
{
    for (size_t i = 0; i < l->capture_count; i++) {
        if (ac_str_eq(l->captures[i].name, name)) {
            l->captures[i].value = value;
            return;
        }
    }
    if (l->capture_count < CAPTURES_MAX) {
        l->captures[l->capture_count++] = (captured){name, value};
    }
}

static ac_str upper_case(ac_arena *arena, ac_str text)
{
    char *copy = ac_arena_copy(arena, text.p, text.n);
    for (size_t i = 0; i < text.n; i++) {
        copy[i] = copy[i] >= 'a' && copy[i] <= 'z' ? (char)(copy[i] - 'a' + 'A') : copy[i];
    }
    return (ac_str){copy, text.n};
}

static ac_str lookup_made(lane *l, ac_arena *arena, ac_str name)
{
    const ac_env *env = &l->runner->values_env;
    if (ac_str_is(name, "unique")) {
        ac_str purpose =
            ac_str_printf(arena, "%.*s %zu unique %u", AC_STR_FMT(l->c->id), l->plan_index, l->uses++);
        return ac_env_nonce(env, arena, purpose);
    }
    if (ac_str_is(name, "token")) {
        return ac_env_nonce(env, arena,
                            ac_str_printf(arena, "%.*s %zu token", AC_STR_FMT(l->c->id), l->plan_index));
    }
    if (ac_str_is(name, "token_upper")) {
        return upper_case(arena, lookup_made(l, arena, AC_STR("token")));
    }
    if (ac_str_is(name, "account")) {
        return l->accounts[AC_ACCOUNT_OWN].credentials.access_key_id;
    }
    if (ac_str_is(name, "operation")) {
        return l->c->contract->action;
    }
    if (ac_str_is(name, "region") && l->runner->target->region.n > 0) {
        return l->runner->target->region;
    }
    if (ac_str_starts(name, AC_STR("unknown."))) {
        return ac_unknown_id(arena, l->c->contract, ac_str_sub(name, 8, name.n));
    }
    return (ac_str){NULL, 0};
}

/* A variable of the case's operation, or of another one that its steps call. */
static const ac_variable *find_variable(const ac_case *c, ac_str name, int64_t *index)
{
    const ac_variable *variable = ac_contract_variable(c->contract, name, index);
    for (size_t i = 0; !variable && i < c->step_count; i++) {
        variable = ac_contract_variable(c->steps[i].contract, name, index);
    }
    return variable;
}

static ac_str lookup_default(lane *l, ac_arena *arena, ac_str name)
{
    int64_t index;
    const ac_variable *variable = find_variable(l->c, name, &index);
    if (!variable || index < 1 || (size_t)index > variable->defaults.count) {
        return (ac_str){NULL, 0};
    }
    ac_str missing = {NULL, 0};
    ac_str value = ac_vars_expand_text(arena, variable->defaults.items[index - 1], lane_lookup, l, &missing);
    return missing.p ? (ac_str){NULL, 0} : value;
}

/* Captured values first, then a table's row, what the run makes, what the target gives, and defaults. */
ac_str lane_lookup(void *context, ac_arena *arena, ac_str name)
{
    lane *l = context;
    if (ac_str_starts(name, AC_STR("other."))) {
        return ac_json_text(ac_json_get(world_variables(l, AC_ACCOUNT_OTHER), ac_str_sub(name, 6, name.n)));
    }
    ac_str value = lookup_capture(l, name);
    const ac_json *const given[] = {l->c->variables, l->runner->target->variables,
                                    world_variables(l, AC_ACCOUNT_OWN)};
    if (!value.p) {
        value = ac_json_text(ac_json_get(given[0], name));
    }
    if (!value.p) {
        value = lookup_made(l, arena, name);
    }
    for (size_t i = 1; !value.p && i < AC_COUNT(given); i++) {
        value = ac_json_text(ac_json_get(given[i], name));
    }
    return value.p ? value : lookup_default(l, arena, name);
}

/* ---- what a case needs ---- */

typedef struct needs {
    lane *lane;
    ac_arena *arena;
    ac_strs captured; /* names that earlier steps give */
    ac_str missing;
} needs;

static bool is_given(void *context, ac_str name)
{
    needs *n = context;
    for (size_t i = 0; i < n->captured.count; i++) {
        if (ac_str_eq(n->captured.items[i], name)) {
            return true;
        }
    }
    if (!lane_lookup(n->lane, n->arena, name).p) {
        n->missing = name;
    }
    return !n->missing.p;
}

static bool step_is_given(needs *n, const ac_step *step)
{
    if (!ac_vars_visit(step->params, is_given, n)) {
        return false;
    }
    for (size_t i = 0; i < step->captures.count && n->captured.count < CAPTURES_MAX; i++) {
        n->captured.items[n->captured.count++] = step->captures.items[i].name;
    }
    return !step->beside || step_is_given(n, step->beside);
}

ac_str lane_first_missing(lane *l)
{
    ac_str names[CAPTURES_MAX];
    unsigned uses = l->uses;
    needs n = {.lane = l, .arena = l->arena, .captured = {names, 0}};
    for (size_t i = 0; i < l->c->step_count && !n.missing.p; i++) {
        step_is_given(&n, &l->c->steps[i]);
    }
    l->uses = uses;
    return n.missing;
}
