/* A request as a line for a POSIX shell. */
#include "http/message.h"

#include <string.h>

/* Linux takes no longer argument than 128 KiB; longer bodies go through a pipe. */
enum { ARGUMENT_MAX = 100 * 1000, LINE_MAX_BYTES = 64 * 1024 * 1024 };

static const ac_str hidden = AC_STR_INIT("***");

/* ---- quoting ---- */

static bool only_has(ac_str text, const char *others)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alphanumeric && (c == '\0' || !strchr(others, c))) {
            return false;
        }
    }
    return true;
}

/* Text that a terminal shows as it is. */
static bool is_showable(ac_str text)
{
    while (text.n > 0) {
        uint32_t scalar = 0;
        size_t length = ac_utf8_next(text, &scalar);
        bool control =
            (scalar < 0x20 && scalar != '\n' && scalar != '\t') || (scalar >= 0x7F && scalar < 0xA0);
        if (length == 0 || control) {
            return false;
        }
        text = ac_str_sub(text, length, text.n);
    }
    return true;
}

static void add_single_quoted(ac_buf *line, ac_str text)
{
    ac_buf_add_char(line, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'') {
            ac_buf_add_c(line, "'\\''");
        } else {
            ac_buf_add_char(line, text.p[i]);
        }
    }
    ac_buf_add_char(line, '\'');
}

/* The printf utility writes any byte; a first '-' would be an option to it. */
static void add_printf(ac_buf *line, ac_str text)
{
    ac_buf_add_c(line, "printf '");
    for (size_t i = 0; i < text.n; i++) {
        ac_str byte = ac_str_sub(text, i, 1);
        if (byte.p[0] == '%') {
            ac_buf_add_c(line, "%%");
        } else if (only_has(byte, " !\"#$&()*+,./:;<=>?@[]^_`{|}~") || (byte.p[0] == '-' && i > 0)) {
            ac_buf_add(line, byte);
        } else {
            ac_buf_printf(line, "\\%03o", (unsigned)(unsigned char)byte.p[0]);
        }
    }
    ac_buf_add_char(line, '\'');
}

static void add_argument(ac_buf *line, ac_str text)
{
    if (text.n > 0 && only_has(text, "-_./:=@%+,")) {
        ac_buf_add(line, text);
    } else if (is_showable(text)) {
        add_single_quoted(line, text);
    } else {
        ac_buf_add_c(line, "\"$(");
        add_printf(line, text);
        ac_buf_add_c(line, ")\"");
    }
}

/* ---- hiding ---- */

static ac_pairs visible_headers(ac_arena *arena, const ac_pairs *headers)
{
    ac_pairs visible = {0};
    for (size_t i = 0; i < headers->count; i++) {
        ac_pair header = headers->items[i];
        ac_pairs_add(arena, &visible, header.name, ac_name_is_secret(header.name) ? hidden : header.value);
    }
    return visible;
}

/* A query or form with secret values replaced; the rest stays byte by byte. */
static void add_visible_form(ac_arena *arena, ac_buf *out, ac_str form)
{
    while (form.p) {
        ac_str value;
        ac_str piece = ac_str_split(form, '&', &form);
        ac_str name = ac_str_split(piece, '=', &value);
        if (value.p && ac_name_is_secret(ac_percent_decoded(arena, name))) {
            ac_buf_add(out, name);
            ac_buf_add_char(out, '=');
            ac_buf_add(out, hidden);
        } else {
            ac_buf_add(out, piece);
        }
        if (form.p) {
            ac_buf_add_char(out, '&');
        }
    }
}

static ac_str visible_target(ac_arena *arena, ac_str target)
{
    ac_buf out;
    ac_buf_init(&out, LINE_MAX_BYTES);
    ac_str query = ac_target_query(target);
    ac_buf_add(&out, ac_target_path(target));
    ac_buf_add_c(&out, query.p ? "?" : "");
    add_visible_form(arena, &out, query);
    return ac_buf_take(&out, arena);
}

static bool is_form(const ac_pairs *headers)
{
    ac_str type = ac_header(headers, "Content-Type");
    ac_str form = AC_STR("application/x-www-form-urlencoded");
    return !type.p || ac_str_eq_nocase(ac_str_sub(type, 0, form.n), form);
}

static ac_str visible_body(ac_arena *arena, const ac_request *request)
{
    if (!is_form(&request->headers)) {
        return request->body;
    }
    ac_buf out;
    ac_buf_init(&out, LINE_MAX_BYTES);
    add_visible_form(arena, &out, request->body);
    return ac_buf_take(&out, arena);
}

static ac_request visible_request(ac_arena *arena, const ac_request *request)
{
    return (ac_request){.method = request->method,
                        .target = visible_target(arena, request->target),
                        .headers = visible_headers(arena, &request->headers),
                        .body = visible_body(arena, request)};
}

/* ---- the line ---- */

/* curl would change or refuse some targets; --request-target passes any. */
static void add_address(ac_buf *line, ac_arena *arena, ac_str base_url, ac_str target)
{
    bool plain = ac_str_starts(target, AC_STR("/")) && ac_str_find(target, AC_STR("/.")) == AC_NOT_FOUND &&
                 only_has(target, "-_.~!$&'()*+,;=:@/?%");
    if (plain) {
        ac_buf_add_char(line, ' ');
        add_argument(line, ac_str_printf(arena, "%.*s%.*s", AC_STR_FMT(base_url), AC_STR_FMT(target)));
        return;
    }
    ac_buf_add_c(line, " --request-target ");
    add_argument(line, target);
    ac_buf_add_char(line, ' ');
    add_argument(line, base_url);
}

static bool curl_adds(ac_pair header, ac_str base_url)
{
    size_t scheme = ac_str_find(base_url, AC_STR("://"));
    ac_str host = scheme == AC_NOT_FOUND ? base_url : ac_str_sub(base_url, scheme + 3, base_url.n);
    return ac_str_eq_nocase(header.name, AC_STR("Content-Length")) ||
           (ac_str_eq_nocase(header.name, AC_STR("Host")) && ac_str_eq_nocase(header.value, host));
}

/* curl drops "Name:" and sends "Name;" as a header without a value. */
static void add_header(ac_buf *line, ac_pair header)
{
    ac_buf text;
    ac_buf_init(&text, LINE_MAX_BYTES);
    ac_buf_add(&text, header.name);
    ac_buf_add_c(&text, header.value.n > 0 ? ": " : ";");
    ac_buf_add(&text, header.value);
    ac_buf_add_c(line, " -H ");
    add_argument(line, ac_buf_str(&text));
    ac_buf_done(&text);
}

static void add_headers(ac_buf *line, const ac_request *request, ac_str base_url, bool sends_body)
{
    for (size_t i = 0; i < request->headers.count; i++) {
        if (!curl_adds(request->headers.items[i], base_url)) {
            add_header(line, request->headers.items[i]);
        }
    }
    if (sends_body && !ac_header(&request->headers, "Content-Type").p) {
        ac_buf_add_c(line, " -H Content-Type:");
    }
}

static void add_body(ac_buf *line, ac_str body, bool through_pipe)
{
    if (through_pipe) {
        ac_buf_add_c(line, " --data-binary @-");
        return;
    }
    bool would_name_a_file = ac_str_starts(body, AC_STR("@"));
    ac_buf_add_c(line, would_name_a_file ? " --data-raw " : " --data-binary ");
    add_argument(line, body);
}

ac_str ac_request_as_curl(ac_arena *arena, const ac_request *request, ac_str base_url, bool hide_secrets)
{
    ac_request shown = hide_secrets ? visible_request(arena, request) : *request;
    bool through_pipe = shown.body.n > ARGUMENT_MAX || !is_showable(shown.body);
    bool sends_body = shown.body.n > 0 || ac_method_has_body(shown.method);
    ac_buf line;
    ac_buf_init(&line, LINE_MAX_BYTES);
    if (through_pipe) {
        add_printf(&line, shown.body);
        ac_buf_add_c(&line, " | ");
    }
    if (ac_str_is(shown.method, "HEAD") && !sends_body) {
        ac_buf_add_c(&line, "curl --head");
    } else {
        ac_buf_add_c(&line, "curl -X ");
        add_argument(&line, shown.method);
    }
    add_address(&line, arena, base_url, shown.target);
    add_headers(&line, &shown, base_url, sends_body);
    if (sends_body) {
        add_body(&line, shown.body, through_pipe);
    }
    return ac_buf_take(&line, arena);
}
