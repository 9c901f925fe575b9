#include "runner/commands/trained.h"

#include <inttypes.h>

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

static bool predict(void *context, int64_t trial, const double *x, int64_t n, double *y,
                    Error *err) {
    const TrainedReport *trained = context;
    TrialConfig config = {0};
    TRY(trial_config_kept(&config, trained->results, trial, err));
    const MlpConfig *network = &config.trainer.network;
    TRY(trainer_predict(y, &config.trainer, weights(context, trial), x, n, err));
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
