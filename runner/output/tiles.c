/* Small square pictures of rows of numbers: misclassified images, first-layer weights. See
 * report_parts.h. */
#include <math.h>
#include <string.h>

#include "runner/report/section.h"

int32_t report_side(int32_t inputs) {
    const int32_t side = (int32_t)lround(sqrt((double)inputs));
    return side >= 8 && side * side == inputs ? side : 0;
}

/* Cells go by scan lines, the top row of a picture last: gnuplot counts upwards. */
bool report_tiles(Report *report, const char *name, const Tiles *tiles, const char *alt,
                  const char *caption, Error *err) {
    Figure figure = {0};
    double largest = 0;
    if (!figure_begin(&figure, report, name, "tiles", err)) return false;
    figure_cell(&figure, "x");
    figure_cell(&figure, "y");
    for (int32_t t = 0; t < tiles->count; t++) {
        char variable[32];
        snprintf(variable, sizeof variable, "tile_%d", t + 1);
        figure_cell(&figure, variable);
        snprintf(variable, sizeof variable, "title_%d", t + 1);
        figure_string(&figure, variable, tiles->title[t]);
    }
    figure_row(&figure);
    const int32_t side = tiles->side;
    for (int32_t y = 0; y < side; y++) {
        for (int32_t x = 0; x < side; x++) {
            figure_value(&figure, x);
            figure_value(&figure, y);
            for (int32_t t = 0; t < tiles->count; t++) {
                const double v = tiles->value[t][((side - 1 - y) * side + x) * tiles->stride];
                figure_value(&figure, v);
                largest = fmax(largest, fabs(v));
            }
            figure_row(&figure);
        }
    }
    figure_number(&figure, "tiles", tiles->count);
    figure_number(&figure, "side", side);
    figure_number(&figure, "largest", largest > 0 ? largest : 1);
    return figure_end(&figure, report, alt, caption, err);
}
