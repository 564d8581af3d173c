/* Lists: which resources, and which page of them. */
#include "mock/answer.h"
#include "mock/deviate.h"

/* What picks the items of a list. */
typedef struct filter {
    ac_str attribute;
    const ac_json *wanted; /* text, or an array of texts any of which will do */
} filter;

typedef struct listing {
    ac_mock_call *call;
    const ac_mock_shape *item; /* as it is shown, NULL: undocumented */
    filter *filters;
    size_t filter_count;
} listing;

static const ac_behaviour *behaviour_of(const ac_mock_call *call)
{
    return &call->operation->contract->behaviour;
}

/* ---- filters ---- */

static bool is_wish(const ac_json *wanted)
{
    bool any = wanted && (wanted->type != AC_JSON_ARRAY || wanted->count > 0);
    return any && !(wanted->type == AC_JSON_STRING && wanted->text.n == 0);
}

static void read_filters(listing *l)
{
    const ac_json *filters = behaviour_of(l->call)->filters;
    if (!ac_json_is(filters, AC_JSON_OBJECT)) {
        return;
    }
    l->filters = AC_NEW_ARRAY(l->call->arena, filters->count, filter);
    for (size_t i = 0; i < filters->count; i++) {
        const ac_json *wanted = ac_mock_effective_value(l->call, filters->items[i].key);
        if (is_wish(wanted)) {
            l->filters[l->filter_count++] = (filter){ac_json_text(&filters->items[i]), wanted};
        }
    }
}

static ac_str plain_text(const ac_json *value)
{
    if (ac_json_is(value, AC_JSON_BOOL)) {
        return ac_str_c(value->boolean ? "true" : "false");
    }
    return ac_json_text(value);
}

static bool is_any_of(const ac_json *wanted, ac_str text)
{
    if (wanted->type != AC_JSON_ARRAY) {
        return ac_str_eq(plain_text(wanted), text);
    }
    for (size_t i = 0; i < wanted->count; i++) {
        if (ac_str_eq(plain_text(&wanted->items[i]), text)) {
            return true;
        }
    }
    return false;
}

static bool passes(const filter *f, const ac_json *shown)
{
    if (!ac_json_is(shown, AC_JSON_ARRAY)) {
        return shown && is_any_of(f->wanted, plain_text(shown));
    }
    for (size_t i = 0; i < shown->count; i++) {
        if (is_any_of(f->wanted, plain_text(&shown->items[i]))) {
            return true;
        }
    }
    return false;
}

/* A list is filtered by what it shows, so that a state or a name that follows from others counts too. */
static bool is_listed(const listing *l, const ac_mock_resource *resource)
{
    const ac_mock_page none = {0};
    const ac_mock_view view = {.call = l->call, .resource = resource, .page = &none};
    for (size_t i = 0; i < l->filter_count; i++) {
        if (!passes(&l->filters[i], ac_mock_shown(&view, l->item, l->filters[i].attribute))) {
            return false;
        }
    }
    return true;
}

/* ---- pages ---- */

static int64_t number_of(const ac_mock_call *call, ac_str name, int64_t otherwise)
{
    int64_t number = 0;
    const ac_json *value = name.n > 0 ? ac_mock_effective_value(call, name) : NULL;
    return ac_str_int(ac_json_text(value), &number) && number > 0 ? number : otherwise;
}

enum { HALF = 16 }; /* hexadecimal digits */

static uint64_t seal(const ac_mock_call *call, ac_str number)
{
    return ac_mock_hash(ac_mock_hash(0, call->operation->contract->operation), number);
}

/* Tokens say after which resource a page begins, so that it stays where it is when others are made. */
static ac_str token_after(const ac_mock_call *call, uint64_t number)
{
    ac_str plain = ac_mock_hex(call->arena, number);
    uint64_t sealed = seal(call, plain);
    return ac_str_printf(call->arena, "%.*s%.*s", HALF, ac_mock_hex(call->arena, sealed).p, HALF,
                         ac_mock_hex(call->arena, number ^ sealed).p);
}

static bool read_hex(ac_str text, uint64_t *number)
{
    static const ac_str digits = AC_STR_INIT("0123456789abcdef");
    *number = 0;
    for (size_t i = 0; i < text.n; i++) {
        size_t digit = ac_str_find_char(digits, text.p[i]);
        if (digit == AC_NOT_FOUND) {
            return false;
        }
        *number = *number << 4 | digit;
    }
    return text.n == HALF;
}

/* A token that this operation did not give is as none: no error is documented for it. */
static uint64_t read_token(const ac_mock_call *call, ac_str token)
{
    uint64_t sealed;
    uint64_t mixed;
    if (token.n != (size_t)HALF * 2 || !read_hex(ac_str_sub(token, 0, HALF), &sealed) ||
        !read_hex(ac_str_sub(token, HALF, HALF), &mixed)) {
        return UINT64_MAX;
    }
    uint64_t number = mixed ^ sealed;
    return seal(call, ac_mock_hex(call->arena, number)) == sealed ? number : UINT64_MAX;
}

/* The size of a page, how many items are before it, and the number that items must be older than. */
typedef struct window {
    int64_t size, skip;
    uint64_t before;
} window;

static window read_window(const ac_mock_call *call)
{
    const ac_paging *paging = behaviour_of(call)->paging;
    window w = {.size = INT64_MAX, .before = UINT64_MAX};
    if (!paging) {
        return w;
    }
    w.size = number_of(call, paging->size, paging->default_size > 0 ? paging->default_size : INT64_MAX);
    if (paging->token.n > 0) {
        w.before = read_token(call, ac_json_text(ac_mock_effective_value(call, paging->token)));
    } else {
        int64_t page = number_of(call, paging->number, 1);
        w.skip = page - 1 > INT64_MAX / w.size ? INT64_MAX : (page - 1) * w.size;
    }
    return w;
}

static void fill_page(const listing *l, const window *w, ac_mock_page *page)
{
    size_t count;
    const ac_mock_resource *const *all = ac_mock_resources(l->call->account, &count);
    int64_t skipped = 0;
    page->items = AC_NEW_ARRAY(l->call->arena, count, const ac_mock_resource *);
    for (size_t i = count; i > 0; i--) {
        const ac_mock_resource *resource = all[i - 1];
        if (resource->kind != l->call->operation->kind || !is_listed(l, resource) ||
            ac_mock_overlooks(l->call, resource)) {
            continue;
        }
        page->total++;
        if (resource->number >= w->before || skipped++ < w->skip) {
            continue;
        }
        if ((int64_t)page->count < w->size) {
            page->items[page->count++] = resource;
        } else if (!page->next.p) {
            page->next = token_after(l->call, page->items[page->count - 1]->number);
        }
    }
}

/* ---- the list ---- */

static const ac_mock_shape *item_shape(const ac_mock_call *call)
{
    const ac_mock_shape *at = call->operation->answer;
    ac_str rest = ac_str_sub(behaviour_of(call)->items, 1, behaviour_of(call)->items.n);
    while (at && rest.n > 0) {
        at = ac_mock_shape_member(at, ac_str_split(rest, '/', &rest));
    }
    return at ? at->element : NULL;
}

bool ac_mock_list(ac_mock_call *call)
{
    listing l = {.call = call, .item = item_shape(call)};
    ac_mock_page page = {0};
    window w = read_window(call);
    read_filters(&l);
    fill_page(&l, &w, &page);
    const ac_mock_view view = {.call = call, .page = &page};
    ac_mock_succeed(call, ac_mock_body(&view));
    return true;
}
