#include "runner/output/plot_range.h"

#include <math.h>

#define SPAN_MAX 1e15
#define LOG_SPAN 5.0 /* values that span more than this read better on a logarithmic scale */

PlotRange plot_range(double low, double high, bool may_be_log) {
    PlotRange range = {low, high, false};
    if (!isfinite(low) || !isfinite(high)) return (PlotRange){0, 1, false};
    if (may_be_log && low > 0 && high / low > LOG_SPAN) {
        range.logarithmic = true;
        high = fmin(high, low * SPAN_MAX); /* a run on its way to infinity would hide all others */
        const double air = pow(high / low, 0.05);
        range.low = low / air;
        range.high = high * air;
        return range;
    }
    high = fmin(high, SPAN_MAX);
    low = fmax(low, -SPAN_MAX);
    const double span = high > low ? high - low : fmax(fabs(high), 1e-6);
    /* near zero, zero belongs in the picture */
    range.low = low >= 0 && low < span ? 0 : low - 0.05 * span;
    range.high = high + 0.05 * span;
    return range;
}

PlotRange plot_range_around(double low, double high, double interval_low, double interval_high,
                            bool may_be_log) {
    if (!isfinite(low) || !isfinite(high)) return plot_range(low, high, may_be_log);
    const bool logarithmic = may_be_log && low > 0 && high / low > LOG_SPAN;
    const double below = logarithmic ? low / sqrt(high / low) : low - (high - low);
    const double above = logarithmic ? high * sqrt(high / low) : high + (high - low);
    if (interval_low < low) low = fmax(interval_low, below);
    if (interval_high > high) high = fmin(interval_high, above);
    return plot_range(low, high, logarithmic);
}

bool plot_range_cuts(const PlotRange *range, double interval_low, double interval_high) {
    return interval_low < range->low || interval_high > range->high;
}

double plot_range_position(const PlotRange *range, double value) {
    if (range->logarithmic) return log(value / range->low) / log(range->high / range->low);
    return (value - range->low) / (range->high - range->low);
}
