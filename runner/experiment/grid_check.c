/* What a single key allows is in keys.c. */
#include "runner/experiment/grid_check.h"

#include <math.h>

#include "core/model/mlp.h"

const KeyId GRID_CHECK_MOVED[2] = {KEY_DATA_SEED, KEY_DATA_TEST_SEED};

const Choice *grid_check_choice(const Spec *spec, int64_t index, int32_t axis) {
    for (int32_t a = spec->axes - 1; a > axis; a--) index /= spec->axis[a].count;
    return &spec->axis[axis].choice[index % spec->axis[axis].count];
}

static const Assignment *find(const Choice *choice, KeyId key) {
    for (int32_t i = 0; i < choice->count; i++) {
        if (choice->set[i].key == key) return &choice->set[i];
    }
    return NULL;
}

/* Where the experiment sets `key` for the setting at `index`: in its include, on an axis, in the
 * base; else where the base begins. */
static void locate(const Spec *spec, int64_t index, KeyId key, char *text, size_t size) {
    const Assignment *found = NULL;
    if (index < 0) {
        found = find(&spec->include[-1 - index], key);
    } else {
        for (int32_t a = 0; !found && a < spec->axes; a++) {
            found = find(grid_check_choice(spec, index, a), key);
        }
    }
    if (!found) found = find(&spec->base, key);
    spec_location(spec, found ? found->line : spec->base.line,
                  found ? found->column : spec->base.column, text, size);
}

static bool is_file(const Value *value) {
    return (int)value[KEY_DATA_KIND].number >= DATA_KIND_IDX;
}

/* Whether the data of this kind have the key. */
static bool knows(const Value *value, KeyId key) {
    return KEYS[key].kinds == 0 ||
           (KEYS[key].kinds >> (unsigned)value[KEY_DATA_KIND].number & 1) != 0;
}

bool grid_check_has_test(const Value value[KEY_COUNT]) {
    return (int)value[KEY_DATA_KIND].number == DATA_KIND_IDX || value[KEY_DATA_FOLDS].number > 0 ||
           (knows(value, KEY_DATA_TEST_SAMPLES) && value[KEY_DATA_TEST_SAMPLES].number > 0) ||
           (knows(value, KEY_DATA_TEST_FRACTION) && value[KEY_DATA_TEST_FRACTION].number > 0);
}

bool grid_check_has_validation(const Value value[KEY_COUNT]) {
    return value[KEY_DATA_FOLDS].number > 0 || (knows(value, KEY_DATA_VALIDATION_SAMPLES) &&
                                                (value[KEY_DATA_VALIDATION_SAMPLES].number > 0 ||
                                                 value[KEY_DATA_VALIDATION_FRACTION].number > 0));
}

/* Each rule is a predicate that is true if it is broken, the key to point to, and the words. */
static bool no_values(const Value *v) {
    return (int)v[KEY_INIT].number == INIT_VALUES && v[KEY_INIT_VALUES].number == 0;
}
static bool idle_values(const Value *v) {
    return (int)v[KEY_INIT].number != INIT_VALUES && v[KEY_INIT_VALUES].number > 0;
}
static bool init_reversed(const Value *v) {
    return (int)v[KEY_INIT].number == INIT_UNIFORM &&
           v[KEY_INIT_LOW].number > v[KEY_INIT_HIGH].number;
}
static bool init_bias_reversed(const Value *v) {
    return (int)v[KEY_INIT_BIAS].number == INIT_UNIFORM &&
           v[KEY_INIT_BIAS_LOW].number > v[KEY_INIT_BIAS_HIGH].number;
}
static bool cross_entropy_of_numbers(const Value *v) {
    return (int)v[KEY_LOSS].number == LOSS_CROSS_ENTROPY && !spec_classes(v);
}
static bool cross_entropy_of_other(const Value *v) {
    const int output = (int)v[KEY_OUTPUT].number;
    return (int)v[KEY_LOSS].number == LOSS_CROSS_ENTROPY && output != ACTIVATION_SOFTMAX &&
           output != ACTIVATION_SIGMOID;
}
static bool no_path(const Value *v) {
    return is_file(v) && v[KEY_DATA_PATH].text[0] == '\0';
}
static bool half_scale(const Value *v) {
    return isnan(v[KEY_DATA_SCALE_MIN].number) != isnan(v[KEY_DATA_SCALE_MAX].number);
}
static bool scale_reversed(const Value *v) {
    return v[KEY_DATA_SCALE_MIN].number >= v[KEY_DATA_SCALE_MAX].number;
}
static bool scale_and_standardize(const Value *v) {
    return v[KEY_DATA_STANDARDIZE].number > 0 && !isnan(v[KEY_DATA_SCALE_MIN].number);
}
static bool targets_reversed(const Value *v) {
    return v[KEY_DATA_TARGET_LOW].number >= v[KEY_DATA_TARGET_HIGH].number;
}
static bool two_tests(const Value *v) {
    return knows(v, KEY_DATA_TEST_SAMPLES) && v[KEY_DATA_TEST_SAMPLES].number > 0 &&
           v[KEY_DATA_TEST_FRACTION].number > 0;
}
static bool two_validations(const Value *v) {
    return v[KEY_DATA_VALIDATION_SAMPLES].number > 0 && v[KEY_DATA_VALIDATION_FRACTION].number > 0;
}
static bool nothing_left(const Value *v) {
    return v[KEY_DATA_TEST_FRACTION].number + v[KEY_DATA_VALIDATION_FRACTION].number >= 1;
}
static bool validation_is_all(const Value *v) {
    return !is_file(v) && v[KEY_DATA_VALIDATION_SAMPLES].number > 0 &&
           v[KEY_DATA_VALIDATION_SAMPLES].number >= v[KEY_DATA_SAMPLES].number;
}
static bool too_many_folds(const Value *v) {
    if (is_file(v)) return false;
    const int kind = (int)v[KEY_DATA_KIND].number;
    const double rows = kind == DATA_KIND_GATES       ? 4
                        : kind == DATA_KIND_THREE_BIT ? 5
                                                      : v[KEY_DATA_SAMPLES].number;
    return v[KEY_DATA_FOLDS].number > rows;
}
static bool stratified_numbers(const Value *v) {
    return v[KEY_DATA_STRATIFY].number > 0 && !spec_classes(v);
}
static bool test_is_training(const Value *v) {
    return knows(v, KEY_DATA_TEST_SAMPLES) && v[KEY_DATA_TEST_SAMPLES].number > 0 &&
           v[KEY_DATA_TEST_SEED].number == v[KEY_DATA_SEED].number;
}

static bool two_records(const Value *v) {
    return v[KEY_RECORD_EVERY].number > 0 && v[KEY_RECORD_POINTS].number > 0;
}
static bool idle_scale(const Value *v) {
    return v[KEY_RECORD_EVERY].number > 0 && v[KEY_RECORD_SCALE].number > 0;
}

static const struct {
    bool (*broken)(const Value *);
    KeyId key;
    const char *what;
} RULES[] = {
    {no_values, KEY_INIT, "kind values needs the numbers (init: {values: [...]})"},
    {idle_values, KEY_INIT_VALUES, "only init of kind values takes them (init: {values: [...]})"},
    {init_reversed, KEY_INIT, "low is above high"},
    {init_bias_reversed, KEY_INIT_BIAS, "low is above high"},
    {cross_entropy_of_numbers, KEY_LOSS,
     "cross_entropy is for classes, and these data have numbers (half_squared_error, "
     "squared_error)"},
    {cross_entropy_of_other, KEY_LOSS, "cross_entropy needs output softmax or sigmoid"},
    {no_path, KEY_DATA_KIND, "data of this kind need data.path (data: {kind: csv, path: FILE})"},
    {half_scale, KEY_DATA_SCALE_MIN, "min and max belong together (scale: {min: 0, max: 1})"},
    {scale_reversed, KEY_DATA_SCALE_MIN, "min is not below max"},
    {scale_and_standardize, KEY_DATA_STANDARDIZE, "scale and standardize exclude each other"},
    {targets_reversed, KEY_DATA_TARGET_LOW, "low is not below high"},
    {two_tests, KEY_DATA_TEST_FRACTION, "either test_samples or test_fraction"},
    {two_validations, KEY_DATA_VALIDATION_FRACTION,
     "either validation_samples or validation_fraction"},
    {nothing_left, KEY_DATA_VALIDATION_FRACTION,
     "test_fraction and validation_fraction leave nothing to train on"},
    {validation_is_all, KEY_DATA_VALIDATION_SAMPLES, "leaves nothing to train on"},
    {too_many_folds, KEY_DATA_FOLDS, "more folds than rows"},
    {stratified_numbers, KEY_DATA_STRATIFY,
     "there are no classes to stratify by, these data have numbers"},
    {test_is_training, KEY_DATA_TEST_SEED,
     "the same as data.seed: the test set would be the training set"},
    {two_records, KEY_RECORD_POINTS, "either every or points"},
    {idle_scale, KEY_RECORD_SCALE, "is of points, and every has no other scale"},
};

bool grid_check_fit(const Spec *spec, int64_t index, const Value value[KEY_COUNT], Error *err) {
    char location[512];
    for (size_t i = 0; i < sizeof RULES / sizeof RULES[0]; i++) {
        if (!RULES[i].broken(value)) continue;
        locate(spec, index, RULES[i].key, location, sizeof location);
        return error_set(err, ERROR_USAGE, "%s: %s: %s", location, KEYS[RULES[i].key].name,
                         RULES[i].what);
    }
    const double folds = value[KEY_DATA_FOLDS].number > 0 ? value[KEY_DATA_FOLDS].number : 1;
    if ((double)spec->seed + (double)spec->repeats * folds - 1 > KEYS_SEED_MAX) {
        locate(spec, index, KEY_DATA_FOLDS, location, sizeof location);
        return error_set(err, ERROR_USAGE,
                         "%s: data.folds: the seeds seed .. seed + repeats x folds - 1 go beyond "
                         "4294967295",
                         location);
    }
    for (int i = 0; spec->per_repeat && i < 2; i++) {
        const KeyId key = GRID_CHECK_MOVED[i];
        const double last = GRID_CHECK_SEED_STEP * (double)(spec->repeats - 1);
        if (value[key].number + last <= KEYS_SEED_MAX) continue;
        locate(spec, index, key, location, sizeof location);
        return error_set(
            err, ERROR_USAGE,
            "%s: %s: goes beyond 4294967295 in the last repeat (per_repeat adds %d a repeat)",
            location, KEYS[key].name, GRID_CHECK_SEED_STEP);
    }
    return true;
}
