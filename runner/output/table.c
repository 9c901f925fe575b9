#include "runner/output/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/text.h"
#include "runner/output/escape.h"

const char *const LISTING_FORMAT_NAMES[LISTING_FORMATS + 1] = {"table", "csv", "json", NULL};

#define GAP 2 /* spaces between the columns of a table */

void listing_begin(Listing *listing, ListingFormat format, FILE *out) {
    *listing = (Listing){.format = format, .out = out};
}

void listing_column(Listing *listing, const char *name, const char *heading, ListingKind kind,
                    int32_t rank) {
    if (listing->columns == listing->column_room) {
        const int32_t room = listing->column_room ? 2 * listing->column_room : 32;
        ListingColumn *larger = realloc(listing->column, (size_t)room * sizeof *larger);
        if (!larger) {
            listing->failed = true;
            return;
        }
        listing->column = larger;
        listing->column_room = room;
    }
    const char *own = pool_text(&listing->pool, name, strlen(name), NULL);
    if (!own) listing->failed = true;
    listing->column[listing->columns++] = (ListingColumn){own ? own : "", heading, kind, rank};
}

/* --- rows for programs ------------------------------------------------------------------------------ */

static void print_head(const Listing *listing) {
    if (listing->format == LISTING_JSON) fputs("[", listing->out);
    for (int32_t c = 0; c < listing->columns && listing->format == LISTING_CSV; c++) {
        if (c) fputc(',', listing->out);
        quote_csv(listing->out, listing->column[c].name);
    }
    if (listing->format == LISTING_CSV) fputc('\n', listing->out);
}

/* What stands before a cell. */
static void print_before(Listing *listing) {
    if (listing->rows == 0 && listing->at == 0) print_head(listing);
    if (listing->format == LISTING_CSV) {
        if (listing->at) fputc(',', listing->out);
        return;
    }
    if (listing->at == 0)
        fputs(listing->rows ? ",\n {" : "\n {", listing->out);
    else
        fputs(", ", listing->out);
    quote_json(listing->out, listing->column[listing->at].name);
    fputs(": ", listing->out);
}

static void print_after(Listing *listing) {
    if (++listing->at < listing->columns) return;
    fputs(listing->format == LISTING_CSV ? "\n" : "}", listing->out);
    listing->at = 0;
    listing->rows++;
}

static void keep(Listing *listing, const char *text, double number) {
    if (listing->cells == listing->cell_room) {
        const int64_t room = listing->cell_room ? 2 * listing->cell_room : 256;
        ListingCell *larger = realloc(listing->cell, (size_t)room * sizeof *larger);
        if (!larger) {
            listing->failed = true;
            return;
        }
        listing->cell = larger;
        listing->cell_room = room;
    }
    const char *own = text ? pool_text(&listing->pool, text, strlen(text), NULL) : NULL;
    if (text && !own) listing->failed = true;
    listing->cell[listing->cells++] = (ListingCell){own, number};
    if (++listing->at < listing->columns) return;
    listing->at = 0;
    listing->rows++;
}

void listing_text(Listing *listing, const char *text) {
    if (listing->failed) return;
    if (listing->format == LISTING_TABLE) {
        keep(listing, text, (double)NAN);
        return;
    }
    print_before(listing);
    if (listing->format == LISTING_CSV)
        quote_csv(listing->out, text);
    else
        quote_json(listing->out, text);
    print_after(listing);
}

void listing_word(Listing *listing, const char *text, double number) {
    if (listing->failed) return;
    if (listing->format == LISTING_TABLE) {
        keep(listing, text, number);
        return;
    }
    print_before(listing);
    if (listing->format == LISTING_JSON) {
        quote_json_real(listing->out, number);
    } else if (!isnan(number)) { /* an empty field is a missing number, for pandas too */
        char exact[32];
        text_real(exact, sizeof exact, number);
        fputs(exact, listing->out);
    }
    print_after(listing);
}

void listing_number(Listing *listing, double number) {
    listing_word(listing, NULL, number);
}

void listing_flag(Listing *listing, bool flag) {
    if (listing->failed) return;
    const char *text = flag ? "true" : "false";
    if (listing->format != LISTING_JSON) {
        listing_text(listing, text);
        return;
    }
    print_before(listing);
    fputs(text, listing->out);
    print_after(listing);
}

/* --- tables ------------------------------------------------------------------------------------------- */

/* How the numbers of a column are printed: the same digits behind the point, as many as its largest
 * one deserves. */
typedef struct Digits {
    int decimals;
    bool exponent;
} Digits;

static Digits digits_of(const Listing *listing, int32_t column) {
    double largest = 0, smallest = (double)INFINITY;
    for (int64_t r = 0; r < listing->rows; r++) {
        const ListingCell *cell = &listing->cell[r * listing->columns + column];
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

static void cell_text(char *text, size_t size, const Listing *listing, int64_t row, int32_t column,
                      const Digits *digits) {
    const ListingCell *cell = &listing->cell[row * listing->columns + column];
    const ListingKind kind = listing->column[column].kind;
    if (cell->text)
        snprintf(text, size, "%s", cell->text);
    else if (!isfinite(cell->number))
        snprintf(text, size, "-");
    else if (kind == LISTING_INTEGER)
        snprintf(text, size, "%.0f", cell->number);
    else if (kind == LISTING_NUMBER)
        text_real(text, size, cell->number);
    else
        snprintf(text, size, digits->exponent ? "%.*e" : "%.*f", digits->decimals, cell->number);
}

static const char *heading_of(const ListingColumn *column) {
    return column->heading ? column->heading : column->name;
}

/* Leaves out columns until the rest fits; width[c] of those left out becomes -1. */
static void fit(const Listing *listing, int32_t *width, int32_t room) {
    for (;;) {
        int32_t total = -GAP, worst = -1;
        for (int32_t c = 0; c < listing->columns; c++) {
            if (width[c] < 0) continue;
            total += width[c] + GAP;
            if (listing->column[c].rank > 0 &&
                (worst < 0 || listing->column[c].rank >= listing->column[worst].rank)) {
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

static void print_row(const Listing *listing, const int32_t *width, const Digits *digits,
                      int64_t row) {
    int32_t last = 0;
    for (int32_t c = 0; c < listing->columns; c++) last = width[c] >= 0 ? c : last;
    bool first = true;
    for (int32_t c = 0; c < listing->columns; c++) {
        if (width[c] < 0) continue;
        char text[512];
        if (row < 0)
            snprintf(text, sizeof text, "%s", heading_of(&listing->column[c]));
        else
            cell_text(text, sizeof text, listing, row, c, &digits[c]);
        print_cell(listing->out, text, width[c], listing->column[c].kind != LISTING_TEXT, first,
                   c == last);
        first = false;
    }
    fputc('\n', listing->out);
}

static bool print_table(const Listing *listing, int32_t room) {
    int32_t *width = malloc(((size_t)listing->columns + 1) * sizeof *width);
    Digits *digits = malloc(((size_t)listing->columns + 1) * sizeof *digits);
    const bool enough = width && digits;
    for (int32_t c = 0; enough && c < listing->columns; c++) {
        digits[c] = digits_of(listing, c);
        width[c] = text_width(heading_of(&listing->column[c]));
        for (int64_t r = 0; r < listing->rows; r++) {
            char text[512];
            cell_text(text, sizeof text, listing, r, c, &digits[c]);
            const int32_t own = text_width(text);
            if (own > width[c]) width[c] = own;
        }
    }
    if (enough) fit(listing, width, room);
    for (int64_t r = -1; enough && r < listing->rows; r++) print_row(listing, width, digits, r);
    free(width);
    free(digits);
    return enough;
}

bool listing_end(Listing *listing, int32_t width, Error *err) {
    bool done = !listing->failed;
    if (done && listing->format == LISTING_TABLE) {
        done = print_table(listing, width);
    } else if (done) {
        if (listing->rows == 0) print_head(listing);
        if (listing->format == LISTING_JSON) fputs(listing->rows ? "\n]\n" : "]\n", listing->out);
    }
    if (!done) error_memory(err, (size_t)listing->cells * sizeof *listing->cell);
    free(listing->column);
    free(listing->cell);
    pool_destroy(&listing->pool);
    *listing = (Listing){0};
    return done;
}

int32_t listing_terminal(void) {
    struct winsize size;
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}
