#include "cli/watch_drift.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/env.h"
#include "recorder/contradictions.h"

enum { SEEN_MAX = 1000, LAST_MS = 5000, REST = 9, PAUSE_US_MIN = 1000 };

struct drift_watch {
    ac_journal *journal;
    const ac_corpus *corpus;
    pthread_t thread;
    ac_arena *arena; /* of what was seen */
    ac_str seen[SEEN_MAX];
    size_t seen_count;
    int64_t owed_us;             /* rest after work */
    atomic_int_least64_t end_us; /* 0: no end yet */
    bool cut;
};

/* ---- what was seen ---- */

/* True the first time. */
static bool is_new(drift_watch *watch, ac_arena *arena, const ac_contradiction *drift)
{
    ac_str key = ac_str_printf(arena, "%.*s %.*s %.*s", AC_STR_FMT(drift->operation), AC_STR_FMT(drift->kind),
                               AC_STR_FMT(drift->place));
    for (size_t i = 0; i < watch->seen_count; i++) {
        if (ac_str_eq(watch->seen[i], key)) {
            return false;
        }
    }
    if (watch->seen_count == SEEN_MAX) {
        return false;
    }
    watch->seen[watch->seen_count++] = ac_str_dup(watch->arena, key);
    return true;
}

static void tell(drift_watch *watch, ac_arena *arena, const ac_record *record)
{
    ac_contradictions drifts = {0};
    ac_contradictions_of(arena, watch->corpus, record, false, &drifts);
    for (size_t i = 0; i < drifts.count; i++) {
        if (is_new(watch, arena, &drifts.items[i])) {
            ac_str line = ac_contradiction_line(arena, record, &drifts.items[i]);
            fprintf(stderr, "accord record: drift: %.*s\n", AC_STR_FMT(line));
        }
    }
}

/* ---- the thread ---- */

/* Rests after work, in pieces that a clock can do; not any more when it has to end. */
static void rest(drift_watch *watch, int64_t worked_us)
{
    watch->owed_us += worked_us * REST;
    if (watch->owed_us >= PAUSE_US_MIN && atomic_load(&watch->end_us) == 0) {
        struct timespec pause = {.tv_sec = watch->owed_us / 1000000,
                                 .tv_nsec = watch->owed_us % 1000000 * 1000};
        nanosleep(&pause, NULL);
        watch->owed_us = 0;
    }
}

static bool look_at(void *context, ac_arena *arena, const ac_record *record)
{
    drift_watch *watch = context;
    int64_t start_us = ac_monotonic_us();
    int64_t end_us = atomic_load(&watch->end_us);
    watch->cut = end_us > 0 && start_us > end_us;
    if (watch->cut) {
        return false;
    }
    tell(watch, arena, record);
    rest(watch, ac_monotonic_us() - start_us);
    return true;
}

static void *run(void *context)
{
    drift_watch *watch = context;
    ac_journal_follow(watch->journal, look_at, watch);
    return NULL;
}

drift_watch *drift_watch_start(ac_journal *journal, const ac_corpus *corpus, ac_err *err)
{
    drift_watch *watch = ac_alloc(sizeof *watch);
    watch->journal = journal;
    watch->corpus = corpus;
    watch->arena = ac_arena_new();
    atomic_init(&watch->end_us, 0);
    int code = pthread_create(&watch->thread, NULL, run, watch);
    if (code != 0) {
        ac_fail(err, AC_ERR_INTERNAL, "cannot start a thread: %s", strerror(code));
        ac_arena_free(watch->arena);
        ac_free(watch);
        return NULL;
    }
    return watch;
}

void drift_watch_stop(drift_watch *watch)
{
    if (!watch) {
        return;
    }
    atomic_store(&watch->end_us, ac_monotonic_us() + LAST_MS * (int64_t)1000);
    ac_journal_end_follow(watch->journal);
    pthread_join(watch->thread, NULL);
    if (watch->cut) {
        fprintf(stderr, "accord record: drift: not all exchanges were looked at; accord promote does\n");
    }
    ac_arena_free(watch->arena);
    ac_free(watch);
}
