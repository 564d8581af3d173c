#include "http/client_parts.h"
#include "http/framing.h"

#include <fcntl.h>
#include <string.h>

/* Servers commonly drop a silent connection after 5 seconds; an older one is not worth the risk. */
enum { IDLE_SECONDS_MAX = 4 };

static bool is_target(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] <= ' ' || text.p[i] == 0x7F) {
            return false;
        }
    }
    return text.n > 0;
}

static bool is_one_line(ac_str text)
{
    return ac_str_find_char(text, '\r') == AC_NOT_FOUND && ac_str_find_char(text, '\n') == AC_NOT_FOUND &&
           ac_str_find_char(text, '\0') == AC_NOT_FOUND;
}

const char *ac_client_objection(ac_str base_url, const ac_request *request)
{
    if (!ac_str_starts(base_url, AC_STR("http://")) && !ac_str_starts(base_url, AC_STR("https://"))) {
        return "the address is not an http or https URL";
    }
    if (!ac_is_token(request->method)) {
        return "the method is not a token";
    }
    if (!is_target(request->target)) {
        return "the request target is empty or has a space or control character";
    }
    if (ac_str_is(request->method, "HEAD") && request->body.n > 0) {
        return "libcurl sends no body with HEAD";
    }
    for (size_t i = 0; i < request->headers.count; i++) {
        if (!ac_is_token(request->headers.items[i].name)) {
            return "the name of a header is not a token";
        }
        if (!is_one_line(request->headers.items[i].value)) {
            return "the value of a header has a line break or NUL";
        }
    }
    return NULL;
}

/* "Name: value" for libcurl, which drops "Name:" and sends "Name;" as a header without value. */
static char *header_line(ac_arena *arena, ac_pair header)
{
    ac_str value = ac_str_trim(header.value);
    ac_str separator = value.n > 0 ? AC_STR(": ") : AC_STR(";");
    char *line = ac_arena_alloc(arena, header.name.n + separator.n + value.n + 1);
    memcpy(line, header.name.p, header.name.n);
    memcpy(line + header.name.n, separator.p, separator.n);
    if (value.n > 0) {
        memcpy(line + header.name.n + separator.n, value.p, value.n);
    }
    return line;
}

/* libcurl heeds the first of several lines of one name, so an unsent one counts only where the request has
 * no such header. */
static struct curl_slist *header_list(const ac_client_slot *slot)
{
    const ac_pairs *headers = &slot->exchange->request->headers;
    ac_arena *arena = slot->exchange->arena;
    struct curl_slist *lines = AC_NEW_ARRAY(arena, headers->count, struct curl_slist);
    struct curl_slist *list = slot->client->unsent;
    for (size_t i = headers->count; i-- > 0;) {
        lines[i] = (struct curl_slist){header_line(arena, headers->items[i]), list};
        list = &lines[i];
    }
    return list;
}

static bool set_text(CURL *easy, CURLoption option, ac_arena *arena, ac_str text)
{
    return curl_easy_setopt(easy, option, ac_str_z(arena, text)) == CURLE_OK;
}

/* libcurl is told a kind of request for the sake of its framing; the method on the wire is always the
 * given one. */
static bool set_kind(const ac_client_slot *slot, bool sends_body)
{
    bool is_head = ac_str_is(slot->exchange->request->method, "HEAD");
    CURLoption kind = is_head ? CURLOPT_NOBODY : sends_body ? CURLOPT_POST : CURLOPT_HTTPGET;
    curl_off_t announced_max = is_head ? 0 : (curl_off_t)slot->client->options.body_bytes_max;
    return curl_easy_setopt(slot->easy, kind, 1L) == CURLE_OK &&
           curl_easy_setopt(slot->easy, CURLOPT_MAXFILESIZE_LARGE, announced_max) == CURLE_OK;
}

static bool set_body(CURL *easy, ac_str body)
{
    return curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.n > 0 ? body.p : "") == CURLE_OK;
}

static bool set_deadlines(const ac_client_slot *slot)
{
    int64_t exchange_ms = slot->exchange->deadline_ms;
    int64_t connect_ms = slot->client->options.connect_ms;
    if (connect_ms > exchange_ms) {
        connect_ms = exchange_ms;
    }
    return curl_easy_setopt(slot->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms) == CURLE_OK &&
           curl_easy_setopt(slot->easy, CURLOPT_TIMEOUT_MS, (long)exchange_ms) == CURLE_OK;
}

bool ac_client_prepare(const ac_client_slot *slot)
{
    ac_client_exchange *exchange = slot->exchange;
    const ac_request *request = exchange->request;
    const char *why = ac_client_objection(exchange->base_url, request);
    if (why) {
        ac_client_refuse(exchange, AC_TRANSPORT_FAILED, why);
        return false;
    }
    bool sends_body = request->body.n > 0 || ac_method_has_body(request->method);
    return set_text(slot->easy, CURLOPT_URL, exchange->arena, exchange->base_url) &&
           set_kind(slot, sends_body) && (!sends_body || set_body(slot->easy, request->body)) &&
           set_text(slot->easy, CURLOPT_CUSTOMREQUEST, exchange->arena, request->method) &&
           set_text(slot->easy, CURLOPT_REQUEST_TARGET, exchange->arena, request->target) &&
           curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, header_list(slot)) == CURLE_OK &&
           set_deadlines(slot);
}

/* A child process must not hold our connections open. */
static int on_socket(void *context, curl_socket_t socket, curlsocktype purpose)
{
    (void)context, (void)purpose;
    return fcntl(socket, F_SETFD, FD_CLOEXEC) == 0 ? CURL_SOCKOPT_OK : CURL_SOCKOPT_ERROR;
}

bool ac_client_init_sending(ac_client_slot *slot)
{
    static const struct {
        CURLoption option;
        long value;
    } fixed[] = {
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_PATH_AS_IS, 1},
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_HTTP_CONTENT_DECODING, 0},
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
        {CURLOPT_HTTP09_ALLOWED, 0},
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
        {CURLOPT_MAXAGE_CONN, IDLE_SECONDS_MAX},
    };
    bool ok = true;
    for (size_t i = 0; i < AC_COUNT(fixed); i++) {
        ok = ok && curl_easy_setopt(slot->easy, fixed[i].option, fixed[i].value) == CURLE_OK;
    }
    const char *ca_file = slot->client->options.ca_file;
    return ok && curl_easy_setopt(slot->easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(slot->easy, CURLOPT_SOCKOPTFUNCTION, on_socket) == CURLE_OK &&
           (!ca_file || curl_easy_setopt(slot->easy, CURLOPT_CAINFO, ca_file) == CURLE_OK);
}
