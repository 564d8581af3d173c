#include "canon.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- order ---- */

/* UTF-16 code units are in the order of UTF-8 bytes but for U+E000 to U+FFFF (lead bytes EE and EF), which
 * come after the surrogates of what lies above the BMP (lead bytes F0 to F4). */
static int code_unit_rank(unsigned char byte)
{
    return byte == 0xEE || byte == 0xEF ? 0x100 + byte : byte;
}

static bool is_unreserved(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '_' || byte == '.' || byte == '~';
}

/* The order of percent-encoded text: '%' is before every unreserved character. */
static int encoded_rank(unsigned char byte)
{
    return is_unreserved(byte) ? 0x100 + byte : byte;
}

static int compare_ranked(ac_str a, ac_str b, int (*rank)(unsigned char))
{
    size_t shared = a.n < b.n ? a.n : b.n;
    for (size_t i = 0; i < shared; i++) {
        if (a.p[i] != b.p[i]) {
            return rank((unsigned char)a.p[i]) - rank((unsigned char)b.p[i]);
        }
    }
    return (a.n > b.n) - (a.n < b.n);
}

static int compare_pairs(const void *left, const void *right)
{
    const ac_pair *a = left;
    const ac_pair *b = right;
    int order = compare_ranked(a->name, b->name, code_unit_rank);
    return order != 0 ? order : compare_ranked(a->value, b->value, encoded_rank);
}

static int compare_texts(const void *left, const void *right)
{
    const ac_str *a = left;
    const ac_str *b = right;
    return compare_ranked(*a, *b, code_unit_rank);
}

/* ---- headers ---- */

static ac_str join(ac_arena *arena, const ac_str *parts, size_t count, char separator)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += parts[i].n + 1;
    }
    char *text = ac_arena_alloc(arena, size);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            text[n++] = separator;
        }
        if (parts[i].n > 0) {
            memcpy(text + n, parts[i].p, parts[i].n);
            n += parts[i].n;
        }
    }
    return (ac_str){text, n};
}

static ac_str join_values(ac_arena *arena, const ac_pairs *headers, ac_str name)
{
    ac_str *values = AC_NEW_ARRAY(arena, headers->count, ac_str);
    size_t count = 0;
    for (size_t i = 0; i < headers->count; i++) {
        if (ac_str_eq_nocase(headers->items[i].name, name)) {
            values[count++] = ac_str_trim(headers->items[i].value);
        }
    }
    qsort(values, count, sizeof *values, compare_texts);
    return join(arena, values, count, ',');
}

ac_str ac_canon_header(ac_arena *arena, const ac_pairs *headers, ac_str name)
{
    const ac_pair *found = NULL;
    for (size_t i = 0; i < headers->count; i++) {
        if (!ac_str_eq_nocase(headers->items[i].name, name)) {
            continue;
        }
        if (found) {
            return join_values(arena, headers, name);
        }
        found = &headers->items[i];
    }
    if (!found) {
        return (ac_str){NULL, 0};
    }
    return found->value.n > 0 ? ac_str_trim(found->value) : AC_STR("");
}

void ac_canon_set_header(ac_arena *arena, ac_request *request, ac_str name, ac_str value)
{
    ac_pairs_remove_nocase(&request->headers, name);
    ac_pairs_add(arena, &request->headers, name, value);
}

void ac_canon_default_header(ac_arena *arena, ac_request *request, ac_str name, ac_str value)
{
    if (value.n > 0 && !ac_pairs_find_nocase(&request->headers, name)) {
        ac_pairs_add(arena, &request->headers, name, value);
    }
}

void ac_canon_set_token(ac_arena *arena, ac_request *request, const ac_credentials *credentials)
{
    const ac_str key_header = AC_STR("x-acs-accesskey-id");
    const ac_str token_header = AC_STR("x-acs-security-token");
    ac_str token = ac_secret_bytes(credentials->security_token);
    ac_pairs_remove_nocase(&request->headers, key_header);
    ac_pairs_remove_nocase(&request->headers, token_header);
    if (token.n > 0) {
        ac_pairs_add(arena, &request->headers, key_header, credentials->access_key_id);
        ac_pairs_add(arena, &request->headers, token_header, token);
    }
}

ac_str ac_canon_date(ac_arena *arena, const ac_sign_input *input, ac_time_format format)
{
    return input->date.p ? input->date : ac_time_print(arena, input->now_ms, format);
}

bool ac_canon_is_acs(ac_str name)
{
    const ac_str prefix = AC_STR("x-acs-");
    return ac_str_eq_nocase(ac_str_sub(name, 0, prefix.n), prefix);
}

static ac_str lower(ac_arena *arena, ac_str text)
{
    char *copy = ac_arena_copy(arena, text.p, text.n);
    for (size_t i = 0; i < text.n; i++) {
        if (copy[i] >= 'A' && copy[i] <= 'Z') {
            copy[i] = (char)(copy[i] + ('a' - 'A'));
        }
    }
    return (ac_str){copy, text.n};
}

ac_str ac_canon_names(ac_arena *arena, const ac_pairs *headers, bool (*take)(ac_str name))
{
    ac_str *names = AC_NEW_ARRAY(arena, headers->count, ac_str);
    size_t count = 0;
    for (size_t i = 0; i < headers->count; i++) {
        if (take(headers->items[i].name)) {
            names[count++] = lower(arena, headers->items[i].name);
        }
    }
    qsort(names, count, sizeof *names, compare_texts);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !ac_str_eq(names[kept - 1], names[i])) {
            names[kept++] = names[i];
        }
    }
    return join(arena, names, kept, ';');
}

bool ac_canon_is_named(ac_str names, ac_str name)
{
    while (names.p) {
        if (ac_str_eq(ac_str_split(names, ';', &names), name)) {
            return true;
        }
    }
    return false;
}

void ac_canon_add_headers(ac_arena *arena, ac_buf *out, const ac_pairs *headers, ac_str names,
                          void (*add_value)(ac_buf *out, ac_str value))
{
    while (names.n > 0) {
        ac_str name = ac_str_split(names, ';', &names);
        ac_buf_add(out, name);
        ac_buf_add_char(out, ':');
        add_value(out, ac_canon_header(arena, headers, name));
        ac_buf_add_char(out, '\n');
    }
}

/* ---- parameters ---- */

bool ac_canon_is_form(const ac_request *request)
{
    ac_str rest;
    ac_str type = ac_str_split(ac_header(&request->headers, "content-type"), ';', &rest);
    return ac_str_eq_nocase(ac_str_trim(type), AC_STR("application/x-www-form-urlencoded"));
}

void ac_canon_sort(ac_pairs *pairs)
{
    if (pairs->count > 1) {
        qsort(pairs->items, pairs->count, sizeof *pairs->items, compare_pairs);
    }
}

static size_t count_of(ac_str text, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < text.n; i++) {
        count += text.p[i] == c;
    }
    return count;
}

bool ac_canon_is_bounded(const ac_request *request, bool with_form)
{
    size_t count = count_of(request->target, '&') + (with_form ? count_of(request->body, '&') : 0);
    return count < AC_CANON_PARAMETERS_MAX;
}

/* '+' is a space in a query too: that is how the vendors' gateways and every form decoder read it. */
static ac_pairs parse(ac_arena *arena, ac_str text)
{
    ac_pairs pairs;
    bool all = ac_form_parse(arena, text, true, SIZE_MAX, &pairs);
    assert(all);
    (void)all;
    return pairs;
}

ac_pairs ac_canon_parameters(ac_arena *arena, const ac_request *request, bool with_form)
{
    ac_pairs pairs = parse(arena, ac_target_query(request->target));
    if (with_form) {
        ac_pairs form = parse(arena, request->body);
        for (size_t i = 0; i < form.count; i++) {
            ac_pairs_add(arena, &pairs, form.items[i].name, form.items[i].value);
        }
    }
    ac_canon_sort(&pairs);
    return pairs;
}

/* Most names and values are plain, and then are not copied on the way. */
static bool is_plain(ac_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!is_unreserved((unsigned char)text.p[i])) {
            return false;
        }
    }
    return true;
}

static void add_text(ac_arena *arena, ac_buf *out, ac_str text, bool encode)
{
    ac_buf_add(out, encode && !is_plain(text) ? ac_percent_encoded(arena, text) : text);
}

void ac_canon_add_query(ac_arena *arena, ac_buf *out, const ac_pairs *sorted, unsigned encode)
{
    for (size_t i = 0; i < sorted->count; i++) {
        if (i > 0) {
            ac_buf_add_char(out, '&');
        }
        add_text(arena, out, sorted->items[i].name, (encode & AC_CANON_ENCODE_NAMES) != 0);
        ac_buf_add_char(out, '=');
        add_text(arena, out, sorted->items[i].value, (encode & AC_CANON_ENCODE_VALUES) != 0);
    }
}

void ac_canon_add_part(ac_buf *out, ac_str part)
{
    if (part.n > 0 && out->n > 0) {
        ac_buf_add_char(out, '&');
    }
    ac_buf_add(out, part);
}

void ac_canon_set_query(ac_arena *arena, ac_request *request, ac_str query)
{
    ac_str path = ac_target_path(request->target);
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    ac_buf_add(&out, path.n > 0 ? path : AC_STR("/"));
    ac_buf_add(&out, query.n > 0 ? AC_STR("?") : AC_STR(""));
    ac_buf_add(&out, query);
    request->target = ac_buf_take(&out, arena);
}

/* ---- the canonical request ---- */

ac_str ac_canon_request(ac_arena *arena, const ac_canon_style *style, const ac_request *request, ac_str names,
                        ac_str hashed_payload)
{
    ac_pairs query = ac_canon_parameters(arena, request, false);
    ac_buf out;
    ac_buf_init(&out, SIZE_MAX / 4);
    ac_buf_add(&out, request->method);
    ac_buf_add_char(&out, '\n');
    ac_str path = ac_target_path(request->target);
    style->add_path(arena, &out, path.n > 0 ? path : AC_STR("/"));
    ac_buf_add_char(&out, '\n');
    ac_canon_add_query(arena, &out, &query, style->encode);
    ac_buf_add_char(&out, '\n');
    ac_canon_add_headers(arena, &out, &request->headers, names, style->add_header_value);
    ac_buf_add_char(&out, '\n');
    ac_buf_add(&out, names);
    ac_buf_add_char(&out, '\n');
    ac_buf_add(&out, hashed_payload);
    return ac_buf_take(&out, arena);
}

/* ---- Authorization ---- */

ac_verify_result ac_canon_authorization(const ac_request *request, ac_str scheme, ac_str *rest)
{
    size_t all = 0;
    size_t ours = 0;
    for (size_t i = 0; i < request->headers.count; i++) {
        if (!ac_str_eq_nocase(request->headers.items[i].name, AC_STR("authorization"))) {
            continue;
        }
        all++;
        ac_str after;
        if (ac_str_eq(ac_str_split(ac_str_trim(request->headers.items[i].value), ' ', &after), scheme)) {
            ours++;
            *rest = ac_str_trim(after);
        }
    }
    if (ours == 0) {
        return AC_VERIFY_NO_SIGNATURE;
    }
    return all == 1 && ac_canon_is_bounded(request, false) ? AC_VERIFY_OK : AC_VERIFY_MALFORMED;
}

/* Whether text is "key=value" and value is not yet set. */
static bool take_part(ac_str text, ac_str key, ac_str *value)
{
    ac_str after;
    if (value->p || !ac_str_eq(ac_str_split(text, '=', &after), key)) {
        return false;
    }
    *value = after;
    return after.p != NULL;
}

ac_verify_result ac_canon_read_grant(const ac_request *request, ac_str scheme, ac_canon_grant *grant)
{
    *grant = (ac_canon_grant){0};
    ac_str rest = {NULL, 0};
    ac_verify_result result = ac_canon_authorization(request, scheme, &rest);
    if (result != AC_VERIFY_OK) {
        return result;
    }
    while (rest.p) {
        ac_str part = ac_str_trim(ac_str_split(rest, ',', &rest));
        if (!take_part(part, AC_STR("Credential"), &grant->credential) &&
            !take_part(part, AC_STR("SignedHeaders"), &grant->names) &&
            !take_part(part, AC_STR("Signature"), &grant->signature)) {
            return AC_VERIFY_MALFORMED;
        }
    }
    bool whole = grant->names.n > 0 && grant->signature.n > 0;
    return whole && count_of(grant->names, ';') < AC_CANON_NAMES_MAX ? AC_VERIFY_OK : AC_VERIFY_MALFORMED;
}

/* ---- verification ---- */

bool ac_canon_verdict(ac_verify_report *report, ac_verify_result result, const char *why)
{
    report->result = result;
    report->why = why;
    return result == AC_VERIFY_OK;
}

bool ac_canon_claimed(ac_verify_report *report, ac_verify_result result)
{
    static const char *const lines[] = {
        [AC_VERIFY_OK] = "the claim can be read",
        [AC_VERIFY_NO_SIGNATURE] = "the request carries no signature of this scheme",
        [AC_VERIFY_NO_ACCESS_KEY] = "the request is signed but names no access key id",
        [AC_VERIFY_MALFORMED] = "the authorization, or what belongs to it, cannot be read",
    };
    return ac_canon_verdict(report, result, lines[result]);
}

bool ac_canon_body_differs(ac_arena *arena, const ac_request *request, ac_str header, ac_str digest)
{
    ac_str sent = ac_canon_header(arena, &request->headers, header);
    return sent.p && !ac_str_eq(sent, digest);
}

void ac_canon_judge(ac_verify_report *report, bool body_differs)
{
    if (body_differs) {
        ac_canon_verdict(report, AC_VERIFY_BODY_MISMATCH, "the digest sent is not the one of the body");
    } else if (ac_equal_constant_time(report->stages.signature, report->sent_signature)) {
        ac_canon_verdict(report, AC_VERIFY_OK, "the signature is right");
    } else {
        ac_canon_verdict(report, AC_VERIFY_MISMATCH, "the signature is not the one of this request and key");
    }
}
