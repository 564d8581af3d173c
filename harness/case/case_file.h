/* Private to the module: reading case files, and the names they use. */
#ifndef AC_CASE_CASE_FILE_H
#define AC_CASE_CASE_FILE_H

#include "case/derive.h"

/* Appends the cases of one file. */
bool read_case_file(ac_corpus *corpus, const ac_case_source *source, ac_case_list *out,
                    ac_err *err) AC_MUST_USE;

#endif
