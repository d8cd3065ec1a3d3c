# Values over a logarithmic (base 2) or linear x axis, a line a series.
# Settings: plot_title, x_title, y_title, x_log (0 or 1).
set title plot_title noenhanced
set xlabel x_title noenhanced
set ylabel y_title noenhanced
if (x_log) set logscale x 2
set yrange [0:*]
plot for [i = 1:series_count] data_file index i - 1 using 1:2 title series_title[i] noenhanced \
         with linespoints linetype i
