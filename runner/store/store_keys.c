/* The key columns of a results file as values: numbers get back the canonical texts that identities
 * are hashes of. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/store/store_read.h"

/* Values met before in a column of numbers: their canonical texts take long to find. Open
 * addressing by the bits. */
typedef struct Seen {
    Value *value;
    size_t slots, filled;
} Seen;

static size_t slot_of(const Seen *seen, double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    size_t at = (size_t)((bits * UINT64_C(0x9e3779b97f4a7c15)) >> 20);
    for (;; at++) {
        const Value *value = &seen->value[at & (seen->slots - 1)];
        if (!value->text || !memcmp(&value->number, &number, sizeof number))
            return at & (seen->slots - 1);
    }
}

static bool seen_grow(Seen *seen, Error *err) {
    if (2 * seen->filled < seen->slots) return true;
    Seen larger = {.slots = seen->slots ? 4 * seen->slots : 64, .filled = seen->filled};
    larger.value = calloc(larger.slots, sizeof *larger.value);
    if (!larger.value) return error_memory(err, larger.slots * sizeof *larger.value);
    for (size_t i = 0; i < seen->slots; i++)
        if (seen->value[i].text)
            larger.value[slot_of(&larger, seen->value[i].number)] = seen->value[i];
    free(seen->value);
    *seen = larger;
    return true;
}

/* A number of a key as its value. Keys that take no part in a trial may hold what the parser would
 * refuse; their text is then the number's. */
static bool value_of_number(Pool *pool, const Key *key, double number, Value *value, Error *err) {
    char text[64], buffer[64];
    *value = (Value){trial_result_nan(), ""};
    if (isnan(number) || (key->type == KEY_TYPE_INTEGER && number < 0)) return true;
    text_real(text, sizeof text, number);
    if (key->type == KEY_TYPE_INTEGER) snprintf(text, sizeof text, "%lld", (long long)number);
    if (key->type == KEY_TYPE_BOOL)
        snprintf(text, sizeof text, "%s", number > 0 ? "true" : "false");
    if (!keys_parse(value, key, text, buffer, sizeof buffer, NULL)) *value = (Value){number, text};
    value->text = pool_text(pool, value->text, strlen(value->text), err);
    return value->text != NULL;
}

static bool numbers_to_values(const StoreReader *reader, const Key *key, const void *cell,
                              bool integers, Value *value, Error *err) {
    Seen seen = {0};
    bool ok = true;
    for (int64_t i = 0; ok && i < reader->results->trials; i++) {
        const double number =
            integers ? (double)((const int64_t *)cell)[i] : ((const double *)cell)[i];
        ok = seen_grow(&seen, err);
        if (!ok) break;
        Value *known = &seen.value[slot_of(&seen, number)];
        if (!known->text) {
            ok = value_of_number(&reader->memory->pool, key, number, &value[i], err);
            *known = (Value){
                number, value[i].text}; /* found again by the number as it stands in the file */
            seen.filled++;
        }
        value[i] = (Value){*known->text ? number : trial_result_nan(), known->text};
    }
    free(seen.value);
    return ok;
}

/* Where the file has no such column it was written before the key existed: then its default
 * held. */
static bool fallback_values(const StoreReader *reader, const Key *key, Value *value, Error *err) {
    Value one = {trial_result_nan(), ""};
    char buffer[256];
    if (key->fallback && !keys_parse(&one, key, key->fallback, buffer, sizeof buffer, err))
        return false;
    one.text = pool_text(&reader->memory->pool, one.text, strlen(one.text), err);
    for (int64_t i = 0; one.text && i < reader->results->trials; i++) value[i] = one;
    return one.text != NULL;
}

/* The number that belongs to a text: see Value. */
static bool texts_to_values(const StoreReader *reader, const Key *key, const char *name,
                            Value *value, Error *err) {
    char **text;
    if (!store_take_texts(reader, name, &text, err)) return false;
    const int64_t n = reader->results->trials;
    size_t longest = 1;
    for (int64_t i = 0; i < n; i++)
        if (strlen(text[i]) > longest) longest = strlen(text[i]);
    char *buffer = malloc(2 * longest + 64);
    if (!buffer) return error_memory(err, 2 * longest + 64);
    bool ok = true;
    for (int64_t i = 0; ok && i < n; i++) {
        if (i && text[i] == text[i - 1])
            value[i] = value[i - 1];
        else if (key->type == KEY_TYPE_TEXT)
            value[i] = (Value){trial_result_nan(), text[i]};
        else {
            ok = keys_parse(&value[i], key, text[i], buffer, 2 * longest + 64, NULL) ||
                 store_damaged(reader, name, err);
            value[i].text = text[i];
        }
    }
    free(buffer);
    return ok;
}

bool store_take_key(const StoreReader *reader, const Key *key, Error *err) {
    char name[STORE_NAME_BYTES];
    Value *value =
        pool_alloc(&reader->memory->pool, (size_t)reader->results->trials + 1, sizeof *value, err);
    if (!value) return false;
    reader->results->key[key->id] = value;
    snprintf(name, sizeof name, "/trials/%s", key->name);
    if (h5_image_find(&reader->memory->main, name) < 0)
        return fallback_values(reader, key, value, err);
    if (key->type != KEY_TYPE_INTEGER && key->type != KEY_TYPE_REAL && key->type != KEY_TYPE_BOOL)
        return texts_to_values(reader, key, name, value, err);
    const H5Kind kind = key->type == KEY_TYPE_REAL ? H5_REAL : H5_INTEGER;
    const void *cell = store_take(reader, name, kind, reader->results->trials, -1, err);
    return cell && numbers_to_values(reader, key, cell, kind == H5_INTEGER, value, err);
}
