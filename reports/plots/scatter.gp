# Model against hardware on logarithmic axes, with the line of equality and one of +- `band` (0.1: 10 %).
# Settings: plot_title, x_title, y_title, low, high (of both axes), band.
set title plot_title noenhanced
set xlabel x_title noenhanced
set ylabel y_title noenhanced
set logscale xy 2 # powers of two are labelled: a decade is often more than the whole range
set xrange [low:high]
set yrange [low:high]
set size ratio -1
set grid
set key outside right top vertical Left reverse
set style line 101 linecolor rgb '#57606a' linewidth 1
plot x title 'equal' with lines linestyle 101, \
     x * (1 + band) title sprintf('+- %.0f %%', 100 * band) with lines linestyle 101 dashtype 2, \
     x * (1 - band) notitle with lines linestyle 101 dashtype 2, \
     for [i = 1:series_count] data_file index i - 1 using 1:2 title series_title[i] noenhanced with points linetype i
