/* Where the program's own files are: beside the build, or under the prefix it was installed to. */
#ifndef RUNNER_OUTPUT_WHERE_H
#define RUNNER_OUTPUT_WHERE_H

#include "core/base/error.h"

#include <stddef.h>

/* The folder of a file's path: "." where it has none. */
void where_folder_of(char *folder, size_t size, const char *path);

/* The folder of the gnuplot programs. Looked for under RUNNER_SHARE, the source tree of this build,
 * and PREFIX/share/runner next to the executable. */
MUST_CHECK bool where_plots(char *folder, size_t size, Error *err);

#endif
