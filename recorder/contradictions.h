/*
 * What contradicts the documentation in a recorded exchange: undocumented error codes, statuses, fields, types, states
 * and parameters. For the terminal as it happens, and for the ledger. Pure; off the path of the answer.
 */
#ifndef AC_RECORDER_CONTRADICTIONS_H
#define AC_RECORDER_CONTRADICTIONS_H

#include "contract/corpus.h"
#include "recorder/record.h"

typedef struct ac_contradiction {
    ac_str operation; /* whole path; empty: no contract speaks of the request */
    ac_str kind;      /* "undocumented-parameter", "unknown-operation", else the name of a finding's kind */
    ac_str place;     /* JSON pointer, header or parameter; empty: the whole answer */
    ac_str expected;  /* what the documentation says */
    ac_str observed;
    ac_str source; /* where it says so; may be empty */
} ac_contradiction;

typedef struct ac_contradictions {
    ac_contradiction *items;
    size_t count, capacity;
} ac_contradictions;

/* The record must have its bodies decoded (ac_secrets_remove does that). Only whole exchanges are looked at.
 * Unknown operations are drift only where `unknown` is true: a proxy sees other traffic, too. */
void ac_contradictions_of(ac_arena *arena, const ac_corpus *corpus, const ac_record *record, bool unknown,
                          ac_contradictions *out);

/* One line for the terminal: "exchange 3: alibaba/…/CreateVpcEndpoint: undocumented-field /Foo: …". */
ac_str ac_contradiction_line(ac_arena *arena, const ac_record *record, const ac_contradiction *drift);

#endif
