#include "runner/store/store_keys.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/journal/id_index.h"

/* A number of a key as its value. Keys that do not apply to a trial may hold what the parser would
 * refuse; their text is then the number's. */
static bool value_of_number(Pool *pool, const Key *key, double number, Value *value, Error *err) {
    char text[64], buffer[64];
    *value = (Value){trial_result_nan(), ""};
    if (isnan(number) || (key->type == KEY_TYPE_INTEGER && number < 0)) return true;
    text_real(text, sizeof text, number);
    if (key->type == KEY_TYPE_INTEGER) {
        snprintf(text, sizeof text, "%" PRId64, (int64_t)number);
    }
    if (key->type == KEY_TYPE_BOOL) {
        snprintf(text, sizeof text, "%s", number > 0 ? "true" : "false");
    }
    if (!keys_parse(value, key, text, buffer, sizeof buffer, NULL)) *value = (Value){number, text};
    value->text = pool_text(pool, value->text, strlen(value->text), err);
    return value->text;
}

/* The canonical text of a number takes long to find: those found before are looked up by the
 * number's bits. */
static bool numbers_to_values(const StoreReader *reader, const Key *key, const void *cell,
                              bool integers, Value *value, Error *err) {
    IdIndex seen = {0};
    bool ok = true;
    for (int64_t i = 0; ok && i < reader->results->trials; i++) {
        const double number =
            integers ? (double)((const int64_t *)cell)[i] : ((const double *)cell)[i];
        uint64_t bits;
        memcpy(&bits, &number, sizeof bits);
        const int64_t first = id_index_find(&seen, bits);
        if (first < 0) {
            ok = value_of_number(&reader->memory->pool, key, number, &value[i], err) &&
                 id_index_add(&seen, bits, i, err);
        } else {
            value[i].text = value[first].text;
        }
        if (ok) value[i].number = *value[i].text ? number : trial_result_nan();
    }
    id_index_free(&seen);
    return ok;
}

/* A file without the column was written before the key existed. */
static bool values_before(const StoreReader *reader, const Key *key, Value *value, Error *err) {
    Value one = {trial_result_nan(), ""};
    char buffer[256];
    const char *text = key->before ? key->before : key->fallback;
    if (text && !keys_parse(&one, key, text, buffer, sizeof buffer, err)) return false;
    one.text = pool_text(&reader->memory->pool, one.text, strlen(one.text), err);
    for (int64_t i = 0; one.text && i < reader->results->trials; i++) value[i] = one;
    return one.text;
}

/* The number that belongs to a text: see Value. */
static bool texts_to_values(const StoreReader *reader, const Key *key, const char *name,
                            Value *value, Error *err) {
    const char **text;
    if (!store_columns_texts(reader, name, &text, err)) return false;
    const int64_t n = reader->results->trials;
    size_t longest = 1;
    for (int64_t i = 0; i < n; i++)
        if (strlen(text[i]) > longest) longest = strlen(text[i]);
    char *buffer = malloc(2 * longest + 64);
    if (!buffer) return error_memory(err, 2 * longest + 64);
    bool ok = true;
    for (int64_t i = 0; ok && i < n; i++) {
        if (i && text[i] == text[i - 1]) {
            value[i] = value[i - 1];
        } else if (key->type == KEY_TYPE_TEXT) {
            value[i] = (Value){trial_result_nan(), text[i]};
        } else {
            ok = keys_parse(&value[i], key, text[i], buffer, 2 * longest + 64, NULL) ||
                 store_columns_damaged(reader, name, err);
            value[i].text = text[i];
        }
    }
    free(buffer);
    return ok;
}

bool store_keys_read(const StoreReader *reader, const Key *key, Error *err) {
    char name[80];
    Value *value =
        pool_alloc(&reader->memory->pool, (size_t)reader->results->trials + 1, sizeof *value, err);
    if (!value) return false;
    reader->results->key[key->id] = value;
    snprintf(name, sizeof name, "/trials/%s", key->name);
    if (h5_image_find(&reader->memory->main, name) < 0)
        return values_before(reader, key, value, err);
    if (key->type != KEY_TYPE_INTEGER && key->type != KEY_TYPE_REAL && key->type != KEY_TYPE_BOOL)
        return texts_to_values(reader, key, name, value, err);
    const H5Kind kind = key->type == KEY_TYPE_REAL ? H5_REAL : H5_INTEGER;
    const void *cell = store_columns_array(reader, name, kind, reader->results->trials, -1, err);
    return cell && numbers_to_values(reader, key, cell, kind == H5_INTEGER, value, err);
}
