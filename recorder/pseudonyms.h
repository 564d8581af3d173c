/*
 * Private to the module: values and what stands for them. A pseudonym has the form of its value (an ep- id stays
 * one, an address becomes one of those kept for documentation) and a number, counted by kind in the order in which
 * values were met; nothing of the value can be read from it. The same value has the same pseudonym everywhere.
 */
#ifndef AC_RECORDER_PSEUDONYMS_H
#define AC_RECORDER_PSEUDONYMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/str.h"

typedef enum ac_pseudonym_kind {
    AC_PSEUDONYM_ID,     /* prefix, zeros, number: vpc-00000000000000001 */
    AC_PSEUDONYM_DIGITS, /* first digits, zeros, number */
    AC_PSEUDONYM_IPV4,   /* 192.0.2.1 and the other documentation networks (RFC 5737), then RFC 2544 */
    AC_PSEUDONYM_IPV6,   /* 2001:db8::1 (RFC 3849) */
    AC_PSEUDONYM_MAC,    /* 00:00:5e:00:53:01 (RFC 7042) */
    AC_PSEUDONYM_EMAIL,  /* person0001@example.com */
    AC_PSEUDONYM_TEXT,   /* [name-1] */
    AC_PSEUDONYM_SECRET, /* [secret:name] */
    AC_PSEUDONYM_KINDS
} ac_pseudonym_kind;

/* How the pseudonyms of a rule look. */
typedef struct ac_pseudonym_form {
    ac_pseudonym_kind kind;
    size_t first; /* digits that stay */
    ac_str name;  /* of the rule, without its provider */
} ac_pseudonym_form;

ac_str ac_pseudonym_make(ac_arena *arena, ac_pseudonym_form form, ac_str value, uint64_t number);
/* Whether the text is already what ac_pseudonym_make would give for some number. */
bool ac_pseudonym_is_one(ac_pseudonym_form form, ac_str text, uint64_t *number);

typedef struct ac_pseudonym {
    ac_str value, text; /* text: p NULL until it is given */
    ac_pseudonym_form form;
    bool own;          /* the value was a pseudonym already, and stays */
    bool anywhere;     /* looked for as a word in every text */
    size_t rule;       /* index, for the caller */
    ac_str place;      /* where it was met first */
    uint64_t exchange; /* number of that record */
    uint64_t count;    /* how often it was met */
} ac_pseudonym;

typedef struct ac_pseudonyms ac_pseudonyms;

ac_pseudonyms *ac_pseudonyms_new(void);
void ac_pseudonyms_free(ac_pseudonyms *all);
/* The entry of the value; made where there is none (*fresh). Value and place are copied. */
ac_pseudonym *ac_pseudonyms_meet(ac_pseudonyms *all, ac_str value, ac_pseudonym_form form, bool *fresh);
const ac_pseudonym *ac_pseudonyms_find(const ac_pseudonyms *all, ac_str value);
/* Gives every entry its text. Numbers that stand in the recording already are not given again. */
void ac_pseudonyms_settle(ac_pseudonyms *all);
/* In the order in which they were met; NULL past the end. */
const ac_pseudonym *ac_pseudonyms_at(const ac_pseudonyms *all, size_t index);
/* Whether the text is the pseudonym of some value. */
bool ac_pseudonyms_is_given(const ac_pseudonyms *all, ac_str text);
ac_arena *ac_pseudonyms_arena(ac_pseudonyms *all);

#endif
