#include "runner/training/trial.h"

#include <stdlib.h>
#include <string.h>

#include "runner/experiment/spec.h"

static double real_of(const Setting *setting, KeyId key) {
    return setting->value[key].number;
}

static int32_t choice_of(const Setting *setting, KeyId key) {
    return (int32_t)setting->value[key].number;
}

static int64_t integer_of(const Setting *setting, KeyId key) {
    return (int64_t)setting->value[key].number;
}

static bool flag_of(const Setting *setting, KeyId key) {
    return setting->value[key].number != 0;
}

Dtype trial_dtype(const Setting *setting) {
    return (Dtype)choice_of(setting, KEY_DTYPE);
}

/* "32x16" -> 32, 16 */
static bool parse_sizes(MlpConfig *network, const char *text, Error *err) {
    network->hidden_count = 0;
    while (*text) {
        char *end;
        const long size = strtol(text, &end, 10);
        if (end == text || network->hidden_count == MLP_MAX_HIDDEN) {
            return error_set(err, ERROR_USAGE, "hidden: more than %d layers", MLP_MAX_HIDDEN);
        }
        network->hidden[network->hidden_count++] = (int32_t)size;
        text = *end == 'x' ? end + 1 : end;
    }
    return true;
}

/* "0.5,0.5,-0.7" */
static bool parse_values(TrialConfig *config, const Value *list, Error *err) {
    const int64_t count = (int64_t)list->number;
    if (!*list->text || count < 1) return true;
    config->values = malloc((size_t)count * sizeof *config->values);
    if (!config->values) return error_memory(err, (size_t)count * sizeof *config->values);
    const char *text = list->text;
    for (int64_t i = 0; i < count; i++) {
        char *end;
        config->values[i] = strtod(text, &end);
        text = *end == ',' ? end + 1 : end;
    }
    config->trainer.init.values = config->values;
    config->trainer.init.value_count = count;
    return true;
}

static MlpConfig network_of(const Setting *s, int32_t inputs, int32_t outputs, bool classes) {
    const Activation output = (Activation)choice_of(s, KEY_OUTPUT);
    return (MlpConfig){
        .inputs = inputs,
        .outputs = mlp_outputs(classes, outputs, output),
        .activation = (Activation)choice_of(s, KEY_ACTIVATION),
        .output = output,
        .loss = (Loss)choice_of(s, KEY_LOSS),
        .error_signal = (ErrorSignal)choice_of(s, KEY_ERROR_SIGNAL),
        .bias = flag_of(s, KEY_BIAS),
        .batch_norm = flag_of(s, KEY_BATCH_NORM),
        .dropout = real_of(s, KEY_DROPOUT),
        .classes = classes,
        .target_low = real_of(s, KEY_DATA_TARGET_LOW),
        .target_high = real_of(s, KEY_DATA_TARGET_HIGH),
    };
}

static TrainerConfig trainer_of(const Setting *s) {
    return (TrainerConfig){
        .init = {.kind = (Init)choice_of(s, KEY_INIT),
                 .low = real_of(s, KEY_INIT_LOW),
                 .high = real_of(s, KEY_INIT_HIGH),
                 .mean = real_of(s, KEY_INIT_MEAN),
                 .deviation = real_of(s, KEY_INIT_STD),
                 .out_in = choice_of(s, KEY_INIT_ORDER) == INIT_ORDER_OUT_IN},
        .init_bias = {.kind = (Init)choice_of(s, KEY_INIT_BIAS),
                      .low = real_of(s, KEY_INIT_BIAS_LOW),
                      .high = real_of(s, KEY_INIT_BIAS_HIGH),
                      .mean = real_of(s, KEY_INIT_BIAS_MEAN),
                      .deviation = real_of(s, KEY_INIT_BIAS_STD)},
        .optimizer = {.kind = (Optimizer)choice_of(s, KEY_OPTIMIZER),
                      .learning_rate = real_of(s, KEY_LEARNING_RATE),
                      .momentum = real_of(s, KEY_MOMENTUM),
                      .nesterov = flag_of(s, KEY_NESTEROV),
                      .beta1 = real_of(s, KEY_BETA1),
                      .beta2 = real_of(s, KEY_BETA2),
                      .rho = real_of(s, KEY_RHO),
                      .epsilon = real_of(s, KEY_EPSILON),
                      .weight_decay = real_of(s, KEY_WEIGHT_DECAY)},
        .schedule = {.kind = (Schedule)choice_of(s, KEY_SCHEDULE),
                     .every = integer_of(s, KEY_SCHEDULE_EVERY),
                     .factor = real_of(s, KEY_SCHEDULE_FACTOR),
                     .period = integer_of(s, KEY_SCHEDULE_PERIOD),
                     .minimum = real_of(s, KEY_SCHEDULE_MIN),
                     .warmup = integer_of(s, KEY_SCHEDULE_WARMUP)},
        .batch_size = integer_of(s, KEY_BATCH_SIZE),
        .shuffle = flag_of(s, KEY_SHUFFLE),
        .replacement = flag_of(s, KEY_REPLACEMENT),
        .reduction = (Reduction)choice_of(s, KEY_REDUCTION),
        .epochs = integer_of(s, KEY_EPOCHS),
        .steps = integer_of(s, KEY_STEPS),
        .l1 = real_of(s, KEY_L1),
        .l2 = real_of(s, KEY_L2),
        .clip_norm = real_of(s, KEY_CLIP_NORM),
        .dtype = trial_dtype(s),
        .seed = s->seed,
        .patience = integer_of(s, KEY_STOP_PATIENCE),
        .min_delta = real_of(s, KEY_STOP_MIN_DELTA),
        .record_every = integer_of(s, KEY_RECORD_EVERY),
        .record_points = integer_of(s, KEY_RECORD_POINTS),
        .record_scale = (EpochScale)choice_of(s, KEY_RECORD_SCALE),
        .weights = (WeightsKept)choice_of(s, KEY_RECORD_WEIGHTS),
        .snapshots = integer_of(s, KEY_RECORD_WEIGHTS_EPOCHS),
    };
}

bool trial_config(TrialConfig *config, const Setting *setting, int32_t inputs, int32_t outputs,
                  bool classes, const int64_t *record_also, int32_t record_also_count, Error *err) {
    *config = (TrialConfig){.trainer = trainer_of(setting)};
    TrainerConfig *trainer = &config->trainer;
    trainer->network = network_of(setting, inputs, outputs, classes);
    trainer->record_also = record_also;
    trainer->record_also_count = record_also_count;
    Mlp mlp;
    TRY(parse_sizes(&trainer->network, setting->value[KEY_HIDDEN].text, err));
    if (trainer->init.kind == INIT_VALUES) {
        TRY(parse_values(config, &setting->value[KEY_INIT_VALUES], err));
    }
    TRY(mlp_create(&mlp, &trainer->network, err));
    config->parameters = mlp.parameters;
    return true;
fail:
    trial_config_free(config);
    return false;
}

bool trial_config_kept(TrialConfig *config, const Results *results, int64_t trial, Error *err) {
    const Dataset *train = &results->set[results->data[trial]].train;
    Setting setting;
    store_setting(results, trial, &setting);
    return trial_config(config, &setting, train->inputs, train->outputs,
                        spec_classes(setting.value), NULL, 0, err);
}

void trial_config_free(TrialConfig *config) {
    free(config->values);
    *config = (TrialConfig){0};
}
