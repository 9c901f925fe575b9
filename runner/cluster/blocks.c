#include "runner/cluster/blocks.h"

#include <stdlib.h>

#include "core/base/order.h"

bool blocks_create(Blocks *blocks, const double *cost, int64_t items, int32_t processes,
                   Error *err) {
    const size_t bytes = ((size_t)items + 1) * sizeof(int64_t);
    *blocks = (Blocks){.items = items,
                       .order = order_descending(cost, items, err),
                       .cut = malloc(bytes),
                       .block = malloc(bytes)};
    if (!blocks->order || !blocks->cut || !blocks->block) {
        blocks_free(blocks);
        return error_memory(err, bytes);
    }
    double left = 0;
    for (int64_t i = 0; i < items; i++) left += cost[i];
    for (int64_t at = 0; at < items; blocks->count++) {
        const double limit = left / (4.0 * processes);
        double sum = 0;
        blocks->cut[blocks->count] = at;
        do {
            blocks->block[blocks->order[at]] = blocks->count;
            sum += cost[blocks->order[at++]];
        } while (at < items && sum + cost[blocks->order[at]] <= limit);
        left -= sum;
    }
    blocks->cut[blocks->count] = items;
    return true;
}

void blocks_free(Blocks *blocks) {
    free(blocks->order);
    free(blocks->cut);
    free(blocks->block);
    *blocks = (Blocks){0};
}

bool blocks_snake(bool *own, const double *cost, int64_t items, int32_t process, int32_t processes,
                  Error *err) {
    int64_t *order = order_descending(cost, items, err);
    if (!order) return false;
    for (int64_t i = 0; i < items; i++) {
        const int64_t round = i / processes, turn = i % processes;
        own[order[i]] = (round % 2 ? processes - 1 - turn : turn) == process - 1;
    }
    free(order);
    return true;
}
