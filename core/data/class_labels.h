/* Labels as they stand in a file, and the classes that they are: words, numbered in their sorted
 * (byte) order, or whole numbers, in theirs. Labels 1, 2, 3 are three classes of these names, and
 * so are -1 and 1 two.
 *
 * A label is added row by row and gets a number in the order of arrival; class_labels_finish()
 * turns these into classes when all are known. */
#ifndef CORE_DATA_CLASS_LABELS_H
#define CORE_DATA_CLASS_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

#define CLASS_LABELS_MAX       65536 /* more are numbers to predict, not classes */
#define CLASS_LABELS_MAX_WORDS 4096  /* more different words are not a column of classes */

/* Why a label is none: negative, in the place of its number. */
typedef enum ClassLabelsFault {
    CLASS_LABELS_NO_CLASS = -1, /* not a whole number */
    CLASS_LABELS_MIXED = -2,    /* a word among numbers, or a number among words */
    CLASS_LABELS_TOO_MANY = -3,
    CLASS_LABELS_NO_MEMORY = -4
} ClassLabelsFault;

typedef struct ClassLabel {
    char *text;     /* of a word; owned */
    int64_t number; /* of a number */
    int32_t arrival;
} ClassLabel;

typedef struct ClassLabels {
    ClassLabel *label; /* count, in the order of arrival */
    int32_t count, capacity;
    int32_t *slot; /* open addressing: arrival + 1, or 0 */
    size_t slots;
    bool words;
} ClassLabels;

/* The arrival number of a label, new or known, or a ClassLabelsFault. `text` need not end. */
int32_t class_labels_word(ClassLabels *labels, const char *text, size_t length);
int32_t class_labels_number(ClassLabels *labels, double number);

/* What is wrong, as the end of a sentence that begins with the label. */
const char *class_labels_words(const ClassLabels *labels, int32_t fault);

/* Replaces the n arrival numbers in `label` by classes. `classes`: how many there are to be (0
 * counts them): whole numbers below it are themselves, also where some do not occur; other labels
 * must be as many. *name: the *count texts of the classes, which the caller owns. `where` is for
 * the message. */
MUST_CHECK bool class_labels_finish(const ClassLabels *labels, int32_t classes, int32_t *label,
                                    int64_t n, char ***name, int32_t *count, const char *where,
                                    Error *err);
void class_labels_free(ClassLabels *labels);

#endif
