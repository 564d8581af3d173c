/* Forms, percent-encoding, targets and curl lines made from any bytes. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "http/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PAIRS_MAX = 50 };

static void check_percent(ac_arena *arena, ac_str text)
{
    ac_str encoded = ac_percent_encoded(arena, text);
    assert(ac_str_eq(ac_percent_decoded(arena, encoded), text));
    assert(ac_percent_decoded(arena, text).n <= text.n);
}

/* What was read once reads the same after printing. */
static void check_form(ac_arena *arena, ac_str text, bool plus_is_space)
{
    ac_pairs pairs;
    bool whole = ac_form_parse(arena, text, plus_is_space, PAIRS_MAX, &pairs);
    assert(whole ? pairs.count <= PAIRS_MAX : pairs.count == PAIRS_MAX);
    ac_pairs again;
    assert(ac_form_parse(arena, ac_form_print(arena, &pairs), plus_is_space, PAIRS_MAX, &again));
    assert(again.count == pairs.count);
    for (size_t i = 0; i < pairs.count; i++) {
        assert(ac_str_eq(again.items[i].name, pairs.items[i].name));
        assert(ac_str_eq(again.items[i].value, pairs.items[i].value));
    }
}

static void check_target(ac_str text)
{
    ac_str path = ac_target_path(text);
    ac_str query = ac_target_query(text);
    assert(text.n == path.n + query.n + (query.p ? 1 : 0));
}

static void check_curl(ac_arena *arena, ac_str text)
{
    size_t half = text.n / 2;
    ac_request request = {AC_STR("POST"), ac_str_sub(text, 0, half), {0}, ac_str_sub(text, half, text.n)};
    ac_pairs_add(arena, &request.headers, ac_str_sub(text, 0, half / 2), ac_str_sub(text, half / 2, half));
    ac_str line = ac_request_as_curl(arena, &request, AC_STR("http://h"), text.n % 2 == 1);
    assert(ac_utf8_valid(line) && ac_str_find_char(line, '\0') == AC_NOT_FOUND);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ac_arena *arena = ac_arena_new();
    ac_str text = {size > 0 ? (const char *)data : "", size};
    check_percent(arena, text);
    check_form(arena, text, true);
    check_form(arena, text, false);
    check_target(text);
    check_curl(arena, text);
    ac_arena_free(arena);
    return 0;
}
