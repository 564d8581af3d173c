/* Matching of text: regular expressions (hides PCRE2), globs over case ids, message templates, and
 * suggestions for misspelt names. Pure. */
#ifndef AC_BASE_TEXT_H
#define AC_BASE_TEXT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

/* Compiled once, matched often, by any thread. Matching is bounded to some tenths of a second: where a
 * pattern needs longer to decide, it does not match. */
typedef struct ac_regex ac_regex;
ac_regex *ac_regex_new(ac_str pattern, ac_err *err); /* PCRE2, UTF mode; free with ac_regex_free */
void ac_regex_free(ac_regex *regex);
bool ac_regex_match(const ac_regex *regex, ac_str subject); /* anywhere; invalid UTF-8 does not match */
/* The first match that begins at or after from; *start and *end are offsets in the subject. An empty match is none. Where
 * from is not 0 the subject must be valid UTF-8 and from the beginning of a character, such as the end of a match. */
bool ac_regex_find(const ac_regex *regex, ac_str subject, size_t from, size_t *start, size_t *end);

/* Case ids: * matches within a component, ** across components, ? one byte that is no slash. A pattern also matches every
 * id below it: "a/b" matches "a/b/c". */
bool ac_glob_match(ac_str pattern, ac_str id);

/* Documented text with placeholders (%s, %d, {Name}, and the further ones given) against observed text.
 * A run of white space is one space; white space at the ends does not count. A placeholder stands for one or
 * more bytes of what is left. */
bool ac_template_match(ac_str text, const ac_str *placeholders, size_t count, ac_str observed);
bool ac_template_has_placeholder(ac_str text);

/* The candidate nearest to the word, or an empty view where none is near. */
ac_str ac_suggest(ac_str word, const ac_str *candidates, size_t count);

#endif
