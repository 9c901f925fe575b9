/* The training kernels beside their bounds, both timed in turn in this very run. usage:
 * bench_kernels [--quick] [MNIST]
 *
 * A step is timed as the difference of a long and a short training, so that what a training does
 * once (initial weights, last metrics) does not count; a step's share of its bound is the median
 * over such pairs. MNIST is a folder of IDX files; without it images are made up, which changes no
 * cost.
 *   w1 study   2-h-2 tanh, 200 rows, full batch:  200 h tanh + 200 sigmoid + 1400 h multiply-adds
 *   w3 online  784-200-10, a row an update:       one walk over the first layer's weights,
 * reading and writing
 *   w4 deep    784-[100]x6-10, batches of 100:    619600 operations an image at the multiply-add
 * rate
 *   w5 beans   1-2-1, a row an update             (a chain of dependent operations: no simple
 * bound) */
#include "tests/bench/bench.h"

#include "core/base/rng.h"
#include "core/data/idx.h"
#include "core/data/synthetic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIXELS   784
#define CLASSES  10
#define IMAGES   6000
#define ATTEMPTS 20
#define NEVER    (INT64_C(1) << 40) /* epochs that do not come: `steps` ends it */

static const char *const TYPE_NAMES[DTYPE_COUNT] = {"f64", "f32"};

/* --- a training that can be repeated at different lengths ------------------------------------- */

typedef struct Training {
    TrainerConfig config;
    TrainerData *data;
    Arena arena;
    int64_t few, many; /* steps */
} Training;

static TrainerConfig plain(Dtype dtype) {
    return (TrainerConfig){.network = {.bias = true, .target_high = 1},
                           .init = {.kind = INIT_LECUN_NORMAL},
                           .init_bias = {.kind = INIT_ZEROS},
                           .optimizer = {.kind = OPTIMIZER_SGD, .learning_rate = 0.01},
                           .shuffle = true,
                           .epochs = NEVER,
                           .record_every = NEVER,
                           .dtype = dtype};
}

static Training training_open(const TrainerConfig *config, const Dataset *train, int64_t few,
                              int64_t many) {
    Training training = {.config = *config, .few = few, .many = many};
    Error err = {0};
    training.config.steps = many;
    bench_must(trainer_data_create(&training.data, train, NULL, NULL, config->dtype, &err), &err);
    bench_must(arena_create(&training.arena, trainer_bytes(&training.config, training.data), &err),
               &err);
    return training;
}

static void training_close(Training *training) {
    trainer_data_destroy(training->data);
    arena_destroy(&training->arena);
}

static double seconds_of(Training *training, int64_t steps) {
    TrainerResult result;
    Error err = {0};
    bool stopped;
    arena_reset(&training->arena);
    training->config.steps = steps;
    const double start = bench_now();
    bench_must(trainer_train(&result, &training->config, training->data,
                             (TrainerWorker){&training->arena, &team_serial, NULL},
                             (TrainerCheckpoint){0}, &stopped, &err),
               &err);
    const double seconds = bench_now() - start;
    /* a training that ends early is fast and means nothing */
    if (result.verdict == VERDICT_DIVERGED) {
        error_set(&err, ERROR_FAILED, "a benchmark's training diverged");
        bench_must(false, &err);
    }
    return seconds;
}

/* A difference that is not above zero was disturbed by another program, and is measured anew. */
static double step_seconds(Training *training) {
    for (int i = 0; i < ATTEMPTS; i++) {
        const double few = seconds_of(training, training->few);
        const double more = seconds_of(training, training->many) - few;
        if (more > 0) return more / (double)(training->many - training->few);
    }
    Error err = {0};
    error_set(&err, ERROR_FAILED, "the machine is too busy to time anything");
    bench_must(false, &err);
    return 0;
}

/* Bound of a step in seconds, measured anew each time: the machine drifts. */
typedef double (*Bound)(const Level *level, double size, const BenchEffort *effort);

typedef struct Timing {
    double step, bound, share; /* medians */
} Timing;

static Timing measure(Training *training, Bound bound, double size, const BenchEffort *effort) {
    double steps[BENCH_MAX_REPEATS], bounds[BENCH_MAX_REPEATS], shares[BENCH_MAX_REPEATS];
    const Level *level = bench_level(training->config.dtype);
    const BenchEffort once = {effort->window / 2, 3, effort->quick};
    (void)step_seconds(training);
    for (int i = 0; i < effort->repeats; i++) {
        bounds[i] = bound ? bound(level, size, &once) : 0;
        steps[i] = step_seconds(training);
        shares[i] = bounds[i] / steps[i];
    }
    return (Timing){bench_median(steps, effort->repeats), bench_median(bounds, effort->repeats),
                    bench_median(shares, effort->repeats)};
}

/* --- W1: the study ---------------------------------------------------------------------------- */

static double tanh_bound(const Level *level, double hidden, const BenchEffort *effort) {
    const double tanh_seconds = bench_function_seconds(level, LEVEL_TANH, effort);
    const double sigmoid_seconds = bench_function_seconds(level, LEVEL_SIGMOID, effort);
    const double flops = 2 * 7 * 200 * hidden; /* 7 multiply-adds a unit and row */
    return 200 * hidden * tanh_seconds + 200 * sigmoid_seconds +
           flops / bench_multiply_add_rate(level, effort);
}

static void study(Dtype dtype, const BenchEffort *effort) {
    static const int32_t HIDDEN[] = {1, 2, 3, 4, 5, 20, 50};
    const SyntheticConfig moons = {.kind = SYNTHETIC_MOONS, .samples = 200, .noise = 0.2};
    Dataset rows;
    Error err = {0};
    double step_sum = 0, bound_sum = 0;
    bench_must(synthetic_make(&rows, &moons, &err), &err);
    for (size_t i = 0; i < sizeof HIDDEN / sizeof *HIDDEN; i++) {
        TrainerConfig config = plain(dtype);
        config.network.inputs = config.network.outputs = 2;
        config.network.hidden_count = 1;
        config.network.hidden[0] = HIDDEN[i];
        config.network.activation = ACTIVATION_TANH;
        config.network.output = ACTIVATION_SOFTMAX;
        config.network.loss = LOSS_CROSS_ENTROPY;
        config.network.classes = true;
        config.reduction = REDUCTION_SUM;
        config.l2 = 0.01;
        const int64_t many = (effort->quick ? 10000 : 60000) / (HIDDEN[i] + 2);
        Training training = training_open(&config, &rows, many / 8, many);
        const Timing t = measure(&training, tanh_bound, HIDDEN[i], effort);
        const char *type = TYPE_NAMES[dtype];
        bench_figure(t.step * 1e6, "us/pass", "w1/kernel-%s/h%d", type, (int)HIDDEN[i]);
        bench_figure(t.bound * 1e6, "us/pass", "w1/bound-%s/h%d", type, (int)HIDDEN[i]);
        bench_figure(t.share, "of-bound", "w1/share-%s/h%d", type, (int)HIDDEN[i]);
        step_sum += t.step;
        bound_sum += t.bound;
        training_close(&training);
    }
    bench_figure(step_sum * 20000, "s", "w1/kernel-%s/study", TYPE_NAMES[dtype]);
    bench_figure(bound_sum / step_sum, "of-bound", "w1/share-%s/study", TYPE_NAMES[dtype]);
    dataset_destroy(&rows);
}

/* --- W3 and W4: images ------------------------------------------------------------------------ */

/* As sparse and as bright as MNIST, and no denormal anywhere. */
static void made_up(Dataset *rows) {
    Rng rng;
    Error err = {0};
    bench_must(dataset_create(rows, IMAGES, PIXELS, CLASSES, true, &err), &err);
    rng_seed(&rng, 0);
    for (int64_t i = 0; i < IMAGES * PIXELS; i++) {
        const double place = rng_uniform(&rng, 0, 1), value = rng_uniform(&rng, 1, 256);
        rows->x[i] = place < 0.19 ? (double)(int)value : 0;
    }
    for (int64_t i = 0; i < IMAGES; i++) rows->label[i] = (int32_t)rng_below(&rng, CLASSES);
}

static void images(Dataset *rows, const char *folder) {
    Error err = {0};
    if (folder)
        bench_must(idx_read(rows, folder, IDX_TRAIN, IMAGES, CLASSES, &err), &err);
    else
        made_up(rows);
    for (int64_t i = 0; i < rows->n * rows->inputs; i++)
        rows->x[i] = rows->x[i] / 255 * 0.99 + 0.01;
}

static double walk_bound(const Level *level, double bytes, const BenchEffort *effort) {
    return bytes / bench_read_write_rate(level, (size_t)bytes, effort);
}

static void online(const Dataset *rows, Dtype dtype, const BenchEffort *effort) {
    TrainerConfig config = plain(dtype);
    MlpConfig *network = &config.network;
    network->inputs = PIXELS;
    network->outputs = CLASSES;
    network->hidden_count = 1;
    network->hidden[0] = 200;
    network->activation = network->output = ACTIVATION_SIGMOID;
    network->loss = LOSS_HALF_SQUARED_ERROR;
    network->bias = false;
    network->classes = true;
    network->target_low = 0.01;
    network->target_high = 0.99;
    config.batch_size = 1;
    config.shuffle = false;
    config.optimizer.learning_rate = 0.1;
    const int64_t many = effort->quick ? 400 : 2400;
    Dataset used =
        *rows; /* what the two trainings have in common walks over all rows: no more than needed */
    used.n = many;
    Training training = training_open(&config, &used, many / 8, many);
    const double bytes = PIXELS * 200.0 * (dtype == DTYPE_FLOAT64 ? 8 : 4);
    const Timing t = measure(&training, walk_bound, bytes, effort);
    bench_figure(t.step * 1e6, "us/sample", "w3/kernel-%s/sample", TYPE_NAMES[dtype]);
    bench_figure(t.bound * 1e6, "us/sample", "w3/bound-%s/sample", TYPE_NAMES[dtype]);
    bench_figure(t.share, "of-bound", "w3/share-%s/sample", TYPE_NAMES[dtype]);
    training_close(&training);
}

static double multiply_add_bound(const Level *level, double flops, const BenchEffort *effort) {
    return flops / bench_multiply_add_rate(level, effort);
}

static void deep(const Dataset *rows, Dtype dtype, const BenchEffort *effort) {
    TrainerConfig config = plain(dtype);
    MlpConfig *network = &config.network;
    network->inputs = PIXELS;
    network->outputs = CLASSES;
    network->hidden_count = 6;
    for (int l = 0; l < 6; l++) network->hidden[l] = 100;
    network->activation = ACTIVATION_RELU;
    network->output = ACTIVATION_SOFTMAX;
    network->loss = LOSS_CROSS_ENTROPY;
    network->classes = true;
    config.init.kind = INIT_HE_NORMAL;
    config.batch_size = 100;
    config.shuffle = false;
    const int64_t many = effort->quick ? 12 : 56;
    Dataset used = *rows;
    used.n = 100 * many;
    Training training = training_open(&config, &used, many / 8, many);
    const Timing t = measure(&training, multiply_add_bound, 100 * 619600.0, effort);
    bench_figure(100 / t.step, "images/s", "w4/kernel-%s/images", TYPE_NAMES[dtype]);
    bench_figure(100 / t.bound, "images/s", "w4/bound-%s/images", TYPE_NAMES[dtype]);
    bench_figure(t.share, "of-bound", "w4/share-%s/images", TYPE_NAMES[dtype]);
    training_close(&training);
}

/* --- W5: beans -------------------------------------------------------------------------------- */

static void beans(const BenchEffort *effort) {
    const SyntheticConfig made = {.kind = SYNTHETIC_BEANS, .samples = 100};
    TrainerConfig config = plain(DTYPE_FLOAT64);
    MlpConfig *network = &config.network;
    Dataset rows;
    Error err = {0};
    bench_must(synthetic_make(&rows, &made, &err), &err);
    network->inputs = network->outputs = 1;
    network->hidden_count = 1;
    network->hidden[0] = 2;
    network->activation = network->output = ACTIVATION_SIGMOID;
    network->loss = LOSS_SQUARED_ERROR;
    network->classes = true;
    config.init = config.init_bias = (InitConfig){.kind = INIT_UNIFORM, .high = 1};
    config.batch_size = 1;
    config.shuffle = false;
    config.reduction = REDUCTION_SUM;
    config.optimizer.learning_rate = 0.03;
    const int64_t many = effort->quick ? 40000 : 200000;
    Training training = training_open(&config, &rows, many / 8, many);
    const Timing t = measure(&training, NULL, 0, effort);
    bench_figure(t.step * 1e6, "us/update", "w5/kernel-f64/update");
    training_close(&training);
    dataset_destroy(&rows);
}

int main(int argc, char **argv) {
    const BenchEffort effort = bench_effort(argc, argv);
    const char *folder = NULL;
    Dataset rows;
    Error err = {0};
    bench_must(trainer_isa_check(&err), &err);
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-') folder = argv[i];
    }
    images(&rows, folder);
    for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
        study((Dtype)dtype, &effort);
        online(&rows, (Dtype)dtype, &effort);
        deep(&rows, (Dtype)dtype, &effort);
    }
    beans(&effort);
    dataset_destroy(&rows);
    return 0;
}
