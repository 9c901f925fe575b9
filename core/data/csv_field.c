/* A hand-written reader of RFC 4180: it walks the text once, copies nothing and allocates
 * nothing. */
#include "core/data/csv_field.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NUMBER 255 /* characters of a number; no real one is longer */

bool csv_field_fail(Error *err, const char *name, int64_t line, int64_t column, const char *format,
                    ...) {
    char what[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    for (char *c = what; *c; c++) {
        if ((unsigned char)*c < 32 || *c == 127) *c = '?';
    }
    return error_set(err, ERROR_RESOURCE, "%s:%" PRId64 ":%" PRId64 ": %s", name, line, column,
                     what);
}

static void next_line(CsvCursor *cursor) {
    cursor->line++;
    cursor->line_start = cursor->at;
}

static void skip_spaces(CsvCursor *cursor) {
    while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t')) cursor->at++;
}

bool csv_field_find_row(CsvCursor *cursor) {
    while (cursor->at < cursor->end) {
        const char *p = cursor->at;
        if (*p == '\r' && p + 1 < cursor->end && p[1] == '\n') p++;
        if (*p != '\n') return true;
        cursor->at = p + 1;
        next_line(cursor);
    }
    return false;
}

static bool read_quoted(CsvCursor *cursor, CsvField *field, Error *err) {
    field->quoted = true;
    field->text = ++cursor->at;
    for (;;) {
        if (cursor->at == cursor->end) {
            return csv_field_fail(err, cursor->name, field->line, field->column,
                                  "the quote that opens here is never closed");
        }
        const char c = *cursor->at++;
        if (c == '\n') next_line(cursor);
        if (c != '"') continue;
        if (cursor->at == cursor->end || *cursor->at != '"') break;
        cursor->at++;
    }
    field->length = (size_t)(cursor->at - 1 - field->text);
    skip_spaces(cursor);
    return true;
}

static bool ends_plain(char c) {
    return c == ',' || c == '\n' || c == '\r' || c == '"';
}

static bool read_plain(CsvCursor *cursor, CsvField *field, Error *err) {
    field->quoted = false;
    field->text = cursor->at;
    while (cursor->at < cursor->end && !ends_plain(*cursor->at)) cursor->at++;
    if (cursor->at < cursor->end && *cursor->at == '"') {
        return csv_field_fail(
            err, cursor->name, cursor->line, cursor->at - cursor->line_start + 1,
            "a quote inside a field (put the whole field in quotes, and double these)");
    }
    const char *last = cursor->at;
    while (last > field->text && (last[-1] == ' ' || last[-1] == '\t')) last--;
    field->length = (size_t)(last - field->text);
    return true;
}

bool csv_field_next(CsvCursor *cursor, CsvField *field, Error *err) {
    skip_spaces(cursor);
    field->line = cursor->line;
    field->column = cursor->at - cursor->line_start + 1;
    const bool quote = cursor->at < cursor->end && *cursor->at == '"';
    if (!(quote ? read_quoted : read_plain)(cursor, field, err)) return false;
    field->last = true;
    if (cursor->at == cursor->end) return true;
    const char c = *cursor->at++;
    if (c == ',') {
        field->last = false;
        return true;
    }
    const bool crlf = c == '\r' && cursor->at < cursor->end && *cursor->at == '\n';
    if (crlf) cursor->at++;
    if (crlf || c == '\n') {
        next_line(cursor);
        return true;
    }
    const int64_t column = cursor->at - cursor->line_start;
    if (c == '\r') {
        return csv_field_fail(err, cursor->name, cursor->line, column,
                              "a carriage return without a line feed (lines end in LF or CRLF)");
    }
    return csv_field_fail(err, cursor->name, cursor->line, column,
                          "text behind a closing quote (a comma or the line's end is expected)");
}

const char *csv_field_show(char *buffer, size_t size, const CsvField *field) {
    const size_t room = size - 4;
    const size_t count = field->length < room ? field->length : room;
    for (size_t i = 0; i < count; i++) {
        const unsigned char c = (unsigned char)field->text[i];
        buffer[i] = c < 32 || c == 127 ? '?' : field->text[i];
    }
    strcpy(buffer + count, count < field->length ? "..." : "");
    return buffer;
}

/* Up to 15 digits and nothing else, as pixels and labels are: exact in float64, and several times
 * as fast as strtod. */
static bool is_plain_integer(const CsvField *field, double *number) {
    if (field->length == 0 || field->length > 15) return false;
    int64_t value = 0;
    for (size_t i = 0; i < field->length; i++) {
        const char c = field->text[i];
        if (c < '0' || c > '9') return false;
        value = 10 * value + (c - '0');
    }
    *number = (double)value;
    return true;
}

bool csv_field_number(const CsvField *field, double *number) {
    if (is_plain_integer(field, number)) return true;
    char copy[MAX_NUMBER + 1];
    if (field->length == 0 || field->length > MAX_NUMBER) return false;
    memcpy(copy, field->text, field->length);
    copy[field->length] = '\0';
    if (strpbrk(copy, "xXpP(")) return false; /* strtod's hexadecimal and nan(...) */
    char *end;
    *number = strtod(copy, &end);
    return end == copy + field->length;
}

bool csv_field_is(const CsvField *field, const char *word) {
    size_t i = 0;
    for (; i < field->length && *word; i++, word++) {
        if (field->text[i] != *word) return false;
        if (field->quoted && *word == '"')
            i++; /* the field reader has checked that there are two */
    }
    return i == field->length && !*word;
}

void csv_field_copy(char *text, const CsvField *field) {
    for (size_t i = 0; i < field->length; i++) {
        *text++ = field->text[i];
        if (field->quoted && field->text[i] == '"') i++;
    }
    *text = '\0';
}
