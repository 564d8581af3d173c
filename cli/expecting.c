#include "cli/expecting.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static bool read_file(cli_expecting *x, ac_str target)
{
    const char *path = ac_str_z(x->cli->arena, x->path);
    if (x->update && access(path, F_OK) != 0) {
        x->text = ac_expect_empty(x->cli->arena, target);
    } else {
        x->text = ac_file_read(x->cli->arena, path, ac_json_file_limits.bytes, &x->cli->err);
    }
    return x->text.p != NULL;
}

/* The chosen cases stand in the order of all. */
static void plan(cli_expecting *x, const ac_target *target, const cli_suite *suite,
                 const ac_case *const *chosen, size_t count)
{
    size_t next = 0;
    size_t known = 0;
    ac_expect_case *cases = AC_NEW_ARRAY(x->cli->arena, suite->cases.count, ac_expect_case);
    for (size_t i = 0; i < suite->cases.count; i++) {
        const ac_case *c = &suite->cases.items[i];
        if (target_takes(target, c)) {
            cases[known] = (ac_expect_case){c->id, next < count && chosen[next] == c};
            next += cases[known++].selected;
        }
    }
    ac_expect_plan(x->list, cases, known);
}

bool expecting_open(cli_expecting *x, const ac_env *env, const ac_target *target, const cli_suite *suite,
                    const ac_case *const *chosen, size_t count)
{
    const ac_expect_options options = {.now_ms = ac_env_now_ms(env), .updating = x->update};
    if (!x->path.p) {
        return !x->update || ac_fail(&x->cli->err, AC_ERR_USAGE, "--update-expect needs --expect FILE");
    }
    if (!read_file(x, target->name)) {
        return false;
    }
    x->list = ac_expect_new(x->text, ac_str_z(x->cli->arena, x->path), &options, &x->cli->err);
    if (!x->list || !ac_expect_accepts(x->list, target->name, &x->cli->err)) {
        return false;
    }
    plan(x, target, suite, chosen, count);
    return true;
}

void expecting_close(cli_expecting *x)
{
    ac_expect_free(x->list);
    x->list = NULL;
}

/* ---- after the run ---- */

static bool write_file(cli_expecting *x, ac_str text)
{
    ac_output *output = ac_output_open(ac_str_z(x->cli->arena, x->path), &x->cli->err);
    if (!output) {
        return false;
    }
    ac_output_write(output, text);
    return ac_output_close(output, &x->cli->err);
}

static void tell_changes(const cli_expecting *x, const ac_expect_changes *c)
{
    if (!x->quiet) {
        fprintf(stderr, "accord: %.*s: %zu added, %zu narrowed, %zu removed\n", AC_STR_FMT(x->path), c->added,
                c->narrowed, c->removed);
    }
    if (c->open > 0) {
        fprintf(stderr, "accord: %.*s: entries that need a person, to say why or because they expired: %zu\n",
                AC_STR_FMT(x->path), c->open);
    }
}

/* What the same run would amount to with the list as it is now. */
static ac_word outcome_of_updated(const ac_run_tail *tail, const ac_expect_changes *changes)
{
    ac_run_tail now = *tail;
    now.fixed = 0;
    now.problems.count = 0;
    memcpy(now.excused, now.counts, sizeof now.excused);
    return changes->open > 0 ? AC_FAIL : ac_tail_outcome(&now);
}

static bool update(cli_expecting *x, ac_word *outcome)
{
    ac_str text;
    ac_expect_changes changes;
    if (!ac_expect_update(x->list, x->cli->arena, &text, &changes, &x->cli->err) ||
        (!ac_str_eq(text, x->text) && !write_file(x, text))) {
        return false;
    }
    tell_changes(x, &changes);
    *outcome = outcome_of_updated(ac_expect_tail(x->list), &changes);
    return true;
}

bool expecting_finish(cli_expecting *x, const ac_run_tail *tail, ac_word *outcome)
{
    const ac_run_tail *judged = x->list ? ac_expect_tail(x->list) : tail;
    *outcome = ac_tail_outcome(judged);
    return !x->list || !x->update || update(x, outcome);
}
