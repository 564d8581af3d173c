#include "http/server_parts.h"

#include <string.h>
#include <time.h>

#include "base/env.h"

enum {
    KEPT_BYTES_MAX = 256 * 1024,      /* memory that a finished call keeps for the next */
    DROP_BYTES_MAX = 16 * 1024 * 1024 /* read of a body too large, so that the client sees the 413 */
};

/* ---- calls ---- */

static ac_server_call *take_call(ac_server *server)
{
    pthread_mutex_lock(&server->lock);
    ac_server_call *taken = server->free;
    if (taken) {
        server->free = taken->next;
    }
    pthread_mutex_unlock(&server->lock);
    if (!taken) {
        taken = ac_alloc(sizeof *taken);
        taken->arena = ac_arena_new();
        ac_buf_init(&taken->body, server->options.body_bytes_max);
    }
    return taken;
}

/* Empties a call for the next request, and gives back what one large request made it hold. */
static void clear_call(ac_server_call *used)
{
    ac_server_call cleared = {.arena = used->arena, .body = used->body};
    ac_arena_reset(cleared.arena);
    if (ac_arena_size(cleared.arena) > KEPT_BYTES_MAX) {
        ac_arena_free(cleared.arena);
        cleared.arena = ac_arena_new();
    }
    ac_buf_clear(&cleared.body);
    if (cleared.body.capacity > KEPT_BYTES_MAX) {
        ac_buf_done(&cleared.body);
    }
    *used = cleared;
}

void ac_server_on_completed(void *context, struct MHD_Connection *connection, void **request,
                            enum MHD_RequestTerminationCode why)
{
    (void)connection, (void)why;
    ac_server *server = context;
    ac_server_call *used = *request;
    if (!used) {
        return;
    }
    *request = NULL;
    clear_call(used);
    pthread_mutex_lock(&server->lock);
    used->next = server->free;
    server->free = used;
    pthread_mutex_unlock(&server->lock);
}

/* libmicrohttpd shows the target as it was on the wire only here, before it decodes. What this returns
 * becomes the request's context. */
void *ac_server_on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    ac_server_call *begun = take_call(context);
    begun->connection = connection;
    begun->request.target = ac_str_dup(begun->arena, ac_str_c(target));
    return begun;
}

void ac_server_init_calls(ac_server *server)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC); /* the clock of ac_monotonic_us */
    pthread_cond_init(&server->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&server->lock, NULL);
}

void ac_server_done_calls(ac_server *server)
{
    while (server->free) {
        ac_server_call *first = server->free;
        server->free = first->next;
        ac_arena_free(first->arena);
        ac_buf_done(&first->body);
        ac_free(first);
    }
    pthread_cond_destroy(&server->changed);
    pthread_mutex_destroy(&server->lock);
}

/* ---- answers ---- */

static void fill_plain(ac_server_call *call, int status, const char *text)
{
    call->answer = (ac_answer){.response = {.status = status, .body = ac_str_c(text)}};
    ac_pairs_add(call->arena, &call->answer.response.headers, AC_STR("Content-Type"), AC_STR("text/plain"));
}

static bool is_framing(ac_str name)
{
    return ac_str_eq_nocase(name, AC_STR("Content-Length")) ||
           ac_str_eq_nocase(name, AC_STR("Transfer-Encoding"));
}

static bool add_headers(struct MHD_Response *response, ac_arena *arena, const ac_answer *answer)
{
    const ac_pairs *headers = &answer->response.headers;
    bool ok = true;
    for (size_t i = 0; i < headers->count && ok; i++) {
        if (!is_framing(headers->items[i].name)) {
            ok = MHD_add_response_header(response, ac_str_z(arena, headers->items[i].name),
                                         ac_str_z(arena, headers->items[i].value)) == MHD_YES;
        }
    }
    return ok && (!answer->close || MHD_add_response_header(response, "Connection", "close") == MHD_YES);
}

/* NULL where a header cannot be sent. */
static struct MHD_Response *make_response(ac_server_call *call)
{
    struct MHD_Response *response = ac_server_frame(call);
    if (response && !add_headers(response, call->arena, &call->answer)) {
        MHD_destroy_response(response);
        return NULL;
    }
    return response;
}

static enum MHD_Result send_answer(ac_server_call *call)
{
    if (ac_server_gives_none(call)) {
        return MHD_NO;
    }
    int status = call->answer.response.status;
    if (status < 200 || status > 999) {
        fill_plain(call, 500, "the handler gave no valid status\n");
    }
    struct MHD_Response *response = make_response(call);
    if (!response) {
        fill_plain(call, 500, "the handler gave a header that cannot be sent\n");
        response = make_response(call);
    }
    unsigned code = (unsigned)call->answer.response.status;
    enum MHD_Result queued = MHD_queue_response(call->connection, code, response);
    MHD_destroy_response(response);
    return queued;
}

/* ---- delayed answers ---- */

/* Takes what is due out of the list, or everything when stopping; *next_us becomes when the next is. */
static ac_server_call *take_due(ac_server *server, int64_t *next_us)
{
    int64_t now_us = ac_monotonic_us();
    ac_server_call *due = NULL;
    *next_us = INT64_MAX;
    for (ac_server_call **at = &server->delayed; *at;) {
        ac_server_call *one = *at;
        if (server->stopping || one->due_us <= now_us) {
            *at = one->next;
            one->next = due;
            due = one;
        } else {
            *next_us = one->due_us < *next_us ? one->due_us : *next_us;
            at = &one->next;
        }
    }
    return due;
}

static void wait_until(ac_server *server, int64_t time_us)
{
    if (time_us == INT64_MAX) {
        pthread_cond_wait(&server->changed, &server->lock);
        return;
    }
    struct timespec time = {.tv_sec = time_us / 1000000, .tv_nsec = time_us % 1000000 * 1000};
    pthread_cond_timedwait(&server->changed, &server->lock, &time);
}

/* Called without the lock, because libmicrohttpd takes its own. A call may end as soon as it is resumed. */
static void resume(ac_server_call *due)
{
    while (due) {
        ac_server_call *next = due->next;
        MHD_resume_connection(due->connection);
        due = next;
    }
}

static void *run_timer(void *context)
{
    ac_server *server = context;
    pthread_mutex_lock(&server->lock);
    while (!server->stopping || server->delayed) {
        int64_t next_us = 0;
        ac_server_call *due = take_due(server, &next_us);
        if (due) {
            pthread_mutex_unlock(&server->lock);
            resume(due);
            pthread_mutex_lock(&server->lock);
        } else {
            wait_until(server, next_us);
        }
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

void ac_server_end_delays(ac_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    pthread_cond_signal(&server->changed);
    bool runs = server->timer_runs;
    pthread_mutex_unlock(&server->lock);
    if (runs) {
        pthread_join(server->timer, NULL);
    }
}

/* After the wait libmicrohttpd asks again for what it was to send. */
bool ac_server_suspend(ac_server *server, ac_server_call *call, int64_t wait_ms)
{
    pthread_mutex_lock(&server->lock);
    if (!server->timer_runs && !server->stopping) {
        server->timer_runs = pthread_create(&server->timer, NULL, run_timer, server) == 0;
    }
    bool delayed = server->timer_runs && !server->stopping;
    if (delayed) {
        MHD_suspend_connection(call->connection);
        call->due_us = ac_monotonic_us() + wait_ms * 1000;
        call->next = server->delayed;
        server->delayed = call;
        pthread_cond_signal(&server->changed);
    }
    pthread_mutex_unlock(&server->lock);
    return delayed;
}

/* ---- requests ---- */

static enum MHD_Result add_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                  const char *value, size_t value_size)
{
    (void)kind;
    ac_server_call *call = context;
    ac_str text = value ? ac_str_trim((ac_str){value, value_size}) : AC_STR("");
    ac_pairs_add(call->arena, &call->request.headers, (ac_str){name, name_size}, text);
    return MHD_YES;
}

static enum MHD_Result refuse_body(const ac_server *server, ac_server_call *call)
{
    ac_str text = ac_str_printf(call->arena, "the request body is larger than %zu bytes\n",
                                server->options.body_bytes_max);
    fill_plain(call, 413, ac_str_z(call->arena, text));
    call->answered = true;
    return send_answer(call);
}

/* A body is read to its end even where it is too large: a client that is still sending would miss an
 * early answer. Not so where it asks first, or where the body is huge. */
static enum MHD_Result begin(const ac_server *server, ac_server_call *call)
{
    struct MHD_Connection *connection = call->connection;
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    bool asks_first = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Expect") != NULL;
    int64_t announced = 0;
    if (!ac_str_int(ac_str_c(length), &announced) || announced < 0) {
        return MHD_YES; /* none, or chunked; libmicrohttpd refuses others */
    }
    size_t read_max = server->options.body_bytes_max + (asks_first ? 0 : DROP_BYTES_MAX);
    return (size_t)announced > read_max ? refuse_body(server, call) : MHD_YES;
}

static enum MHD_Result take_body(const ac_server *server, ac_server_call *call, ac_str bytes)
{
    ac_buf_add(&call->body, bytes);
    call->received += bytes.n;
    return call->received <= server->options.body_bytes_max + DROP_BYTES_MAX ? MHD_YES : MHD_NO;
}

static enum MHD_Result answer(ac_server *server, ac_server_call *call, const char *method)
{
    if (call->body.overflow) {
        return refuse_body(server, call);
    }
    call->request.method = ac_str_c(method);
    call->request.body = ac_buf_str(&call->body);
    MHD_get_connection_values_n(call->connection, MHD_HEADER_KIND, add_header, call);
    server->handler(server->context, call->arena, &call->request, &call->answer);
    call->answered = true;
    int64_t delay_ms = call->answer.delay_ms;
    bool delayed = delay_ms > 0 && ac_server_suspend(server, call, delay_ms);
    return delayed ? MHD_YES : send_answer(call);
}

/* Called when the headers are there, for each piece of the body, at the end, and after a delay. */
enum MHD_Result ac_server_on_request(void *context, struct MHD_Connection *connection, const char *path,
                                     const char *method, const char *version, const char *bytes, size_t *size,
                                     void **request)
{
    (void)connection, (void)path, (void)version;
    ac_server *server = context;
    ac_server_call *call = *request;
    if (!call->begun) {
        call->begun = true;
        call->server = server;
        return begin(server, call);
    }
    if (*size > 0) {
        ac_str piece = {bytes, *size};
        *size = 0;
        return take_body(server, call, piece);
    }
    return call->answered ? send_answer(call) : answer(server, call, method);
}
