/* Names, and the arithmetic of recorded epochs. */
#include "core/model/trainer_config.h"

const char *const DTYPE_NAMES[DTYPE_COUNT + 1] = {"float64", "float32", NULL};
const char *const REDUCTION_NAMES[REDUCTION_COUNT + 1] = {"mean", "sum", NULL};
const char *const WEIGHTS_NAMES[WEIGHTS_COUNT + 1] = {"final", "best", "both", "none", NULL};

int64_t trainer_config_epochs(const TrainerConfig *config, int64_t n) {
    if (config->steps == 0) return config->epochs;
    const bool full = config->batch_size == 0 || (config->batch_size >= n && !config->replacement);
    const int64_t rows = full ? n : config->batch_size;
    const int64_t batches = (n + rows - 1) / rows;
    const int64_t needed = (config->steps + batches - 1) / batches;
    return needed < config->epochs ? needed : config->epochs;
}

static bool is_listed(const TrainerConfig *config, int64_t epoch) {
    int32_t low = 0, high = config->record_also_count;
    while (low < high) {
        const int32_t middle = (low + high) / 2;
        if (config->record_also[middle] < epoch) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < config->record_also_count && config->record_also[low] == epoch;
}

bool trainer_config_records(const TrainerConfig *config, int64_t n, int64_t epoch) {
    return epoch % config->record_every == 0 || epoch == trainer_config_epochs(config, n) - 1 ||
           is_listed(config, epoch);
}

int64_t trainer_config_record_count(const TrainerConfig *config, int64_t n) {
    const int64_t epochs = trainer_config_epochs(config, n), every = config->record_every;
    if (epochs == 0) return 0;
    int64_t count = (epochs - 1) / every + 1;
    const bool last_is_extra = (epochs - 1) % every != 0;
    if (last_is_extra) count++;
    for (int32_t i = 0; i < config->record_also_count; i++) {
        const int64_t epoch = config->record_also[i];
        if (epoch < epochs - 1 && epoch % every != 0) count++;
    }
    return count;
}
