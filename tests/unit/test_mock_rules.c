/* What the mock checks of a request: required, types, every kind of constraint. */
#include "mock_calls.h"

#define CREATE "example/widgets/2024-01-01/CreateWidget"
#define ITEM   "example/boxes/2024-02-02/CreateItem"

/* A query, and the code it is refused with; "" where it is accepted. */
typedef struct attempt {
    const char *query, *code;
} attempt;

static void try_all(const attempt *attempts, size_t count)
{
    mock_test t = mock_open();
    for (size_t i = 0; i < count; i++) {
        mock_reply reply = mock_call(&t, CREATE, attempts[i].query);
        bool refused = attempts[i].code[0] != '\0';
        ck_assert_msg(ac_str_is(mock_at(&reply, "/Code"), attempts[i].code) &&
                          (reply.status != 201) == refused,
                      "%s: not \"%s\" but %d %.*s", attempts[i].query, attempts[i].code, reply.status,
                      AC_STR_FMT(reply.text));
    }
    mock_close(&t);
}

#define TRY(...)                                                                                             \
    do {                                                                                                     \
        static const attempt attempts_[] = {__VA_ARGS__};                                                    \
        try_all(attempts_, AC_COUNT(attempts_));                                                             \
    } while (0)

#define OK "Name=abc&Member.1=a"

START_TEST(required_parameters_must_be_there_and_not_empty)
{
    TRY({OK, ""}, {"Member.1=a", "NoName"}, {"Name=&Member.1=a", "NoName"}, {OK "&Zone.1.ZoneId=a", ""},
        {OK "&Zone.1.Mask=24", "MissingZone.1.ZoneId"},
        {OK "&Zone.1.ZoneId=a&Zone.2.ZoneId=", "MissingZone.1.ZoneId"});
}
END_TEST

START_TEST(what_is_not_documented_is_ignored)
{
    TRY({OK "&Unknown=1&Zone.1.Foo=2&Zone.1.ZoneId=a&.=x&=y&a..b=c&Name.1=z&Member.x=1&Member.01=1", ""},
        {OK "&name=x", ""}, {OK "&Name=again", ""});
}
END_TEST

START_TEST(types_are_checked_before_constraints)
{
    TRY({OK "&Size=abc", "Size.Type"}, {OK "&Size=1.5", "Size.Type"}, {OK "&Size=", "Size.Type"},
        {OK "&Size=007", ""}, {OK "&DryRun=maybe", "InvalidDryRun"}, {OK "&DryRun=True", "InvalidDryRun"},
        {OK "&DryRun=false", ""}, {OK "&Zone.1.ZoneId=a&Zone.1.Mask=x", "InvalidZone.1.Mask"},
        {OK "&Zone=a", "InvalidZone"}, {OK "&Zone.1=a", "MissingZone.1.ZoneId"},
        {"Name=a&Member.1=a&Size=abc", "Size.Type"});
}
END_TEST

START_TEST(length_counts_characters)
{
    TRY({"Name=a&Member.1=a", "Name.Length"}, {"Name=ab&Member.1=a", ""}, {"Name=abcdefgh&Member.1=a", ""},
        {"Name=abcdefghi&Member.1=a", "Name.Length"},
        {"Name=%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD%E4%B8%AD&Member.1=a", ""});
}
END_TEST

START_TEST(characters_are_of_the_classes_and_the_list)
{
    TRY({"Name=1bc&Member.1=a", "Name.Characters"}, {"Name=_bc&Member.1=a", "Name.Characters"},
        {"Name=a1._-&Member.1=a", ""}, {"Name=a%20b&Member.1=a", "Name.Characters"},
        {"Name=%E4%B8%ADb&Member.1=a", ""}, {"Name=%E3%80%87b&Member.1=a", ""},
        {"Name=a%C3%A9&Member.1=a", ""}, {"Name=a%C3%A8&Member.1=a", "Name.Characters"},
        {"Name=a%FF&Member.1=a", "Name.Characters"}, {"Name=a%F0%9F%98%80&Member.1=a", "Name.Characters"},
        {OK "&Motto=a~%20!", ""}, {OK "&Motto=a%09b", "Motto.Characters"}, {OK "&Motto=a%EF%BC%8Cb", ""});
}
END_TEST

START_TEST(texts_may_not_begin_contain_or_end_with_some)
{
    TRY({OK "&Motto=http:/x", ""}, {OK "&Motto=HTTP://x", "Motto.Prefix"},
        {OK "&Motto=ACS:x", "Motto.Prefix"}, {OK "&Motto=Aliyun", "Motto.Prefix"}, {OK "&Motto=aliyun", ""},
        {OK "&Motto=a//b", "Motto.Contains"}, {OK "&Motto=%20a", "Motto.Edges"},
        {OK "&Motto=a+", "Motto.Edges"}, {OK "&Motto=a%20b", ""}, {OK "&Motto=%EF%BC%8Ca", "Motto.Edges"},
        {OK "&Motto=a%EF%BC%8C", "Motto.Edges"}, {OK "&Motto=", ""}, {OK "&Label=", "Label.Empty"},
        {OK "&Label=x", ""});
}
END_TEST

START_TEST(ranges_hold_beyond_64_bits)
{
    TRY({OK "&Size=-5", ""}, {OK "&Size=-6", "Size.Range"}, {OK "&Size=-0", ""},
        {OK "&Size=9007199254740993", ""}, {OK "&Size=9007199254740994", "Size.Range"},
        {OK "&Size=99999999999999999999999", "Size.Range"},
        {OK "&Size=-99999999999999999999999", "Size.Range"}, {OK "&Size=00000000000000000000000001", ""});
}
END_TEST

START_TEST(values_and_forms_are_checked)
{
    TRY({OK "&Color=blue", ""}, {OK "&Color=Blue", "IllegalParam.Color"},
        {OK "&Color=", "IllegalParam.Color"}, {OK "&Address=192.168.0.1", ""},
        {OK "&Address=192.168.0.256", "Address.Form"}, {OK "&Address=192.168.0", "Address.Form"},
        {OK "&Address=1.2.3.4%00", "Address.Form"}, {OK "&Address6=2001:db8::1", ""},
        {OK "&Address6=2001::db8::1", "Address.Form"}, {OK "&Policy=%7B%7D", ""},
        {OK "&Policy=%7B", "Policy.Form"}, {OK "&Flag=true", ""}, {OK "&Flag=yes", "Flag.Form"},
        {OK "&Code=ABC", ""}, {OK "&Code=abc", "Code.Pattern"});
}
END_TEST

START_TEST(elements_are_counted_and_numbered)
{
    TRY({OK "&Zone.1.ZoneId=a&Zone.2.ZoneId=b&Zone.3.ZoneId=c", ""},
        {OK "&Zone.1.ZoneId=a&Zone.2.ZoneId=b&Zone.3.ZoneId=c&Zone.4.ZoneId=d", "Zone.Items"},
        {OK "&Zone.2.ZoneId=a", "Zone.Index"}, {OK "&Zone.0.ZoneId=a&Zone.1.ZoneId=b", "Zone.Index"},
        {OK "&Zone.1.ZoneId=a&Zone.3.ZoneId=c", "Zone.Index"}, {OK "&Zone.2.ZoneId=b&Zone.1.ZoneId=a", ""},
        {"Name=abc", "Member.None"}, {OK "&Tag.7.Key=a&Tag.-1.Key=b", ""},
        {OK "&Tag.1.Key=a&Tag.2.Key=b&Tag.3.Values.1=c", "Tag.Items"},
        {OK "&Tag.1.Values.1=a&Tag.1.Values.2=b&Tag.2.Values.1=c", ""},
        {OK "&Tag.1.Values.1=a&Tag.2.Values.1=b&Tag.2.Values.2=c&Tag.2.Values.3=d", "Tag.Values"});
}
END_TEST

START_TEST(elements_are_put_in_order_however_they_come)
{
    TRY({OK "&Zone.3.ZoneId=c&Zone.1.ZoneId=a&Zone.x=y&Zone.1.Mask=1&Zone.2.ZoneId=b", ""},
        {OK "&Zone.2.ZoneId=b&Zone.x.ZoneId=y&Zone.2.Mask=1&Zone.1.ZoneId=a", ""});
}
END_TEST

START_TEST(values_that_must_differ_do)
{
    TRY({OK "&Zone.1.ZoneId=a&Zone.2.ZoneId=a", "Zone.Repeated"},
        {OK "&Member.2=b&Member.3=a", "Member.Repeated"},
        {OK "&Tag.1.Values.1=a&Tag.1.Values.2=a", "Tag.Repeated"},
        {OK "&Tag.1.Values.1=a&Tag.2.Values.1=a", ""});
}
END_TEST

START_TEST(parameters_depend_on_others_beside_them)
{
    TRY({OK "&Mode=wide&Zone.1.ZoneId=a&Zone.1.Mask=1&Zone.1.Ip=x", ""},
        {OK "&Mode=wide&Zone.1.ZoneId=a&Zone.1.Ip=x&Zone.2.ZoneId=b&Zone.2.Mask=1", "Zone.NoMask"},
        {OK "&Zone.1.ZoneId=a&Zone.1.Mask=1&Zone.1.Ip=x", "Zone.Mode"},
        {OK "&Mode=narrow&Zone.1.ZoneId=a&Zone.1.Mask=1&Zone.1.Ip=x", "Zone.Mode"},
        {OK "&Bandwidth=1", "Bandwidth.Local"}, {OK "&Bandwidth=1&PeerRegionId=south", ""},
        {OK "&Bandwidth=1&RegionId=south", ""},
        {OK "&Bandwidth=1&RegionId=south&PeerRegionId=south", "Bandwidth.Local"});
}
END_TEST

START_TEST(what_is_only_shown_is_not_enforced)
{
    TRY({OK "&Nickname=abcd", ""}, {OK "&Nickname=abcdef", "InvalidNickname"}, {OK "&Unsure=", ""});
}
END_TEST

START_TEST(references_must_exist_and_come_last)
{
    mock_test t = mock_open();
    ac_str owner = mock_variable(&t, CREATE, "owner_id_3");
    ac_str query = ac_str_printf(t.arena, OK "&OwnerId=%.*s&Project=basic", AC_STR_FMT(owner));
    ck_assert_status(mock_call(&t, CREATE, query.p), 201);
    ck_assert_reply(mock_call(&t, CREATE, OK "&OwnerId=own-unknown"), 404, "OwnerNotFound");
    ck_assert_reply(mock_call(&t, CREATE, OK "&OwnerId=own-unknown&Motto=+"), 400, "Motto.Edges");
    ck_assert_reply(mock_call(&t, CREATE, OK "&Project=other"), 404, "ProjectNotFound");
    ck_assert_reply(mock_call(&t, CREATE, OK "&ParentId=wid-1"), 400, "InvalidParentId");
    mock_reply made = mock_call(&t, CREATE, OK);
    query = ac_str_printf(t.arena, OK "&ParentId=%.*s", AC_STR_FMT(mock_at(&made, "/WidgetId")));
    ck_assert_status(mock_call(&t, CREATE, query.p), 201);
    mock_close(&t);
}
END_TEST

static mock_reply create_item(mock_test *t, const char *json)
{
    ac_str box = mock_variable(t, ITEM, "box_id");
    return mock_call_at(t, ITEM, ac_str_printf(t->arena, "/boxes/%.*s/items", AC_STR_FMT(box)), "", json);
}

START_TEST(json_bodies_have_their_types)
{
    static const attempt bodies[] = {
        {"{\"title\":\"a\"}", ""},
        {"{\"title\":\"a\",\"count\":2,\"fragile\":true,\"labels\":[\"x\",\"y\"],\"parts\":[{\"name\":\"b\"}]"
         "}",
         ""},
        {"{\"title\":\"a\",\"extra\":{\"deep\":[1,null,{\"x\":false}]}}", ""},
        {"{\"title\":\"a\",\"count\":null,\"parts\":[]}", ""},
        {"{}", "Missingtitle"},
        {"{\"title\":null}", "Missingtitle"},
        {"{\"title\":\"\"}", "Missingtitle"},
        {"{\"title\":1}", "Invalidtitle"},
        {"{\"title\":[\"a\"]}", "Invalidtitle"},
        {"{\"title\":\"a\",\"count\":\"2\"}", "Invalidcount"},
        {"{\"title\":\"a\",\"count\":2.5}", "Invalidcount"},
        {"{\"title\":\"a\",\"count\":true}", "Invalidcount"},
        {"{\"title\":\"a\",\"fragile\":\"true\"}", "Invalidfragile"},
        {"{\"title\":\"a\",\"labels\":[1]}", "Invalidlabels.1"},
        {"{\"title\":\"a\",\"parts\":{\"name\":\"b\"}}", "Invalidparts"},
        {"{\"title\":\"a\",\"parts\":[\"b\"]}", "Missingparts.1.name"},
        {"{\"title\":\"a\",\"parts\":[{}]}", "Missingparts.1.name"},
        {"{\"title\":\"a\",\"parts\":[{\"name\":\"1\"},{\"name\":\"2\"},{\"name\":\"3\"}]}", "Invalidparts"},
        {"{\"title\":\"a\",\"extra\":\"text\"}", "Invalidextra"},
        {"[]", "Invalidbody"},
        {"{\"title\":\"a\"", "Invalidbody"},
        {"title=a", "Invalidbody"},
    };
    mock_test t = mock_open();
    for (size_t i = 0; i < AC_COUNT(bodies); i++) {
        mock_reply reply = create_item(&t, bodies[i].query);
        ck_assert_msg(ac_str_is(mock_at(&reply, "/Code"), bodies[i].code), "%s: %.*s", bodies[i].query,
                      AC_STR_FMT(reply.text));
    }
    mock_close(&t);
}
END_TEST

START_TEST(a_required_member_without_rows_for_its_array_asks_for_an_element)
{
    mock_test t = mock_open();
    mock_reply reply = mock_call(&t, "example/things/2024-03-03/CreateThing", "Name=a");
    ck_assert_at(reply, "/Meta/Error/Code", "MissingZones.1.ZoneId");
    reply = mock_call(&t, "example/things/2024-03-03/CreateThing", "Zones.1.ZoneId=a");
    ck_assert_status(reply, 200);
    mock_close(&t);
}
END_TEST

START_TEST(too_many_parameters_are_refused)
{
    ac_buf query;
    mock_test t = mock_open();
    ac_buf_init(&query, 1 << 20);
    for (int i = 1; i <= 1025; i++) {
        ac_buf_printf(&query, "&Zone.%d.ZoneId=%d", i, i);
    }
    mock_reply reply = mock_call(&t, CREATE, ac_buf_take(&query, t.arena).p);
    ck_assert_reply(reply, 400, "Invalidrequest");
    mock_close(&t);
}
END_TEST

AC_TEST_MAIN("mock_rules", required_parameters_must_be_there_and_not_empty, what_is_not_documented_is_ignored,
             types_are_checked_before_constraints, length_counts_characters,
             characters_are_of_the_classes_and_the_list, texts_may_not_begin_contain_or_end_with_some,
             ranges_hold_beyond_64_bits, values_and_forms_are_checked, elements_are_counted_and_numbered,
             elements_are_put_in_order_however_they_come, values_that_must_differ_do,
             parameters_depend_on_others_beside_them, what_is_only_shown_is_not_enforced,
             references_must_exist_and_come_last, json_bodies_have_their_types,
             a_required_member_without_rows_for_its_array_asks_for_an_element,
             too_many_parameters_are_refused)
