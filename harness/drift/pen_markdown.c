#include "drift/pen.h"
#include "reports/tell.h"

static void add_text(pen *p, ac_str text)
{
    ac_buf_clear(&p->told);
    ac_tell_text(&p->told, text, AC_TELL_TEXT);
    ac_tell_escaped(&p->out, ac_buf_str(&p->told), ac_tell_in_markdown);
}

/* In code elements GitHub makes no links and mentions. */
static void add_look(pen *p, pen_look look, ac_str text, ac_str page)
{
    bool code = look != PEN_TEXT && text.n > 0;
    bool link = look == PEN_LINK && text.n > 0;
    ac_buf_add_c(&p->out, link ? "[" : "");
    ac_buf_add_c(&p->out, code ? "<code>" : "");
    add_text(p, text);
    ac_buf_add_c(&p->out, code ? "</code>" : "");
    if (link) {
        ac_buf_printf(&p->out, "](%.*s)", AC_STR_FMT(page));
    }
}

static void begin(pen *p, ac_str title)
{
    ac_buf_add_c(&p->out, "# ");
    add_text(p, title);
    ac_buf_add_c(&p->out, "\n");
}

static void nothing(pen *p)
{
    (void)p;
}

static void heading(pen *p, ac_str text)
{
    ac_buf_add_c(&p->out, "\n## ");
    add_text(p, text);
    ac_buf_add_c(&p->out, "\n");
}

static void paragraph(pen *p, pen_look look, ac_str text)
{
    ac_buf_add_c(&p->out, "\n");
    add_look(p, look, text, (ac_str){NULL, 0});
    ac_buf_add_c(&p->out, "\n");
}

static void table(pen *p, const ac_str *titles, size_t count)
{
    ac_buf_add_c(&p->out, "\n|");
    for (size_t i = 0; i < count; i++) {
        ac_buf_add_c(&p->out, " ");
        add_text(p, titles[i]);
        ac_buf_add_c(&p->out, " |");
    }
    ac_buf_add_c(&p->out, "\n|");
    for (size_t i = 0; i < count; i++) {
        ac_buf_add_c(&p->out, "---|");
    }
    ac_buf_add_c(&p->out, "\n");
}

static void row(pen *p)
{
    ac_buf_add_c(&p->out, "|");
}

static void cell(pen *p, pen_look look, ac_str text, ac_str page)
{
    ac_buf_add_c(&p->out, " ");
    add_look(p, look, text, page);
    ac_buf_add_c(&p->out, " |");
}

static void row_end(pen *p)
{
    ac_buf_add_c(&p->out, "\n");
}

const pen_format pen_markdown = {".md", "README.md", begin, nothing, heading, paragraph,
                                 table, row,         cell,  row_end, nothing};
