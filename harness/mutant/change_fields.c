/* Mutants of successful answers: every documented member, and the answer as a whole. */
#include "mutant/change.h"

static const ac_str none = AC_STR_INIT("");

static void deviate(maker *m, const char *kind, ac_deviation_kind deviation, const ac_response_field *field)
{
    add_deviation(m, kind, field->pointer, none,
                  (ac_deviation){.kind = deviation, .pointer = field->pointer});
}

static void mark_last(maker *m, const char *reason)
{
    m->items[m->count - 1].equivalent = ac_str_c(reason);
}

static void mark_since(maker *m, size_t from, const char *reason)
{
    for (size_t i = from; i < m->count; i++) {
        m->items[i].equivalent = ac_str_c(reason);
    }
}

static bool is_container(const ac_response_field *field)
{
    return field->type == AC_JSON_TYPE_OBJECT || field->type == AC_JSON_TYPE_ARRAY;
}

/* Whether another value of the right type can be told from the right one. The request id can where it stands in
 * a second place. */
static bool value_is_judged(const ac_contract *contract, const ac_response_field *field)
{
    ac_value_kind kind = field->value && !field->value_inferred ? field->value->kind : AC_VALUE_NONE;
    bool second = kind == AC_VALUE_REQUEST_ID && !ac_str_eq(field->pointer, contract->style->request_id);
    return kind == AC_VALUE_PARAM || second || field->enum_values.count > 0 ||
           field->equals != AC_EQUALS_NONE;
}

/* Members of elements that no source shows: lists inside the elements of a list, or inside one thing. */
static bool is_in_unshown_element(const ac_contract *contract, ac_str pointer)
{
    ac_str items = contract->behaviour.items;
    size_t skip = items.n > 0 && ac_str_starts(pointer, items) ? items.n + 2 : 0;
    return ac_str_find(ac_str_sub(pointer, skip, pointer.n), AC_STR("/*/")) != AC_NOT_FOUND;
}

static void make_member_mutants(maker *m, const ac_response_field *field)
{
    static const char optional[] = "no documentation says that the member is always there";
    deviate(m, "field-dropped", AC_FIELD_DROPPED, field);
    if (field->presence == 1) {
        mark_last(m, optional);
    }
    deviate(m, "field-renamed", AC_FIELD_RENAMED, field);
    if (field->presence == 1 && !m->contract->response.documented) {
        mark_last(m, optional);
    }
    if (!field->nullable) {
        deviate(m, "field-null", AC_FIELD_NULL, field);
    }
    deviate(m, "field-retyped", AC_FIELD_RETYPED, field);
    bool formatted = field->format != AC_FORMAT_UNSET || field->pattern.n > 0;
    if (formatted && field->type == AC_JSON_TYPE_STRING) {
        deviate(m, "field-misformatted", AC_FIELD_MISFORMATTED, field);
    }
    if (value_is_judged(m->contract, field) && !is_container(field)) {
        deviate(m, "field-other-value", AC_FIELD_OTHER_VALUE, field);
    }
}

static void make_added_mutants(maker *m)
{
    const ac_response_fields *fields = &m->contract->response.fields;
    static const char open[] = "no documentation lists the members of this answer";
    add_deviation(m, "field-added", none, none, (ac_deviation){.kind = AC_FIELD_ADDED});
    if (!m->contract->response.documented) {
        mark_last(m, open);
    }
    for (size_t i = 0; i < fields->count; i++) {
        if (fields->items[i].type == AC_JSON_TYPE_OBJECT) {
            deviate(m, "field-added", AC_FIELD_ADDED, &fields->items[i]);
            if (!m->contract->response.documented) {
                mark_last(m, open);
            }
        }
    }
}

static void make_request_id_mutants(maker *m)
{
    ac_str main_place = m->contract->style->request_id;
    add_deviation(m, "request-id-repeated", main_place, none, (ac_deviation){.kind = AC_REQUEST_ID_REPEATED});
    for (size_t i = 0; i < m->contract->response.fields.count; i++) {
        const ac_response_field *field = &m->contract->response.fields.items[i];
        bool second = field->value && field->value->kind == AC_VALUE_REQUEST_ID &&
                      !ac_str_eq(field->pointer, main_place);
        if (second) {
            deviate(m, "request-id-differs", AC_REQUEST_ID_DIFFERS, field);
        }
    }
}

static bool is_listed(const ac_response_fields *fields, ac_str pointer)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (ac_str_eq(fields->items[i].pointer, pointer)) {
            return true;
        }
    }
    return false;
}

void make_field_mutants(maker *m)
{
    const ac_response_fields *own = &m->contract->response.fields;
    const ac_response_fields *shared = &m->contract->style->envelope;
    for (size_t i = 0; i < own->count; i++) {
        size_t from = m->count;
        make_member_mutants(m, &own->items[i]);
        if (is_in_unshown_element(m->contract, own->items[i].pointer)) {
            mark_since(m, from, "no source shows an element of that list, so the mock has none to show");
        }
    }
    for (size_t i = 0; i < shared->count; i++) {
        if (!is_listed(own, shared->items[i].pointer)) {
            make_member_mutants(m, &shared->items[i]);
        }
    }
    make_added_mutants(m);
    make_request_id_mutants(m);
    add_deviation(m, "content-type", none, none, (ac_deviation){.kind = AC_OTHER_CONTENT_TYPE});
    add_deviation(m, "success-as-error", none, none, (ac_deviation){.kind = AC_SUCCESS_AS_ERROR});
}
