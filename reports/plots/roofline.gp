# Roofline: TFLOPS against FLOP a byte of memory traffic, below what memory and matrix units can do.
# Settings: plot_title, x_title, y_title, x_low, x_high, y_low, y_high, peak_tflops, peak_title,
#   slope_count (at least 1), and for each slope i: slope_<i>_gbytes, slope_<i>_title.
set title plot_title noenhanced
set xlabel x_title noenhanced
set ylabel y_title noenhanced
set logscale xy
set xrange [x_low:x_high]
set yrange [y_low:y_high]
set samples 400
least(a, b) = a < b ? a : b
slope(i) = value(sprintf('slope_%d_gbytes', i)) * 1e-3
plot peak_tflops title peak_title noenhanced with lines linecolor rgb '#57606a' linewidth 2, \
     for [k = 1:slope_count] least(peak_tflops, slope(k) * x) \
         title value(sprintf('slope_%d_title', k)) noenhanced with lines linecolor rgb '#57606a' linewidth 1 dashtype k + 1, \
     for [i = 1:series_count] data_file index i - 1 using 1:2 title series_title[i] noenhanced \
         with points linetype i, \
     for [i = 1:series_count] data_file index i - 1 using 1:2:3 notitle \
         with labels offset character 0.8, 0 left font ',8' noenhanced
