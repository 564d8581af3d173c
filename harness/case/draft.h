/* Private to the module: how the derivation puts cases together. */
#ifndef AC_CASE_DRAFT_H
#define AC_CASE_DRAFT_H

#include "case/derive.h"

enum { DRAFT_STEPS_MAX = 12 };

/* What a derivation works on. */
typedef struct deriver {
    ac_arena *arena;
    const ac_corpus *corpus;
    const ac_contract *contract;
    const ac_contract *creator; /* operation that makes what this contract reads, lists or deletes, or NULL */
    ac_str created_variable;    /* the contract's own variable that names it */
    ac_case_list *out;
} deriver;

/* A case being put together. */
typedef struct case_draft {
    const deriver *d;
    ac_case c;
    ac_step steps[DRAFT_STEPS_MAX];
    ac_step teardown[DRAFT_STEPS_MAX];
} case_draft;

/* "group/name" below the operation; title for people; both are copied. */
void draft_init(case_draft *draft, const deriver *d, ac_str path, ac_str title, ac_strs cite);

/* Adds the steps that create what the contract's own variables name, where the request uses them. */
void draft_prepare(case_draft *draft, const ac_json *params);

/* A step that creates what this contract reads or lists, and captures its id under this name. */
void draft_create(case_draft *draft, ac_str variable, const ac_json *request);

/* A call of the contract's operation with these parameters; captures the id of what it creates as
 * ${id} (the first), ${id_2}, … and tears that down. */
ac_step *draft_call(case_draft *draft, const char *name, const ac_json *params);
/* Lets the step, and the removal of what it makes, happen under the other account. */
void draft_other_account(case_draft *draft, ac_step *step);
/* Sends the last step at the same time as the one before it. */
void draft_beside(case_draft *draft);
/* The value with each ${fixture} of this account replaced by that of the other one. */
const ac_json *with_other_fixtures(const deriver *d, const ac_json *value);
/* A call of another operation (a companion); params may use ${id}. */
ac_step *draft_call_ref(case_draft *draft, const char *name, const ac_operation_ref *ref);

/* What an operation's successful answer rests on. */
ac_strs answer_cite(const ac_contract *contract);
/* A case is as sure as the least sure of its steps. */
ac_certainty weakest_certainty(const ac_step *steps, size_t count);

/* Puts the case into the list; its certainty and source follow from its steps and citations. */
void draft_done(case_draft *draft);

/* Expectations. */
void expect_success(ac_step *step, bool fields);
/* These codes (of the specs given); SHOULD also admits any documented or common client error. */
void expect_errors(const deriver *d, ac_step *step, const ac_error_spec *const *specs, size_t count,
                   ac_certainty certainty);
void expect_spec(const deriver *d, ac_step *step, const ac_error_spec *spec, ac_certainty certainty);
/* The error that a rule names; without one, the common errors of the situation as SHOULD. */
void expect_rule(const deriver *d, ac_step *step, ac_str code, ac_certainty certainty, ac_when when);
/* False where nothing is documented for the situation. */
bool expect_when(const deriver *d, ac_step *step, ac_when when, ac_certainty certainty);
void expect_value(const deriver *d, ac_step *step, ac_str pointer, const ac_json *value);

/* ---- requests ---- */

/* Valid request that holds the parameter: the minimal one, with what the full one has of it, or the full one. */
const ac_json *base_with(const deriver *d, const ac_parameter *parameter);
/* Sets (NULL: removes) a parameter in a request; index is that of every array on the way. */
const ac_json *with_param(const deriver *d, const ac_json *request, ac_str name, size_t index,
                          const ac_json *value);
const ac_json *param_value(const ac_json *request, ac_str name, size_t index);
/* The value as JSON of the parameter's type. */
const ac_json *typed_value(const deriver *d, const ac_parameter *parameter, ac_str text);
/* The request with `count` elements in the array, all different where they must be; NULL where it cannot. */
const ac_json *with_elements(const deriver *d, const ac_json *request, ac_str array, size_t count);

/* ---- values ---- */

/* Whether the text breaks the constraint, for the kinds that look at one text alone; false for the others. */
bool text_breaks(const ac_constraint *constraint, ac_str text);
/* Whether the text keeps every constraint of the parameter but the one given (NULL: all). */
bool text_keeps_others(const ac_parameter *parameter, const ac_constraint *but, ac_str text);
/* A text of so many characters that keeps every rule of the parameter; p NULL where there is none. */
ac_str text_of_length(const deriver *d, const ac_parameter *parameter, size_t length);
bool has_constraint(const ac_parameter *parameter, ac_constraint_kind kind);
/* A character of the class, as text. */
ac_str class_character(ac_str class_name);
bool charset_has(const ac_charset *set, uint32_t scalar);

/* ---- the groups ---- */

void derive_parameters(const deriver *d); /* derive_params.c */
void derive_flows(const deriver *d);      /* derive_flows.c */
void derive_errors(const deriver *d);     /* derive_flows.c */
void derive_client(const deriver *d);     /* derive_client.c */

#endif
