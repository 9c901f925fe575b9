/* A node of the tree becomes the value of a key, or a complaint. */
#include "runner/experiment/spec_value.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/experiment/suggest.h"

#define NAME_SIZE 96 /* longer names are no keys */

bool spec_value_complain(SpecParser *p, int32_t line, int32_t column, const char *format, ...) {
    char location[512], what[1400];
    spec_location(p->spec, line, column, location, sizeof location);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    for (char *c = what; *c != '\0'; c++) {
        /* keys are the user's: nothing a terminal acts on */
        if ((unsigned char)*c < 32 || *c == 127) *c = '?';
    }
    return error_set(p->err, ERROR_USAGE, "%s: %s", location, what);
}

bool spec_value_unknown(SpecParser *p, const YamlNode *node, const char *prefix,
                        const char *const *names) {
    char all[400], hint[200];
    suggest_name(hint, sizeof hint, node->key, names);
    if (hint[0] != '\0') {
        return spec_value_complain(p, node->key_line, node->key_column, "%s%.60s: unknown key%s",
                                   prefix, node->key, hint);
    }
    suggest_list(all, sizeof all, node->key, names);
    const bool fits = strlen(all) + 1 < sizeof all;
    return spec_value_complain(p, node->key_line, node->key_column, "%s%.60s: unknown key (%s)",
                               prefix, node->key,
                               fits ? all : "experiments/README.md lists all keys");
}

bool spec_value_want(SpecParser *p, const YamlNode *node, const char *name, YamlKind kind) {
    static const char *const words[] = {"one value", "a list", "a map"};
    if (yaml_tree_is_null(node)) {
        return spec_value_complain(p, node->line, node->column, "%s: has no value", name);
    }
    if (node->kind == kind) return true;
    const bool glued = node->kind == YAML_KIND_SCALAR && strchr(node->text, ':');
    return spec_value_complain(p, node->line, node->column, "%s: must be %s, not %s%s", name,
                               words[kind], words[node->kind],
                               glued ? " (a blank belongs behind each colon)" : "");
}

/* Further names of keys. */
static const struct {
    const char *name;
    KeyId key;
} ALIASES[] = {{"data.targets.low", KEY_DATA_TARGET_LOW},
               {"data.targets.high", KEY_DATA_TARGET_HIGH}};

KeyId spec_value_key(const char *name) {
    for (size_t i = 0; i < sizeof ALIASES / sizeof ALIASES[0]; i++) {
        if (strcmp(ALIASES[i].name, name) == 0) return ALIASES[i].key;
    }
    return keys_find(name);
}

/* "low" if `path` is "init.low" and `name` is "init"; else NULL. */
static const char *member(const char *path, const char *name) {
    const size_t length = strlen(name);
    return strncmp(path, name, length) == 0 && path[length] == '.' ? path + length + 1 : NULL;
}

bool spec_value_is_structured(const char *name) {
    if (strcmp(name, "data") == 0 || strcmp(name, "stop") == 0 || strcmp(name, "record") == 0) {
        return false;
    }
    for (int i = 0; i < KEY_COUNT; i++) {
        if (member(KEYS[i].name, name)) return true;
    }
    return member(ALIASES[0].name, name);
}

static const char *section_of(KeyId key) {
    static const char *const sections[] = {"stop", "record"};
    for (int i = 0; key < KEY_COUNT && i < 2; i++) {
        if (member(KEYS[key].name, sections[i])) return sections[i];
    }
    return NULL;
}

bool spec_value_is_trial_key(const char *name) {
    const KeyId key = spec_value_key(name);
    return (key < KEY_COUNT || spec_value_is_structured(name)) && !section_of(key);
}

/* The keys that the experiment could mean with `name`, which is none; NULL-terminated. */
static void similar_keys(const char *names[KEY_COUNT + 4], const char *name, const char *section) {
    int count = 0;
    const bool data = strncmp(name, "data.", 5) == 0;
    for (int i = 0; i < KEY_COUNT; i++) {
        const char *own = section_of((KeyId)i), *wanted = section ? section : "";
        if (strcmp(own ? own : "", wanted) != 0) continue;
        if (!section && data != (strncmp(KEYS[i].name, "data.", 5) == 0)) continue;
        names[count++] = KEYS[i].name;
    }
    if (data) {
        names[count++] = "data.per_repeat";
        names[count++] = "data.scale";
        names[count++] = "data.targets";
    }
    names[count] = NULL;
    for (int i = 0; !section && !data && i < KEY_COUNT; i++) { /* `noise` is data.noise */
        if (strncmp(KEYS[i].name, "data.", 5) != 0 || strcmp(KEYS[i].name + 5, name) != 0) continue;
        names[0] = KEYS[i].name;
        names[1] = NULL;
    }
}

static bool unknown_key(SpecParser *p, const YamlNode *node, const char *name,
                        const char *section) {
    const KeyId key = spec_value_key(name);
    if (key < KEY_COUNT) {
        return spec_value_complain(p, node->key_line, node->key_column,
                                   "%s: belongs in its own section (%s: {%s: ...})", name,
                                   section_of(key), strchr(name, '.') + 1);
    }
    if (strcmp(name, "data.per_repeat") == 0) {
        return spec_value_complain(p, node->key_line, node->key_column,
                                   "%s: cannot be an axis (it belongs in data)", name);
    }
    for (const char *const *top = SPEC_TOP; !section && *top; top++) {
        if (strcmp(*top, name) != 0) continue;
        return spec_value_complain(p, node->key_line, node->key_column,
                                   "%s: does not belong here (%s)", name,
                                   strcmp(name, "data") == 0 ? "an axis of data is written data.KEY"
                                                             : "it stands at the left margin");
    }
    const char *names[KEY_COUNT + 4];
    similar_keys(names, name, section);
    const YamlNode named = {
        .key = name, .key_line = node->key_line, .key_column = node->key_column};
    return spec_value_unknown(p, &named, "", names);
}

static bool is_numeric(KeyType type) {
    return type == KEY_TYPE_INTEGER || type == KEY_TYPE_REAL || type == KEY_TYPE_SIZES ||
           type == KEY_TYPE_REALS;
}

static bool has_list(const Key *key) {
    return key->type == KEY_TYPE_SIZES || key->type == KEY_TYPE_REALS;
}

/* A shape or a list of numbers as the text that keys_parse() wants. */
static char *join(SpecParser *p, const Key *key, const YamlNode *list) {
    const size_t size = (size_t)list->count * 32 + 1;
    char *buffer = pool_alloc(p->tree, size, 1, p->err);
    if (!buffer) return NULL;
    Text text = text_begin(buffer, size);
    for (const YamlNode *item = list->first; item; item = item->next) {
        double number;
        if (!spec_value_want(p, item, key->name, YAML_KIND_SCALAR)) return NULL;
        const bool sizes = key->type == KEY_TYPE_SIZES;
        if (item->quoted ||
            (sizes ? !keys_integer(&number, item->text) : !keys_real(&number, item->text))) {
            spec_value_complain(p, item->line, item->column, "%s: \"%.40s\" is not a %s", key->name,
                                item->text,
                                sizes ? "layer's size (a whole number)" : "finite number");
            return NULL;
        }
        char digits[32];
        text_real(digits, sizeof digits, number);
        text_add(&text, "%s%s", item == list->first ? "" : sizes ? "x" : ",", digits);
    }
    return buffer;
}

bool spec_value_scalar(SpecParser *p, const Key *key, const YamlNode *node, Value *value) {
    const char *text = node->text;
    if (node->kind == YAML_KIND_LIST && has_list(key)) {
        text = join(p, key, node);
        if (!text) return false;
    } else if (node->kind == YAML_KIND_LIST && spec_value_is_trial_key(key->name)) {
        return spec_value_complain(
            p, node->line, node->column,
            "%s: one value, not a list (a list of values is an axis: put it under grid)",
            key->name);
    } else if (node->kind == YAML_KIND_MAP &&
               (yaml_tree_find(node, "min") || yaml_tree_find(node, "max"))) {
        return spec_value_complain(
            p, node->line, node->column,
            "%s: one value, not a range (a range is an axis: put it under grid)", key->name);
    } else if (!spec_value_want(p, node, key->name, YAML_KIND_SCALAR)) {
        return false;
    } else if (node->quoted && (is_numeric(key->type) || key->type == KEY_TYPE_BOOL) &&
               (!key->word || strcmp(key->word, text) != 0)) {
        return spec_value_complain(p, node->line, node->column,
                                   "%s: \"%.40s\" is a text in quotes (remove the quotes)",
                                   key->name, text);
    }
    const size_t size = strlen(text) + 40;
    char small[64], *buffer = size <= sizeof small
                                  ? small
                                  : pool_alloc(p->tree, size + 32 * (size_t)node->count, 1, p->err);
    if (!buffer) return false;
    Error why = {0};
    if (!keys_parse(value, key, text, buffer,
                    size <= sizeof small ? sizeof small : size + 32 * (size_t)node->count, &why)) {
        return spec_value_complain(p, node->line, node->column, "%s: %s", key->name, why.text);
    }
    if (value->text == buffer) value->text = pool_text(p->pool, buffer, strlen(buffer), p->err);
    return value->text;
}

static bool add(SpecParser *p, Draft *draft, KeyId key, const YamlNode *node) {
    for (int32_t i = 0; i < draft->count; i++) {
        const Assignment *earlier = &draft->set[i];
        if (earlier->key != key) continue;
        char location[512];
        spec_location(p->spec, earlier->line, earlier->column, location, sizeof location);
        return spec_value_complain(p, node->line, node->column, "%s: set twice (first at %s)",
                                   KEYS[key].name, location);
    }
    Assignment *assignment = &draft->set[draft->count];
    *assignment = (Assignment){.key = key, .line = node->line, .column = node->column};
    if (!spec_value_scalar(p, &KEYS[key], node, &assignment->value)) return false;
    draft->count++;
    return true;
}

/* `init: {kind: uniform, low: -1}`: kind is the key itself, everything else key.word. */
static bool assign_map(SpecParser *p, Draft *draft, const char *name, const YamlNode *map) {
    const KeyId self = keys_find(name);
    bool has_kind = false;
    for (const YamlNode *child = map->first; child; child = child->next) {
        char path[NAME_SIZE];
        snprintf(path, sizeof path, "%s.%s", name, child->key);
        const bool kind = self < KEY_COUNT && strcmp(child->key, "kind") == 0;
        const KeyId key = kind ? self : spec_value_key(path);
        if (key == KEY_COUNT) {
            const char *names[KEY_COUNT + 2];
            int count = 0;
            if (self < KEY_COUNT) names[count++] = "kind";
            for (int i = 0; i < KEY_COUNT; i++) {
                if (member(KEYS[i].name, name)) names[count++] = member(KEYS[i].name, name);
            }
            for (size_t i = 0; i < sizeof ALIASES / sizeof ALIASES[0]; i++) {
                if (member(ALIASES[i].name, name)) {
                    names[count++] = member(ALIASES[i].name, name);
                }
            }
            names[count] = NULL;
            char prefix[NAME_SIZE];
            snprintf(prefix, sizeof prefix, "%s.", name);
            return spec_value_unknown(p, child, prefix, names);
        }
        if (!add(p, draft, key, child)) return false;
        has_kind = has_kind || kind;
    }
    if (self == KEY_COUNT || has_kind) {
        return map->count > 0 ||
               spec_value_complain(p, map->line, map->column, "%s: has no value", name);
    }
    if (self == KEY_INIT && yaml_tree_find(map, "values")) {
        const YamlNode values = {
            .kind = YAML_KIND_SCALAR, .line = map->line, .column = map->column, .text = "values"};
        return add(p, draft, KEY_INIT, &values);
    }
    if (self == KEY_RECORD_WEIGHTS && map->count > 0) return true; /* the epochs alone */
    return spec_value_complain(p, map->line, map->column,
                               "%s: kind is missing (%s: {kind: ..., ...})", name, name);
}

bool spec_value_assign(SpecParser *p, Draft *draft, const char *name, const YamlNode *node,
                       const char *section) {
    const KeyId key = spec_value_key(name);
    const char *own = section_of(key);
    const bool allowed = !section ? !own : own && strcmp(own, section) == 0;
    const bool structured = spec_value_is_structured(name);
    if (!allowed || (key == KEY_COUNT && !structured)) return unknown_key(p, node, name, section);
    if (structured && node->kind == YAML_KIND_MAP) return assign_map(p, draft, name, node);
    if (key == KEY_COUNT) return spec_value_want(p, node, name, YAML_KIND_MAP);
    return add(p, draft, key, node);
}

bool spec_value_assign_all(SpecParser *p, Draft *draft, const YamlNode *map) {
    for (const YamlNode *child = map->first; child; child = child->next) {
        if (!spec_value_assign(p, draft, child->key, child, NULL)) return false;
    }
    return true;
}

bool spec_value_choice(SpecParser *p, const Draft *draft, int32_t line, int32_t column,
                       Choice *choice) {
    const size_t bytes = (size_t)draft->count * sizeof *draft->set;
    *choice = (Choice){.count = draft->count, .line = line, .column = column};
    choice->set = pool_alloc(p->pool, (size_t)draft->count, sizeof *draft->set, p->err);
    if (!choice->set) return false;
    memcpy(choice->set, draft->set, bytes);
    return true;
}
