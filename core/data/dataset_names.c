#include "core/data/dataset_names.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

#define LISTED 12

static void free_texts(char **text, int32_t count) {
    for (int32_t i = 0; text && i < count; i++) free(text[i]);
    free(text);
}

void dataset_names_free(DatasetNames *names) {
    if (!names) return;
    free_texts(names->column, names->columns);
    free_texts(names->class, names->classes);
    free(names->label);
    *names = (DatasetNames){.label_column = -1};
}

void dataset_names_list(char *buffer, size_t size, char *const *name, int32_t count) {
    Text text = text_begin(buffer, size);
    const int32_t listed = count <= LISTED ? count : LISTED - 2;
    for (int32_t i = 0; i < listed; i++) {
        text_add(&text, "%s%.40s", i ? ", " : "", *name[i] ? name[i] : "\"\"");
    }
    if (listed < count) text_add(&text, ", ... (%" PRId32 " in all)", count);
    for (char *c = buffer; *c; c++) {
        if ((unsigned char)*c < 32 || *c == 127) *c = '?';
    }
}

int32_t dataset_names_find(char *const *name, int32_t count, const char *wanted) {
    for (int32_t i = 0; i < count; i++) {
        if (strcmp(name[i], wanted) == 0) return i;
    }
    return -1;
}

void dataset_names_match(int32_t *index, bool *taken, char *const *name, int32_t count,
                         char *const *wanted, int32_t wanted_count) {
    int32_t first = 0; /* not taken: where the names have one order, it is the next one wanted */
    for (int32_t k = 0; k < wanted_count; k++) {
        index[k] = -1;
        while (first < count && taken[first]) first++;
        for (int32_t i = first; i < count && index[k] < 0; i++) {
            if (!taken[i] && strcmp(name[i], wanted[k]) == 0) index[k] = i;
        }
        if (index[k] >= 0) taken[index[k]] = true;
    }
}
