#include <string.h>

#include "wire_parts.h"

/* ---- index bases ---- */

static const ac_constraint *index_constraint(const ac_parameter *parameter)
{
    for (size_t i = 0; i < parameter->constraints.count; i++) {
        if (parameter->constraints.items[i].kind == AC_INDEX) {
            return &parameter->constraints.items[i];
        }
    }
    return NULL;
}

void ac_flattener_init(ac_flattener *flattener, ac_arena *arena, const ac_contract *contract)
{
    *flattener = (ac_flattener){.arena = arena};
    for (size_t i = 0; i < contract->parameters.count; i++) {
        const ac_parameter *parameter = &contract->parameters.items[i];
        const ac_constraint *index = index_constraint(parameter);
        if (!index || index->base == 1) {
            continue;
        }
        if (!flattener->bases) {
            flattener->bases = AC_NEW_ARRAY(arena, contract->parameters.count - i, ac_index_base);
        }
        flattener->bases[flattener->base_count++] =
            (ac_index_base){ac_parameter_array(parameter), index->base};
    }
}

static bool is_number(ac_str text)
{
    int64_t value;
    return ac_str_int(text, &value);
}

/* Whether a name on the wire is an instance of a documented one: "Zone.3.Tag" of "Zone.N.Tag". */
static bool is_instance(ac_str name, ac_str documented)
{
    while (name.p && documented.p) {
        ac_str part = ac_str_split(name, '.', &name);
        ac_str expected = ac_str_split(documented, '.', &documented);
        if (!ac_str_eq(part, expected) && !(ac_str_is(expected, "N") && is_number(part))) {
            return false;
        }
    }
    return !name.p && !documented.p;
}

static int64_t base_of(const ac_flattener *flattener, ac_str name)
{
    for (size_t i = 0; i < flattener->base_count; i++) {
        if (is_instance(name, flattener->bases[i].array)) {
            return flattener->bases[i].base;
        }
    }
    return 1;
}

/* ---- names ---- */

static ac_str joined(ac_flattener *flattener, ac_str name, ac_str part)
{
    char *text = ac_arena_alloc(flattener->arena, name.n + 1 + part.n);
    if (name.n > 0) {
        memcpy(text, name.p, name.n);
    }
    text[name.n] = '.';
    if (part.n > 0) {
        memcpy(text + name.n + 1, part.p, part.n);
    }
    flattener->name_bytes += name.n + 1 + part.n;
    return (ac_str){text, name.n + 1 + part.n};
}

static ac_str indexed(ac_flattener *flattener, ac_str name, uint64_t index)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + index % 10);
        index /= 10;
    } while (index > 0);
    return joined(flattener, name, (ac_str){digits + at, sizeof digits - at});
}

/* ---- values ---- */

ac_str ac_scalar_text(const ac_json *value)
{
    static const ac_str booleans[] = {AC_STR_INIT("false"), AC_STR_INIT("true")};
    if (ac_json_is(value, AC_JSON_BOOL)) {
        return booleans[value->boolean];
    }
    if (!ac_json_is(value, AC_JSON_STRING) && !ac_json_is(value, AC_JSON_NUMBER)) {
        return (ac_str){NULL, 0};
    }
    return value->text.p ? value->text : AC_STR("");
}

static void add(ac_flattener *flattener, ac_str name, const ac_json *value, ac_pairs *out)
{
    ac_str text = ac_scalar_text(value);
    if (text.p) {
        ac_pairs_add(flattener->arena, out, name, text);
        return;
    }
    bool array = value->type == AC_JSON_ARRAY;
    uint64_t base = array ? (uint64_t)base_of(flattener, name) : 0;
    for (size_t i = 0; i < value->count && flattener->name_bytes <= AC_FLAT_NAMES_MAX; i++) {
        const ac_json *item = &value->items[i];
        ac_str inner = array ? indexed(flattener, name, base + i) : joined(flattener, name, item->key);
        add(flattener, inner, item, out);
    }
}

void ac_flatten(ac_flattener *flattener, const ac_json *member, ac_pairs *out)
{
    add(flattener, member->key, member, out);
}
