/* Text for people. Whatever a target sends, it is visible, and short enough for a line of a report. */
#include <stdarg.h>

#include "match/judge.h"

enum { SHOWN_MAX = 300, BODY_SHOWN_MAX = 120, ROOM = 16 * 1024 };

/* At most max bytes, not within a character. */
static ac_str cut(ac_str text, size_t max)
{
    if (text.n <= max) {
        return text;
    }
    size_t n = max;
    while (n > 0 && ((unsigned char)text.p[n] & 0xC0) == 0x80) {
        n--;
    }
    return ac_str_sub(text, 0, n > 0 ? n : max);
}

static ac_str shown_up_to(ac_arena *arena, ac_str text, size_t max)
{
    ac_buf visible;
    ac_buf_init(&visible, ROOM);
    ac_buf_add_visible(&visible, cut(text, max));
    ac_str kept = cut(ac_buf_str(&visible), max);
    bool whole = kept.n == visible.n && text.n <= max;
    ac_str shown = ac_str_printf(arena, "%.*s%s", AC_STR_FMT(kept), whole ? "" : "…");
    ac_buf_done(&visible);
    return shown;
}

ac_str ac_shown(ac_arena *arena, ac_str text)
{
    return shown_up_to(arena, text, SHOWN_MAX);
}

ac_str ac_shown_printf(ac_arena *arena, const char *format, ...)
{
    ac_buf text;
    ac_buf_init(&text, SIZE_MAX / 4);
    va_list args;
    va_start(args, format);
    ac_buf_vprintf(&text, format, args);
    va_end(args);
    ac_str shown = ac_shown(arena, ac_buf_str(&text));
    ac_buf_done(&text);
    return shown;
}

static void write_value(ac_buf *out, const ac_json *value);

static void write_items(ac_buf *out, const ac_json *value)
{
    bool object = value->type == AC_JSON_OBJECT;
    ac_buf_add_char(out, object ? '{' : '[');
    for (size_t i = 0; i < value->count && out->n <= SHOWN_MAX; i++) {
        ac_buf_add_c(out, i > 0 ? "," : "");
        if (object) {
            ac_json_write_string(out, cut(value->items[i].key, SHOWN_MAX));
            ac_buf_add_char(out, ':');
        }
        write_value(out, &value->items[i]);
    }
    ac_buf_add_char(out, object ? '}' : ']');
}

/* JSON that ends soon after SHOWN_MAX, however large the value. */
static void write_value(ac_buf *out, const ac_json *value)
{
    if (value->type == AC_JSON_ARRAY || value->type == AC_JSON_OBJECT) {
        write_items(out, value);
    } else {
        ac_json leaf = *value;
        leaf.text = cut(leaf.text, SHOWN_MAX);
        ac_json_write(out, &leaf);
    }
}

static ac_str shown_value(ac_arena *arena, const ac_json *value, bool typed)
{
    if (!value) {
        return AC_STR("absent");
    }
    ac_buf text;
    ac_buf_init(&text, ROOM);
    if (typed && value->type != AC_JSON_NULL) {
        ac_buf_printf(&text, "%s ", ac_json_type_name(value->type));
    }
    write_value(&text, value);
    ac_str shown = ac_shown(arena, ac_buf_str(&text));
    ac_buf_done(&text);
    return shown;
}

ac_str ac_shown_json(ac_arena *arena, const ac_json *value)
{
    return shown_value(arena, value, false);
}

ac_str ac_shown_typed(ac_arena *arena, const ac_json *value)
{
    return shown_value(arena, value, true);
}

/* What stands before item i of a list. */
static const char *joint(size_t i, size_t count)
{
    return i == 0 ? "" : (i + 1 < count ? ", " : " or ");
}

ac_str ac_shown_list(ac_arena *arena, const ac_str *texts, size_t count)
{
    ac_buf out;
    ac_buf_init(&out, ROOM);
    for (size_t i = 0; i < count && out.n <= SHOWN_MAX; i++) {
        ac_buf_add_c(&out, joint(i, count));
        ac_json_write_string(&out, cut(texts[i], SHOWN_MAX));
    }
    ac_str shown = ac_shown(arena, ac_buf_str(&out));
    ac_buf_done(&out);
    return shown;
}

ac_str ac_shown_numbers(ac_arena *arena, const int64_t *numbers, size_t count)
{
    ac_buf out;
    ac_buf_init(&out, ROOM);
    for (size_t i = 0; i < count && out.n <= SHOWN_MAX; i++) {
        ac_buf_printf(&out, "%s%lld", joint(i, count), (long long)numbers[i]);
    }
    return ac_buf_take(&out, arena);
}

ac_str ac_shown_answer(const ac_judge *judge)
{
    const ac_match_result *out = judge->out;
    int status = judge->input->response->status;
    if (out->success) {
        return ac_shown_printf(judge->arena, "success, status %d", status);
    }
    if (!out->body) {
        return ac_shown_printf(judge->arena, "%d with a body that is not JSON", status);
    }
    if (out->code.n == 0) {
        return ac_shown_printf(judge->arena, "%d without an error code", status);
    }
    return ac_shown_printf(judge->arena, "%d %.*s: %.*s", status, AC_STR_FMT(cut(out->code, SHOWN_MAX)),
                           AC_STR_FMT(cut(out->message, SHOWN_MAX)));
}

ac_str ac_shown_body(ac_arena *arena, ac_str body)
{
    return body.n > 0 ? shown_up_to(arena, body, BODY_SHOWN_MAX) : AC_STR("an empty body");
}
