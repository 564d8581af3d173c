/* The check of drivers, on drivers that keep the protocol in part. */
#include "sdk/check.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define DRIVER(name) "python3 tests/fixtures/drivers/" name

static const char *environment(const char *name)
{
    return strcmp(name, "PATH") == 0 ? getenv("PATH") : NULL;
}

typedef struct told {
    ac_buf names; /* of the checks, with ! before one that failed */
    ac_buf why;   /* of those */
} told;

static void hear(void *context, const ac_sdk_check_result *result)
{
    told *t = context;
    ac_buf_printf(&t->names, "%s%s ", result->passed ? "" : "!", result->name);
    ac_buf_add(&t->why, result->passed ? AC_STR("") : result->why);
    ck_assert(result->title[0] != '\0' && result->passed == !result->why.p);
}

static void check_driver(const char *command, const char *names, const char *why)
{
    told t;
    bool passed = true;
    ac_err err = {0};
    signal(SIGPIPE, SIG_IGN);
    setenv("PATH", "/usr/bin:/bin:/usr/local/bin", 1);
    ac_buf_init(&t.names, 65536);
    ac_buf_init(&t.why, 65536);
    ck_assert_msg(ac_sdk_check(ac_str_c(command), environment, hear, &t, &passed, &err), "%s", err.text);
    ck_assert_msg(strcmp(t.names.p, names) == 0, "%s: %s (%s)", command, t.names.p, t.why.p);
    ck_assert_msg(strstr(t.why.p, why) != NULL, "%s: %s", command, t.why.p);
    ck_assert_int_eq(passed, strchr(names, '!') == NULL);
    ac_buf_done(&t.names);
    ac_buf_done(&t.why);
}

START_TEST(a_driver_that_dies_of_a_bad_line_fails_those_checks_alone)
{
    check_driver(
        DRIVER("plain.py"),
        "hello call calls unknown-operation !bad-line !no-id long-line reset short-body no-answer end ",
        "the driver ended; its log ends with: ");
}
END_TEST

START_TEST(without_a_hello_no_other_check_is_made)
{
    check_driver(DRIVER("bad.py dies-at-start"), "!hello ", "first line of the log\\nboom: \\x1B[31mred");
    check_driver(DRIVER("bad.py words"), "!hello ", "Listening on port 8080");
    check_driver("no-such-program-of-accord", "!hello ", "the driver does not start");
}
END_TEST

START_TEST(there_must_be_a_command)
{
    told t;
    bool passed = true;
    ac_err err = {0};
    ck_assert(!ac_sdk_check(AC_STR(" "), environment, hear, &t, &passed, &err));
    ck_assert_int_eq(err.kind, AC_ERR_USAGE);
    ck_assert_str_eq(err.text, "the command is empty");
}
END_TEST

AC_TEST_MAIN("sdk check", a_driver_that_dies_of_a_bad_line_fails_those_checks_alone,
             without_a_hello_no_other_check_is_made, there_must_be_a_command)
