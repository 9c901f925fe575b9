#include "runner/journal/id_index.h"

#include <stdlib.h>

/* The row of an id, or the free one where it would go. */
static IdRow *row_of(const IdIndex *table, uint64_t id) {
    const uint64_t mask = (uint64_t)table->rows - 1;
    uint64_t at = (id * UINT64_C(0x9e3779b97f4a7c15)) >> 32;
    while (table->row[at & mask].number && table->row[at & mask].id != id) at++;
    return &table->row[at & mask];
}

static bool grow(IdIndex *table, int64_t rows, Error *err) {
    IdIndex larger = {.rows = rows, .count = table->count};
    larger.row = calloc((size_t)rows, sizeof *larger.row);
    if (!larger.row) return error_memory(err, (size_t)rows * sizeof *larger.row);
    for (int64_t i = 0; i < table->rows; i++) {
        if (table->row[i].number) *row_of(&larger, table->row[i].id) = table->row[i];
    }
    free(table->row);
    *table = larger;
    return true;
}

bool id_index_reserve(IdIndex *table, Error *err) {
    if (4 * (table->count + 1) <= 3 * table->rows) return true;
    return grow(table, table->rows ? 2 * table->rows : 64, err);
}

bool id_index_add(IdIndex *table, uint64_t id, int64_t index, Error *err) {
    if (!id_index_reserve(table, err)) return false;
    *row_of(table, id) = (IdRow){id, index + 1};
    table->count++;
    return true;
}

bool id_index_create(IdIndex *table, const uint64_t *id, int64_t count, Error *err) {
    int64_t rows = 64;
    *table = (IdIndex){0};
    while (3 * rows < 4 * count) rows *= 2;
    bool done = grow(table, rows, err);
    for (int64_t i = 0; done && i < count; i++) {
        if (id_index_find(table, id[i]) < 0) done = id_index_add(table, id[i], i, err);
    }
    if (!done) id_index_free(table);
    return done;
}

void id_index_free(IdIndex *table) {
    free(table->row);
    *table = (IdIndex){0};
}

int64_t id_index_find(const IdIndex *table, uint64_t id) {
    return table->rows ? row_of(table, id)->number - 1 : -1;
}
