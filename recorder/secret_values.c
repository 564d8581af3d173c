#include <string.h>

#include "base/json.h"
#include "base64.h"
#include "secret_parts.h"

enum {
    WINDOW = 4,     /* bytes that the filter looks at */
    BASE64_MIN = 8, /* shorter secrets make patterns that occur by chance */
    FORMS = 12,     /* that one known secret can take, at most */
    KEY_ID_MAX = 128,
    TOKEN_MAX = 64 * 1024
};

/* ---- what looks like a secret ---- */

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* How many characters of these kinds there are, at most max. */
static size_t run(ac_str whole, size_t at, const char *others, size_t max)
{
    size_t end = at;
    size_t last = whole.n - at < max ? whole.n : at + max;
    while (end < last && (is_alnum(whole.p[end]) || (whole.p[end] != '\0' && strchr(others, whole.p[end])))) {
        end++;
    }
    return end - at;
}

/* Not in the middle of a run of the same characters: so a long run is looked at once. */
static bool begins_run(ac_str whole, size_t at, const char *others)
{
    char before = at > 0 ? whole.p[at - 1] : ' ';
    return !is_alnum(before) && (before == '\0' || !strchr(others, before));
}

static size_t key_id_length(ac_str whole, size_t at)
{
    size_t n = begins_run(whole, at, "") ? run(whole, at, "", KEY_ID_MAX + 1) : 0;
    return n >= 16 && n <= KEY_ID_MAX ? n : 0;
}

static size_t sts_id_length(ac_str whole, size_t at)
{
    size_t n = begins_run(whole, at, ".") ? run(whole, at, ".", KEY_ID_MAX + 1) : 0;
    return n >= 20 && n <= KEY_ID_MAX ? n : 0;
}

/* header.claims.signature, each in base64url */
static size_t jwt_length(ac_str whole, size_t at)
{
    size_t n = 0;
    for (int part = 0; part < 3 && begins_run(whole, at, "-_"); part++) {
        size_t length = run(whole, at + n, "-_", TOKEN_MAX);
        bool dot = at + n + length < whole.n && whole.p[at + n + length] == '.';
        if (length < 4 || (part < 2 && !dot)) {
            return 0;
        }
        n += length + (part < 2 ? 1 : 0);
    }
    return n;
}

static size_t pem_length(ac_str whole, size_t at)
{
    ac_str rest = ac_str_sub(whole, at, whole.n);
    size_t key = ac_str_find(ac_str_sub(rest, 0, 64), AC_STR("PRIVATE KEY-----"));
    if (!ac_str_starts(rest, AC_STR("-----BEGIN ")) || key == AC_NOT_FOUND) {
        return 0;
    }
    size_t end = ac_str_find(rest, AC_STR("-----END "));
    size_t dashes = end == AC_NOT_FOUND ? end : ac_str_find(ac_str_sub(rest, end + 9, 64), AC_STR("-----"));
    return dashes == AC_NOT_FOUND ? rest.n : end + 9 + dashes + 5;
}

static size_t bearer_length(ac_str whole, size_t at)
{
    size_t word = sizeof("Bearer ") - 1;
    bool bearer =
        begins_run(whole, at, "") && ac_str_eq_nocase(ac_str_sub(whole, at, word), AC_STR("Bearer "));
    size_t n = bearer ? run(whole, at + word, "-._~+/=", TOKEN_MAX) : 0;
    return n >= 16 ? word + n : 0;
}

static const ac_secret_pattern looks[] = {
    {AC_STR_INIT("LTAI"), "access-key-id", key_id_length}, /* Alibaba Cloud */
    {AC_STR_INIT("AKLT"), "access-key-id", key_id_length}, /* Volcengine */
    {AC_STR_INIT("AKTP"), "access-key-id", key_id_length}, /* Volcengine, for a time */
    {AC_STR_INIT("AKIA"), "access-key-id", key_id_length}, /* AWS and what speaks like it */
    {AC_STR_INIT("ASIA"), "access-key-id", key_id_length},
    {AC_STR_INIT("STS."), "access-key-id", sts_id_length}, /* Alibaba Cloud, for a time */
    {AC_STR_INIT("-----BEGIN "), "key", pem_length},
    {AC_STR_INIT("Bearer "), "token", bearer_length},
    {AC_STR_INIT("bearer "), "token", bearer_length},
    /* {"a… to {"z… in base64: alg, cty, enc, jku, kid, p2s, typ, x5t, zip */
    {AC_STR_INIT("eyJh"), "token", jwt_length},
    {AC_STR_INIT("eyJj"), "token", jwt_length},
    {AC_STR_INIT("eyJl"), "token", jwt_length},
    {AC_STR_INIT("eyJq"), "token", jwt_length},
    {AC_STR_INIT("eyJr"), "token", jwt_length},
    {AC_STR_INIT("eyJw"), "token", jwt_length},
    {AC_STR_INIT("eyJ0"), "token", jwt_length},
    {AC_STR_INIT("eyJ4"), "token", jwt_length},
    {AC_STR_INIT("eyJ6"), "token", jwt_length},
};

/* ---- known secrets in all their forms ---- */

static unsigned filter_bit(const char *p)
{
    uint32_t window;
    memcpy(&window, p, sizeof window);
    return (window * 0x9E3779B1u) >> 18; /* 14 bits */
}

static void add(ac_secret_patterns *patterns, ac_secret_pattern pattern)
{
    unsigned bit = filter_bit(pattern.text.p);
    patterns->filter[bit / 64] |= (uint64_t)1 << bit % 64;
    patterns->items[patterns->count++] = pattern;
}

/* What base64 shows of the secret where `before` other bytes stand in front of it, mod 3. */
static ac_str base64_inside(ac_arena *arena, ac_str secret, size_t before)
{
    char *padded = ac_arena_alloc(arena, before + secret.n);
    memcpy(padded + before, secret.p, secret.n);
    ac_str encoded = ac_base64_encoded(arena, (ac_str){padded, before + secret.n}, (ac_base64_form){0});
    size_t from = (before * 8 + 5) / 6;
    return ac_str_sub(encoded, from, (before + secret.n) * 8 / 6 - from);
}

static ac_str url_alphabet(ac_arena *arena, ac_str encoded)
{
    if (!memchr(encoded.p, '+', encoded.n) && !memchr(encoded.p, '/', encoded.n)) {
        return encoded;
    }
    char *copy = ac_arena_copy(arena, encoded.p, encoded.n);
    for (size_t i = 0; i < encoded.n; i++) {
        copy[i] = (char)(copy[i] == '+' ? '-' : copy[i] == '/' ? '_' : copy[i]);
    }
    return (ac_str){copy, encoded.n};
}

static ac_str lower_escapes(ac_arena *arena, ac_str encoded)
{
    char *copy = ac_arena_copy(arena, encoded.p, encoded.n);
    for (size_t i = 0; i + 2 < encoded.n; i++) {
        if (copy[i] == '%') {
            for (size_t k = i + 1; k <= i + 2; k++) {
                copy[k] = (char)(copy[k] >= 'A' && copy[k] <= 'F' ? copy[k] - 'A' + 'a' : copy[k]);
            }
        }
    }
    return (ac_str){copy, encoded.n};
}

static ac_str json_escaped(ac_arena *arena, ac_str secret)
{
    ac_buf out;
    ac_buf_init(&out, secret.n * 6 + 2);
    ac_json_write_string(&out, secret);
    ac_str quoted = ac_buf_take(&out, arena);
    return ac_str_sub(quoted, 1, quoted.n - 2);
}

static void add_form(ac_secret_patterns *patterns, ac_str form)
{
    add(patterns, (ac_secret_pattern){form, "known", NULL});
}

/* Only a secret with something in it that an encoding changes has other forms than itself and base64. */
static void add_escaped(ac_arena *arena, ac_secret_patterns *patterns, ac_str secret)
{
    ac_str encoded = ac_percent_encoded(arena, secret);
    if (encoded.n == secret.n) {
        return;
    }
    ac_str escaped = json_escaped(arena, secret);
    add_form(patterns, encoded);
    add_form(patterns, lower_escapes(arena, encoded));
    add_form(patterns, escaped);
    add_form(patterns, ac_str_replace(arena, escaped, AC_STR("/"), AC_STR("\\/")));
}

static void add_known(ac_arena *arena, ac_secret_patterns *patterns, ac_str secret)
{
    add_form(patterns, secret);
    add_escaped(arena, patterns, secret);
    for (size_t before = 0; before < 3 && secret.n >= BASE64_MIN; before++) {
        ac_str encoded = base64_inside(arena, secret, before);
        ac_str for_urls = url_alphabet(arena, encoded);
        add_form(patterns, encoded);
        if (for_urls.p != encoded.p) {
            add_form(patterns, for_urls);
        }
    }
}

void ac_secret_patterns_init(ac_arena *arena, const ac_known_secrets *known, ac_secret_patterns *out)
{
    size_t known_count = known ? known->count : 0;
    *out = (ac_secret_patterns){
        .items = AC_NEW_ARRAY(arena, known_count * FORMS + AC_COUNT(looks), ac_secret_pattern)};
    for (size_t i = 0; i < known_count; i++) {
        if (known->items[i].n >= WINDOW) {
            add_known(arena, out, known->items[i]);
        }
    }
    for (size_t i = 0; i < AC_COUNT(looks); i++) {
        add(out, looks[i]);
    }
}

/* ---- the search ---- */

/* The length of the longest secret that begins at that place; 0: none does. */
static size_t secret_at(const ac_secret_patterns *patterns, ac_str text, size_t at, const char **kind)
{
    size_t longest = 0;
    ac_str rest = ac_str_sub(text, at, text.n);
    for (size_t i = 0; i < patterns->count; i++) {
        const ac_secret_pattern *pattern = &patterns->items[i];
        if (!ac_str_starts(rest, pattern->text)) {
            continue;
        }
        size_t length = pattern->length ? pattern->length(text, at) : pattern->text.n;
        if (length > longest) {
            longest = length;
            *kind = pattern->kind;
        }
    }
    return longest;
}

static bool may_begin(const ac_secret_patterns *patterns, const char *p)
{
    unsigned bit = filter_bit(p);
    return patterns->filter[bit / 64] >> bit % 64 & 1;
}

ac_str ac_secret_patterns_remove(ac_arena *arena, const ac_secret_patterns *patterns, ac_str text)
{
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    size_t done = 0;
    const char *kind = "";
    for (size_t at = 0; at + WINDOW <= text.n; at++) {
        size_t length = may_begin(patterns, text.p + at) ? secret_at(patterns, text, at, &kind) : 0;
        if (length > 0) {
            ac_buf_add(&out, ac_str_sub(text, done, at - done));
            ac_buf_add(&out, ac_secret_marker(arena, kind));
            done = at + length;
            at = done - 1;
        }
    }
    if (done == 0) {
        return text;
    }
    ac_buf_add(&out, ac_str_sub(text, done, text.n));
    return ac_buf_take(&out, arena);
}
