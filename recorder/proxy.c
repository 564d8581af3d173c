#include "recorder/proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "recorder/proxy_parts.h"
#include "recorder/secrets.h"

const ac_proxy_options ac_proxy_defaults = {
    .host = "127.0.0.1",
    .connections = 256,
    .silence_ms = 60 * 1000,
    .connect_ms = 5 * 1000,
    .keep_bytes = 8 * 1024 * 1024,
};

enum {
    STACK_BYTES = 512 * 1024,
    GRACE_MS = 2000,
    PAUSE_MS = 50,
    LINE_BYTES = 2048,
    HEADER_BYTES_MAX = 64 * 1024
};

/* ---- telling ---- */

void ac_proxy_tell(const ac_proxy *proxy, const char *format, ...)
{
    ac_buf raw, line;
    va_list args;
    ac_buf_init(&raw, LINE_BYTES);
    ac_buf_init(&line, 4 * LINE_BYTES);
    va_start(args, format);
    ac_buf_vprintf(&raw, format, args);
    va_end(args);
    ac_buf_add_visible(&line, ac_buf_str(&raw));
    if (proxy->options.tell) {
        proxy->options.tell(proxy->options.context, line.p ? line.p : "");
    }
    ac_buf_done(&raw);
    ac_buf_done(&line);
}

/* ---- what connections share ---- */

bool ac_proxy_stopping(ac_proxy *proxy)
{
    return atomic_load(&proxy->stopping);
}

uint64_t ac_proxy_number(ac_proxy *proxy)
{
    return atomic_fetch_add(&proxy->next_number, 1);
}

/* The one used last, which is likely to have a connection. */
ac_relay *ac_proxy_take_relay(ac_proxy *proxy, ac_err *err)
{
    const ac_proxy_options *options = &proxy->options;
    pthread_mutex_lock(&proxy->lock);
    ac_relay *taken = proxy->idle_count > 0 ? proxy->idle[--proxy->idle_count] : NULL;
    pthread_mutex_unlock(&proxy->lock);
    const ac_relay_options relay = {.connect_ms = options->connect_ms,
                                    .silence_ms = options->silence_ms,
                                    .header_bytes_max = HEADER_BYTES_MAX,
                                    .ca_file = options->upstream_ca,
                                    .proxy = options->upstream_proxy};
    return taken ? taken : ac_relay_new(&relay, err);
}

void ac_proxy_give_relay(ac_proxy *proxy, ac_relay *relay)
{
    pthread_mutex_lock(&proxy->lock);
    if (relay && proxy->idle_count < AC_COUNT(proxy->idle)) {
        proxy->idle[proxy->idle_count++] = relay;
        relay = NULL;
    }
    pthread_mutex_unlock(&proxy->lock);
    ac_relay_free(relay);
}

static void note_failure(ac_proxy *proxy, const ac_err *err)
{
    pthread_mutex_lock(&proxy->lock);
    bool first = !proxy->journal_failed;
    proxy->journal_failed = true;
    pthread_mutex_unlock(&proxy->lock);
    if (first) {
        ac_proxy_tell(proxy, "%s", err->text);
    }
}

bool ac_proxy_append(ac_proxy *proxy, ac_arena *arena, ac_record *record)
{
    ac_err err = {0};
    ac_secrets_remove(arena, record, &proxy->known);
    if (!ac_journal_append(proxy->options.journal, record, &err)) {
        note_failure(proxy, &err);
        return false;
    }
    atomic_fetch_add(&proxy->recorded, 1);
    return true;
}

/* ---- connections ---- */

static void free_connection(ac_connection *connection)
{
    ac_arena_free(connection->arena);
    ac_arena_free(connection->own);
    ac_buf_done(&connection->request);
    ac_buf_done(&connection->kept);
    ac_buf_done(&connection->pending);
    ac_buf_done(&connection->head);
    ac_buf_done(&connection->wire);
    ac_free(connection);
}

static ac_connection *new_connection(ac_proxy *proxy, int fd)
{
    ac_connection *added = ac_alloc(sizeof *added);
    size_t keep = proxy->options.keep_bytes;
    added->proxy = proxy;
    added->arena = ac_arena_new();
    added->own = ac_arena_new();
    ac_stream_init(&added->stream, fd, proxy->options.silence_ms);
    ac_buf_init(&added->request, keep + AC_HEAD_BYTES_MAX * 2);
    ac_buf_init(&added->kept, keep);
    ac_buf_init(&added->pending, SIZE_MAX / 4);
    ac_buf_init(&added->head, SIZE_MAX / 4);
    ac_buf_init(&added->wire, SIZE_MAX / 4);
    return added;
}

/* With the lock. */
static void link_connection(ac_proxy *proxy, ac_connection *added)
{
    added->next = proxy->open;
    added->link = &proxy->open;
    if (proxy->open) {
        proxy->open->link = &added->next;
    }
    proxy->open = added;
    proxy->open_count++;
}

/* The socket is closed after this: nobody else may touch it then. */
static void unlink_connection(ac_connection *connection)
{
    ac_proxy *proxy = connection->proxy;
    pthread_mutex_lock(&proxy->lock);
    *connection->link = connection->next;
    if (connection->next) {
        connection->next->link = connection->link;
    }
    pthread_mutex_unlock(&proxy->lock);
}

static void *run_connection(void *context)
{
    ac_connection *connection = context;
    ac_proxy *proxy = connection->proxy;
    ac_connection_serve(connection);
    unlink_connection(connection);
    ac_proxy_give_relay(proxy, connection->relay);
    ac_stream_done(&connection->stream);
    free_connection(connection);
    pthread_mutex_lock(&proxy->lock);
    proxy->open_count--;
    pthread_cond_broadcast(&proxy->changed);
    pthread_mutex_unlock(&proxy->lock);
    return NULL;
}

static bool start_thread(ac_connection *connection)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    bool ok = pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
              pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0 &&
              pthread_create(&thread, &attributes, run_connection, connection) == 0;
    pthread_attr_destroy(&attributes);
    return ok;
}

static void serve(ac_proxy *proxy, int fd)
{
    ac_connection *added = new_connection(proxy, fd);
    pthread_mutex_lock(&proxy->lock);
    link_connection(proxy, added);
    pthread_mutex_unlock(&proxy->lock);
    if (start_thread(added)) {
        return;
    }
    ac_proxy_tell(proxy, "a connection is refused: no thread for it");
    unlink_connection(added);
    ac_stream_done(&added->stream);
    free_connection(added);
    pthread_mutex_lock(&proxy->lock);
    proxy->open_count--;
    pthread_mutex_unlock(&proxy->lock);
}

/* ---- accepting ---- */

/* Waits until there is room for a connection. */
static bool wait_for_room(ac_proxy *proxy)
{
    pthread_mutex_lock(&proxy->lock);
    while (proxy->open_count >= proxy->options.connections && !ac_proxy_stopping(proxy)) {
        pthread_cond_wait(&proxy->changed, &proxy->lock);
    }
    bool more = !ac_proxy_stopping(proxy);
    pthread_mutex_unlock(&proxy->lock);
    return more;
}

static void accept_one(ac_proxy *proxy)
{
    int fd = accept(proxy->listener, NULL, NULL);
    if (fd < 0) {
        bool scarce = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        if (scarce) {
            ac_proxy_tell(proxy, "a connection has to wait: %s", strerror(errno));
            poll(NULL, 0, PAUSE_MS);
        }
        return;
    }
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, 0) != 0) {
        close(fd);
        return;
    }
    serve(proxy, fd);
}

static void *run_acceptor(void *context)
{
    ac_proxy *proxy = context;
    struct pollfd events[2] = {{proxy->listener, POLLIN, 0}, {proxy->wake[0], POLLIN, 0}};
    while (wait_for_room(proxy)) {
        if (poll(events, 2, -1) > 0 && events[0].revents != 0) {
            accept_one(proxy);
        }
    }
    return NULL;
}

/* ---- starting ---- */

typedef union socket_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} socket_address;

static bool read_address(const ac_proxy_options *options, socket_address *out, ac_err *err)
{
    *out = (socket_address){0};
    bool loopback = false;
    if (inet_pton(AF_INET, options->host, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons(options->port);
        loopback = ntohl(out->v4.sin_addr.s_addr) >> 24 == 127;
    } else if (inet_pton(AF_INET6, options->host, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons(options->port);
        loopback = IN6_IS_ADDR_LOOPBACK(&out->v6.sin6_addr);
    } else {
        return ac_fail(err, AC_ERR_USAGE, "%s: not a numeric address", options->host);
    }
    return loopback || options->allow_any ||
           ac_fail(err, AC_ERR_USAGE, "%s: not a loopback address", options->host);
}

static bool listen_at(ac_proxy *proxy, ac_err *err)
{
    int one = 1;
    socket_address address;
    if (!read_address(&proxy->options, &address, err)) {
        return false;
    }
    bool v6 = address.any.sa_family == AF_INET6;
    socklen_t size = v6 ? sizeof address.v6 : sizeof address.v4;
    int fd = proxy->listener = socket(address.any.sa_family, SOCK_STREAM, 0);
    if (fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(fd, &address.any, size) != 0 || listen(fd, SOMAXCONN) != 0 ||
        getsockname(fd, &address.any, &size) != 0) {
        return ac_fail(err, AC_ERR_INTERNAL, "%s:%u: %s", proxy->options.host, (unsigned)proxy->options.port,
                       strerror(errno));
    }
    unsigned port = ntohs(v6 ? address.v6.sin6_port : address.v4.sin_port);
    snprintf(proxy->url, sizeof proxy->url, v6 ? "http://[%s]:%u" : "http://%s:%u", proxy->options.host,
             port);
    return true;
}

static bool make_wake(ac_proxy *proxy, ac_err *err)
{
    bool ok = pipe(proxy->wake) == 0;
    for (size_t i = 0; i < 2 && ok; i++) {
        ok = fcntl(proxy->wake[i], F_SETFD, FD_CLOEXEC) == 0;
    }
    return ok || ac_fail(err, AC_ERR_INTERNAL, "cannot make a pipe: %s", strerror(errno));
}

/* The real credentials are looked for in what is recorded, and covered in what clients get. */
static void learn_secrets(ac_proxy *proxy)
{
    const ac_credentials *real = &proxy->options.credentials;
    if (!proxy->options.real_credentials || proxy->options.pass_through) {
        return;
    }
    const ac_str values[] = {ac_secret_bytes(real->access_key_secret), ac_secret_bytes(real->security_token),
                             real->access_key_id};
    for (size_t i = 0; i < AC_COUNT(values); i++) {
        if (values[i].n > 0) {
            proxy->secrets[proxy->known.count++] = values[i];
        }
    }
    proxy->known.items = proxy->secrets;
    ac_mask_init(proxy->arena, &proxy->mask, real);
}

static ac_proxy *new_proxy(const ac_proxy_options *options)
{
    ac_proxy *proxy = ac_alloc(sizeof *proxy);
    pthread_condattr_t attributes;
    proxy->options = *options;
    proxy->arena = ac_arena_new();
    proxy->listener = proxy->wake[0] = proxy->wake[1] = -1;
    atomic_init(&proxy->next_number, options->first_number);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC); /* the clock of ac_monotonic_us */
    pthread_cond_init(&proxy->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&proxy->lock, NULL);
    learn_secrets(proxy);
    return proxy;
}

static void free_proxy(ac_proxy *proxy)
{
    const int fds[] = {proxy->listener, proxy->wake[0], proxy->wake[1]};
    for (size_t i = 0; i < AC_COUNT(fds); i++) {
        if (fds[i] >= 0) {
            close(fds[i]);
        }
    }
    while (proxy->idle_count > 0) {
        ac_relay_free(proxy->idle[--proxy->idle_count]);
    }
    pthread_cond_destroy(&proxy->changed);
    pthread_mutex_destroy(&proxy->lock);
    ac_arena_free(proxy->arena);
    ac_free(proxy);
}

/* A relay shows at once whether files that it needs can be read. */
static bool try_relay(ac_proxy *proxy, ac_err *err)
{
    ac_relay *first = ac_proxy_take_relay(proxy, err);
    ac_proxy_give_relay(proxy, first);
    return first != NULL;
}

ac_proxy *ac_proxy_start(const ac_proxy_options *options, ac_err *err)
{
    ac_proxy *proxy = new_proxy(options);
    if (!make_wake(proxy, err) || !try_relay(proxy, err) || !listen_at(proxy, err)) {
        free_proxy(proxy);
        return NULL;
    }
    int code = pthread_create(&proxy->acceptor, NULL, run_acceptor, proxy);
    if (code != 0) {
        ac_fail(err, AC_ERR_INTERNAL, "cannot start a thread: %s", strerror(code));
        free_proxy(proxy);
        return NULL;
    }
    return proxy;
}

/* ---- stopping ---- */

/* With the lock. */
static void shut_all(const ac_proxy *proxy, int how)
{
    for (const ac_connection *one = proxy->open; one; one = one->next) {
        shutdown(one->stream.fd, how);
    }
}

/* With the lock. */
static void wait_for_connections(ac_proxy *proxy, int64_t end_us)
{
    struct timespec end = {.tv_sec = end_us / 1000000, .tv_nsec = end_us % 1000000 * 1000};
    while (proxy->open_count > 0 && ac_monotonic_us() < end_us) {
        pthread_cond_timedwait(&proxy->changed, &proxy->lock, &end);
    }
}

uint64_t ac_proxy_stop(ac_proxy *proxy)
{
    if (!proxy) {
        return 0;
    }
    pthread_mutex_lock(&proxy->lock);
    atomic_store(&proxy->stopping, true);
    pthread_cond_broadcast(&proxy->changed);
    shut_all(proxy, SHUT_RD); /* those that wait for a request stop waiting */
    pthread_mutex_unlock(&proxy->lock);
    ssize_t written = write(proxy->wake[1], "", 1);
    (void)written;
    pthread_join(proxy->acceptor, NULL);
    pthread_mutex_lock(&proxy->lock);
    wait_for_connections(proxy, ac_monotonic_us() + GRACE_MS * (int64_t)1000);
    shut_all(proxy, SHUT_RDWR);
    while (proxy->open_count > 0) {
        pthread_cond_wait(&proxy->changed, &proxy->lock);
    }
    uint64_t recorded = atomic_load(&proxy->recorded);
    pthread_mutex_unlock(&proxy->lock);
    free_proxy(proxy);
    return recorded;
}

const char *ac_proxy_url(const ac_proxy *proxy)
{
    return proxy->url;
}
