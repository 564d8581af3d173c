/* What the files of this module share. */
#ifndef AC_TARGET_TARGET_PARTS_H
#define AC_TARGET_TARGET_PARTS_H

#include "http/url.h"
#include "target/target.h"

/* ---- target.c ---- */

/* Not secret: what the mock and emulators take. */
ac_credentials ac_throwaway_credentials(void);

/* ---- profile.c ---- */

/* Fills the target, which has its arena and is zero otherwise, from a profile's text. file is for messages, and
 * paths in the profile are relative to its folder. Reads no other file. */
bool ac_profile_read(ac_target *target, ac_str text, const char *file, const ac_target_options *options,
                     ac_err *err) AC_MUST_USE;

#endif
