#include "runner/journal/run_log.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"

void run_log_write(const Folder *folder, const char *format, ...) {
    char *text = NULL;
    va_list args;
    va_start(args, format);
    const int length = vasprintf(&text, format, args);
    va_end(args);
    if (length < 0) return;
    const int fd = folder_open_file(folder, RUN_LOG_NAME, O_WRONLY | O_CREAT | O_APPEND, NULL);
    if (fd >= 0) {
        (void)!files_write_all(fd, text, (size_t)length);
        close(fd);
    }
    free(text);
}

/* `KEY: TEXT` as one line of the log: a line end inside becomes "\n", a backslash two, the bytes of
 * a control character "\x1b": a log is looked at on terminals. */
static void write_folded(const Folder *folder, const char *key, const char *text) {
    const size_t size = 4 * strlen(text) + 1;
    char *line = malloc(size);
    if (!line) return;
    Text folded = text_begin(line, size);
    for (size_t length; *text; text += length) {
        bool harmless;
        length = text_character(text, &harmless);
        if (*text == '\n' || *text == '\\')
            text_add(&folded, "\\%c", *text == '\n' ? 'n' : '\\');
        else if (harmless)
            text_add(&folded, "%.*s", (int)length, text);
        else
            for (size_t i = 0; i < length; i++)
                text_add(&folded, "\\x%02x", (unsigned char)text[i]);
    }
    run_log_write(folder, "%s: %s\n", key, line);
    free(line);
}

static void unfold_lines(char *text) {
    char *to = text;
    for (const char *from = text; *from; from++) {
        unsigned byte;
        if (sscanf(from, "\\x%2x", &byte) == 1 && isxdigit((unsigned char)from[3])) {
            from += 3;
            *to++ = (char)byte;
        } else if (*from == '\\' && from[1]) {
            from++;
            *to++ = *from == 'n' ? '\n' : *from;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
}

void run_log_origin(const Folder *folder, const char *path, const char *const *override,
                    int32_t overrides) {
    char full[PATH_MAX];
    write_folded(folder, "experiment", realpath(path, full) ? full : path);
    for (int32_t i = 0; i < overrides; i++) write_folded(folder, "override", override[i]);
}

/* Pipes are not waited for. */
static FILE *open_regular(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "rbe") : NULL;
}

static bool same_bytes(const char *a, const char *b) {
    FILE *x = open_regular(a), *y = open_regular(b);
    bool same = x && y;
    for (int c = 0; same && c != EOF;) {
        c = fgetc(x);
        same = fgetc(y) == c;
    }
    if (x) fclose(x);
    if (y) fclose(y);
    return same;
}

static bool add_override(RunOrigin *origin, const char *text, Error *err) {
    const size_t count = (size_t)origin->overrides + 1;
    char **larger = realloc(origin->override, count * sizeof *larger);
    if (larger) origin->override = larger;
    char *own = strdup(text);
    if (!larger || !own) {
        free(own);
        return error_memory(err, count * sizeof *larger);
    }
    unfold_lines(own);
    larger[origin->overrides++] = own;
    return true;
}

/* The text behind "KEY: ", or NULL. */
static const char *value_of(const char *line, const char *key) {
    const size_t length = strlen(key);
    return strncmp(line, key, length) == 0 && strncmp(line + length, ": ", 2) == 0
               ? line + length + 2
               : NULL;
}

void run_log_value(char *value, size_t size, const char *folder, const char *key) {
    char path[FILES_PATH], *line = NULL;
    size_t room = 0;
    *value = '\0';
    if (!files_join(path, sizeof path, folder, RUN_LOG_NAME, NULL)) return;
    FILE *log = open_regular(path);
    while (log && getline(&line, &room, log) > 0) {
        line[strcspn(line, "\n")] = '\0';
        const char *text = value_of(line, key);
        if (text) snprintf(value, size, "%s", text);
    }
    free(line);
    if (log) fclose(log);
}

/* A run's lines begin with experiment; those of the last run count. */
static bool read_log(RunOrigin *origin, const char *folder, char *given, size_t size, Error *err) {
    char path[4096], *line = NULL;
    size_t room = 0;
    bool done = true;
    if (!files_join(path, sizeof path, folder, RUN_LOG_NAME, err)) return false;
    FILE *log = open_regular(path);
    while (log && done && getline(&line, &room, log) > 0) {
        line[strcspn(line, "\n")] = '\0';
        const char *experiment = value_of(line, "experiment"), *text = value_of(line, "override");
        const char *trials = value_of(line, "trials");
        if (experiment) {
            run_log_origin_free(origin);
            snprintf(given, size, "%s", experiment);
            unfold_lines(given);
        }
        if (text) done = add_override(origin, text, err);
        if (trials) origin->trials = strtoll(trials, NULL, 10);
    }
    free(line);
    if (log) fclose(log);
    return done;
}

bool run_log_read_origin(RunOrigin *origin, const char *folder, Error *err) {
    char given[4096] = "", kept[sizeof origin->path];
    *origin = (RunOrigin){.trials = -1};
    TRY(files_join(kept, sizeof kept, folder, RUN_LOG_EXPERIMENT, err));
    FILE *copy = open_regular(kept);
    if (!copy) {
        return error_set(err, ERROR_RESOURCE, "%s: there is no %s in it: not a results folder",
                         folder, RUN_LOG_EXPERIMENT);
    }
    fclose(copy);
    TRY(read_log(origin, folder, given, sizeof given, err));
    memcpy(origin->path, kept, sizeof kept);
    if (*given)
        files_folder_of(origin->root, sizeof origin->root, given);
    else
        files_folder_of(origin->root, sizeof origin->root, origin->path);
    if (*given && same_bytes(given, origin->path)) {
        memcpy(origin->path, given, sizeof given);
    }
    return true;
fail:
    run_log_origin_free(origin);
    return false;
}

void run_log_origin_free(RunOrigin *origin) {
    for (int32_t i = 0; i < origin->overrides; i++) free(origin->override[i]);
    free(origin->override);
    *origin = (RunOrigin){.trials = -1};
}
