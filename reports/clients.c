#include "reports/clients.h"

#include <stdlib.h>
#include <string.h>

#include "reports/tell.h"

enum { LINES_MAX = 4000 };

const char *const ac_side_names[] = {"wire", "hand", "faults"};
const char *const ac_side_titles[] = {"what the SDK sends", "what its caller gets",
                                      "what it makes of broken answers"};

void ac_clients_init(ac_clients *clients, ac_arena *arena)
{
    *clients = (ac_clients){.arena = arena};
    ac_names_init(&clients->keys, arena);
}

/* False where the finding is not about a client. */
static bool side_of(ac_str kind, ac_client_side *out)
{
    static const char *const prefixes[] = {"wire-", "hand-", "fault-"};
    for (int side = 0; side < AC_SIDES; side++) {
        if (ac_str_starts(kind, ac_str_c(prefixes[side]))) {
            *out = (ac_client_side)side;
            return true;
        }
    }
    return false;
}

static void count_finding(ac_clients *clients, const ac_shown_finding *finding, ac_client_side side)
{
    ac_arena *scratch = ac_arena_new();
    ac_str place = ac_str_without_indices(scratch, ac_tell_start(finding->place, AC_TELL_SHORT));
    ac_str observed = ac_tell_start(finding->observed, AC_TELL_SHORT);
    ac_str key = ac_str_printf(scratch, "%.*s\n%.*s\n%.*s\n%d", AC_STR_FMT(finding->kind), AC_STR_FMT(place),
                               AC_STR_FMT(observed), finding->note);
    bool room = clients->keys.count < LINES_MAX || ac_names_find(&clients->keys, key, NULL);
    size_t number = room ? ac_names_number(&clients->keys, key) : 0;
    if (room && number == clients->count) {
        clients->lines = ac_arena_grown(clients->arena, clients->lines, clients->count, &clients->capacity,
                                        sizeof *clients->lines);
        clients->lines[clients->count++] = (ac_client_line){.side = side,
                                                            .kind = ac_str_dup(clients->arena, finding->kind),
                                                            .place = ac_str_dup(clients->arena, place),
                                                            .observed = ac_str_dup(clients->arena, observed),
                                                            .note = finding->note,
                                                            .fact = ac_str_is(finding->kind, "wire-fact")};
    }
    if (room && clients->lines[number].heard != clients->heard) {
        clients->lines[number].heard = clients->heard;
        clients->lines[number].cases++;
    }
    ac_arena_free(scratch);
}

void ac_clients_verdict(ac_clients *clients, const ac_verdict *verdict)
{
    bool failed[AC_SIDES] = {false};
    clients->heard++;
    clients->judged += verdict->level > 0 || verdict->word == AC_FAIL;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const ac_shown_finding *finding = &verdict->findings[i];
        ac_client_side side;
        if (side_of(finding->kind, &side)) {
            failed[side] = failed[side] || !finding->note;
            count_finding(clients, finding, side);
        }
    }
    for (int side = 0; side < AC_SIDES; side++) {
        clients->failed[side] += failed[side];
    }
}

static int by_side_and_count(const void *a, const void *b)
{
    const ac_client_line *x = a;
    const ac_client_line *y = b;
    if (x->side != y->side) {
        return (int)x->side - (int)y->side;
    }
    if (x->note != y->note) {
        return x->note ? 1 : -1;
    }
    if (x->side != AC_SIDE_FAULT && x->cases != y->cases) {
        return x->cases < y->cases ? 1 : -1;
    }
    int order = ac_str_cmp(x->place, y->place);
    order = order != 0 ? order : ac_str_cmp(x->kind, y->kind);
    return order != 0 ? order : ac_str_cmp(x->observed, y->observed);
}

void ac_clients_sort(ac_clients *clients)
{
    if (clients->count > 0) {
        qsort(clients->lines, clients->count, sizeof *clients->lines, by_side_and_count);
    }
}

void ac_clients_tell_side(ac_buf *out, const ac_clients *clients, ac_client_side side)
{
    int64_t observed = 0;
    for (size_t i = 0; i < clients->count; i++) {
        observed += clients->lines[i].side == side ? clients->lines[i].cases : 0;
    }
    if (side == AC_SIDE_FAULT) {
        ac_buf_printf(out, "%lld observed", (long long)observed);
        return;
    }
    ac_buf_printf(out, "%lld judged, %lld as documented", (long long)clients->judged,
                  (long long)(clients->judged - clients->failed[side]));
    if (clients->failed[side] > 0) {
        ac_buf_printf(out, ", %lld not", (long long)clients->failed[side]);
    }
}
