/* Private to the module: how a recording becomes cases, from values to flows to files. */
#ifndef AC_RECORDER_PROMOTE_PARTS_H
#define AC_RECORDER_PROMOTE_PARTS_H

#include "match/match.h"
#include "recorder/promote.h"
#include "recorder/recognise.h"

/* A text or number at a place of a JSON tree. */
typedef struct leaf {
    ac_str pointer;
    const ac_json *value;
} leaf;

typedef struct leaves {
    leaf *items;
    size_t count, capacity;
} leaves;

/* Every scalar below the value, in document order; at most `max`. */
void leaves_of(ac_arena *arena, const ac_json *value, size_t max, leaves *out);

/* An exchange of a known operation. */
typedef struct seen {
    const ac_record *record;
    ac_recognised call;
    ac_match_result answer; /* as it was read */
    ac_str account, region; /* that the signature names; empty: none */
    leaves params, body;
    size_t flow;            /* number of the flow, by its first exchange */
    bool skip;              /* not promoted */
    const ac_json *written; /* params with variables */
    struct {
        ac_str name, pointer;
    } captures[16];
    size_t capture_count;
} seen;

/* A recorded value and the text that stands for it in a case. */
typedef struct binding {
    ac_str value;
    ac_str text;                 /* "${vpc_id}" */
    size_t from;                 /* index of the exchange whose answer gave it */
    const ac_provider *provider; /* of the world: whose variable it is; NULL: captured */
} binding;

typedef struct bindings {
    binding *items;
    size_t count, capacity;
} bindings;

void bindings_add(ac_arena *arena, bindings *list, binding one);
const binding *bindings_find(const bindings *list, ac_str value);
/* A value of the world of the exchange's provider. */
const binding *world_find(const bindings *world, const seen *s, ac_str value);

typedef struct tape {
    ac_arena *arena;
    const ac_corpus *corpus;
    seen *items;
    size_t count;
    bindings world;    /* of the whole recording */
    bindings captured; /* of the whole recording; a flow has names of its own */
} tape;

/* ---- promote_values.c ---- */

/* Whether every idempotency token of the request is one that some request with success had, too: others are what the
 * request was refused for. */
bool has_plain_tokens(const tape *t, const seen *s);

/* Reads the recording: what each exchange is, and what stands for its values. Unknown operations are left out. */
void tape_read(ac_arena *arena, const ac_corpus *corpus, const ac_recording *recording, tape *out);

/* The variable that a valid request of the contract has at a place of its params, without a number at its end; NULL:
 * none. */
const ac_variable *documented_variable(ac_arena *arena, const ac_contract *contract, ac_str pointer);

/* ---- promote_steps.c ---- */

/* A step: one exchange, or several that asked the same until something came about. */
typedef struct promoted_step {
    const seen *first, *last; /* of a poll; the same otherwise */
    size_t repeats;
    bool until_state, until_gone;
    ac_str state_pointer;
    ac_strs states; /* seen, in order */
} promoted_step;

typedef struct flow {
    promoted_step *steps;
    size_t count;
} flow;

/* The flow that begins with this exchange. */
void flow_read(const tape *t, size_t number, flow *out);
bool flow_is_like(const flow *a, const flow *b);

/* ---- promote_expect.c ---- */

typedef struct expectation_input {
    const tape *tape;
    const promoted_step *step;
    const promoted_step *other; /* of the second recording; NULL: none */
    const ac_redactor *redactor;
} expectation_input;

/* "expect" of a case file; *weak says what the recorded answer does not keep, p NULL: nothing. */
const ac_json *step_expectation(const expectation_input *input, ac_str *weak);

/* ---- promote_case.c ---- */

const ac_json *flow_case(const ac_promote_input *input, const tape *t, const flow *f, const flow *other,
                         ac_str name, ac_promoted *out);
/* The provider state that a flow of one step needs: its error is one of the account or the environment, which no
 * request provokes, or the same request had another answer in the recording. p NULL: none. */
ac_str flow_state(const tape *t, const flow *f);
/* Whether the case asks the same and expects the same kind of answers. */
bool flow_is_case(const flow *f, ac_str state, const ac_case *c);
void promote_note(ac_arena *arena, ac_promoted *out, uint64_t exchange, const char *format, ...)
    AC_PRINTF(4, 5);

/* ---- promote_skeleton.c ---- */

void skeleton_add(ac_arena *arena, const ac_corpus *corpus, const ac_record *record,
                  const ac_recognised *call, ac_promoted *out);

/* ---- what all of them do ---- */

void put_json(ac_arena *arena, const ac_json **object, const char *key, const ac_json *value);
void put_text(ac_arena *arena, const ac_json **object, const char *key, ac_str text);
const ac_json *json_strings(ac_arena *arena, const ac_str *items, size_t count);

#endif
