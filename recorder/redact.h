/*
 * The second step of redaction: when recordings leave the journal, account ids, resource ids, addresses, phone
 * numbers and e-mails become typed pseudonyms, the same one for the same value across URL, form, headers, JSON, JSON in
 * strings, base64 and percent forms, so that create, describe and delete still fit together.
 *
 * Rules are data (cases/redaction.json, cases/<provider>/redaction.json, and a profile's own), each with an id by
 * which it is switched off. A recording is read twice: first every record is learned, then each is redacted, so that a
 * value that is known by its name in one place is found by itself in all others. Pseudonyms follow from the order
 * of the recording alone: the same recording and rules give the same bytes.
 */
#ifndef AC_RECORDER_REDACT_H
#define AC_RECORDER_REDACT_H

#include "base/err.h"
#include "contract/corpus.h"
#include "recorder/record.h"
#include "recorder/secrets.h"

typedef struct ac_redact_rules ac_redact_rules;

/* What a profile or a command line says about redaction. */
typedef struct ac_redact_choice {
    const ac_json *own; /* a profile's {"off": [ids], "rules": […]}; NULL: none */
    const char *file;   /* of the profile, for messages */
    ac_strs off;        /* ids of rules that do not apply */
    ac_strs remove;     /* names below which every value is a secret */
} ac_redact_choice;

/* NULL with *err (AC_ERR_USAGE) on a rule that is none, a pattern that does not compile, two rules with one id, an
 * unknown id in `off`. */
ac_redact_rules *ac_redact_rules_new(const ac_corpus *corpus, const ac_redact_choice *choice, ac_err *err);
void ac_redact_rules_free(ac_redact_rules *rules);
/* For the output: {"secrets": "secrets/1", "versions": {"common": 1, …}, "rules": [ids], "off": [ids]}. */
const ac_json *ac_redact_rules_describe(ac_arena *arena, const ac_redact_rules *rules);

typedef struct ac_redactor ac_redactor;

/* The rules must outlive it. known: secrets known by value, or NULL. */
ac_redactor *ac_redactor_new(const ac_redact_rules *rules, const ac_known_secrets *known);
void ac_redactor_free(ac_redactor *redactor);

void ac_redactor_learn(ac_redactor *redactor, const ac_record *record);
/* Changes the record; new texts are in the arena. Secrets go first, so that it takes any record. */
void ac_redact(ac_redactor *redactor, ac_arena *arena, ac_record *record);

/* What became of a value. */
typedef struct ac_redacted {
    ac_str rule, value, pseudonym;
    ac_str place; /* where it was met first */
    uint64_t exchange, count;
} ac_redacted;

/* In the order in which values were met; false past the end. What was a pseudonym already is not among them. */
bool ac_redactor_at(const ac_redactor *redactor, size_t *index, ac_redacted *out);

/* Whether a text is a pseudonym, or has one in it: such a value says nothing about a second recording. */
bool ac_redactor_gave(const ac_redactor *redactor, ac_str text);

/* What must not be written. The value itself is not told. */
typedef struct ac_leak {
    ac_str rule;  /* "secret", or the id of a rule */
    ac_str place; /* "exchange 3, response body, /Data/0/Token" */
    ac_str hint;  /* the first characters, and how many there are */
} ac_leak;

typedef struct ac_leaks {
    ac_leak *items;
    size_t count, capacity;
} ac_leaks;

/* The last scan, of a redacted record and of a finished file (name is for the place). Leaks are appended. */
void ac_redact_scan(ac_redactor *redactor, ac_arena *arena, const ac_record *record, ac_leaks *out);
void ac_redact_scan_text(ac_redactor *redactor, ac_arena *arena, const char *name, ac_str text,
                         ac_leaks *out);

#endif
