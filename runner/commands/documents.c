#include "runner/commands/documents.h"

#include <string.h>

#include "runner/commands/options.h"

/* --- man page --------------------------------------------------------------------------------- */

/* A quote or a point at the start of a line would begin a request of troff. */
static void man_text(FILE *out, const char *text) {
    for (const char *c = text; *c; c++) {
        if ((c == text || c[-1] == '\n') && strchr("'.", *c)) fputs("\\&", out);
        fprintf(out, *c == '-' ? "\\%c" : "%c", *c);
    }
}

static void man(FILE *out, CliCommand command) {
    const CliUsage *usage = &OPTIONS_USAGE[command];
    char operands[128];
    options_operands(operands, sizeof operands, command);
    fprintf(out, ".SS runner %s %s\n", usage->name, operands);
    man_text(out, usage->text);
    for (int32_t i = 0; i < OPTIONS_COUNT; i++) {
        const CliOption *option = &OPTIONS[i];
        char fallback[64];
        if (!options_has(option, command)) continue;
        fputs(".TP\n\\fB", out);
        if (option->letter) {
            man_text(out, option->letter);
            fputs("\\fR, \\fB", out);
        }
        man_text(out, option->name);
        fprintf(out, "\\fR%s%s%s\n", option->value ? " \\fI" : "",
                option->value ? option->value : "", option->value ? "\\fR" : "");
        man_text(out, option->doc);
        options_default_text(fallback, sizeof fallback, option, "all processors");
        fprintf(out, *fallback ? " [%s]\n" : "\n", fallback);
    }
}

/* --- bash ------------------------------------------------------------------------------------- */

static void bash(FILE *out, CliCommand command) {
    fprintf(out, "    %s) echo \"", OPTIONS_USAGE[command].name);
    for (int32_t i = 0; i < OPTIONS_COUNT; i++) {
        const CliOption *option = &OPTIONS[i];
        if (!options_has(option, command)) continue;
        fprintf(out, "%s%s%s ", option->letter ? option->letter : "", option->letter ? " " : "",
                option->name);
    }
    fputs("--help\" ;;\n", out);
}

/* What may follow an option. */
static void bash_values(FILE *out, CliCommand command) {
    for (int32_t i = 0; i < OPTIONS_COUNT; i++) {
        const CliOption *option = &OPTIONS[i];
        if (!options_has(option, command) || !option->value) continue;
        fprintf(out, "    \"%s %s\"", OPTIONS_USAGE[command].name, option->name);
        if (option->letter) fprintf(out, "|\"%s %s\"", OPTIONS_USAGE[command].name, option->letter);
        fputs(") echo \"", out);
        for (int c = 0; option->choices && option->choices[c]; c++)
            fprintf(out, "%s%s", c ? " " : "", option->choices[c]);
        fprintf(out, "%s\" ;;\n", option->choices ? "" : option->files ? "@files" : "@none");
    }
}

/* --- zsh -------------------------------------------------------------------------------------- */

/* ":", "[" and "]" are special in zsh's specifications. */
static void zsh_text(FILE *out, const char *text) {
    for (; *text; text++) {
        if (strchr(":[]", *text)) fputc('\\', out);
        if (*text == '\'') fputs("'\\'", out);
        fputc(*text, out);
    }
}

static void zsh(FILE *out, CliCommand command) {
    fprintf(out, "    %s) options=(\n", OPTIONS_USAGE[command].name);
    for (int32_t i = 0; i < OPTIONS_COUNT; i++) {
        const CliOption *option = &OPTIONS[i];
        if (!options_has(option, command)) continue;
        if (option->type == CLI_LIST)
            fprintf(out, "        '*%s[", option->name);
        else if (option->letter) {
            fprintf(out, "        '(%s %s)'{%s,%s}'[", option->letter, option->name, option->letter,
                    option->name);
        } else
            fprintf(out, "        '%s[", option->name);
        zsh_text(out, option->doc);
        fputc(']', out);
        if (option->value) {
            fprintf(out, ":%s:", option->value);
            for (int c = 0; option->choices && option->choices[c]; c++)
                fprintf(out, "%s%s", c ? " " : "(", option->choices[c]);
            fputs(option->choices ? ")" : option->files ? "_files" : " ", out);
        }
        fputs("'\n", out);
    }
    fputs("    ) ;;\n", out);
}

static void zsh_commands(FILE *out, CliCommand command) {
    fprintf(out, "    '%s:", OPTIONS_USAGE[command].name);
    zsh_text(out, OPTIONS_USAGE[command].summary);
    fputs("'\n", out);
}

/* --- fish ------------------------------------------------------------------------------------- */

/* Inside fish's single quotes. */
static void fish_text(FILE *out, const char *text) {
    for (; *text; text++) {
        if (strchr("'\\", *text)) fputc('\\', out);
        fputc(*text, out);
    }
}

static void fish(FILE *out, CliCommand command) {
    const char *name = OPTIONS_USAGE[command].name;
    fprintf(out, "complete -c runner -n __runner_first -f -a %s -d '", name);
    fish_text(out, OPTIONS_USAGE[command].summary);
    fputs("'\n", out);
    for (int32_t i = 0; i < OPTIONS_COUNT; i++) {
        const CliOption *option = &OPTIONS[i];
        if (!options_has(option, command)) continue;
        fprintf(out, "complete -c runner -n '__runner_is %s' -l %s", name, option->name + 2);
        if (option->letter) fprintf(out, " -s %s", option->letter + 1);
        if (option->value) fputs(option->files ? " -r -F" : " -x", out);
        for (int c = 0; option->choices && option->choices[c]; c++)
            fprintf(out, "%s%s", c ? " " : " -a '", option->choices[c]);
        fputs(option->choices ? "' -d '" : " -d '", out);
        fish_text(out, option->doc);
        fputs("'\n", out);
    }
}

/* --- templates -------------------------------------------------------------------------------- */

/* Lines of a template that are replaced by what is written for each command. */
static const struct {
    const char *mark;
    void (*write)(FILE *out, CliCommand command);
} MARKS[] = {
    {"@man@\n", man},         {"@bash options@\n", bash},         {"@bash values@\n", bash_values},
    {"@zsh options@\n", zsh}, {"@zsh commands@\n", zsh_commands}, {"@fish@\n", fish},
};

static bool write_marked(FILE *out, const char *line) {
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        if (strcmp(line, MARKS[i].mark) != 0) continue;
        for (CliCommand command = 0; command < CLI_VERSION; command++) MARKS[i].write(out, command);
        return true;
    }
    return false;
}

/* `@names@` within a line: the commands' names. */
static void write_line(FILE *out, const char *line) {
    static const char mark[] = "@names@";
    const char *at = strstr(line, mark);
    if (!at) {
        fputs(line, out);
        return;
    }
    fwrite(line, 1, (size_t)(at - line), out);
    for (CliCommand command = 0; command < CLI_VERSION; command++)
        fprintf(out, "%s%s", command ? " " : "", OPTIONS_USAGE[command].name);
    fputs(at + strlen(mark), out);
}

bool documents_write(FILE *template, FILE *out) {
    char line[1024];
    while (fgets(line, sizeof line, template))
        if (!write_marked(out, line)) write_line(out, line);
    return !ferror(template) && !ferror(out);
}
