/* A page in the making, as its figures and tables see it.
 *
 * The owner writes its text into an Html and points `target` at it; figures and tables are appended
 * to whatever `target` points to at that moment. */
#ifndef RUNNER_OUTPUT_PAGE_H
#define RUNNER_OUTPUT_PAGE_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/base/pool.h"
#include "runner/output/html.h"

typedef struct Page {
    const char *folder;       /* of index.html and of the figures' files */
    const char *plots_folder; /* of the gnuplot programs (scripts/plots) */
    const char *format;       /* of a further file for each figure: "png" or "pdf"; else NULL */
    Html *target;
    char section[300];        /* title of the current section: the tables' labels name it */
    int32_t figures, missing; /* figures so far; those of them that gnuplot could not draw */
    int32_t tables;
    char trouble[2048]; /* gnuplot's first complaint; "" */
    Pool pool;          /* for what lives as long as the page */
} Page;

/* Frees the pool, not the Html that `target` points to. */
void page_destroy(Page *page);

/* `<section id=...><h2>...`: `id` is a literal, `title` is escaped. Whoever opens it closes it. */
void page_section(Page *page, const char *id, const char *title);

/* A table's head and foot: `<div class=table><table>` with headings; a "text:" before a heading
 * marks a column of words. Rows are written between them. */
void page_table_begin(Page *page, const char *const *headings, int32_t count);
void page_table_end(Page *page);

/* A sentence about the figures that are missing, if any. */
void page_say_missing(const Page *page, Html *out);

/* Writes index.html, complete or not at all. */
MUST_CHECK bool page_save(const Page *page, const Html *html, Error *err);

/* True where no figure is missing; else ERROR_RESOURCE, with gnuplot's first complaint. */
MUST_CHECK bool page_is_complete(const Page *page, Error *err);

#endif
