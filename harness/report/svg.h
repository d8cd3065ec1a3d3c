// Fits gnuplot's SVG into a page.
#ifndef W4_HARNESS_REPORT_SVG_H
#define W4_HARNESS_REPORT_SVG_H

// A copy of a picture made by plot.c that stands inside HTML: without the XML prolog, background, title and empty
// groups; text and lines in the page's colours (CSS variables of reports/html/style.css), so that it follows the theme;
// ids with `prefix`, so that several pictures can share a page; `label` for those who hear the page. The caller frees
// it; NULL when memory ran out or the text is no SVG of gnuplot's.
char *w4_svg_for_page(const char *svg, const char *prefix, const char *label);

#endif
