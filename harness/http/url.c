#include "http/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { HOST_MAX = 253, PORT_MAX = 65535 };

/* ---- parts ---- */

/* What follows "http://" or "https://"; p NULL where the text begins otherwise. */
static ac_str after_scheme(ac_str url)
{
    static const ac_str schemes[] = {AC_STR_INIT("http://"), AC_STR_INIT("https://")};
    for (size_t i = 0; i < AC_COUNT(schemes); i++) {
        if (ac_str_starts(url, schemes[i])) {
            return ac_str_sub(url, schemes[i].n, url.n);
        }
    }
    return (ac_str){NULL, 0};
}

typedef struct authority {
    ac_str host;    /* without the brackets of an IPv6 address */
    ac_str port;    /* p NULL: none */
    bool bracketed; /* and closed */
} authority;

static authority authority_of(ac_str url)
{
    ac_str path;
    ac_str text = ac_str_split(after_scheme(url), '/', &path);
    authority parts = {.port = {NULL, 0}};
    if (!ac_str_starts(text, AC_STR("["))) {
        parts.host = ac_str_split(text, ':', &parts.port);
        return parts;
    }
    parts.host = ac_str_split(ac_str_sub(text, 1, text.n), ']', &text);
    parts.bracketed = text.p != NULL;
    if (text.n > 0) {
        /* Without a colon it is no port, and an empty one is a bad one. */
        bool colon = ac_str_starts(text, AC_STR(":"));
        parts.port = ac_str_sub(text, 1, colon ? text.n : 0);
    }
    return parts;
}

/* ---- what is wrong with it ---- */

static bool has_bad_character(ac_str url)
{
    for (size_t i = 0; i < url.n; i++) {
        if (url.p[i] <= ' ' || url.p[i] > '~' || strchr("\"<>\\^`{|}", url.p[i])) {
            return true;
        }
    }
    return false;
}

static bool is_name(ac_str host)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    for (size_t i = 0; i < host.n; i++) {
        if (!strchr(letters, host.p[i])) {
            return false;
        }
    }
    return host.n > 0 && host.n <= HOST_MAX;
}

/* Reads a numeric address; out holds 4 or 16 bytes. */
static bool is_address(int family, ac_str host, unsigned char *out)
{
    char text[HOST_MAX + 1] = "";
    if (host.n == 0 || host.n > HOST_MAX) {
        return false;
    }
    memcpy(text, host.p, host.n);
    return inet_pton(family, text, out) == 1;
}

static const char *authority_fault(ac_str url)
{
    authority parts = authority_of(url);
    unsigned char address[16];
    int64_t port = 0;
    if (parts.bracketed ? !is_address(AF_INET6, parts.host, address) : !is_name(parts.host)) {
        return "it has no valid host";
    }
    if (parts.port.p && (!ac_str_int(parts.port, &port) || port < 1 || port > PORT_MAX)) {
        return "the port must be a number from 1 to 65535";
    }
    return NULL;
}

const char *ac_url_fault(ac_str url)
{
    ac_str rest = after_scheme(url);
    ac_str path;
    if (!rest.p) {
        return "it must begin with http:// or https://";
    }
    if (has_bad_character(rest)) {
        return "it has a character that a URL cannot have";
    }
    if (ac_str_find_char(ac_str_split(rest, '/', &path), '@') != AC_NOT_FOUND) {
        return "a user or password does not belong in it";
    }
    if (ac_str_find_char(rest, '?') != AC_NOT_FOUND || ac_str_find_char(rest, '#') != AC_NOT_FOUND) {
        return "a query or fragment does not belong in it";
    }
    return authority_fault(url);
}

/* ---- for those who send ---- */

/* Where the authority begins, and in *end where it ends. */
static size_t authority_at(ac_str url, size_t *end)
{
    size_t scheme = ac_str_find(url, AC_STR("://"));
    size_t start = scheme == AC_NOT_FOUND ? 0 : scheme + 3;
    size_t slash = ac_str_find_char(ac_str_sub(url, start, url.n), '/');
    *end = slash == AC_NOT_FOUND ? url.n : start + slash;
    return start;
}

ac_str ac_url_origin(ac_str url)
{
    size_t end;
    authority_at(url, &end);
    return ac_str_sub(url, 0, end);
}

ac_str ac_url_authority(ac_str url)
{
    size_t end;
    size_t start = authority_at(url, &end);
    return ac_str_sub(url, start, end - start);
}

ac_str ac_url_path(ac_str url)
{
    size_t end;
    authority_at(url, &end);
    return end < url.n ? ac_str_sub(url, end, url.n) : (ac_str){NULL, 0};
}

/* ---- facts ---- */

ac_str ac_url_trimmed(ac_str url)
{
    while (ac_str_ends(url, AC_STR("/"))) {
        url = ac_str_sub(url, 0, url.n - 1);
    }
    return url;
}

bool ac_url_is_loopback(ac_str url)
{
    authority parts = authority_of(url);
    unsigned char address[16] = {0};
    if (parts.bracketed) {
        return is_address(AF_INET6, parts.host, address) &&
               memcmp(address, &in6addr_loopback, sizeof address) == 0;
    }
    if (is_address(AF_INET, parts.host, address)) {
        return address[0] == 127;
    }
    return ac_str_eq_nocase(parts.host, AC_STR("localhost"));
}
