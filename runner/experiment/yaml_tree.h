/* YAML as a tree of our own: scalars, lists and maps, each with its line and column.
 *
 * The only module that knows libyaml. What it refuses bounds hostile files and keeps the language
 * plain: anchors, aliases and tags, a second document, a key twice in a map, keys that are not
 * words, NUL and bytes that are not UTF-8, files over 1 MiB, 64 levels, scalars over 64 KiB,
 * 100,000 events, maps of more than 1,000 keys. */
#ifndef RUNNER_EXPERIMENT_YAML_TREE_H
#define RUNNER_EXPERIMENT_YAML_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/pool.h"

#define YAML_TREE_MAX_BYTES  ((size_t)1024 * 1024)
#define YAML_TREE_MAX_DEPTH  64
#define YAML_TREE_MAX_SCALAR ((size_t)64 * 1024)
#define YAML_TREE_MAX_EVENTS 100000
#define YAML_TREE_MAX_KEYS   1000

typedef enum YamlKind { YAML_KIND_SCALAR, YAML_KIND_LIST, YAML_KIND_MAP } YamlKind;

typedef struct YamlNode {
    YamlKind kind;
    bool quoted;          /* scalar: in quotes or a block, so a text whatever it says */
    int32_t line, column; /* from 1; -k and 0 in the k-th command-line argument */
    const char *key;      /* in a map: its key, and the position of that */
    int32_t key_line, key_column;
    const char *text;       /* scalar; without NULs, UTF-8 */
    struct YamlNode *first; /* list, map: children in order */
    struct YamlNode *next;  /* of the same parent */
    int32_t count;          /* children */
} YamlNode;

/* Reads text[0..length). Messages begin with `origin`: a file's path, before line and column; or,
 * if argument > 0, the words for the argument-th command-line argument. Nodes live in the pool.
 * Errors are ERROR_USAGE. */
MUST_CHECK bool yaml_tree_parse(YamlNode **root, Pool *pool, const char *origin, int32_t argument,
                                const char *text, size_t length, Error *err);

/* The child of a map with that key, or NULL. */
YamlNode *yaml_tree_find(const YamlNode *map, const char *key);

/* True for an empty value, ~ and null. */
bool yaml_tree_is_null(const YamlNode *node);

#endif
