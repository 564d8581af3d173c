/*
 * What the files of the checker share: one judgement on its way, and how findings are noted in it. Private to
 * this directory.
 *
 * Answers may be hostile: every text that is shown is cut and made visible, and what is found is counted to
 * the end but listed only up to a limit.
 */
#ifndef AC_MATCH_JUDGE_H
#define AC_MATCH_JUDGE_H

#include "match/match.h"
#include "match/shown.h"

typedef struct ac_judge {
    ac_arena *arena;
    const ac_match_input *input;
    ac_match_result *out;
    ac_level
        judged; /* highest level that is looked at: the envelope, and more where there is more to judge */
    ac_level broken; /* lowest level with a finding that fails; NONE: none */
    struct {
        ac_str pointer;  /* to an error code that is missing; empty: it is there, or not expected */
        ac_str expected; /* the error that should be there */
        ac_level level;  /* what its absence breaks */
    } no_code;
    struct {
        size_t count;
        ac_finding_kind kind; /* of the first one that fails the case */
        ac_level level;       /* the lowest; NONE: all of them are notes */
    } left_out;
} ac_judge;

/* ---- finding.c ---- */

/* A new finding to fill in, or NULL where the list is full: then it is counted and needs no description.
 * Level NONE stands for what the kind breaks as a rule. The pointer holds until the next one. */
ac_finding *ac_judge_finding(ac_judge *judge, ac_finding_kind kind, ac_level level);
ac_finding *ac_judge_note(ac_judge *judge, ac_finding_kind kind);

/* Ends a judgement: what was left out, the certainty, the level reached. */
void ac_judge_finish(ac_judge *judge);

/* Where the expectation comes from, of the first list that has a citation:
 * documented: Alibaba Cloud, "CreateVpcEndpoint" (ja), エラーコード, row 8. */
ac_str ac_judge_source(const ac_judge *judge, ac_strs cite, ac_strs otherwise);
/* The same without the row: the table it stands in. */
ac_str ac_judge_source_table(const ac_judge *judge, ac_strs cite);

/* 400 VpcNotFound: The specified VPC … (shown.c) */
ac_str ac_shown_answer(const ac_judge *judge);

/* ---- where in a body ---- */

/* A way from the root to a value, kept on the stack and printed only when something is found. */
typedef struct ac_place {
    const struct ac_place *above; /* NULL: this is the root */
    ac_str name;                  /* p NULL: an element */
    size_t index;
} ac_place;

ac_str ac_place_print(ac_arena *arena, const ac_place *place);

/* The value at a pointer; member names match in any case where any_case, the exact name first. */
const ac_json *ac_body_at(const ac_json *body, ac_str pointer, bool any_case);

/* ---- parts of an answer ---- */

typedef enum ac_body_mode {
    AC_BODY_ENVELOPE, /* a success, of which only what its style documents is looked at */
    AC_BODY_SUCCESS,  /* a success with every documented field and no other */
    AC_BODY_ERROR
} ac_body_mode;

void ac_judge_body(ac_judge *judge, ac_body_mode mode);

/* A value of the right type against what is documented of its field; equals is an ac_equals. */
void ac_judge_value(ac_judge *judge, const ac_response_field *field, int equals, const ac_json *value,
                    const ac_place *place);
/* What the request says of a field's value: as sent, else the parameter's default. NULL: nothing. */
const ac_json *ac_field_wanted(const ac_match_input *input, const ac_response_field *field);

/* The request id of the answer, and its repetitions elsewhere in a success. */
void ac_judge_request_id(ac_judge *judge);

void ac_judge_success(ac_judge *judge);
void ac_judge_error(ac_judge *judge);
void ac_judge_matchers(ac_judge *judge);

/* What status and success alone tell, of any answer. False: it is not of the kind expected, and all is told. */
bool ac_judge_success_status(ac_judge *judge);
bool ac_judge_error_status(ac_judge *judge);

/* The expectation restricts the status, and to others. */
bool ac_status_is_ruled_out(const ac_expect *expect, int64_t status);

#endif
