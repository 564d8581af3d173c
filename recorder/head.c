#include "recorder/head.h"

#include <string.h>

static const ac_str line_end = AC_STR_INIT("\r\n");

static bool refuse(ac_refusal *refusal, int status, const char *why)
{
    *refusal = (ac_refusal){status, why};
    return false;
}

/* ---- characters ---- */

static bool is_target(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] <= ' ' || text.p[i] == 0x7F) {
            return false;
        }
    }
    return text.n > 0;
}

/* ---- lines ---- */

static bool read_request_line(ac_str line, ac_head *out, ac_refusal *refusal)
{
    ac_str rest, version;
    out->request.method = ac_str_split(line, ' ', &rest);
    out->request.target = ac_str_split(rest, ' ', &version);
    if (!ac_is_token(out->request.method) || !is_target(out->request.target) || !version.p) {
        return refuse(refusal, 400, "the request line is not METHOD TARGET HTTP/1.1");
    }
    if (!ac_str_is(version, "HTTP/1.1") && !ac_str_is(version, "HTTP/1.0")) {
        bool other = ac_str_starts(version, AC_STR("HTTP/"));
        return refuse(refusal, other ? 505 : 400,
                      other ? "the version of HTTP is neither 1.0 nor 1.1"
                            : "the request line is not METHOD TARGET HTTP/1.1");
    }
    out->minor = version.p[7] - '0';
    return true;
}

static bool read_header(ac_arena *arena, ac_str line, ac_pairs *headers, ac_refusal *refusal)
{
    if (line.p[0] == ' ' || line.p[0] == '\t') {
        return refuse(refusal, 400, "a header is folded into several lines");
    }
    ac_str value;
    ac_str name = ac_str_split(line, ':', &value);
    if (!value.p || !ac_is_token(name)) {
        return refuse(refusal, 400, "a line among the headers is not NAME: VALUE");
    }
    if (!ac_is_header_value(value)) {
        return refuse(refusal, 400, "the value of a header has a control character");
    }
    if (headers->count == AC_HEAD_HEADERS_MAX) {
        return refuse(refusal, 431, "there are too many headers");
    }
    ac_pairs_add(arena, headers, name, ac_str_trim(value));
    return true;
}

static bool read_lines(ac_arena *arena, ac_str rest, ac_head *out, ac_refusal *refusal)
{
    static const char bad_end[] = "a line of the head does not end with CR LF";
    ac_str line;
    if (ac_str_starts(rest, line_end)) {
        rest = ac_str_sub(rest, line_end.n, rest.n);
    }
    if (!ac_head_take_line(&rest, &line)) {
        return refuse(refusal, 400, bad_end);
    }
    if (!read_request_line(line, out, refusal)) {
        return false;
    }
    while (ac_head_take_line(&rest, &line)) {
        if (line.n == 0) {
            return true;
        }
        if (!read_header(arena, line, &out->request.headers, refusal)) {
            return false;
        }
    }
    return refuse(refusal, 400, bad_end);
}

/* ---- what the headers say ---- */

static size_t count_of(const ac_pairs *headers, ac_str name)
{
    size_t count = 0;
    for (size_t i = 0; i < headers->count; i++) {
        count += ac_str_eq_nocase(headers->items[i].name, name);
    }
    return count;
}

bool ac_header_lists(const ac_pairs *headers, ac_str name, ac_str word)
{
    for (size_t i = 0; i < headers->count; i++) {
        ac_str rest = headers->items[i].value;
        while (rest.p && ac_str_eq_nocase(headers->items[i].name, name)) {
            if (ac_str_eq_nocase(ac_str_trim(ac_str_split(rest, ',', &rest)), word)) {
                return true;
            }
        }
    }
    return false;
}

static bool read_length(ac_head *out, ac_refusal *refusal)
{
    int64_t length = 0;
    ac_str text = ac_header(&out->request.headers, "Content-Length");
    if (!ac_is_digits(text) || !ac_str_int(text, &length)) {
        return refuse(refusal, 400, "Content-Length is not a number");
    }
    out->framing = AC_HEAD_LENGTH;
    out->length = (uint64_t)length;
    return true;
}

static bool read_framing(ac_head *out, ac_refusal *refusal)
{
    const ac_pairs *headers = &out->request.headers;
    size_t lengths = count_of(headers, AC_STR("Content-Length"));
    size_t codings = count_of(headers, AC_STR("Transfer-Encoding"));
    if (lengths + codings > 1) {
        return refuse(refusal, 400, "the length of the body is given more than once");
    }
    if (lengths == 1) {
        return read_length(out, refusal);
    }
    if (codings == 0) {
        return true;
    }
    if (out->minor == 0 || !ac_str_eq_nocase(ac_header(headers, "Transfer-Encoding"), AC_STR("chunked"))) {
        return refuse(refusal, 400, "Transfer-Encoding is something else than \"chunked\" in HTTP/1.1");
    }
    out->framing = AC_HEAD_CHUNKS;
    return true;
}

static bool read_connection(ac_head *out, ac_refusal *refusal)
{
    const ac_pairs *headers = &out->request.headers;
    size_t hosts = count_of(headers, AC_STR("Host"));
    if (hosts > 1 || (hosts == 0 && out->minor == 1)) {
        return refuse(refusal, 400, "there is not exactly one Host");
    }
    ac_str expect = ac_header(headers, "Expect");
    if (expect.p && !ac_str_eq_nocase(expect, AC_STR("100-continue"))) {
        return refuse(refusal, 417, "Expect is something else than \"100-continue\"");
    }
    out->expects_continue = expect.p && out->minor == 1 && out->framing != AC_HEAD_NO_BODY;
    /* Proxy-Connection is what old clients say to a proxy in the place of Connection. */
    bool close = ac_header_lists(headers, AC_STR("Connection"), AC_STR("close")) ||
                 ac_header_lists(headers, AC_STR("Proxy-Connection"), AC_STR("close"));
    bool keep = ac_header_lists(headers, AC_STR("Connection"), AC_STR("keep-alive")) ||
                ac_header_lists(headers, AC_STR("Proxy-Connection"), AC_STR("keep-alive"));
    out->keep_alive = !close && (out->minor == 1 || keep);
    return true;
}

bool ac_head_read(ac_arena *arena, ac_str bytes, ac_head *out, ac_refusal *refusal)
{
    *out = (ac_head){0};
    return read_lines(arena, ac_str_dup(arena, bytes), out, refusal) && read_framing(out, refusal) &&
           read_connection(out, refusal);
}

bool ac_is_hop_by_hop(const ac_pairs *headers, ac_str name)
{
    static const ac_str names[] = {
        AC_STR_INIT("Connection"),          AC_STR_INIT("Keep-Alive"), AC_STR_INIT("Proxy-Connection"),
        AC_STR_INIT("Proxy-Authorization"), AC_STR_INIT("TE"),         AC_STR_INIT("Trailer"),
        AC_STR_INIT("Transfer-Encoding"),   AC_STR_INIT("Upgrade"),    AC_STR_INIT("Proxy-Authenticate"),
    };
    for (size_t i = 0; i < AC_COUNT(names); i++) {
        if (ac_str_eq_nocase(name, names[i])) {
            return true;
        }
    }
    return ac_header_lists(headers, AC_STR("Connection"), name);
}
