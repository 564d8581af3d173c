/*
 * Cases: what to send and what each answer must show. Written by hand (docs/case-format.md), derived from a
 * contract (derive.h), or recorded; all three become this model. Immutable after loading.
 */
#ifndef AC_CASE_CASE_H
#define AC_CASE_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "case/fault.h"
#include "contract/contract.h"
#include "contract/corpus.h"

typedef enum ac_expect_kind {
    AC_EXPECT_ANY,     /* whatever the answer, it must be well-formed */
    AC_EXPECT_SUCCESS, /* the documented success */
    AC_EXPECT_ERROR    /* one of the errors listed */
} ac_expect_kind;

/* One check of a value in the answer's body. Members that are not set do not check. */
typedef struct ac_matcher {
    ac_str pointer;
    const ac_json *equals;
    int type; /* index into ac_matcher_types, 0 unset: null boolean integer number string array object */
    ac_str regex;
    ac_regex *compiled;
    int format;            /* ac_format */
    const ac_json *one_of; /* array */
    ac_str min, max;       /* integer literals */
    int64_t length;        /* of a string (characters), array or object; -1: not checked */
    ac_str length_text;    /* the same as text that may use variables; p NULL: unset */
    bool if_present; /* a member that is not there is no finding, and a variable that is not known no check */
    bool absent, null, empty;
    const ac_json *unordered; /* array with the same elements in any order */
    const ac_json *contains;  /* array holds an element equal to this (objects: holds these members) */
    const ac_json *not_equal;
} ac_matcher;

extern const char *const ac_matcher_types[];

typedef struct ac_expect {
    ac_expect_kind kind;
    ac_certainty certainty; /* AC_MUST: exactly these; AC_SHOULD: these or any documented or common client
                               error; AC_MAY: nothing fails */
    const ac_error_spec **errors; /* conforming errors */
    size_t error_count;
    ac_ints status;  /* further restriction of the status; empty: as the contract says */
    ac_strs message; /* templates that replace those of the errors; empty: as the contract says */
    bool fields;     /* judge every documented response field */
    struct {
        ac_matcher *items;
        size_t count;
    } body;
    const ac_json *headers; /* name to regular expression; NULL: none */
    ac_strs cite;           /* what the expectation rests on */
} ac_expect;

/* What is done to an otherwise correct request. */
typedef enum ac_tamper {
    AC_TAMPER_NONE,
    AC_TAMPER_WRONG_KEY,    /* signed with another secret */
    AC_TAMPER_UNKNOWN_KEY,  /* access key id that does not exist */
    AC_TAMPER_NO_KEY,       /* access key id taken out after signing */
    AC_TAMPER_NO_SIGNATURE, /* signature taken out after signing */
    AC_TAMPER_ALTERED,      /* a parameter changed after signing */
    AC_TAMPER_CLOCK_BEHIND, /* signed an hour in the past */
    AC_TAMPER_CLOCK_AHEAD,  /* signed an hour in the future */
    AC_TAMPER_BAD_DATE,     /* the date is not a date */
    AC_TAMPER_REPLAY,       /* the same bytes as the request before */
    AC_TAMPER_NO_ACTION,
    AC_TAMPER_NO_VERSION,
    AC_TAMPER_OTHER_ACTION, /* an action that does not exist */
    AC_TAMPER_OTHER_VERSION,
    AC_TAMPER_COUNT
} ac_tamper;

extern const char *const ac_tamper_names[];

typedef struct ac_capture {
    ac_str name;
    ac_str pointer; /* into the body; "/#" at its end counts the elements there */
} ac_capture;

typedef struct ac_poll {
    ac_str pointer; /* of the state, in the answer */
    ac_strs until;  /* states that end it well */
    ac_strs failed; /* states that end it badly at once */
    ac_strs order;  /* documented order; a state out of order is a finding */
    ac_strs known;  /* every documented state; another is a finding */
    int64_t deadline_ms;
    ac_strs cite;
    bool until_gone; /* ends well with the expected error instead of a state */
    ac_str gone_items,
        gone_key; /* until_gone in a list: ends well when no element of the array has ${id} there */
} ac_poll;

typedef enum ac_account { AC_ACCOUNT_OWN, AC_ACCOUNT_OTHER } ac_account;

typedef struct ac_step {
    ac_str name; /* for messages; may be empty */
    const ac_contract *contract;
    const ac_json *params;  /* may use variables */
    ac_str method;          /* p NULL: the contract's first */
    ac_str signer;          /* p NULL: the target's choice */
    int tamper;             /* ac_tamper */
    int account;            /* ac_account */
    const ac_json *headers; /* further headers, name to value; NULL: none */
    ac_expect expect;
    struct {
        ac_capture *items;
        size_t count;
    } captures;
    ac_poll *poll;          /* NULL: a single call */
    struct ac_step *beside; /* NULL, or a step that runs at the same time as this one */
    bool creates;           /* success makes a resource: the run's ledger and teardown see to it */
    /* Of cases for SDK targets: */
    const ac_fault *fault; /* what happens to the answer; NULL: nothing */
    const ac_json *sent; /* what the SDK is given to send, where the answer is that to params; NULL: params */
    bool facts;          /* what the SDK sends of itself is told */
} ac_step;

typedef enum ac_origin { AC_ORIGIN_DERIVED, AC_ORIGIN_WRITTEN, AC_ORIGIN_RECORDED } ac_origin;

typedef struct ac_case {
    ac_str id;
    ac_str group; /* first component after the operation */
    ac_str title; /* one line: what it shows */
    const ac_contract *contract;
    ac_origin origin;
    const char *file;       /* of a written case, else the contract's */
    ac_certainty certainty; /* weakest of its steps */
    int source;             /* ac_source_kind of what it rests on */
    ac_strs cite;
    ac_strs tags;
    ac_str state;             /* provider state ("error:Code"), p NULL: none */
    size_t row;               /* row of the error table this case verifies, 0: none */
    ac_str code;              /* documented error code it expects, p NULL: none */
    const ac_json *variables; /* of a table's row; NULL: none */
    const ac_step *steps;
    size_t step_count;
    const ac_step *teardown;
    size_t teardown_count;
    bool creates;       /* some step may create a resource */
    bool other_account; /* some step acts as another account, or names what it has */
    bool for_clients;   /* judges an SDK; a server cannot be asked */
} ac_case;

typedef struct ac_cases {
    ac_case *items; /* sorted by id */
    size_t count;
} ac_cases;

/* Every case of the corpus: derived and written. Fails on two cases with one id and on invalid files. */
bool ac_cases_load(ac_corpus *corpus, ac_cases *out, ac_err *err) AC_MUST_USE;

/* One case as JSON, in the form of a case file, for people. */
const ac_json *ac_case_describe(ac_arena *arena, const ac_case *c);

#endif
