/* A page in the making, as its figures and tables see it.
 *
 * The owner writes its text into an Html and points `target` at it; figures and tables are appended
 * to whatever `target` points to at that moment. All files are made in a draft, a new folder in the
 * page's own, where nobody can have put links or pipes, and are moved out when the page is saved,
 * index.html last. */
#ifndef RUNNER_OUTPUT_PAGE_H
#define RUNNER_OUTPUT_PAGE_H

#include <stdint.h>

#include "core/base/folder.h"
#include "core/base/pool.h"
#include "runner/output/html.h"

typedef struct Page {
    Folder folder; /* of index.html and of the figures' files */
    Folder draft;  /* in it; locked: one that nobody holds was left by the dead */
    char draft_name[64];
    const char *plots_folder; /* of the gnuplot programs (scripts/plots) */
    const char *format;       /* of a further file for each figure: "png" or "pdf"; else NULL */
    Html *target;
    char section[300];        /* title of the current section: the tables' labels name it */
    int32_t figures, missing; /* figures so far; those of them that gnuplot could not draw */
    int32_t tables;
    char trouble[2048]; /* gnuplot's first complaint; "" */
    Pool pool;          /* for what lives as long as the page */
} Page;

/* Whether a page of that kind ("report", "comparison"; see html_begin) may be drawn into the
 * folder: its index.html, if any, is one. `strict`: a folder without one must be empty. Else
 * ERROR_CONFLICT. */
MUST_CHECK bool page_check(const Folder *folder, const char *kind, bool strict, Error *err);

/* Begins a page in the folder. Of the page only plots_folder and format are set beforehand. */
MUST_CHECK bool page_begin(Page *page, const Folder *folder, Error *err);

/* Removes the draft; frees the pool, not the Html that `target` points to. Legal on a zeroed
 * one. */
void page_destroy(Page *page);

/* `<section id=...><h2>...`: `id` is a literal, `title` is escaped. Whoever opens it closes it. */
void page_section(Page *page, const char *id, const char *title);

/* A table's head and foot: `<div class=table><table>` with headings; a "text:" before a heading
 * marks a column of words. Rows are written between them. */
void page_table_begin(Page *page, const char *const *headings, int32_t count);
void page_table_end(Page *page);

/* A sentence about the figures that are missing, if any. */
void page_say_missing(const Page *page, Html *out);

/* Moves the files out of the draft, then writes index.html, complete or not at all. */
MUST_CHECK bool page_save(const Page *page, const Html *html, Error *err);

/* Whether the folder has a page that was made `of` this (html_begin). */
bool page_is_of(const Folder *folder, const char *of);

/* True where no figure is missing; else ERROR_RESOURCE, with gnuplot's first complaint. */
MUST_CHECK bool page_is_complete(const Page *page, Error *err);

#endif
