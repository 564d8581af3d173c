#include "recorder/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recorder/checksum.h"
#include "recorder/journal_parts.h"

struct ac_journal {
    char *path;
    int fd;
    ac_journal_sync sync;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t changed;
    uint64_t end;    /* of the last whole frame */
    uint64_t synced; /* up to here */
    uint64_t followed;
    bool syncing; /* one thread syncs for all that wait */
    bool following_ends;
    bool failed;
    ac_err failure;
};

/* ---- opening ---- */

static bool count_only(void *context, uint64_t offset, const ac_frame *frame)
{
    (void)context, (void)offset, (void)frame;
    return true;
}

static bool fail_with_errno(const ac_journal *journal, ac_err *err)
{
    return ac_fail(err, AC_ERR_INTERNAL, "%s: %s", journal->path, strerror(errno));
}

static bool write_all(int fd, ac_str bytes, uint64_t offset)
{
    while (bytes.n > 0) {
        ssize_t written = pwrite(fd, bytes.p, bytes.n, (off_t)offset);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        size_t count = written > 0 ? (size_t)written : 0;
        bytes = (ac_str){bytes.p + count, bytes.n - count};
        offset += count;
    }
    return true;
}

static bool lock_file(const ac_journal *journal, ac_err *err)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(journal->fd, F_SETLK, &whole) == 0) {
        return true;
    }
    bool taken = errno == EACCES || errno == EAGAIN;
    return taken ? ac_fail(err, AC_ERR_USAGE, "%s: another recorder writes to it", journal->path)
                 : fail_with_errno(journal, err);
}

static bool open_file(ac_journal *journal, uint64_t *size, ac_err *err)
{
    struct stat status;
    journal->fd =
        open(journal->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (journal->fd < 0 || fstat(journal->fd, &status) != 0) {
        return fail_with_errno(journal, err);
    }
    if (!S_ISREG(status.st_mode)) {
        return ac_fail(err, AC_ERR_USAGE, "%s: not a regular file", journal->path);
    }
    *size = (uint64_t)status.st_size;
    return lock_file(journal, err);
}

/* The name of a new file is to outlive a power cut, too. */
static bool sync_folder(const ac_journal *journal)
{
    const char *slash = strrchr(journal->path, '/');
    size_t length = slash ? (size_t)(slash - journal->path) + 1 : 1;
    char *folder = ac_alloc(length + 1);
    memcpy(folder, slash ? journal->path : ".", length);
    int fd = open(folder, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    ac_free(folder);
    return ok;
}

/* Only a journal is touched: its mode is set, a torn tail is cut off, a first line that is missing is written. */
static bool mend(ac_journal *journal, uint64_t end, ac_err *err)
{
    bool ok = fchmod(journal->fd, S_IRUSR | S_IWUSR) == 0 && ftruncate(journal->fd, (off_t)end) == 0 &&
              (end > 0 || write_all(journal->fd, ac_journal_mark, 0)) && fsync(journal->fd) == 0 &&
              (journal->sync == AC_JOURNAL_PROCESS || sync_folder(journal));
    journal->end = journal->synced = journal->followed = end > 0 ? end : ac_journal_mark.n;
    return ok || fail_with_errno(journal, err);
}

static bool prepare(ac_journal *journal, ac_journal_found *found, ac_err *err)
{
    uint64_t end = 0;
    ac_journal_source source = {.path = journal->path, .err = err};
    if (!open_file(journal, &source.size, err)) {
        return false;
    }
    source.fd = journal->fd;
    bool ok = ac_journal_scan(&source, count_only, NULL, found, &end) && mend(journal, end, err);
    ac_journal_source_done(&source);
    return ok;
}

ac_journal *ac_journal_open(const char *path, ac_journal_sync sync, ac_journal_found *found, ac_err *err)
{
    ac_journal *journal = ac_alloc(sizeof *journal);
    size_t length = strlen(path) + 1;
    journal->path = memcpy(ac_alloc(length), path, length);
    journal->sync = sync;
    pthread_mutex_init(&journal->lock, NULL);
    pthread_cond_init(&journal->changed, NULL);
    if (!prepare(journal, found, err)) {
        ac_journal_close(journal);
        return NULL;
    }
    return journal;
}

void ac_journal_close(ac_journal *journal)
{
    if (!journal) {
        return;
    }
    if (journal->fd >= 0) {
        close(journal->fd);
    }
    pthread_cond_destroy(&journal->changed);
    pthread_mutex_destroy(&journal->lock);
    ac_free(journal->path);
    ac_free(journal);
}

/* ---- appending ---- */

/* The frame in a buffer of its own, so that the head and the payload leave in one write. */
static bool make_frame(const ac_record *record, ac_buf *out)
{
    char head[AC_FRAME_HEAD] = {0};
    ac_buf_add(out, (ac_str){head, sizeof head});
    if (!ac_record_encode(out, record)) {
        return false;
    }
    ac_str payload = {out->p + AC_FRAME_HEAD, out->n - AC_FRAME_HEAD};
    ac_frame frame = {record->number, (uint32_t)payload.n, ac_crc32c(payload)};
    ac_frame_write(head, &frame);
    memcpy(out->p, head, sizeof head);
    return true;
}

/* With the lock. */
static bool fail_for_good(ac_journal *journal, const char *what)
{
    int why = errno;
    int cut = ftruncate(journal->fd, (off_t)journal->end);
    ac_fail(&journal->failure, AC_ERR_INTERNAL, "%s: %s: %s; nothing more is recorded%s", journal->path, what,
            strerror(why), cut == 0 ? "" : ", and the last record is torn");
    journal->failed = true;
    pthread_cond_broadcast(&journal->changed);
    return false;
}

/* With the lock. Waits until the bytes up to end are on the disk; whoever finds no sync going on does it for
 * everybody whose bytes are written by then. */
static bool sync_until(ac_journal *journal, uint64_t end)
{
    while (journal->synced < end && !journal->failed) {
        if (journal->syncing) {
            pthread_cond_wait(&journal->changed, &journal->lock);
            continue;
        }
        uint64_t reached = journal->end;
        journal->syncing = true;
        pthread_mutex_unlock(&journal->lock);
        int result = fdatasync(journal->fd);
        pthread_mutex_lock(&journal->lock);
        journal->syncing = false;
        if (result != 0) {
            return fail_for_good(journal, "cannot be synced");
        }
        journal->synced = reached;
        pthread_cond_broadcast(&journal->changed);
    }
    return !journal->failed;
}

/* With the lock. */
static bool write_frame(ac_journal *journal, ac_str frame)
{
    if (journal->failed) {
        return false;
    }
    if (!write_all(journal->fd, frame, journal->end)) {
        return fail_for_good(journal, "cannot be written");
    }
    uint64_t end = journal->end += frame.n;
    pthread_cond_broadcast(&journal->changed);
    return journal->sync == AC_JOURNAL_PROCESS || sync_until(journal, end);
}

bool ac_journal_append(ac_journal *journal, const ac_record *record, ac_err *err)
{
    ac_buf frame;
    ac_buf_init(&frame, AC_JOURNAL_RECORD_MAX + AC_FRAME_HEAD);
    if (!make_frame(record, &frame)) {
        ac_buf_done(&frame);
        return ac_fail(err, AC_ERR_INTERNAL, "%s: the exchange is too large for a record", journal->path);
    }
    pthread_mutex_lock(&journal->lock);
    bool ok = write_frame(journal, ac_buf_str(&frame));
    if (!ok && err) {
        *err = journal->failure;
    }
    pthread_mutex_unlock(&journal->lock);
    ac_buf_done(&frame);
    return ok;
}

bool ac_journal_sound(ac_journal *journal, ac_err *err)
{
    pthread_mutex_lock(&journal->lock);
    bool ok = !journal->failed;
    if (!ok && err) {
        *err = journal->failure;
    }
    pthread_mutex_unlock(&journal->lock);
    return ok;
}

/* ---- following ---- */

/* Waits for bytes that were not followed yet; false where there will be none. */
static bool wait_for_more(ac_journal *journal, ac_journal_source *source)
{
    pthread_mutex_lock(&journal->lock);
    while (journal->followed == journal->end && !journal->following_ends) {
        pthread_cond_wait(&journal->changed, &journal->lock);
    }
    source->size = journal->end;
    pthread_mutex_unlock(&journal->lock);
    return journal->followed < source->size;
}

static bool follow_one(ac_journal *journal, ac_journal_source *source, ac_arena *arena,
                       ac_journal_visit visit, void *context)
{
    ac_frame frame;
    ac_record record;
    const char *head = ac_journal_source_at(source, journal->followed, AC_FRAME_HEAD);
    if (!head || !ac_frame_read(head, &frame)) {
        return false;
    }
    const char *payload =
        ac_journal_source_at(source, journal->followed + AC_FRAME_HEAD, frame.payload_bytes);
    bool ok = payload && ac_record_decode(arena, (ac_str){payload, frame.payload_bytes}, &record) &&
              visit(context, arena, &record);
    journal->followed += AC_FRAME_HEAD + frame.payload_bytes;
    ac_arena_reset(arena);
    return ok;
}

void ac_journal_follow(ac_journal *journal, ac_journal_visit visit, void *context)
{
    ac_arena *arena = ac_arena_new();
    ac_journal_source source = {.fd = journal->fd, .path = journal->path};
    bool more = true;
    while (more && wait_for_more(journal, &source)) {
        while (more && journal->followed < source.size) {
            more = follow_one(journal, &source, arena, visit, context);
        }
    }
    ac_journal_source_done(&source);
    ac_arena_free(arena);
}

void ac_journal_end_follow(ac_journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    journal->following_ends = true;
    pthread_cond_broadcast(&journal->changed);
    pthread_mutex_unlock(&journal->lock);
}
