#include "runner/output/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/text.h"
#include "runner/output/escape.h"

const char *const TABLE_FORMAT_NAMES[TABLE_FORMATS + 1] = {"table", "csv", "json", NULL};

#define GAP 2 /* spaces between the columns of a table */

void table_begin(Table *table, TableFormat format, FILE *out) {
    *table = (Table){.format = format, .out = out};
}

void table_column(Table *table, const char *name, const char *heading, TableKind kind,
                  int32_t rank) {
    if (table->columns == table->column_room) {
        const int32_t room = table->column_room ? 2 * table->column_room : 32;
        TableColumn *larger = realloc(table->column, (size_t)room * sizeof *larger);
        if (!larger) {
            table->failed = true;
            return;
        }
        table->column = larger;
        table->column_room = room;
    }
    const char *own = pool_text(&table->pool, name, strlen(name), NULL);
    if (!own) table->failed = true;
    table->column[table->columns++] = (TableColumn){own ? own : "", heading, kind, rank};
}

/* --- rows for programs ------------------------------------------------------------------------ */

static void print_head(const Table *table) {
    if (table->format == TABLE_JSON) fputs("[", table->out);
    for (int32_t c = 0; c < table->columns && table->format == TABLE_CSV; c++) {
        if (c) fputc(',', table->out);
        escape_csv(table->out, table->column[c].name);
    }
    if (table->format == TABLE_CSV) fputc('\n', table->out);
}

/* What comes before a cell. */
static void print_before(Table *table) {
    if (table->rows == 0 && table->at == 0) print_head(table);
    if (table->format == TABLE_CSV) {
        if (table->at) fputc(',', table->out);
        return;
    }
    if (table->at == 0)
        fputs(table->rows ? ",\n {" : "\n {", table->out);
    else
        fputs(", ", table->out);
    escape_json(table->out, table->column[table->at].name);
    fputs(": ", table->out);
}

static void print_after(Table *table) {
    if (++table->at < table->columns) return;
    fputs(table->format == TABLE_CSV ? "\n" : "}", table->out);
    table->at = 0;
    table->rows++;
}

static void store(Table *table, const char *text, double number) {
    if (table->cells == table->cell_room) {
        const int64_t room = table->cell_room ? 2 * table->cell_room : 256;
        TableCell *larger = realloc(table->cell, (size_t)room * sizeof *larger);
        if (!larger) {
            table->failed = true;
            return;
        }
        table->cell = larger;
        table->cell_room = room;
    }
    const char *own = text ? pool_text(&table->pool, text, strlen(text), NULL) : NULL;
    if (text && !own) table->failed = true;
    table->cell[table->cells++] = (TableCell){own, number};
    if (++table->at < table->columns) return;
    table->at = 0;
    table->rows++;
}

void table_text(Table *table, const char *text) {
    if (table->failed) return;
    if (table->format == TABLE_TABLE) {
        store(table, text, (double)NAN);
        return;
    }
    print_before(table);
    if (table->format == TABLE_CSV)
        escape_csv(table->out, text);
    else
        escape_json(table->out, text);
    print_after(table);
}

void table_word(Table *table, const char *text, double number) {
    if (table->failed) return;
    if (table->format == TABLE_TABLE) {
        store(table, text, number);
        return;
    }
    print_before(table);
    if (table->format == TABLE_JSON) {
        escape_json_real(table->out, number);
    } else if (!isnan(number)) { /* an empty field is a missing number, for pandas too */
        char exact[32];
        text_real(exact, sizeof exact, number);
        fputs(exact, table->out);
    }
    print_after(table);
}

void table_number(Table *table, double number) {
    table_word(table, NULL, number);
}

void table_flag(Table *table, bool flag) {
    if (table->failed) return;
    const char *text = flag ? "true" : "false";
    if (table->format != TABLE_JSON) {
        table_text(table, text);
        return;
    }
    print_before(table);
    fputs(text, table->out);
    print_after(table);
}

/* --- tables ----------------------------------------------------------------------------------- */

/* How the numbers of a column are printed: with the same number of decimals, chosen by the largest
 * one. */
typedef struct Digits {
    int decimals;
    bool exponent;
} Digits;

static Digits digits_of(const Table *table, int32_t column) {
    double largest = 0, smallest = (double)INFINITY;
    for (int64_t r = 0; r < table->rows; r++) {
        const TableCell *cell = &table->cell[r * table->columns + column];
        const double size = fabs(cell->number);
        if (cell->text || !isfinite(size) || size == 0) continue;
        if (size > largest) largest = size;
        if (size < smallest) smallest = size;
    }
    if (largest == 0) return (Digits){0, false};
    if (largest >= 1e7 || largest < 1e-3 || smallest < largest * 1e-4) return (Digits){3, true};
    const int decimals = 3 - (int)floor(log10(largest));
    return (Digits){decimals < 0 ? 0 : decimals > 4 ? 4 : decimals, false};
}

static void cell_text(char *text, size_t size, const Table *table, int64_t row, int32_t column,
                      const Digits *digits) {
    const TableCell *cell = &table->cell[row * table->columns + column];
    const TableKind kind = table->column[column].kind;
    if (cell->text)
        snprintf(text, size, "%s", cell->text);
    else if (!isfinite(cell->number))
        snprintf(text, size, "-");
    else if (kind == TABLE_INTEGER)
        snprintf(text, size, "%.0f", cell->number);
    else if (kind == TABLE_NUMBER)
        text_real(text, size, cell->number);
    else
        snprintf(text, size, digits->exponent ? "%.*e" : "%.*f", digits->decimals, cell->number);
}

static const char *heading_of(const TableColumn *column) {
    return column->heading ? column->heading : column->name;
}

/* Leaves out columns until the rest fits; width[c] of those left out becomes -1. */
static void fit(const Table *table, int32_t *width, int32_t room) {
    for (;;) {
        int32_t total = -GAP, worst = -1;
        for (int32_t c = 0; c < table->columns; c++) {
            if (width[c] < 0) continue;
            total += width[c] + GAP;
            if (table->column[c].rank > 0 &&
                (worst < 0 || table->column[c].rank >= table->column[worst].rank)) {
                worst = c;
            }
        }
        if (room == 0 || total <= room || worst < 0) return;
        width[worst] = -1;
    }
}

static void print_cell(FILE *out, const char *text, int32_t width, bool right, bool first,
                       bool last) {
    const int32_t space = width - text_width(text);
    fprintf(out, "%*s", (first ? 0 : GAP) + (right ? space : 0), "");
    text_print_plain(out, text);
    if (!right && !last) fprintf(out, "%*s", space, "");
}

static void print_row(const Table *table, const int32_t *width, const Digits *digits, int64_t row) {
    int32_t last = 0;
    for (int32_t c = 0; c < table->columns; c++) last = width[c] >= 0 ? c : last;
    bool first = true;
    for (int32_t c = 0; c < table->columns; c++) {
        if (width[c] < 0) continue;
        char text[512];
        if (row < 0)
            snprintf(text, sizeof text, "%s", heading_of(&table->column[c]));
        else
            cell_text(text, sizeof text, table, row, c, &digits[c]);
        print_cell(table->out, text, width[c], table->column[c].kind != TABLE_TEXT, first,
                   c == last);
        first = false;
    }
    fputc('\n', table->out);
}

static bool print_table(const Table *table, int32_t room) {
    int32_t *width = malloc(((size_t)table->columns + 1) * sizeof *width);
    Digits *digits = malloc(((size_t)table->columns + 1) * sizeof *digits);
    const bool enough = width && digits;
    for (int32_t c = 0; enough && c < table->columns; c++) {
        digits[c] = digits_of(table, c);
        width[c] = text_width(heading_of(&table->column[c]));
        for (int64_t r = 0; r < table->rows; r++) {
            char text[512];
            cell_text(text, sizeof text, table, r, c, &digits[c]);
            const int32_t own = text_width(text);
            if (own > width[c]) width[c] = own;
        }
    }
    if (enough) fit(table, width, room);
    for (int64_t r = -1; enough && r < table->rows; r++) print_row(table, width, digits, r);
    free(width);
    free(digits);
    return enough;
}

bool table_end(Table *table, int32_t width, Error *err) {
    bool done = !table->failed;
    if (done && table->format == TABLE_TABLE) {
        done = print_table(table, width);
    } else if (done) {
        if (table->rows == 0) print_head(table);
        if (table->format == TABLE_JSON) fputs(table->rows ? "\n]\n" : "]\n", table->out);
    }
    if (!done) error_memory(err, (size_t)table->cells * sizeof *table->cell);
    free(table->column);
    free(table->cell);
    pool_destroy(&table->pool);
    *table = (Table){0};
    return done;
}

int32_t table_terminal(void) {
    struct winsize size;
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}
