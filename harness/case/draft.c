#include "case/draft.h"

#include <string.h>

#include "case/vars.h"

static ac_str without_operation(const ac_contract *contract, ac_str path, ac_arena *arena)
{
    return ac_str_printf(arena, "%.*s/%.*s", AC_STR_FMT(contract->operation), AC_STR_FMT(path));
}

void draft_init(case_draft *draft, const deriver *d, ac_str path, ac_str title, ac_strs cite)
{
    memset(draft, 0, sizeof *draft);
    ac_str rest;
    draft->d = d;
    draft->c.id = without_operation(d->contract, path, d->arena);
    draft->c.group = ac_str_dup(d->arena, ac_str_split(path, '/', &rest));
    draft->c.title = ac_str_dup(d->arena, title);
    draft->c.contract = d->contract;
    draft->c.file = d->contract->file;
    draft->c.cite = cite;
}

ac_strs answer_cite(const ac_contract *contract)
{
    const ac_response_contract *response = &contract->response;
    if (response->status_cite.count > 0) {
        return response->status_cite;
    }
    return response->fields.count > 0 ? response->fields.items[0].cite : (ac_strs){NULL, 0};
}

static ac_step *add_step(case_draft *draft, const char *name, const ac_contract *contract,
                         const ac_json *params)
{
    ac_step *step = &draft->steps[draft->c.step_count++];
    step->name = ac_str_c(name);
    step->contract = contract;
    step->params = params;
    step->expect.certainty = AC_MUST;
    /* Citations are looked up in the contract of the step. */
    step->expect.cite = contract == draft->d->contract ? draft->c.cite : answer_cite(contract);
    return step;
}

static void add_capture(const deriver *d, ac_step *step, ac_str name, ac_str pointer)
{
    ac_capture *capture = AC_NEW(d->arena, ac_capture);
    *capture = (ac_capture){name, pointer};
    step->captures.items = capture;
    step->captures.count = 1;
}

const ac_json *with_other_fixtures(const deriver *d, const ac_json *value)
{
    if (value->type == AC_JSON_STRING) {
        ac_str text = value->text;
        int64_t index;
        bool variable = ac_str_starts(text, AC_STR("${")) && ac_str_find_char(text, '}') == text.n - 1;
        const ac_variable *known =
            variable ? ac_contract_variable(d->contract, ac_str_sub(text, 2, text.n - 3), &index) : NULL;
        bool fixture = known && known->resource.n > 0;
        return fixture ? ac_json_string(
                             d->arena, ac_str_printf(d->arena, "${other.%.*s", (int)(text.n - 2), text.p + 2))
                       : value;
    }
    const ac_json *result = value;
    for (size_t i = 0; i < value->count; i++) {
        const ac_json *item = with_other_fixtures(d, &value->items[i]);
        ac_str place = value->type == AC_JSON_ARRAY ? ac_str_printf(d->arena, "/%zu", i) : (ac_str){NULL, 0};
        result = place.p ? ac_json_set_at(d->arena, result, place, item)
                         : ac_json_set(d->arena, result, value->items[i].key, item);
    }
    return result;
}

/* ${id} in the parameters of a companion becomes the variable that was captured. */
static const ac_json *rename_id(const deriver *d, const ac_json *value, ac_str to)
{
    if (value->type == AC_JSON_STRING) {
        ac_str text = ac_str_replace(d->arena, value->text, AC_STR("${id}"), to);
        return ac_json_string(d->arena, text);
    }
    const ac_json *result = value;
    for (size_t i = 0; i < value->count; i++) {
        const ac_json *item = rename_id(d, &value->items[i], to);
        if (value->type == AC_JSON_OBJECT) {
            result = ac_json_set(d->arena, result, value->items[i].key, item);
        } else {
            result = ac_json_set_at(d->arena, result, ac_str_printf(d->arena, "/%zu", i), item);
        }
    }
    return result;
}

static void add_teardown(case_draft *draft, const ac_contract *creator, ac_str variable, int account)
{
    const ac_operation_ref *ref = creator->behaviour.delete;
    if (!ref || !ref->contract || draft->c.teardown_count == DRAFT_STEPS_MAX) {
        return;
    }
    ac_step *step = &draft->teardown[draft->c.teardown_count++];
    ac_str name = ac_str_printf(draft->d->arena, "${%.*s}", AC_STR_FMT(variable));
    step->name = AC_STR("clean up");
    step->contract = ref->contract;
    step->params = rename_id(draft->d, ref->params, name);
    step->account = account;
    step->expect.kind = AC_EXPECT_ANY;
    step->expect.certainty = AC_MAY;
}

static bool creates(const ac_contract *contract)
{
    return contract->behaviour.kind == AC_BEHAVIOUR_CREATE && contract->behaviour.id_pointer.n > 0;
}

static void capture_created(case_draft *draft, ac_step *step, const ac_contract *creator, ac_str variable)
{
    add_capture(draft->d, step, variable, creator->behaviour.id_pointer);
    add_teardown(draft, creator, variable, step->account);
    step->creates = true;
    draft->c.creates = true;
}

ac_step *draft_call(case_draft *draft, const char *name, const ac_json *params)
{
    const deriver *d = draft->d;
    ac_step *step = add_step(draft, name, d->contract, params);
    if (creates(d->contract)) {
        size_t number = draft->c.teardown_count + 1;
        ac_str variable = number == 1 ? AC_STR("id") : ac_str_printf(d->arena, "id_%zu", number);
        capture_created(draft, step, d->contract, variable);
    }
    return step;
}

void draft_other_account(case_draft *draft, ac_step *step)
{
    step->account = AC_ACCOUNT_OTHER;
    if (step->creates && draft->c.teardown_count > 0) {
        ac_step *removal = &draft->teardown[draft->c.teardown_count - 1];
        removal->account = AC_ACCOUNT_OTHER;
        removal->params = with_other_fixtures(draft->d, removal->params);
    }
}

void draft_beside(case_draft *draft)
{
    const deriver *d = draft->d;
    ac_step *second = &draft->steps[--draft->c.step_count];
    draft->steps[draft->c.step_count - 1].beside = ac_arena_copy(d->arena, second, sizeof *second);
}

ac_step *draft_call_ref(case_draft *draft, const char *name, const ac_operation_ref *ref)
{
    ac_step *step = add_step(draft, name, ref->contract, ref->params);
    expect_success(step, false);
    return step;
}

typedef struct name_search {
    ac_str name;
    bool found;
} name_search;

static bool look_for(void *context, ac_str name)
{
    name_search *search = context;
    search->found = search->found || ac_str_eq(search->name, name);
    return !search->found;
}

void draft_create(case_draft *draft, ac_str variable, const ac_json *request)
{
    const deriver *d = draft->d;
    ac_step *step = add_step(draft, "create", d->creator, request);
    expect_success(step, false);
    capture_created(draft, step, d->creator, variable);
}

void draft_prepare(case_draft *draft, const ac_json *params)
{
    const deriver *d = draft->d;
    name_search search = {d->created_variable, false};
    if (d->creator && d->created_variable.n > 0) {
        ac_vars_visit(params, look_for, &search);
    }
    if (search.found) {
        draft_create(draft, d->created_variable, d->creator->requests.minimal);
    }
}

ac_certainty weakest_certainty(const ac_step *steps, size_t count)
{
    ac_certainty weakest = AC_MUST;
    for (size_t i = 0; i < count; i++) {
        ac_certainty own = steps[i].expect.certainty;
        weakest = own > weakest ? own : weakest;
    }
    return weakest;
}

/* The row of the contract's error table that has the code, 0 where none has. */
static size_t row_of_code(const ac_contract *contract, ac_str code)
{
    for (size_t i = 0; code.p && i < contract->errors.count; i++) {
        if (ac_str_eq(contract->errors.items[i].code, code)) {
            return i + 1;
        }
    }
    return 0;
}

static void append(const deriver *d, const ac_case *made)
{
    ac_case_list *list = d->out;
    if (list->count == list->capacity) {
        list->capacity = list->capacity > 0 ? list->capacity * 2 : 256;
        list->items = ac_realloc(list->items, list->capacity * sizeof *list->items);
    }
    list->items[list->count++] = *made;
}

void draft_done(case_draft *draft)
{
    const deriver *d = draft->d;
    ac_case *c = &draft->c;
    c->steps = ac_arena_copy(d->arena, draft->steps, c->step_count * sizeof *draft->steps);
    c->teardown = ac_arena_copy(d->arena, draft->teardown, c->teardown_count * sizeof *draft->teardown);
    c->certainty =
        c->certainty != AC_CERTAINTY_UNSET ? c->certainty : weakest_certainty(c->steps, c->step_count);
    c->source = (int)ac_cite_kind(d->contract, c->cite);
    c->row = c->row > 0 ? c->row : row_of_code(d->contract, c->code);
    append(d, c);
}

/* ---- expectations ---- */

void expect_success(ac_step *step, bool fields)
{
    step->expect.kind = AC_EXPECT_SUCCESS;
    step->expect.fields = fields;
}

void expect_errors(const deriver *d, ac_step *step, const ac_error_spec *const *specs, size_t count,
                   ac_certainty certainty)
{
    step->expect.kind = AC_EXPECT_ERROR;
    step->expect.certainty = certainty;
    step->expect.errors = ac_arena_copy(d->arena, specs, count * sizeof *specs);
    step->expect.error_count = count;
}

void expect_spec(const deriver *d, ac_step *step, const ac_error_spec *spec, ac_certainty certainty)
{
    expect_errors(d, step, &spec, 1, certainty);
}

bool expect_when(const deriver *d, ac_step *step, ac_when when, ac_certainty certainty)
{
    const ac_error_spec *specs[16];
    size_t count = 0;
    while (count < AC_COUNT(specs) && (specs[count] = ac_contract_when(d->contract, when, count)) != NULL) {
        count++;
    }
    expect_errors(d, step, specs, count, certainty);
    return count > 0;
}

void expect_rule(const deriver *d, ac_step *step, ac_str code, ac_certainty certainty, ac_when when)
{
    if (!code.p) {
        expect_when(d, step, when, certainty);
        return;
    }
    const ac_error_spec *specs[16];
    size_t count = 0;
    for (size_t i = 0; i < d->contract->spec_count && count < AC_COUNT(specs); i++) {
        if (ac_str_eq(d->contract->specs[i].code, code)) {
            specs[count++] = &d->contract->specs[i];
        }
    }
    expect_errors(d, step, specs, count, certainty);
}

void expect_value(const deriver *d, ac_step *step, ac_str pointer, const ac_json *value)
{
    ac_matcher *matcher = AC_NEW(d->arena, ac_matcher);
    *matcher = (ac_matcher){.pointer = pointer, .equals = value, .length = -1};
    step->expect.body.items = matcher;
    step->expect.body.count = 1;
}
