#include "core/model/optimizer.h"

#include <stddef.h>

const char *const OPTIMIZER_NAMES[OPTIMIZER_COUNT + 1] = {"sgd",  "adagrad", "rmsprop",
                                                          "adam", "adamw",   NULL};

bool optimizer_has_moment1(const OptimizerConfig *config) {
    switch (config->kind) {
    case OPTIMIZER_SGD:
    case OPTIMIZER_RMSPROP: return config->momentum > 0;
    case OPTIMIZER_ADAM:
    case OPTIMIZER_ADAMW: return true;
    case OPTIMIZER_ADAGRAD:
    case OPTIMIZER_COUNT: break;
    }
    return false;
}

bool optimizer_has_moment2(const OptimizerConfig *config) {
    return config->kind != OPTIMIZER_SGD;
}
