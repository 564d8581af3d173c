#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

/* ---- a folder for the test ---- */

static const char *new_folder(void)
{
    char *path = ac_arena_copy(ac_test_arena(), "/tmp/accord-test-XXXXXX", sizeof "/tmp/accord-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(path));
    return path;
}

static const char *in(const char *folder, const char *name)
{
    return ac_str_printf(ac_test_arena(), "%s/%s", folder, name).p;
}

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (unlink(in(path, entry->d_name)) != 0) {
            remove_folder(in(path, entry->d_name));
        }
    }
    closedir(folder);
    rmdir(path);
}

static size_t entries(const char *path)
{
    size_t count = 0;
    DIR *folder = opendir(path);
    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return count;
}

static void put(const char *path, ac_str content)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(content.p, 1, content.n, file), content.n);
    fclose(file);
}

static ac_str got(const char *path)
{
    ac_err err = {0};
    ac_str content = ac_file_read(ac_test_arena(), path, 16u << 20, &err);
    ck_assert_msg(content.p, "%s", err.text);
    return content;
}

/* ---- reading ---- */

START_TEST(a_file_is_read_to_its_last_byte)
{
    const char *folder = new_folder();
    ac_str large = ac_str_printf(ac_test_arena(), "%100000s", "end");
    put(in(folder, "large"), large);
    put(in(folder, "nul"), (ac_str){"a\0b", 3});
    put(in(folder, "empty"), AC_STR(""));
    ck_assert(ac_str_eq(got(in(folder, "large")), large));
    ck_assert(ac_str_eq(got(in(folder, "nul")), (ac_str){"a\0b", 3}));
    ck_assert_ac_str(got(in(folder, "empty")), "");
    ck_assert_int_eq(symlink("nul", in(folder, "link")), 0);
    ck_assert_uint_eq(got(in(folder, "link")).n, 3);
    remove_folder(folder);
}
END_TEST

static void check_unreadable(const char *path, size_t max, const char *why)
{
    ac_err err = {0};
    ac_str content = ac_file_read(ac_test_arena(), path, max, &err);
    ck_assert_ptr_null(content.p);
    ck_assert_int_eq(err.kind, AC_ERR_USAGE);
    ck_assert_str_eq(err.text, ac_str_printf(ac_test_arena(), "%s: %s", path, why).p);
    ck_assert_ptr_null(ac_file_read(ac_test_arena(), path, max, NULL).p);
}

START_TEST(what_cannot_be_read_is_refused_with_its_path_and_without_waiting)
{
    const char *folder = new_folder();
    ck_assert_int_eq(mkfifo(in(folder, "fifo"), 0600), 0);
    ck_assert_int_eq(symlink("nowhere", in(folder, "dangling")), 0);
    check_unreadable(in(folder, "fifo"), 10, "not a regular file");
    check_unreadable(in(folder, "none"), 10, "No such file or directory");
    check_unreadable(in(folder, "dangling"), 10, "No such file or directory");
    check_unreadable(folder, 10, "is a directory");
    check_unreadable("/dev/zero", 10, "not a regular file");
    check_unreadable("", 10, "No such file or directory");
    remove_folder(folder);
}
END_TEST

START_TEST(a_file_is_read_up_to_its_limit_and_refused_above)
{
    const char *folder = new_folder();
    put(in(folder, "five"), AC_STR("12345"));
    ac_err err = {0};
    ck_assert_uint_eq(ac_file_read(ac_test_arena(), in(folder, "five"), 5, &err).n, 5);
    check_unreadable(in(folder, "five"), 4, "larger than allowed");
    check_unreadable(in(folder, "five"), 0, "larger than allowed");
    put(in(folder, "large"), ac_str_printf(ac_test_arena(), "%100000s", ""));
    check_unreadable(in(folder, "large"), 99999, "larger than allowed");
    remove_folder(folder);
}
END_TEST

START_TEST(folders_are_told_from_other_things)
{
    const char *folder = new_folder();
    put(in(folder, "file"), AC_STR(""));
    ck_assert_int_eq(symlink(".", in(folder, "link")), 0);
    ck_assert(ac_file_is_dir(folder) && ac_file_is_dir(in(folder, "link")));
    ck_assert(!ac_file_is_dir(in(folder, "file")) && !ac_file_is_dir(in(folder, "none")));
    remove_folder(folder);
}
END_TEST

/* ---- trees ---- */

START_TEST(a_tree_is_listed_by_suffix_in_the_order_of_bytes)
{
    static const char *const folders[] = {"b", "b/c", "B", "empty", ".hidden", "x.json"};
    static const char *const files[] = {"b.json", "b/z.json",      "b/c/y.json",     "B/x.json",
                                        "a.json", "b/notes.txt",   ".hidden/h.json", ".dot.json",
                                        "json",   "x.json/in.json"};
    static const char *const expected[] = {"B/x.json",   "a.json",   "b.json",
                                           "b/c/y.json", "b/z.json", "x.json/in.json"};
    const char *root = new_folder();
    for (size_t i = 0; i < AC_COUNT(folders); i++) {
        ck_assert_int_eq(mkdir(in(root, folders[i]), 0700), 0);
    }
    for (size_t i = 0; i < AC_COUNT(files); i++) {
        put(in(root, files[i]), AC_STR(""));
    }
    ck_assert_int_eq(symlink("a.json", in(root, "link.json")), 0);
    ck_assert_int_eq(symlink("..", in(root, "b/up")), 0);
    ck_assert_int_eq(mkfifo(in(root, "fifo.json"), 0600), 0);
    ac_strs paths;
    ac_err err = {0};
    ck_assert_msg(ac_file_list(ac_test_arena(), root, ".json", 100, &paths, &err), "%s", err.text);
    ck_assert_uint_eq(paths.count, AC_COUNT(expected));
    for (size_t i = 0; i < AC_COUNT(expected); i++) {
        ck_assert_ac_str(paths.items[i], expected[i]);
    }
    remove_folder(root);
}
END_TEST

START_TEST(a_tree_with_more_files_than_allowed_is_refused)
{
    const char *root = new_folder();
    for (int i = 0; i < 100; i++) {
        put(in(root, ac_str_printf(ac_test_arena(), "%d.json", i).p), AC_STR(""));
    }
    ac_strs paths;
    ac_err err = {0};
    ck_assert(ac_file_list(ac_test_arena(), root, ".json", 100, &paths, &err));
    ck_assert_uint_eq(paths.count, 100);
    ck_assert(!ac_file_list(ac_test_arena(), root, ".json", 99, &paths, &err));
    ck_assert_ac_err(err, "more than 99 files");
    ck_assert(ac_file_list(ac_test_arena(), root, ".txt", 0, &paths, &err));
    ck_assert_uint_eq(paths.count, 0);
    remove_folder(root);
}
END_TEST

START_TEST(a_tree_too_deep_or_missing_is_refused)
{
    const char *root = new_folder();
    ac_strs paths;
    ac_err err = {0};
    const char *path = root;
    for (int depth = 0; depth < 16; depth++) {
        path = in(path, "d");
        ck_assert_int_eq(mkdir(path, 0700), 0);
    }
    put(in(path, "a.json"), AC_STR(""));
    ck_assert_msg(ac_file_list(ac_test_arena(), root, ".json", 9, &paths, &err), "%s", err.text);
    ck_assert_uint_eq(paths.count, 1);
    ck_assert_int_eq(mkdir(in(path, "d"), 0700), 0);
    ck_assert(!ac_file_list(ac_test_arena(), root, ".json", 9, &paths, &err));
    ck_assert_ac_err(err, "d: too deep");
    ck_assert(!ac_file_list(ac_test_arena(), in(root, "none"), ".json", 9, &paths, &err));
    ck_assert_ac_err(err, "No such file or directory");
    remove_folder(root);
}
END_TEST

/* ---- outputs ---- */

START_TEST(an_output_appears_whole_when_closed_and_not_before)
{
    const char *folder = new_folder();
    const char *path = in(folder, "report");
    ac_err err = {0};
    put(path, AC_STR("old"));
    ac_output *output = ac_output_open(path, &err);
    ck_assert_ptr_nonnull(output);
    ac_output_write(output, AC_STR("new "));
    ck_assert(ac_output_flush(output, &err));
    ac_output_write(output, AC_STR("content\n"));
    ck_assert_ac_str(got(path), "old");
    ck_assert_uint_eq(entries(folder), 2);
    ck_assert(ac_output_close(output, &err));
    ck_assert_ac_str(got(path), "new content\n");
    ck_assert_uint_eq(entries(folder), 1);
    remove_folder(folder);
}
END_TEST

START_TEST(an_aborted_output_leaves_no_trace)
{
    const char *folder = new_folder();
    ac_err err = {0};
    put(in(folder, "old"), AC_STR("old"));
    ac_output *outputs[] = {ac_output_open(in(folder, "old"), &err), ac_output_open(in(folder, "new"), &err),
                            NULL};
    for (size_t i = 0; i < AC_COUNT(outputs); i++) {
        if (outputs[i]) {
            ac_output_write(outputs[i], AC_STR("half"));
        }
        ac_output_abort(outputs[i]);
    }
    ck_assert_uint_eq(entries(folder), 1);
    ck_assert_ac_str(got(in(folder, "old")), "old");
    remove_folder(folder);
}
END_TEST

START_TEST(outputs_of_any_size_are_written_whole)
{
    const char *folder = new_folder();
    ac_str large = ac_str_printf(ac_test_arena(), "%3500000s", "end");
    ac_err err = {0};
    ac_output *output = ac_output_open(in(folder, "large"), &err);
    ac_output_write(output, large);
    ac_output_write(output, AC_STR(""));
    for (size_t i = 0; i < 100000; i++) {
        ac_output_write(output, AC_STR("ab"));
    }
    ck_assert(ac_output_close(output, &err));
    ac_str content = got(in(folder, "large"));
    ck_assert_uint_eq(content.n, large.n + 200000);
    ck_assert(ac_str_starts(content, large) && ac_str_ends(content, AC_STR("abab")));
    remove_folder(folder);
}
END_TEST

START_TEST(two_outputs_to_one_path_do_not_mix)
{
    const char *folder = new_folder();
    const char *path = in(folder, "report");
    ac_err err = {0};
    ac_output *first = ac_output_open(path, &err);
    ac_output *second = ac_output_open(path, &err);
    ac_output_write(first, AC_STR("first"));
    ac_output_write(second, AC_STR("2nd"));
    ck_assert(ac_output_close(second, &err));
    ck_assert_ac_str(got(path), "2nd");
    ck_assert(ac_output_close(first, &err));
    ck_assert_ac_str(got(path), "first");
    ck_assert_uint_eq(entries(folder), 1);
    remove_folder(folder);
}
END_TEST

START_TEST(a_link_somebody_has_put_in_the_way_is_not_followed)
{
    const char *folder = new_folder();
    ac_err err = {0};
    put(in(folder, "victim"), AC_STR("precious"));
    ck_assert_int_eq(symlink("victim", in(folder, "report.partial")), 0);
    ac_str next = ac_str_printf(ac_test_arena(), "report.%ld-0.partial", (long)getpid());
    ck_assert_int_eq(symlink("victim", in(folder, next.p)), 0);
    ac_output *output = ac_output_open(in(folder, "report"), &err);
    ac_output_write(output, AC_STR("content"));
    ck_assert(ac_output_close(output, &err));
    ck_assert_ac_str(got(in(folder, "report")), "content");
    ck_assert_ac_str(got(in(folder, "victim")), "precious");
    remove_folder(folder);
}
END_TEST

START_TEST(an_output_that_is_a_link_is_written_through_it)
{
    const char *folder = new_folder();
    ac_err err = {0};
    put(in(folder, "file"), AC_STR("old content"));
    ck_assert_int_eq(symlink("file", in(folder, "link")), 0);
    ac_output *output = ac_output_open(in(folder, "link"), &err);
    ac_output_write(output, AC_STR("new"));
    ck_assert(ac_output_close(output, &err));
    struct stat status;
    ck_assert_int_eq(lstat(in(folder, "link"), &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    ck_assert_ac_str(got(in(folder, "file")), "new");
    ck_assert_uint_eq(entries(folder), 2);
    remove_folder(folder);
}
END_TEST

START_TEST(an_output_that_cannot_be_made_is_refused_at_once)
{
    const char *folder = new_folder();
    const struct {
        const char *path, *why;
    } table[] = {{folder, "is a directory"},
                 {in(folder, "none/report"), "No such file or directory"},
                 {"", "No such file or directory"}};
    for (size_t i = 0; i < AC_COUNT(table); i++) {
        ac_err err = {0};
        ck_assert_ptr_null(ac_output_open(table[i].path, &err));
        ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        ck_assert_str_eq(err.text, ac_str_printf(ac_test_arena(), "%s: %s", table[i].path, table[i].why).p);
    }
    ac_err err = {0};
    ck_assert_ptr_null(ac_output_open_stream(in(folder, "none/stream"), &err));
    ck_assert_ac_err(err, "none/stream: No such file or directory");
    ck_assert_uint_eq(entries(folder), 0);
    remove_folder(folder);
}
END_TEST

START_TEST(a_full_disk_is_told_when_flushed_and_when_closed)
{
    ac_err err = {0};
    ac_output *output = ac_output_open("/dev/full", &err);
    ac_output_write(output, AC_STR("content"));
    ck_assert(!ac_output_close(output, &err));
    ck_assert_int_eq(err.kind, AC_ERR_INTERNAL);
    ck_assert_str_eq(err.text, "/dev/full: No space left on device");

    ac_err of_stream = {0};
    output = ac_output_open_stream("/dev/full", &of_stream);
    ac_output_write(output, AC_STR("a line\n"));
    ck_assert(!ac_output_flush(output, &of_stream));
    ck_assert_str_eq(of_stream.text, "/dev/full: No space left on device");
    ac_output_write(output, ac_str_printf(ac_test_arena(), "%3000000s", ""));
    ck_assert(!ac_output_close(output, NULL));
}
END_TEST

START_TEST(an_output_renamed_onto_a_folder_is_told_and_removed)
{
    const char *folder = new_folder();
    const char *path = in(folder, "report");
    ac_err err = {0};
    ac_output *output = ac_output_open(path, &err);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert(!ac_output_close(output, &err));
    ck_assert_ac_err(err, "report: Is a directory");
    ck_assert_uint_eq(entries(folder), 1);
    remove_folder(folder);
}
END_TEST

START_TEST(a_stream_is_in_place_and_each_complete_line_in_it_at_once)
{
    const char *folder = new_folder();
    const char *path = in(folder, "results");
    ac_err err = {0};
    put(path, AC_STR("old content"));
    ac_output *output = ac_output_open_stream(path, &err);
    ck_assert_ac_str(got(path), "");
    ac_output_write(output, AC_STR("{\"a\":"));
    ac_output_write(output, AC_STR("1}\n"));
    ck_assert_ac_str(got(path), "{\"a\":1}\n");
    ac_output_write(output, AC_STR("half"));
    ck_assert(ac_output_flush(output, &err));
    ck_assert_ac_str(got(path), "{\"a\":1}\nhalf");
    ck_assert(ac_output_close(output, &err));
    ck_assert_uint_eq(entries(folder), 1);
    remove_folder(folder);
}
END_TEST

START_TEST(an_aborted_stream_keeps_its_lines)
{
    const char *folder = new_folder();
    ac_err err = {0};
    ac_output *output = ac_output_open_stream(in(folder, "results"), &err);
    ac_output_write(output, AC_STR("line\n"));
    ac_output_abort(output);
    ck_assert_ac_str(got(in(folder, "results")), "line\n");
    remove_folder(folder);
}
END_TEST

/* ---- what needs a process of its own ---- */

/* Writes this many bytes to standard output and says whether that went well. */
static int write_to_standard_output(size_t size)
{
    ac_err err = {0};
    ac_output *output = ac_output_open("-", &err);
    char byte = 'x';
    for (size_t i = 0; i < size; i++) {
        ac_output_write(output, (ac_str){&byte, 1});
    }
    return ac_output_close(output, &err) ? 0 : 1;
}

static int exit_code(pid_t child)
{
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(standard_output_may_be_a_pipe_that_does_not_block)
{
    int ends[2];
    char piece[4096];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        dup2(ends[1], STDOUT_FILENO);
        _exit(write_to_standard_output(1000000));
    }
    close(ends[1]);
    size_t total = 0;
    for (ssize_t n; (n = read(ends[0], piece, sizeof piece)) > 0;) {
        total += (size_t)n;
    }
    close(ends[0]);
    ck_assert_int_eq(exit_code(child), 0);
    ck_assert_uint_eq(total, 1000000);
}
END_TEST

START_TEST(the_name_of_standard_error_is_its_descriptor)
{
    const char *folder = new_folder();
    pid_t child = fork();
    if (child == 0) {
        int fd = open(in(folder, "log"), O_WRONLY | O_CREAT, 0600);
        dup2(fd, STDERR_FILENO);
        bool first = write(STDERR_FILENO, "first ", 6) == 6;
        ac_err err = {0};
        ac_output *output = ac_output_open_stream("/dev/stderr", &err);
        ac_output_write(output, AC_STR("second\n"));
        bool closed = ac_output_close(output, &err);
        _exit(first && closed && write(STDERR_FILENO, "third", 5) == 5 ? 0 : 1);
    }
    ck_assert_int_eq(exit_code(child), 0);
    ck_assert_ac_str(got(in(folder, "log")), "first second\nthird");
    remove_folder(folder);
}
END_TEST

/* A link of our own: a mistake must not replace /dev/stdout. */
START_TEST(a_link_to_standard_output_is_written_in_place)
{
    const char *folder = new_folder();
    const char *path = in(folder, "stdout");
    ck_assert_int_eq(symlink("/proc/self/fd/1", path), 0);
    pid_t child = fork();
    if (child == 0) {
        int fd = open(in(folder, "out"), O_WRONLY | O_CREAT, 0600);
        dup2(fd, STDOUT_FILENO);
        ac_err err = {0};
        ac_output *output = ac_output_open(path, &err);
        ac_output_write(output, AC_STR("content"));
        _exit(ac_output_close(output, &err) ? 0 : 1);
    }
    ck_assert_int_eq(exit_code(child), 0);
    ck_assert_ac_str(got(in(folder, "out")), "content");
    struct stat status;
    ck_assert_int_eq(lstat(path, &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    remove_folder(folder);
}
END_TEST

START_TEST(an_output_that_cannot_be_finished_leaves_the_old_one)
{
    const char *folder = new_folder();
    const char *path = in(folder, "report");
    put(path, AC_STR("old"));
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit limit = {1000, 1000};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        ac_err err = {0};
        ac_output *output = ac_output_open(path, &err);
        ac_output_write(output, ac_str_printf(ac_test_arena(), "%2000s", ""));
        bool closed = ac_output_close(output, &err);
        _exit(!closed && strstr(err.text, "report: File too large") ? 0 : 1);
    }
    ck_assert_int_eq(exit_code(child), 0);
    ck_assert_ac_str(got(path), "old");
    ck_assert_uint_eq(entries(folder), 1);
    remove_folder(folder);
}
END_TEST

AC_TEST_MAIN("base file", a_file_is_read_to_its_last_byte,
             what_cannot_be_read_is_refused_with_its_path_and_without_waiting,
             a_file_is_read_up_to_its_limit_and_refused_above, folders_are_told_from_other_things,
             a_tree_is_listed_by_suffix_in_the_order_of_bytes, a_tree_with_more_files_than_allowed_is_refused,
             a_tree_too_deep_or_missing_is_refused, an_output_appears_whole_when_closed_and_not_before,
             an_aborted_output_leaves_no_trace, outputs_of_any_size_are_written_whole,
             two_outputs_to_one_path_do_not_mix, a_link_somebody_has_put_in_the_way_is_not_followed,
             an_output_that_is_a_link_is_written_through_it, an_output_that_cannot_be_made_is_refused_at_once,
             a_full_disk_is_told_when_flushed_and_when_closed,
             an_output_renamed_onto_a_folder_is_told_and_removed,
             a_stream_is_in_place_and_each_complete_line_in_it_at_once, an_aborted_stream_keeps_its_lines,
             standard_output_may_be_a_pipe_that_does_not_block, the_name_of_standard_error_is_its_descriptor,
             a_link_to_standard_output_is_written_in_place,
             an_output_that_cannot_be_finished_leaves_the_old_one)
