#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "recorder/proxy_parts.h"

enum { TICK_MS = 200, PIECE_BYTES = 16 * 1024, FIRST_OF_TLS = 0x16 };

static const ac_str established = AC_STR_INIT("HTTP/1.1 200 Connection established\r\n\r\n");

static bool refuse(ac_connection *connection, const ac_request *request, int status, const char *why)
{
    const ac_refusal refusal = {status, why};
    ac_answer_refusal(connection, request, &refusal);
    return false;
}

/* ---- tunnels that are opened ---- */

/* "https://host", with a port where it is not the usual one. */
static ac_str base_url(ac_arena *arena, const char *scheme, ac_str host, int64_t port, int64_t usual)
{
    return port == usual ? ac_str_printf(arena, "%s://%.*s", scheme, AC_STR_FMT(host))
                         : ac_str_printf(arena, "%s://%.*s:%lld", scheme, AC_STR_FMT(host), (long long)port);
}

static ac_str without_brackets(ac_str host)
{
    return ac_str_starts(host, AC_STR("[")) ? ac_str_sub(host, 1, host.n - 2) : host;
}

/* What the client says first tells whether it talks TLS in the tunnel. */
static bool open_tunnel(ac_connection *connection, ac_str host, int64_t port)
{
    ac_err err = {0};
    ac_stream *stream = &connection->stream;
    if (!ac_stream_send(stream, established) ||
        (ac_stream_pending(stream).n == 0 && !ac_stream_fill(stream, AC_HEAD_BYTES_MAX))) {
        return false;
    }
    if (ac_stream_pending(stream).p[0] != FIRST_OF_TLS) {
        connection->tunnel = base_url(connection->own, "http", host, port, 80);
        return true;
    }
    connection->tunnel = base_url(connection->own, "https", host, port, 443);
    if (!ac_stream_start_tls(stream, connection->proxy->options.ca, without_brackets(host), &err)) {
        ac_proxy_tell(connection->proxy, "CONNECT %.*s: %s", AC_STR_FMT(host), err.text);
        return false;
    }
    return true;
}

/* ---- tunnels that are not ---- */

static bool pass(int from, int to)
{
    char bytes[PIECE_BYTES];
    ssize_t got = recv(from, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got < 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    }
    for (ssize_t done = 0; done < got;) {
        ssize_t sent = send(to, bytes + done, (size_t)(got - done), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            struct pollfd room = {.fd = to, .events = POLLOUT};
            if (poll(&room, 1, TICK_MS * 50) <= 0) {
                return false;
            }
        } else if (sent < 0 && errno != EINTR) {
            return false;
        }
        done += sent > 0 ? sent : 0;
    }
    return got > 0;
}

/* Both directions, until both ends said that they are done or one failed. */
static void splice(ac_connection *connection, int upstream)
{
    struct pollfd ends[2] = {{connection->stream.fd, POLLIN, 0}, {upstream, POLLIN, 0}};
    while ((ends[0].fd >= 0 || ends[1].fd >= 0) && !ac_proxy_stopping(connection->proxy)) {
        int count = poll(ends, 2, TICK_MS);
        if (count < 0 && errno != EINTR) {
            return;
        }
        for (size_t i = 0; i < 2 && count > 0; i++) {
            int from = i == 0 ? connection->stream.fd : upstream;
            int to = i == 0 ? upstream : connection->stream.fd;
            if (ends[i].fd >= 0 && ends[i].revents != 0 && !pass(from, to)) {
                ends[i].fd = -1;
                shutdown(to, SHUT_WR);
            }
        }
    }
}

static bool run_blind(ac_connection *connection, const ac_request *request)
{
    ac_err err = {0};
    ac_relay *relay = ac_proxy_take_relay(connection->proxy, &err);
    int fd = -1;
    if (relay) {
        ac_str url = ac_str_printf(connection->arena, "http://%.*s", AC_STR_FMT(request->target));
        fd = ac_relay_connect(relay, connection->arena, url, &err);
    }
    if (fd < 0) {
        refuse(connection, request, 502, err.text);
    } else if (ac_stream_send(&connection->stream, established)) {
        ac_str early = ac_stream_pending(&connection->stream);
        bool ok = early.n == 0 || send(fd, early.p, early.n, MSG_NOSIGNAL) == (ssize_t)early.n;
        if (ok) {
            splice(connection, fd);
        }
    }
    ac_relay_free(relay); /* with its connection */
    return false;
}

/* ---- CONNECT ---- */

bool ac_tunnel_open(ac_connection *connection, const ac_head *head)
{
    const ac_request *request = &head->request;
    const ac_proxy_options *options = &connection->proxy->options;
    ac_str host;
    int64_t port = 0;
    if (connection->tunnel.p || !options->router.forward) {
        return refuse(connection, request, 400, "this is no forward proxy");
    }
    if (head->framing != AC_HEAD_NO_BODY) {
        return refuse(connection, request, 400, "CONNECT has a body");
    }
    if (!ac_authority_read(request->target, &host, &port) || port == 0) {
        return refuse(connection, request, 400, "CONNECT names no valid host and port");
    }
    host = ac_str_dup(connection->own, host);
    if (options->ca && ac_route_opens(&options->router, without_brackets(host))) {
        return open_tunnel(connection, host, port);
    }
    if (options->router.others) {
        return run_blind(connection, request);
    }
    return refuse(
        connection, request, 403,
        "no provider names this host: open it with --allow-host, or let it pass with --tunnel-others");
}
