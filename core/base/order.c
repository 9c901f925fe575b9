#include "core/base/order.h"

#include <stdlib.h>

typedef struct CostedIndex {
    double cost;
    int64_t index;
} CostedIndex;

static int by_cost(const void *a, const void *b) {
    const CostedIndex *x = a, *y = b;
    if (x->cost != y->cost) return x->cost < y->cost ? 1 : -1;
    return x->index < y->index ? -1 : x->index > y->index;
}

int64_t *order_descending(const double *cost, int64_t count, Error *err) {
    const size_t bytes = ((size_t)count + 1) * sizeof(CostedIndex);
    CostedIndex *costed = malloc(bytes);
    int64_t *order = malloc(((size_t)count + 1) * sizeof *order);
    if (costed && order) {
        for (int64_t i = 0; i < count; i++) costed[i] = (CostedIndex){cost[i], i};
        qsort(costed, (size_t)count, sizeof *costed, by_cost);
        for (int64_t i = 0; i < count; i++) order[i] = costed[i].index;
    } else {
        error_memory(err, bytes);
        free(order);
        order = NULL;
    }
    free(costed);
    return order;
}
