/* Learning-rate schedules: the factor on learning_rate at a step. t counts epochs from 0 (schedules
 * step once an epoch, as PyTorch's do); warm-up counts updates. Definitions (f: factor, T: epochs
 * of the training):
 *   constant     1
 *   step         f^floor(t / every)
 *   exponential  f^t
 *   inverse      1 / (1 + f t)                        (Robbins and Monro 1951: 1/t)
 *   cosine       min + (1 - min)(1 + cos(pi u / p))/2, u = t mod p, p = period (default: T)
 *                                                     (Loshchilov and Hutter 2017)
 * `min` is the floor as a share of learning_rate. Warm-up: over the first `warmup` updates the rate
 * rises linearly, update k (from 0) having the share (k + 1) / warmup. */
#ifndef CORE_MODEL_SCHEDULE_H
#define CORE_MODEL_SCHEDULE_H

#include <stdint.h>

typedef enum Schedule {
    SCHEDULE_CONSTANT,
    SCHEDULE_STEP,
    SCHEDULE_EXPONENTIAL,
    SCHEDULE_INVERSE,
    SCHEDULE_COSINE,
    SCHEDULE_COUNT
} Schedule;
extern const char *const SCHEDULE_NAMES[SCHEDULE_COUNT + 1];

typedef struct ScheduleConfig {
    Schedule kind;
    int64_t every;  /* step */
    double factor;  /* step, exponential, inverse */
    int64_t period; /* cosine: epochs to a restart; 0 is all epochs */
    double minimum; /* cosine */
    int64_t warmup; /* updates; 0 is none */
} ScheduleConfig;

/* The factor at update `update` (from 0) in epoch `epoch` (from 0) of `epochs`. */
double schedule_factor(const ScheduleConfig *config, int64_t epoch, int64_t epochs, int64_t update);

#endif
