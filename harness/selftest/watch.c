#include "selftest/watch.h"

#include <string.h>

/* Whether the word stands in a list separated by spaces. */
static bool lists(const char *list, ac_str word)
{
    ac_str rest = ac_str_c(list);
    while (rest.p) {
        if (ac_str_eq(ac_str_split(rest, ' ', &rest), word)) {
            return true;
        }
    }
    return false;
}

/* The pointer with its stars filled in: /Endpoints/0/EndpointId. */
static bool is_place_of(ac_str place, ac_str pointer)
{
    ac_str a = place;
    ac_str b = pointer;
    while (a.p && b.p) {
        ac_str x = ac_str_split(a, '/', &a);
        ac_str y = ac_str_split(b, '/', &b);
        if (!ac_str_eq(x, y) && !ac_str_is(y, "*")) {
            return false;
        }
    }
    return !a.p && !b.p;
}

static bool has(ac_str text, ac_str part)
{
    return ac_str_find(text, part) != AC_NOT_FOUND;
}

/* Whether the case or the finding is about the mutated place: the pointer, or the parameter or code in the id. */
static bool names_place(const ac_mutant *mutant, const ac_verdict *v, const ac_shown_finding *f)
{
    ac_str place = mutant->place;
    if (place.n == 0) {
        return true;
    }
    if (place.p[0] != '/') {
        return (v->code.p && ac_str_eq(v->code, place)) || has(v->id, place) || has(f->observed, place) ||
               has(f->place, place);
    }
    /* A member that comes under another name shows as the old one missing or as the new one. */
    bool below = ac_str_starts(f->place, place);
    return below || is_place_of(f->place, place) || is_place_of(place, f->place);
}

static bool is_precise(const watch *w, const ac_verdict *v, const ac_shown_finding *f)
{
    return lists(w->mutant->kind->findings, f->kind) && names_place(w->mutant, v, f);
}

static void take(watch *w, const ac_verdict *v, const ac_shown_finding *f, bool precise)
{
    w->killed = true;
    w->precise = precise;
    w->case_id = ac_str_dup(w->arena, v->id);
    w->finding = ac_str_printf(w->arena, "%.*s%s%.*s", AC_STR_FMT(f->kind), f->place.n > 0 ? " at " : "",
                               AC_STR_FMT(f->place));
}

static void hear_verdict(void *context, const ac_verdict *v)
{
    watch *w = context;
    for (size_t i = 0; v->word == AC_FAIL && i < v->finding_count && !w->precise; i++) {
        const ac_shown_finding *f = &v->findings[i];
        bool precise = !f->note && w->mutant && is_precise(w, v, f);
        if (!f->note && (!w->killed || precise)) {
            take(w, v, f, precise);
        }
    }
}

ac_listener watch_listener(watch *w)
{
    return (ac_listener){w, ac_ignore_head, hear_verdict, ac_ignore_tail};
}
