#include "runner/output/figure.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "runner/output/gnuplot.h"
#include "runner/output/svg.h"

/* --- files ------------------------------------------------------------------------------------ */

/* A new file of the draft. */
static FILE *create_in(const Folder *draft, const char *name, const char *suffix, Error *err) {
    char file[256];
    snprintf(file, sizeof file, "%s%s", name, suffix);
    const int fd = folder_open_file(draft, file, O_WRONLY | O_CREAT | O_EXCL, err);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (fd >= 0 && !out) {
        error_errno(err, "%s/%s: opening it", draft->path, file);
        close(fd);
    }
    return out;
}

static bool close_written(FILE *file, const Figure *figure, Error *err) {
    const bool bad = ferror(file) != 0;
    if (fclose(file) != 0 || bad)
        return error_errno(err, "%s/%s: writing it", figure->page->folder.path, figure->name);
    return true;
}

/* A file in memory, NUL-terminated; NULL and *err where it cannot be read. Takes over fd. */
static char *read_file(int fd, const char *path, size_t *length, Error *err) {
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    if (!file) {
        error_errno(err, "%s: opening it", path);
        if (fd >= 0) close(fd);
        return NULL;
    }
    Html text = {0};
    char block[16384];
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

/* One of the gnuplot programs. */
static char *read_program(const char *folder, const char *name, Error *err) {
    char path[FILES_PATH];
    size_t length;
    const int written = snprintf(path, sizeof path, "%s/%s.gp", folder, name);
    const int fd = written < (int)sizeof path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    return read_file(fd, path, &length, err);
}

/* --- tables and variables --------------------------------------------------------------------- */

bool figure_begin(Figure *figure, Page *page, const char *name, const char *program, Error *err) {
    *figure = (Figure){.page = page, .name = name, .program = program, .first_cell = true};
    figure->table = create_in(&page->draft, name, ".tsv", err);
    return figure->table;
}

bool figure_table(Figure *figure, const char *suffix, Error *err) {
    char tail[64], file[128];
    FILE *full = figure->table;
    figure->table = NULL;
    if (!close_written(full, figure, err)) return false;
    snprintf(tail, sizeof tail, "-%s.tsv", suffix);
    figure->table = create_in(&figure->page->draft, figure->name, tail, err);
    if (!figure->table) return false;
    snprintf(file, sizeof file, "%s%s", figure->name, tail);
    figure_string(figure, suffix, file);
    return true;
}

void figure_drop(Figure *figure) {
    if (figure->table) fclose(figure->table);
    html_destroy(&figure->variables);
    *figure = (Figure){0};
}

static void assign(Figure *figure, const char *variable, const char *value) {
    html_raw(&figure->variables, variable);
    html_raw(&figure->variables, " = ");
    html_raw(&figure->variables, value);
    html_raw(&figure->variables, "\n");
}

void figure_number(Figure *figure, const char *variable, double value) {
    char text[64] = "NaN";
    if (isfinite(value)) snprintf(text, sizeof text, "%.9g", value);
    assign(figure, variable, text);
}

void figure_string(Figure *figure, const char *variable, const char *text) {
    char literal[1600];
    gnuplot_literal(literal, sizeof literal, text);
    assign(figure, variable, literal);
}

void figure_number_at(Figure *figure, const char *variable, int32_t index, double value) {
    char name[64];
    snprintf(name, sizeof name, "%s_%d", variable, index);
    figure_number(figure, name, value);
}

void figure_string_at(Figure *figure, const char *variable, int32_t index, const char *text) {
    char name[64];
    snprintf(name, sizeof name, "%s_%d", variable, index);
    figure_string(figure, name, text);
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

void figure_blank(Figure *figure) {
    separate(figure);
}

void figure_row(Figure *figure) {
    fputc('\n', figure->table);
    figure->first_cell = true;
}

void figure_headings(Figure *figure, const char *const *heading, int32_t count) {
    for (int32_t i = 0; i < count; i++) figure_cell(figure, heading[i]);
    figure_row(figure);
}

/* --- the end ---------------------------------------------------------------------------------- */

/* NAME.gp: what the figure is, its variables, the style, the program. */
static bool write_program(const Figure *figure, Error *err) {
    const char *name = figure->name, *plots = figure->page->plots_folder;
    Error missing = {0};
    char *style = read_program(plots, "style", &missing);
    char *program = read_program(plots, figure->program, &missing);
    FILE *out = create_in(&figure->page->draft, name, ".gp", err);
    bool ok = out;
    if (ok) {
        fprintf(out,
                "# %s: `gnuplot %s.gp` draws it again, here; `gnuplot -c %s.gp %s.tsv "
                "other.png` elsewhere.\n"
                "# Formats go by the ending: svg, png, pdf. Edit freely.\n"
                "data = '%s.tsv'\noutput = '%s.svg'\n",
                name, name, name, name, name, name);
        fputs(figure->variables.text ? figure->variables.text : "", out);
        fprintf(out, "\n%s\n%s", style ? style : "", program ? program : "");
        ok = close_written(out, figure, err);
    }
    if (ok && (!style || !program)) ok = error_set(err, ERROR_RESOURCE, "%s", missing.text);
    free(style);
    free(program);
    return ok;
}

/* Runs the program for one output; `shape` is "wide" or "narrow". */
static bool draw(const Figure *figure, const char *ending, const char *shape, Error *err) {
    char script[128], table[128], output[128];
    snprintf(script, sizeof script, "%s.gp", figure->name);
    snprintf(table, sizeof table, "%s.tsv", figure->name);
    snprintf(output, sizeof output, "%s%s", figure->name, ending);
    return gnuplot_run(&figure->page->draft, script,
                       (const char *const[]){table, output, shape, NULL}, err);
}

static bool include_svg(const Figure *figure, const char *ending, const char *shape,
                        const char *alt, Error *err) {
    Page *page = figure->page;
    size_t length = 0;
    char name[128], prefix[128];
    snprintf(name, sizeof name, "%s%s", figure->name, ending);
    const int fd = folder_open_file(&page->draft, name, O_RDONLY, err);
    char *svg = fd < 0 ? NULL : read_file(fd, name, &length, err);
    if (!svg) return false;
    snprintf(prefix, sizeof prefix, "%s-%c-", figure->name, shape[0]);
    const bool complete = memmem(svg, length, "</svg>", 6);
    if (complete) svg_inline(page->target, svg, length, prefix, shape, alt);
    free(svg);
    return complete ||
           error_set(err, ERROR_RESOURCE, "gnuplot: left %s%s unfinished", figure->name, ending);
}

static bool has_other_format(const Page *page) {
    return page->format && strcmp(page->format, "svg") != 0;
}

/* Wide for the page and the separate file, narrow for telephones, and the format that was asked
 * for. */
static bool draw_all(const Figure *figure, const char *alt, Error *err) {
    static const char NARROW[] = "-narrow.svg";
    const Page *page = figure->page;
    char narrow[128], ending[16];
    bool drawn = draw(figure, ".svg", "wide", err) && draw(figure, NARROW, "narrow", err) &&
                 include_svg(figure, ".svg", "wide", alt, err) &&
                 include_svg(figure, NARROW, "narrow", alt, err);
    if (drawn && has_other_format(page)) {
        snprintf(ending, sizeof ending, ".%s", page->format);
        drawn = draw(figure, ending, "wide", err);
    }
    snprintf(narrow, sizeof narrow, "%s%s", figure->name, NARROW);
    (void)folder_remove(&page->draft, narrow, NULL); /* it is in the page, or was never drawn */
    return drawn;
}

static void write_caption(const Figure *figure, const char *caption, bool drawn) {
    Page *page = figure->page;
    html_raw(page->target, "<figcaption>");
    html_text(page->target, caption);
    html_print(
        page->target,
        " <span class=\"files\">Files: <a href=\"%s.tsv\">data</a>, <a href=\"%s.gp\">program</a>",
        figure->name, figure->name);
    if (drawn) {
        html_print(page->target, ", <a href=\"%s.%s\">figure</a>", figure->name,
                   page->format ? page->format : "svg");
    }
    html_raw(page->target, "</span></figcaption>\n</figure>\n");
}

bool figure_end(Figure *figure, const char *alt, const char *caption, Error *err) {
    Page *page = figure->page;
    FILE *table = figure->table;
    Error trouble = {0};
    figure->table = NULL;
    const bool ok = close_written(table, figure, err);
    html_print(page->target, "<figure class=\"%s\">\n", figure->program);
    const bool drawn = ok && write_program(figure, &trouble) && draw_all(figure, alt, &trouble);
    page->figures++;
    if (!drawn) {
        page->missing++;
        if (!page->trouble[0]) snprintf(page->trouble, sizeof page->trouble, "%s", trouble.text);
        html_print(page->target,
                   "<p class=\"warning\">This figure could not be drawn. It would show: %s</p>\n",
                   alt);
    }
    write_caption(figure, caption, drawn);
    figure_drop(figure);
    return ok;
}
