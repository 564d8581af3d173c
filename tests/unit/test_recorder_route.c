#include "recorder/route.h"

#include <string.h>

#include "support.h"

/* ---- support ---- */

static const ac_json *endpoints(ac_arena *arena, const char *text)
{
    ac_err err = {0};
    const ac_json *json = ac_json_parse(arena, ac_str_c(text), &ac_json_file_limits, &err);
    ck_assert_msg(json != NULL, "%s", err.text);
    return json;
}

static ac_request request_for(const char *target)
{
    return (ac_request){.method = AC_STR("GET"), .target = ac_str_c(target)};
}

static ac_route route_of(ac_arena *arena, const ac_router *router, const char *tunnel,
                         const ac_request *request)
{
    ac_route route;
    ac_refusal refusal = {0};
    const ac_sign_claim claim = {0};
    ac_str in = tunnel ? ac_str_c(tunnel) : (ac_str){NULL, 0};
    ck_assert_msg(ac_route_find(arena, router, in, request, &claim, &route, &refusal), "%s", refusal.why);
    return route;
}

static void refused(ac_arena *arena, const ac_router *router, const char *tunnel, const char *target,
                    int status)
{
    ac_route route;
    ac_refusal refusal = {0};
    const ac_sign_claim claim = {0};
    ac_request request = request_for(target);
    ac_str in = tunnel ? ac_str_c(tunnel) : (ac_str){NULL, 0};
    ck_assert_msg(!ac_route_find(arena, router, in, &request, &claim, &route, &refusal), "%s", target);
    ck_assert_int_eq(refusal.status, status);
}

/* ---- tests ---- */

START_TEST(authorities_are_read)
{
    static const struct {
        const char *text;
        const char *host; /* NULL: refused */
        int64_t port;
    } rows[] = {
        {"example.com", "example.com", 7},
        {"example.com:80", "example.com", 80},
        {"[::1]:443", "[::1]", 443},
        {"[::1]", "[::1]", 7},
        {"127.0.0.1:65535", "127.0.0.1", 65535},
        {"", NULL, 0},
        {":80", NULL, 0},
        {"a:0", NULL, 0},
        {"a:65536", NULL, 0},
        {"a:99999999999999999999", NULL, 0},
        {"a b", NULL, 0},
        {"a@b:80", NULL, 0},
        {"a/b", NULL, 0},
        {"::1:80", NULL, 0},
        {"[::1", NULL, 0},
        {"[]:80", NULL, 0},
        {"a:", NULL, 0},
        {"[a.example]:80", NULL, 0},
        {"a?b", NULL, 0},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_str host;
        int64_t port = 7;
        bool ok = ac_authority_read(ac_str_c(rows[i].text), &host, &port);
        ck_assert_msg(ok == (rows[i].host != NULL), "%s", rows[i].text);
        if (ok) {
            ck_assert_ac_str(host, rows[i].host);
            ck_assert_int_eq(port, rows[i].port);
        }
    }
}
END_TEST

START_TEST(base_urls_are_told_from_others)
{
    static const char *const good[] = {"http://a", "https://a:1/b/c", "http://[::1]:80/"};
    static const char *const bad[] = {"ftp://a",      "http://", "http:///a",  "http://a?b", "http://a#b",
                                      "http://u:p@a", "a",       "http://a b", "http://a:0"};
    for (size_t i = 0; i < AC_COUNT(good); i++) {
        ck_assert_msg(!ac_url_fault(ac_str_c(good[i])), "%s", good[i]);
    }
    for (size_t i = 0; i < AC_COUNT(bad); i++) {
        ck_assert_msg(ac_url_fault(ac_str_c(bad[i])), "%s", bad[i]);
    }
    ck_assert_ac_str(ac_url_authority(AC_STR("https://a:1/b")), "a:1");
}
END_TEST

START_TEST(one_upstream_gets_everything)
{
    ac_arena *arena = ac_test_arena();
    const ac_router router = {.upstream = AC_STR("http://up:1/base/")};
    ac_request request = request_for("/x?y");
    ac_route route = route_of(arena, &router, NULL, &request);
    ck_assert_ac_str(route.base_url, "http://up:1");
    ck_assert_ac_str(route.target, "/base/x?y");
    ck_assert(route.record);
    refused(arena, &router, NULL, "http://up:1/x", 400);
    refused(arena, &router, NULL, "*", 400);
}
END_TEST

START_TEST(longest_endpoint_of_the_path_counts)
{
    ac_arena *arena = ac_test_arena();
    const ac_router router = {.endpoints =
                                  endpoints(arena, "{\"p/a\": \"http://one\", \"p/a/1\": \"http://two/b\", "
                                                   "\"p\": \"http://three\"}")};
    static const struct {
        const char *target, *base_url, *sent;
    } rows[] = {
        {"/p/a/x", "http://one", "/x"},   {"/p/a", "http://one", "/"},
        {"/p/a?q", "http://one", "/?q"},  {"/p/a/1/x", "http://two", "/b/x"},
        {"/p/ab", "http://three", "/ab"}, {"/p/a/12", "http://one", "/12"},
    };
    for (size_t i = 0; i < AC_COUNT(rows); i++) {
        ac_request request = request_for(rows[i].target);
        ac_route route = route_of(arena, &router, NULL, &request);
        ck_assert_ac_str(route.base_url, rows[i].base_url);
        ck_assert_ac_str(route.target, rows[i].sent);
    }
    refused(arena, &router, NULL, "/q", 404);
}
END_TEST

START_TEST(service_of_the_signature_names_the_product)
{
    ac_arena *arena = ac_test_arena();
    const ac_router router = {.endpoints = endpoints(arena, "{\"volcengine/vpc\": \"http://vpc\"}"),
                              .fallback = AC_STR("http://other")};
    const ac_sign_claim claim = {.service = AC_STR("vpc")};
    ac_request request = request_for("/?Action=A&Version=1");
    ac_route route;
    ac_refusal refusal;
    ck_assert(ac_route_find(arena, &router, (ac_str){NULL, 0}, &request, &claim, &route, &refusal));
    ck_assert_ac_str(route.base_url, "http://vpc");
    route = route_of(arena, &router, NULL, &request);
    ck_assert_ac_str(route.base_url, "http://other");
}
END_TEST

START_TEST(version_and_action_name_the_product)
{
    ac_arena *arena = ac_test_arena();
    ac_err err = {0};
    ac_corpus *corpus = ac_corpus_load(NULL, "cases", &err);
    ck_assert_msg(corpus != NULL, "%s", err.text);
    const ac_router router = {
        .corpus = corpus,
        .endpoints = endpoints(
            arena, "{\"alibaba/privatelink\": \"http://ali\", \"volcengine/privatelink\": \"http://volc\","
                   " \"alibaba/elasticsearch/2017-06-13\": \"http://es\"}")};
    ac_request query = request_for("/?Action=ListVpcEndpoints&Version=2020-04-15");
    ck_assert_ac_str(route_of(arena, &router, NULL, &query).base_url, "http://ali");
    query = request_for("/?Version=2020-04-01");
    ck_assert_ac_str(route_of(arena, &router, NULL, &query).base_url, "http://volc");
    ac_request header = request_for("/openapi/x");
    ac_pairs_add(arena, &header.headers, AC_STR("X-Acs-Version"), AC_STR("2017-06-13"));
    ck_assert_ac_str(route_of(arena, &router, NULL, &header).base_url, "http://es");
    ac_request form = {.method = AC_STR("POST"), .target = AC_STR("/"), .body = AC_STR("Version=2020-04-15")};
    ac_pairs_add(arena, &form.headers, AC_STR("Content-Type"),
                 AC_STR("application/x-www-form-urlencoded; charset=utf-8"));
    ck_assert_ac_str(route_of(arena, &router, NULL, &form).base_url, "http://ali");
    refused(arena, &router, NULL, "/?Version=1999-01-01", 404);
    refused(arena, &router, NULL, "/", 404);
    ac_corpus_free(corpus);
}
END_TEST

START_TEST(forward_proxy_opens_what_is_named)
{
    ac_arena *arena = ac_test_arena();
    ac_err err = {0};
    ac_str patterns[] = {AC_STR("*.allowed.example")};
    ac_corpus *corpus = ac_corpus_load(NULL, "cases", &err);
    ck_assert_msg(corpus != NULL, "%s", err.text);
    ac_router router = {.corpus = corpus,
                        .endpoints = endpoints(arena, "{\"p\": \"http://endpoint.example:8080/x\"}"),
                        .fallback = AC_STR("https://fallback.example"),
                        .allow_hosts = {patterns, 1},
                        .forward = true};
    static const char *const opened[] = {"a.allowed.example",      "A.ALLOWED.example",
                                         "endpoint.example",       "fallback.example",
                                         "open.volcengineapi.com", "privatelink.eu-central-1.aliyuncs.com"};
    static const char *const others[] = {"allowed.example",
                                         "x.example",
                                         "aliyuncs.com",
                                         "a.allowed.example.org",
                                         "open.volcengineapi.com.example",
                                         "127.0.0.1"};
    for (size_t i = 0; i < AC_COUNT(opened); i++) {
        ck_assert_msg(ac_route_opens(&router, ac_str_c(opened[i])), "%s", opened[i]);
    }
    for (size_t i = 0; i < AC_COUNT(others); i++) {
        ck_assert_msg(!ac_route_opens(&router, ac_str_c(others[i])), "%s", others[i]);
    }
    ac_request request = request_for("HTTP://a.allowed.example:81?q");
    ac_route route = route_of(arena, &router, NULL, &request);
    ck_assert_ac_str(route.base_url, "http://a.allowed.example:81");
    ck_assert_ac_str(route.target, "/?q");
    refused(arena, &router, NULL, "http://x.example/", 403);
    refused(arena, &router, NULL, "https://a.allowed.example/", 400);
    router.others = true;
    request = request_for("http://x.example/a");
    ck_assert(!route_of(arena, &router, NULL, &request).record);
    ac_corpus_free(corpus);
}
END_TEST

START_TEST(tunnel_knows_its_host)
{
    ac_arena *arena = ac_test_arena();
    const ac_router router = {.forward = true};
    ac_request request = request_for("/x");
    ck_assert_ac_str(route_of(arena, &router, "https://h", &request).base_url, "https://h");
    refused(arena, &router, "https://h", "http://other/", 400);
    refused(arena, &router, NULL, "/x", 400);
}
END_TEST

AC_TEST_MAIN("recorder_route", authorities_are_read, base_urls_are_told_from_others,
             one_upstream_gets_everything, longest_endpoint_of_the_path_counts,
             service_of_the_signature_names_the_product, version_and_action_name_the_product,
             forward_proxy_opens_what_is_named, tunnel_knows_its_host)
