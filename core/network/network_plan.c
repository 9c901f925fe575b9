#include "core/network/network_plan.h"

#include <assert.h>

#include "core/kernels/activation.h"
#include "core/kernels/fused.h"

#define TILE_BYTES    49152  /* a tile's values: what a first cache, or a fast second one, holds */
#define FUSED_BYTES   131072 /* for fused networks: fewer starts are worth more (measured) */
#define TILE_MAX_ROWS (LANES == 8 ? 256 : 512)
#define WIDE_ROWS     128 /* tiles of networks too wide for the first cache */
#define CHUNK_WORK    2e6 /* operations: about 50 us, below which a team does not pay */
#define WIDE_WEIGHTS  256 /* layers with more weights sum their gradient along the units */

static int64_t rounded_up(int64_t n, int64_t unit) {
    return (n + unit - 1) / unit * unit;
}

static int64_t max(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* Values a sample needs in a tile. */
static int64_t values_per_row(const Mlp *mlp) {
    int64_t values = mlp->config.inputs + 4 * mlp->config.outputs;
    if (fused_fits(mlp)) return values + mlp->units;
    for (int32_t l = 0; l + 1 < mlp->layers; l++) values += 2 * mlp->layer[l].out;
    return values;
}

NetworkCut network_plan_cut(const Mlp *mlp, int64_t rows) {
    const int64_t bytes = fused_fits(mlp) ? FUSED_BYTES : TILE_BYTES;
    int64_t fit = bytes / (values_per_row(mlp) * (int64_t)sizeof(real)) / LANES * LANES;
    if (fit > TILE_MAX_ROWS) fit = TILE_MAX_ROWS;
    if (fit < 2 * LANES) fit = WIDE_ROWS;
    if (rows < 1) rows = 1;
    NetworkCut cut = {0};
    /* tiles of equal size rather than full ones and a small rest */
    const int64_t tiles = (rows + fit - 1) / fit;
    cut.tile_rows = (int32_t)rounded_up((rows + tiles - 1) / tiles, LANES);

    const double work_per_row = 6.0 * (double)mlp->parameters + 40.0 * (double)values_per_row(mlp);
    const double min_rows = CHUNK_WORK / work_per_row;
    int64_t chunk = (rows + NETWORK_PLAN_MAX_CHUNKS - 1) / NETWORK_PLAN_MAX_CHUNKS;
    if ((double)chunk < min_rows) chunk = min_rows < (double)rows ? (int64_t)min_rows + 1 : rows;
    cut.chunk_rows = rounded_up(chunk, cut.tile_rows);
    cut.chunks = (int32_t)((rows + cut.chunk_rows - 1) / cut.chunk_rows);
    cut.tiles_per_chunk = (int32_t)(cut.chunk_rows / cut.tile_rows);
    cut.tiles = (int32_t)((rows + cut.tile_rows - 1) / cut.tile_rows);
    return cut;
}

static bool is_wide(const MlpLayer *layer, int32_t in) {
    return layer->out >= LANES && (int64_t)in * layer->out > WIDE_WEIGHTS;
}

/* A tile's workspace while it is laid out. */
typedef struct Workspace {
    int64_t rows, size;
} Workspace;

/* The offset of `units` more units. */
static int64_t reserve(Workspace *workspace, int64_t units) {
    const int64_t offset = workspace->size;
    workspace->size += rounded_up(units * workspace->rows, 64);
    return offset;
}

static void lay_out_layer(NetworkLayer *offset, const Mlp *mlp, int32_t l, Workspace *workspace) {
    const MlpLayer *layer = &mlp->layer[l];
    const int64_t units = layer->out;
    const bool last = l + 1 == mlp->layers;
    const bool dropout = !last && mlp->config.dropout > 0;
    const bool needs_z = last || activation_needs_z(layer->activation);
    offset->out = reserve(workspace, units + 1);
    offset->act = dropout ? reserve(workspace, units) : offset->out;
    offset->mask = dropout ? reserve(workspace, units) : -1;
    offset->normed = needs_z && layer->normalized ? reserve(workspace, units) : offset->act;
    offset->pre = needs_z || layer->normalized ? reserve(workspace, units) : offset->act;
    offset->xhat = offset->pre;
    if (!layer->normalized) offset->normed = offset->pre;
    offset->delta = reserve(workspace, units);
}

/* Everything but the pointers; `slots` and the number of chunks follow from both cuts. */
static NetworkPlan lay_out(const Mlp *mlp, const NetworkCut *batch, const NetworkCut *evaluate) {
    NetworkPlan net = {.mlp = mlp, .batch = *batch, .evaluate = *evaluate};
    const MlpConfig *config = &mlp->config;
    Workspace workspace = {.rows = max(batch->tile_rows, evaluate->tile_rows)};
    int64_t partial_sums = 0;
    int32_t widest_wide = 0;
    net.x = reserve(&workspace, (int64_t)config->inputs + 1);
    for (int32_t l = 0; l < mlp->layers; l++) {
        const MlpLayer *layer = &mlp->layer[l];
        const int32_t in = layer->in + (config->bias ? 1 : 0);
        NetworkLayer *offset = &net.layer[l];
        lay_out_layer(offset, mlp, l, &workspace);
        offset->wide = is_wide(layer, in);
        offset->partial_sums = offset->wide ? -1 : partial_sums;
        if (offset->wide) {
            widest_wide = (int32_t)max(widest_wide, layer->out);
        } else {
            partial_sums += (int64_t)in * layer->out * LANES;
        }
    }
    net.y = net.layer[mlp->layers - 1].out;
    net.target = reserve(&workspace, config->outputs);
    net.label = reserve(&workspace, 1);
    net.transposed = reserve(&workspace, REAL_PADDED((int64_t)widest_wide));
    net.slot_size = workspace.size;
    net.fused = fused_fits(mlp);
    if (net.fused) partial_sums = fused_partial_sums(mlp);
    net.partial_sums_size = rounded_up(partial_sums, 64);
    /* with batch norm every tile of a batch lives until the batch is done */
    net.slots = (int32_t)max(config->batch_norm ? batch->tiles : batch->chunks, evaluate->chunks);
    return net;
}

void network_plan_create(NetworkPlan *net, const Mlp *mlp, int64_t batch_rows,
                         int64_t evaluate_rows, Arena *arena) {
    const NetworkCut batch = network_plan_cut(mlp, batch_rows),
                     evaluate = network_plan_cut(mlp, evaluate_rows);
    *net = lay_out(mlp, &batch, &evaluate);
    const size_t units = (size_t)max(mlp->units, mlp->widest);
    net->slot = arena_alloc_raw(arena, (size_t)net->slots * (size_t)net->slot_size, sizeof(real));
    net->partial_sums =
        arena_alloc_raw(arena, (size_t)batch.chunks * (size_t)net->partial_sums_size, sizeof(real));
    /* zeroed: gamma and beta have no sums but those of chunk 0 */
    net->chunk_grads =
        arena_alloc(arena, (size_t)(batch.chunks - 1) * (size_t)mlp->parameters, sizeof(real));
    net->sums =
        arena_alloc_raw(arena, (size_t)batch.tiles * 2 * (size_t)mlp->widest, sizeof(double));
    net->mean = arena_alloc_raw(arena, units, sizeof(double));
    net->variance = arena_alloc_raw(arena, units, sizeof(double));
    net->dbeta = arena_alloc_raw(arena, units, sizeof(double));
    net->dgamma = arena_alloc_raw(arena, units, sizeof(double));
    net->row_stride = (ptrdiff_t)rounded_up(max(batch_rows, evaluate_rows), LANES);
    const size_t rows = (size_t)net->row_stride;
    const size_t outputs = mlp->config.classes ? 0 : (size_t)mlp->config.outputs;
    net->row_loss = arena_alloc_raw(arena, rows, sizeof(real));
    net->row_output = arena_alloc_raw(arena, rows * outputs, sizeof(real));
    net->correct =
        arena_alloc_raw(arena, (size_t)max(batch.chunks, evaluate.chunks), sizeof(int64_t));
}
