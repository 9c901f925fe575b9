#include "core/network/tile.h"

#include <string.h>

#include "core/kernels/activation.h"
#include "core/kernels/dropout.h"
#include "core/kernels/linear.h"
#include "core/kernels/loss.h"
#include "core/kernels/normalization.h"

real *tile_grads(const Pass *pass, int32_t chunk) {
    return chunk == 0 ? pass->grads
                      : pass->net->chunk_grads + (int64_t)(chunk - 1) * pass->net->mlp->parameters;
}

Tile tile_at(const Pass *pass, int32_t chunk, int32_t index) {
    const NetworkPlan *net = pass->net;
    const int32_t number = chunk * pass->cut.tiles_per_chunk + index;
    const int64_t first = (int64_t)number * pass->cut.tile_rows;
    const int64_t left = pass->batch->count - first;
    const int32_t slot = pass->training && net->mlp->config.batch_norm ? number : chunk;
    Tile tile = {.slot = net->slot + slot * net->slot_size, .first = first};
    tile.count = (int32_t)(left < pass->cut.tile_rows ? left : pass->cut.tile_rows);
    tile.rows = tile.count > 0 ? REAL_PADDED(tile.count) : 0;
    const PackedDataset *data = pass->batch->data;
    if (data->columns && !pass->batch->order) {
        tile.x = data->columns + pass->batch->first + first;
        tile.x_stride = data->stride;
    } else {
        tile.x = tile.slot + net->x;
        tile.x_stride = pass->stride;
    }
    /* rows in the data's own order need no copy of their labels; past the last is a label of no
     * class */
    tile.label = data->label && !pass->batch->order ? data->label + pass->batch->first + first
                                                    : tile.slot + net->label;
    return tile;
}

int32_t tile_count(const Pass *pass, int32_t chunk) {
    const int32_t left = pass->cut.tiles - chunk * pass->cut.tiles_per_chunk;
    return left < pass->cut.tiles_per_chunk ? left : pass->cut.tiles_per_chunk;
}

/* Two classes need no outputs and no targets: their labels are enough. */
bool tile_of_two(const Pass *pass) {
    const MlpConfig *config = &pass->net->mlp->config;
    return pass->batch->data->label && config->outputs == 2 &&
           config->output == ACTIVATION_SOFTMAX && config->loss == LOSS_CROSS_ENTROPY &&
           config->error_signal == ERROR_SIGNAL_DELTA;
}

void tile_load(const Pass *pass, const Tile *tile) {
    const NetworkPlan *net = pass->net;
    const NetworkBatch *batch = pass->batch;
    real *x = tile->x == tile->slot + net->x ? tile->slot + net->x : NULL;
    real *target = tile->slot + net->target, *label = tile->slot + net->label;
    if (x || !batch->data->label || tile->label == label) {
        const PackedTile to = {
            .rows = tile->rows, .stride = pass->stride, .x = x, .label = label, .target = target};
        packed_dataset_gather(batch->data, batch->order, batch->first + tile->first, tile->count,
                              to);
    }
    if (batch->data->label && !tile_of_two(pass)) {
        const MlpConfig *config = &net->mlp->config;
        const bool softmax = config->output == ACTIVATION_SOFTMAX;
        loss_targets(target, tile->label, softmax ? 0 : (real)config->target_low,
                     softmax ? 1 : (real)config->target_high,
                     tile_shape(pass, tile, config->outputs));
    }
}

/* Inputs of layer l: the outputs of the one before. */
static const real *layer_input(const Pass *pass, const Tile *tile, int32_t l, ptrdiff_t *stride) {
    *stride = l == 0 ? tile->x_stride : pass->stride;
    return l == 0 ? tile->x : tile->slot + pass->net->layer[l - 1].out;
}

int32_t tile_fan_in(const Pass *pass, int32_t l) {
    return pass->net->mlp->layer[l].in + (pass->net->mlp->config.bias ? 1 : 0);
}

static LinearShape linear_shape(const Tile *tile, int32_t in, int32_t out) {
    return (LinearShape){.in = in, .out = out, .samples = tile->count, .rows = tile->rows};
}

void tile_affine(const Pass *pass, const Tile *tile, int32_t l) {
    const MlpLayer *layer = &pass->net->mlp->layer[l];
    ptrdiff_t stride;
    const real *a = layer_input(pass, tile, l, &stride);
    linear_forward(tile->slot + pass->net->layer[l].pre, pass->stride, a, stride,
                   pass->state + layer->weight,
                   linear_shape(tile, tile_fan_in(pass, l), layer->out));
}

int64_t tile_statistics(const Mlp *mlp, int32_t l) {
    int64_t offset = 0;
    for (int32_t i = 0; i < l; i++) offset += mlp->layer[i].out;
    return offset;
}

/* From a hidden layer's affine output to what the next layer sees. */
void tile_activate(const Pass *pass, const Tile *tile, int32_t l) {
    const NetworkPlan *net = pass->net;
    const MlpLayer *layer = &net->mlp->layer[l];
    const NetworkLayer *offset = &net->layer[l];
    real *slot = tile->slot;
    if (layer->normalized) {
        const int64_t at = tile_statistics(net->mlp, l);
        normalization_forward(slot + offset->normed, slot + offset->xhat, slot + offset->pre,
                              net->mean + at, net->variance + at, pass->state + layer->gamma,
                              pass->state + layer->beta, tile_shape(pass, tile, layer->out));
    }
    /* padding included: one array without gaps; what is past tile->rows is never read */
    activation_forward(layer->activation, slot + offset->act, slot + offset->normed,
                       layer->out * pass->stride);
    const double share = net->mlp->config.dropout;
    if (share > 0 && pass->training) {
        const DropoutKey key = {pass->batch->seed, pass->batch->step, (uint64_t)l};
        dropout_mask(slot + offset->mask, share, key, tile->first,
                     tile_shape(pass, tile, layer->out));
        dropout_apply(slot + offset->out, slot + offset->act, slot + offset->mask,
                      layer->out * pass->stride);
    } else if (offset->out != offset->act) {
        memcpy(slot + offset->out, slot + offset->act,
               (size_t)layer->out * (size_t)pass->stride * sizeof(real));
    }
    real *ones = slot + offset->out + layer->out * pass->stride;
    for (int32_t s = 0; s < tile->rows; s++) ones[s] = 1;
}

void tile_output(const Pass *pass, const Tile *tile) {
    const NetworkPlan *net = pass->net;
    const MlpConfig *config = &net->mlp->config;
    const NetworkLayer *offset = &net->layer[net->mlp->layers - 1];
    loss_output(config->output, tile->slot + net->y, tile->slot + offset->pre,
                tile_shape(pass, tile, config->outputs));
}

/* The output's delta; padding gets 0. */
void tile_delta(const Pass *pass, const Tile *tile) {
    const NetworkPlan *net = pass->net;
    const MlpConfig *config = &net->mlp->config;
    const NetworkLayer *offset = &net->layer[net->mlp->layers - 1];
    real *d = tile->slot + offset->delta;
    const real *z = tile->slot + offset->pre;
    if (tile_of_two(pass)) {
        loss_delta_of_two(d, z, tile->label, tile_shape(pass, tile, 2), tile->bounded);
    } else {
        tile_output(pass, tile);
        loss_delta(config->loss, config->output, d, tile->slot + net->y, z,
                   tile->slot + net->target, tile_shape(pass, tile, config->outputs));
    }
    for (int32_t k = 0; k < config->outputs; k++) {
        for (int32_t s = tile->count; s < tile->rows; s++) d[k * pass->stride + s] = 0;
    }
}

/* dW += a d^T of layer l, into the chunk's own sums. */
void tile_weights(const Pass *pass, const Tile *tile, int32_t chunk, int32_t l, bool add) {
    const NetworkPlan *net = pass->net;
    const MlpLayer *layer = &net->mlp->layer[l];
    const NetworkLayer *offset = &net->layer[l];
    ptrdiff_t stride;
    const real *a = layer_input(pass, tile, l, &stride);
    const real *d = tile->slot + offset->delta;
    const LinearShape shape = linear_shape(tile, tile_fan_in(pass, l), layer->out);
    if (!offset->wide) {
        linear_gradient(net->partial_sums + chunk * net->partial_sums_size + offset->partial_sums,
                        a, stride, d, pass->stride, shape, add);
        return;
    }
    const ptrdiff_t padded = REAL_PADDED((ptrdiff_t)layer->out);
    real *transposed = tile->slot + net->transposed;
    for (int32_t s = 0; s < tile->count; s++) {
        for (ptrdiff_t u = layer->out; u < padded; u++) transposed[s * padded + u] = 0;
    }
    linear_transpose(transposed, padded, d, pass->stride, layer->out, tile->count);
    linear_gradient_wide(tile_grads(pass, chunk) + layer->weight, a, stride, transposed, padded,
                         shape, add);
}

/* error_signal raw (mlp.h): errors are sent back as they are, without the output's derivative. */
static const real *raw_errors(const Pass *pass, const Tile *tile) {
    const NetworkPlan *net = pass->net;
    const MlpConfig *config = &net->mlp->config;
    real *e = tile->slot + net->target; /* the targets are no longer needed */
    for (int32_t k = 0; k < config->outputs; k++) {
        const real *y = tile->slot + net->y + k * pass->stride;
        real *row = e + k * pass->stride;
        for (int32_t s = 0; s < tile->rows; s++) row[s] = s < tile->count ? y[s] - row[s] : 0;
    }
    return e;
}

/* From the delta of layer l to that of layer l - 1, as far as its batch norm (if any). */
void tile_back(const Pass *pass, const Tile *tile, int32_t l) {
    const NetworkPlan *net = pass->net;
    const MlpLayer *layer = &net->mlp->layer[l];
    const NetworkLayer *below = &net->layer[l - 1];
    const int32_t units = layer->in;
    real *d = tile->slot + below->delta;
    const bool raw = net->mlp->config.error_signal == ERROR_SIGNAL_RAW && l + 1 == net->mlp->layers;
    const real *errors = raw ? raw_errors(pass, tile) : tile->slot + net->layer[l].delta;
    linear_backward(d, errors, pass->stride, pass->state + layer->weight,
                    linear_shape(tile, units, layer->out));
    if (net->mlp->config.dropout > 0) {
        dropout_apply(d, d, tile->slot + below->mask, units * pass->stride);
    }
    activation_backward(net->mlp->layer[l - 1].activation, d, tile->slot + below->act,
                        tile->slot + below->normed, units * pass->stride);
}
