/* Doing one thing wrong: mock/deviation.h lists what. Private to the module. */
#ifndef AC_MOCK_DEVIATE_H
#define AC_MOCK_DEVIATE_H

#include "mock/call.h"
#include "mock/world.h"

/* Whether accounts look into one another. */
bool ac_mock_mixes_accounts(const ac_deviation *deviation);
/* Finds the operation that deviates. */
void ac_mock_prepare_deviation(ac_mock *mock);

/* Whether an operation does this wrong: one that is named, that of the call, the one that made a thing. */
bool ac_mock_deviates_at(const ac_mock *mock, const ac_mock_operation *operation, ac_deviation_kind kind);
bool ac_mock_deviates(const ac_mock_call *call, ac_deviation_kind kind);
bool ac_mock_deviates_of(const ac_mock *mock, const ac_mock_resource *resource, ac_deviation_kind kind);
/* Whether this is the error that the deviation is about; only where the mock deviates. */
bool ac_mock_concerns(const ac_mock *mock, const ac_error_spec *spec);

/* What deviates in the answer as a whole: the last step of a call, where the mock deviates. */
void ac_mock_deviate(ac_mock_call *call);

/* Refuses a parameter that the contract does not document. */
bool ac_mock_refuse_unknown(ac_mock_call *call);

/* What another account has under the id, where references to it are accepted; else NULL. */
const ac_mock_resource *ac_mock_borrow(const ac_mock_call *call, ac_str kind, ac_str id);

/* Counts a look at what a deviating operation made; true where the call does not see it. */
bool ac_mock_overlooks(const ac_mock_call *call, const ac_mock_resource *resource);

/* The state that a thing shows; step is where it is on the way to the last one. */
ac_str ac_mock_deviant_state(const ac_mock_call *call, const ac_mock_resource *resource, size_t step,
                             size_t last);

/* With small letters for capitals. */
ac_str ac_mock_folded(ac_arena *arena, ac_str text);

#endif
