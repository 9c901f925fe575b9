/* A figure of small square pictures side by side: misclassified images, weights of a layer. */
#ifndef RUNNER_OUTPUT_TILES_H
#define RUNNER_OUTPUT_TILES_H

#include "runner/output/page.h"

#define TILES_MAX 24 /* pictures of a figure */

typedef struct Tiles {
    int32_t side, count, stride;
    const char *title[TILES_MAX];
    const double *value[TILES_MAX]; /* each the first of side * side numbers, `stride` apart */
} Tiles;

/* The side of a square picture of so many inputs, 8 at least; 0 where they are none. */
int32_t tiles_side(int32_t inputs);

MUST_CHECK bool tiles_draw(const Tiles *tiles, Page *page, const char *name, const char *alt,
                           const char *caption, Error *err);

#endif
