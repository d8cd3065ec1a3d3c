# Horizontal bars. A point of series i: x is where the bar ends, y the row (1 on top), the label of series 1 names the row.
# Settings: plot_title, x_title, x_high (of the axis), row_count,
#   stacked: 0, the bars of a row stand side by side from 0 and carry their value, or 1, x counts from the row's start
#   and series follow each other in it.
set title plot_title noenhanced
set xlabel x_title noenhanced
set xrange [0:x_high]
set yrange [row_count + 0.5 : 0.5]
set grid noytics xtics
set ytics scale 0
set key samplen 1 width -1
set style fill solid 1 border linecolor rgb '#ffffff'
thick = stacked == 1 ? 0.62 : 0.8 / series_count
top(i, y) = stacked == 1 ? y - 0.31 : y - 0.4 + (i - 1) * thick
drawn(k) = stacked == 1 ? series_count + 1 - k : k
plot data_file index 0 using (0):2:ytic(3) notitle with dots linecolor rgb '#57606a', \
     for [k = 1:series_count] data_file index drawn(k) - 1 \
         using ($1 / 2):($2):(0):1:(top(drawn(k), $2)):(top(drawn(k), $2) + thick * 0.94) notitle \
         with boxxyerror linetype drawn(k) linewidth 0.5 dashtype 1, \
     for [k = 1:series_count] data_file index k - 1 \
         using (stacked == 1 ? NaN : $1):(top(k, $2) + thick / 2):(sprintf(' %.1f', $1)) notitle \
         with labels left font ',10' noenhanced, \
     for [k = 1:series_count] keyentry with boxes linetype k linewidth 0.5 dashtype 1 title series_title[k] noenhanced
