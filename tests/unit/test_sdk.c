#include "sdk/sdk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "support.h"

#define DRIVER(name) "python3 tests/fixtures/drivers/" name

enum { LONG_MS = 60000, SHORT_MS = 500 };

/* ---- a pool to test ---- */

static char folder[] = "/tmp/accord-test-sdk-XXXXXX"; /* the drivers' TMPDIR */
static ac_sdk *pool;
static int woken[2];

static const char *environment(const char *name)
{
    return strcmp(name, "TMPDIR") == 0 ? folder : strcmp(name, "PATH") == 0 ? getenv("PATH") : NULL;
}

static void wake(void *context)
{
    (void)context;
    ssize_t written = write(woken[1], "", 1);
    ck_assert_int_eq(written, 1);
}

/* What the program does for its libraries. */
static void prepare(void)
{
    signal(SIGPIPE, SIG_IGN);
    setenv("PATH", "/usr/bin:/bin:/usr/local/bin", 1);
    ck_assert(mkdtemp(folder) != NULL);
    ck_assert_int_eq(pipe(woken), 0);
    fcntl(woken[0], F_SETFD, FD_CLOEXEC);
    fcntl(woken[1], F_SETFD, FD_CLOEXEC);
}

static void open_pool(const char *command)
{
    ac_err err = {0};
    prepare();
    pool = ac_sdk_open(ac_str_c(command), environment, NULL, &err);
    ck_assert_msg(pool != NULL, "%s", err.text);
    ac_sdk_on_ready(pool, wake, NULL);
}

/* The pool leaves nothing in TMPDIR, whatever was in its HOME. */
static void close_pool(void)
{
    ac_sdk_close(pool);
    pool = NULL;
    ck_assert_msg(rmdir(folder) == 0, "%s: %s", folder, strerror(errno));
}

static ac_str mark_path(void)
{
    return ac_str_printf(ac_test_arena(), "%s/mark", folder);
}

static bool has_mark(void)
{
    return access(mark_path().p, F_OK) == 0;
}

/* ---- a call ---- */

typedef struct told {
    ac_arena *arena;
    ac_sdk_call call;
    ac_sdk_outcome outcome;
    int times;
} told;

static const ac_answer plain_answer = {.response = {.status = 200, .body = AC_STR_INIT("fine")}};
static const ac_sdk_script plain_script = {&plain_answer, 1};

static void take(void *context, const ac_sdk_outcome *outcome)
{
    told *t = context;
    t->outcome = *outcome;
    t->times++;
}

static void send_call(told *t, unsigned seat, const char *operation, const char *params, int64_t deadline_ms)
{
    t->arena = ac_arena_new();
    ac_str text = ac_str_replace(t->arena, ac_str_c(params), AC_STR("'"), AC_STR("\""));
    t->call = (ac_sdk_call){.operation = ac_str_c(operation),
                            .params = ac_json_parse(t->arena, text, &ac_json_file_limits, NULL),
                            .region = AC_STR("r"),
                            .timeout_ms = 5000,
                            .deadline_ms = deadline_ms,
                            .script = t->call.script.answers ? t->call.script : plain_script};
    ck_assert_msg(t->call.params != NULL, "%s", params);
    t->times = 0;
    ac_sdk_send(pool, seat, t->arena, &t->call, take, t);
}

static void await_call(told *t)
{
    struct pollfd end = {.fd = woken[0], .events = POLLIN};
    char piece[64];
    while (t->times == 0) {
        ck_assert_msg(poll(&end, 1, 25000) == 1, "no outcome");
        ck_assert(read(woken[0], piece, sizeof piece) > 0);
        ac_sdk_collect(pool);
    }
    ck_assert_int_eq(t->times, 1);
}

static void done_with(told *t)
{
    ac_arena_free(t->arena);
    *t = (told){.times = 0};
}

static void make_call(told *t, const char *operation, const char *params, int64_t deadline_ms)
{
    send_call(t, 0, operation, params, deadline_ms);
    await_call(t);
}

static void check_end(const told *t, ac_sdk_end end)
{
    const ac_sdk_outcome *o = &t->outcome;
    ck_assert_msg(o->end == end, "end %d, not %d: %.*s; log: %.*s", o->end, end, AC_STR_FMT(o->why),
                  AC_STR_FMT(o->log));
}

static ac_str text_of(const ac_json *value)
{
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    ac_json_write(&out, value);
    return ac_buf_take(&out, ac_test_arena());
}

static void check_good(told *t)
{
    make_call(t, "test/bad", "{}", LONG_MS);
    check_end(t, AC_SDK_RESULT);
    ck_assert_ac_str(t->outcome.result->text, "good");
    ck_assert_uint_eq(t->outcome.requests, 1);
    done_with(t);
}

/* ---- drivers that work ---- */

START_TEST(a_driver_says_who_it_is_and_makes_calls)
{
    told t = {.times = 0};
    open_pool(DRIVER("plain.py"));
    const ac_sdk_hello *hello = ac_sdk_hello_of(pool);
    ck_assert_ac_str(hello->driver, "test");
    ck_assert_ac_str(hello->note, "Of the tests.");
    ck_assert_ac_str(hello->result_root, "/body");
    ck_assert(ac_sdk_has(pool, AC_STR("test/one")));
    ck_assert(!ac_sdk_has(pool, AC_STR("test/two")) && !ac_sdk_has(pool, AC_STR("test/on")));
    make_call(&t, "test/one", "{'target':'/a?b=%2A'}", LONG_MS);
    check_end(&t, AC_SDK_RESULT);
    ck_assert_ac_str(text_of(t.outcome.result), "[200,\"fine\"]");
    ck_assert_uint_eq(t.outcome.requests, 1);
    ck_assert_ac_str(t.outcome.exchanges[0].request.method, "POST");
    ck_assert_ac_str(t.outcome.exchanges[0].request.target, "/a?b=%2A");
    ck_assert_ptr_eq(t.outcome.exchanges[0].answer, &plain_answer);
    ck_assert_uint_eq(t.outcome.log.n, 0);
    ck_assert(t.outcome.duration_us > 0);
    done_with(&t);
    make_call(&t, "test/none", "{}", LONG_MS);
    check_end(&t, AC_SDK_UNSUPPORTED);
    ck_assert_ac_str(t.outcome.why, "no such operation");
    done_with(&t);
    close_pool();
}
END_TEST

START_TEST(a_script_answers_one_request_after_the_other_and_goes_on_with_its_last)
{
    static const ac_answer answers[] = {
        {.response = {.status = 503, .body = AC_STR_INIT("first")}},
        {.response = {.status = 200, .body = AC_STR_INIT("second")}, .framing = AC_FRAMING_RESET},
        {.response = {.status = 200, .body = AC_STR_INIT("third")}, .framing = AC_FRAMING_CHUNKED},
    };
    told t = {.call = {.script = {answers, 2}}};
    open_pool(DRIVER("plain.py"));
    make_call(&t, "test/many", "{'count':3}", LONG_MS);
    check_end(&t, AC_SDK_RESULT);
    ck_assert_ac_str(text_of(t.outcome.result), "[[503,\"first\"],null,null]");
    done_with(&t);
    t.call.script = (ac_sdk_script){answers, 3};
    make_call(&t, "test/many", "{'count':4}", LONG_MS);
    ck_assert_uint_eq(t.outcome.requests, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_ptr_eq(t.outcome.exchanges[i].answer, &answers[i < 2 ? i : 2]);
    }
    ck_assert_msg(ac_str_find(text_of(t.outcome.result), AC_STR("third")) != AC_NOT_FOUND, "%s",
                  text_of(t.outcome.result).p);
    done_with(&t);
    close_pool();
}
END_TEST

START_TEST(all_requests_are_counted_and_the_first_are_kept)
{
    told t = {.times = 0};
    open_pool(DRIVER("plain.py"));
    make_call(&t, "test/many", "{'count':40}", LONG_MS);
    check_end(&t, AC_SDK_RESULT);
    ck_assert_uint_eq(t.outcome.requests, 40);
    ck_assert_ac_str(t.outcome.exchanges[0].request.target, "/0");
    ck_assert_ac_str(t.outcome.exchanges[15].request.target, "/15");
    ck_assert_uint_eq(t.outcome.result->count, 40);
    done_with(&t);
    close_pool();
}
END_TEST

START_TEST(seats_work_side_by_side_each_with_a_server_of_its_own)
{
    enum { SEATS = 5, ROUNDS = 4 };
    told seats[SEATS] = {{.times = 0}};
    ac_str endpoints[SEATS] = {{NULL, 0}};
    open_pool(DRIVER("plain.py"));
    for (int round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < SEATS; i++) {
            send_call(&seats[i], i, "test/endpoint", "{}", LONG_MS);
        }
        for (size_t i = 0; i < SEATS; i++) {
            await_call(&seats[i]);
            check_end(&seats[i], AC_SDK_RESULT);
            ck_assert_uint_eq(seats[i].outcome.requests, 1);
            ac_str endpoint = ac_str_dup(ac_test_arena(), seats[i].outcome.result->text);
            ck_assert(round == 0 || ac_str_eq(endpoint, endpoints[i]));
            for (size_t k = 0; k < i; k++) {
                ck_assert(!ac_str_eq(endpoint, endpoints[k]));
            }
            endpoints[i] = endpoint;
            done_with(&seats[i]);
        }
    }
    close_pool();
}
END_TEST

START_TEST(a_request_between_calls_belongs_to_none)
{
    told first = {.times = 0};
    told second = {.times = 0};
    open_pool(DRIVER("plain.py"));
    make_call(&first, "test/endpoint", "{}", LONG_MS);
    ac_str params =
        ac_str_printf(ac_test_arena(), "{'endpoint':'%.*s'}", AC_STR_FMT(first.outcome.result->text));
    send_call(&second, 1, "test/elsewhere", params.p, LONG_MS);
    await_call(&second);
    ck_assert_ac_str(text_of(second.outcome.result), "[503,\"\"]");
    ck_assert_uint_eq(second.outcome.requests, 1);
    ck_assert_uint_eq(first.outcome.requests, 1);
    done_with(&first);
    done_with(&second);
    close_pool();
}
END_TEST

/* The server keeps requests in the call's arena while the driver's answer is read. */
START_TEST(a_driver_may_answer_while_its_requests_are_still_coming)
{
    told t = {.times = 0};
    open_pool(DRIVER("plain.py"));
    for (int i = 0; i < 10; i++) {
        make_call(&t, "test/early", "{}", LONG_MS);
        check_end(&t, AC_SDK_RESULT);
        ck_assert(t.outcome.requests >= 1);
        size_t kept = t.outcome.requests < AC_SDK_REQUESTS_KEPT ? t.outcome.requests : AC_SDK_REQUESTS_KEPT;
        for (size_t k = 1; k < kept; k++) {
            /* Some may be of the call before. */
            ac_str target = t.outcome.exchanges[k].request.target;
            ck_assert(ac_str_is(target, "/") || (target.n == 5001 && target.p[5000] == 'x'));
        }
        ck_assert_uint_eq(t.outcome.result->text.n, 500000);
        done_with(&t);
    }
    close_pool();
}
END_TEST

/* ---- what is around a driver ---- */

START_TEST(a_driver_finds_nothing_of_ours)
{
    told t = {.times = 0};
    setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret", 1);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("PYTHONPATH", "/nowhere", 1);
    open_pool(DRIVER("plain.py"));
    make_call(&t, "test/surroundings", "{}", LONG_MS);
    check_end(&t, AC_SDK_RESULT);
    const ac_json *variables = ac_json_get_c(t.outcome.result, "environment");
    for (size_t i = 0; i < variables->count; i++) {
        ac_str name = variables->items[i].key;
        bool known = ac_str_is(name, "PATH") || ac_str_is(name, "TMPDIR") || ac_str_is(name, "HOME") ||
                     ac_str_is(name, "LANG") || ac_str_is(name, "LC_CTYPE"); /* Python's own */
        ck_assert_msg(known, "%.*s is set", AC_STR_FMT(name));
    }
    ck_assert_ac_str(ac_json_text(ac_json_get_c(variables, "TMPDIR")), folder);
    ck_assert_ac_str(ac_json_text(ac_json_get_c(variables, "PATH")), getenv("PATH"));
    ck_assert_ac_str(ac_json_text(ac_json_get_c(variables, "LANG")), "C.UTF-8");
    ac_str home = ac_json_text(ac_json_get_c(variables, "HOME"));
    ck_assert(ac_str_starts(home, ac_str_printf(ac_test_arena(), "%s/", folder)));
    ck_assert_uint_eq(ac_json_get_c(t.outcome.result, "home")->count, 0);
    done_with(&t);
    close_pool();
}
END_TEST

/* What else is open belongs to Check. */
START_TEST(a_driver_inherits_no_pipe_and_no_socket)
{
    static const char *const kinds[] = {": 10000\"", ": 140000\"", ": 0\""};
    told first = {.times = 0};
    told second = {.times = 0};
    open_pool(DRIVER("plain.py"));
    send_call(&first, 0, "test/one", "{}", LONG_MS);
    send_call(&second, 1, "test/surroundings", "{}", LONG_MS);
    await_call(&first);
    await_call(&second);
    ac_str open = text_of(ac_json_get_c(second.outcome.result, "open"));
    for (size_t i = 0; i < AC_COUNT(kinds); i++) {
        ck_assert_msg(ac_str_find(open, ac_str_c(kinds[i])) == AC_NOT_FOUND, "%s", open.p);
    }
    done_with(&first);
    done_with(&second);
    close_pool();
}
END_TEST

START_TEST(the_home_is_removed_with_all_that_is_in_it_and_nothing_else)
{
    told t = {.times = 0};
    open_pool(DRIVER("plain.py"));
    ac_str outside = ac_str_printf(ac_test_arena(), "%s-outside", folder);
    ac_str kept = ac_str_printf(ac_test_arena(), "%s/kept", outside.p);
    ck_assert_int_eq(mkdir(outside.p, 0700), 0);
    int fd = open(kept.p, O_CREAT | O_WRONLY, 0600);
    close(fd);
    make_call(&t, "test/litter", ac_str_printf(ac_test_arena(), "{'outside':'%s'}", outside.p).p, LONG_MS);
    check_end(&t, AC_SDK_RESULT);
    done_with(&t);
    close_pool();
    ck_assert_int_eq(unlink(kept.p), 0);
    ck_assert_int_eq(rmdir(outside.p), 0);
}
END_TEST

/* Whether the process has ended; nobody may have waited for it yet. */
static bool has_ended(int64_t pid)
{
    ac_str path = ac_str_printf(ac_test_arena(), "/proc/%lld/stat", (long long)pid);
    ac_err err = {0};
    ac_str text = ac_file_read(ac_test_arena(), path.p, 65536, &err);
    return !text.p || ac_str_find(text, AC_STR(") Z")) != AC_NOT_FOUND;
}

START_TEST(what_a_driver_started_ends_with_it)
{
    told t = {.times = 0};
    int64_t pid;
    open_pool(DRIVER("plain.py"));
    make_call(&t, "test/child", "{}", LONG_MS);
    ck_assert(ac_json_int(t.outcome.result, &pid));
    ck_assert(!has_ended(pid));
    done_with(&t);
    close_pool();
    for (int i = 0; i < 500 && !has_ended(pid); i++) {
        poll(NULL, 0, 10);
    }
    bool ended = has_ended(pid);
    kill((pid_t)pid, SIGKILL);
    ck_assert(ended);
}
END_TEST

/* Handlers of the owner run on its own thread, or they would race against it. */
START_TEST(no_thread_of_a_pool_takes_a_signal)
{
    told t = {.times = 0};
    int others = 0;
    open_pool(DRIVER("plain.py"));
    make_call(&t, "test/one", "{}", LONG_MS);
    done_with(&t);
    DIR *threads = opendir("/proc/self/task");
    const struct dirent *entry;
    while (threads && (entry = readdir(threads)) != NULL) {
        ac_str path = ac_str_printf(ac_test_arena(), "/proc/self/task/%s/status", entry->d_name);
        ac_err err = {0};
        ac_str text = ac_file_read(ac_test_arena(), path.p, 65536, &err);
        size_t at = ac_str_find(text, AC_STR("SigBlk:"));
        int64_t thread = 0;
        bool numbered = ac_str_int(ac_str_c(entry->d_name), &thread);
        if (at != AC_NOT_FOUND && numbered && thread != getpid()) {
            unsigned long long blocked = strtoull(text.p + at + strlen("SigBlk:"), NULL, 16);
            ck_assert(blocked >> (SIGINT - 1) & blocked >> (SIGTERM - 1) & 1);
            others++;
        }
    }
    closedir(threads);
    ck_assert_int_ge(others, 2);
    close_pool();
}
END_TEST

/* ---- drivers that do not start ---- */

START_TEST(a_program_that_is_no_driver_is_refused_at_once)
{
    static const struct {
        const char *command;
        ac_err_kind kind;
        const char *part, *log;
    } rows[] = {
        {"", AC_ERR_USAGE, "the command is empty", NULL},
        {" \t", AC_ERR_USAGE, "the command is empty", NULL},
        {"python3 'x", AC_ERR_USAGE, "a quote in the command is not closed", NULL},
        {"no-such-program-of-accord --x", AC_ERR_JUDGE,
         "the driver does not start: no-such-program-of-accord: No such file or directory", NULL},
        {"tests/fixtures", AC_ERR_JUDGE, "the driver does not start: tests/fixtures: Permission denied",
         NULL},
        {DRIVER("bad.py dies-at-start"), AC_ERR_JUDGE, "the driver ended",
         "; its log ends with: first line of the log\\nboom: \\x1B[31mred"},
        {DRIVER("bad.py ends-at-start"), AC_ERR_JUDGE, "the driver ended", NULL},
        {DRIVER("bad.py floods-at-start"), AC_ERR_JUDGE, "the driver wrote a line without an end", NULL},
        {DRIVER("bad.py words"), AC_ERR_JUDGE, "is no JSON", "Listening on port 8080"},
        {DRIVER("bad.py no-hello"), AC_ERR_JUDGE, "the driver's first line: /id: unknown key \"id\"", NULL},
        {DRIVER("bad.py other-protocol"), AC_ERR_JUDGE, "/accord: protocol 1 is expected", NULL},
        {DRIVER("no-such-driver.py"), AC_ERR_JUDGE, "the driver ended", "No such file or directory"},
    };
    prepare();
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_err err = {0};
        pool = ac_sdk_open(ac_str_c(rows[i].command), environment, NULL, &err);
        ck_assert_msg(pool == NULL, "%s", rows[i].command);
        ck_assert_msg(err.kind == rows[i].kind, "%s: kind %d", rows[i].command, err.kind);
        ck_assert_ac_err(err, rows[i].part);
        ck_assert_msg(!rows[i].log || strstr(err.text, rows[i].log), "%s", err.text);
        ck_assert_msg(!strchr(err.text, '\n') && !strchr(err.text, '\x1b'), "%s", err.text);
    }
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(closing_nothing_is_fine)
{
    ac_sdk_close(NULL);
}
END_TEST

/* ---- drivers that break in a call ---- */

typedef struct misbehaviour {
    const char *mode, *why, *log;
} misbehaviour;

static const misbehaviour misbehaviours[] = {
    {"dies", "the driver ended", "first line of the log\\nboom: \\x1B[31mred"},
    {"hangs", "the driver did not answer in time", "waiting for ever"},
    {"floods", "the driver wrote a line without an end", ""},
    {"floods-log", "the driver did not answer in time", "noise\\nnoise"},
    {"half-line", "the driver ended in the midst of a line", "half a line"},
    {"closes-output", "the driver ended", ""},
    {"twice", "the driver wrote more than one line for a call", "said twice"},
    {"other-id", "the driver's answer is for call ", "said other-id"},
    {"no-json", "the driver's answer is no JSON: line 1, column 1", "said no-json"},
    {"not-utf-8", "the driver's answer is no JSON", "said not-utf-8"},
    {"both", "exactly one of \"result\", \"error\" and \"unsupported\" is expected", "said both"},
    {"empty-line", "the driver's answer is no JSON", "said empty-line"},
    {"claims-result", "the driver told of an answer, but no request came to the endpoint", "no request"},
    {"claim-service", "the driver told of an answer, but no request came to the endpoint", ""},
    {"claim-transport", "the driver told of an answer, but no request came to the endpoint", ""},
    {"claim-timeout", "the driver told of an answer, but no request came to the endpoint", ""},
};

static void check_misbehaviour(const misbehaviour *m)
{
    told t = {.times = 0};
    int64_t deadline_ms = strstr(m->why, "in time") ? SHORT_MS : LONG_MS;
    make_call(&t, "test/bad", "{'bad':true}", deadline_ms);
    check_end(&t, AC_SDK_BROKEN);
    ac_str why = t.outcome.why;
    ac_str log = t.outcome.log;
    ck_assert_msg(ac_str_find(why, ac_str_c(m->why)) != AC_NOT_FOUND, "%s: %.*s", m->mode, AC_STR_FMT(why));
    ck_assert_msg(ac_str_find(log, ac_str_c(m->log)) != AC_NOT_FOUND, "%s: log %.*s", m->mode,
                  AC_STR_FMT(log));
    ck_assert_msg(ac_str_find_char(log, '\n') == AC_NOT_FOUND && log.n <= 4 * 4096, "%s", m->mode);
    ck_assert(deadline_ms == LONG_MS || t.outcome.duration_us < 10 * 1000 * 1000);
    done_with(&t);
}

static void check_mode(const misbehaviour *m)
{
    ac_str command = ac_str_printf(ac_test_arena(), DRIVER("bad.py %s"), m->mode);
    open_pool(command.p);
    told t = {.times = 0};
    check_good(&t);
    check_misbehaviour(m);
    check_good(&t);
    check_good(&t);
    check_misbehaviour(m);
    close_pool();
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
}

START_TEST(a_driver_that_misbehaves_breaks_one_call_and_is_started_anew)
{
    for (size_t i = 0; i < AC_COUNT(misbehaviours); i++) {
        check_mode(&misbehaviours[i]);
    }
}
END_TEST

START_TEST(a_client_error_needs_no_request)
{
    told t = {.times = 0};
    open_pool(DRIVER("bad.py claim-client"));
    make_call(&t, "test/bad", "{'bad':true}", LONG_MS);
    check_end(&t, AC_SDK_ERROR);
    ck_assert_int_eq(t.outcome.error.kind, AC_SDK_CLIENT);
    ck_assert_uint_eq(t.outcome.requests, 0);
    done_with(&t);
    close_pool();
}
END_TEST

START_TEST(a_long_log_does_not_stop_a_driver)
{
    told t = {.times = 0};
    open_pool(DRIVER("bad.py noise"));
    make_call(&t, "test/bad", "{'bad':true}", LONG_MS);
    check_end(&t, AC_SDK_RESULT);
    done_with(&t);
    close_pool();
}
END_TEST

START_TEST(a_line_too_many_after_a_call_does_not_become_the_next_answer)
{
    told t = {.times = 0};
    open_pool(DRIVER("bad.py late"));
    make_call(&t, "test/bad", "{'bad':true}", LONG_MS);
    check_end(&t, AC_SDK_RESULT);
    done_with(&t);
    while (!has_mark()) {
        poll(NULL, 0, 5);
    }
    ck_assert_int_eq(unlink(mark_path().p), 0);
    check_good(&t);
    close_pool();
}
END_TEST

START_TEST(a_driver_that_does_not_start_again_breaks_every_call)
{
    told t = {.times = 0};
    open_pool(DRIVER("bad.py second-start-fails"));
    check_good(&t);
    for (int i = 0; i < 3; i++) {
        make_call(&t, "test/bad", "{'bad':true}", LONG_MS);
        check_end(&t, AC_SDK_BROKEN);
        ck_assert_ac_str(t.outcome.why, "the driver ended");
        ck_assert(ac_str_find(t.outcome.log, AC_STR("boom")) != AC_NOT_FOUND);
        done_with(&t);
    }
    ck_assert_int_eq(unlink(mark_path().p), 0);
    check_good(&t);
    ck_assert_int_eq(unlink(mark_path().p), 0);
    close_pool();
}
END_TEST

START_TEST(two_hellos_are_one_line_too_many)
{
    told t = {.times = 0};
    open_pool(DRIVER("bad.py hello-twice"));
    make_call(&t, "test/bad", "{}", LONG_MS);
    check_end(&t, AC_SDK_BROKEN);
    ck_assert_msg(ac_str_find(t.outcome.why, AC_STR("unknown key \"accord\"")) != AC_NOT_FOUND, "%.*s",
                  AC_STR_FMT(t.outcome.why));
    done_with(&t);
    close_pool();
}
END_TEST

/* ---- the end of a run ---- */

static int64_t close_ms(void)
{
    int64_t started_us = ac_monotonic_us();
    close_pool();
    return (ac_monotonic_us() - started_us) / 1000;
}

START_TEST(closing_does_not_wait_for_a_call_under_way)
{
    told t = {.times = 0};
    told other = {.times = 0};
    open_pool(DRIVER("bad.py hangs"));
    send_call(&t, 0, "test/bad", "{'bad':true}", LONG_MS);
    send_call(&other, 3, "test/bad", "{'bad':true}", LONG_MS);
    ck_assert_int_lt(close_ms(), 1500);
    ck_assert_int_eq(t.times + other.times, 0);
    done_with(&t);
    done_with(&other);
}
END_TEST

START_TEST(closing_does_not_wait_for_an_outcome_that_nobody_collected)
{
    told t = {.times = 0};
    struct pollfd end = {.events = POLLIN};
    open_pool(DRIVER("plain.py"));
    end.fd = woken[0];
    send_call(&t, 0, "test/one", "{}", LONG_MS);
    ck_assert_int_eq(poll(&end, 1, 20000), 1);
    ck_assert_int_lt(close_ms(), 1500);
    ck_assert_int_eq(t.times, 0);
    done_with(&t);
}
END_TEST

START_TEST(an_abandoned_pool_ends_its_calls_as_broken)
{
    told t = {.times = 0};
    open_pool(DRIVER("bad.py hangs"));
    send_call(&t, 0, "test/bad", "{'bad':true}", LONG_MS);
    ac_sdk_abandon(pool);
    await_call(&t);
    check_end(&t, AC_SDK_BROKEN);
    ck_assert_ac_str(t.outcome.why, "the driver was ended with the run");
    ck_assert_int_lt(t.outcome.duration_us, 5 * 1000 * 1000);
    done_with(&t);
    make_call(&t, "test/bad", "{}", LONG_MS);
    check_end(&t, AC_SDK_BROKEN);
    done_with(&t);
    close_pool();
}
END_TEST

/* ---- waking the owner ---- */

static atomic_bool is_waking;

static void wake_slowly(void *context)
{
    atomic_store(&is_waking, true);
    poll(NULL, 0, 100);
    wake(context);
    atomic_store(&is_waking, false);
}

/* The owner may free what it is woken by once it has said so, whatever it was woken by meanwhile. */
START_TEST(nobody_is_woken_after_taking_the_bell_away)
{
    told t = {.times = 0};
    open_pool(DRIVER("plain.py"));
    ac_sdk_on_ready(pool, wake_slowly, NULL);
    send_call(&t, 0, "test/one", "{}", LONG_MS);
    while (t.times == 0) {
        ac_sdk_collect(pool);
        poll(NULL, 0, 1);
    }
    ac_sdk_on_ready(pool, NULL, NULL);
    ck_assert(!atomic_load(&is_waking));
    done_with(&t);
    close_pool();
}
END_TEST

AC_TEST_MAIN("sdk", a_driver_says_who_it_is_and_makes_calls,
             a_script_answers_one_request_after_the_other_and_goes_on_with_its_last,
             all_requests_are_counted_and_the_first_are_kept,
             seats_work_side_by_side_each_with_a_server_of_its_own, a_request_between_calls_belongs_to_none,
             a_driver_may_answer_while_its_requests_are_still_coming, a_driver_finds_nothing_of_ours,
             a_driver_inherits_no_pipe_and_no_socket,
             the_home_is_removed_with_all_that_is_in_it_and_nothing_else, what_a_driver_started_ends_with_it,
             no_thread_of_a_pool_takes_a_signal, a_program_that_is_no_driver_is_refused_at_once,
             closing_nothing_is_fine, a_driver_that_misbehaves_breaks_one_call_and_is_started_anew,
             a_client_error_needs_no_request, a_long_log_does_not_stop_a_driver,
             a_line_too_many_after_a_call_does_not_become_the_next_answer,
             a_driver_that_does_not_start_again_breaks_every_call, two_hellos_are_one_line_too_many,
             closing_does_not_wait_for_a_call_under_way,
             closing_does_not_wait_for_an_outcome_that_nobody_collected,
             an_abandoned_pool_ends_its_calls_as_broken, nobody_is_woken_after_taking_the_bell_away)
