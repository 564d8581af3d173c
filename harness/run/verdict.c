#include "run/verdict.h"

#include <assert.h>

const char *const ac_word_names[] = {"pass", "fail", "skip", "blocked", "error", NULL};

const char *ac_word_name(ac_word word)
{
    assert(word < AC_WORDS);
    return ac_word_names[word];
}

void ac_ignore_head(void *context, const ac_run_head *head)
{
    (void)context;
    (void)head;
}

void ac_ignore_tail(void *context, const ac_run_tail *tail)
{
    (void)context;
    (void)tail;
}
