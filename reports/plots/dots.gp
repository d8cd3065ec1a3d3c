# Dots in rows over a logarithmic x axis. A point of series i: x, the row y (1 on top), the label names the row.
# Settings: plot_title, x_title, row_count.
set title plot_title noenhanced
set xlabel x_title noenhanced
set logscale x
set format x '%g'
set yrange [row_count + 0.5 : 0.5]
set ytics scale 0
set key samplen 1
plot for [i = 1:series_count] data_file index i - 1 using 1:2:ytic(3) title series_title[i] noenhanced \
         with points linetype i pointsize 1
