#include "recorder/route.h"

#include <string.h>

#include "base/text.h"

static const ac_str nothing = {NULL, 0};

enum { FORM_PAIRS_MAX = 1024, HOST_BYTES_MAX = 253, PORT_MAX = 65535 };

static bool refuse(ac_refusal *refusal, int status, const char *why)
{
    *refusal = (ac_refusal){status, why};
    return false;
}

/* ---- hosts ---- */

static bool is_host(ac_str host)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    static const char address[] = "0123456789abcdefABCDEF:.";
    bool bracketed = host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
    ac_str text = bracketed ? ac_str_sub(host, 1, host.n - 2) : host;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\0' || !strchr(bracketed ? address : letters, text.p[i])) {
            return false;
        }
    }
    return text.n > 0 && text.n <= HOST_BYTES_MAX;
}

bool ac_authority_read(ac_str authority, ac_str *host, int64_t *port)
{
    size_t colon = authority.n;
    while (colon > 0 && authority.p[colon - 1] >= '0' && authority.p[colon - 1] <= '9') {
        colon--;
    }
    bool has_port = colon > 0 && colon < authority.n && authority.p[colon - 1] == ':';
    *host = has_port ? ac_str_sub(authority, 0, colon - 1) : authority;
    if (!has_port) {
        return is_host(*host);
    }
    return is_host(*host) && ac_str_int(ac_str_sub(authority, colon, authority.n), port) && *port > 0 &&
           *port <= PORT_MAX;
}

static bool is_host_of(ac_str base_url, ac_str host)
{
    ac_str other;
    int64_t port;
    return ac_authority_read(ac_url_authority(base_url), &other, &port) && ac_str_eq_nocase(other, host);
}

/* "privatelink.${region}.aliyuncs.com" has a place for any text. */
static bool fits_endpoint(ac_arena *arena, ac_str endpoint, ac_str host)
{
    ac_buf pattern;
    ac_buf_init(&pattern, HOST_BYTES_MAX * 2);
    while (endpoint.p) {
        size_t start = ac_str_find(endpoint, AC_STR("${"));
        ac_buf_add(&pattern, ac_str_sub(endpoint, 0, start));
        if (start == AC_NOT_FOUND) {
            break;
        }
        ac_buf_add_char(&pattern, '*');
        (void)ac_str_split(ac_str_sub(endpoint, start, endpoint.n), '}', &endpoint);
    }
    return ac_glob_match(ac_buf_take(&pattern, arena), host);
}

static ac_str lower_case(ac_arena *arena, ac_str text)
{
    char *lower = ac_arena_copy(arena, text.p, text.n);
    for (size_t i = 0; i < text.n; i++) {
        lower[i] = (char)(lower[i] >= 'A' && lower[i] <= 'Z' ? lower[i] | 0x20 : lower[i]);
    }
    return (ac_str){lower, text.n};
}

static bool is_named_by_provider(ac_arena *arena, const ac_corpus *corpus, ac_str host)
{
    for (size_t i = 0; corpus && i < corpus->provider_count; i++) {
        const ac_provider *provider = corpus->providers[i];
        for (size_t j = 0; j < provider->products.count; j++) {
            ac_str endpoint = provider->products.items[j].endpoint;
            if (endpoint.n > 0 && fits_endpoint(arena, endpoint, host)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_allowed(const ac_router *router, ac_str host)
{
    bool allowed = router->fallback.n > 0 && is_host_of(router->fallback, host);
    for (size_t i = 0; i < router->allow_hosts.count; i++) {
        allowed = allowed || ac_glob_match(router->allow_hosts.items[i], host);
    }
    for (size_t i = 0; router->endpoints && i < router->endpoints->count; i++) {
        allowed = allowed || is_host_of(router->endpoints->items[i].text, host);
    }
    return allowed;
}

bool ac_route_opens(const ac_router *router, ac_str host)
{
    ac_arena *arena = ac_arena_new();
    ac_str lower = lower_case(arena, host);
    bool opens = is_allowed(router, lower) || is_named_by_provider(arena, router->corpus, lower);
    ac_arena_free(arena);
    return opens;
}

/* ---- products ---- */

typedef struct asked {
    ac_str action;
    ac_str version;
} asked;

static ac_str said(ac_arena *arena, const ac_request *request, const char *header, ac_str name)
{
    const ac_str texts[] = {ac_target_query(request->target), request->body};
    ac_str value = ac_header(&request->headers, header);
    ac_str type = ac_header(&request->headers, "Content-Type");
    bool form = ac_str_starts(type, AC_STR("application/x-www-form-urlencoded"));
    for (size_t i = 0; i < (form ? 2u : 1u) && value.n == 0; i++) {
        ac_pairs pairs;
        if (texts[i].n > 0 && ac_form_parse(arena, texts[i], true, FORM_PAIRS_MAX, &pairs)) {
            value = ac_pairs_value(&pairs, name);
        }
    }
    return value;
}

/* "alibaba/privatelink/2020-04-15", the product's path of which the request has the version; where several do,
 * the one that has the action. Empty where there is none. */
static ac_str product_by_version(ac_arena *arena, const ac_corpus *corpus, const asked *what)
{
    ac_str found = AC_STR("");
    for (size_t i = 0; i < corpus->provider_count; i++) {
        const ac_provider *provider = corpus->providers[i];
        for (size_t j = 0; j < provider->products.count; j++) {
            ac_str version;
            ac_str name = provider->products.items[j].name;
            (void)ac_str_split(name, '/', &version);
            if (what->version.n == 0 || !ac_str_eq(version, what->version)) {
                continue;
            }
            ac_str path = ac_str_printf(arena, "%.*s/%.*s", AC_STR_FMT(provider->provider), AC_STR_FMT(name));
            ac_str operation = ac_str_printf(arena, "%.*s/%.*s", AC_STR_FMT(path), AC_STR_FMT(what->action));
            if (found.n == 0 || ac_corpus_contract(corpus, operation)) {
                found = path;
            }
        }
    }
    return found;
}

static ac_str product_of(ac_arena *arena, const ac_router *router, const ac_request *request,
                         const ac_sign_claim *claim)
{
    const asked what = {said(arena, request, "x-acs-action", AC_STR("Action")),
                        said(arena, request, "x-acs-version", AC_STR("Version"))};
    if (claim->service.n > 0) {
        return ac_str_printf(arena, "volcengine/%.*s/%.*s", AC_STR_FMT(claim->service),
                             AC_STR_FMT(what.version));
    }
    return router->corpus ? product_by_version(arena, router->corpus, &what) : AC_STR("");
}

/* The endpoint with the longest key that the product's path begins with. */
static ac_str endpoint_of(const ac_router *router, ac_str product)
{
    ac_str found = router->fallback;
    size_t longest = 0;
    for (size_t i = 0; i < router->endpoints->count; i++) {
        ac_str key = router->endpoints->items[i].key;
        bool whole = product.n == key.n || (product.n > key.n && product.p[key.n] == '/');
        if (key.n > longest && whole && ac_str_starts(product, key)) {
            found = router->endpoints->items[i].text;
            longest = key.n;
        }
    }
    return found;
}

/* An endpoint whose key is how the path begins: "/alibaba/privatelink/…". *target loses it. */
static ac_str endpoint_by_path(ac_arena *arena, const ac_router *router, ac_str *target)
{
    ac_str found = nothing;
    size_t longest = 0;
    ac_str path = ac_target_path(*target);
    for (size_t i = 0; i < router->endpoints->count; i++) {
        ac_str key = router->endpoints->items[i].key;
        bool whole = path.n == key.n + 1 || (path.n > key.n + 1 && path.p[key.n + 1] == '/');
        if (key.n > longest && whole && ac_str_eq(ac_str_sub(path, 1, key.n), key)) {
            found = router->endpoints->items[i].text;
            longest = key.n;
        }
    }
    if (found.p) {
        ac_str rest = ac_str_sub(*target, longest + 1, target->n);
        *target = ac_str_starts(rest, AC_STR("/")) ? rest : ac_str_printf(arena, "/%.*s", AC_STR_FMT(rest));
    }
    return found;
}

/* ---- routes ---- */

/* The URL's own path, if any, goes before the target. */
static bool set_route(ac_arena *arena, ac_str url, ac_str target, ac_route *out)
{
    ac_str authority = ac_url_authority(url);
    size_t base = (size_t)(authority.p - url.p) + authority.n;
    *out = (ac_route){.base_url = ac_str_sub(url, 0, base), .target = target, .record = true};
    ac_str path = ac_str_sub(url, base, url.n);
    while (ac_str_ends(path, AC_STR("/"))) {
        path.n--;
    }
    if (path.n > 0) {
        out->target = ac_str_printf(arena, "%.*s%.*s", AC_STR_FMT(path), AC_STR_FMT(target));
    }
    return true;
}

static bool route_by_product(ac_arena *arena, const ac_router *router, const ac_request *request,
                             const ac_sign_claim *claim, ac_route *out, ac_refusal *refusal)
{
    ac_str target = request->target;
    ac_str url = endpoint_by_path(arena, router, &target);
    if (!url.p) {
        url = endpoint_of(router, product_of(arena, router, request, claim));
    }
    return url.n > 0 ? set_route(arena, url, target, out)
                     : refuse(refusal, 404, "no endpoint of the profile is for this request");
}

static bool route_origin(ac_arena *arena, const ac_router *router, const ac_request *request,
                         const ac_sign_claim *claim, ac_route *out, ac_refusal *refusal)
{
    if (router->upstream.p) {
        return set_route(arena, router->upstream, request->target, out);
    }
    if (router->endpoints) {
        return route_by_product(arena, router, request, claim, out, refusal);
    }
    if (router->fallback.n > 0) {
        return set_route(arena, router->fallback, request->target, out);
    }
    return refuse(refusal, 400,
                  "this is a forward proxy: set it as HTTP_PROXY and HTTPS_PROXY, or record with --upstream");
}

/* "http://host:port/path?query": the client knows that it talks to a proxy. */
static bool route_absolute(ac_arena *arena, const ac_router *router, ac_str target, ac_route *out,
                           ac_refusal *refusal)
{
    ac_str host;
    int64_t port = 80;
    ac_str rest = ac_str_sub(target, AC_STR("http://").n, target.n);
    size_t end = 0;
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?') {
        end++;
    }
    ac_str path = ac_str_sub(rest, end, rest.n);
    if (!ac_authority_read(ac_str_sub(rest, 0, end), &host, &port)) {
        return refuse(refusal, 400, "the target names no valid host");
    }
    bool opens = ac_route_opens(router, host);
    if (!opens && !router->others) {
        return refuse(refusal, 403,
                      "no provider names this host: open it with --allow-host, or let it pass "
                      "with --tunnel-others");
    }
    bool rooted = ac_str_starts(path, AC_STR("/"));
    *out = (ac_route){
        .base_url = ac_str_printf(arena, "http://%.*s", (int)end, rest.p),
        .target = rooted ? path : ac_str_printf(arena, "/%.*s", AC_STR_FMT(path)),
        .record = opens,
    };
    return true;
}

bool ac_route_find(ac_arena *arena, const ac_router *router, ac_str tunnel, const ac_request *request,
                   const ac_sign_claim *claim, ac_route *out, ac_refusal *refusal)
{
    bool origin = ac_str_starts(request->target, AC_STR("/"));
    ac_str scheme = ac_str_sub(request->target, 0, AC_STR("http://").n);
    if (origin && tunnel.p) {
        return set_route(arena, tunnel, request->target, out);
    }
    if (origin) {
        return route_origin(arena, router, request, claim, out, refusal);
    }
    if (!tunnel.p && router->forward && ac_str_eq_nocase(scheme, AC_STR("http://"))) {
        return route_absolute(arena, router, request->target, out, refusal);
    }
    return refuse(refusal, 400, "the target is not a path here");
}
