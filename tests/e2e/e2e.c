// Fixture, processes and files of the end-to-end tests.
#include "e2e.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../base/file.h"

enum { WORDS_MAX = 64, COMMAND_MAX = 4096, MARK_WAIT_MS = 20000 };

static void path_of(const struct e2e *test, const char *name, char path[E2E_PATH_MAX])
{
    snprintf(path, E2E_PATH_MAX, "%s/%s", test->folder, name);
}

void e2e_write(const struct e2e *test, const char *name, const char *text)
{
    char path[E2E_PATH_MAX];
    struct w4_error error = {0};
    path_of(test, name, path);
    if (w4_file_write_atomic(path, text, strlen(text), &error) != W4_OK)
        fail_msg("%s", error.message);
}

// Not inlined: gcc 12 then takes the text for the pointer's own storage and warns of a dangling pointer.
__attribute__((noinline)) char *e2e_read(const struct e2e *test, const char *name)
{
    char path[E2E_PATH_MAX];
    char *text = NULL;
    size_t size = 0;
    struct w4_error error = {0};
    path_of(test, name, path);
    if (w4_file_read(path, 64 << 20, &text, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    return text;
}

bool e2e_exists(const struct e2e *test, const char *name)
{
    char path[E2E_PATH_MAX];
    path_of(test, name, path);
    return access(path, F_OK) == 0;
}

void e2e_only_file(const struct e2e *test, const char *folder, char *name, size_t size)
{
    char path[E2E_PATH_MAX];
    path_of(test, folder, path);
    DIR *entries = opendir(path);
    assert_non_null(entries);
    size_t count = 0;
    for (const struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, size, "%s/%s", folder, entry->d_name);
        ++count;
    }
    closedir(entries);
    assert_int_equal(count, 1);
}

void e2e_replace(const struct e2e *test, const char *name, const char *from, const char *to)
{
    char *text = e2e_read(test, name);
    size_t size = 0;
    char *changed = NULL;
    FILE *out = open_memstream(&changed, &size);
    assert_non_null(out);
    const char *at = text;
    size_t count = 0;
    for (const char *found = strstr(at, from); found; found = strstr(at, from), ++count) {
        fwrite(at, 1, (size_t)(found - at), out);
        fputs(to, out);
        at = found + strlen(from);
    }
    fputs(at, out);
    assert_int_equal(fclose(out), 0);
    if (count == 0)
        fail_msg("%s does not hold \"%s\"", name, from);
    e2e_write(test, name, changed);
    free(changed);
    free(text);
}

void e2e_scale_number(const struct e2e *test, const char *name, const char *key, double factor)
{
    char *text = e2e_read(test, name);
    char *changed = NULL;
    char *found = strstr(text, key);
    if (!found) {
        free(text);
        fail_msg("%s does not hold \"%s\"", name, key);
        return;
    }
    char *number = found + strlen(key);
    char *end = NULL;
    double value = strtod(number, &end);
    assert_true(asprintf(&changed, "%.*s%.6f%s", (int)(number - text), text, value * factor, end) > 0);
    e2e_write(test, name, changed);
    free(changed);
    free(text);
}

static void copy_fixture(const struct e2e *test, const char *name)
{
    char source[E2E_PATH_MAX];
    char *text = NULL;
    size_t size = 0;
    struct w4_error error = {0};
    snprintf(source, sizeof(source), "%s/fixture/%s", W4_TEST_DATA, name);
    if (w4_file_read(source, 1 << 20, &text, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    e2e_write(test, name, text);
    free(text);
}

static void make_folder(const struct e2e *test, const char *name)
{
    char path[E2E_PATH_MAX];
    path_of(test, name, path);
    assert_int_equal(mkdir(path, 0755), 0);
}

void e2e_write_code_object(const struct e2e *test, unsigned per_mille_slower, char hash[33])
{
    char path[E2E_PATH_MAX];
    struct w4_error error = {0};
    Elf64_Ehdr header = {.e_type = ET_DYN,
                         .e_machine = 224,
                         .e_version = EV_CURRENT,
                         .e_entry = per_mille_slower,
                         .e_ehsize = sizeof(header)};
    memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    path_of(test, "kernel.hsaco", path);
    if (w4_file_write_atomic(path, &header, sizeof(header), &error) != W4_OK)
        fail_msg("%s", error.message);
    w4_hash_hex(&header, sizeof(header), hash);
}

static void write_manifest(const struct e2e *test)
{
    static const struct {
        int bm, bn, bk, waves;
    } tiles[] = {{16, 32, 64, 1}, {32, 64, 64, 2}};
    char hash[33];
    char *text = NULL;
    size_t size = 0;
    e2e_write_code_object(test, 0, hash);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    fputs(
        "{\"schema\": 1, \"toolchain\": {\"compiler\": \"none\", \"flags\": \"\", \"version\": \"0\"}, \"variants\": [",
        out);
    for (size_t i = 0; i < 4; ++i) {
        const char *zero_point = i % 2 ? "zp" : "sym";
        int bm = tiles[i / 2].bm;
        int bn = tiles[i / 2].bn;
        int bk = tiles[i / 2].bk;
        int waves = tiles[i / 2].waves;
        fprintf(out,
                "%s\n{\"id\": \"prefill-%dx%dx%d-w%d-u1-fp16-g128-%s\", \"family\": \"prefill\", "
                "\"symbol\": \"w4_prefill_%dx%dx%d_w%d_u1_fp16_g128_%s\", \"code_object\": \"kernel.hsaco\", "
                "\"code_object_hash\": \"%s\", \"tile\": {\"bm\": %d, \"bn\": %d, \"bk\": %d, \"waves\": %d, "
                "\"unroll_k\": 1}, \"m_max\": 0, \"type\": \"fp16\", \"group_size\": 128, \"zero_point\": %s, "
                "\"lds_bytes\": 0, \"vgprs\": 64, \"sgprs\": 32, \"vgpr_spills\": 0, \"sgpr_spills\": 0, "
                "\"scratch_bytes\": 0, \"spills_expected\": false}",
                i ? "," : "", bm, bn, bk, waves, zero_point, bm, bn, bk, waves, zero_point, hash, bm, bn, bk, waves,
                i % 2 ? "true" : "false");
    }
    fputs("]}\n", out);
    assert_int_equal(fclose(out), 0);
    e2e_write(test, "kernels.json", text);
    free(text);
}

int e2e_setup(void **state)
{
    static const char *const folders[] = {"shapes", "shapes/suites", "heuristics", "baselines"};
    static const char *const files[] = {"shapes/tiny.json", "shapes/suites/tiny.json", "heuristics/baseline.json",
                                        "heuristics/tuned.json"};
    struct e2e *test = calloc(1, sizeof(*test));
    if (!test)
        return -1;
    strcpy(test->folder, "/tmp/w4bench-e2e-XXXXXX");
    if (!mkdtemp(test->folder)) {
        free(test);
        return -1;
    }
    *state = test;
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); ++i)
        make_folder(test, folders[i]);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); ++i)
        copy_fixture(test, files[i]);
    write_manifest(test);
    return 0;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

int e2e_teardown(void **state)
{
    struct e2e *test = *state;
    int failed = nftw(test->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(test);
    return failed;
}

// Splits at spaces and puts the folder in place of every "@".
static size_t split(const struct e2e *test, const char *command, char *buffer, char **words, size_t capacity)
{
    char *out = buffer;
    size_t count = 0;
    bool in_word = false;
    for (const char *at = command; *at; ++at) {
        if (*at == ' ') {
            *out++ = '\0';
            in_word = false;
            continue;
        }
        if (!in_word) {
            assert_true(count + 1 < capacity);
            words[count++] = out;
        }
        in_word = true;
        if (*at == '@')
            out = stpcpy(out, test->folder);
        else
            *out++ = *at;
    }
    *out = '\0';
    words[count] = NULL;
    return count;
}

static void redirect(const struct e2e *test, const char *name, int to)
{
    char path[E2E_PATH_MAX];
    path_of(test, name, path);
    bool elsewhere = to == STDOUT_FILENO && test->stdout_path;
    int file = open(elsewhere ? test->stdout_path : path, O_CREAT | O_TRUNC | O_WRONLY, 0644);
    if (file < 0 || dup2(file, to) < 0)
        _exit(126);
    close(file);
}

static pid_t start(const struct e2e *test, const char *environment, const char *command)
{
    char command_buffer[COMMAND_MAX * 4];
    char environment_buffer[COMMAND_MAX];
    char *words[WORDS_MAX] = {(char *)(uintptr_t)W4_PROGRAM};
    char *variables[WORDS_MAX] = {0};
    split(test, command, command_buffer, words + 1, WORDS_MAX - 1);
    split(test, environment ? environment : "", environment_buffer, variables, WORDS_MAX);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    for (char **variable = variables; *variable; ++variable)
        putenv(*variable);
    const struct rlimit limit = {(rlim_t)test->file_limit_bytes, (rlim_t)test->file_limit_bytes};
    if (test->file_limit_bytes && (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0))
        _exit(125);
    redirect(test, "stdout", STDOUT_FILENO);
    redirect(test, "stderr", STDERR_FILENO);
    execv(words[0], words);
    _exit(127);
}

static void read_output(const struct e2e *test, const char *name, char out[E2E_TEXT_MAX])
{
    char *text = e2e_read(test, name);
    snprintf(out, E2E_TEXT_MAX, "%s", text);
    free(text);
}

static void finish(struct e2e *test, pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    if (test->stdout_path)
        e2e_write(test, "stdout", "");
    test->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    read_output(test, "stdout", test->out);
    read_output(test, "stderr", test->err);
}

void e2e_run(struct e2e *test, const char *environment, const char *format, ...)
{
    char command[COMMAND_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof(command), format, arguments);
    va_end(arguments);
    finish(test, start(test, environment, command));
}

void e2e_run_and_signal(struct e2e *test, const char *environment, const char *mark, int signal_number,
                        const char *format, ...)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    char command[COMMAND_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof(command), format, arguments);
    va_end(arguments);
    pid_t child = start(test, environment, command);
    for (int i = 0; i < MARK_WAIT_MS && !e2e_exists(test, mark); ++i)
        nanosleep(&pause, NULL);
    bool marked = e2e_exists(test, mark);
    for (int i = 0; marked && i < test->signal_delay_ms; ++i)
        nanosleep(&pause, NULL);
    kill(child, marked ? signal_number : SIGKILL);
    finish(test, child);
    if (!marked)
        fail_msg("%s never appeared\n%s%s", mark, test->out, test->err);
}

void e2e_expect(const struct e2e *test, int exit_code, const char *text_in_either)
{
    if (test->exit_code != exit_code)
        fail_msg("exit code %d, not %d\n%s%s", test->exit_code, exit_code, test->out, test->err);
    if (!strstr(test->out, text_in_either) && !strstr(test->err, text_in_either))
        fail_msg("\"%s\" is not in the output\n%s%s", text_in_either, test->out, test->err);
}

void e2e_expect_error(const struct e2e *test, int exit_code, const char *text)
{
    static const char prefix[] = "w4bench: ";
    if (test->exit_code != exit_code)
        fail_msg("exit code %d, not %d\n%s%s", test->exit_code, exit_code, test->out, test->err);
    const char *line = strstr(test->err, prefix);
    if (!line || strchr(line, '\n') != line + strlen(line) - 1)
        fail_msg("not one message line on standard error:\n%s", test->err);
    if (!strstr(line, text))
        fail_msg("\"%s\" is not in the message:\n%s", text, test->err);
}
