/* Reading HDF5 at arm's length: shapes and arrays come back through a memfd. */
#include "runner/store/h5_image.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/store/child_process.h"

enum {
    ALIGN = 64,
    EXPANSION = 1100, /* deflate makes at most 1032 bytes of one: a file that claims more lies */
    SLACK = 1 << 20,
    CPU_SECONDS = 9,     /* for any file, and one more for every ... */
    CPU_BYTES = 20 << 20 /* ... of these */
};

/* What the child needs. */
typedef struct ImageOrder {
    const char *path;
    const char *const *name;
    int32_t names;
    int64_t file_bytes;
    int fd;
} ImageOrder;

/* Where each array goes: behind the shapes, each on a multiple of ALIGN. -1 where the sizes
 * overflow. */
static int64_t lay_out(const H5Shape *shape, int32_t names, size_t *offset) {
    int64_t at = (int64_t)((size_t)names * sizeof *shape);
    for (int32_t i = 0; i < names; i++) {
        at = (at + ALIGN - 1) / ALIGN * ALIGN;
        offset[i] = (size_t)at;
        const int64_t bytes = shape[i].width ? h5_bytes(&shape[i]) : 0;
        if (bytes < 0 || __builtin_add_overflow(at, bytes, &at) || at > INT64_MAX - ALIGN)
            return -1;
    }
    return at;
}

/* The largest image we accept from a file of this size. */
static int64_t largest(int64_t file_bytes) {
    const int64_t memory = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    int64_t claimed;
    if (__builtin_mul_overflow(file_bytes, EXPANSION, &claimed) || claimed > memory) return memory;
    return claimed + SLACK;
}

/* In the child. */
static bool work(void *context, Error *err) {
    const ImageOrder *order = context;
    H5 *file = NULL;
    H5Shape *shape = calloc((size_t)order->names, sizeof *shape);
    size_t *offset = calloc((size_t)order->names, sizeof *offset);
    if (!shape || !offset) return error_memory(err, (size_t)order->names * sizeof *shape);
    if (!h5_open(&file, order->path, err)) return false;
    for (int32_t i = 0; i < order->names; i++)
        if (!h5_describe(file, order->name[i], &shape[i])) shape[i] = (H5Shape){0};
    const int64_t bytes = lay_out(shape, order->names, offset);
    if (bytes < 0 || bytes > largest(order->file_bytes)) {
        return error_set(err, ERROR_RESOURCE, "%s: claims to hold more than it can; it is damaged",
                         order->path);
    }
    unsigned char *map = MAP_FAILED;
    if (!ftruncate(order->fd, bytes))
        map = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, order->fd, 0);
    if (map == MAP_FAILED) {
        return error_errno(err, "%s: memory for reading it (%" PRId64 " bytes)", order->path,
                           bytes);
    }
    memcpy(map, shape, (size_t)order->names * sizeof *shape);
    for (int32_t i = 0; i < order->names; i++) {
        if (shape[i].width && !h5_read(file, order->name[i], &shape[i], map + offset[i], err))
            return false;
    }
    return h5_close(&file, err); /* the rest goes with this process */
}

static int by_name(const void *a, const void *b, void *name) {
    const char *const *text = name;
    return strcmp(text[*(const int32_t *)a], text[*(const int32_t *)b]);
}

/* In the parent: maps what the child left. */
static bool receive(H5Image *image, const char *path, int fd, Error *err) {
    struct stat status;
    const size_t names = (size_t)image->names;
    image->offset = calloc(names, sizeof *image->offset);
    image->order = calloc(names, sizeof *image->order);
    if (!image->offset || !image->order) return error_memory(err, names * sizeof *image->offset);
    for (int32_t i = 0; i < image->names; i++) image->order[i] = i;
    qsort_r(image->order, names, sizeof *image->order, by_name, (void *)(uintptr_t)image->name);
    if (fstat(fd, &status)) return error_errno(err, "%s: reading it", path);
    image->bytes = (size_t)status.st_size;
    void *map = mmap(NULL, image->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return error_errno(err, "%s: memory for reading it (%zu bytes)", path, image->bytes);
    image->map = map;
    image->shape = map;
    if (lay_out(image->shape, image->names, image->offset) != (int64_t)image->bytes)
        return error_set(err, ERROR_RESOURCE, "%s: reading it gave nonsense", path);
    return true;
}

bool h5_image_read(H5Image *image, const char *path, const char *const *name, int32_t names,
                   Error *err) {
    *image = (H5Image){.name = name, .names = names};
    ImageOrder order = {.path = path, .name = name, .names = names, .fd = -1};
    struct stat status;
    if (stat(path, &status)) return error_errno(err, "%s", path);
    if (!S_ISREG(status.st_mode))
        return error_set(err, ERROR_RESOURCE, "%s: not a regular file", path);
    order.file_bytes = status.st_size;
    order.fd = memfd_create("results", MFD_CLOEXEC);
    if (order.fd < 0) return error_errno(err, "%s: memory for reading it", path);
    const bool ok = child_process_run(work, &order, path,
                                      CPU_SECONDS + (long)(status.st_size / CPU_BYTES), err) &&
                    receive(image, path, order.fd, err);
    close(order.fd);
    if (!ok) h5_image_close(image);
    return ok;
}

void h5_image_close(H5Image *image) {
    if (image->map) munmap(image->map, image->bytes);
    free(image->offset);
    free(image->order);
    *image = (H5Image){0};
}

int32_t h5_image_find(const H5Image *image, const char *name) {
    int32_t low = 0, high = image->names;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2, at = image->order[middle];
        const int compared = strcmp(name, image->name[at]);
        if (compared == 0) return image->shape[at].width ? at : -1;
        if (compared < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

void *h5_image_data(const H5Image *image, int32_t index) {
    return image->map + image->offset[index];
}
