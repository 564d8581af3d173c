/* Citations: "source:section:row". */
#include "contract/contract.h"

const char *ac_source_kind_name(ac_source_kind kind)
{
    static const char *const names[] = {"documented", "metadata", "sdk", "client", "inferred"};
    return names[kind];
}

static const ac_section *find_section(const ac_source *source, ac_str id)
{
    for (size_t i = 0; i < source->sections.count; i++) {
        if (ac_str_eq(source->sections.items[i].id, id)) {
            return &source->sections.items[i];
        }
    }
    return NULL;
}

/* A contract and its provider may have sources of one name: the one that has the section is meant. */
static const ac_source *find_source(const ac_contract *contract, ac_str id, ac_str section_id,
                                    const ac_section **section)
{
    const ac_sources *const lists[] = {&contract->sources, &contract->provider->sources};
    const ac_source *found = NULL;
    *section = NULL;
    for (size_t k = 0; k < AC_COUNT(lists) && !*section; k++) {
        for (size_t i = 0; i < lists[k]->count && !*section; i++) {
            if (ac_str_eq(lists[k]->items[i].id, id)) {
                found = &lists[k]->items[i];
                *section = find_section(found, section_id);
            }
        }
    }
    return found;
}

const ac_source *ac_cite_source(const ac_contract *contract, ac_str cite, const ac_section **section,
                                int64_t *row)
{
    ac_str rest;
    ac_str id = ac_str_split(cite, ':', &rest);
    ac_str section_id = ac_str_split(rest, ':', &rest);
    *row = 0;
    if (rest.p && !ac_str_int(rest, row)) {
        *row = -1;
    }
    return find_source(contract, id, section_id, section);
}

ac_str ac_cite_describe(ac_arena *arena, const ac_contract *contract, ac_str cite)
{
    const ac_section *section;
    int64_t row;
    const ac_source *source = ac_cite_source(contract, cite, &section, &row);
    if (!source || !section) {
        return cite;
    }
    ac_buf text;
    ac_buf_init(&text, 2048);
    ac_buf_printf(&text, "%.*s, \"%.*s\"", AC_STR_FMT(source->publisher), AC_STR_FMT(source->title));
    if (source->language.n > 0) {
        ac_buf_printf(&text, " (%.*s)", AC_STR_FMT(source->language));
    }
    ac_buf_printf(&text, ", %.*s", AC_STR_FMT(section->title));
    if (row > 0) {
        ac_buf_printf(&text, ", row %lld", (long long)row);
    }
    return ac_buf_take(&text, arena);
}

ac_source_kind ac_cite_kind(const ac_contract *contract, ac_strs cite)
{
    ac_source_kind best = AC_SOURCE_INFERENCE;
    for (size_t i = 0; i < cite.count; i++) {
        const ac_section *section;
        int64_t row;
        const ac_source *source = ac_cite_source(contract, cite.items[i], &section, &row);
        if (source && source->kind < (int)best) {
            best = (ac_source_kind)source->kind;
        }
    }
    return best;
}

/* The first citation of the best standing, so that what is named is what the standing belongs to. */
static ac_str best_citation(const ac_contract *contract, ac_strs cite, ac_source_kind kind)
{
    size_t i = 0;
    while (i + 1 < cite.count && ac_cite_kind(contract, (ac_strs){&cite.items[i], 1}) != kind) {
        i++;
    }
    return cite.items[i];
}

ac_str ac_cite_said(ac_arena *arena, const ac_contract *contract, ac_strs cite)
{
    if (cite.count == 0) {
        return (ac_str){NULL, 0};
    }
    ac_source_kind kind = ac_cite_kind(contract, cite);
    ac_str text = ac_cite_describe(arena, contract, best_citation(contract, cite, kind));
    return ac_str_printf(arena, "%s: %.*s", ac_source_kind_name(kind), AC_STR_FMT(text));
}
