#include "runner/commands/trained.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "runner/experiment/data_setting.h"
#include "runner/training/data.h"

/* --- one network ------------------------------------------------------------------------------ */

const double *trained_weights(const Results *results, SpecAt at, int64_t trial) {
    const double *wanted = at == SPEC_AT_BEST ? results->best_weights : results->weights;
    const double *other = at == SPEC_AT_BEST ? results->weights : results->best_weights;
    const double *all = wanted ? wanted : other;
    if (!all || results->offset[trial + 1] == results->offset[trial]) return NULL;
    return all + results->offset[trial];
}

bool trained_open(TrainedNetwork *network, const Opened *opened, int64_t trial, Error *err) {
    const Results *r = opened->results;
    *network = (TrainedNetwork){.weights = trained_weights(r, opened->spec->at, trial)};
    if (!network->weights) {
        return error_set(
            err, ERROR_USAGE, "trial %016" PRIx64 ": no weights were kept of it (%s)", r->id[trial],
            r->status[trial] == TRIAL_FAILED ? r->message[trial] : "record.weights is none");
    }
    if (!trial_config_kept(&network->config, r, trial, err)) return false;
    if (!mlp_create(&network->mlp, &network->config.trainer.network, err)) goto fail;
    if ((uint64_t)network->mlp.state_size == r->offset[trial + 1] - r->offset[trial]) return true;
    error_set(err, ERROR_RESOURCE, "%s: trial %016" PRIx64 " has weights of another network",
              r->path, r->id[trial]);
fail:
    trained_close(network);
    return false;
}

void trained_close(TrainedNetwork *network) {
    trial_config_free(&network->config);
    *network = (TrainedNetwork){0};
}

bool trained_scaling_known(const Results *results, const Setting *setting, Error *err) {
    if (results->format > 1 || !data_setting_is_scaled(setting)) return true;
    return error_set(err, ERROR_RESOURCE,
                     "%s: made by an earlier program, which did not keep how its inputs were %s; "
                     "train again to use its networks",
                     results->path,
                     setting->value[KEY_DATA_STANDARDIZE].number > 0 ? "standardized" : "scaled");
}

/* --- those of a report ------------------------------------------------------------------------ */

static const double *weights(void *context, int64_t trial) {
    const TrainedReport *trained = context;
    return trained_weights(trained->results, trained->at, trial);
}

static int32_t outputs(void *context, int64_t trial) {
    const TrainedReport *trained = context;
    TrialConfig config = {0};
    if (!weights(context, trial) || !trial_config_kept(&config, trained->results, trial, NULL)) {
        return 0;
    }
    const int32_t count = config.trainer.network.outputs;
    trial_config_free(&config);
    return count;
}

/* A copy of the rows, scaled for the trial; NULL where there is nothing to scale, or (err) no
 * memory. */
static double *scaled_rows(const Results *results, int64_t trial, const double *x, int64_t n,
                           Error *err) {
    const DataSplits *data = &results->set[results->data[trial]];
    const size_t bytes = (size_t)n * (size_t)data->train.inputs * sizeof *x;
    Setting setting;
    store_setting(results, trial, &setting);
    const Scaling scaling = data_scaling(data, &setting);
    if (!scaling.shift) return NULL;
    double *scaled = malloc(bytes + 1);
    if (!scaled) {
        error_memory(err, bytes);
        return NULL;
    }
    memcpy(scaled, x, bytes);
    scaling_apply(&scaling, scaled, n, data->train.inputs);
    return scaled;
}

bool trained_predict(double *y, const Results *results, int64_t trial, const TrialConfig *config,
                     const double *weights, const double *x, int64_t n, Error *err) {
    Error why = {0};
    double *scaled = scaled_rows(results, trial, x, n, &why);
    const bool done = why.kind == ERROR_NONE ? trainer_predict(y, &config->trainer, weights,
                                                               scaled ? scaled : x, n, err)
                                             : error_set(err, why.kind, "%s", why.text);
    free(scaled);
    return done;
}

static bool predict(void *context, int64_t trial, const double *x, int64_t n, double *y,
                    Error *err) {
    const TrainedReport *trained = context;
    TrialConfig config = {0};
    TRY(trial_config_kept(&config, trained->results, trial, err));
    const MlpConfig *network = &config.trainer.network;
    TRY(trained_predict(y, trained->results, trial, &config, weights(context, trial), x, n, err));
    const double span = network->target_high - network->target_low;
    if (network->output != ACTIVATION_SOFTMAX && span > 0) {
        for (int64_t i = 0; i < n * network->outputs; i++)
            y[i] = (y[i] - network->target_low) / span;
    }
    trial_config_free(&config);
    return true;
fail:
    trial_config_free(&config);
    return false;
}

static bool load(void *context, int64_t trial, DataSplits *data, Error *why) {
    const TrainedReport *trained = context;
    const DataRoot folder = {trained->data_folder};
    Setting setting;
    store_setting(trained->results, trial, &setting);
    if (!trained_scaling_known(trained->results, &setting, why)) return false;
    if (!data_load(data, &setting, &folder, why)) return false;
    if (data_digest(data) == trained->results->data_digest[trial]) return true;
    data_free(data);
    return error_set(why, ERROR_CONFLICT, "its rows have changed since the training");
}

ReportPredictor trained_predictor(TrainedReport *trained) {
    return (ReportPredictor){.predict = predict,
                             .outputs = outputs,
                             .weights = weights,
                             .load = load,
                             .unload = data_free,
                             .context = trained};
}
