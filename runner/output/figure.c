/* Figures: table, variables, program, gnuplot, page. See report_parts.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/output/gnuplot.h"
#include "runner/report/section.h"

static FILE *open_in(const Report *report, const char *name, const char *suffix, const char *mode,
                     Error *err) {
    char path[4096];
    const int length = snprintf(path, sizeof path, "%s/%s%s", report->folder, name, suffix);
    FILE *file = length < (int)sizeof path ? fopen(path, mode) : NULL;
    if (!file) error_errno(err, "%s/%s%s: opening it", report->folder, name, suffix);
    return file;
}

static bool close_written(FILE *file, const Report *report, const char *name, Error *err) {
    const bool bad = ferror(file) != 0;
    if (fclose(file) != 0 || bad)
        return error_errno(err, "%s/%s: writing it", report->folder, name);
    return true;
}

bool figure_begin(Figure *figure, Report *report, const char *name, const char *program,
                  Error *err) {
    *figure = (Figure){.name = name, .program = program, .first_cell = true};
    figure->table = open_in(report, name, ".tsv", "we", err);
    return figure->table;
}

bool figure_table(Figure *figure, Report *report, const char *suffix, Error *err) {
    char tail[64], variable[128];
    FILE *full = figure->table;
    figure->table = NULL;
    if (!close_written(full, report, figure->name, err)) return false;
    snprintf(tail, sizeof tail, "-%s.tsv", suffix);
    figure->table = open_in(report, figure->name, tail, "we", err);
    if (!figure->table) return false;
    snprintf(variable, sizeof variable, "%s%s", figure->name, tail);
    figure_string(figure, suffix, variable);
    return true;
}

void figure_drop(Figure *figure) {
    if (figure->table) fclose(figure->table);
    html_destroy(&figure->variables);
    *figure = (Figure){0};
}

void figure_number(Figure *figure, const char *variable, double value) {
    char text[64] = "NaN";
    if (isfinite(value)) snprintf(text, sizeof text, "%.9g", value);
    html_raw(&figure->variables, variable);
    html_raw(&figure->variables, " = ");
    html_raw(&figure->variables, text);
    html_raw(&figure->variables, "\n");
}

void figure_string(Figure *figure, const char *variable, const char *text) {
    char literal[1600];
    gnuplot_literal(literal, sizeof literal, text);
    html_raw(&figure->variables, variable);
    html_raw(&figure->variables, " = ");
    html_raw(&figure->variables, literal);
    html_raw(&figure->variables, "\n");
}

static void separate(Figure *figure) {
    if (!figure->first_cell) fputc('\t', figure->table);
    figure->first_cell = false;
}

void figure_cell(Figure *figure, const char *text) {
    char cell[1024];
    gnuplot_cell(cell, sizeof cell, text);
    separate(figure);
    fputs(cell, figure->table);
}

void figure_value(Figure *figure, double value) {
    separate(figure);
    if (isfinite(value))
        fprintf(figure->table, "%.6g", value);
    else
        fputs("NaN", figure->table);
}

void figure_row(Figure *figure) {
    fputc('\n', figure->table);
    figure->first_cell = true;
}

/* A whole file in memory, NUL-terminated; NULL and *err where it cannot be read. */
static char *read_file(const char *folder, const char *name, const char *suffix, size_t *length,
                       Error *err) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
    FILE *file = fopen(path, "re");
    if (!file) {
        error_errno(err, "%s: opening it", path);
        return NULL;
    }
    Html text = {0};
    char block[65536];
    for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;)
        html_bytes(&text, block, got);
    html_bytes(&text, "", 0);
    const bool bad = ferror(file) != 0 || text.failed;
    fclose(file);
    if (bad) {
        html_destroy(&text);
        error_set(err, ERROR_RESOURCE, "%s: reading it failed", path);
        return NULL;
    }
    *length = text.length;
    return text.text;
}

/* NAME.gp: what the figure is, its variables, the style, the program. */
static bool write_program(const Figure *figure, const Report *report, Error *err) {
    size_t style_length = 0, program_length = 0;
    Error missing = {0};
    char *style = read_file(report->options->plots_dir, "style", ".gp", &style_length, &missing);
    char *program =
        read_file(report->options->plots_dir, figure->program, ".gp", &program_length, &missing);
    FILE *out = open_in(report, figure->name, ".gp", "we", err);
    bool ok = out;
    if (ok) {
        fprintf(out,
                "# %s: `gnuplot %s.gp` draws it again, here; `gnuplot -c %s.gp %s.tsv "
                "other.png` elsewhere.\n"
                "# Formats go by the ending: svg, png, pdf. Edit freely.\n"
                "data = '%s.tsv'\noutput = '%s.svg'\n",
                figure->name, figure->name, figure->name, figure->name, figure->name, figure->name);
        fputs(figure->variables.text ? figure->variables.text : "", out);
        fprintf(out, "\n%s\n%s", style ? style : "", program ? program : "");
        ok = close_written(out, report, figure->name, err);
    }
    if (ok && (!style || !program)) ok = error_set(err, ERROR_RESOURCE, "%s", missing.text);
    free(style);
    free(program);
    return ok;
}

/* Runs the program for one output; `shape` is "wide" or "narrow". */
static bool draw(const Figure *figure, const Report *report, const char *ending, const char *shape,
                 Error *err) {
    char script[128], table[128], output[128];
    snprintf(script, sizeof script, "%s.gp", figure->name);
    snprintf(table, sizeof table, "%s.tsv", figure->name);
    snprintf(output, sizeof output, "%s%s", figure->name, ending);
    return gnuplot_run(report->folder, script, (const char *const[]){table, output, shape, NULL},
                       err);
}

static bool include_svg(const Figure *figure, Report *report, const char *ending, const char *shape,
                        const char *alt, Error *err) {
    size_t length = 0;
    char *svg = read_file(report->folder, figure->name, ending, &length, err);
    if (!svg) return false;
    char prefix[128];
    snprintf(prefix, sizeof prefix, "%s-%c-", figure->name, shape[0]);
    const bool whole = memmem(svg, length, "</svg>", 6);
    if (whole) svg_inline(report->target, svg, length, prefix, shape, alt);
    free(svg);
    return whole ||
           error_set(err, ERROR_RESOURCE, "gnuplot: left %s%s unfinished", figure->name, ending);
}

/* Wide for the page and the separate file, narrow for telephones, and the format that was asked
 * for. */
static bool draw_all(const Figure *figure, Report *report, const char *alt, Error *err) {
    static const char NARROW[] = "-narrow.svg";
    const char *format = report->options->format;
    char path[4096], ending[16];
    TRY(draw(figure, report, ".svg", "wide", err));
    TRY(draw(figure, report, NARROW, "narrow", err));
    TRY(include_svg(figure, report, ".svg", "wide", alt, err));
    TRY(include_svg(figure, report, NARROW, "narrow", alt, err));
    if (format && strcmp(format, "svg") != 0) {
        snprintf(ending, sizeof ending, ".%s", format);
        TRY(draw(figure, report, ending, "wide", err));
    }
    snprintf(path, sizeof path, "%s/%s%s", report->folder, figure->name, NARROW);
    remove(path);
    return true;
fail:
    snprintf(path, sizeof path, "%s/%s%s", report->folder, figure->name, NARROW);
    remove(path);
    return false;
}

bool figure_end(Figure *figure, Report *report, const char *alt, const char *caption, Error *err) {
    FILE *table = figure->table;
    figure->table = NULL;
    bool ok = close_written(table, report, figure->name, err);
    Error trouble = {0};
    Html *page = report->target;
    bool drawn = false;
    html_print(page, "<figure class=\"%s\">\n", figure->program);
    if (ok)
        drawn = write_program(figure, report, &trouble) && draw_all(figure, report, alt, &trouble);
    report->figures++;
    if (!drawn) {
        report->missing++;
        if (!report->trouble[0])
            snprintf(report->trouble, sizeof report->trouble, "%s", trouble.text);
        html_print(page,
                   "<p class=\"warning\">This figure could not be drawn. It would show: %s</p>\n",
                   alt);
    }
    html_raw(page, "<figcaption>");
    html_text(page, caption);
    html_print(
        page,
        " <span class=\"files\">Files: <a href=\"%s.tsv\">data</a>, <a href=\"%s.gp\">program</a>",
        figure->name, figure->name);
    if (drawn) {
        html_print(page, ", <a href=\"%s.%s\">figure</a>", figure->name,
                   report->options->format ? report->options->format : "svg");
    }
    html_raw(page, "</span></figcaption>\n</figure>\n");
    figure_drop(figure);
    return ok;
}
