/*
 * Playback: a recording served. A request gets the recorded answer of the request that it is like, by the first of
 * these rules that fits:
 *
 *   same      the same operation with the same parameters, but for idempotency tokens; where no contract speaks of it the
 *             same method, path, query and body, but for what signing adds
 *   ids aside the same operation, and all parameters but ids of resources are the same: the ids of a client that
 *             was not redacted are others than those of the recording
 *
 * What was asked more than once is answered in the recorded order; after the last answer it stays (with a request id
 * of its own, where the contract says where that is). Each access key id has a playback of its own, so that
 * clients do not meet. Where nothing fits the answer is 501, with one line that says what came nearest and how it
 * differs.
 *
 * The provider state "world" is answered with the recorded values of the contracts' variables and begins the
 * playback of that account anew, so that promoted cases run against it. "error:<Code>" gives the next call of the
 * operation the recorded answer with that error, where there is one. Any thread may call the handler.
 */
#ifndef AC_RECORDER_PLAYBACK_H
#define AC_RECORDER_PLAYBACK_H

#include "http/server.h"
#include "recorder/recording.h"

typedef struct ac_playback ac_playback;

/* Told for each request that nothing fitted; one line. May be NULL. On the server's threads. */
typedef void (*ac_playback_miss)(void *context, ac_str line);

/* Everything given must outlive it. */
ac_playback *ac_playback_new(const ac_corpus *corpus, const ac_recording *recording, ac_playback_miss miss,
                             void *context);
void ac_playback_free(ac_playback *playback);

void ac_playback_answer(void *playback, ac_arena *arena, const ac_request *request,
                        ac_answer *answer); /* an ac_handler */

#endif
