#include "core/model/optimizer.h"

#include <stddef.h>

const char *const OPTIMIZER_NAMES[OPTIMIZER_COUNT + 1] = {"sgd",  "adagrad", "rmsprop",
                                                          "adam", "adamw",   NULL};

int32_t optimizer_states(const OptimizerConfig *config) {
    switch (config->kind) {
    case OPTIMIZER_SGD: return config->momentum > 0 ? 1 : 0;
    case OPTIMIZER_ADAGRAD: return 1;
    case OPTIMIZER_RMSPROP: return config->momentum > 0 ? 2 : 1;
    case OPTIMIZER_ADAM:
    case OPTIMIZER_ADAMW: return 2;
    case OPTIMIZER_COUNT: break;
    }
    return 0;
}
