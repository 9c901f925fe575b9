#include "core/network/score.h"

#include <string.h>

#include "core/kernels/loss.h"

void score_tile(const Pass *pass, const Tile *tile, int32_t chunk, bool add) {
    const NetworkPlan *net = pass->net;
    const MlpConfig *config = &net->mlp->config;
    const real *z = tile->slot + net->layer[net->mlp->layers - 1].pre, *y = tile->slot + net->y;
    const TileShape shape = tile_shape(pass, tile, config->outputs);
    real *loss = net->row_loss + tile->first;
    if (!add) net->correct[chunk] = 0;
    if (tile_of_two(pass)) {
        net->correct[chunk] += loss_score_of_two(loss, z, tile->label, shape, tile->bounded);
        return;
    }
    loss_values(config->loss, config->output, loss, y, z, tile->slot + net->target, shape);
    if (pass->batch->data->label) {
        const real middle = (real)((config->target_low + config->target_high) / 2);
        net->correct[chunk] += loss_correct(y, tile->label, middle, shape);
        return;
    }
    for (int32_t k = 0; k < config->outputs; k++) {
        memcpy(net->row_output + k * net->row_stride + tile->first, y + k * pass->stride,
               (size_t)tile->count * sizeof *y);
    }
}

static double sum_values(const real *values, int64_t count) {
    double lane[8] = {0};
    int64_t s = 0;
    for (; s + 8 <= count; s += 8) {
        for (int i = 0; i < 8; i++) lane[i] += (double)values[s + i];
    }
    for (int i = 0; s + i < count; i++) lane[i] += (double)values[s + i];
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* The losses of a chunk of an evaluation, rows first .. end. */
static double chunk_loss(const NetworkPlan *net, int64_t first, int64_t end) {
    double sum = 0;
    for (int64_t s = first; s < end; s += net->evaluate.tile_rows) {
        sum += sum_values(net->row_loss + s, least(end - s, net->evaluate.tile_rows));
    }
    return sum;
}

static double chunk_squares(const NetworkPlan *net, const PackedDataset *data, int32_t k,
                            int64_t first, int64_t end) {
    const real *y = net->row_output + k * net->row_stride, *t = data->target + k;
    double sum = 0;
    for (int64_t s = first; s < end; s++) {
        const double e = (double)y[s] - (double)t[s * data->outputs];
        sum += e * e;
    }
    return sum;
}

void score_split(Scores *scores, const NetworkPlan *net, const PackedDataset *data,
                 int32_t chunks) {
    const int64_t chunk_rows = net->evaluate.chunk_rows;
    *scores = (Scores){0};
    for (int64_t s = 0; s < data->n; s += chunk_rows) {
        scores->loss += chunk_loss(net, s, least(s + chunk_rows, data->n));
    }
    if (data->label) {
        for (int32_t chunk = 0; chunk < chunks; chunk++) {
            scores->correct += (double)net->correct[chunk];
        }
        return;
    }
    for (int32_t k = 0; k < data->outputs; k++) {
        double residual = 0;
        for (int64_t s = 0; s < data->n; s += chunk_rows) {
            residual += chunk_squares(net, data, k, s, least(s + chunk_rows, data->n));
        }
        const double spread = data->variance[k];
        scores->squares += residual;
        scores->r2 += spread > 0 ? 1 - residual / spread : residual > 0 ? 0 : 1;
    }
    scores->r2 /= data->outputs;
}
