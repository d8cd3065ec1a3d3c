// Fork, pipes, time limits, answers.
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../base/json.h"
#include "turns.h"

enum { ANSWER_MAX = 1 << 20, SAMPLES_MAX = 100000 };

static bool blame(struct w4_turn_process *process, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool blame(struct w4_turn_process *process, const char *format, ...)
{
    if (process->message[0])
        return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(process->message, sizeof(process->message), format, arguments);
    va_end(arguments);
    // Rubbish from a broken process may be anything; result files hold text.
    for (char *at = process->message; *at; ++at) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at > 0x7e)
            *at = '?';
    }
    return false;
}

static double now_s(void)
{
    struct timespec time = {0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// Only what is safe between fork and exec.
static void become_child(int in, int out, const char *log_path)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    int log = open(log_path, O_CREAT | O_APPEND | O_WRONLY, 0644);
    if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || (log >= 0 && dup2(log, STDERR_FILENO) < 0))
        _exit(126);
    execl("/proc/self/exe", "w4bench", W4_TURNS_COMMAND, (char *)NULL);
    _exit(127);
}

static bool spawn(struct w4_turn_process *process, const char *log_path)
{
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
        if (in[0] >= 0) {
            close(in[0]);
            close(in[1]);
        }
        return blame(process, "no pipe for an A/B process: %s", strerror(errno));
    }
    fflush(NULL); // or the child's copy would be written twice
    pid_t pid = fork();
    if (pid == 0)
        become_child(in[0], out[1], log_path);
    close(in[0]);
    close(out[1]);
    process->to = in[1];
    process->from = out[0];
    if (pid < 0)
        return blame(process, "an A/B process cannot be started: %s", strerror(errno));
    process->pid = pid;
    return true;
}

// Reaps the process and says how it ended. Waits for `limit_s` at most, then kills it.
static void reap(struct w4_turn_process *process, double limit_s, int *status)
{
    const struct timespec pause = {.tv_nsec = 2000000};
    const double deadline = now_s() + limit_s;
    while (process->pid > 0) {
        pid_t found = waitpid(process->pid, status, WNOHANG);
        if (found == process->pid || (found < 0 && errno != EINTR))
            process->pid = 0;
        else if (now_s() > deadline)
            kill(process->pid, SIGKILL);
        if (process->pid > 0)
            nanosleep(&pause, NULL);
    }
}

static bool blame_end(struct w4_turn_process *process)
{
    enum { GRACE_S = 2 };
    int status = 0;
    reap(process, GRACE_S, &status);
    if (WIFSIGNALED(status))
        return blame(process, "an A/B process was killed by signal %d (%s)", WTERMSIG(status),
                     strsignal(WTERMSIG(status)));
    return blame(process, "an A/B process ended with exit code %d and no answer", WEXITSTATUS(status));
}

static bool send_line(struct w4_turn_process *process, const char *line)
{
    size_t length = strlen(line);
    // A process that died closes its end: that is an answer, not a reason to die too.
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    bool sent = true;
    for (size_t done = 0; done < length && sent;) {
        ssize_t written = write(process->to, line + done, length - done);
        sent = written > 0 || (written < 0 && errno == EINTR);
        done += written > 0 ? (size_t)written : 0;
    }
    sent = sent && write(process->to, "\n", 1) == 1;
    signal(SIGPIPE, before);
    return sent ? true : blame_end(process);
}

// One line, NUL-terminated in *line (to be freed in any case).
static bool receive_line(struct w4_turn_process *process, char **line)
{
    const double deadline = now_s() + process->limit_s;
    size_t length = 0;
    *line = malloc(ANSWER_MAX);
    if (!*line)
        return blame(process, "out of memory for the answer of an A/B process");
    while (length < ANSWER_MAX) {
        struct pollfd wait = {.fd = process->from, .events = POLLIN};
        double left_s = deadline - now_s();
        int ready = left_s > 0 ? poll(&wait, 1, (int)(left_s * 1e3) + 1) : 0;
        if (ready == 0)
            return blame(process, "an A/B process gave no answer within %g s and was killed", process->limit_s);
        if (ready < 0 && errno == EINTR)
            continue;
        ssize_t got = read(process->from, *line + length, 1);
        if (got == 0 || (got < 0 && errno != EINTR))
            return blame_end(process);
        if (got == 1 && (*line)[length] == '\n') {
            (*line)[length] = '\0';
            return true;
        }
        length += got == 1;
    }
    return blame(process, "an A/B process printed more than %d bytes without an end of line", (int)ANSWER_MAX);
}

// An answer is {"samples_ms": [...]} (empty: done) or {"error": "..."}.
static bool read_answer(struct w4_turn_process *process, const struct w4_json *file, double **samples_ms, size_t *count)
{
    static const char *const keys[] = {"samples_ms", "error", NULL};
    struct w4_error error = {0};
    struct w4_json_at root = w4_json_root(file);
    struct w4_json_at at;
    size_t length = 0;
    enum w4_status status = w4_json_keys(&root, keys, &error);
    if (status == W4_OK)
        w4_json_optional(&root, "error", &at);
    if (status == W4_OK && at.value)
        return blame(process, "%s", json_is_string(at.value) ? json_string_value(at.value) : "an error without text");
    if (status == W4_OK)
        status = w4_json_member(&root, "samples_ms", &at, &error);
    if (status == W4_OK)
        status = w4_json_array(&at, &length, &error);
    if (status == W4_OK && length > SAMPLES_MAX)
        status = w4_json_fail(&at, &error, "more than %d samples", (int)SAMPLES_MAX);
    *samples_ms = status == W4_OK ? calloc(length + 1, sizeof(**samples_ms)) : NULL;
    for (size_t i = 0; i < length && status == W4_OK && *samples_ms; ++i) {
        struct w4_json_at item = w4_json_item(&at, i);
        status = w4_json_real(&item, DBL_MIN, DBL_MAX, &(*samples_ms)[i], &error);
    }
    *count = length;
    if (status == W4_OK && *samples_ms)
        return true;
    return blame(process, "an A/B process answered rubbish: %.180s", error.message);
}

static bool receive(struct w4_turn_process *process, double **samples_ms, size_t *count)
{
    char *line = NULL;
    struct w4_json file;
    struct w4_error error = {0};
    *samples_ms = NULL;
    *count = 0;
    bool right = receive_line(process, &line);
    if (right && w4_json_parse(&file, "answer", line, &error) != W4_OK) {
        right = blame(process, "an A/B process answered rubbish: \"%.80s\"", line);
    } else if (right) {
        right = read_answer(process, &file, samples_ms, count);
        w4_json_fini(&file);
    }
    free(line);
    return right;
}

// A step that has no samples to give.
static bool step(struct w4_turn_process *process, const char *line)
{
    double *samples_ms = NULL;
    size_t count = 0;
    bool right = send_line(process, line) && receive(process, &samples_ms, &count);
    free(samples_ms);
    return right;
}

bool w4_turn_process_start(struct w4_turn_process *process, const struct w4_turn_request *request, const char *log_path,
                           double limit_s)
{
    *process = (struct w4_turn_process){.to = -1, .from = -1, .limit_s = limit_s};
    char *line = w4_turn_request_write(request);
    if (!line)
        return blame(process, "out of memory for a request");
    bool started = spawn(process, log_path) && step(process, line);
    free(line);
    return started;
}

bool w4_turn_process_take(struct w4_turn_process *process, double **samples_ms, size_t *count)
{
    *samples_ms = NULL;
    *count = 0;
    if (!send_line(process, W4_TURN_TAKE) || !receive(process, samples_ms, count))
        return false;
    return *count > 0 ? true : blame(process, "an A/B process gave no samples");
}

bool w4_turn_process_end(struct w4_turn_process *process)
{
    int status = 0;
    if (!step(process, W4_TURN_END))
        return false;
    reap(process, process->limit_s, &status);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    return blame(process, "an A/B process did not end well (status %d)", status);
}

void w4_turn_process_kill(struct w4_turn_process *process)
{
    int status = 0;
    if (process->to >= 0)
        close(process->to);
    if (process->from >= 0)
        close(process->from);
    process->to = process->from = -1;
    reap(process, 0, &status);
}
