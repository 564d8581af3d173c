#include <string.h>

#include "secret_parts.h"

enum { NAME_MAX_BYTES = 64 };

typedef struct secret_name {
    ac_str text;      /* lower case, letters and digits only */
    const char *kind; /* what the marker says */
    bool at_end;      /* names that end so count, too */
} secret_name;

/* Grouped by their last letter, so that few are compared with a name. */
static const secret_name names_a[] = {
    {AC_STR_INIT("secretdata"), "key", true},
};
static const secret_name names_d[] = {
    {AC_STR_INIT("password"), "password", true},
    {AC_STR_INIT("passwd"), "password", true},
    {AC_STR_INIT("pwd"), "password", true},
};
static const secret_name names_e[] = {
    {AC_STR_INIT("cookie"), "cookie", false},
    {AC_STR_INIT("setcookie"), "cookie", false},
    {AC_STR_INIT("signature"), "signature", true},
    {AC_STR_INIT("passphrase"), "password", true},
};
static const secret_name names_g[] = {
    {AC_STR_INIT("sig"), "signature", false},
    {AC_STR_INIT("secretstring"), "key", true},
};
static const secret_name names_h[] = {
    {AC_STR_INIT("passwordhash"), "password", true},
};
static const secret_name names_k[] = {
    {AC_STR_INIT("psk"), "key", true},
};
static const secret_name names_m[] = {
    {AC_STR_INIT("passwordconfirm"), "password", true},
};
static const secret_name names_n[] = {
    {AC_STR_INIT("authorization"), "authorization", true},
    {AC_STR_INIT("sign"), "signature", false},
    {AC_STR_INIT("token"), "token", false},
    {AC_STR_INIT("securitytoken"), "token", true},
    {AC_STR_INIT("sessiontoken"), "token", true},
    {AC_STR_INIT("accesstoken"), "token", true},
    {AC_STR_INIT("refreshtoken"), "token", true},
    {AC_STR_INIT("bearertoken"), "token", true},
    {AC_STR_INIT("authtoken"), "token", true},
    {AC_STR_INIT("authorizationtoken"), "token", true},
    {AC_STR_INIT("subjecttoken"), "token", true},
    {AC_STR_INIT("ststoken"), "token", true},
    {AC_STR_INIT("apitoken"), "token", true},
    {AC_STR_INIT("idtoken"), "token", false},
    {AC_STR_INIT("csrftoken"), "token", true},
    {AC_STR_INIT("xsrftoken"), "token", true},
    {AC_STR_INIT("samlassertion"), "token", true},
    {AC_STR_INIT("passwordconfirmation"), "password", true},
};
static const secret_name names_s[] = {
    {AC_STR_INIT("pass"), "password", false},
};
static const secret_name names_t[] = {
    {AC_STR_INIT("jwt"), "token", false},
    {AC_STR_INIT("secret"), "key", true},
};
static const secret_name names_y[] = {
    {AC_STR_INIT("secretaccesskey"), "key", true}, {AC_STR_INIT("secretkey"), "key", true},
    {AC_STR_INIT("accesskey"), "key", false},      {AC_STR_INIT("apikey"), "key", true},
    {AC_STR_INIT("privatekey"), "key", true},      {AC_STR_INIT("sharedkey"), "key", true},
    {AC_STR_INIT("signingkey"), "key", true},
};

static const struct {
    char last;
    const secret_name *names;
    size_t count;
} groups[] = {
    {'a', names_a, AC_COUNT(names_a)}, {'d', names_d, AC_COUNT(names_d)}, {'e', names_e, AC_COUNT(names_e)},
    {'g', names_g, AC_COUNT(names_g)}, {'h', names_h, AC_COUNT(names_h)}, {'k', names_k, AC_COUNT(names_k)},
    {'m', names_m, AC_COUNT(names_m)}, {'n', names_n, AC_COUNT(names_n)}, {'s', names_s, AC_COUNT(names_s)},
    {'t', names_t, AC_COUNT(names_t)}, {'y', names_y, AC_COUNT(names_y)},
};

static bool is_number(ac_str text)
{
    size_t i = 0;
    while (i < text.n && text.p[i] >= '0' && text.p[i] <= '9') {
        i++;
    }
    return i == text.n;
}

/* The last part that is no number: "Password" of "Users.1.Password", "Password.1" and "user[Password]". */
static ac_str last_part(ac_str name)
{
    ac_str last = name;
    size_t from = 0;
    for (size_t i = 0; i <= name.n; i++) {
        if (i == name.n || name.p[i] == '.' || name.p[i] == '[') {
            ac_str part = ac_str_sub(name, from, i - from);
            last = is_number(part) || (part.n > 0 && part.p[0] == ']') ? last : part;
            from = i + 1;
        }
    }
    return last;
}

/* Lower case, letters only but for digits inside; the answer is its length. */
static size_t plain_name(ac_str name, char *out)
{
    size_t n = 0;
    for (size_t i = name.n > NAME_MAX_BYTES ? name.n - NAME_MAX_BYTES : 0; i < name.n; i++) {
        char c = name.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out[n++] = c;
        } else if (c >= 'A' && c <= 'Z') {
            out[n++] = (char)(c - 'A' + 'a');
        }
    }
    while (n > 0 && out[n - 1] >= '0' && out[n - 1] <= '9') {
        n--;
    }
    return n;
}

static bool is_called(const secret_name *name, const char *plain, size_t n)
{
    size_t length = name->text.n;
    return (name->at_end ? n >= length : n == length) && plain[n - length] == name->text.p[0] &&
           memcmp(plain + n - length, name->text.p, length) == 0;
}

const char *ac_secret_name_kind(ac_str name)
{
    char plain[NAME_MAX_BYTES];
    size_t n = plain_name(last_part(name), plain);
    size_t g = 0;
    while (n > 0 && g < AC_COUNT(groups) && groups[g].last != plain[n - 1]) {
        g++;
    }
    for (size_t i = 0; n > 0 && g < AC_COUNT(groups) && i < groups[g].count; i++) {
        if (is_called(&groups[g].names[i], plain, n)) {
            return groups[g].names[i].kind;
        }
    }
    return NULL;
}
