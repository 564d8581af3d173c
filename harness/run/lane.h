/* Private to the module: a lane runs one case after another; the runner owns the lanes. */
#ifndef AC_RUN_LANE_H
#define AC_RUN_LANE_H

#include "http/client.h"
#include "match/match.h"
#include "run/run.h"
#include "sdk/sdk.h"
#include "wire/wire.h"

enum {
    EXCHANGES_SHOWN_MAX = 16,
    ACCOUNTS_PER_LANE = 2,
    CAPTURES_MAX = 32,
    WORLDS_MAX = 8,
    REQUEST_ID_MAX = 128,
    VISIBLE_BYTES_MAX = 16384
};

struct runner;
struct lane;

/* What the world of an account gave for the operations of one provider. */
typedef struct world {
    const ac_provider *provider;
    const ac_json *variables; /* NULL: none */
} world;

/* An account of the target. */
typedef struct account {
    ac_credentials credentials;
    ac_arena *arena; /* of the worlds, for the account's life */
    world worlds[WORLDS_MAX];
    size_t world_count;
} account;

/* A call that an SDK makes for a step. */
typedef struct sdk_call {
    ac_sdk_call call;
    ac_sdk_outcome outcome;
} sdk_call;

/* An exchange on its way or done. With an SDK target the request is the one that we would send, and the outcome has
 * the answer that the documentation promises. */
typedef struct flight {
    struct lane *lane;
    const ac_step *step;
    const ac_json *params;
    ac_request request;
    ac_str url;
    ac_outcome outcome; /* detail copied into the case's arena */
    sdk_call *call;     /* NULL: no SDK target */
} flight;

typedef enum phase {
    PHASE_IDLE,
    PHASE_WORLD,
    PHASE_SETUP,
    PHASE_STEP,
    PHASE_TEARDOWN,
    PHASE_RESET, /* teardown of the provider state */
    PHASE_DONE
} phase;

typedef struct captured {
    ac_str name, value;
} captured;

typedef struct lane {
    struct runner *runner;
    unsigned number; /* from 0 */
    account accounts[ACCOUNTS_PER_LANE];
    char last_request_id[REQUEST_ID_MAX]; /* of the answer before, also that of another case */

    /* The case in hand. */
    const ac_case *c;
    size_t plan_index;
    ac_arena *arena;
    phase phase;
    size_t at;           /* step or teardown step */
    unsigned account_at; /* account whose world is being made */
    unsigned attempt;    /* of the step: polls, retries */
    unsigned uses;       /* of ${unique} */
    int64_t started_us, started_ms;
    int64_t step_started_us;
    int64_t wake_us;  /* 0: not waiting */
    int64_t wait_ms;  /* last wait, grows */
    unsigned pending; /* exchanges under way */
    flight flights[2];
    const ac_request *previous; /* for replays */
    size_t reached_order;       /* furthest state seen in a poll, from 1 */
    bool state_set;
    captured captures[CAPTURES_MAX];
    size_t capture_count;
    ac_findings findings;
    ac_level level;
    bool judged;
    bool stopped; /* no further steps, only cleaning up */
    ac_word word; /* SKIP, BLOCKED or ERROR win over findings; PASS: none of them */
    ac_str reason;
    flight kept[EXCHANGES_SHOWN_MAX]; /* the newest; their text is in the arena */
    size_t kept_count;
    int64_t requests;
} lane;

typedef struct pending_verdict {
    ac_arena *arena;
    ac_verdict *verdict;
} pending_verdict;

typedef enum hook { HOOK_NONE, HOOK_URL, HOOK_COMMAND } hook;

typedef struct runner {
    const ac_corpus *corpus;
    ac_target *target;
    const ac_run_options *options;
    ac_client *client;
    ac_env values_env; /* of ${unique} and ${token}: never a fixed nonce */
    hook hook;
    ac_isolation isolation;
    int64_t case_ms, run_ms;
    const ac_case *const *cases;
    size_t count;
    size_t next; /* case to start */
    lane *lanes;
    unsigned lane_count;
    unsigned busy;
    bool exclusive;            /* a case that must run alone is running */
    pending_verdict *verdicts; /* by plan index */
    size_t told;
    const ac_listener *listeners;
    size_t listener_count;
    ac_run_tail *tail;
    bool answered;        /* some exchange reached the target */
    unsigned unreachable; /* exchanges in a row that did not */
    unsigned broken;      /* calls in a row in which the driver failed */
    bool ended;           /* start nothing more */
    ac_err *err;
    bool failed;
} runner;

/* lane.c: the life of one case. */
void lane_start(lane *l, const ac_case *c, size_t plan_index);
void lane_wake(lane *l); /* a wait is over */

/* steps.c */
bool lane_send_step(lane *l, const ac_step *step); /* false: the case is stopped */
void lane_judge_step(lane *l, const ac_step *step);
void lane_stop(lane *l, ac_word word, ac_str reason);
void lane_wait(lane *l);
/* The request of the flight's step with these parameters; `use` tells its nonce from others of the same try. */
bool lane_build(lane *l, const flight *f, const ac_json *params, const char *use, int tamper, ac_request *out,
                ac_err *err);
void lane_add_findings(lane *l, const ac_step *step, const ac_findings *found);
void lane_match(lane *l, const flight *f, ac_match_result *result);
void lane_take_captures(lane *l, const ac_step *step, const ac_match_result *result);

/* calls.c: SDK targets. */
ac_str lane_unaskable(lane *l);                 /* why no SDK can do the case; p NULL: it can */
bool lane_call_sdk(lane *l, flight *f);         /* false: the case is stopped */
bool lane_judge_call(lane *l, const flight *f); /* the same */

/* hooks.c: provider states. */
bool hook_probe(runner *r); /* decides hook and isolation */
bool lane_needs_world(const lane *l);
void lane_call_hook(lane *l, const char *action, ac_str state, account *who);

/* values.c: variables. */
ac_str lane_lookup(void *context, ac_arena *arena, ac_str name);
ac_str lane_first_missing(lane *l); /* p NULL: the case has all it needs */
void lane_capture(lane *l, ac_str name, ac_str value);
void account_init(runner *r, account *a, unsigned number);
world *account_world(account *a, const ac_provider *provider); /* NULL: not made yet */
void account_add_world(account *a, const ac_provider *provider, const ac_json *variables);

/* show.c */
void lane_keep_exchange(lane *l, const flight *f);
ac_verdict *lane_verdict(lane *l);

/* run.c */
void runner_take_verdict(runner *r, lane *l);
void runner_unreachable(runner *r, ac_str why);
void runner_give_up(runner *r, ac_str ended_by, ac_str why); /* nothing more can be judged */

#endif
