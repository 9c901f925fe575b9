/* Reading HDF5 at arm's length: shapes and arrays come back through a memfd, or a file without a
 * name where memory is short. */
#include "runner/store/h5_image.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/machine.h"
#include "runner/journal/id_index.h"
#include "runner/store/child_process.h"

enum {
    ALIGN = 64,
    LISTED_WIDTH = 33,     /* wider texts are kept once each, narrow ones in their cells */
    BLOCK_BYTES = 4 << 20, /* of such texts, read at a time */
    SLACK = 256 << 20,     /* any file may become so many bytes in memory, and ... */
    EXPANSION = 128,       /* ... so many for each of its own: columns repeat themselves */
    CPU_SECONDS = 9,       /* for any file, and one more for every ... */
    CPU_BYTES = 20 << 20,  /* ... of these; */
    WALL_SECONDS = 60,     /* and where the disk is slow a minute more, */
    WALL_FACTOR = 4        /* and four times as long */
};

/* What the child needs. */
typedef struct ImageOrder {
    const char *path;
    const char *const *name;
    const H5Rows *rows;
    int32_t names;
    int64_t file_bytes, memory;
    int fd, disk; /* in memory; on disk, -1 where that is not needed or there is none */
} ImageOrder;

/* The image while the child makes it. `shape` is that of the image: texts are a byte wider than in
 * the file, for a NUL. */
typedef struct ImageDraft {
    const ImageOrder *order;
    H5 *file;
    H5Shape *shape, *in_file;
    size_t *offset;
    int64_t end;
    int fd;
    unsigned char *map;
} ImageDraft;

/* A list of texts too wide for cells: int64 offsets of them in the image. */
static bool is_listed(const H5Shape *shape) {
    return (shape->kind == H5_ASCII || shape->kind == H5_UTF8) && shape->rank == 1 &&
           shape->width > LISTED_WIDTH;
}

static int64_t bytes_of(const H5Shape *shape) {
    if (shape->width == 0) return 0;
    const H5Shape offsets = {.kind = H5_INTEGER, .rank = 1, .size = {shape->size[0]}, .width = 8};
    return h5_bytes(is_listed(shape) ? &offsets : shape);
}

/* Where each array goes: behind the shapes, each on a multiple of ALIGN. -1 where the sizes
 * overflow. */
static int64_t lay_out(const H5Shape *shape, int32_t names, size_t *offset) {
    int64_t at = (int64_t)((size_t)names * sizeof *shape);
    for (int32_t i = 0; i < names; i++) {
        at = (at + ALIGN - 1) / ALIGN * ALIGN;
        offset[i] = (size_t)at;
        const int64_t bytes = bytes_of(&shape[i]);
        if (bytes < 0 || __builtin_add_overflow(at, bytes, &at) || at > INT64_MAX - ALIGN)
            return -1;
    }
    return at;
}

/* The largest image that a file of this size may have. */
static int64_t largest(int64_t file_bytes) {
    int64_t bytes;
    return __builtin_mul_overflow(file_bytes, EXPANSION, &bytes) || bytes > INT64_MAX - SLACK
               ? INT64_MAX
               : bytes + SLACK;
}

/* --- in the child ----------------------------------------------------------------------------- */

static bool describe(ImageDraft *draft, int32_t i, Error *err) {
    const ImageOrder *order = draft->order;
    H5Shape *shape = &draft->shape[i];
    const H5Rows rows = order->rows ? order->rows[i] : (H5Rows){0};
    if (!h5_describe(draft->file, order->name[i], &draft->in_file[i], err)) return false;
    *shape = draft->in_file[i];
    if (shape->width && (shape->kind == H5_ASCII || shape->kind == H5_UTF8)) shape->width++;
    if (shape->width && rows.count > 0) {
        if (shape->rank != 1 || rows.first < 0 || rows.first > shape->size[0] - rows.count) {
            *shape = (H5Shape){0};
        } else {
            shape->size[0] = rows.count;
        }
    }
    return true;
}

/* Free bytes where the file on disk is; 0 where there is none. */
static int64_t disk_room(int fd) {
    struct statvfs disk;
    return fd >= 0 && fstatvfs(fd, &disk) == 0 ? (int64_t)(disk.f_bavail * disk.f_frsize) : 0;
}

/* Decides where the image goes, and maps it. */
static bool map_image(ImageDraft *draft, Error *err) {
    const ImageOrder *order = draft->order;
    draft->end = lay_out(draft->shape, order->names, draft->offset);
    if (draft->end < 0 || draft->end > largest(order->file_bytes)) {
        return error_set(err, ERROR_RESOURCE, "%s: claims to hold more than it can; it is damaged",
                         order->path);
    }
    draft->fd = draft->end <= order->memory / 4 ? order->fd : order->disk;
    if (draft->fd == order->disk && disk_room(order->disk) < draft->end) {
        return error_set(
            err, ERROR_RESOURCE,
            "%s: reading it takes %" PRId64 " MB, %" PRId64 " MB of memory are free and"
            " %" PRId64 " MB of disk for temporary files (TMPDIR names another folder)",
            order->path, draft->end >> 20, order->memory >> 20, disk_room(order->disk) >> 20);
    }
    draft->map = MAP_FAILED;
    if (!ftruncate(draft->fd, draft->end))
        draft->map =
            mmap(NULL, (size_t)draft->end, PROT_READ | PROT_WRITE, MAP_SHARED, draft->fd, 0);
    return draft->map != MAP_FAILED ||
           error_errno(err, "%s: memory for reading it (%" PRId64 " bytes)", order->path,
                       draft->end);
}

/* Adds a text behind the image; its offset. -1 where there is no more room, or it may not be so
 * large. */
static int64_t add_text(ImageDraft *draft, const char *text, Error *err) {
    const size_t size = strlen(text) + 1;
    const int64_t at = draft->end;
    if (at + (int64_t)size > largest(draft->order->file_bytes)) {
        error_set(err, ERROR_RESOURCE, "%s: claims to hold more than it can; it is damaged",
                  draft->order->path);
        return -1;
    }
    if (!files_pwrite_all(draft->fd, text, size, at)) {
        error_errno(err, "%s: memory for reading it", draft->order->path);
        return -1;
    }
    draft->end += (int64_t)size;
    return at;
}

/* FNV-1a. */
static uint64_t hash_of(const char *text) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

/* The offset of a text, which is added where no earlier one is equal. Two texts of one hash are
 * told apart by reading the first one back. */
static int64_t list_text(ImageDraft *draft, IdIndex *known, const char *text, char *other,
                         Error *err) {
    const uint64_t hash = hash_of(text);
    const size_t size = strlen(text) + 1;
    const int64_t at = id_index_find(known, hash);
    size_t got;
    if (at >= 0 && files_pread(draft->fd, other, size, at, &got) && got == size &&
        memcmp(other, text, size) == 0)
        return at;
    const int64_t added = add_text(draft, text, err);
    if (added >= 0 && at < 0 && !id_index_add(known, hash, added, err)) return -1;
    return added;
}

/* A list of wide texts: block by block. */
static bool read_list(ImageDraft *draft, int32_t i, Error *err) {
    const H5Shape *shape = &draft->shape[i];
    const int64_t width = shape->width, rows = shape->size[0];
    const int64_t block = BLOCK_BYTES / width > 0 ? BLOCK_BYTES / width : 1;
    int64_t *offset = (int64_t *)(void *)(draft->map + draft->offset[i]);
    char *cells = malloc((size_t)(block * width)), *other = malloc((size_t)width);
    IdIndex known = {0};
    bool ok = (cells && other) || error_memory(err, (size_t)(block * width));
    for (int64_t first = 0; ok && first < rows; first += block) {
        const int64_t count = rows - first < block ? rows - first : block;
        ok = h5_read_rows(draft->file, draft->order->name[i], shape, first, count, cells, err);
        for (int64_t row = 0; ok && row < count; row++) {
            const char *text = cells + row * width;
            const bool same = row > 0 && strcmp(text, text - width) == 0;
            offset[first + row] =
                same ? offset[first + row - 1] : list_text(draft, &known, text, other, err);
            ok = offset[first + row] >= 0;
        }
    }
    id_index_free(&known);
    free(cells);
    free(other);
    return ok;
}

static bool read_one(ImageDraft *draft, int32_t i, Error *err) {
    const ImageOrder *order = draft->order;
    const H5Shape *shape = &draft->shape[i];
    void *data = draft->map + draft->offset[i];
    if (shape->width == 0) return true;
    if (is_listed(shape)) return read_list(draft, i, err);
    if (order->rows && order->rows[i].count > 0) {
        return h5_read_rows(draft->file, order->name[i], &draft->in_file[i], order->rows[i].first,
                            order->rows[i].count, data, err);
    }
    return h5_read(draft->file, order->name[i], shape, data, err);
}

static bool work(void *context, Error *err) {
    const ImageOrder *order = context;
    const size_t names = (size_t)order->names;
    ImageDraft draft = {.order = order,
                        .shape = calloc(names, sizeof *draft.shape),
                        .in_file = calloc(names, sizeof *draft.in_file),
                        .offset = calloc(names, sizeof *draft.offset)};
    if (!draft.shape || !draft.in_file || !draft.offset)
        return error_memory(err, names * sizeof *draft.shape);
    if (!h5_open(&draft.file, order->path, err)) return false;
    for (int32_t i = 0; i < order->names; i++)
        if (!describe(&draft, i, err)) return false;
    if (!map_image(&draft, err)) return false;
    memcpy(draft.map, draft.shape, names * sizeof *draft.shape);
    for (int32_t i = 0; i < order->names; i++)
        if (!read_one(&draft, i, err)) return false;
    return h5_close(&draft.file, err); /* the rest goes with this process */
}

/* --- in the parent ---------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b, void *name) {
    const char *const *text = name;
    return strcmp(text[*(const int32_t *)a], text[*(const int32_t *)b]);
}

/* Whether the offsets of a list lie in the image, each at a text. What is in the image is the
 * child's word, and HDF5 may have gone wrong in it. */
static bool is_list_sound(const H5Image *image, int32_t i) {
    const int64_t *offset = h5_image_data(image, i);
    const int64_t rows = image->shape[i].size[0];
    for (int64_t row = 0; row < rows; row++)
        if (offset[row] < 0 || offset[row] >= (int64_t)image->bytes) return false;
    return rows == 0 || image->map[image->bytes - 1] == '\0';
}

/* Maps what the child left. */
static bool receive(H5Image *image, const ImageOrder *order, Error *err) {
    struct stat status = {0};
    const size_t names = (size_t)image->names;
    int fd = order->fd;
    image->offset = calloc(names, sizeof *image->offset);
    image->order = calloc(names, sizeof *image->order);
    if (!image->offset || !image->order) return error_memory(err, names * sizeof *image->offset);
    for (int32_t i = 0; i < image->names; i++) image->order[i] = i;
    qsort_r(image->order, names, sizeof *image->order, by_name, (void *)(uintptr_t)image->name);
    if (fstat(fd, &status)) return error_errno(err, "%s: reading it", order->path);
    if (status.st_size == 0) fd = order->disk;
    if (fstat(fd, &status)) return error_errno(err, "%s: reading it", order->path);
    image->bytes = (size_t)status.st_size;
    void *map = mmap(NULL, image->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED) {
        return error_errno(err, "%s: memory for reading it (%zu bytes)", order->path, image->bytes);
    }
    image->map = map;
    image->shape = map;
    const bool enough = image->bytes >= names * sizeof *image->shape;
    const int64_t end = enough ? lay_out(image->shape, image->names, image->offset) : -1;
    bool sound = end >= 0 && end <= (int64_t)image->bytes;
    for (int32_t i = 0; sound && i < image->names; i++)
        sound = !is_listed(&image->shape[i]) || is_list_sound(image, i);
    return sound || error_set(err, ERROR_RESOURCE, "%s: reading it gave nonsense", order->path);
}

/* A file without a name in TMPDIR; -1 where there can be none. */
static int open_scratch(void) {
    const char *folder = getenv("TMPDIR");
    if (!folder || !*folder) folder = "/tmp";
    const int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0) return fd;
    char path[FILES_PATH]; /* not every file system has O_TMPFILE */
    if (snprintf(path, sizeof path, "%s/runner-XXXXXX", folder) >= (int)sizeof path) return -1;
    const int made = mkostemp(path, O_CLOEXEC);
    if (made >= 0) (void)unlink(path);
    return made;
}

bool h5_image_read(H5Image *image, const char *path, const char *const *name, const H5Rows *rows,
                   int32_t names, Error *err) {
    *image = (H5Image){.name = name, .names = names};
    ImageOrder order = {
        .path = path, .name = name, .rows = rows, .names = names, .fd = -1, .disk = -1};
    struct stat status;
    if (stat(path, &status)) return error_errno(err, "%s", path);
    if (!S_ISREG(status.st_mode))
        return error_set(err, ERROR_RESOURCE, "%s: not a regular file", path);
    order.file_bytes = status.st_size;
    order.memory = machine_memory(&MACHINE_ROOTS);
    order.fd = memfd_create("results", MFD_CLOEXEC);
    if (order.fd < 0) return error_errno(err, "%s: memory for reading it", path);
    if (largest(status.st_size) > order.memory / 4) order.disk = open_scratch();
    const long cpu = CPU_SECONDS + (long)(status.st_size / CPU_BYTES);
    const ChildLimits limits = {cpu, WALL_SECONDS + WALL_FACTOR * cpu};
    const bool ok =
        child_process_run(work, &order, path, limits, err) && receive(image, &order, err);
    close(order.fd);
    if (order.disk >= 0) close(order.disk);
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

const char *h5_image_text(const H5Image *image, int32_t index, int64_t row) {
    const H5Shape *shape = &image->shape[index];
    const char *data = h5_image_data(image, index);
    if (!is_listed(shape)) return data + row * shape->width;
    int64_t offset;
    memcpy(&offset, data + row * (int64_t)sizeof offset, sizeof offset);
    return (const char *)image->map + offset;
}
