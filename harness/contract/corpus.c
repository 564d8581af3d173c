#include "contract/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "contract/shapes.h"

enum { FILES_MAX = 100000, FILE_BYTES_MAX = 16 << 20 };

typedef struct loader {
    ac_corpus *corpus;
    const ac_pack *pack;
    const char *dir; /* NULL: the pack */
    ac_pattern_list patterns;
    ac_arena *scratch;
    ac_err *err;
} loader;

/* What a path below cases/ is. */
typedef enum file_role {
    FILE_OTHER,
    FILE_PROVIDER,  /* <provider>/provider.json */
    FILE_REDACTION, /* redaction.json, <provider>/redaction.json */
    FILE_CONTRACT,  /* <provider>/<product>/<version>/<Operation>/contract.json */
    FILE_CASES      /* any other .json beside a contract */
} file_role;

static size_t count_char(ac_str text, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < text.n; i++) {
        count += text.p[i] == c;
    }
    return count;
}

static file_role role_of(ac_str path)
{
    static const char *const reserved[] = {"schema/", "profiles/", "expectations/"};
    for (size_t i = 0; i < AC_COUNT(reserved); i++) {
        if (ac_str_starts(path, ac_str_c(reserved[i]))) {
            return FILE_OTHER;
        }
    }
    size_t depth = count_char(path, '/');
    if (depth == 1 && ac_str_ends(path, AC_STR("/provider.json"))) {
        return FILE_PROVIDER;
    }
    if (ac_str_is(path, "redaction.json") || (depth == 1 && ac_str_ends(path, AC_STR("/redaction.json")))) {
        return FILE_REDACTION;
    }
    if (depth == 4) {
        return ac_str_ends(path, AC_STR("/contract.json")) ? FILE_CONTRACT : FILE_CASES;
    }
    return FILE_OTHER;
}

static ac_str folder_of(ac_str path)
{
    size_t n = path.n;
    while (n > 0 && path.p[n - 1] != '/') {
        n--;
    }
    return ac_str_sub(path, 0, n > 0 ? n - 1 : 0);
}

/* ---- reading one file ---- */

static const char *shown_path(loader *l, ac_str path)
{
    ac_arena *arena = l->corpus->arena;
    return l->dir ? ac_str_printf(arena, "%s/%.*s", l->dir, AC_STR_FMT(path)).p
                  : ac_str_printf(arena, "cases/%.*s", AC_STR_FMT(path)).p;
}

static const ac_json *parse_file(loader *l, ac_str path, const char *shown)
{
    ac_str text;
    if (l->dir) {
        text = ac_file_read(l->scratch, shown, FILE_BYTES_MAX, l->err);
        if (!text.p) {
            return NULL;
        }
    } else {
        size_t i = 0;
        while (!ac_str_is(path, l->pack->files[i].path)) {
            i++;
        }
        text = (ac_str){l->pack->files[i].bytes, l->pack->files[i].size};
    }
    const ac_json *json = ac_json_parse(l->corpus->arena, text, &ac_json_file_limits, l->err);
    if (!json) {
        ac_err_prefix(l->err, AC_ERR_USAGE, "%s", shown);
    }
    return json;
}

static bool decode_file(loader *l, const ac_json *json, const char *shown, const ac_struct *shape, void *out)
{
    ac_decoder decoder;
    ac_decoder_init(&decoder, l->corpus->arena, shown, l->err);
    decoder.context = &l->patterns;
    bool ok = ac_decode(&decoder, json, shape, out);
    ac_decoder_done(&decoder);
    return ok;
}

static bool fail_at(loader *l, const char *file, const char *pointer, const char *what, ac_str word)
{
    return ac_fail(l->err, AC_ERR_USAGE, "%s: %s: %s \"%.*s\"", file, pointer, what, AC_STR_FMT(word));
}

/* ---- providers ---- */

static ac_provider *find_provider(const ac_corpus *corpus, ac_str name)
{
    for (size_t i = 0; i < corpus->provider_count; i++) {
        if (ac_str_eq(corpus->providers[i]->provider, name)) {
            return corpus->providers[i];
        }
    }
    return NULL;
}

static bool load_provider(loader *l, ac_str path)
{
    const char *shown = shown_path(l, path);
    const ac_json *json = parse_file(l, path, shown);
    ac_provider *provider = AC_NEW(l->corpus->arena, ac_provider);
    if (!json || !decode_file(l, json, shown, &ac_shape_provider, provider)) {
        return false;
    }
    provider->file = shown;
    if (!ac_str_eq(provider->provider, folder_of(path))) {
        return fail_at(l, shown, "/provider", "the folder's name is expected here, not", provider->provider);
    }
    l->corpus->providers[l->corpus->provider_count++] = provider;
    return true;
}

/* ---- contracts ---- */

static void split_operation(ac_contract *contract)
{
    ac_str rest;
    ac_str_split(contract->operation, '/', &rest);
    contract->product = ac_str_split(rest, '/', &rest);
    contract->version = ac_str_split(rest, '/', &rest);
    contract->action = rest;
}

static const ac_style *find_style(const ac_provider *provider, ac_str name)
{
    for (size_t i = 0; i < provider->styles.count; i++) {
        if (ac_str_eq(provider->styles.items[i].name, name)) {
            return &provider->styles.items[i];
        }
    }
    return NULL;
}

static const ac_product *find_product(const ac_provider *provider, const ac_contract *contract)
{
    for (size_t i = 0; i < provider->products.count; i++) {
        ac_str rest;
        ac_str name = ac_str_split(provider->products.items[i].name, '/', &rest);
        if (ac_str_eq(name, contract->product) && ac_str_eq(rest, contract->version)) {
            return &provider->products.items[i];
        }
    }
    return NULL;
}

static bool place_contract(loader *l, ac_contract *contract, ac_str path)
{
    ac_str folder = folder_of(path);
    if (!ac_str_eq(contract->operation, folder)) {
        return fail_at(l, contract->file, "/operation", "the folder's path is expected here, not",
                       contract->operation);
    }
    split_operation(contract);
    ac_str rest;
    ac_str provider_name = ac_str_split(folder, '/', &rest);
    contract->provider = find_provider(l->corpus, provider_name);
    if (!contract->provider) {
        return fail_at(l, contract->file, "/operation", "there is no provider.json for", provider_name);
    }
    contract->style = find_style(contract->provider, contract->style_name);
    if (!contract->style) {
        return fail_at(l, contract->file, "/style", "the provider has no style", contract->style_name);
    }
    contract->product_facts = find_product(contract->provider, contract);
    return true;
}

/* Only documentation says what an answer always has; models of SDKs and metadata say what it may have. */
static void weigh_fields(ac_contract *contract)
{
    ac_response_fields *fields = &contract->response.fields;
    for (size_t i = 0; i < fields->count; i++) {
        bool documented = ac_cite_kind(contract, fields->items[i].cite) == AC_SOURCE_DOCUMENTATION;
        contract->response.documented = contract->response.documented || documented;
        fields->items[i].presence = documented ? fields->items[i].presence : 1;
    }
}

static bool check_error_name(loader *l, const ac_contract *contract, ac_str code, const char *place)
{
    return !code.p || ac_contract_error(contract, code) ||
           fail_at(l, contract->file, place, "no error row and no common error has the code", code);
}

static bool check_rule(loader *l, const ac_contract *contract, const ac_rule_error *rule, const char *place)
{
    return !rule || check_error_name(l, contract, rule->error, place);
}

static bool check_parameter_errors(loader *l, const ac_contract *contract, size_t index)
{
    const ac_parameter *parameter = &contract->parameters.items[index];
    char place[96];
    snprintf(place, sizeof place, "/parameters/%zu", index);
    if (!check_rule(l, contract, parameter->type_error, place) ||
        !check_rule(l, contract, parameter->missing_error, place)) {
        return false;
    }
    for (size_t k = 0; k < parameter->constraints.count; k++) {
        snprintf(place, sizeof place, "/parameters/%zu/constraints/%zu/error", index, k);
        if (!check_error_name(l, contract, parameter->constraints.items[k].error, place)) {
            return false;
        }
    }
    return true;
}

static bool check_errors(loader *l, const ac_contract *contract)
{
    for (size_t i = 0; i < contract->parameters.count; i++) {
        if (!check_parameter_errors(l, contract, i)) {
            return false;
        }
    }
    const ac_idempotency *token = contract->idempotency;
    return (!token || (check_rule(l, contract, token->mismatch, "/idempotency/mismatch") &&
                       check_rule(l, contract, token->processing, "/idempotency/processing"))) &&
           (!contract->dry_run || check_rule(l, contract, contract->dry_run->passed, "/dry_run/passed")) &&
           check_error_name(l, contract, contract->behaviour.not_found, "/behaviour/not_found");
}

static bool load_contract(loader *l, ac_str path)
{
    const char *shown = shown_path(l, path);
    const ac_json *json = parse_file(l, path, shown);
    ac_contract *contract = AC_NEW(l->corpus->arena, ac_contract);
    if (!json || !decode_file(l, json, shown, &ac_shape_contract, contract)) {
        return false;
    }
    contract->file = shown;
    contract->json = json;
    if (!place_contract(l, contract, path)) {
        return false;
    }
    weigh_fields(contract);
    ac_contract_complete(l->corpus->arena, contract);
    l->corpus->contracts[l->corpus->contract_count++] = contract;
    return check_errors(l, contract);
}

static bool resolve_ref(loader *l, const ac_contract *contract, ac_operation_ref *ref, const char *place)
{
    if (ref) {
        ref->contract = ac_corpus_related(l->corpus, contract, ref->operation);
    }
    return !ref || ref->contract ||
           fail_at(l, contract->file, place, "there is no contract for", ref->operation);
}

static bool resolve_refs(loader *l)
{
    for (size_t i = 0; i < l->corpus->contract_count; i++) {
        const ac_contract *contract = l->corpus->contracts[i];
        const ac_behaviour *behaviour = &contract->behaviour;
        if (!resolve_ref(l, contract, behaviour->read, "/behaviour/read") ||
            !resolve_ref(l, contract, behaviour->list, "/behaviour/list") ||
            !resolve_ref(l, contract, behaviour->delete, "/behaviour/delete")) {
            return false;
        }
    }
    return true;
}

/* ---- case files ---- */

static bool load_case_file(loader *l, ac_str path)
{
    const char *shown = shown_path(l, path);
    const ac_contract *contract = ac_corpus_contract(l->corpus, folder_of(path));
    if (!contract) {
        return ac_fail(l->err, AC_ERR_USAGE, "%s: there is no contract.json beside it", shown);
    }
    const ac_json *json = parse_file(l, path, shown);
    l->corpus->cases[l->corpus->case_count++] = (ac_case_source){shown, json, contract};
    return json != NULL;
}

static bool load_redaction(loader *l, ac_str path)
{
    const char *shown = shown_path(l, path);
    const ac_json *json = parse_file(l, path, shown);
    ac_corpus *corpus = l->corpus;
    corpus->redactions[corpus->redaction_count++] =
        (ac_redaction_source){shown, json, ac_str_dup(corpus->arena, folder_of(path))};
    return json != NULL;
}

/* ---- the whole ---- */

static int by_operation(const void *a, const void *b)
{
    const ac_contract *const *x = a;
    const ac_contract *const *y = b;
    return ac_str_cmp((*x)->operation, (*y)->operation);
}

static bool load_role(loader *l, const ac_strs *paths, file_role role, bool (*load)(loader *, ac_str))
{
    for (size_t i = 0; i < paths->count; i++) {
        if (role_of(paths->items[i]) == role && !load(l, paths->items[i])) {
            return false;
        }
    }
    return true;
}

static bool list_paths(loader *l, ac_strs *paths)
{
    if (l->dir) {
        return ac_file_list(l->scratch, l->dir, ".json", FILES_MAX, paths, l->err);
    }
    paths->items = AC_NEW_ARRAY(l->scratch, l->pack->count, ac_str);
    paths->count = l->pack->count;
    for (size_t i = 0; i < l->pack->count; i++) {
        paths->items[i] = ac_str_c(l->pack->files[i].path);
    }
    return true;
}

static bool load_all(loader *l)
{
    ac_strs paths = {NULL, 0};
    ac_corpus *corpus = l->corpus;
    if (!list_paths(l, &paths)) {
        return false;
    }
    corpus->providers = AC_NEW_ARRAY(corpus->arena, paths.count, ac_provider *);
    corpus->contracts = AC_NEW_ARRAY(corpus->arena, paths.count, ac_contract *);
    corpus->cases = AC_NEW_ARRAY(corpus->arena, paths.count, ac_case_source);
    corpus->redactions = AC_NEW_ARRAY(corpus->arena, paths.count, ac_redaction_source);
    if (!load_role(l, &paths, FILE_PROVIDER, load_provider) ||
        !load_role(l, &paths, FILE_CONTRACT, load_contract)) {
        return false;
    }
    if (corpus->contract_count == 0) {
        return ac_fail(l->err, AC_ERR_USAGE,
                       "%s: no contract in it (<provider>/<product>/<version>/<Operation>/contract.json)",
                       l->dir ? l->dir : "the built-in cases");
    }
    qsort(corpus->contracts, corpus->contract_count, sizeof(ac_contract *), by_operation);
    return resolve_refs(l) && load_role(l, &paths, FILE_CASES, load_case_file) &&
           load_role(l, &paths, FILE_REDACTION, load_redaction);
}

ac_corpus *ac_corpus_load(const ac_pack *pack, const char *dir, ac_err *err)
{
    ac_corpus *corpus = ac_alloc(sizeof *corpus);
    corpus->arena = ac_arena_new();
    loader l = {.corpus = corpus, .pack = pack, .dir = dir, .scratch = ac_arena_new(), .err = err};
    bool ok = load_all(&l);
    corpus->patterns = l.patterns.items;
    corpus->pattern_count = l.patterns.count;
    ac_arena_free(l.scratch);
    if (!ok) {
        ac_corpus_free(corpus);
        return NULL;
    }
    return corpus;
}

void ac_corpus_free(ac_corpus *corpus)
{
    if (!corpus) {
        return;
    }
    for (size_t i = 0; i < corpus->pattern_count; i++) {
        ac_regex_free(corpus->patterns[i]);
    }
    ac_free(corpus->patterns);
    ac_arena_free(corpus->arena);
    ac_free(corpus);
}

const ac_contract *ac_corpus_contract(const ac_corpus *corpus, ac_str operation)
{
    for (size_t low = 0, high = corpus->contract_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = ac_str_cmp(operation, corpus->contracts[middle]->operation);
        if (order == 0) {
            return corpus->contracts[middle];
        }
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
    return NULL;
}

const ac_contract *ac_corpus_related(const ac_corpus *corpus, const ac_contract *from, ac_str name)
{
    if (ac_str_find_char(name, '/') != AC_NOT_FOUND) {
        return ac_corpus_contract(corpus, name);
    }
    for (size_t i = 0; i < corpus->contract_count; i++) {
        const ac_contract *other = corpus->contracts[i];
        if (other->provider == from->provider && ac_str_eq(other->product, from->product) &&
            ac_str_eq(other->version, from->version) && ac_str_eq(other->action, name)) {
            return other;
        }
    }
    return NULL;
}
