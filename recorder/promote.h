/*
 * From recordings to case files. Operations are recognised by the contracts; exchanges that belong together (an id
 * that flows from one answer into a later request, a token used twice) become the steps of one case; values of
 * the recorded world become the variables of the contracts; polls are folded. What an answer must show is the
 * strictest expectation that the recorded answer itself meets, with matchers for what came back as it was sent and,
 * where a second recording of the same flow is given, for what stayed the same.
 *
 * Recordings must be redacted before, both with one redactor. Pure.
 */
#ifndef AC_RECORDER_PROMOTE_H
#define AC_RECORDER_PROMOTE_H

#include "case/case.h"
#include "recorder/recording.h"

/* The variables that recorded values stand for, by provider: {"alibaba": {"vpc_id": …}}, "vpc_id" for the first VPC,
 * "vpc_id_2" for the second. Playback answers the provider state "world" with them. */
const ac_json *ac_promoted_world(ac_arena *arena, const ac_corpus *corpus, const ac_recording *recording);

typedef struct ac_promote_input {
    const ac_corpus *corpus;
    const ac_cases *cases; /* existing ones, to leave out what is there */
    const ac_recording *recording;
    const ac_recording *second;  /* of the same flow; NULL: none */
    const ac_redactor *redactor; /* of both; NULL: they are not redacted */
    ac_str label;                /* where they come from, for titles */
} ac_promote_input;

/* A case file for the folder of one operation. */
typedef struct ac_promoted_file {
    const ac_contract *contract;
    const ac_json *json;
    size_t cases;
} ac_promoted_file;

/* A line for people: what was left out, and why. */
typedef struct ac_promote_note {
    uint64_t exchange; /* 0: about none alone */
    ac_str text;
} ac_promote_note;

typedef struct ac_promoted {
    ac_promoted_file *files;
    size_t file_count;
    const ac_record **plain; /* exchanges of unknown operations */
    size_t plain_count;
    const ac_json *skeletons; /* object: operation to what a contract of it could begin with */
    ac_promote_note *notes;
    size_t note_count, note_capacity;
} ac_promoted;

void ac_promote(ac_arena *arena, const ac_promote_input *input, ac_promoted *out);

#endif
