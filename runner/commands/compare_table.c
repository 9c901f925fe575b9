#include "runner/commands/compare_table.h"
#include "core/base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/analysis/finding.h"
#include "runner/analysis/pairs_text.h"
#include "runner/output/table.h"

#define GAPS 10 /* at most so many rows are explained */

bool compare_table_add(CompareTable *table, const char *label, const Pair *pair, int64_t count,
                       Error *err) {
    const size_t rows = (size_t)table->rows + 1;
    PairedDifference *row = realloc(table->row, rows * sizeof *row);
    if (row) table->row = row;
    char **labels = realloc(table->label, rows * sizeof *labels);
    if (labels) table->label = labels;
    char *copy = strdup(label);
    if (!row || !labels || !copy) {
        free(copy);
        return error_memory(err, rows * sizeof *row);
    }
    table->row[rows - 1] = pairs_difference(table->pairing, pair, count);
    table->label[rows - 1] = copy;
    table->rows++;
    return true;
}

void compare_table_destroy(CompareTable *table) {
    for (int64_t i = 0; i < table->rows; i++) free(table->label[i]);
    free(table->label);
    free(table->row);
    *table = (CompareTable){0};
}

static void p_cell(Table *out, double p) {
    char text[32] = "-";
    if (p < 0.0005)
        snprintf(text, sizeof text, "%.1e", p);
    else if (!isnan(p))
        snprintf(text, sizeof text, "%.3f", p);
    table_text(out, text);
}

static void print_row(Table *out, const char *label, const PairedDifference *row, bool p,
                      bool holm) {
    const Interval *d = &row->against.difference;
    char wins[16] = "-";
    if (row->pairs > 0) snprintf(wins, sizeof wins, "%.0f%%", 100 * row->wins);
    table_text(out, label);
    table_number(out, row->a);
    table_number(out, row->b);
    table_number(out, d->mean);
    table_number(out, d->low);
    table_number(out, d->high);
    if (p) p_cell(out, row->against.p);
    if (holm) p_cell(out, row->holm);
    table_text(out, wins);
    table_number(out, (double)row->pairs);
}

/* What diverged, where it is left out. */
static void print_gaps(const CompareTable *table) {
    int32_t printed = 0;
    for (int64_t i = table->average ? table->rows - 1 : 0; i < table->rows; i++) {
        char buffer[512];
        Text text = text_begin(buffer, sizeof buffer);
        pairs_text_gaps(&text, &table->row[i]);
        if (text.length == 0) continue;
        if (printed++ == GAPS) {
            fputs("...\n", stderr);
            return;
        }
        text_print(stderr, "%s: %s\n", table->label[i], buffer);
    }
}

/* What follows from the number of pairs. */
static void print_few(const CompareTable *table) {
    int64_t longest = 0;
    for (int64_t i = 0; i < table->rows; i++)
        longest = table->row[i].pairs > longest ? table->row[i].pairs : longest;
    if (longest < 2)
        fputs("one pair: nothing can be said about luck (no interval, no test)\n", stderr);
    else if (longest < FINDING_WILCOXON_FROM && !table->pairing->a->folds)
        text_print(stderr, "%" PRId64 " pairs: too few for Wilcoxon's test (%d at least)\n",
                   longest, FINDING_WILCOXON_FROM);
}

static bool has_p(const CompareTable *table) {
    for (int64_t i = 0; i < table->rows; i++)
        if (!isnan(table->row[i].against.p)) return true;
    return false;
}

bool compare_table_print(CompareTable *table, Error *err) {
    const int64_t family = table->rows - table->average;
    const bool p = has_p(table), holm = p && family > 1;
    Table out;
    if (!pairs_holm(table->row, family, err)) return false;
    table_begin(&out, TABLE_TABLE, stdout);
    table_column(&out, table->heading[0], NULL, TABLE_TEXT, 0);
    table_column(&out, table->heading[1], NULL, TABLE_REAL, 3);
    table_column(&out, table->heading[2], NULL, TABLE_REAL, 3);
    table_column(&out, "A - B", NULL, TABLE_REAL, 0);
    table_column(&out, "95% low", NULL, TABLE_REAL, 1);
    table_column(&out, "95% high", NULL, TABLE_REAL, 1);
    if (p) table_column(&out, "p", NULL, TABLE_REAL, 0);
    if (holm) table_column(&out, "Holm p", NULL, TABLE_REAL, 0);
    table_column(&out, "A beats B", NULL, TABLE_REAL, 0);
    table_column(&out, "pairs", NULL, TABLE_INTEGER, 2);
    for (int64_t i = 0; i < table->rows; i++)
        print_row(&out, table->label[i], &table->row[i], p, holm);
    if (!table_end(&out, table_terminal(), err)) return false;
    print_gaps(table);
    print_few(table);
    return true;
}
