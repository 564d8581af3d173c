#include "recorder/playback.h"

#include "playback_parts.h"
#include "sign/sign.h"

enum { ACCOUNTS_MAX = 4096, STATE_BYTES_MAX = 1 << 20 };

struct ac_playback {
    ac_arena *arena;
    const ac_corpus *corpus;
    strip *strips;
    size_t strip_count;
    const ac_json *world;
    ac_playback_miss miss;
    void *context;
    pthread_mutex_t lock; /* of what follows */
    session *sessions[ACCOUNTS_MAX];
    size_t session_count;
};

/* ---- sessions ---- */

static ac_str account_of(ac_arena *arena, const ac_request *request)
{
    const ac_signer *signer = ac_signer_of(request);
    ac_sign_claim claim = {0};
    bool read = signer && signer->claim(arena, request, &claim) == AC_VERIFY_OK;
    return read ? claim.access_key_id : AC_STR("");
}

/* With too many accounts they share the last session. */
static session *session_of(ac_playback *p, ac_str account)
{
    account = ac_str_sub(account, 0, 200);
    for (size_t i = 0; i < p->session_count; i++) {
        if (ac_str_eq(session_account(p->sessions[i]), account)) {
            return p->sessions[i];
        }
    }
    if (p->session_count == ACCOUNTS_MAX) {
        return p->sessions[ACCOUNTS_MAX - 1];
    }
    p->sessions[p->session_count] = session_new(p->strips, p->strip_count, account);
    return p->sessions[p->session_count++];
}

/* ---- answering ---- */

static bool is_of_the_connection(ac_str name)
{
    static const char *const names[] = {
        "Content-Length", "Transfer-Encoding", "Connection",       "Keep-Alive", "Date",
        "Trailer",        "Proxy-Connection",  "Content-Encoding", "Upgrade",    "X-Accord-Content-Encoding"};
    for (size_t i = 0; i < AC_COUNT(names); i++) {
        if (ac_str_eq_nocase(name, ac_str_c(names[i]))) {
            return true;
        }
    }
    return false;
}

/* The id with its last digits counted on. */
static ac_str another_id(ac_arena *arena, ac_str id, uint64_t repeats)
{
    char *text = ac_arena_copy(arena, id.p, id.n);
    for (size_t i = id.n; i > 0 && repeats > 0; i--) {
        if (text[i - 1] >= '0' && text[i - 1] <= '9') {
            uint64_t digit = (uint64_t)(text[i - 1] - '0') + repeats % 10;
            text[i - 1] = (char)('0' + digit % 10);
            repeats = repeats / 10 + digit / 10;
        }
    }
    return (ac_str){text, id.n};
}

/* A request id names one request, also where an answer is given again. */
static void renew_request_id(ac_arena *arena, found *f)
{
    if (f->repeats > 0 && f->tape->asked.call.contract) {
        ac_match_result read;
        ac_match_read(arena, f->tape->asked.call.contract, &f->tape->record->response, &read);
        if (read.request_id.n > 0) {
            ac_pairs_add(arena, &f->values, read.request_id, another_id(arena, read.request_id, f->repeats));
        }
    }
}

static ac_str with_values(ac_arena *arena, ac_str text, const ac_pairs *values)
{
    for (size_t i = 0; i < values->count; i++) {
        if (ac_str_find(text, values->items[i].name) != AC_NOT_FOUND) {
            text = ac_str_replace(arena, text, values->items[i].name, values->items[i].value);
        }
    }
    return text;
}

static void give(ac_arena *arena, const found *f, ac_answer *answer)
{
    const ac_response *recorded = &f->tape->record->response;
    answer->response.status = recorded->status;
    answer->response.body = with_values(arena, recorded->body, &f->values);
    for (size_t i = 0; i < recorded->headers.count; i++) {
        ac_pair header = recorded->headers.items[i];
        if (!is_of_the_connection(header.name)) {
            ac_str value = with_values(arena, header.value, &f->values);
            ac_pairs_add(arena, &answer->response.headers, header.name, value);
        }
    }
}

static void answer_json(ac_arena *arena, int status, const ac_json *json, ac_answer *answer)
{
    ac_buf text;
    ac_buf_init(&text, STATE_BYTES_MAX);
    ac_json_write(&text, json);
    answer->response.status = status;
    answer->response.body = ac_buf_take(&text, arena);
    ac_pairs_add(arena, &answer->response.headers, AC_STR("Content-Type"), AC_STR("application/json"));
}

static void refuse(ac_arena *arena, int status, ac_str line, ac_answer *answer)
{
    const ac_json *json =
        ac_json_set(arena, NULL, AC_STR("accord"), ac_json_string(arena, AC_STR("playback")));
    answer_json(arena, status, ac_json_set(arena, json, AC_STR("why"), ac_json_string(arena, line)), answer);
}

static ac_str text_of(const ac_json *asked, const char *member)
{
    return ac_json_text(ac_json_get_c(asked, member));
}

/* An error that was recorded can be had again. */
static bool set_error(ac_playback *p, const ac_json *asked, ac_str code)
{
    bool setup = ac_str_is(text_of(asked, "action"), "setup");
    pthread_mutex_lock(&p->lock);
    session *s = session_of(p, text_of(asked, "account"));
    bool known = session_force(s, text_of(asked, "operation"), setup ? code : AC_STR(""));
    pthread_mutex_unlock(&p->lock);
    return known;
}

static void begin_anew(ac_playback *p, const ac_json *asked)
{
    pthread_mutex_lock(&p->lock);
    session_rewind(session_of(p, text_of(asked, "account")));
    pthread_mutex_unlock(&p->lock);
}

static void answer_state(ac_playback *p, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    static const ac_str error = AC_STR_INIT("error:");
    const ac_json *asked = ac_json_parse(arena, request->body, &ac_json_wire_limits, NULL);
    ac_str state = text_of(asked, "state");
    bool world = ac_str_is(state, "world");
    bool known = ac_str_starts(state, error) && set_error(p, asked, ac_str_sub(state, error.n, state.n));
    if (!world && !known) {
        refuse(arena, asked ? 501 : 400, AC_STR("the recording has no such provider state"), answer);
        return;
    }
    if (world && ac_str_is(text_of(asked, "action"), "setup")) {
        begin_anew(p, asked);
    }
    ac_str rest;
    ac_str provider = ac_str_split(text_of(asked, "operation"), '/', &rest);
    const ac_json *variables = world ? ac_json_get(p->world, provider) : NULL;
    variables = variables ? variables : ac_json_object();
    answer_json(arena, 200, ac_json_set(arena, NULL, AC_STR("variables"), variables), answer);
}

void ac_playback_answer(void *playback, ac_arena *arena, const ac_request *request, ac_answer *answer)
{
    ac_playback *p = playback;
    if (ac_str_is(ac_target_path(request->target), "/_accord/state")) {
        answer_state(p, arena, request, answer);
        return;
    }
    question q = question_of(arena, p->corpus, request);
    found f;
    pthread_mutex_lock(&p->lock);
    session_find(session_of(p, account_of(arena, request)), arena, &q, &f);
    pthread_mutex_unlock(&p->lock);
    if (f.tape) {
        renew_request_id(arena, &f);
        give(arena, &f, answer);
        return;
    }
    ac_str line = miss_line(arena, p->strips, p->strip_count, &q);
    refuse(arena, 501, line, answer);
    if (p->miss) {
        p->miss(p->context, line);
    }
}

/* ---- life ---- */

static void copy_given(const seen *s, taped *t)
{
    for (size_t i = 0; i < s->capture_count; i++) {
        ac_str value = ac_json_text(ac_json_at(s->answer.body, s->captures[i].pointer));
        t->given[t->given_count++] = value.p ? value : AC_STR("");
    }
}

static void add_step(ac_arena *arena, strip *to, const taped *t)
{
    const taped **grown = AC_NEW_ARRAY(arena, to->count + 1, const taped *);
    for (size_t i = 0; i < to->count; i++) {
        grown[i] = to->steps[i];
    }
    grown[to->count++] = t;
    to->steps = grown;
}

static const seen *seen_of(const tape *all, const ac_record *record, size_t *from)
{
    for (; *from < all->count && all->items[*from].record <= record; ++*from) {
        if (all->items[*from].record == record) {
            return &all->items[*from];
        }
    }
    return NULL;
}

/* The strip of the flow; flows are known by their first exchange. */
static strip *strip_of(ac_playback *p, size_t *by_flow, const seen *s)
{
    if (!s || by_flow[s->flow] == 0) {
        p->strip_count++;
        if (s) {
            by_flow[s->flow] = p->strip_count;
        }
        return &p->strips[p->strip_count - 1];
    }
    return &p->strips[by_flow[s->flow] - 1];
}

static void mark_states(ac_playback *p, const tape *all, const size_t *by_flow)
{
    for (size_t i = 0; i < all->count; i++) {
        flow f;
        if (all->items[i].flow == i && by_flow[i] > 0) {
            flow_read(all, i, &f);
            p->strips[by_flow[i] - 1].by_state = f.count > 0 && flow_state(all, &f).p;
        }
    }
}

static void cut_into_strips(ac_playback *p, const ac_recording *recording)
{
    tape all;
    tape_read(p->arena, p->corpus, recording, &all);
    p->strips = AC_NEW_ARRAY(p->arena, recording->count, strip);
    size_t *by_flow = AC_NEW_ARRAY(p->arena, all.count + 1, size_t);
    size_t from = 0;
    for (size_t i = 0; i < recording->count; i++) {
        const ac_record *record = &recording->items[i];
        const seen *s = seen_of(&all, record, &from);
        if (record->end != AC_RECORD_WHOLE || record->response_cut || record->response.status < 200) {
            continue;
        }
        taped *t = AC_NEW(p->arena, taped);
        t->record = record;
        t->asked = question_of(p->arena, p->corpus, &record->request);
        if (s) {
            copy_given(s, t);
            t->code = s->answer.code.p ? s->answer.code : AC_STR("");
            t->asked.exact = !has_plain_tokens(&all, s);
        }
        add_step(p->arena, strip_of(p, by_flow, s), t);
    }
    mark_states(p, &all, by_flow);
}

ac_playback *ac_playback_new(const ac_corpus *corpus, const ac_recording *recording, ac_playback_miss miss,
                             void *context)
{
    ac_playback *p = ac_alloc(sizeof *p);
    p->arena = ac_arena_new();
    p->corpus = corpus;
    p->miss = miss;
    p->context = context;
    pthread_mutex_init(&p->lock, NULL);
    cut_into_strips(p, recording);
    p->world = ac_promoted_world(p->arena, corpus, recording);
    return p;
}

void ac_playback_free(ac_playback *p)
{
    if (p) {
        for (size_t i = 0; i < p->session_count; i++) {
            session_free(p->sessions[i]);
        }
        pthread_mutex_destroy(&p->lock);
        ac_arena_free(p->arena);
        ac_free(p);
    }
}
