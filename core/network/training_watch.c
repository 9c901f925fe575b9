/* The evidence for verdict.h. All sums are in double and in the parameters' order. */
#include "core/network/training_watch.h"

#include <math.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/kernels/vec.h"
#include "core/model/init.h"
#include "core/model/schedule.h"

#define MAX_REAL   (sizeof(real) == sizeof(double) ? 1e307 : 1e38) /* below the largest real */
#define NORMALIZED 636 /* twice 1 / sqrt(1e-5): what batch norm may multiply by, and a shift */

static double norm(const real *values, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) sum += (double)values[i] * (double)values[i];
    return sqrt(sum);
}

/* The same for a bound: LANES sums side by side, none waiting for another, in another order. */
static double rough_norm(const real *values, int64_t count) {
    Vec sum[VEC_GROUP];
    real lanes[LANES], rest = 0;
    int64_t i = 0;
    for (int g = 0; g < VEC_GROUP; g++) sum[g] = vec_broadcast(0);
    for (; i + LANES <= count; i += LANES) {
        for (int g = 0; g < VEC_GROUP; g++) {
            const Vec v = vec_load(values + i + g * VEC_WIDTH);
            sum[g] = vec_fma(v, v, sum[g]);
        }
    }
    for (; i < count; i++) rest += values[i] * values[i];
    for (int g = 0; g < VEC_GROUP; g++) vec_store(lanes + g * VEC_WIDTH, sum[g]);
    return sqrt((double)(vec_reduce(lanes) + rest));
}

/* Of a layer's input h, |h| + 1 grows by (1 + |w|)(1 + sqrt units) at most: |W h + b| <= |w| (|h| +
 * 1), and no activation adds more than 1 a unit. Batch norm does its part with the same |w|. The
 * bound itself may overflow, or be NaN: both are suspect. */
bool training_watch_suspects(const TrainingState *training) {
    const Mlp *mlp = training->mlp;
    const real *state = training->state;
    double bound = training->train->reach;
    for (int32_t l = 0; l < mlp->layers; l++) {
        const MlpLayer *layer = &mlp->layer[l];
        const int64_t end = l + 1 < mlp->layers ? layer[1].weight : mlp->parameters;
        const double grown = 1 + rough_norm(state + layer->weight, end - layer->weight);
        bound *= grown * (1 + sqrt((double)layer->out));
        if (layer->normalized) bound *= grown * NORMALIZED;
    }
    const double running = rough_norm(state + mlp->parameters, mlp->state_size - mlp->parameters);
    const bool squares = mlp->config.loss != LOSS_CROSS_ENTROPY;
    return !(bound < (squares ? sqrt(MAX_REAL) : MAX_REAL)) || !isfinite(running);
}

/* The last `count` epochs; where patience may end the training, any may be. */
static bool is_late(const TrainingState *training, int64_t count) {
    return training->config->patience > 0 || training->progress->epoch >= training->epochs - count;
}

bool training_watch_wants(const TrainingState *training) {
    return is_late(training, VERDICT_WINDOW);
}

static void store_displacement(TrainingState *training) {
    TrainingProgress *progress = training->progress;
    const int64_t size = training->mlp->parameters;
    if (progress->passed > 0) {
        const double before = progress->moved;
        double product = 0;
        for (int64_t i = 0; i < size; i++) {
            const real step = training->state[i] - training->previous[i];
            product += (double)step * (double)training->displacement[i];
            training->displacement[i] = step;
        }
        progress->moved = norm(training->displacement, size);
        if (progress->passed > 1) {
            const double norms = before * progress->moved;
            training->cosines[(progress->passed - 2) % VERDICT_CYCLE] =
                norms > 0 ? product / norms : 0;
        }
    }
    memcpy(training->previous, training->state, (size_t)size * sizeof(real));
    progress->passed++;
}

void training_watch_epoch(TrainingState *training, double objective) {
    TrainingProgress *progress = training->progress;
    if (training_watch_wants(training)) {
        training->ring[progress->window++ % VERDICT_WINDOW] = objective;
    }
    if (training->cosines && is_late(training, VERDICT_CYCLE + 2)) store_displacement(training);
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static void judge_objective(const TrainingState *training, VerdictEvidence *evidence) {
    const int64_t seen = training->progress->window;
    evidence->count = (int32_t)least(seen, VERDICT_WINDOW);
    for (int32_t i = 0; i < evidence->count; i++) {
        evidence->objective[i] = training->ring[(seen - evidence->count + i) % VERDICT_WINDOW];
    }
    evidence->magnitude = 1;
    if (training->train->label) return;
    evidence->magnitude = 0;
    for (int32_t k = 0; k < training->train->outputs; k++) {
        evidence->magnitude += training->train->variance[k] / (double)training->train->n;
    }
}

static void judge_displacements(const TrainingState *training, VerdictEvidence *evidence) {
    const TrainingProgress *progress = training->progress;
    if (progress->passed < 3) return;
    evidence->cosines = (int32_t)least(progress->passed - 2, VERDICT_CYCLE);
    for (int32_t i = 0; i < evidence->cosines; i++) {
        evidence->cosine += training->cosines[i] / evidence->cosines;
    }
    const double norms = fmax(evidence->norm, progress->moved);
    evidence->step = norms > 0 ? progress->moved / norms : 0;
}

/* How the schedule went, epoch by epoch, and how far the parameters came with it. */
static void judge_way(TrainingState *training, VerdictEvidence *evidence) {
    const TrainerConfig *config = training->config;
    const int64_t size = training->mlp->parameters;
    double rates = 0, way = 0, first = 0, *draft = training->weights;
    for (int64_t e = 0; e < evidence->epochs; e++) {
        const int64_t last = least((e + 1) * training->batches, training->progress->step) - 1;
        const double factor = schedule_factor(&config->schedule, e, training->epochs, last);
        if (e >= evidence->epochs - evidence->count) evidence->factor += factor / evidence->count;
        evidence->last_factor = factor;
        rates += config->optimizer.learning_rate * factor * (double)training->batches;
    }
    if (!training->has_start) { /* this run went on from a checkpoint */
        Rng rng;
        Error unused = {0};
        rng_seed(&rng, config->seed);
        if (!init_state(draft, training->mlp, &config->init, &config->init_bias, &rng, &unused)) {
            return;
        }
    }
    for (int64_t i = 0; i < size; i++) {
        const double from = (double)(real)draft[i], step = (double)training->state[i] - from;
        way += step * step;
        first += from * from;
    }
    evidence->moved = sqrt(way) / fmax(sqrt(first), 1);
    evidence->slope = rates > 0 ? sqrt(way) / rates : 0;
}

Verdict training_watch_judge(TrainingState *training, bool stopped_early, double end) {
    VerdictEvidence evidence = {.epochs = training->progress->epoch,
                                .stopped_early = stopped_early,
                                .is_stochastic = training->is_stochastic,
                                .start = training->progress->start,
                                .end = end,
                                .norm = norm(training->state, training->mlp->parameters)};
    evidence.overflowed = !isfinite(end);
    judge_objective(training, &evidence);
    judge_displacements(training, &evidence);
    judge_way(training, &evidence);
    return verdict_of(&evidence);
}
