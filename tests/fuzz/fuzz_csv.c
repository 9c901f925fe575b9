/* Any bytes through the CSV reader: byte 0 chooses task, label, classes and limit, the rest is the
 * text. */
#include "core/data/csv.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    static const char *const LABELS[] = {NULL, "0", "-2", "label"};
    const CsvConfig config = {
        .task = (CsvTask)(data[0] % 3),
        .label = LABELS[data[0] >> 2 & 3],
        .classes = data[0] & 16 ? 3 : 0,
        .limit = data[0] & 32 ? 2 : 0,
    };
    Dataset set;
    DatasetNames names;
    Error err = {0};
    const bool done =
        csv_parse(&set, &names, "fuzz", (const char *)data + 1, size - 1, &config, &err);
    // what is accepted is a whole set, and what is not leaves a message and nothing else
    if (done != (err.kind == ERROR_NONE) || done != (err.text[0] == '\0')) abort();
    if (done && !dataset_check(&set, "fuzz", &err)) abort();
    if (!done && (set.x || names.class || names.column)) abort();
    if (done && names.column && names.columns != set.inputs) abort();
    if (done && set.label && names.classes != set.outputs) abort();
    dataset_names_free(&names);
    dataset_destroy(&set);
    return 0;
}
