#include "sdk/home.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/process.h"

static char *variable(ac_arena *arena, const char *name, const char *value)
{
    ac_str text = ac_str_printf(arena, "%s=%s", name, value);
    return ac_arena_copy(arena, text.p, text.n + 1);
}

static const char *given(const char *(*environment)(const char *name), const char *name,
                         const char *otherwise)
{
    const char *value = environment ? environment(name) : NULL;
    return value && value[0] ? value : otherwise;
}

static bool make_folder(ac_sdk_home *home, const char *parent, ac_err *err)
{
    ac_str path = ac_str_printf(home->arena, "%s/accord-driver-XXXXXX", parent);
    char *folder = ac_arena_copy(home->arena, path.p, path.n + 1);
    if (!mkdtemp(folder)) {
        return ac_fail(err, AC_ERR_INTERNAL, "%s: %s", folder, strerror(errno));
    }
    home->folder = folder;
    return true;
}

bool ac_sdk_home_open(ac_sdk_home *home, ac_str command, const char *(*environment)(const char *name),
                      ac_err *err)
{
    *home = (ac_sdk_home){.arena = ac_arena_new()};
    const char *parent = given(environment, "TMPDIR", "/tmp");
    if (!ac_process_words(home->arena, command, &home->command, err) || !make_folder(home, parent, err)) {
        return false;
    }
    char *variables[] = {
        variable(home->arena, "PATH", given(environment, "PATH", "/usr/local/bin:/usr/bin:/bin")),
        variable(home->arena, "TMPDIR", parent), variable(home->arena, "HOME", home->folder),
        variable(home->arena, "LANG", "C.UTF-8"), NULL};
    home->environment = ac_arena_copy(home->arena, variables, sizeof variables);
    return true;
}

void ac_sdk_home_close(ac_sdk_home *home)
{
    if (home->folder) {
        ac_file_remove_tree(home->folder);
    }
    ac_arena_free(home->arena);
}
