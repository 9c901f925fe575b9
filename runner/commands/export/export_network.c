#include "runner/commands/export/export_network.h"

static void add(ExportArray *array, int32_t *count, const char *word, int32_t layer, int32_t rows,
                int32_t columns, const double *weights, int64_t offset) {
    if (offset < 0) return;
    ExportArray *one = &array[(*count)++];
    *one = (ExportArray){.rows = rows, .columns = columns, .values = weights + offset};
    snprintf(one->name, sizeof one->name, "%s%d", word, layer + 1);
}

int32_t export_network_arrays(ExportArray array[EXPORT_MAX_ARRAYS], const TrainedNetwork *network) {
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
