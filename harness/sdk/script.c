/* What a fault makes of the documented answer. */
#include <string.h>

#include "match/shown.h"
#include "sdk/judge.h"

static const ac_json_limits body_limits = {4 * 1024 * 1024, 64};

/* How much longer than the client waits. */
enum { LATE_MS = 1500 };

/* ---- bodies as text ---- */

static ac_str no_body(ac_arena *arena, ac_str body)
{
    (void)arena, (void)body;
    return AC_STR("");
}

static ac_str html(ac_arena *arena, ac_str body)
{
    (void)arena, (void)body;
    return AC_STR("<html>\r\n<head><title>Bad Gateway</title></head>\r\n<body><h1>Bad Gateway</h1></body>\r\n"
                  "</html>\r\n");
}

static ac_str truncated(ac_arena *arena, ac_str body)
{
    (void)arena;
    return ac_str_sub(body, 0, body.n / 2);
}

static ac_str after_mark(ac_arena *arena, ac_str body)
{
    return ac_str_printf(arena, "\xEF\xBB\xBF%.*s", AC_STR_FMT(body));
}

static ac_str first_member_twice(ac_arena *arena, ac_str body)
{
    const ac_json *json = ac_json_parse(arena, body, &body_limits, NULL);
    if (!ac_json_is(json, AC_JSON_OBJECT) || json->count == 0) {
        return body;
    }
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    ac_buf_add_char(&out, '{');
    ac_json_write_string(&out, json->items[0].key);
    ac_buf_add_c(&out, ":\"another value\",");
    ac_buf_add(&out, ac_str_sub(body, ac_str_find_char(body, '{') + 1, body.n));
    return ac_buf_take(&out, arena);
}

/* ---- bodies as trees ---- */

/* One value of a tree changed; children are changed already. */
typedef ac_json (*changer)(ac_arena *arena, ac_json value);

static ac_json changed(ac_arena *arena, const ac_json *value, changer change)
{
    ac_json copy = *value;
    if (value->count > 0) {
        ac_json *items = AC_NEW_ARRAY(arena, value->count, ac_json);
        for (size_t i = 0; i < value->count; i++) {
            items[i] = changed(arena, &value->items[i], change);
        }
        copy.items = items;
    }
    return change(arena, copy);
}

static ac_str changed_text(ac_arena *arena, ac_str body, changer change)
{
    const ac_json *json = ac_json_parse(arena, body, &body_limits, NULL);
    if (!json) {
        return body;
    }
    const ac_json tree = changed(arena, json, change);
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    ac_json_write(&out, &tree);
    return ac_buf_take(&out, arena);
}

static ac_json with_small_name(ac_arena *arena, ac_json value)
{
    if (value.key.n > 0 && value.key.p[0] >= 'A' && value.key.p[0] <= 'Z') {
        char *key = ac_arena_copy(arena, value.key.p, value.key.n);
        key[0] = (char)(key[0] - 'A' + 'a');
        value.key.p = key;
    }
    return value;
}

static ac_json with_one_more(ac_arena *arena, ac_json value)
{
    if (value.type == AC_JSON_OBJECT) {
        const ac_json *more =
            ac_json_set(arena, &value, AC_STR("AccordUndocumented"), ac_json_string(arena, AC_STR("kept")));
        value.items = more->items;
        value.count = more->count;
    }
    return value;
}

static ac_json big(ac_arena *arena, ac_json value)
{
    (void)arena;
    if (ac_json_is_integer(&value)) {
        value.text = AC_STR("9007199254740993");
    }
    return value;
}

static bool is_of_the_envelope(const ac_json *value)
{
    return ac_str_is(value->key, "RequestId") || value->type == AC_JSON_OBJECT;
}

static ac_json as_null(ac_arena *arena, ac_json value)
{
    (void)arena;
    return is_of_the_envelope(&value) ? value : (ac_json){.type = AC_JSON_NULL, .key = value.key};
}

static ac_json emptied(ac_arena *arena, ac_json value)
{
    if (value.type != AC_JSON_OBJECT) {
        return value;
    }
    ac_json *kept = AC_NEW_ARRAY(arena, value.count, ac_json);
    size_t count = 0;
    for (size_t i = 0; i < value.count; i++) {
        if (is_of_the_envelope(&value.items[i])) {
            kept[count++] = value.items[i];
        }
    }
    value.items = kept;
    value.count = count;
    return value;
}

static ac_json as_text(ac_arena *arena, ac_json value)
{
    (void)arena;
    if (value.type == AC_JSON_NUMBER || value.type == AC_JSON_BOOL) {
        value.text = value.type == AC_JSON_NUMBER ? value.text
                     : value.boolean              ? AC_STR("true")
                                                  : AC_STR("false");
        value.type = AC_JSON_STRING;
    }
    return value;
}

static ac_json with_other_code(ac_arena *arena, ac_json value)
{
    (void)arena;
    if (value.type == AC_JSON_STRING && ac_str_is(value.key, "Code")) {
        value.text = AC_STR("AccordUndocumented.Code");
    }
    return value;
}

typedef struct body_change {
    ac_str (*text)(ac_arena *arena, ac_str body);
    changer tree; /* where text is NULL; both NULL: kept */
} body_change;

static const body_change body_changes[] = {
    [AC_FAULT_BODY_KEPT] = {NULL, NULL},
    [AC_FAULT_BODY_NONE] = {no_body, NULL},
    [AC_FAULT_BODY_HTML] = {html, NULL},
    [AC_FAULT_BODY_TRUNCATED] = {truncated, NULL},
    [AC_FAULT_BODY_BOM] = {after_mark, NULL},
    [AC_FAULT_BODY_DUPLICATE_KEYS] = {first_member_twice, NULL},
    [AC_FAULT_BODY_LOWER_KEYS] = {NULL, with_small_name},
    [AC_FAULT_BODY_UNKNOWN_FIELD] = {NULL, with_one_more},
    [AC_FAULT_BODY_BIG_INTEGERS] = {NULL, big},
    [AC_FAULT_BODY_NULLS] = {NULL, as_null},
    [AC_FAULT_BODY_ABSENT] = {NULL, emptied},
    [AC_FAULT_BODY_TEXT_NUMBERS] = {NULL, as_text},
    [AC_FAULT_BODY_UNKNOWN_CODE] = {NULL, with_other_code},
};

static ac_str body_of(ac_arena *arena, ac_str body, ac_fault_body kind)
{
    const body_change *change = &body_changes[kind];
    if (change->text) {
        return change->text(arena, body);
    }
    return change->tree ? changed_text(arena, body, change->tree) : body;
}

/* ---- the answer ---- */

typedef struct way_facts {
    ac_framing framing;
    bool late_head;
    int64_t pause_ms; /* below 0: longer than the client waits */
} way_facts;

/* The reset comes when the headers have surely been read. */
static const way_facts ways[] = {
    [AC_FAULT_WAY_WHOLE] = {AC_FRAMING_LENGTH, false, 0},
    [AC_FAULT_WAY_CHUNKED] = {AC_FRAMING_CHUNKED, false, 0},
    [AC_FAULT_WAY_SLOW_HEAD] = {AC_FRAMING_LENGTH, true, 0},
    [AC_FAULT_WAY_SLOW_BODY] = {AC_FRAMING_SLOW, false, -1},
    [AC_FAULT_WAY_SHORT] = {AC_FRAMING_SHORT, false, 0},
    [AC_FAULT_WAY_CUT] = {AC_FRAMING_CUT, false, 150},
    [AC_FAULT_WAY_NO_ANSWER] = {AC_FRAMING_NO_ANSWER, false, 0},
    [AC_FAULT_WAY_RESET] = {AC_FRAMING_RESET, false, 0},
};

static ac_answer broken(ac_arena *arena, const ac_response *documented, const ac_fault *fault,
                        int64_t timeout_ms)
{
    const way_facts *way = &ways[fault->way];
    ac_answer answer = {
        .response = {.status = fault->status > 0 ? fault->status : documented->status,
                     .headers = ac_pairs_clone(arena, &documented->headers),
                     .body = body_of(arena, documented->body, fault->body)},
        .framing = way->framing,
        .delay_ms = way->late_head ? timeout_ms + LATE_MS : 0,
        .pause_ms = way->pause_ms < 0 ? timeout_ms + LATE_MS : way->pause_ms,
    };
    ac_pairs *headers = &answer.response.headers;
    if (fault->type) {
        ac_pairs_remove_nocase(headers, AC_STR("Content-Type"));
    }
    if (fault->type && fault->type[0]) {
        ac_pairs_add(arena, headers, AC_STR("Content-Type"), ac_str_c(fault->type));
    }
    if (fault->status == 302) {
        ac_pairs_add(arena, headers, AC_STR("Location"), AC_STR("/accord-redirected"));
    }
    return answer;
}

ac_sdk_script ac_sdk_script_of(ac_arena *arena, const ac_response *answer, const ac_response *success,
                               const ac_fault *fault, int64_t timeout_ms)
{
    ac_answer *answers = AC_NEW_ARRAY(arena, 2, ac_answer);
    answers[0] = fault ? broken(arena, answer, fault, timeout_ms) : (ac_answer){.response = *answer};
    answers[1] = (ac_answer){.response = *success};
    return (ac_sdk_script){answers, fault && fault->once ? 2 : 1};
}
