/* Makes gnuplot's SVG part of a page.
 *
 * gnuplot writes ids that are the same in every file, colours as numbers, titles that browsers show as tooltips, and
 * empty groups by the hundred. Here ids get a prefix, colours the names of the style sheet (so that one drawing serves light
 * and dark), and the rest goes. Nothing but known elements of gnuplot's is touched. */
#include "runner/report_parts.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    int red, green, blue;
    const char *name;
} COLOURS[] = {
    {0x22, 0x22, 0x22, "var(--ink)"},    {0x6b, 0x6b, 0x6b, "var(--muted)"},
    {0xe2, 0xe2, 0xe2, "var(--faint)"},  {0xff, 0xff, 0xff, "var(--paper)"},
    {0x00, 0x72, 0xb2, "var(--blue)"},   {0xd5, 0x5e, 0x00, "var(--vermillion)"},
    {0x00, 0x9e, 0x73, "var(--green)"},  {0xe6, 0x9f, 0x00, "var(--orange)"},
    {0xcc, 0x79, 0xa7, "var(--purple)"}, {0x56, 0xb4, 0xe9, "var(--sky)"},
};

/* Pieces that go: from the first text up to and including the second. */
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
    int part[3];
    const char *s = cursor->at + strlen("rgb(");
    for (int i = 0; i < 3; i++) {
        char *end;
        part[i] = (int)strtol(s, &end, 10);
        if (end == s || (*end != ',' && *end != ')')) return false;
        s = end + 1;
    }
    for (size_t i = 0; i < sizeof COLOURS / sizeof *COLOURS; i++)
        if (part[0] == COLOURS[i].red && part[1] == COLOURS[i].green &&
            part[2] == COLOURS[i].blue) {
            html_raw(html, COLOURS[i].name);
            cursor->at = s;
            return true;
        }
    return false;
}

static bool drop(Cursor *cursor) {
    for (size_t i = 0; i < sizeof DROPPED / sizeof *DROPPED; i++) {
        if (!at(cursor, DROPPED[i].from)) continue;
        const char *to = find(cursor, DROPPED[i].to);
        if (to == NULL) return false;
        cursor->at = to + strlen(DROPPED[i].to);
        return true;
    }
    /* An empty group: "<g ...>", white space, "</g>". */
    if (!at(cursor, "<g fill=")) return false;
    const char *close = memchr(cursor->at, '>', (size_t)(cursor->end - cursor->at));
    if (close == NULL) return false;
    Cursor rest = {close + 1, cursor->end};
    while (rest.at < rest.end && strchr(" \t\n", *rest.at) != NULL) rest.at++;
    if (!at(&rest, "</g>")) return false;
    cursor->at = rest.at + strlen("</g>");
    return true;
}

/* The attributes that are rewritten: what stands there, and what takes its place; the prefix follows where asked. */
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

void svg_inline(Html *html, const char *svg, size_t length, const char *prefix,
                const char *css_class, const char *alt) {
    Cursor cursor = {svg, svg + length};
    const char *open = find(&cursor, "<svg");
    if (open == NULL) return;
    cursor.at = open;
    const char *box = find(&cursor, "viewBox=\"");
    const char *body = find(&cursor, ">");
    if (box == NULL || body == NULL || box > body) return;
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
            if (c == '<' && drop(&cursor)) continue;
            if (c == 'r' && at(&cursor, "rgb(") && colour(html, &cursor)) continue;
            if (strchr("xi=", c) != NULL && rewrite(html, &cursor, prefix)) continue;
            if (strchr("\t\n", c) != NULL && cursor.at + 1 < cursor.end &&
                strchr("\t\n", cursor.at[1]) != NULL) {
                cursor.at++;
                continue;
            }
        }
        html_bytes(html, cursor.at, 1);
        cursor.at++;
    }
}
