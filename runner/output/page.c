#include "runner/output/page.h"

#include <stdio.h>
#include <string.h>

#include "core/base/files.h"

void page_destroy(Page *page) {
    pool_destroy(&page->pool);
    *page = (Page){0};
}

void page_section(Page *page, const char *id, const char *title) {
    snprintf(page->section, sizeof page->section, "%s", title);
    html_print(page->target, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
}

void page_table_begin(Page *page, const char *const *headings, int32_t count) {
    Html *out = page->target;
    html_print(out,
               "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table %d, %s\">"
               "<table class=\"sort\">\n<thead><tr>",
               ++page->tables, page->section);
    for (int32_t i = 0; i < count; i++) {
        const bool words = strncmp(headings[i], "text:", 5) == 0;
        html_raw(out, words ? "<th class=\"text\" scope=\"col\">" : "<th scope=\"col\">");
        html_text(out, headings[i] + (words ? 5 : 0));
        html_raw(out, "</th>");
    }
    html_raw(out, "</tr></thead>\n<tbody>\n");
}

void page_table_end(Page *page) {
    html_raw(page->target, "</tbody></table></div>\n");
}

void page_say_missing(const Page *page, Html *out) {
    if (page->missing == 0) return;
    html_print(out,
               "<p class=\"warning\">%d of %d figures could not be drawn: %s. Tables and data are "
               "complete; the same command draws what is missing.</p>\n",
               page->missing, page->figures, page->trouble);
}

bool page_save(const Page *page, const Html *html, Error *err) {
    char path[FILES_PATH];
    return files_join(path, sizeof path, page->folder, "index.html", err) &&
           files_write(path, html->text, html->length, err);
}

bool page_is_complete(const Page *page, Error *err) {
    return page->missing == 0 ||
           error_set(err, ERROR_RESOURCE, "%s: %d of %d figures are missing: %s", page->folder,
                     page->missing, page->figures, page->trouble);
}
