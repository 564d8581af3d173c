/* Answers as their framing says, among them those that break on purpose. */
#include <string.h>
#include <sys/socket.h>

#include "http/server_parts.h"

/* libmicrohttpd shuts the sending side before it closes, which is no reset; on Linux, a socket that is connected
 * to nowhere sends one. */
static void reset_connection(const ac_server_call *call)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    if (info) {
        (void)connect(info->connect_fd, &nowhere, sizeof nowhere);
    }
}

bool ac_server_gives_none(const ac_server_call *call)
{
    if (call->answer.framing == AC_FRAMING_RESET) {
        reset_connection(call);
    }
    return call->answer.framing == AC_FRAMING_RESET || call->answer.framing == AC_FRAMING_NO_ANSWER;
}

static ssize_t copy_piece(ac_str piece, char *out, size_t room)
{
    size_t count = piece.n < room ? piece.n : room;
    memcpy(out, piece.p, count);
    return (ssize_t)count;
}

/* A reader of libmicrohttpd: the bytes of the body from `at` on, as many as there is room for. */
static ssize_t read_whole(void *context, uint64_t at, char *out, size_t room)
{
    const ac_server_call *call = context;
    ac_str rest = ac_str_sub(call->answer.response.body, (size_t)at, SIZE_MAX);
    return rest.n == 0 ? MHD_CONTENT_READER_END_OF_STREAM : copy_piece(rest, out, room);
}

/* Once within an answer; false where it is over, or there is no waiting. */
static bool pauses(ac_server_call *call)
{
    bool first = !call->paused;
    call->paused = true;
    return first && call->answer.pause_ms > 0 && ac_server_suspend(call->server, call, call->answer.pause_ms);
}

static ssize_t read_short(void *context, uint64_t at, char *out, size_t room)
{
    const ac_server_call *call = context;
    size_t half = call->answer.response.body.n / 2;
    ac_str rest = ac_str_sub(call->answer.response.body, (size_t)at, at < half ? half - (size_t)at : 0);
    return rest.n == 0 ? MHD_CONTENT_READER_END_WITH_ERROR : copy_piece(rest, out, room);
}

static ssize_t read_nothing(void *context, uint64_t at, char *out, size_t room)
{
    (void)at, (void)out, (void)room;
    ac_server_call *call = context;
    if (pauses(call)) {
        return 0;
    }
    reset_connection(call);
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t read_slow(void *context, uint64_t at, char *out, size_t room)
{
    ac_server_call *call = context;
    ac_str body = call->answer.response.body;
    size_t half = body.n / 2;
    if (at < half) {
        return copy_piece(ac_str_sub(body, (size_t)at, half - (size_t)at), out, room);
    }
    return pauses(call) ? 0 : copy_piece(ac_str_sub(body, (size_t)at, body.n), out, room);
}

enum { PIECE_BYTES = 32 * 1024 };

/* libmicrohttpd reads the body from the arena until the call is completed; it asks for a pointer to what it might
 * change, and does not in this mode. */
static struct MHD_Response *in_one(const ac_server_call *call)
{
    ac_str body = call->answer.response.body;
    return MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_PERSISTENT);
}

struct MHD_Response *ac_server_frame(ac_server_call *call)
{
    static const MHD_ContentReaderCallback readers[] = {
        [AC_FRAMING_CHUNKED] = read_whole, [AC_FRAMING_SLOW] = read_slow, [AC_FRAMING_SHORT] = read_short,
        [AC_FRAMING_CUT] = read_nothing,   [AC_FRAMING_RESET] = NULL,
    };
    ac_framing framing = call->answer.framing;
    uint64_t size = framing == AC_FRAMING_CHUNKED ? MHD_SIZE_UNKNOWN : call->answer.response.body.n;
    MHD_ContentReaderCallback reader = readers[framing];
    return reader ? MHD_create_response_from_callback(size, PIECE_BYTES, reader, call, NULL) : in_one(call);
}
