/* What the mock remembers: resources and their states, lists, tokens, dry runs, provider states. */
#include "mock_calls.h"

#include <time.h>

#define CREATE "example/widgets/2024-01-01/CreateWidget"
#define GET    "example/widgets/2024-01-01/GetWidget"
#define LIST   "example/widgets/2024-01-01/ListWidgets"
#define DELETE "example/widgets/2024-01-01/DeleteWidget"
#define PING   "example/widgets/2024-01-01/PingWidgets"
#define ITEM   "example/boxes/2024-02-02/CreateItem"
#define ITEMS  "example/boxes/2024-02-02/ListItems"
#define THING  "example/things/2024-03-03/CreateThing"
#define OK     "Name=abc&Member.1=a"

static mock_test open_with_transition(int64_t transition_ms)
{
    ac_mock_options options = mock_options();
    options.transition_ms = transition_ms;
    return mock_open_with(MOCK_CASES, &options);
}

static mock_reply call_with(mock_test *t, const char *operation, const char *name, ac_str value)
{
    return mock_call(t, operation, ac_str_printf(t->arena, "%s=%.*s", name, AC_STR_FMT(value)).p);
}

static ac_str create(mock_test *t, const char *query)
{
    mock_reply reply = mock_call(t, CREATE, query);
    ck_assert_status(reply, 201);
    return mock_at(&reply, "/WidgetId");
}

/* ---- resources ---- */

START_TEST(what_was_created_can_be_read_and_deleted)
{
    mock_test t = mock_open();
    ac_str id = create(&t, OK "&Motto=m&OwnerId=&Zone.1.ZoneId=a");
    (void)id;
    mock_close(&t);
}
END_TEST
