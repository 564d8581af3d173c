/*
 * What the mock makes of the corpus before the first request: names taken apart, answers as trees, and
 * tables of operations, kinds of resources and fixtures. Immutable afterwards, so any thread may read it.
 * Private to the module.
 */
#ifndef AC_MOCK_PLAN_H
#define AC_MOCK_PLAN_H

#include "contract/corpus.h"

enum { AC_MOCK_STEPS_MAX = 16 }; /* components of a parameter's name */

/* One component of a name: a member, or ("N") any element of the array before it. */
typedef struct ac_mock_step {
    ac_str key; /* empty for an element */
    bool element;
} ac_mock_step;

/* A parameter that a request can hold, containers included. */
typedef struct ac_mock_param {
    const ac_parameter *of;
    ac_mock_step steps[AC_MOCK_STEPS_MAX];
    size_t count;
    size_t array; /* steps up to the innermost array, itself included; 0: it is and stands in none */
    bool bare;    /* no row stands for the containers around it, so their absence is its own */
} ac_mock_param;

/* A documented JSON value: of an answer (with fields) or of a request (with parameters). */
typedef struct ac_mock_shape {
    ac_str key;                     /* of a member */
    const ac_response_field *field; /* NULL: only something below is documented */
    const ac_json *example;         /* of the field, as its type; NULL: none that is a value of it */
    int equals;                     /* ac_equals, where an envelope says so */
    const ac_mock_param *param;
    struct ac_mock_shape *element; /* of an array; NULL: it is none */
    struct ac_mock_shape *members, *last, *next;
    size_t count; /* of members */
} ac_mock_shape;

struct ac_mock_operation;

/* A kind of resource of a provider. */
typedef struct ac_mock_kind {
    ac_str name;
    const struct ac_mock_operation *creator; /* NULL: there are only fixtures */
    ac_str id_name;                          /* attribute that is the id */
    ac_str parent;                           /* parameter of the creator that names the owner; empty: none */
    const ac_states *states;                 /* NULL: none */
} ac_mock_kind;

/* A variable that names resources which every account has. */
typedef struct ac_mock_fixture {
    const ac_mock_kind *kind;
    const ac_variable *variable;
    const ac_contract *contract;      /* that has the variable; NULL: the provider */
    const struct ac_mock_fixture *of; /* the owner, for nested resources; NULL: none */
} ac_mock_fixture;

/* What belongs to one provider. */
typedef struct ac_mock_realm {
    const ac_provider *provider;
    ac_mock_kind *kinds;
    size_t kind_count;
    ac_mock_fixture *fixtures;
    size_t fixture_count;
} ac_mock_realm;

typedef struct ac_mock_operation {
    const ac_contract *contract;
    const ac_mock_realm *realm;
    const ac_mock_kind *kind; /* of the resource that it is about; NULL: none */
    const ac_mock_param *params;
    size_t param_count;
    const ac_mock_shape *request; /* every parameter, in the order of the contract */
    const ac_mock_shape *answer;
    const ac_mock_shape *error;
    const ac_str *segments; /* of the path, the names in braces with them */
    size_t segment_count;
    bool has_body; /* some parameter is in a JSON body */
} ac_mock_operation;

typedef struct ac_mock_plan {
    ac_arena *arena;
    ac_mock_realm *realms;
    size_t realm_count;
    ac_mock_operation *operations; /* sorted by their whole path */
    size_t operation_count;
    const ac_mock_operation **by_action; /* those found by action and version, sorted by both */
    size_t action_count;
    const ac_mock_operation **by_path; /* those found by method and path */
    size_t path_count;
} ac_mock_plan;

ac_mock_plan *ac_mock_plan_new(const ac_corpus *corpus);
void ac_mock_plan_free(ac_mock_plan *plan);

const ac_mock_operation *ac_mock_operation_named(const ac_mock_plan *plan, ac_str operation);

/* The operations of an action and version stand side by side: the first of them, NULL where there is none. */
const ac_mock_operation *const *ac_mock_operations_of(const ac_mock_plan *plan, ac_str action, ac_str version,
                                                      size_t *count);

const ac_mock_kind *ac_mock_kind_named(const ac_mock_realm *realm, ac_str name);

/* ---- shapes ---- */

ac_mock_shape *ac_mock_shape_of_fields(ac_arena *arena, const ac_response_fields *fields,
                                       const ac_style *style, bool error);
void ac_mock_shape_add_param(ac_arena *arena, ac_mock_shape *root, const ac_mock_param *param);
const ac_mock_shape *ac_mock_shape_member(const ac_mock_shape *shape, ac_str key);

/* The documented example, or else the first documented value, as the field's type; NULL: neither. */
const ac_json *ac_mock_example(ac_arena *arena, const ac_response_field *field);

/* The last component of a JSON pointer. */
ac_str ac_mock_last_token(ac_str pointer);

#endif
