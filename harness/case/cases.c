#include "case/case.h"

#include <stdlib.h>
#include <string.h>

#include "case/case_file.h"
#include "case/derive.h"

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
    if (ok) {
        qsort(list.items, list.count, sizeof *list.items, by_id);
        ok = ids_are_unique(&list, err);
    }
    out->items = ok ? ac_arena_copy(corpus->arena, list.items, list.count * sizeof *list.items) : NULL;
    out->count = ok ? list.count : 0;
    ac_free(list.items);
    return ok;
}
