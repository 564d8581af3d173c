#include "recorder/promote.h"

#include <string.h>

#include "promote_parts.h"

typedef struct promoter {
    ac_arena *arena;
    const ac_promote_input *input;
    ac_promoted *out;
    tape tape;
    flow *others; /* of the second recording */
    size_t other_count;
    bool *other_used;
    flow *done; /* flows that became cases, for comparing */
    size_t done_count;
} promoter;

/* ---- what cannot become a case ---- */

/* Errors of the way a request was sent: a case sends it rightly. */
static bool is_about_the_request(ac_when when)
{
    return when >= AC_WHEN_MISSING_ACCESS_KEY && when <= AC_WHEN_UNKNOWN_PATH;
}

static const char *why_not(const seen *s)
{
    const ac_error_spec *spec =
        s->answer.code.p ? ac_contract_match_code(s->call.contract, s->answer.code) : NULL;
    if (s->skip) {
        return "a value has \"${\" in it, which a case file cannot say";
    }
    if (s->answer.success || !spec) {
        return NULL;
    }
    if (is_about_the_request(spec->when)) {
        return "the request was refused for its signature or address, which a case gets right";
    }
    bool passing = spec->when == AC_WHEN_THROTTLED || spec->when == AC_WHEN_INTERNAL ||
                   spec->when == AC_WHEN_UNAVAILABLE;
    return passing ? "throttled or broken: it says nothing that holds the next time" : NULL;
}

static void drop_what_is_none(promoter *p)
{
    for (size_t i = 0; i < p->tape.count; i++) {
        seen *s = &p->tape.items[i];
        const char *why = why_not(s);
        if (why) {
            s->skip = true;
            promote_note(p->arena, p->out, s->record->number, "left out: %s", why);
        }
    }
}

/* ---- duplicates ---- */

static const ac_case *existing_case(const promoter *p, const flow *f)
{
    ac_str state = flow_state(&p->tape, f);
    for (size_t i = 0; i < p->input->cases->count; i++) {
        if (flow_is_case(f, state, &p->input->cases->items[i])) {
            return &p->input->cases->items[i];
        }
    }
    return NULL;
}

static bool same_flow(const flow *a, const flow *b)
{
    bool same = flow_is_like(a, b);
    for (size_t i = 0; same && i < a->count; i++) {
        same = ac_json_equal(a->steps[i].last->written, b->steps[i].last->written) &&
               ac_str_eq(a->steps[i].last->answer.code, b->steps[i].last->answer.code);
    }
    return same;
}

static bool is_done(const promoter *p, const flow *f)
{
    for (size_t i = 0; i < p->done_count; i++) {
        if (same_flow(&p->done[i], f)) {
            return true;
        }
    }
    return false;
}

/* ---- names ---- */

static void add_word(ac_buf *name, ac_str word)
{
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                     c == '_' || c == '-';
        ac_buf_add_char(name, plain ? c : '-');
    }
}

static bool is_id_taken(const promoter *p, const ac_contract *contract, ac_str name)
{
    ac_str id = ac_str_printf(p->arena, "%.*s/%.*s", AC_STR_FMT(contract->operation), AC_STR_FMT(name));
    for (size_t i = 0; i < p->input->cases->count; i++) {
        if (ac_str_eq(p->input->cases->items[i].id, id)) {
            return true;
        }
    }
    for (size_t i = 0; i < p->out->file_count; i++) {
        const ac_json *cases = ac_json_get_c(p->out->files[i].json, "cases");
        for (size_t k = 0; p->out->files[i].contract == contract && k < cases->count; k++) {
            if (ac_str_eq(ac_json_text(ac_json_get_c(&cases->items[k], "name")), name)) {
                return true;
            }
        }
    }
    return false;
}

/* recorded/<what came after the first step, or its error>, with a number where that is taken. */
static ac_str name_of(const promoter *p, const flow *f)
{
    enum { NAME_MAX_BYTES = 100 };
    const seen *first = f->steps[0].last;
    ac_buf name;
    ac_buf_init(&name, NAME_MAX_BYTES);
    ac_buf_add_c(&name, "recorded/");
    if (f->count == 1) {
        add_word(&name, first->answer.success      ? AC_STR("alone")
                        : first->answer.code.n > 0 ? first->answer.code
                                                   : AC_STR("error"));
    }
    for (size_t i = 1; i < f->count && !name.overflow; i++) {
        ac_buf_add_c(&name, i > 1 ? "-" : "");
        add_word(&name, f->steps[i].last->call.contract->action);
    }
    ac_str base = ac_buf_take(&name, p->arena);
    ac_str made = base;
    for (unsigned i = 2; is_id_taken(p, first->call.contract, made); i++) {
        made = ac_str_printf(p->arena, "%.*s-%u", AC_STR_FMT(base), i);
    }
    return made;
}

/* ---- files ---- */

static ac_promoted_file *file_of(promoter *p, const ac_contract *contract)
{
    for (size_t i = 0; i < p->out->file_count; i++) {
        if (p->out->files[i].contract == contract) {
            return &p->out->files[i];
        }
    }
    ac_promoted_file *file = &p->out->files[p->out->file_count++];
    *file = (ac_promoted_file){.contract = contract};
    put_text(p->arena, &file->json, "$schema", AC_STR("../../../../schema/case.schema.json"));
    put_json(p->arena, &file->json, "accord", ac_json_integer(p->arena, 1));
    put_json(p->arena, &file->json, "cases", ac_json_array(p->arena, NULL, 0));
    return file;
}

static void append_case(promoter *p, const ac_contract *contract, const ac_json *c)
{
    ac_promoted_file *file = file_of(p, contract);
    file->json = ac_json_set_at(p->arena, file->json, AC_STR("/cases/-"), c);
    file->cases++;
}

/* ---- flows ---- */

static const flow *other_of(promoter *p, const flow *f)
{
    for (size_t i = 0; i < p->other_count; i++) {
        if (!p->other_used[i] && flow_is_like(f, &p->others[i])) {
            p->other_used[i] = true;
            return &p->others[i];
        }
    }
    return NULL;
}

/* A case has a way to say that (account: other), but a recording does not say which account owns what. */
static bool has_accounts(const flow *f)
{
    for (size_t i = 1; i < f->count; i++) {
        if (!ac_str_eq(f->steps[i].last->account, f->steps[0].last->account)) {
            return true;
        }
    }
    return false;
}

static void promote_flow(promoter *p, size_t number)
{
    flow f;
    flow_read(&p->tape, number, &f);
    if (f.count == 0) {
        return;
    }
    uint64_t exchange = f.steps[0].first->record->number;
    if (has_accounts(&f)) {
        promote_note(p->arena, p->out, exchange, "left out: several accounts take part in the flow");
        return;
    }
    const flow *other = other_of(p, &f);
    const ac_case *existing = existing_case(p, &f);
    if (existing) {
        promote_note(p->arena, p->out, exchange, "left out: the same as %.*s", AC_STR_FMT(existing->id));
        return;
    }
    if (is_done(p, &f)) {
        promote_note(p->arena, p->out, exchange, "left out: the same as a flow before it");
        return;
    }
    if (p->input->second && !other) {
        promote_note(p->arena, p->out, exchange,
                     "the second recording has no such flow: nothing to compare with");
    }
    const ac_contract *own = f.steps[0].last->call.contract;
    append_case(p, own, flow_case(p->input, &p->tape, &f, other, name_of(p, &f), p->out));
    p->done[p->done_count++] = f;
}

static void read_second(promoter *p)
{
    if (!p->input->second) {
        return;
    }
    tape *second = AC_NEW(p->arena, tape);
    tape_read(p->arena, p->input->corpus, p->input->second, second);
    p->others = AC_NEW_ARRAY(p->arena, second->count, flow);
    p->other_used = AC_NEW_ARRAY(p->arena, second->count, bool);
    for (size_t i = 0; i < second->count; i++) {
        second->items[i].skip = why_not(&second->items[i]) != NULL;
    }
    for (size_t i = 0; i < second->count; i++) {
        if (second->items[i].flow == i) {
            flow_read(second, i, &p->others[p->other_count]);
            p->other_count += p->others[p->other_count].count > 0 ? 1 : 0;
        }
    }
}

/* ---- what no contract speaks of ---- */

static void keep_plain(promoter *p)
{
    const ac_recording *recording = p->input->recording;
    p->out->plain = AC_NEW_ARRAY(p->arena, recording->count, const ac_record *);
    for (size_t i = 0; i < recording->count; i++) {
        const ac_record *record = &recording->items[i];
        ac_recognised call;
        if (record->end != AC_RECORD_WHOLE || record->request_cut || record->response_cut) {
            promote_note(p->arena, p->out, record->number, "left out: not whole%s%.*s",
                         record->why.n > 0 ? ": " : "", AC_STR_FMT(record->why));
            continue;
        }
        ac_recognise(p->arena, p->input->corpus, &record->request, &call);
        bool ours = ac_str_starts(record->request.target, AC_STR("/_accord/")); /* provider states */
        if (!call.contract && !ours) {
            p->out->plain[p->out->plain_count++] = record;
            skeleton_add(p->arena, p->input->corpus, record, &call, p->out);
        }
    }
}

void ac_promote(ac_arena *arena, const ac_promote_input *input, ac_promoted *out)
{
    promoter p = {.arena = arena, .input = input, .out = out};
    *out = (ac_promoted){.skeletons = ac_json_object()};
    keep_plain(&p);
    tape_read(arena, input->corpus, input->recording, &p.tape);
    drop_what_is_none(&p);
    read_second(&p);
    out->files = AC_NEW_ARRAY(arena, p.tape.count, ac_promoted_file);
    p.done = AC_NEW_ARRAY(arena, p.tape.count, flow);
    for (size_t i = 0; i < p.tape.count; i++) {
        if (p.tape.items[i].flow == i) {
            promote_flow(&p, i);
        }
    }
}
