#include "base/names.h"

#include "support.h"

START_TEST(names_are_numbered_once)
{
    enum { MANY = 10000 };
    ac_names names;
    ac_names_init(&names, ac_test_arena());
    ck_assert(!ac_names_find(&names, AC_STR("0"), NULL));
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < MANY; i++) {
            ac_str name = ac_str_printf(ac_test_arena(), "%zu", i);
            ck_assert_uint_eq(ac_names_number(&names, name), i);
            size_t number = MANY;
            ck_assert(ac_names_find(&names, name, &number));
            ck_assert_uint_eq(number, i);
        }
    }
    ck_assert_uint_eq(names.count, MANY);
    ck_assert_uint_eq(ac_names_number(&names, AC_STR("")), MANY);
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
    ac_names names;
    size_t number = 7;
    ac_names_init(&names, ac_test_arena());
    ck_assert(!ac_names_find(&names, AC_STR("a"), &number));
    ac_names_number(&names, AC_STR("a"));
    ck_assert(!ac_names_find(&names, AC_STR("b"), &number));
    ck_assert(!ac_names_find(&names, AC_STR(""), &number));
    ck_assert_uint_eq(number, 7);
}
END_TEST

AC_TEST_MAIN("base names", names_are_numbered_once, what_is_not_there_is_not_found)
