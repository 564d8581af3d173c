#include "run/verdict.h"

#include <assert.h>

const char *const ac_word_names[] = {"pass", "fail", "skip", "blocked", "error", NULL};

const char *ac_word_name(ac_word word)
{
    assert(word < AC_WORDS);
    return ac_word_names[word];
}
