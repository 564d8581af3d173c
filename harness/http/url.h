/* Base URLs as text: what is wrong with one, and its parts. Pure; results are views of the text given. */
#ifndef AC_HTTP_URL_H
#define AC_HTTP_URL_H

#include <stdbool.h>

#include "base/str.h"

/* NULL where the text is a base URL: http or https, a host, perhaps a port from 1 to 65535, perhaps a path, and
 * nothing else. Otherwise what is wrong with it; static. */
const char *ac_url_fault(ac_str url);

/* "http://host:port/path" has the origin "http://host:port", the authority "host:port" and the path "/path",
 * p NULL where there is none. A text without "://" begins with its authority. */
ac_str ac_url_origin(ac_str url);
ac_str ac_url_authority(ac_str url);
ac_str ac_url_path(ac_str url);

/* The URL, or a path, without slashes at its end. */
ac_str ac_url_trimmed(ac_str url);

/* Whether the host of a base URL is this machine by its name or address: localhost, 127.0.0.0/8, ::1. */
bool ac_url_is_loopback(ac_str url);

#endif
