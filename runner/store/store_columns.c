#include "runner/store/store_columns.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 80 }; /* names in a results file are shorter */

bool store_columns_damaged(const StoreReader *reader, const char *name, Error *err) {
    return error_set(err, ERROR_RESOURCE,
                     "%s: %s is missing or not what this program writes (see results/README.md)",
                     reader->path, name);
}

bool store_columns_name(StoreNames *names, Pool *pool, Error *err, const char *format, ...) {
    char text[NAME_BYTES];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert(length > 0 && length < NAME_BYTES);
    names->name[names->count] = pool_text(pool, text, (size_t)length, err);
    return names->name[names->count++];
}

static bool kind_fits(H5Kind wanted, H5Kind found) {
    return wanted == H5_ASCII ? found == H5_ASCII || found == H5_UTF8 : wanted == found;
}

void *store_columns_array(const StoreReader *reader, const char *name, H5Kind kind, int64_t rows,
                          int64_t columns, Error *err) {
    const H5Image *image = &reader->memory->main;
    const int32_t index = h5_image_find(image, name);
    if (index >= 0) {
        const H5Shape *shape = &image->shape[index];
        if (kind_fits(kind, shape->kind) && shape->rank == (columns < 0 ? 1 : 2) &&
            shape->size[0] == rows && (columns < 0 || shape->size[1] == columns)) {
            return h5_image_data(image, index);
        }
    }
    (void)store_columns_damaged(reader, name, err);
    return NULL;
}

/* The index of a column of texts; -1 where it does not fit. */
static int32_t find_texts(const StoreReader *reader, const char *name, Error *err) {
    const void *cells =
        store_columns_array(reader, name, H5_ASCII, reader->results->trials, -1, err);
    return cells ? h5_image_find(&reader->memory->main, name) : -1;
}

bool store_columns_texts(const StoreReader *reader, const char *name, const char ***text,
                         Error *err) {
    const int64_t n = reader->results->trials;
    const H5Image *image = &reader->memory->main;
    const int32_t index = find_texts(reader, name, err);
    if (index < 0) return false;
    *text = pool_alloc(&reader->memory->pool, (size_t)n + 1, sizeof **text, err);
    if (!*text) return false;
    for (int64_t i = 0; i < n; i++) {
        const char *cell = h5_image_text(image, index, i);
        (*text)[i] = i && strcmp(cell, (*text)[i - 1]) == 0 ? (*text)[i - 1] : cell;
    }
    return true;
}

bool store_columns_hex(const StoreReader *reader, const char *name, uint64_t **number, Error *err) {
    const int64_t n = reader->results->trials;
    const H5Image *image = &reader->memory->main;
    const int32_t index = find_texts(reader, name, err);
    if (index < 0) return false;
    *number = pool_alloc(&reader->memory->pool, (size_t)n + 1, sizeof **number, err);
    if (!*number) return false;
    for (int64_t i = 0; i < n; i++) {
        const char *text = h5_image_text(image, index, i);
        if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
            return store_columns_damaged(reader, name, err);
        (*number)[i] = strtoull(text, NULL, 16);
    }
    return true;
}

char *store_columns_one_text(const StoreReader *reader, const H5Image *image, const char *name,
                             Error *err) {
    const int32_t index = h5_image_find(image, name);
    if (index < 0 || !kind_fits(H5_ASCII, image->shape[index].kind) || image->shape[index].rank) {
        return NULL;
    }
    const char *text = h5_image_text(image, index, 0);
    return pool_text(&reader->memory->pool, text, strlen(text), err);
}

bool store_columns_one_integer(const H5Image *image, const char *name, int64_t *number) {
    const int32_t index = h5_image_find(image, name);
    if (index < 0 || image->shape[index].kind != H5_INTEGER || image->shape[index].rank) {
        return false;
    }
    memcpy(number, h5_image_data(image, index), sizeof *number);
    return true;
}

double store_columns_one_real(const H5Image *image, const char *name) {
    const int32_t index = h5_image_find(image, name);
    double number = (double)NAN;
    if (index < 0 || image->shape[index].kind != H5_REAL || image->shape[index].rank) return number;
    memcpy(&number, h5_image_data(image, index), sizeof number);
    return number;
}
