#include "core/data/scaling.h"

#include <math.h>

/* The next row from `row` on that counts; n where there is none. */
static int64_t next_row(const Dataset *set, const bool *left_out, int64_t row) {
    while (left_out && row < set->n && left_out[row]) row++;
    return row;
}

void scaling_range(const Dataset *set, const bool *left_out, double *low, double *width) {
    const int32_t columns = set->inputs;
    for (int32_t column = 0; column < columns; column++) {
        low[column] = HUGE_VAL;
        width[column] = -HUGE_VAL; /* the maximum, for now */
    }
    for (int64_t row = next_row(set, left_out, 0); row < set->n;
         row = next_row(set, left_out, row + 1)) {
        for (int32_t column = 0; column < columns; column++) {
            const double value = set->x[row * columns + column];
            if (value < low[column]) low[column] = value;
            if (value > width[column]) width[column] = value;
        }
    }
    for (int32_t column = 0; column < columns; column++) {
        width[column] = width[column] > low[column] ? width[column] - low[column] : 1;
    }
}

/* Compared by value: a rounded mean leaves a tiny deviation. */
static bool is_constant(const Dataset *set, const bool *left_out, int64_t first, int32_t column) {
    const double value = set->x[first * set->inputs + column];
    for (int64_t row = first; row < set->n; row = next_row(set, left_out, row + 1)) {
        if (set->x[row * set->inputs + column] != value) return false;
    }
    return true;
}

void scaling_moments(const Dataset *set, const bool *left_out, double *mean, double *deviation) {
    const int32_t columns = set->inputs;
    const int64_t first = next_row(set, left_out, 0);
    double n = 0;
    /* two passes: the one-pass formula with squares loses all digits where the mean is large */
    for (int32_t column = 0; column < columns; column++) mean[column] = deviation[column] = 0;
    for (int64_t row = first; row < set->n; row = next_row(set, left_out, row + 1)) {
        for (int32_t column = 0; column < columns; column++) {
            mean[column] += set->x[row * columns + column];
        }
        n++;
    }
    if (n == 0) return;
    for (int32_t column = 0; column < columns; column++) mean[column] /= n;
    for (int64_t row = first; row < set->n; row = next_row(set, left_out, row + 1)) {
        for (int32_t column = 0; column < columns; column++) {
            const double distance = set->x[row * columns + column] - mean[column];
            deviation[column] += distance * distance;
        }
    }
    for (int32_t column = 0; column < columns; column++) {
        const bool constant = is_constant(set, left_out, first, column);
        const double spread = sqrt(deviation[column] / n);
        if (constant) mean[column] = set->x[first * columns + column];
        deviation[column] = constant || spread == 0 ? 1 : spread;
    }
}

void scaling_apply(const Scaling *scaling, double *x, int64_t n, int32_t inputs) {
    const double span = scaling->max - scaling->min;
    for (int64_t row = 0; scaling->shift && row < n; row++, x += inputs) {
        for (int32_t column = 0; column < inputs; column++) {
            x[column] = (x[column] - scaling->shift[column]) / scaling->scale[column];
            if (scaling->ranged) x[column] = x[column] * span + scaling->min;
        }
    }
}
