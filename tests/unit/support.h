/* What the unit tests share: running a suite, and checks on the project's own types. */
#ifndef AC_TESTS_SUPPORT_H
#define AC_TESTS_SUPPORT_H

#include <check.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

/* Runs a suite of one test case made from these tests and returns the exit code. CK_FORK=no, CK_RUN_CASE
 * and the other variables of Check apply. */
int ac_test_run(const char *name, const TTest *const *tests, size_t count);

#define AC_TEST_MAIN(name, ...)                                                                              \
    int main(void)                                                                                           \
    {                                                                                                        \
        const TTest *const tests[] = {__VA_ARGS__};                                                          \
        return ac_test_run(name, tests, sizeof(tests) / sizeof(tests[0]));                                   \
    }

/* A fresh arena for the test, freed when the test ends (call ac_test_arena once a test). */
ac_arena *ac_test_arena(void);

#define ck_assert_ac_str(actual, expected)                                                                   \
    do {                                                                                                     \
        ac_str actual_ = (actual);                                                                           \
        ac_str expected_ = ac_str_c(expected);                                                               \
        ck_assert_msg(ac_str_eq(actual_, expected_), "%s is \"%.*s\", not \"%s\"", #actual, (int)actual_.n,  \
                      actual_.p ? actual_.p : "", expected_.p);                                              \
    } while (0)

#define ck_assert_ac_err(err, part)                                                                          \
    ck_assert_msg(strstr((err).text, (part)) != NULL, "error is \"%s\", without \"%s\"", (err).text, (part))

#endif
