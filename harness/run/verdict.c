#include "run/verdict.h"

#include <assert.h>
#include <string.h>

const char *const ac_word_names[] = {"pass", "fail", "skip", "blocked", "error", NULL};

const char *const ac_standing_names[] = {"", "known", "fixed", "flaky", NULL};

const char *ac_word_name(ac_word word)
{
    assert(word < AC_WORDS);
    return ac_word_names[word];
}

bool ac_verdict_excused(const ac_verdict *verdict)
{
    return verdict->standing == AC_STANDING_KNOWN ||
           (verdict->standing == AC_STANDING_FLAKY && verdict->word != AC_PASS);
}

void ac_tail_count(ac_run_tail *tail, const ac_verdict *verdict)
{
    tail->counts[verdict->word]++;
    tail->excused[verdict->word] += ac_verdict_excused(verdict);
    tail->known += verdict->standing == AC_STANDING_KNOWN;
    tail->fixed += verdict->standing == AC_STANDING_FIXED;
    tail->flaky += verdict->standing == AC_STANDING_FLAKY;
}

void ac_tail_take_counts(ac_run_tail *tail, const ac_run_tail *counted)
{
    memcpy(tail->counts, counted->counts, sizeof tail->counts);
    memcpy(tail->excused, counted->excused, sizeof tail->excused);
    tail->known = counted->known;
    tail->fixed = counted->fixed;
    tail->flaky = counted->flaky;
}

ac_word ac_tail_outcome(const ac_run_tail *tail)
{
    int64_t open[AC_WORDS];
    for (size_t i = 0; i < AC_WORDS; i++) {
        open[i] = tail->counts[i] - tail->excused[i];
    }
    if (open[AC_FAIL] > 0 || tail->fixed > 0 || tail->problems.count > 0) {
        return AC_FAIL;
    }
    int64_t judged =
        tail->counts[AC_PASS] + tail->excused[AC_FAIL] + tail->excused[AC_BLOCKED] + tail->excused[AC_ERROR];
    bool open_end = open[AC_BLOCKED] + open[AC_ERROR] > 0 || !tail->complete;
    return judged > 0 && !open_end ? AC_PASS : AC_ERROR;
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
