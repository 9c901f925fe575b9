/* What the columns and classes of a data set are called, where they have names. */
#ifndef CORE_DATA_DATASET_NAMES_H
#define CORE_DATA_DATASET_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

typedef struct DatasetNames {
    char **column; /* columns: of the inputs; NULL where they have none */
    int32_t columns;
    char **class; /* classes: in the order of their numbers; NULL where they have none */
    int32_t classes;
    char *label;          /* of the column to predict; NULL where it has none */
    int32_t label_column; /* its index among all columns of the file; -1: it is not among them */
} DatasetNames;

/* Frees them; legal on a zeroed value. */
void dataset_names_free(DatasetNames *names);

/* "a, b, c, ... (12 in all)" of `count` texts, for messages. */
void dataset_names_list(char *text, size_t size, char *const *name, int32_t count);

/* The index of a name; -1 where there is none. */
int32_t dataset_names_find(char *const *name, int32_t count, const char *wanted);

/* Where the `wanted` names are among `name`: index[k] of wanted[k], -1 where there is none (any
 * more: of several with one name each is found once, in turn). `taken`: count; those found become
 * true, those that are true are passed over. */
void dataset_names_match(int32_t *index, bool *taken, char *const *name, int32_t count,
                         char *const *wanted, int32_t wanted_count);

#endif
