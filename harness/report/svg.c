// Rewrites gnuplot's SVG piece by piece, by a table of texts to find and what to write in their place.
#include "svg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "markup.h"

// The colours are those of reports/plots/style.gp, as gnuplot writes them.
static const struct {
    const char *text, *instead;
} replacements[] = {
    {"rgb( 11,  98, 196)", "var(--series-1)"}, {"rgb(179,  84,  30)", "var(--series-2)"},
    {"rgb( 17, 112,  60)", "var(--series-3)"}, {"rgb(123,  63, 228)", "var(--series-4)"},
    {"rgb(159,  24,  83)", "var(--series-5)"}, {"rgb(159,24,83)", "var(--series-5)"},
    {"rgb(  0, 104, 122)", "var(--series-6)"}, {"rgb(111,  98,   0)", "var(--series-7)"},
    {"rgb(128, 139, 151)", "var(--series-8)"}, {"rgb( 87,  96, 106)", "var(--muted)"},
    {"rgb(87,96,106)", "var(--muted)"}, // as it writes the colour of text
    {"rgb(227, 231, 235)", "var(--grid)"},     {"rgb(255, 255, 255)", "var(--panel)"},
    {"\"black\"", "\"var(--ink)\""},           {"'black'", "'var(--ink)'"},
};

static const struct {
    const char *begin, *end;
} dropped[] = {
    {"<title>", "</title>\n"},
    {"<desc>", "</desc>\n"},
    {"<filter ", "</filter>\n"},
    {"<a ", ">"},
};

static const char *skip(const char *at, const char *end)
{
    const char *found = strstr(at, end);
    return found ? found + strlen(end) : at + strlen(at);
}

// `<g ...>` with nothing but white space before its `</g>`: gnuplot writes one at every change of colour.
static const char *behind_empty_group(const char *at)
{
    if (strncmp(at, "<g ", 3) != 0)
        return NULL;
    const char *inside = skip(at, ">");
    inside += strspn(inside, " \t\n");
    if (strncmp(inside, "</g>", 4) != 0)
        return NULL;
    inside += 4;
    return *inside == '\n' ? inside + 1 : inside;
}

static const char *behind_dropped(const char *at)
{
    for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); ++i) {
        if (strncmp(at, dropped[i].begin, strlen(dropped[i].begin)) == 0)
            return skip(at, dropped[i].end);
    }
    return behind_empty_group(at);
}

// Writes a piece at `at` that has to change and returns what follows it; NULL when nothing there has to.
static const char *write_changed(FILE *out, const char *at, const char *prefix)
{
    static const char *const ids[] = {" id=\"", " id='", "href='#", "href=\"#"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); ++i) {
        size_t length = strlen(ids[i]);
        if (strncmp(at, ids[i], length) != 0)
            continue;
        fprintf(out, "%s%s", ids[i], prefix);
        return at + length;
    }
    for (size_t i = 0; i < sizeof(replacements) / sizeof(replacements[0]); ++i) {
        size_t length = strlen(replacements[i].text);
        if (strncmp(at, replacements[i].text, length) != 0)
            continue;
        fputs(replacements[i].instead, out);
        return at + length;
    }
    return NULL;
}

static void write_inside(FILE *out, const char *at, const char *end, const char *prefix)
{
    while (at < end) {
        const char *next = *at == '<' ? behind_dropped(at) : NULL;
        if (!next)
            next = write_changed(out, at, prefix);
        if (!next)
            fputc(*at, out);
        at = next ? next : at + 1;
    }
}

char *w4_svg_for_page(const char *svg, const char *prefix, const char *label)
{
    double width = 0;
    double height = 0;
    const char *box = strstr(svg, "viewBox=\"");
    const char *end = strstr(svg, "</svg>");
    if (!box || !end || sscanf(box, "viewBox=\"0 0 %lf %lf\"", &width, &height) != 2)
        return NULL;
    const char *inside = skip(box, ">");
    const char *background = strstr(inside, "<rect x=\"0\" y=\"0\"");
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fprintf(out, "<svg class=\"plot\" viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"", width, height);
    w4_markup_write(out, label, 1);
    fputs("\">", out);
    if (background) {
        write_inside(out, inside, background, prefix);
        inside = skip(background, "/>");
    }
    write_inside(out, inside, end, prefix);
    fputs("</svg>\n", out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
