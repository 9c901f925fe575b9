#include "runner/output/html.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

void html_destroy(Html *html) {
    free(html->text);
    *html = (Html){0};
}

void html_bytes(Html *html, const char *markup, size_t length) {
    if (html->failed) return;
    if (html->length + length + 1 > html->capacity) {
        const size_t capacity = (html->length + length + 1) * 2;
        char *text = realloc(html->text, capacity);
        if (!text) {
            html->failed = true;
            return;
        }
        html->text = text;
        html->capacity = capacity;
    }
    memcpy(html->text + html->length, markup, length);
    html->length += length;
    html->text[html->length] = '\0';
}

void html_raw(Html *html, const char *markup) {
    html_bytes(html, markup, strlen(markup));
}

void html_text(Html *html, const char *text) {
    static const struct {
        char c;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (const char *s = text; *s;) {
        bool harmless;
        const size_t length = text_character(s, &harmless);
        const char *entity = NULL;
        for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
            if (*s == entities[i].c) entity = entities[i].entity;
        /* a page may be written from right to left, and broken into lines */
        const bool shown = harmless || length == 3 || *s == '\n' || *s == '\t';
        if (!shown) entity = "\xef\xbf\xbd";
        if (entity)
            html_raw(html, entity);
        else
            html_bytes(html, s, length);
        s += length;
    }
}

void html_print(Html *html, const char *format, ...) {
    va_list args;
    va_start(args, format);
    for (const char *s = format; *s;) {
        const size_t plain = strcspn(s, "%");
        html_bytes(html, s, plain);
        s += plain;
        if (!*s) break;
        if (s[1] == '%') {
            html_raw(html, "%");
            s += 2;
            continue;
        }
        const size_t flags = strspn(s + 1, "-+ #0123456789.l");
        char conversion[32], text[512];
        assert(flags + 3 < sizeof conversion);
        memcpy(conversion, s, flags + 2);
        conversion[flags + 2] = '\0';
        const char kind = s[flags + 1];
        s += flags + 2;
        if (kind == 's') {
            html_text(html, va_arg(args, const char *));
            continue;
        }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored                                                                     \
    "-Wformat-nonliteral" /* taken out of `format`, which the compiler has checked */
        if (kind == 'd' && strchr(conversion, 'l'))
            snprintf(text, sizeof text, conversion, va_arg(args, int64_t));
        else if (kind == 'd')
            snprintf(text, sizeof text, conversion, va_arg(args, int));
        else if (kind == 'f' || kind == 'g' || kind == 'e')
            snprintf(text, sizeof text, conversion, va_arg(args, double));
        else
            assert(!"a conversion that html_print knows");
#pragma GCC diagnostic pop
        html_text(html, text);
    }
    va_end(args);
}

/* The palette is Okabe and Ito's, safe for colour-blind readers; in the dark the same hues,
 * lighter. The names after -- are those that svg.c substitutes for gnuplot's colours. */
static const char STYLE[] =
    ":root{color-scheme:light "
    "dark;--paper:#fff;--ink:#222;--muted:#6b6b6b;--faint:#e2e2e2;--wash:#f6f6f4;"
    "--blue:#0072b2;--vermillion:#d55e00;--green:#009e73;--orange:#e69f00;--purple:#cc79a7;--sky:#"
    "56b4e9}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#16181b;--ink:#e6e4df;--muted:#9b9b98;--faint:"
    "#34373b;--wash:#1f2226;"
    "--blue:#5aaee6;--vermillion:#f0813c;--green:#3cc79c;--orange:#efb640;--purple:#dd9bc0;--sky:#"
    "8accf2}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.55 "
    "system-ui,-apple-system,'Segoe UI',sans-serif;-webkit-text-size-adjust:100%}\n"
    "main{max-width:44rem;margin:0 auto;padding:3.5rem 1rem 5rem}\n"
    "h1{font-size:1rem;font-weight:600;letter-spacing:.02em;color:var(--muted);margin:0 0 "
    ".4rem;overflow-wrap:anywhere}\n"
    "h2{font-size:1.3rem;line-height:1.3;margin:4rem 0 .6rem;font-weight:600}\n"
    "h3{font-size:1rem;margin:2.2rem 0 .4rem;font-weight:600}\n"
    "p{margin:.6rem "
    "0;overflow-wrap:anywhere}a{color:inherit;text-decoration-color:var(--muted);text-underline-"
    "offset:.15em}\n"
    ".question{font-size:1.75rem;line-height:1.25;font-weight:600;margin:0 0 "
    "1.4rem;text-wrap:balance}\n"
    "ul{margin:.6rem 0;padding-left:1.2rem}\n"
    ".answer{font-size:1.18rem;line-height:1.5;margin:0 0 .8rem}\n"
    ".detail,.facts,.note,figcaption,footer{color:var(--muted);font-size:.92rem;line-height:1.5}\n"
    ".warning{border-left:3px solid var(--vermillion);padding:.1rem 0 .1rem .8rem}\n"
    "figure{margin:1.8rem 0}figure "
    "svg{display:block;width:100%;height:auto;max-width:100%;overflow:visible}\n"
    "figure.boundaries{width:min(1100px,100vw - 2rem);margin-left:50%;transform:translateX(-50%)}"
    "figure.boundaries figcaption{max-width:42rem;margin-left:auto;margin-right:auto}\n"
    "figure svg g{font-family:inherit}figcaption{margin-top:.7rem}figcaption "
    ".files{white-space:nowrap}\n"
    ".narrow{display:none}.tiles image{image-rendering:pixelated}\n"
    "@media(max-width:560px){.wide{display:none}.narrow{display:block}main{padding-top:2rem}h2{"
    "margin-top:3rem}"
    ".question{font-size:1.4rem}.answer{font-size:1.08rem}}\n"
    ".table{overflow-x:auto;margin:1.2rem calc(-1*clamp(0rem,(100vw - 46rem)/2,14rem)) 1.2rem 0}\n"
    "table{border-collapse:collapse;font-size:.85rem;line-height:1.35;font-variant-numeric:tabular-"
    "nums}\n"
    "th,td{text-align:right;padding:.3rem .8rem .3rem 0;white-space:nowrap;border-bottom:1px solid "
    "var(--faint)}\n"
    "th{white-space:normal;font-weight:600;color:var(--muted);border-bottom-color:var(--muted);"
    "vertical-align:bottom}"
    "\n"
    "th.text,td.text{text-align:left;white-space:normal;min-width:min(12rem,45vw)}td.zero{color:"
    "var(--muted)}"
    "\n"
    "tr.best td{font-weight:600}th button{all:unset;cursor:pointer}th "
    "button:focus-visible{outline:2px solid var(--blue)}\n"
    "th[aria-sort=ascending] button::after{content:' \\2191'}th[aria-sort=descending] "
    "button::after{content:' \\2193'}\n"
    "nav{margin:2.6rem 0 0;font-size:.92rem;color:var(--muted)}nav "
    "a{margin-right:1rem;white-space:nowrap}\n"
    "footer{margin-top:4.5rem;border-top:1px solid "
    "var(--faint);padding-top:1rem}code{font-size:.9em}\n"
    "@media screen and (min-width:900px){td.text{max-width:18rem}}\n"
    "@media "
    "print{:root{--paper:#fff;--ink:#000;--muted:#444;--faint:#ccc;--blue:#0072b2;--vermillion:#"
    "d55e00;"
    "--green:#009e73;--orange:#e69f00;--purple:#cc79a7;--sky:#56b4e9}body{font-size:10.5pt}main{"
    "max-width:none;padding:0}"
    "table{font-size:7.5pt}th,td{padding-right:.5rem}td.text,th.text{min-width:"
    "6rem}"
    "nav,.files{display:none}figure,tr{break-inside:avoid}h2,h3{break-after:avoid}.table{overflow:"
    "visible;margin-right:0}"
    ".wide{display:block}.narrow{display:none}}\n";

/* Sorts a table by the column whose heading is pressed. Without it the page is complete. */
static const char SCRIPT[] =
    "document.querySelectorAll('table.sort').forEach(function(table){var body=table.tBodies[0];\n"
    "table.querySelectorAll('thead th').forEach(function(head,column){var "
    "button=document.createElement('button');"
    "button.type='button';\n"
    "while(head.firstChild)button.appendChild(head.firstChild);head.appendChild(button);\n"
    "button.addEventListener('click',function(){var "
    "up=head.getAttribute('aria-sort')!=='ascending';\n"
    "table.querySelectorAll('th').forEach(function(h){h.removeAttribute('aria-sort')});\n"
    "head.setAttribute('aria-sort',up?'ascending':'descending');\n"
    "var key=function(row){var cell=row.cells[column],value=cell.getAttribute('data-value');"
    "return value===null?cell.textContent:parseFloat(value)};\n"
    "Array.from(body.rows).sort(function(a,b){var x=key(a),y=key(b);if(x!==x)return "
    "1;if(y!==y)return -1;"
    "var order=typeof x==='number'&&typeof "
    "y==='number'?x-y:String(x).localeCompare(String(y));return up?order:-order})"
    ".forEach(function(row){body.appendChild(row)})})})});\n";

void html_begin(Html *html, const char *title, const char *kind, const char *of) {
    html_raw(
        html,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n");
    html_print(html, "<meta name=\"generator\" content=\"runner %s\">\n", kind);
    if (*of) html_print(html, "<meta name=\"made-of\" content=\"%s\">\n", of);
    html_print(html, "<title>%s</title>\n<style>\n", title);
    html_raw(html, STYLE);
    html_raw(html, "</style>\n</head>\n<body>\n<main>\n");
}

void html_end(Html *html) {
    html_raw(html, "</main>\n<script>\n");
    html_raw(html, SCRIPT);
    html_raw(html, "</script>\n</body>\n</html>\n");
}
