/* One page that needs nothing else: no scripts, no images, its style inside. */
#include "drift/pen.h"
#include "reports/tell.h"

static const char top[] = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                          "style-src 'unsafe-inline'\">\n";

static const char style[] =
    "<style>\n"
    "body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem;\n"
    "  color: #1b1f24; background: #ffffff; }\n"
    "table { border-collapse: collapse; display: block; overflow-x: auto; }\n"
    "th, td { border: 1px solid #c8ced6; padding: 0.3rem 0.6rem; text-align: left; vertical-align: top;\n"
    "  max-width: 32rem; overflow-wrap: break-word; }\n"
    "th { background: #eef1f5; }\n"
    "code { font-family: ui-monospace, monospace; font-size: 0.9em; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  body { color: #e6e9ee; background: #14181d; } a { color: #8ab8ff; }\n"
    "  th { background: #222932; } th, td { border-color: #3a434f; }\n"
    "}\n</style>\n</head>\n<body>\n";

static void add_text(pen *p, ac_str text)
{
    ac_buf_clear(&p->told);
    ac_tell_text(&p->told, text, AC_TELL_TEXT);
    ac_tell_escaped(&p->out, ac_buf_str(&p->told), ac_tell_in_xml);
}

static void add_element(pen *p, const char *name, ac_str text)
{
    ac_buf_printf(&p->out, "<%s>", name);
    add_text(p, text);
    ac_buf_printf(&p->out, "</%s>", name);
}

static void add_look(pen *p, pen_look look, ac_str text, ac_str page)
{
    if (look == PEN_LINK) {
        ac_buf_add_c(&p->out, "<a href=\"");
        add_text(p, page);
        ac_buf_add_c(&p->out, "\">");
    }
    if (look == PEN_TEXT || text.n == 0) {
        add_text(p, text);
    } else {
        add_element(p, "code", text);
    }
    ac_buf_add_c(&p->out, look == PEN_LINK ? "</a>" : "");
}

static void begin(pen *p, ac_str title)
{
    ac_buf_add_c(&p->out, top);
    add_element(p, "title", title);
    ac_buf_add_c(&p->out, "\n");
    ac_buf_add_c(&p->out, style);
    add_element(p, "h1", title);
    ac_buf_add_c(&p->out, "\n");
}

static void end(pen *p)
{
    ac_buf_add_c(&p->out, "</body>\n</html>\n");
}

static void heading(pen *p, ac_str text)
{
    add_element(p, "h2", text);
    ac_buf_add_c(&p->out, "\n");
}

static void paragraph(pen *p, pen_look look, ac_str text)
{
    ac_buf_add_c(&p->out, "<p>");
    add_look(p, look, text, (ac_str){NULL, 0});
    ac_buf_add_c(&p->out, "</p>\n");
}

static void table(pen *p, const ac_str *titles, size_t count)
{
    ac_buf_add_c(&p->out, "<table>\n<thead><tr>");
    for (size_t i = 0; i < count; i++) {
        ac_buf_add_c(&p->out, "<th scope=\"col\">");
        add_text(p, titles[i]);
        ac_buf_add_c(&p->out, "</th>");
    }
    ac_buf_add_c(&p->out, "</tr></thead>\n<tbody>\n");
}

static void row(pen *p)
{
    ac_buf_add_c(&p->out, "<tr>");
}

static void cell(pen *p, pen_look look, ac_str text, ac_str page)
{
    ac_buf_add_c(&p->out, "<td>");
    add_look(p, look, text, page);
    ac_buf_add_c(&p->out, "</td>");
}

static void row_end(pen *p)
{
    ac_buf_add_c(&p->out, "</tr>\n");
}

static void table_end(pen *p)
{
    ac_buf_add_c(&p->out, "</tbody>\n</table>\n");
}

const pen_format pen_html = {".html", "index.html", begin, end,     heading,  paragraph,
                             table,   row,          cell,  row_end, table_end};
