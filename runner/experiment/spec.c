/* An experiment from its YAML: reads the file, lets the command line edit the tree, reads section
 * after section, and checks what can be checked without expanding the grid. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runner/experiment/spec_value.h"
#include "runner/experiment/suggest.h"

#define OVERRIDES_MAX 1000

static const char *name_of_override(const Spec *spec, int32_t line) {
    return -line <= spec->overrides ? spec->override[-line - 1] : "?";
}

void spec_place(const Spec *spec, int32_t line, int32_t column, char *text, size_t size) {
    if (line >= 0) {
        snprintf(text, size, "%s:%d:%d", spec->path, line > 0 ? line : 1, column > 0 ? column : 1);
        return;
    }
    const char *argument = name_of_override(spec, line);
    snprintf(text, size, "argument \"%.80s%s\"", argument, strlen(argument) > 80 ? "..." : "");
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 32 || *c == 127) *c = '?';
    }
}

/* Adds the pairs of a section's map to the base; `prefix` is "data." and the like, or "". */
static bool read_base(SpecParser *p, Draft *base, const YamlNode *map, const char *section) {
    const bool data = strcmp(section, "data") == 0, fixed = strcmp(section, "fixed") == 0;
    if (!spec_value_want(p, map, section, YAML_KIND_MAP)) return false;
    for (const YamlNode *child = map->first; child != NULL; child = child->next) {
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
    for (const YamlNode *child = map->first; child != NULL; child = child->next) {
        if (!spec_axis_read(p, &p->spec->axis[p->spec->axes], child)) return false;
        p->spec->axes++;
    }
    return true;
}

static bool read_axes(SpecParser *p) {
    const YamlNode *grid = yaml_tree_find(p->root, "grid"), *zip = yaml_tree_find(p->root, "zip");
    size_t room = 0;
    if (grid != NULL) {
        if (!spec_value_want(p, grid, "grid", YAML_KIND_MAP)) return false;
        if (grid->count == 0)
            return spec_value_complain(
                p, grid->line, grid->column,
                "grid: is empty (name a key and its values, or leave it out)");
        room += (size_t)grid->count;
    }
    if (zip != NULL) {
        if (!spec_value_want(p, zip, "zip", YAML_KIND_LIST)) return false;
        room += (size_t)zip->count;
    }
    if (p->cli != NULL) room += (size_t)p->cli->count;
    p->spec->axis = pool_alloc(p->pool, room, sizeof *p->spec->axis, p->err);
    if (p->spec->axis == NULL || (grid != NULL && !read_grid(p, grid))) return false;
    for (const YamlNode *group = zip != NULL ? zip->first : NULL; group != NULL;
         group = group->next) {
        if (!spec_axis_zip(p, &p->spec->axis[p->spec->axes], group)) return false;
        p->spec->axes++;
    }
    return p->cli == NULL || read_grid(p, p->cli);
}

/* include and exclude */
static bool read_choices(SpecParser *p, const char *name, Choice **choices, int32_t *count) {
    const YamlNode *list = yaml_tree_find(p->root, name);
    if (list == NULL) return true;
    if (!spec_value_want(p, list, name, YAML_KIND_LIST)) return false;
    *choices = pool_alloc(p->pool, (size_t)list->count, sizeof **choices, p->err);
    if (*choices == NULL) return false;
    for (const YamlNode *item = list->first; item != NULL; item = item->next) {
        Draft draft = {.count = 0};
        if (!spec_value_want(p, item, name, YAML_KIND_MAP)) return false;
        if (item->count == 0)
            return spec_value_complain(p, item->line, item->column,
                                       "%s: an empty entry (name keys and values)", name);
        if (!spec_value_assign_all(p, &draft, item)) return false;
        if (!spec_value_choice(p, &draft, item->line, item->column, &(*choices)[(*count)++]))
            return false;
    }
    return true;
}

/* Where every key stands first, and that it stands in one place only: fixed, or one axis. */
static bool check_once(SpecParser *p) {
    const Spec *spec = p->spec;
    const Assignment *first[KEY_COUNT] = {NULL};
    for (int32_t i = 0; i < spec->base.count; i++)
        first[spec->base.set[i].key] = &spec->base.set[i];
    for (int32_t a = 0; a < spec->axes; a++) {
        const Assignment *here[KEY_COUNT] = {NULL};
        for (int64_t c = 0; c < spec->axis[a].count; c++) {
            const Choice *choice = &spec->axis[a].choice[c];
            for (int32_t s = 0; s < choice->count; s++) {
                const Assignment *assignment = &choice->set[s], *earlier = first[assignment->key];
                here[assignment->key] = assignment;
                if (earlier == NULL) continue;
                char place[512];
                spec_place(spec, earlier->line, earlier->column, place, sizeof place);
                return spec_value_complain(
                    p, assignment->line, assignment->column,
                    "%s: an axis, but already set at %s (a key stands in fixed or on one axis)",
                    KEYS[assignment->key].name, place);
            }
        }
        for (int k = 0; k < KEY_COUNT; k++) {
            if (here[k] != NULL) first[k] = here[k];
        }
    }
    return true;
}

/* Calls see() for every assignment that makes trials: base, axes, includes; stops where it says
 * false. */
static bool each_assignment(SpecParser *p, bool (*see)(SpecParser *, const Assignment *, void *),
                            void *context) {
    const Spec *spec = p->spec;
    for (int32_t i = 0; i < spec->base.count; i++) {
        if (!see(p, &spec->base.set[i], context)) return false;
    }
    for (int32_t a = 0; a < spec->axes; a++) {
        for (int64_t c = 0; c < spec->axis[a].count; c++) {
            const Choice *choice = &spec->axis[a].choice[c];
            for (int32_t s = 0; s < choice->count; s++) {
                if (!see(p, &choice->set[s], context)) return false;
            }
        }
    }
    for (int32_t n = 0; n < spec->includes; n++) {
        for (int32_t s = 0; s < spec->include[n].count; s++) {
            if (!see(p, &spec->include[n].set[s], context)) return false;
        }
    }
    return true;
}

static bool collect_kinds(SpecParser *p, const Assignment *assignment, void *context) {
    (void)p;
    uint32_t *kinds = context;
    if (assignment->key == KEY_DATA_KIND) *kinds |= 1u << (unsigned)assignment->value.number;
    return true;
}

/* A data key that no data of this experiment know was meant for others. */
static bool check_kind(SpecParser *p, const Assignment *assignment, void *context) {
    const uint32_t kinds = *(const uint32_t *)context;
    const Key *key = &KEYS[assignment->key];
    if (key->kinds == 0 || kinds == 0 || (key->kinds & kinds) != 0) return true;
    char known[200] = "";
    size_t used = 0;
    for (unsigned k = 0; k < DATA_KIND_COUNT; k++) {
        if ((key->kinds >> k & 1) == 0) continue;
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? ", " : "",
                                 DATA_KIND_NAMES[k]);
    }
    unsigned kind = 0;
    while ((kinds >> kind & 1) == 0) kind++;
    return spec_value_complain(p, assignment->line, assignment->column,
                               "%s: data of kind %s have no %s (%s have)", key->name,
                               DATA_KIND_NAMES[kind], strchr(key->name, '.') + 1, known);
}

static bool sets(const Choice *choice, KeyId key) {
    for (int32_t i = 0; i < choice->count; i++) {
        if (choice->set[i].key == key) return true;
    }
    return false;
}

/* `hidden` and data.kind have no default: some axis, the base, or else every include must set
 * them. */
static bool check_required(SpecParser *p, KeyId key) {
    const Spec *spec = p->spec;
    if (sets(&spec->base, key)) return true;
    bool includes =
        spec->includes > 0 && spec->axes == 0; /* nothing but includes is trained then */
    for (int32_t i = 0; includes && i < spec->includes; i++)
        includes = sets(&spec->include[i], key);
    if (includes) return true;
    for (int32_t a = 0; a < spec->axes; a++) {
        bool all = true;
        for (int64_t c = 0; all && c < spec->axis[a].count; c++)
            all = sets(&spec->axis[a].choice[c], key);
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
        const YamlNode *data = yaml_tree_find(p->root, "data"), *at = data != NULL ? data : p->root;
        return spec_value_complain(p, at->line, at->column,
                                   "data.kind: is missing (data: {kind: moons, ...})");
    }
    return spec_value_complain(
        p, p->root->line, p->root->column,
        "hidden: is missing (fixed: {hidden: 20}, or grid: {hidden: [1, 2, 3]})");
}

const char *const SPEC_TOP[] = {"name",    "description", "data",      "fixed",   "grid",   "zip",
                                "exclude", "include",     "seed",      "repeats", "metric", "stop",
                                "record",  "report",      "published", NULL};

static bool check_top(SpecParser *p) {
    for (const YamlNode *child = p->root->first; child != NULL; child = child->next) {
        const char *const *top = SPEC_TOP;
        while (*top != NULL && strcmp(*top, child->key) != 0) top++;
        if (*top != NULL) continue;
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

static bool read_plain(SpecParser *p) {
    static const struct {
        const char *name;
        bool (*read)(SpecParser *, const YamlNode *);
    } sections[] = {{"name", spec_section_name},          {"description", spec_section_description},
                    {"seed", spec_section_seed},          {"repeats", spec_section_repeats},
                    {"metric", spec_section_metric},      {"report", spec_section_report},
                    {"published", spec_section_published}};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        const YamlNode *node = yaml_tree_find(p->root, sections[i].name);
        if (node != NULL && !sections[i].read(p, node)) return false;
    }
    return p->spec->name != NULL || spec_section_stem(p);
}

static bool read_trial_keys(SpecParser *p) {
    static const char *const sections[] = {"data", "fixed", "stop", "record"};
    Draft base = {.count = 0};
    const YamlNode *at = p->root;
    for (int i = 0; i < 4; i++) {
        const YamlNode *map = yaml_tree_find(p->root, sections[i]);
        if (map == NULL) continue;
        if (i == 1) at = map;
        if (!read_base(p, &base, map, sections[i])) return false;
    }
    if (!spec_value_choice(p, &base, at->line, at->column, &p->spec->base)) return false;
    uint32_t kinds = 0;
    return read_axes(p) && read_choices(p, "include", &p->spec->include, &p->spec->includes) &&
           read_choices(p, "exclude", &p->spec->exclude, &p->spec->excludes) && check_once(p) &&
           check_required(p, KEY_HIDDEN) && check_required(p, KEY_DATA_KIND) &&
           each_assignment(p, collect_kinds, &kinds) && each_assignment(p, check_kind, &kinds);
}

/* Everything that must be in the Spec before the first message can be worded. */
static bool prepare(SpecParser *p, const char *path, const char *text, size_t length,
                    const char *const *overrides, int32_t override_count) {
    Spec *spec = p->spec;
    *spec = (Spec){.repeats = 1, .metric = METRIC_COUNT};
    Pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) return error_memory(p->err, sizeof *pool);
    spec->memory = p->pool = pool;
    if (override_count > OVERRIDES_MAX)
        return error_set(p->err, ERROR_USAGE, "more than 1000 key=value arguments");
    spec->path = pool_text(pool, path, strlen(path), p->err);
    spec->source = pool_text(pool, text, length, p->err);
    spec->override = pool_alloc(pool, (size_t)override_count, sizeof *spec->override, p->err);
    if (spec->path == NULL || spec->source == NULL || spec->override == NULL) return false;
    for (; spec->overrides < override_count; spec->overrides++) {
        const char *override = overrides[spec->overrides];
        spec->override[spec->overrides] = pool_text(pool, override, strlen(override), p->err);
        if (spec->override[spec->overrides] == NULL) return false;
    }
    return true;
}

bool spec_parse(Spec *spec, const char *path, const char *text, size_t length,
                const char *const *overrides, int32_t override_count, Error *err) {
    Error ours = {0}; /* so that messages are found even where the caller wants none */
    Pool tree = {NULL};
    SpecParser p = {.spec = spec, .tree = &tree, .err = &ours};
    TRY(prepare(&p, path, text, length > YAML_TREE_MAX_BYTES ? 0 : length, overrides,
                override_count));
    TRY(yaml_tree_parse(&p.root, &tree, path, 0, text, length, &ours));
    TRY(spec_value_want(&p, p.root, "an experiment", YAML_KIND_MAP));
    TRY(spec_override_apply(&p, overrides, override_count));
    TRY(check_top(&p));
    TRY(read_plain(&p));
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
    *spec = (Spec){.path = NULL};
    FILE *file = fopen(path, "rb");
    char hint[1100];
    if (file == NULL) {
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
    const size_t room = YAML_TREE_MAX_BYTES + 1; /* one more says that it is too large */
    text = malloc(room);
    if (text == NULL) {
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
        error_set(err, ERROR_USAGE,
                  "%s: holds results, it is not an experiment (runner show %s, runner report %s; "
                  "the experiment is experiment.yaml beside it)",
                  path, path, path);
        goto done;
    }
    good = spec_parse(spec, path, text, length, overrides, override_count, err);
done:
    free(text);
    fclose(file);
    return good;
}

void spec_destroy(Spec *spec) {
    if (spec->memory != NULL) pool_destroy(spec->memory);
    free(spec->memory);
    *spec = (Spec){.path = NULL};
}
