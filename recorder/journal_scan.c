#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "recorder/checksum.h"
#include "recorder/journal_parts.h"

const ac_str ac_journal_mark = AC_STR_INIT("accord-journal 1\n");

enum { WINDOW_BYTES = 256 * 1024 };

/* ---- heads of frames ---- */

static const char frame_mark[4] = {'\xAC', 'R', 'E', 'C'};

static void put_u32(char *to, uint32_t number)
{
    for (size_t i = 0; i < 4; i++) {
        to[i] = (char)(number >> (8 * i) & 0xFF);
    }
}

static uint32_t get_u32(const char *from)
{
    uint32_t number = 0;
    for (size_t i = 0; i < 4; i++) {
        number |= (uint32_t)(unsigned char)from[i] << (8 * i);
    }
    return number;
}

void ac_frame_write(char head[AC_FRAME_HEAD], const ac_frame *frame)
{
    memcpy(head, frame_mark, sizeof frame_mark);
    put_u32(head + 4, frame->payload_bytes);
    put_u32(head + 8, (uint32_t)(frame->number & 0xFFFFFFFFu));
    put_u32(head + 12, (uint32_t)(frame->number >> 32));
    put_u32(head + 16, frame->payload_crc);
    put_u32(head + 20, ac_crc32c((ac_str){head, 20}));
}

bool ac_frame_read(const char head[AC_FRAME_HEAD], ac_frame *out)
{
    if (memcmp(head, frame_mark, sizeof frame_mark) != 0 ||
        get_u32(head + 20) != ac_crc32c((ac_str){head, 20})) {
        return false;
    }
    out->payload_bytes = get_u32(head + 4);
    out->number = get_u32(head + 8) | (uint64_t)get_u32(head + 12) << 32;
    out->payload_crc = get_u32(head + 16);
    return out->payload_bytes <= AC_JOURNAL_RECORD_MAX;
}

/* ---- bytes through a window ---- */

void ac_journal_source_done(ac_journal_source *source)
{
    ac_free(source->window);
    source->window = NULL;
}

static bool fill_window(ac_journal_source *source, uint64_t offset, size_t count)
{
    size_t want = count > WINDOW_BYTES ? count : WINDOW_BYTES;
    if (want > source->window_capacity) {
        source->window = ac_realloc(source->window, want);
        source->window_capacity = want;
    }
    source->window_at = offset;
    source->window_bytes = 0;
    while (source->window_bytes < count) {
        ssize_t got = pread(source->fd, source->window + source->window_bytes, want - source->window_bytes,
                            (off_t)(offset + source->window_bytes));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            source->failed = true;
            return ac_fail(source->err, AC_ERR_USAGE, "%s: %s", source->path,
                           got < 0 ? strerror(errno) : "became shorter while it was read");
        }
        source->window_bytes += (size_t)got;
    }
    return true;
}

const char *ac_journal_source_at(ac_journal_source *source, uint64_t offset, size_t count)
{
    if (source->failed || offset > source->size || count > source->size - offset) {
        return NULL;
    }
    if (source->fd < 0) {
        return source->bytes.p + offset;
    }
    bool inside = offset >= source->window_at && offset - source->window_at <= source->window_bytes &&
                  count <= source->window_bytes - (offset - source->window_at);
    if (!inside && !fill_window(source, offset, count)) {
        return NULL;
    }
    return source->window + (offset - source->window_at);
}

/* ---- scanning ---- */

static bool read_head(ac_journal_source *source, uint64_t offset, ac_frame *out)
{
    const char *head = ac_journal_source_at(source, offset, AC_FRAME_HEAD);
    return head && ac_frame_read(head, out);
}

/* Where the next frame with a right head begins; the size of the file where there is none. */
static uint64_t find_head(ac_journal_source *source, uint64_t offset)
{
    for (; source->size - offset >= AC_FRAME_HEAD && !source->failed; offset++) {
        ac_frame frame;
        if (read_head(source, offset, &frame)) {
            return offset;
        }
    }
    return source->size;
}

static bool is_whole(ac_journal_source *source, uint64_t offset, const ac_frame *frame)
{
    const char *payload = ac_journal_source_at(source, offset + AC_FRAME_HEAD, frame->payload_bytes);
    return payload && ac_crc32c((ac_str){payload, frame->payload_bytes}) == frame->payload_crc;
}

/* Past a frame that is not whole, or bytes that are none. */
static uint64_t skip(ac_journal_source *source, uint64_t offset)
{
    ac_frame frame;
    if (read_head(source, offset, &frame)) {
        uint64_t next = offset + AC_FRAME_HEAD + frame.payload_bytes;
        return next < source->size ? next : source->size;
    }
    return find_head(source, offset + 1);
}

static bool scan_frames(ac_journal_source *source, ac_journal_seen seen, void *context,
                        ac_journal_found *found, uint64_t *end)
{
    uint64_t pending = 0; /* bytes that are no frame; torn, unless a whole frame follows */
    for (uint64_t offset = ac_journal_mark.n; offset < source->size && !source->failed;) {
        ac_frame frame;
        if (!read_head(source, offset, &frame) || !is_whole(source, offset, &frame)) {
            uint64_t next = skip(source, offset);
            pending += next - offset;
            offset = next;
            continue;
        }
        found->damaged_bytes += pending;
        pending = 0;
        found->records++;
        found->last_number = frame.number > found->last_number ? frame.number : found->last_number;
        if (!seen(context, offset, &frame)) {
            break;
        }
        offset += AC_FRAME_HEAD + frame.payload_bytes;
        *end = offset;
    }
    found->torn_bytes = pending;
    return !source->failed;
}

/* A file that is shorter than its first line was torn when it was made. */
static bool check_mark(ac_journal_source *source, size_t bytes)
{
    const char *start = bytes > 0 ? ac_journal_source_at(source, 0, bytes) : "";
    bool right = start && ac_str_starts(ac_journal_mark, (ac_str){start, bytes});
    return right || source->failed ||
           ac_fail(source->err, AC_ERR_USAGE, "%s: not a journal of accord", source->path);
}

bool ac_journal_scan(ac_journal_source *source, ac_journal_seen seen, void *context, ac_journal_found *found,
                     uint64_t *end)
{
    *found = (ac_journal_found){0};
    bool is_short = source->size < ac_journal_mark.n;
    *end = is_short ? 0 : ac_journal_mark.n;
    if (!check_mark(source, is_short ? (size_t)source->size : ac_journal_mark.n) || source->failed) {
        return false;
    }
    if (is_short) {
        found->torn_bytes = source->size;
        return true;
    }
    return scan_frames(source, seen, context, found, end);
}
