#include "case/case.h"

#include <stdlib.h>
#include <string.h>

#include "case/case_file.h"
#include "case/derive.h"
#include "case/vars.h"

static bool is_foreign(void *context, ac_str name)
{
    bool *found = context;
    *found = *found || ac_str_starts(name, AC_STR("other."));
    return !*found;
}

static bool step_needs_other_account(const ac_step *step)
{
    bool found = step->account == AC_ACCOUNT_OTHER;
    ac_vars_visit(step->params, is_foreign, &found);
    return found || (step->beside && step_needs_other_account(step->beside));
}

static void mark_other_account(ac_case *c)
{
    for (size_t i = 0; i < c->step_count; i++) {
        c->other_account = c->other_account || step_needs_other_account(&c->steps[i]);
    }
}

static int by_id(const void *a, const void *b)
{
    return ac_str_cmp(((const ac_case *)a)->id, ((const ac_case *)b)->id);
}

static bool ids_are_unique(const ac_case_list *list, ac_err *err)
{
    for (size_t i = 1; i < list->count; i++) {
        if (ac_str_eq(list->items[i - 1].id, list->items[i].id)) {
            return ac_fail(err, AC_ERR_USAGE, "%s: two cases have the id \"%.*s\"", list->items[i].file,
                           AC_STR_FMT(list->items[i].id));
        }
    }
    return true;
}

bool ac_cases_load(ac_corpus *corpus, ac_cases *out, ac_err *err)
{
    ac_case_list list = {NULL, 0, 0};
    bool ok = true;
    for (size_t i = 0; i < corpus->contract_count; i++) {
        ac_derive(corpus->arena, corpus, corpus->contracts[i], &list);
    }
    for (size_t i = 0; ok && i < corpus->case_count; i++) {
        ok = read_case_file(corpus, &corpus->cases[i], &list, err);
    }
    for (size_t i = 0; i < list.count; i++) {
        mark_other_account(&list.items[i]);
    }
    if (ok && list.count > 0) {
        qsort(list.items, list.count, sizeof *list.items, by_id);
        ok = ids_are_unique(&list, err);
    }
    out->items = ok ? ac_arena_copy(corpus->arena, list.items, list.count * sizeof *list.items) : NULL;
    out->count = ok ? list.count : 0;
    ac_free(list.items);
    return ok;
}
