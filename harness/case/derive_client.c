/* Cases for SDK targets alone: what a client says of itself on the wire, how it sends awkward values, and what it
 * makes of answers that no documentation describes. */
#include "case/draft.h"

static const ac_json *minimal_of(const deriver *d)
{
    return d->contract->requests.minimal;
}

static ac_step *begin(case_draft *draft, const deriver *d, const ac_json *request, ac_str path, ac_str title)
{
    draft_init(draft, d, path, title, answer_cite(d->contract));
    draft->c.for_clients = true;
    draft_prepare(draft, request);
    if (d->contract->behaviour.kind == AC_BEHAVIOUR_LIST && d->creator && draft->c.step_count == 0) {
        draft_create(draft, AC_STR("made"), d->creator->requests.minimal); /* or the list would be empty */
    }
    return draft_call(draft, "", request);
}

/* ---- facts ---- */

static void derive_facts(const deriver *d)
{
    case_draft draft;
    ac_str title =
        ac_str_printf(d->arena, "%.*s: what the client sends of itself", AC_STR_FMT(d->contract->action));
    const ac_json *full = d->contract->requests.full;
    ac_step *step = begin(&draft, d, full ? full : minimal_of(d), AC_STR("client/facts"), title);
    step->facts = true;
    expect_success(step, true);
    draft_done(&draft);
}

/* ---- values ---- */

typedef struct awkward {
    const char *name, *title, *text;
} awkward;

static const awkward awkward_texts[] = {
    {"reserved", "reserved characters of URLs", "a/b?c&d=e#f%g+h:i;j@k$l,m[n]"},
    {"marks", "characters that encoders treat in different ways", "!'()*~-_."},
    {"spaces", "spaces", " a  b "},
    {"percent", "what looks like an escape", "%2F%20%25+"},
    {"chinese", "Chinese text", "终端节点"},
    {"emoji", "characters outside the basic plane", "\xF0\x9F\x98\x80"},
    {"quotes", "quotes and backslashes", "\"a\\b'"},
    {"line-break", "a line break", "a\nb"},
};

/* A free text of the operation; its own rules do not matter here, because the answer is the documented one. */
static const ac_parameter *text_parameter(const deriver *d)
{
    const ac_parameter *token = ac_contract_role(d->contract, AC_ROLE_TOKEN);
    for (size_t i = 0; i < d->contract->parameters.count; i++) {
        const ac_parameter *p = &d->contract->parameters.items[i];
        bool plain = ac_parameter_is_sendable(p) && p->type == AC_TYPE_STRING && p->role == AC_ROLE_NONE &&
                     p->in != AC_IN_PATH && p->in != AC_IN_HEADER && !has_constraint(p, AC_REFERENCE) &&
                     !has_constraint(p, AC_ENUM) && ac_str_find_char(p->name, '.') == AC_NOT_FOUND;
        if (plain) {
            return p;
        }
    }
    return token;
}

static void derive_value(const deriver *d, const ac_parameter *parameter, const awkward *value)
{
    case_draft draft;
    ac_str path = ac_str_printf(d->arena, "client/value/%s", value->name);
    ac_str title = ac_str_printf(d->arena, "%.*s: the client sends %s in %.*s as they are",
                                 AC_STR_FMT(d->contract->action), value->title, AC_STR_FMT(parameter->name));
    ac_step *step = begin(&draft, d, minimal_of(d), path, title);
    step->sent =
        with_param(d, minimal_of(d), parameter->name, 0, ac_json_string(d->arena, ac_str_c(value->text)));
    expect_success(step, true);
    draft_done(&draft);
}

static void derive_values(const deriver *d)
{
    const ac_parameter *parameter = text_parameter(d);
    for (size_t i = 0; parameter && i < AC_COUNT(awkward_texts); i++) {
        derive_value(d, parameter, &awkward_texts[i]);
    }
}

/* ---- parameters that the full request leaves out ---- */

/* Whether it could come with the others is no matter here: the answer is that of the full request. */
static void derive_left_out(const deriver *d, const ac_parameter *parameter)
{
    case_draft draft;
    const ac_json *full = d->contract->requests.full;
    const ac_json *value = parameter->example
                               ? parameter->example
                               : typed_value(d, parameter,
                                             parameter->type == AC_TYPE_INTEGER   ? AC_STR("1")
                                             : parameter->type == AC_TYPE_BOOLEAN ? AC_STR("true")
                                                                                  : AC_STR("accord"));
    ac_str path = ac_str_printf(d->arena, "client/parameter/%.*s", AC_STR_FMT(parameter->name));
    ac_str title = ac_str_printf(d->arena, "%.*s: the client sends %.*s", AC_STR_FMT(d->contract->action),
                                 AC_STR_FMT(parameter->name));
    ac_step *step = begin(&draft, d, full, path, title);
    step->sent = with_param(d, full, parameter->name, 0, value);
    expect_success(step, true);
    draft_done(&draft);
}

static void derive_left_outs(const deriver *d)
{
    const ac_requests *requests = &d->contract->requests;
    for (size_t i = 0; requests->full && i < requests->full_leaves_out.count; i++) {
        const ac_parameter *p =
            ac_contract_parameter(d->contract, requests->full_leaves_out.items[i].parameter);
        if (p && ac_parameter_is_sendable(p)) {
            derive_left_out(d, p);
        }
    }
}

/* ---- faults ---- */

/* Any error that the operation documents, one of a throttled or failing service first. */
static const ac_error_spec *some_error(const deriver *d, int status)
{
    static const ac_when by_status[] = {AC_WHEN_THROTTLED, AC_WHEN_UNAVAILABLE, AC_WHEN_INTERNAL};
    for (size_t i = 0; i < AC_COUNT(by_status); i++) {
        const ac_error_spec *spec = ac_contract_when(d->contract, by_status[i], 0);
        bool fits = spec && (status == 429) == (by_status[i] == AC_WHEN_THROTTLED);
        if (fits) {
            return spec;
        }
    }
    return d->contract->spec_count > 0 ? &d->contract->specs[0] : NULL;
}

/* With a token, where the operation takes one: what becomes of it in a retry is the question. */
static const ac_json *with_token(const deriver *d)
{
    const ac_parameter *token = ac_contract_role(d->contract, AC_ROLE_TOKEN);
    const ac_json *text = ac_json_string(d->arena, AC_STR("${token}"));
    return token ? with_param(d, minimal_of(d), token->name, 0, text) : minimal_of(d);
}

static void derive_fault(const deriver *d, const ac_fault *fault)
{
    const ac_error_spec *error = fault->error ? some_error(d, fault->status) : NULL;
    if (fault->error && !error) {
        return;
    }
    case_draft draft;
    ac_str path = ac_str_printf(d->arena, "client/fault/%s", fault->name);
    ac_str title = ac_str_printf(d->arena, "%.*s %s", AC_STR_FMT(d->contract->action), fault->title);
    ac_step *step = begin(&draft, d, with_token(d), path, title);
    step->fault = fault;
    if (error) {
        expect_spec(d, step, error, AC_MUST);
        draft.c.state = ac_str_printf(d->arena, "error:%.*s", AC_STR_FMT(error->code));
    } else {
        expect_success(step, true);
    }
    draft_done(&draft);
}

void derive_client(const deriver *d)
{
    derive_facts(d);
    derive_values(d);
    derive_left_outs(d);
    for (const ac_fault *fault = ac_faults; fault->name; fault++) {
        derive_fault(d, fault);
    }
}
