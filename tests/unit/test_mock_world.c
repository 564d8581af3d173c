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

/* "query=value" */
static mock_reply call_with(mock_test *t, const char *operation, const char *query, ac_str value)
{
    return mock_call(t, operation, ac_str_printf(t->arena, "%s=%.*s", query, AC_STR_FMT(value)).p);
}

static ac_str create(mock_test *t, const char *query)
{
    mock_reply reply = mock_call(t, CREATE, query);
    ck_assert_status(reply, 201);
    return mock_at(&reply, "/WidgetId");
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* ---- resources ---- */

START_TEST(what_was_created_can_be_read_and_deleted)
{
    mock_test t = mock_open();
    ac_str id = create(&t, OK "&Member.2=b&Motto=m&Zone.1.ZoneId=a&Zone.2.ZoneId=b&Zone.2.Mask=8");
    mock_reply reply = call_with(&t, GET, "WidgetId", id);
    ck_assert_status(reply, 200);
    ck_assert_at(reply, "/WidgetId", ac_str_z(t.arena, id));
    ck_assert_at(reply, "/Name", "abc");
    ck_assert_at(reply, "/Motto", "m");
    ck_assert_at(reply, "/Color", "red");
    ck_assert_at(reply, "/CreateTime", "2026-01-15T08:30:45Z");
    ck_assert_at(reply, "/Domain", ac_str_printf(t.arena, "%.*s.red.north.example", AC_STR_FMT(id)).p);
    ck_assert_at(reply, "/Zones/0/ZoneId", "a");
    ck_assert_absent(reply, "/Zones/0/Mask");
    ck_assert_at(reply, "/Zones/1/Mask", "8");
    ck_assert_at(reply, "/Members/1", "b");
    ck_assert_status(call_with(&t, DELETE, "WidgetId", id), 200);
    ck_assert_reply(call_with(&t, GET, "WidgetId", id), 404, "WidgetNotFound");
    ck_assert_reply(call_with(&t, DELETE, "WidgetId", id), 404, "WidgetNotFound");
    mock_close(&t);
}
END_TEST

START_TEST(what_is_not_known_is_shown_by_example_as_the_type_of_the_field)
{
    mock_test t = mock_open();
    mock_reply made = call_with(&t, GET, "WidgetId", create(&t, OK));
    mock_reply fixture = call_with(&t, GET, "WidgetId", mock_variable(&t, GET, "widget_id"));
    ck_assert_absent(made, "/Motto");
    ck_assert_at(fixture, "/Motto", "a motto");
    ck_assert_at(fixture, "/Name", "example name");
    ck_assert_absent(fixture, "/Label");
    ck_assert_at(fixture, "/Color", "red");
    ck_assert_at(fixture, "/Domain", "mock.example");
    ck_assert_at(made, "/Weight", "1.5");
    ck_assert(ac_json_is(ac_json_at(made.body, AC_STR("/Weight")), AC_JSON_NUMBER));
    ck_assert_at(made, "/Height", "0");
    ck_assert(ac_json_at(made.body, AC_STR("/Heavy"))->boolean);
    ck_assert_absent(made, "/Serial");
    ck_assert_at(made, "/Ip", "192.168.0.1");
    ck_assert_absent(made, "/Owner");
    ck_assert_absent(made, "/Zones/0");
    ck_assert_at(made, "/Parts/0/PartId", "part-1");
    ck_assert_at(made, "/Racks/0", "rack-1");
    ck_assert_absent(made, "/Shelf");
    ck_assert_absent(made, "/Notes");
    mock_close(&t);
}
END_TEST

static size_t rank_of(ac_str state)
{
    static const char *const order[] = {"Creating", "Checking", "Ready"};
    size_t rank = 0;
    while (rank < AC_COUNT(order) && !ac_str_is(state, order[rank])) {
        rank++;
    }
    return rank;
}

START_TEST(states_follow_their_order_to_the_last_that_is_done)
{
    mock_test t = open_with_transition(10);
    ac_str id = create(&t, OK);
    size_t rank = 0;
    for (int i = 0; rank < 2 && i < 1000; i++) {
        mock_reply reply = call_with(&t, GET, "WidgetId", id);
        size_t now = rank_of(mock_at(&reply, "/Status"));
        ck_assert_msg(now >= rank && now <= 2, "%.*s", AC_STR_FMT(reply.text));
        rank = now;
        pause_ms(1);
    }
    pause_ms(30);
    ck_assert_at(call_with(&t, GET, "WidgetId", id), "/Status", "Ready");
    ck_assert_at(call_with(&t, GET, "WidgetId", mock_variable(&t, GET, "widget_id")), "/Status", "Ready");
    mock_close(&t);
}
END_TEST

START_TEST(a_state_lasts_as_long_as_it_is_told_to)
{
    mock_test t = open_with_transition(60000);
    ac_str id = create(&t, OK);
    pause_ms(5);
    ck_assert_at(call_with(&t, GET, "WidgetId", id), "/Status", "Creating");
    mock_close(&t);
}
END_TEST

START_TEST(without_a_transition_time_all_is_done_at_once)
{
    mock_test t = open_with_transition(0);
    ck_assert_at(mock_call(&t, CREATE, OK), "/Status", "Ready");
    mock_close(&t);
}
END_TEST

START_TEST(accounts_do_not_see_one_another)
{
    mock_test t = mock_open();
    ac_str id = create(&t, OK);
    ac_str owner = mock_variable(&t, THING, "owner_id");
    id = create(&t, OK);
    t.key = AC_STR("AKACCORD0002");
    ck_assert_reply(call_with(&t, GET, "WidgetId", id), 404, "WidgetNotFound");
    ck_assert_reply(call_with(&t, DELETE, "WidgetId", id), 404, "WidgetNotFound");
    ck_assert_reply(call_with(&t, CREATE, OK "&OwnerId", owner), 404, "OwnerNotFound");
    ck_assert_at(mock_call(&t, LIST, ""), "/TotalCount", "1");
    t.key = AC_STR("AKACCORD0001");
    ck_assert_status(call_with(&t, GET, "WidgetId", id), 200);
    mock_close(&t);
}
END_TEST

START_TEST(resources_are_limited)
{
    ac_mock_options options = mock_options();
    options.resources_max = 2;
    mock_test t = mock_open_with(MOCK_CASES, &options);
    ac_str first = create(&t, OK);
    create(&t, OK);
    ck_assert_reply(mock_call(&t, CREATE, OK), 503, "Unavailable");
    ck_assert_status(call_with(&t, DELETE, "WidgetId", first), 200);
    create(&t, OK);
    mock_close(&t);
}
END_TEST

/* ---- nested resources ---- */

static mock_reply call_item(mock_test *t, const char *operation, const char *method, ac_str box, ac_str item)
{
    ac_str path = ac_str_printf(t->arena, "/boxes/%.*s/items/%.*s", AC_STR_FMT(box), AC_STR_FMT(item));
    ck_assert_str_eq(mock_contract(t, operation)->methods.items[0].p, method);
    return mock_call_at(t, operation, path, "", NULL);
}

static ac_str items_path(mock_test *t, ac_str box)
{
    return ac_str_printf(t->arena, "/boxes/%.*s/items", AC_STR_FMT(box));
}

START_TEST(nested_resources_belong_to_their_owner)
{
    mock_test t = mock_open();
    ac_str box = mock_variable(&t, ITEM, "box_id");
    mock_reply other = mock_call_at(&t, "example/boxes/2024-02-02/CreateBox", AC_STR("/boxes"), "", "{}");
    ac_str other_box = mock_at(&other, "/boxId");
    mock_reply made = mock_call_at(&t, ITEM, items_path(&t, other_box), "",
                                   "{\"title\":\"a\",\"parts\":[{\"name\":\"x\"}],\"fragile\":false}");
    ck_assert_at(made, "/Result/count", "1");
    ac_str item = mock_at(&made, "/Result/itemId");
    ck_assert_at(mock_call_at(&t, ITEMS, items_path(&t, other_box), "", NULL), "/Result/0/itemId", item.p);
    mock_reply list = mock_call_at(&t, ITEMS, items_path(&t, box), "", NULL);
    ck_assert(ac_str_starts(mock_at(&list, "/Result/0/itemId"), AC_STR("item-")));
    ck_assert_absent(list, "/Result/1");
    mock_reply read = call_item(&t, "example/boxes/2024-02-02/DescribeItem", "GET", other_box, item);
    ck_assert_at(read, "/BoxId", ac_str_z(t.arena, other_box));
    ck_assert_at(read, "/parts/0/name", "x");
    ck_assert_at(call_item(&t, "example/boxes/2024-02-02/DescribeItem", "GET", box, item), "/Code",
                 "ItemNotFound");
    ck_assert_status(call_item(&t, "example/boxes/2024-02-02/DeleteItem", "DELETE", box, item), 200);
    ck_assert_status(call_item(&t, "example/boxes/2024-02-02/DescribeItem", "GET", other_box, item), 200);
    ck_assert_status(call_item(&t, "example/boxes/2024-02-02/DeleteItem", "DELETE", other_box, item), 200);
    ck_assert_status(call_item(&t, "example/boxes/2024-02-02/DescribeItem", "GET", other_box, item), 404);
    mock_close(&t);
}
END_TEST

/* ---- lists ---- */

START_TEST(lists_show_the_newest_first)
{
    mock_test t = mock_open();
    ac_str first = create(&t, OK);
    ac_str second = create(&t, OK);
    mock_reply reply = mock_call(&t, LIST, "MaxResults=9&RegionId=south");
    ck_assert_at(reply, "/Widgets/0/WidgetId", ac_str_z(t.arena, second));
    ck_assert_at(reply, "/Widgets/1/WidgetId", ac_str_z(t.arena, first));
    ck_assert_at(reply, "/Widgets/1/RegionId", "south");
    ck_assert_at(reply, "/Widgets/1/Domain", ac_str_printf(t.arena, "%.*s.example", AC_STR_FMT(first)).p);
    ck_assert_at(reply, "/TotalCount", "3");
    ck_assert_at(reply, "/MaxResults", "9");
    ck_assert_absent(reply, "/NextToken");
    mock_close(&t);
}
END_TEST

START_TEST(lists_are_filtered_by_what_they_show_and_by_what_is_remembered)
{
    mock_test t = open_with_transition(60000);
    ac_str first = create(&t, OK "&Member.2=b");
    ac_str second = create(&t, "Name=other&Member.1=c&Color=blue");
    mock_reply reply = call_with(&t, LIST, "WidgetId.1", first);
    ck_assert_at(reply, "/TotalCount", "1");
    ck_assert_at(reply, "/Widgets/0/WidgetId", ac_str_z(t.arena, first));
    reply = call_with(&t, LIST, ac_str_printf(t.arena, "WidgetId.1=%.*s&WidgetId.2", AC_STR_FMT(first)).p,
                      second);
    ck_assert_at(reply, "/TotalCount", "2");
    ck_assert_at(mock_call(&t, LIST, "Name=other"), "/Widgets/0/WidgetId", ac_str_z(t.arena, second));
    ck_assert_at(mock_call(&t, LIST, "Color=blue"), "/TotalCount", "1");
    ck_assert_at(mock_call(&t, LIST, "Member=b"), "/TotalCount", "1");
    ck_assert_at(mock_call(&t, LIST, "Status=Creating"), "/TotalCount", "2");
    ck_assert_at(mock_call(&t, LIST, "Status=Ready"), "/TotalCount", "1");
    ck_assert_at(mock_call(&t, LIST, "Status=Old"), "/TotalCount", "0");
    ck_assert_at(mock_call(&t, LIST, "Status="), "/TotalCount", "3");
    mock_reply none = mock_call(&t, LIST, "Name=nobody");
    ck_assert(ac_json_is(ac_json_at(none.body, AC_STR("/Widgets")), AC_JSON_ARRAY));
    mock_close(&t);
}
END_TEST

START_TEST(tokens_lead_through_pages_that_stay_where_they_are)
{
    mock_test t = mock_open();
    ac_str ids[4];
    for (size_t i = 0; i < AC_COUNT(ids); i++) {
        ids[i] = create(&t, OK);
    }
    mock_reply reply = mock_call(&t, LIST, "");
    ck_assert_at(reply, "/Widgets/1/WidgetId", ac_str_z(t.arena, ids[2]));
    ck_assert_at(reply, "/TotalCount", "5");
    ac_str token = mock_at(&reply, "/NextToken");
    create(&t, OK);
    reply = call_with(&t, LIST, "NextToken", token);
    ck_assert_at(reply, "/Widgets/0/WidgetId", ac_str_z(t.arena, ids[1]));
    ck_assert_at(reply, "/Widgets/1/WidgetId", ac_str_z(t.arena, ids[0]));
    reply = call_with(&t, LIST, "NextToken", mock_at(&reply, "/NextToken"));
    ck_assert_absent(reply, "/NextToken");
    ck_assert_absent(reply, "/Widgets/1");
    reply = mock_call(&t, LIST, "NextToken=0123456789abcdef0123456789abcdef&MaxResults=100");
    ck_assert_absent(reply, "/Widgets/6");
    ck_assert(ac_json_at(reply.body, AC_STR("/Widgets/5")) != NULL);
    mock_close(&t);
}
END_TEST

START_TEST(pages_have_numbers)
{
    mock_test t = mock_open();
    ac_str box = mock_variable(&t, ITEM, "box_id");
    for (int i = 0; i < 4; i++) {
        mock_call_at(&t, ITEM, items_path(&t, box), "",
                     i == 0 ? "{\"title\":\"first\"}" : "{\"title\":\"a\"}");
    }
    mock_reply reply = mock_call_at(&t, ITEMS, items_path(&t, box), "page=2", NULL);
    ck_assert_at(reply, "/Result/1/title", "first");
    ck_assert_absent(reply, "/Result/2");
    reply = mock_call_at(&t, ITEMS, items_path(&t, box), "page=2&size=3", NULL);
    ck_assert_at(reply, "/Result/0/title", "first");
    reply = mock_call_at(&t, ITEMS, items_path(&t, box), "page=9223372036854775807&size=9223372036854775807",
                         NULL);
    ck_assert_absent(reply, "/Result/0");
    reply = mock_call_at(&t, ITEMS, items_path(&t, box), "page=0&size=-1", NULL);
    ck_assert(ac_json_at(reply.body, AC_STR("/Result/1")) != NULL);
    mock_close(&t);
}
END_TEST

/* ---- idempotency ---- */

START_TEST(the_same_token_and_request_get_the_same_answer)
{
    mock_test t = open_with_transition(20);
    mock_reply first = mock_call(&t, CREATE, OK "&ClientToken=t&Unknown=1");
    pause_ms(60);
    mock_reply second = mock_call(&t, CREATE, "Member.1=a&Name=abc&ClientToken=t&Color=red");
    ck_assert_status(second, 201);
    ck_assert_at(second, "/WidgetId", ac_str_z(t.arena, mock_at(&first, "/WidgetId")));
    ck_assert_at(second, "/Status", "Creating");
    ck_assert_str_ne(mock_at(&first, "/RequestId").p, mock_at(&second, "/RequestId").p);
    ck_assert_at(mock_call(&t, LIST, ""), "/TotalCount", "2");
    mock_close(&t);
}
END_TEST

START_TEST(a_token_is_for_one_request_of_one_operation)
{
    mock_test t = mock_open();
    ac_str id = create(&t, OK "&ClientToken=t");
    ck_assert_reply(mock_call(&t, CREATE, OK "&ClientToken=t&Color=blue"), 400, "TokenMismatch");
    ck_assert_str_ne(create(&t, OK "&ClientToken=other").p, id.p);
    ck_assert_status(call_with(&t, DELETE, "ClientToken=t&WidgetId", id), 200);
    ck_assert_reply(mock_call(&t, DELETE, "ClientToken=t&WidgetId=another"), 400, "OwnMismatch");
    t.key = AC_STR("AKACCORD0002");
    create(&t, OK "&ClientToken=t&Color=blue");
    mock_close(&t);
}
END_TEST

START_TEST(a_repeated_delete_succeeds_though_nothing_is_left)
{
    mock_test t = mock_open();
    ac_str id = create(&t, OK);
    ck_assert_status(call_with(&t, DELETE, "ClientToken=t&WidgetId", id), 200);
    ck_assert_status(call_with(&t, DELETE, "ClientToken=t&WidgetId", id), 200);
    ck_assert_reply(call_with(&t, DELETE, "ClientToken=u&WidgetId", id), 404, "WidgetNotFound");
    mock_close(&t);
}
END_TEST

START_TEST(empty_tokens_and_failed_calls_are_not_remembered)
{
    mock_test t = mock_open();
    ck_assert_str_ne(create(&t, OK "&ClientToken=").p, create(&t, OK "&ClientToken=").p);
    ck_assert_reply(mock_call(&t, CREATE, OK "&ClientToken=t&OwnerId=x"), 404, "OwnerNotFound");
    create(&t, OK "&ClientToken=t");
    mock_close(&t);
}
END_TEST

START_TEST(the_oldest_tokens_are_forgotten)
{
    mock_test t = mock_open();
    ac_str id = create(&t, OK "&ClientToken=first");
    for (int i = 0; i < 255; i++) {
        mock_call(&t, CREATE, ac_str_printf(t.arena, OK "&ClientToken=%d", i).p);
    }
    ck_assert_str_eq(create(&t, OK "&ClientToken=first").p, id.p);
    mock_call(&t, CREATE, OK "&ClientToken=255");
    ck_assert_str_ne(create(&t, OK "&ClientToken=first").p, id.p);
    mock_close(&t);
}
END_TEST

START_TEST(a_token_is_in_process_until_the_first_answer_is_out)
{
    mock_test t = mock_open();
    mock_state(&t, "setup", "slow:9000", CREATE, "{}");
    mock_reply first = mock_call(&t, CREATE, OK "&ClientToken=t");
    ck_assert_int_eq(first.delay_ms, 9000);
    ck_assert_reply(mock_call(&t, CREATE, OK "&ClientToken=t"), 409, "TokenInProcess");
    ck_assert_reply(mock_call(&t, CREATE, OK "&ClientToken=t&Size=1"), 400, "TokenMismatch");
    mock_state(&t, "setup", "slow:1", CREATE, "{}");
    mock_call(&t, CREATE, OK "&ClientToken=u");
    pause_ms(5);
    ck_assert_status(mock_call(&t, CREATE, OK "&ClientToken=u"), 201);
    mock_close(&t);
}
END_TEST

/* ---- dry run ---- */

START_TEST(a_dry_run_checks_everything_and_makes_nothing)
{
    mock_test t = mock_open();
    ck_assert_reply(mock_call(&t, CREATE, OK "&DryRun=true&OwnerId=x"), 404, "OwnerNotFound");
    ck_assert_reply(mock_call(&t, CREATE, OK "&DryRun=true&ClientToken=t"), 400, "DryRunPassed");
    ck_assert_at(mock_call(&t, LIST, ""), "/TotalCount", "1");
    create(&t, OK "&ClientToken=t");
    ck_assert_reply(mock_call(&t, CREATE, OK "&DryRun=true&ClientToken=t&Color=blue"), 400, "DryRunPassed");
    ac_str id = create(&t, OK);
    ck_assert_reply(call_with(&t, DELETE, "DryRun=true&WidgetId", id), 412, "OwnDryRun");
    ck_assert_status(call_with(&t, GET, "WidgetId", id), 200);
    mock_close(&t);
}
END_TEST

START_TEST(a_dry_run_without_a_documented_code_answers_without_an_id)
{
    mock_test t = mock_open();
    ac_str box = mock_variable(&t, ITEM, "box_id");
    mock_reply reply =
        mock_call_at(&t, ITEM, items_path(&t, box), "dryRun=true&ClientToken=t", "{\"title\":\"a\"}");
    ck_assert_status(reply, 200);
    ck_assert_at(reply, "/Result/title", "a");
    ck_assert_absent(reply, "/Result/itemId");
    ck_assert_absent(reply, "/Result/domain");
    mock_close(&t);
}
END_TEST

/* ---- provider states ---- */

START_TEST(the_world_has_the_same_fixtures_each_time)
{
    mock_test t = mock_open();
    mock_reply first = mock_state(&t, "setup", "world", CREATE, "{}");
    ac_str id = create(&t, OK "&ClientToken=t");
    mock_state(&t, "setup", "throttled", CREATE, "{}");
    mock_reply second = mock_state(&t, "setup", "world", CREATE, "{}");
    ck_assert_str_eq(first.text.p, second.text.p);
    ck_assert_reply(call_with(&t, GET, "WidgetId", id), 404, "WidgetNotFound");
    ck_assert_str_eq(create(&t, OK "&ClientToken=t&Color=blue").p, id.p);
    mock_close(&t);
}
END_TEST

START_TEST(the_world_names_what_every_account_has)
{
    mock_test t = mock_open();
    mock_reply reply = mock_state(&t, "setup", "world", CREATE, "{}");
    ck_assert_uint_eq(ac_json_get_c(reply.body, "variables")->count, 8);
    ck_assert(ac_str_starts(mock_at(&reply, "/variables/owner_id"), AC_STR("own-")));
    ck_assert_uint_eq(mock_at(&reply, "/variables/owner_id_3").n, 24);
    ck_assert_str_ne(mock_at(&reply, "/variables/owner_id").p,
                     mock_at(&reply, "/variables/other_owner_id").p);
    ck_assert_at(reply, "/variables/project", "basic");
    ck_assert_absent(reply, "/variables/owner_name");
    ck_assert_absent(reply, "/variables/zone_id");
    t.key = AC_STR("AKACCORD0002");
    mock_reply other = mock_state(&t, "setup", "world", CREATE, "{}");
    ck_assert_str_ne(mock_at(&reply, "/variables/owner_id").p, mock_at(&other, "/variables/owner_id").p);
    mock_close(&t);
}
END_TEST

START_TEST(an_error_state_fails_the_next_call_once)
{
    mock_test t = mock_open();
    ck_assert_status(mock_state(&t, "setup", "error:QuotaExceeded", CREATE, "{}"), 200);
    ck_assert_status(mock_call(&t, LIST, ""), 200);
    mock_reply reply = mock_call(&t, CREATE, "");
    ck_assert_reply(reply, 403, "QuotaExceeded");
    ck_assert_at(reply, "/Message", "The quota of RegionId is exceeded, usage 1/1.");
    create(&t, OK);
    mock_state(&t, "setup", "error:IllegalParam.%s", CREATE, "{}");
    reply = mock_call(&t, CREATE, OK);
    ck_assert_reply(reply, 422, "IllegalParam.Zone.1.ZoneId");
    mock_state(&t, "setup", "error:Unavailable", CREATE, "{}");
    ck_assert_reply(mock_call(&t, CREATE, OK), 503, "Unavailable");
    mock_close(&t);
}
END_TEST

START_TEST(rows_with_one_code_are_told_apart_by_number)
{
    mock_test t = mock_open();
    mock_state(&t, "setup", "error:Busy", CREATE, "{}");
    mock_state(&t, "setup", "error:Busy", CREATE, "{\"row\":31}");
    ck_assert_reply(mock_call(&t, CREATE, OK), 409, "Busy");
    ck_assert_reply(mock_call(&t, CREATE, OK), 503, "Busy");
    ck_assert_status(mock_state(&t, "setup", "error:Busy", CREATE, "{\"row\":29}"), 404);
    ck_assert_status(mock_state(&t, "setup", "error:Busy", CREATE, "{\"row\":0}"), 404);
    ck_assert_status(mock_state(&t, "setup", "error:Busy", CREATE, "{\"row\":32}"), 404);
    ck_assert_status(mock_state(&t, "setup", "error:Busy", CREATE, "{\"row\":\"30\"}"), 404);
    mock_close(&t);
}
END_TEST

START_TEST(states_can_be_taken_back)
{
    mock_test t = mock_open();
    mock_state(&t, "setup", "error:Busy", CREATE, "{}");
    mock_state(&t, "setup", "throttled", CREATE, "{}");
    ck_assert_status(mock_state(&t, "teardown", "error:Busy", CREATE, "{}"), 200);
    ck_assert_reply(mock_call(&t, CREATE, OK), 429, "Throttled");
    mock_state(&t, "setup", "throttled", LIST, "{}");
    ac_str id = create(&t, OK);
    ck_assert_status(mock_state(&t, "teardown", "world", CREATE, "{}"), 200);
    ck_assert_status(mock_call(&t, LIST, ""), 200);
    ck_assert_status(call_with(&t, GET, "WidgetId", id), 404);
    mock_close(&t);
}
END_TEST

START_TEST(states_are_of_one_account_and_bounded)
{
    mock_test t = mock_open();
    for (int i = 0; i < 20; i++) {
        mock_state(&t, "setup", "throttled", PING, "{}");
    }
    for (int i = 0; i < 16; i++) {
        ck_assert_status(mock_call(&t, PING, ""), 429);
    }
    ck_assert_status(mock_call(&t, PING, ""), 204);
    mock_state(&t, "setup", "throttled", PING, "{}");
    t.key = AC_STR("AKACCORD0002");
    ck_assert_status(mock_call(&t, PING, ""), 204);
    mock_state(&t, "setup", "slow:999999", PING, "{}");
    ck_assert_int_eq(mock_call(&t, PING, "").delay_ms, 10000);
    ck_assert_int_eq(mock_call(&t, PING, "").delay_ms, 0);
    mock_close(&t);
}
END_TEST

#define SETUP(accord, action, operation, account)                                                            \
    "{\"accord\":" accord ",\"action\":\"" action "\",\"state\":\"world\",\"operation\":\"" operation        \
    "\",\"account\":\"" account "\""

START_TEST(the_state_protocol_is_read_strictly)
{
    static const struct {
        const char *method, *body;
        int status;
    } requests[] = {
        {"GET", "", 405},
        {"POST", "", 400},
        {"POST", "[]", 400},
        {"POST", "{\"accord\":1}", 400},
        {"POST", SETUP("1", "setup", CREATE, "AKACCORD1"), 400},
        {"POST", SETUP("1", "setup", CREATE, "AKACCORD1") "}}", 400},
        {"POST", SETUP("1", "setup", CREATE, "AKACCORD1") ",\"accord\":1}", 400},
        {"POST", SETUP("2", "setup", CREATE, "AKACCORD1") "}", 400},
        {"POST", SETUP("\"1\"", "setup", CREATE, "AKACCORD1") "}", 400},
        {"POST", SETUP("1", "begin", CREATE, "AKACCORD1") "}", 400},
        {"POST", SETUP("1", "setup", CREATE, "LTAI") "}", 400},
        {"POST", SETUP("1", "setup", "x/y", "AKACCORD1") "}", 404},
        {"POST", SETUP("1", "setup", CREATE, "AKACCORD1") ",\"case\":null,\"later\":{}}", 200},
    };
    mock_test t = mock_open();
    for (size_t i = 0; i < AC_COUNT(requests); i++) {
        ac_request request = mock_request(&t, requests[i].method, AC_STR("/_accord/state"));
        mock_add_body(&t, &request, "application/json", ac_str_c(requests[i].body));
        mock_reply reply = mock_send(&t, &request);
        ck_assert_msg(reply.status == requests[i].status, "%s: %d", requests[i].body, reply.status);
        ck_assert(reply.status == 200 || mock_at(&reply, "/error").n > 0);
    }
    mock_close(&t);
}
END_TEST

START_TEST(states_that_there_are_not_are_told_so)
{
    static const char *const states[] = {"",       "word",          "world:",      "error",
                                         "error:", "error:Nothing", "throttled:1", "slow",
                                         "slow:",  "slow:-1",       "slow:fast",   "slow:1.5"};
    mock_test t = mock_open();
    for (size_t i = 0; i < AC_COUNT(states); i++) {
        ck_assert_msg(mock_state(&t, "setup", states[i], CREATE, "{}").status == 404, "%s", states[i]);
    }
    mock_close(&t);
}
END_TEST

AC_TEST_MAIN("mock_world", what_was_created_can_be_read_and_deleted,
             what_is_not_known_is_shown_by_example_as_the_type_of_the_field,
             states_follow_their_order_to_the_last_that_is_done, a_state_lasts_as_long_as_it_is_told_to,
             without_a_transition_time_all_is_done_at_once, accounts_do_not_see_one_another,
             resources_are_limited, nested_resources_belong_to_their_owner, lists_show_the_newest_first,
             lists_are_filtered_by_what_they_show_and_by_what_is_remembered,
             tokens_lead_through_pages_that_stay_where_they_are, pages_have_numbers,
             the_same_token_and_request_get_the_same_answer, a_token_is_for_one_request_of_one_operation,
             a_repeated_delete_succeeds_though_nothing_is_left,
             empty_tokens_and_failed_calls_are_not_remembered, the_oldest_tokens_are_forgotten,
             a_token_is_in_process_until_the_first_answer_is_out,
             a_dry_run_checks_everything_and_makes_nothing,
             a_dry_run_without_a_documented_code_answers_without_an_id,
             the_world_has_the_same_fixtures_each_time, the_world_names_what_every_account_has,
             an_error_state_fails_the_next_call_once, rows_with_one_code_are_told_apart_by_number,
             states_can_be_taken_back, states_are_of_one_account_and_bounded,
             the_state_protocol_is_read_strictly, states_that_there_are_not_are_told_so)
