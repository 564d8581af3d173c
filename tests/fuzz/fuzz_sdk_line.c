/* What drivers write: the first byte picks hello ('h') or answer, the rest is the line. What is read keeps its
 * promises, what is refused says why in one line. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "sdk/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ID = 1 };

static void check_refusal(const ac_err *err)
{
    assert(err->kind == AC_ERR_JUDGE && err->text[0] != '\0' && !strchr(err->text, '\n'));
}

static void check_hello(ac_arena *arena, ac_str line)
{
    ac_sdk_hello hello;
    ac_err err = {0};
    if (!ac_sdk_read_hello(arena, line, &hello, &err)) {
        check_refusal(&err);
        return;
    }
    assert(hello.protocol == 1 && hello.operations.count > 0);
    assert(hello.driver.p && hello.sdk.p && hello.version.p && hello.driver.n <= 512);
    assert(hello.result_root.n == 0 || hello.result_root.p[0] == '/');
    for (size_t i = 0; hello.fields && i < hello.fields->count; i++) {
        assert(hello.fields->items[i].type == AC_JSON_OBJECT);
    }
    for (size_t i = 0; hello.parameters && i < hello.parameters->count; i++) {
        assert(hello.parameters->items[i].type == AC_JSON_ARRAY);
    }
}

static void check_member(const ac_sdk_member *member)
{
    assert(!member->raw.p == !member->raw_at.p);
}

static void check_answer(ac_arena *arena, ac_str line)
{
    ac_sdk_outcome o = {.end = AC_SDK_BROKEN};
    ac_err err = {0};
    if (!ac_sdk_read_answer(arena, line, ID, &o, &err)) {
        check_refusal(&err);
        assert(o.end == AC_SDK_BROKEN);
        return;
    }
    assert(o.end == AC_SDK_RESULT || o.end == AC_SDK_ERROR || o.end == AC_SDK_UNSUPPORTED);
    assert((o.result != NULL) == (o.end == AC_SDK_RESULT));
    assert((o.why.p != NULL) == (o.end == AC_SDK_UNSUPPORTED));
    assert(o.error.kind <= AC_SDK_TIMEOUT);
    check_member(&o.error.status);
    check_member(&o.error.code);
    check_member(&o.error.message);
    check_member(&o.error.request_id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    ac_arena *arena = ac_arena_new();
    ac_str line = {(const char *)data + 1, size - 1};
    if (data[0] == 'h') {
        check_hello(arena, line);
    } else {
        check_answer(arena, line);
    }
    ac_arena_free(arena);
    return 0;
}
