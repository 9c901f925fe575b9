/* key=value on the command line edits the tree before it is read, so that an override obeys every
 * rule that a line of the file obeys. A single value goes to `fixed` (or `data`), a list or a range
 * becomes an axis behind all others; whatever set the key before is removed. */
#include "runner/experiment/spec_override.h"

#include <string.h>

static bool starts(const char *text, const char *head, size_t length) {
    return strncmp(text, head, length) == 0;
}

/* Removes the child of a parent. */
static void unlink_node(YamlNode *parent, YamlNode *child) {
    YamlNode **link = &parent->first;
    while (*link != child) link = &(*link)->next;
    *link = child->next;
    parent->count--;
}

static void append_node(YamlNode *parent, YamlNode *child) {
    YamlNode **link = &parent->first;
    while (*link) link = &(*link)->next;
    child->next = NULL;
    *link = child;
    parent->count++;
}

static void remove_key(YamlNode *map, const char *name);

/* Removes `rest` ("low") from `init: {low: ...}` or `init: [{low: ...}, ...]`. */
static void remove_within(YamlNode *node, const char *rest) {
    if (node->kind == YAML_KIND_MAP) remove_key(node, rest);
    if (node->kind != YAML_KIND_LIST) return;
    for (YamlNode *item = node->first; item; item = item->next) {
        if (item->kind == YAML_KIND_MAP) remove_key(item, rest);
    }
}

/* Removes `name` and everything under it ("init", "init.low") from a map, however it is spelled
 * there. */
static void remove_key(YamlNode *map, const char *name) {
    const size_t length = strlen(name);
    for (YamlNode *child = map->first, *next; child; child = next) {
        next = child->next;
        const size_t own = strlen(child->key);
        if (starts(child->key, name, length) &&
            (child->key[length] == '\0' || child->key[length] == '.')) {
            unlink_node(map, child);
        } else if (starts(name, child->key, own) && name[own] == '.') {
            remove_within(child, name + own + 1);
            if (child->kind == YAML_KIND_MAP && child->count == 0) unlink_node(map, child);
        }
    }
}

/* The same for a list of maps: zip, include. Maps left empty are removed too. */
static void remove_from_maps(YamlNode *list, const char *name) {
    if (!list || list->kind != YAML_KIND_LIST) return;
    for (YamlNode *item = list->first, *next; item; item = next) {
        next = item->next;
        if (item->kind != YAML_KIND_MAP || item->count == 0) continue;
        remove_key(item, name);
        if (item->count == 0) unlink_node(list, item);
    }
}

static void remove_everywhere(SpecParser *p, const char *name, bool includes) {
    static const char *const sections[] = {"fixed", "grid", "data"};
    for (int i = 0; i < 3; i++) {
        YamlNode *map = yaml_tree_find(p->root, sections[i]);
        if (!map || map->kind != YAML_KIND_MAP || map->count == 0) continue;
        if (i < 2) {
            remove_key(map, name);
        } else if (starts(name, "data.", 5)) {
            remove_key(map, name + 5);
        }
        if (map->count == 0) unlink_node(p->root, map);
    }
    remove_from_maps(yaml_tree_find(p->root, "zip"), name);
    if (includes) remove_from_maps(yaml_tree_find(p->root, "include"), name);
    if (p->cli) remove_key(p->cli, name);
}

/* The map `name` at the top of the experiment; a new one has the line of `origin`. */
static YamlNode *section(SpecParser *p, const char *name, const YamlNode *origin) {
    YamlNode *map = yaml_tree_find(p->root, name);
    if (map && !yaml_tree_is_null(map)) return map;
    if (!map) {
        map = pool_alloc(p->tree, 1, sizeof *map, p->err);
        if (!map) return NULL;
        *map = (YamlNode){.key = name, .key_line = origin->line, .line = origin->line};
        append_node(p->root, map);
    }
    map->kind = YAML_KIND_MAP;
    return map;
}

/* Replaces `key` of a section by node. */
static bool put(SpecParser *p, const char *in, const char *key, YamlNode *node) {
    YamlNode *map = section(p, in, node);
    if (!map) return false;
    if (strcmp(in, "metric") == 0 && map->kind == YAML_KIND_SCALAR) { /* metric: test_loss */
        YamlNode *name = pool_alloc(p->tree, 1, sizeof *name, p->err);
        if (!name) return false;
        *name = *map;
        name->key = "name";
        map->kind = YAML_KIND_MAP;
        append_node(map, name);
    }
    if (!spec_value_want(p, map, in, YAML_KIND_MAP)) return false;
    remove_key(map, key);
    node->key = key;
    append_node(map, node);
    return true;
}

static bool is_axis(const char *name, const YamlNode *value) {
    return value->kind == YAML_KIND_LIST ||
           (value->kind == YAML_KIND_MAP && !spec_value_is_structured(name));
}

static bool apply_trial_key(SpecParser *p, const char *name, YamlNode *value) {
    const bool axis = is_axis(name, value);
    const KeyId key = spec_value_key(name);
    if (key < KEY_COUNT && strcmp(KEYS[key].name, name) != 0) {
        remove_everywhere(p, KEYS[key].name, !axis);
    } else if (key == KEY_DATA_TARGET_LOW || key == KEY_DATA_TARGET_HIGH) {
        remove_everywhere(p, key == KEY_DATA_TARGET_LOW ? "data.targets.low" : "data.targets.high",
                          !axis);
    } else if (strcmp(name, "data.targets") == 0) {
        remove_everywhere(p, "data.target_low", !axis);
        remove_everywhere(p, "data.target_high", !axis);
    }
    remove_everywhere(p, name, !axis);
    if (!axis) {
        return starts(name, "data.", 5) ? put(p, "data", name + 5, value)
                                        : put(p, "fixed", name, value);
    }
    if (!p->cli) {
        p->cli = pool_alloc(p->tree, 1, sizeof *p->cli, p->err);
        if (!p->cli) return false;
        p->cli->kind = YAML_KIND_MAP;
    }
    value->key = name;
    append_node(p->cli, value);
    return true;
}

/* Of `every` and `points` the one that comes last counts. */
static void remove_rivals(SpecParser *p, const char *name) {
    static const char *const rivals[][2] = {{"record.every", "points"},
                                            {"record.every", "scale"},
                                            {"record.points", "every"},
                                            {"record.scale", "every"}};
    YamlNode *record = yaml_tree_find(p->root, "record");
    if (!record || record->kind != YAML_KIND_MAP) return;
    for (size_t i = 0; i < sizeof rivals / sizeof *rivals; i++) {
        if (strcmp(rivals[i][0], name) == 0) remove_key(record, rivals[i][1]);
    }
}

static bool apply_value(SpecParser *p, const char *name, YamlNode *value) {
    static const char *const sections[] = {"data", "metric", "stop", "record"};
    for (const char *const *top = SPEC_TOP; *top; top++) {
        if (strcmp(*top, name) != 0) continue;
        YamlNode *old = yaml_tree_find(p->root, name);
        if (old) unlink_node(p->root, old);
        append_node(p->root, value);
        return true;
    }
    if (spec_value_is_trial_key(name)) return apply_trial_key(p, name, value);
    remove_rivals(p, name);
    for (int i = 0; i < 4; i++) { /* data.per_repeat, metric.name, or what the section refuses */
        const size_t length = strlen(sections[i]);
        if (starts(name, sections[i], length) && name[length] == '.') {
            return put(p, sections[i], name + length + 1, value);
        }
    }
    return put(p, "fixed", name, value); /* unknown: refused there, with a suggestion */
}

/* The text in single quotes, as YAML. */
static const char *quoted(SpecParser *p, const char *text) {
    char *yaml = pool_alloc(p->tree, 2 * strlen(text) + 3, 1, p->err);
    if (!yaml) return NULL;
    char *to = yaml;
    *to++ = '\'';
    for (; *text != '\0'; text++) {
        if (*text == '\'') *to++ = '\'';
        *to++ = *text;
    }
    *to = '\'';
    return yaml;
}

static bool apply(SpecParser *p, int32_t number, const char *text) {
    char location[160];
    const YamlNode here = {.line = -number};
    const char *equals = strchr(text, '=');
    if (!equals || equals == text) {
        return spec_value_complain(p, here.line, 0, "not of the form key=value");
    }
    char *name = pool_text(p->tree, text, (size_t)(equals - text), p->err);
    if (!name) return false;
    for (int i = 0; i < 2; i++) {
        static const char *const prefixes[] = {"fixed.", "grid."};
        if (starts(name, prefixes[i], strlen(prefixes[i]))) name += strlen(prefixes[i]);
    }
    YamlNode *value;
    const char *yaml = equals + 1;
    if (*yaml == '\0') return spec_value_complain(p, here.line, 0, "%.60s: has no value", name);
    if (strcmp(name, "name") == 0 || strcmp(name, "description") == 0) {
        yaml = quoted(p, yaml);
    } /* any text, as it is */
    if (!yaml) return false;
    spec_location(p->spec, here.line, 0, location, sizeof location);
    if (!yaml_tree_parse(&value, p->tree, location, number, yaml, strlen(yaml), p->err)) {
        return false;
    }
    value->key = name;
    value->key_line = here.line;
    return apply_value(p, name, value);
}

bool spec_override_apply(SpecParser *p, const char *const *overrides, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        if (!apply(p, i + 1, overrides[i])) return false;
    }
    return true;
}
