/* Any bytes through the NPY reader: byte 0 chooses the limit, the rest is the file. */
#include "core/data/npy.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    FILE *file = fmemopen((void *)(uintptr_t)(data + 1), size - 1, "rb");
    if (!file) abort();
    NpyMatrix matrix;
    Dataset set = {0};
    DatasetNames names = {0};
    Error err = {0};
    const bool done = npy_parse(&matrix, file, "fuzz", data[0] & 3, &err);
    if (done != (err.kind == ERROR_NONE) || done != (err.text[0] == '\0')) abort();
    if (done && (matrix.rows < 1 || matrix.columns < 1)) abort();
    if (!done && matrix.values) abort();
    // on to a data set, which may refuse it
    if (done && dataset_from_matrix(&set, &names,
                                    (DatasetTable){matrix.values, matrix.rows, matrix.columns}, -1,
                                    (DatasetTask){data[0] & 4, 0}, "fuzz", &err)) {
        if (!dataset_check(&set, "fuzz", &err)) abort();
    }
    dataset_names_free(&names);
    dataset_destroy(&set);
    npy_destroy(&matrix);
    fclose(file);
    return 0;
}
