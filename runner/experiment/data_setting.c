#include "runner/experiment/data_setting.h"

#include <math.h>

static double number(const Setting *setting, KeyId key) {
    return setting->value[key].number;
}

static int64_t integer(const Setting *setting, KeyId key) {
    return (int64_t)number(setting, key);
}

bool data_setting_is_file(const Setting *setting) {
    return integer(setting, KEY_DATA_KIND) >= DATA_KIND_IDX;
}

bool data_setting_is_scaled(const Setting *setting) {
    return integer(setting, KEY_DATA_STANDARDIZE) != 0 ||
           !isnan(number(setting, KEY_DATA_SCALE_MIN));
}

static SyntheticConfig config_of(const Setting *setting, KeyId samples, KeyId seed) {
    return (SyntheticConfig){
        .kind = (SyntheticKind)integer(setting, KEY_DATA_KIND),
        .samples = integer(setting, samples),
        .noise = number(setting, KEY_DATA_NOISE),
        .seed = (uint32_t)integer(setting, seed),
        .gate = (Gate)integer(setting, KEY_DATA_GATE),
        .classes = (int32_t)integer(setting, KEY_DATA_CLASSES),
        .features = (int32_t)integer(setting, KEY_DATA_FEATURES),
        .factor = number(setting, KEY_DATA_FACTOR),
        .turns = number(setting, KEY_DATA_TURNS),
        /* a test set of blobs comes from the training set's centers */
        .centers_apart = integer(setting, KEY_DATA_KIND) == DATA_KIND_BLOBS &&
                         integer(setting, seed) != integer(setting, KEY_DATA_SEED),
        .center_seed = (uint32_t)integer(setting, KEY_DATA_SEED),
    };
}

SyntheticConfig data_setting_train(const Setting *setting) {
    return config_of(setting, KEY_DATA_SAMPLES, KEY_DATA_SEED);
}

SyntheticConfig data_setting_test(const Setting *setting) {
    if (integer(setting, KEY_DATA_TEST_SAMPLES) <= 0) return data_setting_train(setting);
    return config_of(setting, KEY_DATA_TEST_SAMPLES, KEY_DATA_TEST_SEED);
}
