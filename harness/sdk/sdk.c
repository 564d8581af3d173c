/* The pool: seats, their threads, and outcomes on their way back to the owner. */
#include "sdk/sdk.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "sdk/home.h"
#include "sdk/seat.h"

enum { END_MS = 2000 };

/* One call at a time. The lock of the pool guards phase, and the bell. */
typedef enum seat_phase { SEAT_FREE, SEAT_ASKED, SEAT_DONE } seat_phase;

typedef struct seat {
    ac_sdk *pool;
    bool open; /* stage and thread are there */
    pthread_t thread;
    ac_sdk_driver driver;
    ac_sdk_stage stage;
    seat_phase phase;
    ac_arena *arena;
    const ac_sdk_call *call;
    ac_sdk_done done;
    void *context;
    ac_sdk_outcome outcome;
} seat;

struct ac_sdk {
    ac_arena *arena;
    ac_sdk_home home;
    ac_sdk_hello hello;
    pthread_mutex_t lock, starting;
    pthread_cond_t asked;
    bool closing;
    atomic_bool abandoned;
    const volatile sig_atomic_t *stop; /* a signal was caught; NULL: none is */
    void (*wake)(void *context);
    void *wake_context;
    seat *seats[AC_SDK_SEATS_MAX]; /* NULL: not needed yet */
};

/* ---- seats ---- */

static bool await_call(seat *s)
{
    ac_sdk *pool = s->pool;
    pthread_mutex_lock(&pool->lock);
    while (s->phase != SEAT_ASKED && !pool->closing) {
        pthread_cond_wait(&pool->asked, &pool->lock);
    }
    bool asked = s->phase == SEAT_ASKED && !pool->closing;
    pthread_mutex_unlock(&pool->lock);
    return asked;
}

/* Under the lock: the owner may free what wakes it as soon as the last outcome is collected. */
static void tell_done(seat *s)
{
    ac_sdk *pool = s->pool;
    pthread_mutex_lock(&pool->lock);
    s->phase = SEAT_DONE;
    pool->wake(pool->wake_context);
    pthread_mutex_unlock(&pool->lock);
}

static void *run_seat(void *context)
{
    seat *s = context;
    ac_sdk *pool = s->pool;
    while (await_call(s)) {
        ac_sdk_make_call(&s->driver, &s->stage, &pool->starting, s->arena, s->call, &s->outcome);
        tell_done(s);
    }
    return NULL;
}

static seat *seat_new(ac_sdk *pool)
{
    seat *s = ac_alloc(sizeof *s);
    s->pool = pool;
    ac_sdk_driver_init(&s->driver, &pool->home.command, pool->home.environment, &pool->abandoned);
    s->driver.stop = pool->stop;
    return s;
}

static bool start_threads(seat *s, ac_err *err)
{
    if (!ac_sdk_stage_open(&s->stage, err)) {
        ac_sdk_stage_close(&s->stage);
        return false;
    }
    int error = pthread_create(&s->thread, NULL, run_seat, s);
    if (error != 0) {
        ac_sdk_stage_close(&s->stage);
        return ac_fail(err, AC_ERR_INTERNAL, "a thread for a driver: %s", strerror(error));
    }
    return true;
}

/* New threads inherit what is blocked: handlers of signals run on the owner's thread alone. */
static bool seat_open(seat *s, ac_err *err)
{
    sigset_t all, before;
    if (s->open) {
        return true;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    s->open = start_threads(s, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return s->open;
}

static void seat_free(seat *s)
{
    int status;
    if (s->open) {
        pthread_join(s->thread, NULL);
    }
    ac_sdk_driver_dismiss(&s->driver);
    if (ac_sdk_driver_runs(&s->driver) && !ac_sdk_driver_ends(&s->driver, END_MS, &status)) {
        ac_sdk_driver_kill(&s->driver);
    }
    ac_sdk_driver_done(&s->driver);
    if (s->open) {
        ac_sdk_stage_close(&s->stage);
    }
    ac_free(s);
}

/* ---- the pool ---- */

static bool greet_first(ac_sdk *pool, ac_err *err)
{
    pool->seats[0] = seat_new(pool);
    ac_sdk_driver *driver = &pool->seats[0]->driver;
    if (ac_sdk_driver_start(driver, err) && ac_sdk_driver_greet(driver, pool->arena, &pool->hello, err)) {
        return true;
    }
    ac_str log = ac_sdk_driver_log(driver, pool->arena);
    if (err && log.n > 0) {
        ac_str text = ac_str_dup(pool->arena, ac_str_c(err->text));
        ac_fail(err, AC_ERR_JUDGE, "%.*s; its log ends with: %.*s", AC_STR_FMT(text), AC_STR_FMT(log));
    }
    return false;
}

static void no_wake(void *context)
{
    (void)context;
}

ac_sdk *ac_sdk_open(ac_str command, const char *(*environment)(const char *name),
                    const volatile sig_atomic_t *stop, ac_err *err)
{
    ac_sdk *pool = ac_alloc(sizeof *pool);
    pool->arena = ac_arena_new();
    pool->wake = no_wake;
    pool->stop = stop;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_mutex_init(&pool->starting, NULL);
    pthread_cond_init(&pool->asked, NULL);
    if (ac_sdk_home_open(&pool->home, command, environment, err) && greet_first(pool, err)) {
        return pool;
    }
    ac_sdk_close(pool);
    return NULL;
}

void ac_sdk_close(ac_sdk *pool)
{
    if (!pool) {
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    atomic_store(&pool->abandoned, true);
    pthread_cond_broadcast(&pool->asked);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < AC_SDK_SEATS_MAX; i++) {
        if (pool->seats[i] && !pool->seats[i]->call) {
            ac_sdk_driver_dismiss(&pool->seats[i]->driver);
        }
    }
    for (size_t i = 0; i < AC_SDK_SEATS_MAX; i++) {
        if (pool->seats[i]) {
            seat_free(pool->seats[i]);
        }
    }
    ac_sdk_home_close(&pool->home);
    pthread_cond_destroy(&pool->asked);
    pthread_mutex_destroy(&pool->starting);
    pthread_mutex_destroy(&pool->lock);
    ac_arena_free(pool->arena);
    ac_free(pool);
}

void ac_sdk_abandon(ac_sdk *pool)
{
    atomic_store(&pool->abandoned, true);
}

const ac_sdk_hello *ac_sdk_hello_of(const ac_sdk *pool)
{
    return &pool->hello;
}

bool ac_sdk_has(const ac_sdk *pool, ac_str operation)
{
    for (size_t i = 0; i < pool->hello.operations.count; i++) {
        if (ac_str_eq(pool->hello.operations.items[i], operation)) {
            return true;
        }
    }
    return false;
}

void ac_sdk_on_ready(ac_sdk *pool, void (*wake)(void *context), void *context)
{
    pthread_mutex_lock(&pool->lock);
    pool->wake = wake ? wake : no_wake;
    pool->wake_context = context;
    pthread_mutex_unlock(&pool->lock);
}

/* ---- calls ---- */

void ac_sdk_send(ac_sdk *pool, unsigned number, ac_arena *arena, const ac_sdk_call *call, ac_sdk_done done,
                 void *context)
{
    seat **at = &pool->seats[number];
    ac_err err = {0};
    *at = *at ? *at : seat_new(pool);
    seat *s = *at;
    s->arena = arena;
    s->call = call;
    s->done = done;
    s->context = context;
    s->outcome = (ac_sdk_outcome){.end = AC_SDK_BROKEN};
    if (!seat_open(s, &err)) {
        s->outcome.why = ac_str_dup(arena, ac_str_c(err.text));
        tell_done(s);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    s->phase = SEAT_ASKED;
    pthread_cond_broadcast(&pool->asked);
    pthread_mutex_unlock(&pool->lock);
}

/* Frees the seat before it tells, so that the next call can be made at once. */
static bool collect_one(seat *s)
{
    pthread_mutex_lock(&s->pool->lock);
    bool done = s->phase == SEAT_DONE;
    if (done) {
        s->phase = SEAT_FREE;
    }
    pthread_mutex_unlock(&s->pool->lock);
    if (done) {
        const ac_sdk_outcome outcome = s->outcome;
        s->call = NULL;
        s->done(s->context, &outcome);
    }
    return done;
}

void ac_sdk_collect(ac_sdk *pool)
{
    for (size_t i = 0; i < AC_SDK_SEATS_MAX; i++) {
        while (pool->seats[i] && collect_one(pool->seats[i])) {
        }
    }
}
