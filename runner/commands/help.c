#include "runner/commands/help.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/text.h"
#include "runner/training/scheduler.h"

static void help_program(Text *out) {
    text_add(out, "usage: runner EXPERIMENT.yaml [key=value ...] [options]\n"
                  "       runner COMMAND ...\n\n"
                  "Trains grids of small neural networks in parallel and reports what they show."
                  "\n\n");
    for (CliCommand command = 0; command < CLI_COMMANDS; command++) {
        const CliUsage *usage = &OPTIONS_USAGE[command];
        char buffer[64];
        Text name = text_begin(buffer, sizeof buffer);
        text_add(&name, "%s", usage->name);
        if (usage->operand[0]) text_add(&name, " %s", usage->operand[0]);
        if (usage->operand[1])
            text_add(&name, usage->second_optional ? " [%s]" : " %s", usage->operand[1]);
        text_add(out, "  %-24s %s\n", buffer, usage->summary);
    }
    text_add(
        out,
        "\nRESULTS is a results folder or a .h5 file.\n"
        "Exit codes: 0 done; 1 trials failed, or compare or verify found a difference; 2 usage\n"
        "or experiment error; 3 output exists, does not match or is in use; 4 file, disk, memory\n"
        "or gnuplot trouble; 130, 143 stopped (go on with --resume).\n");
}

static void help_option(Text *out, const CliOption *option) {
    char buffer[64], fallback[64], threads[16];
    Text name = text_begin(buffer, sizeof buffer);
    text_add(&name, "%s%s%s", option->letter ? option->letter : "", option->letter ? ", " : "    ",
             option->name);
    if (option->value) text_add(&name, " %s", option->value);
    snprintf(threads, sizeof threads, "%" PRId32, scheduler_threads());
    options_default_text(fallback, sizeof fallback, option, threads);
    text_add(out, "  %-24s %s", buffer, option->doc);
    text_add(out, *fallback ? " [%s]\n" : "\n", fallback);
}

static void help_command(Text *out, CliCommand command) {
    const CliUsage *usage = &OPTIONS_USAGE[command];
    char operands[128];
    options_operands(operands, sizeof operands, command);
    text_add(out, "usage: runner %s %s\n\n%s\n", usage->name, operands, usage->text);
    for (int32_t i = 0; i < OPTIONS_COUNT; i++)
        if (options_has(&OPTIONS[i], command)) help_option(out, &OPTIONS[i]);
    text_add(out, "  -h, --help               this text\n");
}

const char *help_text(CliCommand command) {
    static _Thread_local char text[8192];
    Text out = text_begin(text, sizeof text);
    if (command == CLI_HELP || command == CLI_VERSION)
        help_program(&out);
    else
        help_command(&out, command);
    return text;
}
