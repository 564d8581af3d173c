#include <string.h>

#include "run/run.h"

static bool has_tag(const ac_case *c, ac_str tag)
{
    for (size_t i = 0; i < c->tags.count; i++) {
        if (ac_str_eq(c->tags.items[i], tag)) {
            return true;
        }
    }
    return ac_str_eq(c->group, tag);
}

static bool has_code(const ac_case *c, ac_str code)
{
    return c->code.p && ac_str_eq(c->code, code);
}

static bool has_pattern(const ac_case *c, ac_str pattern)
{
    return ac_glob_match(pattern, c->id);
}

/* One of the words; *used counts what each word named. */
static bool named(const ac_case *c, const ac_strs *words, bool (*has)(const ac_case *, ac_str), size_t *used)
{
    bool any = words->count == 0;
    for (size_t i = 0; i < words->count; i++) {
        if (has(c, words->items[i])) {
            used[i]++;
            any = true;
        }
    }
    return any;
}

static ac_str nearest_id(ac_arena *arena, const ac_cases *cases, ac_str word)
{
    ac_str *ids = AC_NEW_ARRAY(arena, cases->count, ac_str);
    for (size_t i = 0; i < cases->count; i++) {
        ids[i] = cases->items[i].id;
    }
    return ac_suggest(word, ids, cases->count);
}

static ac_str nearest_word(ac_arena *arena, const ac_cases *cases, ac_str word, bool codes)
{
    ac_str *words = AC_NEW_ARRAY(arena, cases->count, ac_str);
    for (size_t i = 0; i < cases->count; i++) {
        words[i] = codes ? cases->items[i].code : cases->items[i].group;
    }
    return ac_suggest(word, words, cases->count);
}

static bool check_used(ac_arena *arena, const ac_cases *cases, const ac_strs *words, const size_t *used,
                       const char *what, ac_err *err)
{
    for (size_t i = 0; i < words->count; i++) {
        ac_str word = words->items[i];
        if (used[i] > 0) {
            continue;
        }
        bool pattern = strcmp(what, "pattern") == 0;
        ac_str near = pattern ? nearest_id(arena, cases, word)
                              : nearest_word(arena, cases, word, strcmp(what, "error code") == 0);
        if (near.n > 0) {
            return ac_fail(err, AC_ERR_USAGE, "no case matches the %s \"%.*s\"; did you mean \"%.*s\"?", what,
                           AC_STR_FMT(word), AC_STR_FMT(near));
        }
        return ac_fail(err, AC_ERR_USAGE, "no case matches the %s \"%.*s\"", what, AC_STR_FMT(word));
    }
    return true;
}

bool ac_select(ac_arena *arena, const ac_cases *cases, const ac_selection *selection, const ac_case ***out,
               size_t *count, ac_err *err)
{
    const ac_strs *lists[] = {&selection->patterns, &selection->tags, &selection->errors};
    size_t *used[AC_COUNT(lists)];
    for (size_t k = 0; k < AC_COUNT(lists); k++) {
        used[k] = AC_NEW_ARRAY(arena, lists[k]->count, size_t);
    }
    const ac_case **chosen = AC_NEW_ARRAY(arena, cases->count, const ac_case *);
    size_t n = 0;
    bool for_clients = false;
    for (size_t i = 0; i < cases->count; i++) {
        const ac_case *c = &cases->items[i];
        bool by_pattern = named(c, lists[0], has_pattern, used[0]);
        bool by_tag = named(c, lists[1], has_tag, used[1]);
        bool by_code = named(c, lists[2], has_code, used[2]);
        bool wanted = by_pattern && by_tag && by_code;
        bool asks_too_much = c->for_clients && !selection->for_clients;
        for_clients = for_clients || (wanted && asks_too_much);
        if (wanted && !asks_too_much) {
            chosen[n++] = c;
        }
    }
    *out = chosen;
    *count = n;
    if (!check_used(arena, cases, lists[0], used[0], "pattern", err) ||
        !check_used(arena, cases, lists[1], used[1], "tag", err) ||
        !check_used(arena, cases, lists[2], used[2], "error code", err)) {
        return false;
    }
    return n > 0 ||
           ac_fail(err, AC_ERR_USAGE, "%s",
                   for_clients ? "the cases chosen are for SDK targets (--target sdk:COMMAND)"
                               : "no case matches all of the patterns, tags and error codes together");
}
