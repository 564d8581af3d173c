/*
 * What the files of the client share: client.c keeps the slots and runs them, client_send.c tells libcurl a
 * request, client_receive.c collects the answer and judges how the exchange ended; client_relay*.c are the relay. For
 * them only.
 */
#ifndef AC_HTTP_CLIENT_PARTS_H
#define AC_HTTP_CLIENT_PARTS_H

#include <curl/curl.h>

#include "http/client.h"

/* One request on its way, in the arena of its sender. */
typedef struct ac_client_exchange {
    struct ac_client_exchange *next; /* among those that wait for a slot */
    ac_arena *arena;
    ac_str base_url;
    const ac_request *request;
    int64_t deadline_ms;
    ac_client_done done;
    void *context;

    int64_t start_us;
    int64_t first_byte_us;
    bool connected;
    bool headers_done; /* of the final answer; body and trailers follow */
    size_t header_bytes;
    ac_response response;
    ac_transport refusal; /* where not OK: we ended it, and why */
    const char *why;
} ac_client_exchange;

/* An easy handle, used for one exchange after the other. */
typedef struct ac_client_slot {
    struct ac_client_slot *next; /* among the free ones */
    ac_client *client;
    CURL *easy;
    ac_client_exchange *exchange;
    ac_buf body;
    char error[CURL_ERROR_SIZE];
} ac_client_slot;

struct ac_client {
    ac_client_options options;
    CURLM *multi;
    ac_client_slot *slots; /* options.connections of them */
    ac_client_slot *free;
    ac_client_exchange *waiting; /* in order of ac_client_send */
    ac_client_exchange **waiting_end;
    unsigned waiting_count;
    unsigned active_count;
    struct curl_slist *unsent; /* headers that libcurl must not add */
    int wake[2];
};

/* Once for a slot: what holds for every request, and where answers go. */
bool ac_client_init_sending(ac_client_slot *slot);
bool ac_client_init_receiving(ac_client_slot *slot);

/* Tells libcurl the request of the slot's exchange; false where it cannot be sent. */
bool ac_client_prepare(const ac_client_slot *slot);

/* Why a request cannot be one message on the wire, or NULL. */
const char *ac_client_objection(ac_str base_url, const ac_request *request);

/* What libcurl's code means; *text is ours where libcurl's own says something else, or NULL. */
ac_transport ac_client_meaning(CURLcode code, const char **text);

void ac_client_start_libcurl(void); /* once */

/* Notes why we end an exchange; why must live as long as it. */
void ac_client_refuse(ac_client_exchange *exchange, ac_transport refusal, const char *why);

/* How an exchange ended, given libcurl's view of it. */
ac_transport ac_client_transport(const ac_client_slot *slot, CURLcode code);
const char *ac_client_detail(const ac_client_slot *slot, CURLcode code);

#endif
