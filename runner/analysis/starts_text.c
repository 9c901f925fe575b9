#include "runner/analysis/starts_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "runner/analysis/finding_phrase.h"
#include "runner/analysis/labels.h"

#define NETWORKS 6 /* named one by one at most; more are summed up */
#define TASKS    8

static int64_t right(const Starts *starts, int32_t network, int32_t task) {
    return starts->right[network * starts->tasks + task];
}

static int64_t count(const Starts *starts, int32_t network, int32_t task) {
    return starts->count[network * starts->tasks + task];
}

static bool all_right(const Starts *starts, int32_t network, int32_t task) {
    return right(starts, network, task) == count(starts, network, task);
}

/* --- names ------------------------------------------------------------------------------------ */

static const char *shape_of(const Summary *summary, int64_t group) {
    return summary->results->key[KEY_HIDDEN][summary_first_trial(summary, group)].text;
}

/* True where networks are told apart by their hidden layers alone. */
static bool shapes_suffice(const Starts *starts, const Summary *summary) {
    for (int32_t i = 0; i < starts->networks; i++) {
        const char *shape = shape_of(summary, starts->network[i]);
        if (strchr(shape, 'x')) return false;
        for (int32_t k = 0; k < i; k++)
            if (strcmp(shape_of(summary, starts->network[k]), shape) == 0) return false;
    }
    return true;
}

/* "a perceptron", "two hidden units"; returns whether it is plural. `next`: "four". */
static bool name_network(const Starts *starts, const Summary *summary, int32_t network, bool next,
                         char *text, size_t size) {
    const int64_t group = starts->network[network];
    const int64_t trial = summary_first_trial(summary, group);
    const char *shape = shape_of(summary, group);
    char number[32];
    if (!shapes_suffice(starts, summary)) {
        bool differs[SUMMARY_AXES];
        labels_differing(summary, starts->network, starts->networks, differs);
        labels_setting_on(summary, group, differs, true, text, size);
        return false;
    }
    if (shape[0] == '\0') {
        const bool step = strcmp(summary->results->key[KEY_OUTPUT][trial].text, "step") == 0;
        snprintf(text, size, step ? "a perceptron" : "a network without a hidden layer");
        return false;
    }
    const int64_t units = summary->results->hidden_units[trial];
    finding_phrase_count(number, sizeof number, units);
    snprintf(text, size, next ? "%s" : "%s hidden unit%s", number, units == 1 ? "" : "s");
    return units != 1;
}

static void name_task(const Starts *starts, const Summary *summary, int32_t task, char *text,
                      size_t size) {
    bool data[SUMMARY_AXES];
    for (int32_t a = 0; a < summary->axes; a++) data[a] = sweep_losses_is_data(&summary->axis[a]);
    labels_setting_on(summary, starts->task[task], data, true, text, size);
}

/* --- sentences -------------------------------------------------------------------------------- */

/* "10 of 10 starts", "none"; `starts` is said once a sentence. */
static void add_share(Text *out, int64_t right, int64_t count, bool *said) {
    if (right == 0) {
        text_add(out, *said ? "none" : "none of %" PRId64 " starts", count);
    } else {
        text_add(out, "%" PRId64 " of %" PRId64 "%s", right, count,
                 *said        ? ""
                 : count == 1 ? " start"
                              : " starts");
    }
    *said = true;
}

/* Tasks that are worth a word: all of the first network, then those that some network so far does
 * not learn from every start. */
static void choose_tasks(const Starts *starts, int32_t network, bool *chosen) {
    for (int32_t t = 0; t < starts->tasks; t++) {
        chosen[t] = network == 0;
        for (int32_t i = 0; i <= network; i++) chosen[t] = chosen[t] || !all_right(starts, i, t);
        chosen[t] = chosen[t] && count(starts, network, t) > 0;
    }
}

/* " AND, OR and NAND": those chosen tasks that are learned as often as `like`; they are chosen no
 * longer. */
static void add_tasks(Text *out, const Starts *starts, const Summary *summary, int32_t network,
                      int32_t like, bool *chosen) {
    int32_t alike = 0, done = 0;
    bool same[TASKS] = {false};
    for (int32_t t = like; t < starts->tasks; t++) {
        same[t] = chosen[t] && right(starts, network, t) == right(starts, network, like) &&
                  count(starts, network, t) == count(starts, network, like);
        alike += same[t];
    }
    for (int32_t t = like; t < starts->tasks; t++) {
        char name[700];
        if (!same[t]) continue;
        name_task(starts, summary, t, name, sizeof name);
        text_add(out, "%s%s", done == 0 ? " " : done == alike - 1 ? " and " : ", ", name);
        chosen[t] = false;
        done++;
    }
}

static int32_t count_chosen(const Starts *starts, const bool *chosen) {
    int32_t n = 0;
    for (int32_t t = 0; t < starts->tasks; t++) n += chosen[t];
    return n;
}

/* True if a network learns all of the chosen tasks as often. */
static bool is_uniform(const Starts *starts, int32_t network, const bool *chosen) {
    int32_t first = -1;
    for (int32_t t = 0; t < starts->tasks; t++) {
        if (!chosen[t]) continue;
        if (first < 0) first = t;
        if (right(starts, network, t) != right(starts, network, first) ||
            count(starts, network, t) != count(starts, network, first))
            return false;
    }
    return true;
}

/* "a perceptron learns AND, OR and NAND from 10 of 10 starts and XOR from none". `before`: the
 * tasks of the network before. */
static void add_network(Text *out, const Starts *starts, const Summary *summary, int32_t network,
                        bool *before, bool *said, bool *shape_named) {
    bool chosen[TASKS], left[TASKS];
    char name[700];
    choose_tasks(starts, network, chosen);
    if (count_chosen(starts, chosen) == 0) return;
    const bool same = network > 0 && memcmp(chosen, before, sizeof chosen) == 0 &&
                      is_uniform(starts, network, chosen);
    memcpy(before, chosen, sizeof chosen);
    memcpy(left, chosen, sizeof chosen);
    const bool short_name = *shape_named && same;
    const bool plural = name_network(starts, summary, network, short_name, name, sizeof name);
    *shape_named = plural || *shape_named;
    text_add(out, "%s%s", network == 0 ? "" : same ? ", " : "; ", name);
    if (!same)
        text_add(out, starts->tasks == 1 ? " get%s every row right" : " learn%s",
                 plural ? "" : "s");
    bool first = true;
    for (int32_t t = 0; t < starts->tasks; t++) {
        if (!left[t]) continue;
        if (!first) text_add(out, count_chosen(starts, left) == 1 ? " and" : ",");
        if (starts->tasks > 1 && !same) add_tasks(out, starts, summary, network, t, left);
        if (same) memset(left, 0, sizeof left);
        left[t] = false;
        text_add(out, " from ");
        add_share(out, right(starts, network, t), count(starts, network, t), said);
        first = false;
    }
}

/* A question such as "Does the network learn ...?", which a count can answer. */
static bool asks_whether_it_learns(const Summary *summary) {
    static const char *const begins[] = {"Does ", "Do ", "Can ", "Will "};
    static const char *const turns[] = {" not ", "n't ", "n’t ",     " never ",
                                        " fail", " no ", " without "};
    const char *question = summary->spec->description;
    bool asked = false;
    if (!question || !strchr(question, '?') || !strstr(question, " learn")) return false;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        asked = asked || strncmp(question, begins[i], strlen(begins[i])) == 0;
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
        asked = asked && !strstr(question, turns[i]);
    return asked;
}

static void write_one(Text *out, const Starts *starts, const Summary *summary) {
    const int64_t r = right(starts, 0, 0), n = count(starts, 0, 0);
    if (asks_whether_it_learns(summary) && (r == 0 || r == n))
        text_add(out, r == n ? "Yes: " : "No: ");
    if (r == 0)
        text_add(out, "none of %" PRId64 " start%s gets every row right.", n, n == 1 ? "" : "s");
    else
        text_add(out, "%" PRId64 " of %" PRId64 " start%s get%s every row right.", r, n,
                 n == 1 ? "" : "s", r == 1 ? "s" : "");
}

/* How many networks learn everything from every start, and the smallest of them. */
static void write_many(Text *out, const Starts *starts, const Summary *summary) {
    int32_t perfect = 0, smallest = -1;
    for (int32_t i = 0; i < starts->networks; i++) {
        bool all = true;
        for (int32_t t = 0; t < starts->tasks; t++) all = all && all_right(starts, i, t);
        if (!all) continue;
        perfect++;
        if (smallest < 0 || summary->group[starts->network[i]].parameters <
                                summary->group[starts->network[smallest]].parameters)
            smallest = i;
    }
    text_add(out, "%d of %d networks get every row right from every start", perfect,
             starts->networks);
    if (smallest >= 0) {
        char label[1024];
        bool differs[SUMMARY_AXES];
        labels_differing(summary, starts->network, starts->networks, differs);
        labels_setting_on(summary, starts->network[smallest], differs, true, label, sizeof label);
        text_add(out, "; the smallest of them: %s", label);
    }
    text_add(out, ".");
}

void starts_text_write(Text *out, const Starts *starts, const Summary *summary) {
    bool before[TASKS] = {false}, said = false, shape_named = false;
    if (starts->networks == 1 && starts->tasks == 1) {
        write_one(out, starts, summary);
        return;
    }
    if (starts->networks > NETWORKS || starts->tasks > TASKS) {
        write_many(out, starts, summary);
        return;
    }
    for (int32_t i = 0; i < starts->networks; i++)
        add_network(out, starts, summary, i, before, &said, &shape_named);
    text_add(out, ".");
}
