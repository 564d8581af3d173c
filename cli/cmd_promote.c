#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "cli/common.h"
#include "cli/redaction.h"
#include "recorder/contradictions.h"
#include "recorder/har.h"
#include "recorder/promote.h"

typedef struct promote_settings {
    ac_str cases, out;
    bool force;
    cli_redaction redaction;
} promote_settings;

static const cli_option promote_options[] = {
    {"out", 'o', OPTION_TEXT, offsetof(promote_settings, out), "DIR",
     "where the case files go, by operation (needed)"},
    {"force", 'f', OPTION_FLAG, offsetof(promote_settings, force), NULL, "replace files that are there"},
    {"cases", 0, OPTION_TEXT, offsetof(promote_settings, cases), "DIR",
     "use the contracts and cases of DIR, not the built-in ones"},
    REDACTION_OPTIONS(promote_settings),
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL},
};

/* A file that is ready to be written. */
typedef struct ready {
    const char *path;
    ac_str text;
} ready;

typedef struct work {
    cli_context *cli;
    const promote_settings *settings;
    const cli_suite *suite;
    const ac_redact_rules *rules;
    ac_redactor *redactor;
    ac_recording first, second;
    bool compares;
    ready *files;
    size_t count;
} work;

/* ---- reading ---- */

/* Both are learned before either is redacted, so that a value has one pseudonym in both. */
static bool load(work *w, ac_strs paths)
{
    ac_arena *arena = w->cli->arena;
    for (size_t i = 0; i < paths.count; i++) {
        ac_recording *into = i == 0 ? &w->first : &w->second;
        if (!ac_recording_load(arena, ac_str_z(arena, paths.items[i]), w->redactor, into, &w->cli->err)) {
            return false;
        }
    }
    w->compares = paths.count == 2;
    return true;
}

static bool is_clean(const work *w, const char *name)
{
    ac_leaks leaks = {0};
    for (size_t i = 0; i < w->first.count; i++) {
        ac_redact_scan(w->redactor, w->cli->arena, &w->first.items[i], &leaks);
    }
    return redaction_is_clean(&leaks, name);
}

/* ---- files ---- */

static ac_str pretty(ac_arena *arena, const ac_json *json)
{
    ac_buf text;
    ac_buf_init(&text, AC_HAR_BYTES_MAX);
    ac_json_write_pretty(&text, json, 0);
    ac_buf_add_c(&text, "\n");
    return ac_buf_take(&text, arena);
}

static void add_file(work *w, ac_str path, ac_str text)
{
    ac_str whole = ac_str_printf(w->cli->arena, "%.*s/%.*s", AC_STR_FMT(w->settings->out), AC_STR_FMT(path));
    w->files[w->count++] = (ready){ac_str_z(w->cli->arena, whole), text};
}

static ac_str plain_har(work *w, const ac_promoted *promoted)
{
    ac_arena *arena = w->cli->arena;
    ac_buf text;
    ac_buf_init(&text, AC_HAR_BYTES_MAX);
    ac_buf_add(&text, ac_har_head(arena, ACCORD_VERSION));
    for (size_t i = 0; i < promoted->plain_count; i++) {
        ac_buf_add_c(&text, i > 0 ? ",\n" : "");
        ac_buf_add(&text, ac_har_entry(arena, promoted->plain[i]));
    }
    const ac_json *about =
        ac_json_set(arena, NULL, AC_STR("redaction"), ac_redact_rules_describe(arena, w->rules));
    ac_buf_add(&text, ac_har_tail(arena, about));
    return ac_buf_take(&text, arena);
}

static void add_files(work *w, const ac_promoted *promoted)
{
    ac_arena *arena = w->cli->arena;
    w->files = AC_NEW_ARRAY(arena, promoted->file_count + promoted->skeletons->count + 1, ready);
    for (size_t i = 0; i < promoted->file_count; i++) {
        const ac_promoted_file *file = &promoted->files[i];
        add_file(w, ac_str_printf(arena, "%.*s/recorded.json", AC_STR_FMT(file->contract->operation)),
                 pretty(arena, file->json));
    }
    for (size_t i = 0; i < promoted->skeletons->count; i++) {
        const ac_json *skeleton = &promoted->skeletons->items[i];
        ac_str name = ac_str_replace(arena, skeleton->key, AC_STR("/"), AC_STR("_"));
        add_file(w, ac_str_printf(arena, "skeletons/%.*s.json", AC_STR_FMT(name)), pretty(arena, skeleton));
    }
    if (promoted->plain_count > 0) {
        add_file(w, AC_STR("unrecognised.har"), plain_har(w, promoted));
    }
}

static bool files_are_clean(const work *w)
{
    bool clean = true;
    for (size_t i = 0; i < w->count; i++) {
        ac_leaks leaks = {0};
        ac_redact_scan_text(w->redactor, w->cli->arena, "file", w->files[i].text, &leaks);
        clean = redaction_is_clean(&leaks, w->files[i].path) && clean;
    }
    return clean;
}

static bool none_is_there(work *w)
{
    struct stat found;
    for (size_t i = 0; i < w->count && !w->settings->force; i++) {
        if (stat(w->files[i].path, &found) == 0) {
            return ac_fail(&w->cli->err, AC_ERR_USAGE, "%s: is there already (--force replaces it)",
                           w->files[i].path);
        }
    }
    return true;
}

static bool make_folders(work *w, const char *path)
{
    char *copy = ac_arena_copy(w->cli->arena, path, strlen(path) + 1);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST) {
            return ac_fail(&w->cli->err, AC_ERR_USAGE, "%s: %s", copy, strerror(errno));
        }
        *slash = '/';
    }
    return true;
}

static bool write_file(work *w, const ready *file)
{
    ac_output *output = make_folders(w, file->path) ? ac_output_open(file->path, &w->cli->err) : NULL;
    if (!output) {
        return false;
    }
    ac_output_write(output, file->text);
    return ac_output_close(output, &w->cli->err);
}

/* ---- telling ---- */

static void tell_drift(const work *w)
{
    ac_arena *arena = ac_arena_new();
    for (size_t i = 0; i < w->first.count; i++) {
        ac_contradictions drifts = {0};
        ac_contradictions_of(arena, w->suite->corpus, &w->first.items[i], false, &drifts);
        for (size_t k = 0; k < drifts.count; k++) {
            ac_str line = ac_contradiction_line(arena, &w->first.items[i], &drifts.items[k]);
            printf("drift: %.*s\n", AC_STR_FMT(line));
        }
        ac_arena_reset(arena);
    }
    ac_arena_free(arena);
}

static void tell(const work *w, const ac_promoted *promoted)
{
    size_t cases = 0;
    tell_drift(w);
    for (size_t i = 0; i < promoted->note_count; i++) {
        const ac_promote_note *note = &promoted->notes[i];
        printf("exchange %llu: %.*s\n", (unsigned long long)note->exchange, AC_STR_FMT(note->text));
    }
    for (size_t i = 0; i < promoted->file_count; i++) {
        cases += promoted->files[i].cases;
    }
    for (size_t i = 0; i < w->count; i++) {
        printf("%s\n", w->files[i].path);
    }
    printf("%zu exchanges: %zu cases, %zu of unknown operations\n", w->first.count, cases,
           promoted->plain_count);
}

/* ---- the command ---- */

static int promote_loaded(work *w, ac_str name)
{
    ac_arena *arena = w->cli->arena;
    ac_promoted promoted;
    const ac_promote_input input = {.corpus = w->suite->corpus,
                                    .cases = &w->suite->cases,
                                    .recording = &w->first,
                                    .second = w->compares ? &w->second : NULL,
                                    .redactor = w->redactor};
    ac_promote(arena, &input, &promoted);
    add_files(w, &promoted);
    if (!is_clean(w, ac_str_z(arena, name)) || !files_are_clean(w)) {
        fprintf(
            stderr,
            "nothing was written; --remove NAME takes out what stands below a name, --off RULE switches a "
            "rule off\n");
        return 1;
    }
    if (!none_is_there(w)) {
        return -1;
    }
    for (size_t i = 0; i < w->count; i++) {
        if (!write_file(w, &w->files[i])) {
            return -1;
        }
    }
    tell(w, &promoted);
    return 0;
}

static int promote_with(cli_context *cli, const promote_settings *s, const cli_suite *suite, ac_strs paths)
{
    ac_redact_rules *rules;
    ac_redactor *redactor;
    if (!redaction_open(cli, suite->corpus, &s->redaction, &rules, &redactor)) {
        return -1;
    }
    work w = {.cli = cli, .settings = s, .suite = suite, .rules = rules, .redactor = redactor};
    int code = load(&w, paths) ? promote_loaded(&w, paths.items[0]) : -1;
    ac_redactor_free(redactor);
    ac_redact_rules_free(rules);
    return code;
}

static int promote(cli_context *cli, void *settings, ac_strs arguments)
{
    const promote_settings *s = settings;
    cli_suite suite;
    if (arguments.count < 1 || arguments.count > 2 || s->out.n == 0) {
        ac_fail(&cli->err, AC_ERR_USAGE,
                "promote takes a recording, perhaps a second one of the same flow, and --out DIR");
        return -1;
    }
    if (!suite_load(cli, s->cases, &suite)) {
        return -1;
    }
    int code = promote_with(cli, s, &suite, arguments);
    suite_free(&suite);
    return code;
}

const cli_command command_promote = {
    "promote",
    "[OPTION…] RECORDING [SECOND]",
    "make case files of a recording",
    "Operations are recognised by the contracts. Exchanges that belong together become one case, with "
    "captures for\n"
    "ids that flow from an answer into a later request, and polls folded into one step. A second recording "
    "of the\n"
    "same flow tells what stays the same from what changes. Cases that are there already are left out; what "
    "no\n"
    "contract speaks of goes to unrecognised.har and skeletons/. Everything is redacted before.",
    promote_options,
    sizeof(promote_settings),
    promote,
};
