/* An axis becomes a list of choices.
 *
 * A range's ends are the values as given; with `num`, what lies between is rounded to 15
 * significant digits, so that 0 to 1 in 11 steps says 0.3, and no libm's last bit gets into a
 * trial's identity. */
#include "runner/experiment/spec_axis.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

static bool count_values(SpecParser *p, const YamlNode *node, const char *name, int64_t count) {
    if (count > SPEC_AXIS_MAX_VALUES - p->values) {
        return spec_value_complain(
            p, node->line, node->column,
            "%s: more than %d values on all axes together (fewer values, or steps with num)", name,
            SPEC_AXIS_MAX_VALUES);
    }
    p->values += count;
    return true;
}

/* The assignments of a choice as one number, in whatever order they are. */
static uint64_t digest(const Choice *choice) {
    uint64_t sum = 0;
    for (int32_t i = 0; i < choice->count; i++) {
        uint64_t h = 0xcbf29ce484222325u ^ (uint64_t)choice->set[i].key;
        for (const char *c = choice->set[i].value.text; *c != '\0'; c++) {
            h = (h ^ (unsigned char)*c) * 0x100000001b3u;
        }
        sum += h ^ (h >> 29);
    }
    return sum;
}

static bool same(const Choice *a, const Choice *b) {
    if (a->count != b->count) return false;
    for (int32_t i = 0; i < a->count; i++) {
        int32_t j = 0;
        while (j < b->count && b->set[j].key != a->set[i].key) j++;
        if (j == b->count || strcmp(a->set[i].value.text, b->set[j].value.text) != 0) return false;
    }
    return true;
}

typedef struct ChoiceDigest {
    uint64_t digest;
    int64_t index;
} ChoiceDigest;

static int compare_digests(const void *a, const void *b) {
    const ChoiceDigest *x = a, *y = b;
    if (x->digest != y->digest) return x->digest < y->digest ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* "3", or "activation=tanh, init=zeros" */
static void describe_choice(const Choice *choice, char *buffer, size_t size) {
    Text text = text_begin(buffer, size);
    if (choice->count == 1) {
        const char *value = choice->set[0].value.text;
        text_add(&text, "%s", value[0] != '\0' ? value : "[]");
        return;
    }
    for (int32_t i = 0; i < choice->count; i++) {
        const Assignment *one = &choice->set[i];
        text_add(&text, "%s%s=%s", i > 0 ? ", " : "", KEYS[one->key].name, one->value.text);
    }
}

static bool refuse_twice(SpecParser *p, const Axis *axis) {
    ChoiceDigest *order = pool_alloc(p->tree, (size_t)axis->count, sizeof *order, p->err);
    if (!order) return false;
    for (int64_t i = 0; i < axis->count; i++)
        order[i] = (ChoiceDigest){digest(&axis->choice[i]), i};
    qsort(order, (size_t)axis->count, sizeof *order, compare_digests);
    for (int64_t i = 1; i < axis->count; i++) {
        const Choice *earlier = &axis->choice[order[i - 1].index],
                     *later = &axis->choice[order[i].index];
        if (order[i - 1].digest != order[i].digest || !same(earlier, later)) continue;
        char words[200];
        describe_choice(later, words, sizeof words);
        return spec_value_complain(p, later->line, later->column,
                                   "%s: %s stands here twice (values %" PRId64 " and %" PRId64
                                   " of the axis)",
                                   axis->name, words, order[i - 1].index + 1, order[i].index + 1);
    }
    return true;
}

/* A range as read: the ends by the key's own rules, and how many values. */
typedef struct NumberRange {
    Value min, max;
    int64_t count;
    bool log, stepped; /* stepped: count comes from num */
} NumberRange;

static bool read_end(SpecParser *p, const Key *key, const YamlNode *map, const char *word,
                     Value *value) {
    const YamlNode *node = yaml_tree_find(map, word);
    if (!node) {
        return spec_value_complain(
            p, map->line, map->column,
            "%s: the range has no %s ({min: 1, max: 50}, or with num and scale)", key->name, word);
    }
    Key end = *key; /* an end is one number, also of layer sizes, and no word */
    end.word = NULL;
    if (end.type == KEY_TYPE_SIZES) end.type = KEY_TYPE_INTEGER;
    return spec_value_scalar(p, &end, node, value);
}

static bool read_range(SpecParser *p, const Key *key, const YamlNode *map, NumberRange *range) {
    static const char *const words[] = {"min", "max", "num", "scale", NULL};
    static const char *const scales[] = {"linear", "log", NULL};
    char num_name[64], scale_name[64];
    const Key num_key = {
        .name = num_name, .type = KEY_TYPE_INTEGER, .low = 2, .high = SPEC_AXIS_MAX_VALUES};
    const Key scale_key = {
        .name = scale_name, .type = KEY_TYPE_CHOICE, .choices = scales, .high = 1};
    snprintf(num_name, sizeof num_name, "%s.num", key->name);
    snprintf(scale_name, sizeof scale_name, "%s.scale", key->name);
    char prefix[64];
    snprintf(prefix, sizeof prefix, "%s.", key->name);
    for (const YamlNode *child = map->first; child; child = child->next) {
        bool known = false;
        for (const char *const *word = words; *word; word++) {
            known = known || strcmp(*word, child->key) == 0;
        }
        if (!known) return spec_value_unknown(p, child, prefix, words);
    }
    if (!read_end(p, key, map, "min", &range->min) || !read_end(p, key, map, "max", &range->max)) {
        return false;
    }
    const double min = range->min.number, max = range->max.number;
    if (!(min < max)) {
        return spec_value_complain(p, map->line, map->column, "%s: min %s is not below max %s",
                                   key->name, range->min.text, range->max.text);
    }
    const YamlNode *num = yaml_tree_find(map, "num"), *scale = yaml_tree_find(map, "scale");
    range->stepped = num;
    if (!num && (scale || key->type == KEY_TYPE_REAL)) {
        return spec_value_complain(p, map->line, map->column,
                                   "%s: num is missing (how many values from min to max: num: 10)",
                                   key->name);
    }
    Value value = {max - min + 1, ""};
    if (num && !spec_value_scalar(p, &num_key, num, &value)) return false;
    range->count = value.number > 1e18 ? (int64_t)1e18 : (int64_t)value.number;
    if (scale && !spec_value_scalar(p, &scale_key, scale, &value)) return false;
    range->log = scale && value.number > 0;
    if (range->log && min <= 0) {
        return spec_value_complain(p, map->line, map->column, "%s: a log scale needs a min above 0",
                                   key->name);
    }
    return true;
}

static double range_value(const NumberRange *range, bool integer, int64_t i) {
    const double min = range->min.number, max = range->max.number;
    if (!range->stepped) return min + (double)i;
    if (i == 0) return min;
    if (i == range->count - 1) return max;
    const double share = (double)i / (double)(range->count - 1);
    const double value = range->log ? pow(10, log10(min) + (log10(max) - log10(min)) * share)
                                    : min * (1 - share) + max * share;
    if (integer) return round(value);
    char text[40];
    snprintf(text, sizeof text, "%.15g", value);
    return strtod(text, NULL);
}

static bool axis_of_range(SpecParser *p, Axis *axis, const Key *key, const YamlNode *map) {
    NumberRange range = {0};
    if (!read_range(p, key, map, &range) || !count_values(p, map, key->name, range.count)) {
        return false;
    }
    axis->count = range.count;
    axis->choice = pool_alloc(p->pool, (size_t)range.count, sizeof *axis->choice, p->err);
    Assignment *set = pool_alloc(p->pool, (size_t)range.count, sizeof *set, p->err);
    if (!axis->choice || !set) return false;
    const bool integer = key->type != KEY_TYPE_REAL;
    double previous = 0;
    for (int64_t i = 0; i < range.count; i++) {
        const double number = range_value(&range, integer, i);
        if (i > 0 && !(number > previous)) {
            return spec_value_complain(
                p, map->line, map->column,
                "%s: %" PRId64 " values from %s to %s are not all different (a smaller num)",
                key->name, range.count, range.min.text, range.max.text);
        }
        previous = number;
        char text[32];
        if (integer) {
            snprintf(text, sizeof text, "%" PRId64, (int64_t)number);
        } else {
            text_real(text, sizeof text, number);
        }
        char *copy = pool_text(p->pool, text, strlen(text), p->err);
        if (!copy) return false;
        set[i] = (Assignment){key->id, {number == 0 ? 0 : number, copy}, map->line, map->column};
        axis->choice[i] = (Choice){&set[i], 1, map->line, map->column};
    }
    char buffer[160];
    Text text = text_begin(buffer, sizeof buffer);
    text_add(&text, "{min: %s, max: %s", range.min.text, range.max.text);
    if (range.stepped) {
        text_add(&text, ", num: %" PRId64 ", scale: %s", range.count, range.log ? "log" : "linear");
    }
    text_add(&text, "}");
    axis->range = pool_text(p->pool, buffer, text.length, p->err);
    return axis->range;
}

static bool axis_of_list(SpecParser *p, Axis *axis, const char *name, const YamlNode *list) {
    if (list->count == 0) {
        return spec_value_complain(
            p, list->line, list->column, "%s: an empty list (an axis needs values%s)", name,
            strcmp(name, "hidden") == 0 ? "; [[]] is the one shape without hidden layers" : "");
    }
    if (!count_values(p, list, name, list->count)) return false;
    axis->count = list->count;
    axis->choice = pool_alloc(p->pool, (size_t)list->count, sizeof *axis->choice, p->err);
    if (!axis->choice) return false;
    int64_t i = 0;
    for (YamlNode *item = list->first; item; item = item->next, i++) {
        Draft draft = {.count = 0};
        item->key = name; /* an item has no key of its own; messages want one */
        item->key_line = item->line;
        item->key_column = item->column;
        if (!spec_value_assign(p, &draft, name, item, NULL)) return false;
        if (!spec_value_choice(p, &draft, item->line, item->column, &axis->choice[i])) return false;
    }
    return true;
}

static bool read_member(SpecParser *p, Axis *axis, const YamlNode *node) {
    const KeyId key = spec_value_key(node->key);
    const char *name =
        key < KEY_COUNT ? KEYS[key].name : node->key; /* no alias: the axis is a column */
    *axis = (Axis){.name = pool_text(p->pool, name, strlen(name), p->err)};
    if (!axis->name) return false;
    if (!spec_value_is_trial_key(name)) { /* refused, in the usual words */
        Draft draft = {.count = 0};
        return spec_value_assign(p, &draft, name, node, NULL);
    }
    if (node->kind == YAML_KIND_LIST) return axis_of_list(p, axis, name, node);
    if (node->kind == YAML_KIND_MAP && !spec_value_is_structured(name)) {
        const KeyType type = KEYS[key].type;
        if (type == KEY_TYPE_INTEGER || type == KEY_TYPE_REAL || type == KEY_TYPE_SIZES) {
            return axis_of_range(p, axis, &KEYS[key], node);
        }
        return spec_value_complain(p, node->line, node->column, "%s: a list of values, not a map",
                                   name);
    }
    YamlNode item = *node; /* a single value is an axis of one */
    item.next = NULL;
    const YamlNode list = {.kind = YAML_KIND_LIST,
                           .line = node->line,
                           .column = node->column,
                           .first = &item,
                           .count = 1};
    return axis_of_list(p, axis, name, &list);
}

bool spec_axis_read(SpecParser *p, Axis *axis, const YamlNode *node) {
    return read_member(p, axis, node) && (axis->range || refuse_twice(p, axis));
}

/* Choice i of the group is choice i of every member, put together. */
static bool join_members(SpecParser *p, Axis *axis, const Axis *member, int32_t members) {
    axis->choice = pool_alloc(p->pool, (size_t)axis->count, sizeof *axis->choice, p->err);
    if (!axis->choice) return false;
    for (int64_t i = 0; i < axis->count; i++) {
        Draft draft = {.count = 0};
        for (int32_t m = 0; m < members; m++) {
            const Choice *choice = &member[m].choice[i];
            for (int32_t s = 0; s < choice->count; s++) {
                for (int32_t d = 0; d < draft.count; d++) {
                    if (draft.set[d].key != choice->set[s].key) continue;
                    return spec_value_complain(p, choice->line, choice->column,
                                               "%s: set twice in one zip group",
                                               KEYS[choice->set[s].key].name);
                }
                draft.set[draft.count++] = choice->set[s];
            }
        }
        const Choice *first = &member[0].choice[i];
        if (!spec_value_choice(p, &draft, first->line, first->column, &axis->choice[i])) {
            return false;
        }
    }
    return true;
}

bool spec_axis_zip(SpecParser *p, Axis *axis, const YamlNode *map) {
    if (!spec_value_want(p, map, "zip", YAML_KIND_MAP)) return false;
    if (map->count == 0) {
        return spec_value_complain(p, map->line, map->column, "zip: an empty group");
    }
    Axis *member = pool_alloc(p->tree, (size_t)map->count, sizeof *member, p->err);
    size_t length = 0;
    for (const YamlNode *child = map->first; child; child = child->next) {
        length += strlen(child->key) + 1;
    }
    char *name = pool_alloc(p->pool, length + 1, 1, p->err);
    if (!member || !name) return false;
    int32_t members = 0;
    for (const YamlNode *child = map->first; child; child = child->next, members++) {
        Axis *one = &member[members];
        if (!read_member(p, one, child)) return false;
        if (one->range && map->count > 1 && one->count > 10000) {
            return spec_value_complain(p, child->line, child->column,
                                       "zip.%s: a range of more than 10000 values", one->name);
        }
        if (one->count != member[0].count) {
            return spec_value_complain(p, child->line, child->column,
                                       "zip: %s has %" PRId64 " values, %s has %" PRId64
                                       " (they move together)",
                                       one->name, one->count, member[0].name, member[0].count);
        }
        if (members > 0) strcat(name, "+");
        strcat(name, one->name);
    }
    *axis = (Axis){.count = member[0].count, .name = name};
    if (members == 1) {
        *axis = member[0];
        return axis->range || refuse_twice(p, axis);
    }
    return join_members(p, axis, member, members) && refuse_twice(p, axis);
}
