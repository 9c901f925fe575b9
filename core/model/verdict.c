/* The rules of verdict.h in their order. */
#include "core/model/verdict.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

static const char *const NAMES[VERDICT_COUNT] = {
    [VERDICT_CONVERGED] = "converged",     [VERDICT_FALLING] = "falling",
    [VERDICT_OSCILLATING] = "oscillating", [VERDICT_NOISY] = "noisy",
    [VERDICT_DIVERGED] = "diverged",
};

const char *verdict_name(Verdict verdict) {
    assert(verdict < VERDICT_COUNT);
    return NAMES[verdict];
}

Verdict verdict_from_name(const char *name) {
    int32_t i = 0;
    while (i < VERDICT_COUNT && strcmp(NAMES[i], name) != 0) i++;
    return (Verdict)i;
}

Verdict verdict_of(const double *objective, int32_t count) {
    if (count > VERDICT_WINDOW) {
        objective += count - VERDICT_WINDOW;
        count = VERDICT_WINDOW;
    }
    for (int32_t i = 0; i < count; i++) {
        if (!isfinite(objective[i])) return VERDICT_DIVERGED;
    }
    if (count < 4) return VERDICT_NOISY;

    double low = objective[0], high = objective[0];
    double lag1_min = HUGE_VAL, lag2_max = 0;
    bool falling = true;
    for (int32_t i = 1; i < count; i++) {
        low = fmin(low, objective[i]);
        high = fmax(high, objective[i]);
        lag1_min = fmin(lag1_min, fabs(objective[i] - objective[i - 1]));
        if (i > 1) lag2_max = fmax(lag2_max, fabs(objective[i] - objective[i - 2]));
        falling = falling && objective[i] < objective[i - 1];
    }
    const double size = fabs(objective[count - 1]), range = high - low;
    if (lag1_min > VERDICT_OSCILLATION_MINIMUM * size &&
        lag2_max < VERDICT_OSCILLATION_RATIO * lag1_min) {
        return VERDICT_OSCILLATING;
    }
    if (range == 0 || range < VERDICT_CONVERGED_RANGE * size) return VERDICT_CONVERGED;
    return falling ? VERDICT_FALLING : VERDICT_NOISY;
}
