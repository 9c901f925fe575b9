/* The reference (experiments/README.md) and the JSON schema say what the table of keys says: their
 * tables are made here from KEYS and compared with the files. RUNNER_REGENERATE=1 writes the files
 * instead. */
#include <math.h>

#include "core/base/text.h"
#include "core/model/mlp.h"
#include "runner/experiment/spec_axis.h"
#include "runner/experiment/spec_read.h"
#include "tests/runner/written.h"

static const char *const STRUCTURED[] = {"init",         "init_bias",      "schedule", "data.scale",
                                         "data.targets", "record.weights", NULL};

static bool starts(const char *text, const char *head) {
    return strncmp(text, head, strlen(head)) == 0;
}

/* "fixed", "data", "stop" or "record" */
static const char *section_of(const Key *key) {
    return starts(key->name, "data.")     ? "data"
           : starts(key->name, "stop.")   ? "stop"
           : starts(key->name, "record.") ? "record"
                                          : "fixed";
}

/* --- the reference ---------------------------------------------------------------------------- */

static const char *type_word(KeyType type) {
    static const char *const words[] = {[KEY_TYPE_INTEGER] = "whole number",
                                        [KEY_TYPE_REAL] = "number",
                                        [KEY_TYPE_BOOL] = "flag",
                                        [KEY_TYPE_CHOICE] = "word",
                                        [KEY_TYPE_TEXT] = "text",
                                        [KEY_TYPE_SIZES] = "number or list",
                                        [KEY_TYPE_REALS] = "list"};
    return words[type];
}

static void write_row(FILE *out, const Key *key) {
    char allowed[512];
    keys_allowed(allowed, sizeof allowed, key);
    fprintf(out, "| `%s` | %s | ", key->name, type_word(key->type));
    if (!key->fallback) {
        fputs(strstr(key->doc, "default") ? "depends" : "required", out);
    } else if (key->fallback[0] == '\0') {
        fputs("none", out);
    } else {
        fprintf(out, "`%s`", key->fallback);
    }
    fprintf(out, " | %s | %s", allowed, key->doc);
    if (starts(key->name, "data.")) {
        fputs(" |", out);
        for (unsigned k = 0; k < DATA_KIND_COUNT; k++) {
            if ((key->kinds >> k & 1) != 0) fprintf(out, " %s", KEYS_DATA_KIND_NAMES[k]);
        }
    }
    fputs(" |\n", out);
}

static void check_table(const char *name, const char *section, const char *other) {
    char begin[64], end[64];
    snprintf(begin, sizeof begin, "<!-- begin %s", name);
    snprintf(end, sizeof end, "<!-- end %s", name);
    char *table = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&table, &size);
    const bool data = strcmp(section, "data") == 0;
    fprintf(
        out,
        "| key | type | default | allowed | what it is |%s\n| --- | --- | --- | --- | --- |%s\n",
        data ? " kinds |" : "", data ? " --- |" : "");
    for (int i = 0; i < KEY_COUNT; i++) {
        const char *own = section_of(&KEYS[i]);
        if (strcmp(own, section) == 0 || strcmp(own, other) == 0) write_row(out, &KEYS[i]);
    }
    fclose(out);
    written_check(SOURCE_DIR "/experiments/README.md", begin, end, table);
    free(table);
}

static void reference_lists_every_key_as_the_table_has_it(void **state) {
    (void)state;
    check_table("trial keys", "fixed", "fixed");
    check_table("data keys", "data", "data");
    check_table("stop and record keys", "stop", "record");
}

static void reference_names_every_section_and_metric(void **state) {
    (void)state;
    char *readme = written_read(SOURCE_DIR "/experiments/README.md");
    assert_non_null(readme);
    for (int i = 0; SPEC_SECTIONS[i]; i++) {
        if (!strstr(readme, SPEC_SECTIONS[i])) {
            fail_msg("report section %s is not in README.md", SPEC_SECTIONS[i]);
        }
    }
    for (int i = 0; SPEC_TOP[i]; i++) {
        char row[40];
        snprintf(row, sizeof row, "\n| `%s` |", SPEC_TOP[i]);
        if (!strstr(readme, row)) fail_msg("no row for %s in README.md", SPEC_TOP[i]);
    }
    free(readme);
}

static bool is_listed(const char *name) {
    for (int i = 0; STRUCTURED[i]; i++) {
        if (strcmp(STRUCTURED[i], name) == 0) return true;
    }
    return false;
}

static void structured_values_are_those_of_the_language(void **state) {
    (void)state;
    for (int i = 0; STRUCTURED[i]; i++) assert_true(spec_value_is_structured(STRUCTURED[i]));
    for (int i = 0; i < KEY_COUNT; i++) {
        char name[64];
        const char *point = strrchr(KEYS[i].name, '.');
        if (!point) continue;
        snprintf(name, sizeof name, "%.*s", (int)(point - KEYS[i].name), KEYS[i].name);
        assert_int_equal(is_listed(name), spec_value_is_structured(name));
    }
}

/* Every example in the reference is an experiment. */
static void examples_in_the_reference_are_valid(void **state) {
    (void)state;
    char *readme = written_read(SOURCE_DIR "/experiments/README.md");
    assert_non_null(readme);
    int examples = 0;
    for (char *from = strstr(readme, "```yaml\n"); from; from = strstr(from, "```yaml\n")) {
        from += strlen("```yaml\n");
        char *to = strstr(from, "```");
        assert_non_null(to);
        Spec spec;
        Error err = {0};
        if (!spec_read_text(&spec, "README.md", from, (size_t)(to - from), NULL, 0, &err)) {
            fail_msg("%s", err.text);
        }
        spec_destroy(&spec);
        from = to;
        examples++;
    }
    assert_true(examples >= 3);
    free(readme);
}

/* --- the schema ------------------------------------------------------------------------------- */

static void number_limits(FILE *out, const Key *key) {
    char text[32];
    if (isfinite(key->low)) {
        text_real(text, sizeof text, key->low);
        fprintf(out, ", \"%s\": %s", key->low_open ? "exclusiveMinimum" : "minimum", text);
    }
    if (isfinite(key->high)) {
        text_real(text, sizeof text, key->high);
        fprintf(out, ", \"%s\": %s", key->high_open ? "exclusiveMaximum" : "maximum", text);
    }
}

static void names_enum(FILE *out, const char *const *names, int first, int last) {
    fputs("\"enum\": [", out);
    for (int i = first; i <= last; i++) fprintf(out, "%s\"%s\"", i > first ? ", " : "", names[i]);
    fputs("]", out);
}

/* One value of a key, without braces. */
static void value_schema(FILE *out, const Key *key) {
    switch (key->type) {
    case KEY_TYPE_INTEGER:
    case KEY_TYPE_REAL:
        if (key->word) fprintf(out, "\"anyOf\": [{\"enum\": [\"%s\", 0]}, {", key->word);
        fprintf(out, "\"type\": \"%s\"", key->type == KEY_TYPE_REAL ? "number" : "integer");
        number_limits(out, key);
        if (key->word) fputs("}]", out);
        break;
    case KEY_TYPE_BOOL: fputs("\"type\": \"boolean\"", out); break;
    case KEY_TYPE_CHOICE: names_enum(out, key->choices, (int)key->low, (int)key->high); break;
    case KEY_TYPE_TEXT: fputs("\"type\": [\"string\", \"number\"]", out); break;
    case KEY_TYPE_SIZES:
        fprintf(out,
                "\"anyOf\": [{\"type\": \"integer\", \"minimum\": 1, \"maximum\": %d}, {\"type\": "
                "\"array\", \"maxItems\": %d, "
                "\"items\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": %d}}, {\"type\": "
                "\"string\", \"pattern\": "
                "\"^[0-9]+(x[0-9]+)*$\"}]",
                MLP_MAX_UNITS, MLP_MAX_HIDDEN, MLP_MAX_UNITS);
        break;
    case KEY_TYPE_REALS:
        fputs("\"anyOf\": [{\"type\": \"number\"}, {\"type\": \"array\", \"items\": {\"type\": "
              "\"number\"}}]",
              out);
        break;
    }
}

static void quote(FILE *out, const char *text) {
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') fputc('\\', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void key_definition(FILE *out, const Key *key) {
    fprintf(out, "    \"%s\": {\"description\": ", key->name);
    quote(out, key->doc);
    fputs(", ", out);
    value_schema(out, key);
    fputs("}", out);
}

/* {kind: ..., low: ...} */
static void structured_definition(FILE *out, const char *name) {
    const KeyId self = keys_find(name);
    fprintf(out, "    \"%s {}\": {", name);
    if (self < KEY_COUNT) fprintf(out, "\"anyOf\": [{\"$ref\": \"#/definitions/%s\"}, {", name);
    fputs("\"type\": \"object\", \"additionalProperties\": false, \"minProperties\": 1, "
          "\"properties\": {",
          out);
    const char *comma = "";
    if (self < KEY_COUNT) {
        fprintf(out, "\"kind\": {\"$ref\": \"#/definitions/%s\"}", name);
        comma = ", ";
    }
    if (strcmp(name, "data.targets") == 0) {
        fputs("\"low\": {\"$ref\": \"#/definitions/data.target_low\"}, \"high\": {\"$ref\": "
              "\"#/definitions/data.target_high\"}",
              out);
    }
    for (int i = 0; i < KEY_COUNT; i++) {
        if (!starts(KEYS[i].name, name) || KEYS[i].name[strlen(name)] != '.') continue;
        fprintf(out, "%s\"%s\": {\"$ref\": \"#/definitions/%s\"}", comma,
                KEYS[i].name + strlen(name) + 1, KEYS[i].name);
        comma = ", ";
    }
    fputs("}", out);
    if (self < KEY_COUNT) {
        fprintf(out, ", \"anyOf\": [{\"required\": [\"kind\"]}%s]}]",
                self == KEY_INIT             ? ", {\"required\": [\"values\"]}"
                : self == KEY_RECORD_WEIGHTS ? ", {\"required\": [\"epochs\"]}"
                                             : "");
    }
    fputs("}", out);
}

static void axis_schema(FILE *out, const char *ref, const Key *key) {
    fprintf(
        out,
        "{\"anyOf\": [%s{\"$ref\": \"#/definitions/%s\"}, {\"type\": \"array\", \"minItems\": 1, "
        "\"items\": {\"$ref\": \"#/definitions/%s\"}}]}",
        key && (key->type == KEY_TYPE_INTEGER || key->type == KEY_TYPE_REAL ||
                key->type == KEY_TYPE_SIZES)
            ? "{\"$ref\": \"#/definitions/range\"}, "
            : "",
        ref, ref);
}

/* The properties of one section: each key, and each structured name. `axes`: lists and ranges;
 * `strip`: "data." is left out. */
static void properties(FILE *out, const char *section, const char *other, bool axes,
                       const char *strip) {
    const char *comma = "";
    for (int i = 0; i < KEY_COUNT; i++) {
        const char *own = section_of(&KEYS[i]);
        if (strcmp(own, section) != 0 && strcmp(own, other) != 0) continue;
        char ref[80];
        snprintf(ref, sizeof ref, "%s", KEYS[i].name);
        for (int s = 0; STRUCTURED[s]; s++) {
            if (strcmp(STRUCTURED[s], KEYS[i].name) == 0) {
                snprintf(ref, sizeof ref, "%s {}", KEYS[i].name);
            }
        }
        fprintf(out, "%s\n        \"%s\": ", comma, KEYS[i].name + strlen(strip));
        if (axes) {
            axis_schema(out, ref, &KEYS[i]);
        } else {
            fprintf(out, "{\"$ref\": \"#/definitions/%s\"}", ref);
        }
        comma = ",";
    }
    static const char *const extra[] = {"data.scale", "data.targets"};
    static const char *const targets[] = {"data.targets.low", "data.targets.high"};
    const bool data = strcmp(section, "data") == 0 || strcmp(other, "data") == 0;
    for (int i = 0; data && i < 2; i++) {
        char ref[40];
        snprintf(ref, sizeof ref, "%s {}", extra[i]);
        fprintf(out, ",\n        \"%s\": ", extra[i] + strlen(strip));
        if (axes) {
            axis_schema(out, ref, NULL);
        } else {
            fprintf(out, "{\"$ref\": \"#/definitions/%s\"}", ref);
        }
    }
    for (int i = 0; data && i < 2; i++) {
        fprintf(out, ",\n        \"%s\": ", targets[i] + strlen(strip));
        const char *ref = i == 0 ? "data.target_low" : "data.target_high";
        if (axes) {
            axis_schema(out, ref, NULL);
        } else {
            fprintf(out, "{\"$ref\": \"#/definitions/%s\"}", ref);
        }
    }
}

static void object(FILE *out, const char *name, const char *section, const char *other, bool axes,
                   const char *strip, const char *more) {
    fprintf(out,
            "    \"%s\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {",
            name);
    properties(out, section, other, axes, strip);
    fprintf(out, "%s}}", more);
}

static void names_list(FILE *out, const char *const *names) {
    int count = 0;
    while (names[count]) count++;
    names_enum(out, names, 0, count - 1);
}

/* The keys at the top of an experiment. */
static void write_top(FILE *out) {
    fputs("    \"name\": {\"type\": \"string\", \"pattern\": "
          "\"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$\"},\n"
          "    \"description\": {\"type\": \"string\"},\n"
          "    \"data\": {\"$ref\": \"#/definitions/:data\"},\n"
          "    \"fixed\": {\"$ref\": \"#/definitions/:setting\"},\n"
          "    \"grid\": {\"allOf\": [{\"$ref\": \"#/definitions/:axes\"}, {\"minProperties\": "
          "1}]},\n"
          "    \"zip\": {\"type\": \"array\", \"items\": {\"allOf\": [{\"$ref\": "
          "\"#/definitions/:axes\"}, {\"minProperties\": 1}]}},\n"
          "    \"exclude\": {\"type\": \"array\", \"items\": {\"allOf\": [{\"$ref\": "
          "\"#/definitions/:setting\"}, {\"minProperties\": 1}]}},\n"
          "    \"include\": {\"type\": \"array\", \"items\": {\"allOf\": [{\"$ref\": "
          "\"#/definitions/:setting\"}, {\"minProperties\": 1}]}},\n",
          out);
    fprintf(out,
            "    \"seed\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": %.0f, "
            "\"default\": 0},\n"
            "    \"repeats\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": %.0f, "
            "\"default\": 1},\n",
            KEYS_SEED_MAX, SPEC_MAX_REPEATS);
    fputs("    \"metric\": {\"anyOf\": [{\"$ref\": \"#/definitions/:metric\"}, {\"type\": "
          "\"object\", \"additionalProperties\": false, "
          "\"properties\": {\"name\": {\"$ref\": \"#/definitions/:metric\"}, \"goal\": {",
          out);
    names_list(out, SPEC_GOAL_NAMES);
    fputs("}, \"at\": {", out);
    names_list(out, SPEC_AT_NAMES);
    fputs("}}}]},\n"
          "    \"stop\": {\"$ref\": \"#/definitions/:stop\"},\n    \"record\": {\"$ref\": "
          "\"#/definitions/:record\"},\n"
          "    \"report\": {\"anyOf\": [{\"$ref\": \"#/definitions/:sections\"}, {\"type\": "
          "\"object\", \"additionalProperties\": false, "
          "\"properties\": {\"sections\": {\"$ref\": \"#/definitions/:sections\"}, \"panels\": ",
          out);
    fprintf(out,
            "{\"type\": \"array\", \"minItems\": 1, \"maxItems\": %d, \"uniqueItems\": true, "
            "\"items\": {\"type\": [\"string\", \"number\"]}}}}]},\n",
            SPEC_MAX_PANELS);
    fputs("    \"published\": {\"type\": \"array\", \"items\": {\"$ref\": "
          "\"#/definitions/:published\"}}\n",
          out);
}

/* Each key, each structured value, and the sections. */
static void write_definitions(FILE *out) {
    for (int i = 0; i < KEY_COUNT; i++) {
        key_definition(out, &KEYS[i]);
        fputs(",\n", out);
    }
    for (int i = 0; STRUCTURED[i]; i++) {
        structured_definition(out, STRUCTURED[i]);
        fputs(",\n", out);
    }
    fputs("    \":sections\": {\"type\": \"array\", \"uniqueItems\": true, \"items\": {", out);
    names_list(out, SPEC_SECTIONS);
    fputs("}},\n", out);
    fprintf(
        out,
        "    \"range\": {\"type\": \"object\", \"additionalProperties\": false, \"required\": "
        "[\"min\", \"max\"], \"properties\": "
        "{\"min\": {\"type\": \"number\"}, \"max\": {\"type\": \"number\"}, \"num\": {\"type\": "
        "\"integer\", \"minimum\": 2, "
        "\"maximum\": %d}, \"scale\": {\"enum\": [\"linear\", \"log\"]}}},\n",
        SPEC_AXIS_MAX_VALUES);
    fputs("    \":metric\": {", out);
    const char *metrics[METRIC_COUNT];
    for (int i = 0; i < METRIC_COUNT; i++) metrics[i] = metrics_name((Metric)i);
    names_enum(out, metrics, 0, METRIC_COUNT - 1);
    fputs("},\n", out);
    object(out, ":setting", "fixed", "data", false, "", "");
    fputs(",\n", out);
    object(out, ":where", "fixed", "data", false, "",
           ",\n        \"seed\": {\"type\": \"integer\", \"minimum\": 0}");
    fputs(",\n", out);
    object(out, ":axes", "fixed", "data", true, "", "");
    fputs(",\n", out);
    object(out, ":data", "data", "data", false, "data.",
           ",\n        \"per_repeat\": {\"type\": \"boolean\", \"default\": false}");
    fputs(",\n", out);
    object(out, ":stop", "stop", "stop", false, "stop.", "");
    fputs(",\n", out);
    object(out, ":record", "record", "record", false, "record.", "");
    fputs(",\n    \":published\": {\"type\": \"object\", \"additionalProperties\": false, "
          "\"required\": [\"source\", \"metric\", \"epoch\", "
          "\"value\"], \"properties\": {\"source\": {\"type\": \"string\"}, \"note\": {\"type\": "
          "\"string\"}, \"where\": {\"$ref\": "
          "\"#/definitions/:where\"}, \"metric\": {\"$ref\": \"#/definitions/:metric\"}, "
          "\"or_next\": {\"type\": \"boolean\"}, "
          "\"epoch\": {\"anyOf\": [{\"type\": \"integer\", \"minimum\": 0}, {\"type\": \"array\", "
          "\"minItems\": 1, \"items\": {\"type\": "
          "\"integer\", \"minimum\": 0}}]}, \"value\": {\"anyOf\": [{\"type\": \"number\"}, "
          "{\"type\": \"array\", \"minItems\": 1, "
          "\"items\": {\"type\": \"number\"}}]}}}\n",
          out);
}

static char *schema(void) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    fputs("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
          "  \"title\": \"An experiment for runner\",\n  \"type\": \"object\",\n  "
          "\"additionalProperties\": false,\n"
          "  \"properties\": {\n",
          out);
    write_top(out);
    fputs("  },\n  \"definitions\": {\n", out);
    write_definitions(out);
    fputs("  }\n}\n", out);
    fclose(out);
    return text;
}

static void schema_says_what_the_table_says(void **state) {
    (void)state;
    static const char path[] = SOURCE_DIR "/experiments/schema.json";
    char *made = schema();
    if (written_regenerates()) written_write(path, made);
    char *kept = written_read(path);
    assert_non_null(kept);
    if (strcmp(kept, made) != 0) {
        fail_msg(
            "experiments/schema.json is not what KEYS say: RUNNER_REGENERATE=1 test_reference");
    }
    free(kept);
    free(made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_lists_every_key_as_the_table_has_it),
        cmocka_unit_test(reference_names_every_section_and_metric),
        cmocka_unit_test(structured_values_are_those_of_the_language),
        cmocka_unit_test(examples_in_the_reference_are_valid),
        cmocka_unit_test(schema_says_what_the_table_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
