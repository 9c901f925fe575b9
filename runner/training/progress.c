#include "runner/training/progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "core/base/text.h"

#define BAR_SECONDS   0.1
#define PLAIN_SECONDS 10.0
#define BAR_CELLS     24

const char *const PROGRESS_NAMES[PROGRESS_COUNT + 1] = {"auto", "bar", "plain", "none", NULL};

double progress_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void progress_duration(char *text, int size, double seconds) {
    const size_t room = (size_t)size;
    if (seconds < 10)
        snprintf(text, room, "%.2f s", seconds);
    else if (seconds < 100)
        snprintf(text, room, "%.0f s", seconds);
    else if (seconds < 5400)
        snprintf(text, room, "%d min %d s", (int)seconds / 60, (int)seconds % 60);
    else
        snprintf(text, room, "%d h %d min", (int)(seconds / 3600), (int)(seconds / 60) % 60);
}

void progress_begin(Progress *progress, ProgressStyle style, int64_t trials, double cost,
                    Metric metric, bool maximize) {
    if (style == PROGRESS_AUTO) style = isatty(STDERR_FILENO) ? PROGRESS_BAR : PROGRESS_PLAIN;
    const char *no_color = getenv("NO_COLOR");
    *progress = (Progress){.style = style,
                           .color = isatty(STDERR_FILENO) && !(no_color && *no_color),
                           .trials = trials,
                           .cost = cost,
                           .started = progress_now(),
                           .metric = metric,
                           .maximize = maximize,
                           .best = NAN};
    progress->shown = progress->started;
}

static int terminal_columns(void) {
    struct winsize size;
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

/* " 123/500  41.2/s  ETA 12 s" */
static void numbers(const Progress *progress, char *text, size_t size) {
    const double passed = progress_now() - progress->started;
    const double share = progress->cost > 0 ? progress->cost_done / progress->cost : 0;
    char left[32] = "?", rate[32] = "";
    if (share > 0) progress_duration(left, sizeof left, passed * (1 - share) / share);
    if (passed > 0) snprintf(rate, sizeof rate, "%.3g trials/s", (double)progress->done / passed);
    snprintf(text, size, "%" PRId64 "/%" PRId64 "  %s  %s left", progress->done, progress->trials,
             rate, left);
}

static void draw_bar(const Progress *progress) {
    char line[512], counts[128], best[224] = "";
    numbers(progress, counts, sizeof counts);
    if (!isnan(progress->best)) {
        snprintf(best, sizeof best, "  best %s %.4g (%s)", metrics_name(progress->metric),
                 progress->best, progress->best_name);
    }
    const double share = progress->cost > 0 ? progress->cost_done / progress->cost : 0;
    const int full = (int)(share * BAR_CELLS);
    char cells[3 * BAR_CELLS + 1] = "";
    for (int i = 0; i < BAR_CELLS; i++) strcat(cells, i < full ? "━" : "─");
    snprintf(line, sizeof line, "  %s%s", counts, best);
    const int columns = terminal_columns();
    const int room = columns - BAR_CELLS - 1 < 0 ? 0 : columns - BAR_CELLS - 1;
    fprintf(stderr, "\r%s%s%s", progress->color ? "\033[36m" : "", cells,
            progress->color ? "\033[0m" : "");
    text_print(stderr, "%.*s", room, line);
    fputs("\033[K", stderr);
    fflush(stderr);
}

static void draw_line(const Progress *progress) {
    char counts[128];
    numbers(progress, counts, sizeof counts);
    fprintf(stderr, "%s", counts);
    if (!isnan(progress->best)) {
        text_print(stderr, "  best %s %.4g (%s)", metrics_name(progress->metric), progress->best,
                   progress->best_name);
    }
    fputc('\n', stderr);
}

void progress_tick(Progress *progress) {
    if (progress->style == PROGRESS_NONE) return;
    const double now = progress_now();
    const double wait = progress->style == PROGRESS_BAR ? BAR_SECONDS : PLAIN_SECONDS;
    if (now - progress->shown < wait) return;
    progress->shown = now;
    if (progress->style == PROGRESS_BAR)
        draw_bar(progress);
    else
        draw_line(progress);
}

bool progress_trial(Progress *progress, double cost, double value, bool diverged, bool failed) {
    progress->done++;
    progress->cost_done += cost;
    progress->diverged += diverged;
    progress->failed += failed;
    const bool better = progress->maximize ? value > progress->best : value < progress->best;
    if (isnan(value) || (!isnan(progress->best) && !better)) return false;
    progress->best = value;
    return true;
}

void progress_others(Progress *progress, int64_t trials, double cost) {
    progress->done += trials - progress->others;
    progress->cost_done += cost - progress->others_cost;
    progress->others = trials;
    progress->others_cost = cost;
}

void progress_end(Progress *progress) {
    if (progress->style == PROGRESS_BAR) fprintf(stderr, "\r\033[K");
}
