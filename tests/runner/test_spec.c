/* What an experiment says, as a Spec: sections, axes, ranges, structured values, overrides; and
 * that spec_resolved() says the same again. What is refused is in test_bad_yaml.c. */
#include "core/base/text.h"
#include "runner/experiment/grid.h"

#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "runner/experiment/spec_read.h"

#define DATA "data: {kind: moons, test_samples: 10}\n"

static Spec parse_with(const char *text, const char *const *overrides, int32_t count) {
    Spec spec;
    Error err = {0};
    if (!spec_read_text(&spec, "dir/two moons.yaml", text, strlen(text), overrides, count, &err)) {
        fail_msg("%s", err.text);
    }
    return spec;
}

static Spec parse(const char *text) {
    return parse_with(text, NULL, 0);
}

static void assert_refused_with(const char *text, const char *override, const char *words) {
    Spec spec;
    Error err = {0};
    if (spec_read_text(&spec, "a.yaml", text, strlen(text), &override, 1, &err)) {
        fail_msg("%s is taken", override);
    }
    assert_int_equal(err.kind, ERROR_USAGE);
    char head[200];
    snprintf(head, sizeof head, "argument \"%s\": ", override);
    if (strncmp(err.text, head, strlen(head)) != 0) fail_msg("no location in \"%s\"", err.text);
    if (!strstr(err.text, words)) fail_msg("\"%s\" does not say \"%s\"", err.text, words);
    assert_null(spec.memory);
}

/* The text of a key in a choice, or NULL. */
static const char *text_of(const Choice *choice, const char *key) {
    for (int32_t i = 0; i < choice->count; i++) {
        if (strcmp(KEYS[choice->set[i].key].name, key) == 0) return choice->set[i].value.text;
    }
    return NULL;
}

/* "1 2 3x4": the values of an axis whose choices set one key, or the given key. */
static void assert_axis(const Axis *axis, const char *name, const char *key, const char *values) {
    char text[2000] = "";
    assert_string_equal(axis->name, name);
    for (int64_t i = 0; i < axis->count; i++) {
        const char *value = text_of(&axis->choice[i], key);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i > 0 ? " " : "",
                 value ? value : "-");
    }
    assert_string_equal(text, values);
}

static void what_is_not_said_has_its_default(void **state) {
    (void)state;
    Spec spec = parse(DATA "fixed: {hidden: 3}\n");
    assert_string_equal(spec.name, "two-moons");
    assert_null(spec.description);
    assert_int_equal(spec.seed, 0);
    assert_int_equal(spec.repeats, 1);
    assert_false(spec.per_repeat);
    assert_int_equal(spec.metric, METRIC_COUNT);
    assert_int_equal(spec.goal, SPEC_MINIMIZE);
    assert_int_equal(spec.at, SPEC_AT_FINAL);
    assert_null(spec.report.sections);
    assert_null(spec.report.panels);
    assert_int_equal(
        spec.axes + spec.includes + spec.excludes + spec.published_count + spec.overrides, 0);
    assert_int_equal(spec.base.count, 3);
    assert_string_equal(text_of(&spec.base, "hidden"), "3");
    assert_string_equal(spec.path, "dir/two moons.yaml");
    assert_string_equal(spec.source, DATA "fixed: {hidden: 3}\n");
    spec_destroy(&spec);
    spec_destroy(&spec);
}

static void a_report_names_sections_and_panels(void **state) {
    (void)state;
    Spec spec = parse(DATA "fixed: {hidden: 3}\nreport: {panels: [1, 20], sections: [curves]}\n");
    assert_string_equal(spec.report.panels[0], "1");
    assert_string_equal(spec.report.panels[1], "20");
    assert_null(spec.report.panels[2]);
    assert_string_equal(spec.report.sections[0], "curves");
    assert_null(spec.report.sections[1]);
    spec_destroy(&spec);
    spec = parse(DATA "fixed: {hidden: 3}\nreport: {panels: [0.5]}\n");
    assert_null(spec.report.sections);
    spec_destroy(&spec);
}

static void sections_are_read(void **state) {
    (void)state;
    Spec spec = parse("name: m-1.x_\ndescription: >-\n  two\n  lines\nseed: 7\nrepeats: 5\nmetric: "
                      "{name: test_accuracy, at: best}\n"
                      "data: {kind: moons, per_repeat: true, test_samples: 10}\nfixed: {hidden: "
                      "[8, 4], nesterov: true}\n"
                      "stop: {patience: 20, min_delta: 0}\nrecord: {every: 10, weights: "
                      "both}\nreport: [ranking, curves]\n"
                      "published:\n"
                      "  - {source: here, note: why, where: {hidden: [8, 4], seed: 3}, metric: "
                      "train_loss, epoch: [0, 5], value: [1, 0.5], or_next: true}\n"
                      "  - {source: there, metric: test_loss, epoch: 9, value: 1e-3}\n");
    assert_string_equal(spec.name, "m-1.x_");
    assert_string_equal(spec.description, "two lines");
    assert_int_equal(spec.seed, 7);
    assert_int_equal(spec.repeats, 5);
    assert_true(spec.per_repeat);
    assert_int_equal(spec.metric, METRIC_TEST_ACCURACY);
    assert_int_equal(spec.goal, SPEC_MAXIMIZE);
    assert_int_equal(spec.at, SPEC_AT_BEST);
    assert_string_equal(text_of(&spec.base, "stop.patience"), "20");
    assert_string_equal(text_of(&spec.base, "stop.min_delta"), "0");
    assert_string_equal(text_of(&spec.base, "record.every"), "10");
    assert_string_equal(text_of(&spec.base, "record.weights"), "both");
    assert_string_equal(text_of(&spec.base, "hidden"), "8x4");
    assert_string_equal(text_of(&spec.base, "nesterov"), "true");
    assert_string_equal(spec.report.sections[0], "ranking");
    assert_string_equal(spec.report.sections[1], "curves");
    assert_null(spec.report.sections[2]);
    assert_int_equal(spec.published_count, 2);
    const Published *first = &spec.published[0], *second = &spec.published[1];
    assert_string_equal(first->source, "here");
    assert_string_equal(first->note, "why");
    assert_string_equal(text_of(&first->where, "hidden"), "8x4");
    assert_int_equal(first->where_seed, 3);
    assert_int_equal(first->metric, METRIC_TRAIN_LOSS);
    assert_true(first->or_next);
    assert_int_equal(first->count, 2);
    assert_int_equal(first->epoch[1], 5);
    assert_true(first->value[1] == 0.5);
    assert_null(second->note);
    assert_int_equal(second->where_seed, -1);
    assert_int_equal(second->where.count, 0);
    assert_false(second->or_next);
    assert_int_equal(second->epoch[0], 9);
    assert_true(second->value[0] == 1e-3);
    spec_destroy(&spec);
}

static void an_empty_report_is_not_an_absent_one(void **state) {
    (void)state;
    Spec spec = parse(DATA "fixed: {hidden: 3}\nreport: []\n");
    assert_non_null(spec.report.sections);
    assert_null(spec.report.sections[0]);
    spec_destroy(&spec);
}

static void lists_are_axes_and_lists_in_them_shapes(void **state) {
    (void)state;
    Spec spec = parse(DATA "grid:\n  hidden: [[], 3, [8, 4], 16x8, [1e1]]\n  l2: [0, .1, 1e-3]\n  "
                           "bias: [true, false]\n"
                           "  batch_size: [full, 32]\n  data.noise: 0.5\n");
    assert_int_equal(spec.axes, 5);
    assert_axis(&spec.axis[0], "hidden", "hidden", " 3 8x4 16x8 10");
    assert_axis(&spec.axis[1], "l2", "l2", "0 0.1 0.001");
    assert_axis(&spec.axis[2], "bias", "bias", "true false");
    assert_axis(&spec.axis[3], "batch_size", "batch_size", "full 32");
    assert_axis(&spec.axis[4], "data.noise", "data.noise", "0.5");
    assert_int_equal(spec.axis[0].choice[2].line, 3);
    assert_int_equal(spec.axis[0].choice[2].column, 19);
    assert_null(spec.axis[0].range);
    spec_destroy(&spec);
}

static void ranges_have_exact_ends(void **state) {
    (void)state;
    Spec spec = parse(
        DATA
        "grid:\n  hidden: {min: 2, max: 6}\n  learning_rate: {min: 1e-4, max: 1e-2, num: 5, scale: "
        "log}\n"
        "  dropout: {min: 0, max: 0.9, num: 10}\n  epochs: {min: 1, max: 100, num: 3, scale: log}\n"
        "  l2: {min: 0.1, max: 0.7, num: 3, scale: linear}\n");
    assert_axis(&spec.axis[0], "hidden", "hidden", "2 3 4 5 6");
    assert_axis(&spec.axis[1], "learning_rate", "learning_rate",
                "0.0001 0.000316227766016838 0.001 0.00316227766016838 0.01");
    assert_axis(&spec.axis[2], "dropout", "dropout", "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9");
    assert_axis(&spec.axis[3], "epochs", "epochs", "1 10 100");
    assert_axis(&spec.axis[4], "l2", "l2", "0.1 0.4 0.7");
    for (int a = 0; a < 5; a++) {
        for (int64_t i = 0; i < spec.axis[a].count; i++) { /* text and number say the same */
            const Value value = spec.axis[a].choice[i].set[0].value;
            assert_true(strtod(value.text, NULL) == value.number);
        }
    }
    assert_string_equal(spec.axis[0].range, "{min: 2, max: 6}");
    assert_string_equal(spec.axis[1].range, "{min: 0.0001, max: 0.01, num: 5, scale: log}");
    spec_destroy(&spec);
}

static void structured_values_become_several_assignments(void **state) {
    (void)state;
    Spec spec =
        parse("data: {kind: moons, scale: {min: 0, max: 1}, targets: {low: 0.01, high: 0.99}}\n"
              "fixed: {hidden: 3, schedule: {kind: step, every: 10, factor: 0.5}}\n"
              "grid: {init: [zeros, {kind: uniform, low: -1, high: 1}, {values: [1, .5]}], "
              "init_bias: {kind: normal, std: 2}}\n");
    assert_string_equal(text_of(&spec.base, "data.scale.min"), "0");
    assert_string_equal(text_of(&spec.base, "data.scale.max"), "1");
    assert_string_equal(text_of(&spec.base, "data.target_low"), "0.01");
    assert_string_equal(text_of(&spec.base, "data.target_high"), "0.99");
    assert_string_equal(text_of(&spec.base, "schedule"), "step");
    assert_string_equal(text_of(&spec.base, "schedule.every"), "10");
    assert_string_equal(text_of(&spec.base, "schedule.factor"), "0.5");
    assert_axis(&spec.axis[0], "init", "init", "zeros uniform values");
    assert_axis(&spec.axis[0], "init", "init.low", "- -1 -");
    assert_axis(&spec.axis[0], "init", "init.values", "- - 1,0.5");
    assert_axis(&spec.axis[1], "init_bias", "init_bias", "normal");
    assert_axis(&spec.axis[1], "init_bias", "init_bias.std", "2");
    spec_destroy(&spec);
}

static void zip_groups_are_one_axis(void **state) {
    (void)state;
    Spec spec = parse(DATA "fixed: {hidden: 3}\nzip:\n  - {activation: [tanh, relu], init: "
                           "[xavier_normal, {kind: uniform, high: 2}]}\n"
                           "  - {epochs: {min: 1, max: 3}}\nexclude: [{activation: relu, epochs: "
                           "2}]\ninclude: [{epochs: 9, init.low: 0.5}]\n");
    assert_int_equal(spec.axes, 2);
    assert_axis(&spec.axis[0], "activation+init", "activation", "tanh relu");
    assert_axis(&spec.axis[0], "activation+init", "init", "xavier_normal uniform");
    assert_axis(&spec.axis[0], "activation+init", "init.high", "- 2");
    assert_axis(&spec.axis[1], "epochs", "epochs", "1 2 3");
    assert_int_equal(spec.excludes, 1);
    assert_string_equal(text_of(&spec.exclude[0], "activation"), "relu");
    assert_int_equal(spec.includes, 1);
    assert_string_equal(text_of(&spec.include[0], "init.low"), "0.5");
    assert_int_equal(spec.include[0].line, 7);
    spec_destroy(&spec);
    spec = parse(
        DATA "zip: [{hidden: [1, 1, 2], l2: [0, 1, 1]}]\n"); /* only together they are different */
    assert_axis(&spec.axis[0], "hidden+l2", "hidden", "1 1 2");
    assert_axis(&spec.axis[0], "hidden+l2", "l2", "0 1 1");
    spec_destroy(&spec);
}

static const char FULL[] = DATA
    "fixed: {epochs: 50, init: {kind: uniform, low: -1}}\n"
    "grid: {hidden: [1, 2], l2: [0, 1], schedule: [constant, {kind: step, every: 5}]}\n"
    "zip: [{activation: [tanh, relu], momentum: [0, 0.5]}]\ninclude: [{hidden: 9, epochs: 5}]\n";

static void a_single_override_fixes_a_key_everywhere(void **state) {
    (void)state;
    static const char *const overrides[] = {"hidden=[5, 6]",
                                            "hidden=7",
                                            "epochs=3",
                                            "l2=0.5",
                                            "momentum=0.9",
                                            "data.noise=0.25",
                                            "data.test_samples=99",
                                            "init=zeros",
                                            "schedule.every=8"};
    Spec spec = parse_with(FULL, overrides, 9);
    assert_int_equal(spec.overrides, 9);
    assert_int_equal(spec.axes, 2);
    assert_axis(&spec.axis[0], "schedule", "schedule", "constant step");
    assert_axis(&spec.axis[0], "schedule", "schedule.every", "- -");
    assert_axis(&spec.axis[1], "activation", "activation", "tanh relu");
    assert_int_equal(spec.includes, 0); /* hidden and epochs are fixed now */
    static const struct {
        const char *key, *text;
    } base[] = {{"hidden", "7"},     {"epochs", "3"},         {"l2", "0.5"},
                {"momentum", "0.9"}, {"data.noise", "0.25"},  {"data.test_samples", "99"},
                {"init", "zeros"},   {"schedule.every", "8"}, {"data.kind", "moons"}};
    for (size_t i = 0; i < sizeof base / sizeof base[0]; i++) {
        assert_string_equal(text_of(&spec.base, base[i].key), base[i].text);
    }
    assert_null(text_of(&spec.base, "init.low"));
    assert_int_equal(spec.base.count, 9);
    char location[100];
    for (int32_t i = 0; i < spec.base.count; i++) {
        if (spec.base.set[i].key != KEY_L2) continue;
        spec_location(&spec, spec.base.set[i].line, spec.base.set[i].column, location,
                      sizeof location);
        assert_string_equal(location, "argument \"l2=0.5\"");
    }
    spec_destroy(&spec);
}

static void a_list_or_range_on_the_command_line_is_an_axis_behind_all_others(void **state) {
    (void)state;
    static const char *const overrides[] = {"epochs=[3, 4]", "hidden={min: 1, max: 3}",
                                            "data.noise=[0, 0.1]", "init=[zeros, he_normal]"};
    Spec spec = parse_with(FULL, overrides, 4);
    assert_int_equal(spec.axes, 7);
    assert_axis(&spec.axis[0], "l2", "l2", "0 1");
    assert_axis(&spec.axis[2], "activation+momentum", "activation", "tanh relu");
    assert_axis(&spec.axis[3], "epochs", "epochs", "3 4");
    assert_axis(&spec.axis[4], "hidden", "hidden", "1 2 3");
    assert_axis(&spec.axis[5], "data.noise", "data.noise", "0 0.1");
    assert_axis(&spec.axis[6], "init", "init", "zeros he_normal");
    assert_null(text_of(&spec.base, "epochs"));
    assert_null(text_of(&spec.base, "init.low"));
    assert_int_equal(spec.includes, 1); /* an include keeps what it says */
    assert_int_equal(spec.include[0].count, 2);
    spec_destroy(&spec);
}

static void overrides_reach_every_section(void **state) {
    (void)state;
    static const char *const overrides[] = {
        "name=other",
        "description=a: \"b\" 'c' # d",
        "seed=3",
        "repeats=4",
        "metric=test_loss",
        "metric.at=best",
        "stop.patience=5",
        "record.every=10",
        "report=[]",
        "data.per_repeat=true",
        "include=[]",
        "zip=[]",
        "data.scale={min: 0, max: 1}",
        "data.scale.max=2",
        "data.targets.low=0.1",
        "fixed.l1=0.5",
        "grid.rho=[0.5]",
        "published=[{source: a, metric: train_loss, epoch: 0, value: 1}]"};
    Spec spec = parse_with(FULL, overrides, 18);
    assert_string_equal(spec.name, "other");
    assert_string_equal(spec.description, "a: \"b\" 'c' # d");
    assert_int_equal(spec.seed, 3);
    assert_int_equal(spec.repeats, 4);
    assert_int_equal(spec.metric, METRIC_TEST_LOSS);
    assert_int_equal(spec.at, SPEC_AT_BEST);
    assert_true(spec.per_repeat);
    assert_int_equal(spec.includes, 0);
    assert_int_equal(spec.published_count, 1);
    assert_null(spec.report.sections[0]);
    assert_int_equal(spec.axes, 4);
    assert_string_equal(text_of(&spec.base, "stop.patience"), "5");
    assert_string_equal(text_of(&spec.base, "record.every"), "10");
    assert_string_equal(text_of(&spec.base, "data.scale.min"), "0");
    assert_string_equal(text_of(&spec.base, "data.scale.max"), "2");
    assert_string_equal(text_of(&spec.base, "data.target_low"), "0.1");
    assert_string_equal(text_of(&spec.base, "l1"), "0.5");
    assert_axis(&spec.axis[3], "rho", "rho", "0.5");
    spec_destroy(&spec);
}

static void bad_overrides_are_refused_with_the_argument(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"hidden", "not of the form key=value"},
        {"=3", "not of the form key=value"},
        {"hidden=", "hidden: has no value"},
        {"hiden=3", "hiden: unknown key (did you mean hidden?)"},
        {"data.nose=3", "data.nose: unknown key (did you mean data.noise?)"},
        {"metric.foo=3", "metric.foo: unknown key (name, goal, at)"},
        {"stop.foo=3", "stop.foo: unknown key (stop.patience, stop.min_delta)"},
        {"hidden=[1, 2", "did not find expected ',' or ']'"},
        {"hidden=[]", "hidden: an empty list"},
        {"hidden=[1, 1]", "hidden: 1 stands here twice"},
        {"l2=-1", "l2: \"-1\" is out of range (at least 0)"},
        {"l2='1'", "l2: \"1\" is a text in quotes"},
        {"seed=[1, 2]", "seed: must be one value, not a list"},
        {"name=../x", "name: \"../x\" names a folder"},
        {"data.per_repeat=[true]", "data.per_repeat: must be one value, not a list"},
        {"data=moons", "data: must be a map, not one value"},
        {"grid={}", "grid: is empty"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_refused_with(FULL, cases[i][0], cases[i][1]);
    }
}

/* --- spec_resolved ---------------------------------------------------------------------------- */

static void assert_same_grid(const Spec *a, const Spec *b, const char *yaml) {
    Grid x, y;
    Error err = {0};
    if (!grid_create(&x, a, 1000000, &err) || !grid_create(&y, b, 1000000, &err)) {
        fail_msg("%s\n%s", err.text, yaml);
    }
    if (x.trials != y.trials || x.settings != y.settings ||
        memcmp(x.id, y.id, (size_t)x.trials * sizeof *x.id) != 0) {
        fail_msg("other trials:\n%s", yaml);
    }
    assert_int_equal(x.record_also_count, y.record_also_count);
    assert_memory_equal(x.record_also, y.record_also,
                        (size_t)x.record_also_count * sizeof *x.record_also);
    grid_destroy(&x);
    grid_destroy(&y);
}

/* Writes, reads, compares; and what is read writes the same again. */
static void assert_resolves_to_itself(const Spec *spec) {
    char *yaml, *again;
    Spec copy;
    Error err = {0};
    assert_true(spec_resolved(spec, &yaml, &err));
    if (!spec_read_text(&copy, "resolved.yaml", yaml, strlen(yaml), NULL, 0, &err)) {
        fail_msg("%s in\n%s", err.text, yaml);
    }
    assert_same_grid(spec, &copy, yaml);
    assert_string_equal(copy.name, spec->name);
    assert_string_equal(copy.description ? copy.description : "",
                        spec->description ? spec->description : "");
    assert_int_equal(copy.metric, spec->metric);
    assert_int_equal(copy.goal, spec->goal);
    assert_int_equal(copy.at, spec->at);
    assert_int_equal(copy.published_count, spec->published_count);
    assert_int_equal(!copy.report.sections, !spec->report.sections);
    assert_int_equal(!copy.report.panels, !spec->report.panels);
    for (int i = 0; spec->report.panels && spec->report.panels[i]; i++)
        assert_string_equal(copy.report.panels[i], spec->report.panels[i]);
    assert_true(spec_resolved(&copy, &again, &err));
    assert_string_equal(again, yaml);
    free(again);
    free(yaml);
    spec_destroy(&copy);
}

/* every and points exclude each other; on the command line the last counts. */
static void what_is_recorded_is_said_in_one_way(void **state) {
    (void)state;
    static const struct {
        const char *record, *override, *every, *points, *scale, *epochs;
    } cases[] = {
        {"", NULL, "off", "60", "log", "off"},
        {"record: {every: 100}\n", NULL, "100", "off", "log", "off"},
        {"record: {points: 40}\n", NULL, "off", "40", "log", "off"},
        {"record: {points: 40, scale: linear}\n", NULL, "off", "40", "linear", "off"},
        {"record: {weights: {epochs: 30}}\n", NULL, "off", "60", "log", "30"},
        {"record: {every: 5, weights: {kind: both, epochs: 30}}\n", NULL, "5", "off", "log", "30"},
        {"record: {every: 100}\n", "record.points=20", "off", "20", "log", "off"},
        {"record: {every: 100}\n", "record.scale=linear", "off", "60", "linear", "off"},
        {"record: {points: 40, scale: linear}\n", "record.every=7", "7", "off", "log", "off"},
        {"record: {every: off}\n", NULL, "off", "60", "log", "off"},
        {"record: {weights: best}\n", "record.weights.epochs=9", "off", "60", "log", "9"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char yaml[400];
        Grid grid;
        Setting setting;
        Error err = {0};
        snprintf(yaml, sizeof yaml, DATA "fixed: {hidden: 3}\n%s", cases[i].record);
        Spec spec = parse_with(yaml, &cases[i].override, cases[i].override ? 1 : 0);
        if (!grid_create(&grid, &spec, 100, &err)) fail_msg("%s", err.text);
        grid_setting(&grid, 0, &setting);
        assert_string_equal(setting.value[KEY_RECORD_EVERY].text, cases[i].every);
        assert_string_equal(setting.value[KEY_RECORD_POINTS].text, cases[i].points);
        assert_string_equal(setting.value[KEY_RECORD_SCALE].text, cases[i].scale);
        assert_string_equal(setting.value[KEY_RECORD_WEIGHTS_EPOCHS].text, cases[i].epochs);
        grid_destroy(&grid);
        assert_resolves_to_itself(&spec);
        spec_destroy(&spec);
    }
}

/* All of experiments/, and how many trials the moons have. */
static void experiments_resolve_to_the_same_trials(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t trials;
    } known[] = {{"moons", 500}, {"moons-tutorial", 7}, {"moons-grid", 1350}};
    DIR *folder = opendir(SOURCE_DIR "/experiments");
    assert_non_null(folder);
    int files = 0, counted = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        const size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 5, ".yaml") != 0) continue;
        char path[512];
        snprintf(path, sizeof path, SOURCE_DIR "/experiments/%s", entry->d_name);
        Spec spec;
        Grid grid;
        Error err = {0};
        if (!spec_read(&spec, path, NULL, 0, &err) || !grid_create(&grid, &spec, 1000000, &err)) {
            fail_msg("%s", err.text);
        }
        assert_string_equal(grid.warning, "");
        assert_int_equal(strlen(spec.name), length - 5);
        assert_memory_equal(spec.name, entry->d_name, length - 5);
        for (int i = 0; i < 3; i++) {
            if (strcmp(spec.name, known[i].name) != 0) continue;
            assert_int_equal(grid.trials, known[i].trials);
            counted++;
        }
        grid_destroy(&grid);
        assert_resolves_to_itself(&spec);
        spec_destroy(&spec);
        files++;
    }
    closedir(folder);
    assert_true(files >= 3);
    assert_int_equal(counted, 3);
}

static void texts_with_every_kind_of_sign_survive(void **state) {
    (void)state;
    Spec spec =
        parse("description: \"q\\\"b\\\\ \\u2028 \\uFEFF t\xC3\xA4 \xF0\x9F\x98\x80 : # - { }\"\n"
              "data: {kind: csv, path: \"a b\\u2029: #\\\"'.csv\", label: \"\xC3\xA4: [\", "
              "test_fraction: 0.5}\n"
              "fixed: {hidden: 3}\npublished:\n  - {source: \"'\\\"\", metric: test_loss, epoch: "
              "1, value: 0.1}\n");
    assert_resolves_to_itself(&spec);
    spec_destroy(&spec);
    spec = parse_with(FULL,
                      (const char *const[]){"epochs=[3, 4]", "l2={min: 0, max: 1, num: 11}",
                                            "data.targets.low=[0.1, 0.2]", "hidden=8x4",
                                            "data.noise=[0, 0.1]"},
                      5);
    assert_resolves_to_itself(&spec);
    spec_destroy(&spec);
}

/* A random value of a key, or a few, as YAML. */
static void random_value(Rng *rng, const Key *key, char *text, size_t size) {
    if (key->type == KEY_TYPE_CHOICE) {
        snprintf(text, size, "%s", key->choices[rng_below(rng, (int64_t)key->high + 1)]);
    } else if (key->type == KEY_TYPE_BOOL) {
        snprintf(text, size, "%s", rng_below(rng, 2) > 0 ? "true" : "false");
    } else if (key->type == KEY_TYPE_SIZES) {
        static const char *const shapes[] = {"[]", "1", "7", "[3, 4]", "16x8", "[9]", "2"};
        snprintf(text, size, "%s", shapes[rng_below(rng, 7)]);
    } else if (key->type == KEY_TYPE_INTEGER) {
        snprintf(text, size, "%d", (int)(key->low + (double)rng_below(rng, 40)));
    } else if (key->type == KEY_TYPE_REAL) {
        const double low = isfinite(key->low) ? key->low : -5,
                     high = isfinite(key->high) ? key->high : 5;
        snprintf(text, size, "%.*g", (int)rng_below(rng, 17) + 1,
                 rng_uniform(rng, low + (high - low) / 100, high - (high - low) / 100));
    } else {
        snprintf(text, size, "%s", key->type == KEY_TYPE_REALS ? "[1, 2.5]" : "\"a b\"");
    }
}

static void random_axis(Rng *rng, const Key *key, int values, char *text, size_t size) {
    if ((key->type == KEY_TYPE_INTEGER || key->type == KEY_TYPE_REAL) && rng_below(rng, 4) == 0) {
        const bool integer = key->type == KEY_TYPE_INTEGER;
        snprintf(text, size, integer ? "{min: 2, max: %d}" : "{min: 0.02, max: 0.9, num: %d}",
                 integer ? values + 1 : values);
        return;
    }
    Text list = text_begin(text, size);
    text_add(&list, "[");
    for (int i = 0; i < values; i++) {
        char value[64];
        random_value(rng, key, value, sizeof value);
        if (key->id == KEY_INIT && rng_below(rng, 2) > 0) {
            snprintf(value, sizeof value, "{kind: uniform, low: -%d, high: 0.5}", i);
        }
        if (key->id == KEY_SCHEDULE && rng_below(rng, 2) > 0) {
            snprintf(value, sizeof value, "{kind: step, every: %d}", i + 1);
        }
        text_add(&list, "%s%s", i > 0 ? ", " : "", value);
    }
    text_add(&list, "]");
}

static void random_experiment(Rng *rng, char *text, size_t size) {
    Text yaml = text_begin(text, size);
#define PUT(...) text_add(&yaml, __VA_ARGS__)
    static const char *const kinds[] = {"moons", "circles",          "blobs", "spirals", "sine",
                                        "gates", "csv, path: a.csv", "xor"};
    char value[600];
    PUT("data: {kind: %s, per_repeat: %s}\nseed: %d\nrepeats: %d\nfixed:\n",
        kinds[rng_below(rng, 8)], rng_below(rng, 2) > 0 ? "true" : "false", (int)rng_below(rng, 5),
        (int)rng_below(rng, 3) + 1);
    int role[KEY_COUNT]; /* 0 nothing, 1 fixed, 2 grid, 3 zip */
    for (int i = 0; i < KEY_COUNT; i++) {
        const int64_t dice = rng_below(rng, 24);
        role[i] = dice < 4 ? 1 : dice == 4 ? 2 : dice == 5 ? 3 : 0;
        const bool data = strncmp(KEYS[i].name, "data.", 5) == 0;
        if (data && i != KEY_DATA_NOISE && i != KEY_DATA_SEED && i != KEY_DATA_FOLDS) role[i] = 0;
        if (strncmp(KEYS[i].name, "stop.", 5) == 0 || strncmp(KEYS[i].name, "record.", 7) == 0 ||
            i == KEY_INIT_VALUES) {
            role[i] = 0;
        }
        if (i == KEY_HIDDEN && role[i] == 0) role[i] = 1;
        if (role[i] != 1) continue;
        random_value(rng, &KEYS[i], value, sizeof value);
        PUT("  %s: %s\n", KEYS[i].name, value);
    }
    PUT("  data.standardize: true\n");
    bool any = false;
    for (int i = KEY_COUNT - 1; i >= 0; i--) {
        if (role[i] != 2) continue;
        random_axis(rng, &KEYS[i], (int)rng_below(rng, 3) + 1, value, sizeof value);
        PUT("%s  %s: %s\n", any ? "" : "grid:\n", KEYS[i].name, value);
        any = true;
    }
    any = false;
    for (int i = 0; i < KEY_COUNT; i++) {
        if (role[i] != 3) continue;
        random_axis(rng, &KEYS[i], 2, value, sizeof value);
        PUT("%s%s: %s",
            !any                    ? "zip:\n  - {"
            : rng_below(rng, 2) > 0 ? ", "
                                    : "}\n  - {",
            KEYS[i].name, value);
        any = true;
    }
    if (any) PUT("}\n");
    if (rng_below(rng, 2) > 0) PUT("exclude: [{l2: 0}, {activation: relu}]\n");
    if (rng_below(rng, 2) > 0) {
        PUT("include: [{hidden: 77, optimizer: adagrad}, {hidden: [5, 5, 5], schedule: inverse, "
            "output: identity, loss: squared_error}]\n");
    }
#undef PUT
    assert_true(!text_full(&yaml));
}

static void random_experiments_resolve_to_the_same_trials(void **state) {
    (void)state;
    Rng rng;
    rng_seed(&rng, 1);
    int good = 0;
    for (int i = 0; i < 6000; i++) {
        static char text[20000];
        random_experiment(&rng, text, sizeof text);
        Spec spec;
        Grid grid;
        Error err = {0};
        if (!spec_read_text(&spec, "random.yaml", text, strlen(text), NULL, 0, &err)) continue;
        if (grid_create(&grid, &spec, 5000, &err)) {
            grid_destroy(&grid);
            assert_resolves_to_itself(&spec);
            good++;
        }
        spec_destroy(&spec);
    }
    assert_true(good > 300);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_has_its_default),
        cmocka_unit_test(sections_are_read),
        cmocka_unit_test(a_report_names_sections_and_panels),
        cmocka_unit_test(an_empty_report_is_not_an_absent_one),
        cmocka_unit_test(lists_are_axes_and_lists_in_them_shapes),
        cmocka_unit_test(ranges_have_exact_ends),
        cmocka_unit_test(structured_values_become_several_assignments),
        cmocka_unit_test(zip_groups_are_one_axis),
        cmocka_unit_test(a_single_override_fixes_a_key_everywhere),
        cmocka_unit_test(a_list_or_range_on_the_command_line_is_an_axis_behind_all_others),
        cmocka_unit_test(overrides_reach_every_section),
        cmocka_unit_test(what_is_recorded_is_said_in_one_way),
        cmocka_unit_test(bad_overrides_are_refused_with_the_argument),
        cmocka_unit_test(experiments_resolve_to_the_same_trials),
        cmocka_unit_test(texts_with_every_kind_of_sign_survive),
        cmocka_unit_test(random_experiments_resolve_to_the_same_trials)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
