#include "runner/analysis/filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/experiment/suggest.h"

enum { FIELD_SEED = KEY_COUNT, FIELD_REPEAT, FIELD_FOLD, FIELD_STATUS, FIELD_VERDICT, FIELDS };

static const char *const FIELD_NAMES[] = {"seed", "repeat", "fold", "status", "verdict"};

static const char *field_name(int32_t field) {
    return field < KEY_COUNT ? KEYS[field].name : FIELD_NAMES[field - KEY_COUNT];
}

static int32_t find_field(const char *name, bool trained, Error *err) {
    const char *names[FIELDS + 1] = {NULL};
    const int32_t count = trained ? FIELDS : FIELD_STATUS;
    for (int32_t i = 0; i < count; i++) {
        names[i] = field_name(i);
        if (strcmp(names[i], name) == 0) return i;
    }
    char hint[100];
    suggest_name(hint, sizeof hint, name, names);
    error_set(err, ERROR_USAGE, "--filter: no key \"%s\"%s (a trial key, seed, repeat, fold%s)",
              name, hint, trained ? ", status, verdict" : "");
    return -1;
}

/* "[16, 8]" and "16,8" are the shape "16x8"; "[]" is none. */
static void plain_shape(char *text) {
    size_t length = 0;
    for (const char *c = text; *c; c++) {
        if (*c == ',') {
            text[length++] = 'x';
        } else if (!strchr("[] ", *c)) {
            text[length++] = *c;
        }
    }
    text[length] = '\0';
}

static bool known_word(const char *text, int32_t field, Error *err) {
    const char *names[VERDICT_COUNT + 1] = {NULL};
    const int32_t count = field == FIELD_STATUS ? (int32_t)TRIAL_STATUS_COUNT : VERDICT_COUNT;
    for (int32_t i = 0; i < count; i++) {
        names[i] = field == FIELD_STATUS ? trial_result_status_name((TrialStatus)i)
                                         : verdict_name((Verdict)i);
        if (strcmp(names[i], text) == 0) return true;
    }
    char list[200];
    suggest_list(list, sizeof list, text, names);
    return error_set(err, ERROR_USAGE, "--filter %s: unknown \"%s\" (%s)", field_name(field), text,
                     list);
}

static bool parse_value(FilterTerm *term, const char *text, Error *err) {
    char given[sizeof term->text], buffer[sizeof term->text];
    if (strlen(text) >= sizeof given) {
        return error_set(err, ERROR_USAGE, "--filter %s: the value is too long",
                         field_name(term->field));
    }
    snprintf(given, sizeof given, "%s", text);
    if (term->field >= FIELD_STATUS) {
        memcpy(term->text, given, sizeof given);
        return known_word(text, term->field, err);
    }
    Value value = {0};
    Error why = {0};
    if (term->field >= KEY_COUNT) {
        double number;
        if (!keys_integer(&number, given)) {
            return error_set(err, ERROR_USAGE, "--filter %s: \"%s\" (a whole number)",
                             field_name(term->field), text);
        }
        snprintf(term->text, sizeof term->text, "%.0f", number);
        return true;
    }
    if (KEYS[term->field].type == KEY_TYPE_SIZES) plain_shape(given);
    if (!keys_parse(&value, &KEYS[term->field], given, buffer, sizeof buffer, &why)) {
        return error_set(err, why.kind, "--filter %s: %s", field_name(term->field), why.text);
    }
    snprintf(term->text, sizeof term->text, "%s", value.text);
    return true;
}

bool filter_create(Filter *filter, const char *const *text, int32_t count, bool trained,
                   Error *err) {
    *filter = (Filter){.term = calloc((size_t)count + 1, sizeof *filter->term)};
    if (!filter->term) return error_memory(err, (size_t)count * sizeof *filter->term);
    for (int32_t i = 0; i < count; i++) {
        FilterTerm *term = &filter->term[filter->terms++];
        const char *equals = strchr(text[i], '=');
        char name[128];
        if (!equals || equals == text[i] || equals - text[i] >= (ptrdiff_t)sizeof name) {
            error_set(err, ERROR_USAGE, "--filter: \"%s\" (KEY=VALUE, for instance hidden=3)",
                      text[i]);
            goto fail;
        }
        snprintf(name, sizeof name, "%.*s", (int)(equals - text[i]), text[i]);
        term->field = find_field(name, trained, err);
        if (term->field < 0) goto fail;
        TRY(parse_value(term, equals + 1, err));
    }
    return true;
fail:
    filter_destroy(filter);
    return false;
}

void filter_destroy(Filter *filter) {
    free(filter->term);
    *filter = (Filter){0};
}

static bool term_holds(const FilterTerm *term, const Setting *setting, TrialStatus status,
                       Verdict verdict) {
    char text[32];
    int64_t integer;
    switch (term->field) {
    case FIELD_SEED: integer = setting->seed; break;
    case FIELD_REPEAT: integer = setting->repeat; break;
    case FIELD_FOLD: integer = setting->fold; break;
    case FIELD_STATUS: return strcmp(term->text, trial_result_status_name(status)) == 0;
    case FIELD_VERDICT:
        return status != TRIAL_FAILED && strcmp(term->text, verdict_name(verdict)) == 0;
    default: return strcmp(term->text, setting->value[term->field].text) == 0;
    }
    snprintf(text, sizeof text, "%" PRId64, integer);
    return strcmp(term->text, text) == 0;
}

bool filter_matches(const Filter *filter, const Setting *setting, TrialStatus status,
                    Verdict verdict) {
    for (int32_t i = 0; i < filter->terms; i++) {
        bool holds = false;
        for (int32_t j = 0; j < filter->terms && !holds; j++) {
            holds = filter->term[j].field == filter->term[i].field &&
                    term_holds(&filter->term[j], setting, status, verdict);
        }
        if (!holds) return false;
    }
    return true;
}
