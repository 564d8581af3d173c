#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/common.h"
#include "selftest/selftest.h"

enum { PRECISE_PERCENT = 95 };

typedef struct selftest_settings {
    ac_str cases;
    int64_t jobs;
    bool verbose;
} selftest_settings;

static const cli_option selftest_options[] = {
    {"jobs", 'j', OPTION_COUNT, offsetof(selftest_settings, jobs), "N", "mutants at once (the processors)"},
    {"cases", 0, OPTION_TEXT, offsetof(selftest_settings, cases), "DIR",
     "use the case files of DIR, not the built-in ones"},
    {"verbose", 'v', OPTION_FLAG, offsetof(selftest_settings, verbose), NULL,
     "print every mutant with the case that noticed it"},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

static void show_progress(void *context, size_t done, size_t count)
{
    (void)context;
    if (done % 50 == 0 || done == count) {
        fprintf(stderr, "\r%zu of %zu mutants%s", done, count, done == count ? "\r\033[K" : "");
    }
}

static bool is_chosen(const ac_mutant *mutant, ac_strs patterns)
{
    bool any = patterns.count == 0;
    for (size_t i = 0; i < patterns.count; i++) {
        any = any || ac_glob_match(patterns.items[i], mutant->name);
    }
    return any;
}

static const ac_mutant **choose(cli_context *cli, const ac_mutants *mutants, ac_strs patterns, size_t *count)
{
    const ac_mutant **chosen = AC_NEW_ARRAY(cli->arena, mutants->count, const ac_mutant *);
    *count = 0;
    for (size_t i = 0; i < mutants->count; i++) {
        if (is_chosen(&mutants->items[i], patterns)) {
            chosen[(*count)++] = &mutants->items[i];
        }
    }
    return chosen;
}

/* ---- telling ---- */

typedef struct tally {
    size_t all, killed, precise, survived, equivalent, broken, left;
} tally;

static void count_result(tally *t, const ac_selftest_result *r)
{
    t->all++;
    t->killed += r->fate == AC_FATE_KILLED;
    t->precise += r->fate == AC_FATE_KILLED && r->precise;
    t->survived += r->fate == AC_FATE_SURVIVED;
    t->equivalent += r->fate == AC_FATE_EQUIVALENT;
    t->broken += r->fate == AC_FATE_BROKEN;
    t->left += r->fate == AC_FATE_NONE;
}

static void print_by_kind(const ac_selftest_result *results, size_t count)
{
    printf("%-26s %8s %8s %8s %9s %11s\n", "kind", "mutants", "killed", "precise", "survived", "equivalent");
    for (size_t k = 0; k < ac_mutant_kind_count; k++) {
        tally t = {0};
        for (size_t i = 0; i < count; i++) {
            if (results[i].mutant->kind == &ac_mutant_kinds[k]) {
                count_result(&t, &results[i]);
            }
        }
        if (t.all > 0) {
            printf("%-26s %8zu %8zu %8zu %9zu %11zu\n", ac_mutant_kinds[k].name, t.all, t.killed, t.precise,
                   t.survived, t.equivalent);
        }
    }
}

static void print_equivalents(const ac_selftest_result *results, size_t count, bool verbose)
{
    for (size_t i = 0; i < count; i++) {
        const ac_selftest_result *r = &results[i];
        if (r->fate != AC_FATE_EQUIVALENT) {
            continue;
        }
        bool told = false;
        size_t same = 0;
        for (size_t k = 0; k < count; k++) {
            bool alike = results[k].fate == AC_FATE_EQUIVALENT &&
                         ac_str_eq(results[k].mutant->equivalent, r->mutant->equivalent);
            told = told || (alike && k < i);
            same += alike;
        }
        if (!told) {
            printf("equivalent: %zu, %.*s\n", same, AC_STR_FMT(r->mutant->equivalent));
        }
        if (verbose) {
            printf("            %.*s\n", AC_STR_FMT(r->mutant->name));
        }
    }
}

static void print_one(const ac_selftest_result *r, bool verbose)
{
    ac_str name = r->mutant->name;
    if (r->fate == AC_FATE_SURVIVED) {
        printf("SURVIVED %.*s (%s)\n", AC_STR_FMT(name), r->mutant->kind->description);
    } else if (r->fate == AC_FATE_BROKEN) {
        printf("BROKEN   %.*s: %.*s\n", AC_STR_FMT(name), AC_STR_FMT(r->finding));
    } else if (r->fate == AC_FATE_KILLED && verbose) {
        printf("%s %.*s\n         %.*s: %.*s\n", r->precise ? "killed  " : "vaguely ", AC_STR_FMT(name),
               AC_STR_FMT(r->case_id), AC_STR_FMT(r->finding));
    }
}

static int tell(const ac_selftest_result *results, size_t count, bool verbose)
{
    tally t = {0};
    for (size_t i = 0; i < count; i++) {
        count_result(&t, &results[i]);
        print_one(&results[i], verbose);
    }
    print_by_kind(results, count);
    print_equivalents(results, count, verbose);
    size_t percent = t.killed > 0 ? t.precise * 1000 / t.killed : 0;
    printf("%zu mutants: %zu killed (%zu.%zu %% named precisely), %zu survived, %zu equivalent\n", t.all,
           t.killed, percent / 10, percent % 10, t.survived, t.equivalent);
    if (t.broken > 0 || t.left > 0) {
        printf("%zu could not be run, %zu were left\n", t.broken, t.left);
        return 3;
    }
    return t.survived > 0 || t.precise * 100 < t.killed * PRECISE_PERCENT ? 1 : 0;
}

static int run_mutants(cli_context *cli, const selftest_settings *s, const cli_suite *suite, ac_strs patterns)
{
    ac_mutants mutants;
    size_t count;
    ac_mutants_make(cli->arena, suite->corpus, &mutants);
    const ac_mutant **chosen = choose(cli, &mutants, patterns, &count);
    if (count == 0) {
        ac_fail(&cli->err, AC_ERR_USAGE, "no mutant matches (accord mock --list-mutants prints them)");
        return -1;
    }
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const ac_selftest_options options = {.jobs = (unsigned)(s->jobs > 0      ? s->jobs
                                                            : processors > 0 ? processors
                                                                             : 1),
                                         .progress = isatty(STDERR_FILENO) == 1 ? show_progress : NULL};
    ac_selftest_result *results = AC_NEW_ARRAY(cli->arena, count, ac_selftest_result);
    if (!ac_selftest(cli->arena, suite->corpus, &suite->cases, chosen, count, &options, results, &cli->err)) {
        return -1;
    }
    return tell(results, count, s->verbose);
}

static int selftest(cli_context *cli, void *settings, ac_strs arguments)
{
    const selftest_settings *s = settings;
    cli_suite suite;
    if (!suite_load(cli, s->cases, &suite)) {
        return -1;
    }
    int code = run_mutants(cli, s, &suite, arguments);
    suite_free(&suite);
    return code;
}

const cli_command command_selftest = {
    "selftest",
    "[PATTERN…] [OPTION…]",
    "prove that the suite notices every single deviation",
    "Runs the suite against the mock as it is, where everything must pass, and against each of its mutants,\n"
    "where something must fail. A PATTERN is a glob over the names of mutants.\n\n"
    "Exit code: 0 no survivor and at least 95 % named precisely, 1 otherwise, 3 the clean mock does not "
    "pass.",
    selftest_options,
    sizeof(selftest_settings),
    selftest,
};
