/*
 * How far the playback of one account is. A story is one strip of the recording being played; as long as several strips
 * began with the same requests, any of them may be meant, and the first of these gives the answers. Ids that were given
 * stay, also where a later request shows that another strip was meant: its own ids give way to them.
 */
#include <string.h>

#include "playback_parts.h"

enum { STORIES_MAX = 1024, GIVEN_MAX = 64 };

/* A value that an answer gave: the which-th of that step. */
typedef struct given {
    size_t step, which;
    ac_str value;
} given;

typedef struct story {
    size_t *strips; /* that may be meant */
    size_t *at;     /* for each: the step that comes next */
    size_t count;
    given given[GIVEN_MAX];
    size_t given_count;
    uint64_t repeats; /* of the last answer */
    const taped *last;
} story;

struct session {
    ac_arena *arena;
    const strip *strips;
    size_t count;
    ac_str account;
    story *stories[STORIES_MAX];
    size_t story_count;
    bool guided;                          /* by provider states */
    ac_str forced_operation, forced_code; /* of a provider state; empty: none */
};

session *session_new(const strip *strips, size_t count, ac_str account)
{
    session *s = ac_alloc(sizeof *s);
    s->arena = ac_arena_new();
    s->strips = strips;
    s->count = count;
    s->account = ac_str_dup(s->arena, account);
    return s;
}

void session_free(session *s)
{
    if (s) {
        ac_arena_free(s->arena);
        ac_free(s);
    }
}

ac_str session_account(const session *s)
{
    return s->account;
}

void session_rewind(session *s)
{
    ac_arena *arena = ac_arena_new();
    s->account = ac_str_dup(arena, s->account);
    ac_arena_free(s->arena);
    s->arena = arena;
    s->story_count = 0;
    s->forced_code = AC_STR("");
    s->guided = true;
}

/* ---- values ---- */

/* What the strip itself gave there; empty: nothing. */
static ac_str own_value(const session *s, size_t number, const given *g)
{
    const strip *of = &s->strips[number];
    const taped *t = g->step < of->count ? of->steps[g->step] : NULL;
    return t && g->which < t->given_count ? t->given[g->which] : AC_STR("");
}

/* The question as it would have been asked when the strip was recorded. */
static question translated(const session *s, ac_arena *arena, const story *now, size_t number,
                           const question *q)
{
    ac_pair values[GIVEN_MAX];
    size_t count = 0;
    for (size_t i = 0; now && i < now->given_count; i++) {
        ac_str own = own_value(s, number, &now->given[i]);
        if (own.n > 0 && !ac_str_eq(own, now->given[i].value)) {
            values[count++] = (ac_pair){now->given[i].value, own};
        }
    }
    return question_with(arena, q, values, count);
}

static bool is_given(const session *s, ac_str value)
{
    for (size_t i = 0; i < s->story_count; i++) {
        for (size_t k = 0; k < s->stories[i]->given_count; k++) {
            if (ac_str_eq(s->stories[i]->given[k].value, value)) {
                return true;
            }
        }
    }
    return false;
}

/* The same with its last digits counted on, until nobody has it. */
static ac_str fresh_value(session *s, ac_str value)
{
    char *text = ac_arena_copy(s->arena, value.p, value.n);
    ac_str fresh = {text, value.n};
    while (is_given(s, fresh)) {
        size_t i = value.n;
        while (i > 0 && (text[i - 1] < '0' || text[i - 1] >= '9')) {
            text[i - 1] = (char)(text[i - 1] == '9' ? '0' : text[i - 1]);
            i--;
        }
        if (i == 0) {
            return fresh;
        }
        text[i - 1]++;
    }
    return fresh;
}

/* ---- which strip ---- */

typedef bool fits(const question *a, const question *b);

#define NOT_THERE SIZE_MAX

/* How a strip fits a question. */
enum { NEXT, LATER, AGAIN, RANKS };

/* The step that answers: the next one, or a later one where the client leaves some out, or one that was answered
 * before and is asked again. */
static size_t step_for(const strip *of, size_t at, const question *q, fits *like, unsigned *rank)
{
    for (size_t i = at; i < of->count; i++) {
        if (like(&of->steps[i]->asked, q)) {
            *rank = i == at ? NEXT : LATER;
            return i;
        }
    }
    for (size_t i = at < of->count ? at : of->count; i > 0; i--) {
        if (like(&of->steps[i - 1]->asked, q)) {
            *rank = AGAIN;
            return i - 1;
        }
    }
    return NOT_THERE;
}

/* Goes on with the strips that fit best, at most by this rank; false where none does. */
static bool go_on(session *s, ac_arena *arena, story *now, const question *q, fits *like, unsigned most,
                  size_t *step)
{
    size_t *steps = AC_NEW_ARRAY(arena, now->count, size_t);
    unsigned *ranks = AC_NEW_ARRAY(arena, now->count, unsigned);
    unsigned best = most + 1;
    for (size_t i = 0; i < now->count; i++) {
        question asked = translated(s, arena, now, now->strips[i], q);
        ranks[i] = RANKS;
        steps[i] = step_for(&s->strips[now->strips[i]], now->at[i], &asked, like, &ranks[i]);
        best = steps[i] != NOT_THERE && ranks[i] < best ? ranks[i] : best;
    }
    size_t kept = 0;
    for (size_t i = 0; best <= most && i < now->count; i++) {
        if (steps[i] != NOT_THERE && ranks[i] == best) {
            now->strips[kept] = now->strips[i];
            now->at[kept] = best == AGAIN ? now->at[i] : steps[i] + 1;
            *step = kept == 0 ? steps[i] : *step;
            kept++;
        }
    }
    now->count = best <= most ? kept : now->count;
    return best <= most;
}

/* Whether the strip is being told by some story. */
static bool is_used(const session *s, size_t number)
{
    for (size_t i = 0; i < s->story_count; i++) {
        if (s->stories[i]->strips[0] == number) {
            return true;
        }
    }
    return false;
}

static void add_strip(story *now, size_t number, size_t next)
{
    now->strips[now->count] = number;
    now->at[now->count++] = next;
}

static story *story_new(session *s)
{
    story *now = AC_NEW(s->arena, story);
    now->strips = AC_NEW_ARRAY(s->arena, s->count, size_t);
    now->at = AC_NEW_ARRAY(s->arena, s->count, size_t);
    return now;
}

/* Strips that begin so and were not told yet. */
static story *begin(session *s, const question *q, fits *like)
{
    story *now = NULL;
    for (size_t i = 0; i < s->count; i++) {
        bool free = !is_used(s, i) && !(s->guided && s->strips[i].by_state);
        if (free && like(&s->strips[i].steps[0]->asked, q)) {
            now = now ? now : story_new(s);
            add_strip(now, i, 1);
        }
    }
    return now;
}

/* A strip told before, from its beginning; or one from its middle, for a client that begins later. */
static story *begin_anyhow(session *s, const question *q, fits *like, size_t *step)
{
    story *now = NULL;
    unsigned rank;
    for (size_t i = s->count; i > 0 && !now; i--) {
        if (like(&s->strips[i - 1].steps[0]->asked, q)) {
            now = story_new(s);
            add_strip(now, i - 1, 1);
        }
    }
    for (size_t i = 0; i < s->count && !now; i++) {
        *step = step_for(&s->strips[i], 0, q, like, &rank);
        if (*step != NOT_THERE) {
            now = story_new(s);
            add_strip(now, i, *step + 1);
        }
    }
    *step = *step == NOT_THERE ? 0 : *step;
    return now;
}

/* Too many stories: the oldest is forgotten. */
static void keep_story(session *s, story *now)
{
    if (s->story_count == STORIES_MAX) {
        memmove(s->stories, s->stories + 1, (STORIES_MAX - 1) * sizeof *s->stories);
        s->story_count--;
    }
    s->stories[s->story_count++] = now;
}

/* ---- the answer ---- */

/* What the step gives for the first time becomes known; what is known replaces what the strip has. */
static void give_values(session *s, ac_arena *arena, story *now, size_t step, found *out)
{
    size_t number = now->strips[0];
    const taped *t = out->tape;
    for (size_t i = 0; i < t->given_count && t->given[i].n > 0; i++) {
        bool known = false;
        for (size_t k = 0; k < now->given_count; k++) {
            known = known || (now->given[k].step == step && now->given[k].which == i);
        }
        if (!known && now->given_count < GIVEN_MAX) {
            now->given[now->given_count++] = (given){step, i, fresh_value(s, t->given[i])};
        }
    }
    for (size_t i = 0; i < now->given_count; i++) {
        ac_str own = own_value(s, number, &now->given[i]);
        if (own.n > 0 && !ac_str_eq(own, now->given[i].value)) {
            ac_pairs_add(arena, &out->values, own, now->given[i].value);
        }
    }
}

/* The newest story that goes on so. */
static story *newest(session *s, ac_arena *arena, const question *q, fits *like, unsigned most, size_t *step)
{
    for (size_t i = s->story_count; i > 0; i--) {
        if (go_on(s, arena, s->stories[i - 1], q, like, most, step)) {
            return s->stories[i - 1];
        }
    }
    return NULL;
}

/* What comes next is meant before a new beginning, and that before a step that is left out or asked again. */
static story *choose(session *s, ac_arena *arena, const question *q, fits *like, size_t *step)
{
    story *now = newest(s, arena, q, like, NEXT, step);
    story *fresh = now ? NULL : begin(s, q, like);
    now = now || fresh ? now : newest(s, arena, q, like, AGAIN, step);
    fresh = now || fresh ? fresh : begin_anyhow(s, q, like, step);
    if (fresh) {
        keep_story(s, fresh);
    }
    return fresh ? fresh : now;
}

static void find_with(session *s, ac_arena *arena, const question *q, fits *like, found *out)
{
    size_t step = 0;
    story *now = choose(s, arena, q, like, &step);
    if (!now) {
        return;
    }
    out->tape = s->strips[now->strips[0]].steps[step];
    now->repeats = out->tape == now->last ? now->repeats + 1 : 0;
    now->last = out->tape;
    out->repeats = now->repeats;
    give_values(s, arena, now, step, out);
}

/* ---- provider states ---- */

static bool is_forced(const taped *t, ac_str operation, ac_str code)
{
    const ac_contract *contract = t->asked.call.contract;
    const ac_error_spec *spec = contract && t->code.n > 0 ? ac_contract_match_code(contract, t->code) : NULL;
    return spec && ac_str_eq(contract->operation, operation) && ac_str_eq(spec->code, code);
}

/* With the same parameters where there is one such, else any. */
static const taped *forced_tape(const session *s, const question *q)
{
    const taped *any = NULL;
    for (size_t i = 0; i < s->count; i++) {
        for (size_t k = 0; k < s->strips[i].count; k++) {
            const taped *t = s->strips[i].steps[k];
            if (is_forced(t, s->forced_operation, s->forced_code)) {
                if (!q || asks_the_same(&t->asked, q)) {
                    return t;
                }
                any = any ? any : t;
            }
        }
    }
    return any;
}

bool session_force(session *s, ac_str operation, ac_str code)
{
    s->forced_operation = ac_str_dup(s->arena, operation);
    s->forced_code = ac_str_dup(s->arena, code);
    bool there = code.n == 0 || forced_tape(s, NULL) != NULL;
    s->forced_code = there ? s->forced_code : AC_STR("");
    return there;
}

void session_find(session *s, ac_arena *arena, const question *q, found *out)
{
    static fits *const rules[] = {asks_exactly, asks_the_same, asks_the_same_but_ids};
    *out = (found){0};
    if (s->forced_code.n > 0 && q->call.contract &&
        ac_str_eq(q->call.contract->operation, s->forced_operation)) {
        out->tape = forced_tape(s, q);
        s->forced_code = AC_STR("");
        return;
    }
    for (size_t i = 0; i < AC_COUNT(rules) && !out->tape; i++) {
        find_with(s, arena, q, rules[i], out);
    }
}
