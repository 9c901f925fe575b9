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
#include "core/data/class_labels.h"
#include "core/data/csv_field.h"

/* What the first pass found. */
typedef struct Shape {
    int64_t rows; /* without the header */
    int32_t columns;
    int32_t label; /* its column; -1 for inputs only */
    int32_t inputs;
    char **name;    /* columns; owned; NULL without a header */
    int32_t *input; /* columns: which input a column is, -1: none; owned */
    CsvCursor data; /* the first row of data */
    CsvCursor top;  /* the first row, header or not */
} Shape;

static void shape_free(Shape *shape) {
    DatasetNames names = {.column = shape->name, .columns = shape->columns};
    dataset_names_free(&names);
    free(shape->input);
    *shape = (Shape){0};
}

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

/* A field as a string that the caller frees. */
static char *text_of(const CsvField *field, Error *err) {
    char *text = malloc(field->length + 1);
    if (text)
        csv_field_copy(text, field);
    else
        error_memory(err, field->length + 1);
    return text;
}

static bool read_header(Shape *shape, Error *err) {
    CsvCursor cursor = shape->top;
    CsvField field;
    shape->name = calloc((size_t)shape->columns + 1, sizeof *shape->name);
    if (!shape->name) return error_memory(err, (size_t)shape->columns * sizeof *shape->name);
    for (int32_t i = 0; i < shape->columns; i++) {
        if (!csv_field_next(&cursor, &field, err)) return false;
        if (!(shape->name[i] = text_of(&field, err))) return false;
    }
    return true;
}

/* The column of that name or number; -1 (and *err set) where there is none. */
static int32_t find_column(const Shape *shape, const char *label, Error *err) {
    const char *name = shape->top.name;
    const int64_t line = shape->top.line;
    int32_t found = -1;
    if (shape->name) found = dataset_names_find(shape->name, shape->columns, label);
    if (found >= 0) return found;
    char *end;
    errno = 0;
    const long number = strtol(label, &end, 10);
    if (end == label || *end || errno) {
        char columns[700] = "";
        if (shape->name) dataset_names_list(columns, sizeof columns, shape->name, shape->columns);
        csv_field_fail(err, name, line, 1, "no column is named \"%s\" (%s%s; or a number from 0)",
                       label, shape->name ? "there are " : "the file has no header", columns);
        return -1;
    }
    if (number < -(long)shape->columns || number >= shape->columns) {
        csv_field_fail(err, name, line, 1,
                       "there is no label column %ld (the file has %" PRId32
                       "; they count from 0, negative ones from the end)",
                       number, shape->columns);
        return -1;
    }
    return (int32_t)(number < 0 ? number + shape->columns : number);
}

static bool find_label(Shape *shape, const CsvConfig *config, Error *err) {
    shape->label = -1;
    if (config->task == CSV_INPUTS) return true;
    if (shape->columns < 2) {
        return csv_field_fail(err, shape->top.name, shape->top.line, 1,
                              "one column only (at least an input and a label are needed)");
    }
    shape->label = find_column(shape, config->label ? config->label : "-1", err);
    return shape->label >= 0;
}

static bool choose_named(Shape *shape, const CsvConfig *config, Error *err) {
    int32_t *index = malloc(((size_t)config->columns + 1) * sizeof *index);
    bool *taken = calloc((size_t)shape->columns + 1, sizeof *taken), done = index && taken;
    if (!done) error_memory(err, (size_t)config->columns * sizeof *index);
    for (int32_t i = 0; i < shape->columns; i++) shape->input[i] = -1;
    if (done) {
        if (shape->label >= 0) taken[shape->label] = true;
        dataset_names_match(index, taken, shape->name, shape->name ? shape->columns : 0,
                            config->column, config->columns);
    }
    for (int32_t k = 0; done && k < config->columns; k++) {
        if (index[k] >= 0)
            shape->input[index[k]] = k;
        else
            done = csv_field_fail(err, shape->top.name, shape->top.line, 1,
                                  "no column is named \"%s\"", config->column[k]);
    }
    shape->inputs = config->columns;
    free(index);
    free(taken);
    return done;
}

/* Every column is an input but the label; or those are that the configuration names. */
static bool choose_inputs(Shape *shape, const CsvConfig *config, Error *err) {
    shape->input = malloc(((size_t)shape->columns + 1) * sizeof *shape->input);
    if (!shape->input) return error_memory(err, (size_t)shape->columns * sizeof *shape->input);
    if (config->column) return choose_named(shape, config, err);
    for (int32_t i = 0; i < shape->columns; i++) {
        shape->input[i] = i == shape->label ? -1 : shape->inputs++;
    }
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

/* The first row: how many columns, and what they are called. */
static bool measure_top(Shape *shape, CsvCursor cursor, Error *err) {
    *shape = (Shape){0};
    int64_t fields;
    bool header;
    if (!csv_field_find_row(&cursor)) {
        return error_set(err, ERROR_RESOURCE, "%s: the file is empty", cursor.name);
    }
    shape->top = cursor;
    if (!is_header(cursor, err, &header) || !count_fields(&cursor, &fields, err)) return false;
    if (fields > INT32_MAX) {
        return csv_field_fail(err, cursor.name, cursor.line, 1, "%" PRId64 " columns are too many",
                              fields);
    }
    shape->columns = (int32_t)fields;
    shape->data = header ? cursor : shape->top;
    return !header || read_header(shape, err);
}

static bool measure(Shape *shape, CsvCursor cursor, const CsvConfig *config, Error *err) {
    if (!measure_top(shape, cursor, err) || !find_label(shape, config, err)) return false;
    cursor = shape->data;
    while ((config->limit == 0 || shape->rows < config->limit) && csv_field_find_row(&cursor)) {
        const int64_t line = cursor.line;
        int64_t fields;
        if (!count_fields(&cursor, &fields, err)) return false;
        if (fields != shape->columns) {
            return csv_field_fail(err, cursor.name, line, 1,
                                  "a row of %" PRId64 " fields (the first row has %" PRId32 ")",
                                  fields, shape->columns);
        }
        shape->rows++;
    }
    if (shape->rows > 0) return choose_inputs(shape, config, err);
    return error_set(err, ERROR_RESOURCE, "%s: a header, but no row of data", cursor.name);
}

/* --- second pass --- */

/* The state of the second pass. */
typedef struct Reader {
    const char *name;
    const Shape *shape;
    ClassLabels labels;
} Reader;

static bool fail_field(const Reader *reader, const CsvField *field, int32_t column,
                       const char *what, Error *err) {
    char shown[64], where[128];
    const Shape *shape = reader->shape;
    snprintf(where, sizeof where, shape->name ? "%" PRId32 " (%.60s)" : "%" PRId32, column,
             shape->name ? shape->name[column] : "");
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

/* A word's arrival number; doubled quotes undone. */
static int32_t read_word(ClassLabels *labels, const CsvField *field, Error *err) {
    if (!field->quoted || !memchr(field->text, '"', field->length)) {
        return class_labels_word(labels, field->text, field->length);
    }
    char *text = text_of(field, err);
    if (!text) return CLASS_LABELS_NO_MEMORY;
    const int32_t arrival = class_labels_word(labels, text, strlen(text));
    free(text);
    return arrival;
}

static bool read_class(Reader *reader, const CsvField *field, int32_t column, int32_t *label,
                       Error *err) {
    double number;
    if (field->length == 0) return fail_field(reader, field, column, "", err);
    *label = csv_field_number(field, &number) ? class_labels_number(&reader->labels, number)
                                              : read_word(&reader->labels, field, err);
    if (*label == CLASS_LABELS_NO_MEMORY) return error_memory(err, field->length + 1);
    return *label >= 0 ||
           fail_field(reader, field, column, class_labels_words(&reader->labels, *label), err);
}

static bool read_row(Reader *reader, CsvCursor *cursor, Dataset *set, int64_t row, Error *err) {
    const Shape *shape = reader->shape;
    double *x = set->x + row * set->inputs;
    for (int32_t column = 0; column < shape->columns; column++) {
        CsvField field;
        if (!csv_field_next(cursor, &field, err)) return false;
        if (shape->input[column] >= 0) {
            if (!read_number(reader, &field, column, &x[shape->input[column]], err)) return false;
        } else if (column != shape->label) {
            continue;
        } else if (set->label) {
            if (!read_class(reader, &field, column, &set->label[row], err)) return false;
        } else if (!read_number(reader, &field, column, &set->target[row], err)) {
            return false;
        }
    }
    return true;
}

static bool read_rows(Reader *reader, Dataset *set, Error *err) {
    CsvCursor cursor = reader->shape->data;
    for (int64_t row = 0; row < set->n; row++) {
        const bool found = csv_field_find_row(&cursor); /* the first pass has seen this row */
        assert(found), (void)found;
        if (!read_row(reader, &cursor, set, row, err)) return false;
    }
    return true;
}

/* Names move from the shape, which keeps none. */
static bool name_columns(DatasetNames *names, Shape *shape, Error *err) {
    names->label_column = shape->label;
    if (!shape->name) return true;
    names->column = calloc((size_t)shape->inputs + 1, sizeof *names->column);
    if (!names->column) return error_memory(err, (size_t)shape->inputs * sizeof *names->column);
    names->columns = shape->inputs;
    for (int32_t i = 0; i < shape->columns; i++) {
        if (shape->input[i] < 0 && i != shape->label) continue;
        *(i == shape->label ? &names->label : &names->column[shape->input[i]]) = shape->name[i];
        shape->name[i] = NULL;
    }
    return true;
}

static bool fill(Dataset *set, DatasetNames *names, const char *name, Shape *shape,
                 const CsvConfig *config, Error *err) {
    const int32_t outputs = config->task == CSV_INPUTS ? 0 : 1;
    Reader reader = {.name = name, .shape = shape};
    bool done = false;
    TRY(dataset_create(set, shape->rows, shape->inputs, outputs, config->task == CSV_CLASSES, err));
    TRY(read_rows(&reader, set, err));
    if (set->label) {
        TRY(class_labels_finish(&reader.labels, config->classes, set->label, set->n, &names->class,
                                &names->classes, name, err));
        set->outputs = names->classes;
    }
    done = name_columns(names, shape, err);
fail:
    class_labels_free(&reader.labels);
    if (!done) dataset_destroy(set);
    return done;
}

/* --- entry --- */

/* The text without its byte-order mark. */
static bool open_text(CsvCursor *cursor, const char *name, const char *text, size_t length,
                      Error *err) {
    if (length > CSV_MAX_BYTES) {
        return error_set(err, ERROR_RESOURCE, "%s: larger than %zu bytes (npy holds more)", name,
                         CSV_MAX_BYTES);
    }
    static const char MARK[] = "\xef\xbb\xbf";
    const bool marked = length >= 3 && memcmp(text, MARK, 3) == 0;
    const char *start = marked ? text + 3 : text;
    *cursor = (CsvCursor){name, start, text + length, start, 1};
    const char *nul = memchr(start, '\0', (size_t)(cursor->end - start));
    if (!nul) return true;
    int64_t line = 1;
    for (const char *p = start; p < nul; p++) line += *p == '\n';
    return error_set(err, ERROR_RESOURCE,
                     "%s:%" PRId64 ": a zero byte (not a text file; UTF-16 is not read)", name,
                     line);
}

/* strtod reads "0,5" in some locales: this thread's locale is C until it is given back. */
static bool enter_locale(locale_t *plain, locale_t *before, const char *name, Error *err) {
    *plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!*plain) return error_errno(err, "%s: no C locale", name);
    *before = uselocale(*plain);
    return true;
}

static void leave_locale(locale_t plain, locale_t before) {
    uselocale(before);
    freelocale(plain);
}

bool csv_parse(Dataset *set, DatasetNames *names, const char *name, const char *text, size_t length,
               const CsvConfig *config, Error *err) {
    *set = (Dataset){0};
    *names = (DatasetNames){.label_column = -1};
    assert(config->limit >= 0 && config->classes >= 0);
    CsvCursor cursor;
    locale_t plain = (locale_t)0, before = (locale_t)0;
    Shape shape = {0};
    if (!open_text(&cursor, name, text, length, err)) return false;
    if (!enter_locale(&plain, &before, name, err)) return false;
    const bool done =
        measure(&shape, cursor, config, err) && fill(set, names, name, &shape, config, err);
    leave_locale(plain, before);
    shape_free(&shape);
    if (!done) dataset_names_free(names);
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

bool csv_read(Dataset *set, DatasetNames *names, const char *path, const CsvConfig *config,
              Error *err) {
    *set = (Dataset){0};
    *names = (DatasetNames){.label_column = -1};
    char *text;
    size_t length;
    if (!load(&text, &length, path, err)) return false;
    const bool done = csv_parse(set, names, path, text, length, config, err);
    free(text);
    return done;
}

bool csv_read_header(DatasetNames *names, const char *path, Error *err) {
    *names = (DatasetNames){.label_column = -1};
    CsvCursor cursor;
    locale_t plain = (locale_t)0, before = (locale_t)0;
    Shape shape = {0};
    char *text;
    size_t length;
    bool done = false;
    if (!load(&text, &length, path, err)) return false;
    if (open_text(&cursor, path, text, length, err) && enter_locale(&plain, &before, path, err)) {
        done = measure_top(&shape, cursor, err);
        leave_locale(plain, before);
    }
    if (done) {
        names->column = shape.name;
        names->columns = shape.columns;
        shape.name = NULL;
    }
    shape_free(&shape);
    free(text);
    return done;
}
