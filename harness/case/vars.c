#include "case/vars.h"

/* The next ${name} in text: what stands before it, the name, and what follows. False where there is none. */
static bool next_variable(ac_str text, ac_str *before, ac_str *name, ac_str *after)
{
    size_t start = ac_str_find(text, AC_STR("${"));
    if (start == AC_NOT_FOUND) {
        return false;
    }
    ac_str rest = ac_str_sub(text, start + 2, text.n);
    size_t end = ac_str_find_char(rest, '}');
    if (end == AC_NOT_FOUND) {
        return false;
    }
    *before = ac_str_sub(text, 0, start);
    *name = ac_str_sub(rest, 0, end);
    *after = ac_str_sub(rest, end + 1, rest.n);
    return true;
}

ac_str ac_vars_expand_text(ac_arena *arena, ac_str text, ac_lookup lookup, void *context, ac_str *missing)
{
    ac_str before, name, after;
    if (!next_variable(text, &before, &name, &after)) {
        return text;
    }
    ac_buf out;
    ac_buf_init(&out, 1 << 20);
    do {
        ac_str value = lookup(context, arena, name);
        ac_buf_add(&out, before);
        if (value.p) {
            ac_buf_add(&out, value);
        } else {
            ac_buf_printf(&out, "${%.*s}", AC_STR_FMT(name));
            if (missing && !missing->p) {
                *missing = name;
            }
        }
        text = after;
    } while (next_variable(text, &before, &name, &after));
    ac_buf_add(&out, text);
    return ac_buf_take(&out, arena);
}

static bool uses_variables(const ac_json *value)
{
    if (value->type == AC_JSON_STRING) {
        return ac_str_find(value->text, AC_STR("${")) != AC_NOT_FOUND;
    }
    for (size_t i = 0; i < value->count; i++) {
        if (uses_variables(&value->items[i])) {
            return true;
        }
    }
    return false;
}

const ac_json *ac_vars_expand(ac_arena *arena, const ac_json *value, ac_lookup lookup, void *context,
                              ac_str *missing)
{
    if (!value || !uses_variables(value)) {
        return value;
    }
    ac_json *made = AC_NEW(arena, ac_json);
    *made = *value;
    if (value->type == AC_JSON_STRING) {
        made->text = ac_vars_expand_text(arena, value->text, lookup, context, missing);
        return made;
    }
    ac_json *items = AC_NEW_ARRAY(arena, value->count, ac_json);
    for (size_t i = 0; i < value->count; i++) {
        items[i] = *ac_vars_expand(arena, &value->items[i], lookup, context, missing);
        items[i].key = value->items[i].key;
    }
    made->items = items;
    return made;
}

static bool visit_text(ac_str text, bool (*visit)(void *, ac_str), void *context)
{
    ac_str before, name, after;
    while (next_variable(text, &before, &name, &after)) {
        if (!visit(context, name)) {
            return false;
        }
        text = after;
    }
    return true;
}

bool ac_vars_visit(const ac_json *value, bool (*visit)(void *context, ac_str name), void *context)
{
    if (!value) {
        return true;
    }
    if (value->type == AC_JSON_STRING && !visit_text(value->text, visit, context)) {
        return false;
    }
    for (size_t i = 0; i < value->count; i++) {
        if (!ac_vars_visit(&value->items[i], visit, context)) {
            return false;
        }
    }
    return true;
}

ac_str ac_unknown_id(ac_arena *arena, const ac_contract *contract, ac_str resource)
{
    const ac_variable *fixture = ac_contract_fixture(contract, resource);
    ac_str prefix = fixture && fixture->prefix.n > 0 ? fixture->prefix : AC_STR("accord-");
    return ac_str_printf(arena, "%.*s0accordunknown0000", AC_STR_FMT(prefix));
}
