/* The only file that knows HDF5. */
#include "runner/store/h5.h"

#include <assert.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_BYTES = 1 << 20,   /* largest chunk aimed at */
    CHUNK_COLUMNS = 1 << 16, /* a row longer than that is cut */
    DEFLATE_LEVEL = 1 /* columns repeat themselves or do not compress: more effort gains nothing */
};

enum { NAME_BYTES = 256 }; /* names in the files that are read are shorter */

struct H5 {
    hid_t id;
    char *path;
    char own[NAME_BYTES]; /* the group that is known to be in the file itself */
};

struct H5Set {
    H5 *file;
    hid_t id, type;
    H5Shape shape;
};

/* Remembers the innermost description on HDF5's error stack: the one that names the cause. */
static herr_t innermost(unsigned depth, const H5E_error2_t *error, void *text) {
    if (depth == 0) *(const char **)text = error->desc;
    return 0;
}

static bool fail(const H5 *file, const char *what, const char *name, Error *err) {
    const char *cause = NULL;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, innermost, &cause);
    return error_set(err, ERROR_RESOURCE, "%s: %s %s (HDF5: %s)", file->path, what, name,
                     cause && *cause ? cause : "no reason given");
}

/* --- types ------------------------------------------------------------------------------------ */

static hid_t text_type(H5Kind kind, size_t width) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 && (H5Tset_size(type, width) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0 ||
                      H5Tset_cset(type, kind == H5_UTF8 ? H5T_CSET_UTF8 : H5T_CSET_ASCII) < 0)) {
        H5Tclose(type);
        return H5I_INVALID_HID;
    }
    return type;
}

/* The type of an element in the file; as we write little-endian machines only, in memory too. To be
 * closed. */
static hid_t element_type(H5Kind kind, int64_t width) {
    switch (kind) {
    case H5_TRUTH: return H5Tcopy(H5T_STD_U8LE);
    case H5_INTEGER: return H5Tcopy(H5T_STD_I64LE);
    case H5_REAL: return H5Tcopy(H5T_IEEE_F64LE);
    case H5_ASCII:
    case H5_UTF8: return text_type(kind, (size_t)width);
    }
    return H5I_INVALID_HID;
}

static H5Kind text_kind(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80) return H5_UTF8;
    return H5_ASCII;
}

int64_t h5_bytes(const H5Shape *shape) {
    int64_t bytes = shape->width;
    for (int32_t i = 0; i < shape->rank; i++)
        if (__builtin_mul_overflow(bytes, shape->size[i], &bytes)) return -1;
    return bytes;
}

/* --- files and groups ------------------------------------------------------------------------- */

static bool file_new(H5 **file, const char *path, Error *err) {
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    (void)H5PLset_loading_state(0); /* no file names a library that is then loaded */
    *file = calloc(1, sizeof **file);
    if (*file) (*file)->path = strdup(path);
    if (*file && (*file)->path) {
        (*file)->id = H5I_INVALID_HID;
        return true;
    }
    free(*file);
    *file = NULL;
    return error_memory(err, sizeof **file + strlen(path));
}

static void file_free(H5 **file) {
    free((*file)->path);
    free(*file);
    *file = NULL;
}

/* A property list without times; `class` is that of files, groups or data sets. */
static hid_t timeless(hid_t class) {
    const hid_t list = H5Pcreate(class);
    if (list >= 0 && H5Pset_obj_track_times(list, false) >= 0) return list;
    if (list >= 0) H5Pclose(list);
    return H5I_INVALID_HID;
}

bool h5_create(H5 **file, const char *path, Error *err) {
    if (!file_new(file, path, err)) return false;
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = timeless(H5P_FILE_CREATE);
    if (access >= 0 && creation >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110) >= 0)
        (*file)->id = H5Fcreate(path, H5F_ACC_EXCL, creation, access);
    const bool ok = (*file)->id >= 0 || fail(*file, "cannot be made", "", err);
    if (access >= 0) H5Pclose(access);
    if (creation >= 0) H5Pclose(creation);
    if (!ok) file_free(file);
    return ok;
}

bool h5_open(H5 **file, const char *path, Error *err) {
    if (!file_new(file, path, err)) return false;
    (*file)->id = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if ((*file)->id >= 0) return true;
    (void)fail(*file, "cannot be opened as HDF5", "", err);
    file_free(file);
    return false;
}

bool h5_close(H5 **file, Error *err) {
    if (!*file) return true;
    const bool ok = H5Fclose((*file)->id) >= 0 || fail(*file, "cannot be finished", "", err);
    file_free(file);
    return ok;
}

bool h5_group(H5 *file, const char *path, Error *err) {
    const hid_t creation = timeless(H5P_GROUP_CREATE);
    const hid_t group =
        creation < 0 ? creation : H5Gcreate2(file->id, path, H5P_DEFAULT, creation, H5P_DEFAULT);
    const bool ok = group >= 0 || fail(file, "cannot make", path, err);
    if (group >= 0) H5Gclose(group);
    if (creation >= 0) H5Pclose(creation);
    return ok;
}

/* --- small things written at once ------------------------------------------------------------- */

static bool write_attribute(H5 *file, const char *object, const char *name, hid_t type,
                            const void *data, Error *err) {
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t at = type < 0 || space < 0
                         ? H5I_INVALID_HID
                         : H5Acreate_by_name(file->id, object, name, type, space, H5P_DEFAULT,
                                             H5P_DEFAULT, H5P_DEFAULT);
    bool ok = at >= 0 && H5Awrite(at, type, data) >= 0;
    if (at >= 0 && H5Aclose(at) < 0) ok = false;
    if (!ok) (void)fail(file, "cannot write the attribute", name, err);
    if (space >= 0) H5Sclose(space);
    if (type >= 0) H5Tclose(type);
    return ok;
}

/* A text of no bytes is one zero byte: HDF5 has no strings of length 0. */
static size_t fixed_width(const char *text) {
    return *text ? strlen(text) : 1;
}

bool h5_text_attribute(H5 *file, const char *object, const char *name, const char *text,
                       Error *err) {
    return write_attribute(file, object, name, text_type(text_kind(text), fixed_width(text)), text,
                           err);
}

bool h5_integer_attribute(H5 *file, const char *object, const char *name, int64_t number,
                          Error *err) {
    return write_attribute(file, object, name, element_type(H5_INTEGER, 8), &number, err);
}

bool h5_real_attribute(H5 *file, const char *object, const char *name, double number, Error *err) {
    return write_attribute(file, object, name, element_type(H5_REAL, 8), &number, err);
}

bool h5_text(H5 *file, const char *path, const char *text, Error *err) {
    const H5Shape shape = {.kind = text_kind(text), .width = (int64_t)fixed_width(text)};
    return h5_write(file, path, &shape, text, false, err);
}

bool h5_write(H5 *file, const char *path, const H5Shape *shape, const void *data, bool compress,
              Error *err) {
    H5Set *set;
    const int64_t rows = shape->rank ? shape->size[0] : 1;
    if (!h5_set_create(&set, file, path, shape, rows, compress, err)) return false;
    const bool written = h5_set_write(set, 0, rows, data, err);
    return h5_set_close(&set, err) && written;
}

/* --- data sets -------------------------------------------------------------------------------- */

/* Chunks: a power of two of rows if chunk_rows is one, so that blocks of rows end where chunks
 * do. */
static void chunk_of(const H5Shape *shape, int64_t chunk_rows, hsize_t chunk[2]) {
    const int64_t columns = shape->rank == 2 ? shape->size[1] : 1;
    int64_t rows = chunk_rows < shape->size[0] ? chunk_rows : shape->size[0];
    chunk[1] = (hsize_t)(columns < CHUNK_COLUMNS ? columns : CHUNK_COLUMNS);
    while (rows > 1 && rows * (int64_t)chunk[1] * shape->width > CHUNK_BYTES) rows = (rows + 1) / 2;
    chunk[0] = (hsize_t)rows;
}

/* The layout of a data set in the file. One value, or none at all, cannot be cut into chunks. */
static bool lay_out(hid_t creation, hid_t access, const H5Shape *shape, int64_t chunk_rows,
                    bool compress) {
    if (shape->rank == 0 || h5_bytes(shape) == 0) return true;
    hsize_t chunk[2];
    chunk_of(shape, chunk_rows, chunk);
    const size_t bytes =
        (size_t)chunk[0] * (shape->rank == 2 ? (size_t)chunk[1] : 1) * (size_t)shape->width;
    const size_t across =
        shape->rank == 2 ? (size_t)((shape->size[1] + (int64_t)chunk[1] - 1) / (int64_t)chunk[1])
                         : 1;
    if (H5Pset_chunk(creation, shape->rank, chunk) < 0) return false;
    /* The cache holds one row of chunks and no more: many data sets are open at a time. */
    if (H5Pset_chunk_cache(access, 2 * across + 1, bytes * across, 1.0) < 0) return false;
    /* As HDF5's own calls set them, filters may be left out where memory is short: then equal
     * results would not be equal files. */
    const unsigned level = DEFLATE_LEVEL, must = H5Z_FLAG_MANDATORY;
    if (compress && H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0 &&
        (H5Pset_filter(creation, H5Z_FILTER_SHUFFLE, must, 0, NULL) < 0 ||
         H5Pset_filter(creation, H5Z_FILTER_DEFLATE, must, 1, &level) < 0))
        return false;
    return H5Pset_fletcher32(creation) >= 0;
}

static hid_t space_of(const H5Shape *shape) {
    const hsize_t size[2] = {(hsize_t)shape->size[0], (hsize_t)shape->size[1]};
    return shape->rank ? H5Screate_simple(shape->rank, size, NULL) : H5Screate(H5S_SCALAR);
}

bool h5_set_create(H5Set **set, H5 *file, const char *path, const H5Shape *shape,
                   int64_t chunk_rows, bool compress, Error *err) {
    assert(shape->rank >= 0 && shape->rank <= 2 && shape->width > 0);
    *set = malloc(sizeof **set);
    if (!*set) return error_memory(err, sizeof **set);
    **set = (H5Set){.file = file, .id = H5I_INVALID_HID, .shape = *shape};
    (*set)->type = element_type(shape->kind, shape->width);
    const hid_t space = space_of(shape), creation = timeless(H5P_DATASET_CREATE),
                access = H5Pcreate(H5P_DATASET_ACCESS);
    if ((*set)->type >= 0 && space >= 0 && creation >= 0 && access >= 0 &&
        lay_out(creation, access, shape, chunk_rows, compress))
        (*set)->id = H5Dcreate2(file->id, path, (*set)->type, space, H5P_DEFAULT, creation, access);
    const bool ok = (*set)->id >= 0 || fail(file, "cannot make", path, err);
    if (space >= 0) H5Sclose(space);
    if (creation >= 0) H5Pclose(creation);
    if (access >= 0) H5Pclose(access);
    if (!ok) {
        if ((*set)->type >= 0) H5Tclose((*set)->type);
        free(*set);
        *set = NULL;
    }
    return ok;
}

bool h5_set_write(H5Set *set, int64_t first, int64_t rows, const void *data, Error *err) {
    const H5Shape *shape = &set->shape;
    if (rows == 0 || h5_bytes(shape) == 0) return true;
    assert(first >= 0 && rows > 0 && first + rows <= (shape->rank ? shape->size[0] : 1));
    const hsize_t start[2] = {(hsize_t)first, 0},
                  count[2] = {(hsize_t)rows, (hsize_t)shape->size[1]};
    const hid_t file_space = H5Dget_space(set->id);
    const hid_t memory =
        shape->rank ? H5Screate_simple(shape->rank, count, NULL) : H5Screate(H5S_SCALAR);
    bool ok = file_space >= 0 && memory >= 0 &&
              (!shape->rank ||
               H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0) &&
              H5Dwrite(set->id, set->type, memory, file_space, H5P_DEFAULT, data) >= 0;
    if (!ok) (void)fail(set->file, "cannot write", "a block", err);
    if (memory >= 0) H5Sclose(memory);
    if (file_space >= 0) H5Sclose(file_space);
    return ok;
}

bool h5_set_close(H5Set **set, Error *err) {
    if (!*set) return true;
    const bool ok =
        H5Dclose((*set)->id) >= 0 || fail((*set)->file, "cannot finish", "a data set", err);
    H5Tclose((*set)->type);
    free(*set);
    *set = NULL;
    return ok;
}

/* --- reading ---------------------------------------------------------------------------------- */

enum {
    SPARSE_BYTES = 1 << 16, /* may be claimed without being stored: a few numbers */
    PACKING = 1032          /* deflate makes at most so many bytes of one */
};

/* Whether every name on the way to an object is its own: no link leads elsewhere; else an error.
 * *there is false where one is missing. */
static bool is_reached(H5 *file, const char *object, bool *there, Error *err) {
    char path[NAME_BYTES];
    *there = strlen(object) < sizeof path;
    const size_t known = strlen(file->own);
    const bool inside = strncmp(object, file->own, known) == 0 && object[known] == '/';
    for (size_t end = inside ? known + 1 : 1; *there && object[end - 1] && object[end];) {
        end += strcspn(object + end, "/");
        memcpy(path, object, end);
        path[end] = '\0';
        H5L_info_t link;
        if (H5Lget_info(file->id, path, &link, H5P_DEFAULT) < 0) {
            *there = false;
        } else if (link.type != H5L_TYPE_HARD) {
            return error_set(err, ERROR_RESOURCE,
                             "%s: %s is a link that may lead out of the file; it is not followed",
                             file->path, path);
        }
        if (!object[end]) break;
        if (*there) memcpy(file->own, path, end + 1);
        end++;
    }
    return true;
}

/* Opens "OBJECT@ATTRIBUTE" or a data set; negative where there is none. To be closed with
 * close_named(). */
static hid_t open_named(const H5 *file, const char *name, bool *attribute) {
    const char *at = strrchr(name, '@');
    *attribute = at;
    if (!at) return H5Dopen2(file->id, name, H5P_DEFAULT);
    char object[NAME_BYTES];
    if ((size_t)(at - name) >= sizeof object) return H5I_INVALID_HID;
    memcpy(object, name, (size_t)(at - name));
    object[at - name] = '\0';
    return H5Aopen_by_name(file->id, object, at + 1, H5P_DEFAULT, H5P_DEFAULT);
}

static void close_named(hid_t id, bool attribute) {
    if (id < 0) return;
    if (attribute)
        H5Aclose(id);
    else
        H5Dclose(id);
}

/* The kind of a type in a file, and its width in memory; false for one we do not read. */
static bool kind_of(hid_t type, H5Shape *shape) {
    shape->width = 8;
    switch (H5Tget_class(type)) {
    case H5T_INTEGER: shape->kind = H5_INTEGER; return true;
    case H5T_FLOAT: shape->kind = H5_REAL; return true;
    case H5T_STRING:
        shape->kind = H5Tget_cset(type) == H5T_CSET_UTF8 ? H5_UTF8 : H5_ASCII;
        shape->width = (int64_t)H5Tget_size(type);
        return H5Tis_variable_str(type) == 0 && shape->width > 0;
    default: return false;
    }
}

/* False for a type or rank that is not known here. */
static bool shape_of(hid_t id, bool attribute, H5Shape *shape) {
    const hid_t type = attribute ? H5Aget_type(id) : H5Dget_type(id);
    const hid_t space = attribute ? H5Aget_space(id) : H5Dget_space(id);
    hsize_t size[2] = {0, 0};
    bool known = type >= 0 && space >= 0 && kind_of(type, shape);
    if (known) {
        shape->rank = H5Sget_simple_extent_ndims(space);
        known = shape->rank >= 0 && shape->rank <= 2 &&
                H5Sget_simple_extent_type(space) != H5S_NULL &&
                H5Sget_simple_extent_dims(space, size, NULL) >= 0;
        for (int32_t i = 0; known && i < shape->rank; i++) {
            known = size[i] <= INT64_MAX;
            shape->size[i] = (int64_t)size[i];
        }
    }
    if (type >= 0) H5Tclose(type);
    if (space >= 0) H5Sclose(space);
    return known;
}

/* Whether a filter of the data set may have made its bytes fewer. */
static bool is_packed(hid_t creation) {
    for (int i = 0; i < H5Pget_nfilters(creation); i++) {
        size_t values = 0;
        unsigned flags, config;
        const H5Z_filter_t filter =
            H5Pget_filter2(creation, (unsigned)i, &flags, &values, NULL, 0, NULL, &config);
        if (filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32) return true;
    }
    return false;
}

/* Bytes of a chunk; 0 where there are none. A chunk is read as one. */
static int64_t chunk_bytes(hid_t creation, const H5Shape *shape) {
    hsize_t size[2] = {1, 1};
    int64_t bytes = shape->width;
    if (H5Pget_layout(creation) != H5D_CHUNKED) return 0;
    if (H5Pget_chunk(creation, 2, size) < 0) return INT64_MAX;
    for (int32_t i = 0; i < shape->rank; i++) {
        if (size[i] > INT32_MAX || __builtin_mul_overflow(bytes, (int64_t)size[i], &bytes))
            return INT64_MAX;
    }
    return bytes;
}

/* Whether a data set holds in this file what it claims to hold. */
static bool is_held(const H5 *file, hid_t id, const char *name, const H5Shape *shape, Error *err) {
    const hid_t creation = H5Dget_create_plist(id);
    if (creation < 0) return fail(file, "cannot look at", name, err);
    const bool outside =
        H5Pget_layout(creation) == H5D_VIRTUAL || H5Pget_external_count(creation) != 0;
    const int64_t claimed = h5_bytes(shape), chunk = chunk_bytes(creation, shape);
    const int64_t stored = (int64_t)H5Dget_storage_size(id);
    const int64_t factor = is_packed(creation) ? PACKING : 1;
    H5Pclose(creation);
    if (outside) {
        return error_set(err, ERROR_RESOURCE,
                         "%s: the bytes of %s are in another file, which is not read", file->path,
                         name);
    }
    int64_t enough;
    if (stored < 0 || __builtin_mul_overflow(stored, factor, &enough)) enough = INT64_MAX / 2;
    enough += SPARSE_BYTES;
    return (claimed >= 0 && claimed <= enough && chunk <= enough) ||
           error_set(err, ERROR_RESOURCE, "%s: %s claims to hold more than it can; it is damaged",
                     file->path, name);
}

bool h5_describe(H5 *file, const char *name, H5Shape *shape, Error *err) {
    bool attribute, there;
    char object[NAME_BYTES];
    *shape = (H5Shape){0};
    snprintf(object, sizeof object, "%.*s", (int)strcspn(name, "@"), name);
    if (!is_reached(file, object, &there, err)) return false;
    const hid_t id = there ? open_named(file, name, &attribute) : H5I_INVALID_HID;
    if (id < 0) return true;
    bool held = true;
    if (!shape_of(id, attribute, shape))
        *shape = (H5Shape){0};
    else if (!attribute)
        held = is_held(file, id, name, shape, err);
    close_named(id, attribute);
    return held;
}

bool h5_read(H5 *file, const char *name, const H5Shape *shape, void *data, Error *err) {
    bool attribute;
    const hid_t id = open_named(file, name, &attribute);
    const hid_t type = id < 0 ? H5I_INVALID_HID : element_type(shape->kind, shape->width);
    bool ok = id >= 0 && type >= 0;
    if (ok && h5_bytes(shape) > 0) {
        ok = (attribute ? H5Aread(id, type, data)
                        : H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data)) >= 0;
    }
    if (!ok) (void)fail(file, "cannot read", name, err);
    if (type >= 0) H5Tclose(type);
    close_named(id, attribute);
    return ok;
}

bool h5_read_rows(H5 *file, const char *name, const H5Shape *shape, int64_t first, int64_t rows,
                  void *data, Error *err) {
    assert(shape->rank > 0 && first >= 0 && rows >= 0 && first + rows <= shape->size[0]);
    if (rows == 0 || h5_bytes(shape) == 0) return true;
    const hsize_t start[2] = {(hsize_t)first, 0},
                  count[2] = {(hsize_t)rows, (hsize_t)shape->size[1]};
    const hid_t id = H5Dopen2(file->id, name, H5P_DEFAULT);
    const hid_t type = element_type(shape->kind, shape->width);
    const hid_t in_file = id < 0 ? H5I_INVALID_HID : H5Dget_space(id);
    const hid_t in_memory = H5Screate_simple(shape->rank, count, NULL);
    const bool ok = id >= 0 && type >= 0 && in_file >= 0 && in_memory >= 0 &&
                    H5Sselect_hyperslab(in_file, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                    H5Dread(id, type, in_memory, in_file, H5P_DEFAULT, data) >= 0;
    if (!ok) (void)fail(file, "cannot read", name, err);
    if (in_memory >= 0) H5Sclose(in_memory);
    if (in_file >= 0) H5Sclose(in_file);
    if (type >= 0) H5Tclose(type);
    if (id >= 0) H5Dclose(id);
    return ok;
}
