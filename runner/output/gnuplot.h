/* Starts gnuplot, and makes text safe for it.
 *
 * No shell is involved: an argument vector, a working folder, /dev/null as input. Names from an
 * experiment reach gnuplot as cells of a table or as single-quoted literals made here, in which
 * nothing is a command. */
#ifndef RUNNER_OUTPUT_GNUPLOT_H
#define RUNNER_OUTPUT_GNUPLOT_H

#include <stddef.h>

#include "core/base/folder.h"

#define GNUPLOT_SECONDS 120 /* a gnuplot that takes longer is ended */

/* Runs `gnuplot -d -c script arguments...` in `folder`; `arguments` is NULL-terminated, at most 8.
 * False, ERROR_RESOURCE, where gnuplot is missing, fails, is killed or hangs; the message has its
 * first words. */
MUST_CHECK bool gnuplot_run(const Folder *folder, const char *script, const char *const *arguments,
                            Error *err);

/* The folder of the gnuplot programs. Looked for under RUNNER_SHARE, the source tree of this build,
 * and PREFIX/share/runner next to the executable. */
MUST_CHECK bool gnuplot_programs(char *folder, size_t size, Error *err);

/* `text` as a gnuplot string literal, quotes included, cut to fit. Control characters become
 * spaces. */
void gnuplot_literal(char *out, size_t size, const char *text);

/* `text` as a cell of a tab-separated table: no tabs, line ends or double quotes; "-" where nothing
 * is left. */
void gnuplot_cell(char *out, size_t size, const char *text);

#endif
