/* Register-tiled products: a tile of results stays in registers while the sum runs over the inner
 * index in order, so neither the tile's shape nor the vector's width changes a bit. */
#include "core/linear.h"

#include "core/vec.h"

/* Results kept in registers: UNITS rows of up to GROUPS vectors, chosen so that nothing spills (32
 * registers on v4, 16 below). */
#define TILE_UNITS 6
#if REAL_LEVEL == 4
#define TILE_VECTORS 4
#else
#define TILE_VECTORS 2
#endif
#define INNER_BLOCK                                                                                \
    256 /* inner index: this many at a time, so that a panel of b stays in the first cache */

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
            sum[u][v] = add ? vec_load(c + u * c_stride + v * VEC_WIDTH) : vec_all(0);
        }
    }
    for (int32_t k = 0; k < inner; k++) {
        Vec row[TILE_VECTORS];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) row[v] = vec_load(b + k * b_stride + v * VEC_WIDTH);
#pragma GCC unroll 8
        for (int u = 0; u < units; u++) {
            const Vec factor = vec_all(a[u * a_unit + k * a_inner]);
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

/* The tiles of one height over all columns (a multiple of VEC_WIDTH of them). */
VEC_INLINE void tile_row(real *c, ptrdiff_t c_stride, const real *a, ptrdiff_t a_unit,
                         ptrdiff_t a_inner, const real *b, ptrdiff_t b_stride, int32_t inner,
                         bool add, int32_t columns, const int units) {
    int32_t v = 0;
    for (; v + TILE_VECTORS * VEC_WIDTH <= columns; v += TILE_VECTORS * VEC_WIDTH) {
        tile(c + v, c_stride, a, a_unit, a_inner, b + v, b_stride, inner, add, units, TILE_VECTORS);
    }
    for (; v < columns; v += VEC_WIDTH) {
        tile(c + v, c_stride, a, a_unit, a_inner, b + v, b_stride, inner, add, units, 1);
    }
}

static void product_block(real *c, ptrdiff_t c_stride, const real *a, ptrdiff_t a_unit,
                          ptrdiff_t a_inner, const real *b, ptrdiff_t b_stride, int32_t inner,
                          bool add, int32_t units, int32_t columns) {
    int32_t u = 0;
    for (; u + 6 <= units; u += 6) {
        tile_row(c + u * c_stride, c_stride, a + u * a_unit, a_unit, a_inner, b, b_stride, inner,
                 add, columns, 6);
    }
    if (u + 4 <= units) {
        tile_row(c + u * c_stride, c_stride, a + u * a_unit, a_unit, a_inner, b, b_stride, inner,
                 add, columns, 4);
        u += 4;
    }
    if (u + 2 <= units) {
        tile_row(c + u * c_stride, c_stride, a + u * a_unit, a_unit, a_inner, b, b_stride, inner,
                 add, columns, 2);
        u += 2;
    }
    if (u < units) {
        tile_row(c + u * c_stride, c_stride, a + u * a_unit, a_unit, a_inner, b, b_stride, inner,
                 add, columns, 1);
    }
}

/* c (+)= a b.   c: units x columns, b: inner x columns, columns a multiple of VEC_WIDTH */
static void product(real *c, ptrdiff_t c_stride, const real *a, ptrdiff_t a_unit, ptrdiff_t a_inner,
                    const real *b, ptrdiff_t b_stride, int32_t inner, bool add, int32_t units,
                    int32_t columns) {
    for (int32_t k = 0; k < inner; k += INNER_BLOCK) {
        const int32_t count = inner - k < INNER_BLOCK ? inner - k : INNER_BLOCK;
        product_block(c, c_stride, a + k * a_inner, a_unit, a_inner, b + k * b_stride, b_stride,
                      count, add || k > 0, units, columns);
    }
}

void linear_forward(real *z, ptrdiff_t stride, const real *a, ptrdiff_t a_stride, const real *w,
                    int32_t in, int32_t out, int32_t rows) {
    product(z, stride, w, 1, out, a, a_stride, in, false, out, rows);
}

void linear_backward(real *da, const real *d, ptrdiff_t stride, const real *w, int32_t in,
                     int32_t out, int32_t rows) {
    product(da, stride, w, out, 1, d, stride, out, false, in, rows);
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
                sum[i][j][v] = add ? vec_load(before) : vec_all(0);
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

void linear_sum_lanes(real *dw, const real *g, int64_t count) {
    vec_sum_blocks(dw, g, count);
}

void linear_gradient_wide(real *dw, const real *a, ptrdiff_t a_stride, const real *dt,
                          ptrdiff_t dt_stride, int32_t in, int32_t out, int32_t samples, bool add) {
    const int32_t whole = out / LANES * LANES;
    product(dw, out, a, a_stride, 1, dt, dt_stride, samples, add, in, whole);
    if (whole == out) return;
    /* the last columns go through a buffer of whole lanes */
    for (int32_t i = 0; i < in; i += TILE_UNITS) {
        const int32_t units = in - i < TILE_UNITS ? in - i : TILE_UNITS;
        real edge[TILE_UNITS * LANES] = {0};
        for (int32_t u = 0; add && u < units; u++) {
            const real *from = dw + (int64_t)(i + u) * out + whole;
            for (int32_t j = 0; j < out - whole; j++) edge[u * LANES + j] = from[j];
        }
        product(edge, LANES, a + i * a_stride, a_stride, 1, dt + whole, dt_stride, samples, add,
                units, LANES);
        for (int32_t u = 0; u < units; u++) {
            real *to = dw + (int64_t)(i + u) * out + whole;
            for (int32_t j = 0; j < out - whole; j++) to[j] = edge[u * LANES + j];
        }
    }
}

void linear_transpose(real *dt, ptrdiff_t dt_stride, const real *d, ptrdiff_t stride, int32_t units,
                      int32_t samples) {
    for (int32_t u0 = 0; u0 < units; u0 += LANES) {
        const int32_t u1 = units - u0 < LANES ? units : u0 + LANES;
        for (int32_t s = 0; s < samples; s++) {
            for (int32_t u = u0; u < u1; u++) dt[s * dt_stride + u] = d[u * stride + s];
        }
    }
}
