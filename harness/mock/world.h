/*
 * The world: what the mock remembers of each account, which is an access key id with one provider. Private
 * to the module.
 *
 * Everything is bounded: where a limit forbids more accounts or resources, nothing is made; of tokens, nonces
 * and states that were asked for, the oldest are forgotten.
 *
 * Functions that take an account are called with its lock held, but for the lock itself.
 */
#ifndef AC_MOCK_WORLD_H
#define AC_MOCK_WORLD_H

#include <pthread.h>

#include "mock/plan.h"

typedef struct ac_mock_resource {
    const ac_mock_kind *kind;
    ac_str id;
    ac_str parent;   /* id of the owner; empty: none */
    uint64_t number; /* grows with each one made */
    bool fixture;
    unsigned looks;                 /* how often it was read; counted where its operation deviates */
    int64_t created_ms, created_us; /* time of day; time of the clock that never goes back */
    const ac_json *attributes;      /* object, or NULL: none */
    size_t bytes;                   /* that keeping it takes */
} ac_mock_resource;

/* What an idempotency token was used for. */
typedef struct ac_mock_token {
    const ac_mock_operation *operation;
    ac_str token;
    uint64_t params; /* hash of what was sent with it */
    ac_str request_id, body;
    int64_t ready_us; /* when the first answer is out */
} ac_mock_token;

/* A state that was asked for, of the next call of an operation. */
typedef struct ac_mock_state {
    const ac_mock_operation *operation;
    uint64_t name;             /* hash */
    const ac_error_spec *spec; /* that call fails with this; NULL: it does not fail */
    int64_t delay_ms;
} ac_mock_state;

typedef struct ac_mock_account ac_mock_account;
typedef struct ac_mock_accounts ac_mock_accounts;

typedef struct ac_mock_limits {
    size_t accounts, resources;
} ac_mock_limits;

/* Where they are together, the lock of one account is that of all. */
ac_mock_accounts *ac_mock_accounts_new(ac_mock_limits limits, bool together);
void ac_mock_accounts_free(ac_mock_accounts *accounts);

/* The account, made on first use; NULL where there are too many. It lives as long as the accounts. */
ac_mock_account *ac_mock_account_get(ac_mock_accounts *accounts, const ac_mock_realm *realm, ac_str key);
void ac_mock_account_lock(ac_mock_account *account);
void ac_mock_account_unlock(ac_mock_account *account);

/* Only the fixtures are left, no token is used and no state asked for. Nonces stay used. */
void ac_mock_account_reset(ac_mock_account *account);

/* ---- resources ---- */

/* Number k (from 1) of a fixture; the same for an account at any time. */
ac_str ac_mock_fixture_id(ac_arena *arena, ac_str key, const ac_mock_fixture *fixture, int64_t k);

const ac_mock_resource *ac_mock_resource_find(const ac_mock_account *account, ac_str kind, ac_str id);
/* What another account of the realm has; only where accounts are together. */
const ac_mock_resource *ac_mock_resource_elsewhere(ac_mock_accounts *accounts, const ac_mock_account *own,
                                                   ac_str kind, ac_str id);
/* All of them, the oldest first. */
const ac_mock_resource *const *ac_mock_resources(const ac_mock_account *account, size_t *count);

/* The id and number that the next one made will have; false where there may be no more. */
bool ac_mock_resource_draft(const ac_mock_account *account, ac_arena *arena, ac_str prefix,
                            ac_mock_resource *draft);
/* Keeps a copy; the draft must be this account's newest. */
void ac_mock_resource_add(ac_mock_account *account, const ac_mock_resource *draft);
/* Counts a look at it: how often it was looked at before. */
unsigned ac_mock_resource_look(const ac_mock_resource *resource);
void ac_mock_resource_remove(ac_mock_account *account, const ac_mock_resource *resource);

/* ---- tokens, nonces, states ---- */

const ac_mock_token *ac_mock_token_find(const ac_mock_account *account, const ac_mock_operation *operation,
                                        ac_str token);
void ac_mock_token_add(ac_mock_account *account, const ac_mock_token *token);

/* False where it was used before. */
bool ac_mock_nonce_use(ac_mock_account *account, ac_str nonce);

void ac_mock_state_add(ac_mock_account *account, const ac_mock_state *state);
/* Takes the first one of the operation out, or returns false. */
bool ac_mock_state_take(ac_mock_account *account, const ac_mock_operation *operation, ac_mock_state *out);
void ac_mock_state_remove(ac_mock_account *account, const ac_mock_operation *operation, uint64_t name);

/* ---- hashes ---- */

uint64_t ac_mock_hash(uint64_t seed, ac_str text);
/* Form of a UUID, upper-case as the vendors write request ids. */
ac_str ac_mock_uuid(ac_arena *arena, uint64_t number);
/* 16 hexadecimal digits. */
ac_str ac_mock_hex(ac_arena *arena, uint64_t number);

#endif
