# Decision boundaries, a panel a setting: the colour is the class, its strength how sure the network is (none at one
# half); the line is probability one half; the dots are the training rows.
# Table: x, y, then for each panel the class and its probability. Table `points`: x, y, class, panel (0: all).
across = panels == 1 ? 1 : narrow ? 2 : panels < 4 ? panels : 4
side = 14.; gap = narrow ? 10. : 16.; head = 24.
letters(across) = int((width - 2*side - gap*(across - 1))/across/(0.55*size_text))
longest = 0
do for [p=1:panels] { if (strlen(value('title_'.p)) > longest) { longest = strlen(value('title_'.p)) } }
if (across == 4 && longest > letters(4)) { across = 3 } # wider panels rather than cut titles
down = int(ceil(panels / (1.0*across)))
panel_w = (width - 2*side - gap*(across - 1))/across
if (panels == 1 && !narrow) { panel_w = 420. }
panel_h = panel_w*(y_high - y_low)/(x_high - x_low)
if (panel_h > 1.3*panel_w) { panel_h = 1.3*panel_w }
height = int(down*(panel_h + head) + (down - 1)*gap*0.4 + 10)
eval(start)
array red[6] = [0, 204, 153, 136, 68, 34]; array grn[6] = [158, 121, 153, 34, 170, 34]
array blu[6] = [115, 167, 51, 85, 153, 34]
k(c) = int(c) % 6 + 1
sure(p) = classes > 1 ? (p*classes - 1.)/(classes - 1.) : 0
alpha(p) = 130.*(sure(p) < 0 ? 0 : sure(p) > 1 ? 1 : sure(p))
unset tics; unset grid
set border 15 linecolor rgb faint linewidth 0.8
set xrange [x_low:x_high]; set yrange [y_low:y_high]
if (classes == 2) { # gnuplot writes contours with spaces between numbers, whatever the separator is
    set datafile commentschars '#'
    set contour base; unset surface; set cntrparam levels discrete 0.5; set cntrparam linear
    do for [p=1:panels] { eval(sprintf("set table $line_%d; splot data using 1:2:(column(%d) == 1 ? column(%d) : 1 " \
        ."- column(%d)) with lines nosurface; unset table", p, 1 + 2*p, 2 + 2*p, 2 + 2*p)) }
    unset contour; set surface
}
set multiplot
do for [p=1:panels] {
    row = (p - 1) / across; col = (p - 1) % across
    x0 = side + col*(panel_w + gap); y0 = 4 + row*(panel_h + head + gap*0.4) + head
    set lmargin at screen x0/width; set rmargin at screen (x0 + panel_w)/width
    set tmargin at screen 1 - y0/height; set bmargin at screen 1 - (y0 + panel_h)/height
    set label 1 short(value('title_'.p), int(panel_w/(0.55*size_text))) at graph 0, \
        graph 1 offset 0.1,0.7 textcolor rgb ink
    c = 1 + 2*p
    picture = "plot data using 1:2:(red[k(column(c))]):(grn[k(column(c))]):(blu[k(column(c))]):(alpha(column(c + " \
        ."1))) with rgbalpha"
    line = classes == 2 ? ", $line_".p." using (real(word(strcol(1), 1))):(real(word(strcol(1), 2))) with lines " \
        ."linecolor rgb ink linewidth 1.2" : ''
    rows = ", for [j=0:classes-1] points using ($3 == j && ($4 == 0 || $4 == p) ? $1 : NaN):2 with points pointtype " \
        ."7 pointsize (narrow ? 0.3 : 0.34)*value('dot_'.p) linecolor rgb paper" \
          .", for [j=0:classes-1] points using ($3 == j && ($4 == 0 || $4 == p) ? $1 : NaN):2 with points pointtype " \
              ."7 pointsize (narrow ? 0.22 : 0.25)*value('dot_'.p) linecolor rgb other(j + 1)"
    eval(picture.line.rows)
}
unset multiplot
