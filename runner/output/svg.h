/* gnuplot's SVG as part of a page. */
#ifndef RUNNER_OUTPUT_SVG_H
#define RUNNER_OUTPUT_SVG_H

#include "runner/output/html.h"

/* Appends it without a fixed size, with ids made unique by `prefix`, colours by name and a
 * label. */
void svg_inline(Html *html, const char *svg, size_t length, const char *prefix,
                const char *css_class, const char *alt);

#endif
