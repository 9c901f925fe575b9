/* Texts and numbers as other programs read them: JSON, CSV, a shell. Names from an experiment are
 * data: nothing in them may end a string early or reach a terminal as a command. */
#ifndef RUNNER_OUTPUT_ESCAPE_H
#define RUNNER_OUTPUT_ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/* A JSON string with its quotes. */
void escape_json(FILE *out, const char *text);

/* A JSON number that reads back to the same bits; null where it is not finite. */
void escape_json_real(FILE *out, double number);

/* A CSV field (RFC 4180), quoted where it must be. */
void escape_csv(FILE *out, const char *text);

/* One word of a shell command. */
void escape_shell(FILE *out, const char *text);

#endif
