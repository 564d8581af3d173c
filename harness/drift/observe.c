/* Where divergences come from: results streams, and the contracts themselves. */
#include "drift/drift_parts.h"

/* ---- a results stream ---- */

/* "package version, by the driver name: note": a client is the package in its version; what follows is about it. */
static void hear_head(void *context, const ac_run_head *head)
{
    ac_drift *drift = context;
    ac_str client = head->client;
    size_t comma = ac_str_find(client, AC_STR(", "));
    size_t end = comma == AC_NOT_FOUND ? client.n : comma;
    ac_str about = comma == AC_NOT_FOUND ? (ac_str){NULL, 0} : ac_str_sub(client, comma + 2, client.n);
    ac_str target = client.n > 0 ? ac_str_sub(client, 0, end) : drift_normal(drift->arena, head->target);
    drift_begin(drift, drift->named.p ? drift->named : target, about, head->started_ms);
}

static void hear_verdict(void *context, const ac_verdict *verdict)
{
    ac_drift *drift = context;
    drift->verdict++;
    if (!drift_is_operation(verdict->operation)) {
        return;
    }
    if (verdict->word == AC_PASS || verdict->word == AC_FAIL) {
        ac_names_number(&drift->ran, verdict->id);
    }
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const ac_shown_finding *f = &verdict->findings[i];
        drift_see(drift, &(drift_sight){.operation = verdict->operation,
                                        .kind = f->kind,
                                        .place = f->place,
                                        .expected = f->expected,
                                        .observed = f->observed,
                                        .source = f->source.n > 0 ? f->source : verdict->cite,
                                        .case_id = verdict->id,
                                        .level = f->level,
                                        .note = f->note});
    }
}

/* One of the cases that showed it was judged again. */
static bool ran_again(const void *context, const drift_entry *entry, const drift_seen *seen)
{
    const ac_drift *drift = context;
    (void)entry;
    for (size_t i = 0; i < seen->cases.count; i++) {
        if (ac_names_find(&drift->ran, seen->cases.items[i], NULL)) {
            return true;
        }
    }
    return false;
}

static void hear_tail(void *context, const ac_run_tail *tail)
{
    (void)tail;
    drift_end(context, ran_again, context);
}

ac_listener ac_drift_listener(ac_drift *drift, ac_str target)
{
    drift->named = target;
    return (ac_listener){drift, hear_head, hear_verdict, hear_tail};
}

/* ---- contracts ---- */

typedef struct reader {
    ac_drift *drift;
    const ac_contract *contract;
    ac_arena *arena; /* for what is said of this contract */
} reader;

static void say(const reader *r, const char *kind, ac_str place, ac_str expected, ac_str observed,
                ac_strs cite)
{
    ac_buf sources;
    ac_buf_init(&sources, 4096);
    for (size_t i = 0; i < cite.count; i++) {
        ac_str source = ac_cite_describe(r->arena, r->contract, cite.items[i]);
        ac_buf_add_c(&sources, i > 0 ? "; " : "");
        ac_buf_add(&sources, source);
    }
    drift_see(r->drift, &(drift_sight){.operation = r->contract->operation,
                                       .kind = ac_str_c(kind),
                                       .place = place,
                                       .expected = expected,
                                       .observed = observed,
                                       .source = ac_buf_str(&sources),
                                       .note = true});
    ac_buf_done(&sources);
}

static void say_note(const reader *r, ac_str place, ac_str note, ac_strs cite)
{
    if (note.n > 0) {
        say(r, "doc-note", place, (ac_str){NULL, 0}, note, cite);
    }
}

/* What only another official source has, where the documentation has the rest. */
static void say_missing(const reader *r, const char *kind, ac_str place, ac_strs cite, bool others_documented)
{
    ac_source_kind standing = ac_cite_kind(r->contract, cite);
    if (others_documented && standing != AC_SOURCE_DOCUMENTATION) {
        say(r, kind, place, AC_STR("documented, as the others are"),
            ac_str_printf(r->arena, "only in another source (%s)", ac_source_kind_name(standing)), cite);
    }
}

static bool some_parameter_is_documented(const ac_contract *contract)
{
    for (size_t i = 0; i < contract->parameters.count; i++) {
        if (ac_cite_kind(contract, contract->parameters.items[i].cite) == AC_SOURCE_DOCUMENTATION) {
            return true;
        }
    }
    return false;
}

static void read_parameters(const reader *r)
{
    bool documented = some_parameter_is_documented(r->contract);
    for (size_t i = 0; i < r->contract->parameters.count; i++) {
        const ac_parameter *p = &r->contract->parameters.items[i];
        say_missing(r, "doc-parameter", p->name, p->cite, documented);
        say_note(r, p->name, p->note, p->cite);
        for (size_t k = 0; k < p->constraints.count; k++) {
            const ac_constraint *c = &p->constraints.items[k];
            say_note(r,
                     ac_str_printf(r->arena, "%.*s, %s", AC_STR_FMT(p->name), ac_constraint_names[c->kind]),
                     c->note, c->cite);
        }
    }
}

static void read_fields(const reader *r)
{
    const ac_response_contract *response = &r->contract->response;
    for (size_t i = 0; i < response->fields.count; i++) {
        const ac_response_field *f = &response->fields.items[i];
        say_missing(r, "doc-field", f->pointer, f->cite, response->documented);
        say_note(r, f->pointer, f->note, f->cite);
    }
}

static void read_errors(const reader *r)
{
    for (size_t i = 0; i < r->contract->errors.count; i++) {
        const ac_error_row *row = &r->contract->errors.items[i];
        say_note(r, ac_str_printf(r->arena, "row %zu, %.*s", i + 1, AC_STR_FMT(row->code)), row->note,
                 row->cite);
    }
}

static void read_contract(const reader *r)
{
    const ac_contract *c = r->contract;
    for (size_t i = 0; i < c->inconsistencies.count; i++) {
        const ac_inconsistency *found = &c->inconsistencies.items[i];
        say(r, "doc-inconsistency", found->id, (ac_str){NULL, 0}, found->text, found->cite);
    }
    read_parameters(r);
    read_fields(r);
    read_errors(r);
    if (c->idempotency) {
        say_note(r, AC_STR("idempotency"), c->idempotency->note, c->idempotency->cite);
    }
    if (c->dry_run) {
        say_note(r, AC_STR("dry run"), c->dry_run->note, c->dry_run->cite);
    }
}

static bool has_contract(const void *context, const drift_entry *entry, const drift_seen *seen)
{
    (void)seen;
    return ac_corpus_contract(context, entry->operation) != NULL;
}

void ac_drift_look_at(ac_drift *drift, const ac_corpus *corpus, int64_t now_ms)
{
    drift_begin(drift, drift_documentation, (ac_str){NULL, 0}, now_ms);
    ac_arena *arena = ac_arena_new();
    for (size_t i = 0; i < corpus->contract_count; i++) {
        const reader r = {drift, corpus->contracts[i], arena};
        drift->verdict++;
        if (drift_is_operation(r.contract->operation)) {
            read_contract(&r);
        }
        ac_arena_reset(arena);
    }
    ac_arena_free(arena);
    drift_end(drift, has_contract, corpus);
}
