/* gnuplot writes ids that are the same in every file, colours as numbers, titles that browsers show
 * as tooltips, empty groups by the hundred, and an element for every dot. Here ids get a prefix,
 * colours the names of the style sheet (so that one drawing serves light and dark), dots are
 * joined, and the rest is dropped. Only known elements are touched. */
#include "runner/output/svg.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    int red, green, blue;
    const char *name;
} COLOURS[] = {
    {0x22, 0x22, 0x22, "var(--ink)"},   {0x6b, 0x6b, 0x6b, "var(--muted)"},
    {0xe2, 0xe2, 0xe2, "var(--faint)"}, {0xff, 0xff, 0xff, "var(--paper)"},
    {0x00, 0x72, 0xb2, "var(--blue)"},  {0xd5, 0x5e, 0x00, "var(--orange)"},
    {0x00, 0x9e, 0x73, "var(--green)"}, {0xcc, 0x79, 0xa7, "var(--purple)"},
    {0x99, 0x99, 0x33, "var(--olive)"}, {0x88, 0x22, 0x55, "var(--wine)"},
    {0x44, 0xaa, 0x99, "var(--teal)"},
};

/* Pieces that are dropped: from the first text up to and including the second. */
static const struct {
    const char *from, *to;
} DROPPED[] = {
    {"<title>", "</title>"},
    {"<desc>", "</desc>"},
    {"<rect x=\"0\" y=\"0\" width=\"", "/>"}, /* the background: the page has one */
    {"<filter ", "</filter>"},                /* text boxes, not used here */
};

typedef struct Cursor {
    const char *at, *end;
} Cursor;

static bool at(const Cursor *cursor, const char *word) {
    const size_t length = strlen(word);
    return (size_t)(cursor->end - cursor->at) >= length && memcmp(cursor->at, word, length) == 0;
}

static const char *find(const Cursor *cursor, const char *word) {
    return memmem(cursor->at, (size_t)(cursor->end - cursor->at), word, strlen(word));
}

/* rgb( 34, 34, 34) at the cursor becomes its name, where it has one. */
static bool colour(Html *html, Cursor *cursor) {
    int channel[3];
    const char *s = cursor->at + strlen("rgb(");
    for (int i = 0; i < 3; i++) {
        char *end;
        channel[i] = (int)strtol(s, &end, 10);
        if (end == s || (*end != ',' && *end != ')')) return false;
        s = end + 1;
    }
    for (size_t i = 0; i < sizeof COLOURS / sizeof *COLOURS; i++) {
        if (channel[0] == COLOURS[i].red && channel[1] == COLOURS[i].green &&
            channel[2] == COLOURS[i].blue) {
            html_raw(html, COLOURS[i].name);
            cursor->at = s;
            return true;
        }
    }
    return false;
}

static bool drop(Cursor *cursor) {
    for (size_t i = 0; i < sizeof DROPPED / sizeof *DROPPED; i++) {
        if (!at(cursor, DROPPED[i].from)) continue;
        const char *to = find(cursor, DROPPED[i].to);
        if (!to) return false;
        cursor->at = to + strlen(DROPPED[i].to);
        return true;
    }
    /* An empty group: "<g ...>", white space, "</g>". */
    if (!at(cursor, "<g fill=")) return false;
    const char *close = memchr(cursor->at, '>', (size_t)(cursor->end - cursor->at));
    if (!close) return false;
    Cursor rest = {close + 1, cursor->end};
    while (rest.at < rest.end && strchr(" \t\n", *rest.at)) rest.at++;
    if (!at(&rest, "</g>")) return false;
    cursor->at = rest.at + strlen("</g>");
    return true;
}

/* The attributes that are rewritten; `prefix`: the prefix of ids follows. */
static const struct {
    const char *from, *to;
    bool prefix;
} REWRITTEN[] = {
    {"xlink:href='#", "href='#", true},
    {"id='", "id='", true},
    {"id=\"", "id=\"", true},
    {"xlink:href='data:", "href='data:", false},
    {"=\"black\"", "=\"var(--ink)\"", false},
    {"='black'", "='var(--ink)'", false},
};

static bool rewrite(Html *html, Cursor *cursor, const char *prefix) {
    for (size_t i = 0; i < sizeof REWRITTEN / sizeof *REWRITTEN; i++) {
        if (!at(cursor, REWRITTEN[i].from)) continue;
        html_raw(html, REWRITTEN[i].to);
        if (REWRITTEN[i].prefix) html_raw(html, prefix);
        cursor->at += strlen(REWRITTEN[i].from);
        return true;
    }
    return false;
}

/* gnuplot's filled circle: where it is, and how it looks ("color='rgb(...)' opacity='0.50'", as
 * written there). */
typedef struct Dot {
    double x, y, scale;
    Cursor look;
} Dot;

static bool number_then(const char **text, double *number, const char *word) {
    char *end;
    *number = strtod(*text, &end);
    if (end == *text || strncmp(end, word, strlen(word)) != 0) return false;
    *text = end + strlen(word);
    return true;
}

static bool read_dot(Cursor *cursor, Dot *dot) {
    static const char open[] = "<use xlink:href='#gpPt6' transform='translate(";
    Cursor rest = *cursor;
    while (rest.at < rest.end && strchr(" \t\n", *rest.at)) rest.at++;
    if (!at(&rest, open)) return false;
    const char *end = memmem(rest.at, (size_t)(rest.end - rest.at), "/>", 2);
    const char *text = rest.at + strlen(open);
    if (!end || !number_then(&text, &dot->x, ",") || !number_then(&text, &dot->y, ") scale(") ||
        !number_then(&text, &dot->scale, ")'"))
        return false;
    dot->look = (Cursor){text, end};
    cursor->at = end + 2;
    return true;
}

static bool same_look(const Dot *a, const Dot *b) {
    const size_t length = (size_t)(a->look.end - a->look.at);
    return a->scale == b->scale && length == (size_t)(b->look.end - b->look.at) &&
           memcmp(a->look.at, b->look.at, length) == 0;
}

/* Dots that look alike become one path of round ends: a tenth of the bytes, and quick to draw. */
static bool dots(Html *html, Cursor *cursor) {
    Dot first, dot;
    if (!read_dot(cursor, &first)) return false;
    html_print(html, "<path fill='none' stroke-linecap='round' stroke-width='%.2f' d='M%.1f,%.1fh0",
               2 * first.scale, first.x, first.y);
    for (Cursor next = *cursor; read_dot(&next, &dot) && same_look(&first, &dot); *cursor = next)
        html_print(html, "M%.1f,%.1fh0", dot.x, dot.y);
    html_raw(html, "' ");
    for (Cursor look = first.look; look.at < look.end;) {
        if (at(&look, "color='")) { /* the dot's fill is the path's stroke */
            html_raw(html, "stroke='");
            look.at += strlen("color='");
        } else if (!at(&look, "rgb(") || !colour(html, &look)) {
            html_bytes(html, look.at++, 1);
        }
    }
    html_raw(html, "/>");
    return true;
}

void svg_inline(Html *html, const char *svg, size_t length, const char *prefix,
                const char *css_class, const char *alt) {
    Cursor cursor = {svg, svg + length};
    const char *open = find(&cursor, "<svg");
    if (!open) return;
    cursor.at = open;
    const char *box = find(&cursor, "viewBox=\"");
    const char *body = find(&cursor, ">");
    if (!box || !body || box > body) return;
    const char *box_end = strchr(box + strlen("viewBox=\""), '"') + 1;
    html_print(html, "<svg class=\"%s\" ", css_class);
    html_bytes(html, box, (size_t)(box_end - box));
    html_print(html, " role=\"img\" aria-label=\"%s\">\n", alt);
    cursor.at = body + 1;
    bool in_text = false; /* text is data: nothing in it is rewritten */
    while (cursor.at < cursor.end) {
        if (at(&cursor, "<text")) in_text = true;
        if (at(&cursor, "</text")) in_text = false;
        const char c = *cursor.at;
        if (!in_text) {
            if (c == '<' && (drop(&cursor) || dots(html, &cursor))) continue;
            if (c == 'r' && at(&cursor, "rgb(") && colour(html, &cursor)) continue;
            if (strchr("xi=", c) && rewrite(html, &cursor, prefix)) continue;
            if (strchr("\t\n", c) && cursor.at + 1 < cursor.end && strchr("\t\n", cursor.at[1])) {
                cursor.at++;
                continue;
            }
        }
        html_bytes(html, cursor.at, 1);
        cursor.at++;
    }
}
