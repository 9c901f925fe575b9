/* An experiment from its YAML: reads the file, lets the command line edit the tree, reads section
 * after section, and checks what can be checked without expanding the grid. */
#include "runner/experiment/spec_read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/text.h"
#include "runner/experiment/spec_axis.h"
#include "runner/experiment/spec_override.h"
#include "runner/experiment/spec_section.h"
#include "runner/experiment/spec_value.h"
#include "runner/experiment/suggest.h"

#define OVERRIDES_MAX 1000

/* Adds the pairs of a section's map (data, fixed, stop, record) to the base. */
static bool read_base(SpecParser *p, Draft *base, const YamlNode *map, const char *section) {
    const bool data = strcmp(section, "data") == 0, fixed = strcmp(section, "fixed") == 0;
    if (!spec_value_want(p, map, section, YAML_KIND_MAP)) return false;
    for (const YamlNode *child = map->first; child; child = child->next) {
        if (data && strcmp(child->key, "per_repeat") == 0) {
            if (!spec_section_per_repeat(p, child)) return false;
            continue;
        }
        char name[96];
        snprintf(name, sizeof name, "%s%s%s", fixed ? "" : section, fixed ? "" : ".", child->key);
        if (!spec_value_assign(p, base, name, child, data || fixed ? NULL : section)) return false;
    }
    return true;
}

static bool read_grid(SpecParser *p, const YamlNode *map) {
    for (const YamlNode *child = map->first; child; child = child->next) {
        if (!spec_axis_read(p, &p->spec->axis[p->spec->axes], child)) return false;
        p->spec->axes++;
    }
    return true;
}

static bool read_axes(SpecParser *p) {
    const YamlNode *grid = yaml_tree_find(p->root, "grid"), *zip = yaml_tree_find(p->root, "zip");
    size_t axes = 0;
    if (grid) {
        if (!spec_value_want(p, grid, "grid", YAML_KIND_MAP)) return false;
        if (grid->count == 0) {
            return spec_value_complain(
                p, grid->line, grid->column,
                "grid: is empty (name a key and its values, or leave it out)");
        }
        axes += (size_t)grid->count;
    }
    if (zip) {
        if (!spec_value_want(p, zip, "zip", YAML_KIND_LIST)) return false;
        axes += (size_t)zip->count;
    }
    if (p->cli) axes += (size_t)p->cli->count;
    p->spec->axis = pool_alloc(p->pool, axes, sizeof *p->spec->axis, p->err);
    if (!p->spec->axis || (grid && !read_grid(p, grid))) return false;
    for (const YamlNode *group = zip ? zip->first : NULL; group; group = group->next) {
        if (!spec_axis_zip(p, &p->spec->axis[p->spec->axes], group)) return false;
        p->spec->axes++;
    }
    return !p->cli || read_grid(p, p->cli);
}

/* include and exclude */
static bool read_choices(SpecParser *p, const char *name, Choice **choices, int32_t *count) {
    const YamlNode *list = yaml_tree_find(p->root, name);
    if (!list) return true;
    if (!spec_value_want(p, list, name, YAML_KIND_LIST)) return false;
    *choices = pool_alloc(p->pool, (size_t)list->count, sizeof **choices, p->err);
    if (!*choices) return false;
    for (const YamlNode *item = list->first; item; item = item->next) {
        Draft draft = {.count = 0};
        if (!spec_value_want(p, item, name, YAML_KIND_MAP)) return false;
        if (item->count == 0) {
            return spec_value_complain(p, item->line, item->column,
                                       "%s: an empty entry (name keys and values)", name);
        }
        if (!spec_value_assign_all(p, &draft, item)) return false;
        if (!spec_value_choice(p, &draft, item->line, item->column, &(*choices)[(*count)++])) {
            return false;
        }
    }
    return true;
}

/* Every key is set once only: fixed, or on one axis. */
static bool check_once(SpecParser *p) {
    const Spec *spec = p->spec;
    const Assignment *first[KEY_COUNT] = {NULL};
    for (int32_t i = 0; i < spec->base.count; i++) {
        first[spec->base.set[i].key] = &spec->base.set[i];
    }
    for (int32_t a = 0; a < spec->axes; a++) {
        const Assignment *here[KEY_COUNT] = {NULL};
        for (int64_t c = 0; c < spec->axis[a].count; c++) {
            const Choice *choice = &spec->axis[a].choice[c];
            for (int32_t s = 0; s < choice->count; s++) {
                const Assignment *assignment = &choice->set[s], *earlier = first[assignment->key];
                here[assignment->key] = assignment;
                if (!earlier) continue;
                char location[512];
                spec_location(spec, earlier->line, earlier->column, location, sizeof location);
                return spec_value_complain(
                    p, assignment->line, assignment->column,
                    "%s: an axis, but already set at %s (a key stands in fixed or on one axis)",
                    KEYS[assignment->key].name, location);
            }
        }
        for (int k = 0; k < KEY_COUNT; k++) {
            if (here[k]) first[k] = here[k];
        }
    }
    return true;
}

typedef struct KindCheck {
    SpecParser *p;
    uint32_t kinds;
} KindCheck;

/* Refuses a data key that none of this experiment's data kinds has. */
static bool check_kind(const Assignment *assignment, void *context) {
    const KindCheck *check = context;
    const uint32_t kinds = check->kinds;
    const Key *key = &KEYS[assignment->key];
    if (key->kinds == 0 || kinds == 0 || (key->kinds & kinds) != 0) return true;
    char known[200];
    Text text = text_begin(known, sizeof known);
    for (unsigned k = 0; k < DATA_KIND_COUNT; k++) {
        if ((key->kinds >> k & 1) == 0) continue;
        text_add(&text, "%s%s", text.length > 0 ? ", " : "", KEYS_DATA_KIND_NAMES[k]);
    }
    unsigned kind = 0;
    while ((kinds >> kind & 1) == 0) kind++;
    return spec_value_complain(check->p, assignment->line, assignment->column,
                               "%s: data of kind %s have no %s (%s have)", key->name,
                               KEYS_DATA_KIND_NAMES[kind], strchr(key->name, '.') + 1, known);
}

static bool check_kinds(SpecParser *p) {
    KindCheck check = {p, spec_kinds(p->spec)};
    return spec_each(p->spec, check_kind, &check);
}

static bool sets(const Choice *choice, KeyId key) {
    for (int32_t i = 0; i < choice->count; i++) {
        if (choice->set[i].key == key) return true;
    }
    return false;
}

/* `hidden` and data.kind have no default: the base, an axis, or else every include must set
 * them. */
static bool check_required(SpecParser *p, KeyId key) {
    const Spec *spec = p->spec;
    if (sets(&spec->base, key)) return true;
    bool includes =
        spec->includes > 0 && spec->axes == 0; /* nothing but includes is trained then */
    for (int32_t i = 0; includes && i < spec->includes; i++) {
        includes = sets(&spec->include[i], key);
    }
    if (includes) return true;
    for (int32_t a = 0; a < spec->axes; a++) {
        bool all = true;
        for (int64_t c = 0; all && c < spec->axis[a].count; c++) {
            all = sets(&spec->axis[a].choice[c], key);
        }
        if (!all) continue;
        for (int32_t i = 0; i < spec->includes; i++) {
            if (sets(&spec->include[i], key)) continue;
            return spec_value_complain(
                p, spec->include[i].line, spec->include[i].column,
                "include: %s is missing (an include takes no value from an axis)", KEYS[key].name);
        }
        return true;
    }
    if (key == KEY_DATA_KIND) {
        const YamlNode *data = yaml_tree_find(p->root, "data"), *at = data ? data : p->root;
        return spec_value_complain(p, at->line, at->column,
                                   "data.kind: is missing (data: {kind: moons, ...})");
    }
    return spec_value_complain(
        p, p->root->line, p->root->column,
        "hidden: is missing (fixed: {hidden: 20}, or grid: {hidden: [1, 2, 3]})");
}

static bool check_top(SpecParser *p) {
    for (const YamlNode *child = p->root->first; child; child = child->next) {
        const char *const *top = SPEC_TOP;
        while (*top && strcmp(*top, child->key) != 0) top++;
        if (*top) continue;
        if (spec_value_is_trial_key(child->key)) {
            return spec_value_complain(p, child->key_line, child->key_column,
                                       "%.60s: a trial key does not stand here (put it under "
                                       "fixed, or under grid as a list)",
                                       child->key);
        }
        return spec_value_unknown(p, child, "", SPEC_TOP);
    }
    return true;
}

static bool read_trial_keys(SpecParser *p) {
    static const char *const sections[] = {"data", "fixed", "stop", "record"};
    Draft base = {.count = 0};
    const YamlNode *at = p->root;
    for (int i = 0; i < 4; i++) {
        const YamlNode *map = yaml_tree_find(p->root, sections[i]);
        if (!map) continue;
        if (i == 1) at = map;
        if (!read_base(p, &base, map, sections[i])) return false;
    }
    if (!spec_value_choice(p, &base, at->line, at->column, &p->spec->base)) return false;
    return read_axes(p) && read_choices(p, "include", &p->spec->include, &p->spec->includes) &&
           read_choices(p, "exclude", &p->spec->exclude, &p->spec->excludes) && check_once(p) &&
           check_required(p, KEY_HIDDEN) && check_required(p, KEY_DATA_KIND) && check_kinds(p);
}

/* Everything that messages need of the Spec. */
static bool prepare(SpecParser *p, const char *path, const char *text, size_t length,
                    const char *const *overrides, int32_t override_count) {
    Spec *spec = p->spec;
    *spec = (Spec){.repeats = 1, .metric = METRIC_COUNT};
    Pool *pool = calloc(1, sizeof *pool);
    if (!pool) return error_memory(p->err, sizeof *pool);
    spec->memory = p->pool = pool;
    if (override_count > OVERRIDES_MAX) {
        return error_set(p->err, ERROR_USAGE, "more than %d key=value arguments", OVERRIDES_MAX);
    }
    spec->path = pool_text(pool, path, strlen(path), p->err);
    spec->source = pool_text(pool, text, length, p->err);
    spec->override = pool_alloc(pool, (size_t)override_count, sizeof *spec->override, p->err);
    if (!spec->path || !spec->source || !spec->override) return false;
    for (; spec->overrides < override_count; spec->overrides++) {
        const char *override = overrides[spec->overrides];
        spec->override[spec->overrides] = pool_text(pool, override, strlen(override), p->err);
        if (!spec->override[spec->overrides]) return false;
    }
    return true;
}

bool spec_read_text(Spec *spec, const char *path, const char *text, size_t length,
                    const char *const *overrides, int32_t override_count, Error *err) {
    Error ours = {0}; /* also if the caller wants no message */
    Pool tree = {NULL};
    SpecParser p = {.spec = spec, .tree = &tree, .err = &ours};
    TRY(prepare(&p, path, text, length > YAML_TREE_MAX_BYTES ? 0 : length, overrides,
                override_count));
    TRY(yaml_tree_parse(&p.root, &tree, path, 0, text, length, &ours));
    TRY(spec_value_want(&p, p.root, "an experiment", YAML_KIND_MAP));
    TRY(spec_override_apply(&p, overrides, override_count));
    TRY(check_top(&p));
    TRY(spec_section_read(&p));
    TRY(read_trial_keys(&p));
    pool_destroy(&tree);
    return true;
fail:
    pool_destroy(&tree);
    spec_destroy(spec);
    return error_set(err, ours.kind, "%s", ours.text);
}

bool spec_read(Spec *spec, const char *path, const char *const *overrides, int32_t override_count,
               Error *err) {
    *spec = (Spec){0};
    FILE *file = fopen(path, "rb");
    char hint[1100];
    if (!file) {
        const int why = errno;
        suggest_experiment(hint, sizeof hint, path);
        return error_set(err, ERROR_USAGE, "%s: cannot be read: %s%s", path, strerror(why), hint);
    }
    char *text = NULL;
    bool good = false;
    struct stat about;
    if (fstat(fileno(file), &about) == 0 && S_ISDIR(about.st_mode)) {
        suggest_experiment(hint, sizeof hint, path);
        error_set(err, ERROR_USAGE, "%s: is a folder, not an experiment%s", path, hint);
        goto done;
    }
    const size_t room = YAML_TREE_MAX_BYTES + 1; /* one more shows that it is too large */
    text = malloc(room);
    if (!text) {
        error_memory(err, room);
        goto done;
    }
    const size_t length = fread(text, 1, room, file);
    if (ferror(file)) {
        error_set(err, ERROR_USAGE, "%s: cannot be read: %s", path, strerror(errno));
        goto done;
    }
    static const char hdf5[] = {'\x89', 'H', 'D', 'F'};
    if (length > sizeof hdf5 && memcmp(text, hdf5, sizeof hdf5) == 0) {
        char quoted[1024];
        Text word = text_begin(quoted, sizeof quoted);
        text_add_word(&word, path);
        error_set(err, ERROR_USAGE,
                  "%s: holds results, it is not an experiment (runner show %s, runner report %s; "
                  "the experiment is experiment.yaml beside it)",
                  path, quoted, quoted);
        goto done;
    }
    good = spec_read_text(spec, path, text, length, overrides, override_count, err);
done:
    free(text);
    fclose(file);
    return good;
}
