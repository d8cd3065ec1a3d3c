# TFLOPS over time, a line a series; x counts seconds since 1970. A last series, when there are more series than lines,
# marks changes.
# Settings: y_title, line_count.
set xdata time
set timefmt '%s'
set format x '%Y-%m-%d'
set xtics rotate by -30
set ylabel y_title noenhanced
set rmargin 8
set yrange [0:*]
lines = int(line_count)
# A loop without a turn still evaluates its first one, so that the plot without changes is one of its own.
if (series_count > lines) {
    plot for [i = 1:lines] data_file index i - 1 using 1:2 title series_title[i] noenhanced \
             with linespoints linetype i, \
         data_file index lines using 1:2 title series_title[lines + 1] noenhanced \
             with points pointtype 6 pointsize 2 linewidth 2 linecolor rgb '#9f1853', \
         data_file index lines using 1:2:3 notitle \
             with labels offset character 0, 1.2 textcolor rgb '#9f1853' noenhanced
} else {
    plot for [i = 1:lines] data_file index i - 1 using 1:2 title series_title[i] noenhanced \
             with linespoints linetype i
}
