#include "support.h"

#include <stdlib.h>

static ac_arena *test_arena;

static void teardown(void)
{
    ac_arena_free(test_arena);
    test_arena = NULL;
}

ac_arena *ac_test_arena(void)
{
    if (!test_arena) {
        test_arena = ac_arena_new();
    }
    return test_arena;
}

int ac_test_run(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_set_timeout(tcase, 30);
    for (size_t i = 0; i < count; i++) {
        tcase_add_test(tcase, tests[i]);
    }
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
