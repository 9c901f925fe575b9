/* Section weights: what each unit of the first layer looks at, as a picture, where the inputs are a
 * picture. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/output/tiles.h"
#include "runner/report/section.h"

static const double *weights_of(const Report *report, int64_t trial) {
    return report->predictor->weights(report->predictor->context, trial);
}

static int32_t inputs_of(const Report *report, int64_t trial) {
    const int32_t k = report->results->data[trial];
    return k >= 0 && k < report->results->sets ? report->results->set[k].train.inputs : 0;
}

static const char *unavailable(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    const int64_t trial = summary_first_trial(&report->summary, report->summary.best);
    if (tiles_side(inputs_of(report, trial)) == 0)
        return "it needs square images as inputs, 8 by 8 at least";
    return section_has_network(report, trial) && weights_of(report, trial) ? NULL
                                                                           : SECTION_NEEDS_WEIGHTS;
}

typedef struct UnitSize {
    int32_t number;
    double size;
} UnitSize;

static int by_size(const void *a, const void *b) {
    const UnitSize *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return x->number - y->number;
}

/* The first layer's matrix comes first among the weights, inputs x units. */
static bool write(Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const int64_t trial = summary_first_trial(summary, summary->best);
    const double *weight = weights_of(report, trial);
    const char *hidden = report->results->key[KEY_HIDDEN][trial].text;
    const int32_t inputs = inputs_of(report, trial);
    const bool layer = strtol(hidden, NULL, 10) > 0;
    int32_t units = layer ? (int32_t)strtol(hidden, NULL, 10)
                          : report->predictor->outputs(report->predictor->context, trial);
    UnitSize *unit = pool_alloc(&report->page.pool, (size_t)units, sizeof *unit, err);
    if (!unit) return false;
    for (int32_t u = 0; u < units; u++) {
        unit[u] = (UnitSize){.number = u};
        for (int32_t i = 0; i < inputs; i++) unit[u].size += pow(weight[(int64_t)i * units + u], 2);
    }
    if (layer) qsort(unit, (size_t)units, sizeof *unit, by_size);
    Tiles tiles = {.side = tiles_side(inputs), .stride = units};
    char title[TILES_MAX][80], alt[200], caption[400];
    const bool words = section_class_words(report, trial);
    tiles.count = units < TILES_MAX ? units : TILES_MAX;
    for (int32_t t = 0; t < tiles.count; t++) {
        char name[64];
        section_class_name(report, trial, unit[t].number, 10, name, sizeof name);
        if (layer)
            snprintf(title[t], sizeof title[t], "unit %d", unit[t].number);
        else
            snprintf(title[t], sizeof title[t], "%s%s", words ? "" : "class ", name);
        tiles.title[t] = title[t];
        tiles.value[t] = weight + unit[t].number;
    }
    snprintf(alt, sizeof alt, "Weights from the inputs to %d of %d %s, as images.", tiles.count,
             units, layer ? "units of the first hidden layer" : "classes");
    snprintf(caption, sizeof caption,
             "The best setting, its first run: weights from each input to %s%s. Blue: "
             "positive. Red: negative. Paler: nearer to zero.",
             layer ? "a unit of the first hidden layer" : "a class",
             tiles.count < units ? "; the units with the largest weights" : "");
    return tiles_draw(&tiles, &report->page, "weights", alt, caption, err);
}

const Section weights_section = {"weights", "First-layer weights", unavailable, write, NULL};
