#include "cli/watch.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "recorder/divergence.h"

/* More different ones than this are told as often as they come. */
enum { TOLD_MAX = 2000 };

struct cli_watch {
    ac_journal *journal;
    const ac_corpus *corpus;
    pthread_t thread;
    ac_arena *arena; /* of what was told */
    ac_str told[TOLD_MAX];
    size_t told_count;
};

/* What makes two divergences the same for a person who watches. */
static ac_str key_of(ac_arena *arena, const ac_divergence *one)
{
    return ac_str_printf(arena, "%.*s %.*s %.*s", AC_STR_FMT(one->operation), AC_STR_FMT(one->kind),
                         AC_STR_FMT(one->place));
}

static bool is_told(cli_watch *watch, ac_str key)
{
    for (size_t i = 0; i < watch->told_count; i++) {
        if (ac_str_eq(watch->told[i], key)) {
            return true;
        }
    }
    if (watch->told_count < TOLD_MAX) {
        watch->told[watch->told_count++] = ac_str_dup(watch->arena, key);
    }
    return false;
}

static bool look(void *context, ac_arena *arena, const ac_record *record)
{
    cli_watch *watch = context;
    ac_divergences found = {0};
    ac_divergences_of(arena, watch->corpus, record, false, &found);
    for (size_t i = 0; i < found.count; i++) {
        if (!is_told(watch, key_of(arena, &found.items[i]))) {
            ac_str line = ac_divergence_line(arena, record, &found.items[i]);
            fprintf(stderr, "accord record: drift: %.*s\n", AC_STR_FMT(line));
        }
    }
    return true;
}

static void *follow(void *context)
{
    cli_watch *watch = context;
    ac_journal_follow(watch->journal, look, watch);
    return NULL;
}

cli_watch *watch_start(ac_journal *journal, const ac_corpus *corpus, ac_err *err)
{
    cli_watch *watch = ac_alloc(sizeof *watch);
    watch->journal = journal;
    watch->corpus = corpus;
    watch->arena = ac_arena_new();
    int error = pthread_create(&watch->thread, NULL, follow, watch);
    if (error != 0) {
        ac_fail(err, AC_ERR_INTERNAL, "thread: %s", strerror(error));
        ac_arena_free(watch->arena);
        ac_free(watch);
        return NULL;
    }
    return watch;
}

void watch_stop(cli_watch *watch)
{
    if (watch) {
        ac_journal_end_follow(watch->journal);
        pthread_join(watch->thread, NULL);
        ac_arena_free(watch->arena);
        ac_free(watch);
    }
}
