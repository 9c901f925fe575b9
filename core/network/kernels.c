#include "core/network/kernels.h"

#include "core/kernels/update.h"
#include "core/network/network.h"
#include "core/network/training_loop.h"
#include "core/network/training_state.h"

static bool pack(void **data, const Dataset *set, Error *err) {
    PackedDataset *packed = NULL;
    if (!packed_dataset_create(&packed, set, err)) return false;
    *data = packed;
    return true;
}

static void unpack(void *data) {
    packed_dataset_destroy(data);
}

static PackedSplits packed_splits(const KernelSplits *splits) {
    return (PackedSplits){splits->train, splits->val, splits->test};
}

static size_t bytes(const TrainerConfig *config, const Mlp *mlp, const KernelSplits *splits) {
    Arena ruler = {.measuring = true};
    TrainingState training;
    training_state_create(&training, config, mlp, packed_splits(splits), &ruler);
    return ruler.used;
}

static bool train(TrainerResult *result, const TrainerConfig *config, const Mlp *mlp,
                  const KernelSplits *splits, TrainerWorker worker, TrainerCheckpoint checkpoint,
                  bool *stopped, Error *err) {
    TrainingState training;
    training_state_create(&training, config, mlp, packed_splits(splits), worker.arena);
    return training_loop_run(result, &training, worker, checkpoint, stopped, err);
}

/* A network and data outside a training, for predictions and checks. */
typedef struct RowProbe {
    PackedDataset *data;
    Arena arena;
    NetworkPlan network;
    real *state, *grads;
} RowProbe;

static void probe_destroy(RowProbe *probe) {
    packed_dataset_destroy(probe->data);
    arena_destroy(&probe->arena);
}

static void probe_lay_out(RowProbe *probe, const Mlp *mlp, int64_t rows, Arena *arena) {
    network_plan_create(&probe->network, mlp, rows, rows, arena);
    probe->state = arena_alloc(arena, (size_t)mlp->state_size, sizeof(real));
    probe->grads = arena_alloc(arena, (size_t)mlp->parameters, sizeof(real));
}

static bool probe_create(RowProbe *probe, const Mlp *mlp, const double *weights,
                         const Dataset *rows, Error *err) {
    *probe = (RowProbe){0};
    Arena ruler = {.measuring = true};
    probe_lay_out(probe, mlp, rows->n, &ruler);
    TRY(packed_dataset_create(&probe->data, rows, err));
    TRY(arena_create(&probe->arena, ruler.used, err));
    probe_lay_out(probe, mlp, rows->n, &probe->arena);
    for (int64_t i = 0; i < mlp->state_size; i++) probe->state[i] = (real)weights[i];
    return true;
fail:
    probe_destroy(probe);
    return false;
}

static bool predict(double *y, const Mlp *mlp, const double *weights, const Dataset *rows,
                    Error *err) {
    RowProbe probe;
    if (!probe_create(&probe, mlp, weights, rows, err)) return false;
    network_outputs(&probe.network, y, probe.state, probe.data);
    probe_destroy(&probe);
    return true;
}

static bool gradient(double *grads, const TrainerConfig *config, const Mlp *mlp,
                     const double *weights, const Dataset *rows, Team *team, Error *err) {
    RowProbe probe;
    if (!probe_create(&probe, mlp, weights, rows, err)) return false;
    const NetworkBatch batch = {.data = probe.data, .count = rows->n, .seed = config->seed};
    network_gradient(&probe.network, probe.grads, probe.state, &batch, NULL, team);
    const OptimizerConfig still = {.kind = OPTIMIZER_SGD};
    const UpdateConfig update = {&still, config->l1, config->l2, config->clip_norm};
    const UpdateStep step = {.scale =
                                 config->reduction == REDUCTION_MEAN ? 1 / (double)rows->n : 1};
    update_step(probe.state, probe.grads, NULL, NULL, mlp, &update, step);
    for (int64_t i = 0; i < mlp->parameters; i++) grads[i] = (double)probe.grads[i];
    probe_destroy(&probe);
    return true;
}

#define kernels REAL_NAME(kernels)
const Kernels kernels = {.name = REAL_LEVEL == 4   ? "v4"
                                 : REAL_LEVEL == 3 ? "v3"
                                                   : "portable",
                         .arithmetic = REAL_LEVEL >= 3 ? "fma" : "portable",
                         .pack = pack,
                         .unpack = unpack,
                         .bytes = bytes,
                         .train = train,
                         .predict = predict,
                         .gradient = gradient};
