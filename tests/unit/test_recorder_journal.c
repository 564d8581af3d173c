#include "recorder/journal.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recorder/checksum.h"
#include "recorder/journal_parts.h"
#include "support.h"

/* ---- files and records ---- */

static char path[64];

static void new_path(void)
{
    snprintf(path, sizeof path, "/tmp/accord-journal-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    unlink(path);
}

static ac_record a_record(ac_arena *arena, uint64_t number)
{
    ac_record record = {
        .number = number,
        .started_ms = 1700000000123,
        .duration_us = 4567,
        .first_byte_us = -1,
        .base_url = AC_STR("https://privatelink.example.com"),
        .request = {.method = AC_STR("POST"), .target = AC_STR("/?Action=A"), .body = AC_STR("a=\0b")},
        .response = {.status = 200, .body = ac_str_printf(arena, "{\"n\":%llu}", (unsigned long long)number)},
        .response_cut = true,
        .end = AC_RECORD_CLIENT_GONE,
        .why = AC_STR("gone"),
        .rules = AC_STR("secrets 1"),
    };
    ac_pairs_add(arena, &record.request.headers, AC_STR("Host"), AC_STR("x"));
    ac_pairs_add(arena, &record.request.headers, AC_STR("Empty"), AC_STR(""));
    ac_pairs_add(arena, &record.response.headers, AC_STR("A"), AC_STR("1"));
    ac_pairs_add(arena, &record.response.headers, AC_STR("A"), AC_STR("2"));
    return record;
}

static ac_journal *open_journal(ac_journal_sync sync, ac_journal_found *found)
{
    ac_err err = {0};
    ac_journal *journal = ac_journal_open(path, sync, found, &err);
    ck_assert_msg(journal != NULL, "%s", err.text);
    return journal;
}

static void append(ac_journal *journal, ac_arena *arena, uint64_t number)
{
    ac_err err = {0};
    ac_record record = a_record(arena, number);
    ck_assert_msg(ac_journal_append(journal, &record, &err), "%s", err.text);
}

static void write_records(uint64_t count)
{
    ac_journal_found found;
    ac_arena *arena = ac_arena_new();
    new_path();
    ac_journal *journal = open_journal(AC_JOURNAL_PROCESS, &found);
    for (uint64_t i = 1; i <= count; i++) {
        append(journal, arena, i);
    }
    ac_journal_close(journal);
    ac_arena_free(arena);
}

typedef struct seen {
    uint64_t numbers[1000];
    size_t count;
    size_t stop_at;
} seen;

static bool note(void *context, ac_arena *arena, const ac_record *record)
{
    (void)arena;
    seen *all = context;
    ac_str body = record->response.body;
    char expected[40];
    snprintf(expected, sizeof expected, "{\"n\":%llu}", (unsigned long long)record->number);
    ck_assert_ac_str(body, expected);
    all->numbers[all->count++] = record->number;
    return all->count != all->stop_at;
}

static seen read_all(ac_journal_found *found)
{
    seen all = {.count = 0};
    ac_err err = {0};
    ck_assert_msg(ac_journal_read(path, note, &all, found, &err), "%s", err.text);
    return all;
}

static off_t size_of_file(void)
{
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    return status.st_size;
}

static void change_byte(off_t at)
{
    char byte;
    int fd = open(path, O_RDWR);
    ck_assert_int_eq(pread(fd, &byte, 1, at), 1);
    byte = (char)(byte ^ 0x20);
    ck_assert_int_eq(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

/* ---- tests ---- */

START_TEST(checksum_is_castagnoli)
{
    ck_assert_uint_eq(ac_crc32c(AC_STR("123456789")), 0xE3069283u);
    ck_assert_uint_eq(ac_crc32c(AC_STR("")), 0);
}
END_TEST

static bool check_whole(void *context, ac_arena *arena, const ac_record *record)
{
    *(bool *)context = true;
    ac_record sent = a_record(arena, 7);
    ck_assert_uint_eq(record->number, 7);
    ck_assert_int_eq(record->started_ms, sent.started_ms);
    ck_assert_int_eq(record->duration_us, sent.duration_us);
    ck_assert_int_eq(record->first_byte_us, -1);
    ck_assert(ac_str_eq(record->base_url, sent.base_url) &&
              ac_str_eq(record->request.body, sent.request.body));
    ck_assert_uint_eq(record->request.headers.count, 2);
    ck_assert_ac_str(record->request.headers.items[1].name, "Empty");
    ck_assert(record->request.headers.items[1].value.p != NULL);
    ck_assert_uint_eq(record->response.headers.count, 2);
    ck_assert_ac_str(record->response.headers.items[1].value, "2");
    ck_assert(!record->request_cut && record->response_cut && record->end == AC_RECORD_CLIENT_GONE);
    ck_assert(record->signer.p == NULL);
    ck_assert_ac_str(record->rules, "secrets 1");
    return true;
}

START_TEST(record_comes_back_as_it_was)
{
    ac_arena *arena = ac_test_arena();
    ac_journal_found found;
    ac_err err = {0};
    bool called = false;
    new_path();
    ac_journal *journal = open_journal(AC_JOURNAL_PROCESS, &found);
    append(journal, arena, 7);
    ck_assert_msg(ac_journal_read(path, check_whole, &called, &found, &err), "%s", err.text);
    ck_assert(called && found.records == 1 && found.last_number == 7 && found.torn_bytes == 0);
    ac_journal_close(journal);
    unlink(path);
}
END_TEST

START_TEST(file_is_private)
{
    ac_journal_found found;
    struct stat status;
    new_path();
    mode_t before = umask(0);
    ac_journal_close(open_journal(AC_JOURNAL_DISK, &found));
    umask(before);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0600);
    unlink(path);
}
END_TEST

START_TEST(records_are_read_in_the_order_of_their_numbers)
{
    static const uint64_t order[] = {3, 1, 2, 5, 4};
    ac_arena *arena = ac_test_arena();
    ac_journal_found found;
    new_path();
    ac_journal *journal = open_journal(AC_JOURNAL_PROCESS, &found);
    for (size_t i = 0; i < AC_COUNT(order); i++) {
        append(journal, arena, order[i]);
    }
    ac_journal_close(journal);
    seen all = read_all(&found);
    ck_assert_uint_eq(all.count, 5);
    for (uint64_t i = 0; i < 5; i++) {
        ck_assert_uint_eq(all.numbers[i], i + 1);
    }
    unlink(path);
}
END_TEST

START_TEST(reading_ends_when_the_visitor_says_so)
{
    ac_journal_found found;
    ac_err err;
    seen all = {.stop_at = 2};
    write_records(5);
    ck_assert(ac_journal_read(path, note, &all, &found, &err));
    ck_assert_uint_eq(all.count, 2);
    unlink(path);
}
END_TEST

/* Wherever a writer died, what was whole before is there, and writing goes on behind it. */
START_TEST(torn_tail_is_cut_off_at_every_byte)
{
    ac_journal_found found;
    ac_arena *arena = ac_test_arena();
    write_records(3);
    off_t whole = size_of_file();
    off_t record = (whole - (off_t)ac_journal_mark.n) / 3;
    for (off_t lost = 1; lost < record; lost += 7) {
        write_records(3);
        ck_assert_int_eq(truncate(path, whole - lost), 0);
        seen all = read_all(&found);
        ck_assert_uint_eq(all.count, 2);
        ck_assert_uint_eq(found.torn_bytes, (uint64_t)(record - lost));
        ac_journal *journal = open_journal(AC_JOURNAL_PROCESS, &found);
        ck_assert_uint_eq(found.torn_bytes, (uint64_t)(record - lost));
        ck_assert_uint_eq(found.last_number, 2);
        append(journal, arena, 9);
        ac_journal_close(journal);
        all = read_all(&found);
        ck_assert(all.count == 3 && all.numbers[2] == 9 && found.torn_bytes == 0 && found.damaged_bytes == 0);
        unlink(path);
    }
}
END_TEST

START_TEST(torn_first_line_is_written_anew)
{
    ac_journal_found found;
    for (off_t size = 0; size < (off_t)ac_journal_mark.n; size++) {
        write_records(0);
        ck_assert_int_eq(truncate(path, size), 0);
        ac_journal_close(open_journal(AC_JOURNAL_PROCESS, &found));
        ck_assert_uint_eq(found.torn_bytes, (uint64_t)size);
        ck_assert_uint_eq(read_all(&found).count, 0);
        unlink(path);
    }
}
END_TEST

/* Not a torn tail: records follow. It stays in the file, and the others are read. */
START_TEST(damage_in_the_middle_is_skipped_and_kept)
{
    ac_journal_found found;
    write_records(3);
    off_t whole = size_of_file();
    off_t record = (whole - (off_t)ac_journal_mark.n) / 3;
    for (off_t at = (off_t)ac_journal_mark.n + record; at < (off_t)ac_journal_mark.n + 2 * record; at += 5) {
        change_byte(at);
        ac_journal_close(open_journal(AC_JOURNAL_PROCESS, &found));
        ck_assert_int_eq(size_of_file(), whole);
        ck_assert_uint_eq(found.damaged_bytes, (uint64_t)record);
        seen all = read_all(&found);
        ck_assert(all.count == 2 && all.numbers[0] == 1 && all.numbers[1] == 3);
        change_byte(at);
    }
    ck_assert_uint_eq(read_all(&found).count, 3);
    unlink(path);
}
END_TEST

START_TEST(other_files_are_not_touched)
{
    ac_err err = {0};
    ac_journal_found found;
    new_path();
    FILE *file = fopen(path, "w");
    fputs("precious text that is no journal", file);
    fclose(file);
    ck_assert_ptr_null(ac_journal_open(path, AC_JOURNAL_PROCESS, &found, &err));
    ck_assert_ac_err(err, "not a journal of accord");
    ck_assert_int_eq(size_of_file(), 32);
    ck_assert(!ac_journal_read(path, note, NULL, &found, &err));
    ck_assert_ac_err(err, "not a journal of accord");
    unlink(path);
    ck_assert(!ac_journal_read(path, note, NULL, &found, &err));
    ck_assert_ac_err(err, "No such file");
    ck_assert_ptr_null(ac_journal_open("/tmp", AC_JOURNAL_PROCESS, &found, &err));
    ck_assert_ptr_null(ac_journal_open("/dev/null", AC_JOURNAL_PROCESS, &found, &err));
    ck_assert_ac_err(err, "not a regular file");
}
END_TEST

/* Locks are of processes, so the other recorder has to be one. */
START_TEST(second_recorder_is_kept_out)
{
    ac_journal_found found;
    ac_err err = {0};
    int status = 0;
    new_path();
    ac_journal *journal = open_journal(AC_JOURNAL_PROCESS, &found);
    pid_t child = fork();
    if (child == 0) {
        bool refused = !ac_journal_open(path, AC_JOURNAL_PROCESS, &found, &err);
        _exit(refused && strstr(err.text, "another recorder") ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ac_journal_close(journal);
    unlink(path);
}
END_TEST

/* A limit on the size of files stands in for a full disk. */
START_TEST(full_disk_ends_recording_and_keeps_what_is_there)
{
    ac_arena *arena = ac_test_arena();
    ac_journal_found found;
    ac_err err = {0};
    ac_record record = a_record(arena, 3);
    write_records(2);
    off_t before = size_of_file();
    signal(SIGXFSZ, SIG_IGN);
    ac_journal *journal = open_journal(AC_JOURNAL_PROCESS, &found);
    struct rlimit limit = {.rlim_cur = (rlim_t)before + 50, .rlim_max = RLIM_INFINITY};
    /* Nothing is asserted in between: Check writes files, too. */
    bool limited = setrlimit(RLIMIT_FSIZE, &limit) == 0;
    bool sound = ac_journal_sound(journal, &err);
    bool appended = ac_journal_append(journal, &record, &err);
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert(limited && sound && !appended);
    ck_assert_ac_err(err, "nothing more is recorded");
    ck_assert(!ac_journal_append(journal, &record, &err));
    ck_assert(!ac_journal_sound(journal, &err));
    ck_assert_ac_err(err, "cannot be written");
    ac_journal_close(journal);
    ck_assert_int_eq(size_of_file(), before);
    ck_assert_uint_eq(read_all(&found).count, 2);
    unlink(path);
}
END_TEST

START_TEST(record_with_too_many_headers_is_refused_alone)
{
    ac_arena *arena = ac_test_arena();
    ac_journal_found found;
    ac_err err = {0};
    new_path();
    ac_journal *journal = open_journal(AC_JOURNAL_PROCESS, &found);
    ac_record record = a_record(arena, 1);
    for (size_t i = 0; i < AC_JOURNAL_HEADERS_MAX; i++) {
        ac_pairs_add(arena, &record.request.headers, AC_STR("A"), AC_STR("b"));
    }
    ck_assert(!ac_journal_append(journal, &record, &err));
    ck_assert_ac_err(err, "too large");
    append(journal, arena, 2);
    ac_journal_close(journal);
    ck_assert_uint_eq(read_all(&found).count, 1);
    unlink(path);
}
END_TEST

/* ---- threads ---- */

enum { WRITERS = 4, EACH = 100 };

typedef struct writer {
    ac_journal *journal;
    uint64_t first;
    bool ok;
    pthread_t thread;
} writer;

/* Check's own assertions are for one thread. */
static bool count_one(void *context, ac_arena *arena, const ac_record *record)
{
    (void)arena, (void)record;
    ++*(size_t *)context;
    return true;
}

static void *write_some(void *context)
{
    writer *self = context;
    ac_arena *arena = ac_arena_new();
    for (uint64_t i = 0; i < EACH; i++) {
        ac_record record = a_record(arena, self->first + i);
        self->ok = ac_journal_append(self->journal, &record, NULL) && self->ok;
        ac_arena_reset(arena);
    }
    ac_arena_free(arena);
    return NULL;
}

static void *follow(void *context)
{
    void **arguments = context;
    ac_journal_follow(arguments[0], count_one, arguments[1]);
    return NULL;
}

static void write_from_threads(ac_journal_sync sync)
{
    ac_journal_found found;
    size_t followed = 0;
    writer writers[WRITERS];
    pthread_t follower;
    new_path();
    ac_journal *journal = open_journal(sync, &found);
    void *arguments[] = {journal, &followed};
    pthread_create(&follower, NULL, follow, arguments);
    for (size_t i = 0; i < WRITERS; i++) {
        writers[i] = (writer){.journal = journal, .first = i * EACH + 1, .ok = true};
        pthread_create(&writers[i].thread, NULL, write_some, &writers[i]);
    }
    for (size_t i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        ck_assert(writers[i].ok);
    }
    ac_journal_end_follow(journal);
    pthread_join(follower, NULL);
    ac_journal_close(journal);
    seen all = read_all(&found);
    ck_assert_uint_eq(all.count, WRITERS * EACH);
    ck_assert_uint_eq(followed, WRITERS * EACH);
    for (size_t i = 0; i < all.count; i++) {
        ck_assert_uint_eq(all.numbers[i], i + 1);
    }
    unlink(path);
}

START_TEST(threads_append_and_one_follows)
{
    write_from_threads(AC_JOURNAL_PROCESS);
}
END_TEST

START_TEST(threads_share_syncs)
{
    write_from_threads(AC_JOURNAL_DISK);
}
END_TEST

AC_TEST_MAIN("recorder_journal", checksum_is_castagnoli, record_comes_back_as_it_was, file_is_private,
             records_are_read_in_the_order_of_their_numbers, reading_ends_when_the_visitor_says_so,
             torn_tail_is_cut_off_at_every_byte, torn_first_line_is_written_anew,
             damage_in_the_middle_is_skipped_and_kept, other_files_are_not_touched,
             second_recorder_is_kept_out, full_disk_ends_recording_and_keeps_what_is_there,
             record_with_too_many_headers_is_refused_alone, threads_append_and_one_follows,
             threads_share_syncs)
