/* A driver to start from: one operation, sent with libcurl, unsigned. Copy this file and replace what stands under
 * "the SDK". docs/driver-protocol.md explains the lines. */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char operation[] = "volcengine/privatelink/2020-04-01/DescribeVpcEndpoints";

enum { LINE_BYTES_MAX = 16 << 20, BODY_BYTES_MAX = 16 << 20, NAME_BYTES_MAX = 1024 };

typedef struct {
    char *text; /* NUL-terminated where it is not NULL */
    size_t length;
    bool failed;
} buffer;

static void append(buffer *b, const char *text, size_t length)
{
    char *grown =
        b->failed || b->length + length > BODY_BYTES_MAX ? NULL : realloc(b->text, b->length + length + 1);
    if (!grown) {
        b->failed = true;
        return;
    }
    memcpy(grown + b->length, text, length);
    b->text = grown;
    b->length += length;
    b->text[b->length] = '\0';
}

/* ---- the SDK: an author calls it instead ---- */

typedef struct {
    const char *kind; /* NULL: the call went well */
    char message[CURL_ERROR_SIZE];
    long status;
    cJSON *body; /* NULL where no JSON came */
} reply;

static size_t take_body(char *data, size_t size, size_t count, void *body)
{
    append(body, data, size * count);
    return ((buffer *)body)->failed ? 0 : size * count;
}

static void append_pair(CURL *curl, buffer *url, const char *name, const char *value)
{
    char *escaped = curl_easy_escape(curl, value, 0);
    append(url, "&", 1);
    append(url, name, strlen(name));
    append(url, "=", 1);
    append(url, escaped ? escaped : "", escaped ? strlen(escaped) : 0);
    curl_free(escaped);
}

/* Lists count from 1: Tags.1.Key. Members that are null are left out. */
static void append_value(CURL *curl, buffer *url, const char *name, const cJSON *value)
{
    if (url->failed) {
        return;
    }
    if (cJSON_IsArray(value) || cJSON_IsObject(value)) {
        int index = 0;
        const cJSON *child;
        cJSON_ArrayForEach(child, value)
        {
            char longer[NAME_BYTES_MAX], number[16];
            snprintf(number, sizeof number, "%d", ++index);
            int length = snprintf(longer, sizeof longer, "%s%s%s", name, *name ? "." : "",
                                  cJSON_IsArray(value) ? number : child->string);
            url->failed |= length >= (int)sizeof longer;
            append_value(curl, url, longer, child);
        }
    } else if (cJSON_IsString(value)) {
        append_pair(curl, url, name, value->valuestring);
    } else if (!cJSON_IsNull(value)) {
        char *printed = cJSON_PrintUnformatted(value);
        append_pair(curl, url, name, printed ? printed : "");
        free(printed);
    }
}

static void read_answer(reply *r, const buffer *body)
{
    r->body = cJSON_Parse(body->text ? body->text : "");
    if (!r->body) {
        r->kind = "client";
        snprintf(r->message, sizeof r->message, "the answer with status %ld is not JSON", r->status);
    } else if (r->status >= 400) {
        r->kind = "service";
    }
}

static const char *kind_of(CURLcode code)
{
    static const struct {
        CURLcode code;
        const char *kind;
    } kinds[] = {{CURLE_OPERATION_TIMEDOUT, "timeout"},
                 {CURLE_URL_MALFORMAT, "client"},
                 {CURLE_WRITE_ERROR, "client"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].code == code) {
            return kinds[i].kind;
        }
    }
    return "transport";
}

static void perform(CURL *curl, const char *url, long timeout_ms, reply *r)
{
    buffer body = {0};
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, r->message);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL); /* the reply goes elsewhere from here */
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &r->status);
    if (code == CURLE_OK) {
        read_answer(r, &body);
    } else {
        r->kind = kind_of(code);
    }
    free(body.text);
}

static reply describe_vpc_endpoints(CURL *curl, const char *endpoint, long timeout_ms, const cJSON *params)
{
    static const char action[] = "/?Action=DescribeVpcEndpoints&Version=2020-04-01";
    reply r = {0};
    buffer url = {0};
    append(&url, endpoint, strlen(endpoint));
    append(&url, action, sizeof action - 1);
    append_value(curl, &url, "", params);
    if (url.failed) {
        r = (reply){.kind = "client", .message = "the parameters are too long"};
    } else {
        perform(curl, url.text, timeout_ms, &r);
    }
    free(url.text);
    return r;
}

/* ---- the driver ---- */

static void write_line(cJSON *message)
{
    char *text = cJSON_PrintUnformatted(message);
    if (!text || printf("%s\n", text) < 0 || fflush(stdout) != 0) {
        exit(1);
    }
    free(text);
    cJSON_Delete(message);
}

static cJSON *error_of(const reply *r)
{
    const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(r->body, "ResponseMetadata");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(metadata, "Error");
    const char *code = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(error, "Code"));
    const char *message = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(error, "Message"));
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(metadata, "RequestId"));
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "kind", r->kind);
    cJSON_AddItemToObject(object, "status",
                          r->status ? cJSON_CreateNumber((double)r->status) : cJSON_CreateNull());
    cJSON_AddItemToObject(object, "code", code ? cJSON_CreateString(code) : cJSON_CreateNull());
    cJSON_AddStringToObject(object, "message", message ? message : r->message);
    cJSON_AddItemToObject(object, "request_id", id ? cJSON_CreateString(id) : cJSON_CreateNull());
    cJSON_AddStringToObject(object, "type", "CURLcode");
    return object;
}

/* The place of the SDK's call: what it returned is the result, nothing repaired. */
static void call(CURL *curl, const cJSON *line, cJSON *answer)
{
    const char *endpoint = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "endpoint"));
    const cJSON *timeout = cJSON_GetObjectItemCaseSensitive(line, "timeout_ms");
    reply r = {.kind = "client", .message = "the call has no endpoint or no timeout"};
    if (endpoint && cJSON_IsNumber(timeout)) {
        r = describe_vpc_endpoints(curl, endpoint, timeout->valueint,
                                   cJSON_GetObjectItemCaseSensitive(line, "params"));
    }
    if (r.kind) {
        cJSON_AddItemToObject(answer, "error", error_of(&r));
        cJSON_Delete(r.body);
    } else {
        cJSON_AddItemToObject(answer, "result", r.body);
    }
}

static bool is_integer(const cJSON *id)
{
    const double most = 9007199254740992.0;
    return cJSON_IsNumber(id) && id->valuedouble >= -most && id->valuedouble <= most &&
           (double)(int64_t)id->valuedouble == id->valuedouble;
}

static void answer_line(CURL *curl, const char *text, size_t length)
{
    cJSON *line = length <= LINE_BYTES_MAX ? cJSON_ParseWithLengthOpts(text, length + 1, NULL, 1) : NULL;
    const cJSON *id = cJSON_IsObject(line) ? cJSON_GetObjectItemCaseSensitive(line, "id") : NULL;
    const char *wanted = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "operation"));
    cJSON *answer = cJSON_CreateObject();
    cJSON_AddItemToObject(answer, "id", is_integer(id) ? cJSON_Duplicate(id, false) : cJSON_CreateNull());
    if (!is_integer(id)) {
        reply refused = {.kind = "client", .message = "the line is not a JSON object with an integer id"};
        cJSON_AddItemToObject(answer, "error", error_of(&refused));
    } else if (!wanted || strcmp(wanted, operation) != 0) {
        cJSON_AddStringToObject(answer, "unsupported", "the driver does not know the operation");
    } else {
        call(curl, line, answer);
    }
    write_line(answer);
    cJSON_Delete(line);
}

static void say_hello(void)
{
    cJSON *hello = cJSON_CreateObject();
    const char *const operations[] = {operation};
    cJSON_AddNumberToObject(hello, "accord", 1);
    cJSON_AddStringToObject(hello, "driver", "skeleton-c");
    cJSON_AddStringToObject(hello, "sdk", "libcurl");
    cJSON_AddStringToObject(hello, "version", curl_version_info(CURLVERSION_NOW)->version);
    cJSON_AddStringToObject(hello, "note",
                            "A skeleton for authors of drivers: it calls no SDK and does not sign.");
    cJSON_AddItemToObject(hello, "operations", cJSON_CreateStringArray(operations, 1));
    write_line(hello);
}

int main(void)
{
    CURL *curl = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    if (!curl) {
        fputs("libcurl does not start\n", stderr);
        return 1;
    }
    say_hello();
    while ((length = getline(&line, &size, stdin)) > 0) {
        answer_line(curl, line, (size_t)length);
    }
    free(line);
    curl_easy_cleanup(curl);
    curl_global_cleanup();
    return 0;
}
