/* Passes over a batch: chunks for the team, and what happens between them. */
#include "core/network/network.h"

#include <assert.h>
#include <string.h>

#include "core/kernels/fused.h"
#include "core/kernels/linear.h"
#include "core/kernels/normalization.h"
#include "core/network/tile.h"

static void chunk_reduce(const Pass *pass, int32_t chunk) {
    const NetworkPlan *net = pass->net;
    for (int32_t l = 0; l < net->mlp->layers; l++) {
        if (net->layer[l].wide) continue;
        const MlpLayer *layer = &net->mlp->layer[l];
        linear_reduce(tile_grads(pass, chunk) + layer->weight,
                      net->partial_sums + chunk * net->partial_sums_size +
                          net->layer[l].partial_sums,
                      (int64_t)tile_fan_in(pass, l) * layer->out);
    }
}

static FusedTile fused_tile(const Pass *pass, const Tile *tile) {
    return (FusedTile){.x = tile->x,
                       .largest = pass->batch->data->largest,
                       .x_stride = tile->x_stride,
                       .stride = pass->stride,
                       .rows = tile->rows};
}

/* The smallest networks: fused, see fused.h. */
static void tile_fused_forward(const Pass *pass, Tile *tile) {
    const NetworkPlan *net = pass->net;
    tile->bounded = fused_forward(tile->slot + net->layer[1].pre, tile->slot + net->layer[0].out,
                                  pass->state, net->mlp, fused_tile(pass, tile));
}

static void chunk_gradient_fused(void *context, int32_t chunk) {
    const Pass *pass = context;
    const NetworkPlan *net = pass->net;
    real *partial_sums = net->partial_sums + chunk * net->partial_sums_size;
    for (int32_t i = 0; i < tile_count(pass, chunk); i++) {
        Tile tile = tile_at(pass, chunk, i);
        tile_load(pass, &tile);
        tile_fused_forward(pass, &tile);
        tile_delta(pass, &tile);
        if (pass->scores) score_tile(pass, &tile, chunk, i > 0);
        fused_backward(partial_sums, tile.slot + net->layer[1].delta, tile.slot + net->layer[0].out,
                       pass->state, net->mlp, fused_tile(pass, &tile), i > 0);
    }
    fused_finish(tile_grads(pass, chunk), partial_sums, net->mlp);
}

/* Without batch norm: forward and backward, tile by tile. */
static void chunk_gradient(void *context, int32_t chunk) {
    const Pass *pass = context;
    const int32_t layers = pass->net->mlp->layers;
    for (int32_t i = 0; i < tile_count(pass, chunk); i++) {
        const Tile tile = tile_at(pass, chunk, i);
        tile_load(pass, &tile);
        for (int32_t l = 0; l < layers; l++) {
            tile_affine(pass, &tile, l);
            if (l + 1 < layers) tile_activate(pass, &tile, l);
        }
        tile_delta(pass, &tile);
        if (pass->scores) score_tile(pass, &tile, chunk, i > 0);
        for (int32_t l = layers - 1; l >= 0; l--) {
            tile_weights(pass, &tile, chunk, l, i > 0);
            if (l > 0) tile_back(pass, &tile, l);
        }
    }
    chunk_reduce(pass, chunk);
}

/* With batch norm, forward: up to the affine output of pass->layer, which is summed. */
static void chunk_forward(void *context, int32_t chunk) {
    const Pass *pass = context;
    const NetworkPlan *net = pass->net;
    const int32_t l = pass->layer;
    for (int32_t i = 0; i < tile_count(pass, chunk); i++) {
        const Tile tile = tile_at(pass, chunk, i);
        if (l == 0) {
            tile_load(pass, &tile);
        } else {
            tile_activate(pass, &tile, l - 1);
        }
        tile_affine(pass, &tile, l);
        const int32_t number = chunk * pass->cut.tiles_per_chunk + i;
        if (l + 1 < net->mlp->layers) {
            normalization_sum(net->sums + (int64_t)number * 2 * net->mlp->widest,
                              tile.slot + net->layer[l].pre,
                              tile_shape(pass, &tile, net->mlp->layer[l].out));
        }
    }
}

static void chunk_squares(void *context, int32_t chunk) {
    const Pass *pass = context;
    const NetworkPlan *net = pass->net;
    const int32_t l = pass->layer;
    for (int32_t i = 0; i < tile_count(pass, chunk); i++) {
        const Tile tile = tile_at(pass, chunk, i);
        const int32_t number = chunk * pass->cut.tiles_per_chunk + i;
        normalization_squares(net->sums + (int64_t)number * 2 * net->mlp->widest,
                              tile.slot + net->layer[l].pre,
                              net->mean + tile_statistics(net->mlp, l),
                              tile_shape(pass, &tile, net->mlp->layer[l].out));
    }
}

/* With batch norm, backward: weights of pass->layer, delta of the layer below and its sums. */
static void chunk_backward(void *context, int32_t chunk) {
    const Pass *pass = context;
    const NetworkPlan *net = pass->net;
    const int32_t l = pass->layer;
    for (int32_t i = 0; i < tile_count(pass, chunk); i++) {
        const Tile tile = tile_at(pass, chunk, i);
        const int32_t number = chunk * pass->cut.tiles_per_chunk + i;
        if (l + 1 == net->mlp->layers) {
            tile_delta(pass, &tile);
        } else {
            const MlpLayer *layer = &net->mlp->layer[l];
            normalization_backward(tile.slot + net->layer[l].delta, tile.slot + net->layer[l].xhat,
                                   net->variance + tile_statistics(net->mlp, l),
                                   pass->state + layer->gamma, net->dbeta, net->dgamma,
                                   pass->batch->count, tile_shape(pass, &tile, layer->out));
        }
        tile_weights(pass, &tile, chunk, l, i > 0);
        if (l == 0) continue;
        tile_back(pass, &tile, l);
        double *sums = net->sums + (int64_t)number * 2 * net->mlp->widest;
        normalization_products(sums, sums + net->mlp->widest, tile.slot + net->layer[l - 1].delta,
                               tile.slot + net->layer[l - 1].xhat,
                               tile_shape(pass, &tile, net->mlp->layer[l].in));
    }
    if (l == 0) chunk_reduce(pass, chunk);
}

/* Adds the tiles' sums in tile order; `second` chooses the second row of each. */
static void add_sums(double *total, const NetworkPlan *net, int32_t tiles, int32_t units,
                     bool second) {
    for (int32_t u = 0; u < units; u++) total[u] = 0;
    for (int32_t t = 0; t < tiles; t++) {
        const double *sums = net->sums + ((int64_t)t * 2 + (second ? 1 : 0)) * net->mlp->widest;
        for (int32_t u = 0; u < units; u++) total[u] += sums[u];
    }
}

static void move_running(real *state, const MlpLayer *layer, const double *mean,
                         const double *variance, int64_t n) {
    const double unbiased = n > 1 ? (double)n / (double)(n - 1) : 1;
    for (int32_t u = 0; u < layer->out; u++) {
        real *running_mean = state + layer->running_mean + u;
        real *running_variance = state + layer->running_variance + u;
        *running_mean += (real)(NORMALIZATION_MOMENTUM * (mean[u] - (double)*running_mean));
        *running_variance +=
            (real)(NORMALIZATION_MOMENTUM * (variance[u] * unbiased - (double)*running_variance));
    }
}

static void gradient_with_batch_norm(NetworkPlan *net, Pass *pass, real *state, Team *team) {
    const Mlp *mlp = net->mlp;
    const int64_t n = pass->batch->count;
    for (int32_t l = 0; l < mlp->layers; l++) {
        pass->layer = l;
        team->run(team, pass->cut.chunks, chunk_forward, pass);
        if (l + 1 == mlp->layers) break;
        const int32_t units = mlp->layer[l].out;
        double *mean = net->mean + tile_statistics(mlp, l);
        double *variance = net->variance + tile_statistics(mlp, l);
        add_sums(mean, net, pass->cut.tiles, units, false);
        for (int32_t u = 0; u < units; u++) mean[u] /= (double)n;
        team->run(team, pass->cut.chunks, chunk_squares, pass);
        add_sums(variance, net, pass->cut.tiles, units, false);
        for (int32_t u = 0; u < units; u++) variance[u] /= (double)n;
        move_running(state, &mlp->layer[l], mean, variance, n);
    }
    for (int32_t l = mlp->layers - 1; l >= 0; l--) {
        pass->layer = l;
        team->run(team, pass->cut.chunks, chunk_backward, pass);
        if (l == 0) break;
        const MlpLayer *below = &mlp->layer[l - 1];
        add_sums(net->dbeta, net, pass->cut.tiles, below->out, false);
        add_sums(net->dgamma, net, pass->cut.tiles, below->out, true);
        for (int32_t u = 0; u < below->out; u++) {
            pass->grads[below->gamma + u] = (real)net->dgamma[u];
            pass->grads[below->beta + u] = (real)net->dbeta[u];
        }
    }
}

/* The nominal cut for a batch that may be smaller than nominal. */
static NetworkCut cut_rows(const NetworkCut *nominal, int64_t rows) {
    NetworkCut cut = *nominal;
    cut.tiles = (int32_t)((rows + cut.tile_rows - 1) / cut.tile_rows);
    cut.chunks = (int32_t)((rows + cut.chunk_rows - 1) / cut.chunk_rows);
    return cut;
}

bool network_measures_gradients(const NetworkPlan *net) {
    return !net->mlp->config.batch_norm && net->mlp->config.dropout == 0;
}

void network_gradient(NetworkPlan *net, real *grads, real *state, const NetworkBatch *batch,
                      Scores *scores, Team *team) {
    assert(batch->count > 0);
    assert(!scores || (!batch->order && batch->count == batch->data->n));
    Pass pass = {.net = net,
                 .cut = cut_rows(&net->batch, batch->count),
                 .batch = batch,
                 .state = state,
                 .grads = grads,
                 .stride = net->batch.tile_rows,
                 .training = true,
                 .scores = scores};
    assert(pass.cut.tiles <= net->batch.tiles);
    if (net->mlp->config.batch_norm) {
        gradient_with_batch_norm(net, &pass, state, team);
    } else {
        team->run(team, pass.cut.chunks, net->fused ? chunk_gradient_fused : chunk_gradient, &pass);
    }
    for (int32_t chunk = 1; chunk < pass.cut.chunks; chunk++) {
        const real *partial = tile_grads(&pass, chunk);
        for (int64_t i = 0; i < net->mlp->parameters; i++) grads[i] += partial[i];
    }
    if (scores) score_split(scores, net, batch->data, pass.cut.chunks);
}

static void tile_copy_outputs(const Pass *pass, const Tile *tile) {
    const int32_t outputs = pass->net->mlp->config.outputs;
    for (int32_t s = 0; s < tile->count; s++) {
        for (int32_t k = 0; k < outputs; k++) {
            pass->y[(tile->first + s) * outputs + k] =
                (double)tile->slot[pass->net->y + k * pass->stride + s];
        }
    }
}

static void chunk_evaluate(void *context, int32_t chunk) {
    const Pass *pass = context;
    const int32_t layers = pass->net->mlp->layers;
    for (int32_t i = 0; i < tile_count(pass, chunk); i++) {
        Tile tile = tile_at(pass, chunk, i);
        tile_load(pass, &tile);
        if (pass->net->fused) tile_fused_forward(pass, &tile);
        for (int32_t l = 0; !pass->net->fused && l < layers; l++) {
            tile_affine(pass, &tile, l);
            if (l + 1 < layers) tile_activate(pass, &tile, l);
        }
        if (pass->y || !tile_of_two(pass)) tile_output(pass, &tile);
        if (pass->y) {
            tile_copy_outputs(pass, &tile);
        } else {
            score_tile(pass, &tile, chunk, i > 0);
        }
    }
}

/* Running statistics replace the batch's. */
static void use_running(NetworkPlan *net, const real *state) {
    int64_t at = 0;
    for (int32_t l = 0; l + 1 < net->mlp->layers; l++) {
        const MlpLayer *layer = &net->mlp->layer[l];
        for (int32_t u = 0; layer->normalized && u < layer->out; u++) {
            net->mean[at + u] = (double)state[layer->running_mean + u];
            net->variance[at + u] = (double)state[layer->running_variance + u];
        }
        at += layer->out;
    }
}

/* Returns the number of chunks. */
static int32_t run_evaluation(NetworkPlan *net, const real *state, const PackedDataset *data,
                              double *y, Team *team) {
    const NetworkBatch batch = {.data = data, .count = data->n};
    Pass pass = {.net = net,
                 .cut = cut_rows(&net->evaluate, data->n),
                 .batch = &batch,
                 .state = state,
                 .y = y,
                 .stride = net->evaluate.tile_rows};
    assert(pass.cut.chunks <= net->evaluate.chunks);
    use_running(net, state);
    team->run(team, pass.cut.chunks, chunk_evaluate, &pass);
    return pass.cut.chunks;
}

void network_evaluate(NetworkPlan *net, Scores *scores, const real *state,
                      const PackedDataset *data, Team *team) {
    const int32_t chunks = run_evaluation(net, state, data, NULL, team);
    score_split(scores, net, data, chunks);
}

void network_outputs(NetworkPlan *net, double *y, const real *state, const PackedDataset *data) {
    run_evaluation(net, state, data, y, &team_serial);
}
