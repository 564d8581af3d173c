#include "bare_loop.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 1 << 16, URL_MAX = 1 << 15 };

typedef struct slot {
    CURL *easy;
    struct curl_slist *headers;
    const bare_request *current;
    char answer[ANSWER_MAX];
    size_t length;
} slot;

static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
    slot *s = context;
    size_t n = size * count;
    if (n > ANSWER_MAX - s->length - 1) {
        return 0;
    }
    memcpy(s->answer + s->length, bytes, n);
    s->length += n;
    return n;
}

static struct curl_slist *header_list(const ac_pairs *headers)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    char line[4096];
    for (size_t i = 0; i < headers->count; i++) {
        snprintf(line, sizeof line, "%.*s: %.*s", AC_STR_FMT(headers->items[i].name),
                 AC_STR_FMT(headers->items[i].value));
        list = curl_slist_append(list, line);
    }
    return list;
}

static void start(CURLM *multi, slot *s, const char *base_url, const bare_request *r)
{
    char url[URL_MAX];
    snprintf(url, sizeof url, "%s%.*s", base_url, AC_STR_FMT(r->request.target));
    s->current = r;
    s->length = 0;
    s->headers = header_list(&r->request.headers);
    bool post = ac_str_is(r->request.method, "POST");
    curl_easy_setopt(s->easy, CURLOPT_URL, url);
    curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers);
    curl_easy_setopt(s->easy, CURLOPT_POST, post ? 1L : 0L);
    curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE, (long)r->request.body.n);
    curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, r->request.body.n > 0 ? r->request.body.p : "");
    curl_easy_setopt(s->easy, CURLOPT_HTTPGET, post ? 0L : 1L);
    curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(s->easy, CURLOPT_WRITEDATA, s);
    curl_easy_setopt(s->easy, CURLOPT_PRIVATE, s);
    curl_easy_setopt(s->easy, CURLOPT_PROXY, "");
    curl_multi_add_handle(multi, s->easy);
}

static bool is_as_expected(slot *s)
{
    long status = 0;
    const char *type = NULL;
    curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(s->easy, CURLINFO_CONTENT_TYPE, &type);
    cJSON *json = cJSON_ParseWithLength(s->answer, s->length);
    const cJSON *code = cJSON_GetObjectItemCaseSensitive(json, "Code");
    if (!code) {
        const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(json, "ResponseMetadata");
        code = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(metadata, "Error"), "Code");
    }
    bool same = cJSON_IsString(code) && strcmp(code->valuestring, s->current->code) == 0;
    cJSON_Delete(json);
    return same && status == s->current->status && type && strncmp(type, "application/json", 16) == 0;
}

static slot *finish_one(CURLM *multi, const CURLMsg *message, size_t *wrong)
{
    slot *s = NULL;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &s);
    if (message->data.result != CURLE_OK || !is_as_expected(s)) {
        (*wrong)++;
    }
    curl_multi_remove_handle(multi, s->easy);
    curl_slist_free_all(s->headers);
    s->headers = NULL;
    return s;
}

size_t bare_loop(const char *base_url, const bare_request *requests, size_t count, unsigned in_flight)
{
    CURLM *multi = curl_multi_init();
    slot *slots = calloc(in_flight, sizeof *slots);
    size_t next = 0;
    size_t done = 0;
    size_t wrong = 0;
    for (unsigned i = 0; i < in_flight && slots; i++) {
        slots[i].easy = curl_easy_init();
        if (next < count) {
            start(multi, &slots[i], base_url, &requests[next++]);
        }
    }
    while (done < count && slots) {
        int running;
        int left;
        const CURLMsg *message;
        curl_multi_perform(multi, &running);
        while ((message = curl_multi_info_read(multi, &left)) != NULL) {
            slot *s = finish_one(multi, message, &wrong);
            done++;
            if (next < count) {
                start(multi, s, base_url, &requests[next++]);
            }
        }
        curl_multi_poll(multi, NULL, 0, 100, NULL);
    }
    for (unsigned i = 0; i < in_flight && slots; i++) {
        curl_easy_cleanup(slots[i].easy);
    }
    free(slots);
    curl_multi_cleanup(multi);
    return wrong;
}
