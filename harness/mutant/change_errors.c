/* Mutants of the error table and of the error's body. */
#include "mutant/change.h"

static ac_error_row *copy_row(maker *m, ac_contract *contract, size_t index)
{
    contract->errors.items =
        ac_arena_copy(m->arena, contract->errors.items, contract->errors.count * sizeof(ac_error_row));
    return &contract->errors.items[index];
}

static bool code_repeats(const ac_contract *contract, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (ac_str_eq(contract->errors.items[i].code, contract->errors.items[index].code)) {
            return true;
        }
    }
    return false;
}

/* Rows of one code are told apart by their number. */
static ac_str row_detail(maker *m, size_t index)
{
    return code_repeats(m->contract, index) ? ac_str_printf(m->arena, "row-%zu", index + 1) : AC_STR("");
}

static void change_status(maker *m, size_t index)
{
    ac_mutant *mutant =
        add_mutant(m, "error-status", m->contract->errors.items[index].code, row_detail(m, index));
    ac_contract *changed = copy_contract(m);
    ac_error_row *row = copy_row(m, changed, index);
    row->status = row->status == 400 ? 409 : 400;
    finish_change(m, mutant, changed);
}

static void change_message(maker *m, size_t index)
{
    const ac_error_row *row = &m->contract->errors.items[index];
    if (row->message.n == 0) {
        return;
    }
    ac_mutant *mutant = add_mutant(m, "error-message", row->code, row_detail(m, index));
    ac_contract *changed = copy_contract(m);
    copy_row(m, changed, index)->message = ac_str_printf(m->arena, "Sorry. %.*s", AC_STR_FMT(row->message));
    finish_change(m, mutant, changed);
    if (ac_template_has_placeholder(row->message)) {
        add_deviation(m, "error-parameters", row->code, row_detail(m, index),
                      (ac_deviation){.kind = AC_ERROR_PARAMETERS_LOST, .code = row->code});
    }
}

static void make_row_mutants(maker *m, size_t index)
{
    const ac_error_row *row = &m->contract->errors.items[index];
    ac_str detail = row_detail(m, index);
    change_status(m, index);
    change_message(m, index);
    add_deviation(m, "error-code", row->code, detail,
                  (ac_deviation){.kind = AC_FIELD_OTHER_VALUE,
                                 .pointer = m->contract->style->error.code,
                                 .code = row->code});
    add_deviation(m, "error-as-success", row->code, detail,
                  (ac_deviation){.kind = AC_ERROR_AS_SUCCESS, .code = row->code});
    add_deviation(m, "error-swallowed", row->code, detail,
                  (ac_deviation){.kind = AC_ERROR_SWALLOWED, .code = row->code});
    if (ac_str_eq(row->code, m->contract->behaviour.not_found)) {
        m->items[m->count - 1].equivalent =
            AC_STR("the request names what does not exist, which gives the same error");
    }
}

/* The body of errors, shown on the first row of the table. */
static void make_envelope_mutants(maker *m)
{
    const ac_response_fields *fields = &m->contract->style->error.fields;
    ac_str code = m->contract->errors.items[0].code;
    for (size_t i = 0; i < fields->count; i++) {
        const ac_response_field *field = &fields->items[i];
        if (field->presence == 0) {
            add_deviation(m, "error-field-dropped", field->pointer, AC_STR(""),
                          (ac_deviation){.kind = AC_FIELD_DROPPED, .pointer = field->pointer, .code = code});
            add_deviation(m, "error-field-retyped", field->pointer, AC_STR(""),
                          (ac_deviation){.kind = AC_FIELD_RETYPED, .pointer = field->pointer, .code = code});
        }
    }
    add_deviation(m, "error-field-added", AC_STR(""), AC_STR(""),
                  (ac_deviation){.kind = AC_FIELD_ADDED, .code = code});
}

void make_error_mutants(maker *m)
{
    for (size_t i = 0; i < m->contract->errors.count; i++) {
        make_row_mutants(m, i);
    }
    if (m->contract->errors.count > 0) {
        make_envelope_mutants(m);
    }
}
