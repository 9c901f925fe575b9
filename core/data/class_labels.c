#include "core/data/class_labels.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/data/dataset_names.h"

/* --- a label's arrival ------------------------------------------------------------------------ */

static uint64_t hash_of(const ClassLabel *label, size_t length) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    if (!label->text) return rng_mix((uint64_t)label->number);
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)label->text[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static bool same(const ClassLabel *known, const ClassLabel *wanted, size_t length) {
    if (!wanted->text) return known->number == wanted->number;
    return strncmp(known->text, wanted->text, length) == 0 && known->text[length] == '\0';
}

/* The slot of a label, or the free one where it would be. */
static size_t find_slot(const ClassLabels *labels, const ClassLabel *wanted, size_t length) {
    size_t at = hash_of(wanted, length) & (labels->slots - 1);
    while (labels->slot[at] && !same(&labels->label[labels->slot[at] - 1], wanted, length)) {
        at = (at + 1) & (labels->slots - 1);
    }
    return at;
}

/* Room for one more label; at most half of the slots are used. */
static bool grow(ClassLabels *labels) {
    if (labels->count < labels->capacity) return true;
    const int32_t capacity = labels->capacity ? 2 * labels->capacity : 16;
    ClassLabel *larger = realloc(labels->label, (size_t)capacity * sizeof *larger);
    if (larger) labels->label = larger;
    int32_t *slot = calloc(2 * (size_t)capacity, sizeof *slot);
    if (!larger || !slot) {
        free(slot);
        return false;
    }
    free(labels->slot);
    labels->slot = slot;
    labels->slots = 2 * (size_t)capacity;
    labels->capacity = capacity;
    for (int32_t i = 0; i < labels->count; i++) {
        const ClassLabel *label = &labels->label[i];
        const size_t length = label->text ? strlen(label->text) : 0;
        labels->slot[find_slot(labels, label, length)] = i + 1;
    }
    return true;
}

static int32_t intern(ClassLabels *labels, const ClassLabel *wanted, size_t length, int32_t limit) {
    if (labels->count > 0 && labels->words != !!wanted->text) return CLASS_LABELS_MIXED;
    if (labels->count > 0) {
        const size_t at = find_slot(labels, wanted, length);
        if (labels->slot[at]) return labels->slot[at] - 1;
    }
    if (labels->count == limit) return CLASS_LABELS_TOO_MANY;
    if (!grow(labels)) return CLASS_LABELS_NO_MEMORY;
    ClassLabel label = {.number = wanted->number, .arrival = labels->count};
    if (wanted->text) label.text = strndup(wanted->text, length);
    if (wanted->text && !label.text) return CLASS_LABELS_NO_MEMORY;
    labels->words = wanted->text;
    labels->slot[find_slot(labels, wanted, length)] = labels->count + 1;
    labels->label[labels->count] = label;
    return labels->count++;
}

int32_t class_labels_word(ClassLabels *labels, const char *text, size_t length) {
    const ClassLabel wanted = {.text = (char *)(uintptr_t)text};
    return intern(labels, &wanted, length, CLASS_LABELS_MAX_WORDS);
}

int32_t class_labels_number(ClassLabels *labels, double number) {
    if (!(fabs(number) < 0x1p53) || floor(number) != number) return CLASS_LABELS_NO_CLASS;
    const ClassLabel wanted = {.number = (int64_t)number};
    return intern(labels, &wanted, 0, CLASS_LABELS_MAX);
}

const char *class_labels_words(const ClassLabels *labels, int32_t fault) {
    switch (fault) {
    case CLASS_LABELS_NO_CLASS:
        return "is no class (whole numbers and words are; numbers to predict are data.task: "
               "numbers)";
    case CLASS_LABELS_MIXED:
        return labels->words ? "is a number among classes that are words"
                             : "is a word among classes that are numbers";
    case CLASS_LABELS_TOO_MANY:
        return "is one class too many (numbers to predict are data.task: numbers)";
    default: return "finds no memory";
    }
}

/* --- all of them ------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b) {
    const ClassLabel *x = a, *y = b;
    if (x->text) return strcmp(x->text, y->text);
    return (x->number > y->number) - (x->number < y->number);
}

/* Whether all labels are whole numbers from 0 to classes - 1. */
static bool are_indices(const ClassLabels *labels, int32_t classes) {
    for (int32_t i = 0; i < labels->count; i++) {
        const ClassLabel *label = &labels->label[i];
        if (label->text || label->number < 0 || label->number >= classes) return false;
    }
    return true;
}

static bool refuse_count(const ClassLabel *sorted, int32_t count, char **name, int32_t classes,
                         const char *where, Error *err) {
    char list[600];
    dataset_names_list(list, sizeof list, name, count);
    return error_set(err, ERROR_RESOURCE,
                     "%s: %" PRId32 " different classes (%s), but data.classes is %" PRId32 "%s",
                     where, count, list, classes,
                     sorted->text ? "" : " (numbers from 0 on may be fewer)");
}

static char *name_of(const ClassLabel *label, int64_t number) {
    char text[32];
    if (label && label->text) return strdup(label->text);
    snprintf(text, sizeof text, "%" PRId64, label ? label->number : number);
    return strdup(text);
}

bool class_labels_finish(const ClassLabels *labels, int32_t classes, int32_t *label, int64_t n,
                         char ***name, int32_t *count, const char *where, Error *err) {
    const bool indices = classes > 0 && are_indices(labels, classes);
    const size_t known = (size_t)labels->count + 1;
    DatasetNames names = {.classes = indices ? classes : labels->count};
    ClassLabel *sorted = malloc(known * sizeof *sorted);
    int32_t *class = malloc(known * sizeof *class);
    names.class = calloc((size_t)names.classes + 1, sizeof *names.class);
    bool done = sorted && class && names.class;
    if (done && labels->count > 0) {
        memcpy(sorted, labels->label, (size_t)labels->count * sizeof *sorted);
        qsort(sorted, (size_t)labels->count, sizeof *sorted, compare);
    }
    for (int32_t i = 0; done && i < labels->count; i++) {
        class[sorted[i].arrival] = indices ? (int32_t)sorted[i].number : i;
    }
    for (int32_t i = 0; done && i < names.classes; i++) {
        names.class[i] = name_of(indices ? NULL : &sorted[i], i);
        done = names.class[i];
    }
    if (!done) {
        error_memory(err, known * sizeof *sorted);
    } else if (classes > 0 && names.classes != classes) {
        done = refuse_count(sorted, names.classes, names.class, classes, where, err);
    }
    for (int64_t row = 0; done && row < n; row++) label[row] = class[label[row]];
    *count = names.classes;
    *name = done ? names.class : NULL;
    if (!done) dataset_names_free(&names);
    free(class);
    free(sorted);
    return done;
}

void class_labels_free(ClassLabels *labels) {
    for (int32_t i = 0; i < labels->count; i++) free(labels->label[i].text);
    free(labels->label);
    free(labels->slot);
    *labels = (ClassLabels){0};
}
