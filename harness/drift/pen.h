/* Private to the ledger: what a page is made of, whatever its format. Texts come as they are; pens make them
 * visible, escape them and cut them. */
#ifndef AC_DRIFT_PEN_H
#define AC_DRIFT_PEN_H

#include "base/str.h"
#include "drift/drift.h"

typedef enum pen_look { PEN_TEXT, PEN_CODE, PEN_LINK } pen_look; /* PEN_LINK: code that leads to its page */

typedef struct pen {
    ac_buf out;
    ac_buf told; /* a text before it is escaped */
} pen;

typedef struct pen_format {
    const char *extension;               /* ".md" */
    const char *index;                   /* name of the index */
    void (*begin)(pen *p, ac_str title); /* the page, with its first heading */
    void (*end)(pen *p);
    void (*heading)(pen *p, ac_str text); /* of a section */
    void (*paragraph)(pen *p, pen_look look, ac_str text);
    void (*table)(pen *p, const ac_str *titles, size_t count);
    void (*row)(pen *p);
    void (*cell)(pen *p, pen_look look, ac_str text, ac_str page); /* page: file that a link leads to */
    void (*row_end)(pen *p);
    void (*table_end)(pen *p);
} pen_format;

extern const pen_format pen_markdown, pen_html;

#endif
