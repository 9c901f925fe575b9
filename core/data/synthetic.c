/* One function for each kind and a table of them. The order of every draw and every operation is
 * the definition: it follows scikit-learn 1.2 and the NumPy lines of the header, and the golden
 * values of tests/golden/synthetic.h check it. */
#include "core/data/synthetic.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/data/class_labels.h"

const char *const GATE_NAMES[GATE_COUNT + 1] = {
    [GATE_AND] = "and",
    [GATE_OR] = "or",
    [GATE_NAND] = "nand",
    [GATE_XOR] = "xor",
};

static bool usage(Error *err, const SyntheticConfig *config, const char *what) {
    return error_set(err, ERROR_USAGE, "data kind %s: %s", SYNTHETIC_NAMES[config->kind], what);
}

static void add_noise(Dataset *set, double noise, Rng *rng) {
    if (noise == 0) return;
    for (int64_t i = 0; i < set->n * set->inputs; i++) set->x[i] += rng_normal(rng, 0, noise);
}

/* scikit-learn's shuffle(X, y): the rows in the order of a shuffled arange(n). */
static bool shuffle_rows(Dataset *set, Rng *rng, Error *err) {
    Dataset shuffled = {0};
    int64_t *index = NULL;
    int32_t *order = malloc((size_t)set->n * sizeof *order);
    if (!order) {
        error_memory(err, (size_t)set->n * sizeof *order);
        goto fail;
    }
    index = malloc((size_t)set->n * sizeof *index);
    if (!index) {
        error_memory(err, (size_t)set->n * sizeof *index);
        goto fail;
    }
    rng_permutation(rng, order, set->n);
    for (int64_t i = 0; i < set->n; i++) index[i] = order[i];
    TRY(dataset_rows(&shuffled, set, index, set->n, err));
    free(order);
    free(index);
    dataset_destroy(set);
    *set = shuffled;
    return true;
fail:
    free(order);
    free(index);
    return false;
}

/* np.linspace(0, stop, count)[i]: multiples of the step, the last value replaced by stop itself. */
static double linspace(double stop, int64_t count, bool endpoint, int64_t i) {
    const int64_t intervals = endpoint ? count - 1 : count;
    if (intervals == 0) return 0;
    if (endpoint && i == intervals) return stop;
    return (double)i * (stop / (double)intervals);
}

static bool moons(Dataset *set, const SyntheticConfig *config, Rng *rng, Error *err) {
    if (!dataset_create(set, config->samples, 2, 2, true, err)) return false;
    const int64_t outer = set->n / 2, inner = set->n - outer;
    for (int64_t i = 0; i < set->n; i++) {
        const bool is_inner = i >= outer;
        const double angle =
            is_inner ? linspace(M_PI, inner, true, i - outer) : linspace(M_PI, outer, true, i);
        set->x[2 * i] = is_inner ? 1 - cos(angle) : cos(angle);
        set->x[2 * i + 1] = is_inner ? 1 - sin(angle) - 0.5 : sin(angle);
        set->label[i] = is_inner;
    }
    if (!shuffle_rows(set, rng, err)) return false;
    add_noise(set, config->noise, rng);
    return true;
}

static bool circles(Dataset *set, const SyntheticConfig *config, Rng *rng, Error *err) {
    if (!(config->factor >= 0 && config->factor < 1)) {
        return usage(err, config, "factor out of range (0 <= factor < 1)");
    }
    if (!dataset_create(set, config->samples, 2, 2, true, err)) return false;
    const int64_t outer = set->n / 2, inner = set->n - outer;
    for (int64_t i = 0; i < set->n; i++) {
        const bool is_inner = i >= outer;
        const double angle = is_inner ? linspace(2 * M_PI, inner, false, i - outer)
                                      : linspace(2 * M_PI, outer, false, i);
        const double radius = is_inner ? config->factor : 1;
        set->x[2 * i] = cos(angle) * radius;
        set->x[2 * i + 1] = sin(angle) * radius;
        set->label[i] = is_inner;
    }
    if (!shuffle_rows(set, rng, err)) return false;
    add_noise(set, config->noise, rng);
    return true;
}

/* Rows of class c where n rows are dealt to `classes`: the first n % classes have one more. */
static int64_t rows_of_class(int64_t n, int32_t classes, int32_t c) {
    return n / classes + (c < n % classes);
}

static bool check_classes(const SyntheticConfig *config, Error *err) {
    if (config->classes >= 1 && config->classes <= CLASS_LABELS_MAX) return true;
    return usage(err, config, "number of classes out of range (1 to 65536)");
}

static bool blobs(Dataset *set, const SyntheticConfig *config, Rng *rng, Error *err) {
    const int32_t features = config->features, classes = config->classes;
    Dataset center = {0};
    TRY(check_classes(config, err));
    if (features < 1) {
        usage(err, config, "number of features out of range (1 or more)");
        goto fail;
    }
    TRY(dataset_create(set, config->samples, features, classes, true, err));
    TRY(dataset_create(&center, classes, features, 0, false, err));
    Rng apart;
    rng_seed(&apart, config->center_seed);
    for (int64_t i = 0; i < center.n * features; i++) {
        center.x[i] = rng_uniform(config->centers_apart ? &apart : rng, -10, 10);
    }
    int64_t row = 0;
    for (int32_t c = 0; c < classes; c++) {
        for (int64_t i = rows_of_class(set->n, classes, c); i > 0; i--, row++) {
            for (int64_t j = 0; j < features; j++) {
                const double middle = center.x[(int64_t)c * features + j];
                set->x[row * features + j] = rng_normal(rng, middle, config->noise);
            }
            set->label[row] = c;
        }
    }
    TRY(shuffle_rows(set, rng, err));
    dataset_destroy(&center);
    return true;
fail:
    dataset_destroy(&center);
    return false;
}

static bool spirals(Dataset *set, const SyntheticConfig *config, Rng *rng, Error *err) {
    const int32_t classes = config->classes;
    if (!check_classes(config, err)) return false;
    if (!isfinite(config->turns)) return usage(err, config, "turns must be a finite number");
    if (!dataset_create(set, config->samples, 2, classes, true, err)) return false;
    int64_t row = 0;
    for (int32_t c = 0; c < classes; c++) {
        const int64_t rows = rows_of_class(set->n, classes, c);
        for (int64_t i = 0; i < rows; i++, row++) {
            const double t = (double)(i + 1) / (double)rows;
            const double angle = 2 * M_PI * (config->turns * t + (double)c / (double)classes);
            set->x[2 * row] = t * cos(angle);
            set->x[2 * row + 1] = t * sin(angle);
            set->label[row] = c;
        }
    }
    if (!shuffle_rows(set, rng, err)) return false;
    add_noise(set, config->noise, rng);
    return true;
}

static bool xor_quadrants(Dataset *set, const SyntheticConfig *config, Rng *rng, Error *err) {
    if (!dataset_create(set, config->samples, 2, 2, true, err)) return false;
    for (int64_t i = 0; i < set->n * 2; i++) set->x[i] = rng_uniform(rng, -1, 1);
    for (int64_t i = 0; i < set->n; i++) set->label[i] = set->x[2 * i] * set->x[2 * i + 1] < 0;
    add_noise(set, config->noise, rng);
    return true;
}

static bool from_rows(Dataset *set, const double *x, const int32_t *label, int64_t n,
                      int32_t inputs, Error *err) {
    if (!dataset_create(set, n, inputs, 2, true, err)) return false;
    memcpy(set->x, x, (size_t)(n * inputs) * sizeof *x);
    memcpy(set->label, label, (size_t)n * sizeof *label);
    return true;
}

static bool gates(Dataset *set, const SyntheticConfig *config, Rng *rng, Error *err) {
    (void)rng;
    static const double X[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    static const int32_t LABEL[GATE_COUNT][4] = {
        [GATE_AND] = {0, 0, 0, 1},
        [GATE_OR] = {0, 1, 1, 1},
        [GATE_NAND] = {1, 1, 1, 0},
        [GATE_XOR] = {0, 1, 1, 0},
    };
    assert(config->gate < GATE_COUNT);
    return from_rows(set, &X[0][0], LABEL[config->gate], 4, 2, err);
}

static bool three_bit(Dataset *set, const SyntheticConfig *config, Rng *rng, Error *err) {
    (void)config, (void)rng;
    static const double X[5][3] = {{0, 0, 1}, {0, 1, 1}, {1, 0, 1}, {1, 1, 1}, {0, 0, 1}};
    static const int32_t LABEL[5] = {0, 1, 1, 0, 0};
    return from_rows(set, &X[0][0], LABEL, 5, 3, err);
}

static int compare_doubles(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* x = sort(uniform(0, high, n)), for one input */
static void draw_sorted(Dataset *set, double high, Rng *rng) {
    for (int64_t i = 0; i < set->n; i++) set->x[i] = rng_double(rng) * high;
    qsort(set->x, (size_t)set->n, sizeof *set->x, compare_doubles);
}

static bool beans(Dataset *set, const SyntheticConfig *config, Rng *rng, Error *err) {
    if (!dataset_create(set, config->samples, 1, 2, true, err)) return false;
    draw_sorted(set, 2, rng);
    for (int64_t i = 0; i < set->n; i++) {
        const double toxicity = 0.7 * set->x[i] + (0.5 - rng_double(rng)) / 50 + 0.5;
        set->label[i] = toxicity > 0.8 && toxicity < 1.4;
    }
    return true;
}

static bool sine(Dataset *set, const SyntheticConfig *config, Rng *rng, Error *err) {
    if (!dataset_create(set, config->samples, 1, 1, false, err)) return false;
    draw_sorted(set, 1, rng);
    for (int64_t i = 0; i < set->n; i++) {
        set->target[i] = sin(2 * M_PI * set->x[i]);
        if (config->noise > 0) set->target[i] += rng_normal(rng, 0, config->noise);
    }
    return true;
}

static bool (*const MAKE[SYNTHETIC_COUNT])(Dataset *, const SyntheticConfig *, Rng *, Error *) = {
    [SYNTHETIC_MOONS] = moons,         [SYNTHETIC_CIRCLES] = circles,
    [SYNTHETIC_SPIRALS] = spirals,     [SYNTHETIC_BLOBS] = blobs,
    [SYNTHETIC_XOR] = xor_quadrants,   [SYNTHETIC_GATES] = gates,
    [SYNTHETIC_THREE_BIT] = three_bit, [SYNTHETIC_BEANS] = beans,
    [SYNTHETIC_SINE] = sine,
};

const char *const SYNTHETIC_NAMES[SYNTHETIC_COUNT + 1] = {
    [SYNTHETIC_MOONS] = "moons",
    [SYNTHETIC_CIRCLES] = "circles",
    [SYNTHETIC_SPIRALS] = "spirals",
    [SYNTHETIC_BLOBS] = "blobs",
    [SYNTHETIC_XOR] = "xor",
    [SYNTHETIC_GATES] = "gates",
    [SYNTHETIC_THREE_BIT] = "three_bit",
    [SYNTHETIC_BEANS] = "beans",
    [SYNTHETIC_SINE] = "sine",
};

bool synthetic_make(Dataset *set, const SyntheticConfig *config, Error *err) {
    assert(config->kind < SYNTHETIC_COUNT);
    *set = (Dataset){0};
    const bool fixed_rows = config->kind == SYNTHETIC_GATES || config->kind == SYNTHETIC_THREE_BIT;
    if (!fixed_rows && (config->samples < 1 || config->samples > INT32_MAX)) {
        return usage(err, config, "number of samples out of range (1 to 2147483647)");
    }
    if (!(config->noise >= 0 && isfinite(config->noise))) {
        return usage(err, config, "noise must be a finite number, 0 or more");
    }
    Rng rng;
    rng_seed(&rng, config->seed);
    TRY(MAKE[config->kind](set, config, &rng, err));
    return true;
fail:
    dataset_destroy(set);
    return false;
}
