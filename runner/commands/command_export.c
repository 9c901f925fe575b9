/* `runner export`: what is written, and where to. */
#include "runner/commands/command_export.h"

#include <string.h>
#include <unistd.h>

#include "core/base/files.h"

/* --- a network -------------------------------------------------------------------------------- */

static void add(ExportArray *array, int32_t *count, const char *word, int32_t layer, int32_t rows,
                int32_t columns, const double *weights, int64_t offset) {
    if (offset < 0) return;
    ExportArray *one = &array[(*count)++];
    *one = (ExportArray){.rows = rows, .columns = columns, .values = weights + offset};
    snprintf(one->name, sizeof one->name, "%s%d", word, layer + 1);
}

int32_t command_export_arrays(ExportArray array[EXPORT_MAX_ARRAYS], const Network *network) {
    int32_t count = 0;
    for (int32_t i = 0; i < network->mlp.layers; i++) {
        const MlpLayer *layer = &network->mlp.layer[i];
        const double *w = network->weights;
        add(array, &count, "W", i, layer->in, layer->out, w, layer->weight);
        add(array, &count, "b", i, 0, layer->out, w, layer->bias);
        if (!layer->normalized) continue;
        add(array, &count, "gamma", i, 0, layer->out, w, layer->gamma);
        add(array, &count, "beta", i, 0, layer->out, w, layer->beta);
        add(array, &count, "mean", i, 0, layer->out, w, layer->running_mean);
        add(array, &count, "variance", i, 0, layer->out, w, layer->running_variance);
    }
    return count;
}

static const struct {
    const char *name;
    bool (*write)(const ExportJob *job, Error *err);
    bool binary;
} FORMATS[] = {
    {"json", export_json, false},
    {"npz", export_npz, true},
    {"c", export_c, false},
};

static bool export_network(const CliOptions *options, const Opened *opened, Error *err) {
    size_t format = 0;
    int64_t trial;
    Network network = {0};
    AtomicFile file = {0};
    bool done = false;
    while (options->format && strcmp(FORMATS[format].name, options->format) != 0) format++;
    if (FORMATS[format].binary && !options->output && isatty(STDOUT_FILENO)) {
        return error_set(err, ERROR_USAGE, "--format %s: is binary; give it a file with -o",
                         FORMATS[format].name);
    }
    if (!opened_trial(opened, options->trial, &trial, err)) return false;
    if (!opened_network(&network, opened, trial, err)) return false;
    if (options->output) TRY(files_begin(&file, options->output, options->force, err));
    const ExportJob job = {opened, trial, &network, file.out ? file.out : stdout};
    done = FORMATS[format].write(&job, err);
    if (done && file.out) done = files_commit(&file, err);
fail:
    files_drop(&file);
    trial_config_free(&network.config);
    return done;
}

bool command_export(const CliOptions *options, Error *err) {
    Opened opened;
    if (!opened_open(&opened, options->target, false, err)) return false;
    const bool done = options->csv ? export_csv(&opened, options->csv, options->force, err)
                                   : export_network(options, &opened, err);
    opened_close(&opened);
    return done;
}
