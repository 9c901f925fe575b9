/* Section weights: what each unit of the first layer looks at, as a picture, where the inputs are
 * one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/report/section.h"

static const double *weights_of(const Report *report, int64_t trial) {
    const Results *results = report->results;
    const double *all = results->weights ? results->weights : results->best_weights;
    if (!all || results->offset[trial + 1] == results->offset[trial]) return NULL;
    return all + results->offset[trial];
}

static int32_t inputs_of(const Report *report, int64_t trial) {
    const int32_t k = report->results->data[trial];
    return k >= 0 && k < report->results->sets ? report->results->set[k].train.inputs : 0;
}

const char *weights_misfit(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    const int64_t trial = summary_first_trial(&report->summary, report->summary.best);
    if (report_side(inputs_of(report, trial)) == 0)
        return "it needs square images as inputs, 8 by 8 at least";
    return report_can_ask(report, trial) && weights_of(report, trial)
               ? NULL
               : "it needs the weights in the results file (record.weights)";
}

typedef struct Unit {
    int32_t number;
    double size;
} Unit;

static int by_size(const void *a, const void *b) {
    const Unit *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return x->number - y->number;
}

/* The matrix stands first in the block, inputs x units. */
bool weights_write(Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const int64_t trial = summary_first_trial(summary, summary->best);
    const double *weight = weights_of(report, trial);
    const char *hidden = report->results->key[KEY_HIDDEN][trial].text;
    const int32_t inputs = inputs_of(report, trial);
    const bool layer = strtol(hidden, NULL, 10) > 0;
    int32_t units = layer ? (int32_t)strtol(hidden, NULL, 10)
                          : report->predictor->outputs(report->predictor->context, trial);
    Unit *unit = pool_take(&report->pool, (size_t)units, sizeof *unit, err);
    if (!unit) return false;
    for (int32_t u = 0; u < units; u++) {
        unit[u] = (Unit){.number = u};
        for (int32_t i = 0; i < inputs; i++) unit[u].size += pow(weight[(int64_t)i * units + u], 2);
    }
    if (layer) qsort(unit, (size_t)units, sizeof *unit, by_size);
    Tiles tiles = {.side = report_side(inputs), .stride = units};
    char title[REPORT_TILES][32], alt[200], caption[400];
    tiles.count = units < REPORT_TILES ? units : REPORT_TILES;
    for (int32_t t = 0; t < tiles.count; t++) {
        snprintf(title[t], sizeof title[t], layer ? "unit %d" : "class %d", unit[t].number);
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
    return report_tiles(report, "weights", &tiles, alt, caption, err);
}
