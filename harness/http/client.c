#include "http/client.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/env.h"
#include "http/client_parts.h"

const ac_client_options ac_client_defaults = {
    .connections = 16,
    .connect_ms = 2000,
    .exchange_ms = 10000,
    .header_bytes_max = 64 * 1024,
    .body_bytes_max = 4 * 1024 * 1024,
};

/* libcurl gives up at 300 KiB, with an error that looks like a reset. */
enum { HEADER_BYTES_CEILING = 256 * 1024 };

/* ---- one exchange ---- */

/* The slot's error text outlives the callback: what the callback sends starts later. */
static void finish(ac_client_slot *slot, CURLcode code)
{
    ac_client *client = slot->client;
    ac_client_exchange *exchange = slot->exchange;
    curl_multi_remove_handle(client->multi, slot->easy);
    exchange->response.body = ac_str_dup(exchange->arena, ac_buf_str(&slot->body));
    ac_outcome outcome = {
        .transport = ac_client_transport(slot, code),
        .detail = ac_client_detail(slot, code),
        .response = exchange->response,
        .duration_us = ac_monotonic_us() - exchange->start_us,
        .first_byte_us = exchange->first_byte_us,
    };
    slot->exchange = NULL;
    slot->next = client->free;
    client->free = slot;
    client->active_count--;
    exchange->done(exchange->context, &outcome);
}

/* False where the exchange ended at once. */
static bool start(ac_client *client, ac_client_exchange *exchange)
{
    ac_client_slot *slot = client->free;
    client->free = slot->next;
    client->active_count++;
    slot->exchange = exchange;
    slot->error[0] = '\0';
    ac_buf_clear(&slot->body);
    exchange->start_us = ac_monotonic_us();
    if (ac_client_prepare(slot) && curl_multi_add_handle(client->multi, slot->easy) == CURLM_OK) {
        return true;
    }
    finish(slot, CURLE_FAILED_INIT);
    return false;
}

void ac_client_send(ac_client *client, ac_arena *arena, ac_str base_url, const ac_request *request,
                    int64_t deadline_ms, ac_client_done done, void *context)
{
    ac_client_exchange *added = AC_NEW(arena, ac_client_exchange);
    added->arena = arena;
    added->base_url = base_url;
    added->request = request;
    added->deadline_ms = deadline_ms > 0 ? deadline_ms : client->options.exchange_ms;
    added->done = done;
    added->context = context;
    added->first_byte_us = -1;
    *client->waiting_end = added;
    client->waiting_end = &added->next;
    client->waiting_count++;
}

/* ---- running ---- */

/* Starts what waits, as far as there are slots. True where a request ended at once. */
static bool start_waiting(ac_client *client)
{
    bool ended = false;
    while (client->free && client->waiting) {
        ac_client_exchange *first = client->waiting;
        client->waiting = first->next;
        if (!client->waiting) {
            client->waiting_end = &client->waiting;
        }
        client->waiting_count--;
        ended = !start(client, first) || ended;
    }
    return ended;
}

/* True where a request ended. */
static bool perform(ac_client *client)
{
    bool ended = false;
    int count = 0;
    curl_multi_perform(client->multi, &count);
    for (CURLMsg *message = NULL; (message = curl_multi_info_read(client->multi, &count));) {
        CURLcode code = message->data.result; /* the message goes when its handle is removed */
        ac_client_slot *slot = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        finish(slot, code);
        ended = true;
    }
    return ended;
}

static void wait_for_something(ac_client *client, int64_t wait_ms)
{
    struct curl_waitfd woken = {.fd = client->wake[0], .events = CURL_WAIT_POLLIN};
    int limit_ms = wait_ms < 0 ? 0 : wait_ms > INT_MAX ? INT_MAX : (int)wait_ms;
    curl_multi_poll(client->multi, &woken, 1, limit_ms, NULL);
    char drained[64];
    while (woken.revents && read(client->wake[0], drained, sizeof drained) > 0) {
    }
}

unsigned ac_client_run(ac_client *client, int64_t wait_ms)
{
    bool ended = start_waiting(client);
    ended = perform(client) || ended;
    if (!ended) {
        wait_for_something(client, wait_ms);
        perform(client);
    }
    return client->active_count + client->waiting_count;
}

void ac_client_wake(ac_client *client)
{
    int saved = errno;
    ssize_t written = write(client->wake[1], "", 1); /* a full pipe wakes as well */
    (void)written;
    errno = saved;
}

/* ---- the client ---- */

static void start_libcurl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

void ac_client_start_libcurl(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_libcurl);
}

static bool init_wake(ac_client *client)
{
    bool ok = pipe(client->wake) == 0;
    for (size_t i = 0; i < 2; i++) {
        ok = ok && fcntl(client->wake[i], F_SETFL, O_NONBLOCK) == 0 &&
             fcntl(client->wake[i], F_SETFD, FD_CLOEXEC) == 0;
    }
    return ok;
}

static bool init_unsent(ac_client *client)
{
    static const char *const unsent[] = {"Accept:", "Content-Type:", "Expect:", "Host:"};
    for (size_t i = 0; i < AC_COUNT(unsent); i++) {
        struct curl_slist *longer = curl_slist_append(client->unsent, unsent[i]);
        if (!longer) {
            return false;
        }
        client->unsent = longer;
    }
    return true;
}

static bool init_slot(ac_client *client, ac_client_slot *slot)
{
    slot->client = client;
    slot->next = client->free;
    client->free = slot;
    ac_buf_init(&slot->body, client->options.body_bytes_max);
    slot->easy = curl_easy_init();
    return slot->easy && curl_easy_setopt(slot->easy, CURLOPT_PRIVATE, slot) == CURLE_OK &&
           ac_client_init_sending(slot) && ac_client_init_receiving(slot);
}

static bool init_curl(ac_client *client)
{
    long connections = (long)client->options.connections;
    client->multi = curl_multi_init();
    bool ok = client->multi && init_unsent(client) &&
              curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, connections) == CURLM_OK &&
              curl_multi_setopt(client->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING) == CURLM_OK;
    for (long i = 0; i < connections; i++) {
        ok = ok && init_slot(client, &client->slots[i]);
    }
    return ok;
}

static ac_client *new_client(const ac_client_options *options)
{
    ac_client *client = ac_alloc(sizeof *client);
    client->options = *options;
    if (client->options.header_bytes_max > HEADER_BYTES_CEILING) {
        client->options.header_bytes_max = HEADER_BYTES_CEILING;
    }
    client->slots = ac_alloc(options->connections * sizeof *client->slots);
    client->waiting_end = &client->waiting;
    client->wake[0] = client->wake[1] = -1;
    return client;
}

ac_client *ac_client_new(const ac_client_options *options, ac_err *err)
{
    assert(options->connections > 0);
    ac_client_start_libcurl();
    if (options->ca_file && access(options->ca_file, R_OK) != 0) {
        ac_fail(err, AC_ERR_USAGE, "%s: %s", options->ca_file, strerror(errno));
        return NULL;
    }
    ac_client *client = new_client(options);
    if (!init_wake(client)) {
        ac_fail(err, AC_ERR_INTERNAL, "cannot make a pipe: %s", strerror(errno));
    } else if (!init_curl(client)) {
        ac_fail(err, AC_ERR_INTERNAL, "cannot set up %s", curl_version());
    } else {
        return client;
    }
    ac_client_free(client);
    return NULL;
}

void ac_client_free(ac_client *client)
{
    if (!client) {
        return;
    }
    for (unsigned i = 0; i < client->options.connections; i++) {
        ac_client_slot *slot = &client->slots[i];
        if (slot->exchange) {
            curl_multi_remove_handle(client->multi, slot->easy);
        }
        curl_easy_cleanup(slot->easy);
        ac_buf_done(&slot->body);
    }
    curl_multi_cleanup(client->multi);
    curl_slist_free_all(client->unsent);
    for (size_t i = 0; i < 2; i++) {
        if (client->wake[i] >= 0) {
            close(client->wake[i]);
        }
    }
    ac_free(client->slots);
    ac_free(client);
}
