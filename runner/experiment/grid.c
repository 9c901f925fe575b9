/* Expands an experiment: which settings of the full product are trained, how many trials each is,
 * and their identities. A setting is made anew from its index whenever it is wanted. */
#include "runner/experiment/grid.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/experiment/grid_check.h"

/* --- identity --------------------------------------------------------------------------------- */

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
    snprintf(text, sizeof text, "%" PRId64, number);
    return line_hash(key, text);
}

static uint64_t key_hash(int key, const char *text) {
    const char *before = KEYS[key].before;
    return before && strcmp(text, before) == 0 ? 0 : line_hash(KEYS[key].name, text);
}

uint64_t grid_id(const Setting *setting) {
    uint64_t sum = number_hash("seed", setting->seed) + number_hash("fold", setting->fold);
    for (int i = 0; i < KEY_COUNT; i++) sum += key_hash(i, setting->value[i].text);
    return sum;
}

/* Hashes of lines are reused from one setting to the next: nearly all texts are the same pointer
 * again. */
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
            cache->hash[i] = key_hash(i, value[i].text);
        }
        sum += cache->hash[i];
    }
    return sum;
}

/* --- a setting from its index ----------------------------------------------------------------- */

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
        if (grid->first_trial[middle] <= trial) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* repeat > 0 */
static MovedSeeds *moved_seeds(const Grid *grid, int64_t setting, int64_t repeat) {
    return &grid->moved[setting * (grid->spec->repeats - 1) + repeat - 1];
}

void grid_setting(const Grid *grid, int64_t trial, Setting *setting) {
    assert(trial >= 0 && trial < grid->trials);
    const int64_t number = setting_of(grid, trial), within = trial - grid->first_trial[number];
    fill(grid, grid->setting_index[number], setting->value);
    setting->number = number;
    setting->repeat = (int32_t)(within / grid->folds[number]);
    setting->fold = (int32_t)(within % grid->folds[number]);
    setting->seed = (uint32_t)(grid->spec->seed + within);
    if (!grid->moved || setting->repeat == 0) return;
    const MovedSeeds *moved = moved_seeds(grid, number, setting->repeat);
    for (int i = 0; i < 2; i++) {
        Value *value = &setting->value[GRID_CHECK_MOVED[i]];
        *value =
            (Value){value->number + (double)GRID_CHECK_SEED_STEP * setting->repeat, moved->text[i]};
    }
}

static void describe(const Spec *spec, int64_t index, char *buffer, size_t size) {
    Text text = text_begin(buffer, size);
    const int32_t choices = index < 0 ? 1 : spec->axes;
    for (int32_t a = 0; a < choices; a++) {
        const Choice *choice =
            index < 0 ? &spec->include[-1 - index] : grid_check_choice(spec, index, a);
        for (int32_t i = 0; i < choice->count; i++) {
            text_add(&text, "%s%s=%s", text.length > 0 ? ", " : "", KEYS[choice->set[i].key].name,
                     choice->set[i].value.text);
        }
    }
    if (text.length == 0) text_add(&text, "what is fixed");
}

void grid_describe(const Grid *grid, int64_t setting, char *text, size_t size) {
    describe(grid->spec, grid->setting_index[setting], text, size);
}

/* --- expansion -------------------------------------------------------------------------------- */

/* A set of identities by open addressing: number of the setting + 1, or 0. */
typedef struct SeenSet {
    int64_t *slot;
    uint64_t mask;
} SeenSet;

/* -1, or the setting that has the same identity. */
static int64_t insert(SeenSet *seen, const uint64_t *identity, int64_t number) {
    for (uint64_t at = identity[number] & seen->mask;; at = (at + 1) & seen->mask) {
        if (seen->slot[at] == 0) {
            seen->slot[at] = number + 1;
            return -1;
        }
        if (identity[seen->slot[at] - 1] == identity[number]) return seen->slot[at] - 1;
    }
}

static bool refuse_twin(const Spec *spec, int64_t earlier, int64_t later, Error *err) {
    char here[512], there[512], a[240], b[240];
    const Choice *at = later < 0 ? &spec->include[-1 - later] : NULL;
    for (int32_t axis = 0; later >= 0 && axis < spec->axes; axis++) {
        const Choice *choice = grid_check_choice(spec, later, axis);
        if (!at || choice != grid_check_choice(spec, earlier, axis)) at = choice;
    }
    assert(at); /* two settings: there is an axis or an include */
    spec_location(spec, at->line, at->column, here, sizeof here);
    describe(spec, later, a, sizeof a);
    describe(spec, earlier, b, sizeof b);
    const Choice *before = earlier < 0      ? &spec->include[-1 - earlier]
                           : spec->axes > 0 ? grid_check_choice(spec, earlier, 0)
                                            : &spec->base;
    spec_location(spec, before->line, before->column, there, sizeof there);
    return error_set(
        err, ERROR_USAGE,
        "%s: %s: the setting {%s} is met twice: it is the same as {%s} at %s (remove one)", here,
        later < 0 ? "include" : "grid", a, b, there);
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
    const Choice *exclude = &spec->exclude[first];
    char location[300], others[40] = "";
    spec_location(spec, exclude->line, exclude->column, location, sizeof location);
    if (idle > 1) snprintf(others, sizeof others, ", and %d more", (int)idle - 1);
    snprintf(grid->warning, sizeof grid->warning, "%s: exclude: matches nothing%s", location,
             others);
}

static bool too_many(const Spec *spec, int64_t count, int64_t max_trials, Error *err) {
    char location[512], number[48] = "more than 9e18";
    const Choice *at = spec->axes > 0 ? &spec->axis[spec->axes - 1].choice[0] : &spec->base;
    spec_location(spec, at->line, at->column, location, sizeof location);
    if (count > 0) snprintf(number, sizeof number, "%" PRId64, count);
    return error_set(err, ERROR_USAGE,
                     "%s: grid: %s trials, and at most %" PRId64
                     " are allowed (fewer values, or --max-trials)",
                     location, number, max_trials);
}

/* What any of the settings has. */
typedef struct GridSurvey {
    bool test, validation, classes, numbers;
    double epochs; /* the largest number of any setting */
} GridSurvey;

static void survey(GridSurvey *seen, const Value *value) {
    seen->test = seen->test || grid_check_has_test(value);
    seen->validation = seen->validation || grid_check_has_validation(value);
    const bool classes = spec_classes(value);
    seen->classes = seen->classes || classes;
    seen->numbers = seen->numbers || !classes;
    if (value[KEY_EPOCHS].number > seen->epochs) seen->epochs = value[KEY_EPOCHS].number;
}

static bool check_metric(const Spec *spec, const GridSurvey *seen, Error *err) {
    if (spec->metric == METRIC_COUNT) return true;
    const MetricSet possible =
        (seen->classes ? metrics_of_task(true, seen->validation, seen->test) : 0) |
        (seen->numbers ? metrics_of_task(false, seen->validation, seen->test) : 0);
    if (metrics_column(possible, spec->metric) >= 0) return true;
    const char *name = metrics_name(spec->metric);
    const bool test = strncmp(name, "test_", 5) == 0 && !seen->test,
               val = strncmp(name, "val_", 4) == 0 && !seen->validation;
    char location[512];
    spec_location(spec, spec->metric_line, spec->metric_column, location, sizeof location);
    return error_set(
        err, ERROR_USAGE, "%s: metric: there is no %s here (%s)", location, name,
        test  ? "no test set: data.test_samples, test_fraction or folds make one"
        : val ? "no validation set: data.validation_samples or validation_fraction make one"
              : "accuracy is for classes, mse and r2 are for numbers");
}

static int compare_epochs(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Epochs named under `published`, and their successors if the figure may be one later. */
static bool collect_epochs(Grid *grid, int64_t epochs, Error *err) {
    const Spec *spec = grid->spec;
    size_t capacity = 1;
    for (int32_t i = 0; i < spec->published_count; i++) {
        capacity += 2 * (size_t)spec->published[i].count;
    }
    int64_t *list = calloc(capacity, sizeof *list);
    if (!list) return error_memory(err, capacity * sizeof *list);
    grid->record_also = list;
    size_t count = 0;
    for (int32_t i = 0; i < spec->published_count; i++) {
        const Published *published = &spec->published[i];
        for (int32_t j = 0; j < published->count; j++) {
            for (int64_t later = 0; later <= published->or_next; later++) {
                if (published->epoch[j] + later < epochs) {
                    list[count++] = published->epoch[j] + later;
                }
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

/* What the expansion needs beside the grid. */
typedef struct Expansion {
    SeenSet seen;
    uint64_t *identity; /* of each setting */
    bool *used;         /* excludes: it matched a setting */
    GridSurvey survey;
} Expansion;

/* Every setting of the product and every include, each looked at once; identity[n] is that of
 * setting n without its seeds. */
static bool expand(Grid *grid, int64_t product, int64_t max_trials, Expansion *e, Error *err) {
    const Spec *spec = grid->spec;
    LineCache cache = {.text = {NULL}};
    for (int64_t i = 0; i < product + spec->includes; i++) {
        const int64_t index = i < product ? i : product - 1 - i;
        Value value[KEY_COUNT];
        fill(grid, index, value);
        if (index >= 0 && is_excluded(spec, value, e->used)) continue;
        if (!grid_check_fit(spec, index, value, err)) return false;
        const int64_t n = grid->settings;
        e->identity[n] = sum_of(&cache, value);
        grid->setting_index[n] = index;
        const int64_t twin = insert(&e->seen, e->identity, n);
        if (twin >= 0) return refuse_twin(spec, grid->setting_index[twin], index, err);
        grid->folds[n] =
            value[KEY_DATA_FOLDS].number > 0 ? (int32_t)value[KEY_DATA_FOLDS].number : 1;
        int64_t trials, end;
        if (__builtin_mul_overflow(spec->repeats, (int64_t)grid->folds[n], &trials) ||
            __builtin_add_overflow(grid->first_trial[n], trials, &end)) {
            return too_many(spec, 0, max_trials, err);
        }
        grid->first_trial[n + 1] = end;
        grid->settings = n + 1;
        survey(&e->survey, value);
    }
    grid->trials = grid->first_trial[grid->settings];
    if (grid->trials > max_trials) return too_many(spec, grid->trials, max_trials, err);
    if (grid->trials > 0) return true;
    char location[512];
    assert(spec->excludes > 0);
    spec_location(spec, spec->exclude[0].line, spec->exclude[0].column, location, sizeof location);
    return error_set(err, ERROR_USAGE, "%s: exclude: leaves no trial", location);
}

/* The moved seeds of a setting in a repeat, as texts; what they add to an identity that has the
 * unmoved ones. */
static uint64_t move_seeds(MovedSeeds *moved, const Value *value, int64_t repeat) {
    uint64_t change = 0;
    for (int i = 0; i < 2; i++) {
        const KeyId key = GRID_CHECK_MOVED[i];
        const int64_t seed = (int64_t)value[key].number + GRID_CHECK_SEED_STEP * repeat;
        snprintf(moved->text[i], sizeof moved->text[i], "%" PRIu32, (uint32_t)seed);
        change += line_hash(KEYS[key].name, moved->text[i]);
        change -= line_hash(KEYS[key].name, value[key].text);
    }
    return change;
}

/* Hashes of the lines of seed and fold, of the longest setting. */
typedef struct SeedHashes {
    uint64_t *seed; /* by number within the setting */
    uint64_t *fold;
} SeedHashes;

static bool hash_seeds(SeedHashes *hashes, const Grid *grid, Error *err) {
    const int64_t repeats = grid->spec->repeats;
    int32_t folds = 1;
    for (int64_t n = 0; n < grid->settings; n++) {
        folds = grid->folds[n] > folds ? grid->folds[n] : folds;
    }
    hashes->seed = malloc((size_t)(repeats * folds) * sizeof *hashes->seed); /* <= trials */
    hashes->fold = malloc((size_t)folds * sizeof *hashes->fold);
    if (!hashes->seed || !hashes->fold) {
        return error_memory(err, (size_t)(repeats * folds) * sizeof *hashes->seed);
    }
    for (int64_t i = 0; i < repeats * folds; i++) {
        hashes->seed[i] = number_hash("seed", grid->spec->seed + i);
    }
    for (int32_t f = 0; f < folds; f++) hashes->fold[f] = number_hash("fold", f);
    return true;
}

/* identity[n] is without seed and fold, and of the first repeat. */
static bool name_trials(Grid *grid, const uint64_t *identity, Error *err) {
    const Spec *spec = grid->spec;
    const bool moves = spec->per_repeat && spec->repeats > 1;
    const size_t trials = (size_t)grid->trials, repeats = (size_t)spec->repeats; /* <= trials */
    SeedHashes hashes = {NULL, NULL};
    bool done = false;
    grid->id = malloc(trials * sizeof *grid->id);
    if (moves) grid->moved = calloc((size_t)grid->settings * (repeats - 1), sizeof *grid->moved);
    if (!grid->id || (moves && !grid->moved)) {
        error_memory(err, trials * sizeof *grid->moved);
        goto fail;
    }
    TRY(hash_seeds(&hashes, grid, err));
    for (int64_t n = 0; n < grid->settings; n++) {
        Value value[KEY_COUNT];
        if (moves) fill(grid, grid->setting_index[n], value);
        uint64_t *id = &grid->id[grid->first_trial[n]];
        const uint64_t *seed = hashes.seed;
        for (int64_t repeat = 0; repeat < spec->repeats; repeat++) {
            uint64_t sum = identity[n];
            if (moves && repeat > 0) sum += move_seeds(moved_seeds(grid, n, repeat), value, repeat);
            for (int32_t fold = 0; fold < grid->folds[n]; fold++) {
                *id++ = sum + *seed++ + hashes.fold[fold];
            }
        }
    }
    done = true;
fail:
    free(hashes.seed);
    free(hashes.fold);
    return done;
}

static bool sets_required(const Choice *base) {
    bool hidden = false, kind = false;
    for (int32_t i = 0; i < base->count; i++) {
        hidden = hidden || base->set[i].key == KEY_HIDDEN;
        kind = kind || base->set[i].key == KEY_DATA_KIND;
    }
    return hidden && kind;
}

static void expansion_free(Expansion *e) {
    free(e->seen.slot);
    free(e->identity);
    free(e->used);
}

static bool expansion_make(Expansion *e, Grid *grid, int64_t product, Error *err) {
    const size_t settings = (size_t)product + (size_t)grid->spec->includes;
    size_t slots = 16;
    while (slots < 2 * settings) slots *= 2;
    e->seen = (SeenSet){calloc(slots, sizeof *e->seen.slot), slots - 1};
    e->identity = calloc(settings + 1, sizeof *e->identity);
    e->used = calloc((size_t)grid->spec->excludes + 1, sizeof *e->used);
    grid->setting_index = calloc(settings + 1, sizeof *grid->setting_index);
    grid->folds = calloc(settings + 1, sizeof *grid->folds);
    grid->first_trial = calloc(settings + 1, sizeof *grid->first_trial);
    if (e->seen.slot && e->identity && e->used && grid->setting_index && grid->folds &&
        grid->first_trial) {
        return true;
    }
    return error_memory(err, slots * sizeof *e->seen.slot);
}

bool grid_create(Grid *grid, const Spec *spec, int64_t max_trials, Error *err) {
    *grid = (Grid){.spec = spec};
    Expansion e = {0};
    int64_t product = 1;
    for (int32_t a = 0; a < spec->axes; a++) {
        if (!__builtin_mul_overflow(product, spec->axis[a].count, &product)) continue;
        return too_many(spec, 0, max_trials, err);
    }
    if (product > max_trials) return too_many(spec, product, max_trials, err);
    if (spec->axes == 0 && spec->includes > 0 && !sets_required(&spec->base)) {
        product = 0; /* includes only */
    }
    spec_defaults(spec, grid->base);
    TRY(expansion_make(&e, grid, product, err));
    TRY(expand(grid, product, max_trials, &e, err));
    TRY(check_metric(spec, &e.survey, err));
    TRY(name_trials(grid, e.identity, err));
    TRY(collect_epochs(grid, (int64_t)e.survey.epochs, err));
    warn_excludes(grid, e.used);
    expansion_free(&e);
    return true;
fail:
    expansion_free(&e);
    grid_destroy(grid);
    return false;
}

void grid_destroy(Grid *grid) {
    free(grid->setting_index);
    free(grid->folds);
    free(grid->first_trial);
    free(grid->id);
    free(grid->moved);
    free(grid->record_also);
    *grid = (Grid){0};
}
