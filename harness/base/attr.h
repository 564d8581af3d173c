/* Compiler attributes, and the only place that spells them. */
#ifndef AC_BASE_ATTR_H
#define AC_BASE_ATTR_H

#define AC_MUST_USE            __attribute__((warn_unused_result))
#define AC_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define AC_NORETURN            __attribute__((noreturn))
#define AC_COUNT(array)        (sizeof(array) / sizeof((array)[0]))

#endif
