#include "core/data/truth.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rng.h"

/* --- curves ----------------------------------------------------------------------------------- */

/* Class c of `classes` at t from 0 to 1; equal steps of t are equally likely. */
static void curve(const SyntheticConfig *config, int32_t c, int32_t classes, double t,
                  double point[2]) {
    double angle, radius = 1;
    switch (config->kind) {
    case SYNTHETIC_MOONS:
        angle = M_PI * t;
        point[0] = c ? 1 - cos(angle) : cos(angle);
        point[1] = c ? 0.5 - sin(angle) : sin(angle);
        return;
    case SYNTHETIC_CIRCLES:
        angle = 2 * M_PI * t;
        radius = c ? config->factor : 1;
        break;
    default:
        assert(config->kind == SYNTHETIC_SPIRALS);
        angle = 2 * M_PI * (config->turns * t + (double)c / classes);
        radius = t;
    }
    point[0] = radius * cos(angle);
    point[1] = radius * sin(angle);
}

static double curve_length(const SyntheticConfig *config) {
    if (config->kind == SYNTHETIC_MOONS) return M_PI;
    if (config->kind == SYNTHETIC_CIRCLES) return 2 * M_PI;
    return 1 + 2 * M_PI * fabs(config->turns); /* not less than an arm's */
}

/* Gauss and Legendre's rule of five nodes on pieces as long as the noise is wide: for a normal
 * density its error is below 4e-10 of the peak (Abramowitz and Stegun 25.4.29, 25.4.30). */
enum { GAUSS = 5, PIECES_MIN = 16, PIECES_MAX = 1 << 14 };
static const double GAUSS_NODE[GAUSS] = {-0.9061798459386640, -0.5384693101056831, 0,
                                         0.5384693101056831, 0.9061798459386640};
static const double GAUSS_WEIGHT[GAUSS] = {0.2369268850561891, 0.4786286704993665,
                                           0.5688888888888889, 0.4786286704993665,
                                           0.2369268850561891};

/* Consecutive nodes of a curve, all within `radius` of `center`: where the row is far from them,
 * none of them is looked at. */
typedef struct CurveChunk {
    double center[2], radius;
} CurveChunk;

enum { CHUNK = 40 }; /* nodes */

typedef struct Curves {
    int32_t classes, nodes, chunks; /* of one class */
    double *point;     /* classes x nodes x 2; node i has weight GAUSS_WEIGHT[i % GAUSS] */
    CurveChunk *chunk; /* classes x chunks */
} Curves;

static void curves_free(Curves *curves) {
    free(curves->point);
    free(curves->chunk);
}

static int32_t chunk_end(const Curves *curves, int32_t chunk) {
    const int32_t end = (chunk + 1) * CHUNK;
    return end < curves->nodes ? end : curves->nodes;
}

static void bound_chunk(Curves *curves, const double *point, CurveChunk *chunk, int32_t number) {
    const int32_t first = number * CHUNK, end = chunk_end(curves, number);
    *chunk = (CurveChunk){{point[2 * ((first + end) / 2)], point[2 * ((first + end) / 2) + 1]}, 0};
    for (int32_t i = first; i < end; i++) {
        const double dx = point[2 * i] - chunk->center[0], dy = point[2 * i + 1] - chunk->center[1];
        chunk->radius = fmax(chunk->radius, sqrt(dx * dx + dy * dy));
    }
}

static bool curves_create(Curves *curves, const SyntheticConfig *config, int32_t classes,
                          Error *err) {
    const double wanted = ceil(curve_length(config) / config->noise);
    const int32_t pieces = (int32_t)fmin(fmax(wanted, PIECES_MIN), PIECES_MAX);
    const int32_t nodes = pieces * GAUSS, chunks = (nodes + CHUNK - 1) / CHUNK;
    const size_t bytes = 2 * (size_t)classes * (size_t)nodes * sizeof(double);
    *curves = (Curves){.classes = classes,
                       .nodes = nodes,
                       .chunks = chunks,
                       .point = malloc(bytes),
                       .chunk = malloc((size_t)classes * (size_t)chunks * sizeof(CurveChunk))};
    if (!curves->point || !curves->chunk) return error_memory(err, bytes);
    for (int32_t c = 0; c < classes; c++) {
        double *point = &curves->point[2 * (size_t)c * (size_t)nodes];
        for (int32_t i = 0; i < nodes; i++) {
            const double t = (i / GAUSS + 0.5 + GAUSS_NODE[i % GAUSS] / 2) / pieces;
            curve(config, c, classes, t, &point[2 * i]);
        }
        for (int32_t k = 0; k < chunks; k++)
            bound_chunk(curves, point, &curves->chunk[(size_t)c * (size_t)chunks + (size_t)k], k);
    }
    return true;
}

/* The least squared distance that a node of the chunk can have. */
static double chunk_distance(const CurveChunk *chunk, const double x[2]) {
    const double dx = x[0] - chunk->center[0], dy = x[1] - chunk->center[1];
    const double least = sqrt(dx * dx + dy * dy) - chunk->radius;
    return least > 0 ? least * least : 0;
}

static double node_distance(const double *node, const double x[2]) {
    const double dx = x[0] - node[0], dy = x[1] - node[1];
    return dx * dx + dy * dy;
}

#define NEGLIGIBLE 45 /* exp(-45) of the largest term: 16384 pieces of them do not show */

/* log of the integral for class c at x, up to a constant that is the same for all classes; *nearest
 * is the squared distance of the curve's nearest node. */
static double curves_log_density(const Curves *curves, int32_t c, const double x[2], double noise,
                                 double *nearest) {
    const double *point = &curves->point[2 * (size_t)c * (size_t)curves->nodes];
    const CurveChunk *chunk = &curves->chunk[(size_t)c * (size_t)curves->chunks];
    *nearest = INFINITY;
    for (int32_t k = 0; k < curves->chunks; k++) /* one of the nodes of each */
        *nearest = fmin(*nearest, node_distance(chunk[k].center, x));
    for (int32_t k = 0; k < curves->chunks; k++) {
        if (chunk_distance(&chunk[k], x) > *nearest) continue;
        for (int32_t i = k * CHUNK; i < chunk_end(curves, k); i++)
            *nearest = fmin(*nearest, node_distance(&point[2 * i], x));
    }
    if (noise == 0) return 0;
    const double width = 2 * noise * noise, farthest = *nearest + NEGLIGIBLE * width;
    double sum = 0;
    for (int32_t k = 0; k < curves->chunks; k++) {
        if (chunk_distance(&chunk[k], x) > farthest) continue;
        for (int32_t i = k * CHUNK; i < chunk_end(curves, k); i++) {
            const double distance = node_distance(&point[2 * i], x);
            if (distance > farthest) continue;
            sum += GAUSS_WEIGHT[i % GAUSS] * exp((*nearest - distance) / width);
        }
    }
    return log(sum) - *nearest / width;
}

/* --- from densities to probabilities ---------------------------------------------------------- */

/* logs: classes; -infinity where a class is impossible. */
static void normalize(double *probability, const double *logs, int32_t classes) {
    double largest = -INFINITY, sum = 0;
    for (int32_t c = 0; c < classes; c++) largest = fmax(largest, logs[c]);
    for (int32_t c = 0; c < classes; c++) sum += probability[c] = exp(logs[c] - largest);
    for (int32_t c = 0; c < classes; c++) probability[c] /= sum;
}

static void certain(double *probability, int32_t classes, int32_t label) {
    for (int32_t c = 0; c < classes; c++) probability[c] = c == label;
}

/* Share of the rows in class c, as data/synthetic.c deals them. */
static double share(const SyntheticConfig *config, int32_t c, int32_t classes) {
    const int64_t n = config->samples;
    if (config->kind == SYNTHETIC_MOONS || config->kind == SYNTHETIC_CIRCLES)
        return (double)(c ? n - n / 2 : n / 2) / (double)n;
    return (double)(n / classes + (c < n % classes)) / (double)n;
}

static bool on_curves(double *probability, const SyntheticConfig *config, int32_t classes,
                      const double *x, int64_t n, Error *err) {
    Curves curves = {0};
    SyntheticConfig drawn = *config;
    if (drawn.noise == 0) drawn.noise = 1e-3; /* only how finely the curve is walked along */
    double *logs = malloc((size_t)classes * sizeof *logs);
    if (!logs) return error_memory(err, (size_t)classes * sizeof *logs);
    bool ok = curves_create(&curves, &drawn, classes, err);
    for (int64_t i = 0; ok && i < n; i++) {
        double distance, nearest = INFINITY;
        int32_t label = 0;
        for (int32_t c = 0; c < classes; c++) {
            logs[c] = log(share(config, c, classes)) +
                      curves_log_density(&curves, c, &x[2 * i], config->noise, &distance);
            if (distance < nearest) {
                nearest = distance;
                label = c;
            }
        }
        if (config->noise > 0)
            normalize(&probability[i * classes], logs, classes);
        else
            certain(&probability[i * classes], classes, label);
    }
    free(logs);
    curves_free(&curves);
    return ok;
}

static bool of_blobs(double *probability, const SyntheticConfig *config, const double *x, int64_t n,
                     Error *err) {
    const int32_t classes = config->classes, features = config->features;
    const size_t numbers = (size_t)classes * (size_t)features;
    double *center = malloc((numbers + (size_t)classes) * sizeof *center);
    if (!center) return error_memory(err, (numbers + (size_t)classes) * sizeof *center);
    double *logs = center + numbers;
    Rng rng;
    rng_seed(&rng, config->centers_apart ? config->center_seed : config->seed);
    for (size_t i = 0; i < numbers; i++) center[i] = rng_uniform(&rng, -10, 10);
    for (int64_t i = 0; i < n; i++) {
        double nearest = INFINITY;
        int32_t label = 0;
        for (int32_t c = 0; c < classes; c++) {
            double distance = 0;
            for (int32_t j = 0; j < features; j++) {
                const double d =
                    x[i * features + j] - center[(size_t)c * (size_t)features + (size_t)j];
                distance += d * d;
            }
            logs[c] =
                log(share(config, c, classes)) - distance / (2 * config->noise * config->noise);
            if (distance < nearest) {
                nearest = distance;
                label = c;
            }
        }
        if (config->noise > 0)
            normalize(&probability[i * classes], logs, classes);
        else
            certain(&probability[i * classes], classes, label);
    }
    free(center);
    return true;
}

/* log of P(low < Z < high) for a standard normal Z, without cancellation in the tails. */
static double log_normal_between(double low, double high) {
    if (low + high < 0) { /* the mirror image: then the right tail is the smaller one */
        const double t = low;
        low = -high;
        high = -t;
    }
    const double near = erfc(low * M_SQRT1_2), far = erfc(high * M_SQRT1_2);
    if (near > 0) return log((near - far) / 2);
    /* beyond 38 deviations: Mills' ratio; the far end is nothing beside the near one */
    return -low * low / 2 - log(low * sqrt(2 * M_PI));
}

static void of_xor(double *probability, double noise, const double *x, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        const double *z = &x[2 * i];
        if (noise == 0) {
            certain(&probability[2 * i], 2, z[0] * z[1] < 0);
            continue;
        }
        double below[2], above[2];
        for (int k = 0; k < 2; k++) {
            below[k] = log_normal_between(z[k] / noise, (z[k] + 1) / noise);
            above[k] = log_normal_between((z[k] - 1) / noise, z[k] / noise);
        }
        /* each class has two quadrants; their larger one goes first so that neither underflows */
        double logs[4] = {below[0] + below[1], above[0] + above[1], below[0] + above[1],
                          above[0] + below[1]};
        double quadrant[4];
        normalize(quadrant, logs, 4);
        probability[2 * i] = quadrant[0] + quadrant[1];
        probability[2 * i + 1] = quadrant[2] + quadrant[3];
    }
}

/* v = 0.7 x + 0.5 + d with d uniform on (-0.01, 0.01]; class 1 where 0.8 < v < 1.4. */
static void of_beans(double *probability, const double *x, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        const double v = 0.7 * x[i] + 0.5;
        const double low = fmax(v - 0.01, 0.8), high = fmin(v + 0.01, 1.4);
        probability[2 * i + 1] = fmin(fmax((high - low) / 0.02, 0), 1);
        probability[2 * i] = 1 - probability[2 * i + 1];
    }
}

/* Inputs of 0 and 1: the rows that the kind has, found by value. */
static bool of_table(double *probability, const SyntheticConfig *config, const double *x, int64_t n,
                     Error *err) {
    Dataset rows;
    if (!synthetic_make(&rows, config, err)) return false;
    for (int64_t i = 0; i < n; i++) {
        int64_t nearest = 0;
        double least = INFINITY;
        for (int64_t r = 0; r < rows.n; r++) {
            double distance = 0;
            for (int32_t j = 0; j < rows.inputs; j++) {
                const double d = x[i * rows.inputs + j] - rows.x[r * rows.inputs + j];
                distance += d * d;
            }
            if (distance < least) {
                least = distance;
                nearest = r;
            }
        }
        certain(&probability[i * rows.outputs], rows.outputs, rows.label[nearest]);
    }
    dataset_destroy(&rows);
    return true;
}

bool truth_probability(double *probability, const SyntheticConfig *config, const double *x,
                       int64_t n, Error *err) {
    switch (config->kind) {
    case SYNTHETIC_MOONS:
    case SYNTHETIC_CIRCLES: return on_curves(probability, config, 2, x, n, err);
    case SYNTHETIC_SPIRALS: return on_curves(probability, config, config->classes, x, n, err);
    case SYNTHETIC_BLOBS: return of_blobs(probability, config, x, n, err);
    case SYNTHETIC_XOR: of_xor(probability, config->noise, x, n); return true;
    case SYNTHETIC_BEANS: of_beans(probability, x, n); return true;
    case SYNTHETIC_GATES:
    case SYNTHETIC_THREE_BIT: return of_table(probability, config, x, n, err);
    case SYNTHETIC_SINE:
    case SYNTHETIC_COUNT: break;
    }
    assert(0);
    return false;
}

void truth_mean(double *target, const SyntheticConfig *config, const double *x, int64_t n) {
    assert(config->kind == SYNTHETIC_SINE);
    (void)config;
    for (int64_t i = 0; i < n; i++) target[i] = sin(2 * M_PI * x[i]);
}

/* --- the floor -------------------------------------------------------------------------------- */

static void floor_of_numbers(TruthFloor *least, const Dataset *set, const double *mean) {
    double sum = 0;
    for (int64_t i = 0; i < set->n; i++) {
        const double error = set->target[i] - mean[i];
        sum += error * error;
    }
    *least = (TruthFloor){sum / (double)set->n, NAN, NAN};
}

static void floor_of_classes(TruthFloor *least, const Dataset *set, const double *probability) {
    double loss = 0, brier = 0;
    int64_t right = 0;
    for (int64_t i = 0; i < set->n; i++) {
        const double *p = &probability[i * set->outputs];
        int32_t likeliest = 0;
        for (int32_t c = 0; c < set->outputs; c++) {
            const double error = p[c] - (c == set->label[i]);
            brier += error * error / 2;
            if (p[c] > p[likeliest]) likeliest = c;
        }
        loss -= log(p[set->label[i]]);
        right += likeliest == set->label[i];
    }
    const double n = (double)set->n;
    *least = (TruthFloor){loss / n, (double)right / n, brier / n};
}

bool truth_floor(TruthFloor *least, const SyntheticConfig *config, const Dataset *set, Error *err) {
    *least = (TruthFloor){NAN, NAN, NAN};
    if (set->n == 0) return true;
    const bool numbers = config->kind == SYNTHETIC_SINE;
    const size_t count = (size_t)set->n * (size_t)(numbers ? 1 : set->outputs);
    double *truth = malloc(count * sizeof *truth);
    if (!truth) return error_memory(err, count * sizeof *truth);
    bool ok = true;
    if (numbers) {
        truth_mean(truth, config, set->x, set->n);
        floor_of_numbers(least, set, truth);
    } else {
        ok = truth_probability(truth, config, set->x, set->n, err);
        if (ok) floor_of_classes(least, set, truth);
    }
    free(truth);
    return ok;
}
