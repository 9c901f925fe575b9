/* Writes an experiment out in full. What it writes is read back to the same trials, in the same
 * order, with the same identities: keys on axes stay there, everything else is spelled out. A
 * default that depends on another key is spelled out only if that key is the same for all
 * trials. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/experiment/spec.h"

/* A text in double quotes. What YAML would not take raw, or would fold as a line break, is
 * escaped. */
static void write_text(FILE *out, const char *text) {
    fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c != 0;) {
        const int bytes = *c < 0x80 ? 1 : *c < 0xE0 ? 2 : *c < 0xF0 ? 3 : 4;
        unsigned long code = bytes == 1 ? *c : *c & (0xFFu >> (bytes + 1));
        for (int i = 1; i < bytes; i++) code = code << 6 | (c[i] & 0x3F);
        if (code == '"' || code == '\\') fputc('\\', out);
        if (code < 0x20 || (code >= 0x7F && code < 0xA0)) {
            fprintf(out, "\\x%02lX", code);
        } else if ((code >= 0x2028 && code <= 0x2029) || code == 0xFEFF ||
                   (code >= 0xFFFE && code <= 0xFFFF)) {
            fprintf(out, "\\u%04lX", code);
        } else {
            fwrite(c, 1, (size_t)bytes, out);
        }
        c += bytes;
    }
    fputc('"', out);
}

/* Lists have their separators replaced; "" is [] for lists and never written for numbers. */
static void write_value(FILE *out, const Key *key, const char *text) {
    if (key->type == KEY_TYPE_TEXT) {
        write_text(out, text);
        return;
    }
    const char separator = key->type == KEY_TYPE_SIZES ? 'x' : ',';
    if ((key->type != KEY_TYPE_SIZES && key->type != KEY_TYPE_REALS) ||
        (key->type == KEY_TYPE_SIZES && text[0] != '\0' && !strchr(text, separator))) {
        fputs(text, out);
        return;
    }
    fputc('[', out);
    for (; *text != '\0'; text++) {
        if (*text == separator) {
            fputs(", ", out);
        } else {
            fputc(*text, out);
        }
    }
    fputc(']', out);
}

/* {hidden: 3, init.low: -1, seed: 0}; no seed if it is negative. */
static void write_flat(FILE *out, const Choice *choice, int64_t seed) {
    fputc('{', out);
    for (int32_t i = 0; i < choice->count; i++) {
        const Key *key = &KEYS[choice->set[i].key];
        fprintf(out, "%s%s: ", i > 0 ? ", " : "", key->name);
        write_value(out, key, choice->set[i].value.text);
    }
    if (seed >= 0) fprintf(out, "%sseed: %" PRId64, choice->count > 0 ? ", " : "", seed);
    fputc('}', out);
}

/* The word for `key` inside the structured value `name`: "kind" for init itself, "low" for
 * init.low; NULL if the key is not in it. */
static const char *word_in(const char *name, size_t length, const Key *key) {
    static const char targets[] = "data.targets", target[] = "data.target_";
    if (strlen(key->name) == length && strncmp(key->name, name, length) == 0) return "kind";
    if (strncmp(key->name, name, length) == 0 && key->name[length] == '.') {
        return key->name + length + 1;
    }
    if (length == strlen(targets) && strncmp(name, targets, length) == 0 &&
        strncmp(key->name, target, strlen(target)) == 0) {
        return key->name + strlen(target);
    }
    return NULL;
}

/* True if `key` is a member of a zip group in its own name. */
static bool is_member(const char *names, const Key *key) {
    for (size_t length; *names != '\0'; names += length + (names[length] == '+')) {
        length = strcspn(names, "+");
        if (strlen(key->name) == length && strncmp(names, key->name, length) == 0) return true;
    }
    return false;
}

/* The word under which a member of an axis has `key`, or NULL: init.low is not in init if both are
 * members. */
static const char *own_word(const Axis *axis, const char *name, size_t length, const Key *key) {
    const char *word = word_in(name, length, key);
    return !word || strlen(key->name) == length || !is_member(axis->name, key) ? word : NULL;
}

/* One member of an axis at one choice: its value, or {kind: uniform, low: -1}. */
static void write_member(FILE *out, const Axis *axis, const Choice *choice, const char *name,
                         size_t length) {
    int32_t words = 0;
    bool itself = false;
    for (int32_t i = 0; i < choice->count; i++) {
        const char *word = own_word(axis, name, length, &KEYS[choice->set[i].key]);
        if (!word) continue;
        words++;
        itself = strcmp(word, "kind") == 0 && strlen(KEYS[choice->set[i].key].name) == length;
    }
    const bool map = words > 1 || !itself;
    if (map) fputc('{', out);
    int32_t written = 0;
    for (int32_t i = 0; i < choice->count; i++) {
        const Key *key = &KEYS[choice->set[i].key];
        const char *word = own_word(axis, name, length, key);
        if (!word) continue;
        if (map) fprintf(out, "%s%s: ", written > 0 ? ", " : "", word);
        write_value(out, key, choice->set[i].value.text);
        written++;
    }
    if (map) fputc('}', out);
}

/* "hidden: [1, 2]", and for a zip group every member: "activation: [...], init: [...]". */
static void write_axis(FILE *out, const Axis *axis) {
    for (const char *name = axis->name; *name != '\0';) {
        const size_t length = strcspn(name, "+");
        fprintf(out, "%s%.*s: ", name > axis->name ? ", " : "", (int)length, name);
        if (axis->range) {
            fputs(axis->range, out);
        } else {
            fputc('[', out);
            for (int64_t i = 0; i < axis->count; i++) {
                if (i > 0) fputs(", ", out);
                write_member(out, axis, &axis->choice[i], name, length);
            }
            fputc(']', out);
        }
        name += length + (name[length] == '+');
    }
}

/* Grid keys first; from the first zip group on, all axes are written as zip groups, which keeps
 * their order. */
static void write_axes(FILE *out, const Spec *spec) {
    bool zip = false;
    for (int32_t a = 0; a < spec->axes; a++) {
        const Axis *axis = &spec->axis[a];
        if (!zip && strchr(axis->name, '+')) {
            fputs("zip:\n", out);
            zip = true;
        } else if (!zip && a == 0) {
            fputs("grid:\n", out);
        }
        fputs(zip ? "  - {" : "  ", out);
        write_axis(out, axis);
        fputs(zip ? "}\n" : "\n", out);
    }
}

/* Marks the keys that are set: bit 0 on an axis, bit 1 in an include. */
static void mark(const Choice *choice, unsigned bit, unsigned char *marks) {
    for (int32_t i = 0; i < choice->count; i++) marks[choice->set[i].key] |= (unsigned char)bit;
}

static void mark_all(const Spec *spec, unsigned char *marks) {
    for (int32_t a = 0; a < spec->axes; a++) {
        for (int64_t c = 0; c < spec->axis[a].count; c++) mark(&spec->axis[a].choice[c], 1, marks);
    }
    for (int32_t i = 0; i < spec->includes; i++) mark(&spec->include[i], 2, marks);
}

/* The base with defaults; text NULL for a default that differs among the trials. */
static void complete(const Spec *spec, const unsigned char *marks, Value *value) {
    static const struct {
        KeyId key, on[8]; /* ends with KEY_COUNT */
    } dependent[] = {{KEY_DATA_CLASSES, {KEY_DATA_KIND, KEY_COUNT}},
                     {KEY_DATA_NOISE, {KEY_DATA_KIND, KEY_COUNT}},
                     {KEY_DATA_STRATIFY,
                      {KEY_DATA_KIND, KEY_DATA_TASK, KEY_DATA_FOLDS, KEY_DATA_TEST_FRACTION,
                       KEY_DATA_VALIDATION_SAMPLES, KEY_DATA_VALIDATION_FRACTION, KEY_COUNT}},
                     {KEY_OUTPUT, {KEY_DATA_KIND, KEY_DATA_TASK, KEY_COUNT}},
                     {KEY_LOSS, {KEY_DATA_KIND, KEY_DATA_TASK, KEY_OUTPUT, KEY_COUNT}},
                     {KEY_EPSILON, {KEY_OPTIMIZER, KEY_COUNT}},
                     {KEY_SCHEDULE_FACTOR, {KEY_SCHEDULE, KEY_COUNT}},
                     {KEY_RECORD_POINTS, {KEY_RECORD_EVERY, KEY_COUNT}}};
    Value full[KEY_COUNT];
    spec_defaults(spec, value);
    memcpy(full, value, sizeof full);
    if (!full[KEY_DATA_KIND].text) {
        full[KEY_DATA_KIND].number = 0; /* unused: what depends on it is left open */
    }
    spec_depend(full);
    for (size_t i = 0; i < sizeof dependent / sizeof dependent[0]; i++) {
        bool settled = true;
        for (const KeyId *on = dependent[i].on; *on != KEY_COUNT; on++) {
            settled = settled && marks[*on] == 0;
        }
        const Key *key = &KEYS[dependent[i].key];
        const char *text = full[key->id].text;
        /* off where it does nothing: who adds folds to what is written here gets their default */
        if (key->before && text && strcmp(text, key->before) == 0) continue;
        if (settled) value[key->id] = full[key->id];
    }
}

/* The keys of one section: "data", "stop", "record" by their prefix, "fixed" all others. */
static bool in_section(const char *section, const Key *key, const char **word) {
    static const char *const prefixed[] = {"data", "stop", "record"};
    const char *own = "fixed";
    *word = key->name;
    for (int i = 0; i < 3; i++) {
        const size_t length = strlen(prefixed[i]);
        if (strncmp(key->name, prefixed[i], length) != 0 || key->name[length] != '.') continue;
        own = prefixed[i];
        *word = key->name + length + 1;
    }
    return strcmp(own, section) == 0;
}

static void write_base(FILE *out, const Spec *spec) {
    static const char *const sections[] = {"data", "fixed", "stop", "record"};
    unsigned char marks[KEY_COUNT] = {0};
    Value value[KEY_COUNT];
    mark_all(spec, marks);
    complete(spec, marks, value);
    const uint32_t kinds = spec_kinds(spec);
    for (int s = 0; s < 4; s++) {
        fprintf(out, "%s:\n", sections[s]);
        for (int i = 0; i < KEY_COUNT; i++) {
            const Key *key = &KEYS[i];
            const char *word;
            if (!in_section(sections[s], key, &word) || (marks[i] & 1) != 0 || !value[i].text) {
                continue;
            }
            if (value[i].text[0] == '\0' && key->type != KEY_TYPE_SIZES) continue;
            if (key->kinds != 0 && (key->kinds & kinds) == 0) continue;
            fprintf(out, "  %s: ", word);
            write_value(out, key, value[i].text);
            fputc('\n', out);
        }
        if (s == 0) fprintf(out, "  per_repeat: %s\n", spec->per_repeat ? "true" : "false");
    }
}

static void write_choices(FILE *out, const char *name, const Choice *choices, int32_t count) {
    if (count > 0) fprintf(out, "%s:\n", name);
    for (int32_t i = 0; i < count; i++) {
        fputs("  - ", out);
        write_flat(out, &choices[i], -1);
        fputc('\n', out);
    }
}

static void write_published(FILE *out, const Published *published) {
    fputs("  - source: ", out);
    write_text(out, published->source);
    if (published->note) {
        fputs("\n    note: ", out);
        write_text(out, published->note);
    }
    fputs("\n    where: ", out);
    write_flat(out, &published->where, published->where_seed);
    fprintf(out, "\n    metric: %s\n    or_next: %s\n    epoch: [", metrics_name(published->metric),
            published->or_next ? "true" : "false");
    for (int32_t i = 0; i < published->count; i++) {
        fprintf(out, "%s%" PRId64, i > 0 ? ", " : "", published->epoch[i]);
    }
    fputs("]\n    value: [", out);
    for (int32_t i = 0; i < published->count; i++) {
        char text[32];
        text_real(text, sizeof text, published->value[i]);
        fprintf(out, "%s%s", i > 0 ? ", " : "", text);
    }
    fputs("]\n", out);
}

static void write_list(FILE *out, const char *name, char *const *list) {
    if (!list) return;
    fprintf(out, "  %s: [", name);
    for (int i = 0; list[i]; i++) {
        if (i > 0) fputs(", ", out);
        write_text(out, list[i]);
    }
    fputs("]\n", out);
}

static void write_spec(FILE *out, const Spec *spec) {
    fprintf(out, "name: %s\n", spec->name);
    if (spec->description) {
        fputs("description: ", out);
        write_text(out, spec->description);
        fputc('\n', out);
    }
    write_base(out, spec);
    write_axes(out, spec);
    write_choices(out, "exclude", spec->exclude, spec->excludes);
    write_choices(out, "include", spec->include, spec->includes);
    fprintf(out, "seed: %" PRId64 "\nrepeats: %" PRId64 "\nmetric: {", spec->seed, spec->repeats);
    if (spec->metric != METRIC_COUNT) fprintf(out, "name: %s, ", metrics_name(spec->metric));
    fprintf(out, "goal: %s, at: %s}\n", SPEC_GOAL_NAMES[spec->goal], SPEC_AT_NAMES[spec->at]);
    if (spec->report.sections || spec->report.panels) fputs("report:\n", out);
    write_list(out, "sections", spec->report.sections);
    write_list(out, "panels", spec->report.panels);
    if (spec->published_count > 0) fputs("published:\n", out);
    for (int32_t i = 0; i < spec->published_count; i++) write_published(out, &spec->published[i]);
}

bool spec_resolved(const Spec *spec, char **yaml, Error *err) {
    size_t size = 0;
    *yaml = NULL;
    FILE *out = open_memstream(yaml, &size);
    if (!out) return error_memory(err, 1);
    write_spec(out, spec);
    const bool bad = ferror(out) != 0;
    if (fclose(out) == 0 && !bad) return true;
    free(*yaml);
    *yaml = NULL;
    return error_memory(err, size);
}
