/* Chooses the kernels and calls them. Everything that depends on float or double is behind
 * Kernels. */
#include "core/trainer.h"

#include <stdlib.h>
#include <string.h>

#include "core/network/kernels.h"

struct TrainerData {
    const Kernels *kernels;
    const Dataset *set[3];
    KernelSplits splits;
};

typedef struct Level {
    const char *name;
    const Kernels *of[DTYPE_COUNT];
} Level;

/* Best first. */
static const Level LEVELS[] = {
#ifdef RUNNER_X86_LEVELS
    {"v4", {&kernels_f64_v4, &kernels_f32_v4}},
    {"v3", {&kernels_f64_v3, &kernels_f32_v3}},
#endif
    {"portable", {&kernels_f64_portable, &kernels_f32_portable}},
};
#define LEVEL_COUNT (sizeof LEVELS / sizeof *LEVELS)

static bool supported(const Level *level) {
#ifdef RUNNER_X86_LEVELS
#ifndef RUNNER_EMULATE_V4 /* the emulated level 4 needs only level 3 */
    if (strcmp(level->name, "v4") == 0) {
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
    }
#endif
    if (strcmp(level->name, "portable") != 0) {
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
               __builtin_cpu_supports("bmi2");
    }
#endif
    (void)level;
    return true;
}

/* NULL where RUNNER_ISA names a level that this machine does not have. */
static const Level *chosen_level(void) {
    const char *forced = getenv("RUNNER_ISA");
    for (size_t i = 0; i < LEVEL_COUNT; i++) {
        if (!supported(&LEVELS[i])) continue;
        if (!forced || !*forced || strcmp(forced, LEVELS[i].name) == 0) return &LEVELS[i];
    }
    return NULL;
}

static const Kernels *kernels_of(Dtype dtype) {
    const Level *level = chosen_level();
    return level ? level->of[dtype] : LEVELS[LEVEL_COUNT - 1].of[dtype];
}

const char *trainer_isa(void) {
    return kernels_of(DTYPE_FLOAT64)->name;
}

const char *trainer_arithmetic(void) {
    return kernels_of(DTYPE_FLOAT64)->arithmetic;
}

bool trainer_isa_check(Error *err) {
    if (chosen_level()) return true;
    char list[64] = "";
    for (size_t i = 0; i < LEVEL_COUNT; i++) {
        if (!supported(&LEVELS[i])) continue;
        if (*list) strcat(list, ", ");
        strcat(list, LEVELS[i].name);
    }
    return error_set(err, ERROR_USAGE, "RUNNER_ISA=%s: not on this machine (%s)",
                     getenv("RUNNER_ISA"), list);
}

/* The kernels use the training data's shape for every split. */
static bool alike(const Dataset *set, const Dataset *train, const char *name, Error *err) {
    const bool classes = train->label;
    const bool outputs = classes ? set->outputs <= train->outputs : set->outputs == train->outputs;
    if (set->inputs == train->inputs && !set->label == !classes && outputs) return true;
    return error_set(err, ERROR_RESOURCE,
                     "%s: %d inputs and %d %s, but the training data have %d and %d %s", name,
                     set->inputs, set->outputs, set->label ? "classes" : "target columns",
                     train->inputs, train->outputs, classes ? "classes" : "target columns");
}

bool trainer_data_create(TrainerData **out, const Dataset *train, const Dataset *val,
                         const Dataset *test, Dtype dtype, Error *err) {
    *out = NULL;
    TrainerData *data = calloc(1, sizeof *data);
    if (!data) return error_memory(err, sizeof *data);
    data->kernels = kernels_of(dtype);
    const Dataset *sets[] = {train, val, test};
    const char *const names[] = {"training data", "validation data", "test data"};
    void **splits[] = {&data->splits.train, &data->splits.val, &data->splits.test};
    for (int i = 0; i < 3; i++) {
        data->set[i] = sets[i];
        if (!sets[i]) continue;
        TRY(dataset_check(sets[i], names[i], err));
        TRY(alike(sets[i], train, names[i], err));
        TRY(data->kernels->pack(splits[i], sets[i], err));
    }
    *out = data;
    return true;
fail:
    trainer_data_destroy(data);
    return false;
}

void trainer_data_destroy(TrainerData *data) {
    if (!data) return;
    data->kernels->unpack(data->splits.train);
    data->kernels->unpack(data->splits.val);
    data->kernels->unpack(data->splits.test);
    free(data);
}

/* An invalid network needs no arena; trainer_train() says what is wrong with it. */
size_t trainer_bytes(const TrainerConfig *config, const TrainerData *data) {
    Mlp mlp;
    if (!mlp_create(&mlp, &config->network, NULL)) return 0;
    return data->kernels->bytes(config, &mlp, &data->splits);
}

double trainer_cost(const TrainerConfig *config, int64_t train_rows, int64_t test_rows,
                    int32_t inputs) {
    MlpConfig network = config->network;
    network.inputs = inputs;
    Mlp mlp;
    if (!mlp_create(&mlp, &network, NULL)) return 0;
    const double row = (double)mlp.parameters + 12.0 * mlp.units + 20.0 * network.outputs;
    const double epochs = (double)trainer_config_epochs(config, train_rows);
    const double points = (double)trainer_config_recorded(config, train_rows, NULL);
    return row * (3 * epochs * (double)train_rows + points * (double)(train_rows + test_rows));
}

static bool fits(const Mlp *mlp, const TrainerData *data, Error *err) {
    const Dataset *train = data->set[0];
    const MlpConfig *config = &mlp->config;
    if (config->inputs != train->inputs || config->classes == !train->label ||
        config->outputs != mlp_outputs(config->classes, train->outputs, config->output)) {
        return error_set(err, ERROR_USAGE,
                         "network: %d inputs and %d outputs do not fit data of %d inputs and %d %s",
                         config->inputs, config->outputs, train->inputs, train->outputs,
                         train->label ? "classes" : "target columns");
    }
    return true;
}

bool trainer_train(TrainerResult *result, const TrainerConfig *config, const TrainerData *data,
                   TrainerWorker worker, TrainerCheckpoint checkpoint, bool *stopped, Error *err) {
    Mlp mlp;
    *result = (TrainerResult){0};
    *stopped = false;
    if (!mlp_create(&mlp, &config->network, err) || !fits(&mlp, data, err)) return false;
    return data->kernels->train(result, config, &mlp, &data->splits, worker, checkpoint, stopped,
                                err);
}

bool trainer_predict(double *y, const TrainerConfig *config, const double *weights, const double *x,
                     int64_t n, Error *err) {
    Mlp mlp;
    Dataset rows;
    if (!mlp_create(&mlp, &config->network, err)) return false;
    if (!dataset_create(&rows, n, mlp.config.inputs, mlp.config.outputs, false, err)) return false;
    memcpy(rows.x, x, (size_t)n * (size_t)mlp.config.inputs * sizeof *x);
    const bool done = kernels_of(config->dtype)->predict(y, &mlp, weights, &rows, err);
    dataset_destroy(&rows);
    return done;
}

bool trainer_gradient(double *grads, const TrainerConfig *config, const double *weights,
                      const Dataset *rows, Team *team, Error *err) {
    Mlp mlp;
    if (!mlp_create(&mlp, &config->network, err)) return false;
    return kernels_of(config->dtype)->gradient(grads, config, &mlp, weights, rows, team, err);
}
