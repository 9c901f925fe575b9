/* A figure of a page: a table (NAME.tsv), variables and a gnuplot program.
 *
 * The program's text, the common style and the variables together are NAME.gp, which draws NAME.svg
 * from NAME.tsv again, in the page's folder or elsewhere. The page gets the drawing inline, once
 * wide and once narrow. */
#ifndef RUNNER_OUTPUT_FIGURE_H
#define RUNNER_OUTPUT_FIGURE_H

#include <stdio.h>

#include "runner/output/page.h"

typedef struct Figure {
    Page *page;
    const char *name, *program; /* file stems, literals of this program: never data */
    FILE *table;                /* NAME.tsv, or a further one: figure_table() */
    Html variables;             /* gnuplot assignments */
    bool first_cell;
} Figure;

MUST_CHECK bool figure_begin(Figure *figure, Page *page, const char *name, const char *program,
                             Error *err);

/* Variables of the gnuplot program; with _at they are called VARIABLE_INDEX. */
void figure_number(Figure *figure, const char *variable, double value);
void figure_number_at(Figure *figure, const char *variable, int32_t index, double value);
void figure_string(Figure *figure, const char *variable, const char *text);
void figure_string_at(Figure *figure, const char *variable, int32_t index, const char *text);

/* The table, cell after cell; figure_row() ends a row, and a row without cells is an empty line. */
void figure_cell(Figure *figure, const char *text);
void figure_value(Figure *figure, double value);
void figure_blank(Figure *figure); /* an empty cell: not known */
void figure_row(Figure *figure);
void figure_headings(Figure *figure, const char *const *heading, int32_t count); /* a whole row */

/* Ends the table and begins a further one, NAME-SUFFIX.tsv, whose name is in the variable
 * SUFFIX. */
MUST_CHECK bool figure_table(Figure *figure, const char *suffix, Error *err);

/* Draws it and puts it on the page; `alt` says what it shows to those who cannot see it, `caption`
 * may be "". Consumes the figure, also on failure. A gnuplot that
 * does not work is noted in the page and is no failure here. */
MUST_CHECK bool figure_end(Figure *figure, const char *alt, const char *caption, Error *err);
void figure_drop(Figure *figure);

#endif
