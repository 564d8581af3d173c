#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recorder/journal_parts.h"

typedef struct place {
    uint64_t number;
    uint64_t offset;
} place;

typedef struct index {
    place *items;
    size_t count;
    size_t capacity;
} index;

static bool note_place(void *context, uint64_t offset, const ac_frame *frame)
{
    index *all = context;
    if (all->count == all->capacity) {
        all->capacity = all->capacity > 0 ? all->capacity * 2 : 256;
        all->items = ac_realloc(all->items, all->capacity * sizeof *all->items);
    }
    all->items[all->count++] = (place){frame->number, offset};
    return true;
}

/* By number; what has the same number stays in the order of the file. */
static int by_number(const void *a, const void *b)
{
    const place *first = a;
    const place *second = b;
    if (first->number != second->number) {
        return first->number < second->number ? -1 : 1;
    }
    return first->offset < second->offset ? -1 : 1;
}

static bool read_record(ac_journal_source *source, ac_arena *arena, uint64_t offset, ac_record *out)
{
    ac_frame frame;
    const char *head = ac_journal_source_at(source, offset, AC_FRAME_HEAD);
    if (!head || !ac_frame_read(head, &frame)) {
        return false;
    }
    const char *payload = ac_journal_source_at(source, offset + AC_FRAME_HEAD, frame.payload_bytes);
    return payload && ac_record_decode(arena, (ac_str){payload, frame.payload_bytes}, out);
}

static bool visit_all(ac_journal_source *source, const index *all, ac_journal_visit visit, void *context)
{
    bool ok = true;
    ac_arena *arena = ac_arena_new();
    for (size_t i = 0; i < all->count && ok; i++) {
        ac_record record;
        ok = read_record(source, arena, all->items[i].offset, &record) || source->failed ||
             ac_fail(source->err, AC_ERR_USAGE, "%s: byte %llu: the record cannot be read", source->path,
                     (unsigned long long)all->items[i].offset);
        ok = ok && !source->failed;
        if (ok && !visit(context, arena, &record)) {
            break;
        }
        ac_arena_reset(arena);
    }
    ac_arena_free(arena);
    return ok;
}

static bool read_source(ac_journal_source *source, ac_journal_visit visit, void *context,
                        ac_journal_found *found)
{
    index all = {0};
    uint64_t end;
    bool ok = ac_journal_scan(source, note_place, &all, found, &end);
    if (ok && all.count > 0) {
        qsort(all.items, all.count, sizeof *all.items, by_number);
        ok = visit_all(source, &all, visit, context);
    }
    ac_free(all.items);
    ac_journal_source_done(source);
    return ok;
}

bool ac_journal_read_bytes(ac_str bytes, const char *name, ac_journal_visit visit, void *context,
                           ac_journal_found *found, ac_err *err)
{
    ac_journal_source source = {.fd = -1, .path = name, .bytes = bytes, .size = bytes.n, .err = err};
    return read_source(&source, visit, context, found);
}

bool ac_journal_read(const char *path, ac_journal_visit visit, void *context, ac_journal_found *found,
                     ac_err *err)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not keep us */
    if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        ac_fail(err, AC_ERR_USAGE, "%s: %s", path, fd < 0 ? strerror(errno) : "not a regular file");
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    ac_journal_source source = {.fd = fd, .path = path, .size = (uint64_t)status.st_size, .err = err};
    bool ok = read_source(&source, visit, context, found);
    close(fd);
    return ok;
}
