/* The header is a Python dictionary in text: a small parser reads exactly its three keys. The
 * numbers follow; their length must be that of the rest of the file before any memory is allocated
 * for them. */
#include "core/data/npy.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "npy reads little-endian numbers as they lie in the file"
#endif

#define BLOCK ((size_t)8192) /* items converted at a time */

/* --- types --- */

#define READ_AS(type)                                                                              \
    static double read_##type(const unsigned char *bytes) {                                        \
        type value;                                                                                \
        memcpy(&value, bytes, sizeof value);                                                       \
        return (double)value;                                                                      \
    }
READ_AS(double)
READ_AS(float)
READ_AS(int8_t)
READ_AS(int16_t)
READ_AS(int32_t)
READ_AS(int64_t)
READ_AS(uint8_t)
READ_AS(uint16_t)
READ_AS(uint32_t)
READ_AS(uint64_t)
#undef READ_AS

typedef struct Type {
    const char *name; /* after the byte order */
    size_t size;
    double (*read)(const unsigned char *bytes);
    bool wide; /* has integers that float64 has not */
} Type;

static const Type TYPES[] = {
    {"f8", 8, read_double, false},   {"f4", 4, read_float, false},
    {"b1", 1, read_uint8_t, false},  {"i1", 1, read_int8_t, false},
    {"i2", 2, read_int16_t, false},  {"i4", 4, read_int32_t, false},
    {"i8", 8, read_int64_t, true},   {"u1", 1, read_uint8_t, false},
    {"u2", 2, read_uint16_t, false}, {"u4", 4, read_uint32_t, false},
    {"u8", 8, read_uint64_t, true},  {NULL, 0, NULL, false},
};

/* --- header --- */

typedef struct Header {
    const Type *type;
    bool fortran_order;
    int64_t rows, columns;
} Header;

typedef struct Parser {
    const char *at, *end, *name;
    Error *err;
} Parser;

static bool refuse(const Parser *parser, const char *what) {
    return error_set(parser->err, ERROR_RESOURCE, "%s: %s", parser->name, what);
}

static bool malformed(const Parser *parser) {
    return refuse(parser,
                  "damaged header (a dictionary of descr, fortran_order and shape is expected)");
}

static void skip_spaces(Parser *parser) {
    while (parser->at < parser->end && (*parser->at == ' ' || *parser->at == '\n')) parser->at++;
}

/* Consumes the text if it is next. */
static bool accept(Parser *parser, const char *text) {
    skip_spaces(parser);
    const size_t length = strlen(text);
    if ((size_t)(parser->end - parser->at) < length || memcmp(parser->at, text, length) != 0) {
        return false;
    }
    parser->at += length;
    return true;
}

static bool expect(Parser *parser, const char *text) {
    return accept(parser, text) || malformed(parser);
}

/* A quoted word into `word`. */
static bool parse_word(Parser *parser, char *word, size_t size) {
    skip_spaces(parser);
    if (parser->at == parser->end || (*parser->at != '\'' && *parser->at != '"')) {
        return malformed(parser);
    }
    const char quote = *parser->at++;
    const char *close = memchr(parser->at, quote, (size_t)(parser->end - parser->at));
    if (!close || (size_t)(close - parser->at) >= size) return malformed(parser);
    const size_t length = (size_t)(close - parser->at);
    memcpy(word, parser->at, length);
    word[length] = '\0';
    parser->at = close + 1;
    return true;
}

static bool parse_type(Parser *parser, Header *header) {
    char word[16];
    if (accept(parser, "[")) {
        return refuse(parser, "an array of structures (plain numbers are expected)");
    }
    if (!parse_word(parser, word, sizeof word)) return false;
    for (const Type *type = TYPES; type->name; type++) {
        if (!strchr(type->size == 1 ? "|<>=" : "<=", word[0])) continue;
        if (word[0] == '\0' || strcmp(word + 1, type->name) != 0) continue;
        header->type = type;
        return true;
    }
    for (char *c = word; *c; c++) {
        if (*c < 32 || *c > 126) *c = '?';
    }
    return error_set(
        parser->err, ERROR_RESOURCE,
        "%s: numbers of type \"%s\" (little-endian float64, float32, bool and integers are "
        "read; in NumPy: x.astype('<f8'))",
        parser->name, word);
}

static bool parse_order(Parser *parser, Header *header) {
    header->fortran_order = accept(parser, "True");
    return header->fortran_order || expect(parser, "False");
}

static bool parse_size(Parser *parser, int64_t *size) {
    skip_spaces(parser);
    const char *first = parser->at;
    *size = 0;
    for (; parser->at < parser->end && *parser->at >= '0' && *parser->at <= '9'; parser->at++) {
        if (__builtin_mul_overflow(*size, 10, size) ||
            __builtin_add_overflow(*size, *parser->at - '0', size)) {
            return refuse(parser, "a size beyond 64 bits");
        }
    }
    if (parser->at == first) return malformed(parser);
    accept(parser, "L"); /* as Python 2 wrote */
    return true;
}

static bool parse_shape(Parser *parser, Header *header) {
    int64_t size[2] = {0, 1};
    int dimensions = 0;
    if (!expect(parser, "(")) return false;
    while (!accept(parser, ")")) {
        if (dimensions == 2) {
            return refuse(parser, "more than two dimensions (rows and columns are read)");
        }
        if (!parse_size(parser, &size[dimensions++])) return false;
        if (accept(parser, ",")) continue;
        if (!expect(parser, ")")) return false;
        break;
    }
    if (dimensions == 0) return refuse(parser, "a single number (rows and columns are read)");
    header->rows = size[0];
    header->columns = size[1];
    return true;
}

/* The dictionary: each key exactly once, in any order, then blanks. */
static bool parse_header(Parser *parser, Header *header) {
    static const struct {
        const char *name;
        bool (*parse)(Parser *, Header *);
    } KEYS[] = {{"descr", parse_type}, {"fortran_order", parse_order}, {"shape", parse_shape}};
    enum { COUNT = sizeof KEYS / sizeof *KEYS };
    bool seen[COUNT] = {false};
    if (!expect(parser, "{")) return false;
    while (!accept(parser, "}")) {
        char word[32];
        if (!parse_word(parser, word, sizeof word) || !expect(parser, ":")) return false;
        int key = 0;
        while (key < COUNT && strcmp(KEYS[key].name, word) != 0) key++;
        if (key == COUNT || seen[key]) return malformed(parser);
        seen[key] = true;
        if (!KEYS[key].parse(parser, header)) return false;
        if (accept(parser, ",")) continue;
        if (!expect(parser, "}")) return false;
        break;
    }
    skip_spaces(parser);
    for (int key = 0; key < COUNT; key++) {
        if (!seen[key]) return malformed(parser);
    }
    return parser->at == parser->end || malformed(parser);
}

static bool read_bytes(void *out, size_t size, FILE *file, const char *name, Error *err) {
    errno = 0;
    if (fread(out, 1, size, file) == size) return true;
    if (ferror(file)) return error_errno(err, "%s: cannot read", name);
    return error_set(err, ERROR_RESOURCE, "%s: ends too early", name);
}

/* Reads up to the first number. */
static bool read_header(Header *header, FILE *file, const char *name, Error *err) {
    unsigned char start[8], length_bytes[4] = {0};
    char *text = NULL;
    bool done = false;
    TRY(read_bytes(start, sizeof start, file, name, err));
    if (memcmp(start, "\x93NUMPY", 6) != 0) {
        error_set(err, ERROR_RESOURCE,
                  "%s: not an npy file (numpy.save makes them; npz is not read)", name);
        goto fail;
    }
    if (start[6] < 1 || start[6] > 3) {
        error_set(err, ERROR_RESOURCE, "%s: npy format version %d.%d (1 to 3 are read)", name,
                  start[6], start[7]);
        goto fail;
    }
    TRY(read_bytes(length_bytes, start[6] == 1 ? 2 : 4, file, name, err));
    const uint32_t length = (uint32_t)length_bytes[0] | (uint32_t)length_bytes[1] << 8 |
                            (uint32_t)length_bytes[2] << 16 | (uint32_t)length_bytes[3] << 24;
    if (length > NPY_MAX_HEADER) {
        error_set(err, ERROR_RESOURCE, "%s: a header of %" PRIu32 " bytes (%d at most)", name,
                  length, NPY_MAX_HEADER);
        goto fail;
    }
    text = malloc((size_t)length + 1);
    if (!text) {
        error_memory(err, (size_t)length + 1);
        goto fail;
    }
    TRY(read_bytes(text, length, file, name, err));
    Parser parser = {text, text + length, name, err};
    done = parse_header(&parser, header);
fail:
    free(text);
    return done;
}

/* --- numbers --- */

/* The rest of the file must be the promised numbers; *start is where they begin. */
static bool check_length(const Header *header, off_t *start, FILE *file, const char *name,
                         Error *err) {
    int64_t bytes = 0;
    if (header->rows < 1 || header->columns < 1 || header->columns > INT32_MAX) {
        return error_set(err, ERROR_RESOURCE, "%s: an array of %" PRId64 " x %" PRId64 " numbers",
                         name, header->rows, header->columns);
    }
    const bool overflow = __builtin_mul_overflow(header->rows, header->columns, &bytes) ||
                          __builtin_mul_overflow(bytes, (int64_t)header->type->size, &bytes);
    *start = ftello(file);
    if (*start < 0 || fseeko(file, 0, SEEK_END) != 0) {
        return error_errno(err, "%s: cannot seek", name);
    }
    const int64_t there = (int64_t)(ftello(file) - *start);
    if (!overflow && bytes == there) return true;
    return error_set(err, ERROR_RESOURCE,
                     "%s: %" PRId64 " x %" PRId64 " numbers of %zu bytes are promised, %" PRId64
                     " bytes are there (a damaged file)",
                     name, header->rows, header->columns, header->type->size, there);
}

/* `count` numbers from the file's position to out[0], out[stride], ... */
static bool read_numbers(double *out, int64_t count, int64_t stride, const Type *type, FILE *file,
                         const char *name, Error *err) {
    unsigned char block[BLOCK];
    const int64_t max = (int64_t)(sizeof block / type->size);
    while (count > 0) {
        const int64_t some = count < max ? count : max;
        if (!read_bytes(block, (size_t)some * type->size, file, name, err)) return false;
        for (int64_t i = 0; i < some; i++, out += stride) {
            *out = type->read(block + (size_t)i * type->size);
            if (!type->wide || (*out < 9007199254740992.0 && *out > -9007199254740992.0)) continue;
            return error_set(err, ERROR_RESOURCE,
                             "%s: an integer near %.17g (beyond 2^53 float64 has gaps)", name,
                             *out);
        }
        count -= some;
    }
    return true;
}

bool npy_parse(NpyMatrix *matrix, FILE *file, const char *name, int64_t limit, Error *err) {
    *matrix = (NpyMatrix){0};
    Header header = {0};
    off_t start = 0;
    assert(limit >= 0);
    TRY(read_header(&header, file, name, err));
    TRY(check_length(&header, &start, file, name, err));
    const int64_t rows = limit > 0 && limit < header.rows ? limit : header.rows;
    const int64_t columns = header.columns;
    int64_t bytes = 0;
    /* every number has a byte in the file, so this is at most eight times what is there */
    if (__builtin_mul_overflow(rows * columns, (int64_t)sizeof *matrix->values, &bytes)) {
        error_memory(err, SIZE_MAX);
        goto fail;
    }
    matrix->values = malloc((size_t)bytes);
    if (!matrix->values) {
        error_memory(err, (size_t)bytes);
        goto fail;
    }
    matrix->rows = rows;
    matrix->columns = (int32_t)columns;
    /* a line is contiguous in the file: all rows in C order, a column in Fortran order */
    const int64_t lines = header.fortran_order ? columns : 1;
    const int64_t kept = header.fortran_order ? rows : rows * columns;
    const int64_t stride = header.fortran_order ? columns : 1;
    for (int64_t line = 0; line < lines; line++) {
        const off_t offset = start + (off_t)(line * header.rows * (int64_t)header.type->size);
        if (fseeko(file, offset, SEEK_SET) != 0) {
            error_errno(err, "%s: cannot seek", name);
            goto fail;
        }
        TRY(read_numbers(matrix->values + line, kept, stride, header.type, file, name, err));
    }
    return true;
fail:
    npy_destroy(matrix);
    return false;
}

void npy_destroy(NpyMatrix *matrix) {
    if (!matrix) return;
    free(matrix->values);
    *matrix = (NpyMatrix){0};
}

/* --- data sets --- */

static bool read_matrix(NpyMatrix *matrix, const char *path, int64_t limit, Error *err) {
    *matrix = (NpyMatrix){0};
    FILE *file = files_open(path, err);
    if (!file) return false;
    const bool done = npy_parse(matrix, file, path, limit, err);
    fclose(file);
    return done;
}

bool npy_label_path(char *text, size_t size, const char *path, const char *label, Error *err) {
    const char *slash = strrchr(path, '/');
    const int folder = label[0] != '/' && slash ? (int)(slash - path) + 1 : 0;
    const int length = snprintf(text, size, "%.*s%s", folder, path, label);
    if (length >= 0 && (size_t)length < size) return true;
    return error_set(err, ERROR_RESOURCE, "%s: the path is too long", label);
}

static DatasetTable table_of(const NpyMatrix *matrix) {
    return (DatasetTable){matrix->values, matrix->rows, matrix->columns};
}

static bool ends_in_npy(const char *text) {
    const size_t length = strlen(text);
    return length > 4 && strcmp(text + length - 4, ".npy") == 0;
}

bool npy_read(Dataset *set, DatasetNames *names, const char *path, const NpyConfig *config,
              Error *err) {
    *set = (Dataset){0};
    *names = (DatasetNames){.label_column = -1};
    NpyMatrix x = {0}, y = {0};
    char label_path[4096];
    bool done = false;
    const char *label = config->label ? config->label : "-1";
    TRY(read_matrix(&x, path, config->limit, err));
    if (ends_in_npy(label)) {
        TRY(npy_label_path(label_path, sizeof label_path, path, label, err));
        TRY(read_matrix(&y, label_path, config->limit, err));
        if (x.rows != y.rows) {
            error_set(err, ERROR_RESOURCE, "%s: %" PRId64 " rows, but %" PRId64 " in %s", path,
                      x.rows, y.rows, label_path);
            goto fail;
        }
        done = dataset_from_pair(set, names, table_of(&x), table_of(&y), config->task, path, err);
    } else {
        char *end;
        errno = 0;
        const long column = strtol(label, &end, 10);
        if (end == label || *end || errno || column < INT32_MIN || column > INT32_MAX) {
            error_set(
                err, ERROR_RESOURCE,
                "%s: label \"%s\" (a column from 0, negative from the end, or a file NAME.npy)",
                path, label);
            goto fail;
        }
        done =
            dataset_from_matrix(set, names, table_of(&x), (int32_t)column, config->task, path, err);
    }
fail:
    npy_destroy(&x);
    npy_destroy(&y);
    return done;
}
