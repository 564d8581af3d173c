/* The mock serves every contract of the corpus: its smallest and its largest request, each row of its errors,
 * and the life of what it creates. */
#include "case/vars.h"
#include "mock_calls.h"
#include "wire/wire.h"

#include <check.h>

/* One operation called by an account of its own. */
typedef struct caller {
    mock_test *test;
    const ac_contract *contract;
    const ac_json *world; /* variables that the mock answered */
    ac_str id;            /* ${id} */
} caller;

static ac_str look_up(void *context, ac_arena *arena, ac_str name)
{
    const caller *c = context;
    int64_t index = 0;
    const ac_json *known = ac_json_get(c->world, name);
    const ac_variable *variable = ac_contract_variable(c->contract, name, &index);
    if (known) {
        return known->text;
    }
    if (ac_str_is(name, "id")) {
        return c->id;
    }
    if (ac_str_is(name, "unique") || ac_str_is(name, "token")) {
        return ac_str_printf(arena, "x%u", c->test->calls++);
    }
    return variable ? ac_vars_expand_text(arena, variable->defaults.items[index - 1], look_up, context, NULL)
                    : (ac_str){NULL, 0};
}

static caller enter(mock_test *t, const ac_contract *contract)
{
    t->key = ac_str_printf(t->arena, "AKACCORD%u", t->calls++);
    mock_reply reply = mock_state(t, "setup", "world", ac_str_z(t->arena, contract->operation), "{}");
    ck_assert_status(reply, 200);
    return (caller){.test = t, .contract = contract, .world = ac_json_get_c(reply.body, "variables")};
}

static mock_reply call(const caller *c, const ac_contract *contract, const ac_json *params, ac_str method)
{
    mock_test *t = c->test;
    ac_err err = {0};
    ac_str missing = {NULL, 0};
    ac_request request = {0};
    ac_sign_stages stages;
    ac_call input = {.contract = contract,
                     .params = ac_vars_expand(t->arena, params, look_up, (void *)(uintptr_t)c, &missing),
                     .method = method,
                     .signer = ac_signer_find(contract->style->signers.items[0]),
                     .credentials = {.access_key_id = t->key, .access_key_secret = ac_secret_of(t->secret)},
                     .host = AC_STR("mock.example"),
                     .region = AC_STR("north"),
                     .now_ms = (int64_t)MOCK_NOW_S * 1000,
                     .nonce = ac_str_printf(t->arena, "n%u", t->calls++)};
    ck_assert_msg(!missing.p, "%.*s: no ${%.*s}", AC_STR_FMT(contract->operation), AC_STR_FMT(missing));
    ck_assert_msg(ac_wire_build(t->arena, &input, &request, &stages, &err), "%s", err.text);
    return mock_send(t, &request);
}

#define ck_assert_served(reply, contract, expected)                                                          \
    ck_assert_msg((reply).status == (int)(expected), "%.*s: %d %.*s", AC_STR_FMT((contract)->operation),     \
                  (reply).status, AC_STR_FMT((reply).text))

/* Every field that is always there, outside of lists, is there. */
static void check_fields(const ac_contract *contract, const mock_reply *reply)
{
    const ac_response_fields *fields = &contract->response.fields;
    for (size_t i = 0; i < fields->count; i++) {
        const ac_response_field *field = &fields->items[i];
        bool echo = field->value && field->value->kind == AC_VALUE_PARAM;
        bool listed = ac_str_find_char(field->pointer, '*') != AC_NOT_FOUND;
        ck_assert_msg(echo || listed || field->presence != 0 || ac_json_at(reply->body, field->pointer),
                      "%.*s: no %.*s: %.*s", AC_STR_FMT(contract->operation), AC_STR_FMT(field->pointer),
                      AC_STR_FMT(reply->text));
    }
}

START_TEST(every_operation_serves_its_requests_by_every_method)
{
    ac_mock_options options = mock_options();
    mock_test t = mock_open_with("cases", &options);
    for (size_t i = 0; i < t.corpus->contract_count; i++) {
        const ac_contract *contract = t.corpus->contracts[i];
        const ac_json *requests[] = {contract->requests.minimal, contract->requests.full};
        for (size_t k = 0; k < contract->methods.count * 2; k++) {
            caller c = enter(&t, contract);
            const ac_json *request = requests[k % 2];
            if (request) {
                mock_reply reply = call(&c, contract, request, contract->methods.items[k / 2]);
                ck_assert_served(reply, contract, contract->response.status);
                check_fields(contract, &reply);
            }
        }
    }
    mock_close(&t);
}
END_TEST

START_TEST(every_row_of_every_error_table_can_be_asked_for)
{
    ac_mock_options options = mock_options();
    mock_test t = mock_open_with("cases", &options);
    size_t rows = 0;
    for (size_t i = 0; i < t.corpus->contract_count; i++) {
        const ac_contract *contract = t.corpus->contracts[i];
        caller c = enter(&t, contract);
        for (size_t k = 0; k < contract->errors.count; k++, rows++) {
            const ac_error_row *row = &contract->errors.items[k];
            ac_str state = ac_str_printf(t.arena, "error:%.*s", AC_STR_FMT(row->code));
            ac_str params = ac_str_printf(t.arena, "{\"row\":%zu}", k + 1);
            ck_assert_status(
                mock_state(&t, "setup", state.p, ac_str_z(t.arena, contract->operation), params.p), 200);
            mock_reply reply = call(&c, contract, contract->requests.minimal, (ac_str){NULL, 0});
            ck_assert_served(reply, contract, row->status);
            ac_str code = ac_json_text(ac_json_at(reply.body, contract->style->error.code));
            ac_str message = ac_json_text(ac_json_at(reply.body, contract->style->error.message));
            ck_assert_msg(ac_template_match(row->code, NULL, 0, code), "%.*s", AC_STR_FMT(reply.text));
            ck_assert_msg(row->message.n == 0 || ac_template_match(row->message, row->placeholders.items,
                                                                   row->placeholders.count, message),
                          "%.*s", AC_STR_FMT(reply.text));
        }
    }
    ck_assert_uint_gt(rows, 100);
    mock_close(&t);
}
END_TEST

/* The element of a list, or the answer itself. */
static const ac_json *read_state(const ac_contract *contract, const mock_reply *reply)
{
    const ac_operation_ref *read = contract->behaviour.read;
    const ac_json *at = read->items.n > 0 ? ac_json_at(reply->body, read->items) : reply->body;
    const ac_json *item = read->items.n > 0 && at && at->count > 0 ? &at->items[0] : at;
    return ac_json_at(item, contract->states->pointer);
}

static void live(mock_test *t, const ac_contract *contract)
{
    const ac_behaviour *behaviour = &contract->behaviour;
    caller c = enter(t, contract);
    mock_reply made = call(&c, contract, contract->requests.minimal, (ac_str){NULL, 0});
    c.id = ac_json_text(ac_json_at(made.body, behaviour->id_pointer));
    ck_assert_msg(ac_str_starts(c.id, behaviour->id_prefix), "%.*s", AC_STR_FMT(made.text));
    mock_reply reply = call(&c, behaviour->read->contract, behaviour->read->params, (ac_str){NULL, 0});
    ck_assert_served(reply, behaviour->read->contract, 200);
    if (contract->states) {
        ck_assert_ac_str(ac_json_text(read_state(contract, &reply)),
                         ac_str_z(t->arena, contract->states->done.items[0]));
    }
    reply = call(&c, behaviour->list->contract, behaviour->list->params, (ac_str){NULL, 0});
    const ac_json *items = ac_json_at(reply.body, behaviour->list->items);
    ck_assert_msg(items && items->count > 0, "%.*s", AC_STR_FMT(reply.text));
    ck_assert_msg(ac_str_eq(ac_json_text(ac_json_at(&items->items[0], behaviour->list->id)), c.id), "%.*s",
                  AC_STR_FMT(reply.text));
    reply = call(&c, behaviour->delete->contract, behaviour->delete->params, (ac_str){NULL, 0});
    ck_assert_served(reply, behaviour->delete->contract, 200);
    if (behaviour->gone.p) {
        reply = call(&c, behaviour->read->contract, behaviour->read->params, (ac_str){NULL, 0});
        ck_assert_ac_str(ac_json_text(ac_json_at(reply.body, contract->style->error.code)),
                         ac_str_z(t->arena, behaviour->gone));
    }
}

START_TEST(what_an_operation_creates_can_be_read_listed_and_deleted)
{
    ac_mock_options options = mock_options();
    options.transition_ms = 0;
    mock_test t = mock_open_with("cases", &options);
    size_t lives = 0;
    for (size_t i = 0; i < t.corpus->contract_count; i++) {
        const ac_behaviour *behaviour = &t.corpus->contracts[i]->behaviour;
        if (behaviour->kind == AC_BEHAVIOUR_CREATE && behaviour->read && behaviour->list &&
            behaviour->delete) {
            live(&t, t.corpus->contracts[i]);
            lives++;
        }
    }
    ck_assert_uint_gt(lives, 3);
    mock_close(&t);
}
END_TEST

AC_TEST_MAIN("mock_corpus", every_operation_serves_its_requests_by_every_method,
             every_row_of_every_error_table_can_be_asked_for,
             what_an_operation_creates_can_be_read_listed_and_deleted)
