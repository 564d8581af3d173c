#include "case/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "case/draft.h"
#include "case/vars.h"

/* What is being looked at. */
typedef struct linter {
    ac_arena *arena;
    const ac_corpus *corpus;
    const ac_cases *cases;
    const ac_contract *contract;
    ac_lint_report *report;
    size_t capacity;
} linter;

static void complain(linter *l, const char *file, const char *format, ...) AC_PRINTF(3, 4);

static void complain(linter *l, const char *file, const char *format, ...)
{
    ac_lint_report *report = l->report;
    if (report->count == l->capacity) {
        l->capacity = l->capacity > 0 ? l->capacity * 2 : 32;
        ac_lint_finding *grown = AC_NEW_ARRAY(l->arena, l->capacity, ac_lint_finding);
        if (report->count > 0) {
            memcpy(grown, report->items, report->count * sizeof *grown);
        }
        report->items = grown;
    }
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    report->items[report->count++] = (ac_lint_finding){file, ac_str_dup(l->arena, ac_str_c(text))};
}

/* ---- citations ---- */

static void check_cite(linter *l, ac_str cite, const char *place)
{
    const ac_section *section;
    int64_t row;
    l->report->citations++;
    const ac_source *source = ac_cite_source(l->contract, cite, &section, &row);
    if (!source) {
        complain(l, l->contract->file, "%s: no source is declared for \"%.*s\"", place, AC_STR_FMT(cite));
    } else if (!section) {
        complain(l, l->contract->file, "%s: the source has no such section: \"%.*s\"", place,
                 AC_STR_FMT(cite));
    } else if (row < 0 || (section->rows > 0 && row > section->rows)) {
        complain(l, l->contract->file, "%s: there is no such row: \"%.*s\"", place, AC_STR_FMT(cite));
    }
}

static void check_cites(linter *l, ac_strs cites, bool needed, const char *format, ...) AC_PRINTF(4, 5);

static void check_cites(linter *l, ac_strs cites, bool needed, const char *format, ...)
{
    char place[160];
    va_list args;
    va_start(args, format);
    vsnprintf(place, sizeof place, format, args);
    va_end(args);
    if (needed && cites.count == 0) {
        complain(l, l->contract->file, "%s: no source is cited", place);
    }
    for (size_t i = 0; i < cites.count; i++) {
        check_cite(l, cites.items[i], place);
    }
}

static void check_rule_cite(linter *l, const ac_rule_error *rule, const char *place)
{
    if (rule) {
        check_cites(l, rule->cite, true, "%s", place);
    }
}

static void check_parameter_cites(linter *l, size_t index)
{
    const ac_parameter *p = &l->contract->parameters.items[index];
    check_cites(l, p->cite, true, "/parameters/%zu", index);
    check_cites(l, p->required_cite, false, "/parameters/%zu/required_cite", index);
    check_rule_cite(l, p->missing_error, "/parameters: missing_error");
    check_rule_cite(l, p->type_error, "/parameters: type_error");
    for (size_t k = 0; k < p->constraints.count; k++) {
        check_cites(l, p->constraints.items[k].cite, true, "/parameters/%zu/constraints/%zu", index, k);
    }
}

static void check_field_cites(linter *l, const ac_response_fields *fields, const char *place)
{
    for (size_t i = 0; i < fields->count; i++) {
        const ac_response_field *f = &fields->items[i];
        check_cites(l, f->cite, true, "%s/%zu", place, i);
        check_cites(l, f->enum_cite, false, "%s/%zu/enum_cite", place, i);
        check_cites(l, f->pattern_cite, false, "%s/%zu/pattern_cite", place, i);
    }
}

static void check_common_cites(linter *l, const ac_common_errors *errors, const char *place)
{
    for (size_t i = 0; i < errors->count; i++) {
        check_cites(l, errors->items[i].cite, true, "%s/%zu", place, i);
    }
}

static void check_contract_cites(linter *l)
{
    const ac_contract *c = l->contract;
    check_cites(l, c->methods_cite, false, "/methods_cite");
    for (size_t i = 0; i < c->parameters.count; i++) {
        check_parameter_cites(l, i);
    }
    check_field_cites(l, &c->response.fields, "/response/fields");
    check_cites(l, c->response.status_cite, false, "/response/status_cite");
    for (size_t i = 0; i < c->errors.count; i++) {
        check_cites(l, c->errors.items[i].cite, true, "/errors/%zu", i);
    }
    for (size_t i = 0; i < c->inconsistencies.count; i++) {
        check_cites(l, c->inconsistencies.items[i].cite, true, "/inconsistencies/%zu", i);
    }
    if (c->states) {
        check_cites(l, c->states->cite, true, "/states");
    }
    if (c->idempotency) {
        check_cites(l, c->idempotency->cite, true, "/idempotency");
        check_rule_cite(l, c->idempotency->mismatch, "/idempotency/mismatch");
        check_rule_cite(l, c->idempotency->processing, "/idempotency/processing");
    }
    if (c->dry_run) {
        check_cites(l, c->dry_run->cite, true, "/dry_run");
        check_rule_cite(l, c->dry_run->passed, "/dry_run/passed");
    }
}

static void check_provider_cites(linter *l)
{
    const ac_contract *c = l->contract;
    check_field_cites(l, &c->style->envelope, "provider.json: envelope");
    check_field_cites(l, &c->style->error.fields, "provider.json: error fields");
    check_common_cites(l, &c->provider->common_errors, "provider.json: /common_errors");
    if (c->product_facts) {
        check_common_cites(l, &c->product_facts->common_errors, "provider.json: product's common_errors");
    }
}

/* ---- every documented row has its fact ---- */

static bool cites_row(ac_strs cites, ac_str wanted)
{
    for (size_t i = 0; i < cites.count; i++) {
        if (ac_str_eq(cites.items[i], wanted)) {
            return true;
        }
    }
    return false;
}

static bool row_has_fact(const ac_contract *c, ac_str row)
{
    for (size_t i = 0; i < c->parameters.count; i++) {
        if (cites_row(c->parameters.items[i].cite, row)) {
            return true;
        }
    }
    for (size_t i = 0; i < c->response.fields.count; i++) {
        if (cites_row(c->response.fields.items[i].cite, row)) {
            return true;
        }
    }
    for (size_t i = 0; i < c->errors.count; i++) {
        if (cites_row(c->errors.items[i].cite, row)) {
            return true;
        }
    }
    return false;
}

static void check_rows(linter *l)
{
    const ac_contract *c = l->contract;
    for (size_t i = 0; i < c->sources.count; i++) {
        const ac_source *source = &c->sources.items[i];
        for (size_t k = 0; k < source->sections.count; k++) {
            const ac_section *section = &source->sections.items[k];
            for (int64_t row = 1; row <= section->rows; row++) {
                ac_str cite = ac_str_printf(l->arena, "%.*s:%.*s:%lld", AC_STR_FMT(source->id),
                                            AC_STR_FMT(section->id), (long long)row);
                if (!row_has_fact(c, cite)) {
                    complain(l, c->file, "/sources/%zu: no fact cites \"%.*s\"", i, AC_STR_FMT(cite));
                }
            }
        }
    }
}

/* ---- error rows ---- */

static bool rule_names(const ac_rule_error *rule, ac_str code)
{
    return rule && rule->error.p && ac_str_eq(rule->error, code);
}

static bool parameter_names(const ac_parameter *p, ac_str code)
{
    for (size_t k = 0; k < p->constraints.count; k++) {
        if (p->constraints.items[k].error.p && ac_str_eq(p->constraints.items[k].error, code)) {
            return true;
        }
    }
    return rule_names(p->missing_error, code) || rule_names(p->type_error, code);
}

static bool is_provoked(const ac_contract *c, ac_str code)
{
    for (size_t i = 0; i < c->parameters.count; i++) {
        if (parameter_names(&c->parameters.items[i], code)) {
            return true;
        }
    }
    bool by_token = c->idempotency && (rule_names(c->idempotency->mismatch, code) ||
                                       rule_names(c->idempotency->processing, code));
    bool by_dry_run = c->dry_run && rule_names(c->dry_run->passed, code);
    return by_token || by_dry_run || ac_str_eq(c->behaviour.not_found, code);
}

static bool has_case(const linter *l, size_t row)
{
    for (size_t i = 0; i < l->cases->count; i++) {
        if (l->cases->items[i].contract == l->contract && l->cases->items[i].row == row) {
            return true;
        }
    }
    return false;
}

static void check_error_rows(linter *l)
{
    const ac_contract *c = l->contract;
    for (size_t i = 0; i < c->errors.count; i++) {
        const ac_error_row *row = &c->errors.items[i];
        l->report->error_rows++;
        if (!has_case(l, i + 1)) {
            complain(l, c->file, "/errors/%zu: no case checks this row", i);
        }
        bool by_request = row->reach == AC_REACH_REQUEST || row->reach == AC_REACH_REFERENCE ||
                          row->reach == AC_REACH_SEQUENCE;
        if (by_request && !row->unprovoked.p && !is_provoked(c, row->code)) {
            complain(l, c->file,
                     "/errors/%zu: a request should provoke %.*s, but no rule names it and \"unprovoked\" "
                     "gives no reason",
                     i, AC_STR_FMT(row->code));
        }
        if (row->duplicate_of != 0 && (row->duplicate_of < 1 || (size_t)row->duplicate_of > i)) {
            complain(l, c->file, "/errors/%zu/duplicate_of: an earlier row is expected", i);
        }
    }
}

/* ---- requests ---- */

static void check_text(linter *l, const ac_parameter *p, const ac_json *value, const char *request)
{
    ac_str text = ac_json_text(value);
    bool variable = ac_str_find(text, AC_STR("${")) != AC_NOT_FOUND;
    if (value && !variable && value->type == AC_JSON_STRING && !text_keeps_others(p, NULL, text)) {
        complain(l, l->contract->file, "/requests/%s: \"%.*s\" breaks a rule of %.*s", request,
                 AC_STR_FMT(text), AC_STR_FMT(p->name));
    }
}

typedef struct name_check {
    linter *l;
    const char *request;
} name_check;

static bool check_variable_name(void *context, ac_str name)
{
    static const char *const made[] = {"unique", "token", "token_upper", "account", "operation", "id"};
    name_check *check = context;
    int64_t index;
    bool known = ac_contract_variable(check->l->contract, name, &index) != NULL ||
                 ac_str_starts(name, AC_STR("unknown."));
    for (size_t i = 0; i < AC_COUNT(made); i++) {
        known = known || ac_str_is(name, made[i]);
    }
    if (!known) {
        complain(check->l, check->l->contract->file, "/requests/%s: there is no variable \"%.*s\"",
                 check->request, AC_STR_FMT(name));
    }
    return true;
}

static bool is_top_level(const ac_contract *c, ac_str name)
{
    for (size_t i = 0; i < c->parameters.count; i++) {
        ac_str rest;
        if (ac_str_eq(ac_str_split(c->parameters.items[i].name, '.', &rest), name)) {
            return true;
        }
    }
    return false;
}

static void check_request(linter *l, const ac_json *request, const char *name)
{
    const ac_contract *c = l->contract;
    if (!request) {
        return;
    }
    name_check names = {l, name};
    ac_vars_visit(request, check_variable_name, &names);
    for (size_t i = 0; i < request->count; i++) {
        if (!is_top_level(c, request->items[i].key)) {
            complain(l, c->file, "/requests/%s: \"%.*s\" is no documented parameter", name,
                     AC_STR_FMT(request->items[i].key));
        }
    }
    for (size_t i = 0; i < c->parameters.count; i++) {
        const ac_parameter *p = &c->parameters.items[i];
        const ac_json *value = ac_parameter_is_sendable(p) ? param_value(request, p->name, 0) : NULL;
        check_text(l, p, value, name);
        bool needed = p->required == AC_REQUIRED_YES && ac_parameter_is_sendable(p);
        if (needed && !value) {
            complain(l, c->file, "/requests/%s: required %.*s is missing", name, AC_STR_FMT(p->name));
        }
    }
}

static bool is_left_out(const ac_contract *c, ac_str name)
{
    for (size_t i = 0; i < c->requests.full_leaves_out.count; i++) {
        if (ac_str_eq(c->requests.full_leaves_out.items[i].parameter, name)) {
            return true;
        }
    }
    return false;
}

static void check_full(linter *l)
{
    const ac_contract *c = l->contract;
    for (size_t i = 0; c->requests.full && i < c->parameters.count; i++) {
        const ac_parameter *p = &c->parameters.items[i];
        if (ac_parameter_is_sendable(p) && !param_value(c->requests.full, p->name, 0) &&
            !is_left_out(c, p->name)) {
            complain(l, c->file, "/requests/full: %.*s is missing, and full_leaves_out does not say why",
                     AC_STR_FMT(p->name));
        }
    }
}

static void check_constraint_names(linter *l)
{
    const ac_contract *c = l->contract;
    for (size_t i = 0; i < c->parameters.count; i++) {
        const ac_parameter *p = &c->parameters.items[i];
        for (size_t k = 0; k < p->constraints.count; k++) {
            const ac_constraint *constraint = &p->constraints.items[k];
            if (constraint->parameter.p && !ac_contract_parameter(c, constraint->parameter)) {
                complain(l, c->file, "/parameters/%zu/constraints/%zu: no parameter \"%.*s\"", i, k,
                         AC_STR_FMT(constraint->parameter));
            }
            if (constraint->resource.p && !ac_contract_fixture(c, constraint->resource) &&
                !ac_str_eq(constraint->resource, c->behaviour.resource)) {
                complain(l, c->file, "/parameters/%zu/constraints/%zu: no variable names a \"%.*s\"", i, k,
                         AC_STR_FMT(constraint->resource));
            }
        }
    }
}

/* ---- secrets ---- */

static bool looks_secret(ac_str text)
{
    static const struct {
        const char *prefix;
        size_t least;
    } keys[] = {{"LTAI", 16}, {"AKLT", 24}, {"AKIA", 20}, {"ASIA", 20}, {"-----BEGIN", 10}};
    for (size_t i = 0; i < AC_COUNT(keys); i++) {
        if (ac_str_starts(text, ac_str_c(keys[i].prefix)) && text.n >= keys[i].least) {
            return true;
        }
    }
    return false;
}

static void check_secrets(linter *l, const char *file, const ac_json *value)
{
    ac_str text = ac_json_text(value);
    if (value->type == AC_JSON_STRING && looks_secret(text)) {
        complain(l, file, "a text that begins with \"%.*s\" looks like a secret", 6, text.p);
    }
    for (size_t i = 0; i < value->count; i++) {
        check_secrets(l, file, &value->items[i]);
    }
}

/* ---- the whole ---- */

static void check_contract(linter *l)
{
    l->report->contracts++;
    l->report->parameters += l->contract->parameters.count;
    check_contract_cites(l);
    check_rows(l);
    check_error_rows(l);
    check_request(l, l->contract->requests.minimal, "minimal");
    check_request(l, l->contract->requests.full, "full");
    check_full(l);
    check_constraint_names(l);
    check_secrets(l, l->contract->file, l->contract->json);
}

static bool style_seen(const linter *l, size_t index)
{
    const ac_contract *own = l->corpus->contracts[index];
    for (size_t i = 0; i < index; i++) {
        if (l->corpus->contracts[i]->style == own->style &&
            l->corpus->contracts[i]->product_facts == own->product_facts) {
            return true;
        }
    }
    return false;
}

void ac_lint(ac_arena *arena, const ac_corpus *corpus, const ac_cases *cases, ac_lint_report *report)
{
    linter l = {.arena = arena, .corpus = corpus, .cases = cases, .report = report};
    *report = (ac_lint_report){.cases = cases->count};
    for (size_t i = 0; i < corpus->contract_count; i++) {
        l.contract = corpus->contracts[i];
        check_contract(&l);
        if (!style_seen(&l, i)) {
            check_provider_cites(&l);
        }
    }
    for (size_t i = 0; i < cases->count; i++) {
        if (cases->items[i].origin != AC_ORIGIN_DERIVED) {
            l.contract = cases->items[i].contract;
            check_cites(&l, cases->items[i].cite, true, "%.*s", AC_STR_FMT(cases->items[i].id));
        }
    }
    for (size_t i = 0; i < corpus->case_count; i++) {
        check_secrets(&l, corpus->cases[i].file, corpus->cases[i].json);
    }
}
