/* Answers from what the contract says of their fields. Private to the module. */
#ifndef AC_MOCK_ANSWER_H
#define AC_MOCK_ANSWER_H

#include "mock/call.h"
#include "mock/world.h"

/* A page of a list. */
typedef struct ac_mock_page {
    const ac_mock_resource **items;
    size_t count;
    int64_t total;
    ac_str next; /* token of the page after it; p NULL: none */
} ac_mock_page;

/* What the fields of an answer, or of an item in it, are filled from. */
typedef struct ac_mock_view {
    ac_mock_call *call;
    const ac_mock_resource *resource; /* NULL: none */
    const ac_mock_page *page;         /* NULL: no list */
    const ac_json *element;           /* of an attribute, while its members are shown; NULL: none */
    const ac_mock_shape *level;       /* the object being shown */
    bool draft;                       /* nothing was made, so nothing has an id */
} ac_mock_view;

/* The body of a success. */
const ac_json *ac_mock_body(const ac_mock_view *view);
/* Ends the call with it. */
void ac_mock_succeed(ac_mock_call *call, const ac_json *body);

/* What an item of a list shows under a name, else what its resource has; NULL: nothing. */
const ac_json *ac_mock_shown(const ac_mock_view *view, const ac_mock_shape *item, ac_str name);

/* What a resource made by the call is remembered by: its parameters, and the fields of the answer. */
const ac_json *ac_mock_attributes(const ac_mock_call *call, const ac_json *body);

/* What a resource has under a name; NULL: nothing. */
const ac_json *ac_mock_attribute(const ac_mock_call *call, const ac_mock_resource *resource, ac_str name);

/* A value for a field of which nothing is known; NULL: it can be left out. */
const ac_json *ac_mock_plausible(const ac_mock_call *call, const ac_mock_shape *shape);
/* The value as the field's type; NULL where it cannot be. */
const ac_json *ac_mock_typed(ac_arena *arena, const ac_json *value, int type);
/* What an envelope's member equals. */
const ac_json *ac_mock_equal(const ac_mock_call *call, int equals);

/* The JSON text of an answer. */
ac_str ac_mock_written(ac_arena *arena, const ac_json *body);

#endif
