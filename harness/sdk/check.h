/*
 * The check of a driver: the protocol alone, before any case runs. Each check has a driver of its own.
 */
#ifndef AC_SDK_CHECK_H
#define AC_SDK_CHECK_H

#include "sdk/sdk.h"

typedef struct ac_sdk_check_result {
    const char *name;  /* "bad-line" */
    const char *title; /* what a driver must do */
    bool passed;
    ac_str why; /* where it did not; with the last lines of its log */
} ac_sdk_check_result;

typedef void (*ac_sdk_check_done)(void *context, const ac_sdk_check_result *result);

/* Tells the result of each check in order; *passed becomes whether all held. False with *err where there was nothing
 * to check: no command, or a driver that does not start (kind JUDGE). command and environment as of ac_sdk_open. */
bool ac_sdk_check(ac_str command, const char *(*environment)(const char *name), ac_sdk_check_done done,
                  void *context, bool *passed, ac_err *err) AC_MUST_USE;

#endif
