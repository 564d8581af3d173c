/* Profiles from outside: reading ends with a target that has an address, or with one line that says where the
 * profile is wrong. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "target/target_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static const char *environment(const char *name)
{
    return strstr(name, "TOKEN") ? NULL : "value";
}

static void check(const ac_target *target)
{
    require(target->url.n > 0 || target->endpoints);
    require(target->url.n == 0 || !ac_url_fault(target->url));
    require(target->isolation == AC_ISOLATION_NONE || target->isolation == AC_ISOLATION_ACCOUNT);
    require(!target->state_url.p || target->state_command.count == 0);
    require(target->limits.poll_ms >= 0 && target->limits.body_bytes >= 0);
    for (size_t i = 0; i < target->signers.count; i++) {
        require(ac_signer_find(target->signers.items[i]) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const ac_target_options options = {.environment = environment};
    ac_err err = {0};
    ac_str text = {(const char *)data, size};
    ac_arena *arena = ac_arena_new();
    ac_target *target = AC_NEW(arena, ac_target);
    target->arena = arena;
    if (ac_profile_read(target, text, "folder/profile.json", &options, &err)) {
        check(target);
    } else {
        require(err.kind == AC_ERR_USAGE && strncmp(err.text, "folder/profile.json: ", 21) == 0);
    }
    (void)ac_url_fault(text);
    (void)ac_url_is_loopback(text);
    ac_arena_free(arena);
    return 0;
}
