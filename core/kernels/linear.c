/* Register-tiled products: a tile of results stays in registers while the sum runs over the inner
 * index in order, so neither the tile's shape nor the vector's width changes a bit. */
#include "core/kernels/linear.h"

#include "core/kernels/vec.h"

/* Results kept in registers: UNITS rows of up to GROUPS vectors, chosen so that nothing spills (32
 * registers on v4, 16 below). */
#define TILE_UNITS 6
#if REAL_LEVEL == 4
#define TILE_VECTORS 4
#else
#define TILE_VECTORS 2
#endif
#define TILE_COLUMNS (TILE_VECTORS * VEC_WIDTH)

/* What a run over tiles touches stays in the caches (measured on Zen 3): a panel of b, INNER_BLOCK
 * x TILE_COLUMNS, in the first, the factors of UNIT_BLOCK rows in the second. Longer panels would
 * lie in too many places and are copied together. */
#define SHORT_INNER 256
#define INNER_BLOCK 96
#define UNIT_BLOCK  192

/* c[u][v] (+)= sum_k a[u * a_unit + k * a_inner] b[k * b_stride + v], u < units, v < vectors *
 * VEC_WIDTH */
VEC_INLINE void tile(real *c, ptrdiff_t c_stride, const real *a, ptrdiff_t a_unit,
                     ptrdiff_t a_inner, const real *b, ptrdiff_t b_stride, int32_t inner, bool add,
                     const int units, const int vectors) {
    Vec sum[TILE_UNITS][TILE_VECTORS];
#pragma GCC unroll 8
    for (int u = 0; u < units; u++) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            sum[u][v] = add ? vec_load(c + u * c_stride + v * VEC_WIDTH) : vec_broadcast(0);
        }
    }
    for (int32_t k = 0; k < inner; k++) {
        Vec row[TILE_VECTORS];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) row[v] = vec_load(b + k * b_stride + v * VEC_WIDTH);
#pragma GCC unroll 8
        for (int u = 0; u < units; u++) {
            const Vec factor = vec_broadcast(a[u * a_unit + k * a_inner]);
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++) sum[u][v] = vec_fma(factor, row[v], sum[u][v]);
        }
    }
#pragma GCC unroll 8
    for (int u = 0; u < units; u++) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) vec_store(c + u * c_stride + v * VEC_WIDTH, sum[u][v]);
    }
}

/* The tiles under one another of a column of tiles. */
VEC_INLINE void tile_column(real *c, ptrdiff_t c_stride, const real *a, ptrdiff_t a_unit,
                            ptrdiff_t a_inner, const real *b, ptrdiff_t b_stride, int32_t inner,
                            bool add, int32_t units, const int vectors) {
    int32_t u = 0;
    for (; u + 6 <= units; u += 6) {
        tile(c + u * c_stride, c_stride, a + u * a_unit, a_unit, a_inner, b, b_stride, inner, add,
             6, vectors);
    }
    if (u + 4 <= units) {
        tile(c + u * c_stride, c_stride, a + u * a_unit, a_unit, a_inner, b, b_stride, inner, add,
             4, vectors);
        u += 4;
    }
    if (u + 2 <= units) {
        tile(c + u * c_stride, c_stride, a + u * a_unit, a_unit, a_inner, b, b_stride, inner, add,
             2, vectors);
        u += 2;
    }
    if (u < units) {
        tile(c + u * c_stride, c_stride, a + u * a_unit, a_unit, a_inner, b, b_stride, inner, add,
             1, vectors);
    }
}

static void copy_panel(real *panel, const real *b, ptrdiff_t b_stride, int32_t inner) {
    for (int32_t k = 0; k < inner; k++) {
        for (int v = 0; v < TILE_COLUMNS; v += VEC_WIDTH) {
            vec_store(panel + k * TILE_COLUMNS + v, vec_load(b + k * b_stride + v));
        }
    }
}

static void product_block(real *c, ptrdiff_t c_stride, const real *a, ptrdiff_t a_unit,
                          ptrdiff_t a_inner, const real *b, ptrdiff_t b_stride, int32_t inner,
                          bool add, int32_t units, int32_t columns, bool copy) {
    real panel[INNER_BLOCK * TILE_COLUMNS];
    int32_t v = 0;
    for (; v + TILE_COLUMNS <= columns; v += TILE_COLUMNS) {
        if (copy) copy_panel(panel, b + v, b_stride, inner);
        tile_column(c + v, c_stride, a, a_unit, a_inner, copy ? panel : b + v,
                    copy ? TILE_COLUMNS : b_stride, inner, add, units, TILE_VECTORS);
    }
    for (; v < columns; v += VEC_WIDTH) {
        tile_column(c + v, c_stride, a, a_unit, a_inner, b + v, b_stride, inner, add, units, 1);
    }
}

/* c (+)= a b.   c: units x columns, b: inner x columns, columns a multiple of VEC_WIDTH */
static void product(real *c, ptrdiff_t c_stride, const real *a, ptrdiff_t a_unit, ptrdiff_t a_inner,
                    const real *b, ptrdiff_t b_stride, int32_t inner, bool add, int32_t units,
                    int32_t columns) {
    const bool copy = inner > SHORT_INNER;
    const int32_t block = copy ? INNER_BLOCK : inner;
    for (int32_t u = 0; u < units; u += UNIT_BLOCK) {
        const int32_t height = units - u < UNIT_BLOCK ? units - u : UNIT_BLOCK;
        for (int32_t k = 0; k < inner; k += block) {
            const int32_t count = inner - k < block ? inner - k : block;
            product_block(c + u * c_stride, c_stride, a + u * a_unit + k * a_inner, a_unit, a_inner,
                          b + k * b_stride, b_stride, count, add || k > 0, height, columns, copy);
        }
    }
}

/* Samples rounded up to whole vectors. */
static int32_t whole_vectors(int32_t samples) {
    return (samples + VEC_WIDTH - 1) / VEC_WIDTH * VEC_WIDTH;
}

/* What the products left in the padding is an answer to inputs that nobody gave: it may overflow,
 * and vectors of another width leave it elsewhere. */
static void clear_columns(real *c, ptrdiff_t stride, int32_t units, int32_t from, int32_t to) {
    for (int32_t u = 0; from < to && u < units; u++) {
        for (int32_t s = from; s < to; s++) c[u * stride + s] = 0;
    }
}

void linear_forward(real *z, ptrdiff_t stride, const real *a, ptrdiff_t a_stride, const real *w,
                    int32_t in, int32_t out, int32_t samples, int32_t rows) {
    product(z, stride, w, 1, out, a, a_stride, in, false, out, whole_vectors(samples));
    clear_columns(z, stride, out, samples, rows);
}

void linear_backward(real *da, const real *d, ptrdiff_t stride, const real *w, int32_t in,
                     int32_t out, int32_t samples, int32_t rows) {
    product(da, stride, w, out, 1, d, stride, out, false, in, whole_vectors(samples));
    clear_columns(da, stride, in, samples, rows);
}

/* The sums of a block of weights, ins x outs, each LANES wide. */
VEC_INLINE void gradient_tile(real *g, ptrdiff_t g_stride, const real *a, ptrdiff_t a_stride,
                              const real *d, ptrdiff_t stride, int32_t rows, bool add,
                              const int ins, const int outs) {
    Vec sum[3][2][VEC_GROUP];
#pragma GCC unroll 4
    for (int i = 0; i < ins; i++) {
#pragma GCC unroll 4
        for (int j = 0; j < outs; j++) {
#pragma GCC unroll 8
            for (int v = 0; v < VEC_GROUP; v++) {
                const real *before = g + i * g_stride + j * LANES + v * VEC_WIDTH;
                sum[i][j][v] = add ? vec_load(before) : vec_broadcast(0);
            }
        }
    }
    for (int32_t s = 0; s < rows; s += LANES) {
#pragma GCC unroll 8
        for (int v = 0; v < VEC_GROUP; v++) {
            Vec delta[2];
#pragma GCC unroll 4
            for (int j = 0; j < outs; j++) delta[j] = vec_load(d + j * stride + s + v * VEC_WIDTH);
#pragma GCC unroll 4
            for (int i = 0; i < ins; i++) {
                const Vec input = vec_load(a + i * a_stride + s + v * VEC_WIDTH);
#pragma GCC unroll 4
                for (int j = 0; j < outs; j++) {
                    sum[i][j][v] = vec_fma(input, delta[j], sum[i][j][v]);
                }
            }
        }
    }
#pragma GCC unroll 4
    for (int i = 0; i < ins; i++) {
#pragma GCC unroll 4
        for (int j = 0; j < outs; j++) {
#pragma GCC unroll 8
            for (int v = 0; v < VEC_GROUP; v++) {
                vec_store(g + i * g_stride + j * LANES + v * VEC_WIDTH, sum[i][j][v]);
            }
        }
    }
}

VEC_INLINE void gradient_row(real *g, const real *a, ptrdiff_t a_stride, const real *d,
                             ptrdiff_t stride, int32_t out, int32_t rows, bool add, const int ins) {
    const ptrdiff_t g_stride = (ptrdiff_t)out * LANES;
    int32_t j = 0;
    for (; j + 2 <= out; j += 2) {
        gradient_tile(g + j * LANES, g_stride, a, a_stride, d + j * stride, stride, rows, add, ins,
                      2);
    }
    if (j < out) {
        gradient_tile(g + j * LANES, g_stride, a, a_stride, d + j * stride, stride, rows, add, ins,
                      1);
    }
}

void linear_gradient(real *g, const real *a, ptrdiff_t a_stride, const real *d, ptrdiff_t stride,
                     int32_t in, int32_t out, int32_t rows, bool add) {
    const ptrdiff_t g_stride = (ptrdiff_t)out * LANES;
    int32_t i = 0;
    for (; i + 3 <= in; i += 3) {
        gradient_row(g + i * g_stride, a + i * a_stride, a_stride, d, stride, out, rows, add, 3);
    }
    for (; i < in; i++) {
        gradient_row(g + i * g_stride, a + i * a_stride, a_stride, d, stride, out, rows, add, 1);
    }
}

void linear_reduce(real *dw, const real *g, int64_t count) {
    vec_reduce_blocks(dw, g, count);
}

void linear_gradient_wide(real *dw, const real *a, ptrdiff_t a_stride, const real *dt,
                          ptrdiff_t dt_stride, int32_t in, int32_t out, int32_t samples, bool add) {
    const int32_t whole = out / VEC_WIDTH * VEC_WIDTH;
    product(dw, out, a, a_stride, 1, dt, dt_stride, samples, add, in, whole);
    if (whole == out) return;
    /* the last columns go through a buffer of a whole vector */
    for (int32_t i = 0; i < in; i += TILE_UNITS) {
        const int32_t units = in - i < TILE_UNITS ? in - i : TILE_UNITS;
        real edge[TILE_UNITS * VEC_WIDTH] = {0};
        for (int32_t u = 0; add && u < units; u++) {
            const real *from = dw + (int64_t)(i + u) * out + whole;
            for (int32_t j = 0; j < out - whole; j++) edge[u * VEC_WIDTH + j] = from[j];
        }
        product(edge, VEC_WIDTH, a + i * a_stride, a_stride, 1, dt + whole, dt_stride, samples, add,
                units, VEC_WIDTH);
        for (int32_t u = 0; u < units; u++) {
            real *to = dw + (int64_t)(i + u) * out + whole;
            for (int32_t j = 0; j < out - whole; j++) to[j] = edge[u * VEC_WIDTH + j];
        }
    }
}

void linear_transpose(real *dt, ptrdiff_t dt_stride, const real *d, ptrdiff_t stride, int32_t units,
                      int32_t samples) {
    const int32_t whole_units = units / VEC_WIDTH * VEC_WIDTH;
    const int32_t whole_samples = samples / VEC_WIDTH * VEC_WIDTH;
    for (int32_t u = 0; u < whole_units; u += VEC_WIDTH) {
        for (int32_t s = 0; s < whole_samples; s += VEC_WIDTH) {
            const real *from[VEC_WIDTH];
            for (int i = 0; i < VEC_WIDTH; i++) from[i] = d + (u + i) * stride + s;
            vec_transpose(dt + s * dt_stride + u, dt_stride, from);
        }
    }
    for (int32_t s = 0; s < samples; s++) {
        for (int32_t u = s < whole_samples ? whole_units : 0; u < units; u++) {
            dt[s * dt_stride + u] = d[u * stride + s];
        }
    }
}
