#include "runner/output/contour.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Edges of the grid: first those along x, edge (row, column) from that point to the next; then
 * those along y. A line crosses an edge at most once, and goes from there into one or two
 * squares. */
typedef struct Tracer {
    const ContourGrid *grid;
    double level, tolerance;
    int32_t along_x, edges; /* how many */
    int32_t (*next)[2];     /* edges: the crossings this one leads to, -1: none */
    double *xy;             /* the line in the making: edges + 1 points */
    bool *used, *kept;      /* edges: traced; points of the line: kept */
    int32_t (*stack)[2];
} Tracer;

static double value_at(const Tracer *t, int32_t row, int32_t column) {
    return t->grid->value[(int64_t)row * t->grid->columns + column];
}

static int32_t edge_x(const Tracer *t, int32_t row, int32_t column) {
    return row * (t->grid->columns - 1) + column;
}

static int32_t edge_y(const Tracer *t, int32_t row, int32_t column) {
    return t->along_x + row * t->grid->columns + column;
}

static void join(Tracer *t, int32_t a, int32_t b) {
    t->next[a][t->next[a][0] >= 0] = b;
    t->next[b][t->next[b][0] >= 0] = a;
}

/* Joins the crossings of one square. */
static void enter_square(Tracer *t, int32_t row, int32_t column) {
    const double corner[4] = {value_at(t, row, column), value_at(t, row, column + 1),
                              value_at(t, row + 1, column + 1), value_at(t, row + 1, column)};
    const int32_t edge[4] = {edge_x(t, row, column), edge_y(t, row, column + 1),
                             edge_x(t, row + 1, column), edge_y(t, row, column)};
    int32_t crossed[4], count = 0;
    for (int i = 0; i < 4; i++) { /* edge i goes from corner i to the next */
        if ((corner[i] > t->level) != (corner[(i + 1) % 4] > t->level)) crossed[count++] = edge[i];
    }
    if (count == 2) join(t, crossed[0], crossed[1]);
    if (count < 4) return;
    const double middle = (corner[0] + corner[1] + corner[2] + corner[3]) / 4;
    const bool around_first = (corner[0] > t->level) != (middle > t->level);
    join(t, edge[0], edge[around_first ? 3 : 1]); /* around corner 0, or around corner 1 */
    join(t, edge[2], edge[around_first ? 1 : 3]);
}

/* Where the line crosses an edge. */
static void crossing(const Tracer *t, int32_t edge, double xy[2]) {
    const ContourGrid *grid = t->grid;
    const bool along_x = edge < t->along_x;
    const int32_t width = along_x ? grid->columns - 1 : grid->columns;
    const int32_t index = along_x ? edge : edge - t->along_x;
    const int32_t row = index / width, column = index % width;
    const double a = value_at(t, row, column), b = value_at(t, row + !along_x, column + along_x);
    const double share = (t->level - a) / (b - a);
    const double x = column + (along_x ? share : 0), y = row + (along_x ? 0 : share);
    xy[0] = grid->x_low + (grid->x_high - grid->x_low) * x / (grid->columns - 1);
    xy[1] = grid->y_low + (grid->y_high - grid->y_low) * y / (grid->rows - 1);
}

/* Distance of point p from the stretch between a and b, along x and y scaled alike. */
static double distance(const double *p, const double *a, const double *b) {
    const double dx = b[0] - a[0], dy = b[1] - a[1], length = dx * dx + dy * dy;
    double share = length > 0 ? ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length : 0;
    share = fmin(fmax(share, 0), 1);
    return hypot(p[0] - a[0] - share * dx, p[1] - a[1] - share * dy);
}

/* Marks the points that are kept between the ends. */
static void thin(Tracer *t, int32_t points) {
    memset(t->kept, 0, (size_t)points * sizeof *t->kept);
    t->kept[0] = t->kept[points - 1] = true;
    int32_t depth = 0;
    t->stack[depth][0] = 0;
    t->stack[depth++][1] = points - 1;
    while (depth > 0) {
        const int32_t from = t->stack[--depth][0], to = t->stack[depth][1];
        double farthest = t->tolerance;
        int32_t at = -1;
        for (int32_t i = from + 1; i < to; i++) {
            const double d = distance(&t->xy[2 * i], &t->xy[2 * from], &t->xy[2 * to]);
            if (!(d > farthest)) continue;
            farthest = d;
            at = i;
        }
        if (at < 0) continue;
        t->kept[at] = true;
        t->stack[depth][0] = from;
        t->stack[depth++][1] = at;
        t->stack[depth][0] = at;
        t->stack[depth++][1] = to;
    }
}

/* The line from a crossing on, until it ends or comes back. */
static void follow(Tracer *t, int32_t start, ContourLine line, void *context) {
    int32_t points = 0;
    for (int32_t edge = start, before = -1; edge >= 0;) {
        crossing(t, edge, &t->xy[2 * points++]);
        if (t->used[edge]) break; /* closed */
        t->used[edge] = true;
        const int32_t *next = t->next[edge];
        const int32_t ahead = next[0] != before ? next[0] : next[1];
        before = edge;
        edge = ahead;
    }
    thin(t, points);
    int32_t kept = 0;
    for (int32_t i = 0; i < points; i++) {
        if (!t->kept[i]) continue;
        t->xy[2 * kept] = t->xy[2 * i];
        t->xy[2 * kept++ + 1] = t->xy[2 * i + 1];
    }
    line(context, t->xy, kept);
}

static void destroy(Tracer *t) {
    free(t->next);
    free(t->xy);
    free(t->used);
    free(t->kept);
    free(t->stack);
}

bool contour_trace(const ContourGrid *grid, double level, double tolerance, ContourLine line,
                   void *context, Error *err) {
    Tracer t = {.grid = grid, .level = level, .tolerance = tolerance};
    t.along_x = grid->rows * (grid->columns - 1);
    t.edges = t.along_x + (grid->rows - 1) * grid->columns;
    const size_t edges = (size_t)t.edges;
    t.next = malloc(edges * sizeof *t.next);
    t.xy = malloc(2 * (edges + 1) * sizeof *t.xy);
    t.used = calloc(edges, sizeof *t.used);
    t.kept = malloc((edges + 1) * sizeof *t.kept);
    t.stack = malloc((edges + 2) * sizeof *t.stack);
    const bool ok = t.next && t.xy && t.used && t.kept && t.stack;
    if (ok) {
        memset(t.next, -1, edges * sizeof *t.next);
        for (int32_t row = 0; row + 1 < grid->rows; row++) {
            for (int32_t column = 0; column + 1 < grid->columns; column++) {
                enter_square(&t, row, column);
            }
        }
        for (int pass = 0; pass < 2; pass++) { /* lines with ends, then closed ones */
            for (int32_t e = 0; e < t.edges; e++) {
                const bool starts = pass == 0 ? t.next[e][1] < 0 : true;
                if (t.next[e][0] >= 0 && !t.used[e] && starts) follow(&t, e, line, context);
            }
        }
    }
    destroy(&t);
    return ok || error_memory(err, edges * sizeof *t.next);
}
