// Every command line of the documents is one that the program takes: the code blocks and code spans of README.md and
// docs/*.md are searched for `./bench ...` and `w4bench ...`, and each is parsed as main parses it.
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../base/file.h"
#include "../../../harness/commands.h"

enum { LINE_MAX_BYTES = 2048, WORDS_MAX = 64, COMMANDS_EXPECTED = 30 };

struct tally {
    size_t parsed, failed;
};

// Cuts a shell command into words: quotes, line continuations, and what ends a command. Returns their number.
static int split(const char *text, const char *end, char *buffer, char **words)
{
    int count = 0;
    char *out = buffer;
    bool inside = false;
    char quote = '\0';
    const char *at = text;
    for (; at < end && count < WORDS_MAX - 1; ++at) {
        if (!quote && at[0] == '\\' && at + 1 < end && at[1] == '\n') {
            ++at;
            continue;
        }
        if (!quote && strchr("\n|><;&#`)}", *at) && !(*at == '#' && inside))
            break;
        if (!quote && *at == ' ') {
            if (inside)
                *out++ = '\0';
            inside = false;
            continue;
        }
        if (!inside)
            words[count++] = out;
        inside = true;
        if (quote ? *at == quote : *at == '"' || *at == '\'')
            quote = quote ? '\0' : *at;
        else
            *out++ = *at;
    }
    *out = '\0';
    // The 2 of 2>file is no argument.
    if (count > 0 && inside && at < end && *at == '>' && strcmp(words[count - 1], "2") == 0)
        --count;
    words[count] = NULL;
    return count;
}

static const struct w4_command *find_command(const char *name)
{
    for (size_t i = 0; i < w4_command_count; ++i) {
        if (strcmp(w4_commands[i].name, name) == 0)
            return &w4_commands[i];
    }
    return NULL;
}

static void check_command(const char *file, const char *text, const char *end, struct tally *tally)
{
    char buffer[LINE_MAX_BYTES];
    char *words[WORDS_MAX];
    size_t length = (size_t)(end - text);
    int count = split(text, length < sizeof(buffer) ? end : text + sizeof(buffer) - 1, buffer, words);
    // `./bench` alone, its global options, and "w4bench COMMAND" in prose.
    if (count == 0 || words[0][0] == '-' || (words[0][0] >= 'A' && words[0][0] <= 'Z'))
        return;
    struct w4_options options;
    struct w4_error error = {0};
    const struct w4_command *command = find_command(words[0]);
    ++tally->parsed;
    if (!command) {
        print_error("%s: no command \"%s\"\n", file, words[0]);
        ++tally->failed;
        return;
    }
    enum w4_status status = w4_options_parse(&options, command->bit, command->name, count - 1, words + 1, &error);
    if (status == W4_OK && options.positional_count > command->positionals)
        status = w4_fail(&error, W4_USAGE, "%s: too many arguments", command->name);
    if (status != W4_OK) {
        print_error("%s: %.*s\n  %s\n", file, (int)strcspn(text, "\n`"), text, error.message);
        ++tally->failed;
    }
    w4_options_fini(&options);
}

// The command behind `at`, if one of the two names stands there; `end` ends the code.
static void check_at(const char *file, const char *start, const char *at, const char *end, struct tally *tally)
{
    static const char *const names[] = {"./bench ", "w4bench "};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
        size_t length = strlen(names[i]);
        bool begins = at == start || strchr(" \n/(", at[-1]);
        if (begins && at + length <= end && strncmp(at, names[i], length) == 0)
            check_command(file, at + length, end, tally);
    }
}

static void check_code(const char *file, const char *start, const char *end, struct tally *tally)
{
    for (const char *at = start; at < end; ++at)
        check_at(file, start, at, end, tally);
}

static void check_text(const char *file, const char *text, struct tally *tally)
{
    for (const char *at = strchr(text, '`'); at; at = strchr(at, '`')) {
        const char *mark = strncmp(at, "```", 3) == 0 ? "```" : "`";
        const char *start = at + strlen(mark);
        const char *end = strstr(start, mark);
        if (!end)
            break;
        if (mark[1])
            check_code(file, start, end, tally);
        else
            check_at(file, start, start, end, tally);
        at = end + strlen(mark);
    }
}

static void check_file(const char *path, struct tally *tally)
{
    char *text = NULL;
    size_t size = 0;
    struct w4_error error = {0};
    if (w4_file_read(path, 1 << 22, &text, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    check_text(path + strlen(W4_SOURCE_DIR) + 1, text, tally);
    free(text);
}

static void every_command_in_the_documents_is_one_that_the_program_takes(void **state)
{
    struct tally tally = {0};
    glob_t files;
    (void)state;
    assert_int_equal(glob(W4_SOURCE_DIR "/docs/*.md", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; ++i)
        check_file(files.gl_pathv[i], &tally);
    globfree(&files);
    check_file(W4_SOURCE_DIR "/README.md", &tally);
    assert_int_equal(tally.failed, 0);
    // A search that finds nothing would pass for ever.
    assert_true(tally.parsed >= COMMANDS_EXPECTED);
}

static void a_wrong_command_is_found(void **state)
{
    static const struct {
        const char *text;
        size_t parsed, failed;
    } rows[] = {
        {"see `./bench run --suite pr`, then `w4bench gate --siute pr`", 2, 1},
        {"```\n./bench run --suite pr --out a   # why\nif x; then build/bin/w4bench nothing; fi\n```", 2, 1},
        {"```\n./bench run --suite pr \\\n   --m 1,2 >out 2>err || ./bench doctor --nothing\n```", 2, 1},
        {"`w4bench COMMAND --help`, `./bench --help`, ./bench outside of code --wrong", 0, 0},
        {"`./bench history trend \"*/o_proj/*\" --format svg`", 1, 0},
        {"`./bench run pr`", 1, 1},
        {"```\n./bench run --jobs 2\n./bench run --m 1 2>log\n```", 2, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        struct tally tally = {0};
        check_text("a text", rows[i].text, &tally);
        assert_int_equal(tally.parsed, rows[i].parsed);
        assert_int_equal(tally.failed, rows[i].failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_in_the_documents_is_one_that_the_program_takes),
        cmocka_unit_test(a_wrong_command_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
