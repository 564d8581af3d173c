#include <string.h>

#include "mutant/mutant.h"
#include "support.h"

static ac_corpus *corpus;
static ac_mutants mutants;

static void load(void)
{
    ac_err err = {0};
    corpus = ac_corpus_load(NULL, "cases", &err);
    ck_assert_msg(corpus != NULL, "%s", err.text);
    ac_mutants_make(ac_test_arena(), corpus, &mutants);
}

static void done(void)
{
    ac_corpus_free(corpus);
}

static const ac_mutant *find(const char *name)
{
    const ac_mutant *mutant = ac_mutant_find(&mutants, ac_str_c(name));
    ck_assert_msg(mutant != NULL, "there is no mutant %s", name);
    return mutant;
}

#define VOLC "volcengine/privatelink/2020-04-01/CreateVpcEndpoint/"

START_TEST(names_are_sorted_and_unique)
{
    load();
    for (size_t i = 1; i < mutants.count; i++) {
        ck_assert_msg(ac_str_cmp(mutants.items[i - 1].name, mutants.items[i].name) < 0, "%.*s",
                      AC_STR_FMT(mutants.items[i].name));
    }
    ck_assert_uint_gt(mutants.count, 1500);
    done();
}
END_TEST

START_TEST(every_kind_of_the_table_has_mutants)
{
    load();
    for (size_t k = 0; k < ac_mutant_kind_count; k++) {
        size_t count = 0;
        for (size_t i = 0; i < mutants.count; i++) {
            count += mutants.items[i].kind == &ac_mutant_kinds[k];
        }
        ck_assert_msg(count > 0, "no mutant of kind %s", ac_mutant_kinds[k].name);
    }
    done();
}
END_TEST

/* At least one mutant for every error row and every response field. */
START_TEST(every_documented_line_of_answers_has_a_mutant)
{
    load();
    for (size_t i = 0; i < corpus->contract_count; i++) {
        const ac_contract *c = corpus->contracts[i];
        size_t status = 0;
        size_t dropped = 0;
        for (size_t k = 0; k < mutants.count; k++) {
            const ac_mutant *m = &mutants.items[k];
            status += m->contract == c && strcmp(m->kind->name, "error-status") == 0;
            dropped += m->contract == c && strcmp(m->kind->name, "field-dropped") == 0;
        }
        ck_assert_uint_eq(status, c->errors.count);
        ck_assert_uint_ge(dropped, c->response.fields.count);
    }
    done();
}
END_TEST

START_TEST(a_changed_contract_differs_in_its_one_line)
{
    load();
    const ac_mutant *m = find(VOLC "error-status/InvalidVpc.NotFound");
    ck_assert_ptr_nonnull(m->changed);
    size_t different = 0;
    for (size_t i = 0; i < m->contract->errors.count; i++) {
        different += m->contract->errors.items[i].status != m->changed->errors.items[i].status;
    }
    ck_assert_uint_eq(different, 1);
    ck_assert_int_eq(ac_contract_error(m->changed, AC_STR("InvalidVpc.NotFound"))->statuses[0], 400);
    ck_assert_int_eq(ac_contract_error(m->contract, AC_STR("InvalidVpc.NotFound"))->statuses[0], 404);
    done();
}
END_TEST

START_TEST(bounds_move_by_one_to_either_side)
{
    static const struct {
        const char *name, *max;
    } rows[] = {{VOLC "rule-looser/EndpointName/length/max-plus-1", "129"},
                {VOLC "rule-stricter/EndpointName/length/max-less-1", "127"}};
    load();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const ac_parameter *p = ac_contract_parameter(find(rows[i].name)->changed, AC_STR("EndpointName"));
        ck_assert_ac_str(p->constraints.items[0].max, rows[i].max);
    }
    done();
}
END_TEST

START_TEST(the_served_corpus_shares_all_other_contracts)
{
    load();
    const ac_mutant *m = find(VOLC "rule-unchecked/EndpointName/characters");
    const ac_corpus *served = ac_mutant_corpus(ac_test_arena(), corpus, m);
    size_t different = 0;
    for (size_t i = 0; i < corpus->contract_count; i++) {
        different += served->contracts[i] != corpus->contracts[i];
    }
    ck_assert_uint_eq(different, 1);
    const ac_contract *changed = ac_corpus_contract(served, m->contract->operation);
    ck_assert_uint_eq(ac_contract_parameter(changed, AC_STR("EndpointName"))->constraints.count,
                      ac_contract_parameter(m->contract, AC_STR("EndpointName"))->constraints.count - 1);
    done();
}
END_TEST

START_TEST(what_nobody_can_see_says_why)
{
    load();
    ck_assert_ptr_nonnull(find(VOLC "state-skipped/Result/Status")->equivalent.p);
    ck_assert_ptr_null(find(VOLC "state-stuck/Result/Status")->equivalent.p);
    done();
}
END_TEST

AC_TEST_MAIN("mutant", names_are_sorted_and_unique, every_kind_of_the_table_has_mutants,
             every_documented_line_of_answers_has_a_mutant, a_changed_contract_differs_in_its_one_line,
             bounds_move_by_one_to_either_side, the_served_corpus_shares_all_other_contracts,
             what_nobody_can_see_says_why)
