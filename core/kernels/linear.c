/* Matrix products after Goto and van de Geijn, "Anatomy of High-Performance Matrix
 * Multiplication", ACM Transactions on Mathematical Software 34(3), 2008, whose names are used
 * here: a micro-kernel holds MR x NR results in registers while it runs over the inner index;
 * blocks of KC inner indices and MC rows keep its operands in the caches; where the inner index is
 * long, a panel of B is packed. All of it computes
 *
 *     for (i = 0; i < m; i++)
 *         for (j = 0; j < n; j++) {
 *             real sum = add ? c[i][j] : 0;
 *             for (k = 0; k < K; k++) sum = fma(a[i][k], b[k][j], sum);
 *             c[i][j] = sum;
 *         }
 *
 * to the last bit: every result is one sum over the inner index in order, so neither the blocks
 * nor the vector's width change it. */
#include "core/kernels/linear.h"

#include "core/kernels/vec.h"

/* Results kept in registers: MR rows of NR columns, chosen so that nothing spills (32 registers on
 * v4, 16 below). */
#define MR 6
#if REAL_LEVEL == 4
#define NR_VECTORS 4
#else
#define NR_VECTORS 2
#endif
#define NR (NR_VECTORS * VEC_WIDTH)

/* Blocks for the caches (measured on Zen 3): a panel of B, KC x NR, stays in the first, MC rows of
 * A in the second. Panels of more than PACK_MIN_K rows would lie in too many pages and are
 * packed. */
#define KC         96
#define MC         192
#define PACK_MIN_K 256

/* An operand: element i, j is p[i * row + j * column]. */
typedef struct Matrix {
    const real *p;
    ptrdiff_t row, column; /* strides; column is 1 in B */
    int32_t rows, columns;
} Matrix;

/* The rows from i on and the columns from j on. */
VEC_INLINE Matrix matrix_from(Matrix m, int32_t i, int32_t j) {
    m.p += i * m.row + j * m.column;
    m.rows -= i;
    m.columns -= j;
    return m;
}

static int32_t min(int32_t a, int32_t b) {
    return a < b ? a : b;
}

/* c (+)= a b for mr rows of a and nr vectors of columns of b; both are constants. */
VEC_INLINE void micro_kernel(real *c, ptrdiff_t c_stride, Matrix a, Matrix b, bool add,
                             const int mr, const int nr) {
    Vec sum[MR][NR_VECTORS];
#pragma GCC unroll 8
    for (int i = 0; i < mr; i++) {
#pragma GCC unroll 4
        for (int j = 0; j < nr; j++) {
            sum[i][j] = add ? vec_load(c + i * c_stride + j * VEC_WIDTH) : vec_broadcast(0);
        }
    }
    for (int32_t k = 0; k < a.columns; k++) {
        Vec row[NR_VECTORS];
#pragma GCC unroll 4
        for (int j = 0; j < nr; j++) row[j] = vec_load(b.p + k * b.row + j * VEC_WIDTH);
#pragma GCC unroll 8
        for (int i = 0; i < mr; i++) {
            const Vec factor = vec_broadcast(a.p[i * a.row + k * a.column]);
#pragma GCC unroll 4
            for (int j = 0; j < nr; j++) sum[i][j] = vec_fma(factor, row[j], sum[i][j]);
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < mr; i++) {
#pragma GCC unroll 4
        for (int j = 0; j < nr; j++) vec_store(c + i * c_stride + j * VEC_WIDTH, sum[i][j]);
    }
}

/* All rows of a by nr vectors of columns of b. */
VEC_INLINE void micro_panel(real *c, ptrdiff_t c_stride, Matrix a, Matrix b, bool add,
                            const int nr) {
    int32_t i = 0;
    for (; i + 6 <= a.rows; i += 6) {
        micro_kernel(c + i * c_stride, c_stride, matrix_from(a, i, 0), b, add, 6, nr);
    }
    if (i + 4 <= a.rows) {
        micro_kernel(c + i * c_stride, c_stride, matrix_from(a, i, 0), b, add, 4, nr);
        i += 4;
    }
    if (i + 2 <= a.rows) {
        micro_kernel(c + i * c_stride, c_stride, matrix_from(a, i, 0), b, add, 2, nr);
        i += 2;
    }
    if (i < a.rows) {
        micro_kernel(c + i * c_stride, c_stride, matrix_from(a, i, 0), b, add, 1, nr);
    }
}

/* NR columns of b, one row of them after the other. */
static void pack_panel(real *panel, Matrix b) {
    for (int32_t k = 0; k < b.rows; k++) {
        for (int j = 0; j < NR; j += VEC_WIDTH) {
            vec_store(panel + k * NR + j, vec_load(b.p + k * b.row + j));
        }
    }
}

static void macro_kernel(real *c, ptrdiff_t c_stride, Matrix a, Matrix b, bool add, bool pack) {
    real panel[KC * NR];
    int32_t j = 0;
    for (; j + NR <= b.columns; j += NR) {
        Matrix columns = matrix_from(b, 0, j);
        if (pack) {
            pack_panel(panel, columns);
            columns.p = panel;
            columns.row = NR;
        }
        micro_panel(c + j, c_stride, a, columns, add, NR_VECTORS);
    }
    for (; j < b.columns; j += VEC_WIDTH) {
        micro_panel(c + j, c_stride, a, matrix_from(b, 0, j), add, 1);
    }
}

/* c (+)= a b.   c: a.rows x b.columns (c_stride); b.columns is a multiple of VEC_WIDTH */
static void product(real *c, ptrdiff_t c_stride, Matrix a, Matrix b, bool add) {
    const bool pack = b.rows > PACK_MIN_K;
    const int32_t kc = pack ? KC : b.rows;
    for (int32_t i = 0; i < a.rows; i += MC) {
        for (int32_t k = 0; k < b.rows; k += kc) {
            Matrix block = matrix_from(a, i, k), panels = matrix_from(b, k, 0);
            block.rows = min(block.rows, MC);
            block.columns = panels.rows = min(panels.rows, kc);
            macro_kernel(c + i * c_stride, c_stride, block, panels, add || k > 0, pack);
        }
    }
}

static int32_t round_up_to_vectors(int32_t samples) {
    return (samples + VEC_WIDTH - 1) / VEC_WIDTH * VEC_WIDTH;
}

/* What the products leave in the padding answers inputs that nobody gave: it may overflow, and
 * vectors of another width leave something else. */
static void clear_columns(real *c, ptrdiff_t stride, int32_t units, int32_t from, int32_t to) {
    for (int32_t u = 0; from < to && u < units; u++) {
        for (int32_t s = from; s < to; s++) c[u * stride + s] = 0;
    }
}

void linear_forward(real *z, ptrdiff_t stride, const real *a, ptrdiff_t a_stride, const real *w,
                    LinearShape shape) {
    const int32_t columns = round_up_to_vectors(shape.samples);
    const Matrix transposed = {w, 1, shape.out, shape.out, shape.in};
    product(z, stride, transposed, (Matrix){a, a_stride, 1, shape.in, columns}, false);
    clear_columns(z, stride, shape.out, shape.samples, shape.rows);
}

void linear_backward(real *da, const real *d, ptrdiff_t stride, const real *w, LinearShape shape) {
    const int32_t columns = round_up_to_vectors(shape.samples);
    const Matrix weights = {w, shape.out, 1, shape.in, shape.out};
    product(da, stride, weights, (Matrix){d, stride, 1, shape.out, columns}, false);
    clear_columns(da, stride, shape.in, shape.samples, shape.rows);
}

/* The sums of a block of weights, ins x outs, each LANES wide: g (+)= the products of a's and d's
 * rows, element by element. */
VEC_INLINE void gradient_kernel(real *g, ptrdiff_t g_stride, Matrix a, Matrix d, bool add,
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
    for (int32_t s = 0; s < a.columns; s += LANES) {
#pragma GCC unroll 8
        for (int v = 0; v < VEC_GROUP; v++) {
            const int32_t at = s + v * VEC_WIDTH;
            Vec delta[2];
#pragma GCC unroll 4
            for (int j = 0; j < outs; j++) delta[j] = vec_load(d.p + j * d.row + at);
#pragma GCC unroll 4
            for (int i = 0; i < ins; i++) {
                const Vec input = vec_load(a.p + i * a.row + at);
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

/* `ins` inputs by all outputs. */
VEC_INLINE void gradient_row(real *g, Matrix a, Matrix d, bool add, const int ins) {
    const ptrdiff_t g_stride = (ptrdiff_t)d.rows * LANES;
    int32_t j = 0;
    for (; j + 2 <= d.rows; j += 2) {
        gradient_kernel(g + j * LANES, g_stride, a, matrix_from(d, j, 0), add, ins, 2);
    }
    if (j < d.rows) {
        gradient_kernel(g + j * LANES, g_stride, a, matrix_from(d, j, 0), add, ins, 1);
    }
}

void linear_gradient(real *g, const real *a, ptrdiff_t a_stride, const real *d, ptrdiff_t stride,
                     LinearShape shape, bool add) {
    const ptrdiff_t g_stride = (ptrdiff_t)shape.out * LANES;
    const Matrix inputs = {a, a_stride, 1, shape.in, shape.rows};
    const Matrix deltas = {d, stride, 1, shape.out, shape.rows};
    int32_t i = 0;
    for (; i + 3 <= shape.in; i += 3) {
        gradient_row(g + i * g_stride, matrix_from(inputs, i, 0), deltas, add, 3);
    }
    for (; i < shape.in; i++) {
        gradient_row(g + i * g_stride, matrix_from(inputs, i, 0), deltas, add, 1);
    }
}

void linear_reduce(real *dw, const real *g, int64_t count) {
    vec_reduce_blocks(dw, g, LANES, count);
}

/* The last columns of dw, fewer than a vector: they go through a buffer of full vectors. */
static void gradient_edge(real *dw, int32_t out, Matrix a, Matrix dt, bool add, int32_t columns) {
    for (int32_t i = 0; i < a.rows; i += MR) {
        const int32_t rows = min(a.rows - i, MR);
        real edge[MR * VEC_WIDTH] = {0};
        for (int32_t u = 0; add && u < rows; u++) {
            const real *from = dw + (int64_t)(i + u) * out;
            for (int32_t j = 0; j < columns; j++) edge[u * VEC_WIDTH + j] = from[j];
        }
        Matrix some = matrix_from(a, i, 0);
        some.rows = rows;
        product(edge, VEC_WIDTH, some, dt, add);
        for (int32_t u = 0; u < rows; u++) {
            real *to = dw + (int64_t)(i + u) * out;
            for (int32_t j = 0; j < columns; j++) to[j] = edge[u * VEC_WIDTH + j];
        }
    }
}

void linear_gradient_wide(real *dw, const real *a, ptrdiff_t a_stride, const real *dt,
                          ptrdiff_t dt_stride, LinearShape shape, bool add) {
    const int32_t out = shape.out, columns = out / VEC_WIDTH * VEC_WIDTH;
    const Matrix inputs = {a, a_stride, 1, shape.in, shape.samples};
    const Matrix deltas = {dt, dt_stride, 1, shape.samples, columns};
    product(dw, out, inputs, deltas, add);
    if (columns == out) return;
    const Matrix last = {dt + columns, dt_stride, 1, shape.samples, VEC_WIDTH};
    gradient_edge(dw + columns, out, inputs, last, add, out - columns);
}

void linear_transpose(real *dt, ptrdiff_t dt_stride, const real *d, ptrdiff_t stride, int32_t units,
                      int32_t samples) {
    const int32_t full_units = units / VEC_WIDTH * VEC_WIDTH;
    const int32_t full_samples = samples / VEC_WIDTH * VEC_WIDTH;
    for (int32_t u = 0; u < full_units; u += VEC_WIDTH) {
        for (int32_t s = 0; s < full_samples; s += VEC_WIDTH) {
            const real *from[VEC_WIDTH];
            for (int i = 0; i < VEC_WIDTH; i++) from[i] = d + (u + i) * stride + s;
            vec_transpose(dt + s * dt_stride + u, dt_stride, from);
        }
    }
    for (int32_t s = 0; s < samples; s++) {
        for (int32_t u = s < full_samples ? full_units : 0; u < units; u++) {
            dt[s * dt_stride + u] = d[u * stride + s];
        }
    }
}
