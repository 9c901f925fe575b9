/* libyaml's events, one after another, become nodes. Its document loader is not used: it expands
 * nothing, bounds nothing and is quadratic in anchors; its parser is quadratic in depth, which
 * YAML_TREE_MAX_DEPTH bounds. */
#include "runner/experiment/yaml_tree.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

typedef struct TreeBuilder {
    Pool *pool;
    const char *origin;
    int32_t argument; /* 0 for a file */
    Error *err;
    YamlNode *root;
    YamlNode *open[YAML_TREE_MAX_DEPTH]; /* lists and maps not yet ended */
    YamlNode *last[YAML_TREE_MAX_DEPTH]; /* newest child of each */
    int32_t depth;
    const char *key; /* read in the innermost map, waiting for its value */
    int32_t key_line, key_column;
} TreeBuilder;

static bool fail_at(const TreeBuilder *b, size_t line, size_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* line and column count from 0, as libyaml's do. */
static bool fail_at(const TreeBuilder *b, size_t line, size_t column, const char *format, ...) {
    char what[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    if (b->argument > 0) return error_set(b->err, ERROR_USAGE, "%s: %s", b->origin, what);
    return error_set(b->err, ERROR_USAGE, "%s:%zu:%zu: %s", b->origin, line + 1, column + 1, what);
}

static bool fail_mark(const TreeBuilder *b, yaml_mark_t mark, const char *what) {
    return fail_at(b, mark.line, mark.column, "%s", what);
}

/* For errors of which libyaml gives only the offset. */
static bool fail_offset(const TreeBuilder *b, const char *text, size_t length, size_t offset,
                        const char *what) {
    size_t line = 0, column = 0;
    for (size_t i = 0; i < offset && i < length; i++) {
        if (text[i] == '\n') {
            line++;
            column = 0;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    return fail_at(b, line, column, "%s", what);
}

static bool parser_failure(const TreeBuilder *b, const yaml_parser_t *parser, const char *text,
                           size_t length) {
    if (parser->error == YAML_MEMORY_ERROR) return error_memory(b->err, length);
    const char *problem = parser->problem ? parser->problem : "not valid YAML";
    if (parser->error == YAML_READER_ERROR) {
        return fail_offset(b, text, length, parser->problem_offset, problem);
    }
    static const char *const plainer[][2] = {
        {"found character that cannot start any token",
         "a character that cannot start a value (a tab? indent with spaces; put texts in quotes)"},
        {"mapping values are not allowed in this context",
         "a colon where none may be (put texts in quotes; start every key on a line of its own)"}};
    for (size_t i = 0; i < sizeof plainer / sizeof plainer[0]; i++) {
        if (strcmp(problem, plainer[i][0]) == 0) problem = plainer[i][1];
    }
    if (!parser->context) {
        return fail_at(b, parser->problem_mark.line, parser->problem_mark.column, "%s", problem);
    }
    return fail_at(b, parser->problem_mark.line, parser->problem_mark.column,
                   "%s (%s that begins in line %zu)", problem, parser->context,
                   parser->context_mark.line + 1);
}

/* A file is at most 1 MiB, so neither overflows. */
static void position_of(const TreeBuilder *b, yaml_mark_t mark, int32_t *line, int32_t *column) {
    *line = b->argument > 0 ? -b->argument : (int32_t)mark.line + 1;
    *column = b->argument > 0 ? 0 : (int32_t)mark.column + 1;
}

static bool read_key(TreeBuilder *b, const yaml_event_t *event) {
    const char *text = (const char *)event->data.scalar.value;
    if (event->type != YAML_SCALAR_EVENT) {
        return fail_mark(b, event->start_mark, "a key must be a word, not a list or a map");
    }
    if (text[0] == '\0') {
        return fail_mark(b, event->start_mark, "a key is missing before this colon");
    }
    const YamlNode *map = b->open[b->depth - 1];
    if (map->count >= YAML_TREE_MAX_KEYS) {
        return fail_mark(b, event->start_mark, "too many keys in one map (1000 at most)");
    }
    for (const YamlNode *child = map->first; child; child = child->next) {
        if (strcmp(child->key, text) != 0) continue;
        if (b->argument > 0) return fail_at(b, 0, 0, "%.64s: the key stands here twice", text);
        return fail_at(b, event->start_mark.line, event->start_mark.column,
                       "%.64s: the key stands here twice (first in line %d)", text,
                       (int)child->key_line);
    }
    b->key = pool_text(b->pool, text, strlen(text), b->err);
    position_of(b, event->start_mark, &b->key_line, &b->key_column);
    return b->key;
}

/* Adds a new node to the innermost open one. */
static YamlNode *add_node(TreeBuilder *b, YamlKind kind, yaml_mark_t mark) {
    YamlNode *node = pool_alloc(b->pool, 1, sizeof *node, b->err);
    if (!node) return NULL;
    node->kind = kind;
    position_of(b, mark, &node->line, &node->column);
    if (b->depth == 0) {
        b->root = node;
        return node;
    }
    YamlNode *parent = b->open[b->depth - 1], **last = &b->last[b->depth - 1];
    if (parent->kind == YAML_KIND_MAP) {
        node->key = b->key;
        node->key_line = b->key_line;
        node->key_column = b->key_column;
        b->key = NULL;
    }
    if (!*last) {
        parent->first = node;
    } else {
        (*last)->next = node;
    }
    *last = node;
    parent->count++;
    return node;
}

static bool read_scalar(TreeBuilder *b, const yaml_event_t *event) {
    const size_t length = event->data.scalar.length;
    const char *text = (const char *)event->data.scalar.value;
    if (length > YAML_TREE_MAX_SCALAR) {
        return fail_mark(b, event->start_mark, "a text of more than 64 KiB");
    }
    if (memchr(text, 0, length)) {
        return fail_mark(b, event->start_mark, "a NUL character in a text");
    }
    if (b->depth > 0 && b->open[b->depth - 1]->kind == YAML_KIND_MAP && !b->key) {
        return read_key(b, event);
    }
    YamlNode *node = add_node(b, YAML_KIND_SCALAR, event->start_mark);
    if (!node) return false;
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = pool_text(b->pool, text, length, b->err);
    return node->text;
}

static bool open_node(TreeBuilder *b, const yaml_event_t *event, YamlKind kind) {
    if (b->depth > 0 && b->open[b->depth - 1]->kind == YAML_KIND_MAP && !b->key) {
        return read_key(b, event);
    }
    if (b->depth == YAML_TREE_MAX_DEPTH) {
        return fail_mark(b, event->start_mark, "lists and maps nested more than 64 deep");
    }
    YamlNode *node = add_node(b, kind, event->start_mark);
    if (!node) return false;
    b->open[b->depth] = node;
    b->last[b->depth] = NULL;
    b->depth++;
    return true;
}

static bool refuse_tag(const TreeBuilder *b, const yaml_event_t *event, const yaml_char_t *anchor,
                       const yaml_char_t *tag) {
    if (anchor) {
        return fail_mark(
            b, event->start_mark,
            "anchors (&) and aliases (*) are not allowed (write it out; put texts in quotes)");
    }
    if (tag) {
        return fail_mark(b, event->start_mark, "tags (!) are not allowed (put texts in quotes)");
    }
    return true;
}

static bool read_event(TreeBuilder *b, const yaml_event_t *event) {
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return !b->root ||
               fail_mark(b, event->start_mark, "a second document (one file is one experiment)");
    case YAML_ALIAS_EVENT:
        return fail_mark(
            b, event->start_mark,
            "anchors (&) and aliases (*) are not allowed (write it out; put texts in quotes)");
    case YAML_SCALAR_EVENT:
        return refuse_tag(b, event, event->data.scalar.anchor, event->data.scalar.tag) &&
               read_scalar(b, event);
    case YAML_SEQUENCE_START_EVENT:
        return refuse_tag(b, event, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag) &&
               open_node(b, event, YAML_KIND_LIST);
    case YAML_MAPPING_START_EVENT:
        return refuse_tag(b, event, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag) &&
               open_node(b, event, YAML_KIND_MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: b->depth--; return true;
    default: return true;
    }
}

/* libyaml would read UTF-16 too; we want one encoding, and a clear message for any other. */
static bool check_bytes(const TreeBuilder *b, const char *text, size_t length) {
    if (length > YAML_TREE_MAX_BYTES) {
        return fail_at(b, 0, 0, "larger than 1 MiB (an experiment is a short text)");
    }
    if (length >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        return fail_at(b, 0, 0, "this is UTF-16 (save the file as UTF-8)");
    }
    const char *nul = length > 0 ? memchr(text, 0, length) : NULL;
    if (!nul) return true;
    return fail_offset(b, text, length, (size_t)(nul - text),
                       "a NUL byte (UTF-16 or a binary file? save it as UTF-8)");
}

bool yaml_tree_parse(YamlNode **root, Pool *pool, const char *origin, int32_t argument,
                     const char *text, size_t length, Error *err) {
    TreeBuilder b = {.pool = pool, .origin = origin, .argument = argument, .err = err};
    *root = NULL;
    if (!check_bytes(&b, text, length)) return false;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) return error_memory(err, sizeof parser);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    bool good = true, ended = false;
    for (int32_t events = 0; good && !ended; events++) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            good = parser_failure(&b, &parser, text, length);
            break;
        }
        ended = event.type == YAML_STREAM_END_EVENT;
        good = events < YAML_TREE_MAX_EVENTS
                   ? read_event(&b, &event)
                   : fail_mark(&b, event.start_mark, "more than 100,000 keys and values");
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (good && !b.root) {
        good =
            fail_at(&b, 0, 0, "nothing in it (an experiment needs `data` and `fixed` or `grid`)");
    }
    *root = b.root;
    return good;
}

YamlNode *yaml_tree_find(const YamlNode *map, const char *key) {
    assert(map->kind == YAML_KIND_MAP);
    for (YamlNode *child = map->first; child; child = child->next) {
        if (strcmp(child->key, key) == 0) return child;
    }
    return NULL;
}

bool yaml_tree_is_null(const YamlNode *node) {
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    if (node->kind != YAML_KIND_SCALAR || node->quoted) return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(node->text, words[i]) == 0) return true;
    }
    return false;
}
