/* Where the program's own files are: beside the build, or under the prefix it was installed to. */
#ifndef RUNNER_OUTPUT_WHERE_H
#define RUNNER_OUTPUT_WHERE_H

#include <stddef.h>

#include "core/base/error.h"

/* The folder of the gnuplot programs. Looked for under RUNNER_SHARE, the source tree of this build,
 * and PREFIX/share/runner next to the executable. */
MUST_CHECK bool where_plots(char *folder, size_t size, Error *err);

#endif
