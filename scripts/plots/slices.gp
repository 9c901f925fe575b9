# One setting at a time through the best one: mean and 95 % interval, every run a dot, one panel a setting.
# Table: panel, x, label, best (1 or 0), mean, low, high, then the runs.
across = narrow ? 1 : panels == 1 ? 1 : panels == 2 || panels == 4 ? 2 : 3
down = int(ceil(panels / (1.0*across)))
panel_height = narrow ? 180 : 210
height = 34 + down*(panel_height + 24)
eval(start)
left = (narrow ? 46. : 58.)/width; right = 1 - 12./width
top = 1 - 30./height; bottom = 58./height
gap_x = 22./width; gap_y = 62./height
panel_w = (right - left - gap_x*(across - 1))/across
panel_h = (top - bottom - gap_y*(down - 1))/down
up(v) = v > y_high ? y_high : NaN
down(v) = v < y_low ? y_low : NaN
clip(v) = v < y_low ? y_low : v > y_high ? y_high : v
set yrange [y_low:y_high]
set multiplot
set label 1000 y_label at screen 0.004, screen 1 offset 0.3,-0.8 textcolor rgb ink
do for [p=1:panels] {
    row = (p - 1) / across; col = (p - 1) % across
    set lmargin at screen left + col*(panel_w + gap_x); set rmargin at screen left + col*(panel_w + gap_x) + panel_w
    set tmargin at screen top - row*(panel_h + gap_y); set bmargin at screen top - row*(panel_h + gap_y) - panel_h
    unset logscale; unset xtics; unset ytics
    set xtics nomirror out scale 0.6,0.3 textcolor rgb ink autofreq; set ytics nomirror out scale 0.6,0.3 textcolor \
        rgb ink autofreq
    bare = col == 0 ? 0 : 1
    if (log_y) { set logscale y; eval(log_ticks('y', y_low, y_high, 5)) }
    bare = 0
    if (col == 0) { set format y '%g' } else { set format y '' }
    lx = value('x_low_'.p); hx = value('x_high_'.p); category = value('category_'.p); n = value('places_'.p)
    set xrange [lx:hx]
    if (value('log_x_'.p)) { set logscale x; eval(log_ticks('x', lx, hx, narrow ? 5 : 4)) }
    if (!category && !value('log_x_'.p)) { set xtics even(hx - lx, narrow ? 5 : 3) }
    if (category) { unset xtics; set xtics nomirror out scale 0.6 textcolor rgb ink }
    set xlabel value('title_'.p) offset 0,0.4
    step = int(ceil(n / (narrow ? 6. : 4.)))
    room = int(panel_w*width/ceil(n/(1.0*step))/(0.62*size_text))
    if (category) {
        plot for [r=0:runs-1] data using ($1 == p ? $2 : NaN):(column(8 + r)*scale) with points pointtype 7 \
            pointsize 0.25 linecolor rgb veil('90', colour(hue)), \
             data using ($1 == p ? $2 : NaN):(clip($6*scale)):(0):(clip($7*scale) - clip($6*scale)) with vectors \
                 nohead linecolor rgb colour(hue) linewidth 1.6, \
             for [m=1:cut] data using ($1 == p ? $2 : NaN):(up($7*scale)) with points pointtype 9 \
                 pointsize 0.7 linecolor rgb colour(hue), \
             for [m=1:cut] data using ($1 == p ? $2 : NaN):(down($6*scale)) with points pointtype 11 \
                 pointsize 0.7 linecolor rgb colour(hue), \
             data using ($1 == p ? $2 : NaN):($5*scale) with points pointtype 7 pointsize 0.5 linecolor rgb \
                 colour(hue), \
             data using ($1 == p && $4 == 1 ? $2 : NaN):($5*scale) with points pointtype 6 pointsize 1.1 linecolor \
                 rgb ink linewidth 1.4, \
             axis using ($1 == p ? $2 : -99):(NaN):xticlabels(int($2) % step == 0 ? short(strcol(3), \
                 room) : '') with points
    } else {
        plot for [r=0:runs-1] data using ($1 == p ? $2 : NaN):(column(8 + r)*scale) with points pointtype 7 \
            pointsize 0.25 linecolor rgb veil('90', colour(hue)), \
             data using ($1 == p ? $2 : NaN):(clip($6*scale)):(clip($7*scale)) with filledcurves fillcolor rgb \
                 veil('b4', colour(hue)) fillstyle solid noborder, \
             for [m=1:cut] data using ($1 == p ? $2 : NaN):(up($7*scale)) with points pointtype 9 \
                 pointsize 0.7 linecolor rgb colour(hue), \
             for [m=1:cut] data using ($1 == p ? $2 : NaN):(down($6*scale)) with points pointtype 11 \
                 pointsize 0.7 linecolor rgb colour(hue), \
             data using ($1 == p ? $2 : NaN):($5*scale) with lines linecolor rgb colour(hue) linewidth 1.8, \
             data using ($1 == p && $4 == 1 ? $2 : NaN):($5*scale) with points pointtype 6 pointsize 1.1 linecolor \
                 rgb ink linewidth 1.4
    }
    unset label 1000
}
unset multiplot
