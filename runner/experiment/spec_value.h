/* One value at a time: from nodes of the YAML tree to values, assignments and choices; and what the
 * readers of an experiment (spec_axis, spec_override, spec_section, spec_read) share. */
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

/* Sets the error "location: what". Always false. */
bool spec_value_complain(SpecParser *p, int32_t line, int32_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The error for a key that is not among `names` (NULL-terminated): with the one that may be meant,
 * or else with all of them if they are few. `prefix` precedes it in the message. */
bool spec_value_unknown(SpecParser *p, const YamlNode *node, const char *prefix,
                        const char *const *names);

/* Refuses a node that is empty or not of the kind. */
MUST_CHECK bool spec_value_want(SpecParser *p, const YamlNode *node, const char *name,
                                YamlKind kind);

/* One scalar by the rules of `key`, whose name is in the messages. */
MUST_CHECK bool spec_value_scalar(SpecParser *p, const Key *key, const YamlNode *node,
                                  Value *value);

/* One value of the trial key `name` ("init" with a map sets several keys). stop.* and record.* are
 * trial keys only in their sections: `section` is "stop", "record", or NULL elsewhere. */
MUST_CHECK bool spec_value_assign(SpecParser *p, Draft *draft, const char *name,
                                  const YamlNode *node, const char *section);

/* All pairs of a map. */
MUST_CHECK bool spec_value_assign_all(SpecParser *p, Draft *draft, const YamlNode *map);

/* What the draft has collected, in the Spec's memory. */
MUST_CHECK bool spec_value_choice(SpecParser *p, const Draft *draft, int32_t line, int32_t column,
                                  Choice *choice);

/* True for a key or a structured value ("data.scale") that is allowed in fixed, grid, zip and
 * include. */
bool spec_value_is_trial_key(const char *name);

/* True for names whose value may be a map of further keys: init, init_bias, schedule, data.scale,
 * data.targets. */
bool spec_value_is_structured(const char *name);

/* The key of a name, data.targets.low and data.targets.high included; KEY_COUNT for none. */
KeyId spec_value_key(const char *name);

#endif
