#include <string.h>

#include "secret_parts.h"

enum { NAME_MAX_BYTES = 64 };

typedef struct secret_name {
    ac_str text;      /* lower case, letters and digits only */
    const char *kind; /* what the marker says */
    bool at_end;      /* names that end so count, too */
} secret_name;

static const secret_name names[] = {
    {AC_STR_INIT("authorization"), "authorization", true},
    {AC_STR_INIT("cookie"), "cookie", false},
    {AC_STR_INIT("setcookie"), "cookie", false},
    {AC_STR_INIT("signature"), "signature", true},
    {AC_STR_INIT("sig"), "signature", false},
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
    {AC_STR_INIT("jwt"), "token", false},
    {AC_STR_INIT("samlassertion"), "token", true},
    {AC_STR_INIT("password"), "password", true},
    {AC_STR_INIT("passwordhash"), "password", true},
    {AC_STR_INIT("passwordconfirm"), "password", true},
    {AC_STR_INIT("passwordconfirmation"), "password", true},
    {AC_STR_INIT("passwd"), "password", true},
    {AC_STR_INIT("passphrase"), "password", true},
    {AC_STR_INIT("pass"), "password", false},
    {AC_STR_INIT("pwd"), "password", true},
    {AC_STR_INIT("secret"), "key", true},
    {AC_STR_INIT("secretaccesskey"), "key", true},
    {AC_STR_INIT("secretkey"), "key", true},
    {AC_STR_INIT("secretstring"), "key", true},
    {AC_STR_INIT("secretdata"), "key", true},
    {AC_STR_INIT("accesskey"), "key", false},
    {AC_STR_INIT("apikey"), "key", true},
    {AC_STR_INIT("privatekey"), "key", true},
    {AC_STR_INIT("sharedkey"), "key", true},
    {AC_STR_INIT("signingkey"), "key", true},
    {AC_STR_INIT("psk"), "key", true},
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
    return (name->at_end ? n >= name->text.n : n == name->text.n) &&
           memcmp(plain + n - name->text.n, name->text.p, name->text.n) == 0;
}

const char *ac_secret_name_kind(ac_str name)
{
    char plain[NAME_MAX_BYTES];
    size_t n = plain_name(last_part(name), plain);
    if (n < 3 || !strchr("dhegknyst", plain[n - 1])) {
        return NULL;
    }
    for (size_t i = 0; i < AC_COUNT(names); i++) {
        ac_str text = names[i].text;
        if (text.p[text.n - 1] == plain[n - 1] && is_called(&names[i], plain, n)) {
            return names[i].kind;
        }
    }
    return NULL;
}
