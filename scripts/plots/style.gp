# The one visual style of all figures: palette, type, axes, formats.
# In a report it stands, with the variables of the figure before it and the figure's program behind it, in NAME.gp.
# A program sets `width` and `height`, then says eval(start). ARG1 data, ARG2 output, ARG3 "wide" or "narrow".
if (exists("ARGC") && ARGC >= 1) { data = ARG1 }
if (exists("ARGC") && ARGC >= 2) { output = ARG2 }
narrow = exists("ARGC") && ARGC >= 3 && ARG3 eq 'narrow'
ending = output[strlen(output)-2:]
width = narrow ? 360 : 700

# Okabe and Ito's colours and Paul Tol's, safe for colour-blind readers. The page puts lighter ones in their place
# in the dark.
ink = '#222222'; muted = '#6b6b6b'; faint = '#e2e2e2'; paper = '#ffffff'
# Train is blue and test is orange, in every figure, and nothing else is either; validation is green. The others
# tell apart what has no colour of its own: lines, classes, endings.
blue = '#0072b2'; orange = '#d55e00'; green = '#009e73'; purple = '#cc79a7'
olive = '#999933'; wine = '#882255'; teal = '#44aa99'
array palette_of[8] = [blue, orange, green, purple, olive, wine, teal, ink]
colour(i) = palette_of[i]
other(i) = palette_of[(i - 1) % 6 + 3]
veil(alpha, c) = '#'.alpha.c[2:]     # '#AARRGGBB': alpha 00 is solid, ff is gone

size_text = narrow ? 12 : 13
font(size) = "font 'sans-serif,".sprintf('%.3g', size)."'"
terminal(size) = ending eq 'png' ? "pngcairo noenhanced size 2*width,2*height ".font(size/1.3)." fontscale 2 " \
    ."linewidth 2 pointscale 2 background paper" \
      : ending eq 'pdf' ? "pdfcairo noenhanced size width/96.,height/96. ".font(size*0.73)." background paper" \
      : "svg noenhanced standalone size width,height ".font(size)." background paper"
start = "eval('set terminal '.terminal(size_text)); set output output"

set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
set datafile commentschars ''
set datafile columnheaders
unset key
set border 3 linecolor rgb muted linewidth 0.8
set tics nomirror out scale 0.6,0.3 textcolor rgb ink
set grid ytics linecolor rgb faint linewidth 0.8 linetype 1
set xlabel textcolor rgb ink
set ylabel textcolor rgb ink

# Ticks of a logarithmic axis, at most about `room` of them: 1, 2, 5 a decade, or 1, 3, or decades. `bare` leaves out
# the words, for panels that share them with a neighbour.
bare = 0
log_power(v) = floor(log10(v) + 1e-9)
log_tick(v) = bare ? '' : (v >= 1e5 || v < 1e-4) ? sprintf('%ge%d', v/10.0**log_power(v), \
    log_power(v)) : sprintf('%g', v)
log_one(low, high, v) = (v < low*0.9999 || v > high*1.0001) ? '' : ", '".log_tick(v)."' ".sprintf('%.9g', v)
log_decade(low, high, v, each) = log_one(low, high, v).(each == 3 ? log_one(low, high, 2*v).log_one(low, high, \
    5*v) : \
    each == 2 ? log_one(low, high, 3*v) : '')
log_each(low, high, e, last, step, each) = e > last ? '' : \
    log_decade(low, high, 10.0**e, each).log_each(low, high, e + step, last, step, each)
log_span(low, high) = log10(high) - log10(low)
log_fit(span, room) = span*3 <= room ? 3 : span*2 <= room ? 2 : 1
log_ticks(axis, low, high, room) = 'set '.axis.'tics ('.log_each(low, high, floor(log10(low)), ceil(log10(high)), \
    ceil(log_span(low, high)/room), log_fit(log_span(low, high), room))[3:].')'

# The step of at most about `room` even ticks over a span: 1, 2 or 5 times a power of ten.
even(span, room) = !(span > 0) ? 1 : even_of(10.0**floor(log10(span/(1.0*room))), span/(1.0*room))
even_of(unit, step) = unit*(step/unit <= 1.0001 ? 1 : step/unit <= 2.0001 ? 2 : step/unit <= 5.0001 ? 5 : 10)

# A name no longer than fits, its head and its tail: names that differ do so at the ends more often than in the
# middle.
short(name, most) = strlen(name) > most ? name[1:most - least(6, most/3) - 1].'…'.name[strlen(name) - least(6, \
    most/3) + 1:] : name
least(a, b) = a < b ? a : b

# A name over as many lines as it takes, broken behind commas where it has any; how many those are at most; how high
# a row is.
wrap(name, most) = strlen(name) <= most ? name : wrap_at(name, most, comma_before(name, most))
wrap_at(name, most, k) = k > 1 ? name[1:k]."\n".wrap(name[k + 2:], most) : name[1:most]."\n".wrap(name[most + 1:], \
    most)
comma_before(name, k) = k < 2 ? 0 : name[k:k] eq ',' ? k : comma_before(name, k - 1)
lines_of(longest, most) = longest <= most ? 1 : ceil(longest/(0.6*most))
row_height(longest, most) = narrow ? 20 : 5 + 16*lines_of(longest, most)
