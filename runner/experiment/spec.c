/* What an experiment is, not how it is read: its names, where an assignment is written, and the
 * values of keys that it does not set. */
#include "runner/experiment/spec.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/pool.h"
#include "core/model/mlp.h"
#include "core/model/optimizer.h"
#include "core/model/schedule.h"

const char *const SPEC_TOP[] = {"name",    "description", "data",      "fixed",   "grid",   "zip",
                                "exclude", "include",     "seed",      "repeats", "metric", "stop",
                                "record",  "report",      "published", NULL};

const char *const SPEC_SECTIONS[] = {
    "overfitting", "decomposition", "generalization", "boundaries", "stability",
    "ranking",     "curves",        "heatmap",        "slices",     "importance",
    "parallel",    "comparison",    "published",      "confusion",  "fit",
    "weights",     "cost",          "gates",          "reproduce",  NULL};

const char *const SPEC_GOAL_NAMES[SPEC_GOAL_COUNT + 1] = {"minimize", "maximize", NULL};
const char *const SPEC_AT_NAMES[SPEC_AT_COUNT + 1] = {"final", "best", NULL};

void spec_destroy(Spec *spec) {
    if (spec->memory) pool_destroy(spec->memory);
    free(spec->memory);
    *spec = (Spec){0};
}

void spec_location(const Spec *spec, int32_t line, int32_t column, char *text, size_t size) {
    if (line >= 0) {
        snprintf(text, size, "%s:%d:%d", spec->path, line > 0 ? line : 1, column > 0 ? column : 1);
        return;
    }
    const char *argument = -line <= spec->overrides ? spec->override[-line - 1] : "?";
    snprintf(text, size, "argument \"%.80s%s\"", argument, strlen(argument) > 80 ? "..." : "");
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 32 || *c == 127) *c = '?';
    }
}

static bool each_of(const Choice *choice, bool (*see)(const Assignment *, void *), void *context) {
    for (int32_t i = 0; i < choice->count; i++) {
        if (!see(&choice->set[i], context)) return false;
    }
    return true;
}

bool spec_each(const Spec *spec, bool (*see)(const Assignment *, void *), void *context) {
    if (!each_of(&spec->base, see, context)) return false;
    for (int32_t a = 0; a < spec->axes; a++) {
        for (int64_t c = 0; c < spec->axis[a].count; c++) {
            if (!each_of(&spec->axis[a].choice[c], see, context)) return false;
        }
    }
    for (int32_t i = 0; i < spec->includes; i++) {
        if (!each_of(&spec->include[i], see, context)) return false;
    }
    return true;
}

static bool add_kind(const Assignment *assignment, void *kinds) {
    if (assignment->key == KEY_DATA_KIND) {
        *(uint32_t *)kinds |= 1u << (unsigned)assignment->value.number;
    }
    return true;
}

uint32_t spec_kinds(const Spec *spec) {
    uint32_t kinds = 0;
    spec_each(spec, add_kind, &kinds);
    return kinds;
}

/* --- defaults --------------------------------------------------------------------------------- */

void spec_defaults(const Spec *spec, Value value[KEY_COUNT]) {
    for (int i = 0; i < KEY_COUNT; i++) {
        value[i] = (Value){(double)NAN, NULL};
        if (!KEYS[i].fallback) continue;
        char text[64];
        const bool good =
            keys_parse(&value[i], &KEYS[i], KEYS[i].fallback, text, sizeof text, NULL);
        assert(good); /* the table's own defaults; test_keys checks that they are canonical */
        (void)good;
        value[i].text = KEYS[i].fallback;
    }
    for (int32_t i = 0; i < spec->base.count; i++) {
        value[spec->base.set[i].key] = spec->base.set[i].value;
    }
}

static void otherwise(Value *value, KeyId key, double number, const char *text) {
    if (!value[key].text) value[key] = (Value){number, text};
}

static void otherwise_choice(Value *value, KeyId key, int choice) {
    otherwise(value, key, choice, KEYS[key].choices[choice]);
}

bool spec_classes(const Value value[KEY_COUNT]) {
    const int kind = (int)value[KEY_DATA_KIND].number;
    if (kind == DATA_KIND_SINE) return false;
    const bool has_task = (KEYS[KEY_DATA_TASK].kinds >> kind & 1) != 0;
    return !has_task || (int)value[KEY_DATA_TASK].number == DATA_TASK_CLASSES;
}

/* Rows are held out, whichever. */
static bool is_split(const Value value[KEY_COUNT]) {
    static const KeyId keys[] = {KEY_DATA_FOLDS, KEY_DATA_TEST_FRACTION,
                                 KEY_DATA_VALIDATION_SAMPLES, KEY_DATA_VALIDATION_FRACTION};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (value[keys[i]].number > 0) return true;
    }
    return false;
}

void spec_depend(Value value[KEY_COUNT]) {
    const int kind = (int)value[KEY_DATA_KIND].number;
    if (value[KEY_DATA_CLASSES].number == 0) {
        value[KEY_DATA_CLASSES].text = NULL; /* 0 is the default too */
    }
    const bool blobs = kind == DATA_KIND_BLOBS, spirals = kind == DATA_KIND_SPIRALS;
    otherwise(value, KEY_DATA_CLASSES,
              blobs     ? 3
              : spirals ? 2
                        : 0,
              blobs     ? "3"
              : spirals ? "2"
                        : "0");
    otherwise(value, KEY_DATA_NOISE, blobs, blobs ? "1" : "0");
    const bool classes = spec_classes(value), stratify = classes && is_split(value);
    otherwise(value, KEY_DATA_STRATIFY, stratify, stratify ? "true" : "false");
    otherwise_choice(value, KEY_OUTPUT, classes ? ACTIVATION_SOFTMAX : ACTIVATION_IDENTITY);
    const int output = (int)value[KEY_OUTPUT].number;
    const bool probabilities =
        classes && (output == ACTIVATION_SOFTMAX || output == ACTIVATION_SIGMOID);
    otherwise_choice(value, KEY_LOSS, probabilities ? LOSS_CROSS_ENTROPY : LOSS_HALF_SQUARED_ERROR);
    const bool adagrad = (int)value[KEY_OPTIMIZER].number == OPTIMIZER_ADAGRAD;
    otherwise(value, KEY_EPSILON, adagrad ? 1e-10 : 1e-8, adagrad ? "1e-10" : "1e-8");
    const bool every = value[KEY_RECORD_EVERY].number > 0;
    otherwise(value, KEY_RECORD_POINTS, every ? 0 : 60, every ? "off" : "60");
    const int schedule = (int)value[KEY_SCHEDULE].number;
    const bool exponential = schedule == SCHEDULE_EXPONENTIAL,
               inverse = schedule == SCHEDULE_INVERSE;
    otherwise(value, KEY_SCHEDULE_FACTOR,
              exponential ? 0.95
              : inverse   ? 0.01
                          : 0.1,
              exponential ? "0.95"
              : inverse   ? "0.01"
                          : "0.1");
}
