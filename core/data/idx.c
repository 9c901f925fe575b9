/* A byte stream that may be gzip, and the two small formats on it. zlib's gz* functions would hide
 * what follows a gzip member; inflate() lets us refuse it. */
#include "core/data/idx.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "core/base/files.h"

#define MAGIC_IMAGES 0x00000803U
#define MAGIC_LABELS 0x00000801U
#define GROWTH       ((size_t)1 << 20) /* bytes allocated before any have been seen */

typedef struct Stream {
    FILE *file;
    const char *name;
    bool gzip;
    bool ended;         /* the gzip member is complete */
    z_stream inflation; /* valid where gzip */
    unsigned char input[1 << 15];
    size_t at, filled; /* input[at .. filled) is not yet used */
} Stream;

/* Ensures at least one unused byte of the file; false at its end, or with err set. */
static bool refill(Stream *stream, Error *err) {
    if (stream->at < stream->filled) return true;
    stream->at = 0;
    stream->filled = fread(stream->input, 1, sizeof stream->input, stream->file);
    if (stream->filled > 0) return true;
    if (ferror(stream->file)) error_errno(err, "%s: cannot read", stream->name);
    return false;
}

static void close_stream(Stream *stream) {
    if (stream && stream->gzip) inflateEnd(&stream->inflation);
    free(stream);
}

/* The file stays the caller's; NULL on failure. */
static Stream *open_stream(FILE *file, const char *name, Error *err) {
    Stream *stream = calloc(1, sizeof *stream);
    if (!stream) {
        error_memory(err, sizeof *stream);
        return NULL;
    }
    stream->file = file;
    stream->name = name;
    errno = 0;
    if (!refill(stream, err) && ferror(file)) goto fail;
    if (stream->filled < 2 || stream->input[0] != 0x1f || stream->input[1] != 0x8b) return stream;
    if (inflateInit2(&stream->inflation, 16 + MAX_WBITS) != Z_OK) { /* 16: gzip, CRC checked */
        error_memory(err, 1 << MAX_WBITS);
        goto fail;
    }
    stream->gzip = true;
    return stream;
fail:
    close_stream(stream);
    return NULL;
}

/* Inflates once into `out`; the number of bytes made. False: the stream is damaged or cut off. */
static bool inflate_some(Stream *stream, unsigned char *out, size_t size, size_t *made,
                         Error *err) {
    if (!refill(stream, err)) {
        return error_set(err, ERROR_RESOURCE, "%s: the gzip stream is cut off", stream->name);
    }
    z_stream *const z = &stream->inflation;
    const uInt room = size > 1U << 30 ? 1U << 30 : (uInt)size;
    z->next_in = stream->input + stream->at;
    z->avail_in = (uInt)(stream->filled - stream->at);
    z->next_out = out;
    z->avail_out = room;
    const int code = inflate(z, Z_NO_FLUSH);
    stream->at = stream->filled - z->avail_in;
    *made = room - z->avail_out;
    if (code == Z_STREAM_END) {
        stream->ended = true;
        return true;
    }
    if (code == Z_OK || code == Z_BUF_ERROR) return true; /* BUF_ERROR: it wants more input */
    return error_set(err, ERROR_RESOURCE, "%s: damaged gzip data (%s)", stream->name,
                     z->msg ? z->msg : "not deflate");
}

/* Reads up to `size` bytes; *got is less only at the end. */
static bool read_some(Stream *stream, unsigned char *out, size_t size, size_t *got, Error *err) {
    *got = 0;
    errno = 0;
    while (*got < size && !(stream->gzip && stream->ended)) {
        size_t made = 0;
        if (stream->gzip) {
            if (!inflate_some(stream, out + *got, size - *got, &made, err)) return false;
        } else {
            if (!refill(stream, err)) return !ferror(stream->file);
            made = stream->filled - stream->at;
            if (made > size - *got) made = size - *got;
            memcpy(out + *got, stream->input + stream->at, made);
            stream->at += made;
        }
        *got += made;
    }
    return true;
}

/* Refuses bytes after the content, and after the gzip member around it. */
static bool expect_end(Stream *stream, int64_t expected, Error *err) {
    unsigned char one;
    size_t got = 0;
    if (!read_some(stream, &one, 1, &got, err)) return false;
    if (got == 0 && !refill(stream, err)) return !ferror(stream->file);
    return error_set(err, ERROR_RESOURCE,
                     "%s: bytes behind the %" PRId64 " that its header promises (a damaged or "
                     "foreign file)",
                     stream->name, expected);
}

static uint32_t big_endian(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Magic number and `count` sizes. */
static bool read_header(Stream *stream, uint32_t magic, int64_t *sizes, int32_t count, Error *err) {
    unsigned char bytes[16];
    const size_t wanted = 4 + 4 * (size_t)count;
    size_t got = 0;
    assert(wanted <= sizeof bytes);
    if (!read_some(stream, bytes, wanted, &got, err)) return false;
    if (got >= 4 && big_endian(bytes) != magic) {
        return error_set(err, ERROR_RESOURCE,
                         "%s: begins with 0x%08" PRIx32 " (0x%08" PRIx32 ", IDX with %" PRId32
                         " sizes of unsigned bytes, is expected)",
                         stream->name, big_endian(bytes), magic, count);
    }
    if (got < wanted) {
        return error_set(err, ERROR_RESOURCE, "%s: ends within its header (%zu of %zu bytes)",
                         stream->name, got, wanted);
    }
    for (int32_t i = 0; i < count; i++) sizes[i] = big_endian(bytes + 4 + 4 * i);
    return true;
}

/* Exactly `size` bytes, in memory that grows with what is really there; the caller frees it, NULL
 * on failure. */
static unsigned char *read_body(Stream *stream, int64_t size, Error *err) {
    const size_t wanted = (size_t)size;
    unsigned char *body = NULL;
    size_t have = 0, room = 0;
    while (have < wanted) {
        room = room ? 2 * room : GROWTH;
        if (room > wanted) room = wanted;
        unsigned char *larger = realloc(body, room);
        if (!larger) {
            error_memory(err, room);
            goto fail;
        }
        body = larger;
        size_t got = 0;
        TRY(read_some(stream, body + have, room - have, &got, err));
        have += got;
        if (have == room) continue;
        error_set(err, ERROR_RESOURCE,
                  "%s: ends after %zu of the %" PRId64 " bytes that its header promises",
                  stream->name, have, size);
        goto fail;
    }
    return body;
fail:
    free(body);
    return NULL;
}

static bool check_sizes(const int64_t *sizes, int64_t labels, const char *images_name,
                        const char *labels_name, Error *err) {
    if (sizes[0] != labels) {
        return error_set(err, ERROR_RESOURCE,
                         "%s: %" PRId64 " images, but %" PRId64 " labels in %s", images_name,
                         sizes[0], labels, labels_name);
    }
    if (sizes[0] < 1) return error_set(err, ERROR_RESOURCE, "%s: no images", images_name);
    if (sizes[1] < 1 || sizes[2] < 1) {
        return error_set(err, ERROR_RESOURCE, "%s: images of %" PRId64 " x %" PRId64 " pixels",
                         images_name, sizes[1], sizes[2]);
    }
    /* in this order no product overflows: each size alone may be anything below 2^32 */
    const bool fits = sizes[0] <= IDX_MAX_ROWS && sizes[1] <= IDX_MAX_PIXELS &&
                      sizes[2] <= IDX_MAX_PIXELS / sizes[1] &&
                      sizes[0] <= IDX_MAX_BYTES / (sizes[1] * sizes[2]);
    if (!fits) {
        return error_set(
            err, ERROR_RESOURCE,
            "%s: promises %" PRId64 " images of %" PRId64 " x %" PRId64 " pixels (at most %" PRId64
            " images, %" PRId64 " pixels in one, %" PRId64 " in all)",
            images_name, sizes[0], sizes[1], sizes[2], IDX_MAX_ROWS, IDX_MAX_PIXELS, IDX_MAX_BYTES);
    }
    return true;
}

/* Classes are 0..largest unless given; every label of the file is checked, limit or not. */
static bool check_labels(const unsigned char *label, int64_t n, int32_t *classes, const char *name,
                         Error *err) {
    int32_t largest = 0;
    for (int64_t i = 0; i < n; i++) {
        if (*classes > 0 && label[i] >= *classes) {
            return error_set(err, ERROR_RESOURCE,
                             "%s: label %d of row %" PRId64 " (0 to %" PRId32
                             " are allowed; rows count from 0)",
                             name, label[i], i, *classes - 1);
        }
        if (label[i] > largest) largest = label[i];
    }
    if (*classes == 0) *classes = largest + 1;
    return true;
}

bool idx_parse(Dataset *set, FILE *images, const char *images_name, FILE *labels,
               const char *labels_name, int64_t limit, int32_t classes, Error *err) {
    *set = (Dataset){0};
    Stream *image_stream = NULL, *label_stream = NULL;
    unsigned char *pixel = NULL, *label = NULL;
    bool done = false;
    int64_t sizes[3] = {0}, n = 0;
    assert(limit >= 0 && classes >= 0);
    TRY(image_stream = open_stream(images, images_name, err));
    TRY(label_stream = open_stream(labels, labels_name, err));
    TRY(read_header(image_stream, MAGIC_IMAGES, sizes, 3, err));
    TRY(read_header(label_stream, MAGIC_LABELS, &n, 1, err));
    TRY(check_sizes(sizes, n, images_name, labels_name, err));
    TRY(label = read_body(label_stream, n, err));
    TRY(expect_end(label_stream, n, err));
    TRY(check_labels(label, n, &classes, labels_name, err));

    const bool all = limit == 0 || limit >= n;
    const int64_t rows = all ? n : limit, pixels = sizes[1] * sizes[2];
    TRY(pixel = read_body(image_stream, rows * pixels, err));
    if (all) TRY(expect_end(image_stream, rows * pixels, err));
    TRY(dataset_create(set, rows, (int32_t)pixels, classes, true, err));
    for (int64_t i = 0; i < rows * pixels; i++) set->x[i] = pixel[i];
    for (int64_t i = 0; i < rows; i++) set->label[i] = label[i];
    done = true;
fail:
    free(pixel);
    free(label);
    close_stream(image_stream);
    close_stream(label_stream);
    return done;
}

static const char *const STEMS[2][2] = {
    [IDX_TRAIN] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"},
    [IDX_TEST] = {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"},
};

bool idx_path(char *path, size_t size, const char *folder, IdxSplit split, bool labels,
              Error *err) {
    static const char *const ENDINGS[] = {"", ".gz"};
    for (int i = 0; i < 2; i++) {
        const int length =
            snprintf(path, size, "%s/%s%s", folder, STEMS[split][labels], ENDINGS[i]);
        if (length < 0 || (size_t)length >= size) {
            return error_set(err, ERROR_RESOURCE, "%s: the path is too long", folder);
        }
        if (access(path, F_OK) == 0) return true;
    }
    return error_set(err, ERROR_RESOURCE,
                     "%s: holds neither %s nor %s.gz (scripts/get-mnist fetches MNIST; for a copy "
                     "that is there already: MNIST_DIR=FOLDER runner ..., or data.path=FOLDER)",
                     folder, STEMS[split][labels], STEMS[split][labels]);
}

bool idx_exists(const char *folder, IdxSplit split) {
    char path[4096];
    return idx_path(path, sizeof path, folder, split, false, NULL);
}

bool idx_read(Dataset *set, const char *folder, IdxSplit split, int64_t limit, int32_t classes,
              Error *err) {
    *set = (Dataset){0};
    FILE *file[2] = {NULL, NULL};
    char path[2][4096];
    bool done = false;
    for (int i = 0; i < 2; i++) {
        TRY(idx_path(path[i], sizeof path[i], folder, split, i == 1, err));
        file[i] = files_open(path[i], err);
        if (!file[i]) goto fail;
    }
    done = idx_parse(set, file[0], path[0], file[1], path[1], limit, classes, err);
fail:
    for (int i = 0; i < 2; i++) {
        if (file[i]) fclose(file[i]);
    }
    return done;
}
