/*
 * One request on its way through the mock: what was read of it, and what is answered. Private to the module.
 *
 * The steps of a call return false when they refuse it; the refusal is then in the call.
 */
#ifndef AC_MOCK_CALL_H
#define AC_MOCK_CALL_H

#include <stdatomic.h>

#include "mock/mock.h"
#include "mock/plan.h"
#include "sign/sign.h"

struct ac_mock_account;
struct ac_mock_accounts;

struct ac_mock {
    ac_mock_options options;
    ac_mock_plan *plan;
    struct ac_mock_accounts *accounts;
    const ac_mock_operation *deviant; /* that does something wrong; NULL: none */
    struct ac_mock_account *common;   /* whose tokens all callers share; NULL: none */
    ac_server *server;                /* NULL: none */
    atomic_uint_fast64_t answers;
};

/* ---- parameters as they were sent ---- */

typedef enum ac_mock_type {
    AC_MOCK_BARE, /* no value of its own, only what is below it */
    AC_MOCK_TEXT, /* from path, query, form or header: of any scalar type */
    AC_MOCK_STRING,
    AC_MOCK_NUMBER,
    AC_MOCK_BOOLEAN,
    AC_MOCK_ARRAY,
    AC_MOCK_OBJECT
} ac_mock_type;

/* A value: "Zone.1.ZoneId=a" and {"Zone": [{"ZoneId": "a"}]} become the same tree. */
typedef struct ac_mock_node {
    ac_str key;    /* of a member */
    bool element;  /* of an array, with an index */
    int64_t index; /* as sent; elements are in its order */
    ac_mock_type type;
    ac_str text;
    struct ac_mock_node *first, *last, *next;
} ac_mock_node;

enum {
    AC_MOCK_IN_PAIRS, /* query and form */
    AC_MOCK_IN_PATH,
    AC_MOCK_IN_BODY,
    AC_MOCK_IN_HEADER,
    AC_MOCK_ROOTS
};

typedef struct ac_mock_refusal {
    const ac_error_spec *spec; /* NULL: not refused */
    ac_str first, second;      /* what the first placeholders of its text stand for */
} ac_mock_refusal;

typedef struct ac_mock_call {
    ac_mock *mock;
    ac_arena *arena;
    const ac_request *request;
    ac_str request_id;
    int64_t now_ms;
    ac_str action, version;             /* as asked for */
    const ac_signer *signer;            /* whose signature it carries, or NULL */
    const ac_mock_operation *operation; /* from decoding on; a neighbour, where there is none */
    bool lost;                          /* there is none */
    ac_mock_node roots[AC_MOCK_ROOTS];
    ac_sign_claim claim;
    struct ac_mock_account *account; /* from authentication on */
    const ac_json *params;           /* from validation on: what holds, defaults applied */
    ac_mock_refusal refusal;
    int64_t delay_ms;
    int status;
    ac_str content_type, body;
} ac_mock_call;

/* A value that a parameter has in a call, and the way to it: path[i + 1] is where step i leads. */
typedef struct ac_mock_place {
    ac_mock_call *call;
    const ac_mock_param *param;
    const ac_mock_node *path[AC_MOCK_STEPS_MAX + 1];
} ac_mock_place;

typedef bool (*ac_mock_visitor)(const ac_mock_place *place, const void *context);

void ac_mock_node_add(ac_arena *arena, ac_mock_node *root, ac_str name, ac_str text);
void ac_mock_node_read(ac_arena *arena, ac_mock_node *node, const ac_json *json);
const ac_mock_node *ac_mock_node_member(const ac_mock_node *node, ac_str key);
const ac_mock_node *ac_mock_node_first_element(const ac_mock_node *node);

const ac_mock_node *ac_mock_root_of(const ac_mock_call *call, const ac_mock_param *param);
bool ac_mock_is_sent(const ac_mock_param *param, const ac_mock_node *node);

/* Visits each value that was sent, until one visit returns false. */
bool ac_mock_each(ac_mock_call *call, const ac_mock_param *param, ac_mock_visitor visit, const void *context);
/* Visits the innermost array of the parameter (in each element of outer ones), also where it is missing:
 * path[param->array] is NULL then. */
bool ac_mock_each_array(ac_mock_call *call, const ac_mock_param *param, ac_mock_visitor visit,
                        const void *context);
/* What another parameter has beside a place: in the same elements, where both stand in them. */
const ac_mock_node *ac_mock_beside(const ac_mock_place *place, const ac_mock_param *other);

/* The value at a place, the array there, and their names on the wire: "Zone.2.ZoneId". */
const ac_mock_node *ac_mock_value_at(const ac_mock_place *place);
const ac_mock_node *ac_mock_array_at(const ac_mock_place *place);
ac_str ac_mock_place_name(const ac_mock_place *place, size_t steps);
/* The same without a place: with 1 for N. */
ac_str ac_mock_param_name(ac_arena *arena, const ac_parameter *parameter);

const ac_mock_param *ac_mock_param_named(const ac_mock_operation *operation, ac_str name);

/* Every documented parameter that was sent or has a default, typed, as an object in the contract's order. */
const ac_json *ac_mock_effective(ac_mock_call *call);
/* The value of a parameter in that object; the array where the name goes into one. */
const ac_json *ac_mock_effective_value(const ac_mock_call *call, ac_str name);

/* ---- refusing: always false ---- */

bool ac_mock_refuse(ac_mock_call *call, const ac_error_spec *spec, ac_str first, ac_str second);
/* The contract's error for a situation, or for one that is near; a plain 400, 500 or 503 where it has none. */
bool ac_mock_refuse_when(ac_mock_call *call, ac_when when, ac_str first, ac_str second);
/* The error of this code where one is given, else that of the situation. */
bool ac_mock_refuse_rule(ac_mock_call *call, ac_str code, ac_when otherwise, ac_str subject);

/* ---- the steps, in their order ---- */

bool ac_mock_decode(ac_mock_call *call);
bool ac_mock_authenticate(ac_mock_call *call);
bool ac_mock_validate(ac_mock_call *call);
bool ac_mock_check_references(ac_mock_call *call); /* the account is locked */
bool ac_mock_behave(ac_mock_call *call);
bool ac_mock_list(ac_mock_call *call); /* one of its ways; the account is locked */

/* ---- other ways to an answer ---- */

void ac_mock_answer_refusal(ac_mock_call *call);
void ac_mock_answer_state(ac_mock_call *call); /* POST /_accord/state */

#endif
