/* Names, and the arithmetic of recorded epochs. */
#include "core/model/trainer_config.h"

#include <math.h>

const char *const DTYPE_NAMES[DTYPE_COUNT + 1] = {"float64", "float32", NULL};
const char *const REDUCTION_NAMES[REDUCTION_COUNT + 1] = {"mean", "sum", NULL};
const char *const WEIGHTS_NAMES[WEIGHTS_COUNT + 1] = {"final", "best", "both", "none", NULL};
const char *const EPOCH_SCALE_NAMES[EPOCH_SCALE_COUNT + 1] = {"log", "linear", NULL};

int64_t trainer_config_epochs(const TrainerConfig *config, int64_t n) {
    if (config->steps == 0) return config->epochs;
    const bool full = config->batch_size == 0 || (config->batch_size >= n && !config->replacement);
    const int64_t rows = full ? n : config->batch_size;
    const int64_t batches = (n + rows - 1) / rows;
    const int64_t needed = (config->steps + batches - 1) / batches;
    return needed < config->epochs ? needed : config->epochs;
}

#define NO_EPOCH INT64_MAX

/* The epochs of trainer_config_spread(), one after the other. */
typedef struct Spread {
    int64_t points, last;
    EpochScale scale;
    int64_t index, epoch; /* the present one; NO_EPOCH behind the last */
} Spread;

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static Spread spread_begin(int64_t points, EpochScale scale, int64_t last) {
    return (Spread){.points = least(points, last + 1),
                    .last = last,
                    .scale = scale,
                    .epoch = points > 0 ? 0 : NO_EPOCH};
}

/* Log-spaced: of the way that is left from this epoch to the last, in log(epoch + 1), one part of
 * as many as are left to come; and at least one epoch on. There is always room for the others,
 * because no step is longer than the mean of those that are left. */
static void spread_next(Spread *spread) {
    const int64_t left = spread->points - 1 - spread->index++;
    if (left < 1) {
        spread->epoch = NO_EPOCH;
    } else if (spread->scale == EPOCH_SCALE_LINEAR) {
        const int64_t steps = spread->points - 1;
        spread->epoch = (spread->last * spread->index + steps / 2) / steps;
    } else if (left == spread->last - spread->epoch || left == 1) {
        spread->epoch = left == 1 ? spread->last : spread->epoch + 1;
    } else {
        const double now = (double)(spread->epoch + 1), end = (double)(spread->last + 1);
        const double next = floor(now * pow(end / now, 1 / (double)left) + 0.5);
        spread->epoch = next > now ? (int64_t)next - 1 : spread->epoch + 1;
    }
}

int64_t trainer_config_spread(int64_t *epoch, int64_t points, EpochScale scale, int64_t last) {
    int64_t count = 0;
    if (last < 0) return 0;
    for (Spread s = spread_begin(points, scale, last); s.epoch != NO_EPOCH; spread_next(&s)) {
        epoch[count++] = s.epoch;
    }
    return count;
}

int64_t trainer_config_recorded(const TrainerConfig *config, int64_t n, int64_t *epoch) {
    const int64_t last = trainer_config_epochs(config, n) - 1, every = config->record_every;
    if (last < 0) return 0;
    Spread points = spread_begin(config->record_points, config->record_scale, last);
    Spread snapshots = spread_begin(config->snapshots, EPOCH_SCALE_LOG, last);
    int32_t also = 0;
    /* only counted, multiples of `every` are counted at once */
    int64_t count = every > 0 && !epoch ? last / every + 1 : 0;
    int64_t multiple = every > 0 && epoch ? 0 : NO_EPOCH;
    for (int64_t at = -1; at < last;) {
        const int64_t listed = also < config->record_also_count ? config->record_also[also] : last;
        at = least(least(least(multiple, points.epoch), least(snapshots.epoch, listed)), last);
        if (points.epoch == at) spread_next(&points);
        if (snapshots.epoch == at) spread_next(&snapshots);
        if (multiple == at) multiple += every;
        if (listed == at) also++;
        if (epoch) {
            epoch[count++] = at;
        } else {
            count += every == 0 || at % every != 0;
        }
    }
    return count;
}
