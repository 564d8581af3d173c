#include "mock/world.h"

#include <string.h>

#include "base/env.h"
#include "mock/pack.h"

enum {
    BUCKETS = 4096,
    TOKENS_MAX = 256,
    NONCES_MAX = 1024,
    STATES_MAX = 16,
    BYTES_MAX = 16 * 1024 * 1024 /* of resources, and of tokens, of one account */
};

struct ac_mock_account {
    ac_mock_account *next; /* in its bucket */
    const ac_mock_realm *realm;
    ac_str key;
    size_t resources_max; /* beside the fixtures */
    pthread_mutex_t own_lock;
    pthread_mutex_t *lock; /* for what follows: its own, or that of all */
    ac_mock_resource **resources;
    size_t resource_count, resource_capacity, resource_bytes;
    size_t fixture_count; /* of them, at the start */
    uint64_t made;
    ac_mock_token **tokens; /* the oldest first */
    size_t token_count, token_bytes;
    uint64_t *nonces; /* hashes; a ring, once it is full */
    size_t nonce_count, nonce_capacity, nonce_next;
    ac_mock_state states[STATES_MAX]; /* the oldest first */
    size_t state_count;
};

struct ac_mock_accounts {
    ac_mock_limits limits;
    bool together;
    pthread_mutex_t inner_lock; /* of every account, where they are together */
    pthread_mutex_t lock;       /* for what follows */
    size_t count;
    ac_mock_account *buckets[BUCKETS];
};

/* ---- fixtures ---- */

/* 20 lower-case letters and digits, as the vendors' ids end. */
static ac_str id_of(ac_arena *arena, ac_str prefix, uint64_t seed)
{
    enum { TAIL = 20, DIGITS_EACH = 10 };
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    char *text = ac_arena_alloc(arena, prefix.n + TAIL);
    if (prefix.n > 0) {
        memcpy(text, prefix.p, prefix.n);
    }
    uint64_t bits = 0;
    for (size_t i = 0; i < TAIL; i++) {
        if (i % DIGITS_EACH == 0) {
            seed = ac_mock_hash(seed, prefix);
            bits = seed;
        }
        text[prefix.n + i] = digits[bits % 36];
        bits /= 36;
    }
    return (ac_str){text, prefix.n + TAIL};
}

ac_str ac_mock_fixture_id(ac_arena *arena, ac_str key, const ac_mock_fixture *fixture, int64_t k)
{
    const ac_variable *variable = fixture->variable;
    if (variable->default_value.p) {
        bool given = (size_t)k <= variable->defaults.count;
        return given ? variable->defaults.items[k - 1]
                     : ac_str_printf(arena, "%.*s-%lld", AC_STR_FMT(variable->default_value), (long long)k);
    }
    uint64_t seed = ac_mock_hash((uint64_t)k, key);
    seed = ac_mock_hash(ac_mock_hash(seed, variable->name), variable->resource);
    return id_of(arena, variable->prefix, seed);
}

/* ---- resources ---- */

static void append(ac_mock_account *account, const ac_mock_resource *draft)
{
    ac_mock_pack pack;
    ac_mock_pack_init(&pack, sizeof *draft, draft->attributes, draft->id.n + draft->parent.n);
    ac_mock_resource *resource = (void *)pack.block;
    *resource = *draft;
    resource->attributes = draft->attributes ? ac_mock_pack_tree(&pack, draft->attributes) : NULL;
    resource->id = ac_mock_pack_text(&pack, draft->id);
    resource->parent = ac_mock_pack_text(&pack, draft->parent);
    resource->bytes = pack.size;
    if (account->resource_count == account->resource_capacity) {
        account->resource_capacity = account->resource_capacity > 0 ? account->resource_capacity * 2 : 64;
        account->resources =
            ac_realloc(account->resources, account->resource_capacity * sizeof *account->resources);
    }
    account->resources[account->resource_count++] = resource;
    account->resource_bytes += resource->bytes;
    account->made = draft->number;
}

static void add_fixtures(ac_mock_account *account)
{
    ac_arena *arena = ac_arena_new();
    for (size_t i = 0; i < account->realm->fixture_count; i++) {
        const ac_mock_fixture *fixture = &account->realm->fixtures[i];
        ac_mock_resource draft = {.kind = fixture->kind, .fixture = true};
        if (fixture->of) {
            draft.parent = ac_mock_fixture_id(arena, account->key, fixture->of, 1);
        }
        for (int64_t k = 1; k <= fixture->variable->count; k++) {
            draft.id = ac_mock_fixture_id(arena, account->key, fixture, k);
            draft.number = account->made + 1;
            append(account, &draft);
        }
    }
    account->fixture_count = account->resource_count;
    ac_arena_free(arena);
}

static bool is_it(const ac_mock_resource *resource, ac_str kind, ac_str id)
{
    return ac_str_eq(resource->id, id) && ac_str_eq(resource->kind->name, kind);
}

/* Requests mostly name a fixture or what was made last. */
const ac_mock_resource *ac_mock_resource_find(const ac_mock_account *account, ac_str kind, ac_str id)
{
    size_t fixtures = account->fixture_count;
    for (size_t i = 0; i < fixtures; i++) {
        if (is_it(account->resources[i], kind, id)) {
            return account->resources[i];
        }
    }
    for (size_t i = account->resource_count; i > fixtures; i--) {
        if (is_it(account->resources[i - 1], kind, id)) {
            return account->resources[i - 1];
        }
    }
    return NULL;
}

const ac_mock_resource *const *ac_mock_resources(const ac_mock_account *account, size_t *count)
{
    *count = account->resource_count;
    return (const ac_mock_resource *const *)account->resources;
}

bool ac_mock_resource_draft(const ac_mock_account *account, ac_arena *arena, ac_str prefix,
                            ac_mock_resource *draft)
{
    draft->number = account->made + 1;
    draft->id = id_of(arena, prefix, ac_mock_hash(draft->number, account->key));
    return account->resource_count - account->fixture_count < account->resources_max &&
           account->resource_bytes < BYTES_MAX;
}

void ac_mock_resource_add(ac_mock_account *account, const ac_mock_resource *draft)
{
    append(account, draft);
}

unsigned ac_mock_resource_look(const ac_mock_resource *resource)
{
    ac_mock_resource *own = (ac_mock_resource *)(uintptr_t)resource;
    return own->looks++;
}

void ac_mock_resource_remove(ac_mock_account *account, const ac_mock_resource *resource)
{
    size_t i = 0;
    while (account->resources[i] != resource) {
        i++;
    }
    account->fixture_count -= i < account->fixture_count;
    account->resource_bytes -= resource->bytes;
    ac_free(account->resources[i]);
    account->resource_count--;
    memmove(&account->resources[i], &account->resources[i + 1],
            (account->resource_count - i) * sizeof *account->resources);
}

static void free_resources(ac_mock_account *account)
{
    for (size_t i = 0; i < account->resource_count; i++) {
        ac_free(account->resources[i]);
    }
    account->resource_count = account->resource_bytes = 0;
    account->fixture_count = 0;
    account->made = 0;
}

/* ---- tokens ---- */

const ac_mock_token *ac_mock_token_find(const ac_mock_account *account, const ac_mock_operation *operation,
                                        ac_str token)
{
    for (size_t i = account->token_count; i > 0; i--) {
        const ac_mock_token *known = account->tokens[i - 1];
        if (known->operation == operation && ac_str_eq(known->token, token)) {
            return known;
        }
    }
    return NULL;
}

static size_t token_bytes(const ac_mock_token *token)
{
    return sizeof *token + token->token.n + token->request_id.n + token->body.n;
}

static void forget_tokens(ac_mock_account *account, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        account->token_bytes -= token_bytes(account->tokens[i]);
        ac_free(account->tokens[i]);
    }
    account->token_count -= count;
    if (account->token_count > 0) {
        memmove(account->tokens, account->tokens + count, account->token_count * sizeof *account->tokens);
    }
}

void ac_mock_token_add(ac_mock_account *account, const ac_mock_token *token)
{
    ac_mock_pack pack;
    if (!account->tokens) {
        account->tokens = ac_alloc(TOKENS_MAX * sizeof(ac_mock_token *));
    }
    if (account->token_count == TOKENS_MAX) {
        forget_tokens(account, 1);
    }
    ac_mock_pack_init(&pack, sizeof *token, NULL, token->token.n + token->request_id.n + token->body.n);
    ac_mock_token *kept = (void *)pack.block;
    *kept = *token;
    kept->token = ac_mock_pack_text(&pack, token->token);
    kept->request_id = ac_mock_pack_text(&pack, token->request_id);
    kept->body = ac_mock_pack_text(&pack, token->body);
    account->tokens[account->token_count++] = kept;
    account->token_bytes += token_bytes(kept);
    while (account->token_bytes > BYTES_MAX) {
        forget_tokens(account, 1);
    }
}

/* ---- nonces ---- */

static bool is_used(const ac_mock_account *account, uint64_t nonce)
{
    for (size_t i = 0; i < account->nonce_count; i++) {
        if (account->nonces[i] == nonce) {
            return true;
        }
    }
    return false;
}

bool ac_mock_nonce_use(ac_mock_account *account, ac_str nonce)
{
    uint64_t hash = ac_mock_hash(0, nonce);
    if (is_used(account, hash)) {
        return false;
    }
    if (account->nonce_count == account->nonce_capacity && account->nonce_capacity < NONCES_MAX) {
        account->nonce_capacity = account->nonce_capacity > 0 ? account->nonce_capacity * 2 : 16;
        account->nonces = ac_realloc(account->nonces, account->nonce_capacity * sizeof *account->nonces);
    }
    if (account->nonce_count < account->nonce_capacity) {
        account->nonces[account->nonce_count++] = hash;
    } else {
        account->nonces[account->nonce_next] = hash;
        account->nonce_next = (account->nonce_next + 1) % NONCES_MAX;
    }
    return true;
}

/* ---- states ---- */

static void drop_state(ac_mock_account *account, size_t index)
{
    account->state_count--;
    memmove(&account->states[index], &account->states[index + 1],
            (account->state_count - index) * sizeof *account->states);
}

void ac_mock_state_add(ac_mock_account *account, const ac_mock_state *state)
{
    if (account->state_count == STATES_MAX) {
        drop_state(account, 0);
    }
    account->states[account->state_count++] = *state;
}

bool ac_mock_state_take(ac_mock_account *account, const ac_mock_operation *operation, ac_mock_state *out)
{
    for (size_t i = 0; i < account->state_count; i++) {
        if (account->states[i].operation == operation) {
            *out = account->states[i];
            drop_state(account, i);
            return true;
        }
    }
    return false;
}

void ac_mock_state_remove(ac_mock_account *account, const ac_mock_operation *operation, uint64_t name)
{
    for (size_t i = account->state_count; i > 0; i--) {
        const ac_mock_state *state = &account->states[i - 1];
        if (state->operation == operation && state->name == name) {
            drop_state(account, i - 1);
        }
    }
}

/* ---- accounts ---- */

void ac_mock_account_lock(ac_mock_account *account)
{
    pthread_mutex_lock(account->lock);
}

void ac_mock_account_unlock(ac_mock_account *account)
{
    pthread_mutex_unlock(account->lock);
}

static void clear(ac_mock_account *account)
{
    free_resources(account);
    forget_tokens(account, account->token_count);
    account->state_count = 0;
}

void ac_mock_account_reset(ac_mock_account *account)
{
    clear(account);
    add_fixtures(account);
}

static ac_mock_account *make_account(ac_mock_accounts *accounts, const ac_mock_realm *realm, ac_str key)
{
    ac_mock_pack pack;
    ac_mock_pack_init(&pack, sizeof(ac_mock_account), NULL, key.n);
    ac_mock_account *account = (void *)pack.block;
    account->realm = realm;
    account->key = ac_mock_pack_text(&pack, key);
    account->resources_max = accounts->limits.resources;
    pthread_mutex_init(&account->own_lock, NULL);
    account->lock = accounts->together ? &accounts->inner_lock : &account->own_lock;
    add_fixtures(account);
    return account;
}

static void free_account(ac_mock_account *account)
{
    clear(account);
    ac_free(account->resources);
    ac_free(account->tokens);
    ac_free(account->nonces);
    pthread_mutex_destroy(&account->own_lock);
    ac_free(account);
}

ac_mock_account *ac_mock_account_get(ac_mock_accounts *accounts, const ac_mock_realm *realm, ac_str key)
{
    ac_mock_account **at = &accounts->buckets[ac_mock_hash(0, key) % BUCKETS];
    pthread_mutex_lock(&accounts->lock);
    while (*at && ((*at)->realm != realm || !ac_str_eq((*at)->key, key))) {
        at = &(*at)->next;
    }
    if (!*at && accounts->count < accounts->limits.accounts) {
        *at = make_account(accounts, realm, key);
        accounts->count++;
    }
    ac_mock_account *account = *at;
    pthread_mutex_unlock(&accounts->lock);
    return account;
}

const ac_mock_resource *ac_mock_resource_elsewhere(ac_mock_accounts *accounts, const ac_mock_account *own,
                                                   ac_str kind, ac_str id)
{
    const ac_mock_resource *found = NULL;
    pthread_mutex_lock(&accounts->lock);
    for (size_t i = 0; i < BUCKETS && !found; i++) {
        for (const ac_mock_account *other = accounts->buckets[i]; other && !found; other = other->next) {
            bool neighbour = other != own && other->realm == own->realm;
            found = neighbour ? ac_mock_resource_find(other, kind, id) : NULL;
        }
    }
    pthread_mutex_unlock(&accounts->lock);
    return found;
}

ac_mock_accounts *ac_mock_accounts_new(ac_mock_limits limits, bool together)
{
    ac_mock_accounts *accounts = ac_alloc(sizeof *accounts);
    accounts->limits = limits;
    accounts->together = together;
    pthread_mutex_init(&accounts->inner_lock, NULL);
    pthread_mutex_init(&accounts->lock, NULL);
    return accounts;
}

void ac_mock_accounts_free(ac_mock_accounts *accounts)
{
    if (!accounts) {
        return;
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        while (accounts->buckets[i]) {
            ac_mock_account *first = accounts->buckets[i];
            accounts->buckets[i] = first->next;
            free_account(first);
        }
    }
    pthread_mutex_destroy(&accounts->inner_lock);
    pthread_mutex_destroy(&accounts->lock);
    ac_free(accounts);
}
