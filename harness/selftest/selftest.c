#include "selftest/selftest.h"

#include <pthread.h>
#include <string.h>

#include "run/run.h"
#include "selftest/watch.h"
#include "target/target.h"

enum { POLL_DEADLINE_MS = 150, CASE_MS = 5000, LANES = 2 };

/* What the workers share. */
typedef struct job {
    ac_arena *arena; /* of the results' texts; under the lock */
    const ac_corpus *corpus;
    const ac_cases *cases;
    const ac_mutant *const *mutants;
    size_t count;
    const ac_selftest_options *options;
    ac_selftest_result *results;
    pthread_mutex_t lock;
    size_t next, done;
} job;

static bool is_life_cycle_with(const ac_case *c, const ac_contract *contract)
{
    for (size_t i = 0; ac_str_is(c->group, "life-cycle") && i < c->step_count; i++) {
        if (c->steps[i].contract == contract) {
            return true;
        }
    }
    return false;
}

/* The cases that could notice: those of the operation, and the life cycles that it has a part in. */
static const ac_case **relevant(ac_arena *arena, const ac_cases *cases, const ac_contract *contract,
                                size_t *count)
{
    const ac_case **chosen = AC_NEW_ARRAY(arena, cases->count, const ac_case *);
    *count = 0;
    for (size_t i = 0; i < cases->count; i++) {
        const ac_case *c = &cases->items[i];
        if (!contract || c->contract == contract || is_life_cycle_with(c, contract)) {
            chosen[(*count)++] = c;
        }
    }
    return chosen;
}

static ac_target *open_mock(const ac_corpus *corpus, const ac_mutant *mutant, ac_err *err)
{
    const ac_target_options options = {
        .corpus = corpus, .env = ac_env_real(), .deviation = mutant ? &mutant->deviation : NULL};
    ac_target *target = ac_target_open(AC_STR("mock"), &options, err);
    if (target) {
        target->limits.poll_deadline_ms = POLL_DEADLINE_MS;
        target->limits.poll_ms = 1;
    }
    return target;
}

/* Runs the cases against the mutant (NULL: the clean mock). */
static bool run_against(const job *j, ac_arena *arena, const ac_mutant *mutant, watch *w, ac_run_tail *tail,
                        ac_err *err)
{
    const ac_corpus *served = mutant ? ac_mutant_corpus(arena, j->corpus, mutant) : j->corpus;
    ac_target *target = open_mock(served, mutant, err);
    if (!target) {
        return false;
    }
    size_t count;
    const ac_case **cases = relevant(arena, j->cases, mutant ? mutant->contract : NULL, &count);
    ac_run_options options = ac_run_defaults;
    options.env = ac_env_real();
    options.jobs = mutant ? LANES : options.jobs;
    options.case_ms = CASE_MS;
    options.stop = j->options->stop;
    const ac_listener listener = watch_listener(w);
    bool ok = ac_run(j->corpus, cases, count, target, &options, &listener, 1, tail, err);
    ac_target_close(target);
    return ok;
}

static void settle(job *j, size_t index, const watch *w, bool ran, const ac_err *err)
{
    ac_selftest_result *result = &j->results[index];
    pthread_mutex_lock(&j->lock);
    if (!ran) {
        result->fate = AC_FATE_BROKEN;
        result->finding = ac_str_dup(j->arena, ac_str_c(err->text));
    } else {
        result->fate = w->killed ? AC_FATE_KILLED : AC_FATE_SURVIVED;
        result->precise = w->precise;
        result->case_id = ac_str_dup(j->arena, w->case_id);
        result->finding = ac_str_dup(j->arena, w->finding);
    }
    j->done++;
    if (j->options->progress) {
        j->options->progress(j->options->context, j->done, j->count);
    }
    pthread_mutex_unlock(&j->lock);
}

/* The next mutant to run; count where there is none. */
static size_t take_next(job *j)
{
    bool stopped = j->options->stop && *j->options->stop;
    pthread_mutex_lock(&j->lock);
    size_t index = stopped ? j->count : j->next;
    while (index < j->count && j->mutants[index]->equivalent.p) {
        j->results[index].fate = AC_FATE_EQUIVALENT;
        j->done++;
        index++;
    }
    j->next = index < j->count ? index + 1 : index;
    pthread_mutex_unlock(&j->lock);
    return index;
}

static void *work(void *context)
{
    job *j = context;
    size_t index;
    while ((index = take_next(j)) < j->count) {
        ac_arena *arena = ac_arena_new();
        watch w = {.mutant = j->mutants[index], .arena = arena};
        ac_run_tail tail;
        ac_err err = {0};
        bool ran = run_against(j, arena, j->mutants[index], &w, &tail, &err);
        settle(j, index, &w, ran, &err);
        ac_arena_free(arena);
    }
    return NULL;
}

static void work_together(job *j)
{
    enum { THREADS_MAX = 64 };
    pthread_t threads[THREADS_MAX];
    unsigned started = 0;
    unsigned wanted = j->options->jobs < THREADS_MAX ? j->options->jobs : THREADS_MAX;
    /* This thread is one of the workers. */
    while (started + 1 < wanted && pthread_create(&threads[started], NULL, work, j) == 0) {
        started++;
    }
    work(j);
    for (unsigned i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
}

static bool clean_mock_passes(const job *j, ac_err *err)
{
    ac_arena *arena = ac_arena_new();
    watch w = {.arena = arena};
    ac_run_tail tail = {0};
    bool ok = run_against(j, arena, NULL, &w, &tail, err);
    int64_t bad = tail.counts[AC_FAIL] + tail.counts[AC_ERROR] + tail.counts[AC_BLOCKED];
    if (ok && (bad > 0 || tail.counts[AC_PASS] == 0)) {
        ok = ac_fail(err, AC_ERR_JUDGE,
                     "%lld of the cases do not pass on the clean mock, the first \"%.*s\" (%.*s)",
                     (long long)bad, AC_STR_FMT(w.case_id), AC_STR_FMT(w.finding));
    }
    ac_arena_free(arena);
    return ok;
}

bool ac_selftest(ac_arena *arena, const ac_corpus *corpus, const ac_cases *cases,
                 const ac_mutant *const *mutants, size_t count, const ac_selftest_options *options,
                 ac_selftest_result *results, ac_err *err)
{
    job j = {.arena = arena,
             .corpus = corpus,
             .cases = cases,
             .mutants = mutants,
             .count = count,
             .options = options,
             .results = results,
             .lock = PTHREAD_MUTEX_INITIALIZER};
    for (size_t i = 0; i < count; i++) {
        results[i] = (ac_selftest_result){.mutant = mutants[i]};
    }
    if (!clean_mock_passes(&j, err)) {
        return false;
    }
    work_together(&j);
    pthread_mutex_destroy(&j.lock);
    return true;
}
