#include "base/env.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/attr.h"

static int64_t read_clock_us(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

ac_env ac_env_real(void)
{
    ac_env env = {.clock_fixed = false};
    if (getrandom(&env.seed, sizeof env.seed, 0) != (ssize_t)sizeof env.seed) {
        env.seed = (uint64_t)read_clock_us(CLOCK_REALTIME);
    }
    return env;
}

int64_t ac_env_now_ms(const ac_env *env)
{
    return env->clock_fixed ? env->clock_ms : read_clock_us(CLOCK_REALTIME) / 1000;
}

int64_t ac_monotonic_us(void)
{
    return read_clock_us(CLOCK_MONOTONIC);
}

/* SplitMix64: spreads the bits of a counter or hash. */
static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static uint64_t hash(uint64_t seed, ac_str text)
{
    uint64_t value = 0xCBF29CE484222325u ^ mix(seed);
    for (size_t i = 0; i < text.n; i++) {
        value = (value ^ (unsigned char)text.p[i]) * 0x100000001B3u;
    }
    return value;
}

ac_str ac_env_nonce(const ac_env *env, ac_arena *arena, ac_str purpose)
{
    if (env->nonce.n > 0) {
        return env->nonce;
    }
    uint64_t first = mix(hash(env->seed, purpose));
    uint64_t second = mix(first ^ hash(~env->seed, purpose));
    return ac_str_printf(arena, "%016llx%016llx", (unsigned long long)first, (unsigned long long)second);
}

/* ---- times ---- */

/* 0 is a digit and A a letter, the rest stands for itself. */
static const char *const shapes[] = {"0000-00-00T00:00:00Z", "00000000T000000Z",
                                     "AAA, 00 AAA 0000 00:00:00 GMT"};

static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char day_names[] = "SunMonTueWedThuFriSat";

ac_str ac_time_print(ac_arena *arena, int64_t unix_ms, ac_time_format format)
{
    time_t seconds = (time_t)(unix_ms / 1000 - (unix_ms % 1000 < 0));
    struct tm t;
    if (!gmtime_r(&seconds, &t)) {
        return AC_STR("");
    }
    int year = t.tm_year + 1900;
    if (format == AC_TIME_ISO) {
        return ac_str_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, t.tm_mon + 1, t.tm_mday,
                             t.tm_hour, t.tm_min, t.tm_sec);
    }
    if (format == AC_TIME_COMPACT) {
        return ac_str_printf(arena, "%04d%02d%02dT%02d%02d%02dZ", year, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                             t.tm_min, t.tm_sec);
    }
    return ac_str_printf(arena, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", day_names + 3 * t.tm_wday,
                         t.tm_mday, month_names + 3 * t.tm_mon, year, t.tm_hour, t.tm_min, t.tm_sec);
}

static bool has_shape(ac_str text, const char *shape)
{
    if (text.n != strlen(shape)) {
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool digit = c >= '0' && c <= '9';
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (shape[i] == '0' ? !digit : shape[i] == 'A' ? !letter : c != shape[i]) {
            return false;
        }
    }
    return true;
}

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* Whether the text starts with the name of that day. 1970-01-01 was a Thursday. */
static bool is_weekday(const char *text, int64_t days)
{
    int64_t weekday = ((days + 4) % 7 + 7) % 7;
    return memcmp(text, day_names + 3 * weekday, 3) == 0;
}

static int month_number(const char *name)
{
    const char *found = strstr(month_names, name);
    return found && (found - month_names) % 3 == 0 ? (int)((found - month_names) / 3) + 1 : 0;
}

/* Year, month, day, hour, minute, second of a text that has the format's shape. */
static bool scan_parts(const char *text, ac_time_format format, int p[6])
{
    char month[4] = "";
    if (format == AC_TIME_ISO) {
        return sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ", &p[0], &p[1], &p[2], &p[3], &p[4], &p[5]) == 6;
    }
    if (format == AC_TIME_COMPACT) {
        return sscanf(text, "%4d%2d%2dT%2d%2d%2dZ", &p[0], &p[1], &p[2], &p[3], &p[4], &p[5]) == 6;
    }
    bool read = sscanf(text + 5, "%2d %3s %4d %2d:%2d:%2d", &p[2], month, &p[0], &p[3], &p[4], &p[5]) == 6;
    p[1] = month_number(month);
    return read;
}

static bool parts_are_a_date(const int p[6])
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (p[1] < 1 || p[1] > 12 || p[3] > 23 || p[4] > 59 || p[5] > 60) {
        return false;
    }
    bool leap = p[1] == 2 && p[0] % 4 == 0 && (p[0] % 100 != 0 || p[0] % 400 == 0);
    return p[2] >= 1 && p[2] <= days[p[1] - 1] + (leap ? 1 : 0);
}

bool ac_time_parse(ac_str text, ac_time_format format, int64_t *unix_ms)
{
    char copy[40];
    int p[6];
    if (!has_shape(text, shapes[format])) {
        return false;
    }
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    if (!scan_parts(copy, format, p) || !parts_are_a_date(p)) {
        return false;
    }
    int64_t days = days_from_civil(p[0], p[1], p[2]);
    if (format == AC_TIME_HTTP && !is_weekday(copy, days)) {
        return false;
    }
    *unix_ms = (((days * 24 + p[3]) * 60 + p[4]) * 60 + p[5]) * 1000;
    return true;
}
