/* Two passes of one field reader: the first counts rows and refuses a wrong shape, the second
 * fills a set of exactly that size. Memory therefore follows what the file holds, never what it
 * claims. */
#include "core/data/csv.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/data/csv_field.h"

/* What the first pass found. */
typedef struct Shape {
    int64_t rows; /* without the header */
    int32_t columns;
    int32_t label; /* its column; -1 for inputs only */
    bool header;
    CsvCursor data; /* the first row of data */
    CsvCursor top;  /* the first row, header or not */
} Shape;

/* --- first pass --- */

/* A header is a first row in which something is written and nothing is a number. */
static bool is_header(CsvCursor cursor, Error *err, bool *header) {
    bool written = false, number = false;
    CsvField field = {0};
    while (!field.last) {
        double ignored;
        if (!csv_field_next(&cursor, &field, err)) return false;
        written = written || field.length > 0;
        number = number || csv_field_number(&field, &ignored);
    }
    *header = written && !number;
    return true;
}

/* Reads the header's fields up to column `column`, or up to the word; false where there is
 * none. */
static bool find_column(const Shape *shape, const char *word, int32_t column, CsvField *field,
                        int32_t *found) {
    if (!shape->header) return false;
    CsvCursor cursor = shape->top;
    *field = (CsvField){0};
    for (int32_t i = 0; !field->last; i++) {
        if (!csv_field_next(&cursor, field, NULL)) return false;
        if (word ? csv_field_is(field, word) : i == column) {
            *found = i;
            return true;
        }
    }
    return false;
}

/* The header's words, for a message; cut short where there are many. */
static const char *list_columns(char *buffer, size_t size, const Shape *shape) {
    if (!shape->header) return "the file has no header";
    CsvCursor cursor = shape->top;
    CsvField field = {0};
    Text text = text_begin(buffer, size);
    text_add(&text, "there are");
    while (!field.last && csv_field_next(&cursor, &field, NULL)) {
        char word[64];
        csv_field_show(word, sizeof word, &field);
        if (text.length + strlen(word) + 8 > size) {
            text_add(&text, " ...");
            break;
        }
        text_add(&text, " %s%s", word, field.last ? "" : ",");
    }
    return buffer;
}

static bool find_label(Shape *shape, const char *name, const CsvConfig *config, Error *err) {
    shape->label = -1;
    if (config->task == CSV_INPUTS) return true;
    const int64_t line = shape->top.line;
    if (shape->columns < 2) {
        return csv_field_fail(err, name, line, 1,
                              "one column only (at least an input and a label are needed)");
    }
    const char *label = config->label ? config->label : "-1";
    CsvField field;
    if (find_column(shape, label, -1, &field, &shape->label)) return true;
    char *end;
    errno = 0;
    const long number = strtol(label, &end, 10);
    if (end == label || *end || errno) {
        char columns[512];
        return csv_field_fail(err, name, line, 1,
                              "no column is named \"%s\" (%s; or a number from 0)", label,
                              list_columns(columns, sizeof columns, shape));
    }
    if (number < -(long)shape->columns || number >= shape->columns) {
        return csv_field_fail(err, name, line, 1,
                              "there is no label column %ld (the file has %" PRId32
                              "; they count from 0, negative ones from the end)",
                              number, shape->columns);
    }
    shape->label = (int32_t)(number < 0 ? number + shape->columns : number);
    return true;
}

/* Reads one row for its number of fields. */
static bool count_fields(CsvCursor *cursor, int64_t *count, Error *err) {
    CsvField field = {0};
    for (*count = 0; !field.last; (*count)++) {
        if (!csv_field_next(cursor, &field, err)) return false;
    }
    return true;
}

static bool measure(Shape *shape, CsvCursor cursor, const CsvConfig *config, Error *err) {
    *shape = (Shape){0};
    if (!csv_field_find_row(&cursor)) {
        return error_set(err, ERROR_RESOURCE, "%s: the file is empty", cursor.name);
    }
    int64_t fields;
    shape->top = cursor;
    if (!is_header(cursor, err, &shape->header)) return false;
    if (!count_fields(&cursor, &fields, err)) return false;
    if (fields > INT32_MAX) {
        return csv_field_fail(err, cursor.name, cursor.line, 1, "%" PRId64 " columns are too many",
                              fields);
    }
    shape->columns = (int32_t)fields;
    if (!find_label(shape, cursor.name, config, err)) return false;
    if (!shape->header) cursor = shape->top;
    shape->data = cursor;
    while ((config->limit == 0 || shape->rows < config->limit) && csv_field_find_row(&cursor)) {
        const int64_t line = cursor.line;
        if (!count_fields(&cursor, &fields, err)) return false;
        if (fields != shape->columns) {
            return csv_field_fail(err, cursor.name, line, 1,
                                  "a row of %" PRId64 " fields (the first row has %" PRId32 ")",
                                  fields, shape->columns);
        }
        shape->rows++;
    }
    if (shape->rows > 0) return true;
    return error_set(err, ERROR_RESOURCE, "%s: a header, but no row of data", cursor.name);
}

/* --- second pass --- */

/* Different class words in sorted order, with the number each got when it was first met. */
typedef struct ClassWords {
    struct ClassWord {
        char *text; /* owned */
        int32_t arrival;
    } word[CSV_MAX_TEXT_CLASSES];
    int32_t count;
} ClassWords;

static void free_words(ClassWords *words) {
    for (int32_t i = 0; words && i < words->count; i++) free(words->word[i].text);
    free(words);
}

/* The arrival number of a field's word, new or known; -1 on failure. */
static int32_t intern(ClassWords *words, const char *name, const CsvField *field, Error *err) {
    char *text = malloc(field->length + 1);
    if (!text) {
        error_memory(err, field->length + 1);
        return -1;
    }
    csv_field_copy(text, field);
    int32_t low = 0, high = words->count;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        const int order = strcmp(words->word[middle].text, text);
        if (order == 0) {
            free(text);
            return words->word[middle].arrival;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (words->count == CSV_MAX_TEXT_CLASSES) {
        free(text);
        csv_field_fail(
            err, name, field->line, field->column,
            "more than %d different words as classes (numbers to predict are data.task: numbers)",
            CSV_MAX_TEXT_CLASSES);
        return -1;
    }
    memmove(&words->word[low + 1], &words->word[low],
            (size_t)(words->count - low) * sizeof words->word[0]);
    words->word[low] = (struct ClassWord){text, words->count};
    return words->count++;
}

/* The state of the second pass. */
typedef struct Reader {
    const char *name;
    const Shape *shape;
    const CsvConfig *config;
    ClassWords *words; /* NULL until a class is a word */
    bool digits;       /* a class was a number */
    int32_t largest;
} Reader;

static bool fail_field(const Reader *reader, const CsvField *field, int32_t column,
                       const char *what, Error *err) {
    char shown[64], named[64] = "", where[128];
    CsvField header;
    int32_t found;
    if (find_column(reader->shape, NULL, column, &header, &found)) {
        snprintf(where, sizeof where, "%" PRId32 " (%s)", column,
                 csv_field_show(named, sizeof named, &header));
    } else {
        snprintf(where, sizeof where, "%" PRId32, column);
    }
    if (field->length == 0) {
        return csv_field_fail(err, reader->name, field->line, field->column,
                              "column %s: a value is missing", where);
    }
    return csv_field_fail(err, reader->name, field->line, field->column, "column %s: \"%s\" %s",
                          where, csv_field_show(shown, sizeof shown, field), what);
}

static bool read_number(const Reader *reader, const CsvField *field, int32_t column, double *number,
                        Error *err) {
    if (!csv_field_number(field, number)) {
        return fail_field(reader, field, column, "is text where a number belongs", err);
    }
    if (isfinite(*number)) return true;
    return fail_field(reader, field, column, "is not a finite number", err);
}

static bool read_class(Reader *reader, const CsvField *field, int32_t column, int32_t *label,
                       Error *err) {
    double number;
    if (field->length == 0) return fail_field(reader, field, column, "", err);
    if (csv_field_number(field, &number)) {
        if (reader->words) {
            return fail_field(reader, field, column, "is a number among classes that are words",
                              err);
        }
        reader->digits = true;
        *label = dataset_class(number, reader->config->classes);
        if (*label < 0) {
            char what[96];
            const int32_t classes = reader->config->classes;
            snprintf(what, sizeof what, "is no class (whole numbers from 0 to %" PRId32 " are)",
                     (classes > 0 ? classes : DATASET_MAX_CLASSES) - 1);
            return fail_field(reader, field, column, what, err);
        }
        if (*label > reader->largest) reader->largest = *label;
        return true;
    }
    if (reader->digits) {
        return fail_field(reader, field, column, "is a word among classes that are numbers", err);
    }
    if (!reader->words) reader->words = calloc(1, sizeof *reader->words);
    if (!reader->words) return error_memory(err, sizeof *reader->words);
    *label = intern(reader->words, reader->name, field, err);
    if (*label < 0) return false;
    if (reader->config->classes == 0 || *label < reader->config->classes) return true;
    return fail_field(reader, field, column, "is one word more than there are classes", err);
}

static bool read_row(Reader *reader, CsvCursor *cursor, Dataset *set, int64_t row, Error *err) {
    double *x = set->x + row * set->inputs;
    for (int32_t column = 0; column < reader->shape->columns; column++) {
        CsvField field;
        if (!csv_field_next(cursor, &field, err)) return false;
        if (column != reader->shape->label) {
            if (!read_number(reader, &field, column, x++, err)) return false;
        } else if (set->label) {
            if (!read_class(reader, &field, column, &set->label[row], err)) return false;
        } else if (!read_number(reader, &field, column, &set->target[row], err)) {
            return false;
        }
    }
    return true;
}

/* Replaces arrival numbers by ranks. */
static void sort_classes(const ClassWords *words, Dataset *set) {
    int32_t rank[CSV_MAX_TEXT_CLASSES];
    for (int32_t i = 0; i < words->count; i++) rank[words->word[i].arrival] = i;
    for (int64_t row = 0; row < set->n; row++) set->label[row] = rank[set->label[row]];
}

static bool fill(Dataset *set, const char *name, const Shape *shape, const CsvConfig *config,
                 Error *err) {
    const int32_t outputs = config->task == CSV_INPUTS ? 0 : 1;
    Reader reader = {.name = name, .shape = shape, .config = config};
    CsvCursor cursor = shape->data;
    TRY(dataset_create(set, shape->rows, shape->columns - outputs, outputs,
                       config->task == CSV_CLASSES, err));
    for (int64_t row = 0; row < shape->rows; row++) {
        const bool found = csv_field_find_row(&cursor); /* the first pass has seen this row */
        assert(found), (void)found;
        TRY(read_row(&reader, &cursor, set, row, err));
    }
    if (set->label) {
        const int32_t counted = reader.words ? reader.words->count : reader.largest + 1;
        set->outputs = config->classes > 0 ? config->classes : counted;
        if (reader.words) sort_classes(reader.words, set);
    }
    free_words(reader.words);
    return true;
fail:
    free_words(reader.words);
    dataset_destroy(set);
    return false;
}

/* --- entry --- */

bool csv_parse(Dataset *set, const char *name, const char *text, size_t length,
               const CsvConfig *config, Error *err) {
    *set = (Dataset){0};
    assert(config->limit >= 0 && config->classes >= 0);
    if (length > CSV_MAX_BYTES) {
        return error_set(err, ERROR_RESOURCE, "%s: larger than %zu bytes (npy holds more)", name,
                         CSV_MAX_BYTES);
    }
    static const char MARK[] = "\xef\xbb\xbf";
    const bool marked = length >= 3 && memcmp(text, MARK, 3) == 0;
    const char *start = marked ? text + 3 : text;
    const CsvCursor cursor = {name, start, text + length, start, 1};
    const char *nul = memchr(start, '\0', (size_t)(cursor.end - start));
    if (nul) {
        int64_t line = 1;
        for (const char *p = start; p < nul; p++) line += *p == '\n';
        return error_set(err, ERROR_RESOURCE,
                         "%s:%" PRId64 ": a zero byte (not a text file; UTF-16 is not read)", name,
                         line);
    }
    /* strtod reads "0,5" in some locales: this thread's locale is C for now */
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain) return error_errno(err, "%s: no C locale", name);
    const locale_t before = uselocale(plain);
    Shape shape;
    const bool done = measure(&shape, cursor, config, err) && fill(set, name, &shape, config, err);
    uselocale(before);
    freelocale(plain);
    return done;
}

/* The file in memory that the caller frees. */
static bool load(char **text, size_t *length, const char *path, Error *err) {
    *text = NULL;
    *length = 0;
    size_t room = 0;
    FILE *file = files_open(path, err);
    if (!file) return false;
    for (;;) {
        if (*length == room) {
            room = room ? 2 * room : (size_t)1 << 16;
            char *larger = realloc(*text, room);
            if (!larger) {
                error_memory(err, room);
                goto fail;
            }
            *text = larger;
        }
        const size_t got = fread(*text + *length, 1, room - *length, file);
        *length += got;
        if (got == 0 || *length > CSV_MAX_BYTES) break; /* too long: csv_parse says so */
    }
    if (ferror(file)) {
        error_errno(err, "%s: cannot read", path);
        goto fail;
    }
    fclose(file);
    return true;
fail:
    fclose(file);
    free(*text);
    *text = NULL;
    return false;
}

bool csv_read(Dataset *set, const char *path, const CsvConfig *config, Error *err) {
    *set = (Dataset){0};
    char *text;
    size_t length;
    if (!load(&text, &length, path, err)) return false;
    const bool done = csv_parse(set, path, text, length, config, err);
    free(text);
    return done;
}
