#include <stddef.h>

#include "base/decode.h"
#include "redact_parts.h"

typedef struct rule_file {
    int64_t accord, version;
    struct {
        ac_redact_rule *items;
        size_t count;
    } rules;
} rule_file;

typedef struct own_rules {
    ac_strs off;
    struct {
        ac_redact_rule *items;
        size_t count;
    } rules;
} own_rules;

/* In the order of ac_pseudonym_kind. */
static const char *const kinds[] = {"id",    "digits", "ipv4",   "ipv6",    "mac",
                                    "email", "text",   "secret", "suspect", NULL};

static bool check_rule(ac_decoder *decoder, const ac_json *json, void *out)
{
    ac_redact_rule *rule = out;
    (void)json;
    if (!rule->pattern.p && rule->names.count == 0) {
        return ac_decode_fail(decoder, NULL, "a rule needs a pattern or names");
    }
    if (ac_str_find_char(rule->id, '/') == AC_NOT_FOUND) {
        return ac_decode_fail(decoder, "id", "ids are group/name");
    }
    if (rule->first < 0 || rule->first > 8 || rule->shortest < 0) {
        return ac_decode_fail(decoder, rule->shortest < 0 ? "shortest" : "first", "out of range");
    }
    ac_str_split(rule->id, '/', &rule->form.name);
    rule->form.kind = (ac_pseudonym_kind)(rule->kind == AC_RULE_SUSPECT ? 0 : rule->kind);
    rule->form.first = (size_t)rule->first;
    return true;
}

#define ROW(type, key, kind, member, required, arg)                                                          \
    {                                                                                                        \
        key, kind, offsetof(type, member), required, arg                                                     \
    }
#define END                                                                                                  \
    {                                                                                                        \
        NULL, AC_FIELD_IGNORE, 0, false, NULL                                                                \
    }

static const ac_field rule_fields[] = {
    ROW(ac_redact_rule, "id", AC_FIELD_STR, id, true, NULL),
    ROW(ac_redact_rule, "about", AC_FIELD_STR, about, true, NULL),
    ROW(ac_redact_rule, "kind", AC_FIELD_ENUM, kind, true, kinds),
    ROW(ac_redact_rule, "pattern", AC_FIELD_STR, pattern, false, NULL),
    ROW(ac_redact_rule, "names", AC_FIELD_STRS, names, false, NULL),
    ROW(ac_redact_rule, "keep", AC_FIELD_STRS, keep, false, NULL),
    ROW(ac_redact_rule, "needs", AC_FIELD_STR, needs, false, NULL),
    ROW(ac_redact_rule, "shortest", AC_FIELD_INT, shortest, false, NULL),
    ROW(ac_redact_rule, "first", AC_FIELD_INT, first, false, NULL),
    END,
};
static const ac_struct rule_shape = {rule_fields, sizeof(ac_redact_rule), check_rule};

static const ac_field file_fields[] = {
    ROW(rule_file, "$schema", AC_FIELD_IGNORE, accord, false, NULL),
    ROW(rule_file, "accord", AC_FIELD_INT, accord, true, NULL),
    ROW(rule_file, "version", AC_FIELD_INT, version, true, NULL),
    ROW(rule_file, "rules", AC_FIELD_LIST, rules, true, &rule_shape),
    END,
};
static const ac_struct file_shape = {file_fields, sizeof(rule_file), NULL};

static const ac_field own_fields[] = {
    ROW(own_rules, "off", AC_FIELD_STRS, off, false, NULL),
    ROW(own_rules, "rules", AC_FIELD_LIST, rules, false, &rule_shape),
    END,
};
static const ac_struct own_shape = {own_fields, sizeof(own_rules), NULL};

static bool decode(ac_redact_rules *rules, const char *file, const ac_json *json, const ac_struct *shape,
                   void *out, ac_err *err)
{
    ac_decoder decoder;
    ac_decoder_init(&decoder, rules->arena, file, err);
    bool ok = ac_decode(&decoder, json, shape, out);
    ac_decoder_done(&decoder);
    return ok;
}

static const ac_redact_rule *find_rule(const ac_redact_rules *rules, ac_str id)
{
    for (size_t i = 0; i < rules->count; i++) {
        if (ac_str_eq(rules->items[i].id, id)) {
            return &rules->items[i];
        }
    }
    return NULL;
}

static bool add_rule(ac_redact_rules *rules, const char *file, const ac_redact_rule *rule, ac_err *err)
{
    if (find_rule(rules, rule->id)) {
        return ac_fail(err, AC_ERR_USAGE, "%s: two rules are called \"%.*s\"", file, AC_STR_FMT(rule->id));
    }
    ac_redact_rule copy = *rule;
    if (rule->pattern.p) {
        copy.regex = ac_regex_new(rule->pattern, err);
        if (!copy.regex) {
            ac_err_prefix(err, AC_ERR_USAGE, "%s: rule %.*s", file, AC_STR_FMT(rule->id));
            return false;
        }
    }
    if (rules->count == rules->capacity) {
        rules->capacity = rules->capacity > 0 ? rules->capacity * 2 : 32;
        rules->items = ac_realloc(rules->items, rules->capacity * sizeof *rules->items);
    }
    rules->items[rules->count++] = copy;
    rules->names = rules->names || rule->names.count > 0;
    return true;
}

static bool add_file(ac_redact_rules *rules, const ac_redaction_source *source, ac_err *err)
{
    rule_file file = {0};
    if (!decode(rules, source->file, source->json, &file_shape, &file, err)) {
        return false;
    }
    if (file.accord != 1) {
        return ac_fail(err, AC_ERR_USAGE, "%s: /accord: version 1 is expected", source->file);
    }
    ac_str name = source->provider.n > 0 ? source->provider : AC_STR("common");
    rules->versions =
        ac_json_set(rules->arena, rules->versions, name, ac_json_integer(rules->arena, file.version));
    for (size_t i = 0; i < file.rules.count; i++) {
        if (!add_rule(rules, source->file, &file.rules.items[i], err)) {
            return false;
        }
    }
    return true;
}

static bool add_own(ac_redact_rules *rules, const ac_redact_choice *choice, own_rules *own, ac_err *err)
{
    const char *file = choice->file ? choice->file : "redaction";
    if (!choice->own) {
        return true;
    }
    if (!decode(rules, file, choice->own, &own_shape, own, err)) {
        return false;
    }
    for (size_t i = 0; i < own->rules.count; i++) {
        if (!add_rule(rules, file, &own->rules.items[i], err)) {
            return false;
        }
    }
    return true;
}

static bool add_removed(ac_redact_rules *rules, ac_strs names, ac_err *err)
{
    ac_redact_rule rule = {.id = AC_STR("own/removed"),
                           .about = AC_STR("named on the command line"),
                           .kind = AC_PSEUDONYM_SECRET,
                           .names = names,
                           .form = {AC_PSEUDONYM_SECRET, 0, AC_STR("removed")}};
    return names.count == 0 || add_rule(rules, "--remove", &rule, err);
}

static bool switch_off(ac_redact_rules *rules, ac_strs ids, ac_err *err)
{
    for (size_t i = 0; i < ids.count; i++) {
        const ac_redact_rule *rule = find_rule(rules, ids.items[i]);
        if (!rule) {
            ac_str *known = AC_NEW_ARRAY(rules->arena, rules->count, ac_str);
            for (size_t k = 0; k < rules->count; k++) {
                known[k] = rules->items[k].id;
            }
            ac_str near = ac_suggest(ids.items[i], known, rules->count);
            return ac_fail(err, AC_ERR_USAGE, "there is no redaction rule \"%.*s\"%s%.*s%s",
                           AC_STR_FMT(ids.items[i]), near.n > 0 ? "; did you mean \"" : "", AC_STR_FMT(near),
                           near.n > 0 ? "\"?" : "");
        }
        size_t index = (size_t)(rule - rules->items);
        ac_regex_free(rules->items[index].regex);
        rules->off.items[rules->off.count++] = rule->id;
        for (size_t k = index; k + 1 < rules->count; k++) {
            rules->items[k] = rules->items[k + 1];
        }
        rules->count--;
    }
    return true;
}

static bool load(ac_redact_rules *rules, const ac_corpus *corpus, const ac_redact_choice *choice, ac_err *err)
{
    own_rules own = {0};
    for (size_t i = 0; i < corpus->redaction_count; i++) {
        if (!add_file(rules, &corpus->redactions[i], err)) {
            return false;
        }
    }
    if (!add_own(rules, choice, &own, err) || !add_removed(rules, choice->remove, err)) {
        return false;
    }
    rules->off.items = AC_NEW_ARRAY(rules->arena, own.off.count + choice->off.count, ac_str);
    return switch_off(rules, own.off, err) && switch_off(rules, choice->off, err);
}

ac_redact_rules *ac_redact_rules_new(const ac_corpus *corpus, const ac_redact_choice *choice, ac_err *err)
{
    ac_redact_rules *rules = ac_alloc(sizeof *rules);
    rules->arena = ac_arena_new();
    if (!load(rules, corpus, choice, err)) {
        ac_redact_rules_free(rules);
        return NULL;
    }
    return rules;
}

void ac_redact_rules_free(ac_redact_rules *rules)
{
    if (!rules) {
        return;
    }
    for (size_t i = 0; i < rules->count; i++) {
        ac_regex_free(rules->items[i].regex);
    }
    ac_free(rules->items);
    ac_arena_free(rules->arena);
    ac_free(rules);
}

const ac_json *ac_redact_rules_describe(ac_arena *arena, const ac_redact_rules *rules)
{
    const ac_json **ids = AC_NEW_ARRAY(arena, rules->count, const ac_json *);
    const ac_json **off = AC_NEW_ARRAY(arena, rules->off.count, const ac_json *);
    for (size_t i = 0; i < rules->count; i++) {
        ids[i] = ac_json_string(arena, ac_str_dup(arena, rules->items[i].id));
    }
    for (size_t i = 0; i < rules->off.count; i++) {
        off[i] = ac_json_string(arena, ac_str_dup(arena, rules->off.items[i]));
    }
    const ac_json *out =
        ac_json_set(arena, NULL, AC_STR("secrets"), ac_json_string(arena, AC_STR("secrets/1")));
    if (rules->versions) {
        out = ac_json_set(arena, out, AC_STR("versions"), rules->versions);
    }
    out = ac_json_set(arena, out, AC_STR("rules"), ac_json_array(arena, ids, rules->count));
    return ac_json_set(arena, out, AC_STR("off"), ac_json_array(arena, off, rules->off.count));
}
