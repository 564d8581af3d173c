#include "http/server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/server_parts.h"

const ac_server_options ac_server_defaults = {
    .host = "127.0.0.1",
    .threads = 1,
    .connections = 1024,
    .idle_seconds = 30,
    .body_bytes_max = 4 * 1024 * 1024,
};

/* Request line and headers of one request; libmicrohttpd clears as much for each. */
enum { HEAD_BYTES_MAX = 64 * 1024 };

/* ---- listening ---- */

typedef union socket_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} socket_address;

static bool parse_address(const ac_server_options *options, socket_address *out)
{
    *out = (socket_address){0};
    if (inet_pton(AF_INET, options->host, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons(options->port);
        return true;
    }
    if (inet_pton(AF_INET6, options->host, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons(options->port);
        return true;
    }
    return false;
}

static bool is_loopback(const socket_address *address)
{
    if (address->any.sa_family == AF_INET6) {
        return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
    }
    return ntohl(address->v4.sin_addr.s_addr) >> 24 == 127;
}

static bool check_address(const ac_server_options *options, socket_address *out, ac_err *err)
{
    if (!parse_address(options, out)) {
        return ac_fail(err, AC_ERR_USAGE, "%s: not a numeric address", options->host);
    }
    if (!is_loopback(out) && !options->allow_any) {
        return ac_fail(err, AC_ERR_USAGE, "%s: not a loopback address", options->host);
    }
    return true;
}

static socklen_t address_size(const socket_address *address)
{
    return address->any.sa_family == AF_INET6 ? sizeof address->v6 : sizeof address->v4;
}

/* A socket that listens; address becomes where. -1 with errno on failure. */
static int listen_at(socket_address *address)
{
    int one = 1;
    int fd = socket(address->any.sa_family, SOCK_STREAM, 0);
    if (fd < 0) {
        return -1;
    }
    socklen_t size = address_size(address);
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
        bind(fd, &address->any, size) == 0 && listen(fd, SOMAXCONN) == 0 &&
        getsockname(fd, &address->any, &size) == 0) {
        return fd;
    }
    int failure = errno;
    close(fd);
    errno = failure;
    return -1;
}

static void set_url(ac_server *server, const socket_address *address)
{
    bool v6 = address->any.sa_family == AF_INET6;
    server->port = ntohs(v6 ? address->v6.sin6_port : address->v4.sin_port);
    snprintf(server->url, sizeof server->url, v6 ? "%s://[%s]:%u" : "%s://%s:%u",
             server->options.tls_cert ? "https" : "http", server->options.host, (unsigned)server->port);
}

static int open_socket(ac_server *server, ac_err *err)
{
    socket_address address;
    if (!check_address(&server->options, &address, err)) {
        return -1;
    }
    int fd = listen_at(&address);
    if (fd < 0) {
        ac_fail(err, AC_ERR_INTERNAL, "%s:%u: %s", server->options.host, (unsigned)server->options.port,
                strerror(errno));
        return -1;
    }
    set_url(server, &address);
    return fd;
}

/* ---- starting and stopping ---- */

/* Keeps the first line that libmicrohttpd says while it starts; what it says later is about clients. */
AC_PRINTF(2, 0) static void on_log(void *context, const char *format, va_list args)
{
    ac_server *server = context;
    pthread_mutex_lock(&server->lock);
    if (!server->started && server->log[0] == '\0') {
        vsnprintf(server->log, sizeof server->log, format, args);
        server->log[strcspn(server->log, "\r\n")] = '\0';
    }
    pthread_mutex_unlock(&server->lock);
}

/* Not epoll: with it libmicrohttpd 0.9.75 overlooks clients that close their sending side, and keeps their
 * connections until they count as idle. */
static unsigned daemon_flags(const ac_server_options *options)
{
    unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    flags |= strchr(options->host, ':') ? MHD_USE_IPv6 : 0;
    flags |= options->tls_cert ? MHD_USE_TLS : 0;
    return flags;
}

static struct MHD_Daemon *start_daemon(ac_server *server, int fd)
{
    const ac_server_options *options = &server->options;
    struct MHD_OptionItem items[8] = {
        {MHD_OPTION_LISTEN_SOCKET, fd, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)options->connections, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)options->idle_seconds, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_BYTES_MAX, NULL},
    };
    size_t count = 4;
    if (options->threads > 1) {
        items[count++] =
            (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)options->threads, NULL};
    }
    if (options->tls_cert) {
        char *cert = (char *)(uintptr_t)options->tls_cert; /* only read */
        char *key = (char *)(uintptr_t)options->tls_key;
        items[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, cert};
        items[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, key};
    }
    items[count] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    return MHD_start_daemon(daemon_flags(options), 0, NULL, NULL, ac_server_on_request, server,
                            MHD_OPTION_EXTERNAL_LOGGER, on_log, server, MHD_OPTION_URI_LOG_CALLBACK,
                            ac_server_on_target, server, MHD_OPTION_NOTIFY_COMPLETED, ac_server_on_completed,
                            server, MHD_OPTION_ARRAY, items, MHD_OPTION_END);
}

static bool start(ac_server *server, ac_err *err)
{
    int fd = open_socket(server, err);
    if (fd < 0) {
        return false;
    }
    server->daemon = start_daemon(server, fd); /* owns the socket, also where it fails */
    pthread_mutex_lock(&server->lock);
    server->started = true;
    pthread_mutex_unlock(&server->lock);
    if (!server->daemon) {
        return ac_fail(err, AC_ERR_INTERNAL, "%s: cannot serve: %s", server->url,
                       server->log[0] ? server->log : strerror(errno));
    }
    return true;
}

/* New threads inherit what is blocked: handlers of signals are no matter of the server's. */
static bool start_all(ac_server *server, ac_err *err)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    ac_server_init_calls(server);
    bool ok = start(server, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

ac_server *ac_server_start(const ac_server_options *options, ac_handler handler, void *context, ac_err *err)
{
    assert(options->threads > 0 && options->connections >= options->threads);
    assert(!options->tls_cert == !options->tls_key);
    ac_server *server = ac_alloc(sizeof *server);
    server->options = *options;
    server->handler = handler;
    server->context = context;
    if (!start_all(server, err)) {
        ac_server_stop(server);
        return NULL;
    }
    return server;
}

void ac_server_stop(ac_server *server)
{
    if (!server) {
        return;
    }
    ac_server_end_delays(server);
    if (server->daemon) {
        MHD_stop_daemon(server->daemon);
    }
    ac_server_done_calls(server);
    ac_free(server);
}

const char *ac_server_url(const ac_server *server)
{
    return server->url;
}

uint16_t ac_server_port(const ac_server *server)
{
    return server->port;
}
