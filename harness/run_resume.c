// Takes finished cases over from an earlier run.
#include "run_resume.h"

#include <jansson.h>
#include <string.h>

#include "measure/protocol_fields.h"

static bool is_same_protocol(const struct w4_protocol *a, const struct w4_protocol *b)
{
    enum { FIELDS = sizeof(w4_protocol_fields) / sizeof(w4_protocol_fields[0]) };
    json_t *left = json_object();
    json_t *right = json_object();
    bool same = left && right && w4_fields_write(left, a, w4_protocol_fields, FIELDS) == 0 &&
                w4_fields_write(right, b, w4_protocol_fields, FIELDS) == 0 && json_equal(left, right);
    json_decref(left);
    json_decref(right);
    return same;
}

static enum w4_status check_same(const struct w4_run *run, const struct w4_run *earlier, struct w4_error *error)
{
    if (strcmp(run->device.key, earlier->device.key) != 0)
        return w4_fail(error, W4_USAGE, "--resume: the earlier results are of device %s, this one is %s",
                       earlier->device.key, run->device.key);
    if (run->seed != earlier->seed)
        return w4_fail(error, W4_USAGE, "--resume: the earlier results were made with --seed %llu",
                       (unsigned long long)earlier->seed);
    if (run->device.modelled)
        return W4_OK;
    char differences[400] = "";
    if (w4_fingerprint_differs(&run->fingerprint, &earlier->fingerprint, differences, sizeof(differences)))
        return w4_fail(error, W4_USAGE, "--resume: the earlier results are from another machine, or it changed: %s",
                       differences);
    return is_same_protocol(&run->protocol, &earlier->protocol)
               ? W4_OK
               : w4_fail(error, W4_USAGE, "--resume: the earlier results were measured by another protocol");
}

static bool is_finished(const struct w4_result *result)
{
    return result->state == W4_CASE_OK || result->state == W4_CASE_WRONG || result->state == W4_CASE_INVALID;
}

static struct w4_result *find(struct w4_run *earlier, const struct w4_result *wanted)
{
    for (size_t i = 0; i < earlier->case_count; ++i) {
        struct w4_result *result = &earlier->cases[i];
        if (strcmp(result->test.id, wanted->test.id) == 0)
            return is_finished(result) && strcmp(result->code_object_hash, wanted->code_object_hash) == 0 ? result
                                                                                                          : NULL;
    }
    return NULL;
}

enum w4_status w4_run_adopt(struct w4_run *run, struct w4_run *earlier, bool *done, struct w4_error *error)
{
    enum w4_status status = check_same(run, earlier, error);
    for (size_t i = 0; i < run->case_count && status == W4_OK; ++i) {
        struct w4_result *from = done[i] ? NULL : find(earlier, &run->cases[i]);
        if (!from)
            continue;
        w4_result_fini(&run->cases[i]);
        run->cases[i] = *from;
        // The arrays moved; what stays behind is an unfinished case of the same name.
        *from = (struct w4_result){.test = run->cases[i].test, .state = W4_CASE_SKIPPED};
        done[i] = true;
        run->clock_mhz = earlier->clock_mhz;
    }
    return status;
}
