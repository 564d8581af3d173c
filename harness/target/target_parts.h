/* What the files of this module share: base URLs, and profiles as text. */
#ifndef AC_TARGET_TARGET_PARTS_H
#define AC_TARGET_TARGET_PARTS_H

#include "target/target.h"

/* ---- url.c ---- */

/* NULL where the text is a base URL: http or https, a host, perhaps a port from 1 to 65535, perhaps a path, and
 * nothing else. Otherwise what is wrong with it; static. */
const char *ac_url_fault(ac_str url);
/* The URL without slashes at its end. */
ac_str ac_url_trimmed(ac_str url);
/* Whether the host of a base URL is this machine by its name or address: localhost, 127.0.0.0/8, ::1. */
bool ac_url_is_loopback(ac_str url);

/* ---- target.c ---- */

/* Not secret: what the mock and emulators take. */
ac_credentials ac_throwaway_credentials(void);

/* ---- profile.c ---- */

/* Fills the target, which has its arena and is zero otherwise, from a profile's text. file is for messages, and
 * paths in the profile are relative to its folder. Reads no other file. */
bool ac_profile_read(ac_target *target, ac_str text, const char *file, const ac_target_options *options,
                     ac_err *err) AC_MUST_USE;

#endif
