/* The formulas of schedule.h, one function each, chosen by a table; libm's pow and cos, in
 * double. */
#include "core/model/schedule.h"

#include <assert.h>
#include <math.h>

const char *const SCHEDULE_NAMES[SCHEDULE_COUNT + 1] = {
    [SCHEDULE_CONSTANT] = "constant",       [SCHEDULE_STEP] = "step",
    [SCHEDULE_EXPONENTIAL] = "exponential", [SCHEDULE_INVERSE] = "inverse",
    [SCHEDULE_COSINE] = "cosine",
};

static double constant(const ScheduleConfig *config, int64_t epoch, int64_t epochs) {
    (void)config, (void)epoch, (void)epochs;
    return 1;
}

static double step(const ScheduleConfig *config, int64_t epoch, int64_t epochs) {
    (void)epochs;
    assert(config->every >= 1);
    return pow(config->factor, (double)(epoch / config->every));
}

static double exponential(const ScheduleConfig *config, int64_t epoch, int64_t epochs) {
    (void)epochs;
    return pow(config->factor, (double)epoch);
}

static double inverse(const ScheduleConfig *config, int64_t epoch, int64_t epochs) {
    (void)epochs;
    return 1 / (1 + config->factor * (double)epoch);
}

static double cosine(const ScheduleConfig *config, int64_t epoch, int64_t epochs) {
    const int64_t all_epochs = epochs > 0 ? epochs : 1;
    const int64_t period = config->period > 0 ? config->period : all_epochs;
    const double share = (double)(epoch % period) / (double)period;
    return config->minimum + (1 - config->minimum) * (1 + cos(M_PI * share)) / 2;
}

static double (*const FORMULA[SCHEDULE_COUNT])(const ScheduleConfig *, int64_t, int64_t) = {
    [SCHEDULE_CONSTANT] = constant,       [SCHEDULE_STEP] = step,
    [SCHEDULE_EXPONENTIAL] = exponential, [SCHEDULE_INVERSE] = inverse,
    [SCHEDULE_COSINE] = cosine,
};

double schedule_factor(const ScheduleConfig *config, int64_t epoch, int64_t epochs,
                       int64_t update) {
    assert(config->kind < SCHEDULE_COUNT && epoch >= 0 && update >= 0);
    const double factor = FORMULA[config->kind](config, epoch, epochs);
    if (update >= config->warmup) return factor;
    return factor * ((double)(update + 1) / (double)config->warmup);
}
