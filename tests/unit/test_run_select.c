/* Which cases a run has. */
#include "run/run.h"

#include <string.h>

#include "support.h"

static ac_corpus *corpus;
static ac_cases cases;

static void load(void)
{
    ac_err err = {0};
    corpus = ac_corpus_load(NULL, "cases", &err);
    ck_assert_msg(corpus && ac_cases_load(corpus, &cases, &err), "%s", err.text);
}

static void done(void)
{
    ac_corpus_free(corpus);
    corpus = NULL;
}

static bool choose(const char *pattern, bool for_clients, const ac_case ***out, size_t *count, ac_err *err)
{
    ac_str *patterns = ac_arena_copy(ac_test_arena(), &(ac_str){pattern, strlen(pattern)}, sizeof(ac_str));
    const ac_selection selection = {.patterns = {patterns, pattern[0] != '\0'}, .for_clients = for_clients};
    return ac_select(ac_test_arena(), &cases, &selection, out, count, err);
}

START_TEST(cases_for_clients_are_chosen_for_sdk_targets_alone)
{
    const ac_case **chosen;
    size_t all, usual;
    ac_err err = {0};
    load();
    ck_assert_msg(choose("", false, &chosen, &usual, &err), "%s", err.text);
    for (size_t i = 0; i < usual; i++) {
        ck_assert(!chosen[i]->for_clients);
    }
    ck_assert_msg(choose("", true, &chosen, &all, &err), "%s", err.text);
    ck_assert_uint_eq(all, cases.count);
    ck_assert_uint_gt(all, usual + 10 * corpus->contract_count);
    done();
}
END_TEST

START_TEST(a_pattern_that_names_only_cases_for_clients_says_what_they_need)
{
    const ac_case **chosen;
    size_t count;
    ac_err err = {0};
    load();
    ck_assert(!choose("**/client/facts", false, &chosen, &count, &err));
    ck_assert_int_eq(err.kind, AC_ERR_USAGE);
    ck_assert_str_eq(err.text, "the cases chosen are for SDK targets (--target sdk:COMMAND)");
    ck_assert_msg(choose("**/client/facts", true, &chosen, &count, &err), "%s", err.text);
    ck_assert_uint_eq(count, corpus->contract_count);
    done();
}
END_TEST

AC_TEST_MAIN("run select", cases_for_clients_are_chosen_for_sdk_targets_alone,
             a_pattern_that_names_only_cases_for_clients_says_what_they_need)
