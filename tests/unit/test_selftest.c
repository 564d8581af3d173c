#include <string.h>

#include "selftest/audit.h"
#include "selftest/selftest.h"
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
}

#define VOLC "volcengine/privatelink/2020-04-01/CreateVpcEndpoint/"

static ac_selftest_result run_one(const char *name)
{
    ac_mutants mutants;
    ac_selftest_result result;
    ac_err err = {0};
    ac_mutants_make(ac_test_arena(), corpus, &mutants);
    const ac_mutant *mutant = ac_mutant_find(&mutants, ac_str_c(name));
    ck_assert_msg(mutant != NULL, "there is no mutant %s", name);
    const ac_selftest_options options = {.jobs = 1};
    ck_assert_msg(ac_selftest(ac_test_arena(), corpus, &cases, &mutant, 1, &options, &result, &err), "%s",
                  err.text);
    return result;
}

START_TEST(a_mutant_is_killed_by_a_finding_that_names_its_line)
{
    load();
    ac_selftest_result r = run_one(VOLC "error-status/InvalidVpc.NotFound");
    ck_assert_int_eq(r.fate, AC_FATE_KILLED);
    ck_assert(r.precise);
    ck_assert_ac_str(r.case_id, VOLC "error/InvalidVpc.NotFound");
    done();
}
END_TEST

START_TEST(without_the_case_that_sees_it_a_mutant_survives)
{
    load();
    size_t kept = 0;
    for (size_t i = 0; i < cases.count; i++) {
        if (!ac_str_is(cases.items[i].group, "length")) {
            cases.items[kept++] = cases.items[i];
        }
    }
    cases.count = kept;
    ck_assert_int_eq(run_one(VOLC "rule-looser/EndpointName/length/max-plus-1").fate, AC_FATE_SURVIVED);
    done();
}
END_TEST

START_TEST(an_equivalent_mutant_is_not_run)
{
    load();
    ck_assert_int_eq(run_one(VOLC "state-skipped/Result/Status").fate, AC_FATE_EQUIVALENT);
    done();
}
END_TEST

/* ---- audit ---- */

static size_t audit(const char *id, void (*change)(ac_case *c), ac_audit_report *report)
{
    ac_err err = {0};
    for (size_t i = 0; i < cases.count; i++) {
        if (ac_str_is(cases.items[i].id, id)) {
            change(&cases.items[i]);
            const ac_case *chosen = &cases.items[i];
            ck_assert_msg(ac_audit(ac_test_arena(), corpus, &chosen, 1, report, &err), "%s", err.text);
            return report->count;
        }
    }
    ck_abort_msg("there is no case %s", id);
    return 0;
}

static void keep(ac_case *c)
{
    (void)c;
}

static void drop_assertions(ac_case *c)
{
    ac_step *steps = ac_arena_copy(ac_test_arena(), c->steps, c->step_count * sizeof *c->steps);
    for (size_t i = 0; i < c->step_count; i++) {
        steps[i].expect.body.count = 0;
    }
    c->steps = steps;
}

static void expect_anything(ac_case *c)
{
    ac_step *steps = ac_arena_copy(ac_test_arena(), c->steps, c->step_count * sizeof *c->steps);
    for (size_t i = 0; i < c->step_count; i++) {
        steps[i].expect.certainty = AC_MAY;
    }
    c->steps = steps;
}

#define WRITTEN VOLC "text/name/han"

START_TEST(a_written_case_with_its_assertions_passes_the_audit)
{
    ac_audit_report report;
    load();
    ck_assert_uint_eq(audit(WRITTEN, keep, &report), 0);
    ck_assert_uint_gt(report.noticed, 0);
    done();
}
END_TEST

START_TEST(a_case_that_lost_its_assertions_is_named_with_step_and_place)
{
    ac_audit_report report;
    load();
    ck_assert_uint_gt(audit(WRITTEN, drop_assertions, &report), 0);
    ck_assert_ac_str(report.items[0].case_id, WRITTEN);
    done();
}
END_TEST

START_TEST(an_assertion_that_cannot_fail_is_dead)
{
    ac_audit_report report;
    load();
    ck_assert_uint_gt(audit(WRITTEN, expect_anything, &report), 0);
    ck_assert_int_eq(report.items[0].kind, AC_AUDIT_DEAD);
    done();
}
END_TEST

AC_TEST_MAIN("selftest", a_mutant_is_killed_by_a_finding_that_names_its_line,
             without_the_case_that_sees_it_a_mutant_survives, an_equivalent_mutant_is_not_run,
             a_written_case_with_its_assertions_passes_the_audit,
             a_case_that_lost_its_assertions_is_named_with_step_and_place,
             an_assertion_that_cannot_fail_is_dead)
