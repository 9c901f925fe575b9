/* The first layer's columns are stored in blocks of BLOCK units: block b holds its share of every
 * row, one after the other, so that a walk over it is one stream, with the block's sums in
 * registers. */
#include "core/network/online.h"

#include <string.h>

#include "core/kernels/activation.h"
#include "core/kernels/loss.h"
#include "core/kernels/vec.h"

#define BLOCK_VECTORS 5
#define BLOCK         (BLOCK_VECTORS * VEC_WIDTH)

static int32_t padded_units(const Mlp *mlp, int32_t l) {
    const int32_t unit = l == 0 ? BLOCK * LANES / VEC_WIDTH : LANES;
    return (mlp->layer[l].out + unit - 1) / unit * unit;
}

static int64_t rows_of(const Mlp *mlp, int32_t l) {
    return mlp->layer[l].in + (mlp->config.bias ? 1 : 0);
}

bool online_fits(const Mlp *mlp) {
    return !mlp->config.batch_norm && mlp->config.dropout == 0;
}

void online_create(Online *online, const Mlp *mlp, Arena *arena) {
    *online = (Online){.mlp = mlp};
    online->output = arena_alloc(arena, 4 * LANES * (size_t)mlp->config.outputs, sizeof(real));
    for (int32_t l = 0; l < mlp->layers; l++) {
        OnlineLayer *layer = &online->layer[l];
        layer->padded = padded_units(mlp, l);
        const size_t padded = (size_t)layer->padded;
        layer->w = arena_alloc(arena, (size_t)rows_of(mlp, l) * padded, sizeof(real));
        layer->z = arena_alloc(arena, padded, sizeof(real));
        layer->a = arena_alloc(arena, padded, sizeof(real));
        layer->d = arena_alloc(arena, padded, sizeof(real));
        layer->e = arena_alloc(arena, padded, sizeof(real));
    }
}

/* The index of the weight from input i (the bias is the last) to unit j of layer l. */
static int64_t weight_at(const Online *online, int32_t l, int64_t i, int64_t j) {
    if (l > 0) return i * online->layer[l].padded + j;
    return (j / BLOCK * rows_of(online->mlp, 0) + i) * BLOCK + j % BLOCK;
}

void online_load(Online *online, const real *state) {
    for (int32_t l = 0; l < online->mlp->layers; l++) {
        const MlpLayer *layer = &online->mlp->layer[l];
        const real *from = state + layer->weight; /* the bias follows the matrix as its last row */
        for (int64_t i = 0; i < rows_of(online->mlp, l); i++) {
            for (int64_t j = 0; j < layer->out; j++) {
                online->layer[l].w[weight_at(online, l, i, j)] = from[i * layer->out + j];
            }
        }
    }
}

void online_store(const Online *online, real *state) {
    for (int32_t l = 0; l < online->mlp->layers; l++) {
        const MlpLayer *layer = &online->mlp->layer[l];
        real *to = state + layer->weight;
        for (int64_t i = 0; i < rows_of(online->mlp, l); i++) {
            for (int64_t j = 0; j < layer->out; j++) {
                to[i * layer->out + j] = online->layer[l].w[weight_at(online, l, i, j)];
            }
        }
    }
}

/* One row of a block: w += d x (update), z += w next (forward). The update is a product and a sum:
 * a fused one beside its store takes half as long again on Zen 3 (measured), which can read only
 * so many registers in a cycle. */
VEC_INLINE void walk_row(real *w, const Vec *d, Vec *z, real x, real next, const bool update,
                         const bool forward) {
    const Vec now = vec_broadcast(x), then = vec_broadcast(next);
#pragma GCC unroll 8
    for (int v = 0; v < BLOCK_VECTORS; v++) {
        Vec weight = vec_load(w + v * VEC_WIDTH);
        if (update) {
            weight += d[v] * now;
            vec_store(w + v * VEC_WIDTH, weight);
        }
        if (forward) z[v] = vec_fma(weight, then, z[v]);
    }
}

/* The first layer: updates by x and goes forward by next. Every other walk runs from the last
 * block to the first: what the previous one has left in the near caches is read first (blocks
 * share nothing, so no bit changes). */
VEC_INLINE void walk(Online *online, const real *x, const real *next, bool from_last,
                     const bool update, const bool forward) {
    OnlineLayer *layer = &online->layer[0];
    const int32_t in = online->mlp->layer[0].in;
    const int32_t blocks = (online->mlp->layer[0].out + BLOCK - 1) / BLOCK;
    for (int32_t b = 0; b < blocks; b++) {
        const int32_t j = (from_last ? blocks - 1 - b : b) * BLOCK;
        real *w = layer->w + weight_at(online, 0, 0, j);
        Vec d[BLOCK_VECTORS], z[BLOCK_VECTORS];
#pragma GCC unroll 8
        for (int v = 0; v < BLOCK_VECTORS; v++) {
            d[v] = vec_load(layer->d + j + v * VEC_WIDTH);
            z[v] = vec_broadcast(0);
        }
        for (int32_t i = 0; i < in; i++, w += BLOCK) {
            walk_row(w, d, z, update ? x[i] : 0, forward ? next[i] : 0, update, forward);
        }
        if (online->mlp->config.bias) walk_row(w, d, z, 1, 1, update, forward);
#pragma GCC unroll 8
        for (int v = 0; forward && v < BLOCK_VECTORS; v++) {
            vec_store(layer->z + j + v * VEC_WIDTH, z[v]);
        }
    }
}

/* z of a later layer's units from j on, from the activations below. */
VEC_INLINE void affine_some(Online *online, int32_t l, int32_t j, const int vectors) {
    OnlineLayer *layer = &online->layer[l];
    const real *a = online->layer[l - 1].a, *w = layer->w + j;
    const int32_t in = online->mlp->layer[l].in;
    Vec z[4];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) z[v] = vec_broadcast(0);
    for (int32_t i = 0; i < in; i++, w += layer->padded) {
        const Vec x = vec_broadcast(a[i]);
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) z[v] = vec_fma(x, vec_load(w + v * VEC_WIDTH), z[v]);
    }
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) {
        if (online->mlp->config.bias) z[v] += vec_load(w + v * VEC_WIDTH);
        vec_store(layer->z + j + v * VEC_WIDTH, z[v]);
    }
}

/* Several sums side by side: each waits only for its own additions. */
static void affine(Online *online, int32_t l) {
    const int32_t padded = online->layer[l].padded;
    int32_t j = 0;
    for (; j + 4 * VEC_WIDTH <= padded; j += 4 * VEC_WIDTH) affine_some(online, l, j, 4);
    for (; j + 2 * VEC_WIDTH <= padded; j += 2 * VEC_WIDTH) affine_some(online, l, j, 2);
    for (; j < padded; j += VEC_WIDTH) affine_some(online, l, j, 1);
}

/* The last layer's delta (in d, not yet times the rate) and, for error_signal raw, its error (in
 * e). */
static void output_delta(Online *online, const PackedDataset *data, int64_t row) {
    const MlpConfig *config = &online->mlp->config;
    OnlineLayer *last = &online->layer[online->mlp->layers - 1];
    const int32_t units = config->outputs;
    const TileShape shape = {.units = units, .samples = 1, .rows = LANES, .stride = LANES};
    real *z = online->output, *y = z + units * LANES, *t = y + units * LANES,
         *d = t + units * LANES;
    const bool softmax = config->output == ACTIVATION_SOFTMAX;
    for (int32_t k = 0; k < units; k++) {
        z[k * LANES] = last->z[k];
        if (data->target) t[k * LANES] = data->target[row * units + k];
    }
    if (data->label) {
        const real label[LANES] = {data->label[row]};
        loss_targets(t, label, softmax ? 0 : (real)config->target_low,
                     softmax ? 1 : (real)config->target_high, shape);
    }
    loss_output(config->output, y, z, shape);
    loss_delta(config->loss, config->output, d, y, z, t, shape);
    for (int32_t k = 0; k < units; k++) {
        last->d[k] = d[k * LANES];
        last->e[k] = y[k * LANES] - t[k * LANES];
    }
}

/* e of layer l - 1 from layer l's delta or error: W d. */
static void back(Online *online, int32_t l, const real *d) {
    const OnlineLayer *layer = &online->layer[l];
    real *e = online->layer[l - 1].e;
    for (int32_t i = 0; i < online->mlp->layer[l].in; i++) {
        const real *w = layer->w + (int64_t)i * layer->padded;
        Vec sum[VEC_GROUP];
        real partial_sums[LANES];
#pragma GCC unroll 8
        for (int v = 0; v < VEC_GROUP; v++) sum[v] = vec_broadcast(0);
        for (int32_t j = 0; j < layer->padded; j += LANES) {
#pragma GCC unroll 8
            for (int v = 0; v < VEC_GROUP; v++) {
                const int32_t at = j + v * VEC_WIDTH;
                sum[v] = vec_fma(vec_load(w + at), vec_load(d + at), sum[v]);
            }
        }
#pragma GCC unroll 8
        for (int v = 0; v < VEC_GROUP; v++) vec_store(partial_sums + v * VEC_WIDTH, sum[v]);
        e[i] = vec_reduce(partial_sums);
    }
}

static void update(Online *online, int32_t l) {
    OnlineLayer *layer = &online->layer[l];
    const real *a = online->layer[l - 1].a;
    const int32_t in = online->mlp->layer[l].in;
    for (int32_t i = 0; i < rows_of(online->mlp, l); i++) {
        real *w = layer->w + (int64_t)i * layer->padded;
        const Vec x = vec_broadcast(i < in ? a[i] : 1);
        for (int32_t j = 0; j < online->mlp->layer[l].out; j += VEC_WIDTH) {
            vec_store(w + j, vec_load(w + j) + vec_load(layer->d + j) * x);
        }
    }
}

static void scale_delta(OnlineLayer *layer, int32_t units, real rate) {
    for (int32_t j = 0; j < units; j++) layer->d[j] *= -rate;
    for (int32_t j = units; j < layer->padded; j++) layer->d[j] = 0;
}

/* Everything between the first layer's z and its delta: forward, backward, and the update of all
 * later layers. */
static void middle(Online *online, const PackedDataset *data, int64_t row, real rate) {
    const Mlp *mlp = online->mlp;
    for (int32_t l = 0; l + 1 < mlp->layers; l++) {
        OnlineLayer *layer = &online->layer[l];
        activation_forward(mlp->layer[l].activation, layer->a, layer->z,
                           REAL_PADDED(mlp->layer[l].out));
        affine(online, l + 1);
    }
    output_delta(online, data, row);
    for (int32_t l = mlp->layers - 1; l > 0; l--) {
        OnlineLayer *below = &online->layer[l - 1];
        const bool raw = l + 1 == mlp->layers && mlp->config.error_signal == ERROR_SIGNAL_RAW;
        back(online, l, raw ? online->layer[l].e : online->layer[l].d);
        memcpy(below->d, below->e, (size_t)mlp->layer[l].in * sizeof(real));
        activation_backward(mlp->layer[l - 1].activation, below->d, below->a, below->z,
                            REAL_PADDED(mlp->layer[l].in));
        scale_delta(&online->layer[l], mlp->layer[l].out, rate);
        update(online, l);
    }
    scale_delta(&online->layer[0], mlp->layer[0].out, rate);
}

static int64_t row_at(const int32_t *order, int64_t index) {
    return order ? order[index] : index;
}

void online_train(Online *online, const PackedDataset *data, const int32_t *order, int64_t first,
                  int64_t count, real rate) {
    const real *x = data->rows + row_at(order, first) * data->inputs;
    walk(online, NULL, x, false, false, true);
    for (int64_t i = 0; i < count; i++) {
        middle(online, data, row_at(order, first + i), rate);
        if (i + 1 == count) {
            walk(online, x, NULL, i % 2 == 0, true, false);
            return;
        }
        const real *next = data->rows + row_at(order, first + i + 1) * data->inputs;
        walk(online, x, next, i % 2 == 0, true, true);
        x = next;
    }
}
