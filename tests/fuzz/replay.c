/* Feeds files to a fuzz target without libFuzzer: each argument is a file, or a folder that is read with
 * all below it. Fails where a path cannot be read or nothing was read, so that a lost corpus is noticed. */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATH_BYTES = 4096 };

static size_t inputs;

static void stop(const char *path)
{
    perror(path);
    exit(EXIT_FAILURE);
}

static void replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    /* Of the exact size, so that a sanitizer sees a read past the end. */
    uint8_t *data = malloc(size > 0 ? size : 1);
    if (!file || !data || fread(data, 1, size, file) != size) {
        stop(path);
    }
    fclose(file);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    inputs++;
}

static void replay(const char *path);

static void replay_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) {
        stop(path);
    }
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        char inner[PATH_BYTES];
        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        replay(inner);
    }
    closedir(folder);
}

static void replay(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        stop(path);
    }
    if (S_ISDIR(status.st_mode)) {
        replay_folder(path);
    } else {
        replay_file(path, (size_t)status.st_size);
    }
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        replay(argv[i]);
    }
    printf("%zu inputs\n", inputs);
    return inputs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
