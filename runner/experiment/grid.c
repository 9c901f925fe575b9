/* Expands an experiment: which places of the full product are trained, how many trials each is, and
 * their names. A setting is made anew from its place whenever it is asked for. */
#include "runner/experiment/grid.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/experiment/grid_check.h"

/* ---- identity ---- */

static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t fnv(uint64_t hash, const char *text) {
    for (; *text != '\0'; text++) hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return hash;
}

static uint64_t line_hash(const char *key, const char *text) {
    return mix(fnv(fnv(fnv(fnv(0xcbf29ce484222325u, key), "="), text), "\n"));
}

static uint64_t number_hash(const char *key, int64_t number) {
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)number);
    return line_hash(key, text);
}

uint64_t grid_id(const Setting *setting) {
    uint64_t sum = number_hash("seed", setting->seed) + number_hash("fold", setting->fold);
    for (int i = 0; i < KEY_COUNT; i++) sum += line_hash(KEYS[i].name, setting->value[i].text);
    return sum;
}

/* Hashes of lines are kept from one setting to the next: most texts are the same pointer again. */
typedef struct LineCache {
    const char *text[KEY_COUNT];
    uint64_t hash[KEY_COUNT];
} LineCache;

/* The sum over all keys. */
static uint64_t sum_of(LineCache *cache, const Value *value) {
    uint64_t sum = 0;
    for (int i = 0; i < KEY_COUNT; i++) {
        if (value[i].text != cache->text[i]) {
            cache->text[i] = value[i].text;
            cache->hash[i] = line_hash(KEYS[i].name, value[i].text);
        }
        sum += cache->hash[i];
    }
    return sum;
}

/* ---- a setting from its place ---- */

static const KeyId MOVED[] = {KEY_DATA_SEED,
                              KEY_DATA_TEST_SEED}; /* by the repeats, under per_repeat */

static void apply(Value *value, const Choice *choice) {
    for (int32_t i = 0; i < choice->count; i++) value[choice->set[i].key] = choice->set[i].value;
}

static void fill(const Grid *grid, int64_t index, Value *value) {
    const Spec *spec = grid->spec;
    memcpy(value, grid->base, sizeof grid->base);
    if (index < 0) {
        apply(value, &spec->include[-1 - index]);
    } else {
        for (int32_t a = spec->axes - 1; a >= 0; a--) {
            apply(value, &spec->axis[a].choice[index % spec->axis[a].count]);
            index /= spec->axis[a].count;
        }
    }
    spec_depend(value);
}

static int64_t setting_of(const Grid *grid, int64_t trial) {
    int64_t low = 0, high = grid->settings; /* first_trial[low] <= trial < first_trial[high] */
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        if (grid->first_trial[middle] <= trial)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void grid_setting(const Grid *grid, int64_t trial, Setting *setting, char buffer[256]) {
    assert(trial >= 0 && trial < grid->trials);
    const int64_t number = setting_of(grid, trial), within = trial - grid->first_trial[number];
    fill(grid, grid->setting_index[number], setting->value);
    setting->number = number;
    setting->repeat = (int32_t)(within / grid->folds[number]);
    setting->fold = (int32_t)(within % grid->folds[number]);
    setting->seed = (uint32_t)(grid->spec->seed + setting->repeat);
    if (!grid->spec->per_repeat || setting->repeat == 0) return;
    for (int i = 0; i < 2; i++) {
        char *text = buffer + 128 * i;
        const double seed = setting->value[MOVED[i]].number + 1000.0 * setting->repeat;
        snprintf(text, 128, "%lld", (long long)seed);
        setting->value[MOVED[i]] = (Value){seed, text};
    }
}

bool grid_classes(const Setting *setting) {
    return spec_classes(setting->value);
}

static void describe(const Spec *spec, int64_t index, char *text, size_t size) {
    size_t used = 0;
    text[0] = '\0';
    const int32_t parts = index < 0 ? 1 : spec->axes;
    for (int32_t a = 0; a < parts; a++) {
        const Choice *choice =
            index < 0 ? &spec->include[-1 - index] : grid_check_choice(spec, index, a);
        for (int32_t i = 0; i < choice->count && used < size; i++) {
            used += (size_t)snprintf(text + used, size - used, "%s%s=%s", used > 0 ? ", " : "",
                                     KEYS[choice->set[i].key].name, choice->set[i].value.text);
        }
    }
    if (used == 0) snprintf(text, size, "what is fixed");
}

void grid_describe(const Grid *grid, int64_t setting, char *text, size_t size) {
    describe(grid->spec, grid->setting_index[setting], text, size);
}

/* ---- expansion ---- */

/* A set of identities by open addressing: number of the setting + 1, or 0. */
typedef struct Met {
    int64_t *slot;
    uint64_t mask;
} Met;

static int64_t meet(Met *met, const uint64_t *identity, int64_t number) {
    for (uint64_t at = identity[number] & met->mask;; at = (at + 1) & met->mask) {
        if (met->slot[at] == 0) {
            met->slot[at] = number + 1;
            return -1;
        }
        if (identity[met->slot[at] - 1] == identity[number]) return met->slot[at] - 1;
    }
}

static bool met_twice(const Spec *spec, int64_t earlier, int64_t later, Error *err) {
    char place[512], a[240], b[240], where[512];
    const Choice *at = later < 0 ? &spec->include[-1 - later] : NULL;
    for (int32_t axis = 0; later >= 0 && axis < spec->axes; axis++) {
        const Choice *here = grid_check_choice(spec, later, axis);
        if (at == NULL || here != grid_check_choice(spec, earlier, axis)) at = here;
    }
    assert(at != NULL); /* two settings: there is an axis or an include */
    spec_place(spec, at->line, at->column, place, sizeof place);
    describe(spec, later, a, sizeof a);
    describe(spec, earlier, b, sizeof b);
    const Choice *before = earlier < 0      ? &spec->include[-1 - earlier]
                           : spec->axes > 0 ? grid_check_choice(spec, earlier, 0)
                                            : &spec->base;
    spec_place(spec, before->line, before->column, where, sizeof where);
    return error_set(
        err, ERROR_USAGE,
        "%s: %s: the setting {%s} is met twice: it is the same as {%s} at %s (remove one)", place,
        later < 0 ? "include" : "grid", a, b, where);
}

static bool matches(const Choice *choice, const Value *value) {
    for (int32_t i = 0; i < choice->count; i++) {
        if (strcmp(choice->set[i].value.text, value[choice->set[i].key].text) != 0) return false;
    }
    return true;
}

static bool is_excluded(const Spec *spec, const Value *value, bool *used) {
    bool excluded = false;
    for (int32_t i = 0; i < spec->excludes; i++) {
        if (!matches(&spec->exclude[i], value)) continue;
        used[i] = true;
        excluded = true;
    }
    return excluded;
}

static void warn_excludes(Grid *grid, const bool *used) {
    const Spec *spec = grid->spec;
    int32_t idle = 0, first = 0;
    for (int32_t i = spec->excludes - 1; i >= 0; i--) {
        if (used[i]) continue;
        idle++;
        first = i;
    }
    if (idle == 0) return;
    char place[300], others[40] = "";
    spec_place(spec, spec->exclude[first].line, spec->exclude[first].column, place, sizeof place);
    if (idle > 1) snprintf(others, sizeof others, ", and %d more", (int)idle - 1);
    snprintf(grid->warning, sizeof grid->warning, "%s: exclude: matches nothing%s", place, others);
}

static bool too_many(const Spec *spec, int64_t count, int64_t max_trials, Error *err) {
    char place[512], number[48] = "more than 9e18";
    const Choice *at = spec->axes > 0 ? &spec->axis[spec->axes - 1].choice[0] : &spec->base;
    spec_place(spec, at->line, at->column, place, sizeof place);
    if (count > 0) snprintf(number, sizeof number, "%lld", (long long)count);
    return error_set(
        err, ERROR_USAGE,
        "%s: grid: %s trials, and at most %lld are allowed (fewer values, or --max-trials)", place,
        number, (long long)max_trials);
}

/* What the settings have between them. */
typedef struct Survey {
    bool test, validation, classes, numbers;
    double epochs; /* the most of any setting */
} Survey;

static void survey(Survey *seen, const Value *value) {
    seen->test = seen->test || grid_check_has_test(value);
    seen->validation = seen->validation || grid_check_has_validation(value);
    const bool classes = spec_classes(value);
    seen->classes = seen->classes || classes;
    seen->numbers = seen->numbers || !classes;
    if (value[KEY_EPOCHS].number > seen->epochs) seen->epochs = value[KEY_EPOCHS].number;
}

static bool check_metric(const Spec *spec, const Survey *seen, Error *err) {
    if (spec->metric == METRIC_COUNT) return true;
    const MetricSet possible =
        (seen->classes ? metrics_of_task(true, seen->validation, seen->test) : 0) |
        (seen->numbers ? metrics_of_task(false, seen->validation, seen->test) : 0);
    if (metrics_column(possible, spec->metric) >= 0) return true;
    const char *name = metrics_name(spec->metric);
    const bool test = strncmp(name, "test_", 5) == 0 && !seen->test,
               val = strncmp(name, "val_", 4) == 0 && !seen->validation;
    char place[512];
    spec_place(spec, spec->metric_line, spec->metric_column, place, sizeof place);
    return error_set(
        err, ERROR_USAGE, "%s: metric: there is no %s here (%s)", place, name,
        test  ? "no test set: data.test_samples, test_fraction or folds make one"
        : val ? "no validation set: data.validation_samples or validation_fraction make one"
              : "accuracy is for classes, mse and r2 are for numbers");
}

static int compare_epochs(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Epochs named under `published`, and their successors where the figure may be one later. */
static bool collect_epochs(Grid *grid, int64_t epochs, Error *err) {
    const Spec *spec = grid->spec;
    size_t room = 1;
    for (int32_t i = 0; i < spec->published_count; i++)
        room += 2 * (size_t)spec->published[i].count;
    int64_t *list = calloc(room, sizeof *list);
    if (list == NULL) return error_memory(err, room * sizeof *list);
    grid->record_also = list;
    size_t count = 0;
    for (int32_t i = 0; i < spec->published_count; i++) {
        const Published *published = &spec->published[i];
        for (int32_t j = 0; j < published->count; j++) {
            for (int64_t later = 0; later <= published->or_next; later++) {
                if (published->epoch[j] + later < epochs)
                    list[count++] = published->epoch[j] + later;
            }
        }
    }
    qsort(list, count, sizeof *list, compare_epochs);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && list[i] == list[grid->record_also_count - 1]) continue;
        list[grid->record_also_count++] = list[i];
    }
    return true;
}

/* Every place of the product and every include, each looked at once; identity[n] is that of setting
 * n without its seeds. */
static bool expand(Grid *grid, int64_t product, int64_t max_trials, Met *met, uint64_t *identity,
                   bool *used, Survey *seen, Error *err) {
    const Spec *spec = grid->spec;
    LineCache cache = {.text = {NULL}};
    for (int64_t i = 0; i < product + spec->includes; i++) {
        const int64_t index = i < product ? i : product - 1 - i;
        Value value[KEY_COUNT];
        fill(grid, index, value);
        if (index >= 0 && is_excluded(spec, value, used)) continue;
        if (!grid_check_fit(spec, index, value, err)) return false;
        const int64_t n = grid->settings;
        identity[n] = sum_of(&cache, value);
        grid->setting_index[n] = index;
        const int64_t twin = meet(met, identity, n);
        if (twin >= 0) return met_twice(spec, grid->setting_index[twin], index, err);
        grid->folds[n] =
            value[KEY_DATA_FOLDS].number > 0 ? (int32_t)value[KEY_DATA_FOLDS].number : 1;
        int64_t trials, end;
        if (__builtin_mul_overflow(spec->repeats, (int64_t)grid->folds[n], &trials) ||
            __builtin_add_overflow(grid->first_trial[n], trials, &end)) {
            return too_many(spec, 0, max_trials, err);
        }
        grid->first_trial[n + 1] = end;
        grid->settings = n + 1;
        survey(seen, value);
    }
    grid->trials = grid->first_trial[grid->settings];
    if (grid->trials > max_trials) return too_many(spec, grid->trials, max_trials, err);
    if (grid->trials > 0) return true;
    char place[512];
    assert(spec->excludes > 0);
    spec_place(spec, spec->exclude[0].line, spec->exclude[0].column, place, sizeof place);
    return error_set(err, ERROR_USAGE, "%s: exclude: leaves no trial", place);
}

/* identity[n] knows no seed and no fold, and no repeat but the first. */
static bool name_trials(Grid *grid, const uint64_t *identity, Error *err) {
    const Spec *spec = grid->spec;
    const size_t bytes = (size_t)grid->trials * sizeof *grid->id;
    grid->id = malloc(bytes);
    uint64_t *seed = calloc((size_t)spec->repeats, sizeof *seed); /* repeats <= trials */
    if (grid->id == NULL || seed == NULL) {
        free(seed);
        return error_memory(err, bytes);
    }
    for (int64_t repeat = 0; repeat < spec->repeats; repeat++)
        seed[repeat] = number_hash("seed", spec->seed + repeat);
    const uint64_t first_fold = number_hash("fold", 0);
    for (int64_t n = 0; n < grid->settings; n++) {
        Value value[KEY_COUNT];
        const bool moves = spec->per_repeat && spec->repeats > 1;
        if (moves) fill(grid, grid->setting_index[n], value);
        uint64_t *id = &grid->id[grid->first_trial[n]];
        for (int64_t repeat = 0; repeat < spec->repeats; repeat++) {
            uint64_t sum = identity[n] + seed[repeat];
            for (int i = 0; moves && repeat > 0 && i < 2; i++) {
                const KeyId key = MOVED[i];
                sum += number_hash(KEYS[key].name, (int64_t)value[key].number + 1000 * repeat);
                sum -= line_hash(KEYS[key].name, value[key].text);
            }
            *id++ = sum + first_fold;
            for (int32_t fold = 1; fold < grid->folds[n]; fold++)
                *id++ = sum + number_hash("fold", fold);
        }
    }
    free(seed);
    return true;
}

static bool sets_required(const Choice *base) {
    bool hidden = false, kind = false;
    for (int32_t i = 0; i < base->count; i++) {
        hidden = hidden || base->set[i].key == KEY_HIDDEN;
        kind = kind || base->set[i].key == KEY_DATA_KIND;
    }
    return hidden && kind;
}

bool grid_create(Grid *grid, const Spec *spec, int64_t max_trials, Error *err) {
    *grid = (Grid){.spec = spec};
    uint64_t *identity = NULL;
    bool *used = NULL;
    Met met = {NULL, 0};
    Survey seen = {.epochs = 0};
    int64_t product = 1;
    for (int32_t a = 0; a < spec->axes; a++) {
        if (!__builtin_mul_overflow(product, spec->axis[a].count, &product)) continue;
        return too_many(spec, 0, max_trials, err);
    }
    if (product > max_trials) return too_many(spec, product, max_trials, err);
    if (spec->axes == 0 && spec->includes > 0 && !sets_required(&spec->base))
        product = 0; /* includes only */
    spec_defaults(spec, grid->base);
    const size_t room = (size_t)product + (size_t)spec->includes;
    size_t slots = 16;
    while (slots < 2 * room) slots *= 2;
    met = (Met){calloc(slots, sizeof *met.slot), slots - 1};
    identity = calloc(room + 1, sizeof *identity);
    used = calloc((size_t)spec->excludes + 1, sizeof *used);
    grid->setting_index = calloc(room + 1, sizeof *grid->setting_index);
    grid->folds = calloc(room + 1, sizeof *grid->folds);
    grid->first_trial = calloc(room + 1, sizeof *grid->first_trial);
    if (!met.slot || !identity || !used || !grid->setting_index || !grid->folds ||
        !grid->first_trial) {
        error_memory(err, slots * sizeof *met.slot);
        goto fail;
    }
    TRY(expand(grid, product, max_trials, &met, identity, used, &seen, err));
    TRY(check_metric(spec, &seen, err));
    TRY(name_trials(grid, identity, err));
    TRY(collect_epochs(grid, (int64_t)seen.epochs, err));
    warn_excludes(grid, used);
    free(met.slot);
    free(identity);
    free(used);
    return true;
fail:
    free(met.slot);
    free(identity);
    free(used);
    grid_destroy(grid);
    return false;
}

void grid_destroy(Grid *grid) {
    free(grid->setting_index);
    free(grid->folds);
    free(grid->first_trial);
    free(grid->id);
    free(grid->record_also);
    *grid = (Grid){.spec = NULL};
}
