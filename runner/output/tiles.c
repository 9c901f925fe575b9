#include "runner/output/tiles.h"

#include <math.h>

#include "runner/output/figure.h"

int32_t tiles_side(int32_t inputs) {
    const int32_t side = (int32_t)lround(sqrt((double)inputs));
    return side >= 8 && side * side == inputs ? side : 0;
}

/* Cells are in the order of scan lines, the top row of a picture last: gnuplot counts upwards. */
bool tiles_draw(const Tiles *tiles, Page *page, const char *name, const char *alt,
                const char *caption, Error *err) {
    Figure figure = {0};
    const int32_t side = tiles->side;
    double largest = 0;
    if (!figure_begin(&figure, page, name, "tiles", err)) return false;
    figure_cell(&figure, "x");
    figure_cell(&figure, "y");
    for (int32_t t = 0; t < tiles->count; t++) {
        char heading[32];
        snprintf(heading, sizeof heading, "tile_%d", t + 1);
        figure_cell(&figure, heading);
        figure_string_at(&figure, "title", t + 1, tiles->title[t]);
    }
    figure_row(&figure);
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
    return figure_end(&figure, alt, caption, err);
}
