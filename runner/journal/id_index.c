#include "runner/journal/id_index.h"

#include <stdlib.h>

static int by_id(const void *a, const void *b) {
    const uint64_t x = ((const IdRow *)a)->id, y = ((const IdRow *)b)->id;
    return (x > y) - (x < y);
}

bool id_index_create(IdRow **place, const uint64_t *id, int64_t count, Error *err) {
    *place = malloc(((size_t)count + 1) * sizeof **place);
    if (!*place) return error_memory(err, ((size_t)count + 1) * sizeof **place);
    for (int64_t i = 0; i < count; i++) (*place)[i] = (IdRow){id[i], i};
    qsort(*place, (size_t)count, sizeof **place, by_id);
    return true;
}

int64_t id_index_find(const IdRow *place, int64_t count, uint64_t id) {
    const IdRow wanted = {id, 0};
    const IdRow *found = bsearch(&wanted, place, (size_t)count, sizeof *place, by_id);
    return found ? found->at : -1;
}
