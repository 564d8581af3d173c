#include "base/err.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

static void set_text(ac_err *err, const char *prefix, const char *text)
{
    ac_buf line;
    ac_buf_init(&line, 8 * AC_ERR_TEXT_MAX);
    if (prefix) {
        ac_buf_add_visible(&line, ac_str_c(prefix));
        ac_buf_add_c(&line, ": ");
    }
    ac_buf_add_visible(&line, ac_str_c(text));
    ac_str shown = ac_str_sub(ac_buf_str(&line), 0, AC_ERR_TEXT_MAX - 1);
    memcpy(err->text, shown.p, shown.n);
    err->text[shown.n] = '\0';
    ac_buf_done(&line);
}

bool ac_failv(ac_err *err, ac_err_kind kind, const char *format, va_list args)
{
    if (err) {
        char text[AC_ERR_TEXT_MAX];
        vsnprintf(text, sizeof text, format, args);
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
    vsnprintf(prefix, sizeof prefix, format, args);
    va_end(args);
    memcpy(text, err->text, sizeof text);
    set_text(err, prefix, text);
    if (kind != AC_ERR_NONE) {
        err->kind = kind;
    }
}
