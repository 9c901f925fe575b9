/* Any bytes through the IDX reader: byte 0 chooses limit and classes, two bytes say how many of the
 * rest are the images, the others are the labels. */
#include "core/data/idx.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 5) return 0;
    const size_t rest = size - 3, said = (size_t)data[1] | (size_t)data[2] << 8;
    const size_t images_size = 1 + said % (rest - 1); // fmemopen takes no empty buffer
    FILE *images = fmemopen((void *)(uintptr_t)(data + 3), images_size, "rb");
    FILE *labels = fmemopen((void *)(uintptr_t)(data + 3 + images_size), rest - images_size, "rb");
    if (!images || !labels) abort();
    Dataset set;
    Error err = {0};
    const bool done = idx_parse(&set, images, "images", labels, "labels", data[0] & 3,
                                data[0] & 4 ? 10 : 0, &err);
    if (done != (err.kind == ERROR_NONE) || done != (err.text[0] == '\0')) abort();
    if (done && !dataset_check(&set, "fuzz", &err)) abort();
    if (!done && set.x) abort();
    dataset_destroy(&set);
    fclose(images);
    fclose(labels);
    return 0;
}
