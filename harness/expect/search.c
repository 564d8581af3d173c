/* Which patterns name a case. A pattern is filed under the components before its first wildcard; a case looks
 * under each of its own beginnings, so that the time does not grow with the length of the list. */
#include <stdlib.h>

#include "base/text.h"
#include "expect/expect_parts.h"

static ac_str key_of(ac_str text)
{
    size_t end = 0;
    while (ac_str_ends(text, AC_STR("/"))) {
        text.n--;
    }
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '*' || text.p[i] == '?') {
            return ac_str_sub(text, 0, end);
        }
        end = text.p[i] == '/' ? i : end;
    }
    return text;
}

/* A later pattern goes before the others of its key: the order is made by expect_find. */
static void file_pattern(ac_expectations *list, size_t index)
{
    pattern *p = &list->patterns[index];
    size_t key = ac_names_number(&list->keys, key_of(p->text));
    p->next = list->firsts[key];
    list->firsts[key] = index + 1;
}

void expect_index(ac_expectations *list)
{
    size_t count = 0;
    for (size_t i = 0; i < list->entries.count; i++) {
        count += list->entries.items[i].cases.count;
    }
    list->patterns = AC_NEW_ARRAY(list->arena, count, pattern);
    list->firsts = AC_NEW_ARRAY(list->arena, count, size_t);
    ac_names_init(&list->keys, list->arena);
    for (size_t i = 0; i < list->entries.count; i++) {
        ac_strs cases = list->entries.items[i].cases;
        list->entries.items[i].first_pattern = list->pattern_count;
        for (size_t k = 0; k < cases.count; k++) {
            list->patterns[list->pattern_count] = (pattern){.text = cases.items[k], .entry = i};
            file_pattern(list, list->pattern_count++);
        }
    }
}

void expect_mark_exact(ac_expectations *list, ac_str id)
{
    size_t number;
    if (!ac_names_find(&list->keys, key_of(id), &number)) {
        return;
    }
    for (size_t at = list->firsts[number]; at > 0; at = list->patterns[at - 1].next) {
        pattern *p = &list->patterns[at - 1];
        p->exact = p->exact || ac_str_eq(p->text, id);
    }
}

bool expect_names(const pattern *p, ac_str id)
{
    return p->exact ? ac_str_eq(p->text, id) : ac_glob_match(p->text, id);
}

static int by_place(const void *a, const void *b)
{
    const pattern *x = *(const pattern *const *)a;
    const pattern *y = *(const pattern *const *)b;
    return x < y ? -1 : x > y;
}

static void look_under(ac_expectations *list, ac_str key, ac_str id)
{
    size_t number;
    if (!ac_names_find(&list->keys, key, &number)) {
        return;
    }
    for (size_t at = list->firsts[number]; at > 0; at = list->patterns[at - 1].next) {
        const pattern *p = &list->patterns[at - 1];
        if (expect_names(p, id)) {
            list->found = ac_arena_grown(list->arena, list->found, list->found_count, &list->found_capacity,
                                         sizeof *list->found);
            list->found[list->found_count++] = p;
        }
    }
}

void expect_find(ac_expectations *list, ac_str id)
{
    list->found_count = 0;
    look_under(list, AC_STR(""), id);
    for (size_t i = 1; i <= id.n; i++) {
        if (i == id.n || id.p[i] == '/') {
            look_under(list, ac_str_sub(id, 0, i), id);
        }
    }
    if (list->found_count > 1) {
        qsort(list->found, list->found_count, sizeof *list->found, by_place);
    }
}
