/*
 * Private to the reports: what an SDK did, by side: the wire, the hand of its caller, and faults. The same
 * divergence in many cases is one line with a count. Copies what it keeps; bounded.
 */
#ifndef AC_REPORTS_CLIENTS_H
#define AC_REPORTS_CLIENTS_H

#include "base/names.h"
#include "run/verdict.h"

typedef enum ac_client_side { AC_SIDE_WIRE, AC_SIDE_HAND, AC_SIDE_FAULT, AC_SIDES } ac_client_side;

/* "wire", "hand" and "faults", and what each is about. */
extern const char *const ac_side_names[];
extern const char *const ac_side_titles[];

typedef struct ac_client_line {
    ac_client_side side;
    ac_str kind, place, observed;
    bool note; /* no case fails by it */
    bool fact; /* what an SDK sends of itself */
    int64_t cases;
    int64_t heard; /* number of the last one */
} ac_client_line;

typedef struct ac_clients {
    ac_arena *arena;
    ac_names keys;
    ac_client_line *lines; /* most frequent first within a side after the end */
    size_t count, capacity;
    int64_t heard;  /* verdicts */
    int64_t judged; /* cases in which calls were judged */
    int64_t failed[AC_SIDES];
} ac_clients;

void ac_clients_init(ac_clients *clients, ac_arena *arena);
void ac_clients_verdict(ac_clients *clients, const ac_verdict *verdict);
void ac_clients_sort(ac_clients *clients);

/* "1466 judged, 1466 as documented"; of faults "480 observed". */
void ac_clients_tell_side(ac_buf *out, const ac_clients *clients, ac_client_side side);

#endif
