#include "recorder/redact.h"

#include <string.h>

#include "layers_parts.h"
#include "redact_parts.h"
#include "secret_parts.h"

enum {
    WORD_MIN = 8,   /* shorter values are replaced below their name only */
    NAMED_MIN = 4,  /* shorter values name nobody: 0, 1, -1 */
    RULES_MAX = 256 /* that are looked for in one text */
};

struct ac_redactor {
    const ac_redact_rules *rules;
    ac_pseudonyms *known;
    ac_arena *arena; /* for what outlives a record: patterns of secrets */
    ac_secret_remover secrets;
    ac_known_secrets known_secrets;
    bool words; /* some value is looked for as a word */
};

typedef struct visit {
    ac_redactor *redactor;
    ac_arena *arena;
    uint64_t exchange;
    bool replace;    /* false: only learn */
    ac_leaks *leaks; /* not NULL: the last scan */
} visit;

/* ---- which rules look at a text ---- */

static bool is_listed(ac_str name, ac_strs names)
{
    for (size_t i = 0; i < names.count; i++) {
        if (ac_str_eq_nocase(name, names.items[i])) {
            return true;
        }
    }
    return false;
}

/* "OwnerId" of "Connections.1.OwnerId". */
static ac_str last_part(ac_str name)
{
    size_t n = name.n;
    while (n > 0 && name.p[n - 1] != '.') {
        n--;
    }
    return ac_str_sub(name, n, name.n);
}

static bool is_named(const ac_redact_rule *rule, ac_str name)
{
    return is_listed(name, rule->names) || is_listed(last_part(name), rule->names);
}

static bool has_needed(const ac_redact_rule *rule, ac_str text)
{
    const char *from = text.p;
    for (size_t i = 0; i < rule->needs.n; i++) {
        from = i > 0 && rule->needs.p[i] != rule->needs.p[i - 1] ? text.p : from;
        from = memchr(from, rule->needs.p[i], (size_t)(text.p + text.n - from));
        if (!from) {
            return false;
        }
        from++;
    }
    return text.n >= (size_t)rule->shortest;
}

/* A rule that replaces the whole value below a name. */
static const ac_redact_rule *named_rule(const ac_redact_rules *rules, ac_str name)
{
    for (size_t i = 0; rules->names && name.n > 0 && i < rules->count; i++) {
        const ac_redact_rule *rule = &rules->items[i];
        if (!rule->regex && is_named(rule, name)) {
            return rule;
        }
    }
    return NULL;
}

/* ---- meeting a value ---- */

static void add_leak(visit *v, const ac_place *place, ac_str rule, ac_str value)
{
    ac_leaks *leaks = v->leaks;
    if (leaks->count == leaks->capacity) {
        size_t capacity = leaks->capacity > 0 ? leaks->capacity * 2 : 8;
        ac_leak *items = AC_NEW_ARRAY(v->arena, capacity, ac_leak);
        if (leaks->count > 0) {
            memcpy(items, leaks->items, leaks->count * sizeof *items);
        }
        leaks->items = items;
        leaks->capacity = capacity;
    }
    ac_str where = ac_place_describe(v->arena, place);
    ac_buf hint;
    ac_buf_init(&hint, 64);
    ac_buf_add_visible(&hint, ac_str_sub(value, 0, value.n < 12 ? 1 : 3));
    ac_buf_printf(&hint, "… (%zu bytes)", value.n);
    leaks->items[leaks->count++] =
        (ac_leak){.rule = ac_str_dup(v->arena, rule),
                  .place = v->exchange > 0 ? ac_str_printf(v->arena, "exchange %llu, %.*s",
                                                           (unsigned long long)v->exchange, AC_STR_FMT(where))
                                           : where,
                  .hint = ac_buf_take(&hint, v->arena)};
}

static bool is_settled(const visit *v, const ac_redact_rule *rule, ac_str value)
{
    uint64_t number;
    return ac_pseudonyms_is_given(v->redactor->known, value) ||
           ac_pseudonym_is_one(rule->form, value, &number);
}

/* What stands for the value: its pseudonym, or in the last scan and while learning the value itself. */
static ac_str meet(visit *v, const ac_place *place, const ac_redact_rule *rule, ac_str value, bool named)
{
    if (v->leaks) {
        if (rule->kind == AC_RULE_SUSPECT || !is_settled(v, rule, value)) {
            add_leak(v, place, rule->id, value);
        }
        return value;
    }
    if (rule->kind == AC_RULE_SUSPECT || ac_secret_is_marker(value) ||
        (v->replace && ac_pseudonyms_is_given(v->redactor->known, value))) {
        return value;
    }
    bool fresh;
    ac_pseudonym *entry = ac_pseudonyms_meet(v->redactor->known, value, rule->form, &fresh);
    if (fresh) {
        ac_arena *arena = ac_pseudonyms_arena(v->redactor->known);
        entry->rule = (size_t)(rule - v->redactor->rules->items);
        entry->place = ac_place_describe(arena, place);
        entry->exchange = v->exchange;
    }
    if (named && value.n >= WORD_MIN) {
        entry->anywhere = true;
        v->redactor->words = true;
    }
    if (!v->replace) {
        entry->count++;
        return value;
    }
    if (!entry->text.p) {
        ac_pseudonyms_settle(v->redactor->known);
    }
    return entry->own ? value : entry->text;
}

/* ---- words that are known from elsewhere ---- */

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || (c & 0x80) != 0;
}

static void replace_words(visit *v, ac_splice *splice, size_t from, size_t to)
{
    if (!v->redactor->words || v->leaks) {
        return;
    }
    ac_str text = splice->source;
    while (from < to) {
        size_t end = from;
        while (end < to && is_word_char(text.p[end])) {
            end++;
        }
        const ac_pseudonym *entry = NULL;
        if (end - from >= WORD_MIN) {
            entry = ac_pseudonyms_find(v->redactor->known, ac_str_sub(text, from, end - from));
        }
        if (entry && entry->anywhere && !entry->own && entry->text.p && v->replace) {
            ac_buf_add(ac_splice_at(splice, from, end), entry->text);
        }
        from = end + 1;
    }
}

/* ---- patterns in a text ---- */

typedef struct match {
    const ac_redact_rule *rule; /* NULL: no more */
    size_t start, end;
} match;

static void look(match *m, ac_str text, size_t from)
{
    if (!ac_regex_find(m->rule->regex, text, from, &m->start, &m->end)) {
        m->rule = NULL;
    }
}

static size_t rules_for(const visit *v, const ac_place *place, ac_str text, match *out)
{
    const ac_redact_rules *rules = v->redactor->rules;
    size_t count = 0;
    for (size_t i = 0; i < rules->count && count < RULES_MAX; i++) {
        const ac_redact_rule *rule = &rules->items[i];
        if (!rule->regex || !has_needed(rule, text) ||
            (rule->kind == AC_RULE_SUSPECT && (!v->leaks || place->opened))) {
            continue;
        }
        ac_str name = ac_place_name(place);
        if ((rule->names.count > 0 && !is_named(rule, name)) || is_listed(name, rule->keep)) {
            continue;
        }
        match m = {.rule = rule};
        look(&m, text, 0);
        if (m.rule) {
            out[count++] = m;
        }
    }
    return count;
}

/* The match that begins first; of several the longest. */
static match *first_of(match *matches, size_t count)
{
    match *first = NULL;
    for (size_t i = 0; i < count; i++) {
        match *m = &matches[i];
        if (m->rule &&
            (!first || m->start < first->start || (m->start == first->start && m->end > first->end))) {
            first = m;
        }
    }
    return first;
}

static ac_str replace_in(visit *v, const ac_place *place, ac_str text)
{
    match matches[RULES_MAX];
    size_t count = rules_for(v, place, text, matches);
    if (count == 0 && !v->redactor->words) {
        return text;
    }
    ac_splice splice;
    ac_splice_init(&splice, text);
    size_t at = 0;
    for (match *m; (m = first_of(matches, count));) {
        size_t end = m->end;
        ac_str value = ac_str_sub(text, m->start, m->end - m->start);
        replace_words(v, &splice, at, m->start);
        ac_str stands = meet(v, place, m->rule, value, false);
        if (!ac_same_text(value, stands)) {
            ac_buf_add(ac_splice_at(&splice, m->start, m->end), stands);
        }
        for (size_t i = 0; i < count; i++) {
            if (matches[i].rule && matches[i].start < end) {
                look(&matches[i], text, end);
            }
        }
        at = end;
    }
    replace_words(v, &splice, at, text.n);
    return ac_splice_done(&splice, v->arena);
}

/* Patterns take UTF-8 only, so bytes that are none part a text. */
static size_t readable_length(ac_str text)
{
    size_t n = 0;
    uint32_t scalar;
    while (n < text.n) {
        size_t length = ac_utf8_next(ac_str_sub(text, n, text.n), &scalar);
        if (length == 0) {
            break;
        }
        n += length;
    }
    return n;
}

static ac_str visit_text(void *context, const ac_place *place, ac_str text)
{
    visit *v = context;
    if (v->leaks) {
        ac_str without = ac_secret_text(&v->redactor->secrets, place, text);
        if (!ac_same_text(text, without)) {
            add_leak(v, place, AC_STR("secret"), text);
        }
    }
    if (ac_utf8_valid(text)) {
        return replace_in(v, place, text);
    }
    ac_splice splice;
    ac_splice_init(&splice, text);
    for (size_t from = 0; from < text.n;) {
        ac_str piece = ac_str_sub(text, from, readable_length(ac_str_sub(text, from, text.n)));
        ac_str new_piece = replace_in(v, place, piece);
        if (!ac_same_text(piece, new_piece)) {
            ac_buf_add(ac_splice_at(&splice, from, from + piece.n), new_piece);
        }
        from += piece.n > 0 ? piece.n : 1;
    }
    return ac_splice_done(&splice, v->arena);
}

/* ---- whole values ---- */

static bool visit_whole(void *context, const ac_place *place, ac_str text, ac_str *out)
{
    visit *v = context;
    if (v->leaks && ac_secret_whole(&v->redactor->secrets, place, text, out)) {
        if (!ac_str_eq(text, *out)) {
            add_leak(v, place, AC_STR("secret"), text);
        }
        *out = text;
        return true;
    }
    const ac_redact_rule *rule = named_rule(v->redactor->rules, ac_place_name(place));
    if (!rule || text.n < NAMED_MIN || place->kind == AC_PLACE_NAME || place->kind == AC_PLACE_USERINFO) {
        return false;
    }
    *out = meet(v, place, rule, text, true);
    return true;
}

/* ---- the redactor ---- */

ac_redactor *ac_redactor_new(const ac_redact_rules *rules, const ac_known_secrets *known)
{
    ac_redactor *redactor = ac_alloc(sizeof *redactor);
    redactor->rules = rules;
    redactor->known = ac_pseudonyms_new();
    redactor->arena = ac_arena_new();
    redactor->known_secrets = known ? *known : (ac_known_secrets){NULL, 0};
    ac_secret_patterns_init(redactor->arena, &redactor->known_secrets, &redactor->secrets.patterns);
    return redactor;
}

void ac_redactor_free(ac_redactor *redactor)
{
    if (redactor) {
        ac_pseudonyms_free(redactor->known);
        ac_arena_free(redactor->arena);
        ac_free(redactor);
    }
}

static ac_layers layers_of(visit *v)
{
    v->redactor->secrets.arena = v->arena;
    return (ac_layers){v->arena, v, visit_whole, visit_text};
}

void ac_redactor_learn(ac_redactor *redactor, const ac_record *record)
{
    ac_arena *arena = ac_arena_new();
    visit v = {.redactor = redactor, .arena = arena, .exchange = record->number};
    ac_record copy = *record;
    ac_layers layers = layers_of(&v);
    ac_secrets_remove(arena, &copy, &redactor->known_secrets);
    ac_layers_record(&layers, &copy);
    ac_arena_free(arena);
}

void ac_redact(ac_redactor *redactor, ac_arena *arena, ac_record *record)
{
    visit v = {.redactor = redactor, .arena = arena, .exchange = record->number, .replace = true};
    ac_layers layers = layers_of(&v);
    ac_pseudonyms_settle(redactor->known);
    ac_secrets_remove(arena, record, &redactor->known_secrets);
    ac_layers_record(&layers, record);
}

bool ac_redactor_at(const ac_redactor *redactor, size_t *index, ac_redacted *out)
{
    const ac_pseudonym *entry;
    while ((entry = ac_pseudonyms_at(redactor->known, (*index)++))) {
        if (!entry->own) {
            *out = (ac_redacted){redactor->rules->items[entry->rule].id,
                                 entry->value,
                                 entry->text,
                                 entry->place,
                                 entry->exchange,
                                 entry->count};
            return true;
        }
    }
    return false;
}

bool ac_redactor_gave(const ac_redactor *redactor, ac_str text)
{
    if (ac_pseudonyms_is_given(redactor->known, text)) {
        return true;
    }
    while (text.n > 0) {
        size_t n = 0;
        while (n < text.n && is_word_char(text.p[n])) {
            n++;
        }
        if (n > 0 && ac_pseudonyms_is_given(redactor->known, ac_str_sub(text, 0, n))) {
            return true;
        }
        text = ac_str_sub(text, n + 1, text.n);
    }
    return false;
}

void ac_redact_scan(ac_redactor *redactor, ac_arena *arena, const ac_record *record, ac_leaks *out)
{
    visit v = {.redactor = redactor, .arena = arena, .exchange = record->number, .leaks = out};
    ac_record copy = *record;
    ac_layers layers = layers_of(&v);
    ac_layers_record(&layers, &copy);
}

void ac_redact_scan_text(ac_redactor *redactor, ac_arena *arena, const char *name, ac_str text, ac_leaks *out)
{
    visit v = {.redactor = redactor, .arena = arena, .leaks = out};
    ac_place place = {.kind = AC_PLACE_PART, .name = ac_str_c(name)};
    ac_layers layers = layers_of(&v);
    ac_layers_text(&layers, &place, text);
}
