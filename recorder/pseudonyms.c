#include "recorder/pseudonyms.h"

#include <string.h>

enum {
    NUMBER_DIGITS_MAX = 9,
    UUID_LENGTH = 36,
    NETWORK = 254,           /* addresses of a documentation network that can be a host's */
    NETWORKS = 3 * NETWORK,  /* of all three */
    BENCHMARK_HOSTS = 131072 /* of 198.18.0.0/15 */
};

/* ---- forms ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* How much of an id stays: its prefix of letters and dashes. */
static size_t prefix_length(ac_str id)
{
    size_t dash = 0;
    for (size_t i = 0; i < id.n && !is_digit(id.p[i]); i++) {
        dash = id.p[i] == '-' ? i + 1 : dash;
    }
    bool uuid =
        id.n == UUID_LENGTH && id.p[8] == '-' && id.p[13] == '-' && id.p[18] == '-' && id.p[23] == '-';
    return uuid ? 0 : dash;
}

static size_t kept_digits(ac_str text, size_t count)
{
    size_t i = 0;
    for (; i < text.n && count > 0; i++) {
        count -= is_alnum(text.p[i]) ? 1 : 0;
    }
    return i;
}

/* Zeros for letters and digits behind `keep`, and the number at the end of them; punctuation stays. */
static ac_str fill(ac_arena *arena, ac_str value, size_t keep, uint64_t number)
{
    char *text = ac_arena_copy(arena, value.p, value.n);
    for (size_t i = value.n; i > keep; i--) {
        if (is_alnum(text[i - 1])) {
            text[i - 1] = (char)('0' + number % 10);
            number /= 10;
        }
    }
    ac_str filled = {text, value.n};
    return number == 0 ? filled
                       : ac_str_printf(arena, "%.*s%llu", AC_STR_FMT(filled), (unsigned long long)number);
}

static ac_str make_ipv4(ac_arena *arena, uint64_t number)
{
    static const char *const networks[] = {"192.0.2", "198.51.100", "203.0.113"};
    uint64_t index = number - 1;
    if (index < NETWORKS) {
        return ac_str_printf(arena, "%s.%u", networks[index / NETWORK], (unsigned)(index % NETWORK + 1));
    }
    index = (index - NETWORKS) % BENCHMARK_HOSTS;
    return ac_str_printf(arena, "198.%u.%u.%u", (unsigned)(18 + index / 65536), (unsigned)(index / 256 % 256),
                         (unsigned)(index % 256));
}

static ac_str make_mac(ac_arena *arena, uint64_t number)
{
    if (number < 256) {
        return ac_str_printf(arena, "00:00:5e:00:53:%02x", (unsigned)number);
    }
    return ac_str_printf(arena, "02:00:00:%02x:%02x:%02x", (unsigned)(number >> 16 & 255),
                         (unsigned)(number >> 8 & 255), (unsigned)(number & 255));
}

ac_str ac_pseudonym_make(ac_arena *arena, ac_pseudonym_form form, ac_str value, uint64_t number)
{
    switch (form.kind) {
    case AC_PSEUDONYM_ID:
        return fill(arena, value, prefix_length(value), number);
    case AC_PSEUDONYM_DIGITS:
        return fill(arena, value, kept_digits(value, form.first), number);
    case AC_PSEUDONYM_IPV4:
        return make_ipv4(arena, number);
    case AC_PSEUDONYM_IPV6:
        return ac_str_printf(arena, "2001:db8::%x", (unsigned)number);
    case AC_PSEUDONYM_MAC:
        return make_mac(arena, number);
    case AC_PSEUDONYM_EMAIL:
        return ac_str_printf(arena, "person%04u@example.com", (unsigned)number);
    case AC_PSEUDONYM_TEXT:
        return ac_str_printf(arena, "[%.*s-%u]", AC_STR_FMT(form.name), (unsigned)number);
    case AC_PSEUDONYM_SECRET:
    case AC_PSEUDONYM_KINDS:
        break;
    }
    return ac_str_printf(arena, "[secret:%.*s]", AC_STR_FMT(form.name));
}

/* ---- what is a pseudonym already ---- */

/* The number that letters and digits behind `keep` make, where they are digits only. */
static bool read_fill(ac_str text, size_t keep, uint64_t *number)
{
    uint64_t value = 0;
    for (size_t i = keep; i < text.n; i++) {
        if (is_alnum(text.p[i]) && !is_digit(text.p[i])) {
            return false;
        }
        if (is_digit(text.p[i])) {
            value = value * 10 + (uint64_t)(text.p[i] - '0');
        }
        if (value > 999999999) {
            return false;
        }
    }
    *number = value;
    return true;
}

static bool read_ipv4(ac_str text, uint64_t *number)
{
    static const ac_str networks[] = {AC_STR_INIT("192.0.2."), AC_STR_INIT("198.51.100."),
                                      AC_STR_INIT("203.0.113.")};
    int64_t host;
    for (size_t i = 0; i < AC_COUNT(networks); i++) {
        if (ac_str_starts(text, networks[i]) && ac_str_int(ac_str_sub(text, networks[i].n, text.n), &host)) {
            *number = i * NETWORK + (uint64_t)(host > 0 && host <= NETWORK ? host : 1);
            return true;
        }
    }
    *number = 0;
    return ac_str_starts(text, AC_STR("198.18.")) || ac_str_starts(text, AC_STR("198.19."));
}

static bool read_hex(ac_str text, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!is_digit(c) && !(c >= 'a' && c <= 'f')) {
            return false;
        }
        *number = *number << 4 | (uint64_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return text.n > 0 && text.n <= 7;
}

static bool read_after(ac_str text, const char *prefix, uint64_t *number)
{
    ac_str start = ac_str_c(prefix);
    return ac_str_starts(text, start) && read_hex(ac_str_sub(text, start.n, text.n), number);
}

static bool read_email(ac_str text, uint64_t *number)
{
    int64_t value;
    ac_str start = AC_STR("person");
    ac_str end = AC_STR("@example.com");
    bool form = text.n > start.n + end.n && ac_str_starts(text, start) && ac_str_ends(text, end);
    bool read = form && ac_str_int(ac_str_sub(text, start.n, text.n - start.n - end.n), &value) && value >= 0;
    *number = read ? (uint64_t)value : 0;
    return read;
}

bool ac_pseudonym_is_one(ac_pseudonym_form form, ac_str text, uint64_t *number)
{
    *number = 0;
    switch (form.kind) {
    case AC_PSEUDONYM_ID:
        return read_fill(text, prefix_length(text), number);
    case AC_PSEUDONYM_DIGITS: /* of nine digits and less nobody could say */
        return text.n > NUMBER_DIGITS_MAX + form.first &&
               read_fill(text, kept_digits(text, form.first), number) && *number < 1000000;
    case AC_PSEUDONYM_IPV4:
        return read_ipv4(text, number);
    case AC_PSEUDONYM_IPV6:
        return read_after(text, "2001:db8::", number);
    case AC_PSEUDONYM_MAC:
        return read_after(text, "00:00:5e:00:53:", number);
    case AC_PSEUDONYM_EMAIL:
        return read_email(text, number);
    case AC_PSEUDONYM_TEXT:
    case AC_PSEUDONYM_SECRET:
    case AC_PSEUDONYM_KINDS:
        break;
    }
    return text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']';
}

/* ---- the table ---- */

typedef struct slot {
    ac_str key;
    size_t entry; /* index, from 1; 0: free */
} slot;

typedef struct table {
    slot *slots;
    size_t size; /* a power of two */
    size_t count;
} table;

struct ac_pseudonyms {
    ac_arena *arena;
    ac_pseudonym **entries;
    size_t count, capacity;
    table by_value, by_text;
    uint64_t next[AC_PSEUDONYM_KINDS];
    size_t settled; /* entries that have their text */
};

static uint64_t hash(ac_str text)
{
    uint64_t value = 0xCBF29CE484222325u;
    for (size_t i = 0; i < text.n; i++) {
        value = (value ^ (unsigned char)text.p[i]) * 0x100000001B3u;
    }
    return value ^ value >> 29;
}

/* The slot of the key, or the free one where it would go. */
static slot *slot_of(const table *t, ac_str key)
{
    size_t i = hash(key) & (t->size - 1);
    while (t->slots[i].entry != 0 && !ac_str_eq(t->slots[i].key, key)) {
        i = (i + 1) & (t->size - 1);
    }
    return &t->slots[i];
}

static void put(table *t, ac_str key, size_t entry)
{
    if (t->count * 2 >= t->size) {
        table grown = {NULL, t->size > 0 ? t->size * 2 : 256, 0};
        grown.slots = ac_alloc(grown.size * sizeof(slot));
        for (size_t i = 0; i < t->size; i++) {
            if (t->slots[i].entry != 0) {
                put(&grown, t->slots[i].key, t->slots[i].entry);
            }
        }
        ac_free(t->slots);
        *t = grown;
    }
    slot *free_slot = slot_of(t, key);
    t->count += free_slot->entry == 0 ? 1 : 0;
    *free_slot = (slot){key, entry};
}

static size_t get(const table *t, ac_str key)
{
    return t->size > 0 ? slot_of(t, key)->entry : 0;
}

ac_pseudonyms *ac_pseudonyms_new(void)
{
    ac_pseudonyms *all = ac_alloc(sizeof *all);
    all->arena = ac_arena_new();
    return all;
}

void ac_pseudonyms_free(ac_pseudonyms *all)
{
    if (all) {
        ac_arena_free(all->arena);
        ac_free(all->by_value.slots);
        ac_free(all->by_text.slots);
        ac_free(all->entries);
        ac_free(all);
    }
}

ac_arena *ac_pseudonyms_arena(ac_pseudonyms *all)
{
    return all->arena;
}

static void reserve(ac_pseudonyms *all, ac_pseudonym_kind kind, uint64_t number)
{
    all->next[kind] = number > all->next[kind] ? number : all->next[kind];
}

ac_pseudonym *ac_pseudonyms_meet(ac_pseudonyms *all, ac_str value, ac_pseudonym_form form, bool *fresh)
{
    size_t known = get(&all->by_value, value);
    *fresh = known == 0;
    if (known != 0) {
        return all->entries[known - 1];
    }
    if (all->count == all->capacity) {
        all->capacity = all->capacity > 0 ? all->capacity * 2 : 64;
        all->entries = ac_realloc(all->entries, all->capacity * sizeof *all->entries);
    }
    ac_pseudonym *entry = AC_NEW(all->arena, ac_pseudonym);
    uint64_t number;
    *entry = (ac_pseudonym){.value = ac_str_dup(all->arena, value), .form = form};
    entry->own = ac_pseudonym_is_one(form, value, &number);
    if (entry->own) {
        reserve(all, form.kind, number);
    }
    all->entries[all->count++] = entry;
    put(&all->by_value, entry->value, all->count);
    return entry;
}

const ac_pseudonym *ac_pseudonyms_find(const ac_pseudonyms *all, ac_str value)
{
    size_t known = get(&all->by_value, value);
    return known != 0 ? all->entries[known - 1] : NULL;
}

void ac_pseudonyms_settle(ac_pseudonyms *all)
{
    for (; all->settled < all->count; all->settled++) {
        ac_pseudonym *entry = all->entries[all->settled];
        entry->text = entry->own ? entry->value
                                 : ac_pseudonym_make(all->arena, entry->form, entry->value,
                                                     ++all->next[entry->form.kind]);
        put(&all->by_text, entry->text, all->settled + 1);
    }
}

const ac_pseudonym *ac_pseudonyms_at(const ac_pseudonyms *all, size_t index)
{
    return index < all->count ? all->entries[index] : NULL;
}

bool ac_pseudonyms_is_given(const ac_pseudonyms *all, ac_str text)
{
    return get(&all->by_text, text) != 0;
}
