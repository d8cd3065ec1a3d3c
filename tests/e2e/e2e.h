// Runs the real w4bench binary on a fixture in a temporary folder. Used by every end-to-end test.
#ifndef W4_TESTS_E2E_H
#define W4_TESTS_E2E_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum { E2E_PATH_MAX = 512, E2E_TEXT_MAX = 262144 };

struct e2e {
    char folder[64];         // temporary, removed by e2e_teardown
    long file_limit_bytes;   // largest file the program may write; 0: no limit. Stands for a full disk
    const char *stdout_path; // where standard output goes; NULL: a file below the folder
    int signal_delay_ms;     // between the mark and the signal
    int exit_code;           // of the last run; 128 + signal when it was killed
    char out[E2E_TEXT_MAX], err[E2E_TEXT_MAX];
};

// Makes the folder with shapes, heuristics, baselines/, and a manifest of fake code objects for the stand-in provider.
int e2e_setup(void **state);
int e2e_teardown(void **state);

// Runs w4bench with the words of a command line (no quoting: words are split at spaces). "@" in a word stands for the
// temporary folder. `environment`: "NAME=VALUE" words, or NULL.
void e2e_run(struct e2e *test, const char *environment, const char *format, ...) __attribute__((format(printf, 3, 4)));

// Starts it, waits until `mark` (a file) appears, sends the signal, and waits for the end.
void e2e_run_and_signal(struct e2e *test, const char *environment, const char *mark, int signal_number,
                        const char *format, ...) __attribute__((format(printf, 5, 6)));

// The fixture's options in front of every `run` or `gate`: stand-in device, shapes, rules, manifest, baselines, out.
#define E2E_FIXTURE                                                                                                    \
    "--device " E2E_STUB " --suite tiny --shapes @/shapes --heuristics @/heuristics --manifest @/kernels.json "        \
    "--baselines @/baselines --out @/out"

// Fail with the program's whole output when the exit code differs or a text is absent.
void e2e_expect(const struct e2e *test, int exit_code, const char *text_in_either);
// Message on standard error: one line, and this text in it.
void e2e_expect_error(const struct e2e *test, int exit_code, const char *text);

// Makes kernel.hsaco: a header and nothing else is all that the stand-in needs of a code object, whose kernels then
// take so many thousandths longer (stub_hip.c).
void e2e_write_code_object(const struct e2e *test, unsigned per_mille_slower, char hash[33]);

// Files below the folder.
void e2e_write(const struct e2e *test, const char *name, const char *text);
char *e2e_read(const struct e2e *test, const char *name); // caller frees; fails the test when absent
bool e2e_exists(const struct e2e *test, const char *name);
// The one file of a folder below the folder, as FOLDER/NAME.
void e2e_only_file(const struct e2e *test, const char *folder, char *name, size_t size);
void e2e_replace(const struct e2e *test, const char *name, const char *from, const char *to); // every occurrence
// Multiplies the number behind the first `key` of a JSON text file, and no other.
void e2e_scale_number(const struct e2e *test, const char *name, const char *key, double factor);

#endif
