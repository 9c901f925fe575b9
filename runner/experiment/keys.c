/* The table of keys. Ranges, choices and defaults are here only; keys_value.c reads them. */
#include "runner/experiment/keys.h"

#include <math.h>
#include <string.h>

#include "core/data/synthetic.h"
#include "core/model/mlp.h"
#include "core/model/optimizer.h"
#include "core/model/schedule.h"
#include "core/trainer.h"

const char *const KEYS_DATA_KIND_NAMES[DATA_KIND_COUNT + 1] = {
    "moons", "circles", "spirals", "blobs", "xor", "gates", "three_bit",
    "beans", "sine",    "idx",     "csv",   "npy", "hdf5",  NULL};
_Static_assert((int)DATA_KIND_IDX == (int)SYNTHETIC_COUNT,
               "made data first, in the order of core/data/synthetic.h");

static const char *const INIT_ORDER_NAMES[INIT_ORDER_COUNT + 1] = {"in_out", "out_in", NULL};
static const char *const DATA_TASK_NAMES[DATA_TASK_COUNT + 1] = {"classes", "numbers", NULL};

_Static_assert(ACTIVATION_SOFTMAX == ACTIVATION_COUNT - 1,
               "hidden layers may have every activation before softmax");
_Static_assert(INIT_VALUES == INIT_COUNT - 1, "biases may have every init before values");

#define ANY         ((double)INFINITY)
#define INTEGER_MAX 1e9
#define POINTS_MAX  1e6

#define KIND(name) (1u << DATA_KIND_##name)
#define TABLES     (KIND(CSV) | KIND(NPY) | KIND(HDF5))
#define FILES      (KIND(IDX) | TABLES)
#define DRAWN                                                                                      \
    (KIND(MOONS) | KIND(CIRCLES) | KIND(SPIRALS) | KIND(BLOBS) | KIND(XOR) | KIND(BEANS) |         \
     KIND(SINE))
#define SPLIT (DRAWN | TABLES)

/* A row, and its fields. */
#define ROW(key, text, ...) [key] = {.id = (key), .name = (text), __VA_ARGS__}
#define INTEGER(min, max)   .type = KEY_TYPE_INTEGER, .low = (min), .high = (max)
#define REAL(min, max)      .type = KEY_TYPE_REAL, .low = (min), .high = (max)
#define FLAG                .type = KEY_TYPE_BOOL, .low = 0, .high = 1
#define CHOICE(names, count)                                                                       \
    .type = KEY_TYPE_CHOICE, .choices = (names), .low = 0, .high = (count)-1
#define ABOVE_LOW  .low_open = true
#define BELOW_HIGH .high_open = true

const Key KEYS[KEY_COUNT] = {
    ROW(KEY_HIDDEN, "hidden", .type = KEY_TYPE_SIZES, .low = 1, .high = MLP_MAX_UNITS,
        .doc = "hidden layers: a number of units, or a list of sizes; [] is none. Required"),
    ROW(KEY_ACTIVATION, "activation", CHOICE(ACTIVATION_NAMES, ACTIVATION_COUNT - 1),
        .fallback = "tanh", .doc = "of the hidden layers"),
    ROW(KEY_OUTPUT, "output", CHOICE(ACTIVATION_NAMES, ACTIVATION_COUNT),
        .doc = "of the last layer; by default softmax for classes, identity for numbers"),
    ROW(KEY_LOSS, "loss", CHOICE(LOSS_NAMES, LOSS_COUNT),
        .doc = "by default cross_entropy for classes behind softmax or sigmoid, else "
               "half_squared_error"),
    ROW(KEY_INIT, "init", CHOICE(INIT_NAMES, INIT_COUNT), .fallback = "lecun_normal",
        .doc = "how weights are drawn"),
    ROW(KEY_INIT_ORDER, "init.order", CHOICE(INIT_ORDER_NAMES, INIT_ORDER_COUNT),
        .fallback = "in_out",
        .doc = "a matrix is drawn fan_in x fan_out, or fan_out x fan_in and transposed"),
    ROW(KEY_INIT_LOW, "init.low", REAL(-ANY, ANY), .fallback = "0", .doc = "of uniform"),
    ROW(KEY_INIT_HIGH, "init.high", REAL(-ANY, ANY), .fallback = "1", .doc = "of uniform"),
    ROW(KEY_INIT_MEAN, "init.mean", REAL(-ANY, ANY), .fallback = "0", .doc = "of normal"),
    ROW(KEY_INIT_STD, "init.std", REAL(0, ANY), .fallback = "1", .doc = "of normal"),
    ROW(KEY_INIT_VALUES, "init.values", .type = KEY_TYPE_REALS, .low = -ANY, .high = ANY,
        .fallback = "",
        .doc = "the numbers themselves, biases too, in the order of the parameter block"),
    ROW(KEY_INIT_BIAS, "init_bias", CHOICE(INIT_NAMES, INIT_COUNT - 1), .fallback = "zeros",
        .doc = "how biases are drawn"),
    ROW(KEY_INIT_BIAS_LOW, "init_bias.low", REAL(-ANY, ANY), .fallback = "0", .doc = "of uniform"),
    ROW(KEY_INIT_BIAS_HIGH, "init_bias.high", REAL(-ANY, ANY), .fallback = "1",
        .doc = "of uniform"),
    ROW(KEY_INIT_BIAS_MEAN, "init_bias.mean", REAL(-ANY, ANY), .fallback = "0", .doc = "of normal"),
    ROW(KEY_INIT_BIAS_STD, "init_bias.std", REAL(0, ANY), .fallback = "1", .doc = "of normal"),
    ROW(KEY_BIAS, "bias", FLAG, .fallback = "true", .doc = "whether layers have biases"),
    ROW(KEY_OPTIMIZER, "optimizer", CHOICE(OPTIMIZER_NAMES, OPTIMIZER_COUNT), .fallback = "sgd",
        .doc = "definitions as in PyTorch"),
    ROW(KEY_MOMENTUM, "momentum", REAL(0, 1), BELOW_HIGH, .fallback = "0", .doc = "sgd, rmsprop"),
    ROW(KEY_NESTEROV, "nesterov", FLAG, .fallback = "false", .doc = "sgd: Nesterov's momentum"),
    ROW(KEY_BETA1, "beta1", REAL(0, 1), BELOW_HIGH, .fallback = "0.9", .doc = "adam, adamw"),
    ROW(KEY_BETA2, "beta2", REAL(0, 1), BELOW_HIGH, .fallback = "0.999", .doc = "adam, adamw"),
    ROW(KEY_RHO, "rho", REAL(0, 1), BELOW_HIGH, .fallback = "0.99",
        .doc = "rmsprop: PyTorch's alpha"),
    ROW(KEY_EPSILON, "epsilon", REAL(0, ANY), ABOVE_LOW,
        .doc = "added to the denominator; by default 1e-8, for adagrad 1e-10"),
    ROW(KEY_WEIGHT_DECAY, "weight_decay", REAL(0, ANY), .fallback = "0.01",
        .doc = "adamw: decoupled from the gradient"),
    ROW(KEY_LEARNING_RATE, "learning_rate", REAL(0, ANY), ABOVE_LOW, .fallback = "0.01",
        .doc = "before any schedule"),
    ROW(KEY_SCHEDULE, "schedule", CHOICE(SCHEDULE_NAMES, SCHEDULE_COUNT), .fallback = "constant",
        .doc = "how the learning rate changes over the epochs"),
    ROW(KEY_SCHEDULE_EVERY, "schedule.every", INTEGER(1, INTEGER_MAX), .fallback = "10",
        .doc = "step: epochs from one drop to the next"),
    ROW(KEY_SCHEDULE_FACTOR, "schedule.factor", REAL(0, ANY), ABOVE_LOW,
        .doc = "step, exponential, inverse; by default 0.1, 0.95, 0.01"),
    ROW(KEY_SCHEDULE_PERIOD, "schedule.period", INTEGER(1, INTEGER_MAX), .word = "full",
        .fallback = "full", .doc = "cosine: epochs from one restart to the next"),
    ROW(KEY_SCHEDULE_MIN, "schedule.min", REAL(0, 1), .fallback = "0",
        .doc = "cosine: its floor, as a share of learning_rate"),
    ROW(KEY_SCHEDULE_WARMUP, "schedule.warmup", INTEGER(1, INTEGER_MAX), .word = "off",
        .fallback = "off", .doc = "updates over which the rate rises first, before any schedule"),
    ROW(KEY_BATCH_SIZE, "batch_size", INTEGER(1, INTEGER_MAX), .word = "full", .fallback = "full",
        .doc = "rows of a batch"),
    ROW(KEY_SHUFFLE, "shuffle", FLAG, .fallback = "true",
        .doc = "a new order of the rows every epoch"),
    ROW(KEY_REPLACEMENT, "replacement", FLAG, .fallback = "false",
        .doc = "batches are drawn with replacement"),
    ROW(KEY_REDUCTION, "reduction", CHOICE(REDUCTION_NAMES, REDUCTION_COUNT), .fallback = "mean",
        .doc = "of the gradient over a batch"),
    ROW(KEY_EPOCHS, "epochs", INTEGER(0, INTEGER_MAX), .fallback = "100",
        .doc = "passes over the rows"),
    ROW(KEY_STEPS, "steps", INTEGER(1, INTEGER_MAX), .word = "off", .fallback = "off",
        .doc = "ends the training after so many updates, in mid-epoch too"),
    ROW(KEY_L1, "l1", REAL(0, ANY), .fallback = "0", .doc = "adds l1 |W|_1 to what is minimized"),
    ROW(KEY_L2, "l2", REAL(0, ANY), .fallback = "0", .doc = "adds l2/2 |W|^2 to what is minimized"),
    ROW(KEY_DROPOUT, "dropout", REAL(0, 1), BELOW_HIGH, .fallback = "0",
        .doc = "share of hidden units dropped"),
    ROW(KEY_BATCH_NORM, "batch_norm", FLAG, .fallback = "false",
        .doc = "normalizes each hidden layer over the batch"),
    ROW(KEY_CLIP_NORM, "clip_norm", REAL(0, ANY), .word = "off", .fallback = "off",
        .doc = "largest Euclidean norm of the gradient"),
    ROW(KEY_ERROR_SIGNAL, "error_signal", CHOICE(ERROR_SIGNAL_NAMES, ERROR_SIGNAL_COUNT),
        .fallback = "delta",
        .doc = "delta is the exact gradient, raw a published rule (tutorial 5)"),
    ROW(KEY_DTYPE, "dtype", CHOICE(DTYPE_NAMES, DTYPE_COUNT), .fallback = "float64",
        .doc = "precision of the training"),
    ROW(KEY_DATA_KIND, "data.kind", CHOICE(KEYS_DATA_KIND_NAMES, DATA_KIND_COUNT),
        .doc = "which data. Required"),
    ROW(KEY_DATA_SAMPLES, "data.samples", INTEGER(1, 1e8), .fallback = "200", .kinds = DRAWN,
        .doc = "rows drawn for training (and validation)"),
    ROW(KEY_DATA_NOISE, "data.noise", REAL(0, ANY), .kinds = DRAWN & ~KIND(BEANS),
        .doc = "deviation of what is added to inputs (sine: targets; blobs: its scale); by default "
               "0, for blobs 1"),
    ROW(KEY_DATA_SEED, "data.seed", INTEGER(0, KEYS_SEED_MAX), .fallback = "0",
        .doc = "of the draws and of every split"),
    ROW(KEY_DATA_GATE, "data.gate", CHOICE(GATE_NAMES, GATE_COUNT), .fallback = "and",
        .kinds = KIND(GATES), .doc = "which gate's four rows"),
    ROW(KEY_DATA_CLASSES, "data.classes", INTEGER(0, 65536),
        .kinds = KIND(BLOBS) | KIND(SPIRALS) | TABLES,
        .doc = "how many; by default 3 blobs, 2 spirals; files: 0 counts them"),
    ROW(KEY_DATA_FEATURES, "data.features", INTEGER(1, 65536), .fallback = "2",
        .kinds = KIND(BLOBS), .doc = "inputs"),
    ROW(KEY_DATA_FACTOR, "data.factor", REAL(0, 1), BELOW_HIGH, .fallback = "0.8",
        .kinds = KIND(CIRCLES), .doc = "inner radius over outer"),
    ROW(KEY_DATA_TURNS, "data.turns", REAL(0, 100), ABOVE_LOW, .fallback = "1",
        .kinds = KIND(SPIRALS), .doc = "of each arm"),
    ROW(KEY_DATA_PATH, "data.path", .type = KEY_TYPE_TEXT, .fallback = "", .kinds = FILES,
        .doc = "idx: a folder; csv, npy, hdf5: a file. Required there"),
    ROW(KEY_DATA_LABEL, "data.label", .type = KEY_TYPE_TEXT, .fallback = "-1", .kinds = KIND(CSV),
        .doc = "the column to predict: a name, or a number from 0; -1 is the last"),
    ROW(KEY_DATA_TASK, "data.task", CHOICE(DATA_TASK_NAMES, DATA_TASK_COUNT), .fallback = "classes",
        .kinds = TABLES, .doc = "what is predicted"),
    ROW(KEY_DATA_LIMIT, "data.limit", INTEGER(1, INTEGER_MAX), .word = "all", .fallback = "all",
        .kinds = FILES, .doc = "only the first so many training rows"),
    ROW(KEY_DATA_TEST_SAMPLES, "data.test_samples", INTEGER(0, 1e8), .fallback = "0",
        .kinds = DRAWN,
        .doc = "fresh rows drawn for the test; without a test set there are no test_* columns"),
    ROW(KEY_DATA_TEST_SEED, "data.test_seed", INTEGER(0, KEYS_SEED_MAX), .fallback = "12345",
        .kinds = DRAWN, .doc = "of the test set's draws"),
    ROW(KEY_DATA_TEST_FRACTION, "data.test_fraction", REAL(0, 1), BELOW_HIGH, .fallback = "0",
        .kinds = SPLIT, .doc = "share of the rows that becomes the test set"),
    ROW(KEY_DATA_VALIDATION_SAMPLES, "data.validation_samples", INTEGER(0, INTEGER_MAX),
        .fallback = "0", .kinds = SPLIT | KIND(IDX),
        .doc = "training rows set aside; best_* and early stopping go by them"),
    ROW(KEY_DATA_VALIDATION_FRACTION, "data.validation_fraction", REAL(0, 1), BELOW_HIGH,
        .fallback = "0", .kinds = SPLIT | KIND(IDX), .doc = "the same as a share"),
    ROW(KEY_DATA_FOLDS, "data.folds", INTEGER(2, 1000), .word = "off", .fallback = "off",
        .doc = "cross-validation: a trial becomes so many, one a fold"),
    ROW(KEY_DATA_STRATIFY, "data.stratify", FLAG, .before = "false",
        .doc = "every split and fold has its share of each class; by default where there are both"),
    ROW(KEY_DATA_STANDARDIZE, "data.standardize", FLAG, .fallback = "false",
        .doc = "inputs to mean 0 and deviation 1, as measured on the training rows (of each fold)"),
    ROW(KEY_DATA_SCALE_MIN, "data.scale.min", REAL(-ANY, ANY), .fallback = "",
        .doc = "inputs to [min, max] from their range (idx: 0..255, else each column's)"),
    ROW(KEY_DATA_SCALE_MAX, "data.scale.max", REAL(-ANY, ANY), .fallback = "",
        .doc = "the other end; both or neither"),
    ROW(KEY_DATA_TARGET_LOW, "data.target_low", REAL(-ANY, ANY), .fallback = "0",
        .doc = "one-hot target of the other classes, for outputs other than softmax"),
    ROW(KEY_DATA_TARGET_HIGH, "data.target_high", REAL(-ANY, ANY), .fallback = "1",
        .doc = "one-hot target of the row's class"),
    ROW(KEY_STOP_PATIENCE, "stop.patience", INTEGER(0, INTEGER_MAX), .fallback = "0",
        .doc = "early stopping after so many epochs without progress; 0 is off"),
    ROW(KEY_STOP_MIN_DELTA, "stop.min_delta", REAL(0, ANY), .fallback = "0.0001",
        .doc = "less than this is no progress"),
    ROW(KEY_RECORD_EVERY, "record.every", INTEGER(1, INTEGER_MAX), .word = "off", .fallback = "off",
        .doc = "history has epoch 0, every, 2 every, ..., and the last"),
    ROW(KEY_RECORD_POINTS, "record.points", INTEGER(2, POINTS_MAX), .word = "off", .before = "off",
        .doc = "history has so many epochs, from 0 to the last, all of a training that has no "
               "more; by default 60, with record.every off"),
    ROW(KEY_RECORD_SCALE, "record.scale", CHOICE(EPOCH_SCALE_NAMES, EPOCH_SCALE_COUNT),
        .fallback = "log", .before = "log", .doc = "how these epochs are spread"),
    ROW(KEY_RECORD_WEIGHTS, "record.weights", CHOICE(WEIGHTS_NAMES, WEIGHTS_COUNT),
        .fallback = "final", .doc = "which weights are kept of the trained network"),
    ROW(KEY_RECORD_WEIGHTS_EPOCHS, "record.weights.epochs", INTEGER(2, POINTS_MAX), .word = "off",
        .fallback = "off", .before = "off",
        .doc = "the weights on the way are kept at so many epochs, log-spaced, which history has, "
               "too"),
};

KeyId keys_find(const char *name) {
    for (int i = 0; i < KEY_COUNT; i++) {
        if (strcmp(KEYS[i].name, name) == 0) return (KeyId)i;
    }
    return KEY_COUNT;
}
