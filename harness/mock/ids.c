/* Ids from hashes: nothing here is random, so that a run repeats. */
#include <string.h>

#include "mock/world.h"

/* SplitMix64: spreads the bits of a counter or hash. */
static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

uint64_t ac_mock_hash(uint64_t seed, ac_str text)
{
    uint64_t value = 0xCBF29CE484222325u ^ mix(seed);
    for (size_t i = 0; i < text.n; i++) {
        value = (value ^ (unsigned char)text.p[i]) * 0x100000001B3u;
    }
    return mix(value);
}

static void put_hex(char *out, uint64_t number, const char *digits)
{
    for (size_t i = 16; i > 0; i--) {
        out[i - 1] = digits[number & 15];
        number >>= 4;
    }
}

ac_str ac_mock_hex(ac_arena *arena, uint64_t number)
{
    char *text = ac_arena_alloc(arena, 16);
    put_hex(text, number, "0123456789abcdef");
    return (ac_str){text, 16};
}

/* Version 4, as those that the vendors show. */
ac_str ac_mock_uuid(ac_arena *arena, uint64_t number)
{
    enum { VERSION_AT = 12, VARIANT_AT = 16, LENGTH = 36 };
    static const char groups[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    char digits[32];
    uint64_t first = mix(number);
    put_hex(digits, first, "0123456789ABCDEF");
    put_hex(digits + 16, mix(first ^ ~number), "0123456789ABCDEF");
    digits[VERSION_AT] = '4';
    digits[VARIANT_AT] = "89AB"[first & 3];
    char *text = ac_arena_copy(arena, groups, LENGTH);
    for (size_t i = 0, n = 0; i < LENGTH; i++) {
        text[i] = groups[i] == 'x' ? digits[n++] : '-';
    }
    return (ac_str){text, LENGTH};
}
