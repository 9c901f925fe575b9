/* A study made from formulas; see fake_study.h. */
#include "tests/runner/fake_study.h"

#include "core/base/text.h"

#include "core/base/rng.h"
#include "runner/journal/provenance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char FAKE_HOSTILE[] =
    "a'b\"c`touch PWNED`$(touch PWNED)@x\\n<script>alert(1)</script>&\n!touch PWNED\nsystem('touch "
    "PWNED')\t{/Bold x}";

void *fake_take(Fake *fake, size_t count, size_t size) {
    void *piece = pool_alloc(&fake->pool, count, size, NULL);
    if (!piece) abort();
    return piece;
}

char *fake_text(Fake *fake, const char *text) {
    char *copy = pool_text(&fake->pool, text, strlen(text), NULL);
    if (!copy) abort();
    return copy;
}

static const double RATES[] = {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3};
static const double PENALTIES[] = {0, 0.0001, 0.001, 0.01, 0.1};

static double test_loss(FakeShape shape, double h, double train) {
    switch (shape) {
    case FAKE_USUAL: return 0.085 + 0.19 * exp(-(h - 1) / 1.6) + 0.02 * fmax(0, log(h / 6));
    case FAKE_IMPROVES: return train + 0.03;
    case FAKE_WORSENS: return 0.1 + 0.03 * log(h);
    case FAKE_SPOILS: return train + 0.02;
    case FAKE_FLAT: break;
    }
    return 0.1;
}

static double train_loss(FakeShape shape, double h) {
    switch (shape) {
    case FAKE_SPOILS: return 0.05 + 0.03 * log(h);
    case FAKE_FLAT: return 0.08;
    case FAKE_WORSENS: return 0.08 / h;
    case FAKE_USUAL:
    case FAKE_IMPROVES: break;
    }
    return 0.02 + 0.2 * exp(-(h - 1) / 1.4) + 0.06 * exp(-h / 12);
}

static Axis make_axis(Fake *fake, KeyId key, int32_t count, const Value *values) {
    Axis axis = {.count = count, .name = fake_text(fake, KEYS[key].name)};
    axis.choice = fake_take(fake, (size_t)count, sizeof *axis.choice);
    for (int32_t i = 0; i < count; i++) {
        axis.choice[i].set = fake_take(fake, 1, sizeof *axis.choice[i].set);
        axis.choice[i].set[0] = (Assignment){.key = key, .value = values[i]};
        axis.choice[i].count = 1;
    }
    return axis;
}

static Value real_value(Fake *fake, double number) {
    char text[32];
    text_real(text, sizeof text, number);
    return (Value){number, fake_text(fake, text)};
}

static void make_moons(Fake *fake, DataSplits *data, int64_t n) {
    Rng rng;
    rng_seed(&rng, 0);
    *data = (DataSplits){
        .kept = true, .recipe = fake_text(fake, "data.kind=moons data.samples=200 data.noise=0.2")};
    data->train = (Dataset){.n = n, .inputs = 2, .outputs = 2};
    data->train.x = fake_take(fake, (size_t)n * 2, sizeof(double));
    data->train.label = fake_take(fake, (size_t)n, sizeof(int32_t));
    for (int64_t i = 0; i < n; i++) {
        const double angle = acos(-1.0) * rng_double(&rng);
        const bool upper = i % 2 == 0;
        data->train.x[2 * i] = (upper ? cos(angle) : 1 - cos(angle)) + rng_normal(&rng, 0, 0.2);
        data->train.x[2 * i + 1] =
            (upper ? sin(angle) : 0.5 - sin(angle)) + rng_normal(&rng, 0, 0.2);
        data->train.label[i] = upper ? 0 : 1;
    }
}

static bool predict(void *context, int64_t trial, const double *x, int64_t n, double *y,
                    Error *err) {
    (void)err;
    const Fake *fake = context;
    const double h = (double)fake->results.hidden_units[trial], wiggle = fmin(h / 4, 1);
    for (int64_t i = 0; i < n; i++) {
        const double a = x[2 * i], b = x[2 * i + 1];
        double z =
            b - 0.25 + 0.5 * (a - 0.5) * (1 - wiggle) - wiggle * 0.75 * sin(3 * (0.5 - a) + 0.25);
        if (h > 15) z += 0.004 * h * sin(9 * a) * cos(7 * b);
        y[2 * i] = 1 / (1 + exp(-6 * z));
        y[2 * i + 1] = 1 - y[2 * i];
    }
    return true;
}

/* There are none: what asks for them is left out. */
static const double *weights(void *context, int64_t trial) {
    (void)context;
    (void)trial;
    return NULL;
}

static int32_t outputs(void *context, int64_t trial) {
    (void)context;
    (void)trial;
    return 2;
}

void fake_columns(Fake *fake) {
    Results *r = &fake->results;
    const size_t n = (size_t)r->trials;
    int64_t **longs[] = {&r->setting,    &r->seed,       &r->hidden_units,
                         &r->parameters, &r->epochs_run, &r->best_epoch};
    int32_t **ints[] = {&r->data, &r->repeat, &r->fold};
    for (size_t i = 0; i < sizeof longs / sizeof *longs; i++)
        *longs[i] = fake_take(fake, n, sizeof(int64_t));
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++)
        *ints[i] = fake_take(fake, n, sizeof(int32_t));
    r->id = fake_take(fake, n, sizeof *r->id);
    r->data_digest = fake_take(fake, n, sizeof *r->data_digest);
    r->status = fake_take(fake, n, sizeof *r->status);
    r->numerics = PROVENANCE_NUMERICS;
    r->format = STORE_FORMAT_VERSION;
    r->verdict = fake_take(fake, n, sizeof *r->verdict);
    for (int32_t k = 0; k < KEY_COUNT; k++) {
        r->key[k] = fake_take(fake, n, sizeof(Value));
        const Value fixed = {(double)NAN, k == KEY_LOSS         ? "cross_entropy"
                                          : k == KEY_ACTIVATION ? "tanh"
                                          : k == KEY_DATA_KIND  ? "moons"
                                                                : "0"};
        for (size_t i = 0; i < n; i++) r->key[k][i] = fixed;
    }
    for (int32_t m = 0; m < METRIC_COUNT; m++) {
        if ((r->metrics >> m & 1) == 0) continue;
        r->final[m] = fake_take(fake, n, sizeof(double));
        r->best[m] = fake_take(fake, n, sizeof(double));
        if (r->points > 0) r->history[m] = fake_take(fake, n * (size_t)r->points, sizeof(double));
    }
}

/* One run: its final figures, and a history that falls towards them. */
static void fill_trial(Fake *fake, const FakeOptions *options, int64_t t, double h, double worse,
                       double luck, Rng *rng) {
    Results *r = &fake->results;
    const double train =
        (train_loss(options->shape, h) + worse) * exp(rng_normal(rng, 0, 0.08) + luck);
    const double test = (test_loss(options->shape, h, train_loss(options->shape, h)) + worse) *
                        exp(rng_normal(rng, 0, 0.06) + luck);
    double value[METRIC_COUNT] = {0};
    value[METRIC_TRAIN_OBJECTIVE] = train * 1.05;
    value[METRIC_TRAIN_LOSS] = train;
    value[METRIC_TEST_LOSS] = test;
    value[METRIC_TRAIN_ACCURACY] = 1 - round(200 * train * 0.4) / 200;
    value[METRIC_TEST_ACCURACY] = 1 - round(10000 * test * 0.4) / 10000;
    value[METRIC_TRAIN_MSE] = value[METRIC_TRAIN_LOSS];
    value[METRIC_TEST_MSE] = value[METRIC_TEST_LOSS];
    value[METRIC_TRAIN_R2] = 1 - train;
    value[METRIC_TEST_R2] = 1 - test;
    const bool diverged = options->diverges && h > 40 && t % 7 == 0;
    const bool large = h > 2 && h < 6;
    r->status[t] = diverged ? TRIAL_DIVERGED : TRIAL_DONE;
    r->epochs_run[t] = r->points > 0 ? r->epoch[r->points - 1] + 1 : 0;
    r->verdict[t] = diverged              ? VERDICT_DIVERGED
                    : large || t % 9 == 0 ? VERDICT_OSCILLATING
                    : t % 5 == 0          ? VERDICT_FALLING
                    : h < 3               ? VERDICT_NOISY
                                          : VERDICT_CONVERGED;
    for (int32_t m = 0; m < METRIC_COUNT; m++) {
        if (!r->final[m]) continue;
        r->final[m][t] = r->best[m][t] = diverged ? (double)NAN : value[m];
        for (int64_t p = 0; p < r->points; p++) {
            const bool share =
                !(m == METRIC_TRAIN_OBJECTIVE || m == METRIC_TRAIN_LOSS || m == METRIC_TEST_LOSS);
            const double left = exp(-(double)p / 6) + 0.15 / (1 + (double)p);
            const double now = share ? value[m] * (1 - 0.5 * left)
                                     : value[m] + 0.5 * left + 0.002 * (double)(p % 2);
            r->history[m][t * r->points + p] = diverged && p > 3 ? (double)NAN : now;
        }
    }
}

void fake_create(Fake *fake, const FakeOptions *options) {
    *fake = (Fake){0};
    Results *r = &fake->results;
    const int32_t sizes = options->sizes > 0 ? options->sizes : 50,
                  repeats = options->repeats > 0 ? options->repeats : 10;
    const int32_t rates = options->rates > 1 ? options->rates : 1,
                  penalties = options->penalties > 1 ? options->penalties : 1;
    const int32_t words = options->words ? 2 : 1;
    const char *const paths[] = {FAKE_HOSTILE, "plain.csv"};
    r->trials = (int64_t)sizes * repeats * rates * penalties * words;
    r->points = options->points;
    r->metrics = metrics_of_task(!options->numbers, false, !options->no_test);
    r->path = fake_text(fake, "results/fake/results.h5");
    r->name = fake_text(fake, "fake");
    r->program_version = fake_text(fake, "0");
    fake_columns(fake);
    r->epoch = fake_take(fake, (size_t)r->points + 1, sizeof *r->epoch);
    for (int64_t p = 0; p < r->points; p++) r->epoch[p] = p * 100;
    r->sets = 1;
    r->set = fake_take(fake, 1, sizeof *r->set);
    make_moons(fake, r->set, 200);

    Value *size = fake_take(fake, (size_t)sizes, sizeof *size), rate[8], penalty[5], path[2];
    for (int32_t i = 0; i < sizes; i++) size[i] = real_value(fake, i + 1);
    for (int32_t i = 0; i < rates; i++) rate[i] = real_value(fake, RATES[i % 8]);
    for (int32_t i = 0; i < penalties; i++) penalty[i] = real_value(fake, PENALTIES[i % 5]);
    for (int32_t i = 0; i < words; i++) path[i] = (Value){(double)NAN, fake_text(fake, paths[i])};
    Rng rng, luck_rng;
    rng_seed(&rng, 1 + options->luck);
    double *luck = fake_take(fake, (size_t)repeats, sizeof *luck);
    rng_seed(&luck_rng, 2);
    for (int32_t i = 0; i < repeats; i++) luck[i] = rng_normal(&luck_rng, 0, 0.05);
    int64_t t = 0;
    for (int32_t w = 0; w < words; w++)
        for (int32_t s = 0; s < sizes; s++)
            for (int32_t a = 0; a < rates; a++)
                for (int32_t b = 0; b < penalties; b++)
                    for (int32_t i = 0; i < repeats; i++, t++) {
                        r->setting[t] = t / repeats;
                        r->repeat[t] = i;
                        r->seed[t] = i;
                        r->hidden_units[t] = s + 1;
                        r->parameters[t] = 5 * (s + 1) + 2;
                        r->key[KEY_HIDDEN][t] = size[s];
                        if (rates > 1) r->key[KEY_LEARNING_RATE][t] = rate[a];
                        if (penalties > 1) r->key[KEY_L2][t] = penalty[b];
                        if (words > 1) r->key[KEY_DATA_PATH][t] = path[w];
                        const double worse = rates > 1 ? 0.03 * pow(log10(RATES[a] / 0.01), 2) : 0;
                        fill_trial(fake, options, t, s + 1, worse + 0.01 * b + 0.02 * w, luck[i],
                                   &rng);
                    }

    Spec *spec = &fake->spec;
    spec->name = fake_text(fake, "fake");
    spec->description = fake_text(fake, "How many hidden units does a two-moons classifier need?");
    spec->repeats = repeats;
    spec->per_repeat = true;
    spec->metric = METRIC_COUNT;
    spec->axis = fake_take(fake, 4, sizeof *spec->axis);
    if (words > 1) spec->axis[spec->axes++] = make_axis(fake, KEY_DATA_PATH, words, path);
    if (sizes > 1) spec->axis[spec->axes++] = make_axis(fake, KEY_HIDDEN, sizes, size);
    if (rates > 1) spec->axis[spec->axes++] = make_axis(fake, KEY_LEARNING_RATE, rates, rate);
    if (penalties > 1) spec->axis[spec->axes++] = make_axis(fake, KEY_L2, penalties, penalty);
    fake->predictor = (ReportPredictor){
        .predict = predict, .outputs = outputs, .weights = weights, .context = fake};
}

void fake_destroy(Fake *fake) {
    pool_destroy(&fake->pool);
    *fake = (Fake){0};
}
