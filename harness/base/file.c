#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TREE_DEPTH_MAX = 16, OUTPUT_BUFFER = 64 * 1024, OUTPUT_PIECE = 1024 * 1024 };

static ac_str nothing(ac_err *err, const char *path, const char *why)
{
    ac_fail(err, AC_ERR_USAGE, "%s: %s", path, why);
    return (ac_str){NULL, 0};
}

static ac_str read_all(ac_arena *arena, int fd, const char *path, size_t max, ac_err *err)
{
    ac_buf content;
    char piece[16 * 1024];
    ssize_t got;
    ac_buf_init(&content, max);
    while ((got = read(fd, piece, sizeof piece)) > 0 && !content.overflow) {
        ac_buf_add(&content, (ac_str){piece, (size_t)got});
    }
    if (got < 0 || content.overflow) {
        ac_str failed = nothing(err, path, content.overflow ? "larger than allowed" : strerror(errno));
        ac_buf_done(&content);
        return failed;
    }
    return ac_buf_take(&content, arena);
}

ac_str ac_file_read(ac_arena *arena, const char *path, size_t max, ac_err *err)
{
    /* Not blocking: opening a FIFO must not hang; the check for a regular file follows. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status = {0};
    if (fd < 0) {
        return nothing(err, path, strerror(errno));
    }
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(fd);
        return nothing(err, path, S_ISDIR(status.st_mode) ? "is a directory" : "not a regular file");
    }
    ac_str content = read_all(arena, fd, path, max, err);
    close(fd);
    return content;
}

bool ac_file_is_dir(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* ---- trees ---- */

typedef struct walk {
    ac_arena *arena;
    const char *root;
    ac_str suffix;
    size_t max, capacity;
    ac_strs *out;
    ac_err *err;
} walk;

static bool add_file(walk *w, ac_str path)
{
    if (w->out->count == w->max) {
        return ac_fail(w->err, AC_ERR_USAGE, "%s: more than %zu files", w->root, w->max);
    }
    if (w->out->count == w->capacity) {
        w->capacity = w->capacity > 0 ? w->capacity * 2 : 64;
        ac_str *grown = AC_NEW_ARRAY(w->arena, w->capacity, ac_str);
        if (w->out->count > 0) {
            memcpy(grown, w->out->items, w->out->count * sizeof *grown);
        }
        w->out->items = grown;
    }
    w->out->items[w->out->count++] = path;
    return true;
}

static bool walk_dir(walk *w, ac_str relative, unsigned depth);

static bool walk_entry(walk *w, ac_str relative, const char *name, unsigned depth)
{
    struct stat status;
    ac_str path = relative.n > 0 ? ac_str_printf(w->arena, "%s/%s", relative.p, name)
                                 : ac_str_dup(w->arena, ac_str_c(name));
    ac_str full = ac_str_printf(w->arena, "%s/%s", w->root, path.p);
    if (lstat(full.p, &status) != 0) {
        return ac_fail(w->err, AC_ERR_USAGE, "%s: %s", full.p, strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return walk_dir(w, path, depth + 1);
    }
    return !S_ISREG(status.st_mode) || !ac_str_ends(path, w->suffix) || add_file(w, path);
}

static bool walk_dir(walk *w, ac_str relative, unsigned depth)
{
    ac_str full = ac_str_printf(w->arena, "%s/%s", w->root, relative.n > 0 ? relative.p : "");
    DIR *dir = depth <= TREE_DEPTH_MAX ? opendir(full.p) : NULL;
    if (!dir) {
        return ac_fail(w->err, AC_ERR_USAGE, "%s: %s", full.p,
                       depth > TREE_DEPTH_MAX ? "too deep" : strerror(errno));
    }
    bool ok = true;
    const struct dirent *entry;
    errno = 0;
    while (ok && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            ok = walk_entry(w, relative, entry->d_name, depth);
        }
        errno = 0; /* readdir tells a failure from the end by it alone */
    }
    if (ok && errno != 0) {
        ok = ac_fail(w->err, AC_ERR_USAGE, "%s: %s", full.p, strerror(errno));
    }
    closedir(dir);
    return ok;
}

static int by_bytes(const void *a, const void *b)
{
    return ac_str_cmp(*(const ac_str *)a, *(const ac_str *)b);
}

bool ac_file_list(ac_arena *arena, const char *dir, const char *suffix, size_t max, ac_strs *out, ac_err *err)
{
    *out = (ac_strs){NULL, 0};
    walk w = {.arena = arena, .root = dir, .suffix = ac_str_c(suffix), .max = max, .out = out, .err = err};
    if (!walk_dir(&w, (ac_str){NULL, 0}, 0)) {
        return false;
    }
    if (out->count > 0) {
        qsort(out->items, out->count, sizeof *out->items, by_bytes);
    }
    return true;
}

static void remove_entries(int parent, const char *name, unsigned depth)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        close(fd);
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        bool own = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        if (!own && unlinkat(dirfd(dir), entry->d_name, 0) != 0 && depth < TREE_DEPTH_MAX) {
            remove_entries(dirfd(dir), entry->d_name, depth + 1);
            unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
        }
    }
    closedir(dir);
}

void ac_file_remove_tree(const char *dir)
{
    remove_entries(AT_FDCWD, dir, 0);
    unlinkat(AT_FDCWD, dir, AT_REMOVEDIR);
}

/* ---- outputs ---- */

struct ac_output {
    int fd;
    int error;    /* errno of the first failed write */
    bool by_line; /* every complete line is written at once */
    char *path;   /* for messages */
    char *piece;  /* written beside, renamed to path at the end; NULL where written in place */
    ac_buf buffer;
};

static char *copy_text(const char *first, const char *second)
{
    size_t n = strlen(first);
    size_t m = strlen(second);
    char *copy = ac_alloc(n + m + 1);
    memcpy(copy, first, n);
    memcpy(copy + n, second, m);
    return copy;
}

/* A new file, so that two that write the same report do not write into one, and that what somebody has put
 * there for us is neither followed nor filled. */
static int open_piece(ac_output *output)
{
    enum { TRIES = 100 };
    int fd = -1;
    for (int i = 0; i < TRIES; i++) {
        char suffix[64];
        snprintf(suffix, sizeof suffix, ".%ld-%d.partial", (long)getpid(), i);
        ac_free(output->piece);
        output->piece = copy_text(output->path, suffix);
        fd = open(output->piece, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (fd >= 0 || errno != EEXIST) {
            break;
        }
    }
    return fd;
}

/* The descriptor that goes by this name, or -1. To open /dev/stderr once more would empty the file that it has
 * been redirected to, and write over what others write there. */
static int standard_descriptor(const char *path)
{
    if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0) {
        return STDOUT_FILENO;
    }
    return strcmp(path, "/dev/stderr") == 0 ? STDERR_FILENO : -1;
}

static ac_output *new_output(const char *path, bool in_place)
{
    ac_output *output = ac_alloc(sizeof *output);
    output->path = copy_text(strcmp(path, "-") == 0 ? "standard output" : path, "");
    output->fd = standard_descriptor(path);
    ac_buf_init(&output->buffer, OUTPUT_PIECE + OUTPUT_BUFFER);
    if (output->fd >= 0) {
        return output;
    }
    if (in_place) {
        output->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    } else {
        output->fd = open_piece(output);
    }
    return output;
}

static void free_output(ac_output *output)
{
    if (output->fd > STDERR_FILENO) {
        close(output->fd);
    }
    ac_buf_done(&output->buffer);
    ac_free(output->path);
    ac_free(output->piece);
    ac_free(output);
}

static ac_output *opened(ac_output *output, ac_err *err)
{
    if (output->fd < 0) {
        ac_fail(err, AC_ERR_USAGE, "%s: %s", output->path, strerror(errno));
        free_output(output);
        return NULL;
    }
    return output;
}

/* A FIFO or a terminal cannot be replaced by renaming. Nor should a link be: it may lead
 * to a file that somebody has open. The empty path is left to open() to refuse. */
static bool is_special(const char *path)
{
    struct stat status;
    return path[0] == '\0' || (lstat(path, &status) == 0 && !S_ISREG(status.st_mode));
}

ac_output *ac_output_open(const char *path, ac_err *err)
{
    if (ac_file_is_dir(path)) {
        ac_fail(err, AC_ERR_USAGE, "%s: is a directory", path);
        return NULL;
    }
    return opened(new_output(path, is_special(path)), err);
}

ac_output *ac_output_open_stream(const char *path, ac_err *err)
{
    ac_output *output = new_output(path, true);
    output->by_line = true;
    return opened(output, err);
}

/* A descriptor that we were given may be set not to block (pipes of Node.js are). */
static bool may_try_again(const ac_output *output)
{
    struct pollfd wait = {.fd = output->fd, .events = POLLOUT};
    return errno == EINTR || (errno == EAGAIN && poll(&wait, 1, -1) >= 0);
}

static void write_out(ac_output *output)
{
    ac_str left = ac_buf_str(&output->buffer);
    while (left.n > 0 && output->error == 0) {
        ssize_t done = write(output->fd, left.p, left.n);
        if (done >= 0) {
            left = ac_str_sub(left, (size_t)done, left.n);
        } else if (!may_try_again(output)) {
            output->error = errno;
        }
    }
    ac_buf_clear(&output->buffer);
}

void ac_output_write(ac_output *output, ac_str bytes)
{
    bool ends_line = ac_str_find_char(bytes, '\n') != AC_NOT_FOUND;
    while (bytes.n > 0) {
        ac_buf_add(&output->buffer, ac_str_sub(bytes, 0, OUTPUT_PIECE));
        bytes = ac_str_sub(bytes, OUTPUT_PIECE, bytes.n);
        if (output->buffer.n >= OUTPUT_BUFFER) {
            write_out(output);
        }
    }
    if (output->by_line && ends_line) {
        write_out(output);
    }
}

static bool tell_error(const ac_output *output, ac_err *err)
{
    return output->error == 0 ||
           ac_fail(err, AC_ERR_INTERNAL, "%s: %s", output->path, strerror(output->error));
}

bool ac_output_flush(ac_output *output, ac_err *err)
{
    write_out(output);
    return tell_error(output, err);
}

/* Some file systems tell only here that the disk is full. */
static void close_file(ac_output *output)
{
    if (output->fd > STDERR_FILENO && close(output->fd) != 0 && output->error == 0) {
        output->error = errno;
    }
    output->fd = -1;
}

bool ac_output_close(ac_output *output, ac_err *err)
{
    write_out(output);
    close_file(output);
    bool ok = tell_error(output, err);
    if (ok && output->piece && rename(output->piece, output->path) != 0) {
        ok = ac_fail(err, AC_ERR_USAGE, "%s: %s", output->path, strerror(errno));
    }
    if (!ok && output->piece) {
        unlink(output->piece);
    }
    free_output(output);
    return ok;
}

void ac_output_abort(ac_output *output)
{
    if (output) {
        if (output->piece) {
            unlink(output->piece);
        }
        free_output(output);
    }
}
