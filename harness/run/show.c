/* From a finished case to a verdict: texts for people, bounded, without secrets. */
#include <stdio.h>
#include <string.h>

#include "run/lane.h"

static ac_str bounded(ac_arena *arena, ac_str text)
{
    if (text.n <= VISIBLE_BYTES_MAX) {
        return text;
    }
    return ac_str_printf(arena, "%.*s\n[%zu bytes more]", VISIBLE_BYTES_MAX, text.p,
                         text.n - VISIBLE_BYTES_MAX);
}

static void add_headers(ac_buf *out, const ac_pairs *headers, bool hide)
{
    for (size_t i = 0; i < headers->count; i++) {
        const ac_pair *h = &headers->items[i];
        ac_str value = hide && ac_name_is_secret(h->name) ? AC_STR("***") : h->value;
        ac_buf_printf(out, "%.*s: %.*s\n", AC_STR_FMT(h->name), AC_STR_FMT(value));
    }
    ac_buf_add_char(out, '\n');
}

/* Query and form with the values of secret parameters taken out. */
static ac_str without_secrets(ac_arena *arena, ac_str pairs, bool hide)
{
    ac_pairs parsed = {NULL, 0, 0};
    if (!hide || pairs.n == 0 || !ac_form_parse(arena, pairs, true, 10000, &parsed)) {
        return pairs;
    }
    bool found = false;
    for (size_t i = 0; i < parsed.count; i++) {
        if (ac_name_is_secret(parsed.items[i].name)) {
            parsed.items[i].value = AC_STR("***");
            found = true;
        }
    }
    return found ? ac_form_print(arena, &parsed) : pairs;
}

static ac_str show_request(ac_arena *arena, const ac_request *request, bool hide)
{
    ac_buf out;
    ac_buf_init(&out, 8 * VISIBLE_BYTES_MAX);
    ac_str query = ac_target_query(request->target);
    ac_buf_printf(&out, "%.*s %.*s", AC_STR_FMT(request->method),
                  AC_STR_FMT(ac_target_path(request->target)));
    if (query.p) {
        ac_buf_add_char(&out, '?');
        ac_buf_add(&out, without_secrets(arena, query, hide));
    }
    ac_buf_add_c(&out, " HTTP/1.1\n");
    add_headers(&out, &request->headers, hide);
    ac_str type = ac_header(&request->headers, "content-type");
    bool form = ac_str_starts(type, AC_STR("application/x-www-form-urlencoded"));
    ac_buf_add(&out, bounded(arena, form ? without_secrets(arena, request->body, hide) : request->body));
    return ac_buf_take(&out, arena);
}

static ac_str show_response(ac_arena *arena, const ac_outcome *outcome, bool hide)
{
    ac_buf out;
    ac_buf_init(&out, 8 * VISIBLE_BYTES_MAX);
    if (outcome->response.status > 0) {
        ac_buf_printf(&out, "HTTP/1.1 %d %s\n", outcome->response.status,
                      ac_status_reason(outcome->response.status));
        add_headers(&out, &outcome->response.headers, hide);
        ac_buf_add(&out, bounded(arena, outcome->response.body));
    }
    if (outcome->transport != AC_TRANSPORT_OK) {
        ac_buf_printf(&out, "[%s: %s]", ac_transport_name(outcome->transport), outcome->detail);
    }
    return ac_buf_take(&out, arena);
}

/* The first and the newest ones win: a poll may have had hundreds. */
void lane_keep_exchange(lane *l, const flight *f)
{
    if (l->phase != PHASE_STEP) {
        return;
    }
    if (l->kept_count == EXCHANGES_SHOWN_MAX) {
        memmove(&l->kept[1], &l->kept[2], (EXCHANGES_SHOWN_MAX - 2) * sizeof l->kept[0]);
        l->kept_count--;
    }
    l->kept[l->kept_count++] = *f;
}

static ac_shown_exchange show_flight(lane *l, const flight *f)
{
    bool hide = l->runner->target->real_credentials;
    return (ac_shown_exchange){.step = f->step->name,
                               .request = show_request(l->arena, &f->request, hide),
                               .response = show_response(l->arena, &f->outcome, hide),
                               .curl = ac_request_as_curl(l->arena, &f->request, f->url, hide)};
}

/* ---- the verdict ---- */

static ac_shown_finding *shown_findings(lane *l)
{
    ac_shown_finding *shown = AC_NEW_ARRAY(l->arena, l->findings.count, ac_shown_finding);
    for (size_t i = 0; i < l->findings.count; i++) {
        const ac_finding *f = &l->findings.items[i];
        shown[i] = (ac_shown_finding){.kind = ac_str_c(ac_finding_kind_name(f->kind)),
                                      .place = f->place,
                                      .expected = f->expected,
                                      .observed = f->observed,
                                      .source = f->source,
                                      .step = f->step,
                                      .level = (int)f->level,
                                      .note = f->note};
    }
    return shown;
}

static ac_word word_of(const lane *l)
{
    if (l->word != AC_PASS) {
        return l->word;
    }
    for (size_t i = 0; i < l->findings.count; i++) {
        if (!l->findings.items[i].note) {
            return AC_FAIL;
        }
    }
    return AC_PASS;
}

static ac_str describe_cite(lane *l)
{
    const ac_strs *cite = &l->c->cite;
    return cite->count > 0 ? ac_cite_describe(l->arena, l->c->contract, cite->items[0]) : AC_STR("");
}

static void attach_exchanges(lane *l, ac_verdict *v)
{
    bool wanted = v->word == AC_FAIL || v->word == AC_BLOCKED || v->word == AC_ERROR ||
                  l->runner->options->keep_exchanges;
    if (!wanted) {
        return;
    }
    v->exchanges = AC_NEW_ARRAY(l->arena, l->kept_count, ac_shown_exchange);
    v->exchange_count = l->kept_count;
    for (size_t i = 0; i < l->kept_count; i++) {
        v->exchanges[i] = show_flight(l, &l->kept[i]);
    }
}

ac_verdict *lane_verdict(lane *l)
{
    const ac_case *c = l->c;
    ac_verdict *v = AC_NEW(l->arena, ac_verdict);
    v->id = c->id;
    v->operation = c->contract->operation;
    v->group = c->group;
    v->title = c->title;
    v->word = word_of(l);
    v->reason = l->reason;
    v->level = l->judged ? (int)l->level : 0;
    v->certainty = ac_str_c(ac_certainty_name(c->certainty));
    v->source = ac_str_c(ac_source_kind_name((ac_source_kind)c->source));
    v->cite = describe_cite(l);
    v->code = c->code;
    v->row = (int64_t)c->row;
    v->state = c->state;
    v->started_ms = l->started_ms;
    v->duration_us = ac_monotonic_us() - l->started_us;
    v->requests = l->requests;
    v->findings = shown_findings(l);
    v->finding_count = l->findings.count;
    attach_exchanges(l, v);
    const char *options = l->runner->options->rerun_options ? l->runner->options->rerun_options : "";
    v->rerun =
        ac_str_printf(l->arena, "accord run %s%s'%.*s'", options, options[0] ? " " : "", AC_STR_FMT(c->id));
    return v;
}
