# Decision boundaries, a panel a setting: the colour is the class that the mean of all repeats predicts, its strength
# how sure it is (none at one half); each thin line is the boundary of one repeat; the dots are training points.
# Table: x, y, then for each panel the class and its probability. Table `lines`: x, y, panel; an empty line ends each.
# Table `points`: x, y, class, panel (0: all).
width = narrow ? 360 : panels < 3 ? 760 : 1100
size_text = narrow ? 12 : 15
# Three columns, or four where those would leave two cells empty; one that stays has the key.
across = panels == 1 ? 1 : narrow ? (small ? 2 : 1) : small ? 4 : panels == 2 || panels == 4 ? 2 : \
    panels % 3 == 1 ? 4 : 3
gap = narrow ? 14. : 22.
longest = 0
do for [p=1:panels] { longest = strlen(value('title_'.p)) > longest ? strlen(value('title_'.p)) : longest }
panel_w = (width - 4. - gap*(across - 1))/across
letters = int(panel_w/(0.68*size_text))
if (small && longest > letters) { across = narrow ? 1 : 3; panel_w = (width - 4. - gap*(across - 1))/across }
down = int(ceil(panels / (1.0*across)))
panel_h = panel_w*(y_high - y_low)/(x_high - x_low)
if (panel_h > 1.2*panel_w) { panel_h = 1.2*panel_w }
head = 3.1*size_text
height = int(down*(panel_h + head + gap) - gap + 6)
eval(start)
title_font = ','.sprintf('%.3g', (ending eq 'svg' ? 1.15 : ending eq 'png' ? 0.88 : 0.84)*size_text)
hue(c) = other(int(c) + 1)
array red[6] = [0, 204, 153, 136, 68, 34]; array grn[6] = [158, 121, 153, 34, 170, 34]; array blu[6] = [115, 167, 51, \
    85, 153, 34]
k(c) = int(c) % 6 + 1
sure(p) = classes > 1 ? (p*classes - 1.)/(classes - 1.) : 0
alpha(p) = 120.*(sure(p) < 0 ? 0 : sure(p) > 1 ? 1 : sure(p))
unset tics; unset grid; set clip two
set border 15 linecolor rgb muted linewidth 0.8
set xrange [x_low:x_high]; set yrange [y_low:y_high]
set multiplot
do for [p=1:panels] {
    row = (p - 1) / across; col = (p - 1) % across
    x0 = 2 + col*(panel_w + gap); y0 = 2 + row*(panel_h + head + gap) + head
    set lmargin at screen x0/width; set rmargin at screen (x0 + panel_w)/width
    set tmargin at screen 1 - y0/height; set bmargin at screen 1 - (y0 + panel_h)/height
    set label 1 short(value('title_'.p), letters) at screen x0/width, \
        screen 1 - (y0 - 2.3*size_text)/height left font title_font textcolor rgb ink
    set label 2 value('train_'.p) at screen x0/width, screen 1 - (y0 - 0.9*size_text)/height left textcolor rgb blue
    set label 3 value('held_'.p) at screen (x0 + 0.56*size_text*(strlen(value('train_'.p)) + 2))/width, \
        screen 1 - (y0 - 0.9*size_text)/height left textcolor rgb orange
    c = 1 + 2*p
    plot data using 1:2:(red[k(column(c))]):(grn[k(column(c))]):(blu[k(column(c))]):(alpha(column(c + 1))) with \
             rgbalpha, \
         lines using ($3 == p ? $1 : NaN):2 with lines linecolor rgb veil(runs > 1 ? '50' : '00', ink) \
             linewidth (runs > 1 ? 1 : 1.4), \
         for [j=0:classes-1] points using ($3 == j && ($4 == 0 || $4 == p) ? $1 : NaN):2 with points pointtype 7 \
             pointsize (narrow ? 0.36 : 0.46)*value('dot_'.p) linecolor rgb paper, \
         for [j=0:classes-1] points using ($3 == j && ($4 == 0 || $4 == p) ? $1 : NaN):2 with points pointtype 7 \
             pointsize (narrow ? 0.25 : 0.32)*value('dot_'.p) linecolor rgb hue(j)
}
spare = narrow || panels == 1 ? 0 : across*down - panels
if (spare > 0) { # the key is where a panel would be
    unset label 1; unset label 2; unset label 3; unset border
    col = panels % across; row = down - 1
    x0 = 2 + col*(panel_w + gap) + 12; y0 = 2 + row*(panel_h + head + gap) + head
    set lmargin at screen x0/width; set rmargin at screen (x0 + panel_w - 12)/width
    set tmargin at screen 1 - y0/height; set bmargin at screen 1 - (y0 + panel_h)/height
    set xrange [0:1]; set yrange [panel_h:0]
    line_h = 1.7*size_text
    if (classes == 2) {
        do for [i=0:39] { set object 100+i rectangle from i/40.,(line_h - 0.6*size_text) to (i + 1)/40.,(line_h + \
            0.6*size_text) fillcolor rgb veil(sprintf('%02x', 255 - int(alpha(0.5 + abs(i - 19.5)/39.))), hue(i > \
            19)) fillstyle solid noborder }
        set label 10 value('class_1') at 0,(2.1*line_h) left textcolor rgb ink
        set label 11 'uncertain' at 0.5,(2.1*line_h) center textcolor rgb ink
        set label 12 value('class_2') at 1,(2.1*line_h) right textcolor rgb ink
    } else {
        do for [j=1:classes] { if (j <= 6) { set label 9+j value('class_'.j) at 0,(0.4*line_h + 0.7*j*line_h) left \
            point pointtype 7 pointsize 0.8 linecolor rgb hue(j - 1) offset 1.5,0 textcolor rgb ink } }
    }
    base = (classes == 2 ? 3.4 : 1.4 + 0.7*(classes > 6 ? 6 : classes))*line_h
    set arrow 1 from 0,base to 0.14,base nohead linecolor rgb ink linewidth 1
    set label 20 key_line at 0.18,base left textcolor rgb ink
    set label 21 key_dot at 0.18,(base + line_h) left textcolor rgb ink
    set label 22 '' at 0.07,(base + line_h) point pointtype 7 pointsize 0.6 linecolor rgb hue(0)
    plot NaN
}
unset multiplot
