#include "base/err.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

/* The text without a UTF-8 sequence that was cut in two at its end. */
static ac_str whole_characters(ac_str text)
{
    size_t start = text.n > 0 ? text.n - 1 : 0;
    while (start > 0 && text.n - start < 4 && ((unsigned char)text.p[start] & 0xC0) == 0x80) {
        start--;
    }
    uint32_t scalar;
    ac_str last = ac_str_sub(text, start, text.n);
    bool is_cut = last.n > 0 && (unsigned char)last.p[0] >= 0xC0 && ac_utf8_next(last, &scalar) == 0;
    return is_cut ? ac_str_sub(text, 0, start) : text;
}

AC_PRINTF(2, 0) static void print_text(char text[AC_ERR_TEXT_MAX], const char *format, va_list args)
{
    int length = vsnprintf(text, AC_ERR_TEXT_MAX, format, args);
    if (length >= AC_ERR_TEXT_MAX) {
        text[whole_characters(ac_str_c(text)).n] = '\0';
    }
}

static void set_text(ac_err *err, const char *prefix, const char *text)
{
    ac_buf line;
    ac_buf_init(&line, 8 * AC_ERR_TEXT_MAX);
    if (prefix) {
        ac_buf_add_visible(&line, ac_str_c(prefix));
        ac_buf_add_c(&line, ": ");
    }
    ac_buf_add_visible(&line, ac_str_c(text));
    ac_str shown = whole_characters(ac_str_sub(ac_buf_str(&line), 0, AC_ERR_TEXT_MAX - 1));
    memcpy(err->text, shown.p, shown.n);
    err->text[shown.n] = '\0';
    ac_buf_done(&line);
}

bool ac_failv(ac_err *err, ac_err_kind kind, const char *format, va_list args)
{
    if (err) {
        char text[AC_ERR_TEXT_MAX];
        print_text(text, format, args);
        err->kind = kind;
        set_text(err, NULL, text);
    }
    return false;
}

bool ac_fail(ac_err *err, ac_err_kind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    ac_failv(err, kind, format, args);
    va_end(args);
    return false;
}

void ac_err_prefix(ac_err *err, ac_err_kind kind, const char *format, ...)
{
    if (!err) {
        return;
    }
    char prefix[AC_ERR_TEXT_MAX];
    char text[AC_ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    print_text(prefix, format, args);
    va_end(args);
    memcpy(text, err->text, sizeof text);
    set_text(err, prefix, text);
    if (kind != AC_ERR_NONE) {
        err->kind = kind;
    }
}
