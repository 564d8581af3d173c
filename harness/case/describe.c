/* A case as JSON in the form of a case file, for `accord show`. */
#include "case/case.h"

static const ac_json *text(ac_arena *arena, ac_str value)
{
    return ac_json_string(arena, value);
}

static const ac_json *put(ac_arena *arena, const ac_json *object, const char *key, const ac_json *value)
{
    return value ? ac_json_set(arena, object, ac_str_c(key), value) : object;
}

static const ac_json *put_text(ac_arena *arena, const ac_json *object, const char *key, ac_str value)
{
    return value.n > 0 ? put(arena, object, key, text(arena, value)) : object;
}

static const ac_json *strings(ac_arena *arena, ac_strs list)
{
    const ac_json **items = AC_NEW_ARRAY(arena, list.count, const ac_json *);
    for (size_t i = 0; i < list.count; i++) {
        items[i] = text(arena, list.items[i]);
    }
    return list.count > 0 ? ac_json_array(arena, items, list.count) : NULL;
}

static const ac_json *describe_errors(ac_arena *arena, const ac_expect *expect)
{
    const ac_json **items = AC_NEW_ARRAY(arena, expect->error_count, const ac_json *);
    for (size_t i = 0; i < expect->error_count; i++) {
        items[i] = text(arena, expect->errors[i]->code);
    }
    return ac_json_array(arena, items, expect->error_count);
}

static const ac_json *describe_matcher(ac_arena *arena, const ac_matcher *m)
{
    const ac_json *out = put(arena, ac_json_object(), "equals", m->equals);
    out = put_text(arena, out, "type", ac_str_c(ac_matcher_types[m->type]));
    out = put_text(arena, out, "regex", m->regex);
    out = put_text(arena, out, "format", ac_str_c(ac_format_names[m->format]));
    out = put(arena, out, "one_of", m->one_of);
    out = put(arena, out, "min", m->min.p ? ac_json_number(arena, m->min) : NULL);
    out = put(arena, out, "max", m->max.p ? ac_json_number(arena, m->max) : NULL);
    out = put(arena, out, "length", m->length >= 0 ? ac_json_integer(arena, m->length) : NULL);
    out = put_text(arena, out, "length_of", m->length_text);
    out = put(arena, out, "if_present", m->if_present ? ac_json_bool(true) : NULL);
    out = put(arena, out, "absent", m->absent ? ac_json_bool(true) : NULL);
    out = put(arena, out, "null", m->null ? ac_json_bool(true) : NULL);
    out = put(arena, out, "empty", m->empty ? ac_json_bool(true) : NULL);
    out = put(arena, out, "unordered", m->unordered);
    out = put(arena, out, "contains", m->contains);
    return put(arena, out, "not", m->not_equal);
}

static const ac_json *describe_expect(ac_arena *arena, const ac_expect *expect)
{
    const ac_json *out = ac_json_object();
    if (expect->kind == AC_EXPECT_ERROR) {
        out = put(arena, out, "error", describe_errors(arena, expect));
    } else {
        out = put(arena, out, expect->kind == AC_EXPECT_ANY ? "any" : "success", ac_json_bool(true));
    }
    out = put(arena, out, "fields", expect->fields ? ac_json_bool(true) : NULL);
    for (size_t i = 0; i < expect->status.count; i++) {
        const ac_json *status = ac_json_integer(arena, expect->status.items[i]);
        const ac_json *list = ac_json_get_c(out, "status");
        list = list ? list : ac_json_array(arena, NULL, 0);
        out = put(arena, out, "status", ac_json_set_at(arena, list, AC_STR("/-"), status));
    }
    out = put(arena, out, "message", strings(arena, expect->message));
    out = put_text(arena, out, "certainty", ac_str_c(ac_certainty_name(expect->certainty)));
    const ac_json *body = NULL;
    for (size_t i = 0; i < expect->body.count; i++) {
        const ac_matcher *matcher = &expect->body.items[i];
        body = ac_json_set(arena, body, matcher->pointer, describe_matcher(arena, matcher));
    }
    out = put(arena, out, "body", body);
    return put(arena, out, "headers", expect->headers);
}

static const ac_json *describe_poll(ac_arena *arena, const ac_poll *poll)
{
    const ac_json *out = put_text(arena, ac_json_object(), "pointer", poll->pointer);
    out = put(arena, out, "until", strings(arena, poll->until));
    out = put(arena, out, "failed", strings(arena, poll->failed));
    out = put(arena, out, "order", strings(arena, poll->order));
    out = put(arena, out, "known", strings(arena, poll->known));
    out = put_text(arena, out, "gone_items", poll->gone_items);
    out = put_text(arena, out, "gone_key", poll->gone_key);
    out = put(arena, out, "until_gone", poll->until_gone ? ac_json_bool(true) : NULL);
    return put(arena, out, "deadline_ms", ac_json_integer(arena, poll->deadline_ms));
}

static const ac_json *describe_step(ac_arena *arena, const ac_step *step)
{
    const ac_json *out = put_text(arena, ac_json_object(), "name", step->name);
    out = put_text(arena, out, "call", step->contract->operation);
    out = put_text(arena, out, "method", step->method);
    out = put_text(arena, out, "signer", step->signer);
    out = put_text(arena, out, "tamper", ac_str_c(ac_tamper_names[step->tamper]));
    out = put_text(arena, out, "account", step->account == AC_ACCOUNT_OTHER ? AC_STR("other") : AC_STR(""));
    out = put(arena, out, "params", step->params);
    out = put(arena, out, "headers", step->headers);
    out = put(arena, out, "expect", describe_expect(arena, &step->expect));
    const ac_json *capture = NULL;
    for (size_t i = 0; i < step->captures.count; i++) {
        capture = ac_json_set(arena, capture, step->captures.items[i].name,
                              text(arena, step->captures.items[i].pointer));
    }
    out = put(arena, out, "capture", capture);
    out = put(arena, out, "poll", step->poll ? describe_poll(arena, step->poll) : NULL);
    out = put(arena, out, "beside", step->beside ? describe_step(arena, step->beside) : NULL);
    return put(arena, out, "creates", step->creates ? ac_json_bool(true) : NULL);
}

static const ac_json *describe_steps(ac_arena *arena, const ac_step *steps, size_t count)
{
    const ac_json **items = AC_NEW_ARRAY(arena, count, const ac_json *);
    for (size_t i = 0; i < count; i++) {
        items[i] = describe_step(arena, &steps[i]);
    }
    return count > 0 ? ac_json_array(arena, items, count) : NULL;
}

const ac_json *ac_case_describe(ac_arena *arena, const ac_case *c)
{
    ac_str name = ac_str_sub(c->id, c->contract->operation.n + 1, c->id.n);
    const ac_json *out = put_text(arena, ac_json_object(), "name", name);
    out = put_text(arena, out, "title", c->title);
    out = put(arena, out, "cite", strings(arena, c->cite));
    out = put(arena, out, "tags", strings(arena, c->tags));
    out = put_text(arena, out, "certainty", ac_str_c(ac_certainty_name(c->certainty)));
    out = put_text(arena, out, "state", c->state);
    out = put_text(arena, out, "code", c->code);
    out = put(arena, out, "variables", c->variables);
    out = put(arena, out, "steps", describe_steps(arena, c->steps, c->step_count));
    return put(arena, out, "teardown", describe_steps(arena, c->teardown, c->teardown_count));
}
