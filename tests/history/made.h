// A store in a temporary folder, and runs made by hand.
#ifndef W4_TESTS_HISTORY_MADE_H
#define W4_TESTS_HISTORY_MADE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../history/history.h"

struct made {
    char folder[64], path[96];
};

static inline int made_setup(void **state)
{
    struct made *made = calloc(1, sizeof(*made));
    if (!made)
        return -1;
    strcpy(made->folder, "/tmp/w4history-XXXXXX");
    *state = made;
    if (!mkdtemp(made->folder))
        return -1;
    snprintf(made->path, sizeof(made->path), "%s/history.sqlite", made->folder);
    return 0;
}

static inline int made_teardown(void **state)
{
    struct made *made = *state;
    unlink(made->path);
    int failed = rmdir(made->folder);
    free(made);
    return failed;
}

// Opens, and fails the test when that does not work.
static inline struct w4_history *made_open(const struct made *made, enum w4_history_mode mode)
{
    struct w4_history *history = NULL;
    struct w4_error error = {0};
    if (w4_history_open(made->path, mode, 10, &history, &error) != W4_OK)
        fail_msg("%s", error.message);
    return history;
}

// One night with one case; night 1..28 is the day of a month, revision and identity follow it.
struct made_night {
    struct w4_history_run run;
    struct w4_history_result result;
    struct w4_history_fact fact;
    char identity[33], time_utc[32], revision[64];
};

static inline void made_night(struct made_night *night, int day, double tflops)
{
    memset(night, 0, sizeof(*night));
    snprintf(night->identity, sizeof(night->identity), "%032d", day);
    snprintf(night->time_utc, sizeof(night->time_utc), "2026-02-%02dT03:00:00Z", day);
    snprintf(night->revision, sizeof(night->revision), "%04xbeef", day);
    night->fact = (struct w4_history_fact){"driver_version", day < 10 ? "60400" : "70000"};
    night->result = (struct w4_history_result){.case_id = "qwen3-4b/o_proj/m64/fp16/g128/sym/tuned",
                                               .state = "ok",
                                               .variant = "prefill-64x256x64-w8-u1-fp16-g128-sym",
                                               .code_object_hash = "0123456789abcdef0123456789abcdef",
                                               .time_ms = 1 / tflops,
                                               .tflops = tflops,
                                               .engine_mhz = 2500,
                                               .samples = 20};
    night->run = (struct w4_history_run){.identity = night->identity,
                                         .content = "content",
                                         .time_utc = night->time_utc,
                                         .revision = night->revision,
                                         .suite = "pr",
                                         .device_key = "gfx1151-box",
                                         .model_version = "",
                                         .facts = &night->fact,
                                         .fact_count = 1,
                                         .results = &night->result,
                                         .result_count = 1,
                                         .document = "{\"schema\": 1}\n",
                                         .document_bytes = 14};
}

static inline enum w4_status made_add(struct w4_history *history, const struct w4_history_run *run,
                                      enum w4_history_added *added, struct w4_error *error)
{
    int64_t id = 0;
    return w4_history_add(history, run, added, &id, error);
}

// Adds it, and fails the test when that does not work.
static inline void made_must_add(struct w4_history *history, const struct w4_history_run *run)
{
    struct w4_error error = {0};
    enum w4_history_added added;
    if (made_add(history, run, &added, &error) != W4_OK)
        fail_msg("%s", error.message);
    assert_int_equal(added, W4_HISTORY_NEW);
}

static inline size_t made_count(struct w4_history *history)
{
    struct w4_history_infos infos;
    struct w4_error error = {0};
    if (w4_history_runs(history, NULL, &infos, &error) != W4_OK)
        fail_msg("%s", error.message);
    size_t count = infos.count;
    w4_history_infos_fini(&infos);
    return count;
}

#endif
