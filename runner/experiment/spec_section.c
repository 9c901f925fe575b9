/* Name, seeds, metric, report, published figures: their values follow the same rules as trial keys,
 * by small Keys of their own. */
#include "runner/experiment/spec_section.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define ANY          ((double)INFINITY)
#define NAME_LENGTH  100
#define NAME_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

static const Key NAME = {.name = "name", .type = KEY_TYPE_TEXT};
static const Key DESCRIPTION = {.name = "description", .type = KEY_TYPE_TEXT};
static const Key SEED = {.name = "seed", .type = KEY_TYPE_INTEGER, .high = KEYS_SEED_MAX};
static const Key REPEATS = {
    .name = "repeats", .type = KEY_TYPE_INTEGER, .low = 1, .high = SPEC_MAX_REPEATS};
static const Key PER_REPEAT = {.name = "data.per_repeat", .type = KEY_TYPE_BOOL};
static const Key GOAL = {.name = "metric.goal",
                         .type = KEY_TYPE_CHOICE,
                         .choices = SPEC_GOAL_NAMES,
                         .high = SPEC_GOAL_COUNT - 1};
static const Key AT = {.name = "metric.at",
                       .type = KEY_TYPE_CHOICE,
                       .choices = SPEC_AT_NAMES,
                       .high = SPEC_AT_COUNT - 1};
static const Key SOURCE = {.name = "published.source", .type = KEY_TYPE_TEXT};
static const Key NOTE = {.name = "published.note", .type = KEY_TYPE_TEXT};
static const Key WHERE_SEED = {
    .name = "published.where.seed", .type = KEY_TYPE_INTEGER, .high = KEYS_SEED_MAX};
static const Key OR_NEXT = {.name = "published.or_next", .type = KEY_TYPE_BOOL};
static const Key EPOCH = {.name = "published.epoch", .type = KEY_TYPE_INTEGER, .high = 1e9};
static const Key FIGURE = {
    .name = "published.value", .type = KEY_TYPE_REAL, .low = -ANY, .high = ANY};

/* A text that may have line breaks: they become blanks, so that no report or log has to care. */
static bool read_text(SpecParser *p, const Key *key, const YamlNode *node, char **text) {
    if (!spec_value_want(p, node, key->name, YAML_KIND_SCALAR)) return false;
    char *flat = pool_text(p->tree, node->text, strlen(node->text), p->err);
    if (!flat) return false;
    for (char *c = flat; *c != '\0'; c++) {
        if (*c == '\n' || *c == '\r' || *c == '\t') *c = ' ';
    }
    for (size_t n = strlen(flat); n > 0 && flat[n - 1] == ' '; n--) flat[n - 1] = '\0';
    YamlNode one = *node;
    one.text = flat;
    Value value;
    if (!spec_value_scalar(p, key, &one, &value)) return false;
    *text = pool_text(p->pool, value.text, strlen(value.text), p->err);
    return *text;
}

static bool check_name(SpecParser *p, const YamlNode *node) {
    const char *name = p->spec->name;
    if (name[0] == '\0' || name[0] == '.' || strlen(name) > NAME_LENGTH ||
        name[strspn(name, NAME_LETTERS)] != '\0') {
        return spec_value_complain(
            p, node->line, node->column,
            "name: \"%.40s\" names a folder (letters, digits, . _ -, no leading dot, 100 at most)",
            name);
    }
    return true;
}

static bool read_name_section(SpecParser *p, const YamlNode *node) {
    return read_text(p, &NAME, node, &p->spec->name) && check_name(p, node);
}

/* The name of an experiment that has none: its file's stem. */
static bool name_by_path(SpecParser *p) {
    const char *slash = strrchr(p->spec->path, '/'), *stem = slash ? slash + 1 : p->spec->path;
    const char *dot = strrchr(stem, '.');
    size_t length = dot && dot > stem ? (size_t)(dot - stem) : strlen(stem);
    if (length > NAME_LENGTH) length = NAME_LENGTH;
    char *name = length > 0 ? pool_text(p->pool, stem, length, p->err)
                            : pool_text(p->pool, "experiment", 10, p->err);
    if (!name) return false;
    for (char *c = name; *c != '\0'; c++) {
        if (!strchr(NAME_LETTERS, *c) || (c == name && *c == '.')) *c = '-';
    }
    p->spec->name = name;
    return true;
}

static bool read_description_section(SpecParser *p, const YamlNode *node) {
    return read_text(p, &DESCRIPTION, node, &p->spec->description);
}

static bool read_integer(SpecParser *p, const Key *key, const YamlNode *node, int64_t *number) {
    Value value;
    if (!spec_value_scalar(p, key, node, &value)) return false;
    *number = (int64_t)value.number;
    return true;
}

static bool read_flag(SpecParser *p, const Key *key, const YamlNode *node, bool *flag) {
    Value value;
    if (!spec_value_scalar(p, key, node, &value)) return false;
    *flag = value.number > 0;
    return true;
}

static bool read_seed_section(SpecParser *p, const YamlNode *node) {
    return read_integer(p, &SEED, node, &p->spec->seed);
}

static bool read_repeats_section(SpecParser *p, const YamlNode *node) {
    if (!read_integer(p, &REPEATS, node, &p->spec->repeats)) return false;
    if ((double)(p->spec->seed + p->spec->repeats - 1) <= KEYS_SEED_MAX) return true;
    return spec_value_complain(
        p, node->line, node->column,
        "repeats: the seeds seed .. seed + repeats - 1 go beyond 4294967295");
}

bool spec_section_per_repeat(SpecParser *p, const YamlNode *node) {
    return read_flag(p, &PER_REPEAT, node, &p->spec->per_repeat);
}

static bool read_metric(SpecParser *p, const char *name, const YamlNode *node, Metric *metric) {
    const char *names[METRIC_COUNT + 1];
    for (int i = 0; i < METRIC_COUNT; i++) names[i] = metrics_name((Metric)i);
    names[METRIC_COUNT] = NULL;
    const Key key = {
        .name = name, .type = KEY_TYPE_CHOICE, .choices = names, .high = METRIC_COUNT - 1};
    Value value;
    if (!spec_value_scalar(p, &key, node, &value)) return false;
    *metric = (Metric)value.number;
    return true;
}

static bool read_metric_section(SpecParser *p, const YamlNode *node) {
    static const char *const words[] = {"name", "goal", "at", NULL};
    Spec *spec = p->spec;
    spec->metric_line = node->line;
    spec->metric_column = node->column;
    if (node->kind == YAML_KIND_SCALAR) {
        if (!read_metric(p, "metric", node, &spec->metric)) return false;
        spec->goal = metrics_more_is_better(spec->metric) ? SPEC_MAXIMIZE : SPEC_MINIMIZE;
        return true;
    }
    if (!spec_value_want(p, node, "metric", YAML_KIND_MAP)) return false;
    bool has_goal = false;
    for (const YamlNode *child = node->first; child; child = child->next) {
        Value value;
        if (strcmp(child->key, "name") == 0) {
            if (!read_metric(p, "metric.name", child, &spec->metric)) return false;
        } else if (strcmp(child->key, "goal") == 0) {
            if (!spec_value_scalar(p, &GOAL, child, &value)) return false;
            spec->goal = (SpecGoal)value.number;
            has_goal = true;
        } else if (strcmp(child->key, "at") == 0) {
            if (!spec_value_scalar(p, &AT, child, &value)) return false;
            spec->at = (SpecAt)value.number;
        } else {
            return spec_value_unknown(p, child, "metric.", words);
        }
    }
    if (!has_goal && spec->metric != METRIC_COUNT) {
        spec->goal = metrics_more_is_better(spec->metric) ? SPEC_MAXIMIZE : SPEC_MINIMIZE;
    }
    return true;
}

/* A list of values, none of them twice. */
static bool read_list(SpecParser *p, const Key *key, const YamlNode *node, char ***list) {
    if (!spec_value_want(p, node, key->name, YAML_KIND_LIST)) return false;
    *list = pool_alloc(p->pool, (size_t)node->count + 1, sizeof **list, p->err);
    if (!*list) return false;
    size_t count = 0;
    for (const YamlNode *item = node->first; item; item = item->next) {
        Value value;
        if (!spec_value_scalar(p, key, item, &value)) return false;
        for (size_t i = 0; i < count; i++) {
            if (strcmp((*list)[i], value.text) != 0) continue;
            return spec_value_complain(p, item->line, item->column, "%s: %s is in the list twice",
                                       key->name, value.text);
        }
        (*list)[count] = pool_text(p->pool, value.text, strlen(value.text), p->err);
        if (!(*list)[count++]) return false;
    }
    return true;
}

static bool read_report_sections(SpecParser *p, const char *name, const YamlNode *node) {
    size_t sections = 0;
    while (SPEC_SECTIONS[sections]) sections++;
    const Key key = {.name = name,
                     .type = KEY_TYPE_CHOICE,
                     .choices = SPEC_SECTIONS,
                     .high = (double)(sections - 1)};
    return read_list(p, &key, node, &p->spec->report.sections);
}

static bool read_report_panels(SpecParser *p, const YamlNode *node) {
    static const Key key = {.name = "report.panels", .type = KEY_TYPE_TEXT};
    if (!read_list(p, &key, node, &p->spec->report.panels)) return false;
    if (node->count > 0 && node->count <= SPEC_MAX_PANELS) return true;
    return spec_value_complain(p, node->line, node->column, "report.panels: 1 to %d values, not %d",
                               SPEC_MAX_PANELS, (int)node->count);
}

/* The list of sections alone, or a map of what the page shows. */
static bool read_report_section(SpecParser *p, const YamlNode *node) {
    static const char *const words[] = {"sections", "panels", NULL};
    if (node->kind == YAML_KIND_LIST) return read_report_sections(p, "report", node);
    if (node->kind == YAML_KIND_SCALAR) return spec_value_want(p, node, "report", YAML_KIND_LIST);
    for (const YamlNode *child = node->first; child; child = child->next) {
        if (strcmp(child->key, "sections") == 0) {
            if (!read_report_sections(p, "report.sections", child)) return false;
        } else if (strcmp(child->key, "panels") == 0) {
            if (!read_report_panels(p, child)) return false;
        } else {
            return spec_value_unknown(p, child, "report.", words);
        }
    }
    return true;
}

static bool read_where(SpecParser *p, const YamlNode *node, Published *published) {
    if (!spec_value_want(p, node, "published.where", YAML_KIND_MAP)) return false;
    Draft draft = {.count = 0};
    for (const YamlNode *child = node->first; child; child = child->next) {
        if (strcmp(child->key, "seed") == 0) {
            if (!read_integer(p, &WHERE_SEED, child, &published->where_seed)) return false;
        } else if (!spec_value_assign(p, &draft, child->key, child, NULL)) {
            return false;
        }
    }
    return spec_value_choice(p, &draft, node->line, node->column, &published->where);
}

/* A number, or a list of *count numbers. */
static bool read_figures(SpecParser *p, const Key *key, const YamlNode *node, double **figures,
                         int32_t *count) {
    if (node->kind != YAML_KIND_LIST && !spec_value_want(p, node, key->name, YAML_KIND_SCALAR)) {
        return false;
    }
    *count = node->kind == YAML_KIND_LIST ? node->count : 1;
    if (*count == 0) {
        return spec_value_complain(p, node->line, node->column, "%s: an empty list", key->name);
    }
    *figures = pool_alloc(p->pool, (size_t)*count, sizeof **figures, p->err);
    if (!*figures) return false;
    YamlNode only = *node;
    only.next = NULL;
    int32_t i = 0;
    for (const YamlNode *item = node->kind == YAML_KIND_LIST ? node->first : &only; item;
         item = item->next) {
        Value value;
        if (!spec_value_scalar(p, key, item, &value)) return false;
        (*figures)[i++] = value.number;
    }
    return true;
}

static bool read_epochs(SpecParser *p, const YamlNode *node, Published *published, int32_t *count) {
    double *figures;
    if (!read_figures(p, &EPOCH, node, &figures, count)) return false;
    published->epoch = pool_alloc(p->pool, (size_t)*count, sizeof *published->epoch, p->err);
    if (!published->epoch) return false;
    for (int32_t i = 0; i < *count; i++) {
        published->epoch[i] = (int64_t)figures[i];
        if (i == 0 || published->epoch[i] > published->epoch[i - 1]) continue;
        return spec_value_complain(p, node->line, node->column,
                                   "published.epoch: %" PRId64 " does not come after %" PRId64
                                   " (ascending)",
                                   published->epoch[i], published->epoch[i - 1]);
    }
    return true;
}

static bool read_entry(SpecParser *p, const YamlNode *node, Published *published) {
    enum {
        SOURCE_WORD,
        NOTE_WORD,
        WHERE_WORD,
        METRIC_WORD,
        EPOCH_WORD,
        VALUE_WORD,
        OR_NEXT_WORD,
        WORDS
    };
    static const char *const words[] = {"source", "note",  "where",   "metric",
                                        "epoch",  "value", "or_next", NULL};
    if (!spec_value_want(p, node, "published", YAML_KIND_MAP)) return false;
    *published = (Published){.where_seed = -1,
                             .metric = METRIC_COUNT,
                             .where = {.line = node->line, .column = node->column}};
    bool has[WORDS] = {false};
    int32_t epochs = 0;
    for (const YamlNode *child = node->first; child; child = child->next) {
        int word = 0;
        while (word < WORDS && strcmp(words[word], child->key) != 0) word++;
        bool good = false;
        switch (word) {
        case SOURCE_WORD: good = read_text(p, &SOURCE, child, &published->source); break;
        case NOTE_WORD: good = read_text(p, &NOTE, child, &published->note); break;
        case WHERE_WORD: good = read_where(p, child, published); break;
        case METRIC_WORD:
            good = read_metric(p, "published.metric", child, &published->metric);
            break;
        case EPOCH_WORD: good = read_epochs(p, child, published, &epochs); break;
        case VALUE_WORD:
            good = read_figures(p, &FIGURE, child, &published->value, &published->count);
            break;
        case OR_NEXT_WORD: good = read_flag(p, &OR_NEXT, child, &published->or_next); break;
        default: return spec_value_unknown(p, child, "published.", words);
        }
        if (!good) return false;
        has[word] = true;
    }
    static const int needed[] = {SOURCE_WORD, METRIC_WORD, EPOCH_WORD, VALUE_WORD};
    for (int i = 0; i < 4; i++) {
        if (has[needed[i]]) continue;
        return spec_value_complain(
            p, node->line, node->column,
            "published: %s is missing (source, metric, epoch, value are needed)", words[needed[i]]);
    }
    if (epochs == published->count) return true;
    return spec_value_complain(p, node->line, node->column, "published: %d epochs but %d values",
                               (int)epochs, (int)published->count);
}

static bool read_published_section(SpecParser *p, const YamlNode *node) {
    if (!spec_value_want(p, node, "published", YAML_KIND_LIST)) return false;
    p->spec->published =
        pool_alloc(p->pool, (size_t)node->count, sizeof *p->spec->published, p->err);
    if (!p->spec->published) return false;
    for (const YamlNode *item = node->first; item; item = item->next) {
        if (!read_entry(p, item, &p->spec->published[p->spec->published_count])) return false;
        p->spec->published_count++;
    }
    return true;
}

bool spec_section_read(SpecParser *p) {
    static const struct {
        const char *name;
        bool (*read)(SpecParser *, const YamlNode *);
    } sections[] = {{"name", read_name_section},          {"description", read_description_section},
                    {"seed", read_seed_section},          {"repeats", read_repeats_section},
                    {"metric", read_metric_section},      {"report", read_report_section},
                    {"published", read_published_section}};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        const YamlNode *node = yaml_tree_find(p->root, sections[i].name);
        if (node && !sections[i].read(p, node)) return false;
    }
    return p->spec->name || name_by_path(p);
}
