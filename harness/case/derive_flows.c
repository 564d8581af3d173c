/* Cases about an operation as a whole: success, methods, life cycle, idempotency, dry run, signatures, and every
 * row of the error table. */
#include <stdio.h>

#include "case/draft.h"

enum { POLL_DEADLINE_MS = 60000 };

static const ac_json *minimal_of(const deriver *d)
{
    return d->contract->requests.minimal;
}

static ac_str say(const deriver *d, const char *what)
{
    return ac_str_printf(d->arena, "%.*s %s", AC_STR_FMT(d->contract->action), what);
}

static ac_strs status_cite(const deriver *d)
{
    return answer_cite(d->contract);
}

/* ---- success ---- */

static void succeeds(const deriver *d, const char *name, const ac_json *request, ac_str method)
{
    case_draft draft;
    ac_str title = method.p ? ac_str_printf(d->arena, "%.*s answers as documented (%s request, %.*s)",
                                            AC_STR_FMT(d->contract->action), name, AC_STR_FMT(method))
                            : ac_str_printf(d->arena, "%.*s answers as documented (%s request)",
                                            AC_STR_FMT(d->contract->action), name);
    ac_str path = method.p ? ac_str_printf(d->arena, "success/%s/%.*s", name, AC_STR_FMT(method))
                           : ac_str_printf(d->arena, "success/%s", name);
    draft_init(&draft, d, path, title, status_cite(d));
    draft_prepare(&draft, request);
    ac_step *step = draft_call(&draft, "", request);
    step->method = method;
    expect_success(step, true);
    draft_done(&draft);
}

static void derive_success(const deriver *d)
{
    const ac_requests *requests = &d->contract->requests;
    bool several = d->contract->methods.count > 1;
    for (size_t i = 0; i < d->contract->methods.count; i++) {
        ac_str method = several ? d->contract->methods.items[i] : (ac_str){NULL, 0};
        succeeds(d, "minimal", requests->minimal, method);
        if (requests->full) {
            succeeds(d, "full", requests->full, method);
        }
    }
}

/* What was made with every parameter is read back with every member. */
static void derive_rich_read(const deriver *d)
{
    bool reads =
        d->contract->behaviour.kind == AC_BEHAVIOUR_READ || d->contract->behaviour.kind == AC_BEHAVIOUR_LIST;
    if (!reads || !d->creator || !d->creator->requests.full) {
        return;
    }
    case_draft draft;
    draft_init(&draft, d, AC_STR("success/of-full"), say(d, "shows what was made with every parameter"),
               status_cite(d));
    ac_str variable = d->created_variable.n > 0 ? d->created_variable : AC_STR("made");
    draft_create(&draft, variable, d->creator->requests.full);
    expect_success(draft_call(&draft, "", minimal_of(d)), true);
    draft_done(&draft);
}

static void derive_unknown_parameter(const deriver *d)
{
    case_draft draft;
    draft_init(&draft, d, AC_STR("unknown-parameter/ignored"),
               say(d, "ignores a parameter that is not documented"), status_cite(d));
    const ac_json *request = ac_json_set(d->arena, minimal_of(d), AC_STR("AccordUndocumented"),
                                         ac_json_string(d->arena, AC_STR("1")));
    draft_prepare(&draft, request);
    ac_step *step = draft_call(&draft, "", request);
    expect_success(step, false);
    step->expect.certainty = AC_SHOULD;
    draft_done(&draft);
}

/* ---- life cycle ---- */

static ac_strs joined(const deriver *d, const ac_strs *lists, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += lists[i].count;
    }
    ac_strs all = {AC_NEW_ARRAY(d->arena, total, ac_str), 0};
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < lists[i].count; k++) {
            all.items[all.count++] = lists[i].items[k];
        }
    }
    return all;
}

/* Where the state stands in the answer of the read: below the element, where that is a list. */
static ac_str state_pointer(const deriver *d, const ac_operation_ref *read, const ac_states *states)
{
    return read->items.n > 0
               ? ac_str_printf(d->arena, "%.*s/0%.*s", AC_STR_FMT(read->items), AC_STR_FMT(states->pointer))
               : states->pointer;
}

static void add_poll(const deriver *d, case_draft *draft)
{
    const ac_states *states = d->contract->states;
    const ac_operation_ref *read = d->contract->behaviour.read;
    ac_step *step = draft_call_ref(draft, "wait", read);
    ac_poll *poll = AC_NEW(d->arena, ac_poll);
    *poll = (ac_poll){
        .pointer = state_pointer(d, read, states),
        .until = states->done,
        .failed = states->failed,
        .order = states->order,
        .known = joined(d, (ac_strs[]){states->order, states->done, states->failed, states->others}, 4),
        .deadline_ms = POLL_DEADLINE_MS,
        .cite = states->cite};
    step->poll = poll;
}

/* A thing that has reached its last state stays there. */
static void add_stays(const deriver *d, case_draft *draft)
{
    const ac_states *states = d->contract->states;
    const ac_operation_ref *read = d->contract->behaviour.read;
    const ac_json **done = AC_NEW_ARRAY(d->arena, states->done.count, const ac_json *);
    for (size_t i = 0; i < states->done.count; i++) {
        done[i] = ac_json_string(d->arena, states->done.items[i]);
    }
    ac_step *step = draft_call_ref(draft, "stays", read);
    expect_value(d, step, state_pointer(d, read, states), NULL);
    step->expect.body.items->one_of = ac_json_array(d->arena, done, states->done.count);
}

static void add_read(const deriver *d, case_draft *draft)
{
    const ac_operation_ref *read = d->contract->behaviour.read;
    ac_step *step = draft_call_ref(draft, "read", read);
    step->expect.fields = true;
    if (read->id.n > 0 && read->items.n > 0) {
        ac_str pointer = ac_str_printf(d->arena, "%.*s/0%.*s", AC_STR_FMT(read->items), AC_STR_FMT(read->id));
        expect_value(d, step, pointer, ac_json_string(d->arena, AC_STR("${id}")));
    }
}

static void add_list(const deriver *d, case_draft *draft)
{
    const ac_operation_ref *list = d->contract->behaviour.list;
    if (!list || list->items.n == 0 || list->id.n == 0) {
        return;
    }
    ac_step *step = draft_call_ref(draft, "list", list);
    ac_matcher *matcher = AC_NEW(d->arena, ac_matcher);
    ac_str key = ac_str_sub(list->id, 1, list->id.n);
    const ac_json *element = ac_json_set(d->arena, NULL, key, ac_json_string(d->arena, AC_STR("${id}")));
    *matcher = (ac_matcher){.pointer = list->items, .contains = element, .length = -1};
    step->expect.body.items = matcher;
    step->expect.body.count = 1;
}

/* Where things are read from a list, deleted means that the list lacks them. */
static void add_gone_from_list(const deriver *d, case_draft *draft)
{
    const ac_operation_ref *read = d->contract->behaviour.read;
    ac_step *step = draft_call_ref(draft, "gone", read);
    ac_poll *poll = AC_NEW(d->arena, ac_poll);
    *poll = (ac_poll){.until_gone = true,
                      .gone_items = read->items,
                      .gone_key = read->id,
                      .deadline_ms = POLL_DEADLINE_MS,
                      .cite = step->expect.cite};
    step->poll = poll;
}

static void add_gone(const deriver *d, case_draft *draft)
{
    const ac_behaviour *behaviour = &d->contract->behaviour;
    if (behaviour->read->items.n > 0) {
        add_gone_from_list(d, draft);
        return;
    }
    if (behaviour->gone.n == 0) {
        return;
    }
    ac_step *step = draft_call_ref(draft, "gone", behaviour->read);
    const deriver reader = {.arena = d->arena, .contract = behaviour->read->contract};
    const ac_error_spec *spec = ac_contract_error(reader.contract, behaviour->gone);
    ac_source_kind kind = spec ? ac_cite_kind(reader.contract, spec->cite) : AC_SOURCE_INFERENCE;
    expect_rule(&reader, step, behaviour->gone, kind == AC_SOURCE_INFERENCE ? AC_SHOULD : AC_MUST,
                AC_WHEN_UNSET);
    ac_poll *poll = AC_NEW(d->arena, ac_poll);
    *poll = (ac_poll){.until_gone = true, .deadline_ms = POLL_DEADLINE_MS, .cite = step->expect.cite};
    step->poll = poll;
}

static void derive_life_cycle(const deriver *d)
{
    const ac_behaviour *behaviour = &d->contract->behaviour;
    if (behaviour->kind != AC_BEHAVIOUR_CREATE || !behaviour->read) {
        return;
    }
    case_draft draft;
    ac_strs cite = d->contract->states ? d->contract->states->cite : status_cite(d);
    draft_init(&draft, d, AC_STR("life-cycle/create-read-delete"),
               say(d, "makes something that can be read, listed and deleted"), cite);
    expect_success(draft_call(&draft, "create", minimal_of(d)), true);
    if (d->contract->states) {
        add_poll(d, &draft);
        add_stays(d, &draft);
    }
    add_read(d, &draft);
    add_list(d, &draft);
    if (behaviour->delete) {
        draft_call_ref(&draft, "delete", behaviour->delete);
        add_gone(d, &draft);
    }
    draft_done(&draft);
}

/* ---- further life-cycle cases ---- */

static bool has_life(const deriver *d)
{
    const ac_behaviour *b = &d->contract->behaviour;
    return b->kind == AC_BEHAVIOUR_CREATE && b->read && b->delete &&b->delete->contract;
}

static void derive_read_at_once(const deriver *d)
{
    case_draft draft;
    draft_init(&draft, d, AC_STR("life-cycle/read-at-once"),
               say(d, "makes something that can be read at once"), status_cite(d));
    expect_success(draft_call(&draft, "create", minimal_of(d)), false);
    ac_step *step = draft_call_ref(&draft, "read", d->contract->behaviour.read);
    step->expect.certainty = AC_SHOULD;
    draft_done(&draft);
}

/* Nothing documents what deleting a thing in the making does: the answer is shown, not judged. */
static void derive_delete_at_once(const deriver *d)
{
    case_draft draft;
    draft_init(&draft, d, AC_STR("life-cycle/delete-at-once"),
               say(d, "makes something that is deleted at once (observed)"), status_cite(d));
    expect_success(draft_call(&draft, "create", minimal_of(d)), false);
    ac_step *step = draft_call_ref(&draft, "delete", d->contract->behaviour.delete);
    step->expect.certainty = AC_MAY;
    draft_done(&draft);
}

static void derive_created_twice(const deriver *d)
{
    case_draft draft;
    draft_init(&draft, d, AC_STR("life-cycle/create-twice"), say(d, "twice with the same request (observed)"),
               status_cite(d));
    expect_success(draft_call(&draft, "first", minimal_of(d)), false);
    ac_step *second = draft_call(&draft, "second", minimal_of(d));
    expect_success(second, false);
    second->expect.certainty = AC_MAY;
    draft_done(&draft);
}

static void derive_deleted_twice(const deriver *d)
{
    const ac_operation_ref *delete = d->contract->behaviour.delete;
    ac_str code = delete->contract->behaviour.not_found;
    if (code.n == 0) {
        return;
    }
    case_draft draft;
    const deriver remover = {.arena = d->arena, .contract = delete->contract};
    const ac_error_spec *spec = ac_contract_error(delete->contract, code);
    draft_init(&draft, d, AC_STR("life-cycle/delete-twice"),
               say(d, "makes something that can be deleted once"), spec->cite);
    expect_success(draft_call(&draft, "create", minimal_of(d)), false);
    if (d->contract->states) {
        add_poll(d, &draft);
    }
    draft_call_ref(&draft, "delete", delete);
    add_gone(d, &draft);
    ac_step *again = draft_call_ref(&draft, "again", delete);
    ac_source_kind kind = ac_cite_kind(delete->contract, spec->cite);
    expect_rule(&remover, again, code, kind == AC_SOURCE_DOCUMENTATION ? AC_MUST : AC_SHOULD, AC_WHEN_UNSET);
    draft_done(&draft);
}

static void derive_life_cycle_pack(const deriver *d)
{
    if (has_life(d)) {
        derive_read_at_once(d);
        derive_delete_at_once(d);
        derive_created_twice(d);
        derive_deleted_twice(d);
    }
}

/* ---- pages of a list ---- */

static const ac_json *page_of(const deriver *d, const ac_json *request, const char *second)
{
    const ac_paging *paging = d->contract->behaviour.paging;
    const ac_json *sized = ac_json_set(d->arena, request, paging->size, ac_json_integer(d->arena, 2));
    if (!second) {
        return sized;
    }
    return paging->token.n > 0
               ? ac_json_set(d->arena, sized, paging->token, ac_json_string(d->arena, ac_str_c(second)))
               : ac_json_set(d->arena, sized, paging->number, ac_json_integer(d->arena, 2));
}

static void derive_pages(const deriver *d)
{
    const ac_behaviour *b = &d->contract->behaviour;
    const ac_contract *creator = d->creator;
    bool pages = b->kind == AC_BEHAVIOUR_LIST && b->paging && b->items.n > 0;
    const ac_parameter *size = pages ? ac_contract_parameter(d->contract, b->paging->size) : NULL;
    if (!size || !creator) {
        return;
    }
    case_draft draft;
    draft_init(&draft, d, AC_STR("paging/two-a-page"), say(d, "gives pages of the size asked for"),
               size->cite);
    for (int i = 0; i < 3; i++) {
        draft_create(&draft, ac_str_printf(d->arena, "made_%d", i + 1), creator->requests.minimal);
    }
    ac_step *first = draft_call(&draft, "first page", page_of(d, minimal_of(d), NULL));
    expect_success(first, true);
    first->expect.certainty = AC_SHOULD;
    expect_value(d, first, b->items, NULL);
    first->expect.body.items->length = 2;
    if (b->paging->token.n > 0) {
        ac_capture *capture = AC_NEW(d->arena, ac_capture);
        *capture =
            (ac_capture){AC_STR("next"), ac_str_printf(d->arena, "/%.*s", AC_STR_FMT(b->paging->token))};
        first->captures.items = capture;
        first->captures.count = 1;
    }
    ac_step *second = draft_call(&draft, "second page", page_of(d, minimal_of(d), "${next}"));
    expect_success(second, false);
    second->expect.certainty = AC_SHOULD;
    draft_done(&draft);
}

/* ---- idempotency ---- */

static const ac_json *with_token(const deriver *d, const ac_json *request, const char *token)
{
    const ac_json *value = ac_json_string(d->arena, ac_str_c(token));
    return ac_json_set(d->arena, request, d->contract->idempotency->parameter, value);
}

/* Whether the parameter takes any text: a name or a description. */
static bool takes_text(const ac_parameter *p)
{
    bool plain = ac_parameter_is_sendable(p) && p->type == AC_TYPE_STRING && p->role == AC_ROLE_NONE &&
                 p->in != AC_IN_PATH && ac_parameter_array(p).n == 0 && !has_constraint(p, AC_REFERENCE) &&
                 !has_constraint(p, AC_FORMAT);
    bool named = ac_str_find(p->name, AC_STR("Description")) != AC_NOT_FOUND || ac_str_is(p->name, "Name") ||
                 ac_str_is(p->name, "EndpointName");
    return plain && named && text_keeps_others(p, NULL, AC_STR("another-one"));
}

/* The request with another value in one optional parameter, so that it is another request. */
static const ac_json *other_request(const deriver *d, const ac_json *request)
{
    for (size_t i = 0; i < d->contract->parameters.count; i++) {
        const ac_parameter *p = &d->contract->parameters.items[i];
        if (takes_text(p)) {
            return with_param(d, request, p->name, 0, ac_json_string(d->arena, AC_STR("another-one")));
        }
    }
    const ac_json *zone = ac_json_get_c(request, "zoneId");
    return zone
               ? with_param(d, request, AC_STR("zoneId"), 0, ac_json_string(d->arena, AC_STR("${zone_id_2}")))
               : NULL;
}

static void derive_replay(const deriver *d)
{
    case_draft draft;
    const ac_json *request = with_token(d, minimal_of(d), "${token}");
    draft_init(&draft, d, AC_STR("idempotency/replay"),
               say(d, "with the same token and request makes one thing only"),
               d->contract->idempotency->cite);
    expect_success(draft_call(&draft, "first", request), true);
    ac_step *second = draft_call(&draft, "second", request);
    expect_success(second, true);
    expect_value(d, second, d->contract->behaviour.id_pointer, ac_json_string(d->arena, AC_STR("${id}")));
    draft_done(&draft);
}

static void derive_without_token(const deriver *d)
{
    case_draft draft;
    draft_init(&draft, d, AC_STR("idempotency/other-token"), say(d, "with another token makes another thing"),
               d->contract->idempotency->cite);
    expect_success(draft_call(&draft, "first", with_token(d, minimal_of(d), "${token}")), false);
    ac_step *second = draft_call(&draft, "second", with_token(d, minimal_of(d), "${unique}"));
    expect_success(second, false);
    second->expect.certainty = AC_SHOULD;
    expect_value(d, second, d->contract->behaviour.id_pointer, NULL);
    second->expect.body.items->not_equal = ac_json_string(d->arena, AC_STR("${id}"));
    draft_done(&draft);
}

static void derive_mismatch(const deriver *d)
{
    const ac_idempotency *token = d->contract->idempotency;
    const ac_json *request = with_token(d, minimal_of(d), "${token}");
    const ac_json *other = other_request(d, request);
    if (!other || (!token->mismatch && !ac_contract_when(d->contract, AC_WHEN_IDEMPOTENCY_MISMATCH, 0))) {
        return;
    }
    case_draft draft;
    ac_str code = token->mismatch ? token->mismatch->error : (ac_str){NULL, 0};
    draft_init(&draft, d, AC_STR("idempotency/mismatch"),
               say(d, "refuses a token that another request has used"),
               token->mismatch ? token->mismatch->cite : token->cite);
    expect_success(draft_call(&draft, "first", request), false);
    ac_step *second = draft_call(&draft, "other request", other);
    expect_rule(d, second, code, token->mismatch ? (ac_certainty)token->mismatch->certainty : AC_SHOULD,
                AC_WHEN_IDEMPOTENCY_MISMATCH);
    draft.c.code = code;
    draft_done(&draft);
}

static void derive_token_case(const deriver *d)
{
    case_draft draft;
    draft_init(&draft, d, AC_STR("idempotency/letter-case"), say(d, "tells tokens that differ in case apart"),
               d->contract->idempotency->cite);
    expect_success(draft_call(&draft, "lower case", with_token(d, minimal_of(d), "a${token}")), false);
    ac_step *second = draft_call(&draft, "upper case", with_token(d, minimal_of(d), "A${token_upper}"));
    expect_success(second, false);
    second->expect.certainty = AC_SHOULD;
    expect_value(d, second, d->contract->behaviour.id_pointer, NULL);
    second->expect.body.items->not_equal = ac_json_string(d->arena, AC_STR("${id}"));
    draft_done(&draft);
}

static void derive_token_of_other_account(const deriver *d)
{
    case_draft draft;
    const ac_json *request = with_token(d, minimal_of(d), "${token}");
    draft_init(&draft, d, AC_STR("idempotency/other-account"),
               say(d, "keeps the tokens of two accounts apart"), d->contract->idempotency->cite);
    expect_success(draft_call(&draft, "own", request), false);
    ac_step *second = draft_call(&draft, "other account", with_other_fixtures(d, request));
    draft_other_account(&draft, second);
    expect_success(second, false);
    second->expect.certainty = AC_SHOULD;
    expect_value(d, second, d->contract->behaviour.id_pointer, NULL);
    second->expect.body.items->not_equal = ac_json_string(d->arena, AC_STR("${id}"));
    draft_done(&draft);
}

/* Two at once: one thing. The second may get its id, or be told that the first is still in process. */
static void derive_token_race(const deriver *d)
{
    case_draft draft;
    const ac_json *request = with_token(d, minimal_of(d), "${token}");
    draft_init(&draft, d, AC_STR("idempotency/concurrent"),
               say(d, "twice at once with one token makes one thing only"), d->contract->idempotency->cite);
    draft_call(&draft, "one", request)->expect.kind = AC_EXPECT_ANY;
    ac_step *second = draft_call(&draft, "the other", request);
    second->expect.kind = AC_EXPECT_ANY;
    expect_value(d, second, d->contract->behaviour.id_pointer, ac_json_string(d->arena, AC_STR("${id}")));
    second->expect.body.items->if_present = true;
    draft_beside(&draft);
    draft_done(&draft);
}

static void derive_token_after_delete(const deriver *d)
{
    const ac_operation_ref *delete = d->contract->behaviour.delete;
    if (!delete) {
        return;
    }
    case_draft draft;
    const ac_json *request = with_token(d, minimal_of(d), "${token}");
    draft_init(&draft, d, AC_STR("idempotency/after-delete"),
               say(d, "answers a used token after deletion (observed)"), d->contract->idempotency->cite);
    expect_success(draft_call(&draft, "first", request), false);
    draft_call_ref(&draft, "delete", delete);
    ac_step *again = draft_call(&draft, "again", request);
    again->expect.kind = AC_EXPECT_ANY;
    again->expect.certainty = AC_MAY;
    draft_done(&draft);
}

static void derive_idempotency(const deriver *d)
{
    bool creates =
        d->contract->behaviour.kind == AC_BEHAVIOUR_CREATE && d->contract->behaviour.id_pointer.n > 0;
    if (d->contract->idempotency && creates) {
        derive_replay(d);
        derive_without_token(d);
        derive_mismatch(d);
        derive_token_case(d);
        derive_token_of_other_account(d);
        derive_token_race(d);
        derive_token_after_delete(d);
    }
}

/* ---- dry run ---- */

static const ac_json *as_dry_run(const deriver *d, const ac_json *request)
{
    return ac_json_set(d->arena, request, d->contract->dry_run->parameter, ac_json_bool(true));
}

/* A dry run that passes: as documented, or (nothing documented) any well-formed answer. */
static void expect_dry_run(const deriver *d, ac_step *step)
{
    const ac_rule_error *passed = d->contract->dry_run->passed;
    if (passed) {
        expect_rule(d, step, passed->error, (ac_certainty)passed->certainty, AC_WHEN_DRY_RUN_PASSED);
    } else if (!expect_when(d, step, AC_WHEN_DRY_RUN_PASSED, AC_SHOULD)) {
        step->expect.kind = AC_EXPECT_ANY;
    }
}

static void derive_dry_run(const deriver *d)
{
    if (!d->contract->dry_run) {
        return;
    }
    case_draft draft;
    const ac_json *request = as_dry_run(d, minimal_of(d));
    draft_init(&draft, d, AC_STR("dry-run/passes"),
               say(d, "as a dry run says that it would work, and does nothing"), d->contract->dry_run->cite);
    draft_prepare(&draft, request);
    expect_dry_run(d, draft_call(&draft, "dry run", request));
    draft_done(&draft);
}

/* The list without the filter for one id. */
static const ac_json *unfiltered(const deriver *d, const ac_json *params)
{
    const ac_json *result = params;
    for (size_t i = 0; i < params->count; i++) {
        const ac_json *value = &params->items[i];
        bool by_id = ac_str_is(ac_json_text(value), "${id}") ||
                     (value->count > 0 && ac_str_is(ac_json_text(&value->items[0]), "${id}"));
        result = by_id ? ac_json_set(d->arena, result, value->key, NULL) : result;
    }
    return result;
}

static ac_step *list_all(const deriver *d, case_draft *draft, const char *name)
{
    const ac_operation_ref *list = d->contract->behaviour.list;
    ac_step *step = draft_call_ref(draft, name, list);
    step->params = unfiltered(d, list->params);
    return step;
}

static void derive_dry_run_effect(const deriver *d)
{
    bool creates =
        d->contract->behaviour.kind == AC_BEHAVIOUR_CREATE && d->contract->behaviour.id_pointer.n > 0;
    const ac_operation_ref *list = d->contract->behaviour.list;
    if (!d->contract->dry_run || !creates || !list || list->items.n == 0) {
        return;
    }
    case_draft draft;
    draft_init(&draft, d, AC_STR("dry-run/creates-nothing"),
               say(d, "as a dry run makes nothing that is listed"), d->contract->dry_run->cite);
    ac_step *before = list_all(d, &draft, "before");
    ac_capture *capture = AC_NEW(d->arena, ac_capture);
    *capture = (ac_capture){AC_STR("count"), ac_str_printf(d->arena, "%.*s/#", AC_STR_FMT(list->items))};
    before->captures.items = capture;
    before->captures.count = 1;
    expect_dry_run(d, draft_call(&draft, "dry run", as_dry_run(d, minimal_of(d))));
    ac_step *after = list_all(d, &draft, "after");
    expect_value(d, after, list->items, NULL);
    after->expect.body.items->length_text = AC_STR("${count}");
    draft_done(&draft);
}

/* ---- signatures and addressing ---- */

typedef struct tampering {
    ac_tamper tamper;
    const char *name;
    ac_when when;
    ac_certainty certainty;
    const char *title;
} tampering;

static const tampering signature_cases[] = {
    {AC_TAMPER_WRONG_KEY, "wrong-key", AC_WHEN_BAD_SIGNATURE, AC_MUST,
     "refuses a signature by another secret"},
    {AC_TAMPER_ALTERED, "altered", AC_WHEN_BAD_SIGNATURE, AC_MUST, "refuses a request altered after signing"},
    {AC_TAMPER_UNKNOWN_KEY, "unknown-key", AC_WHEN_UNKNOWN_ACCESS_KEY, AC_MUST,
     "refuses an access key that does not exist"},
    {AC_TAMPER_NO_KEY, "no-key", AC_WHEN_MISSING_ACCESS_KEY, AC_SHOULD,
     "refuses a request without an access key id"},
    {AC_TAMPER_NO_SIGNATURE, "no-signature", AC_WHEN_MISSING_SIGNATURE, AC_SHOULD,
     "refuses a request without a signature"},
    {AC_TAMPER_CLOCK_BEHIND, "clock-behind", AC_WHEN_EXPIRED_TIMESTAMP, AC_MUST,
     "refuses a request signed an hour ago"},
    {AC_TAMPER_CLOCK_AHEAD, "clock-ahead", AC_WHEN_EXPIRED_TIMESTAMP, AC_SHOULD,
     "refuses a request signed an hour ahead"},
    {AC_TAMPER_BAD_DATE, "bad-date", AC_WHEN_MALFORMED_TIMESTAMP, AC_SHOULD, "refuses a date that is none"},
};

static const tampering addressing_cases[] = {
    {AC_TAMPER_NO_ACTION, "no-action", AC_WHEN_MISSING_ACTION, AC_SHOULD, "is not found without an action"},
    {AC_TAMPER_NO_VERSION, "no-version", AC_WHEN_MISSING_VERSION, AC_SHOULD,
     "is not found without a version"},
    {AC_TAMPER_OTHER_ACTION, "unknown-action", AC_WHEN_UNKNOWN_ACTION, AC_SHOULD,
     "has no neighbour of an unknown name"},
    {AC_TAMPER_OTHER_VERSION, "unknown-version", AC_WHEN_UNKNOWN_VERSION, AC_SHOULD,
     "does not exist in an unknown version"},
};

/* For these cases a companion needs nothing that exists: they fail before it is looked for. */
static const ac_json *without_fixture(const deriver *d, const ac_json *request)
{
    if (!d->creator || d->created_variable.n == 0) {
        return request;
    }
    ac_str from = ac_str_printf(d->arena, "${%.*s}", AC_STR_FMT(d->created_variable));
    ac_str to = ac_str_printf(d->arena, "${unknown.%.*s}", AC_STR_FMT(d->contract->behaviour.resource));
    const ac_json *result = request;
    for (size_t i = 0; i < request->count; i++) {
        if (ac_str_eq(ac_json_text(&request->items[i]), from)) {
            result = ac_json_set(d->arena, result, request->items[i].key, ac_json_string(d->arena, to));
        }
    }
    return result;
}

static void derive_tampering(const deriver *d, const tampering *t, ac_str signer)
{
    const ac_error_spec *first = ac_contract_when(d->contract, t->when, 0);
    if (!first) {
        return;
    }
    case_draft draft;
    ac_str path = signer.p ? ac_str_printf(d->arena, "signature/%.*s/%s", AC_STR_FMT(signer), t->name)
                           : ac_str_printf(d->arena, "addressing/%s", t->name);
    draft_init(&draft, d, path, say(d, t->title), first->cite);
    ac_step *step = draft_call(&draft, "", without_fixture(d, minimal_of(d)));
    step->tamper = (int)t->tamper;
    step->signer = signer;
    expect_when(d, step, t->when, t->certainty);
    draft.c.code = first->code;
    draft_done(&draft);
}

static void derive_accepted_signer(const deriver *d, ac_str signer)
{
    case_draft draft;
    ac_str path = ac_str_printf(d->arena, "signature/%.*s/accepted", AC_STR_FMT(signer));
    ac_str title = ac_str_printf(d->arena, "%.*s accepts a request signed with %.*s",
                                 AC_STR_FMT(d->contract->action), AC_STR_FMT(signer));
    draft_init(&draft, d, path, title, status_cite(d));
    draft_prepare(&draft, minimal_of(d));
    ac_step *step = draft_call(&draft, "", minimal_of(d));
    step->signer = signer;
    expect_success(step, false);
    draft_done(&draft);
}

/* The same bytes twice: the second time the nonce is used up. */
static void derive_replayed_nonce(const deriver *d, ac_str signer)
{
    const ac_error_spec *first = ac_contract_when(d->contract, AC_WHEN_REPLAYED_NONCE, 0);
    if (!first) {
        return;
    }
    case_draft draft;
    ac_str path = ac_str_printf(d->arena, "signature/%.*s/replayed", AC_STR_FMT(signer));
    draft_init(&draft, d, path, say(d, "refuses the same bytes sent again"), first->cite);
    draft_prepare(&draft, minimal_of(d));
    ac_step *once = draft_call(&draft, "first", minimal_of(d));
    once->signer = signer;
    expect_success(once, false);
    ac_step *again = draft_call(&draft, "again", minimal_of(d));
    again->signer = signer;
    again->tamper = AC_TAMPER_REPLAY;
    expect_when(d, again, AC_WHEN_REPLAYED_NONCE, AC_MUST);
    draft.c.code = first->code;
    draft_done(&draft);
}

static void derive_signatures(const deriver *d)
{
    for (size_t i = 0; i < d->contract->style->signers.count; i++) {
        ac_str signer = d->contract->style->signers.items[i];
        derive_accepted_signer(d, signer);
        derive_replayed_nonce(d, signer);
        for (size_t k = 0; k < AC_COUNT(signature_cases); k++) {
            derive_tampering(d, &signature_cases[k], signer);
        }
    }
}

static void derive_addressing(const deriver *d)
{
    if (d->contract->style->wire == AC_WIRE_ALIBABA_ROA) {
        static const tampering path = {AC_TAMPER_OTHER_ACTION, "unknown-path", AC_WHEN_UNKNOWN_PATH,
                                       AC_SHOULD, "has no neighbour at an unknown path"};
        derive_tampering(d, &path, (ac_str){NULL, 0});
        return;
    }
    for (size_t i = 0; i < AC_COUNT(addressing_cases); i++) {
        derive_tampering(d, &addressing_cases[i], (ac_str){NULL, 0});
    }
}

/* ---- error rows ---- */

static bool row_repeats(const ac_contract *contract, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (ac_str_eq(contract->errors.items[i].code, contract->errors.items[index].code)) {
            return true;
        }
    }
    return false;
}

static void derive_error_row(const deriver *d, size_t index)
{
    const ac_error_row *row = &d->contract->errors.items[index];
    case_draft draft;
    ac_str path = row_repeats(d->contract, index)
                      ? ac_str_printf(d->arena, "error/%.*s/row-%zu", AC_STR_FMT(row->code), index + 1)
                      : ac_str_printf(d->arena, "error/%.*s", AC_STR_FMT(row->code));
    ac_str title =
        ac_str_printf(d->arena, "%.*s answers %lld %.*s in that state", AC_STR_FMT(d->contract->action),
                      (long long)row->status, AC_STR_FMT(row->code));
    draft_init(&draft, d, path, title, row->cite);
    ac_step *step = draft_call(&draft, "", without_fixture(d, minimal_of(d)));
    expect_spec(d, step, &d->contract->specs[index], AC_MUST);
    draft.c.state = ac_str_printf(d->arena, "error:%.*s", AC_STR_FMT(row->code));
    draft.c.row = index + 1;
    draft.c.code = row->code;
    draft_done(&draft);
}

void derive_errors(const deriver *d)
{
    for (size_t i = 0; i < d->contract->errors.count; i++) {
        derive_error_row(d, i);
    }
}

void derive_flows(const deriver *d)
{
    derive_success(d);
    derive_rich_read(d);
    derive_unknown_parameter(d);
    derive_life_cycle(d);
    derive_life_cycle_pack(d);
    derive_pages(d);
    derive_idempotency(d);
    derive_dry_run(d);
    derive_dry_run_effect(d);
    derive_signatures(d);
    derive_addressing(d);
}
