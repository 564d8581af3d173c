/* Private to the module: what is asked, and how far the playback of each account is. */
#ifndef AC_RECORDER_PLAYBACK_PARTS_H
#define AC_RECORDER_PLAYBACK_PARTS_H

#include <pthread.h>

#include "promote_parts.h"
#include "recorder/playback.h"

/* What a request asks, without what differs from one sending to the next. */
typedef struct question {
    ac_recognised call;
    const ac_json *params; /* without tokens */
    const ac_json *plain;  /* without ids of resources, too; NULL where no contract speaks of it */
    bool exact;            /* recorded ones: its tokens count, too */
    ac_str method, path;
} question;

/* A recorded exchange. */
typedef struct taped {
    const ac_record *record;
    question asked;
    ac_str code;      /* of its error; empty: none */
    ac_str given[16]; /* values of its answer that later requests use; empty: not there */
    size_t given_count;
} taped;

/* Exchanges that belong together, in their order. */
typedef struct strip {
    const taped **steps;
    size_t count;
    bool by_state; /* an error that the request alone does not bring about */
} strip;

/* ---- playback_ask.c ---- */

question question_of(ac_arena *arena, const ac_corpus *corpus, const ac_request *request);
/* The question with values replaced. */
question question_with(ac_arena *arena, const question *q, const ac_pair *values, size_t count);
/* From the strictest to the loosest: with tokens, without them, without ids. The first one is recorded. */
bool asks_exactly(const question *a, const question *b);
bool asks_the_same(const question *a, const question *b);
bool asks_the_same_but_ids(const question *a, const question *b);
/* One line: what came nearest, and how it differs. */
ac_str miss_line(ac_arena *arena, const strip *strips, size_t count, const question *q);

/* ---- playback_session.c ---- */

typedef struct session session;

/* The answer to give, and how its text differs from the recorded one. */
typedef struct found {
    const taped *tape; /* NULL: nothing fits */
    ac_pairs values;   /* recorded value to the one to give */
    uint64_t repeats;  /* how often the last answer was given already */
} found;

session *session_new(const strip *strips, size_t count, ac_str account);
void session_free(session *s);
ac_str session_account(const session *s);
/* Begins anew, for one who asks for provider states: an error that needs one comes with it only. */
void session_rewind(session *s);
void session_find(session *s, ac_arena *arena, const question *q, found *out);
/* The next call of the operation gets the recorded answer with this error; an empty code takes that back. False where
 * there is none in the recording. */
bool session_force(session *s, ac_str operation, ac_str code);

#endif
