/* Inside of spec: from nodes of the YAML tree to values, assignments, choices and axes. Used by
 * spec*.c only. */
#ifndef RUNNER_EXPERIMENT_SPEC_VALUE_H
#define RUNNER_EXPERIMENT_SPEC_VALUE_H

#include "core/base/pool.h"
#include "runner/experiment/spec.h"
#include "runner/experiment/yaml_tree.h"

typedef struct SpecParser {
    Spec *spec; /* being filled */
    Pool *pool; /* the Spec's */
    Pool *tree; /* of the nodes; gone when the Spec is complete */
    YamlNode *root;
    YamlNode *cli;  /* a map of axes made on the command line, or NULL */
    int64_t values; /* on all axes so far */
    Error *err;
} SpecParser;

/* Assignments being collected; every key at most once. */
typedef struct Draft {
    Assignment set[KEY_COUNT];
    int32_t count;
} Draft;

/* "place: what" as the error. Always false. */
bool spec_value_complain(SpecParser *p, int32_t line, int32_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The error for a key that is not among `names` (NULL-terminated): with the one that may be meant,
 * or else with all of them where they are few. `where` stands before it in the message. */
bool spec_value_unknown(SpecParser *p, const YamlNode *node, const char *where,
                        const char *const *names);

/* Refuses anything but a map, a list, a scalar with something in it. */
MUST_CHECK bool spec_value_want(SpecParser *p, const YamlNode *node, const char *name,
                                YamlKind kind);

/* One scalar by the rules of `key`, whose name stands in messages. */
MUST_CHECK bool spec_value_scalar(SpecParser *p, const Key *key, const YamlNode *node,
                                  Value *value);

/* One value of the trial key `name` ("init" with a map behind it sets several keys). stop.* and
 * record.* are trial keys only in their sections: `section` is "stop", "record", or NULL
 * elsewhere. */
MUST_CHECK bool spec_value_assign(SpecParser *p, Draft *draft, const char *name,
                                  const YamlNode *node, const char *section);

/* All pairs of a map. */
MUST_CHECK bool spec_value_assign_all(SpecParser *p, Draft *draft, const YamlNode *map);

/* What the draft has collected, in the Spec's memory. */
MUST_CHECK bool spec_value_choice(SpecParser *p, const Draft *draft, int32_t line, int32_t column,
                                  Choice *choice);

/* A key or a structured value ("data.scale") that may stand in fixed, grid, zip and include. */
bool spec_value_is_trial_key(const char *name);

/* True for names whose value may be a map of further keys: init, init_bias, schedule, data.scale,
 * data.targets. */
bool spec_value_is_structured(const char *name);

/* The key a word stands for, data.targets.low and data.targets.high included; KEY_COUNT for
 * none. */
KeyId spec_value_key(const char *name);

/* A grid key with its list, range or single value as an axis (spec_axis.c). */
MUST_CHECK bool spec_axis_read(SpecParser *p, Axis *axis, const YamlNode *node);

/* A zip group: a map of lists of one length. */
MUST_CHECK bool spec_axis_zip(SpecParser *p, Axis *axis, const YamlNode *map);

/* Edits the tree as the command line says (spec_override.c). */
MUST_CHECK bool spec_override_apply(SpecParser *p, const char *const *overrides, int32_t count);

/* Everything that is not a trial key (spec_section.c). */
MUST_CHECK bool spec_section_name(SpecParser *p, const YamlNode *node);
MUST_CHECK bool spec_section_description(SpecParser *p, const YamlNode *node);
MUST_CHECK bool spec_section_seed(SpecParser *p, const YamlNode *node);
MUST_CHECK bool spec_section_repeats(SpecParser *p, const YamlNode *node);
MUST_CHECK bool spec_section_metric(SpecParser *p, const YamlNode *node);
MUST_CHECK bool spec_section_report(SpecParser *p, const YamlNode *node);
MUST_CHECK bool spec_section_published(SpecParser *p, const YamlNode *node);
MUST_CHECK bool spec_section_per_repeat(SpecParser *p, const YamlNode *node);

/* The name where the experiment says none: its file's stem, with "-" for what may not stand in a
 * name. */
MUST_CHECK bool spec_section_stem(SpecParser *p);

/* Words that may stand at the top of an experiment; NULL-terminated. */
extern const char *const SPEC_TOP[];

#endif
