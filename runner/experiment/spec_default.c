/* What a trial key is where the experiment says nothing. */
#include <assert.h>
#include <math.h>

#include "core/model/mlp.h"
#include "core/model/optimizer.h"
#include "core/model/schedule.h"
#include "runner/experiment/spec.h"

void spec_defaults(const Spec *spec, Value value[KEY_COUNT]) {
    for (int i = 0; i < KEY_COUNT; i++) {
        value[i] = (Value){(double)NAN, NULL};
        if (KEYS[i].fallback == NULL) continue;
        char text[64];
        const bool good =
            keys_parse(&value[i], &KEYS[i], KEYS[i].fallback, text, sizeof text, NULL);
        assert(good); /* the table's own defaults; test_keys checks that they are canonical */
        (void)good;
        value[i].text = KEYS[i].fallback;
    }
    for (int32_t i = 0; i < spec->base.count; i++)
        value[spec->base.set[i].key] = spec->base.set[i].value;
}

static void otherwise(Value *value, KeyId key, double number, const char *text) {
    if (value[key].text == NULL) value[key] = (Value){number, text};
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

void spec_depend(Value value[KEY_COUNT]) {
    const int kind = (int)value[KEY_DATA_KIND].number;
    if (value[KEY_DATA_CLASSES].number == 0)
        value[KEY_DATA_CLASSES].text = NULL; /* 0 is "as usual" */
    const bool blobs = kind == DATA_KIND_BLOBS, spirals = kind == DATA_KIND_SPIRALS;
    otherwise(value, KEY_DATA_CLASSES,
              blobs     ? 3
              : spirals ? 2
                        : 0,
              blobs     ? "3"
              : spirals ? "2"
                        : "0");
    otherwise(value, KEY_DATA_NOISE, blobs, blobs ? "1" : "0");
    const bool classes = spec_classes(value);
    otherwise_choice(value, KEY_OUTPUT, classes ? ACTIVATION_SOFTMAX : ACTIVATION_IDENTITY);
    const int output = (int)value[KEY_OUTPUT].number;
    const bool probabilities =
        classes && (output == ACTIVATION_SOFTMAX || output == ACTIVATION_SIGMOID);
    otherwise_choice(value, KEY_LOSS, probabilities ? LOSS_CROSS_ENTROPY : LOSS_HALF_SQUARED_ERROR);
    const bool adagrad = (int)value[KEY_OPTIMIZER].number == OPTIMIZER_ADAGRAD;
    otherwise(value, KEY_EPSILON, adagrad ? 1e-10 : 1e-8, adagrad ? "1e-10" : "1e-8");
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
