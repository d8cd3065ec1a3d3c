// The table of commands and their help.
#include "commands.h"

#include "gate/turns.h"

const struct w4_command w4_commands[] = {
    {"list", "[cases|suites|models|kernels]", "what there is: cases of a selection, suites, models, kernels",
     "Without an argument, or with `cases`, lists the cases that `run` would run with the same options, with the "
     "kernel\n"
     "variant that the rules choose. `kernels` lists the rule tables.",
     W4_FOR_LIST, 1, w4_command_list},
    {"run", "", "run, verify and time cases; write results and print the table",
     "Runs every case of the selection, verifies each result against the CPU reference, writes FOLDER/results.json\n"
     "after every case, and prints the table. Exit: 0 all right; 2 a wrong result; 3 something was not measured;\n"
     "4 usage or environment. There is no way to run without verifying.",
     W4_FOR_RUN, 0, w4_command_run},
    {"gate", "[ledger]", "run (or read --results) and hold the figures against the stored baselines",
     "Compares with BASELINES/<device key>.json, 5 % a case unless its baseline says otherwise. Modelled times are "
     "exact\n"
     "and decide at once; a measured figure only flags a case, which is then measured anew against the kept code "
     "object\n"
     "of its baseline, in fresh processes that take turns. Two controls a night show that the gate is neither hasty "
     "nor\n"
     "blind; `gate ledger` prints what they prove. --results takes a decision again from a file, on any machine.\n"
     "Exit: 2 a wrong result, else 1 a regression, else 3 inconclusive or not measured, else 0. Writes reports and\n"
     "ledger.jsonl beside results.json. docs/gate.md says what each verdict means.",
     W4_FOR_GATE, 1, w4_command_gate},
    {"compare", "BEFORE.json [AFTER.json]", "before/after table of two result files, or of two kernels of one",
     "Pairs the cases of the same GEMM and kernel. With --kernels FROM,TO pairs kernel FROM of the first file with TO\n"
     "of the second (or of the same file). Refuses different devices and clocks, so measured against modelled too.",
     W4_FOR_COMPARE, 2, w4_command_compare},
    {"report", "[RESULTS.json]", "markdown, HTML, JUnit XML and JSON from a result file",
     "With --format prints one report; without it writes report.md, report.html, report.json and junit.xml to --out\n"
     "(default: the folder of the result file). Exit 0 whatever the verdict: `gate` is the one that fails.",
     W4_FOR_REPORT, 1, w4_command_report},
    {"baseline", "accept|merge|quarantine|remove|show|log|diff ...", "take results over as baselines, or look at them",
     "accept CASE|--all --results FILE --reason TEXT  enter a run's TFLOPS; what they replace stays in the log\n"
     "merge RESULTS... --reason TEXT                  enter the median of several nights\n"
     "quarantine CASE --until DATE --reason TEXT      its timing decides nothing until the end of that day\n"
     "remove CASE                                     drop the baseline of a case that was deleted on purpose\n"
     "show [CASE]                                     every baseline\n"
     "log [CASE]                                      what each was before, and why it changed\n"
     "diff [CASE] --results FILE                      a run against the last, the best and the 30-night-old baseline\n"
     "CASE may be a glob. The files are BASELINES/<device key>.json.",
     W4_FOR_BASELINE, W4_POSITIONALS_MAX, w4_command_baseline},
    {"profile", "CASE", "what each instruction of a case's kernel waits for, in modelled time",
     "CASE is a case's id, or a part or pattern of ids that one case matches. Runs it on the emulator's cycles model "
     "and\n"
     "prints the disassembly with executions, issue and stall cycles, bank conflicts and memory lines, hot loops\n"
     "first. The result is not verified: `run` does that. docs/profile.md says how to read it.",
     W4_FOR_PROFILE, 1, w4_command_profile},
    {"shapes", "list | derive CONFIG.json", "model shapes: list them, or derive them from a Hugging Face config.json",
     "derive prints the shape file, or writes it to --out FILE. --name names the model (default: the config's folder).",
     W4_FOR_SHAPES, 2, w4_command_shapes},
    {"sweep", "", "run every variant on the selected shapes; rank them, compare rule tables, write one",
     "Runs, verifies and times all compiled variants that fit each selected shape. Prints the best of each shape, how\n"
     "much of it every rule table (or those of --kernel) reaches, and what single changes of a variant are worth.\n"
     "Writes FOLDER/sweep.json (an ordinary result file), sweep.md, and FOLDER/heuristics/NAME.json, which gives each\n"
     "swept shape its best variant. --filter names cases of the sweep. Interrupted, it keeps what it finished.",
     W4_FOR_SWEEP, 0, w4_command_sweep},
    {"history", "add FILES | list | trend CASE | bisect [CASE] | export RUN",
     "the store of runs: add result files, look at series, find the run where one turned bad",
     "add puts result files into the store; adding one twice is harmless. trend shows a case (an id, a glob, or a "
     "part\n"
     "of ids) over the runs, with the changes found in it. bisect --good RUN --bad RUN names the first bad run "
     "between\n"
     "the two and what changed there (exit 3: nothing turned bad). export prints a run's result file as it was added.\n"
     "A series is one case on one device key, timing model and clock: measured and modelled are never mixed.",
     W4_FOR_HISTORY, W4_POSITIONALS_MAX, w4_command_history},
    {"model", "validate | accepted | parameters",
     "how good the timing model is, against published figures; what it assumes",
     "validate runs what others measured on real hardware (VALIDATION/series.json) on the cycles model and writes\n"
     "model-validation.json, .md and .svg. Exit: 1 worse than the accepted errors; 3 a row did not run or was never\n"
     "accepted. --accept --reason TEXT takes the errors over. accepted prints them, parameters the model's parameters.",
     W4_FOR_MODEL, 1, w4_command_model},
    {"doctor", "", "what is installed, which devices answer, and what to do about the rest", "", W4_FOR_DOCTOR, 0,
     w4_command_doctor},
    {W4_TURNS_COMMAND, "", NULL, "", W4_FOR_TURNS, 0, w4_command_gate_turns},
};
const size_t w4_command_count = sizeof(w4_commands) / sizeof(w4_commands[0]);

void w4_help_overview(FILE *out)
{
    fputs("w4bench: benchmark and regression suite for W4A16 GEMM kernels on AMD gfx1151\n\n"
          "usage: w4bench COMMAND [OPTIONS]\n\n",
          out);
    for (size_t i = 0; i < w4_command_count; ++i) {
        if (w4_commands[i].summary) // else for the program's own use
            fprintf(out, "  %-10s %s\n", w4_commands[i].name, w4_commands[i].summary);
    }
    fputs("\n`w4bench COMMAND --help` lists the options of a command.\n"
          "exit: 0 pass, 1 regression, 2 wrong result, 3 something was not measured, 4 usage or environment\n",
          out);
}

void w4_help_command(const struct w4_command *command, FILE *out)
{
    fprintf(out, "usage: w4bench %s %s%s[OPTIONS]\n\n%s.\n", command->name, command->arguments,
            command->arguments[0] ? " " : "", command->summary ? command->summary : "for the program itself");
    if (command->text[0])
        fprintf(out, "%s\n", command->text);
    fputs("\noptions:\n", out);
    w4_options_help(command->bit, out);
}
