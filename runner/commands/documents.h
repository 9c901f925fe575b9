/* The man page and the completions of the shells, made from templates and the tables of options.h:
 * scripts/runner.1.in, scripts/completions/. */
#ifndef RUNNER_COMMANDS_DOCUMENTS_H
#define RUNNER_COMMANDS_DOCUMENTS_H

#include <stdbool.h>
#include <stdio.h>

/* Copies a template, with `@names@` replaced by the names of the commands, and lines like `@man@`
 * by what that format says of each command and its options. False where reading or writing
 * failed. */
bool documents_write(FILE *template, FILE *out);

#endif
