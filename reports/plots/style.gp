# What all plots have in common; loaded before each template. Lines differ in dashes and symbols besides their colours,
# which keep a contrast of at least 3 on white. The HTML report knows these colours (harness/report/svg.c).
set linetype 1 linecolor rgb '#0b62c4' linewidth 2 pointtype 7 pointsize 0.7 dashtype 1
set linetype 2 linecolor rgb '#b3541e' linewidth 2 pointtype 5 pointsize 0.7 dashtype 2
set linetype 3 linecolor rgb '#11703c' linewidth 2 pointtype 9 pointsize 0.8 dashtype 4
set linetype 4 linecolor rgb '#7b3fe4' linewidth 2 pointtype 13 pointsize 0.8 dashtype 3
set linetype 5 linecolor rgb '#9f1853' linewidth 2 pointtype 6 pointsize 0.7 dashtype 1
set linetype 6 linecolor rgb '#00687a' linewidth 2 pointtype 4 pointsize 0.7 dashtype 2
set linetype 7 linecolor rgb '#6f6200' linewidth 2 pointtype 8 pointsize 0.8 dashtype 4
set linetype 8 linecolor rgb '#808b97' linewidth 2 pointtype 12 pointsize 0.8 dashtype 3
set linetype cycle 8
set border 3 linecolor rgb '#57606a' linewidth 1
set tics nomirror out scale 0.6
set grid back linecolor rgb '#e3e7eb' linewidth 1 dashtype 1
set key above horizontal Left reverse samplen 3
set termoption noenhanced
set xlabel offset 0, 0.3
