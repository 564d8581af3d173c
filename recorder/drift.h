/*
 * What contradicts the documentation in a recorded exchange: undocumented error codes, statuses, fields, types, states
 * and parameters. For the terminal as it happens, and for the ledger. Pure; off the path of the answer.
 */
#ifndef AC_RECORDER_DRIFT_H
#define AC_RECORDER_DRIFT_H

#include "contract/corpus.h"
#include "recorder/record.h"

typedef struct ac_drift {
    ac_str operation; /* whole path; empty: no contract speaks of the request */
    ac_str kind;      /* "undocumented-parameter", "unknown-operation", else the name of a finding's kind */
    ac_str place;     /* JSON pointer, header or parameter; empty: the whole answer */
    ac_str expected;  /* what the documentation says */
    ac_str observed;
    ac_str source; /* where it says so; may be empty */
} ac_drift;

typedef struct ac_drifts {
    ac_drift *items;
    size_t count, capacity;
} ac_drifts;

/* The record must have its bodies decoded (ac_secrets_remove does that). Only whole exchanges are looked at.
 * Unknown operations are drift only where `unknown` is true: a proxy sees other traffic, too. */
void ac_drift_of(ac_arena *arena, const ac_corpus *corpus, const ac_record *record, bool unknown,
                 ac_drifts *out);

/* One line for the terminal: "exchange 3: alibaba/…/CreateVpcEndpoint: undocumented-field /Foo: …". */
ac_str ac_drift_line(ac_arena *arena, const ac_record *record, const ac_drift *drift);

#endif
