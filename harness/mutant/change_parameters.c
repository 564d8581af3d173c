/* Mutants of parameters: required, type, default, and each constraint, left out or moved. */
#include <string.h>

#include "mutant/change.h"

enum { OTHER_PAGE_SIZE = 7 };

static const ac_str none = AC_STR_INIT("");

static bool in_request(const ac_json *request, ac_str name)
{
    ac_str rest;
    return ac_json_get(request, ac_str_split(name, '.', &rest)) != NULL;
}

/* The id that the operation looks up: without it, or with a wrong one, it finds nothing all the same. */
static bool is_looked_up(const ac_contract *contract, const ac_parameter *p)
{
    return contract->behaviour.id_param.n > 0 && ac_str_eq(p->name, contract->behaviour.id_param);
}

/* Members that every element has which the page, or its full request, shows. */
static bool is_in_every_element(const ac_contract *contract, ac_str name)
{
    size_t mark = ac_str_find(name, AC_STR(".N."));
    if (mark == AC_NOT_FOUND) {
        return false;
    }
    const ac_json *array = ac_json_get(contract->requests.full, ac_str_sub(name, 0, mark));
    const ac_json *first = ac_json_at(array, AC_STR("/0"));
    return ac_json_get(first, ac_str_sub(name, mark + 3, name.n)) != NULL;
}

static void change_required(maker *m, size_t index)
{
    const ac_parameter *p = &m->contract->parameters.items[index];
    bool required = p->required == AC_REQUIRED_YES;
    ac_mutant *mutant = add_mutant(m, required ? "required-unchecked" : "required-added", p->name, none);
    ac_contract *changed = copy_contract(m);
    ac_parameter *copy = copy_parameter(m, changed, index);
    copy->required = required ? AC_REQUIRED_NO : AC_REQUIRED_YES;
    copy->missing_error = required ? NULL : copy->missing_error;
    finish_change(m, mutant, changed);
    if (required && p->in == AC_IN_PATH) {
        mutant->equivalent = AC_STR("without it the request has another path");
    } else if (required && is_looked_up(m->contract, p) &&
               !(p->missing_error && p->missing_error->certainty == AC_MUST)) {
        mutant->equivalent = AC_STR("nothing is found without it, which is a documented error too");
    } else if (!required && is_in_every_element(m->contract, p->name)) {
        mutant->equivalent = AC_STR("no page shows an element without this member");
    } else if (!required && in_request(m->contract->requests.minimal, p->name)) {
        mutant->equivalent = AC_STR("the smallest request that other rows of the page allow has it");
    } else if (!required && p->default_value) {
        mutant->equivalent = AC_STR("its default stands in where it is not sent");
    }
}

static void change_type(maker *m, size_t index)
{
    const ac_parameter *p = &m->contract->parameters.items[index];
    if (p->type != AC_TYPE_INTEGER && p->type != AC_TYPE_BOOLEAN) {
        return;
    }
    ac_mutant *mutant = add_mutant(m, "type-unchecked", p->name, none);
    ac_contract *changed = copy_contract(m);
    ac_parameter *copy = copy_parameter(m, changed, index);
    copy->type = AC_TYPE_STRING;
    copy->constraints.count = 0; /* a range would refuse it all the same */
    finish_change(m, mutant, changed);
}

static bool is_echoed(const ac_contract *contract, ac_str name)
{
    for (size_t i = 0; i < contract->response.fields.count; i++) {
        const ac_response_field *f = &contract->response.fields.items[i];
        bool shown = f->value && f->value->kind == AC_VALUE_PARAM && !f->value_inferred && f->presence == 0;
        if (shown && ac_str_eq(f->value->text, name)) {
            return true;
        }
    }
    return false;
}

static void change_default(maker *m, size_t index)
{
    const ac_parameter *p = &m->contract->parameters.items[index];
    if (!p->default_value) {
        return;
    }
    ac_mutant *mutant = add_mutant(m, "default-lost", p->name, none);
    ac_contract *changed = copy_contract(m);
    copy_parameter(m, changed, index)->default_value = NULL;
    ac_paging *paging = changed->behaviour.paging;
    if (paging && ac_str_eq(paging->size, p->name)) {
        changed->behaviour.paging = ac_arena_copy(m->arena, paging, sizeof *paging);
        changed->behaviour.paging->default_size = OTHER_PAGE_SIZE;
    }
    finish_change(m, mutant, changed);
    if (!is_echoed(m->contract, p->name)) {
        mutant->equivalent = AC_STR("no documented member of an answer shows the value that holds");
    }
}

/* ---- constraints ---- */

/* A parameter may have several constraints of a kind: the number tells them apart. */
static ac_str constraint_detail(maker *m, const ac_parameter *p, size_t index, const char *what)
{
    const ac_constraint *c = &p->constraints.items[index];
    size_t before = 0;
    for (size_t i = 0; i < index; i++) {
        before += p->constraints.items[i].kind == c->kind;
    }
    ac_str number = before > 0 ? ac_str_printf(m->arena, "-%zu", before + 1) : none;
    return ac_str_printf(m->arena, "%s%.*s%s%s", ac_constraint_names[c->kind], AC_STR_FMT(number),
                         what[0] ? "/" : "", what);
}

typedef struct target {
    maker *m;
    size_t parameter, constraint;
} target;

static const ac_parameter *parameter_of(const target *t)
{
    return &t->m->contract->parameters.items[t->parameter];
}

static const ac_constraint *constraint_of(const target *t)
{
    return &parameter_of(t)->constraints.items[t->constraint];
}

/* A mutant whose copy of the constraint is *copy; the caller changes that and finishes. */
static ac_mutant *begin(const target *t, const char *kind, const char *what, ac_contract **changed,
                        ac_constraint **copy)
{
    ac_str detail = constraint_detail(t->m, parameter_of(t), t->constraint, what);
    ac_mutant *mutant = add_mutant(t->m, kind, parameter_of(t)->name, detail);
    *changed = copy_contract(t->m);
    *copy = copy_constraint(t->m, *changed, t->parameter, t->constraint);
    return mutant;
}

static void drop_rule(const target *t)
{
    ac_contract *changed;
    ac_constraint *copy;
    ac_mutant *mutant = begin(t, "rule-unchecked", "", &changed, &copy);
    if (copy->kind == AC_REFERENCE && is_looked_up(t->m->contract, parameter_of(t))) {
        mutant->equivalent = AC_STR("the operation itself does not find what does not exist");
    }
    ac_parameter *p = &changed->parameters.items[t->parameter];
    size_t after = p->constraints.count - t->constraint - 1;
    memmove(copy, copy + 1, after * sizeof *copy);
    p->constraints.count--;
    finish_change(t->m, mutant, changed);
}

static ac_str moved(maker *m, ac_str literal, int64_t by)
{
    int64_t value = 0;
    return ac_str_int(literal, &value) ? ac_str_printf(m->arena, "%lld", (long long)(value + by)) : literal;
}

static void move_bound(const target *t, bool upper, int64_t by, const char *kind, const char *what)
{
    ac_contract *changed;
    ac_constraint *copy;
    ac_mutant *mutant = begin(t, kind, what, &changed, &copy);
    ac_str *bound = upper ? &copy->max : &copy->min;
    *bound = moved(t->m, *bound, by);
    finish_change(t->m, mutant, changed);
}

static void move_bounds(const target *t)
{
    const ac_constraint *c = constraint_of(t);
    int64_t limit = 0;
    if (c->min.p && ac_str_int(c->min, &limit) && (limit > 0 || c->kind == AC_RANGE)) {
        move_bound(t, false, -1, "rule-looser", "min-less-1");
        move_bound(t, false, 1, "rule-stricter", "min-plus-1");
    }
    if (c->max.p) {
        move_bound(t, true, 1, "rule-looser", "max-plus-1");
        move_bound(t, true, -1, "rule-stricter", "max-less-1");
    }
}

static ac_strs without(maker *m, ac_strs list, size_t index)
{
    ac_strs shorter = {ac_arena_copy(m->arena, list.items, list.count * sizeof *list.items), list.count - 1};
    memmove(&shorter.items[index], &shorter.items[index + 1], (list.count - index - 1) * sizeof *list.items);
    return shorter;
}

static const char *part(maker *m, const char *prefix, ac_str value)
{
    ac_buf text;
    ac_buf_init(&text, 1024);
    ac_buf_add_c(&text, prefix);
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '_';
        ac_buf_add_char(&text, plain ? c : '.');
    }
    return ac_buf_take(&text, m->arena).p;
}

/* Each value of an enumeration refused; each forbidden prefix or part let in. */
static void drop_values(const target *t)
{
    const ac_constraint *c = constraint_of(t);
    const char *kind = c->kind == AC_ENUM ? "rule-stricter" : "rule-looser";
    for (size_t i = 0; i < c->values.count && c->values.count > 1; i++) {
        ac_contract *changed;
        ac_constraint *copy;
        ac_mutant *mutant = begin(t, kind, part(t->m, "without-", c->values.items[i]), &changed, &copy);
        copy->values = without(t->m, c->values, i);
        finish_change(t->m, mutant, changed);
    }
}

static void flip_case(const target *t)
{
    ac_contract *changed;
    ac_constraint *copy;
    ac_mutant *mutant = begin(t, "rule-looser", "one-case", &changed, &copy);
    copy->ignore_case = false;
    finish_change(t->m, mutant, changed);
}

static void drop_classes(const target *t, bool first)
{
    const ac_constraint *c = constraint_of(t);
    const ac_charset *set = first ? c->first : c->rest;
    for (size_t i = 0; i < set->classes.count; i++) {
        ac_contract *changed;
        ac_constraint *copy;
        const char *what = part(t->m, first ? "first-without-" : "without-", set->classes.items[i]);
        ac_mutant *mutant = begin(t, "rule-stricter", what, &changed, &copy);
        ac_charset *smaller = ac_arena_copy(t->m->arena, set, sizeof *set);
        smaller->classes = without(t->m, set->classes, i);
        if (first) {
            copy->first = smaller;
        } else {
            copy->rest = smaller;
        }
        finish_change(t->m, mutant, changed);
    }
}

static void drop_special_characters(const target *t)
{
    const ac_constraint *c = constraint_of(t);
    ac_contract *changed;
    ac_constraint *copy;
    ac_mutant *mutant = begin(t, "rule-stricter", "without-special", &changed, &copy);
    ac_charset *smaller = ac_arena_copy(t->m->arena, c->rest, sizeof *c->rest);
    smaller->chars = none;
    copy->rest = smaller;
    finish_change(t->m, mutant, changed);
}

/* Another documented error for the same rule: only where exactly one is documented can it be told. */
static void swap_error(const target *t)
{
    const ac_constraint *c = constraint_of(t);
    const ac_contract *contract = t->m->contract;
    for (size_t i = 0; i < contract->errors.count; i++) {
        const ac_error_row *row = &contract->errors.items[i];
        if (!ac_str_eq(row->code, c->error) && !ac_template_has_placeholder(row->code)) {
            ac_contract *changed;
            ac_constraint *copy;
            ac_mutant *mutant = begin(t, "rule-other-error", "", &changed, &copy);
            copy->error = row->code;
            finish_change(t->m, mutant, changed);
            return;
        }
    }
}

static void mark_since(maker *m, size_t from, const char *reason)
{
    for (size_t i = from; i < m->count; i++) {
        m->items[i].equivalent = ac_str_c(reason);
    }
}

static void make_constraint_mutants(const target *t)
{
    const ac_constraint *c = constraint_of(t);
    size_t from = t->m->count;
    drop_rule(t);
    if (c->kind == AC_LENGTH || c->kind == AC_RANGE || c->kind == AC_ITEMS) {
        move_bounds(t);
    }
    if (c->kind == AC_ENUM || c->kind == AC_PREFIX_NOT || c->kind == AC_CONTAINS_NOT) {
        drop_values(t);
    }
    if (c->ignore_case) {
        flip_case(t);
    }
    if (c->kind == AC_CHARACTERS) {
        drop_classes(t, false);
        if (c->first) {
            drop_classes(t, true);
        }
        if (c->rest->chars.n > 0) {
            drop_special_characters(t);
        }
    }
    if (c->error.p && c->certainty == AC_MUST) {
        swap_error(t);
    }
    if (c->certainty == AC_MAY) {
        mark_since(t->m, from, "no source is sure enough of this rule to judge by it");
    }
}

void make_parameter_mutants(maker *m)
{
    for (size_t i = 0; i < m->contract->parameters.count; i++) {
        const ac_parameter *p = &m->contract->parameters.items[i];
        if (ac_parameter_is_sendable(p)) {
            change_required(m, i);
            change_type(m, i);
            change_default(m, i);
        }
        for (size_t k = 0; k < p->constraints.count; k++) {
            const target t = {m, i, k};
            make_constraint_mutants(&t);
        }
    }
}
