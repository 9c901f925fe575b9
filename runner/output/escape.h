/* Texts and numbers as other programs read them: JSON, CSV, C, a shell. Names from an experiment
 * are data: nothing in them may end a string early, be computed by a spreadsheet, or reach a
 * terminal or a compiler as more than text. (HTML: html.h; gnuplot and SVG: gnuplot.h; people:
 * core/base/text.h.) */
#ifndef RUNNER_OUTPUT_ESCAPE_H
#define RUNNER_OUTPUT_ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/* A JSON string with its quotes. */
void escape_json(FILE *out, const char *text);

/* A JSON number that reads back to the same bits; null where it is not finite. */
void escape_json_real(FILE *out, double number);

/* A CSV field (RFC 4180), quoted where it must be. One that a spreadsheet would compute, "=1+1" or
 * "@x" or "-x", begins with "'"; control characters become "?". */
void escape_csv(FILE *out, const char *text);

/* Text within a C comment, which it cannot end. */
void escape_comment(FILE *out, const char *text);

/* One word of a shell command. */
void escape_shell(FILE *out, const char *text);

#endif
