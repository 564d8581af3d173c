/* Checks of single values that a case asks for. */
#include "match/judge.h"

static const ac_str unset = {NULL, 0};

static ac_str labelled(ac_arena *arena, const char *label, const ac_json *value)
{
    if (!value) {
        return unset;
    }
    ac_str shown = ac_shown_json(arena, value);
    return ac_shown_printf(arena, "%s%.*s", label, AC_STR_FMT(shown));
}

/* Each check holds where its member of the matcher is not set; in words, it is then p NULL. */

/* ---- null, type ---- */

static bool is_null(const ac_matcher *m, const ac_json *value)
{
    return !m->null || value->type == AC_JSON_NULL;
}

static ac_str expected_null(ac_arena *arena, const ac_matcher *m)
{
    (void)arena;
    return m->null ? AC_STR("null") : unset;
}

static bool has_type(const ac_matcher *m, const ac_json *value)
{
    ac_str name = m->type > 0 ? ac_str_c(ac_matcher_types[m->type]) : unset;
    return !name.p || ac_str_is(name, ac_json_type_name(value->type)) ||
           (ac_str_is(name, "integer") && ac_json_is_integer(value));
}

static ac_str expected_type(ac_arena *arena, const ac_matcher *m)
{
    (void)arena;
    return m->type > 0 ? ac_str_c(ac_matcher_types[m->type]) : unset;
}

/* ---- equality ---- */

static bool is_equal(const ac_matcher *m, const ac_json *value)
{
    return !m->equals || ac_json_equal(m->equals, value);
}

static ac_str expected_equal(ac_arena *arena, const ac_matcher *m)
{
    return labelled(arena, "", m->equals);
}

static bool is_not_equal(const ac_matcher *m, const ac_json *value)
{
    return !m->not_equal || !ac_json_equal(m->not_equal, value);
}

static ac_str expected_not_equal(ac_arena *arena, const ac_matcher *m)
{
    return labelled(arena, "anything but ", m->not_equal);
}

static bool is_one_of(const ac_matcher *m, const ac_json *value)
{
    for (size_t i = 0; m->one_of && i < m->one_of->count; i++) {
        if (ac_json_equal(&m->one_of->items[i], value)) {
            return true;
        }
    }
    return !m->one_of;
}

static ac_str expected_one_of(ac_arena *arena, const ac_matcher *m)
{
    return labelled(arena, "one of ", m->one_of);
}

/* ---- text ---- */

static bool matches_once(ac_str pattern, ac_str text)
{
    ac_regex *regex = ac_regex_new(pattern, NULL);
    bool found = regex && ac_regex_match(regex, text);
    ac_regex_free(regex);
    return found;
}

static bool matches(const ac_matcher *m, const ac_json *value)
{
    if (!m->regex.p) {
        return true;
    }
    ac_str text = ac_json_text(value);
    return text.p && (m->compiled ? ac_regex_match(m->compiled, text) : matches_once(m->regex, text));
}

static ac_str expected_match(ac_arena *arena, const ac_matcher *m)
{
    return m->regex.p ? ac_shown_printf(arena, "text that matches %.*s", AC_STR_FMT(m->regex)) : unset;
}

static bool has_format(const ac_matcher *m, const ac_json *value)
{
    return m->format == AC_FORMAT_UNSET ||
           (value->type == AC_JSON_STRING && ac_match_format((ac_format)m->format, value->text));
}

static ac_str expected_format(ac_arena *arena, const ac_matcher *m)
{
    return m->format != AC_FORMAT_UNSET ? ac_shown_printf(arena, "format %s", ac_format_names[m->format])
                                        : unset;
}

/* ---- numbers ---- */

static ac_str magnitude_of(ac_str literal, bool *negative)
{
    *negative = literal.n > 0 && literal.p[0] == '-';
    literal = ac_str_sub(literal, *negative, literal.n);
    *negative = *negative && !ac_str_is(literal, "0");
    return literal;
}

/* Integers of any size, as text: identifiers do not fit into a double. */
static int compare(ac_str a, ac_str b)
{
    bool a_negative, b_negative;
    ac_str x = magnitude_of(a, &a_negative);
    ac_str y = magnitude_of(b, &b_negative);
    if (a_negative != b_negative) {
        return a_negative ? -1 : 1;
    }
    int order = x.n != y.n ? (x.n > y.n) - (x.n < y.n) : ac_str_cmp(x, y);
    return a_negative ? -order : order;
}

static bool is_in_range(const ac_matcher *m, const ac_json *value)
{
    if (!m->min.p && !m->max.p) {
        return true;
    }
    return ac_json_is_integer(value) && (!m->min.p || compare(value->text, m->min) >= 0) &&
           (!m->max.p || compare(value->text, m->max) <= 0);
}

static ac_str expected_range(ac_arena *arena, const ac_matcher *m)
{
    if (!m->min.p && !m->max.p) {
        return unset;
    }
    if (!m->min.p || !m->max.p) {
        return ac_shown_printf(arena, "an integer of at %s %.*s", m->min.p ? "least" : "most",
                               AC_STR_FMT(m->min.p ? m->min : m->max));
    }
    return ac_shown_printf(arena, "an integer from %.*s to %.*s", AC_STR_FMT(m->min), AC_STR_FMT(m->max));
}

/* ---- sizes ---- */

/* Characters, elements or members; -1 where there is nothing to count. */
static int64_t length_of(const ac_json *value)
{
    if (value->type == AC_JSON_STRING) {
        return (int64_t)ac_utf8_length(value->text);
    }
    bool counts = value->type == AC_JSON_ARRAY || value->type == AC_JSON_OBJECT;
    return counts ? (int64_t)value->count : -1;
}

static bool is_empty(const ac_matcher *m, const ac_json *value)
{
    return !m->empty || length_of(value) == 0;
}

static ac_str expected_empty(ac_arena *arena, const ac_matcher *m)
{
    (void)arena;
    return m->empty ? AC_STR("empty") : unset;
}

static bool has_length(const ac_matcher *m, const ac_json *value)
{
    return m->length < 0 || length_of(value) == m->length;
}

static ac_str expected_length(ac_arena *arena, const ac_matcher *m)
{
    return m->length >= 0 ? ac_shown_printf(arena, "length %lld", (long long)m->length) : unset;
}

/* ---- elements ---- */

static bool is_unordered(const ac_matcher *m, const ac_json *value)
{
    if (!m->unordered) {
        return true;
    }
    size_t count = m->unordered->count;
    if (value->type != AC_JSON_ARRAY || value->count != count) {
        return false;
    }
    bool *taken = ac_alloc(count * sizeof *taken);
    size_t found = 0;
    for (size_t i = 0; i < count && found == i; i++) {
        for (size_t k = 0; k < count && found == i; k++) {
            if (!taken[k] && ac_json_equal(&m->unordered->items[i], &value->items[k])) {
                taken[k] = true;
                found++;
            }
        }
    }
    ac_free(taken);
    return found == count;
}

static ac_str expected_unordered(ac_arena *arena, const ac_matcher *m)
{
    return labelled(arena, "in any order ", m->unordered);
}

static bool holds_members(const ac_json *wanted, const ac_json *value)
{
    if (wanted->type != AC_JSON_OBJECT || value->type != AC_JSON_OBJECT) {
        return ac_json_equal(wanted, value);
    }
    for (size_t i = 0; i < wanted->count; i++) {
        const ac_json *member = ac_json_get(value, wanted->items[i].key);
        if (!member || !ac_json_equal(&wanted->items[i], member)) {
            return false;
        }
    }
    return true;
}

static bool contains(const ac_matcher *m, const ac_json *value)
{
    for (size_t i = 0; m->contains && value->type == AC_JSON_ARRAY && i < value->count; i++) {
        if (holds_members(m->contains, &value->items[i])) {
            return true;
        }
    }
    return !m->contains;
}

static ac_str expected_contains(ac_arena *arena, const ac_matcher *m)
{
    return labelled(arena, "an array with ", m->contains);
}

/* ---- judging ---- */

typedef struct check {
    ac_finding_kind kind;
    bool (*holds)(const ac_matcher *m, const ac_json *value);
    ac_str (*expected)(ac_arena *arena, const ac_matcher *m);
} check;

static const check checks[] = {
    {AC_FINDING_VALUE, is_null, expected_null},
    {AC_FINDING_TYPE, has_type, expected_type},
    {AC_FINDING_VALUE, is_equal, expected_equal},
    {AC_FINDING_VALUE, is_not_equal, expected_not_equal},
    {AC_FINDING_ENUM, is_one_of, expected_one_of},
    {AC_FINDING_VALUE, matches, expected_match},
    {AC_FINDING_FORMAT, has_format, expected_format},
    {AC_FINDING_VALUE, is_in_range, expected_range},
    {AC_FINDING_VALUE, is_empty, expected_empty},
    {AC_FINDING_VALUE, has_length, expected_length},
    {AC_FINDING_VALUE, is_unordered, expected_unordered},
    {AC_FINDING_VALUE, contains, expected_contains},
};

static void tell(ac_judge *judge, ac_finding_kind kind, const ac_matcher *m, ac_str expected,
                 const ac_json *value)
{
    ac_finding *f = ac_judge_finding(judge, kind, AC_LEVEL_NONE);
    if (f) {
        f->place = ac_shown(judge->arena, m->pointer);
        f->expected = expected;
        f->observed = ac_shown_json(judge->arena, value);
        f->source = ac_judge_source(judge, judge->input->expect->cite, judge->input->expect->cite);
    }
}

/* What a value should be that is not there: as its first check says. */
static ac_str expected_instead(ac_arena *arena, const ac_matcher *m)
{
    ac_str expected = unset;
    for (size_t i = 0; i < AC_COUNT(checks) && !expected.p; i++) {
        expected = checks[i].expected(arena, m);
    }
    return expected.p ? expected : AC_STR("present");
}

static void judge_matcher(ac_judge *judge, const ac_matcher *m)
{
    const ac_json *value = ac_json_at(judge->out->body, m->pointer);
    if (m->absent || !value) {
        if (m->absent && value) {
            tell(judge, AC_FINDING_VALUE, m, AC_STR("absent"), value);
        } else if (!m->absent && !m->if_present) {
            tell(judge, AC_FINDING_MISSING_FIELD, m, expected_instead(judge->arena, m), NULL);
        }
        return;
    }
    size_t i = 0;
    while (i < AC_COUNT(checks) && checks[i].holds(m, value)) {
        i++;
    }
    if (i < AC_COUNT(checks)) {
        ac_finding_kind kind = value->type == AC_JSON_NULL ? AC_FINDING_NULL : checks[i].kind;
        tell(judge, kind, m, checks[i].expected(judge->arena, m), value);
    }
}

void ac_judge_matchers(ac_judge *judge)
{
    const ac_expect *expect = judge->input->expect;
    for (size_t i = 0; i < expect->body.count; i++) {
        judge_matcher(judge, &expect->body.items[i]);
    }
    if (expect->body.count > 0) {
        judge->judged = AC_LEVEL_MESSAGE;
    }
}
