#include "http/client_relay.h"

#include <string.h>

#include "base/env.h"
#include "http/client_parts.h"

enum { IDLE_MS = 100 };

/* A client with one slot, whose answers go to a listener. */
struct ac_relay {
    ac_client *client;
    ac_client_slot *slot;
    const ac_relay_call *call;
    ac_client_exchange exchange;
    int64_t silence_us;
    int64_t active_us; /* when something was last sent or received */
    bool told;         /* the listener knows the head */
    bool paused;       /* the body has to wait for the listener */
    bool through_proxy;
};

/* ---- what arrives ---- */

static bool is_number(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return false;
        }
    }
    return text.n > 0;
}

/* Why the framing of an answer cannot be trusted, or NULL. */
static const char *framing_fault(const ac_response *response)
{
    ac_str length = {NULL, 0};
    ac_str coding = {NULL, 0};
    for (size_t i = 0; i < response->headers.count; i++) {
        ac_pair header = response->headers.items[i];
        if (ac_str_eq_nocase(header.name, AC_STR("Content-Length"))) {
            if (!is_number(header.value) || (length.p && !ac_str_eq(length, header.value))) {
                return "the answer has two lengths, or one that is not a number";
            }
            length = header.value;
        } else if (ac_str_eq_nocase(header.name, AC_STR("Transfer-Encoding"))) {
            if (coding.p || !ac_str_eq_nocase(header.value, AC_STR("chunked"))) {
                return "the answer has a transfer coding that is not chunks alone";
            }
            coding = header.value;
        }
    }
    if (response->status == 101) {
        return "the answer leaves HTTP";
    }
    return length.p && coding.p ? "the answer has both a length and chunks" : NULL;
}

static bool tell_head(ac_relay *relay)
{
    const ac_response *response = &relay->exchange.response;
    const char *fault = framing_fault(response);
    relay->told = true;
    if (fault) {
        ac_client_refuse(&relay->exchange, AC_TRANSPORT_GARBAGE, fault);
        return false;
    }
    return relay->call->listener.head(relay->call->listener.context, response);
}

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    ac_relay *relay = context;
    ac_str line = {bytes, size * count};
    relay->active_us = ac_monotonic_us();
    if (!relay->told && !ac_str_ends(line, AC_STR("\r\n"))) {
        ac_client_refuse(&relay->exchange, AC_TRANSPORT_GARBAGE,
                         "a header line of the answer does not end with CR LF");
        return 0;
    }
    size_t taken = ac_client_on_header(bytes, size, count, relay->slot);
    bool complete = taken == line.n && relay->exchange.headers_done && !relay->told;
    return complete && !tell_head(relay) ? 0 : taken;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    ac_relay *relay = context;
    ac_str piece = {bytes, size * count};
    bool taken = relay->call->listener.body(relay->call->listener.context, piece);
    relay->active_us = ac_monotonic_us();
    return taken ? piece.n : 0;
}

static size_t on_read(char *to, size_t size, size_t count, void *context)
{
    ac_relay *relay = context;
    int64_t got = relay->call->listener.read(relay->call->listener.context, to, size * count);
    if (got == AC_RELAY_WAIT) {
        relay->paused = true;
        return CURL_READFUNC_PAUSE;
    }
    relay->active_us = ac_monotonic_us();
    return got < 0 ? CURL_READFUNC_ABORT : (size_t)got;
}

/* ---- making one ---- */

static bool set_callbacks(ac_relay *relay)
{
    CURL *easy = relay->slot->easy;
    return curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, relay) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, relay) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READDATA, relay) == CURLE_OK;
}

static bool set_way(ac_relay *relay, const ac_relay_options *options)
{
    CURL *easy = relay->slot->easy;
    struct curl_slist *unsent = curl_slist_append(relay->client->unsent, "Proxy-Connection:");
    relay->client->unsent = unsent ? unsent : relay->client->unsent;
    relay->through_proxy = options->proxy != NULL;
    relay->silence_us = options->silence_ms * 1000;
    return unsent && (!options->proxy || curl_easy_setopt(easy, CURLOPT_PROXY, options->proxy) == CURLE_OK) &&
           curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) == CURLE_OK;
}

ac_relay *ac_relay_new(const ac_relay_options *options, ac_err *err)
{
    ac_client_options base = ac_client_defaults;
    base.connections = 1;
    base.connect_ms = options->connect_ms;
    base.header_bytes_max = options->header_bytes_max;
    base.body_bytes_max = 0;
    base.ca_file = options->ca_file;
    ac_client *client = ac_client_new(&base, err);
    if (!client) {
        return NULL;
    }
    ac_relay *relay = ac_alloc(sizeof *relay);
    relay->client = client;
    relay->slot = &client->slots[0];
    relay->slot->exchange = &relay->exchange;
    if (!set_callbacks(relay) || !set_way(relay, options)) {
        ac_fail(err, AC_ERR_INTERNAL, "libcurl cannot be set up");
        ac_relay_free(relay);
        return NULL;
    }
    return relay;
}

void ac_relay_free(ac_relay *relay)
{
    if (relay) {
        ac_client_free(relay->client);
        ac_free(relay);
    }
}

/* ---- one exchange ---- */

static void begin(ac_relay *relay, ac_arena *arena, ac_str base_url, const ac_request *request)
{
    relay->exchange = (ac_client_exchange){.arena = arena,
                                           .base_url = base_url,
                                           .request = request,
                                           .deadline_ms = relay->client->options.connect_ms,
                                           .start_us = ac_monotonic_us(),
                                           .first_byte_us = -1};
    relay->active_us = relay->exchange.start_us;
    relay->told = relay->paused = false;
    relay->slot->error[0] = '\0';
}

/* ac_client_prepare knows bodies that are whole; one that streams replaces what it told libcurl. */
static bool set_streaming(const ac_relay *relay, const ac_relay_call *call)
{
    CURL *easy = relay->slot->easy;
    bool counted = call->body_kind == AC_RELAY_LENGTH;
    return call->body_kind == AC_RELAY_WHOLE ||
           (curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                             counted ? (curl_off_t)call->body_bytes : (curl_off_t)-1) == CURLE_OK);
}

/* To a proxy a request of plain HTTP names the whole address. */
static bool set_target(const ac_relay *relay, ac_arena *arena, const ac_relay_call *call)
{
    if (!relay->through_proxy || !ac_str_starts(call->base_url, AC_STR("http://"))) {
        return true;
    }
    ac_str whole =
        ac_str_printf(arena, "%.*s%.*s", AC_STR_FMT(call->base_url), AC_STR_FMT(call->request->target));
    return curl_easy_setopt(relay->slot->easy, CURLOPT_REQUEST_TARGET, ac_str_z(arena, whole)) == CURLE_OK;
}

static bool prepare(const ac_relay *relay, ac_arena *arena, const ac_relay_call *call)
{
    CURL *easy = relay->slot->easy;
    return ac_client_prepare(relay->slot) && set_streaming(relay, call) && set_target(relay, arena, call) &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)0) == CURLE_OK;
}

static CURLcode result_of(CURLM *multi)
{
    int count = 0;
    CURLMsg *message = curl_multi_info_read(multi, &count);
    return message ? message->data.result : CURLE_ABORTED_BY_CALLBACK;
}

/* Waits for the upstream, or for the listener where the body waits for it. False where nothing came. */
static bool wait_for_something(ac_relay *relay)
{
    struct curl_waitfd listener = {.fd = relay->call->wait_fd, .events = CURL_WAIT_POLLIN};
    int active = 0;
    curl_multi_poll(relay->client->multi, &listener, relay->paused ? 1 : 0, IDLE_MS, &active);
    if (relay->paused && listener.revents != 0) {
        relay->paused = false;
        curl_easy_pause(relay->slot->easy, CURLPAUSE_CONT);
    }
    return active > 0;
}

/* At an answer of 400 and more libcurl stops sending, but 7.88 waits for ever for a body that was paused then. */
static void release_body(ac_relay *relay)
{
    if (relay->paused && relay->told && relay->exchange.response.status >= 400) {
        relay->paused = false;
        curl_easy_pause(relay->slot->easy, CURLPAUSE_CONT);
    }
}

static bool go_on_idle(ac_relay *relay)
{
    if (ac_monotonic_us() - relay->active_us > relay->silence_us) {
        ac_client_refuse(&relay->exchange, AC_TRANSPORT_TIMEOUT, "nothing came for too long");
        return false;
    }
    return relay->call->listener.idle(relay->call->listener.context);
}

static CURLcode pump(ac_relay *relay)
{
    CURLM *multi = relay->client->multi;
    int running = 1;
    while (curl_multi_perform(multi, &running) == CURLM_OK && running > 0) {
        release_body(relay);
        if (!wait_for_something(relay) && !go_on_idle(relay)) {
            return CURLE_ABORTED_BY_CALLBACK;
        }
    }
    return running > 0 ? CURLE_FAILED_INIT : result_of(multi);
}

static CURLcode transfer(ac_relay *relay)
{
    CURLM *multi = relay->client->multi;
    if (curl_multi_add_handle(multi, relay->slot->easy) != CURLM_OK) {
        return CURLE_FAILED_INIT;
    }
    CURLcode code = pump(relay);
    curl_multi_remove_handle(multi, relay->slot->easy);
    return code;
}

void ac_relay_run(ac_relay *relay, ac_arena *arena, const ac_relay_call *call, ac_outcome *outcome)
{
    relay->call = call;
    begin(relay, arena, call->base_url, call->request);
    CURLcode code = prepare(relay, arena, call) ? transfer(relay) : CURLE_FAILED_INIT;
    *outcome = (ac_outcome){
        .transport = ac_client_transport(relay->slot, code),
        .detail = ac_client_detail(relay->slot, code),
        .response = relay->exchange.response,
        .duration_us = ac_monotonic_us() - relay->exchange.start_us,
        .first_byte_us = relay->exchange.first_byte_us,
    };
}

/* ---- connections without HTTP ---- */

int ac_relay_connect(ac_relay *relay, ac_arena *arena, ac_str base_url, ac_err *err)
{
    CURL *easy = relay->slot->easy;
    curl_socket_t fd = CURL_SOCKET_BAD;
    relay->call = NULL;
    begin(relay, arena, base_url, NULL);
    bool ready =
        curl_easy_setopt(easy, CURLOPT_URL, ac_str_z(arena, base_url)) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)relay->exchange.deadline_ms) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 0L) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK;
    /* Not with transfer: a handle that only connects keeps its connection while it stays added. */
    CURLcode code = ready ? curl_easy_perform(easy) : CURLE_FAILED_INIT;
    if (code == CURLE_OK) {
        code = curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &fd);
    }
    if (code != CURLE_OK || fd == CURL_SOCKET_BAD) {
        ac_fail(err, AC_ERR_JUDGE, "%s", ac_client_detail(relay->slot, code));
        return -1;
    }
    return (int)fd;
}
